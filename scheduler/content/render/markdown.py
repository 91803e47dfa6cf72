"""The Markdown of an item's email: to HTML with styles written in, and to plain text that says the same.

CommonMark without raw HTML. Pictures are refused: each would be fetched from a server when the mail is opened.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import field
from functools import cache
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING

from ...light_dataclass import dataclass
from ..text_answers import TEXTS
from .mail_style import CLASSES
from .template_values import Rendered, TemplateProblem

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token

TEXT_WIDTH = 72
#: Where a link may lead.
SAFE_LINK = re.compile(r"https?://[^\s/?#]+|mailto:[^\s]+|tel:[+0-9]|sms:[+0-9]", re.IGNORECASE)

# An address that means nothing else in Markdown may stand as it is, also within <...>.
_PLAIN_URL = re.compile(r"https?://[^\s\\`*<>()\[\]\"]+\Z")
_MARKUP = re.compile(r"([\\`*_\[\]()<>#&~|!\"])")
_LANGUAGE_BEGINS = re.compile(r":::[ \t]*([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)[ \t]*")
_LANGUAGE_ENDS = re.compile(r":::[ \t]*")
_HALF_LANGUAGE = re.compile(r"^[ \t]*:::.*$", re.MULTILINE)
_STARTS_BLOCK = re.compile(r"^(?:([-+=])|(\d))")


@cache
def markdown_parser() -> MarkdownIt:
    """CommonMark, and parts in another language. Raw HTML is text, and indented text is a paragraph, not code."""
    from markdown_it import MarkdownIt  # paid for where a text has more than words that nobody has read before

    parser = MarkdownIt("commonmark", {"html": False})
    parser.disable(["code", "html_block", "html_inline"])
    parser.block.ruler.before("paragraph", "language", _in_another_language, {"alt": ["paragraph"]})
    # Every address is checked by us, so that a refused one is a finding and not silently printed as text.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    parser.parse("Words.")  # puts its rules in order, which a second thread must not see half done
    return parser


def _in_another_language(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """What stands between a line ``::: es`` and a line ``:::`` is in that language: a screen reader has to be told."""

    def line(number: int) -> str:
        return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]

    begins = _LANGUAGE_BEGINS.fullmatch(line(start))
    ends = next((n for n in range(start + 1, end) if _LANGUAGE_ENDS.fullmatch(line(n))), None)
    if begins is None or ends is None:
        return False  # printed as it stands, which the walk over the tokens refuses
    if not silent:
        token = state.push("language_open", "div", 1)
        token.attrs, token.map = {"lang": begins[1]}, [start, ends + 1]
        all_lines, state.lineMax = state.lineMax, ends  # no paragraph runs on beyond it
        state.md.block.tokenize(state, start + 1, ends)
        state.lineMax = all_lines
        state.push("language_close", "div", -1)
        state.line = ends + 1
    return True


def escaped(text: str) -> str:
    """Words of a record as Markdown that shows exactly these words, wherever they are put."""
    text = " ".join(re.split(r"[ \t\r\n\f\v]+", text))
    if _PLAIN_URL.match(text):
        return text
    text = _MARKUP.sub(r"\\\1", text)
    # "2027. It" at the start of a line would begin a list, and "- " too.
    return _STARTS_BLOCK.sub(lambda m: f"\\{m[1]}" if m[1] else f"&#{ord(m[2])};", text)


#: Of a text in which each paragraph or heading stands for itself: how a line of it may begin. Not with what opens a
#: list, a quotation, a fence or a part in another language, which go on beyond a blank line.
_BEGINS = re.compile(r"[^\W\d_]|[#\\(\[&“‘¿¡\"']|\*{1,2}[^\W_]")
#: What stands for a line's end or a blank, and what says elsewhere where a link leads.
_REACHES_ON = re.compile(r"&(?!#(?:4[89]|5[0-7]);| )|\]:|[\r\0]")
_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n)+")
#: A line of a paragraph that says in Markdown what it says without.
_WORDS = re.compile(r"[^\W\d_](?:[^\W_]|[ ,.;:?!()%$/@“”‘’'\"–—…-])*(?<! )")


def render_markdown(source: str, style: Mapping[str, str]) -> Rendered:
    """Both forms, the HTML in ``style``. Raises TemplateProblem for a picture or a link that may not be printed.

    Who edits a text changes one paragraph of it, and mostly words: the other ones are as they were read before.
    """
    read = TEXTS.question("Markdown", sorted(style.items()))
    try:
        parts = [Rendered(*read.of(part, lambda part: _read(part, style))) for part in _parts_of(source)]
    except TemplateProblem:
        parts = []
    if len(parts) == 1:
        return parts[0]
    if not all(part.text for part in parts) or not parts:  # a problem says where in all of it the mistake stands
        return Rendered(*_parsed(source, style))
    html, text = "".join(part.html for part in parts), "\n\n".join(part.text for part in parts)
    return Rendered(html=html, text=text, opening=next((part.opening for part in parts if part.opening), ""))


def _parts_of(source: str) -> list[str]:
    """The paragraphs and headings, where each stands for itself; else the whole."""
    lines = filter(None, (line.rstrip(" \t") for line in source.split("\n")))
    stand_alone = not _REACHES_ON.search(source) and all(map(_BEGINS.match, lines))
    return _BLANK_LINES.split(source.strip("\n")) if stand_alone else [source]


_Read = tuple[str, str, str]  # HTML, text, what a digest repeats


def _read(source: str, style: Mapping[str, str]) -> _Read:
    return _of_words(source, style) if all(map(_WORDS.fullmatch, source.split("\n"))) else _parsed(source, style)


def _of_words(source: str, style: Mapping[str, str]) -> _Read:
    """A paragraph that needs no parser, as the parser reads it."""
    attributes = {"class": "p"} if "p" in style and "p" in CLASSES else {}
    attributes |= {"style": style["p"]} if "p" in style else {}
    written = "".join(f' {name}="{_in_html(value)}"' for name, value in attributes.items())
    words = source.replace("\n", " ")
    return f"<p{written}>{_in_html(source)}</p>\n", wrapped(words).strip("\n"), _repeated(words)


def _in_html(text: str) -> str:
    return escape(text, quote=False).replace('"', "&quot;")


def _parsed(source: str, style: Mapping[str, str]) -> _Read:
    parser = markdown_parser()
    tokens = parser.parse(source)
    text = _PlainText().walk(tokens)
    html = parser.renderer.render(_styled(tokens, style), parser.options, {})
    return str(html), text, _opening(tokens)


def _opening(tokens: Sequence[Token]) -> str:
    """The first paragraph that says something by itself, in plain words: none within a list or a quotation, and
    without a last sentence that only announces what follows."""
    for before, token in pairwise(tokens):
        if before.type == "paragraph_open" and before.level == 0:
            words = "".join(" " if c.type in ("softbreak", "hardbreak") else c.content for c in token.children or ())
            if repeated := _repeated(words):
                return repeated
    return ""


def _repeated(words: str) -> str:
    parts = sentences(" ".join(words.split()))
    return " ".join(parts[:-1] if parts and parts[-1].endswith(":") else parts)


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph. In doubt two stay one: what is cut at a sentence's end must not be cut within it.
    A word or two at the beginning ("Now.") belong to the sentence behind them."""
    parts: list[str] = []
    begun = 0
    for end in _SENTENCE_END.finditer(text):
        one = text[begun : end.start()]
        last = one.split()[-1].rstrip("”’\"')").lstrip("“‘\"'(")
        is_open = one.count("“") > one.count("”") or one.count("(") > one.count(")")
        if len(one.split()) >= _SHORT and not is_open and not _ABBREVIATED.fullmatch(last):
            parts.append(one)
            begun = end.end()
    return [*parts, rest] if (rest := text[begun:]) else parts


