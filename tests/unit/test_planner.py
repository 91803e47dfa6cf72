"""The planner: one item a day, dated days first, the pool by its rules, and always the same answer."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.content.codes import PLANNING
from scheduler.domain.campaign import CalendarDay, Campaign, ItemText, Kind, PoolRules, Rhythm, TitleForYears
from scheduler.domain.dates import WEEKDAY_NAMES, DateRule, RuleKind
from scheduler.domain.finding import Finding, Severity, Where
from scheduler.domain.planned_item import Plan
from scheduler.errors import ConfigurationError, UsageError
from scheduler.planner.moves import move_item
from scheduler.planner.pin import Pinned, PinnedDay, pin_path, read_pinned, write_plan
from scheduler.planner.season_choice import season_for, season_in
from scheduler.planner.season_plan import make_plan
from tests.support.factories import (
    MON,
    SAT,
    SUN,
    THU,
    announced,
    campaign,
    day,
    fixed,
    item,
    last,
    line,
    names,
    nth,
    offset,
    season,
)

POOL = Where("campaigns/test/campaign.toml", 30)
WINDOWS = {
    "January": (fixed(1, 1), fixed(2, 1), 2027, 32),
    "Hispanic Heritage": (fixed(9, 15), fixed(10, 15), 2027, 31),
    "across the year end": (fixed(12, 26), fixed(1, 1), 2026, 7),
    "October": (fixed(10, 1), fixed(10, 31), 2027, 31),
    "16 days": (fixed(11, 25), fixed(12, 10), 2027, 16),
    "leap February": (fixed(2, 1), offset(-1, fixed(3, 1)), 2028, 29),
}


def plan(of: Campaign, year: int = 2027, pinned: Pinned | None = None) -> tuple[Plan, list[Finding]]:
    return make_plan(of, season(of, year), pinned=pinned)


def days_of(made: Plan) -> dict[str, str]:
    return {p.item.id: f"{p.on:%m-%d}" for p in made.items}


def codes(findings: list[Finding]) -> list[str]:
    return [f.code for f in findings]


def january(**more: Any) -> Campaign:
    """32 day lines, of which the 18th belongs to MLK Day by its rule."""
    numbered = [line(n, f"item-{n:02}") for n in range(1, 33) if n != 18]
    return campaign(calendar=[*numbered, line(nth(1, MON, 3), "mlk", fixed=True, quiet=True)], **more)


@pytest.mark.parametrize("name", WINDOWS)
def test_every_window_is_filled_from_its_first_day_to_its_last(name: str) -> None:
    """Each day has exactly one item, no item comes twice, and nothing comes after the last day."""
    start, end, year, length = WINDOWS[name]
    made, findings = plan(campaign(start=start, end=end, pool=names("fact", length)), year)
    days = [p.on for p in made.items]
    assert [] == findings
    assert [made.season.start_on + timedelta(days=n) for n in range(length)] == days
    assert made.season.end_on == days[-1]
    assert length == len({p.item.id for p in made.items})
    assert list(range(1, length + 1)) == [p.day_number for p in made.items]
    assert [n // 7 + 1 for n in range(length)] == [p.week for p in made.items]


def test_dates_and_day_numbers_fall_where_the_calendar_says() -> None:
    """The awareness day, the third Monday and the last day of January 2027; Purple Thursday of October."""
    of = campaign(
        calendar=[line(fixed(1, 11), "awareness-day"), line(nth(1, MON, 3), "mlk"), line(fixed(2, 1), "freedom-day")],
        pool=names("fact", 29),
    )
    where = days_of(plan(of)[0])
    assert ("01-11", "01-18", "02-01") == (where["awareness-day"], where["mlk"], where["freedom-day"])
    october = campaign(
        start=fixed(10, 1), end=fixed(10, 31), calendar=[line(nth(10, THU, 3), "purple")], pool=names("fact", 30)
    )
    assert "10-21" == days_of(plan(october)[0])["purple"]
    crossing = campaign(
        start=fixed(12, 26), end=fixed(1, 1), calendar=[line(fixed(1, 1), "imani"), line(6, "eve")], pool=names("f", 5)
    )
    assert ("01-01", "12-31") == (days_of(plan(crossing, 2026)[0])["imani"], days_of(plan(crossing, 2026)[0])["eve"])


def test_a_dated_day_displaces_a_day_number_to_the_day_left_open() -> None:
    """In 2028 MLK Day is the 17th: that day's item takes the 18th, and the coordinator is told."""
    made, findings = plan(january(), 2027)
    assert ([], "01-17") == (findings, days_of(made)["item-17"])
    made, findings = plan(january(), 2028)
    assert ("01-17", "01-18") == (days_of(made)["mlk"], days_of(made)["item-17"])
    assert ["P003"] == codes(findings)
    assert Severity.INFO is findings[0].severity
    assert ("item-17", "2028-01-17 (Monday) to 2028-01-18 (Tuesday)") == (
        findings[0].item,
        findings[0].message.split(" moves from ")[1].split(",")[0],
    )
    assert 32 == len(made.items)


def test_a_displaced_item_goes_back_where_nothing_is_open_after_it() -> None:
    """In 2029 MLK Day is the 15th; with the 18th and all later days taken, its item takes the day before."""
    lines = [line(n, f"item-{n:02}") for n in range(1, 33) if n != 10]
    made, findings = plan(campaign(calendar=[*lines, line(nth(1, MON, 3), "mlk")]), 2029)
    assert (["P003"], "01-10") == (codes(findings), days_of(made)["item-15"])


def test_a_displaced_item_without_any_day_is_reported() -> None:
    """Nothing is pushed out in silence: the item is named, and the rest of the plan stands."""
    lines = [line(n, f"item-{n:02}") for n in range(1, 33)]
    made, findings = plan(campaign(calendar=[*lines, line(nth(1, MON, 3), "mlk")]))
    assert (["P010"], "item-18") == (codes(findings), findings[0].item)
    assert 32 == len(made.items)


def test_fixed_day_numbers_never_move() -> None:
    """A day number that may not move and a date on the same day are a mistake for a person, not a move."""
    of = campaign(calendar=[line(18, "ours", fixed=True), line(nth(1, MON, 3), "mlk")], pool=names("f", 32))
    made, findings = plan(of)
    assert ["P001"] == codes(findings)
    assert "01-18" == days_of(made)["mlk"]
    assert "ours" not in days_of(made)


