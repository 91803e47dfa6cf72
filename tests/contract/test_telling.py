"""Notices over a real ledger: once each, over restarts, never in the way of sending, and silent in a rehearsal."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scheduler.domain.delivery import State
from scheduler.domain.outcome import Outcome, OutcomeKind, Request
from scheduler.domain.reason import HoldReason
from scheduler.domain.records import SOMETHING_TERRIBLE, Counts
from scheduler.domain.sender import HEARTBEAT_EVERY, Sender
from scheduler.engine.alert_rules import CampaignProblem
from scheduler.engine.notifier import STOPPED, BackgroundNotifier, Notifier
from scheduler.errors import OutOfReach
from scheduler.settings import Mode, Notices, Settings
from scheduler.store import Ledger
from tests.support.world import A_MONTH, World, a_post, an_email, some_settings

MINUTE = timedelta(minutes=1)
TERRIBLE = HoldReason.SOMETHING_TERRIBLE


def at(day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2027, 1, day, hour, minute, tzinfo=UTC)


class Ear:
    """A way out that remembers what it was told, and fails when it is asked to."""

    def __init__(self, name: str = "webhook", *, wrong: str | Exception = "") -> None:
        self.name = name
        self.wrong = wrong
        self.heard: list[str] = []
        self.tried = 0

    def tell(self, title: str, text: str) -> str:
        self.tried += 1
        if isinstance(self.wrong, Exception):
            raise self.wrong
        if not self.wrong:
            self.heard.append(f"{title}\n{text}")
        return self.wrong


def a_teller(
    world: World, *ways: Ear, mode: Mode = Mode.LIVE, settings: Settings | None = None, **more: Any
) -> Notifier:
    """As a started process would have it."""
    return Notifier(
        world.ledger,
        lambda: [r for r in (world.tick.rehearsal,) if r is not None],
        settings or some_settings(mode),
        world.clock,
        ways,
        **{"node": "here:1", **more},
    )


@pytest.fixture
def refused(ledger: Ledger) -> World:
    """A post that is due and not approved, at a quarter past ten."""
    world = World(ledger, [a_post("day-1")], approved=False, now=at(1, 9))
    ledger.armings.arm(A_MONTH, who="Ada", now=at(1, 9))
    world.tick.run()
    world.run_at(at(1))
    world.run_at(at(1, 10, 15))
    return world


# -- before it goes out ---------------------------------------------------------------------------------


class Post(Ear):
    """A way that can tell other people, too."""

    def tell_to(self, people: Sequence[str], title: str, text: str) -> str:
        return self.tell(f"to {', '.join(people)}: {title}", text)


@pytest.mark.parametrize("approved", [True, False])
def test_the_morning_message_asks_the_last_check(ledger: Ledger, approved: bool) -> None:
    """Green only where the check before the call would let it pass; a hold that came meanwhile is told to the deputy."""
    world = World(ledger, [a_post("day-1")], approved=approved, now=at(1, 8))
    ledger.armings.arm(A_MONTH, who="Ada", now=at(1, 8))
    world.tick.run()
    rules = Notices(before_sending="09:00", before_sending_to=("ada@example.org",), deputy=("dee@example.org",))
    hook, mail = Ear(), Post("smtp")
    teller = a_teller(world, hook, mail, settings=replace(some_settings(Mode.LIVE), notices=rules))
    world.clock.advance(timedelta(hours=1))
    for _ in range(3):
        teller.after_pass()
        world.clock.advance(2 * MINUTE)
    (morning,) = [text for text in mail.heard if "January 1, 2027: " in text]
    assert morning.startswith("to ada@example.org: Observance: ")
    assert ("all green: day-1 on x" in morning) is approved
    assert ("nobody has approved it" in morning) is not approved
    assert not [text for text in hook.heard if "January 1, 2027: " in text]
    ledger.holds.set("*", who="Ada", why=SOMETHING_TERRIBLE, now=world.clock.now(), reason=TERRIBLE)
    teller.after_pass()
    assert [text for text in mail.heard if text.startswith("to dee@example.org: Observance: everything is on hold")]
    assert SOMETHING_TERRIBLE in hook.heard[-1]


# -- once -----------------------------------------------------------------------------------------------


def test_it_is_told_once_whoever_looks_how_often(refused: World) -> None:
    """Many passes, and a restart: one message."""
    ear = Ear()
    teller = a_teller(refused, ear)
    for _ in range(5):
        teller.after_pass()
        refused.clock.advance(MINUTE)
    a_teller(refused, ear).after_pass()
    (text,) = ear.heard
    assert "day-1 on x is due and does not go: nobody has approved it" in text
    (event,) = refused.ledger.events.of_kinds("notice.told")
    assert "notices" == event.who
    assert refused.ledger.events.verify().is_whole


def test_several_things_at_once_are_one_message_to_each_way(refused: World) -> None:
    """What is due and a hold that was forgotten: one mail, one hook."""
    refused.ledger.holds.set("email", who="Ada", why="a storm", now=at(1, 10, 16))
    refused.clock.advance(timedelta(hours=13))
    hook, mail = Ear(), Ear("smtp")
    a_teller(refused, hook, mail).after_pass()
    assert 1 == len(hook.heard)
    assert hook.heard == mail.heard
    assert hook.heard[0].startswith("Observance: 3 things need your attention")


def test_a_new_thing_is_told_when_it_comes(refused: World) -> None:
    """What was told before stays told."""
    ear = Ear()
    teller = a_teller(refused, ear)
    teller.after_pass()
    refused.run_at(at(2, 0))
    teller.after_pass()
    assert 2 == len(ear.heard)
    assert "was missed" in ear.heard[1]
    assert "is due" not in ear.heard[1]


def test_a_mailing_that_is_stopped_halfway_is_told_while_it_can_go_and_when_it_was_missed(ledger: Ledger) -> None:
    """Its approval is taken back after the first batch: told after five minutes, and again when its readers were left
    out for good. A batch that is tried again by itself is not told."""
    world = World(ledger, [an_email("mail")], readers=6, batch_limit=2)

    def taken_back(request: Request) -> None:
        ledger.approvals.withdraw(A_MONTH, "mail", "email", who="Bo", reason="a wrong figure", now=at(1))

    world.email.on_call = taken_back
    world.run_at(at(1))
    ear = Ear()
    teller = a_teller(world, ear)
    world.run_at(at(1, 10, 4))
    teller.after_pass()
    assert [] == ear.heard
    world.run_at(at(1, 10, 5))
    teller.after_pass()
    assert "(2 of 6 have it; 4 wait until midnight): nobody has approved it" in ear.heard[0]
    (delivery,) = ledger.deliveries.of_season("live", A_MONTH)
    world.run_at(delivery.expires_at)
    teller.after_pass()
    (delivery,) = ledger.deliveries.of_season("live", A_MONTH)
    assert (State.PARTLY_SENT, Counts(6, accepted=2, skipped=4, missed=4)) == (delivery.state, delivery.counts)
    assert delivery.needs_a_person()
    assert "is partly sent: 2 of 6 have it; 4 have not got it" in ear.heard[-1]
    assert 2 == len(ear.heard)


def test_a_batch_that_is_tried_again_by_itself_stops_nobody(ledger: Ledger) -> None:
    """The first has gone, the second waits until the provider takes it: nothing to do for a person."""
    world = World(ledger, [an_email("mail")], readers=4, batch_limit=2)
    world.email.script = ["accept", Outcome(OutcomeKind.LATER, detail="503", retry_at=at(1, 10, 30))]
    world.run_at(at(1))
    ear = Ear()
    world.run_at(at(1, 10, 20))
    a_teller(world, ear).after_pass()
    assert [] == ear.heard


def test_without_anything_new_the_ledger_is_left_alone(refused: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pass each twenty seconds costs one look at a number; once a minute everything is looked at."""
    teller = a_teller(refused, Ear())
    teller.after_pass()
    teller.after_pass()
    looks: list[str] = []
    seen = refused.ledger.holds.in_force
    monkeypatch.setattr(refused.ledger.holds, "in_force", lambda: looks.append("look") or seen())
    for _ in range(7):
        teller.after_pass()
        refused.clock.advance(timedelta(seconds=20))
    assert 2 == len(looks)


