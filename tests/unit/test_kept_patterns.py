"""Compiled patterns that are kept are those that would be compiled: the same numbers, groups, flags and matches."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scheduler.kept_patterns import KeptPatterns

PATTERNS: tuple[tuple[str | bytes, int], ...] = (
    ("plain", 0),
    ("(?P<year>\\d{4})-(?P<month>\\d\\d)(x)?", 0),
    ("[a-z\u00df\u017f]+\\b", re.IGNORECASE),
    ("(?i:one)|(?s:.)two", re.MULTILINE),
    ("(?<!a)b(?=c)(?!d)", re.VERBOSE),
    ("(?x) a b # c", 0),
    ("(?a)plain", 0),
    (b"bytes [\x80-\xff]{1,3}", 0),
    ("(a)(?(1)b|c)\\1", re.ASCII),
    ("(?>a+)b*+", 0),
    ("[\u0400-\u04ff\U0001f600-\U0001f64f]", 0),
    ("", 0),
)


@pytest.fixture
def compiling(tmp_path: Path) -> Callable[[], list[re.Pattern[Any]]]:
    """As a process compiles them that takes what earlier ones kept."""

    def compile_all() -> list[re.Pattern[Any]]:
        patterns = KeptPatterns()
        patterns.begin(tmp_path / "patterns")
        try:
            re.purge()
            return [re.compile(pattern, flags) for pattern, flags in PATTERNS]
        finally:
            patterns.end()

    return compile_all


def test_a_kept_pattern_is_the_one_that_would_be_compiled(
    compiling: Callable[[], list[re.Pattern[Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    re.purge()
    fresh = [re.compile(pattern, flags) for pattern, flags in PATTERNS]
    assert fresh == compiling()

    def not_again(*_: object) -> None:
        raise AssertionError("it is compiled again")

    with monkeypatch.context() as patched:
        patched.setattr(re._compiler, "compile", not_again)  # type: ignore[attr-defined]
        kept = compiling()
    assert fresh == kept  # by their numbers
    told = [[(p.flags, p.groups, dict(p.groupindex)) for p in some] for some in (fresh, kept)]
    assert told[0] == told[1]
    found = kept[1].search("in 2027-01")
    assert found
    assert {"year": "2027", "month": "01"} == found.groupdict()


def test_a_pattern_from_a_pickle_is_the_one_that_was_compiled(
    compiling: Callable[[], list[re.Pattern[Any]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It brings its flags along as they came out; and a mistake in them is one."""
    compiling()
    patterns = KeptPatterns()
    patterns.begin(tmp_path / "patterns")
    re.purge()
    try:
        with pytest.raises(ValueError, match="ASCII and UNICODE"):
            re.compile("(?a)plain", re.UNICODE)
        with monkeypatch.context() as patched:
            patched.setattr(patterns, "_compile", lambda *_: pytest.fail("it is compiled again"))
            pickled = pickle.dumps(re.compile("plain"))
            re.purge()
            assert pickle.loads(pickled).fullmatch("plain")
    finally:
        patterns.end()


def test_afterwards_the_compiler_is_as_it_was(compiling: Callable[[], list[re.Pattern[Any]]]) -> None:
    before = re._compiler.compile, re._compiler._code  # type: ignore[attr-defined]
    compiling()
    assert before == (re._compiler.compile, re._compiler._code)  # type: ignore[attr-defined]


def test_what_is_not_whole_is_compiled_as_ever(compiling: Callable[[], list[re.Pattern[Any]]], tmp_path: Path) -> None:
    compiling()
    (file,) = (tmp_path / "patterns").iterdir()
    file.write_bytes(file.read_bytes()[:-4])
    re.purge()
    assert [re.compile(pattern, flags) for pattern, flags in PATTERNS] == compiling()


def test_a_mistake_is_told_as_ever(compiling: Callable[[], list[re.Pattern[Any]]], tmp_path: Path) -> None:
    patterns = KeptPatterns()
    patterns.begin(tmp_path / "patterns")
    try:
        with pytest.raises(re.error):
            re.compile("(never closed")
    finally:
        patterns.end()


def test_two_processes_at_once_lose_nothing_that_either_compiled(tmp_path: Path) -> None:
    """As two first commands do; what they read their rules from is not compiled again for anybody later."""
    compiler: Any = re._compiler  # type: ignore[attr-defined]
    own = compiler.compile, compiler._code
    both = [KeptPatterns() for _ in range(2)]
    for number, patterns in enumerate(both):  # the second one begins before the first has written
        compiler.compile, compiler._code = own
        patterns.begin(tmp_path / "patterns")
        re.purge()
        for each in range(20):
            re.compile(f"of process {number}: {each}")
    for patterns in both:
        patterns.end()
    compiler.compile, compiler._code = own
    third = KeptPatterns()
    third.begin(tmp_path / "patterns")
    third.end()
    assert {f"of process {number}: {each}" for number in range(2) for each in range(20)} <= {
        key[0] for key in third._known
    }
