"""Named points at which a test can let the program die, fail or stand still.

Off, a point costs one look into an empty dictionary. ``OBSERVANCE_FAILPOINT=name:kill|raise|stall[:nth]`` sets
one, from the nth time it is passed (default: the first); several are separated by commas.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Mapping

from ..light_dataclass import dataclass

#: Every point there is, in the order of one delivery's way. Adding one here adds a case to the crash tests.
FAILPOINTS: Mapping[str, str] = {
    "before_plan_commit": "the plan's deliveries are written, not committed",
    "after_plan_commit": "the plan's deliveries are there",
    "before_freeze_commit": "readers are being frozen",
    "after_freeze_commit": "readers are frozen in batches",
    "before_prepare_commit": "a try is being counted",
    "after_prepare_commit": "a batch is ready to be built",
    "before_build": "the request is not built yet",
    "after_build": "the request is built",
    "before_intent_commit": "the intent is written, not committed",
    "after_intent_commit": "the intent is committed; no call yet",
    "after_journal_begin": "the journal names the call; no call yet",
    "after_last_check": "the last check has passed; no call yet",
    "before_call": "right before the call",
    "before_reader": "the mail server has answered for a reader; nothing is written down",
    "after_reader": "the journal has a reader's end",
    "after_call": "the provider has answered; nothing is written down",
    "before_journal_outcome": "the call has ended; nothing is written down",
    "after_journal_outcome": "the journal has the outcome, the ledger has not",
    "before_outcome_commit": "the outcome is written, not committed",
    "after_outcome_commit": "the outcome is committed",
    "after_batch": "between two batches",
    "after_delivery": "between two deliveries",
}


class FailpointHit(RuntimeError):
    """A test asked for this error."""


@dataclass
class _Armed:
    action: str  # kill | raise | stall
    nth: int
    passed: int = 0


def read(text: str) -> dict[str, _Armed]:
    """Read the environment's words. Raises ValueError for a name or an action that is none."""
    armed = {}
    for part in filter(None, (p.strip() for p in text.split(","))):
        name, _, rest = part.partition(":")
        action, _, nth = rest.partition(":")
        if name not in FAILPOINTS or action not in ("kill", "raise", "stall"):
            raise ValueError(f"no such failpoint: {part!r}")
        armed[name] = _Armed(action, int(nth or 1))
    return armed


_armed: dict[str, _Armed] = read(os.environ.get("OBSERVANCE_FAILPOINT", ""))


def hit(name: str) -> None:
    """Pass the point ``name``."""
    armed = _armed.get(name)
    if armed is None:
        return
    armed.passed += 1
    if armed.passed < armed.nth:
        return
    if armed.action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)  # without any clearing up, as at a power cut
    if armed.action == "stall":
        threading.Event().wait()  # for ever: whoever set it ends the process
    if armed.passed == armed.nth:
        raise FailpointHit(f"failpoint {name}")
