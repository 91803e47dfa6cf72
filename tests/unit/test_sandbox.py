"""The doubles: strict where the providers are, loopback only, and the same on every run."""

from __future__ import annotations

import http.client
import json
import smtplib
import socket
import threading
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from oauthlib.oauth1 import Client as Signer

from scheduler.channels.contract.double import Double
from scheduler.channels.contract.double_pages import masked
from scheduler.channels.contract.faults import Act, Fault, FaultScript, load_faults
from scheduler.channels.sendgrid.simulator import SENDGRID_KEY, SendGridDouble
from scheduler.channels.x import request_rules
from scheduler.channels.x.simulator import USER, X_SECRETS, XDouble
from scheduler.clock import VirtualClock
from scheduler.errors import UsageError
from tests.support.sandbox import run_sandbox

NOW = datetime(2027, 1, 11, 15, 0, tzinfo=UTC)


def call(
    double: Double, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
) -> tuple[int, Any, dict[str, str]]:
    """One request without any of our channels: status, JSON (or text), headers in lower case."""
    line = http.client.HTTPConnection("127.0.0.1", double.port, timeout=60)
    data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    line.request(method, path, data, {"Content-Type": "application/json", **(headers or {})})
    answer = line.getresponse()
    text = answer.read().decode()
    line.close()
    try:
        content = json.loads(text)
    except ValueError:
        content = text
    return answer.status, content, {k.lower(): v for k, v in answer.getheaders()}


def signed(
    double: XDouble, method: str, path: str, query: dict[str, str] | None = None, **secrets: str
) -> tuple[str, dict[str, str]]:
    """Path with query, and headers signed by oauthlib."""
    keys = {**X_SECRETS, **secrets}
    signer = Signer(
        keys["X_CONSUMER_KEY"], keys["X_CONSUMER_SECRET"], keys["X_ACCESS_TOKEN"], keys["X_ACCESS_TOKEN_SECRET"]
    )
    target = path + (f"?{urlencode(query)}" if query else "")
    _, headers, _ = signer.sign(f"{double.base_url}{target}", method)
    return target, headers


def x_call(double: XDouble, method: str, path: str, body: object = None, query: dict[str, str] | None = None) -> Any:
    target, headers = signed(double, method, path, query)
    return call(double, method, target, body, headers)


def tweet(double: XDouble, text: str) -> tuple[int, Any, dict[str, str]]:
    return x_call(double, "POST", "/2/tweets", {"text": text})


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(NOW)


@pytest.fixture
def x(clock: VirtualClock) -> Iterator[XDouble]:
    with XDouble(clock=clock, secrets=X_SECRETS) as double:
        yield double


@pytest.fixture
def mail(clock: VirtualClock) -> Iterator[SendGridDouble]:
    with SendGridDouble(clock=clock, api_key=SENDGRID_KEY) as double:
        yield double


# -- X ------------------------------------------------------------------------------------------------


def test_x_keeps_a_post(x: XDouble) -> None:
    """201 with id and text, addresses shortened, and the limits in the headers."""
    status, answer, headers = tweet(x, "Hello https://coalition.example/a & more")
    post = x.posts[0]
    assert (status, answer["data"]["id"], post.text) == (201, post.id, "Hello https://coalition.example/a & more")
    assert answer["data"]["text"].startswith("Hello https://t.co/")
    assert answer["data"]["text"].endswith(" &amp; more")
    assert (headers["x-rate-limit-limit"], headers["x-rate-limit-remaining"]) == ("100", "99")


def test_x_ids_grow_and_carry_the_time(x: XDouble, clock: VirtualClock) -> None:
    """An id is the time in milliseconds since November 2010, shifted; two in one millisecond still differ."""
    tweet(x, "one")
    tweet(x, "two")
    clock.advance(timedelta(hours=1))
    tweet(x, "three")
    ids = [int(p.id) for p in x.posts]
    assert ids == sorted(set(ids))
    assert (ids[2] >> 22) + 1_288_834_974_657 == int(clock.now().timestamp() * 1000)


