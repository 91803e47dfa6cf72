"""What the stand-ins refuse of a picture is what the networks refuse; and what is told of one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest

from scheduler.channels.bluesky.build import cid_of
from scheduler.channels.contract.contract_bench import ALT, CARD, NOW, ContractBench
from scheduler.channels.contract.standin_pictures import a_png
from scheduler.channels.recording import recorded
from scheduler.channels.registry import CHANNELS
from scheduler.domain.outcome import Outcome, OutcomeKind
from scheduler.domain.reason import ReasonCode

NETWORKS = ("bluesky", "mastodon", "x")


@pytest.fixture(params=NETWORKS)
def bench(request: pytest.FixtureRequest) -> Iterator[ContractBench]:
    with ExitStack() as running:
        yield ContractBench(CHANNELS[request.param], running)


def sent(bench: ContractBench, content: bytes = CARD, alt_text: str = ALT, **changed: Any) -> Outcome:
    """A post with these bytes, said to be what ``changed`` says."""
    bench.draw = lambda picture: content
    transport = bench.transport()
    request = bench.request_with_picture(transport)
    assert request.picture is not None
    digest = hashlib.sha256(content).hexdigest()
    picture = replace(request.picture.picture, sha256=digest, byte_length=len(content), **changed)
    return transport.send(
        replace(request, picture=replace(request.picture, picture=picture, alt_text=alt_text)), now=NOW
    )


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a" + bytes(100), CARD[:-20]], ids=["nothing", "another kind", "broken off"]
)
def test_what_is_no_such_picture_is_not_posted(bench: ContractBench, content: bytes) -> None:
    """Whether the upload is refused, or the post that names it."""
    assert sent(bench, content).kind is not OutcomeKind.ACCEPTED
    assert (0, []) == (bench.kept, list(bench.stand_in.pictures()))


def test_an_alternative_text_that_is_too_long_is_refused(bench: ContractBench) -> None:
    """By X from 1,000 characters on, by Mastodon from 1,500; Bluesky takes it."""
    outcome = sent(bench, alt_text="A" * 1_501)
    if bench.spec.name == "bluesky":
        assert OutcomeKind.ACCEPTED is outcome.kind
    else:
        assert [ReasonCode.PICTURE_REFUSED] == [reason.code for reason in outcome.reasons]


def test_mastodons_picture_is_waited_for_until_it_is_ready() -> None:
    """The post names it then, and not before; where that takes too long, nothing was posted."""
    with ExitStack() as running:
        bench = ContractBench(CHANNELS["mastodon"], running)
        bench.server.looks_until_ready = 1
        assert OutcomeKind.ACCEPTED is sent(bench).kind
        assert 1 == len(bench.stand_in.pictures())
        bench.server.looks_until_ready = 1_000
        transport = bench.transport(seconds=1.0)
        outcome = transport.send(bench.request_with_picture(transport, 2), now=NOW)
        assert (OutcomeKind.LATER, 1, 1) == (outcome.kind, bench.kept, bench.server.sending_requests)


def test_bluesky_names_bytes_as_multiformats_does() -> None:
    """The example of the CID of raw bytes: those of "hello"."""
    digest = hashlib.sha256(b"hello").hexdigest()
    assert "bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq" == cid_of(digest)


def test_a_rehearsal_writes_down_which_picture_would_have_gone() -> None:
    """By hash, length and words; not its bytes."""
    with ExitStack() as running:
        bench = ContractBench(CHANNELS["x"], running)
        kept = recorded(bench.request_with_picture(bench.transport()))
        expected = {"bytes": len(CARD), "sha256": hashlib.sha256(CARD).hexdigest(), "alt_text": ALT}
        assert expected == kept["picture"]


def test_a_png_of_our_own_is_one() -> None:
    """Two shades, two pictures, of the size that was asked for."""
    assert a_png() != a_png(shade=1)
    assert a_png((7, 5))[16:24] == bytes([0, 0, 0, 7, 0, 0, 0, 5])
