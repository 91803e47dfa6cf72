"""What the journals of processes that have ended know, and the ledger does not: it is told, before anything is doubted.

A process that was killed leaves its file. Of each call in it the outcome is there, or the ends of the readers that it
got to, in the order of the call: the next reader may have the mail, those behind were never begun. Where the process
was not even about to call, nothing went out.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from ..domain.outcome import Outcome, OutcomeKind
from ..domain.reason import Reason, ReasonCode, because
from ..domain.records import BegunAttempt
from ..errors import ObservanceError
from .process_lock import lock_within_a_moment, unlock
from .send_journal import (
    AHEAD,
    FOLDED,
    Begun,
    Journal,
    ReadJournal,
    begun_line,
    boot_id,
    erased_line,
    files_left,
    files_of_same,
    flush_folder,
    read_pages,
    write_whole,
)

if TYPE_CHECKING:
    from ..store import Ledger

log = logging.getLogger(__name__)


def replay(journal: Journal, ledger: Ledger, *, now: datetime) -> int:
    """Tell the ledger what files of ended processes know; fold those that it holds whole. How many calls were told.

    Does nothing, and says so, where the files cannot be read or the ledger cannot be written: they are kept.
    """
    told = 0
    whole: dict[Path, ReadJournal] = {}
    with ExitStack() as held:
        files = dict(files_left(journal.folder, held))
        read = {path: read_pages(file, ends_of=()) for path, file in files.items()}
        left = {path: pages for path, pages in read.items() if pages.ledger_id == journal.ledger_id}
        # A process that gave a file up went on in another one. Without each of them nobody knows what it did not call.
        left = {path: pages for path, pages in left.items() if read.keys() >= set(files_of_same(path))}
        if not left:
            return 0
        try:
            tokens = tuple(dict.fromkeys(attempt for pages in left.values() for attempt in pages.calls))
            nodes, boot = {pages.node: pages.boot for pages in left.values()}, boot_id()
            # Calls without an end in the ledger: those in the files, and others of the same processes.
            unended = ledger.attempts.unended(tokens=tokens, nodes=tuple(sorted(nodes)))
            ends_of = {attempt.token for attempt in unended}
            calls = _together(read_pages(files[path], ends_of=ends_of) for path in left) if unended else {}
            for attempt in unended:
                # The machine itself may have stopped with the process: then lines of the last moment may be missing.
                cut_off = nodes.get(attempt.node, boot) != boot or not boot
                told += _tell(ledger, attempt, calls.get(attempt.token), cut_off, now)
            whole = {path: pages for path, pages in left.items() if _is_whole(ledger, pages)}
            if whole:
                last_calls = [call for pages in whole.values() if (call := pages.last) is not None]
                erased = {h: at for pages in whole.values() for h, at in pages.erased.items()}
                keep_folded(journal.folder, journal.ledger_id, last_calls, erased)
        except (ObservanceError, OSError) as problem:
            whole = {}
            detail = problem.message if isinstance(problem, ObservanceError) else problem.strerror
            log.error("a send journal is kept, and read again later: %s", detail, extra={"action": "replay_failed"})
    for path in whole:  # let go of before: an open file cannot be removed everywhere
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
    if told:
        log.warning("the send journal settled %s calls of a process that had ended", told, extra={"action": "replay"})
    return told


def _together(left: Iterable[ReadJournal]) -> dict[str, Begun]:
    """All calls, by attempt. A process that gave a file up has gone on in another."""
    calls: dict[str, Begun] = {}
    for attempt, call in ((attempt, call) for pages in left for attempt, call in pages.calls.items()):
        before = calls.setdefault(attempt, call)
        if before is not call:
            before.outcome = before.outcome or call.outcome
            before.each, before.send_id = before.each or call.each, before.send_id or call.send_id
            before.lines |= call.lines
    return calls


def _tell(ledger: Ledger, attempt: BegunAttempt, call: Begun | None, cut_off: bool, now: datetime) -> bool:
    stopped = because(ReasonCode.PROGRAM_STOPPED, node=attempt.node)
    at, outcome = now, Outcome(OutcomeKind.UNKNOWN, reasons=(stopped,))
    if call is None:
        outcome = Outcome(OutcomeKind.LATER, reasons=(because(ReasonCode.STOPPED_BEFORE),), retry_at=now)
    elif call.outcome is not None:
        at, outcome = call.outcome
    elif call.each:
        readers = [r.subscriber_id for r in ledger.lookups.recipients(attempt.batch_id)]
        outcome = _as_far_as_known(call, readers, cut_off, stopped, now)
    return ledger.batches.record_outcome(attempt.batch_id, token=attempt.token, outcome=outcome, now=at) is not None


def _as_far_as_known(call: Begun, readers: list[str], cut_off: bool, stopped: Reason, now: datetime) -> Outcome:
    """The outcome of a call that broke off: what was written down, a doubt, and who was never begun."""
    known_ends = call.ends
    known = [n for n, subscriber in enumerate(readers) if subscriber in known_ends]
    never_from = max(known, default=-1) + 2 + (AHEAD if cut_off else 0)  # the next one was begun perhaps
    unknown = Outcome(OutcomeKind.UNKNOWN, reasons=(stopped,))
    never = Outcome(OutcomeKind.LATER, reasons=(because(ReasonCode.STOPPED_BEFORE),), retry_at=now)
    ends = {}
    for n, subscriber in enumerate(readers):
        end = known_ends.get(subscriber)
        if end is None:
            end = never if n >= never_from else unknown
        elif end.kind is OutcomeKind.LATER and end.retry_at is None:
            end = replace(end, retry_at=now)
        ends[subscriber] = end
    return Outcome.of_readers(ends, reference=call.send_id) if ends else unknown


# -- folding --------------------------------------------------------------------------------------------


def _is_whole(ledger: Ledger, pages: ReadJournal) -> bool:
    """Whether the ledger knows each call of a file, and its end; or somebody has answered for those that it lacks."""
    answered = ledger.attempts.home().answered_at
    lacks = ledger.attempts.missing(tuple(pages.calls))
    if any(answered is None or pages.calls[attempt].at > answered for attempt in lacks):
        return False
    return not ledger.attempts.unended(tokens=tuple(pages.calls), nodes=(pages.node,))


def read_folded(folder: Path, ledger_id: str) -> ReadJournal:
    """What is left of files that were folded: the last call, and each erasure."""
    try:
        with (folder / FOLDED).open("rb") as file:
            return read_pages(file, ledger_id)
    except FileNotFoundError:
        return ReadJournal(ledger_id)


def keep_folded(folder: Path, ledger_id: str, calls: Iterable[Begun], erased: Mapping[str, datetime]) -> None:
    """Add to what is left of folded files: of all calls the last one stays. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(folder / f"{FOLDED}.lock", os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0) as guard:
        if not lock_within_a_moment(guard):
            raise OSError(errno.EAGAIN, "another process is at it")
        try:
            path = folder / FOLDED
            before = path.read_bytes() if path.exists() else b""
            others = [line for line in before.decode().splitlines() if line.split(" ")[1:2] != [ledger_id]]
            pages = read_pages(BytesIO(before), ledger_id)
            last = max([*pages.calls.values(), *calls], key=lambda call: call.at, default=None)
            lines = [*others, *([begun_line(ledger_id, last)] if last else [])]
            lines += [erased_line(ledger_id, h, at) for h, at in sorted({**pages.erased, **erased}.items())]
            write_whole(path, "".join(f"{line}\n" for line in lines).encode())
            flush_folder(folder)
        finally:
            unlock(guard)