@pytest.mark.parametrize(
    "secrets",
    [
        {"X_CONSUMER_SECRET": "other"},
        {"X_ACCESS_TOKEN_SECRET": "other"},
        {"X_CONSUMER_KEY": "o"},
        {"X_ACCESS_TOKEN": "o"},
    ],
)
def test_x_refuses_other_keys(x: XDouble, secrets: dict[str, Any]) -> None:
    """A signature by any other key or secret is 401, and nothing is kept."""
    target, headers = signed(x, "POST", "/2/tweets", **secrets)
    assert call(x, "POST", target, {"text": "hello"}, headers)[0] == 401
    assert x.posts == ()


def test_x_refuses_a_request_replayed(x: XDouble) -> None:
    """The very same signed request, sent again by whatever repeats requests, is 401."""
    target, headers = signed(x, "POST", "/2/tweets")
    statuses = [call(x, "POST", target, {"text": f"hello {n}"}, headers)[0] for n in range(2)]
    assert statuses == [201, 401]


@pytest.mark.parametrize("authorization", ["", "Bearer abc", "OAuth oauth_token", 'OAuth oauth_token="a"'])
def test_x_refuses_what_is_not_signed(x: XDouble, authorization: str) -> None:
    """Only OAuth 1.0a is understood."""
    assert call(x, "POST", "/2/tweets", {"text": "hello"}, {"Authorization": authorization})[0] == 401


def test_signatures_cover_the_query(x: XDouble) -> None:
    """A query that was not signed is 401; one that was, with characters that need escaping, is good."""
    query = {"start_time": "2027-01-11T00:00:00Z", "tweet.fields": "created_at,entities", "max_results": "5"}
    assert x_call(x, "GET", f"/2/users/{USER['id']}/tweets", query=query)[0] == 200
    target, headers = signed(x, "GET", f"/2/users/{USER['id']}/tweets", query)
    assert call(x, "GET", target.replace("max_results=5", "max_results=6"), headers=headers)[0] == 401


def test_a_signature_from_the_standard() -> None:
    """The worked example of RFC 5849 (section 1.2): a request to photos.example.net."""
    oauth = {
        "oauth_consumer_key": "dpf43f3p2l4k3l03",
        "oauth_token": "nnch734d00sl2jdk",
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": "137131202",
        "oauth_nonce": "chapoH",
        "oauth_signature": "MdpQcU8iPSUjWoN/UDMsK2sui9I=",
        "realm": "Photos",
    }
    query = {"file": "vacation.jpg", "size": "original"}
    secrets = {"consumer_secret": "kd94hf93k423kf44", "token_secret": "pfkkdhi9sl3r4s00"}
    assert request_rules.is_signed_by("GET", "http://photos.example.net/photos", query, oauth, **secrets)
    assert not request_rules.is_signed_by("POST", "http://photos.example.net/photos", query, oauth, **secrets)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": ""},
        {"text": 5},
        {"text": "a", "status": "b"},
        {"text": "a", "media": {"media_ids": []}},
        {"text": "a", "media": {"media_ids": ["x"]}},
        {"text": "a", "reply_settings": "everybody"},
        {"text": "a", "reply": {"in_reply_to_tweet_id": "1"}},
        ["text"],
    ],
)
def test_x_refuses_a_wrong_body(x: XDouble, body: object) -> None:
    """X's description allows no further fields, and a post needs words or a picture."""
    status, answer, _ = x_call(x, "POST", "/2/tweets", body)
    assert (status, answer["title"], x.posts) == (400, "Invalid Request", ())


def test_x_counts_as_x_counts(x: XDouble) -> None:
    """280 weighted units: an address weighs 23, a check mark 2."""
    assert tweet(x, "a" * 256 + " https://coalition.org/" + "b" * 60)[0] == 201
    assert tweet(x, "a" * 257 + " https://coalition.org/")[0] == 403
    assert tweet(x, "\u2713" * 140)[0] == 201
    assert tweet(x, "\u2713" * 141)[0] == 403
    assert tweet(x, "hidden \ufeff mark")[0] == 403


