"""Processes killed with SIGKILL at every failpoint, then started again: nothing doubled, nothing lost in silence.

The day has one post and an email for fifty readers in five batches. The oracle counts what the providers took, reader
by reader, and compares it with what the ledger says.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from scheduler.domain.delivery import State
from scheduler.engine.failpoints import FAILPOINTS
from scheduler.store import open_ledger
from tests.crash import driver
from tests.crash.driver import DUE, EVE
from tests.crash.forks import Forks
from tests.support.postgresql import postgresql_url
from tests.support.world import A_MONTH

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes may be absent to fork on this system")

#: The first start: it plans before the hour, and sends at it. The second: after every lease has run out.
FIRST = (EVE, DUE)
AGAIN = tuple(DUE + timedelta(minutes=m) for m in range(10, 16))

#: Points that are passed once for each reader, by a provider that answers for each.
_OF_A_READER = ("before_reader", "after_reader")
_NAMES = [name for name in FAILPOINTS if name not in _OF_A_READER]
#: Between these two the provider may or may not have the call, and nobody can tell after a kill. Before them the
#: journal proves that there was no call, after them it knows how it ended.
_DOUBTFUL = _NAMES[_NAMES.index("after_journal_begin") : _NAMES.index("before_journal_outcome") + 1]


def _cases() -> Iterator[tuple[str, int]]:
    """Each point, the first time, at the first batch of the email, and in its middle; where it is passed so often."""
    for name in _NAMES:
        times = {"before_plan_commit": 1, "after_plan_commit": 1, "after_delivery": 2}.get(name, 4)
        # A post's try is counted as it is frozen, and those of the email's batches at once.
        times = 2 if "freeze" in name else 1 if "prepare" in name else times
        yield from ((name, nth) for nth in (1, 2, 4) if nth <= times)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with readers, approvals and an armed season, and nothing planned."""
    path = tmp_path_factory.mktemp("crash") / "observance.db"
    driver.make_ready(f"sqlite:///{path}")
    return path


class Processes:
    """Of the driver of a day."""

    def __init__(self, forks: Forks) -> None:
        self._forks = forks
        self.wait = forks.wait

    def run(self, folder: Path, instants: Sequence[datetime], **environment: str) -> int:
        """Run to the end; how it ended, -9 for SIGKILL."""
        return self._forks.run("day", folder, *(i.isoformat() for i in instants), **environment)

    def spawn(self, folder: Path, instants: Sequence[datetime], **environment: str) -> int:
        """Start, and go on; the process id."""
        return self._forks.spawn("day", folder, *(i.isoformat() for i in instants), **environment)


@pytest.fixture
def processes(forks: Forks) -> Processes:
    return Processes(forks)


@pytest.fixture
def folder(tmp_path: Path, template: Path) -> Path:
    shutil.copy(template, tmp_path / "observance.db")
    return tmp_path


@dataclass
class Verdict:
    """What happened, by comparing the providers' memory with the ledger."""

    received: Counter[str]
    doubled: list[str]  # got it more than once
    lost: list[str]  # did not get it, and the ledger does not say so
    doubtful: int  # readers (the timeline counts as one) whom the ledger calls unknown
    batches_in_doubt: int
    states: Counter[str]
    whole: bool  # the history
    adds_up: bool

    @property
    def is_good(self) -> bool:
        return not self.doubled and not self.lost and self.whole and self.adds_up


def judge(folder: Path) -> Verdict:
    memory = folder / "provider.jsonl"
    lines = memory.read_text(encoding="utf-8").splitlines() if memory.exists() else []
    received = Counter(subscriber for line in lines for subscriber in json.loads(line)["readers"])
    ledger = open_ledger(driver.url_of(folder))
    try:
        says: dict[str, State] = {}
        in_doubt = 0
        deliveries = ledger.deliveries.of_season("live", A_MONTH)
        for delivery in deliveries:
            if delivery.kind == "post":
                says["x"] = delivery.state
            for batch in ledger.deliveries.batches(delivery.id):
                in_doubt += batch.state is State.UNKNOWN
                for subscriber in ledger.lookups.recipients(batch.id):
                    says[subscriber.subscriber_id] = batch.state
        everybody = ["x", *(f"r{n:03d}" for n in range(driver.READERS))]
        return Verdict(
            received=received,
            doubled=[r for r, times in received.items() if times > 1],
            lost=[r for r in everybody if not received[r] and says.get(r) in (None, State.SENT, State.SENDING)],
            doubtful=sum(d.counts.unknown for d in deliveries),
            batches_in_doubt=in_doubt,
            states=Counter(str(d.state) for d in deliveries),
            whole=ledger.events.verify().is_whole,
            adds_up=all(d.counts.adds_up() for d in deliveries)
            and {driver.READERS, 1} == {d.counts.frozen for d in deliveries},
        )
    finally:
        ledger.close()


