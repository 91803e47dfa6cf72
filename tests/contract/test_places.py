"""The program in a project that it may only read: what it writes is elsewhere, where two settings say."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.five_days import keep_five_days

ROOT = Path(__file__).resolve().parents[2]
CAMPAIGN = "human-trafficking-prevention"


class ReadOnlyProject:
    """Five days of the shipped project on a disk that nobody can write to, not even root."""

    def __init__(self, root: Path, elsewhere: Path) -> None:
        self.root, self.var, self.build = root, elsewhere / "var", elsewhere / "build"
        self._before = self.files()
        kept = {name: value for name, value in os.environ.items() if not name.startswith("OBSERVANCE_")}
        self.env = {**kept, "OBSERVANCE_STATE": str(elsewhere / "state")}
        self.places = {"OBSERVANCE_PATHS__VAR": str(self.var), "OBSERVANCE_PATHS__BUILD": str(self.build)}

    def files(self) -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns for path in self.root.rglob("*")}

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "scheduler.cli", *arguments, "--project", str(self.root)]

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        env = {**self.env, **(more or self.places)}
        command = self.command(*arguments)
        done = subprocess.run(command, capture_output=True, text=True, env=env, cwd=ROOT, timeout=300, check=False)
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def is_untouched(self) -> bool:
        return self._before == self.files()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReadOnlyProject]:
    root, elsewhere = tmp_path_factory.mktemp("project"), tmp_path_factory.mktemp("elsewhere")
    mount = ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(root)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("the right to mount a disk may be absent: run this as root")
    try:
        for name in ("config", "campaigns", "templates"):
            shutil.copytree(ROOT / name, root / name)
        keep_five_days(root)
        subprocess.run(["mount", "-o", "remount,ro", str(root)], check=True, capture_output=True)
        yield ReadOnlyProject(root, elsewhere)
    finally:
        subprocess.run(["umount", "--lazy", str(root)], check=True, capture_output=True)


def test_a_month_is_rehearsed_and_the_ledger_kept_elsewhere(project: ReadOnlyProject) -> None:
    """Dry run, the first entry of a ledger, its status and its copy; nothing of the project changes."""
    assert project.run("dry-run").returncode in (0, 1)
    assert (project.build / "dry-run" / f"{CAMPAIGN}-2027" / "index.html").is_file()
    signed = project.run(
        "sign", "claim", "law-trafficking", "--opened", "--by", "Ada Example", "--role", "fact-reviewer"
    )
    assert 0 == signed.returncode, signed.stderr
    assert {"observance.db", "secret.key"} <= {path.name for path in project.var.iterdir()}
    status = json.loads(project.run("status", "--json").stdout)
    assert [] == [line for line in status.get("trouble", []) if line["check"] in ("database", "disk")]
    assert 0 == project.run("db", "backup", str(project.build / "copy.db")).returncode
    assert (project.build / "copy.db").is_file()
    assert project.is_untouched()


def test_it_is_started_and_records_elsewhere(project: ReadOnlyProject) -> None:
    """`start` says where calls are recorded, and keeps its ledger there."""
    started = project.command("start", "--no-web")
    env = {**project.env, **project.places}
    with subprocess.Popen(started, stdout=subprocess.PIPE, text=True, env=env, cwd=ROOT) as running:
        assert running.stdout is not None
        said = running.stdout.readline()
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=120)
    assert f"calls are recorded in {project.var}/rehearsal/" in said
    assert (project.var / "observance.db").is_file()
    assert project.is_untouched()


def test_doctor_says_which_folder_cannot_be_written_to(project: ReadOnlyProject) -> None:
    """By itself the project's own folders are meant; a setting for each is named."""

    def lines(**places: str) -> dict[str, str]:
        told = json.loads(project.run("doctor", "--json", **places).stdout)["lines"]
        return {line["said"].partition(" ")[0]: line["light"] for line in told if line["check"] == "folders"}

    assert {} == lines()
    own = lines(OBSERVANCE_LOG_LEVEL="error")
    assert {str(project.root / "var"): "red", str(project.root / "build"): "amber"} == own
    assert {str(project.root / "build"): "amber"} == lines(OBSERVANCE_PATHS__VAR=str(project.var))


def test_without_a_place_it_is_said_what_cannot_be_written(project: ReadOnlyProject) -> None:
    """With the cause, and no trace of the program's inside."""
    done = project.run("dry-run", OBSERVANCE_PATHS__VAR=str(project.var))
    assert 1 == done.returncode
    assert "Read-only file system" in done.stderr


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite:///var/observance.db", "elsewhere/observance.db"),
        ("sqlite:///var/deep/observance.db", "elsewhere/deep/observance.db"),
        ("sqlite:///data/observance.db", "data/observance.db"),
        ("sqlite:////srv/var/observance.db", "/srv/var/observance.db"),
    ],
)
def test_a_ledger_in_var_is_where_var_is(url: str, file: str, tmp_path: Path) -> None:
    """Any other place is meant as it is written."""
    from scheduler.wiring import load_settings

    for name in ("config", "campaigns"):
        shutil.copytree(ROOT / name, tmp_path / name)
    env = {"OBSERVANCE_PATHS__VAR": "elsewhere", "OBSERVANCE_DATABASE__URL": url}
    assert f"sqlite:///{(tmp_path / file).as_posix()}" == load_settings(tmp_path, env).database_url
