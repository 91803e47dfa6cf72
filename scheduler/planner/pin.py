"""The pinned plan: the calendar of a season as a file that a person can read, correct and review."""

from __future__ import annotations

import contextlib
import os
import re
import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path, PurePosixPath

from ..content.codes import CODES
from ..domain.campaign import Campaign
from ..domain.dates import WEEKDAYS
from ..domain.finding import Finding, Where
from ..domain.planned_item import Plan
from ..errors import ConfigurationError

_DAY_KEYS = {"on": date, "item": str, "held_back": str}


@dataclass(frozen=True, slots=True)
class PinnedDay:
    """One day of a pinned plan; ``held_back`` is the item that the day belongs to once it is released."""

    on: date
    item: str
    where: Where
    held_back: str = ""


@dataclass(frozen=True, slots=True)
class Pinned:
    """A pinned plan, as read."""

    campaign: str
    season: int
    days: tuple[PinnedDay, ...]
    where: Where


def pin_path(root: Path, campaign_id: str, season: int) -> Path:
    """Where the pinned plan of a season lives: ``campaigns/NAME/plan-SEASON.toml`` under the project's root."""
    return root / "campaigns" / campaign_id / f"plan-{season}.toml"


def write_plan(plan: Plan, path: Path) -> None:
    """Pin the plan. The file is replaced whole or not at all; the same plan gives the same bytes."""
    lines = [
        f"# The plan of {plan.campaign.id} for season {plan.season.year}, pinned by: plan --write",
        "# Days named here keep their item. Delete a [[day]] block to leave that day to the calendar and the pool;",
        "# delete the file to plan afresh.",
        f"campaign = {_quoted(plan.campaign.id)}",
        f"season = {plan.season.year}",
    ]
    for planned in plan.items:
        lines += [
            "",
            "[[day]]",
            f"on = {planned.on.isoformat()}  # {WEEKDAYS[planned.on.weekday()]}, day {planned.day_number}",
            f"item = {_quoted(planned.item.id)}",
        ]
        if planned.held_back is not None:
            lines.append(f"held_back = {_quoted(planned.held_back.id)}")
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
    where = Where(str(PurePosixPath(campaign.where.path).parent / path.name))
    unreadable = CODES["P015"]
    try:
        text = path.read_bytes().decode("utf-8-sig")
        data = tomllib.loads(text)
    except FileNotFoundError:
        return None, []
    except OSError as error:
        return None, [unreadable.at(where, f"the file cannot be read ({error.strerror})")]
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return None, [unreadable.at(Where(where.path, line), "the file is not UTF-8")]
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        return None, [unreadable.at(Where(where.path, int(found[1]) if found else 0), f"not TOML: {error}")]
    findings = [
        unreadable.at(where, f"unknown key {key!r}") for key in data if key not in ("campaign", "season", "day")
    ]
    season = data.get("season")
    if type(season) is not int:
        return None, [*findings, unreadable.at(where, "season must be a year, such as season = 2027")]
    if data.get("campaign") != campaign.id:
        message = f"it is the plan of campaign {data.get('campaign')!r}, not of {campaign.id!r}"
        return None, [*findings, unreadable.at(where, message)]
    days = _read_days(data.get("day", []), text, where.path, findings)
    return Pinned(campaign=campaign.id, season=season, days=tuple(days), where=where), findings


def _read_days(tables: object, text: str, path: str, findings: list[Finding]) -> list[PinnedDay]:
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        findings.append(CODES["P015"].at(Where(path), "days are written as [[day]] blocks"))
        return []
    headers = [n for n, line in enumerate(text.splitlines(), 1) if re.match(r"\s*\[\[\s*day\s*\]\]", line)]
    days: dict[date, PinnedDay] = {}
    for index, table in enumerate(tables):
        where = Where(path, headers[index] if index < len(headers) else 0)
        wrong = [f"unknown key {key!r}" for key in table if key not in _DAY_KEYS]
        wrong += [f"{key} is missing" for key in ("on", "item") if key not in table]
        wrong += [
            f"{key} must be {'a date such as 2027-01-11' if kind is date else 'an item id in quotes'}"
            for key, kind in _DAY_KEYS.items()
            if key in table and (not isinstance(table[key], kind) or isinstance(table[key], datetime))
        ]
        if not wrong and table["on"] in days:
            wrong = [f"{table['on']} is named already on line {days[table['on']].where.line}"]
        findings.extend(CODES["P015"].at(where, what) for what in wrong)
        if not wrong:
            days[table["on"]] = PinnedDay(table["on"], table["item"], where, table.get("held_back", ""))
    return [days[on] for on in sorted(days)]


def _quoted(text: str) -> str:
    """A TOML basic string (toml.io, "String")."""
    return '"' + re.sub(r'[\x00-\x1f"\\\x7f]', lambda match: f"\\u{ord(match[0]):04x}", text) + '"'
