"""Who may: scopes and routes as a table, keys that are none, tricks with headers, limits, and what the log says."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from scheduler.domain.api_key import Scope
from scheduler.domain.season_key import SeasonKey
from scheduler.errors import OutOfReach
from scheduler.web.api.dispatch import NAMES, OF_A_KEY, OF_STRANGERS, Limit
from scheduler.web.api.route_table import ROUTES
from tests.support.api_factory import CAMPAIGN, ITEM, NOW, Api

READ, REVIEW, OPERATE = Scope.READ, Scope.REVIEW, Scope.OPERATE
ALL = {READ, REVIEW, OPERATE}

#: (method, path) -> the scopes that may. Written down by hand; the code's own table must say the same.
TABLE: dict[tuple[str, str], set[Scope]] = {
    ("GET", "/"): ALL,
    ("GET", "/campaigns"): ALL,
    ("GET", "/campaigns/{campaign}/seasons/{year}/plan"): ALL,
    ("GET", "/items/{item}"): ALL,
    ("GET", "/findings"): ALL,
    ("GET", "/status"): ALL,
    ("GET", "/report"): ALL,
    ("GET", "/deliveries"): ALL,
    ("GET", "/deliveries/{delivery}"): ALL,
    ("GET", "/holds"): ALL,
    ("GET", "/events"): ALL,
    ("GET", "/subscribers/count"): ALL,
    ("GET", "/items/{item}/comments"): {REVIEW},
    ("POST", "/items/{item}/comments"): {REVIEW},
    ("POST", "/items/{item}/approvals"): {REVIEW},
    ("POST", "/items/{item}/change-requests"): {REVIEW},
    ("POST", "/holds"): {OPERATE},
    ("POST", "/holds/release"): {OPERATE},
    ("POST", "/deliveries/{delivery}/resolution"): {OPERATE},
}
PUBLIC = {("GET", "/openapi.json")}


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    made = Api(tmp_path)
    yield made
    made.close()


def filled(path: str) -> str:
    return path.format(campaign=CAMPAIGN, year=2027, item=ITEM, delivery=1)


def test_every_route_stands_in_the_table() -> None:
    """No route that nobody has thought about; and what the code says is what the table says."""
    declared = {(r.method, r.path): {s for s in Scope if r.scope and s.allows(r.scope)} for r in ROUTES if r.scope}
    assert TABLE == declared
    assert {(r.method, r.path) for r in ROUTES if r.scope is None} == PUBLIC


@pytest.mark.parametrize("scope", list(Scope))
def test_each_scope_reaches_what_it_may_and_nothing_else(api: Api, scope: Scope) -> None:
    """403 with the scope that is needed, before anything is read of what was sent; else never 403."""
    refused = {}
    for method, path in TABLE:
        answer = api.ask(method, filled(path), scope)
        refused[method, path] = answer.status_code == 403
        if refused[method, path]:
            assert "insufficient_scope" in answer.headers["WWW-Authenticate"]
    assert {route: scope not in who for route, who in TABLE.items()} == refused


@pytest.mark.parametrize("scope", [READ, REVIEW, OPERATE])
def test_a_refused_act_changes_nothing(api: Api, scope: Scope) -> None:
    """Neither does an act without a key: the ledger is as it was, but for the day of the key's last use."""
    bodies = {
        "/holds": {"reason": "Stop."},
        "/holds/release": {},
        "/items/{item}/comments": {"text": "Hm."},
        "/items/{item}/change-requests": {"comment": "Hm."},
        "/items/{item}/approvals": {"seen": api.digests()},
        "/deliveries/{delivery}/resolution": {"as": "sent"},
    }
    key = api.key(scope)
    lines = api.ledger.events.version()
    for (method, path), who in TABLE.items():
        if method == "POST" and scope not in who:
            assert 403 == api.ask(method, filled(path), key, json=bodies[path]).status_code
        if method == "POST":
            assert 401 == api.ask(method, filled(path), None, json=bodies[path]).status_code
    assert lines == api.ledger.events.version()


