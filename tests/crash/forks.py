"""Starts the drivers of these tests as processes of their own, each of which can die on its own, forked from one that
has imported everything already: Python and the program take a second to start.

``python -m tests.crash.forks`` reads a command a line: ``run JSON`` waits for its process and prints how it ended,
``spawn JSON`` prints its id, ``poll ID`` prints how it ended or null while it runs, ``wait ID`` waits for that. The
JSON: [driver, environment, arguments].
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from scheduler.channels.smtp import send
from scheduler.engine import failpoints
from tests.crash import driver, instant_driver, letters, network_driver, smtp_driver
from tests.crash.kills import counted
from tests.support import compiled_once, quick_disk
from tests.support.networks import WITH_X

__all__ = ["send"]  # imported once, for all that are forked

ROOT = Path(__file__).parents[2]
_DRIVERS: dict[str, Callable[[Sequence[str]], None]] = {
    "day": driver.main,
    "instant": instant_driver.main,
    "letters": letters.main,
    "network": network_driver.main,
    "smtp": smtp_driver.main,
}


class Forks:
    """The other end: asks such a process."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", __name__]
        self._server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)

    def _say(self, verb: str, *what: object) -> int | None:
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.write(f"{verb} {json.dumps(what)}\n")
        self._server.stdin.flush()
        answer = json.loads(self._server.stdout.readline())
        return None if answer is None else int(answer)

    def run(self, driver: str, *arguments: object, **environment: str) -> int:
        """Run to the end; how it ended, -9 for SIGKILL."""
        return counted(self._say("run", driver, environment, [str(a) for a in arguments]))

    def spawn(self, driver: str, *arguments: object, **environment: str) -> int:
        """Start, and go on; the process id."""
        return self._say("spawn", driver, environment, [str(a) for a in arguments])

    def is_up(self, pid: int) -> bool:
        """Ask of one that has not ended when it was asked before."""
        return self._say("poll", pid) is None

    def wait(self, pid: int) -> int:
        return counted(self._say("wait", pid))

    def close(self) -> None:
        self._server.communicate()


def _forked(driver: str, environment: dict[str, str], arguments: Sequence[str]) -> int:
    child = os.fork()
    if child == 0:
        try:
            os.environ.update(environment)
            failpoints._armed = failpoints.read(os.environ.get("OBSERVANCE_FAILPOINT", ""))
            _DRIVERS[driver](arguments)
        except BaseException:
            traceback.print_exc()
            os._exit(99)
        os._exit(0)
    return child


def _ended(pid: int, flags: int = 0) -> int | None:
    found, status = os.waitpid(pid, flags)
    return os.waitstatus_to_exitcode(status) if found else None


def _get_warm() -> None:
    """What statements are in SQL is found out once, for all that are forked: it is most of what a day costs. A day that
    goes well, and the rest of one whose process was killed."""
    compiled_once.share_statements()
    quick_disk.share()
    with TemporaryDirectory(prefix="observance-forks-") as name:
        for folder, kill in ((Path(name, "whole"), ""), (Path(name, "killed"), "after_call:kill:2")):
            folder.mkdir()
            driver.make_ready(driver.url_of(folder))
            if kill:
                _ended(_forked("day", {"OBSERVANCE_FAILPOINT": kill}, [str(folder), driver.DUE.isoformat()]))
            driver.drive(folder, (driver.EVE, driver.DUE, driver.DUE + timedelta(minutes=10)))


def serve() -> None:
    _get_warm()
    for network in WITH_X.values():
        network.open("http://127.0.0.1:1").close()  # with what it imports only then
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        verb, rest = line.split(" ", 1)
        what = json.loads(rest)
        if verb == "run":
            answer = _ended(_forked(*what))
        elif verb == "spawn":
            answer = _forked(*what)
        else:
            answer = _ended(what[0], os.WNOHANG if verb == "poll" else 0)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    serve()
