"""A backup of a SQLite ledger while it is in use, and what happens when a backup becomes the ledger.

A backup knows less than the ledger that it was made from: what went out after it was made is not in it. So it says
of itself, inside, when it was made; and the program that is about to send from it first closes everything that is
due, because it may have gone out already. A person who knows better says so.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, RowMapping, func, or_, select, update

from ..domain.delivery import State, Verb
from ..domain.formatting import utc_words
from ..domain.reason import ReasonCode, as_data, because, from_text
from ..domain.records import Delivery, Restoration
from ..domain.redact import person, without_addresses
from ..errors import NeedsAPerson, OutOfReach, UsageError
from ..light_dataclass import dataclass
from .database import parse_url
from .events import append
from .reads import BackupReads
from .repository import (
    Repository,
    all_rows,
    by_due_time,
    read_delivery,
    refresh_delivery_state,
    transaction,
    transition,
    transition_all,
    waits_in,
    why,
    with_counts,
)
from .tables import batches, deliveries, events, ledger
from .transactional_emails import doubt_letters_of_a_copy

_WAITS = [str(State.SCHEDULED), str(State.HELD)]


@dataclass(frozen=True)
class Backup:
    """A backup that was made and looked through."""

    path: Path
    size: int  # bytes
    events: int  # lines of history in it
    copied_at: datetime


def back_up(url: str, target: Path, *, now: datetime) -> Backup:
    """Copy the SQLite ledger at ``url`` to ``target`` while others use it; all of it, at one instant.

    The copy is looked through before it gets its name, can be read by its owner alone, and may take the place of an
    earlier backup, but of nothing else. Raises UsageError for a target that cannot be meant, and for PostgreSQL.
    """
    parsed = parse_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        raise UsageError(
            "only a SQLite file is backed up by this command",
            hint="for PostgreSQL use pg_dump; after putting a dump back, `db restored --of TIME` before `start`",
        )
    source = Path(parsed.database)
    if not source.exists():
        raise OutOfReach(f"there is no database at {source} yet", hint="there is nothing to back up before `start`")
    _check_target(source, target)
    part = target.with_name(f"{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with closing(sqlite3.connect(source)) as there, closing(sqlite3.connect(part)) as here:
            there.execute("PRAGMA busy_timeout=30000")
            there.backup(here)
            made = _mark_and_look_through(here, now)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        size = part.stat().st_size
        part.replace(target)
        _flush_folder(target.parent)
    except sqlite3.Error as problem:
        raise OutOfReach(
            f"the backup {target} could not be made: {problem}; no earlier backup was touched",
            hint="check the disk's free space, and that the folder may be written to",
        ) from None
    except OSError as problem:
        raise OutOfReach(
            f"the backup {target} could not be written: {problem.strerror}; no earlier backup was touched",
            hint="check the disk's free space, and that the folder may be written to",
        ) from None
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return Backup(target, size, made, now)


def _flush_folder(folder: Path) -> None:
    """Make the new name survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _check_target(source: Path, target: Path) -> None:
    if target.is_dir():
        raise UsageError(f"{target} is a folder", hint=f"name a file in it: {target / 'observance-backup.db'}")
    if not target.exists():
        return
    if target.samefile(source):
        raise UsageError("that is the ledger itself", hint="name another file, best on another disk")
    try:
        with closing(sqlite3.connect(f"{target.resolve().as_uri()}?mode=ro", uri=True)) as earlier:
            is_backup = earlier.execute("SELECT copied_at FROM ledger").fetchone()[0] is not None
    except (sqlite3.Error, TypeError):
        is_backup = False
    if not is_backup:
        raise UsageError(f"{target} exists and is no earlier backup; it was left alone", hint="name another file")


def _mark_and_look_through(copy: sqlite3.Connection, now: datetime) -> int:
    """Write into the copy that it is one, and see that it is whole. Returns how many events it holds."""
    copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
    at = now.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    copy.execute("UPDATE ledger SET copied_at = COALESCE(copied_at, ?)", (at,))  # a copy of a copy is as old as that
    copy.commit()
    found = copy.execute("PRAGMA integrity_check").fetchone()[0]
    loose = copy.execute("PRAGMA foreign_key_check").fetchone()
    counted, there = copy.execute("SELECT events, (SELECT count(*) FROM events) FROM ledger").fetchone()
    if found != "ok" or loose is not None or counted != there:
        raise NeedsAPerson(
            f"the ledger is damaged: {found if found != 'ok' else 'its tables do not fit together'}; "
            "the copy was not kept, and earlier backups were not touched",
            hint="keep the file as it is, stop sending (`hold`), and compare with the newest good backup",
        )
    return int(there)


