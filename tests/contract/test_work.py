"""How much is done for one batch of a mailing: counted, and held to the ceilings in tests/data/ceilings.toml."""

from __future__ import annotations

import os
import re
import shutil
import tomllib
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import event, text

from scheduler.domain.delivery import State
from scheduler.domain.reason import Reason, ReasonCode, because, from_text, to_text
from scheduler.domain.receipt import Barred
from scheduler.domain.subscriber import NewSubscriber
from scheduler.engine.dispatcher import TickResult
from scheduler.engine.outside import ClockCheck
from scheduler.store import Ledger, open_ledger
from scheduler.store.barring import suppress
from scheduler.store.events import append
from scheduler.store.repository import KEY_OF_REASONS, refresh_delivery_state
from scheduler.store.tables import batches as batch_rows
from tests.support.world import World, a_post, an_email

DUE = datetime(2027, 1, 2, 10, tzinfo=UTC)
CEILINGS = tomllib.loads((Path(__file__).parents[1] / "data" / "ceilings.toml").read_text(encoding="utf-8"))
#: So often the steps of SQLite are counted.
STEPS = 10


def work_of(ledger: Ledger, folder: Path, monkeypatch: pytest.MonkeyPatch, batches: int, posts: int) -> Counter[str]:
    """What the pass that mails so many batches does, or makes so many posts: statements, commits, waits of the journal
    for the disk, and steps of SQLite."""
    counted, engine, fsync = Counter[str](), ledger._database.engine, os.fsync

    def adds(what: str, many: int = 1) -> Callable[..., None]:
        def add(*whatever: object) -> None:
            counted[what] += many

        return add

    def to_disk(file: int) -> None:
        counted["journal_fsyncs"] += 1
        fsync(file)

    messages = [an_email("day-1"), an_email("day-2", on=DUE.date())]
    if posts:
        messages = [a_post(f"post-{number}", on=DUE.date()) for number in range(posts)]
    world = World(ledger, messages, readers=2 * batches, batch_limit=2, journal=folder / f"journal-{batches}")
    world.clock_check = ClockCheck(ledger, world.clock, world.clock, (), lambda address: None, host="here")
    tick = world.new_tick(fingerprint=(lambda: "one") if posts else None)
    world.run_at(DUE - timedelta(hours=1))  # what is done once for a season or a process
    due = ledger.deliveries.due_first("live", now=DUE).posts if posts else ()
    ready = tick.make_ready("x", due, due_at=DUE)
    assert posts == len(ready)
    event.listen(engine, "before_cursor_execute", adds("statements"))
    event.listen(engine, "commit", adds("commits"))
    event.listen(engine, "checkout", lambda connection, *more: connection.set_progress_handler(adds("steps"), STEPS))
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", to_disk)
        if posts:  # as where the alarm finds that nothing else is due
            world.clock.advance(DUE - world.clock.now())
            result = TickResult(DUE)
            tick.drain("x", result, posts=due, ready=ready)
        else:
            result = world.run_at(DUE)
    assert (posts or batches) == result.sent
    return counted


@pytest.fixture
def work(tmp_path: Path, migrated_file: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Counter[str]]:
    """The work of a mailing of so many batches, or of so many posts, in a ledger of its own."""
    names = count()

    def measure(batches: int = 1, posts: int = 0) -> Counter[str]:
        path = tmp_path / f"{next(names)}.db"
        shutil.copy(migrated_file, path)
        ledger = open_ledger(f"sqlite:///{path}")
        try:
            return work_of(ledger, tmp_path, monkeypatch, batches, posts)
        finally:
            ledger.close()

    return measure


def test_a_batch_takes_no_more_than_its_ceilings(work: Callable[..., Counter[str]]) -> None:
    """Ten batches more take ten times the work of one, whatever is done once for a mailing; and a batch of a long
    mailing takes no more than one of a short mailing: nothing that is done for one walks through the others."""
    few, more, many = work(10), work(20), work(160)
    ceilings = CEILINGS["batch"]
    each = {name: (more[name] - few[name]) / 10 for name in ("statements", "commits", "journal_fsyncs")}
    grown = ((many["steps"] - more["steps"]) / 140) / ((more["steps"] - few["steps"]) / 10)
    found = {**each, "grows_with_batches": grown}
    assert {} == {name: amount for name, amount in found.items() if amount > ceilings[name]}
    assert (2, 2) == (each["commits"], each["journal_fsyncs"]), "what is counted is there"


