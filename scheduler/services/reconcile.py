"""A person settles what the program cannot: what is unknown, what a restored backup held back, what has failed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from ..channels.mime import message_id
from ..domain.delivery import State, Verb, may_come_from
from ..domain.records import Batch, Delivery
from ..domain.refusals import Refusal, Refused
from ..light_dataclass import dataclass
from .context import Context, act
from .holds import delivery_of, window_closed

if TYPE_CHECKING:
    from ..store import Ledger


@dataclass(frozen=True)
class Settled:
    """How a delivery stands after a person has spoken."""

    delivery: Delivery
    sent: bool
    calls: int  # that were in doubt
    window_open: bool

    @property
    def goes_out_again(self) -> bool:
        return not self.sent and self.window_open


@act
def resolve(
    context: Context, delivery_id: int, *, sent: bool, reference: str = "", batch: int | None = None
) -> Settled:
    """Settle what is unknown of a delivery, or one batch of it, by a person's word."""
    before, ledger = delivery_of(context, delivery_id), context.ledger
    who, now, reference = context.actor.name, context.now(), reference.strip()
    if before.was_restored and not before.counts.unknown:
        if not ledger.backups.resolve_restored(delivery_id, sent=sent, who=who, reference=reference, now=now):
            raise window_closed(before)
        calls = 1
    else:
        calls = ledger.lookups.resolve(delivery_id, sent=sent, who=who, reference=reference, batch=batch, now=now)
        if not calls:
            raise Refused(
                Refusal.NOTHING_IN_DOUBT,
                part=(f"batch {batch} of delivery {delivery_id}" if batch is not None else f"delivery {delivery_id}"),
                state=before.state,
                **_named(before),
            )
    after = ledger.deliveries.find(delivery_id) or before
    return Settled(after, sent, calls, now < after.expires_at and after.state is not State.MISSED)


@act
def resolve_subscriber(context: Context, delivery_id: int, subscriber: str, *, sent: bool) -> None:
    """Settle the doubt about one subscriber's mail by a person's word."""
    who, lookups = context.actor.name, context.ledger.lookups
    if not lookups.resolve_recipients(delivery_id, [subscriber], sent=sent, who=who, now=context.now()):
        raise Refused(Refusal.SUBSCRIBER_NOT_IN_DOUBT, delivery=delivery_id, subscriber=subscriber)


@act
def resolve_by_log(context: Context, delivery_id: int, file: Path) -> LogVerdict:
    """Settle what a mail server's log proves, and say what it cannot."""

    def name(send_id: str, subscriber: str) -> str:
        return message_id(send_id, subscriber, "").strip("<>").removesuffix("@")

    delivery_of(context, delivery_id)
    try:
        with file.open(encoding="utf-8", errors="replace") as lines:
            verdict = judge(context.ledger, delivery_id, lines, name)
    except OSError as problem:
        raise Refused(Refusal.LOG_UNREADABLE, file=file, problem=problem.strerror) from None
    for subscribers, sent in ((verdict.sent, True), (verdict.not_sent, False)):
        if subscribers:
            context.ledger.lookups.resolve_recipients(
                delivery_id,
                subscribers,
                sent=sent,
                who=context.actor.name,
                evidence="by the mail server's log",
                now=context.now(),
            )
    return verdict


@act
def retry(context: Context, delivery_id: int) -> Delivery:
    """Another try of what certainly did not go out, while its window is open. Returns it; it waits again."""
    before, now = delivery_of(context, delivery_id), context.now()
    if before.was_restored or before.counts.unknown:
        raise Refused(Refusal.MAY_HAVE_GONE, **_named(before))
    if before.state not in may_come_from(Verb.RETRY) and not before.counts.failed and not before.counts.missed:
        raise Refused(Refusal.DID_NOT_FAIL, state=before.state, **_named(before))
    if before.expires_at <= now:
        raise window_closed(before)
    if not context.ledger.deliveries.retry(delivery_id, who=context.actor.name, now=now):
        raise Refused(Refusal.NOTHING_FAILED, **_named(before))
    return context.ledger.deliveries.find(delivery_id) or before


def in_doubt(context: Context, delivery_id: int) -> list[tuple[int, str, str, str]]:
    """The doubts of a delivery: number of the batch, send id, process whose journal may know more, subscriber's id."""
    return [
        (batch.number, batch.send_id, batch.node, subscriber.subscriber_id)
        for batch in context.ledger.deliveries.batches(delivery_id)
        if batch.state is State.UNKNOWN
        for subscriber in context.ledger.lookups.recipients(batch.id)
    ]


