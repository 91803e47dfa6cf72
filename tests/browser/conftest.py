"""One headless Chromium for each worker, and pages that are watched while they are looked at."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scheduler.clock import VirtualClock
from scheduler.project import Project
from scheduler.review.dry_run_files import DryRunFiles
from scheduler.services.seasons import rehearse, write_dry_run
from scheduler.wiring import load_settings
from tests.browser.watched import PATIENCE, Watched, watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[2]
CAMPAIGN = "human-trafficking-prevention"

#: The first draws pages and has no window to draw around them: a page opens in a quarter of the time.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
#: No window, no graphics card, and none of the requests that a browser makes for itself.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is in this folder needs a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.chromium)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium. Playwright has room for one of it in a process."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip("no Chromium is installed (Debian's package is called chromium)")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=list(ARGUMENTS), timeout=PATIENCE)
        yield started
        started.close()


_OPENED = pytest.StashKey[list[Watched]]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Pages are closed before anything that serves them: one that still loads would find nobody there."""
    try:
        return (yield)
    finally:
        for one in item.stash.get(_OPENED, []):
            one.close()


@pytest.fixture
def look(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Watched]]:
    """Opens an address and watches the page: afterwards it must have asked for nothing else, and said nothing."""
    opened: list[Watched] = []
    request.node.stash[_OPENED] = opened

    def look_at(url: str, **how: Any) -> Watched:
        opened.append(watched(browser, url, **how))
        return opened[-1]

    yield look_at
    assert [] == [trouble for one in opened for trouble in one.troubles]


@pytest.fixture(scope="session")
def dry_run(tmp_path_factory: pytest.TempPathFactory) -> DryRunFiles:
    """The month that is shipped, rehearsed as a coordinator would in December."""
    root = tmp_path_factory.mktemp("month")
    for part in ("campaigns", "templates", "config"):
        shutil.copytree(ROOT / part, root / part)
    project = Project(root, load_settings(root, {}), {}, VirtualClock(datetime(2026, 12, 28, 15, tzinfo=UTC)))
    return write_dry_run(project, rehearse(project, CAMPAIGN, 2027), root / "packet")


@pytest.fixture(scope="session")
def packet(dry_run: DryRunFiles) -> str:
    """The packet's address."""
    return dry_run.index.as_uri()
