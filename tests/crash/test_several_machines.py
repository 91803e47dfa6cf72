"""Several machines on one PostgreSQL, killed again and again; in the long form many readers and more kills."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash.several_machines import live_through, several_machines
from tests.crash.started import can_be_killed
from tests.crash.starter import Starter
from tests.support.long_form import FULL
from tests.support.postgresql import Server, binaries

pytestmark = pytest.mark.skipif(not can_be_killed(), reason="SIGKILL may be absent on this system")


def test_a_day_on_several_machines_ends_with_each_mail_once(starter: Starter, tmp_path: Path) -> None:
    """Two processes beside the files and three workers without them, one with the queue; a kill every few seconds, the
    database restarted, a hold and a correction: nobody has it twice, nobody lacks it, and the books say so."""
    programs = binaries()
    if programs is None:
        pytest.skip("PostgreSQL's own programs may be absent: install postgresql")
    server = Server(programs, is_restarted=True)
    url, readers = server.start(), 5_000 if FULL else 200
    try:
        with several_machines(tmp_path, starter, server, url, readers) as day:
            live_through(day, seed=readers)
            assert day.good_verdict() == day.verdict()
    finally:
        server.stop()
