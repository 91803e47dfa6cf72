"""What texts and templates can see of the records: plain values under stable names, and nothing that acts.

The names are a contract with everybody who edits a template: docs/reference/templates.md lists them.
"""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import date
from typing import Any, TypeVar

from ...domain.claim import Claim, ClaimSource, Contact, Contest
from ...domain.formatting import MONTHS, WEEKDAYS, date_words, day_words
from ...domain.printed import Printed
from ...domain.quotation import Passage, Source
from ...light_dataclass import dataclass

V = TypeVar("V", bound="View")
_LONGEST = 300
_WHITE_SPACE = re.compile(r"[ \t\r\n\f\v]+")


class TemplateProblem(Exception):
    """A text or template that cannot be used. ``line`` counts from 1 within it; 0 = not known.

    ``code`` is one of the rendering codes; ``template`` the name of the message template, empty for an item's text;
    ``file`` that of the campaign, below its folder, where none of its records can be read: it is told once, and there.
    """

    def __init__(
        self, code: str, message: str, line: int = 0, *, hint: str = "", template: str = "", file: str = ""
    ) -> None:
        self.code = code
        # A file can put anything into the words of an error; what is shown stays one short, printable line.
        self.message = message = _shown(message)
        self.line = line
        self.hint = hint
        self.template = template
        self.file = file
        super().__init__(message)

    def at(self, line: int, template: str = "") -> TemplateProblem:
        """The same, with its place."""
        return TemplateProblem(self.code, self.message, line, hint=self.hint, template=template, file=self.file)


def _shown(message: str) -> str:
    words = " ".join("".join(c if c.isprintable() else " " for c in message[: 2 * _LONGEST]).split())
    return words if len(words) <= _LONGEST else words[: _LONGEST - 3] + "..."


class RecordText(str):
    """Words of a record, which know whose they are: the sandbox notes them where it prints them."""

    __slots__ = ("field", "kind", "record")

    kind: str  # see Printed in domain/printed.py
    record: str
    field: str

    def __new__(cls, words: str, kind: str, record: str, field: str) -> RecordText:
        self = super().__new__(cls, words)
        self.kind, self.record, self.field = kind, record, field
        return self

    @property
    def printed(self) -> Printed:
        return Printed(self.kind, self.record, self.field, str(self))

    def made_into(self, words: str) -> RecordText:
        """Other words for the same, as a filter makes them: in capitals, on several lines."""
        return RecordText(words, self.kind, self.record, self.field)


@dataclass(frozen=True)
class Rendered:
    """A text in its two forms."""

    html: str
    text: str
    opening: str = ""  # its first paragraph, in plain words


class View:
    """A record as a template sees it: the fields of :data:`FIELDS`, read only."""

    def __str__(self) -> str:
        raise TemplateProblem("R005", f"{CALLED[type(self)]} cannot be printed as a whole; name one of its fields")


@dataclass(frozen=True)
class Day(View):
    """A date; printed as "Monday, January 11, 2027" in the campaign's way of writing dates."""

    weekday: str
    day: int
    month: str
    year: int
    iso: str
    words: str

    @classmethod
    def of(cls, on: date, language: str) -> Day:
        words = RecordText(day_words(on, language), "date", on.isoformat(), "words")
        return cls(WEEKDAYS[on.weekday()], on.day, MONTHS[on.month - 1], on.year, on.isoformat(), words)

    def __str__(self) -> str:
        return self.words


class ClaimSourceView(View, ClaimSource):
    """Where a claim comes from."""


class ContestView(View, Contest):
    """A published objection to a claim."""


class ClaimView(View, Claim):
    """A claim, with the views of its source and of the objections."""


class QuotationView(View, Source):
    """A passage of a stored source, word for word: ``text`` is the passage's."""


class ContactView(View, Contact):
    """A help line."""


@dataclass(frozen=True)
class PastView(View):
    """A claim told as past. ``quoted`` is what the stored page said, when there is one; else empty."""

    claim: ClaimView
    quoted: str
    attribution: str
    year: str


@dataclass(frozen=True)
class ActionView(View):
    """What a reader can do."""

    text: str
    url: str


@dataclass(frozen=True)
class ItemView(View):
    """The item as its file says it."""

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

    name: str
    postal_address: tuple[str, ...]
    contact: str
    from_name: str
    reply_to: str
    replies_read: str
    signed_by: str
    signed_as: str