# -- ways that fail -------------------------------------------------------------------------------------


def test_a_way_that_fails_is_tried_again_later_each_time(refused: World, caplog: pytest.LogCaptureFixture) -> None:
    """After one, two, four minutes, at most half an hour; then it is told, once."""
    ear = Ear(wrong="the server answered 500")
    teller = a_teller(refused, ear)
    tries = []
    for _ in range(60):
        before = ear.tried
        teller.after_pass()
        tries.append(ear.tried - before)
        refused.clock.advance(MINUTE)
    assert [0, 1, 3, 7, 15, 31] == [i for i, n in enumerate(tries) if n]
    assert () == refused.ledger.events.of_kinds("notice.told")
    assert "a notice could not be given by webhook: the server answered 500" in caplog.text
    ear.wrong = ""
    refused.clock.advance(30 * MINUTE)
    teller.after_pass()
    teller.after_pass()
    assert 1 == len(ear.heard)


def test_who_cannot_be_reached_keeps_nobody_else_waiting(refused: World) -> None:
    """A deputy's address that the mail server refuses: they are tried less and less often, all others are told."""

    class Refusing(Post):
        def tell_to(self, people: Sequence[str], title: str, text: str) -> str:
            self.tried += 1
            return "the mail server takes no mail for any of these people"

    rules = Notices(deputy=("dee@example.org",))
    mail = Refusing("smtp")
    teller = a_teller(refused, mail, settings=replace(some_settings(Mode.LIVE), notices=rules))
    refused.ledger.holds.set("*", who="Ada", why=SOMETHING_TERRIBLE, now=refused.clock.now(), reason=TERRIBLE)
    tries = []
    for minute in range(8):
        if minute == 2:
            refused.ledger.holds.set("x", who="Ben", why=SOMETHING_TERRIBLE, now=refused.clock.now(), reason=TERRIBLE)
        before, told = mail.tried, len(mail.heard)
        teller.after_pass()
        tries.append((mail.tried - before - len(mail.heard) + told, len(mail.heard) - told))
        refused.clock.advance(MINUTE)
    assert [(1, 1), (1, 0), (0, 1), (1, 0), (0, 0), (0, 0), (0, 0), (1, 0)] == tries


