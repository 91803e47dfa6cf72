"""The few filters that a text needs: each takes plain words or lists of plain words, and refuses others."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from jinja2.exceptions import SecurityError
from markupsafe import escape

from .message_error import TemplateProblem
from .template_rules import LONGEST_VALUE


def _words(values: object) -> list[str]:
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise SecurityError("join is for lists")
    listed = list(values)
    if not all(isinstance(value, str | int) for value in listed):
        raise SecurityError("join is for lists of words")
    return [str(value) for value in listed]


def _join(values: object, between: str = "") -> str:
    words = _words(values)
    if sum(map(len, words)) + len(str(between)) * len(words) > LONGEST_VALUE:
        raise TemplateProblem("R006", f"makes a value of more than {LONGEST_VALUE:,} characters")
    return str(between).join(words)


def _first(values: object) -> object:
    return values[0] if isinstance(values, tuple | list | str) and values else ""


def _last(values: object) -> object:
    return values[-1] if isinstance(values, tuple | list | str) and values else ""


def _length(values: object) -> int:
    return len(values) if isinstance(values, tuple | list | str) else 0


def _lower(text: object) -> str:
    return str(text).lower()


def _upper(text: object) -> str:
    return str(text).upper()


def _trim(text: object) -> str:
    return str(text).strip()


def _capitalise(text: object) -> str:
    return str(text)[:1].upper() + str(text)[1:]


#: Those that take a list; all others take words.
OF_LISTS = frozenset({"join", "first", "last", "length"})
FILTERS: dict[str, Callable[..., object]] = {
    "join": _join,
    "first": _first,
    "last": _last,
    "length": _length,
    "lower": _lower,
    "upper": _upper,
    "trim": _trim,
    "capitalize": _capitalise,
    "e": escape,
    "escape": escape,
}