def test_x_refuses_a_duplicate(x: XDouble) -> None:
    """403 in X's own words, without the id of the post that is there; after deletion the words are free again."""
    _, first, _ = tweet(x, "The same  words")
    status, answer, _ = tweet(x, "The same words")
    assert (status, answer["detail"]) == (403, "You are not allowed to create a Tweet with duplicate content.")
    assert first["data"]["id"] not in json.dumps(answer)
    assert x_call(x, "DELETE", f"/2/tweets/{first['data']['id']}")[:2] == (200, {"data": {"deleted": True}})
    assert x_call(x, "DELETE", f"/2/tweets/{first['data']['id']}")[0] == 404
    assert tweet(x, "The same words")[0] == 201
    assert len(x.posts) == 1


def test_x_charges(clock: VirtualClock) -> None:
    """A post with an address costs $0.200, one without $0.015; an empty balance is 402; a refusal is free."""
    with XDouble(clock=clock, credit=0.22) as double:
        assert [tweet(double, t)[0] for t in ("one https://c.example", "two", "two", "three c.example")] == [
            201,
            201,
            403,
            402,
        ]
        assert (double.spent, double.credit) == (0.215, 0.005)


def test_x_limits(x: XDouble, clock: VirtualClock) -> None:
    """100 posts in 15 minutes, refused ones included; then 429 with the end of the window."""
    assert {tweet(x, f"post {n}")[0] for n in range(100)} == {201}
    status, _, headers = tweet(x, "one too many")
    assert (status, int(headers["x-rate-limit-reset"])) == (429, int(NOW.timestamp()) + 900)
    clock.advance(timedelta(minutes=15))
    assert tweet(x, "one too many")[0] == 201


def test_x_timeline(x: XDouble, clock: VirtualClock) -> None:
    """Newest first, cut by start_time, in pages, with the fields that were asked for and no others."""
    for n in range(7):
        tweet(x, f"post {n} https://coalition.example/{n}")
        clock.advance(timedelta(minutes=1))
    path = f"/2/users/{USER['id']}/tweets"
    start = {"start_time": "2027-01-11T15:01:00Z", "max_results": "5"}
    _, first, _ = x_call(x, "GET", path, query={**start, "tweet.fields": "created_at,entities"})
    assert [p["created_at"][14:16] for p in first["data"]] == ["06", "05", "04", "03", "02"]
    assert first["data"][0]["entities"]["urls"][0]["expanded_url"] == "https://coalition.example/6"
    _, second, _ = x_call(x, "GET", path, query={**start, "pagination_token": first["meta"]["next_token"]})
    assert [set(p) for p in second["data"]] == [{"id", "text", "edit_history_tweet_ids"}]
    assert "next_token" not in second["meta"]
    _, nothing, _ = x_call(x, "GET", path, query={"start_time": "2027-01-12T00:00:00Z"})
    assert nothing == {"meta": {"result_count": 0}}
    for wrong in ({"max_results": "4"}, {"max_results": "101"}, {"start_time": "yesterday"}):
        assert x_call(x, "GET", path, query=wrong)[0] == 400
    assert x_call(x, "GET", "/2/users/99/tweets")[0] == 404
    assert x_call(x, "GET", "/2/users/me")[1] == {"data": USER}
    assert x_call(x, "GET", "/2/else")[0] == 404


# -- SendGrid -----------------------------------------------------------------------------------------

OFF = {
    "click_tracking": {"enable": False, "enable_text": False},
    "open_tracking": {"enable": False},
    "subscription_tracking": {"enable": False},
    "ganalytics": {"enable": False},
}
KEY = {"Authorization": f"Bearer {SENDGRID_KEY}"}


