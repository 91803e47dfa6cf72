"""A campaign's folder becomes one object; whatever is in the files, there are findings and never an exception."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import fields
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.content.load.campaign_files import load_campaign
from scheduler.content.load.campaign_folder import Folder
from scheduler.content.load.item_files import take_apart
from scheduler.domain.campaign import Campaign, ItemText, Kind, Lateness
from scheduler.domain.claim import Claim, ClaimStatus, Contact, ContactStatus
from scheduler.domain.dates import RuleKind
from scheduler.domain.finding import Severity
from tests.scenarios.harness import HERE, build
from tests.support import rehearsed_once

ROOT = Path(__file__).parents[2]
BASE = HERE / "_base" / "small"
ID = "reading-week"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a campaign without a finding."""
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    return tmp_path / "campaigns" / ID


def load(folder: Path) -> tuple[Campaign | None, list[str]]:
    campaign, findings = load_campaign(folder.parents[1], ID)
    return campaign, [f"{f.code} {f.where.path.removeprefix(f'campaigns/{ID}/')}:{f.where.line}" for f in findings]


def good(folder: Path) -> Campaign:
    campaign, findings = load(folder)
    assert [] == findings
    assert campaign is not None
    return campaign


def change(folder: Path, file: str, find: str, replace: str) -> None:
    text = (folder / file).read_text("utf-8")
    assert 1 == text.count(find)
    (folder / file).write_text(text.replace(find, replace), "utf-8")


def test_everything_in_the_folder_is_in_the_campaign(folder: Path) -> None:
    """Window, slots, block, calendar, pool and all records, as the files say them."""
    c = good(folder)
    assert (ID, "Reading Week", "America/New_York", "en") == (c.id, c.name, c.time_zone, c.language)
    assert (RuleKind.NTH_WEEKDAY, 3, 0, 2) == (c.start.kind, c.start.month, c.start.weekday, c.start.n)
    assert c.end.of is not None
    assert (RuleKind.OFFSET, 4, RuleKind.NTH_WEEKDAY) == (c.end.kind, c.end.days, c.end.of.kind)
    assert {"default": time(10), "email": time(7, 30)} == c.slots
    assert ("Reading Week", None) == (c.title_in(2030), c.title_in(2025))
    assert (True, False) == (c.title_is_confirmed(2030), c.title_is_confirmed(2031))
    assert (Lateness(None), ("desk-phone",), {"1": "Read together"}) == (c.grace, c.block, c.themes)
    assert ["why-we-read", "then-and-now", "founders-words"] == [d.item for d in c.calendar]
    assert [RuleKind.DAY_OF_WINDOW, RuleKind.NTH_WEEKDAY, RuleKind.DAY_OF_WINDOW] == [d.rule.kind for d in c.calendar]
    assert ("Town Reading Day", True, "read-aloud") == (
        c.calendar[1].special,
        c.calendar[1].fixed,
        c.calendar[2].substitute,
    )
    assert (("a-book-a-day", "read-aloud"), {"action": 3}) == (c.pool.items, c.pool.max_per_kind)
    assert (ClaimStatus.OUTDATED, ("members-2025",)) == (
        c.claims["members-1990"].status,
        c.claims["members-1990"].superseded_by,
    )
    assert date(2026, 11, 24) == c.claims["members-2025"].source.retrieved_on
    assert (ContactStatus.SUPERSEDED, "desk-phone") == (
        c.contacts["old-desk"].status,
        c.contacts["old-desk"].superseded_by,
    )
    assert "We open this library for everybody in the town." == c.sources["founding-letter"].passages[0].text
    assert "each one of them." == c.sources["founding-letter"].passages[1].corrected()[-17:]
    assert ("retired", "ReadingWeek") == (c.hashtags["BookWeek"].status, c.hashtags["BookWeek"].replaced_by)
    item = c.items["why-we-read"]
    assert (Kind.FACT, ("members-2025",), "12:00") == (item.kind, item.claims, item.post_slot)
    assert "Find a book for it" == c.items["read-aloud"].action_text
    assert frozenset() == c.unreadable


