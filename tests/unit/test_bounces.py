"""Mails that come back: whose they were by a signed address, dead addresses by their codes, nothing by words."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.receipt import Barred, Receipt, ReceiptKind
from scheduler.domain.smtp_codes import DEAD_CODES, codes_of, enhanced_code, says_dead
from scheduler.settings.values import LONGEST_BOUNCE_NAME, bounce_address, smtp_codes
from scheduler.subscribers.bounces import LARGEST_MAIL, MailKind, Proofs, ReadMail, read_mail
from scheduler.subscribers.fields import LONGEST_LOCAL_PART
from scheduler.subscribers.tokens import (
    Returned,
    make_return_path,
    read_return_path,
    return_path_maker,
    tokens_in,
)
from tests.support.returned_mails import KEY, automatic_answer, bounce, complaint, head

NOW = datetime(2027, 1, 11, 16, tzinfo=UTC)
SEND_ID = "0123456789abcdef0123456789abcdef"
READER = "00112233445566778899aabbccddeeff"
LINK_TOKEN = "t" * 44
LINK = f"https://news.example.org/u/{LINK_TOKEN}"

PROOFS = Proofs(lambda token: read_return_path(token, KEY), {LINK_TOKEN: READER}.get)
OURS = return_path_maker("bounces@news.example.org", KEY)(SEND_ID, READER)


def read(raw: bytes, **more: Any) -> ReadMail:
    return read_mail(raw, proofs=PROOFS, now=NOW, **more)


def report(raw: bytes, **more: Any) -> Receipt:
    found = read(raw, **more)
    assert MailKind.REPORT is found.kind
    assert found.receipt is not None
    return found.receipt


# -- the return path ------------------------------------------------------------------------------------


def test_a_return_path_names_reader_and_call_and_no_address() -> None:
    """Read back from the whole address, by whoever has the key, in whatever capitals a server on the way writes it."""
    (token,) = tokens_in(f"<{OURS}>")
    expected = Returned(READER, SEND_ID[:8])
    assert [expected] * 3 == [read_return_path(t, KEY) for t in (token, token.upper(), token.title())]
    assert READER not in OURS
    assert SEND_ID[:8] not in OURS
    assert read_return_path(token, b"another key, also of 32 bytes...") is None
    assert expected == read_return_path(token, [b"another key, also of 32 bytes...", KEY])


def test_a_return_path_fits_the_longest_name_that_a_setting_allows() -> None:
    """64 characters before the @ (RFC 5321); a name that leaves no room is refused when the settings are read."""
    longest = "b" * LONGEST_BOUNCE_NAME
    assert "" == bounce_address(f"{longest}@news.example.org")
    made = return_path_maker(f"{longest}@news.example.org", KEY)(SEND_ID, READER)
    assert LONGEST_LOCAL_PART == len(made.partition("@")[0])
    assert "more than 17 characters" in bounce_address(f"{longest}b@news.example.org")
    assert "plus sign" in bounce_address("news+bounces@news.example.org")
    assert "" != bounce_address("not an address")
    # An id that the program never makes: the plain address, which is always a good one.
    assert "bounces@news.example.org" == return_path_maker("bounces@news.example.org", KEY)(SEND_ID, "x" * 60)


@given(st.text(min_size=1, max_size=20), st.text(max_size=40))
def test_any_id_comes_back_from_its_token(subscriber_id: str, send_id: str) -> None:
    """Also ids that the program does not make."""
    found = read_return_path(make_return_path(send_id, subscriber_id, KEY), KEY)
    assert found is not None
    assert subscriber_id == found.subscriber_id


@given(st.integers(0, 44), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_a_token_with_one_letter_changed_is_nobodys(at: int, letter: str) -> None:
    """Of the id, of the send id, of the signature, of its kind."""
    token = make_return_path(SEND_ID, READER, KEY)
    changed = token[:at] + letter + token[at + 1 :]
    assert changed == token or read_return_path(changed, KEY) is None


# -- codes ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "status", "dead"),
    [
        ("5.1.1", 550, True),
        ("5.1.2", 550, True),
        ("5.1.3", 553, True),
        ("5.1.6", 551, True),
        ("5.1.10", 556, True),
        ("5.2.1", 550, True),
        ("5.4.4", 550, True),
        ("", 551, True),
        ("", 556, True),
        ("5.1.1", None, True),
        ("5.7.1", 550, False),
        ("5.7.515", 550, False),
        ("5.7.26", 550, False),
        ("5.1.8", 550, False),
        ("5.1.0", 550, False),
        ("5.0.0", 550, False),
        ("5.2.2", 552, False),
        ("5.3.4", 552, False),
        ("", 552, False),
        ("", 550, False),
        ("", 554, False),
        ("4.1.1", 450, False),
        ("4.2.1", 450, False),
        ("5.1.1", 450, False),
        ("5.7.1", 556, False),
        ("", None, False),
    ],
)
def test_codes_say_whether_an_address_is_dead(code: str, status: int | None, dead: bool) -> None:
    """A refusal about us, for the time being, or without a cause does not."""
    assert dead is says_dead(code, status)


def test_an_enhanced_code_is_read_at_the_beginning_alone() -> None:
    """What stands further on is words."""
    assert ["5.1.1", "5.1.10", "", "", ""] == [
        enhanced_code(text) for text in ("5.1.1 gone", " 5.1.10 gone", "gone 5.1.1", "5.1.1.9 x", "")
    ]


def test_the_codes_can_be_set() -> None:
    """A list takes the place of the table; what is no code is refused when the settings are read."""
    assert frozenset(DEAD_CODES) == codes_of("")
    assert {"5.1.1", "550"} == codes_of("5.1.1, 550")
    good = ["5.1.1", "5.1.1, 550", "5.1.1 5.1.10,556"]
    assert [""] * 3 == [smtp_codes(text) for text in good]
    assert "" not in [smtp_codes(text) for text in ("4.1.1", "5.1", "user unknown", "450", "5.1.1;5.1.2")]


# -- bounces --------------------------------------------------------------------------------------------


def test_a_dead_address_is_a_hard_bounce() -> None:
    """By the return path that the report was sent to. It holds no address and none of the server's words."""
    receipt = report(bounce(OURS))
    assert (ReceiptKind.HARD_BOUNCE, Barred.BOUNCED, "5.1.1") == (receipt.kind, receipt.bars, receipt.detail)
    assert (READER, SEND_ID[:8]) == (receipt.subscriber_id, receipt.send_id)
    assert ("mail", True) == (receipt.source, receipt.of_one)
    assert datetime(2027, 1, 11, 15, 4, tzinfo=UTC) == receipt.at
    assert "@" not in repr(receipt)
    assert "unknown" not in repr(receipt).lower()