def settled_as_data(settled: Settled, *, by: str) -> dict[str, object]:
    """What a person's word about a doubt did."""
    delivery = settled.delivery
    return {
        "delivery": delivery.id,
        "item": delivery.item,
        "channel": delivery.channel,
        "date": delivery.on,
        "settled_as": "sent" if settled.sent else "not-sent",
        "by": by,
        "calls": settled.calls,
        "state": delivery.state.value,
        "goes_out_again": settled.goes_out_again,
        "expires_at": delivery.expires_at,
    }


def _named(delivery: Delivery) -> dict[str, object]:
    return {"delivery": delivery.id, "item": delivery.item, "channel": delivery.channel}


#: A line's own time, with its zone, as rsyslog and journalctl (``short-iso``) write it.
_TIMED = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:[.,]\d+)?(Z|[+-]\d\d:?\d\d)\s")
#: The mail server's clock may differ from ours by so much; within it a line's own time proves nothing.
CLOCKS_DIFFER = timedelta(minutes=1)
_NAMED = re.compile(r"\b([0-9A-Za-z]{6,}): message-id=<([^@<>\s]+)@")
_TAKEN = re.compile(r"\b([0-9A-Za-z]{6,}): (?:from=.*\(queue active\)|to=<.*\bstatus=)")


@dataclass(frozen=True)
class LogVerdict:
    """What a log proves of the readers in doubt of one delivery."""

    sent: tuple[str, ...] = ()
    not_sent: tuple[str, ...] = ()
    open: Mapping[str, str] = field(default_factory=dict)  # reader -> why it cannot be said


@dataclass
class _Log:
    first_line: dict[str, int] = field(default_factory=dict)  # the part of a Message-ID before the @ -> where it stands
    taken: set[str] = field(default_factory=set)
    times: list[tuple[datetime, int]] = field(default_factory=list)  # where a line's own time is another than before


def read_log(lines: Iterable[str]) -> _Log:
    """Read a log; lines that say nothing of mails are passed over."""
    log, names = _Log(), dict[str, str]()
    for number, line in enumerate(lines):
        if (timed := _TIMED.match(line)) is not None:
            at = datetime.fromisoformat(timed[1] + timed[2])
            if not log.times or at != log.times[-1][0]:
                log.times.append((at, number))
        if (named := _NAMED.search(line)) is not None:
            names[named[1]] = named[2]
            log.first_line.setdefault(named[2], number)
        elif (taken := _TAKEN.search(line)) is not None and taken[1] in names:
            log.taken.add(names[taken[1]])
    return log


def judge(ledger: Ledger, delivery_id: int, lines: Iterable[str], name: Callable[[str, str], str]) -> LogVerdict:
    """What ``lines`` prove. ``name``: from a send id and a reader to the part of the Message-ID before the @."""
    log = read_log(lines)
    doubtful: dict[str, tuple[str, Batch]] = {}
    places: list[tuple[datetime, int]] = []  # when the call of a mail in the log began, and where it stands
    for batch in ledger.deliveries.batches(delivery_id):
        for subscriber in ledger.lookups.recipients(batch.id):
            key = name(batch.send_id, subscriber.subscriber_id)
            if batch.state is State.UNKNOWN:
                doubtful[subscriber.subscriber_id] = (key, batch)
            elif key in log.taken and batch.started_at is not None:
                places.append((batch.started_at, log.first_line[key]))
    untimed = "" if log.times else " (its lines tell no year and zone)"
    sent, not_sent, undecided = [], [], {}
    for reader_id, (key, batch) in doubtful.items():
        if key in log.taken:
            sent.append(reader_id)
        elif key in log.first_line:
            undecided[reader_id] = "the log names the mail, and not what became of it"
        elif batch.started_at is None or not _holds(log, batch, places):
            undecided[reader_id] = f"the log does not name the mail, and may not hold its time{untimed}"
        else:
            not_sent.append(reader_id)
    return LogVerdict(tuple(sent), tuple(not_sent), undecided)


def _holds(log: _Log, batch: Batch, places: Iterable[tuple[datetime, int]]) -> bool:
    """Whether the log holds lines from before a call (or mails of ours of the same call) and from after it, in this
    order. A call is over, however it ended, when its lease is."""
    assert batch.started_at is not None  # noqa: S101 - looked at before
    began_at, over_at = batch.started_at, batch.lease_until_at or batch.started_at
    earlier = [line for at, line in places if at <= began_at]
    later = [line for at, line in places if at > began_at]
    earlier += [line for at, line in log.times if at < began_at - CLOCKS_DIFFER]
    later += [line for at, line in log.times if at > over_at + CLOCKS_DIFFER]
    return bool(earlier and later) and min(earlier) < max(later)
