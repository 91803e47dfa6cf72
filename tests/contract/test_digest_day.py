"""A digest, and a mail in each reader's own morning, on their way through the engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

import pytest

from scheduler.domain.address import keyed_hash
from scheduler.domain.audience import Audience
from scheduler.domain.blocking import blocking
from scheduler.domain.cadence import Cadence
from scheduler.domain.campaign import Lateness
from scheduler.domain.finding import Finding, Severity
from scheduler.domain.message import EmailBody, Message
from scheduler.domain.outcome import Recipient, Request
from scheduler.domain.reason import ReasonCode, because
from scheduler.domain.slot import whole_window
from scheduler.domain.subscriber import NewSubscriber
from scheduler.engine.preflight import check_before_send
from scheduler.settings import Mode
from scheduler.store import open_ledger
from tests.support.world import A_MONTH, HERE, World, a_rehearsal, an_email

DAYS = [date(2027, 1, d) for d in (1, 2, 3)]
DIGEST, DAILY = Cadence.DIGEST, Cadence.DAILY


def at(day: int, hour: float = 10) -> datetime:
    return datetime(2027, 1, 1, tzinfo=UTC) + timedelta(days=day - 1, hours=hour)


def a_day(n: int) -> Message:
    return replace(an_email(f"day-{n}", on=DAYS[n - 1]), audience=Audience(frozenset({DAILY})))


def a_digest(days: Sequence[int] = (1, 2, 3)) -> Message:
    """A mail with a line for each day; the lines can be cut off its beginning."""
    lines = [f"Story of day {n}.\n" for n in days]
    text, html, parts = "Hello.\n", "<p>Hello.</p>\n", []
    for n, line in zip(days, lines, strict=True):
        parts.append((f"day-{n}", len(html), len(text)))
        text, html = text + line, html + f"<p>{line.strip()}</p>\n"
    body = an_email("digest").body
    assert isinstance(body, EmailBody)
    audience = Audience(frozenset({DIGEST}), tuple((f"day-{n}", at(n)) for n in days))
    return replace(
        an_email("digest", on=DAYS[days[-1] - 1]),
        audience=audience,
        body=replace(body, text=text + "%unsubscribe_url%\n", html=html + body.html, parts=tuple(parts)),
    )


class Recorder:
    """What each reader was to get, as the channel was handed it."""

    def __init__(self, world: World) -> None:
        self.got: dict[str, list[str]] = {}
        self._build = world.email.build
        world.email.build = self.build  # type: ignore[method-assign]

    def build(self, message: Message, *, send_id: str, recipients: Sequence[Recipient] = ()) -> Request:
        assert isinstance(message.body, EmailBody)
        for subscriber in recipients:
            self.got.setdefault(subscriber.subscriber_id, []).append(message.body.text)
        return self._build(message, send_id=send_id, recipients=recipients)


@pytest.fixture
def world(ledger_url: str):
    ledger = open_ledger(ledger_url, address_hash=partial(keyed_hash, key=b"k" * 32))
    yield World(ledger, [a_day(1), a_day(2), a_day(3), a_digest()])
    ledger.close()


LONG_AGO = at(-5)


def subscriber(world: World, name: str, cadence: Cadence, zone: str = "", when: datetime = LONG_AGO) -> None:
    new = NewSubscriber(f"{name}@readers.example", zone=zone or None, subscriber_id=name, cadence=cadence)
    world.ledger.subscribers.add_many(A_MONTH.campaign, [new], now=when)


def stories(texts: Sequence[str]) -> list[str]:
    """Which days the mails told of."""
    return ["".join(c for c in text.split("%", 1)[0] if c.isdigit()) for text in texts]


def test_each_reader_of_a_digest_gets_their_own_part_of_it(world: World) -> None:
    """Joined before, joined after the first day, switched after the second; and the daily reader gets none."""
    recorder = Recorder(world)
    subscriber(world, "early", DIGEST)
    subscriber(world, "later", DIGEST, when=at(1, 12))
    subscriber(world, "switched", DAILY)
    subscriber(world, "daily", DAILY)
    for day in (1, 2):
        world.run_at(at(day))
    world.ledger.subscribers.set_cadence(A_MONTH.campaign, "switched", DIGEST, now=at(2, 12))
    result = world.run_at(at(3))
    assert not result.needs_a_person()
    assert {
        "early": ["123"],
        "later": ["23"],
        "switched": ["1", "2", "3"],
        "daily": ["1", "2", "3"],
    } == {who: stories(texts) for who, texts in recorder.got.items()}
    assert "Story of day 3" in recorder.got["switched"][2]
    assert {1} == set(world.received().values())


def test_who_chooses_the_digest_while_the_clock_is_set_back_is_not_told_again(world: World) -> None:
    """What they had one by one stays out of the digest, though the clock says that it was due only later."""
    recorder = Recorder(world)
    subscriber(world, "daily", DAILY)
    world.run_at(at(1))
    world.ledger.subscribers.set_cadence(A_MONTH.campaign, "daily", DIGEST, now=at(0))
    subscriber(world, "new", DIGEST, when=at(0))
    for day in (2, 3):
        world.run_at(at(day))
    assert {"daily": ["1", "23"], "new": ["23"]} == {who: stories(texts) for who, texts in recorder.got.items()}


@pytest.mark.parametrize("how", ["added by a person", "by the form"])
def test_who_comes_back_while_the_clock_is_set_back_is_not_told_again(world: World, how: str) -> None:
    """What they had in an earlier stay stays out of the digest of the new one."""
    recorder, ledger = Recorder(world), world.ledger
    subscriber(world, "back", DAILY)
    world.run_at(at(1))
    ledger.subscribers.unsubscribe(A_MONTH.campaign, "back", reason="unsubscribed", now=at(1, 11))
    new = NewSubscriber("back@readers.example", cadence=DIGEST)
    if how == "by the form":
        ledger.subscribers.sign_up(
            A_MONTH.campaign, new, token_hash="t", expires_at=at(9), what="mail", wording="1", now=at(0)
        )
        ledger.subscribers.confirm("t", now=at(0))
    else:
        ledger.subscribers.add(A_MONTH.campaign, new, who="Ada", asked_back=True, now=at(0))
    world.run_at(at(3))
    assert {"back": ["1", "23"]} == {who: stories(texts) for who, texts in recorder.got.items()}


def test_who_chooses_the_digest_at_the_instant_of_a_mail_that_has_gone_is_not_told_again(world: World) -> None:
    """The same second is too late for that mail, and too early for none."""
    recorder = Recorder(world)
    subscriber(world, "daily", DAILY)
    world.run_at(at(1))
    world.ledger.subscribers.set_cadence(A_MONTH.campaign, "daily", DIGEST, now=at(1))
    world.run_at(at(3))
    assert ["1", "23"] == stories(recorder.got["daily"])


def test_a_digest_is_sent_under_the_approval_of_the_whole(world: World) -> None:
    """The parts are whole days cut off what was approved; the ledger names that digest."""
    subscriber(world, "later", DIGEST, when=at(1, 12))
    world.run_at(at(3))
    sent = next(d for d in world.ledger.deliveries.of_season("live", A_MONTH) if d.item == "digest")
    assert (world.messages[3].digest, "sent") == (sent.digest, sent.state)


def test_a_doubt_about_a_part_asks_with_the_same_bytes(world: World) -> None:
    """What is asked about later is the call that was made."""
    subscriber(world, "later", DIGEST, when=at(1, 12))
    world.email.script = ["accept-then-drop"]
    recorder = Recorder(world)
    world.run_at(at(3))
    world.run_at(at(3, 10.2))
    assert ["23", "23"] == stories(recorder.got["later"])
    assert "sent" == world.states()["digest/email"]


def test_what_stops_a_day_stops_its_digest() -> None:
    """A red finding of one of its items; a finding of another item does not."""
    digest = a_digest()
    for item, stops in (("day-2", True), ("digest", True), ("", True), ("day-9", False)):
        finding = Finding("C109", Severity.RED, "not signed", HERE, "sign it", item=item)
        rehearsal = replace(a_rehearsal([a_day(1)], [finding], mode=Mode.LIVE), digests=(digest,))
        assert stops == bool(blocking(digest, rehearsal, "digest", "email")), item
        assert digest is rehearsal.message("digest", "email")


# -- mornings -------------------------------------------------------------------------------------------

BEGINS, ENDS = whole_window(date(2027, 1, 11), time(10), Lateness())
MORNINGS = Audience(local_time=time(10), home="America/New_York")


@pytest.fixture
def mornings(ledger_url: str):
    mail = replace(an_email("i11", on=date(2027, 1, 11)), due_at=BEGINS, expires_at=ENDS, audience=MORNINGS)
    ledger = open_ledger(ledger_url, address_hash=partial(keyed_hash, key=b"k" * 32))
    world = World(ledger, [mail], now=at(9))
    for name, zone in (
        ("tokyo", "Asia/Tokyo"),
        ("berlin", "Europe/Berlin"),
        ("home", ""),
        ("hawaii", "Pacific/Honolulu"),
    ):
        subscriber(world, name, DAILY, zone)
    yield world
    ledger.close()


def at_11(hour: float) -> datetime:
    return datetime(2027, 1, 11, tzinfo=UTC) + timedelta(hours=hour)


def test_the_alarm_is_set_for_each_morning_and_each_reader_is_written_to_in_theirs(mornings: World) -> None:
    """One in the night here, nine, three in the afternoon, eight in the evening."""
    assert not mornings.run_at(BEGINS).sent
    got: list[tuple[float, list[str]]] = []
    while instants := mornings.tick.next_instants():
        before = set(mornings.received())
        mornings.run_at(instants[0])
        got.append(((instants[0] - at_11(0)) / timedelta(hours=1), sorted(set(mornings.received()) - before)))
    assert [(1, ["i11/tokyo"]), (9, ["i11/berlin"]), (15, ["i11/home"]), (20, ["i11/hawaii"])] == got
    assert {"i11/email": "sent"} == mornings.states()


def test_after_an_outage_nobody_is_told_on_the_12th_that_it_is_the_11th(mornings: World) -> None:
    """The program sleeps until 16:00 UTC: Tokyo's day is over, Berlin and New York get theirs late, Hawaii in time."""
    mornings.run_at(at_11(0.5))
    result = mornings.run_at(at_11(16))
    assert result.missed
    assert ["i11/berlin", "i11/home"] == sorted(mornings.received())
    mornings.run_at(at_11(20))
    assert ["i11/berlin", "i11/hawaii", "i11/home"] == sorted(mornings.received())
    (delivery,) = mornings.ledger.deliveries.of_season("live", A_MONTH)
    assert ("partly_sent", 3, 1) == (delivery.state, delivery.counts.accepted, delivery.counts.missing)
    assert delivery.counts.adds_up()