def test_a_subject_that_is_left_out_is_the_title(folder: Path) -> None:
    """And a short attribution that is left out is the long one."""
    change(folder, "sources.toml", 'short_attribution = "Founding letter, 1990"\n', "")
    c = good(folder)
    assert "How many readers? Then and now" == c.items["then-and-now"].subject
    assert "The founders, founding letter, 1990" == c.sources["founding-letter"].short_attribution


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('{ window = "same-day" }', Lateness(None)),
        ('{ window = "never-late" }', Lateness(1)),
        ("{ minutes = 90 }", Lateness(90)),
    ],
)
def test_an_item_may_say_how_late_is_still_on_time(written: str, expected: Lateness, folder: Path) -> None:
    """Its own window, written as the campaign writes it; without one it has the campaign's."""
    (path,) = folder.glob("items/*why-we-read.md")
    text = path.read_text("utf-8")
    assert good(folder).items["why-we-read"].lateness is None
    path.write_text(text.replace("\nkind =", f"\nlateness = {written}\nkind =", 1), "utf-8")
    assert expected == good(folder).items["why-we-read"].lateness


def test_a_window_and_minutes_are_one_too_many(folder: Path) -> None:
    """Two answers to one question are a finding, and so is a word that is none."""
    (path,) = folder.glob("items/*why-we-read.md")
    text = path.read_text("utf-8")
    for written in ('{ window = "same-day", minutes = 5 }', '{ window = "whenever" }', "{}"):
        path.write_text(text.replace("\nkind =", f"\nlateness = {written}\nkind =", 1), "utf-8")
        assert 1 == len(load(folder)[1]), written


def test_the_lines_of_an_items_texts_are_those_of_the_file(folder: Path) -> None:
    """So that a mistake in a template can be shown where it stands."""
    for item in good(folder).items.values():
        lines = (folder.parents[1] / item.where.path).read_text("utf-8").splitlines()
        assert item.post.splitlines()[0] == lines[item.post_line - 1]
        assert item.email.splitlines()[0] == lines[item.email_line - 1]
        assert lines[item.where.line - 1].startswith("id = ")


@pytest.mark.parametrize("scenario", ["ok-windows-line-ends", "ok-byte-order-mark"])
def test_line_ends_and_a_byte_order_mark_change_nothing(scenario: str, folder: Path, tmp_path: Path) -> None:
    """The same campaign, whatever the editor did."""
    other = build(HERE / scenario, tmp_path / "other")
    assert good(folder) == good(other / "campaigns" / ID)


def test_offsets_count_in_the_stored_text_as_it_is(folder: Path) -> None:
    """A stored edition keeps its line ends; they count."""
    import hashlib

    stored = b"One.\r\nTwo.\r\n"
    (folder / "sources" / "founding-letter.txt").write_bytes(stored)
    text = (folder / "sources.toml").read_text("utf-8")
    old = text.partition('sha256 = "')[2].partition('"')[0]
    change(folder, "sources.toml", old, hashlib.sha256(stored).hexdigest().upper())
    change(
        folder,
        "sources.toml",
        'start = 0\nend = 47\nopening = "We open this library"',
        'start = 6\nend = 10\nopening = "Two"',
    )
    campaign, _ = load(folder)
    assert campaign is not None
    assert "Two." == campaign.sources["founding-letter"].passages[0].text


def test_what_could_not_be_read_is_named_and_left_out(folder: Path) -> None:
    """A record without a usable value is not in the campaign, and nobody reports it as missing."""
    change(folder, "claims.toml", 'status = "current"', 'status = "fresh"')
    change(folder, "contacts.toml", 'id = "desk-phone"\nkind = "phone"', 'id = "desk-phone"')
    change(folder, "items/why-we-read.md", 'kind = "fact"', 'kind = "facts"')
    change(folder, "items/read-aloud.md", "title =", "title")
    (folder / "sources" / "founding-letter.txt").unlink()
    change(folder, "hashtags.toml", 'status = "active"\n', "")
    campaign, findings = load(folder)
    assert [
        "C013 claims.toml:5",
        "C011 contacts.toml:1",
        "C011 hashtags.toml:1",
        "C001 items/read-aloud.md:4",
        "C013 items/why-we-read.md:3",
        "C003 sources.toml:12",
    ] == findings
    assert campaign is not None
    assert (["members-1990"], ["old-desk"], []) == (
        list(campaign.claims),
        list(campaign.contacts),
        list(campaign.sources),
    )
    for record, name in (
        ("claim", "members-2025"),
        ("contact", "desk-phone"),
        ("item", "why-we-read"),
        ("item", "read-aloud"),
        ("source", "founding-letter"),
        ("hashtag", "ReadingWeek"),
    ):
        assert campaign.is_unreadable(record, name), name
    assert not campaign.is_unreadable("claim", "members-1990")
    assert not campaign.is_unreadable("claim", "members-2026")


