"""Closed help lines, superseded or in quarantine: found however they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from ...domain.campaign import Campaign
from ...domain.claim import Contact, ContactStatus
from ...domain.finding import Finding
from ..codes import CODES
from .telephone import digits_of, numbers_in
from .visible_text import fold

#: An address or name this short is too likely to be a word.
SHORTEST = 4


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
                if spelling.digits in numbers or stands_in(spelling.digits, rest):
                    printed = numbers.get(spelling.digits, spelling.digits)
                    found.setdefault(spelling.contact.id, (spelling.contact, printed))
            elif not spelling.digits and spelling.text in rest and stands_in(spelling.text, rest):
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
            spellings += [Spelling(t, "", contact) for t in texts if len(t) >= SHORTEST and t not in open_texts]
    return Closed(
        tuple(sorted(spellings, key=lambda s: -len(s.text))),
        tuple(sorted((t for t in open_texts if len(t) >= SHORTEST), key=len, reverse=True)),
        open_digits,
    )


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
        for contact_id, (_, words) in closed.found_in(fold(source.text)).items():
            message = f'{source.id} prints "{words}" ({contact_id}), which is no longer true'
            yield CODES["H111"].at(source.where, message)
