"""One delivery on its way: freeze, then for each batch intent, last check, call, outcome.

The order is the whole point. The intent is committed before the call, so that a program that dies in between leaves
a trace; the outcome is committed after it, under the token of the intent, so that an answer that comes too late
cannot overwrite a newer one. Whatever has no certain end is unknown, and is not sent again by this program.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import field, fields, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from ..channels.spec import SendsEach, Transport, UploadsFirst
from ..clock import Clock
from ..domain.delivery import State
from ..domain.discreet import is_discreet
from ..domain.message import Message, cut_to, is_of_pieces, items_for, with_head
from ..domain.outcome import Outcome, OutcomeKind, Recipient, Request, UnusableRecipients
from ..domain.reason import Reason, ReasonCode, because
from ..domain.reason_words import in_words
from ..domain.records import Batch, Delivery, PlanChanges, Prepared, SendSnapshot
from ..domain.redact import without_addresses
from ..domain.rehearsal import SeasonToSend
from ..domain.stale_approvals import what_changed
from ..errors import ObservanceError, OutOfReach, loggable
from ..light_dataclass import dataclass
from ..settings import Mode, Settings
from .failpoints import hit
from .in_flight import wants_fewer
from .limits import Leave, Limits, calls_in_flight, kept_waiting
from .preflight import Lease, PreflightResult, check_before_send, left_out
from .send_journal import Journal

if TYPE_CHECKING:
    from ..store import Ledger

log = logging.getLogger(__name__)

#: A lease leaves room for the call (its timeout) twice, and for a slow database.
LEASE_MARGIN = timedelta(seconds=60)

#: So many seconds at most an end that stands in the journal waits for calls that are to be made beside it.
OTHERS_FIRST = 0.25

#: Waits between two tries when the provider names no time: a minute, doubled each time, a quarter of an hour at most.
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=15)


@dataclass
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

    def add(self, other: TickResult) -> None:
        """What another one did, too."""
        counted = {f.name for f in fields(self) if f.type == "int"}
        for name in counted:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.at, self.reasons = other.at, {**self.reasons, **other.reasons}
        self.problems = (*self.problems, *other.problems)

    def needs_a_person(self) -> bool:
        """Whether anything in this pass asks for somebody's eye."""
        return bool(
            self.missed or self.doubted or self.failed or self.unknown or self.refused or self.kept or self.problems
        )


@dataclass
class _Unwritten:
    """An outcome that could not be committed; kept and tried again, never called again."""

    batch_id: int | None  # None: known by the token alone
    token: str
    outcome: Outcome
    at: datetime


@dataclass(frozen=True, eq=False)
class Setup:
    """What a lane goes by; another one takes its place when the settings change."""

    settings: Settings
    transports: Mapping[str, Transport]
    waived: frozenset[str]
    limits: Limits

    def lease(self, channel: str) -> timedelta:
        """How long a call may take before it is doubted."""
        settings = self.settings.channels.get(channel)
        return timedelta(seconds=2 * settings.timeout_seconds) + LEASE_MARGIN if settings else timedelta(minutes=5)

    def timeout(self, channel: str) -> float:
        """How long an answer may take, in seconds."""
        settings = self.settings.channels.get(channel)
        return settings.timeout_seconds if settings else float("inf")

    def is_discreet(self, channel: str) -> bool:
        """Whether subscribers who have chosen no head get the discreet one."""
        settings = self.settings.channels.get(channel)
        return settings is not None and settings.options.get("discreet_subject") is True

    def in_flight(self, channel: str) -> int:
        """How many calls there may be at the same time."""
        settings = self.settings.channels.get(channel)
        return calls_in_flight(settings) if settings else 1


@dataclass(frozen=True, eq=False)
class DrawnUp:
    """A call that is made up to the last byte, and of which no intent is written yet."""

    batch: Batch
    told: Message  # to its readers
    whole: Message
    out: frozenset[str]  # items of a digest that it does without
    left_out: tuple[Reason, ...]
    request: Request
    readers: int
    departures: int  # before its readers were read


