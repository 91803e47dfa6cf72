"""The ``observance`` command. The wheel has this file beside the package, as ``observance.py``: what is called
``scheduler`` there may be somebody else's, and then nothing of this package can be trusted to load.
"""

from __future__ import annotations

import sys


def main() -> int:
    """Hand over to the command line, where it is there. Returns the exit status."""
    if sys.platform == "win32":
        return _refuse("Observance runs on Linux", "on Windows, install WSL (wsl --install) and start it there")
    place = "where this Python looks first"
    try:
        import scheduler

        place = str(scheduler.__file__ or list(scheduler.__path__))
        is_ours = getattr(scheduler, "NAME", "") == "observance"
    except ImportError:  # the other one lacks something
        is_ours = False
    if not is_ours:
        return _refuse(
            f"Another package called scheduler is in the way ({place})",
            "install Observance into an environment of its own (pipx does), or remove the other one: pip uninstall "
            "scheduler, then pip install --force-reinstall observance; and look at PYTHONPATH",
        )
    from scheduler.cli.main import run_and_end as run

    return run()


def _refuse(problem: str, hint: str) -> int:
    sys.stderr.write(f"{problem}.\nWhat to do: {hint}.\n")
    return 3
