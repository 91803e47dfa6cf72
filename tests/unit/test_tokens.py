"""Tokens: what was made is read, and nothing else is."""

from __future__ import annotations

import base64
import string

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from scheduler.errors import ConfigurationError
from scheduler.subscribers.tokens import LinkMaker, make, maker, read, token_key

KEY = token_key("a secret of this test, long enough")
OLD = token_key("the secret of last year, long enough")
ID = "0123456789abcdef0123456789abcdef"
ALPHABET = string.ascii_letters + string.digits + "-_"

hex_ids = st.text("0123456789abcdef", min_size=32, max_size=32)
ids = st.one_of(hex_ids, st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=64))
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(subscriber=ids, purpose=words, campaign=words)
def test_what_was_made_is_read(subscriber: str, purpose: str, campaign: str) -> None:
    """Any id, purpose and campaign come back; the token is one URL-safe word, and always the same one."""
    token = make(purpose, subscriber, KEY, campaign=campaign)
    assert subscriber == read(token, purpose, KEY, campaign=campaign)
    assert not set(token) - set(ALPHABET)
    assert token == maker(purpose, KEY, campaign=campaign)(subscriber)


@given(st.one_of(st.lists(hex_ids, max_size=5), st.lists(ids, max_size=5)))
def test_many_links_are_those_of_each(subscribers: list[str]) -> None:
    """What is made in one pass is what is made one by one, in the same order, whatever the ids look like."""
    link = LinkMaker("https://c.example/u/", "unsubscribe", KEY, campaign="january")
    tokens = [make("unsubscribe", one, KEY, campaign="january") for one in subscribers]
    expected = [f"https://c.example/u/{token}" for token in tokens]
    assert (expected, expected) == (link.of_all(subscribers), [link(one) for one in subscribers])


def test_a_token_is_short() -> None:
    """44 characters for the program's own ids: a List-Unsubscribe line stays below the length that mailers fold."""
    assert 44 == len(make("unsubscribe", ID, KEY, campaign="january"))


@given(at=st.integers(0, 43), to=st.sampled_from(ALPHABET))
def test_one_changed_character_and_it_is_nothing(at: int, to: str) -> None:
    """No neighbour of a token is a token."""
    token = make("unsubscribe", ID, KEY)
    assume(token[at] != to)
    assert read(token[:at] + to + token[at + 1 :], "unsubscribe", KEY) is None


@given(text=st.one_of(st.text(max_size=80), st.text(ALPHABET, min_size=20, max_size=80)))
@example(text="")
@example(text=make("unsubscribe", ID, KEY)[:-1])
@example(text=make("unsubscribe", ID, KEY) + "A")
@example(text=make("unsubscribe", ID, KEY) + "=")
@example(text=make("unsubscribe", ID, KEY) + "\n")
@example(text=" " + make("unsubscribe", ID, KEY))
@example(text=make("unsubscribe", ID, KEY).lower())
@example(text="A" * 10_000)
def test_no_made_up_text_is_a_token(text: str) -> None:
    """Whatever arrives in an address is None and never an error."""
    assert read(text, "unsubscribe", KEY) is None


@given(subscriber=ids)
def test_only_one_spelling_is_good(subscriber: str) -> None:
    """Base64 can write the same bytes in several ways; a token has one, so that it can be kept as a key."""
    token = make("unsubscribe", subscriber, KEY)
    raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    for last in ALPHABET:
        other = token[:-1] + last
        try:
            same = base64.urlsafe_b64decode(other + "=" * (-len(other) % 4)) == raw
        except ValueError:
            continue
        if same and other != token:
            assert read(other, "unsubscribe", KEY) is None


@given(one=st.tuples(words, words), other=st.tuples(words, words))
@example(one=("ab", "c"), other=("a", "bc"))
@example(one=("unsubscribe", "january"), other=("unsubscribe", "february"))
@example(one=("unsubscribe", "january"), other=("preferences", "january"))
def test_a_token_is_good_for_its_purpose_and_campaign_only(one: tuple[str, str], other: tuple[str, str]) -> None:
    """A link that leaves one list changes nothing elsewhere."""
    assume(one != other)
    token = make(one[0], ID, KEY, campaign=one[1])
    assert read(token, other[0], KEY, campaign=other[1]) is None


@given(one=ids, other=ids)
def test_two_readers_never_share_a_token(one: str, other: str) -> None:
    """Different readers, different tokens."""
    assert (one == other) == (make("u", one, KEY) == make("u", other, KEY))


def test_an_id_in_capitals_is_not_its_twin_in_small_letters() -> None:
    """Packing an id as bytes must not make two ids one."""
    assert ID.upper() == read(make("u", ID.upper(), KEY), "u", KEY)


def test_keys_can_be_changed() -> None:
    """With the old key beside the new one, links in old mails still work; without it they do not."""
    token = make("unsubscribe", ID, OLD)
    assert ID == read(token, "unsubscribe", [KEY, OLD])
    assert ID == read(make("unsubscribe", ID, KEY), "unsubscribe", [KEY, OLD])
    assert read(token, "unsubscribe", KEY) is None
    assert read(token, "unsubscribe", []) is None


def test_a_short_secret_is_refused_and_not_shown() -> None:
    """A secret that can be guessed makes links that can be forged; the message says what to do, not the secret."""
    with pytest.raises(ConfigurationError, match="11 characters") as caught:
        token_key("swordfish-1")
    assert "OBSERVANCE_SECRET_KEY" in caught.value.hint
    assert "swordfish" not in f"{caught.value.message} {caught.value.hint}"
    with pytest.raises(ConfigurationError):
        make("unsubscribe", ID, b"short")


def test_other_secrets_make_other_tokens() -> None:
    """The secret decides, down to its last character and beyond 64 of them."""
    keys = {token_key(text) for text in ("x" * 100, "x" * 101, "x" * 99 + "y", "x" * 64, " " + "x" * 100)}
    assert 5 == len({make("u", ID, key) for key in keys})