def test_a_file_that_cannot_be_read_takes_all_its_records_with_it(folder: Path) -> None:
    """One finding, and not one for each reference into it."""
    (folder / "claims.toml").write_text("[[claim]\n", "utf-8")
    (folder / "contacts.toml").write_bytes(b"\xff\xfe")
    (folder / "hashtags.toml").unlink()
    (folder / "hashtags.toml").mkdir()
    campaign, findings = load(folder)
    assert ["C001 claims.toml:1", "C002 contacts.toml:1", "C004 hashtags.toml:0"] == findings
    assert campaign is not None
    assert campaign.is_unreadable("claim", "members-2025")


def test_a_file_whose_records_have_another_name_is_one_finding(folder: Path) -> None:
    """The list's name is unknown; not one finding more for each reference."""
    text = (folder / "claims.toml").read_text("utf-8")
    (folder / "claims.toml").write_text(text.replace("[[claim]]", "[[claims]]").replace("[claim.", "[claims."), "utf-8")
    assert ["C010 claims.toml:1"] == load(folder)[1]


def test_a_vague_answer_to_whether_a_passage_may_be_quoted_is_a_no(folder: Path) -> None:
    """The finding says so; nothing is quoted by accident."""
    change(folder, "sources.toml", 'id = "L1"\n', 'id = "L1"\nquotable = "no"\nreason = "not ours"\n')
    campaign, findings = load(folder)
    assert ["C012 sources.toml:17"] == findings
    assert campaign is not None
    assert [False, True] == [p.quotable for p in campaign.sources["founding-letter"].passages]


def test_only_what_readers_see_must_say_what_it_is_for(folder: Path) -> None:
    """An active contact has a purpose; one that is kept only to be found in texts may have none."""
    change(folder, "contacts.toml", 'purpose = "Questions about books, cards and events"\n', "")
    assert ["C011 contacts.toml:1"] == load(folder)[1]


@pytest.mark.parametrize("tag", ["#Read", "Read Week", "2027", "Read-Week"])
def test_what_cannot_be_a_hashtag(tag: str, folder: Path) -> None:
    """Networks make a tag of letters, digits and underscores only, and none of digits alone."""
    change(folder, "hashtags.toml", 'tag = "BookWeek"', f'tag = "{tag}"')
    assert ["C017 hashtags.toml:7"] == load(folder)[1]


def test_records_that_replace_each_other_in_a_circle_are_found_and_those_before_it_are_not(folder: Path) -> None:
    """Each member of the circle is reported once; what leads into it is in order."""
    change(folder, "contacts.toml", 'status = "active"', 'status = "superseded"\nsuperseded_by = "third-desk"')
    with (folder / "contacts.toml").open("a", encoding="utf-8") as file:
        for name, by in (("third-desk", "desk-phone"), ("first-desk", "old-desk")):
            file.write(f'[[contact]]\nid="{name}"\nkind="phone"\nvalue="1"\nlabel="x"\nstatus="superseded"\n')
            file.write(f'superseded_by="{by}"\n')
    assert ["C022 contacts.toml:1", "C022 contacts.toml:24"] == load(folder)[1]


