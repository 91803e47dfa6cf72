"""Ledgers from before the first revision was frozen.

Its file was changed in place eight times, so that nine forms of the tables say of themselves that they are "0001". They
are told apart by their tables and columns, and brought into the ninth, which is the frozen one: what is in them is put
aside, the tables are made anew by that revision, and all of it is put back. From there the revisions lead on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import Connection, MetaData, text

from .schema import Columns

FIRST = "0001"

#: What each form had more than the one before; an empty set stands for the whole table. The second form comes first.
_ADDED: tuple[Mapping[str, frozenset[str]], ...] = (
    {"proofs": frozenset(), "receipts": frozenset()},
    {
        "signatures": frozenset({"expires_on"}),
        "comments": frozenset(),
        "change_requests": frozenset(),
        "invitations": frozenset(),
        "packets": frozenset(),
    },
    {
        "deliveries": frozenset({"audience"}),
        "batches": frozenset({"not_after_at", "first_item"}),
        "subscribers": frozenset({"cadence", "cadence_since_at", "paused_until_at", "asked_for_more_at"}),
        "cadences": frozenset(),
        "consents": frozenset(),
        "confirmations": frozenset(),
        "sign_ups": frozenset(),
        "hashed_suppressions": frozenset(),
    },
    {
        "people": frozenset(),
        "sign_in_links": frozenset(),
        "sessions": frozenset(),
        "sign_in_tries": frozenset(),
        "api_keys": frozenset(),
    },
    {"batches": frozenset({"tried_at"})},
    {"file_edits": frozenset()},
    {"deliveries": frozenset({"skipped_at"})},
    {"letters": frozenset()},
)
#: How many forms there are; the last is the frozen one.
FORMS = len(_ADDED) + 1

#: What stands in a column that an early form did not have, or had other words in. ``early_`` is the table put aside.
_FILLED: Mapping[tuple[str, str], str] = {
    ("subscribers", "cadence"): "'daily'",
    ("subscribers", "cadence_since_at"): "created_at",
    # Whoever must not be written to was "unsubscribed", whatever the reason; that stood beside the address.
    ("subscribers", "state"): (
        "CASE WHEN state <> 'unsubscribed' THEN state ELSE COALESCE((SELECT reason FROM early_suppressions AS s "
        "WHERE s.address_key = early_subscribers.address_key AND s.reason IN ('bounced', 'complained')), 'left') END"
    ),
}


def form_of(found: Columns, frozen: Columns) -> int | None:
    """Which form this is, from 1 to ``FORMS``; None for none of them. ``frozen``: tables and columns of the last."""
    form, columns = FORMS, frozen
    ours = frozenset(pair for pair in found if pair[0] != "alembic_version")
    for added in reversed(_ADDED):
        if ours == columns:
            return form
        columns = frozenset((t, c) for t, c in columns if t not in added or (added[t] and c not in added[t]))
        form -= 1
    return form if ours == columns else None


def bring_up(connection: Connection, found: Columns, make_first_tables: Callable[[], None]) -> None:
    """Bring an early form into the frozen one, in the transaction of ``connection``.

    Raises nothing of its own: a row that does not fit is refused by the new table, and all is as it was before.
    """
    tables = sorted({table for table, _ in found if table != "alembic_version"})
    for table in tables:
        connection.execute(text(f"CREATE TEMPORARY TABLE early_{table} AS SELECT * FROM {table}"))  # noqa: S608
    if connection.dialect.name == "sqlite":
        for table in tables:
            connection.execute(text(f"DROP TABLE {table}"))
    else:
        connection.execute(text(f"DROP TABLE {', '.join(tables)}"))
        for function in ("append_only", "events_append_only"):
            connection.execute(text(f"DROP FUNCTION IF EXISTS {function}()"))
    connection.execute(text("DELETE FROM alembic_version"))
    make_first_tables()
    made = MetaData()
    made.reflect(connection, only=tables)
    for table in (one.name for one in made.sorted_tables):  # what others point at comes first
        _put_back(connection, table, [c for t, c in sorted(found) if t == table])
    for table in tables:
        connection.execute(text(f"DROP TABLE early_{table}"))


def _put_back(connection: Connection, table: str, columns: list[str]) -> None:
    filled = [c for t, c in _FILLED if t == table and c not in columns]
    values = [_FILLED.get((table, c), c) for c in columns] + [_FILLED[table, c] for c in filled]
    names = ", ".join((*columns, *filled))
    statement = f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} FROM early_{table}"  # noqa: S608
    connection.execute(text(statement))
    if connection.dialect.name == "sqlite" or "id" not in columns:
        return
    numbers = connection.execute(text(f"SELECT pg_get_serial_sequence('{table}', 'id')")).scalar()
    if numbers is not None:  # the next number comes after those that are there
        last = f"SELECT setval('{numbers}', max(id)) FROM {table} HAVING max(id) IS NOT NULL"  # noqa: S608
        connection.execute(text(last))
