"""The forms of what the API answers, as JSON Schema 2020-12, which OpenAPI 3.1 uses.

What it takes is declared in :mod:`.route_table` and closed: a name that is not known is refused. Answers are open: a
later release may add names, and a program has to leave alone what it does not know.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...domain.delivery import State
from ...domain.finding import Severity
from ...domain.outlook import Answer
from ...domain.reason import HoldReason, ReasonCode
from ...domain.standing_request import WaitsFor
from .route_table import DIGEST as DIGEST_PATTERN

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
COUNT: Schema = {"type": "integer", "minimum": 0}
NUMBER: Schema = {"type": "number"}
YES_NO: Schema = {"type": "boolean"}
INSTANT: Schema = {"type": "string", "format": "date-time"}
DAY: Schema = {"type": "string", "format": "date"}
DIGEST: Schema = {"type": "string", "pattern": DIGEST_PATTERN, "description": "SHA-256 over every byte that goes out"}
LINK: Schema = {"type": "string", "format": "uri-reference"}


def record(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    return {"type": "object", "properties": {**required, **(optional or {})}, "required": list(required)}


def many(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def by_name(of: Schema) -> Schema:
    return {"type": "object", "additionalProperties": of}


def maybe(of: Schema) -> Schema:
    return {"anyOf": [of, {"type": "null"}]}


def one_of(words: Any, **more: Any) -> Schema:
    return {"type": "string", "enum": [str(word) for word in words], **more}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


#: Parts of addresses.
IN_THE_PATH: Mapping[str, Schema] = {
    "campaign": {**TEXT, "description": "The campaign's id"},
    "year": {**TEXT, "pattern": "^[0-9]{4}$", "description": "The year in which the season starts"},
    "item": {**TEXT, "description": "The item's id"},
    "delivery": {"type": "integer", "minimum": 1, "maximum": 10**15 - 1, "description": "The delivery's number"},
}

# -- what is answered -----------------------------------------------------------------------------------

_SIGNED = many(record({"person": TEXT, "role": TEXT, "signed_on": DAY}))
_COUNTED = ("frozen", "accepted", "failed", "unknown", "skipped", "waiting", "missed", "left_out", "missing")
_COUNTS = record(dict.fromkeys(_COUNTED, COUNT))
_NAMED = record({"item": TEXT, "channel": TEXT, "digest": DIGEST})
_VOIDED = record(
    {
        "item": TEXT,
        "channel": TEXT,
        "date": DAY,
        "approved_by": many(TEXT),
        "records": many(TEXT),
        "changed": many(TEXT),
    }
)
_DELIVERY: dict[str, Schema] = {
    "id": WHOLE,
    "item": TEXT,
    "channel": TEXT,
    "date": DAY,
    "due_at": INSTANT,
    "expires_at": INSTANT,
    "state": one_of(State),
    "digest": TEXT,
    "reference": TEXT,
    "note": TEXT,
    "reasons": many(ref("Reason")),
    "detail": TEXT,
    "counts": _COUNTS,
    "corrected_at": maybe(INSTANT),
    "had_earlier": COUNT,
}
_SENT: dict[str, Schema] = {
    "at": INSTANT,
    "have_it": COUNT,
    "of": COUNT,
    "whole": YES_NO,
    "may_have_gone": YES_NO,
}
_MESSAGE: dict[str, Schema] = {
    "id": TEXT,
    "date": DAY,
    "channel": TEXT,
    "kind": TEXT,
    "due_at": INSTANT,
    "expires_at": INSTANT,
    "digest": DIGEST,
    "characters": COUNT,
    "alt_text": TEXT,
    "claims": many(ref("Claim")),
    "quotations": many(ref("Quotation")),
    "contacts": many(ref("Contact")),
    "links": many(TEXT),
    "findings": many(ref("Finding")),
    "approved": YES_NO,
    "sent": maybe(ref("Sent")),
    "approvals_missing": many(TEXT),
    "approved_by": many(TEXT),
}
_MESSAGE_MAY: dict[str, Schema] = {
    # a post
    "text": TEXT,
    "limit": COUNT,
    "contains_url": YES_NO,
    "content_warning": TEXT,
    # an email
    "subject": TEXT,
    "preheader": TEXT,
    "from_name": TEXT,
    "from_address": TEXT,
    "reply_to": TEXT,
    "discreet_head": maybe(record({"subject": TEXT, "preheader": TEXT, "from_name": TEXT})),
    # a message of a day
    "day_number": WHOLE,
    "week": WHOLE,
    "special": TEXT,
    "held_back": maybe(TEXT),
    "substitute": maybe(TEXT),
}
_PLAN: dict[str, Schema] = {
    "campaign": TEXT,
    "season": WHOLE,
    "title": TEXT,
    "window": record({"start": DAY, "end": DAY}),
    "time_zone": TEXT,
    "mode": TEXT,
    "made_at": INSTANT,
    "edition": DIGEST,
    "sent": COUNT,
    "costs": many(record({"channel": TEXT, "messages": COUNT, "with_url": COUNT, "dollars": NUMBER, "note": TEXT})),
    "items": many(ref("Message")),
    "digests": many(ref("Digest")),
    "frames": many(ref("Message")),
}
_STATUS: dict[str, Schema] = {
    "campaign": TEXT,
    "season": WHOLE,
    "mode": TEXT,
    "started": YES_NO,
    "outlook": record(
        {
            "answer": one_of(Answer),
            "code": maybe(TEXT),
            "finding": maybe(TEXT),
            "due_at": maybe(INSTANT),
            "says": TEXT,
            "to_do": TEXT,
            "goes": many(record({"item": TEXT, "channel": TEXT})),
            "stays": many(record({"item": TEXT, "channel": TEXT, "code": TEXT})),
        }
    ),
    "armed": YES_NO,
    "armed_by": maybe(TEXT),
    "holds": many(ref("Hold")),
    "states": by_name(COUNT),
    "closed_before_start": COUNT,
    "needs_money": many(TEXT),
    "backup_of": maybe(INSTANT),
    "money": many(record({"channel": TEXT, "forecast": NUMBER, "spent": NUMBER, "limit": NUMBER})),
    "next": maybe(record({"item": TEXT, "channel": TEXT, "due_at": INSTANT})),
    "readers": by_name(COUNT),
    "dead_addresses": record({"addresses": COUNT, "latest_at": maybe(INSTANT)}),
    "review": {"anyOf": [ref("Standing"), record({"unread": TEXT})]},
    "reviewers_to_tell": many(record({"name": TEXT, "role": TEXT, "waits": COUNT, "why": TEXT})),
    "needs_you": many(
        record(
            {
                "delivery": WHOLE,
                "date": DAY,
                "item": TEXT,
                "channel": TEXT,
                "state": one_of(State),
                "why": TEXT,
                "reasons": many(ref("Reason")),
                "to_do": TEXT,
            }
        )
    ),
    "blocked": many(ref("Finding")),
    "lost_seen": many(WHOLE),
    "went_without": many(record({"delivery": WHOLE, "date": DAY, "item": TEXT, "channel": TEXT, "why": TEXT})),
    "trouble": many(record({"check": TEXT, "said": TEXT, "to_do": TEXT})),
    "sends": maybe(TEXT),
    "lists_without_folder": by_name(COUNT),
    "files": record({"looked_at": maybe(INSTANT), "changed_at": maybe(INSTANT)}),
    "ended": maybe(
        record(
            {
                "on": DAY,
                "sent": COUNT,
                "planned": COUNT,
                "closed": YES_NO,
                "readers_left": COUNT,
                "next_season": maybe(WHOLE),
            }
        )
    ),
}
_REPORT: dict[str, Schema] = {
    "campaign": TEXT,
    "season": WHOLE,
    "title": TEXT,
    "mode": TEXT,
    "window": record({"start": DAY, "end": DAY}),
    "time_zone": TEXT,
    "made_at": INSTANT,
    "over": YES_NO,
    "totals": many(
        record(
            {
                "channel": TEXT,
                "planned": COUNT,
                "sent": COUNT,
                "accepted": COUNT,
                "delivered": COUNT,
                "unknown": COUNT,
                "not_sent": by_name(COUNT),
                "dollars": NUMBER,
            }
        )
    ),
    "items": many(
        record(
            {
                "date": DAY,
                "item": TEXT,
                "title": TEXT,
                "kind": TEXT,
                "channel": TEXT,
                "planned_at": INSTANT,
                "approved_by": many(TEXT),
                "state": one_of(State),
                "sent_at": maybe(INSTANT),
                "sent_until": maybe(INSTANT),
                "reference": TEXT,
                "counts": _COUNTS,
                "fates": by_name(COUNT),
                "reason": TEXT,
                "corrections": many(TEXT),
            }
        )
    ),
    "claims": many(
        record(
            {
                "id": TEXT,
                "text": TEXT,
                "status": TEXT,
                "source": TEXT,
                "url": TEXT,
                "items": many(TEXT),
                "changed_since": YES_NO,
            }
        )
    ),
    "decisions": many(record({"at": INSTANT, "who": TEXT, "what": TEXT})),
    "alone": TEXT,
    "history": record({"events": COUNT, "whole": YES_NO}),
}
_BATCH: dict[str, Schema] = {
    "number": WHOLE,
    "state": one_of(State),
    "readers": COUNT,
    "left_out": COUNT,
    "send_id": TEXT,
    "not_before_at": INSTANT,
    "attempts": COUNT,
    "started_at": maybe(INSTANT),
    "reference": TEXT,
    "why": TEXT,
    "reasons": many(ref("Reason")),
    "detail": TEXT,
    "check_at": maybe(INSTANT),
    "reported": COUNT,
}

ANSWERS: dict[str, Schema] = {
    "Problem": record(
        {"type": LINK, "title": TEXT, "status": WHOLE},
        {
            "detail": TEXT,
            "where": {**TEXT, "description": "Which part of the request"},
            "refusal": {**TEXT, "description": "The code of a refused act, the same on pages and the command line"},
            "what_to_do": TEXT,
            "misfits": many(record({"where": TEXT, "what": TEXT})),
            "findings": many(ref("Finding")),
            "digests": by_name(DIGEST),
        },
    ),
    "Index": record(
        {
            "mode": TEXT,
            "key": record({"name": TEXT, "scope": TEXT, "person": TEXT, "role": maybe(TEXT), "expires_at": INSTANT}),
            "links": by_name(LINK),
        }
    ),
    "Campaigns": record(
        {
            "campaigns": many(
                record(
                    {"id": TEXT, "usable": YES_NO},
                    {
                        "problem": TEXT,
                        "name": TEXT,
                        "title": TEXT,
                        "season": WHOLE,
                        "window": record({"start": DAY, "end": DAY}),
                        "time_zone": TEXT,
                        "plan": LINK,
                    },
                )
            )
        }
    ),
    "Finding": record(
        {
            "code": TEXT,
            "severity": one_of(Severity),
            "message": TEXT,
            "where": TEXT,
            "path": TEXT,
            "line": COUNT,
            "hint": TEXT,
            "item": TEXT,
            "channel": TEXT,
        }
    ),
    "Findings": record(
        {"campaign": TEXT, "usable": YES_NO, "findings": many(ref("Finding")), "voided": many(_VOIDED)},
        {"season": WHOLE},
    ),
    "Claim": record(
        {
            "id": TEXT,
            "text": TEXT,
            "status": TEXT,
            "caveat": TEXT,
            "period": TEXT,
            "source": record(
                {
                    "title": TEXT,
                    "publisher": TEXT,
                    "url": TEXT,
                    "dated": TEXT,
                    "retrieved_on": DAY,
                    "locator": TEXT,
                    "reported_by": TEXT,
                    "primary_seen": YES_NO,
                    "seen_by": TEXT,
                    "seen_on": maybe(DAY),
                }
            ),
            "needs_decision": TEXT,
            "signed_by": _SIGNED,
        }
    ),
    "Quotation": record({"id": TEXT, "text": TEXT, "source": TEXT, "attribution": TEXT, "year": maybe(WHOLE)}),
    "Contact": record(
        {"id": TEXT, "value": TEXT, "label": TEXT, "status": TEXT, "verified_on": maybe(DAY), "signed_by": _SIGNED}
    ),
    "Message": record(_MESSAGE, _MESSAGE_MAY),
    "Digest": record({**_MESSAGE, "items": many(TEXT)}, _MESSAGE_MAY),
    "MessageWhole": record(
        {**_MESSAGE, "text": TEXT, "missing": many(ref("Missing"))},
        {**_MESSAGE_MAY, "html": {**TEXT, "description": "Of an email"}},
    ),
    "Missing": record({"kind": TEXT, "words": TEXT, "role": TEXT, "person": TEXT}),
    "Plan": record(_PLAN),
    "Item": record(
        {
            "campaign": TEXT,
            "season": WHOLE,
            "item": TEXT,
            "messages": many(ref("MessageWhole")),
            "requests": many(ref("ChangeRequest")),
        }
    ),
    "ChangeRequest": record(
        {
            "id": WHOLE,
            "item": TEXT,
            "channel": TEXT,
            "by": TEXT,
            "role": TEXT,
            "asked_at": INSTANT,
            "waits_for": one_of(WaitsFor),
            "changed_at": maybe(INSTANT),
            "words": TEXT,
            "to_do": TEXT,
            "sent": maybe(ref("Sent")),
        }
    ),
    "ChangeRequests": record(
        {"requests": many(ref("ChangeRequest")), "sent": many(record({"channel": TEXT, **_SENT}))}
    ),
    "Sent": record(_SENT),
    "ApprovalsGiven": record(
        {
            "approved": many(_NAMED),
            "already": COUNT,
            "sent": many(record({"channel": TEXT, **_SENT})),
            "by": TEXT,
            "role": TEXT,
            "amber": many(ref("Finding")),
            "missing": many(record({"channel": TEXT, "missing": many(ref("Missing"))})),
        }
    ),
    "Comment": record(
        {
            "id": WHOLE,
            "item": TEXT,
            "channel": TEXT,
            "by": TEXT,
            "role": TEXT,
            "at": INSTANT,
            "about": TEXT,
            "answers": maybe(WHOLE),
            "text": TEXT,
        }
    ),
    "Comments": record({"comments": many(ref("Comment"))}),
    "Standing": record(
        {
            "messages": COUNT,
            "approved": COUNT,
            "alone": TEXT,
            "missing": many(record({"item": TEXT, "channel": TEXT, "date": DAY, "missing": many(ref("Missing"))})),
            "requests": many(ref("ChangeRequest")),
            "requests_too_late": many(ref("ChangeRequest")),
            "voided": many(_VOIDED),
            "records_changed": many(record({"approved_by": TEXT, "record": TEXT, "words": TEXT, "messages": COUNT})),
            "by_role": many(record({"role": maybe(TEXT), "invited": many(TEXT), "messages": COUNT})),
            "by_person": many(record({"name": TEXT, "role": TEXT, "approved": COUNT, "waits": COUNT})),
            "declined": many(record({"name": TEXT, "role": TEXT, "lacks_reviewer": many(TEXT)})),
        }
    ),
    "Status": record(_STATUS),
    "Report": record(_REPORT),
    "Delivery": record(_DELIVERY),
    "Deliveries": record(
        {
            "campaign": TEXT,
            "season": WHOLE,
            "mode": TEXT,
            "total": COUNT,
            "deliveries": many(ref("Delivery")),
            "next": maybe(LINK),
        }
    ),
    "DeliveryWhole": record(
        {
            **_DELIVERY,
            "campaign": TEXT,
            "season": WHOLE,
            "mode": TEXT,
            "batches": many(record(_BATCH)),
            "events": many(ref("Event")),
        }
    ),
    "Resolution": record(
        {
            "delivery": WHOLE,
            "item": TEXT,
            "channel": TEXT,
            "date": DAY,
            "settled_as": TEXT,
            "by": TEXT,
            "calls": COUNT,
            "state": one_of(State),
            "goes_out_again": YES_NO,
            "expires_at": INSTANT,
        }
    ),
    "Reason": {
        "type": "object",
        "required": ["code"],
        "properties": {"code": one_of(ReasonCode)},
        "additionalProperties": True,
        "description": "Why, as a code; the other keys are its fields",
    },
    "Hold": record(
        {
            "channel": TEXT,
            "campaign": maybe(TEXT),
            "by": TEXT,
            "reason": one_of(HoldReason),
            "why": TEXT,
            "since": INSTANT,
        },
        {
            "under_way": many(
                record({"delivery": WHOLE, "item": TEXT, "channel": TEXT, "batch": WHOLE, "readers": COUNT})
            )
        },
    ),
    "Holds": record({"holds": many(ref("Hold"))}),
    "Released": record(
        {
            "channel": TEXT,
            "campaign": maybe(TEXT),
            "by": TEXT,
            "waiting": many(ref("Delivery")),
            "still_held": many(ref("Hold")),
            "ended": many(ref("Hold")),
            "pauses_ended": many(TEXT),
        }
    ),
    "Event": record(
        {
            "id": WHOLE,
            "at": INSTANT,
            "kind": TEXT,
            "who": TEXT,
            "delivery": maybe(WHOLE),
            "data": {"type": "object"},
            "previous": DIGEST,
            "hash": DIGEST,
        }
    ),
    "Events": record({"total": COUNT, "events": many(ref("Event")), "next": maybe(LINK)}),
    "ReaderCounts": {
        **record(
            {
                "active": COUNT,
                "suppressed": COUNT,
                "by_cadence": by_name(COUNT),
                "by_zone": by_name(COUNT),
                "one_a_day": COUNT,
                "discreet": COUNT,
                "campaigns": by_name(by_name(COUNT)),
            }
        ),
        "additionalProperties": COUNT,
    },
}
