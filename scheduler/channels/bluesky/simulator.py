"""A stand-in for an account's server on Bluesky (PDS): signs in by an app password, keeps records, limits, and fails on
request.

It answers as the reference server does (@atproto/pds 0.4.217), against which the channel is tried too: a record of the
same key and content is taken as it is, another one of that key is refused where ``swapRecord`` is null.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from ...clock import Clock
from ...light_dataclass import dataclass
from ..contract.double import Answer, SimulatedCall
from ..contract.double_pages import PostPages, ShownPost
from ..contract.faults import UPLOAD, Act, Fault, FaultScript
from ..contract.standin_pictures import ShownPicture, UploadedPicture, media_type_of
from ..graphemes import byte_length, grapheme_length
from ..spec import StandIn, StandInOrder
from .build import COLLECTION, PUT_RECORD, cid_of
from .send import CREATE_SESSION, GET_RECORD, GET_SESSION, UPLOAD_BLOB

#: The provider's own limits, whatever the channel's settings say.
_LIMIT, _BYTE_LIMIT = 300, 3_000
HANDLE, DID = "sandbox.bsky.example", "did:plc:observancesandboxaaaaaaa"
#: Visibly no password.
BLUESKY_SECRETS = {"BLUESKY_APP_PASSWORD": "sand-boxn-otre-ally"}

_SESSION_LASTS = timedelta(hours=2)
_WINDOW = timedelta(hours=1)
_POINTS_AN_HOUR, _POINTS_A_PUT = 5_000, 2
_LARGEST_UPLOAD, _LARGEST_PICTURE, _MOST_PICTURES = 5_000_000, 1_000_000, 4
#: How long a picture is kept that no record names.
_BLOB_LASTS = timedelta(hours=1)
_TID = re.compile(r"[234567abcdefghij][234567a-z]{12}")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_LINK, _TAG = "app.bsky.richtext.facet#link", "app.bsky.richtext.facet#tag"
_URI = re.compile(r"\w+:(?://)?[^\s/]\S*")


@dataclass(frozen=True, kw_only=True)
class Post(ShownPost):
    """One record of the repository."""

    record: Mapping[str, Any]

    @property
    def cid(self) -> str:
        canonical = json.dumps(self.record, sort_keys=True).encode()
        return f"bafyrei{hashlib.sha256(canonical).hexdigest()}"


class BlueskyDouble(PostPages):
    """See the module."""

    name = "bluesky"
    title = "Bluesky stand-in"

    def __init__(
        self,
        *,
        port: int = 0,
        faults: FaultScript | Iterable[Fault] = (),
        clock: Clock | None = None,
        out: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__(port=port, faults=faults, clock=clock, out=out)
        self.password = BLUESKY_SECRETS["BLUESKY_APP_PASSWORD"]
        self.sessions_made = 0
        self.absences = 0  # questions about a record that is not there
        self._sessions: dict[str, datetime] = {}  # token -> until when it is good
        self._posts: dict[str, Post] = {}
        self._blobs: dict[str, UploadedPicture] = {}
        self._window_ends: datetime | None = None
        self._points_left = _POINTS_AN_HOUR

    # -- what tests and pages ask ----------------------------------------------------------------------

    @property
    def posts(self) -> tuple[Post, ...]:
        """What stands in the repository, oldest first."""
        with self.lock:
            return tuple(self._posts.values())

    def counts(self) -> dict[str, object]:
        return {"accepted": len(self._posts), "posts": len(self._posts), "sessions": self.sessions_made}

    def forget_sessions(self) -> None:
        """As after a change of the server's keys: every session is refused from now on."""
        with self.lock:
            self._sessions.clear()

    # -- the provider ----------------------------------------------------------------------------------

    def provider_answer(self, call: SimulatedCall) -> Answer:
        if (call.method, call.path) == ("POST", CREATE_SESSION):
            return self._sign_in(call)
        if (call.method, call.path) == ("GET", GET_RECORD):
            return self._get_record(call.query)
        if (call.method, call.path) in (("POST", PUT_RECORD), ("POST", UPLOAD_BLOB), ("GET", GET_SESSION)):
            refusal = self._refuse_stranger(call)
            if refusal is None and call.path == GET_SESSION:
                return Answer.of(200, {"did": DID, "handle": HANDLE, "active": True})
            if refusal is None and call.path == UPLOAD_BLOB:
                return self.judge(call, lambda: self._keep_blob(call), step=UPLOAD)
            return refusal or self._put(call)
        return _error(501, "MethodNotImplemented", "Method Not Implemented")

    def _sign_in(self, call: SimulatedCall) -> Answer:
        who = call.json()
        known = isinstance(who, dict) and who.get("password") == self.password
        if not known or not who.get("identifier"):
            return _error(401, "AuthenticationRequired", "Invalid identifier or password")
        token = f"sandbox-session-{secrets.token_hex(8)}"
        with self.lock:
            self.sessions_made += 1
            self._sessions[token] = self.clock.now() + _SESSION_LASTS
        return Answer.of(200, {"did": DID, "handle": HANDLE, "accessJwt": token, "refreshJwt": f"{token}-refresh"})

    def _refuse_stranger(self, call: SimulatedCall) -> Answer | None:
        scheme, _, token = call.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer":
            return _error(401, "AuthMissing", "Authentication Required")
        with self.lock:
            good_until = self._sessions.get(token)
        if good_until is None:
            return _error(400, "InvalidToken", "Token could not be verified")
        return None if self.clock.now() < good_until else _error(400, "ExpiredToken", "Token has expired")

    def _keep_blob(self, call: SimulatedCall) -> Answer:
        """Any bytes, under the name that they make for themselves; what they are is found out by looking at them."""
        content = call.body
        if len(content) > _LARGEST_UPLOAD:
            return _error(413, "PayloadTooLarge", "request entity too large")
        name = cid_of(hashlib.sha256(content).hexdigest())
        with self.lock:
            self._blobs[name] = UploadedPicture(content, good_until=self.clock.now() + _BLOB_LASTS)
        self.say(f"bluesky: a picture of {len(content):,} bytes")
        media_type = media_type_of(content) or call.headers.get("content-type", "")
        blob = {"$type": "blob", "ref": {"$link": name}, "mimeType": media_type, "size": len(content)}
        return Answer.of(200, {"blob": blob})

    def _pictures_of(self, record: Mapping[str, Any]) -> tuple[ShownPicture, ...]:
        """Of a record. Raises ValueError for one that the server does not have, or not so."""
        found = []
        for image in record.get("embed", {}).get("images", ()):
            blob = image["image"]
            uploaded = self._blobs.get(blob["ref"]["$link"])
            if uploaded is None or uploaded.good_until <= self.clock.now():
                raise ValueError(f"Could not find blob: {blob['ref']['$link']}")
            if (blob["mimeType"], blob["size"]) != (media_type_of(uploaded.content), len(uploaded.content)):
                raise ValueError("Referenced Mimetype does not match stored blob")
            found.append(ShownPicture(uploaded.content, blob["mimeType"], image["alt"]))
        return tuple(found)

    def _put(self, call: SimulatedCall) -> Answer:
        now = self.clock.now()
        with self.lock:
            if self._window_ends is None or now >= self._window_ends:
                self._window_ends, self._points_left = now + _WINDOW, _POINTS_AN_HOUR
            self._points_left -= _POINTS_A_PUT
            limited = self._points_left < 0
        answer = _limited(self._window_ends) if limited else self.judge(call, lambda: self._keep(call))
        body = call.json()
        record = body.get("record") if isinstance(body, dict) else None
        self.note(
            answer.status,
            rkey=body.get("rkey") if isinstance(body, dict) else None,
            text=record.get("text") if isinstance(record, dict) else None,
        )
        return answer

    def _keep(self, call: SimulatedCall) -> Answer:
        body = call.json()
        if "json" not in call.headers.get("content-type", "") or not isinstance(body, dict):
            return _error(400, "InvalidRequest", "A JSON object is needed")
        wrong = problems(body)
        if wrong:
            return _error(400, "InvalidRequest", wrong[0])
        with self.lock:
            key, record = body["rkey"], body["record"]
            uri = f"at://{DID}/{COLLECTION}/{key}"
            there = self._posts.get(key)
            try:
                pictures = there.pictures if there else self._pictures_of(record)
            except ValueError as problem:
                return _error(400, "InvalidRequest", str(problem))
            now = self.clock.now()
            post = Post(id=uri, text=record["text"], created_at=now, record=record, pictures=pictures)
            if there is None or (there.cid != post.cid and "swapRecord" not in body):
                self._posts[key] = post
            elif there.cid != post.cid:
                return _error(400, "InvalidSwap", f"Record was at {there.cid}")
            count = len(self._posts)
        self.say(f"bluesky: post {count}{' once more' if there else ''}: {' '.join(post.text.split())[:60]}")
        return Answer.of(200, {"uri": post.id, "cid": post.cid, "validationStatus": "valid"})

    def _get_record(self, query: Mapping[str, str]) -> Answer:
        if query.get("repo") not in (DID, HANDLE) or query.get("collection") != COLLECTION:
            return _error(502, "UpstreamFailure", "Upstream service unreachable")
        with self.lock:
            post = self._posts.get(query.get("rkey", ""))
            self.absences += post is None
        if post is None:
            return _error(400, "RecordNotFound", "Could not locate record")
        return Answer.of(200, {"uri": post.id, "cid": post.cid, "value": dict(post.record)})

    # -- refusals --------------------------------------------------------------------------------------

    def fault_answer(self, fault: Fault) -> Answer:
        until = None if fault.reset_in is None else self.clock.now() + timedelta(seconds=fault.reset_in)
        answers = {
            Act.DUPLICATE: _error(400, "InvalidSwap", "Record was at another place"),
            Act.NO_CREDIT: _error(402, "PaymentRequired", "no such thing as credit is known"),
            Act.LIMIT: _limited(until),
            Act.REFUSE: _error(fault.status or 400, "InvalidRequest", "refused by the fault script"),
        }
        unavailable = _error(fault.status or 503, "NotEnoughResources", "Not Enough Resources")
        return answers.get(fault.act, unavailable)


