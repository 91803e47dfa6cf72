"""Names and records that a text uses and may not, found before it runs: all of them, each with its line."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from jinja2 import nodes

from ...schema.toml_text import nearest
from .message_error import TemplateProblem


def unknown_names(
    names: Sequence[nodes.Name],
    calls: Sequence[nodes.Call],
    functions: Mapping[str, Callable[[str], object]],
    variables: Collection[str],
) -> Iterator[TemplateProblem]:
    """A problem for each name that is not known, and for each call with a record that it may not have.

    ``functions`` are called with the ids that stand in the text, so that what they refuse is told now.
    """
    known = {*functions, *variables, "loop", *(name.name for name in names if name.ctx in ("store", "param"))}
    for name in names:
        if name.name not in known:
            near = nearest(name.name, known)
            hint = f"did you mean {near}?" if near else ""
            yield TemplateProblem("R002", f"the name {name.name} is not known here", name.lineno, hint=hint)
    for call in calls:
        if isinstance(call.node, nodes.Name) and call.node.name not in known:
            continue  # told above
        function = functions.get(call.node.name) if isinstance(call.node, nodes.Name) else None
        if function is None:
            yield TemplateProblem("R005", "only claim('ID') and the other functions can be called", call.lineno)
        elif len(call.args) != 1 or call.kwargs:
            yield TemplateProblem("R005", "a function takes one id in quotation marks", call.lineno)
        elif isinstance(call.args[0], nodes.Const):
            try:
                function(call.args[0].value)
            except TemplateProblem as problem:
                yield TemplateProblem(problem.code, problem.message, call.lineno, hint=problem.hint)
