"""items/*.md, one day's message each: TOML between two lines of +++, then the sections Post and Email, and texts of
single channels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ...channels.registry import CHANNELS
from ...domain.campaign import TELLS_OF_THE_PAST, Campaign, ItemText, Kind, topic_words, topics_meant
from ...domain.card import CardChoice
from ...light_dataclass import dataclass
from ...schema.field import key as declare
from ...schema.forms import web_link
from ...schema.toml_text import did_you_mean
from ..toml_file import Table, table_from
from .campaign_folder import LARGEST_ITEM, Folder
from .date_rules import read_lateness
from .item_pictures import read_picture, with_file
from .kept_records import read_once
from .references import Records

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"#[ \t]+(.*?)[ \t#]*$|#$")
SECTIONS = ("Post", "Email")


@dataclass(frozen=True)
class Section:
    """A section's text without the empty lines around it; ``line`` is that of its first line in the file."""

    text: str
    line: int


@dataclass(frozen=True)
class ItemFile:
    """An item file, taken apart. ``front`` starts on line 2 of the file."""

    front: str
    sections: dict[str, Section]
    missing: tuple[str, ...] = ()  # sections that are not there, under whatever name


def take_apart(folder: Folder, name: str, text: str) -> ItemFile | None:
    """The parts of an item file; None when it has no front matter. Wrong sections are findings, and go on."""
    lines = text.split("\n")
    marks = [number for number, line in enumerate(lines) if line.rstrip() == "+++"][:2]
    if len(marks) == 2 and marks[0] == 0:
        return ItemFile("\n".join(lines[1 : marks[1]]), *_sections(folder, name, lines, marks[1] + 1))
    wrong = "the file does not start with a line +++"
    if marks[:1] == [0]:
        wrong = "the line +++ that ends the front matter is missing"
    folder.report("C060", name, wrong, line=1)
    return None


def _sections(folder: Folder, name: str, lines: list[str], start: int) -> tuple[dict[str, Section], tuple[str, ...]]:
    """The sections, those that are missing with an empty text; and which are missing."""
    found: dict[str, Section] = {}
    headings = [(start - 1, "")]  # what comes before the first has none
    fence = ""
    for number, line in enumerate(lines[start:], start):
        mark = _FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        elif not fence and (title := _HEADING.match(line)):
            headings.append((number, (title[1] or "").strip() or "#"))
    misnamed: set[str] = set()
    for (number, heading), (end, _) in pairwise([*headings, (len(lines), "")]):
        text, at = trimmed(lines, number + 1, end)
        if not heading:
            if text:
                folder.report("C061", name, "there is text before the first section", line=at)
        elif heading not in SECTIONS and not _is_of_a_channel(heading):
            from difflib import get_close_matches  # paid for by mistakes alone

            near = get_close_matches(heading.lower(), [s.lower() for s in SECTIONS], n=1, cutoff=0.7)
            misnamed |= {word.capitalize() for word in near}
            hint = 'sub-headings have ##; sections are "# Post" and "# Email"'
            hint = f'write "# {near[0].capitalize()}"' if near else hint
            folder.report("C061", name, f'there is no section "{heading[:40]}"', line=number + 1, hint=hint)
        elif heading in found:
            folder.report("C061", name, f'the section "{heading}" stands here for the second time', line=number + 1)
        else:
            found[heading] = Section(text, at)
            if not text:
                folder.report("C061", name, f'the section "{heading}" is empty', line=number + 1)
    missing = tuple(section for section in SECTIONS if section not in found and section not in misnamed)
    for section in SECTIONS:
        found.setdefault(section, Section("", 0))
    return found, missing


def _is_of_a_channel(heading: str) -> bool:
    """Whether it is the section of a channel that may have a text of its own: "Post: NAME"."""
    name = heading.removeprefix("Post: ")
    rules = spec.post if name != heading and (spec := CHANNELS.get(name)) is not None else None
    return rules is not None and rules.section == heading


def trimmed(lines: Sequence[str], begin: int, end: int) -> tuple[str, int]:
    """The text of some lines without the empty ones around it, and its first line, counted from 1."""
    while begin < end and not lines[begin].strip():
        begin += 1
    while end > begin and not lines[end - 1].strip():
        end -= 1
    return "\n".join(lines[begin:end]), begin + 1


