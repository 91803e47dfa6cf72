"""An item file: TOML between two lines of +++, then the sections Post and Email, and texts of single channels."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches

from ...channels.registry import CHANNELS
from .campaign_folder import Folder

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"#[ \t]+(.*?)[ \t#]*$|#$")
SECTIONS = ("Post", "Email")


@dataclass(frozen=True, slots=True)
class Section:
    """A section's text without the empty lines around it; ``line`` is that of its first line in the file."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class ItemFile:
    """An item file, taken apart. ``front`` starts on line 2 of the file."""

    front: str
    sections: dict[str, Section]


def take_apart(folder: Folder, name: str, text: str) -> ItemFile | None:
    """The parts of an item file; None when it has no front matter. Wrong sections are findings, and go on."""
    lines = text.split("\n")
    if lines[0].rstrip() != "+++":
        folder.report("C060", name, "the file does not start with a line +++", line=1)
        return None
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "+++"), None)
    if end is None:
        folder.report("C060", name, "the line +++ that ends the front matter is missing", line=1)
        return None
    return ItemFile("\n".join(lines[1:end]), _sections(folder, name, lines, end + 1))


def _sections(folder: Folder, name: str, lines: list[str], start: int) -> dict[str, Section]:
    found: dict[str, Section] = {}
    heading, heading_line, begin = "", 0, start
    fence = ""
    misnamed: set[str] = set()
    for number in range(start, len(lines) + 1):
        line = lines[number] if number < len(lines) else None
        if line is not None:
            mark = _FENCE.match(line)
            if mark and (not fence or mark[1].startswith(fence)):
                fence = "" if fence else mark[1]
            title = _HEADING.match(line)
            if fence or title is None:
                continue
        text, at = _trimmed(lines, begin, number)
        if not heading:
            if text:
                folder.report("C061", name, "there is text before the first section", line=at)
        elif heading not in SECTIONS and not _is_of_a_channel(heading):
            meant = _meant(heading)
            misnamed.add(meant)
            hint = f'write "# {meant}"' if meant else 'sub-headings have ##; sections are "# Post" and "# Email"'
            folder.report("C061", name, f'there is no section "{heading[:40]}"', line=heading_line, hint=hint)
        elif heading in found:
            folder.report("C061", name, f'the section "{heading}" stands here for the second time', line=heading_line)
        else:
            found[heading] = Section(text, at)
            if not text:
                folder.report("C061", name, f'the section "{heading}" is empty', line=heading_line)
        if line is not None and title is not None:
            heading, heading_line, begin = (title[1] or "").strip() or "#", number + 1, number + 1
    for section in SECTIONS:
        if section not in found:
            if section not in misnamed:
                folder.report("C061", name, f'the section "# {section}" is missing')
            found[section] = Section("", 0)
    return found


def _is_of_a_channel(heading: str) -> bool:
    """Whether it is the section of a channel that may have a text of its own: "Post: NAME"."""
    name = heading.removeprefix("Post: ")
    rules = spec.post if name != heading and (spec := CHANNELS.get(name)) is not None else None
    return rules is not None and rules.section == heading


def _meant(heading: str) -> str:
    """The section that a heading probably means, or an empty text."""
    near = get_close_matches(heading.lower(), [s.lower() for s in SECTIONS], n=1, cutoff=0.7)
    return near[0].capitalize() if near else ""


def _trimmed(lines: list[str], begin: int, end: int) -> tuple[str, int]:
    while begin < end and not lines[begin].strip():
        begin += 1
    while end > begin and not lines[end - 1].strip():
        end -= 1
    return "\n".join(lines[begin:end]), begin + 1
