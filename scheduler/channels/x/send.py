"""X: one post a call, over tweepy.

X has no key by which a repeated post is recognized, so a call is made once, and a doubtful one is looked for in the
account's own timeline. https://docs.x.com/x-api/posts/create-post
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import tweepy
from requests import PreparedRequest, Response

from ...domain.outcome import Evidence, Outcome, OutcomeKind, Request
from ...domain.post_picture import AttachedPicture
from ...domain.reason import ReasonCode, because
from ...light_dataclass import dataclass
from ..http import HttpTransport, ended
from ..own_timeline import NotShown, OwnPost, look_for
from ..picture_upload import NotUploaded, send_with_picture
from ..spec import ChannelContext, UploadsFirst
from ..status_mapping import RETRY_LIMIT, TOO_MANY, document, kind_of, latest_reset, reasons_of, safe, said, strange

MEDIA, MEDIA_METADATA = "/2/media/upload", "/2/media/metadata"
#: Where tweepy sends its requests; :class:`HttpSession` has them go to the address that is set.
_TWEEPY = "https://api.twitter.com"

_TIMELINE_PAGES = 3

_POST_ID = re.compile(r"[0-9]{1,19}")
_OWN_MEDIA = re.compile(r"/(?:photo|video)/[0-9]+$")
#: A post of the same words is there, or was lately. The answer does not say which, so neither do we.
_DUPLICATE = re.compile(r"duplicate content|status is a duplicate", re.IGNORECASE)
_RESETS = ("x-rate-limit-reset", "x-app-limit-24hour-reset", "x-user-limit-24hour-reset")


def outcome_of(status: int, headers: Mapping[str, str], body: bytes, *, now: datetime) -> Outcome:
    """What X's answer to a post means, or to an upload: both have an id. ``headers`` are looked up in lower case or
    without regard to it."""
    answer = document(body)
    words = said(answer)
    detail = safe(f"{status}: {words}" if words else f"{status}")
    kind = kind_of(status)
    if kind is OutcomeKind.ACCEPTED:
        data = answer.get("data")
        post_id = data.get("id") if isinstance(data, dict) else None
        if isinstance(post_id, str) and _POST_ID.fullmatch(post_id):
            return Outcome(kind, reference=post_id, status=status)
        return strange(status, f"{status} without an id")
    if status == 403 and _DUPLICATE.search(words):
        there = (because(ReasonCode.DUPLICATE, status=status),)
        return Outcome(OutcomeKind.UNKNOWN, detail=detail, reasons=there, status=status)
    resets = [headers.get(name) for name in _RESETS] if status == TOO_MANY else []
    retry_at = latest_reset(resets, now=now, otherwise=RETRY_LIMIT) if kind is OutcomeKind.LATER else None
    return Outcome(kind, detail=detail, reasons=reasons_of(status), status=status, retry_at=retry_at)


def delinked(text: str, entities: object) -> str:
    """A post's text as it was written: X replaces each address by a t.co link and appends one for a picture."""
    urls = entities.get("urls") if isinstance(entities, Mapping) else None
    for url in urls if isinstance(urls, list) else []:
        short, long = url.get("url"), url.get("expanded_url")
        if isinstance(short, str) and isinstance(long, str):
            text = text.replace(short, "" if _OWN_MEDIA.search(long) else long)
    return text


@dataclass(frozen=True)
class SignedRequest(Request):
    """A request without a picture that was signed before its call: X takes a signature for some minutes, once."""

    signed: PreparedRequest | None = None


