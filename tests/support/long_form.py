"""Short and long forms: `.ci/run` plays a few cases of each kind, `.ci/full` many."""

from __future__ import annotations

import os
from typing import TypeVar

T = TypeVar("T")

#: Whether the long forms are wanted.
FULL = bool(os.environ.get("OBSERVANCE_FULL"))


def many(short: T, full: T) -> T:
    """How many cases to play, or which."""
    return full if FULL else short
