"""Counts the processes that were killed, for the summary at the end of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.crash.kills import KILLS


@pytest.fixture(autouse=True)
def count_kills(record_property: Callable[[str, object], None]) -> Iterator[None]:
    """Each test says how many of its processes died by SIGKILL."""
    before = KILLS["processes"]
    yield
    record_property("kills", KILLS["processes"] - before)
