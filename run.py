#!/usr/bin/env python3
"""Start Observance from this folder: `python3 run.py dry-run`. Needs Linux, Python 3.11 to 3.14 and nothing else.

On first use the packages of the lock file go into .venv, or the folder that OBSERVANCE_VENV names; after that this file
only hands over. It runs before every command, so it imports as little as can be.
"""

import os
import sys

ROOT = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.abspath(os.path.expanduser(os.environ.get("OBSERVANCE_VENV", "") or os.path.join(ROOT, ".venv")))
PYTHON = os.path.join(VENV, "bin", "python")


def main(arguments):
    if not (3, 11) <= sys.version_info[:2] <= (3, 14):
        print(f"Observance needs Python 3.11, 3.12, 3.13 or 3.14; this is {sys.version.split()[0]}.", file=sys.stderr)
        print("Start it with one of those, for example: python3.13 run.py dry-run", file=sys.stderr)
        return 3
    if os.name != "posix":
        print("Observance runs on Linux. On Windows, install WSL (wsl --install) and start it there.", file=sys.stderr)
        return 3
    if sys.path[:1] != [ROOT]:  # as with python3 -P
        sys.path.insert(0, ROOT)
    import scheduler

    if os.path.dirname(scheduler.__file__ or "") != os.path.join(ROOT, "scheduler"):
        print(f"Another package called scheduler is loaded already: {scheduler.__file__}.", file=sys.stderr)
        print("What to do: take it out of what this Python loads at its start, or use another Python.", file=sys.stderr)
        return 3
    os.environ.setdefault("OBSERVANCE_PROJECT", ROOT)
    testing = arguments[:1] == ["test"]
    if not testing and (not arguments or arguments[0] in ("-h", "--help", "--version")):
        return command_line(arguments)  # needs no package
    if os.path.realpath(sys.prefix) != os.path.realpath(VENV) and not environment_has_the_package():
        from scheduler.environment import make_ready, refuse

        if "observance" in sys._xoptions:  # handed over already
            return refuse(f"The Python in {VENV} does not work as that of an environment", f"rm -r {VENV}; then again")
        status = make_ready(ROOT, VENV, PYTHON, "requirements-dev.lock" if testing else lock_name())
        if status:
            return status
        sys.stdout.flush()
        os.execv(PYTHON, [PYTHON, "-X", "observance", os.path.join(ROOT, "run.py"), *arguments])
    if testing:
        from scheduler.environment import run_tests

        return run_tests(ROOT, arguments[1:])
    return command_line(arguments)


def lock_name():
    """The driver for PostgreSQL comes with the packages where the settings name such a database."""
    project = os.environ.get("OBSERVANCE_PROJECT") or ROOT
    url = os.environ.get("OBSERVANCE_DATABASE__URL", "")
    if not url:
        try:
            with open(os.path.join(project, "config", "settings.toml"), encoding="utf-8", errors="replace") as settings:
                lines = [line.replace(" ", "").replace("'", '"') for line in settings]
        except OSError:
            lines = []  # what is wrong with the settings is said by the command
        url = next((line[5:] for line in lines if line.startswith('url="')), "")
    return "requirements-postgresql.lock" if url.startswith("postgresql") else "requirements.lock"


def environment_has_the_package():
    """Inside somebody's own environment with Observance in it, nothing is installed."""
    if sys.prefix == sys.base_prefix and os.path.exists(PYTHON):
        return False
    from importlib import metadata

    return any(True for _ in metadata.distributions(name="observance"))


def command_line(arguments):
    from scheduler.cli.main import run_and_end as run

    return run(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
