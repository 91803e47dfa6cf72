"""A section for one network stands in for the post there, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from scheduler.clock import VirtualClock
from scheduler.domain.rehearsal import Rehearsal
from scheduler.project import Project
from scheduler.services.seasons import rehearse
from scheduler.settings import ChannelSettings
from scheduler.wiring import load_settings

ROOT = Path(__file__).parents[2]
CAMPAIGN, ITEM = "human-trafficking-prevention", "why-january"
FILE = "items/01-why-january.md"


def rehearsed(section: str) -> Rehearsal:
    """The shipped season with a section more in one item, and a second channel that posts."""
    settings = load_settings(ROOT, {})
    hand = ChannelSettings("board", "by_hand", True, "", 20.0, {"person": "Ada Example"})
    settings = replace(settings, channels={**settings.channels, "board": hand})
    project = Project(ROOT, settings, {}, VirtualClock(datetime(2026, 12, 28, 15, tzinfo=UTC)))
    raw = (ROOT / "campaigns" / CAMPAIGN / FILE).read_bytes()
    return rehearse(project, CAMPAIGN, 2027, overlay={FILE: raw.rstrip() + section.encode()})


def text_on(rehearsal: Rehearsal, channel: str) -> str:
    message = rehearsal.message(ITEM, channel)
    assert message is not None
    return str(message.body.text)


def test_one_network_has_words_of_its_own() -> None:
    """The others, and the email, keep theirs."""
    before, after = rehearsed(""), rehearsed("\n\n# Post: x\nOnly said here.\n")
    assert text_on(after, "x").startswith("Only said here.")
    assert "Only said here." not in text_on(after, "board")
    assert [text_on(before, c) for c in ("board", "email")] == [text_on(after, c) for c in ("board", "email")]
    assert text_on(before, "x") == text_on(before, "board")


def test_a_mistake_in_it_is_found_at_its_own_line() -> None:
    """A finding leads to the section, and the other network's message is made all the same."""
    made = rehearsed("\n\n# Post: x\nSee {{ claim('no-such-claim').text }}\n")
    line = len((ROOT / "campaigns" / CAMPAIGN / FILE).read_bytes().rstrip().split(b"\n")) + 3
    assert {line} == {f.where.line for f in made.findings if f.item == ITEM and "no-such-claim" in f.message}
    assert made.message(ITEM, "board") is not None


def test_a_section_of_no_network_is_a_finding() -> None:
    """Nobody waits for words that no channel takes."""
    for heading in ("Post: nowhere", "Post: sendgrid", "Post: X"):
        found = rehearsed(f"\n\n# {heading}\nOnly said here.\n").findings
        assert [f'there is no section "{heading}"'] == [f.message for f in found if f.code == "C061"]
