"""A message's digest stands for every byte that reaches a reader, and not for the records beneath them."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from scheduler.domain.audience import Audience
from scheduler.domain.cadence import Cadence
from scheduler.domain.finding import Finding, Severity, Where
from scheduler.domain.message import EmailBody, Message, PostBody, SecondHead, cut_to, digest_of, with_head
from scheduler.domain.post_picture import PostPicture

PICTURE = PostPicture("0" * 64, 50_000, "image/png", 1200, 675, "cards/fact.svg", "sky", ("A fact",), "<svg/>")
POST = PostBody("Text", 4, 280, contains_url=False, alt_text="A blue card")
EMAIL = EmailBody("Subject", "Preheader", "Text", "<p>Text</p>", "Name", "news@example.org", "help@example.org", "list")
HEAD = SecondHead(True, "Your note", "A few minutes", "Notes", "<list>", "<p>Y", 3, "Y", 1)
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
NOT_IN_IT = {"on", "findings", "printed", "_digest", "_digest_with_records"}


def changed(value: Any) -> Any:
    """Another value of the same type."""
    match value:
        case None:
            return HEAD
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


@pytest.mark.parametrize("name", [f.name for f in fields(SecondHead)])
def test_each_field_of_a_second_head_counts(name: str) -> None:
    before = replace(MESSAGE, body=replace(EMAIL, second_head=HEAD))
    other = replace(HEAD, **{name: changed(getattr(HEAD, name))})
    assert before.digest != replace(MESSAGE, body=replace(EMAIL, second_head=other)).digest


def test_a_mail_has_either_head_and_one_digest() -> None:
    """Behind the head it is the same; and back again it is the mail that it was."""
    mail = replace(MESSAGE, body=replace(EMAIL, second_head=HEAD))
    turned = with_head(mail, discreet=True)
    assert isinstance(turned.body, EmailBody)
    assert ("Your note", "Notes", "<list>", "<p>YText</p>") == (
        turned.body.subject,
        turned.body.from_name,
        turned.body.headers["List-Id"],
        turned.body.html,
    )
    assert turned.digest == mail.digest
    assert with_head(mail, discreet=False) is mail
    back = with_head(turned, discreet=False)
    assert replace(mail, body=replace(EMAIL, second_head=HEAD, headers={"List-Id": "list"})) == back


@pytest.mark.parametrize(("body", "name"), [(b, f.name) for b in (POST, EMAIL) for f in fields(b)])
def test_each_field_of_a_body_counts(body: PostBody | EmailBody, name: str) -> None:
    """Words, alt text, subject, sender: one changed letter gives another digest."""
    before = replace(MESSAGE, body=body)
    value: Any = PICTURE if name == "picture" else changed(getattr(body, name))
    assert before.digest != replace(MESSAGE, body=replace(body, **{name: value})).digest


@pytest.mark.parametrize("name", [f.name for f in fields(PostPicture) if f.name != "drawing"])
def test_each_field_of_a_picture_counts(name: str) -> None:
    """But for the drawing: its bytes say what it says."""
    before = replace(MESSAGE, body=replace(POST, picture=PICTURE))
    other = replace(PICTURE, **{name: changed(getattr(PICTURE, name))})
    assert before.digest != replace(MESSAGE, body=replace(POST, picture=other)).digest


def test_a_message_without_a_picture_has_the_digest_that_it_had_before_there_were_any() -> None:
    assert MESSAGE.digest == "bcf584977cec961d34c7cc1434a2135a789a60995029dfc2a039f66c634504d4"


def test_a_card_has_the_digest_that_it_had_before_pictures_had_a_credit() -> None:
    digest = "f2fc98e83db64700b5403c3c0d2a1fe27572d892d7b906cb4df35a2e9a766224"
    assert digest == replace(MESSAGE, body=replace(POST, picture=PICTURE)).digest


@pytest.mark.parametrize("kind", ["claim", "contact", "source"])
def test_a_record_beneath_does_not_count(kind: str) -> None:
    """It is the same message, whatever changed of a record that readers do not see. Of a version-1 digest it is the
    message only with the very records of then."""
    before = replace(MESSAGE, rests_on={f"{kind}:a": "0" * 64})
    after = replace(MESSAGE, rests_on={f"{kind}:a": "1" * 64})
    assert before.digest == after.digest
    of_old = digest_of(before, version=1)
    assert (True, False) == (before.has(of_old), after.has(of_old))
    assert before.has(after.digest)
    assert not before.has("")


def test_a_cut_digest_has_what_the_whole_one_has() -> None:
    """Also where it was begun under a digest of version 1."""
    body = replace(EMAIL, parts=(("a", 0, 0), ("b", 3, 2)))
    audience = Audience(frozenset({Cadence.DIGEST}), parts=(("a", MESSAGE.due_at), ("b", MESSAGE.expires_at)))
    whole = replace(MESSAGE, body=body, audience=audience)
    assert all(cut_to(whole, "b").has(digest) for digest in whole.digests)


def test_findings_do_not_count() -> None:
    """What was found about a message is not in it: a new check voids no approval."""
    finding = Finding("C001", Severity.RED, "wrong", Where("file"))
    assert MESSAGE.digest == replace(MESSAGE, findings=(finding,)).digest


def test_a_changed_copy_has_its_own_digest() -> None:
    """The digest is kept once it was computed, and never carried over to a changed copy."""
    first = MESSAGE.digest
    assert first == MESSAGE.digest
    assert replace(MESSAGE, item="other").digest != first
