"""A message kept as text is the same message."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import timedelta, timezone

import pytest

from scheduler.domain.message import EmailBody, Message, SecondHead, from_text, to_text
from scheduler.domain.redact import person, without_addresses
from tests.support.world import a_post, an_email


def with_two_heads(message: Message) -> Message:
    assert isinstance(message.body, EmailBody)
    head = SecondHead(True, "Your note", "A few minutes", "Notes", "<list>", "<p>", 3, "Y", 1)
    return replace(message, body=replace(message.body, second_head=head))


@pytest.mark.parametrize(
    "message",
    [
        a_post(text="Café – “27.6 million” 🕯"),
        replace(
            an_email(text="line\r\nline"),
            claims=("a", "b"),
            links=("https://example.org",),
            rests_on={"claim:a": "0" * 64},
        ),
        with_two_heads(an_email()),
    ],
    ids=["post", "email", "two heads"],
)
def test_the_digest_survives(message: Message) -> None:
    """What is read back has the digest that was approved, field by field."""
    back = from_text(to_text(message))
    assert message.digest == back.digest
    for f in fields(message):
        assert getattr(message, f.name) == getattr(back, f.name), f.name


def test_an_instant_keeps_its_offset() -> None:
    """The digest is over the instant as written; another offset would be another digest."""
    east = timezone(timedelta(hours=5, minutes=30))
    message = a_post()
    message = replace(message, due_at=message.due_at.astimezone(east))
    assert message.digest == from_text(to_text(message)).digest


def test_a_field_of_a_later_release_is_dropped() -> None:
    """Going back one release must not make the ledger unreadable."""
    plain = json.loads(to_text(a_post()))
    plain["mood"] = "calm"
    plain["body"]["colour"] = "blue"
    assert a_post().digest == from_text(json.dumps(plain)).digest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("to ann@example.org failed", "to [address] failed"),
        ("<ann.o+tag@mail.example.org>, again", "<[address]>, again"),
        ("no address here: 3 @ 4", "no address here: 3 @ 4"),
        ("to:ann@example.org;bob@example.org", "to:[address];[address]"),
    ],
)
def test_addresses_are_taken_out_of_text(text: str, expected: str) -> None:
    """What is kept and logged names no reader."""
    assert expected == without_addresses(text)


def test_a_person_who_signs_with_an_address_is_kept_by_the_first_part() -> None:
    """The history holds no address, and still says who."""
    assert "ada" == person("ada@example.org")
    assert "Ada Example" == person("  Ada   Example ")
    assert "somebody" == person(" ")
