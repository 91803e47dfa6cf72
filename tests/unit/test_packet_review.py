"""The packet tells reviewers what they are waited for, and shows what changed since they approved."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scheduler.domain.approval import Approval, Approvals
from scheduler.domain.comment import ChangeRequest
from scheduler.domain.invitation import Invitation
from scheduler.domain.message import Message
from scheduler.domain.rehearsal import Rehearsal
from scheduler.domain.review_policy import ReviewPolicy, Rule
from scheduler.domain.stale_approvals import in_words, voided
from scheduler.errors import program
from scheduler.review.packet import packet_html
from scheduler.review.rehearsal_data import plan_as_data
from scheduler.review.spreadsheet import plan_csv
from tests.support.rehearsal_factory import MADE_AT, month, post
from tests.support.two_people import ALONE
from tests.unit.test_packet import Page


def approvals(*messages: Message, person: str = "B. Chair", role: str = "coordinator") -> tuple[Approval, ...]:
    return tuple(Approval(m.campaign, m.season, m.item, m.channel, m.digest, person, role, MADE_AT) for m in messages)


def edited(rehearsal: Rehearsal, item: str, **change: Any) -> Rehearsal:
    """All approved, then one post changed."""
    before = rehearsal.message(item, "x")
    after = replace(before, **change)
    return replace(
        rehearsal,
        approvals=Approvals(approvals(*rehearsal.messages)),
        messages=tuple(after if m is before else m for m in rehearsal.messages),
        earlier={(item, "x"): before},
    )


def html(rehearsal: Rehearsal) -> str:
    return packet_html(rehearsal, made_at=MADE_AT)


def test_a_changed_message_shows_the_words_with_marks_and_words_for_them() -> None:
    """Not by colour alone: signs that print, del and ins, and words for those who listen."""
    page = html(edited(month(), "item-03", body=post("27.6 million people, or <more>.")))
    assert "What changed since it was approved" in page
    assert '<ins><span class="hidden">put in: </span><span class="mark" aria-hidden="true">+</span>people, or' in page
    assert (
        '<del><span class="hidden">taken out: </span><span class="mark" aria-hidden="true">−</span>people were' in page
    )
    assert "&lt;more&gt;" in page
    assert "or <more>" not in page
    assert 1 == page.count("What changed since it was")


def test_an_unchanged_month_shows_no_changes() -> None:
    """Nor does a message that was approved again."""
    rehearsal = edited(month(), "item-03", body=post("New."))
    again = replace(rehearsal, approvals=Approvals(approvals(*rehearsal.messages)))
    assert "What changed since it was" not in html(again)
    assert "VOIDED" not in html(again).upper()


def test_a_changed_record_names_the_items_whose_approvals_it_voided() -> None:
    """Exactly those; the number is of approvals, the words are those of the record. One that changed beneath words
    that somebody wrote anew is not their cause."""
    first, new = month(), "It is 28 million."
    campaign = first.plan.campaign
    claim = replace(campaign.claims["forced-labour-2021"], text=new)
    plan = replace(first.plan, campaign=replace(campaign, claims={**campaign.claims, claim.id: claim}))
    first = replace(first, plan=plan)
    carrying = {"item-03", "item-04"}
    before = tuple(
        replace(m, rests_on={"claim:forced-labour-2021": ("0" if m.item in carrying else "9") * 64})
        for m in first.messages
    )
    after = tuple(
        replace(m, rests_on={"claim:forced-labour-2021": "1" * 64}, body=replace(m.body, text=f"{m.body.text} {new}"))
        if m.item in carrying
        else m
        for m in before
    )
    rehearsal = replace(
        first,
        messages=after,
        approvals=Approvals((*approvals(*before), *approvals(before[4], person="Ada"))),
        earlier={(m.item, m.channel): m for m in before if m.item in carrying},
    )
    (sentence,) = in_words(voided(rehearsal))
    assert (
        "5 approvals were voided by a change of claim forced-labour-2021: item-03 (email, x), item-04 (email, x)"
        == sentence
    )
    assert sentence in Page(html(rehearsal)).text
    typed = tuple(replace(m, body=replace(m.body, text=m.body.text.replace(new, "Something else."))) for m in after)
    found = in_words(voided(replace(rehearsal, messages=typed)))
    assert "forced-labour-2021" not in " ".join(found)
    one = voided(replace(rehearsal, messages=typed))[0]
    assert "its text, links and length" == replace(one, fields=("text", "links", "length")).because
    assert () == voided(rehearsal, open_at=datetime(2027, 3, 1, tzinfo=UTC))


def test_who_is_waited_for_is_told_by_role_and_person() -> None:
    """With names of those who were invited."""
    reviewer = Invitation(1, "test", 2027, "Ben Example", "fact-reviewer", "Ada", MADE_AT, MADE_AT + timedelta(days=14))
    rehearsal = month()
    rehearsal = replace(
        rehearsal,
        approvals=Approvals(approvals(*rehearsal.messages)),
        policy=replace(ALONE, rules=(Rule(when="quotation", roles=("fact-reviewer",)),)),
        reviewers=(reviewer,),
    )
    waiting = sum(bool(m.quotations) for m in rehearsal.messages)
    assert waiting
    text = Page(html(rehearsal)).text
    assert f"{waiting} messages lack approval" in text
    assert "Ben Example" in text
    assert "no fact reviewer has approved it: it quotes somebody" in text


def test_a_request_for_changes_is_told_and_its_words_are_not() -> None:
    """Who asked stands in the packet; what they wrote is private."""
    rehearsal = month()
    message = rehearsal.message("item-05", "x")
    request = ChangeRequest(
        1, "test", 2027, "item-05", "x", message.digest_with_records, "Cy", "safety-reviewer", MADE_AT, 7
    )
    rehearsal = replace(rehearsal, approvals=Approvals(approvals(*rehearsal.messages)), requests=(request,))
    text = Page(html(rehearsal)).text
    assert "1 message lacks approval" in text
    assert "Cy (safety reviewer) asked for changes" in text


@pytest.mark.parametrize("strict", [False, True])
def test_the_files_call_approved_what_the_policy_calls_so(strict: bool) -> None:
    """plan.json and the spreadsheet: no row without enough approvals passes for approved."""
    policy = ReviewPolicy() if strict else ALONE
    rehearsal = replace(month(), policy=policy)
    first = plan_as_data(rehearsal, made_at=MADE_AT)["items"][0]  # type: ignore[index]
    assert first["approved"] is not strict
    assert first["approvals_missing"] == (["1 of 2 approvals"] if strict else [])
    row = plan_csv(rehearsal).decode("utf-8-sig").split("\r\n")
    assert sum("DRAFT, not approved" in line for line in row) == (64 if strict else 63)


def test_the_sheet_says_how_it_is_entered() -> None:
    """With the packet's own hash, so that nobody has to look for it."""
    text = Page(html(month())).text
    assert f"{program()} review record --by" in text
    assert "--packet" in text
