"""A digest made of pieces, on its way through the engine: approved with its items and its frame, and never waiting for
ever for one of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from scheduler.cli.status import _status_lines
from scheduler.domain.address import keyed_hash
from scheduler.domain.approval import Approvals
from scheduler.domain.audience import Audience
from scheduler.domain.cadence import Cadence
from scheduler.domain.delivery_words import told as in_words_of
from scheduler.domain.message import DIGEST, FRAME, EmailBody, Message, Piece
from scheduler.domain.outlook import Outlook
from scheduler.domain.reason import ReasonCode
from scheduler.domain.records import Delivery, Wanted
from scheduler.domain.season_key import SeasonKey
from scheduler.domain.sent import Sent
from scheduler.domain.subscriber import NewSubscriber
from scheduler.services.approvals import parted
from scheduler.services.status import SeasonStatus, status_as_data
from scheduler.store import open_ledger
from tests.contract.test_digest_day import Recorder
from tests.contract.test_digest_day import a_digest as of_letters
from tests.support.world import A_MONTH, World, a_rehearsal, an_approval, an_email

DAYS = [date(2027, 1, n) for n in (1, 2, 3)]
LONG_AGO = datetime(2026, 12, 1, tzinfo=UTC)


def at(day: int, hour: float = 10) -> datetime:
    return datetime(2027, 1, day, tzinfo=UTC) + timedelta(hours=hour)


def a_day(n: int) -> Message:
    return replace(an_email(f"day-{n}", on=DAYS[n - 1]), audience=Audience(frozenset({Cadence.DAILY})))


def a_digest() -> Message:
    """Of three days: due on the third at 10:00, with a window of 14 hours."""
    body = an_email("digest").body
    assert isinstance(body, EmailBody)
    text, html, pieces = "Hello.\n", "<p>Hello.</p>\n", []
    for n in (1, 2, 3):
        of_text, of_html = f"Story of day {n}.\n", f"<p>Story of day {n}.</p>\n"
        places = (len(html), len(html) + len(of_html), len(text), len(text) + len(of_text))
        pieces.append(Piece(f"day-{n}", DAYS[n - 1].isoformat(), f"Day {n}", *places))
        text, html = text + of_text, html + of_html
    words = {"text": text + "%unsubscribe_url%\n", "html": html + body.html, "pieces": tuple(pieces)}
    body = replace(body, **words, subject="all", subject_pattern="{dates}: {items}")  # type: ignore[arg-type]
    audience = Audience(frozenset({Cadence.DIGEST}), tuple((f"day-{n}", at(n)) for n in (1, 2, 3)))
    return replace(an_email("digest", on=DAYS[2]), kind=DIGEST, audience=audience, body=body)


THE_FRAME = replace(an_email(FRAME, on=DAYS[2]), kind=FRAME)
DAY_1, DAY_2, DAY_3 = map(a_day, (1, 2, 3))


@pytest.fixture
def world(ledger_url: str) -> Iterator[World]:
    ledger = open_ledger(ledger_url, address_hash=partial(keyed_hash, key=b"k" * 32))
    world = World(ledger, [DAY_1, DAY_2, DAY_3, a_digest(), THE_FRAME], approved=False)
    ledger.armings.arm(A_MONTH, who="Ada", now=world.clock.now())
    for name, cadence in (("whole", Cadence.DIGEST), ("daily", Cadence.DAILY)):
        subscriber(world, name, cadence)
    yield world
    ledger.close()


def subscriber(world: World, name: str, cadence: Cadence, when: datetime = LONG_AGO) -> None:
    new = NewSubscriber(f"{name}@readers.example", subscriber_id=name, cadence=cadence)
    world.ledger.subscribers.add_many(A_MONTH.campaign, [new], now=when)


def approve(world: World, *messages: Message) -> None:
    for message in messages:
        world.ledger.approvals.record(an_approval(message, at=world.clock.now()))


def told(recorder: Recorder, who: str) -> list[str]:
    """By mail, the days that it told of."""
    return ["".join(c for c in text.split("%", 1)[0] if c.isdigit()) for text in recorder.got.get(who, [])]


def deliveries_of(world: World):
    return world.ledger.deliveries.of_season("live", A_MONTH)


def the_digest(world: World):
    (found,) = (d for d in deliveries_of(world) if d.item == "digest")
    return found, world.ledger.deliveries.batches(found.id)


def status_of(delivery: Delivery, now: datetime) -> SeasonStatus:
    nothing = {
        "armed": None,
        "holds": (),
        "readers": {},
        "copied_at": None,
        "reviewers": None,
        "unread": "",
        "money": (),
        "outlook": Outlook("a-month", "UTC", now.date(), now),
    }
    return SeasonStatus("a-month", 2027, "live", deliveries=(delivery,), zone="UTC", now=now, **nothing)  # type: ignore[arg-type]


def test_a_digest_needs_its_items_and_its_frame_and_no_approval_of_its_own(world: World) -> None:
    """Without the frame it waits and says so; with it, it goes at the next pass."""
    recorder = Recorder(world)
    approve(world, DAY_1, DAY_2, DAY_3)
    for day in (1, 2, 3):
        world.run_at(at(day))
    assert [] == told(recorder, "whole")
    waiting, _ = the_digest(world)
    assert [ReasonCode.APPROVAL_MISSING] == [r.code for r in waiting.reasons]
    assert "the frame of the digests" in str(waiting.reasons[0].fields["says"])
    approve(world, THE_FRAME)
    world.run_at(at(3, 10.2))
    assert ["123"] == told(recorder, "whole")
    assert ["1", "2", "3"] == told(recorder, "daily")
    assert not any(a.item == "digest" for a in world.ledger.approvals.of_season(A_MONTH).all)


def test_it_waits_for_an_item_for_half_its_time_and_goes_without_it_then(world: World) -> None:
    """Whoever gets it later is told nothing that nobody approved; what was left out may still go on another day."""
    recorder = Recorder(world)
    approve(world, DAY_1, DAY_3, THE_FRAME)
    for moment in (at(1), at(2), at(3), at(3, 16.9)):
        world.run_at(moment)
    assert [] == told(recorder, "whole")
    assert any("“day-2”" in str(r.fields.get("says")) for r in the_digest(world)[0].reasons)
    world.run_at(at(3, 17))
    assert ["13"] == told(recorder, "whole")
    delivery, (batch,) = the_digest(world)
    assert (frozenset({"day-2"}), "sent") == (batch.left_out, delivery.state)
    assert [ReasonCode.TOLD_WITHOUT] == [r.code for r in batch.reasons]
    assert "it went without day-2: not approved, held back or left out" == in_words_of(delivery)
    for days, said in ((1, 1), (9, 0)):
        status = status_of(delivery, now=at(3 + days))
        assert said * ["digest"] == [d["item"] for d in status_as_data(status)["went_without"]]  # type: ignore[attr-defined]
        line = f"digest on email (no. {delivery.id}): it went without day-2: not approved, held back or left out."
        assert said == [*_status_lines(status, "A Month", "UTC")].count(line)
        assert not status.waiting
    assert {"day-1", "day-3"} == world.ledger.recipients.told_in_digests("live", A_MONTH)
    assert {delivery.id: (at(3, 17), frozenset({"day-1", "day-3"}))} == world.ledger.recipients.told_by_digests(
        "live", A_MONTH
    )


def test_an_item_that_is_approved_meanwhile_is_in_it(world: World) -> None:
    """Late, and within the half of its time in which the digest waits. Nobody gets its own mail any more; its words are
    kept, since the digest leads to them."""
    recorder = Recorder(world)
    approve(world, DAY_1, DAY_3, THE_FRAME)
    world.run_at(at(3))
    approve(world, DAY_2)
    world.run_at(at(3, 12))
    assert ["123"] == told(recorder, "whole")
    (second,) = (d for d in deliveries_of(world) if d.item == "day-2")
    assert ("missed", DAY_2) == (second.state, world.ledger.lookups.sent_message(second.digest))


def test_what_a_person_left_out_is_left_out_of_the_digest_at_once(world: World) -> None:
    """Nobody has had it, and a person has said that nobody is to."""
    recorder = Recorder(world)
    approve(world, DAY_1, DAY_2, DAY_3, THE_FRAME)
    world.run_at(at(1))
    second = next(d for d in world.ledger.deliveries.of_season("live", A_MONTH) if d.item == "day-2")
    world.ledger.deliveries.skip(second.id, who="Ada", why="news", now=at(1, 12))
    world.run_at(at(3))
    assert ["13"] == told(recorder, "whole")
    assert ["1", "3"] == told(recorder, "daily")


def test_what_a_person_held_until_its_time_was_over_is_left_out_at_once(world: World) -> None:
    """The digest is no way round a hold."""
    recorder = Recorder(world)
    approve(world, DAY_1, DAY_2, DAY_3, THE_FRAME)
    world.run_at(at(1))
    world.ledger.holds.set("*", who="Ada", why="news", now=at(1, 12))
    world.run_at(at(2))
    world.ledger.holds.release("*", who="Ada", now=at(2, 12))
    world.run_at(at(2, 12.1))
    assert "held" == world.states()["day-2/email"]
    world.run_at(at(3))
    assert ("missed", ["13"]) == (world.states()["day-2/email"], told(recorder, "whole"))


def test_what_is_held_back_is_waited_for_like_what_lacks_approval(world: World) -> None:
    """The third day's mail waits for a word, and the hold is over."""
    recorder = Recorder(world)
    approve(world, DAY_1, DAY_2, DAY_3, THE_FRAME)
    for day in (1, 2):
        world.run_at(at(day))
    world.ledger.holds.set("*", who="Ada", why="news", now=at(2, 12))
    world.run_at(at(3))
    world.ledger.holds.release("*", who="Ada", now=at(3, 10.5))
    held = {d.item: d for d in world.ledger.deliveries.of_season("live", A_MONTH) if d.state == "held"}
    assert {"day-3", "digest"} == held.keys()
    world.ledger.deliveries.release(held["digest"].id, who="Ada", now=at(3, 10.6))
    world.run_at(at(3, 11))
    assert [] == told(recorder, "whole")
    assert [ReasonCode.ITEM_KEPT_BACK] == [r.code for r in the_digest(world)[0].reasons]
    world.run_at(at(3, 17))
    assert ["12"] == told(recorder, "whole")


