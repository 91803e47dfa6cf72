"""Who is told of in a text, by the rules of its language and the names that the campaign knows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path

from ...domain.campaign import Campaign
from ...domain.canonical_text import PlainText, comparable
from ...domain.finding import Finding
from ...domain.printed import PrintedAt
from ...domain.sentences import sentences_in
from ...light_dataclass import dataclass
from ..text_answers import TEXTS
from .name_finder import (
    NO_WORDS,
    OF_NAMES,
    PERSON,
    PRINTED,
    SIGNS,
    Masked,
    NameFinder,
    NameWords,
    load_name_words,
)
from .people_rules import PEOPLE_RULES, PORTRAIT, PeopleRules, Told, load_people_rules
from .portraits import private_things_in
from .word_rows import tokens_of


@dataclass(frozen=True)
class Sentence:
    """A sentence of somebody's own words: ``own`` with a sign for each value that was printed from a record."""

    own: str
    printed: tuple[PrintedAt, ...]

    @property
    def words(self) -> str:
        """As it stands, without what was printed."""
        return " ".join(self.own.replace(PRINTED, " ").split())


@dataclass(frozen=True)
class KnownNames:
    """The names that a campaign's records hold, folded, in small letters."""

    people: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()
    terms: frozenset[str] = frozenset()

    @classmethod
    def of(cls, campaign: Campaign, more: Iterable[str] = ()) -> KnownNames:
        """Of a campaign: its own names.toml, the speakers and publishers of its sources, its help lines; ``more``:
        of organizations beside."""
        people = [source.author for source in campaign.sources.values()]
        others = [*more, campaign.name, *campaign.publishers, campaign.brand.name]
        for source in campaign.sources.values():
            others += (source.publisher, source.title)
        for claim in campaign.claims.values():
            others += (claim.source.publisher, claim.source.title, claim.source.reported_by)
        for contact in campaign.contacts.values():
            others += (contact.label, contact.operator)
        by_kind: dict[str, list[str]] = {"person": people, "organization": others, "place": others, "term": []}
        for name in campaign.names:
            by_kind[name.kind] += (name.name, *name.also)
        return cls(*(_folded(names) for names in (people, others, by_kind["term"])))

    def has_person(self, name: str) -> bool:
        """Whether a name is a known person's: each of its words stands in one name that is known; a single word is
        such a name's last one."""
        words = _fold(name).replace(".", "").split()
        if len(words) == 1:
            return any(known[-1] == words[0] for known in self._words_of_people)
        return any(set(words) <= set(known) for known in self._words_of_people)

    @cached_property
    def _words_of_people(self) -> tuple[list[str], ...]:
        return tuple(known.replace(".", "").split() for known in self.people)


#: The lists of names, which are of no language; and the files that texts of a campaign may ask for besides its own.
_NAMES = "names"
_FILES = (_NAMES, "en", "es")
#: A year of another time than that of those who read this.
_YEAR = re.compile(r"(?<![\w.,])(?:1[0-9]\d\d|200\d)(?![\w-]|[.,]\d)")


def _ends_with(text: str, phrases: frozenset[str]) -> bool:
    words = text.rstrip(" \"'\u2014:,([").split()
    return any(" ".join(words[-count:]) in phrases for count in range(1, min(4, len(words)) + 1))


@lru_cache(maxsize=4096)
def _fold(name: str) -> str:
    return comparable(PlainText(name)).text.casefold()


def _folded(names: Iterable[str]) -> frozenset[str]:
    return frozenset(filter(None, map(_fold, names)))


