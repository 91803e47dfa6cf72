"""What to do about a delivery that does not go, did not go, or may have gone: one sentence for a tired person.

Pure. What is advised follows from the state and the codes of the reasons; the words stand beside the codes in
:mod:`scheduler.domain.reason_words`. The same words are on the command line and in the API.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..domain.delivery import State
from ..domain.formatting import local_words
from ..domain.reason import Reason
from ..domain.reason_words import WORDS
from ..domain.records import Delivery


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known besides. ``next_try_at``: of the call that waits. ``ask_at``: when the provider is asked about a
    doubt next; None: never again. ``runs``: whether a process sends now; None: that cannot be known here."""

    now: datetime
    zone: str
    next_try_at: datetime | None = None
    ask_at: datetime | None = None
    runs: bool | None = None

    def words(self, at: datetime) -> str:
        return local_words(at, self.zone)


def what_to_do(delivery: Delivery, seen: Seen) -> str:
    """One sentence, without a full stop at its end; empty where nothing has to be said."""
    number = delivery.id
    settle = f"look at {delivery.channel} whether it is there, then: resolve {number} --as sent, or --as not-sent"
    if delivery.was_restored:
        return settle
    if delivery.state is State.UNKNOWN or delivery.counts.unknown:
        if seen.ask_at is not None and seen.ask_at > seen.now:
            return f"its provider's records are asked at {seen.words(seen.ask_at)}; to settle it yourself, {settle}"
        return settle
    waits = delivery.state in (State.SCHEDULED, State.SENDING, State.HELD)
    if delivery.state is State.FAILED or (delivery.counts.failed and not waits):
        return _once_more(delivery, seen)
    if delivery.state is State.MISSED and seen.now < delivery.expires_at:
        return f"its window is open still: retry {number}, until {seen.words(delivery.expires_at)}"
    if delivery.state is State.MISSED:
        return "nothing goes out late: see to the reason, before the next day"
    if delivery.state is State.PARTLY_SENT:
        if not delivery.counts.failed and not delivery.counts.missed:
            return "nothing: a person left the others out"
        return _once_more(delivery, seen)
    if delivery.needs_money:
        return f"{_advice(delivery)}{_by_itself(delivery, seen)}"
    if delivery.awaits_decision:
        item = delivery.item
        return f"decide: resume --send {item}, --skip {item}, or --move {item}=DATE"
    return _of_what_waits(delivery, seen)


def _of_what_waits(delivery: Delivery, seen: Seen) -> str:
    if delivery.expires_at <= seen.now:
        return "its day is over, so nothing more of it goes out"
    advice = _advice(delivery)
    if advice:
        return advice + _by_itself(delivery, seen)
    if seen.runs is False:
        return "no process sends now: `start` does, or `tick`"
    if delivery.reasons:
        return f"`doctor` says more{_by_itself(delivery, seen)}"
    return "it goes within a minute" if seen.runs else "see that `start` runs, or that `tick` is called"


def _advice(delivery: Delivery) -> str:
    """What somebody can do about the first of its reasons that anything can be done about."""
    said = (_to_do(delivery, reason) for reason in delivery.reasons)
    return next(filter(None, said), "")


def _to_do(delivery: Delivery, reason: Reason) -> str:
    return WORDS[reason.code].to_do.format(item=delivery.item, channel=delivery.channel)


def _once_more(delivery: Delivery, seen: Seen) -> str:
    advice = _advice(delivery)
    if delivery.expires_at <= seen.now:
        over = "its day is over, so nothing more of it goes out"
        return f"{advice}; {over}" if advice else over
    retry = f"retry {delivery.id}, until {seen.words(delivery.expires_at)}"
    return f"{advice}; then: {retry}" if advice else f"to try it once more: {retry}"


def _by_itself(delivery: Delivery, seen: Seen) -> str:
    """When the program tries again without anybody."""
    until = f"until {seen.words(delivery.expires_at)}"
    if seen.runs is False:
        return f"; no process sends now: `start` does, or `tick`; it can go out {until}"
    if seen.next_try_at is not None and seen.next_try_at > seen.now:
        return f"; it is tried again by itself at {seen.words(seen.next_try_at)}, {until}"
    return f"; then it goes by itself, {until}"
