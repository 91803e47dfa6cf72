"""Who must have approved a message: what the policy asks for is there, or the message says what is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.approval import Approval, Approvals
from scheduler.domain.campaign import Kind
from scheduler.domain.claim import ClaimStatus
from scheduler.domain.comment import ChangeRequest
from scheduler.domain.file_edit import FileEdit
from scheduler.domain.message import Message, PostBody
from scheduler.domain.redact import person_key
from scheduler.domain.review_policy import (
    CONDITIONS,
    ROLES,
    Missing,
    ReviewPolicy,
    Role,
    Rule,
    missing,
    needs_of,
    would_help,
)
from scheduler.domain.via import Via
from tests.support.factories import item
from tests.support.rehearsal_factory import claim
from tests.support.two_people import ALONE

DUE = datetime(2027, 1, 11, 15, tzinfo=UTC)
BEFORE = DUE - timedelta(days=3)
TEXT = item("day", Kind.FACT, author="Ada Example")
MESSAGE = Message(
    "month", 2027, "day", "x", "fact", date(2027, 1, 11), DUE, DUE + timedelta(hours=9), PostBody("Text", 4, 280, False)
)
PEOPLE = ("Ada Example", "ada  example", "Ben", "Cy", "Dot")
CAN = [r.id for r in ROLES.values() if r.approves]
CANNOT = ["board-viewer", "intern"]  # a role that may not, and one that the policy does not know


def an_approval(
    person: str = "Ben", role: str = "coordinator", *, at: datetime = BEFORE, of: Message = MESSAGE
) -> Approval:
    return Approval(of.campaign, of.season, of.item, of.channel, of.digest, person, role, at, via=Via.LINK)


def lacks(*approvals: Approval, policy: ReviewPolicy = ALONE, of: Message = MESSAGE, text=TEXT, **more):
    needs = needs_of(of, policy, text, more.pop("claims", {}))
    return missing(of, Approvals(approvals), policy, needs, **more)


def words(*found: Missing) -> str:
    return "; ".join(m.words for m in found)


# -- the usual policy -----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", CAN)
def test_two_approvals_by_anybody_are_enough_by_themselves(role: str) -> None:
    """Without a word in the settings two people who may approve suffice, the author among them."""
    assert () == lacks(an_approval("Ada Example", role), an_approval("Ben", role), policy=ReviewPolicy())


def test_no_approval_is_said_in_words() -> None:
    """Nobody, or somebody of another form: two different sentences."""
    assert "nobody has approved it" == words(*lacks())
    before = replace(an_approval(), digest="0" * 64)
    assert "it changed after it was approved" == words(*lacks(before))


def test_an_approval_for_another_channel_season_or_campaign_does_not_count() -> None:
    """It names what it is for."""
    for change in ({"channel": "email"}, {"season": 2028}, {"campaign": "other"}, {"item": "other"}):
        assert lacks(replace(an_approval(), **change))


@pytest.mark.parametrize("role", CANNOT)
def test_a_role_that_may_not_approve_says_so(role: str) -> None:
    """The approval is seen, named and not counted."""
    (found,) = lacks(an_approval("Ben", role))
    assert f"approved only by Ben as {role.replace('-', ' ')}, which does not count" == found.words


# -- what a policy can ask ------------------------------------------------------------------------------


def test_a_person_counts_once_in_whatever_roles_and_spelling() -> None:
    """Two approvals of one person are one person."""
    policy = ReviewPolicy(approvals=2)
    same = (an_approval("Ada Example"), an_approval(" ada  EXAMPLE ", "fact-reviewer"))
    assert words(*lacks(*same, policy=policy)).startswith("1 of 2 approvals; only Ada Example, who wrote it")
    assert () == lacks(*same, an_approval("Ben"), policy=policy)


def test_the_author_is_never_the_only_one_where_the_policy_says_so() -> None:
    """The author may approve, and needs somebody beside them."""
    policy = ReviewPolicy(author_may_be_alone=False)
    alone = an_approval("ADA example")
    assert ["only Ada Example, who wrote it, has approved it"] == about_authors(alone, policy=policy)
    assert () == lacks(alone, an_approval("Ben"), policy=policy)
    assert [] == about_authors(an_approval("Ben"), policy=policy)


def about_authors(*approvals: Approval, **how) -> list[str]:
    """What is lacking because of who wrote it."""
    return [m.words for m in lacks(*approvals, **how) if m.kind == "author"]


def an_edit(person: str, at: datetime, item: str = "day", kind: str = "item") -> FileEdit:
    return FileEdit("month", kind, item, f"items/{item}.md", person, at, "a" * 64, "b" * 64)


def test_who_changed_the_text_from_the_pages_is_not_the_only_one_either() -> None:
    """Until somebody else has approved it since: the author's rule holds for the last words as for the first."""
    policy = ReviewPolicy(author_may_be_alone=False)
    before, after = an_edit("ben", BEFORE - timedelta(days=1)), an_edit("ben", BEFORE + timedelta(hours=1))
    assert ["only Ben, who changed its text, has approved it"] == about_authors(
        an_approval("Ben"), policy=policy, edits=[before]
    )
    assert [] == about_authors(an_approval("Ben"), policy=policy, edits=[an_edit("Cy", BEFORE)])
    assert [] == about_authors(an_approval("Cy"), policy=policy, edits=[before, after])
    assert [] == about_authors(
        an_approval("Ben"),
        policy=policy,
        edits=[an_edit("Ben", BEFORE, item="other"), an_edit("Ben", BEFORE, kind="claim")],
    )
    earlier = replace(an_approval("Cy", at=BEFORE - timedelta(hours=1)), digest="0" * 64)
    assert [] == about_authors(earlier, an_approval("Ben"), policy=policy, edits=[before])
    assert about_authors(earlier, an_approval("Ben"), policy=policy, edits=[before, an_edit("Ben", BEFORE)])
    own = replace(earlier, person="BEN")
    assert about_authors(own, an_approval("Ben"), policy=policy, edits=[before])
    assert [] == about_authors(an_approval("Ben"), policy=ALONE, edits=[before])