@pytest.mark.parametrize("file", ["campaign.toml", "calendar.toml", "claims.toml", "items/why-we-read.md"])
def test_a_file_that_the_system_refuses_is_one_finding(
    file: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Permissions, a network drive that went away: nothing else is lost."""
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path == folder / file:
            raise PermissionError(13, "Permission denied")
        return read(path)

    rehearsed_once.forget()
    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert [f"C004 {file}:0"] == load(folder)[1]
    rehearsed_once.forget()


@pytest.mark.parametrize(
    ("find", "replace"),
    [
        ('time_zone = "America/New_York"\n', ""),
        ('name = "Reading Week"\ntime', "time"),
        ('start = { rule = "nth-weekday", month = 3, weekday = "monday", n = 2 }\n', ""),
        ('default = "10:00"\n', ""),
        ("[[titles]]\nfirst = 2026\nlast = 2030\n", "[[titles]]\n"),
    ],
)
def test_without_what_a_plan_needs_there_is_no_campaign(find: str, replace: str, folder: Path) -> None:
    """And the findings about the other files come all the same."""
    change(folder, "campaign.toml", find, replace)
    change(folder, "claims.toml", 'status = "current"', 'status = "fresh"')
    campaign, findings = load(folder)
    assert campaign is None
    assert "C013 claims.toml:5" in findings
    assert {"C011 campaign.toml", "C013 claims.toml"} == {f.partition(":")[0] for f in findings}


def test_a_campaign_that_is_not_there_is_findings_too(tmp_path: Path) -> None:
    """No folder, a file in its place, an empty folder."""
    assert (None, "C003") == (load_campaign(tmp_path, "x")[0], load_campaign(tmp_path, "x")[1][0].code)
    (tmp_path / "campaigns").mkdir()
    (tmp_path / "campaigns" / "x").touch()
    assert (None, "C004") == (load_campaign(tmp_path, "x")[0], load_campaign(tmp_path, "x")[1][0].code)
    (tmp_path / "campaigns" / "y").mkdir()
    campaign, findings = load_campaign(tmp_path, "y")
    assert campaign is None
    assert ["calendar.toml", "campaign.toml", "items"] == [f.where.path.rpartition("/")[2] for f in findings]


def test_of_two_records_with_one_id_the_first_stands(folder: Path) -> None:
    """The second is reported and not used."""
    with (folder / "hashtags.toml").open("a", encoding="utf-8") as file:
        file.write('[[hashtag]]\ntag = "ReadingWeek"\nstatus = "avoid"\n')
    campaign, findings = load(folder)
    assert ["C018 hashtags.toml:12"] == findings
    assert campaign is not None
    assert "active" == campaign.hashtags["ReadingWeek"].status


def test_a_passage_and_a_claim_may_have_one_id(folder: Path) -> None:
    """Ids are unique within their kind."""
    change(folder, "hashtags.toml", 'tag = "BookWeek"', 'tag = "L1"')
    good(folder)


@pytest.mark.parametrize(
    ("kind", "then", "now", "expected"),
    [
        ("then-now", True, True, []),
        ("then-now", True, False, ["C064"]),
        ("then-now", False, True, ["C064"]),
        ("myth-corrected", True, True, []),
        ("myth-corrected", True, False, []),
        ("myth-corrected", False, True, ["C064"]),
        ("fact", False, False, []),
        ("special", True, True, ["C063", "C063"]),
        ("quotation", False, True, ["C063", "C064"]),
    ],
)
def test_which_kinds_tell_a_claim_as_past(kind: str, then: bool, now: bool, expected: list[str], folder: Path) -> None:
    """then and now stand where they are printed as such, and there they must stand."""
    item = "items/then-and-now.md"
    change(folder, item, 'kind = "then-now"', f'kind = "{kind}"')
    if not then:
        change(folder, item, 'then = ["members-1990"]\n', "")
    if not now:
        change(folder, item, 'now = ["members-2025"]\n', "")
    assert expected == sorted(f.partition(" ")[0] for f in load(folder)[1])


@pytest.mark.parametrize(
    ("find", "replace", "expected"),
    [
        ('quotable = false\nreason = "x"', "", []),
        ("", "quotable = false\n", ["C011"]),
        ("", 'quotable = false\nreason = "a paraphrase"\n', []),
        ('use = "evergreen"', 'use = "faq"', ["C011"]),
        ('use = "evergreen"', 'use = "faq"\nquestion = "Who?"', []),
        ('opening = "We open this library"', 'opening = "We  open this…"', []),
        ('opening = "We open this library"', 'opening = "we open"', ["C052"]),
        ("end = 47", "end = 0", ["C014"]),
        ("start = 0", "start = 47", ["C051"]),
    ],
)
def test_what_a_passage_must_say(find: str, replace: str, expected: list[str], folder: Path) -> None:
    """A reason when it may not be quoted, a question when it answers one, an opening that is really there."""
    if find and find in (folder / "sources.toml").read_text("utf-8"):
        change(folder, "sources.toml", find, replace)
    else:
        change(folder, "sources.toml", 'id = "L1"\n', 'id = "L1"\n' + replace)
    assert expected == [f.partition(" ")[0] for f in load(folder)[1]]


def test_topics_are_the_campaigns_own_words(folder: Path) -> None:
    """An item says what it is about in them, any other word is a finding, and a share may be asked of each."""
    change(folder, "campaign.toml", 'language = "en"\n', 'language = "en"\ntopics = ["home", "school", "work"]\n')
    change(folder, "campaign.toml", "{ both = 0.0 }", "{ school = 0.1 }")
    change(folder, "items/read-aloud.md", '["both"]', '["home", "work"]')
    assert ("home", "work") == good(folder).items["read-aloud"].topics
    change(folder, "items/read-aloud.md", '["home", "work"]', '["home", "schol", "both"]')
    change(folder, "campaign.toml", "{ school = 0.1 }", "{ labour = 0.1 }")
    campaign, findings = load(folder)
    assert ["C013 campaign.toml:34", "C013 items/read-aloud.md:6", "C013 items/read-aloud.md:6"] == findings
    assert campaign is not None
    assert ("home",) == campaign.items["read-aloud"].topics


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('["both"]', {"home", "school", "both"}),
        ('["school", "home"]', {"home", "school", "both"}),
        ('["home"]', {"home"}),
        ("[]", set()),
    ],
)
def test_of_two_topics_both_means_each(written: str, meant: set[str], folder: Path) -> None:
    """Whichever way it is written, the item counts for each topic's share, and for that of both."""
    change(folder, "campaign.toml", 'language = "en"\n', 'language = "en"\ntopics = ["home", "school"]\n')
    change(folder, "items/read-aloud.md", '["both"]', written)
    assert meant == set(good(folder).items["read-aloud"].topics)


@pytest.mark.parametrize(
    ("topics", "found"),
    [
        ('["home", "both"]', ["C013 campaign.toml:4"]),
        ('["home", "school", "home"]', ["C020 campaign.toml:4"]),
        ('["At home"]', ["C017 campaign.toml:4"]),
        ('"home"', ["C012 campaign.toml:4"]),
    ],
)
def test_topics_that_cannot_be_topics(topics: str, found: list[str], folder: Path) -> None:
    """Each has its finding, at its line; that items use other words then is a finding of its own."""
    change(folder, "campaign.toml", 'language = "en"\n', f'language = "en"\ntopics = {topics}\n')
    change(folder, "campaign.toml", "min_share_of_topic = { both = 0.0 }\n", "")
    change(folder, "items/read-aloud.md", 'topics = ["both"]\n', "")
    assert found == load(folder)[1]


def test_a_campaign_without_topics_has_none_to_offer(folder: Path) -> None:
    """An empty list is a choice: the words of another campaign are not allowed then."""
    change(folder, "campaign.toml", 'language = "en"\n', 'language = "en"\ntopics = []\n')
    assert ["C013 campaign.toml:34", "C013 items/read-aloud.md:6"] == load(folder)[1]


def without_records(folder: Path) -> None:
    """The campaign with one item alone, and none of its records."""
    for name in ("claims.toml", "contacts.toml", "sources.toml", "hashtags.toml"):
        (folder / name).unlink()
    for path in (folder / "items").iterdir():
        if path.name != "a-book-a-day.md":
            path.unlink()
    (folder / "calendar.toml").write_text('[[day]]\nday = 1\nitem = "a-book-a-day"\n')
    change(folder, "campaign.toml", 'items = ["a-book-a-day", "read-aloud"]\n', "")


@pytest.mark.parametrize("empty", [False, True], ids=["left out", "empty"])
def test_records_that_a_campaign_does_not_have_are_not_asked_for(empty: bool, folder: Path) -> None:
    """Claims, help lines, sources and tags: a file that is not there and one with nothing in it say the same."""
    without_records(folder)
    head = (folder / "campaign.toml").read_text()
    block = 'contacts = ["desk-phone"]\npost_tail = "Library desk: {{ contact(\'desk-phone\').value }}"\n'
    assert block in head
    if empty:
        (folder / "campaign.toml").write_text(head.replace(block, "contacts = []\n"))
        for name in ("claims.toml", "contacts.toml", "sources.toml", "hashtags.toml"):
            (folder / name).touch()
    else:
        (folder / "campaign.toml").write_text(head.replace("[block]\n" + block, ""))
    made = good(folder)
    assert ({}, {}, {}, {}, ()) == (made.claims, made.contacts, made.sources, made.hashtags, made.block)


def test_where_there_are_help_lines_each_item_says_which(folder: Path) -> None:
    """A block that was forgotten must not take the help line off every post in silence."""
    change(folder, "campaign.toml", "[block]\n", "[bloc]\n")
    assert {"C010", "C011"} == {f.partition(" ")[0] for f in load(folder)[1]}


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ('{ rule = "fixed", month = 2, day = 29 }', ""),
        ('{ rule = "fixed", month = 2, day = 30 }', "C015"),
        ('{ rule = "fixed", month = 3 }', "C011"),
        ('{ rule = "fixed", month = 3, day = 8, year_offset = 1 }', ""),
        ('{ rule = "fixed", month = 3, day = 8, year_offset = 2 }', "C014"),
        ('{ rule = "last-weekday", month = 3, weekday = "friday" }', ""),
        ('{ rule = "last-weekday", month = 3, weekday = "Friday" }', "C013"),
        ('{ rule = "nth-weekday", month = 3, weekday = "friday", n = 6 }', "C014"),
        ('{ rule = "weekday-near", weekday = "friday", on_or_after = { month = 3, day = 8 } }', ""),
        ('{ rule = "weekday-near", weekday = "friday", on_or_before = { month = 3, day = 8 }, year_offset = 1 }', ""),
        ('{ rule = "weekday-near", weekday = "friday" }', "C023"),
        (
            '{ rule = "weekday-near", weekday = "friday", on_or_after = { month = 3, day = 9 }, on_or_before = { month = 3, day = 8 } }',
            "C023",
        ),
        ('{ rule = "weekday-near", weekday = "friday", on_or_after = { month = 4, day = 31 } }', "C015"),
        ('{ rule = "weekday-near", weekday = "friday", on_or_after = { month = 4 } }', "C011"),
        ('{ rule = "weekday-near", weekday = "friday", on_or_after = "8 April" }', "C012"),
        ('{ rule = "weekday-near", on_or_after = { month = 4, day = 8 } }', "C011"),
        ('{ rule = "announced", dates = {}, guess = { rule = "fixed", month = 3, day = 10 } }', ""),
        ('{ rule = "announced", dates = {}, guess = { rule = "day", day = 2 } }', ""),
        ('{ rule = "announced", dates = {}, guess = { rule = "fixed", month = 3 } }', "C011"),
        ('{ rule = "announced", dates = {}, guess = { rule = "announced", dates = {} } }', "C033"),
        ('{ rule = "table", dates = { 2027 = 2027-03-10 } }', ""),
        ('{ rule = "announced", dates = {} }', ""),
        ('{ rule = "table" }', "C011"),
        ('{ rule = "table", dates = { march = 2027-03-10 } }', "C013"),
        ('{ rule = "table", dates = { 2027 = "2027-03-10" } }', "C012"),
        ('{ rule = "offset", days = -1, of = { rule = "day", day = 2 } }', ""),
        ('{ rule = "offset", days = 1 }', "C011"),
        ('{ rule = "easter" }', "C013"),
        ("{ month = 3, day = 8 }", "C011"),
        ('"2027-03-10"', "C012"),
    ],
)
def test_date_rules(rule: str, code: str, folder: Path) -> None:
    """Each rule has its keys, and a line of the calendar with a wrong rule is left out."""
    change(folder, "calendar.toml", '{ rule = "nth-weekday", month = 3, weekday = "wednesday", n = 2 }', rule)
    campaign, findings = load(folder)
    assert ([code] if code else []) == [f.partition(" ")[0] for f in findings]
    assert campaign is not None
    if code not in ("C013", "C012", "C014") or "dates" not in rule:
        assert (2 if code else 3) == len(campaign.calendar)


