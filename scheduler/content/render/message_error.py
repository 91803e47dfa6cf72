"""The error that stops one message, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_LONGEST = 300
_LONGEST_NAME, _MOST_NAMES = 60, 2_000  # comparing names takes the square of their length


class TemplateProblem(Exception):
    """A text or template that cannot be used. ``line`` counts from 1 within it; 0 = not known.

    ``code`` is one of the rendering codes; ``template`` the name of the message template, empty for an item's text.
    """

    def __init__(self, code: str, message: str, line: int = 0, *, hint: str = "", template: str = "") -> None:
        self.code = code
        # A file can put anything into the words of an error; what is shown stays one short, printable line.
        self.message = message = _shown(message)
        self.line = line
        self.hint = hint
        self.template = template
        super().__init__(message)


def did_you_mean(wanted: str, known: Iterable[str]) -> str:
    """The known name that is nearest, as a question; nothing where none is near."""
    names = sorted(name for name in known if len(name) <= _LONGEST_NAME)[:_MOST_NAMES]
    near = get_close_matches(wanted[:_LONGEST_NAME], names, n=1)
    return f"did you mean {near[0]}?" if near else ""


def _shown(message: str) -> str:
    words = " ".join("".join(c if c.isprintable() else " " for c in message[: 2 * _LONGEST]).split())
    return words if len(words) <= _LONGEST else words[: _LONGEST - 3] + "..."
