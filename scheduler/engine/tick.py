"""One pass: follow the plan, close what is late, doubt what is stuck, send what is due, ask about doubts."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ..channels.registry import spec_of
from ..channels.spec import Transport
from ..clock import Clock
from ..domain.clock_state import clock_words
from ..domain.finding import Finding
from ..domain.message import Message, PostBody, from_item
from ..domain.outcome import Evidence, Recipient, Request, UnusableRecipients, Verdict
from ..domain.reason import Reason, ReasonCode, because
from ..domain.reason_words import in_words
from ..domain.records import Batch, Delivery, PlanChanges, Wanted
from ..domain.rehearsal import Rehearsal
from ..errors import ObservanceError
from ..settings import Mode, Settings
from .clock_check import ClockCheck
from .dispatcher import Dispatcher, Tally, settled_after
from .leave_check import AHEAD, LeaveCheck
from .limits import Limits
from .replay import replay
from .send_journal import Journal
from .whereabouts import Displaced, Whereabouts

if TYPE_CHECKING:
    from ..store import Ledger

log = logging.getLogger(__name__)

#: A lease leaves room for the call (its timeout) twice, and for a slow database.
LEASE_MARGIN = timedelta(seconds=60)

#: How long before an instant the files are read ahead; longer than the alarm's sweep.
READ_AHEAD = timedelta(minutes=1)

#: How often at most, in seconds, the times of the files are looked at while a mailing goes out.
LOOK_SECONDS = 1.0

#: How the codes of findings begin that say why a message could not be made; docs/reference/findings.md has them.
_OF_A_MESSAGE = "R"

#: How often a provider is asked about one doubt, and how long the waits between may grow.
QUESTIONS = 8
LONGEST_WAIT_FOR_EVIDENCE = timedelta(hours=6)

#: After so many doubts about one batch, the program does not send it again even if evidence says it may.
DOUBTS = 3


@dataclass(frozen=True, slots=True)
class TickResult:
    """What one pass did, in numbers."""

    at: datetime
    plan: PlanChanges = field(default_factory=PlanChanges)
    missed: int = 0
    reopened: int = 0  # missed by the clock alone, and scheduled again
    doubted: int = 0
    sent: int = 0  # calls accepted
    readers: int = 0  # readers in accepted calls
    later: int = 0
    failed: int = 0
    unknown: int = 0
    refused: int = 0  # deliveries that are due and may not go
    found_sent: int = 0
    found_not_sent: int = 0
    kept: int = 0  # outcomes that could not be written down yet
    reasons: Mapping[int, tuple[Reason, ...]] = field(default_factory=dict)  # delivery -> why it may not go
    problems: tuple[str, ...] = ()

    def needs_a_person(self) -> bool:
        """Whether anything in this pass asks for somebody's eye."""
        return bool(
            self.missed or self.doubted or self.failed or self.unknown or self.refused or self.kept or self.problems
        )


