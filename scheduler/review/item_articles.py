"""Each item of the packet as a piece of its page; those that did not change are kept for the next packet.

A piece is made from a rehearsal that holds nothing of the other items but some of their messages, by which the frame
of all is known. So what it is kept under is all that it can show.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace

from ..domain.campaign import ItemText
from ..domain.finding import Finding, Severity
from ..domain.message import Message
from ..domain.planned_item import Plan, PlannedItem
from ..domain.rehearsal import Rehearsal
from ..kept_by_key import KeptByKey, in_full
from ..what_items_share import fingerprint_of_item, fingerprint_of_message, fingerprint_of_plan
from .item_view import frame_beside


class _Articles(KeptByKey):
    most_files = 10  # one holds those of a packet


#: Under all that items share: of each item the hash of its own, and its piece.
ARTICLES = _Articles()
_OF_ITEMS = frozenset({"plan", "messages", "findings", "substitutes", "digests", "earlier", "sent"})


def articles(rehearsal: Rehearsal, page: object, make: Callable[[Rehearsal, PlannedItem], str]) -> list[str]:
    """The pieces of all items, in order. ``page``: what else ``make`` goes by."""
    bare, words = _without_items(rehearsal), rehearsal.plan.without_words()
    planned = rehearsal.plan.items
    if ARTICLES.folder is None:
        return [make(_of_item(bare, words, rehearsal, one), one) for one in planned]
    shared = [getattr(bare, each.name) for each in fields(bare) if each.name not in _OF_ITEMS]
    key = fingerprint_of_plan(rehearsal.plan), in_full((shared, page))
    kept: Mapping[str, tuple[str, str]] = ARTICLES.read(key) or {}
    made: dict[str, tuple[str, str]] = {}
    for one in planned:
        own = _of_item(bare, words, rehearsal, one)
        seen, name = _hash_of(own, one), f"{one.on} {one.item.id}"
        known = kept.get(name)
        made[name] = known if known is not None and known[0] == seen else (seen, make(own, one))
    if made != kept:
        ARTICLES.write(key, made)
    return [piece for _, piece in made.values()]


def _without_items(rehearsal: Rehearsal) -> Rehearsal:
    return replace(
        rehearsal,
        messages=(),
        findings=(),
        costs=(),
        substitutes=(),
        digests=(),
        frames=(),
        letters=(),
        guards=(),
        earlier={},
        sent={},
        forms={},
    )


def _of_item(bare: Rehearsal, words: Plan, rehearsal: Rehearsal, planned: PlannedItem) -> Rehearsal:
    texts = (planned.item, planned.held_back, planned.substitute)
    its: dict[str, ItemText] = {text.id: text for text in texts if text is not None}
    item = planned.item.id
    sent = {key: each for key, each in rehearsal.sent.items() if key[0] in its}
    return replace(
        bare,
        plan=replace(words, items=(planned,), campaign=replace(words.campaign, items={**words.campaign.items, **its})),
        messages=(*(m for m in rehearsal.messages if m.item == item), *frame_beside(rehearsal, item)),
        substitutes=tuple(m for m in rehearsal.substitutes if m.item in its),
        findings=tuple(f for f in rehearsal.findings if f.item in its or _stops(f, item)),
        earlier={key: each for key, each in rehearsal.earlier.items() if key[0] in its},
        sent=sent,
        # Whether anything still waits for an item that went out is asked of those that tell of it.
        digests=tuple(d for d in rehearsal.digests if sent and its.keys() & dict(d.audience.parts).keys()),
    )


def _stops(finding: Finding, item: str) -> bool:
    """Whether something that is not the item's alone stands in its way: its badge says so."""
    return finding.severity is Severity.RED and finding.concerns(item, finding.channel)


def _hash_of(own: Rehearsal, planned: PlannedItem) -> str:
    def of(messages: Sequence[Message]) -> list[str]:
        return [*map(fingerprint_of_message, messages)]

    earlier = [(key, fingerprint_of_message(message)) for key, message in own.earlier.items()]
    seen = (
        fingerprint_of_item(planned),
        of(own.messages),
        of(own.substitutes),
        of(own.digests),
        own.findings,
        earlier,
        own.sent,
    )
    return hashlib.sha256(in_full(seen).encode(errors="surrogatepass")).hexdigest()
