"""What the history holds of clocks: which machine's was found to be wrong, and that one is right again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from .formatting import days_words
from .reason import Reason, ReasonCode
from .records import Event

#: A provider's clock and a machine's differed; they agree, or a person says that the machine's is right.
WRONG, RIGHT = "clock.wrong", "clock.right"

#: What the program writes down because of the clock alone. That the clock showed a later instant once is no sign that
#: it is behind now: it may have been ahead then. A call, a report or a person's act at that instant is such a sign.
BY_THE_CLOCK_ALONE = (
    "alarm.started",
    "alarm.stopped",
    "batch.doubt",
    "batch.needs-a-person",
    "delivery.cancelled",
    "delivery.changed",
    "delivery.missed",
    "delivery.moved",
    "delivery.part-missed",
    "delivery.planned",
    "delivery.reinstated",
    "delivery.reopened",
    "delivery.waits",
    "leave-page.asked",
    "notice.told",
    WRONG,
)


def wrong_hosts(events: Iterable[Event]) -> Mapping[str, float]:
    """Machines whose clock was wrong the last time that it was compared -> seconds ahead, or behind where negative."""
    wrong: dict[str, float] = {}
    for event in events:
        host = str(event.data.get("host", ""))
        wrong.pop(host, None)
        if event.kind == WRONG:
            wrong[host] = float(str(event.data.get("seconds", 0)))
    return wrong


def distance_words(seconds: float) -> str:
    """2 days ahead of."""
    return f"{days_words(timedelta(seconds=seconds))} {'ahead of' if seconds > 0 else 'behind'}"


def clock_words(reason: Reason) -> str:
    """One sentence, without a full stop at its end."""
    seconds = float(str(reason.fields.get("seconds", 0)))
    if reason.code is ReasonCode.CLOCK_BEHIND:
        said = f"the clock is {distance_words(-seconds)} the ledger"
        return f"{said}; nothing goes out before that is settled (`doctor` says what to do)"
    said = f"this machine's clock is {distance_words(seconds)} the providers'"
    return f"{said}; nothing goes out before it is set right (timedatectl set-ntp true)"
