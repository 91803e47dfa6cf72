"""Letters of another script that pass for Latin ones: folded away before every other check, and found here."""

from __future__ import annotations

from collections.abc import Iterator

from ...domain.canonical_text import look_alikes_in
from ...domain.finding import Finding
from ..text_answers import TEXTS
from .context import Material


def check_foreign_letters(material: Material) -> Iterator[Finding]:
    """C179."""
    kept = TEXTS.question("look-alikes")
    for view in material.views:
        seen: set[str] = set()
        for block in (block for part in view.all_parts for block in part.seen):
            for word in kept.of(block, _words) if not block.isascii() else ():
                if word not in seen:
                    seen.add(word)
                    yield view.finding(
                        "C179", f'"{word}" holds letters of another script that look like Latin ones', word
                    )


def _words(block: str) -> tuple[str, ...]:
    return tuple(found[0] for found in look_alikes_in(block))
