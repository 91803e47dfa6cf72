"""Records beneath approved messages that changed while nothing did that readers get: whoever approved is told once,
when somebody has signed the record as it stands now. Until then its messages wait for that."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from ..light_dataclass import dataclass
from .campaign import Campaign
from .claim import Claim, Contact, ContactStatus, Signature
from .formatting import counted, day_and_month
from .message import Message, records_beneath
from .redact import person_key
from .rehearsal import Rehearsal


@dataclass(frozen=True)
class RecordChange:
    """One record, with the messages that one person approved while it was another. Their yes holds all the same."""

    name: str  # "contact:hotline-phone"
    hash_now: str  # empty: nothing rests on it any more
    messages: tuple[Message, ...]  # that are still to go
    known: str  # what people know it by: "888-373-7888 (National Human Trafficking Hotline)"
    words: str  # "888-373-7888 (National Human Trafficking Hotline) was tried again by Ada Example on December 20."

    @property
    def sentence(self) -> str:
        """What a reviewer is told."""
        return f"{self.words} Nothing readers see changed."

    @property
    def where(self) -> str:
        """What it lies beneath: "12 messages"."""
        return counted(len(self.messages), "message")


def record_changes(rehearsal: Rehearsal, person: str, *, open_at: datetime | None = None) -> tuple[RecordChange, ...]:
    """What one person has not been told yet, by record. ``open_at``: of messages still to go by then."""
    me, found = person_key(person), dict[str, dict[str, tuple[Message, datetime, str]]]()
    for message in rehearsal.to_approve:
        if rehearsal.is_over(message, open_at):
            continue
        now = records_beneath(message)
        for given in rehearsal.approvals.of(message):
            if person_key(given.person) != me or not given.rests_on:
                continue
            for name in {**given.rests_on, **now}:
                if given.rests_on.get(name) != now.get(name) and not _waits(rehearsal, name):
                    messages = found.setdefault(name, {})
                    messages[f"{message.item} {message.channel}"] = (message, given.approved_at, now.get(name, ""))
    return tuple(
        RecordChange(
            name,
            next((hash_now for *_, hash_now in beneath.values() if hash_now), ""),
            tuple(message for message, *_ in beneath.values()),
            _known(rehearsal.plan.campaign, name),
            _in_words(rehearsal, name, min(at for _, at, _ in beneath.values())),
        )
        for name, beneath in sorted(found.items())
    )


def by_person(rehearsal: Rehearsal, *, open_at: datetime | None = None) -> Mapping[str, tuple[RecordChange, ...]]:
    """The name of each person who has not been told of a change yet -> what changed."""
    names = {person_key(a.person): a.person for a in rehearsal.approvals.all}
    changes = {name: record_changes(rehearsal, name, open_at=open_at) for name in sorted(names.values())}
    return {name: changed for name, changed in changes.items() if changed}


def _known(campaign: Campaign, name: str) -> str:
    kind, _, record_id = name.partition(":")
    contact, claim = campaign.contacts.get(record_id), campaign.claims.get(record_id)
    if kind == "contact" and contact is not None:
        return f"{contact.value} ({contact.label})"
    if kind == "claim" and claim is not None:
        return f"the record behind “{claim.text}”"
    return "a stored source" if kind == "source" else "a record"


def _waits(rehearsal: Rehearsal, name: str) -> bool:
    """Whether its messages wait for somebody to sign the record."""
    record = _signed_record(rehearsal.plan.campaign, name)
    return record is not None and _signature(rehearsal, name, record) is None


def _signed_record(campaign: Campaign, name: str) -> Claim | Contact | None:
    """A claim, or a help line in use."""
    kind, _, record_id = name.partition(":")
    contact = campaign.contacts.get(record_id) if kind == "contact" else None
    if contact is not None:
        return contact if contact.status is ContactStatus.ACTIVE else None
    return campaign.claims.get(record_id) if kind == "claim" else None


def _signature(rehearsal: Rehearsal, name: str, record: Claim | Contact) -> Signature | None:
    """The latest of it as it stands."""
    of_it = rehearsal.signatures.of(name.partition(":")[0], record.id, record.record_hash())
    return max(of_it, key=lambda signature: signature.signed_on, default=None)


def _in_words(rehearsal: Rehearsal, name: str, approved_at: datetime) -> str:
    """Its own date says nothing of who has tried a help line: whoever signed it since has."""
    campaign = rehearsal.plan.campaign
    known, record = _known(campaign, name), _signed_record(campaign, name)
    signed = _signature(rehearsal, name, record) if record is not None else None
    since = approved_at.astimezone(ZoneInfo(campaign.time_zone)).date()
    if signed is None or signed.signed_on < since:
        return f"{known[:1].upper()}{known[1:]} was changed."
    by = f"by {signed.person} on {day_and_month(signed.signed_on)}."
    if isinstance(record, Contact):
        return f"{known} was tried again {by}"
    return f"{known[:1].upper()}{known[1:]} was changed, and signed {by}"
