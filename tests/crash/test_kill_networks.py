"""A post on a network that can be asked, its process killed around the call: never twice, never lost, and no person is
needed.

The judge is the server's stand-in, which lives in the tests' own process.
"""

from __future__ import annotations

import os
import shutil
import signal
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from scheduler.channels.contract.faults import UPLOAD, Act, Fault, FaultScript
from scheduler.clock import VirtualClock
from scheduler.domain.delivery import State
from scheduler.domain.records import Delivery
from scheduler.engine.failpoints import FAILPOINTS
from scheduler.store import open_ledger
from tests.crash.driver import url_of
from tests.crash.forks import Forks
from tests.crash.network_driver import POST, POSTS
from tests.support.long_form import FULL
from tests.support.networks import ALT, NETWORKS, WITH_X, Network
from tests.support.world import A_MONTH, an_approval

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="SIGKILL may be absent on this system")

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
        for post in POSTS.values():
            ledger.approvals.record(an_approval(post, at=eve))
        ledger.armings.arm(A_MONTH, who="Ada", now=eve)
    return folder


@pytest.fixture(params=sorted(NETWORKS))
def network(request: pytest.FixtureRequest) -> Network:
    return NETWORKS[request.param]


@pytest.fixture
def server(network: Network) -> Iterator[Any]:
    """Its clock is that of the processes: what was posted was posted when the item was due."""
    with network.double(clock=VirtualClock(POST.due_at)) as running:
        yield running


class Project:
    """Its folder, and processes that make passes over it."""

    def __init__(self, forks: Forks, folder: Path) -> None:
        self.forks, self._folder = forks, folder

    def start(self, network: Network, port: int, *minutes: int, failpoint: str = "", post: str = "words") -> int:
        """A pass at each of these minutes; how the process ended."""
        words = self._words(network, port, *minutes, post=post)
        return self.forks.run("network", *words, OBSERVANCE_FAILPOINT=failpoint)

    def spawn(self, network: Network, port: int, *, post: str) -> int:
        """Begin one; the id of the process."""
        return self.forks.spawn("network", *self._words(network, port, 0, post=post))

    def _words(self, network: Network, port: int, *minutes: int, post: str) -> list[object]:
        instants = [(POST.due_at + timedelta(minutes=minute)).isoformat() for minute in minutes]
        return [network.name, post, self._folder, port, *instants]

    def delivery(self) -> Delivery:
        with closing(open_ledger(url_of(self._folder))) as ledger:
            (delivery,) = ledger.deliveries.of_season("live", A_MONTH)
            return delivery


@pytest.fixture
def project(template: Path, tmp_path: Path, forks: Forks) -> Project:
    shutil.copytree(template, tmp_path / "project")
    return Project(forks, tmp_path / "project")


@pytest.mark.parametrize("point", POINTS if FULL else AROUND)
def test_a_kill_doubles_nothing_and_loses_nothing(network: Network, server: Any, project: Project, point: str) -> None:
    """Whatever the process did not live to write down, the server knows: what it has is not sent again, and what it
    says that it does not have is."""
    assert -signal.SIGKILL == project.start(network, server.port, 0, failpoint=f"{point}:kill")
    assert (1 if point in TAKEN else 0) == len(server.posts)
    assert 0 == project.start(network, server.port, *range(5, 65, 5))
    delivery = project.delivery()
    assert (State.SENT, False) == (delivery.state, delivery.needs_a_person())
    assert [POST.body.text] == [post.text for post in server.posts]
    assert 1 == server.sending_requests, "one call for each post, whoever made it"


def test_what_was_in_doubt_goes_again_only_when_the_server_says_that_it_is_absent(
    network: Network, project: Project
) -> None:
    """Killed before the call, and for half an hour nobody can be asked: nothing is sent. Then "absent", and once
    sent."""
    with network.double() as server:
        project.start(network, server.port, 0, failpoint="before_call:kill")
        port = server.port
    assert 0 == project.start(network, port, *range(5, 35, 5))
    assert State.UNKNOWN == project.delivery().state
    with network.double(port=port) as server:
        assert 0 == project.start(network, port, *range(35, 180, 5))
        assert State.SENT == project.delivery().state
        assert (1, 1) == (len(server.posts), server.sending_requests)


def test_what_is_in_doubt_for_longer_than_a_key_is_kept_is_left_to_a_person(project: Project) -> None:
    """Mastodon knows a call again for an hour: later on, "absent" proves too little."""
    network = NETWORKS["mastodon"]
    with network.double() as server:
        project.start(network, server.port, 0, failpoint="before_call:kill")
        assert 0 == project.start(network, server.port, *range(60, 780, 30))
        delivery = project.delivery()
        assert (State.UNKNOWN, True, 0) == (delivery.state, delivery.needs_a_person(), len(server.posts))


# -- pictures -------------------------------------------------------------------------------------------

#: Where the process is killed, by what the stand-in does: in an upload that was not taken, in one that was, and in the
#: call that posts, before and after the post was taken.
KILLS = {
    "in the upload": Fault(Act.STALL, step=UPLOAD, accepts=False, seconds=600),
    "after the upload": Fault(Act.STALL, step=UPLOAD, seconds=600),
    "in the post": Fault(Act.STALL, accepts=False, seconds=600),
    "after the post": Fault(Act.STALL, seconds=600),
}


def kill_when_it_waits(network: Network, project: Project, server: Any, fault: Fault) -> None:
    """Start a process, let it come to the fault, and kill it there."""
    server.faults = FaultScript([fault])
    process = project.spawn(network, server.port, post="picture")
    is_to_be_taken = fault.accepts and not fault.step
    for _ in range(6_000):
        if server.faults.is_used_up and (server.posts or not is_to_be_taken):
            break
        assert project.forks.is_up(process)
        threading.Event().wait(0.01)
    os.kill(process, signal.SIGKILL)
    assert -signal.SIGKILL == project.forks.wait(process)
    server.faults = FaultScript()


@pytest.mark.parametrize("when", KILLS)
@pytest.mark.parametrize("name", sorted(WITH_X))
def test_a_kill_around_an_upload(name: str, project: Project, when: str) -> None:
    """Nothing twice, nothing lost, and the picture with its words. What X does not show is left to a person, as ever."""
    network = WITH_X[name]
    with network.double(clock=VirtualClock(POST.due_at)) as server:
        kill_when_it_waits(network, project, server, KILLS[when])
        assert (1 if when == "after the post" else 0) == len(server.posts)
        assert 0 == project.start(network, server.port, *range(5, 65, 5), post="picture")
        delivery = project.delivery()
        if name == "x" and when != "after the post":
            assert (State.UNKNOWN, True, 0) == (delivery.state, delivery.needs_a_person(), len(server.posts))
        else:
            assert (State.SENT, False) == (delivery.state, delivery.needs_a_person())
            assert [ALT] == [alt_text for _, alt_text in server.pictures()]
            assert [POST.body.text] == [post.text for post in server.posts]


@pytest.mark.parametrize("name", sorted(WITH_X))
def test_a_kill_before_the_upload(name: str, project: Project) -> None:
    """As of a post without a picture."""
    network = WITH_X[name]
    with network.double(clock=VirtualClock(POST.due_at)) as server:
        project.start(network, server.port, 0, failpoint="before_call:kill", post="picture")
        assert (0, 0) == (server.upload_requests, server.sending_requests)
        assert 0 == project.start(network, server.port, *range(5, 65, 5), post="picture")
        assert (0 if name == "x" else 1) == len(server.posts) == len(server.pictures())
