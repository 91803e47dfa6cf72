"""The letters of readers who signed up: whether they go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from ...domain.formatting import counted, days_words
from ...domain.subscriber import ConsentToExample
from ...domain.transactional_email import LettersStanding
from .doctor_result import DoctorContext, DoctorResult, Status

#: A letter goes within minutes. One that waits longer waits for something.
LONG = timedelta(hours=1)


def letters(examined: DoctorContext) -> Iterator[DoctorResult]:
    """Letters that wait long, that were given up, or that may have gone. Nothing where there was none."""
    if examined.ledger is None:
        return
    standing = examined.ledger.transactional_emails.status()
    if standing == LettersStanding():
        return
    said = letters_words(standing, examined.now)
    if standing.unknown or standing.given_up:
        to_do = "the history says why (letter.not-sent, letter.unknown); the form may be filled in again the next day"
        yield DoctorResult("letters", Status.AMBER, said, to_do)
    elif standing.oldest_at is not None and examined.now - standing.oldest_at >= LONG:
        to_do = "`start` sends them while it serves the pages, once no hold is in force and the mail server takes them"
        yield DoctorResult("letters", Status.AMBER, said, to_do)
    else:
        yield DoctorResult("letters", Status.GREEN, said)


def consents(examined: DoctorContext) -> Iterator[DoctorResult]:
    """Readers who agreed to emails of the organization that is shipped as an example."""
    found = examined.ledger.subscribers.consents_to_example() if examined.ledger is not None else ()
    if found:
        yield DoctorResult("consents", Status.AMBER, consents_words(found), CONSENTS_TO_DO)


#: What a person does about them. Nobody else can: a program that asked by itself would write without a consent.
CONSENTS_TO_DO = (
    "`subscribers consents` lists them, and with --out FILE.csv writes their addresses to a file. Tell each of these "
    "readers who you are and ask for a yes; then `subscribers add ADDRESS` writes the yes down, and `subscribers erase "
    "ADDRESS` takes out who says no or nothing"
)


def consents_words(found: Sequence[ConsentToExample]) -> str:
    """For one line: how many, whom they named, since when."""
    names = " and ".join(f'"{name}"' for name in dict.fromkeys(c.named for c in found))
    number = counted(len(found), "reader agreed", "readers agreed")
    return f"{number} to emails from {names}, an example that is nobody; the first on {found[0].at:%Y-%m-%d}"


def letters_words(standing: LettersStanding, now: datetime) -> str:
    """For one line: what became of the letters of the last days. Empty where there is nothing to say."""
    words = []
    if standing.oldest_at is not None:
        words.append(
            f"{counted(standing.waiting, 'letter')} to be sent, the oldest for {days_words(now - standing.oldest_at)}"
        )
    if standing.unknown:
        words.append(f"{counted(standing.unknown, 'letter')} may have gone, and will not be sent again")
    if standing.given_up:
        words.append(f"{counted(standing.given_up, 'letter')} did not go, and will not be tried again")
    return "; ".join(words)
