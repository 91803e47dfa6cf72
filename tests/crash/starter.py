"""Starts commands of the program as processes of their own, from one that has imported everything already.

``python -m tests.crash.starter`` reads one JSON line a request and answers each with one:
``{"spawn": ARGUMENTS, "environment": {...}, "output": FILE, "tuned": {...}}`` -> process id; ``tuned``: seconds for
"patience", "sweep" and "drain" of the alarm, and for "busy", how long a writer waits for another one;
``{"poll": PID}`` -> how it ended (-9 for SIGKILL), or null while it runs; ``{"wait": PID}`` waits for that.

A batch of SendGrid's holds ten readers here instead of a thousand, so that a small list makes five calls.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import traceback
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from scheduler.channels.sendgrid import send
from scheduler.channels.sendgrid.spec import SPEC
from scheduler.cli.main import main
from scheduler.engine import alarm, failpoints, tick
from scheduler.store import database, open_ledger

__all__ = ["alarm", "open_ledger", "send", "tick"]  # imported once, for all that are forked

ROOT = Path(__file__).parents[2]
BATCH = 10


class Starter:
    """The other end: asks such a process. Use it as a context manager."""

    def __enter__(self) -> Starter:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def _ask(self, **request: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def spawn(self, arguments: Sequence[str], environment: Mapping[str, str], output: Path, **tuned: float) -> int:
        return int(self._ask(spawn=list(arguments), environment=dict(environment), output=str(output), tuned=tuned))

    def poll(self, pid: int) -> int | None:
        ended = self._ask(poll=pid)
        return None if ended is None else int(ended)

    def wait(self, pid: int) -> int:
        return int(self._ask(wait=pid))


def _tune(tuned: Mapping[str, float]) -> None:
    defaults = alarm.Alarm.__init__.__kwdefaults__
    for name, seconds in tuned.items():
        if name == "busy":
            database.BUSY_TIMEOUT_MS = int(seconds * 1000)
        else:
            assert name in defaults
            defaults[name] = timedelta(seconds=seconds)


def _spawn(arguments: Sequence[str], environment: Mapping[str, str], output: str, tuned: Mapping[str, float]) -> int:
    child = os.fork()
    if child:
        return child
    status = 99
    try:
        descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for stream in (1, 2):
            os.dup2(descriptor, stream)
        os.environ.clear()
        os.environ.update(environment)
        _tune(tuned)
        failpoints._armed = failpoints.read(environment.get("OBSERVANCE_FAILPOINT", ""))
        status = main(list(arguments))
        sys.stdout.flush()
    except BaseException:
        traceback.print_exc()
    os._exit(status)


def _ended(pid: int, flags: int) -> int | None:
    found, status = os.waitpid(pid, flags)
    return os.waitstatus_to_exitcode(status) if found else None


def serve() -> None:
    object.__setattr__(SPEC, "batch_size", BATCH)  # it is frozen
    for line in sys.stdin:
        asked = json.loads(line)
        if "spawn" in asked:
            answer = _spawn(asked["spawn"], asked["environment"], asked["output"], asked["tuned"])
        elif "poll" in asked:
            answer = _ended(asked["poll"], os.WNOHANG)
        else:
            answer = _ended(asked["wait"], 0)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    serve()
