"""Workers send what the ledger holds, without the campaign's files: by the same last check as the process beside them,
and not at all while that process is not seen."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from scheduler.domain.cadence import Cadence
from scheduler.domain.finding import Finding, Severity, Where
from scheduler.domain.message import Message
from scheduler.domain.outcome import Request
from scheduler.domain.reason import ReasonCode
from scheduler.domain.sender import UNSEEN_AFTER
from scheduler.domain.stored_rehearsal import StoredRehearsal, stored
from scheduler.domain.subscriber import NewSubscriber
from scheduler.engine.rehearsal_keeper import RehearsalKeeper
from scheduler.engine.worker import Worker, Workers
from scheduler.errors import NeedsAPerson
from scheduler.store import Ledger
from tests.contract.test_digest_pieces import DAY_1, DAY_2, DAY_3, LONG_AGO, THE_FRAME, a_digest
from tests.contract.test_lanes import until
from tests.contract.test_senders import sender
from tests.support.world import A_MONTH, World, a_post, an_approval, an_email, some_settings

MAIL = an_email()
SECOND = timedelta(seconds=1)


class Site:
    """A process beside the files, which reads and sends nothing, and workers that have no files."""

    def __init__(self, ledger: Ledger, *messages: Message, readers: int = 6, batch_limit: int = 2) -> None:
        self.ledger = ledger
        self.world = World(ledger, messages, readers=readers, batch_limit=batch_limit)
        self.clock = self.world.clock
        self.files = 0
        self.world.keeper = RehearsalKeeper(
            ledger, A_MONTH.campaign, address="https://news.example.org/c/m", sender_key="beside"
        )
        self.tick = self.world.new_tick(fingerprint=lambda: str(self.files))
        self.tick.drain = lambda *_, **__: 0  # type: ignore[method-assign]  # whatever goes, goes by a worker
        self.seen()
        self.worker = self.new_worker()

    def new_worker(self, ledger: Ledger | None = None) -> Worker:
        return Worker(
            ledger or self.ledger,
            {"x": self.world.x, "email": self.world.email},
            some_settings(),
            self.clock,
            lambda address: (lambda who: f"{address}/u/{who}", lambda who: f"{address}/preferences/{who}"),
            campaign=A_MONTH.campaign,
            node="worker",
        )

    def seen(self, **fields: object) -> None:
        self.ledger.senders.keep(sender("beside", last_seen_at=self.clock.now(), campaigns=("a-month",), **fields))

    def look(self) -> None:
        """The process beside the files is alive, and looks at them."""
        self.seen()
        self.tick.run()

    def at(self, when: datetime) -> None:
        self.clock.advance(when - self.clock.now())
        self.look()

    def change(self, *messages: Message) -> None:
        self.world.messages[:] = messages
        self.files += 1

    def reasons(self) -> set[str]:
        (delivery,) = self.ledger.deliveries.of_season("live", A_MONTH)
        return {str(reason.code) for reason in delivery.reasons}


@pytest.fixture
def site(ledger: Ledger) -> Site:
    site = Site(ledger, MAIL)
    site.look()
    return site


def test_a_worker_sends_what_was_written_down_once(site: Site) -> None:
    """All readers, each once, with the links that the process beside the files has for them."""
    site.at(MAIL.due_at)
    assert {} == site.world.received()
    assert 6 == site.worker.run().readers
    site.worker.run()
    assert {f"day-1/r{n:07d}": 1 for n in range(6)} == site.world.received()
    assert "https://news.example.org/c/m/u/r0000000" == site.world.email.provider.calls[0].body["urls"][0]
    assert {"day-1/email": "sent"} == site.world.states()


def test_it_trusts_the_ledger_alone(site: Site) -> None:
    """Nothing is due yet: whatever woke it, nothing goes."""
    assert 0 == site.worker.run().sent
    site.at(MAIL.due_at)
    site.ledger.holds.set("*", who="Ada", why="wait", now=site.clock.now())
    assert 0 == site.worker.run().sent


@pytest.mark.parametrize(
    "gone",
    [
        {"ended_at": MAIL.due_at},
        {"last_seen_at": MAIL.due_at - UNSEEN_AFTER - SECOND},
        {"mode": "rehearsal"},
    ],
    ids=["ended", "not seen", "rehearses"],
)
def test_it_rests_while_nobody_watches_the_files(site: Site, gone: dict[str, object]) -> None:
    """It says so beside what is due, and goes on once the process is seen again."""
    site.at(MAIL.due_at)
    there = site.ledger.senders.find("beside")
    assert there is not None
    site.ledger.senders.keep(replace(there, **gone))  # type: ignore[arg-type]
    result = site.worker.run()
    assert (0, {"files-unwatched"}) == (result.sent, site.reasons())
    assert result.problems == (site.worker.rests,)
    site.seen()
    assert 6 == site.worker.run().readers


def test_it_rests_before_anything_was_written_down(ledger: Ledger) -> None:
    """Of a campaign that no process beside its files knows."""
    assert "`start`" in Site(ledger, MAIL).worker.run().problems[0]


def test_a_process_that_dies_in_mid_mailing_stops_the_rest(site: Site) -> None:
    """At the next look, a second later: what was to go goes when the process is back."""
    site.at(MAIL.due_at)
    there = site.ledger.senders.find("beside")
    assert there is not None

    def die(request: Request) -> None:
        site.ledger.senders.keep(replace(there, ended_at=site.clock.now()))
        site.clock.advance(2 * SECOND)

    site.world.email.on_call = die
    assert 2 == site.worker.run().readers
    site.world.email.on_call = lambda request: None
    site.look()
    assert 4 == site.worker.run().readers
    assert {1} == set(site.world.received().values())


def test_a_correction_in_mid_mailing_stops_the_rest_and_says_how_many_have_the_old_text(site: Site) -> None:
    """As with the process beside the files itself."""
    site.at(MAIL.due_at)
    other = an_email(text="Another text.")

    def correct(request: Request) -> None:
        site.change(other)
        site.clock.advance(2 * SECOND)
        site.look()

    site.world.email.on_call = correct
    assert 2 == site.worker.run().readers
    assert {"text-changed", "approval-missing"} <= site.reasons()
    site.world.email.on_call = lambda request: None
    site.ledger.approvals.record(an_approval(other, at=site.clock.now()))
    assert 4 == site.worker.run().readers
    assert {MAIL.digest, other.digest} == {c.body["digest"] for c in site.world.email.provider.calls}
    assert {1} == set(site.world.received().values())


def test_files_that_cannot_be_read_stop_it_and_a_finding_does(site: Site) -> None:
    """What stands in the way of the process beside the files stands in the way of everybody."""
    site.at(MAIL.due_at)
    site.world.unreadable, site.files = NeedsAPerson("line 7 is wrong"), 1
    site.look()
    assert (0, True) == (site.worker.run().sent, "line 7 is wrong" in site.worker.rests)
    site.world.unreadable, site.files = None, 2
    site.world.findings.append(Finding("C001", Severity.RED, "it is wrong", Where("a.md", 1), item="day-1"))
    site.look()
    assert (0, {str(ReasonCode.FINDING)}) == (site.worker.run().sent, site.reasons())


@pytest.mark.parametrize("change", ["withdraw", "request", "disarm"])
def test_what_people_say_counts_at_once(site: Site, change: str) -> None:
    """Approvals, requests and armings are those of this moment, not those of the last reading."""
    site.at(MAIL.due_at)
    now, who = site.clock.now(), "Ben"
    if change == "withdraw":
        site.ledger.approvals.withdraw(A_MONTH, "day-1", "email", who=who, reason="no", now=now)
    elif change == "request":
        site.ledger.change_requests.add([MAIL], who=who, role="coordinator", comment="Change it.", now=now)
    else:
        site.ledger.armings.disarm(A_MONTH, who=who, now=now)
    assert 0 == site.worker.run().sent


def test_another_day_and_a_signature_wait_for_the_next_look(site: Site) -> None:
    """Findings rest on them. Nothing is said of it beside the delivery: the look comes by itself."""
    site.clock.advance(MAIL.due_at - site.clock.now())
    site.seen()
    assert (0, True) == (site.worker.run().sent, "looked at" in site.worker.rests)
    site.look()
    site.ledger.events.record("record.signed", who="Ada", now=site.clock.now())
    assert 0 == site.worker.run().sent
    assert set() == site.reasons() & {"files-unwatched"}
    site.look()
    assert 6 == site.worker.run().readers


def test_another_release_is_refused_by_name(site: Site) -> None:
    """One that writes another form of what it read, and one that makes other digests of the same words."""
    site.at(MAIL.due_at)
    (reading,) = site.ledger.rehearsals.readings("live")
    site.ledger.rehearsals.keep(replace(reading, form=2, program="9.9.9"), _stored(site))
    assert 0 == site.worker.run().sent
    for words in ("9.9.9", "form 2", "form 1"):
        assert words in site.worker.rests
    site.ledger.rehearsals.keep(replace(reading, program="9.9.9"), _stored(site, digest="0" * 64))
    assert (0, True) == (site.worker.run().sent, "9.9.9" in site.worker.rests)
    site.ledger.rehearsals.keep(replace(reading, program="9.9.9"), _stored(site))
    assert 6 == site.worker.run().readers, "another release of the same forms is no trouble"


def _stored(site: Site, **fields: str) -> StoredRehearsal:
    found = stored(site.world.rehearse(), "https://news.example.org/c/m")
    return replace(found, messages=tuple(replace(m, **fields) for m in found.messages))  # type: ignore[arg-type]


def test_a_plan_that_moved_is_followed(ledger: Ledger) -> None:
    """What was put off is not sent at its old instant, and goes at the new one."""
    site = Site(ledger, MAIL)
    site.look()
    site.at(MAIL.due_at - 30 * SECOND)
    later = an_email(hour=14)
    site.ledger.approvals.record(an_approval(later, at=site.clock.now()))
    site.change(later)
    site.at(MAIL.due_at)
    assert 0 == site.worker.run().sent
    site.at(later.due_at)
    assert 6 == site.worker.run().readers


def test_a_digest_of_pieces_goes_as_it_would_beside_the_files(ledger: Ledger) -> None:
    """With its frame and its items judged one by one: without the mail of a day that was not approved it waits, and
    leaves it out when half of its time is over."""
    site = Site(ledger, DAY_1, DAY_2, DAY_3, a_digest(), THE_FRAME, readers=0)
    three = [NewSubscriber(f"d{n}@readers.example", subscriber_id=f"d{n}", cadence=Cadence.DIGEST) for n in range(3)]
    ledger.subscribers.add_many("a-month", three, now=LONG_AGO)
    ledger.approvals.withdraw(A_MONTH, "day-2", "email", who="Ada", reason="no", now=site.clock.now())
    site.look()
    site.at(a_digest().due_at)
    assert 0 == site.worker.run().readers
    site.at(a_digest().due_at + timedelta(hours=8))
    assert 3 == site.worker.run().readers
    told = [c.body["item"] for c in site.world.email.provider.calls]
    assert ["digest"] == sorted(set(told))
    (digest,) = (d for d in ledger.deliveries.of_season("live", A_MONTH) if d.item == "digest")
    assert {frozenset({"day-2"})} == {batch.left_out for batch in ledger.deliveries.batches(digest.id)}


def test_workers_beside_each_other_send_each_reader_one_mail(
    open_it: Callable[[], Ledger],
) -> None:
    """Two that are woken for the same, the second in the middle of the first one's mailing; and a post."""
    site = Site(open_it(), MAIL, a_post(on=date(2027, 1, 1)), readers=10)
    site.look()
    site.at(MAIL.due_at)
    other = site.new_worker(open_it())
    busy: list[bool] = []

    def also(request: Request) -> None:
        if not busy:
            busy.append(True)
            other.run()

    site.world.email.on_call = also
    site.worker.run()
    other.run()
    assert {1} == set(site.world.received().values())
    assert 11 == len(site.world.received())