@pytest.mark.parametrize(
    ("changes", "kind", "detail"),
    [
        ({"status": "5.7.1", "diagnostic": "smtp; 550 5.7.1 blocked"}, ReceiptKind.SOFT_BOUNCE, "5.7.1"),
        ({"status": "5.2.2", "diagnostic": ""}, ReceiptKind.SOFT_BOUNCE, "5.2.2"),
        ({"status": "4.4.7", "diagnostic": ""}, ReceiptKind.SOFT_BOUNCE, "4.4.7"),
        ({"status": "4.1.1", "diagnostic": ""}, ReceiptKind.SOFT_BOUNCE, "4.1.1"),
        ({"action": "delayed", "status": "4.4.1", "diagnostic": ""}, ReceiptKind.DEFERRED, "4.4.1"),
        ({"action": "delivered", "status": "2.1.5", "diagnostic": ""}, ReceiptKind.DELIVERED, "2.1.5"),
        ({"action": "relayed", "status": "2.1.9", "diagnostic": ""}, ReceiptKind.PROCESSED, "2.1.9"),
        # A server that says only that something failed: the answer that it got says more.
        ({"status": "5.0.0"}, ReceiptKind.HARD_BOUNCE, "5.1.1"),
        ({"status": "5.0.0", "diagnostic": "smtp; 550 no such user"}, ReceiptKind.SOFT_BOUNCE, "550"),
        ({"status": "5.0.0", "diagnostic": "smtp; 556 no mail here"}, ReceiptKind.HARD_BOUNCE, "556"),
        ({"status": "", "diagnostic": "smtp; 550-5.1.1 gone"}, ReceiptKind.HARD_BOUNCE, "5.1.1"),
        ({"status": "", "diagnostic": "x-unix; user unknown"}, ReceiptKind.SOFT_BOUNCE, ""),
        (
            {"status": "5.1.1 (bad destination mailbox address)", "action": "FAILED (x)"},
            ReceiptKind.HARD_BOUNCE,
            "5.1.1",
        ),
        ({"status_type": "message/global-delivery-status"}, ReceiptKind.HARD_BOUNCE, "5.1.1"),
    ],
)
def test_codes_and_actions_say_what_kind_of_bounce_it_is(
    changes: dict[str, str], kind: ReceiptKind, detail: str
) -> None:
    """Only a dead address bars."""
    receipt = report(bounce(OURS, **changes))  # type: ignore[arg-type]
    assert (kind, detail) == (receipt.kind, receipt.detail)
    assert (Barred.BOUNCED if kind is ReceiptKind.HARD_BOUNCE else None) == receipt.bars


