"""X's rules for the body of POST /2/tweets, from X's description of its API (version 2.167)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

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
    media = body.get("media")
    if media is not None:
        ids = media.get("media_ids")
        if not (isinstance(ids, list) and 1 <= len(ids) <= 4 and all(_ID.fullmatch(str(i)) for i in ids)):
            wrong.append("[media.media_ids] must hold 1 to 4 ids")
    if not body.get("text") and media is None:
        wrong.append("[text] is required unless media is provided")
    if "reply_settings" in body and body["reply_settings"] not in _REPLY_SETTINGS:
        wrong.append("[reply_settings] is not valid")
    if "reply" in body or "quote_tweet_id" in body:
        wrong.append("replies and quotes are not part of the self-serve plans")
    return wrong