@dataclass(frozen=True, eq=False)
class ReadyPost:
    """A post whose call was made up before it was due, with what that rests on."""

    seen: SendSnapshot
    setup: Setup
    season: SeasonToSend
    message: Message
    request: Request

    def is_good(self, seen: SendSnapshot | None, setup: Setup, season: SeasonToSend) -> bool:
        """Whether it rests on these very ones."""
        return self.seen is seen and self.setup is setup and self.season is season


class Company:
    """Calls on one channel whose intents were committed together, before the first of them was made."""

    def __init__(self) -> None:
        self.is_in_trouble = False  # one of them says so: those that have not begun are given back
        self._lock = threading.Lock()
        self._waiting = 0  # that have not begun
        self._none_waits = threading.Event()

    def joined(self) -> None:
        """One more, whose intent stands."""
        self._waiting += 1

    def begins(self) -> None:
        """One of them begins, or there will be no call."""
        with self._lock:
            self._waiting -= 1
            if not self._waiting:
                self._none_waits.set()

    def ended(self, outcome: Outcome) -> None:
        self.is_in_trouble |= wants_fewer(outcome)

    def wait_for_others(self) -> None:
        """They share one processor: what has ended, and stands in the journal, is written down behind them."""
        self._none_waits.wait(OTHERS_FIRST)


@dataclass(frozen=True, eq=False)
class Begin:
    """A post that may go, but for what is asked with its intent, which is to be committed."""

    dispatcher: Dispatcher
    ready: ReadyPost
    transport: Transport
    had_trouble: bool
    company: Company | None
    token: str
    began: float  # by the monotonic clock
    began_at: datetime

    def flight(self, batch: Batch) -> Flight:
        """The call, once the intent is committed."""
        ready = self.ready
        return Flight(
            ready.setup,
            ready.seen.delivery,
            batch,
            ready.message,
            ready.message,
            self.transport,
            ready.request,
            readers=0,
            departures=0,
            token=self.token,
            began=self.began,
            began_at=self.began_at,
            seen=ready.seen,
            company=self.company,
        )


@dataclass(eq=False)
class Flight:
    """A call whose intent is committed, to its end."""

    setup: Setup
    delivery: Delivery
    batch: Batch
    message: Message  # what its readers are told
    whole: Message  # what the delivery is of
    transport: Transport
    request: Request
    readers: int
    departures: int  # before its readers were read
    token: str
    began: float  # by the monotonic clock
    began_at: datetime
    seen: SendSnapshot | None = None  # before the intent; what has not changed since is not read anew
    company: Company | None = None
    outcome: Outcome = field(default_factory=lambda: Outcome(OutcomeKind.UNKNOWN))


