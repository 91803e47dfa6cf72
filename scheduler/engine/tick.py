"""One pass: follow the plan, close what is late, doubt what is stuck, send what is due, ask about doubts."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ..channels.spec import Transport
from ..clock import Clock
from ..domain.clock_state import clock_words
from ..domain.finding import Finding
from ..domain.message import PostBody
from ..domain.outcome import Recipient
from ..domain.reason import Reason, ReasonCode, because
from ..domain.reason_words import in_words
from ..domain.records import Delivery, PlanChanges, Wanted
from ..domain.rehearsal import Rehearsal
from ..errors import ObservanceError, loggable
from ..settings import Mode, Settings
from .alert_rules import CampaignProblem
from .dispatcher import Dispatcher, TickResult
from .outside import AHEAD, ClockCheck, LeaveCheck
from .reconcile import ask_about_doubts
from .replay import replay
from .send_journal import Journal
from .whereabouts import Displaced, Whereabouts

if TYPE_CHECKING:
    from ..store import Ledger

log = logging.getLogger(__name__)

#: How long before an instant the files are read ahead; longer than the alarm's sweep.
READ_AHEAD = timedelta(minutes=1)

#: How often at most, in seconds, the times of the files are looked at while a mailing goes out.
LOOK_SECONDS = 1.0

#: How the codes of findings begin that say why a message could not be made; docs/reference/findings.md has them.
_OF_A_MESSAGE = "R"


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
        campaign: str = "",
    ) -> None:
        """``unsubscribe_url`` and ``preferences_url`` make a reader's own links from the reader's id. ``fingerprint``
        says cheaply whether the campaign's files have changed since the last look. Without it the files are read again
        whenever something is due. ``journal``: where each call is named before it is made. ``clock_check`` and
        ``leave_check`` look outside; without them nobody does. ``whereabouts`` knows whether this is the ledger that
        sends. ``campaign``: whose season it is."""
        self._ledger = ledger
        self._whereabouts, self._at_home = whereabouts, False
        self._was_displaced: Displaced | None = None
        self._journal = journal
        self._campaign = campaign
        self._source = source
        self._clock = clock
        self._fingerprint = fingerprint
        self._unsubscribe_url, self._preferences_url = unsubscribe_url, preferences_url
        self._looked_at: float | None = None  # when the files' times were last looked at, by the monotonic clock
        self._unreadable = ""  # why the campaign could not be read the last time
        self._stopping = False
        self.alive: Callable[[], None] = lambda: None
        self._dispatcher = Dispatcher(
            ledger,
            clock,
            with_links=self._with_links,
            node=node or (journal.node if journal else f"{socket.gethostname()}:{os.getpid()}"),
            journal=journal,
            outside=self._what_is_wrong_outside,
            stopping=lambda: self._stopping,
            alive=lambda: self.alive(),
            present=self._present,
        )
        self.take_up(settings, transports, waived=waived, clock_check=clock_check, leave_check=leave_check)

    @property
    def mode(self) -> Mode:
        return self._dispatcher.settings.mode

    @property
    def campaign(self) -> str:
        """Whose season it is."""
        return self._campaign

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
        self._dispatcher.take_up(settings, transports, waived)
        self._clock_check, self._leave_check = clock_check, leave_check
        # Other settings make other messages, and another mode another plan.
        self._rehearsal: Rehearsal | None = None
        self._seen: tuple[str, str, int] | None = None

    def stop(self) -> None:
        """End the pass after the present call; may be called from another thread."""
        self._stopping = True

    def settle_times(self) -> dict[str, timedelta]:
        """By channel: how long after a doubtful call its provider's own records can be believed."""
        return {
            name: transport.settle_after() or timedelta(0) for name, transport in self._dispatcher.transports.items()
        }

    def next_instants(self, *, after: datetime | None = None) -> tuple[datetime, ...]:
        """When something of it becomes due next; with ``after``, from that instant on, though it be past by now."""
        return self._ledger.deliveries.next_instants(
            self.mode, now=after or self._clock.now(), campaign=self._campaign or None
        )

    def run(self) -> TickResult:
        """One pass. Raises OutOfReach when the ledger cannot be used; everything else is in the result."""
        deliveries, mode, now = self._ledger.deliveries, str(self.mode), self._clock.now
        problems: list[str] = []
        kept = self._dispatcher.write_down_what_was_kept()
        if self._journal is not None:  # before anything is doubted: a process that has ended may have known its end
            if self._journal.is_large and not kept:
                self._journal.put_away()
            replay(self._journal, self._ledger, now=now())
        why = self._clock_is_wrong()
        # Behind the ledger it may be right, and have been ahead: then what it missed is planned again, and waits.
        behind = why is not None and why.code is ReasonCode.CLOCK_BEHIND
        reopened = deliveries.reopen(mode, now=now()) if why is None or behind else ()
        if reopened:
            log.warning(
                "%s deliveries of %s to %s were missed by a clock that was ahead, and are scheduled again",
                len(reopened),
                min(d.on for d in reopened),
                max(d.on for d in reopened),
                extra={"action": "delivery_reopened", "deliveries": [d.id for d in reopened]},
            )
        if why is not None:
            return TickResult(now(), kept=kept, reopened=len(reopened), problems=(clock_words(why),))
        doubted = self._ledger.lookups.mark_expired_unknown(mode, now=now())
        # Before anything is sent: what the provider has spoken of went through, and is not to be sent again.
        proven = self._ledger.receipts.settle_by_receipts(mode, now=now())
        is_read = self._rehearsal is not None and (  # the files are not known to have changed
            self._fingerprint is None or (self._seen is not None and self._seen[0] == self._fingerprint())
        )
        changes = PlanChanges() if is_read else self._read_again(problems)
        if changes.planned and (why := self._clock_is_wrong()) is not None:  # nothing was known to press before
            return TickResult(now(), kept=kept, plan=changes, problems=(clock_words(why),))
        displaced = self._displaced()
        if displaced is not None:
            problems.insert(0, f"{displaced.message}. {displaced.hint}")
        missed = deliveries.expire(mode, now=now())
        result = TickResult(now(), changes, len(missed), len(reopened), len(doubted), kept=kept)
        if self._due():
            if not self._is_fresh():
                result.plan = self._read_again(problems)
            self._send_what_is_due(result, problems, displaced)
        elif self._is_about_to_be_due() and not self._is_fresh():
            result.plan = self._read_again(problems)
        if displaced is None:
            result.found_sent, result.found_not_sent = ask_about_doubts(self._dispatcher)
        result.found_sent += proven
        self._look_at_the_way_to_leave()
        result.problems, result.at = tuple(problems), now()
        say_missed(missed)
        return result

    # -- outside -----------------------------------------------------------------------------------------

    def _clock_is_wrong(self) -> Reason | None:
        """Why nothing may be done by this clock. A provider is asked before the first thing that is done by it."""
        if self._clock_check is None:
            return None
        return self._clock_check.look(
            pressing=self._ledger.deliveries.is_pressing(str(self.mode), now=self._clock.now())
        )

    def _what_is_wrong_outside(self, delivery: Delivery) -> tuple[Reason, ...]:
        """Before each batch. Neither asks anew while its last answer holds."""
        why = self._clock_check.look(pressing=True) if self._clock_check is not None else None
        if why is None and self._leave_check is not None and self.mode is Mode.LIVE:
            why = self._leave_check.stands_in_the_way(delivery)
        return (why,) if why is not None else ()

    def _look_at_the_way_to_leave(self) -> None:
        """Half an hour ahead of a mailing, while somebody can still mend it."""
        if self._leave_check is None or self._rehearsal is None or self.mode is not Mode.LIVE:
            return
        key, now = self._rehearsal.plan.key, self._clock.now()
        if self._leave_check.was_bad or self._ledger.deliveries.is_mailing(
            str(self.mode), key, now=now, until=now + AHEAD
        ):
            self._leave_check.ask()

    def _displaced(self) -> Displaced | None:
        """Why nothing is sent from this ledger, live: it is a copy, or an old state. Looked at until it is settled."""
        if self._whereabouts is None or self._at_home or self.mode is not Mode.LIVE:
            return None
        displaced = self._whereabouts.settle(now=self._clock.now())
        self._at_home = displaced is None
        if displaced is not None and displaced != self._was_displaced:
            log.error("%s. %s", displaced.message, displaced.hint, extra={"action": "displaced"})
        self._was_displaced = displaced
        return displaced

    # -- the plan ---------------------------------------------------------------------------------------

    def _is_about_to_be_due(self) -> bool:
        """Within the last minute the files are read ahead, so that at the instant itself nothing has to be rendered."""
        now, instants = self._clock.now(), self._ledger.deliveries.next_instants
        return self._fingerprint is not None and any(
            at - now <= READ_AHEAD for at in instants(str(self.mode), now=now, limit=1, campaign=self._campaign or None)
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
        now, problems = self._clock.monotonic(), list[str]()
        has_looked = self._looked_at is not None and 0 <= now - self._looked_at < LOOK_SECONDS
        if self._fingerprint is not None and self._seen is not None and not has_looked:
            self._looked_at = now
            look = self._look()
            if look is not None and look[:2] != self._seen[:2]:
                self._read_again(problems)
        return None if problems else self._rehearsal

    def _read_again(self, problems: list[str]) -> PlanChanges:
        look = self._look()
        try:
            rehearsal = self._source()
        except Exception as problem:
            is_known = isinstance(problem, ObservanceError)
            self._unreadable = loggable(problem) if is_known else f"an error of the program ({loggable(problem)})"
            problems.append(CampaignProblem.of(self._campaign, f"the campaign cannot be read: {self._unreadable}"))
            extra = {"action": "campaign_unreadable", "campaign": self._campaign}
            log.error("the campaign cannot be read: %s", self._unreadable, extra=extra)
            return PlanChanges()
        changes = self._ledger.deliveries.follow_plan(
            str(self.mode),
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
        return self._ledger.deliveries.due(str(self.mode), self._rehearsal.plan.key, now=self._clock.now())

    def _send_what_is_due(self, result: TickResult, problems: Sequence[str], displaced: Displaced | None) -> None:
        rehearsal = self._rehearsal
        for delivery in self._due():
            if problems:
                why, detail = because(ReasonCode.CAMPAIGN_UNREADABLE), self._unreadable
                if displaced is not None:
                    why, detail = displaced.reason, ""
                self._ledger.deliveries.note(delivery.id, (why,), detail=detail, now=self._clock.now())
            elif rehearsal is not None and not self._stopping:
                self.alive()
                self._dispatcher.dispatch(delivery, rehearsal, result)

    def _with_links(self, subscriber: Recipient) -> Recipient:
        """A reader with the links of their own."""
        key = subscriber.subscriber_id
        choices = self._preferences_url(key) if self._preferences_url is not None else ""
        return replace(subscriber, unsubscribe_url=self._unsubscribe_url(key), preferences_url=choices)


def say_missed(missed: Sequence[Delivery]) -> None:
    """One line for each delivery that was missed; one for all of them where there are many for the same reason."""
    by_reason: dict[str, list[Delivery]] = {}
    for delivery in missed:
        why = in_words(delivery.reasons, delivery.detail, channel=delivery.channel)
        by_reason.setdefault(why, []).append(delivery)
    for note, alike in by_reason.items():
        level = logging.INFO if alike[0].closed_before_start else logging.ERROR
        if len(alike) > 2:
            log.log(
                level,
                "%s deliveries of %s to %s were missed: %s",
                len(alike),
                min(d.on for d in alike),
                max(d.on for d in alike),
                note,
                extra={"action": "deliveries_missed", "deliveries": [d.id for d in alike]},
            )
            continue
        for d in alike:
            extra = {"action": "delivery_missed", "delivery": d.id}
            log.log(level, "%s on %s was missed: %s", d.item, d.channel, note, extra=extra)


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
        in_the_plan = f.where.path.endswith(("campaign.toml", "calendar.toml")) or "/items/" in f.where.path
        return in_the_plan and not (f.item and rehearsal.plan.of(f.item))

    return not any(leaves_out(f) for f in rehearsal.reds())
