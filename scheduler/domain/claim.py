"""A claim: a factual statement with source, date and status, and what its status allows."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, field, fields, is_dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Any

from ..light_dataclass import dataclass
from ..schema.field import Field
from ..schema.forms import contact_link, record_id, web_link
from .finding import Where
from .formatting import date_words
from .via import Via

CLAIM_KINDS = ("statistic", "definition", "legal", "historical", "organisational")
CONTACT_KINDS = ("phone", "text", "tty", "chat", "web", "email", "emergency", "name", "organisation")


class ClaimStatus(StrEnum):
    """The ladder. Each step says what a live send may do with the claim."""

    CURRENT = "current"  # allowed with one sign-off
    ESTIMATE = "estimate"  # allowed; its caveat must be printed
    CONTESTED = "contested"  # only with its caveat and two sign-offs, one by a subject expert
    OUTDATED = "outdated"  # only in a then-now message that prints its successor
    SUPERSEDED = "superseded"  # as outdated
    UNSOURCED = "unsourced"  # blocked
    DEBUNKED = "debunked"  # only in a myth-corrected message, never in its headline; no override


#: These are told as true today: their age matters, and nothing has replaced them.
TOLD_AS_PRESENT = frozenset({ClaimStatus.CURRENT, ClaimStatus.ESTIMATE, ClaimStatus.CONTESTED})


@dataclass(frozen=True)
class ClaimSource:
    """Where a claim comes from: ``title``, ``publisher`` and ``dated`` name the original.

    ``reported_by``: whose page ``url`` leads to, where that is not the original itself but somebody's report of it.
    ``primary_seen`` counts only with the person who read the original, and the day: see :attr:`original_read`.
    """

    title: Annotated[str, Field("The original's title.")]
    publisher: Annotated[str, Field("Who published the original.")]
    url: Annotated[str, Field("Where it is read.", check=web_link, usual="")]
    dated: Annotated[str, Field("As the source dates itself: `2022-09`, `September 2022`.")]
    retrieved_on: Annotated[date, Field("When it was read last.")]
    locator: Annotated[str, Field("The place in it: a page, a table.")] = ""
    primary_seen: Annotated[bool, Field("A person has read the original: counts only with the next two.")] = False
    seen_by: Annotated[str, Field("Who has read it.")] = ""
    seen_on: Annotated[date | None, Field("When they read it.")] = None
    reported_by: Annotated[str, Field("Whose report `url` leads to, where it is not the original itself.")] = ""

    @property
    def original_read(self) -> bool:
        """Whether a named person says that they read the original, and when."""
        return self.primary_seen and bool(self.seen_by) and self.seen_on is not None

    @property
    def read_words(self) -> str:
        """Who read the original, as a sentence."""
        if self.original_read and self.seen_on is not None:
            return f"The original was read by {self.seen_by} on {date_words(self.seen_on)}."
        return "Nobody has put their name to having read the original."

    @property
    def label(self) -> str:
        """The original, and who reported it where the address leads to a report."""
        reported = f"as reported by {self.reported_by}" if self.reported_by else ""
        return ", ".join(filter(None, (self.title, self.publisher, self.dated, reported)))


@dataclass(frozen=True)
class Contest:
    """A published objection to a claim."""

    url: Annotated[str, Field("Where the objection is read.", check=web_link, usual="")]
    dated: Annotated[str, Field("As it dates itself.")]
    gist: Annotated[str, Field("What it says.")]


@dataclass(frozen=True)
class Claim:
    """One factual statement. ``numbers`` are the figures as they may be printed ("27.6 million")."""

    id: Annotated[str, Field("Its own id.", check=record_id)]
    text: Annotated[str, Field("The statement, as it may be printed.")]
    kind: Annotated[str, Field("What it is.", allowed=CLAIM_KINDS)]
    status: Annotated[ClaimStatus, Field("What a live send may do with it.")]
    source: Annotated[ClaimSource, Field("Where it comes from.")]
    where: Where
    status_reason: Annotated[str, Field("Why it has that status.")] = ""
    measure: Annotated[str, Field("What is counted.")] = ""
    population: Annotated[str, Field("Of whom.")] = ""
    place: Annotated[str, Field("Where.")] = ""
    period: Annotated[str, Field("As of: `2021`, `2022-09`.")] = ""
    numbers: Annotated[tuple[str, ...], Field("Figures as they may be printed.")] = ()
    caveat: Annotated[str, Field("Printed where the status demands it.")] = ""
    source_ref: Annotated[str, Field("The passage of a stored source that carries it.", refers="passage")] = ""
    superseded_by: Annotated[tuple[str, ...], Field("Claims that took its place.", refers="claim")] = ()
    contested_by: Annotated[tuple[Contest, ...], Field("Published objections.")] = ()
    review_by: Annotated[date | None, Field("When somebody looks at it again.")] = None
    hard_expires: Annotated[date | None, Field("From then on it is not sent.")] = None
    content_note: Annotated[str, Field("What it touches on.")] = ""
    needs_decision: Annotated[str, Field("A question that a named person answers (`decide`) before it goes out.")] = ""

    def record_hash(self) -> str:
        """SHA-256 over everything but its place in the file: what a sign-off is bound to."""
        return _record_hash(self)


@dataclass(frozen=True)
class ClaimWords:
    """What an edition in another language says anew of a claim. Its facts stay the original's."""

    id: Annotated[str, Field("The claim's id.", check=record_id)]
    text: Annotated[str, Field("The statement.")] = ""
    measure: Annotated[str, Field("What is counted.")] = ""
    population: Annotated[str, Field("Of whom.")] = ""
    place: Annotated[str, Field("Where.")] = ""
    numbers: Annotated[tuple[str, ...], Field("Figures as they may be printed.")] = ()
    caveat: Annotated[str, Field("Printed where the status demands it.")] = ""
    content_note: Annotated[str, Field("What it touches on.")] = ""