@pytest.mark.parametrize(
    ("others", "kind"),
    [
        ([("failed", "5.1.2")], ReceiptKind.HARD_BOUNCE),
        ([("failed", "5.2.2")], ReceiptKind.SOFT_BOUNCE),
        ([("delayed", "4.4.1")], ReceiptKind.DEFERRED),
        ([("delivered", "2.0.0")], ReceiptKind.PROCESSED),
    ],
)
def test_an_address_that_is_passed_on_is_dead_only_when_all_behind_it_are(
    others: list[tuple[str, str]], kind: ReceiptKind
) -> None:
    """One report may name several recipients."""
    assert kind is report(bounce(OURS, recipients=others)).kind


def test_the_operators_codes_are_used() -> None:
    """A bare 550 can be made to count."""
    raw = bounce(OURS, status="5.0.0", diagnostic="smtp; 550 no such user")
    assert ReceiptKind.HARD_BOUNCE is report(raw, dead=codes_of("5.1.1 550")).kind
    assert ReceiptKind.SOFT_BOUNCE is report(bounce(OURS), dead=codes_of("5.1.2")).kind


# -- whose it is ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "start"),
    [
        (bounce(OURS.upper()), SEND_ID[:8]),
        (b"Delivered-To: " + OURS.encode() + b"\n" + bounce("bounces@news.example.org"), SEND_ID[:8]),
        (b"X-Original-To: " + OURS.encode() + b"\n" + bounce("undisclosed"), SEND_ID[:8]),
        (bounce(returned=head(return_path=OURS)), SEND_ID[:8]),
        (bounce(returned=head(unsubscribe=LINK)), ""),
        (bounce(returned=head(unsubscribe=LINK), returned_type="message/rfc822"), ""),
        (complaint(mail_from=OURS), SEND_ID[:8]),
        (complaint(returned=head(unsubscribe=LINK)), ""),
    ],
)
def test_a_signed_address_or_link_says_whose_it_is(raw: bytes, start: str) -> None:
    """Where the report was sent to, or what comes back with it."""
    receipt = report(raw)
    assert (READER, start) == (receipt.subscriber_id, receipt.send_id)


FORGED = return_path_maker("bounces@news.example.org", b"a stranger's key, of 32 bytes...")(SEND_ID, READER)


@pytest.mark.parametrize(
    "raw",
    [
        bounce(),
        bounce(FORGED),
        bounce(OURS.replace("+a", "+b")),
        bounce(OURS[:-30] + "@news.example.org"),
        bounce(f"bounces+{READER}@news.example.org"),
        bounce("gone@readers.example", returned=head(unsubscribe="https://news.example.org/u/" + "x" * 44)),
        complaint(mail_from=FORGED),
        complaint(),
    ],
)
def test_without_a_good_signature_nobody_is_touched(raw: bytes) -> None:
    """Made up, cut off, signed by another key, or only the reader's id and address."""
    assert ReadMail(MailKind.NOT_OURS) == read(raw)


# -- complaints, and what is no report ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "expected", "bars"),
    [
        ("abuse", ReceiptKind.COMPLAINED, Barred.COMPLAINED),
        ("Abuse", ReceiptKind.COMPLAINED, Barred.COMPLAINED),
        ("fraud", ReceiptKind.COMPLAINED, Barred.COMPLAINED),
        ("opt-out", ReceiptKind.UNSUBSCRIBED, Barred.UNSUBSCRIBED),
        ("not-spam", ReceiptKind.OTHER, None),
        ("virus", ReceiptKind.OTHER, None),
    ],
)
def test_a_complaint_ends_it(kind: str, expected: ReceiptKind, bars: Barred | None) -> None:
    """Who says that it is no spam stays."""
    receipt = report(complaint(kind=kind, mail_from=OURS))
    assert (expected, bars) == (receipt.kind, receipt.bars)


def test_an_automatic_answer_says_nothing() -> None:
    """Whatever its words, and although it came to a signed address. The same for a letter, and for nothing at all."""
    mails = [
        automatic_answer(OURS),
        b"From: a@b.example\nTo: " + OURS.encode() + b"\n\n550 5.1.1 User unknown\n",
        b"",
        b"\n",
        bounce(OURS).replace(b"message/delivery-status", b"message/disposition-notification"),
    ]
    assert [ReadMail(MailKind.NO_REPORT)] * 5 == [read(raw) for raw in mails]


def test_a_report_that_somebody_passes_on_is_none() -> None:
    """A mail with a bounce inside of it is not a bounce."""
    inner = bounce(OURS)
    outer = (
        b'From: ann@readers.example\nContent-Type: multipart/mixed; boundary="=_o"\n\n'
        b"--=_o\nContent-Type: message/rfc822\n\n" + inner + b"\n--=_o--\n"
    )
    assert MailKind.NO_REPORT is read(outer).kind


