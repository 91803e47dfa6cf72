"""`review packet --pdf`: the month on paper, printed by the real browser with its network shut."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scheduler.clock import VirtualClock
from scheduler.domain.packet_record import edition_hash
from scheduler.project import Project
from scheduler.review.packet import packet_html
from scheduler.review.pdf import find_browser, print_pdf
from scheduler.review.short_packet import short_packet_html
from scheduler.services.seasons import rehearse
from scheduler.wiring import handles_of, load_settings
from tests.support.pdf_text import sizes_by_page
from tests.support.reading_site import CAMPAIGN, ROOT, SMALL

MONTH = "human-trafficking-prevention"
DAYS = 32
#: Sheets that the month may have on paper, and points that a letter may have.
MOST_FULL, MOST_SHORT, LEAST_TYPE = 120, 20, 9.0
#: Of a page, at its upper left.
STARTS = re.compile(r"Day (\d+) of 32, ")


@dataclass(frozen=True)
class Printed:
    """A PDF with its text, page by page, and what the browser wrote down about its network."""

    file: Path
    pages: list[list[str]]
    titles: list[str]
    items: list[str]
    edition: str
    addresses: set[str]  # of sources and help lines
    network: dict[str, list[object]]


@contextmanager
def tool(name: str) -> Iterator[str]:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed (Debian's package is called poppler-utils)")
    yield found


def project(root: Path, campaign: str) -> Project:
    source = ROOT if campaign == MONTH else SMALL
    for part in ("campaigns", "config"):
        shutil.copytree(source / part, root / part)
    shutil.copytree(ROOT / "templates", root / "templates")
    shutil.copytree(ROOT / "config" / "lint", root / "config" / "lint", dirs_exist_ok=True)
    return Project(root, load_settings(root, {}), {}, VirtualClock(datetime(2026, 12, 28, 15, tzinfo=UTC)))


def printed(root: Path, campaign: str, paper: str, edition: str = "full") -> Printed:
    """Print it by a browser that keeps a log of its network."""
    try:
        browser = find_browser()
    except Exception:
        pytest.skip("no Chromium is installed (Debian's package is called chromium)")
    here = project(root, campaign)
    log = root / "network.json"
    watched = root / "browser"
    watched.write_text(f'#!/bin/sh\nexec "{browser}" "$@" --log-net-log="{log}"\n')
    watched.chmod(0o755)
    rehearsal = rehearse(here, campaign, 2027)
    if edition == "short":
        page = short_packet_html(rehearsal, made_at=here.clock.now(), paper=paper)
    else:
        page = packet_html(rehearsal, made_at=here.clock.now(), handles=handles_of(here), paper=paper)
    target = root / "packet.pdf"
    print_pdf(page, target, browser=str(watched))
    with tool("pdftotext") as pdftotext:
        text = subprocess.run([pdftotext, "-layout", str(target), "-"], capture_output=True, check=True).stdout.decode()
    pages = [[line.strip() for line in sheet.splitlines() if line.strip()] for sheet in text.split("\f")][:-1]
    titles = [p.item.title for p in rehearsal.plan.items]
    said = rehearsal.plan.campaign
    addresses = {c.source.url for c in said.claims.values()} | {c.primary_source_url for c in said.contacts.values()}
    named = edition_hash(rehearsal.to_approve)
    return Printed(
        target,
        pages,
        titles,
        [p.item.id for p in rehearsal.plan.items],
        named,
        {a for a in addresses if a.startswith("http")},
        network(log),
    )


def network(log: Path) -> dict[str, list[object]]:
    """Kind of event -> what is told of each."""
    kept = json.loads(log.read_text())
    names = {number: name for name, number in kept["constants"]["logEventTypes"].items()}
    found: dict[str, list[object]] = {}
    for event in kept["events"]:
        found.setdefault(names[event["type"]], []).append(event.get("params", {}))
    return found


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Printed:
    return printed(tmp_path_factory.mktemp("letter"), MONTH, "letter")


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Printed:
    return printed(tmp_path_factory.mktemp("short"), MONTH, "letter", "short")


def starts(printed: Printed) -> dict[int, int]:
    """Day -> the page that begins with its item; the mail's own band says the day as well, further down."""
    found: dict[int, int] = {}
    for number, lines in enumerate(printed.pages):
        day = next((m for line in lines[1:3] if (m := STARTS.match(line))), None)
        if day and int(day[1]) not in found:
            found[int(day[1])] = number
    return found


def test_every_item_begins_a_page_of_its_own_with_its_headline(month: Printed) -> None:
    """32 days on 32 pages, in order; the headline stands below the day."""
    begun = starts(month)
    assert list(range(1, DAYS + 1)) == list(begun)
    assert DAYS == len(set(begun.values()))
    assert sorted(begun.values()) == list(begun.values())
    for (_, page), title in zip(begun.items(), month.titles, strict=True):
        assert " ".join(title.split()) in " ".join(month.pages[page][1:6]), title


def test_a_mail_begins_on_the_sheet_of_its_heading(month: Printed) -> None:
    """Nobody turns over a sheet that holds a heading alone: whom it comes from, its subject and its first words stand
    together."""
    headed = [lines for lines in month.pages if any("answers go to" in line for line in lines)]
    assert DAYS + 1 == len(headed), "each day, and the frame of the digests"
    for lines in headed:
        sender = next(n for n, line in enumerate(lines) if "answers go to" in line)
        assert any(line.startswith("Email") for line in lines[:sender]), lines
        assert len(lines) > sender + 4, lines[sender:]  # the line of the inbox, and the mail's own first words


