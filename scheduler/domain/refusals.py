"""Why an act is refused: a code, and what happened in a sentence that holds at every edge.

What to do about it is said by the edge, because a person at a page has no options to type: ``cli/refusals.py`` and
``web/refusals.py``, by the same codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from ..errors import UsageError


class Refusal(StrEnum):
    """A code; ``said``: what happened, with the refusal's fields in it; ``exit_status``: of the command line."""

    said: str
    exit_status: int

    def __new__(cls, code: str, said: str, exit_status: int = 2) -> Refusal:
        member = str.__new__(cls, code)
        member._value_ = code
        member.said, member.exit_status = said, exit_status
        return member

    # words and names
    REASON_MISSING = "reason-missing", "a reason is missing, and nothing was changed"
    TEXT_TOO_LONG = "text-too-long", "{what} is longer than {limit:,} characters"
    NO_SUCH_CHANNEL = "no-such-channel", "there is no channel {channel!r}"
    # deliveries
    NO_SUCH_DELIVERY = "no-such-delivery", "there is no delivery {delivery}"
    NOT_WAITING = "not-waiting", "delivery {delivery} does not wait for anybody's decision"
    WINDOW_CLOSED = (
        "window-closed",
        "delivery {delivery} ({item} on {channel}) cannot go out any more: its window is closed",
        1,
    )
    NOTHING_TO_SKIP = "nothing-to-skip", "nothing was left out: nothing was chosen, or it has gone meanwhile"
    NOTHING_IN_DOUBT = "nothing-in-doubt", "nothing is in doubt about {part} ({item} on {channel}): it is {state}"
    SUBSCRIBER_NOT_IN_DOUBT = (
        "subscriber-not-in-doubt",
        "nothing is in doubt about reader {subscriber} in delivery {delivery}",
    )
    MAY_HAVE_GONE = "may-have-gone", "delivery {delivery} ({item} on {channel}) may have gone out"
    DID_NOT_FAIL = "did-not-fail", "delivery {delivery} ({item} on {channel}) is {state}"
    NOTHING_FAILED = "nothing-failed", "delivery {delivery} ({item} on {channel}) has nothing that failed"
    LOG_UNREADABLE = "log-unreadable", "{file} cannot be read: {problem}"
    # moving an item to another day
    NO_SUCH_ITEM = "no-such-item", "season {season} has no item {item!r}"
    NOT_A_DAY_OF_THE_SEASON = "not-a-day-of-the-season", "{day} is not a day of the season"
    DAY_IS_OVER = "day-is-over", "{day} is over"
    ON_THAT_DAY_ALREADY = "on-that-day-already", "{item} is on {day} already"
    BELONGS_TO_ITS_DAY = "belongs-to-its-day", "{item} belongs to {day} and cannot be moved"
    TOLD_IN_A_DIGEST = ("told-in-a-digest", "{item} was told in a digest already; its readers would get it twice")
    IS_GOING_OUT = "is-going-out", "{item} is going out: its other readers would never get it on another day"


class Refused(UsageError):
    """An act was refused. Nothing was changed."""

    def __init__(self, code: Refusal, **fields: object) -> None:
        self.code = code
        self.fields: Mapping[str, object] = fields
        super().__init__(code.said.format_map(fields))
        self.exit_status = code.exit_status
