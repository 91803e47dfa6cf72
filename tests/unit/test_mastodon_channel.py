"""A post on Mastodon: how it is built, what each answer means, and what is found of it afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.channels.contract.double import Answer
from scheduler.channels.contract.faults import Act, Fault, FaultScript
from scheduler.channels.mastodon.build import build_post
from scheduler.channels.mastodon.length import without_hosts
from scheduler.channels.mastodon.send import MastodonTransport, outcome_of, words_of
from scheduler.channels.mastodon.simulator import MASTODON_SECRETS, MastodonDouble, content_of
from scheduler.channels.mastodon.spec import SPEC
from scheduler.channels.own_timeline import comparable
from scheduler.channels.spec import ChannelContext
from scheduler.clock import VirtualClock
from scheduler.domain.message import EmailBody, Message, PostBody
from scheduler.domain.outcome import Bearing, OutcomeKind, Verdict, bearing_of
from scheduler.domain.reason import ReasonCode, because
from scheduler.errors import ConfigurationError
from scheduler.settings import ChannelSettings, Secrets

NOW = datetime(2027, 1, 11, 15, 0, tzinfo=UTC)
TEXT = "Help & hope is near: https://humantraffickinghotline.org/en/\n\n#Help @ada@social.example.org"
POST = Message(
    "january",
    2027,
    "help",
    "mastodon",
    "help",
    date(2027, 1, 11),
    NOW,
    NOW + timedelta(hours=9),
    PostBody(TEXT, 60, 500, True),
)
WARNED = replace(POST, body=PostBody(TEXT, 60, 500, True, content_warning="violence"))
SETTINGS = ChannelSettings("mastodon", "mastodon", True, "", 5.0)


def context(base_url: str = "https://social.example.org", **options: Any) -> ChannelContext:
    return ChannelContext(SPEC, replace(SETTINGS, base_url=base_url, options=options), Secrets(MASTODON_SECRETS))


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(NOW)


@pytest.fixture
def double(clock: VirtualClock) -> Iterator[MastodonDouble]:
    with MastodonDouble(clock=clock) as running:
        yield running


@pytest.fixture
def transport(double: MastodonDouble) -> Iterator[MastodonTransport]:
    made = MastodonTransport(context(double.base_url))
    yield made
    made.close()


# -- building -----------------------------------------------------------------------------------------


def test_a_post_is_a_status_under_a_key_of_the_send_id() -> None:
    """The same at each try, also when the words were changed meanwhile."""
    request = build_post(POST, SETTINGS, send_id="send-1")
    assert ("POST", "/api/v1/statuses") == (request.method, request.path)
    assert {"status": TEXT, "visibility": "public", "language": "en"} == request.body
    key = request.headers["Idempotency-Key"]
    changed = build_post(replace(POST, body=PostBody("Other", 5, 500, False)), SETTINGS, send_id="send-1")
    assert key == changed.headers["Idempotency-Key"]
    assert request.fingerprint != changed.fingerprint
    assert key != build_post(POST, SETTINGS, send_id="send-2").headers["Idempotency-Key"]


def test_settings_and_warning_stand_in_the_call() -> None:
    """Who sees it, its language, and what stands before it."""
    own = replace(SETTINGS, options={"visibility": "unlisted", "language": "es"})
    body = build_post(WARNED, own, send_id="s").body
    assert {"status": TEXT, "visibility": "unlisted", "language": "es", "spoiler_text": "violence"} == body


def test_an_email_is_no_post() -> None:
    """A programming error, said at once."""
    mail = EmailBody("s", "p", "t", "h", "f", "f@a.example", "r@a.example", "l")
    with pytest.raises(TypeError):
        build_post(replace(POST, body=mail), SETTINGS, send_id="s")


# -- answers ------------------------------------------------------------------------------------------

STATUS = {"id": "1", "uri": "https://social.example.org/users/a/statuses/1", "created_at": NOW.isoformat()}


@pytest.mark.parametrize(
    ("status", "body", "kind", "code"),
    [
        (200, STATUS, OutcomeKind.ACCEPTED, None),
        (200, {"id": "1", "scheduled_at": "2027-01-12T15:00:00Z"}, OutcomeKind.UNKNOWN, ReasonCode.STRANGE_ANSWER),
        (200, {}, OutcomeKind.UNKNOWN, ReasonCode.STRANGE_ANSWER),
        (401, {"error": "The access token is invalid"}, OutcomeKind.FINAL, ReasonCode.KEYS_REFUSED),
        (403, {"error": "outside the authorized scopes"}, OutcomeKind.FINAL, ReasonCode.KEYS_REFUSED),
        (404, {"error": "Record not found"}, OutcomeKind.FINAL, ReasonCode.REFUSED),
        (422, {"error": "Validation failed"}, OutcomeKind.FINAL, ReasonCode.REFUSED),
        (429, {"error": "Too many requests"}, OutcomeKind.LATER, ReasonCode.RATE_LIMITED),
        (500, {}, OutcomeKind.UNKNOWN, ReasonCode.SERVER_ERROR),
        (503, {"error": "Remote SSL certificate could not be verified"}, OutcomeKind.UNKNOWN, ReasonCode.SERVER_ERROR),
    ],
)
def test_what_an_answer_means(status: int, body: dict[str, str], kind: OutcomeKind, code: ReasonCode | None) -> None:
    """Only what certainly made no status is tried again or given up."""
    outcome = outcome_of(status, {}, json.dumps(body).encode(), now=NOW)
    assert (kind, [code] if code else []) == (outcome.kind, [reason.code for reason in outcome.reasons])
    assert (STATUS["uri"] if kind is OutcomeKind.ACCEPTED else "") == outcome.reference


def test_a_limit_ends_when_the_server_says(double: MastodonDouble, transport: MastodonTransport) -> None:
    """In ISO 8601, as it says it."""
    double.faults = FaultScript([Fault(Act.LIMIT, reset_in=420)])
    outcome = transport.send(transport.build(POST, send_id="s"), now=NOW)
    assert (OutcomeKind.LATER, NOW + timedelta(seconds=420)) == (outcome.kind, outcome.retry_at)


def test_the_stand_in_limits_requests(double: MastodonDouble, transport: MastodonTransport) -> None:
    """300 in five minutes, of which a post is one."""
    double._count()  # the window begins
    double._calls_left = 1
    ends = [transport.send(transport.build(POST, send_id=f"s{n}"), now=NOW) for n in range(2)]
    assert [OutcomeKind.ACCEPTED, OutcomeKind.LATER] == [end.kind for end in ends]
    assert NOW + timedelta(minutes=5) == ends[1].retry_at
    assert SPEC.calls is not None
    assert (300, timedelta(minutes=5)) == (SPEC.calls.calls, SPEC.calls.span)


def test_what_the_stand_in_takes(double: MastodonDouble, transport: MastodonTransport) -> None:
    """The warning beside the text; and nothing longer than the instance allows, with the warning."""
    assert transport.send(transport.build(WARNED, send_id="s1"), now=NOW).kind is OutcomeKind.ACCEPTED
    (post,) = double.posts
    assert (TEXT, "violence", "public", "en") == (post.text, post.warning, post.visibility, post.language)
    fits, longer = (replace(WARNED, body=replace(WARNED.body, text="a" * size)) for size in (492, 493))
    assert transport.send(transport.build(fits, send_id="s2"), now=NOW).kind is OutcomeKind.ACCEPTED
    outcome = transport.send(transport.build(longer, send_id="s3"), now=NOW)
    assert (OutcomeKind.FINAL, 422, True) == (outcome.kind, outcome.status, "500 exceeded" in outcome.detail)


# -- the key ------------------------------------------------------------------------------------------


def test_the_same_call_again_makes_no_second_post_for_an_hour(
    double: MastodonDouble, transport: MastodonTransport, clock: VirtualClock
) -> None:
    """The server knows it by its key; then it has forgotten it."""
    request = transport.build(POST, send_id="s1")
    first = transport.send(request, now=NOW)
    clock.advance(timedelta(minutes=59))
    again = transport.send(request, now=clock.now())
    assert (OutcomeKind.ACCEPTED, first.reference, 1) == (again.kind, again.reference, len(double.posts))
    clock.advance(timedelta(minutes=2))
    transport.send(request, now=clock.now())
    assert 2 == len(double.posts)


def test_other_words_under_the_same_key_are_a_doubt(
    double: MastodonDouble, transport: MastodonTransport, clock: VirtualClock
) -> None:
    """An earlier try had landed after all; what stands there are not the words of this one."""
    transport.send(transport.build(POST, send_id="s1"), now=NOW)
    clock.advance(timedelta(minutes=10))
    mended = transport.build(replace(POST, body=PostBody("Mended", 6, 500, False)), send_id="s1")
    outcome = transport.send(mended, now=clock.now())
    assert (OutcomeKind.UNKNOWN, [ReasonCode.DUPLICATE]) == (outcome.kind, [r.code for r in outcome.reasons])
    assert [TEXT] == [post.text for post in double.posts]


def test_a_server_that_shows_a_new_post_in_other_words_has_taken_it() -> None:
    """Only an older status is that of an earlier try."""
    shown = {**STATUS, "content": "<p>Something of the server's own</p>"}
    assert outcome_of(200, {}, json.dumps(shown).encode(), now=NOW, text=TEXT).kind is OutcomeKind.ACCEPTED


# -- evidence -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "One line\nand another\n\nand a paragraph & <b>no tag</b>",
        "A long one: https://www.example.org/a/path/that/is/longer/than/the/thirty/that/are/shown?and=more&more=1.",
        "Caf\u00e9, e\u0301, #tag, #Two, 'quoted' and \u201cquoted\u201d",
        "@ada@social.example.org and @bo",
    ],
)
def test_words_are_known_again_in_what_the_server_makes_of_them(text: str) -> None:
    """Paragraphs, addresses of which a part is hidden, tags, names without hosts."""
    assert comparable(without_hosts(text)) == comparable(words_of(content_of(text)))


@given(st.text(alphabet="ab #<>&'\"\n./:@-é", max_size=60))
def test_any_words_are_known_again(text: str) -> None:
    """Whatever signs stand in them."""
    assert comparable(without_hosts(text)) == comparable(words_of(content_of(text)))


def test_lines_and_paragraphs_part_words() -> None:
    """Two words on two lines are not one."""
    assert "one two three" == comparable(words_of("<p>one<br />two</p><p>three</p>"))


def lost(double: MastodonDouble, transport: MastodonTransport, act: Act) -> Any:
    double.faults = FaultScript([Fault(act)])
    request = transport.build(POST, send_id="s1")
    assert transport.send(request, now=NOW).kind is OutcomeKind.UNKNOWN
    return request


def test_what_was_taken_is_found(double: MastodonDouble, transport: MastodonTransport) -> None:
    """Behind what was posted since, page by page."""
    request = lost(double, transport, Act.DROP_AFTER)
    for number in range(90):
        later = replace(POST, body=PostBody(f"Later {number}", 8, 500, False))
        transport.send(transport.build(later, send_id=f"later-{number}"), now=NOW)
    evidence = transport.look_up(request, since=NOW, now=NOW)
    assert (Verdict.SENT, True) == (evidence.verdict, evidence.reference.endswith(double.posts[0].id))


def test_what_is_absent_was_not_sent_while_the_key_guards(double: MastodonDouble, transport: MastodonTransport) -> None:
    """A copy of the database may be behind; for an hour the key makes up for it, and after that nothing does."""
    request = lost(double, transport, Act.DROP_BEFORE)
    for minutes, verdict in ((3, Verdict.NOT_SENT), (49, Verdict.NOT_SENT), (50, Verdict.CANNOT_TELL)):
        now = NOW + timedelta(minutes=minutes)
        assert verdict is transport.look_up(request, since=NOW, now=now).verdict


def test_an_older_post_of_the_same_words_is_another_one(
    double: MastodonDouble, transport: MastodonTransport, clock: VirtualClock
) -> None:
    """A year ago they were right, too."""
    transport.send(transport.build(POST, send_id="last-year"), now=NOW)
    clock.advance(timedelta(days=365))
    request = transport.build(POST, send_id="s1")
    assert Verdict.NOT_SENT is transport.look_up(request, since=clock.now(), now=clock.now()).verdict


def test_a_timeline_that_is_not_read_to_its_end_proves_nothing(
    double: MastodonDouble, transport: MastodonTransport
) -> None:
    """Nor does any other answer."""
    request = lost(double, transport, Act.DROP_BEFORE)
    for number in range(200):
        other = replace(POST, body=PostBody(f"Other {number}", 9, 500, False))
        transport.send(transport.build(other, send_id=f"other-{number}"), now=NOW)
    evidence = transport.look_up(request, since=NOW, now=NOW)
    assert (Verdict.CANNOT_TELL, True) == (evidence.verdict, "more than 200" in evidence.detail)


@pytest.mark.parametrize(
    "answer",
    [
        Answer.of(404, {"error": "Record not found"}),
        Answer.of(502, {}),
        Answer.of(200, {"error": "none"}),
        Answer.of(200, [{"id": "1"}]),
        Answer(0, drop=True),
    ],
)
def test_any_other_answer_proves_nothing(double: MastodonDouble, transport: MastodonTransport, answer: Answer) -> None:
    """Only a list without it does."""
    double._own_statuses = lambda query: answer  # type: ignore[method-assign]
    request = transport.build(POST, send_id="s1")
    assert Verdict.CANNOT_TELL is transport.look_up(request, since=NOW, now=NOW).verdict


# -- asking -------------------------------------------------------------------------------------------


def test_asking_posts_nothing(double: MastodonDouble, transport: MastodonTransport) -> None:
    """The instance is there and takes the token."""
    outcome = transport.ask(now=NOW)
    assert outcome is not None
    assert (OutcomeKind.ACCEPTED, (), 0) == (outcome.kind, outcome.reasons, double.sending_requests)


def test_an_instance_that_allows_less_says_so(double: MastodonDouble) -> None:
    """Against what is set; that is no trouble of the instance."""
    double.max_characters, double.max_bytes = 400, 1_000
    less = because(ReasonCode.ALLOWS_LESS, allows=400, is_set=500)
    smaller = because(ReasonCode.SMALLER_PICTURES, allows=1_000, is_set=16_777_216)
    for options, reasons in (({}, (less, smaller)), ({"character_limit": 400, "picture_bytes": 1_000}, ())):
        transport = MastodonTransport(context(double.base_url, **options))
        outcome = transport.ask(now=NOW)
        assert outcome is not None
        assert (OutcomeKind.ACCEPTED, reasons) == (outcome.kind, outcome.reasons)
        assert Bearing.GOOD is bearing_of(outcome)
        transport.close()


def test_a_token_that_is_taken_no_more(double: MastodonDouble, transport: MastodonTransport) -> None:
    """Refused keys, for sending and for asking."""
    double.token = "another"
    ends = [transport.send(transport.build(POST, send_id="s"), now=NOW), transport.ask(now=NOW)]
    assert [(OutcomeKind.FINAL, ReasonCode.KEYS_REFUSED)] * 2 == [(e.kind, e.reasons[0].code) for e in ends if e]


@pytest.mark.parametrize("answer", [Answer.of(404, {}), Answer.of(200, {}), Answer.of(200, []), Answer(0, drop=True)])
def test_an_instance_that_does_not_say_what_it_allows(
    double: MastodonDouble, transport: MastodonTransport, answer: Answer
) -> None:
    """Then nothing is known to be wrong: older ones have no such page."""
    provider = double.provider_answer
    double.provider_answer = lambda call: answer if call.path == "/api/v2/instance" else provider(call)  # type: ignore[method-assign]
    outcome = transport.ask(now=NOW)
    assert outcome is not None
    assert (OutcomeKind.ACCEPTED, ()) == (outcome.kind, outcome.reasons)


def test_an_instance_that_does_not_answer_is_in_trouble(double: MastodonDouble, transport: MastodonTransport) -> None:
    """A question is no doubt: nothing was sent."""
    for answer in (Answer.of(503, {}), Answer(0, drop=True)):
        double.provider_answer = lambda call, answer=answer: answer  # type: ignore[method-assign, misc]
        outcome = transport.ask(now=NOW)
        assert outcome is not None
        assert (OutcomeKind.LATER, Bearing.TROUBLE) == (outcome.kind, bearing_of(outcome))


# -- settings -----------------------------------------------------------------------------------------


def test_what_is_missing_is_named() -> None:
    """The token, and the instance: there is none for everybody."""
    with pytest.raises(ConfigurationError, match="OBSERVANCE_MASTODON_ACCESS_TOKEN"):
        MastodonTransport(replace(context(), secrets=Secrets({})))
    with pytest.raises(ConfigurationError, match="base_url is not set"):
        MastodonTransport(context(""))


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("handle", ["example", "ex_a.mple", "example@social.example.org"], ["@example", "a@b", "a b", "a@b.org@c"]),
        ("language", ["en", "pt-BR"], ["english", "en, es", "en-"]),
    ],
)
def test_settings_are_looked_at(name: str, good: list[str], bad: list[str]) -> None:
    """A value that the server would take no notice of is refused at the start."""
    (setting,) = (s for s in SPEC.settings if s.name == name)
    check = setting.field.check
    assert check is not None
    assert [""] * len(good) == [check(value) for value in good]
    assert all(check(value) for value in bad)


def test_a_post_is_read_as_the_network_reads_it() -> None:
    """An address has a scheme; who is named is told."""
    assert SPEC.post is not None
    text = "See https://example.org/a, example.org and @ada@social.example.org"
    assert ["https://example.org/a"] == [text[a:b] for a, b in SPEC.post.find_links(text, frozenset({"org"}))]
    assert [("N107", "@ada@social.example.org")] == [(code, piece) for code, _, piece in SPEC.post.problems(text)]
    assert SPEC.post.count_warning is not None
    assert 8 == SPEC.post.count_warning("violence")


def test_a_post_can_be_looked_at() -> None:
    """The reference opens in a browser; a rehearsal's does not."""
    assert STATUS["uri"] == SPEC.link(STATUS["uri"])
    assert "" == SPEC.link("rehearsal-x")
