"""Sign claims and help lines, in the form in which they were read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from difflib import get_close_matches

from ..domain.campaign import Campaign
from ..domain.claim import ContactStatus, Signature
from ..domain.redact import person_key
from ..domain.refusals import Refusal, Refused
from .context import Context, act

#: (claim or contact, id) -> hash of the record.
Records = Mapping[tuple[str, str], str]


@act
def sign(
    context: Context, campaign: Campaign, seen: Records, *, expires_on: date | None = None
) -> list[tuple[str, str]]:
    """Sign records in the form that was read; returns what is newly signed.

    ``expires_on``: the last day on which the sign-off holds. Refused when one of the records is another by now, or
    gone; nothing is signed then.
    """
    who, role = context.speaker(lambda role: role.approves, Refusal.ROLE_DOES_NOT_SIGN)
    today = context.project.today(campaign)
    if expires_on is not None and expires_on < today:
        raise Refused(Refusal.SIGNATURE_WOULD_BE_OVER, day=expires_on)
    now = records_of(campaign)
    changed = [" ".join(key) for key, was in seen.items() if now.get(key) != was]
    if changed:
        raise Refused(Refusal.CHANGED_MEANWHILE, what=", ".join(changed), undone="nothing was signed")
    known, done = context.ledger.signatures.of_campaign(campaign.id).valid_on(today), []
    for (kind, record_id), record_hash in seen.items():
        mine = [
            s
            for s in known.of(kind, record_id, record_hash)
            if person_key(s.person) == person_key(who) and s.role == role.id and s.expires_on == expires_on
        ]
        # A help line is verified anew each time it is signed; a claim is signed once.
        if mine and (kind == "claim" or max(s.signed_on for s in mine) >= today):
            continue
        context.ledger.signatures.add(
            campaign.id,
            Signature(kind, record_id, record_hash, who, role.id, today, expires_on, context.actor.via),
            now=context.now(),
        )
        done.append((kind, record_id))
    return done


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
