"""Backups of a ledger in use, and a backup that becomes the ledger: what was due is not sent again by itself."""

from __future__ import annotations

import os
import sqlite3
import stat
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scheduler.domain.delivery_words import why
from scheduler.domain.reason import ReasonCode
from scheduler.errors import NeedsAPerson, OutOfReach, UsageError
from scheduler.store import Ledger, open_ledger
from scheduler.store.backup import Backup, back_up
from tests.support.reasons import says
from tests.support.world import A_MONTH, World, a_post, an_email

MINUTE = timedelta(minutes=1)


def at(day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2027, 1, day, hour, minute, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path, migrated_file: Path) -> Path:
    path = tmp_path / "observance.db"
    path.write_bytes(migrated_file.read_bytes())
    return path


def a_world(path: Path, *, days: int = 4) -> World:
    on = [date(2027, 1, d) for d in range(1, days + 1)]
    messages = [m for d in on for m in (a_post(f"day-{d.day}", on=d), an_email(f"day-{d.day}", on=d))]
    return World(open_ledger(f"sqlite:///{path}"), messages, now=at(1, 0), readers=3)


def copy_of(path: Path, target: Path, now: datetime) -> Backup:
    return back_up(f"sqlite:///{path}", target, now=now)


def put_back(world: World, backup: Path, lived: World) -> World:
    """A new machine with the backup as its ledger, and the provider that the old machine has sent to."""
    again = World(open_ledger(f"sqlite:///{backup}"), world.messages, now=lived.clock.now(), approved=False)
    again.x.provider, again.email.provider = lived.x.provider, lived.email.provider
    return again


# -- the copy -------------------------------------------------------------------------------------------


def test_a_backup_is_whole_private_and_says_when_it_was_made(file: Path, tmp_path: Path) -> None:
    """One file, readable by its owner alone, with all that was committed; the ledger itself stays what it is."""
    world = a_world(file)
    world.run_at(at(1))
    made = copy_of(file, tmp_path / "copies" / "one.db", at(1, 11))
    assert ["one.db"] == [p.name for p in made.path.parent.iterdir()]
    if sys.platform != "win32":
        assert 0o600 == stat.S_IMODE(made.path.stat().st_mode)
    copy = open_ledger(f"sqlite:///{made.path}")
    assert copy.backups.copied_at() == at(1, 11)
    assert world.ledger.deliveries.of_season("live", A_MONTH) == copy.deliveries.of_season("live", A_MONTH)
    assert copy.events.verify().is_whole
    assert made.events == copy.events.verify().events
    assert world.ledger.backups.copied_at() is None


def test_a_backup_while_somebody_writes_holds_one_instant(file: Path, tmp_path: Path) -> None:
    """An open transaction of another program is not in it, and does not stop it."""
    world = a_world(file)
    world.tick.run()
    writer = sqlite3.connect(file)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("UPDATE deliveries SET note = 'half done'")
    made = copy_of(file, tmp_path / "one.db", at(1, 1))
    writer.rollback()
    writer.close()
    assert {""} == {why(d) for d in open_ledger(f"sqlite:///{made.path}").deliveries.of_season("live", A_MONTH)}


def test_a_backup_takes_the_place_of_an_earlier_one_and_of_nothing_else(file: Path, tmp_path: Path) -> None:
    """The ledger, a folder and a stranger's file are left alone."""
    a_world(file).tick.run()
    target = tmp_path / "one.db"
    assert copy_of(file, target, at(1)).copied_at < copy_of(file, target, at(2)).copied_at
    stranger = tmp_path / "letter.txt"
    stranger.write_text("dear all")
    other = tmp_path / "other.db"
    open_ledger(f"sqlite:///{other}").close()
    for wrong in (file, tmp_path, stranger, other):
        with pytest.raises(UsageError):
            copy_of(file, wrong, at(3))
    assert "dear all" == stranger.read_text()
    assert open_ledger(f"sqlite:///{file}").backups.copied_at() is None


