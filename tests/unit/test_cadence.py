"""Which items a reader gets: digest days from the calendar, and no item twice whatever the reader does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.cadence import Cadence, audience_of, digest_days, digest_spans, offered
from scheduler.domain.campaign import CalendarDay, DigestRule
from scheduler.domain.planned_item import Plan, PlannedItem
from tests.support.cadence_rules import (
    Change,
    ChangeKind,
    DatedDigest,
    DatedItem,
    Mail,
    cadence_at,
    is_silent_at,
    mails_for,
)
from tests.support.factories import MON, WED, campaign, item, line, season

DAILY, DIGEST, KEY_DAYS = Cadence.DAILY, Cadence.DIGEST, Cadence.KEY_DAYS
JOIN, SWITCH, PAUSE, RESUME, LEAVE = ChangeKind


def a_plan(
    year: int = 2027, *, rule: DigestRule | None = None, keys: Sequence[int] = (), quiet: Sequence[int] = ()
) -> Plan:
    """A plan of 1 January to 1 February with an item a day; days by number."""
    month = campaign(digest=rule)
    window = season(month, year)

    def lines(number: int) -> CalendarDay:
        return line(number, f"i{number}", key=number in keys, quiet=number in quiet)

    planned = tuple(
        PlannedItem(n, window.start_on + timedelta(days=n - 1), item(f"i{n}"), lines(n), (n - 1) // 7 + 1)
        for n in range(1, window.days + 1)
    )
    return Plan(month, window, "Month", planned)


def january(*days: int) -> list[date]:
    return [date(2027, 1, 1) + timedelta(days=d - 1) for d in days]


# -- digest days ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "keys", "quiet", "days"),
    [
        (DigestRule(MON), (), (), (4, 11, 18, 25, 32)),
        (DigestRule(MON), (), (18,), (4, 11, 19, 25, 32)),
        (DigestRule(MON), (), (18, 19), (4, 11, 20, 25, 32)),
        (DigestRule(WED), (), (), (6, 13, 20, 27, 32)),
        (DigestRule(WED), (), (32,), (6, 13, 20, 27, 32)),
        (DigestRule(MON), (), (32,), (4, 11, 18, 25, 32)),
        (DigestRule(MON), (1, 11, 32), (18,), (4, 11, 19, 25, 32)),
        (DigestRule(MON, key_days=True), (1, 11, 32), (18,), (1, 4, 11, 19, 25, 32)),
        (DigestRule(MON, key_days=True), (3, 12), (), (3, 4, 11, 12, 18, 25, 32)),
        (DigestRule(MON, key_days=True, days_apart=2), (3, 12), (), (3, 12, 18, 25, 32)),
        (DigestRule(MON, key_days=True, days_apart=3), (20,), (18,), (4, 11, 20, 25, 32)),
        (DigestRule(MON, key_days=True), (12,), (12,), (4, 11, 18, 25, 32)),
    ],
)
def test_the_digest_days_follow_from_the_calendar(
    rule: DigestRule, keys: Sequence[int], quiet: Sequence[int], days: Sequence[int]
) -> None:
    """Weekday and key days; off a quiet day to the next; the last day always; not two too near each other."""
    assert january(*days) == list(digest_days(a_plan(rule=rule, keys=keys, quiet=quiet), rule))


@given(
    year=st.integers(2020, 2060),
    weekday=st.integers(0, 6),
    key_days=st.booleans(),
    apart=st.integers(1, 6),
    keys=st.sets(st.integers(1, 32), max_size=5),
    quiet=st.sets(st.integers(1, 32), max_size=8),
)
def test_digests_hold_each_item_once_in_order(
    year: int, weekday: int, key_days: bool, apart: int, keys: set[int], quiet: set[int]
) -> None:
    """Whatever the rule and the calendar: nothing left out, nothing twice, nothing before its day."""
    plan = a_plan(year, rule=DigestRule(weekday, key_days, apart), keys=sorted(keys), quiet=sorted(quiet))
    spans = digest_spans(plan)
    assert [p.item.id for p in plan.items] == [p.item.id for span in spans for p in span.items]
    assert all(p.on <= span.on for span in spans for p in span.items)
    assert all(span.on not in {p.on for p in plan.items if p.day and p.day.quiet} for span in spans[:-1])


def test_without_a_rule_there_is_no_digest() -> None:
    """A campaign that offers none has none; its readers get the mail of each day."""
    plan = a_plan(keys=(1,))
    assert () == digest_spans(plan)
    assert {DAILY, KEY_DAYS} == offered(plan)
    assert all(DIGEST in audience_of(p, offered(plan)) for p in plan.items)


def test_without_a_key_day_readers_of_key_days_get_each_mail() -> None:
    """Nobody is left in silence because a campaign has no such day."""
    plan = a_plan(rule=DigestRule(MON))
    assert {DAILY, DIGEST} == offered(plan)
    assert all({DAILY, KEY_DAYS} == audience_of(p, offered(plan)) for p in plan.items)


def test_a_quiet_day_is_no_key_day() -> None:
    """Even where the file says so, by mistake."""
    plan = a_plan(keys=(1, 2), quiet=(2,))
    assert [True, False] == [KEY_DAYS in audience_of(p, offered(plan)) for p in plan.items[:2]]


# -- one reader -----------------------------------------------------------------------------------------

START = datetime(2027, 1, 1, 10, tzinfo=UTC)
ITEMS = tuple(DatedItem(f"i{n}", START + timedelta(days=n - 1), n in (1, 11, 32)) for n in range(1, 33))
_ENDS = (1, 4, 11, 19, 25, 32)
DIGESTS = tuple(
    DatedDigest(ITEMS[end - 1].due_at, ITEMS[begin:end]) for begin, end in zip((0, *_ENDS), _ENDS, strict=False)
)


def at(day: int, hour: float = 12) -> datetime:
    return datetime(2027, 1, 1, tzinfo=UTC) + timedelta(days=day - 1, hours=hour)


LONG_AGO = at(-9)


def joined(cadence: Cadence = DAILY, when: datetime = LONG_AGO) -> Change:
    return Change(when, JOIN, cadence)


def numbers(*history: Change) -> list[list[int]]:
    """The mails of a reader as lists of item numbers."""
    return [[int(i[1:]) for i in mail.items] for mail in mails_for(history, ITEMS, DIGESTS)]


def test_each_cadence_over_a_whole_season() -> None:
    """32 mails, 6 or 3."""
    assert [[n] for n in range(1, 33)] == numbers(joined(DAILY))
    assert [[1], [2, 3, 4], [*range(5, 12)], [*range(12, 20)], [*range(20, 26)], [*range(26, 33)]] == numbers(
        joined(DIGEST)
    )
    assert [[1], [11], [32]] == numbers(joined(KEY_DAYS))


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        # A mail of 10:00, and a change at noon: it counts from the next day on.
        ([joined(DAILY, at(30))], [[31], [32]]),
        ([joined(DAILY, at(30, 9))], [[30], [31], [32]]),
        ([joined(DIGEST, at(30))], [[31, 32]]),
        ([joined(KEY_DAYS, at(30))], [[32]]),
        ([joined(DAILY, at(29)), Change(at(30), SWITCH, DIGEST)], [[30], [31, 32]]),
        ([joined(DAILY, at(29)), Change(at(32, 9), SWITCH, DIGEST)], [[30], [31], [32]]),
        ([joined(DIGEST, at(27)), Change(at(30), SWITCH, DAILY)], [[31], [32]]),
        ([joined(DIGEST, at(27)), Change(at(32, 10.001), SWITCH, DAILY)], [[28, 29, 30, 31, 32]]),
        ([joined(DIGEST, at(27)), Change(at(29), SWITCH, DAILY), Change(at(30), SWITCH, DIGEST)], [[30], [31, 32]]),
        ([joined(DIGEST, at(27)), Change(at(30), SWITCH, DIGEST)], [[28, 29, 30, 31, 32]]),
        ([joined(DAILY, at(27)), Change(at(28), PAUSE, until=at(31, 0))], [[28], [31], [32]]),
        ([joined(DAILY, at(27)), Change(at(28), PAUSE, until=at(40, 0)), Change(at(30), RESUME)], [[28], [31], [32]]),
        ([joined(DIGEST, at(27)), Change(at(28), PAUSE, until=at(31, 0))], [[28, 29, 30, 31, 32]]),
        ([joined(DIGEST, at(18)), Change(at(19, 9), PAUSE, until=at(24, 0))], [[*range(20, 26)], [*range(26, 33)]]),
        ([joined(DAILY, at(27)), Change(at(28), LEAVE)], [[28]]),
        ([joined(DAILY, at(27)), Change(at(28), LEAVE), joined(DIGEST, at(30))], [[28], [31, 32]]),
        ([joined(DAILY, at(32))], []),
    ],
)
def test_what_a_change_means(history: list[Change], expected: list[list[int]]) -> None:
    """Joining, switching, pausing and leaving in mid-month, each by its rule."""
    assert expected == numbers(*history)


def test_a_cadence_that_is_not_offered_means_a_mail_a_day() -> None:
    """A campaign without digest writes to its readers all the same."""
    mails = mails_for([joined(DIGEST)], ITEMS, (), frozenset({DAILY, KEY_DAYS}))
    assert [1] * 32 == [len(m.items) for m in mails]


# -- any reader -----------------------------------------------------------------------------------------

instants = st.one_of(
    st.integers(-5, 34 * 24 * 60).map(lambda minutes: START - timedelta(hours=10) + timedelta(minutes=minutes)),
    st.sampled_from([i.due_at + timedelta(seconds=s) for i in ITEMS for s in (-1, 0, 1)]),
)


@st.composite
def histories(draw: st.DrawFn) -> list[Change]:
    """A reader who does as they please; each history begins with joining, and only who is there can do anything."""
    when = sorted(draw(st.lists(instants, min_size=1, max_size=12)))
    there, changes = False, []
    for moment in when:
        kind = draw(st.sampled_from([SWITCH, SWITCH, PAUSE, RESUME, LEAVE])) if there else JOIN
        until = moment + timedelta(hours=draw(st.integers(0, 240))) if kind is PAUSE else None
        changes.append(Change(moment, kind, draw(st.sampled_from(Cadence)), until))
        there = kind is not LEAVE
    return changes


@given(history=histories())
def test_no_reader_gets_an_item_twice(history: list[Change]) -> None:
    """Whatever is switched, paused, left and joined again, and when."""
    got = Counter(i for mail in mails_for(history, ITEMS, DIGESTS) for i in mail.items)
    assert {} == {i: n for i, n in got.items() if n > 1}


@given(history=histories())
def test_nothing_is_lost_beyond_what_the_rules_say(history: list[Change]) -> None:
    """Told the other way round, item by item: each that did not come has one of the reasons that are written down."""
    mails = mails_for(history, ITEMS, DIGESTS)
    got = {i for mail in mails for i in mail.items}
    for digest in DIGESTS:
        for one in digest.items:
            found = cadence_at(history, one.due_at)
            if found is None:
                assert one.item not in got, "before joining or after leaving"
                continue
            cadence = found[0]
            mail_at = digest.due_at if cadence is DIGEST else one.due_at
            if cadence is KEY_DAYS and not one.is_key:
                reason = "no key day"
            elif is_silent_at(history, mail_at):
                reason = "its mail fell in a pause"
            elif cadence is DIGEST and cadence_at(history, digest.due_at) != found:
                reason = "left the digest before it came"
            else:
                reason = ""
            assert (one.item in got) == (reason == ""), reason


@given(history=histories())
def test_a_mail_comes_at_its_time_and_only_to_who_is_there(history: list[Change]) -> None:
    """No mail before joining, after leaving or in a pause, none with an item of the future, none that is empty."""
    due = {i.item: i.due_at for i in ITEMS}
    for mail in mails_for(history, ITEMS, DIGESTS):
        assert mail.items
        assert cadence_at(history, mail.due_at)
        assert not is_silent_at(history, mail.due_at)
        assert all(due[i] <= mail.due_at for i in mail.items)


@given(history=histories(), later=instants, cadence=st.sampled_from(Cadence))
def test_a_switch_changes_nothing_that_was_due_before_it(
    history: list[Change], later: datetime, cadence: Cadence
) -> None:
    """It takes effect at the next send: what was due earlier stays as it was."""
    kept = [c for c in history if c.at <= later]

    def before(changes: list[Change]) -> list[Mail]:
        return [m for m in mails_for(changes, ITEMS, DIGESTS) if m.due_at < later]

    assert before(kept) == before([*kept, Change(later, SWITCH, cadence)])
