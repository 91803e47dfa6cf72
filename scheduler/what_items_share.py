"""Fingerprints for what is kept of each item: of what all items of a season share, the calendar and the records; and of
a message."""

from __future__ import annotations

import hashlib

from .domain.message import Message
from .domain.planned_item import Plan
from .kept_by_key import in_full

#: Of the last plan that was asked about: who renders it asks, and then who checks it.
_LAST: list[tuple[Plan, str]] = []


def fingerprint_of_plan(plan: Plan) -> str:
    """Of a plan, without what any item says."""
    for known, fingerprint in _LAST:
        if known is plan:
            return fingerprint
    fingerprint = _hash_of(plan.without_words())
    _LAST[:] = [(plan, fingerprint)]
    return fingerprint


#: By the identity of a message, which is held here so that no other one gets it.
_MESSAGES: dict[int, tuple[Message, str]] = {}
_MOST = 500


def fingerprint_of_message(message: Message) -> str:
    """Of all that it is made of, what was printed from records among it. A dry run asks four times."""
    if (known := _MESSAGES.get(id(message))) is not None:
        return known[1]
    fingerprint = _hash_of(message)
    note_fingerprint(message, fingerprint)
    return fingerprint


def note_fingerprint(message: Message, fingerprint: str) -> None:
    """What an earlier process found of this message."""
    if len(_MESSAGES) >= _MOST:
        _MESSAGES.clear()
    _MESSAGES[id(message)] = message, fingerprint


def _hash_of(value: object) -> str:
    return hashlib.sha256(in_full(value).encode(errors="surrogatepass")).hexdigest()