def test_one_way_that_works_is_enough(refused: World) -> None:
    """The broken one is not a reason to tell it again over the good one."""
    good, bad = Ear(), Ear("smtp", wrong=RuntimeError("alerts@example.org"))
    teller = a_teller(refused, bad, good)
    teller.after_pass()
    refused.clock.advance(10 * MINUTE)
    teller.after_pass()
    assert (1, 1) == (len(good.heard), bad.tried)


def test_nothing_that_fails_comes_through(refused: World, caplog: pytest.LogCaptureFixture) -> None:
    """Neither an error of a way nor one of the ledger; and the words of an unforeseen error are not logged."""
    teller = a_teller(refused, Ear(wrong=ValueError("secret@example.org")), heartbeat=Ear(wrong=OSError("secret")))
    teller.after_pass()
    refused.tick = None
    refused.clock.advance(5 * MINUTE)
    teller.after_pass()
    assert "ValueError" in caplog.text
    assert "AttributeError" in caplog.text
    assert "secret" not in caplog.text


def test_a_rehearsal_tells_nobody_and_uses_nothing_up(ledger: Ledger, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing leaves the machine: it is in the log, and is told when it is live."""
    caplog.set_level(logging.INFO, "scheduler")
    world = World(ledger, [a_post("day-1")], mode=Mode.REHEARSAL, now=at(1, 9))
    ledger.holds.set("*", who="Ada", why="a storm", now=at(1, 9))
    world.run_at(at(1, 23))
    ear, beat = Ear(), Ear("heartbeat")
    teller = a_teller(world, ear, mode=Mode.REHEARSAL, heartbeat=beat)
    teller.after_pass()
    teller.after_pass()
    assert (0, 0) == (ear.tried, beat.tried)
    assert 1 == caplog.text.count("a notice: A hold of everything")
    assert () == ledger.events.of_kinds("notice.told")
    a_teller(world, ear).after_pass()
    assert "A hold of everything" in ear.heard[0]


def test_without_a_way_it_is_in_the_log_and_not_used_up(refused: World, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever sets up a way later is told what is still so."""
    caplog.set_level(logging.INFO, "scheduler")
    a_teller(refused).after_pass()
    assert "a notice: a-month: day-1 on x is due" in caplog.text
    ear = Ear()
    a_teller(refused, ear).after_pass()
    assert 1 == len(ear.heard)


# -- problems -------------------------------------------------------------------------------------------


def test_a_problem_that_lasts_is_told_and_a_short_one_is_not(refused: World) -> None:
    """A file that is being written is nobody's business."""
    ear = Ear()
    teller = a_teller(refused, ear)
    teller.after_pass(["a bracket is missing"])
    refused.clock.advance(3 * MINUTE)
    teller.after_pass([])
    ear.heard.clear()
    for minute in range(12):
        teller.after_pass(["the disk is full"])
        assert (minute >= 5) == bool(ear.heard)
        refused.clock.advance(MINUTE)
    assert 1 == len(ear.heard)
    assert "Nothing can be sent: the disk is full." in ear.heard[0]


def test_a_single_pass_tells_at_once(refused: World) -> None:
    """Under cron there is no later pass of the same program."""
    ear = Ear()
    a_teller(refused, ear, patience=timedelta(0)).after_pass(["the disk is full"])
    assert 1 == len(ear.heard)


def test_one_campaign_that_cannot_be_read_does_not_silence_the_others(refused: World) -> None:
    """What another campaign needs is told all the same, in the same look; of the broken one, that it is broken."""
    ear = Ear()
    teller = a_teller(refused, ear, patience=timedelta(0))
    teller.after_pass([CampaignProblem.of("another", "a bracket is missing")])
    (text,) = ear.heard
    assert "- another: Nothing of it can be sent: a bracket is missing." in text
    assert "- a-month: day-1 on x is due and does not go" in text
    ear.heard.clear()
    refused.run_at(at(2, 0))
    teller.after_pass([CampaignProblem.of("a-month", "a bracket is missing")])
    assert "was missed" not in "".join(ear.heard)


def test_with_the_ledger_out_of_reach_that_is_told_once(refused: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was told cannot be written down then; this program remembers it."""

    def gone(*_: object, **__: Any) -> None:
        raise OutOfReach("the database cannot be used")

    for noun, act in (("events", "of_kinds"), ("events", "record"), ("events", "version"), ("deliveries", "of_season")):
        monkeypatch.setattr(getattr(refused.ledger, noun), act, gone)
    ear = Ear()
    teller = a_teller(refused, ear)
    for _ in range(20):
        teller.after_pass(["the database cannot be used"])
        refused.clock.advance(MINUTE)
    assert 1 == len(ear.heard)


# -- the program's own life -----------------------------------------------------------------------------


def a_sender(key: str, now: datetime, **more: Any) -> Sender:
    """The row of a process; all of one host here, as containers of one image are."""
    made = Sender(
        key=key,
        kind="start",
        pid=1,
        host="app",
        version="1",
        mode="live",
        settings_fingerprint="",
        campaigns=("a-month",),
        started_at=now,
        last_seen_at=now,
    )
    return replace(made, **more)


class Processes:
    """Several processes on one database, of which some still live: each says so, and looks after the others."""

    def __init__(self, ledger: Ledger, *names: str) -> None:
        self.ledger = ledger
        self.world = World(ledger, [a_post("day-1", on=at(20).date())], now=at(1, 9))
        self.world.tick.run()
        self.ears = {name: Ear() for name in names}
        self.rows = {name: a_sender(name, self.world.clock.now()) for name in names}
        self.tellers = {n: a_teller(self.world, self.ears[n], sender_key=n) for n in names}

    def live(self, *alive: str, rounds: int = 1, beat: bool = True) -> None:
        """So many sweeps, in which those who are alive give a heartbeat and look."""
        for _ in range(rounds):
            self.world.clock.advance(HEARTBEAT_EVERY)
            for name in alive:
                if beat:
                    self.ledger.senders.keep(replace(self.rows[name], last_seen_at=self.world.clock.now()))
                self.tellers[name].after_pass()

    def heard(self) -> list[str]:
        return [text for ear in self.ears.values() for text in ear.heard]


def test_a_process_that_died_is_told_once_by_one_of_those_that_live(ledger: Ledger) -> None:
    """Killed, crashed or given up by its watchdog: its row is silent. Which host it was on says nothing."""
    three = Processes(ledger, "one", "two", "three")
    three.live("one", "two", "three", rounds=3)
    three.live("two", "three", rounds=6)
    assert [] == three.heard(), "six heartbeats are left out before it is given up"
    three.live("two", "three", rounds=10)
    (text,) = three.heard()
    assert "ended without saying so" in text
    assert "process 1 on app" in text


def test_processes_that_live_are_never_said_to_be_dead(ledger: Ledger) -> None:
    """Several of one host; one that is started beside them; an outage of the database for all; a clock that is set."""
    three = Processes(ledger, "one", "two", "three")
    three.live("one", "two", rounds=3)
    three.live("one", "two", "three", rounds=3)
    three.world.clock.advance(timedelta(minutes=9))  # nobody could write, nor look
    three.live("one", "two", "three", rounds=10)
    three.world.clock.jump(three.world.clock.now() + timedelta(days=2))
    three.live("one", "two", "three", rounds=10)
    assert [] == three.heard()


def test_a_process_that_said_its_end_is_not_lost(ledger: Ledger) -> None:
    """Stopped in good order; nobody has to look."""
    two = Processes(ledger, "one", "two")
    two.live("one", "two")
    now = two.world.clock.now()
    ledger.senders.keep(replace(two.rows["one"], last_seen_at=now, ended_at=now))
    two.live("two", rounds=12)
    assert [] == two.heard()


def test_where_one_process_owns_the_file_whoever_is_silent_is_dead(ledger: Ledger) -> None:
    """SQLite: the lock went with the process. A restart by a supervisor tells it at its first look."""
    world = World(ledger, [a_post("day-1", on=at(20).date())], now=at(1, 9))
    world.tick.run()
    ledger.senders.keep(a_sender("one", world.clock.now()))
    ear = Ear()
    teller = a_teller(world, ear, sender_key="two", alone=True)
    for _ in range(3):
        ledger.senders.keep(a_sender("two", world.clock.now()))
        teller.after_pass()
        world.clock.advance(MINUTE)
    (text,) = ear.heard
    assert "started on Friday, January 1, 2027, 9:00 AM (UTC) (process 1 on app) ended without saying so" in text


def test_that_a_process_was_lost_is_told_later_when_it_could_not_be_told_at_once(ledger: Ledger) -> None:
    """The one that found it had no way out, and was gone before it had one."""
    two = Processes(ledger, "one", "two")
    two.live("one", "two")
    two.ears["two"].wrong = "no connection"
    two.live("two", rounds=10)
    ear = Ear()
    a_teller(two.world, ear, sender_key="three").after_pass()
    assert "ended without saying so" in ear.heard[0]


def test_that_the_process_rehearses_is_told_by_the_rehearsing_process_itself(ledger: Ledger) -> None:
    """Nothing else leaves a rehearsal. Told when it was so at two looks, for a file may just be saved; once a day."""
    world = World(ledger, [a_post("day-1", on=at(20).date())], now=at(1, 10), mode=Mode.REHEARSAL)
    world.tick.run()
    trouble = {"process": "Nothing goes out: process 1 rehearses"}
    ear = Ear()
    teller = a_teller(world, ear, mode=Mode.REHEARSAL, sender_trouble=lambda: trouble)
    teller.after_pass()
    assert [] == ear.heard
    for _ in range(30):
        world.clock.advance(HEARTBEAT_EVERY)
        teller.after_pass()
    (text,) = ear.heard
    assert "Nothing goes out: process 1 rehearses." in text
    world.clock.advance(timedelta(days=1))
    teller.after_pass()
    assert 2 == len(ear.heard)
    trouble.clear()
    world.clock.advance(timedelta(days=1))
    teller.after_pass()
    assert 2 == len(ear.heard)


def test_the_end_never_fails(ledger: Ledger, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """It is the last thing that is done."""
    teller = a_teller(World(ledger))

    def gone(*_: object, **__: Any) -> None:
        raise OutOfReach("the database cannot be used")

    monkeypatch.setattr(ledger.events, "record", gone)
    teller.note(STOPPED)
    assert "could not be written down" in caplog.text


# -- the heartbeat --------------------------------------------------------------------------------------


def test_a_sign_of_life_is_given_after_good_passes_only(ledger: Ledger, caplog: pytest.LogCaptureFixture) -> None:
    """Once a minute; a pass that was not possible gives none, so that the silence is heard outside."""
    world = World(ledger, now=at(1, 9))
    beat = Ear("heartbeat")
    teller = a_teller(world, heartbeat=beat)
    for _ in range(6):
        teller.after_pass()
        world.clock.advance(timedelta(seconds=20))
    assert 2 == beat.tried
    world.clock.advance(MINUTE)
    teller.after_pass(["the database cannot be used"])
    assert 2 == beat.tried
    beat.wrong = "the server answered 404"
    teller.after_pass()
    assert "the heartbeat could not be given: the server answered 404" in caplog.text


# -- aside ----------------------------------------------------------------------------------------------


def test_what_is_told_does_not_keep_the_caller(ledger: Ledger) -> None:
    """A mail server that takes its time delays no pass; passes meanwhile are left out, later ones are not."""
    gate, entered = threading.Event(), threading.Event()
    calls: list[Sequence[str]] = []

    def slow(problems: Sequence[str]) -> None:
        calls.append(problems)
        entered.set()
        assert gate.wait(60)

    aside = BackgroundNotifier(slow)
    aside.close()
    aside(["one"])
    assert entered.wait(60)
    aside(["two"])
    gate.set()
    aside.close()
    aside(["three"])
    aside.close()
    assert [("one",), ("three",)] == calls


def test_rules_are_those_of_the_settings(refused: World) -> None:
    """An hour that is not set is never said."""
    settings = some_settings(Mode.LIVE)
    quiet = replace(settings, notices=replace(settings.notices, nothing_out_by=""))
    refused.clock.advance(timedelta(hours=3))
    loud, silent = Ear(), Ear()
    a_teller(refused, silent, settings=quiet).after_pass()
    a_teller(refused, loud).after_pass()
    assert "Nothing has gone out" not in silent.heard[0]
    assert "Nothing has gone out" in loud.heard[0]
