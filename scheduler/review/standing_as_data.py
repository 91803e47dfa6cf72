"""How a season stands with its reviewers, as plain data, the same for ``--json`` and for the JSON API.

Comments are in none of it but :func:`comment_as_data`.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..domain.review import ChangeRequest, Comment
from ..domain.review_policy import Missing
from ..domain.voided import Voided
from .standing import ReviewStanding

Plain = dict[str, object]


def standing_as_data(standing: ReviewStanding) -> Plain:
    """What is missing, by message, role and person."""
    return {
        "messages": standing.messages,
        "approved": standing.approved,
        "missing": [
            {
                "item": one.message.item,
                "channel": one.message.channel,
                "date": one.message.on.isoformat(),
                "missing": [missing_as_data(m) for m in one.missing],
            }
            for one in standing.lacking
        ],
        "requests": [request_as_data(r) for r in standing.requests],
        "voided": voided_as_data(standing.voided),
        "by_role": [
            {"role": r.role or None, "invited": list(r.people), "messages": len(r.messages)} for r in standing.by_role
        ],
        "by_person": [
            {"name": p.invitation.name, "role": p.invitation.role, "approved": p.approved, "waits": len(p.waits)}
            for p in standing.by_person
        ],
    }


def missing_as_data(missing: Missing) -> Plain:
    return {"kind": missing.kind, "words": missing.words, "role": missing.role, "person": missing.person}


def request_as_data(request: ChangeRequest) -> Plain:
    """Who asked, and when; what for is a private comment."""
    return {
        "id": request.id,
        "item": request.item,
        "channel": request.channel,
        "by": request.person,
        "role": request.role,
        "asked_at": request.asked_at.isoformat(),
    }


def voided_as_data(gone: Iterable[Voided]) -> list[Plain]:
    """Approvals that a change has voided."""
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


def comment_as_data(comment: Comment) -> Plain:
    """A private remark: for reviewers and coordinators alone."""
    return {
        "id": comment.id,
        "item": comment.item,
        "channel": comment.channel,
        "by": comment.person,
        "role": comment.role,
        "at": comment.at.isoformat(),
        "about": comment.about,
        "answers": comment.answers,
        "text": comment.text,
    }
