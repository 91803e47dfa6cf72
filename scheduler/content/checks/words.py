"""Lint rules about words: which words say it better, and where."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ...domain.campaign import Campaign
from ...domain.finding import Finding
from .codes import CODES
from .lint import LintPack, Rule
from .material import MENTION, Material, View
from .phrases import all_matches
from .surface import fold

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
        self._found: dict[tuple[int, str], tuple[str, ...]] = {}
        claims = material.campaign.claims.values()
        self._claim_texts = sorted({fold(t) for c in claims for t in (c.text, c.caveat) if t}, key=len, reverse=True)

    def findings(self) -> Iterator[Finding]:
        for view in self.material.views:
            for number, rule in enumerate(self.rules):
                yield from self._apply(view, number, rule)

    def _apply(self, view: View, number: int, rule: Rule) -> Iterator[Finding]:
        if view.item.kind in rule.not_kinds:
            return
        seen: set[str] = set()
        for place, text in _texts(view, rule):
            if rule.languages and language_of(text, self.material.campaign.language) not in rule.languages:
                continue
            for words in self._words_in(number, rule, text):
                if words.casefold() not in seen:
                    seen.add(words.casefold())
                    message = f'"{words}" in the {place}: {rule.title}'
                    where = view.line_of(words)
                    yield Finding(rule.id, rule.severity, message, where, rule.hint, view.item.id, view.message.channel)

    def _words_in(self, number: int, rule: Rule, text: str) -> tuple[str, ...]:
        found = self._found.get((number, text))
        if found is None:
            found = tuple(dict.fromkeys(_hits(rule, self._prepared(rule, text))))
            self._found[number, text] = found
        return found

    def _prepared(self, rule: Rule, text: str) -> str:
        if not rule.quotations:
            text = self.material.own_words(text)
        if not rule.claims:
            for claim in self._claim_texts:
                if claim in text:
                    text = text.replace(claim, " \u2042 ")
        return text if rule.mentions else without_mentions(text)


def _texts(view: View, rule: Rule) -> Iterator[tuple[str, str]]:
    body = "email" if view.is_email else "post"
    if body in rule.where:
        for block in view.blocks:
            yield body, block
    for place, text in view.headlines.items():
        if place in rule.where:
            yield place, text


def _hits(rule: Rule, text: str) -> Iterator[str]:
    matches = all_matches(rule.words, text)
    matches += [m for pattern in rule.patterns if isinstance(pattern, re.Pattern) for m in pattern.finditer(text)]
    if not matches:
        return
    allowed = [m.span() for m in all_matches(rule.allow, text)]
    for match in sorted(matches, key=lambda m: m.start()):
        if not any(start <= match.start() and match.end() <= end for start, end in allowed):
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


def check_stored_words(campaign: Campaign, packs: Sequence[LintPack]) -> Iterator[Finding]:
    """H111: words of rules with ``in_sources`` in the stored editions."""
    rules = [r for pack in packs for r in pack.rules if r.type == "words" and r.in_sources]
    for source in campaign.sources.values():
        text = fold(source.text)
        for rule in rules:
            for words in dict.fromkeys(w.casefold() for w in _hits(rule, text)):
                yield CODES["H111"].at(source.where, f'{source.id} says "{words}" ({rule.id}: {rule.title})')
