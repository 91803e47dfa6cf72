"""At most one mail a day: what is withheld comes in a digest; nothing twice, nothing lost. Over both stores."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import and_, select

from scheduler.clock import VirtualClock
from scheduler.domain.address import keyed_hash
from scheduler.domain.audience import Audience
from scheduler.domain.cadence import Cadence
from scheduler.domain.campaign import Campaign, Season
from scheduler.domain.delivery import State
from scheduler.domain.reason import ReasonCode
from scheduler.domain.records import Wanted
from scheduler.domain.season_key import SeasonKey
from scheduler.domain.subscriber import NewSubscriber
from scheduler.services.seasons import _owed_untold
from scheduler.settings import Mode
from scheduler.store import Ledger, open_ledger
from scheduler.store.tables import batches, deliveries, recipients

DAILY, DIGEST, KEY_DAYS = Cadence.DAILY, Cadence.DIGEST, Cadence.KEY_DAYS
DAY = timedelta(days=1)
FIRST = datetime(2027, 1, 1, 10, tzinfo=UTC)
LONG_AGO = FIRST - 30 * DAY


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Ledger]:
    ledger = open_ledger(ledger_url, address_hash=partial(keyed_hash, key=b"k" * 32))
    yield ledger
    ledger.close()


def due(day: int) -> datetime:
    return FIRST + (day - 1) * DAY


class Lists:
    """Campaigns with an item a day, and digests on the days that are named; a name is a letter."""

    def __init__(self, ledger: Ledger, **digests: Sequence[int]) -> None:
        self.ledger, self.digests, self.number = ledger, digests, 0
        self.last = max(day for days in digests.values() for day in days)
        for name in digests:
            self.plan(name)

    def plan(self, name: str, *, last: int = 0) -> None:
        wanted = [self._mail(f"{name}{n}", n, Audience(frozenset({DAILY}))) for n in range(1, (last or self.last) + 1)]
        before = 0
        for end in self.digests[name]:
            parts = tuple((f"{name}{n}", due(n)) for n in range(before + 1, end + 1))
            wanted.append(self._mail(f"digest-{name}{end}", end, Audience(frozenset({DIGEST}), parts)))
            before = end
        self.ledger.deliveries.follow_plan("live", SeasonKey(name, 2027), wanted, now=LONG_AGO)

    def _mail(self, item: str, day: int, audience: Audience) -> Wanted:
        on = date(2027, 1, day)
        return Wanted(item, "email", "email", on, due(day), due(day) + 12 * timedelta(hours=1), audience)

    def joins(self, *names: str, cadence: Cadence = DAILY, one_a_day: bool = True) -> str:
        self.number += 1
        new = NewSubscriber(f"r{self.number}@example.org", cadence=cadence)
        for name in names:
            self.ledger.subscribers.add(name, new, who="Ada", now=LONG_AGO)
        found = self.ledger.subscribers.find(names[0], new.address)
        assert found is not None
        if one_a_day:
            assert self.ledger.subscribers.set_one_a_day(found.subscriber.id, True, now=LONG_AGO)
        return found.subscriber.id

    def freeze(self, name: str, item: str, *, batch_limit: int = 10) -> None:
        rows = self.ledger.deliveries.of_season("live", SeasonKey(name, 2027))
        (delivery,) = (d for d in rows if d.item == item)
        while not self.ledger.recipients.freeze(delivery.id, batch_limit=batch_limit, now=delivery.due_at):
            pass

    def a_day(self, day: int, order: str = "") -> None:
        """Freeze all of a day, the campaigns in that order, each one's item before its digest."""
        for name in order or self.digests:
            self.freeze(name, f"{name}{day}")
            if day in self.digests[name]:
                self.freeze(name, f"digest-{name}{day}")

    def season(self, order: str = "") -> None:
        for day in range(1, self.last + 1):
            self.a_day(day, order)

    def got(self, reader: str) -> dict[int, list[str]]:
        """Day -> mails; a digest is named by what it holds."""
        mine = and_(batches.c.delivery_id == recipients.c.delivery_id, batches.c.number == recipients.c.batch_number)
        query = (
            select(deliveries, batches.c.only_items, batches.c.first_item, batches.c.state.label("batch_state"))
            .join(recipients, recipients.c.delivery_id == deliveries.c.id)
            .join(batches, mine)
            .where(recipients.c.subscriber_id == reader, recipients.c.reason.is_(None))
            .order_by(deliveries.c.due_at, deliveries.c.id)
        )
        found: dict[int, list[str]] = {}
        for row in self.ledger.recipients._read(query).mappings():
            assert row["batch_state"] == State.SCHEDULED
            items = [row["item"]]
            if audience := Audience.from_text(row["audience"]).parts:
                all_items = [item for item, _ in audience]
                rest = all_items[all_items.index(row["first_item"]) if row["first_item"] else 0 :]
                items = sorted(row["only_items"].split() or rest, key=lambda item: (item[0], int(item[1:])))
            found.setdefault(row["on_date"].day, []).append("+".join(items))
        return found


