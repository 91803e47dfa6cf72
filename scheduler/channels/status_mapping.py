"""What a provider's answer means: the tables by which an HTTP status becomes an outcome. Pure, standard library only.

The rule behind the tables: only what is *certainly* not sent may be tried again or given up; everything else is
``UNKNOWN``, and settled by evidence or by a person.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from ..domain.outcome import Outcome, OutcomeKind
from ..domain.reason import Reason, ReasonCode, because

#: Answers by which a server says that it took the request as it was and will not do it. 408, 409 and 425 are not
#: here: they are also given, by servers and by gateways, for a request that is under way. Nor is any 5xx.
REFUSED = frozenset({400, 401, 403, 404, 405, 406, 410, 411, 413, 414, 415, 417, 422, 426, 428, 431, 451})
NO_CREDIT = 402
TOO_MANY = 429

#: How long to wait after a line that never opened.
RETRY_UNREACHED = timedelta(seconds=60)
#: How long to wait when a limit or an empty balance names no end. X's windows are 15 minutes long.
RETRY_LIMIT = timedelta(minutes=15)

_ADDRESS = re.compile(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
#: What may be a key: long, or of middling length with letters and digits mixed (an app's key at X has 25).
_LONG_TOKEN = re.compile(
    r"[A-Za-z0-9_\-.+/=]{33,}|(?=[A-Za-z_\-.+/=]*[0-9])(?=[0-9_\-.+/=]*[A-Za-z])[A-Za-z0-9_\-.+/=]{20,}"
)
_LONGEST_DETAIL = 200


def kind_of(status: int) -> OutcomeKind:
    """What a bare status means, before a transport looks at headers and body."""
    if 200 <= status < 300:
        return OutcomeKind.ACCEPTED
    if status in REFUSED:
        return OutcomeKind.FINAL
    if status in (NO_CREDIT, TOO_MANY):
        return OutcomeKind.LATER
    return OutcomeKind.UNKNOWN


_CODES = {
    401: ReasonCode.KEYS_REFUSED,
    402: ReasonCode.NEEDS_MONEY,
    403: ReasonCode.FORBIDDEN,
    413: ReasonCode.TOO_LARGE,
    429: ReasonCode.RATE_LIMITED,
}


def reasons_of(status: int) -> tuple[Reason, ...]:
    """Why a call with this answer did not end as it should, before a transport looks closer."""
    otherwise = ReasonCode.REFUSED if status in REFUSED else ReasonCode.STRANGE_ANSWER
    code = _CODES.get(status, ReasonCode.SERVER_ERROR if status >= 500 else otherwise)
    return (because(code, status=status),)


def latest_reset(resets: Iterable[str | None], *, now: datetime, otherwise: timedelta) -> datetime:
    """The latest of the instants that headers name, in Unix seconds or as ISO 8601 with a zone; ``now + otherwise``
    when none can be read.

    A limit that should have ended already is tried again after a minute, not at once: the clocks differ.
    """
    named: list[datetime] = []
    for value in resets:
        with suppress(ValueError, OverflowError, OSError):
            named.append(_instant(value or ""))
    if not named:
        return now + otherwise
    return max(*named, now + RETRY_UNREACHED)


def _instant(text: str) -> datetime:
    if text.isdecimal():
        return datetime.fromtimestamp(int(text), UTC)
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(text)
    return at


def of_question(outcome: Outcome) -> Outcome:
    """The end of a call that was to send nothing: however it failed, there is no doubt in it."""
    if outcome.kind is not OutcomeKind.UNKNOWN:
        return outcome
    taken = (because(ReasonCode.TAKES_NONE, status=outcome.status),)
    return Outcome(OutcomeKind.LATER, detail=outcome.detail, reasons=taken, status=outcome.status)


def safe(text: str) -> str:
    """A provider's words, fit for the ledger: no address, nothing that may be a key, one line, 200 characters."""
    text = _ADDRESS.sub("[address]", _UNPRINTABLE.sub(" ", text))
    text = " ".join(_LONG_TOKEN.sub("[...]", text).split())
    return text if len(text) <= _LONGEST_DETAIL else text[: _LONGEST_DETAIL - 1] + "…"


def document(body: bytes) -> dict[str, object]:
    """The JSON object in ``body``, or an empty one: who reads it asks for what it needs."""
    try:
        parsed = json.loads(body)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def said(answer: dict[str, object]) -> str:
    """What the answer says in words: ``detail`` and ``title`` of a problem, its ``error`` and ``message``, and those of
    each error."""
    words = [answer.get(name) for name in ("detail", "title", "error", "message")]
    errors = answer.get("errors")
    for error in errors if isinstance(errors, list) else []:
        words += [error.get("message"), error.get("detail")] if isinstance(error, dict) else [error]
    return "; ".join(dict.fromkeys(w for w in words if isinstance(w, str) and w))


def unreached(code: ReasonCode, *, now: datetime, detail: str = "") -> Outcome:
    """Not one byte of the request left this machine."""
    return Outcome(OutcomeKind.LATER, reasons=(because(code),), detail=detail, retry_at=now + RETRY_UNREACHED)


def strange(status: int, detail: str = "") -> Outcome:
    """A success that is not what was asked for."""
    why = (because(ReasonCode.STRANGE_ANSWER, status=status),)
    return Outcome(OutcomeKind.UNKNOWN, detail=detail, reasons=why, status=status)


def unforeseen(error: BaseException) -> Outcome:
    """Nobody named this end. The error's own words stay out: they may quote a header or an address."""
    return Outcome(OutcomeKind.UNKNOWN, reasons=(because(ReasonCode.CHANNEL_ERROR, kind=type(error).__name__),))
