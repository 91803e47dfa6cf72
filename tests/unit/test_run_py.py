"""run.py: the first thing that a newcomer starts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scheduler import environment

ROOT = Path(__file__).parents[2]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "run.py"), *arguments], capture_output=True, text=True, check=False
    )


def test_help_needs_no_package() -> None:
    """Help is answered by a bare interpreter, before anything is installed."""
    bare = [sys.executable, "-S", "-E", str(ROOT / "run.py"), "--help"]
    done = subprocess.run(bare, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "dry-run" in done.stdout


def test_an_unknown_command_is_a_usage_error_with_a_suggestion() -> None:
    """Exit status 2, the near name, no traceback."""
    done = run("dryrun")
    assert done.returncode == 2
    assert "dry-run" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_broken_installation_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A set-up that fails leaves no marker, so that the next start begins anew, and speaks plainly."""
    (tmp_path / "requirements.lock").write_text("no-such-package-anywhere==1.0 --hash=sha256:" + "0" * 64 + "\n")
    venv = tmp_path / ".venv"
    python = venv / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\necho 'no network' >&2\nexit 1\n")
    python.chmod(0o755)
    status = environment.make_ready(str(tmp_path), str(venv), str(python), "requirements.lock")
    assert status == 3
    said = capsys.readouterr().err
    assert "What to do" in said
    assert not (venv / "requirements.lock").exists()


def test_a_matching_marker_installs_nothing(tmp_path: Path) -> None:
    """The second start reads one file and goes on."""
    (tmp_path / "requirements.lock").write_text("a==1\n")
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("")
    (tmp_path / ".venv" / "requirements.lock").write_text("a==1\n")
    assert environment.make_ready(str(tmp_path), str(tmp_path / ".venv"), str(python), "requirements.lock") == 0


def test_lock_files_name_no_index_and_pin_by_hash() -> None:
    """A lock file says what is installed, byte for byte, and nothing of where it came from."""
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        assert "--index" not in text
        pins = [line for line in text.splitlines() if "==" in line]
        assert pins
        assert all(line.rstrip().endswith("\\") for line in pins), "each pin is followed by its hashes"


def test_both_lock_files_agree() -> None:
    """The tests run on the versions that are shipped."""

    def pins(name: str) -> set[str]:
        return {line.split(" ")[0] for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if "==" in line}

    assert pins("requirements.lock") <= pins("requirements-dev.lock")