def test_the_second_mail_of_a_day_comes_in_a_digest(ledger: Ledger) -> None:
    lists = Lists(ledger, a=(3, 6), b=(4, 6))
    both, usual = lists.joins("a", "b"), lists.joins("a", "b", one_a_day=False)
    lists.season()
    assert lists.got(both) == {
        1: ["a1"],
        2: ["a2"],
        3: ["a3"],
        4: ["b1+b2+b3+b4"],
        5: ["a5"],
        6: ["a4+a6", "b5+b6"],  # the last day of both: nothing is lost
    }
    assert lists.got(usual) == {n: [f"a{n}", f"b{n}"] for n in range(1, 7)}


def test_two_digests_of_one_day_take_turns_and_lose_nothing(ledger: Ledger) -> None:
    """Whichever owes the older item goes first; the other one's items come with its next digest. From day 9 on no
    digest of the first campaign is to come, so what it has goes out as a second mail."""
    lists = Lists(ledger, a=(2, 4, 6, 8), b=(2, 4, 6, 9))
    daily, in_digests = lists.joins("a", "b"), lists.joins("a", "b", cadence=DIGEST)
    lists.season()
    assert lists.got(daily) == {
        1: ["a1"],
        2: ["b1+b2"],
        3: ["a3"],
        4: ["a2+a4"],
        5: ["a5"],
        6: ["b3+b4+b5+b6"],
        7: ["a7"],
        8: ["a6+a8"],
        9: ["a9", "b7+b8+b9"],
    }
    assert lists.got(in_digests) == {
        2: ["a1+a2"],
        4: ["b1+b2+b3+b4"],
        6: ["a3+a4+a5+a6"],
        8: ["a7+a8"],
        9: ["b5+b6+b7+b8+b9"],
    }


def test_a_campaign_without_a_digest_is_never_withheld(ledger: Ledger) -> None:
    lists = Lists(ledger, a=(2,), b=())
    reader = lists.joins("a", "b")
    lists.season("ba")
    assert lists.got(reader) == {1: ["b1"], 2: ["a1+a2", "b2"]}


def test_from_whom_a_mail_is_withheld_is_counted_and_said(ledger: Ledger) -> None:
    """All of a mailing's readers may be among them; then it is over."""
    lists = Lists(ledger, a=(2,), b=(2,))
    readers = [lists.joins("a", "b") for _ in range(3)]
    lists.freeze("a", "a1", batch_limit=2)
    lists.freeze("b", "b1", batch_limit=2)
    (b1,) = (d for d in ledger.deliveries.of_season("live", SeasonKey("b", 2027)) if d.item == "b1")
    assert (b1.state, b1.counts.frozen, b1.counts.left_out, b1.counts.waiting) == (State.SKIPPED, 3, 3, 0)
    assert [reason.code for reason in b1.reasons] == [ReasonCode.ONE_A_DAY]
    withheld = ledger.deliveries.batches(b1.id)
    assert [(batch.size, batch.skipped, batch.only_items) for batch in withheld] == [
        (2, 2, frozenset({"b1"})),
        (1, 1, frozenset({"b1"})),
    ]
    assert "b1" not in ledger.recipients.told_in_digests("live", SeasonKey("b", 2027))
    lists.a_day(2)
    assert "b1" in ledger.recipients.told_in_digests("live", SeasonKey("b", 2027))
    assert [lists.got(reader) for reader in readers] == [{1: ["a1"], 2: ["a2", "b1+b2"]}] * 3