def envelope(number: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "to": [{"email": f"r{number}@readers.example"}],
        "headers": {"List-Unsubscribe": "<https://c.example/u>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
        "custom_args": {
            "campaign": "january",
            "season": "2027",
            "item": "help",
            "send_id": "a",
            "subscriber_id": f"s{number}",
        },
        **more,
    }


def body(*envelopes: dict[str, Any], **more: Any) -> dict[str, Any]:
    made = {
        "personalizations": list(envelopes) or [envelope()],
        "from": {"email": "news@coalition.example", "name": "Coalition"},
        "subject": "Help is near",
        "content": [{"type": "text/plain", "value": "a"}, {"type": "text/html", "value": "<p>a</p>"}],
        "tracking_settings": OFF,
        **more,
    }
    return {name: value for name, value in made.items() if value is not None}


def post_mail(double: SendGridDouble, content: object, **headers: str) -> tuple[int, Any, dict[str, str]]:
    return call(double, "POST", "/v3/mail/send", content, {**KEY, **headers})


def test_sendgrid_queues(mail: SendGridDouble) -> None:
    """202, an empty body, and the id in X-Message-Id; each reader got the item once."""
    status, answer, headers = post_mail(mail, body(envelope(1), envelope(2)))
    assert (status, answer, headers["x-message-id"]) == (202, "", mail.mails[0].message_id)
    assert ["Help is near"] == [m.subject for m in mail.mails for e in m.envelopes if e.subscriber_id == "s2"]
    assert (mail.received_twice(), mail.mails[0].warnings) == ({}, ())
    post_mail(mail, body(envelope(2)))
    assert mail.received_twice() == {("january/2027/help", "r2@readers.example"): 2}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (body(*[envelope(n) for n in range(1_001)]), "1 to 1000"),
        (body(envelope(1), envelope(1)), "unique"),
        (body(envelope(1), {**envelope(2), "to": [{"email": "R1@readers.example"}]}), "unique"),
        (body({**envelope(1), "to": [{"email": f"r{n}@readers.example"} for n in range(1_001)]}), "may not be more"),
        (body({**envelope(1), "cc": [{"email": "r1@readers.example"}]}), "unique"),
        (body({**envelope(), "to": []}), "at least one"),
        (body({**envelope(), "to": [{"email": "nobody"}]}), "valid address"),
        (body({**envelope(), "to": [{"email": "a@b.example", "name": "a, b"}]}), "; or ,"),
        (body({**envelope(), "custom_args": {"n": 5}}), "must be a text"),
        (body({**envelope(), "substitutions": {"a": "b" * 10_000}}), "10000 bytes"),
        (body({**envelope(), "headers": {"Subject": "a"}}), "reserved"),
        (body({**envelope(), "name": "a"}), "Invalid field"),
        (body(headers={"X-A": "a\nb"}), "one line"),
        (body(headers={"received": "a"}), "reserved"),
        (body(subject=None), "subject is required"),
        (body(subject=""), "subject is required"),
        (body(content=None), "content parameter is required"),
        (
            body(content=[{"type": "text/html", "value": "a"}, {"type": "text/plain", "value": "a"}]),
            "must be the first",
        ),
        (body(content=[{"type": "text/plain", "value": ""}]), "at least one character"),
        (body(custom_args={"a": "b"}), "Invalid type"),
        (body(categories=["a", "a"]), "each once"),
        (body(categories=["a" * 256]), "255"),
        (body(preheader="a"), "Invalid field"),
        (body(send_at=int(NOW.timestamp()) + 73 * 3600), "72 hours"),
        (body(reply_to={"email": "a@b.example"}, reply_to_list=[]), "mutually exclusive"),
        (body(reply_to={"email": ""}), "valid address"),
        ({**body(), "from": {"name": "a"}}, "valid address"),
        ([], "Bad Request"),
        ({"personalizations": []}, "1 to 1000"),
    ],
)
def test_sendgrid_refuses_a_wrong_body(mail: SendGridDouble, content: object, words: str) -> None:
    """400 for what SendGrid's limits and description rule out; nothing is kept."""
    status, answer, _ = post_mail(mail, content)
    assert status == 400
    assert any(words in error["message"] for error in answer["errors"]), answer
    assert mail.mails == ()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (body(tracking_settings=None), "click_tracking is not switched off"),
        (body(tracking_settings={**OFF, "open_tracking": {"enable": True}}), "open_tracking is not switched off"),
        (body(tracking_settings={**OFF, "click_tracking": {"enable": False}}), "plain text"),
        (body(mail_settings={"bypass_list_management": {"enable": True}}), "bypass_list_management"),
        (body(send_at=int(NOW.timestamp()) + 60), "send_at"),
        (body({**envelope(), "headers": {}}), "RFC 8058"),
        (body(content=[{"type": "text/plain", "value": "%unsubscribe_url%"}]), "%unsubscribe_url%"),
        (body({**envelope(), "cc": [{"email": "b@readers.example"}]}), "each other"),
        (body(**{"from": {"email": "a@b.example", "name": "Coalición"}}), "ASCII"),
    ],
)
def test_sendgrid_warns_of_what_we_never_do(mail: SendGridDouble, content: object, words: str) -> None:
    """SendGrid would let these pass; the double keeps them and says so."""
    assert post_mail(mail, content)[0] == 202
    assert any(words in w for w in mail.mails[0].warnings), mail.mails[0].warnings


