"""After an older copy was put back: each provider is asked once about each item that may have gone out since.

It is help for the person who settles them, and settles nothing by itself. All answers together have a bound.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from ..channels.spec import Transport
from ..domain.outcome import Evidence, Request, Verdict
from ..domain.records import Delivery

#: How long all questions together may take.
SECONDS = 30.0


class NotAsked(StrEnum):
    """Why a provider was not asked."""

    CANNOT_BE = "cannot-be-asked"  # a mail server
    STAYS_HERE = "stays-here"  # a rehearsal, a sandbox, a pretended day
    NO_CHANNEL = "no-channel"  # switched off, or its keys are not there
    NOT_KNOWN = "not-known"  # nothing is known of its calls: the message is not there any more, or nobody to get it
    NO_TIME = "no-time"


@dataclass(frozen=True, slots=True)
class Question:
    """One call that may have been made."""

    transport: Transport
    request: Request
    since: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """What a provider says of one delivery. Without ``why_not`` it was asked about at least one of its calls."""

    delivery: Delivery
    provider: str  # "x" | "sendgrid" | "smtp"
    calls: int = 0
    asked: int = 0
    known: int = 0  # of these, the calls that the provider knows
    reference: str = ""
    detail: str = ""  # what else was said
    why_not: NotAsked | None = None


@dataclass(frozen=True, slots=True)
class About:
    """One delivery with what can be asked about it."""

    delivery: Delivery
    provider: str
    questions: Sequence[Question] = field(default_factory=tuple)
    why_not: NotAsked | None = None


def ask_providers(abouts: Sequence[About], *, now: datetime, seconds: float = SECONDS) -> tuple[Asked, ...]:
    """Ask, each channel by itself, and each delivery's first call before anybody's second. Raises nothing."""
    lines: dict[str, list[tuple[int, int]]] = {}
    numbered = [(number, who) for who, about in enumerate(abouts) for number in range(len(about.questions))]
    for number, who in sorted(numbered):
        lines.setdefault(abouts[who].delivery.channel, []).append((who, number))
    found: dict[tuple[int, int], Evidence] = {}
    over = threading.Event()

    def ask(places: Iterable[tuple[int, int]]) -> None:
        for who, number in places:
            if over.is_set():
                return
            question = abouts[who].questions[number]
            found[who, number] = question.transport.look_up(question.request, since=question.since, now=now)

    until = time.monotonic() + seconds
    threads = [threading.Thread(target=ask, args=(places,), daemon=True) for places in lines.values()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    over.set()  # whoever still waits for an answer ends with this process
    answers = dict(found)
    return tuple(_summed_up(about, who, answers) for who, about in enumerate(abouts))


def _summed_up(about: About, who: int, answers: Mapping[tuple[int, int], Evidence]) -> Asked:
    mine = [evidence for (whose, _), evidence in sorted(answers.items()) if whose == who]
    sent = [evidence for evidence in mine if evidence.verdict is Verdict.SENT]
    why_not = about.why_not
    if why_not is None and not mine:
        why_not = NotAsked.NO_TIME if about.questions else NotAsked.NOT_KNOWN
    others = (evidence.detail for evidence in mine if evidence.verdict is not Verdict.SENT)
    return Asked(
        about.delivery,
        about.provider,
        len(about.questions),
        len(mine),
        len(sent),
        next((evidence.reference for evidence in sent if evidence.reference), ""),
        next(others, ""),
        why_not,
    )
