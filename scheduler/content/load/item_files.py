"""items/*.md: one day's message each."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...domain.campaign import TELLS_OF_THE_PAST, ItemText, Kind
from ..toml_file import Table, table_from
from .campaign_folder import LARGEST_ITEM, Folder
from .front_matter import SECTIONS, ItemFile, take_apart
from .lateness import read_lateness
from .references import Records


def read_items(folder: Folder, records: Records) -> dict[str, ItemText]:
    """The items that could be read, by id, in the order of their file names."""
    found: dict[str, ItemText] = {}
    entries = folder.names("items")
    if entries is None:
        records.lost("item")
        return found
    for entry in entries:
        name = f"items/{entry.name}"
        if entry.name.startswith(".") or entry.name.endswith(("~", ".swp", ".tmp")) or entry.name == "Thumbs.db":
            continue
        if not entry.name.endswith(".md"):
            if not entry.name.upper().startswith("README"):
                folder.report("C007", name, "the file is not read: items end in .md")
            continue
        item = _read_item(folder, name, records)
        if item is not None:
            found[item.id] = item
    return found


def _read_item(folder: Folder, name: str, records: Records) -> ItemText | None:
    text = folder.read_text(name, LARGEST_ITEM)
    parts = None if text is None else take_apart(folder, name, text)
    front = None if parts is None else table_from(folder, name, parts.front, first_line=2)
    if parts is None or front is None:
        records.lost("item", _id_in(name))
        records.named["item"].setdefault(_id_in(name), folder.where(name))
        return None
    item_id = front.id()
    if not item_id:
        records.lost("item")
    front.item = item_id
    item = _item(front, item_id, parts, records)
    if not item_id or not records.add("item", item_id, front.where("id"), item=item_id):
        return None
    if _id_in(name) != item_id and name != f"items/{item_id}.md":
        front.report(
            "C062", f"the item {item_id} stands in a file of another name", "id", f"call the file {item_id}.md"
        )
    if item is None:
        records.lost("item", item_id)
    return item


def _id_in(name: str) -> str:
    """The id that a file name promises: ``items/03-what-it-is.md`` -> ``what-it-is``."""
    return re.sub(r"^\d+-(?=.)", "", name.removeprefix("items/").removesuffix(".md"))


def _item(front: Table, item_id: str, parts: ItemFile, records: Records) -> ItemText | None:
    action = front.optional_table("action")
    action_text = action.text("text") if action else ""
    action_url = action.address("url") if action else ""
    if action:
        action.close("action")
    lateness = read_lateness(front)
    said = front.read(ItemText, records, "the front matter")
    if said["kind"] is not None:
        _fits_the_kind(front, said["kind"], said["then"], said["now"], said["quotations"])
    if not item_id or not front.is_usable():
        return None
    post, email = parts.sections["Post"], parts.sections["Email"]
    return ItemText(
        **{**said, "subject": said["subject"] or said["title"]},
        post=post.text,
        email=email.text,
        where=front.where("id"),
        post_line=post.line,
        email_line=email.line,
        action_text=action_text,
        action_url=action_url,
        lateness=lateness,
        own_posts=tuple((name, s.text, s.line) for name, s in parts.sections.items() if name not in SECTIONS),
    )


def _fits_the_kind(
    front: Table, kind: Kind, then: Sequence[str], now: Sequence[str], quotations: Sequence[str]
) -> None:
    if kind not in TELLS_OF_THE_PAST:
        for key, ids in (("then", then), ("now", now)):
            if ids:
                front.report("C063", f"an item of kind {kind} has no {key}", key)
        if kind is Kind.QUOTATION and not quotations:
            front.report("C064", "an item of kind quotation names no quotations")
        return
    if not then and not front.has("then"):
        front.report("C064", f"an item of kind {kind} names no then")
    if kind is Kind.THEN_NOW and not now and not front.has("now"):
        front.report("C064", "an item of kind then-now names no now")
