"""The slug of a campaign: neutral without being asked for, and refused where it tells what the campaign is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from scheduler.content.checks.context import Material
from scheduler.content.checks.lint import LintPack, load_lint_pack
from scheduler.content.checks.slug_words import check_slug
from scheduler.content.load.campaign_files import load_campaign
from scheduler.content.load.slugs import read_slug, read_slugs
from scheduler.domain.campaign import Campaign, neutral_slug
from scheduler.domain.claim import Signatures
from scheduler.domain.planned_item import Plan
from scheduler.schema.forms import RESERVED_SLUGS, public_slug
from tests.support.factories import campaign, season

ROOT = Path(__file__).parents[2]
PACK, _ = load_lint_pack(ROOT / "config" / "lint" / "human-trafficking.toml")


def found(slug: str, of: Campaign, packs: tuple[LintPack, ...] = ()) -> list[str]:
    its = replace(of, slug=slug)
    plan = Plan(its, season(its, 2027), "", ())
    return [str(f.code) for f in check_slug(Material(plan, (), None, Signatures(), date(2027, 1, 1), packs))]


def test_a_campaign_that_names_no_slug_has_one_that_stays_and_says_nothing() -> None:
    assert "cdjxgz8" == neutral_slug("domestic-violence")  # a contract: it stands in mails that are out
    ids = [f"campaign-{n}" for n in range(2000)]
    slugs = [neutral_slug(one) for one in ids]
    assert len(set(slugs)) == len(ids)
    assert "" == "".join(map(public_slug, slugs))
    assert not set("aeiou") & set("".join(slugs))
    assert neutral_slug("test") == replace(campaign(), slug="").slug


@pytest.mark.parametrize(
    "slug", ["Ab", "a_b", "a--b", "-a", "a-", "a b", "ä", "a/b", "x" * 41, *sorted(RESERVED_SLUGS)]
)
def test_other_signs_and_words_of_the_pages_themselves_are_refused(slug: str) -> None:
    assert public_slug(slug)


@pytest.mark.parametrize(
    ("slug", "told"),
    [
        ("heat-2027", True),
        ("myheatwave", True),
        ("hwm", True),  # the first letters
        ("heatstroke", True),
        ("trafficking", True),
        ("no-slaves-27", True),
        ("nomoreslavery", True),
        ("underage-escorts", True),
        ("sexed", True),
        ("essex", False),
        ("c7w4mkp", False),
        ("month-of-may", False),  # months and weeks say nothing
        ("the-week-2027", False),
        ("blue-door", False),
    ],
)
def test_a_slug_may_hold_no_word_of_the_cause(slug: str, told: bool) -> None:
    its = replace(campaign(), id="heat-week", name="Heat Wave Month")
    assert (["N109"] if told else []) == found(slug, its, (PACK,))


def test_the_title_of_another_year_counts_as_well() -> None:
    its = campaign()
    titled = replace(its, titles=(replace(its.titles[0], title="National Lantern Month"),))
    assert ["N109"] == found("lanterns", titled)
    assert [] == found("lanterns", its)


def test_a_slug_is_known_though_nothing_else_of_the_campaign_can_be_read(tmp_path: Path) -> None:
    for name, text in {
        "good": 'slug = "blue-door"\n',
        "none": 'name = "N"\n',
        "broken": 'slug = "blue\n',
        "wrong": 'slug = "Blue Door"\n',
        "number": "slug = 7\n",
    }.items():
        (tmp_path / "campaigns" / name).mkdir(parents=True)
        (tmp_path / "campaigns" / name / "campaign.toml").write_text(text, encoding="utf-8")
    (tmp_path / "campaigns" / "empty").mkdir()
    slugs = read_slugs(tmp_path)
    assert "blue-door" == slugs.pop("good")
    assert {name: neutral_slug(name) for name in ("none", "broken", "wrong", "number", "empty")} == slugs
    assert neutral_slug("gone") == read_slug(tmp_path, "gone")


def test_the_shipped_campaign_has_its_slug_written_down() -> None:
    shipped, _ = load_campaign(ROOT, "human-trafficking-prevention")
    assert shipped is not None
    assert "c7w4mkp" == shipped.slug
