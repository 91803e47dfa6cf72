"""Lint rules about words: which words say it better, and where."""

from __future__ import annotations

import re
from array import array
from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate, chain

from ...domain.campaign import Campaign
from ...domain.finding import Finding
from ...light_dataclass import dataclass
from ..codes import CODES
from ..phrases import Phrase, all_matches, words_of
from ..sentence_patterns import Hit, SentencePattern, tokens_of
from ..text_answers import TEXTS
from .context import CUT, MENTION, Material, View, longest_first
from .help_lines import Closed, closed_spellings
from .lint import PACKS, Denials, LintPack, Rule
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


@dataclass(frozen=True)
class _Line:
    """A folded block: as it is read, without what templates printed from records, and without claims too."""

    read: str
    own: str
    without_claims: str


def check_words(material: Material) -> Iterator[Finding]:
    """All rules of type words."""
    word_rules = _WordRules(material)
    for view in material.views:
        seen: set[tuple[int, str]] = set()
        body = "email" if view.is_email else "post"
        for place, line in _lines(view, body):
            for number, found in word_rules.found_in(line).items():
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


class _Lookup:
    """Which rules of some packs may find something in a text."""

    def __init__(self, packs: Sequence[LintPack]) -> None:
        self.rules = [rule for pack in packs for rule in pack.rules if rule.type == "words"]
        self._with_patterns = [number for number, rule in enumerate(self.rules) if rule.patterns]
        #: Of each rule, where its phrases begin in a row of all; and where the last ones end.
        self._begins = [*accumulate((len(rule.words) for rule in self.rules), initial=0)]
        key = "words", [pack.fingerprint for pack in packs]
        places = PACKS.read(key)
        if places is None:
            places = _places_of([phrase for rule in self.rules for phrase in rule.words])
            if all(key[1]):
                PACKS.write(key, places)
        self._places: Mapping[str, bytes] = places
        self._lengths = sorted({len(word) for word in self._places if word[-1] == "*"})
        self._known: dict[str, tuple[int, ...]] = {}

    def may_find(self, text: str) -> dict[int, list[Phrase | SentencePattern]]:
        """Rules by number, each with those of its phrases that may stand in the text."""
        rules: dict[int, list[Phrase | SentencePattern]] = {}
        for number in self._with_patterns:
            if any(p.search(text) for p in self.rules[number].patterns if isinstance(p, re.Pattern)):
                rules[number] = []
        words = words_of(text)
        for place in sorted(set().union(*map(self._look_up, words))):
            number = bisect(self._begins, place) - 1
            phrase = self.rules[number].words[place - self._begins[number]]
            if phrase.whole <= words and (isinstance(phrase, Phrase) or phrase.may_stand_in(tokens_of(text))):
                rules.setdefault(number, []).append(phrase)
        return rules

    def _look_up(self, word: str) -> tuple[int, ...]:
        """Places of phrases that a text with this word may hold."""
        if word not in self._known:
            stems = (f"{word[: length - 1]}*" for length in self._lengths if length <= len(word) + 1)
            found = (self._places.get(each, b"") for each in (word, *stems))
            self._known[word] = tuple(chain.from_iterable(memoryview(each).cast("I") for each in found))
        return self._known[word]


def _places_of(phrases: Sequence[Phrase | SentencePattern]) -> dict[str, bytes]:
    """By each word by which some of them are looked for, a stem with a star behind it: their places."""
    places: dict[str, list[int]] = {}
    for place, phrase in enumerate(phrases):
        for word, is_stem in phrase.keys:
            places.setdefault(f"{word}*" if is_stem else word, []).append(place)
    return {word: array("I", its).tobytes() for word, its in places.items()}


#: By the packs themselves, which are read once while their files stay as they are.
_lookup_of = lru_cache(maxsize=16)(_Lookup)


class _WordRules:
    """The word rules of a campaign's packs, with what they found in each text, so that no text is read twice, be it by
    another process."""

    def __init__(self, material: Material) -> None:
        self.material = material
        self.rules = [rule for pack in material.packs for rule in pack.rules if rule.type == "words"]
        self.closed = closed_spellings(material.campaign)
        claims = material.campaign.claims.values()
        texts = {fold(text) for claim in claims for text in (claim.text, claim.caveat) if text}
        self._claim_texts = sorted(texts, key=longest_first)
        rests_on = (material.rules_rest_on, material.campaign.language, self._claim_texts, material.own_words_rest_on)
        self._found = TEXTS.question("words", rests_on)

    def found_in(self, line: _Line) -> dict[int, list[str]]:
        """What each rule, by its number, finds in a text."""
        return self._found.of("\n".join((line.read, line.own, line.without_claims)), lambda _: self._look(line))

    def _look(self, line: _Line) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        prepared: dict[tuple[bool, bool, bool], str] = {}
        for number, phrases in sorted(_lookup_of(tuple(self.material.packs)).may_find(line.read).items()):
            rule = self.rules[number]
            if not rule.languages or language_of(line.read, self.material.campaign.language) in rule.languages:
                how = rule.quotations, rule.claims, rule.mentions
                if how not in prepared:
                    prepared[how] = self._prepared(line, *how)
                found[number] = list(dict.fromkeys(hits(rule, phrases, prepared[how])))
        return found

    def _prepared(self, line: _Line, quotations: bool, claims: bool, mentions: bool) -> str:
        """What rules read of a line, by whether they look at words of these kinds."""
        text = line.read
        if not quotations:
            text = self.material.own_words(line.own if claims else line.without_claims)
        for claim in () if claims else self._claim_texts:
            text = text.replace(claim, CUT)
        return text if mentions else _without_mentions(text)


def hits(rule: Rule, phrases: Iterable[Phrase | SentencePattern], text: str) -> Iterator[str]:
    """What a rule finds of these phrases in a folded text."""
    matches = [m for m in all_matches(phrases, text) if not (isinstance(m, Hit) and _is_lifted(rule, m, text))]
    matches += [m for pattern in rule.patterns if isinstance(pattern, re.Pattern) for m in pattern.finditer(text)]
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
    if hit.is_denied(lifting) or (how == "anywhere" and not lifting.isdisjoint(hit.sentence.words)):
        return True
    return hit.is_asked(words.asked) or hit.is_answered(text, words.answers)


def _without_mentions(text: str) -> str:
    """A folded text without words of which it speaks: up to four words in quotation marks."""
    text = _SPAN.sub(lambda m: m[0] if len(m[1].split()) > MENTION else '""', text)
    return _SINGLE.sub(lambda m: m[0] if len(m[1].split()) > MENTION else "''", text)


def language_of(text: str, usual: str) -> str:
    """The language of a paragraph, "en" or "es", by its small words; ``usual`` when they do not tell."""
    return _LANGUAGE.of(text, _language_told) or usual.split("-")[0]


def _language_told(text: str) -> str:
    words = [w.casefold() for w in _WORD.findall(text)]
    spanish, english = sum(w in _SPANISH for w in words), sum(w in _ENGLISH for w in words)
    if any(c in text for c in "¿¡ñ"):
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
    for source in campaign.sources.values():
        text = fold(source.text)
        known = _closed_words(closed, (text,)) if rules else []
        for rule in rules:
            for words in dict.fromkeys(w.casefold() for w in hits(rule, rule.words, text)):
                if not _is_part(words, known):
                    yield CODES["H111"].at(source.where, f'{source.id} says "{words}" ({rule.id}: {rule.title})')
