"""One pass: follow the plan, close what is late, doubt what is stuck, send what is due, ask about doubts."""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol, runtime_checkable
from zoneinfo import ZoneInfo

from ..channels.spec import Transport
from ..clock import Clock
from ..domain.clock_state import clock_words
from ..domain.finding import Finding
from ..domain.message import PostBody
from ..domain.outcome import Recipient
from ..domain.reason import Reason, ReasonCode, because
from ..domain.reason_words import in_words
from ..domain.records import ALL_CHANNELS, Delivery, PlanChanges, SendSnapshot, Wanted
from ..domain.rehearsal import Rehearsal
from ..domain.season_key import SeasonKey
from ..errors import ObservanceError, loggable
from ..light_dataclass import dataclass
from ..settings import Mode, Settings
from .alert_rules import CampaignProblem
from .dispatcher import Begin, Company, Dispatcher, Flight, ReadyPost, TickResult
from .drain import Drain
from .in_flight import Calls, one_at_a_time
from .outside import AHEAD, ClockCheck, LeaveCheck
from .reconcile import ask_about_doubts
from .rehearsal_keeper import RehearsalKeeper
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


@runtime_checkable
class MakesMany(Protocol):
    """What makes many readers' links in one pass."""

    def of_all(self, subscriber_ids: Sequence[str], /) -> list[str]: ...


@dataclass(frozen=True)
class DueWork:
    """What a look found: which channels have something to send, and which have doubts that are to be asked about."""

    result: TickResult
    channels: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    has_mailing_ahead: bool = False  # so the page by which readers leave is to be looked at