def problems(body: Mapping[str, Any]) -> list[str]:
    """All for which the server would answer 400, and, stricter than it, facets that mark no whole characters."""
    record = body.get("record")
    if body.get("collection") != COLLECTION or not isinstance(record, dict):
        return ['Input must have the property "record"']
    text = record.get("text")
    if record.get("$type") != COLLECTION or not isinstance(text, str):
        return [f"Invalid {COLLECTION} record"]
    characters, size = grapheme_length(text), byte_length(text)
    languages = record.get("langs", [])
    are_languages = (
        isinstance(languages, list) and len(languages) <= 3 and all(isinstance(n, str) and n for n in languages)
    )
    rules = {
        f"Invalid record key for {COLLECTION}: Invalid TID string": _TID.fullmatch(str(body.get("rkey"))),
        f"grapheme too big (maximum {_LIMIT}, got {characters}) at $.record.text": characters <= _LIMIT,
        f"string too big (maximum {_BYTE_LIMIT}, got {size}) at $.record.text": size <= _BYTE_LIMIT,
        "Invalid datetime at $.record.createdAt": _INSTANT.fullmatch(str(record.get("createdAt"))),
        "array too big (maximum 3) at $.record.langs": are_languages,
    }
    wrong = [problem for problem, is_kept in rules.items() if not is_kept]
    wrong += _problems_of_embed(record.get("embed"))
    for facet in record.get("facets", []):
        wrong += _problems_of_facet(facet, text.encode("utf-8", "surrogatepass"))
    return wrong