@pytest.mark.parametrize(("name", "nth"), list(_cases()))
def test_killed_anywhere_nothing_is_doubled_and_nothing_lost(
    processes: Processes, folder: Path, name: str, nth: int
) -> None:
    """Between intent and outcome one batch is unknown, and said so; everywhere else the day is complete."""
    assert -signal.SIGKILL == processes.run(folder, FIRST, OBSERVANCE_FAILPOINT=f"{name}:kill:{nth}")
    assert 0 == processes.run(folder, AGAIN)
    verdict = judge(folder)
    assert verdict.is_good, verdict
    doubts = 1 if name in _DOUBTFUL else 0
    assert doubts == verdict.batches_in_doubt
    assert driver.READERS + 1 - verdict.doubtful <= sum(verdict.received.values()) <= driver.READERS + 1
    assert {"sent": 2 - doubts, "unknown": doubts} == {"sent": 0, "unknown": 0, **verdict.states}


@pytest.mark.parametrize(
    ("name", "nth"),
    [
        ("before_build", 4),  # ahead: while another call is waited for
        ("after_build", 4),
        ("after_intent_commit", 4),
        ("after_journal_begin", 4),
        ("before_call", 5),
        ("after_call", 4),
        ("before_outcome_commit", 4),
        ("after_outcome_commit", 3),
    ],
)
def test_killed_with_several_calls_in_flight(processes: Processes, folder: Path, name: str, nth: int) -> None:
    """Each of them is in the journal by itself: at most as many batches as were in flight are in doubt."""
    beside = {"OBSERVANCE_IN_FLIGHT": "3"}
    assert -signal.SIGKILL == processes.run(folder, FIRST, OBSERVANCE_FAILPOINT=f"{name}:kill:{nth}", **beside)
    assert 0 == processes.run(folder, AGAIN, **beside)
    verdict = judge(folder)
    assert verdict.is_good, verdict
    assert verdict.batches_in_doubt <= 3
    assert driver.READERS + 1 - verdict.doubtful <= sum(verdict.received.values()) <= driver.READERS + 1
    assert verdict.states["sent"] == 2 - (verdict.batches_in_doubt > 0)


@pytest.mark.parametrize(("name", "nth"), list(_cases()))
def test_an_error_anywhere_costs_nothing(processes: Processes, folder: Path, name: str, nth: int) -> None:
    """An error instead of a kill: the process lives, knows what it did, and completes the day without a doubt."""
    assert 0 == processes.run(folder, (*FIRST, *AGAIN), OBSERVANCE_FAILPOINT=f"{name}:raise:{nth}")
    verdict = judge(folder)
    assert verdict.is_good, verdict
    assert {"sent": 2} == dict(verdict.states)


@pytest.mark.parametrize("nth", [1, 14, 20])
@pytest.mark.parametrize("name", _OF_A_READER)
def test_where_each_reader_is_answered_for_a_kill_leaves_one_in_doubt(
    processes: Processes, folder: Path, name: str, nth: int
) -> None:
    """The journal knows those before, and that those behind were never begun: they get theirs by the next start."""
    ended = processes.run(folder, FIRST, OBSERVANCE_PROVIDER="each", OBSERVANCE_FAILPOINT=f"{name}:kill:{nth}")
    assert -signal.SIGKILL == ended
    assert 0 == processes.run(folder, AGAIN, OBSERVANCE_PROVIDER="each")
    verdict = judge(folder)
    assert verdict.is_good, verdict
    of_the_last_one_nothing_is_behind = name == "after_reader" and nth % driver.BATCH == 0
    assert (0 if of_the_last_one_nothing_is_behind else 1) == verdict.doubtful
    has_arrived = name == "before_reader" or verdict.doubtful == 0
    assert driver.READERS + has_arrived == sum(verdict.received.values())


@pytest.mark.parametrize("nth", [1, 14])
@pytest.mark.parametrize("name", [*_OF_A_READER, "before_call", "after_call"])
def test_where_each_reader_is_answered_for_an_error_costs_nothing(
    processes: Processes, folder: Path, name: str, nth: int
) -> None:
    """The process lives and knows what it did; readers that it did not get to are called at a later pass."""
    environment = {"OBSERVANCE_PROVIDER": "each", "OBSERVANCE_FAILPOINT": f"{name}:raise:{nth}"}
    assert 0 == processes.run(folder, (*FIRST, *AGAIN), **environment)
    verdict = judge(folder)
    assert verdict.is_good, verdict
    assert {"sent": 2} == dict(verdict.states)


