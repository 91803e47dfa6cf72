"""What a lint looks for within one sentence: phrases with choices, families of words and gaps.

``(vote|votes) ... {candidate}``: one of two words, then up to eight words of any kind, then a word or phrase of the
family ``candidate``. ``[a|the]`` may be left out, ``#`` is a number, ``..`` is a gap of up to three words, ``~`` one
that no sign and no "and" or "but" interrupts, and ``!(may|*ed)`` is any one word but these. ``^`` is a place where a
command may begin: the start of a sentence, or behind a comma, "and", "please". ``pills + you may`` stands where both
stand in one sentence, in either order. A star at the end of a word stands for any ending, as in every phrase, and here
one at its beginning for any beginning (``*ing``); accents and case do not matter, and a hyphen is a space.

Nothing here is a regular expression: words are compared one by one, so the worst case is small by construction, and a
pattern that no text holds costs nothing but its place in an index.
"""

from __future__ import annotations

import marshal
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Literal, overload

from ..domain.quotation import normalise
from ..domain.sentences import sentences_in
from ..light_dataclass import dataclass
from .phrases import Phrase, UnusablePhrase, compiled, plain

Alternative = tuple[str, ...]
Families = Mapping[str, tuple[str, ...]]

START = "^"
NUMBER = "#"
_NO_WORDS = (START, NUMBER)
_WITHIN = "~"
_BESIDE = " + "
_NUMBERS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty hundred "
    "thousand million uno dos tres cuatro cinco seis siete ocho nueve diez doce veinte treinta cien mil".split()
)
_GAPS = {"..": 3, "...": 8, _WITHIN: 3}
_MOST_GAPS = 3
_SHORTEST_KEY = 2
#: Behind all choices that are met more rarely.
_COMMONEST = (1_000, 0, 0)
#: Words that most texts hold: a part with one of them tells little of where its pattern may stand.
_COMMON = frozenset(
    "the a an and or but of to in on at for from with by as is are was be been has have had will would can could "
    "may must should do does did not no it its you your he him his she her they them their we us our this that "
    "these those who what which when where how why if so all any every each one two more most some other only just "
    "than then there here out up off down over into about after before until get go come take make give find ask "
    "tell call see look read bring put show help keep know need want use let say send write people day days time "
    "year work home child el la los las un una de del que y en por para con su sus se lo le es".split()
)
_PIECE = re.compile(r"!?\([^()\[\]]*\)|\[[^()\[\]]*\]|\{[a-z-]+\}|\^|~|\.{2,3}|[^\s()\[\]{}^~]+")
_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+(?:[.,:]\d+)*|[,;:()?!$%#@&+/\u2014\u2042]")
#: Behind these a command may begin.
_BEFORE_A_COMMAND = frozenset(
    ", ; : ( \u2014 ? ! and then please just so but or y e luego entonces favor pero o".split()
)
#: What ends the reach of a "not" that stands before it.
_ENDS_DENIAL = frozenset("; : \u2014 ? ! but instead although though pero sino aunque".split())
#: So many letters of the next sentence tell whether it denies this one.
_ANSWER = 40
#: So many words are a short denial, if they begin with one of these and hold one of those.
_SHORT_ANSWER = 4
_ANSWERING = frozenset("it that this they there please those eso esto".split())
_DENYING = frozenset("not don't doesn't isn't aren't didn't wasn't weren't won't can't".split())
_LISTS = frozenset("or nor and o u ni y e".split())
#: Where a thing that somebody does ends, and another begins.
_ENDS_PHRASE = frozenset(", ; : ( ) \u2014 ? ! and or but then so because y e o u pero porque".split())


@dataclass(frozen=True)
class Gap:
    """Words of any kind. ``within``: none at which what is said of one thing ends."""

    most: int
    within: bool = False


@dataclass(frozen=True)
class Other:
    """Any one word but these; ``ends``: but those that end so."""

    words: frozenset[str]
    ends: tuple[str, ...]

    def is_at(self, tokens: tuple[str, ...], at: int) -> bool:
        token = tokens[at] if at < len(tokens) else ""
        return token[:1].isalpha() and token not in self.words and not (self.ends and token.endswith(self.ends))


class Choice:
    """One of several phrases, or none of them."""

    __slots__ = ("_by_word", "_first_stems", "_others", "may_lack", "phrases")

    def __init__(self, phrases: tuple[Alternative, ...], *, may_lack: bool = False) -> None:
        self.phrases, self.may_lack = phrases, may_lack
        self._by_word: dict[str, list[Alternative]] | None = None  # most are never looked for

    def beginning(self, token: str) -> list[Alternative]:
        """The phrases that may begin with a word."""
        by_word = self._sorted() if self._by_word is None else self._by_word
        found = [*by_word.get(token, ()), *self._others]
        if token.startswith(self._first_stems):
            found += [p for p in self.phrases if p[0][-1] == "*" and token.startswith(p[0][:-1])]
        return found

    def starts_in(self, tokens: tuple[str, ...]) -> Iterable[int]:
        """Where one of the phrases may begin."""
        by_word = self._sorted() if self._by_word is None else self._by_word
        if self._others:
            return range(len(tokens))
        stems = self._first_stems
        return [at for at, token in enumerate(tokens) if token in by_word or (stems and token.startswith(stems))]

    def _sorted(self) -> dict[str, list[Alternative]]:
        by_word: dict[str, list[Alternative]] = {}
        self._others: list[Alternative] = []
        for phrase in self.phrases:
            first = phrase[1] if phrase[0] == START and len(phrase) > 1 else phrase[0]
            if first in _NO_WORDS or first[0] == "*" or (first[-1] == "*" and phrase[0] == START):
                self._others.append(phrase)
            elif first[-1] != "*":
                by_word.setdefault(first, []).append(phrase)
        self._first_stems = tuple(phrase[0][:-1] for phrase in self.phrases if phrase[0][-1] == "*")
        self._by_word = by_word
        return by_word


Part = Gap | Other | Choice
Row = tuple[Part, ...]


@dataclass(frozen=True)
class Sentence:
    """One sentence in words: small letters without accents, and the signs that divide a sentence."""

    text: str
    tokens: tuple[str, ...]

    @property
    def spans(self) -> list[tuple[int, int]]:
        """Where its words stand. Few are asked: those in which something is found."""
        return [match.span() for match in _TOKEN.finditer(plain(self.text))]


@dataclass(frozen=True)
class Hit:
    """Where a pattern stands in a text. It can be asked as a match of a regular expression can."""

    sentence: Sentence
    first: int
    end_token: int
    offset: int

    def start(self) -> int:
        return self.offset + self.sentence.spans[self.first][0]

    def end(self) -> int:
        return self.offset + self.sentence.spans[self.end_token - 1][1]

    def span(self) -> tuple[int, int]:
        return self.start(), self.end()

    def __getitem__(self, group: Literal[0], /) -> str:
        return self.sentence.text[self.start() - self.offset : self.end() - self.offset]

    def is_denied_before(self, words: frozenset[str], phrases: Sequence[Alternative] = ()) -> bool:
        """Whether one of ``words``, or of some ``phrases``, stands before it where it reaches it: in its clause, or
        before a list that it is in."""
        tokens = self.sentence.tokens
        for at in range(self.first - 1, -1, -1):
            token = tokens[at]
            if token in words or any(0 <= _after(phrase, tokens, at) <= self.first for phrase in phrases):
                return True
            if token in _ENDS_DENIAL or (token == "," and not _is_in_a_list(tokens, at)):  # noqa: S105 - a comma
                return False
        return False

    def is_denied(self, words: frozenset[str]) -> bool:
        """Whether one of ``words`` stands anywhere in its sentence beside it."""
        tokens = self.sentence.tokens
        return not words.isdisjoint((*tokens[: self.first], *tokens[self.end_token :]))

    def is_asked(self, openings: frozenset[str]) -> bool:
        """Whether its sentence is a question that begins so."""
        tokens = self.sentence.tokens
        return tokens[-1] == "?" and tokens[0] in openings

    def is_answered(self, text: str, answers: frozenset[str]) -> bool:
        """Whether the next sentence of the text begins with one of these words, or denies in a few: It does not."""
        behind = tokens_of(text[self.offset + len(self.sentence.text) :][:_ANSWER]).tokens
        words = [token for token in behind if token[0].isalnum()][:_SHORT_ANSWER]
        return bool(words) and (words[0] in answers or (words[0] in _ANSWERING and not _DENYING.isdisjoint(words)))


def _is_in_a_list(tokens: tuple[str, ...], comma: int) -> bool:
    """Whether a comma stands between the things of a list: an "or" comes within the next words."""
    return any(token in _LISTS for token in tokens[comma + 1 : comma + 8])


class SentencePattern:
    """One pattern: parts in a row, or several such rows that stand in one sentence."""

    __slots__ = ("_families", "_made", "written")

    def __init__(self, written: str, families: Families, *, is_looked_up: bool = True) -> None:
        """``is_looked_up``: an index is asked for it, so it needs a word that must be there."""
        self.written, self._families = written, families
        self._made: tuple[Row, ...] | None = _rows(written, families)
        if is_looked_up and not any(map(_rarity, self._choices())):
            raise UnusablePhrase(f'"{written}" holds no word that must be there')

    @classmethod
    def again(cls, written: str, families: Families) -> SentencePattern:
        """One that was kept. Its rows are made when they are met."""
        pattern = cls.__new__(cls)
        pattern.written, pattern._families, pattern._made = written, families, None
        return pattern

    @property
    def must_hold(self) -> list[tuple[Alternative, ...]]:
        """What a sentence holds in which it stands, for an index: of each choice a phrase. The rarest comes first."""
        told = (
            (_rarity(choice) or _COMMONEST, tuple(map(_telling, choice.phrases)))
            for choice in self._choices()
            if not choice.may_lack
        )
        return [phrases for _, phrases in sorted((one for one in told if all(one[1])), key=itemgetter(0))]

    def _choices(self) -> list[Choice]:
        return [part for row in self._rows_made() for part in row if isinstance(part, Choice)]

    def matches_in(self, text: str) -> list[Hit]:
        """Where the pattern stands in a folded text, at most once a sentence."""
        return [hit for offset, sentence in sentences_of(text) if (hit := self.first_in(sentence, offset))]

    def _rows_made(self) -> tuple[Row, ...]:
        if self._made is None:
            self._made = _rows(self.written, self._families)
        return self._made

    def first_in(self, sentence: Sentence, offset: int = 0) -> Hit | None:
        found = []
        for row in self._rows_made():
            place = _first_place(row, sentence.tokens)
            if place is None:
                return None
            found.append(place)
        return Hit(sentence, min(first for first, _ in found), max(end for _, end in found), offset)


class Phrases(Sequence[Phrase | SentencePattern]):
    """The phrases and patterns of a rule. Of those that were kept each is made when somebody asks for it: most are
    never met."""

    __slots__ = ("_families", "_kept", "_made", "_written")

    def __init__(self, given: Iterable[Phrase | SentencePattern] = ()) -> None:
        self._made: list[Phrase | SentencePattern | None] = [*given]
        self._kept = b""
        self._written: list[tuple[str, bool]] = []
        self._families: Families = next((each._families for each in self if isinstance(each, SentencePattern)), {})

    def __len__(self) -> int:
        return len(self._made)

    @overload
    def __getitem__(self, place: int) -> Phrase | SentencePattern: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Phrase | SentencePattern]: ...
    def __getitem__(self, place: int | slice) -> Phrase | SentencePattern | Sequence[Phrase | SentencePattern]:
        if isinstance(place, slice):
            return [*self][place]
        made = self._made[place]
        if made is None:
            self._written = self._written or marshal.loads(self._kept)  # noqa: S302 - it is in our own folder, see kept_by_key
            written, is_pattern = self._written[place]
            made = SentencePattern.again(written, self._families) if is_pattern else compiled(written)
            self._made[place] = made
        return made

    def __getstate__(self) -> tuple[Families, int, bytes]:
        written = [(each.written, isinstance(each, SentencePattern)) for each in self]
        return self._families, len(written), marshal.dumps(written)

    def __setstate__(self, state: tuple[Families, int, bytes]) -> None:
        self._families, number, self._kept = state
        self._written, self._made = [], [None] * number


