"""An email in the list of an inbox, with each of its heads."""

from __future__ import annotations

from ..domain.inbox import PROGRAMS, behind_subject, cut
from ..domain.message import EmailBody, Message, has_discreet_head, with_head
from ..domain.rehearsal import Rehearsal
from ..light_dataclass import dataclass


@dataclass(frozen=True)
class Cut:
    """What one program shows."""

    program: str
    sender: str
    subject: str
    behind: str


@dataclass(frozen=True)
class InboxRow:
    """One head. ``label``: which; empty for a mail that has no other."""

    label: str
    sender: str
    subject: str
    behind: str
    cuts: tuple[Cut, ...]


def inbox_rows(rehearsal: Rehearsal, message: Message) -> tuple[InboxRow, ...]:
    """With the usual head and with the discreet one. Of a frame the subject is that of the first digest."""
    if not isinstance(message.body, EmailBody):
        return ()
    if message.body.second_head is None:
        return (_row("", message.body, rehearsal.subject_shown(message)),)
    rows = []
    for label, discreet in (("As usual", False), ("Discreet", True)):
        body = with_head(message, discreet=discreet).body
        assert isinstance(body, EmailBody)  # noqa: S101 - a mail stays one
        assert has_discreet_head(body) is discreet  # noqa: S101
        rows.append(_row(label, body, rehearsal.subject_shown(message, discreet=discreet)))
    return tuple(rows)


def _row(label: str, body: EmailBody, subject: str) -> InboxRow:
    sender, behind = body.from_name or body.from_address, behind_subject(body.html)
    cuts = tuple(
        Cut(one.name, cut(sender, one.sender), cut(subject, one.subject), cut(behind.rstrip(), one.behind).rstrip())
        for one in PROGRAMS
    )
    return InboxRow(label, sender, subject, behind.rstrip(), cuts)