class Tick:
    """Passes over one campaign's season. ``source`` reads the files and renders; it is asked only when it matters."""

    def __init__(
        self,
        ledger: Ledger,
        transports: Mapping[str, Transport],
        source: Callable[[], Rehearsal],
        settings: Settings,
        clock: Clock,
        unsubscribe_url: Callable[[str], str],
        *,
        waived: Collection[str] = (),
        preferences_url: Callable[[str], str] | None = None,
        fingerprint: Callable[[], str] | None = None,
        node: str = "",
        journal: Journal | None = None,
        clock_check: ClockCheck | None = None,
        leave_check: LeaveCheck | None = None,
        whereabouts: Whereabouts | None = None,
    ) -> None:
        """``unsubscribe_url`` and ``preferences_url`` make a reader's own links from the reader's id. ``fingerprint``
        says cheaply whether the campaign's files have changed since the last look. Without it the files are read again
        whenever something is due. ``journal``: where each call is named before it is made. ``clock_check`` and
        ``leave_check`` look outside; without them nobody does. ``whereabouts`` knows whether this is the ledger that
        sends."""
        self._ledger = ledger
        self._whereabouts, self._at_home = whereabouts, False
        self._was_displaced: Displaced | None = None
        self._journal = journal
        self._transports = transports
        self._source = source
        self._mode = settings.mode
        self._clock = clock
        self._fingerprint = fingerprint
        self._clock_check, self._leave_check = clock_check, leave_check
        self._unsubscribe_url, self._preferences_url = unsubscribe_url, preferences_url
        self._rehearsal: Rehearsal | None = None
        self._seen: tuple[str, str, int] | None = None
        self._looked_at: float | None = None  # when the files' times were last looked at, by the monotonic clock
        self._unreadable = ""  # why the campaign could not be read the last time
        self._stopping = False
        self.alive: Callable[[], None] = lambda: None
        self._leases, self._channels = _leases_of(settings), settings.channels
        self._dispatcher = Dispatcher(
            ledger,
            transports,
            mode=settings.mode,
            clock=clock,
            with_links=self._with_links,
            leases=self._leases,
            node=node or (journal.node if journal else f"{socket.gethostname()}:{os.getpid()}"),
            waived=waived,
            limits=Limits(ledger, settings),
            journal=journal,
            outside=self._what_is_wrong_outside,
            stopping=lambda: self._stopping,
            alive=lambda: self.alive(),
            present=self._present,
        )

    @property
    def mode(self) -> Mode:
        return self._mode

    @property
    def rehearsal(self) -> Rehearsal | None:
        """The season as it was last read; None before the first pass."""
        return self._rehearsal

    def take_up(
        self,
        settings: Settings,
        transports: Mapping[str, Transport],
        *,
        waived: Collection[str],
        clock_check: ClockCheck | None = None,
        leave_check: LeaveCheck | None = None,
    ) -> None:
        """Go by other settings from the next pass on. Not while a pass is made."""
        self._mode, self._transports = settings.mode, transports
        self._clock_check, self._leave_check = clock_check, leave_check
        self._leases, self._channels = _leases_of(settings), settings.channels
        self._dispatcher.take_up(
            transports, mode=settings.mode, leases=self._leases, waived=waived, limits=Limits(self._ledger, settings)
        )
        self._rehearsal = self._seen = None  # other settings make other messages, and another mode another plan

    def stop(self) -> None:
        """End the pass after the present call; may be called from another thread."""
        self._stopping = True

    def settle_times(self) -> dict[str, timedelta]:
        """By channel: how long after a doubtful call its provider's own records can be believed."""
        return {name: transport.settle_after() or timedelta(0) for name, transport in self._transports.items()}

    def next_instants(self, *, after: datetime | None = None) -> tuple[datetime, ...]:
        """When something becomes due next; with ``after``, from that instant on, though it be past by now."""
        return self._ledger.deliveries.next_instants(self._mode, now=after or self._clock.now())

    def run(self) -> TickResult:
        """One pass. Raises OutOfReach when the ledger cannot be used; everything else is in the result."""
        mode = str(self._mode)
        problems: list[str] = []
        kept = self._dispatcher.write_down_what_was_kept()
        if self._journal is not None:  # before anything is doubted: a process that has ended may have known its end
            if self._journal.is_large and not kept:
                self._journal.put_away()
            replay(self._journal, self._ledger, now=self._clock.now())
        why = self._clock_is_wrong()
        # Behind the ledger it may be right, and have been ahead: then what it missed is planned again, and waits.
        behind = why is not None and why.code is ReasonCode.CLOCK_BEHIND
        reopened = self._ledger.deliveries.reopen(mode, now=self._clock.now()) if why is None or behind else ()
        say_reopened(reopened)
        if why is not None:
            return TickResult(at=self._clock.now(), kept=kept, reopened=len(reopened), problems=(clock_words(why),))
        doubted = self._ledger.lookups.mark_expired_unknown(mode, now=self._clock.now())
        # Before anything is sent: what the provider has spoken of went through, and is not to be sent again.
        proven = self._ledger.receipts.settle_by_receipts(mode, now=self._clock.now())
        changes = self._follow_the_plan(problems)
        if changes.planned and (why := self._clock_is_wrong()) is not None:  # nothing was known to press before
            return TickResult(at=self._clock.now(), kept=kept, plan=changes, problems=(clock_words(why),))
        displaced = self._displaced()
        if displaced is not None:
            problems.insert(0, f"{displaced.message}. {displaced.hint}")
        missed = self._ledger.deliveries.expire(mode, now=self._clock.now())
        tally = Tally()
        if self._due():
            changes = changes if self._is_fresh() else self._read_again(problems)
            if not problems and self._rehearsal is not None:
                self._send_what_is_due(self._rehearsal, tally)
            for delivery in self._due() if problems else ():
                why, detail = because(ReasonCode.CAMPAIGN_UNREADABLE), self._unreadable
                if displaced is not None:
                    why, detail = displaced.reason, ""
                self._ledger.deliveries.note(delivery.id, (why,), detail=detail, now=self._clock.now())
        elif self._is_about_to_be_due() and not self._is_fresh():
            changes = self._read_again(problems)
        sent, not_sent = self._ask_about_doubts() if displaced is None else (0, 0)
        self._look_at_the_way_to_leave()
        result = TickResult(
            at=self._clock.now(),
            plan=changes,
            missed=len(missed),
            reopened=len(reopened),
            doubted=len(doubted),
            sent=tally.sent,
            readers=tally.readers,
            later=tally.later,
            failed=tally.failed,
            unknown=tally.unknown,
            refused=tally.refused,
            found_sent=sent + proven,
            found_not_sent=not_sent,
            kept=kept,
            reasons=tally.reasons,
            problems=tuple(problems),
        )
        say_missed(missed)
        return result

    # -- outside -----------------------------------------------------------------------------------------

    def _clock_is_wrong(self) -> Reason | None:
        """Why nothing may be done by this clock. A provider is asked before the first thing that is done by it."""
        if self._clock_check is None:
            return None
        return self._clock_check.look(
            pressing=self._ledger.deliveries.is_pressing(str(self._mode), now=self._clock.now())
        )

    def _what_is_wrong_outside(self, delivery: Delivery) -> tuple[Reason, ...]:
        """Before each batch. Neither asks anew while its last answer holds."""
        clock = self._clock_check.look(pressing=True) if self._clock_check is not None else None
        if clock is not None:
            return (clock,)
        leave = None
        if self._leave_check is not None and self._mode is Mode.LIVE:
            leave = self._leave_check.stands_in_the_way(delivery)
        return (leave,) if leave is not None else ()

    def _look_at_the_way_to_leave(self) -> None:
        """Half an hour ahead of a mailing, while somebody can still mend it."""
        if self._leave_check is None or self._rehearsal is None or self._mode is not Mode.LIVE:
            return
        plan, now = self._rehearsal.plan, self._clock.now()
        near = self._ledger.deliveries.is_mailing(str(self._mode), plan.key, now=now, until=now + AHEAD)
        if near or self._leave_check.was_bad:
            self._leave_check.ask()

    def _displaced(self) -> Displaced | None:
        """Why nothing is sent from this ledger, live: it is a copy, or an old state. Looked at until it is settled."""
        if self._whereabouts is None or self._at_home or self._mode is not Mode.LIVE:
            return None
        displaced = self._whereabouts.settle(now=self._clock.now())
        self._at_home = displaced is None
        if displaced is not None and displaced != self._was_displaced:
            log.error("%s. %s", displaced.message, displaced.hint, extra={"action": "displaced"})
        self._was_displaced = displaced
        return displaced

    # -- the plan ---------------------------------------------------------------------------------------

    def _follow_the_plan(self, problems: list[str]) -> PlanChanges:
        """Bring the ledger in line with the files: at the first pass, and when the files are known to have changed."""
        if self._rehearsal is None:
            return self._read_again(problems)
        if self._fingerprint is not None and (self._seen is None or self._seen[0] != self._fingerprint()):
            return self._read_again(problems)
        return PlanChanges()

    def _is_about_to_be_due(self) -> bool:
        """Within the last minute the files are read ahead, so that at the instant itself nothing has to be rendered."""
        if self._fingerprint is None:
            return False
        now = self._clock.now()
        return any(
            at - now <= READ_AHEAD for at in self._ledger.deliveries.next_instants(str(self._mode), now=now, limit=1)
        )

    def _is_fresh(self) -> bool:
        """Whether the last look at the files still holds: same files, same date, nothing happened in the ledger."""
        return self._rehearsal is not None and self._seen is not None and self._seen == self._look()

    def _look(self) -> tuple[str, str, int] | None:
        if self._fingerprint is None:
            return None
        zone = ZoneInfo(self._rehearsal.plan.campaign.time_zone) if self._rehearsal else UTC
        return self._fingerprint(), str(self._clock.now().astimezone(zone).date()), self._ledger.events.version()

    def _present(self) -> Rehearsal | None:
        """The season as the files have it by now, for the next call of a mailing that is under way. Their times are
        looked at once a second at most, and nothing is read or rendered while they have not moved. None: they cannot be
        read."""
        if self._fingerprint is None or self._seen is None:
            return self._rehearsal
        now = self._clock.monotonic()
        if self._looked_at is not None and 0 <= now - self._looked_at < LOOK_SECONDS:
            return self._rehearsal
        self._looked_at = now
        look = self._look()
        if look is None or look[:2] == self._seen[:2]:
            return self._rehearsal
        problems: list[str] = []
        self._read_again(problems)
        return None if problems else self._rehearsal

    def _read_again(self, problems: list[str]) -> PlanChanges:
        look = self._look()
        try:
            rehearsal = self._source()
        except Exception as problem:
            # The text of an error nobody foresaw may hold what nobody should read; its kind does not.
            kind = f"an error of the program ({type(problem).__name__})"
            said = problem.message if isinstance(problem, ObservanceError) else kind
            self._unreadable = said
            problems.append(f"the campaign cannot be read: {said}")
            log.error("the campaign cannot be read: %s", said, extra={"action": "campaign_unreadable"})
            return PlanChanges()
        changes = self._ledger.deliveries.follow_plan(
            str(self._mode),
            rehearsal.plan.key,
            wanted(rehearsal),
            now=self._clock.now(),
            may_cancel=is_whole(rehearsal),
        )
        self._rehearsal, self._seen = rehearsal, look  # only now: a plan that was not written down is read again
        return changes

    # -- sending ----------------------------------------------------------------------------------------

    def _due(self) -> tuple[Delivery, ...]:
        if self._rehearsal is None:
            return ()
        plan = self._rehearsal.plan
        return self._ledger.deliveries.due(str(self._mode), plan.key, now=self._clock.now())

    def _send_what_is_due(self, rehearsal: Rehearsal, tally: Tally) -> None:
        for delivery in self._due():
            if self._stopping:
                return
            self.alive()
            self._dispatcher.dispatch(delivery, rehearsal, tally)

    # -- doubts -----------------------------------------------------------------------------------------

    def _ask_about_doubts(self) -> tuple[int, int]:
        """Ask providers about calls whose end nobody knows. Returns (found sent, found not sent)."""
        sent = not_sent = 0
        for batch in self._ledger.lookups.doubtful(str(self._mode), now=self._clock.now()):
            if self._stopping:
                break
            self.alive()
            now = self._clock.now()
            if batch.checks >= QUESTIONS:  # the last question ended this program
                self._ledger.lookups.schedule_lookup(batch.id, token=batch.token, check_at=None, now=now)
                continue
            # Counted before it is asked: a record that ends the program which asks about it does so a few times, with
            # time for all others in between. Of several programs one asks.
            settled_after = self._settled_after(batch)
            if settled_after is None:  # its provider cannot be asked
                self._ledger.lookups.schedule_lookup(batch.id, token=batch.token, check_at=None, now=now)
                continue
            later, asked = now + settled_after, batch.checks
            if not self._ledger.lookups.begin_lookup(
                batch.id, token=batch.token, checks=asked, check_at=later, now=now
            ):
                continue
            evidence = self._evidence(batch)
            now = self._clock.now()
            if evidence.verdict is Verdict.CANNOT_TELL and self._may_repeat(batch, now):
                evidence = Evidence(Verdict.NOT_SENT, detail="the very same call does no harm")
            if evidence.verdict is Verdict.NOT_SENT and batch.doubts >= DOUBTS:
                evidence = Evidence(Verdict.CANNOT_TELL)
            if evidence.verdict is Verdict.CANNOT_TELL:
                again_at = evidence.again_at or self._next_question(batch, now)
                self._ledger.lookups.schedule_lookup(batch.id, token=batch.token, check_at=again_at, now=now)
                continue
            if evidence.verdict is Verdict.NOT_SENT and not batch.checks:
                # A clock that was set forward since the call makes this question come too early, and the answer wrong.
                # It cannot do that to a second question, as long after the first.
                self._ledger.lookups.schedule_lookup(batch.id, token=batch.token, check_at=now + settled_after, now=now)
                continue
            if self._ledger.lookups.settle(batch.id, token=batch.token, evidence=evidence, who="evidence", now=now):
                sent += evidence.verdict is Verdict.SENT
                not_sent += evidence.verdict is Verdict.NOT_SENT
        return sent, not_sent

    def _evidence(self, batch: Batch) -> Evidence:
        try:
            delivery = self._ledger.deliveries.find(batch.delivery_id)
            transport = self._transports.get(delivery.channel) if delivery else None
            message = self._ledger.lookups.sent_message(batch.digest)
            if transport is None or message is None or batch.started_at is None:
                return Evidence(Verdict.CANNOT_TELL, detail="there is nobody to ask")
            request = self._rebuilt(transport, message, batch)
            return transport.look_up(request, since=batch.started_at, now=self._clock.now())
        except Exception as problem:
            log.warning(
                "the provider could not be asked about batch %s (%s)",
                batch.id,
                type(problem).__name__,
                extra={"action": "look_up_failed", "batch": batch.id},
            )
            return Evidence(Verdict.CANNOT_TELL, detail=f"asking failed ({type(problem).__name__})")

    def _may_repeat(self, batch: Batch, now: datetime) -> bool:
        """Whether the channel declares the very same call harmless, for as long as its next try may take to begin."""
        delivery = self._ledger.deliveries.find(batch.delivery_id)
        channel = self._channels.get(delivery.channel) if delivery else None
        safe = spec_of(channel).repeat_safe_for if channel else None
        if delivery is None or safe is None or batch.started_at is None:
            return False
        return now - batch.started_at + 2 * self._leases[delivery.channel] < safe

    def _rebuilt(self, transport: Transport, message: Message, batch: Batch) -> Request:
        """The call that was made, as well as it can be made again: a reader whose record has gone since is left out."""
        message = from_item(message, batch.first_item)
        readers = [self._with_links(r) for r in self._ledger.lookups.recipients(batch.id)]
        try:
            return transport.build(message, send_id=batch.send_id, recipients=readers)
        except UnusableRecipients as unusable:
            usable = [r for r in readers if r.subscriber_id not in unusable.reasons]
            return transport.build(message, send_id=batch.send_id, recipients=usable)

    def _with_links(self, subscriber: Recipient) -> Recipient:
        """A reader with the links of their own."""
        who = subscriber.subscriber_id
        choices = self._preferences_url(who) if self._preferences_url is not None else ""
        return replace(subscriber, unsubscribe_url=self._unsubscribe_url(who), preferences_url=choices)

    def _settled_after(self, batch: Batch) -> timedelta | None:
        """See :func:`.dispatcher.settled_after`."""
        delivery = self._ledger.deliveries.find(batch.delivery_id)
        transport = self._transports.get(delivery.channel) if delivery else None
        lease = self._leases.get(delivery.channel) if delivery else None
        if transport is None or lease is None:  # it was there a moment ago, to be asked
            return LONGEST_WAIT_FOR_EVIDENCE
        return settled_after(transport, lease)

    def _next_question(self, batch: Batch, now: datetime) -> datetime | None:
        """Later each time; after the last one a person decides."""
        if batch.checks + 1 >= QUESTIONS:
            return None
        waited = now - (batch.started_at or now)
        return now + min(max(waited, timedelta(minutes=5)), LONGEST_WAIT_FOR_EVIDENCE)


