"""Counting as Mastodon counts; where it is not certain how it counts, rather too much."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.channels.graphemes import grapheme_length
from scheduler.channels.mastodon.length import mentions, status_length, without_hosts

LONG = "https://humantraffickinghotline.org/en/report-trafficking/what-to-tell-us"


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("abc", 3),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467 e\u0301", 3),
        # an address with a scheme, whatever its length
        ("https://a.org", 23),
        (LONG, 23),
        (f"See {LONG}.", 4 + 23 + 1),
        (f"({LONG})", 2 + 23),
        (f"\u201c{LONG}\u201d", 2 + 23),
        ("https://a.org/b?c=d&e=f", 23),
        ("HTTPS://EXAMPLE.ORG/A", 23),
        (f"{LONG}\n{LONG}", 23 + 1 + 23),
        # a bare one counts as it is written
        ("example.org/help", 16),
        # accounts elsewhere count without their host
        ("@ada@social.example.org", 4),
        ("Thanks, @ada@social.example.org!", 8 + 4 + 1),
        ("@ada", 4),
        ("ada@example.org", 15),
    ],
)
def test_what_is_certain_counts_as_the_server_counts(text: str, length: int) -> None:
    """By grapheme clusters, 23 an address, accounts without hosts."""
    assert length == status_length(text)


@pytest.mark.parametrize(
    "address",
    [
        "https://a.music/" + "b" * 60,  # a top-level domain that the published finder does not know
        "https://\u00e4.org/" + "b" * 60,
        "https://a_b.org/" + "b" * 60,
        "https://t.co/" + "b" * 60,
        "gemini://a.org",
        "dat://a.bc",
        "xmpp:a.bc",
        "magnet:?a",
        "https://127.0.0.1:8000/" + "b" * 60,
        "https://" + "b" * 60,
    ],
)
def test_a_doubtful_address_counts_by_the_larger_of_all_readings(address: str) -> None:
    """Taken whole it would be 23, not taken as long as it is; taken in part, 23 and the rest."""
    shortest = len("xmpp:a.bc")
    assert status_length(address) >= max(23, len(address), 23 + len(address) - shortest)


def test_an_address_behind_a_letter_may_be_one_and_may_be_none() -> None:
    """The server may look behind any sign; ours counts as much as that."""
    assert status_length("see:https://a.org") >= 4 + 23
    assert status_length(f"x{LONG}") >= 1 + len(LONG)
    assert status_length("https://a.org,https://b.org") >= 23 + 1 + 23


@pytest.mark.parametrize(
    "text", ["@ada@example.org@x", "@ada@example.org\u00e9", "a@ada@example.org", "/@ada@example.org"]
)
def test_what_may_be_no_account_counts_as_it_is_written(text: str) -> None:
    """Rather too much."""
    assert grapheme_length(text) == status_length(text)


@given(st.text(alphabet="ab1.:/@#?&=(é \nhtps-_\u0301👩", max_size=40))
def test_never_less_than_23_an_address_and_never_negative(text: str) -> None:
    """Whatever stands in a text: it counts no less than its words between addresses."""
    assert 0 <= status_length(text)
    assert status_length(f"{text} https://a.org") >= 23
    if "://" not in text and "@" not in text and "xmpp:" not in text and "magnet:" not in text:
        assert grapheme_length(text) == status_length(text)


def test_accounts_are_found_and_shown_without_hosts() -> None:
    """As a timeline shows them; those in an address are none."""
    text = "With @ada and @bo.b@social.example.org, https://social.example.org/@cy and d@e.org"
    assert ["ada", "bo.b@social.example.org"] == mentions(text)
    assert "With @ada and @bo.b, https://social.example.org/@cy and d@e.org" == without_hosts(text)
