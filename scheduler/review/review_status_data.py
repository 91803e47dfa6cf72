"""How a season stands with its reviewers, as plain data, the same for ``--json`` and for the JSON API.

Comments are in none of it but :func:`comment_as_data`.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..domain.comment import Comment
from ..domain.review_policy import Missing
from ..domain.sent import Sent
from ..domain.stale_approvals import Voided
from ..domain.standing_request import StandingRequest
from .review_status import ReviewStatus

Plain = dict[str, object]


def standing_as_data(standing: ReviewStatus) -> Plain:
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
        "requests": [request_as_data(r, standing.time_zone) for r in standing.requests],
        "requests_too_late": [request_as_data(r, standing.time_zone) for r in standing.too_late],
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


def request_as_data(standing: StandingRequest, zone: str) -> Plain:
    """Who asked, when, and whose turn it is; what for is a private comment."""
    request = standing.request
    return {
        "id": request.id,
        "item": request.item,
        "channel": request.channel,
        "by": request.person,
        "role": request.role,
        "asked_at": request.asked_at.isoformat(),
        "waits_for": standing.waits_for.value,
        "changed_at": standing.changed_at.isoformat() if standing.changed_at else None,
        "words": standing.in_words(zone),
        "to_do": standing.to_do,
        "sent": sent_as_data(standing.sent),
    }


def sent_as_data(sent: Sent | None) -> Plain | None:
    """How far a message has gone out live; None while certainly nobody has it."""
    if sent is None:
        return None
    return {
        "at": sent.at.isoformat(),
        "have_it": sent.have_it,
        "of": sent.of,
        "whole": sent.is_over,
        "may_have_gone": sent.may_have_gone,
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