def test_a_post_takes_no_more_than_its_ceilings(work: Callable[..., Counter[str]]) -> None:
    """From its instant to its end in the ledger, of which others that are due then may wait."""
    few, more = work(posts=5), work(posts=15)
    each = {name: (more[name] - few[name]) / 10 for name in CEILINGS["post"]}
    assert {} == {name: amount for name, amount in each.items() if amount > CEILINGS["post"][name]}, each
    assert 2 == each["commits"], "what is counted is there"


def test_when_something_last_happened_is_found_without_a_walk(tmp_path: Path, migrated_file: Path) -> None:
    """It is asked before each call: as many steps in a history of two thousand lines as in one of twenty."""
    shutil.copy(migrated_file, tmp_path / "long.db")
    ledger, steps = open_ledger(f"sqlite:///{tmp_path / 'long.db'}"), Counter[str]()
    event.listen(
        ledger._database.engine,
        "checkout",
        lambda connection, *more: connection.set_progress_handler(lambda: steps.update(("steps",)), STEPS),
    )

    def steps_with(lines: int) -> int:
        with ledger._database.write("test") as connection:
            for number in range(lines):
                append(connection, at=DUE + timedelta(seconds=number), kind="note", who="Ada", delivery_id=None)
        steps.clear()
        assert ledger.events.newest_at() == DUE + timedelta(seconds=lines - 1)
        return steps["steps"]

    few = steps_with(20)
    assert steps_with(2_000) <= few + 5
    ledger.close()


@pytest.mark.parametrize("barred", [0, 7])
def test_an_import_asks_of_many_at_once(ledger: Ledger, barred: int) -> None:
    """However many rows are added in one go, and whether or not some are barred: the same number of statements."""
    counted = Counter[str]()
    event.listen(ledger._database.engine, "before_cursor_execute", lambda *more: counted.update(("statements",)))
    numbers = count()
    with ledger._database.write("test") as connection:
        for number in range(barred):
            suppress(connection, f"reader-{number}@example.org", "spring", reason=str(Barred.COMPLAINED), at=DUE)

    def statements(rows: int) -> int:
        new = [NewSubscriber(f"reader-{next(numbers)}@example.org") for _ in range(rows)]
        counted.clear()
        ledger.subscribers.add_many("spring", new, now=DUE)
        return counted["statements"]

    statements(10)  # whoever is barred is among these
    assert {"active": 10 - barred, "suppressed": barred} == ledger.subscribers.count("spring")
    assert statements(10) == statements(1000) <= CEILINGS["import"]["statements"]


#: What a delivery may find in its batches, with what it says then.
UNSENT, LEFT = (because(ReasonCode.WAVE_MISSED),), (because(ReasonCode.ALL_LEFT),)


@pytest.mark.parametrize(
    ("rows", "state", "reasons"),
    [
        ([(State.SENT, (), 5, 0)] * 3, State.SENT, ()),
        ([(State.SENT, (), 5, 0), (State.FAILED, UNSENT, 5, 0)], State.PARTLY_SENT, UNSENT),
        ([(State.SENT, (), 5, 0), (State.SKIPPED, LEFT, 5, 5)], State.SENT, ()),
        ([(State.SENT, (), 5, 0), (State.SCHEDULED, (), 5, 0)], State.SENDING, ()),
        ([(State.SCHEDULED, (), 5, 0)] * 2, State.SCHEDULED, ()),
        ([(State.SENDING, (), 5, 0), (State.FAILED, UNSENT, 5, 0)], State.SENDING, UNSENT),
        ([(State.UNKNOWN, LEFT, 5, 0), (State.FAILED, UNSENT, 5, 0)], State.UNKNOWN, (*LEFT, *UNSENT)),
        ([(State.FAILED, UNSENT, 5, 0), (State.FAILED, LEFT, 5, 0), (State.SENT, (), 1, 0)], State.PARTLY_SENT, None),
    ],
)
def test_a_delivery_says_what_is_in_its_batches(
    ledger: Ledger,
    rows: list[tuple[State, tuple[Reason, ...], int, int]],
    state: State,
    reasons: tuple[Reason, ...] | None,
) -> None:
    """From one kind of batches to the next by an index: the same as looking at each."""
    world = World(ledger, [an_email("day-2", on=DUE.date())], readers=1)
    world.run_at(DUE - timedelta(hours=1))
    (delivery,) = ledger.deliveries.of_season("live", world.rehearse().plan.key)
    with ledger._database.write("test") as connection:
        for number, (of, why, size, skipped) in enumerate(rows, 1):
            same = {"delivery_id": delivery.id, "send_id": f"s{number}", "not_before_at": DUE}
            values = {"number": number, "state": str(of), "reasons": to_text(why), "size": size, "skipped": skipped}
            connection.execute(batch_rows.insert().values(**same, **values))
        assert state is refresh_delivery_state(connection, delivery.id, DUE)
    after = ledger.deliveries.find(delivery.id)
    assert after is not None
    assert set(after.reasons) == set((*UNSENT, *LEFT) if reasons is None else reasons)
    assert from_text(to_text(after.reasons)) == after.reasons


