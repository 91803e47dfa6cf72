"""What somebody may say of an item: how long, and in which characters."""

from __future__ import annotations

import re

from ..domain.hidden import refuse_hidden
from ..errors import UsageError

_LINE_ENDS = re.compile("\r\n?")
#: Longer remarks than this are refused, not cut.
LONGEST_COMMENT = 10_000


def checked(text: str, what: str, *, hint: str = "", may_be_empty: bool = False) -> str:
    """A remark as it is kept: without space around it, neither empty nor endless, and with nothing hidden in it."""
    text = _LINE_ENDS.sub("\n", text).strip(" \t\n\u00a0")
    if not text.strip() and not may_be_empty:
        raise UsageError(f"{what} is empty", hint=hint)
    if len(text) > LONGEST_COMMENT:
        raise UsageError(f"{what} is longer than {LONGEST_COMMENT:,} characters", hint="make two of it")
    refuse_hidden(text, what)
    return text
