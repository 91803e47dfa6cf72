"""What the ledger keeps of changes of files: who, which record, when; and never a word of the text."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from scheduler.domain.file_edit import FileEdit
from scheduler.store import Ledger

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
EDIT = FileEdit("a-month", "item", "day-1", "items/day-1.md", "Ada", NOW, "a" * 64, "b" * 64, ("title", "post"))


def test_a_change_is_kept_and_told(ledger: Ledger) -> None:
    """A row for the rule of who may approve, and a line of the history with the fingerprints before and after."""
    ledger.edits.record(EDIT)
    other = replace(
        EDIT, kind="claim", record="a-claim", file="claims.toml", person="Ben", edited_at=NOW + timedelta(1)
    )
    ledger.edits.record(other)
    assert (EDIT, other) == ledger.edits.all("a-month")
    assert ((EDIT,), (other,)) == (ledger.edits.all("a-month", "item", "day-1"), ledger.edits.all("a-month", "claim"))
    assert ((), ()) == (ledger.edits.all("b-month"), ledger.edits.all("a-month", "item", "day-2"))
    first = ledger.events.in_order()[0]
    assert ("campaign.edited", "Ada", NOW) == (first.kind, first.who, first.at)
    assert {
        "campaign": "a-month",
        "record": "item",
        "name": "day-1",
        "file": "items/day-1.md",
        "fields": ["title", "post"],
        "before": "a" * 64,
        "after": "b" * 64,
    } == first.data
    assert ledger.events.verify().is_whole


def test_a_change_that_failed_counts_for_nothing_and_stays_told(ledger: Ledger) -> None:
    """Whoever failed to change a text is not its author; the history holds both lines."""
    edit_id = ledger.edits.record(EDIT)
    kept = replace(EDIT, edited_at=NOW + timedelta(hours=1))
    ledger.edits.record(kept)
    ledger.edits.take_back(edit_id, EDIT, now=NOW + timedelta(minutes=1))
    assert (kept,) == ledger.edits.all("a-month")
    assert ["campaign.edited", "campaign.edited", "campaign.edit_failed"] == [e.kind for e in ledger.events.in_order()]


def test_a_person_is_kept_without_an_address(ledger: Ledger) -> None:
    """As everywhere in the history."""
    ledger.edits.record(replace(EDIT, person="ada@example.org"))
    assert ["ada"] == [e.person for e in ledger.edits.all("a-month")]
    assert "example.org" not in str(ledger.events.in_order())
