"""How a season stands with its reviewers, in words and as data: for `review status`, `status`, `arm` and `check`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..domain.message import Message
from ..domain.voided import Voided, in_words
from ..review.standing import ReviewStanding
from .term import styled

#: So many items are named on one line; the rest is a number.
_NAMED = 6


def print_standing(standing: ReviewStanding) -> None:
    """First the answer, then what is missing by message, role and person."""
    print(styled(f"{standing.approved} of {standing.messages} messages are approved.", "bold"))
    print_voided(standing.voided)
    print_requests(standing)
    said: dict[str, list[Message]] = {}
    for one in standing.lacking:
        for lack in one.missing:
            if lack.kind != "changes":
                said.setdefault(lack.words, []).append(one.message)
    for words, messages in said.items():
        print(f"  {_count(messages)}: {words}: {items_in_words(messages)}")
    if standing.by_role:
        print("\nWaited for, by role:")
        for waited_for in standing.by_role:
            people = ", ".join(waited_for.people) or "nobody is invited"
            print(f"  {waited_for.words} ({people}): {_count(waited_for.messages)}")
    if standing.by_person:
        print("\nWaited for, by person:")
        for row in standing.by_person:
            still = f"{_count(row.waits)} still to read" if row.waits else "nothing more to read"
            role = row.invitation.role.replace("-", " ")
            print(f"  {row.invitation.name} ({role}): {row.approved} approved, {still}")


def print_requests(standing: ReviewStanding) -> None:
    by_asker: dict[tuple[str, str, str], list[str]] = {}
    for request in standing.requests:
        by_asker.setdefault((request.item, request.person, request.role), []).append(request.channel)
    for (item, who, asked_as), channels in by_asker.items():
        words = asked_as.replace("-", " ")
        print(styled(f"CHANGES ASKED: {item} ({', '.join(channels)}), by {who}, {words}.", "red"))
    if by_asker:
        print("  `comments` says what is wanted; nothing of these goes out live before it is answered.")


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


def _count(messages: Sequence[Message]) -> str:
    return f"{len(messages)} message{'' if len(messages) == 1 else 's'}"