def test_a_damaged_ledger_gives_no_backup_and_keeps_the_earlier_one(file: Path, tmp_path: Path) -> None:
    """A copy that is not whole does not take a good copy's place."""
    world = a_world(file)
    world.tick.run()
    world.ledger.close()
    target = tmp_path / "one.db"
    copy_of(file, target, at(1))
    good = target.read_bytes()
    with sqlite3.connect(file) as hand:
        hand.execute("UPDATE ledger SET events = events + 1")
    hand.close()
    with pytest.raises(NeedsAPerson, match="damaged"):
        copy_of(file, target, at(2))
    assert good == target.read_bytes()
    assert not target.with_name("one.db.part").exists()


def test_no_ledger_and_no_room_are_said(file: Path, tmp_path: Path) -> None:
    """Nothing is made where there is nothing; a folder that cannot be made is named."""
    with pytest.raises(OutOfReach, match="no database"):
        copy_of(tmp_path / "nothing.db", tmp_path / "one.db", at(1))
    assert not (tmp_path / "nothing.db").exists()
    (tmp_path / "a-file").write_text("")
    with pytest.raises(OutOfReach, match="could not be written"):
        copy_of(file, tmp_path / "a-file" / "one.db", at(1))


def test_a_server_is_backed_up_by_its_own_tool(tmp_path: Path) -> None:
    """The error names it."""
    with pytest.raises(UsageError) as raised:
        back_up("postgresql://user@host/name", tmp_path / "one.db", now=at(1))
    assert "pg_dump" in raised.value.hint


# -- the backup becomes the ledger ----------------------------------------------------------------------


def test_a_restored_ledger_sends_nothing_that_was_due(file: Path, tmp_path: Path) -> None:
    """Copied on the 1st, lost at noon of the 3rd: neither the 3rd nor the days before are sent again; the 4th is."""
    lived = a_world(file)
    lived.run_at(at(1))
    made = copy_of(file, tmp_path / "one.db", at(1, 12))
    for day in (2, 3):
        lived.run_at(at(day))
    lived.clock.advance(2 * 60 * MINUTE)
    again = put_back(lived, made.path, lived)
    restoration = again.ledger.backups.take_over(now=again.clock.now())
    assert made.copied_at == restoration.copied_at
    assert ["day-2", "day-2", "day-3", "day-3"] == [d.item for d in restoration.missed]
    for _ in range(3):
        assert 0 == again.tick.run().sent
    states = again.states()
    assert ("sent", "missed", "missed", "scheduled") == tuple(states[f"day-{d}/x"] for d in (1, 2, 3, 4))
    notes = {why(d) for d in again.ledger.deliveries.of_season("live", A_MONTH) if d.item == "day-3"}
    assert {says(ReasonCode.RESTORED, copied_at=made.copied_at)} == notes
    again.run_at(at(4))
    assert {1} == set(again.received().values())
    assert again.ledger.events.verify().is_whole


def test_a_backup_sends_nothing_before_it_was_taken_over(file: Path, tmp_path: Path) -> None:
    """A program that forgets to ask is stopped by the ledger itself."""
    lived = a_world(file)
    lived.tick.run()
    made = copy_of(file, tmp_path / "one.db", at(1, 1))
    lived.run_at(at(1))
    again = put_back(lived, made.path, lived)
    again.tick.run()
    assert {1} == set(again.received().values())
    assert "scheduled" == again.states()["day-1/x"]


def test_it_is_taken_over_once(file: Path, tmp_path: Path) -> None:
    """What falls due after the first start is this ledger's own."""
    made = copy_of(file, tmp_path / "one.db", at(1, 1))
    again = World(open_ledger(f"sqlite:///{made.path}"), [a_post("day-1")], now=at(1, 2))
    assert again.ledger.backups.take_over(now=at(1, 2)) is not None
    assert again.ledger.backups.take_over(now=at(1, 11)) is None
    assert 1 == again.run_at(at(1)).sent


