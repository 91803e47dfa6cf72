"""A stand-in for X: takes posts by X's rules, keeps a timeline, charges, limits, and fails on request.

What it knows of X stands in X's description of its API (version 2.167) and in answers that people published; none of
it was compared with X itself. Where X's rule is not published, the double takes the stricter one.
"""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from base64 import b64decode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from ...clock import Clock
from ...light_dataclass import dataclass
from ..contract.double import Answer, SimulatedCall
from ..contract.double_pages import PostPages, ShownPost
from ..contract.faults import UPLOAD, Act, Fault, FaultScript
from ..contract.standin_pictures import UploadedPicture, picture_problems
from ..published_tlds import PUBLISHED
from ..spec import StandIn, StandInOrder
from . import request_rules
from .send import MEDIA, MEDIA_METADATA
from .weighted_length import find_urls, is_valid, weighted_length

USER = {"id": "1100000000000000001", "name": "Sandbox", "username": "observance_sandbox"}
#: Dollars a post; one that holds an address costs more than ten times as much (prices of 20 April 2026).
PRICE, PRICE_WITH_URL, PRICE_OF_ALT = 0.015, 0.200, 0.005
#: Visibly no keys; signatures are checked by them.
X_SECRETS = {
    "X_CONSUMER_KEY": "sandbox-not-a-real-consumer-key",
    "X_CONSUMER_SECRET": "sandbox-not-a-real-consumer-secret",
    "X_ACCESS_TOKEN": "sandbox-not-a-real-access-token",
    "X_ACCESS_TOKEN_SECRET": "sandbox-not-a-real-access-token-secret",
}
#: Enough for a rehearsal. Hand in a current list where the count must be exact.
FEW_TLDS = frozenset("org com net gov edu mil int us uk eu ca au info news example test".split())

#: The provider's own limit, whatever the channel's settings say.
_LIMIT = 280
_WINDOW = timedelta(minutes=15)
_POSTS_A_WINDOW = 100
_LARGEST_PICTURE, _LONGEST_ALT = 5_000_000, 1_000
_MEDIA_LASTS = timedelta(days=1)
#: First millisecond of X's ids (4 November 2010); an id is that many milliseconds later, shifted by 22 bits.
_ID_EPOCH_MS = 1_288_834_974_657
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z")


@dataclass(frozen=True, kw_only=True)
class Post(ShownPost):
    """One post of the timeline."""

    price: float
    deleted: bool = False


