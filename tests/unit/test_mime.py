"""A mail as bytes: read back by means that have nothing to do with how it was written."""

from __future__ import annotations

import json
import quopri
import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.utils import format_datetime
from html.parser import HTMLParser
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.channels.mime import MailForm, date_line, to_mime
from scheduler.domain.message import EmailBody, Message, PostBody
from scheduler.errors import ObservanceError
from tests.support.render_factory import item, one, rendered

MESSAGE = one(rendered(item()), "email")
URL = "https://news.example.org/u/" + "A1_b-" * 30 + "?k=v&n=1"
DATE = datetime(2027, 1, 11, 15, 0, tzinfo=UTC)
CHOICES = "https://news.example.org/preferences/" + "B2_c-" * 9 + "?a=1&b=2"
LINKS = {"%preferences_url%": CHOICES}


def mail(message: Message = MESSAGE, **changes: Any) -> bytes:
    given = {"to": "reader@example.com", "unsubscribe_url": URL, "message_id": "<abc.1@example.org>", "date": DATE}
    given["links"] = LINKS
    return to_mime(message, **{**given, **changes})


def changed(**changes: Any) -> Message:
    assert isinstance(MESSAGE.body, EmailBody)
    return replace(MESSAGE, body=replace(MESSAGE.body, **changes))


def by_hand(raw: bytes) -> tuple[dict[str, list[str]], list[tuple[str, str]]]:
    """Headers and parts, taken apart with nothing but split: {name: [values]}, [(content type, decoded text)]."""
    head, _, rest = raw.partition(b"\r\n\r\n")
    headers: dict[str, list[str]] = {}
    for line in re.sub(rb"\r\n([ \t])", rb"\1", head).split(b"\r\n"):
        name, _, value = line.decode("ascii").partition(": ")
        headers.setdefault(name, []).append(value)
    boundary = re.search(r'boundary="([^"]+)"', headers["Content-Type"][0])
    assert boundary
    sections = (b"\r\n" + rest).split(b"\r\n--" + boundary[1].encode())
    assert [b"", b"--\r\n"] == [sections[0], sections[-1]]
    parts = []
    for section in sections[1:-1]:
        part_head, _, content = section.partition(b"\r\n\r\n")
        kind = re.search(rb"Content-Type: ([^;]+)", part_head)
        assert kind
        parts.append((kind[1].decode(), quopri.decodestring(content).decode("utf-8").replace("\r\n", "\n")))
    return headers, parts


class Links(HTMLParser):
    """All link targets, as a browser would read them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.targets: list[str | None] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.targets += [value for name, value in attrs if name == "href"]


def test_text_comes_first_and_both_parts_are_whole() -> None:
    """multipart/alternative: plain text, then HTML; each exactly the message's, with the reader's link filled in."""
    headers, parts = by_hand(mail())
    assert isinstance(MESSAGE.body, EmailBody)
    assert headers["Content-Type"][0].startswith("multipart/alternative;")
    assert ["text/plain", "text/html"] == [kind for kind, _ in parts]
    text, html = MESSAGE.body.text, MESSAGE.body.html
    assert text.replace("%unsubscribe_url%", URL).replace("%preferences_url%", CHOICES) == parts[0][1]
    html = html.replace("%unsubscribe_url%", URL.replace("&", "&amp;"))
    assert html.replace("%preferences_url%", CHOICES.replace("&", "&amp;")) == parts[1][1]


def test_each_link_of_the_readers_own_is_filled_in_or_there_is_no_mail() -> None:
    """A token that was left standing would be a link that leads nowhere; only the way out stands in the head."""
    raw = mail(changed(text="%preferences_url%%unsubscribe_url% %preferences_url%\n"))
    headers, parts = by_hand(raw)
    assert f"{CHOICES}{URL} {CHOICES}\n" == parts[0][1]
    assert [f"<{URL}>"] == headers["List-Unsubscribe"]
    for links in ({}, {"%preferences_url%": ""}, {"%preferences_url%": "javascript:alert(1)"}):
        with pytest.raises(ObservanceError):
            mail(links=links)


def test_one_click_survives_a_long_address() -> None:
    """List-Unsubscribe stands whole on one line, once, in angle brackets, with its fixed companion (RFC 8058)."""
    raw = mail()
    headers, _ = by_hand(raw)
    assert len(URL) > 77
    assert [f"<{URL}>"] == headers["List-Unsubscribe"]
    assert ["List-Unsubscribe=One-Click"] == headers["List-Unsubscribe-Post"]
    assert f"\r\nList-Unsubscribe: <{URL}>\r\n".encode() in raw
    assert b"=?" not in raw.partition(b"\r\n\r\n")[0]


def test_html_link_is_escaped_for_html() -> None:
    """The reader's own address stands in the HTML as a browser reads it back, ampersand included."""
    _, parts = by_hand(mail())
    assert URL in Links(parts[1][1]).targets
    assert "&n=1" not in parts[1][1]


