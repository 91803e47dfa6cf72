"""Mails as they are built."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.channels.json_body import JsonBody
from scheduler.channels.registry import open_channel
from scheduler.channels.sendgrid import mail_rules
from scheduler.channels.sendgrid.build import RESERVED_HEADERS, build_mail
from scheduler.domain.message import EmailBody, Message, PostBody
from scheduler.domain.outcome import Recipient, UnusableRecipients
from scheduler.errors import ConfigurationError
from scheduler.settings import ChannelSettings, Secrets

NOW = datetime(2027, 1, 11, 15, 0, tzinfo=UTC)
BODY = EmailBody(
    subject="Help is near",
    preheader="Day 11 of 32",
    text="Help is near.\nLeave: %unsubscribe_url%\n",
    html='<!doctype html><p>Help is near. <a href="%unsubscribe_url%">Leave</a></p>',
    from_name="Example Coalition",
    from_address="news@coalition.example",
    reply_to="office@coalition.example",
    list_id="January <january.coalition.example>",
)
MAIL = Message("january", 2027, "help", "email", "help", date(2027, 1, 11), NOW, NOW + timedelta(hours=9), BODY)
CHANNEL = ChannelSettings("email", "sendgrid", True, "", 5.0)


def subscriber(number: int, **changes: Any) -> Recipient:
    made = Recipient(f"s-{number}", f"r{number}@readers.example", "", f"https://coalition.example/u/t{number}")
    return replace(made, **changes)


def built(*recipients: Recipient, body: EmailBody = BODY, **options: Any) -> dict[str, Any]:
    channel = replace(CHANNEL, options=options)
    request = build_mail(replace(MAIL, body=body), channel, send_id="send-1", recipients=recipients or [subscriber(1)])
    return json.loads(json.dumps(dict(request.body)))


def test_one_envelope_a_reader() -> None:
    """No reader sees another; each has a link of his own, in the header and in the text, and comes back by id."""
    envelopes = built(subscriber(1, name="Ada"), subscriber(2))["personalizations"]
    expected = {
        "to": [{"email": "r1@readers.example", "name": "Ada"}],
        "headers": {
            "List-Unsubscribe": "<https://coalition.example/u/t1>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        "substitutions": {"%unsubscribe_url%": "https://coalition.example/u/t1"},
        "custom_args": {
            "campaign": "january",
            "season": "2027",
            "item": "help",
            "send_id": "send-1",
            "subscriber_id": "s-1",
        },
    }
    assert envelopes[0] == expected
    assert envelopes[1]["to"] == [{"email": "r2@readers.example"}]


def test_the_whole_body() -> None:
    """Plain text before HTML, nothing that waits at SendGrid, nothing that bypasses its suppressions."""
    body = built()
    assert set(body) == {
        "personalizations",
        "from",
        "reply_to",
        "subject",
        "content",
        "headers",
        "categories",
        "tracking_settings",
    }
    assert [(part["type"], part["value"]) for part in body["content"]] == [
        ("text/plain", BODY.text),
        ("text/html", BODY.html),
    ]
    assert body["from"] == {"email": "news@coalition.example", "name": "Example Coalition"}
    assert body["reply_to"] == {"email": "office@coalition.example"}
    assert body["headers"] == {"List-Id": "January <january.coalition.example>", "Auto-Submitted": "auto-generated"}
    assert body["categories"] == ["january-2027"]


def test_nobody_is_followed() -> None:
    """Every kind of tracking is switched off in so many words: left out, it would be as the account is set."""
    assert built()["tracking_settings"] == {
        "click_tracking": {"enable": False, "enable_text": False},
        "open_tracking": {"enable": False},
        "subscription_tracking": {"enable": False},
        "ganalytics": {"enable": False},
    }


def test_the_double_finds_nothing_to_say() -> None:
    """Rules written apart from the builder: no problem and no warning."""
    body = built(subscriber(1), subscriber(2, name="Zoë"))
    assert mail_rules.problems(body, now=NOW.timestamp()) == []
    assert mail_rules.warnings(body) == []


@pytest.mark.parametrize("name", ["Lovelace, Ada", "a;b", "line\nfeed", "tab\there", "\x00", "para\u2029graph"])
def test_names_that_sendgrid_refuses_are_left_out(name: str) -> None:
    """The mail goes to the address alone."""
    assert built(subscriber(1, name=name))["personalizations"][0]["to"] == [{"email": "r1@readers.example"}]


@given(st.text(max_size=60))
def test_no_name_spoils_a_call(name: str) -> None:
    """Whatever a reader wrote as a name, the body is one that SendGrid takes, and the name is nowhere else in it."""
    body = built(subscriber(1, name=name))
    assert mail_rules.problems(body, now=NOW.timestamp()) == []
    assert all(set(e) == {"to", "headers", "substitutions", "custom_args"} for e in body["personalizations"])


def as_json_writes(*recipients: Recipient, body: EmailBody = BODY) -> bytes:
    """The body of a call as nested plain data, written by json in one go."""
    envelopes: list[dict[str, Any]] = []
    for one in recipients:
        to = {"email": one.address}
        if one.name and not any(c in ";,\u2028\u2029" or ord(c) < 32 or 127 <= ord(c) < 160 for c in one.name):
            to["name"] = one.name
        link, choices = one.unsubscribe_url, one.preferences_url
        meant = {"%unsubscribe_url%": link, "%preferences_url%": choices}
        custom = {"campaign": "january", "season": "2027", "item": "help", "send_id": 'a "send" %s'}
        envelopes.append(
            {
                "to": [to],
                "headers": {
                    "List-Unsubscribe": f"<{link}>",
                    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                },
                "substitutions": {token: meant[token] for token in body.tokens},
                "custom_args": custom | {"subscriber_id": one.subscriber_id},
            }
        )
    whole = {
        "personalizations": envelopes,
        "from": {"email": body.from_address, "name": body.from_name},
        "reply_to": {"email": body.reply_to},
        "subject": body.subject,
        "content": [{"type": "text/plain", "value": body.text}, {"type": "text/html", "value": body.html}],
        "headers": {"List-Id": body.list_id, "Auto-Submitted": "auto-generated"},
        "categories": ["january-2027"],
        "tracking_settings": {
            "click_tracking": {"enable": False, "enable_text": False},
            "open_tracking": {"enable": False},
            "subscription_tracking": {"enable": False},
            "ganalytics": {"enable": False},
        },
    }
    return json.dumps(whole, separators=(",", ":")).encode()


NO_MARKS = st.characters(min_codepoint=33, exclude_categories=["Cs"], exclude_characters='@<>()[],;:"\\\x7f')


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
            st.sampled_from(
                ["", "Zoë", 'Ann "A" O\'Neil', "back\\slash", "100 %s %(to)s", "</script>", "\U0001f600 ☃"]
            ),
            st.text(NO_MARKS, min_size=1, max_size=30),
            st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters='"<>'), max_size=40),
        ),
        min_size=1,
        max_size=5,
        unique_by=lambda one: one[2].casefold(),
    ),
    st.sampled_from([("%unsubscribe_url%",), ("%preferences_url%", "%unsubscribe_url%"), ("%preferences_url%",)]),
)
def test_the_bytes_are_those_of_json(people: list[tuple[str, str, str, str]], tokens: tuple[str, ...]) -> None:
    """Envelopes are put together from texts: whatever somebody is called, however an address or a link is written, the
    bytes are those that json makes of the same data."""
    readers = [
        Recipient(who, f"{local}@readers.example", name, f"https://c.example/u/{end}", f"http://c.example/p/{end}%s")
        for who, name, local, end in people
        if not re.search(r"\s", local)
    ]
    body = replace(BODY, tokens=tokens, text='Zoë said: "100 %s \\ "\n')
    if readers:
        message = replace(MAIL, body=body)
        request = build_mail(message, CHANNEL, send_id='a "send" %s', recipients=readers)
        assert isinstance(request.body, JsonBody)
        assert as_json_writes(*readers, body=body) == request.body.content


@pytest.mark.parametrize(
    ("spoilt", "why"),
    [
        ({"address": ""}, "not an address"),
        ({"address": "nobody"}, "not an address"),
        ({"address": "a@b@c.example"}, "not an address"),
        ({"address": "a@c.example\nBcc: x@y.example"}, "not an address"),
        ({"address": "a@c.example\nb@c.example"}, "not an address"),
        ({"address": "Ada <a@c.example>"}, "not an address"),
        ({"unsubscribe_url": ""}, "no link to leave by"),
        ({"unsubscribe_url": "javascript:alert(1)"}, "no link to leave by"),
        ({"unsubscribe_url": "https://c.example/u/1>, <https://d.example"}, "no link to leave by"),
        ({"unsubscribe_url": "https://c.example/u/1\r\nX-Other: 1"}, "no link to leave by"),
        ({"unsubscribe_url": "https://c.example/1\nhttps://c.example/2"}, "no link to leave by"),
        ({"unsubscribe_url": 'https://c.example/"onclick='}, "no link to leave by"),
        ({"address": "R1@readers.example"}, "the address of another reader in this call"),
    ],
)
def test_a_spoilt_record_is_named(spoilt: dict[str, str], why: str) -> None:
    """It is refused before the call, by its id, without its address, so that the others can go."""
    with pytest.raises(UnusableRecipients) as caught:
        built(subscriber(1), subscriber(2, **spoilt), subscriber(3))
    assert caught.value.reasons == {"s-2": why}
    assert "@" not in str(caught.value)


@pytest.mark.parametrize("count", [0, 1_001])
def test_one_to_a_thousand_readers(count: int) -> None:
    """SendGrid's limit, and a call to nobody, are programming errors."""
    with pytest.raises(ValueError, match="1 to 1,000"):
        build_mail(MAIL, CHANNEL, send_id="s", recipients=[subscriber(n) for n in range(count)])
    build_mail(MAIL, CHANNEL, send_id="s", recipients=[subscriber(n) for n in range(1_000)])


