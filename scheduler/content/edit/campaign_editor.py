"""Change a campaign's files from a form: read one record, see what a change would give, write it.

Nothing that was typed is lost: where the file has become another one, both forms are given back. Nothing invalid is
written: what the loader would refuse is refused, with the lines.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ...domain.edit_form import FIELDS, Form, Value
from ...domain.finding import Finding, Severity, in_reading_order
from ...errors import NeedsAPerson, UsageError
from ..load.campaign_files import load_campaign
from ..load.campaign_folder import Folder
from ..load.front_matter import take_apart
from ..toml_file import table_from
from .field_values import typed
from .file_writer import StillAnother, read_file, why_not_writable, write_file
from .item_form import changed_item, read_item_form
from .record_form import REGISTERS, changed_record, read_record_form
from .text_lines import fingerprint
from .toml_editor import CannotEdit

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
#: One writer at a time in this process; between processes the fingerprint is compared right before the change.
_WRITING = threading.Lock()


class ChangedUnderneath(NeedsAPerson):
    """The file was changed after the form was opened. ``now`` is its form as it stands."""

    def __init__(self, now: Form) -> None:
        self.now = now
        super().__init__(
            f"{now.file} was changed after you opened it; nothing was saved",
            hint="look at both forms, and save the one that is meant",
        )


class Refused(NeedsAPerson):
    """The changed file could not be read as a campaign's file; ``findings`` say why, by line."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("this cannot be saved yet", hint="correct what is listed; the file is as it was")


@dataclass(frozen=True, slots=True)
class Edited:
    """A change that could be written: the bytes that the file would have. ``fields``: keys of what changes."""

    form: Form
    raw: bytes
    fields: tuple[str, ...]

    @property
    def after(self) -> str:
        return fingerprint(self.raw)

    @property
    def overlay(self) -> Mapping[str, bytes]:
        """For a rehearsal of it: the file's name and its new bytes."""
        return {self.form.file: self.raw}


def read_form(root: Path, campaign_id: str, kind: str, record_id: str) -> Form:
    """The form of an item, claim or contact. Raises UsageError when there is none, CannotEdit where no form can be."""
    folder = Folder(root, campaign_id)
    _check_id(kind, record_id)
    if kind == "item":
        name = _item_file(folder, record_id)
        return read_item_form(folder, record_id, name, read_file(folder, name))
    return read_record_form(kind, record_id, read_file(folder, REGISTERS[kind]))


def edit(root: Path, campaign_id: str, form: Form, values: Mapping[str, Value]) -> Edited:
    """What the file becomes with these values. Writes nothing.

    Raises :class:`ChangedUnderneath` when the file is not the one with the form's fingerprint, :class:`Refused`,
    CannotEdit, UsageError for a value that its field cannot hold.
    """
    now = read_form(root, campaign_id, form.kind, form.id)
    if now.fingerprint != form.fingerprint:
        raise ChangedUnderneath(now)
    folder = Folder(root, campaign_id)
    before = read_file(folder, now.file)
    try:
        raw = changed_item(folder, now, before, values) if now.kind == "item" else changed_record(now, before, values)
    except UnicodeEncodeError:
        raise UsageError("a text holds half a character", hint="delete it and type the place again") from None
    wanted = {f.key: typed(f, now, values) for f in FIELDS[now.kind]}
    fields = tuple(key for key, value in wanted.items() if value != now.values[key])
    if raw != before:
        problems = new_problems(root, campaign_id, {now.file: raw})
        if problems:
            raise Refused(problems)
        _refuse_other_words(folder, now, raw, wanted)
    return Edited(now, raw, fields)


def save(root: Path, campaign_id: str, edited: Edited, commit: Callable[[], None]) -> None:
    """Write it. ``commit`` is called when the new bytes are safe on the disk, right before they take their place.

    Raises ChangedUnderneath when somebody was faster, CannotWrite when the disk refuses.
    """
    folder = Folder(root, campaign_id)
    form = edited.form
    with _WRITING:
        try:
            write_file(folder, form.file, edited.raw, expected=form.fingerprint, commit=commit)
        except StillAnother:
            raise ChangedUnderneath(read_form(root, campaign_id, form.kind, form.id)) from None


def cannot_save(root: Path, campaign_id: str, form: Form) -> str:
    """Empty when the form's file can be changed here; else why not."""
    return why_not_writable(Folder(root, campaign_id), form.file)


def new_problems(root: Path, campaign_id: str, overlay: Mapping[str, bytes]) -> list[Finding]:
    """What the loader would refuse in the changed files and does not refuse now, in reading order."""

    def red(found: list[Finding]) -> dict[tuple[str, str, str, str], Finding]:
        return {(f.code, f.where.path, f.message, f.item): f for f in found if f.severity is Severity.RED}

    _, before = load_campaign(root, campaign_id)
    _, after = load_campaign(root, campaign_id, overlay)
    known = red(before)
    return in_reading_order(f for key, f in red(after).items() if key not in known)


def _refuse_other_words(folder: Folder, form: Form, raw: bytes, wanted: Mapping[str, Value]) -> None:
    """Whatever was written must be read as what was typed: no text may become a key, a section, or the end of one."""
    if form.kind == "item":
        after = read_item_form(folder, form.id, form.file, raw)
    else:
        after = read_record_form(form.kind, form.id, raw)
    for field in FIELDS[form.kind]:
        if after.values[field.key] != wanted[field.key]:
            raise CannotEdit(
                f"{field.label}: what you wrote would be read as something else",
                hint="change it in the file itself, with a text editor",
            )


def _check_id(kind: str, record_id: str) -> None:
    if kind not in FIELDS or not _ID.fullmatch(record_id):
        raise UsageError(f"there is no {kind[:20]} {record_id[:60]!r}")


def _item_file(folder: Folder, item_id: str) -> str:
    """The file in ``items/`` whose id that is: by its name, else by what it says."""
    names = [e.name for e in folder.names("items") or () if e.name.endswith(".md") and not e.name.startswith(".")]
    likely = [n for n in names if re.sub(r"^\d+-(?=.)", "", n) == f"{item_id}.md" or n == f"{item_id}.md"]
    for name in dict.fromkeys([*likely, *names]):
        if _id_of(folder, f"items/{name}") == item_id:
            return f"items/{name}"
    if likely:
        return f"items/{likely[0]}"
    raise UsageError(f"there is no item {item_id!r}", hint="open it from the calendar")


def _id_of(folder: Folder, name: str) -> str:
    text = folder.read_text(name, 256 * 1024)
    parts = take_apart(folder, name, text) if text is not None else None
    table = table_from(folder, name, parts.front) if parts else None
    return table.optional_text("id") if table else ""
