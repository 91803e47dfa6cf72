"""An item, a claim, a help line or the discreet head as a form, and back: with all that nobody touched as it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ...domain.claim import Claim, Contact
from ...domain.discreet import DiscreetHead
from ...domain.edit_form import FIELDS, EditField, Form, Sort, Value
from ...domain.hidden import EVERYWHERE, refuse_hidden
from ...errors import UsageError
from ...light_dataclass import dataclass
from ...schema.field import keys_of
from ...schema.toml_lines import KeyPath
from ...schema.toml_text import BrokenToml, WrongEncoding, parse
from ..load.campaign_folder import Folder
from ..load.item_files import Section, take_apart, trimmed
from .text_lines import Rows, fingerprint
from .toml_editor import CannotEdit, with_value

#: By kind of record its file; each item has its own.
REGISTERS = {"claim": "claims.toml", "contact": "contacts.toml", "discreet": "campaign.toml"}
#: The keys of a table in the order in which people write them.
_ORDERS = {
    "item": ("id", "kind", *dict.fromkeys(f.path[0] for f in FIELDS["item"] if not f.section)),
    "claim": tuple(name for name, key in keys_of(Claim).items() if not key.is_table),
    "contact": tuple(keys_of(Contact)),
    "discreet": tuple(keys_of(DiscreetHead)),
}
_SOURCE_ORDER = (
    "title",
    "publisher",
    "url",
    "reported_by",
    "dated",
    "retrieved_on",
    "locator",
    "primary_seen",
    "seen_by",
    "seen_on",
)


@dataclass(frozen=True)
class _Opened:
    """A record's file: the lines of its TOML, the table of the record in it, and an item's sections."""

    rows: Rows
    start: int
    stop: int
    within: KeyPath
    table: Mapping[str, object]
    sections: Mapping[str, Section]


def form_of(folder: Folder, kind: str, record_id: str, name: str, raw: bytes) -> Form:
    """The form of a record as its file stands. Raises UsageError when a register has no such record, CannotEdit where
    the file cannot be read."""
    opened = _opened(folder, kind, record_id, name, raw)
    return Form(
        kind,
        record_id,
        name,
        fingerprint(raw),
        {f.key: opened.sections[f.section].text if f.section else _shown_value(f, opened.table) for f in FIELDS[kind]},
    )


def changed(folder: Folder, form: Form, raw: bytes, values: Mapping[str, Value]) -> bytes:
    """The file's bytes with the fields of which ``values`` say something else than ``form``, and no other line.

    Raises :class:`~.toml_editor.CannotEdit`, UsageError for a value that cannot be one.
    """
    for field in FIELDS[form.kind]:
        value = typed(field, form, values)
        if value == form.values[field.key]:
            continue
        opened = _opened(folder, form.kind, form.id, form.file, raw)
        if field.section:
            raw = _with_section(opened, field, str(value)).raw()
        else:
            order = _SOURCE_ORDER if field.path[0] == "source" and len(field.path) > 1 else _ORDERS[form.kind]
            toml = _with_field(
                "\n".join(opened.rows.texts[opened.start : opened.stop]), field, value, opened.within, order
            )
            raw = opened.rows.with_text(opened.start, opened.stop, toml).raw()
    return raw


def _opened(folder: Folder, kind: str, record_id: str, name: str, raw: bytes) -> _Opened:
    try:
        rows = Rows.of(raw)
        if kind == "item":
            parts = take_apart(folder, name, rows.text)
            if parts is None:
                raise CannotEdit(f"{name} has no front matter", hint="write it in the file itself, with a text editor")
            end = next(n for n, line in enumerate(rows.texts[1:], 1) if line.rstrip() == "+++")
            return _Opened(rows, 1, end, (), parse(parts.front).data, parts.sections)
        data = parse(rows.text).data
    except (WrongEncoding, BrokenToml) as problem:
        raise CannotEdit(
            f"{name} cannot be read, so a form cannot change it: {problem.message}",
            hint="correct the file itself, with a text editor",
        ) from None
    if kind == "discreet":
        return _Opened(rows, 0, len(rows.texts), (), data, {})
    records = data.get(kind)
    for number, record in enumerate(records if isinstance(records, list) else ()):
        if isinstance(record, dict) and record.get("id") == record_id:
            return _Opened(rows, 0, len(rows.texts), (kind, number), record, {})
    raise UsageError(f"there is no {kind} {record_id[:60]!r} in {name}")


def _with_section(opened: _Opened, field: EditField, text: str) -> Rows:
    rows, there = opened.rows, opened.sections[field.section]
    if not there.line:
        raise CannotEdit(f"the section {field.section} is missing", hint=f'add a line "# {field.section}" to the file')
    start = there.line - 1
    if there.text:
        return rows.with_text(start, start + there.text.count("\n") + 1, text)
    # There was none: it stands behind what is empty, with an empty line before what follows.
    return rows.with_lines(start, start, [*text.split("\n"), *([""] if start < len(rows.texts) else [])])


# -- what stands in the fields of a form, and how it is written into TOML ----------------------------------------------


def _shown_value(field: EditField, data: Mapping[str, object]) -> Value:
    """What a field shows of a table that was read. A value of another kind than the field's shows as empty."""
    found: Any = data
    for part in field.path:
        found = found.get(part) if isinstance(found, Mapping) else None
    if field.sort is Sort.LIST:
        return tuple(e for e in found if isinstance(e, str)) if isinstance(found, list) else ()
    if field.sort is Sort.FLAG:
        return found is True
    if isinstance(found, date):
        return found.isoformat()
    return found if isinstance(found, str) else ""


