"""A text that does nothing but print is filled without being compiled, as Jinja would fill it; all else is Jinja's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from scheduler.content.render.markdown import escaped
from scheduler.content.render.template_rules import ITEM_TEXT, LONGEST_TEXT
from scheduler.content.render.template_sandbox import BoundedEnvironment
from scheduler.content.render.template_values import RecordText, TemplateProblem, contact_view
from tests.support.render_factory import contact

PLAIN = (
    "{{title}} is {{ season }}.\n",
    "  {{ title }}  \n{{ line('relay').value }}, {{ line(\"relay\").href }}\n\n",
    "{{ title }}{{ title }} } }} % # {{ number('a#b.c') }}",
    "{{ line('relay').label }}: *all* of _it_",
)
MORE = (
    "{{- title }}",
    "{{ title | upper }}",
    "{{ title ~ season }}",
    "{# said #}{{ title }}",
    "{% if title %}{{ title }}{% endif %}",
    "{{ title }}\r\n",
    "{{ number('it\\'s') }}",
    "{{ title }}" * 400,
)
WRONG = (
    "{{ nobody }}",
    "{{ title.nothing }}",
    "{{ title }} {{",
    "{{{ title }}}",
    "{{ line('nobody').value }}",
    "{{ line('relay').nothing }}",
    "{{ line('relay') }}",
    "{{ line }}",
    "{{ title('a') }}",
    "{{ long }}",
)


def line(which: str) -> object:
    if which != "relay":
        raise TemplateProblem("R004", f"there is no line {which}")
    return contact_view(contact("relay", "phone", "711"))


FUNCTIONS: dict[str, Callable[[str], object]] = {
    "line": line,
    "number": lambda which: RecordText(f"4 < {which}", "claim", "a", "numbers"),
}
VALUES: dict[str, Any] = {
    **FUNCTIONS,
    "title": RecordText("A & B", "setting", "campaign", "title"),
    "season": 2027,
    "long": "x" * (LONGEST_TEXT + 1),
}


def as_jinja(environment: BoundedEnvironment, source: str) -> str:
    made = environment.make(source, "<post>", FUNCTIONS, VALUES)
    if isinstance(made, list):
        raise made[0]
    return environment.run(made, "<post>", VALUES)


@pytest.mark.parametrize("printed", [None, escaped])
@pytest.mark.parametrize("source", PLAIN)
def test_it_says_what_jinja_says(source: str, printed: Callable[[str], str] | None) -> None:
    """And notes of whose records it is."""
    environment = BoundedEnvironment(ITEM_TEXT, printed=printed)
    found = environment.print_only(source, VALUES), environment.records_printed
    assert found == (as_jinja(environment, source), environment.records_printed)
    assert environment.records_printed


@pytest.mark.parametrize("source", MORE)
def test_what_does_more_is_left_to_jinja(source: str) -> None:
    environment = BoundedEnvironment(ITEM_TEXT)
    assert environment.print_only(source, VALUES) is None
    assert as_jinja(environment, source)


@pytest.mark.parametrize("source", WRONG)
def test_what_is_wrong_is_told_by_jinja(source: str) -> None:
    environment = BoundedEnvironment(ITEM_TEXT)
    assert environment.print_only(source, VALUES) is None
    with pytest.raises(TemplateProblem):
        as_jinja(environment, source)
