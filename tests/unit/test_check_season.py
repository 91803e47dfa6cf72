"""What concerns a season as a whole: repetition, hours, weekdays, questions, settings; and how messages are read."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scheduler.content.checks import check
from scheduler.content.checks.repetition import folded_as_a_network_does
from scheduler.content.checks.visible_text import html_part, text_part
from scheduler.content.load.campaign_files import load_campaign
from scheduler.domain.campaign import CalendarDay, Campaign, TitleForYears
from scheduler.domain.finding import Severity, Where, in_reading_order
from scheduler.domain.neighbor import Neighbor, Occasion
from scheduler.domain.planned_item import Plan, PlannedItem
from scheduler.domain.question import Question, Questions
from scheduler.planner.season_choice import season_in
from scheduler.services.neighbors import neighbors_of
from scheduler.settings import ChannelSettings, Mode, Organisation
from scheduler.wiring import load_settings
from tests.scenarios.harness import HERE, build
from tests.support.checks_factory import (
    LINT,
    START,
    TODAY,
    a_campaign,
    codes,
    contact,
    email,
    findings,
    item,
    post,
    settings,
    signed,
    source,
)
from tests.support.factories import day, season

ROOT = Path(__file__).resolve().parents[2]
TWO = [item("one"), item("two")]
SECOND = date(2027, 1, 2)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("Ask who keeps the papers.", "Ask  who keeps\nthe PAPERS.", ["D101"]),
        ("Read https://a.test/1 now", "Read https://b.test/2 now", ["D101"]),
        ("Caf\u00e9", "Cafe\u0301", ["D101"]),
        (
            "Ask who keeps the papers of the others at work.",
            "Ask who keeps the papers of all others at work.",
            ["D102"],
        ),
        ("Ask who keeps the papers.", "Look who is not paid.", []),
    ],
)
def test_a_network_sees_through_spaces_case_and_addresses(first: str, second: str, expected: list[str]) -> None:
    """D101 for what X would refuse, D102 for what readers would notice."""
    found = codes(a_campaign(TWO), post("one", first), post("two", second, on=SECOND))
    assert expected == [c for c in found if c.startswith("D")]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({"subject": "Who keeps the papers"}, {"subject": "Who keeps\u200b the PAPERS?"}, ["D105"]),
        (
            {"subject": "Ask today who keeps all the papers"},
            {"subject": "Ask today who keeps all his papers"},
            ["D106"],
        ),
        ({"subject": "Then and now: beds"}, {"subject": "Then and now: pay"}, []),
        ({"preheader": "A look at doors"}, {"preheader": "A look at doors."}, ["D106"]),
        ({"title": "Doors"}, {"title": "Doors"}, ["D106"]),
        ({"email": "Somebody else keeps the papers."}, {"email": "Somebody else keeps *the papers*"}, ["D105"]),
        (
            {"email": "The door of a room is shut all day, and no one asks why."},
            {"email": "The door of a room is open all day, and no one asks why."},
            ["D106"],
        ),
        ({"email": "Ask who pays."}, {"email": "Look at doors."}, []),
    ],
)
def test_two_emails_that_say_the_same(first: dict[str, str], second: dict[str, str], expected: list[str]) -> None:
    """D105 for a copied subject or text, D106 for a title, a preheader, or one word of difference."""
    heads = {"subject", "preheader"}
    both = [("one", "First", first), ("two", "Second", second)]
    items = [item(i, **{"title": name} | {k: v for k, v in of.items() if k not in heads}) for i, name, of in both]
    mails = [
        email(
            i,
            "Good morning.",
            on=day,
            **{"subject": name, "preheader": f"{name} line"} | {k: of[k] for k in of.keys() & heads},
        )
        for (i, name, of), day in zip(both, (START, SECOND), strict=True)
    ]
    assert expected == [c for c in codes(a_campaign(items), *mails) if c.startswith("D10")]


def test_the_same_words_on_two_channels_are_no_repetition() -> None:
    """A post and an email of one item may say the same."""
    assert [] == codes(a_campaign(TWO), post("one", "Good morning."), email("one", "Good morning."))


def test_shared_lines_do_not_make_posts_alike() -> None:
    """The help line and the tags stand in every post; likeness is measured without them."""
    tail = "\nHere is a number to keep at hand, for yourself or for a friend: 1-888-555-0142"
    texts = ["Ask who pays.", "Look at doors.", "Keep a number.", "Read a page.", "Learn a word."]
    own = a_campaign([item(f"i{n}") for n in range(5)], contacts=[contact("line", "1-888-555-0142")])
    assert [] == codes(own, *(post(f"i{n}", t + tail, on=date(2027, 1, n + 1)) for n, t in enumerate(texts)))


def test_folding() -> None:
    """One form for all that a network takes for the same."""
    assert "read https:// now" == folded_as_a_network_does("Read  HTTPS://A.test/x?y=1\nnow")


@pytest.mark.parametrize(("hour", "expected"), [(12, ["Z101"]), (13, []), (1, []), (2, ["Z101"])])
def test_nothing_goes_out_between_nine_in_the_evening_and_eight_in_the_morning(hour: int, expected: list[str]) -> None:
    """Z101 in the campaign's zone: 13:00 UTC is 08:00 in New York in January, 02:00 UTC is 21:00."""
    assert expected == codes(a_campaign(), post("one", "Good morning.", due_at=datetime(2027, 1, 2, hour, tzinfo=UTC)))


