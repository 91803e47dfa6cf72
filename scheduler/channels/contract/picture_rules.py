"""What a channel that takes pictures keeps, as tests: a part of :class:`~.suite.ChannelContract`."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

import pytest

from ...domain.outcome import OutcomeKind, Verdict
from ...domain.post_picture import PostPicture
from ...domain.reason import ReasonCode
from ..spec import ChannelSpec, UploadsFirst
from .contract_bench import ALT, CARD, NOW, SHORT, ContractBench
from .faults import UPLOAD, Act, Fault
from .standin_pictures import a_picture

#: All that may go wrong with an upload.
UPLOAD_FAULTS = (
    Act.REFUSE,
    Act.LIMIT,
    Act.ERROR_BEFORE,
    Act.ERROR_AFTER,
    Act.DROP_BEFORE,
    Act.DROP_AFTER,
    Act.BROKEN_BODY,
    Act.STALL,
)


class PictureContract:
    """See the module."""

    spec: ClassVar[ChannelSpec]

    @pytest.fixture
    def picture_bench(self, bench: ContractBench) -> ContractBench:
        """The same, of a channel that takes pictures."""
        if self.spec.media is None:
            pytest.skip(f"{bench.spec.name} takes no pictures; they may be absent")
        return bench

    def test_a_picture_arrives(self, picture_bench: ContractBench) -> None:
        """Its bytes and its alternative text, with the post, by one call that sends."""
        bench, transport = picture_bench, picture_bench.transport()
        assert transport.send(bench.request_with_picture(transport), now=NOW).kind is OutcomeKind.ACCEPTED
        assert [(a_picture(CARD).sha256, ALT)] == list(bench.stand_in.pictures())
        assert (1, 1) == (bench.kept, bench.server.sending_requests)
        assert transport.send(bench.request(transport), now=NOW).kind is OutcomeKind.ACCEPTED
        assert 1 == len(bench.stand_in.pictures()), "and none with the next post, which has none"

    @pytest.mark.parametrize("act", UPLOAD_FAULTS)
    def test_an_upload_that_fails_sends_nothing(self, picture_bench: ContractBench, act: Act) -> None:
        """At each of its steps: certainly not sent, and tried again from the start; then the post goes, once."""
        bench, transport = picture_bench, picture_bench.transport(seconds=SHORT if act is Act.STALL else 5.0)
        assert transport.send(bench.request_with_picture(transport, 1), now=NOW).kind is OutcomeKind.ACCEPTED
        steps = bench.server.upload_requests
        for step in range(1, steps + 1):
            nth, sent = bench.server.upload_requests + step, bench.server.sending_requests
            bench.faults.play(Fault(act, nth=nth, seconds=60, step=UPLOAD))
            request = bench.request_with_picture(transport, 1 + step)
            outcome = transport.send(request, now=NOW)
            if act is Act.BROKEN_BODY and outcome.kind is OutcomeKind.ACCEPTED:  # where the status says enough
                assert (a_picture(CARD).sha256, ALT) == bench.stand_in.pictures()[-1]
                continue
            assert OutcomeKind.LATER is outcome.kind
            assert sent == bench.server.sending_requests, "the call that posts was not begun"
            assert transport.send(request, now=NOW).kind is OutcomeKind.ACCEPTED
        assert [(a_picture(CARD).sha256, ALT)] * (1 + steps) == list(bench.stand_in.pictures())
        assert 1 + steps == bench.kept

    def test_a_hold_that_comes_in_an_upload_stops_the_post(self, picture_bench: ContractBench) -> None:
        """It is asked for after the upload, and what it stops was not begun."""
        bench, transport = picture_bench, picture_bench.transport()
        assert isinstance(transport, UploadsFirst)
        request = bench.request_with_picture(transport)
        outcome = transport.send_after_upload(request, now=NOW, may_go_on=lambda: False)
        assert (OutcomeKind.LATER, [ReasonCode.NOT_BEGUN]) == (outcome.kind, [r.code for r in outcome.reasons])
        assert 0 == bench.kept

    def test_a_refused_picture_is_said_to_be_that(self, picture_bench: ContractBench) -> None:
        """By a code of its own, for whoever has to correct it."""
        bench, transport = picture_bench, picture_bench.transport()
        bench.faults.play(Fault(Act.REFUSE, step=UPLOAD))
        outcome = transport.send(bench.request_with_picture(transport), now=NOW)
        assert [ReasonCode.PICTURE_REFUSED] == [reason.code for reason in outcome.reasons]

    def test_words_alone_go_where_the_item_allows_it(self, picture_bench: ContractBench) -> None:
        """After the picture was refused for good, and saying so; a limit, or a server that is away, is waited for."""
        bench, transport = picture_bench, picture_bench.transport()
        bench.faults.play(Fault(Act.LIMIT, step=UPLOAD))
        request = bench.request_with_picture(transport, may_lack=True)
        assert transport.send(request, now=NOW).kind is OutcomeKind.LATER
        bench.faults.play(Fault(Act.REFUSE, step=UPLOAD), Fault(Act.DROP_AFTER, nth=2))
        outcome = transport.send(request, now=NOW)
        assert (OutcomeKind.ACCEPTED, 1, 0) == (outcome.kind, bench.kept, len(bench.stand_in.pictures()))
        assert [ReasonCode.PICTURE_LEFT_OUT] == [reason.code for reason in outcome.reasons]
        bench.draw = lambda picture: b""
        request = bench.request_with_picture(transport, 2, may_lack=True)
        assert transport.send(request, now=NOW).kind is OutcomeKind.UNKNOWN
        found = transport.look_up(request, since=NOW, now=NOW)
        assert self.spec.evidence == "none" or found.verdict is Verdict.SENT, "what went without is found, too"

    def test_other_bytes_than_those_approved_go_nowhere(self, picture_bench: ContractBench) -> None:
        """Nor does a picture that cannot be made: nothing is uploaded, and nothing sent."""
        bench, transport = picture_bench, picture_bench.transport()
        request = bench.request_with_picture(transport)

        def cannot(picture: PostPicture) -> bytes:
            raise ValueError("no renderer")

        for draw in (lambda picture: CARD + b"\n", cannot):
            bench.draw = draw
            outcome = transport.send(request, now=NOW)
            assert OutcomeKind.LATER is outcome.kind
            assert [ReasonCode.PICTURE_NOT_MADE] == [reason.code for reason in outcome.reasons]
        assert (0, 0) == (bench.server.upload_requests, bench.server.sending_requests)

    def test_a_doubtful_post_with_a_picture_is_found(self, picture_bench: ContractBench) -> None:
        """What the network does to a post for its picture does not hide it."""
        bench, transport = picture_bench, picture_bench.transport()
        bench.faults.play(Fault(Act.DROP_AFTER))
        request = bench.request_with_picture(transport)
        assert transport.send(request, now=NOW).kind is OutcomeKind.UNKNOWN
        evidence = transport.look_up(request, since=NOW, now=NOW)
        assert self.spec.evidence == "none" or evidence.verdict is Verdict.SENT

    def test_no_upload_is_used_twice(self, picture_bench: ContractBench) -> None:
        """What a network gives for one is good for a while alone: a post that waits uploads its picture again."""
        bench, transport = picture_bench, picture_bench.transport()
        request = bench.request_with_picture(transport)
        bench.faults.play(Fault(Act.LIMIT))
        assert transport.send(request, now=NOW).kind is OutcomeKind.LATER
        bench.server.clock.advance(timedelta(hours=25))
        assert transport.send(request, now=NOW + timedelta(hours=25)).kind is OutcomeKind.ACCEPTED
        assert [(a_picture(CARD).sha256, ALT)] == list(bench.stand_in.pictures())
