"""Lint packs as files: read strictly, with file and line, and no pattern that can hang."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.clock import stopwatch
from scheduler.content.checks import load_lint_pack
from scheduler.content.checks.lint import TYPES
from scheduler.content.pattern_index import PatternIndex, kept_index
from scheduler.content.phrases import (
    LONGEST,
    Index,
    RefusedPattern,
    UnusablePhrase,
    bounded,
    compiled,
    first_match,
    words_of,
)

HEAD = 'title = "Own"\n\n[[rule]]\nid = "X01"\ntype = "words"\ntitle = "No gadgets"\nseverity = "amber"\nwhy = "They distract."\n'


def read(tmp_path: Path, text: str | bytes) -> list[str]:
    path = tmp_path / "own.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return [f"{f.code} {f.where}" for f in load_lint_pack(path)[1]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEAD + 'words = ["gadget"]\n', []),
        (HEAD + 'words = ["gadget"]\nwhere = ["postcard"]\n', ["C013 config/lint/own.toml:10"]),
        (HEAD + 'words = "gadget"\n', ["C012 config/lint/own.toml:9", "C011 config/lint/own.toml:5"]),
        (HEAD + 'words = ["gad*get"]\n', ["C013 config/lint/own.toml:9", "C011 config/lint/own.toml:5"]),
        (HEAD + 'words = ["gadget"]\nmost = 3\n', ["C010 config/lint/own.toml:10"]),
        (HEAD.replace("amber", "yellow") + 'words = ["gadget"]\n', ["C013 config/lint/own.toml:7"]),
        (HEAD.replace('"words"', '"word"') + 'words = ["gadget"]\n', ["C013 config/lint/own.toml:5"]),
        (HEAD.replace('why = "They distract."\n', "") + 'words = ["gadget"]\n', ["C011 config/lint/own.toml:3"]),
        (HEAD.replace("X01", "C101") + 'words = ["gadget"]\n', ["C013 config/lint/own.toml:4"]),
        ('title = "Own"\nrules = []\n', ["C010 config/lint/own.toml:2"]),
        ("title = Own\n", ["C001 config/lint/own.toml:1"]),
        (b'title = "\xff"\n', ["C002 config/lint/own.toml:1"]),
        (HEAD + "patterns = ['(a+)+b']\n", ["W001 config/lint/own.toml:9", "C011 config/lint/own.toml:5"]),
    ],
)
def test_a_pack_is_read_strictly(tmp_path: Path, text: str | bytes, expected: list[str]) -> None:
    """A misspelt key would switch a rule off without a word."""
    assert expected == read(tmp_path, text)


def test_a_pack_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    """Texts do not go out unchecked because of a typing mistake in a name."""
    pack, found = load_lint_pack(tmp_path / "none.toml")
    assert (["C003"], ()) == ([f.code for f in found], pack.rules)


def test_good_rules_are_kept_beside_bad_ones(tmp_path: Path) -> None:
    """One slip does not silence a whole pack."""
    path = tmp_path / "own.toml"
    path.write_text(HEAD + 'words = ["gadget"]\n\n' + HEAD.partition("\n\n")[2].replace("X01", "X02") + "wrods = []\n")
    pack, found = load_lint_pack(path)
    assert ["X01"] == [rule.id for rule in pack.rules]
    assert found


# -- patterns -------------------------------------------------------------------------------------------------

HANGING = [
    "(a+)+b",
    "(a*)*b",
    "(a|a)*b",
    "(a|aa)+$",
    "a*a*a*a*b",
    "(?:a{0,30}){30}b",
    "(?:(?:a?){20}){20}b",
    r"(\w+\s?)*$",
    "(.*a){12}",
    r"(a)\1",
    "(?=(a|b|ab){0,20})c",
    "(?<!a*)b",
    "(?P<x>a)(?P=x)",
    "(a)(?(1)b)",
    "(?>a)b",
    "(?i:a)b",
    "(?#a)b",
    "a{2,}",
    "a{,}b",
    "(a|b|ab){0,20}c",
    r"(?:\w{0,30} ?){9}x",
    r"(?:\w{0,30}[ a-z]){9}x",
    "(?:a|ab|abc|abcd){7}x",
    "x{0,2000}y",
    "a" * (LONGEST + 1),
    "(",
    "[a",
    "",
    "a?",
    "(?:)",
]


@pytest.mark.parametrize("pattern", HANGING)
def test_a_pattern_that_could_hang_is_refused(pattern: str) -> None:
    """Open repetition, back-references and nested choices are not taken."""
    with pytest.raises(RefusedPattern):
        bounded(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        r"^(?:re|fwd?)\s?:",
        r"our \w{1,20}s",
        "gad(?:get|ge)?s?",
        r"\d{1,3} ?%",
        "[]x]{1,3}b",
        "a{,5}b",
        "(?P<x>a|b)(?=c)",
        "(?<!a)b(?!c)",
        r"(?:\w{0,30} ){9}x",
        r"(?:\w{1,30}\b ?){9}x",
        r"(?:\w{1,30}\W{1,2}){4}x",
        "(?:one |two |three |four |five ){9}x",
    ],
)
def test_a_pattern_with_bounds_is_taken(pattern: str) -> None:
    """What rules need can be written."""
    assert bounded(pattern).flags & re.IGNORECASE


_ATOM = st.sampled_from(["a", "b", ".", r"\w", "[ab]", "a?", "b{0,3}", ".{0,20}", "(?:a|b)", "(?:ab|a)?", r"\w{1,12}"])


@given(st.lists(_ATOM, min_size=1, max_size=12).map("".join), st.sampled_from([4, 12]))
def test_whatever_is_taken_is_quick_on_the_worst_text(pattern: str, repeat: int) -> None:
    """A taken pattern ends soon on text made to defeat it."""
    written = f"(?:{pattern}){{0,{repeat}}}c"
    try:
        taken = bounded(written)
    except RefusedPattern:
        return
    elapsed = stopwatch()
    taken.search("ab" * 1000)
    assert elapsed() < 60


# -- phrases --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("child prostitute", "a Child  prostitute", True),
        ("child prostitute", "a child-prostitute", True),
        ("child prostitute", "children prostitute", False),
        ("traffick*", "the traffickers", True),
        ("traffick*", "untrafficked", False),
        ("modern day slave*", "Modern-day slavery", True),
        ("víctima*", "las víctimas", True),
        ("c.o.d.", "by c.o.d. only", True),
        ("save her", "save hers", False),
    ],
)
def test_phrases(phrase: str, text: str, found: bool) -> None:
    """Whole words, any case, hyphen for space, a star for any ending."""
    assert found == (first_match((compiled(phrase),), text) is not None)


@pytest.mark.parametrize("phrase", ["", "*", "a* *b", "...", "x*"])
def test_a_phrase_without_a_word_is_refused(phrase: str) -> None:
    """It would match everywhere, or nowhere."""
    with pytest.raises(UnusablePhrase):
        compiled(phrase)


@given(st.text(alphabet="ab -'é*", max_size=12), st.text(alphabet="ab -'é.\n", max_size=40))
def test_the_quick_way_finds_what_the_slow_way_finds(written: str, text: str) -> None:
    """The index only leaves out phrases that cannot stand in the text."""
    try:
        phrase = compiled(written)
    except UnusablePhrase:
        return
    if phrase.matches_in(text):
        assert phrase in Index([phrase]).candidates(words_of(text))
        assert [[0]] == PatternIndex(kept_index({0: phrase.must_hold})).places_in([words_of(text)])


def test_each_type_of_rule_and_each_key_stands_in_the_howto() -> None:
    """Who writes a rule finds what can be written."""
    howto = (Path(__file__).parents[2] / "docs" / "howto" / "write-a-lint.md").read_text("utf-8")
    names = set(TYPES) | {key for needed, optional in TYPES.values() for key in needed | optional}
    assert [] == sorted(name for name in names if f"`{name}`" not in howto and f'"{name}"' not in howto)
