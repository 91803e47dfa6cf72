"""What receipts and health ask of every store; run over SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from scheduler.domain.address import keyed_hash
from scheduler.domain.receipt import Barred, Receipt, ReceiptKind
from scheduler.domain.records import LedgerHealth, ReceiptsHandled
from scheduler.store import Ledger, open_ledger
from tests.support.world import A_MONTH, World, a_post, an_email

DUE = datetime(2027, 1, 1, 10, tzinfo=UTC)
LATER = DUE + timedelta(minutes=10)


def report(kind: ReceiptKind, subscriber: int, send_id: str, *, number: int = 1, bars: Barred | None = None) -> Receipt:
    return Receipt(
        f"{kind}-{subscriber}-{number}",
        kind,
        LATER,
        str(kind),
        send_id,
        f"r{subscriber:07d}",
        reference="msg-1",
        bars=bars,
    )


def send_id_of(ledger: Ledger) -> str:
    (delivery,) = ledger.deliveries.of_season("live", A_MONTH)
    return ledger.deliveries.batches(delivery.id)[0].send_id


def test_reports_are_handled_once_and_settle_what_is_in_doubt(ledger: Ledger) -> None:
    """Twelve hundred at once, twice; one batch in doubt; fates, a barred address, and a whole history."""
    world = World(ledger, [an_email()], readers=600)
    world.email.script = ["accept-then-drop"]
    world.run_at(DUE)
    send_id = send_id_of(ledger)
    reports = [report(ReceiptKind.PROCESSED, n, send_id) for n in range(600)]
    reports += [report(ReceiptKind.DELIVERED, n, send_id) for n in range(600)]
    reports.append(report(ReceiptKind.HARD_BOUNCE, 7, send_id, bars=Barred.BOUNCED))
    assert ReceiptsHandled(new=1201, settled=1, barred=1) == ledger.receipts.record(reports, now=LATER)
    assert ReceiptsHandled(repeated=1201) == ledger.receipts.record(reports, now=LATER)
    (delivery,) = ledger.deliveries.of_season("live", A_MONTH)
    assert {"delivered": 599, "bounced": 1} == ledger.receipts.fates(delivery.id)
    assert {"day-1/email": "sent"} == world.states()
    assert 599 == ledger.subscribers.count()["active"]
    assert ledger.events.verify().is_whole


@pytest.mark.parametrize(("moved_after", "is_barred"), [(timedelta(minutes=1), False), (-timedelta(minutes=1), True)])
def test_a_late_report_without_an_address_is_about_the_one_that_was_written_to(
    ledger_url: str, moved_after: timedelta, is_barred: bool
) -> None:
    """A mail server names the mail alone. One that went out before its reader moved says nothing of the new address."""
    ledger = open_ledger(ledger_url, address_hash=partial(keyed_hash, key=b"k" * 32))

    def moves() -> None:
        link, at = {"token_hash": "t", "expires_at": DUE + timedelta(days=7)}, DUE + moved_after
        assert ledger.subscribers.ask_new_address(A_MONTH.campaign, who, "new@readers.example", **link, now=at)  # type: ignore[arg-type]
        assert ledger.subscribers.confirm("t", now=at)

    world, who = World(ledger, [an_email()], readers=2), "r0000000"
    if is_barred:
        moves()
    world.run_at(DUE)
    if not is_barred:
        moves()
    ledger.receipts.record([report(ReceiptKind.HARD_BOUNCE, 0, send_id_of(ledger), bars=Barred.BOUNCED)], now=LATER)
    assert 2 - is_barred == ledger.subscribers.count()["active"]
    ledger.close()


def test_soft_bounces_are_counted_by_delivery(ledger: Ledger) -> None:
    """Three in a row pause; a delivery among the latest three takes it back."""
    days = [an_email(f"day-{n}", on=(DUE + timedelta(days=n - 1)).date()) for n in range(1, 5)]
    world = World(ledger, days, readers=2)
    for n in range(4):
        world.run_at(DUE + timedelta(days=n))
    send_ids = [ledger.deliveries.batches(d.id)[0].send_id for d in ledger.deliveries.of_season("live", A_MONTH)]
    soft = [report(ReceiptKind.SOFT_BOUNCE, 0, s, number=n) for n, s in enumerate(send_ids)]
    assert 1 == ledger.receipts.record(soft[:3], now=LATER).paused
    assert 1 == ledger.subscribers.count()["active"]
    ledger.receipts.record([report(ReceiptKind.DELIVERED, 0, send_ids[3])], now=LATER)
    assert 2 == ledger.subscribers.count()["active"]


def test_a_proof_waits_for_the_end_of_the_call(ledger: Ledger) -> None:
    """Reported while the call is under way: kept, and used when the lease has ended."""
    world = World(ledger, [an_email()], readers=1)

    class Killed(BaseException):
        """Nothing catches it."""

    def killed(request: object) -> None:
        assert 0 == ledger.receipts.record([report(ReceiptKind.PROCESSED, 0, send_id_of(ledger))], now=DUE).settled
        raise Killed

    world.email.on_call = killed
    try:
        world.run_at(DUE)
    except Killed:
        world.new_tick()
    assert {"day-1/email": "sending"} == world.states()
    assert 0 == ledger.receipts.settle_by_receipts("live", now=DUE)
    world.run_at(LATER)
    assert {"day-1/email": "sent"} == world.states()
    assert [] == world.email.provider.calls, "nothing was called again"


def test_health_counts_what_is_late_and_what_is_in_doubt(ledger: Ledger) -> None:
    """Nothing, then one of each."""
    world = World(ledger, [a_post("day-1"), an_email("day-1")], readers=1)
    wait: dict[str, Any] = {"now": LATER, "tolerance": timedelta(minutes=5)}
    assert LedgerHealth() == ledger.health.counts("live", **wait)
    world.tick.run()
    assert LedgerHealth(overdue=2) == ledger.health.counts("live", **wait)
    world.email.script = ["lost"]
    world.run_at(DUE)
    assert LedgerHealth(doubts=1) == ledger.health.counts("live", **wait)
    assert ("a-month",) == ledger.health.campaigns()
