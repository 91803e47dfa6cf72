"""Names in a sentence: of people, businesses, schools. Capital letters and lists of words, as data, give them away."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from ...light_dataclass import dataclass
from ..rule_files import RuleFile, RuleFiles
from ..toml_file import Table

#: The folder of the rules about people.
STORIES = "stories"
#: What stands for a name in a sentence, by what it is the name of: signs that no text holds.
PERSON, PROBABLY, FIRM, SCHOOL, SINGLE, AGENCY = "\ue001", "\ue002", "\ue003", "\ue004", "\ue005", "\ue007"
#: And for what was printed from a record.
PRINTED = "\ue006"
SIGNS: Mapping[str, str] = {
    "person": PERSON,
    "name": PERSON + PROBABLY,
    "firm": FIRM,
    "school": SCHOOL,
    "single": SINGLE,
    "agency": AGENCY,
    "printed": PRINTED,
}

_CAPITAL = r"[^\W\d_a-zß-öø-ÿ][\w]{0,24}(?:['-][^\W\d_][\w]{1,20}){0,2}"
_ANY_CAPITAL = re.compile(r"[^\W\d_a-z]")
_WORDS, _WITHIN = re.compile(r"\w+|(?<!\w)[^\w\s]"), re.compile(r"\w")
_PIECE = re.compile(r"\S+")
_INITIALS = r"(?:[A-Z]\.){1,3}"


@dataclass(frozen=True)
class NameWords:
    """Which words make a name, in small letters."""

    given: frozenset[str]
    titles: frozenset[str]
    offices: frozenset[str]
    firms: frozenset[str]
    schools: frozenset[str]
    others: frozenset[str]
    no_names: frozenset[str]
    joining: frozenset[str]
    historical: frozenset[str] = frozenset()

    @cached_property
    def run(self) -> re.Pattern[str]:
        """Capitals in a row that may be a name."""
        joined = "|".join(sorted(map(re.escape, self.joining)))
        part = rf"(?:{_CAPITAL}|{_INITIALS})"
        between = rf"(?:\.? |-)(?:(?:{joined}) ){{0,2}}"
        return re.compile(rf"(?<![\w'])(?:{part})(?:{between}{part}){{0,6}}")


NO_WORDS = NameWords(*(frozenset[str]() for _ in range(8)))


def _words(table: Table, _file: RuleFile) -> NameWords:
    keys = ("given", "titles", "offices", "firms", "schools", "others", "no_names", "joining")
    lists = {key: frozenset(table.text(key).casefold().split()) for key in keys}
    lists["given"] |= {_plain(name) for name in lists["given"]}
    lists["historical"] = frozenset(map(str.casefold, table.texts("historical")))
    table.close("the words of names")
    return NameWords(**lists)


@dataclass(frozen=True)
class Masked:
    """A sentence in small letters with a sign in the place of each name. ``names``: in their order, as they stand.

    ``other``: where a single word at the start has a capital for that alone, the sentence with that word in it.
    """

    text: str
    names: tuple[str, ...]
    other: str = ""

    def names_among(self, before: Iterable[str], tokens: Iterable[str]) -> tuple[str, ...]:
        """The names whose signs are among some words of the sentence, which stand behind others."""
        start = sum(token in OF_NAMES for token in before)
        return self.names[start : start + sum(token in OF_NAMES for token in tokens)]


_MARKS = "\u00bf\u00a1\"' "
OF_NAMES = frozenset(SIGNS["name"] + FIRM + SCHOOL + SINGLE + AGENCY)


class NameFinder:
    """Looks for names. ``known``: names, in small letters, of organizations, offices and places that are no person and
    no business; ``people``: of people whom the campaign's records name."""

    def __init__(self, words: NameWords, known: Iterable[str] = (), people: Iterable[str] = ()) -> None:
        self._words = words
        self._people = frozenset(filter(None, people))
        #: By their first word, the longest first.
        self._known: dict[str, list[str]] = {}
        for name in sorted({name for name in known if len(name) > 1}, key=len, reverse=True):
            self._known.setdefault(_WORDS.findall(name)[0], []).append(name)

    def masked(self, sentence: str) -> Masked:
        """The sentence with its names masked. What was printed is masked already."""
        if not _ANY_CAPITAL.search(sentence):
            return Masked(sentence, ())
        spared: list[tuple[int, int]] | None = None  # looked for where something may be a name
        pieces: list[str] = []
        names: list[str] = []
        at = 0
        for run in self._words.run.finditer(sentence):
            for start, end, sign in self._names_of(sentence, *run.span()):
                if spared is None:
                    spared = list(self._known_in(_small(sentence)))
                if start < at or any(start < b and a < end for a, b in spared):
                    continue
                pieces += (sentence[at:start].casefold(), sign)
                names.append(sentence[start:end])
                at = end
        pieces.append(sentence[at:].casefold())
        text, other = "".join(pieces), ""
        if text.lstrip(_MARKS).startswith(SINGLE):
            other = text.replace(SINGLE, names[0].casefold(), 1)
        return Masked(text, tuple(names), other)

    def _known_in(self, low: str) -> Iterator[tuple[int, int]]:
        """Where known names stand in a sentence in small letters."""
        if self._known.keys().isdisjoint(_WORDS.findall(low)):
            return
        reached = 0
        for word in _WORDS.finditer(low):
            at = word.start()
            for name in self._known.get(word[0], ()) if at >= reached else ():
                if low.startswith(name, at) and not _WITHIN.match(low, at + len(name)):
                    reached = at + len(name)
                    yield at, reached
                    break

    def _names_of(self, sentence: str, start: int, end: int) -> list[tuple[int, int, str]]:
        """The names in a run of capitalized words."""
        spans = [(m.start() + start, m.end() + start) for m in _PIECE.finditer(sentence[start:end])]
        found: list[tuple[int, int, str]] = []
        group: list[tuple[int, int]] = []
        for n, (a, b) in enumerate(spans):
            word = _bare(sentence[a:b])
            if (word in self._words.no_names or word.endswith("-old")) and not (
                group and n + 1 < len(spans) and word in self._words.joining
            ):
                found += self._named(sentence, group)
                group = []
            elif (
                group
                and a > start == group[0][0]
                and not start
                and len(group) == 1
                and word in (self._words.given | self._words.titles)
                and not self._is_name(group, sentence)
            ):
                group = [(a, b)]  # a word at the start of a sentence, before the name
            else:
                group.append((a, b))
        return [*found, *self._named(sentence, group)]

    def _is_name(self, group: list[tuple[int, int]], sentence: str) -> bool:
        word = _bare(sentence[slice(*group[0])])
        return word in self._words.given or word in self._words.titles

    def _named(self, sentence: str, group: list[tuple[int, int]]) -> list[tuple[int, int, str]]:
        """What a run without words that are none of a name is the name of; nothing where it is nobody's."""
        words = [_bare(sentence[a:b]) for a, b in group]
        if not group:
            return []
        start, end = group[0][0], group[-1][1]
        while end > start and sentence[end - 1] in ".,'-":
            end -= 1
        has = self._words
        sign = SINGLE if len(words) == 1 else PROBABLY
        if len(words) > 1 and any(word in has.schools for word in words[1:]):
            sign = SCHOOL
        elif len(words) > 1 and words[-1] in has.firms and words[0] not in has.others:
            sign = FIRM
        elif len(words) > 1 and words[0] in has.firms and has.others.isdisjoint(words):
            sign = FIRM
        elif any(word in has.others for word in words) and words[0] not in has.titles:
            return []
        elif (words[0] in has.titles and len(words) > 1 and words[-1] not in has.others) or words[0] in has.given:
            sign = PERSON
        elif words[0] in has.titles and len(words) == 1:
            return []
        elif words[0] in has.schools or words[0] in has.firms:
            return []
        elif self._people and " ".join(words) in self._people:
            sign = PERSON
        if sentence[start:end].isupper() and sign in (SINGLE, PROBABLY):  # an abbreviation, or a heading
            return [(start, end, AGENCY)] if len(words) == 1 and 2 <= end - start <= 7 else []
        return [(start, end, sign)]


def _plain(name: str) -> str:
    """Without accents, as many write it."""
    return "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))


def _small(text: str) -> str:
    """In small letters, each in its place."""
    low = text.casefold()
    return low if len(low) == len(text) else "".join(letter.casefold()[0] for letter in text)


def _bare(word: str) -> str:
    return word.strip(".,'-").casefold().removesuffix("'s")


#: Of the one file for all languages, "names".
load_name_words = RuleFiles(STORIES, _words).load