@pytest.mark.parametrize("rules", [(fixed(1, 11), nth(1, MON, 2)), (day(11), day(11))])
def test_two_lines_on_one_day_are_red_and_both_are_named(rules: tuple[DateRule, DateRule]) -> None:
    """A collision names both lines with their places; the first keeps the day."""
    of = campaign(calendar=[line(rules[0], "one", at=12), line(rules[1], "two", at=17)], pool=names("f", 31))
    made, findings = plan(of)
    assert [("P001", Severity.RED)] == [(f.code, f.severity) for f in findings]
    for words in ("2027-01-11 (Monday)", "one (", "calendar.toml:12", "two (", "calendar.toml:17"):
        assert words in findings[0].message
    assert ("01-11", False) == (days_of(made)["one"], "two" in days_of(made))


def test_of_two_that_collide_the_fixed_one_stands() -> None:
    """Whichever line comes first in the file, the one that cannot move keeps its day."""
    of = campaign(calendar=[line(nth(1, MON, 2), "two"), line(fixed(1, 11), "one", fixed=True)], pool=names("f", 31))
    assert "01-11" == days_of(plan(of)[0])["one"]


def test_lines_that_have_no_day_this_season_are_said() -> None:
    """Outside the window, not announced, no such date: each its own code, and the pool fills the day."""
    lines = [
        line(40, "too-late"),
        line(fixed(3, 1), "march"),
        line(announced({2026: date(2026, 1, 9)}), "lunar"),
        line(nth(1, MON, 5), "fifth"),
    ]
    made, findings = plan(campaign(calendar=lines, pool=names("f", 32)))
    assert {("P004", "too-late"), ("P004", "march"), ("P005", "lunar"), ("P008", "fifth")} == {
        (f.code, f.item) for f in findings
    }
    assert "add 2027 = YYYY-MM-DD" in next(f.hint for f in findings if f.code == "P005")
    assert 32 == len(made.items)


def test_an_item_named_twice_is_used_once() -> None:
    """An item goes out at most once a season; the second line is red and unused."""
    made, findings = plan(campaign(calendar=[line(4, "one"), line(9, "one")], pool=names("f", 31)))
    assert ["P011"] == codes(findings)
    assert ["01-04"] == [f"{p.on:%m-%d}" for p in made.items if p.item.id == "one"]


def test_lines_with_unknown_items_are_passed_over() -> None:
    """Reading the files has reported them; the planner neither stops nor reports them again."""
    of = campaign(calendar=[line(4, "one"), line(5, "two", substitute="gone")], pool=(*names("f", 31), "ghost"))
    of = replace(of, items={k: v for k, v in of.items.items() if k not in ("one", "gone", "ghost")})
    made, findings = plan(of)
    assert ([], 32) == (findings, len(made.items))
    assert not {"one", "gone", "ghost"} & set(days_of(made))


# Substitutes


def test_a_held_back_item_gives_its_day_to_its_substitute() -> None:
    """The substitute goes out, the plan remembers for whom; released, the item has its day and nothing else moves."""
    blocked = line(4, "hot", substitute="calm", blocked_until="a person decides")
    of = campaign(calendar=[blocked], pool=names("f", 31))
    made, findings = plan(of)
    fourth = made.items[3]
    assert ([], "calm", "hot", None) == (
        findings,
        fourth.item.id,
        fourth.held_back and fourth.held_back.id,
        fourth.substitute,
    )
    assert blocked.item == fourth.day.item if fourth.day else False
    released, _ = plan(replace(of, calendar=(replace(blocked, blocked_until="", where=of.calendar[0].where),)))
    fourth = released.items[3]
    assert ("hot", None, "calm") == (fourth.item.id, fourth.held_back, fourth.substitute and fourth.substitute.id)
    assert [p.item.id for p in made.items if p.day_number != 4] == [
        p.item.id for p in released.items if p.day_number != 4
    ]


def test_substitutes_and_held_back_items_are_never_drawn_from_the_pool() -> None:
    """A substitute stands ready for its own day only; what is held back goes out nowhere."""
    lines = [line(4, "hot", substitute="calm", blocked_until="x"), line(5, "warm", substitute="cool")]
    made, _ = plan(campaign(calendar=lines, pool=("hot", "cool", *names("f", 30))))
    assert {"hot", "cool"} & set(days_of(made)) == set()


def test_a_substitute_that_is_spoken_for_is_a_finding() -> None:
    """Standing by for two days is amber; being needed on two days is red and is done once only."""
    both_ready = [line(4, "one", substitute="calm"), line(5, "two", substitute="calm")]
    made, findings = plan(campaign(calendar=both_ready, pool=names("f", 30)))
    assert [("P006", Severity.AMBER, "two")] == [(f.code, f.severity, f.item) for f in findings]
    planned_itself = [line(4, "one", substitute="two"), line(5, "two")]
    assert ["P006"] == codes(plan(campaign(calendar=planned_itself, pool=names("f", 30)))[1])
    needed_twice = [replace(d, blocked_until="x") for d in both_ready]
    made, findings = plan(campaign(calendar=needed_twice, pool=names("f", 31)))
    assert [("P011", Severity.RED)] == [(f.code, f.severity) for f in findings]
    assert ("01-04", 32) == (days_of(made)["calm"], len(made.items))
    needed_first = [line(4, "one", substitute="calm"), line(5, "two", substitute="calm", blocked_until="x")]
    made, findings = plan(campaign(calendar=needed_first, pool=names("f", 31)))
    assert (["P006"], "01-05") == (codes(findings), days_of(made)["calm"])


def test_a_held_back_item_without_a_substitute_leaves_its_day_to_the_pool() -> None:
    """The day is not lost, the item is remembered, and somebody is told; so too if the substitute is held back."""
    made, findings = plan(campaign(calendar=[line(4, "hot", blocked_until="x")], pool=names("f", 32)))
    fourth = made.items[3]
    assert (["P012"], None, "hot") == (codes(findings), fourth.day, fourth.held_back and fourth.held_back.id)
    circle = [line(4, "hot", substitute="odd", blocked_until="x"), line(60, "odd", blocked_until="y")]
    made, findings = plan(campaign(calendar=circle, pool=names("f", 32)))
    assert {"P012", "P004"} == set(codes(findings))
    assert not {"hot", "odd"} & set(days_of(made))


