"""One call to a provider: whom it is for, how it ended, and what can be found out of it later."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import field, fields, replace
from datetime import datetime
from enum import Enum, StrEnum
from typing import Any

from ..light_dataclass import dataclass
from .post_picture import AttachedPicture
from .reason import Reason, ReasonCode, as_data, because, from_data
from .redact import without_addresses


class OutcomeKind(StrEnum):
    """How one call to a provider ended."""

    ACCEPTED = "accepted"
    LATER = "later"  # certainly not sent; may be tried again after ``retry_at``
    FINAL = "final"  # certainly not sent; trying again is of no use
    UNKNOWN = "unknown"  # anything else


@dataclass(frozen=True)
class Outcome:
    """The end of one call. ``reasons`` say in codes why it ended so; ``detail`` holds what the provider said of it, and
    is safe to store and to log: no secret, no address.

    ``per_recipient`` (subscriber id -> outcome) is there when the readers of one call fared differently; see
    :meth:`of_readers`. Then ``kind`` is what they have in common, or UNKNOWN when that is nothing: whoever looks at
    the call as a whole repeats none of it.

    ``spoilt_by`` (subscriber id -> what is wrong) names the readers for whose records alone the provider refused the
    call: it sent nothing to anybody, and may be made again without them.
    """

    kind: OutcomeKind
    reference: str = ""  # the provider's id, when accepted
    detail: str = ""
    reasons: tuple[Reason, ...] = ()
    status: int | None = None  # HTTP or SMTP status
    retry_at: datetime | None = None
    per_recipient: Mapping[str, Outcome] = field(default_factory=dict)
    spoilt_by: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_dead_address(self) -> bool:
        """Whether it was not sent because the address does not exist any more: nobody is without a mail that they
        could have had."""
        return self.kind is OutcomeKind.FINAL and any(r.code is ReasonCode.ADDRESS_DEAD for r in self.reasons)

    @staticmethod
    def of_readers(ends: Mapping[str, Outcome], *, reference: str = "") -> Outcome:
        """The end of a call from how each of its readers fared. Where all fared alike, it is that end."""
        first, *others = ends.values()
        if all(end is first or end == first for end in others):
            return replace(first, reference=reference or first.reference)
        counts = Counter(end.kind for end in ends.values())
        numbers = {_FIELDS[kind]: count for kind, count in counts.items()}
        return Outcome(
            first.kind if len(counts) == 1 else OutcomeKind.UNKNOWN,
            reference=reference if counts[OutcomeKind.ACCEPTED] else "",
            reasons=(because(ReasonCode.MIXED, **numbers),),
            detail="; ".join(list(dict.fromkeys(end.detail for end in ends.values() if end.detail))[:3]),
            per_recipient=dict(ends),
        )


_FIELDS = {
    OutcomeKind.ACCEPTED: "accepted",
    OutcomeKind.FINAL: "failed",
    OutcomeKind.LATER: "later",
    OutcomeKind.UNKNOWN: "unknown",
}


@dataclass  # frozen, making one would take 1.2 in place of 0.1 us; nobody changes one
class Recipient:
    """One subscriber in a batch."""

    subscriber_id: str
    address: str = field(repr=False)
    name: str = field(default="", repr=False)
    unsubscribe_url: str = field(default="", repr=False)
    preferences_url: str = field(default="", repr=False)
    confirm_url: str = field(default="", repr=False)  # in the mail that asks for a confirmation, and in no other
    discreet: bool | None = field(default=None, kw_only=True)  # the head they chose; None: the channel's


class UnusableRecipients(ValueError):
    """Raised by ``build``: these subscribers' records would spoil the call for all others. Build again without them."""

    def __init__(self, reasons: Mapping[str, str]) -> None:
        self.reasons = dict(reasons)  # subscriber id -> what is wrong, without the address
        super().__init__("; ".join(f"subscriber {who}: {why}" for who, why in self.reasons.items()))


