"""One delivery on its way: freeze, then for each batch intent, last check, call, outcome.

The order is the whole point. The intent is committed before the call, so that a program that dies in between leaves
a trace; the outcome is committed after it, under the token of the intent, so that an answer that comes too late
cannot overwrite a newer one. Whatever has no certain end is unknown, and is not sent again by this program.
"""

from __future__ import annotations

import logging
import secrets
from collections import Counter, deque
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ..channels.spec import SendsEach, Transport
from ..clock import Clock
from ..domain.message import Message, cut_to, is_of_pieces
from ..domain.outcome import Outcome, OutcomeKind, Recipient, Request, UnusableRecipients
from ..domain.reason import Reason, ReasonCode, because
from ..domain.reason_words import in_words
from ..domain.records import Batch, Delivery, PlanChanges, Prepared, SendSnapshot
from ..domain.redact import without_addresses
from ..domain.rehearsal import Rehearsal
from ..domain.stale_approvals import what_changed
from ..errors import ObservanceError, OutOfReach, loggable
from ..settings import Mode, Settings
from .failpoints import hit
from .limits import Limits, is_too_large, kept_waiting
from .preflight import Lease, Verdict, check_before_send, left_out
from .send_journal import Journal

if TYPE_CHECKING:
    from ..store import Ledger

log = logging.getLogger(__name__)

#: A lease leaves room for the call (its timeout) twice, and for a slow database.
LEASE_MARGIN = timedelta(seconds=60)

#: Waits between two tries when the provider names no time: a minute, doubled each time, a quarter of an hour at most.
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=15)


@dataclass(slots=True)
class TickResult:
    """What one pass did, in numbers; filled as it goes."""

    at: datetime
    plan: PlanChanges = field(default_factory=PlanChanges)
    missed: int = 0
    reopened: int = 0  # missed by the clock alone, and scheduled again
    doubted: int = 0
    sent: int = 0  # calls accepted
    readers: int = 0  # readers in accepted calls; a post counts none
    later: int = 0
    failed: int = 0
    unknown: int = 0
    refused: int = 0  # deliveries that are due and may not go
    found_sent: int = 0
    found_not_sent: int = 0
    kept: int = 0  # outcomes that could not be written down yet
    reasons: dict[int, tuple[Reason, ...]] = field(default_factory=dict)  # delivery -> why it may not go
    problems: tuple[str, ...] = ()

    def needs_a_person(self) -> bool:
        """Whether anything in this pass asks for somebody's eye."""
        return bool(
            self.missed or self.doubted or self.failed or self.unknown or self.refused or self.kept or self.problems
        )


@dataclass
class _Unwritten:
    """An outcome that could not be committed; kept and tried again, never called again."""

    batch_id: int
    token: str
    outcome: Outcome
    at: datetime


