"""What is said of sources and help lines: only what a named person stands for, and what the address leads to."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest

from scheduler.domain.campaign import Campaign
from scheduler.domain.claim import (
    UNVERIFIED,
    Claim,
    ClaimSource,
    ClaimStatus,
    ContactStatus,
    Contest,
    Signature,
    Signatures,
)
from scheduler.domain.finding import Where
from scheduler.review.packet import packet_html
from scheduler.review.rehearsal_data import item_as_data
from scheduler.review.spreadsheet import plan_csv
from tests.scenarios.checking import REPOSITORY
from tests.support.checks_factory import claim, contact
from tests.support.reading_site import CAMPAIGN, FIRST, NOW, ReadingSite

READ = "The original was read by"
NOT_READ = "Nobody has put their name to having read the original."
REPORTED = "as reported by Institute of Labour"
SHIPPED = REPOSITORY / "campaigns" / "human-trafficking-prevention"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[ReadingSite]:
    made = ReadingSite(tmp_path)
    yield made
    made.ledger.close()


def change(site: ReadingSite, file: str, find: str, instead: str) -> None:
    path = site.folder / "campaigns" / CAMPAIGN / file
    text = path.read_text("utf-8")
    assert find in text
    path.write_text(text.replace(find, instead), "utf-8")


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def pages(site: ReadingSite) -> dict[str, str]:
    """Every page that shows claims or help lines to a person who decides."""
    rehearsal = site.desk().rehearsal
    return {
        "packet": words(packet_html(rehearsal, made_at=NOW)),
        "item": words(site.item(FIRST)),
        "claims by link": words(site.get("/claims").text),
    }


# -- the original was read ----------------------------------------------------------------------------------------


def test_the_original_was_read_only_where_a_person_says_so(site: ReadingSite) -> None:
    """With name and day on each page; the word alone says nothing."""
    assert [] == [name for name, text in pages(site).items() if f"{READ} A. Reader on December 1, 2026" not in text]
    change(site, "claims.toml", 'seen_by = "A. Reader"\n', "")
    shown = pages(site)
    assert [] == [name for name, text in shown.items() if READ in text or "original was read" in text]
    assert [] == [name for name, text in shown.items() if NOT_READ not in text]


@pytest.mark.parametrize("lacking", [{"primary_seen": False}, {"seen_by": ""}, {"seen_on": None}])
def test_all_three_are_needed(lacking: dict[str, Any]) -> None:
    """The word, the name and the day."""
    source = claim("one").source
    assert source.original_read
    assert not replace(source, **lacking).original_read
    assert NOT_READ == replace(source, **lacking).read_words


def test_keys_that_came_later_void_no_signature_while_they_are_empty() -> None:
    """The hash of a record of the first form, as it was signed then; with any of them it is another record."""
    source = ClaimSource(
        "A Report", "Institute", "https://institute.test/r", "2026", date(2026, 11, 1), primary_seen=True
    )
    one = Claim(
        "one",
        "the claim one holds",
        "statistic",
        ClaimStatus.CURRENT,
        source,
        Where("x", 1),
        caveat="c",
        contested_by=(Contest("u", "d", "g"),),
    )
    assert "8a4dfae4c5723868cc0c6ec47a81495f2e426a2d9a71b83857a497d655238a76" == one.record_hash()
    later = [
        replace(one, needs_decision="?"),
        replace(one, source=replace(source, seen_by="Ada")),
        replace(one, source=replace(source, seen_on=date(2026, 12, 1))),
        replace(one, source=replace(source, reported_by="Statista")),
    ]
    assert len(later) + 1 == len({c.record_hash() for c in (one, *later)})


# -- labels -------------------------------------------------------------------------------------------------------


def test_a_report_of_a_document_is_called_one_wherever_its_source_stands(site: ReadingSite) -> None:
    """Both parts of the mail, the pages, the spreadsheet and the data; the link stands at who reports."""
    change(
        site,
        "claims.toml",
        'publisher = "Institute of Labour"\nurl = "https://institute.test/report"',
        'publisher = "Ministry of Labour"\nreported_by = "Institute of Labour"\nurl = "https://institute.test/report"',
    )
    rehearsal = site.desk().rehearsal
    mail = rehearsal.message(FIRST, "email")
    assert mail is not None
    label = f"Bondage Report, Ministry of Labour, June 2026, {REPORTED}"
    assert [] == [name for name, text in pages(site).items() if REPORTED not in text]
    rows = csv.DictReader(io.StringIO(plan_csv(rehearsal).decode("utf-8-sig")))
    assert {f"Bondage Report, Ministry of Labour, 2026-06, {REPORTED}"} == {
        r["source"] for r in rows if r["id"] == FIRST
    }
    assert label in " ".join(mail.body.text.split())
    assert label in words(mail.body.html).replace(" ,", ",")
    assert re.search(r'href="https://institute\.test/report"[^>]*>Institute of Labour</a>', mail.body.html)
    assert not re.search(r'href="https://institute\.test/report"[^>]*>Bondage Report</a>', mail.body.html)
    (record,) = [c for c in cast("Any", item_as_data(rehearsal, [mail])[0])["claims"] if c["id"] == "held-2025"]
    assert "Institute of Labour" == record["source"]["reported_by"]
    assert [] == [f for f in rehearsal.findings if f.code == "C117"]


# -- help lines ---------------------------------------------------------------------------------------------------


def test_a_help_line_is_active_only_when_signed() -> None:
    """As its record stands; a changed letter makes it unverified. Other states are the file's own."""
    line = contact("line", "1-888-555-0100")
    by_ada = Signatures((Signature("contact", "line", line.record_hash(), "Ada", "coordinator", date(2026, 12, 20)),))
    assert (UNVERIFIED, "active") == (Signatures().standing(line), by_ada.standing(line))
    assert UNVERIFIED == by_ada.standing(replace(line, value="1-888-555-0101"))
    assert "quarantined" == by_ada.standing(replace(line, status=ContactStatus.QUARANTINED))


