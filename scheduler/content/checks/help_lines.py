"""Help lines: only those that are true today, in every message, tried by somebody, and nothing promised for them.

Those that are closed, superseded or in quarantine, are found however they are written; telephone numbers by their
digits: 1-888-373-7888, 1-888-3737-888 and (888) 373-7888 are one.
"""

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
from ...domain.formatting import counted
from ..codes import CODES
from .context import Material, View, ids_of, items_named
from .visible_text import fold

_SEP = r"[ .\u2010-\u2012-]"
PHONE = re.compile(
    r"(?=[+(\d])(?<![\w.,/@-])(?:"  # the quick look first: at most places no number begins
    rf"\+\d{{1,3}}{_SEP}?(?:\(\d{{1,4}}\)|\d{{1,4}})(?:{_SEP}?\d{{2,4}}){{1,4}}"  # +44 20 7946 0958
    rf"|(?:1{_SEP})?(?:\(\d{{3}}\) ?|\d{{3}}{_SEP})\d{{3}}{_SEP}\d{{4}}"  # 1-888-373-7888
    rf"|1{_SEP}\d{{3}}{_SEP}\d{{3,4}}{_SEP}\d{{3,4}}"  # 1-888-3737-888
    rf"|(?=[\dA-Z .-]{{0,14}}[A-Z])(?:1{_SEP})?\d{{3}}{_SEP}"  # 1-800-THE-LOST
    rf"[A-Z0-9]{{1,4}}{_SEP}?[A-Z0-9]{{3,5}}(?:{_SEP}[A-Z0-9]{{1,4}})?"
    r"|1?\d{10}"
    r")(?![\w@]|[.-]\d)"
)
#: A number that a reader is told to text.
TEXTED = re.compile(r"\b(?:text|texting|sms|mensaje)\b[^.\d\n]{0,40}?\b(\d{5,6})\b", re.IGNORECASE)

_KEYS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
_DIGIT = re.compile(r"\d")
_NOT_DIGIT = re.compile(r"\D")
_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_URL = re.compile(r"https?://\S+")
_CONFIDENTIAL = re.compile(
    r"\b(?:confidential(?:ly|ity)?|anonymous(?:ly)?|confidencial(?:es|idad|mente)?)\b", re.IGNORECASE
)
_OWN_WORDS = re.compile(r"\bown words\b", re.IGNORECASE)
_IN_BLOCK = re.compile(r"contact\(\s*['\"]([a-z0-9-]+)['\"]\s*\)")
#: An address or name this short is too likely to be a word.
SHORTEST = 4


def check_contacts(material: Material) -> Iterator[Finding]:
    """H101 to H110."""
    contacts, organisation = material.campaign.contacts, material.settings.organisation
    closed = closed_spellings(material.campaign)
    known = {d for c in contacts.values() for v in (c.value, *c.find) if (d := digits_of(v))}
    addresses = [organisation.from_address, organisation.reply_to]
    addresses += [m for c in contacts.values() for m in _EMAIL.findall(c.value)]
    # How the organization itself is reached, which is no help line.
    own = material.campaign.brand.contact
    addresses += _EMAIL.findall(own)
    known.update(digits for _, digits in numbers_in(own))
    known.update(address.casefold() for address in addresses)
    for view in material.views:
        yield from _closed(view, closed)
        yield from _block(view)
        yield from _unknown(view, known)
        yield from _operator(view)
        yield from _promise(view)
    for contact_id, views in material.users_of(lambda view: view.contacts).items():
        if contacts[contact_id].status is ContactStatus.ACTIVE:
            yield from _verified(material, contacts[contact_id], views)


def _closed(view: View, closed: Closed) -> Iterator[Finding]:
    """What may not be printed."""
    # The colors and sizes of HTML as it is written are digits too.
    texts = [(text, True) for text in (*view.flows, *view.addresses)] + [(text, False) for text in view.sent]
    found: dict[Contact, str] = {}
    for text, numbers_too in texts:
        found = {**closed.found_in(text, numbers_too=numbers_too), **found}
    for contact, words in found.items():
        if contact.status is ContactStatus.QUARANTINED:
            why = f": {contact.note.rstrip('.')}" if contact.note else ""
            yield view.finding("H102", f'"{words}" ({contact.id}) is in quarantine{why}', words)
            continue
        new = successor_of(contact, view.material.campaign)
        instead = f"; today it is {new.value} ({new.id})" if new else "; no record says what replaced it"
        yield view.finding(
            "H101",
            f'"{words}" ({contact.id}) was replaced{instead}',
            words,
            hint=f"print {{{{ contact('{new.id}').value }}}} instead" if new else "",
        )


