"""Several items on one day, from the passes that send them to the archive; and the pages of staff in such a season."""

from __future__ import annotations

import re
import shutil
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scheduler.cli.main import main
from scheduler.clock import VirtualClock
from scheduler.project import Project
from scheduler.services.archive import Archive
from scheduler.services.public_pages import FrontsAtHand
from scheduler.wiring import load_settings, open_ledger
from tests.scenarios.harness import HERE, build
from tests.support.editing_site import EditingSite

REPOSITORY = Path(__file__).parents[2]


def test_both_mails_of_a_day_go_out_and_have_addresses_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each at its time, to the same reader; neither hides the other in the archive, and each says its own address."""
    root = build(HERE / "ok-two-a-day", tmp_path)
    for part in ("templates", "config/lint"):
        shutil.copytree(REPOSITORY / part, root / part, dirs_exist_ok=True)
    monkeypatch.setenv("OBSERVANCE_PROJECT", str(root))

    def at(day_and_time: str, *arguments: str) -> None:
        monkeypatch.setenv("OBSERVANCE_PRETEND_NOW", f"2027-01-{day_and_time}-05:00")
        main(list(arguments))

    at("03T12:00", "subscribers", "add", "ann@readers.example")
    at("04T10:00:30", "tick")
    project = Project(root, load_settings(root, {}), {}, VirtualClock(datetime(2027, 1, 4, 22, tzinfo=UTC)))
    with closing(open_ledger(project)) as ledger:
        archive = Archive(project, ledger, FrontsAtHand(project))
        assert ["2027-01-04"] == [mail.sent.place for mail in archive.of_campaign("safe-week")]
    at("04T16:00:30", "tick")
    with closing(open_ledger(project)) as ledger:
        archive = Archive(project, ledger, FrontsAtHand(project))
        mails = {mail.sent.place: mail for mail in archive.of_campaign("safe-week")}
        assert ["2027-01-04-2", "2027-01-04"] == list(mails)
        assert {"2027-01-04": "Off we go", "2027-01-04-2": "Old shoes will do"} == {
            place: mail.body.subject for place, mail in mails.items()
        }
        for place, mail in mails.items():
            assert re.findall(r"/archive/([0-9-]+)", mail.body.text) == [place]
            found = archive.find(place, mail.path.split("/")[2])
            assert found is not None
            assert mail.body == found.body
        assert archive.find("2027-01-04-3", mails["2027-01-04"].path.split("/")[2]) is None


@pytest.mark.parametrize("scenario", ["ok-two-a-day", "ok-three-a-week"])
def test_staff_see_each_item_and_no_meant_gap(scenario: str, tmp_path: Path) -> None:
    """On the calendar; a campaign without a claim or a help line has pages for them all the same."""
    site = EditingSite(tmp_path / "site")
    campaign = build(HERE / scenario, tmp_path / "scenario") / "campaigns" / "safe-week"
    shutil.rmtree(site.folder / "campaigns" / "safe-week")
    shutil.copytree(campaign, site.folder / "campaigns" / "safe-week")
    calendar = site.client.get("/calendar/2027").get_data(as_text=True)
    shown = re.findall(r'class="title[^"]*" href="/items/([a-z-]+)', calendar)
    assert (7 if scenario == "ok-three-a-week" else 4) == len(shown) == len(set(shown))
    assert "no item" not in calendar
    assert "too few" not in calendar
    for page in ("/", "/holds", "/claims", "/contacts", "/report", "/deliveries", f"/items/{shown[0]}"):
        assert 200 == site.client.get(page).status_code, page