def test_unknown_expired_revoked_and_forged_keys_look_alike(api: Api) -> None:
    """Status, headers and words: who tries keys learns nothing of how one is bad."""
    good, revoked = api.key(READ), api.key(REVIEW)
    api.ledger.api_keys.revoke(api.ledger.api_keys.all()[-1].name, who="Ada", now=NOW)
    expired = api.ledger.api_keys.add(
        "short", READ, person="Ben", role="", expires_at=NOW + timedelta(hours=1), who="Ada", now=NOW
    )
    api.clock.advance(timedelta(hours=1))
    bad = {
        "unknown": "obs_" + "A" * 43,
        "expired": expired,
        "revoked": revoked,
        "cut": good[:-1],
        "longer": good + "A",
        "bare": good.removeprefix("obs_"),
        "no key": "x",
        "empty": "",
        "other case": good.swapcase(),
    }
    answers = {}
    for why, token in bad.items():
        answer = api.ask("GET", "/status", None, headers={"Authorization": f"Bearer {token}"})
        answers[why] = (answer.status_code, answer.data, sorted(answer.headers.items()))
    answer = api.ask("GET", "/status", None)
    answers["none"] = (answer.status_code, answer.data, sorted(answer.headers.items()))
    assert {401} == {status for status, _, _ in answers.values()}
    assert 1 == len({repr(answer) for answer in answers.values()}), answers
    assert 'Bearer realm="observance", error="invalid_token"' == answer.headers["WWW-Authenticate"]
    assert 200 == api.ask("GET", "/status", good).status_code


def test_a_key_that_was_good_a_moment_ago_cannot_be_used_again(api: Api) -> None:
    """A request that somebody has recorded is of no use once the key is revoked, however it is sent."""
    key, seen = api.key(REVIEW), api.digests()
    assert 200 == api.ask("POST", f"/items/{ITEM}/approvals", key, json={"seen": {"x": seen["x"]}}).status_code
    api.ledger.api_keys.revoke(next(k.name for k in api.ledger.api_keys.all() if k.scope is REVIEW), who="Ada", now=NOW)
    assert 401 == api.ask("POST", f"/items/{ITEM}/approvals", key, json={"seen": seen}).status_code
    assert ["x"] == [a.channel for a in api.ledger.approvals.of_season(SeasonKey(CAMPAIGN, 2027)).all]


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Basic {key}"},
        {"Authorization": "{key}"},
        {"Authorization": "Bearer  {key}"},
        {"Authorization": "Bearer {key} "},
        {"Authorization": "Bearer {key}, Bearer {key}"},
        {"Authorization": "Bearer\t{key}"},
        {"X-Api-Key": "{key}"},
        {"Proxy-Authorization": "Bearer {key}"},
        {"Cookie": "Authorization=Bearer {key}; observance-session={key}; key={key}"},
    ],
    ids=str,
)
def test_a_key_is_sent_in_one_way_alone(api: Api, headers: dict[str, str]) -> None:
    """So that no proxy and no form of a foreign page can smuggle one in."""
    sent = {name: text.format(key=api.key(READ)) for name, text in headers.items()}
    assert 401 == api.ask("GET", "/status", None, headers=sent).status_code


@pytest.mark.parametrize("query", ["access_token", "key", "api_key"])
def test_a_key_in_the_address_is_none_and_is_not_repeated(api: Api, query: str) -> None:
    """Addresses end in logs of proxies. The answer does not carry it either."""
    key = api.key(READ)
    assert 401 == api.ask("GET", f"/holds?{query}={key}", None).status_code
    answer = api.ask("GET", f"/holds?{query}={key}")
    assert (400, False) == (answer.status_code, key in answer.get_data(as_text=True))
    answer = api.ask("POST", "/holds", OPERATE, json={key: "x", "reason": "a"})
    assert (422, False) == (answer.status_code, key in answer.get_data(as_text=True))


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer"])
def test_the_scheme_is_read_in_any_case(api: Api, scheme: str) -> None:
    """As RFC 9110 wants it."""
    assert 200 == api.ask("GET", "/holds", None, headers={"Authorization": f"{scheme} {api.key(READ)}"}).status_code


