"""The project's own environment: .venv from a lock file, and the tests in it. Standard library only.

``run.py`` calls this before any package is there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

RINGS = ("unit", "contract", "scenarios", "crash", "simulator", "browser", "live")
#: What a machine needs beside Python for a ring; its tests skip with a reason where that is absent.


def make_ready(root: str, venv: str, python: str, lock_name: str) -> int:
    """Make ``venv`` hold what the lock file says. Returns an exit status, 0 when ready.

    A copy of the lock file inside ``venv`` says what was installed; it is written last, so that a broken
    installation is made anew.
    """
    lock = Path(root, lock_name)
    wanted = lock.read_bytes()
    marker = Path(venv, lock_name)
    if os.path.exists(python) and marker.is_file() and marker.read_bytes() == wanted:
        return 0
    uv = shutil.which("uv")
    print(
        f"First use: installing {wanted.count(b'==')} packages into .venv from {lock_name} (about a minute) ...",
        file=sys.stderr,
        flush=True,
    )
    steps = []
    if not os.path.exists(python):
        shutil.rmtree(venv, ignore_errors=True)
        steps.append(
            [sys.executable, "-m", "venv", venv] if not uv else [uv, "venv", "-q", "--python", sys.executable, venv]
        )
    # --require-hashes: nothing is installed that is not in the lock file, byte for byte.
    if uv:
        install = [uv, "pip", "install", "-q", "--compile-bytecode", "--python", python]
        steps.append([*install, "--require-hashes", "-r", str(lock)])
    else:
        pip = [python, "-m", "pip", "--disable-pip-version-check", "-q", "install", "--no-input"]
        steps.append([*pip, "--require-hashes", "-r", str(lock)])
    # Where Python is told to write no bytecode, every start would compile everything again.
    steps.append([python, "-m", "compileall", "-q", str(Path(root, "scheduler"))])
    for step in steps:
        done = subprocess.run(step, check=False, capture_output=True, text=True)  # noqa: S603 - our own words
        if done.returncode:
            return _explain(step, done, venv)
    for earlier in Path(venv).glob("requirements*.lock"):
        earlier.unlink()
    if lock_name == "requirements-dev.lock":  # it holds everything of the other one
        shutil.copyfile(Path(root, "requirements.lock"), Path(venv, "requirements.lock"))
    shutil.copyfile(lock, marker)
    return 0


def _explain(step: list[str], done: subprocess.CompletedProcess[str], venv: str) -> int:
    last = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()][-3:]
    print("The set-up did not finish. Nothing was changed outside .venv.", file=sys.stderr)
    for line in last:
        print(f"  {line}", file=sys.stderr)
    if "venv" in step[2:3] or "ensurepip" in done.stderr + done.stdout:
        hint = "On Debian and Ubuntu: apt install python3-venv"
    else:
        hint = "Check the network and try again; the packages come from the Python package index that pip is set to"
    print(f"What to do: {hint}. To start over, delete {venv}.", file=sys.stderr)
    return 3


def run_tests(root: str, arguments: list[str]) -> int:
    """Run the tests: all rings, or those named first (``unit contract``); the rest goes to pytest."""
    rings = []
    while arguments and arguments[0] in RINGS:
        rings.append(str(Path(root, "tests", arguments[0])))
        arguments = arguments[1:]
    parallel = [] if any(a.startswith("-n") for a in arguments) else ["-n", str(min(4, os.cpu_count() or 1))]
    command = [sys.executable, "-m", "pytest", *parallel, *(rings or [str(Path(root, "tests"))]), *arguments]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("OBSERVANCE_") or k in _TEST_SETTINGS}
    return subprocess.call(command, cwd=root, env=environment)  # noqa: S603 - our own words


#: The only settings that reach the tests; all others would make a run depend on the machine.
_TEST_SETTINGS = (
    "OBSERVANCE_REQUIRE",
    "OBSERVANCE_TEST_POSTGRESQL",
    "OBSERVANCE_SENDGRID_SPEC",
    "OBSERVANCE_SEEDS",
    "OBSERVANCE_READERS",
    "OBSERVANCE_FULL",
)
