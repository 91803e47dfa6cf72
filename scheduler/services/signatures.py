"""Sign claims and help lines one by one, each with its source opened, in the form in which it was read; and renew what
the same person has signed before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from enum import StrEnum

from ..domain.campaign import Campaign
from ..domain.claim import ContactStatus, Signature
from ..domain.redact import person_key
from ..domain.refusals import Refusal, Refused
from ..domain.via import is_said
from ..light_dataclass import dataclass
from .context import Context, act

#: (claim or contact, id) -> hash of the record.
Records = Mapping[tuple[str, str], str]


@act
def sign(
    context: Context,
    campaign: Campaign,
    subject: str,
    record_id: str,
    seen: str,
    *,
    opened: bool,
    expires_on: date | None = None,
) -> bool:
    """Sign one record in the form that was read, ``seen``; False when this person had signed exactly that.

    ``opened``: whether they say that they opened its source, or tried the help line; without that nothing is signed.
    ``expires_on``: the last day on which the sign-off holds. Refused when the record is another by now, or gone.
    """
    _may_sign(context, campaign, expires_on)
    if records_of(campaign).get((subject, record_id)) != seen:
        raise Refused(Refusal.CHANGED_MEANWHILE, what=_named(campaign, subject, record_id), undone="nothing was signed")
    if not opened:
        raise Refused(Refusal.SOURCE_NOT_OPENED, record=_named(campaign, subject, record_id))
    return _sign(context, campaign, subject, record_id, seen, expires_on)


def _named(campaign: Campaign, subject: str, record_id: str) -> str:
    """A record as people read it; its id where it is gone."""
    claim, contact = campaign.claims.get(record_id), campaign.contacts.get(record_id)
    if subject == "claim" and claim is not None:
        return f"the claim “{claim.text}”"
    return f"the help line {contact.value}" if contact is not None else f"{subject} {record_id}"


class Left(StrEnum):
    """Why a record is not renewed."""

    NEVER_SIGNED = "never-signed"
    CHANGED = "changed"


@dataclass(frozen=True)
class Renewed:
    """What was signed again, and what was left out and why; each by kind and id."""

    signed: tuple[tuple[str, str], ...]
    left: tuple[tuple[tuple[str, str], Left], ...]


@act
def renew(
    context: Context, campaign: Campaign, subject: str | None = None, *, expires_on: date | None = None
) -> Renewed:
    """Sign again whatever is in use and unchanged since the same person signed it last."""
    who = _may_sign(context, campaign, expires_on)
    mine = [
        s for s in context.ledger.signatures.of_campaign(campaign.id).all if person_key(s.person) == person_key(who)
    ]
    last = {(s.subject, s.subject_id): s.record_hash for s in sorted(mine, key=lambda s: s.signed_on)}
    signed, left = [], []
    for key, record_hash in records_in_use(campaign, subject).items():
        if key not in last:
            left.append((key, Left.NEVER_SIGNED))
        elif last[key] != record_hash:
            left.append((key, Left.CHANGED))
        elif _sign(context, campaign, *key, record_hash, expires_on):
            signed.append(key)
    return Renewed(tuple(signed), tuple(left))


def _may_sign(context: Context, campaign: Campaign, expires_on: date | None) -> str:
    who, _ = context.speaker(lambda role: role.approves, Refusal.ROLE_DOES_NOT_SIGN)
    if expires_on is not None and expires_on < context.project.today(campaign):
        raise Refused(Refusal.SIGNATURE_WOULD_BE_OVER, day=expires_on)
    return who


def _sign(
    context: Context, campaign: Campaign, subject: str, record_id: str, record_hash: str, expires_on: date | None
) -> bool:
    """A help line is verified anew each time it is signed; a claim is signed once."""
    (who, role), today = context.speaker(), context.project.today(campaign)
    known = context.ledger.signatures.of_campaign(campaign.id).valid_on(today)
    mine = [
        s
        for s in known.of(subject, record_id, record_hash)
        if is_said([s], who, context.actor.via) and s.role == role.id and s.expires_on == expires_on
    ]
    if mine and (subject == "claim" or max(s.signed_on for s in mine) >= today):
        return False
    signature = Signature(subject, record_id, record_hash, who, role.id, today, expires_on, context.actor.via)
    context.ledger.signatures.add(campaign.id, signature, now=context.now())
    return True


def records_of(campaign: Campaign, subject: str | None = None, ids: Sequence[str] | None = None) -> Records:
    """Claims and contacts as they stand now. ``subject``: of these alone; ``ids``: those alone. Of all help lines,
    those that are in use, unless they are named."""
    found: dict[tuple[str, str], str] = {}
    if subject in (None, "claim"):
        found |= {("claim", c.id): c.record_hash() for c in campaign.claims.values()}
    if subject in (None, "contact"):
        found |= {("contact", c.id): c.record_hash() for c in campaign.contacts.values()}
    if ids is None:
        return found
    unknown = next((i for i in ids if (subject or "", i) not in found), None)
    if unknown is not None:
        raise Refused(
            Refusal.NO_SUCH_RECORD,
            subject=subject,
            record=unknown,
            campaign=campaign.id,
            near=" or ".join(get_close_matches(unknown, [i for _, i in found], n=2)),
            known=", ".join(sorted(i for _, i in found)[:12]),
        )
    return {key: value for key, value in found.items() if key[1] in ids}


def records_in_use(campaign: Campaign, subject: str | None = None) -> Records:
    """As :func:`records_of`, without help lines that are out of use."""
    active = {c.id for c in campaign.contacts.values() if c.status is ContactStatus.ACTIVE}
    found = records_of(campaign, subject)
    return {(kind, i): h for (kind, i), h in found.items() if kind == "claim" or i in active}