@dataclass(frozen=True)
class Request:
    """One call to a provider, exactly as it will be made. Made by ``build``, which is pure.

    ``body`` is the JSON body as plain data, or what reads like it, or the bytes of a MIME message. ``fingerprint`` is
    what identifies the call at the provider later on (custom args, Message-ID, text hash). ``picture`` goes with it:
    its bytes are made when it is called.
    """

    method: str
    path: str
    body: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)
    fingerprint: str = ""
    picture: AttachedPicture | None = None


class Verdict(StrEnum):
    """What the evidence says."""

    SENT = "sent"
    NOT_SENT = "not-sent"  # only where the provider's view is known to be complete
    CANNOT_TELL = "cannot-tell"


@dataclass(frozen=True)
class Evidence:
    """What a provider says of an earlier call."""

    verdict: Verdict
    reference: str = ""
    detail: str = ""
    again_at: datetime | None = None  # when it can be told, where that is known


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
        ReasonCode.PICTURE_STUCK,
    }
)
#: A doubt that is not the provider's: among others, a process that was killed with several calls in flight.
_NOT_ITS_DOING = frozenset({ReasonCode.DUPLICATE, ReasonCode.WAITS_FOR_PERSON, ReasonCode.PROGRAM_STOPPED})
_FOR_EVERYBODY = frozenset({ReasonCode.KEYS_REFUSED, ReasonCode.FORBIDDEN, ReasonCode.TAKES_NONE})
#: An answer about this message, or about one reader: the provider is well.
_ABOUT_THIS = frozenset(
    {
        ReasonCode.BUSY,
        ReasonCode.REFUSED,
        ReasonCode.TOO_LARGE,
        ReasonCode.PICTURE_REFUSED,
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
        return Bearing.NEITHER if codes & _NOT_ITS_DOING else Bearing.TROUBLE
    if codes & (_NOT_THERE | _FOR_EVERYBODY):
        return Bearing.TROUBLE
    return Bearing.GOOD if codes & _ABOUT_THIS else Bearing.NEITHER


_OF_A_KIND = ("kind", "reasons", "retry_at", "per_recipient", "spoilt_by")
_PLAIN = tuple(f.name for f in fields(Outcome) if f.name not in _OF_A_KIND)


def to_text(outcome: Outcome) -> str:
    """One line, without an address."""
    more = _as_data(outcome)
    kind = more.pop("kind")
    return f"{kind} {json.dumps(more, ensure_ascii=False, sort_keys=True)}" if more else str(kind)


def from_text(text: str) -> Outcome:
    """The reverse of :func:`to_text`. Raises ValueError, KeyError or TypeError for what is none."""
    kind, _, more = text.partition(" ")
    return _outcome({"kind": kind, **(json.loads(more) if more else {})})


def _as_data(outcome: Outcome) -> dict[str, Any]:
    data: dict[str, Any] = {"kind": str(outcome.kind)}
    for name in _PLAIN:
        value = getattr(outcome, name)
        if value:
            data[name] = without_addresses(value) if isinstance(value, str) else value
    if outcome.reasons:
        data["reasons"] = as_data(outcome.reasons)
    if outcome.retry_at is not None:
        data["retry_at"] = outcome.retry_at.isoformat()
    if outcome.per_recipient:
        data["per_recipient"] = {who: _as_data(end) for who, end in outcome.per_recipient.items()}
    if outcome.spoilt_by:
        data["spoilt_by"] = {who: without_addresses(why) for who, why in outcome.spoilt_by.items()}
    return data


def _outcome(data: dict[str, Any]) -> Outcome:
    values = {name: data[name] for name in _PLAIN if name in data}
    return Outcome(
        OutcomeKind(data["kind"]),
        reasons=from_data(data.get("reasons", ())),
        retry_at=datetime.fromisoformat(data["retry_at"]) if "retry_at" in data else None,
        per_recipient={who: _outcome(end) for who, end in data.get("per_recipient", {}).items()},
        spoilt_by=data.get("spoilt_by", {}),
        **values,
    )
