"""contacts.toml: help lines, one record for each way of reaching help."""

from __future__ import annotations

from ...domain.claim import Contact, ContactStatus
from ..toml_file import Table
from .references import Records


def read_contacts(top: Table, records: Records) -> dict[str, Contact]:
    """The contacts that could be read, by id."""
    found: dict[str, Contact] = {}
    for table in top.tables("contact", required=True):
        said = table.read(Contact, records)
        if said["status"] is ContactStatus.ACTIVE:
            # What a line is for is seen by readers; a record that is kept only to be found in texts may leave it out.
            table.text("purpose")
            if said["superseded_by"]:
                message = f"the contact was replaced by {said['superseded_by'][:60]}, and is active"
                table.report("C024", message, "superseded_by")
        if records.keeps("contact", said["id"], table.where("id"), usable=table.is_usable()):
            found[said["id"]] = Contact(**said, where=table.where())
    top.close("contacts.toml")
    return found
