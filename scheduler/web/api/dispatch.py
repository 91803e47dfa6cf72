"""Serve the table of routes: look at the key, read what is asked, call, answer.

A key that is good is never refused for what strangers try: 256 random bits are not guessed, and where a server stands
in front all networks look like one. What is limited is the noise of tries that fail, and each key by itself.
"""

from __future__ import annotations

import hashlib
import logging
import math
import threading
from collections.abc import Callable
from functools import partial

from flask import Response, request

from ...domain.address import network_of
from ...domain.api_key import ApiKey
from ...domain.refusals import Refused
from ...errors import ObservanceError
from ...light_dataclass import dataclass
from ..refusals import Problem, as_json, problem_of
from ..routing import Guard, Pages, site
from . import document, season_routes, sending_routes
from .request import ApiAnswer, ApiRequest
from .request_parsing import read_body, read_query
from .route_table import BODIES, ROUTES, Route

log = logging.getLogger(__name__)

#: Each has put its routes into the table.
_MODULES = (document, season_routes, sending_routes)


#: Requests of one key within a minute.
OF_A_KEY = 240
#: Requests without a good key, from one network, within a minute.
OF_STRANGERS = 30
SECONDS = 60.0
#: So many names are remembered; beyond that the oldest are forgotten.
NAMES = 10_000


class Limit:
    """At most ``most`` requests within ``seconds``, in spans that begin with a name's first one; counted here alone."""

    def __init__(self, most: int, monotonic: Callable[[], float], *, seconds: float = SECONDS) -> None:
        self.most = most
        self._seconds, self._monotonic = seconds, monotonic
        self._since: dict[str, tuple[float, int]] = {}
        self._lock = threading.Lock()

    def take(self, name: str) -> int:
        """Count one more. 0 when it is within the limit, else how many seconds to wait."""
        now = self._monotonic()
        with self._lock:
            began, count = self._since.get(name, (now, 0))
            if now - began >= self._seconds:
                began, count = now, 0
            if count >= self.most:
                return max(1, math.ceil(began + self._seconds - now))
            self._since.pop(name, None)  # the newest stand last
            self._since[name] = (began, count + 1)
            while len(self._since) > NAMES:
                self._since.pop(next(iter(self._since)))
        return 0


@dataclass(frozen=True)
class RequestLimits:
    """How much one key, and one network without a good key, may ask for."""

    keys: Limit
    strangers: Limit


def add_api(app: Pages) -> None:
    """Add all routes below /api/v1. The limits that are kept to are the application's."""
    monotonic = app.site.project.clock.monotonic
    app.extensions["observance.api"] = limits = RequestLimits(
        Limit(OF_A_KEY, monotonic), Limit(OF_STRANGERS, monotonic)
    )
    for one in ROUTES:
        app.add_url_rule(
            one.rule,
            f"api_{one.name}",
            partial(_serve, one, limits),
            methods=[one.method],
            who=Guard.KEY if one.scope else Guard.ANYBODY,
            strict_slashes=False,  # no redirect: it would lead to whatever host the request names
        )


def _serve(one: Route, limits: RequestLimits, **path: str) -> Response:
    try:
        key = _key(one, limits) if one.scope else None
        call = ApiRequest(site(), key, path, read_query(one.query), read_body(BODIES[one.body]) if one.body else {})
        if key is None or one.reads:
            return _response(one, one.handle(call))
        with site().ledger.api_keys.acting_by(key):
            answer = one.handle(call)
    except Refused as refused:
        return problem_of(refused).answer()
    except Problem as problem:
        return problem.answer()
    except ObservanceError as error:
        # The message names files and servers: it is for the log.
        log.error("the API could not answer %s: %s", one.name, error.message, extra={"action": "api_failed"})
        return Problem(
            503,
            "out-of-reach",
            "It did not work this time",
            headers={"Retry-After": "60"},
            what_to_do="try again in a minute; the log of the server says what is wrong",
        ).answer()
    log.info("%s by the key %s", one.name, key.name, extra={"action": "api_act", "act": one.name, "key": key.name})
    return _response(one, answer)


def _key(one: Route, limits: RequestLimits) -> ApiKey:
    """The key of this request, if it is good and allows the route. Raises Problem."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    now, keys = site().now(), site().ledger.api_keys
    key = keys.find(token if scheme.lower() == "bearer" else "", now=now)
    if key is None:
        wait = limits.strangers.take(network_of(request.remote_addr))
        if wait:
            raise _too_many("Too many requests without a good key", "header Authorization", wait)
        raise Problem(
            401,
            "no-good-key",
            "That needs a key, and none that is good was sent",
            where="header Authorization",
            what_to_do="send Authorization: Bearer obs_...; `keys list` says which keys are good",
            headers={"WWW-Authenticate": 'Bearer realm="observance", error="invalid_token"'},
        )
    wait = limits.keys.take(str(key.id))
    if wait:
        raise _too_many("Too many requests of this key", "key", wait)
    if one.scope is not None and not key.scope.allows(one.scope):
        raise Problem(
            403,
            "wrong-scope",
            f"The key may {key.scope}, and this needs a key that may {one.scope}",
            where="header Authorization",
            what_to_do=f"ask for a key with --scope {one.scope}",
            headers={"WWW-Authenticate": f'Bearer realm="observance", error="insufficient_scope", scope="{one.scope}"'},
        )
    keys.note_use(key, now=now)
    return key


def _too_many(title: str, where: str, wait: int) -> Problem:
    return Problem(
        429, "too-many", title, where=where, what_to_do=f"wait {wait} seconds", headers={"Retry-After": str(wait)}
    )


def _response(one: Route, answer: ApiAnswer) -> Response:
    text = as_json(answer.data)
    response = Response(text, answer.status, content_type="application/json")
    response.headers.update(answer.headers)
    if one.reads:
        same = text if answer.same_as is None else as_json(answer.same_as)
        response.set_etag(hashlib.sha256(same.encode()).hexdigest()[:32], weak=answer.same_as is not None)
        response.make_conditional(request)
    return response
