"""Other rhythms than an item a day, from the files to the packet: three posts a week with a mail on Mondays, and two
items on one day."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from scheduler.clock import VirtualClock
from scheduler.content.render.messages import occasions
from scheduler.content.render.season_renderer import is_daily, mailed
from scheduler.domain.cadence import Cadence
from scheduler.domain.message import EmailBody, Message, from_text, to_text
from scheduler.domain.rehearsal import Rehearsal
from scheduler.domain.transactional_email import how_often
from scheduler.project import Project
from scheduler.review.icalendar_file import calendar_ics
from scheduler.review.packet import packet_html
from scheduler.review.spreadsheet import plan_csv
from scheduler.services.seasons import rehearse
from scheduler.settings import Settings
from scheduler.wiring import load_settings
from tests.scenarios.harness import HERE, build

REPOSITORY = Path(__file__).parents[2]
NOW = datetime(2026, 12, 28, 15, tzinfo=UTC)


def rehearsed(scenario: str, into: Path) -> Rehearsal:
    root = build(HERE / scenario, into)
    for part in ("templates", "config/lint"):
        shutil.copytree(REPOSITORY / part, root / part, dirs_exist_ok=True)
    return rehearse(Project(root, load_settings(root, {}), {}, VirtualClock(NOW)), "safe-week", 2027)


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Rehearsal:
    """Mondays, Wednesdays and Fridays on X, Mondays and a key day by mail, a digest on Mondays."""
    return rehearsed("ok-three-a-week", tmp_path_factory.mktemp("three"))


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Rehearsal:
    """Two items a day; one of them has no text for a mail."""
    return rehearsed("ok-two-a-day", tmp_path_factory.mktemp("two"))


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return load_settings(build(HERE / "ok-three-a-week", tmp_path_factory.mktemp("settings")), {})


def days(messages: tuple[Message, ...], channel: str) -> list[int]:
    return [m.on.day for m in messages if m.channel == channel]


def local(message: Message) -> str:
    return f"{message.due_at:%d %H:%M}"


def email(message: Message) -> EmailBody:
    assert isinstance(message.body, EmailBody)
    return message.body


def test_three_posts_a_week_and_a_mail_on_mondays(three: Rehearsal) -> None:
    """Each channel on its days, and on the key day, which is a Tuesday; nothing is missing and nothing is wrong."""
    assert () == three.findings
    assert [4, 6, 8, 11, 12, 13, 15] == days(three.messages, "x")
    assert [4, 11, 12] == days(three.messages, "email")


def test_a_digest_holds_what_went_by_mail(three: Rehearsal) -> None:
    """What was posted only is no mail that a reader of the digest missed."""
    assert {date(2027, 1, 4): 1, date(2027, 1, 11): 1, date(2027, 1, 17): 1} == {
        m.on: len(m.audience.parts) for m in three.digests
    }
    mailed = {m.item for m in three.messages if m.channel == "email"}
    assert mailed == {item for m in three.digests for item, _ in m.audience.parts}


def test_the_key_day_counts_for_readers_who_want_key_days(three: Rehearsal) -> None:
    """Of three mails one."""
    key = [m.on.day for m in three.messages if m.channel == "email" and "key-days" in m.audience.cadences]
    assert [12] == key


def test_two_items_of_a_day_have_their_own_times_and_places(two: Rehearsal) -> None:
    """By the calendar's line, and by the rhythm; the first mail of a day keeps the day's address in the archive."""
    assert () == two.findings
    assert ["04 15:00", "04 21:00", "05 15:00", "05 20:00"] == sorted(
        local(m) for m in two.messages if m.channel == "x"
    )
    mails = {m.item: m for m in two.messages if m.channel == "email"}
    assert {"off-we-go": 1, "old-shoes": 2, "two-roads": 1} == {item: m.number for item, m in mails.items()}
    places = {item: re.findall(r"/archive/([0-9-]+)", email(m).text) for item, m in mails.items()}
    assert {"off-we-go": ["2027-01-04"], "old-shoes": ["2027-01-04-2"], "two-roads": ["2027-01-05"]} == places


def test_the_number_of_a_mail_is_part_of_it_and_survives_the_ledger(two: Rehearsal) -> None:
    """Of a first mail it changes nothing: what was approved before there were numbers stays approved."""
    second = next(m for m in two.messages if m.number == 2)
    assert (2, second.digest) == (from_text(to_text(second)).number, from_text(to_text(second)).digest)
    assert second.digest != replace(second, number=3).digest


@pytest.mark.parametrize("rhythm", ["three", "two"])
def test_the_packet_shows_each_item_once_and_no_gap_as_missing(rhythm: str, request: pytest.FixtureRequest) -> None:
    """Each has a place of its own that the calendar leads to; a meant gap is an empty day."""
    rehearsal: Rehearsal = request.getfixturevalue(rhythm)
    page = packet_html(rehearsal, made_at=NOW)
    places = Counter(re.findall(r'<article class="item" id="(day-[0-9-]+)"', page))
    assert Counter(f"day-{p.place}" for p in rehearsal.plan.items) == places
    calendar = page[page.index('<table class="month">') : page.index("</table>", page.index('<table class="month">'))]
    assert sorted(places) == sorted(re.findall(r'href="#(day-[0-9-]+)"', calendar))
    assert "no item" not in calendar
    assert "too few" not in calendar


@pytest.mark.parametrize("rhythm", ["three", "two"])
def test_calendar_and_spreadsheet_hold_all_of_it(rhythm: str, request: pytest.FixtureRequest) -> None:
    """An entry of its own for each item, a row for each message."""
    rehearsal: Rehearsal = request.getfixturevalue(rhythm)
    uids = re.findall(r"UID:(\S+)", calendar_ics(rehearsal).decode().replace("\r\n ", ""))
    assert len(uids) == len(set(uids))
    assert all(any(f"-{p.item.id}" in uid for uid in uids) for p in rehearsal.plan.items)
    rows = plan_csv(rehearsal).decode()
    assert all(rows.count(f"\n{m.item},{m.on}") >= 1 for m in rehearsal.everything)


def test_readers_are_told_how_many_mails_they_will_get(three: Rehearsal, two: Rehearsal, settings: Settings) -> None:
    """Not how many days there are: a mail a week is no mail a day, and two a day are not one."""
    assert [4, 11, 12] == [p.on.day for p in mailed(three.plan, settings)]
    assert not is_daily(three.plan, settings)
    assert not is_daily(two.plan, settings)
    assert "one email a day" == how_often(Cadence.DAILY, is_daily=True)
    assert "each email as it comes" == how_often(Cadence.DAILY, is_daily=False)
    assert how_often(Cadence.DIGEST, is_daily=True) == how_often(Cadence.DIGEST, is_daily=False)


def test_other_campaigns_are_told_of_the_mails_that_there_are(three: Rehearsal, settings: Settings) -> None:
    """And of no others: a day without a mail is no day to warn of."""
    found = occasions(three.plan, settings, REPOSITORY / "templates", three.plan.items)
    assert [4, 11, 12] == sorted(o.on.day for o in found if o.is_email)
    assert [4, 6, 8, 11, 12, 13, 15] == sorted(o.on.day for o in found if not o.is_email)