def test_a_journal_that_the_ledger_holds_whole_is_folded(processes: Processes, folder: Path) -> None:
    """After a kill and a whole start one line is left: the last call."""
    processes.run(folder, FIRST, OBSERVANCE_FAILPOINT="after_call:kill:3")
    assert 0 == processes.run(folder, AGAIN)
    assert 0 == processes.run(folder, AGAIN[-1:])
    left = {path.name for path in (folder / "journal").iterdir()}
    assert {"folded", "folded.lock"} == left
    assert 1 == len((folder / "journal" / "folded").read_text(encoding="ascii").splitlines())


def test_killed_at_every_start_the_day_still_ends(processes: Processes, folder: Path) -> None:
    """Ten processes, each killed at its next outcome: each call is one doubt, and is not made again. The provider looks as if
    it were in trouble, so it is left alone longer each time, and tried with one reader; when the kills end, the rest goes."""
    kills = [processes.run(folder, FIRST, OBSERVANCE_FAILPOINT="after_call:kill:1")]
    for n in range(10):
        at = (DUE + timedelta(minutes=65 * (n + 1)),)
        kills.append(processes.run(folder, at, OBSERVANCE_FAILPOINT="after_call:kill:1"))
    assert judge(folder).is_good
    found, last = (
        DUE + timedelta(hours=11),
        DUE + timedelta(hours=12, minutes=30),
    )  # the last pause begins when it is found
    processes.run(folder, (found, *(last + timedelta(minutes=m) for m in range(20))))
    verdict = judge(folder)
    assert verdict.is_good, verdict
    assert {"unknown": 2} == dict(verdict.states)
    assert kills.count(-signal.SIGKILL) == verdict.batches_in_doubt
    assert ({1}, driver.READERS + 1) == (set(verdict.received.values()), len(verdict.received))


def test_a_batch_that_kills_the_program_while_it_is_built_is_set_aside(processes: Processes, folder: Path) -> None:
    """After three such starts the others go on; what was set aside was certainly not sent."""
    endings = [processes.run(folder, FIRST, OBSERVANCE_FAILPOINT="before_build:kill:1") for _ in range(3)]
    assert [-signal.SIGKILL] * 3 == endings
    assert 0 == processes.run(folder, AGAIN)
    verdict = judge(folder)
    assert verdict.is_good, verdict
    assert {"failed": 1, "sent": 1} == dict(verdict.states)
    assert driver.READERS == sum(verdict.received.values())


def test_a_batch_whose_try_was_counted_with_others_is_set_aside_alone(processes: Processes, folder: Path) -> None:
    """The second batch of the email kills the program three times; those that were counted with it go on."""
    kills = ("before_build:kill:3", "before_build:kill:1", "before_build:kill:1")
    assert [-signal.SIGKILL] * 3 == [processes.run(folder, FIRST, OBSERVANCE_FAILPOINT=kill) for kill in kills]
    assert 0 == processes.run(folder, AGAIN)
    verdict = judge(folder)
    assert verdict.is_good, verdict
    assert {"partly_sent": 1, "sent": 1} == dict(verdict.states)
    assert driver.READERS + 1 - driver.BATCH == sum(verdict.received.values())


def test_killed_at_each_start_while_a_call_is_made_up_ahead_no_try_is_counted_for_it(
    processes: Processes, folder: Path
) -> None:
    """Whatever was being made up before its turn, its batch goes at last, as do the others. On a full machine it may
    have been its turn each of the three times, and then its tries count: so it is played until it was not."""
    beside = {"OBSERVANCE_IN_FLIGHT": "3"}
    kills = [f"before_build:kill:{nth}" for nth in (4, 3, 2)]
    for number in range(8):
        own = shutil.copytree(folder, folder / f"{number}", ignore=shutil.ignore_patterns("[0-9]"))
        endings = [processes.run(own, FIRST, OBSERVANCE_FAILPOINT=kill, **beside) for kill in kills]
        assert [-signal.SIGKILL] * 3 == endings
        assert 0 == processes.run(own, AGAIN, **beside)
        verdict = judge(own)
        assert verdict.is_good, verdict
        if driver.READERS + 1 - verdict.doubtful <= sum(verdict.received.values()):
            break
    assert driver.READERS + 1 - verdict.doubtful <= sum(verdict.received.values()) <= driver.READERS + 1


