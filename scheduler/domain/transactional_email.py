"""Mails to one reader that answer something the reader did: which there are, and how often is said in words."""

from __future__ import annotations

import hashlib
from datetime import datetime
from enum import StrEnum

from ..light_dataclass import dataclass
from .cadence import Cadence


class LetterKind(StrEnum):
    """Which letter. Each has a file of its words: ``templates/letters/KIND.md``."""

    CONFIRM = "confirm"  # to whoever is said to have filled in the form
    WELCOME = "welcome"  # once, to whoever confirmed
    ALREADY_THERE = "already-there"  # a form was sent with the address of somebody on the list
    NEW_ADDRESS = "new-address"  # to the other address that a reader wants their mails at


#: Letters with a link behind which somebody says yes.
ASKS = frozenset({LetterKind.CONFIRM, LetterKind.NEW_ADDRESS})


class LetterState(StrEnum):
    """Where a letter stands. One that may have gone is never sent again: its reader can ask again the next day."""

    WAITING = "waiting"
    SENDING = "sending"  # marked before the call
    SENT = "sent"
    UNKNOWN = "unknown"  # it may have gone
    GIVEN_UP = "given-up"  # it certainly did not go, and is not tried any more


@dataclass(frozen=True)
class WaitingLetter:
    """A letter that somebody is to get."""

    id: int
    kind: LetterKind
    campaign: str
    subscriber_id: str
    asked_at: datetime
    tries: int  # calls that were begun
    try_at: datetime  # not before


@dataclass(frozen=True)
class LettersStanding:
    """Letters in numbers; those that ended, of the last days alone."""

    waiting: int = 0
    oldest_at: datetime | None = None  # since when the oldest of these waits
    unknown: int = 0
    given_up: int = 0


#: The kind that a letter's message has. No item has it.
LETTER = "letter"

_HOW_OFTEN = {
    Cadence.DAILY: "one email a day",
    Cadence.DIGEST: "one email a week, with what the days brought",
    Cadence.KEY_DAYS: "an email on the few key days alone",
}


def how_often(cadence: Cadence, *, is_daily: bool) -> str:
    """What a reader asks for, in words. ``is_daily``: the campaign has exactly one mail on each day."""
    return _HOW_OFTEN[cadence] if is_daily or cadence is not Cadence.DAILY else "each email as it comes"


def letter_id(kind: LetterKind) -> str:
    """What a letter's message is called where an item has its id."""
    return f"letter-{kind}"


#: What somebody agrees to who sends the sign-up form. Its version follows from its words; see :func:`wording_of`.
CONSENT = (
    "With this form I ask {organisation} to send the emails that I chose to my address, until {ends_on}. After that my "
    "address is deleted, unless I ask to be kept for the next year. I can read less or leave at any time."
)


def consent_sentence(organisation: str, ends_on: str) -> str:
    """The sentence above the form's button. ``ends_on``: the last day, in words."""
    return CONSENT.format(organisation=organisation, ends_on=ends_on)


_BEFORE, _, _AFTER = CONSENT.partition("{organisation}")


def speaker_of(words: str) -> str:
    """Whom somebody asked for emails, read from words that were stored; empty where they name nobody."""
    _, there, rest = words.partition(_BEFORE)
    name, closed, _ = rest.partition(_AFTER.partition(" to my address")[0])
    return name if there and closed else ""


def wording_of(sentence: str) -> str:
    """The version of a sentence that somebody agreed to: other words, other version."""
    return f"sign-up {hashlib.sha256(sentence.encode()).hexdigest()[:12]}"
