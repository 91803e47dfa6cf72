"""The error that stops one message, and nothing else."""

from __future__ import annotations


class TemplateProblem(Exception):
    """A text or template that cannot be used. ``line`` counts from 1 within it; 0 = not known.

    ``code`` is one of the rendering codes; ``template`` the name of the message template, empty for an item's text.
    """

    def __init__(self, code: str, message: str, line: int = 0, *, hint: str = "", template: str = "") -> None:
        self.code = code
        self.message = message
        self.line = line
        self.hint = hint
        self.template = template
        super().__init__(message)
