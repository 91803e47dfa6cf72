"""Braces and marks of Markdown that would be shown as they were typed."""

from __future__ import annotations

import pytest

from scheduler.content.checks.channel_limits import BRACES, MARKDOWN

SHOWN = {
    "Join { sign_up_url } today": "{ sign_up_url }",
    "{ {claim('a').text}} since then": "{ {claim('a').text}}",
    "One } too many": "}",
    "This is **why** we begin": "**why**",
    "This is **why we begin": "**",
    "This is why** we begin": "**",
    "It is *not* so": "*not*",
    "It is _not_ so": "_not_",
    "It is __not__ so": "__not__",
    "Read [the page](https://institute.test/page) today": "[the page](https://institute.test/page)",
    "Read [the page] (https://institute.test/page) today": "[the page] (https://institute.test/page)",
    "Words\n## A heading": "##",
    "Run `that`": "`",
}
PLAIN = (
    "https://en.institute.test/wiki/A_b_(c)_d?e_f=1#g_h",
    "@name_of_us and _name",
    "#SafeWeek is #1 of 5 * 3 * 2",
    "“Nobody […] may be held.” [He paused.]",
    "*67 before a number, 2**3",
    "snake_case_name, it's (so) - isn't it?",
    "Write to ask_us@institute.test_",
)


@pytest.mark.parametrize("text", SHOWN)
def test_marks_that_a_reader_would_see_are_found(text: str) -> None:
    found = [*BRACES.findall(text), *MARKDOWN.findall(text)]
    assert SHOWN[text] == found[0].strip()


@pytest.mark.parametrize("text", PLAIN)
def test_what_only_looks_like_them_is_left_alone(text: str) -> None:
    assert [] == [*BRACES.findall(text), *MARKDOWN.findall(text)]