def _first_place(row: Row, tokens: tuple[str, ...]) -> tuple[int, int] | None:
    """Where a row of parts stands first: its first word, and behind its last one."""
    first = row[0] if row else None
    starts = first.starts_in(tokens) if isinstance(first, Choice) and not first.may_lack else range(len(tokens))
    for at in starts:
        if (end := _matched(row, 0, tokens, at)) > at:
            return at, end
    return None


def _rows(written: str, families: Families) -> tuple[Row, ...]:
    return tuple(tuple(_parts(row, families)) for row in written.split(_BESIDE))


def _parts(written: str, families: Families) -> Iterator[Part]:
    text = plain(written)
    rest = _PIECE.sub("", text)
    if rest.strip():
        raise UnusablePhrase("brackets are not closed, or stand within others")
    gaps = 0
    for piece in _PIECE.findall(text):
        if piece in _GAPS:
            gaps += 1
            yield Gap(_GAPS[piece], within=piece == _WITHIN)
        elif piece[0] == "!":
            yield _other(piece[2:-1].split("|"), families)
        elif piece[0] in "([":
            alternatives: list[Alternative] = []
            for one in piece[1:-1].split("|"):
                alternatives += ((one,),) if one.isalpha() else _chosen(one, families)
            yield _choice(tuple(alternatives), may_lack=piece[0] == "[")
        else:
            yield _choice(_chosen(piece, families), may_lack=False)
    if gaps > _MOST_GAPS:
        raise UnusablePhrase(f"it has more than {_MOST_GAPS} gaps")


