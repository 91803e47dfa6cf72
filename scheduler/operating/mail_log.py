"""What a mail server's log (Postfix) proves of mails whose end nobody knows, by our Message-IDs.

The log names a mail when its head arrives (``QUEUE: message-id=<...>``), and again once the server has taken it whole
(``QUEUE: ... queue active``, ``QUEUE: to=<...> ... status=...``). Whatever became of it then, it went out.
A mail that it does not name was not taken, where the log is known to be whole around its time: mails of ours from
before and from after that call stand in it, in this order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ..domain.delivery import State
from ..ports import OperatedLedger

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


def read_log(lines: Iterable[str]) -> _Log:
    """Read a log; lines that say nothing of mails are passed over."""
    log, names = _Log(), dict[str, str]()
    for number, line in enumerate(lines):
        if (named := _NAMED.search(line)) is not None:
            names[named[1]] = named[2]
            log.first_line.setdefault(named[2], number)
        elif (taken := _TAKEN.search(line)) is not None and taken[1] in names:
            log.taken.add(names[taken[1]])
    return log


def judge(
    ledger: OperatedLedger, delivery_id: int, lines: Iterable[str], name: Callable[[str, str], str]
) -> LogVerdict:
    """What ``lines`` prove. ``name``: from a send id and a reader to the part of the Message-ID before the @."""
    log = read_log(lines)
    doubtful: dict[str, tuple[str, datetime | None]] = {}
    places: list[tuple[datetime, int]] = []  # when the call of a mail in the log began, and where it stands
    for batch in ledger.batches(delivery_id):
        for reader in ledger.recipients(batch.id):
            key = name(batch.send_id, reader.subscriber_id)
            if batch.state is State.UNKNOWN:
                doubtful[reader.subscriber_id] = (key, batch.started_at)
            elif key in log.taken and batch.started_at is not None:
                places.append((batch.started_at, log.first_line[key]))
    sent, not_sent, undecided = [], [], {}
    for reader_id, (key, began_at) in doubtful.items():
        if key in log.taken:
            sent.append(reader_id)
        elif key in log.first_line:
            undecided[reader_id] = "the log names the mail, and not what became of it"
        elif began_at is None or not _is_whole_around(began_at, places):
            undecided[reader_id] = "the log does not name the mail, and may not hold its time"
        else:
            not_sent.append(reader_id)
    return LogVerdict(tuple(sent), tuple(not_sent), undecided)


def _is_whole_around(began_at: datetime, places: Iterable[tuple[datetime, int]]) -> bool:
    """Whether the log holds mails of ours from before (or of the same call) and from after, in this order."""
    earlier = [line for at, line in places if at <= began_at]
    later = [line for at, line in places if at > began_at]
    return bool(earlier and later) and min(earlier) < max(later)