def test_sendgrid_key_type_and_size(mail: SendGridDouble) -> None:
    """A wrong key is 401, no JSON 415, too much 413, another method 405."""
    assert call(mail, "POST", "/v3/mail/send", body(), {"Authorization": "Bearer other"})[0] == 401
    assert call(mail, "POST", "/v3/mail/send", body())[0] == 401
    assert post_mail(mail, body(), **{"Content-Type": "text/plain"})[0] == 415
    assert post_mail(mail, b'"' + b"a" * 30_000_001 + b'"')[0] == 413
    assert call(mail, "GET", "/v3/mail/send", headers=KEY)[0] == 405
    assert mail.mails == ()


def test_sendgrid_sandbox_mode_and_credit(clock: VirtualClock) -> None:
    """sandbox_mode checks and keeps nothing; when the plan's mails are used up it is 401 in SendGrid's words."""
    with SendGridDouble(clock=clock, credit=2) as double:
        checked = body(mail_settings={"sandbox_mode": {"enable": True}})
        assert (post_mail(double, checked)[0], len(double.mails)) == (200, 0)
        assert post_mail(double, body(envelope(1), envelope(2)))[0] == 202
        status, answer, _ = post_mail(double, body())
        assert (status, answer["errors"][0]["message"]) == (401, "Maximum credits exceeded")


def logs(double: SendGridDouble, query: str, **more: Any) -> tuple[int, Any, dict[str, str]]:
    return call(double, "POST", "/v3/logs", {"query": query, **more}, KEY)


def test_sendgrid_logs(clock: VirtualClock) -> None:
    """Found by category, reader and time; a mail comes into the log after a while; its custom args are told by id."""
    with SendGridDouble(clock=clock, logs_lag=timedelta(minutes=10)) as double:
        post_mail(double, body(envelope(1), envelope(2), categories=["january-2027"]))
        query = (
            "categories IN ('january-2027') AND to_email = 'r2@readers.example' "
            'AND sg_message_id_created_at >= TIMESTAMP "2027-01-11T14:59:00Z"'
        )
        assert logs(double, query)[1] == {"messages": []}
        clock.advance(timedelta(minutes=10))
        found = logs(double, query)[1]["messages"]
        assert [m["to_email"] for m in found] == ["r2@readers.example"]
        _, detail, _ = call(double, "GET", f"/v3/logs/{quote(found[0]['sg_message_id'])}", headers=KEY)
        assert detail["custom_args"]["send_id"] == "a"
        assert detail["sg_message_id"].split(".")[0] == double.mails[0].message_id
        assert len(logs(double, "", limit=1)[1]["messages"]) == 1
        assert logs(double, query.replace("14:59", "15:01"))[1] == {"messages": []}
        assert logs(double, query.replace("january-2027", "other"))[1] == {"messages": []}
        assert call(double, "GET", "/v3/logs/none", headers=KEY)[0] == 404


@pytest.mark.parametrize(
    "query",
    [
        "custom_args = 'a'",
        "to_email IN ('a')",
        "categories = 'a'",
        "sg_message_id_created_at > '2027-01-01T00:00:00Z'",
        "to_email = a",
        "nonsense",
        "(to_email = 'a')",
    ],
)
def test_sendgrid_logs_refuse_a_wrong_query(mail: SendGridDouble, query: str) -> None:
    """custom args cannot be searched, and each field has its own operators."""
    assert logs(mail, query)[0] == 400
    assert logs(mail, "", limit=0)[0] == logs(mail, "", limit=1_001)[0] == 400


