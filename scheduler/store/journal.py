"""What the send journal asks of the ledger."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import RowMapping, or_, select

from ..ports import BegunAttempt
from .rows import Part
from .tables import attempts, ledger

#: A statement takes a limited number of values.
_AT_ONCE = 400


class JournalRows(Part):
    """Attempts, by their names."""

    def ledger_id(self) -> str:
        """What names this ledger, and each copy of it."""
        with self._database.read() as connection:
            return str(connection.execute(select(ledger.c.ledger_id)).scalar_one())

    def missing_attempts(self, tokens: Sequence[str]) -> tuple[str, ...]:
        """Those of these attempts that the ledger has never heard of."""
        known: set[str] = set()
        with self._database.read() as connection:
            for start in range(0, len(tokens), _AT_ONCE):
                part = attempts.c.token.in_(tokens[start : start + _AT_ONCE])
                known.update(connection.execute(select(attempts.c.token).where(part)).scalars())
        return tuple(token for token in tokens if token not in known)

    def unended_attempts(self, *, tokens: Sequence[str] = (), nodes: Sequence[str] = ()) -> tuple[BegunAttempt, ...]:
        """Attempts without an end that are one of these, or were begun by one of these processes; oldest first."""
        found: dict[str, RowMapping] = {}
        query = select(attempts).where(attempts.c.ended_at.is_(None)).order_by(attempts.c.started_at, attempts.c.token)
        with self._database.read() as connection:
            for start in range(0, max(len(tokens), 1), _AT_ONCE):
                which = or_(attempts.c.token.in_(tokens[start : start + _AT_ONCE]), attempts.c.node.in_(nodes))
                found |= {row["token"]: row for row in connection.execute(query.where(which)).mappings()}
        return tuple(
            BegunAttempt(row["token"], row["batch_id"], row["node"])
            for row in sorted(found.values(), key=lambda row: (row["started_at"], row["token"]))
        )
