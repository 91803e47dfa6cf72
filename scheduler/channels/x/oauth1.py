"""Checks a request's OAuth 1.0a signature as a provider does (RFC 5849, section 3.4), with the standard library alone:
written apart from the library that signs, so that each is a check of the other."""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Mapping
from urllib.parse import quote, unquote

_PAIR = re.compile(r'\s*([A-Za-z_]+)="([^"]*)"\s*')
_NEEDED = ("oauth_consumer_key", "oauth_token", "oauth_signature_method", "oauth_timestamp", "oauth_nonce")


def parameters(authorization: str) -> dict[str, str] | None:
    """The parameters of an ``Authorization: OAuth ...`` header; None when it is not one, or not a whole one."""
    scheme, _, rest = authorization.partition(" ")
    if scheme.lower() != "oauth":
        return None
    found: dict[str, str] = {}
    for part in rest.split(","):
        pair = _PAIR.fullmatch(part)
        if pair is None or pair[1] in found:
            return None
        found[pair[1]] = unquote(pair[2])
    whole = all(found.get(name) for name in (*_NEEDED, "oauth_signature"))
    return found if whole and found["oauth_signature_method"] == "HMAC-SHA1" else None


def is_signed_by(
    method: str,
    url: str,
    query: Mapping[str, str],
    oauth: Mapping[str, str],
    *,
    consumer_secret: str,
    token_secret: str,
) -> bool:
    """Whether the signature fits. ``url`` is without its query. A JSON body is no part of what is signed."""
    signed = {name: value for name, value in oauth.items() if name not in ("oauth_signature", "realm")}
    pairs = sorted((_escape(n), _escape(v)) for n, v in [*signed.items(), *query.items()])
    base = "&".join([method.upper(), _escape(url), _escape("&".join(f"{n}={v}" for n, v in pairs))])
    key = f"{_escape(consumer_secret)}&{_escape(token_secret)}"
    expected = base64.b64encode(hmac.digest(key.encode(), base.encode(), "sha1")).decode()
    return hmac.compare_digest(expected, oauth["oauth_signature"])


def _escape(text: str) -> str:
    return quote(text, safe="-._~")
