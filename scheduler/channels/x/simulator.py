"""A stand-in for X: takes posts by X's rules, keeps a timeline, charges, limits, and fails on request.

What it knows of X stands in X's description of its API (version 2.167) and in answers that people published; none of
it was compared with X itself. Where X's rule is not published, the double takes the stricter one.
"""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ...clock import Clock
from ..contract.double import Answer, Double, SimulatedCall
from ..contract.double_pages import timeline_page
from ..contract.faults import Act, Fault, FaultScript
from ..spec import StandIn, StandInOrder
from . import oauth1, post_rules
from .published_tlds import PUBLISHED
from .weighted_length import find_urls, is_valid, weighted_length

USER = {"id": "1100000000000000001", "name": "Sandbox", "username": "observance_sandbox"}
#: Dollars a post; one that holds an address costs more than ten times as much (prices of 20 April 2026).
PRICE, PRICE_WITH_URL = 0.015, 0.200
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
#: First millisecond of X's ids (4 November 2010); an id is that many milliseconds later, shifted by 22 bits.
_ID_EPOCH_MS = 1_288_834_974_657
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z")


@dataclass(frozen=True, slots=True)
class Post:
    """One post of the timeline."""

    id: str
    text: str  # as it was sent
    created_at: datetime
    price: float
    deleted: bool = False


