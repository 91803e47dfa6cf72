"""The other campaigns of a project, as far as a season has to know of them."""

from __future__ import annotations

import shutil
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from scheduler.content.load import campaign_files, slugs
from scheduler.content.render import messages
from scheduler.domain.campaign import neutral_slug
from scheduler.domain.planned_item import Plan
from scheduler.planner.season_choice import season_in
from scheduler.services.neighbors import neighbors_of
from scheduler.settings import Settings
from scheduler.wiring import load_settings
from tests.support.small_month import CAMPAIGN, copy_small_month


def test_a_campaign_is_read_once_for_all_its_neighbors(tmp_path: Path) -> None:
    """Each looks at all others: without that a hundred campaigns would be read ten thousand times. What has changed
    since is read again."""
    copy_small_month(tmp_path)
    campaigns = [CAMPAIGN, "one-more", "two-more", "three-more"]
    for name in campaigns[1:]:
        shutil.copytree(tmp_path / "campaigns" / CAMPAIGN, tmp_path / "campaigns" / name)
    settings, load, read = load_settings(tmp_path, {}), campaign_files.load_campaign, list[str]()
    loaded = {name: load(tmp_path, name)[0] for name in campaigns}

    def note(root: Path, name: str) -> object:
        read.append(name)
        return load(root, name)

    def found(name: str) -> list[str]:
        campaign = loaded[name]
        assert campaign is not None
        neighbors = neighbors_of(tmp_path, settings, campaign, season_in(campaign, 2027))
        return sorted(one.campaign for one in neighbors if one.occasions)

    with patch.object(campaign_files, "load_campaign", note):
        for name in campaigns:
            assert sorted(set(campaigns) - {name}) == found(name)
        assert sorted(campaigns) == sorted(read)
        (tmp_path / "campaigns" / "two-more" / "campaign.toml").write_text("name = not a text", encoding="utf-8")
        assert sorted({"one-more", "three-more"}) == found(CAMPAIGN)
        assert "two-more" == read[-1]


def test_a_neighbors_posts_are_made_once_for_all_campaigns_of_the_same_days(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And anew when a template or a setting is another one."""
    copy_small_month(tmp_path)
    campaigns = [CAMPAIGN, "one-more", "two-more"]
    for name in campaigns[1:]:
        shutil.copytree(tmp_path / "campaigns" / CAMPAIGN, tmp_path / "campaigns" / name)
    settings, made, make = load_settings(tmp_path, {}), list[str](), messages.occasions
    monkeypatch.setattr(messages, "occasions", lambda plan, *more: made.append(plan.campaign.id) or make(plan, *more))

    def look() -> list[str]:
        for name in campaigns:
            campaign = campaign_files.load_campaign(tmp_path, name)[0]
            assert campaign is not None
            neighbors_of(tmp_path, settings, campaign, season_in(campaign, 2027))
        before, made[:] = sorted(made), []
        return before

    assert (campaigns, []) == (look(), look())
    (tmp_path / "templates" / "another.txt").write_text("words", encoding="utf-8")
    assert campaigns == look()
    settings = load_settings(tmp_path, {})
    assert [] == look(), "other objects, and the same settings"
    settings = replace(settings, public_url="https://another.example.org")
    assert campaigns == look()


def test_what_another_lane_looks_at_meanwhile_does_not_mix_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lanes of several campaigns look at the same neighbor at the same time; here the settings change in between."""
    copy_small_month(tmp_path)
    shutil.copytree(tmp_path / "campaigns" / CAMPAIGN, tmp_path / "campaigns" / "one-more")
    before, made, make = load_settings(tmp_path, {}), list[str](), messages.occasions
    after = replace(before, public_url="https://another.example.org")
    campaign = campaign_files.load_campaign(tmp_path, CAMPAIGN)[0]
    assert campaign is not None

    def look(settings: Settings) -> None:
        neighbors_of(tmp_path, settings, campaign, season_in(campaign, 2027))

    def make_and_note(plan: Plan, settings: Settings, *more: Any) -> Any:
        made.append(settings.public_url)
        if len(made) == 1:
            look(after)
        return tuple((one, made.index(settings.public_url)) for one in make(plan, settings, *more))

    monkeypatch.setattr(messages, "occasions", make_and_note)
    look(before)
    (found,) = neighbors_of(tmp_path, after, campaign, season_in(campaign, 2027))
    occasions: tuple[Any, ...] = found.occasions
    assert {1} == {number for _, number in occasions}, "made by the settings as they are"
    assert [before.public_url, after.public_url] == made


def test_a_slug_is_read_once_for_all_campaigns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until its file is another one."""
    for name in ("one", "two"):
        (tmp_path / "campaigns" / name).mkdir(parents=True)
        (tmp_path / "campaigns" / name / "campaign.toml").write_text(f'slug = "c{name}"', encoding="utf-8")
    read, parse = list[str](), tomllib.loads
    monkeypatch.setattr(tomllib, "loads", lambda text: read.append(text) or parse(text))
    assert {"one": "cone", "two": "ctwo"} == slugs.read_slugs(tmp_path) == slugs.read_slugs(tmp_path)
    assert 2 == len(read)
    (tmp_path / "campaigns" / "one" / "campaign.toml").write_text('slug = "another"', encoding="utf-8")
    assert "another" == slugs.read_slug(tmp_path, "one")
    (tmp_path / "campaigns" / "one" / "campaign.toml").unlink()
    assert neutral_slug("one") == slugs.read_slug(tmp_path, "one")
