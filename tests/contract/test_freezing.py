"""Who is frozen into a delivery: by cadence, by part of a digest, by morning. Over both stores."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from scheduler.domain.address import keyed_hash
from scheduler.domain.audience import EVERYBODY, Audience
from scheduler.domain.cadence import Cadence
from scheduler.domain.campaign import Lateness
from scheduler.domain.delivery import State
from scheduler.domain.delivery_words import why
from scheduler.domain.reason import ReasonCode
from scheduler.domain.records import PlanChanges, Wanted
from scheduler.domain.slot import whole_window
from scheduler.domain.subscriber import NewSubscriber
from scheduler.store import Ledger, open_ledger
from scheduler.store.tables import batches, deliveries, recipients
from tests.support.cadence_rules import Change, ChangeKind, DatedDigest, DatedItem, Mail, mails_for
from tests.support.reasons import says
from tests.support.world import A_MONTH, an_email

DAILY, DIGEST, KEY_DAYS = Cadence.DAILY, Cadence.DIGEST, Cadence.KEY_DAYS
JOIN, SWITCH, PAUSE, RESUME, LEAVE = ChangeKind
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)

START = datetime(2027, 1, 1, 10, tzinfo=UTC)
ITEMS = tuple(DatedItem(f"i{n}", START + (n - 1) * DAY, n in (1, 4)) for n in range(1, 11))
ENDS = (1, 4, 10)
DIGESTS = tuple(DatedDigest(ITEMS[e - 1].due_at, ITEMS[b:e]) for b, e in zip((0, *ENDS), ENDS, strict=False))
HASH = partial(keyed_hash, key=b"k" * 32)


def at(day: int, hour: float = 12) -> datetime:
    return START - timedelta(hours=10) + timedelta(days=day - 1, hours=hour)


LONG_AGO = at(-9)


def of_item(item: DatedItem) -> Wanted:
    cadences = frozenset({DAILY, KEY_DAYS} if item.is_key else {DAILY})
    return mail(item.item, item.due_at, Audience(cadences))


def of_digest(digest: DatedDigest, name: str = "") -> Wanted:
    parts = tuple((i.item, i.due_at) for i in digest.items)
    return mail(name or f"digest-{parts[-1][0]}", digest.due_at, Audience(frozenset({DIGEST}), parts))


def mail(name: str, due_at: datetime, audience: Audience = EVERYBODY, expires_at: datetime | None = None) -> Wanted:
    end = expires_at or due_at + timedelta(hours=14)
    return Wanted(name, "email", "email", due_at.date(), due_at, end, audience)


def plan(ledger: Ledger, *wanted: Wanted) -> PlanChanges:
    return ledger.deliveries.follow_plan("live", A_MONTH, wanted, now=START - 30 * DAY)


def a_season(ledger: Ledger) -> list[Wanted]:
    """Ten days with three digests, planned; deliveries in the order in which they are due, a digest after the item."""
    wanted = sorted([*map(of_item, ITEMS), *map(of_digest, DIGESTS)], key=lambda w: (w.due_at, w.audience.is_digest))
    plan(ledger, *wanted)
    return wanted


def freeze(ledger: Ledger, name: str, now: datetime, *, limit: int = 100) -> int:
    delivery = next(d for d in ledger.deliveries.of_season("live", A_MONTH) if d.item == name)
    while not ledger.recipients.freeze(delivery.id, batch_limit=limit, now=now):
        pass
    return delivery.id


def frozen(ledger: Ledger, delivery_id: int) -> dict[str, str]:
    """Reader -> first item of the digest that they get (empty: all of it)."""
    query = (
        select(recipients.c.subscriber_id, batches.c.first_item)
        .join(batches, batches.c.delivery_id == recipients.c.delivery_id)
        .where(recipients.c.delivery_id == delivery_id, batches.c.number == recipients.c.batch_number)
    )
    with ledger._database.read() as connection:
        return dict(connection.execute(query).all())


def whole_season(
    ledger: Ledger, histories: Mapping[str, Sequence[Change]], *, late: timedelta = 0 * DAY
) -> dict[str, list[Mail]]:
    """Let readers do as their histories say, freeze each delivery ``late`` after it is due, and say who got what."""
    got: dict[str, list[Mail]] = {subscriber: [] for subscriber in histories}
    steps: list[tuple[datetime, int, str, Change | Wanted]]
    steps = [(c.at, 0, subscriber, c) for subscriber, changes in histories.items() for c in changes]
    steps += [(w.due_at + late, 1 + n, "", w) for n, w in enumerate(a_season(ledger))]
    for now, _, subscriber, step in sorted(steps, key=lambda s: s[:2]):
        if isinstance(step, Change):
            act(ledger, subscriber, step)
            continue
        for who, first in frozen(ledger, freeze(ledger, step.item, now)).items():
            parts = [item for item, _ in step.audience.parts] or [step.item]
            covered = parts[parts.index(first) :] if first else parts
            got[who].append(Mail(step.due_at, tuple(covered), step.audience.is_digest))
    return got


def act(ledger: Ledger, subscriber: str, change: Change) -> None:
    if change.kind is JOIN:
        new = NewSubscriber(f"{subscriber}@readers.example", subscriber_id=subscriber, cadence=change.cadence)
        ledger.subscribers.add(A_MONTH.campaign, new, who="Ada", asked_back=True, now=change.at)
    elif change.kind is SWITCH:
        ledger.subscribers.set_cadence(A_MONTH.campaign, subscriber, change.cadence, now=change.at)
    elif change.kind is PAUSE and change.until is not None:
        ledger.subscribers.pause(A_MONTH.campaign, subscriber, until_at=change.until, now=change.at)
    elif change.kind is RESUME:
        ledger.subscribers.resume(A_MONTH.campaign, subscriber, now=change.at)
    else:
        ledger.subscribers.unsubscribe(A_MONTH.campaign, subscriber, reason="asked", now=change.at)


def items_of(mails: Sequence[Mail]) -> list[list[int]]:
    return [[int(i[1:]) for i in m.items] for m in mails]


@pytest.fixture
def people(ledger_url: str):
    ledger = open_ledger(ledger_url, address_hash=HASH)
    yield ledger
    ledger.close()


# -- by the rules ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ([Change(at(-9), JOIN, DAILY)], [[n] for n in range(1, 11)]),
        ([Change(at(-9), JOIN, DIGEST)], [[1], [2, 3, 4], [5, 6, 7, 8, 9, 10]]),
        ([Change(at(-9), JOIN, KEY_DAYS)], [[1], [4]]),
        ([Change(at(2), JOIN, DIGEST)], [[3, 4], [5, 6, 7, 8, 9, 10]]),
        ([Change(at(2), JOIN, DAILY), Change(at(4), SWITCH, DIGEST)], [[3], [4], [5, 6, 7, 8, 9, 10]]),
        ([Change(at(2), JOIN, DAILY), Change(at(4, 10), SWITCH, DIGEST)], [[3], [4], [5, 6, 7, 8, 9, 10]]),
        ([Change(at(4), JOIN, DAILY), Change(at(7), SWITCH, DIGEST)], [[5], [6], [7], [8, 9, 10]]),
        ([Change(at(4), JOIN, DIGEST), Change(at(8), SWITCH, DAILY)], [[9], [10]]),
        ([Change(at(4), JOIN, DIGEST), Change(at(7), PAUSE, until=at(9, 0))], [[5, 6, 7, 8, 9, 10]]),
        ([Change(at(4), JOIN, DAILY), Change(at(6), PAUSE, until=at(9, 0))], [[5], [6], [9], [10]]),
    ],
)
def test_a_reader_gets_what_the_rules_say(people: Ledger, history: list[Change], expected: list[list[int]]) -> None:
    """Example by example; what is a digest's is one mail."""
    assert expected == items_of(whole_season(people, {"ann": history})["ann"])


