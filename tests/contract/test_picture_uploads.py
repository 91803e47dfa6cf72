"""A post with a picture through the whole engine, on each network; and that the contract finds out who uploads badly."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from scheduler.channels.contract.contract_bench import ContractBench
from scheduler.channels.contract.faults import UPLOAD, Act, Fault, FaultScript
from scheduler.channels.contract.suite import ChannelContract
from scheduler.channels.mastodon.send import MastodonTransport
from scheduler.channels.mastodon.spec import SPEC as MASTODON
from scheduler.channels.spec import ChannelSpec
from scheduler.clock import VirtualClock
from scheduler.domain.delivery import State
from scheduler.domain.outcome import Outcome, OutcomeKind, Request
from scheduler.domain.post_picture import AttachedPicture, PostPicture
from scheduler.domain.reason import ReasonCode
from scheduler.store import Ledger
from tests.support.networks import ALT, DUE, WITH_X, OnePost, with_picture
from tests.support.world import World, a_post


class Road(OnePost):
    """A post with a picture on its way to a network."""

    def __init__(self, ledger: Ledger, name: str, double: Any, *, may_lack: bool) -> None:
        self.world, self.double = World(ledger, [with_picture(a_post("day-1"), may_lack=may_lack)]), double
        self.world.x = WITH_X[name].open(double.base_url)  # type: ignore[assignment]
        self.world.new_tick()


@pytest.fixture(params=sorted(WITH_X))
def road(ledger: Ledger, request: pytest.FixtureRequest) -> Iterator[Callable[..., Road]]:
    with ExitStack() as running:
        double = running.enter_context(WITH_X[request.param].double(clock=VirtualClock(DUE)))

        def begin(*faults: Fault, may_lack: bool = False) -> Road:
            double.faults = FaultScript(faults)
            made = Road(ledger, request.param, double, may_lack=may_lack)
            running.callback(made.world.x.close)
            return made

        yield begin


@pytest.mark.parametrize("act", [Act.REFUSE, Act.ERROR_AFTER, Act.DROP_AFTER])
def test_an_upload_that_fails_is_made_again(road: Callable[..., Road], act: Act) -> None:
    """No doubt, no person; the post goes with the next try, once."""
    made = road(Fault(act, step=UPLOAD))
    made.passes(0)
    assert (State.SCHEDULED, 0) == (made.delivery.state, made.double.sending_requests)
    expected = ReasonCode.PICTURE_REFUSED if act is Act.REFUSE else ReasonCode.PICTURE_STUCK
    assert made.delivery.has(expected)
    made.passes(*range(1, 20))
    assert (State.SENT, 1, 1) == (made.delivery.state, made.double.sending_requests, len(made.double.posts))
    assert [ALT] == [alt_text for _, alt_text in made.double.pictures()]


def test_a_hold_that_comes_while_it_uploads_stops_the_post(road: Callable[..., Road]) -> None:
    """An upload takes seconds, and the last check was before it."""
    made = road()
    ledger, transport = made.world.ledger, made.world.x
    draw = transport._context.draw

    def held_meanwhile(picture: PostPicture) -> bytes:
        ledger.holds.set("*", who="Ben Example", why="the line moves", now=DUE)
        return draw(picture)

    transport._context = replace(transport._context, draw=held_meanwhile)
    made.passes(0)
    assert (State.SCHEDULED, 0) == (made.delivery.state, made.double.sending_requests)


def test_a_picture_that_is_refused_for_good_is_missed(road: Callable[..., Road]) -> None:
    """The item says nothing of going without: at its window's end it was not sent, and why is said."""
    made = road(Fault(Act.REFUSE, step=UPLOAD, times=1000))
    made.passes(0, 60, 600, 900)
    assert (State.MISSED, 0) == (made.delivery.state, made.double.sending_requests)
    assert made.delivery.has(ReasonCode.PICTURE_REFUSED)


def test_the_history_says_what_went_without_its_picture(road: Callable[..., Road]) -> None:
    """By a code, where the item allows it."""
    made = road(Fault(Act.REFUSE, step=UPLOAD, status=415), may_lack=True)
    made.passes(0)
    assert (State.SENT, 1, []) == (made.delivery.state, len(made.double.posts), made.double.pictures())
    assert made.delivery.has(ReasonCode.PICTURE_LEFT_OUT)


# -- who uploads badly ----------------------------------------------------------------------------------


class Forgets(MastodonTransport):
    """Uploads, and posts without the picture."""

    def _upload(self, picture: AttachedPicture, content: bytes, now: datetime) -> str:
        super()._upload(picture, content, now)
        return ""


