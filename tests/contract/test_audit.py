"""The history shows what was done to it: each kind of tampering is found, and an exported file finds the rest."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from scheduler.domain.records import ChainReport
from scheduler.errors import UsageError
from scheduler.review.audit_csv import COLUMNS, against, audit_rows, read_anchor
from scheduler.store import Ledger
from scheduler.store.events import FIRST, LOOKED_AT_AGAIN
from scheduler.store.plain_sql import event_hash
from scheduler.store.tables import events

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.fixture
def told(ledger: Ledger) -> Ledger:
    """Five events."""
    for n in range(5):
        ledger.holds.set("x", who="Ada", why=f"hold {n}", now=NOW)
    return ledger


def tamper(ledger: Ledger, *statements: str) -> None:
    """Past the program and past the database's own rule."""
    with ledger._database.write("test") as connection:
        if ledger._database.is_sqlite:
            for verb in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS events_no_{verb}"))
        else:
            connection.execute(text("ALTER TABLE events DISABLE TRIGGER USER"))
        for statement in statements:
            connection.execute(text(statement))


def rewrite(ledger: Ledger) -> None:
    """Every hash anew, from the first line on, and the head as well: what somebody who knows the program would do."""
    with ledger._database.write("test") as connection:
        previous = FIRST
        rows = connection.execute(select(events).order_by(events.c.id)).mappings().all()
        for number, row in enumerate(rows, 1):
            line = event_hash(number, row["at"], row["kind"], row["who"], row["delivery_id"], row["data"], previous)
            connection.execute(
                events.update().where(events.c.id == row["id"]).values(id=number, previous=previous, hash=line)
            )
            previous = line
        connection.execute(text(f"UPDATE ledger SET events = {len(rows)}, last_hash = '{previous}'"))


FORGED = (
    "INSERT INTO events (id, at, kind, who, data, previous, hash) "
    "SELECT {id}, at, 'approval.given', 'Eve', data, previous, hash FROM events WHERE id = {like}"
)
TAMPERING = {
    "words": (["UPDATE events SET data = '{}' WHERE id = 3"], 3, "changed"),
    "who": (["UPDATE events SET who = 'Eve' WHERE id = 1"], 1, "changed"),
    "when": (["UPDATE events SET at = '2026-11-30 12:00:00' WHERE id = 2"], 2, "changed"),
    "kind": (["UPDATE events SET kind = 'hold.released' WHERE id = 5"], 5, "changed"),
    "hash": (["UPDATE events SET hash = previous WHERE id = 4"], 4, "changed"),
    "taken out at the start": (["DELETE FROM events WHERE id = 1"], 2, "event 1 is missing"),
    "taken out": (["DELETE FROM events WHERE id = 3"], 4, "event 3 is missing"),
    "taken out and closed up": (
        [
            "DELETE FROM events WHERE id = 3",
            "UPDATE events SET id = 3 WHERE id = 4",
            "UPDATE events SET id = 4 WHERE id = 5",
        ],
        3,
        "changed",
    ),
    "cut off": (["DELETE FROM events WHERE id >= 4"], None, "ends after 3 events; 5 were written"),
    "put in at the end": ([FORGED.format(id=6, like=5)], 6, "changed"),
    "put in before": (["UPDATE events SET id = id + 10", FORGED.format(id=1, like=11)], None, ""),
    "exchanged": (
        [
            "UPDATE events SET id = 90 WHERE id = 2",
            "UPDATE events SET id = 2 WHERE id = 3",
            "UPDATE events SET id = 3 WHERE id = 90",
        ],
        2,
        "changed",
    ),
    "all": (["DELETE FROM events"], None, "ends after 0 events"),
    "head": (["UPDATE ledger SET events = 4"], None, "ends after 5 events; 4 were written"),
}


@pytest.mark.parametrize("name", TAMPERING)
def test_each_kind_of_tampering_is_found(told: Ledger, name: str) -> None:
    """Changed, taken out, put in, exchanged, cut off: where it was done is said."""
    assert told.events.verify().is_whole
    statements, where, said = TAMPERING[name]
    tamper(told, *statements)
    report = told.events.verify()
    assert not report.is_whole
    assert said in report.reason
    if where is not None:
        assert where == report.broken_at


# -- what a page looks at ---------------------------------------------------------------------------------


@pytest.fixture
def long(ledger: Ledger) -> Ledger:
    """More events than are looked at again."""
    for n in range(LOOKED_AT_AGAIN + 20):
        ledger.events.record("test", who="Ada", now=NOW, number=n)
    assert ledger.events.verify_newest(now=NOW).is_whole
    return ledger


@pytest.mark.parametrize("name", TAMPERING)
def test_a_page_finds_what_was_done_to_the_lines_that_it_shows(told: Ledger, name: str) -> None:
    """It says the same of it as a walk over the whole history, and goes on saying it."""
    assert told.events.verify_newest(now=NOW).is_whole
    tamper(told, *TAMPERING[name][0])
    found = [told.events.verify_newest(now=NOW + timedelta(minutes=n)) for n in range(2)]
    assert [told.events.verify()] * 2 == [replace(report, whole_at=None) for report in found]


