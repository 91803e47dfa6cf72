"""The report for the board: true to the ledger, in words, without a reader in it, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from scheduler.domain.campaign import ItemText
from scheduler.domain.claim import Claim
from scheduler.domain.message import Message
from scheduler.domain.outcome import Outcome, OutcomeKind
from scheduler.domain.reason import ReasonCode
from scheduler.domain.rehearsal import Rehearsal
from scheduler.domain.season_key import SeasonKey
from scheduler.review.report import Report, ReportLine, make_report
from scheduler.review.report_files import COLUMNS, answer, report_as_data, report_csv, report_html
from scheduler.settings import Mode
from scheduler.store import Ledger
from tests.support.reasons import says
from tests.support.rehearsal_factory import claim
from tests.support.world import A_MONTH, World, a_post, an_email


def at(day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2027, 1, day, hour, minute, tzinfo=UTC)


def reported(world: World, *, mode: str = "live", dollars: Mapping[str, float] | None = None) -> Report:
    return make_report(
        world.rehearse(),
        world.ledger,
        mode=mode,
        dollars=dollars or {},
        made_at=world.clock.now(),
    )


def line(report: Report, item: str, channel: str = "x") -> ReportLine:
    return next(x for x in report.lines if (x.item, x.channel) == (item, channel))


@pytest.fixture
def season(ledger: Ledger) -> World:
    """Sent, unknown and then found, missed under a hold, failed, one day to come; ten readers in batches of four."""
    days = [a_post(f"day-{d}", on=date(2027, 1, d)) for d in range(1, 6)]
    world = World(ledger, [*days, an_email("day-1")], now=at(1, 8), readers=10, batch_limit=4)
    world.x.script = [
        "accept",
        "lost",
        Outcome(OutcomeKind.FINAL, detail="403: ask reader3@readers.example", status=403),
    ]
    world.email.script = ["accept", Outcome(OutcomeKind.FINAL, detail="413"), "accept"]
    for day in (1, 2):
        world.run_at(at(day))
    doubtful = next(d for d in ledger.deliveries.of_season("live", A_MONTH) if d.state == "unknown")
    ledger.lookups.resolve(doubtful.id, sent=True, who="Bea", reference="42", now=at(2, 12))
    ledger.holds.set("*", who="Ada", why="a storm, ask ada@example.org", now=at(2, 13))
    world.run_at(at(3))
    world.run_at(at(4, 8))
    ledger.holds.release("*", who="Ada", now=at(4, 9))
    world.run_at(at(4))
    return world


# -- what it says ---------------------------------------------------------------------------------------


def test_each_item_is_told_as_the_ledger_knows_it(season: World) -> None:
    """Who approved it, when it went, under which reference, how many, and why not."""
    report = reported(season)
    sent = line(report, "day-1")
    assert ("sent", at(1), "ref-1", ("Ada (coordinator, by private link)",)) == (
        sent.state,
        sent.sent_at,
        sent.reference,
        sent.approved_by,
    )
    mail = line(report, "day-1", "email")
    assert (10, 6, 4) == (mail.counts.frozen, mail.counts.accepted, mail.counts.failed)
    found = line(report, "day-2")
    assert ("sent", "42") == (found.state, found.reference)
    assert ("January 2, 2027, 12:00 PM UTC: found to have gone out, by Bea",) == found.corrections
    missed = line(report, "day-3")
    assert ("missed", None) == (missed.state, missed.sent_at)
    assert missed.reason.startswith(f"{says(ReasonCode.CLOSED_UNSENT)}: {says(ReasonCode.HELD, who='Ada')}")
    assert "failed" == line(report, "day-4").state
    assert "scheduled" == line(report, "day-5").state
    assert not report.over
    assert (True, report.events > 0) == (report.whole, True)


def test_totals_add_up_by_channel(season: World) -> None:
    """Planned is sent and not sent and to come."""
    mail, x = reported(season, dollars={"x": 0.03}).totals
    assert ("email", 1, 0, 6, {"partly_sent": 1}) == (
        mail.channel,
        mail.planned,
        mail.sent,
        mail.accepted,
        mail.not_sent,
    )
    assert (5, 2, 2, {"missed": 1, "failed": 1}) == (x.planned, x.sent, x.accepted, x.not_sent)
    assert "2 of 6 messages went out, and 1 to a part of its readers." == answer(reported(season))


def test_decisions_of_people_are_told_in_order(season: World) -> None:
    """Armed, stopped, gone on; of another campaign nothing."""
    season.ledger.armings.arm(SeasonKey("another", 2027), who="Eve", now=at(4, 11))
    told = [(d.who, d.what) for d in reported(season).decisions]
    assert [
        ("Ada", "allowed live sends"),
        ("Ada", "stopped everything: a storm, ask [address]"),
        ("Ada", "ended the hold of everything"),
    ] == told


def test_a_rehearsal_is_told_as_one(ledger: Ledger) -> None:
    """Its own deliveries, and the words say that nothing left the machine."""
    world = World(ledger, [a_post("day-1")], mode=Mode.REHEARSAL)
    world.run_at(at(1))
    assert () == reported(world).lines
    report = reported(world, mode="rehearsal")
    assert "1 of 1 message were rehearsed; nothing left the machine." == answer(report)
    assert report.over
    assert "rehearsal: nothing left the machine" in report_html(report)


def with_claims(messages: list[Message], claims: list[Claim]) -> Rehearsal:
    from tests.support.world import a_rehearsal

    rehearsal = a_rehearsal(messages)
    by_id = {c.id: c for c in claims}
    return replace(rehearsal, plan=replace(rehearsal.plan, campaign=replace(rehearsal.plan.campaign, claims=by_id)))


def test_sources_are_those_of_what_went_out(ledger: Ledger) -> None:
    """Not of what was only planned; a record that changed since, or is gone, says so."""
    old, other, gone = claim("a-number"), claim("not-sent"), claim("gone")
    rests_on = {"claim:a-number": old.record_hash(), "claim:gone": gone.record_hash()}
    first = replace(a_post("day-1"), claims=("a-number", "gone"), rests_on=rests_on)
    second = replace(a_post("day-2", on=date(2027, 1, 2)), claims=("not-sent",))
    world = World(ledger, [first, second])
    world.run_at(at(1))

    def told(claims: list[Claim]) -> list[tuple[str, bool, tuple[str, ...]]]:
        rehearsal = with_claims(world.messages, claims)
        report = make_report(rehearsal, ledger, mode="live", dollars={}, made_at=at(1, 12))
        return [(c.id, c.changed, c.items) for c in report.claims]

    assert [("a-number", False, ("day-1",)), ("gone", False, ("day-1",))] == told([old, other, gone])
    changed = replace(old, text="another text")
    assert [("a-number", True, ("day-1",)), ("gone", True, ("day-1",))] == told([changed, other])


def test_an_item_that_left_the_files_keeps_its_line(season: World) -> None:
    """By its id, and a mail by its subject."""
    season.messages = [m for m in season.messages if m.item != "day-1"]
    report = reported(season)
    assert "day-1" == line(report, "day-1").title
    assert "Subject of day-1" == line(report, "day-1", "email").title


# -- no reader in it, and no harm -----------------------------------------------------------------------


def test_no_form_of_it_holds_an_address(season: World) -> None:
    """Neither a reader's, nor one that somebody wrote as a reason."""
    report = reported(season)
    for text in (report_html(report), report_csv(report).decode(), json.dumps(report_as_data(report), default=str)):
        assert "403: ask [address]" in text
        assert not re.search(r"[\w.]+@[\w.]+", text)


