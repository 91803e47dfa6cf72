"""Somebody in a sentence who did or suffered something, or whose private life is told, in words that no row foresaw.

Who is one person is asked about. Free are what people do for others or at work (``harmless``), what may happen
(``may``), advice, and people in general: "a partner reads the messages first". Which words are which is data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from enum import Enum, auto
from itertools import pairwise

from ...light_dataclass import dataclass
from .name_finder import PERSON
from .portrait_words import OF_PEOPLE, PortraitWords

#: Words between "the" and a person, behind a person, and between "has" and what is private.
BETWEEN, REACH, HAVING = 4, 28, 5
_ENDS = frozenset(";!?\u2014")
_EARLIER = re.compile(r"1\d\d\d|200\d")

IsAge = Callable[[Sequence[str], int], bool]


class How(Enum):
    """How a sentence points to somebody."""

    FIRST = auto()  # I
    MINE = auto()  # my, me: beside what is private
    RELATIVE = auto()  # the pastor's wife
    KIN = auto()  # my son, her boss
    THIS = auto()  # the woman, our neighbor
    ROLE = auto()  # the cook
    OUR_ROLE = auto()  # our treasurer
    ONE = auto()  # a woman
    ONE_ROLE = auto()  # a cook
    ANY = auto()  # a woman who
    PRONOUN = auto()  # she
    NAMED = auto()  # Carla
    MAYBE = auto()  # what may be a name
    SURELY = auto()  # Carla's surgeon: told by that alone


#: Of these whatever they did is told, unless it is harmless. Of anybody else only harm, what is private, and what they
#: did where they can be found: "she texted back a picture" tells of nobody.
_ACTING = frozenset((How.FIRST, How.THIS, How.NAMED))
_CLOSE = frozenset((How.RELATIVE, How.KIN))
#: Of these no harm: "he died by suicide" is how it should be said, and "a child who was sold" is any.
_NO_HARM = frozenset((How.PRONOUN, How.ANY))
#: These are told of in questions, too; and of these the age.
_BY_NAME = frozenset((How.RELATIVE, How.NAMED, How.SURELY))
_AGED = _ACTING | {How.RELATIVE, How.KIN, How.PRONOUN}
#: What these have, and is private; and of these it is told wherever the sentence says it.
_PRIVATE_TO = frozenset((How.FIRST, How.ROLE, How.OUR_ROLE, How.ONE_ROLE, How.PRONOUN, How.NAMED, How.MAYBE))
_SHOWN = frozenset((How.THIS, How.ONE, How.NAMED, How.FIRST))
#: Of these where they live and work.
_DWELLING = frozenset((How.KIN, How.RELATIVE, How.THIS, How.ONE, How.PRONOUN, How.NAMED))
#: What these say is nobody's to repeat.
_SAYING = frozenset((How.RELATIVE, How.KIN, How.OUR_ROLE))
#: And what these said.
_QUOTED = frozenset((How.ONE, How.ONE_ROLE))


@dataclass(frozen=True)
class Pointed:
    """Where a sentence points to somebody. ``is_object``: as to one to whom something is done."""

    start: int
    end: int
    how: How
    is_object: bool = False


@dataclass(frozen=True)
class Portrait:
    """What tells of somebody: its first place in the sentence, and the one behind its last."""

    start: int
    end: int
    is_own: bool


def portrait_in(
    words: PortraitWords, tokens: Sequence[str], opening: str, is_age: IsAge, *, asks: bool
) -> Portrait | None:
    """What tells of one person; None where a sentence tells of nobody. ``opening``: its first word where a sign stands
    for that. ``asks``: in a question only whoever is named is told of."""
    if words.mine_did_ends and not asks and (own := _own_act(words, tokens)):
        return own
    if words.subjects.isdisjoint(tokens):
        return None
    is_advice = opening in words.advice
    is_history = any(map(_EARLIER.fullmatch, tokens))
    for pointed in _pointed_at(words, tokens):
        if is_history and pointed.how not in _CLOSE:
            continue
        if asks and not _is_this_one(words, tokens, pointed):
            continue
        if pointed.how is How.MINE:
            if not is_advice and _is_of_the_past(words, tokens):
                return Portrait(pointed.start, pointed.end, True)
        elif told := _Told(words, tokens, pointed, is_advice).until(is_age):
            return Portrait(pointed.start, told, pointed.how is How.FIRST)
    return None


def private_things_in(words: PortraitWords, tokens: Sequence[str]) -> frozenset[str]:
    """What a sentence says of somebody's health, family, crimes or money, behind the words for them."""
    if words.private.isdisjoint(tokens):
        return frozenset()
    first = next((pointed.start for pointed in _pointed_at(words, tokens) if pointed.how is not How.ANY), len(tokens))
    return words.private.intersection(tokens[first:])


