"""A delivery in words: why it stands where it stands, and how many have it. The same words everywhere."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from .delivery import State
from .formatting import channel_words, day_words, time_of_day

if TYPE_CHECKING:
    from .records import Counts, Delivery

#: States in which something of a delivery can still go.
_WAITS = (State.SCHEDULED, State.HELD, State.SENDING)


def state_words(state: State) -> str:
    """A state as people read it: "partly sent". JSON and the spreadsheet have its own name, partly_sent."""
    return state.value.replace("_", " ")


def why(delivery: Delivery, zone: str = "UTC") -> str:
    """Why it waits, or how it ended, without a full stop; empty where nothing has to be said."""
    from .reason_words import in_words  # a rehearsal without a ledger has no delivery

    return in_words(delivery.reasons, delivery.detail, zone=zone, channel=delivery.channel)


def how_far(delivery: Delivery, zone: str) -> str:
    """Who has a mailing, in numbers: "4,000 of 10,000 have it; 6,000 wait until midnight". Empty for a post, and for a
    mailing that nobody was frozen into yet."""
    counts = delivery.counts
    if delivery.kind == "post" or not counts.frozen:
        return ""
    until = f" until {clock_words(delivery.expires_at, delivery.due_at, zone)}" if delivery.state in _WAITS else ""
    parts = (
        f"{counts.accepted:,} of {counts.wanted:,} have it",
        _some(counts.waiting, "waits", "wait", until),
        _some(counts.unknown, "may have it", "may have it"),
        _some(counts.missing, "has not got it", "have not got it"),
    )
    return "; ".join(filter(None, parts))


def told(delivery: Delivery, zone: str = "UTC") -> str:
    """How far a mailing has come, where that is not plain from its state, and why it stands where it stands."""
    plain = delivery.state in (State.SENT, State.SCHEDULED) and not delivery.counts.accepted
    done = delivery.state is State.SENT and not delivery.counts.unknown
    numbers = "" if plain or done else how_far(delivery, zone)
    return _sentences(numbers, why(delivery, zone), corrected(delivery, zone))


def to_settle(delivery: Delivery) -> str:
    """How a person settles what nobody can tell, in words that begin in lower case."""
    by_mail = "in the log of your mail server or the activity of your email provider"
    where = by_mail if delivery.kind == "email" else f"at your account on {channel_words(delivery.channel)}"
    settle = f"resolve {delivery.id} --as sent, or --as not-sent"
    return f"look {where} whether it went out, then: {settle}; if you cannot tell, say sent: twice is worse than once"


def told_in_full(delivery: Delivery, zone: str) -> str:
    """The same, with the numbers of a mailing whatever its state is."""
    return _sentences(how_far(delivery, zone), why(delivery, zone), corrected(delivery, zone))


def corrected(delivery: Delivery, zone: str) -> str:
    """That it was corrected while it went out, and how many have the earlier words; empty where it was not."""
    if delivery.corrected_at is None:
        return ""
    at = clock_words(delivery.corrected_at, delivery.due_at, zone)
    return f"corrected at {at}: {_some(delivery.had_earlier, 'reader has', 'readers have')} the earlier words"


def count_words(counts: Counts) -> str:
    """The same as a figure for a column: 4000/10000."""
    return f"{counts.accepted}/{counts.wanted}"


def clock_words(at: datetime, after: datetime, zone: str) -> str:
    """An hour of the day, with the date where it is another day's: midnight is the end of the same one."""
    local, day = at.astimezone(ZoneInfo(zone)), after.astimezone(ZoneInfo(zone)).date()
    if (local.date() - day).days == 1 and local.time().isoformat() == "00:00:00":
        return "midnight"
    at_time = time_of_day(local)
    return at_time if local.date() == day else f"{day_words(local.date())}, {at_time}"


def _sentences(*parts: str) -> str:
    """Each but the first begins with a capital; without a full stop at the end."""
    first, *others = [*filter(None, parts), ""]
    return ". ".join([first, *(part[0].upper() + part[1:] for part in others if part)])


def _some(count: int, one: str, more: str, rest: str = "") -> str:
    return f"{count:,} {one if count == 1 else more}{rest}" if count else ""