def spoilt(season: World, title: str) -> Report:
    report = reported(season)
    return replace(report, lines=(replace(report.lines[0], title=title, reason=title), *report.lines[1:]))


@pytest.mark.parametrize("title", ["=HYPERLINK(1)", "+1", "-1", "@x", "\t=1", "\uff1d1"])
def test_no_cell_is_a_formula(season: World, title: str) -> None:
    """A spreadsheet shows it, and runs nothing."""
    rows = list(csv.reader(io.StringIO(report_csv(spoilt(season, title)).decode("utf-8-sig"), newline="")))
    assert list(COLUMNS) == rows[0]
    assert f"'{title}" == rows[1][COLUMNS.index("title")]
    assert all(len(row) == len(COLUMNS) for row in rows)


def test_the_page_escapes_what_it_is_given(season: World) -> None:
    """A title is text."""
    page = report_html(spoilt(season, "<script>alert(1)</script>"))
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_page_needs_no_network(season: World) -> None:
    """No address is fetched: no image, style, script or font from elsewhere; links alone lead out."""
    page = report_html(replace(reported(season), claims=()))
    assert "default-src 'none'" in page
    assert [] == re.findall(r"(?:src|href)=[\"'](?!#)", page)
    assert "url(" not in page
    assert "@import" not in page


def test_a_state_is_a_word_and_a_shape(season: World) -> None:
    """Not a colour alone; and the table has heads."""
    page = report_html(reported(season))
    for shape, word in (("\u2713", "sent"), ("\u2715", "missed")):
        assert f'<span aria-hidden="true">{shape}</span>{word}' in page
    assert '<th scope="col">Approved by</th>' in page
    assert '<html lang="en">' in page


def test_a_broken_history_is_said(season: World) -> None:
    """On the page, and for machines."""
    report = replace(reported(season), whole=False)
    assert "the history is not whole" in report_html(report)
    assert report_as_data(report)["history"] == {"events": report.events, "whole": False}


def test_the_same_ledger_gives_the_same_bytes(season: World) -> None:
    """Twice made at one instant, it is one report."""
    one, two = reported(season), reported(season)
    assert report_csv(one) == report_csv(two)
    assert report_html(one) == report_html(two)


def test_words_of_a_cell_stand_under_their_heading(season: World) -> None:
    """As a person would read it."""
    report = reported(season)
    rows = list(csv.DictReader(io.StringIO(report_csv(report).decode("utf-8-sig"), newline="")))
    by_name = {(r["item"], r["channel"]): r for r in rows}
    row = by_name["day-2", "x"]
    assert ("2027-01-02 10:00:00", "42", "1") == (row["sent at (UTC)"], row["reference"], row["accepted"])
    assert "found to have gone out, by Bea" in row["corrections"]
    assert "4" == by_name["day-1", "email"]["failed"]
    assert isinstance(season.rehearse().plan.items[0].item, ItemText)
