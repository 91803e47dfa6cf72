"""What the season costs, what limits it, and how long a doubt lasts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ...channels.registry import installed, spec_of
from ...channels.spec import ChannelContext, DoctorInput
from ...domain.formatting import days_words
from ...domain.message import EmailBody
from ..money import spending
from .doctor_result import DoctorContext, DoctorResult, Status


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


def own_questions(examined: DoctorContext) -> Iterator[DoctorResult]:
    """What each channel asks of itself, and which packages bring one that cannot be used."""
    for why in installed()[1].values():
        yield DoctorResult("channels", Status.AMBER, why, "remove the package, or install a release that fits")
    for channel in (c for c in examined.settings.channels.values() if c.enabled):
        spec = spec_of(channel)
        context = ChannelContext(spec, channel, examined.settings.secrets, public_url=examined.settings.public_url)
        for season in (s.rehearsal for s in examined.seasons if s.rehearsal is not None):
            mails = sum(m.channel == channel.name and isinstance(m.body, EmailBody) for m in season.messages)
            for answer in spec.doctor(DoctorInput(context, examined.readers, mails)):
                yield DoctorResult(answer.check, Status(answer.level), answer.detail, answer.to_do)


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