def _other(chosen: list[str], families: Families) -> Other:
    every = [word for one in chosen for word in _words_of(one.strip(), families)]
    ends = tuple(word[1:] for word in every if word[0] == "*")
    return Other(frozenset(word for word in every if word[0] != "*"), ends)


def _words_of(written: str, families: Families) -> tuple[str, ...]:
    """A word, or the words of a family, as they stand; a star is allowed where a word begins."""
    words = families.get(written[1:-1]) if written.startswith("{") else (written,)
    if not words or any(not word.strip("*") or " " in word or word[-1] == "*" for word in words):
        raise UnusablePhrase(f'"{written}" is no single word, and no family of such')
    return tuple(map(plain, words))


def _chosen(written: str, families: Families) -> tuple[Alternative, ...]:
    """A phrase, or all phrases of a family."""
    written = written.strip()
    if not written.startswith("{"):
        return (_alternative(written),)
    if written[1:-1] not in families:
        raise UnusablePhrase(f"no family of words is called {written[1:-1]}")
    return _alternatives(families[written[1:-1]])


_choice = lru_cache(maxsize=1024)(Choice)  # families stand in many patterns


@lru_cache(maxsize=512)
def _alternatives(phrases: tuple[str, ...]) -> tuple[Alternative, ...]:
    return tuple(map(_alternative, phrases))