@pytest.mark.parametrize(
    ("words", "right"),
    [
        ("Monday 12 January 2027", "Tuesday"),
        ("Monday, January 12", "Tuesday"),
        ("Mon, 12 Jan", "Tuesday"),
        ("Wednesday the 12th of January 2027", "Tuesday"),
        ("Sunday, February 1st", "Monday"),
        ("Thursday, December 31", ""),  # of the year before, which is nearer
        ("Tuesday 12 January 2027", ""),
        ("Monday, 11 of us came in January", ""),
    ],
)
def test_weekdays_fit_their_dates(words: str, right: str) -> None:
    """Z102 in both orders of writing; without a year the nearest such date is meant."""
    found = findings(a_campaign(), email("one", f"We meet on {words}."))
    assert ([f"Z102 {right}"] if right else []) == [f"{f.code} {f.message.split(' is a ')[1]}" for f in found]


def test_an_open_question_waits_for_a_person() -> None:
    """D201 is red: nothing goes out on an approval alone."""
    found = findings(
        a_campaign([item("one", needs_decision="Does the board want this?")]), post("one", "Good morning.")
    )
    assert [("D201", Severity.RED, "one")] == [(f.code, f.severity, f.item) for f in found]


def test_an_answer_is_for_exactly_this_question_and_shown() -> None:
    """D203; another wording is asked anew, and another break of its lines is not. Taken out unanswered: D204."""
    asking = a_campaign([item("one", needs_decision="Does the board want this?")])
    asked = Question("month", 2027, "item", "one", "Does the board want this?", datetime(2026, 12, 1, tzinfo=UTC))
    answered = replace(
        asked,
        answer="It does.",
        person="Ada",
        role="coordinator",
        via="link",
        answered_at=datetime(2026, 12, 1, tzinfo=UTC),
    )

    def codes(campaign: Campaign, *known: Question) -> list[str]:
        found = findings(campaign, post("one", "Good morning."), questions=Questions(known))
        return [f.code for f in found if f.code.startswith("D2")]

    assert ["D201"] == codes(asking, asked)
    assert ["D203"] == codes(asking, answered)
    assert ["D203"] == codes(asking, replace(answered, text="Does the board\n want this?"))
    assert ["D201"] == codes(a_campaign([item("one", needs_decision="Does the board want it?")]), answered)
    silent = a_campaign([item("one")])
    assert ["D204"] == codes(silent, asked)
    assert [] == codes(silent, answered)
    reworded = replace(answered, text="Does the board want it?")
    assert [] == codes(silent, asked, reworded), "the answer is for the earlier wording too"
    assert ["D204"] == codes(silent, answered, replace(asked, text="Does the board want it?"))


@pytest.mark.parametrize("subject", ["item", "claim", "source"])
def test_a_question_does_not_go_with_the_name_of_what_it_is_about(subject: str) -> None:
    """D204 where the record was renamed or deleted with its question; an answer settles it."""
    asked = Question("month", 2027, subject, "old-name", "Is it so?", datetime(2026, 12, 1, tzinfo=UTC))
    answered = replace(asked, answer="It is.", answered_at=asked.seen_at)
    found, none = (
        list(findings(a_campaign(TWO), post("one", "Good morning."), questions=Questions((one,))))
        for one in (asked, answered)
    )
    assert [("D204", Severity.RED, "")] == [(f.code, f.severity, f.item) for f in found]
    assert f'the {subject} old-name was removed or renamed, and nobody has answered its question: "Is it so?"' in (
        found[0].message
    )
    assert [] == none