#: The exact instants of the mails matter most, and a second on both sides of them.
instants = st.one_of(
    st.integers(-60, 10 * 24 * 60).map(lambda minutes: START - timedelta(hours=10) + minutes * MINUTE),
    st.sampled_from([i.due_at + timedelta(seconds=s) for i in ITEMS for s in (-1, 0, 1)]),
)


@st.composite
def histories(draw: st.DrawFn) -> list[Change]:
    when = sorted(set(draw(st.lists(instants, min_size=1, max_size=8))))
    there, changes = False, []
    for moment in when:
        kind = draw(st.sampled_from([SWITCH, SWITCH, PAUSE, RESUME, LEAVE])) if there else JOIN
        until = moment + timedelta(hours=draw(st.integers(1, 100))) if kind is PAUSE else None
        changes.append(Change(moment, kind, draw(st.sampled_from(Cadence)), until))
        there = kind is not LEAVE
    return changes


several = st.lists(histories(), min_size=1, max_size=6).map(lambda h: {f"r{n}": one for n, one in enumerate(h)})
slow = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def fresh(migrated_file: Path, tmp_path: Path) -> Ledger:
    path = tmp_path / "list.db"
    for left in tmp_path.glob("list.db*"):
        left.unlink()
    shutil.copy(migrated_file, path)
    return open_ledger(f"sqlite:///{path}", address_hash=HASH)


