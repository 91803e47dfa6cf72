"""One claim or one help line of a register as a form, and back."""

from __future__ import annotations

from collections.abc import Mapping

from ...domain.edit_form import FIELDS, Form, Value
from ...errors import UsageError
from ...schema.toml_text import BrokenToml, WrongEncoding, parse
from .field_values import shown_value, typed, with_field
from .text_lines import Rows, fingerprint
from .toml_editor import CannotEdit

#: By kind of record: its file, and the keys of its table in the order in which people write them.
REGISTERS = {"claim": "claims.toml", "contact": "contacts.toml"}
_ORDERS = {
    "claim": (
        "id",
        "text",
        "kind",
        "status",
        "status_reason",
        "measure",
        "population",
        "place",
        "period",
        "numbers",
        "caveat",
        "source_ref",
        "superseded_by",
        "review_by",
        "hard_expires",
        "content_note",
        "needs_decision",
    ),
    "contact": (
        "id",
        "kind",
        "value",
        "label",
        "purpose",
        "status",
        "locale",
        "hours",
        "languages",
        "operator",
        "href",
        "primary_source_url",
        "verified_on",
        "verified_by",
        "supersedes",
        "superseded_by",
        "find",
        "note",
    ),
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


def read_record_form(kind: str, record_id: str, raw: bytes) -> Form:
    """Raises UsageError when the register has no such record."""
    _, table, _ = _found(kind, record_id, raw)
    values = {f.key: shown_value(f, table) for f in FIELDS[kind]}
    return Form(kind, record_id, REGISTERS[kind], fingerprint(raw), values)


def changed_record(form: Form, raw: bytes, values: Mapping[str, Value]) -> bytes:
    """The register's bytes with the fields of which ``values`` say something else than ``form``, and no other line."""
    rows, _, number = _found(form.kind, form.id, raw)
    for field in FIELDS[form.kind]:
        value = typed(field, form, values)
        if value != form.values[field.key]:
            order = _ORDERS[form.kind] if len(field.path) == 1 else _SOURCE_ORDER
            text = with_field(rows.text, field, value, (form.kind, number), order)
            rows = rows.with_text(0, len(rows.texts), text)
    return rows.raw()


def _found(kind: str, record_id: str, raw: bytes) -> tuple[Rows, Mapping[str, object], int]:
    name = REGISTERS[kind]
    try:
        rows = Rows.of(raw)
        records = parse(rows.text).data.get(kind)
    except (WrongEncoding, BrokenToml) as problem:
        raise CannotEdit(
            f"{name} cannot be read, so a form cannot change it: {problem.message}",
            hint="correct the file itself, with a text editor",
        ) from None
    for number, record in enumerate(records if isinstance(records, list) else ()):
        if isinstance(record, dict) and record.get("id") == record_id:
            return rows, record, number
    raise UsageError(f"there is no {kind} {record_id[:60]!r} in {name}")
