"""campaign.toml: window, titles, slots, help-line block, pool."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from zoneinfo import ZoneInfo, available_timezones

from ...domain.campaign import TOPICS, DigestRule, Kind, Lateness, PoolRules, TitleForYears
from ...domain.dates import DateRule
from ...domain.finding import Where
from ...schema.toml_text import did_you_mean
from ..toml_file import Table
from .date_rules import WEEKDAY_NAMES, read_rule
from .lateness import read_lateness
from .references import Records

KINDS = tuple(kind.value for kind in Kind)


@dataclass(frozen=True, slots=True)
class Head:
    """What campaign.toml says."""

    name: str
    time_zone: str
    language: str
    start: DateRule
    end: DateRule
    titles: tuple[TitleForYears, ...]
    slots: dict[str, time]
    grace: Lateness
    block: tuple[str, ...]
    post_tail: str
    pool: PoolRules
    lint_packs: tuple[str, ...]
    cover_note: str
    themes: dict[str, str]
    where: Where
    digest: DigestRule | None
    waves: str


def read_head(top: Table, records: Records) -> Head | None:
    """The head of a campaign; None when a part without which nothing can be planned is missing or wrong."""
    name = top.text("name")
    if top.has("organisation"):  # who speaks is declared once; earlier versions asked for it here as well
        top.optional_text("organisation")
        top.report("C026", "organisation is not read here", "organisation")
    time_zone = _time_zone(top)
    language = top.text("language")
    if language and not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", language):
        top.report("C034", f'language "{language[:40]}" is not a language tag', "language")
    lint_packs = top.texts("lint_packs")
    cover_note = top.optional_text("cover_note")
    window = top.table("window")
    start, end = (_edge(window, key) for key in ("start", "end"))
    window.close("[window]")
    titles = _titles(top, records)
    slots = _slots(top.table("slots"))
    grace = read_lateness(top) or Lateness()
    block_table = top.table("block")
    block = block_table.texts("contacts")
    if not block and not block_table.has("contacts"):
        block_table.report("C011", "contacts is missing")
    post_tail = block_table.optional_text("post_tail")
    block_table.close("[block]")
    for index, contact in enumerate(block):
        records.refer("contact", contact, block_table.where("contacts", index), "contacts")
    themes = _themes(top)
    pool = _pool(top, records)
    digest = _digest(top)
    waves = _waves(top)
    top.close("campaign.toml")
    if not top.is_usable() or start is None or end is None or not titles or "default" not in slots or not time_zone:
        return None
    return Head(
        name,
        time_zone,
        language,
        start,
        end,
        titles,
        slots,
        grace,
        block,
        post_tail,
        pool,
        lint_packs,
        cover_note,
        themes,
        Where(top.where().path, 1),
        digest,
        waves,
    )


def _time_zone(top: Table) -> str:
    name = top.text("time_zone")
    if not name:
        return ""
    try:
        # Names without a slash (EST, Japan) are leftovers; half of them never change to summer time.
        good = ("/" in name and not name.startswith("Etc/")) or name == "UTC"
        if good:
            ZoneInfo(name)
            return name
    except (ValueError, OSError, KeyError):  # KeyError: ZoneInfoNotFoundError
        pass
    near = did_you_mean(name, sorted(z for z in available_timezones() if "/" in z))
    top.report("C031", f'time_zone "{name[:60]}" is not known', "time_zone", near)
    return ""


def _edge(window: Table, key: str) -> DateRule | None:
    table = window.table(key)
    return read_rule(table, in_window=True) if table.is_usable() else None


def _titles(top: Table, records: Records) -> tuple[TitleForYears, ...]:
    found: list[TitleForYears] = []
    for table in top.tables("titles", required=True):
        said = table.read(TitleForYears, records)
        if not table.is_usable():
            continue
        title = TitleForYears(**said)
        first, last = title.first, title.last
        other = next((t for t in found if first <= t.last and t.first <= last), None)
        if last < first:
            table.report("C032", f"the title's last season {last} is before its first {first}", "last")
        elif other:
            table.report("C032", f'the seasons {first} to {last} overlap with those of "{other.title}"', "first")
        else:
            found.append(title)
    return tuple(found)


def _slots(table: Table) -> dict[str, time]:
    found: dict[str, time] = {}
    if not table.has("default"):
        table.report("C011", "default is missing in [slots]")
    for channel in table.keys():
        written = table.slot(channel)
        if written:
            found[channel] = time.fromisoformat(written)
    return found


def _digest(top: Table) -> DigestRule | None:
    table = top.optional_table("digest")
    if table is None:
        return None
    weekday = table.optional_text("weekday", allowed=WEEKDAY_NAMES)
    if not table.has("weekday"):
        table.report("C011", "weekday is missing in [digest]")
    key_days = table.boolean("key_days")
    apart = table.optional_integer("days_apart", least=1, most=6) or 1
    title = table.optional_text("title")
    if not title.strip():
        # No words of the program's own: they would stand in one language whatever the campaign's is.
        code, words = ("C016", "title is empty") if table.has("title") else ("C011", "title is missing in [digest]")
        table.report(code, words)
    subject = table.optional_text("subject")
    preheader = table.optional_text("preheader")
    discreet = table.optional_text("discreet_subject")
    table.close("[digest]")
    if not weekday or not title.strip():
        return None
    place = WEEKDAY_NAMES.index(weekday)
    return DigestRule(place, key_days, apart, title, subject, preheader, discreet, table.where())


def _waves(top: Table) -> str:
    table = top.optional_table("waves")
    if table is None:
        return "campaign"
    if not table.has("by"):
        table.report("C011", "by is missing in [waves]")
    by = table.optional_text("by", "campaign", allowed=("campaign", "reader"))
    table.close("[waves]")
    return by


def _themes(top: Table) -> dict[str, str]:
    table = top.optional_table("themes")
    found: dict[str, str] = {}
    for week in table.keys() if table else ():
        assert table is not None  # noqa: S101 - tells the type checker what the line above says
        if not (week.isascii() and week.isdigit() and 1 <= int(week) <= 53):
            table.report("C013", f'themes has the key "{week[:40]}"; allowed are weeks, from 1', week)
            continue
        found[week] = table.text(week)
    return found


def _pool(top: Table, records: Records) -> PoolRules:
    table = top.optional_table("pool")
    if table is None:
        return PoolRules(where=top.where())
    items = table.texts("items")
    for index, item in enumerate(items):
        records.refer("item", item, table.where("items", index), "items")
    apart = table.optional_integer("min_days_between_same_kind", least=0, most=60) or 0
    most: dict[str, int] = {}
    limits = table.optional_table("max_per_kind")
    for kind in limits.keys() if limits else ():
        assert limits is not None  # noqa: S101 - as above
        number = limits.optional_integer(kind, least=0, most=366)
        if kind not in KINDS:
            limits.report(
                "C013",
                f'max_per_kind has "{kind[:40]}"; allowed are: {", ".join(KINDS)}',
                kind,
                did_you_mean(kind, KINDS),
            )
        elif number is not None:
            most[kind] = number
    shares: dict[str, float] = {}
    topics = table.optional_table("min_share_of_topic")
    for topic in topics.keys() if topics else ():
        assert topics is not None  # noqa: S101 - as above
        share = topics.optional_number(topic, least=0, most=1)
        if topic not in TOPICS:
            topics.report(
                "C013",
                f'min_share_of_topic has "{topic[:40]}"; allowed are: {", ".join(TOPICS)}',
                topic,
                did_you_mean(topic, TOPICS),
            )
        elif share is not None:
            shares[topic] = share
    rest = table.texts("rest_weekdays", allowed=WEEKDAY_NAMES)
    table.close("[pool]")
    return PoolRules(items, apart, most, shares, rest, table.where())