@slow
@given(histories=several)
def test_the_ledger_and_the_pure_rules_agree(
    migrated_file: Path, tmp_path: Path, histories: dict[str, list[Change]]
) -> None:
    """Whatever readers do: what the ledger freezes is what ``mails_for`` says."""
    ledger = fresh(migrated_file, tmp_path)
    got = whole_season(ledger, histories)
    ledger.close()
    for subscriber, history in histories.items():
        assert list(mails_for(history, ITEMS, DIGESTS)) == got[subscriber]


@slow
@given(histories=several, late=st.integers(1, 13 * 60).map(lambda minutes: minutes * MINUTE))
def test_a_mail_that_is_late_reaches_nobody_twice(
    migrated_file: Path, tmp_path: Path, histories: dict[str, list[Change]], late: timedelta
) -> None:
    """Whatever is switched between the due instant and the sending, after an outage of hours."""
    ledger = fresh(migrated_file, tmp_path)
    got = whole_season(ledger, histories, late=late)
    ledger.close()
    for subscriber in histories:
        times = Counter(i for mail in got[subscriber] for i in mail.items)
        assert {} == {i: n for i, n in times.items() if n > 1}


@st.composite
def switchers(draw: st.DrawFn) -> list[Change]:
    """Readers who join once and switch, and do nothing else."""
    when = sorted(set(draw(st.lists(instants, min_size=1, max_size=8))))
    kinds = [JOIN, *[SWITCH] * (len(when) - 1)]
    return [Change(m, k, draw(st.sampled_from(Cadence))) for m, k in zip(when, kinds, strict=True)]


@slow
@given(
    histories=st.lists(switchers(), min_size=1, max_size=6).map(lambda h: {f"r{n}": one for n, one in enumerate(h)}),
    late=st.integers(0, 13 * 60).map(lambda minutes: minutes * MINUTE),
)
def test_a_mail_that_is_late_goes_to_whom_it_would_have_gone_in_time(
    migrated_file: Path, tmp_path: Path, histories: dict[str, list[Change]], late: timedelta
) -> None:
    """Switches made meanwhile count from the next item on, and lose nobody anything."""
    ledger = fresh(migrated_file, tmp_path)
    got = whole_season(ledger, histories, late=late)
    ledger.close()
    for subscriber, history in histories.items():
        assert list(mails_for(history, ITEMS, DIGESTS)) == got[subscriber]


def test_who_came_back_after_a_mail_was_due_does_not_get_it_for_an_earlier_stay(people: Ledger) -> None:
    """What was chosen before leaving is forgotten; coming back counts from the next item on."""
    history = [
        Change(at(1), JOIN, DAILY),
        Change(at(2), SWITCH, DIGEST),
        Change(at(3), LEAVE),
        Change(at(4, 11), JOIN, DAILY),
    ]
    got = whole_season(people, {"ann": history}, late=timedelta(hours=3))["ann"]
    assert [[2], [5], [6], [7], [8], [9], [10]] == items_of(got)