class BackupRepository(Repository, BackupReads):
    """A backup that becomes the ledger."""

    @transaction("mark_as_copy")
    def mark_as_copy(self, connection: Connection, *, copied_at: datetime, who: str, now: datetime) -> None:
        """Say that this database was put back from a copy that was made then."""
        connection.execute(update(ledger).values(copied_at=copied_at))
        append(connection, at=now, kind="ledger.marked-as-copy", who=who, copied_at=copied_at)

    def may_have_gone(self, mode: str, *, now: datetime) -> tuple[Delivery, ...]:
        """What was due by now and waits, or was closed when a copy was put back, by due time."""
        due = (deliveries.c.mode == mode, deliveries.c.due_at <= now)
        open_or_missed = or_(waits_in(State.SCHEDULED, State.HELD), deliveries.c.state == str(State.MISSED))
        in_order = (deliveries.c.due_at, deliveries.c.channel, deliveries.c.id)
        due_by_now = self._deliveries(select(deliveries).where(*due, open_or_missed).order_by(*in_order))
        return tuple(d for d in due_by_now if d.state is not State.MISSED or d.was_restored)

    def take_over(self, *, now: datetime) -> Restoration | None:
        """Make a backup the ledger: what is due is missed. None when it is the ledger already.

        Nothing that falls due later is touched: it cannot have gone out before its time. So the clock has to be right.
        Raises NeedsAPerson, and stays a backup, while the clock is behind the instant at which the copy was made.
        """
        if self.copied_at() is None:
            return None
        with self._database.write("take_over") as connection:
            copied_at = connection.execute(select(ledger.c.copied_at)).scalar()
            if copied_at is None:
                return None
            if now < copied_at:  # what went out between this wrong instant and the right one would go out again
                raise NeedsAPerson(
                    f"this is a backup of {utc_words(copied_at)}, and the clock says {utc_words(now)}, "
                    "which is earlier; nothing is sent",
                    hint="set the clock right; or, if that was not the time of the copy: db restored --of TIME",
                )
            due = select(deliveries.c.id).where(deliveries.c.due_at <= now)
            closed = _close(connection, connection.execute(due).scalars().all(), copied_at, now)
            in_doubt = doubt_letters_of_a_copy(connection, now)
            connection.execute(update(ledger).values(copied_at=None, answered_at=now))
            append(
                connection,
                at=now,
                kind="ledger.restored",
                who="start",
                copied_at=copied_at,
                missed=len(closed),
                letters=in_doubt,
            )
            return Restoration(copied_at, with_counts(connection, by_due_time(closed)))

    @transaction("resolve_restored")
    def resolve_restored(
        self, connection: Connection, delivery_id: int, *, sent: bool, who: str, reference: str = "", now: datetime
    ) -> bool:
        """A person says what became of a delivery that was due when a backup was put back.

        Not sent: it waits again, if its window is open. False when it is no such delivery, or the window is closed.
        """
        row = read_delivery(connection, delivery_id)
        if row is None or row["state"] not in _WAS_RESTORED or not _is_restored(row):
            return False
        if not sent and row["expires_at"] <= now:
            return False
        name, named = person(who), without_addresses(reference) or None
        code = ReasonCode.SETTLED_SENT if sent else ReasonCode.SETTLED_NOT_SENT
        reasons = (because(code, who=name, reference=named) if sent else because(code, who=name),)
        verbs = (Verb.RETRY, Verb.TAKE, Verb.ACCEPT) if sent else (Verb.RETRY,)
        if row["opened_at"] is None:
            for verb in verbs:
                transition_all(connection, row, verb, now, reasons=reasons)
        else:
            missed = (batches.c.delivery_id == delivery_id, batches.c.state == str(State.MISSED))
            which = batches.c.id.in_(connection.execute(select(batches.c.id).where(*missed)).scalars().all())
            for verb in verbs:
                transition(connection, batches, verb, which, **why(reasons))
            refresh_delivery_state(connection, delivery_id, now)
        append(
            connection,
            at=now,
            kind=f"delivery.{Verb.FOUND_SENT if sent else Verb.FOUND_NOT_SENT}",
            who=who,
            delivery_id=delivery_id,
            reasons=as_data(reasons),
            reference=reference,
        )
        return True


_WAS_RESTORED = (State.MISSED, State.SENT, State.PARTLY_SENT)


def _is_restored(row: RowMapping) -> bool:
    return any(reason.code is ReasonCode.RESTORED for reason in from_text(row["reasons"]))


def close_what_may_have_gone(connection: Connection, delivery_ids: Iterable[int], now: datetime) -> None:
    """After the plan has changed: of these deliveries, miss what was due when a backup was put back.

    The ledger that was lost may have known, and sent, an item that the backup had not heard of yet.
    """
    ids = list(delivery_ids)
    if not ids:
        return
    restored_at = connection.execute(select(func.max(events.c.at)).where(events.c.kind == "ledger.restored")).scalar()
    if restored_at is None:
        return
    due = select(deliveries.c.id).where(deliveries.c.id.in_(ids), deliveries.c.due_at <= restored_at)
    _close(connection, connection.execute(due).scalars().all(), restored_at, now)


def _close(connection: Connection, delivery_ids: Iterable[int], copied_at: datetime, now: datetime) -> list[int]:
    """Miss what waits of these. Returns the ids of those that did."""
    query = select(deliveries).where(deliveries.c.id.in_(list(delivery_ids)), waits_in(State.SCHEDULED, State.HELD))
    reasons = (because(ReasonCode.RESTORED, copied_at=copied_at),)
    closed = []
    for row in all_rows(connection, query):
        if transition_all(connection, row, Verb.EXPIRE, now, reasons=reasons):
            closed.append(row["id"])
            append(
                connection,
                at=now,
                kind="delivery.missed",
                who="start",
                delivery_id=row["id"],
                item=row["item"],
                channel=row["channel"],
                expires_at=row["expires_at"],
                reasons=as_data(reasons),
            )
    return closed