# The pool


def pool_rules(items: list[ItemText], **rules: Any) -> tuple[PoolRules, list[ItemText]]:
    return PoolRules(items=tuple(i.id for i in items), where=POOL, **rules), items


def mixed_pool(count: int = 45) -> list[ItemText]:
    kinds = (Kind.FACT, Kind.ACTION, Kind.QUOTATION, Kind.HELP, Kind.REST)
    topics = (("labour",), ("sex",), ("labour", "sex", "both"))
    return [item(f"p-{n:02}", kinds[n % 5], *topics[n % 3]) for n in range(count)]


def test_the_pool_keeps_its_rules() -> None:
    """Kinds apart (also from the calendar's items), no kind beyond its limit, topics at their share, rest on rest days."""
    rules, items = pool_rules(
        mixed_pool(),
        min_days_between_same_kind=3,
        max_per_kind={"rest": 5, "fact": 8},
        min_share_of_topic={"labour": 0.6},
        rest_weekdays=("sunday",),
    )
    calendar = [line(1, "start"), line(16, "middle"), line(32, "end")]
    made, findings = plan(campaign(calendar=calendar, items=items, pool=rules))
    assert ([], 32) == (findings, len(made.items))
    kinds = {p.on: p.item.kind for p in made.items}
    from_pool = {p.on for p in made.items if p.day is None}
    near = [
        (on, on + timedelta(days=n)) for on in kinds for n in (1, 2) if kinds.get(on + timedelta(days=n)) == kinds[on]
    ]
    assert [] == [pair for pair in near if set(pair) & from_pool]
    counts = Counter(kinds.values())
    assert counts[Kind.REST] <= 5
    assert counts[Kind.FACT] <= 8
    assert sum("labour" in p.item.topics for p in made.items) >= 0.6 * 32
    assert {Kind.REST} == {kinds[on] for on in from_pool if on.weekday() == SUN}


def test_neighbouring_rest_days_may_both_rest() -> None:
    """A Saturday and a Sunday that are rest days by the campaign's wish are not kept apart from each other."""
    items = [*mixed_pool(40), *(item(f"rest-{n}", Kind.REST) for n in range(10))]
    rules, items = pool_rules(items, min_days_between_same_kind=2, rest_weekdays=("saturday", "sunday"))
    made, findings = plan(campaign(items=items, pool=rules))
    assert [] == findings
    assert {Kind.REST} == {p.item.kind for p in made.items if p.on.weekday() in (SAT, SUN)}


def test_a_search_that_must_turn_back_finds_the_way() -> None:
    """Two kinds that must alternate have one answer; a first choice that blocks it is taken back."""
    facts = [item(f"fact-{n:02}", Kind.FACT) for n in range(16)]
    helps = [item(f"help-{n:02}", Kind.HELP) for n in range(15)]
    rules, items = pool_rules([*facts, *helps], min_days_between_same_kind=2)
    of = campaign(start=fixed(10, 1), end=fixed(10, 31), items=items, pool=rules)
    made, findings = plan(of)
    assert [] == findings
    assert ([Kind.FACT, Kind.HELP] * 16)[:31] == [p.item.kind for p in made.items]


@pytest.mark.parametrize(
    ("items", "rules", "words"),
    [
        ([], {}, ["2027-11-25 (Thursday) to 2027-12-10 (Friday)", "the pool has no item"]),
        ([item(f"f-{n}") for n in range(14)], {}, ["all 14 items of the pool are used"]),
        (
            [*mixed_pool(30), item("rest", Kind.REST)],
            {"rest_weekdays": ("sunday",), "max_per_kind": {"rest": 1}},
            ["2027-12-05 (Sunday)", "kind rest has its 1 already (max_per_kind)", "on a Sunday the pool takes only"],
        ),
        (
            [item(f"f-{n}") for n in range(30)],
            {"min_days_between_same_kind": 2},
            ["2027-11-26 (Friday)", "less than 2 days from f-", "(min_days_between_same_kind)"],
        ),
    ],
)
def test_a_pool_that_cannot_fill_a_day_says_which_day_and_which_rule(
    items: list[ItemText], rules: dict[str, object], words: list[str]
) -> None:
    """Red, with the day and the rule; the days that can be filled are filled, and no rule is bent."""
    given_rules, items = pool_rules(items, **rules)
    made, findings = plan(campaign(start=fixed(11, 25), end=fixed(12, 10), items=items, pool=given_rules))
    assert {("P002", Severity.RED)} == {(f.code, f.severity) for f in findings}
    text = "\n".join(f.message for f in findings)
    assert [] == [w for w in words if w not in text]
    assert len(made.items) < 16
    for a, b in zip(made.items, made.items[1:], strict=False):
        close = (b.on - a.on).days < given_rules.min_days_between_same_kind
        assert not (close and a.item.kind == b.item.kind)


def test_a_topic_below_its_share_is_red_and_the_days_are_filled_all_the_same() -> None:
    """The share is of all days; what is there and what is needed are said in figures."""
    items = [item(f"s-{n:02}", Kind.FACT, "sex") for n in range(40)] + [item("l-1", Kind.FACT, "labour")]
    rules, items = pool_rules(items, min_share_of_topic={"labour": 0.33})
    made, findings = plan(campaign(items=items, pool=rules, calendar=[line(2, "odd")]))
    assert [("P013", Severity.RED)] == [(f.code, f.severity) for f in findings]
    assert "11 are needed for a share of 0.33" in findings[0].message
    assert 32 == len(made.items)


def test_a_hopeless_pool_is_given_up_quickly() -> None:
    """The search is bounded: a contradiction hidden at the end of the month does not take minutes."""
    items = [
        item(f"i-{n:03}", kind, *t)
        for n, (kind, t) in enumerate([(k, t) for k in Kind for t in ((), ("sex",), ("labour",))] * 4)
    ]
    rules, items = pool_rules(
        items, min_days_between_same_kind=6, max_per_kind={k.value: 4 - (k is Kind.HELP) for k in Kind}
    )
    made, findings = plan(campaign(items=items, pool=rules))
    assert {"P002"} == set(codes(findings))
    assert 24 < len(made.items) < 32


