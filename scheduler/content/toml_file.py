"""TOML tables read strictly: every key must be known and of its type; what is wrong becomes a finding.

Each getter always gives a value of its type, so that reading goes on and all findings come at once. A table whose
required keys could not all be read is not usable: its values must not be used then.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping
from typing import TypeVar
from urllib.parse import urlsplit

from ..domain.finding import Where
from ..toml_lines import KeyPath
from ..toml_text import NO_DATE, BrokenToml, TomlText, did_you_mean, parse
from .codes import CODES
from .load.campaign_folder import LARGEST_TOML, Folder

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NO_VALUE = object()
T = TypeVar("T")


def open_toml(folder: Folder, name: str) -> Table | None:
    """The top table of a file in the campaign's folder; None after a finding."""
    text = folder.read_text(name, LARGEST_TOML)
    return None if text is None else table_from(folder, name, text)


def table_from(folder: Folder, name: str, text: str, first_line: int = 1) -> Table | None:
    """The top table of a TOML text that starts at ``first_line`` of the file; None after a finding."""
    try:
        toml = parse(text)
    except BrokenToml as problem:
        line = problem.line + first_line - 1 if problem.line else 0
        folder.report("C001", name, problem.message, line=line, hint=problem.hint)
        return None
    folder.tomls.append((name, first_line, text, toml.data))
    for line, written in toml.bad_dates:
        folder.report("C015", name, f"{written} does not exist", line=line + first_line - 1)
    return Table(folder, name, toml, toml.data, (), first_line)


