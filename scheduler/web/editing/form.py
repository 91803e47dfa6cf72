"""A form as a page shows it and sends it back, and what stands beside it of a change."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import field
from itertools import groupby

from werkzeug.datastructures import MultiDict

from ...domain.edit_form import FIELDS, EditField, Form, Merged, Sort, Value
from ...domain.finding import Finding
from ...domain.formatting import channel_words
from ...domain.message import EmailBody, Message, PostBody
from ...domain.rehearsal import Rehearsal
from ...domain.stale_approvals import Voided
from ...domain.word_diff import Piece, diff_words, shown
from ...light_dataclass import dataclass

#: Before the key of each field, so that no field is taken for something else of the form.
PREFIX = "f."


@dataclass(frozen=True)
class Control:
    """One field of a page."""

    field: EditField
    text: str  # of a list: one entry a line
    checked: bool = False
    clash: tuple[Piece, ...] = ()  # somebody else changed it meanwhile: from what the file says to what was typed here
    theirs: str = ""  # what the file says
    taken_over: bool = False  # somebody else changed it meanwhile, and this is theirs

    @property
    def name(self) -> str:
        return PREFIX + self.field.key

    @property
    def id(self) -> str:
        return "field-" + self.field.key.replace(".", "-")

    @property
    def rows(self) -> int:
        """Lines that the field shows; 0: it is a single line."""
        lines = self.text.count("\n") + 1
        if self.field.sort is Sort.TEXT:
            return max(5, min(24, lines + 2 + len(self.text) // 90))
        if self.field.sort is Sort.LIST:
            return max(2, min(8, lines + 1))
        return 3 if self.field.long or "\n" in self.text else 0

    @property
    def choices(self) -> tuple[str, ...]:
        """What a person may choose, and what the file says even if that is none of it."""
        known = self.field.choices
        return known if self.text in known else (self.text, *known)


@dataclass(frozen=True)
class Typed:
    """What came back from a page. ``seen``: marks of the form it started from."""

    values: Mapping[str, Value]
    fingerprint: str = ""
    seen: Mapping[str, str] = field(default_factory=dict)


def read_typed(kind: str, sent: MultiDict[str, str]) -> Typed:
    """A field that did not come along stays as it is. A box that is not ticked does not come along either: it counts as
    not ticked where the page had it."""
    values: dict[str, Value] = {}
    pairs = (pair.partition("=") for pair in sent.get("seen", "").split())
    seen = {key: mark for key, _, mark in pairs}
    for one in FIELDS[kind]:
        name = PREFIX + one.key
        if one.sort is Sort.FLAG:
            if name in sent or one.key in seen:
                values[one.key] = name in sent
        elif name in sent:
            text = sent[name].replace("\r\n", "\n")
            lines = (line.strip() for line in text.split("\n"))
            values[one.key] = tuple(filter(None, lines)) if one.sort is Sort.LIST else text
    return Typed(values, sent.get("fingerprint", ""), seen)


def clicked_place(sent: MultiDict[str, str]) -> str:
    """Where somebody clicked into the picture, as a focal point; empty where nobody did. A browser that presses the
    picture for the Enter key says 0, 0."""
    numbers = [sent.get(f"focus.{name}", "") for name in ("x", "y", "width", "height")]
    if not all(number.isascii() and number.isdecimal() and len(number) < 6 for number in numbers):
        return ""
    x, y, width, height = map(int, numbers)
    if not (x or y) or not (width and height):
        return ""
    return f"{min(100, round(100 * x / width))}% {min(100, round(100 * y / height))}%"


def seen_words(form: Form) -> str:
    """The form's marks, to travel with the page."""
    return " ".join(f"{key}={mark}" for key, mark in form.marks().items())


def groups(form: Form, values: Mapping[str, Value], merged: Merged | None = None) -> list[tuple[str, list[Control]]]:
    """The fields under their headings, in order. ``merged``: after somebody else's change, against ``form``."""
    both: Collection[str] = merged.both if merged else ()
    theirs: Collection[str] = merged.theirs if merged else ()
    controls = []
    for one in FIELDS[form.kind]:
        value = values.get(one.key, form.values[one.key])
        there, typed = as_text(form.values[one.key]), as_text(value)
        clash = shown(diff_words(there, typed)) if one.key in both else ()
        controls.append(Control(one, typed, value is True, clash, there, one.key in theirs))
    return [(heading, list(members)) for heading, members in groupby(controls, key=lambda c: c.field.group)]


