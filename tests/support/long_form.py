"""Short and long forms: `.ci/run` plays a few cases of each kind, `.ci/full` many."""

from __future__ import annotations

import os

#: Whether the long forms are wanted.
FULL = bool(os.environ.get("OBSERVANCE_FULL"))


def many(short: int, full: int) -> int:
    """How many cases to play."""
    return full if FULL else short
