"""A new project from an example: what is in it, what it rehearses, and that nothing of another month comes along."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from scheduler.cli.init import EXAMPLES, FIRST, NOTHING
from scheduler.cli.main import main
from scheduler.content.codes import CODES
from scheduler.content.load.campaign_files import load_campaign
from scheduler.domain.campaign import Campaign
from scheduler.domain.claim import ContactStatus
from scheduler.project import campaign_ids, starter_folder
from tests.support.long_form import many

ROOT = Path(__file__).parents[2]
OTHERS = [name for name in EXAMPLES if name != FIRST]
HERITAGE, OCTOBER = "hispanic-heritage", "domestic-violence-awareness"

#: Words that only the first campaign has.
JANUARY = re.compile(r"traffick|slave|januar|1-888-373-7888|233733|befree|blue ?day|polaris", re.IGNORECASE)
OF_ITS_OWN = re.compile(r"1-888-373-7888|233733|befree|blue ?day", re.IGNORECASE)


@pytest.fixture(autouse=True)
def _in_february(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OBSERVANCE_PRETEND_NOW", "2027-02-15T12:00:00-05:00")


def made(folder: Path, example: str) -> Path:
    assert main(["init", str(folder / "month"), "--from", example]) == 0
    return folder / "month"


def campaign_of(root: Path, example: str) -> Campaign:
    campaign, findings = load_campaign(root, example)
    assert findings == []
    assert campaign is not None
    return campaign


def rehearsed(root: Path, season: int) -> tuple[list[dict[str, str]], str]:
    """The rows of the spreadsheet and the calendar."""
    assert main(["dry-run", "--project", str(root), "--season", str(season)]) == 1  # nobody has signed anything
    (out,) = (root / "build" / "dry-run").glob(f"*-{season}")
    rows = list(csv.DictReader((out / "plan.csv").read_text(encoding="utf-8-sig").splitlines(keepends=True)))
    return rows, (out / "calendar.ics").read_bytes().decode().replace("\r\n ", "")


def test_each_example_has_its_line_and_its_folder() -> None:
    assert sorted(OTHERS) == sorted(p.name for p in (ROOT / "scheduler" / "examples").iterdir() if p.is_dir())
    commands = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    for name, about in EXAMPLES.items():
        assert f"| `{name}` | {about} |" in commands


def test_they_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", "--list"]) == 0
    assert [*EXAMPLES, NOTHING] == [line.split()[0] for line in capsys.readouterr().out.splitlines()[:4]]
    assert main(["init", "--list", "--json"]) == 0
    assert [*EXAMPLES, NOTHING] == list(json.loads(capsys.readouterr().out)["examples"])


def test_without_a_name_it_is_the_first_campaign_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", str(tmp_path / "month")]) == 0
    assert f"It starts from {FIRST}" in capsys.readouterr().out
    month = tmp_path / "month"
    assert [FIRST] == [p.name for p in (month / "campaigns").iterdir()]
    for part in (f"campaigns/{FIRST}", "templates", "config"):
        files = {p.relative_to(ROOT) for p in (ROOT / part).rglob("*") if p.is_file()}
        assert files == {p.relative_to(month) for p in (month / part).rglob("*") if p.is_file()}


@pytest.mark.parametrize(("typed", "hint"), [("dvam", "start from"), ("heritage", "did you mean hispanic-heritage?")])
def test_an_unknown_name_makes_nothing(
    typed: str, hint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", str(tmp_path / "month"), "--from", typed]) == 2
    said = capsys.readouterr().err
    assert hint in said
    assert all(name in said for name in (*EXAMPLES, NOTHING))
    assert not (tmp_path / "month").exists()


def test_a_folder_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where there is no project that a campaign could be added to."""
    monkeypatch.chdir(tmp_path)
    assert main(["init", "--from", HERITAGE]) == 2
    assert "needs the folder" in capsys.readouterr().err


