"""What did not go out and cannot any more. It waits for a person until one has seen it, once; lists and the report keep
it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from ..domain.records import Delivery, Event
from ..domain.season_key import SeasonKey
from .context import Context, act

if TYPE_CHECKING:
    from ..store import Ledger

#: The line of the history that says who has seen which.
SEEN = "losses.seen"


def unseen(ledger: Ledger, deliveries: Iterable[Delivery], now: datetime) -> tuple[Delivery, ...]:
    """What of it is lost, and nobody has seen since it was."""
    lost = [d for d in deliveries if d.is_lost(now)]
    seen_at = _seen_at(ledger) if lost else {}
    return tuple(d for d in lost if d.id not in seen_at or (d.changed_at is not None and seen_at[d.id] < d.changed_at))


def seen(ledger: Ledger, deliveries: Iterable[Delivery], now: datetime) -> frozenset[int]:
    """Numbers of those that are lost, and that somebody has seen."""
    lost = [d for d in deliveries if d.is_lost(now)]
    return frozenset(d.id for d in lost) - {d.id for d in unseen(ledger, lost, now)}


@act
def acknowledge(context: Context, key: SeasonKey, shown: Collection[int] | None = None) -> tuple[Delivery, ...]:
    """Say that one has seen what is lost of a season. ``shown``: the numbers of those that were on the page; None: all.

    Returns what nobody had seen before; where there is none, nothing is written.
    """
    ledger, now = context.ledger, context.now()
    found = unseen(ledger, ledger.deliveries.of_season(context.mode, key), now)
    found = tuple(d for d in found if shown is None or d.id in shown)
    if found:
        items = list(dict.fromkeys(d.item for d in found))
        numbers = [d.id for d in found]
        ledger.events.record(SEEN, who=context.actor.name, now=now, deliveries=numbers, items=items)
    return found


def named_in(event: Event) -> tuple[int, ...]:
    """The numbers of the deliveries that such a line names."""
    numbers = event.data["deliveries"]
    return tuple(numbers) if isinstance(numbers, list) else ()


def _seen_at(ledger: Ledger) -> dict[int, datetime]:
    """Number of a delivery -> when somebody saw last that it was lost."""
    return {number: event.at for event in ledger.events.of_kinds(SEEN) for number in named_in(event)}
