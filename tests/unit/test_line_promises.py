"""What is said on behalf of a help line: asked about by default, let pass where it says how the line is reached."""

from __future__ import annotations

from typing import Any

import pytest

from scheduler.content.checks.line_promises import LinePromises, with_their_questions
from scheduler.content.people.people_reader import own_sentences
from scheduler.content.promise_rules import PromiseRules, load_promise_rules
from tests.support.checks_factory import LINT, a_campaign, codes, contact, item, post

LINE = contact("line", "1-888-555-0142", label="The Safe Harbor Line", hours="9 to 5 on weekdays", kind="phone")
TEXT = contact("text", "555123", label="The Safe Harbor Line, by text", hours="24 hours a day", kind="text")


def rules_of(language: str) -> PromiseRules:
    rules, problems = load_promise_rules(LINT, language)
    assert rules is not None
    assert not problems
    return rules


EXAMPLES = [
    (language, sentence, key == "bad")
    for language in ("en", "es")
    for key, many in rules_of(language).examples.items()
    for sentence in many
]


def said(words: str, *lines: Any, language: str = "en", claims: tuple[str, ...] = ()) -> list[str]:
    judge = LinePromises(rules_of(language), lines or (LINE, TEXT))
    sentences = with_their_questions(own_sentences(words, ()))
    return [wrong.code for sentence in sentences for wrong in judge.wrong_in(sentence, claims)]


@pytest.mark.parametrize(("language", "sentence", "is_found"), EXAMPLES)
def test_each_list_finds_its_bad_sentences_and_no_good_one(language: str, sentence: str, is_found: bool) -> None:
    assert is_found == bool(said(sentence, language=language)), sentence


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("1-888-555-0142 pays the fare.", ["H115"]),  # by its number
        ("555123 pays the fare.", ["H115"]),
        ("The Safe Harbor Line pays the fare.", ["H115"]),  # by its label
        ("Poison Control is at 1-888-555-0142.", ["H115"]),  # under another's name
        ("Safe Harbor is at 1-888-555-0142.", []),
        ("Llame a la Línea Puerto Seguro, 1-888-555-0142.", []),
        ("Línea Nacional contra la Violencia Doméstica: 1-888-555-0142.", []),
        ("Harbor Line pays the fare.", ["H115"]),  # and by the end of it
        ("The Safe Harbor Line's nurses pay the fare.", ["H115"]),
        ("The Safe Harbor Line's card pays the fare.", []),  # that is the card
        ("A name that nobody asks about is good for the Safe Harbor Line.", []),
        ("Call 1-888-555-0142 at any hour.", ["H116"]),  # by day only
        ("Text 555123 at any hour.", []),
        ("555123 will answer, day or night.", []),  # by its hours
        ("1-888-555-0142 will answer, day or night.", ["H115", "H116"]),
        ("555123 will pay, day or night.", ["H115"]),
        ("When nobody picks up at 1-888-555-0142, write to us.", []),
        ("Who answers the phone at 1-888-555-0142?", []),
        ("Text a picture to 1-888-555-0142.", ["H114"]),
        ("Call 555123.", ["H114"]),
        ("Call 1-888-555-0142 or text 555123.", []),
        ("If he has chest pain, call 1-888-555-0142.", ["H117"]),
        ("If he has chest pain, call 911, then 1-888-555-0142.", []),
        ("For tickets, call 1-888-555-0142.", ["H117"]),
    ],
)
def test_lines_are_known_by_number_and_label(words: str, expected: list[str]) -> None:
    assert expected == said(words)


def test_one_number_may_take_calls_and_texts() -> None:
    both = contact("both", "1-888-555-0142", kind="text", hours="24 hours a day")
    assert [] == said("Text a picture to 1-888-555-0142.", LINE, both)


def test_what_a_claim_of_the_item_says_may_be_said() -> None:
    words = "The hotline opened shelters in Northport and Westfield."
    assert [] == said(words)  # what has been
    words = "The hotline finances shelters in Northport and Westfield."
    assert ["H115"] == said(words)
    assert [] == said(words, claims=("The hotline finances two shelters, in Northport and in Westfield",))


def test_it_is_asked_of_each_message_in_its_language() -> None:
    campaign = a_campaign([item("one", "help")], contacts=[LINE, TEXT])
    assert codes(campaign, post("one", "The hotline finds you a room.")).count("H115") == 1
    assert (
        codes(campaign, post("one", "La l\u00ednea de ayuda le consigue una cama, y eso es todo.")).count("H115") == 1
    )
    assert "H115" not in codes(campaign, post("one", "The hotline is at the bottom of each mail."))
