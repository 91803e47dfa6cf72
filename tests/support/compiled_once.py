"""What all tests of a process compile once, or not at all: hundreds of them render and check copies of the same project,
and serve the same pages.

What the program remembers by a template's place in its project is remembered by its words here; what it keeps on the
disk for the next process is kept in memory, for the next test; what makes a route's addresses is compiled when the first
address is made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import flask
from jinja2 import Environment
from jinja2.bccache import Bucket
from sqlalchemy import Dialect, Engine
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from scheduler import kept_by_key
from scheduler.cards import drawing
from scheduler.content import text_answers
from scheduler.content.checks import figure_verdicts, lint
from scheduler.content.load import kept_records
from scheduler.content.render import compiled_templates, template_sandbox
from scheduler.content.rule_files import RuleFiles
from scheduler.kept_by_key import KeptByKey
from scheduler.review import dry_run_files, mail_view
from scheduler.store import by_driver, database


class SharedTemplates(compiled_templates.CompiledTemplates):
    """By name, words, and what decides whether they are taken."""

    def keep_in(self, folder: Path, made_by: str) -> None:
        """In this process alone: no test rests on what another run has left."""

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        if isinstance(environment, template_sandbox.BoundedEnvironment):
            name = repr((name, environment.profile, sorted(environment.globals), sorted(environment.filters)))
        return super().get_bucket(environment, name, filename, source)


class SharedTexts(KeptByKey):
    """By all that they were made from."""

    def __init__(self, most: int = KeptByKey.most_pieces) -> None:
        super().__init__()
        self.most_pieces = most
        self._texts: dict[bytes, object] = {}

    def keep_in(self, folder: Path, made_by: str) -> None:
        """In this process alone: no test rests on what another run has left."""

    def read(self, key: object, *, is_shipped: bool = False) -> Any:
        return self._texts.get(self._name(key))

    def write(self, key: object, value: Any, *, is_shipped: bool = False, adds: bool = False) -> None:
        if len(self._texts) >= self.most_pieces:
            self._texts.clear()
        self._texts[self._name(key)] = value


class SharedStatements:
    """By the kind of database in place of its engine: each test opens ledgers of its own, which all say the same."""

    def __init__(self) -> None:
        self._made: LRUCache[Any, Any] = LRUCache(4_000)

    @staticmethod
    def _key(key: tuple[Any, ...]) -> tuple[Any, ...]:
        dialect, *rest = key
        return dialect.name, *rest

    def get(self, key: tuple[Any, ...]) -> Any:
        return self._made.get(self._key(key))

    def __setitem__(self, key: tuple[Any, ...], made: Any) -> None:
        self._made[self._key(key)] = made


class LazyRule(Rule):
    """A hundred routes are compiled for each application, and most tests make the address of none."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        make = super()._compile_builder
        made: list[Callable[..., tuple[str, str]]] = []

        def build(rule: Rule, *values: Any, **more: Any) -> tuple[str, str]:
            if not made:
                made.append(make(append_unknown))
            return made[0](rule, *values, **more)

        return build


def _share_rules() -> None:
    """Projects whose files of rules hold the same have the same rules."""
    packs_of, packs = lint._packs_of, {}
    rules_of, rules = RuleFiles._read, {}

    def packs_once(lint_dir: Path, shown: str, names: Iterable[str]) -> Any:
        key = shown, tuple(names), lint._texts(lint_dir)
        if key not in packs:
            packs[key] = packs_of(lint_dir, shown, key[1])
        return packs[key]

    def rules_once(self: RuleFiles[Any], path: Path, shown: str) -> Any:
        if path.is_symlink() or not path.is_file():
            return rules_of(self, path, shown)
        key = self._folder, self._make, path.name, shown, path.read_bytes()
        if key not in rules:
            rules[key] = rules_of(self, path, shown)
        return rules[key]

    lint._packs_of = packs_once
    RuleFiles._read = rules_once  # type: ignore[method-assign]


def share_statements() -> None:
    made, shared = Engine.__init__, SharedStatements()

    def make(self: Engine, *values: Any, **more: Any) -> None:
        made(self, *values, **more)
        self._compiled_cache = shared  # type: ignore[assignment]

    Engine.__init__ = make  # type: ignore[method-assign]
    by_driver._made = _once_for_each_kind(by_driver._made)
    by_driver._made_of_columns = _once_for_each_kind(by_driver._made_of_columns)
    database._compiled = _once_for_each_kind(database._compiled)


def _once_for_each_kind(compiled: Any) -> Any:
    """The same where a statement and its dialect, and what goes with them, are remembered by the program itself."""
    make, known = compiled.__wrapped__, LRUCache[Any, Any](2_000)

    def of(statement: Any, dialect: Dialect, *more: Any) -> Any:
        key = statement, dialect.name, *more
        if key not in known:
            known[key] = make(statement, dialect, *more)
        return known[key]

    return of


def _nowhere(folder: Path, made_by: str) -> None:
    """In place of :meth:`KeptByKey.keep_in`."""


def share() -> None:
    # Nor on what is beside the program; processes that tests start do.
    kept_by_key.program_folder = lambda: None  # type: ignore[attr-defined, assignment]
    shared = SharedTemplates()
    compiled_templates.COMPILED = shared
    kept_records.RECORDS = SharedTexts()
    figure_verdicts.VERDICTS = SharedTexts()
    mail_view.VIEWS, drawing.PICTURES = SharedTexts(), SharedTexts(400)
    dry_run_files.FILES = SharedTexts(200)  # type: ignore[assignment]
    for kept in (text_answers.TEXTS, lint.PACKS):
        kept.keep_in = _nowhere  # type: ignore[method-assign]
    text_answers.TEXTS.most_at_hand = 500  # so many campaigns are asked about, in place of one that changes
    _share_rules()
    share_statements()
    re._MAXCACHE = 20_000  # type: ignore[attr-defined]
    flask.Flask.jinja_options = {**flask.Flask.jinja_options, "bytecode_cache": shared}
    flask.Flask.url_rule_class = LazyRule
