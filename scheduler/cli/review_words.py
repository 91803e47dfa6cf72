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


def needs_reviewers(standing: ReviewStanding, armed: bool) -> bool:
    """Whether somebody has to act: on a request or a voided approval always, on a missing one once it is armed."""
    return bool(standing.requests or standing.voided or (armed and standing.lacking))


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


def voided_as_data(gone: Iterable[Voided]) -> list[dict[str, object]]:
    return [
        {
            "item": v.message.item,
            "channel": v.message.channel,
            "date": v.message.on.isoformat(),
            "approved_by": list(v.people),
            "records": list(v.records),
            "changed": list(v.fields),
        }
        for v in gone
    ]


def standing_as_data(standing: ReviewStanding) -> dict[str, object]:
    """Without comments."""
    return {
        "messages": standing.messages,
        "approved": standing.approved,
        "missing": [
            {
                "item": one.message.item,
                "channel": one.message.channel,
                "date": one.message.on.isoformat(),
                "missing": [
                    {"kind": m.kind, "words": m.words, "role": m.role, "person": m.person} for m in one.missing
                ],
            }
            for one in standing.lacking
        ],
        "requests": [
            {
                "id": r.id,
                "item": r.item,
                "channel": r.channel,
                "by": r.person,
                "role": r.role,
                "asked_at": r.asked_at.isoformat(),
            }
            for r in standing.requests
        ],
        "voided": voided_as_data(standing.voided),
        "by_role": [
            {"role": r.role or None, "invited": list(r.people), "messages": len(r.messages)} for r in standing.by_role
        ],
        "by_person": [
            {"name": p.invitation.name, "role": p.invitation.role, "approved": p.approved, "waits": len(p.waits)}
            for p in standing.by_person
        ],
    }
