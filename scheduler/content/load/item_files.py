"""items/*.md: one day's message each."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...domain.campaign import TELLS_OF_THE_PAST, ItemText, Kind
from ..toml_file import Table, is_address, table_from
from .campaign_folder import LARGEST_ITEM, Folder
from .campaign_head import KINDS, TOPICS
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
    front.close("the front matter")
    if not item_id or not records.add("item", item_id, front.where("id"), item=item_id):
        return None
    if _id_in(name) != item_id and name != f"items/{item_id}.md":
        front.report(
            "C062", f"the item {item_id} stands in a file of another name", "id", f"call the file {item_id}.md"
        )
    if not front.is_usable():
        records.lost("item", item_id)
        return None
    return item


def _id_in(name: str) -> str:
    """The id that a file name promises: ``items/03-what-it-is.md`` -> ``what-it-is``."""
    return re.sub(r"^\d+-(?=.)", "", name.removeprefix("items/").removesuffix(".md"))


def _item(front: Table, item_id: str, parts: ItemFile, records: Records) -> ItemText:
    kind = front.text("kind", allowed=KINDS)
    title = front.text("title")
    claims, then, now = front.texts("claims"), front.texts("then"), front.texts("now")
    quotations, contacts, hashtags = front.texts("quotations"), front.texts("contacts"), front.texts("hashtags")
    named = (
        ("claims", "claim", claims),
        ("then", "claim", then),
        ("now", "claim", now),
        ("quotations", "passage", quotations),
        ("contacts", "contact", contacts),
        ("hashtags", "hashtag", hashtags),
    )
    for key, record, ids in named:
        for index, wanted in enumerate(ids):
            records.refer(record, wanted, front.where(key, index), key, item=item_id)
    if kind in KINDS:
        _fits_the_kind(front, kind, then, now, quotations)
    links = front.texts("links")
    for index, link in enumerate(links):
        if not is_address(link):
            front.report("C021", f'links holds "{link[:60]}", which is not a whole web address', "links", index=index)
    action = front.optional_table("action")
    action_text = action.text("text") if action else ""
    action_url = action.address("url") if action else ""
    if action:
        action.close("action")
    post, email = parts.sections["Post"], parts.sections["Email"]
    return ItemText(
        id=item_id,
        kind=Kind(kind) if kind in KINDS else Kind.FACT,
        title=title,
        subject=front.optional_text("subject") or title,
        preheader=front.optional_text("preheader"),
        post=post.text,
        email=email.text,
        where=front.where("id"),
        post_line=post.line,
        email_line=email.line,
        discreet_subject=front.optional_text("discreet_subject"),
        claims=claims,
        then=then,
        now=now,
        quotations=quotations,
        contacts=contacts,
        topics=front.texts("topics", allowed=TOPICS),
        hashtags=hashtags,
        content_note=front.optional_text("content_note"),
        action_text=action_text,
        action_url=action_url,
        about_signs=front.boolean("about_signs"),
        needs_decision=front.optional_text("needs_decision"),
        author=front.optional_text("author"),
        story_consent=front.optional_text("story_consent"),
        image_tags=front.texts("image_tags"),
        links=links,
        post_slot=front.slot("post_slot"),
        email_slot=front.slot("email_slot"),
        lateness=read_lateness(front),
        own_posts=tuple((name, s.text, s.line) for name, s in parts.sections.items() if name not in SECTIONS),
    )


def _fits_the_kind(front: Table, kind: str, then: Sequence[str], now: Sequence[str], quotations: Sequence[str]) -> None:
    if kind not in TELLS_OF_THE_PAST:
        for key, ids in (("then", then), ("now", now)):
            if ids:
                front.report("C063", f"an item of kind {kind} has no {key}", key)
        if kind == Kind.QUOTATION.value and not quotations:
            front.report("C064", "an item of kind quotation names no quotations")
        return
    if not then and not front.has("then"):
        front.report("C064", f"an item of kind {kind} names no then")
    if kind == Kind.THEN_NOW.value and not now and not front.has("now"):
        front.report("C064", "an item of kind then-now names no now")