def test_a_hold_between_two_mornings_stops_the_later_ones(mornings: World) -> None:
    """And what fell due under it waits for a person."""
    mornings.run_at(at_11(1))
    mornings.ledger.holds.set("*", who="Ada", why="news", now=at_11(2))
    mornings.run_at(at_11(9))
    assert ["i11/tokyo"] == sorted(mornings.received())
    mornings.ledger.holds.release("*", who="Ada", now=at_11(10))
    mornings.run_at(at_11(11))
    assert ["i11/tokyo"] == sorted(mornings.received())


def test_the_last_check_stops_a_call_after_its_readers_day(mornings: World) -> None:
    """Should a batch have come so far: a slow machine, a clock that was set."""
    mornings.run_at(at_11(1) - timedelta(minutes=1))
    (delivery,) = mornings.ledger.deliveries.of_season("live", A_MONTH)
    tokyo = mornings.ledger.deliveries.batches(delivery.id)[0]
    standing = mornings.ledger.deliveries.snapshot(delivery.id, tokyo.id)
    assert standing
    for hour, refused in ((14.9, False), (15, True)):
        verdict = check_before_send(
            mornings.messages[0], standing, mornings.rehearse(), mode=Mode.LIVE, now=at_11(hour)
        )
        assert refused == (because(ReasonCode.WAVE_OVER) in verdict.refused)


def test_who_leaves_before_their_morning_is_not_written_to(mornings: World) -> None:
    """Looked at when the batch goes, hours after it was frozen."""
    mornings.run_at(at_11(1))
    mornings.ledger.subscribers.unsubscribe(A_MONTH.campaign, "berlin", reason="asked", now=at_11(8))
    mornings.ledger.subscribers.pause(A_MONTH.campaign, "home", until_at=at_11(48), now=at_11(8))
    mornings.run_at(at_11(9))
    mornings.run_at(at_11(20))
    assert ["i11/hawaii", "i11/tokyo"] == sorted(mornings.received())
