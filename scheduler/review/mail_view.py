"""An email's HTML made safe to stand inside the packet: in a shadow tree, where its styles touch nothing else.

A mail is a whole document and may come from a template that somebody edited. It is read as a browser reads it, only
known tags, attributes and properties of styles are kept, nothing is loaded, nothing runs, nothing leaves its place,
and no mistake in the mail can swallow the page around it. What depends on the width of a screen or on dark mode is
made to depend on the frame instead, so that one copy of the mail shows as on a desk, on a telephone and in the dark.

A preview does not act: a stray tap must not call a hotline, and a mail that was not sent has no page yet. Links to
other sites can be followed; all others look as they will, and say where they will lead.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote

from ..domain.archive_link import is_own_page
from ..kept_by_key import KeptByKey
from ..light_dataclass import dataclass

if TYPE_CHECKING:
    from tinycss2.ast import Node

#: CSS that the page sets to "dark" on a frame to see the mail as in dark mode.
SCHEME = "--mail-scheme"

_HEADING_TAGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_FRAME = "mail-body"  # what a mail's body is called on the way: inside a page there is no second body
_BODY = re.compile(r"<body(?=[\s/>])", re.IGNORECASE)
_KEPT_TAGS = _HEADING_TAGS | set(
    "a abbr address article aside b big blockquote br caption center cite code col colgroup dd del div dl dt em "
    "figcaption figure font footer header hr i img ins li main mark nav ol p pre q s section small span strike strong "
    f"style sub sup table tbody td tfoot th thead tr u ul wbr {_FRAME}".split()
)
# Their content is no text for a reader.
_DROPPED_WHOLE = set(
    "script title textarea noscript template iframe object svg math select xmp noembed noframes".split()
)
_KEPT_ATTRIBUTES = set(
    "abbr align alt aria-hidden aria-label bgcolor border cellpadding cellspacing class color colspan dir height href "
    "lang role rowspan scope src style summary title valign width".split()
)
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,", re.IGNORECASE)
_ELSEWHERE = re.compile(r"https?://", re.IGNORECASE)
#: What a link of another kind will do once the mail is with a reader.
_WILL_ACT = {"tel": "calls", "sms": "begins a text message to", "mailto": "begins an email to"}
_SCHEMES = {"http", "https", "data", *_WILL_ACT}

# The looks of a box and of its text. Nothing that moves a box out of its place, repeats, or speaks to the page.
_PROPERTIES = frozenset(
    "background background-color border-collapse border-spacing box-sizing caption-side clear color direction display "
    "empty-cells float height hyphens letter-spacing line-break line-height max-height max-width min-height min-width "
    "opacity orphans overflow-wrap table-layout text-align text-align-last text-decoration text-decoration-color "
    "text-decoration-line text-decoration-style text-indent text-overflow text-size-adjust -webkit-text-size-adjust "
    "text-transform text-underline-offset unicode-bidi vertical-align visibility white-space widows width word-break "
    "word-spacing word-wrap filter".split()
)
_PROPERTY_FAMILIES = frozenset({"border", "font", "list", "margin", "overflow", "padding"})
_FUNCTIONS = frozenset({"rgb", "rgba", "hsl", "hsla", "calc", "min", "max", "clamp", "invert", "hue-rotate"})
_PLAIN = frozenset({"ident", "number", "percentage", "dimension", "hash", "string", "whitespace", "literal"})
# :host is the page's own box around the mail. None of these leads to it.
_STATES = frozenset("root link visited hover focus active first-child last-child before after first-line".split())
_WIDTH = re.compile(r"\((?:max|min)-width\s*:[^)]*\)", re.IGNORECASE)
_LEVEL_IN_THE_PACKET = 5


@dataclass(frozen=True)
class MailView:
    """What a shadow tree is filled with; both are safe to print as they are."""

    css: str
    body: str


#: Views that an earlier dry run has made, what styles became in them, and paragraphs of mails.
VIEWS = KeptByKey()


def mail_view(
    document: str,
    *,
    dark: bool | None = None,
    by_class: bool = False,
    level: int = _LEVEL_IN_THE_PACKET,
    public_url: str = "",
) -> MailView:
    """The mail, ready for a shadow tree. Never fails: what is not understood is shown as text or left out.

    ``dark``: as in dark mode or as in light; None leaves it to the frame. ``by_class``: what style attributes say
    is said by the style element, for pages whose policy allows no attributes; its links open beside the page.
    ``level``: of its first heading (1 to 6), among the headings of the page. ``public_url``: under which this program's
    own pages for readers are; links to them are not followed.
    """
    key = ("mail", document, dark, by_class, level, public_url)
    if (kept := VIEWS.read(key)) is not None:
        return MailView(*kept)
    made = _mail_view(document, dark, by_class, level, public_url)
    VIEWS.write(key, (made.css, made.body))
    return made


def _mail_view(document: str, dark: bool | None, by_class: bool, level: int, public_url: str) -> MailView:
    import nh3  # paid for by those who show a mail, and by nobody else

    document, found = _BODY.subn(f"<{_FRAME}", document, count=1)
    writer = _Writer(by_class, level, public_url)
    writer.write(
        nh3.clean(
            document if found else f"<{_FRAME}>{document}",
            tags=_KEPT_TAGS,
            clean_content_tags=_DROPPED_WHOLE,
            attributes={"*": _KEPT_ATTRIBUTES},
            url_schemes=_SCHEMES,
            link_rel=None,
        )
    )
    # Rules for what style attributes said; like these, they yield to nothing but !important.
    of_attributes = "".join(f".{name}:not(#_#_#_){{{style}}}\n" for style, name in writer.classes.items())
    css = "\n".join(_of_element(style, dark) for style in writer.styles) + of_attributes
    return MailView(css, "".join(writer.out).strip())


@lru_cache(maxsize=200)
def plain_html(document: str) -> str:
    """The mail's words with headings, lists and links, and nothing of its looks: for a feed, whose reader has its own.

    What a link does it does there too: a call to a help line is one touch away.
    """
    import nh3

    return str(
        nh3.clean(
            _CELL.sub(r"<\1div>", document),
            tags=_PLAIN_TAGS,
            clean_content_tags=_DROPPED_WHOLE | {"style"},
            attributes={"a": {"href"}},
            url_schemes={"http", "https", *_WILL_ACT},
            link_rel=None,
        )
    ).strip()


_CELL = re.compile(r"<(/?)t[dh]\b(?:[^>\"']|\"[^\"]*\"|'[^']*')*>", re.IGNORECASE)
_PLAIN_TAGS = _HEADING_TAGS | set("a abbr b blockquote br code div em hr i li ol p q s strong sub sup u ul".split())


class _Writer:
    """Takes clean HTML and gives it the place that a mail has in a page."""

    def __init__(self, by_class: bool, level: int, public_url: str) -> None:
        self._by_class, self._level, self._public_url = by_class, level, public_url
        self.classes: dict[str, str] = {}  # what a style attribute said -> the class that says it
        self.styles: list[str] = []
        self.out: list[str] = []

    def write(self, clean: str) -> None:
        """As :mod:`nh3` writes it: each value in double quotes, no comments, and signs of tags nowhere else but within
        a style element."""
        for at, piece in enumerate(_TAG.split(clean)):
            if at % 2 == 0:  # in turn with tags
                self.out.append(_text(piece) if "&" in piece or "<" in piece else piece)
            elif piece.startswith("</"):
                tag = piece[2:-1]
                self.out.append(f"</{'div' if tag in _HEADING_TAGS or tag == _FRAME else tag}>")
            elif piece.startswith("<style"):
                self.styles.append(piece[piece.index(">") + 1 : -len("</style>")])
            else:
                self.out.append(self._start_tag(piece))

    def _start_tag(self, source: str) -> str:
        # All mails of a template have the same tags; pictures are long, and each has its own.
        style_of, written = (_style_of, _tag_written) if len(source) < _LONG_TAG else _UNKEPT
        style = style_of(source)
        name = self.classes.setdefault(style, f"mail-s{len(self.classes)}") if style and self._by_class else ""
        return written(source, style, name, self._by_class, self._level, self._public_url)


_TAG = re.compile(r'(<style(?: [^>]*)?>.*?</style>|<[^<>"]*(?:"[^"]*"[^<>"]*)*>)', re.DOTALL)
_ATTRIBUTE = re.compile(r' ([^\s=">]+)="([^"]*)"')
_LONG_TAG = 1000


def _text(clean: str) -> str:
    return html.escape(html.unescape(clean), quote=False)


def _attributes(source: str) -> dict[str, str]:
    return {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(source)}


@lru_cache(maxsize=2000)
def _style_of(source: str) -> str:
    """What a start tag's attribute of style says, as far as it may."""
    return _of_attribute(_attributes(source).get("style", ""))