class Table:
    """One table of a TOML file, read key by key. Call :meth:`close` at the end: it reports the unknown keys."""

    def __init__(
        self,
        folder: Folder,
        name: str,
        toml: TomlText,
        data: Mapping[str, object],
        path: KeyPath,
        first_line: int = 1,
        item: str = "",
    ) -> None:
        self._folder, self._name, self._toml, self._data, self._path = folder, name, toml, data, path
        self._first_line = first_line
        self._known: dict[str, None] = {}
        self._inner: list[Table] = []
        self._usable = True
        self.item = item  # id of the item that findings are about

    def is_usable(self) -> bool:
        """Whether everything that must be there is there and of its type, in this table and those within it."""
        return self._usable and all(t.is_usable() for t in self._inner)

    def where(self, key: str | None = None, index: int | None = None) -> Where:
        """Where a key stands; without ``key`` where the table starts."""
        path = self._path if key is None else (*self._path, key) if index is None else (*self._path, key, index)
        line = self._toml.line(path)
        return self._folder.where(self._name, line + self._first_line - 1 if line else 0)

    def report(self, code: str, message: str, key: str | None = None, hint: str = "", index: int | None = None) -> None:
        """Add a finding at a key of this table."""
        self._folder.findings.append(CODES[code].at(self.where(key, index), message, hint=hint, item=self.item))

    def has(self, key: str) -> bool:
        return key in self._data

    def keys(self) -> Iterator[str]:
        """The keys of a table in which they are free to choose."""
        return iter(self._data)

    # -- texts

    def text(self, key: str, *, allowed: Collection[str] | None = None) -> str:
        """A text that must be there and must say something; one of ``allowed`` if given."""
        value = self._get(key, str, "a text in quotes", required=True)
        if value is None:
            return ""
        if not value.strip():
            self.report("C016", f"{key} is empty", key)
            self._usable = False
        elif allowed is not None and not self._one_of(key, value, allowed):
            self._usable = False
        return value

    def optional_text(self, key: str, default: str = "", *, allowed: Collection[str] | None = None) -> str:
        """A text that may be left out."""
        value = self._get(key, str, "a text in quotes")
        if value is None or (value and allowed is not None and not self._one_of(key, value, allowed)):
            return default
        return value

    def id(self, key: str = "id") -> str:
        """The record's own id; empty after a finding."""
        value = self.text(key)
        if value.strip() and not _ID.fullmatch(value):
            self.report("C017", f"{key} {_shown(value)} is malformed", key)
            self._usable = False
            return ""
        return value.strip()

    def address(self, key: str) -> str:
        """An optional web address."""
        value = self.optional_text(key)
        if value and not is_address(value):
            self.report("C021", f"{key} is not a whole web address", key)
        return value

    def slot(self, key: str) -> str:
        """An optional time ``HH:MM``; empty when absent or wrong."""
        value = self._get(key, str, 'a time in quotes, as "07:30"')
        if not value:
            return ""
        if not re.fullmatch(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", value):
            self.report("C030", f"{key} {_shown(value)} is not a time", key)
            return ""
        return value

    def texts(self, key: str, *, allowed: Collection[str] | None = None) -> tuple[str, ...]:
        """A list of texts that may be left out."""
        value = self._get(key, list, 'a list of texts in quotes, as ["a", "b"]')
        found: dict[str, None] = {}
        for index, entry in enumerate(value or ()):
            if not isinstance(entry, str):
                self.report("C012", f"{key} holds {_kind(entry)} where a text in quotes belongs", key, index=index)
            elif not entry.strip():
                self.report("C016", f"{key} holds an empty text", key, index=index)
            elif entry in found:
                self.report("C020", f"{key} names {_shown(entry)} twice", key, index=index)
            elif allowed is None or self._one_of(key, entry, allowed, index):
                found[entry] = None
        return tuple(found)

    # -- numbers, dates, yes and no

    def integer(self, key: str, *, least: int, most: int) -> int:
        """A whole number that must be there; ``least`` after a finding."""
        value = self._whole(key, least, most, required=True)
        return least if value is None else value

    def optional_integer(self, key: str, *, least: int, most: int) -> int | None:
        """A whole number that may be left out."""
        return self._whole(key, least, most, required=False)

    def integers(self, key: str, *, least: int, most: int) -> tuple[int, ...]:
        """A list of whole numbers that may be left out."""
        value = self._get(key, list, "a list of whole numbers")
        found: dict[int, None] = {}
        for index, entry in enumerate(value or ()):
            if isinstance(entry, bool) or not isinstance(entry, int):
                self.report("C012", f"{key} holds {_kind(entry)} where a whole number belongs", key, index=index)
            elif not least <= entry <= most:
                self.report("C014", f"{key} holds {entry}; allowed is {least} to {most}", key, index=index)
            else:
                found[entry] = None
        return tuple(found)

    def optional_number(self, key: str, *, least: float, most: float) -> float | None:
        """A number that may be left out."""
        whole = isinstance(self._data.get(key), int)
        value = self._get(key, int, "a number") if whole else self._get(key, float, "a number")
        if value is not None and not least <= value <= most:  # also false for nan
            self.report("C014", f"{key} is {value}; allowed is {least:g} to {most:g}", key)
            return None
        return None if value is None else float(value)

    def boolean(self, key: str, default: bool = False) -> bool:
        """True or false; may be left out."""
        value = self._get(key, bool, "true or false")
        return default if value is None else value

    def date(self, key: str) -> dt.date:
        """A date that must be there."""
        found = self._date(key, required=True)
        return NO_DATE if found is None else found

    def optional_date(self, key: str) -> dt.date | None:
        """A date that may be left out."""
        return self._date(key, required=False)

    # -- tables

    def table(self, key: str) -> Table:
        """A table that must be there; after a finding an empty one that asks for nothing."""
        found = self.optional_table(key)
        if found is not None:
            return found
        if key not in self._data:
            self._missing(key, key if self._path else f"[{key}]")
        self._usable = False
        return _Silent(self._folder, self._name, self._toml, {}, (*self._path, key), self._first_line, self.item)

    def optional_table(self, key: str) -> Table | None:
        """A table that may be left out."""
        value = self._get(key, dict, "a table")
        return None if value is None else self._within(value, key)

    def tables(self, key: str, *, required: bool = False) -> list[Table]:
        """The entries of ``[[key]]``."""
        value = self._get(key, list, f"a list of tables, each started by [[{key}]]", required=required)
        found = []
        for index, entry in enumerate(value or ()):
            if isinstance(entry, dict):
                found.append(self._within(entry, key, index))
            else:
                self.report("C012", f"{key} holds {_kind(entry)} where a table belongs", key, index=index)
                self._usable = self._usable and not required
        return found

    def close(self, what: str = "") -> None:
        """Report the keys that nobody asked for. ``what`` names the table for people."""
        for key in self._data:
            if key not in self._known:
                place = f" in {what}" if what else ""
                hint = did_you_mean(key, list(self._known)) or f"known are: {', '.join(sorted(self._known))}"
                self.report("C010", f"unknown key {_shown(key)}{place}", key, hint)

    # -- inside

    def _within(self, value: dict[str, object], key: str, index: int | None = None) -> Table:
        path = (*self._path, key) if index is None else (*self._path, key, index)
        table = Table(self._folder, self._name, self._toml, value, path, self._first_line, self.item)
        if index is None:  # entries of a list stand for themselves
            self._inner.append(table)
        return table

    def _get(self, key: str, kind: type[T], words: str, *, required: bool = False) -> T | None:
        self._known[key] = None
        value = self._data.get(key, _NO_VALUE)
        if value is _NO_VALUE:
            if required:
                self._missing(key, key)
            return None
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            hint = ""
            if kind in (int, float) and isinstance(value, str) and re.fullmatch(r"\s*-?[0-9.]+\s*", value):
                hint = "write the number without quotes"
            elif kind is bool and isinstance(value, str):
                hint = "write true or false, without quotes"
            elif words.startswith("a time"):
                hint = 'put the time in quotes, as "07:30"'
            self.report("C012", f"{key} is {_kind(value)}; it must be {words}", key, hint)
            self._usable = self._usable and not required
            return None
        return value

    def _missing(self, key: str, shown: str) -> None:
        self._usable = False
        near = did_you_mean(key, [k for k in self._data if k not in self._known])
        hint = f"the table has {near.removeprefix('did you mean ').removesuffix('?')}; is that meant?" if near else ""
        self.report("C011", f"{shown} is missing", None, hint)

    def _whole(self, key: str, least: int, most: int, *, required: bool) -> int | None:
        value = self._get(key, int, "a whole number", required=required)
        if value is not None and not least <= value <= most:
            self.report("C014", f"{key} is {_shown(value)}; allowed is {least} to {most}", key)
            self._usable = self._usable and not required
            return None
        return None if value is None else int(value)

    def _date(self, key: str, *, required: bool) -> dt.date | None:
        value = self._get(key, dt.date, "a date", required=required) if not self._quoted_date(key, required) else None
        if isinstance(value, dt.datetime):
            self.report("C012", f"{key} is a date with a time; it must be a date alone", key)
            value = None
            self._usable = self._usable and not required
        if value == NO_DATE:  # reported when the file was read
            self._usable = self._usable and not required
        return None if value == NO_DATE else value

    def _quoted_date(self, key: str, required: bool) -> bool:
        value = self._data.get(key)
        if not isinstance(value, str):
            return False
        self._known[key] = None
        self._usable = self._usable and not required
        self.report("C012", f"{key} is a text; it must be a date", key, "write the date without quotes, as 2027-01-11")
        return True

    def _one_of(self, key: str, value: str, allowed: Collection[str], index: int | None = None) -> bool:
        if value in allowed:
            return True
        words = list(allowed)
        near = did_you_mean(value.lower(), words)
        self.report("C013", f"{key} is {_shown(value)}; allowed are: {', '.join(words)}", key, near, index)
        return False


class _Silent(Table):
    """Stands in for a table that is missing: one finding is enough for it."""

    def report(self, code: str, message: str, key: str | None = None, hint: str = "", index: int | None = None) -> None:
        self._usable = False


def is_address(text: str) -> bool:
    """Whether this is a whole web address: scheme, host, no white space."""
    if re.search(r"[\s<>\"]", text):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in ("https", "http") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False


def _shown(value: object) -> str:
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + '..."'


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    for kind, words in (
        (str, "a text"),
        (int, "a number"),
        (float, "a number"),
        (dt.datetime, "a date with a time"),
        (dt.date, "a date"),
        (dt.time, "a time without quotes"),
        (list, "a list"),
        (dict, "a table"),
    ):
        if isinstance(value, kind):
            return words
    return "something else"
