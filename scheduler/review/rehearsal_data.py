"""A rehearsal as plain data: what plan.json and findings.json hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from ..domain.claim import Claim, Contact, Signature, Signatures
from ..domain.finding import Finding, in_reading_order
from ..domain.message import EmailBody, Message, PostBody, has_discreet_head, with_head
from ..domain.packet_record import edition_hash
from ..domain.planned_item import PlannedItem
from ..domain.quotation import Quotation
from ..domain.rehearsal import Rehearsal
from .review_status import missing_as_data, sent_as_data

Plain = dict[str, object]


def plan_as_data(
    rehearsal: Rehearsal, *, made_at: datetime, known: Mapping[tuple[str, str], object] | None = None
) -> Plain:
    """plan.json. ``made_at`` is the only thing in it that differs between two runs over the same files. ``known``: what
    it says of messages, by item and channel, for whoever has it."""
    plan = rehearsal.plan
    planned = {p.item.id: p for p in plan.items}
    return {
        "campaign": plan.campaign.id,
        "season": plan.season.year,
        "title": plan.title,
        "window": {"start": plan.season.start_on.isoformat(), "end": plan.season.end_on.isoformat()},
        "time_zone": plan.campaign.time_zone,
        "mode": rehearsal.mode,
        "made_at": made_at.isoformat(),
        "edition": edition_hash(rehearsal.to_approve),
        "sent": sum(s.is_over for s in rehearsal.sent.values()),
        "costs": [
            {"channel": c.channel, "messages": c.messages, "with_url": c.with_url, "dollars": c.dollars, "note": c.note}
            for c in rehearsal.costs
        ],
        "items": [
            (known or {}).get((m.item, m.channel)) or message_as_data(rehearsal, m, planned.get(m.item))
            for m in rehearsal.messages
        ],
        "digests": [
            {**message_as_data(rehearsal, m, None), "items": [item for item, _ in m.audience.parts]}
            for m in rehearsal.digests
        ],
        "frames": [message_as_data(rehearsal, m, None) for m in rehearsal.frames],
    }


def findings_as_data(findings: Iterable[Finding]) -> list[Plain]:
    """findings.json: all of them, in reading order."""
    return [finding_as_data(f) for f in in_reading_order(list(findings))]


def item_as_data(rehearsal: Rehearsal, messages: Iterable[Message]) -> list[Plain]:
    """Messages of one item as plan.json has them, with all that will go out, and what people have not said yet."""
    planned = {p.item.id: p for p in rehearsal.plan.items}
    return [
        {
            **message_as_data(rehearsal, m, planned.get(m.item)),
            **_whole_text(m),
            "missing": [missing_as_data(lack) for lack in rehearsal.missing(m)],
        }
        for m in messages
    ]


def shown_as_data(message: Message) -> Plain:
    """One message exactly as it will go out."""
    named: Plain = {"item": message.item, "channel": message.channel, "due_at": message.due_at}
    subject: Plain = {} if isinstance(message.body, PostBody) else {"subject": message.body.subject}
    return {**named, "digest": message.digest, **subject, **_whole_text(message)}


def _whole_text(message: Message) -> Plain:
    body = message.body
    if isinstance(body, PostBody):
        return {"text": body.text, "content_warning": body.content_warning}
    return {"text": body.text, "html": body.html}


def findings_about(rehearsal: Rehearsal, message: Message) -> list[Finding]:
    """Findings about this message and about its item as a whole."""
    return in_reading_order([*rehearsal.findings_of(message.item, message.channel), *message.findings])


def message_as_data(rehearsal: Rehearsal, message: Message, planned: PlannedItem | None) -> Plain:
    """A message as plan.json has it."""
    campaign = rehearsal.plan.campaign
    data: Plain = {
        "id": message.item,
        "date": message.on.isoformat(),
        "channel": message.channel,
        "kind": message.kind,
        "due_at": message.due_at.isoformat(),
        "expires_at": message.expires_at.isoformat(),
        "digest": message.digest,
    }
    body = message.body
    lacking = rehearsal.missing(message)
    if isinstance(body, PostBody):
        data |= {"text": body.text, "characters": body.characters, "limit": body.limit}
        data |= {"contains_url": body.contains_url, "alt_text": body.alt_text}
        data |= {"content_warning": body.content_warning}
    else:
        data |= {"subject": body.subject, "preheader": body.preheader, "characters": len(body.text), "alt_text": ""}
        data |= {"from_name": body.from_name, "from_address": body.from_address, "reply_to": body.reply_to}
        data["discreet_head"] = _discreet_head(message)
    data |= {
        "claims": [_claim(campaign.claims[c], rehearsal.signatures) for c in message.claims if c in campaign.claims],
        "quotations": [_quotation(rehearsal, q) for q in message.quotations],
        "contacts": [
            _contact(campaign.contacts[c], rehearsal.signatures) for c in message.contacts if c in campaign.contacts
        ],
        "links": list(message.links),
        "findings": [finding_as_data(f) for f in findings_about(rehearsal, message)],
        "approved": not lacking,
        "sent": sent_as_data(rehearsal.sent_of(message)),
        "approvals_missing": [m.words for m in lacking],
        "approved_by": sorted({a.person for a in rehearsal.approvals.of(message)}),
    }
    if planned is not None:
        data |= {
            "day_number": planned.day_number,
            "week": planned.week,
            "special": planned.day.special if planned.day else "",
            "held_back": planned.held_back.id if planned.held_back else None,
            "substitute": planned.substitute.id if planned.substitute else None,
        }
    return data


def _discreet_head(message: Message) -> Plain | None:
    """What an inbox shows of an email to readers who chose it so; None where it has one head alone."""
    body = with_head(message, discreet=True).body
    if not isinstance(body, EmailBody) or not has_discreet_head(body):
        return None
    return {"subject": body.subject, "preheader": body.preheader, "from_name": body.from_name}


def _claim(claim: Claim, signatures: Signatures) -> Plain:
    source = claim.source
    return {
        "id": claim.id,
        "text": claim.text,
        "status": claim.status.value,
        "caveat": claim.caveat,
        "period": claim.period,
        "source": {
            "title": source.title,
            "publisher": source.publisher,
            "url": source.url,
            "dated": source.dated,
            "retrieved_on": source.retrieved_on.isoformat(),
            "locator": source.locator,
            "reported_by": source.reported_by,
            "primary_seen": source.original_read,
            "seen_by": source.seen_by if source.original_read else "",
            "seen_on": source.seen_on.isoformat() if source.original_read and source.seen_on else None,
        },
        "needs_decision": claim.needs_decision,
        "signed_by": _signed(signatures.of("claim", claim.id, claim.record_hash())),
    }


def _contact(contact: Contact, signatures: Signatures) -> Plain:
    return {
        "id": contact.id,
        "value": contact.value,
        "label": contact.label,
        "status": signatures.standing(contact),
        "verified_on": contact.verified_on.isoformat() if contact.verified_on else None,
        "signed_by": _signed(signatures.of("contact", contact.id, contact.record_hash())),
    }


def _quotation(rehearsal: Rehearsal, pointer: str) -> Plain:
    parsed = Quotation.parse(pointer)
    source = rehearsal.plan.campaign.sources.get(parsed.source_id) if parsed else None
    passage = source.passage(parsed.passage_id) if parsed and source else None
    return {
        "id": pointer,
        "text": (passage.corrected() if source.own_words else passage.text) if source and passage else "",
        "source": source.title if source else "",
        "attribution": source.attribution if source else "",
        "year": source.year if source else None,
    }


def _signed(signatures: tuple[Signature, ...]) -> list[Plain]:
    return [{"person": s.person, "role": s.role, "signed_on": s.signed_on.isoformat()} for s in signatures]


def finding_as_data(finding: Finding) -> Plain:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        "where": str(finding.where),
        "path": finding.where.path,
        "line": finding.where.line,
        "hint": finding.hint,
        "item": finding.item,
        "channel": finding.channel,
    }