@pytest.mark.parametrize("override", ["X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"])
def test_a_method_is_what_it_is(api: Api, override: str) -> None:
    """A header does not make an act of a look, nor a look of an act."""
    lines = (api.key(OPERATE), api.ledger.events.version())[1]
    api.ask("GET", "/holds", OPERATE, headers={override: "POST"}, json={"reason": "Stop."})
    assert lines == api.ledger.events.version()


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "HEAD"])
def test_other_methods_are_refused_with_those_that_work(api: Api, method: str) -> None:
    """HEAD goes with GET; a preflight of a foreign page gets nothing."""
    answer = api.client.open("/api/v1/holds/release", method=method)
    assert (405, "POST") == (answer.status_code, answer.headers["Allow"])
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_what_a_request_names_as_the_host_is_not_repeated(api: Api) -> None:
    """Links are paths; no redirect leads to a foreign host."""
    key = {"Authorization": f"Bearer {api.key(READ)}", "Host": "evil.test", "X-Forwarded-Host": "evil.test"}
    for path in ("/api/v1", "/api/v1/", "/api/v1/deliveries?limit=1", "/api/v1//status", "/api/v1/status/"):
        answer = api.client.get(path, headers=key)
        assert (False, False) == ("evil" in answer.get_data(as_text=True), "Location" in answer.headers), path
        assert answer.status_code in (200, 404)


@pytest.mark.parametrize(
    "name",
    ["..", "%2e%2e", "..%2f..%2fconfig", "..%5c..", "%00", "%ff", ".", "~", "-rf", "a" * 5000, "{{7*7}}", "%0d%0aX: y"],
)
def test_an_id_is_no_path(api: Api, name: str) -> None:
    """Whatever is written for an item, a campaign or a delivery: it is looked up, never opened."""
    for path in (
        f"/items/{name}",
        f"/items/{name}/comments",
        f"/campaigns/{name}/seasons/2027/plan",
        f"/deliveries/{name}",
        f"/findings?campaign={name}",
    ):
        answer = api.client.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {api.key(REVIEW)}"})
        assert answer.status_code in (400, 404), path
        assert "application/problem+json" == answer.content_type
        assert str(api.folder) not in answer.get_data(as_text=True)


def test_no_answer_names_a_place_on_the_machine(api: Api, monkeypatch: pytest.MonkeyPatch, caplog) -> None:
    """Nor the database's address, when it cannot be reached; the log says it."""
    key = api.key(READ)

    def gone(*_: object, **__: Any) -> None:
        raise OutOfReach("the database postgresql://user@secret-host/name cannot be used")

    monkeypatch.setattr(api.ledger.holds, "in_force", gone)
    with caplog.at_level(logging.INFO):
        answer = api.ask("GET", "/holds", key)
    assert (503, "60") == (answer.status_code, answer.headers["Retry-After"])
    assert ("secret-host" in caplog.text, "secret-host" in answer.get_data(as_text=True)) == (True, False)


def test_what_nobody_foresaw_is_told_by_its_kind_alone(api: Api, monkeypatch: pytest.MonkeyPatch, caplog) -> None:
    """A problem like the others to the program, and no value in the log."""
    key = api.key(READ)

    def broken(*_: object, **__: Any) -> None:
        raise ValueError(f"a value: {key}")

    monkeypatch.setattr(api.ledger.holds, "in_force", broken)
    with caplog.at_level(logging.INFO):
        answer = api.client.get("/api/v1/holds", headers={"Authorization": f"Bearer {key}"})
    assert (500, "application/problem+json", False) == (
        answer.status_code,
        answer.content_type,
        key in answer.get_data(as_text=True) + caplog.text,
    )