def _leases_of(settings: Settings) -> dict[str, timedelta]:
    """By channel: how long a call may take before it is doubted."""
    return {
        name: timedelta(seconds=2 * channel.timeout_seconds) + LEASE_MARGIN
        for name, channel in settings.channels.items()
    }


def say_reopened(reopened: Sequence[Delivery]) -> None:
    """One line for all of them."""
    if reopened:
        log.warning(
            "%s deliveries of %s to %s were missed by a clock that was ahead, and are scheduled again",
            len(reopened),
            min(d.on for d in reopened),
            max(d.on for d in reopened),
            extra={"action": "delivery_reopened", "deliveries": [d.id for d in reopened]},
        )


def say_missed(missed: Sequence[Delivery]) -> None:
    """One line for each delivery that was missed; one for all of them where there are many for the same reason."""
    by_reason: dict[str, list[Delivery]] = {}
    for delivery in missed:
        why = in_words(delivery.reasons, delivery.detail, channel=delivery.channel)
        by_reason.setdefault(why, []).append(delivery)
    for note, alike in by_reason.items():
        days = sorted({d.on for d in alike})
        level = logging.INFO if alike[0].closed_before_start else logging.ERROR
        ids = [d.id for d in alike]
        if len(alike) <= 2:
            for d in alike:
                extra = {"action": "delivery_missed", "delivery": d.id}
                log.log(level, "%s on %s was missed: %s", d.item, d.channel, note, extra=extra)
            continue
        log.log(
            level,
            "%s deliveries of %s to %s were missed: %s",
            len(alike),
            days[0],
            days[-1],
            note,
            extra={"action": "deliveries_missed", "deliveries": ids},
        )


def wanted(rehearsal: Rehearsal) -> tuple[Wanted, ...]:
    """The deliveries that a plan asks for: one for each of its messages and digests."""
    return tuple(
        Wanted(
            item=m.item,
            channel=m.channel,
            kind="post" if isinstance(m.body, PostBody) else "email",
            on=m.on,
            due_at=m.due_at,
            expires_at=m.expires_at,
            audience=m.audience,
        )
        for m in rehearsal.everything
    )


def is_whole(rehearsal: Rehearsal) -> bool:
    """Whether the plan was read without an error in its own files, and each of its messages could be made.

    A day that is missing because its file, its text or a template cannot be read is no day that somebody took out.
    """
    made = {(m.item, m.channel) for m in rehearsal.everything}

    def leaves_out(f: Finding) -> bool:
        if f.code.startswith(_OF_A_MESSAGE):
            return (f.item, f.channel) not in made
        planned = f.item and rehearsal.plan.of(f.item) is not None
        in_the_plan = f.where.path.endswith(("campaign.toml", "calendar.toml")) or "/items/" in f.where.path
        return in_the_plan and not planned

    return not any(leaves_out(f) for f in rehearsal.reds())
