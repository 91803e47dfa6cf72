"""The ledger as plain data, the same for ``--json`` on the command line and for the JSON API. No address is in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from ..domain.delivery import State
from ..domain.delivery_words import told
from ..domain.hold_words import hold_data
from ..domain.reason import as_data
from ..domain.reason_words import in_words
from ..domain.records import Batch, Delivery, Event, Hold

if TYPE_CHECKING:
    from ..store.subscribers import SubscriberRepository

Plain = dict[str, object]


def from_today(deliveries: Sequence[Delivery], today: date) -> Sequence[Delivery]:
    """Without what was due before; what waits for a person stays, however old it is. Where nothing is left, all."""
    return [d for d in deliveries if d.on >= today or d.state is State.UNKNOWN or d.awaits_decision] or deliveries


def doubts_first(deliveries: Iterable[Delivery]) -> list[Delivery]:
    """Deliveries in the order in which a person looks: what is unknown, then by time and channel."""
    return sorted(deliveries, key=lambda d: (d.state is not State.UNKNOWN, d.due_at, d.channel, d.id))


def delivery_as_data(delivery: Delivery, zone: str) -> Plain:
    """``zone``: the campaign's, in which hours are told."""
    return {
        "id": delivery.id,
        "item": delivery.item,
        "channel": delivery.channel,
        "date": delivery.on,
        "due_at": delivery.due_at,
        "expires_at": delivery.expires_at,
        "state": delivery.state.value,
        "digest": delivery.digest,
        "reference": delivery.reference,
        "note": told(delivery, zone),
        "reasons": as_data(delivery.reasons),
        "detail": delivery.detail,
        "counts": {**asdict(delivery.counts), "missing": delivery.counts.missing},
        "corrected_at": delivery.corrected_at,
        "had_earlier": delivery.had_earlier,
    }


def batch_as_data(batch: Batch, zone: str) -> Plain:
    """One call's worth, without what fences its attempts off from each other."""
    return {
        "number": batch.number,
        "state": batch.state.value,
        "readers": batch.called_for,
        "left_out": batch.skipped,
        "send_id": batch.send_id,
        "not_before_at": batch.not_before_at,
        "attempts": batch.attempt,
        "started_at": batch.started_at,
        "reference": batch.reference,
        "why": in_words(batch.reasons, batch.detail, zone=zone),
        "reasons": as_data(batch.reasons),
        "detail": batch.detail,
        "check_at": batch.check_at,
    }


def hold_as_data(hold: Hold) -> Plain:
    return hold_data(hold.channel, hold.campaign, hold.who, hold.reason.value, hold.why, hold.held_at)


def event_as_data(event: Event) -> Plain:
    """A line of the history, whole: who has all of them can compute each hash again."""
    return {
        "id": event.id,
        "at": event.at,
        "kind": event.kind,
        "who": event.who,
        "delivery": event.delivery_id,
        "data": dict(event.data),
        "previous": event.previous,
        "hash": event.hash,
    }


def readers_as_data(readers: SubscriberRepository, campaign: str | None = None, *, now: datetime) -> dict[str, Any]:
    """How many readers a campaign has, or (None) all of them together and list by list; numbers alone.
    One mail a day is a person's wish about all of their lists."""
    lists = {name: dict(readers.count(name, now=now)) for name in readers.campaigns() if campaign in (None, name)}
    by = {f"by_{what}": dict(readers.count_by(what, campaign, now=now)) for what in ("cadence", "zone")}
    return {
        **readers.count(campaign, now=now),
        **by,
        "one_a_day": readers.wanting_one_a_day(),
        "discreet": readers.who_chose_discreet(),
        "campaigns": lists,
    }
