"""Rows as the records that they stand for, of whatever connection answered. Needs nothing of SQLAlchemy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from ..domain.delivery import State
from ..domain.reason import from_text
from ..domain.records import Batch, Counts, Delivery
from .plain_sql import aware

if TYPE_CHECKING:
    from _typeshed import DataclassInstance
    from sqlalchemy import RowMapping

    from .plain_sql import Tables

Each = TypeVar("Each")
R = TypeVar("R", bound="DataclassInstance")

#: Columns that hold a day. An instant is called ``at``, or ``..._at``.
DAYS = frozenset({"ends_on", "expires_on", "last_used_on", "on_date", "read_on", "signed_on"})


def _day(stored: str | date) -> date:
    return date.fromisoformat(stored) if isinstance(stored, str) else stored


@lru_cache(maxsize=256)
def _reading(names: tuple[str, ...]) -> tuple[tuple[int, Callable[[Any], Any]], ...]:
    """Which columns are not read as they are stored."""
    found: list[tuple[int, Callable[[Any], Any]]] = []
    for place, name in enumerate(names):
        if name == "at" or name.endswith("_at"):
            found.append((place, aware))
        elif name in DAYS:
            found.append((place, _day))
    return tuple(found)


def tuples_of(connection: Tables, statement: str, /, **values: Any) -> list[list[Any]]:
    """All rows of an answer, in the order of their columns."""
    return _asked(connection, statement, values)[1]


def rows_of(connection: Tables, statement: str, /, **values: Any) -> list[dict[str, Any]]:
    """All rows of an answer, by the names of their columns."""
    names, rows = _asked(connection, statement, values)
    return [dict(zip(names, row, strict=True)) for row in rows]


def value_of(connection: Tables, statement: str, /, **values: Any) -> Any:
    """The first column of the first row; None where there is none."""
    rows = tuples_of(connection, statement, **values)
    return rows[0][0] if rows else None


def _asked(connection: Tables, statement: str, values: Mapping[str, Any]) -> tuple[tuple[str, ...], list[list[Any]]]:
    names, stored = connection.table(statement, **values)
    rows = [[*row] for row in stored]
    for place, read in _reading(names):
        for row in rows:
            if row[place] is not None:
                row[place] = read(row[place])
    return names, rows


def listed(values: Sequence[object], name: str) -> tuple[str, dict[str, object]]:
    """Values in brackets behind IN, with what they are called there."""
    named = {f"{name}{number}": value for number, value in enumerate(values)}
    return f"({', '.join(f':{each}' for each in named)})", named


def row_to(
    kind: type[R], renamed: Mapping[str, str] | None = None, /, **stored: Callable[[Any], Any]
) -> Callable[[Mapping[str, Any] | RowMapping], R]:
    """How a row becomes the value whose fields are named like its columns.

    ``renamed``: field -> column, where they are not; ``stored``: field -> what makes its value of what is stored. A
    field without a column keeps its default.
    """
    columns = {field.name: (renamed or {}).get(field.name, field.name) for field in fields(kind)}

    def make(row: Mapping[str, Any] | RowMapping) -> R:
        values = {name: row[column] for name, column in columns.items() if column in row}
        return kind(**values | {name: convert(values[name]) for name, convert in stored.items()})

    return make


def parts_of(values: Sequence[Each], at_once: int = 400) -> Iterator[Sequence[Each]]:
    """A statement takes a limited number of values."""
    return (values[start : start + at_once] for start in range(0, len(values), at_once))


# -- deliveries and batches -------------------------------------------------------------------------------------


def _as_items(words: str) -> frozenset[str]:
    return frozenset(words.split())


as_delivery = row_to(Delivery, {"on": "on_date", "detail": "note"}, state=State, reasons=from_text)
as_batch = row_to(Batch, state=State, reasons=from_text, left_out=_as_items, only_items=_as_items)

#: Which count a batch's readers belong to, by the batch's state.
_COUNTED_AS = {
    State.SENT: "accepted",
    State.FAILED: "failed",
    State.UNKNOWN: "unknown",
    State.MISSED: "skipped",
    State.SKIPPED: "skipped",
    State.CANCELLED: "skipped",
    State.SCHEDULED: "waiting",
    State.HELD: "waiting",
    State.SENDING: "waiting",
}
#: Of so many deliveries at once; a lane looks at one, mostly. A statement is always one of two, and made once.
_AT_ONCE = 64
_OF = {size: listed(range(size), "of")[0] for size in (1, _AT_ONCE)}
_SUMS = {
    size: f"SELECT delivery_id, state, skipped, size FROM batch_counts WHERE calls > 0 AND delivery_id IN {of}"
    for size, of in _OF.items()
}
_REFERENCES = {
    size: f"SELECT delivery_id, reference FROM batches WHERE delivery_id IN {of} AND reference != ''"
    for size, of in _OF.items()
}


def counted(connection: Tables, rows: Sequence[Mapping[str, Any] | RowMapping]) -> tuple[Delivery, ...]:
    """These rows of deliveries with the sums over their batches: one question for all of them."""
    sums: dict[int, Counter[str]] = {row["id"]: Counter() for row in rows}
    for delivery_id, name, skipped, size in _about(connection, _SUMS, [*sums]):
        into, called = sums[delivery_id], int(size) - int(skipped)
        into.update({"skipped": int(skipped), "left_out": int(skipped)})
        into[_COUNTED_AS[State(name)]] += called
        if name == State.MISSED:
            into["missed"] = called
    posts = [row["id"] for row in rows if row["kind"] == "post" and row["opened_at"] is not None]
    references = {delivery_id: str(reference) for delivery_id, reference in _about(connection, _REFERENCES, posts)}
    return tuple(
        replace(
            as_delivery(row),
            counts=Counts(frozen=row["frozen"], **sums[row["id"]]),
            reference=references.get(row["id"], ""),
        )
        for row in rows
    )


def _about(connection: Tables, statements: Mapping[int, str], ids: Sequence[int]) -> Iterator[list[Any]]:
    for part in parts_of(ids, _AT_ONCE):
        size = 1 if len(part) == 1 else _AT_ONCE
        filled = [*part, *[part[-1]] * (size - len(part))]
        yield from tuples_of(connection, statements[size], **{f"of{n}": one for n, one in enumerate(filled)})
