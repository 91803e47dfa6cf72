"""Changing a campaign's files from the pages: read a form, see what it would give, save it, remember who did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..domain.editing import FileEdit, Form, Value
from ..domain.finding import Finding
from ..domain.item import PlannedItem
from ..domain.message import Message
from ..domain.rehearsal import Rehearsal
from ..domain.voided import Voided, voided
from ..errors import CannotWrite
from .planning import Planning

if TYPE_CHECKING:
    from ..content.edit import Edited
    from ..ports import ReviewLedger


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change would give. ``messages``: the item's, one a channel; of an item that is not planned this season
    as on the season's first day. ``before``: what its fields say now."""

    edited: Edited
    rehearsal: Rehearsal
    messages: tuple[Message, ...]
    findings: tuple[Finding, ...]
    is_planned: bool
    ends: tuple[Voided, ...] = ()  # approvals that saving it would end


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving did. ``fields``: keys of what changed; empty when nothing did. ``ended``: approvals that ended."""

    fields: tuple[str, ...]
    ended: tuple[Voided, ...] = ()


class Editing(Planning):
    """A project whose files can be changed."""

    def edit_form(self, campaign_id: str, kind: str, record: str) -> Form:
        """Raises UsageError when there is no such record, CannotEdit where its file does not allow a form."""
        from ..content.edit import read_form

        return read_form(self.root, campaign_id, kind, record)

    def cannot_save(self, campaign_id: str, form: Form) -> str:
        """Empty when the form's file can be changed here; else why not."""
        from ..content.edit import cannot_save

        return cannot_save(self.root, campaign_id, form)

    def preview_edit(
        self,
        campaign_id: str,
        year: int | None,
        form: Form,
        values: Mapping[str, Value],
        ledger: ReviewLedger,
        before: Rehearsal | None = None,
    ) -> Preview:
        """The season as it would be with these values; nothing is written.

        ``before``: the rehearsal at hand, of which the approvals are compared. Raises as
        :func:`~scheduler.content.edit.edit`.
        """
        from ..content.edit import edit

        edited = edit(self.root, campaign_id, form, values)
        rehearsal = self.rehearse(campaign_id, year, ledger=ledger, overlay=edited.overlay)
        messages = tuple(m for m in rehearsal.messages if m.item == form.id) if form.kind == "item" else ()
        findings = rehearsal.findings_of(form.id) if form.kind == "item" else _about_file(rehearsal, campaign_id, form)
        is_planned = form.kind != "item" or rehearsal.plan.of(form.id) is not None
        if not is_planned:
            messages, more = self._beside(rehearsal, form.id)
            findings = tuple(dict.fromkeys([*findings, *more]))
        ends = _newly(before, rehearsal) if before is not None else ()
        return Preview(edited, rehearsal, messages, findings, is_planned, ends)

    def save_edit(
        self,
        campaign_id: str,
        year: int | None,
        form: Form,
        values: Mapping[str, Value],
        *,
        who: str,
        ledger: ReviewLedger,
        before: Rehearsal | None = None,
    ) -> Saved:
        """Write the change, and into the history who made it. Raises as :meth:`preview_edit`, and CannotWrite."""
        from ..content.edit import edit, save

        edited = edit(self.root, campaign_id, form, values)
        if not edited.fields:
            return Saved(())
        told = FileEdit(
            campaign_id, form.kind, form.id, edited.form.file, who, self.clock.now(), form.fingerprint, edited.after,
            edited.fields,
        )  # fmt: skip
        recorded: list[int] = []
        try:
            save(self.root, campaign_id, edited, lambda: recorded.append(ledger.record_edit(told)))
        except CannotWrite:
            for edit_id in recorded:
                ledger.take_back_edit(edit_id, told, now=self.clock.now())
            raise
        if before is None:
            return Saved(edited.fields)
        return Saved(edited.fields, _newly(before, self.rehearse(campaign_id, year, ledger=ledger)))

    def _beside(self, rehearsal: Rehearsal, item_id: str) -> tuple[tuple[Message, ...], tuple[Finding, ...]]:
        """An item that no day of the season has, as it would look on the first."""
        from ..content.render import render

        plan = rehearsal.plan
        item = plan.campaign.items.get(item_id)
        if item is None:
            return (), ()
        shown = PlannedItem(1, plan.season.start_on, item, None, 1)
        made = render(replace(plan, items=(shown,)), self.settings, self.root / "templates", items=[shown])
        return made.messages, made.findings


def _about_file(rehearsal: Rehearsal, campaign_id: str, form: Form) -> tuple[Finding, ...]:
    """What is said of one record of a register: by its file, and by its id in the words."""
    path = f"campaigns/{campaign_id}/{form.file}"
    return tuple(f for f in rehearsal.findings if f.where.path == path and form.id in f.message)


def _newly(before: Rehearsal, after: Rehearsal) -> tuple[Voided, ...]:
    """Approvals that held before and do not hold after."""
    gone = {(v.message.item, v.message.channel): set(v.people) for v in voided(before)}
    return tuple(
        v for v in voided(after) if set(v.people) - gone.get((v.message.item, v.message.channel), set())
    )
