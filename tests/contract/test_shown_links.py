"""Links that hold a token: at the address where `start` really serves, and never at one that is nobody's."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

import pytest

from scheduler.cli.main import main
from scheduler.settings.values import leads_nowhere
from tests.support.reading_site import ROOT, SMALL

Run = Callable[..., tuple[int, str]]
#: How long a process may take, on a machine that has other things to do.
PATIENCE = 120
OURS = "https://news.safe-week.internal/january"
MAKES_A_LINK = [
    ("people", "link", "Ada Example"),
    ("review", "invite", "Ben Example", "--role", "fact-reviewer"),
]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    shutil.copytree(SMALL, tmp_path, dirs_exist_ok=True)
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    shutil.copytree(ROOT / "config" / "lint", tmp_path / "config" / "lint")
    return {
        **{k: v for k, v in os.environ.items() if not k.startswith("OBSERVANCE_")},
        "OBSERVANCE_PROJECT": str(tmp_path),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "OBSERVANCE_PRETEND_NOW": "2026-12-20T12:00:00-05:00",
    }


def started(environment: dict[str, str], *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "scheduler.cli", *words],
        env=environment,
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


@pytest.fixture
def run(environment: dict[str, str]) -> Run:
    """A command, in this process; what it prints to either stream."""

    def run_it(*words: str, **more: str) -> tuple[int, str]:
        said = io.StringIO()
        with mock.patch.dict(os.environ, {**environment, **more}, clear=True):
            with redirect_stdout(said), redirect_stderr(said):
                return main(list(words)), said.getvalue()

    assert 0 == run_it("people", "add", "Ada Example", "--role", "coordinator")[0]
    return run_it


@pytest.fixture
def port(environment: dict[str, str]) -> Iterator[str]:
    """Of pages that are served where the settings do not say."""
    process = started(environment, "start", "--port", "0")
    try:
        assert process.stdout is not None
        said = ""
        while (found := re.search(r"Pages: http://127\.0\.0\.1:(\d+)/", said)) is None:
            line = process.stdout.readline()
            assert line, said
            said += line
        yield found[1]
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


def link_in(run: Run, words: tuple[str, ...], **more: str) -> dict[str, object]:
    status, said = run(*words, "--json", **more)
    assert 0 == status, said
    return dict(json.loads(said))


def test_a_link_names_the_address_that_start_serves(run: Run, port: str) -> None:
    """On a port of its own; beside the public address where that is somebody's, else alone."""
    person, reviewer = MAKES_A_LINK
    end = time.monotonic() + PATIENCE
    while not (found := link_in(run, person))["served"]:
        assert time.monotonic() < end, "the process never said where it serves"
    for one in (found, link_in(run, reviewer)):
        assert str(one["link"]).startswith(f"http://127.0.0.1:{port}/")
        assert one["link"] == one["on_this_machine"]
    ours = link_in(run, person, OBSERVANCE_PUBLIC_URL=OURS)
    assert str(ours["link"]).startswith(f"{OURS}/")
    assert str(ours["on_this_machine"]).startswith(f"http://127.0.0.1:{port}/january/")


@pytest.mark.parametrize(
    ("words", "nobodys"), [(MAKES_A_LINK[0], "news.example.org"), (MAKES_A_LINK[1], "news.safe-week.test")], ids=str
)
def test_no_token_stands_at_an_address_that_is_nobodys(run: Run, words: tuple[str, ...], nobodys: str) -> None:
    """The local address stands in its place, with what to do; and that nobody serves it now."""
    status, said = run(*words, OBSERVANCE_PUBLIC_URL=f"https://{nobodys}")
    assert 0 == status
    assert nobodys not in said
    assert re.search(r"  http://127\.0\.0\.1:8080/(r|sign-in)/[\w-]{43}\n", said)
    assert "public_url in config/settings.toml is still an example" in said
    assert "run `start` first" in said


def test_no_mail_carries_a_link_to_an_address_that_is_nobodys(run: Run) -> None:
    """It is refused before the link from before ends."""
    run(*MAKES_A_LINK[1])
    status, said = run(
        "review",
        "remind",
        "Ben Example",
        "--email",
        "ben@board.test",
        OBSERVANCE_MODE="live",
        OBSERVANCE_SENDGRID_API_KEY="SG.none",
        OBSERVANCE_CHANNELS__EMAIL__BASE_URL="http://127.0.0.1:9",
        OBSERVANCE_CHANNELS__X__BASE_URL="http://127.0.0.1:9",
    )
    assert 1 == status, said
    assert "public_url in config/settings.toml is still an example" in said
    assert "the old link still works" in said
    assert "/r/" not in said
    assert ["invited"] == [i["state"] for i in json.loads(run("review", "status", "--json")[1])["invitations"]]


def test_what_is_nobodys() -> None:
    """Domains that RFC 2606 keeps for examples and tests; a name that merely holds the word is somebody's."""
    assert all(map(leads_nowhere, ("example.org", "News.Example.NET", "x.example", "x.test.", "x.invalid")))
    assert not any(map(leads_nowhere, ("harbourlight.org", "myexample.org", "test.org", "localhost", "127.0.0.1")))