def test_a_clock_behind_the_copy_takes_nothing_over(file: Path, tmp_path: Path) -> None:
    """A new machine that does not know the time yet would close nothing, and send all of it when its clock is right."""
    lived = a_world(file)
    lived.run_at(at(1))
    made = copy_of(file, tmp_path / "one.db", at(1, 12))
    lived.run_at(at(2))
    lived.clock.advance(60 * MINUTE)
    again = put_back(lived, made.path, lived)
    with pytest.raises(NeedsAPerson, match="the clock says January 1, 2027, 11:59 AM UTC, which is earlier") as raised:
        again.ledger.backups.take_over(now=at(1, 12) - MINUTE)
    assert "db restored --of" in raised.value.hint
    assert made.copied_at == again.ledger.backups.copied_at()
    assert 0 == again.tick.run().sent
    restoration = again.ledger.backups.take_over(now=again.clock.now())
    assert ["day-2", "day-2"] == [d.item for d in restoration.missed]
    again.tick.run()
    assert {1} == set(again.received().values())


def test_looking_at_a_backup_does_not_make_it_the_ledger(file: Path, tmp_path: Path) -> None:
    """Only the program that is about to send takes it over; the instant that counts is that one."""
    made = copy_of(file, tmp_path / "one.db", at(1, 1))
    for _ in range(2):
        ledger = open_ledger(f"sqlite:///{made.path}")
        ledger.deliveries.of_season("live", A_MONTH)
        ledger.close()
    assert made.copied_at == open_ledger(f"sqlite:///{made.path}").backups.copied_at()


def test_an_item_that_the_backup_had_not_heard_of_is_not_sent_again_either(file: Path, tmp_path: Path) -> None:
    """Added, moved or brought back after the copy, and sent by the ledger that was lost."""
    lived = a_world(file, days=1)
    lived.messages = [a_post("day-1", hour=20), a_post("day-2", hour=9)]
    lived.approve_all()
    lived.tick.run()
    made = copy_of(file, tmp_path / "one.db", at(1, 1))
    lived.messages = [a_post("day-1", hour=8), a_post("day-2", hour=9), a_post("day-9", hour=10)]
    lived.approve_all()
    lived.run_at(at(1, 10))
    assert 3 == len(lived.received())
    lived.clock.advance(60 * MINUTE)
    again = put_back(lived, made.path, lived)
    again.messages = lived.messages
    again.approve_all()
    again.ledger.backups.take_over(now=again.clock.now())
    again.new_tick().run()
    again.tick.run()
    assert {1} == set(again.received().values())
    assert {"missed"} == set(again.states().values()) - {"cancelled"}


def test_half_a_mailing_is_not_finished_by_the_copy(file: Path, tmp_path: Path) -> None:
    """Two of three batches were still to go when the copy was made; they may have gone."""
    world = World(open_ledger(f"sqlite:///{file}"), [an_email("day-1")], now=at(1, 0), readers=3, batch_limit=1)
    world.email.on_call = lambda request: world.tick.stop()
    world.run_at(at(1))
    made = copy_of(file, tmp_path / "one.db", at(1))
    world.email.on_call = lambda request: None
    world.new_tick().run()
    assert 3 == len(world.received())
    again = put_back(world, made.path, world)
    again.ledger.backups.take_over(now=at(1, 11))
    again.run_at(at(1, 11))
    assert {1} == set(again.received().values())
    (delivery,) = again.ledger.deliveries.of_season("live", A_MONTH)
    assert ("partly_sent", 1, 2) == (delivery.state, delivery.counts.accepted, delivery.counts.missing)
    assert delivery.was_restored
    assert delivery.needs_a_person()