def test_a_report_without_a_code_is_not_understood() -> None:
    """It is left for a person; so is one whose parts are broken."""
    assert MailKind.NOT_UNDERSTOOD is read(bounce(OURS, status="", action="", diagnostic="")).kind
    assert MailKind.NOT_UNDERSTOOD is read(complaint(kind="", mail_from=OURS)).kind


# -- the same report twice, and bytes of any kind --------------------------------------------------------


def test_the_same_report_has_the_same_name_and_another_has_not() -> None:
    """Also when it took another way; a report without a Message-ID is known by its bytes."""
    first = report(bounce(OURS)).event_id
    assert first == report(b"Received: from elsewhere\n" + bounce(OURS)).event_id
    assert first != report(bounce(OURS, message_id="<2@mail.example.org>")).event_id
    assert first != report(bounce(OURS, status="5.1.2")).event_id
    bare = bounce(OURS, message_id="")
    assert report(bare).event_id == report(bare).event_id != first
    assert len(first) <= 128


@pytest.mark.parametrize(
    "date", ["", "yesterday", "Mon, 11 Jan 2099 10:04:00 -0500", "Mon, 99 Jan 2027 10:04:00 -0500"]
)
def test_a_date_that_cannot_be_is_now(date: str) -> None:
    """Or one that is still to come."""
    assert NOW == report(bounce(OURS, date=date)).at


def test_a_huge_mail_is_read_in_part() -> None:
    """What it returns may have any size: the report stands before it."""
    raw = bounce(OURS, returned=head() + "\n" + "x" * (2 * LARGEST_MAIL), returned_type="message/rfc822")
    assert ReceiptKind.HARD_BOUNCE is report(raw).kind


@pytest.mark.parametrize(
    "spoil",
    [
        lambda raw: raw.replace(b"\n", b"\r\n"),
        lambda raw: raw + b"\xff\xfe\x00" * 100,
        lambda raw: raw.replace(b"Undelivered", b"\xc3\x28\xff"),
        lambda raw: raw.replace(b"--=_b--", b""),
        lambda raw: raw.replace(b"rfc822; gone@readers.example", b"rfc822; \xff\xff"),
    ],
)
def test_a_report_in_bad_shape_is_read_all_the_same(spoil: Callable[[bytes], bytes]) -> None:
    """Other line ends, bytes that are no text, an end that is missing."""
    assert ReceiptKind.HARD_BOUNCE is report(spoil(bounce(OURS))).kind


def test_nesting_without_end_is_not_understood() -> None:
    """It must not end the program."""
    raw = b"".join(b'Content-Type: multipart/report; boundary="%d"\n\n--%d\n' % (n, n) for n in range(3000))
    assert read(raw).kind in (MailKind.NOT_UNDERSTOOD, MailKind.NO_REPORT)


def test_no_bytes_crash_it_and_none_touch_another_reader() -> None:
    """Cut off anywhere, bytes changed at random, lines swapped: read as what it was, or as nothing."""
    chance = random.Random(7)
    raw = bounce(OURS, returned=head(unsubscribe=LINK))
    for _ in range(400):
        spoilt = bytearray(raw[: chance.randrange(len(raw) + 1)])
        for _ in range(chance.randrange(6)):
            if spoilt:
                spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
        found = read(bytes(spoilt))
        assert found.receipt is None or READER == found.receipt.subscriber_id


@given(st.binary(max_size=400))
def test_any_bytes_are_read(raw: bytes) -> None:
    """As no report, or as one that is not understood."""
    assert read(raw).receipt is None


def test_a_receipt_of_ours_is_like_any_other() -> None:
    """What a report by mail leads to differs from SendGrid's in its source alone."""
    receipt = report(bounce(OURS))
    assert replace(receipt, source="", of_one=False) == Receipt(
        receipt.event_id,
        ReceiptKind.HARD_BOUNCE,
        NOW - timedelta(minutes=56),
        "hard-bounce",
        SEND_ID[:8],
        READER,
        detail="5.1.1",
        bars=Barred.BOUNCED,
    )


def test_the_reference_lists_the_codes_of_the_table() -> None:
    """docs/reference/channels.md says what the program does."""
    page = (Path(__file__).parents[2] / "docs" / "reference" / "channels.md").read_text("utf-8")
    rows = re.findall(r"^\| `([0-9.]+)` \| (.*) \|$", page.partition("### Dead addresses")[2], re.MULTILINE)
    assert dict(DEAD_CODES) == dict(rows)
