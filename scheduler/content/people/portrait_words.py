"""Lists of words by which a sentence tells of one person: who is meant, what is done, what is free, what is private."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from functools import cached_property
from typing import Any

from ...light_dataclass import dataclass
from ..toml_file import Table
from .name_finder import FIRM, PERSON, PROBABLY, SCHOOL, SINGLE

#: Signs of names of people, and of what somebody can be found at.
OF_PEOPLE = frozenset((PERSON, PROBABLY, SINGLE))
_OF_PLACES = OF_PEOPLE | {FIRM, SCHOOL}
#: Words behind "at" where a place follows, and letters of the shortest verb that is known by its ending.
_NEAR, _SHORTEST = 4, 4


@dataclass(frozen=True)
class PortraitWords:
    """The lists of one language, in small letters. The head of ``[portraits]`` in its file says what each is for."""

    people: frozenset[str]
    roles: frozenset[str]
    kin: frozenset[str]
    families: frozenset[str]
    things: frozenset[str]
    pronouns: frozenset[str]
    first: frozenset[str]
    me: frozenset[str]
    one: frozenset[str]
    this: frozenset[str]
    ours: frozenset[str]
    mine: frozenset[str]
    theirs: frozenset[str]
    between_not: frozenset[str]
    relative: frozenset[str]
    general: frozenset[str]
    somebody: frozenset[str]
    conditional: frozenset[str]
    advice: frozenset[str]
    others: frozenset[str]
    joining: frozenset[str]
    may: frozenset[str]
    nots: frozenset[str]
    did: frozenset[str]
    it: frozenset[str]
    at: frozenset[str]
    places: frozenset[str]
    dwelling: frozenset[str]
    having: frozenset[str]
    undergoing: frozenset[str]
    passive: frozenset[str]
    past: frozenset[str]
    past_ends: tuple[str, ...]
    present: frozenset[str]
    present_ends: tuple[str, ...]
    either: frozenset[str]
    not_verbs: frozenset[str]
    mine_did: frozenset[str]
    mine_did_ends: tuple[str, ...]
    not_mine: frozenset[str]
    harmless: frozenset[str]
    honored: frozenset[str]
    says: frozenset[str]
    harm: frozenset[str]
    private: frozenset[str]
    #: What a word for somebody ends with before what is theirs, as "'s"; empty where a language has no such ending.
    whose: str
    #: Sentences that tests hold the lists to.
    good: tuple[str, ...]
    bad: tuple[str, ...]

    @cached_property
    def humans(self) -> frozenset[str]:
        return self.people | self.roles | self.kin

    @cached_property
    def subjects(self) -> frozenset[str]:
        """Words of which one stands in each sentence that tells of somebody."""
        owners = {f"{word}{self.whose}" for word in self.people | self.roles} if self.whose else set()
        return self.humans | self.pronouns | self.first | self.me | self.somebody | OF_PEOPLE | owners

    @cached_property
    def determiners(self) -> frozenset[str]:
        return self.one | self.this | self.ours | self.mine | self.theirs

    @cached_property
    def no_verbs(self) -> frozenset[str]:
        """Words that are no verb behind "who"."""
        return (
            self.determiners | self.at | self.may | self.nots | self.others | self.pronouns | self.joining | OF_PEOPLE
        )

    def is_past(self, token: str, before: str) -> bool:
        """Whether a word is a verb that says what was done."""
        if before in self.passive or token in self.not_verbs:
            return False
        return token in self.past or (len(token) >= _SHORTEST and token.endswith(self.past_ends))

    def is_present(self, token: str, before: str) -> bool:
        """Whether a word is a verb that says what somebody does."""
        if before in self.between_not or token in self.not_verbs:
            return False
        by_end = len(token) >= _SHORTEST and token.endswith(self.present_ends) and before not in self.determiners
        return by_end or token in self.present

    def is_act(self, token: str) -> bool:
        """Whether who follows a word is one to whom it is done, or a place: ask his doctor, of his doctor."""
        return token in self.at or token in self.harmless or token in self.harm or self.is_past(token, "")

    def is_place(self, tokens: Sequence[str], at: int) -> bool:
        """Whether "at", "of" or "from" leads to where somebody can be found."""
        for word in tokens[at + 1 : at + 1 + _NEAR]:
            is_numbered = word[0].isdigit() and word[-1].isalpha()
            if word in _OF_PLACES or word in self.places or word in self.ours or word in self.mine or is_numbered:
                return True
            if word in self.at:
                return False
        return False


def portrait_words(table: Table) -> PortraitWords:
    """The lists as they are written: words with blanks between them, ``*`` for the letters before an ending."""
    lists: dict[str, Any] = {key: table.texts(key) for key in ("good", "bad")}
    lists["whose"] = table.optional_text("whose")
    for declared in fields(PortraitWords):
        if declared.name in lists or declared.name.endswith("_ends"):
            continue
        words = table.optional_text(declared.name).casefold().split()
        lists[declared.name] = frozenset(words)
        lists[f"{declared.name}_ends"] = tuple(word[1:] for word in words if word.startswith("*"))
    return PortraitWords(**{declared.name: lists[declared.name] for declared in fields(PortraitWords)})
