"""Readers in numbers: whatever is done to readers, in whatever order, the numbers are those that counting all gives; and
whoever is not to be written to any more has raised the number of departures."""

from __future__ import annotations

import random
import secrets
import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import RowMapping, event, exists, func, not_, or_, select, text

from scheduler.domain.address import keyed_hash
from scheduler.domain.cadence import Cadence
from scheduler.domain.receipt import Barred, Receipt, ReceiptKind
from scheduler.domain.records import Wanted
from scheduler.domain.season_key import SeasonKey
from scheduler.domain.subscriber import DeadAddresses, NewSubscriber
from scheduler.store import Ledger, open_ledger
from scheduler.store.reads import ANYWHERE, DEAD, NO_END, Group
from scheduler.store.recipients import _end_pauses
from scheduler.store.repository import agreement_is_over, bars, is_barred, may_be_written_to, of_reader
from scheduler.store.subscribers import SubscriberRepository
from scheduler.store.tables import (
    batch_counts,
    cadences,
    fate_counts,
    hashed_suppressions,
    subscribers,
    subscriptions,
    suppressions,
)
from scheduler.store.tables import ledger as ledgers

NOW = datetime(2026, 12, 20, 9, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
CAMPAIGNS = ("month", "other", "edition")
#: The same in another language.
FAMILY = {"month": ("edition",), "edition": ("month",), "other": ()}
PEOPLE = 4
ENDS = (None, date(2026, 12, 25), date(2027, 2, 1))
ZONES = ("", "America/Chicago", "Europe/Berlin")
HASH = partial(keyed_hash, key=b"k" * 32)

#: What is done, to which person, on which list, and in which of its ways.
Step = tuple[str, int, int, int]


class Acts:
    """All that anybody does to readers, each as the program does it."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger, self.now, self.number = ledger, NOW, 0
        self.links: list[str] = []

    def step(self, step: Step) -> None:
        name, person, place, way = step
        self.now += HOUR
        self.number += 1
        campaign, address = CAMPAIGNS[place % len(CAMPAIGNS)], f"p{person % PEOPLE}@readers.test"
        if name not in _OFTEN and way != 11:  # to somebody who is there, mostly
            there = [s for c in CAMPAIGNS for s in self.ledger.subscribers.each(c) if s.subscriber.address]
            there.sort(key=lambda s: (s.campaign, s.subscriber.address))
            chosen = there[(person + place) % len(there)] if there else None
            campaign, address = (chosen.campaign, chosen.subscriber.address) if chosen else (campaign, address)
        found = self.ledger.subscribers.find(campaign, address)
        reader = found.subscriber.id if found is not None else f"nobody-{person}"
        getattr(self, name)(campaign, address, reader, way)

    def _id(self, n: int) -> str:
        """One that is given from outside, and may be of a person who is known by that address."""
        known = self.ledger.subscribers.of_person(f"{n:032x}")
        free = all(s.subscriber.address == f"p{n}@readers.test" for s in known)
        return f"{n:032x}" if free else secrets.token_hex(16)

    def _link(self) -> str:
        self.links.append(f"link-{self.number}")
        return self.links[-1]

    def sign_up(self, campaign: str, address: str, reader: str, way: int) -> None:
        zone, cadence = ZONES[way % 3] or None, list(Cadence)[way % 3]
        new = NewSubscriber(address, zone=zone, cadence=cadence, ends_on=ENDS[way % 3])
        what = {"what": "the month", "wording": "w"}
        token, end = self._link(), self.now + 7 * DAY
        self.ledger.subscribers.sign_up(campaign, new, token_hash=token, expires_at=end, **what, now=self.now)

    def confirm(self, campaign: str, address: str, reader: str, way: int) -> None:
        if self.links:
            link, family = self.links[way % len(self.links)], FAMILY[campaign]
            self.ledger.subscribers.confirm(link, instead_of=family if way % 2 else (), now=self.now)

    def refuse(self, campaign: str, address: str, reader: str, way: int) -> None:
        if self.links:
            self.ledger.subscribers.refuse(self.links[way % len(self.links)], now=self.now)

    def forget(self, campaign: str, address: str, reader: str, way: int) -> None:
        self.now += 8 * DAY * (way % 2)
        self.ledger.subscribers.forget_unconfirmed(now=self.now)

    def add(self, campaign: str, address: str, reader: str, way: int) -> None:
        new = NewSubscriber(address, zone=ZONES[way % 3] or None, ends_on=ENDS[way % 3])
        family = FAMILY[campaign] if way % 2 else ()
        self.ledger.subscribers.add(campaign, new, who="Ada", asked_back=way % 3 != 0, instead_of=family, now=self.now)

    def bring_in(self, campaign: str, address: str, reader: str, way: int) -> None:
        """A list with some of the people, one of them twice; with ids of its own, or those of another list."""
        rows = [
            NewSubscriber(
                f"p{n}@readers.test",
                zone=ZONES[(way + n) % 3] or None,
                cadence=list(Cadence)[(way + n) % 3],
                ends_on=ENDS[way % 3],
                source=f"list {way}",
                subscriber_id=self._id(n) if way % 2 else secrets.token_hex(16),
            )
            for n in (*range(way % (PEOPLE + 1)), 0)
        ]
        self.ledger.subscribers.add_many(campaign, rows, family=FAMILY[campaign], now=self.now)

    def leave(self, campaign: str, address: str, reader: str, way: int) -> None:
        of = None if way % 2 else campaign
        self.ledger.subscribers.unsubscribe(of, reader, reason="unsubscribed", now=self.now)

    def come_back(self, campaign: str, address: str, reader: str, way: int) -> None:
        back = self.now - HOUR + timedelta(minutes=1)  # the act before may have been the leaving
        self.ledger.subscribers.come_back(None if way % 2 else campaign, reader, now=back)

    def pause(self, campaign: str, address: str, reader: str, way: int) -> None:
        self.ledger.subscribers.pause(campaign, reader, until_at=self.now + way * DAY, now=self.now)

    def resume(self, campaign: str, address: str, reader: str, way: int) -> None:
        self.ledger.subscribers.resume(campaign, reader, now=self.now)

    def pauses_end(self, campaign: str, address: str, reader: str, way: int) -> None:
        with self.ledger._database.write("test") as connection:
            _end_pauses(connection, campaign, self.now + 2 * way * DAY)

    def cadence(self, campaign: str, address: str, reader: str, way: int) -> None:
        self.ledger.subscribers.set_cadence(campaign, reader, list(Cadence)[way % 3], now=self.now)

    def zone(self, campaign: str, address: str, reader: str, way: int) -> None:
        self.ledger.subscribers.set_zone(reader, ZONES[way % 3], now=self.now)

    def ask_for_more(self, campaign: str, address: str, reader: str, way: int) -> None:
        self.ledger.subscribers.ask_for_more(campaign, reader, way % 3 != 0, now=self.now)

    def report(self, campaign: str, address: str, reader: str, way: int) -> None:
        kinds = (
            (ReceiptKind.HARD_BOUNCE, Barred.BOUNCED),
            (ReceiptKind.COMPLAINED, Barred.COMPLAINED),
            (ReceiptKind.UNSUBSCRIBED, Barred.UNSUBSCRIBED),
        )
        kind, why = kinds[way % 3]
        receipt = Receipt(f"event-{self.number}", kind, self.now, subscriber_id=reader, bars=why, word="said")
        self.ledger.receipts.record([receipt], now=self.now)

    def erase(self, campaign: str, address: str, reader: str, way: int) -> None:
        self.ledger.subscribers.erase(address, who="Ada", now=self.now)

    def new_address(self, campaign: str, address: str, reader: str, way: int) -> None:
        token, end = self._link(), self.now + 7 * DAY
        other = f"p{way % PEOPLE}@readers.test" if way % 2 else f"new{self.number}@readers.test"
        if self.ledger.subscribers.ask_new_address(
            campaign, reader, other, token_hash=token, expires_at=end, now=self.now
        ):
            self.ledger.subscribers.confirm(token, now=self.now)

    def close(self, campaign: str, address: str, reader: str, way: int) -> None:
        before = self.now - DAY * (way % 3)
        self.ledger.subscribers.close_season(
            SeasonKey(campaign, 2027), keep_who_asked=bool(way % 2), came_before=before, who="Ada", now=self.now
        )


ACTS = [name for name in vars(Acts) if not name.startswith("_") and name != "step"]
#: Most of what is done brings readers in: else there would be nobody to do the rest to.
_OFTEN = ["sign_up", "confirm", "add", "bring_in"]


def counted(ledger: Ledger, campaign: str | None, now: datetime) -> dict[str, Any]:
    """The same as the ledger keeps, by looking at everything: its own words, not the program's."""
    mine = () if campaign is None else (subscriptions.c.campaign == campaign,)
    everybody = select(subscriptions, subscribers.c.zone).join(
        subscribers, subscribers.c.id == subscriptions.c.subscriber_id
    )
    with ledger._database.read() as connection:
        rows = connection.execute(everybody.where(*mine)).mappings().all()
        over = {
            (r.campaign, r.subscriber_id)
            for r in connection.execute(select(subscriptions).where(agreement_is_over(now)))
        }
        barred = sum(
            len(set(connection.execute(select(table.primary_key.columns[0]).where(bars(table, campaign))).scalars()))
            for table in (suppressions, hashed_suppressions)
        )
        is_bounced = subscriptions.c.state == "bounced"
        dead = select(func.count(subscriptions.c.subscriber_id.distinct())).where(is_bounced)
        latest = select(func.max(suppressions.c.at)).where(
            suppressions.c.address_key == subscribers.c.address_key,
            suppressions.c.reason == "bounced",
            subscribers.c.id == subscriptions.c.subscriber_id,
            is_bounced,
        )
        dead_addresses = DeadAddresses(*(connection.execute(query).scalar() for query in (dead, latest)))

    def state(row: RowMapping) -> str:
        is_over = (row["campaign"], row["subscriber_id"]) in over and row["state"] in ("active", "paused")
        return "ended" if is_over else row["state"]

    active = [row for row in rows if state(row) == "active"]
    asked = [r for r in rows if r["state"] in ("active", "paused") and r["asked_for_more_at"] is not None]
    return {
        "states": {"active": 0} | Counter(map(state, rows)) | {"suppressed": barred},
        "cadences": dict(Counter(row["cadence"] for row in active)),
        "zones": dict(Counter(row["zone"] for row in active)),
        "asked": len(asked),
        "dead": dead_addresses,
    }


def kept(ledger: Ledger, campaign: str | None, now: datetime) -> dict[str, Any]:
    people = ledger.subscribers
    return {
        "states": dict(people.count(campaign, now=now)),
        "cadences": dict(people.count_by("cadence", campaign, now=now)),
        "zones": dict(people.count_by("zone", campaign, now=now)),
        "asked": sum(map(people.kept_on_request, CAMPAIGNS if campaign is None else (campaign,))),
        "dead": people.dead_addresses(),
    }


def written_to(ledger: Ledger, due: datetime) -> tuple[int, set[tuple[str, str]]]:
    """How many departures there have been, and who gets a mail that was due then: campaign and id."""
    earlier = exists().where(
        of_reader(cadences, subscriptions.c.campaign, subscriptions.c.subscriber_id), cadences.c.since_at <= due
    )
    with ledger._database.read() as connection:
        who = select(subscriptions.c.campaign, subscriptions.c.subscriber_id).where(
            subscribers.c.id == subscriptions.c.subscriber_id,
            may_be_written_to(due),
            not_(is_barred(subscriptions.c.campaign)),
            or_(subscriptions.c.cadence_since_at <= due, earlier),
        )
        departures = connection.execute(select(ledgers.c.departures)).scalar_one()
        return departures, {(campaign, reader) for campaign, reader in connection.execute(who)}


def run(ledger: Ledger, steps: Sequence[Step]) -> set[str]:
    """Returns the states that anybody was in, and "gone" where somebody left by whatever road."""
    acts, seen, season = Acts(ledger), set[str](), SeasonKey("month", 2026)  # which ends soon, and is never closed
    wanted = [Wanted("day-1", "email", "email", NOW.date(), NOW, NOW + DAY)]
    ledger.deliveries.follow_plan("live", season, wanted, now=NOW)
    for step in steps:
        due = acts.now
        departures, before = written_to(ledger, due)
        acts.step(step)
        later, after = written_to(ledger, due)
        if before - after:
            assert departures < later, step
            seen.add("gone")
        assert () == ledger.counts.wrong(), step
        assert SubscriberRepository(ledger._database).of_season(season) == ledger.subscribers.of_season(season), step
        seen |= {state for state, number in ledger.subscribers.count(now=acts.now).items() if number}
    for campaign in (None, *CAMPAIGNS):
        assert counted(ledger, campaign, acts.now) == kept(ledger, campaign, acts.now)
        assert sum(counted(ledger, campaign, acts.now)["states"].values()) == sum(
            ledger.subscribers.count(campaign).values()
        )
    return seen


STEPS = st.lists(
    st.tuples(
        st.sampled_from([*_OFTEN, *_OFTEN, *ACTS]), st.integers(0, PEOPLE - 1), st.integers(0, 2), st.integers(0, 11)
    ),
    min_size=1,
    max_size=25,
)


@given(STEPS)
@settings(max_examples=20, deadline=None)
def test_whatever_is_done_the_numbers_are_those_of_all(migrated_file: Path, steps: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(migrated_file, f"{folder}/observance.db")
        with closing(open_ledger(f"sqlite:///{folder}/observance.db", address_hash=HASH)) as ledger:
            run(ledger, steps)


@pytest.fixture
def ledger(ledger_url: str):
    with closing(open_ledger(ledger_url, address_hash=HASH)) as opened:
        yield opened


def test_a_long_year_on_both_databases(ledger: Ledger) -> None:
    """Each act several times, in an order that chance gives."""
    chance = random.Random(45)
    names = [*ACTS, *_OFTEN, *_OFTEN] * 4
    chance.shuffle(names)
    steps = [(name, chance.randrange(PEOPLE), chance.randrange(3), chance.randrange(12)) for name in names]
    assert {"active", "left", "paused", "pending", "erased", "suppressed", "gone"} <= run(ledger, steps)


def test_an_act_that_is_taken_back_counts_nothing(ledger: Ledger) -> None:
    """What a transaction counted goes with it."""
    rows = [NewSubscriber("ann@readers.test")]
    ledger.subscribers.add_many("month", rows, now=NOW)

    def fail(name: str) -> None:
        raise OSError(name)

    ledger._database._failpoint = fail
    with pytest.raises(OSError, match="before_subscribers_commit"):
        ledger.subscribers.add_many("month", [NewSubscriber("bob@readers.test")], now=NOW)
    assert (1, ()) == (ledger.subscribers.count("month")["active"], ledger.counts.wrong())


def drift(ledger: Ledger) -> int:
    """Somebody writes to the database past the program."""
    rows = [NewSubscriber(f"r{n}@readers.test", zone=ZONES[n % 3] or None) for n in range(9)]
    ledger.subscribers.add_many("month", rows, now=NOW)
    wanted = Wanted("day-1", "email", "email", NOW.date(), NOW, NOW + DAY)
    ledger.deliveries.follow_plan("live", SeasonKey("month", 2027), [wanted], now=NOW)
    (delivery_id,) = (d.id for d in ledger.deliveries.of_season("live", SeasonKey("month", 2027)))
    with ledger._database.write("test") as connection:
        connection.execute(text("UPDATE subscriptions SET state = 'bounced' WHERE state = 'active'"))
        bar = {"campaign": "other", "reason": "unsubscribed", "at": NOW}
        connection.execute(suppressions.insert().values(address_key="x@readers.test", **bar))
        connection.execute(fate_counts.insert().values(delivery_id=delivery_id, state="delivered", number=5))
        sums = {"delivery_id": delivery_id, "state": "sent", "calls": 2, "skipped": 2, "size": 2}
        connection.execute(batch_counts.insert().values(**sums))
    return delivery_id


def test_numbers_that_were_written_past_are_found_and_mended(ledger: Ledger) -> None:
    delivery_id = drift(ledger)
    found: dict[Any, tuple[Any, Any]] = {d.of: (d.kept, d.counted) for d in ledger.counts.wrong()}
    assert ((0,), (9,)) == found[DEAD]
    assert ((3,), (0,)) == found[Group("month", "active", "daily", "Europe/Berlin", NO_END, 0)]
    assert ((0,), (1,)) == found[ANYWHERE]
    assert ((5,), (0,)) == found[delivery_id, "delivered"]
    assert ((2, 2, 2), (0, 0, 0)) == found[delivery_id, "sent"]
    assert len(found) - 1 == len(ledger.counts.wrong(fates=False))
    assert len(found) == len(ledger.counts.recount(who="Ada", now=NOW))
    assert () == ledger.counts.wrong() == ledger.counts.recount(who="Ada", now=NOW)
    assert {"active": 0, "bounced": 9, "suppressed": 0} == ledger.subscribers.count("month")
    assert {"active": 0, "suppressed": 1} == ledger.subscribers.count("other")
    assert ["counts.mended"] == [e.kind for e in ledger.events.newest(limit=1)]


@pytest.mark.parametrize(("state", "walks"), [("active", 1), ("bounced", 2)])
def test_who_is_dead_is_counted_where_there_is_anybody(ledger: Ledger, state: str, walks: int) -> None:
    """`doctor` counts all readers, each once: a million of them take seconds."""
    ledger.subscribers.add_many("month", [NewSubscriber("ann@readers.test")], now=NOW)
    with ledger._database.write("test") as connection:
        connection.execute(subscriptions.update().values(state=state))
    asked: list[str] = []
    event.listen(ledger._database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    ledger.counts.wrong(fates=False)
    assert walks == sum("FROM subscriptions" in statement for statement in asked)
