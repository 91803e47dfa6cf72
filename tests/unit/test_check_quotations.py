"""Quotations in messages: word for word, with source and year, and only from what is stored."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from scheduler.domain.printed import Printed
from scheduler.domain.quotation import Source
from tests.support.checks_factory import a_campaign, codes, email, findings, item, post, source

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
OWN = replace(OWN, passages=tuple(replace(p, shortened="of a longer one") for p in OWN.passages))
BY = " Ada Lowe, 2014"


def filled(text: str, *sources: Source) -> dict[str, Any]:
    """The arguments of a post or an email whose ``{SOURCE#PASSAGE}`` a template printed, and ``{SOURCE#PASSAGE:FIELD}``."""
    printed = []

    def make(found: re.Match[str]) -> str:
        source_id, passage_id, field = found[1], found[2], found[3] or "text"
        stored = next(s for s in sources if s.id == source_id)
        words = stored.passage(passage_id).corrected() if field == "text" else getattr(stored, field)
        printed.append(Printed("quotation", f"{source_id}#{passage_id}", field, words))
        return str(words)

    made = re.sub(r"\{(\w+)#(\w+):?(\w*)\}", make, text)
    return {"text": made, "printed": {"txt": tuple(printed), "html": tuple(printed)}}


def of(text: str, *pointers: str, lint: bool = False, **more: Any) -> list[str]:
    campaign = a_campaign(
        [item("one", "quotation", quotations=pointers)], sources=[SPEECH, OWN], lint_packs=("house",) if lint else ()
    )
    given = filled(text, SPEECH, OWN)
    return codes(campaign, post("one", given["text"], quotations=pointers, printed=given["printed"], **more))


def test_stored_words_that_a_template_printed_are_fine() -> None:
    """In marks of any kind, with the speaker and the year of the source, printed or typed."""
    for marks in ("\u201c{}\u201d", '"{}"', "\u2018{}\u2019", "\u00ab{}\u00bb", "\u201e{}\u201c"):
        assert [] == of(f"{marks.format('{speech#P1}')}{BY}", "speech#P1")
    assert [] == of("\u201c{speech#P1}\u201d\n\u2014 {speech#P1:short_attribution}", "speech#P1")
    assert [] == of("As Mayor Ada Lowe said in 2014: \u201c{speech#P1}\u201d", "speech#P1")
    assert [] == of('In 2014 we wrote: "{page#P1}".', "page#P1")


#: Sentences, and what is found of them in a post of a campaign that stores SPEECH.
TYPED = [
    (f'"{FREE}"{BY}', ["Q110"]),
    (f"\u2018{FREE}\u2019{BY}", ["Q110"]),
    (f"\u00ab{FREE}\u00bb{BY}", ["Q110"]),
    (f"\u300c{FREE}\u300d{BY}", ["Q110"]),
    (f"<<{FREE}>>{BY}", ["Q110"]),
    (f"*{FREE}*", ["Q110", "M104"]),
    (f"Nobody is too small. {FREE}", ["Q110"]),
    ('"No street is free \u2026 no clerk is too small to ask."', ["Q110"]),
    ('"Nobody ever asks who keeps the papers."', ["Q104"]),
    ('"A street with one locked house is not a free street at all."', ["Q104"]),
    ('An opened "quotation that nobody closes.', ["Q104"]),
    # closed: typed as it is, in other words, with and without marks
    (f'"{ASK}"{BY}', ["Q101"]),
    (ASK, ["Q101"]),
    ("The council trains every inspector, and has charged more owners than before.", ["Q101"]),
    # somebody who is named has said it
    ("Frederick Douglass said that the street is long.", ["Q111"]),
    ("As Dr. King put it, the street is long.", ["Q111"]),
    ("Lincoln once said that a street is long.", ["Q111"]),
    ("Nelson Mandela: the street is long.", ["Q111"]),
    ("In the words of Rosa Parks, the street is long.", ["Q111"]),
    # terms
    ('They call it "honest work" on this street.', ["Q113"]),
    ("'Honest' isn't always honest.", []),
    ('The word "servitude" is old.', []),
    ('Say "forced labor", not "modern bondage".', []),
    ('You can ask, "Are you all right?"', []),
    (
        'You can ask, "No street is free when one house is locked, and no clerk is too small to ask?"',
        ["Q105"],
    ),
    # a word that is spelled or shown, and what a thing has written on it
    ('Mind the accent in "también" on the page.', []),
    ('"Paws off," says the mug.', []),
    ('"Paws off," says the street.', ["Q113"]),
    # what people say, and the sentence denies
    ('Nobody "asks for it" on this street.', []),
    ('It is a myth that "locks are for thieves" here.', []),
    ('It is a myth that "locks are for thieves who live on this very street".', ["Q104"]),
    ('They say that "locks are for thieves".', ["Q104"]),
    # no quotations at all
    ("The workers' papers, a 6' table, a 12\" ruler and the '90s.", []),
    ("Don't wait, it's her neighbor's call; rock 'n' roll.", []),
    ("The report says that the street is long. She said so. Congress wrote the law.", []),
    ('In "A Speech" you find more.', []),
]


@pytest.mark.parametrize(("text", "found"), TYPED)
def test_what_is_typed_is_no_quotation(text: str, found: list[str]) -> None:
    """Q101, Q104, Q105, Q110, Q111, Q113."""
    closed = replace(
        SPEECH, passages=(*SPEECH.passages[:1], replace(SPEECH.passages[1], quotable=False), SPEECH.passages[2])
    )
    campaign = a_campaign([item("one")], sources=[closed])
    assert found == codes(campaign, post("one", text))


def test_a_passage_that_may_not_be_quoted() -> None:
    """Q101, with the reason of the record."""
    assert ["Q101"] == of('"{speech#P3}"' + BY, "speech#P3")


def test_a_passage_whose_words_are_missing() -> None:
    """Q102: the name of a speaker without the speaker's words."""
    assert ["Q102"] == of(f"A fine thought.{BY}", "speech#P1")


@pytest.mark.parametrize("by", [" Ada Lowe", " 2014", ""])
def test_source_and_year_are_both_needed(by: str) -> None:
    """Q103: who, and when."""
    assert ["Q103"] == of('"{speech#P1}"' + by, "speech#P1")


@pytest.mark.parametrize(
    "text",
    [
        "\u201c{speech#P1}\u201d\n\u2014 Abraham Lincoln, 1863. Ada Lowe, 2014",
        "\u201c{speech#P1}\u201d Dr. King\n{speech#P1:short_attribution}",
        "\u201c{speech#P1}\u201d (2015)\n{speech#P1:short_attribution}",
        "In 1963 somebody said: \u201c{speech#P1}\u201d\n{speech#P1:short_attribution}",
    ],
)
def test_the_words_are_given_to_nobody_else(text: str) -> None:
    """Q112: a name or a year beside printed words that their source does not have."""
    assert "Q112" in (of(text, "speech#P1"))


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Judge Maria Lopez said it at the vigil.", ["Q112"]),
        ("We owe this line to Maria Lopez.", ["Q112"]),
        ("A nurse told us that in spring.", ["Q116"]),
        ("These are the words of a nurse.", ["Q116"]),
        ("As\u00ed lo dijo una enfermera.", ["Q116"]),
        ("Ada Lowe said it in 2014, and we keep it.", []),
        ("Mayor Ada Lowe wrote these words.", []),
        ("A mayor says it best.", []),  # as the record does
        ("Grandma said so.", ["Q116"]),
        ("One of our nurses told us that years ago.", ["Q116"]),
        ("The sentence above is by Maria Lopez.", ["Q112"]),
        ("The nurse put it on the door.", []),
        ("Our nurse said it was cold.", []),
        ("Our nurse brought the cake.", []),
    ],
)
def test_no_sentence_elsewhere_gives_the_words_to_somebody_else(sentence: str, expected: list[str]) -> None:
    """Q112 by name, Q116 without one: in another paragraph, and in words that a picture has for those who see none."""
    words = f"\u201c{{speech#P1}}\u201d{BY}"
    elsewhere = of(f"{words}\n\nRead it slowly.\n\n{sentence}", "speech#P1")
    on_the_picture = of(words, "speech#P1", alt_text=f"A porch. {sentence}")
    for found in (elsewhere, on_the_picture):
        assert expected == [code for code in found if code in ("Q112", "Q116") or (code == "Q111" and not expected)]


