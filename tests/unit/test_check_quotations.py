"""Quotations in messages: word for word, with source and year, and only from what is stored."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.checks_factory import a_campaign, claim, codes, email, findings, item, post, source

WORDS = (
    "No street is free while one house is locked, and no clerk is too small to ask. My council is training every inspector "
    "this year, and has charged more owners than ever before. Let us ask the question that nobody asks."
)
FREE = "No street is free while one house is locked, and no clerk is too small to ask."
BOAST = "My council is training every inspector this year, and has charged more owners than ever before."
ASK = "Let us ask the question that nobody asks."
SPEECH = source(
    "speech",
    WORDS,
    {"words": FREE},
    {"words": BOAST, "use": "dated"},
    {"words": ASK, "quotable": False, "reason": "nobody said it"},
)
OWN = source(
    "page",
    "We held 4 meetings, and a large pecentage came.",
    {"words": "a large pecentage came", "corrections": [("pecentage", "percentage")]},
    own_words=True,
)
BY = " Ada Lowe, 2014"


def of(text: str, *pointers: str, lint: bool = False, **more: Any) -> list[str]:
    campaign = a_campaign(
        [item("one", "quotation", quotations=pointers)], sources=[SPEECH, OWN], lint_packs=("house",) if lint else ()
    )
    return codes(campaign, post("one", text, quotations=pointers, **more))


def test_stored_words_with_their_year_are_fine() -> None:
    """In curly or straight marks, with other dashes and spaces."""
    assert [] == of(f"\u201c{FREE}\u201d{BY}", "speech#P1")
    assert [] == of(f'"{FREE}"\n{BY}', "speech#P1")
    assert [] == of(f'"No street is free \u2026 no clerk is too small to ask."{BY}', "speech#P1")


def test_the_organisations_own_words_may_be_printed_corrected() -> None:
    """As stored or with the recorded correction, and with their year."""
    assert [] == of('In 2014 we wrote: "a large percentage came".', "page#P1")
    assert [] == of('In 2014 we wrote: "a large pecentage came".', "page#P1")


def test_a_passage_that_may_not_be_quoted() -> None:
    """Q101, with the reason of the record."""
    assert ["Q101"] == of(f'"{ASK}"{BY}', "speech#P3")


def test_a_passage_whose_words_are_missing() -> None:
    """Q102: the name of a speaker without the speaker's words."""
    assert ["Q102"] == of(f"A fine thought.{BY}", "speech#P1")


@pytest.mark.parametrize("text", [f'"{FREE}" Ada Lowe', f'"{FREE}" 2014', f'"{FREE}"'])
def test_source_and_year_are_both_needed(text: str) -> None:
    """Q103: who, and when."""
    assert ["Q103"] == of(text, "speech#P1")


# Adaptations as they are met: near enough to be believed, and never said.
ALTERED = [
    (
        "No street is free when one house is locked, and no clerk is too small to ask.",
        '"when", the source says "while"',
    ),
    (
        "No street is free while one house is locked and no clerk is too small to ask.",
        '"locked", the source says "locked,"',
    ),
    ("No street is free while one house is locked, and no clerk is small to ask.", 'leaves out "too" after "is"'),
    ("No street is ever free while one house is locked, and no clerk is too small to ask.", 'adds "ever" after "is"'),
    ("no street is free while one house is locked, and no clerk is too small to ask.", '"no", the source says "No"'),
    (
        "My council has been training every inspector this year, and has charged more owners than ever before.",
        '"has been"',
    ),
]


@pytest.mark.parametrize(("words", "difference"), ALTERED)
def test_altered_words_are_found_and_the_first_difference_is_named(words: str, difference: str) -> None:
    """Q105: a changed word, comma or capital makes it another's words."""
    campaign = a_campaign([item("one")], sources=[SPEECH])
    found = findings(campaign, post("one", f"\u201c{words}\u201d{BY}"))
    assert ["Q105"] == [f.code for f in found]
    assert difference in found[0].message


def test_a_free_retelling_is_no_alteration() -> None:
    """Q104: other words in quotation marks are nobody's that we know."""
    assert ["Q104"] == of('"A street with one locked house is not a free street at all."')


def test_short_mentions_titles_and_claims_may_stand_in_quotation_marks() -> None:
    """Up to four words are a mention; a claim's words and a source's title come from a record."""
    known = claim("known", text="one in the same house with nobody else at all")
    campaign = a_campaign([item("one", claims=("known",))], claims=[known], sources=[SPEECH])
    text = '"locked house" and "one in the same house with nobody else at all", in "A Speech"'
    assert [] == codes(campaign, post("one", text, claims=("known",)))


def test_a_block_quotation_is_a_quotation() -> None:
    """Paragraphs set as quotations need no marks to be taken for somebody's words."""
    campaign = a_campaign([item("one")], sources=[SPEECH])
    markup = "<blockquote><p>Nobody ever asks who keeps the papers here.</p></blockquote>"
    text = "> Nobody ever asks who\n> keeps the papers here."
    assert ["Q104"] == codes(campaign, email("one", text, markup=markup))


def test_a_block_quotation_may_hold_its_attribution() -> None:
    """The line that names the speaker is not part of the words."""
    markup = f"<blockquote><p>{FREE}</p><p>Mayor Ada Lowe, a speech, 2014</p></blockquote>"
    text = f"> {FREE}\n>\n> Mayor Ada Lowe, a speech, 2014"
    campaign = a_campaign([item("one", quotations=("speech#P1",))], sources=[SPEECH])
    assert [] == codes(campaign, email("one", text, markup=markup, quotations=("speech#P1",)))


def test_quoted_words_are_exempt_from_lints_and_figures() -> None:
    """Words and numbers of a stored passage are not the organisation's own."""
    loud = source("loud", "It is SHOCKING that 12,500 people ask!", {"words": "It is SHOCKING that 12,500 people ask!"})
    campaign = a_campaign(
        [item("one", "quotation", quotations=("loud#P1",))], sources=[loud], lint_packs=("house", "human-trafficking")
    )
    assert [] == codes(
        campaign, post("one", '"It is SHOCKING that 12,500 people ask!" Ada Lowe, 2014', quotations=("loud#P1",))
    )
    assert {"C114", "L06", "L21", "L22"} <= set(codes(campaign, post("one", "SHOCKING: 12,501 people ask!")))


# -- words of another year ------------------------------------------------------------------------------------


def test_words_of_another_year_carry_that_year() -> None:
    """L20, with or without quotation marks, quoted whole or in part."""
    assert [] == of(f'"{BOAST}"\n{BY}', "speech#P2", lint=True)
    assert ["L20"] == of(f'"{BOAST}" Ada Lowe', "speech#P2", lint=True)
    assert ["L20"] == of("My council is training every inspector. So it goes on.", lint=True)
    assert [] == of("In 2014 she said that my council is training every inspector.", lint=True)


def test_the_year_stands_beside_the_words() -> None:
    """A year at the other end of the message does not date them."""
    apart = f'"{BOAST}"\nOne.\nTwo.\nThree.\nFour.\nAda Lowe, 2014'
    assert ["L20"] == of(apart, "speech#P2", lint=True)


def test_a_correction_mends_spelling_and_no_figures() -> None:
    """Q106: another number is another statement."""
    changed = source(
        "page",
        "We held 4 meetings.",
        {"words": "We held 4 meetings.", "corrections": [("4 meetings", "14 meetings")]},
        own_words=True,
    )
    assert ["Q106"] == codes(a_campaign(sources=[changed]), post("one", "A quiet day"))
