"""The project's own environment: .venv from a lock file, and the tests in it. Standard library only.

``run.py`` calls this before any package is there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

#: The lock files whose packages all stand in another one.
_HOLDS: dict[str, tuple[str, ...]] = {
    "requirements-postgresql.lock": ("requirements.lock",),
    "requirements-distributed.lock": ("requirements.lock", "requirements-postgresql.lock"),
    "requirements-dev.lock": ("requirements.lock", "requirements-postgresql.lock"),
}
RINGS = ("unit", "contract", "scenarios", "crash", "simulator", "browser", "live")
#: What is run while one works: it needs nothing beside Python, and five minutes on two cores.
QUICK = ("unit", "scenarios")


#: The only settings that reach the tests, beside a provider's description of its API; all others would make a run
#: depend on the machine.
_TEST_SETTINGS = (
    "OBSERVANCE_REQUIRE",
    "OBSERVANCE_TEST_POSTGRESQL",
    "OBSERVANCE_SEEDS",
    "OBSERVANCE_READERS",
    "OBSERVANCE_FULL",
    "OBSERVANCE_VENV",
)


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
    # --require-hashes: nothing is installed that is not in the lock file, byte for byte.
    make = [uv, "venv", "-q", "--python", sys.executable, venv] if uv else [sys.executable, "-m", "venv", venv]
    install = (
        [uv, "pip", "install", "-q", "--compile-bytecode", "--python", python]
        if uv
        else [python, "-m", "pip", "--disable-pip-version-check", "-q", "install", "--no-input"]
    )
    steps = [[*install, "--require-hashes", "-r", str(lock)]]
    try:
        if not _is_whole(python, needs_pip=not uv):  # such as one that was begun before python3-venv was installed
            folder = Path(venv)
            folder.mkdir(parents=True, exist_ok=True)
            held = list(folder.iterdir())
            # What was named and does not look like an environment is nobody's to delete.
            if folder != Path(root, ".venv") and held and not (folder / "pyvenv.cfg").is_file():
                return refuse(
                    f"{venv} holds something, and is no environment of Python",
                    "empty it, or name another folder: OBSERVANCE_VENV",
                )
            for path in held:
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path)
                else:
                    path.unlink()
            steps.insert(0, make)
        print(
            f"First use: installing {wanted.count(b'==')} packages into {venv} from {lock_name} (about a minute) ...",
            file=sys.stderr,
            flush=True,
        )
        for step in steps:
            done = _call(step)
            if done.returncode:
                return _explain(step, done, venv)
        # Where Python is told to write no bytecode, every start would compile everything again.
        _call([python, "-m", "compileall", "-q", str(Path(root, "scheduler"))])  # may fail: a checkout to read only
        for earlier in Path(venv).glob("requirements*.lock"):
            earlier.unlink()
        for name in (*_HOLDS.get(lock_name, ()), lock_name):
            shutil.copyfile(Path(root, name), Path(venv, name))
    except OSError as problem:
        return refuse(
            f"{problem.filename or venv} cannot be written: {problem.strerror}",
            "set OBSERVANCE_VENV to a folder of yours, as in: export OBSERVANCE_VENV=~/.observance-venv",
        )
    return 0


def _is_whole(python: str, *, needs_pip: bool) -> bool:
    """Whether it runs as the Python of an environment, with what is needed to install into it."""
    if not os.path.exists(python):
        return False
    # pip's own entry is imported: the package alone may have been written halfway.
    words = "import sys; sys.exit(sys.prefix == sys.base_prefix)"
    return _call([python, "-c", f"import pip._internal.cli.main; {words}" if needs_pip else words]).returncode == 0


def _call(step: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own words
        step, check=False, capture_output=True, encoding="utf-8", errors="replace"
    )


def _explain(step: list[str], done: subprocess.CompletedProcess[str], venv: str) -> int:
    said = done.stderr + done.stdout
    if "ensurepip" in said:
        hint = "on Debian and Ubuntu: apt install python3-venv; then run the same again"
    elif "venv" in step[1:3]:
        hint = f"see what Python says above; another folder can be named: OBSERVANCE_VENV (now {venv})"
    else:
        hint = "check the network and run the same again; the packages come from the package index that pip is set to"
    for line in [line for line in said.splitlines() if line.strip()][-3:]:
        print(f"  {line}", file=sys.stderr)
    return refuse(f"The set-up did not finish. Nothing was changed outside {venv}", hint)


def refuse(problem: str, hint: str) -> int:
    """Say what is wrong and what to do. Returns the exit status of a wrong setting."""
    print(f"{problem}.\nWhat to do: {hint}.", file=sys.stderr)
    return 3


def run_tests(root: str, arguments: list[str]) -> int:
    """Run the tests: all rings, or those named first (``unit contract``, or ``quick``); the rest goes to pytest."""
    rings: list[str] = []
    while arguments and arguments[0] in (*RINGS, "quick"):
        named = QUICK if arguments[0] == "quick" else arguments[:1]
        rings += [str(Path(root, "tests", ring)) for ring in named]
        arguments = arguments[1:]
    parallel = (
        []
        if any(a.startswith("-n") for a in arguments)
        # One more than there are processors: many tests wait for clocks and processes.
        else ["-n", str(min(4, (os.cpu_count() or 1) + 1)), "--dist", "worksteal"]
    )
    command = [sys.executable, "-m", "pytest", *parallel, *(rings or [str(Path(root, "tests"))]), *arguments]
    reaches = {k for k in os.environ if not k.startswith("OBSERVANCE_") or k in _TEST_SETTINGS or k.endswith("_SPEC")}
    # Tests start hundreds of processes: what one of them has compiled is kept for all.
    environment = {k: os.environ[k] for k in reaches - {"PYTHONDONTWRITEBYTECODE"}}
    return subprocess.call(command, cwd=root, env=environment)  # noqa: S603 - our own words
