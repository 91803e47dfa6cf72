"""An email's HTML made safe to stand inside the packet: in a shadow tree, where its styles touch nothing else.

A mail is a whole document and may come from a template that somebody edited. Only known tags and attributes are
kept, nothing is loaded, nothing runs, and no mistake in the mail can swallow the page around it. What depends on
the width of a screen or on dark mode is made to depend on the frame instead, so that one copy of the mail shows as
on a desk, on a telephone and in the dark.

A preview does not act: a stray tap must not call a hotline, and a mail that was not sent has no page yet. Links to
other sites can be followed; all others look as they will, and say where they will lead.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from urllib.parse import unquote

from ..domain.archive_link import is_own_page

#: CSS that the page sets to "dark" on a frame to see the mail as in dark mode.
SCHEME = "--mail-scheme"

_KEPT_TAGS = frozenset(
    "a abbr address article aside b big blockquote br caption center cite code col colgroup dd del div dl dt em "
    "figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins li main mark nav ol p pre q s section small "
    "span strong strike sub sup table tbody td tfoot th thead tr u ul wbr".split()
)
_HEADING_TAGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_VOID = frozenset({"br", "col", "hr", "img", "wbr"})
# Their content is no text for a reader.
_DROPPED_WHOLE = re.compile(
    r"<(script|title|textarea|noscript|template|iframe|object|svg|math|select|xmp|noembed|noframes)\b.*?(?:</\1\s*>|\Z)"
    r"|<!--.*?(?:-->|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_STYLE = re.compile(r"<style\b[^>]*>(.*?)(?:</style\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_BODY = re.compile(r"<body\b((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>(.*?)(?:</body\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_ATTRIBUTES = r"(?:\s+[^\s\"'<>/=]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+))?)*"
_TAG = re.compile(rf"<(/?)([a-zA-Z][a-zA-Z0-9]*)({_ATTRIBUTES})\s*/?>|<")
_ATTRIBUTE = re.compile(r"([^\s\"'<>/=]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'=<>`]+)))?")
_KEPT_ATTRIBUTES = frozenset(
    "abbr align alt aria-hidden aria-label bgcolor border cellpadding cellspacing class color colspan dir headers "
    "height href id lang role rowspan scope src style summary title valign width".split()
)
_ELSEWHERE = re.compile(r"https?://", re.IGNORECASE)
#: What a link of another kind will do once the mail is with a reader.
_WILL_ACT = {"tel": "calls", "sms": "begins a text message to", "mailto": "begins an email to"}
_LOADS = re.compile(r"@import[^;]*;?|@font-face\s*\{[^}]*\}|(?:url|image-set|expression)\s*\([^)]*\)|</", re.IGNORECASE)
_MEDIA = re.compile(r"@media([^{]*)\{", re.IGNORECASE)
_WIDTH = re.compile(r"\((?:max|min)-width\s*:[^)]*\)", re.IGNORECASE)
_ROOTS = re.compile(r"(?<![\w.#-])(?:html|body|:root)(?![\w-])")
_COLOR_SCHEME = re.compile(r"(?<![\w-])color-scheme\s*:[^;}]*;?", re.IGNORECASE)
# The packet has headings of its own; the mail's keep their looks and come below them.
_HEADINGS = re.compile(r"(?<![\w.#-])(h[1-6])(?![\w-])")
_LEVEL_IN_THE_PACKET = 5
# What a style attribute must not hold once it stands in a style element: it could end its rule, or swallow the next.
_LEAVES_ITS_RULE = re.compile(r"[{}<]|/\*|\*/|\\$")


@dataclass(frozen=True, slots=True)
class MailView:
    """What a shadow tree is filled with; both are safe to print as they are."""

    css: str
    body: str


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
    document = _DROPPED_WHOLE.sub("", document)
    css = "\n".join(_css(block, dark) for block in _STYLE.findall(document))
    document = _STYLE.sub("", document)
    found = _BODY.search(document)
    attributes, inner = found.groups() if found else ("", document)
    cleaner = _Cleaner(by_class, level, public_url)
    body = f"{cleaner.open_tag('div', f'{attributes} ', 'mail-body')}{cleaner.clean(inner)}</div>"
    return MailView(css + cleaner.css(), body)


def _css(css: str, dark: bool | None) -> str:
    css = _MEDIA.sub(lambda m: f"@{_condition(m[1], dark)}{{", _LOADS.sub("", css))
    css = _HEADINGS.sub(r".mail-\1", _ROOTS.sub(".mail-body", _COLOR_SCHEME.sub("", css)))
    return css.replace("<", "").replace("\r", "").replace("\0", "")


def _condition(media: str, dark: bool | None) -> str:
    if "prefers-color-scheme" in media:
        if dark is not None:
            return f"media {'all' if dark == ('dark' in media) else 'not all'}"
        return f"container style({SCHEME}:{'dark' if 'dark' in media else 'light'})"
    widths = _WIDTH.findall(media)
    return f"container {' and '.join(widths)}" if widths else f"media{media}"


class _Cleaner:
    """Known tags only, each closed; a stray ``<`` is text."""

    def __init__(self, by_class: bool, level: int, public_url: str) -> None:
        self._by_class, self._level, self._public_url = by_class, level, public_url
        self._classes: dict[str, str] = {}  # what a style attribute said -> the class that says it

    def css(self) -> str:
        """Rules for what style attributes said; like these, they yield to nothing but ``!important``."""
        return "".join(f".{name}:not(#_#_#_){{{style}}}\n" for style, name in self._classes.items())

    def clean(self, inner: str) -> str:
        out: list[str] = []
        is_open: list[str] = []
        at = 0
        for tag in _TAG.finditer(inner):
            out.append(inner[at : tag.start()])
            at = tag.end()
            closing, name, attributes = tag.groups()
            if name is None:
                out.append("&lt;")
                continue
            name = name.lower()
            if name not in _KEPT_TAGS:
                continue
            if not closing:
                out.append(self.open_tag(name, attributes))
                if name not in _VOID:
                    is_open.append(name)
            elif name in is_open:
                while is_open[-1] != name:
                    out.append(_close_tag(is_open.pop()))
                out.append(_close_tag(is_open.pop()))
        out.append(inner[at:])
        out.extend(_close_tag(name) for name in reversed(is_open))
        return "".join(out)

    def open_tag(self, name: str, attributes: str, extra_class: str = "") -> str:
        kept: dict[str, str] = {}
        for found in _ATTRIBUTE.finditer(attributes):
            attribute = found[1].lower()
            if attribute in _KEPT_ATTRIBUTES and attribute not in kept:
                value = html.unescape(next((v for v in found.groups()[1:] if v is not None), ""))
                if (safe := _safe_value(attribute, value)) is not None:
                    kept[attribute] = safe
        if "href" in kept:
            self._follow_or_say(kept)
        if extra_class:
            kept["class"] = f"{extra_class} {kept.get('class', '')}".strip()
        if self._by_class:
            self._follow_the_policy(kept)
        if name in _HEADING_TAGS:
            kept |= {"class": f"mail-{name} {kept.get('class', '')}".strip(), "role": "heading"}
            kept["aria-level"] = str(min(6, self._level + (name != "h1")))
            name = "div"
        if name == "img" and "src" not in kept:
            # A picture from elsewhere is not loaded; its words stand in its place, as in a mail with pictures off.
            return f'<span class="no-picture">{html.escape(kept.get("alt", ""))}</span>'
        written = "".join(f' {attribute}="{html.escape(value)}"' for attribute, value in kept.items())
        return f"<{name}{written}>"

    def _follow_or_say(self, kept: dict[str, str]) -> None:
        """A link that leads to another site stays one; any other only looks like one, and says where it will lead."""
        href = kept["href"]
        scheme, _, rest = href.partition(":")
        if _ELSEWHERE.match(href):
            if not is_own_page(href, self._public_url):
                return
            words = f"leads to {href}, which is there once it was sent"
        elif scheme.lower() in _WILL_ACT:
            words = f"{_WILL_ACT[scheme.lower()]} {unquote(rest.partition('?')[0].lstrip('/'))}"
        else:
            words = "leads to a page of the reader's own"
        del kept["href"]
        kept["class"] = f"inert {kept.get('class', '')}".strip()
        kept |= {"role": "link", "aria-disabled": "true", "title": f"Not in a preview: in the mail this {words}"}

    def _follow_the_policy(self, kept: dict[str, str]) -> None:
        style = kept.pop("style", "").replace("\r", "").replace("\0", "").strip()
        if style and not _LEAVES_ITS_RULE.search(style) and not any(style.count(q) % 2 for q in "\"'"):
            name = self._classes.setdefault(style, f"mail-s{len(self._classes)}")
            kept["class"] = f"{kept.get('class', '')} {name}".strip()
        if "href" in kept:
            kept |= {"target": "_blank", "rel": "noopener noreferrer"}


def _close_tag(name: str) -> str:
    return "</div>" if name in _HEADING_TAGS else f"</{name}>"


def _safe_value(attribute: str, value: str) -> str | None:
    if attribute == "href":
        return value.strip()
    if attribute == "src":
        return value if value.startswith("data:image/") else None
    if attribute == "style":
        return _LOADS.sub("", value)
    if attribute == "id":
        return None
    return value