def test_no_page_calls_an_unsigned_help_line_active(site: ReadingSite) -> None:
    """Not the packet, an item, a reviewer's page or the data; after a signature they do."""

    def shown() -> tuple[list[bool], set[str]]:
        rehearsal = site.desk().rehearsal
        mail = rehearsal.message(FIRST, "email")
        assert mail is not None
        texts = [words(packet_html(rehearsal, made_at=NOW)), words(site.item(FIRST)), words(site.get("/claims").text)]
        data = cast("Any", item_as_data(rehearsal, [mail])[0])["contacts"]
        return ["not verified yet" in t.lower() for t in texts], {c["status"] for c in data}

    assert ([True, True, True], {"unverified"}) == shown()
    register = (
        packet_html(site.desk().rehearsal, made_at=NOW).partition('contact-register"')[2].partition("</table>")[0]
    )
    assert not re.search(r">\s*active\s*<", register)
    campaign = site.desk().rehearsal.plan.campaign
    for one in campaign.contacts.values():
        site.ledger.signatures.add(
            CAMPAIGN, Signature("contact", one.id, one.record_hash(), "Ada", "coordinator", NOW.date()), now=NOW
        )
    assert ([False, False, False], {"active"}) == shown()


# -- the first campaign -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def first() -> Campaign:
    from scheduler.content.load.campaign_files import load_campaign

    campaign, _ = load_campaign(REPOSITORY, SHIPPED.name)
    assert campaign is not None
    return campaign


def test_nobody_has_read_an_original_of_the_first_campaign(first: Campaign) -> None:
    """Its figures are research from copies; who reads one writes down name and day."""
    assert [] == [c.id for c in first.claims.values() if c.source.primary_seen and not c.source.original_read]


def test_no_source_of_the_first_campaign_leads_to_another_language(first: Campaign) -> None:
    """American readers get the English page; that nobody has opened it is an open question of each claim."""
    addresses = [c.source.url for c in first.claims.values()] + [s.url for s in first.sources.values()]
    assert [] == [a for a in addresses if re.search(r"lang--(?!en/)", a)]
    changed = [c for c in first.claims.values() if "WCMS_854733" in c.source.url]
    assert changed
    assert [] == [c.id for c in changed if not c.needs_decision or c.source.original_read]


def test_every_field_of_a_source_can_be_edited_or_is_its_own() -> None:
    """A field that is added to the record is added to the form."""
    from scheduler.domain.edit_form import CLAIM_FIELDS

    edited = {f.key.removeprefix("source.") for f in CLAIM_FIELDS if f.key.startswith("source.")}
    assert {f.name for f in fields(ClaimSource)} == edited
    assert "needs_decision" in {f.key for f in CLAIM_FIELDS} & {f.name for f in fields(Claim)}