class Dispatcher:
    """Sends what is due, once. Shared by the lanes of a campaign."""

    def __init__(
        self,
        ledger: Ledger,
        clock: Clock,
        *,
        with_links: Callable[[Sequence[Recipient]], tuple[Recipient, ...]],
        node: str,
        journal: Journal | None,
        outside: Callable[[Delivery], tuple[Reason, ...]],
        stopping: Callable[[], bool],
        present: Callable[[], SeasonToSend | None],
    ) -> None:
        """``present`` gives the season as the files have it at that moment, or None while they cannot be read. What it
        goes by besides is told by :meth:`take_up`."""
        self.ledger, self.clock = ledger, clock
        self.with_links = with_links
        self.stopping, self.present = stopping, present
        self._outside = outside
        self._node = node
        self._journal = journal
        self._lock = threading.Lock()  # of what follows
        self._unwritten: list[_Unwritten] = []
        self._users: Counter[Setup] = Counter()
        self._survived: set[int] = set()  # batches that this process has built without harm

    def take_up(self, settings: Settings, transports: Mapping[str, Transport], waived: Collection[str]) -> None:
        """Go by these settings from now on. What could not be written down yet is kept; a call whose intent was
        committed by others, and that has not begun, is given back at its last check."""
        self.setup = Setup(settings, dict(transports), frozenset(waived), Limits(self.ledger, settings))

    @contextmanager
    def using(self) -> Iterator[Setup]:
        """The present settings and transports, which are not closed meanwhile."""
        with self._lock:
            setup = self.setup
            self._users[setup] += 1
        try:
            yield setup
        finally:
            with self._lock:
                self._users[setup] -= 1
                if not self._users[setup]:  # an earlier one goes, with its secrets
                    del self._users[setup]

    def uses(self, transport: Transport) -> bool:
        """Whether a call or a question by it may be under way."""
        with self._lock:
            return any(transport is one for setup in self._users for one in setup.transports.values())

    def leave_for(self, setup: Setup, channel: str, transport: Transport, *, in_flight: bool) -> Leave:
        """Whether the next call of a channel may begin. ``in_flight``: another one of the same lane is."""
        return setup.limits.leave_for(channel, transport, setup.lease(channel), self.clock, in_flight=in_flight)

    # -- one delivery -----------------------------------------------------------------------------------

    def _message(self, delivery: Delivery, rehearsal: SeasonToSend) -> Message | None:
        """What goes out: as the files have it; but a digest that an earlier release began ends in the form in which it
        was begun."""
        message = rehearsal.message(delivery.item, delivery.channel)
        if message is not None and is_of_pieces(message) and delivery.digest and not message.has(delivery.digest):
            begun = self.ledger.lookups.sent_message(delivery.digest)
            if begun is not None and begun.audience.is_digest and not is_of_pieces(begun):
                return begun
        return message

    def _left_out(
        self, message: Message, standing: SendSnapshot, rehearsal: SeasonToSend, setup: Setup
    ) -> frozenset[str]:
        """What a digest goes without."""
        mode, now = setup.settings.mode, self.clock.now()
        return left_out(message, standing, rehearsal, mode=mode, now=now, waived=setup.waived)

    def passes(
        self,
        delivery: Delivery,
        rehearsal: SeasonToSend,
        setup: Setup,
        result: TickResult,
        seen: SendSnapshot | None = None,
    ) -> bool:
        """The check before anything is touched; says why not, in the ledger. ``seen``: how it stood a moment ago."""
        standing, message = seen or self.ledger.deliveries.snapshot(delivery.id), self._message(delivery, rehearsal)
        if standing is None:
            return False
        told = message and cut_to(message, left_out=self._left_out(message, standing, rehearsal, setup))
        refused = self._verdict(told, standing, rehearsal, setup).refused
        # The world outside is asked only for what could go.
        why = (*self._correction(delivery.id, message), *refused) if refused else self._outside(delivery)
        if why:
            self.refuse(delivery, why, result)
        return not why

    def passes_outside(self, delivery: Delivery, result: TickResult) -> bool:
        """The part of that check that nothing in the ledger tells of: the clock, and the page to leave by."""
        why = self._outside(delivery)
        if why:
            self.refuse(delivery, why, result)
        return not why

    def _correction(self, delivery_id: int, message: Message | None) -> tuple[Reason, ...]:
        """That a mailing was changed while it went out: what of it, and how many have it as it was."""
        delivery = self.ledger.deliveries.find(delivery_id)
        if delivery is None or message is None or not delivery.digest or message.has(delivery.digest):
            return ()
        before, have_it = self.ledger.lookups.sent_message(delivery.digest), delivery.counts.accepted
        if before is None or delivery.kind == "post" or not have_it:
            return ()
        return (because(ReasonCode.TEXT_CHANGED, what=what_changed(before, message), have_it=have_it),)

    def _verdict(
        self,
        message: Message | None,
        standing: SendSnapshot,
        rehearsal: SeasonToSend,
        setup: Setup,
        lease: Lease | None = None,
        now: datetime | None = None,
    ) -> PreflightResult:
        return check_before_send(
            message,
            standing,
            rehearsal,
            mode=setup.settings.mode,
            now=now or self.clock.now(),
            waived=setup.waived,
            lease=lease,
            money=setup.limits.too_much_money(standing.delivery, message) if message else None,
        )

    def _what_live_would_say(
        self, delivery: Delivery, message: Message, rehearsal: SeasonToSend, setup: Setup
    ) -> tuple[Reason, ...]:
        """In a rehearsal: why a live send would not have happened."""
        is_live = setup.settings.mode is Mode.LIVE
        standing = None if is_live else self.ledger.deliveries.snapshot(delivery.id)
        reasons = self._verdict(message, standing, rehearsal, setup).live_would_refuse if standing else ()
        return (because(ReasonCode.REHEARSED), *reasons) if reasons else ()

    def refuse(self, delivery: Delivery, why: tuple[Reason, ...], result: TickResult) -> None:
        """Say in the ledger why it waits."""
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

    def begin(
        self,
        delivery: Delivery,
        batch: Batch,
        rehearsal: SeasonToSend,
        transport: Transport,
        setup: Setup,
        *,
        had_trouble: bool,
        waits: Callable[[Batch], object] = lambda _: None,
        drawn_up: DrawnUp | None = None,
        prepared: Prepared | None = None,
        seen: SendSnapshot | None = None,
    ) -> Flight | None:
        """Up to the intent to call for a batch; None when there will be no call. A call has one head: subscribers who
        get the other one become a batch of their own, and ``waits`` is told of it. ``drawn_up``: ahead, and nothing has
        happened since. ``prepared``: with its freeze. ``seen``: how it stood before."""
        drawn = drawn_up or self._draw_up(delivery, batch, rehearsal, transport, setup, waits, prepared)
        if drawn is None:
            return None
        self._survived.add(batch.id)
        began, began_at, token = self.clock.monotonic(), self.clock.now(), secrets.token_hex(16)
        of_call = (transport, drawn.request, drawn.readers, drawn.departures, token)
        flight = Flight(setup, delivery, batch, drawn.told, drawn.whole, *of_call, began, began_at, seen)
        reasons = (*drawn.left_out, *self._what_live_would_say(delivery, drawn.told, rehearsal, setup))
        about = {"reasons": reasons, "left_out": drawn.out, "tells_of": _mails_of(drawn.told, rehearsal)}

        def record() -> Flight | None:
            intent = self._intent(setup, delivery, transport, drawn.whole, drawn.request, token, began_at)
            intent |= {**about, "readers": drawn.readers, "had_trouble": had_trouble}
            return flight if self.ledger.batches.record_intent(batch.id, **intent) else None

        return self._intend(record, batch.id, token, began_at)

    def begin_of(
        self, ready: ReadyPost, transport: Transport, *, had_trouble: bool = False, company: Company | None = None
    ) -> Begin:
        """The same of a post that was made up before it was due, for :func:`begin_together`."""
        now, at, token = self.clock.monotonic(), self.clock.now(), secrets.token_hex(16)
        return Begin(self, ready, transport, had_trouble, company, token, now, at)

    def intent_of(self, begin: Begin) -> dict[str, Any] | Exception:
        """What is committed of it, and :meth:`begun` is to follow; or what went wrong with it: there will be no call,
        and those beside it begin all the same."""
        ready, delivery = begin.ready, begin.ready.seen.delivery
        of_call = (begin.transport, ready.message, ready.request, begin.token, begin.began_at)
        intent = None
        if self._journal is not None:
            self._journal.make_ready()
        try:
            reasons = self._what_live_would_say(delivery, ready.message, ready.season, ready.setup)
            about = {"reasons": reasons, "readers": 0, "had_trouble": begin.had_trouble}
            intent = {**self._intent(ready.setup, delivery, *of_call), **about}
        except Exception as problem:
            return problem
        finally:
            if self._journal is not None and intent is None:
                self._journal.ended()
        return intent

    def begun(self, begin: Begin, answer: tuple[Batch | None, bool] | Exception) -> Flight | None:
        """What came of its intent. None: there will be no call."""
        flight = None
        try:
            if isinstance(answer, Exception):
                self._not_known(None, begin.token, begin.began_at)
                raise answer
            batch, won = answer
            flight = begin.flight(batch) if batch is not None and won else None
            return flight
        finally:
            if self._journal is not None and flight is None:
                self._journal.ended()

    def give_back(self, flight: Flight) -> None:
        """There is nobody to make the call."""
        if flight.company is not None:
            flight.company.begins()
        try:
            at = self.clock.now()
            self._write_down(
                _Unwritten(flight.batch.id, flight.token, _not_called(ReasonCode.NOT_BEGUN, retry_at=at), at)
            )
        finally:
            if self._journal is not None:
                self._journal.ended()

    def _intend(
        self, record: Callable[[], Flight | None], batch_id: int | None, token: str, at: datetime
    ) -> Flight | None:
        """Commit the intent. None: there will be no call."""
        flight = None
        if self._journal is not None:
            self._journal.make_ready()
        try:
            flight = record()
            return flight
        except Exception:
            self._not_known(batch_id, token, at)
            raise
        finally:
            if self._journal is not None and flight is None:
                self._journal.ended()

    def _not_known(self, batch_id: int | None, token: str, at: datetime) -> None:
        """Whether the intent was committed. That there was no call is known: it is written down, or kept."""
        self._write_down(_Unwritten(batch_id, token, _not_called(ReasonCode.NOT_WRITTEN, retry_at=at), at))

    def _intent(
        self,
        setup: Setup,
        delivery: Delivery,
        transport: Transport,
        message: Message,
        request: Request,
        token: str,
        at: datetime,
    ) -> dict[str, Any]:
        """What is written down of each call before it is made."""
        lease = setup.lease(delivery.channel)
        return {
            "token": token,
            "message": message,
            "fingerprint": request.fingerprint,
            "node": self._node if self._journal is None else self._journal.node,
            "lease": lease,
            "check_after": settled_after(transport, lease),
            "begins_alone": True,
            "limit": setup.limits.of(delivery.channel, at),
            "now": at,
        }

    def _draw_up(
        self,
        delivery: Delivery,
        batch: Batch,
        rehearsal: SeasonToSend,
        transport: Transport,
        setup: Setup,
        waits: Callable[[Batch], object],
        prepared: Prepared | None,
    ) -> DrawnUp | None:
        message = self._message(delivery, rehearsal)
        if message is None or (goes := self._goes_to(delivery, batch, message, rehearsal, setup)) is None:
            return None
        own, out = goes
        if prepared is None:
            prepared = self.ledger.batches.prepare(batch.id, survived=batch.id in self._survived, now=self.clock.now())
        if prepared is None or (alike := self._with_one_head(prepared, setup, delivery.channel, waits)) is None:
            return None
        prepared, discreet = alike
        built = self._build(prepared, with_head(own, discreet=discreet), out, transport)
        if built is None:
            return None
        request, readers = built
        left_out = _without(out | _gone(batch, own))
        of_call = (request, len(readers), prepared.departures)
        return DrawnUp(batch, cut_to(own, left_out=out), message, out, left_out, *of_call)

    def draw_up_ahead(
        self, delivery: Delivery, batch: Batch, rehearsal: SeasonToSend, transport: Transport, setup: Setup
    ) -> DrawnUp | None:
        """A mail's call, before it is its turn. None for whatever takes a second look, or something written down: that
        is done in its turn."""
        message = self._message(delivery, rehearsal)
        if message is None or message.audience.is_digest:
            return None
        prepared = self.ledger.batches.look_ahead(batch.id, now=self.clock.now())
        if prepared is None:
            return None
        heads = {is_discreet(r.discreet, usual=setup.is_discreet(delivery.channel)) for r in prepared.recipients}
        if len(heads) != 1:
            return None
        readers, told = self.with_links(prepared.recipients), with_head(message, discreet=heads.pop())
        hit("before_build")
        try:
            request = transport.build(told, send_id=prepared.batch.send_id, recipients=readers)
        except Exception:  # in its turn it is found out whose record it is, and said
            return None
        hit("after_build")
        of_call = (request, len(readers), prepared.departures)
        return DrawnUp(batch, message, message, frozenset(), (), *of_call)

    def make_ready(
        self, seen: SendSnapshot, season: SeasonToSend, transport: Transport, setup: Setup, *, due_at: datetime
    ) -> ReadyPost | None:
        """A post's call, a moment before it is due. Nothing is written, and nothing is decided: each of the checks
        before an intent and before a call comes in its turn. None for whatever would be refused, or cannot be built: in
        its turn it is found out why, and said."""
        message = self._message(seen.delivery, season)
        if message is None or self._verdict(message, seen, season, setup, now=due_at).refused:
            return None
        send_id = self.ledger.recipients.send_id_of_post(seen.delivery)
        hit("before_build")
        try:
            request = transport.get_ready(transport.build(message, send_id=send_id, recipients=()))
        except Exception:
            return None
        hit("after_build")
        return ReadyPost(seen, setup, season, message, request)

    def _with_one_head(
        self, prepared: Prepared, setup: Setup, channel: str, waits: Callable[[Batch], object]
    ) -> tuple[Prepared, bool] | None:
        """A batch without those who get another head than the others, and whether theirs is the discreet one."""
        usual = setup.is_discreet(channel)
        found = [r.subscriber_id for r in prepared.recipients if is_discreet(r.discreet, usual=usual)]
        if len(found) in (0, len(prepared.recipients)):
            return prepared, bool(found)
        batch, now = prepared.batch.id, self.clock.now()
        if (rest := self.ledger.batches.part(batch, found, now=now)) is None:
            return None
        waits(rest)
        again = self.ledger.batches.prepare(batch, survived=True, now=now)
        if again is None or any(is_discreet(r.discreet, usual=usual) for r in again.recipients):
            return None  # somebody chose in this very moment
        return again, False

    def end(self, flight: Flight) -> None:
        """Last check, call, outcome. Each call that was begun comes here, in whichever thread."""
        try:
            self._end(flight)
        finally:
            if self._journal is not None:
                self._journal.ended()

    def _end(self, flight: Flight) -> None:
        batch = flight.batch
        outcome = kept_waiting(self._last_check_and_call(flight), readers=flight.readers, now=self.clock.now())
        flight.outcome = self._with_retry(outcome, batch.attempt + 1)
        if flight.company is not None:
            flight.company.ended(outcome)
        ended = _Unwritten(batch.id, flight.token, flight.outcome, self.clock.now())
        if self._keep_outside(ended) and flight.company is not None:
            flight.company.wait_for_others()
        self._write_down(ended)
        if outcome.spoilt_by:  # should the program stop before this, the call is refused once more, and says so again
            self.ledger.batches.leave_out(batch.id, outcome.spoilt_by, now=self.clock.now())

    def _goes_to(
        self, delivery: Delivery, batch: Batch, message: Message, rehearsal: SeasonToSend, setup: Setup
    ) -> tuple[Message, frozenset[str]] | None:
        """What a batch is told, and without which items of a digest. None, and the batch is over, where nothing is left
        of what its readers were to get."""
        if not message.audience.is_digest:
            return message, frozenset()
        standing = self.ledger.deliveries.snapshot(delivery.id)
        if standing is None:
            return None
        if not batch.only_items or items_for(message, batch.only_items):
            own = cut_to(message, only=batch.only_items)
            out = self._left_out(own, standing, rehearsal, setup)
            items = [item for item, _ in own.audience.parts]
            mine = items[items.index(batch.first_item) :] if batch.first_item in items else items
            if not out.issuperset(mine):
                return own, out
        self.ledger.batches.leave_empty(batch.id, now=self.clock.now())
        return None

    def _last_check_and_call(self, flight: Flight) -> Outcome:
        """From here on there is an outcome, whatever happens: not called is certain, called without an end is not."""
        called = False
        outcome: Outcome | None = None
        try:
            outcome = self._not_in_the_journal(flight)
            if outcome is None:
                outcome = self._not_now(flight)
            if flight.company is not None:
                flight.company.begins()
            if outcome is None:
                hit("before_call")
                called = True
                outcome = self._call(flight)
                hit("after_call")
            return outcome
        except Exception as problem:
            # The text of an error nobody foresaw may hold a secret or an address; its kind does not.
            name = type(problem).__name__
            log.error("a call ended in an error of the program (%s)", name, extra={"action": "call_failed"})
            unknown = Outcome(OutcomeKind.UNKNOWN, reasons=(because(ReasonCode.CHANNEL_ERROR, kind=name),))
            return outcome or (unknown if called else _not_called(ReasonCode.PROGRAM_ERROR, kind=name))

    def _not_in_the_journal(self, flight: Flight) -> Outcome | None:
        """Name the call in the journal. None when that was done; else there is no call."""
        if self._journal is None:
            return None
        each = isinstance(flight.transport, SendsEach)
        try:
            self._journal.begin(flight.token, flight.request.fingerprint, each=each, at=flight.began_at)
        except OutOfReach as problem:
            return _not_called(ReasonCode.NOT_WRITTEN, detail=problem.message)
        hit("after_journal_begin")
        return None

    def _call(self, flight: Flight) -> Outcome:
        """The call itself. Where the provider answers for each reader, each answer goes to the journal at once."""
        journal, now, transport = self._journal, self.clock.now(), flight.transport
        may_go_on = self._may_go_on(flight.delivery)
        if isinstance(transport, UploadsFirst):
            return transport.send_after_upload(flight.request, now=now, may_go_on=may_go_on)
        if not isinstance(transport, SendsEach):
            return transport.send(flight.request, now=now)

        def report(subscriber: str, end: Outcome) -> None:
            if journal is not None:
                hit("before_reader")
                journal.subscriber(flight.token, subscriber, end)
                hit("after_reader")

        return transport.send_each(flight.request, now=now, report=report, may_go_on=may_go_on)

    def _may_go_on(self, delivery: Delivery) -> Callable[[], bool]:
        """Asked between two mails of a call, and between an upload and its post: whether the process is not to stop and
        no hold has come since. Where the ledger cannot be asked, nothing more is begun."""

        def may_go_on() -> bool:
            try:
                return not self.stopping() and not self.ledger.holds.is_held(delivery.channel, delivery.campaign)
            except OutOfReach:
                return False

        return may_go_on

    def _build(
        self, prepared: Prepared, message: Message, out: Collection[str], transport: Transport
    ) -> tuple[Request, tuple[Recipient, ...]] | None:
        """The request, without the readers whose own record makes it impossible; they are skipped by name."""
        readers = self.with_links(prepared.recipients)
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

    def _not_now(self, flight: Flight) -> Outcome | None:
        """The last check, after the intent. None lets the call happen; an outcome says that it did not."""
        delivery, setup, message = flight.delivery, flight.setup, flight.message
        current = self.present()  # first: it may take seconds to read the files, and a hold may come meanwhile
        # The wall clock sees a machine that slept, the monotonic one a clock that was set back.
        spent = max(self.clock.monotonic() - flight.began, (self.clock.now() - flight.began_at).total_seconds())
        try:
            standing = self._standing_of(flight)
        except ObservanceError as problem:
            return _not_called(ReasonCode.LAST_CHECK_FAILED, detail=problem.message)
        if standing is None:
            return _not_called(ReasonCode.DELIVERY_GONE)
        batch, is_mail = standing.batch, delivery.kind == "email"
        is_ours = batch is not None and (batch.token, batch.state) == (flight.token, State.SENDING)
        if batch is None or not is_ours or (is_mail and batch.called_for != flight.readers):
            # Another process settled it, prepared it, or parted it, while this one stood still, its request in hand.
            return _not_called(ReasonCode.READERS_CHANGED, retry_at=self.clock.now())
        if self.setup is not setup:  # other settings: what is in hand was made for the earlier ones
            return _not_called(ReasonCode.FILES_CHANGED, retry_at=self.clock.now())
        if current is None:
            return _not_called(ReasonCode.CAMPAIGN_UNREADABLE)
        newest = self._message(delivery, current)
        if newest is None or not newest.has(message.digest):  # what is in hand is not what the files say any more
            return _not_called(ReasonCode.FILES_CHANGED, retry_at=self.clock.now())
        lease = Lease(setup.lease(delivery.channel).total_seconds(), spent)
        if refused := self._verdict(message, standing, current, setup, lease).refused:
            return Outcome(OutcomeKind.LATER, reasons=refused, retry_at=self.clock.now())
        if flight.company is not None and flight.company.is_in_trouble:  # what its lane would ask before an intent
            return _not_called(ReasonCode.NOT_BEGUN, retry_at=self.clock.now())
        hit("after_last_check")
        return None

    def _standing_of(self, flight: Flight) -> SendSnapshot | None:
        """As it is at this moment."""
        deliveries, batch_id = self.ledger.deliveries, flight.batch.id
        as_before = deliveries.as_before(flight.seen, batch_id) if flight.seen is not None else None
        return as_before or deliveries.snapshot(flight.delivery.id, batch_id, flight.departures)

    def _with_retry(self, outcome: Outcome, attempt: int) -> Outcome:
        again_at = self.clock.now() + min(FIRST_WAIT * 2 ** min(attempt - 1, 10), LONGEST_WAIT)

        def timed(end: Outcome) -> Outcome:
            return replace(end, retry_at=again_at) if end.kind is OutcomeKind.LATER and end.retry_at is None else end

        return timed(replace(outcome, per_recipient={who: timed(end) for who, end in outcome.per_recipient.items()}))

    # -- the outcome ------------------------------------------------------------------------------------

    def _write_down(self, result: _Unwritten) -> bool:
        """Commit an outcome. Where that fails it is kept for the next pass; the call is never made again. False where
        the ledger is out of reach."""
        try:
            self.ledger.batches.record_outcome(
                result.batch_id, token=result.token, outcome=result.outcome, now=result.at
            )
        except Exception as problem:
            with self._lock:
                self._unwritten.append(result)
            log.error(
                "the outcome of batch %s (%s) could not be written down and is kept: %s",
                result.batch_id,
                result.outcome.kind,
                loggable(problem),
                extra={"action": "outcome_kept", "batch": result.batch_id},
            )
            return not isinstance(problem, OutOfReach)
        return True

    def _keep_outside(self, result: _Unwritten) -> bool:
        """Into the journal first: the ledger gets it from there, should this process end. Whether it is there."""
        if self._journal is None:
            return False
        try:
            hit("before_journal_outcome")
            self._journal.outcome(result.token, result.outcome, at=result.at)
            hit("after_journal_outcome")
        except Exception as problem:  # the ledger may take it all the same
            log.error("an outcome is not in the journal: %s", loggable(problem), extra={"action": "journal_failed"})
            return False
        return True

    def write_down_what_was_kept(self) -> int:
        """Try again to commit outcomes; no further one where the ledger is out of reach, for each would wait long.
        Returns how many are still kept."""
        with self._lock:
            kept, self._unwritten = deque(self._unwritten), []
        while kept and self._write_down(kept.popleft()):
            pass
        with self._lock:
            self._unwritten.extend(kept)
            return len(self._unwritten)

    def count(self, flight: Flight, result: TickResult) -> None:
        """Say how a call ended, and count it."""
        delivery, outcome, readers = flight.delivery, flight.outcome, flight.readers
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


