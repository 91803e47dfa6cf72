"""Mastodon: one status a call, over plain HTTP to the account's own instance.

A call is made once. What became of a doubtful one is read in the account's own statuses; and for an hour the server
knows the call again by its key. https://docs.joinmastodon.org/methods/statuses/
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from html.parser import HTMLParser
from typing import Any

from ...domain.outcome import Evidence, Outcome, OutcomeKind, Request, Verdict
from ...domain.post_picture import AttachedPicture
from ...domain.reason import Reason, ReasonCode, because
from ...errors import ConfigurationError
from ..http import HttpSession, HttpTransport, ended
from ..own_timeline import NotShown, OwnPost, comparable, look_for
from ..picture_upload import NotUploaded, send_with_picture
from ..spec import ChannelContext, UploadsFirst
from ..status_mapping import (
    RETRY_LIMIT,
    document,
    kind_of,
    latest_reset,
    of_question,
    reasons_of,
    safe,
    said,
    strange,
)
from .length import without_hosts

VERIFY_CREDENTIALS = "/api/v1/accounts/verify_credentials"
ACCOUNT_STATUSES = "/api/v1/accounts/{id}/statuses"
INSTANCE = "/api/v2/instance"
MEDIA, MEDIA_STATE = "/api/v2/media", "/api/v1/media/{id}"

_PAGES, _A_PAGE = 5, 40
#: How often it is looked whether a picture is ready, in seconds.
_LOOK_EVERY = 0.5
_READY, _TAKEN_IN = 200, (202, 206)
#: The server keeps a key for an hour from the end of the call on; the next try has to begin before that is over.
_KEY_GUARDS = timedelta(minutes=50)
#: A status that is older was not made by the call that it answers.
_A_TRY = timedelta(minutes=1)


def outcome_of(status: int, headers: Mapping[str, str], body: bytes, *, now: datetime, text: str = "") -> Outcome:
    """What the server's answer to a post of these words means."""
    answer, kind = document(body), kind_of(status)
    if kind is OutcomeKind.ACCEPTED:
        uri = answer.get("uri")  # the status's name for every server, and an address that opens in a browser
        if not (isinstance(uri, str) and uri and isinstance(answer.get("id"), str)):
            return strange(status, f"{status} without the address of a status")
        if _has_other_words(answer, text, now):
            there = (because(ReasonCode.DUPLICATE, status=status),)
            return Outcome(OutcomeKind.UNKNOWN, detail=f"{status}: an earlier one", reasons=there, status=status)
        return Outcome(kind, reference=uri, status=status)
    words = said(answer)
    reasons = reasons_of(status)
    if status == 403:  # what the token may not do, or an account that may not post: it holds for every post
        reasons = (because(ReasonCode.KEYS_REFUSED, status=status),)
    retry_at = None
    if kind is OutcomeKind.LATER:
        retry_at = latest_reset([headers.get("x-ratelimit-reset")], now=now, otherwise=RETRY_LIMIT)
    return Outcome(
        kind,
        detail=safe(f"{status}: {words}" if words else f"{status}"),
        reasons=reasons,
        status=status,
        retry_at=retry_at,
    )


def _has_other_words(answer: Mapping[str, object], text: str, now: datetime) -> bool:
    """Whether it is not the status that was to be made, but that of an earlier try under the same key, from before the
    text was changed."""
    try:
        is_earlier = datetime.fromisoformat(str(answer["created_at"])) < now - _A_TRY
        return is_earlier and comparable(words_of(str(answer["content"]))) != comparable(without_hosts(text))
    except (KeyError, TypeError, ValueError):
        return False


