"""Lint rules about words: which words say it better, and where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ...domain.campaign import Campaign
from ...domain.finding import Finding
from ..codes import CODES
from .context import CUT, MENTION, Material
from .help_lines import Closed, closed_spellings
from .lint import LintPack, Rule
from .phrases import Index, Phrase, all_matches, words_of
from .visible_text import fold

_SPAN = re.compile(r'"([^"]*)"')
_SINGLE = re.compile(r"(?<!\w)'([^']{1,40})'(?!\w)")
_SPANISH = frozenset("el la los las una del que por para con se es como su sus y en de más si no al lo le".split())
_ENGLISH = frozenset("the of and to a in is for that with are it you or as on be this by from not at an if we".split())
_WORD = re.compile(r"[^\W\d_]+")


def check_words(material: Material) -> Iterator[Finding]:
    """All rules of type words."""
    word_rules = _WordRules(material)
    for view in material.views:
        seen: set[tuple[int, str]] = set()
        body = "email" if view.is_email else "post"
        for place, text in (*view.headlines.items(), *((body, block) for block in view.blocks)):
            for number, found in word_rules.found_in(text).items():
                rule = word_rules.rules[number]
                if place not in rule.where or view.item.kind in rule.not_kinds:
                    continue
                new = [words for words in found if (number, words) not in seen]
                seen.update((number, words) for words in new)
                known = _closed_words(word_rules.closed, view.flows) if rule.in_sources and new else []
                for words in new:
                    if not _is_part(words, known):
                        yield view.finding(rule, f'"{words}" in the {place}: {rule.title}', words)


class _WordRules:
    """The word rules of a campaign's packs, with what they found in each text, so that no text is read twice."""

    def __init__(self, material: Material) -> None:
        self.material = material
        self.rules = [r for pack in material.packs for r in pack.rules if r.type == "words"]
        self.closed = closed_spellings(material.campaign)
        self._index = Index(p for rule in self.rules for p in rule.words)
        self._phrases = [frozenset(rule.words) for rule in self.rules]
        self._found: dict[str, dict[int, list[str]]] = {}
        claims = material.campaign.claims.values()
        self._claim_texts = sorted({fold(t) for c in claims for t in (c.text, c.caveat) if t}, key=len, reverse=True)

    def found_in(self, text: str) -> dict[int, list[str]]:
        """What each rule, by its number, finds in a text."""
        if text not in self._found:
            found = self._found[text] = {}
            candidates = self._index.candidates(words_of(text))
            for number, rule in enumerate(self.rules):
                phrases = candidates & self._phrases[number]
                if not phrases and not rule.patterns:
                    continue
                if not rule.languages or language_of(text, self.material.campaign.language) in rule.languages:
                    found[number] = list(dict.fromkeys(_hits(rule, phrases, self._prepared(rule, text))))
        return self._found[text]

    def _prepared(self, rule: Rule, text: str) -> str:
        if not rule.quotations:
            text = self.material.own_words(text)
        for claim in () if rule.claims else self._claim_texts:
            text = text.replace(claim, CUT)
        return text if rule.mentions else _without_mentions(text)


def _hits(rule: Rule, phrases: Iterable[Phrase], text: str) -> Iterator[str]:
    matches = all_matches(phrases, text)
    matches += [m for pattern in rule.patterns if isinstance(pattern, re.Pattern) for m in pattern.finditer(text)]
    allowed = [m.span() for m in all_matches(rule.allow, text)]
    end = -1
    for match in sorted(matches, key=lambda m: (m.start(), -m.end())):
        # Of "a slave" and "slave trade" that overlap, the first says enough.
        if match.start() >= end and not any(a <= match.start() and match.end() <= b for a, b in allowed):
            end = match.end()
            yield match[0].strip()


def _without_mentions(text: str) -> str:
    """A folded text without words of which it speaks: up to four words in quotation marks."""
    text = _SPAN.sub(lambda m: m[0] if len(m[1].split()) > MENTION else '""', text)
    return _SINGLE.sub(lambda m: m[0] if len(m[1].split()) > MENTION else "''", text)


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
    return [words for text in texts for words in closed.found_in(text).values()]


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
                if not _is_part(words, known):
                    yield CODES["H111"].at(source.where, f'{source.id} says "{words}" ({rule.id}: {rule.title})')
