"""A post on Bluesky: how it is built, what each answer means, and how a session is made, kept and made anew."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.channels.bluesky.build import build_post, record_key
from scheduler.channels.bluesky.send import BlueskyTransport, outcome_of
from scheduler.channels.bluesky.simulator import BLUESKY_SECRETS, HANDLE, BlueskyDouble
from scheduler.channels.bluesky.spec import SPEC
from scheduler.channels.contract.double import Answer
from scheduler.channels.contract.faults import Act, Fault, FaultScript
from scheduler.channels.spec import ChannelContext
from scheduler.clock import VirtualClock
from scheduler.domain.message import EmailBody, Message, PostBody
from scheduler.domain.outcome import OutcomeKind, Verdict
from scheduler.domain.reason import ReasonCode
from scheduler.errors import ConfigurationError
from scheduler.settings import ChannelSettings, Secrets

NOW = datetime(2027, 1, 11, 15, 0, tzinfo=UTC)
POST = Message(
    "january",
    2027,
    "help",
    "bluesky",
    "help",
    date(2027, 1, 11),
    NOW,
    NOW + timedelta(hours=9),
    PostBody("Help is near: example.org #Help", 31, 300, True),
    links=("example.org",),
)
SETTINGS = ChannelSettings("bluesky", "bluesky", True, "", 5.0, {"handle": HANDLE, "languages": "en, es"})


def context(base_url: str = "", **changed: Any) -> ChannelContext:
    return ChannelContext(SPEC, replace(SETTINGS, base_url=base_url, **changed), Secrets(BLUESKY_SECRETS))


@pytest.fixture
def double() -> Iterator[BlueskyDouble]:
    with BlueskyDouble(clock=VirtualClock(NOW)) as running:
        yield running


@pytest.fixture
def transport(double: BlueskyDouble) -> Iterator[BlueskyTransport]:
    made = BlueskyTransport(context(double.base_url))
    yield made
    made.close()


# -- building -----------------------------------------------------------------------------------------


def test_a_post_is_a_whole_record_under_a_key_of_ours() -> None:
    """Nothing of it is left to the instant of the call, and nothing may be overwritten."""
    request = build_post(POST, SETTINGS, send_id="send-1")
    key = record_key(NOW, "send-1")
    assert request.path == "/xrpc/com.atproto.repo.putRecord"
    assert request.fingerprint == f"app.bsky.feed.post/{key}"
    record = {
        "$type": "app.bsky.feed.post",
        "text": "Help is near: example.org #Help",
        "createdAt": "2027-01-11T15:00:00.000Z",
        "langs": ["en", "es"],
        "facets": [
            {
                "index": {"byteStart": 14, "byteEnd": 25},
                "features": [{"$type": "app.bsky.richtext.facet#link", "uri": "https://example.org"}],
            },
            {
                "index": {"byteStart": 26, "byteEnd": 31},
                "features": [{"$type": "app.bsky.richtext.facet#tag", "tag": "Help"}],
            },
        ],
    }
    assert request.body == {
        "repo": HANDLE,
        "collection": "app.bsky.feed.post",
        "rkey": key,
        "record": record,
        "swapRecord": None,
    }
    assert request == build_post(POST, SETTINGS, send_id="send-1")


def test_a_post_without_links_and_tags_has_no_facets() -> None:
    """An empty list would be another record."""
    plain = replace(POST, body=PostBody("Help", 4, 300, False), links=())
    assert "facets" not in dict(build_post(plain, SETTINGS, send_id="s").body["record"])


def test_an_email_is_no_post() -> None:
    """A programming error, said at once."""
    with pytest.raises(TypeError):
        build_post(
            replace(POST, body=EmailBody("s", "p", "t", "h", "f", "f@a.example", "r@a.example", "l")),
            SETTINGS,
            send_id="s",
        )


INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))


@given(INSTANTS, INSTANTS, st.text(max_size=40), st.text(max_size=40))
def test_keys_are_tids_in_the_order_of_their_seconds(one: datetime, other: datetime, id_1: str, id_2: str) -> None:
    """Thirteen signs of the protocol's alphabet; of one instant and send id there is one, and of two there are two."""
    keys = [record_key(one, id_1), record_key(other, id_2)]
    assert all(re.fullmatch("[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}", key) for key in keys)
    if int(one.timestamp()) != int(other.timestamp()):
        assert (one < other) == (keys[0] < keys[1])
    assert (keys[0] == record_key(one, id_2)) == (id_1 == id_2)