@lru_cache(maxsize=8192)
def _alternative(written: str) -> Alternative:
    words: list[str] = []
    for piece in plain(written).split():
        if piece == START or piece.isalpha() or (piece[-1] == "*" and piece[:-1].isalpha()):
            words.append(piece)
            continue
        found = _TOKEN.findall(piece.replace("-", " "))
        if not found:
            raise UnusablePhrase(f'"{written}" holds no word')
        if piece.startswith("*"):
            found[0] = f"*{found[0]}"
        if piece.endswith("*"):
            found[-1] += "*"
        words += found
    if not words:
        raise UnusablePhrase("a choice is empty")
    return tuple(words)


def _rarity(choice: Choice) -> tuple[int, int, int] | None:
    """How rarely a choice is met: more so with few phrases of long words. None where it may not be, or has a phrase
    without a word that tells."""
    keys = dict.fromkeys(_letters(max(_telling(phrase), key=len, default="")) for phrase in choice.phrases)
    shortest = min(map(len, keys))
    if choice.may_lack or shortest < _SHORTEST_KEY:
        return None
    return sum(word in _COMMON for word in keys), -shortest, len(keys)


def _telling(phrase: Alternative) -> Alternative:
    """The words of a phrase that a sentence has as they are, a star behind a stem."""
    return tuple(word for word in phrase if word not in _NO_WORDS and word[0] != "*")


