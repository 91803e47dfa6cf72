"""How a season stands with its reviewers, in words and as data: for `review status`, `status`, `arm` and `check`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..domain.formatting import counted
from ..domain.message import Message
from ..domain.stale_approvals import Voided, in_words
from ..domain.standing_request import StandingRequest, WaitsFor
from ..review.review_status import ReviewStatus
from .terminal import styled

#: So many items are named on one line; the rest is a number.
_NAMED = 6


def print_standing(standing: ReviewStatus) -> None:
    """First the answer, then what is missing by message, role and person."""
    print(styled(f"{standing.approved} of {standing.messages} messages are approved.", "bold"))
    print_voided(standing.voided)
    print_requests(standing)
    print_too_late(standing)
    said: dict[str, list[Message]] = {}
    for one in standing.lacking:
        for lack in one.missing:
            if lack.kind != "changes":
                said.setdefault(lack.words, []).append(one.message)
    for words, messages in said.items():
        print(f"  {counted(len(messages), 'message')}: {words}: {items_in_words(messages)}")
    if standing.by_role:
        print("\nWaited for, by role:")
        for waited_for in standing.by_role:
            people = ", ".join(waited_for.people) or "nobody is invited"
            print(f"  {waited_for.words} ({people}): {counted(len(waited_for.messages), 'message')}")
    if standing.by_person:
        print("\nWaited for, by person:")
        for row in standing.by_person:
            still = f"{counted(len(row.waits), 'message')} still to read" if row.waits else "nothing more to read"
            role = row.invitation.role.replace("-", " ")
            print(f"  {row.invitation.name} ({role}): {row.approved} approved, {still}")


def print_requests(standing: ReviewStatus) -> None:
    """Whose turn it is, of those that hold something back."""
    for where, words, colour, to_do in _requests_in_words(standing.requests, standing.time_zone):
        print(styled(f"CHANGES ASKED: {where}: {words}.", colour))
        if to_do:
            print(f"  What to do: {to_do} (`review invite`, `request-changes ITEM --settle`).")
    if standing.requests:
        print("  `comments` says what is wanted; nothing of these goes out live before it is answered.")


def print_too_late(standing: ReviewStatus) -> None:
    """Those of what went out: they hold nothing back."""
    for where, words, _, _ in _requests_in_words(standing.too_late, standing.time_zone):
        print(f"Asked too late: {where}: {words}.")


def _requests_in_words(requests: Iterable[StandingRequest], time_zone: str) -> Iterator[tuple[str, str, str, str]]:
    """Where, what in words, in which color, and what to do; what one person asked of an item at once on one line."""
    alike: dict[tuple[str, str, str, str], list[str]] = {}
    for one in requests:
        colour = "red" if one.waits_for is WaitsFor.CHANGE else "amber"
        key = (one.request.item, one.in_words(time_zone), colour, one.to_do)
        alike.setdefault(key, []).append(one.request.channel)
    for (item, words, colour, to_do), channels in alike.items():
        yield f"{item} ({', '.join(channels)})", words, colour, to_do


def print_voided(gone: Iterable[Voided]) -> None:
    for sentence in in_words(gone):
        print(styled(f"VOIDED: {sentence}.", "amber"))


def items_in_words(messages: Sequence[Message]) -> str:
    """awareness-day (x, email), day-two (x) and 12 more."""
    items: dict[str, list[str]] = {}
    for message in messages:
        items.setdefault(message.item, []).append(message.channel)
    names = [f"{item} ({', '.join(channels)})" for item, channels in items.items()]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
