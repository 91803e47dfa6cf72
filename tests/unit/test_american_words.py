"""Words for people are American English: in what the program says, on its pages, in its templates and documents."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
BRITISH = re.compile(
    r"\b(?:organisations|organisation's|(?:behavi|col|fav|hon|neighb)our\w*|centre|grey|licence|programme|catalogue"
    r"|(?:anonym|normal|recogn|summar)is(?:e[ds]?|ing|ation)|full stop\b(?! at its| at their))\b",
    re.IGNORECASE,
)
#: Words that a rule about words looks for, in whatever spelling; the rest of a pack is for people.
LOOKED_FOR = re.compile(r"^(?:words|allow|phrases|patterns?) = \[.*?\]|^  \".*$", re.DOTALL | re.MULTILINE)


def texts() -> Iterator[tuple[str, str]]:
    """What people read, each with its place; docstrings are for those who read the code."""
    for folder in ("scheduler", "templates", "config", "docs"):
        for path in (ROOT / folder).rglob("*"):
            place = str(path.relative_to(ROOT))
            if path.suffix in (".html", ".txt", ".md"):
                yield place, path.read_text(encoding="utf-8")
            elif path.suffix == ".toml":
                yield place, LOOKED_FOR.sub("", path.read_text(encoding="utf-8"))
            elif path.suffix == ".py" and folder == "scheduler" and path.stem != "published_tlds":
                tree = ast.parse(path.read_text(encoding="utf-8"))
                documents = {id(n.body[0].value) for n in ast.walk(tree) if _begins_with_words(n)}  # type: ignore[attr-defined]
                for node in ast.walk(tree):
                    if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents:
                        yield place, node.value


def _begins_with_words(node: ast.AST) -> bool:
    body = getattr(node, "body", None)
    return isinstance(body, list) and bool(body) and isinstance(body[0], ast.Expr)


def test_words_for_people_are_american() -> None:
    """Names that have landed keep theirs: the settings' key ``organisation``, a topic ``labour``, a state cancelled."""
    found = [(place, match[0]) for place, text in texts() for match in BRITISH.finditer(text)]
    assert [] == found
