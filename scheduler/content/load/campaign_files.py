"""From a campaign's folder to one object, strictly, with everything that is wrong in it at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import TypeVar

from ...domain.campaign import Campaign, ItemText
from ...domain.claim import Contact
from ...domain.finding import Finding, in_reading_order
from ...domain.hidden import EVERYWHERE, NOTHING, allowed_in, hidden_in, told
from ..codes import CODES
from ..toml_file import Table, open_toml
from .calendar_file import read_calendar, read_hashtags
from .campaign_folder import Folder
from .campaign_head import Head, read_head
from .claim_files import read_claims
from .contact_files import read_contacts
from .hidden_text import report_hidden
from .item_files import read_items
from .references import Records
from .source_files import read_sources
from .supersession_cycles import report_circles

T = TypeVar("T")
#: Kinds of record in each file: when it cannot be read, references to them are not reported as well.
KINDS_IN = {
    "claims.toml": ("claim",),
    "contacts.toml": ("contact",),
    "sources.toml": ("source", "passage"),
    "hashtags.toml": ("hashtag",),
}
FILES = ("campaign.toml", "calendar.toml", "claims.toml", "contacts.toml", "sources.toml", "hashtags.toml")


def load_campaign(
    root: Path, campaign_id: str, overlay: Mapping[str, bytes] | None = None
) -> tuple[Campaign | None, list[Finding]]:
    """Read ``campaigns/ID`` below the project root. Never raises for what is in the files.

    ``overlay``: bytes that stand in for those of files that are there, by name within the folder.
    The campaign is None only when campaign.toml itself cannot be used. What could not be read is left out of it
    and named in ``unreadable``; the findings, in reading order, say why.
    """
    folder = Folder(root, campaign_id, overlay)
    if not folder.is_inside():
        return None, folder.findings
    records = Records(folder.findings)

    def read(name: str, subscriber: Callable[[Table], T], *, required: bool = True) -> T | None:
        if not required and not folder.exists(name):
            return None
        top = open_toml(folder, name)
        if top is None:
            for kind in KINDS_IN.get(name, ()):
                records.lost(kind)
            return None
        found = subscriber(top)
        if not top.is_usable():  # not even one [[record]]: the key may be misspelt
            for kind in KINDS_IN.get(name, ()):
                records.lost(kind)
        return found

    _look_around(folder, records)
    head = read("campaign.toml", lambda top: read_head(top, records))
    calendar = read("calendar.toml", lambda top: read_calendar(top, records)) or ()
    claims, publishers = read("claims.toml", lambda top: read_claims(top, records)) or ({}, {})
    contacts = read("contacts.toml", lambda top: read_contacts(top, records)) or {}
    read_stored = partial(read_sources, folder=folder, records=records)
    sources = read("sources.toml", read_stored, required=False) or {}
    hashtags = read("hashtags.toml", lambda top: read_hashtags(top, records), required=False) or {}
    items = read_items(folder, records)
    _look_for_hidden(folder, head, contacts, items)
    records.check()
    report_circles(folder, claims, contacts)
    findings = in_reading_order(folder.findings)
    if head is None:
        return None, findings
    campaign = Campaign(
        id=campaign_id,
        name=head.name,
        time_zone=head.time_zone,
        language=head.language,
        start=head.start,
        end=head.end,
        titles=head.titles,
        slots=head.slots,
        grace=head.grace,
        block=head.block,
        post_tail=head.post_tail,
        calendar=calendar,
        pool=head.pool,
        items=items,
        claims=claims,
        contacts=contacts,
        sources=sources,
        hashtags=hashtags,
        lint_packs=head.lint_packs,
        where=head.where,
        publishers=publishers,
        cover_note=head.cover_note,
        themes=head.themes,
        unreadable=frozenset(records.unreadable),
        digest=head.digest,
        waves=head.waves,
    )
    return campaign, findings


def _look_for_hidden(
    folder: Folder, head: Head | None, contacts: Mapping[str, Contact], items: Mapping[str, ItemText]
) -> None:
    """Hidden characters in all that was read. What a help line is reached by is digits or an address, and has none
    in any language."""
    allowed = allowed_in(head.language) if head is not None else EVERYWHERE
    prefix = f"{folder.shown}/"
    report_hidden(folder, allowed, {i.where.path.removeprefix(prefix): i.id for i in items.values()})
    for contact in contacts.values() if allowed != NOTHING else ():
        for value in (contact.value, contact.href, *contact.find):
            for hidden in hidden_in(value)[:1]:
                message = f"hidden character in what {contact.id} is reached by: {told(value, hidden)}"
                folder.findings.append(CODES["C008"].at(contact.where, message))


def _look_around(folder: Folder, records: Records) -> None:
    """Report files whose names are nearly right: nobody would read them."""
    for entry in folder.names() or ():
        if entry.name.endswith(".toml") and entry.name not in FILES:
            near = get_close_matches(entry.name, FILES, n=1, cutoff=0.8)
            if near and not folder.exists(near[0]):
                for kind in KINDS_IN.get(near[0], ()):
                    records.lost(kind)
                folder.report(
                    "C007", entry.name, f"the file is not read; {near[0]} would be", hint=f"call it {near[0]}"
                )
