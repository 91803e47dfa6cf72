"""Lint rules about words: which words say it better, and where."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from ...domain.campaign import Campaign
from ...domain.finding import Finding
from ...kept_patterns import of_the_program
from ..codes import CODES
from ..pattern_index import PatternIndex, kept_index
from ..phrases import Match, Phrase, all_matches, index_of, is_one_sign, words_of
from ..sentence_patterns import Hit, SentencePattern, sentences_of
from ..text_answers import TEXTS
from .context import CUT, MENTION, Material, View, longest_first
from .help_lines import Closed, closed_spellings
from .lint import PACKS, Denials, LintPack, Rule, are_shipped
from .visible_text import Part, fold

_SPAN = re.compile(r'"([^"]*)"')
_SINGLE = re.compile(r"(?<!\w)'([^']{1,40})'(?!\w)")
_SPANISH = frozenset("el la los las una del que por para con se es como su sus y en de más si no al lo le".split())
_ENGLISH = frozenset("the of and to a in is for that with are it you or as on be this by from not at an if we".split())
_WORD = re.compile(r"[^\W\d_]+")
_LANGUAGE = TEXTS.question("language")
#: Kinds of records whose words are not the author's; claims only where a rule does not look at them.
_OTHERS = frozenset({"contact", "quotation", "source", "setting", "date"})
_CLAIMS = _OTHERS | {"claim"}


class _Line(NamedTuple):
    """A folded block: as it is read, without what templates printed from records, and without claims too."""

    read: str
    own: str
    without_claims: str


def check_words(material: Material) -> Iterator[Finding]:
    """All rules of type words."""
    word_rules = _WordRules(material)
    of_views = [(view, [*_lines(view, "email" if view.is_email else "post")]) for view in material.views]
    found_in = word_rules.found_in(line for _, lines in of_views for _, line in lines)
    for view, lines in of_views:
        seen: set[tuple[int, str]] = set()
        for place, line in lines:
            for number, found in found_in[line].items():
                rule = word_rules.rules[number]
                if place not in rule.where or view.item.kind in rule.not_kinds:
                    continue
                new = [words for words in found if (number, words) not in seen]
                seen.update((number, words) for words in new)
                known = _closed_words(word_rules.closed, view.flows) if rule.in_sources and new else []
                for words in new:
                    if not _is_part(words, known):
                        yield view.finding(rule, f'"{words}" in the {place}: {rule.title}', words)


def _lines(view: View, body: str) -> Iterator[tuple[str, _Line]]:
    """Each block of each text, once, with its place."""
    told: set[tuple[str, _Line]] = set()
    for place, part in (*((p.name, p) for p in view.headline_parts), *((body, p) for p in view.parts)):
        for line in map(_Line, part.blocks, _cut(part, _OTHERS), _cut(part, _CLAIMS)):
            if (place, line) not in told:
                told.add((place, line))
                yield place, line


def _cut(part: Part, kinds: frozenset[str]) -> Sequence[str]:
    """The blocks without what was printed from records of these kinds."""
    places = [place for place in part.records_in_words if place.printed.kind in kinds]
    if not places:
        return part.blocks
    pieces, at = [], 0
    for place in places:
        pieces += [part.words[at : place.start], CUT]
        at = place.end
    return "".join([*pieces, part.words[at:]]).split("\n")


class Lookup:
    """What the rules of some packs look for, asked of many texts at once."""

    def __init__(self, packs: Sequence[LintPack]) -> None:
        self.rules = [rule for pack in packs for rule in pack.rules if rule.type == "words"]
        #: Of each rule, where its phrases begin in a row of all; and where the last ones end.
        self._begins = [*accumulate((len(rule.words) for rule in self.rules), initial=0)]
        self._are_shipped = are_shipped(packs)
        key = "words", [pack.fingerprint for pack in packs]
        kept = PACKS.read(key, is_shipped=self._are_shipped)
        if kept is None:
            rows = dict(enumerate(phrase for rule in self.rules for phrase in rule.words))
            kept = [
                kept_index({at: each.must_hold for at, each in rows.items() if isinstance(each, kind)})
                for kind in (Phrase, SentencePattern)
            ]
            if all(key[1]):
                PACKS.write(key, kept, is_shipped=self._are_shipped)
        self._phrases, self._patterns = map(PatternIndex, kept)

    def matches_in(self, texts: Iterable[str]) -> dict[str, dict[int, list[Match]]]:
        """Of each folded text, by the number of a rule: where its phrases and patterns stand."""
        found: dict[str, dict[int, list[Match]]] = {text: {} for text in texts}
        may_stand = dict(zip(found, self._phrases.places_in([*map(words_of, found)]), strict=True))
        sentences = {sentence.text: sentence for text in found for _, sentence in sentences_of(text)}
        places_in = self._patterns.places_in([sentence.tokens for sentence in sentences.values()])
        may_stand_in_sentence = dict(zip(sentences, places_in, strict=True))
        expressions = [*self._expressions(set().union(*found))]
        with of_the_program(self._are_shipped):  # a phrase's own is made where it may stand
            for text, its in found.items():
                for number, pattern in expressions:
                    if matches := [*pattern.finditer(text)]:
                        its.setdefault(number, []).extend(matches)
                for number, phrase in map(self._at, may_stand[text]):
                    its.setdefault(number, []).extend(phrase.matches_in(text))
                for offset, sentence in sentences_of(text):
                    for number, phrase in map(self._at, may_stand_in_sentence[sentence.text]):
                        if isinstance(phrase, SentencePattern) and (hit := phrase.first_in(sentence, offset)):
                            its.setdefault(number, []).append(hit)
        return found

    def _expressions(self, letters: Iterable[str]) -> Iterator[tuple[int, re.Pattern[str]]]:
        """Regular expressions, each with the number of its rule, but for signs that are not among these letters."""
        every = "".join(letters)
        for number, rule in enumerate(self.rules):
            for pattern in rule.patterns:
                if isinstance(pattern, re.Pattern) and (not is_one_sign(pattern.pattern) or pattern.search(every)):
                    yield number, pattern

    def _at(self, place: int) -> tuple[int, Phrase | SentencePattern]:
        number = bisect(self._begins, place) - 1
        return number, self.rules[number].words[place - self._begins[number]]


#: By the packs themselves, which are read once while their files stay as they are.
lookup_of = lru_cache(maxsize=16)(Lookup)


class _WordRules:
    """The word rules of a campaign's packs, with what they found in each text, so that no text is read twice, be it by
    another process."""

    def __init__(self, material: Material) -> None:
        self.material = material
        self.rules = [rule for pack in material.packs for rule in pack.rules if rule.type == "words"]
        self._ways = [(rule.quotations, rule.claims, rule.mentions) for rule in self.rules]
        self.closed = closed_spellings(material.campaign)
        claims = material.campaign.claims.values()
        texts = {fold(text) for claim in claims for text in (claim.text, claim.caveat) if text}
        self._claim_texts = sorted(texts, key=longest_first)
        rests_on = (material.rules_rest_on, material.campaign.language, self._claim_texts, material.own_words_rest_on)
        self._found = TEXTS.question("words", rests_on)

    def found_in(self, lines: Iterable[_Line]) -> dict[_Line, dict[int, list[str]]]:
        """Of each text what each rule, by its number, finds in it."""
        by_text = {"\n".join(line): line for line in lines}
        found = self._found.of_all(by_text, lambda new: self._look([by_text[text] for text in new]))
        return {by_text[text]: of_rules for text, of_rules in found.items()}

    def _look(self, lines: Sequence[_Line]) -> Iterator[dict[int, list[str]]]:
        ways = set(self._ways)
        every = "\n".join(line.read for line in lines)
        claims = [claim for claim in self._claim_texts if claim in every]
        prepared = [(line, {way: self._prepared(line, claims, *way) for way in ways}) for line in lines]
        lookup = lookup_of(tuple(self.material.packs))
        matches = lookup.matches_in(text for _, texts in prepared for text in texts.values())
        for line, texts in prepared:
            said = (
                (number, self._said(number, line, text, matches[text][number]))
                for way, text in texts.items()
                for number in matches[text]
                if self._ways[number] == way
            )
            yield dict(sorted((number, words) for number, words in said if words))

    def _said(self, number: int, line: _Line, text: str, matches: list[Match]) -> list[str]:
        rule = self.rules[number]
        if rule.languages and language_of(line.read, self.material.campaign.language) not in rule.languages:
            return []
        return list(dict.fromkeys(hits(rule, matches, text)))

    def _prepared(self, line: _Line, printed: list[str], quotations: bool, claims: bool, mentions: bool) -> str:
        """What rules read of a line, by whether they look at words of these kinds. ``printed``: claims as a text has
        them."""
        text = line.read
        if not quotations:
            text = self.material.own_words(line.own if claims else line.without_claims)
        for claim in () if claims else printed:
            text = text.replace(claim, CUT)
        return text if mentions else _without_mentions(text)


def hits(rule: Rule, matches: Iterable[Match], text: str) -> Iterator[str]:
    """What a rule says of a folded text, by where its phrases and patterns stand there."""
    matches = [m for m in matches if not (isinstance(m, Hit) and _is_lifted(rule, m, text))]
    if not matches:
        return  # as of most
    allowed = [m.span() for m in all_matches(rule.allow, text)]
    end = -1
    for match in sorted(matches, key=lambda m: (m.start(), -m.end())):
        # Of "a slave" and "slave trade" that overlap, the first says enough.
        if match.start() >= end and not any(a <= match.start() and match.end() <= b for a, b in allowed):
            end = match.end()
            yield match[0].strip()


def _is_lifted(rule: Rule, hit: Hit, text: str) -> bool:
    if (words := rule.denials) and _is_denied(rule.denied, words, hit, text):
        return True
    return any(pattern.first_in(hit.sentence) for pattern in rule.unless if isinstance(pattern, SentencePattern))


def _is_denied(how: str, words: Denials, hit: Hit, text: str) -> bool:
    if hit.is_denied_before(words.nots if how == "before" else frozenset(), words.phrases):
        return True
    if how in ("", "before"):
        return False
    lifting = words.doubts if how == "doubt" else words.doubts | words.nots
    if hit.is_denied(lifting) or (how == "anywhere" and not lifting.isdisjoint(hit.sentence.tokens)):
        return True
    return hit.is_asked(words.asked) or hit.is_answered(text, words.answers)


def _without_mentions(text: str) -> str:
    """A folded text without words of which it speaks: up to four words in quotation marks."""
    if '"' in text:
        text = _SPAN.sub(lambda m: m[0] if len(m[1].split()) > MENTION else '""', text)
    if "'" in text:
        text = _SINGLE.sub(lambda m: m[0] if len(m[1].split()) > MENTION else "''", text)
    return text


def language_of(text: str, usual: str) -> str:
    """The language of a paragraph, "en" or "es", by its small words; ``usual`` when they do not tell."""
    return _LANGUAGE.of(text, _language_told) or usual.split("-")[0]


def _language_told(text: str) -> str:
    words = _WORD.findall(text.casefold())
    spanish, english = sum(map(_SPANISH.__contains__, words)), sum(map(_ENGLISH.__contains__, words))
    if not text.isascii() and any(c in text for c in "¿¡ñ"):
        spanish += 2
    return "" if spanish == english else "es" if spanish > english else "en"


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
    for source in campaign.sources.values() if rules else ():
        text = fold(source.text)
        known = _closed_words(closed, (text,))
        for rule in rules:
            may_stand = index_of(rule.words).candidates(words_of(text))
            matches = all_matches([phrase for phrase in rule.words if phrase in may_stand], text)
            matches += [
                m for pattern in rule.patterns if isinstance(pattern, re.Pattern) for m in pattern.finditer(text)
            ]
            for words in dict.fromkeys(w.casefold() for w in hits(rule, matches, text)):
                if not _is_part(words, known):
                    yield CODES["H111"].at(source.where, f'{source.id} says "{words}" ({rule.id}: {rule.title})')
