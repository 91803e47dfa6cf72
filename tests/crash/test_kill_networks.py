"""A post on a network that can be asked, its process killed around the call: never twice, never lost, and no person is
needed.

The judge is the server's stand-in, which lives in the tests' own process.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from scheduler.clock import VirtualClock
from scheduler.domain.delivery import State
from scheduler.domain.records import Delivery
from scheduler.engine.failpoints import FAILPOINTS
from scheduler.store import open_ledger
from tests.crash.driver import url_of
from tests.crash.kills import counted
from tests.crash.network_driver import POST
from tests.support.long_form import FULL
from tests.support.networks import NETWORKS, Network
from tests.support.world import A_MONTH, an_approval

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="SIGKILL may be absent on this system")

ROOT = Path(__file__).parents[2]
#: Those that a post passes, from the intent on; in the long form all of them.
POINTS = [name for name in FAILPOINTS if name not in ("before_reader", "after_reader", "after_delivery")]
AROUND = ["after_intent_commit", "before_call", "after_call", "before_outcome_commit"]
#: Beyond this point the server has the post.
TAKEN = POINTS[POINTS.index("after_call") :]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with an approved post and an armed season."""
    folder = tmp_path_factory.mktemp("network")
    with closing(open_ledger(url_of(folder))) as ledger:
        eve = POST.due_at - timedelta(days=1)
        ledger.approvals.record(an_approval(POST, at=eve))
        ledger.armings.arm(A_MONTH, who="Ada", now=eve)
    return folder


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    shutil.copytree(template, tmp_path / "project")
    return tmp_path / "project"


@pytest.fixture(params=sorted(NETWORKS))
def network(request: pytest.FixtureRequest) -> Network:
    return NETWORKS[request.param]


@pytest.fixture
def server(network: Network) -> Iterator[Any]:
    """Its clock is that of the processes: what was posted was posted when the item was due."""
    with network.double(clock=VirtualClock(POST.due_at)) as running:
        yield running


def start(network: Network, folder: Path, port: int, *minutes: int, failpoint: str = "") -> int:
    """A process that makes a pass at each of these minutes; how it ended."""
    environment = {**os.environ, "OBSERVANCE_FAILPOINT": failpoint}
    instants = [(POST.due_at + timedelta(minutes=minute)).isoformat() for minute in minutes]
    command = [sys.executable, "-m", "tests.crash.network_driver", network.name, str(folder), str(port), *instants]
    return counted(subprocess.run(command, cwd=ROOT, env=environment, check=False, timeout=600).returncode)


def delivery_in(folder: Path) -> Delivery:
    with closing(open_ledger(url_of(folder))) as ledger:
        (delivery,) = ledger.deliveries.of_season("live", A_MONTH)
        return delivery


@pytest.mark.parametrize("point", POINTS if FULL else AROUND)
def test_a_kill_doubles_nothing_and_loses_nothing(network: Network, server: Any, folder: Path, point: str) -> None:
    """Whatever the process did not live to write down, the server knows: what it has is not sent again, and what it
    says that it does not have is."""
    assert -signal.SIGKILL == start(network, folder, server.port, 0, failpoint=f"{point}:kill")
    assert (1 if point in TAKEN else 0) == len(server.posts)
    assert 0 == start(network, folder, server.port, *range(5, 65, 5))
    delivery = delivery_in(folder)
    assert (State.SENT, False) == (delivery.state, delivery.needs_a_person())
    assert [POST.body.text] == [post.text for post in server.posts]
    assert 1 == server.sending_requests, "one call for each post, whoever made it"


def test_what_was_in_doubt_goes_again_only_when_the_server_says_that_it_is_absent(
    network: Network, folder: Path
) -> None:
    """Killed before the call, and for half an hour nobody can be asked: nothing is sent. Then "absent", and once
    sent."""
    with network.double() as server:
        start(network, folder, server.port, 0, failpoint="before_call:kill")
        port = server.port
    assert 0 == start(network, folder, port, *range(5, 35, 5))
    assert State.UNKNOWN == delivery_in(folder).state
    with network.double(port=port) as server:
        assert 0 == start(network, folder, port, *range(35, 180, 5))
        assert State.SENT == delivery_in(folder).state
        assert (1, 1) == (len(server.posts), server.sending_requests)


def test_what_is_in_doubt_for_longer_than_a_key_is_kept_is_left_to_a_person(folder: Path) -> None:
    """Mastodon knows a call again for an hour: later on, "absent" proves too little."""
    network = NETWORKS["mastodon"]
    with network.double() as server:
        start(network, folder, server.port, 0, failpoint="before_call:kill")
        assert 0 == start(network, folder, server.port, *range(60, 780, 30))
        delivery = delivery_in(folder)
        assert (State.UNKNOWN, True, 0) == (delivery.state, delivery.needs_a_person(), len(server.posts))