def _block(view: View) -> Iterator[Finding]:
    """What must be there."""
    campaign = view.material.campaign
    block = [c for i in campaign.block if (c := campaign.contacts.get(i)) and c.status is ContactStatus.ACTIVE]
    if not view.is_email:
        # A post has room for those alone that its closing line names.
        named = [c for c in block if c.id in _IN_BLOCK.findall(campaign.post_tail)]
        if not named and any(_printed(c, flow) for c in block for flow in view.flows):
            return
        block = named or block
    missing = [c.id for c in block if not all(_printed(c, flow) for flow in view.flows)]
    if missing:
        yield view.finding("H103", f"the help line is missing: {', '.join(missing)}")


def _printed(contact: Contact, flow: str) -> bool:
    by_number = digits_of(contact.value) in [digits for _, digits in numbers_in(flow)]
    return by_number or stands_in(fold(contact.value).casefold(), flow.casefold())


def _unknown(view: View, known: set[str]) -> Iterator[Finding]:
    """What nobody knows: ``known`` are the digits and e-mail addresses that have a record, and the organization's."""
    seen = set(known)
    for block in (*view.blocks, *(a for a in view.addresses if not a.startswith("http"))):
        text = _URL.sub(" ", block)
        printed = [(n, d, f"the number {n} is no record of contacts.toml") for n, d in numbers_in(text)]
        printed += [
            (a, a.casefold().rstrip("."), "an e-mail address is printed that is no record of contacts.toml")
            for a in (_EMAIL.findall(text) if "@" in text else ())
        ]
        for words, meant, message in printed:
            if meant not in seen:
                seen.add(meant)
                yield view.finding("H104", message, words)


def _operator(view: View) -> Iterator[Finding]:
    for contact in view.material.campaign.contacts.values():
        name = re.split(r"[(,;]", fold(contact.operator))[0].strip().casefold()
        if contact.status is not ContactStatus.ACTIVE or len(name) < SHORTEST:
            continue
        if any(stands_in(name, flow) for flow in view.flows_cf):
            yield view.finding("H108", f"the operator of {contact.id} is printed", name)
            return


def _promise(view: View) -> Iterator[Finding]:
    promised = next(filter(None, map(_CONFIDENTIAL.search, view.own_blocks)), None)
    if promised and not any(_OWN_WORDS.search(flow) for flow in view.flows):
        yield view.finding("H109", f'"{promised[0]}" is promised on behalf of a help line', promised.string[:200])


def _verified(material: Material, contact: Contact, views: Sequence[View]) -> Iterator[Finding]:
    """Who tried it, and when."""
    where, signed_on = contact.where, material.signed_on(contact)
    if signed_on is None:
        yield CODES["H105"].at(
            where, f"the help line {contact.id} is not signed yet ({items_named(views)})", items=ids_of(views)
        )
    if contact.verified_on and contact.verified_on > material.today:
        yield CODES["H110"].at(
            where, f"{contact.id} was verified on {contact.verified_on}, which has not come", items=ids_of(views)
        )
        return
    checked = max(filter(None, (contact.verified_on, signed_on)), default=None)
    tried = f"{contact.id} was verified last on {checked}"
    verified = tried if signed_on else f"the newest word on {contact.id} is of {checked}, and nobody has signed it"
    oldest, before = material.settings.contact_max_age_days, material.settings.contact_reverify_days
    stale = [v for v in views if checked is None or v.message.on - checked > timedelta(days=oldest)]
    start_on = material.plan.season.start_on
    if stale and checked is None:
        yield CODES["H106"].at(
            where, f"nobody has verified {contact.id} yet ({items_named(stale)})", items=ids_of(stale)
        )
    elif stale:
        yield CODES["H106"].at(
            where,
            f"{verified}; its message of {stale[0].message.on} comes more than {counted(oldest, 'day')} later "
            f"({items_named(stale)})",
            items=ids_of(stale),
        )
    elif checked and start_on - checked > timedelta(days=before):
        yield CODES["H107"].at(
            where, f"{verified}, not within the {before} days before {start_on}", items=ids_of(views)
        )