# -- answers ------------------------------------------------------------------------------------------

URI = "at://did:plc:a/app.bsky.feed.post/3n6tmbp4ubsgb"


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (200, {"uri": URI, "cid": "bafy"}, OutcomeKind.ACCEPTED, None),
        (200, {"uri": URI[:-1] + "c", "cid": "bafy"}, OutcomeKind.UNKNOWN, ReasonCode.STRANGE_ANSWER),
        (200, {}, OutcomeKind.UNKNOWN, ReasonCode.STRANGE_ANSWER),
        (400, {"error": "InvalidRequest", "message": "grapheme too big"}, OutcomeKind.FINAL, ReasonCode.REFUSED),
        (400, {"error": "InvalidSwap"}, OutcomeKind.UNKNOWN, ReasonCode.DUPLICATE),
        (400, {"error": "ExpiredToken"}, OutcomeKind.FINAL, ReasonCode.KEYS_REFUSED),
        (400, {"error": "AccountDeactivated"}, OutcomeKind.FINAL, ReasonCode.KEYS_REFUSED),
        (401, {"error": "AuthenticationRequired"}, OutcomeKind.FINAL, ReasonCode.KEYS_REFUSED),
        (403, {"error": "AccountNotFound"}, OutcomeKind.FINAL, ReasonCode.FORBIDDEN),
        (413, {}, OutcomeKind.FINAL, ReasonCode.TOO_LARGE),
        (429, {"error": "RateLimitExceeded"}, OutcomeKind.LATER, ReasonCode.RATE_LIMITED),
        (500, {"error": "InternalServerError"}, OutcomeKind.UNKNOWN, ReasonCode.SERVER_ERROR),
        (502, {"error": "UpstreamFailure"}, OutcomeKind.UNKNOWN, ReasonCode.SERVER_ERROR),
    ],
)
def test_what_an_answer_means(status: int, body: dict[str, str], kind: OutcomeKind, code: ReasonCode | None) -> None:
    """Only what certainly made no record is tried again or given up."""
    outcome = outcome_of(status, {}, json.dumps(body).encode(), uri=URI, now=NOW)
    assert (kind, [code] if code else []) == (outcome.kind, [reason.code for reason in outcome.reasons])
    assert (URI if kind is OutcomeKind.ACCEPTED else "") == outcome.reference


@pytest.mark.parametrize("status", [200, 204, 302, 408, 500, 503])
def test_before_the_call_nothing_is_a_doubt(status: int) -> None:
    """Whatever a server answers to signing in, no post was made: it is tried again."""
    outcome = outcome_of(status, {}, b"{}", now=NOW)
    assert (OutcomeKind.LATER, [ReasonCode.TAKES_NONE]) == (outcome.kind, [r.code for r in outcome.reasons])


# -- the session --------------------------------------------------------------------------------------


def test_one_session_serves_many_calls(double: BlueskyDouble, transport: BlueskyTransport) -> None:
    """Servers allow few sessions a day."""
    for number in range(3):
        assert transport.send(transport.build(POST, send_id=f"s{number}"), now=NOW).kind is OutcomeKind.ACCEPTED
    assert (1, 3, 3) == (double.sessions_made, double.sending_requests, len(double.posts))


@pytest.mark.parametrize("how", ["expired", "forgotten"])
def test_a_session_that_is_over_is_made_anew_once(double: BlueskyDouble, transport: BlueskyTransport, how: str) -> None:
    """What was refused for its session was not done, so it is done with a new one."""
    transport.send(transport.build(POST, send_id="s1"), now=NOW)
    if how == "expired":
        assert isinstance(double.clock, VirtualClock)
        double.clock.advance(timedelta(hours=3))
    else:
        double.forget_sessions()
    assert transport.send(transport.build(POST, send_id="s2"), now=NOW).kind is OutcomeKind.ACCEPTED
    assert (2, 2) == (double.sessions_made, len(double.posts))