def read_items(folder: Folder, records: Records, head: Campaign | None) -> dict[str, ItemText]:
    """The items that could be read, by id, in the order of their file names. ``head``: what campaign.toml says; None
    where it cannot be read."""
    found: dict[str, ItemText] = {}
    entries = folder.names("items")
    if entries is None:
        records.lost("item")
    for entry in entries or ():
        name = f"items/{entry.name}"
        if entry.name.startswith(".") or entry.name.endswith(("~", ".swp", ".tmp")) or entry.name == "Thumbs.db":
            continue
        if entry.name.endswith(".md"):
            item = _read_item(folder, name, records, head)
            if item is not None:
                found[item.id] = item
        elif not entry.name.upper().startswith("README"):
            folder.report("C007", name, "the file is not read: items end in .md")
    return found


def _read_item(folder: Folder, name: str, records: Records, head: Campaign | None) -> ItemText | None:
    text = folder.read_text(name, LARGEST_ITEM)
    if text is None:
        return _item_of(folder, name, None, records, head)
    goes_by = None if head is None else (head.topics, head.rhythm.where is not None)
    return with_file(
        folder, read_once(folder, records, name, goes_by, lambda: _item_of(folder, name, text, records, head))
    )


def _item_of(folder: Folder, name: str, text: str | None, records: Records, head: Campaign | None) -> ItemText | None:
    parts = None if text is None else take_apart(folder, name, text)
    front = None if parts is None else table_from(folder, name, parts.front, first_line=2)
    # The id that the file's name promises: ``items/03-what-it-is.md`` -> ``what-it-is``.
    promised = re.sub(r"^\d+-(?=.)", "", name.removeprefix("items/").removesuffix(".md"))
    if parts is None or front is None:
        records.lost("item", promised)
        records.named["item"].setdefault(promised, folder.where(name))
        return None
    item_id = front.item = front.id()
    item = _item(front, parts, records, head)
    # Where not every channel has every item, one of the two texts may be meant to be missing.
    chooses = head is not None and (head.rhythm.where is not None or (item is not None and bool(item.channels)))
    for section in parts.missing if not chooses or len(parts.missing) == len(SECTIONS) else ():
        folder.report("C061", name, f'the section "# {section}" is missing')
    if not item_id:
        records.lost("item")
    if not item_id or not records.add("item", item_id, front.where("id"), item=item_id):
        return None
    if promised != item_id and name != f"items/{item_id}.md":
        said = f"the file is called {name.removeprefix('items/')}, and its item {item_id}"
        front.report("C062", said, "id", f"rename the file to {item_id}.md, or correct the id")
    if item is None:
        records.lost("item", item_id)
    return item


def _topics(front: Table, written: tuple[str, ...], topics: tuple[str, ...]) -> tuple[str, ...]:
    """What the item is about; a word that is none of the campaign's topics is a finding."""
    known = topic_words(topics)
    for index, word in enumerate(written):
        if word not in known:
            near = did_you_mean(word.lower(), known) or "name it in campaign.toml: topics = [...]"
            allowed = ", ".join(known) or "none, as long as campaign.toml names none"
            front.report("C013", f'topics holds "{word[:40]}"; allowed are: {allowed}', "topics", near, index)
    return topics_meant(tuple(word for word in written if word in known), topics)


def _item(front: Table, parts: ItemFile, records: Records, head: Campaign | None) -> ItemText | None:
    action = front.optional_table("action")
    given: dict[str, str] = {}
    if action is not None:
        given = {"action_text": action.text("text"), "action_url": action.take(declare("url", str, "", check=web_link))}
        action.close("action")
    card = front.optional_table("card")
    lateness, picture = read_lateness(front), read_picture(front, records)
    choice = CardChoice() if card is None else CardChoice(**card.read(CardChoice, records))
    values = front.read(ItemText, records, "the front matter")
    kind = values["kind"]
    if head is not None:
        values["topics"] = _topics(front, values["topics"], head.topics)
    for key, is_due in (("then", kind in TELLS_OF_THE_PAST), ("now", kind is Kind.THEN_NOW)):
        if values[key] and kind is not None and kind not in TELLS_OF_THE_PAST:
            front.report("C063", f"an item of kind {kind} has no {key}", key)
        elif is_due and not values[key] and not front.has(key):
            front.report("C064", f"an item of kind {kind} names no {key}")
    if kind is Kind.QUOTATION and not values["quotations"]:
        front.report("C064", "an item of kind quotation names no quotations")
    if not front.is_usable():
        return None
    post, email = parts.sections["Post"], parts.sections["Email"]
    return ItemText(
        **{**values, **given, "subject": values["subject"] or values["title"]},
        post=post.text,
        email=email.text,
        where=front.where("id"),
        post_line=post.line,
        email_line=email.line,
        lateness=lateness,
        card=choice,
        picture=picture,
        own_posts=tuple((name, s.text, s.line) for name, s in parts.sections.items() if name not in SECTIONS),
    )