class GoesOn(MastodonTransport):
    """Posts the words alone when the upload fails."""

    def send(self, request: Request, *, now: datetime) -> Outcome:
        outcome = super().send(request, now=now)
        if outcome.kind is OutcomeKind.LATER and request.picture is not None:
            return super().send(replace(request, picture=None), now=now)
        return outcome


class TakesItForADoubt(MastodonTransport):
    """Takes an upload whose answer was lost for a post that may be there."""

    def send(self, request: Request, *, now: datetime) -> Outcome:
        outcome = super().send(request, now=now)
        codes = {reason.code for reason in outcome.reasons}
        return replace(outcome, kind=OutcomeKind.UNKNOWN) if ReasonCode.PICTURE_STUCK in codes else outcome


class GivesUp(MastodonTransport):
    """Takes a picture that was refused once for the end of the post."""

    def send(self, request: Request, *, now: datetime) -> Outcome:
        outcome = super().send(request, now=now)
        codes = {reason.code for reason in outcome.reasons}
        return replace(outcome, kind=OutcomeKind.FINAL) if ReasonCode.PICTURE_REFUSED in codes else outcome


class KeepsTheUpload(MastodonTransport):
    """Uploads once, and names the same upload at each try."""

    kept = ""

    def _upload(self, picture: AttachedPicture, content: bytes, now: datetime) -> str:
        self.kept = self.kept or super()._upload(picture, content, now)
        return self.kept


class SaysNothing(MastodonTransport):
    """Gives no alternative text."""

    def _upload(self, picture: AttachedPicture, content: bytes, now: datetime) -> str:
        return super()._upload(replace(picture, alt_text=""), content, now)


class DrawsAnew(MastodonTransport):
    """Sends whatever the machine draws."""

    def send(self, request: Request, *, now: datetime) -> Outcome:
        if request.picture is not None and self._context.draw is not None:
            try:
                content = self._context.draw(request.picture.picture)
            except ValueError:
                return super().send(request, now=now)
            made = replace(request.picture.picture, sha256=hashlib.sha256(content).hexdigest())
            request = replace(request, picture=replace(request.picture, picture=made))
        return super().send(request, now=now)


class UploadsAfterwards(MastodonTransport):
    """Posts, and then uploads."""

    def send(self, request: Request, *, now: datetime) -> Outcome:
        outcome = super().send(replace(request, picture=None), now=now)
        if request.picture is not None and self._context.draw is not None:
            self._upload(request.picture, self._context.draw(request.picture.picture), now)
        return outcome


class GoesOnThroughAHold(MastodonTransport):
    """Asks before its upload alone."""

    def send_after_upload(self, request: Request, *, now: datetime, may_go_on: Callable[[], bool]) -> Outcome:
        return super().send_after_upload(request, now=now, may_go_on=lambda: True)


def arrives(contract: ChannelContract, bench: ContractBench) -> None:
    contract.test_a_picture_arrives(bench)


def fails(act: Act) -> Callable[[ChannelContract, ContractBench], None]:
    return lambda contract, bench: contract.test_an_upload_that_fails_sends_nothing(bench, act)


def waits(contract: ChannelContract, bench: ContractBench) -> None:
    contract.test_no_upload_is_used_twice(bench)


def stops(contract: ChannelContract, bench: ContractBench) -> None:
    contract.test_a_hold_that_comes_in_an_upload_stops_the_post(bench)


def is_checked(contract: ChannelContract, bench: ContractBench) -> None:
    contract.test_other_bytes_than_those_approved_go_nowhere(bench)


BAD: tuple[tuple[type[MastodonTransport], Callable[[ChannelContract, ContractBench], None]], ...] = (
    (Forgets, arrives),
    (SaysNothing, arrives),
    (UploadsAfterwards, arrives),
    (GoesOn, fails(Act.ERROR_BEFORE)),
    (TakesItForADoubt, fails(Act.DROP_AFTER)),
    (GivesUp, fails(Act.REFUSE)),
    (KeepsTheUpload, waits),
    (GoesOnThroughAHold, stops),
    (DrawsAnew, is_checked),
)


def held_to(spec: ChannelSpec, rule: Callable[[ChannelContract, ContractBench], None]) -> None:
    contract = type("Held", (ChannelContract,), {"spec": spec})()
    with ExitStack() as running:
        rule(contract, ContractBench(spec, running))


@pytest.mark.parametrize(("bad", "rule"), BAD, ids=lambda one: getattr(one, "__name__", ""))
def test_the_contract_finds_it_out(
    bad: type[MastodonTransport], rule: Callable[[ChannelContract, ContractBench], None]
) -> None:
    """A channel that uploads badly does not keep it; Mastodon's own does."""
    held_to(MASTODON, rule)
    with pytest.raises(AssertionError):
        held_to(replace(MASTODON, transport=bad), rule)