def test_words_that_are_left_out_have_a_reason() -> None:
    """Q114: a passage that holds a part of its sentence, an ellipsis beside one; Q115: what it left out was a not."""
    text = "Let us say as one that it has no place here, and go. We do."
    parts = ({"words": "Let us say as one that it has"}, {"words": "place here, and go."})
    bare = source("call", text, *parts)
    assert ["Q114", "Q114"] == codes(a_campaign(sources=[bare]), post("one", "A quiet day"))
    told = replace(bare, passages=tuple(replace(p, shortened="too long for a post") for p in bare.passages))
    campaign = a_campaign([item("one")], sources=[told])
    assert [] == codes(campaign, post("one", "A quiet day"))

    def found(text: str, sources: Source) -> list[str]:
        pointers = tuple(f"call#{p}" for p in ("P1", "P2") if f"call#{p}" in text)
        return codes(
            a_campaign([item("one")], sources=[sources]), post("one", quotations=pointers, **filled(text, sources))
        )

    assert ["Q115"] == found("\u201c{call#P1} \u2026 {call#P2}\u201d Ada Lowe, 2014", told)
    assert [] == found("\u201c{call#P2} ...\u201d Ada Lowe, 2014", told)
    whole = source("call", text, {"words": "We do."})
    assert ["Q114"] == found("\u201c{call#P1} ...\u201d Ada Lowe, 2014", whole)


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