@dataclass(frozen=True)
class HeadPictureView(View):
    """The picture at the head of an email."""

    url: str
    width: int
    is_first: bool
    is_inset: bool


@dataclass(frozen=True)
class LogoView(View):
    """The logo of whoever speaks. ``words`` stand in its place where pictures are off."""

    url: str
    width: int
    words: str


@dataclass(frozen=True)
class DigestDayView(View):
    """What a digest tells of one item. ``begins`` and ``ends`` print nothing that a reader sees."""

    on: Day
    title: str
    content_note: str
    opening: str
    url: str
    begins: str
    ends: str


#: What each kind of record is called in a sentence about an error.
CALLED: dict[type, str] = {
    Day: "a date",
    ClaimSourceView: "a claim's source",
    ContestView: "an objection",
    ClaimView: "a claim",
    QuotationView: "a quotation",
    PastView: "a claim told as past",
    ContactView: "a contact",
    ActionView: "an action",
    ItemView: "the item",
    CampaignView: "the campaign",
    OrganisationView: "the organization",
    DigestDayView: "a day of the digest",
    HeadPictureView: "the picture at the head",
    LogoView: "the logo",
}
#: Of a record of the files what may be printed; the rest is for those who keep it.
_PRINTED: dict[type, str] = {
    ClaimSourceView: "title publisher url dated reported_by",
    ContestView: "gist dated url",
    ClaimView: "id kind status status_reason text caveat measure place period numbers source contested_by",
    QuotationView: "id text attribution short_attribution year title url",
    ContactView: "id kind value label purpose hours languages href",
}
#: What a template may ask each kind of record for.
FIELDS: dict[type, frozenset[str]] = {
    kind: frozenset(_PRINTED[kind].split() if kind in _PRINTED else (f.name for f in fields(kind))) for kind in CALLED
}


def claim_view(claim: Claim, language: str) -> ClaimView:
    """``language``: how its dates are written."""
    of = ("claim", claim.id)
    return _view(
        ClaimView,
        claim,
        of,
        language,
        numbers=tuple(RecordText(_line(number), *of, "numbers") for number in claim.numbers),
        source=_view(ClaimSourceView, claim.source, of, language),
        contested_by=tuple(_view(ContestView, c, of, language) for c in claim.contested_by),
    )


def contact_view(contact: Contact) -> ContactView:
    return _view(ContactView, contact, ("contact", contact.id), href=contact.href.strip() or _href(contact))


def quotation_view(source: Source, passage: Passage) -> QuotationView:
    """The passage's words; recorded corrections only in the organization's own text. Line breaks are white space."""
    pointer = f"{source.id}#{passage.id}"
    of = ("quotation", pointer)
    text = RecordText(_line(passage.corrected() if source.own_words else passage.text), *of, "text")
    return _view(QuotationView, source, of, id=pointer, text=text, passages=())


def of_settings(view: V, name: str, *, but: tuple[str, ...] = ()) -> V:
    """A view whose words stand in the settings or in the campaign's file: names and addresses, that no check reads.
    ``but``: fields that hold sentences."""

    def known(value: Any, field: str) -> Any:
        if isinstance(value, tuple):
            return tuple(known(one, field) for one in value)
        return RecordText(value, "setting", name, field) if isinstance(value, str) else value

    return replace(view, **{f.name: known(getattr(view, f.name), f.name) for f in fields(view) if f.name not in but})  # type: ignore[type-var, arg-type]


def _view(kind: type[V], record: Any, of: tuple[str, str], language: str = "en", **other: Any) -> V:
    """The record with white space as on a page and dates in words, and with ``other`` in place of what it says. ``of``:
    its kind and id."""
    values = {f.name: getattr(record, f.name) for f in fields(record)} | other
    for name, value in values.items():
        if isinstance(value, str) and name not in other:
            words = readable_date(value, language) if name in ("dated", "period") else _line(value)
            values[name] = RecordText(words, *of, name)
    return kind(**values)


def readable_date(text: str, language: str) -> str:
    """ "2022-09" as "September 2022", "2022-09-12" as "September 12, 2022"; anything else as it stands."""
    match = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?", text.strip())
    if match is None:
        return _line(text)
    year, month, day = int(match[1]), int(match[2]), match[3]
    try:
        return date_words(date(year, month, int(day)), language) if day else f"{MONTHS[month - 1]} {year}"
    except ValueError:  # February 30
        return _line(text)


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
    return _WHITE_SPACE.sub(" ", text).strip(" ")