def _is_this_one(words: PortraitWords, tokens: Sequence[str], pointed: Pointed) -> bool:
    """Whether even a question tells of somebody: by their name, or as "that boy who"."""
    is_shown = pointed.how is How.THIS and tokens[pointed.end : pointed.end + 1] != []
    if pointed.how is How.MINE:
        return tokens[-1] != "?"
    return pointed.how in _BY_NAME or (is_shown and tokens[pointed.end] in words.relative)


def _is_of_the_past(words: PortraitWords, tokens: Sequence[str]) -> bool:
    """Whether a sentence says what was."""
    return any(words.is_past(token, before) for before, token in pairwise(("", *tokens)))


def _own_act(words: PortraitWords, tokens: Sequence[str]) -> Portrait | None:
    """What somebody did by the form of the verb alone, as Spanish has it."""
    is_private = not words.private.isdisjoint(tokens)
    for at, token in enumerate(tokens):
        if token.endswith(words.mine_did_ends) and len(token) > 3 and token not in words.not_mine:
            if is_private or token not in words.mine_did:
                return Portrait(at, at + 1, True)
    return None


def _pointed_at(words: PortraitWords, tokens: Sequence[str]) -> Iterator[Pointed]:
    """Each person that a sentence points to, in their order."""
    is_named = is_general = False
    for at, token in enumerate(tokens):
        is_general = is_general or token in words.general
        after = tokens[at + 1] if at + 1 < len(tokens) else ""
        if token in OF_PEOPLE:
            is_named = True
            is_name = at > 0 or token == PERSON or words.is_past(after, "")
            if (is_name or after == words.whose) and (not is_general or token == PERSON or after in words.families):
                yield from _named_at(words, tokens, at, after)
        elif is_general and (token not in words.first or not words.conditional.isdisjoint(tokens[:at])):
            if token in words.somebody and after in words.at:
                yield Pointed(at, at + 1, How.ANY)
        elif token in words.first:
            yield Pointed(at, at + 1, How.FIRST)
        elif token in words.pronouns:
            if not is_named and words.one.isdisjoint(tokens[:at]):
                yield Pointed(at, at + 1, How.PRONOUN)
        elif token in words.me:
            if not words.private.isdisjoint(tokens):
                yield Pointed(at, at + 1, How.MINE)
        elif token in words.subjects:
            yield from _described_at(words, tokens, at, after)


def _named_at(words: PortraitWords, tokens: Sequence[str], at: int, after: str) -> Iterator[Pointed]:
    """Somebody by a name, the family of that name, or what is theirs: Carla's surgeon, Ethan's seizures."""
    is_person = tokens[at] == PERSON
    if after in words.families and at and tokens[at - 1] in words.this:
        yield Pointed(at, at + 2, How.SURELY)
    elif words.whose and after == words.whose:
        if found := _relative(words, tokens, at + 2):
            yield Pointed(at, found, How.SURELY if is_person else How.RELATIVE)
        for place in range(at + 2, min(at + 5, len(tokens))) if is_person else ():
            if tokens[place] in words.private:
                yield Pointed(at, place + 1, How.SURELY)
    else:
        yield Pointed(at, at + 1, How.NAMED if is_person or after in words.relative else How.MAYBE)


def _described_at(words: PortraitWords, tokens: Sequence[str], at: int, after: str) -> Iterator[Pointed]:
    """Somebody by a noun: the cook, my son; or as another one's: the pastor's wife."""
    noun = tokens[at].removesuffix(words.whose) if words.whose else tokens[at]
    how, first = _determined(words, tokens, at, noun)
    if how is None:
        return
    is_object = first > 0 and words.is_act(tokens[first - 1])
    if noun == tokens[at]:
        if after not in words.things and after not in words.humans:
            yield Pointed(at, at + 1, how, is_object)
    elif found := _relative(words, tokens, at + 1):
        of_office = noun in words.roles and how in (How.ROLE, How.OUR_ROLE)
        yield Pointed(at, found, How.RELATIVE if of_office else How.KIN, is_object)


def _relative(words: PortraitWords, tokens: Sequence[str], at: int) -> int:
    """Behind the word for somebody who is another one's; 0 where it is a thing."""
    for place in range(at, min(at + 3, len(tokens))):
        if tokens[place] in words.humans:
            return place + 1
    return 0


def _determined(words: PortraitWords, tokens: Sequence[str], at: int, noun: str) -> tuple[How | None, int]:
    """How the words before a noun point to somebody, and from where on; None where they mean nobody in particular."""
    is_role, is_one = noun in words.roles, noun not in words.kin or noun in words.people
    for place in range(at - 1, max(at - 2 - BETWEEN, -1), -1):
        word = tokens[place]
        if word in words.mine or word in words.theirs or (word in words.ours and noun in words.kin):
            return How.KIN, place
        if word in words.ours:
            return How.OUR_ROLE if is_role else How.THIS, place
        if word in words.this:
            return (How.ROLE if is_role else How.THIS) if is_one else None, place
        if word in words.one:
            is_any = at + 1 < len(tokens) and tokens[at + 1] in words.relative
            return How.ANY if is_any else How.ONE_ROLE if is_role else How.ONE, place
        if word in words.between_not or word in OF_PEOPLE:
            break
    return None, at