class PeopleReader:
    """Reads texts of one campaign. The rules are read from their files when a text is met that no process has read
    before.

    ``usual``: the campaign's language; ``known``: the names of its records; ``language_of``: of a text its language,
    given the usual one.
    """

    def __init__(self, lint_dir: Path, usual: str, known: KnownNames, language_of: Callable[[str, str], str]) -> None:
        self._lint_dir, self._usual, self._names, self._language_of = lint_dir, usual, known, language_of
        self._rules: dict[str, PeopleRules | None] = {}
        self.fingerprint = PEOPLE_RULES.fingerprint(lint_dir, dict.fromkeys((*_FILES, usual)))
        rests_on = (self.fingerprint, usual, *map(sorted, (known.people, known.others)))
        self._told = TEXTS.question("who is told of", rests_on)
        self._people = TEXTS.question("people named", rests_on)

    @cached_property
    def words(self) -> NameWords:
        """The lists of names; empty ones where they cannot be read."""
        return load_name_words(self._lint_dir, _NAMES)[0] or NO_WORDS

    @cached_property
    def known(self) -> KnownNames:
        """Who is known, people of history among them."""
        return replace(self._names, people=self._names.people | self.words.historical)

    @cached_property
    def _finder(self) -> NameFinder:
        return NameFinder(self.words, self.known.others, self.known.people)

    def wrong_files(self) -> list[Finding]:
        """What is wrong with the files of rules: looked for once for the same files."""
        if TEXTS.question("rules about people").of(f"{self.fingerprint} {self._usual}", self._are_fine):
            return []
        return [*load_name_words(self._lint_dir, _NAMES)[1], *load_people_rules(self._lint_dir, self._usual)[1]]

    def _are_fine(self, _files: str) -> bool:
        return not (load_name_words(self._lint_dir, _NAMES)[1] or load_people_rules(self._lint_dir, self._usual)[1])

    def rules_for(self, text: str) -> PeopleRules | None:
        """The rules of a text's language; None where it has none."""
        language = self._language_of(text, self._usual)
        if language not in self._rules:
            self._rules[language] = load_people_rules(self._lint_dir, language)[0]
        return self._rules[language]

    def people_in(self, text: str) -> tuple[str, ...]:
        """The names of people, and what are probably such, in a text."""
        return self._people.of(text, lambda words: _named_in(self.masked(words), SIGNS["name"]))

    def masked(self, sentence: str) -> Masked:
        """A sentence with a sign for each name."""
        return self._finder.masked(sentence)

    def strangers_in(self, sentence: str) -> tuple[str, ...]:
        """People who are named with a surname and whom no record knows. A sentence with the year of an earlier time is
        about history, and who holds a public office may be named."""
        _, strangers = self._told.of(sentence, self._read)
        return strangers

    def _strangers_among(self, sentence: str, masked: Masked) -> tuple[str, ...]:
        if not masked.names or _YEAR.search(sentence):
            return ()
        return tuple(
            name
            for name in _named_in(masked, PERSON)
            if len(name.split()) > 1
            and name.split()[0].strip(".").casefold() not in self.words.offices
            and not self._is_known(name)
        )

    def _is_known(self, name: str) -> bool:
        """Whether a known person is named, with any title: Dra. Ana Rivera is Dr. Ana Rivera."""
        words = name.split()
        titles = next((n for n, word in enumerate(words) if not self._is_title(word)), 0)
        return self.known.has_person(name) or self.known.has_person(" ".join(words[titles:]))

    def _is_title(self, word: str) -> bool:
        return word.strip(".").casefold() in self.words.titles

    def gives_credit(self, sentence: str) -> bool:
        """Whether a sentence says whose words those beside it are, and nothing of what they say."""
        rules = self.rules_for(sentence)
        return rules is not None and rules.credits.gives(sentence)

    def role_in(self, sentence: str) -> str:
        """Whom without a name a sentence gives printed words to; empty where it does not say."""
        rules = self.rules_for(sentence)
        return rules.credits.role_in(sentence) if rules is not None else ""

    def is_title(self, role: str, known: str, sentence: str) -> bool:
        """Whether what a record says of its speaker is this role, in the language of a sentence."""
        rules = self.rules_for(sentence)
        return rules is not None and rules.credits.is_title(role, known)

    def is_term(self, words: str) -> bool:
        """Whether the campaign lists a term that may stand in quotation marks."""
        return _fold(words).strip(".,?!;: ") in self.known.terms

    def is_mentioned(self, before: str, behind: str) -> bool:
        """Whether the words before a term say that the term is spoken of: the word "slavery"; or those behind it that
        a thing says it: "Paws first," says the van."""
        rules = self.rules_for(before + behind)
        return rules is not None and (
            _ends_with(before, rules.mentions)
            or any(words in before for words in rules.within)
            or behind.lstrip(" ,.\u201d\u00bb\"'").startswith(rules.said_by_things)
        )

    def is_lettered(self, around: str) -> bool:
        """Whether the words around one word say that it is spelled or shown: the accent in "tambien"."""
        rules = self.rules_for(around)
        return rules is not None and not rules.lettered.isdisjoint(tokens_of(around.casefold()))

    def is_offered(self, before: str) -> bool:
        """Whether the words before say that a reader may say what follows: you can ask, "Are you all right?"."""
        rules = self.rules_for(before)
        return rules is not None and _ends_with(before, rules.offered)

    def is_denied(self, around: str) -> bool:
        """Whether the words around others say that those are wrong: nobody "asks for it"."""
        rules = self.rules_for(around)
        return rules is not None and not rules.denied.isdisjoint(tokens_of(around.casefold()))

    def told_in(self, sentence: str) -> tuple[Told, ...]:
        """Whom a sentence tells of. A known person may be named, and has a speaker's words all the same."""
        found, _ = self._told.of(sentence, self._read)
        return tuple(Told(*told) for told in found)

    def private_things_in(self, sentence: str) -> frozenset[str]:
        """What a sentence says of somebody's health, family, crimes or money: words in small letters."""
        rules = self.rules_for(sentence)
        if rules is None:
            return frozenset()
        return private_things_in(rules.portraits, tokens_of(self.masked(sentence).text))

    def _may_be_told(self, told: Told) -> bool:
        """Whether who is known is only named, or introduced: "meet Captain Lund". People of history have no part in our
        composites."""
        if told.kind == "composite":
            return bool(told.name) and self._names.has_person(told.name)
        return told.kind in ("named", PORTRAIT) and bool(told.name) and self._is_known(told.name)

    def _read(self, sentence: str) -> tuple[tuple[tuple[str, str, str], ...], tuple[str, ...]]:
        """Whom a sentence tells of, and the strangers in it."""
        rules, masked = self.rules_for(sentence), self.masked(sentence)
        found = rules.told_in(masked) if rules is not None else ()
        told = tuple((told.kind, told.words, told.name) for told in found if not self._may_be_told(told))
        return told, self._strangers_among(sentence, masked)


