"""What stands in a form's fields, and how it is written into TOML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from ...domain.edit_form import EditField, Form, Sort, Value
from ...domain.hidden import EVERYWHERE, refuse_hidden
from ...errors import UsageError
from ...schema.toml_lines import KeyPath
from ...schema.toml_text import parse
from .toml_editor import with_value


def shown_value(field: EditField, data: Mapping[str, object]) -> Value:
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
    _refuse_signs(field, kept if isinstance(kept, tuple) else (kept,))
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
        return _without_blank_ends(str(value))
    text = str(value).strip()
    if "\n" in text:
        raise UsageError(f"{field.label}: a line break cannot stand here", hint="write it on one line")
    return text


def _refuse_signs(field: EditField, texts: Iterable[Value]) -> None:
    # Which marks of direction the campaign's language allows, the loader says, with the line.
    for text in texts:
        if isinstance(text, str):
            refuse_hidden(text, field.label, EVERYWHERE)


def _without_blank_ends(text: str) -> str:
    """As the loader reads a section: no empty line before it or behind it."""
    lines = text.split("\n")
    while lines and not lines[0].strip():
        del lines[0]
    while lines and not lines[-1].strip():
        del lines[-1]
    return "\n".join(lines)


def _date(field: EditField, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UsageError(
            f"{field.label}: {text[:40]} is no date", hint="write it as 2027-01-11: year, month, day"
        ) from None


def with_field(text: str, field: EditField, value: Value, within: KeyPath, order: Sequence[str]) -> str:
    """The TOML text with one field changed, in the table at ``within``."""
    path: KeyPath = (*within, *field.path)
    if isinstance(value, str) and not value and (field.sort is Sort.DATE or field.path[0] == "action"):
        # Nothing stands for "no date"; and an action without words and address is none.
        table = _table(parse(text).data, path[:-1])
        if len(field.path) > 1 and table is not None and set(table) <= {path[-1]}:
            path = path[:-1]
        return with_value(text, path, None, order)
    if field.sort is Sort.DATE:
        return with_value(text, path, _date(field, str(value)), order)
    return with_value(text, path, list(value) if isinstance(value, tuple) else value, order)


def _table(data: Any, path: KeyPath) -> Mapping[str, object] | None:
    for part in path:
        if not isinstance(part, int) and part not in data:
            return None
        data = data[part]
    return data if isinstance(data, Mapping) else None
