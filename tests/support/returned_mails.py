"""Mails that came back, as mail servers write them."""

from __future__ import annotations

from collections.abc import Sequence

KEY = b"a key for tests only, 32 bytes.."


def bounce(
    to: str = "bounces@news.example.org",
    *,
    status: str = "5.1.1",
    action: str = "failed",
    diagnostic: str = "smtp; 550 5.1.1 <gone@readers.example>: Recipient address rejected: User unknown",
    recipients: Sequence[tuple[str, str]] = (),  # further ones: action, status
    returned: str = "",
    returned_type: str = "text/rfc822-headers",
    status_type: str = "message/delivery-status",
    message_id: str = "<20270111150500.4ABC@mail.example.org>",
    date: str = "Mon, 11 Jan 2027 10:04:00 -0500",
) -> bytes:
    """A delivery status notification (RFC 3464). Empty texts leave a field out."""
    groups = []
    for one_action, one_status, words in [(action, status, diagnostic), *((a, s, "") for a, s in recipients)]:
        group = "Final-Recipient: rfc822; gone@readers.example\n"
        group += f"Action: {one_action}\n" if one_action else ""
        group += f"Status: {one_status}\n" if one_status else ""
        group += f"Diagnostic-Code: {words}\n" if words else ""
        groups.append(group)
    body = "Reporting-MTA: dns; mail.example.org\nArrival-Date: Mon, 11 Jan 2027 10:03:59 -0500\n\n" + "\n".join(groups)
    return _report(to, "delivery-status", status_type, body, returned, returned_type, message_id=message_id, date=date)


def complaint(
    *, kind: str = "abuse", mail_from: str = "", returned: str = "", to: str = "fbl@news.example.org"
) -> bytes:
    """A report of a feedback loop (RFC 5965)."""
    body = f"Feedback-Type: {kind}\nUser-Agent: SomeProvider-FBL/1.0\nVersion: 1\n"
    body += f"Original-Mail-From: <{mail_from}>\n" if mail_from else ""
    return _report(to, "feedback-report", "message/feedback-report", body, returned, "message/rfc822")


def head(*, unsubscribe: str = "", return_path: str = "") -> str:
    """The head of one of our mails, as it comes back."""
    lines = ["From: Example Coalition <news@example.org>", "To: gone@readers.example", "Subject: Help is near"]
    lines += [f"List-Unsubscribe: <{unsubscribe}>"] if unsubscribe else []
    lines += [f"Return-Path: <{return_path}>"] if return_path else []
    return "\n".join(lines) + "\n"


def automatic_answer(to: str) -> bytes:
    """Out of the office (RFC 3834)."""
    return f"""From: ann@readers.example
To: {to}
Subject: Automatic reply: 550 5.1.1 I do not work here any more
Auto-Submitted: auto-replied
Content-Type: text/plain

I am away. Status: 5.1.1
""".encode()


def _report(
    to: str,
    kind: str,
    part_type: str,
    body: str,
    returned: str,
    returned_type: str,
    *,
    message_id: str = "<1@mail.example.org>",
    date: str = "Mon, 11 Jan 2027 10:04:00 -0500",
) -> bytes:
    returned_part = f"--=_b\nContent-Type: {returned_type}\n\n{returned}\n" if returned else ""
    text = f"""Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mail.example.org>
To: <{to}>
Auto-Submitted: auto-replied
Subject: Undelivered Mail Returned to Sender
{f"Message-ID: {message_id}" if message_id else "X-None: none"}
{f"Date: {date}" if date else "X-No-Date: none"}
MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind}; boundary="=_b"

This is a MIME-encapsulated message.

--=_b
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--=_b
Content-Type: {part_type}

{body}
{returned_part}--=_b--
"""
    return text.encode()
