"""Calls whose end nobody knows: their provider is asked, until its records tell, or a person has to."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from ..channels.registry import spec_of
from ..channels.spec import Transport
from ..domain.message import cut_to
from ..domain.outcome import Evidence, Recipient, UnusableRecipients, Verdict
from ..domain.records import ALL_CHANNELS, Batch
from .dispatcher import Dispatcher, Setup, settled_after

log = logging.getLogger(__name__)

#: How often a provider is asked about one doubt, and how long the waits between may grow.
QUESTIONS = 8
LONGEST_WAIT_FOR_EVIDENCE = timedelta(hours=6)

#: After so many doubts about one batch, the program does not send it again even if evidence says it may.
DOUBTS = 3


def ask_about_doubts(
    dispatcher: Dispatcher, setup: Setup, *, only: str = ALL_CHANNELS, alive: Callable[[], None]
) -> tuple[int, int]:
    """Ask providers about the calls of this dispatcher and of earlier ones; of one channel, or of all. Returns (found
    sent, found not sent)."""
    ledger, clock, ends = dispatcher.ledger, dispatcher.clock, Counter[Verdict]()
    for batch in ledger.lookups.doubtful(str(setup.settings.mode), now=clock.now()):
        if dispatcher.stopping():
            break
        alive()
        now, delivery = clock.now(), ledger.deliveries.find(batch.delivery_id)
        channel = delivery.channel if delivery else ""
        if only not in (ALL_CHANNELS, channel):
            continue
        transport = setup.transports.get(channel)
        wait: timedelta | None = LONGEST_WAIT_FOR_EVIDENCE  # its channel was there a moment ago, to be asked
        if transport is not None and channel in setup.settings.channels:
            wait = settled_after(transport, setup.lease(channel))
        if wait is None or batch.checks >= QUESTIONS:  # it cannot be asked, or the last question ended this program
            ledger.lookups.schedule_lookup(batch.id, token=batch.token, check_at=None, now=now)
            continue
        # Counted before it is asked: a record that ends the program which asks about it does so a few times, with
        # time for all others in between. Of several programs one asks.
        if not ledger.lookups.begin_lookup(
            batch.id, token=batch.token, checks=batch.checks, check_at=now + wait, now=now
        ):
            continue
        evidence = _evidence(dispatcher, batch, transport)
        now = clock.now()
        if evidence.verdict is Verdict.CANNOT_TELL and _may_repeat(setup, batch, channel, now):
            evidence = Evidence(Verdict.NOT_SENT, detail="the very same call does no harm")
        if evidence.verdict is Verdict.NOT_SENT and batch.doubts >= DOUBTS:
            evidence = Evidence(Verdict.CANNOT_TELL)
        if evidence.verdict is Verdict.CANNOT_TELL:  # asked later each time; after the last one a person decides
            waited = min(max(now - (batch.started_at or now), timedelta(minutes=5)), LONGEST_WAIT_FOR_EVIDENCE)
            again_at = evidence.again_at or (now + waited if batch.checks + 1 < QUESTIONS else None)
            ledger.lookups.schedule_lookup(batch.id, token=batch.token, check_at=again_at, now=now)
        elif evidence.verdict is Verdict.NOT_SENT and not batch.checks:
            # A clock that was set forward since the call makes this question come too early, and the answer wrong.
            # It cannot do that to a second question, as long after the first.
            ledger.lookups.schedule_lookup(batch.id, token=batch.token, check_at=now + wait, now=now)
        elif ledger.lookups.settle(batch.id, token=batch.token, evidence=evidence, who="evidence", now=now):
            ends[evidence.verdict] += 1
    return ends[Verdict.SENT], ends[Verdict.NOT_SENT]


def _evidence(dispatcher: Dispatcher, batch: Batch, transport: Transport | None) -> Evidence:
    """What the provider says of the call that was made, as well as it can be made again."""
    try:
        message = dispatcher.ledger.lookups.sent_message(batch.digest)
        if transport is None or message is None or batch.started_at is None:
            return Evidence(Verdict.CANNOT_TELL, detail="there is nobody to ask")
        message = cut_to(message, batch.first_item, batch.left_out, only=batch.only_items)
        readers: Sequence[Recipient] = dispatcher.with_links(dispatcher.ledger.lookups.recipients(batch.id))
        try:
            request = transport.build(message, send_id=batch.send_id, recipients=readers)
        except UnusableRecipients as unusable:  # a reader whose record has gone since is left out
            readers = [r for r in readers if r.subscriber_id not in unusable.reasons]
            request = transport.build(message, send_id=batch.send_id, recipients=readers)
        return transport.look_up(request, since=batch.started_at, now=dispatcher.clock.now())
    except Exception as problem:
        log.warning(
            "the provider could not be asked about batch %s (%s)",
            batch.id,
            type(problem).__name__,
            extra={"action": "look_up_failed", "batch": batch.id},
        )
        return Evidence(Verdict.CANNOT_TELL, detail=f"asking failed ({type(problem).__name__})")


def _may_repeat(setup: Setup, batch: Batch, channel: str, now: datetime) -> bool:
    """Whether the channel declares the very same call harmless, for as long as its next try may take to begin."""
    settings = setup.settings.channels.get(channel)
    safe = spec_of(settings).repeat_safe_for if settings else None
    if safe is None or batch.started_at is None:
        return False
    return now - batch.started_at + 2 * setup.lease(channel) < safe
