"""How a language names days: rules as data, one file a language in ``config/lint/days``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from ...domain.dates import DateRule
from ...light_dataclass import dataclass
from ...schema.field import key as declare
from ..load.date_rules import read_rule
from ..phrases import mistake_in
from ..rule_files import RuleFile, RuleFiles, table_since
from ..toml_file import Table

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
#: What a text says of where in the month it stands; day_positions.py says what is right.
POSITIONS = tuple(
    "note-of-all day-number week quarter third halfway two-thirds three-quarters middle young old first-days last-days "
    "into until since length lasts this-month this-weekday first-day last-day nth-now ahead behind weekday-this "
    "weekday-next weekday-coming weekday-past season digits".split()
)
#: What stands for a day, a month or a series in a text that is looked at, by the name that a pattern has for it.
_PLACES: Mapping[str, str] = {
    "month": r"@month(?P<month>\d+)",
    "ours": r"(?:@ours(?P<ours>\d+)|@month(?P<of_month>\d+))",
    "name": r"@name(?P<name>\d+)",
    "weekday": r"@weekday(?P<weekday>\d+)",
    "day": r"@day(?P<day>\d+)",
    "n": r"(?P<n>\d{1,3}(?:[a-z]{2})?|[^\W\d_]+(?:-[^\W\d_]+)?)",
    "m": r"(?P<m>\d{1,3}|[^\W\d_]+(?:-[^\W\d_]+)?)",
}
_PLACE = re.compile(r"\{([a-z]+)\}")
#: What a pattern takes for an i or an s in any case, and no other comparison does.
_OTHER_LETTERS = {0x130: "i", 0x131: "i", 0x17F: "s"}
#: Groups of a pattern in which nothing must be there.
_OPTIONAL = re.compile(r"\((?:\?:)?[^()]*(?:\)\?|\|[^()]*\))")
_INNERMOST = re.compile(r"\((?:\?(?P<looks><?[=!])|\?:|\?P<\w+>)?(?P<inner>[^()]*)\)(?P<times>[?*+]|\{[\d,]*\})?")
_CLASS = re.compile(r"\[[^\]]*\]|\\.")
#: Letters of a pattern that stand for themselves.
_LITERAL = re.compile(r"(?<![\w{])[a-z]{3,}(?![\w?*+{}])|/(?![?*{])")
_LISTS = ("numbers", "ordinals", "endings", "forms", "nth", "month_is")


class Position(NamedTuple):
    """A pattern, by what it says. A sentence in which it stands names all of ``places``, and has one of ``letters``
    where there are any."""

    kind: str
    written: str
    places: frozenset[str]
    letters: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Positions:
    """How a language says where in the month a text stands.

    ``seasons``: month and day on which each begins. ``now``, ``not_now``: of the day of
    the text, and of another. ``one``: words for 1. ``weeks``: for a week. ``words``: one of them stands in a sentence
    that names no day and says something of this kind. ``invites``, ``reports``: patterns of sentences about a date to
    come, and of words right before one that is over. ``open_ended``: words before a date. ``drawn_together``: one word
    for two.
    """

    patterns: tuple[Position, ...]
    seasons: Mapping[str, tuple[int, int]]
    one: tuple[str, ...] = ()
    now: tuple[str, ...] = ()
    not_now: tuple[str, ...] = ()
    weeks: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    invites: tuple[str, ...] = ()
    reports: tuple[str, ...] = ()
    open_ended: tuple[str, ...] = ()
    drawn_together: tuple[tuple[str, str], ...] = ()


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
    positions: Positions


def _rules(table: Table, file: RuleFile) -> DayRules:
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
    positions = _positions(table)
    table.close("the rules about days")
    return DayRules(
        file.name,
        file.fingerprint,
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
        positions=positions,
    )


def position_pattern(written: str, now: Iterable[str]) -> str:
    """The regular expression for what says where in the month a text stands; ``now``: words for "now"."""
    places = _places(tuple(now))
    pattern = _PLACE.sub(lambda m: places.get(m[1], m[0]), written)
    return rf"(?<![\w@-])(?:{pattern})(?![\w-])"


@lru_cache(maxsize=16)
def _places(now: tuple[str, ...]) -> Mapping[str, str]:
    return {**_PLACES, "now": rf"(?:{any_of(now)})"}


def any_of(words: Iterable[str]) -> str:
    """An alternation of words in small letters, the longest first, alike in each process; never empty."""
    each = sorted({re.escape(small(w)).replace(r"\ ", r"[ \u00a0]") for w in words})
    found = sorted(each, key=len, reverse=True)
    return "|".join(found).replace("'", "['\u2019]") or "(?!)"


def small(text: str) -> str:
    """In small letters, each where it stood."""
    return text.lower() if text.isascii() else text.translate(_OTHER_LETTERS).lower()


def _positions(table: Table) -> Positions:
    part = table_since(table, "positions", "nobody asks where in the month a text says that it stands")
    if part is None:
        return Positions((), {})
    one, now, not_now, weeks, words = map(part.required_texts, ("one", "now", "not_now", "weeks", "words"))
    seasons = {name: divmod(day, 100) for name, day in part.numbered("seasons").items()}
    patterns = {key: part.texts(key) for key in POSITIONS}
    for key, written in ((key, one) for key, many in patterns.items() for one in many):
        if mistake := mistake_in(written, position_pattern(written, now)):
            part.report("C013", f"{key} has a pattern that cannot be used: {mistake}", key)
    invites, reports, open_ended = map(part.required_texts, ("invites", "reports", "open_ended"))
    drawn = tuple((short, full) for short, _, full in (pair.partition("|") for pair in part.texts("drawn_together")))
    part.close("positions")
    every = tuple(_position(key, one) for key, many in patterns.items() for one in many)
    return Positions(every, seasons, one, now, not_now, weeks, words, invites, reports, open_ended, drawn)


def _position(kind: str, written: str) -> Position:
    rest = written
    while (shorter := _OPTIONAL.sub(" ", rest)) != rest:
        rest = shorter
    return Position(kind, written, frozenset(_PLACE.findall(rest)) - {"n", "m", "now"}, _letters_needed(written))


def _letters_needed(pattern: str) -> tuple[str, ...]:
    """Of these letters some stand wherever the pattern does; none where that is not clear."""
    rest, choices = _CLASS.sub(" ", _PLACE.sub(" ", pattern)), list[list[str]]()
    while group := _INNERMOST.search(rest):
        before = rest[: group.start()]
        is_within = before.count("(") > before.count(")")
        if not (is_within or group["looks"] or (group["times"] or "1").startswith(("?", "*", "{0", "{,"))):
            choices.append(group["inner"].split("|"))
        rest = f"{before} {rest[group.end() :]}"
    if "|" in rest or "(" in rest:
        return ()
    each = ([max(_LITERAL.findall(one), key=len, default="") for one in many] for many in (*choices, [rest]))
    return tuple(max(filter(all, each), key=lambda words: min(map(len, words)), default=()))


load_day_rules = RuleFiles("days", _rules).load
