"""G110: an alternative text says what its card shows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scheduler.content.checks.alt_texts import check_alt_texts
from scheduler.content.checks.context import Material
from scheduler.domain.campaign import Kind
from scheduler.domain.claim import Signatures
from scheduler.domain.message import PostBody
from scheduler.domain.planned_item import Plan
from scheduler.domain.post_picture import PostPicture
from scheduler.domain.printed import Printed
from tests.support.checks_factory import TODAY, a_campaign, claim, item, post, settings
from tests.support.factories import season

FIGURE = Printed("claim", "many", "text", "3.5 million people were held in 2025")
TITLE = Printed("claim", "many", "title", "Report 2026")
QUOTED = Printed("quotation", "page#P1", "text", "Call a number that somebody answers.")
LINE = Printed("contact", "line", "value", "1-800-555-0100")


@pytest.mark.parametrize(
    ("alt", "said", "kind", "printed", "lacks"),
    [
        ("A card: 3.5 million people in 2025.", "Read.", "fact", FIGURE, []),
        ("A card: many people in 2025.", "3.5 million.", "fact", FIGURE, ["3.5 million"]),
        ("A card with a title.", "Read.", "fact", TITLE, []),
        ("A card: “Call a number that somebody answers”", "Read.", "quotation", QUOTED, []),
        ("A card: “Call a number”", "Read.", "quotation", QUOTED, [QUOTED.words]),
        ("A card with two numbers.", "Call 1-800-555-0100.", "help", LINE, []),
        ("A card with two numbers.", "Call 1-800-555-0199.", "help", LINE, [LINE.words]),
        ("A card.", "Read.", "fact", LINE, []),  # its foot
        ("A card: 7 steps.", "Read.", "title", None, []),
        ("A card: steps.", "Read.", "title", None, ["7"]),
        ("", "Read.", "title", None, []),  # a draft is the card's own words
    ],
)
def test_what_the_card_shows_is_heard(
    alt: str, said: str, kind: str, printed: Printed | None, lacks: list[str]
) -> None:
    shown = replace(item("one"), title="7 steps", alt=alt, kind=Kind(kind if kind != "title" else "action"))
    card = PostPicture(
        "0" * 64, 1, "image/png", 1, 1, "card", "blue", ("7 steps",) if kind == "title" else (), "<svg/>"
    )
    made = post("one", said, alt_text=alt, printed={"card": (printed,)} if printed else {})
    assert isinstance(made.body, PostBody)
    message = replace(made, body=replace(made.body, picture=card))
    campaign = a_campaign([shown], claims=[claim("many", numbers=["3.5 million"])])
    plan = Plan(campaign, season(campaign, 2027), "Month", ())
    found = [*check_alt_texts(Material(plan, (message, message), settings(), Signatures(), TODAY))]
    assert lacks == [f.words for f in found]