# Stability


def test_order_of_files_changes_nothing() -> None:
    """The plan hangs on ids: pool, items and calendar in any order give the same plan."""
    rules, items = pool_rules(mixed_pool(), min_days_between_same_kind=2)
    calendar = [line(4, "a", at=4), line(fixed(1, 11), "b", at=8), line(30, "c", at=12)]
    one = campaign(calendar=calendar, items=items, pool=rules)
    other = campaign(
        calendar=calendar[::-1], items=items[::-1], pool=replace(rules, items=tuple(reversed(rules.items)))
    )
    assert days_of(plan(one)[0]) == days_of(plan(other)[0])


def test_a_changed_text_moves_nothing() -> None:
    """Words, claims and titles of an item have no say in where it stands."""
    rules, items = pool_rules(mixed_pool(), min_days_between_same_kind=2)
    before = days_of(plan(campaign(items=items, pool=rules))[0])
    changed = [replace(i, post="Other words.", claims=("new-claim",), title="Other") for i in items]
    assert before == days_of(plan(campaign(items=changed, pool=rules))[0])


def test_a_new_pool_item_moves_little() -> None:
    """One item more in the pool wins at most some days; most of the month stays as reviewers saw it."""
    stays = []
    for n in range(10):
        before = days_of(plan(campaign(pool=names("fact", 45)))[0])
        after = days_of(plan(campaign(pool=(*names("fact", 45), f"new-{n}")))[0])
        stays.append(sum(before[i] == after.get(i) for i in before))
    assert sum(stays) / len(stays) > 26


def test_each_season_has_a_plan_of_its_own() -> None:
    """The pool is drawn afresh each year, so that the second January does not repeat the first day by day."""
    of = campaign(pool=names("fact", 40))
    assert days_of(plan(of, 2027)[0]) != days_of(plan(of, 2028)[0])


date_rules = st.one_of(
    st.builds(fixed, st.integers(1, 12), st.integers(1, 31)),
    st.builds(nth, st.integers(1, 12), st.integers(0, 6), st.integers(1, 5)),
    st.builds(last, st.integers(1, 12), st.integers(0, 6)),
    st.builds(day, st.integers(-3, 40)),
    st.builds(offset, st.integers(-9, 9), st.builds(fixed, st.integers(1, 12), st.integers(1, 28))),
)
some_items = st.sampled_from(names("i", 25))
blocks = st.sampled_from(("", "", "a person decides"))
lines = st.builds(
    line,
    date_rules,
    some_items,
    fixed=st.booleans(),
    substitute=st.one_of(st.just(""), some_items),
    blocked_until=blocks,
)


@st.composite
def campaigns(draw: st.DrawFn) -> tuple[Campaign, int]:
    start, end, year, _ = draw(st.sampled_from(list(WINDOWS.values())))
    kinds = draw(st.lists(st.sampled_from(list(Kind)), min_size=25, max_size=25))
    items = [
        item(name, kind, draw(st.sampled_from(("labour", "both"))))
        for name, kind in zip(names("i", 25), kinds, strict=True)
    ]
    rules = PoolRules(
        items=draw(st.lists(some_items, unique=True).map(tuple)),
        min_days_between_same_kind=draw(st.integers(0, 4)),
        max_per_kind=draw(st.dictionaries(st.sampled_from([k.value for k in Kind]), st.integers(0, 4), max_size=2)),
        min_share_of_topic=draw(st.sampled_from(({}, {"labour": 0.5}))),
        rest_weekdays=draw(st.sampled_from(((), ("sunday",)))),
        where=POOL,
    )
    calendar = draw(st.lists(lines, max_size=25))
    return campaign(start=start, end=end, calendar=calendar, items=items, pool=rules), year


@given(made_up=campaigns())
def test_whatever_the_calendar_the_promises_hold(made_up: tuple[Campaign, int]) -> None:
    """One item a day, each once, none outside the window, none that is held back; an empty day is always red."""
    of, year = made_up
    made, findings = plan(of, year)
    days = [p.on for p in made.items]
    ids = [p.item.id for p in made.items]
    assert sorted(set(days)) == days
    assert len(set(ids)) == len(ids)
    assert all(made.season.start_on <= on <= made.season.end_on for on in days)
    first_lines = {d.item: d for d in reversed(of.calendar)}
    assert not [name for name, d in first_lines.items() if d.blocked_until and name in ids]
    if len(days) < made.season.days:
        assert "P002" in codes(findings)
    assert plan(of, year) == (made, findings)
    dated = {d.item: d for d in of.calendar if d.fixed}
    for p in made.items:
        if p.day is None:
            assert p.item.id not in dated


