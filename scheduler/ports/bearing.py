"""What the end of one call says of the provider itself, whoever and whatever the call was for."""

from __future__ import annotations

from enum import Enum

from ..domain.reason import ReasonCode
from .transport import Outcome, OutcomeKind


class Bearing(Enum):
    """How a provider bears up."""

    GOOD = "good"  # it answers, and takes calls
    TROUBLE = "trouble"  # it is not there, does not answer, or takes nothing from anybody
    NEITHER = "neither"  # nothing was called, or the answer is about a limit that has an end of its own


_NOT_THERE = frozenset(
    {
        ReasonCode.NAME_NOT_FOUND,
        ReasonCode.NOT_ENCRYPTED,
        ReasonCode.NO_CONNECTION,
        ReasonCode.LINE_BROKE,
    }
)
_FOR_EVERYBODY = frozenset({ReasonCode.KEYS_REFUSED, ReasonCode.FORBIDDEN, ReasonCode.TAKES_NONE})
#: An answer about this message, or about one reader: the provider is well.
_ABOUT_THIS = frozenset(
    {
        ReasonCode.BUSY,
        ReasonCode.REFUSED,
        ReasonCode.TOO_LARGE,
        ReasonCode.SPOILT_BY_READERS,
        ReasonCode.ADDRESS_DEAD,
        ReasonCode.ADDRESS_REFUSED,
    }
)


def bearing_of(outcome: Outcome) -> Bearing:
    """Of a call whose readers fared differently: one who was served shows that it is well."""
    ends = tuple(outcome.per_recipient.values()) or (outcome,)
    if any(end.kind is OutcomeKind.ACCEPTED for end in ends):
        return Bearing.GOOD
    found = {_of_one(end) for end in ends}
    return next((bearing for bearing in (Bearing.TROUBLE, Bearing.GOOD) if bearing in found), Bearing.NEITHER)


def refuses_everybody(outcome: Outcome, *, keys_alone: bool = False) -> bool:
    """Whether it was certainly not sent, for a reason that holds for every other call as well: keys, the account."""
    codes = {ReasonCode.KEYS_REFUSED} if keys_alone else _FOR_EVERYBODY
    return outcome.kind is OutcomeKind.FINAL and not codes.isdisjoint(r.code for r in outcome.reasons)


def _of_one(end: Outcome) -> Bearing:
    codes = {reason.code for reason in end.reasons}
    if end.kind is OutcomeKind.UNKNOWN:
        return Bearing.NEITHER if codes & {ReasonCode.DUPLICATE, ReasonCode.WAITS_FOR_PERSON} else Bearing.TROUBLE
    if codes & (_NOT_THERE | _FOR_EVERYBODY):
        return Bearing.TROUBLE
    return Bearing.GOOD if codes & _ABOUT_THIS else Bearing.NEITHER
