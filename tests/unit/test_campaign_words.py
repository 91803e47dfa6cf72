"""The words of the campaign that is shipped: easy to read, not the same from day to day, and the truth comes first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from scheduler.content.checks import check
from scheduler.content.checks.share_rules import grade_of
from scheduler.content.load.campaign_files import load_campaign
from scheduler.content.render.messages import render
from scheduler.domain.campaign import TELLS_OF_THE_PAST, Campaign
from scheduler.domain.finding import Severity
from scheduler.domain.planned_item import Plan
from scheduler.planner.season_choice import season_in
from scheduler.planner.season_plan import make_plan
from scheduler.wiring import load_settings
from tests.scenarios.checking import sign_offs

ROOT = Path(__file__).parents[2]
NAME = "human-trafficking-prevention"
#: What a text has from records and from others is not its own: a place where words are filled in, a quoted line.
NOT_ITS_OWN = re.compile(r"\{\{.*?\}\}|^>.*$", re.MULTILINE)


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    found, _ = load_campaign(ROOT, NAME)
    assert found
    return found


@pytest.fixture(scope="module")
def plan(campaign: Campaign) -> Plan:
    return make_plan(campaign, season_in(campaign, 2027))[0]


def own_blocks(text: str) -> list[str]:
    """The paragraphs and list entries of a text in its own words."""
    without_links = re.sub(r"\[(.*?)\]\(.*?\)", r"\1", NOT_ITS_OWN.sub("", text))
    return [re.sub(r"[*#]", "", block) for block in re.split(r"\n\n|\n- |\n\d\. ", without_links)]


def runs(text: str) -> list[tuple[str, ...]]:
    """Every run of four words that is the text's own."""
    found: list[tuple[str, ...]] = []
    for piece in NOT_ITS_OWN.split(re.sub(r"\]\(.*?\)", "]", text)):
        words = re.findall(r"[\w']+", piece.lower())
        found += list(zip(words, words[1:], words[2:], words[3:], strict=False))
    return found


def shared(texts: Mapping[str, str]) -> float:
    """The share of all runs of four words that stand on another day, too."""
    days = Counter(run for text in texts.values() for run in set(runs(text)))
    every = [run for text in texts.values() for run in runs(text)]
    return sum(days[run] > 1 for run in every) / len(every)


def test_every_text_is_easy_to_read(campaign: Campaign) -> None:
    """School grade 8 at most in emails, 10 in posts: of the spares and of what is held back, too."""
    emails = {i.id: grade_of(own_blocks(i.email))[0] for i in campaign.items.values()}
    posts = {i.id: grade_of(own_blocks(i.post))[0] for i in campaign.items.values()}
    assert {} == {i: g for i, g in emails.items() if g > 8} | {i: g for i, g in posts.items() if g > 10}
    assert grade_of(["Organizational considerations necessitate interdepartmental communication."])[0] > 10


def test_no_day_sounds_like_another(plan: Plan) -> None:
    """At most six in a hundred runs of four words come again on another day."""
    assert len(plan.items) == 32
    assert shared({p.item.id: p.item.email for p in plan.items}) <= 0.06
    assert shared({p.item.id: p.item.post for p in plan.items}) <= 0.06
    assert shared({"one": "Ask who keeps the papers.", "two": "So ask who keeps the papers."}) > 0.5


def test_the_truth_comes_first(campaign: Campaign) -> None:
    """A text that tells of an older figure prints what holds before it; a post does not print the older one at all."""
    past = [i for i in campaign.items.values() if i.kind in TELLS_OF_THE_PAST]
    assert len(past) >= 8
    for item in past:
        # The question that an old page asked is no figure.
        text = re.sub(r"question\(.*?\)", "", item.email)
        pages = {campaign.claims[one].source_ref for one in item.then}
        olds = (*item.then, *(q for q in item.quotations if q in pages))
        assert first_of(item.now, text) < first_of(olds, text), item.id
        if any(campaign.claims[one].numbers for one in item.then):
            assert not any(f"('{one}')" in item.post for one in olds), item.id


def first_of(records: Iterable[str], text: str) -> int:
    """Where the text first prints one of the records."""
    return min(text.index(f"('{one}')") for one in records if f"('{one}')" in text)


def test_the_months_name_stands_once_on_a_screen(campaign: Campaign) -> None:
    """The head of each mail has it, so no text prints the official one beside it."""
    assert [] == [i.id for i in campaign.items.values() if re.search(r"\{\{\s*title\s*\}\}", i.post + i.email)]


def test_the_place_for_a_survivors_words_never_goes_out_empty(campaign: Campaign, plan: Plan) -> None:
    """While nobody has written for it, its day has a substitute; taken out of there, a rule stops it."""
    held = [p for p in plan.items if p.held_back and p.held_back.id == "a-survivors-own-words"]
    assert [25] == [p.day_number for p in held]
    alone = replace(plan, items=(replace(held[0], item=held[0].held_back, held_back=None),))
    settings = load_settings(ROOT, {})
    messages = render(alone, settings, ROOT / "templates").messages
    found = check(alone, messages, settings, sign_offs(campaign, {}), ROOT / "config/lint", today=date(2026, 12, 28))
    stopped = {(f.code, f.channel) for f in found if f.severity is Severity.RED and f.code == "L25"}
    assert {("L25", "email"), ("L25", "x")} <= stopped


def test_each_spare_can_go_out_on_a_day(campaign: Campaign, plan: Plan) -> None:
    """Whoever takes an item out on a bad morning has no time to shorten another."""
    spares = [campaign.items[name] for name in campaign.pool.items]
    plain = [p for p in plan.items if p.day and not p.day.special][: len(spares)]
    put_in = replace(plan, items=tuple(replace(p, item=s, held_back=None) for p, s in zip(plain, spares, strict=True)))
    made = render(put_in, load_settings(ROOT, {}), ROOT / "templates")
    assert [] == [f for f in made.findings if f.severity is Severity.RED]
    assert 2 * len(spares) == len(made.messages)
