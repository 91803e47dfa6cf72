"""How often readers of the shipped campaign are written to."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from scheduler.content.load.campaign_files import load_campaign
from scheduler.domain.cadence import Cadence, audience_of, digest_days, digest_spans, offered
from scheduler.domain.planned_item import Plan
from scheduler.planner.season_choice import season_in
from scheduler.planner.season_plan import make_plan
from tests.scenarios.checking import REPOSITORY

NAME = "human-trafficking-prevention"


def plan_of(year: int) -> Plan:
    campaign, _ = load_campaign(REPOSITORY, NAME)
    assert campaign
    return make_plan(campaign, season_in(campaign, year))[0]


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_of(2027)


def test_a_daily_reader_gets_32_mails_a_digest_reader_6_and_a_key_days_reader_3(plan: Plan) -> None:
    """What the sign-up page may promise."""
    offers = offered(plan)
    mails = {c: sum(c in audience_of(p, offers) for p in plan.items) for c in Cadence}
    assert {Cadence.DAILY: 32, Cadence.DIGEST: 0, Cadence.KEY_DAYS: 3} == mails
    assert 6 == len(digest_spans(plan))


def test_the_digest_goes_out_on_mondays_and_key_days_and_not_on_a_quiet_one(plan: Plan) -> None:
    """1, 4, 11, 19 (the 18th is quiet), 25 January and 1 February 2027."""
    january = [date(2027, 1, day) for day in (1, 4, 11, 19, 25)]
    assert [*january, date(2027, 2, 1)] == [span.on for span in digest_spans(plan)]


def test_each_item_is_in_one_digest(plan: Plan) -> None:
    """A reader of the digest misses nothing, and sees nothing twice."""
    assert [p.item.id for p in plan.items] == [p.item.id for span in digest_spans(plan) for p in span.items]


def test_the_key_days_are_the_three_special_days_that_are_not_quiet(plan: Plan) -> None:
    """New Year's Day, the awareness day, National Freedom Day."""
    assert [date(2027, 1, 1), date(2027, 1, 11), date(2027, 2, 1)] == [p.on for p in plan.items if p.is_key]


@pytest.mark.parametrize("year", [2026, 2028, 2029, 2030])
def test_two_digests_are_never_on_two_days_in_a_row(year: int) -> None:
    """Whatever the weekday of the key days, a digest stays a rare mail; the first and last day have one."""
    plan = plan_of(year)
    rule = plan.campaign.digest
    assert rule
    days = digest_days(plan, rule)
    assert min((b - a).days for a, b in pairwise(days)) >= 3
    assert (plan.season.start_on, plan.season.end_on) == (days[0], days[-1])
    assert 5 <= len(days) <= 7
