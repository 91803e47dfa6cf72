"""X's rules for a request: those for the body of POST /2/tweets, from X's description of its API (version 2.167), and
its OAuth 1.0a signature (RFC 5849, section 3.4).

The signature is checked with the standard library alone: written apart from the library that signs, so that each is a
check of the other.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote

_ID = re.compile(r"[0-9]{1,19}")

_FIELDS: Mapping[str, type] = {
    "text": str,
    "media": dict,
    "reply": dict,
    "quote_tweet_id": str,
    "poll": dict,
    "reply_settings": str,
    "geo": dict,
    "community_id": str,
    "share_with_followers": bool,
    "for_super_followers_only": bool,
    "direct_message_deep_link": str,
    "card_uri": str,
    "nullcast": bool,
    "edit_options": dict,
    "made_with_ai": bool,
    "paid_partnership": bool,
}
_REPLY_SETTINGS = ("following", "mentionedUsers", "subscribers", "verified")


def problems(body: Any) -> list[str]:
    """All for which X would answer 400. Its description allows no further fields."""
    if not isinstance(body, dict):
        return ["the body is not a JSON object"]
    wrong = [f"[{name}] is not defined" for name in body if name not in _FIELDS]
    wrong += [f"[{n}] has the wrong type" for n, v in body.items() if n in _FIELDS and not isinstance(v, _FIELDS[n])]
    if wrong:
        return wrong
    ids = body.get("media", {}).get("media_ids")
    good_ids = isinstance(ids, list) and 1 <= len(ids) <= 4 and all(_ID.fullmatch(str(i)) for i in ids)
    rules = {
        "[media.media_ids] must hold 1 to 4 ids": "media" in body and not good_ids,
        "[text] is required unless media is provided": not body.get("text") and "media" not in body,
        "[reply_settings] is not valid": body.get("reply_settings", "verified") not in _REPLY_SETTINGS,
        "replies and quotes are not part of the self-serve plans": "reply" in body or "quote_tweet_id" in body,
    }
    return [problem for problem, is_there in rules.items() if is_there]


_PAIR = re.compile(r'\s*([A-Za-z_]+)="([^"]*)"\s*')
_NEEDED = tuple(f"oauth_{n}" for n in "consumer_key token signature_method timestamp nonce signature".split())


def oauth_parameters(authorization: str) -> dict[str, str] | None:
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
    whole = all(found.get(name) for name in _NEEDED)
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
