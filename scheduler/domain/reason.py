"""Why something waits, was left out, ended, or is in doubt: a code with typed fields.

The program acts on codes alone. What a provider or a person said in their own words is kept beside them, as detail,
and is only ever shown. :mod:`.reason_words` has the words and the advice for each code.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from ..light_dataclass import dataclass

Value: TypeAlias = str | int | float | bool | datetime | date

_NO_FIELDS: Mapping[str, Value] = MappingProxyType({})


class ReasonCode(StrEnum):
    """Each reason that the ledger keeps. A code that has landed keeps its meaning; a new meaning is a new code."""

    UNCLASSIFIED = "unclassified"  # from a ledger before there were codes: the detail is all there is

    # What stands in the way of a send
    HELD = "held"  # a hold is in force
    HELD_BACK = "held-back"  # waits until a person says what becomes of it
    NOT_DUE = "not-due"
    WINDOW_CLOSED = "window-closed"
    WAVE_OVER = "wave-over"
    NO_MESSAGE = "no-message"
    PLAN_MOVED = "plan-moved"
    LEASE_SPENT = "lease-spent"
    READERS_LEFT = "readers-left"
    FILES_CHANGED = "files-changed"  # between the preparation and the call
    READERS_CHANGED = "readers-changed"
    NOT_LIVE = "not-live"
    NOT_ARMED = "not-armed"
    TEXT_CHANGED = "text-changed"  # while it went out: some have the earlier words
    APPROVAL_MISSING = "approval-missing"
    CHANGES_REQUESTED = "changes-requested"
    FINDING = "finding"
    UNSIGNED = "unsigned"
    UNDECIDED = "undecided"
    ITEM_KEPT_BACK = "item-kept-back"  # of a digest: a person holds it, or has left it out
    TOLD_WITHOUT = "told-without"  # of a digest that went: items that it does not tell of
    NOTHING_TO_TELL = "nothing-to-tell"  # of a digest: all its items were left out
    ONE_A_DAY = "one-a-day"  # of readers who want one mail a day, and had another; a later digest tells them
    CHANNEL_OFF = "channel-off"
    CHANNEL_PAUSED = "channel-paused"
    CALL_LIMIT = "call-limit"
    PROVIDER_LIMIT = "provider-limit"
    SPENDING_LIMIT = "spending-limit"
    CAMPAIGN_UNREADABLE = "campaign-unreadable"
    FILES_UNWATCHED = "files-unwatched"  # the process beside the files is not seen
    NOT_WRITTEN = "not-written"
    LAST_CHECK_FAILED = "last-check-failed"
    PROGRAM_ERROR = "program-error"  # before the call
    SET_ASIDE = "set-aside"
    TOO_LATE_TO_RETRY = "too-late-to-retry"
    DELIVERY_GONE = "delivery-gone"
    CLOCK_WRONG = "clock-wrong"  # a provider's clock says so
    CLOCK_BEHIND = "clock-behind"  # the ledger knows later instants
    LEAVE_PAGE_DOWN = "leave-page-down"  # the address in the mails' unsubscribe links does not lead here
    LEAVE_PAGE_UNSEEN = "leave-page-unseen"  # it cannot be reached from here, and nobody has said that it works
    LEDGER_ELSEWHERE = "ledger-elsewhere"  # a copy, or moved, until a person says which
    LEDGER_OLD = "ledger-old"  # what went out last is not in it
    NO_STATE_FOLDER = "no-state-folder"
    ACCEPTED_BEFORE = "accepted-before"  # the history says so, though the state was set back

    # How a call ended
    REHEARSED = "rehearsed"
    NEEDS_MONEY = "needs-money"
    RATE_LIMITED = "rate-limited"
    NAME_NOT_FOUND = "name-not-found"
    NOT_ENCRYPTED = "not-encrypted"
    NO_CONNECTION = "no-connection"
    LINE_BROKE = "line-broke"  # before the content left
    NOT_BEGUN = "not-begun"
    BUSY = "busy"  # the provider asks for another try later
    TAKES_NONE = "takes-none"  # from anybody, for now
    KEYS_REFUSED = "keys-refused"
    FORBIDDEN = "forbidden"
    TOO_LARGE = "too-large"
    REFUSED = "refused"
    UNREADABLE_CALL = "unreadable-call"
    SPOILT_BY_READERS = "spoilt-by-readers"
    MIXED = "mixed"  # readers of one call fared differently; each has a reason of their own
    ALLOWS_LESS = "allows-less"  # the provider was asked, and takes shorter posts than are set
    SMALLER_PICTURES = "smaller-pictures"  # likewise, of pictures
    PICTURE_NOT_MADE = "picture-not-made"  # the bytes that were approved cannot be made here
    PICTURE_REFUSED = "picture-refused"  # by the provider; the post was not begun
    PICTURE_STUCK = "picture-stuck"  # nobody knows what became of it; the post was not begun
    PICTURE_LEFT_OUT = "picture-left-out"  # the post went with its words alone, as its item allows

    # Why nobody knows
    NO_ANSWER = "no-answer"
    STRANGE_ANSWER = "strange-answer"
    SERVER_ERROR = "server-error"
    DUPLICATE = "duplicate"
    CHANNEL_ERROR = "channel-error"
    PROGRAM_STOPPED = "program-stopped"
    STOPPED_BEFORE = "stopped-before"  # before this call or mail was begun
    NOT_SAID = "not-said"  # the channel did not say how it ended for this reader
    NOBODY_TO_ASK = "nobody-to-ask"
    WAITS_FOR_PERSON = "waits-for-person"  # who posts it, and says so
    DOUBTED_TOO_OFTEN = "doubted-too-often"

    # How a doubt was settled
    FOUND_SENT = "found-sent"
    FOUND_NOT_SENT = "found-not-sent"
    SETTLED_SENT = "settled-sent"
    SETTLED_NOT_SENT = "settled-not-sent"
    PROVEN_BY_REPORTS = "proven-by-reports"

    # Why a delivery ended without a call
    CLOSED_UNSENT = "closed-unsent"  # its window closed before it could go
    WAVE_MISSED = "wave-missed"  # for some readers the day was over before it could go
    NOTHING_RAN = "nothing-ran"
    CLOSED_BEFORE_START = "closed-before-start"
    RESTORED = "restored"
    NOT_IN_PLAN = "not-in-plan"
    NO_READERS = "no-readers"
    ALL_LEFT = "all-left"
    SKIPPED_BY = "skipped-by"

    # Why one reader was left out of a mailing
    LEFT = "left"
    ERASED = "erased"
    PAUSED = "paused"
    CAME_BACK = "came-back"
    NOT_CONFIRMED = "not-confirmed"
    BARRED = "barred"
    ADDRESS_DEAD = "address-dead"
    ADDRESS_REFUSED = "address-refused"
    UNUSABLE_RECORD = "unusable-record"


class HoldReason(StrEnum):
    """Why a hold was set. Its maker's words stand beside it."""

    BY_A_PERSON = "by-a-person"
    SOMETHING_TERRIBLE = "something-terrible"  # by a person, on such a day: others are told at once