class _Told:
    """What a sentence says of a person, word by word behind them."""

    def __init__(self, words: PortraitWords, tokens: Sequence[str], pointed: Pointed, is_advice: bool) -> None:
        self._words, self._tokens, self._end, self._how = words, tokens, pointed.end, pointed.how
        self._is_advice, self._is_object = is_advice, pointed.is_object
        is_called = pointed.how is not How.MAYBE and pointed.how is not How.FIRST
        self._is_located = is_called and pointed.end < len(tokens) and tokens[pointed.end] in OF_PEOPLE
        self._is_denied = self._has_verb = self._is_past = False
        self._having = self._dwelling = -REACH
        self._free = words.harmless if pointed.how is not How.FIRST else words.mine_did
        if pointed.how is How.FIRST and not words.private.isdisjoint(tokens):
            self._free = frozenset()

    def until(self, is_age: IsAge) -> int:
        """The place behind what is told of them; 0 where nothing is."""
        if self._how is How.SURELY:
            return self._end
        words, tokens = self._words, self._tokens
        for at in range(self._end, min(len(tokens), self._end + REACH)):
            token = tokens[at]
            if token in words.it and at - self._having == 1 and (self._is_located or self._how in _CLOSE):
                return at + 1  # has it
            is_new = token in words.others and (self._has_verb or self._how is How.FIRST)
            if token in _ENDS or is_new or token in words.general or (token in words.may and not self._has_verb):
                return 0
            if token in words.relative:
                self._is_advice = self._is_object = False
            if token in words.nots:
                self._is_denied = True
                if self._is_told_by_denial(at):
                    return at + 1
            elif token in words.at:
                self._is_located = self._is_located or words.is_place(tokens, at)
                if self._is_located and at - self._dwelling <= HAVING and self._how in _DWELLING:
                    return at + 1
            elif self._is_told_by(token, at) or self._is_aged(is_age, at):
                return at + 1
        return 0

    def _is_aged(self, is_age: IsAge, at: int) -> bool:
        return at - self._having == 1 and self._how in _AGED and is_age(self._tokens, at)

    def _is_told_by_denial(self, at: int) -> bool:
        """What somebody did not do; and of somebody in a named place, what is not so."""
        words, tokens = self._words, self._tokens
        if self._how is How.ANY:
            return self._is_located and self._has_verb
        if self._is_object or self._is_advice or not (tokens[at] in words.did or tokens[at - 1] in words.did):
            return False
        if self._how is How.FIRST:
            return at + 1 < len(tokens) and tokens[at + 1] not in self._free
        return self._how in _ACTING or self._is_located

    def _is_told_by(self, token: str, at: int) -> bool:
        words, before = self._words, self._tokens[at - 1]
        if token in words.private:
            return self._is_private_told(at)
        if token in words.did:
            self._has_verb = True
            return False
        if token in words.dwelling and not self._is_advice and not self._is_object:
            self._dwelling = at
        if token in words.having and token not in words.harm:
            is_past = token in words.past or words.is_past(token, before)
            self._having, self._has_verb = at, True
            self._is_past = self._is_past or is_past
            if not is_past or token in self._free:
                return self._how is How.RELATIVE and not self._is_advice and not self._is_object
        is_past = words.is_past(token, before) and not (self._how is How.FIRST and token in words.either)
        is_first_verb = not self._has_verb or before in words.joining or before in words.relative
        is_present = words.is_present(token, before) or (before in words.relative and token not in words.no_verbs)
        if not is_past and not (is_first_verb and is_present):
            return False
        self._has_verb, is_denied = True, self._is_denied
        self._is_past, self._is_denied = self._is_past or is_past, False
        if self._is_object and not (token in words.harm and self._how in _CLOSE):
            return False
        return self._is_verb_told(token, before, is_past=is_past, is_denied=is_denied)

    def _is_verb_told(self, token: str, before: str, *, is_past: bool, is_denied: bool) -> bool:
        words, how = self._words, self._how
        if token in words.harm and how not in _NO_HARM and (is_past or self._is_located or how in _CLOSE):
            return True
        if self._is_advice:
            return False
        if token in words.says and (how in _SAYING or (is_past and not is_denied and how in _QUOTED)):
            return True
        free = words.honored if is_past and before in words.undergoing else self._free
        is_found = self._is_located and how is not How.MAYBE and how is not How.FIRST
        if token in free and not is_denied and how is not How.RELATIVE and not (how is How.KIN and is_found):
            return False
        return is_found or how is How.NAMED or (is_past and how in _ACTING)

    def _is_private_told(self, at: int) -> bool:
        if self._is_advice:
            return False
        if self._how is How.KIN and not self._is_object:
            return True
        if self._how is How.RELATIVE or (self._how in _SHOWN and (self._is_located or self._is_past)):
            return True
        if self._how is How.PRONOUN and not self._is_past:
            return False
        return at - self._having <= HAVING and (self._is_located or self._how in _PRIVATE_TO)