def test_a_session_that_is_refused_again_is_not_made_for_ever(
    double: BlueskyDouble, transport: BlueskyTransport
) -> None:
    """Once anew, then the refusal stands: keys refused."""
    transport.send(transport.build(POST, send_id="s1"), now=NOW)
    double.faults = FaultScript([Fault(Act.REFUSE, status=401, times=9)])
    outcome = transport.send(transport.build(POST, send_id="s2"), now=NOW)
    assert (OutcomeKind.FINAL, [ReasonCode.KEYS_REFUSED]) == (outcome.kind, [r.code for r in outcome.reasons])
    assert (2, 3) == (double.sessions_made, double.sending_requests)


def test_a_wrong_password_is_refused_keys(double: BlueskyDouble) -> None:
    """For sending, for asking, and as no answer to a doubt."""
    wrong = replace(context(double.base_url), secrets=Secrets({"BLUESKY_APP_PASSWORD": "else-else-else-else"}))
    transport = BlueskyTransport(wrong)
    request = transport.build(POST, send_id="s1")
    ends = [transport.send(request, now=NOW), transport.ask(now=NOW)]
    assert [(OutcomeKind.FINAL, ReasonCode.KEYS_REFUSED)] * 2 == [(e.kind, e.reasons[0].code) for e in ends if e]
    assert Verdict.CANNOT_TELL is transport.look_up(request, since=NOW, now=NOW).verdict
    assert double.sending_requests == 0
    transport.close()


def test_signing_in_that_breaks_off_is_no_doubt(double: BlueskyDouble, transport: BlueskyTransport) -> None:
    """No post had left."""
    double._sign_in = lambda call: Answer(0, drop=True)  # type: ignore[method-assign]
    outcome = transport.send(transport.build(POST, send_id="s1"), now=NOW)
    assert (OutcomeKind.LATER, [ReasonCode.LINE_BROKE]) == (outcome.kind, [r.code for r in outcome.reasons])


def test_signing_in_may_not_use_up_the_time_of_the_call_and_begin_it_still(
    double: BlueskyDouble,
) -> None:
    """All requests of one call have the time of one: a slow sign-in leaves none, and nothing is begun."""
    signs_in = double._sign_in
    double._sign_in = lambda call: replace(signs_in(call), wait_seconds=30)  # type: ignore[method-assign]
    transport = BlueskyTransport(context(double.base_url, timeout_seconds=1.0))
    outcome = transport.send(transport.build(POST, send_id="s1"), now=NOW)
    assert (OutcomeKind.LATER, 0) == (outcome.kind, double.sending_requests)
    transport.close()


def described(url: str) -> dict[str, Any]:
    return {"service": [{"id": "#other", "serviceEndpoint": "x"}, {"id": "#atproto_pds", "serviceEndpoint": url}]}


def test_the_server_that_keeps_the_posts_may_be_another_one(double: BlueskyDouble) -> None:
    """Who signs in says where; posting and reading go there, the password does not."""
    with BlueskyDouble(clock=VirtualClock(NOW)) as entrance:
        entrance._sign_in = lambda call: Answer.of(  # type: ignore[method-assign]
            200, json.loads(double._sign_in(call).body) | {"didDoc": described(double.base_url)}
        )
        transport = BlueskyTransport(context(entrance.base_url))
        request = transport.build(POST, send_id="s1")
        assert transport.send(request, now=NOW).kind is OutcomeKind.ACCEPTED
        assert transport.look_up(request, since=NOW, now=NOW).verdict is Verdict.SENT
        assert (0, 1) == (len(entrance.posts), len(double.posts))
        transport.close()


@pytest.mark.parametrize("url", ["https://pds.example.org", "http://pds.example.org", "ftp://a", "https://[", "", "x"])
def test_a_stand_in_leads_nowhere_else(double: BlueskyDouble, transport: BlueskyTransport, url: str) -> None:
    """On this machine nothing leaves it, whatever the answer says."""
    signs_in = double._sign_in
    double._sign_in = lambda call: Answer.of(200, json.loads(signs_in(call).body) | {"didDoc": described(url)})  # type: ignore[method-assign]
    assert transport.send(transport.build(POST, send_id="s1"), now=NOW).kind is OutcomeKind.ACCEPTED
    assert len(double.posts) == 1