#: Which fields a code has. ``*_at`` is an aware instant, ``*_on`` a date; all others are text or numbers.
FIELDS: Mapping[ReasonCode, tuple[str, ...]] = MappingProxyType(
    {
        ReasonCode.HELD: ("who", "since_at", "why", "campaign"),
        ReasonCode.HELD_BACK: ("who", "why", "campaign"),
        ReasonCode.NOT_DUE: ("due_at",),
        ReasonCode.WINDOW_CLOSED: ("closed_at",),
        ReasonCode.LEASE_SPENT: ("seconds",),
        ReasonCode.READERS_LEFT: ("count",),
        ReasonCode.NOT_ARMED: ("season",),
        ReasonCode.TEXT_CHANGED: ("what", "have_it"),
        ReasonCode.APPROVAL_MISSING: ("needs", "says"),
        ReasonCode.CHANGES_REQUESTED: ("who", "says"),
        ReasonCode.FINDING: ("finding", "says"),
        ReasonCode.FILES_UNWATCHED: ("says",),
        ReasonCode.UNSIGNED: ("finding", "says"),
        ReasonCode.UNDECIDED: ("finding", "says"),
        ReasonCode.ITEM_KEPT_BACK: ("item",),
        ReasonCode.TOLD_WITHOUT: ("items",),
        ReasonCode.CHANNEL_PAUSED: ("until_at", "calls"),
        ReasonCode.CALL_LIMIT: ("until_at", "calls", "minutes"),
        ReasonCode.PROVIDER_LIMIT: ("until_at",),
        ReasonCode.SPENDING_LIMIT: ("limit", "spent", "price"),
        ReasonCode.WAITS_FOR_PERSON: ("person", "until_at"),
        ReasonCode.CLOCK_WRONG: ("seconds", "host"),
        ReasonCode.CLOCK_BEHIND: ("seconds",),
        ReasonCode.LEAVE_PAGE_DOWN: ("says",),
        ReasonCode.LEAVE_PAGE_UNSEEN: ("says",),
        ReasonCode.PROGRAM_ERROR: ("kind",),
        ReasonCode.CHANNEL_ERROR: ("kind",),
        ReasonCode.SET_ASIDE: ("tries",),
        ReasonCode.ACCEPTED_BEFORE: ("batch",),
        ReasonCode.NEEDS_MONEY: ("status",),
        ReasonCode.RATE_LIMITED: ("status",),
        ReasonCode.BUSY: ("status",),
        ReasonCode.TAKES_NONE: ("status",),
        ReasonCode.KEYS_REFUSED: ("status",),
        ReasonCode.FORBIDDEN: ("status",),
        ReasonCode.TOO_LARGE: ("status",),
        ReasonCode.REFUSED: ("status",),
        ReasonCode.STRANGE_ANSWER: ("status",),
        ReasonCode.SERVER_ERROR: ("status",),
        ReasonCode.DUPLICATE: ("status",),
        ReasonCode.NO_ANSWER: ("kind",),
        ReasonCode.ALLOWS_LESS: ("allows", "is_set"),
        ReasonCode.SMALLER_PICTURES: ("allows", "is_set"),
        ReasonCode.PICTURE_NOT_MADE: ("kind",),
        ReasonCode.PICTURE_REFUSED: ("status",),
        ReasonCode.PICTURE_STUCK: ("status",),
        ReasonCode.PICTURE_LEFT_OUT: ("status",),
        ReasonCode.MIXED: ("accepted", "failed", "later", "unknown"),
        ReasonCode.PROGRAM_STOPPED: ("node",),
        ReasonCode.SETTLED_SENT: ("who", "reference"),
        ReasonCode.SETTLED_NOT_SENT: ("who",),
        ReasonCode.RESTORED: ("copied_at",),
        ReasonCode.SKIPPED_BY: ("who", "why"),
        ReasonCode.BARRED: ("bar",),
        ReasonCode.ADDRESS_DEAD: ("status",),
        ReasonCode.ADDRESS_REFUSED: ("status",),
    }
)


