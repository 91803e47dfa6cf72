"""Starts commands of the program as processes of their own, from one that has imported everything already.

``python -m tests.crash.starter`` reads one JSON line a request and answers each with one:
``{"spawn": ARGUMENTS, "environment": {...}, "output": FILE, "tuned": {...}, "group": ID}`` -> process id; ``tuned``:
seconds for "patience", "sweep" and "drain" of the alarm, and for "busy", how long a writer waits for another one;
``group``: of processes, which it joins, or 0 for a new one of its own; null for that of the starter itself;
``{"read": {...}}``, an environment: what the files of its project hold is made up for all that are spawned later;
``{"poll": PID}`` -> how it ended (-9 for SIGKILL), or null while it runs; ``{"wait": PID}`` waits for that.

A batch of SendGrid's holds ten readers here instead of a thousand, so that a small list makes five calls; another
number is the first argument. Two batches at a time are frozen, so that a mailing is begun before all of it is.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

from scheduler.channels import mime, notify
from scheduler.channels.sendgrid import build, send
from scheduler.channels.sendgrid.spec import SPEC
from scheduler.channels.x import send as x_send
from scheduler.cli import running
from scheduler.cli.main import main
from scheduler.engine import alarm, failpoints, tick, work_queue
from scheduler.store import database, open_ledger, recipients
from tests.support import compiled_once, quick_disk, rehearsed_once
from tests.support.small_month import copy_small_month

#: What the program imports only once it needs it, imported once here, for all that are forked.
__all__ = ["alarm", "build", "mime", "notify", "open_ledger", "running", "send", "tick", "work_queue", "x_send"]

ROOT = Path(__file__).parents[2]
BATCH = 10


class Starter:
    """The other end: asks such a process. Use it as a context manager."""

    def __init__(self, *, batch: int = BATCH) -> None:
        self.batch = batch

    def __enter__(self) -> Starter:
        command = [sys.executable, "-m", __name__, str(self.batch)]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
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
        return self._spawn(arguments, environment, output, None, tuned)

    def spawn_into(
        self, group: int, arguments: Sequence[str], environment: Mapping[str, str], output: Path, **tuned: float
    ) -> int:
        """Into this group of processes; with 0 into a new one."""
        return self._spawn(arguments, environment, output, group, tuned)

    def _spawn(
        self,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        output: Path,
        group: int | None,
        tuned: Mapping[str, float],
    ) -> int:
        asked = {"environment": dict(environment), "output": str(output), "tuned": dict(tuned), "group": group}
        return int(self._ask(spawn=list(arguments), **asked))

    def read(self, environment: Mapping[str, str]) -> None:
        """Before processes are started in a project: what each would make of the same files is made once."""
        self._ask(read=dict(environment))

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


def _spawn(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    output: str,
    tuned: Mapping[str, float],
    group: int | None,
) -> int:
    child = os.fork()
    if child:
        if group is not None:
            os.setpgid(child, group)
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


def _get_warm() -> None:
    """What the program imports only when it needs it."""
    for shared in (compiled_once, rehearsed_once, quick_disk):
        shared.share()
    with TemporaryDirectory(prefix="observance-starter-") as folder:
        copy_small_month(Path(folder))
        _read({**os.environ, "OBSERVANCE_PROJECT": folder, "OBSERVANCE_STATE": f"{folder}/.state"})


def _read(environment: Mapping[str, str]) -> int:
    """What a project's files hold is read, compiled, rendered and checked once, for all that are forked."""
    with mock.patch.dict(os.environ, environment, clear=True), open(os.devnull, "w") as nowhere:
        with redirect_stdout(nowhere):
            status = main(["check"])
    gc.collect()
    gc.freeze()
    return status


def serve() -> None:
    _get_warm()
    batch = int(sys.argv[1]) if len(sys.argv) > 1 else BATCH
    object.__setattr__(SPEC, "batch_size", batch)  # it is frozen
    recipients.FREEZE_AT_ONCE = 2 * batch
    for line in sys.stdin:
        asked = json.loads(line)
        if "spawn" in asked:
            answer = _spawn(asked["spawn"], asked["environment"], asked["output"], asked["tuned"], asked["group"])
        elif "read" in asked:
            answer = _read(asked["read"])
        elif "poll" in asked:
            answer = _ended(asked["poll"], os.WNOHANG)
        else:
            answer = _ended(asked["wait"], 0)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    serve()
