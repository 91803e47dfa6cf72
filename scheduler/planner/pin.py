"""The pinned plan: the calendar of a season as a file that a person can read, correct and review."""

from __future__ import annotations

import contextlib
import os
import re
from dataclasses import replace
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Annotated

from ..content.codes import CODES
from ..domain.campaign import Campaign
from ..domain.finding import Finding, Where
from ..domain.formatting import WEEKDAYS
from ..domain.planned_item import Plan
from ..errors import ConfigurationError
from ..light_dataclass import dataclass
from ..schema.field import Field
from ..schema.misfit import Misfit, Rule
from ..schema.table import read
from ..schema.toml_text import BrokenToml, MissingFile, TextProblem, parse, read_text

_LARGEST = 2 * 1024 * 1024


@dataclass(frozen=True)
class PinnedDay:
    """One day of a pinned plan; ``held_back`` is the item that the day belongs to once it is released."""

    on: Annotated[date, Field("The day.")]
    item: Annotated[str, Field("The item that it keeps.")]
    where: Where
    held_back: Annotated[str, Field("The item that the day belongs to once it is released.")] = ""


@dataclass(frozen=True)
class Pinned:
    """A pinned plan, as read."""

    campaign: Annotated[str, Field("Whose plan it is.")]
    season: Annotated[int, Field("The year in which the season starts.")]
    days: tuple[PinnedDay, ...]
    where: Where


#: Where the pins of seasons that are over lie, in the campaign's folder. Such a season is still planned by its pin.
PAST = "past"


def pin_path(root: Path, campaign_id: str, season: int) -> Path:
    """Where the pinned plan of a season lives: ``campaigns/NAME/plan-SEASON.toml`` under the project's root, or in
    :data:`PAST` once it was put aside."""
    path = root / "campaigns" / campaign_id / f"plan-{season}.toml"
    aside = path.parent / PAST / path.name
    return aside if aside.exists() and not path.exists() else path


def pinned_seasons(root: Path, campaign_id: str) -> list[int]:
    """The seasons whose pins were not put aside, sorted."""
    found = (re.fullmatch(r"plan-(\d{4})\.toml", path.name) for path in (root / "campaigns" / campaign_id).glob("*"))
    return sorted(int(match[1]) for match in found if match is not None)


def put_aside(root: Path, campaign_id: str, season: int) -> None:
    """Move the pin of a season that is over to :data:`PAST`."""
    path = root / "campaigns" / campaign_id / f"plan-{season}.toml"
    try:
        (path.parent / PAST).mkdir(exist_ok=True)
        os.replace(path, path.parent / PAST / path.name)
    except OSError as error:
        raise ConfigurationError(
            f"{path.name} could not be moved to {PAST}/: {error.strerror}",
            hint="look at the folder's permissions; the file is as it was",
        ) from error


def write_plan(plan: Plan, path: Path) -> None:
    """Pin the plan. The file is replaced whole or not at all; the same plan gives the same bytes."""
    lines = [
        f"# The plan of {plan.campaign.id} for season {plan.season.year}, pinned by: plan --write",
        "# Days named here keep their item. Delete a [[day]] block to leave that day to the calendar and the pool;",
        "# delete the file to plan afresh.",
        f'campaign = "{plan.campaign.id}"',  # ids hold letters, digits and hyphens
        f"season = {plan.season.year}",
    ]
    for planned in plan.items:
        lines += [
            "",
            "[[day]]",
            f"on = {planned.on.isoformat()}  # {WEEKDAYS[planned.on.weekday()]}, day {planned.day_number}",
            f'item = "{planned.item.id}"',
        ]
        if planned.held_back is not None:
            lines.append(f'held_back = "{planned.held_back.id}"')
    temporary = path.with_name(path.name + ".new")
    try:
        temporary.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
        os.replace(temporary, path)
    except OSError as error:
        with contextlib.suppress(OSError):  # a disk that can only be read refuses this too
            temporary.unlink(missing_ok=True)
        raise ConfigurationError(
            f"the plan could not be written to {path.name}: {error.strerror}",
            hint="look at the folder's permissions and the free space; the old file is as it was",
        ) from error


def read_pinned(path: Path, campaign: Campaign) -> tuple[Pinned | None, list[Finding]]:
    """The pinned plan in ``path``, and all that is wrong with the file. None where there is no such file.

    Whether its items exist and its days fit the window is for ``make_plan`` to say.
    """
    name = f"{PAST}/{path.name}" if path.parent.name == PAST else path.name
    where = Where(str(PurePosixPath(campaign.where.path).parent / name))
    unreadable = CODES["P015"]
    try:
        toml = parse(read_text(path, _LARGEST))
    except MissingFile:
        return None, []
    except TextProblem as problem:
        message = f"not TOML: {problem.__cause__}" if isinstance(problem, BrokenToml) else problem.message
        return None, [unreadable.at(Where(where.path, problem.line), message)]
    findings = [unreadable.at(Where(where.path, line), f"{day} does not exist") for line, day in toml.bad_dates]

    def note(found: Misfit) -> None:
        line = toml.line(found.path[:2]) if found.path[0] == "day" else 0
        findings.append(unreadable.at(Where(where.path, line), _words(found)))

    pinned = read(Pinned, {k: v for k, v in toml.data.items() if k != "day"}, note, days=(), where=where)
    if pinned is None:
        return None, findings
    if pinned.campaign != campaign.id:
        message = f"it is the plan of campaign {pinned.campaign!r}, not of {campaign.id!r}"
        return None, [*findings, unreadable.at(where, message)]
    tables = toml.data.get("day", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        return pinned, [*findings, unreadable.at(where, "days are written as [[day]] blocks")]
    days: list[PinnedDay] = []
    for index, table in enumerate(tables):
        known, at = len(findings), Where(where.path, toml.line(("day", index)))
        day = read(PinnedDay, table, note, ("day", index), where=at)
        if day is None or known < len(findings):
            continue
        there = [known for known in days if known.on == day.on]
        if len(there) >= campaign.rhythm.most:
            findings.append(unreadable.at(at, f"{day.on} is named already on line {there[-1].where.line}"))
        else:
            days.append(day)
    return replace(pinned, days=tuple(sorted(days, key=lambda day: day.on))), findings


#: What a key must be, where it is something else.
_MUST_BE = {"on": "a date such as 2027-01-11", "season": "a year, such as season = 2027"}


def _words(found: Misfit) -> str:
    if found.rule is Rule.UNKNOWN:
        return f"unknown key {found.name!r}"
    if found.rule is Rule.MISSING and found.name != "season":
        return f"{found.name} is missing"
    return f"{found.name} must be {_MUST_BE.get(found.name, 'an id in quotes')}"
