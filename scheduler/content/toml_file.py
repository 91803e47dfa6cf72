"""A campaign's TOML files read strictly, by the declarations of :mod:`scheduler.schema`: what does not fit becomes a
finding.

Each getter always gives a value of its type, so that reading goes on and all findings come at once. A table whose
required keys could not all be read is not usable: its values must not be used then.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import MISSING
from typing import Any, cast

from ..domain.finding import Where
from ..schema.field import Key, keys_of
from ..schema.field import key as declare
from ..schema.forms import color, contact_line, contact_link, public_slug, record_id, speaker, time_of_day, web_link
from ..schema.misfit import Misfit, Rule
from ..schema.table import NOTHING, value_of
from ..schema.toml_lines import KeyPath
from ..schema.toml_text import BrokenToml, TomlText, did_you_mean, parse
from .codes import CODES
from .load.campaign_folder import LARGEST_TOML, Folder
from .load.references import Records

#: What a value must be, and what belongs into a list of it.
_WANTED = {
    str: ("a text in quotes", 'a list of texts in quotes, as ["a", "b"]'),
    int: ("a whole number", "a list of whole numbers"),
    float: ("a number", "a list of numbers"),
    bool: ("true or false", "a list"),
    dt.date: ("a date", "a list of dates"),
    dict: ("a table", "a list of tables, each started by [[{}]]"),
}
#: What a value is, the narrower kind first.
_KINDS = (
    (bool, "true or false"),
    (str, "a text"),
    (int, "a number"),
    (float, "a number"),
    (dt.datetime, "a date with a time"),
    (dt.date, "a date"),
    (dt.time, "a time without quotes"),
    (list, "a list"),
    (dict, "a table"),
)
_NUMBER = (r"\s*-?[0-9.]+\s*", "write the number without quotes")
#: What to do about a text where another kind of value belongs, if the text looks like one.
_UNQUOTED: Mapping[type, tuple[str, str]] = {
    int: _NUMBER,
    float: _NUMBER,
    bool: (r"(?s).*", "write true or false, without quotes"),
    dt.date: (r"(?s).*", "write the date without quotes, as 2027-01-11"),
}
_CODES = {
    Rule.MISSING: "C011",
    Rule.KIND: "C012",
    Rule.NOT_ALLOWED: "C013",
    Rule.OUT_OF_RANGE: "C014",
    Rule.EMPTY: "C016",
    Rule.TWICE: "C020",
}
#: Of a field's own check: the code, whether the text is shown, what to do.
_FORMS: Mapping[object, tuple[str, bool, str]] = {
    record_id: ("C017", True, ""),
    web_link: ("C021", False, ""),
    contact_link: ("C021", False, "write tel:, sms:, mailto: or a whole web address"),
    time_of_day: ("C030", True, ""),
    public_slug: ("C035", True, ""),
    color: ("C037", True, ""),
    speaker: ("C039", False, ""),
    contact_line: ("C039", False, ""),
}


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
        return self._at(tuple(part for part in (key, index) if part is not None))

    def report(self, code: str, message: str, key: str | None = None, hint: str = "", index: int | None = None) -> None:
        """Add a finding at a key of this table."""
        self._folder.findings.append(CODES[code].at(self.where(key, index), message, hint=hint, item=self.item))

    def has(self, key: str) -> bool:
        return key in self._data

    def peek(self, key: str) -> object:
        """What a key holds, whatever it is; it is not read by that."""
        return self._data.get(key)

    def keys(self) -> Iterator[str]:
        """The keys of a table in which they are free to choose."""
        return iter(self._data)

    def take(self, key: Key) -> Any:
        """What a declared key holds; its default where it is left out or does not fit, None if it must be there."""
        self._known[key.name] = None
        value = NOTHING
        if key.name in self._data:
            value = value_of(key, self._data[key.name], self._note, (key.name,))
        elif key.required:
            unknown = tuple(name for name in self._data if name not in self._known)
            self._note(Misfit(Rule.MISSING, (key.name,), key, known=unknown))
        if value is not NOTHING:
            return value
        self._usable = self._usable and not key.required
        return None if key.required else key.default

    def read(self, record: type, records: Records, what: str = "") -> dict[str, Any]:
        """What a record's declared keys hold, by attribute; None for what must be there and is not.

        Unknown keys are reported, ids of other records noted.
        """
        keys = keys_of(record)
        found = {key.attribute: self.take(key) for key in keys.values()}
        for name, key in keys.items():
            if key.field.refers:
                named = found[key.attribute] or ()
                for index, wanted in enumerate(named) if key.many else ((None, named),) if named else ():
                    records.refer(key.field.refers, wanted, self.where(name, index), name, item=self.item)
        self.close(what or _brackets(self._path))
        return found

    # -- keys of a table, declared where they are read

    def text(self, key: str, *, allowed: Collection[str] = ()) -> str:
        """A text that must be there and must say something; one of ``allowed`` if given."""
        return str(self.take(declare(key, str, allowed=tuple(allowed))) or "")

    def optional_text(self, key: str, default: str = "", *, allowed: Collection[str] = ()) -> str:
        """A text that may be left out."""
        return str(self.take(declare(key, str, default, allowed=tuple(allowed))))

    def id(self, key: str = "id") -> str:
        """The record's own id; empty after a finding."""
        return str(self.take(declare(key, str, check=record_id)) or "")

    def texts(self, key: str, *, allowed: Collection[str] = ()) -> tuple[str, ...]:
        """A list of texts that may be left out."""
        return tuple(self.take(declare(key, str, (), many=True, allowed=tuple(allowed))))

    def required_texts(self, key: str) -> tuple[str, ...]:
        """A list of texts that must be there, perhaps with nothing in it."""
        return tuple(self.take(declare(key, str, many=True)) or ())

    def numbered(self, key: str) -> dict[str, int]:
        """A list that must be there, of words with their numbers: ``"double|2"``."""
        found: dict[str, int] = {}
        for index, written in enumerate(self.required_texts(key)):
            word, _, number = written.partition("|")
            if word and number.removeprefix("-").isdecimal():
                found[word] = int(number)
            else:
                self.report("C013", f'"{written}" is no word with its number, as "double|2"', key, index=index)
        return found

    # -- tables

    def table(self, key: str) -> Table:
        """A table that must be there; after a finding an empty one that asks for nothing."""
        value = self.take(declare(key, dict))
        if value is not None:
            return self._within(value, key)
        nowhere = Folder(self._folder.path, self._folder.shown)  # one finding is enough for it
        return Table(nowhere, self._name, self._toml, {}, (*self._path, key), self._first_line, self.item)

    def optional_table(self, key: str) -> Table | None:
        """A table that may be left out."""
        value = self.take(declare(key, dict, None))
        return None if value is None else self._within(value, key)

    def named(self, key: str) -> Table:
        """A table in which the keys are free to choose; an empty one where it is left out."""
        return self._within(self.take(declare(key, dict, None)) or {}, key)

    def tables(self, key: str, *, required: bool = False) -> list[Table]:
        """The entries of ``[[key]]``."""
        self.take(declare(key, dict, MISSING if required else (), many=True))
        value = self._data.get(key)
        entries = value if isinstance(value, list) else []
        found = [self._within(entry, key, index) for index, entry in enumerate(entries) if isinstance(entry, dict)]
        self._usable = self._usable and not (required and len(found) < len(entries))
        return found

    def close(self, what: str = "") -> None:
        """Report the keys that nobody asked for. ``what`` names the table for people."""
        for key in self._data:
            if key not in self._known:
                message, hint = _unknown(key, self._known, what)
                self.report("C010", message, key, hint)

    # -- inside

    def _within(self, value: dict[str, object], key: str, index: int | None = None) -> Table:
        path = (*self._path, key) if index is None else (*self._path, key, index)
        table = Table(self._folder, self._name, self._toml, value, path, self._first_line, self.item)
        if index is None:  # entries of a list stand for themselves
            self._inner.append(table)
        return table

    def _note(self, found: Misfit) -> None:
        """Add the finding for something that does not fit, in this table or in one within it."""
        code, message, hint = _finding(found, (*self._path, *found.path))
        where = self._at(found.path[:-1] if found.rule is Rule.MISSING else found.path)
        self._folder.findings.append(CODES[code].at(where, message, hint=hint, item=self.item))

    def _at(self, path: KeyPath) -> Where:
        line = self._toml.line((*self._path, *path))
        return self._folder.where(self._name, line + self._first_line - 1 if line else 0)