def _letters(word: str) -> str:
    """What an index has of a word: of one with an apostrophe its longest piece."""
    return max(word.split("'"), key=len) if word[:1].isalnum() else ""


def _matched(parts: tuple[Part, ...], number: int, tokens: tuple[str, ...], at: int) -> int:
    """Where the parts from ``number`` on end that begin at a token; -1 when they do not stand there."""
    if number == len(parts):
        return at
    part = parts[number]
    if isinstance(part, Gap):
        for skipped in range(part.most + 1):
            if at + skipped >= len(tokens):
                break
            if (end := _matched(parts, number + 1, tokens, at + skipped)) >= 0:
                return end
            if part.within and tokens[at + skipped] in _ENDS_PHRASE:
                break
        return -1
    if isinstance(part, Other):
        return _matched(parts, number + 1, tokens, at + 1) if part.is_at(tokens, at) else -1
    for alternative in part.beginning(tokens[at] if at < len(tokens) else ""):
        after = _after(alternative, tokens, at)
        if after >= 0 and (end := _matched(parts, number + 1, tokens, after)) >= 0:
            return end
    return _matched(parts, number + 1, tokens, at) if part.may_lack else -1


def _after(alternative: Alternative, tokens: tuple[str, ...], at: int) -> int:
    for word in alternative:
        if word == START:
            if at and tokens[at - 1] not in _BEFORE_A_COMMAND:
                return -1
            continue
        if at >= len(tokens):
            return -1
        token = tokens[at]
        if token != word and not _is_part(word, token):
            if word != NUMBER or not (token[0].isdigit() or token in _NUMBERS):
                return -1
        at += 1
    return at


def _is_part(word: str, token: str) -> bool:
    """Whether a word of a pattern with a star is the beginning, or the end, of a word."""
    return (word[-1] == "*" and token.startswith(word[:-1])) or (word[0] == "*" and token.endswith(word[1:]))


@lru_cache(maxsize=4096)
def sentences_of(text: str) -> tuple[tuple[int, Sentence], ...]:
    """The sentences of a folded text, each with where it starts."""
    return tuple((start, tokens_of(text[start:end])) for start, end in sentences_in(text))


@lru_cache(maxsize=8192)
def words_in(text: str) -> list[str]:
    """The words of a text, and the signs that divide a sentence."""
    return _TOKEN.findall(plain(text))


def tokens_of(text: str) -> Sentence:
    """A text cut into words, without a look at where sentences end."""
    return Sentence(text, tuple(_TOKEN.findall(plain(text))))


def denying_phrases(written: Iterable[str]) -> tuple[Alternative, ...]:
    """Phrases as :meth:`Hit.is_denied_before` takes them."""
    return tuple(map(_alternative, written))


def plain_words(words: Iterable[str]) -> frozenset[str]:
    """Single words as the sentences of this module have them."""
    return frozenset(plain(normalise(word)) for word in words)


def is_pattern(written: str) -> bool:
    """Whether a phrase asks for more than words in a row."""
    return any(sign in written for sign in ("(", ")", "[", "]", "{", "}", "^", "~", "..", _BESIDE))
