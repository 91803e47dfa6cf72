"""What stands in quotation marks, and what only looks so."""

from __future__ import annotations

import pytest

from scheduler.domain.canonical_text import PlainText, comparable
from scheduler.domain.quotation_marks import quoted_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("\u201cLet us go\u201d, she said", ["Let us go"]),
        ('"Let us" and "go"', ["Let us", "go"]),
        ("\u2018Let\u2019s go\u2019 she said", ["Let's go"]),
        ("'no more workers' and left", ["no more workers"]),
        ("'Let's talk about workers' rights,' she said", ["Let's talk about workers' rights,"]),
        ("\u00abVamos\u00bb y \u2039luego\u203a", ["Vamos", "luego"]),
        ("\u201eso\u201c und \u201aso\u2018", ["so", "so"]),
        ("\u300c\u4eba\u300d \uff02wide\uff02", ["\u4eba", "wide"]),
        ("<<x y>> ,,Nie wieder\u201c", ["x y", "Nie wieder"]),
        ("\u201cone \u2018within\u2019 it\u201d", ["one 'within' it"]),
        ("she said \u201cand went on", ["and went on"]),
        ("He's 5'10\" tall, 6' wide; a 12\" pizza", []),
        ("the workers\u2019 pay, women\u2019s rights, O\u2019Brien\u2019s dog, don\u2019t", []),
        ("the '90s, rock 'n' roll, 'tis so, workers' pay", []),
    ],
)
def test_marks(text: str, found: list[str]) -> None:
    assert found == [quoted.words for quoted in quoted_in(comparable(PlainText(text)).text)]
