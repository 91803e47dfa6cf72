"""How a language names days: rules as data, one file a language in ``config/lint/days``."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from ...domain.dates import DateRule
from ...domain.finding import Finding
from ...light_dataclass import dataclass
from ...project import starter_folder
from ...schema.field import key as declare
from ..load.campaign_folder import Folder
from ..load.date_rules import read_rule
from ..toml_file import Table, open_toml

#: How many days after its own a text means by these.
RELATIVE = {"today": 0, "tomorrow": 1, "yesterday": -1, "after_tomorrow": 2, "before_yesterday": -2}
#: Weeks and months: the unit, and how many of them later.
SPANS = {
    "this_week": ("week", 0),
    "next_week": ("week", 1),
    "last_week": ("week", -1),
    "this_month": ("month", 0),
    "next_month": ("month", 1),
    "last_month": ("month", -1),
}
COUNTS = ("day_of", "left", "weeks_left", "until", "later", "ago", "years_ago_today", "this_day_in")
#: What the texts say of the whole series.
SERIES = ("whole_months", "owners", "subjects", "begins", "ends", "links", "last", "first", "messages", "next_day")
#: Words that say whether two names of a day, one after the other, are said to be one day.
_BETWEEN = ("verbs", "stops", "fillers", "articles")
_YEARS = ("before_a_year", "determiners", "after_no_year", "own", "not_after", "denials", "leap")
_LISTS = ("numbers", "ordinals", "endings", "forms", "nth", "month_is")


@dataclass(frozen=True, eq=False)
class DayRules:
    """The rules of one language. ``holidays``: names in small letters, with the rule of their day."""

    language: str
    fingerprint: str  # of the file
    title: str
    months: tuple[tuple[str, ...], ...]
    weekdays: tuple[tuple[str, ...], ...]
    words: Mapping[str, tuple[str, ...]]
    series: Mapping[str, tuple[str, ...]]
    counts: Mapping[str, tuple[str, ...]]
    relative: Mapping[str, tuple[str, ...]]
    spans: Mapping[str, tuple[str, ...]]
    holidays: Mapping[str, DateRule]
    nths: Mapping[str, int]  # "third" weekday of a month, and the last: -1
    observances: Mapping[str, int]  # months that are known by a name, in small letters


@lru_cache(maxsize=16)
def load_day_rules(
    lint_dir: Path, language: str, *, shown: str = "config/lint"
) -> tuple[DayRules | None, tuple[Finding, ...]]:
    """The rules of a language, read strictly; None where it has none, or none that can be used."""
    code = language.partition("-")[0].casefold()
    folder = Folder(lint_dir / "days", f"{shown}/days")
    if not folder.exists(f"{code}.toml"):  # a project from before there were any reads those that are shipped
        folder = Folder(starter_folder() / "config/lint/days", f"{shown}/days")
    if not folder.exists(f"{code}.toml"):
        return None, ()
    table = open_toml(folder, f"{code}.toml")
    folder.report_hidden()
    rules = (
        None
        if table is None
        else _rules(table, code, hashlib.sha256(folder.texts[f"{code}.toml"].encode()).hexdigest())
    )
    findings = tuple(folder.findings)
    return (None if any(f.severity == "red" for f in findings) else rules), findings


def _rules(table: Table, code: str, fingerprint: str) -> DayRules:
    title = table.text("title")
    months, weekdays = (
        tuple(tuple(names.split("|")) for names in table.required_texts(key)) for key in ("months", "weekdays")
    )
    for key, every, wanted in (("months", months, 12), ("weekdays", weekdays, 7)):
        if len(every) != wanted:
            table.report("C013", f"{key} has {len(every)} entries; there are {wanted}", key)
    words = {key: table.required_texts(key) for key in (*_LISTS, *_YEARS, *_BETWEEN)}
    nths = table.numbered("nths")
    inner = (("series", SERIES), ("counts", COUNTS), ("relative", tuple(RELATIVE)), ("spans", tuple(SPANS)))
    lists: dict[str, Mapping[str, tuple[str, ...]]] = {}
    for name, keys in inner:
        part = table.table(name)
        lists[name] = {key: part.required_texts(key) for key in keys}
        part.close(name)
    holidays: dict[str, DateRule] = {}
    for entry in table.tables("holiday"):
        names, on = entry.texts("names"), entry.table("on")
        rule = read_rule(on, in_window=False)
        if rule is not None:
            holidays.update({name.casefold(): rule for name in names})
        entry.close("a holiday")
    observances = {}
    for entry in table.tables("observance"):
        number = entry.take(declare("month", int, least=1, most=12))
        observances.update({name.casefold(): number for name in entry.texts("names")})
        entry.close("a month with a name")
    table.close("the rules about days")
    return DayRules(
        code,
        fingerprint,
        title,
        months,
        weekdays,
        words,
        series=lists["series"],
        counts=lists["counts"],
        relative=lists["relative"],
        spans=lists["spans"],
        holidays=holidays,
        nths=nths,
        observances=observances,
    )