def test_the_months_name_and_a_stored_page_may_wait_for_a_person_too() -> None:
    """D201: of the season's name at the campaign, of a stored source at the items that quote it."""
    page = replace(source("page", "Ask who keeps the papers.", {"words": "Ask who"}), needs_decision="Is it yours?")
    titles = (TitleForYears(2026, None, "Month", needs_decision="Which name?"),)
    quoting = replace(email("one", "\u201cAsk who\u201d, 2014"), quotations=("page#P1",))
    campaign = a_campaign([item("one")], sources=[page], titles=titles)
    found = [f for f in findings(campaign, quoting) if f.code == "D201"]
    assert [("Which name?", ()), ("Is it yours?", ("one",))] == [(f.message.split('"')[1], f.items) for f in found]
    assert not campaign.title_question(2025)


def test_a_held_back_item_is_named_with_what_it_waits_for() -> None:
    """D202 points to the calendar line that holds it."""
    campaign = a_campaign(TWO)
    line = CalendarDay(day(1), "two", Where("campaigns/test/calendar.toml", 5), blocked_until="Ohio answers.")
    planned = PlannedItem(1, START, campaign.items["one"], line, 1, held_back=campaign.items["two"])
    plan = Plan(campaign, season(campaign, 2027), "National Test Month", (planned,))
    found = check(plan, [], settings(), signed(campaign), LINT, today=TODAY)
    assert ["D202 campaigns/test/calendar.toml:5"] == [f"{f.code} {f.where}" for f in found]
    assert "two is held back until Ohio answers; one is planned" in found[0].message


PLACEHOLDER = Organisation(
    "Example Coalition", "4 Harbour Road", "Coalition", "news@coalition.test", "hello@coalition.test"
)


def test_example_values_block_where_readers_could_see_them() -> None:
    """S101: amber in rehearsal and towards this machine, red towards the public."""

    def severity(**more: Any) -> list[Severity]:
        return [f.severity for f in findings(a_campaign(), settings=settings(organisation=PLACEHOLDER, **more))]

    here = {"x": ChannelSettings("x", "x", True, "http://127.0.0.1:8080", 20)}
    assert [Severity.AMBER] == severity()
    assert [Severity.RED] == severity(mode=Mode.LIVE)
    assert [Severity.AMBER] == severity(mode=Mode.LIVE, channels=here)


def test_the_same_season_gives_the_same_findings_in_the_same_order() -> None:
    """Two runs can be compared line by line."""
    campaign = a_campaign(TWO, lint_packs=("house", "human-trafficking"))
    messages = [post("one", "A SHOCKING rescue of 312!"), email("two", "Monday 12 January 2027. Text HELP.", on=SECOND)]
    once, twice = findings(campaign, *messages), findings(campaign, *reversed(messages))
    assert once == twice == in_reading_order(once)
    assert len(set(once)) == len(once)


def test_a_pack_that_is_missing_is_red(tmp_path: Path) -> None:
    """Texts do not go out unchecked, and the finding is placed relative to the project."""
    campaign = a_campaign(lint_packs=("none",))
    plan = Plan(campaign, season(campaign, 2027), "National Test Month", ())
    found = check(
        plan, [], replace(settings(), root=tmp_path), signed(campaign), tmp_path / "config" / "lint", today=TODAY
    )
    assert [("C003", Severity.RED, "config/lint/none.toml")] == [(f.code, f.severity, str(f.where)) for f in found]


def test_messages_of_items_that_are_not_planned_can_be_checked_too() -> None:
    """Substitutes are read as strictly as what they stand in for."""
    campaign = a_campaign(TWO)
    plan = Plan(campaign, season(campaign, 2027), "National Test Month", ())
    found = check(plan, [post("two", "12,500 people")], settings(), signed(campaign), LINT, today=TODAY)
    assert ["C150"] == [f.code for f in found]


# -- how a message is read ------------------------------------------------------------------------------------


