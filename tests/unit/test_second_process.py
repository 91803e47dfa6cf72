"""Work is shared with a second process: what it finds is what one finds, and nothing of it is left behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scheduler.kept_file import KeptFile
from tests.support.small_month import EVE, copy_small_month

ROOT = Path(__file__).parents[2]
#: A process of its own, as a command is: the one that runs the tests has threads.
BEGIN = """
import os, signal, sys, threading, time
from scheduler import second_process
from scheduler.second_process import allow_second_process, share_notes, shared
second_process._processors = lambda: 2
allow_second_process()
FIRST = os.getpid()
def is_first(): return os.getpid() == FIRST
def both(work, count=20, is_long=True):
    with shared(work, range(count), is_long=is_long) as done:
        return done()
def part(number):
    time.sleep(0.01)
    return number * number, is_first()
def no_child():
    try: os.waitpid(-1, os.WNOHANG)
    except ChildProcessError: return True
"""
linux_alone = pytest.mark.skipif(sys.platform != "linux", reason="there is one process elsewhere")


def run(script: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", f"{BEGIN}\n{script}"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@linux_alone
def test_both_do_some_of_it_in_the_order_of_the_parts_and_tell_their_notes() -> None:
    script = """
class Notes(list):
    begin_to_tell = list.clear
    hear = list.extend
    def news(self): return [*self]
notes = Notes(["before"])
share_notes(notes)
met = [os.memfd_create("second"), os.memfd_create("first")]
def meet():  # neither goes on before both have begun with a part, within a minute
    os.write(met[is_first()], b"x")
    for _ in range(6000):
        if os.fstat(met[not is_first()]).st_size: break
        time.sleep(0.01)
def noted(number):
    notes.append(number)
    meet()
    return part(number)
found = both(noted)
assert [square for square, _ in found] == [n * n for n in range(20)]
assert {by_first for _, by_first in found} == {True, False}, found
assert sorted(notes[1:]) == [*range(20)] and notes[0] == "before", notes
assert no_child()
"""
    assert not run(script)


@linux_alone
def test_what_the_second_process_cannot_do_the_first_one_does() -> None:
    """It fails there, or is killed; what fails in both is raised, whole."""
    script = """
def fails(number): return part(number) if is_first() else 1 / 0
def is_killed(number): return part(number) if is_first() else os.kill(os.getpid(), signal.SIGKILL)
def says_no_plain_value(number): return part(number) if is_first() else (part(number), lambda: 0)
for work in (fails, is_killed, says_no_plain_value):
    assert [square for square, _ in both(work)] == [n * n for n in range(20)]
    assert no_child()
def fails_everywhere(number):
    if number == 13: raise KeyError("thirteen")
    return part(number)
try: both(fails_everywhere)
except KeyError as error: print(repr(error))
assert no_child()
"""
    assert run(script) == "KeyError('thirteen')"


def test_one_process_where_a_second_one_may_not_be_or_brings_nothing() -> None:
    script = """
def alone(**how): return all(by_first for _, by_first in both(part, **how))
assert alone(count=1) and alone(is_long=False)
second_process._processors = lambda: 1
assert alone()
second_process._processors = lambda: 2
asked = threading.Event()
thread = threading.Thread(target=asked.wait)
thread.start()
assert alone()
asked.set()
thread.join()
sys.platform = "darwin"
assert alone()
sys.platform = "linux"
second_process._IS_ALLOWED[0] = False
assert alone()
"""
    assert not run(script)


@linux_alone
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_nothing_is_left_when_the_command_is_stopped(how: signal.Signals) -> None:
    """Ctrl-C goes to both; a kill to the first alone, and the second one ends with its part."""
    script = """
def told(number):
    if not is_first(): print(os.getpid(), flush=True)
    time.sleep(0.02)
both(told, 3000)
"""
    with subprocess.Popen(
        [sys.executable, "-c", f"{BEGIN}\n{script}"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as first:
        assert first.stdout is not None
        second = int(first.stdout.readline())
        (os.killpg if how is signal.SIGINT else os.kill)(first.pid, how)
        first.stdout.read()  # it ends when both have
        assert first.wait() != 0
        assert not Path(f"/proc/{second}/cmdline").exists() or not Path(f"/proc/{second}/cmdline").read_bytes()


def names_in(pieces: Path) -> set[bytes]:
    """Under which something lies in a file of what is kept."""
    if pieces.name != "pieces":
        return set()
    file = KeptFile(pieces.parent, os.geteuid(), 0o600, 10_000)
    file._look()
    return set(file._places)


@linux_alone
def test_a_dry_run_is_the_same_with_one_process_and_with_two(tmp_path: Path) -> None:
    """Its files to the last byte (but for when it was made), what it prints, and what it keeps for later runs."""
    copy_small_month(tmp_path)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OBSERVANCE_")}
    environment |= {"OBSERVANCE_PROJECT": str(tmp_path), "OBSERVANCE_PRETEND_NOW": EVE}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"  # what rests on the program alone is there for both, or for none
    found = []
    for processors in (1, 2):
        script = (
            "import os, sys; from scheduler import second_process as second; second.MANY_ITEMS = 1\n"
            f"second._processors = lambda: {processors}\n"
            "fork, forks = os.fork, []\n"
            "os.fork = lambda: forks.append(1) or fork()\n"
            "from scheduler.cli.main import run_and_end\n"
            "status = run_and_end(['dry-run'])\n"
            "print(len(forks), file=sys.stderr); sys.exit(status)"
        )
        state = tmp_path / f"state-{processors}"
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env=environment | {"OBSERVANCE_STATE": str(state)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert int(done.stderr) == (3 if processors == 2 else 0), "messages, checks and the packet"
        out = tmp_path / "build" / "dry-run"
        files = {
            path.relative_to(out): re.sub(rb'"made_at": "[^"]*"', b"", path.read_bytes())
            for path in out.rglob("*")
            if path.is_file()
        }
        kept = {path.relative_to(state): names_in(path) for path in state.rglob("*") if path.is_file()}
        found.append((done.returncode, done.stdout, files, kept))
        out.rename(tmp_path / f"out-{processors}")
    (*said, files, kept), (*said_by_two, files_of_two, kept_of_two) = found
    assert (said, files) == (said_by_two, files_of_two)
    assert kept.keys() == kept_of_two.keys()
    assert {} == {
        path: (len(names - kept_of_two[path]), len(kept_of_two[path] - names))
        for path, names in kept.items()
        if names != kept_of_two[path]
    }
    assert len(files) > 10
