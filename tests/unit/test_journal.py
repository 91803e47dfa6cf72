"""The send journal's files: what is written, what is read of a torn one, what is left when the ledger holds it."""

from __future__ import annotations

import errno
import os
import stat
import threading
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.outcome import Outcome, OutcomeKind, from_text, to_text
from scheduler.domain.subscriber import NewSubscriber
from scheduler.engine import send_journal as module
from scheduler.engine.process_lock import lock
from scheduler.engine.replay import keep_erasure, keep_folded, read_folded, replay, replay_erasures
from scheduler.engine.send_journal import AHEAD, SOON, Journal, files_left, read_pages
from scheduler.errors import OutOfReach
from scheduler.store import Ledger, open_ledger
from tests.support.altered_ledger import AlteredLedger
from tests.support.world import World, an_email
from tests.unit.test_alarm import until

AT = datetime(2027, 1, 1, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ACCEPTED = Outcome(OutcomeKind.ACCEPTED, status=250)
REFUSED = Outcome(OutcomeKind.FINAL, detail="550: <ann@example.org> is\nnot here", status=550)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = Journal(tmp_path / "journal", "ledger-1")
    yield made
    made.close()


def the_file(journal: Journal) -> Path:
    (path,) = journal.folder.glob("*.journal")
    return path


def test_what_is_written_is_read_again(journal: Journal) -> None:
    """A call, its readers in order, its outcome; no address in the file."""
    journal.begin("t1", "send-1", each=True, at=AT)
    journal.subscriber("t1", "r 1", ACCEPTED)
    journal.subscriber("t1", "r2", REFUSED)
    journal.outcome("t1", Outcome.of_readers({"r 1": ACCEPTED, "r2": REFUSED}), at=AT + MINUTE)
    data = the_file(journal).read_bytes()
    pages = read_pages(BytesIO(data))
    call = pages.calls["t1"]
    assert ("ledger-1", journal.node, module.boot_id() or "-") == (pages.ledger_id, pages.node, pages.boot)
    assert ("send-1", True, AT, ["r 1", "r2"]) == (call.send_id, call.each, call.at, list(call.ends))
    assert ("550: <[address]> is\nnot here", 550) == (call.ends["r2"].detail, call.ends["r2"].status)
    assert call.outcome is not None
    assert (AT + MINUTE, {"r 1", "r2"}) == (call.outcome[0], set(call.outcome[1].per_recipient))
    assert b"ann@" not in data


def test_a_torn_file_says_what_it_can(journal: Journal) -> None:
    """Cut off anywhere: whole lines count, half a line does not, and nothing is made up."""
    journal.begin("t1", "send-1", each=True, at=AT)
    journal.subscriber("t1", "r1", ACCEPTED)
    journal.subscriber("t1", "r2", REFUSED)
    data = the_file(journal).read_bytes()
    whole = read_pages(BytesIO(data)).calls["t1"].ends
    for length in range(len(data)):
        ends = {who for call in read_pages(BytesIO(data[:length])).calls.values() for who in call.ends}
        assert ends == set(list(whole)[: len(ends)])
        assert ("r2" in ends) == (length >= len(data))


@given(st.binary(max_size=300))
def test_whatever_a_file_holds_reading_it_raises_nothing(data: bytes) -> None:
    """A damaged journal keeps nobody from starting."""
    read_pages(BytesIO(data))
    read_pages(BytesIO(b"J 1 l n b\n" + data + b"\n"))


outcomes = st.builds(
    Outcome,
    st.sampled_from(OutcomeKind),
    reference=st.text(max_size=9).filter(lambda t: "@" not in t),
    detail=st.text(max_size=20).filter(lambda t: "@" not in t),
    status=st.none() | st.integers(200, 599),
    retry_at=st.none() | st.just(AT),
)


@given(outcomes, st.dictionaries(st.text("abc1 ", max_size=5), outcomes, max_size=3))
def test_an_outcome_is_one_line_that_reads_back(outcome: Outcome, ends: dict[str, Outcome]) -> None:
    """Whatever a provider says."""
    whole = Outcome(outcome.kind, detail=outcome.detail, per_recipient=ends)
    for one in (outcome, whole):
        text = to_text(one)
        assert "\n" not in text
        assert one == from_text(text)


class SlowDisk:
    """A disk that flushes nothing until it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun: list[str] = []  # by which threads
        self.works = threading.Event()
        self.works.set()
        self._fsync = os.fsync
        monkeypatch.setattr(os, "fsync", self._flush)
        monkeypatch.setattr(module, "GROUP_SECONDS", 1_000.0)

    def _flush(self, descriptor: int) -> None:
        self.begun.append(threading.current_thread().name)
        assert self.works.wait(60)
        self._fsync(descriptor)


def test_readers_are_flushed_while_the_next_mails_go_and_never_many_are_not(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The call at once; readers' lines by another thread when nearly as many wait as may; the tenth waits for that."""
    disk = SlowDisk(monkeypatch)
    journal.begin("t1", "send-1", each=True, at=AT)
    disk.works.clear()
    before = len(disk.begun)
    assert before >= 1
    for n in range(SOON - 1):
        journal.subscriber("t1", f"r{n}", ACCEPTED)
    time.sleep(0.05)
    assert before == len(disk.begun)
    for n in range(SOON - 1, AHEAD - 1):
        journal.subscriber("t1", f"r{n}", ACCEPTED)
    until(lambda: disk.begun[before:] == ["journal"])
    one_more = threading.Thread(target=journal.subscriber, args=("t1", "one more", ACCEPTED))
    one_more.start()
    one_more.join(0.1)
    assert one_more.is_alive()
    disk.works.set()
    one_more.join(60)
    assert not one_more.is_alive()


def test_each_call_waits_for_the_disk_by_its_own_lines_and_one_flush_serves_all(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Calls of several threads: what may be missing after a power cut is counted for each, and a flush is for all."""
    disk = SlowDisk(monkeypatch)
    calls = [f"t{n}" for n in range(4)]
    for call in calls:
        journal.begin(call, f"send-{call}", each=True, at=AT)
    disk.works.clear()
    before = len(disk.begun)
    for n in range(AHEAD - 1):
        for call in calls:
            journal.subscriber(call, f"r{n}", ACCEPTED)
    until(lambda: len(disk.begun) > before)
    waiting = [threading.Thread(target=journal.subscriber, args=(call, "one more", ACCEPTED)) for call in calls]
    for one in waiting:
        one.start()
    for one in waiting:
        one.join(0.05)
        assert one.is_alive()
    disk.works.set()
    for one in waiting:
        one.join(60)
    assert set(disk.begun[before:]) == {"journal"}


def test_a_flush_that_fails_while_the_next_mails_go_ends_their_call(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for it then; the call learns of it at the next reader. Another call goes on in another file."""
    journal.begin("t1", "send-1", each=True, at=AT)
    failing = threading.Event()

    def fails(_: int) -> None:
        if not failing.is_set():
            failing.set()
            raise OSError(errno.EIO, "no disk")

    monkeypatch.setattr(os, "fsync", fails)
    for n in range(SOON):
        journal.subscriber("t1", f"r{n}", ACCEPTED)
    assert failing.wait(60)
    until(lambda: bool(journal._given_up))
    with pytest.raises(OutOfReach, match="no disk"):
        journal.subscriber("t1", "one more", ACCEPTED)
    journal.begin("t2", "send-2", each=True, at=AT)
    journal.subscriber("t2", "another", ACCEPTED)


def test_ends_are_read_of_those_calls_alone_that_are_asked_for(tmp_path: Path) -> None:
    """A mailing to a million leaves a million lines; the ledger has the ends of nearly all."""
    path, calls = tmp_path / "long.journal", [f"t{n}" for n in range(100)]
    with path.open("w", encoding="ascii") as file:
        file.write("J 1 l n b\n")
        for call in calls:
            file.write(f"S l {call} {call} each {AT.isoformat()}\n")
            file.writelines(f"R {call} {n:032x} accepted\n" for n in range(200))
            file.write(f"O {call} {AT.isoformat()} accepted\n")
    with path.open("rb") as file:
        tracemalloc.start()
        heads = read_pages(file, ends_of=())
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        some = read_pages(file, ends_of={"t7"})
    assert calls == list(heads.calls) == list(some.calls)
    assert not any(call.lines or call.outcome for call in heads.calls.values())
    assert ["t7"] == [attempt for attempt, call in some.calls.items() if call.lines and call.outcome]
    assert most < path.stat().st_size / 2


def test_lines_of_several_threads_are_whole_and_in_order(journal: Journal) -> None:
    """Whatever flushes come in between."""
    calls = [f"t{n}" for n in range(6)]

    def call(name: str) -> None:
        journal.begin(name, name, each=True, at=AT)
        for n in range(60):
            journal.subscriber(name, f"r{n}", ACCEPTED)
        journal.outcome(name, ACCEPTED, at=AT)

    threads = [threading.Thread(target=call, args=(name,)) for name in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    pages = read_pages(BytesIO(the_file(journal).read_bytes()))
    assert {name: [f"r{n}" for n in range(60)] for name in calls} == {n: list(c.ends) for n, c in pages.calls.items()}
    assert all((AT, ACCEPTED) == call.outcome for call in pages.calls.values())


def test_a_flush_that_fails_is_said_and_the_file_is_given_up(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was written to it may be lost: no call is made on the strength of it."""
    fsync, bad = os.fsync, [True]

    def failing(descriptor: int) -> None:
        if bad[0] and not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EIO, "Input/output error")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(OutOfReach, match="Input/output error"):
        journal.begin("t1", "send-1", each=False, at=AT)
    bad[0] = False
    journal.begin("t2", "send-2", each=False, at=AT)
    assert 2 == len(list(journal.folder.glob("*.journal")))


def test_a_line_is_flushed_though_no_other_follows(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow server must not leave the end of the reader before on its way to the disk."""
    journal.begin("t1", "send-1", each=True, at=AT)
    flushed: list[int] = []
    fsync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda descriptor: (fsync(descriptor), flushed.append(1))[0])
    journal.subscriber("t1", "r1", ACCEPTED)
    until(lambda: bool(flushed))


def test_a_line_that_cannot_be_written_is_said(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    """In words, and the half line spoils no later one: that goes to another file."""
    journal.begin("t1", "send-1", each=False, at=AT)
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:7]))
    with pytest.raises(OutOfReach, match=r"the send journal in .* cannot be written: No space left"):
        journal.outcome("t1", ACCEPTED, at=AT)
    monkeypatch.setattr(os, "write", write)
    journal.outcome("t1", ACCEPTED, at=AT)
    pages = [read_pages(BytesIO(path.read_bytes())) for path in journal.folder.glob("*.journal")]
    assert [None, (AT, ACCEPTED)] == sorted((p.calls["t1"].outcome for p in pages), key=bool)


def test_the_file_of_a_process_that_lives_is_left_alone(journal: Journal) -> None:
    """Its lock says that it lives; it goes with the process, however that ends."""
    journal.begin("t1", "send-1", each=False, at=AT)
    with ExitStack() as held:
        assert [] == list(files_left(journal.folder, held))
    journal.put_away()
    with ExitStack() as held:
        assert 1 == len(list(files_left(journal.folder, held)))


def test_a_file_is_kept_while_a_call_is_under_way_and_none_begins_after_the_end(journal: Journal) -> None:
    """Who ends without waiting for a call leaves its file locked, to the end of the process."""
    journal.make_ready()
    node = journal.node
    journal.begin("t1", "send-1", each=True, at=AT)
    journal.close()
    with ExitStack() as held:
        assert [] == list(files_left(journal.folder, held))
    journal.subscriber("t1", "r1", ACCEPTED)
    with pytest.raises(OutOfReach, match="begins no further call"):
        journal.begin("t2", "send-2", each=True, at=AT)
    assert node == journal.node == read_pages(BytesIO(the_file(journal).read_bytes())).node
    journal.ended()
    assert journal.put_away()
    assert node != journal.node


def test_of_folded_files_the_last_call_and_every_erasure_stay(tmp_path: Path) -> None:
    """Of each ledger; what another ledger left in the folder is not touched."""
    one, two, three = (module.Begun(f"t{n}", f"s{n}", False, AT + n * MINUTE) for n in (1, 2, 3))
    keep_folded(tmp_path, "a", [two, one], {"h1": AT})
    keep_folded(tmp_path, "b", [three], {})
    keep_folded(tmp_path, "a", [one], {"h2": AT})
    folded = read_folded(tmp_path, "a")
    assert (["t2"], {"h1": AT, "h2": AT}) == (list(folded.calls), folded.erased)
    assert ["t3"] == list(read_folded(tmp_path, "b").calls)


# -- with a ledger --------------------------------------------------------------------------------------


class Stubborn(AlteredLedger):
    """A ledger that takes no outcome for a while."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger)
        self.is_away = True

    def batches_record_outcome(self, *arguments: object, **more: Any) -> object:
        if self.is_away:
            raise OutOfReach("the database is locked")
        return self._ledger.batches.record_outcome(*arguments, **more)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    ledger = open_ledger(f"sqlite:///{tmp_path / 'observance.db'}")
    yield World(ledger, [an_email("day-1")], readers=3, journal=tmp_path / "journal")
    ledger.close()


def test_an_outcome_that_the_ledger_could_not_take_is_not_lost_with_the_process(world: World) -> None:
    """The call was accepted, the database was away, the process ended: the next one tells the ledger, and calls nobody
    again."""
    world.new_tick(ledger=Stubborn(world.ledger))  # type: ignore[arg-type]
    assert 1 == world.run_at(AT).readers // 3
    assert {"day-1/email": "sending"} == world.states()
    world.new_tick()
    world.run_at(AT + MINUTE)
    assert {"day-1/email": "sent"} == world.states()
    assert 1 == len(world.email.provider.calls)


def test_a_file_stays_until_the_ledger_has_taken_it(world: World) -> None:
    """A ledger that is away loses nothing; the file is read again."""
    stubborn = Stubborn(world.ledger)
    world.new_tick(ledger=stubborn)  # type: ignore[arg-type]
    world.run_at(AT)
    world.journal.close()
    later = Journal(world.journal.folder, world.ledger.attempts.ledger_id())
    assert 0 == replay(later, stubborn, now=AT + MINUTE)  # type: ignore[arg-type]
    assert 1 == len(list(later.folder.glob("*.journal")))
    stubborn.is_away = False
    assert 1 == replay(later, stubborn, now=AT + MINUTE)  # type: ignore[arg-type]
    assert [] == list(later.folder.glob("*.journal"))
    assert {"day-1/email": "sent"} == world.states()


def test_a_large_file_is_put_away_between_two_passes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that runs for a month does not keep a month of lines."""
    monkeypatch.setattr(module, "LARGE", 10)
    world.run_at(AT)
    assert 1 == len(list(world.journal.folder.glob("*.journal")))
    world.run_at(AT + MINUTE)
    assert ["folded", "folded.lock"] == sorted(path.name for path in world.journal.folder.iterdir())


def test_one_of_two_files_of_a_process_says_nothing_of_what_was_not_called(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It gave one up on a full disk and went on in the other, which somebody else is just reading."""
    world.new_tick(ledger=Stubborn(world.ledger))  # type: ignore[arg-type]
    journal, write = world.journal, os.write
    journal.begin("earlier", "send-1", each=False, at=AT)
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:7]))
    with pytest.raises(OutOfReach):
        journal.outcome("earlier", ACCEPTED, at=AT)
    monkeypatch.setattr(os, "write", write)
    world.run_at(AT)
    first, second = sorted(journal.folder.glob("*.journal"), key=lambda path: b"earlier" not in path.read_bytes())
    journal.close()
    later = Journal(journal.folder, world.ledger.attempts.ledger_id())
    with second.open("rb", buffering=0) as read_by_another:
        assert lock(read_by_another)
        assert 0 == replay(later, world.ledger, now=AT + MINUTE)
    assert first.exists()
    assert {"day-1/email": "sending"} == world.states()
    assert 1 == replay(later, world.ledger, now=AT + MINUTE)
    assert {"day-1/email": "sent"} == world.states()


def test_who_was_erased_does_not_come_back_by_an_older_copy(tmp_path: Path) -> None:
    """Erased today, and the file of yesterday put back: erased again at the start, and barred. Who came back to the
    list by their own word stays."""
    path, folder = tmp_path / "observance.db", tmp_path / "journal"

    def opened() -> Ledger:
        return open_ledger(
            f"sqlite:///{path}",
            address_hash=lambda text: sha256(text.encode()).hexdigest(),
            erased=lambda ledger_id, hashed, at: keep_erasure(folder, ledger_id, hashed, at),
        )

    ledger = opened()
    names = ("ann", "ben", "cleo")
    ledger.subscribers.add_many(
        "a-month", [NewSubscriber(f"{n}@readers.example", subscriber_id=n) for n in names], now=AT
    )
    ledger.close()
    yesterday = path.read_bytes()
    ledger = opened()
    for name in ("ann", "ben", "nobody"):
        ledger.subscribers.erase(f"{name}@readers.example", who="Ada", now=AT + MINUTE)
    ledger.close()
    assert "@" not in (folder / "folded").read_text(encoding="utf-8")
    for left in tmp_path.glob("observance.db*"):
        left.unlink()
    path.write_bytes(yesterday)
    ledger = opened()
    ledger.subscribers.unsubscribe("a-month", "ben", reason="asked", now=AT + MINUTE)
    ledger.subscribers.add(
        "a-month", NewSubscriber("ben@readers.example"), who="ben", asked_back=True, now=AT + 2 * MINUTE
    )
    assert 1 == replay_erasures(folder, ledger, now=AT + 3 * MINUTE)
    assert 0 == replay_erasures(folder, ledger, now=AT + 4 * MINUTE)
    assert {"active": 2} == {k: v for k, v in ledger.subscribers.count().items() if k == "active"}
    assert b"ann@" not in path.read_bytes()
    ledger.subscribers.add_many(
        "a-month", [NewSubscriber("ann@readers.example"), NewSubscriber("nobody@readers.example")], now=AT
    )
    assert {"active": 2} == {k: v for k, v in ledger.subscribers.count().items() if k == "active"}
    ledger.close()


def test_an_erasure_that_the_journal_lacks_is_added_at_the_start(tmp_path: Path) -> None:
    """It could not be written then, or is from before there was a journal."""
    ledger = open_ledger(
        f"sqlite:///{tmp_path / 'observance.db'}", address_hash=lambda text: sha256(text.encode()).hexdigest()
    )
    ledger.subscribers.erase("ann@readers.example", who="Ada", now=AT)
    replay_erasures(tmp_path / "journal", ledger, now=AT)
    assert ledger.subscribers.erasures() == read_folded(tmp_path / "journal", ledger.attempts.ledger_id()).erased
    ledger.close()
