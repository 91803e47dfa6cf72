"""Records beneath approved messages that changed while nothing did that readers get: whoever approved is told once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from ..light_dataclass import dataclass
from .campaign import Campaign
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
    words: str  # "888-373-7888 (National Human Trafficking Hotline) was checked again on December 20."

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
                if given.rests_on.get(name) != now.get(name):
                    messages = found.setdefault(name, {})
                    messages[f"{message.item} {message.channel}"] = (message, given.approved_at, now.get(name, ""))
    campaign = rehearsal.plan.campaign
    return tuple(
        RecordChange(
            name,
            next((hash_now for *_, hash_now in beneath.values() if hash_now), ""),
            tuple(message for message, *_ in beneath.values()),
            _known(campaign, name),
            _in_words(campaign, name, min(at for _, at, _ in beneath.values())),
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


def _in_words(campaign: Campaign, name: str, approved_at: datetime) -> str:
    kind, _, record_id = name.partition(":")
    known, contact = _known(campaign, name), campaign.contacts.get(record_id)
    if kind == "contact" and contact is not None:
        since = approved_at.astimezone(ZoneInfo(campaign.time_zone)).date()
        if contact.verified_on is not None and contact.verified_on >= since:
            return f"{known} was checked again on {day_and_month(contact.verified_on)}."
        return f"The record of {known} was changed."
    return f"{known[:1].upper()}{known[1:]} was changed."