@pytest.mark.parametrize(
    "rule",
    [
        '{ rule = "weekday-near", weekday = "friday", on_or_after = { month = 3, day = 8, n = 1 } }',
        '{ rule = "table", dates = {}, guess = { rule = "fixed", month = 3, day = 10 } }',
    ],
)
def test_a_key_that_a_rule_does_not_have_is_named(rule: str, folder: Path) -> None:
    """A guess belongs to what is announced, and a day near to a weekday is a month and a day."""
    change(folder, "calendar.toml", '{ rule = "nth-weekday", month = 3, weekday = "wednesday", n = 2 }', rule)
    assert ["C010 calendar.toml:6"] == load(folder)[1]


def test_a_rule_nested_too_deeply_is_refused(folder: Path) -> None:
    """Five are more than anybody needs."""
    rule = '{ rule = "day", day = 2 }'
    for _ in range(6):
        rule = f'{{ rule = "offset", days = 1, of = {rule} }}'
    change(folder, "calendar.toml", '{ rule = "nth-weekday", month = 3, weekday = "wednesday", n = 2 }', rule)
    assert ["C033 calendar.toml:6"] == load(folder)[1]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "UTC", "America/Argentina/Buenos_Aires"])
def test_zones_that_are_known(zone: str, folder: Path) -> None:
    """IANA names with a region, and UTC."""
    change(folder, "campaign.toml", "America/New_York", zone)
    assert zone == good(folder).time_zone


