"""What a remark may hold."""

from __future__ import annotations

import pytest

from scheduler.errors import UsageError
from scheduler.services.context import LONGEST_COMMENT, checked_comment


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  yes \n", "yes"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("10\u00a0km, \u0645\u06cc\u200c\u0631\u0648\u0645, \U0001f469\u200d\U0001f692", None),
    ],
    ids=["space around", "line ends", "spaces that do not break, and joiners"],
)
def test_words_stay_as_they_are(typed: str, kept: str | None) -> None:
    """None: it stays as it was typed."""
    assert (typed if kept is None else kept) == checked_comment(typed)


@pytest.mark.parametrize(
    "typed", ["a\x00b", "a\x1bb", "safe\u202efdp.exe\u2066x", "one\u2028two", "hy\u00adphen", "a\u200db", "\ufeffa"]
)
def test_what_misleads_is_refused_and_not_taken_out(typed: str) -> None:
    """A person looks at it: nobody's words are changed without their knowledge."""
    with pytest.raises(UsageError, match=r"the comment holds a hidden character: U\+[0-9A-F]{4} "):
        checked_comment(typed)


def test_too_long_is_refused_and_not_cut() -> None:
    """At the limit it is taken."""
    assert LONGEST_COMMENT == len(checked_comment("x" * LONGEST_COMMENT))
    with pytest.raises(UsageError, match="longer than 10,000"):
        checked_comment("x" * (LONGEST_COMMENT + 1))
    with pytest.raises(UsageError, match="is empty"):
        checked_comment(" ")
