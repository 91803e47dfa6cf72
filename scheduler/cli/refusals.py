"""What to do about a refused act, for somebody who types commands."""

from __future__ import annotations

from collections.abc import Mapping

from ..domain.refusals import Refusal, Refused
from ..errors import ObservanceError

#: With the refusal's fields in it.
WHAT_TO_DO: Mapping[Refusal, str] = {
    Refusal.REASON_MISSING: "say why in a few words: --reason TEXT",
    Refusal.TEXT_TOO_LONG: "make it shorter",
    Refusal.NO_SUCH_CHANNEL: "channels: {known}",
    Refusal.NO_SUCH_DELIVERY: "`deliveries` lists them with their numbers",
    Refusal.NOT_WAITING: "`deliveries` shows where it stands",
    Refusal.WINDOW_CLOSED: "leave it as it is",
    Refusal.NOTHING_TO_SKIP: "`deliveries` shows where each stands",
    Refusal.NOTHING_IN_DOUBT: "only what is unknown is settled; `deliveries --state unknown` lists it",
    Refusal.SUBSCRIBER_NOT_IN_DOUBT: "resolve {delivery} --doubts lists the readers in doubt",
    Refusal.MAY_HAVE_GONE: "look there, then: resolve {delivery} --as sent, or --as not-sent",
    Refusal.DID_NOT_FAIL: "only what has failed is tried again",
    Refusal.NOTHING_FAILED: "`deliveries` shows where it stands",
    Refusal.LOG_UNREADABLE: "name the log's file",
    Refusal.NO_SUCH_ITEM: "`plan` lists the items",
    Refusal.NOT_A_DAY_OF_THE_SEASON: "the window runs from {first} to {last}",
    Refusal.DAY_IS_OVER: "name a day that is still to come",
    Refusal.ON_THAT_DAY_ALREADY: "name another day",
    Refusal.BELONGS_TO_ITS_DAY: "a day that the calendar names by its date is kept, or left out with resume --skip",
    Refusal.TOLD_IN_A_DIGEST: "leave it on its day: --skip, or --send while its window is open",
    Refusal.IS_GOING_OUT: "leave it on its day: --skip what has not gone, or --send while its window is open",
}


def what_to_do(problem: ObservanceError) -> str:
    """Empty where nobody has to be told."""
    if isinstance(problem, Refused):
        return WHAT_TO_DO[problem.code].format_map(problem.fields)
    return problem.hint