@lru_cache(maxsize=2000)
def _tag_written(source: str, style: str, name: str, by_class: bool, level: int, public_url: str) -> str:
    """A start tag in its place. ``name``: of the class that says what ``style`` does."""
    tag, kept = source[1:-1].partition(" ")[0], _attributes(source)
    kept.pop("style", None)
    if not _PICTURE.match(kept.get("src", "")):
        kept.pop("src", None)
    if tag == "img" and "src" not in kept:
        # A picture from elsewhere is not loaded; its words stand in its place, as in a mail with pictures off.
        return f'<span class="no-picture">{html.escape(kept.get("alt", ""))}</span>'
    if name:
        kept["class"] = f"{kept.get('class', '')} {name}".strip()
    elif style:
        kept["style"] = style
    if tag == "a":
        _follow_or_say(kept, kept.pop("href", "").strip(), by_class, public_url)
    elif tag == _FRAME:
        tag, kept["class"] = "div", f"{_FRAME} {kept.get('class', '')}".strip()
    elif tag in _HEADING_TAGS:
        kept |= {"class": f"mail-{tag} {kept.get('class', '')}".strip(), "role": "heading"}
        kept["aria-level"] = str(min(6, level + (tag != "h1")))
        tag = "div"
    written = "".join(f' {attribute}="{html.escape(value)}"' for attribute, value in kept.items())
    return f"<{tag}{written}>"


