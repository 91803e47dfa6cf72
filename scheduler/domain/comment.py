"""What reviewers say besides yes: comments, and requests for changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import field
from datetime import datetime

from ..light_dataclass import dataclass
from .message import Message


@dataclass(frozen=True)
class Comment:
    """One remark on an item. Private: it stays between reviewers and coordinators, in no export and no packet."""

    id: int
    campaign: str
    season: int
    item: str
    person: str
    role: str
    at: datetime
    text: str = field(repr=False)
    channel: str = ""  # empty: about the item as a whole
    answers: int | None = None  # id of the comment that it answers
    about: str = "comment"  # one of ABOUT


#: What a comment was written for.
ABOUT = ("comment", "changes-asked", "changes-answered", "changes-settled", "changes-withdrawn")


@dataclass(frozen=True)
class ChangeRequest:
    """A person wants one message changed. While it stands, the message does not go out live.

    Its words are a private comment; the request itself says only who asked, and when.
    """

    id: int
    campaign: str
    season: int
    item: str
    channel: str
    digest: str  # of the form that was read, with the records beneath it: the request may be about one of them
    person: str
    role: str
    asked_at: datetime
    comment: int  # id of the comment that says what is wanted
    ended_at: datetime | None = None
    ended_by: str = ""
    how: str = ""  # "approved", "withdrawn", "settled" once it has ended

    @property
    def stands(self) -> bool:
        return self.ended_at is None

    def is_answered_by(self, message: Message) -> bool:
        """Whether the message, or a record beneath it, is another one by now: whoever asked has the next word."""
        return self.digest != message.digest_with_records

    def concerns(self, item: str, channel: str) -> bool:
        return (self.item, self.channel) == (item, channel)


def threads(comments: Iterable[Comment]) -> tuple[tuple[int, Comment], ...]:
    """Comments in reading order with their depth: each answer under what it answers, older ones first.

    An answer to a comment that is not among them starts a thread of its own.
    """
    in_order = sorted(comments, key=lambda c: (c.at, c.id))
    known = {c.id for c in in_order}
    below: dict[int | None, list[Comment]] = {}
    for comment in in_order:
        # An answer is always younger than what it answers, so that no two can answer each other.
        parent = comment.answers if comment.answers in known and (comment.answers or 0) < comment.id else None
        below.setdefault(parent, []).append(comment)
    out: list[tuple[int, Comment]] = []
    waiting = [(0, c) for c in reversed(below.get(None, []))]
    while waiting:
        depth, comment = waiting.pop()
        out.append((depth, comment))
        waiting += [(depth + 1, c) for c in reversed(below.get(comment.id, []))]
    return tuple(out)


#: So many remarks stand on one page.
_ON_A_PAGE = 20


@dataclass(frozen=True)
class ThreadPage:
    """Some remarks of an item, in reading order with their depth. ``earlier`` and ``later``: the pages beside it."""

    rows: tuple[tuple[int, Comment], ...]
    earlier: int | None = None
    later: int | None = None


def thread_page(rows: Sequence[tuple[int, Comment]], page: int | None) -> ThreadPage:
    """A page of an item's remarks, from 1, the oldest, on. None, or one that is not there: the last."""
    last = max(1, -(-len(rows) // _ON_A_PAGE))
    at = page if page is not None and 1 <= page <= last else last
    shown = tuple(rows[(at - 1) * _ON_A_PAGE : at * _ON_A_PAGE])
    return ThreadPage(shown, at - 1 if at > 1 else None, at + 1 if at < last else None)
