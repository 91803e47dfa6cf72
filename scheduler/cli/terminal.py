"""Colours and progress: only on a terminal, never in a pipe, never with NO_COLOR."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence

_STYLES = {"red": "31", "amber": "33", "info": "36", "good": "32", "bold": "1", "muted": "2"}


def styled(text: str, style: str) -> str:
    """``text`` in a colour where standard output is a terminal that shows colours."""
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return text
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m"


class Progress:
    """A bar on standard error; silent in a pipe. Call it with (done, total)."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._on = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._shown = -1

    def __call__(self, done: int, total: int) -> None:
        if not self._on or total <= 0:
            return
        percent = min(100, done * 100 // total)
        if percent == self._shown:
            return
        self._shown = percent
        width = max(10, min(40, shutil.get_terminal_size().columns - len(self._label) - 12))
        filled = percent * width // 100
        sys.stderr.write(f"\r{self._label} [{'#' * filled}{'.' * (width - filled)}] {percent:3d}%")
        sys.stderr.flush()

    def close(self) -> None:
        if self._on and self._shown >= 0:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Columns padded to their widest cell; no rule lines, so that it copies well."""
    cells = [[str(c) for c in row] for row in rows]
    widths = [max([len(h), *(len(r[i]) for r in cells)]) for i, h in enumerate(headings)]
    lines = ["  ".join(h.ljust(w) for h, w in zip(headings, widths, strict=True)).rstrip()]
    lines += ["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in cells]
    return "\n".join(lines)
