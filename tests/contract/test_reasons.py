"""What is done and advised follows from codes; what providers and people said is only ever shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from scheduler.domain.delivery import State
from scheduler.domain.delivery_words import told, why
from scheduler.domain.outcome import Outcome, OutcomeKind
from scheduler.domain.reason import FIELDS, Reason, ReasonCode, because, from_text, to_text
from scheduler.domain.reason_words import WORDS, in_words
from scheduler.domain.records import Delivery
from scheduler.engine.alert_rules import AlertContext, notices
from scheduler.services.context import Actor, Context
from scheduler.services.reconcile import retry
from scheduler.services.status import Seen, what_to_do
from scheduler.settings import Notices
from scheduler.store import Ledger, open_ledger
from scheduler.store.tables import attempts, batches, deliveries, recipients
from tests.support.world import A_MONTH, World, a_campaign, a_post, an_email

POISON = "sign login approve 503 held by needs money: restored from a backup of waits until"


def at(day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2027, 1, day, hour, minute, tzinfo=UTC)


def refused(code: ReasonCode, detail: str, kind: OutcomeKind = OutcomeKind.FINAL, status: int = 400) -> Outcome:
    return Outcome(kind, detail=detail, reasons=(because(code, status=status),), status=status)


def a_bad_week(ledger: Ledger) -> World:
    """Something of each kind: refused in part, in doubt, out of money, held, not approved, failed, missed."""
    days = [a_post(f"day-{d}", on=date(2027, 1, d)) for d in range(1, 7)]
    world = World(
        ledger,
        [*days, an_email("day-1"), an_email("day-2", on=date(2027, 1, 2))],
        now=at(1, 8),
        readers=6,
        batch_limit=2,
    )
    strange = refused(ReasonCode.REFUSED, "400 bad request")
    world.email.script = ["accept", strange, "accept", "accept", "lost", "accept"]
    keys = refused(ReasonCode.KEYS_REFUSED, "401 wrong", status=401)
    world.x.script = ["accept", keys, refused(ReasonCode.REFUSED, "400 no"), "lost"]
    for day in (1, 2, 3, 4):
        world.run_at(at(day))
    ledger.deliveries.hold(next(d.id for d in found(ledger) if d.item == "day-6"), who="Ada", why="a storm", now=at(4))
    world.x.script = [refused(ReasonCode.NEEDS_MONEY, "402 no credit", OutcomeKind.LATER, 402)]
    world.run_at(at(5))
    return world


def found(ledger: Ledger) -> tuple[Delivery, ...]:
    return ledger.deliveries.of_season("live", A_MONTH)


def poison(ledger: Ledger) -> None:
    """Each detail that is stored, by the same words."""
    with ledger._database.write("poison") as connection:
        for table, column in ((deliveries, "note"), (batches, "detail"), (attempts, "detail"), (recipients, "detail")):
            connection.execute(update(table).values(**{column: POISON}))


def advice(ledger: Ledger, now: datetime) -> dict[tuple[str, str], object]:
    """What status, the pages and the API make of each delivery, but for its words."""
    seen = Seen(now, "UTC", now + timedelta(minutes=5), None, True)
    return {
        (d.item, d.channel): (
            d.state,
            d.reasons,
            d.needs_a_person(),
            d.needs_money,
            d.was_restored,
            d.awaits_decision,
            d.closed_before_start,
            what_to_do(d, seen),
        )
        for d in found(ledger)
    }


def said(ledger: Ledger, now: datetime) -> list[tuple[str, ...]]:
    season = a_campaign()
    world = AlertContext(
        now,
        season,
        World(ledger, approved=False).rehearse().plan.season,
        True,
        Notices(),
        deliveries=found(ledger),
        holds=ledger.holds.in_force(),
    )
    return sorted(notice.keys for notice in notices(world))


def test_what_providers_said_steers_nothing(ledger: Ledger) -> None:
    """Advice, notices and every question about a delivery stay as they are when all details say something else."""
    a_bad_week(ledger)
    before = advice(ledger, at(5, 11)), said(ledger, at(5, 11))
    states = {d.state for d in found(ledger)}
    assert {State.PARTLY_SENT, State.UNKNOWN, State.FAILED, State.SCHEDULED, State.HELD} <= states
    assert any(d.detail for d in found(ledger))
    poison(ledger)
    assert before == (advice(ledger, at(5, 11)), said(ledger, at(5, 11)))
    assert any(POISON in why(d) for d in found(ledger))


def test_the_next_pass_and_a_retry_do_the_same_whatever_was_said(tmp_path: Path) -> None:
    """Two ledgers with the same week; in one each detail was replaced. What goes out from then on is the same."""

    def rest_of_the_week(name: str, act: Callable[[Ledger], None]) -> tuple[object, ...]:
        ledger = open_ledger(f"sqlite:///{tmp_path}/{name}.db")
        world = a_bad_week(ledger)
        act(ledger)
        world.clock.advance(timedelta(minutes=20))
        retried = [
            retry(Context(None, ledger, world.clock, Actor("Ada")), d.id).state
            for d in found(ledger)
            if d.counts.failed and d.expires_at > world.clock.now()
        ]
        result = world.tick.run()
        later = world.run_at(at(6))
        ended = (retried, replace(result, reasons={}), later.sent, world.received(), world.states())
        ledger.close()
        return ended

    plain = rest_of_the_week("plain", lambda ledger: None)
    assert plain == rest_of_the_week("poisoned", poison)


def test_each_code_has_words_and_a_field_that_is_none_is_refused() -> None:
    """A code without words would be told as nothing; a field by another name would never be found again."""
    assert set(ReasonCode) == set(WORDS)
    assert set(FIELDS) <= set(ReasonCode)
    with pytest.raises(ValueError, match="no field"):
        because(ReasonCode.NOT_DUE, until_at=at(1))


@pytest.mark.parametrize("code", ReasonCode)
def test_a_reason_comes_back_as_it_was_written(code: ReasonCode) -> None:
    """Instants with their zone, numbers as numbers; and in words it leaves no brace behind."""
    values = {"at": at(1), "on": date(2027, 1, 1)}
    fields = {name: values.get(name.rpartition("_")[2], 3) for name in FIELDS.get(code, ())}
    reason = Reason(code, fields)
    assert (reason,) == from_text(to_text((reason,)))
    assert not set("{}") & set(in_words((reason,), "detail", channel="email"))
    assert "?" not in in_words((reason,), "", channel="email")


def test_a_code_of_a_newer_release_is_not_understood_and_not_lost() -> None:
    """It is shown by its detail, and nothing is done because of it."""
    assert (Reason(ReasonCode.UNCLASSIFIED),) == from_text('[{"code": "from-the-future", "x": 1}]')


# -- reasons end ----------------------------------------------------------------------------------------


def test_a_reason_goes_when_a_person_takes_it_away(ledger: Ledger) -> None:
    """After an approval it is not said any more that nobody approved; nobody has to wait for the next pass."""
    post = a_post("day-1")
    world = World(ledger, [post], now=at(1, 8), approved=False)
    world.run_at(at(1))
    (delivery,) = found(ledger)
    assert {ReasonCode.NOT_ARMED, ReasonCode.APPROVAL_MISSING} == {r.code for r in delivery.reasons}
    world.approve_all()
    assert {ReasonCode.NOT_ARMED} == {r.code for r in found(ledger)[0].reasons}
    ledger.armings.arm(A_MONTH, who="Ada", now=at(1))
    (delivery,) = found(ledger)
    assert () == delivery.reasons
    assert "it goes within a minute" == what_to_do(delivery, Seen(at(1), "UTC", runs=True))
    world.tick.run()
    assert {"day-1/x": "sent"} == world.states()


def test_a_mailing_that_stands_still_halfway_is_held_and_goes_on(ledger: Ledger) -> None:
    """Two of five batches are out when it is disarmed: held, in numbers, with the reason; armed again it goes on."""
    world = World(ledger, [an_email("day-1")], now=at(1, 8), readers=10, batch_limit=2)

    def disarm(request: object) -> None:
        if len(world.email.provider.calls) == 1:
            ledger.armings.disarm(A_MONTH, who="Ada", now=world.clock.now())

    world.email.on_call = disarm
    world.run_at(at(1))
    (delivery,) = found(ledger)
    assert (State.HELD, 4, 6) == (delivery.state, delivery.counts.accepted, delivery.counts.waiting)
    assert "4 of 10 have it; 6 wait until midnight. Season 2027 is not armed" == told(delivery)
    ledger.armings.arm(A_MONTH, who="Ada", now=at(1))
    assert State.SENDING == found(ledger)[0].state
    world.tick.run()
    (delivery,) = found(ledger)
    assert (State.SENT, 10, ()) == (delivery.state, delivery.counts.accepted, delivery.reasons)


def test_a_hold_in_the_middle_is_said_at_once(ledger: Ledger) -> None:
    """From the moment of the hold, and not only after the next pass; what is under way is named."""
    world = World(ledger, [an_email("day-1")], now=at(1, 8), readers=6, batch_limit=2)
    seen: list[object] = []

    def hold(request: object) -> None:
        if len(world.email.provider.calls) == 1:
            ledger.holds.set("*", who="Ada", why="wrong number", now=world.clock.now())
            seen.extend((d.item, b.called_for) for d, b in ledger.deliveries.calls_under_way())

    world.email.on_call = hold
    world.run_at(at(1))
    assert [("day-1", 2)] == seen
    (delivery,) = found(ledger)
    assert (State.HELD, 4, False) == (delivery.state, delivery.counts.accepted, delivery.awaits_decision)
    assert () == ledger.deliveries.calls_under_way()
    passed_over = ledger.holds.release("*", who="Ada", now=at(1, 11))
    assert [True] == [d.awaits_decision for d in passed_over]
    ledger.deliveries.release(delivery.id, who="Ada", now=at(1, 11))
    world.tick.run()
    assert {"day-1/email": "sent"} == world.states()


# -- partly sent ----------------------------------------------------------------------------------------


def test_a_mailing_that_most_did_not_get_is_partly_sent(ledger: Ledger) -> None:
    """Nine of ten batches are refused, the last one is taken: its reason is that of the refusals, not empty."""
    world = World(ledger, [an_email("day-1")], now=at(1, 8), readers=20, batch_limit=2)
    world.email.script = [*[refused(ReasonCode.REFUSED, "400: no")] * 9, "accept"]
    world.run_at(at(1))
    (delivery,) = found(ledger)
    assert (State.PARTLY_SENT, 2, 18) == (delivery.state, delivery.counts.accepted, delivery.counts.missing)
    assert "2 of 20 have it; 18 have not got it. Refused: 400: no" == told(delivery)
    again = retry(Context(None, ledger, world.clock, Actor("Ada")), delivery.id)
    assert 18 == again.counts.waiting
    world.tick.run()
    assert {"day-1/email": "sent"} == world.states()


def test_who_was_left_out_for_a_reason_of_their_own_is_not_missing(ledger: Ledger) -> None:
    """Left, paused and a dead address: the mailing is sent, and the numbers say so."""
    world = World(ledger, [an_email("day-1")], now=at(1, 8), readers=6, batch_limit=6)
    dead = Outcome(
        OutcomeKind.FINAL, reasons=(because(ReasonCode.ADDRESS_DEAD, status=550),), detail="550: no such user"
    )
    ok = Outcome(OutcomeKind.ACCEPTED)

    def answer(request: object) -> Outcome:
        readers = request.body["readers"]  # type: ignore[attr-defined]
        return Outcome.of_readers({who: dead if who == "r0000003" else ok for who in readers})

    world.email.script = [answer]
    world.clock.advance(at(1) - world.clock.now())
    ledger.recipients.freeze(world_delivery(world), batch_limit=6, now=at(1))
    ledger.subscribers.unsubscribe(A_MONTH.campaign, "r0000001", reason="asked", now=at(1))
    world.tick.run()
    (delivery,) = found(ledger)
    counts = delivery.counts
    assert (State.SENT, 4, 2, 0, 0) == (delivery.state, counts.accepted, counts.left_out, counts.missing, counts.failed)
    assert counts.adds_up()
    assert "" == told(delivery)


def world_delivery(world: World) -> int:
    """Plan the season without sending: a pass before the instant."""
    now = world.clock.now()
    world.clock.advance(timedelta(hours=-1))
    world.tick.run()
    world.clock.advance(now - world.clock.now())
    return found(world.ledger)[0].id


def test_a_record_that_cannot_be_mailed_is_missing(ledger: Ledger) -> None:
    """Nobody left it out for a reason of their own: it has failed for this one, and can be tried again."""
    world = World(ledger, [an_email("day-1")], now=at(1, 8), readers=4, batch_limit=4)
    world.email.unusable = {"r0000002": "the address cannot be written to"}
    world.run_at(at(1))
    (delivery,) = found(ledger)
    assert (State.PARTLY_SENT, 3, 1) == (delivery.state, delivery.counts.accepted, delivery.counts.missing)
    assert ReasonCode.UNUSABLE_RECORD in {r.code for r in delivery.reasons}


def test_doubt_stays_above_partly_sent(ledger: Ledger) -> None:
    """While somebody may have it, a person has to look first."""
    world = World(ledger, [an_email("day-1")], now=at(1, 8), readers=6, batch_limit=2)
    world.email.script = ["accept", refused(ReasonCode.REFUSED, "400"), "lost"]
    world.run_at(at(1))
    assert {"day-1/email": "unknown"} == world.states()
    ledger.lookups.resolve(found(ledger)[0].id, sent=True, who="Bea", now=at(1, 11))
    assert {"day-1/email": "partly_sent"} == world.states()