class XDouble(PostPages):
    """See the module. ``secrets`` (names as X_CONSUMER_KEY) let it check each signature; without them it only looks
    whether one is there. ``credit`` in dollars; without it the balance never ends."""

    name = "x"
    title = "X stand-in"

    def __init__(
        self,
        *,
        port: int = 0,
        faults: FaultScript | Iterable[Fault] = (),
        clock: Clock | None = None,
        out: Callable[[str], None] | None = None,
        secrets: Mapping[str, str] | None = None,
        credit: float | None = None,
        tlds: frozenset[str] = FEW_TLDS,
    ) -> None:
        super().__init__(port=port, faults=faults, clock=clock, out=out)
        self.credit = credit
        self._secrets = secrets
        self._tlds = tlds
        self._posts: list[Post] = []
        self._nonces: set[str] = set()
        self._media: dict[str, UploadedPicture] = {}
        self._spent_on_alt = 0.0
        self._window_ends = datetime.min.replace(tzinfo=UTC)
        self._left_in_window = _POSTS_A_WINDOW
        self._last_id = 0

    # -- what tests and pages ask ----------------------------------------------------------------------

    @property
    def posts(self) -> tuple[Post, ...]:
        """What stands in the timeline, oldest first."""
        with self.lock:
            return tuple(p for p in self._posts if not p.deleted)

    @property
    def spent(self) -> float:
        """Dollars."""
        with self.lock:
            return round(sum(p.price for p in self._posts) + self._spent_on_alt, 3)

    def remark(self) -> str:
        return f"; ${self.spent:.3f} by X's prices of April 2026"

    def price(self, number: int) -> str:
        return f"${self.posts[number].price:.3f}"

    def counts(self) -> dict[str, object]:
        return {"accepted": len(self._posts), "posts": len(self.posts), "spent": self.spent}

    # -- the provider ----------------------------------------------------------------------------------

    def provider_answer(self, call: SimulatedCall) -> Answer:
        if not self._is_signed(call):
            return _problem(401, "Unauthorized", "Unauthorized")
        if call.path == "/2/tweets" and call.method == "POST":
            return self._post(call)
        if call.path == MEDIA and call.method == "POST":
            return self.judge(call, lambda: self._take_picture(call), step=UPLOAD)
        if call.path == MEDIA_METADATA and call.method == "POST":
            return self.judge(call, lambda: self._take_alt_text(call), step=UPLOAD)
        if call.path == "/2/users/me" and call.method == "GET":
            return Answer.of(200, {"data": USER})
        timeline = re.fullmatch(r"/2/users/([0-9]{1,19})/tweets", call.path)
        if timeline and call.method == "GET":
            return self._timeline(timeline[1], call.query)
        post = re.fullmatch(r"/2/tweets/([0-9]{1,19})", call.path)
        if post and call.method == "DELETE":
            return self._delete(post[1])
        return _problem(404, "Not Found Error", "Could not find the requested resource.")

    def _is_signed(self, call: SimulatedCall) -> bool:
        oauth = request_rules.oauth_parameters(call.headers.get("authorization", ""))
        if oauth is None:
            return False
        with self.lock:
            if oauth["oauth_nonce"] in self._nonces:  # the very same request once more
                return False
            self._nonces.add(oauth["oauth_nonce"])
        return self._secrets is None or (
            oauth["oauth_consumer_key"] == self._secrets["X_CONSUMER_KEY"]
            and oauth["oauth_token"] == self._secrets["X_ACCESS_TOKEN"]
            and request_rules.is_signed_by(
                call.method,
                call.url,
                call.query,
                oauth,
                consumer_secret=self._secrets["X_CONSUMER_SECRET"],
                token_secret=self._secrets["X_ACCESS_TOKEN_SECRET"],
            )
        )

    def _post(self, call: SimulatedCall) -> Answer:
        now = self.clock.now()
        with self.lock:
            if now >= self._window_ends:
                self._window_ends, self._left_in_window = now + _WINDOW, _POSTS_A_WINDOW
            limited = self._left_in_window <= 0
            self._left_in_window = max(0, self._left_in_window - 1)
            reset = int(self._window_ends.timestamp())
        answer = _limited(reset) if limited else self.judge(call, lambda: self._accept(call))
        body = call.json()
        self.note(answer.status, text=body.get("text") if isinstance(body, dict) else None)
        with self.lock:
            limits = {"x-rate-limit-limit": str(_POSTS_A_WINDOW), "x-rate-limit-remaining": str(self._left_in_window)}
        return replace(answer, headers={**limits, **answer.headers})

    def _accept(self, call: SimulatedCall) -> Answer:
        body = call.json()
        is_json = "json" in call.headers.get("content-type", "")
        wrong = request_rules.problems(body) if is_json else ["Content-Type is not JSON"]
        if wrong:
            return _invalid(wrong)
        text = str(body.get("text", ""))
        if text and not is_valid(text, self._tlds, _LIMIT):
            weight = weighted_length(text, self._tlds)
            return _problem(403, "Forbidden", f"Your Tweet text is too long or cannot be shown ({weight} of 280).")
        with self.lock:
            if text and any(_same(text) == _same(p.text) for p in self._posts if not p.deleted):
                return _DUPLICATE
            pictures = [self._media.get(media_id) for media_id in body.get("media", {}).get("media_ids", [])]
            if any(p is None or p.good_until <= self.clock.now() for p in pictures):
                return _invalid(["Your media IDs are invalid."])
            price = PRICE_WITH_URL if find_urls(text, self._tlds) else PRICE
            if self.credit is not None:
                if self.credit < price:
                    return _NO_CREDIT
                self.credit = round(self.credit - price, 3)
            shown = tuple(p.shown for p in pictures if p)
            post = Post(id=self._new_id(), text=text, created_at=self.clock.now(), price=price, pictures=shown)
            self._posts.append(post)
        line = " ".join(text.split())
        self.say(f"x: post {len(self._posts)}, ${price:.3f}: {line if len(line) <= 60 else line[:59] + '…'}")
        return Answer.of(201, {"data": self._described(post, [])})

    def _new_id(self) -> str:
        milliseconds = int(self.clock.now().timestamp() * 1000) - _ID_EPOCH_MS
        self._last_id = max(self._last_id + 1, milliseconds << 22)
        return str(self._last_id)

    def _take_picture(self, call: SimulatedCall) -> Answer:
        body = call.json()
        try:
            content = b64decode(body["media"], validate=True)
            wrong = picture_problems(content, str(body.get("media_type", "")), _LARGEST_PICTURE)
        except (KeyError, TypeError, ValueError):
            content, wrong = b"", ["[media] is not base64"]
        if not wrong and body.get("media_category") != "tweet_image":
            wrong = ["[media_category] is not valid"]
        if wrong:
            return _invalid(wrong)
        with self.lock:
            media_id = self._new_id()
            self._media[media_id] = UploadedPicture(content, good_until=self.clock.now() + _MEDIA_LASTS)
        self.say(f"x: a picture of {len(content):,} bytes")
        data = {"id": media_id, "media_key": f"3_{media_id}", "size": len(content)}
        return Answer.of(200, {"data": {**data, "expires_after_secs": int(_MEDIA_LASTS.total_seconds())}})

    def _take_alt_text(self, call: SimulatedCall) -> Answer:
        try:
            media_id, text = call.json()["id"], call.json()["metadata"]["alt_text"]["text"]
        except (KeyError, TypeError):
            return _invalid(["[metadata] is not valid"])
        with self.lock:
            known = self._media.get(media_id)
            if known is None or not isinstance(text, str) or not 0 < len(text) <= _LONGEST_ALT:
                return _invalid(["[id] or [metadata.alt_text.text] is not valid"])
            self._media[media_id] = replace(known, alt_text=text)
            self._spent_on_alt += PRICE_OF_ALT
        return Answer.of(200, {"data": {"id": media_id, "associated_metadata": {"alt_text": {"text": text}}}})

    def _delete(self, post_id: str) -> Answer:
        with self.lock:
            for at, post in enumerate(self._posts):
                if post.id == post_id and not post.deleted:
                    self._posts[at] = replace(post, deleted=True)
                    self.say("x: a post was deleted")
                    return Answer.of(200, {"data": {"deleted": True}})
        return _problem(404, "Not Found Error", "Could not find tweet.")

    # -- reading back ----------------------------------------------------------------------------------

    def _timeline(self, user_id: str, query: Mapping[str, str]) -> Answer:
        times = {name: query[name] for name in ("start_time", "end_time") if name in query}
        wrong = [f"{name} is not an instant" for name, time in times.items() if not _INSTANT.fullmatch(time)]
        size = query.get("max_results", "10")
        if not (size.isdigit() and 5 <= int(size) <= 100):
            wrong.append("max_results is not between 5 and 100")
        skip = query.get("pagination_token", "0")
        if not skip.isdigit():
            wrong.append("pagination_token is not valid")
        if wrong:
            return _invalid(wrong)
        if user_id != USER["id"]:
            return _problem(404, "Not Found Error", "Could not find user.")
        start = datetime.fromisoformat(times.get("start_time", "1970-01-01T00:00:00Z"))
        end = datetime.fromisoformat(times.get("end_time", "9999-01-01T00:00:00Z"))
        newest_first = [
            p
            for p in reversed(self.posts)
            if start <= p.created_at < end and int(p.id) > int(query.get("since_id", "0"))
        ]
        page = newest_first[int(skip) : int(skip) + int(size)]
        meta: dict[str, object] = {"result_count": len(page)}
        if int(skip) + int(size) < len(newest_first):
            meta["next_token"] = str(int(skip) + int(size))
        fields = query.get("tweet.fields", "").split(",")
        answer: dict[str, object] = {"meta": meta}
        if page:  # X leaves data out when there is none
            answer["data"] = [self._described(p, fields) for p in page]
        return Answer.of(200, answer)

    def _described(self, post: Post, fields: list[str]) -> dict[str, object]:
        text, entities = self.shown(post)
        described: dict[str, object] = {"id": post.id, "text": text, "edit_history_tweet_ids": [post.id]}
        if "created_at" in fields:
            described["created_at"] = post.created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        if "entities" in fields and entities:
            described["entities"] = {"urls": entities}
        return described

    def shown(self, post: Post) -> tuple[str, list[dict[str, object]]]:
        """The text as X gives it back: addresses as t.co links, three characters as HTML entities."""
        text = post.text
        entities: list[dict[str, object]] = []
        for start, end in reversed(find_urls(text, self._tlds)):
            written = post.text[start:end]
            short = "https://t.co/" + hashlib.sha256(f"{post.id} {start} {written}".encode()).hexdigest()[:10]
            long = written if "://" in written else f"http://{written}"
            text = text[:start] + short + text[end:]
            entities.insert(0, {"url": short, "expanded_url": long, "display_url": written.split("://")[-1][:30]})
        if post.pictures:  # X appends an address of its own
            short = "https://t.co/" + hashlib.sha256(post.id.encode()).hexdigest()[:10]
            text = f"{text} {short}"
            entities.append(
                {"url": short, "expanded_url": f"https://x.com/{USER['username']}/status/{post.id}/photo/1"}
            )
        return html.escape(text, quote=False), entities

    # -- refusals --------------------------------------------------------------------------------------

    def fault_answer(self, fault: Fault) -> Answer:
        status = fault.status or 403
        reset = None if fault.reset_in is None else int(self.clock.now().timestamp()) + fault.reset_in
        answers = {
            Act.DUPLICATE: _DUPLICATE,
            Act.NO_CREDIT: _NO_CREDIT,
            Act.LIMIT: _limited(reset),
            Act.REFUSE: _problem(status, "Forbidden" if status == 403 else "Refused", "refused by the fault script"),
        }
        unavailable = _problem(fault.status or 503, "Service Unavailable", "Service Unavailable")
        return answers.get(fault.act, unavailable)


