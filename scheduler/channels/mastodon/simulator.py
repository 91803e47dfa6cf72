"""A stand-in for an account's instance of Mastodon: takes statuses by its rules, knows a call again by its key for an
hour, shows the account's own statuses, limits, and fails on request.

What it knows stands in Mastodon's documentation and in its server's published source; none of it was compared with an
instance.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email.parser import BytesParser
from email.policy import HTTP
from html import escape
from typing import Any

from ...clock import Clock
from ...light_dataclass import dataclass
from ..contract.double import Answer, SimulatedCall
from ..contract.double_pages import PostPages, ShownPost
from ..contract.faults import UPLOAD, Act, Fault, FaultScript
from ..contract.standin_pictures import UploadedPicture, picture_problems, png_size
from ..graphemes import grapheme_length
from ..spec import StandIn, StandInOrder
from ..web_links import find_links
from .build import IDEMPOTENCY_KEY, STATUSES
from .length import status_length, without_hosts
from .send import ACCOUNT_STATUSES, INSTANCE, MEDIA, MEDIA_STATE, VERIFY_CREDENTIALS

#: Visibly no token.
MASTODON_SECRETS = {"MASTODON_ACCESS_TOKEN": "sandbox-not-a-real-token"}
HANDLE, _ACCOUNT_ID = "sandbox", "100000000000000001"
_OWN_STATUSES = ACCOUNT_STATUSES.format(id=_ACCOUNT_ID)

#: The server's own limit, whatever the channel's settings say.
_LIMIT = 500
_MOST_PICTURES, _LONGEST_DESCRIPTION, _MOST_PIXELS = 4, 1_500, 33_177_600
#: How long a picture is kept that no status has.
_MEDIA_LASTS = timedelta(days=1)
_WINDOW, _CALLS_A_WINDOW = timedelta(minutes=5), 300
_KEY_LASTS = timedelta(hours=1)
_VISIBILITIES = frozenset({"public", "unlisted", "private", "direct"})
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_KNOWN_KEYS = frozenset({"status", "visibility", "language", "spoiler_text", "media_ids"})
_MEDIA_OF = re.compile(MEDIA_STATE.format(id="([0-9]+)"))
_SHOWN_OF_ADDRESS = 30
_TAG = re.compile(r"(?<![\w&/])#(\w+)")


@dataclass(frozen=True, kw_only=True)
class Status(ShownPost):
    """One status of the account."""

    visibility: str
    language: str


class MastodonDouble(PostPages):
    """See the module. ``max_characters``, ``max_bytes``: what the instance allows. ``looks_until_ready``: how often a
    picture is asked for before it is ready. ``lags``: statuses are shown so much later, as by a
    copy of the database that is behind."""

    name = "mastodon"
    title = "Mastodon stand-in"

    def __init__(
        self,
        *,
        port: int = 0,
        faults: FaultScript | Iterable[Fault] = (),
        clock: Clock | None = None,
        out: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__(port=port, faults=faults, clock=clock, out=out)
        self.token = MASTODON_SECRETS["MASTODON_ACCESS_TOKEN"]
        self.max_characters, self.max_bytes = _LIMIT, 16_777_216
        self.looks_until_ready = 0
        self.lags = timedelta(0)
        self.absences = 0  # questions that were answered with an empty list
        self._statuses: list[Status] = []
        self._media: dict[str, UploadedPicture] = {}
        self._looks_left: dict[str, int] = {}
        self._keys: dict[str, tuple[Status, datetime]] = {}
        self._window_ends = datetime.min.replace(tzinfo=UTC)
        self._calls_left = _CALLS_A_WINDOW

    # -- what tests and pages ask ----------------------------------------------------------------------

    @property
    def posts(self) -> tuple[Status, ...]:
        """The account's statuses, oldest first."""
        with self.lock:
            return tuple(self._statuses)

    def counts(self) -> dict[str, object]:
        return {"accepted": len(self._statuses), "posts": len(self._statuses)}

    # -- the provider ----------------------------------------------------------------------------------

    def provider_answer(self, call: SimulatedCall) -> Answer:
        if (call.method, call.path) == ("GET", INSTANCE):
            allows = {"image_size_limit": self.max_bytes, "description_limit": _LONGEST_DESCRIPTION}
            statuses = {"max_characters": self.max_characters}
            return Answer.of(200, {"configuration": {"statuses": statuses, "media_attachments": allows}})
        if call.headers.get("authorization") != f"Bearer {self.token}":
            return _error(401, "The access token is invalid")
        if (limited := self._count()) is not None:
            return limited
        if (call.method, call.path) == ("POST", STATUSES):
            return self._post(call)
        if (call.method, call.path) == ("POST", MEDIA):
            return self.judge(call, lambda: self._take_picture(call), step=UPLOAD)
        if call.method == "GET" and (of := _MEDIA_OF.fullmatch(call.path)):
            return self._media_state(of[1])
        if (call.method, call.path) == ("GET", VERIFY_CREDENTIALS):
            return Answer.of(200, {"id": _ACCOUNT_ID, "username": HANDLE, "acct": HANDLE})
        if (call.method, call.path) == ("GET", _OWN_STATUSES):
            return self._own_statuses(call.query)
        return _error(404, "Record not found")

    def _count(self) -> Answer | None:
        now = self.clock.now()
        with self.lock:
            if now >= self._window_ends:
                self._window_ends, self._calls_left = now + _WINDOW, _CALLS_A_WINDOW
            self._calls_left -= 1
            return _limited(self._window_ends) if self._calls_left < 0 else None

    def _post(self, call: SimulatedCall) -> Answer:
        answer = self.judge(call, lambda: self._keep(call))
        body = call.json()
        self.note(answer.status, text=body.get("status") if isinstance(body, dict) else None)
        return answer

    def _take_picture(self, call: SimulatedCall) -> Answer:
        fields = form_fields(call)
        content, media_type = fields.get("file", (b"", ""))
        description = fields.get("description", (b"", ""))[0].decode("utf-8", "replace")
        wrong = picture_problems(content, media_type, self.max_bytes)
        if not wrong and len(description) > _LONGEST_DESCRIPTION:
            wrong = [f"Description is too long (maximum is {_LONGEST_DESCRIPTION} characters)"]
        width, height = png_size(content)
        if not wrong and width * height > _MOST_PIXELS:
            wrong = ["File images of this size are not supported"]
        if wrong:
            return _error(422, f"Validation failed: {wrong[0]}")
        with self.lock:
            media_id = str((int(self.clock.now().timestamp() * 1000) << 16) + len(self._media) + 1)
            self._media[media_id] = UploadedPicture(content, self.clock.now() + _MEDIA_LASTS, description)
            self._looks_left[media_id] = self.looks_until_ready
        self.say(f"mastodon: a picture of {len(content):,} bytes")
        return self._described_media(media_id, 202)

    def _media_state(self, media_id: str) -> Answer:
        with self.lock:
            if media_id not in self._media:
                return _error(404, "Record not found")
            self._looks_left[media_id] = max(0, self._looks_left[media_id] - 1)
        return self._described_media(media_id, 206)

    def _described_media(self, media_id: str, in_work: int) -> Answer:
        is_ready = not self._looks_left[media_id]
        url = f"{self.base_url}/media/{media_id}.png" if is_ready else None
        media = {"id": media_id, "type": "image", "url": url, "description": self._media[media_id].alt_text}
        return Answer.of(200 if is_ready else in_work, media)

    def _pictures_of(self, media_ids: object) -> tuple[UploadedPicture, ...]:
        """Of a status. Raises ValueError for what it cannot have."""
        if not isinstance(media_ids, list) or len(media_ids) > _MOST_PICTURES:
            raise ValueError("Cannot attach more than 4 files")
        found = [self._media.get(media_id) for media_id in media_ids]
        if any(one is None or one.good_until <= self.clock.now() for one in found):
            raise ValueError("Media attachments are invalid")
        if any(self._looks_left[media_id] for media_id in media_ids):
            raise ValueError("Cannot attach files that have not finished processing. Try again in a moment!")
        return tuple(filter(None, found))

    def _keep(self, call: SimulatedCall) -> Answer:
        body, key, now = call.json(), call.headers.get(IDEMPOTENCY_KEY.lower(), ""), self.clock.now()
        if "json" not in call.headers.get("content-type", "") or not isinstance(body, dict):
            return _error(422, "A JSON object is needed")
        with self.lock:
            earlier, kept_until = self._keys.get(key, (None, now))
            if earlier is not None and now < kept_until:
                self.say("mastodon: a call that is known already")
                return Answer.of(200, self._described(earlier))
            if wrong := problems(body, self.max_characters):
                return _error(422, f"Validation failed: {wrong[0]}")
            try:
                pictures = self._pictures_of(body.get("media_ids", []))
            except ValueError as problem:
                return _error(422, f"Validation failed: {problem}")
            number = len(self._statuses) + 1
            status = Status(
                id=str((int(now.timestamp() * 1000) << 16) + number),
                text=body["status"],
                created_at=now,
                warning=body.get("spoiler_text", ""),
                visibility=body.get("visibility", "public"),
                language=body.get("language", "en"),
                pictures=tuple(picture.shown for picture in pictures),
            )
            self._statuses.append(status)
            if key:
                self._keys[key] = status, now + _KEY_LASTS
        self.say(f"mastodon: post {number}: {' '.join(status.text.split())[:60]}")
        return Answer.of(200, self._described(status))

    def _own_statuses(self, query: Mapping[str, str]) -> Answer:
        shown_until, before = self.clock.now() - self.lags, int(query.get("max_id") or 1 << 63)
        most = min(int(query.get("limit") or 20), 40)
        with self.lock:
            shown = [s for s in reversed(self._statuses) if s.created_at <= shown_until and int(s.id) < before]
            self.absences += not shown
        return Answer.of(200, [self._described(status) for status in shown[:most]])

    def _described(self, status: Status) -> dict[str, Any]:
        base = self.base_url
        return {
            "id": status.id,
            "created_at": status.created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
            "uri": f"{base}/users/{HANDLE}/statuses/{status.id}",
            "url": f"{base}/@{HANDLE}/{status.id}",
            "content": content_of(status.text),
            "spoiler_text": status.warning,
            "sensitive": bool(status.warning),
            "visibility": status.visibility,
            "language": status.language,
        }

    # -- refusals --------------------------------------------------------------------------------------

    def fault_answer(self, fault: Fault) -> Answer:
        until = None if fault.reset_in is None else self.clock.now() + timedelta(seconds=fault.reset_in)
        answers = {
            Act.DUPLICATE: self._earlier(),
            Act.NO_CREDIT: _error(402, "no such thing as credit is known"),
            Act.LIMIT: _limited(until),
            Act.REFUSE: _error(fault.status or 422, "Validation failed: refused by the fault script"),
        }
        return answers.get(fault.act, _error(fault.status or 503, "Service unavailable"))

    def _earlier(self) -> Answer:
        """As under a key that an earlier call of other words had."""
        an_hour_ago = self.clock.now() - timedelta(hours=1)
        status = Status(id="1", text="Other words", created_at=an_hour_ago, visibility="public", language="en")
        return Answer.of(200, self._described(status))