# -- batches --------------------------------------------------------------------------------------------


def some_subscribers(ledger: Ledger, count: int, *, now: datetime = LONG_AGO, first: int = 0, **more: Any) -> list[str]:
    rows = [
        NewSubscriber(f"r{n}@readers.example", subscriber_id=f"r{n:05d}", **more) for n in range(first, first + count)
    ]
    ledger.subscribers.add_many(A_MONTH.campaign, rows, now=now)
    return [r.subscriber_id for r in rows]


def test_readers_of_different_parts_of_a_digest_are_in_different_batches(people: Ledger) -> None:
    """One call, one body; every reader is in one batch, and the counts add up."""
    some_subscribers(people, 7, cadence=DIGEST)
    some_subscribers(people, 5, first=100, cadence=DIGEST, now=at(6))
    some_subscribers(people, 3, first=50, cadence=DIGEST, now=at(8))
    some_subscribers(people, 2, first=200, cadence=DIGEST, now=at(10))  # after its last item
    some_subscribers(people, 4, first=300)
    a_season(people)
    delivery_id = freeze(people, "digest-i10", at(10, 10), limit=4)
    assert [("", 4), ("", 3), ("i7", 4), ("i7", 1), ("i9", 3)] == [
        (b.first_item, b.size) for b in people.deliveries.batches(delivery_id)
    ]
    assert 15 == len(frozen(people, delivery_id))
    found = people.deliveries.find(delivery_id)
    assert found
    assert found.counts.adds_up()
    assert 15 == found.counts.frozen


