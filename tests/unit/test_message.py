"""A message's digest stands for every byte that reaches a reader, and for all that the message rests on."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from scheduler.domain.audience import Audience
from scheduler.domain.cadence import Cadence
from scheduler.domain.finding import Finding, Severity, Where
from scheduler.domain.message import EmailBody, Message, PostBody

POST = PostBody("Text", 4, 280, contains_url=False, alt_text="A blue card")
EMAIL = EmailBody("Subject", "Preheader", "Text", "<p>Text</p>", "Name", "news@example.org", "help@example.org", "list")
MESSAGE = Message(
    campaign="month",
    season=2027,
    item="item",
    channel="x",
    kind="fact",
    on=date(2027, 1, 11),
    due_at=datetime(2027, 1, 11, 15, tzinfo=UTC),
    expires_at=datetime(2027, 1, 12, 5, tzinfo=UTC),
    body=POST,
    claims=("claim",),
    quotations=("source#P",),
    contacts=("line",),
    links=("https://example.org/",),
    rests_on={"claim:claim": "0" * 64},
)
#: About the message, not in it: a date follows from due_at, and a finding never goes out.
NOT_IN_IT = {"on", "findings", "_digest"}


def changed(value: Any) -> Any:
    """Another value of the same type."""
    match value:
        case bool():
            return not value
        case str():
            return value + "."
        case int():
            return value + 1
        case datetime():
            return value + timedelta(minutes=1)
        case tuple():
            return (*value, "more")
        case dict():
            return {**value, "more": "1"}
        case Audience():
            return Audience(frozenset({Cadence.DIGEST}))
        case PostBody():
            return EMAIL
    raise AssertionError(f"say how to change a {type(value).__name__}")


@pytest.mark.parametrize("name", [f.name for f in fields(Message) if f.name not in NOT_IN_IT])
def test_each_field_of_a_message_counts(name: str) -> None:
    """A new field cannot be forgotten: it changes the digest, or it is named above with a reason."""
    other = replace(MESSAGE, **{name: changed(getattr(MESSAGE, name))})
    assert other.digest != MESSAGE.digest


@pytest.mark.parametrize(("body", "name"), [(b, f.name) for b in (POST, EMAIL) for f in fields(b)])
def test_each_field_of_a_body_counts(body: PostBody | EmailBody, name: str) -> None:
    """Words, alt text, subject, sender: one changed letter gives another digest."""
    before = replace(MESSAGE, body=body)
    after = replace(MESSAGE, body=replace(body, **{name: changed(getattr(body, name))}))
    assert before.digest != after.digest


def test_findings_do_not_count() -> None:
    """What was found about a message is not in it: a new check voids no approval."""
    finding = Finding("C001", Severity.RED, "wrong", Where("file"))
    assert MESSAGE.digest == replace(MESSAGE, findings=(finding,)).digest


def test_a_changed_copy_has_its_own_digest() -> None:
    """The digest is kept once it was computed, and never carried over to a changed copy."""
    first = MESSAGE.digest
    assert first == MESSAGE.digest
    assert replace(MESSAGE, item="other").digest != first