class XDouble(Double):
    """See the module. ``secrets`` (names as X_CONSUMER_KEY) let it check each signature; without them it only looks
    whether one is there. ``credit`` in dollars; without it the balance never ends."""

    name = "x"

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
        self._received: list[dict[str, object]] = []
        self._nonces: set[str] = set()
        self._links: dict[str, str] = {}
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
            return round(sum(p.price for p in self._posts), 3)

    def received(self) -> dict[str, object]:
        """Counts, and each sending request with what became of it."""
        with self.lock:
            return {
                "double": self.name,
                "sending_requests": self.sending_requests,
                "accepted": len(self._posts),
                "posts": len(self.posts),
                "spent": self.spent,
                "requests": list(self._received),
            }

    # -- the provider ----------------------------------------------------------------------------------

    def provider_answer(self, call: SimulatedCall) -> Answer:
        if (refusal := self._refuse_unsigned(call)) is not None:
            return refusal
        if call.path == "/2/tweets" and call.method == "POST":
            return self._post(call)
        if call.path == "/2/users/me" and call.method == "GET":
            return Answer.of(200, {"data": USER})
        timeline = re.fullmatch(r"/2/users/([0-9]{1,19})/tweets", call.path)
        if timeline and call.method == "GET":
            return self._timeline(timeline[1], call.query)
        post = re.fullmatch(r"/2/tweets/([0-9]{1,19})", call.path)
        if post and call.method == "DELETE":
            return self._delete(post[1])
        return _problem(404, "Not Found Error", "Could not find the requested resource.")

    def _refuse_unsigned(self, call: SimulatedCall) -> Answer | None:
        oauth = oauth1.parameters(call.headers.get("authorization", ""))
        unauthorised = _problem(401, "Unauthorized", "Unauthorized")
        if oauth is None:
            return unauthorised
        with self.lock:
            if oauth["oauth_nonce"] in self._nonces:  # the very same request once more
                return unauthorised
            self._nonces.add(oauth["oauth_nonce"])
        if self._secrets is None:
            return None
        known = oauth["oauth_consumer_key"] == self._secrets["X_CONSUMER_KEY"]
        known = known and oauth["oauth_token"] == self._secrets["X_ACCESS_TOKEN"]
        fits = known and oauth1.is_signed_by(
            call.method,
            call.url,
            call.query,
            oauth,
            consumer_secret=self._secrets["X_CONSUMER_SECRET"],
            token_secret=self._secrets["X_ACCESS_TOKEN_SECRET"],
        )
        return None if fits else unauthorised

    def _post(self, call: SimulatedCall) -> Answer:
        now = self.clock.now()
        with self.lock:
            if now >= self._window_ends:
                self._window_ends, self._left_in_window = now + _WINDOW, _POSTS_A_WINDOW
            limited = self._left_in_window <= 0
            self._left_in_window = max(0, self._left_in_window - 1)
        answer = self._limited() if limited else self.judge(call, lambda: self._accept(call))
        with self.lock:
            body = call.json()
            text = body.get("text") if isinstance(body, dict) else None
            self._received.append({"at": now.isoformat(), "status": answer.status, "text": text})
        merged = {**self._limit_headers(), **answer.headers}
        return Answer(answer.status, answer.body, merged, answer.wait_seconds, answer.drop, answer.missing_bytes)

    def _accept(self, call: SimulatedCall) -> Answer:
        body = call.json()
        is_json = "json" in call.headers.get("content-type", "")
        wrong = post_rules.problems(body) if is_json else ["Content-Type is not JSON"]
        if wrong:
            return _invalid(wrong)
        text = str(body.get("text", ""))
        if text and not is_valid(text, self._tlds, _LIMIT):
            weight = weighted_length(text, self._tlds)
            return _problem(403, "Forbidden", f"Your Tweet text is too long or cannot be shown ({weight} of 280).")
        with self.lock:
            if text and any(_same(text) == _same(p.text) for p in self._posts if not p.deleted):
                return _duplicate()
            price = PRICE_WITH_URL if find_urls(text, self._tlds) else PRICE
            if self.credit is not None:
                if self.credit < price:
                    return _no_credit()
                self.credit = round(self.credit - price, 3)
            post = Post(self._new_id(), text, self.clock.now(), price)
            self._posts.append(post)
        self.say(f"x: post {len(self._posts)}, ${price:.3f}: {_first_words(text)}")
        return Answer.of(
            201, {"data": {"id": post.id, "text": self.shown(post)[0], "edit_history_tweet_ids": [post.id]}}
        )

    def _new_id(self) -> str:
        milliseconds = int(self.clock.now().timestamp() * 1000) - _ID_EPOCH_MS
        self._last_id = max(self._last_id + 1, milliseconds << 22)
        return str(self._last_id)

    def _delete(self, post_id: str) -> Answer:
        with self.lock:
            for at, post in enumerate(self._posts):
                if post.id == post_id and not post.deleted:
                    self._posts[at] = Post(post.id, post.text, post.created_at, post.price, deleted=True)
                    self.say("x: a post was deleted")
                    return Answer.of(200, {"data": {"deleted": True}})
        return _problem(404, "Not Found Error", "Could not find tweet.")

    # -- reading back ----------------------------------------------------------------------------------

    def _timeline(self, user_id: str, query: Mapping[str, str]) -> Answer:
        wrong = [f"{name} is not an instant" for name in ("start_time", "end_time") if not _is_instant(query.get(name))]
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
        start, end = _instant(query.get("start_time")), _instant(query.get("end_time"))
        newest_first = [
            p
            for p in reversed(self.posts)
            if (start is None or p.created_at >= start)
            and (end is None or p.created_at < end)
            and int(p.id) > int(query.get("since_id", "0"))
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
        return html.escape(text, quote=False), entities

    # -- refusals --------------------------------------------------------------------------------------

    def fault_answer(self, fault: Fault) -> Answer:
        if fault.act is Act.DUPLICATE:
            return _duplicate()
        if fault.act is Act.NO_CREDIT:
            return _no_credit()
        if fault.act is Act.LIMIT:
            headers = {}
            if fault.reset_in is not None:
                headers["x-rate-limit-reset"] = str(int(self.clock.now().timestamp()) + fault.reset_in)
            return Answer.of(429, {"title": "Too Many Requests", "status": 429}, **headers)
        if fault.act is Act.REFUSE:
            status = fault.status or 403
            return _problem(status, "Forbidden" if status == 403 else "Refused", "refused by the fault script")
        return _problem(fault.status or 503, "Service Unavailable", "Service Unavailable")

    def _limited(self) -> Answer:
        with self.lock:
            reset = str(int(self._window_ends.timestamp()))
        return Answer.of(429, {"title": "Too Many Requests", "status": 429}, **{"x-rate-limit-reset": reset})

    def _limit_headers(self) -> dict[str, str]:
        with self.lock:
            return {"x-rate-limit-limit": str(_POSTS_A_WINDOW), "x-rate-limit-remaining": str(self._left_in_window)}

    # -- pages -----------------------------------------------------------------------------------------

    def page(self, call: SimulatedCall) -> Answer:
        if call.path == "/":
            shown = self.posts
            return timeline_page(
                shown,
                title="X stand-in",
                requests=self.sending_requests,
                note=f"; ${self.spent:.3f} by X's prices of April 2026",
                price=lambda number: f"${shown[number].price:.3f}",
            )
        if call.path == "/_/received":
            return Answer.of(200, self.received())
        if call.path == "/_/posts":
            posts = [{"id": p.id, "text": p.text, "created_at": p.created_at.isoformat()} for p in self.posts]
            return Answer.of(200, {"posts": posts})
        return Answer.of(404, {"error": "no such page"})


def _same(text: str) -> str:
    """X refuses what it takes for the same text; how alike is not published."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def _first_words(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:59] + "…"


def _is_instant(value: str | None) -> bool:
    return value is None or bool(_INSTANT.fullmatch(value))


def _instant(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


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


def _duplicate() -> Answer:
    return _problem(403, "Forbidden", "You are not allowed to create a Tweet with duplicate content.")


def _no_credit() -> Answer:
    return _problem(402, "CreditsDepleted", "Your account has no credits left for this request.")


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
    )