_SHORT = 4  # fewer words are no sentence of their own
_SENTENCE_END = re.compile(r"(?:(?<=[.!?…])|(?<=[.!?…][”’\"')]))\s+(?=[“‘\"'(¿¡]*[A-Z0-9ÁÉÍÓÚÑ])")
_ABBREVIATED = re.compile(
    r"(?:[A-Za-z]\.)+|(?:Dr|Mr|Mrs|Ms|St|No|Jr|Sr|Rev|Gen|Gov|Sen|Rep|vs|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)\."
)


def wrapped(text: str, first: str = "", rest: str = "") -> str:
    """Text in lines of at most 72 characters; an address is never broken. Its own line breaks stay."""
    lines: list[str] = []
    indent = first
    for paragraph in text.split("\n"):
        line = indent
        for word in filter(None, paragraph.split(" ")):
            if line != indent and len(line) + 1 + len(word) > TEXT_WIDTH:
                lines.append(line)
                line = indent = rest
            line += word if line == indent else f" {word}"
        lines.append(line if line != indent else indent.rstrip())
        indent = rest
    return "\n".join(lines)


def underlined(text: str, line: str = "-", first: str = "", rest: str = "") -> str:
    """A heading of plain text: its words and a line below them."""
    block = wrapped(text, first, rest)
    longest = max(map(len, block.split("\n")))
    return f"{block}\n{rest}{line[:1] * (longest - len(rest))}"


