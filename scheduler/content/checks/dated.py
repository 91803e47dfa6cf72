"""Words that were true when they were written: they carry their year, wherever they are printed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .context import Material
from .rendered_message import View
from .visible_text import fold

#: A run of this many words from a dated passage is that passage, in quotation marks or not.
RUN = 5
#: The year may stand in the paragraph itself or in one of this many before and after it.
NEAR = 2
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")


def check_dated(material: Material) -> Iterator[tuple[View, str, int, str]]:
    """(message, passage, its year, the words found) for each dated passage without its year beside it."""
    runs = _runs_of_dated_passages(material)
    if not runs:
        return
    hits: dict[str, tuple[str, int, str] | None] = {}
    for view in material.views:
        seen: set[str] = set()
        for part in view.parts:
            for index, block in enumerate(part.blocks):
                if block not in hits:
                    hits[block] = next((runs[r] for r in _runs(block) if r in runs), None)
                hit = hits[block]
                if hit is None or hit[0] in seen:
                    continue
                pointer, year, words = hit
                beside = part.blocks[max(0, index - NEAR) : index + NEAR + 1]
                if not any(str(year) in text for text in beside):
                    seen.add(pointer)
                    yield view, pointer, year, words


def _runs_of_dated_passages(material: Material) -> dict[tuple[str, ...], tuple[str, int, str]]:
    found: dict[tuple[str, ...], tuple[str, int, str]] = {}
    for source, passage, _ in material.stored:
        if passage.use == "dated":
            for run in _runs(fold(passage.text)):
                found.setdefault(run, (f"{source.id}#{passage.id}", source.year, " ".join(run)))
    return found


def _runs(text: str) -> list[tuple[str, ...]]:
    words = [w.casefold() for w in _WORD.findall(text)]
    return [tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1)]