def problems(body: Mapping[str, Any], most: int) -> list[str]:
    """All for which the server would answer 422; and, stricter than it, what it would take no notice of."""
    text, warning = body.get("status"), body.get("spoiler_text", "")
    if not isinstance(text, str) or not isinstance(warning, str) or not text.strip():
        return ["Text can't be blank"]
    rules = {
        f"Text character limit of {most} exceeded": status_length(text) + grapheme_length(warning) <= most,
        "Visibility is not included in the list": body.get("visibility", "public") in _VISIBILITIES,
        "Language is none": _LANGUAGE.fullmatch(str(body.get("language", "en"))),
        "Nobody knows all of these keys": body.keys() <= _KNOWN_KEYS,
    }
    return [problem for problem, is_kept in rules.items() if not is_kept]


def form_fields(call: SimulatedCall) -> dict[str, tuple[bytes, str]]:
    """The parts of a multipart form by their names, each with its media type; none where it is no such form."""
    head = f"Content-Type: {call.headers.get('content-type', '')}\r\n\r\n".encode()
    parts = BytesParser(policy=HTTP).parsebytes(head + call.body)
    found = {}
    for part in parts.iter_parts() if parts.is_multipart() else ():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            found[name] = content, part.get_content_type()
    return found


def content_of(text: str) -> str:
    """A status's text as the HTML that the server makes of it: addresses shortened to the eye, hosts left out."""
    links, at, made = find_links(text, frozenset()), 0, ""
    for start, end in links:
        made += _words(text[at:start]) + _link(text[start:end])
        at = end
    made += _words(text[at:])
    paragraphs = re.split(r"\n{2,}", made.strip())
    return "".join(f"<p>{paragraph.replace(chr(10), '<br />')}</p>" for paragraph in paragraphs)


