"""The one table of routes: what each takes, what it answers, what a key needs for it. The application and the OpenAPI
document are both made from it; so are the reading of queries and bodies, and their part of the document."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from ...domain.api_key import Scope
from ...domain.delivery import State
from ...light_dataclass import dataclass
from ...schema.field import Key, key, keys
from ...services.context import LONGEST_COMMENT, LONGEST_REASON
from ...settings import Mode

if TYPE_CHECKING:
    from .request import ApiAnswer, ApiRequest

BASE = "/api/v1"

#: The largest number that JSON carries without loss.
LARGEST_NUMBER = 2**53 - 1
#: SHA-256 over every byte that goes out.
DIGEST = "^[0-9a-f]{64}$"
_ONE_LINE = r"^[^\u0000-\u001f\u007f]*$"
_CAMPAIGN = key("campaign", str, None, help="Only this campaign; left out: every one", shortest=1, longest=200)
_CHANNEL = key("channel", str, None, help="Only this channel", shortest=1, longest=100)

#: What a query may hold; each route names which of it.
QUERY: Mapping[str, Key] = keys(
    key("campaign", str, None, help="The campaign's id; where there is one it may be left out", longest=200),
    key("season", int, None, help="The year in which it starts; left out: now or next", least=1900, most=2200),
    key("mode", Mode, None, help="Left out: the mode of the settings"),
    key("state", State, None, help="Only deliveries in this state"),
    key("limit", int, 100, help="At most so many; 100 unless said", least=1, most=1000),
    key("offset", int, 0, help="Leave out so many", least=0, most=1_000_000),
    key("after", int, 0, help="The id of the last event known", least=0, most=LARGEST_NUMBER),
)

BODIES: Mapping[str, Mapping[str, Key]] = {
    "ApprovalsAsked": keys(
        key(
            "seen",
            str,
            by_name=True,
            help="Channel -> digest of the message that the person has read",
            shortest=1,
            longest=50,
            pattern=DIGEST,
        ),
        key("comment", str, "", help="Private", longest=LONGEST_COMMENT),
    ),
    "ChangesAsked": keys(key("comment", str, shortest=1, longest=LONGEST_COMMENT, pattern=r"\S"), _CHANNEL),
    "CommentAsked": keys(
        key("text", str, shortest=1, longest=LONGEST_COMMENT, pattern=r"\S"),
        _CHANNEL,
        key("answers", int, None, least=1, most=LARGEST_NUMBER),
    ),
    "HoldAsked": keys(key("reason", str, shortest=1, longest=LONGEST_REASON, pattern=_ONE_LINE), _CHANNEL, _CAMPAIGN),
    "ReleaseAsked": keys(
        key(
            "campaign",
            str,
            None,
            help="The holds of this campaign; left out: those set for every campaign; `*`: whatever they stop",
            shortest=1,
            longest=200,
        ),
        _CHANNEL,
    ),
    "ResolutionAsked": keys(
        key("as", str, allowed=("sent", "not-sent")),
        key("reference", str, "", help="The provider's id, if found", longest=200, pattern=_ONE_LINE),
        key("batch", int, None, help="Only this batch of a mailing", least=1, most=2**31 - 1),
    ),
}


@dataclass(frozen=True)
class Route:
    """One operation. ``scope`` None: no key is needed."""

    method: str
    path: str  # below BASE, as OpenAPI writes it: /deliveries/{delivery}
    name: str
    scope: Scope | None
    summary: str
    words: str
    query: tuple[str, ...]  # names of QUERY
    body: str  # a component's name; empty: it takes none
    answers: Mapping[int, tuple[str, str]]  # status -> a component's name, words
    problems: tuple[int, ...]  # besides those that any route may answer with
    tag: str
    repeats: str  # for acts: what the same request does the second time
    handle: Callable[[ApiRequest], ApiAnswer] = field(repr=False)

    @property
    def rule(self) -> str:
        """The path as Flask writes it."""
        return BASE + re.sub(r"{(\w+)}", r"<\1>", self.path)

    @property
    def reads(self) -> bool:
        return self.method == "GET"


ROUTES: list[Route] = []


def route(
    method: str,
    path: str,
    *,
    scope: Scope | None,
    summary: str,
    tag: str,
    answers: Mapping[int, tuple[str, str]],
    query: tuple[str, ...] = (),
    body: str = "",
    problems: tuple[int, ...] = (),
    repeats: str = "",
) -> Callable[[Callable[[ApiRequest], ApiAnswer]], Callable[[ApiRequest], ApiAnswer]]:
    """Put a function into the table. Its name is the operation's, its docstring the operation's description."""

    def add(handle: Callable[[ApiRequest], ApiAnswer]) -> Callable[[ApiRequest], ApiAnswer]:
        ROUTES.append(
            Route(
                method=method,
                path=path,
                name=handle.__name__,
                scope=scope,
                summary=summary,
                words=" ".join((handle.__doc__ or "").split()),
                query=query,
                body=body,
                answers=answers,
                problems=problems,
                tag=tag,
                repeats=repeats,
                handle=handle,
            )
        )
        return handle

    return add