def test_readers_for_whom_nothing_is_left_get_no_mail(world: World) -> None:
    """Who came last would have been told of the third day alone."""
    recorder = Recorder(world)
    subscriber(world, "last", Cadence.DIGEST, when=at(2, 12))
    approve(world, DAY_1, DAY_2, THE_FRAME)
    for moment in (at(1), at(2), at(3), at(3, 17)):
        world.run_at(moment)
    assert (["12"], []) == (told(recorder, "whole"), told(recorder, "last"))
    delivery, batches = the_digest(world)
    assert {"sent", "skipped"} == {b.state for b in batches}
    assert delivery.counts.adds_up()
    assert "sent" == delivery.state


def test_a_digest_of_which_nothing_may_go_waits_to_its_end(world: World) -> None:
    """It says for what."""
    approve(world, THE_FRAME)
    for moment in (at(3), at(3, 23)):
        world.run_at(moment)
        assert "scheduled" == world.states()["digest/email"]
        assert 3 == sum(r.code is ReasonCode.APPROVAL_MISSING for r in the_digest(world)[0].reasons)
    world.run_at(at(4, 1))
    assert "missed" == world.states()["digest/email"]


def test_a_doubt_is_asked_about_with_the_bytes_that_went(world: World) -> None:
    """Though what was left out was approved since."""
    recorder = Recorder(world)
    approve(world, DAY_1, DAY_3, THE_FRAME)
    for moment in (at(1), at(2), at(3)):
        world.run_at(moment)
    world.email.script = ["accept-then-drop"]
    world.run_at(at(3, 17))
    approve(world, DAY_2)
    world.run_at(at(3, 17.2))
    assert ["13", "13"] == told(recorder, "whole")
    assert 1 == world.received()["digest/whole"]
    assert "sent" == world.states()["digest/email"]