def test_what_is_in_batches_is_found_without_reading_all(ledger: Ledger) -> None:
    """By each database's own plan: of a thousand batches PostgreSQL read all of them, twice for each call, to join the
    three that were wanted."""
    world = World(ledger, [an_email("day-2", on=DUE.date())], readers=1)
    world.run_at(DUE - timedelta(hours=1))
    (delivery,) = ledger.deliveries.of_season("live", world.rehearse().plan.key)
    same = {"delivery_id": delivery.id, "not_before_at": DUE, "size": 5, "state": str(State.SENT)}
    rows = [{**same, "number": number, "send_id": f"s{number}"} for number in range(1, 1_001)]
    asked = list[tuple[str, Any]]()
    with ledger._database.write("test") as connection:
        connection.execute(batch_rows.insert(), rows)
        connection.exec_driver_sql("ANALYZE")
        event.listen(ledger._database.engine, "before_cursor_execute", lambda *call: asked.append(call[2:4]))
        assert State.SENT is refresh_delivery_state(connection, delivery.id, DUE)
        ((statement, values),) = (one for one in asked if "RECURSIVE" in one[0])
        how = "EXPLAIN" if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
        plan = "\n".join(str(row[-1]) for row in connection.exec_driver_sql(f"{how} {statement}", values))
    assert "ix_batches_delivery_id_state_reasons_id" in plan
    assert [] == re.findall(r"Seq Scan on batches.*|SCAN (?:found|batches).*", plan)


def test_reasons_may_be_longer_than_a_row_of_an_index(ledger: Ledger) -> None:
    """People's words stand in reasons, and whatever they wrote, how a call ended is written down; and those that begin
    alike are not the same."""
    dice = Random(1)
    long = [
        because(
            ReasonCode.FINDING, finding="X001", says="".join(chr(dice.randrange(0x4E00, 0x9FA0)) for _ in range(4000))
        )
        for _ in range(3)
    ]
    world = World(ledger, [an_email("day-2", on=DUE.date())], readers=1)
    world.run_at(DUE - timedelta(hours=1))
    (delivery,) = ledger.deliveries.of_season("live", world.rehearse().plan.key)
    with ledger._database.write("test") as connection:
        for number, why in enumerate([long, long[:1], [long[0], because(ReasonCode.ALL_LEFT)]], 1):
            same = {"delivery_id": delivery.id, "send_id": f"s{number}", "not_before_at": DUE, "number": number}
            values = {"state": str(State.FAILED), "reasons": to_text(why), "size": 5, "skipped": 0}
            connection.execute(batch_rows.insert().values(**same, **values))
        assert State.FAILED is refresh_delivery_state(connection, delivery.id, DUE)
    after = ledger.deliveries.find(delivery.id)
    assert after is not None
    assert {long[0].code, ReasonCode.ALL_LEFT} == {reason.code for reason in after.reasons}


def test_the_index_of_reasons_is_by_the_key_that_is_asked_for(ledger: Ledger) -> None:
    """Else PostgreSQL walks through all batches of a delivery, and finds the same."""
    asked = {
        "sqlite": "SELECT sql FROM sqlite_master WHERE name = :name",
        "postgresql": "SELECT indexdef FROM pg_indexes WHERE indexname = :name AND schemaname = current_schema()",
    }
    with ledger._database.read() as connection:
        dialect = connection.dialect.name
        name = {"name": "ix_batches_delivery_id_state_reasons_id"}
        made = str(connection.execute(text(asked[dialect]), name).scalar_one()).replace("(reasons)::text", "reasons")
    assert f"state, {KEY_OF_REASONS[dialect].format('reasons')}, id" in made
