"""What is wrong with words that stand in most messages is told once, and where they stand.

Such words come from no item: a template has them, the settings, or a file of the campaign's records. Told for each
message they hide everything else, and each time with the place of an item in which nobody finds them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from ...domain.finding import Finding, Where
from ...domain.planned_item import Plan
from ..render.template_folders import template_folders

#: So few messages say it alike by chance.
_BY_CHANCE = 3
_SETTINGS = ("config/settings.toml", "config/channels.toml")
_KINDS = ("email", "post")
#: What the frame of emails lacks is said with other words of each.
_OF_THE_FRAME = frozenset({"M206", "M207"})


def told_once(findings: Iterable[Finding], plan: Plan, templates: Path, posts: frozenset[str]) -> list[Finding]:
    """The findings, with one in place of many that say the same of most items. ``posts``: the channels of posts."""
    kept: list[Finding] = []
    alike: dict[tuple[object, ...], list[Finding]] = {}
    places = {p.item.id: p.item.where for p in plan.items}
    for one in findings:
        if (one.item or one.items) and not one.waits and places.get(one.item, one.where) == one.where:
            said = () if one.code in _OF_THE_FRAME else (one.message, one.hint)
            alike.setdefault((one.code, one.severity, *said), []).append(one)
        else:
            kept.append(one)
    files = _Files(plan, templates)
    for same in alike.values():
        items = tuple(dict.fromkeys(i for f in same for i in (f.item, *f.items) if i))
        if len(places.keys() & set(items)) <= max(_BY_CHANCE, len(places) / 2):
            kept += same
            continue
        channels = {f.channel for f in same}
        kind = "post" if channels <= posts else "email"
        where = files.place_of(same[0].words, kind)
        kept.append(
            replace(same[0], where=where, item="", items=items, channel=channels.pop() if len(channels) == 1 else "")
        )
    return kept


class _Files:
    """The files whose words stand in every message."""

    def __init__(self, plan: Plan, templates: Path) -> None:
        self._root, self._campaign = templates.parent, plan.campaign
        self._folders = template_folders(templates, plan.campaign.id)

    def place_of(self, said: str, kind: str) -> Where:
        """Where the words stand that a finding is about, or as many of them as stand anywhere; else the frame of that
        kind of message."""
        every = said.split()
        for words in (every[:length] for length in range(len(every), 0, -1)):
            pattern = re.compile(r"\s+".join(map(re.escape, words)), re.IGNORECASE)
            for shown, text in self._texts:
                if len(" ".join(words)) > _BY_CHANCE and (found := pattern.search(text)):
                    return Where(shown, text.count("\n", 0, found.start()) + 1)
        return next((Where(shown) for shown, _ in self._texts if f"/{kind}/base." in shown), Where(f"templates/{kind}"))

    @cached_property
    def _texts(self) -> tuple[tuple[str, str], ...]:
        return tuple(self._read())

    def _read(self) -> Iterator[tuple[str, str]]:
        for folder in self._folders:
            for kind in _KINDS:
                for file in sorted((folder.path / kind).glob("*.*")):
                    yield f"{folder.shown}/{kind}/{file.name}", file.read_text("utf-8", errors="replace")
        campaign = Path(self._campaign.where.path).parent
        records = sorted(f"{campaign}/{file.name}" for file in (self._root / campaign).glob("*.toml"))
        for shown in (*_SETTINGS, *records):
            if (file := self._root / shown).is_file():
                yield shown, file.read_text("utf-8", errors="replace")
