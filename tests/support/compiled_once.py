"""What all tests of a process compile once, or not at all: hundreds of them render copies of the same project, and
serve the same pages.

What the program remembers by a template's place in its project is remembered by its words here; what makes a route's
addresses is compiled when the first address is made.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import CodeType
from typing import Any

import flask
from jinja2 import Environment
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

from scheduler.cards import drawing
from scheduler.content import toml_file
from scheduler.content.render import compiled_templates, kept_texts, template_sandbox
from scheduler.kept_by_key import KeptByKey


class SharedTemplates(compiled_templates.CompiledTemplates):
    """By name, words, and what decides whether they are taken."""

    def keep_in(self, folder: Path, made_by: str) -> None:
        """In this process alone: no test rests on what another run has left."""

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        if isinstance(environment, template_sandbox.BoundedEnvironment):
            name = repr((name, environment.profile, sorted(environment.globals), sorted(environment.filters)))
        bucket = super().get_bucket(environment, name, None, source)
        if bucket.code is not None and filename is not None:
            bucket.code = _moved(bucket.code, filename)
        return bucket


def _moved(code: CodeType, filename: str) -> CodeType:
    """The same code, in the file that an error in it has to name."""
    inner = tuple(_moved(one, filename) if isinstance(one, CodeType) else one for one in code.co_consts)
    return code.replace(co_filename=filename, co_consts=inner)


class SharedTexts(KeptByKey):
    """By all that they were made from."""

    def __init__(self) -> None:
        super().__init__()
        self._texts: dict[str, object] = {}

    def keep_in(self, folder: Path, made_by: str) -> None:
        """In this process alone: no test rests on what another run has left."""

    def read(self, key: object) -> Any:
        return self._texts.get(self._name(key))

    def write(self, key: object, value: object) -> None:
        if len(self._texts) >= self.most_files:
            self._texts.clear()
        self._texts[self._name(key)] = value


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


def share() -> None:
    shared = SharedTemplates()
    compiled_templates.COMPILED = shared
    kept_texts.FILLED = SharedTexts()
    toml_file.TOMLS = SharedTexts()
    drawing.PICTURES = SharedTexts()
    flask.Flask.jinja_options = {**flask.Flask.jinja_options, "bytecode_cache": shared}
    flask.Flask.url_rule_class = LazyRule
