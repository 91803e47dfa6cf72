"""What goes wrong at a double, in which order: a list of rules, used up one by one, the same on every run."""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from math import inf
from pathlib import Path
from typing import Any

from ...errors import UsageError
from ...light_dataclass import dataclass

#: The step of a call in which its picture is uploaded.
UPLOAD = "upload"


class Act(StrEnum):
    """What a double does with a request that would send something, or upload something."""

    ACCEPT = "accept"
    REFUSE = "refuse"  # a 4xx, nothing kept; smtp: 550, to the reader
    DUPLICATE = "duplicate"  # X: 403 for a text that is said to be there already; smtp: 554, to the content
    LIMIT = "limit"  # 429, with a reset when ``reset_in`` is given; smtp: 451
    NO_CREDIT = "no-credit"  # X: 402; SendGrid: 401 "Maximum credits exceeded"; smtp: 452
    ERROR_BEFORE = "error-before"  # a 5xx, nothing kept; smtp: 451, to the content
    ERROR_AFTER = "error-after"  # kept, then a 5xx; smtp: kept, then an answer that is none
    HANG_UP = "hang-up"  # the line is cut before anything could have been kept
    DROP_BEFORE = "drop-before"  # the line is cut, nothing kept
    DROP_AFTER = "accept-then-drop"  # kept, then the line is cut
    STALL = "stall"  # kept (unless accepts = false), then silence for ``seconds``, then the answer
    BROKEN_BODY = "broken-body"  # kept, answered by a success whose body breaks off


@dataclass(frozen=True)
class Fault:
    """One rule. It applies to the ``nth`` sending request (from 1), or else to the next ones, ``times`` times."""

    act: Act
    double: str = ""  # "x", "sendgrid" or "smtp"; empty: all
    nth: int | None = None
    match: str = ""  # only requests whose body holds these words; smtp: whose reader's address does
    times: int = 1
    status: int = 0  # for refuse, error-before and error-after; 0: a usual one
    seconds: float = 5.0  # for stall
    reset_in: int | None = None  # for limit: seconds until the named reset; smtp names none
    accepts: bool = True  # for stall
    step: str = ""  # "upload": the rule is about uploads, of which ``nth`` counts the requests; empty: about sends

    def applies(self, double: str, number: int, body: str, step: str = "") -> bool:
        """Whether this rule is about this request."""
        return (
            self.step == step
            and (not self.double or self.double == double)
            and (self.nth is None or self.nth == number)
            and (not self.match or self.match in body)
        )


class FaultScript:
    """The rules in order. The first that applies is used up a little; without one all goes well."""

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self._lock = threading.Lock()
        self.play(*faults)

    def play(self, *faults: Fault) -> None:
        """Have these rules from here on, and no other."""
        with self._lock:
            self.faults, self._left = faults, [[fault.times] for fault in faults]

    @property
    def is_used_up(self) -> bool:
        """Whether all goes well from here on."""
        with self._lock:
            return not any(left for (left,) in self._left)

    def next_for(self, double: str, number: int, body: str, step: str = "") -> Fault | None:
        """The rule for the ``number``-th request of a step at ``double``. May be called by several threads."""
        with self._lock:
            for fault, left in zip(self.faults, self._left, strict=True):
                if left[0] and fault.applies(double, number, body, step):
                    left[0] -= 1
                    return fault
        return None


#: Every field of a rule but ``act``, with its type.
_KINDS: Mapping[str, Any] = {
    "double": str,
    "nth": int,
    "match": str,
    "times": int,
    "status": int,
    "seconds": (int, float),
    "reset_in": int,
    "accepts": bool,
    "step": str,
}


_BOUNDS: Mapping[str, tuple[float, float, str]] = {
    "nth": (1, inf, "; it counts from 1"),
    "times": (1, inf, "; it counts from 1"),
    "seconds": (0, inf, "; it cannot be negative"),
    "status": (400, 599, "; allowed: 400 to 599"),
}


def load_faults(path: Path, doubles: Collection[str]) -> FaultScript:
    """Read ``[[fault]]`` tables; ``doubles``: the stand-ins that one may name.

    Raises :class:`UsageError` with all that is wrong.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}", hint="name a TOML file of faults") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is not TOML: {error}", hint="see docs/reference/channels.md, Faults") from None
    listed = tables.pop("fault", [])
    problems = [f"unknown key {name!r}; only [[fault]] tables are read" for name in tables]
    faults: list[Fault] = []
    if not isinstance(listed, list):
        listed, problems = [], [*problems, "write [[fault]], with two brackets"]
    for number, table in enumerate(listed, start=1):
        wrong = _wrong_with(table, doubles)
        problems += [f"fault {number}: {what}" for what in wrong]
        if not wrong:
            faults.append(Fault(**{**table, "act": Act(table["act"])}))
    if problems:
        raise UsageError(f"{path}:\n" + "\n".join(f"  {p}" for p in problems), hint="correct these lines")
    return FaultScript(faults)


def _wrong_with(table: Any, doubles: Collection[str]) -> list[str]:
    if not isinstance(table, dict):
        return ["not a table"]
    acts = [act.value for act in Act]
    wrong = [] if table.get("act") in acts else [f"act = {table.get('act')!r}; allowed: {', '.join(acts)}"]
    for name, value in ((name, value) for name, value in table.items() if name != "act"):
        if name not in _KINDS:
            wrong.append(f"unknown key {name!r}; allowed: act, {', '.join(_KINDS)}")
        elif not isinstance(value, _KINDS[name]) or (isinstance(value, bool) and _KINDS[name] is not bool):
            wrong.append(f"{name} = {value!r} has the wrong type")
        elif name == "double" and value not in ("", *doubles):
            wrong.append(f"double = {value!r}; allowed: {', '.join(doubles)}")
        elif name == "step" and value not in ("", UPLOAD):
            wrong.append(f"step = {value!r}; allowed: {UPLOAD}")
        elif name in _BOUNDS and not _BOUNDS[name][0] <= value <= _BOUNDS[name][1]:
            wrong.append(f"{name} = {value}{_BOUNDS[name][2]}")
    return wrong