class Dispatcher:
    """Sends what is due, once. One at a time; not to be shared by threads."""

    def __init__(
        self,
        ledger: Ledger,
        clock: Clock,
        *,
        with_links: Callable[[Recipient], Recipient],
        node: str,
        journal: Journal | None,
        outside: Callable[[Delivery], tuple[Reason, ...]],
        stopping: Callable[[], bool],
        alive: Callable[[], None],
        present: Callable[[], Rehearsal | None],
    ) -> None:
        """``present`` gives the season as the files have it at that moment, or None while they cannot be read. What it
        goes by besides is told by :meth:`take_up`."""
        self.ledger, self.clock = ledger, clock
        self.with_links = with_links
        self.stopping, self.alive = stopping, alive
        self._present, self._outside = present, outside
        self._node = node
        self._journal = journal
        self._unwritten: list[_Unwritten] = []
        self._survived: set[int] = set()  # batches that this process has built without harm

    def take_up(self, settings: Settings, transports: Mapping[str, Transport], waived: Collection[str]) -> None:
        """Go by these settings from now on. What could not be written down yet is kept."""
        self.settings, self.transports = settings, transports
        self._waived = frozenset(waived)
        self._limits = Limits(self.ledger, settings)

    def lease(self, channel: str) -> timedelta:
        """How long a call may take before it is doubted."""
        settings = self.settings.channels.get(channel)
        return timedelta(seconds=2 * settings.timeout_seconds) + LEASE_MARGIN if settings else timedelta(minutes=5)

    # -- one delivery -----------------------------------------------------------------------------------

    def dispatch(self, delivery: Delivery, rehearsal: Rehearsal, result: TickResult) -> None:
        """Send what may go of one due delivery."""
        transport = self.transports.get(delivery.channel)
        message = self._message(delivery, rehearsal)
        if transport is None:
            self._refuse(delivery, (because(ReasonCode.CHANNEL_OFF),), result)
            return
        if not self._passes(delivery, message, rehearsal, result):
            return
        while not self.ledger.recipients.freeze(
            delivery.id, batch_limit=max(1, transport.batch_limit), now=self.clock.now()
        ):
            self.alive()
            if self.stopping():
                return
        queue = deque(self.ledger.batches.ready(delivery.id, now=self.clock.now()))
        while queue:
            if self.stopping():
                return
            current = self._present()
            if current is None:
                self._refuse(delivery, (because(ReasonCode.CAMPAIGN_UNREADABLE),), result)
                return
            message = self._message(delivery, current)
            if not self._passes(delivery, message, current, result) or message is None:
                return
            leave = self._limits.leave_for(delivery.channel, transport, self.lease(delivery.channel), self.clock)
            if leave.waits:
                result.later += 1
                self.ledger.deliveries.note(delivery.id, leave.waits, detail=leave.detail, now=self.clock.now())
                return
            if self.ledger.pauses.must_wait_for_another(delivery.id):
                return
            batch = queue.popleft()
            if leave.small:
                queue.extendleft(self._split(batch, keep=1))
            outcome = self._send(delivery, batch, message, current, transport, result)
            if outcome is not None and is_too_large(outcome):
                half = (batch.called_for + 1) // 2
                if rest := self._split(batch, keep=half):
                    queue.extendleft((*rest, replace(batch, size=batch.skipped + half, attempt=batch.attempt + 1)))
            self.alive()
            hit("after_batch")
        hit("after_delivery")

    def _message(self, delivery: Delivery, rehearsal: Rehearsal) -> Message | None:
        """What goes out: as the files have it; but a digest that an earlier release began ends in the form in which it
        was begun."""
        message = rehearsal.message(delivery.item, delivery.channel)
        if message is not None and is_of_pieces(message) and delivery.digest not in ("", message.digest):
            begun = self.ledger.lookups.sent_message(delivery.digest)
            if begun is not None and begun.audience.is_digest and not is_of_pieces(begun):
                return begun
        return message

    def _left_out(self, message: Message, standing: SendSnapshot, rehearsal: Rehearsal) -> frozenset[str]:
        """What a digest goes without."""
        return left_out(
            message, standing, rehearsal, mode=self.settings.mode, now=self.clock.now(), waived=self._waived
        )

    def _split(self, batch: Batch, *, keep: int) -> tuple[Batch, ...]:
        """So many readers stay in the batch; the others as another one, if there are any."""
        rest = self.ledger.batches.split(batch.id, keep=keep, now=self.clock.now())
        return (rest,) if rest is not None else ()

    def _passes(self, delivery: Delivery, message: Message | None, rehearsal: Rehearsal, result: TickResult) -> bool:
        """The check before anything is touched; says why not, in the ledger."""
        standing = self.ledger.deliveries.snapshot(delivery.id)
        if standing is None:
            return False
        told = message and cut_to(message, left_out=self._left_out(message, standing, rehearsal))
        refused = self._verdict(told, standing, rehearsal).refused
        # The world outside is asked only for what could go.
        why = (*self._correction(delivery.id, message), *refused) if refused else self._outside(delivery)
        if why:
            self._refuse(delivery, why, result)
        return not why

    def _correction(self, delivery_id: int, message: Message | None) -> tuple[Reason, ...]:
        """That a mailing was changed while it went out: what of it, and how many have it as it was."""
        delivery = self.ledger.deliveries.find(delivery_id)
        if delivery is None or message is None or delivery.digest in ("", message.digest):
            return ()
        before, have_it = self.ledger.lookups.sent_message(delivery.digest), delivery.counts.accepted
        if before is None or delivery.kind == "post" or not have_it:
            return ()
        return (because(ReasonCode.TEXT_CHANGED, what=what_changed(before, message), have_it=have_it),)

    def _verdict(
        self, message: Message | None, standing: SendSnapshot, rehearsal: Rehearsal, lease: Lease | None = None
    ) -> Verdict:
        return check_before_send(
            message,
            standing,
            rehearsal,
            mode=self.settings.mode,
            now=self.clock.now(),
            waived=self._waived,
            lease=lease,
            money=self._limits.too_much_money(standing.delivery, message) if message else None,
        )

    def _what_live_would_say(self, delivery: Delivery, message: Message, rehearsal: Rehearsal) -> tuple[Reason, ...]:
        """In a rehearsal: why a live send would not have happened."""
        standing = self.ledger.deliveries.snapshot(delivery.id) if self.settings.mode is not Mode.LIVE else None
        reasons = self._verdict(message, standing, rehearsal).live_would_refuse if standing else ()
        return (because(ReasonCode.REHEARSED), *reasons) if reasons else ()

    def _refuse(self, delivery: Delivery, why: tuple[Reason, ...], result: TickResult) -> None:
        result.refused += 1
        result.reasons[delivery.id] = why
        if self.ledger.deliveries.note(delivery.id, why, now=self.clock.now()):  # else it was said already
            log.warning(
                "%s on %s is due and may not go: %s",
                delivery.item,
                delivery.channel,
                in_words(why, channel=delivery.channel),
                extra={"action": "delivery_refused", "delivery": delivery.id},
            )

    # -- one batch --------------------------------------------------------------------------------------

    def _send(
        self,
        delivery: Delivery,
        batch: Batch,
        message: Message,
        rehearsal: Rehearsal,
        transport: Transport,
        result: TickResult,
    ) -> Outcome | None:
        """One call for a batch; None when there was none."""
        out = self._goes_without(delivery, batch, message, rehearsal)
        if out is None:
            return None
        told = cut_to(message, left_out=out)
        prepared = self.ledger.batches.prepare(batch.id, survived=batch.id in self._survived, now=self.clock.now())
        if prepared is None:
            return None
        built = self._build(prepared, message, out, transport)
        if built is None:
            return None
        self._survived.add(batch.id)
        request, readers = built
        token, lease = secrets.token_hex(16), self.lease(delivery.channel)
        began, began_at = self.clock.monotonic(), self.clock.now()
        if self._journal is not None:
            self._journal.make_ready()
        try:
            won = self.ledger.batches.record_intent(
                batch.id,
                token=token,
                message=message,
                fingerprint=request.fingerprint,
                readers=len(readers),
                node=self._node,
                lease=lease,
                check_after=settled_after(transport, lease),
                left_out=out,
                tells_of=_mails_of(told, rehearsal),
                reasons=(*_without(out), *self._what_live_would_say(delivery, told, rehearsal)),
                begins_alone=True,
                now=began_at,
            )
        except Exception:
            # Whether the intent was committed is not known. That there was no call is: it is written down, or kept.
            no_call = _not_called(ReasonCode.NOT_WRITTEN, retry_at=began_at)
            self._write_down(_Unwritten(batch.id, token, no_call, began_at))
            raise
        if not won:
            return None
        outcome = self._last_check_and_call(
            delivery, batch, told, transport, request, token=token, readers=len(readers), began=(began, began_at)
        )
        outcome = kept_waiting(outcome, readers=len(readers), now=self.clock.now())
        ended = _Unwritten(batch.id, token, self._with_retry(outcome, batch.attempt + 1), self.clock.now())
        self._keep_outside(ended)
        self._write_down(ended)
        if outcome.spoilt_by:  # should the program stop before this, the call is refused once more, and says so again
            self.ledger.batches.leave_out(batch.id, outcome.spoilt_by, now=self.clock.now())
        self._count(delivery, ended.outcome, len(readers), result)
        return ended.outcome

    def _goes_without(
        self, delivery: Delivery, batch: Batch, message: Message, rehearsal: Rehearsal
    ) -> frozenset[str] | None:
        """The items of a digest that a batch is not told. None, and the batch is over, where nothing is left of what
        its readers were to get."""
        if not message.audience.is_digest:
            return frozenset()
        standing = self.ledger.deliveries.snapshot(delivery.id)
        if standing is None:
            return None
        out = self._left_out(message, standing, rehearsal)
        items = [item for item, _ in message.audience.parts]
        own = items[items.index(batch.first_item) :] if batch.first_item in items else items
        if not out.issuperset(own):
            return out
        self.ledger.batches.leave_empty(batch.id, now=self.clock.now())
        return None

    def _last_check_and_call(
        self,
        delivery: Delivery,
        batch: Batch,
        message: Message,
        transport: Transport,
        request: Request,
        *,
        token: str,
        readers: int,
        began: tuple[float, datetime],
    ) -> Outcome:
        """From here on there is an outcome, whatever happens: not called is certain, called without an end is not.
        ``began``: by both clocks, when the intent was written."""
        called = False
        outcome: Outcome | None = None
        try:
            outcome = self._not_in_the_journal(token, request, transport, began[1])
            if outcome is None:
                outcome = self._not_now(delivery, batch, message, readers, began)
            if outcome is None:
                hit("before_call")
                called = True
                outcome = self._call(transport, request, token)
                hit("after_call")
            return outcome
        except Exception as problem:
            # The text of an error nobody foresaw may hold a secret or an address; its kind does not.
            name = type(problem).__name__
            log.error("a call ended in an error of the program (%s)", name, extra={"action": "call_failed"})
            unknown = Outcome(OutcomeKind.UNKNOWN, reasons=(because(ReasonCode.CHANNEL_ERROR, kind=name),))
            return outcome or (unknown if called else _not_called(ReasonCode.PROGRAM_ERROR, kind=name))

    def _not_in_the_journal(self, token: str, request: Request, transport: Transport, at: datetime) -> Outcome | None:
        """Name the call in the journal. None when that was done; else there is no call."""
        if self._journal is None:
            return None
        try:
            self._journal.begin(token, request.fingerprint, each=isinstance(transport, SendsEach), at=at)
        except OutOfReach as problem:
            return _not_called(ReasonCode.NOT_WRITTEN, detail=problem.message)
        hit("after_journal_begin")
        return None

    def _call(self, transport: Transport, request: Request, token: str) -> Outcome:
        """The call itself. Where the provider answers for each reader, each answer goes to the journal at once."""
        journal, now = self._journal, self.clock.now()
        if journal is None or not isinstance(transport, SendsEach):
            return transport.send(request, now=now)

        def report(subscriber: str, end: Outcome) -> None:
            hit("before_reader")
            journal.subscriber(token, subscriber, end)
            hit("after_reader")

        return transport.send_each(request, now=now, report=report)

    def _build(
        self, prepared: Prepared, message: Message, out: Collection[str], transport: Transport
    ) -> tuple[Request, tuple[Recipient, ...]] | None:
        """The request, without the readers whose own record makes it impossible; they are skipped by name."""
        readers = tuple(map(self.with_links, prepared.recipients))
        send_id = prepared.batch.send_id
        hit("before_build")
        try:
            message = cut_to(message, prepared.batch.first_item, out)
            request = transport.build(message, send_id=send_id, recipients=readers)
        except Exception as problem:
            if not readers:
                self._crashed(prepared, problem)
                return None
            bad = _unusable(problem, message, transport, send_id, readers)
            if bad:
                self.ledger.batches.leave_out(prepared.batch.id, bad, now=self.clock.now())
            readers = tuple(r for r in readers if r.subscriber_id not in bad)
            if not readers:
                return None
            try:
                request = transport.build(message, send_id=send_id, recipients=readers)
            except Exception as again:
                self._crashed(prepared, again)
                return None
        hit("after_build")
        return request, readers

    def _crashed(self, prepared: Prepared, problem: Exception) -> None:
        """Nothing was sent. The try is counted already; at the third the ledger sets the batch aside."""
        log.error(
            "batch %s of delivery %s could not be built (%s); nothing was sent",
            prepared.batch.number,
            prepared.batch.delivery_id,
            type(problem).__name__,
            extra={"action": "build_failed", "delivery": prepared.batch.delivery_id},
        )

    def _not_now(
        self, delivery: Delivery, batch: Batch, message: Message, readers: int, began: tuple[float, datetime]
    ) -> Outcome | None:
        """The last check, after the intent. None lets the call happen; an outcome says that it did not."""
        # The wall clock sees a machine that slept, the monotonic one a clock that was set back.
        spent = max(self.clock.monotonic() - began[0], (self.clock.now() - began[1]).total_seconds())
        try:
            standing = self.ledger.deliveries.snapshot(delivery.id, batch.id)
        except ObservanceError as problem:
            return _not_called(ReasonCode.LAST_CHECK_FAILED, detail=problem.message)
        if standing is None:
            return _not_called(ReasonCode.DELIVERY_GONE)
        if delivery.kind == "email" and standing.batch is not None and standing.batch.called_for != readers:
            # Another process prepared it, or parted it, while this one stood still with its request in hand.
            return _not_called(ReasonCode.READERS_CHANGED, retry_at=self.clock.now())
        current = self._present()
        if current is None:
            return _not_called(ReasonCode.CAMPAIGN_UNREADABLE)
        newest = self._message(delivery, current)
        if newest is None or newest.digest != message.digest:  # what is in hand is not what the files say any more
            return _not_called(ReasonCode.FILES_CHANGED, retry_at=self.clock.now())
        lease = Lease(self.lease(delivery.channel).total_seconds(), spent)
        if refused := self._verdict(message, standing, current, lease).refused:
            return Outcome(OutcomeKind.LATER, reasons=refused, retry_at=self.clock.now())
        hit("after_last_check")
        return None

    def _with_retry(self, outcome: Outcome, attempt: int) -> Outcome:
        again_at = self.clock.now() + min(FIRST_WAIT * 2 ** min(attempt - 1, 10), LONGEST_WAIT)

        def timed(end: Outcome) -> Outcome:
            return replace(end, retry_at=again_at) if end.kind is OutcomeKind.LATER and end.retry_at is None else end

        return timed(replace(outcome, per_recipient={who: timed(end) for who, end in outcome.per_recipient.items()}))

    # -- the outcome ------------------------------------------------------------------------------------

    def _write_down(self, result: _Unwritten) -> None:
        """Commit an outcome. Where that fails it is kept for the next pass; the call is never made again."""
        try:
            self.ledger.batches.record_outcome(
                result.batch_id, token=result.token, outcome=result.outcome, now=result.at
            )
        except Exception as problem:
            self._unwritten.append(result)
            log.error(
                "the outcome of batch %s (%s) could not be written down and is kept: %s",
                result.batch_id,
                result.outcome.kind,
                loggable(problem),
                extra={"action": "outcome_kept", "batch": result.batch_id},
            )

    def _keep_outside(self, result: _Unwritten) -> None:
        """Into the journal first: from there the ledger gets it, should this process end before."""
        if self._journal is None:
            return
        try:
            hit("before_journal_outcome")
            self._journal.outcome(result.token, result.outcome, at=result.at)
            hit("after_journal_outcome")
        except Exception as problem:  # the ledger may take it all the same
            log.error("an outcome is not in the journal: %s", loggable(problem), extra={"action": "journal_failed"})

    def write_down_what_was_kept(self) -> int:
        """Try again to commit outcomes. Returns how many are still kept."""
        kept, self._unwritten = self._unwritten, []
        for result in kept:
            self._write_down(result)
        return len(self._unwritten)

    def _count(self, delivery: Delivery, outcome: Outcome, readers: int, result: TickResult) -> None:
        ends = Counter(end.kind for end in outcome.per_recipient.values()) or Counter({outcome.kind: readers})
        result.sent += OutcomeKind.ACCEPTED in ends
        result.readers += ends[OutcomeKind.ACCEPTED]
        result.later += OutcomeKind.LATER in ends
        result.failed += OutcomeKind.FINAL in ends
        result.unknown += OutcomeKind.UNKNOWN in ends
        log.log(
            logging.INFO if outcome.kind is OutcomeKind.ACCEPTED else logging.WARNING,
            "%s on %s: %s%s",
            delivery.item,
            delivery.channel,
            outcome.kind if len(ends) == 1 else "its readers fared differently",
            f" ({why})" if (why := without_addresses(in_words(outcome.reasons, outcome.detail))) else "",
            extra={"action": "attempt_ended", "delivery": delivery.id, "outcome": outcome.kind, "readers": readers},
        )