# -- erasures -------------------------------------------------------------------------------------------


def replay_erasures(folder: Path, ledger: Ledger, *, now: datetime) -> int:
    """Erase again whom an older copy of the ledger brought back, and keep in the journal what it lacks. How many."""
    try:
        ledger_id = ledger.attempts.ledger_id()
        kept, known = read_folded(folder, ledger_id).erased, ledger.subscribers.erasures()
        lost = {hashed: at for hashed, at in kept.items() if hashed not in known}
        again = ledger.subscribers.erase_again(lost, now=now) if lost else 0
        missing = {hashed: at for hashed, at in known.items() if hashed not in kept}
        if missing:
            keep_folded(folder, ledger_id, [], missing)
    except OSError as problem:
        log.error("erasures are not in the send journal: %s", problem.strerror, extra={"action": "journal_failed"})
        return 0
    if again:
        log.warning(
            "%s who had been erased came back by an older copy, and were erased again",
            again,
            extra={"action": "erased_again"},
        )
    return again


def keep_erasure(folder: Path, ledger_id: str, address_hash: str, at: datetime) -> None:
    """An address was erased. Where that cannot be written, the next start does it from the ledger."""
    try:
        keep_folded(folder, ledger_id, [], {address_hash: at})
    except OSError as problem:
        log.error("an erasure is not in the send journal: %s", problem.strerror, extra={"action": "journal_failed"})
