"""An item's file as a form, and back: front matter and texts, with all that nobody touched as it was."""

from __future__ import annotations

from collections.abc import Mapping

from ...domain.edit_form import FIELDS, EditField, Form, Value
from ...schema.toml_text import BrokenToml, WrongEncoding, parse
from ..load.campaign_folder import Folder
from ..load.front_matter import ItemFile, take_apart
from .field_values import shown_value, typed, with_field
from .text_lines import Rows, fingerprint
from .toml_editor import CannotEdit

_FIELDS = FIELDS["item"]
_ORDER = ("id", "kind", *dict.fromkeys(f.path[0] for f in _FIELDS if not f.section))


def read_item_form(folder: Folder, item_id: str, name: str, raw: bytes) -> Form:
    """The form of an item file as it stands. Raises NeedsAPerson where its front matter cannot be read."""
    _, parts, front = _apart(folder, name, raw)
    values: dict[str, Value] = {}
    for field in _FIELDS:
        text = parts.sections[field.section].text if field.section else None
        values[field.key] = text if text is not None else shown_value(field, front)
    return Form("item", item_id, name, fingerprint(raw), values)


def changed_item(folder: Folder, form: Form, raw: bytes, values: Mapping[str, Value]) -> bytes:
    """The file's bytes with the fields of which ``values`` say something else than ``form``, and no other line.

    Raises :class:`~.edit_toml.CannotEdit`, UsageError for a value that cannot be one.
    """
    rows, _, _ = _apart(folder, form.file, raw)
    for field in _FIELDS:
        value = typed(field, form, values)
        if value == form.values[field.key]:
            continue
        if field.section:
            rows = _with_section(folder, form.file, rows, field, str(value))
            continue
        end = next(n for n, line in enumerate(rows.texts[1:], 1) if line.rstrip() == "+++")
        front = "\n".join(rows.texts[1:end])
        rows = rows.with_text(1, end, with_field(front, field, value, (), _ORDER))
    return rows.raw()


def _apart(folder: Folder, name: str, raw: bytes) -> tuple[Rows, ItemFile, Mapping[str, object]]:
    try:
        rows = Rows.of(raw)
        parts = take_apart(folder, name, rows.text)
        if parts is not None:
            return rows, parts, parse(parts.front).data
        raise CannotEdit(f"{name} has no front matter", hint="write it in the file itself, with a text editor")
    except (WrongEncoding, BrokenToml) as problem:
        raise CannotEdit(
            f"{name} cannot be read, so a form cannot change it: {problem.message}",
            hint="correct the file itself, with a text editor",
        ) from None


def _with_section(folder: Folder, name: str, rows: Rows, field: EditField, text: str) -> Rows:
    parts = take_apart(folder, name, rows.text)
    assert parts is not None  # noqa: S101 - it was taken apart before
    there = parts.sections[field.section]
    if not there.line:
        raise CannotEdit(f"the section {field.section} is missing", hint=f'add a line "# {field.section}" to the file')
    start = there.line - 1
    if there.text:
        return rows.with_text(start, start + there.text.count("\n") + 1, text)
    # There was none: it stands behind what is empty, with an empty line before what follows.
    return rows.with_lines(start, start, [*text.split("\n"), *([""] if start < len(rows.texts) else [])])
