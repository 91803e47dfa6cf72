"""The few filters that a text needs. The environment looks at what they are given and at what they make."""

from __future__ import annotations

from collections.abc import Callable

from jinja2.exceptions import SecurityError
from markupsafe import escape

from .message_error import TemplateProblem
from .template_rules import LONGEST_VALUE

_LISTS = (tuple, list, str)


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
    "lower": lambda text: str(text).lower(),
    "upper": lambda text: str(text).upper(),
    "trim": lambda text: str(text).strip(),
    "capitalize": lambda text: str(text)[:1].upper() + str(text)[1:],
    "e": escape,
    "escape": escape,
}
