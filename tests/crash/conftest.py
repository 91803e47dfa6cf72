"""What starts the processes that are killed, and counts them for the summary at the end of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.crash.forks import Forks
from tests.crash.kills import KILLS
from tests.crash.starter import Starter


@pytest.fixture(scope="session")
def forks() -> Iterator[Forks]:
    made = Forks()
    yield made
    made.close()


@pytest.fixture(scope="session")
def starter() -> Iterator[Starter]:
    with Starter() as running:
        yield running


@pytest.fixture(autouse=True)
def count_kills(record_property: Callable[[str, object], None]) -> Iterator[None]:
    """Each test says how many of its processes died by SIGKILL."""
    before = KILLS["processes"]
    yield
    record_property("kills", KILLS["processes"] - before)
