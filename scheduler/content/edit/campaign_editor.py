"""Change a campaign's files from a form: read one record, see what a change would give, write it.

Nothing that was typed is lost: where the file has become another one, both forms are given back. Nothing invalid is
written: what the loader would refuse is refused, with the lines.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from ...domain.edit_form import FIELDS, Form, Value
from ...domain.finding import Finding, Severity, in_reading_order
from ...errors import NeedsAPerson, UsageError
from ...light_dataclass import dataclass
from ...project import edition_of
from ..load.campaign_files import load_campaign
from ..load.campaign_folder import LARGEST_ITEM, Folder, campaign_folder
from ..load.item_files import take_apart
from ..toml_file import table_from
from .file_writer import read_file, why_not_writable, write_file
from .record_forms import REGISTERS, changed, form_of, typed
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


@dataclass(frozen=True)
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
    """The form of an item, claim or contact, or of the campaign's discreet head (under the campaign's id). Raises
    UsageError when there is none, CannotEdit where no form can be."""
    folder = campaign_folder(root, campaign_id)
    if kind not in FIELDS or not _ID.fullmatch(record_id) or (kind == "discreet" and record_id != campaign_id):
        raise UsageError(f"there is no {kind[:20]} {record_id[:60]!r}")
    name = _item_file(folder, record_id) if kind == "item" else REGISTERS[kind]
    original = edition_of(root, campaign_id)
    if original and kind in ("claim", "contact"):  # its own words of a shared record are few, and have another form
        raise CannotEdit(
            f"{campaign_id} is an edition of {original}: its records are not changed here",
            hint=f"change it in {original}, for every edition; its own words stand in campaigns/{campaign_id}/{name}",
        )
    return form_of(folder, kind, record_id, name, read_file(folder, name))


def edit(root: Path, campaign_id: str, form: Form, values: Mapping[str, Value]) -> Edited:
    """What the file becomes with these values. Writes nothing.

    Raises :class:`ChangedUnderneath` when the file is not the one with the form's fingerprint, :class:`Refused`,
    CannotEdit, UsageError for a value that its field cannot hold.
    """
    now = read_form(root, campaign_id, form.kind, form.id)
    if now.fingerprint != form.fingerprint:
        raise ChangedUnderneath(now)
    folder = campaign_folder(root, campaign_id)
    before = read_file(folder, now.file)
    try:
        raw = changed(folder, now, before, values)
    except UnicodeEncodeError:
        raise UsageError("a text holds half a character", hint="delete it and type the place again") from None
    wanted = {f.key: typed(f, now, values) for f in FIELDS[now.kind]}
    if raw != before:
        problems = new_problems(root, campaign_id, {now.file: raw})
        if problems:
            raise Refused(problems)
        # Whatever was written must be read as what was typed: no text may become a key, a section, or the end of one.
        after = form_of(folder, now.kind, now.id, now.file, raw)
        for field in FIELDS[now.kind]:
            if after.values[field.key] != wanted[field.key]:
                raise CannotEdit(
                    f"{field.label}: what you wrote would be read as something else",
                    hint="change it in the file itself, with a text editor",
                )
    return Edited(now, raw, tuple(key for key, value in wanted.items() if value != now.values[key]))


def save(root: Path, campaign_id: str, edited: Edited, commit: Callable[[], None]) -> None:
    """Write it. ``commit`` is called when the new bytes are safe on the disk, right before they take their place.

    Raises ChangedUnderneath when somebody was faster, CannotWrite when the disk refuses.
    """
    form = edited.form
    with _WRITING:
        folder = campaign_folder(root, campaign_id)
        if not write_file(folder, form.file, edited.raw, expected=form.fingerprint, commit=commit):
            raise ChangedUnderneath(read_form(root, campaign_id, form.kind, form.id))


def cannot_save(root: Path, campaign_id: str, form: Form) -> str:
    """Empty when the form's file can be changed here; else why not."""
    return why_not_writable(campaign_folder(root, campaign_id), form.file)


def new_problems(root: Path, campaign_id: str, overlay: Mapping[str, bytes]) -> list[Finding]:
    """What the loader would refuse in the changed files and does not refuse now, in reading order."""

    def red(found: list[Finding]) -> dict[tuple[str, str, str, str], Finding]:
        return {(f.code, f.where.path, f.message, f.item): f for f in found if f.severity is Severity.RED}

    _, before = load_campaign(root, campaign_id)
    _, after = load_campaign(root, campaign_id, overlay)
    known = red(before)
    return in_reading_order(f for key, f in red(after).items() if key not in known)


def _item_file(folder: Folder, item_id: str) -> str:
    """The file in ``items/`` whose id that is: by its name, else by what it says."""
    names = [e.name for e in folder.names("items") or () if e.name.endswith(".md") and not e.name.startswith(".")]
    likely = [n for n in names if re.sub(r"^\d+-(?=.)", "", n) == f"{item_id}.md" or n == f"{item_id}.md"]
    for name in dict.fromkeys([*likely, *names]):
        text = folder.read_text(f"items/{name}", LARGEST_ITEM)
        parts = take_apart(folder, f"items/{name}", text) if text is not None else None
        table = table_from(folder, f"items/{name}", parts.front) if parts else None
        if table is not None and table.optional_text("id") == item_id:
            return f"items/{name}"
    if likely:
        return f"items/{likely[0]}"
    raise UsageError(f"there is no item {item_id!r}", hint="open it from the calendar")
