"""How a person's word came in, and how many people that makes."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Protocol, TypeVar

from .redact import person_key


class Via(StrEnum):
    """The road by which an approval, a signature or an answer came."""

    COMMAND_LINE = "command-line"
    LINK = "link"
    SIGN_IN = "sign-in"
    PAPER = "paper"
    API = "api"
    UNRECORDED = "unrecorded"  # from before this was kept


#: Typed at this machine, under whatever name: one person. What came before the road was kept may have been typed too.
_TYPED = frozenset({Via.COMMAND_LINE, Via.UNRECORDED})

_WORDS = {
    Via.COMMAND_LINE: "on the command line",
    Via.LINK: "by private link",
    Via.SIGN_IN: "signed in",
    Via.API: "by API key",
    Via.UNRECORDED: "it was not recorded how",
}


class Word(Protocol):
    """What somebody said: a name, and how it came."""

    @property
    def person(self) -> str: ...
    @property
    def via(self) -> str: ...


_Said = TypeVar("_Said", bound=Word)


def that_count(words: Iterable[_Said]) -> tuple[_Said, ...]:
    """The words that are some person's own. Everything that was typed at this machine is one person: whoever was named
    there first. What somebody else is said to think, and in which role, they say by a way of their own."""
    words = tuple(words)
    typed = next((person_key(w.person) for w in words if Via(w.via) in _TYPED), "")
    return tuple(w for w in words if Via(w.via) not in _TYPED or person_key(w.person) == typed)


def people(words: Iterable[Word]) -> dict[str, str]:
    """The different people behind these words, by key, with their names."""
    found: dict[str, str] = {}
    for word in that_count(words):
        found.setdefault(person_key(word.person), word.person)
    return found


def is_said(words: Iterable[Word], person: str, via: Via) -> bool:
    """Whether a person who comes by ``via`` has nothing to add to what stands under their name. Who comes by a way of
    their own has, where it was typed so far, or nobody recorded how it came."""
    key = person_key(person)
    return any(person_key(w.person) == key and (via in _TYPED or Via(w.via) not in _TYPED) for w in words)


def best_of(known: str, new: str) -> str:
    """Of two roads by which one person said one thing, the one that counts for more; else the newer one."""
    return known if Via(new) in _TYPED and Via(known) not in _TYPED else new


def via_words(via: str, entered_by: str = "") -> str:
    """How it came, to stand behind a name."""
    if via == Via.PAPER:
        return f"on paper, entered by {entered_by}" if entered_by else "on paper"
    return _WORDS[Via(via)]