def test_a_page_walks_over_all_of_it_once_a_day(long: Ledger) -> None:
    """An old line that was changed in between is found by every walk over all of it, and by the page a day later."""
    tamper(long, "UPDATE events SET who = 'Eve' WHERE id = 3")
    long.events.record("test", who="Ada", now=NOW)
    later = long.events.verify_newest(now=NOW + timedelta(hours=23))
    assert (True, LOOKED_AT_AGAIN + 21, NOW) == (later.is_whole, later.events, later.whole_at)
    assert 3 == long.events.verify().broken_at
    assert 3 == long.events.verify_newest(now=NOW + timedelta(days=1)).broken_at
    assert 3 == long.events.verify_newest(now=NOW + timedelta(days=1)).broken_at


def test_a_clock_that_was_set_back_makes_a_page_walk_over_all_of_it(long: Ledger) -> None:
    tamper(long, "UPDATE events SET who = 'Eve' WHERE id = 3")
    assert 3 == long.events.verify_newest(now=NOW - timedelta(minutes=1)).broken_at


def test_a_page_finds_that_the_whole_history_was_rewritten_under_it(long: Ledger) -> None:
    """By the hash of the last line that it knew; a walk over all of it, in another process, cannot."""
    tamper(long, "UPDATE events SET who = 'Eve' WHERE id = 3")
    rewrite(long)
    assert long.events.verify().is_whole
    assert [False] * 3 == [long.events.verify_newest(now=NOW + timedelta(days=n)).is_whole for n in (0, 0, 1)]


def test_older_lines_come_by_the_number_of_the_last_one(told: Ledger) -> None:
    first = told.events.newest(limit=2)
    assert [3, 2] == [e.id for e in told.events.newest(limit=2, before=first[-1].id)]
    assert () == told.events.newest(before=1)


# -- the exported file ----------------------------------------------------------------------------------


def in_parts(ledger: Ledger, size: int = 2) -> Iterator:
    after = 0
    while part := ledger.events.in_order(after=after, limit=size):
        yield from part
        after = part[-1].id


def exported(ledger: Ledger) -> str:
    return "".join(audit_rows(in_parts(ledger)))


def held_against(ledger: Ledger, file: str) -> ChainReport:
    return against(read_anchor(file, "a.csv"), in_parts(ledger))


def test_the_file_holds_every_event_in_order(told: Ledger) -> None:
    """However many are read at once."""
    rows = list(csv.DictReader(io.StringIO(exported(told))))
    assert [str(n) for n in range(1, 6)] == [r["id"] for r in rows]
    assert list(COLUMNS) == list(rows[0])
    assert rows[-1]["hash"] == told.events.newest(limit=1)[0].hash


def test_what_came_later_does_not_speak_against_an_older_file(told: Ledger) -> None:
    """The file holds a beginning of the history."""
    file = exported(told)
    told.holds.set("x", who="Ada", why="later", now=NOW)
    assert held_against(told, file).is_whole


def test_a_history_that_was_rewritten_is_found_by_the_file_alone(told: Ledger) -> None:
    """The chain is whole again; the hashes are not those that were exported."""
    file = exported(told)
    tamper(told, "UPDATE events SET who = 'Eve' WHERE id = 3")
    rewrite(told)
    assert told.events.verify().is_whole
    assert (3, False) == (held_against(told, file).broken_at, held_against(told, file).is_whole)


def test_an_event_that_was_taken_out_with_all_its_traces_is_found(told: Ledger) -> None:
    """At the end too, where nothing follows that would not fit."""
    file = exported(told)
    tamper(told, "DELETE FROM events WHERE id = 5")
    rewrite(told)
    assert told.events.verify().is_whole
    assert 5 == held_against(told, file).broken_at


def test_no_cell_is_a_formula_and_none_holds_an_address(ledger: Ledger) -> None:
    """Whoever opens the file in a spreadsheet runs nothing."""
    for name in ("=HYPERLINK(1)", "+1", "-1", "@SUM", "\t=1", "ann@example.org"):
        ledger.holds.set("x", who=name, why=name, now=NOW)
    file = exported(ledger)
    assert "@example" not in file
    for row in csv.reader(io.StringIO(file)):
        for cell in row:
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), cell


@pytest.mark.parametrize(
    "text",
    ["", "id;hash\r\n", "a,b\r\n1,2\r\n", "id,hash\r\nx,y\r\n", "id,hash\r\n1,\r\n", 'id,hash\r\n"1,' + "0" * 64],
)
def test_a_file_that_is_none_is_refused(text: str) -> None:
    """Not taken for one that holds nothing."""
    with pytest.raises(UsageError):
        read_anchor(text, "a.csv")


def test_a_file_that_a_spreadsheet_has_saved_again_is_still_good(told: Ledger) -> None:
    """With a byte order mark, other columns' order, quotes everywhere."""
    rows = list(csv.DictReader(io.StringIO(exported(told))))
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(reversed(COLUMNS)), quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    assert held_against(told, "\ufeff" + out.getvalue()).is_whole