def test_a_block_quotation_is_a_quotation() -> None:
    """Paragraphs set as quotations need no marks to be taken for somebody's words."""
    campaign = a_campaign([item("one")], sources=[SPEECH])
    markup = "<blockquote><p>Nobody ever asks who keeps the papers here.</p></blockquote>"
    text = "> Nobody ever asks who\n> keeps the papers here."
    assert ["Q104"] == codes(campaign, email("one", text, markup=markup))


def test_a_block_quotation_may_hold_its_attribution() -> None:
    """The line that names the speaker is not part of the words."""
    given = filled("> {speech#P1}\n>\n> Mayor Ada Lowe, a speech, 2014", SPEECH)
    markup = f"<blockquote><p>{FREE}</p><p>Mayor Ada Lowe, a speech, 2014</p></blockquote>"
    campaign = a_campaign([item("one", quotations=("speech#P1",))], sources=[SPEECH])
    message = email("one", given["text"], markup=markup, quotations=("speech#P1",), printed=given["printed"])
    assert [] == codes(campaign, message)


def test_quoted_words_are_exempt_from_lints_and_figures() -> None:
    """Words and numbers of a stored passage are not the organisation's own."""
    loud = source("loud", "It is SHOCKING that 12,500 people ask!", {"words": "It is SHOCKING that 12,500 people ask!"})
    campaign = a_campaign(
        [item("one", "quotation", quotations=("loud#P1",))], sources=[loud], lint_packs=("house", "human-trafficking")
    )
    given = filled('"{loud#P1}" Ada Lowe, 2014', loud)
    assert [] == codes(campaign, post("one", given["text"], quotations=("loud#P1",), printed=given["printed"]))
    assert {"C150", "L06", "L21", "L22"} <= set(codes(campaign, post("one", "SHOCKING! 12,501 people ask!")))


# -- words of another year ------------------------------------------------------------------------------------


def test_words_of_another_year_carry_that_year() -> None:
    """L20, with or without quotation marks, quoted whole or in part."""
    assert [] == of('"{speech#P2}"\n' + BY, "speech#P2", lint=True)
    assert ["L20"] == of('"{speech#P2}" Ada Lowe', "speech#P2", lint=True)
    assert ["L20"] == of("My council is training every inspector. So it goes on.", lint=True)
    assert [] == of("In 2014 she said that my council is training every inspector.", lint=True)


def test_the_year_stands_beside_the_words() -> None:
    """A year at the other end of the message does not date them."""
    apart = '"{speech#P2}"\nOne.\nTwo.\nThree.\nFour.\nAda Lowe, 2014'
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