class MastodonTransport(HttpTransport, UploadsFirst):
    """Posts to one account by an access token of it."""

    def __init__(self, context: ChannelContext) -> None:
        (token,) = context.secret_values()
        if not context.base_url:
            raise ConfigurationError(
                f"channel {context.settings.name}: base_url is not set, and Mastodon has no server for everybody",
                hint='name the instance of your account in config/channels.toml, as: base_url = "https://HOST"',
            )
        super().__init__(context)
        self._line.headers["Authorization"] = f"Bearer {token}"  # no attribute of ours holds it
        self._account = ""

    def send_after_upload(self, request: Request, *, now: datetime, may_go_on: Callable[[], bool]) -> Outcome:
        """One call. Never raises."""

        def upload(picture: AttachedPicture, content: bytes) -> str:
            return self._upload(picture, content, now)

        def post(media_id: str | None) -> Outcome:
            def call() -> Outcome:
                body = {**request.body, **({"media_ids": [media_id]} if media_id else {})}
                answer = self._line.request(request.method, request.path, json=body, headers=dict(request.headers))
                text = str(request.body.get("status", ""))
                return outcome_of(answer.status_code, answer.headers, answer.content, now=now, text=text)

            return ended(call, now=now)

        return send_with_picture(self._context, request, upload, post, now=now, may_go_on=may_go_on)

    def _upload(self, picture: AttachedPicture, content: bytes, now: datetime) -> str:
        """The id by which a status may have the picture, once the server is ready with it."""
        media_type = picture.picture.media_type
        file = (f"card.{media_type.rpartition('/')[2]}", content, media_type)
        answer = self._line.request("POST", MEDIA, files={"file": file}, data={"description": picture.alt_text})
        media_id = document(answer.content).get("id")
        while isinstance(media_id, str) and media_id:
            if answer.status_code == _READY:
                return media_id
            if answer.status_code not in _TAKEN_IN:
                break
            threading.Event().wait(_LOOK_EVERY)
            answer = self._line.request("GET", MEDIA_STATE.format(id=media_id))
        raise NotUploaded(outcome_of(answer.status_code, answer.headers, answer.content, now=now))

    def ask(self, *, now: datetime) -> Outcome | None:
        """Whether the instance is there and takes the token; and whether it allows what is set: posts as long, and
        pictures as large."""
        with HttpSession.within(self._seconds):
            return self._ask(now)

    def _ask(self, now: datetime) -> Outcome:
        def call() -> Outcome:
            answer = self._line.request("GET", VERIFY_CREDENTIALS)
            if answer.status_code != 200:
                return outcome_of(answer.status_code, answer.headers, answer.content, now=now)
            return Outcome(OutcomeKind.ACCEPTED, status=200)

        def look() -> tuple[Reason, ...]:
            return self._allows_less(self._get(INSTANCE))

        token = ended(call, now=now)
        if token.kind is not OutcomeKind.ACCEPTED:
            return of_question(token)
        limits = ended(look, now=now)  # where it does not say what it allows, nothing is known to be wrong
        return token if isinstance(limits, Outcome) else Outcome(token.kind, reasons=limits, status=token.status)

    def look_up(self, request: Request, *, since: datetime, now: datetime) -> Evidence:
        """Look for the words among the account's own statuses. That they are not there is believed for as long as the
        server would know the call again by its key. Never raises."""
        absent = Verdict.NOT_SENT if now - since < _KEY_GUARDS else Verdict.CANNOT_TELL
        text = without_hosts(str(request.body.get("status", "")))
        return look_for(text, self._timeline, since=since, absent=absent)

    def _timeline(self, earliest: datetime) -> Iterator[OwnPost]:
        """The newest first, until they are older."""
        if not self._account:
            self._account = str(self._get(VERIFY_CREDENTIALS)["id"])
        query = {"limit": str(_A_PAGE), "exclude_reblogs": "true"}
        for _ in range(_PAGES):
            page = self._get(ACCOUNT_STATUSES.format(id=self._account), query)
            for status in page:
                created_at = datetime.fromisoformat(str(status["created_at"]))
                if created_at < earliest:
                    return
                yield OwnPost(str(status["uri"]), without_hosts(words_of(str(status["content"]))), created_at)
            if not page:  # one that is short is not the last: what was deleted is left out of it
                return
            query["max_id"] = str(page[-1]["id"])
        raise NotShown(f"holds more than {_PAGES * _A_PAGE} posts since")

    def _get(self, path: str, query: Mapping[str, str] | None = None) -> Any:
        answer = self._line.request("GET", path, params=query)
        if answer.status_code != 200:
            raise NotShown(f"answered {answer.status_code}")
        return answer.json()

    def _allows_less(self, instance: Any) -> tuple[Reason, ...]:
        options, allowed = self._context.settings.options, instance["configuration"]
        of_each = (
            (ReasonCode.ALLOWS_LESS, "character_limit", allowed["statuses"]["max_characters"]),
            (ReasonCode.SMALLER_PICTURES, "picture_bytes", allowed["media_attachments"]["image_size_limit"]),
        )
        usual = {key.name: key.default for key in self._context.spec.settings}
        return tuple(
            because(code, allows=allows, is_set=is_set)
            for code, name, allows in of_each
            if isinstance(allows, int) and allows < (is_set := int(options.get(name, usual[name])))
        )


class _Words(HTMLParser):
    """The words of a status: its paragraphs and lines apart, and what is hidden of an address in its place."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("br", "p"):
            self.found.append("\n")

    def handle_data(self, data: str) -> None:
        self.found.append(data)


def words_of(content: str) -> str:
    """A status's HTML as the text that it was made of."""
    parser = _Words()
    parser.feed(content)
    parser.close()
    return "".join(parser.found).strip()
