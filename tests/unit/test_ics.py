"""The calendar file: RFC 5545, nothing sensitive, the same bytes for the same season."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.audience import Audience
from scheduler.domain.campaign import Season
from scheduler.domain.rehearsal import Rehearsal
from scheduler.review.icalendar_file import _folded, _text, calendar_ics
from tests.support.rehearsal_factory import month, with_digests


def unfolded(ics: bytes) -> list[str]:
    return ics.decode().replace("\r\n ", "").split("\r\n")[:-1]


def events(ics: bytes) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for line in unfolded(ics):
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and name not in ("BEGIN", "END"):
            found[-1][name] = value
    return found


def in_zone(zone: str, start: date, end: date) -> Rehearsal:
    rehearsal = month()
    plan = replace(
        rehearsal.plan,
        campaign=replace(rehearsal.plan.campaign, time_zone=zone),
        season=Season(start.year, start, end),
    )
    moved = datetime(start.year, start.month, start.day, 15, tzinfo=UTC) - rehearsal.messages[0].due_at
    messages = tuple(replace(m, due_at=m.due_at + moved, on=(m.due_at + moved).date()) for m in rehearsal.messages)
    items = tuple(replace(p, on=p.on + (start - rehearsal.plan.season.start_on)) for p in plan.items)
    return replace(rehearsal, plan=replace(plan, items=items), messages=messages)


def test_lines_end_in_crlf_and_hold_at_most_75_octets() -> None:
    """RFC 5545, 3.1."""
    ics = calendar_ics(month())
    lines = ics.split(b"\r\n")
    assert b"" == lines[-1]
    assert b"\n" not in ics.replace(b"\r\n", b"")
    assert max(map(len, lines)) <= 75


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=400))
def test_folding_loses_nothing_and_cuts_no_character(line: str) -> None:
    """What is folded reads the same when unfolded; each piece is whole UTF-8."""
    pieces = [piece.encode() for piece in _folded(line)]
    assert line.encode() == b"".join([pieces[0], *(p[1:] for p in pieces[1:])])
    assert all(p.startswith(b" ") for p in pieces[1:])
    assert all(len(p) <= 75 for p in pieces)
    for piece in pieces:
        piece.decode()


@given(st.text(max_size=200))
def test_texts_are_escaped_into_one_line(text: str) -> None:
    """Commas, semicolons, backslashes and line breaks are escaped; no control character stays."""
    escaped = _text(text)
    assert not re.search(r"[\x00-\x08\x0a-\x1f\x7f]", escaped)
    assert not re.search(r"(?<!\\)(?:\\\\)*[,;]", escaped)


def test_the_campaign_is_a_whole_day_entry_that_ends_on_the_day_after() -> None:
    """DTEND of a whole-day entry is exclusive: a month to 1 February ends on the 2nd."""
    whole = events(calendar_ics(month()))[0]
    assert "20270101" == whole["DTSTART;VALUE=DATE"]
    assert "20270202" == whole["DTEND;VALUE=DATE"]


def test_special_days_are_whole_days() -> None:
    """Each special day has its own entry, one day long."""
    days = {
        e["SUMMARY"]: (e.get("DTSTART;VALUE=DATE"), e.get("DTEND;VALUE=DATE")) for e in events(calendar_ics(month()))
    }
    assert ("20270111", "20270112") == days["Awareness Day"]
    assert ("20270201", "20270202") == days["Freedom Day"]


def test_each_item_is_one_timed_entry_in_the_campaigns_zone() -> None:
    """Post and email at the same instant are one entry, at the local time that the coordinator wrote."""
    timed = [e for e in events(calendar_ics(month())) if "DTSTART;TZID=America/New_York" in e]
    assert 32 == len(timed)
    assert "20270111T100000" == timed[10]["DTSTART;TZID=America/New_York"]
    assert "Day 11 of 32: email and post (x)" == timed[10]["SUMMARY"]


def test_items_at_two_times_are_two_entries() -> None:
    """A post at noon and a mail at ten are two entries with two UIDs."""
    rehearsal = month()
    later = tuple(
        replace(m, due_at=m.due_at + timedelta(hours=2)) if m.channel == "x" else m for m in rehearsal.messages
    )
    timed = [
        e for e in events(calendar_ics(replace(rehearsal, messages=later))) if "DTSTART;TZID=America/New_York" in e
    ]
    assert 64 == len(timed)
    assert 64 == len({e["UID"] for e in timed})


def test_a_digest_has_an_entry_of_its_own_that_stays() -> None:
    """On its day, at its hour, known by its day: after another item is in it, the entry is the same."""
    told = [e for e in events(calendar_ics(with_digests())) if "Digest" in e["SUMMARY"]]
    assert [
        ("test-2027-digest-2027-01-04@observance", "20270104T100000", "Digest of 4 days: email"),
        ("test-2027-digest-2027-01-11@observance", "20270111T100000", "Digest of 7 days: email"),
    ] == [(e["UID"], e["DTSTART;TZID=America/New_York"], e["SUMMARY"]) for e in told]
    assert [e["UID"] for e in told] == [
        e["UID"] for e in events(calendar_ics(with_digests(first_day=2))) if "Digest" in e["SUMMARY"]
    ]


def test_mails_for_each_readers_morning_stand_at_the_campaigns_hour() -> None:
    """The mail opens on the first morning on earth, which is the evening before here; the entry is of its day."""
    rehearsal = month()
    by_reader = Audience(local_time=time(10), home="America/New_York")
    early = tuple(
        replace(m, audience=by_reader, due_at=m.due_at - timedelta(hours=19)) if m.channel == "email" else m
        for m in rehearsal.messages
    )
    timed = [
        e for e in events(calendar_ics(replace(rehearsal, messages=early))) if "DTSTART;TZID=America/New_York" in e
    ]
    assert ["20270101T100000", "20270102T100000"] == [e["DTSTART;TZID=America/New_York"] for e in timed[:2]]
    assert 32 == len(timed)


def test_uids_are_unique_and_stay_when_an_item_moves() -> None:
    """Importing again moves the entries, it does not double them."""
    before, after = month(), in_zone("America/New_York", date(2027, 1, 2), date(2027, 2, 2))
    assert len(events(calendar_ics(before))) == len({e["UID"] for e in events(calendar_ics(before))})

    def of_items(rehearsal: Rehearsal) -> list[str]:
        return [e["UID"] for e in events(calendar_ics(rehearsal)) if "DTSTART;TZID=America/New_York" in e]

    assert of_items(before) == of_items(after)
    assert all("0" == e["SEQUENCE"] for e in events(calendar_ics(before)))


def test_entries_say_nothing_of_what_the_messages_say() -> None:
    """Shared calendars hold no headline, no help line, no subject."""
    text = calendar_ics(month()).decode()
    assert "What day" not in text
    assert "373-7888" not in text
    assert "labour" not in text


def test_the_same_season_gives_the_same_bytes() -> None:
    """DTSTAMP is the newest date in the records, not the time of writing."""
    assert calendar_ics(month()) == calendar_ics(month())
    assert {"20261124T000000Z"} == {e["DTSTAMP"] for e in events(calendar_ics(month()))}


@pytest.mark.parametrize(
    ("zone", "start", "end"),
    [
        ("America/New_York", date(2027, 1, 1), date(2027, 2, 1)),
        ("America/New_York", date(2026, 10, 15), date(2026, 11, 15)),
        ("Europe/London", date(2027, 3, 10), date(2027, 4, 10)),
        ("Europe/Dublin", date(2027, 3, 10), date(2027, 4, 10)),
        ("Australia/Lord_Howe", date(2027, 3, 20), date(2027, 4, 20)),
        ("Asia/Kolkata", date(2027, 1, 1), date(2027, 2, 1)),
        ("Africa/Casablanca", date(2027, 1, 25), date(2027, 3, 20)),
        ("America/New_York", date(2026, 12, 15), date(2027, 1, 15)),
    ],
)
def test_the_time_zones_rules_give_the_true_instants(zone: str, start: date, end: date) -> None:
    """Read by the file's own rules alone, each entry falls on the instant at which the message goes out."""
    rehearsal = in_zone(zone, start, end)
    lines = unfolded(calendar_ics(rehearsal))
    inside = lines[lines.index("BEGIN:VTIMEZONE") : lines.index("END:VTIMEZONE")]
    onsets = [datetime.fromisoformat(v.partition(":")[2]) for v in inside if v.startswith("DTSTART")]
    offsets = [v.partition(":")[2] for v in inside if v.startswith("TZOFFSETTO")]
    assert onsets
    due = {m.due_at for m in rehearsal.messages}
    for event in events(calendar_ics(rehearsal)):
        if "DTSTART" in event:
            assert datetime.fromisoformat(event["DTSTART"]) in due
        if f"DTSTART;TZID={zone}" not in event:
            continue
        local = datetime.fromisoformat(event[f"DTSTART;TZID={zone}"])
        offset = [o for onset, o in zip(onsets, offsets, strict=True) if onset <= local][-1]
        sign = -1 if offset[0] == "-" else 1
        instant = (local - sign * timedelta(hours=int(offset[1:3]), minutes=int(offset[3:5]))).replace(tzinfo=UTC)
        assert instant in due
        assert instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == local


def test_the_day_from_which_a_help_lines_verification_counts_is_an_entry() -> None:
    """A whole day, for whoever imports the season; where nobody has set it there is none."""
    first = date(2026, 12, 18)
    found = [e for e in events(calendar_ics(replace(month(), help_lines_from=first))) if "help line" in e["SUMMARY"]]
    assert [("20261218", "20261219")] == [(e["DTSTART;VALUE=DATE"], e["DTEND;VALUE=DATE"]) for e in found]
    assert not [e for e in events(calendar_ics(month())) if "help line" in e["SUMMARY"]]
