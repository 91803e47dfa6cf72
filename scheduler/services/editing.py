"""Changing a campaign's files from the pages: read a form, see what it would give, save it, remember who did."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from ..content.checks import check
from ..content.edit.campaign_editor import edit
from ..content.edit.campaign_editor import save as write
from ..content.edit.picture_writer import write_picture
from ..content.load.campaign_folder import campaign_folder
from ..content.load.item_pictures import PICTURES
from ..content.render.messages import render
from ..domain.edit_form import Form, Value
from ..domain.file_edit import FileEdit
from ..domain.planned_item import PlannedItem
from ..domain.rehearsal import Rehearsal
from ..domain.stale_approvals import Voided, voided
from ..errors import CannotWrite, UsageError
from ..light_dataclass import dataclass
from ..project import Project
from .context import Context, act
from .seasons import rehearse

if TYPE_CHECKING:
    from ..store import Ledger


@dataclass(frozen=True)
class EditPreview:
    """What a change would give: the season with it. ``fields``: keys of what differs from the file.

    ``is_planned``: whether the season has the item; if not, it stands on the first day, to be looked at.
    ``ends``: approvals that hold, and would not any more.
    """

    rehearsal: Rehearsal
    fields: tuple[str, ...] = ()
    is_planned: bool = True
    ends: tuple[Voided, ...] = ()


def preview_edit(
    project: Project, form: Form, values: Mapping[str, Value], *, before: Rehearsal, ledger: Ledger
) -> EditPreview:
    """The season as it would be with these values; nothing is written. ``before``: as it is.

    Raises as :func:`~scheduler.content.edit.campaign_editor.edit`.
    """
    campaign, year = before.plan.campaign.id, before.plan.season.year
    edited = edit(project.root, campaign, form, values)
    if not edited.fields:
        return as_it_is(project, form, before)
    after = rehearse(project, campaign, year, ledger=ledger, overlay=edited.overlay)
    gone = {(v.message.item, v.message.channel): set(v.people) for v in voided(before)}
    return replace(
        as_it_is(project, form, after),
        fields=edited.fields,
        ends=tuple(v for v in voided(after) if set(v.people) - gone.get((v.message.item, v.message.channel), set())),
    )


def as_it_is(project: Project, form: Form, rehearsal: Rehearsal) -> EditPreview:
    """A preview without a change. An item that no day of the season has stands on the first, and nothing else."""
    if form.kind != "item" or rehearsal.plan.of(form.id) is not None:
        return EditPreview(rehearsal)
    item = rehearsal.plan.campaign.items.get(form.id)
    if item is None:
        return EditPreview(rehearsal, is_planned=False)

    shown = PlannedItem(1, rehearsal.plan.season.start_on, item, None, 1)
    plan = replace(rehearsal.plan, items=(shown,))
    made = render(plan, project.settings, project.root / "templates", items=[shown])
    today, lint = project.today(plan.campaign), project.root / "config" / "lint"
    found = check(
        plan,
        made.messages,
        project.settings,
        rehearsal.signatures,
        lint,
        today=today,
        questions=rehearsal.questions,
    )
    findings = tuple(dict.fromkeys(f for f in (*made.findings, *found) if f.item == form.id))
    alone = replace(
        rehearsal, plan=plan, messages=made.messages, findings=findings, digests=(), letters=(), substitutes=()
    )
    return EditPreview(alone, is_planned=False)


def keep_upload(context: Context, campaign_id: str, item_id: str, content: bytes) -> str:
    """Keep an uploaded picture among the campaign's, made anew from its pixels, and give the name of its file. No item
    shows it before it is named there. Raises UsageError for what cannot be used, CannotWrite."""
    from ..cards.own_picture import CannotUse, kept_of_upload

    try:
        ending, kept = kept_of_upload(content)
    except CannotUse as problem:
        raise UsageError(f"The picture was not taken: {problem.message}", hint=problem.hint) from None
    name = f"{item_id}-{hashlib.sha256(kept).hexdigest()[:12]}.{ending}"
    write_picture(campaign_folder(context.project.root, campaign_id), name, kept)
    return name


def small_picture(project: Project, campaign_id: str, name: str) -> tuple[bytes, int, int] | None:
    """A small JPEG of a campaign's picture, uncut, with its width and height; None where it cannot be shown."""
    from ..cards.own_picture import LARGEST_FILE, CannotUse, small_and_whole

    content = campaign_folder(project.root, campaign_id).read(f"{PICTURES}/{name}", LARGEST_FILE) if name else None
    try:
        return small_and_whole(content) if content is not None else None
    except CannotUse:
        return None


@act
def save(context: Context, campaign_id: str, form: Form, values: Mapping[str, Value]) -> tuple[str, ...]:
    """Write the change, and into the history who made it. Returns the keys of what changed; none: nothing did.

    Raises as :func:`~scheduler.content.edit.campaign_editor.edit`, and CannotWrite.
    """
    root, edits, who = context.project.root, context.ledger.edits, context.actor.name
    edited = edit(root, campaign_id, form, values)
    if not edited.fields:
        return ()
    file, before, after = edited.form.file, form.fingerprint, edited.after
    change = FileEdit(campaign_id, form.kind, form.id, file, who, context.now(), before, after, edited.fields)
    recorded: list[int] = []
    try:
        write(root, campaign_id, edited, lambda: recorded.append(edits.record(change)))
    except CannotWrite:
        for edit_id in recorded:
            edits.take_back(edit_id, change, now=context.now())
        raise
    return edited.fields