def test_a_process_that_stands_still_is_overtaken_and_does_not_call_afterwards(
    processes: Processes, folder: Path
) -> None:
    """Stalled between the last check and the call: another process doubts it after the lease, sends the rest, and
    does not touch the batch."""
    assert 0 == processes.run(folder, (EVE,))
    stalled = processes.spawn(folder, FIRST, OBSERVANCE_FAILPOINT="before_call:stall:2")
    _until(lambda: judge(folder).states["sending"] == 1 and judge(folder).states["sent"] == 1)
    assert 0 == processes.run(folder, AGAIN)
    os.kill(stalled, signal.SIGKILL)
    processes.wait(stalled)
    verdict = judge(folder)
    assert verdict.is_good, verdict
    assert (1, driver.BATCH) == (verdict.batches_in_doubt, verdict.doubtful)


@pytest.mark.parametrize("how_many", [2, 4])
def test_several_processes_at_once_send_once(processes: Processes, folder: Path, how_many: int) -> None:
    """Two and four processes on one ledger, at the same instant: one call for each batch."""
    started = [processes.spawn(folder, (EVE, DUE, *AGAIN)) for _ in range(how_many)]
    assert [0] * how_many == [processes.wait(pid) for pid in started]
    verdict = judge(folder)
    assert verdict.is_good, verdict
    assert {"sent": 2} == dict(verdict.states)
    assert {1} == set(verdict.received.values())


@pytest.mark.postgresql
@pytest.mark.parametrize("how_many", [2, 4])
def test_several_processes_on_a_server_send_once(processes: Processes, tmp_path: Path, how_many: int) -> None:
    """The same on PostgreSQL, with one of them killed in the middle of a call."""
    base = postgresql_url()
    if not base:
        pytest.skip("there is no PostgreSQL here: install it, or set OBSERVANCE_TEST_POSTGRESQL=postgresql://...")
    from sqlalchemy import create_engine, text

    schema = f"t_{tmp_path.name[-10:]}_{os.getpid()}_{how_many}"
    server = create_engine(base.replace("postgresql://", "postgresql+psycopg://", 1), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f'CREATE SCHEMA "{schema}"'))
    try:
        url = f"{base}{'&' if '?' in base else '?'}options=-csearch_path%3D{schema}"
        (tmp_path / "url").write_text(url, encoding="utf-8")
        driver.make_ready(url)
        instants = (EVE, DUE, *AGAIN)
        doomed = processes.spawn(tmp_path, instants, OBSERVANCE_FAILPOINT="after_call:kill:2")
        started = [processes.spawn(tmp_path, instants) for _ in range(how_many - 1)]
        endings = [processes.wait(pid) for pid in (doomed, *started)]
        assert [0] * (how_many - 1) == endings[1:]
        verdict = judge(tmp_path)
        assert verdict.is_good, verdict
        assert {1} == set(verdict.received.values())
        assert verdict.batches_in_doubt == (endings[0] != 0)
    finally:
        with server.connect() as connection:
            connection.execute(text(f'DROP SCHEMA "{schema}" CASCADE'))
        server.dispose()


@pytest.mark.parametrize(
    ("policy", "environment"),
    [
        ("retry", {"OBSERVANCE_PROVIDER": "drops"}),
        ("forget", {"OBSERVANCE_FAILPOINT": "after_call:kill:3"}),
        ("assume", {"OBSERVANCE_FAILPOINT": "before_call:kill:3"}),
        ("first", {"OBSERVANCE_FAILPOINT": "before_call:kill:3"}),
    ],
)
def test_the_oracle_sees_a_wrong_protocol(
    processes: Processes, folder: Path, policy: str, environment: dict[str, str]
) -> None:
    """Blind retry, no intent, assume sent, mark sent first: each is found out, so a pass above means something."""
    processes.run(folder, FIRST, OBSERVANCE_POLICY=policy, **environment)
    processes.run(folder, AGAIN, OBSERVANCE_POLICY=policy)
    verdict = judge(folder)
    assert not verdict.is_good
    assert bool(verdict.doubled) == (policy in ("retry", "forget"))
    assert bool(verdict.lost) == (policy in ("assume", "first"))


def _until(happens, tries: int = 1200) -> None:
    """Wait for another process, a minute at most."""
    import select

    for _ in range(tries):
        if happens():
            return
        select.select([], [], [], 0.05)
    raise AssertionError("it did not happen within a minute")
