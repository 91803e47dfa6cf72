"""The work queue is a bell: what it holds, loses or says twice changes nothing of what is sent."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine, text

from scheduler.clock import stopwatch
from scheduler.domain.outcome import Request
from scheduler.domain.sender import Sender
from scheduler.engine.wakeup import nap
from scheduler.engine.work_queue import ProcrastinateQueue
from scheduler.engine.worker import Sweep, Worker
from scheduler.store import Ledger
from scheduler.store.database import libpq_address, parse_url
from tests.contract.conftest import STORES
from tests.contract.test_workers import MAIL, Site
from tests.support.world import A_MONTH, a_post

pytestmark = pytest.mark.parametrize("ledger_url", STORES[1:], indirect=True)  # one program owns a SQLite ledger
LANE = "a-month/email"


def wait_for(what: Callable[[], bool], seconds: float = 60) -> None:
    passed = stopwatch()
    while not what():
        assert passed() < seconds
        nap(0.02)


class Hands:
    """A queue with a worker of a site behind it."""

    def __init__(self, site: Site, ledger: Ledger, url: str) -> None:
        self.url, self.site = url, site
        self.queue = ProcrastinateQueue(libpq_address(url), ledger.attempts.ledger_id())
        self.worker = site.new_worker(ledger)
        self.sweep = Sweep(site.clock, lambda: [A_MONTH.campaign], lambda campaign: self.worker, self.queue)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        stopping = threading.Event()
        thread = threading.Thread(target=self.queue.run_worker, args=(self.sweep.drain, stopping))
        thread.start()
        try:
            yield
        finally:
            stopping.set()
            thread.join()

    def sql(self, statement: str) -> list[object]:
        engine = create_engine(parse_url(self.url))
        with engine.begin() as connection:
            connection.execute(text(f'SET search_path = "{self.queue.schema}"'))
            result = connection.execute(text(statement))
            rows = list(result.scalars()) if result.returns_rows else []
        engine.dispose()
        return rows

    def jobs(self) -> list[object]:
        return self.sql("SELECT args ->> 'lane' FROM procrastinate_jobs ORDER BY id")

    def empty(self) -> None:
        tables = self.sql(
            "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables WHERE schemaname = current_schema"
        )
        self.sql(f"TRUNCATE {tables[0]} CASCADE")


@pytest.fixture
def hands(open_it: Callable[[], Ledger], ledger_url: str) -> Iterator[Hands]:
    site = Site(open_it(), MAIL, a_post(), readers=12)
    site.look()
    hands = Hands(site, open_it(), ledger_url)
    yield hands
    hands.queue.close()


def test_a_sweep_rings_once_for_what_the_ledger_says_is_due(hands: Hands) -> None:
    """By lane, and not again while nobody has come; nothing before it is due, and nothing while the files are not
    watched."""
    hands.sweep.run()
    assert [] == hands.jobs()
    hands.site.at(MAIL.due_at)
    hands.sweep.run()
    hands.sweep.run()
    assert [LANE, "a-month/x"] == sorted(map(str, hands.jobs()))
    hands.empty()
    there = hands.site.ledger.senders.find("beside")
    assert isinstance(there, Sender)
    hands.site.seen(ended_at=hands.site.clock.now())
    (problem,) = hands.sweep.run().problems
    assert ("has ended" in problem, []) == (True, hands.jobs())


def test_what_was_rung_for_is_sent_once(hands: Hands) -> None:
    """By two workers, rung for again and again; nothing is left in the queue."""
    hands.site.at(MAIL.due_at)
    other = Hands(hands.site, hands.site.ledger, hands.url)
    with hands.at_work(), other.at_work():

        def is_done() -> bool:
            other.sweep.run()
            hands.sweep.run()
            return set(hands.site.world.states().values()) == {"sent"}

        wait_for(is_done)
    other.queue.close()
    assert ({1}, 13) == (set(hands.site.world.received().values()), len(hands.site.world.received()))
    assert [] == hands.jobs()


def test_all_its_tables_may_be_emptied_in_mid_mailing(hands: Hands) -> None:
    """Nothing is lost and nothing doubled: the mailing that is under way goes on, and what was rung for and forgotten
    is rung for at the next sweep."""
    hands.site.at(MAIL.due_at)
    hands.sweep.run()
    emptied = threading.Event()

    def empty(request: Request) -> None:
        if not emptied.is_set():
            hands.empty()
            emptied.set()

    hands.site.world.email.on_call = empty
    hands.site.world.x.on_call = empty
    with hands.at_work():
        wait_for(emptied.is_set)
        wait_for(lambda: [] == hands.jobs())
        lost = dict(hands.site.world.states())
        hands.sweep.run()
        wait_for(lambda: set(hands.site.world.states().values()) == {"sent"})
    assert set(lost.values()) != {"missed"}
    assert ({1}, 13) == (set(hands.site.world.received().values()), len(hands.site.world.received()))


def trusting(worker: Worker) -> Worker:
    """The wrong protocol: it takes the job's word for it, and does not ask whether the batch was its to take, nor, right
    before the call, whether it still is."""
    record = worker._ledger.batches.record_intent

    def trust(*given: object, **named: object) -> bool:
        record(*given, **named)  # type: ignore[arg-type]
        return True

    worker._ledger.batches.record_intent = trust  # type: ignore[method-assign]
    worker._dispatcher._not_now = lambda flight: None  # type: ignore[method-assign]
    return worker


@pytest.mark.parametrize("protocol", [lambda worker: worker, trusting], ids=["right", "wrong"])
def test_a_job_that_runs_twice_sends_once(
    hands: Hands, open_it: Callable[[], Ledger], protocol: Callable[[Worker], Worker]
) -> None:
    """Two come for one ring, as after a process stood still. Whoever trusts the job instead of the ledger is found
    out: a reader gets two mails."""
    site = hands.site
    site.at(MAIL.due_at)
    first, second = (protocol(site.new_worker(open_it())) for _ in range(2))
    prepare, beside = first._ledger.batches.prepare, threading.Event()

    def stand_still(*given: object, **named: object) -> object:
        prepared = prepare(*given, **named)  # type: ignore[arg-type]
        if not beside.is_set():
            beside.set()
            second.send("email")
        return prepared

    first._ledger.batches.prepare = stand_still  # type: ignore[method-assign, assignment]
    first.send("email")
    assert (protocol is trusting) == (2 in site.world.received().values())


def test_the_janitor_takes_away_what_the_dead_left(hands: Hands) -> None:
    """A job that a process began and did not end, before it was killed; a ring is not held up by it."""
    hands.queue.enqueue([LANE])
    hands.sql("UPDATE procrastinate_jobs SET status = 'doing'")
    hands.queue.enqueue([LANE])
    assert 2 == len(hands.jobs())
    hands.queue.janitor()
    assert [LANE] == hands.jobs()


def test_its_tables_are_out_of_the_ledgers_sight(hands: Hands, open_it: Callable[[], Ledger]) -> None:
    """They are in a schema of their own, made once: a ledger opens beside them, and so does another worker's queue."""
    again = ProcrastinateQueue(libpq_address(hands.url), hands.site.ledger.attempts.ledger_id())
    again.enqueue([LANE])
    again.close()
    assert [LANE] == hands.jobs()
    assert hands.queue.schema.startswith("observance_queue_")
    open_it().close()
