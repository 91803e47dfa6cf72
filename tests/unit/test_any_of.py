"""A list of phrases finds what one pattern of all of them finds."""

import pickle
import re

import pytest

from scheduler.content.quantities.any_of import AnyOf

PHRASES = ("foot patrol", "foot", "coach*", "self-taught", "100%", "a cat*", "catch")


def test_the_phrase_that_stands_first_in_the_list_is_found_of_two_at_a_place() -> None:
    both = AnyOf(PHRASES).search("the foot-patrol of a catcher")
    assert both is not None
    assert both[0] == "foot-patrol"
    assert [m[0] for m in AnyOf(PHRASES).finditer("a foot, a coaching catch, 100% self-taught")] == [
        "foot",
        "coaching",
        "catch",
        "100%",
        "self-taught",
    ]


def test_a_word_is_found_whole_alone() -> None:
    assert AnyOf(("foot",)).search("barefoot football") is None
    assert AnyOf(("coach*",)).fullmatch("coaches") is not None
    assert AnyOf(("coach",)).fullmatch("coaches") is None


def test_a_list_of_none_finds_nothing() -> None:
    nothing = AnyOf(())
    assert nothing.search("foot") is nothing.match("foot", 0) is nothing.fullmatch("") is None
    assert not [*nothing.finditer("foot")]
    assert nothing.sub(" ", "foot") == "foot"


def test_no_pattern_is_made_of_a_phrase_that_a_text_cannot_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    from scheduler.content.quantities import any_of

    made: list[tuple[str, ...]] = []

    def note(phrases: tuple[str, ...]) -> re.Pattern[str]:
        made.append(phrases)
        return re.compile("x")

    monkeypatch.setattr(any_of, "_pattern_of", note)
    words = AnyOf(PHRASES)
    words.search("nothing of it")
    words.search("on foot")
    words.search("by foot")
    assert made == [("foot",)]


def test_a_kept_list_finds_the_same() -> None:
    assert pickle.loads(pickle.dumps(AnyOf(PHRASES))).sub("-", "on foot") == "on -"