@dataclass(frozen=True)
class ContactWords:
    """What an edition in another language says anew of a help line. How it is reached stays the original's."""

    id: Annotated[str, Field("The help line's id.", check=record_id)]
    label: Annotated[str, Field("Its name.")] = ""
    purpose: Annotated[str, Field("What it is for, as a reader sees it.")] = ""
    hours: Annotated[str, Field("When somebody answers.")] = ""
    languages: Annotated[str, Field("In which languages.")] = ""
    note: Annotated[str, Field("For whoever keeps the file.")] = ""


def short_digest(*parts: object) -> str:
    """Of a text, to be copied by hand: 12 characters."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:12]


def words_digest(record: Claim | Contact) -> str:
    """Of what an edition says anew of a record."""
    words = fields(ClaimWords if isinstance(record, Claim) else ContactWords)
    return short_digest([getattr(record, word.name) for word in words])


#: Keys that came after the first signatures. Left empty they change nothing of what was signed.
_CAME_LATER = frozenset({"needs_decision", "seen_by", "seen_on", "reported_by"})


def _as_signed(record: Any) -> dict[str, object]:
    values = ((each.name, getattr(record, each.name)) for each in fields(record) if each.name != "where")
    return {key: _in_plain(value) for key, value in values if value or key not in _CAME_LATER}


def _in_plain(value: object) -> object:
    if isinstance(value, tuple):
        return [asdict(each) if is_dataclass(each) else each for each in value]  # type: ignore[arg-type]
    return _as_signed(value) if is_dataclass(value) else value


@lru_cache(maxsize=4096)  # records never change, and a season asks for each hash many times
def _record_hash(record: Claim | Contact) -> str:
    data = _as_signed(record)
    return hashlib.sha256(json.dumps(data, sort_keys=True, default=str, ensure_ascii=False).encode()).hexdigest()


class ContactStatus(StrEnum):
    """Whether a contact may be printed."""

    ACTIVE = "active"
    SUPERSEDED = "superseded"  # kept so that a check finds it in any text and names what replaced it
    QUARANTINED = "quarantined"  # not confirmed; blocked until a person confirms it


#: How an active help line stands until a named person has signed that they tried it.
UNVERIFIED = "unverified"


@dataclass(frozen=True)
class Contact:
    """A help line, text number, address or site. One record, one way of reaching help."""

    id: Annotated[str, Field("Its own id.", check=record_id)]
    kind: Annotated[str, Field("How it is reached.", allowed=CONTACT_KINDS)]
    value: Annotated[str, Field("What is dialed, written to or opened, as it is printed.")]
    label: Annotated[str, Field("Its name.")]
    purpose: Annotated[str, Field("What it is for, as a reader sees it; must be there while it is active.", usual="")]
    status: Annotated[
        ContactStatus, Field("Whether it may be printed; shown as not verified yet until somebody has signed it.")
    ]
    where: Where
    locale: Annotated[str, Field("Where it is for.")] = "US"
    hours: Annotated[str, Field("When somebody answers.")] = ""
    languages: Annotated[str, Field("In which languages.")] = ""
    operator: Annotated[str, Field("Who runs it; kept, never printed.")] = ""
    href: Annotated[str, Field("What a click on it opens.", check=contact_link)] = ""
    primary_source_url: Annotated[str, Field("Where it says so itself.", check=web_link)] = ""
    verified_on: Annotated[date | None, Field("When somebody last tried it.")] = None
    verified_by: Annotated[str, Field("Who tried it.")] = ""
    supersedes: Annotated[tuple[str, ...], Field("Contacts whose place it took.", refers="contact")] = ()
    superseded_by: Annotated[str, Field("The contact that took its place.", refers="contact")] = ""
    find: Annotated[tuple[str, ...], Field("Further spellings that a check looks for.")] = ()
    note: Annotated[str, Field("For whoever keeps the file.")] = ""

    def record_hash(self) -> str:
        """SHA-256 over everything but its place in the file: what a sign-off is bound to."""
        return _record_hash(self)


@dataclass(frozen=True)
class Signature:
    """A named person's sign-off of one claim or contact, bound to the record's hash."""

    subject: str  # "claim" | "contact"
    subject_id: str
    record_hash: str
    person: str
    role: str
    signed_on: date
    expires_on: date | None = None  # the last day on which it holds; None: for as long as the record stays as it is
    via: str = Via.COMMAND_LINE


def _signed_on(signature: Signature) -> date:
    return signature.signed_on


@dataclass(frozen=True)
class Signatures:
    """All sign-offs that are known; answers whether a record, as it stands now, is signed."""

    all: tuple[Signature, ...] = field(default_factory=tuple)

    def of(self, subject: str, subject_id: str, record_hash: str) -> tuple[Signature, ...]:
        """Sign-offs of exactly this record; one changed letter and there are none."""
        return tuple(
            s for s in self.all if (s.subject, s.subject_id, s.record_hash) == (subject, subject_id, record_hash)
        )

    def lack_of(self, subject: str, subject_id: str) -> str:
        """What is to be said of a record that nobody has signed as it stands now."""
        of_it = (s for s in self.all if (s.subject, s.subject_id) == (subject, subject_id))
        last = max(of_it, key=_signed_on, default=None)
        return f"was changed since {last.person} signed it on {last.signed_on}" if last else "is not signed yet"

    def valid_on(self, day: date) -> Signatures:
        """Those that still hold on ``day``."""
        return Signatures(tuple(s for s in self.all if s.expires_on is None or day <= s.expires_on))

    def standing(self, contact: Contact) -> str:
        """Its status; of an active help line whose record nobody has signed as it stands, :data:`UNVERIFIED`."""
        if contact.status is ContactStatus.ACTIVE and not self.of("contact", contact.id, contact.record_hash()):
            return UNVERIFIED
        return contact.status.value

    def last_verified(self, contact: Contact) -> date | None:
        """The last day on which somebody signed that they have tried a help line as it stands; its own date alone is no
        more than a word."""
        signed = (s.signed_on for s in self.of("contact", contact.id, contact.record_hash()))
        return max(signed, default=None)