def test_two_people_suffice_whoever_wrote_or_changed_it() -> None:
    """Each has read the other's words; nobody has to wait for a third."""
    policy = ReviewPolicy(author_may_be_alone=False)
    edits = [an_edit("Ada Example", BEFORE), an_edit("Ben", BEFORE), an_edit("Cy", BEFORE)]
    assert () == lacks(an_approval("Ada Example"), an_approval("Ben"), policy=policy, edits=edits)
    assert lacks(an_approval("Ada Example"), an_approval("ada  example"), policy=policy, edits=edits)


def test_a_late_approval_counts_unless_the_policy_says_otherwise() -> None:
    """In time is up to the very instant at which the message is due."""
    late = an_approval(at=DUE + timedelta(seconds=1))
    strict = replace(ALONE, late_approvals=False)
    assert () == lacks(late)
    assert "approved only by Ben after it was due" == words(*lacks(late, policy=strict))
    assert () == lacks(an_approval(at=DUE), policy=strict)


CONTESTED = replace(MESSAGE, claims=("forced-labour-2021",))
CLAIMS = {"forced-labour-2021": claim(status=ClaimStatus.CONTESTED)}
CARRIES = {
    "claim": (CONTESTED, TEXT),
    "contested-claim": (CONTESTED, TEXT),
    "quotation": (replace(MESSAGE, quotations=("source#P",)), TEXT),
    "contact": (replace(MESSAGE, contacts=("line",)), TEXT),
    "story": (MESSAGE, replace(TEXT, story_consent="consent-7")),
    "content-note": (MESSAGE, replace(TEXT, content_note="violence")),
    "decision": (MESSAGE, replace(TEXT, needs_decision="Is it still so?")),
    "picture": (replace(MESSAGE, body=PostBody("Text", 4, 280, False, "A card")), TEXT),
}


@pytest.mark.parametrize("condition", CONDITIONS)
def test_each_condition_is_met_by_what_carries_it_and_by_nothing_else(condition: str) -> None:
    """A rule asks only of the messages that it is meant for."""
    policy = replace(ALONE, rules=(Rule(when=condition, roles=("fact-reviewer",)),))
    message, text = CARRIES[condition]
    (found,) = lacks(an_approval(of=message), policy=policy, of=message, text=text, claims=CLAIMS)
    assert ("role", "fact-reviewer") == (found.kind, found.role)
    assert f"no fact reviewer has approved it: {CONDITIONS[condition][0]}" == found.words
    assert () == lacks(
        an_approval("Ben", "fact-reviewer", of=message), policy=policy, of=message, text=text, claims=CLAIMS
    )
    assert () == lacks(an_approval(), policy=policy, claims=CLAIMS)