def plain_link(text: str, href: str) -> str:
    """A link in plain text: its words and its address, or one of them where they are the same."""
    scheme, _, rest = href.partition(":")
    if text == href or (scheme in ("mailto", "tel", "sms") and _bare(rest) in _bare(text)):
        return text
    return f"{text} ({href})"


def _bare(text: str) -> str:
    """Digits of a telephone number, or an address in small letters: what a reader would compare."""
    digits = re.sub(r"\D", "", text)
    return text.lower() if "@" in text else digits.removeprefix("1") if len(digits) == 11 else digits


_HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h3", "h5": "h3", "h6": "h3"}


def _styled(tokens: Sequence[Token], style: Mapping[str, str]) -> Sequence[Token]:
    for token in tokens:
        if token.tag in _HEADINGS:
            token.tag = _HEADINGS[token.tag]  # the one h1 is the mail's headline
        name = "pre" if token.type == "fence" else "link" if token.tag == "a" else token.tag
        if name in style and token.nesting >= 0:
            dark = {"class": name} if name in CLASSES else {}
            token.attrs = {**token.attrs, **dark, "style": style[name]}
        if token.children:
            _styled(token.children, style)
    return tokens


@dataclass
class _Level:
    """One step of indentation: what stands before its first line and before all others."""

    first: str
    rest: str
    begun: bool = False


@dataclass
class _PlainText:
    """Walks the tokens once and writes lines."""

    out: list[str] = field(default_factory=list)
    indents: list[_Level] = field(default_factory=list)
    numbers: list[int | None] = field(default_factory=list)  # next number of each open list
    close: bool = False  # no blank line before the next block: within a tight list

    def walk(self, tokens: Sequence[Token]) -> str:
        heading = False
        for token in tokens:
            match token.type:
                case "inline":
                    self._block(_inline(token), heading=heading)
                case "heading_open" | "heading_close":
                    heading = token.type == "heading_open"
                case "paragraph_open":
                    self.close = token.hidden
                case "bullet_list_open" | "ordered_list_open":
                    self.numbers.append(int(token.attrs.get("start", 1)) if token.tag == "ol" else None)
                    if self.out and not self.indents and self.out[-1]:
                        self.out.append("")
                case "bullet_list_close" | "ordered_list_close":
                    self.numbers.pop()
                    self.close = False
                case "list_item_open":
                    number = self.numbers[-1]
                    marker = "- " if number is None else f"{number}. "
                    self.numbers[-1] = None if number is None else number + 1
                    self.indents.append(_Level(marker, " " * len(marker)))
                case "blockquote_open":
                    self.indents.append(_Level("> ", "> "))
                case "list_item_close" | "blockquote_close":
                    self.indents.pop()
                case "hr":
                    self._block("* * *", heading=False)
                case "fence" | "code_block":
                    self._block(token.content.rstrip("\n"), heading=False)
        return "\n".join(self.out).strip("\n")

    def _block(self, text: str, *, heading: bool) -> None:
        if self.out and self.out[-1] and not self.close:
            self.out.append("".join(level.rest for level in self.indents if level.begun).rstrip())
        first = "".join(level.rest if level.begun else level.first for level in self.indents)
        rest = "".join(level.rest for level in self.indents)
        for level in self.indents:
            level.begun = True
        self.out += (underlined(text, "-", first, rest) if heading else wrapped(text, first, rest)).split("\n")


def _inline(token: Token) -> str:
    line = token.map[0] + 1 if token.map else 0
    if found := _HALF_LANGUAGE.search(token.content):
        problem = f"a part in another language has no beginning or no end: {_short(found[0])}"
        raise TemplateProblem("R025", problem, line + token.content.count("\n", 0, found.start()))
    pieces: list[str] = []
    starts: list[tuple[int, str]] = []
    for child in token.children or ():
        match child.type:
            case "text" | "code_inline" | "text_special":
                pieces.append(child.content)
            case "softbreak" | "hardbreak":
                pieces.append(" " if child.type == "softbreak" else "\n")
            case "link_open":
                href = str(child.attrs.get("href", ""))
                if not SAFE_LINK.match(href):
                    raise TemplateProblem("R011", f"the link {_short(href)} may not be printed", line)
                starts.append((len(pieces), href))
            case "link_close" if starts:
                start, href = starts.pop()
                pieces[start:] = [plain_link("".join(pieces[start:]), href)]
            case "image":
                raise TemplateProblem("R010", f"there is a picture: {_short(str(child.attrs.get('src', '')))}", line)
    return "".join(pieces)


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")


def links_of(html: str) -> list[str]:
    """Targets of all links, in order, each once. For HTML made here and by the message templates."""
    from html import unescape

    return list(dict.fromkeys(unescape("".join(found)).strip() for found in _HREF.findall(html)))


_HREF = re.compile(r"""<[^>]*?\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""", re.IGNORECASE)