def _problems_of_embed(embed: Any) -> list[str]:
    if embed is None:
        return []
    try:
        images = embed["images"]
        parts = [(i["alt"], i["image"], i["aspectRatio"]["width"], i["aspectRatio"]["height"]) for i in images]
        is_whole = all(blob["$type"] == "blob" and blob["ref"]["$link"] for _, blob, _, _ in parts)
        sizes = [blob["size"] for _, blob, _, _ in parts]
        types = [blob["mimeType"] for _, blob, _, _ in parts]
    except (KeyError, TypeError):
        return ["Invalid app.bsky.feed.post record: the embed is none"]
    rules = {
        "Invalid $type at $.record.embed": embed.get("$type") == "app.bsky.embed.images" and is_whole,
        f"array too big (maximum {_MOST_PICTURES}) at $.record.embed.images": 0 < len(images) <= _MOST_PICTURES,
        "Expected a string at $.record.embed.images.alt": all(isinstance(alt, str) for alt, *_ in parts),
        "Expected numbers at $.record.embed.images.aspectRatio": all(
            isinstance(n, int) and n > 0 for _, _, *ratio in parts for n in ratio
        ),
        f"blob too big (maximum {_LARGEST_PICTURE}) at $.record.embed.images": max(sizes) <= _LARGEST_PICTURE,
        "Invalid mimeType at $.record.embed.images": all(name.startswith("image/") for name in types),
    }
    return [problem for problem, is_kept in rules.items() if not is_kept]


def _problems_of_facet(facet: Any, text: bytes) -> list[str]:
    try:
        start, end = facet["index"]["byteStart"], facet["index"]["byteEnd"]
        (feature,) = facet["features"]
        marked = text[start:end].decode()
    except (KeyError, TypeError, ValueError):
        return ["a facet is none, or cuts a character"]
    uri, is_link = str(feature.get("uri")), feature["$type"] == _LINK
    rules = {
        "a facet marks nothing of the text": 0 <= start < end <= len(text),
        "Invalid uri at $.record.facets": not is_link or _URI.fullmatch(uri),
        "a facet marks other words than its address": not is_link or uri.endswith(marked),
        "a facet marks other words than its tag": feature["$type"] != _TAG or feature.get("tag") == marked[1:],
    }
    return [problem for problem, is_kept in rules.items() if not is_kept][:1]


def _limited(until: datetime | None) -> Answer:
    headers = {} if until is None else {"ratelimit-reset": str(int(until.timestamp()))}
    return Answer.of(429, {"error": "RateLimitExceeded", "message": "Rate Limit Exceeded"}, **headers)


def _error(status: int, name: str, message: str) -> Answer:
    return Answer.of(status, {"error": name, "message": message})


def stand_in(order: StandInOrder) -> StandIn:
    """For `run.py sandbox`."""
    double = BlueskyDouble(port=order.ports[""], faults=order.faults, clock=order.clock, out=order.out)
    return StandIn(
        servers={"": double},
        page=lambda: f"{double.base_url}/",
        settings=lambda: {"BASE_URL": double.base_url, "HANDLE": HANDLE},
        secrets=lambda: BLUESKY_SECRETS,
        received=lambda: {"post": len(double.posts)},
        pictures=double.pictures,
    )
