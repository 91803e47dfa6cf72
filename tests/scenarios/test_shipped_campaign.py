"""The campaign that is shipped, under its own rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from scheduler.content.checks import check, check_sources
from scheduler.content.load.campaign_files import load_campaign
from scheduler.content.render.messages import render
from scheduler.domain.campaign import Campaign
from scheduler.domain.claim import ClaimStatus
from scheduler.domain.finding import Severity
from scheduler.domain.message import PostBody
from scheduler.domain.planned_item import Plan
from scheduler.planner.season_choice import season_in
from scheduler.planner.season_plan import make_plan
from scheduler.wiring import load_settings
from tests.scenarios.checking import REPOSITORY, SEASON, check_all, sign_offs

NAME = "human-trafficking-prevention"


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    found, _ = load_campaign(REPOSITORY, NAME)
    assert found
    return found


@pytest.fixture(scope="module")
def plan(campaign: Campaign) -> Plan:
    return make_plan(campaign, season_in(campaign, SEASON))[0]


def test_once_everything_is_signed_nothing_is_red() -> None:
    """What is shipped can go out, once people have done what only people can do."""
    red = [str(f) for f in check_all(REPOSITORY) if f.severity is Severity.RED]
    assert [] == [line for line in red if not line.startswith("D201 ")]  # its questions wait for a person


def test_as_it_is_shipped_it_cannot_go_out() -> None:
    """Nobody has signed anything yet: each claim and each help line that is used is red."""
    found, _ = load_campaign(REPOSITORY, NAME)
    assert found
    plan, _ = make_plan(found, season_in(found, SEASON))
    settings = load_settings(REPOSITORY, {})
    messages = render(plan, settings, REPOSITORY / "templates").messages
    nobody = sign_offs(
        found, {"unsigned": [f"{s}:{i}" for s, r in (("claim", found.claims), ("contact", found.contacts)) for i in r]}
    )
    codes = {
        f.code
        for f in check(plan, messages, settings, nobody, REPOSITORY / "config" / "lint", today=date(2026, 12, 28))
    }
    assert {"C109", "H105"} <= codes


def test_the_scan_of_the_stored_page_finds_what_is_no_longer_true(campaign: Campaign) -> None:
    """Old mailbox, old site, old name, old operator, keywords, and the voice of the hotline's own staff."""
    said = " ".join(f.message for f in check_sources(campaign) if "faq-page" in f.message).casefold()
    for words in (
        "nhtrc@polarisproject.org",
        "traffickingresourcecenter.org",
        "national human trafficking resource center",
        "polaris",
        "help or info",
        "call specialists",
    ):
        assert words in said


def test_a_debunked_figure_reaches_no_other_message(campaign: Campaign, plan: Plan) -> None:
    """Only an item that corrects it may rest on it."""
    debunked = {c.id for c in campaign.claims.values() if c.status is ClaimStatus.DEBUNKED}
    assert debunked
    messages = render(plan, load_settings(REPOSITORY, {}), REPOSITORY / "templates").messages
    users = {m.item for m in messages if debunked & set(m.claims)}
    assert all(campaign.items[i].kind == "myth-corrected" for i in users)


def test_each_item_has_a_picture_and_words_of_its_own_for_it(campaign: Campaign, plan: Plan) -> None:
    """Spares and what is held back, too: nobody draws on the morning when one of them is needed."""
    settings = load_settings(REPOSITORY, {})
    drawn = replace(plan.campaign, cards=replace(plan.campaign.cards, on=True))
    on_any_day = (
        replace(plan.items[0], item=item, held_back=None, substitute=None) for item in campaign.items.values()
    )
    with_cards = replace(plan, campaign=drawn)
    made = render(with_cards, settings, REPOSITORY / "templates", items=tuple(on_any_day))
    assert [f for f in made.findings if f.code.startswith("G")] == []
    posts = [m.body for m in made.messages if isinstance(m.body, PostBody)]
    assert all(body.picture is not None and body.alt_text for body in posts)
    assert len({body.alt_text for body in posts}) == len(posts) >= len(campaign.items)
    # An outdated figure is on one card alone, beside the one that took its place.
    told = [body.picture.words for body in posts if any("Then" == words for words in body.picture.words)]
    assert [any("27.6 million" in line for line in words) for words in told].count(True) == 1