class Tick:
    """Passes over one campaign's season. ``source`` reads the files and renders; it is asked only when it matters.

    A pass is a look (what is due, missed, in doubt; it waits for no provider) and then a drain of each channel that has
    something due. Looks are made by one thread; each channel may be drained by a thread of its own, at the same time.
    """

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
        keeper: RehearsalKeeper | None = None,
        calls: Callable[[], Calls] = one_at_a_time,
    ) -> None:
        """``unsubscribe_url`` and ``preferences_url`` make a reader's own links from the reader's id. ``fingerprint``
        says cheaply whether the campaign's files have changed since the last look. Without it the files are read again
        whenever something is due. ``node`` names this process where there is no ``journal``, in which each call is
        named before it is made. ``clock_check`` and ``leave_check`` look outside; without them nobody does.
        ``whereabouts`` knows whether this is the ledger that sends. ``campaign``: whose season it is. ``keeper`` writes
        down what was read, for others that send. ``calls``: how the calls of a drain run beside each other."""
        self._ledger = ledger
        self._whereabouts, self._at_home = whereabouts, False
        self._was_displaced: Displaced | None = None
        self._journal = journal
        self._campaign, self._keeper = campaign, keeper
        self._source = source
        self._clock = clock
        self._calls = calls
        self._fingerprint = fingerprint
        self.reading = threading.Lock()  # held while the files are looked at or read
        self._heard = self._news = 0  # the history: up to where it was looked at, and what mattered in it last
        self._unsubscribe_url, self._preferences_url = unsubscribe_url, preferences_url
        self._looked_at: float | None = None  # when the files' times were last looked at, by the monotonic clock
        self._moved = ""  # the files as they were when it was last told that they have moved
        self._unreadable = ""  # why the campaign could not be read the last time
        self._is_unreadable = False  # and has not been read since
        self._stopping = False
        self._may_send = False  # as of the last look
        self.alive: Callable[[], None] = lambda: None
        self._dispatcher = Dispatcher(
            ledger,
            clock,
            with_links=self._with_links,
            node=node or f"{socket.gethostname()}:{os.getpid()}",
            journal=journal,
            outside=self._what_is_wrong_outside,
            stopping=lambda: self._stopping,
            present=self._present,
        )
        self.take_up(settings, transports, waived=waived, clock_check=clock_check, leave_check=leave_check)

    @property
    def mode(self) -> Mode:
        return self._dispatcher.setup.settings.mode

    @property
    def campaign(self) -> str:
        """Whose season it is."""
        return self._campaign

    @property
    def rehearsal(self) -> Rehearsal | None:
        """The season as it was last read; None before the first pass."""
        return self._rehearsal

    def season_in_hand(self, version: int) -> SeasonKey | None:
        """The season that the last look read, if what is due of it may go, and nobody has done anything since, on the
        same day: what people have signed is read with it. A lane looks at the files once more. ``version``: up to which
        line the history was written a moment ago."""
        if not self.reading.acquire(blocking=False):  # it is being read
            return None
        try:
            rehearsal, seen = self._rehearsal, self._seen
            if rehearsal is None or seen is None or self._is_unreadable or not self._may_send:
                return None
            return rehearsal.plan.key if self._stamp(seen[0], version) == seen else None
        finally:
            self.reading.release()

    def take_up(
        self,
        settings: Settings,
        transports: Mapping[str, Transport],
        *,
        waived: Collection[str],
        clock_check: ClockCheck | None = None,
        leave_check: LeaveCheck | None = None,
    ) -> None:
        """Go by other settings from now on. Not while a look is made; a drain that is under way ends, and what it has
        in hand is given back."""
        with self.reading:
            self._dispatcher.take_up(settings, transports, waived)
            self._clock_check, self._leave_check = clock_check, leave_check
            # Other settings make other messages, and another mode another plan.
            self._rehearsal: Rehearsal | None = None
            self._seen: tuple[str, str, int] | None = None

    def uses(self, transport: Transport) -> bool:
        """Whether a call or a question by it may be under way."""
        return self._dispatcher.uses(transport)

    def has_moved(self) -> bool:
        """Whether the files are others than at the last look; each change is told once. From any thread."""
        seen = self._seen
        if self._fingerprint is None or seen is None:
            return False
        try:
            before, self._moved = self._moved, self._fingerprint()
        except OSError:  # a file went while it was looked at
            return False
        return self._moved not in (seen[0], before)

    def stop(self) -> None:
        """End the pass after the calls under way; may be called from another thread."""
        self._stopping = True

    def settle_times(self) -> dict[str, timedelta]:
        """By channel: how long after a doubtful call its provider's own records can be believed."""
        transports = self._dispatcher.setup.transports
        return {name: transport.settle_after() or timedelta(0) for name, transport in transports.items()}

    def next_instants(self, *, after: datetime | None = None) -> tuple[datetime, ...]:
        """When something of it becomes due next; with ``after``, from that instant on, though it be past by now."""
        return self._ledger.deliveries.next_instants(
            self.mode, now=after or self._clock.now(), campaign=self._campaign or None
        )

    def run(self) -> TickResult:
        """One pass: look, drain each lane in turn, ask about doubts. Raises OutOfReach when the ledger cannot be used;
        everything else is in the result."""
        look = self.look()
        result = look.result
        for channel in look.channels:
            self.drain(channel, result)
        # What ended in doubt just now is not due yet, but for a channel that is believed at once.
        if self._may_send:
            found = self.ask_about_doubts()
            result.found_sent, result.found_not_sent = result.found_sent + found[0], found[1]
        if look.has_mailing_ahead:
            self.look_at_the_way_to_leave()
        result.at = self._clock.now()
        return result

    def look(self, *, leads: bool = True) -> DueWork:
        """What is to be done. Waits for no provider, but for the first that is asked what time it is. What a look does
        for all campaigns of the ledger, one that does not ``lead`` leaves to the one before it in the same pass."""
        deliveries, mode, now = self._ledger.deliveries, str(self.mode), self._clock.now
        problems: list[str] = []
        self._may_send = False
        kept = self._dispatcher.write_down_what_was_kept()
        self._hear_the_journal(kept)  # before anything is doubted: a process that has ended may have known its end
        why = self._clock_is_wrong(leads)
        # Behind the ledger it may be right, and have been ahead: then what it missed is planned again, and waits.
        behind = why is not None and why.code is ReasonCode.CLOCK_BEHIND
        reopened = deliveries.reopen(mode, now=now()) if leads and (why is None or behind) else ()
        say_reopened(reopened)
        if why is not None:
            return DueWork(TickResult(now(), kept=kept, reopened=len(reopened), problems=(clock_words(why),)))
        doubted = self._ledger.lookups.mark_expired_unknown(mode, now=now()) if leads else ()
        # Before anything is sent: what the provider has spoken of went through, and is not to be sent again.
        proven = self._ledger.receipts.settle_by_receipts(mode, now=now()) if leads else 0
        with self.reading:
            is_read = self._rehearsal is not None and not self._is_unreadable  # and not known to have changed
            files = self._fingerprint() if is_read and self._fingerprint is not None else None
            if files is not None:
                is_read = self._seen is not None and self._seen[0] == files
                self._looked_at = self._clock.monotonic() if is_read else None  # what is due now need not look again
            changes = PlanChanges() if is_read else self._read_again(problems)
        if changes.planned and (why := self._clock_is_wrong(True)) is not None:  # nothing was known to press before
            return DueWork(TickResult(now(), kept=kept, plan=changes, problems=(clock_words(why),)))
        displaced = self._displaced()
        if displaced is not None:
            problems.insert(0, f"{displaced.message}. {displaced.hint}")
        missed: tuple[Delivery, ...] = ()
        if leads or not is_read:
            missed = deliveries.expire(mode, now=now())
            self._ledger.recipients.freeze_what_ended(mode, now=now())
        result = TickResult(now(), changes, len(missed), len(reopened), len(doubted), kept=kept)
        result.found_sent = proven
        channels: tuple[str, ...] = ()
        if due := self._due():
            self._read_what_is_old(result, problems, files if is_read else None)
            channels = self._lanes_of(self._due() if result.plan is not changes else due, problems, displaced)
        elif self._is_about_to_be_due():
            self._read_what_is_old(result, problems, files if is_read else None)
        result.problems = tuple(problems)
        say_missed(missed)
        self._may_send = displaced is None
        doubts = self._channels_in_doubt() if leads and self._may_send else ()
        return DueWork(result, channels, doubts, self._has_mailing_ahead())

    def _hear_the_journal(self, kept: int) -> None:
        """Tell the ledger what ended processes knew, and of this one what it may let go of. ``kept``: outcomes that the
        ledger has not taken."""
        if (journal := self._journal) is None:
            return
        if journal.is_large and not kept:
            journal.put_away()
        replay(journal, self._ledger, now=self._clock.now())

    def drain(
        self,
        channel: str,
        result: TickResult | None = None,
        *,
        alive: Callable[[], None] | None = None,
        woken: Callable[[], bool] = lambda: False,
        posts: Sequence[SendSnapshot] = (),
        ready: Sequence[ReadyPost] = (),
        begun: Flight | None = None,
    ) -> int:
        """Send what is due on one channel. How many calls were begun. ``woken``: whether there may be more by now.
        ``posts``: what is due, where that was looked at a moment ago; ``ready``: those of them whose calls were made up
        ahead; ``begun``: the one of them whose intent stands."""
        result = TickResult(self._clock.now()) if result is None else result
        with self._dispatcher.using() as setup:
            return Drain(
                self._dispatcher,
                setup,
                channel,
                lambda: self._due(channel),
                result,
                calls=self._calls(),
                alive=alive or self.alive,
                woken=woken,
                posts=posts,
                ready=ready,
                begun=begun,
            ).run()

    def make_ready(self, channel: str, posts: Iterable[SendSnapshot], *, due_at: datetime) -> list[ReadyPost]:
        """Make up the calls of posts that are about to be due on one channel: those that can be, and while they are not
        due. Nothing is read or rendered: :meth:`has_stayed` is to be asked after it."""
        with self._dispatcher.using() as setup:
            transport, season, made = setup.transports.get(channel), self._rehearsal, list[ReadyPost]()
            if transport is None or season is None or self._is_unreadable:
                return made
            for seen in posts:
                if self._stopping or self._clock.now() >= due_at:
                    break
                ready = self._dispatcher.make_ready(seen, season, transport, setup, due_at=due_at)
                made += [ready] if ready is not None else []
            return made

    def company_on(self, channel: str) -> Company | None:
        """For posts whose intents are committed together. None where each is to ask by itself before its intent: the
        clock is wrong, or the channel has a pause, or has had as many calls as it may."""
        is_well = self._why_clock_is_wrong() is None
        return Company() if is_well and self._dispatcher.setup.limits.are_far(channel, self._clock.now()) else None

    def begin_of(self, channel: str, ready: ReadyPost, company: Company) -> Begin | None:
        """A post that was made up ahead, to be begun with those of other lanes. None where its own lane is to find out
        what is to be done, and to say so."""
        with self._dispatcher.using() as setup:
            transport, season = setup.transports.get(channel), self._unmoved(look_anew=False)
            if transport is None or season is None or self._stopping or not ready.is_good(ready.seen, setup, season):
                return None
            return self._dispatcher.begin_of(ready, transport, company=company)

    def give_back(self, flight: Flight) -> None:
        """A call that nobody will make."""
        self._dispatcher.give_back(flight)

    def has_stayed(self) -> bool:
        """Whether the files are those from which the season was read. They are looked at, for a second from now on."""
        return self._unmoved() is not None

    def ask_about_doubts(self, only: str = ALL_CHANNELS, *, alive: Callable[[], None] | None = None) -> tuple[int, int]:
        """Ask providers about calls whose end nobody knows. Returns (found sent, found not sent)."""
        with self._dispatcher.using() as setup:
            return ask_about_doubts(self._dispatcher, setup, only=only, alive=alive or self.alive)

    def _channels_in_doubt(self) -> tuple[str, ...]:
        doubtful = self._ledger.lookups.doubtful(str(self.mode), now=self._clock.now())
        found = (self._ledger.deliveries.find(batch.delivery_id) for batch in doubtful)
        return tuple(dict.fromkeys(delivery.channel for delivery in found if delivery is not None))

    # -- outside -----------------------------------------------------------------------------------------

    def _clock_is_wrong(self, leads: bool = True) -> Reason | None:
        """Why nothing may be done by this clock. A provider is asked before the first thing that is done by it."""
        if self._clock_check is None:
            return None
        presses = leads and self._ledger.deliveries.is_pressing(str(self.mode), now=self._clock.now())
        return self._clock_check.look(pressing=presses)

    def _what_is_wrong_outside(self, delivery: Delivery) -> tuple[Reason, ...]:
        """Before each batch. Neither asks anew while its last answer holds."""
        why = self._why_clock_is_wrong()
        if why is None and self._leave_check is not None and self.mode is Mode.LIVE:
            why = self._leave_check.stands_in_the_way(delivery)
        return (why,) if why is not None else ()

    def _why_clock_is_wrong(self) -> Reason | None:
        """As far as what is due goes."""
        return self._clock_check.look(pressing=True) if self._clock_check is not None else None

    def look_at_the_way_to_leave(self) -> None:
        """Half an hour ahead of a mailing, while somebody can still mend it."""
        if self._leave_check is not None:
            self._leave_check.ask()

    def _has_mailing_ahead(self) -> bool:
        if self._leave_check is None or self._rehearsal is None or self.mode is not Mode.LIVE:
            return False
        key, now = self._rehearsal.plan.key, self._clock.now()
        return self._leave_check.was_bad or self._ledger.deliveries.is_mailing(
            str(self.mode), key, now=now, until=now + AHEAD
        )

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

    def _read_what_is_old(self, result: TickResult, problems: list[str], files: str | None) -> None:
        """Read again, unless the last look still holds: same ``files`` (None: they are looked at), same date, and
        nobody did anything since. What could not be read is tried once in a look."""
        with self.reading:
            if self._is_unreadable:
                return
            if self._rehearsal is None or self._seen is None or self._seen != self._stamp(files):
                result.plan = self._read_again(problems)

    def _stamp(self, files: str | None = None, version: int | None = None) -> tuple[str, str, int] | None:
        of_day = self._files_and_day(files)
        return (*of_day, self._version(version)) if of_day is not None else None

    def _files_and_day(self, files: str | None = None) -> tuple[str, str] | None:
        if self._fingerprint is None:
            return None
        zone = ZoneInfo(self._rehearsal.plan.campaign.time_zone) if self._rehearsal else UTC
        return files or self._fingerprint(), str(self._clock.now().astimezone(zone).date())

    def _version(self, version: int | None = None) -> int:
        """Grows with whatever people did. What the program's own calls write down changes no message."""
        events = self._ledger.events
        if version is None:
            version = events.version()
        if version != self._heard and events.is_told_by_others(after=self._heard):
            self._news = version
        self._heard = version
        return self._news

    def _present(self) -> Rehearsal | None:
        """The season as the files have it by now, for the next call of a mailing that is under way. Their times are
        looked at once a second at most, and nothing is read or rendered while they have not moved. None, for whoever
        asks, from a look at which they could not be read to one at which they can."""
        with self.reading:
            now = self._clock.monotonic()
            if self._fingerprint is not None and self._seen is not None and not self._has_looked(now):
                self._looked_at = now
                could_not, self._is_unreadable = self._is_unreadable, True  # until this look has come to its end
                if self._files_and_day() != self._seen[:2] or could_not:
                    self._read_again([])
                else:
                    self._is_unreadable = False
            return None if self._is_unreadable else self._rehearsal

    def _unmoved(self, *, look_anew: bool = True) -> Rehearsal | None:
        """The season that was read last, where its files are those from which it was read: they are looked at now, or
        in the second before. Nothing is read."""
        if not self.reading.acquire(blocking=False):  # it is being read
            return None
        try:
            now = self._clock.monotonic()
            if self._seen is None or self._is_unreadable:
                return None
            if look_anew or not self._has_looked(now):
                has_stayed = self._files_and_day() == self._seen[:2]
                self._looked_at = now if has_stayed else None  # whoever sends next looks, and reads
                if not has_stayed:
                    return None
            return self._rehearsal
        finally:
            self.reading.release()

    def _has_looked(self, now: float) -> bool:
        """Whether the last look at the times of the files holds."""
        return self._looked_at is not None and 0 <= now - self._looked_at < LOOK_SECONDS

    def _read_again(self, problems: list[str]) -> PlanChanges:
        self._is_unreadable = True
        stamp, at = self._stamp(), self._clock.now()
        events = self._ledger.events.version()
        try:
            rehearsal = self._source()
        except Exception as problem:
            is_known = isinstance(problem, ObservanceError)
            self._unreadable = loggable(problem) if is_known else f"an error of the program ({loggable(problem)})"
            problems.append(CampaignProblem.of(self._campaign, f"the campaign cannot be read: {self._unreadable}"))
            extra = {"action": "campaign_unreadable", "campaign": self._campaign}
            log.error("the campaign cannot be read: %s", self._unreadable, extra=extra)
            if self._keeper is not None:
                self._keeper.unreadable(self._unreadable, mode=str(self.mode), now=at)
            return PlanChanges()
        changes = self._ledger.deliveries.follow_plan(
            str(self.mode),
            rehearsal.plan.key,
            wanted(rehearsal),
            now=self._clock.now(),
            may_cancel=is_whole(rehearsal),
        )
        if self._keeper is not None:
            files = stamp[0] if stamp is not None else ""
            self._keeper.keep(rehearsal, mode=str(self.mode), files=files, events=events, now=at)
        self._rehearsal, self._seen = rehearsal, stamp  # only now: a plan that was not written down is read again
        self._is_unreadable = False
        return changes

    # -- sending ----------------------------------------------------------------------------------------

    def _due(self, channel: str = ALL_CHANNELS) -> tuple[Delivery, ...]:
        if (rehearsal := self._rehearsal) is None:
            return ()
        return self._ledger.deliveries.due(str(self.mode), rehearsal.plan.key, now=self._clock.now(), channel=channel)

    def _lanes_of(
        self, due: Sequence[Delivery], problems: Sequence[str], displaced: Displaced | None
    ) -> tuple[str, ...]:
        """The channels of what is due; none while there is a problem, which is written down beside each delivery."""
        if not problems:
            return tuple(dict.fromkeys(delivery.channel for delivery in due))
        why, detail = because(ReasonCode.CAMPAIGN_UNREADABLE), self._unreadable
        if displaced is not None:
            why, detail = displaced.reason, ""
        for delivery in due:
            self._ledger.deliveries.note(delivery.id, (why,), detail=detail, now=self._clock.now())
        return ()

    def _with_links(self, readers: Sequence[Recipient]) -> tuple[Recipient, ...]:
        """Readers with the links of their own, which are written into what was read for them."""
        if not readers:  # of a post
            return ()
        ids = [reader.subscriber_id for reader in readers]
        leave, choices = (_links(make, ids) for make in (self._unsubscribe_url, self._preferences_url))
        for reader, to_leave, to_choose in zip(readers, leave, choices, strict=True):
            reader.unsubscribe_url, reader.preferences_url = to_leave, to_choose
        return tuple(readers)


def _links(make: Callable[[str], str] | None, subscriber_ids: Sequence[str]) -> list[str]:
    if make is None:
        return [""] * len(subscriber_ids)
    return make.of_all(subscriber_ids) if isinstance(make, MakesMany) else list(map(make, subscriber_ids))


def say_reopened(reopened: Sequence[Delivery]) -> None:
    """One line for all."""
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
        named = f.items or (f.item,)  # many, where what they share is at fault
        if f.code.startswith(_OF_A_MESSAGE):
            return any((item, f.channel) not in made for item in named)
        in_the_plan = f.where.path.endswith(("campaign.toml", "calendar.toml")) or "/items/" in f.where.path
        return in_the_plan and not any(rehearsal.plan.of(item) for item in named)

    return not any(leaves_out(f) for f in rehearsal.reds())
