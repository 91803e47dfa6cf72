"""Two people for each message, counted by how their word came; or one who says so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scheduler.content.checks.policy import findings_about
from scheduler.domain.approval import Approval, Approvals
from scheduler.domain.review_policy import ReviewPolicy, Rule, missing
from scheduler.domain.via import Via, is_said, people
from scheduler.review.review_status import review_standing
from tests.support.rehearsal_factory import month
from tests.support.two_people import ALONE
from tests.support.world import a_post

TYPED, OLD, LINK, SIGN_IN, PAPER, API = (
    Via.COMMAND_LINE,
    Via.UNRECORDED,
    Via.LINK,
    Via.SIGN_IN,
    Via.PAPER,
    Via.API,
)
MESSAGE = a_post()


def words(*said: tuple[str, Via]) -> tuple[Approval, ...]:
    m = MESSAGE
    return tuple(
        Approval(m.campaign, m.season, m.item, m.channel, m.digest, who, "coordinator", m.due_at, via=via)
        for who, via in said
    )


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ([("Ada", TYPED), ("Ben", TYPED), ("Cy", OLD)], 1),
        ([("Ada", OLD), ("Ben", OLD)], 1),
        ([("Ada", TYPED), ("ada ", LINK)], 1),
        ([("Ada", TYPED), ("Ben", TYPED), ("Ada", SIGN_IN)], 1),
        ([("Ada", LINK), ("Ada", SIGN_IN), ("ADA", API), ("Ada", PAPER)], 1),
        ([("Ada", TYPED), ("Ben", TYPED), ("Ben", LINK)], 2),
        *[([("Ada", TYPED), ("Ben", via)], 2) for via in (LINK, SIGN_IN, PAPER, API)],
        ([("Ada", LINK), ("Ben", API)], 2),
    ],
)
def test_what_is_typed_is_one_person_and_every_other_road_counts_by_name(
    said: list[tuple[str, Via]], number: int
) -> None:
    given = words(*said)
    assert number == len(people(given))
    assert (number < 2) == bool(missing(MESSAGE, Approvals(given), ReviewPolicy()))


@pytest.mark.parametrize("policy", [ReviewPolicy(), ReviewPolicy(approvals=1), ReviewPolicy(author_may_be_alone=True)])
def test_no_policy_lets_one_person_through_but_one_that_says_so(policy: ReviewPolicy) -> None:
    one = Approvals(words(("Ada", LINK)))
    assert "1 of 2 approvals" in missing(MESSAGE, one, policy)[0].words
    assert () == missing(MESSAGE, one, ALONE)
    assert missing(MESSAGE, Approvals(), ALONE), "alone, but not unread"


def test_a_person_who_typed_two_names_is_told_why_that_is_one() -> None:
    (lack,) = missing(MESSAGE, Approvals(words(("Ada", TYPED), ("Ben", TYPED))), ReviewPolicy())
    assert "1 of 2 approvals; all that was typed on this machine counts as one person" == lack.words


def test_a_policy_of_one_is_told_of_and_so_is_who_decides_alone() -> None:
    assert [] == list(findings_about(ReviewPolicy()))
    (few,) = findings_about(ReviewPolicy(approvals=1))
    (alone,) = findings_about(ALONE)
    assert (few.code, alone.code) == ("S108", "S107")
    assert "Ada Example approves alone: this is a test" == alone.message


def test_who_approved_in_the_place_of_who_decides_alone_is_said() -> None:
    """The cover never says that one person approves alone of what another one approved."""

    def said(*names: str, role: str = "coordinator", policy: ReviewPolicy = ALONE) -> str:
        given = Approvals(tuple(replace(a, role=role) for a in words(*((name, TYPED) for name in names))))
        rehearsal = replace(month(messages=(MESSAGE,), policy=policy), approvals=given)
        assert review_standing(rehearsal).alone == rehearsal.alone_in_words()
        return rehearsal.alone_in_words()

    declared = "Ada Example approves alone: this is a test"
    assert declared == said() == said("ada example") == said("Ben", "Ada Example") == said("Ben", role="board-viewer")
    assert f"{declared}. But 1 message was approved without Ada Example, by Ben, Cy" == said("Cy", "Ben")
    assert "" == said("Ben", policy=ReviewPolicy())


def test_a_typed_name_lends_no_role() -> None:
    """Whoever types may write any role beside any name: only the first of them is a person."""
    policy = ReviewPolicy(rules=(Rule(roles=("safety-reviewer",)),))
    typed, other, own = words(("Ada", TYPED), ("Dr Nobody", TYPED), ("Ben", LINK))
    lent = (typed, replace(other, role="safety-reviewer"), own)
    assert ["safety-reviewer"] == [m.role for m in missing(MESSAGE, Approvals(lent), policy)]
    assert () == missing(MESSAGE, Approvals((typed, replace(own, role="safety-reviewer"))), policy)


@pytest.mark.parametrize(
    ("stands", "comes", "said"), [(TYPED, LINK, False), (OLD, SIGN_IN, False), (LINK, TYPED, True)]
)
def test_who_comes_by_a_way_of_their_own_has_something_to_add_to_what_was_typed(
    stands: Via, comes: Via, said: bool
) -> None:
    assert said == is_said(words(("Ben", stands)), "ben", comes)
    assert is_said(words(("Ben", stands)), "Ben", stands)
    assert not is_said(words(("Ada", stands)), "Ben", comes)


def test_what_came_before_the_road_was_kept_has_words_of_its_own() -> None:
    (lack,) = missing(MESSAGE, Approvals(words(("Ada", OLD), ("Ben", OLD))), ReviewPolicy(approvals=1))
    assert "was not kept" in lack.words
    assert "also where config/review.toml says 1" in lack.words
