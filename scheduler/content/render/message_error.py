"""The error that stops one message, and nothing else."""

from __future__ import annotations

_LONGEST = 300


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


def _shown(message: str) -> str:
    words = " ".join("".join(c if c.isprintable() else " " for c in message[: 2 * _LONGEST]).split())
    return words if len(words) <= _LONGEST else words[: _LONGEST - 3] + "..."
