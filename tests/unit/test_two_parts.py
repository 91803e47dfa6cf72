"""M206 and M207: both parts of an email say the same, and nothing that counts as printed is hidden."""

from __future__ import annotations

import pytest

from scheduler.content.checks import two_parts
from scheduler.content.checks.two_parts import hidden_texts
from tests.support.checks_factory import a_campaign, codes, email, findings, item

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


SENSE = "Do not call from a phone that others read. It costs $12.50 and 7 million people know."


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("Do not call", "Do call", 'text part says "not call from a phone'),
        ("Do not call", "Don't call", "text part says"),
        ("$12.50", "$12.05", 'text part says "$12.50 and 7'),
        ("7 million", "7 billion", 'text part says "million people know'),
        ("7 million", "million", 'text part says "7 million'),
        ("know", "know only one", 'html part says "only one'),
        ("phone", "device", ""),  # a name may differ
    ],
)
def test_a_word_that_turns_the_sense_is_told_however_short(was: str, now: str, said: str) -> None:
    mail = email("one", SENSE, markup=f"<p>{SENSE.replace(was, now)}</p>")
    told = [f.message for f in findings(a_campaign([item("one")]), mail) if f.code == "M206"]
    assert bool(said) == bool(told)
    assert said in "".join(told)


@pytest.mark.parametrize(
    ("language", "was", "now", "is_told"),
    [
        ("es", "Solo llame", "Llame", True),
        ("es", "Nunca llame", "Llame", True),
        ("es", "Llame a casa", "Llame", False),
        ("en", "Jamás llame", "Llame", True),  # a line for those who read Spanish
        ("fr", "Jamais", "Venez", False),  # of which nobody has said what turns a sentence: a person reads each text
    ],
)
def test_what_turns_a_sentence_is_said_by_the_rules_of_its_language(
    language: str, was: str, now: str, is_told: bool
) -> None:
    mail = email("one", f"{was} hoy.", markup=f"<p>{now} hoy.</p>")
    assert is_told == ("M206" in codes(a_campaign([item("one")], language=language), mail))


def test_the_number_of_a_point_in_a_list_is_no_amount() -> None:
    text = "Three things help:\n\n1. Read the law.\n2. Call 988.\n3. Tell nobody."
    points = "<p>Three things help:</p><ol><li>Read the law.</li><li>Call 988.</li><li>Tell nobody.</li></ol>"
    assert [] == of(points, text)


def test_only_blocks_that_differ_are_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    apart: list[str] = []
    monkeypatch.setattr(two_parts, "_words_in", lambda block: apart.append(block) or block.split())
    assert [] == of(f"<p>{WORDS}</p><p>Read on</p>", f"{WORDS}\n\nRead:")
    assert {"Read on", "Read:"} <= {*apart}
    assert WORDS not in apart


def test_a_style_goes_for_all_within_it_and_for_nothing_behind_it() -> None:
    html = (
        '<head><title>No text</title></head><div hidden><br><p>one</p></div><p>two</p><span style="display: none">three'
    )
    assert ("one", "three") == hidden_texts(html)
