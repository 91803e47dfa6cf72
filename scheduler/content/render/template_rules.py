"""What a template may hold, checked on its tree before it is compiled; and the measures that are put in on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from jinja2 import nodes

from .message_error import TemplateProblem

LONGEST_SOURCE = 50_000  # characters of one text or template
LONGEST_VALUE = 200_000  # characters that a template may hold in one value or print
LONGEST_TEXT = 20_000  # characters that an item's text may print: about eight pages
MOST_STEPS = 20_000  # turns of loops and calls while one message is made
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


@dataclass(frozen=True, slots=True)
class Profile:
    """What a kind of text may do."""

    what: str  # "a text", "a template"
    allowed: frozenset[type[nodes.Node]]
    loops_deep: int
    longest: int  # characters printed
    names_in_brackets: bool  # style[name], not only numbers[0]


ITEM_TEXT = Profile("an item's text", frozenset(_BASIC_NODES), 1, LONGEST_TEXT, False)
MESSAGE_TEMPLATE = Profile("a message template", frozenset(_TEMPLATE_NODES), 2, LONGEST_VALUE, True)


class Check:
    """One walk over a tree in reading order: refuses what may not be there, and puts in the measures.

    The measures are a counter before every loop and a length check behind everything that can make a value longer.
    """

    def __init__(self, profile: Profile, constants: Mapping[str, object]) -> None:
        self.profile = profile
        self.constants = constants
        self.names: list[nodes.Name] = []
        self.calls: list[nodes.Call] = []

    def walk(
        self, node: nodes.Node, line: int = 1, loops: int = 0, deep: int = 0, macros: tuple[str, ...] = ()
    ) -> None:
        profile, line = self.profile, node.lineno or line
        kind = type(node)
        if kind not in profile.allowed:
            name = _WORDS.get(kind.__name__, kind.__name__)
            raise TemplateProblem("R005", f"{name} is not allowed in {profile.what}", line)
        if deep > _DEEPEST:
            raise TemplateProblem("R006", "is nested too deeply", line)
        if isinstance(node, nodes.TemplateData | nodes.Const):
            return
        if isinstance(node, nodes.Name):
            self.names.append(node)
        elif isinstance(node, nodes.Call):
            self.calls.append(node)
        elif isinstance(node, nodes.For):
            loops += 1
        elif isinstance(node, nodes.Macro):
            macros = (*macros, node.name)
        _refuse(node, profile, line, loops, macros)
        # The fields by hand: Jinja's own visitors take a third of the time of a whole season.
        for field in node.fields:
            value = getattr(node, field)
            if isinstance(value, nodes.Node):
                self.walk(value, line, loops, deep + 1, macros)
                setattr(node, field, self._measured(value))
            elif isinstance(value, list):
                for at, part in enumerate(value):
                    if isinstance(part, nodes.Node):
                        self.walk(part, line, loops, deep + 1, macros)
                        value[at] = self._measured(part)
        if isinstance(node, nodes.For):
            node.iter = _through("counted steps", cast("nodes.Expr", node.iter), line)
        elif isinstance(node, nodes.AssignBlock):
            node.filter = _through("bounded value", node.filter, line)

    def _measured(self, node: nodes.Node) -> nodes.Node:
        if isinstance(node, nodes.Concat):
            return _through("bounded value", node, node.lineno)
        if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
            # {{ style.p }}: written into the compiled template, so that it costs nothing when it runs.
            group = self.constants.get(node.node.name)
            if isinstance(group, Mapping) and node.attr in group:
                return nodes.Const(group[node.attr], lineno=node.lineno)
        return node


def _through(name: str, node: nodes.Expr | None, line: int) -> nodes.Filter:
    return nodes.Filter(node, name, [], [], None, None, lineno=line)


def _refuse(node: nodes.Node, profile: Profile, line: int, loops: int, macros: tuple[str, ...]) -> None:
    """What a single node may not be, though its type is allowed."""
    if isinstance(node, nodes.For):
        if node.recursive:
            raise TemplateProblem("R006", "a loop may not call itself (recursive)", line)
        if loops > profile.loops_deep:
            raise TemplateProblem("R006", "a loop inside a loop is not allowed here", line)
    elif isinstance(node, nodes.Call | nodes.CallBlock):
        called = node.call.node if isinstance(node, nodes.CallBlock) else node.node
        if isinstance(called, nodes.Name) and called.name in macros:
            raise TemplateProblem("R006", f"the macro {called.name} calls itself", line)
        if isinstance(called, nodes.Name) and called.name == "range" and _is_long(node):
            raise TemplateProblem("R006", "a range of more than 1,000 is not allowed", line)
    elif isinstance(node, nodes.Getattr):
        if node.attr.startswith("_"):
            raise TemplateProblem("R005", f"the field {node.attr} may not be used", line)
    elif isinstance(node, nodes.Getitem):
        number = isinstance(node.arg, nodes.Const) and type(node.arg.value) is int
        if not number and not profile.names_in_brackets:
            raise TemplateProblem("R005", "only a number may stand in square brackets", line)
    elif isinstance(node, nodes.Name):
        if node.name in ("varargs", "kwargs", "self") or node.name.startswith("_"):
            raise TemplateProblem("R005", f"the name {node.name} may not be used", line)
    elif isinstance(node, nodes.List) or (isinstance(node, nodes.Tuple) and node.ctx == "load"):
        if not all(isinstance(part, nodes.Const) for part in node.items):
            raise TemplateProblem("R005", "a list may hold words and numbers only", line)
    elif isinstance(node, nodes.Extends | nodes.Include | nodes.Import | nodes.FromImport) and not (
        isinstance(node.template, nodes.Const) and isinstance(node.template.value, str)
    ):
        raise TemplateProblem("R005", "the name of a template must stand there in quotation marks", line)


def _is_long(node: nodes.Call | nodes.CallBlock) -> bool:
    call = node.call if isinstance(node, nodes.CallBlock) else node
    return any(isinstance(a, nodes.Const) and isinstance(a.value, int) and abs(a.value) > 1000 for a in call.args)
