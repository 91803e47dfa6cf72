"""A request for changes that stands: whose turn it is, in words that are the same on every page and in every list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from ..light_dataclass import dataclass
from .comment import ChangeRequest
from .file_edit import FileEdit
from .formatting import moment_words
from .message import Message, words_of
from .redact import person_key
from .rehearsal import Rehearsal
from .sent import Sent


class WaitsFor(StrEnum):
    """Whose turn it is."""

    CHANGE = "change"  # the message is still the one that was read: somebody has to mend it
    ANSWER = "answer"  # it is another one by now: whoever asked has to say whether that is it
    NOBODY = "nobody"  # all of it went out


@dataclass(frozen=True)
class StandingRequest:
    """One request, beside the message as it is now."""

    request: ChangeRequest
    message: Message
    waits_for: WaitsFor
    changed_at: datetime | None = None  # where that is known: a file that was edited elsewhere does not say
    changed_by: str = ""
    same_words: bool = False  # what readers get is as it was; a record beneath it, its time or its looks changed
    sent: Sent | None = None
    can_answer: bool = True  # whether the person who asked has a link that works, or may sign in

    def in_words(self, time_zone: str) -> str:
        """A sentence without its full stop: who asked when, what became of it, and who is waited for."""
        role = self.request.role.replace("-", " ")
        asked = f"{self.request.person} ({role}) asked for a change on {moment_words(self.request.asked_at, time_zone)}"
        if self.waits_for is WaitsFor.NOBODY and self.sent is not None:
            return f"{asked}, and it was {self.sent.in_words(time_zone)}: nothing is held back"
        said = f"{asked}; {self._became(time_zone)}"
        if self.sent is not None:
            said += f". It was {self.sent.in_words(time_zone)}; the rest does not go out before that is answered"
        return said

    def _became(self, time_zone: str) -> str:
        if self.waits_for is WaitsFor.CHANGE:
            return "it waits to be changed"
        changed = "it has changed since"
        if self.same_words:
            changed = "its words are the same, but what it rests on, its looks or its time has changed since"
            return f"{changed}; waits for {self.request.person}'s answer, or for other words"
        if self.changed_at is not None:
            by = f" by {self.changed_by}" if self.changed_by else ""
            changed = f"it was changed on {moment_words(self.changed_at, time_zone)}{by}"
        return f"{changed}; waits for {self.request.person}'s answer"

    def became(self, time_zone: str) -> str:
        """A sentence for whoever asked: what has become of their request."""
        if self.waits_for is WaitsFor.CHANGE:
            return "Nobody has changed it yet. You will be told."
        if self.same_words:
            return "Its words are the same, but what it rests on, its looks or its time has changed since."
        if self.waits_for is WaitsFor.NOBODY or self.changed_at is None:
            return ""
        return f"{self.changed_by or 'Somebody'} changed it on {moment_words(self.changed_at, time_zone)}."

    @property
    def to_do(self) -> str:
        """What somebody can do when the person who asked cannot answer; else nothing."""
        if self.waits_for is not WaitsFor.ANSWER or self.can_answer:
            return ""
        return f"{self.request.person} has no link that works: make a new one, or settle the request"


def standing_requests(
    rehearsal: Rehearsal, requests: Iterable[ChangeRequest] | None = None
) -> tuple[StandingRequest, ...]:
    """Those that stand and concern a message of the season, in the order in which they were made."""
    found = []
    for request in rehearsal.requests if requests is None else requests:
        message = rehearsal.message(request.item, request.channel)
        if request.stands and message is not None:
            found.append(_beside(rehearsal, request, message))
    return tuple(found)


def _beside(rehearsal: Rehearsal, request: ChangeRequest, message: Message) -> StandingRequest:
    sent = rehearsal.sent_of(message)
    if sent is not None and sent.is_over:
        return StandingRequest(request, message, WaitsFor.NOBODY, sent=sent)
    if not request.is_answered_by(message):
        return StandingRequest(request, message, WaitsFor.CHANGE, sent=sent)
    edit = _latest(rehearsal.edits, request)
    read = rehearsal.forms.get(request.digest)
    return StandingRequest(
        request,
        message,
        WaitsFor.ANSWER,
        edit.edited_at if edit else None,
        edit.person if edit else "",
        read is not None and words_of(read) == words_of(message),
        sent,
        person_key(request.person) in rehearsal.can_answer,
    )


def _latest(edits: Sequence[FileEdit], request: ChangeRequest) -> FileEdit | None:
    """The last edit of the item from the pages, since it was asked for."""
    since = (e for e in edits if e.kind == "item" and e.record == request.item and e.edited_at >= request.asked_at)
    return max(since, key=lambda e: e.edited_at, default=None)