def people_reader(
    lint_dir: Path, campaign: Campaign, language_of: Callable[[str, str], str], more: Iterable[str] = ()
) -> PeopleReader:
    """The reader for a campaign. ``more``: names of organizations beside those of its records."""
    usual = campaign.language.partition("-")[0].casefold()
    return PeopleReader(lint_dir, usual, KnownNames.of(campaign, more), language_of)


def _named_in(masked: Masked, signs: str) -> tuple[str, ...]:
    """The names in a sentence that some signs stand for."""
    of_names = (c for c in masked.text if c in OF_NAMES)
    return tuple(name for sign, name in zip(of_names, masked.names, strict=True) if sign in signs)


def own_sentences(text: str, printed: Sequence[PrintedAt]) -> tuple[Sentence, ...]:
    """The sentences of a text in which somebody typed something, with what was printed masked."""
    pieces: list[str] = []
    at = 0
    for one in printed:
        pieces += (text[at : one.start], PRINTED)
        if text[one.start : one.end].rstrip("\"')").endswith((".", "!", "?")):
            pieces.append(".")
        at = one.end
    own = "".join((*pieces, text[at:]))
    found, number = [], 0
    for start, end in sentences_in(own):
        sentence = own[start:end]
        count = sentence.count(PRINTED)
        if any(map(str.isalpha, sentence)):
            found.append(Sentence(sentence, tuple(printed[number : number + count])))
        number += count
    return tuple(found)
