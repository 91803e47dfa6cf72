"""What somebody has typed, as it is kept: names, reasons, comments. Each has one rule, whatever edge it comes by."""

from __future__ import annotations

import re

from ..domain.hidden import refuse_hidden
from ..domain.redact import person
from ..domain.refusals import Refusal, Refused

#: Longer texts are refused, not cut.
LONGEST_NAME, LONGEST_REASON, LONGEST_COMMENT = 200, 500, 10_000
_LINE_ENDS = re.compile("\r\n?")


def checked_name(text: str) -> str:
    """Of a person who acts: on one line; of an address, the part before the @."""
    if not text.strip():
        raise Refused(Refusal.NAME_MISSING)
    refuse_hidden(text, "the name")
    name = person(text)
    if len(name) > LONGEST_NAME:
        raise Refused(Refusal.NAME_TOO_LONG, limit=LONGEST_NAME)
    return name


def new_name(text: str) -> str:
    """Of a person who is written down now, so that the history will call them so: no address."""
    if "@" in text:
        raise Refused(Refusal.NAME_IS_AN_ADDRESS)
    return checked_name(text)


def checked_reason(text: str) -> str:
    """A reason: on one line, neither empty nor endless, and with nothing hidden in it."""
    refuse_hidden(text, "the reason")
    reason = " ".join(text.split())
    if not reason:
        raise Refused(Refusal.REASON_MISSING)
    if len(reason) > LONGEST_REASON:
        raise Refused(Refusal.TEXT_TOO_LONG, what="the reason", limit=LONGEST_REASON)
    return reason


def checked_comment(text: str, *, may_be_empty: bool = False) -> str:
    """A comment: without space around it, neither empty nor endless, and with nothing hidden in it."""
    comment = _LINE_ENDS.sub("\n", text).strip(" \t\n\u00a0")
    if not comment.strip():
        if may_be_empty:
            return ""
        raise Refused(Refusal.COMMENT_MISSING)
    if len(comment) > LONGEST_COMMENT:
        raise Refused(Refusal.TEXT_TOO_LONG, what="the comment", limit=LONGEST_COMMENT)
    refuse_hidden(comment, "the comment")
    return comment