def _brackets(path: KeyPath) -> str:
    """How a table is started: ``[[claim]]``, ``[claim.source]``."""
    name = ".".join(part for part in path if isinstance(part, str))
    if not name:
        return ""
    return f"[[{name}]]" if isinstance(path[-1], int) else f"[{name}]"


def _unknown(name: str, known: Collection[str], what: str) -> tuple[str, str]:
    place = f" in {what}" if what else ""
    hint = did_you_mean(name, list(known)) or f"known are: {', '.join(sorted(known))}"
    return f"unknown key {_shown(name)}{place}", hint


def _finding(found: Misfit, path: KeyPath) -> tuple[str, str, str]:
    """Code, message and hint for something that does not fit; ``path`` is its place in the file."""
    key, value, name = found.key, found.value, found.name
    if key is None:
        return ("C010", *_unknown(name, found.known, _brackets(path[:-1])))
    code, of_list = _CODES.get(found.rule, ""), isinstance(path[-1], int)
    match found.rule:
        case Rule.FORM:
            code, shown, hint = _FORMS[key.field.check]
            if key.many:
                return code, f"{name} holds {_shown(value)}, which {found.words}", hint
            return code, f"{name} {_shown(value)} {found.words}" if shown else f"{name} {found.words}", hint
        case Rule.MISSING:
            near = did_you_mean(name, found.known).removeprefix("did you mean ").removesuffix("?")
            what = f"[{name}]" if len(path) == 1 and key.kind is dict and not key.many else name
            return code, f"{what} is missing", f"the table has {near}; is that meant?" if near else ""
        case Rule.KIND:
            return (code, *_of_another_kind(found))
        case Rule.EMPTY:
            return code, f"{name} holds an empty text" if of_list else f"{name} is empty", ""
        case Rule.TWICE:
            return code, f"{name} names {_shown(value)} twice", ""
        case Rule.OUT_OF_RANGE:
            allowed = ("{:g} to {:g}" if key.kind is float else "{} to {}").format(key.field.least, key.field.most)
            return code, f"{name} {'holds' if of_list else 'is'} {_shown(value)}; allowed is {allowed}", ""
    near = did_you_mean(value.lower(), key.allowed)
    return code, f"{name} is {_shown(value)}; allowed are: {', '.join(key.allowed)}", near


def _of_another_kind(found: Misfit) -> tuple[str, str]:
    """What is said, and what to do, where a value is of another kind than it must be."""
    key, value, name = cast(Key, found.key), found.value, found.name
    wanted, listed = _WANTED[dict if key.is_table else str if issubclass(key.kind, str) else key.kind]
    hint = ""
    if key.kind in _UNQUOTED and isinstance(value, str):
        pattern, advice = _UNQUOTED[key.kind]
        hint = advice if re.fullmatch(pattern, value) else ""
    elif key.kind is dt.date and isinstance(value, dt.datetime):
        wanted = "a date alone"
    elif key.field.check is time_of_day:
        wanted, hint = 'a time in quotes, as "07:30"', 'put the time in quotes, as "07:30"'
    if isinstance(found.path[-1], int):
        return f"{name} holds {_kind(value)} where {wanted} belongs", ""
    return f"{name} is {_kind(value)}; it must be {listed.format(name) if key.many else wanted}", hint


def _shown(value: object) -> str:
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + '..."'


def _kind(value: object) -> str:
    return next((words for kind, words in _KINDS if isinstance(value, kind)), "something else")
