"""The sandbox in which texts and templates run: no files, no Python, and an end to everything.

Jinja's own sandbox keeps a template away from Python's inner parts. Three things more are needed before a file that
anyone may edit can be run unattended:

1. **Only what is named.** Node types, filters, tests, fields and callables are those on a list; a text of an item may
   use less than a message template.
2. **An end.** What can explode is refused on the tree, before anything runs: :mod:`.template_rules`. What depends on
   the records has a bound while it runs: the steps (turns of loops and calls), the characters put together, the
   length of one value, one list and of what is printed. Arithmetic that can explode (``*``, ``**``, ``%``) is
   refused before it is compiled, since Jinja works out constants while compiling.
3. **A line for every error.** :class:`TemplateProblem` carries a code, a sentence and the line in the text.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from functools import cached_property
from itertools import islice
from pathlib import Path
from traceback import walk_tb
from typing import Any, TypeVar

from jinja2 import BaseLoader, StrictUndefined, Template, TemplateNotFound, TemplateSyntaxError, Undefined, nodes
from jinja2.environment import Environment, TemplateModule
from jinja2.exceptions import SecurityError, TemplateError, UndefinedError
from jinja2.runtime import BlockReference, Context, LoopContext, Macro
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import missing
from markupsafe import Markup

from ...domain.printed import Printed
from . import compiled_templates
from .template_rules import (
    FILTERS,
    LONGEST_LIST,
    LONGEST_SOURCE,
    LONGEST_VALUE,
    MOST_MADE,
    MOST_STEPS,
    OF_LISTS,
    Check,
    Profile,
    unknown_names,
)
from .template_values import CALLED, FIELDS, Day, RecordText, TemplateProblem, View

_MOST_PROBLEMS = 20  # of one text that are told at once
_MOST_FILES = 300  # of templates that are looked at for what they were
_A_FILE = 40  # steps that a whole file, or the whole of a block above, costs
_LONGEST_GIVEN = 100  # characters that a filter is given beside its text
#: What a text prints, with nothing to work out; an id is in quotation marks of either kind.
_PRINTED = re.compile(r"""\{\{ ?([a-z][a-z_]*)(?:\(('[^'"\\\n{}]*'|"[^'"\\\n{}]*")\))?(?:\.([a-z][a-z_]*))? ?\}\}""")
_MOST_PRINTED = 4 * 300  # pieces: far from the number of steps that end a text
_LOOP_FIELDS = frozenset({"index", "index0", "revindex", "revindex0", "first", "last", "length"})


class StrictlyUndefined(StrictUndefined):
    """A name or field that is not there: any use is an error, in words that a coordinator knows."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        if self._undefined_hint:
            return self._undefined_hint
        name = str(self._undefined_name)
        if self._undefined_obj is missing:
            return f"the name {name} is not known here"
        return f"{_called(self._undefined_obj)} has no field {name}"


class BoundedEnvironment(SandboxedEnvironment):
    """A Jinja environment that refuses what :class:`Profile` does not name, and that always comes to an end.

    Not for two threads at once: what is counted belongs to the environment.
    """

    intercepted_binops = frozenset({"+"})

    def __init__(
        self,
        profile: Profile,
        *,
        constants: Mapping[str, object] | None = None,
        filters: Mapping[str, Callable[..., object]] | None = None,
        printed: Callable[[str], str] | None = None,
        autoescape: bool | Callable[[str | None], bool] = False,
        loader: BaseLoader | None = None,
    ) -> None:
        super().__init__(
            undefined=StrictlyUndefined,
            finalize=self._print,
            autoescape=autoescape,
            loader=loader,
            bytecode_cache=compiled_templates.COMPILED if loader else None,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            cache_size=100,
            optimized=False,  # folding constants costs more than it saves here
        )
        self.profile = profile
        self._printed = printed
        self._steps = self._made = 0
        #: What was printed from records since :meth:`run` began, in order.
        self.records_printed: list[Printed] = []
        self._callable: tuple[object, ...] = ()
        self.globals = dict(constants or {})
        #: Constants are written into what is compiled: one campaign's colors are not another's.
        self.constants_fingerprint = hashlib.sha256(repr((self.globals, profile.what)).encode()).hexdigest()
        self.filters = {
            **{name: self._bounded(name, function) for name, function in {**FILTERS, **(filters or {})}.items()},
            # No text can write a name with a space: these are for :class:`Check` alone.
            "loop over": self._listed,
            "bounded value": self._counted,
            "print record": self._noted,
        }
        self.tests = {name: self.tests[name] for name in ("defined", "none", "even", "odd")}

    # -- running ----------------------------------------------------------------------------------------

    def make(
        self, source: str, label: str, functions: Mapping[str, Callable[[str], object]], known: Collection[str]
    ) -> Template | list[TemplateProblem]:
        """A text, compiled; or all that is wrong with it: every name beside the functions and those ``known``, every
        record that it may not use."""
        problems: list[TemplateProblem] = []
        try:
            tree, check = self._checked(source, None, label)
            problems += islice(unknown_names(check, functions, known), _MOST_PROBLEMS)
            code = super().compile(tree, None, label)
            return problems or self.template_class.from_code(self, code, self.make_globals(None))
        except Exception as error:
            return [*problems, self.problem(error, label)]

    def print_only(self, source: str, values: Mapping[str, Any]) -> str | None:
        """A text that does nothing but print, as nearly all do, filled without being compiled: what is printed stands
        in its braces by a name, a call with an id, or a field of one of these. None where a text does more, or
        anything is wrong with it: :meth:`make` and :meth:`run` tell what."""
        pieces = _PRINTED.split(source)
        if len(pieces) > _MOST_PRINTED or "\r" in source or any("{" in words for words in pieces[::4]):
            return None
        self._begin()
        try:
            for at in range(1, len(pieces), 4):
                name, given, field = pieces[at : at + 3]
                value = values[name]
                if given:
                    value = self._counted(value(given[1:-1]))
                pieces[at] = str(self._print(self.getattr(value, field) if field else value))
                pieces[at + 1] = pieces[at + 2] = ""
        except Exception:
            return None
        text = "".join(pieces)
        return text if len(text.encode(errors="surrogatepass")) <= self.profile.longest else None

    def run(self, template: Template | str, label: str, context: Mapping[str, object] | None = None) -> str:
        """Print a template, or the file of that name. Only the functions in ``context`` can be called.

        Raises :class:`TemplateProblem`.
        """
        values = dict(context or {})
        self._begin()
        self._callable = tuple(value for value in values.values() if callable(value))
        pieces: list[str] = []
        size = 0
        try:
            for value in values.values():
                self._within(value)
            if isinstance(template, str):
                template = self.get_template(template)
            stream = template.generate(values)
            for piece in stream:
                pieces.append(piece)
                size += len(piece) if piece.isascii() else len(piece.encode(errors="surrogatepass"))
                if size > self.profile.longest:  # raised where the template stands now, so that its line is known
                    stream.throw(TemplateProblem("R006", f"prints more than {self.profile.longest:,} bytes"))  # type: ignore[attr-defined]
        except Exception as error:
            raise self.problem(error, label) from error
        return "".join(pieces)

    def _begin(self) -> None:
        self._steps = self._made = 0
        self.records_printed = []

    def problem(self, error: Exception, label: str) -> TemplateProblem:
        """The error in our words, with the line of the text or of the template where it arose."""
        name, line = self._place(error, label)
        match error:
            case TemplateProblem():
                line, name = error.line or line, error.template or name
                return error.at(line, name)
            case TemplateNotFound():
                code, message = "R014", f"the template {error.name} is not there"
            case TemplateSyntaxError():
                message = (error.message or "").rstrip(".")
                unknown = re.match(r"No (filter|test) named '(\w+)'", message)
                code = "R002" if unknown else "R001"
                from .template_mistakes import template_mistake  # paid for by mistakes alone

                message = f"there is no {unknown[1]} {unknown[2]}" if unknown else template_mistake(message)
            case SecurityError() | UndefinedError():
                code, message = "R005" if isinstance(error, SecurityError) else "R002", str(error)
            case RecursionError() | MemoryError() | OverflowError():
                code, message = "R006", "calls itself without end, or is nested too deeply"
            case TemplateError():
                code, message = "R020", str(error) or type(error).__name__
            case _:
                code, message = "R020", f"failed: {type(error).__name__}: {error}"
        return TemplateProblem(code, message, line, template=name)

    def _place(self, error: Exception, label: str) -> tuple[str, int]:
        loader = self.loader if isinstance(self.loader, FolderLoader) else None
        if isinstance(error, TemplateSyntaxError):
            return (error.name or "") if loader else "", error.lineno
        name, line = "", 0
        for frame, frame_line in walk_tb(error.__traceback__):
            frame_file = frame.f_code.co_filename
            if frame_file == label:
                line = frame_line
            elif loader and (template := loader.name_of(frame_file)):
                name, line = template, frame_line
        return name, line

    # -- what Jinja asks --------------------------------------------------------------------------------

    def compile(
        self, source: Any, name: str | None = None, filename: str | None = None, *args: Any, **kwargs: Any
    ) -> Any:
        """Compile a template that the loader found, after the same checks."""
        if isinstance(source, str):
            try:
                source, _ = self._checked(source, name, filename)
            except TemplateProblem as problem:
                problem.template = problem.template or name or ""
                raise
        return super().compile(source, name, filename, *args, **kwargs)

    def getattr(self, obj: Any, attribute: str) -> Any:
        fields = FIELDS.get(type(obj))  # first what is asked for most
        if fields is not None and attribute in fields:
            return self._within(getattr(obj, attribute))
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        if isinstance(obj, LoopContext) and attribute in _LOOP_FIELDS:
            return getattr(obj, attribute)
        if isinstance(obj, TemplateModule) and isinstance(found := getattr(obj, attribute, None), Macro):
            return found
        if isinstance(obj, View | LoopContext | TemplateModule | Mapping) and not attribute.startswith("_"):
            return self.undefined(obj=obj, name=attribute)
        return self.unsafe_undefined(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, tuple | list) and isinstance(argument, int):
            return obj[argument] if -len(obj) <= argument < len(obj) else self.undefined(obj=obj, name=str(argument))
        if isinstance(obj, Mapping) and isinstance(argument, str):
            return obj[argument] if argument in obj else self.undefined(obj=obj, name=argument)
        return self.unsafe_undefined(obj, str(argument))

    def unsafe_undefined(self, obj: Any, attribute: str) -> Undefined:
        return self.undefined(f"{attribute} of {_called(obj)} may not be used", name=attribute, exc=SecurityError)

    def call(self, context: Context, obj: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(obj, Undefined):
            return obj()  # says what is not known
        if not isinstance(obj, Macro | BlockReference) and not any(obj is function for function in self._callable):
            raise SecurityError(f"{_called(obj)} cannot be called")
        self._step(_A_FILE if isinstance(obj, BlockReference) else 1)
        return self._counted(context.call(obj, *args, **kwargs))

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if not isinstance(left, str | int) or not isinstance(right, str | int):
            raise SecurityError(f"{_called(left)} and {_called(right)} cannot be added")
        return self._counted(super().call_binop(context, operator, self._noted(left), self._noted(right)))

    def get_template(self, *args: Any, **kwargs: Any) -> Template:
        self._step(_A_FILE)
        return super().get_template(*args, **kwargs)

    # -- checks and measures ----------------------------------------------------------------------------

    def _checked(self, source: str, name: str | None, filename: str | None) -> tuple[nodes.Template, Check]:
        if len(raw := source.encode(errors="surrogatepass")) > LONGEST_SOURCE:
            line = raw[:LONGEST_SOURCE].count(b"\n") + 1
            raise TemplateProblem("R006", f"is longer than {LONGEST_SOURCE:,} bytes", line)
        tree = self.parse(source, name, filename)
        check = Check(self.profile, self.globals, name)
        check.walk(tree)
        return tree, check

    def _step(self, many: int = 1) -> None:
        self._steps += many
        if self._steps > MOST_STEPS:
            raise TemplateProblem("R006", f"takes more than {MOST_STEPS:,} steps")

    def _pay(self, characters: int) -> None:
        self._made += characters
        if self._made > MOST_MADE:
            raise TemplateProblem("R006", f"puts together more than {MOST_MADE:,} characters")

    def _listed(self, values: Any, characters: int) -> Any:
        """What a loop goes over; all its turns, of so many characters each, are paid for at once."""
        if isinstance(values, Undefined):
            str(values)
        if not isinstance(values, tuple | list):
            raise SecurityError(f"a loop cannot go over {_called(values)}")
        self._step(len(values))
        self._pay(len(values) * characters)
        return values

    def _within(self, value: _T) -> _T:
        """A value of the records."""
        if isinstance(value, str):
            if len(value) > LONGEST_VALUE:
                raise TemplateProblem("R006", f"holds a value of more than {LONGEST_VALUE:,} characters")
        elif isinstance(value, tuple | list) and len(value) > LONGEST_LIST:
            raise TemplateProblem("R006", f"holds a list of more than {LONGEST_LIST:,} entries")
        return value

    def _counted(self, value: _T) -> _T:
        """A value that the template has made."""
        if isinstance(value, str):
            self._pay(len(value))
            if len(value) > LONGEST_VALUE:
                raise TemplateProblem("R006", f"makes a value of more than {LONGEST_VALUE:,} characters")
        return value

    def _bounded(self, name: str, function: Callable[..., object]) -> Callable[..., object]:
        def measured(value: object, *args: object) -> object:
            for given in (value, *args):
                if isinstance(given, Undefined):
                    str(given)
            if any(isinstance(given, str) and len(given) > _LONGEST_GIVEN for given in args):
                raise TemplateProblem("R006", f"gives a filter more than {_LONGEST_GIVEN} characters")
            if isinstance(value, tuple | list) and name in OF_LISTS:
                self._step(len(value))
                value = tuple(map(self._noted, value)) if name == "join" else value
            elif not isinstance(value, str | int | float | View | None):
                raise SecurityError(f"{name} is not for {_called(value)}")
            made = self._counted(function(value, *args))
            if isinstance(value, RecordText) and isinstance(made, str):
                return self._noted(value) and made if isinstance(made, Markup) else value.made_into(made)
            return made

        return measured

    def _noted(self, value: Any) -> Any:
        """A value that goes into what is printed; of a record's words it is noted whose they are."""
        if type(value) is str:  # most are
            return value
        if isinstance(value, Day):
            value = value.words
        if isinstance(value, RecordText):
            self.records_printed.append(value.printed)
            return str(value)
        return value

    def _print(self, value: Any) -> Any:
        if (kind := type(value)) is not str and kind is not Markup:  # as most are
            value = self._noted(value)
            if type(value) is not str and not isinstance(value, Markup):
                if isinstance(value, bool) or not isinstance(value, str | int | float | View | Undefined):
                    wrong = f"{_called(value)} cannot be printed as a whole; name one of its fields"
                    raise TemplateProblem("R005", wrong)
                value = str(value)  # refuses by itself what is not known, and a record as a whole
        self._counted(value)
        return self._printed(value) if self._printed and not isinstance(value, Markup) else value


class FolderLoader(BaseLoader):
    """Templates of some folders, the first that has one counts, and of nothing else: no absolute names, no ``..``, no
    links that lead out."""

    def __init__(self, *folders: Path) -> None:
        self.folders = tuple(folder.resolve() for folder in folders)
        self._read_before: dict[str, str] = {}
        self._is_whole = True

    @cached_property
    def fingerprint(self) -> str:
        """Of all templates, as they are from here on: each is read once. Empty where there are too many of them."""
        known: list[tuple[int, str, str | None, str]] = []
        for number, folder in enumerate(self.folders):
            for path in sorted(folder.rglob("*")):
                text = None  # one that cannot be read is said when it is asked for
                with suppress(OSError, ValueError):
                    text = self._read_before[str(path.resolve())] = path.read_text(encoding="utf-8-sig")
                leads_to = os.readlink(path) if path.is_symlink() else ""
                known.append((number, path.relative_to(folder).as_posix(), text, leads_to))
                if len(known) > _MOST_FILES:
                    return ""
        return hashlib.sha256(repr(known).encode()).hexdigest()

    @property
    def is_whole(self) -> bool:
        """Whether nothing was asked for that the fingerprint does not know."""
        return self._is_whole

    def give_up(self) -> None:
        """Another process was asked for something that the fingerprint does not know."""
        self._is_whole = False

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        parts = template.split("/")
        for folder in self.folders:
            path = (folder / template).resolve()
            if "\\" in template or not all(parts) or ".." in parts or not path.is_relative_to(folder):
                raise SecurityError(f"{template!r} is not a name in the templates' folder")
            try:
                source = self._read_before.get(str(path))
                if source is None:
                    source, self._is_whole = path.read_text(encoding="utf-8-sig"), False
                return source, str(path), lambda: True
            except UnicodeDecodeError as error:
                raise TemplateProblem("R014", f"{template} is not UTF-8", template=template) from error
            except (FileNotFoundError, NotADirectoryError):
                continue
            except (OSError, ValueError) as error:
                raise TemplateNotFound(template) from error
        raise TemplateNotFound(template)

    def name_of(self, file: str) -> str:
        """By which name one of its files was asked for; empty for any other file."""
        return next((Path(file).relative_to(f).as_posix() for f in self.folders if Path(file).is_relative_to(f)), "")


_T = TypeVar("_T")


def _called(value: object) -> str:
    """What a value is called in a sentence; never its contents, which may be long."""
    if isinstance(value, View):
        return CALLED[type(value)]
    if isinstance(value, Undefined):
        return "something that is not known"
    return {
        str: "a text",
        Markup: "a text",
        int: "a number",
        float: "a number",
        bool: "a yes or no",
        tuple: "a list",
        list: "a list",
        type(None): "nothing",
        LoopContext: "loop",
        Macro: "a macro",
    }.get(type(value), "this")