def test_a_campaign_that_comes_later_gets_its_worker_then(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """Before that there is nothing to send by, which is said once."""
    known: list[str] = []
    workers = Workers(site.clock, lambda: known, lambda campaign: site.new_worker())
    assert [True, True] == ["`start`" in workers.run().problems[0] for _ in range(2)]
    assert 1 == sum("`start`" in message for message in caplog.messages)
    site.at(MAIL.due_at)
    known.append(A_MONTH.campaign)
    assert () == workers.run().problems
    until(lambda: not workers.beats())
    assert 6 == len(site.world.received())


def test_a_silent_server_costs_a_worker_one_lane_alone(ledger: Ledger) -> None:
    """A post goes out meanwhile, and passes come back at once."""
    site = Site(ledger, MAIL, a_post("day-1"))
    site.look()
    site.at(MAIL.due_at)
    silent, begun = threading.Event(), threading.Event()

    def says_nothing(request: Request) -> None:
        begun.set()
        silent.wait(60)

    site.world.email.on_call = says_nothing
    workers = Workers(site.clock, lambda: [A_MONTH.campaign], lambda campaign: site.worker)
    workers.run()
    assert begun.wait(60)
    until(lambda: site.world.states()["day-1/x"] == "sent")
    workers.run()
    assert ["lane a-month email"] == [name for name in workers.beats() if name.endswith("email")]
    workers.stop()
    silent.set()
    until(lambda: not workers.beats())
    assert 1 == len(site.world.email.provider.calls)