def test_what_is_owed_comes_though_the_wish_is_taken_back(ledger: Ledger) -> None:
    lists = Lists(ledger, a=(3,), b=(3,))
    reader = lists.joins("a", "b")
    lists.a_day(1)
    assert ledger.subscribers.set_one_a_day(reader, False, now=due(1) + timedelta(hours=1))
    assert not ledger.subscribers.set_one_a_day(reader, False, now=due(1) + timedelta(hours=1))
    lists.a_day(2)
    lists.a_day(3)
    assert lists.got(reader) == {1: ["a1"], 2: ["a2", "b2"], 3: ["a3", "b3", "b1"]}


def test_a_new_stay_owes_nothing_of_the_one_before(ledger: Ledger) -> None:
    lists = Lists(ledger, a=(3,), b=(3,))
    reader = lists.joins("a", "b")
    lists.a_day(1)
    ledger.subscribers.unsubscribe("b", reader, reason="unsubscribed", now=due(1) + timedelta(hours=1))
    new = NewSubscriber("r1@example.org")
    ledger.subscribers.add("b", new, who="Ada", asked_back=True, now=due(1) + timedelta(hours=3))
    lists.a_day(2)
    lists.a_day(3)
    assert lists.got(reader) == {1: ["a1"], 2: ["a2"], 3: ["a3", "b2+b3"]}


def test_who_is_owed_something_is_counted_and_said_when_no_digest_is_to_come(ledger: Ledger) -> None:
    """A campaign whose digest was taken out in mid-season: nobody would be told otherwise."""
    lists = Lists(ledger, a=(4,), b=(4,))
    lists.joins("a", "b")
    gone = lists.joins("a", "b")
    lists.joins("a", "b", one_a_day=False)
    lists.a_day(1)

    def owed(name: str, day: int) -> int:
        key, today = SeasonKey(name, 2027), date(2027, 1, day)
        return ledger.subscribers.owed_by("live", key, today=today, now=due(day))

    def said(*digests: object) -> list[str]:
        project: Any = SimpleNamespace(clock=VirtualClock(due(2)), settings=SimpleNamespace(mode=Mode.LIVE))
        project.today = lambda campaign: date(2027, 1, 2)
        campaign, season = Campaign.__new__(Campaign), Season(2027, date(2027, 1, 1), date(2027, 1, 4))
        object.__setattr__(campaign, "id", "b")
        found = _owed_untold(project, campaign, season, cast(Any, digests), ledger)
        return [f"{one.code} {one.message}" for one in found]

    assert (0, 2) == (owed("a", 1), owed("b", 1))
    assert ["P021 2 readers are owed emails that were withheld, and no digest is to come"] == said()
    audience = Audience(frozenset({DIGEST}), (("b1", due(1)),))
    assert [] == said(SimpleNamespace(audience=audience, due_at=due(4)))
    assert [] != said(SimpleNamespace(audience=audience, due_at=due(1)))
    ledger.subscribers.unsubscribe("b", gone, reason="unsubscribed", now=due(2))
    assert 1 == owed("b", 2)
    for day in (2, 3, 4):
        lists.a_day(day, "ba")
    assert 0 == owed("b", 4)


def _freeze_days(url: str, name: str, together: Any) -> None:
    """In a process of its own."""
    ledger = open_ledger(url, address_hash=partial(keyed_hash, key=b"k" * 32))
    rows = {d.item: d for d in ledger.deliveries.of_season("live", SeasonKey(name, 2027))}
    for day in range(1, 6):
        delivery = rows[f"{name}{day}"]
        together.wait(120)
        while not ledger.recipients.freeze(delivery.id, batch_limit=10, now=delivery.due_at):
            pass
    ledger.close()


def test_two_processes_that_freeze_at_one_instant_send_one_mail_of_each_day(ledger: Ledger, ledger_url: str) -> None:
    """Each campaign in a process of its own, five days in a row."""
    lists = Lists(ledger, a=(6,), b=(6,))
    both = [lists.joins("a", "b") for _ in range(3)]
    system = multiprocessing.get_context("spawn")
    together = system.Barrier(2)
    processes = [system.Process(target=_freeze_days, args=(ledger_url, name, together)) for name in "ab"]
    for process in processes:
        process.start()
    for process in processes:
        process.join(240)
    assert [0, 0] == [process.exitcode for process in processes]
    for reader in both:
        assert dict.fromkeys(range(1, 6), 1) == {day: len(mails) for day, mails in lists.got(reader).items()}
