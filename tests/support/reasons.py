"""What a reason says, so that a test can go by its code: the words themselves stand in `tests/unit/test_reason_words.py`."""

from __future__ import annotations

from datetime import datetime

from scheduler.domain.reason import ReasonCode, Value, because
from scheduler.domain.reason_words import in_words


def says(*codes: ReasonCode, zone: str = "UTC", channel: str = "", **fields: Value | datetime) -> str:
    """The words of these reasons as they are told in one line; the fields are the last one's."""
    *before, last = codes
    return in_words((*(because(code) for code in before), because(last, **fields)), zone=zone, channel=channel)
