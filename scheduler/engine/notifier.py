"""Tells people what the rules of :mod:`.alert_rules` find: once each, several at a time, never in the way of sending.

What was told stands in the ledger, so that a restart does not tell it again. A way that fails is tried again, later
each time; a notice that nobody could be told is kept for the next look, by the state that it comes from.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Protocol, runtime_checkable
from zoneinfo import ZoneInfo

from ..clock import Clock
from ..domain.leave_page import ASKED, CONFIRMED, Found, LeavePage, is_confirmed, last_found
from ..domain.reason_words import in_words
from ..domain.records import Delivery
from ..domain.rehearsal import Rehearsal
from ..domain.season_key import SeasonKey
from ..domain.sender import HEARTBEAT_EVERY as SENDERS_EVERY
from ..domain.sender import UNSEEN_AFTER, Sender
from ..errors import ObservanceError, loggable
from ..settings import Mode, Settings
from .alert_rules import (
    LATE,
    MORNING,
    AlertContext,
    CampaignProblem,
    Notice,
    interrupted_notice,
    notices,
    one_text,
    problem_notice,
    without_repeats,
)
from .preflight import check_before_send

if TYPE_CHECKING:
    from ..store import Ledger

log = logging.getLogger(__name__)

#: How far back it is looked whether something was told: longer than any season.
MEMORY = timedelta(days=120)
#: With nothing new in the ledger, time alone can bring up something to say: looked at so often.
LOOK_EVERY = timedelta(minutes=1)
HEARTBEAT_EVERY = timedelta(minutes=1)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(minutes=30)
#: A problem that goes away by itself within this is nobody's business: a file that is being written, a short outage.
PATIENCE = timedelta(minutes=5)
#: The same for what is wrong with a process: it takes up changed files within a sweep.
SENDER_PATIENCE = timedelta(seconds=30)
#: So long it is told that a process was lost, should nobody have been told.
LOST_FOR = timedelta(days=1)
#: What changed in the season before this one is still told for so long: the last day ends after the window.
AFTERWARDS = timedelta(days=7)

TOLD, STARTED, STOPPED = "notice.told", "alarm.started", "alarm.stopped"


class NotificationChannel(Protocol):
    """A way to tell people something."""

    name: str

    def tell(self, title: str, text: str) -> str:
        """Empty when it was delivered, else why not, in words that may be logged."""
        ...


@runtime_checkable
class AddressedChannel(Protocol):
    """A way that can tell other people than those who get everything."""

    def tell_to(self, people: Sequence[str], title: str, text: str) -> str:
        """As :meth:`NotificationChannel.tell`, to these addresses."""
        ...


class Notifier:
    """Looks after each pass whether there is something to say, and says it."""

    def __init__(
        self,
        ledger: Ledger,
        rehearsals: Callable[[], Iterable[Rehearsal]],
        settings: Settings,
        clock: Clock,
        ways: Sequence[NotificationChannel],
        *,
        settle: Mapping[str, timedelta] | None = None,
        heartbeat: NotificationChannel | None = None,
        patience: timedelta = PATIENCE,
        node: str = "",
        sender_key: str = "",
        alone: bool = False,
        sender_trouble: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        """``rehearsals``: each campaign's season as it was last read. ``settle``: by channel, how long a doubt may
        last before its provider's own records have settled it. ``node``: "host:process". ``sender_key``: of this
        process's own row. ``alone``: no other process can use the database now, so that whoever said nothing of its
        end is dead. ``sender_trouble``: what is wrong with the processes that send, kind -> words."""
        self._ledger = ledger
        self._rehearsals = rehearsals
        self._clock = clock
        self._patience = patience
        self._node = node
        self._said_here: frozenset[str] = frozenset()  # what was said since, or could not be written down
        self._problem_since: dict[str, datetime] = {}
        self._trouble_since: dict[str, datetime] = {}
        self._sender_key, self._alone, self._sender_trouble = sender_key, alone, sender_trouble
        self._silent: dict[str, tuple[datetime, float]] = {}  # key -> last seen at, seconds of silence since
        self._watched_at: float | None = None
        self._lost: tuple[Sender, ...] = ()
        self._version = -1
        self._waits: dict[tuple[str, ...], tuple[int, datetime]] = {}  # whom nothing reached -> how often, until when
        self._beat_at: datetime | None = None
        self.take_up(settings, ways, settle=settle or {}, heartbeat=heartbeat)

    def take_up(
        self,
        settings: Settings,
        ways: Sequence[NotificationChannel],
        *,
        settle: Mapping[str, timedelta],
        heartbeat: NotificationChannel | None,
    ) -> None:
        """Go by other settings from the next look on."""
        self._settings, self._live = settings, settings.mode is Mode.LIVE
        self._ways, self._settle, self._heartbeat = tuple(ways), settle, heartbeat
        self._known: frozenset[str] | None = None  # what the ledger says was told, as it was last read
        self._looked_at: datetime | None = None

    # -- the processes that send ------------------------------------------------------------------------

    def _look_after_others(self, now: datetime) -> None:
        """Give up processes that have been silent for long, as far as this one has watched it happen.

        Silence is counted in this process's own looks, a little at a time: neither a clock that was set nor a database
        that was away for all of them makes a process look dead that lives.
        """
        clock, most = self._clock.monotonic(), 2 * SENDERS_EVERY.total_seconds()
        step = 0.0 if self._watched_at is None else min(clock - self._watched_at, most)
        self._watched_at = clock
        silent: dict[str, tuple[datetime, float]] = {}
        lost: list[Sender] = []
        for row in self._ledger.senders.all():
            is_lost = False
            if row.is_open and row.key != self._sender_key:
                seen_at, seconds = self._silent.get(row.key, (row.last_seen_at, 0.0))
                silent[row.key] = (row.last_seen_at, seconds + step if seen_at == row.last_seen_at else 0.0)
                is_lost = self._alone or silent[row.key][1] > UNSEEN_AFTER.total_seconds()
            if is_lost and self._ledger.senders.lose(row.key, seen_at=row.last_seen_at, now=now):
                log.warning("%s ended without saying so", row.name, extra={"action": "sender_lost"})
                row = replace(row, lost_at=now)
            if row.lost_at is not None and now - row.lost_at <= LOST_FOR:
                lost.append(row)
        self._silent, self._lost = silent, tuple(lost)

    def note(self, kind: str) -> None:
        """A line in the history: the alarm is started, or was stopped as it should be. Never raises."""
        try:
            self._ledger.events.record(kind, who="start", now=self._clock.now(), node=self._node)
        except ObservanceError as problem:
            log.error("%s could not be written down: %s", kind, problem.message, extra={"action": kind})

    # -- after each pass --------------------------------------------------------------------------------

    def after_pass(self, problems: Sequence[str] = ()) -> None:
        """Tell what is to be told. Never raises, and never keeps anything from being sent."""
        try:
            self._tell(problems)
        except Exception as error:
            log.error("notices could not be looked after: %s", loggable(error), extra={"action": "notices_failed"})
        if self._heartbeat is not None and self._live and not problems:
            self._beat(self._heartbeat)

    def _tell(self, problems: Sequence[str]) -> None:
        """What is wrong with one campaign keeps nobody from being told of the others."""
        now, is_possible = self._clock.now(), all(isinstance(p, CampaignProblem) for p in problems)
        if is_possible:
            self._look_after_others(now)
        found = [*self._problems(problems, now), *(self._sender_problems(now) if is_possible else ())]
        has_looked = self._looked_at is not None and self._looked_at <= now < self._looked_at + LOOK_EVERY
        if not found and has_looked and self._version == self._ledger.events.version():
            return  # nothing has changed in the ledger, and not much time has passed
        if self._known is None:
            self._known = self._told(now)
        told = self._known | self._said_here
        found[:0] = [interrupted_notice(lost, self._zone_of(lost.campaigns)) for lost in self._lost]
        if is_possible:
            unread = {p.campaign for p in problems if isinstance(p, CampaignProblem)}
            readable = (r for r in self._rehearsals() if r.plan.campaign.id not in unread)
            found += [n for r in readable for n in notices(self._picture(r, now, told))]
        found = [n for n in found if not told.issuperset(n.keys)]
        if found:  # another program may have said it meanwhile
            self._known = self._told(now)
            found = [n for n in found if not self._known.issuperset(n.keys)]
        found = without_repeats(found)
        ready = [n for n in found if not self._is_waiting(n.to, now)]
        if ready:
            self._say(ready, now)
        elif not found:
            self._version, self._looked_at = self._ledger.events.version() if not problems else -1, now

    def _is_waiting(self, to: tuple[str, ...], now: datetime) -> bool:
        """Whether these people could not be told just now. Others do not wait for them."""
        _, until = self._waits.get(to, (0, now))
        return now < until <= now + LONGEST_WAIT  # else the clock was set back

    def _zone_of(self, campaigns: Collection[str]) -> str:
        """Where one of them is at home, as far as this process knows; else where its first campaign is."""
        known = [r.plan.campaign for r in self._rehearsals()]
        return next((c.time_zone for c in (*(c for c in known if c.id in campaigns), *known)), "UTC")

    def _problems(self, problems: Sequence[str], now: datetime) -> list[Notice]:
        """What has kept passes from being made for a while."""
        self._problem_since = {p: self._problem_since.get(p, now) for p in problems}
        day = (now - MORNING).date().isoformat()
        return [problem_notice(p, day) for p, since in self._problem_since.items() if now - since >= self._patience]

    def _sender_problems(self, now: datetime) -> list[Notice]:
        """What is wrong with the processes that send, and was so at an earlier look: a file may just be saved."""
        trouble = self._sender_trouble()
        self._trouble_since = {kind: self._trouble_since.get(kind, now) for kind in trouble}
        day = (now - MORNING).date().isoformat()
        return [
            Notice((f"process:{kind}:{day}",), f"{words}.", always=True)
            for kind, words in trouble.items()
            if now - self._trouble_since[kind] >= min(self._patience, SENDER_PATIENCE)
        ]

    def _told(self, now: datetime) -> frozenset[str]:
        try:
            events = self._ledger.events.of_kinds(TOLD, since=now - MEMORY)
        except ObservanceError:  # that the ledger is out of reach is what has to be said
            return self._said_here
        keys = (e.data.get("keys") for e in events)
        return self._said_here.union(*(map(str, some) for some in keys if isinstance(some, list)))

    def _picture(self, rehearsal: Rehearsal, now: datetime, told: frozenset[str]) -> AlertContext:
        key = rehearsal.plan.key
        mode = str(self._settings.mode)
        approvals = self._ledger.approvals.of_season(key)
        signatures = self._ledger.signatures.of_campaign(*rehearsal.plan.campaign.signed_in).valid_on(now.date())
        before = self._ledger.deliveries.of_season(mode, SeasonKey(key.campaign, key.season - 1))
        ready = self._ledger.deliveries.due(mode, key, now=now - LATE)
        return AlertContext(
            now=now,
            campaign=rehearsal.plan.campaign,
            season=rehearsal.plan.season,
            live=self._live,
            rules=self._settings.notices,
            deliveries=(
                *(d for d in before if d.changed_at is not None and now - d.changed_at <= AFTERWARDS),
                *self._ledger.deliveries.of_season(mode, key),
            ),
            messages=rehearsal.messages,
            approvals=approvals,
            unmet=lambda message: bool(rehearsal.missing(message, approvals)),
            signatures=signatures,
            help_lines=replace(rehearsal, signatures=signatures).help_lines_to_verify(
                now.astimezone(ZoneInfo(rehearsal.plan.campaign.time_zone)).date()
            ),
            holds=self._ledger.holds.in_force(),
            pauses=self._ledger.pauses.in_force(mode, now=now),
            settle=self._settle,
            contact_max_age=timedelta(days=self._settings.contact_max_age_days),
            stuck=frozenset(d.id for d in ready if d.changed_at is not None and d.changed_at <= now - LATE),
            leave_page=self._leave_page(key),
            public_url=self._settings.public_url,
            told=told,
            in_the_way=partial(self._in_the_way, rehearsal),
            is_example=(
                "organisation.name" in self._settings.placeholders() and self._ledger.armings.find(key) is None
            ),
        )

    def _in_the_way(self, rehearsal: Rehearsal, delivery: Delivery) -> str:
        """Why the last check would refuse it at its instant, as things stand; empty: it would not."""
        standing = self._ledger.deliveries.snapshot(delivery.id)
        if standing is None:
            return ""
        message = rehearsal.message(delivery.item, delivery.channel)
        verdict = check_before_send(message, standing, rehearsal, mode=self._settings.mode, now=delivery.due_at)
        return in_words(verdict.refused, zone=rehearsal.plan.campaign.time_zone, channel=delivery.channel)

    def _leave_page(self, key: SeasonKey) -> Found | None:
        """What emails of a season wait for; None where they do not."""
        if self._settings.unsubscribe_check == "trust":
            return None
        address, events = self._settings.public_url, self._ledger.events.of_kinds(ASKED, CONFIRMED)
        found = last_found(events, address)
        if found is None or not found.is_bad:
            return None
        return None if found.page is LeavePage.UNSEEN and is_confirmed(events, address, key) else found

    # -- saying it --------------------------------------------------------------------------------------

    def _say(self, found: Sequence[Notice], now: datetime) -> None:
        """Tell somebody, and write down that it was told. In a rehearsal only that it is one leaves the machine, where
        it should be none; all else is written to the log instead."""
        aloud = [n for n in found if self._ways and (self._live or n.always)]
        for notice in (n for n in found if n not in aloud):
            log.info("a notice: %s", notice.in_words, extra={"action": "notice", "keys": notice.keys})
        alike: dict[tuple[str, tuple[str, ...]], list[Notice]] = {}
        for notice in aloud:
            alike.setdefault((notice.code if notice.title else "", notice.to), []).append(notice)
        given = [notice for those in alike.values() if self._give(those) for notice in those]
        for to in {notice.to for notice in aloud}:
            times, _ = self._waits.pop(to, (0, now))
            if any(notice.to == to and notice not in given for notice in aloud):
                self._waits[to] = times + 1, now + min(FIRST_WAIT * 2 ** min(times, 10), LONGEST_WAIT)
        if aloud and not given:
            return
        self._said_here = self._said_here.union(*(n.keys for n in found if n in given or n not in aloud))
        if given:  # else nobody was told but the log: with a way out it is told again
            log.info("%s notices were given", len(given), extra={"action": "notices_given"})
            self._ledger.events.record(
                TOLD,
                who="notices",
                now=now,
                codes=sorted({n.code for n in given}),
                keys=[key for notice in given for key in notice.keys],
                texts=[n.in_words for n in given],
            )

    def _give(self, those: Sequence[Notice]) -> bool:
        """One message of notices that go together, by each way. Whether somebody has it."""
        (title, text), to = one_text(those), those[0].to
        addressed = [way for way in self._ways if to and isinstance(way, AddressedChannel)]
        delivered = False
        for way in addressed or self._ways:
            if wrong := _told_by(way, title, text, to if addressed else ()):
                log.warning("a notice could not be given by %s: %s", way.name, wrong, extra={"action": "notice_failed"})
            delivered = delivered or not wrong
        return delivered

    def _beat(self, heartbeat: NotificationChannel) -> None:
        now = self._clock.now()
        if self._beat_at is not None and self._beat_at <= now < self._beat_at + HEARTBEAT_EVERY:
            return
        self._beat_at = now
        if wrong := _told_by(heartbeat, "", ""):
            log.warning("the heartbeat could not be given: %s", wrong, extra={"action": "heartbeat_failed"})


def _told_by(way: NotificationChannel, title: str, text: str, to: Sequence[str] = ()) -> str:
    """Empty when it was delivered, else why not."""
    try:
        if to and isinstance(way, AddressedChannel):
            return way.tell_to(to, title, text)
        return way.tell(title, text)
    except Exception as error:
        return type(error).__name__


class BackgroundNotifier:
    """Calls a function in a thread of its own, one at a time; a call that comes while one runs is left out.

    What is told may take as long as a mail server takes; what is sent must not wait for it.
    """

    def __init__(self, function: Callable[[Sequence[str]], None]) -> None:
        self._function = function
        self._thread: threading.Thread | None = None

    def __call__(self, problems: Sequence[str]) -> None:
        if self._thread is not None and self._thread.is_alive():
            return
        self._thread = threading.Thread(target=self._function, args=(tuple(problems),), name="notices", daemon=True)
        self._thread.start()

    def close(self, seconds: float = 10.0) -> None:
        """Wait for the call under way, for a while."""
        if self._thread is not None:
            self._thread.join(seconds)
