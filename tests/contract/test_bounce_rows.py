"""What a mail that came back does to the ledger: one reader, one mail, whatever became of the others of its call."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from scheduler.domain.outcome import Outcome, OutcomeKind
from scheduler.domain.receipt import Barred, Receipt, ReceiptKind
from scheduler.domain.records import ReceiptsHandled, ReportedCall
from scheduler.store import Ledger
from scheduler.store.tables import batches, recipients, suppressions
from tests.support.world import A_MONTH, World, an_email

DUE = datetime(2027, 1, 1, 10, tzinfo=UTC)
LATER = DUE + timedelta(minutes=10)


def returned(subscriber: int, send_id: str, kind: ReceiptKind = ReceiptKind.HARD_BOUNCE) -> Receipt:
    bars = Barred.BOUNCED if kind is ReceiptKind.HARD_BOUNCE else None
    who = f"r{subscriber:07d}"
    return Receipt(
        f"mail-{subscriber}-{kind}", kind, LATER, str(kind), send_id, who, bars=bars, source="mail", of_one=True
    )


def a_day(ledger: Ledger, script: list[object], readers: int = 4) -> tuple[World, str]:
    world = World(ledger, [an_email(), an_email("day-2", on=(DUE + timedelta(days=1)).date())], readers=readers)
    world.email.script = list(script)  # type: ignore[arg-type]
    world.run_at(DUE)
    delivery, _ = ledger.deliveries.of_season("live", A_MONTH)
    return world, ledger.deliveries.batches(delivery.id)[0].send_id


def states(ledger: Ledger) -> dict[int, str]:
    """Number of the reader -> state of the reader's batch, and what is known of the mail."""
    query = select(recipients.c.subscriber_id, batches.c.state, recipients.c.state).join(
        batches,
        (batches.c.delivery_id == recipients.c.delivery_id) & (batches.c.number == recipients.c.batch_number),
    )
    with ledger._database.read() as connection:
        return {int(who[1:]): " ".join(filter(None, (batch, own))) for who, batch, own in connection.execute(query)}


def test_a_call_is_found_by_the_beginning_of_its_name(ledger: Ledger) -> None:
    """For the reader who was in it, and for nobody else."""
    _, send_id = a_day(ledger, [])
    assert ReportedCall(send_id, False) == ledger.receipts.call_of("r0000002", send_id[:8])
    assert ledger.receipts.call_of("r0000002", "0" * 8) is None
    assert ledger.receipts.call_of("r9999999", send_id[:8]) is None


def test_a_call_that_is_under_way_is_told_apart(ledger: Ledger) -> None:
    """Its own answer is still to come; a mail may come back before it."""
    world = World(ledger, [an_email()], readers=2)
    seen: list[ReportedCall | None] = []

    def ask(request: object) -> None:
        (delivery,) = ledger.deliveries.of_season("live", A_MONTH)
        seen.append(ledger.receipts.call_of("r0000001", ledger.deliveries.batches(delivery.id)[0].send_id[:8]))

    world.email.on_call = ask
    world.run_at(DUE)
    assert [True] == [call.is_under_way for call in seen if call]


def test_a_dead_address_is_barred_and_stays_away(ledger: Ledger) -> None:
    """In the list, in the suppressions with their source, and from the next mailing on. The same report twice is one."""
    world, send_id = a_day(ledger, [])
    assert ReceiptsHandled(new=1, barred=1) == ledger.receipts.record([returned(1, send_id)], now=LATER)
    assert ReceiptsHandled(repeated=1) == ledger.receipts.record([returned(1, send_id)], now=LATER)
    assert {"active": 3, "bounced": 1, "suppressed": 1} == {k: v for k, v in ledger.subscribers.count().items() if v}
    assert "sent bounced" == states(ledger)[1]
    with ledger._database.read() as connection:
        (row,) = connection.execute(select(suppressions)).mappings()
    assert ("bounced", "mail hard-bounce") == (row["reason"], row["source"])
    world.run_at(DUE + timedelta(days=1))
    assert {f"day-2/r000000{n}" for n in (0, 2, 3)} == {key for key in world.received() if key.startswith("day-2")}


def test_a_report_on_one_mail_settles_a_doubt_about_that_mail_alone(ledger: Ledger) -> None:
    """By SMTP each reader of a call ends alone: that one mail came back proves nothing for the other three."""
    _, send_id = a_day(ledger, ["lost"])
    assert {"unknown"} == set(states(ledger).values())
    assert ReceiptsHandled(new=1, settled=1, barred=1) == ledger.receipts.record([returned(2, send_id)], now=LATER)
    assert {0: "unknown", 1: "unknown", 2: "sent bounced", 3: "unknown"} == states(ledger)
    delivery, _ = ledger.deliveries.of_season("live", A_MONTH)
    assert (4, 1, 3) == (delivery.counts.frozen, delivery.counts.accepted, delivery.counts.unknown)
    assert 0 == ledger.receipts.settle_by_receipts("live", now=LATER), "no proof for the rest was kept"
    for subscriber in (0, 1, 3):
        kind = ReceiptKind.SOFT_BOUNCE if subscriber else ReceiptKind.DEFERRED
        assert 1 == ledger.receipts.record([returned(subscriber, send_id, kind)], now=LATER).settled
    assert {0: "sent", 1: "sent bounced", 2: "sent bounced", 3: "sent bounced"} == states(ledger)
    assert ledger.events.verify().is_whole


def test_a_mail_that_came_back_is_not_sent_again(ledger: Ledger) -> None:
    """Put off, as the call said; and yet it went: the others are tried again, this reader is not."""
    world, send_id = a_day(ledger, [Outcome(OutcomeKind.LATER, detail="put off", retry_at=DUE + timedelta(hours=1))])
    soft = returned(3, send_id, ReceiptKind.SOFT_BOUNCE)
    assert 1 == ledger.receipts.record([soft], now=LATER).settled
    world.run_at(DUE + timedelta(hours=1))
    assert {"day-1/r0000000": 1, "day-1/r0000001": 1, "day-1/r0000002": 1} == world.received()
    assert {"sent": 3, "sent bounced": 1} == {
        s: list(states(ledger).values()).count(s) for s in states(ledger).values()
    }
