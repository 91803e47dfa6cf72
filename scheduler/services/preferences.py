"""What a subscriber chooses about their mails, from the links in each of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ..domain.refusals import Refusal, Refused
from ..subscribers.fields import cadence_named, known_zones
from .context import Context, act

#: A pause that is longer is as good as leaving.
LONGEST_PAUSE = timedelta(days=366)
#: Why somebody is not written to any more who left.
LEFT = "unsubscribed"
#: What a subscriber agreed to by the button of that name.
KEEP_WORDS = "to be kept on the list for the next season"


@act
def choose_cadence(context: Context, subscriber_id: str, cadence: str) -> None:
    """How often mails come; it counts from the next one on."""
    known = cadence_named(cadence)
    if known is None:
        raise Refused(Refusal.NO_SUCH_CADENCE)
    context.ledger.subscribers.set_cadence(subscriber_id, known, now=context.now())


@act
def choose_zone(context: Context, subscriber_id: str, zone: str) -> None:
    """Where the subscriber's days begin; empty: where the campaign's do."""
    if zone and zone not in known_zones():
        raise Refused(Refusal.NO_SUCH_ZONE)
    context.ledger.subscribers.set_zone(subscriber_id, zone, now=context.now())


@act
def pause(context: Context, subscriber_id: str, until: date, *, home: str) -> bool:
    """Silence until that date begins where the subscriber is. ``home``: the zone of those who gave none."""
    ledger, now = context.ledger, context.now()
    subscriber = ledger.subscribers.get(subscriber_id)
    if subscriber is None:
        return False
    zone = subscriber.zone if subscriber.zone in known_zones() else home
    until_at = datetime.combine(until, time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)
    if until_at <= now:
        raise Refused(Refusal.PAUSE_IS_OVER, day=until)
    if until_at > now + LONGEST_PAUSE:
        raise Refused(Refusal.PAUSE_TOO_LONG, day=until)
    return ledger.subscribers.pause(subscriber_id, until_at=until_at, now=now)


@act
def end_pause(context: Context, subscriber_id: str) -> None:
    """The next mail comes as usual."""
    context.ledger.subscribers.resume(subscriber_id, now=context.now())


@act
def ask_for_next_season(context: Context, subscriber_id: str, *, wanted: bool) -> None:
    """Whether to stay on the list when the season is over."""
    context.ledger.subscribers.ask_for_more(subscriber_id, wanted, what=KEEP_WORDS if wanted else "", now=context.now())


@act
def leave(context: Context, subscriber_id: str, *, source: str) -> None:
    """No mail comes any more. Who had left, or whose record is gone, sees the same: either way none goes out."""
    context.ledger.subscribers.unsubscribe(subscriber_id, reason=LEFT, now=context.now(), source=source)