def test_who_wants_one_mail_a_day_is_told_the_rest_and_asked_about_with_those_bytes(world: World) -> None:
    """On the first day they have another campaign's mail, on the third the digest comes before the day's own."""
    recorder, lists = Recorder(world), world.ledger.subscribers
    subscriber(world, "one", Cadence.DAILY)
    person = NewSubscriber("one@readers.example")
    lists.add_many("other-month", [person], now=LONG_AGO)
    assert lists.set_one_a_day("one", True, now=LONG_AGO)
    its = Wanted("other-day", "email", "email", DAYS[0], at(1), at(1, 24))
    world.ledger.deliveries.follow_plan("live", SeasonKey("other-month", 2027), [its], now=LONG_AGO)
    (other,) = world.ledger.deliveries.of_season("live", SeasonKey("other-month", 2027))
    assert world.ledger.recipients.freeze(other.id, batch_limit=10, now=at(1))
    approve(world, DAY_1, DAY_2, DAY_3, THE_FRAME)
    for moment in (at(1), at(2)):
        world.run_at(moment)
    world.email.script = ["accept", "accept-then-drop"]
    world.run_at(at(3))
    assert ["2", "13"] == told(recorder, "one")
    assert ["123"] == told(recorder, "whole")
    assert {"sent", "unknown"} == {batch.state for batch in the_digest(world)[1]}
    world.run_at(at(3, 10.2))
    assert ["2", "13", "13"] == told(recorder, "one")
    assert 1 == world.received()["digest/one"]
    assert ("sent", True) == (the_digest(world)[0].state, the_digest(world)[0].counts.adds_up())