@dataclass(frozen=True)
class Reason:
    """One reason. Raises ValueError for a field that its code does not have; a field that is not known is left out."""

    code: ReasonCode
    fields: Mapping[str, Value] = field(default_factory=lambda: _NO_FIELDS)

    def __post_init__(self) -> None:
        strange = set(self.fields) - set(FIELDS.get(self.code, ()))
        if strange:
            raise ValueError(f"the reason {self.code} has no field {sorted(strange)}")

    def __hash__(self) -> int:
        return hash((self.code, tuple(sorted((k, str(v)) for k, v in self.fields.items()))))


def because(code: ReasonCode, **fields: Value | None) -> Reason:
    """The reason with these fields; those that are None are left out."""
    return Reason(code, {name: value for name, value in fields.items() if value is not None})


def as_data(reasons: Iterable[Reason]) -> list[dict[str, Value]]:
    """Reasons as plain data, for the history and for the API."""
    return [{"code": str(reason.code), **{k: _plain(v) for k, v in reason.fields.items()}} for reason in reasons]


def to_text(reasons: Iterable[Reason]) -> str:
    """Reasons as the ledger keeps them; empty for none."""
    rows = as_data(reasons)
    return json.dumps(rows, ensure_ascii=False, sort_keys=True) if rows else ""


def from_text(text: str | None) -> tuple[Reason, ...]:
    """The reverse of :func:`to_text`."""
    return from_data(json.loads(text)) if text else ()


def from_data(rows: Iterable[Mapping[str, object]]) -> tuple[Reason, ...]:
    """The reverse of :func:`as_data`. A code of a newer release is UNCLASSIFIED here."""
    return tuple(map(_read, rows))


def _read(row: Mapping[str, object]) -> Reason:
    try:
        code = ReasonCode(str(row["code"]))
        return Reason(code, {name: _typed(name, value) for name, value in row.items() if name != "code"})
    except ValueError:
        return Reason(ReasonCode.UNCLASSIFIED)


def _plain(value: Value) -> Value:
    return value.isoformat() if isinstance(value, date) else value


def _typed(name: str, value: object) -> Value:
    if isinstance(value, str) and name.endswith("_at"):
        return datetime.fromisoformat(value)
    if isinstance(value, str) and name.endswith("_on"):
        return date.fromisoformat(value)
    assert isinstance(value, str | int | float | bool)  # noqa: S101 - JSON of our own
    return value
