"""Claims in messages: what each step of the ladder allows, whose sign-off counts, and how age shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from scheduler.content.checks.claim_status import end_of_period
from scheduler.domain.card import CardChoice
from scheduler.domain.claim import Signature, Signatures
from scheduler.domain.finding import Severity
from scheduler.domain.via import Via
from tests.support.checks_factory import TODAY, a_campaign, claim, codes, email, findings, item, post, signed

NEW = claim(
    "new",
    "estimate",
    text="30 million people were held",
    numbers=["30 million"],
    caveat="Estimate of 2026",
    period="2026",
)
OLD = claim("old", "outdated", text="25 million people were held", numbers=["25 million"], superseded_by=("new",))
WRONG = claim("wrong", "debunked", text="9.8 billion dollars", numbers=["9.8 billion"])
UNKNOWN = claim("unknown", "unsourced", text="every third town has one", numbers=[])
DISPUTED = claim("disputed", "contested", text="7 in 10 know", numbers=["7 in 10"], caveat="in dispute")
ALL = (NEW, OLD, WRONG, UNKNOWN, DISPUTED)


def of(kind: str, text: str, *, then: tuple[str, ...] = (), **more: Any) -> list[str]:
    """Codes of a post of that kind which says ``text`` and rests on every claim whose id stands in ``uses``."""
    uses = tuple(more.pop("uses", ()))
    more.setdefault("post", " ".join(f"{{{{ claim('{used}').text }}}}" for used in uses))
    text_item = item("one", kind, claims=uses, then=then, now=("new",) if then else (), **more)
    return codes(a_campaign([text_item], claims=ALL), post("one", text, claims=(*uses, *then), kind=kind))


def test_an_estimate_needs_its_caveat_in_the_same_message() -> None:
    """C101: printed elsewhere it helps nobody."""
    assert [] == of("fact", "30 million (estimate of 2026)", uses=["new"])
    assert ["C101"] == of("fact", "30 million people", uses=["new"])


def test_an_estimate_that_the_message_does_not_print_needs_no_caveat() -> None:
    """A post may rest on fewer claims than its email."""
    assert [] == of("fact", "A quiet day", uses=["new"])


def test_both_parts_of_an_email_print_the_caveat() -> None:
    """Who reads the plain text reads the same."""
    mail = email("one", "30 million (Estimate of 2026)", markup="<p>30 million</p>", claims=("new",))
    assert ["C101", "M206"] == codes(a_campaign([item("one", claims=("new",))], claims=ALL), mail)


def test_a_claim_that_does_not_hold_stands_on_no_picture_as_if_it_did() -> None:
    """C104: the item may tell it as past, and its picture goes on alone. Two panels say both."""
    alone = CardChoice(kind="fact", claim="old")
    assert ["C104"] == of("then-now", "Good morning.", then=("old",), uses=["old"], card=alone)
    assert [] == of("then-now", "Good morning.", then=("old",), uses=["old"], card=CardChoice(claim="old"))


def test_an_outdated_claim_is_told_as_past_and_with_its_successor() -> None:
    """C104 outside `then`, C105 without what replaced it."""
    both = "Then 25 million, now 30 million (Estimate of 2026)"
    assert [] == of("then-now", both, then=("old",))
    assert ["C105"] == of("then-now", "Then 25 million", then=("old",))
    assert "C104" in of("fact", both, uses=["old", "new"])


@pytest.mark.parametrize("kind", ["fact", "then-now", "help", "special"])
def test_a_debunked_claim_goes_out_only_where_it_is_corrected(kind: str) -> None:
    """C107, whatever else the item says; listing it in `then` of another kind does not help."""
    then = ("wrong",) if kind == "then-now" else ()
    assert "C107" in of(kind, "They say 9.8 billion", uses=["wrong"], then=then)


def test_a_debunked_claim_may_be_corrected_below_the_headline() -> None:
    """C108: not in the first line, nor in any headline."""
    assert [] == of("myth-corrected", "A sum from nowhere.\nIt was 9.8 billion.", then=("wrong",))
    assert ["C108"] == of("myth-corrected", "9.8 billion is wrong.\nHere is why.", then=("wrong",))


@pytest.mark.parametrize("place", ["title", "subject", "preheader", "discreet_subject"])
def test_a_debunked_number_stands_in_no_headline(place: str) -> None:
    """C108, in digits or in another way of writing the same figure."""
    text_item = item("one", "myth-corrected", then=("wrong",), **{place: "Why $9,800,000,000 is wrong"})
    headline = {p: getattr(text_item, p) for p in ("subject", "preheader")}
    mail = email("one", "It was 9.8 billion.", claims=("wrong",), kind="myth-corrected", **headline)
    assert ["C108"] == codes(a_campaign([text_item], claims=ALL), mail)


def test_a_note_on_the_content_is_not_the_first_line() -> None:
    """The line below the note is what a reader sees first."""
    assert ["C108"] == of(
        "myth-corrected", "Content note: money.\n9.8 billion is wrong.", then=("wrong",), content_note="money"
    )


def test_an_unsourced_claim_is_not_printed() -> None:
    """C106, without figures too: the text calls its record. A template that is merely handed it prints nothing."""
    assert ["C106"] == of("fact", "They are everywhere", uses=["unknown"])
    assert [] == of("fact", "A quiet day", uses=["unknown"], post="A quiet day")


def test_a_contested_claim_needs_two_people_one_of_them_expert() -> None:
    """C103: one name twice is one person, and two without an expert are not enough."""
    campaign = a_campaign([item("one", claims=("disputed",))], claims=ALL)
    message = post("one", "7 in 10 know (in dispute)", claims=("disputed",))

    def by(*people: tuple[str, str]) -> list[str]:
        marks = [
            Signature("claim", "disputed", DISPUTED.record_hash(), who, role, TODAY, via=Via.LINK)
            for who, role in people
        ]
        return codes(campaign, message, signatures=Signatures(tuple(marks)))

    assert [] == by(("Ada", "subject expert"), ("Ben", "fact"))
    assert ["C103"] == by(("Ada", "fact"), ("Ben", "fact"))
    assert ["C103"] == by(("Ada", "expert"), ("ada ", "fact"))
    assert ["C103"] == by()


def test_a_sign_off_is_for_the_record_as_it_stood() -> None:
    """C109: one changed letter, and nobody has signed it."""
    before = a_campaign([item("one", claims=("new",))], claims=[NEW])
    after = a_campaign([item("one", claims=("new",))], claims=[replace(NEW, measure="people, all ages")])
    message = post("one", "30 million (Estimate of 2026)", claims=("new",))
    assert [] == codes(before, message, signatures=signed(before))
    found = findings(after, message, signatures=signed(before))
    assert [("C109", Severity.RED)] == [(f.code, f.severity) for f in found]
    assert "the claim new was changed since " in found[0].message
    assert "signed it on 2026-12-28 (used by one)" in found[0].message
    never = findings(before, message, signatures=Signatures())
    assert ["the claim new is not signed yet (used by one)"] == [f.message for f in never if f.code == "C109"]


def test_a_claim_that_no_message_uses_is_left_alone() -> None:
    """Research that waits in claims.toml blocks nothing."""
    assert [] == codes(a_campaign(claims=ALL), post("one", "A quiet day"), signatures=Signatures())


@pytest.mark.parametrize(
    ("period", "last"),
    [
        ("2021", date(2021, 12, 31)),
        ("2022-09", date(2022, 9, 30)),
        ("2016 to 2020", date(2020, 12, 31)),
        ("2024-02-29", date(2024, 2, 29)),
        ("on any day", None),
    ],
)
def test_the_end_of_a_period(period: str, last: date | None) -> None:
    """The last day that the figure describes."""
    assert last == end_of_period(period)


def test_an_old_statistic_is_fresh_again_once_somebody_signs_it_knowing_its_age() -> None:
    """C111 counts from the end of the period; a sign-off after the limit settles it."""
    stale = replace(NEW, period="2024-12")
    campaign = a_campaign([item("one", claims=("new",))], claims=[stale])
    message = post("one", "30 million (Estimate of 2026)", on=date(2027, 1, 10), claims=("new",))
    assert ["C111"] == codes(campaign, message, signatures=signed(campaign, date(2025, 1, 5)))
    assert [] == codes(campaign, message, signatures=signed(campaign, date(2027, 1, 2)), today=date(2027, 1, 2))
    assert [] == codes(campaign, message, signatures=signed(campaign, date(2025, 1, 5)), statistic_max_age_months=36)


def test_review_and_expiry_are_measured_on_the_day_of_the_message() -> None:
    """C110 and C112: what is good today may not be good on the last day of the month."""
    campaign = a_campaign(
        [item("one", claims=("new",))],
        claims=[replace(NEW, review_by=date(2027, 1, 5), hard_expires=date(2027, 1, 8))],
    )
    text = "30 million (Estimate of 2026)"
    assert [] == codes(campaign, post("one", text, claims=("new",), on=date(2027, 1, 5)))
    assert ["C110"] == codes(campaign, post("one", text, claims=("new",), on=date(2027, 1, 8)))
    assert ["C112", "C110"] == codes(campaign, post("one", text, claims=("new",), on=date(2027, 1, 9)))


# -- figures that nobody carries ------------------------------------------------------------------------------


def test_a_figure_of_ones_own_needs_a_claim() -> None:
    """C150, once for each figure; how it is written makes no difference."""
    assert ["C150"] == of("fact", "12,500 people, that is 12,500 people")
    assert [] == of("fact", "30,000,000 people (Estimate of 2026)", uses=["new"])


def test_a_typed_figure_of_a_bad_claim_is_red() -> None:
    """C115: a number that was shown to be wrong cannot come in through the keyboard."""
    assert ["C115"] == of("fact", "A business of $9.8 billion")
    assert ["C115"] == of("fact", "25 million people")


def test_years_dates_and_help_lines_are_no_statistics() -> None:
    """No alarm for a date, a telephone number or a postal address."""
    text = "Since 2014, on 11 January 2027 at 10:00. Day 11 of 32. Call 911. 22 U.S.C. 7102."
    from tests.support.checks_factory import contact

    campaign = a_campaign(contacts=[contact("emergency", "911", kind="emergency")])
    assert not {"C114", "C115"} & set(codes(campaign, post("one", text)))


def test_the_headline_is_read_too() -> None:
    """A figure in the subject is a figure."""
    assert ["C150"] == codes(a_campaign(), email("one", "Good morning.", subject="About 12,500 people"))
