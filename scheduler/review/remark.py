"""What somebody may say of an item: how long, and in which characters."""

from __future__ import annotations

import re
import unicodedata

from ..errors import UsageError

_LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")
_NO_TEXT = frozenset({"Cc", "Cs", "Cn"})
_REORDERS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: Longer remarks than this are refused, not cut.
LONGEST_COMMENT = 10_000


def checked(text: str, what: str, *, hint: str = "", may_be_empty: bool = False) -> str:
    """A remark as it is kept: without space around it, neither empty nor endless."""
    text = text.strip()
    if not text and not may_be_empty:
        raise UsageError(f"{what} is empty", hint=hint)
    if len(text) > LONGEST_COMMENT:
        raise UsageError(f"{what} is longer than {LONGEST_COMMENT:,} characters", hint="make two of it")
    return "".join(c for c in _LINE_ENDS.sub("\n", text) if c in "\n\t" or _is_text(c))


def _is_text(character: str) -> bool:
    """Whether it belongs into a remark: also the spaces that do not break, and the joiners without which Persian words
    and some emoji come apart. Not what would show the rest of a line in another order."""
    return unicodedata.category(character) not in _NO_TEXT and character not in _REORDERS