_UNKEPT = _style_of.__wrapped__, _tag_written.__wrapped__


def _follow_or_say(kept: dict[str, str], href: str, by_class: bool, public_url: str) -> None:
    """A link that leads to another site stays one; any other only looks like one, and says where it will lead."""
    scheme, _, rest = href.partition(":")
    if _ELSEWHERE.match(href):
        if not is_own_page(href, public_url):
            kept["href"] = href
            if by_class:
                kept |= {"target": "_blank", "rel": "noopener noreferrer"}
            return
        words = f"leads to {href}, which is there once it was sent"
    elif scheme.lower() in _WILL_ACT:
        words = f"{_WILL_ACT[scheme.lower()]} {unquote(rest.partition('?')[0].lstrip('/'))}"
    else:
        words = "leads to a page of the reader's own"
    kept["class"] = f"inert {kept.get('class', '')}".strip()
    kept |= {"role": "link", "aria-disabled": "true", "title": f"Not in a preview: in the mail this {words}"}


# -- styles -------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=200)  # all mails of a template say the same
def _of_element(css: str, dark: bool | None) -> str:
    return _kept(("style element", css, dark), lambda: _rules(css, dark))


def _rules(css: str | list[Node], dark: bool | None, deep: int = 0) -> str:
    """The rules that may stand in a page, one behind the other."""
    import tinycss2

    out = []
    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        if rule.type == "qualified-rule":
            selector, style = _selector(rule.prelude), _declarations(rule.content)
            if selector and style:
                out.append(f"{selector}{{{style}}}")
        elif rule.type == "at-rule" and rule.lower_at_keyword == "media" and rule.content and deep < 3:
            if _is_plain(rule.prelude, "() block") and (inner := _rules(rule.content, dark, deep + 1)):
                out.append(f"@{_written(_condition(tinycss2.serialize(rule.prelude), dark))}{{{inner}}}")
    return "".join(out)


def _selector(tokens: Iterable[Node]) -> str:
    """Whom a rule is for, in the page's terms; nothing when it could mean something outside the mail."""
    parts: list[str] = []
    for token in tokens:
        before = parts[-1] if parts else ""
        text = token.serialize()
        if token.type == "ident" and before == ":":
            if token.lower_value not in _STATES:
                return ""
            if token.lower_value == "root":
                parts[-1], text = "", f".{_FRAME}"
        elif token.type == "ident" and before != ".":
            name = token.lower_value
            # The packet has headings of its own; the mail's keep their looks and come below them.
            text = f".{_FRAME}" if name in ("html", "body") else f".mail-{name}" if name in _HEADING_TAGS else text
        elif token.type == "[] block":
            if not _is_plain(token.content):
                return ""
        elif token.type not in ("ident", "hash", "whitespace") and text not in (".", ",", ">", "+", "~", "*", ":"):
            return ""
        parts.append(text)
    return _written("".join(parts).strip())


@lru_cache(maxsize=2000)  # a mail says the same few things over and over
def _of_attribute(style: str) -> str:
    return _kept(("style attribute", style), lambda: _declarations(style)) if style else ""


def _kept(key: tuple[object, ...], make: Callable[[], str]) -> str:
    """Whose words change leaves its styles as they were, and then nobody takes them apart."""
    if (known := VIEWS.read(key)) is None:
        known = make()
        VIEWS.write(key, known)
    return str(known)


def _declarations(content: str | list[Node]) -> str:
    """What a rule or an attribute says, without what is not known or would be loaded."""
    import tinycss2

    return ";".join(
        _written(f"{said.lower_name}:{tinycss2.serialize(said.value).strip()}{'!important' if said.important else ''}")
        for said in tinycss2.parse_declaration_list(content, skip_comments=True, skip_whitespace=True)
        if said.type == "declaration"
        and (said.lower_name in _PROPERTIES or said.lower_name.partition("-")[0] in _PROPERTY_FAMILIES)
        and _is_plain(said.value, "function")
    )


def _is_plain(tokens: Iterable[Node], nested: str = "") -> bool:
    """Whether nothing among them is loaded, and nothing is nested but one level of ``nested``."""
    return all(
        token.type in _PLAIN
        or (token.type == nested == "() block" and _is_plain(token.content))
        or (token.type == nested == "function" and token.lower_name in _FUNCTIONS and _is_plain(token.arguments))
        for token in tokens
    )


def _condition(media: str, dark: bool | None) -> str:
    if "prefers-color-scheme" in media:
        if dark is not None:
            return f"media {'all' if dark == ('dark' in media) else 'not all'}"
        return f"container style({SCHEME}:{'dark' if 'dark' in media else 'light'})"
    widths = _WIDTH.findall(media)
    return f"container {' and '.join(widths)}" if widths else f"media{media}"


def _written(css: str) -> str:
    """Without what could end the style element."""
    return css.replace("<", "\\3c ")
