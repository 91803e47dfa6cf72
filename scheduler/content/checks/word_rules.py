"""Lint rules about words: which words say it better, and where."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ...domain.campaign import Campaign
from ...domain.finding import Finding
from ..codes import CODES
from .context import CUT, MENTION, Material
from .lint import LintPack, Rule
from .phrases import Index, Phrase, all_matches, words_of
from .rendered_message import View
from .retired_contacts import Closed, closed_spellings
from .visible_text import fold

_SPAN = re.compile(r'"([^"]*)"')
_SINGLE = re.compile(r"(?<!\w)'([^']{1,40})'(?!\w)")
_SPANISH = frozenset("el la los las una del que por para con se es como su sus y en de más si no al lo le".split())
_ENGLISH = frozenset("the of and to a in is for that with are it you or as on be this by from not at an if we".split())
_WORD = re.compile(r"[^\W\d_]+")


class WordRules:
    """The word rules of some packs, with what they found in each text, so that no text is read twice."""

    def __init__(self, material: Material, packs: Sequence[LintPack]) -> None:
        self.material = material
        self.rules = [r for pack in packs for r in pack.rules if r.type == "words"]
        self._index = Index(p for rule in self.rules for p in rule.words)
        self._owners: dict[Phrase, list[int]] = {}
        for number, rule in enumerate(self.rules):
            for phrase in rule.words:
                self._owners.setdefault(phrase, []).append(number)
        self._found: dict[str, dict[int, tuple[str, ...]]] = {}
        self._closed = closed_spellings(material.campaign)
        claims = material.campaign.claims.values()
        self._claim_texts = sorted({fold(t) for c in claims for t in (c.text, c.caveat) if t}, key=len, reverse=True)

    def findings(self) -> Iterator[Finding]:
        for view in self.material.views:
            said: set[tuple[int, str]] = set()
            for place, text in _texts(view):
                for number, found in self._in_text(text).items():
                    rule = self.rules[number]
                    if place in rule.where and view.item.kind not in rule.not_kinds:
                        yield from self._report(view, rule, place, [w for w in found if (number, w) not in said])
                        said.update((number, w) for w in found)

    def _report(self, view: View, rule: Rule, place: str, found: list[str]) -> Iterator[Finding]:
        known = _closed_words(self._closed, view.flows) if rule.in_sources and found else []
        for words in found:
            if not _is_part(words, known):
                message = f'"{words}" in the {place}: {rule.title}'
                where = view.line_of(words)
                yield Finding(rule.id, rule.severity, message, where, rule.hint, view.item.id, view.message.channel)

    def _in_text(self, text: str) -> dict[int, tuple[str, ...]]:
        """What each rule, by its number, finds in a text."""
        known = self._found.get(text)
        if known is None:
            by_rule: dict[int, list[Phrase]] = {n: [] for n, rule in enumerate(self.rules) if rule.patterns}
            for phrase in self._index.candidates(words_of(text)):
                for number in self._owners[phrase]:
                    by_rule.setdefault(number, []).append(phrase)
            known = {}
            for number, phrases in sorted(by_rule.items()):
                rule = self.rules[number]
                if rule.languages and language_of(text, self.material.campaign.language) not in rule.languages:
                    continue
                found = tuple(dict.fromkeys(_hits(rule, phrases, self._prepared(rule, text))))
                if found:
                    known[number] = found
            self._found[text] = known
        return known

    def _prepared(self, rule: Rule, text: str) -> str:
        if not rule.quotations:
            text = self.material.own_words(text)
        if not rule.claims:
            for claim in self._claim_texts:
                if claim in text:
                    text = text.replace(claim, CUT)
        return text if rule.mentions else without_mentions(text)


def _texts(view: View) -> Iterator[tuple[str, str]]:
    body = "email" if view.is_email else "post"
    yield from view.headlines.items()
    for block in view.blocks:
        yield body, block


def _hits(rule: Rule, phrases: Sequence[Phrase], text: str) -> Iterator[str]:
    matches = all_matches(phrases, text)
    matches += [m for pattern in rule.patterns if isinstance(pattern, re.Pattern) for m in pattern.finditer(text)]
    if not matches:
        return
    allowed = [m.span() for m in all_matches(rule.allow, text)]
    end = -1
    for match in sorted(matches, key=lambda m: (m.start(), -m.end())):
        # Of "a slave" and "slave trade" that overlap, the first says enough.
        if match.start() >= end and not any(a <= match.start() and match.end() <= b for a, b in allowed):
            end = match.end()
            yield match[0].strip()


def without_mentions(text: str) -> str:
    """A folded text without words of which it speaks: up to four words in quotation marks."""
    if '"' in text:
        text = _SPAN.sub(lambda m: m[0] if len(m[1].split()) > MENTION else '""', text)
    if "'" in text:
        text = _SINGLE.sub(lambda m: m[0] if len(m[1].split()) > MENTION else "''", text)
    return text


def language_of(text: str, usual: str) -> str:
    """The language of a paragraph, "en" or "es", by its small words; ``usual`` when they do not tell."""
    words = [w.casefold() for w in _WORD.findall(text)]
    spanish, english = sum(w in _SPANISH for w in words), sum(w in _ENGLISH for w in words)
    if any(c in text for c in "¿¡ñ"):
        spanish += 2
    if spanish == english:
        return usual.split("-")[0]
    return "es" if spanish > english else "en"


def _closed_words(closed: Closed, texts: Sequence[str]) -> list[str]:
    """Words of a text that are reported as those of a contact; a lint need not say it again."""
    return [words for text in texts for _, words in closed.found_in(text).values()]


def _is_part(words: str, known: list[str]) -> bool:
    low = words.casefold()
    return any(low in other or other in low for other in known)


def check_stored_words(campaign: Campaign, packs: Sequence[LintPack]) -> Iterator[Finding]:
    """H111: words of rules with ``in_sources`` in the stored editions."""
    rules = [r for pack in packs for r in pack.rules if r.type == "words" and r.in_sources]
    closed = closed_spellings(campaign)
    for source in campaign.sources.values():
        text = fold(source.text)
        known = _closed_words(closed, (text,)) if rules else []
        for rule in rules:
            for words in dict.fromkeys(w.casefold() for w in _hits(rule, rule.words, text)):
                if _is_part(words, known):
                    continue
                yield CODES["H111"].at(source.where, f'{source.id} says "{words}" ({rule.id}: {rule.title})')
