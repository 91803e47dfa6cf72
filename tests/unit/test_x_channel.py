"""Posts as they are built, and recognised again in a timeline."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.channels.own_timeline import comparable
from scheduler.channels.registry import open_channel
from scheduler.channels.x.build import build_post
from scheduler.channels.x.send import delinked
from scheduler.channels.x.simulator import Post, XDouble
from scheduler.channels.x.spec import SPEC
from scheduler.domain.message import EmailBody, Message, PostBody
from scheduler.errors import ConfigurationError
from scheduler.settings import ChannelSettings, Secrets

SECRET_NAMES = [secret.name for secret in SPEC.secrets]

NOW = datetime(2027, 1, 11, 15, 0, tzinfo=UTC)
POST = Message(
    "january",
    2027,
    "help",
    "x",
    "help",
    date(2027, 1, 11),
    NOW,
    NOW + timedelta(hours=9),
    PostBody("Hello", 5, 280, False),
)


def post(text: str) -> Message:
    return replace(POST, body=PostBody(text, len(text), 280, False))


def test_a_post_is_its_text() -> None:
    """The body holds the approved words and nothing else: the id of a picture is not known before the call."""
    request = build_post(POST)
    assert (request.method, request.path, request.body) == ("POST", "/2/tweets", {"text": "Hello"})


def test_an_email_is_no_post() -> None:
    """A programming error, said at once."""
    mail = EmailBody("s", "p", "t", "h", "f", "f@a.example", "r@a.example", "l")
    with pytest.raises(TypeError):
        build_post(replace(POST, body=mail))


def test_the_fingerprint_is_of_the_words() -> None:
    """It survives what X does to a text, and differs with the words."""
    assert (
        build_post(post("a  b https://c.example/")).fingerprint == build_post(post("a b http://c.example")).fingerprint
    )
    assert build_post(post("a b")).fingerprint != build_post(post("a c")).fingerprint


@pytest.mark.parametrize(
    "text",
    [
        "Plain words",
        "Help & hope <today>",
        "See https://humantraffickinghotline.org/en/report now.",
        "Bare example.org/path and example.com.",
        "Two https://a.example/1?x=1&y=2 and https://a.example/2",
        "https://a.example",
        "Lines\n\nand  spaces\u00a0here",
        "Cafe\u0301 trata, no tr\u00e1fico",
        "A heart \u2764\ufe0f and a hand \U0001f91d\U0001f3fd https://b.example/\u00fc",
    ],
)
def test_recognises_what_x_gives_back(text: str) -> None:
    """X escapes three characters, shortens every address and composes letters; the words are the same still."""
    double = XDouble()
    shown, urls = double.shown(Post(id="1", text=text, created_at=NOW, price=0.015))
    assert comparable(delinked(shown, {"urls": urls})) == comparable(text)
    assert ("t.co" in shown) == bool(urls)


def test_a_picture_adds_no_words() -> None:
    """X appends a link to the post's own picture."""
    urls = [{"url": "https://t.co/abc", "expanded_url": "https://x.com/someone/status/1/photo/1"}]
    assert comparable(delinked("Hello https://t.co/abc", {"urls": urls})) == comparable("Hello")


@pytest.mark.parametrize("entities", [None, {}, {"urls": None}, {"urls": [{"url": "https://t.co/a"}]}, []])
def test_entities_may_be_missing(entities: object) -> None:
    """Then the text stays as it is."""
    assert delinked("Hello https://t.co/a", entities) == "Hello https://t.co/a"


@given(st.text(max_size=80), st.text(max_size=80))
def test_different_words_stay_different(one: str, other: str) -> None:
    """Comparing loosely must not make two posts one: letters and digits are all kept."""
    letters = [[c for c in comparable(t) if c.isalnum()] for t in (one, other)]
    if letters[0] != letters[1]:
        assert comparable(one) != comparable(other)


def test_missing_keys_are_named() -> None:
    """The error names what is missing, not what is there."""
    with pytest.raises(ConfigurationError) as caught:
        open_channel(
            ChannelSettings("x", "x", True, "", 5.0), Secrets({"X_CONSUMER_KEY": "there", "X_ACCESS_TOKEN": " "})
        )
    for name in SECRET_NAMES[1:]:
        assert f"OBSERVANCE_{name}" in str(caught.value)
    assert "there" not in str(caught.value)


@pytest.mark.parametrize("base_url", ["http://api.x.com", "ftp://api.x.com", "api.x.com", "https://"])
def test_keys_are_not_sent_in_the_clear(base_url: str) -> None:
    """Without encryption only to this machine; and only to something that is an address."""
    with pytest.raises(ConfigurationError):
        open_channel(ChannelSettings("x", "x", True, base_url, 5.0), Secrets(dict.fromkeys(SECRET_NAMES, "k")))


def test_a_dry_run_pays_for_no_provider() -> None:
    """Building requests imports neither a provider's library nor an HTTP client."""
    code = (
        "import sys, scheduler.channels.x.build, scheduler.channels.sendgrid.build, scheduler.channels.recording;"
        "print([m for m in ('tweepy', 'sendgrid', 'python_http_client', 'requests', 'urllib3') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