@pytest.mark.parametrize("example", [*OTHERS, NOTHING])
def test_nothing_of_january_has_to_be_deleted(example: str, tmp_path: Path) -> None:
    root = made(tmp_path, example)
    assert ([] if example == NOTHING else [example]) == [p.name for p in (root / "campaigns").iterdir()]
    for path in root.rglob("*"):
        assert not JANUARY.search(str(path.relative_to(root)))
        if path.parent == root / "config" / "lint" / "days":
            continue  # what a language calls its months and days
        # Rules for every campaign hold the words of many causes; January's own lines and names are none of them.
        words = OF_ITS_OWN if root / "config" / "lint" in path.parents else JANUARY
        assert path.is_dir() or not words.search(path.read_text(encoding="utf-8")), path


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Of each example one that is only looked at."""
    return cache(lambda example: made(tmp_path_factory.mktemp(example), example))


@pytest.mark.parametrize("example", OTHERS)
@pytest.mark.parametrize("season", [2027, 2028, 2029, 2030, 2031, 2033, *many((), (2032, 2034))])
def test_what_it_finds_waits_for_a_person(
    example: str, season: int, project: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever weekday the month begins on, there is no mistake in the files and no day without its item. In 2032 and
    2034 it begins as in others of these years."""
    root = project(example)
    capsys.readouterr()
    assert main(["check", "--project", str(root), "--season", str(season), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    grave = {f["code"] for f in found if f["severity"] != "info"}
    assert grave >= {"C109", "D201", "S101"}  # unsigned claims, open questions, example values
    assert [code for code in sorted(grave) if not CODES[code].waits] == []


@pytest.mark.parametrize("example", OTHERS)
def test_a_live_send_is_refused(
    example: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OBSERVANCE_PRETEND_NOW")  # no live channel goes with it; on any day nothing is signed
    root = made(tmp_path, example)
    settings = root / "config" / "settings.toml"
    settings.write_text(settings.read_text("utf-8").replace('mode = "rehearsal"', 'mode = "live"'), "utf-8")
    capsys.readouterr()
    assert main(["arm", "--project", str(root)]) != 0
    said = capsys.readouterr().out
    assert "Not armed" in said
    assert "claims are not signed yet" in said


@pytest.mark.parametrize("example", OTHERS)
def test_each_statement_has_its_source_and_nobody_has_vouched_for_it(
    example: str, project: Callable[[str], Path]
) -> None:
    campaign = campaign_of(project(example), example)
    assert "Nobody has signed" in campaign.cover_note
    for claim in campaign.claims.values():
        assert claim.source.url.startswith("https://")
        assert claim.source.dated
        assert not claim.source.primary_seen
        assert claim.review_by is not None
    for contact in campaign.contacts.values():
        assert contact.primary_source_url.startswith("https://")
        assert contact.verified_on is None
    assert any(claim.needs_decision for claim in campaign.claims.values())


# -- one more campaign in a project ------------------------------------------------------------------------------------


def tree(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def test_a_campaign_is_added_to_a_project_and_nothing_is_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From inside it; with the rules for words that it lacks, and the review rules to add."""
    root = made(tmp_path, HERITAGE)
    before = tree(root)
    monkeypatch.chdir(root / "campaigns")
    monkeypatch.setenv("OBSERVANCE_PROJECT", str(starter_folder()))  # as run.py does where nobody names one
    capsys.readouterr()
    assert main(["init", "--from", OCTOBER]) == 0
    said = capsys.readouterr().out
    assert f"dry-run {OCTOBER} --project {root}\n" in said
    monkeypatch.delenv("OBSERVANCE_PROJECT")
    after = tree(root)
    assert before.items() <= after.items()
    new = {path for path in after if path not in before}
    assert {p for p in new if not p.startswith(f"campaigns/{OCTOBER}/")} == {"config/lint/domestic-violence.toml"}
    assert f'    campaigns = ["{OCTOBER}"]\n    approvals = 2\n' in said
    assert f"check {OCTOBER}" in said
    assert main(["check", OCTOBER, "--json"]) == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [] == [f for f in found if f["severity"] != "info" and not CODES[f["code"]].waits]


def test_what_one_that_was_ended_left_is_no_part_of_the_next(tmp_path: Path) -> None:
    """The power went out while an example was copied: what lies there is no campaign, and goes when it is made."""
    root = made(tmp_path, HERITAGE)
    left = root / "campaigns" / f".{OCTOBER}.new"
    (left / "items").mkdir(parents=True)
    (left / "items" / "99-from-an-earlier-release.md").write_text("half of it", "utf-8")
    assert [HERITAGE] == campaign_ids(root)
    assert main(["init", str(root), "--from", OCTOBER]) == 0
    assert not left.exists()
    assert not list((root / "campaigns" / OCTOBER).rglob("*earlier-release*"))


def test_a_project_that_was_named_goes_before_the_one_somebody_stands_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named, here = made(tmp_path / "named", HERITAGE), made(tmp_path / "here", HERITAGE)
    monkeypatch.chdir(here)
    monkeypatch.setenv("OBSERVANCE_PROJECT", str(named))
    assert main(["init", "--from", OCTOBER]) == 0
    assert (named / "campaigns" / OCTOBER).is_dir()
    assert not (here / "campaigns" / OCTOBER).exists()


def test_what_is_taken_is_refused_and_another_name_gets_another_slug(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = made(tmp_path, HERITAGE)
    before = tree(root)
    for words, said in (
        (["--from", HERITAGE], f"campaigns/{HERITAGE} is there already"),
        (["--from", NOTHING], "the new campaign has no name yet"),
        (["--from", OCTOBER, "--as", "Two Words"], "cannot be the name of a campaign"),
        ([], "is a project already; nothing was written"),
    ):
        assert main(["init", str(root), *words]) == 2
        assert said in capsys.readouterr().err
    assert before == tree(root)
    assert main(["init", str(root), "--from", HERITAGE, "--as", "in-two-cities"]) == 0
    assert f"Posts of {HERITAGE} and in-two-cities on one account must differ (D103)" in capsys.readouterr().out
    slugs = [campaign_of(root, name).slug for name in (HERITAGE, "in-two-cities")]
    assert len(set(slugs)) == 2
    (root / "campaigns" / HERITAGE).rename(root / "campaigns" / "renamed")
    assert main(["init", str(root), "--from", HERITAGE]) == 2
    assert f"the campaign renamed has the slug {slugs[0]}" in capsys.readouterr().err
    assert not (root / "campaigns" / HERITAGE).exists()


def test_a_campaign_without_texts_can_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is wrong with it is that it has no items."""
    root = made(tmp_path, HERITAGE)
    assert main(["init", str(root), "--from", NOTHING, "--as", "heat-week"]) == 0
    assert "Heat week" == campaign_of(root, "heat-week").name
    capsys.readouterr()
    assert main(["plan", "heat-week", "--project", str(root)]) == 1
    assert {"P002"} == set(re.findall(r"\b[A-Z]\d{3}\b", capsys.readouterr().out))


def test_a_pack_of_the_projects_own_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = made(tmp_path, OCTOBER)
    own = root / "config" / "lint" / "heritage.toml"
    own.write_text("# ours\n", encoding="utf-8")
    assert main(["init", str(root), "--from", HERITAGE]) == 0
    assert "config/lint/heritage.toml is there already" in capsys.readouterr().out
    assert "# ours\n" == own.read_text(encoding="utf-8")


# -- October ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("season", "posts", "mails"),
    [
        # 1 Oct 2027 is a Friday: Mondays 4 11 18 25, Thursdays 7 14 21 28.
        (2027, [1, 4, 7, 11, 14, 18, 21, 25, 28, 31], [1, 4, 11, 18, 21, 25, 31]),
        # 1 Oct 2028 is a Sunday: Mondays 2 9 16 23 30, Thursdays 5 12 19 26.
        (2028, [1, 2, 5, 9, 12, 16, 19, 23, 26, 30, 31], [1, 2, 9, 16, 19, 23, 30, 31]),
        # 1 Oct 2029 is a Monday, so the Day of Unity is the first day: Mondays 1 8 15 22 29, Thursdays 4 11 18 25.
        (2029, [1, 1, 4, 8, 11, 15, 18, 22, 25, 29, 31], [1, 1, 8, 15, 18, 22, 29, 31]),
    ],
)
def test_october_rehearses(season: int, posts: list[int], mails: list[int], tmp_path: Path) -> None:
    rows, calendar = rehearsed(made(tmp_path, OCTOBER), season)
    for channel, days in (("x", posts), ("email", mails)):
        assert [f"{season}-10-{day:02}" for day in days] == [r["date"] for r in rows if r["channel"] == channel]
    assert f"DTSTART;VALUE=DATE:{season}1001" in calendar
    assert f"DTEND;VALUE=DATE:{season}1101" in calendar  # the day after the last one
    moving = {2027: ("04", "21"), 2028: ("02", "19"), 2029: ("01", "18")}[season]
    specials = {r["special day"]: r["date"] for r in rows if r["special day"]}
    assert specials == {
        "Day of Unity": f"{season}-10-{moving[0]}",
        "Purple Thursday": f"{season}-10-{moving[1]}",
    }


def test_october_prints_only_lines_that_stand(tmp_path: Path) -> None:
    """The text line's keyword has changed before: no mail and no post has it until somebody has tried it."""
    root = made(tmp_path, OCTOBER)
    contacts = campaign_of(root, OCTOBER).contacts
    untried = [c.value for c in contacts.values() if c.status is ContactStatus.QUARANTINED]
    assert "88788" in untried
    rows, _ = rehearsed(root, 2027)
    assert not [r for r in rows if any(value in r["text"] + r["contact block"] for value in untried)]
    assert all("1-800-799-7233" in r["text"] + r["contact block"] for r in rows)


def test_october_says_nothing_of_its_cause_where_others_see_it(tmp_path: Path) -> None:
    """Subjects too, not the discreet ones alone: who must not know it may look at the list of mails."""
    campaign = campaign_of(made(tmp_path, OCTOBER), OCTOBER)
    cause = re.compile(r"domestic|violen|abus|victim|survivor|partner|hotline|purple", re.IGNORECASE)
    for item in campaign.items.values():
        if item.email:
            assert item.discreet_subject
        subject = item.subject if item.email else ""
        assert not cause.search(f"{subject} {item.preheader} {item.discreet_subject}"), item.id


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("It was a domestic dispute.", "DV01"),
        ("But why didn't she leave?", "DV02"),
        ("If it is bad, just leave.", "DV04"),
        ("Forward this to all whom you know.", "DV06"),
        ("Wear the color and post a selfie.", "DV06"),
    ],
)
def test_october_refuses_words_that_harm(
    sentence: str, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = made(tmp_path, OCTOBER)
    item = root / "campaigns" / OCTOBER / "items" / "what-stays.md"
    item.write_text(item.read_text("utf-8") + f"\n{sentence}\n", "utf-8")
    assert main(["check", "--project", str(root)]) == 1
    assert re.search(rf"blocked +{code}\b", capsys.readouterr().out)


# -- Hispanic Heritage Month -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("season", "september", "october", "mondays"),
    [
        # 15 Sep 2027 is a Wednesday.
        (2027, [15, 16, 20, 22, 27, 29], [4, 6, 11, 13, 15], ["09-15", "09-20", "09-27", "10-04", "10-11", "10-15"]),
        # 15 Sep 2028 is a Friday.
        (2028, [15, 16, 18, 20, 25, 27], [2, 4, 9, 11, 15], ["09-15", "09-18", "09-25", "10-02", "10-09", "10-15"]),
    ],
)
def test_the_month_across_two_months_rehearses(
    season: int, september: list[int], october: list[int], mondays: list[str], tmp_path: Path
) -> None:
    root = made(tmp_path, HERITAGE)
    rows, calendar = rehearsed(root, season)
    posts = [f"{season}-09-{day:02}" for day in september] + [f"{season}-10-{day:02}" for day in october]
    assert posts == [r["date"] for r in rows if r["channel"] == "x"]
    assert [f"{season}-{day}" for day in mondays] == [r["date"] for r in rows if r["channel"] == "email"]
    assert f"DTSTART;VALUE=DATE:{season}0915" in calendar
    assert f"DTEND;VALUE=DATE:{season}1016" in calendar


def test_a_month_without_a_help_line_sends_no_reader_to_one(tmp_path: Path) -> None:
    root = made(tmp_path, HERITAGE)
    rehearsed(root, 2027)
    assert campaign_of(root, HERITAGE).contacts == {}
    mails = [*(root / "build" / "dry-run" / f"{HERITAGE}-2027" / "emails").glob("*.txt")]
    assert len(mails) == 6
    for mail in mails:
        text = mail.read_text(encoding="utf-8")
        assert "\nHelp\n" not in text
        assert "numbers above" not in text


def test_a_celebration_says_nothing_of_a_watched_inbox_or_a_help_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """That goes with the help lines of a campaign, as October has them."""
    for example, item, expected in ((HERITAGE, "one-count", False), (OCTOBER, "how-many", True)):
        (tmp_path / example).mkdir()
        root = made(tmp_path / example, example)
        for form in ([], ["--html"]):
            capsys.readouterr()
            main(["show", item, "--channel", "email", "--project", str(root), *form])
            said = " ".join(capsys.readouterr().out.split())
            assert "A reply reaches Example Coalition" in said
            watched = "someone checks this inbox" in said, "It is not a help line" in said
            assert (expected, expected) == watched, example
