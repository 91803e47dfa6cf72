"""The OpenAPI 3.1 document, made from the table of routes."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from ...domain.api_key import Scope
from ...schema.json_schema import record_schema, schema_of
from ..refusals import MEDIA_TYPE
from .request import ApiAnswer, ApiRequest
from .route_table import BASE, BODIES, QUERY, ROUTES, Route, route
from .schemas import ANSWERS, IN_THE_PATH, ref

#: What any answer of these statuses means.
_PROBLEMS = {
    400: "The query or the body cannot be read",
    401: "No key, or one that is unknown, expired or revoked: all look alike",
    403: "The key's scope or role does not allow it",
    404: "What the address or the query names is not there",
    409: "It stands otherwise by now, or the campaign's files have to be corrected first; nothing was changed",
    413: "The body is too large",
    415: "The body is not sent as JSON",
    422: "The body can be read, and something in it is not allowed",
    429: "Too many requests of this key, or too many without a good one from this network",
    503: "The ledger is out of reach; nothing was changed",
}
_TAGS = {
    "season": "Campaigns, plans, items, how a season stands",
    "review": "What reviewers say",
    "sending": "The ledger, holds, the history",
}


@cache
def document() -> dict[str, Any]:
    """The whole document, made once: it depends on nothing but the code. Not to be changed by who gets it."""
    paths: dict[str, dict[str, Any]] = {}
    for one in ROUTES:
        paths.setdefault(BASE + one.path, {})[one.method.lower()] = _operation(one)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Observance",
            "version": "1",
            "summary": "An awareness month: its plan, its reviewers, what went out",
            "description": "Every request but that for this document needs a key: `keys add` makes one. "
            "No answer holds a reader's address. Errors are application/problem+json (RFC 9457).",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/", "description": "Where the pages are served"}],
        "tags": [{"name": name, "description": words} for name, words in _TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": dict(sorted({**ANSWERS, **{n: record_schema(form) for n, form in BODIES.items()}}.items())),
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "obs_ and 43 letters, digits, - or _",
                    "description": "; ".join(f"{scope}: {scope.words}" for scope in Scope),
                }
            },
        },
    }


def _operation(one: Route) -> dict[str, Any]:
    etag = {"schema": {"type": "string"}, "description": "An ETag; 304 where nothing has changed since"}
    return {
        "operationId": one.name,
        "summary": one.summary,
        "description": f"{one.words} {one.repeats}".strip(),
        "tags": [one.tag],
        "security": [{"key": [str(one.scope)]}] if one.scope else [],
        "parameters": [
            *(
                {"name": n, "in": "path", "required": True, "schema": IN_THE_PATH[n]}
                for n in re.findall(r"{(\w+)}", one.path)
            ),
            *({"name": n, "in": "query", "required": False, "schema": schema_of(QUERY[n])} for n in one.query),
            *([{"name": "If-None-Match", "in": "header", "required": False, **etag}] if one.reads else []),
        ],
        **({"requestBody": {"required": True, "content": _as_json(ref(one.body))}} if one.body else {}),
        "responses": {
            **{str(status): _answer(one, name, words) for status, (name, words) in one.answers.items()},
            **({"304": {"description": "As it was"}} if one.reads else {}),
            **{str(status): _problem(status) for status in problems_of(one)},
        },
    }


def _as_json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def problems_of(one: Route) -> list[int]:
    """The statuses of errors that a route may answer with."""
    by_key = (400, 401, 429, 503) if one.scope is not None else ()
    by_body = (400, 413, 415, 422) if one.body else ()
    return sorted({*one.problems, *by_key, *by_body, *((403,) if one.scope not in (None, Scope.READ) else ())})


def _answer(one: Route, name: str, words: str) -> dict[str, Any]:
    etag = {"schema": {"type": "string"}, "description": "Changes when the answer does"}
    return {
        "description": words,
        **({"headers": {"ETag": etag}} if one.reads else {}),
        "content": _as_json(ref(name) if name else {"type": "object"}),
    }


def _problem(status: int) -> dict[str, Any]:
    wait = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait"}}
    who = {"WWW-Authenticate": {"schema": {"type": "string"}}}
    headers = wait if status in (429, 503) else who if status in (401, 403) else {}
    return {
        "description": _PROBLEMS[status],
        **({"headers": headers} if headers else {}),
        "content": {MEDIA_TYPE: {"schema": ref("Problem")}},
    }


@route(
    "GET",
    "/openapi.json",
    scope=None,
    summary="This document",
    tag="season",
    answers={200: ("", "OpenAPI 3.1")},
)
def openapi(call: ApiRequest) -> ApiAnswer:
    """What this API takes and answers. It needs no key: it says nothing of any campaign."""
    return ApiAnswer(document())