def _same(text: str) -> str:
    """X refuses what it takes for the same text; how alike is not published."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _problem(status: int, title: str, detail: str) -> Answer:
    return Answer.of(status, {"title": title, "type": "about:blank", "status": status, "detail": detail})


def _invalid(wrong: list[str]) -> Answer:
    return Answer.of(
        400,
        {
            "errors": [{"message": message} for message in wrong],
            "title": "Invalid Request",
            "detail": "One or more parameters to your request was invalid.",
            "type": "https://api.twitter.com/2/problems/invalid-request",
        },
    )


def _limited(reset: int | None) -> Answer:
    headers = {} if reset is None else {"x-rate-limit-reset": str(reset)}
    return Answer.of(429, {"title": "Too Many Requests", "status": 429}, **headers)


_DUPLICATE = _problem(403, "Forbidden", "You are not allowed to create a Tweet with duplicate content.")
_NO_CREDIT = _problem(402, "CreditsDepleted", "Your account has no credits left for this request.")


def stand_in(order: StandInOrder) -> StandIn:
    """For `run.py sandbox`."""
    tlds = order.tlds | PUBLISHED
    double = XDouble(
        port=order.ports[""], faults=order.faults, clock=order.clock, out=order.out, secrets=X_SECRETS, tlds=tlds
    )
    return StandIn(
        servers={"": double},
        page=lambda: f"{double.base_url}/",
        settings=lambda: {"BASE_URL": double.base_url},
        secrets=lambda: X_SECRETS,
        received=lambda: {"post": len(double.posts)},
        pictures=double.pictures,
    )