def as_text(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "\n".join(value) if isinstance(value, tuple) else value


# -- how a change looks, in numbers and findings: beside the fields, and refreshed while somebody types --------------

#: Characters of a subject line and of the line after it that most programs show on a phone.
SUBJECT_SHOWN, PREHEADER_SHOWN = 40, 90


@dataclass(frozen=True)
class Counter:
    """How long something is. ``limit`` 0: there is none. ``note``: where more than that is only cut off on screens."""

    words: str
    count: int
    limit: int = 0
    note: str = ""


@dataclass(frozen=True)
class FormNotes:
    """What is said beside the form. ``counters``: by key of a field. ``shared``: findings about claims and help lines
    that it rests on, which changing its text does not settle."""

    counters: Mapping[str, tuple[Counter, ...]]
    findings: tuple[Finding, ...]
    shared: tuple[Finding, ...] = ()


#: Of what could not be tried out nothing is said; numbers of the file as it is would be taken for those of the change.
UNKNOWN_LOOK = FormNotes({}, ())


#: Findings about what a discreet head shows.
_OF_DISCREET = frozenset(("C190", "C191", "R027"))


def look_at(form: Form, rehearsal: Rehearsal) -> FormNotes:
    """Counters and findings of one record in a rehearsal."""
    if form.kind == "discreet":
        return FormNotes({}, tuple(f for f in rehearsal.findings if f.code in _OF_DISCREET))
    if form.kind != "item":
        path = f"campaigns/{rehearsal.plan.campaign.id}/{form.file}"
        return FormNotes(
            {}, tuple(f for f in rehearsal.findings if f.where.path == path and form.id in f.message.split())
        )
    messages = [m for m in rehearsal.messages if m.item == form.id]
    shared = tuple(f for f in rehearsal.findings if not f.item and form.id in f.items)
    text = rehearsal.item_text(form.id)
    return FormNotes(_counters(messages, text.email if text else ""), rehearsal.findings_of(form.id), shared)


#: What records print, and marks of the writing itself, are no words of the author's.
_NO_WORDS = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|^[#>*-]+ ", re.DOTALL | re.MULTILINE)


def _counters(messages: Iterable[Message], written: str) -> dict[str, tuple[Counter, ...]]:
    found: dict[str, list[Counter]] = {"post": [], "email": [], "subject": [], "preheader": []}
    for message in messages:
        name, body = channel_words(message.channel), message.body
        if isinstance(body, PostBody):
            words = f"{name}: with help line and tags, counted as the network counts"
            found["post"].append(Counter(words, body.characters, body.limit))
        elif isinstance(body, EmailBody):
            cut = "more may be cut off on a phone"
            found["subject"].append(Counter(f"{name}: subject line", len(body.subject), SUBJECT_SHOWN, cut))
            found["preheader"].append(Counter(f"{name}: line after it", len(body.preheader), PREHEADER_SHOWN, cut))
            found["email"].append(Counter(f"{name}: words written here", len(_NO_WORDS.sub(" ", written).split())))
    return {key: tuple(dict.fromkeys(counters)) for key, counters in found.items()}


def concerned(form: Form, gone: Iterable[Voided]) -> tuple[Voided, ...]:
    """Of all approvals that ended, those of messages that hold this record."""
    if form.kind != "item":
        return tuple(v for v in gone if f"{form.kind}:{form.id}" in v.records)
    return tuple(v for v in gone if form.id in (v.message.item, *(item for item, _ in v.message.audience.parts)))


def signed_by(form: Form, rehearsal: Rehearsal) -> tuple[str, ...]:
    """Who signed a claim or a help line as it stands."""
    campaign = rehearsal.plan.campaign
    if form.kind == "item":
        return ()
    record = campaign.claims.get(form.id) if form.kind == "claim" else campaign.contacts.get(form.id)
    if record is None:
        return ()
    return tuple(dict.fromkeys(s.person for s in rehearsal.signatures.of(form.kind, form.id, record.record_hash())))
