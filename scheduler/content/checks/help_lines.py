"""Help lines: only those that are true today, in every message, tried by somebody, and nothing promised for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta

from ...domain.claim import Contact, ContactStatus
from ...domain.finding import Finding
from ...domain.formatting import counted
from ..codes import CODES
from .context import Material, ids_of, items_named
from .rendered_message import View
from .retired_contacts import SHORTEST, Closed, closed_spellings, stands_in, successor_of
from .telephone import digits_of, numbers_in
from .visible_text import fold

_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_URL = re.compile(r"https?://\S+")
_CONFIDENTIAL = re.compile(
    r"\b(?:confidential(?:ly|ity)?|anonymous(?:ly)?|confidencial(?:es|idad|mente)?)\b", re.IGNORECASE
)
_OWN_WORDS = re.compile(r"\bown words\b", re.IGNORECASE)
_IN_BLOCK = re.compile(r"contact\(\s*['\"]([a-z0-9-]+)['\"]\s*\)")


def check_contacts(material: Material) -> Iterator[Finding]:
    """H101 to H110."""
    campaign = material.campaign
    closed = closed_spellings(campaign)
    digits, addresses = _records(material)
    for view in material.views:
        yield from _closed(view, closed)
        yield from _block(view)
        yield from _unknown(view, digits, addresses)
        yield from _operator(view)
        yield from _promise(view)
    for contact_id, views in material.contacts_used.items():
        yield from _verified(material, campaign.contacts[contact_id], views)


# -- what may not be printed ------------------------------------------------------------------------------------


def _closed(view: View, closed: Closed) -> Iterator[Finding]:
    found: dict[str, tuple[Contact, str]] = {}
    for text in (*view.flows, *view.addresses):
        for contact_id, hit in closed.found_in(text).items():
            found.setdefault(contact_id, hit)
    for text in view.sent:
        for contact_id, hit in closed.found_in(text, numbers_too=False).items():
            found.setdefault(contact_id, hit)
    for contact_id, (contact, words) in found.items():
        if contact.status is ContactStatus.QUARANTINED:
            why = f": {contact.note.rstrip('.')}" if contact.note else ""
            yield view.finding("H102", f'"{words}" ({contact_id}) is in quarantine{why}', words)
            continue
        new = successor_of(contact, view.material.campaign)
        instead = f"; today it is {new.value} ({new.id})" if new else "; no record says what replaced it"
        hint = f"print {{{{ contact('{new.id}').value }}}} instead" if new else ""
        yield view.finding("H101", f'"{words}" ({contact_id}) was replaced{instead}', words, hint=hint)


# -- what must be there -----------------------------------------------------------------------------------------


def _block(view: View) -> Iterator[Finding]:
    campaign = view.material.campaign
    block = [campaign.contacts[i] for i in campaign.block if i in campaign.contacts]
    block = [c for c in block if c.status is ContactStatus.ACTIVE]
    if not view.is_email and block:
        # A post has room for those alone that its closing line names.
        named = set(_IN_BLOCK.findall(campaign.post_tail))
        named_ones = [c for c in block if c.id in named]
        if not named_ones and any(_printed(c, flow) for c in block for flow in view.flows):
            return
        block = named_ones or block
    missing = [c.id for c in block if not all(_printed(c, flow) for flow in view.flows)]
    if missing:
        yield view.finding("H103", f"the help line is missing: {', '.join(missing)}")


def _printed(contact: Contact, flow: str) -> bool:
    digits = digits_of(contact.value)
    if digits and any(digits == d for _, d in numbers_in(flow)):
        return True
    return stands_in(fold(contact.value).casefold(), flow.casefold())


# -- what nobody knows ------------------------------------------------------------------------------------------


def _records(material: Material) -> tuple[frozenset[str], frozenset[str]]:
    """Digits and e-mail addresses that have a record, and the organisation's own addresses."""
    contacts = material.campaign.contacts.values()
    digits = frozenset(d for c in contacts for v in (c.value, *c.find) if (d := digits_of(v)))
    organisation = material.settings.organisation
    addresses = {
        organisation.from_address,
        organisation.reply_to,
        *(m for c in contacts for m in _EMAIL.findall(c.value)),
    }
    return digits, frozenset(a.casefold() for a in addresses)


def _unknown(view: View, known_digits: frozenset[str], known_addresses: frozenset[str]) -> Iterator[Finding]:
    seen: set[str] = set()
    for block in (*view.blocks, *(a for a in view.addresses if not a.startswith("http"))):
        text = _URL.sub(" ", block)
        for printed, digits in numbers_in(text):
            if digits not in known_digits and digits not in seen:
                seen.add(digits)
                yield view.finding("H104", f"the number {printed} is no record of contacts.toml", printed)
        for address in _EMAIL.findall(text) if "@" in text else ():
            low = address.casefold().rstrip(".")
            if low not in known_addresses and low not in seen:
                seen.add(low)
                yield view.finding("H104", "an e-mail address is printed that is no record of contacts.toml", address)


# -- what must not be said --------------------------------------------------------------------------------------


def _operator(view: View) -> Iterator[Finding]:
    for contact in view.material.campaign.contacts.values():
        name = re.split(r"[(,;]", fold(contact.operator))[0].strip().casefold()
        if contact.status is not ContactStatus.ACTIVE or len(name) < SHORTEST:
            continue
        if any(stands_in(name, flow) for flow in view.flows_cf):
            yield view.finding("H108", f"the operator of {contact.id} is printed", name)
            return


def _promise(view: View) -> Iterator[Finding]:
    own_words = any(_OWN_WORDS.search(flow) for flow in view.flows)
    for block in view.own_blocks:
        found = _CONFIDENTIAL.search(block)
        if found and not own_words:
            yield view.finding("H109", f'"{found[0]}" is promised on behalf of a help line', block[:200])
            return


# -- who tried it, and when -------------------------------------------------------------------------------------


def _verified(material: Material, contact: Contact, views: Sequence[View]) -> Iterator[Finding]:
    if contact.status is not ContactStatus.ACTIVE:
        return
    used = items_named(views)
    signed_on = material.signed_on(contact)
    if signed_on is None:
        words = f"the help line {contact.id} is not signed yet ({used})"
        yield CODES["H105"].at(contact.where, words, items=ids_of(views))
    if contact.verified_on and contact.verified_on > material.today:
        words = f"{contact.id} was verified on {contact.verified_on}, which has not come"
        yield CODES["H110"].at(contact.where, words, items=ids_of(views))
        return
    checked = max(filter(None, (contact.verified_on, signed_on)), default=None)
    tried = f"{contact.id} was verified last on {checked}"
    verified = tried if signed_on else f"the newest word on {contact.id} is of {checked}, and nobody has signed it"
    oldest = timedelta(days=material.settings.contact_max_age_days)
    stale = [v for v in views if checked is None or v.message.on - checked > oldest]
    if stale and checked is None:
        words = f"nobody has verified {contact.id} yet ({items_named(stale)})"
        yield CODES["H106"].at(contact.where, words, items=ids_of(stale))
    elif stale:
        yield CODES["H106"].at(
            contact.where,
            f"{verified}; its message of {stale[0].message.on} comes more than "
            f"{counted(oldest.days, 'day')} later ({items_named(stale)})",
            items=ids_of(stale),
        )
    elif checked and material.plan.season.start_on - checked > timedelta(days=material.settings.contact_reverify_days):
        yield CODES["H107"].at(
            contact.where,
            f"{verified}, not within the {material.settings.contact_reverify_days} "
            f"days before {material.plan.season.start_on}",
            items=ids_of(views),
        )
