"""How far it is from the button to the ledger: a plain act enters few files, and calls the ledger a few times."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import scheduler
from scheduler.store.approvals import ApprovalRepository
from tests.unit.test_web_desk import ITEM, Desk

ROOT = Path(scheduler.__file__).parent
STORE = ROOT / "store"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.close()


def test_approving_an_item_enters_few_files(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the route's function to the ledger's door, and what is asked of the ledger on the way."""
    desk.plan()
    seen = desk.seen(f"/items/{ITEM}")
    files: set[str] = set()
    calls: list[str] = []
    on = [False]

    def note(frame: FrameType, event: str, argument: object) -> None:
        file = Path(frame.f_code.co_filename)
        if event != "call" or ROOT not in file.parents:
            return
        on[0] = on[0] or frame.f_code.co_name == "approve_item"
        if not on[0] or any(STORE in caller.parents for caller in _callers(frame)):
            return
        if STORE in file.parents:
            calls.append(frame.f_code.co_name)
        else:
            files.add(str(file.relative_to(ROOT)))

    approve = ApprovalRepository.record

    def last(*arguments: object, **options: Any) -> bool:
        on[0] = False
        calls.append("record")
        return approve(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(ApprovalRepository, "record", last)
    sys.setprofile(note)
    try:
        answer = desk.post(f"/items/{ITEM}/approve", seen=seen[:1])
    finally:
        sys.setprofile(None)
    assert 303 == answer.status_code
    assert ["version", "record"] == calls
    assert len(files) <= 12, sorted(files)


def _callers(frame: FrameType) -> Iterator[Path]:
    back = frame.f_back
    while back is not None:
        yield Path(back.f_code.co_filename)
        back = back.f_back
