"""What texts and templates can see of the records: plain values under stable names, and nothing that acts.

The names are a contract with everybody who edits a template: docs/reference/templates.md lists them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import date
from typing import ClassVar

from ...domain.claim import Claim, Contact
from ...domain.quotation import Passage, Source
from .message_error import TemplateProblem

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class View:
    """A record as a template sees it: its public fields, read only."""

    called: ClassVar[str] = "this"  # in a sentence about an error

    def __str__(self) -> str:
        raise TemplateProblem("R005", f"{self.called} cannot be printed as a whole; name one of its fields")


@dataclass(frozen=True)
class Day(View):
    """A date; printed as "Monday 11 January 2027"."""

    called: ClassVar[str] = "a date"

    weekday: str
    day: int
    month: str
    year: int
    iso: str

    @classmethod
    def of(cls, on: date) -> Day:
        # Not strftime: its names depend on the machine's language.
        return cls(WEEKDAYS[on.weekday()], on.day, MONTHS[on.month - 1], on.year, on.isoformat())

    def __str__(self) -> str:
        return f"{self.weekday} {self.day} {self.month} {self.year}"


@dataclass(frozen=True)
class ClaimSourceView(View):
    """Where a claim comes from."""

    called: ClassVar[str] = "a claim's source"

    title: str
    publisher: str
    url: str
    dated: str
    reported_by: str


@dataclass(frozen=True)
class ContestView(View):
    """A published objection to a claim."""

    called: ClassVar[str] = "an objection"

    gist: str
    dated: str
    url: str


@dataclass(frozen=True)
class ClaimView(View):
    """A claim."""

    called: ClassVar[str] = "a claim"

    id: str
    kind: str
    status: str
    status_reason: str
    text: str
    caveat: str
    period: str
    numbers: tuple[str, ...]
    source: ClaimSourceView
    contested_by: tuple[ContestView, ...]


@dataclass(frozen=True)
class QuotationView(View):
    """A passage of a stored source, word for word."""

    called: ClassVar[str] = "a quotation"

    id: str
    text: str
    attribution: str
    short_attribution: str
    year: int
    title: str
    url: str


@dataclass(frozen=True)
class PastView(View):
    """A claim told as past. ``quoted`` is what the stored page said, when there is one; else empty."""

    called: ClassVar[str] = "a claim told as past"

    claim: ClaimView
    quoted: str
    attribution: str
    year: str


@dataclass(frozen=True)
class ContactView(View):
    """A help line."""

    called: ClassVar[str] = "a contact"

    id: str
    kind: str
    value: str
    label: str
    purpose: str
    hours: str
    languages: str
    href: str


@dataclass(frozen=True)
class ActionView(View):
    """What a reader can do."""

    called: ClassVar[str] = "an action"

    text: str
    url: str


@dataclass(frozen=True)
class ItemView(View):
    """The item as its file says it."""

    called: ClassVar[str] = "the item"

    id: str
    kind: str
    title: str
    subject: str
    preheader: str
    content_note: str
    action: ActionView | None
    special: str
    about_signs: bool


@dataclass(frozen=True)
class CampaignView(View):
    """The campaign."""

    called: ClassVar[str] = "the campaign"

    name: str
    organisation: str
    title: str
    language: str
    season: int
    days: int
    starts_on: Day
    ends_on: Day


@dataclass(frozen=True)
class OrganisationView(View):
    """Who sends."""

    called: ClassVar[str] = "the organization"

    name: str
    postal_address: tuple[str, ...]
    from_name: str
    reply_to: str


@dataclass(frozen=True)
class DigestDayView(View):
    """One day of a digest. ``begins`` prints nothing that a reader sees."""

    called: ClassVar[str] = "a day of the digest"

    on: Day
    title: str
    story: str
    begins: str


#: What a template may ask each kind of record for.
FIELDS: dict[type, frozenset[str]] = {
    kind: frozenset(f.name for f in fields(kind))
    for kind in (
        Day,
        ClaimSourceView,
        ContestView,
        ClaimView,
        QuotationView,
        PastView,
        ContactView,
        ActionView,
        ItemView,
        CampaignView,
        OrganisationView,
        DigestDayView,
    )
}


def claim_view(claim: Claim) -> ClaimView:
    source = claim.source
    return ClaimView(
        id=claim.id,
        kind=claim.kind,
        status=claim.status.value,
        status_reason=_line(claim.status_reason),
        text=_line(claim.text),
        caveat=_line(claim.caveat),
        period=readable_date(claim.period),
        numbers=claim.numbers,
        source=ClaimSourceView(
            _line(source.title),
            _line(source.publisher),
            source.url.strip(),
            readable_date(source.dated),
            _line(source.reported_by),
        ),
        contested_by=tuple(
            ContestView(_line(c.gist), readable_date(c.dated), c.url.strip()) for c in claim.contested_by
        ),
    )


def contact_view(contact: Contact) -> ContactView:
    return ContactView(
        id=contact.id,
        kind=contact.kind,
        value=_line(contact.value),
        label=_line(contact.label),
        purpose=_line(contact.purpose),
        hours=_line(contact.hours),
        languages=_line(contact.languages),
        href=contact.href.strip() or _href(contact),
    )


def quotation_view(source: Source, passage: Passage) -> QuotationView:
    return QuotationView(
        id=f"{source.id}#{passage.id}",
        text=words_of(source, passage),
        attribution=_line(source.attribution),
        short_attribution=_line(source.short_attribution),
        year=source.year,
        title=_line(source.title),
        url=source.url.strip(),
    )


def words_of(source: Source, passage: Passage) -> str:
    """The passage's words; recorded corrections only in the organization's own text. Line breaks are white space."""
    return _line(passage.corrected() if source.own_words else passage.text)


def readable_date(text: str) -> str:
    """ "2022-09" as "September 2022", "2022-09-12" as "12 September 2022"; anything else as it stands."""
    match = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?", text.strip())
    if match is None:
        return _line(text)
    month_and_year = f"{MONTHS[int(match[2]) - 1]} {match[1]}"
    return f"{int(match[3])} {month_and_year}" if match[3] else month_and_year


def _href(contact: Contact) -> str:
    """The link of a contact that records none. Digits only where a telephone dials."""
    digits = re.sub(r"[^0-9+]", "", contact.value)
    if contact.kind in ("phone", "tty", "emergency") and digits:
        return f"tel:{digits}"
    if contact.kind == "text" and digits:
        return f"sms:{digits}"
    if contact.kind == "email":
        return f"mailto:{contact.value.strip()}"
    if contact.kind in ("web", "chat") and contact.value.startswith(("https://", "http://")):
        return contact.value.strip()
    return ""


def _line(text: str) -> str:
    """Runs of white space, line breaks among them, as one space. A no-break space stays."""
    return re.sub(r"[ \t\r\n\f\v]+", " ", text).strip(" ")