# -- evidence -----------------------------------------------------------------------------------------


def test_the_same_call_again_makes_no_second_post(double: BlueskyDouble, transport: BlueskyTransport) -> None:
    """The server finds the very record there; the account has it once."""
    request = transport.build(POST, send_id="s1")
    first, again = transport.send(request, now=NOW), transport.send(request, now=NOW)
    assert (OutcomeKind.ACCEPTED, first.reference) == (again.kind, again.reference)
    assert len(double.posts) == 1


def test_another_text_under_the_same_key_overwrites_nothing(double: BlueskyDouble, transport: BlueskyTransport) -> None:
    """An earlier try had landed after all: in doubt, and for a person to settle."""
    transport.send(transport.build(POST, send_id="s1"), now=NOW)
    mended = transport.build(replace(POST, body=PostBody("Mended", 6, 300, False)), send_id="s1")
    outcome = transport.send(mended, now=NOW)
    assert (OutcomeKind.UNKNOWN, [ReasonCode.DUPLICATE]) == (outcome.kind, [r.code for r in outcome.reasons])
    assert Verdict.CANNOT_TELL is transport.look_up(mended, since=NOW, now=NOW).verdict
    assert ["Help is near: example.org #Help"] == [post.text for post in double.posts]


def test_what_is_absent_was_not_sent(double: BlueskyDouble, transport: BlueskyTransport) -> None:
    """The account's own repository is all there is."""
    double.faults = FaultScript([Fault(Act.DROP_BEFORE)])
    request = transport.build(POST, send_id="s1")
    assert transport.send(request, now=NOW).kind is OutcomeKind.UNKNOWN
    assert Verdict.NOT_SENT is transport.look_up(request, since=NOW, now=NOW).verdict


@pytest.mark.parametrize(
    "answer",
    [
        Answer.of(400, {"error": "InvalidRequest", "message": "Could not find repo"}),
        Answer.of(404, {"error": "RecordNotFound"}),
        Answer.of(502, {"error": "UpstreamFailure"}),
        Answer.of(200, {"uri": "at://did:plc:other/app.bsky.feed.post/x", "value": {}}),
        Answer.of(200, {}),
        Answer(0, drop=True),
    ],
)
def test_any_other_answer_proves_nothing(double: BlueskyDouble, transport: BlueskyTransport, answer: Answer) -> None:
    """Only the record's own absence does, said by the server that would have it."""
    double._get_record = lambda query: answer  # type: ignore[method-assign]
    request = transport.build(POST, send_id="s1")
    assert Verdict.CANNOT_TELL is transport.look_up(request, since=NOW, now=NOW).verdict


# -- settings -----------------------------------------------------------------------------------------


def test_what_is_missing_is_named() -> None:
    """The app password and the account's name."""
    with pytest.raises(ConfigurationError, match="OBSERVANCE_BLUESKY_APP_PASSWORD"):
        BlueskyTransport(replace(context(), secrets=Secrets({})))
    with pytest.raises(ConfigurationError, match="handle"):
        BlueskyTransport(context(options={}))


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        (
            "handle",
            ["", "example.bsky.social", "example.org", "a-b.c.de"],
            ["@example.org", "example", "a@b.org", "a..b", "a.b-"],
        ),
        ("languages", ["en", "en,es", "en, es, pt-BR"], ["", "english", "en,es,fr,de", "en;es"]),
    ],
)
def test_settings_are_looked_at(name: str, good: list[str], bad: list[str]) -> None:
    """A value that the server would refuse is refused at the start."""
    (setting,) = (s for s in SPEC.settings if s.name == name)
    check = setting.field.check
    assert check is not None
    assert [""] * len(good) == [check(value) for value in good]
    assert all(check(value) for value in bad)


def test_a_post_can_be_looked_at() -> None:
    """The reference is the protocol's address; people get one that opens in a browser."""
    assert "https://bsky.app/profile/did:plc:a/post/3n6tmbp4ubsgb" == SPEC.link(URI)
    assert "" == SPEC.link("rehearsal-x")
