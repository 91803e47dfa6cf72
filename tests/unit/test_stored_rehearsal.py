"""What is written down of a season judges as the season itself does: whoever sends by it sends the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.domain.approval import Approval, Approvals
from scheduler.domain.audience import Audience
from scheduler.domain.blocking import blocking
from scheduler.domain.cadence import Cadence
from scheduler.domain.comment import ChangeRequest
from scheduler.domain.file_edit import FileEdit
from scheduler.domain.finding import Finding, Severity, Where
from scheduler.domain.message import DIGEST, FRAME, EmailBody, Message, Piece
from scheduler.domain.rehearsal import Rehearsal
from scheduler.domain.review_policy import ROLES, Alone, ReviewPolicy, Role, Rule
from scheduler.domain.stored_rehearsal import KEPT_BEFORE, NotKept, StoredSeason, from_text, stored, to_keep, to_text
from scheduler.domain.via import Via
from tests.support.rehearsal_factory import month

ADDRESS = "https://news.example.org/c/a-neutral-name"
POLICY = ReviewPolicy(
    approvals=2,
    roles={**ROLES, "elder": Role("elder", "the words", approves=True)},
    rules=(
        Rule(when="claim", approvals=3, roles=("fact-reviewer",)),
        Rule(when="quotation", roles=("elder",)),
        Rule(kinds=("help",), channels=("email",), roles=("safety-reviewer",)),
    ),
)
FINDINGS = (
    Finding("C103", Severity.RED, "nobody has signed it", Where("campaigns/test/claims.toml", 3), items=("item-02",)),
    Finding("M001", Severity.AMBER, "it is long", Where("campaigns/test/items/item-03.md", 9), item="item-03"),
    Finding("P001", Severity.RED, "the plan has a hole", Where("campaigns/test/calendar.toml", 1), "fill it"),
)


def a_season(policy: ReviewPolicy = POLICY) -> Rehearsal:
    """A month with digests, rules, findings, an author, and an edit from the pages."""
    season = replace(month(), policy=policy, findings=FINDINGS)
    mails = [m for m in season.messages if m.channel == "email"]
    digests = (a_digest(mails[:4]), a_digest(mails[4:11]))
    frames = (replace(digests[0], item=FRAME, kind=FRAME, body=mails[3].body, audience=Audience()),)
    season = replace(season, digests=digests, frames=frames)
    first = season.plan.items[0]
    written = replace(first, item=replace(first.item, author="Ada Example"))
    edited_at = first_due(season) - timedelta(days=9)
    edit = FileEdit("test", "item", season.plan.items[1].item.id, "a.md", "Ben", edited_at, "b", "a", ("text",))
    plan = replace(season.plan, items=(written, *season.plan.items[1:]))
    return replace(season, plan=plan, edits=(edit,))


def a_digest(mails: Sequence[Message]) -> Message:
    """Made of a piece for each of these mails."""
    body, text, html, pieces = mails[-1].body, "Hello.\n", "<p>Hello.</p>\n", []
    assert isinstance(body, EmailBody)
    for m in mails:
        more = f"Story of {m.item}.\n"
        places = (len(html), len(html) + len(more), len(text), len(text) + len(more))
        pieces.append(Piece(m.item, m.on.isoformat(), m.item, *places))
        text, html = text + more, html + more
    body = replace(body, text=text, html=html, pieces=tuple(pieces), subject_pattern="{dates}: {items}")
    audience = Audience(frozenset({Cadence.DIGEST}), tuple((m.item, m.due_at) for m in mails))
    return replace(mails[-1], item=f"digest-{mails[-1].on}", kind=DIGEST, audience=audience, body=body)


def first_due(season: Rehearsal) -> datetime:
    return min(m.due_at for m in season.everything)


def again(season: Rehearsal) -> StoredSeason:
    """As another process reads it: by text, with each message by its digest."""
    kept = {m.digest: m for m in season.all_to_read}
    return StoredSeason(from_text(to_text(stored(season, ADDRESS))), kept.get)


def said_of(message: Message, *people: tuple[str, str], days: int = 3) -> tuple[Approval, ...]:
    at = message.due_at - timedelta(days=days)
    names = (message.campaign, message.season, message.item, message.channel, message.digest)
    return tuple(Approval(*names, person, role, at, via=Via.LINK) for person, role in people)


VOICES = (
    (),
    (("Ada Example", "coordinator"),),
    (("Ben", "fact-reviewer"),),
    (("Ada Example", "coordinator"), ("Ben", "fact-reviewer"), ("Cy", "elder")),
    (("Dot", "safety-reviewer"), ("Ben", "fact-reviewer"), ("Cy", "elder")),
    (("Eve", "board-viewer"), ("Ben", "language-reviewer")),
)
ALONE = replace(POLICY, alone=Alone("Ada", "there is nobody else"))
LATE = replace(POLICY, late_approvals=False, author_may_be_alone=True)


@pytest.mark.parametrize("voices", VOICES)
@pytest.mark.parametrize("policy", [POLICY, ALONE, LATE, ReviewPolicy()], ids=["rules", "alone", "late", "usual"])
def test_what_people_have_not_said_is_judged_alike(policy: ReviewPolicy, voices: tuple[tuple[str, str], ...]) -> None:
    """Of each message, digests and frames among them, whoever has approved, and with a request for changes."""
    season = a_season(policy)
    other, everything = again(season), season.all_to_read
    approvals = Approvals(tuple(a for m in everything for a in said_of(m, *voices)))
    asked = everything[0]
    names = (asked.campaign, asked.season, asked.item, "", asked.digest)
    request = ChangeRequest(1, *names, "Dot", "safety-reviewer", asked.due_at, 1)
    for requests in ((), (request,)):
        for message in everything:
            expected = season.missing(message, approvals, requests)
            assert expected == other.missing(message, approvals, requests), (message.item, message.channel)
    assert {needs for m in season.messages if (needs := season.needs_of(m)).rules or needs.author}


def test_what_blocks_is_judged_alike() -> None:
    """Red findings of an item, of the items that use a record, and of the whole campaign."""
    season = a_season()
    other, found = again(season), set[str]()
    for message in season.all_to_read:
        expected = blocking(message, season, message.item, message.channel)
        assert expected == blocking(message, other, message.item, message.channel)
        found |= {f.code for f in expected}
    assert {"C103", "P001"} <= found
    assert season.named("item-02") == other.named("item-02")
    assert season.named("digest-frame") == other.named("digest-frame")


def test_it_comes_back_from_its_text_as_it_was() -> None:
    """Every field; and the same season is always the same text, so that nothing is written twice."""
    season = stored(a_season(), ADDRESS)
    assert season == from_text(to_text(season))
    assert to_text(season) == to_text(stored(a_season(), ADDRESS))
    assert (ADDRESS, "America/New_York") == (season.address, season.time_zone)


def test_words_that_are_not_those_of_the_digest_are_not_sent() -> None:
    """What is not kept yet, and what another release makes another digest of, is refused by name."""
    season = a_season()
    message, other = season.messages[0], season.messages[1]
    written = from_text(to_text(stored(season, ADDRESS)))
    for kept in ({}, {message.digest: other}, {message.digest: replace(message, rests_on={"claim:new": "0" * 64})}):
        with pytest.raises(NotKept, match=message.item):
            StoredSeason(written, kept.get).message(message.item, message.channel)
    assert None is StoredSeason(written, lambda digest: None).message("no-such-item", "x")


def test_the_words_are_kept_before_they_are_due() -> None:
    """Those of today and of tomorrow, with all that a digest among them tells of; none whose window has closed."""
    season = a_season()
    digest = season.digests[0]
    kept = to_keep(season, digest.due_at - timedelta(hours=1))
    assert digest in kept
    for item, _ in digest.audience.parts:
        assert season.message(item, digest.channel) in kept
    assert season.frames[0] in kept
    now = datetime(2020, 1, 1, tzinfo=UTC)
    assert () == to_keep(season, now)
    soon = first_due(season)
    due = {m.digests for m in season.messages if m.due_at == soon}
    assert due <= {m.digests for m in to_keep(season, soon - KEPT_BEFORE)}
    assert not due & {m.digests for m in to_keep(season, soon - KEPT_BEFORE - timedelta(seconds=1))}
