"""A ledger in a SQLite file that is only looked at, by the driver alone: for `status` and a dry run.

What it cannot answer (a question that is not in :mod:`.reads`, a file that does not let itself be read) is asked of the
whole ledger, which is opened then, and says what is wrong. So nothing is known here that is not known there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from . import reads
from .plain_drivers import SqliteFile
from .plain_sql import schema_of

if TYPE_CHECKING:
    from .ledger import Ledger

_PARTS: dict[str, type[reads.Reads]] = {
    "accounts": reads.AccountReads,
    "approvals": reads.ApprovalReads,
    "armings": reads.ArmingReads,
    "attempts": reads.AttemptReads,
    "backups": reads.BackupReads,
    "calls": reads.CallReads,
    "change_requests": reads.ChangeRequestReads,
    "deliveries": reads.DeliveryReads,
    "edits": reads.EditReads,
    "events": reads.EventReads,
    "holds": reads.HoldReads,
    "invitations": reads.InvitationReads,
    "pauses": reads.PauseReads,
    "questions": reads.QuestionReads,
    "rehearsals": reads.RehearsalReads,
    "secret_keys": reads.SecretKeyReads,
    "senders": reads.SenderReads,
    "signatures": reads.SignatureReads,
    "subscribers": reads.SubscriberReads,
    "transactional_emails": reads.TransactionalEmailReads,
}


class PlainLedger:
    """Has the parts of a :class:`.ledger.Ledger`, and all else of it as soon as it is asked for."""

    def __init__(self, file: SqliteFile, open_whole: Callable[[], Ledger]) -> None:
        self._file, self._open_whole = file, open_whole
        self._opened: Ledger | None = None
        for name, kind in _PARTS.items():
            setattr(self, name, _Part(_over(kind, file), name, self.whole))

    def whole(self) -> Ledger:
        """The same ledger on SQLAlchemy."""
        if self._opened is None:
            self._opened = self._open_whole()
        return self._opened

    def __getattr__(self, name: str) -> Any:
        return getattr(self.whole(), name)

    def try_to_write(self, seconds: float) -> None:
        """As :meth:`.ledger.Ledger.try_to_write`."""
        try:
            self._file.try_to_write(seconds)
        except sqlite3.Error:
            self.whole().try_to_write(seconds)

    def close(self) -> None:
        self._file.close()
        if self._opened is not None:
            self._opened.close()


class _Part:
    """The looking half of a repository; what it cannot answer, the whole one is asked."""

    def __init__(self, plain: reads.Reads, name: str, open_whole: Callable[[], Ledger]) -> None:
        self._plain, self._name, self._open_whole = plain, name, open_whole

    def _whole(self) -> Any:
        return getattr(self._open_whole(), self._name)

    def __getattr__(self, name: str) -> Any:
        plain = getattr(self._plain, name, None)
        if plain is None:
            return getattr(self._whole(), name)

        def asked(*given: Any, **named: Any) -> Any:
            try:
                return plain(*given, **named)
            except (reads.NotInPlainSql, sqlite3.Error):
                return getattr(self._whole(), name)(*given, **named)

        return asked


def _over(kind: type[reads.Reads], file: SqliteFile) -> reads.Reads:
    part = kind()
    part.look = file.look  # type: ignore[method-assign]
    return part


@contextmanager
def _closed_where_it_fails(file: SqliteFile) -> Iterator[None]:
    try:
        yield
    except BaseException:
        file.close()
        raise


def open_plainly(url: str, schema: tuple[str, str], open_whole: Callable[[], Ledger]) -> Ledger | None:
    """The ledger at ``url``, to be looked at; None: it is of another kind, or not of this ``schema`` (revision and the
    fingerprint of its columns), or cannot be read."""
    if not url.startswith("sqlite:///") or "?" in url:
        return None
    try:
        file = SqliteFile(url.removeprefix("sqlite:///"))
        with _closed_where_it_fails(file), file.look() as connection:
            if schema_of(connection) != schema:
                raise LookupError("of another schema")
    except (OSError, LookupError, sqlite3.Error):
        return None
    return cast("Ledger", PlainLedger(file, open_whole))