# -- what both have -----------------------------------------------------------------------------------


def test_only_this_machine(x: XDouble, mail: SendGridDouble) -> None:
    """Bound to loopback; a page is not given to a name that was made to point here."""
    for double in (x, mail):
        assert double._server is not None
        assert double._server.server_address[0] == "127.0.0.1"
        assert call(double, "GET", "/")[0] == 200
        assert call(double, "GET", "/_/received", headers={"Host": "evil.example"})[0] == 403
        assert call(double, "POST", "/_/received", {})[0] == 405
        assert call(double, "GET", "/_/else")[0] == 404


def test_pages_show_and_do_not_run(x: XDouble, mail: SendGridDouble) -> None:
    """What was received is shown as text, under a policy without scripts; readers are masked."""
    tweet(x, "<script>alert(1)</script>")
    html = [
        {"type": "text/plain", "value": "leave: %u_l%"},
        {"type": "text/html", "value": "<script>'x'</script>%u_l%"},
    ]
    post_mail(mail, body(envelope(1, substitutions={"%u_l%": "https://c.example/u"}), subject="<b>", content=html))
    for double, path in ((x, "/"), (mail, "/"), (mail, "/_/mails/1")):
        status, page, headers = call(double, "GET", path)
        assert (status, "<script" in page, "<b>" in page) == (200, False, False)
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "readers.example" not in page
    assert "https://c.example/u" in page
    assert call(mail, "GET", "/_/mails/2")[0] == 404


def test_records_for_programs(x: XDouble, mail: SendGridDouble) -> None:
    """/_/received counts requests, acceptances and readers; refused requests are in it too."""
    tweet(x, "one")
    tweet(x, "one")
    _, posts, _ = call(x, "GET", "/_/posts")
    _, kept, _ = call(x, "GET", "/_/received")
    assert [p["text"] for p in posts["posts"]] == ["one"]
    assert (kept["sending_requests"], kept["accepted"], [r["status"] for r in kept["requests"]]) == (2, 1, [201, 403])
    post_mail(mail, body(envelope(1), envelope(2)))
    post_mail(mail, body(envelope(2)))
    post_mail(mail, {})
    _, kept, _ = call(mail, "GET", "/_/received")
    assert (kept["sending_requests"], kept["accepted"], kept["recipients"], kept["received_twice"]) == (3, 2, 3, 1)
    assert kept["per_recipient"] == {"s1": 1, "s2": 2}


def test_masked() -> None:
    """First letter and last part only."""
    assert [masked(a) for a in ("reader@readers.example", "@", "", "a@b")] == ["r…@….example", "…", "…", "a…@….b"]


# -- faults -------------------------------------------------------------------------------------------


def test_faults_are_used_up_in_order() -> None:
    """The first rule that applies is taken; by number, by words, as often as it says; then all goes well."""
    script = FaultScript(
        [
            Fault(Act.LIMIT, nth=2),
            Fault(Act.REFUSE, match="labour"),
            Fault(Act.STALL, double="x"),
            Fault(Act.ERROR_AFTER, times=2),
        ]
    )
    asked = [("sendgrid", 1, "labour"), ("x", 1, "a"), ("x", 2, "a"), ("x", 3, "a"), ("x", 4, "a"), ("x", 5, "labour")]
    acts = [fault and fault.act for fault in (script.next_for(*a) for a in asked)]
    assert acts == [Act.REFUSE, Act.STALL, Act.LIMIT, Act.ERROR_AFTER, Act.ERROR_AFTER, None]


def test_a_fault_on_a_wrong_request_keeps_nothing(clock: VirtualClock) -> None:
    """What the provider would refuse anyway is refused, not accepted and then cut."""
    with XDouble(clock=clock, faults=[Fault(Act.DROP_AFTER)]) as double:
        assert x_call(double, "POST", "/2/tweets", {"nonsense": 1})[0] == 400
        assert (double.posts, double.sending_requests) == ((), 1)


