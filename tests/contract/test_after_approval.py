"""Whatever of a message changes after its approval: it does not go out, and the change is shown."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from scheduler.domain.message import EmailBody, Message, PostBody
from scheduler.domain.reason_words import in_words
from scheduler.domain.review_policy import ReviewPolicy, Rule
from scheduler.domain.word_diff import Mark, changes
from scheduler.engine.preflight import PreflightResult, check_before_send
from scheduler.settings import Mode
from scheduler.store import Ledger
from tests.contract.test_ledger import plan
from tests.support.two_people import ALONE
from tests.support.world import A_MONTH, a_post, a_rehearsal, an_approval, an_email
from tests.unit.test_message import changed

MORE: dict[str, Any] = {
    "claims": ("c",),
    "quotations": ("s#p",),
    "contacts": ("line",),
    "links": ("https://a.example/",),
}
POST = replace(a_post("day-1"), rests_on={"claim:c": "0" * 64}, **MORE)
EMAIL = replace(an_email("day-1"), rests_on={"claim:c": "0" * 64}, **MORE)
#: Which message it is, and what is about it.
NOT_COMPARED = {
    "campaign",
    "season",
    "item",
    "channel",
    "on",
    "findings",
    "printed",
    "body",
    "_digest",
    "_digest_with_records",
}
FIELDS = [(POST, f.name) for f in fields(Message) if f.name not in NOT_COMPARED]
BODY_FIELDS = [(m, f.name) for m in (POST, EMAIL) for f in fields(m.body)]


def verdict(ledger: Ledger, message: Message, policy: ReviewPolicy | None = None) -> PreflightResult:
    """The real last check over the real ledger, at the instant of sending."""
    (delivery,) = [d for d in ledger.deliveries.of_season("live", A_MONTH) if d.channel == message.channel]
    standing = ledger.deliveries.snapshot(delivery.id)
    assert standing is not None
    rehearsal = replace(a_rehearsal([message]), policy=policy or ALONE)
    return check_before_send(message, standing, rehearsal, mode=Mode.LIVE, now=message.due_at)


@pytest.fixture
def ready(ledger: Ledger) -> Ledger:
    """Planned, approved and armed."""
    plan(ledger, POST, EMAIL)
    for message in (POST, EMAIL):
        ledger.approvals.record(an_approval(message), message)
    ledger.armings.arm(A_MONTH, who="Ada", now=POST.due_at)
    return ledger


def test_a_changed_record_beneath_stops_nothing(ready: Ledger) -> None:
    """Not one byte is another. What stops it is the signature of the record, which has lapsed."""
    for message in (POST, EMAIL):
        assert PreflightResult() == verdict(ready, replace(message, rests_on={"claim:c": "1" * 64}))


def test_what_is_unchanged_goes(ready: Ledger) -> None:
    """Else the tests below would prove nothing."""
    assert PreflightResult() == verdict(ready, POST)
    assert PreflightResult() == verdict(ready, EMAIL)


@pytest.mark.parametrize(
    ("message", "name"), FIELDS + BODY_FIELDS, ids=lambda v: v if isinstance(v, str) else v.channel
)
def test_a_change_of_any_part_blocks_the_message_and_is_shown(ready: Ledger, message: Message, name: str) -> None:
    """Each field of the message and of both forms of its body, one at a time."""
    whole = name in {f.name for f in fields(Message)}
    if whole:
        after = replace(message, **{name: changed(getattr(message, name))})
    else:
        after = replace(message, body=replace(message.body, **{name: changed(getattr(message.body, name))}))
    assert "it changed after it was approved" in in_words(verdict(ready, after).refused)

    before = ready.lookups.sent_message(message.digest)
    assert before is not None
    (change,) = [c for c in changes(before, after) if c.field == name]
    assert {Mark.ADDED, Mark.REMOVED} & {p.mark for p in change.pieces}
    assert change.label


@pytest.mark.parametrize("body", [PostBody, EmailBody])
def test_no_field_of_a_body_is_forgotten(body: type) -> None:
    """A field that is added later is tested above by itself."""
    assert {f.name for f in fields(body)} == {n for m, n in BODY_FIELDS if isinstance(m.body, body)}


def test_the_policy_is_asked_at_the_moment_of_sending(ready: Ledger) -> None:
    """Approved by one, and the rule wants a fact reviewer: refused in words, until one has approved it."""
    policy = ReviewPolicy(rules=(Rule(when="quotation", approvals=2, roles=("fact-reviewer",)),))
    said = [in_words((reason,)) for reason in verdict(ready, POST, policy).refused]
    assert ["1 of 2 approvals", "no fact reviewer has approved it: it quotes somebody"] == said
    ready.approvals.record(replace(an_approval(POST, "Ben"), role="fact-reviewer"), POST)
    assert PreflightResult() == verdict(ready, POST, policy)


def test_a_request_for_changes_stops_an_approved_message(ready: Ledger) -> None:
    """From the instant at which it is made until it is answered; the reason names who asked and not what was said."""
    (request,) = ready.change_requests.add((POST,), who="Ben", role="fact-reviewer", comment="secret", now=POST.due_at)
    assert "Ben (fact reviewer) asked for changes" == in_words(verdict(ready, POST).refused)
    assert PreflightResult() == verdict(ready, EMAIL)
    ready.change_requests.end(request.id, how="settled", who="Ada", role="coordinator", comment="no", now=POST.due_at)
    assert PreflightResult() == verdict(ready, POST)