def test_headers_stand_once() -> None:
    """Every header stands exactly once (bulk senders are refused otherwise), the list's among them."""
    headers, _ = by_hand(mail())
    assert dict.fromkeys(headers, 1) == {name: len(values) for name, values in headers.items()}
    assert {"From", "To", "Reply-To", "Subject", "Date", "Message-ID", "List-Id", "Auto-Submitted"} <= set(headers)
    assert ["Prevention Month <test.news.example.org>"] == headers["List-Id"]
    assert ["auto-generated"] == headers["Auto-Submitted"]
    assert ["<abc.1@example.org>"] == headers["Message-ID"]
    assert ["Mon, 11 Jan 2027 15:00:00 +0000"] == headers["Date"]
    assert ["<abc.1@example.org>"] == by_hand(mail(message_id="abc.1@example.org"))[0]["Message-ID"]


def test_the_same_mail_twice_gives_the_same_bytes() -> None:
    """A second dry run writes the same file; another message has another boundary."""
    assert mail() == mail()
    other = changed(text="Another text, %unsubscribe_url%\n")
    boundaries = {by_hand(mail(m))[0]["Content-Type"][0] for m in (MESSAGE, other)}
    assert 2 == len(boundaries)


def test_line_ends_and_lengths() -> None:
    """Every line ends in CRLF; body lines have at most 76 characters, header lines at most 998 (RFC 2045, RFC 5322)."""
    raw = mail(changed(text="\u00e9" * 500 + "\n.\nFrom here\n" + "x" * 400 + " %unsubscribe_url% tail \n"))
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    head, _, body = raw.partition(b"\r\n\r\n")
    assert max(map(len, head.split(b"\r\n"))) <= 998
    assert max(map(len, body.split(b"\r\n"))) <= 76
    assert raw.isascii()


@given(
    before=st.text(st.characters(codec="utf-8", exclude_characters="\r%"), max_size=200),
    after=st.text(st.characters(codec="utf-8", exclude_characters="\r%"), max_size=200),
)
def test_any_text_comes_back(before: str, after: str) -> None:
    """Whatever stands around the reader's link, the part is read back letter by letter, in lines of at most 76."""
    raw = mail(changed(text=f"{before}%unsubscribe_url%{after}\n"))
    _, parts = by_hand(raw)
    assert f"{before}{URL}{after}\n" == parts[0][1]
    assert max(map(len, raw.partition(b"\r\n\r\n")[2].split(b"\r\n"))) <= 76


def test_other_letters_in_subject_and_sender() -> None:
    """Names and subjects in other letters go out as encoded words of at most 75 characters and come back whole."""
    subject = "Informaci\u00f3n: la trata de personas \u2014 " * 4
    raw = mail(changed(subject=subject.strip(), from_name="Coalici\u00f3n, \u201cEjemplo\u201d"))
    read = message_from_bytes(raw)
    assert subject.strip() == str(make_header(decode_header(read["Subject"])))
    assert "Coalici\u00f3n" in str(make_header(decode_header(read["From"])))
    assert max(map(len, re.findall(rb"=\?[^ ]+\?=", raw))) <= 75
    assert read["From"].endswith("<news@example.org>")


@pytest.mark.parametrize(
    ("changes", "given"),
    [
        ({"subject": "Hello\r\nBcc: all@example.org"}, {}),
        ({"from_name": "Us\nBcc: all@example.org"}, {}),
        ({"from_address": "news@example.org\r\nBcc: all@example.org"}, {}),
        ({"reply_to": "reply@example.org\nX: y"}, {}),
        ({"list_id": "List <a.b>\r\nX: y"}, {}),
        ({"headers": {"X-Note": "a\r\nBcc: all@example.org"}}, {}),
        ({}, {"to": "reader@example.com\r\nBcc: all@example.org"}),
        ({}, {"to": "reader@example.com, other@example.com"}),
        ({}, {"to": "nobody"}),
        ({}, {"to": ""}),
        ({}, {"to": "b\u00fcro@example.com"}),
        ({}, {"to": "r" * 400 + "@example.com"}),
        ({"headers": {"X Note": "a"}}, {}),
        ({"subject": "word " * 200}, {}),
        ({}, {"message_id": "<a@b>\r\nBcc: all@example.org"}),
        ({}, {"message_id": "nothing"}),
        ({}, {"message_id": "\u00e9@b"}),
        ({}, {"unsubscribe_url": "https://a.example/x>\r\nBcc: all@example.org"}),
        ({}, {"unsubscribe_url": "https://a.example/x y"}),
        ({}, {"unsubscribe_url": "javascript:alert(1)"}),
        ({}, {"unsubscribe_url": "https://a.example/" + "x" * 1000}),
        ({}, {"date": datetime(2027, 1, 11)}),
    ],
)
def test_nothing_smuggles_a_header_in(changes: dict[str, Any], given: dict[str, Any]) -> None:
    """A line break, a second address or a bad link is refused; no address is ever in the error."""
    with pytest.raises(ObservanceError) as caught:
        mail(changed(**changes), **given)
    shown = f"{caught.value} {caught.value.hint} {caught.value.__cause__}"
    assert "@" not in shown


