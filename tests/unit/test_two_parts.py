"""M206 and M207: both parts of an email say the same, and nothing that counts as printed is hidden."""

from __future__ import annotations

import pytest

from scheduler.content.checks.two_parts import hidden_texts
from tests.support.checks_factory import a_campaign, codes, email, item

WORDS = "Thank you for reading along with us. Write back if something is unclear."


def of(markup: str, text: str = WORDS) -> list[str]:
    found = codes(a_campaign([item("one")]), email("one", text, markup=markup))
    return [code for code in found if code.startswith("M20")]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        (f"<p>{WORDS}</p>", []),
        (f"<p>{WORDS}</p><p>Read on</p>", []),  # the words of a link whose address stands in the other part
        (f"<p>{WORDS}</p><p>The office is closed on Friday.</p>", ["M206"]),
        ("<p>Thank you for reading along with us.</p>", ["M206"]),
        (f'<p style="color:#333;font-size:1px">{WORDS}</p>', ["M207"]),
        (f'<div style="opacity:0"><p>{WORDS}</p></div>', ["M207"]),
        (f'<p style="font-size:16px;line-height:0.9">{WORDS}</p>', []),
    ],
)
def test_both_parts_say_the_same_for_everybody_to_see(markup: str, expected: list[str]) -> None:
    assert expected == of(markup)


def test_a_style_goes_for_all_within_it_and_for_nothing_behind_it() -> None:
    html = (
        '<head><title>No text</title></head><div hidden><br><p>one</p></div><p>two</p><span style="display: none">three'
    )
    assert ("one", "three") == hidden_texts(html)
