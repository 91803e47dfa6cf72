"""Rules that are data: one file a language, in a folder of ``config/lint`` for each kind."""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Generic, TypeVar

from ..domain.finding import Finding
from ..kept_by_key import KeptByKey
from ..kept_patterns import of_the_program
from ..light_dataclass import dataclass
from ..project import starter_folder
from .load.campaign_folder import Folder
from .load.while_unchanged import WhileUnchanged, stamp_of
from .toml_file import Table, open_toml

R = TypeVar("R")

#: The hashes of what the program ships.
_SHIPPED: set[str] = set()


@lru_cache(maxsize=2048)
def pattern_of(fingerprint: str, pattern: str, flags: int = 0) -> re.Pattern[str]:
    """A pattern that is made from a file of rules (of this fingerprint) alone."""
    with of_the_program(fingerprint in _SHIPPED):
        return re.compile(pattern, flags)


#: For the processes after this one: rules without a finding, under what their file holds.
RULES = KeptByKey()


@dataclass(frozen=True)
class RuleFile:
    """Which file rules are made from. ``name``: the language, mostly; ``fingerprint``: of what it holds."""

    name: str
    fingerprint: str


class RuleFiles(Generic[R]):
    """The files of one kind, each read strictly, and again only where it has changed.

    ``folder``: below ``config/lint``; ``make``: the rules that a file's table holds.
    """

    def __init__(self, folder: str, make: Callable[[Table, RuleFile], R]) -> None:
        self._folder, self._make = folder, make
        self._known = WhileUnchanged[tuple[R | None, tuple[Finding, ...]]]()

    def load(
        self, lint_dir: Path, language: str, *, shown: str = "config/lint"
    ) -> tuple[R | None, tuple[Finding, ...]]:
        """The rules of a language; None where it has none, or none that can be used."""
        name = language.partition("-")[0].casefold()
        path = self._path(lint_dir, name)
        stamp = stamp_of(path)
        if stamp is None and not os.path.lexists(path):
            return None, ()
        where = f"{shown}/{self._folder}"
        return self._known.of((path, where), stamp, lambda: self._read(path, where))

    def fingerprint(self, lint_dir: Path, names: Iterable[str]) -> str:
        """Of what some files of the kind hold, without those that are not there."""
        return fingerprint_of(self._path(lint_dir, name) for name in names)

    def _path(self, lint_dir: Path, name: str) -> Path:
        """A project from before there were such rules reads those that are shipped."""
        own = lint_dir / self._folder / f"{name}.toml"
        return own if os.path.lexists(own) else starter_folder() / "config/lint" / self._folder / own.name

    def _read(self, path: Path, shown: str) -> tuple[R | None, tuple[Finding, ...]]:
        key = path.name, shown, fingerprint_of([path])
        is_shipped = key[-1] == fingerprint_of([starter_folder() / "config/lint" / self._folder / path.name])
        if is_shipped:
            _SHIPPED.add(_hash_of(path))
        with of_the_program(is_shipped):
            if known := RULES.read(key, is_shipped=is_shipped):
                with contextlib.suppress(Exception):  # whatever it is, the file says it again
                    return pickle.loads(known), ()  # noqa: S301 - it is in our own folder, see kept_by_key
            rules, findings = self._read_anew(path, shown)
        if rules is not None and not findings:
            RULES.write(key, pickle.dumps(rules), is_shipped=is_shipped)
        return rules, findings

    def _read_anew(self, path: Path, shown: str) -> tuple[R | None, tuple[Finding, ...]]:
        folder = Folder(path.parent, shown)
        table = open_toml(folder, path.name)
        folder.report_hidden()
        rules = None
        if table is not None:
            fingerprint = hashlib.sha256(folder.texts[path.name].encode()).hexdigest()
            rules = self._make(table, RuleFile(path.stem, fingerprint))
        findings = tuple(folder.findings)
        return (None if any(f.severity == "red" for f in findings) else rules), findings


def table_since(table: Table, key: str, unseen: str) -> Table | None:
    """A table that a file from before it was known does not have; W003 says what is not looked at then."""
    if not table.has(key):
        table.report("W003", f"[{key}] is missing, so {unseen}")
    return table.optional_table(key)


_HASHES = WhileUnchanged[str](most=256)


def fingerprint_of(files: Iterable[Path]) -> str:
    """Of the names of files and what they hold, without those that are not there."""
    return hashlib.sha256(repr([(file.name, _hash_of(file)) for file in files if file.is_file()]).encode()).hexdigest()


def _hash_of(file: Path) -> str:
    return _HASHES.of(file, stamp_of(file), lambda: hashlib.sha256(file.read_bytes()).hexdigest())