class XTransport(HttpTransport, UploadsFirst):
    """Posts to one account by OAuth 1.0a user context, which has no token to refresh or to lose."""

    def __init__(self, context: ChannelContext) -> None:
        keys = context.secret_values()
        super().__init__(context)
        self._client = tweepy.Client(
            consumer_key=keys[0],
            consumer_secret=keys[1],
            access_token=keys[2],
            access_token_secret=keys[3],
            wait_on_rate_limit=False,  # it would post again by itself
        )
        self._client.session.close()
        self._client.session = self._line
        # Asked to sign, tweepy makes what signs anew for each request, with a session of its own that nobody uses.
        self._line.auth = tweepy.OAuth1UserHandler(*keys).apply_auth()
        self._user_id = ""

    def get_ready(self, request: Request) -> Request:
        """With its signature, which takes half of what a call takes of the processor."""
        if request.picture is not None:
            return request
        headers = {"User-Agent": self._client.user_agent}
        signed = self._line.signed("POST", _TWEEPY + request.path, json=dict(request.body), headers=headers)
        return SignedRequest(**{field.name: getattr(request, field.name) for field in fields(Request)}, signed=signed)

    def send_after_upload(self, request: Request, *, now: datetime, may_go_on: Callable[[], bool]) -> Outcome:
        """One call. Never raises."""

        def upload(picture: AttachedPicture, content: bytes) -> str:
            return self._upload(picture, content, now)

        def post(media_id: str | None) -> Outcome:
            def call() -> Outcome:
                if isinstance(request, SignedRequest) and request.signed is not None:
                    answer = self._line.send_signed(request.signed)
                else:
                    media = {"media": {"media_ids": [media_id]}} if media_id else {}
                    answer = self._call(request.path, {**request.body, **media})
                return outcome_of(answer.status_code, answer.headers, answer.content, now=now)

            return ended(call, now=now)  # tweepy raises TypeError and others on answers that it did not expect

        return send_with_picture(self._context, request, upload, post, now=now, may_go_on=may_go_on)

    def _upload(self, picture: AttachedPicture, content: bytes, now: datetime) -> str:
        """The id by which a post may have the picture, for a day. Its alternative text is given before the post."""
        body = {
            "media": b64encode(content).decode(),
            "media_category": "tweet_image",
            "media_type": picture.picture.media_type,
        }
        answer = self._call(MEDIA, body)
        outcome = outcome_of(answer.status_code, answer.headers, answer.content, now=now)
        if outcome.kind is not OutcomeKind.ACCEPTED:
            raise NotUploaded(outcome)
        words = {"id": outcome.reference, "metadata": {"alt_text": {"text": picture.alt_text}}}
        told = self._call(MEDIA_METADATA, words)
        if kind_of(told.status_code) is not OutcomeKind.ACCEPTED:
            raise NotUploaded(outcome_of(told.status_code, told.headers, told.content, now=now))
        return outcome.reference

    def _call(self, path: str, body: Mapping[str, object]) -> Response:
        try:
            answer: Response = self._client.request("POST", path, json=dict(body))
        except tweepy.HTTPException as refusal:
            answer = refusal.response
        return answer

    def look_up(self, request: Request, *, since: datetime, now: datetime) -> Evidence:
        """Look for the words in the account's own timeline. An empty timeline proves nothing. Never raises."""
        return look_for(str(request.body.get("text", "")), self._timeline, since=since)

    def _timeline(self, earliest: datetime) -> Iterator[OwnPost]:
        try:
            for post in self._posts_since(earliest):
                if _POST_ID.fullmatch(post_id := str(post.get("id"))):
                    text = delinked(str(post.get("text", "")), post.get("entities"))
                    yield OwnPost(post_id, text, datetime.fromisoformat(str(post.get("created_at"))))
        except tweepy.HTTPException as refusal:
            raise NotShown(f"answered {refusal.response.status_code}") from None

    def _posts_since(self, earliest: datetime) -> Iterator[dict[str, Any]]:
        if not self._user_id:
            self._user_id = str(self._get("/2/users/me", {})["data"]["id"])
        query = {
            "start_time": earliest.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "max_results": "100",
            "tweet.fields": "created_at,entities",
        }
        for _ in range(_TIMELINE_PAGES):
            page = self._get(f"/2/users/{self._user_id}/tweets", query)
            yield from page.get("data") or []
            following = (page.get("meta") or {}).get("next_token")
            if not following:
                return
            query["pagination_token"] = following

    def _get(self, path: str, query: dict[str, str]) -> Any:
        return self._client.request("GET", path, params=query).json()
