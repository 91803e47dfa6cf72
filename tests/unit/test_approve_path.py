"""How far it is from an edge to the ledger: a plain act enters few files, and calls the ledger a few times.

Counted are files of ``scheduler/`` whose code runs between the edge's function and the INSERT, the store's among them.
Not counted is what loads what the act is about: settings, campaign, policy and rehearsal, and the opening of the season
with its ledger in the actor's name. Nor is the module by which records are made, as the standard library's is not.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import FrameType

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

import scheduler
from scheduler.cli.main import main
from tests.unit.test_web_desk import ITEM, Desk

ROOT = Path(scheduler.__file__).parent
#: Module and function by which something is loaded.
LOADING = {
    ("wiring.py", "open_project"),
    ("wiring.py", "open_ledger"),
    ("cli/command_context.py", "about_season"),
    ("services/seasons.py", "rehearse"),
    ("services/seasons.py", "review_policy"),
}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.close()


class Road:
    """What runs from the function ``begins`` (module, name) of an edge to the INSERT of an approval."""

    def __init__(self, begins: tuple[str, str]) -> None:
        self.files: set[str] = set()
        self.calls: list[str] = []  # of the ledger, from outside of the store
        self.arrived = False
        self._begins, self._on, self._loading = begins, False, 0

    def note(self, frame: FrameType, what: str, argument: object) -> None:
        if self.arrived or what not in ("call", "return"):
            return
        place = _place(frame.f_code.co_filename, frame.f_code.co_name)
        if place in LOADING:
            self._loading += 1 if what == "call" else -1
        if what != "call" or place[0] in ("", "light_dataclass.py") or place in LOADING or self._loading:
            return
        self._on = self._on or place == self._begins
        if not self._on:
            return
        self.files.add(place[0])
        caller = next((above for above in _above(frame) if above[0]), ("", ""))
        if _is_store(place) and not _is_store(caller):
            self.calls.append(frame.f_code.co_name)

    def see(self, connection: object, cursor: object, statement: str, *more: object) -> None:
        self.arrived = self.arrived or (self._on and "INSERT INTO approvals" in statement)

    def walk(self, act: Callable[[], object]) -> None:
        event.listen(Engine, "before_cursor_execute", self.see)
        sys.setprofile(self.note)
        try:
            act()
        finally:
            sys.setprofile(None)
            event.remove(Engine, "before_cursor_execute", self.see)
        assert self.arrived


def _above(frame: FrameType) -> Iterator[tuple[str, str]]:
    while (above := frame.f_back) is not None:
        frame = above
        yield _place(frame.f_code.co_filename, frame.f_code.co_name)


@cache  # asked at each call of a whole rehearsal
def _place(file: str, function: str) -> tuple[str, str]:
    """Module and function; no module outside the package."""
    path = Path(file)
    return (path.relative_to(ROOT).as_posix() if ROOT in path.parents else "", function)


def _is_store(place: tuple[str, str]) -> bool:
    return place[0].startswith("store/")


def test_the_command_enters_few_files(desk: Desk) -> None:
    """From the parsed command to the INSERT."""
    road = Road(("cli/approvals.py", "approve"))
    words = ["--project", str(desk.project.root), "approve", ITEM, "--by", "Ada Example", "--channel"]
    main([*words, "email"])  # what is loaded is at hand then: to note each of its calls would take long
    road.walk(lambda: main([*words, "x"]))
    assert 1 <= len(road.calls) <= 3, road.calls
    assert len(road.files) <= 12, "\n".join(sorted(road.files))


def test_the_page_enters_few_files(desk: Desk) -> None:
    """From the route's function to the INSERT."""
    desk.plan()
    seen = desk.seen(f"/items/{ITEM}")
    road = Road(("web/staff/item.py", "approve_item"))
    road.walk(lambda: desk.post(f"/items/{ITEM}/approve", seen=seen[:1]))
    assert 1 <= len(road.calls) <= 3, road.calls
    assert len(road.files) <= 12, "\n".join(sorted(road.files))