def _without(items: Collection[str]) -> tuple[Reason, ...]:
    return (because(ReasonCode.TOLD_WITHOUT, items=", ".join(sorted(items))),) if items else ()


def _mails_of(told: Message, rehearsal: Rehearsal) -> tuple[Message, ...]:
    """The mails that a digest tells of."""
    found = (rehearsal.message(item, told.channel) for item, _ in told.audience.parts) if is_of_pieces(told) else ()
    return tuple(filter(None, found))


def _not_called(code: ReasonCode, *, retry_at: datetime | None = None, detail: str = "", **fields: str) -> Outcome:
    """There was certainly no call."""
    return Outcome(OutcomeKind.LATER, detail=detail, reasons=(because(code, **fields),), retry_at=retry_at)


def settled_after(transport: Transport, lease: timedelta) -> timedelta | None:
    """How long after the intent the provider's own records can be believed: a call may begin when half of its lease
    is spent, see :mod:`.preflight`. None: it cannot be asked."""
    settle = transport.settle_after()
    return None if settle is None else lease / 2 + settle


def _unusable(
    problem: Exception, message: Message, transport: Transport, send_id: str, readers: tuple[Recipient, ...]
) -> dict[str, str]:
    """Subscriber id -> what is wrong with the record: as the channel says, else found by building for each alone."""
    if isinstance(problem, UnusableRecipients):
        return dict(problem.reasons)
    bad = {}
    for subscriber in readers:
        try:
            transport.build(message, send_id=send_id, recipients=(subscriber,))
        except UnusableRecipients as unusable:
            bad.update(unusable.reasons)
        except Exception as again:
            bad[subscriber.subscriber_id] = f"it cannot be made into a mail ({type(again).__name__})"
    return bad