def test_an_approval_that_is_taken_back_right_before_the_call_stops_it(world: World) -> None:
    """The last check looks at the items that this call tells of."""
    approve(world, DAY_1, DAY_2, DAY_3, THE_FRAME)
    for day in (1, 2):
        world.run_at(at(day))
    build = world.email.build

    def meanwhile(message: Message, **more: object):
        if message.item == "digest":
            taken = {"who": "Ada", "reason": "a mistake", "now": at(3)}
            world.ledger.approvals.withdraw(A_MONTH, "day-2", "email", **taken)  # type: ignore[arg-type]
        return build(message, **more)  # type: ignore[arg-type]

    world.email.build = meanwhile  # type: ignore[method-assign]
    world.run_at(at(3))
    assert "digest/whole" not in world.received()


def test_a_digest_that_an_earlier_release_began_ends_in_its_form(world: World) -> None:
    """Of whole letters, under the approval that it had by itself; who has had it gets nothing more."""
    recorder = Recorder(world)
    old = replace(of_letters(), kind=DIGEST)
    others = [subscriber(world, f"z{n}", Cadence.DIGEST) for n in range(3)]
    approve(world, DAY_1, DAY_2, DAY_3)
    world.ledger.approvals.record(an_approval(old, at=world.clock.now()), old)
    new, world.messages = world.messages, [DAY_1, DAY_2, DAY_3]
    rehearse = world.rehearse
    world.email.batch_limit = 1
    world.rehearse = lambda: replace(rehearse(), digests=(old,))  # type: ignore[method-assign]
    world.new_tick()
    world.email.script = ["accept"] * 4
    for day in (1, 2):
        world.run_at(at(day))
    world.email.on_call = lambda request: (
        world.ledger.holds.set("*", who="Ada", why="upgrade", now=at(3)) if request.body["item"] == "digest" else None
    )
    world.run_at(at(3))
    assert 1 == sum(key.startswith("digest/") for key in world.received())
    world.email.on_call = lambda request: None
    world.ledger.holds.release("*", who="Ada", now=at(3, 10.1))
    world.rehearse, world.messages = rehearse, new  # type: ignore[method-assign]
    world.new_tick()
    delivery, _ = the_digest(world)
    world.ledger.deliveries.release(delivery.id, who="Ada", now=at(3, 10.2))
    world.run_at(at(3, 10.3))
    assert {"digest/whole": 1, **{f"digest/z{n}": 1 for n in range(len(others))}} == {
        key: times for key, times in world.received().items() if key.startswith("digest/")
    }
    assert {old.digest} == {b.digest for b in the_digest(world)[1]}
    assert {"123"} == {stories for who in ("whole", "z0", "z1", "z2") for stories in told(recorder, who)}


def test_a_word_about_what_was_sent_still_matters_while_a_digest_waits_for_it() -> None:
    """Its text was mended, or a help line tried again, after its own mail had left: the digest tells of the new form,
    so that somebody can approve it until the digest has gone."""
    season = a_rehearsal([DAY_1, DAY_2, DAY_3, a_digest(), THE_FRAME])
    assert isinstance(DAY_1.body, EmailBody)
    mended = replace(DAY_1, body=replace(DAY_1.body, subject="Mended"))
    gone = {(m.item, m.channel): _sent(m) for m in (DAY_1, mended)}
    as_it_was = replace(season, approvals=Approvals((an_approval(DAY_1),)), sent=gone)
    after = replace(as_it_was, messages=(mended, DAY_2, DAY_3))
    assert as_it_was.is_over(DAY_1)
    assert not after.is_over(mended)
    assert ((), [mended]) == parted(after, [mended])
    digest_gone = replace(after, sent={**gone, ("digest", "email"): _sent(a_digest())})
    assert digest_gone.is_over(mended)
    assert not after.is_over(mended, at(3, 12))
    assert after.is_over(mended, at(5))


def _sent(message: Message) -> Sent:
    return Sent(message.item, message.channel, "email", message.digest, at(1), 1, 1, False, True)
