"""Whether both parts of an email say the same, and whether its readers see all of it.

Mail programs show one part or the other, and nobody compares them by hand. A template that was changed in one of its
two files, or in which something was made invisible, is found by what came of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from functools import lru_cache
from html import escape
from html.parser import HTMLParser

from ...domain.finding import Finding
from ..quantities.folding import folded
from .context import Material
from .visible_text import Part, fold

_ADDRESS = re.compile(r"\S*(?:://|%|\b(?:tel|sms|mailto):)\S*")
_WORD = re.compile(r"[^\W\d_]+(?:'t\b)?|\d+(?:[.,:]\d+)*")
#: The HTML part has no text for the number of a point in a list.
_POINT = re.compile(r"(?:^|(?<=[.!?:;\"')] ))\d{1,2}[.)] ")
#: The name of a button, or of a link whose address stands beside it in the other part, may differ; no amount may, and
#: no word that turns a sentence round.
_MAY_DIFFER = 2
_SHOWN_AT_ONCE = 8
#: Behind what ends another style, or begins them. Letters under nine pixels are read by nobody.
_HIDES = re.compile(
    r"[\"';]\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:\.0*)?\s*(?:[;\"']|$)"
    r"|(?:max-)?(?:height|width)\s*:\s*0(?:px)?\s*(?:[;!\"']|$)|font-size\s*:\s*[0-8](?:\.\d+)?px|text-indent\s*:\s*-\d{3})",
    re.IGNORECASE,
)
_ALONE = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_NOT_READ = frozenset({"head", "style", "script", "title"})


def check_two_parts(material: Material) -> Iterator[Finding]:
    """M206 and M207."""
    for view, mail in material.emails:
        text, html = view.parts
        of_text, of_html = map(_words, _apart(text, html))
        for one, other, lacks in ((text, html, of_text - of_html), (html, text, of_html - of_text)):
            if not _may_differ(material, lacks) and (words := _missing(one, other, lacks)):
                message = f'the {one.name} part says "{words}", and the {other.name} part does not'
                yield view.finding("M206", message, words)
        if _hides_the_preheader_alone(mail.html, mail.preheader):
            continue
        before = fold(mail.preheader)
        if hidden := next((w for w in map(fold, hidden_texts(mail.html)) if w and w not in before), ""):
            yield view.finding("M207", f'no reader sees "{" ".join(hidden.split()[:_SHOWN_AT_ONCE])}"', hidden)


def _hides_the_preheader_alone(html: str, preheader: str) -> bool:
    """Whether it is plain at a glance that nothing else is hidden, as in nearly all emails."""
    starts = {html.find(">", m.end()) + 1 for m in _HIDES.finditer(html)}
    starts -= {start for start in starts if html.startswith("&nbsp;<", start)}  # what makes room is empty
    return " hidden" not in html and len(starts) <= 1 and all(html.startswith(escape(preheader), at) for at in starts)


def _may_differ(material: Material, words: Collection[str]) -> bool:
    """Whether the other part may lack these: no more than a name, and no amount."""
    if not words:
        return True
    if len(words) > _MAY_DIFFER or any(word[0].isdigit() for word in words):
        return False
    from ..quantities.quantity_reader import amounts_of  # in most months no part lacks anything

    small = {folded(word) for word in words}
    known = [material.quantity_rules.of(language) for language in material.languages]
    return all(small.isdisjoint(rules.turning | amounts_of(rules.language)) for rules in known if rules)


def _missing(one: Part, other: Part, lacks: Counter[str]) -> str:
    """Words of one part that the other one ``lacks``: as they stand together in one of its blocks, shortened."""
    whole = f" {' '.join(word for block in other.seen for word in _words_in(block))} "
    for block in one.seen:
        shown = fold(block).split()
        plain = [" ".join(_words_in(word)) for word in shown]
        for at, word in enumerate(plain):
            beside = " ".join(filter(None, plain[max(0, at - 1) : at + 2]))
            if lacks.keys() & {*word.split()} and f" {beside} " not in whole:
                return " ".join(shown[at : at + _SHOWN_AT_ONCE])
    return " ".join(lacks)


def _apart(one: Part, other: Part) -> tuple[Counter[str], Counter[str]]:
    """The blocks of each that the other one does not have just so: of nearly all emails few."""
    of_one, of_other = Counter(one.seen), Counter(other.seen)
    return of_one - of_other, of_other - of_one


def _words(blocks: Counter[str]) -> Counter[str]:
    return Counter(word for block in blocks.elements() for word in _words_in(block))


@lru_cache(maxsize=256)
def _words_in(block: str) -> list[str]:
    has_address = ":" in block or "%" in block
    return _WORD.findall(_POINT.sub("", fold(_ADDRESS.sub(" ", block) if has_address else block)).casefold())


@lru_cache(maxsize=256)
def hidden_texts(html: str) -> tuple[str, ...]:
    """What stands in the HTML of a mail and is shown to nobody, by the styles of its elements."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return tuple(reader.hidden)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.hidden: list[str] = []
        self._open: list[tuple[str, bool]] = []  # elements, and whether they hide what is in them

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _ALONE:
            style = next((value or "" for name, value in attrs if name == "style"), "")
            hides = _HIDES.search(f";{style}") is not None or any(name == "hidden" for name, _ in attrs)
            self._open.append((tag, hides))

    def handle_endtag(self, tag: str) -> None:
        at = next((n for n in range(len(self._open) - 1, -1, -1) if self._open[n][0] == tag), None)
        if at is not None:
            del self._open[at:]

    def handle_data(self, data: str) -> None:
        if any(c.isalnum() for c in data) and any(hides for _, hides in self._open):
            if not any(tag in _NOT_READ for tag, _ in self._open):
                self.hidden.append(data)