def begin_together(begins: Sequence[Begin]) -> list[Flight | Exception | None]:
    """Commit the intents of posts that fall due at one instant, as few commits as may be, before any of their calls;
    each for itself as if it were alone. None: there will be no call; an error: nobody knows of its intent."""
    if not begins:
        return []
    ledger, flights = begins[0].dispatcher.ledger, list[Flight | Exception | None]()
    intents = [begin.dispatcher.intent_of(begin) for begin in begins]
    ids = (begin.ready.seen.delivery.id for begin in begins)
    posts = [(post, intent) for post, intent in zip(ids, intents, strict=True) if not isinstance(intent, Exception)]
    answers = iter(ledger.batches.begin_posts(posts) if posts else ())
    for begin, intent in zip(begins, intents, strict=True):
        if isinstance(intent, Exception):
            flights.append(intent)
            continue
        try:
            flights.append(begin.dispatcher.begun(begin, next(answers)))
        except Exception as problem:
            flights.append(problem)
        else:
            if flights[-1] is not None and begin.company is not None:
                begin.company.joined()
    return flights


def _without(items: Collection[str]) -> tuple[Reason, ...]:
    return (because(ReasonCode.TOLD_WITHOUT, items=", ".join(sorted(items))),) if items else ()


def _mails_of(told: Message, rehearsal: SeasonToSend) -> tuple[Message, ...]:
    """The mails that a digest tells of."""
    found = (rehearsal.message(item, told.channel) for item, _ in told.audience.parts) if is_of_pieces(told) else ()
    return tuple(filter(None, found))


def _gone(batch: Batch, own: Message) -> frozenset[str]:
    """Items that were to be told, and that no digest of the season tells of any more."""
    told = {item for item, _ in own.audience.parts}
    return batch.only_items.difference(told) if told else frozenset()


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