@pytest.mark.parametrize("zone", ["EST5EDT", "Japan", "Etc/GMT+5", "../../etc/passwd", "America/", "/etc/x"])
def test_zones_that_are_not(zone: str, folder: Path) -> None:
    """Left-over names, files and nonsense."""
    change(folder, "campaign.toml", "America/New_York", zone)
    assert ["C031 campaign.toml:2"] == load(folder)[1]


def test_a_zone_with_a_control_character_is_none(folder: Path) -> None:
    """Both are said."""
    change(folder, "campaign.toml", "America/New_York", "\\u0000/a")
    assert ["C008 campaign.toml:2", "C031 campaign.toml:2"] == load(folder)[1]


def test_a_link_within_the_folder_is_followed(folder: Path) -> None:
    """Only a link that leads out of it is refused, also when a folder on the way is the link."""
    (folder / "texts").mkdir()
    shutil.move(folder / "items" / "read-aloud.md", folder / "texts" / "r.md")
    (folder / "items" / "read-aloud.md").symlink_to("../texts/r.md")
    good(folder)
    outside = folder.parents[1] / "outside"
    shutil.move(folder / "sources", outside)
    (folder / "sources").symlink_to(outside)
    assert ["C006 sources.toml:12"] == load(folder)[1]
    shutil.move(folder / "items", folder.parents[1] / "elsewhere")
    (folder / "items").symlink_to("../../elsewhere")
    assert ["C006 items:0", "C006 sources.toml:12"] == load(folder)[1]


