"""contacts.toml: help lines, one record for each way of reaching help."""

from __future__ import annotations

import re

from ...domain.claim import CONTACT_KINDS, Contact, ContactStatus
from ..toml_file import Table, is_address
from .references import Records

STATUSES = tuple(status.value for status in ContactStatus)


def read_contacts(top: Table, records: Records) -> dict[str, Contact]:
    """The contacts that could be read, by id."""
    found: dict[str, Contact] = {}
    for table in top.tables("contact", required=True):
        contact_id = table.id()
        contact = _contact(table, contact_id, records)
        table.close("[[contact]]")
        if not contact_id:
            records.lost("contact")
        elif not records.add("contact", contact_id, table.where("id")):
            continue
        elif not table.is_usable():
            records.lost("contact", contact_id)
        else:
            found[contact_id] = contact
    top.close("contacts.toml")
    return found


def _contact(table: Table, contact_id: str, records: Records) -> Contact:
    written = table.text("status", allowed=STATUSES)
    status = ContactStatus(written) if written in STATUSES else ContactStatus.QUARANTINED
    superseded_by = table.optional_text("superseded_by")
    if superseded_by:
        records.refer("contact", superseded_by, table.where("superseded_by"), "superseded_by")
        if status is ContactStatus.ACTIVE:
            table.report("C024", f"the contact was replaced by {superseded_by[:60]}, and is active", "superseded_by")
    supersedes = table.texts("supersedes")
    for index, earlier in enumerate(supersedes):
        records.refer("contact", earlier, table.where("supersedes", index), "supersedes")
    href = table.optional_text("href")
    if href and not (is_address(href) or re.fullmatch(r"(?:tel|sms|mailto):[^\s<>\"]+", href)):
        table.report("C021", "href is not a link", "href", "write tel:, sms:, mailto: or a whole web address")
    # What a line is for is seen by readers; a record that is kept only to be found in texts may leave it out.
    purpose = table.text("purpose") if status is ContactStatus.ACTIVE else table.optional_text("purpose")
    return Contact(
        id=contact_id,
        kind=table.text("kind", allowed=CONTACT_KINDS),
        value=table.text("value"),
        label=table.text("label"),
        purpose=purpose,
        status=status,
        where=table.where(),
        locale=table.optional_text("locale", "US"),
        hours=table.optional_text("hours"),
        languages=table.optional_text("languages"),
        operator=table.optional_text("operator"),
        primary_source_url=table.address("primary_source_url"),
        verified_on=table.optional_date("verified_on"),
        verified_by=table.optional_text("verified_by"),
        supersedes=supersedes,
        superseded_by=superseded_by,
        find=table.texts("find"),
        note=table.optional_text("note"),
        href=href,
    )
