"""Approvals of two people cost two of everything. A test of something else is a group that is one person, and says so."""

from __future__ import annotations

from pathlib import Path

from scheduler.domain.review_policy import Alone, ReviewPolicy

ALONE = ReviewPolicy(alone=Alone("Ada Example", "this is a test"))
ALONE_LINE = 'alone = { who = "Ada Example", why = "this is a test" }\n'


def declare_alone(root: Path) -> None:
    """Let one person suffice in a project."""
    file = root / "config" / "review.toml"
    file.write_text(ALONE_LINE + (file.read_text(encoding="utf-8") if file.exists() else ""), encoding="utf-8")