def typed(field: EditField, form: Form, values: Mapping[str, Value]) -> Value:
    """What somebody typed into a field, as it is kept. What they left alone stays what it is, however odd.

    Raises UsageError for what the field cannot hold.
    """
    there = form.values[field.key]
    value = values.get(field.key, there)
    if isinstance(value, str) and isinstance(there, str):
        value = value.replace("\r\n", "\n").replace("\r", "\n")
    if value == there:
        return there
    kept = _cleaned(field, value)
    if isinstance(there, tuple) and kept == _cleaned(field, there):
        return there  # spaces at its ends are not seen on a page
    # Which marks of direction the campaign's language allows, the loader says, with the line.
    for text in kept if isinstance(kept, tuple) else (kept,):
        refuse_hidden(str(text), field.label, EVERYWHERE)
    if field.sort is Sort.DATE:
        _date(field, str(kept))
    return kept


def _cleaned(field: EditField, value: Value) -> Value:
    if field.sort is Sort.FLAG:
        return value is True
    if field.sort is Sort.LIST:
        entries = value if isinstance(value, tuple) else str(value).split("\n")
        return tuple(stripped for e in entries if (stripped := e.strip()))
    if field.sort is Sort.TEXT:
        lines = str(value).split("\n")
        return trimmed(lines, 0, len(lines))[0]  # as the loader reads a section
    text = str(value).strip()
    if "\n" in text:
        raise UsageError(f"{field.label}: a line break cannot stand here", hint="write it on one line")
    return text


def _date(field: EditField, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UsageError(
            f"{field.label}: {text[:40]} is no date", hint="write it as 2027-01-11: year, month, day"
        ) from None


def _with_field(text: str, field: EditField, value: Value, within: KeyPath, order: Sequence[str]) -> str:
    """The TOML text with one field changed, in the table at ``within``."""
    path: KeyPath = (*within, *field.path)
    may_be_gone = field.sort is Sort.DATE or field.path[0] in ("action", "discreet", "picture")
    if isinstance(value, str) and not value and may_be_gone:
        # Nothing stands for "no date"; an action without words and address is none, nor is a picture without a file;
        # what a discreet head leaves out has the program's own words.
        table: Any = parse(text).data
        for part in path[:-1]:
            table = table[part] if isinstance(part, int) or part in (table or ()) else None
        if len(field.path) > 1 and isinstance(table, dict) and set(table) <= {path[-1]}:
            path = path[:-1]
        return with_value(text, path, None, order)
    if field.sort is Sort.DATE:
        return with_value(text, path, _date(field, str(value)), order)
    return with_value(text, path, list(value) if isinstance(value, tuple) else value, order)