def test_html_is_read_as_a_mail_program_shows_it() -> None:
    """Head, style and comments are not seen; blocks are apart, words within a block together; entities are signs."""
    part = html_part(
        "<html><head><title>No</title><style>p{color:red}</style></head><body><!-- no --><h1>One</h1>"
        "<p>Two <b>th</b>ree&nbsp;&amp; four</p><blockquote><p>Five</p></blockquote>six<br>seven\u200b\u034f</body></html>"
    )
    assert ("One", "Two three & four", "Five", "six", "seven") == part.blocks
    assert ("Five",) == part.quoted


def test_plain_text_is_read_by_paragraph() -> None:
    """Broken lines are joined; the marks of a quotation are taken off."""
    part = text_part("One\ntwo\n\n> three\n> four\n>\n> five\n\nsix\n")
    assert ("One two", "three four", "five", "six") == part.blocks
    assert ("three four", "five") == part.quoted


def neighbor(text: str, *, hours: float = 0, shared: int | None = None, channel: str = "x") -> Neighbor:
    """Another campaign that sends one thing so many hours after ours."""
    at = post("one", "").due_at + timedelta(hours=hours)
    where = Where("campaigns/other/items/a.md", 7)
    return Neighbor("other", (Occasion("a", where, channel, channel == "email", START, at, text),), shared=shared)


def about_neighbors(*neighbors: Neighbor) -> list[str]:
    """What is found against a post and a mail of one item."""
    messages = (post("one", "Ask who keeps the papers."), email("one", "Good morning."))
    found = findings(a_campaign(TWO), *messages, neighbors=neighbors)
    return [f"{f.code} {f.message}" for f in found if f.code in ("D103", "D104", "Z103")]


def test_another_campaign_may_not_post_the_same_words_on_the_same_account() -> None:
    """Spaces, case and addresses make no difference; another channel is another account, and a mail is no post."""
    same = "ask  who keeps the PAPERS."
    (found,) = about_neighbors(neighbor(same, hours=50))
    assert "D103 the post says the same as that of other on" in found
    assert "(a, campaigns/other/items/a.md:7)" in found
    assert [] == about_neighbors(neighbor(same, hours=50, channel="bluesky"), neighbor("Something else.", hours=50))


@pytest.mark.parametrize(("hours", "told"), [(0, True), (0.9, True), (-0.9, True), (1, False), (-1, False)])
def test_two_posts_within_an_hour_are_told_by_their_day_and_hour(hours: float, told: bool) -> None:
    """Before or after it."""
    found = about_neighbors(neighbor("Something else.", hours=hours))
    assert told == any("posts on x of this campaign and of other go out within an hour" in f for f in found)


@pytest.mark.parametrize(
    ("shared", "words"), [(None, "whoever has joined both"), (1, "1 reader has joined both"), (0, None)]
)
def test_two_mails_are_told_with_how_many_get_both(shared: int | None, words: str | None) -> None:
    """Where nobody has joined both, two mails at one hour are nobody's trouble."""
    found = about_neighbors(neighbor("", shared=shared, channel="email"))
    assert ([] if words is None else [True]) == [words is not None and words in f for f in found]


def test_a_neighbor_is_looked_at_without_making_its_mails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is a campaign planned whose season is far away; a mail costs many times what a post does."""
    root = build(HERE / "z103-two-campaigns-in-one-hour", tmp_path / "project")
    for folder in ("post", "email", "letters"):
        shutil.copytree(ROOT / "templates" / folder, root / "templates" / folder)
    monkeypatch.setattr("scheduler.content.render.messages.make_email", lambda *_: pytest.fail("a mail was made"))
    campaign, _ = load_campaign(root, "safe-week")
    assert campaign is not None
    of_january = neighbors_of(root, load_settings(root, {}), campaign, season_in(campaign, 2027))
    assert [("winter-week", 10)] == [(n.campaign, len(n.occasions)) for n in of_january]
    assert [None] == [n.shared for n in of_january]
    edition = root / "campaigns" / "winter-week" / "campaign.toml"
    edition.write_text(f'edition_of = "safe-week"\n{edition.read_text()}')
    again = neighbors_of(root, load_settings(root, {}), campaign, season_in(campaign, 2027))
    assert [0] == [n.shared for n in again], "a reader has one edition"
    monkeypatch.setattr("scheduler.planner.season_plan.make_plan", lambda *_, **__: pytest.fail("it was planned"))
    summer = replace(season_in(campaign, 2027), start_on=date(2027, 7, 1), end_on=date(2027, 7, 3))
    assert () == neighbors_of(root, load_settings(root, {}), campaign, summer)