def test_a_digest_of_kinds_frozen_in_several_parts_loses_nobody(
    people: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stretches of ids that mix all kinds of readers."""
    monkeypatch.setattr("scheduler.store.recipients.FREEZE_AT_ONCE", 8)
    for n in range(60):
        some_subscribers(people, 1, first=n, cadence=DIGEST, now=at((4, 6, 8, 10)[n % 4]))
    a_season(people)
    delivery_id = freeze(people, "digest-i10", at(10, 10), limit=4)
    assert {"": 15, "i7": 15, "i9": 15} == Counter(frozen(people, delivery_id).values())
    numbers = [b.number for b in people.deliveries.batches(delivery_id)]
    assert list(range(1, len(numbers) + 1)) == numbers


def test_a_digest_that_nobody_wants_is_skipped_with_the_reason(people: Ledger) -> None:
    """As any mail without readers."""
    some_subscribers(people, 3)
    a_season(people)
    freeze(people, "digest-i4", at(4, 10))
    found = next(d for d in people.deliveries.of_season("live", A_MONTH) if d.item == "digest-i4")
    assert (State.SKIPPED, says(ReasonCode.NO_READERS)) == (found.state, why(found))


# -- changes of the files in mid-season -----------------------------------------------------------------


def test_other_digest_days_in_mid_season_send_nothing_twice(people: Ledger) -> None:
    """The files now say that the digest of the 7th covers 1 to 7; 1 to 4 went out in the one of the 4th."""
    some_subscribers(people, 2, cadence=DIGEST)
    a_season(people)
    freeze(people, "digest-i4", at(4, 10))
    new = of_digest(DatedDigest(ITEMS[6].due_at, ITEMS[:7]), "other")
    plan(people, *map(of_item, ITEMS), new)
    assert {"i5"} == set(frozen(people, freeze(people, "other", at(7, 10))).values())


def test_a_digest_offered_in_mid_season_holds_only_what_is_new(people: Ledger) -> None:
    """Before there was one, its readers got the mail of each day."""
    some_subscribers(people, 2, cadence=DIGEST)
    plan(people, *(mail(i.item, i.due_at) for i in ITEMS[:5]))
    for item in ITEMS[:5]:
        assert 2 == len(frozen(people, freeze(people, item.item, item.due_at)))
    plan(people, of_digest(DatedDigest(ITEMS[9].due_at, ITEMS[4:]), "new"))
    assert {"i6"} == set(frozen(people, freeze(people, "new", at(10, 10))).values())


def test_a_digest_whose_items_all_went_out_before_has_no_readers(people: Ledger) -> None:
    """Nothing is left of it."""
    some_subscribers(people, 2, cadence=DIGEST)
    plan(people, mail("i1", ITEMS[0].due_at))
    freeze(people, "i1", ITEMS[0].due_at)
    plan(people, of_digest(DatedDigest(at(1, 18), ITEMS[:1]), "new"))
    assert {} == frozen(people, freeze(people, "new", at(1, 18)))


def test_a_change_of_who_gets_it_follows_the_plan_while_it_waits(people: Ledger) -> None:
    """A day that becomes a key day, and one that has begun already."""
    plan(people, mail("i1", ITEMS[0].due_at, Audience(frozenset({DAILY}))), of_item(ITEMS[1]))
    some_subscribers(people, 1)
    freeze(people, "i2", ITEMS[1].due_at)
    both = Audience(frozenset({DAILY, KEY_DAYS}))
    assert PlanChanges(moved=1) == plan(
        people, mail("i1", ITEMS[0].due_at, both), mail("i2", ITEMS[1].due_at, EVERYBODY)
    )
    with people._database.read() as connection:
        kept = {
            i: Audience.from_text(a) for i, a in connection.execute(select(deliveries.c.item, deliveries.c.audience))
        }
    assert {"i1": both, "i2": of_item(ITEMS[1]).audience} == kept


def test_what_a_digest_has_told_is_known(people: Ledger) -> None:
    """So that an item which was held is not moved to a day where its readers would get it again."""
    a_season(people)
    freeze(people, "digest-i1", at(1, 10))
    assert frozenset() == people.recipients.told_in_digests("live", A_MONTH), "it had no readers"
    some_subscribers(people, 1, cadence=DIGEST, now=at(1))
    freeze(people, "digest-i4", at(4, 10))
    assert {"i2", "i3", "i4"} == people.recipients.told_in_digests("live", A_MONTH)
    assert frozenset() == people.recipients.told_in_digests("rehearsal", A_MONTH)


# -- waves ----------------------------------------------------------------------------------------------

ON, TEN = date(2027, 1, 11), time(10)
WINDOW = whole_window(ON, TEN, Lateness())
MORNINGS = Audience(local_time=TEN, home="America/New_York")
TOKYO, BERLIN, NEW_YORK, HONOLULU = (datetime(2027, 1, 11, h, tzinfo=UTC) for h in (1, 9, 15, 20))


def by_morning(ledger: Ledger, zones: dict[str, int], *, limit: int = 100) -> int:
    """Readers in zones, their mail planned and frozen."""
    for n, (zone, count) in enumerate(zones.items()):
        some_subscribers(ledger, count, first=1000 * n, zone=zone or None)
    wanted = Wanted("i11", "email", "email", ON, *WINDOW, MORNINGS)
    ledger.deliveries.follow_plan("live", A_MONTH, [wanted], now=at(-9))
    return freeze(ledger, "i11", WINDOW[0], limit=limit)


def test_each_reader_is_due_in_their_own_morning(people: Ledger) -> None:
    """Who gave no zone at the campaign's; batches wait until their wave, and close with their readers' day."""
    delivery_id = by_morning(people, {"Asia/Tokyo": 3, "Europe/Berlin": 2, "Africa/Lagos": 2, "": 5}, limit=3)
    found = people.deliveries.batches(delivery_id)
    assert [(TOKYO, 3), (BERLIN, 3), (BERLIN, 1), (NEW_YORK, 3), (NEW_YORK, 2)] == [
        (b.not_before_at, b.size) for b in found
    ]
    assert [15, 23, 23, 5, 5] == [b.not_after_at.hour for b in found if b.not_after_at]
    assert (TOKYO, BERLIN, NEW_YORK) == people.deliveries.next_instants("live", now=WINDOW[0])
    assert [1] == [b.number for b in people.batches.ready(delivery_id, now=TOKYO)]
    assert [1, 2, 3] == [b.number for b in people.batches.ready(delivery_id, now=BERLIN)]


def test_a_wave_whose_day_is_over_is_missed_and_the_others_go_on(people: Ledger) -> None:
    """After an outage until 16:00 UTC it is the 12th in Tokyo; nobody there is told that it is the 11th."""
    delivery_id = by_morning(people, {"Asia/Tokyo": 3, "": 5})
    later = datetime(2027, 1, 11, 16, tzinfo=UTC)
    assert [2] == [b.number for b in people.batches.ready(delivery_id, now=later)]
    assert people.batches.prepare(people.deliveries.batches(delivery_id)[0].id, now=later) is None
    (found,) = people.deliveries.expire("live", now=later)
    assert (State.SENDING, 3, 5) == (found.state, found.counts.skipped, found.counts.waiting)
    assert [State.MISSED, State.SCHEDULED] == [b.state for b in people.deliveries.batches(delivery_id)]
    assert () == people.deliveries.expire("live", now=later)
    tokyo, new_york = people.deliveries.batches(delivery_id)
    assert people.batches.prepare(tokyo.id, now=later) is None
    assert people.batches.prepare(new_york.id, now=later)


def test_a_delivery_whose_open_waves_are_all_to_come_is_not_due(people: Ledger) -> None:
    """One wave is over, the next is hours away: there is nothing to do now."""
    by_morning(people, {"Asia/Tokyo": 1, "Pacific/Honolulu": 1})
    assert 1 == len(people.deliveries.due("live", A_MONTH, now=TOKYO))
    assert () == people.deliveries.due("live", A_MONTH, now=datetime(2027, 1, 11, 16, tzinfo=UTC))
    assert 1 == len(people.deliveries.due("live", A_MONTH, now=HONOLULU))


def test_no_intent_outside_a_waves_own_day(people: Ledger) -> None:
    """The guard stands in the statement that takes the work."""
    tokyo, _ = people.deliveries.batches(by_morning(people, {"Asia/Tokyo": 1, "": 1}))

    def record_intent(now: datetime) -> bool:
        return people.batches.record_intent(
            tokyo.id,
            token=f"t{now}",
            message=an_email("i11"),
            fingerprint="f",
            readers=1,
            node="test",
            lease=MINUTE,
            check_after=MINUTE,
            now=now,
        )

    assert not record_intent(TOKYO - MINUTE)
    assert tokyo.not_after_at
    assert not record_intent(tokyo.not_after_at)
    assert record_intent(tokyo.not_after_at - MINUTE)


def test_who_moves_to_another_zone_during_the_day_gets_one(people: Ledger) -> None:
    """It was decided when the delivery was opened; the row is unique."""
    delivery_id = by_morning(people, {"Asia/Tokyo": 1, "": 1})
    people.subscribers.set_zone("r00000", "Pacific/Honolulu", now=TOKYO + MINUTE)
    people.subscribers.set_zone("r01000", "Asia/Tokyo", now=TOKYO + MINUTE)
    assert ["r00000", "r01000"] == sorted(frozen(people, delivery_id))
    assert people.recipients.freeze(delivery_id, batch_limit=100, now=HONOLULU)
    assert 2 == len(frozen(people, delivery_id))


@pytest.mark.parametrize("back_by", ["form", "a person", "switch"])
def test_who_leaves_and_comes_back_before_their_morning_gets_the_next_item(people: Ledger, back_by: str) -> None:
    """What was frozen for an earlier stay does not go, whatever they chose now; who only switched gets it. Another one,
    who switched, speaks for nobody else."""
    delivery_id = by_morning(people, {"Asia/Tokyo": 2})
    (batch,) = people.deliveries.batches(delivery_id)
    gone, stays = "r00000", "r00001"
    people.subscribers.set_cadence(A_MONTH.campaign, stays, DIGEST, now=TOKYO - 6 * MINUTE)
    address = "r0@readers.example"
    if back_by == "switch":
        people.subscribers.set_cadence(A_MONTH.campaign, gone, DIGEST, now=TOKYO - 3 * MINUTE)
    else:
        people.subscribers.unsubscribe(A_MONTH.campaign, gone, reason="unsubscribed", now=TOKYO - 5 * MINUTE)
    if back_by == "form":
        people.subscribers.sign_up(
            A_MONTH.campaign,
            NewSubscriber(address, cadence=DIGEST),
            token_hash="t",
            expires_at=TOKYO + DAY,
            what="mails",
            wording="1",
            now=TOKYO - 4 * MINUTE,
        )
        assert people.subscribers.confirm("t", now=TOKYO - 3 * MINUTE)
    elif back_by == "a person":
        people.subscribers.add(
            A_MONTH.campaign, NewSubscriber(address, cadence=DIGEST), who="Ada", asked_back=True, now=TOKYO - 3 * MINUTE
        )
    prepared = people.batches.prepare(batch.id, now=batch.not_before_at)
    assert prepared
    expected = [gone, stays] if back_by == "switch" else [stays]
    assert expected == [r.subscriber_id for r in prepared.recipients]
    with people._database.read() as connection:
        why = connection.execute(select(recipients.c.reason).where(recipients.c.subscriber_id == gone)).scalar()
    assert why == (None if back_by == "switch" else "came-back")


@pytest.mark.parametrize(("zone", "gets"), [("Pacific/Kiritimati", True), ("Pacific/Honolulu", True)])
def test_a_pause_ends_in_the_readers_own_morning(people: Ledger, zone: str, gets: bool) -> None:
    """Paused until the 11th: the mail of the 11th comes. Paused until the 12th: it does not, east or west."""
    offset = {"Pacific/Kiritimati": 14, "Pacific/Honolulu": -10}[zone]
    midnight = datetime(2027, 1, 11, tzinfo=UTC) - timedelta(hours=offset)
    some_subscribers(people, 2, first=5000, zone=zone)
    people.subscribers.pause(A_MONTH.campaign, "r05000", until_at=midnight, now=at(-8))
    people.subscribers.pause(A_MONTH.campaign, "r05001", until_at=midnight + DAY, now=at(-8))
    delivery_id = by_morning(people, {})
    assert ["r05000"] == list(frozen(people, delivery_id))
    (batch,) = people.deliveries.batches(delivery_id)
    prepared = people.batches.prepare(batch.id, now=batch.not_before_at)
    assert prepared
    assert ["r05000"] == [r.subscriber_id for r in prepared.recipients]


def test_a_digest_by_morning_has_batches_for_each_part_and_wave(people: Ledger) -> None:
    """Both at once: what is theirs, when it is theirs."""
    some_subscribers(people, 1, cadence=DIGEST, zone="Asia/Tokyo")
    some_subscribers(people, 1, first=1, cadence=DIGEST, zone="Asia/Tokyo", now=at(6))
    some_subscribers(people, 1, first=2, cadence=DIGEST, now=at(6))
    parts = tuple((i.item, i.due_at) for i in ITEMS[4:])
    wanted = Wanted(
        "digest",
        "email",
        "email",
        ON,
        *WINDOW,
        Audience(frozenset({DIGEST}), parts, local_time=TEN, home="America/New_York"),
    )
    people.deliveries.follow_plan("live", A_MONTH, [wanted], now=at(-9))
    delivery_id = freeze(people, "digest", WINDOW[0])
    assert [("", TOKYO), ("i7", TOKYO), ("i7", NEW_YORK)] == [
        (b.first_item, b.not_before_at) for b in people.deliveries.batches(delivery_id)
    ]


def test_an_audience_survives_the_ledger() -> None:
    """As text and back, byte for byte the same."""
    one = Audience(frozenset({DIGEST}), (("i1", START),), TEN, "America/New_York", Lateness(90))
    for audience in (one, EVERYBODY, Audience(frozenset({DAILY, KEY_DAYS}))):
        assert audience == Audience.from_text(audience.to_text())
        assert audience.to_text() == Audience.from_text(audience.to_text()).to_text()