def test_a_claim_that_is_not_contested_needs_no_third_approval() -> None:
    """The status is the record's as it stands now; a group that is one person has nobody for a third."""
    policy = ReviewPolicy(rules=(Rule(when="contested-claim", approvals=3),))
    calm, two = {"forced-labour-2021": claim()}, (an_approval(of=CONTESTED), an_approval("Cy", of=CONTESTED))
    assert () == lacks(*two, policy=policy, of=CONTESTED, claims=calm)
    found = lacks(*two, policy=policy, of=CONTESTED, claims=CLAIMS)
    assert "2 of 3 approvals, because it states a contested claim" == words(*found)
    assert () == lacks(*two, policy=replace(policy, alone=ALONE.alone), of=CONTESTED, claims=CLAIMS)


def test_all_that_a_rule_names_must_hold() -> None:
    """Kind and channel narrow a rule."""
    rule = Rule(when="contact", kinds=("help", "fact"), channels=("x",), roles=("safety-reviewer",))
    policy = replace(ALONE, rules=(rule,))
    fits = replace(MESSAGE, contacts=("line",))
    assert lacks(an_approval(of=fits), policy=policy, of=fits)
    for other in ({"kind": "rest"}, {"channel": "email"}, {"contacts": ()}):
        message = replace(fits, **other)
        assert () == lacks(an_approval(of=message), policy=policy, of=message)


def test_a_standing_request_for_changes_blocks_whatever_was_approved() -> None:
    """It says who asked, never what was written; one that has ended does not count, nor one of another message."""
    request = ChangeRequest(1, "month", 2027, "day", "x", MESSAGE.digest_with_records, "Cy", "fact-reviewer", BEFORE, 9)
    (found,) = lacks(an_approval(), requests=[request])
    assert "Cy (fact reviewer) asked for changes" == found.words
    ended = replace(request, ended_at=BEFORE, how="settled")
    others = [ended, replace(request, channel="email"), replace(request, item="other"), replace(request, season=2028)]
    assert () == lacks(an_approval(), requests=others)


def test_short_names_of_roles_are_understood_where_only_one_has_them() -> None:
    """What people type is found; what could be several is not guessed."""
    policy = ReviewPolicy()
    for text in ("fact-reviewer", "Fact reviewer", "fact_reviewer", "fact", " FACT "):
        found = policy.role(text)
        assert found is not None
        assert "fact-reviewer" == found.id
    for text in ("reviewer", "", "editor", "fact-review"):
        assert policy.role(text) is None, text


def test_who_could_give_what_is_missing() -> None:
    """A person is told only of what their approval would change."""
    policy = ReviewPolicy()
    anybody, fact = Missing("approval", ""), Missing("role", "", role="fact-reviewer")
    author, asked = Missing("author", "", person="Ada"), Missing("changes", "", person="Ada")
    assert would_help(anybody, policy, "Ben", "coordinator", has_approved=False)
    assert not would_help(anybody, policy, "Ben", "coordinator", has_approved=True)
    assert not would_help(anybody, policy, "Ben", "board-viewer", has_approved=False)
    assert would_help(fact, policy, "Ben", "fact-reviewer", has_approved=True)
    assert not would_help(fact, policy, "Ben", "fact-reviewer", has_approved=True, in_role=True)
    assert not would_help(fact, policy, "Ben", "coordinator", has_approved=False)
    assert not would_help(author, policy, "ada", "coordinator", has_approved=False)
    assert not would_help(asked, policy, "ada", "board-viewer", has_approved=False), "it waits to be changed"
    asked = Missing("changes", "", person="Ada", mended=True)
    assert would_help(asked, policy, "ada", "board-viewer", has_approved=False)
    assert not would_help(asked, policy, "Ben", "coordinator", has_approved=False)


