"""What a template may hold, refused on its tree before it is compiled; and the few filters that it may use.

What can explode is refused here, with its line: loops within loops, what puts values together in a loop, long bodies
of loops and macros, long lists and sums, trees that are large or deep. What a tree cannot tell, since it depends on
the records (how long a list is, how long a text), is bounded while it runs: :mod:`.template_sandbox`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import cast

from jinja2 import nodes
from jinja2.exceptions import SecurityError
from markupsafe import Markup, escape

from ...light_dataclass import dataclass
from ...schema.toml_text import nearest
from .template_values import TemplateProblem

LONGEST_SOURCE = 64_000  # bytes of one text or template
LONGEST_OUTPUT = 256_000  # bytes that a message template may print
LONGEST_TEXT = 20_000  # bytes that an item's text may print: about eight pages
LONGEST_VALUE = 200_000  # characters of one value
LONGEST_LIST = 1_000  # entries of a list of records
MOST_MADE = 1_000_000  # characters put together while one message is made, all values and prints added up
MOST_STEPS = 2_000  # turns of loops and calls while one message is made
_MOST_PARTS = 5_000  # of a tree; compiling more takes seconds
_MOST_REPEATED = 300  # parts of what is done again and again: a loop, a macro, a call's body
_MOST_SIDE_BY_SIDE = 50  # words of a list in brackets, values joined by ~
_DEEPEST = 60  # expressions within expressions; Python's own compiler gives up at about 90


_BASIC_NODES: tuple[type[nodes.Node], ...] = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.Call,
    nodes.Getattr,
    nodes.Getitem,
    nodes.If,
    nodes.CondExpr,
    nodes.Compare,
    nodes.Operand,
    nodes.Not,
    nodes.And,
    nodes.Or,
    nodes.For,
    nodes.Assign,
    nodes.Filter,
    nodes.Test,
    nodes.List,
    nodes.Tuple,
    nodes.Concat,
    nodes.Add,
    nodes.Sub,
    nodes.Neg,
)
_TEMPLATE_NODES: tuple[type[nodes.Node], ...] = (
    *_BASIC_NODES,
    nodes.Extends,
    nodes.Block,
    nodes.Macro,
    nodes.CallBlock,
    nodes.Import,
    nodes.FromImport,
    nodes.Include,
    nodes.AssignBlock,
    nodes.FilterBlock,
    nodes.Keyword,
    nodes.With,
)

#: What a refused node is called in the words of the person who wrote it.
_WORDS = {
    "Mul": "multiplying with *",
    "Pow": "raising with **",
    "Mod": "the sign %",
    "Div": "dividing",
    "FloorDiv": "dividing",
    "Include": "{% include %}",
    "Import": "{% import %}",
    "FromImport": "{% from ... import %}",
    "Extends": "{% extends %}",
    "Block": "{% block %}",
    "Macro": "{% macro %}",
    "CallBlock": "{% call %}",
    "AssignBlock": "{% set %} ... {% endset %}",
    "FilterBlock": "{% filter %}",
    "With": "{% with %}",
    "Scope": "{% autoescape %}",
    "Dict": "a dictionary in braces",
    "Slice": "a slice with a colon",
}


@dataclass(frozen=True)
class Profile:
    """What a kind of text may do."""

    what: str  # "a text", "a template"
    allowed: frozenset[type[nodes.Node]]
    loops_deep: int
    longest: int  # bytes printed
    names_in_brackets: bool  # style[name], not only numbers[0]


ITEM_TEXT = Profile("an item's text", frozenset(_BASIC_NODES), 1, LONGEST_TEXT, False)
MESSAGE_TEMPLATE = Profile("a message template", frozenset(_TEMPLATE_NODES), 2, LONGEST_OUTPUT, True)


#: What may not stand in a loop: it puts values together, or takes a whole file, at each turn.
_NOT_IN_A_LOOP: dict[type[nodes.Node], str] = {
    nodes.Assign: "{% set %}",
    nodes.AssignBlock: "{% set %}",
    nodes.With: "{% with %}",
    nodes.Macro: "{% macro %}",
    nodes.Block: "{% block %}",
    nodes.Include: "{% include %}",
    nodes.Import: "{% import %}",
    nodes.FromImport: "{% from ... import %}",
}
_REPEATED: dict[type[nodes.Node], str] = {nodes.For: "a loop", nodes.Macro: "a macro", nodes.CallBlock: "a call"}


class Check:
    """One walk over a tree in reading order: refuses what may not be there.

    On the way, what the environment has to look at while it runs is led through its filters: the list of each loop,
    what ``~`` joins, and the whole that it makes of it.
    """

    def __init__(self, profile: Profile, constants: Mapping[str, object], name: str | None = None) -> None:
        self.profile = profile
        self.name = name  # of the file, for a message template
        self.constants = constants
        self.names: list[nodes.Name] = []
        self.calls: list[nodes.Call] = []
        self._parts = self._words = 0
        self._looping: set[str] = set()  # macros that hold a loop

    def walk(
        self,
        node: nodes.Node,
        line: int = 1,
        loops: tuple[nodes.For, ...] = (),
        deep: int = 0,
        macros: tuple[str, ...] = (),
    ) -> None:
        profile, line = self.profile, node.lineno or line
        kind = type(node)
        if kind not in profile.allowed:
            what = _WORDS.get(kind.__name__, kind.__name__)
            raise TemplateProblem("R005", f"{what} is not allowed in {profile.what}", line)
        if loops and kind in _NOT_IN_A_LOOP:
            raise TemplateProblem("R006", f"{_NOT_IN_A_LOOP[kind]} is not allowed in a loop", line)
        if deep > _DEEPEST:
            raise TemplateProblem("R006", "is nested too deeply", line)
        before, words, self._parts = self._parts, self._words, self._parts + 1
        if self._parts > _MOST_PARTS:
            raise TemplateProblem("R006", f"has more than {_MOST_PARTS:,} parts", line)
        if isinstance(node, nodes.TemplateData | nodes.Const):
            self._words += len(node.data) if isinstance(node, nodes.TemplateData) else 0
            return
        if isinstance(node, nodes.Name):
            self.names.append(node)
        elif isinstance(node, nodes.Call):
            self.calls.append(node)
            if loops and isinstance(node.node, nodes.Name) and node.node.name in self._looping:
                raise TemplateProblem("R006", f"the macro {node.node.name} holds a loop and is called in one", line)
        elif isinstance(node, nodes.Macro | nodes.CallBlock):
            macros = (*macros, getattr(node, "name", ""))
        _refuse(node, profile, line, loops, macros)
        if isinstance(node, nodes.For):
            loops = (*loops, node)
            self._looping.update(macros)
        elif isinstance(node, nodes.Extends | nodes.Include | nodes.Import | nodes.FromImport):
            if not isinstance(node.template, nodes.Const) or not isinstance(node.template.value, str):
                raise TemplateProblem("R005", "the name of a template must stand there in quotation marks", line)
            if node.template.value == self.name:
                raise TemplateProblem("R006", "takes itself in without end", line)
        # The fields by hand: Jinja's own visitors take a third of the time of a whole season.
        for field in node.fields:
            value = getattr(node, field)
            if isinstance(value, nodes.Node):
                self.walk(value, line, loops, deep + 1, macros)
                setattr(node, field, self._led(value))
            elif isinstance(value, list):
                for at, part in enumerate(value):
                    if isinstance(part, nodes.Node):
                        self.walk(part, line, loops, deep + 1, macros)
                        value[at] = self._led(part)
                        if kind is nodes.Concat and not isinstance(part, nodes.Const):
                            value[at] = _through("print record", cast("nodes.Expr", value[at]), line)
        if kind in _REPEATED and self._parts - before > _MOST_REPEATED:
            raise TemplateProblem("R006", f"{_REPEATED[kind]} holds too much ({_MOST_REPEATED} parts at most)", line)
        if isinstance(node, nodes.For):
            node.iter = _through("loop over", cast("nodes.Expr", node.iter), line, nodes.Const(self._words - words))

    def _led(self, node: nodes.Node) -> nodes.Node:
        if isinstance(node, nodes.Concat):
            return _through("bounded value", node, node.lineno)
        if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
            # {{ style.p }}: written into the compiled template, so that it costs nothing when it runs.
            group = self.constants.get(node.node.name)
            if isinstance(group, Mapping) and node.attr in group:
                return nodes.Const(group[node.attr], lineno=node.lineno)
        return node


def _through(name: str, node: nodes.Expr, line: int, *given: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(node, name, list(given), [], None, None, lineno=line)


def _refuse(
    node: nodes.Node, profile: Profile, line: int, loops: tuple[nodes.For, ...], macros: tuple[str, ...]
) -> None:
    """What a single node may not be, though its type is allowed."""
    code, wrong = "R006", ""
    match node:
        case nodes.For(recursive=True):
            wrong = "a loop may not call itself (recursive)"
        case nodes.For() if len(loops) >= profile.loops_deep:
            wrong = "a loop inside a loop is not allowed here"
        case nodes.For() if loops and not _is_of_its_turn(node, loops[-1]):
            wrong = "a loop inside a loop may only go over a list of the record at which the outer one is"
        case nodes.Call(node=nodes.Name(name=called)) | nodes.CallBlock(call=nodes.Call(node=nodes.Name(name=called))):
            if called in macros:
                wrong = f"the macro {called} calls itself"
            elif called == "range" and _is_long(node):
                wrong = "a range of more than 1,000 is not allowed"
        case nodes.Operand(op="in" | "notin") if loops or macros:
            if not isinstance(node.expr, nodes.List | nodes.Tuple):
                wrong = "in a loop or macro only a list in brackets may stand behind in"
        case nodes.Getattr() if node.attr.startswith("_"):
            code, wrong = "R005", f"the field {node.attr} may not be used"
        case nodes.Getitem() if not profile.names_in_brackets:
            if not isinstance(node.arg, nodes.Const) or type(node.arg.value) is not int:
                code, wrong = "R005", "only a number may stand in square brackets"
        case nodes.Name() if node.name in ("varargs", "kwargs", "self") or node.name.startswith("_"):
            code, wrong = "R005", f"the name {node.name} may not be used"
        case nodes.Concat() if len(node.nodes) > _MOST_SIDE_BY_SIDE:
            wrong = f"more than {_MOST_SIDE_BY_SIDE} values are joined by ~"
        case nodes.List() | nodes.Tuple(ctx="load"):
            if len(node.items) > _MOST_SIDE_BY_SIDE:
                wrong = f"more than {_MOST_SIDE_BY_SIDE} words stand in a list"
            elif not all(isinstance(part, nodes.Const) for part in node.items):
                code, wrong = "R005", "a list may hold words and numbers only"
    if wrong:
        raise TemplateProblem(code, wrong, line)


def _is_of_its_turn(inner: nodes.For, outer: nodes.For) -> bool:
    """Whether a loop goes over a list of the very record at which the loop around it is."""
    node: nodes.Node = inner.iter
    while isinstance(node, nodes.Getattr):
        node = node.node
    if node is inner.iter or not isinstance(node, nodes.Name) or not isinstance(outer.target, nodes.Name):
        return False
    return node.name == outer.target.name


def _is_long(node: nodes.Call | nodes.CallBlock) -> bool:
    call = node.call if isinstance(node, nodes.CallBlock) else node
    return any(isinstance(a, nodes.Const) and isinstance(a.value, int) and abs(a.value) > 1000 for a in call.args)


def unknown_names(
    check: Check,
    functions: Mapping[str, Callable[[str], object]],
    variables: Collection[str],
) -> Iterator[TemplateProblem]:
    """A problem for each name of a text that is not known, and for each call with a record that it may not have.

    ``functions`` are called with the ids that stand in the text, so that what they refuse is told now.
    """
    known = {*functions, *variables, "loop", *(name.name for name in check.names if name.ctx in ("store", "param"))}
    for used in check.names:
        if used.name not in known:
            yield TemplateProblem(
                "R002",
                f"the name {used.name} is not known here",
                used.lineno,
                hint=f"did you mean {near}?" if (near := nearest(used.name, known)) else "",
            )
    for call in check.calls:
        name = call.node.name if isinstance(call.node, nodes.Name) else ""
        if name and name not in known:
            continue  # told above
        if name not in functions:
            yield TemplateProblem("R005", "only claim('ID') and the other functions can be called", call.lineno)
        elif len(call.args) != 1 or call.kwargs:
            yield TemplateProblem("R005", "a function takes one id in quotation marks", call.lineno)
        elif isinstance(call.args[0], nodes.Const):
            try:
                functions[name](call.args[0].value)
            except TemplateProblem as problem:
                yield problem.at(call.lineno)


# -- filters --------------------------------------------------------------------------------------------

_LISTS = (tuple, list, str)


def _words(value: object) -> str:
    """A value as text; what is escaped already, as what a macro made, stays so and is not escaped again."""
    return value if isinstance(value, Markup) else str(value)


def _join(values: object, between: str = "") -> str:
    if not isinstance(values, tuple | list) or not all(isinstance(value, str | int) for value in values):
        raise SecurityError("join is for lists of words")
    words = [str(value) for value in values]
    if sum(map(len, words)) + len(str(between)) * len(words) > LONGEST_VALUE:
        raise TemplateProblem("R006", f"makes a value of more than {LONGEST_VALUE:,} characters")
    return str(between).join(words)


#: Those that take a list; all others take words.
OF_LISTS = frozenset({"join", "first", "last", "length"})
FILTERS: dict[str, Callable[..., object]] = {
    "join": _join,
    "first": lambda values: values[0] if isinstance(values, _LISTS) and values else "",
    "last": lambda values: values[-1] if isinstance(values, _LISTS) and values else "",
    "length": lambda values: len(values) if isinstance(values, _LISTS) else 0,
    "lower": lambda text: _words(text).lower(),
    "upper": lambda text: _words(text).upper(),
    "trim": lambda text: _words(text).strip(),
    "capitalize": lambda text: _words(text)[:1].upper() + _words(text)[1:],
    "e": escape,
    "escape": escape,
}