def test_no_key_reaches_the_log(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    """Good or bad, in acts and refusals; an act is logged by the key's name, without what was written."""
    with caplog.at_level(logging.DEBUG):
        api.ask("POST", "/holds", OPERATE, json={"reason": "private-reason"})
        api.ask("POST", f"/items/{ITEM}/comments", REVIEW, json={"text": "private-words"})
        api.ask("GET", "/holds", "obs_" + "Z" * 43)
        api.ask("POST", "/holds", OPERATE, data=b"private-body", content_type="application/json")
        for scope in Scope:
            api.ask("GET", f"/status?{api.key(scope)}=1", scope)
    said = caplog.text + json.dumps([vars(r) for r in caplog.records], default=str)
    assert "the key operate-ben-example-fact-reviewer" in said
    secret = [api.key(scope)[4:] for scope in Scope] + ["Z" * 43, "private-"]
    assert [] == [word for word in secret if word in said]


# -- limits ---------------------------------------------------------------------------------------------


def test_a_key_may_ask_so_often_and_another_is_not_slowed_by_it(api: Api) -> None:
    """429 with the time to wait; after that time it goes on."""
    key = api.key(READ)
    statuses = {
        api.client.get("/api/v1/holds", headers={"Authorization": f"Bearer {key}"}).status_code for _ in range(OF_A_KEY)
    }
    answer = api.ask("GET", "/holds", key)
    assert ({200}, 429, "60") == (statuses, answer.status_code, answer.headers["Retry-After"])
    assert 200 == api.ask("GET", "/holds", OPERATE).status_code
    api.clock.advance(timedelta(seconds=60))
    assert 200 == api.ask("GET", "/holds", key).status_code


def test_tries_without_a_good_key_are_slowed_and_nobody_elses_key_is(api: Api) -> None:
    """By network; a header that names another one counts for nothing. Who has a good key is served all along."""
    key = api.key(READ)
    tries = [
        api.client.get(
            "/api/v1/holds", headers={"Authorization": "Bearer x", "X-Forwarded-For": f"10.0.0.{n}"}
        ).status_code
        for n in range(OF_STRANGERS + 1)
    ]
    assert ([401] * OF_STRANGERS, 429) == (tries[:-1], tries[-1])
    assert 429 == api.ask("GET", "/holds", None).status_code
    assert 200 == api.ask("GET", "/holds", key).status_code
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    assert 401 == api.ask("GET", "/holds", None, environ_overrides=elsewhere).status_code


def test_a_network_of_ipv6_is_one_place(api: Api) -> None:
    """Whoever has a line has all of its 2^64 addresses."""
    statuses = [
        api.client.get("/api/v1/holds", environ_overrides={"REMOTE_ADDR": f"2001:db8::{n:x}"}).status_code
        for n in range(OF_STRANGERS + 1)
    ]
    assert 429 == statuses[-1]


def test_a_limit_forgets_the_oldest_names() -> None:
    """Its memory is bounded, whatever strangers call themselves."""
    limit = Limit(1, lambda: 0.0)
    for n in range(NAMES + 5):
        limit.take(str(n))
    assert (NAMES, 0, 60) == (len(limit._since), limit.take("0"), limit.take(str(NAMES + 4)))


def test_the_time_to_wait_is_that_until_the_span_ends() -> None:
    """Not a second longer; and waiting does not begin anew with each try."""
    now = [0.0]
    limit = Limit(2, lambda: now[0], seconds=60)
    assert [0, 0, 60] == [limit.take("a") for _ in range(3)]
    now[0] = 59.5
    assert 1 == limit.take("a")
    now[0] = 60.0
    assert [0, 0, 60] == [limit.take("a") for _ in range(3)]