@pytest.mark.parametrize("name", [*sorted(RESERVED_HEADERS), "Subject", "List-Unsubscribe", "List-Unsubscribe-Post"])
def test_headers_that_are_not_the_messages(name: str) -> None:
    """SendGrid's own, and the reader's way out, cannot be set by a template."""
    with pytest.raises(ValueError, match="not the message's to set"):
        built(body=replace(BODY, headers={name: "x"}))


def test_a_token_that_nobody_fills() -> None:
    """A reader would see it; and what a reader wrote is never filled in."""
    for token in ("%preferences%", "%name%", "%address%", "name"):
        with pytest.raises(ValueError, match="stands for nothing"):
            built(body=replace(BODY, tokens=("%unsubscribe_url%", token)))


def test_each_link_of_the_readers_own_is_filled_in() -> None:
    """A mail with a second link fills it from the reader; a reader without one is left out, not sent a dead link."""
    body = replace(BODY, tokens=("%unsubscribe_url%", "%preferences_url%"))
    choices = "https://coalition.example/preferences/t1"
    (envelope,) = built(subscriber(1, preferences_url=choices), body=body)["personalizations"]
    assert choices == envelope["substitutions"]["%preferences_url%"]
    with pytest.raises(UnusableRecipients) as unusable:
        built(subscriber(1, preferences_url=choices), subscriber(2), body=body)
    assert {"s-2": "a link of the mail is missing"} == unusable.value.reasons


