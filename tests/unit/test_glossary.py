"""The glossary keeps up with the code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scheduler.cli.main import COMMANDS
from scheduler.domain.campaign import Kind
from scheduler.domain.delivery import State
from scheduler.domain.subscriber import SubscriberState

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("state", list(State))
def test_each_state_is_explained(state: State) -> None:
    """A state that a person may see stands in the glossary."""
    assert f"| `{state}` |" in (DOCS / "glossary.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("state", list(SubscriberState))
def test_each_state_of_a_reader_is_explained(state: SubscriberState) -> None:
    """The same for readers."""
    assert f"| `{state}` |" in (DOCS / "glossary.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", list(Kind))
def test_each_kind_is_named(kind: Kind) -> None:
    """A kind of item stands in the glossary and in the description of the files."""
    assert str(kind) in (DOCS / "glossary.md").read_text(encoding="utf-8")
    assert str(kind) in (DOCS / "reference" / "campaign-files.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", list(COMMANDS))
def test_each_command_is_documented(command: str) -> None:
    """A command has its own entry in the reference."""
    assert f"\n## {command}\n" in (DOCS / "reference" / "commands.md").read_text(encoding="utf-8")


def test_the_picture_of_the_states_is_current() -> None:
    """The page of states is made from the table of moves."""
    done = subprocess.run([sys.executable, str(DOCS / "make_states.py"), "--check"], check=False)
    assert done.returncode == 0, "run: python docs/make_states.py"