def test_a_campaign_folder_that_is_a_link_out_of_campaigns_is_refused(folder: Path) -> None:
    """What is read stays within the project."""
    shutil.move(folder, folder.parents[1] / "moved")
    folder.symlink_to("../moved")
    campaign, findings = load_campaign(folder.parents[1], ID)
    assert campaign is None
    assert ["C006"] == [f.code for f in findings]


@pytest.mark.parametrize(
    ("text", "post", "email"),
    [
        ("+++\n+++\n# Post\na\n# Email\nb", "a", "b"),
        ("+++\n+++\n# Email\nb\n\n# Post\n\na\n\n", "a", "b"),
        ("+++  \n+++\t\n#   Post  #\na\n# Email\n## c\n#d\n", "a", "## c\n#d"),
        ("+++\n+++\n# Post\n~~~\n# Email\n~~~~\n# Email\nb", "~~~\n# Email\n~~~~", "b"),
        ("+++\n+++\n# Post\n```\n~~~\n# x\n```\n# Email\nb", "```\n~~~\n# x\n```", "b"),
        ("+++\n+++\n# Post\n  a\n\n\n  b  \n# Email\n\tc", "  a\n\n\n  b  ", "\tc"),
    ],
)
def test_the_sections_of_an_item(text: str, post: str, email: str) -> None:
    """In any order; code blocks are not looked into; empty lines around a text are not part of it."""
    folder = Folder(Path("/nowhere"), "campaigns/c")
    parts = take_apart(folder, "items/a.md", text)
    assert [] == folder.findings
    assert parts is not None
    assert (post, email) == (parts.sections["Post"].text, parts.sections["Email"].text)
    for section in parts.sections.values():
        assert section.text.split("\n")[0] == text.split("\n")[section.line - 1]