def test_a_stall_without_acceptance(clock: VirtualClock) -> None:
    """accepts = false: silence, then 503, and nothing is kept."""
    with XDouble(clock=clock, faults=[Fault(Act.STALL, seconds=0, accepts=False)]) as double:
        assert tweet(double, "one")[0] == 503
        assert double.posts == ()


def test_stopping_ends_a_stall(clock: VirtualClock) -> None:
    """Whoever waits for an answer does not keep the sandbox from stopping."""
    double = XDouble(clock=clock, faults=[Fault(Act.STALL, seconds=600)]).start()
    ended = threading.Event()

    def ask() -> None:
        try:
            tweet(double, "one")
        except (OSError, http.client.HTTPException):
            pass
        ended.set()

    threading.Thread(target=ask, daemon=True).start()
    for _ in range(500):
        if double.posts:
            break
        ended.wait(0.01)
    double.stop()
    assert ended.wait(60)


def test_faults_from_a_file(tmp_path: Path) -> None:
    """Every field can be written; the order stays."""
    path = tmp_path / "faults.toml"
    path.write_text(
        '[[fault]]\nact = "accept-then-drop"\ndouble = "x"\nnth = 3\n'
        '[[fault]]\nact = "limit"\nreset_in = 900\ntimes = 2\nmatch = "labour"\n'
        '[[fault]]\nact = "stall"\nseconds = 2.5\naccepts = false\n'
        '[[fault]]\nact = "error-before"\nstatus = 502\n',
        encoding="utf-8",
    )
    assert load_faults(path, ("x", "sendgrid", "smtp")).faults == (
        Fault(Act.DROP_AFTER, double="x", nth=3),
        Fault(Act.LIMIT, reset_in=900, times=2, match="labour"),
        Fault(Act.STALL, seconds=2.5, accepts=False),
        Fault(Act.ERROR_BEFORE, status=502),
    )


def test_a_wrong_file_of_faults_says_all_that_is_wrong(tmp_path: Path) -> None:
    """One error with every line to correct; never a traceback."""
    path = tmp_path / "faults.toml"
    path.write_text(
        'speed = 1\n[[fault]]\nact = "explode"\n[[fault]]\nact = "stall"\nseconds = "5"\nnth = 0\nat = 1\n'
        '[[fault]]\nact = "refuse"\nstatus = 200\ndouble = "fax"\ntimes = true\n',
        encoding="utf-8",
    )
    with pytest.raises(UsageError) as caught:
        load_faults(path, ("x", "sendgrid", "smtp"))
    for words in (
        "'speed'",
        "fault 1: act = 'explode'",
        "fault 2: seconds",
        "fault 2: nth = 0",
        "fault 2: unknown key 'at'",
        "fault 3: status = 200",
        "fault 3: double = 'fax'",
        "fault 3: times",
    ):
        assert words in caught.value.message
    for text in ("[[fault]\n", 'fault = "x"', "fault = [1]"):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(UsageError):
            load_faults(path, ("x", "sendgrid", "smtp"))
    with pytest.raises(UsageError, match="cannot be read"):
        load_faults(tmp_path / "none.toml", ("x", "sendgrid", "smtp"))


# -- run ----------------------------------------------------------------------------------------------