def test_a_senders_name_is_quoted_where_it_must_be() -> None:
    """A comma or a quotation mark in the sender's name does not make two senders of it."""
    headers, _ = by_hand(mail(changed(from_name='Smith, "Ann" & Co.')))
    assert ['"Smith, \\"Ann\\" & Co." <news@example.org>'] == headers["From"]
    assert ["Example <news@example.org>"] == by_hand(mail())[0]["From"]
    assert ["news@example.org"] == by_hand(mail(changed(from_name="")))[0]["From"]
    assert "=?" in by_hand(mail(changed(from_name="=?utf-8?q?x?=")))[0]["From"][0]


def test_international_domain() -> None:
    """A domain in other letters goes out in its ASCII form."""
    headers, _ = by_hand(mail(to="reader@b\u00fccher.example"))
    assert ["reader@xn--bcher-kva.example"] == headers["To"]


def test_form_is_filled_for_many_readers() -> None:
    """One form serves all readers: each gets their own address and link and nobody else's."""
    form = MailForm(MESSAGE)
    raws = [
        form.fill(
            to=f"r{n}@example.com",
            unsubscribe_url=f"https://a.example/u/{n}",
            message_id=f"{n}@a",
            date=DATE,
            links=LINKS,
        )
        for n in (1, 2)
    ]
    assert b"r1@example.com" in raws[0]
    assert b"r1@example.com" not in raws[1]
    assert b"%unsubscribe_url%" not in raws[0] + raws[1]
    assert raws[0] == mail(to="r1@example.com", unsubscribe_url="https://a.example/u/1", message_id="1@a")


def test_a_post_is_no_mail() -> None:
    """Only an email can be written as a mail."""
    with pytest.raises(ObservanceError):
        mail(replace(MESSAGE, body=PostBody("text", 4, 280, False)))


def test_a_form_survives_as_plain_data() -> None:
    """What a call carries is JSON; filled in, it is the same mail, byte for byte, and holds nothing personal."""
    data = json.loads(json.dumps(MailForm(MESSAGE).as_data()))
    given: dict[str, Any] = {
        "to": "reader@example.com",
        "unsubscribe_url": URL,
        "message_id": "<abc.1@example.org>",
        "date": DATE,
    }
    given["links"] = LINKS
    assert mail() == MailForm.from_data(data).fill(**given)
    assert "reader@example.com" not in json.dumps(data)
    assert URL not in json.dumps(data)


def test_a_form_for_the_line_doubles_each_dot_that_begins_a_line() -> None:
    """In the text, in the HTML, and where a reader's own link goes on in a new line (RFC 5321, 4.5.2)."""
    form = MailForm(changed(text=".a\n..\n.\n%unsubscribe_url%\n.b", html=".<p>\n.%unsubscribe_url%.\n</p>\n."))
    at_once = MailForm.from_data(form.as_data(), for_smtp=True)
    dots = set()
    for length in range(40, 70):
        url = f"https://example.org/{'a' * length}.b.c.d"
        given: dict[str, Any] = {"to": "a@b.example", "unsubscribe_url": url, "message_id": "<a@b>", "date": DATE}
        plain = form.fill(**given)
        assert plain.replace(b"\r\n.", b"\r\n..") == at_once.fill(**given)
        dots.add(plain.count(b"\r\n."))
    assert len(dots) > 1  # sometimes a link is cut right before a dot


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"head": 1},
        {**MailForm(MESSAGE).as_data(), "text": [b"x"]},
        {**MailForm(MESSAGE).as_data(), "end": "\u00e9"},
    ],
)
def test_what_is_no_form_is_no_mail(data: dict[str, Any]) -> None:
    """Half a form is not guessed at."""
    with pytest.raises((KeyError, TypeError, ValueError)):
        MailForm.from_data(data)


def test_headers_of_list_mail_are_there_whatever_the_message_holds() -> None:
    """Auto-Submitted, and List-Id in angle brackets; a message may not set what is written for each mail."""
    headers, _ = by_hand(mail(changed(headers={}, list_id="test.news.example.org")))
    assert (["auto-generated"], ["<test.news.example.org>"]) == (headers["Auto-Submitted"], headers["List-Id"])
    for name in ("To", "bcc", "Date", "message-id", "Content-Type", "List-Unsubscribe", "Return-Path"):
        with pytest.raises(ObservanceError):
            mail(changed(headers={name: "x"}))


@pytest.mark.parametrize(
    "address",
    ["@", "a@", "@b.example", "a b@c.example", "a@b.example>", "a@b@c.example", "<a@b.example>", "a@b .example", ""],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    """In our own words, without the address."""
    with pytest.raises(ObservanceError) as caught:
        mail(to=address)
    assert "@" not in str(caught.value)


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Kolkata"])
def test_a_date_is_written_as_the_standard_library_does(zone: str) -> None:
    for month in range(1, 13):
        date = datetime(2027, month, month * 2, 4, 5, 6, 789, ZoneInfo(zone))
        assert date_line(date) == format_datetime(date)