@given(st.text(alphabet='+#\n `~PostEmailab="', max_size=80))
def test_any_text_can_be_taken_apart(body: str) -> None:
    """Findings, never an exception; each section's text stands in the file on its line."""
    folder = Folder(Path("/nowhere"), "campaigns/c")
    text = f"+++\n+++\n{body}"
    parts = take_apart(folder, "items/a.md", text)
    assert parts is not None
    for section in parts.sections.values():
        if section.text:
            assert section.text.split("\n")[0] == text.split("\n")[section.line - 1]


# -- whatever is in the files ---------------------------------------------------------------------------

FILES = sorted(p.relative_to(BASE / "campaigns" / ID).as_posix() for p in (BASE / "campaigns" / ID).rglob("*.*"))


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all examples; each example puts back what it changed."""
    root = tmp_path_factory.mktemp("mutations")
    shutil.copytree(BASE, root, dirs_exist_ok=True)
    return root / "campaigns" / ID


_PIECES = st.one_of(
    st.binary(min_size=1, max_size=3),
    st.sampled_from(
        [b'"', b"[", b"]]", b"{", b"}", b"=", b"\n", b"\r", b"\x00", b"\xef\xbb\xbf", b'"""', b"#", b"-", b"+++"]
    ),
    st.sampled_from(
        [b"nan", b"inf", b"true", b"1e400", b"0x1f", b"2027-02-30", b"99999999999999999999", b"[[claim]]\n"]
    ),
)
_MUTATIONS = st.lists(
    st.tuples(st.integers(0, 10_000), st.integers(0, 40), st.just(b"") | _PIECES), min_size=1, max_size=4
)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(file=st.sampled_from(FILES), mutations=_MUTATIONS)
def test_no_bytes_in_a_file_make_the_loader_fail(
    file: str, mutations: list[tuple[int, int, bytes]], shared: Path
) -> None:
    """Cut out, put in, turned over: only findings come of it, each with a place that exists and words that say it."""
    original = (shared / file).read_bytes()
    raw = original
    for at, length, piece in mutations:
        at %= len(raw) + 1
        raw = raw[:at] + piece + raw[at + length :]
    (shared / file).write_bytes(raw)
    try:
        campaign, findings = load_campaign(shared.parents[1], ID)
        assert findings == load_campaign(shared.parents[1], ID)[1]
        for finding in findings:
            path = shared.parents[1] / finding.where.path
            assert path.exists()
            if path.is_file():
                assert finding.where.line <= path.read_bytes().count(b"\n") + 1
            assert finding.message
            assert finding.hint
            assert "\n" not in finding.where.path
        assert (campaign is not None) or any(f.severity is Severity.RED for f in findings)
        if campaign is not None:
            _is_whole(campaign)
    finally:
        (shared / file).write_bytes(original)


def _is_whole(campaign: Campaign) -> None:
    """No record in the campaign holds a value that stands for a mistake."""
    records: tuple[Claim | Contact | ItemText, ...] = (
        *campaign.claims.values(),
        *campaign.contacts.values(),
        *campaign.items.values(),
    )
    for record in records:
        for field in fields(record):
            assert date(1, 1, 1) != getattr(record, field.name)
    for claim in campaign.claims.values():
        assert claim.text.strip()
        assert date(1, 1, 1) != claim.source.retrieved_on
    for source in campaign.sources.values():
        for passage in source.passages:
            assert source.text[passage.start : passage.end] == passage.text != ""


def test_loading_imports_nothing_heavy() -> None:
    """Every command pays for it."""
    code = (
        "import sys; from pathlib import Path; from scheduler.content.load.campaign_files import load_campaign; "
        f"load_campaign(Path({str(BASE)!r}), {ID!r}); "
        "print([m for m in ('jinja2', 'sqlalchemy', 'requests', 'tweepy', 'sendgrid', 'apscheduler', 'markdown_it', "
        "'asyncio', 'email', 'http') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "[]" == done.stdout.strip()