def test_run_says_what_to_set_and_what_it_received(clock: VirtualClock) -> None:
    """The printed lines lead a program to the doubles; what comes in is told without an address; stop ends it."""
    lines: list[str] = []
    ready, stop = threading.Event(), threading.Event()

    def out(line: str) -> None:
        lines.append(line)
        if line.startswith("Ctrl-C"):
            ready.set()

    script = FaultScript([Fault(Act.ERROR_AFTER, double="sendgrid")])
    thread = threading.Thread(target=run_sandbox, args=(out, stop), kwargs={"clock": clock, "faults": script})
    thread.start()
    assert ready.wait(60)
    settings = dict(line.removeprefix("export ").split("=", 1) for line in lines if line.startswith("export "))
    assert settings["OBSERVANCE_MODE"] == "live"
    x_url, mail_url = settings["OBSERVANCE_CHANNELS__X__BASE_URL"], settings["OBSERVANCE_CHANNELS__EMAIL__BASE_URL"]
    assert all("not-a-real" in v for n, v in settings.items() if "KEY" in n or "TOKEN" in n or "SECRET" in n)
    line = http.client.HTTPConnection(mail_url.removeprefix("http://"), timeout=60)
    key = {"Authorization": f"Bearer {settings['OBSERVANCE_SENDGRID_API_KEY']}", "Content-Type": "application/json"}
    line.request("POST", "/v3/mail/send", json.dumps(body(tracking_settings=None)), key)
    assert line.getresponse().status == 503
    line.close()
    assert x_url.startswith("http://127.0.0.1:")
    by_smtp = dict(line.strip().removeprefix("export ").split("=", 1) for line in lines if line.startswith("  export "))
    assert {"TRANSPORT", "BASE_URL", "STARTTLS"} == {
        name.removeprefix("OBSERVANCE_CHANNELS__EMAIL__") for name in by_smtp
    }
    host, port = by_smtp["OBSERVANCE_CHANNELS__EMAIL__BASE_URL"].removeprefix("smtp://").split(":")
    with smtplib.SMTP(host, int(port)) as client:
        client.sendmail("news@coalition.example", ["reader@readers.example"], b"Subject: By post\r\n\r\nHello.\r\n")
    (pages,) = (line.split()[1] for line in lines if line.startswith("  SMTP "))
    inbox = urllib.request.urlopen(pages, timeout=60).read().decode()
    assert "By post" in inbox
    assert "readers.example" not in inbox
    stop.set()
    thread.join(60)
    assert not thread.is_alive()
    told = "\n".join(lines)
    assert "mail 1, to r…@….example: Help is near" in told
    assert "warning: click_tracking is not switched off" in told
    assert "sendgrid: request 1: error-after" in told
    assert "readers.example" not in told
    assert "smtp: mail 1, to r…@….example: By post" in told
    assert lines[-1] == "Stopped. Received 0 posts, and 2 mails to 2 readers."


def test_run_refuses_a_taken_port(clock: VirtualClock) -> None:
    """The error names the port and the stand-in, and what to do; the other one is not left running."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for server, provider in (
            (("x", ""), "X"),
            (("sendgrid", ""), "SendGrid"),
            (("smtp", ""), "SMTP"),
            (("smtp", "pages"), "SMTP (its pages)"),
        ):
            with pytest.raises(UsageError) as caught:
                run_sandbox(lambda line: None, threading.Event(), ports={server: port})
            assert f"port {port} for the stand-in of {provider} is taken" in caught.value.message
            assert "port 0" in caught.value.hint
        with pytest.raises(UsageError):
            run_sandbox(lambda line: None, threading.Event(), ports={("x", ""): 70_000})


def test_a_description_that_is_none(tmp_path: Path) -> None:
    """A file that is not SendGrid's description is named, without a traceback."""
    path = tmp_path / "spec.json"
    path.write_text("{}", encoding="utf-8")
    for spec in (path, tmp_path / "none.json"):
        with pytest.raises(UsageError, match="not SendGrid's description"):
            SendGridDouble(spec=spec)


def test_a_description_is_applied(tmp_path: Path, clock: VirtualClock) -> None:
    """With a description at hand each body is checked by it too; the words never quote a value."""
    path = tmp_path / "spec.json"
    schema = {"type": "object", "properties": {"subject": {"maxLength": 5}}}
    request = {"requestBody": {"content": {"application/json": {"schema": schema}}}}
    path.write_text(json.dumps({"paths": {"/v3/mail/send": {"post": request}}, "components": {}}), encoding="utf-8")
    with SendGridDouble(clock=clock, spec=path) as double:
        status, answer, _ = post_mail(double, body(subject="secret@readers.example"))
        assert (status, answer["errors"][0]["field"]) == (400, "subject")
        assert "readers.example" not in json.dumps(answer)
        assert post_mail(double, body(subject="short"))[0] == 202
