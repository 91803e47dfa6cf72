"""Some days of January in place of the whole month, for tests whose commands each read, render and check all of it."""

from __future__ import annotations

import re
from pathlib import Path


def keep_five_days(root: Path) -> None:
    """The awareness day with two days before and after it."""
    keep_days(root, 9, 13)


def keep_days(root: Path, first: int, last: int) -> None:
    """Those days as a month of its own."""
    (folder,) = (root / "campaigns").glob("human-*")
    campaign, calendar = folder / "campaign.toml", folder / "calendar.toml"
    text = campaign.read_text(encoding="utf-8")
    for name, month, day, ours in (("start", 1, 1, first), ("end", 2, 1, last)):
        whole = f'{name} = {{ rule = "fixed", month = {month}, day = {day} }}'
        assert whole in text
        text = text.replace(whole, f'{name} = {{ rule = "fixed", month = 1, day = {ours} }}')
    campaign.write_text(text, encoding="utf-8")
    head, *days = re.split(r"^(?=\[\[day\]\])", calendar.read_text(encoding="utf-8"), flags=re.MULTILINE)
    kept = [head]
    for entry in days:
        if number := re.search(r"^day = (\d+)$", entry, flags=re.MULTILINE):
            if first <= int(number[1]) <= last:
                kept.append(entry.replace(number[0], f"day = {int(number[1]) - first + 1}"))
        elif (number := re.search(r"month = 1, day = (\d+) ", entry)) and first <= int(number[1]) <= last:
            kept.append(entry)
    calendar.write_text("".join(kept), encoding="utf-8")
    used = set(re.findall(r'^(?:item|substitute) = "([\w-]+)"', "".join(kept), flags=re.MULTILINE))
    for file in (folder / "items").glob("*.md"):
        found = re.search(r'^id = "([\w-]+)"', file.read_text(encoding="utf-8"), flags=re.MULTILINE)
        if found and found[1] not in used and not found[1].startswith("spare-"):
            file.unlink()
