"""Approvals of two people cost two of everything. A test of something else is a group that is one person, and says so;
and what has to be signed and answered one by one is so here, by one call."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from scheduler.domain.review_policy import Alone, ReviewPolicy
from scheduler.domain.season_key import SeasonKey
from scheduler.domain.via import Via
from scheduler.services.seasons import read_campaign
from scheduler.services.signatures import records_in_use
from scheduler.store import open_ledger

ALONE = ReviewPolicy(alone=Alone("Ada Example", "this is a test"))
ALONE_LINE = 'alone = { who = "Ada Example", why = "this is a test" }\n'
#: Before anything that a test does, so that no clock is behind the ledger.
ANSWERED_AT = datetime(2026, 11, 1, tzinfo=UTC)


def declare_alone(root: Path) -> None:
    """Let one person suffice in a project."""
    file = root / "config" / "review.toml"
    file.write_text(ALONE_LINE + (file.read_text(encoding="utf-8") if file.exists() else ""), encoding="utf-8")


def signing(root: Path, campaign: str, by: str = "Ada Example") -> Iterator[tuple[str, ...]]:
    """The commands by which somebody signs all that is in use, as if each source had been opened."""
    loaded, _ = read_campaign(_project(root), campaign)
    for kind in ("claim", "contact"):
        if ids := [record for _, record in records_in_use(loaded, kind)]:
            yield "sign", kind, *ids, "--opened", "--by", by


def answer_questions(root: Path, campaign: str, season: int = 2027, *, url: str = "") -> None:
    """Answer whatever the files ask, in the project's own ledger or in that of ``url``."""
    loaded, _ = read_campaign(_project(root), campaign)
    asked = loaded.questions(season)
    file = root / "var" / "observance.db"
    if asked:
        file.parent.mkdir(exist_ok=True)
        with closing(open_ledger(url or f"sqlite:///{file}")) as ledger:
            for one in asked:
                key, via = SeasonKey(campaign, season), Via.COMMAND_LINE
                ledger.questions.answer(key, one, "Yes.", who="Ada", role="coordinator", via=via, now=ANSWERED_AT)


def _project(root: Path) -> Any:
    """All that reading a campaign needs."""
    return SimpleNamespace(root=root)
