"""How a person's word came in, and how many people that makes."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Protocol

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


def people(words: Iterable[Word]) -> dict[str, str]:
    """The different people behind these words, by key, with their names. Everything that was typed at this machine is
    one person: whoever was named there first. What somebody else is said to think, they say by a way of their own."""
    found: dict[str, str] = {}
    typed = False
    for word in words:
        if Via(word.via) in _TYPED:
            if typed:
                continue
            typed = True
        found.setdefault(person_key(word.person), word.person)
    return found


def via_words(via: str, entered_by: str = "") -> str:
    """How it came, to stand behind a name."""
    if via == Via.PAPER:
        return f"on paper, entered by {entered_by}" if entered_by else "on paper"
    return _WORDS[Via(via)]