def test_a_post_is_no_mail() -> None:
    """A programming error, said at once."""
    with pytest.raises(TypeError):
        build_mail(replace(MAIL, body=PostBody("t", 1, 280, False)), CHANNEL, send_id="s", recipients=[subscriber(1)])


def test_options() -> None:
    """sandbox_mode asks SendGrid to check only; the category can be named."""
    assert built(sandbox_mode=True)["mail_settings"] == {"sandbox_mode": {"enable": True}}
    assert "mail_settings" not in built(sandbox_mode=False)
    assert built(category="awareness-2027")["categories"] == ["awareness-2027"]
    with pytest.raises(ValueError, match="category"):
        built(category="it's")


def test_a_missing_key_is_named() -> None:
    """The error says what to set."""
    with pytest.raises(ConfigurationError, match="OBSERVANCE_SENDGRID_API_KEY"):
        open_channel(CHANNEL, Secrets({"SENDGRID_API_KEY": "  "}))


def test_an_empty_name_or_reply_address_is_left_out() -> None:
    """SendGrid takes an empty address for a wrong one."""
    body = built(body=replace(BODY, from_name="", reply_to="", list_id="january.coalition.example"))
    assert (body["from"], "reply_to" in body) == ({"email": "news@coalition.example"}, False)
    assert body["headers"]["List-Id"] == "<january.coalition.example>"