@given(made_up=campaigns())
def test_a_pinned_plan_comes_out_as_it_went_in(
    made_up: tuple[Campaign, int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Written and read again, the pin keeps every item on its day; a day that stayed empty may be filled now."""
    of, year = made_up
    made, _ = plan(of, year)
    path = tmp_path_factory.mktemp("pin") / f"plan-{year}.toml"
    write_plan(made, path)
    pinned, findings = read_pinned(path, of)
    assert [] == findings
    again, _ = plan(of, year, pinned)
    before, after = ({(p.on, p.item.id) for p in one.items} for one in (made, again))
    assert before <= after
    if len(before) == made.season.days:
        assert before == after


# The pin


def pin(*days: tuple[int, str] | tuple[int, str, str], year: int = 2027) -> Pinned:
    where = Where("campaigns/test/plan-2027.toml", 1)
    made = tuple(PinnedDay(date(year, 1, 1) + timedelta(days=d[0] - 1), d[1], where, *d[2:]) for d in days)
    return Pinned(campaign="test", season=year, days=made, where=where)


def test_pinned_days_stay_when_the_calendar_and_the_pool_change() -> None:
    """Day numbers and the pool give way to the pin; other days are planned as ever."""
    of = campaign(calendar=[line(4, "four")], pool=names("f", 40))
    made, findings = plan(of, pinned=pin((9, "four"), (4, "f-07"), (5, "f-08")))
    assert [] == findings
    assert {"four": "01-09", "f-07": "01-04", "f-08": "01-05"}.items() <= days_of(made).items()
    assert 32 == len(made.items)


def test_a_pinned_item_that_is_gone_is_red_and_its_day_is_planned_afresh() -> None:
    """The finding names the day; nothing else moves."""
    made, findings = plan(campaign(pool=names("f", 40)), pinned=pin((4, "gone"), (5, "f-08")))
    assert [("P009", Severity.RED)] == [(f.code, f.severity) for f in findings]
    assert "2027-01-04" in findings[0].message
    assert ("01-05", 32) == (days_of(made)["f-08"], len(made.items))


@pytest.mark.parametrize("rule", [line(fixed(1, 11), "special"), line(11, "special", fixed=True)])
@pytest.mark.parametrize("pinned", [pin((12, "special")), pin((11, "f-01"))])
def test_a_pin_that_contradicts_a_date_is_red(rule: CalendarDay, pinned: Pinned) -> None:
    """'Today is ...' must not go out on another day: the pin stands, and a person decides before anything is sent."""
    made, findings = plan(campaign(calendar=[rule], pool=names("f", 40)), pinned=pinned)
    assert [("P007", Severity.RED, "special")] == [(f.code, f.severity, f.item) for f in findings]
    assert pinned.days[0].item == next(p.item.id for p in made.items if p.on == pinned.days[0].on)


def test_a_pin_outside_the_window_or_of_another_season_is_red() -> None:
    """A day that does not exist in this season, or a file copied from last year, is not obeyed in silence."""
    of = campaign(pool=names("f", 40))
    assert ["P014"] == codes(plan(of, pinned=pin((40, "f-01")))[1])
    of_last_year = replace(pin((4, "f-01"), (5, "f-02")), season=2026)
    made, findings = plan(of, pinned=of_last_year)
    assert (["P014"], days_of(plan(of)[0])) == (codes(findings), days_of(made))


def test_a_pinned_day_belongs_to_the_item_that_is_held_back() -> None:
    """Pinned with its substitute, the item takes its day as soon as the calendar releases it."""
    held = line(4, "hot", substitute="calm", blocked_until="x")
    pinned = pin((6, "calm", "hot"))
    of = campaign(calendar=[held], pool=names("f", 40))
    assert "01-06" == days_of(plan(of, pinned=pinned)[0])["calm"]
    of = campaign(calendar=[replace(held, blocked_until="")], pool=names("f", 40))
    assert "01-06" == days_of(plan(of, pinned=pinned)[0])["hot"]


def test_a_pinned_stand_in_is_used_for_one_day_only() -> None:
    """Held back without a substitute, the item's pinned day keeps its pinned stand-in, unless that is spoken for."""
    held = line(4, "hot", blocked_until="x")
    of = campaign(calendar=[held, line(5, "warm", substitute="cool")], pool=names("f", 40))
    assert "01-04" == days_of(plan(of, pinned=pin((4, "f-03", "hot")))[0])["f-03"]
    made, findings = plan(of, pinned=pin((4, "f-03", "hot"), (9, "f-03")))
    assert (["P012"], "01-09", 32) == (codes(findings), days_of(made)["f-03"], len({p.item.id for p in made.items}))
    made, findings = plan(of, pinned=pin((4, "cool", "hot")))
    assert (["P006", "P012"], "01-04") == (sorted(codes(findings)), days_of(made)["cool"])


def test_a_pin_is_a_file_to_read(tmp_path: Path) -> None:
    """One block a day with its weekday; the same plan gives the same bytes; a missing file is no pin."""
    of = campaign(calendar=[line(4, "hot", substitute="calm", blocked_until="x")], pool=names("f", 31))
    path = pin_path(tmp_path, "test", 2027)
    path.parent.mkdir(parents=True)
    assert (None, []) == read_pinned(path, of)
    write_plan(plan(of)[0], path)
    first = path.read_bytes()
    assert b'\n[[day]]\non = 2027-01-04  # Monday, day 4\nitem = "calm"\nheld_back = "hot"\n' in first
    write_plan(plan(of)[0], path)
    assert first == path.read_bytes()
    assert ["plan-2027.toml"] == [p.name for p in path.parent.iterdir()]
    read, findings = read_pinned(path, of)
    assert read is not None
    assert ([], 32) == (findings, len(read.days))
    line_of_fourth = first.decode().splitlines().index("on = 2027-01-04  # Monday, day 4")
    assert Where("campaigns/test/plan-2027.toml", line_of_fourth) == read.days[3].where


@pytest.mark.parametrize(
    ("text", "line_number", "words", "kept"),
    [
        ('campaign = "test"\nseason = 2027\n[[day]]\non = 2027-01-04\n', 3, "item is missing", 0),
        ('campaign = "test"\nseason = 2027\n[[day]]\non = "4"\nitem = "a"\n', 3, "on must be a date", 0),
        (
            'campaign = "test"\nseason = 2027\n[[day]]\non = 2027-01-04T10:00:00\nitem = "a"\n',
            3,
            "on must be a date",
            0,
        ),
        (
            'campaign = "test"\nseason = 2027\n[[day]]\non = 2027-01-04\nitem = "a"\nwhen = 1\n',
            3,
            "unknown key 'when'",
            0,
        ),
        (
            'campaign = "test"\nseason = 2027\n[[day]]\non = 2027-01-04\nitem = "a"\n\n[[day]]\non = 2027-01-04\nitem = "b"\n',
            7,
            "2027-01-04 is named already on line 3",
            1,
        ),
        ('campaign = "test"\nseason = 2027\nplan = 1\n', 0, "unknown key 'plan'", 0),
        ('campaign = "other"\nseason = 2027\n', 0, "plan of campaign 'other'", None),
        ('campaign = "test"\nseason = true\n', 0, "season must be a year", None),
        ('campaign = "test"\nseason = 2027\nday = 4\n', 0, "[[day]] blocks", 0),
        ('campaign = "test"\nseason =\n', 2, "not TOML", None),
        ("\xff", 1, "not UTF-8", None),
    ],
)
def test_a_pin_with_a_mistake_is_a_finding_with_its_line(
    tmp_path: Path, text: str, line_number: int, words: str, kept: int | None
) -> None:
    """Strict reading, and never a traceback; what is readable still holds."""
    path = tmp_path / "plan-2027.toml"
    path.write_bytes(text.encode("latin-1"))
    pinned, findings = read_pinned(path, campaign())
    assert [("P015", Severity.RED, line_number)] == [(f.code, f.severity, f.where.line) for f in findings]
    assert words in findings[0].message
    assert kept == (None if pinned is None else len(pinned.days))


def test_a_pin_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    """A folder that is not there is a sentence with a hint."""
    with pytest.raises(ConfigurationError, match="could not be written"):
        write_plan(plan(campaign(pool=names("f", 32)))[0], tmp_path / "missing" / "plan-2027.toml")


# Seasons


def test_the_season_is_the_window_running_now_else_the_next() -> None:
    """On the last day it is still this season, on the day after the next one; also across the year end."""
    of = campaign()
    expected = {
        date(2026, 11, 24): 2027,
        date(2027, 1, 1): 2027,
        date(2027, 2, 1): 2027,
        date(2027, 2, 2): 2028,
    }
    assert expected == {today: season_for(of, today).year for today in expected}
    kwanzaa = campaign(start=fixed(12, 26), end=fixed(1, 1))
    assert 2026 == season_for(kwanzaa, date(2027, 1, 1)).year
    assert 2027 == season_for(kwanzaa, date(2027, 1, 2)).year


def test_a_season_without_a_title_is_refused_with_what_to_add() -> None:
    """Before the first title and between two of them there is no season."""
    of = campaign(titles=(TitleForYears(2024, 2025, "A"), TitleForYears(2027, 2027, "B")))
    with pytest.raises(UsageError, match=r"no title for season 2026.*2024 to 2025, 2027") as caught:
        season_in(of, 2026)
    assert "[[titles]]" in caught.value.hint
    assert 2 == caught.value.exit_status
    with pytest.raises(UsageError, match="no title for season 2023"):
        season_in(of, 2023)
    with pytest.raises(UsageError, match="no title for season 2099"):  # a slip of the keys
        season_in(of, 2099)
    assert "B" == plan(of)[0].title


def test_after_the_last_title_a_season_is_planned_and_blocked_until_a_person_confirms_its_title() -> None:
    """The latest title stands in, with a red finding about the whole campaign; one that is open-ended holds by itself,
    until another one is written."""
    closed = campaign(titles=(TitleForYears(2024, 2025, "A"), TitleForYears(2027, 2027, "B")))
    assert 2028 == season_for(closed, date(2027, 2, 2)).year
    made, findings = plan(closed, 2031)
    assert ("B", 2031) == (made.title, made.season.year)
    (asked,) = (f for f in findings if f.code == "P020")
    assert (Severity.RED, "", "") == (asked.severity, asked.item, asked.channel)
    assert "[[titles]] first = 2031, last = 2031" in asked.hint
    confirmed = replace(closed, titles=(*closed.titles, TitleForYears(2031, 2031, "B")))
    assert "P020" not in {f.code for f in plan(confirmed, 2031)[1]}
    open_ended = campaign(titles=(TitleForYears(2024, None, "A"), TitleForYears(2029, None, "C")))
    for year, title in ((2028, "A"), (2029, "C"), (2077, "C")):
        made, findings = plan(open_ended, year)
        assert (title, []) == (made.title, [f for f in findings if f.code == "P020"])


def test_a_season_without_a_window_is_refused_in_words() -> None:
    """A start that is not announced, or that the year does not have, is a usage error with a hint, not a traceback."""
    lunar = campaign(start=announced({2027: date(2027, 2, 8)}), end=offset(29, announced({2027: date(2027, 2, 8)})))
    with pytest.raises(UsageError, match=r"no window in season 2028.*not announced yet") as caught:
        season_in(lunar, 2028)
    assert "add 2028" in caught.value.hint
    assert 2027 == season_for(lunar, date(2026, 5, 1)).year
    with pytest.raises(UsageError, match="no window in season 2027"):
        season_for(campaign(start=announced({})), date(2027, 1, 1))


FRIDAY = DateRule(RuleKind.WEEKDAY_NEAR, weekday=4, month=12, day=12)


def test_a_start_that_is_not_announced_is_planned_for_its_guess_and_says_so() -> None:
    """The plan can be read and approved; one red finding about everything keeps it from going out."""
    start = replace(announced({2026: date(2026, 12, 11)}), guess=FRIDAY)
    of = campaign(start=start, end=fixed(1, 1), calendar=[line(1, "one")], pool=names("f", 30))
    found = season_in(of, 2027)
    assert (date(2027, 12, 17), date(2028, 1, 1), True) == (found.start_on, found.end_on, found.guessed)
    made, findings = make_plan(of, found)
    assert (16, date(2027, 12, 17)) == (len(made.items), made.items[0].on)
    assert ["P016"] == codes(findings)
    assert "not announced yet: planned for a guess (2027-12-17 to 2028-01-01)" in findings[0].message
    assert Severity.RED is findings[0].severity
    assert findings[0].concerns("one", "email")
    assert findings[0].concerns("f-01", "x")

    known = season_in(of, 2026)
    assert (date(2026, 12, 11), False) == (known.start_on, known.guessed)
    assert [] == codes(make_plan(of, known)[1])
    assert 2027 == season_for(of, date(2027, 5, 1)).year


def test_a_calendar_line_that_is_not_announced_is_planned_for_its_guess() -> None:
    """The finding concerns that item alone: the rest of the season does not wait for it."""
    lines = [line(replace(announced({}), guess=fixed(1, 9)), "lunar")]
    made, findings = plan(campaign(calendar=lines, pool=names("f", 32)))
    assert ["lunar"] == [p.item.id for p in made.items if p.on == date(2027, 1, 9)]
    assert [("P016", "lunar")] == [(f.code, f.item) for f in findings]
    assert not findings[0].concerns("f-01", "x")


def test_every_code_has_words() -> None:
    """A finding without a title, a hint and an explanation helps nobody."""
    assert [] == [c.code for c in PLANNING.values() if not (c.title and c.hint and c.explanation)]


# Moving


def test_moving_changes_places_with_the_item_of_that_day() -> None:
    """One item a day stays true: the item of the other day takes the place that was left."""
    of = campaign(end=fixed(1, 7), calendar=[line(n, name) for n, name in enumerate("abcdefg", 1)])
    made, _ = plan(of)
    first, fifth = made.items[0].on, made.items[4].on
    move = move_item(made, "a", fifth)
    assert ("a", first, fifth, "e", first) == (move.item, move.came_from, move.to, move.gives_way, move.to_its)
    moved = move.plan
    assert {first: "e", fifth: "a"} == {p.on: p.item.id for p in moved.items if p.on in (first, fifth)}
    assert [p.day_number for p in made.items] == [p.day_number for p in moved.items]


def test_a_moved_plan_is_obeyed_once_it_is_pinned(tmp_path: Path) -> None:
    """The calendar's line still names the old day; the pin wins, and no item is lost or doubled."""
    of = campaign(end=fixed(1, 7), calendar=[line(n, name) for n, name in enumerate("abcdefg", 1)])
    made, _ = plan(of)
    moved = move_item(made, "a", made.items[4].on).plan
    write_plan(moved, tmp_path / "plan.toml")
    pinned, _ = read_pinned(tmp_path / "plan.toml", of)
    again, _ = plan(of, pinned=pinned)
    assert [(p.on, p.item.id) for p in moved.items] == [(p.on, p.item.id) for p in again.items]


def test_a_day_that_is_named_by_its_date_is_never_moved() -> None:
    """Neither away from its date nor out of the way of another item."""
    dated = line(fixed(1, 7), "g", fixed=True)
    of = campaign(end=fixed(1, 7), calendar=[*(line(n, name) for n, name in enumerate("abcdef", 1)), dated])
    made, _ = plan(of)
    seventh = next(p.on for p in made.items if p.item.id == "g")
    for what, to in (("g", made.items[0].on), ("a", seventh)):
        with pytest.raises(UsageError, match="cannot be moved"):
            move_item(made, what, to)


# A rhythm

THREE_A_WEEK = Rhythm(weekdays=("monday", "wednesday", "friday"), where=POOL)


def test_the_pool_fills_the_days_of_the_rhythm_and_no_other() -> None:
    """Gaps between them are meant: nothing is planned for them, and nothing is missed."""
    made, findings = plan(campaign(pool=names("f", 14), rhythm=THREE_A_WEEK))
    assert [] == findings
    assert {0, 2, 4} == {p.on.weekday() for p in made.items}
    assert 14 == len(made.items)
    assert [p.on.day if p.on.month == 1 else 32 for p in made.items] == [p.day_number for p in made.items]


def test_a_line_may_stand_on_a_day_between() -> None:
    """A special day keeps its date whatever weekday that is, and takes no day of the rhythm away."""
    of = campaign(calendar=[line(fixed(1, 12), "tuesday")], pool=names("f", 14), rhythm=THREE_A_WEEK)
    made, findings = plan(of)
    assert ([], 15) == (findings, len(made.items))
    assert "01-12" == days_of(made)["tuesday"]


def test_a_day_of_the_rhythm_without_an_item_is_missed() -> None:
    """Only a meant gap is none."""
    made, findings = plan(campaign(pool=names("f", 13), rhythm=THREE_A_WEEK))
    assert (["P002"], 13) == (codes(findings), len(made.items))


def test_a_calendar_alone_needs_no_pool() -> None:
    """Without a weekday every day is a gap, but for those that the calendar names."""
    of = campaign(calendar=[line(3, "a"), line(fixed(1, 20), "b")], rhythm=Rhythm(weekdays=(), where=POOL))
    made, findings = plan(of)
    assert ([], ["a", "b"]) == (findings, [p.item.id for p in made.items])


def test_what_gives_way_goes_to_a_day_of_the_rhythm() -> None:
    """To one that is open, not to a gap."""
    lines = [line(fixed(1, 4), "dated"), line(4, "wish")]
    made, findings = plan(campaign(calendar=lines, pool=names("f", 13), rhythm=THREE_A_WEEK))
    assert ["P003"] == codes(findings)
    assert {"dated": "01-04", "wish": "01-06"} == {k: v for k, v in days_of(made).items() if k in ("dated", "wish")}


def test_a_day_may_have_several_items() -> None:
    """As many as the rhythm says, numbered in turn; the pool fills up what lacks, and one too many is refused."""
    rhythm = Rhythm(items_a_day=2, most_items_a_day=3, where=POOL)
    lines = [*(line(2, name) for name in "abcd"), line(3, "e")]
    made, findings = plan(campaign(end=fixed(1, 4), calendar=lines, pool=names("f", 5), rhythm=rhythm))
    assert [("P001", "d")] == [(f.code, f.item) for f in findings]
    by_day = {n: [(p.number, p.item.id) for p in made.items if p.day_number == n] for n in range(1, 5)}
    assert [(1, "a"), (2, "b"), (3, "c")] == by_day[2]
    assert (1, "e") == by_day[3][0]
    assert [2, 3, 2, 2] == [len(items) for items in by_day.values()]
    assert [p.place for p in made.items if p.day_number == 2] == ["2", "2-2", "2-3"]


def test_the_same_kind_keeps_its_distance_on_one_day_too() -> None:
    """Two items of a day are no days apart."""
    rules, items = pool_rules(
        [item("f-1"), item("f-2"), item("r-1", Kind.REST), item("r-2", Kind.REST)], min_days_between_same_kind=1
    )
    made, findings = plan(campaign(end=fixed(1, 2), items=items, pool=rules, rhythm=Rhythm(items_a_day=2, where=POOL)))
    assert [] == findings
    assert [{Kind.FACT, Kind.REST}] * 2 == [{p.item.kind for p in made.items if p.day_number == n} for n in (1, 2)]


def test_too_little_on_a_day_is_said() -> None:
    """Which is not the same as nothing."""
    of = campaign(end=fixed(1, 1), pool=("f-1",), rhythm=Rhythm(items_a_day=2, where=POOL))
    _, findings = plan(of)
    assert ["P002"] == codes(findings)
    assert "too little is planned for 2027-01-01 (Friday)" in findings[0].message


def test_a_share_is_counted_over_the_items_of_the_rhythm() -> None:
    """A third of 14 items, not of 32 days."""
    rules, items = pool_rules(
        [*(item(f"l-{n}", Kind.FACT, "labour") for n in range(5)), *(item(f"x-{n}") for n in range(9))],
        min_share_of_topic={"labour": 0.33},
    )
    assert [] == plan(campaign(items=items, pool=rules, rhythm=THREE_A_WEEK))[1]


@given(
    weekdays=st.sets(st.sampled_from(WEEKDAY_NAMES)),
    a_day=st.integers(1, 3),
    lines=st.lists(st.integers(1, 32), max_size=12),
)
def test_whatever_the_rhythm_each_item_stands_once_and_each_day_has_its_number(
    weekdays: set[str], a_day: int, lines: list[int]
) -> None:
    """No item twice, no day above the rhythm's number, each of its days filled, numbers from 1 without a gap."""
    rhythm = Rhythm(weekdays=tuple(weekdays), items_a_day=a_day, where=POOL)
    calendar = [line(n, f"c-{k}") for k, n in enumerate(lines)]
    made, findings = plan(campaign(calendar=calendar, pool=names("f", 110), rhythm=rhythm))
    assert {"P001"} >= set(codes(findings))
    assert len(made.items) == len({p.item.id for p in made.items})
    for n in range(1, 33):
        of_day = [p for p in made.items if p.day_number == n]
        assert list(range(1, len(of_day) + 1)) == [p.number for p in of_day]
        on = made.season.start_on + timedelta(days=n - 1)
        assert rhythm.wanted(on) <= len(of_day) <= rhythm.most


def test_several_items_of_a_day_are_pinned_and_read_again(tmp_path: Path) -> None:
    """In their order; without a rhythm a day that is named twice stays a mistake."""
    of = campaign(end=fixed(1, 3), pool=names("f", 6), rhythm=Rhythm(items_a_day=2, where=POOL))
    made, _ = plan(of)
    write_plan(made, tmp_path / "plan.toml")
    pinned, findings = read_pinned(tmp_path / "plan.toml", of)
    assert [] == findings
    again, findings = plan(of, pinned=pinned)
    assert ([], made.items) == (findings, again.items)
    assert ["P015"] * 3 == codes(read_pinned(tmp_path / "plan.toml", replace(of, rhythm=Rhythm()))[1])


def test_an_item_moves_to_an_open_day_and_nobody_gives_way() -> None:
    """A gap takes it; the day that it leaves is open then."""
    made, _ = plan(campaign(pool=names("f", 14), rhythm=THREE_A_WEEK))
    first = made.items[0]
    move = move_item(made, first.item.id, date(2027, 1, 5))
    assert ("", None, first.on) == (move.gives_way, move.to_its, move.came_from)
    found = move.plan.of(first.item.id)
    assert found is not None
    assert (date(2027, 1, 5), 5, 1) == (found.on, found.day_number, found.week)
    assert first.on not in {p.on for p in move.plan.items}
    assert len(made.items) == len(move.plan.items)


def test_an_item_moves_beside_another_one_where_a_day_has_room() -> None:
    """And those that stay behind are numbered anew."""
    of = campaign(end=fixed(1, 2), calendar=[line(1, "a"), line(1, "b"), line(2, "c")])
    made, _ = plan(replace(of, rhythm=Rhythm(most_items_a_day=2, where=POOL)))
    move = move_item(made, "a", date(2027, 1, 2))
    assert "" == move.gives_way
    assert [(1, 1, "b"), (2, 1, "c"), (2, 2, "a")] == [(p.day_number, p.number, p.item.id) for p in move.plan.items]
    assert "a" == move_item(move.plan, "b", date(2027, 1, 2)).gives_way


def test_a_spare_item_gets_a_day_and_that_days_item_has_none() -> None:
    """Who gives way is named; one that stands ready for another item is not taken."""
    lines = [line(1, "a", substitute="ready"), line(2, "b")]
    made, _ = plan(campaign(end=fixed(1, 2), calendar=lines, items=[item("spare")]))
    move = move_item(made, "spare", date(2027, 1, 2))
    assert (None, "b", None) == (move.came_from, move.gives_way, move.to_its)
    assert ["a", "spare"] == [p.item.id for p in move.plan.items]
    with pytest.raises(UsageError, match="stands ready"):
        move_item(made, "ready", date(2027, 1, 2))
    with pytest.raises(UsageError, match="has no item 'gone'"):
        move_item(made, "gone", date(2027, 1, 2))


def test_the_pool_puts_an_item_where_the_channels_of_the_day_can_use_it() -> None:
    """A text for a mail on the days of the mail; what has no other text goes nowhere else, and is not wasted there."""
    mails = [item(f"m-{n}", post="") for n in range(2)]
    posts = [item(f"p-{n}", email="") for n in range(9)]
    both = [item(f"b-{n}") for n in range(3)]

    def suits(on: date, text: ItemText) -> bool:
        return bool(text.email) if on.weekday() == MON else bool(text.post)

    rules, items = pool_rules([*posts, *mails, *both])
    of = campaign(items=items, pool=rules, rhythm=THREE_A_WEEK)
    made, findings = make_plan(of, season(of, 2027), suits=suits)
    assert ([], 14) == (findings, len(made.items))
    assert all(suits(p.on, p.item) for p in made.items)
    too_few = [*posts, item("p-9", email=""), *mails]
    fewer = campaign(items=too_few, pool=pool_rules(too_few)[0], rhythm=THREE_A_WEEK)
    _, findings = make_plan(fewer, season(fewer, 2027), suits=suits)
    assert "has a text for the channels of that day" in findings[0].message


def test_a_date_that_is_not_fixed_gives_way_and_may_be_pinned_elsewhere() -> None:
    """Where the calendar only says where an item usually is."""
    wish = replace(line(fixed(1, 11), "usual"), fixed=False)
    alone, findings = plan(campaign(calendar=[wish], pool=names("f", 40)))
    assert ("01-11", []) == (days_of(alone)["usual"], findings)
    beside, findings = plan(campaign(calendar=[wish, line(fixed(1, 11), "special")], pool=names("f", 40)))
    assert {"special": "01-11", "usual": "01-12"}.items() <= days_of(beside).items()
    assert ["P003"] == codes(findings)
    pinned, findings = plan(campaign(calendar=[wish], pool=names("f", 40)), pinned=pin((14, "usual")))
    assert ("01-14", []) == (days_of(pinned)["usual"], findings)
