"""Small campaigns of every shape, made of files alone: a window, the days that it names, and how often it speaks."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.support.two_people import declare_alone

ROOT = Path(__file__).parents[2]

_CLAIMS = """\
[[claim]]
id = "counted"
text = "the county counted 12 of them"
kind = "statistic"
status = "current"
period = "2026"
numbers = ["12"]

[claim.source]
title = "Yearly count"
publisher = "Example County"
url = "https://county.example.org/count"
dated = "2027-01"
retrieved_on = 2027-01-20

[publishers]
"Example County" = ["county.example.org"]
"""

_CONTACTS = """\
[[contact]]
id = "line"
kind = "phone"
value = "311"
label = "County line"
purpose = "for questions"
status = "active"
"""


@dataclass(frozen=True, slots=True)
class Shape:
    """``start``, ``end``: date rules as TOML. ``days``: so many numbered days; ``special``: rule and name of a day that
    the calendar finds by itself. ``more``: further TOML of campaign.toml. The pool has ``spare`` items."""

    id: str
    start: str
    end: str
    days: int = 0
    special: tuple[str, str] | None = None
    more: str = ""
    spare: int = 0
    has_records: bool = True


def fixed(month: int, day: int) -> str:
    return f'{{ rule = "fixed", month = {month}, day = {day} }}'


def nth(n: int, weekday: str, month: int) -> str:
    return f'{{ rule = "nth-weekday", month = {month}, weekday = "{weekday}", n = {n} }}'


def near(weekday: str, month: int, day: int) -> str:
    after = f"{{ month = {month}, day = {day} }}"
    return f'{{ rule = "weekday-near", weekday = "{weekday}", on_or_after = {after} }}'


def later(days: int, than: str) -> str:
    return f'{{ rule = "offset", days = {days}, of = {than} }}'


def write_project(shape: Shape, root: Path) -> Path:
    """A project with this campaign and nothing else."""
    for part in ("templates", "config"):
        shutil.copytree(ROOT / part, root / part)
    declare_alone(root)
    campaign = root / "campaigns" / shape.id
    (campaign / "items").mkdir(parents=True)
    names = [f"day-{n}" for n in range(1, shape.days + 1)]
    spares = [f"spare-{n}" for n in range(1, shape.spare + 1)]
    lines = [f'[[day]]\nday = {n}\nitem = "{name}"\n' for n, name in enumerate(names, start=1)]
    if shape.special is not None:
        rule, name = shape.special
        lines.append(f'[[day]]\non = {rule}\nitem = "special"\nspecial = "{name}"\nfixed = true\nkey = true\n')
        names.append("special")
    (campaign / "calendar.toml").write_text("\n".join(lines), "utf-8")
    head = (
        f'name = "Porch time"\ntime_zone = "America/Chicago"\nlanguage = "en"\nlint_packs = ["house"]\n'
        f"[window]\nstart = {shape.start}\nend = {shape.end}\n"
        '[[titles]]\nfirst = 2020\ntitle = "Porch time"\n[slots]\ndefault = "09:00"\n[lateness]\nwindow = "same-day"\n'
    )
    pool = f"[pool]\nitems = {spares}\n".replace("'", '"') if spares else ""
    block = '[block]\ncontacts = ["line"]\npost_tail = "Ask: {{ contact(\'line\').value }}"\n'
    (campaign / "campaign.toml").write_text(head + (block if shape.has_records else "") + pool + shape.more, "utf-8")
    if shape.has_records:
        (campaign / "claims.toml").write_text(_CLAIMS, "utf-8")
        (campaign / "contacts.toml").write_text(_CONTACTS, "utf-8")
    for n, name in enumerate([*names, *spares]):
        (campaign / "items" / f"{name}.md").write_text(_item(name, states_claim=shape.has_records and n == 0), "utf-8")
    return root


def _item(name: str, *, states_claim: bool) -> str:
    said = "In {{ claim('counted').period }} {{ claim('counted').text }}. " if states_claim else ""
    said += _sentence(name)
    word = _sentence(name).split()[0]  # a number in a name would be one in a text
    head = f'id = "{name}"\nkind = "action"\ntitle = "The note called {word}"\npreheader = "About {word}."\n'
    head += 'action = { text = "Do it" }\n' + ('claims = ["counted"]\n' if states_claim else "")
    return f"+++\n{head}+++\n\n# Post\n{said}\n\n# Email\n{said}\n"


def _sentence(name: str) -> str:
    """Words of its own: two texts that are nearly alike are a finding."""
    letters = hashlib.sha256(name.encode()).hexdigest().translate(str.maketrans("0123456789", "ghijklmnop"))
    return " ".join(letters[at : at + 6] for at in range(0, 48, 6)).capitalize() + "."
