"""What the season costs, what limits it, and how long a doubt lasts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ..domain.formatting import days_words
from ..domain.message import EmailBody
from .doctor_result import DoctorContext, DoctorResult, Status, counted
from .money import spending

#: Since 2025 a new account of SendGrid sends so many mails a day, for sixty days; then it needs a plan.
SENDGRID_TRIAL = 100


def cost(examined: DoctorContext) -> Iterator[DoctorResult]:
    """The forecast of posts, against the limit that is set."""
    for season in examined.seasons:
        costs = season.rehearsal.costs if season.rehearsal else ()
        for money in spending(costs, season.spent, examined.settings.channels):
            key = f"channels.{money.channel}.spending_limit"
            if not money.limit:
                to_do = f"{key} keeps it from costing more than you have" if examined.live else ""
                yield DoctorResult("cost", Status.GREEN, money.in_words(), to_do)
            elif money.passes_the_limit:
                yield DoctorResult("cost", Status.AMBER, money.in_words(), f"raise {key}, or leave links out")
            else:
                yield DoctorResult("cost", Status.GREEN, money.in_words())


def plan_of_mails(examined: DoctorContext) -> Iterator[DoctorResult]:
    """How many mails the provider's plan must allow."""
    channels = [c for c in examined.settings.channels.values() if c.enabled and c.transport == "sendgrid"]
    for season in examined.seasons if channels else ():
        if season.rehearsal is None:
            continue
        days = sum(isinstance(m.body, EmailBody) for m in season.rehearsal.messages)
        readers = examined.readers
        said = f"{counted(readers, 'reader')}, {counted(readers * days, 'mail')} in {counted(days, 'day')}"
        if readers > SENDGRID_TRIAL:
            to_do = f"see that your plan at SendGrid allows {readers:,} mails a day; a trial stops at {SENDGRID_TRIAL}"
            yield DoctorResult("plan", Status.GREEN, said, to_do)
        else:
            yield DoctorResult(
                "plan", Status.GREEN, f"{said}; SendGrid's trial allows {SENDGRID_TRIAL} a day, for 60 days"
            )


def settling(examined: DoctorContext) -> Iterator[DoctorResult]:
    """How long after a doubtful call its provider is asked, against the time that an item has."""
    for name, after in examined.settle.items():
        windows = [
            m.expires_at - m.due_at
            for s in examined.seasons
            if s.rehearsal
            for m in s.rehearsal.messages
            if m.channel == name
        ]
        said = f"{name}: {days_words(after)} after a doubtful call the provider's own records are believed"
        shortest = min(windows, default=timedelta.max)
        if after > shortest:
            to_do = "nothing, unless you want such an item tried again: then give it a longer grace"
            said = f"{said}; an item with a window of {days_words(shortest)} is over by then"
            yield DoctorResult("doubts", Status.AMBER, said, to_do)
        else:
            yield DoctorResult("doubts", Status.GREEN, said)
