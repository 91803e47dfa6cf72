"""Invitations, threads of comments, packets on paper: the small rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.comment import Comment, threads
from scheduler.domain.invitation import Invitation, looks_like_a_token, new_token, span, token_hash
from scheduler.domain.packet_record import PacketRecord
from scheduler.domain.redact import person_key
from tests.support.world import a_post, an_email

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "hours"),
    [("14d", 336), ("2w", 336), ("36h", 36), (" 1 D ", 24), ("366d", 8784)]
    + [(t, None) for t in ("0d", "-1d", "14", "d", "1.5d", "367d", "53w", "9999d", "14 days", "", "1e3d", "\u0661d")],
)
def test_a_span_is_hours_days_or_weeks_up_to_a_year(text: str, hours: int | None) -> None:
    """Anything else is refused, not guessed."""
    assert (timedelta(hours=hours) if hours else None) == span(text)


def test_a_token_is_long_random_and_never_twice_the_same() -> None:
    """256 bits; what is kept is its hash, which does not give it back."""
    tokens = {new_token() for _ in range(100)}
    assert 100 == len(tokens)
    for token in tokens:
        assert looks_like_a_token(token)
        assert token not in token_hash(token)
        assert 64 == len(token_hash(token))


@given(st.text(max_size=60))
def test_whatever_is_given_as_a_token_has_a_hash(text: str) -> None:
    """A broken link takes the same road as a wrong one, and never ends in an error."""
    assert 64 == len(token_hash(text))
    assert not looks_like_a_token(text) or 43 == len(text)


INVITATION = Invitation(1, "m", 2027, "Ben", "fact-reviewer", "Ada", NOW, NOW + timedelta(days=14))


@pytest.mark.parametrize(
    ("change", "at", "state"),
    [
        ({}, NOW, "invited"),
        ({"last_look_at": NOW}, NOW, "has looked"),
        ({}, NOW + timedelta(days=14), "expired"),
        ({"last_look_at": NOW}, NOW + timedelta(days=15), "expired"),
        ({"revoked_at": NOW}, NOW, "revoked"),
        ({"revoked_at": NOW}, NOW + timedelta(days=15), "revoked"),
    ],
)
def test_an_invitation_is_good_until_it_expires_or_is_revoked(change: dict, at: datetime, state: str) -> None:
    """At the very instant of its end it is over."""
    invitation = replace(INVITATION, **change)
    assert state == invitation.state(at)
    assert (state in ("invited", "has looked")) == invitation.is_good(at)


def a_comment(number: int, answers: int | None = None, *, minutes: int = 0) -> Comment:
    return Comment(
        number, "m", 2027, "day", "Ben", "fact-reviewer", NOW + timedelta(minutes=minutes), "words", answers=answers
    )


def test_an_answer_stands_under_what_it_answers() -> None:
    """Older threads first, older answers first, each one level deeper."""
    comments = [
        a_comment(1),
        a_comment(2, minutes=1),
        a_comment(3, 1, minutes=2),
        a_comment(4, 3, minutes=3),
        a_comment(5, 1, minutes=4),
    ]
    assert [(0, 1), (1, 3), (2, 4), (1, 5), (0, 2)] == [(depth, c.id) for depth, c in threads(comments)]


@given(st.lists(st.tuples(st.integers(1, 8), st.none() | st.integers(1, 9)), unique_by=lambda pair: pair[0]))
def test_every_comment_is_shown_once_whatever_answers_what(pairs: list[tuple[int, int | None]]) -> None:
    """One that answers itself, a later one or one that is not there is shown all the same."""
    comments = [a_comment(number, answers) for number, answers in pairs]
    assert sorted(n for n, _ in pairs) == sorted(c.id for _, c in threads(comments))


def test_a_comment_does_not_get_into_a_log_by_being_printed() -> None:
    """What reviewers write is private."""
    assert "words" not in repr(a_comment(1))


def test_names_are_compared_without_capitals_spaces_and_forms_of_letters() -> None:
    """One person, however they type."""
    assert 1 == len({person_key(n) for n in ("Jos\u00e9 Example", " jose\u0301  example ", "JOS\u00c9 EXAMPLE")})
    assert person_key("Ada") != person_key("Adam")


def test_a_packet_knows_what_changed_since_it_was_given_out() -> None:
    """A changed message, one that has come, one that has gone; named whole or by the characters that are printed."""
    post, mail, other = a_post(), an_email(), a_post("day-2")
    held = {(m.item, m.channel): m.digest for m in (post, mail)}
    packet = PacketRecord("a-month", 2027, "abcdef0123456789" * 4, NOW, held)
    assert () == packet.changed_since([post, mail])
    assert (("day-1", "x"),) == packet.changed_since([a_post(text="new"), mail])
    assert (("day-1", "email"), ("day-2", "x")) == packet.changed_since([post, other])
    assert packet.named_by("abcdef012345")
    assert packet.named_by(packet.edition)
    assert not packet.named_by("abcdef01234")
    assert not packet.named_by("bbcdef012345")