def test_a_copy_of_a_copy_is_as_old_as_the_first(file: Path, tmp_path: Path) -> None:
    """Nothing was sent from it in between, and nothing is forgotten."""
    first = copy_of(file, tmp_path / "one.db", at(1))
    second = copy_of(first.path, tmp_path / "two.db", at(3))
    assert at(1) == open_ledger(f"sqlite:///{second.path}").backups.copied_at()


# -- a person settles it --------------------------------------------------------------------------------


@pytest.fixture
def restored(file: Path, tmp_path: Path) -> World:
    """Copied before day 1 went out, put back an hour after it did."""
    lived = a_world(file, days=1)
    lived.tick.run()
    made = copy_of(file, tmp_path / "one.db", at(1, 1))
    lived.run_at(at(1))
    lived.clock.advance(60 * MINUTE)
    again = put_back(lived, made.path, lived)
    again.ledger.backups.take_over(now=again.clock.now())
    return again


def resolve(world: World, item: str, **how: Any) -> bool:
    by_name = {f"{d.item}/{d.channel}": d.id for d in world.ledger.deliveries.of_season("live", A_MONTH)}
    return bool(world.ledger.backups.resolve_restored(by_name[item], who="Ada", now=world.clock.now(), **how))


def test_a_person_who_has_seen_it_says_so(restored: World) -> None:
    """It stands as sent, with who says so, and does not go out again."""
    assert resolve(restored, "day-1/x", sent=True, reference="1234")
    restored.tick.run()
    (delivery,) = (d for d in restored.ledger.deliveries.of_season("live", A_MONTH) if d.channel == "x")
    assert "sent" == delivery.state
    assert "settled by Ada: it went out (reference 1234)" == why(delivery)
    assert not delivery.needs_a_person()
    assert 1 == restored.received()["day-1/x"]
    assert not resolve(restored, "day-1/x", sent=False)
    assert restored.ledger.events.verify().is_whole


def test_a_person_who_knows_that_it_did_not_go_lets_it_go(restored: World) -> None:
    """Inside its window it goes out at the next pass."""
    restored.x.provider.accepted.clear()
    assert resolve(restored, "day-1/x", sent=False)
    restored.new_tick().run()
    restored.messages.append(a_post("day-3", on=date(2027, 1, 3)))
    restored.new_tick().run()
    assert 1 == restored.received()["day-1/x"]
    assert "sent" == restored.states()["day-1/x"]


def test_after_its_window_it_stays_missed(restored: World) -> None:
    """Today is 1 January is not sent on the 2nd, whoever says what."""
    restored.clock.advance(14 * 60 * MINUTE)
    assert not resolve(restored, "day-1/x", sent=False)
    assert "missed" == restored.states()["day-1/x"]
    assert resolve(restored, "day-1/x", sent=True)


def test_only_what_was_restored_can_be_settled_so(ledger: Ledger) -> None:
    """A day that was missed for another reason was missed."""
    world = World(ledger, [a_post("day-1")])
    world.run_at(at(2))
    assert not resolve(world, "day-1/x", sent=True)
    assert "missed" == world.states()["day-1/x"]


def test_a_copy_made_by_other_means_can_be_named_as_one(ledger: Ledger, open_it: Callable[[], Ledger]) -> None:
    """A dump of a server, a snapshot of a machine: a person says of when it is."""
    world = World(ledger, [a_post("day-1")], now=at(1, 1))
    world.tick.run()
    ledger.backups.mark_as_copy(copied_at=at(1, 2), who="Ada", now=at(1, 12))
    assert at(1, 2) == open_it().backups.copied_at()
    ledger.backups.take_over(now=at(1, 12))
    assert 0 == world.run_at(at(1, 12)).sent
    assert "missed" == world.states()["day-1/x"]


def test_the_temporary_file_of_a_broken_run_is_no_obstacle(file: Path, tmp_path: Path) -> None:
    """A backup that was cut off is made anew."""
    (tmp_path / "one.db.part").write_text("half")
    assert copy_of(file, tmp_path / "one.db", at(1)).size == os.path.getsize(tmp_path / "one.db")
