"""Whatever is asked of the API, it answers as its document says, and never with a failure of its own.

The requests are made by schemathesis from the document: good ones, and ones that break one of its rules. Each is sent in
this process, without a network. The examples are the same in every run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import (
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
)
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    status_code_conformance,
)

from scheduler.domain.api_key import Scope
from scheduler.domain.season_key import SeasonKey
from scheduler.services.seasons import rehearse
from scheduler.web.api.route_table import BASE, ROUTES, Route
from tests.support.api_factory import CAMPAIGN, ITEM, Api
from tests.support.long_form import many

#: Requests for each operation, key, mode and kind of address.
EXAMPLES = many(3, 12)
GOOD, BAD = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
CHECKS: list[Callable] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def digest(api: Api) -> str:
    """Of what is there to be approved."""
    message = rehearse(api.project, CAMPAIGN, ledger=api.ledger).message(ITEM, "x")
    assert message is not None
    return message.digest


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """With a doubt to settle, a comment to answer, and limits that are not reached."""
    made = Api(tmp_path_factory.mktemp("api"))
    delivery = made.plan_deliveries()[0]
    made.doubt(delivery)
    made.ask("POST", f"/items/{ITEM}/comments", Scope.REVIEW, json={"text": "Which year?"})
    made.limits.keys.most = made.limits.strangers.most = 10**9
    yield made
    made.close()


def _real(case: schemathesis.Case, api: Api, digest: str) -> None:
    """Let a request be about what is there, so that it gets past the first doors."""
    first = api.ledger.deliveries.of_season("rehearsal", SeasonKey(CAMPAIGN, 2027))[0]
    there = {"campaign": CAMPAIGN, "year": "2027", "item": ITEM, "delivery": first.id}
    case.path_parameters.update({name: there[name] for name in case.path_parameters})
    for name in ("campaign", "season"):
        case.query.pop(name, None)
    if isinstance(case.body, dict):
        known: dict[str, Any] = {"channel": "x", "answers": 1, "seen": {"x": digest}}
        case.body.update({name: value for name, value in known.items() if name in case.body})


@pytest.fixture(scope="module")
def described(api: Api) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_wsgi(f"{BASE}/openapi.json", api.app)


@pytest.mark.parametrize("scope", [None, *Scope], ids=lambda s: s or "no key")
@pytest.mark.parametrize(
    ("route", "mode"),
    # Of the document itself nothing can be broken: it takes neither a query, nor a body, nor a key.
    [(route, mode) for route in ROUTES for mode in (GOOD, BAD) if route.scope or mode is GOOD],
    ids=lambda v: v.name,
)
def test_whatever_is_asked_is_answered_as_the_document_says(
    api: Api, digest: str, described: schemathesis.BaseSchema, route: Route, scope: Scope | None, mode: GenerationMode
) -> None:
    """No failure of the program's, no status, type, header or member that is not described, by any key and by none."""
    operation = described[BASE + route.path][route.method]
    headers = {"Authorization": f"Bearer {api.key(scope)}"} if scope else {}
    allowed = route.scope is None or (scope is not None and scope.allows(route.scope))
    examples = settings(max_examples=EXAMPLES if allowed else 1, suppress_health_check=list(HealthCheck))
    checks: list[Any] = [*CHECKS, negative_data_rejection] if mode is BAD and allowed else CHECKS

    @examples
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case) -> None:
        answer = case.call_and_validate(headers=headers, checks=checks)
        assert allowed or answer.status_code in (401, 403)

    @examples
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask_about_what_is_there(case: schemathesis.Case) -> None:
        if mode is GOOD or not isinstance(case.body, dict):
            _real(case, api, digest)
        answer = case.call_and_validate(headers=headers, checks=CHECKS)
        assert allowed or answer.status_code in (401, 403)

    # Who may not ask is refused before anything is looked at: a good request about what is there, and a broken one.
    if allowed or mode is BAD:
        ask()
    if allowed or mode is GOOD:
        ask_about_what_is_there()
