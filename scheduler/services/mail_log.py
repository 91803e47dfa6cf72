"""What a mail server's log (Postfix) proves of mails whose end nobody knows, by our Message-IDs.

The log names a mail when its head arrives (``QUEUE: message-id=<...>``), and again once the server has taken it whole
(``QUEUE: ... queue active``, ``QUEUE: to=<...> ... status=...``). Whatever became of it then, it went out.
A mail that it does not name was not taken, where the log is known to hold its time: lines from before and from after
that call stand in it, in this order. Mails of ours tell when a line was written, and so does a line's own time, of
whomever's mail, where it has a zone: ``2027-01-11T10:00:01.5-05:00``. A time without year and zone
(``Jan 11 10:00:01``) tells nothing: summer time, or a log of last year, would prove what is not so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ..domain.delivery import State
from ..domain.records import Batch

if TYPE_CHECKING:
    from ..store import Ledger

#: A line's own time, with its zone, as rsyslog and journalctl (``short-iso``) write it.
_TIMED = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:[.,]\d+)?(Z|[+-]\d\d:?\d\d)\s")
#: The mail server's clock may differ from ours by so much; within it a line's own time proves nothing.
CLOCKS_DIFFER = timedelta(minutes=1)
_NAMED = re.compile(r"\b([0-9A-Za-z]{6,}): message-id=<([^@<>\s]+)@")
_TAKEN = re.compile(r"\b([0-9A-Za-z]{6,}): (?:from=.*\(queue active\)|to=<.*\bstatus=)")


@dataclass(frozen=True, slots=True)
class LogVerdict:
    """What a log proves of the readers in doubt of one delivery."""

    sent: tuple[str, ...] = ()
    not_sent: tuple[str, ...] = ()
    open: Mapping[str, str] = field(default_factory=dict)  # reader -> why it cannot be said


@dataclass(slots=True)
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
