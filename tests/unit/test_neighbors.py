"""The other campaigns of a project, as far as a season has to know of them."""

from __future__ import annotations

import shutil
from pathlib import Path
from unittest.mock import patch

from scheduler.content.load import campaign_files
from scheduler.planner.seasons import season_in
from scheduler.services.neighbors import neighbors_of
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
