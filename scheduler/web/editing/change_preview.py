"""How a change looks, in numbers and findings: what stands beside the fields, and is refreshed while somebody types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ...domain.edit_form import Form
from ...domain.finding import Finding
from ...domain.message import EmailBody, Message, PostBody
from ...domain.rehearsal import Rehearsal
from ...domain.stale_approvals import Voided
from ...review.packet_formatting import channel_words

#: Characters of a subject line and of the line after it that most programs show on a phone.
SUBJECT_SHOWN, PREHEADER_SHOWN = 40, 90


@dataclass(frozen=True, slots=True)
class Counter:
    """How long something is. ``limit`` 0: there is none. ``note``: where more than that is only cut off on screens."""

    words: str
    count: int
    limit: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """What is said beside the form. ``counters``: by key of a field. ``shared``: findings about claims and help lines
    that it rests on, which changing its text does not settle."""

    counters: Mapping[str, tuple[Counter, ...]]
    findings: tuple[Finding, ...]
    shared: tuple[Finding, ...] = ()


#: Of what could not be tried out nothing is said; numbers of the file as it is would be taken for those of the change.
UNKNOWN_LOOK = Look({}, ())


def look_at(form: Form, rehearsal: Rehearsal) -> Look:
    """Counters and findings of one record in a rehearsal."""
    if form.kind != "item":
        path = f"campaigns/{rehearsal.plan.campaign.id}/{form.file}"
        return Look({}, tuple(f for f in rehearsal.findings if f.where.path == path and form.id in f.message.split()))
    messages = [m for m in rehearsal.messages if m.item == form.id]
    shared = tuple(f for f in rehearsal.findings if not f.item and form.id in f.items)
    return Look(_counters(messages), rehearsal.findings_of(form.id), shared)


def _counters(messages: Iterable[Message]) -> dict[str, tuple[Counter, ...]]:
    found: dict[str, list[Counter]] = {"post": [], "email": [], "subject": [], "preheader": []}
    for message in messages:
        name, body = channel_words(message.channel), message.body
        if isinstance(body, PostBody):
            words = f"{name}: with help line and tags, counted as the network counts"
            found["post"].append(Counter(words, body.characters, body.limit))
        elif isinstance(body, EmailBody):
            cut = "more may be cut off on a phone"
            found["subject"].append(Counter(f"{name}: subject line", len(body.subject), SUBJECT_SHOWN, cut))
            found["preheader"].append(Counter(f"{name}: line after it", len(body.preheader), PREHEADER_SHOWN, cut))
            found["email"].append(Counter(f"{name}: words", len(body.text.split())))
    return {key: tuple(dict.fromkeys(counters)) for key, counters in found.items()}


def concerned(form: Form, gone: Iterable[Voided]) -> tuple[Voided, ...]:
    """Of all approvals that ended, those of messages that hold this record."""
    if form.kind != "item":
        return tuple(v for v in gone if f"{form.kind}:{form.id}" in v.records)
    return tuple(v for v in gone if form.id in (v.message.item, *(item for item, _ in v.message.audience.parts)))


def signed_by(form: Form, rehearsal: Rehearsal) -> tuple[str, ...]:
    """Who signed a claim or a help line as it stands."""
    campaign = rehearsal.plan.campaign
    if form.kind == "item":
        return ()
    record = campaign.claims.get(form.id) if form.kind == "claim" else campaign.contacts.get(form.id)
    if record is None:
        return ()
    return tuple(dict.fromkeys(s.person for s in rehearsal.signatures.of(form.kind, form.id, record.record_hash())))