# -- numbers and addresses, however they are written --------------------------------------------------------------


@lru_cache(maxsize=4096)
def numbers_in(text: str) -> tuple[tuple[str, str], ...]:
    """(as printed, digits) of each telephone number; the country code 1 is left off."""
    if not _DIGIT.search(text):
        return ()
    found = [(m[0], digits) for m in PHONE.finditer(text) if len(digits := _digits(m[0])) >= 7]
    return (*found, *((m[1], m[1]) for m in TEXTED.finditer(text)))


def _digits(printed: str) -> str:
    digits = _NOT_DIGIT.sub("", printed.upper().translate(_KEYS))
    return digits[1:] if len(digits) == 11 and digits.startswith("1") else digits


@lru_cache(maxsize=1024)
def digits_of(value: str) -> str:
    """The digits by which a contact is compared; empty for what is no number (an address, a name)."""
    plain = _NOT_DIGIT.sub("", value) if re.fullmatch(r"[\d ().+-]+", value.strip()) else ""
    return next((digits for _, digits in numbers_in(value)), plain)


@lru_cache(maxsize=2048)
def _as_word(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w]){re.escape(text)}(?![\w])")


def stands_in(words: str, text: str) -> bool:
    return words in text and _as_word(words).search(text) is not None


def host_of(address: str) -> str:
    """The host of a web address, without ``www.``, in small letters; of bare ``example.org/x`` too."""
    try:
        host = urlsplit(address if "://" in address else f"https://{address}").hostname or ""
    except ValueError:
        return ""
    return host.rstrip(".").removeprefix("www.")


# -- closed help lines --------------------------------------------------------------------------------------------


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

    def found_in(self, text: str, *, numbers_too: bool = True) -> dict[Contact, str]:
        """The contacts that stand there, with their words as they were found; ``numbers_too``: as digits too."""
        found: dict[Contact, str] = {}
        numbers = {digits: printed for printed, digits in numbers_in(text)} if numbers_too else {}
        rest = text.casefold()
        for words in self.open_texts:
            rest = rest.replace(words, " \x00 ")
        for spelling in self.spellings:
            if spelling.digits:
                if numbers_too and (spelling.digits in numbers or stands_in(spelling.digits, rest)):
                    found.setdefault(spelling.contact, numbers.get(spelling.digits, spelling.digits))
            elif spelling.text in rest and stands_in(spelling.text, rest):  # the quick look first
                found.setdefault(spelling.contact, spelling.text)
                rest = rest.replace(spelling.text, " \x00 ")
        return found


def closed_spellings(campaign: Campaign) -> Closed:
    """How the campaign's superseded and quarantined contacts may be written."""
    spellings: list[Spelling] = []
    active = [c for c in campaign.contacts.values() if c.status is ContactStatus.ACTIVE]
    open_digits = {d for c in active for v in (c.value, *c.find) if (d := digits_of(v))}
    open_texts = {fold(t).casefold() for c in active for t in (c.value, c.label, c.href, *c.find) if t}
    for contact in (c for c in campaign.contacts.values() if c.status is not ContactStatus.ACTIVE):
        for value in dict.fromkeys((contact.value, *contact.find)):
            if digits := digits_of(value):
                if digits not in open_digits:
                    spellings.append(Spelling(value.casefold(), digits, contact))
                continue
            texts = {fold(value).casefold(), host_of(value) if contact.kind in ("web", "chat") else ""}
            spellings += [Spelling(t, "", contact) for t in texts if len(t) >= SHORTEST and t not in open_texts]
    return Closed(
        tuple(sorted(spellings, key=lambda s: -len(s.text))),
        tuple(sorted((t for t in open_texts if len(t) >= SHORTEST), key=len, reverse=True)),
    )


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


def check_stored_contacts(campaign: Campaign) -> Iterator[Finding]:
    """H111: closed contacts in the stored editions."""
    closed = closed_spellings(campaign)
    for source in campaign.sources.values():
        for contact, words in closed.found_in(fold(source.text)).items():
            yield CODES["H111"].at(
                source.where, f'{source.id} prints "{words}" ({contact.id}), which is no longer true'
            )
