"""Help lines: only those that are true today, in every message, tried by somebody, and nothing promised for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from urllib.parse import urlsplit

from ...domain.campaign import Campaign
from ...domain.claim import Contact, ContactStatus
from ...domain.finding import Finding
from .codes import CODES
from .material import Material, View, items_named
from .surface import fold
from .telephone import digits_of, numbers_in

_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_URL = re.compile(r"https?://\S+")
_CONFIDENTIAL = re.compile(r"\bconfidential(?:ly|ity)?\b|\banonymous(?:ly)?\b", re.IGNORECASE)
_OWN_WORDS = re.compile(r"\bown words\b", re.IGNORECASE)
_IN_BLOCK = re.compile(r"contact\(\s*['\"]([a-z0-9-]+)['\"]\s*\)")
#: An address or name this short is too likely to be a word.
_SHORTEST = 4


def check_contacts(material: Material) -> Iterator[Finding]:
    """H101 to H110."""
    campaign = material.campaign
    closed = closed_spellings(campaign)
    own = _own_addresses(material)
    for view in material.views:
        yield from _closed(view, closed)
        yield from _block(view)
        yield from _unknown(view, own)
        yield from _operator(view)
        yield from _promise(view)
    for contact_id, views in material.contacts_used.items():
        yield from _verified(material, campaign.contacts[contact_id], views)


# -- what may not be printed ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way of writing a contact that is closed: text in small letters, or digits."""

    text: str
    digits: str
    contact: Contact


@dataclass(frozen=True, slots=True)
class Closed:
    """All spellings of superseded and quarantined contacts, longest first, and what must not be taken for one."""

    spellings: tuple[Spelling, ...]
    open_texts: tuple[str, ...]
    open_digits: frozenset[str]

    def found_in(self, text: str, *, numbers_too: bool = True) -> dict[str, tuple[Contact, str]]:
        """By contact id: the contact, and its words as they were found.

        ``numbers_too`` False for HTML as it is written: its colours and sizes are digits too.
        """
        found: dict[str, tuple[Contact, str]] = {}
        low = text.casefold()
        numbers: dict[str, str] | None = None
        rest = low
        for words in self.open_texts:
            if words in rest:
                rest = rest.replace(words, " \x00 ")
        for spelling in self.spellings:
            if spelling.digits and numbers_too:
                if numbers is None:
                    numbers = {digits: printed for printed, digits in numbers_in(text)}
                if spelling.digits in numbers or _stands_in(spelling.digits, rest):
                    printed = numbers.get(spelling.digits, spelling.digits)
                    found.setdefault(spelling.contact.id, (spelling.contact, printed))
            elif not spelling.digits and spelling.text in rest and _stands_in(spelling.text, rest):
                found.setdefault(spelling.contact.id, (spelling.contact, spelling.text))
                rest = rest.replace(spelling.text, " \x00 ")
        return found


def closed_spellings(campaign: Campaign) -> Closed:
    """How the campaign's superseded and quarantined contacts may be written."""
    spellings: list[Spelling] = []
    active = [c for c in campaign.contacts.values() if c.status is ContactStatus.ACTIVE]
    open_digits = frozenset(d for c in active for v in (c.value, *c.find) if (d := digits_of(v)))
    open_texts = {fold(t).casefold() for c in active for t in (c.value, c.label, c.href, *c.find) if t}
    for contact in campaign.contacts.values():
        if contact.status is ContactStatus.ACTIVE:
            continue
        for value in dict.fromkeys((contact.value, *contact.find)):
            digits = digits_of(value)
            if digits:
                if digits not in open_digits:
                    spellings.append(Spelling(value.casefold(), digits, contact))
                continue
            texts = {fold(value).casefold()}
            if contact.kind in ("web", "chat"):
                texts.add(host_of(value))
            spellings += [Spelling(t, "", contact) for t in texts if len(t) >= _SHORTEST and t not in open_texts]
    return Closed(
        tuple(sorted(spellings, key=lambda s: -len(s.text))),
        tuple(sorted((t for t in open_texts if len(t) >= _SHORTEST), key=len, reverse=True)),
        open_digits,
    )


@lru_cache(maxsize=2048)
def _as_word(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w]){re.escape(text)}(?![\w])")


def _stands_in(words: str, text: str) -> bool:
    return words in text and _as_word(words).search(text) is not None


def host_of(address: str) -> str:
    """The host of a web address, without ``www.``, in small letters; of bare ``example.org/x`` too."""
    try:
        host = urlsplit(address if "://" in address else f"https://{address}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


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


def successor_of(contact: Contact, campaign: Campaign) -> Contact | None:
    """The active contact that replaced this one, directly or over others."""
    seen = {contact.id}
    while contact.status is not ContactStatus.ACTIVE:
        following = campaign.contacts.get(contact.superseded_by) or next(
            (c for c in campaign.contacts.values() if contact.id in c.supersedes), None
        )
        if following is None or following.id in seen:
            return None
        seen.add(following.id)
        contact = following
    return contact


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
    return _stands_in(fold(contact.value).casefold(), flow.casefold())


# -- what nobody knows ------------------------------------------------------------------------------------------


def _own_addresses(material: Material) -> set[str]:
    organisation = material.settings.organisation
    addresses = {organisation.from_address.casefold(), organisation.reply_to.casefold()}
    return {a for a in addresses if a}


def _unknown(view: View, own: set[str]) -> Iterator[Finding]:
    campaign = view.material.campaign
    known_digits = {d for c in campaign.contacts.values() for v in (c.value, *c.find) if (d := digits_of(v))}
    known_addresses = own | {m.casefold() for c in campaign.contacts.values() for m in _EMAIL.findall(c.value)}
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
        if contact.status is not ContactStatus.ACTIVE or len(name) < _SHORTEST:
            continue
        if any(_stands_in(name, flow) for flow in view.flows_cf):
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
    signed_on = material.signed_on("contact", contact)
    if signed_on is None:
        yield CODES["H105"].at(contact.where, f"the help line {contact.id} is not signed yet ({used})")
    if contact.verified_on and contact.verified_on > material.today:
        yield CODES["H110"].at(contact.where, f"{contact.id} was verified on {contact.verified_on}, which has not come")
        return
    checked = max(filter(None, (contact.verified_on, signed_on)), default=None)
    last = "never" if checked is None else f"last on {checked}"
    oldest = timedelta(days=material.settings.contact_max_age_days)
    stale = [v for v in views if checked is None or v.message.on - checked > oldest]
    if stale:
        yield CODES["H106"].at(
            contact.where,
            f"{contact.id} was verified {last}; its message of {stale[0].message.on} comes more than {oldest.days} "
            f"days later ({items_named(stale)})",
        )
    elif checked and material.plan.season.start_on - checked > timedelta(days=material.settings.contact_reverify_days):
        yield CODES["H107"].at(
            contact.where,
            f"{contact.id} was verified {last}, not within the {material.settings.contact_reverify_days} days before "
            f"{material.plan.season.start_on}",
        )


# -- stored sources ---------------------------------------------------------------------------------------------


def check_stored_contacts(campaign: Campaign) -> Iterator[Finding]:
    """H111: closed contacts in the stored editions."""
    closed = closed_spellings(campaign)
    for source in campaign.sources.values():
        for contact_id, (_, words) in closed.found_in(fold(source.text)).items():
            message = f'{source.id} prints "{words}" ({contact_id}), which is no longer true'
            yield CODES["H111"].at(source.where, message)


__all__ = ["check_contacts", "check_stored_contacts", "closed_spellings", "host_of", "successor_of"]