def _words(text: str) -> str:
    words = escape(without_hosts(text), quote=True)
    return _TAG.sub(r'<a href="/tags/\1" class="mention hashtag" rel="tag">#<span>\1</span></a>', words)


def _link(address: str) -> str:
    prefix = re.match(r"https?://(?:www\.)?", address)
    start = prefix.end() if prefix else 0
    cut = start + _SHOWN_OF_ADDRESS
    parts = [escape(part, quote=True) for part in (address[:start], address[start:cut], address[cut:])]
    ellipsis = "ellipsis" if parts[2] else ""
    return (
        f'<a href="{escape(address, quote=True)}" rel="nofollow noopener" translate="no">'
        f'<span class="invisible">{parts[0]}</span><span class="{ellipsis}">{parts[1]}</span>'
        f'<span class="invisible">{parts[2]}</span></a>'
    )


def _limited(until: datetime | None) -> Answer:
    headers = {} if until is None else {"x-ratelimit-reset": until.astimezone(UTC).isoformat().replace("+00:00", "Z")}
    return Answer.of(429, {"error": "Too many requests"}, **headers)


def _error(status: int, message: str) -> Answer:
    return Answer.of(status, {"error": message})


def stand_in(order: StandInOrder) -> StandIn:
    """For `run.py sandbox`."""
    double = MastodonDouble(port=order.ports[""], faults=order.faults, clock=order.clock, out=order.out)
    return StandIn(
        servers={"": double},
        page=lambda: f"{double.base_url}/",
        settings=lambda: {"BASE_URL": double.base_url, "HANDLE": HANDLE},
        secrets=lambda: MASTODON_SECRETS,
        received=lambda: {"post": len(double.posts)},
        pictures=double.pictures,
    )
