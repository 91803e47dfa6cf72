"""A whole season for thousands of readers: each got exactly what the rules of docs/explanation/readers.md say."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from sqlalchemy import false, literal, select, true

from scheduler.channels.sendgrid import receipts as webhooks
from scheduler.domain.address import keyed_hash
from scheduler.domain.audience import Audience
from scheduler.domain.cadence import Cadence
from scheduler.domain.delivery import State
from scheduler.domain.outcome import OutcomeKind
from scheduler.domain.receipt import ReceiptKind
from scheduler.domain.season_key import SeasonKey
from scheduler.domain.slot import Wave, waves_of
from scheduler.domain.subscriber import Erased, SubscriberState
from scheduler.store import Ledger, batches, open_ledger, receipts
from scheduler.store import recipients as freezing
from scheduler.store import subscribers as one_by_one
from scheduler.store.subscriptions import transition_subscriptions
from scheduler.store.tables import recipients, subscriptions
from tests.contract.noticing import Watch
from tests.contract.season_facts import (
    ELEVEN_DAYS,
    HOUR,
    JANUARY,
    JANUARY_AT_HOME,
    MARCH,
    TWO_WEEKS_OF_MARCH,
    ZONES,
    SeasonDays,
    facts,
)
from tests.contract.season_oracle import Got, mails_for
from tests.contract.season_run import SeasonRun
from tests.support.long_form import many

#: So many readers in the large season, 10,000 in the long form; for a quick look, OBSERVANCE_READERS=1000.
READERS = int(os.environ.get("OBSERVANCE_READERS") or many(800, 10_000))

#: In the season that is played over both stores.
PEOPLE = many(40, 60)

#: Short seasons: so many people, drawn from a seed.
SEASONS = (*((40, seed) for seed in (5, 6, 7)), *((150, seed) for seed in range(5, 13)))

#: In which a broken rule shows today, where it is not the first; where the program's ways have changed, in another.
SHOWN_IN = {
    "the_cadence_of_now_decides": (40, 7),
    "who_joins_gets_what_opened_before": (100, 5),
    "a_digest_begins_one_item_too_late": (40, 6),
    "an_arrived_mail_ends_no_pause": (100, 6),
    "a_hard_bounce_bars_nobody": (40, 6),
    "a_complaint_bars_nobody": (40, 6),
    "coming_back_keeps_what_was_chosen_before": (40, 6),
}

#: A difference that ended the season.
SEEN = {"": "seen while the season was played"}

HASH = partial(keyed_hash, key=b"k" * 32)


def differences(run: SeasonRun) -> dict[str, str]:
    """Address -> what they should have had and had not, and the other way round."""
    found = {}
    for person in run.facts.people:
        should, had = Counter(mails_for(person, run.facts)), Counter(run.post_room.got[person.address])
        if should != had:
            found[person.address] = f"lacks {_in_words(should - had)}; had besides {_in_words(had - should)}: {person}"
    return found


def _in_words(mails: Counter[Got]) -> str:
    return ", ".join(f"{'+'.join(str(d) for d in m.days)} at {m.at:%d %H:%M}" for m in mails.elements()) or "nothing"


def first_of(found: dict[str, str]) -> str:
    return "\n".join(list(found.values())[:5])


@pytest.fixture
def people_of(ledger_url: str) -> Iterator[Callable[[], Ledger]]:
    opened = []

    def open_it() -> Ledger:
        opened.append(open_ledger(ledger_url, address_hash=HASH))
        return opened[-1]

    yield open_it
    for ledger in opened:
        ledger.close()


@pytest.fixture(scope="module")
def january() -> Iterator[SeasonRun]:
    """The large season, once for all that is asked of it."""
    ledger = open_ledger("sqlite://", address_hash=HASH)
    run = SeasonRun(ledger, facts(JANUARY, READERS))
    run.run()
    yield run
    ledger.close()


def test_subscribers_in_12_zones_each_got_exactly_what_their_cadence_says(january: SeasonRun) -> None:
    """Through joins, switches, pauses, moves, bounces, complaints, leaves and erasures, to the instant, to the item."""
    found = differences(january)
    assert not found, f"{len(found)} of {READERS}:\n{first_of(found)}"


def test_all_that_can_happen_happened_in_it(january: SeasonRun) -> None:
    """A season in which nobody is paused would say nothing about pauses."""
    people = january.facts.people
    deeds = Counter(deed.what for person in people for deed in person.deeds)
    assert {
        "import",
        "form",
        "confirm",
        "add",
        "add-back",
        "switch",
        "pause",
        "resume",
        "zone",
        "leave",
        "erase",
    } == set(deeds)
    assert {*ZONES, ""} == {person.deeds[0].zone for person in people}
    assert {"full", "gone", "complains", "leaves-there"} == {p.mailbox.kind for p in people if p.mailbox}
    with january.ledger._database.read() as connection:
        states = set(connection.execute(select(subscriptions.c.state).distinct()).scalars())
        reasons = set(connection.execute(select(recipients.c.reason).distinct()).scalars())
        bounced_to_a_pause = connection.execute(
            select(subscriptions.c.subscriber_id).where(
                subscriptions.c.state == "paused", subscriptions.c.paused_until_at.is_(None)
            )
        ).all()
    assert set(map(str, SubscriberState)) <= states
    assert {"left", "erased", "paused", "soft bounce", "hard bounce"} <= reasons
    assert bounced_to_a_pause
    whole, parted = 0, 0
    for person in people:
        for got in january.post_room.got[person.address]:
            parted += 1 < len(got.days) < 6
            whole += len(got.days) >= 6
    assert whole
    assert parted


def test_the_ledger_adds_up_after_it_and_names_nobody(january: SeasonRun) -> None:
    """Frozen = accepted + skipped, for each of 38 mails; nothing failed, is in doubt, or waits."""
    deliveries = january.ledger.deliveries.of_season("live", SeasonKey(january.plan.campaign.id, 2027))
    assert 38 == len(deliveries)
    assert {State.SENT, State.PARTLY_SENT, State.SKIPPED, State.MISSED} >= {d.state for d in deliveries}
    assert all(d.counts.adds_up() and not d.counts.waiting + d.counts.unknown + d.counts.failed for d in deliveries)
    handed_over = sum(len(mails) for mails in january.post_room.got.values())
    assert handed_over == sum(d.counts.accepted for d in deliveries)
    assert "readers.example" not in repr(january.ledger.events.newest(limit=100_000))


@pytest.mark.parametrize(
    ("days", "people"),
    [(TWO_WEEKS_OF_MARCH, PEOPLE), (replace(JANUARY_AT_HOME, days=11, digests=JANUARY.digests[:3]), PEOPLE)],
    ids=["when-clocks-are-set", "at-the-campaigns-hour"],
)
def test_each_reader_of_a_season_got_what_their_cadence_says(
    people_of: Callable[[], Ledger], days: SeasonDays, people: int
) -> None:
    """Over both stores; a slot that the clocks leap over in New York and Casablanca; and everybody at one hour."""
    run = SeasonRun(people_of(), facts(days, people, seed=2, busy=True))
    run.run()
    found = differences(run)
    assert not found, first_of(found)


@pytest.mark.parametrize("days", [MARCH, JANUARY_AT_HOME], ids=["when-clocks-are-set", "at-the-campaigns-hour"])
def test_each_reader_of_a_whole_season_got_what_their_cadence_says(days: SeasonDays) -> None:
    """The clocks of Berlin too, and the last digest."""
    ledger = open_ledger("sqlite://", address_hash=HASH)
    run = SeasonRun(ledger, facts(days, many(60, 150), seed=2, busy=True))
    run.run()
    ledger.close()
    found = differences(run)
    assert not found, first_of(found)


# -- the oracle notices ---------------------------------------------------------------------------------

Break = Callable[[pytest.MonkeyPatch], None]
WRONG: dict[str, Break] = {}


def wrong(break_it: Break) -> Break:
    WRONG[break_it.__name__] = break_it
    return break_it


@wrong
def the_cadence_of_now_decides(m: pytest.MonkeyPatch) -> None:
    m.setattr(freezing, "_in_force", lambda now, before, at: now)


@wrong
def who_joins_gets_what_opened_before(m: pytest.MonkeyPatch) -> None:
    in_force = freezing._in_force
    m.setattr(freezing, "_in_force", lambda now, before, at: in_force(now, before, at + 8 * HOUR))


@wrong
def a_digest_is_whole_for_everybody(m: pytest.MonkeyPatch) -> None:
    m.setattr(freezing, "_between", lambda since, after, until: (true() if after is None else false(),))


@wrong
def a_digest_begins_one_item_too_late(m: pytest.MonkeyPatch) -> None:
    m.setattr(
        freezing,
        "_between",
        lambda since, after, until: (since < until,) if after is None else (since >= after, since < until),
    )


@wrong
def a_pause_is_no_silence(m: pytest.MonkeyPatch) -> None:
    _may_be_written_to(m, lambda at: subscriptions.c.state.in_(["active", "paused"]))


@wrong
def a_pause_ends_at_the_next_opening_alone(m: pytest.MonkeyPatch) -> None:
    _may_be_written_to(m, lambda at: subscriptions.c.state == "active")


def _may_be_written_to(m: pytest.MonkeyPatch, there: Callable[[Any], Any]) -> None:
    for module in (batches, freezing):
        m.setattr(module, "may_be_written_to", lambda at=None: there(at))
    m.setattr(batches, "_OF_READERS", batches._of_whom_may_be_written_to())


@wrong
def a_pause_has_no_end(m: pytest.MonkeyPatch) -> None:
    m.setattr(freezing, "_end_pauses", lambda connection, campaign, at: None)
    _may_be_written_to(m, lambda at: subscriptions.c.state == "active")


@wrong
def who_left_since_the_freeze_is_written_to(m: pytest.MonkeyPatch) -> None:
    m.setattr(batches, "_OF_READERS", batches._of_readers(true(), literal(1)))


@wrong
def a_zone_is_not_looked_at(m: pytest.MonkeyPatch) -> None:

    def all_at_home(on: Any, at: Any, zones: Any, *, home: str, grace: Any) -> tuple[Wave, ...]:
        zones = tuple(zones)
        return tuple(Wave(w.due_at, w.expires_at, zones) for w in waves_of(on, at, [""], home=home, grace=grace))

    m.setattr(freezing, "waves_of", all_at_home)


@wrong
def a_morning_does_not_end(m: pytest.MonkeyPatch) -> None:
    m.setattr(
        freezing,
        "waves_of",
        lambda *a, **k: tuple(Wave(w.due_at, w.expires_at + 12 * HOUR, w.zones) for w in waves_of(*a, **k)),
    )


@wrong
def four_bounces_make_a_pause(m: pytest.MonkeyPatch) -> None:
    m.setattr(receipts, "SOFT_BOUNCES", 4)


@wrong
def an_arrived_mail_ends_no_pause(m: pytest.MonkeyPatch) -> None:
    move = transition_subscriptions
    m.setattr(
        receipts, "transition_subscriptions", lambda c, verb, *a, **k: verb != "resume" and move(c, verb, *a, **k)
    )


@wrong
def the_latest_report_wins(m: pytest.MonkeyPatch) -> None:
    m.setattr(receipts, "stronger", lambda before, after: after)


@wrong
def a_soft_bounce_is_for_good(m: pytest.MonkeyPatch) -> None:
    m.setattr(webhooks, "_kind", lambda event, word: webhooks._KINDS[word])


@wrong
def a_hard_bounce_bars_nobody(m: pytest.MonkeyPatch) -> None:
    m.setattr(webhooks, "_BARS", {k: v for k, v in webhooks._BARS.items() if k is not ReceiptKind.HARD_BOUNCE})


@wrong
def a_complaint_bars_nobody(m: pytest.MonkeyPatch) -> None:
    m.setattr(webhooks, "_BARS", {k: v for k, v in webhooks._BARS.items() if k is not ReceiptKind.COMPLAINED})


@wrong
def who_leaves_at_the_provider_stays(m: pytest.MonkeyPatch) -> None:
    m.setattr(webhooks, "_BARS", {k: v for k, v in webhooks._BARS.items() if k is not ReceiptKind.UNSUBSCRIBED})


@wrong
def nobody_is_erased(m: pytest.MonkeyPatch) -> None:
    m.setattr(one_by_one.SubscriberRepository, "erase", lambda self, address, *, who, now: Erased(""))


@wrong
def coming_back_keeps_what_was_chosen_before(m: pytest.MonkeyPatch) -> None:
    move = transition_subscriptions
    m.setattr(
        one_by_one,
        "transition_subscriptions",
        lambda c, verb, of, i, *w, **values: move(
            c, verb, of, i, *w, **{k: v for k, v in values.items() if k != "cadence_since_at"}
        ),
    )


@wrong
def a_named_person_brings_back_who_left(m: pytest.MonkeyPatch) -> None:
    m.setattr(one_by_one, "barred_for", lambda *_: "")


@wrong
def a_form_needs_no_confirmation(m: pytest.MonkeyPatch) -> None:
    _may_be_written_to(m, lambda at: subscriptions.c.state.in_(["active", "pending"]))


@wrong
def key_days_are_all_days(m: pytest.MonkeyPatch) -> None:
    who = freezing._who

    def everybody_but_the_digest(row: Any, audience: Any) -> Any:
        more = audience.cadences | {Cadence.KEY_DAYS} if Cadence.DAILY in audience.cadences else audience.cadences
        return who(row, Audience(more, audience.parts, audience.local_time, audience.home, audience.grace))

    m.setattr(freezing, "_who", everybody_but_the_digest)


@wrong
def a_call_that_was_put_off_is_not_made_again(m: pytest.MonkeyPatch) -> None:
    later = dict(batches._VERBS)
    later[OutcomeKind.LATER] = later[OutcomeKind.FINAL]
    m.setattr(batches, "_VERBS", later)


@pytest.mark.parametrize("name", WRONG)
def test_the_oracle_notices_when(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each rule of the page, broken in the program, is a difference for somebody in one of a few short seasons."""
    WRONG[name](monkeypatch)
    seasons = (SHOWN_IN.get(name, SEASONS[0]), *SEASONS)
    assert any(_a_short_season(people, seed) for people, seed in dict.fromkeys(seasons))


def test_and_finds_nothing_when_all_is_right() -> None:
    """The first of those seasons, by the rules."""
    assert {} == _a_short_season(*SEASONS[0])


def _a_short_season(how_many: int, seed: int) -> dict[str, str]:
    """Eleven days for people who do much, until there is a difference."""
    ledger = open_ledger("sqlite://", address_hash=HASH)
    try:
        people = facts(ELEVEN_DAYS, how_many, seed=seed, busy=True)
        run = SeasonRun(ledger, people, Watch({p.address: mails_for(p, people) for p in people.people}))
        return differences(run) if run.run() else SEEN
    finally:
        ledger.close()