def test_no_letter_is_too_small(month: Printed, short: Printed) -> None:
    """Text in 11 points, the words of a mail in 10, notes in 9, measured in the drawing: no table makes it shrink."""
    for made in (month, short):
        by_page = sizes_by_page(made.file)
        assert len(made.pages) == len(by_page)
        small = {number: min(sizes) for number, sizes in enumerate(by_page, 1) if min(sizes) < LEAST_TYPE - 0.005}
        assert {} == small
        assert any(10.9 < size < 11.1 for sizes in by_page for size in sizes)
    assert {10.0, 11.0} <= {round(size, 1) for sizes in sizes_by_page(short.file) for size in sizes}


def test_the_month_fits_its_sheets(month: Printed, short: Printed) -> None:
    """What a board member is asked to read is a handful of paper."""
    assert len(month.pages) <= MOST_FULL
    assert len(short.pages) <= MOST_SHORT


def test_no_placeholder_is_printed(month: Printed, short: Printed) -> None:
    """Neither of a template nor of what is put in for each reader."""
    for made in (month, short):
        text = "\n".join(line for page in made.pages for line in page)
        assert [] == re.findall(r"%[a-z_]+%|\{\{|\}\}|\{%", text)


def test_the_short_edition_has_every_day_and_one_sheet_to_sign(short: Printed) -> None:
    """Each title is on a sheet; the last one lists each item by its number and its id, and says what is not approved."""
    with tool("pdftotext") as pdftotext:
        raw = subprocess.run([pdftotext, "-raw", str(short.file), "-"], capture_output=True, check=True).stdout.decode()
    text = " ".join(raw.split())
    assert [] == [title for title in short.titles if " ".join(title.split()) not in text]
    sheet = " ".join(short.pages[-1])
    assert "Not checked means not approved" in sheet
    assert short.edition[:12] in sheet
    for number, item in enumerate(short.items, 1):
        assert re.search(rf"\b{number} +\w{{3}}, \w{{3}} \d+ {item}\b", sheet), item
    for number, lines in enumerate(short.pages, 1):
        assert f"packet {short.edition[:12]}, sheet {number} of {len(short.pages)}" in lines[-1]


def test_each_page_says_what_it_belongs_to(month: Printed) -> None:
    """Campaign and packet above, the number below: a sheet that falls out of the pile finds its place."""
    for number, lines in enumerate(month.pages, 1):
        assert "Human Trafficking Prevention Month 2027" in lines[0]
        assert f"packet {month.edition[:12]}" in lines[0]
        assert f"page {number} of {len(month.pages)}" in lines[-1]


def test_addresses_are_printed_beside_what_they_link(month: Printed) -> None:
    """Paper has no links: the address of each claim's source and of each help line stands in the registers."""
    with tool("pdftotext") as pdftotext:
        text = subprocess.run(
            [pdftotext, "-raw", str(month.file), "-"], capture_output=True, check=True
        ).stdout.decode()
    text = re.sub(r"\s", "", text)
    assert len(month.addresses) > 10
    assert [] == [address for address in month.addresses if f"({address})" not in text]
    assert "sign-off" in " ".join(month.pages[-1]).lower()


def test_no_byte_left_for_it(month: Printed) -> None:
    """Neither the page nor the browser sent anything: no socket had a byte to send, and no line was ever open."""
    sent = {kind: params for kind, params in month.network.items() if kind.endswith("BYTES_SENT")}
    assert {} == sent
    lines = [a for a in month.network.get("TCP_CONNECT_ATTEMPT", []) if "127.0.0.1:9" not in json.dumps(a)]
    assert [] == lines
    assert month.network, "the log is one"


def test_nothing_in_it_asks_for_anything(month: Printed) -> None:
    """What the browser tried by itself is none of the page's: no request names the page as where it comes from."""
    asked = [p for params in month.network.values() for p in params if isinstance(p, dict) and "url" in p]
    ours = [p["url"] for p in asked if str(p.get("initiator", "")).startswith("file:")]
    assert [] == ours


@pytest.mark.parametrize(("paper", "size"), [("A4", (595, 842)), ("letter", (612, 792))])
def test_it_prints_on_both_papers(tmp_path: Path, paper: str, size: tuple[int, int]) -> None:
    """Upright, but for the calendar, which lies."""
    made = printed(tmp_path, CAMPAIGN, paper)
    with tool("pdfinfo") as pdfinfo:
        said = subprocess.run([pdfinfo, "-l", "99", str(made.file)], capture_output=True, check=True).stdout.decode()
    sizes = [(round(float(w)), round(float(h))) for w, h in re.findall(r"Page +\d+ size: +([\d.]+) x ([\d.]+)", said)]
    assert len(made.pages) == len(sizes)
    assert {size, size[::-1]} == set(sizes)
    assert 1 == sizes.count(size[::-1])


def test_the_short_edition_fits_the_other_paper_too(tmp_path: Path) -> None:
    """A4 is longer than letter and narrower."""
    made = printed(tmp_path, MONTH, "A4", "short")
    assert len(made.pages) <= MOST_SHORT
    assert min(min(sizes) for sizes in sizes_by_page(made.file)) >= LEAST_TYPE - 0.005