# -- whatever policy, whatever approvals ----------------------------------------------------------------

ROLE_NAMES = st.sampled_from([*CAN, *CANNOT])
RULES = st.builds(
    Rule,
    when=st.sampled_from(["", "quotation", "contact", "story"]),
    kinds=st.sampled_from([(), ("fact",), ("rest",)]),
    channels=st.sampled_from([(), ("x",), ("email",)]),
    approvals=st.integers(0, 3),
    roles=st.lists(st.sampled_from(CAN), max_size=2).map(tuple),
)
POLICIES = st.builds(
    ReviewPolicy,
    approvals=st.integers(1, 3),
    author_may_be_alone=st.booleans(),
    late_approvals=st.booleans(),
    rules=st.lists(RULES, max_size=3).map(tuple),
)
APPROVALS = st.lists(
    st.builds(an_approval, st.sampled_from(PEOPLE), ROLE_NAMES, at=st.sampled_from([BEFORE, DUE + timedelta(hours=1)])),
    max_size=6,
)
MESSAGES = st.sampled_from([MESSAGE, replace(MESSAGE, quotations=("s#p",)), replace(MESSAGE, contacts=("line",))])


def given_to(message: Message, approvals: list[Approval]) -> list[Approval]:
    return [replace(a, digest=message.digest) for a in approvals]


@given(POLICIES, APPROVALS, MESSAGES)
def test_what_is_enough_has_enough_people_and_all_roles(
    policy: ReviewPolicy, approvals: list[Approval], message: Message
) -> None:
    """Counted again by hand: only approvals in time, in a role that may, count at all."""
    approvals = given_to(message, approvals)
    good = [a for a in approvals if a.role in CAN and (policy.late_approvals or a.approved_at <= message.due_at)]
    people = {person_key(a.person) for a in good}
    rules = [r for r in policy.rules if r.applies(message, TEXT, {})]
    enough = len(people) >= max([2, policy.approvals, *(r.approvals for r in rules)]) and {
        role for r in rules for role in r.roles
    } <= {a.role for a in good}
    assert enough == (lacks(*approvals, policy=policy, of=message) == ())


@given(POLICIES, APPROVALS, MESSAGES, st.sampled_from(PEOPLE), st.sampled_from(CANNOT))
def test_an_approval_in_a_role_that_may_not_changes_nothing(
    policy: ReviewPolicy, approvals: list[Approval], message: Message, person: str, role: str
) -> None:
    """Never satisfied by a role that may not, and never spoilt by one."""
    approvals = given_to(message, approvals)
    more = [*approvals, *given_to(message, [an_approval(person, role)])]
    before, after = (lacks(*each, policy=policy, of=message) for each in (approvals, more))
    assert [(m.kind, m.role, m.number) for m in before] == [(m.kind, m.role, m.number) for m in after]


@given(POLICIES, st.lists(st.sampled_from(CAN), min_size=1, max_size=5), MESSAGES)
def test_the_author_alone_never_suffices_where_the_policy_says_so(
    policy: ReviewPolicy, roles: list[str], message: Message
) -> None:
    """In however many roles they approve."""
    policy = replace(policy, author_may_be_alone=False)
    own = given_to(message, [an_approval("Ada Example", role) for role in roles])
    assert lacks(*own, policy=policy, of=message)


@given(POLICIES, APPROVALS, MESSAGES, st.sampled_from(PEOPLE), ROLE_NAMES)
def test_one_more_approval_never_makes_it_worse(
    policy: ReviewPolicy, approvals: list[Approval], message: Message, person: str, role: str
) -> None:
    """What was enough stays enough."""
    approvals = given_to(message, approvals)
    if lacks(*approvals, policy=policy, of=message) == ():
        assert () == lacks(*approvals, *given_to(message, [an_approval(person, role)]), policy=policy, of=message)


def test_a_role_of_ones_own_counts_as_the_policy_says() -> None:
    """Roles are data."""
    legal = {**ROLES, "legal": Role("legal"), "coordinator": Role("coordinator", approves=False)}
    policy = replace(ALONE, roles=legal)
    assert () == lacks(an_approval("Ben", "legal"), policy=policy)
    assert lacks(an_approval("Ben", "coordinator"), policy=policy)
