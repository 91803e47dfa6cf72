"""A form as a page shows it and sends it back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from werkzeug.datastructures import MultiDict

from ...domain.edit_form import FIELDS, EditField, Form, Merged, Sort, Value
from ...domain.word_diff import Piece, diff_words, shown

#: Before the key of each field, so that no field is taken for something else of the form.
PREFIX = "f."


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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
