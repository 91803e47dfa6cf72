"""What holds for every test: no settings of the machine, no byte beyond loopback."""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from itertools import count
from pathlib import Path

import argon2
import hypothesis
import pytest
import pytest_socket

from tests.support import compiled_once, quick_disk, rehearsed_once, tables_once
from tests.support.long_form import many
from tests.support.postgresql import Server, binaries

# The same examples in every run, so that a red test is red for everybody. For a search beyond them:
# python3 run.py test unit --hypothesis-profile=search
hypothesis.settings.register_profile(
    "steady", derandomize=True, deadline=None, database=None, max_examples=many(40, 100)
)
hypothesis.settings.register_profile("search", deadline=None, max_examples=1000)
hypothesis.settings.load_profile("steady")

_KEPT = tuple(
    f"OBSERVANCE_{name}"
    for name in ("REQUIRE", "TEST_POSTGRESQL", "SENDGRID_SPEC", "TEST_COUNTERPARTS", "SEEDS", "READERS", "FULL")
)
for _name in [n for n in os.environ if n.startswith("OBSERVANCE_") and n not in _KEPT]:
    del os.environ[_name]
# What is known of ledgers outside their projects is kept in a folder of the run, never in somebody's home.
os.environ["OBSERVANCE_STATE"] = tempfile.mkdtemp(prefix="observance-state-")
atexit.register(shutil.rmtree, os.environ["OBSERVANCE_STATE"], ignore_errors=True)
# A proxy would carry a request off this machine; none of the tests needs one.
for _name in [n for n in os.environ if n.lower() in ("http_proxy", "https_proxy", "all_proxy")]:
    del os.environ[_name]


# A password costs a fraction of its real work in this process; test_access_rows.py holds what it costs elsewhere.
_real_work = argon2.PasswordHasher.__init__.__defaults__
assert _real_work is not None
argon2.PasswordHasher.__init__.__defaults__ = (1, 8, 1, *_real_work[3:])

compiled_once.share()
quick_disk.share()
tables_once.share()
rehearsed_once.share()

_POSTGRESQL: list[Server] = []
_NEEDS_A_DATABASE = ("contract", "crash", "simulator")


def pytest_configure(config: pytest.Config) -> None:
    """Start a PostgreSQL for the rings that use one, once for all workers, where its binaries are installed."""
    is_a_worker = hasattr(config, "workerinput")
    wanted = [a for a in config.args if Path(a).name == "tests" or any(ring in a for ring in _NEEDS_A_DATABASE)]
    programs = binaries()
    if is_a_worker or not wanted or programs is None or os.environ.get("OBSERVANCE_TEST_POSTGRESQL"):
        return
    server = Server(programs)
    os.environ["OBSERVANCE_TEST_POSTGRESQL"] = server.start()
    _POSTGRESQL.append(server)


def pytest_collection_finish() -> None:
    _set_aside()


#: After each so many tests, what is still there stays to the end.
_SET_ASIDE_EVERY = 100
#: And after so many it is looked through again: what nobody needs any more would stay in memory for ever.
_LOOK_THROUGH_EVERY = 500
_ENDED = count(1)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    ended = next(_ENDED)
    if ended % _LOOK_THROUGH_EVERY == 0:
        gc.unfreeze()
    if ended % _SET_ASIDE_EVERY == 0:
        _set_aside()


def _set_aside() -> None:
    """The collector need not look again and again through thousands of tests and what the program remembers: that took
    an eighth of the whole time."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    for server in _POSTGRESQL:
        server.stop()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How many tests ran in each ring, and how many processes the crash tests killed."""
    reports = [
        r for outcome in ("passed", "failed") for r in terminalreporter.stats.get(outcome, ()) if r.when == "call"
    ]
    rings = Counter(Path(r.nodeid.partition("::")[0]).parent.name for r in reports)
    if len(rings) > 1:
        terminalreporter.write_line("Tests by ring: " + ", ".join(f"{n} {ring}" for ring, n in sorted(rings.items())))
    kills = sum(int(str(value)) for r in _all(terminalreporter) for name, value in r.user_properties if name == "kills")
    if kills:
        broken = [
            r
            for outcome in ("failed", "error")
            for r in terminalreporter.stats.get(outcome, ())
            if "/crash/" in r.nodeid
        ]
        verdict = kill_verdict([(r.nodeid.rpartition("::")[2], _last_line(r)) for r in broken])
        terminalreporter.write_line(f"{kills} processes were killed with SIGKILL: {verdict}")


def kill_verdict(broken: Sequence[tuple[str, str]]) -> str:
    """What the crash tests found, of those that failed: (test, why). Why they did is theirs to say."""
    if not broken:
        return "nothing doubled, nothing lost."
    count = f"{len(broken)} of these tests" if len(broken) > 1 else "one of these tests"
    return "\n".join([f"{count} failed:", *(f"  {name}: {why}" for name, why in broken)])


def _last_line(report: pytest.TestReport) -> str:
    crash = getattr(report.longrepr, "reprcrash", None)
    text = str(crash.message) if crash is not None else str(report.longrepr)
    return (text.strip().splitlines() or ["no reason was given"])[0][:200]


def _all(terminalreporter: pytest.TerminalReporter) -> list[pytest.TestReport]:
    """Reports of the last phase of each test, where its properties are whole."""
    return [r for r in terminalreporter.stats.get("", ()) if getattr(r, "when", "") == "teardown"]


def pytest_runtest_setup() -> None:
    """Only loopback and unix sockets; anything else fails the test that tried."""
    pytest_socket.socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    """With OBSERVANCE_REQUIRE=all (set in CI) a skipped test is a failure, except those marked live."""
    outcome = yield
    report = outcome.get_result()
    if os.environ.get("OBSERVANCE_REQUIRE") == "all" and report.skipped and not item.get_closest_marker("live"):
        if getattr(report, "wasxfail", None) is None and "may be absent" not in str(report.longrepr):
            report.outcome = "failed"
            report.longrepr = f"required here, yet skipped: {report.longrepr}"
