"""January's 9th to 13th in place of the whole month, for tests whose commands each read, render and check all of it."""

from __future__ import annotations

import re
from pathlib import Path

FIRST, LAST = 9, 13


def keep_five_days(root: Path) -> None:
    """The awareness day with two days before and after it, as a month of its own."""
    (folder,) = (root / "campaigns").glob("human-*")
    campaign, calendar = folder / "campaign.toml", folder / "calendar.toml"
    text = campaign.read_text(encoding="utf-8")
    for name, month, day, ours in (("start", 1, 1, FIRST), ("end", 2, 1, LAST)):
        whole = f'{name} = {{ rule = "fixed", month = {month}, day = {day} }}'
        assert whole in text
        text = text.replace(whole, f'{name} = {{ rule = "fixed", month = 1, day = {ours} }}')
    campaign.write_text(text, encoding="utf-8")
    head, *days = re.split(r"^(?=\[\[day\]\])", calendar.read_text(encoding="utf-8"), flags=re.MULTILINE)
    kept = [head]
    for entry in days:
        if number := re.search(r"^day = (\d+)$", entry, flags=re.MULTILINE):
            if FIRST <= int(number[1]) <= LAST:
                kept.append(entry.replace(number[0], f"day = {int(number[1]) - FIRST + 1}"))
        elif f"month = 1, day = {FIRST + 2} " in entry:
            kept.append(entry)
    calendar.write_text("".join(kept), encoding="utf-8")
    used = set(re.findall(r'^(?:item|substitute) = "([\w-]+)"', "".join(kept), flags=re.MULTILINE))
    for file in (folder / "items").glob("*.md"):
        found = re.search(r'^id = "([\w-]+)"', file.read_text(encoding="utf-8"), flags=re.MULTILINE)
        if found and found[1] not in used and not found[1].startswith("spare-"):
            file.unlink()
