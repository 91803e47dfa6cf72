"""Fingerprints for what is kept of each item: of what all items of a season share, the calendar and the records; of an
item; and of a message."""

from __future__ import annotations

import hashlib
from dataclasses import fields, replace

from .domain.campaign import ItemText
from .domain.message import Message
from .domain.planned_item import Plan, PlannedItem
from .kept_by_key import in_full

#: Of the last plan that was asked about: who renders it asks, and then who checks it.
_LAST: list[tuple[Plan, str]] = []


def fingerprint_of_plan(plan: Plan) -> str:
    """Of a plan, without what any item says."""
    for known, fingerprint in _LAST:
        if known is plan:
            return fingerprint
    places = [(p.day_number, p.on, p.item.id, p.day, p.week, p.number) for p in plan.items]
    bare = replace(plan, campaign=replace(plan.campaign, items={}), items=())
    fingerprint = _hash_of((bare, [*plan.campaign.items], places))
    _LAST[:] = [(plan, fingerprint)]
    return fingerprint


#: By the identity of a message, an item or its words, which are held here so that nothing else gets it.
_KNOWN: dict[int, tuple[object, str]] = {}
_MOST = 1000


def fingerprint_of_message(message: Message) -> str:
    """Of all that it is made of, what was printed from records among it. A dry run asks four times."""
    return _remembered(message) or _remember(message, _hash_of(message))


def fingerprint_of_words(text: ItemText) -> str:
    """Of all that an item says."""
    return _remembered(text) or _remember(text, _hash_of(text))


def fingerprint_of_item(planned: PlannedItem) -> str:
    """Of an item on its day. Who renders it asks, and who makes its piece of the packet; its words are asked about by
    who checks them, too."""
    if known := _remembered(planned):
        return known
    seen = [
        fingerprint_of_words(part) if isinstance(part, ItemText) else part
        for part in (getattr(planned, field.name) for field in fields(planned))
    ]
    return _remember(planned, _hash_of(seen))


def note_fingerprint(value: Message | ItemText, fingerprint: str) -> None:
    """What an earlier process found of it, or what it was made from: all that makes another one of it."""
    _remember(value, fingerprint)


def fingerprint_of_parts(*parts: str) -> str:
    """Of what is made of nothing but what these texts tell in full."""
    return _hash_of(parts)


def _remembered(value: object) -> str:
    return _KNOWN.get(id(value), (None, ""))[1]


def _remember(value: object, fingerprint: str) -> str:
    if len(_KNOWN) >= _MOST:
        _KNOWN.clear()
    _KNOWN[id(value)] = value, fingerprint
    return fingerprint


def _hash_of(value: object) -> str:
    return hashlib.sha256(in_full(value).encode(errors="surrogatepass")).hexdigest()
