"""Sending: the ways out, the passes over the ledger, and telling people."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from ..domain.clock_state import clock_words
from ..errors import OutOfReach
from ..settings import ChannelSettings, Mode, Settings, settings_fingerprint
from .outside import Outside
from .senders import Senders

if TYPE_CHECKING:
    from ..domain.records import Restoration
    from ..engine.clock_check import ClockCheck
    from ..engine.heartbeat import Heartbeat
    from ..engine.leave_check import LeaveCheck
    from ..engine.notifier import Notifier
    from ..engine.send_journal import Journal
    from ..engine.tick import Tick
    from ..engine.whereabouts import Whereabouts
    from ..operating.doctor_result import DoctorResult
    from ..ports import Transport
    from ..store import Ledger
    from .taking_up import SettingsWatch


log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(slots=True)
class Running:
    """What a process that sends holds."""

    ledger: Ledger
    transports: dict[str, Transport]
    ticks: list[Tick]
    heartbeat: Heartbeat
    clock_check: ClockCheck

    def clock_trouble(self) -> str:
        """What is wrong with the clock, asked before the first pass; empty for nothing."""
        why = self.clock_check.look(pressing=True)
        return clock_words(why) if why is not None else ""


class Sending(Senders, Outside):
    """A project that sends."""

    def transports(self) -> dict[str, Transport]:
        """The ways out for the present mode: the providers when live, recording ones in a rehearsal."""
        return {name: self.way_out(c) for name, c in self.settings.channels.items() if c.enabled}

    def way_out(self, channel: ChannelSettings, *, live: bool | None = None) -> Transport:
        """One way out for the present mode. ``live``: whatever the mode is; a person asked for it by name."""
        from ..channels.recording import RecordingTransport

        context = self.channel_context(channel, self.return_path(channel))
        if self.settings.mode is Mode.LIVE if live is None else live:
            return context.spec.transport(context)
        return RecordingTransport(context, self.root / "var" / "rehearsal")

    def tick(
        self,
        campaign_id: str,
        year: int | None,
        ledger: Ledger,
        transports: Mapping[str, Transport],
        journal: Journal | None = None,
        whereabouts: Whereabouts | None = None,
        clock_check: ClockCheck | None = None,
        leave_check: LeaveCheck | None = None,
    ) -> Tick:
        """One campaign's passes over the ledger."""
        from ..engine.tick import Tick

        return Tick(
            ledger,
            transports,
            lambda: self.rehearse(campaign_id, year, ledger=ledger),
            self.settings,
            self.clock,
            self.unsubscribe_url(campaign_id),
            waived=self.waived(),
            preferences_url=self.preferences_url(campaign_id),
            fingerprint=lambda: files_fingerprint(self.root, campaign_id),
            journal=journal,
            clock_check=clock_check,
            leave_check=leave_check,
            whereabouts=whereabouts,
        )

    @contextmanager
    def sending(self, kind: str, campaigns: Sequence[str], year: int | None) -> Iterator[Running]:
        """Own the ledger, and hold a tick for each campaign. Raises HeldByAnother while another process sends.

        ``kind``: "start" or "tick". While it lasts, the ledger has a row about this process.
        """
        from ..engine.failpoints import hit
        from ..engine.heartbeat import Heartbeat, this_process
        from ..engine.process_lock import lock_database
        from ..engine.replay import replay, replay_erasures
        from ..engine.send_journal import Journal

        with lock_database(self._database_file(), now=self.clock.now()):
            settings = settings_fingerprint(self.root)
            patiently = wait_out if kind == "start" else _at_once
            ledger = patiently(lambda: self.open_ledger(failpoint=hit))
            transports = self.transports()
            row = this_process(
                kind,
                mode=self.settings.mode.value,
                settings_fingerprint=settings,
                campaigns=campaigns,
                now=self.clock.now(),
            )
            row = replace(row, pinned=tuple(sorted(self.settings.overridden)))
            heartbeat = Heartbeat(ledger, row, self.clock)
            where = patiently(lambda: self.whereabouts(ledger))
            journal = Journal(self.journal_folder(), patiently(ledger.ledger_id), note=where.begun)
            try:
                patiently(self.signing_keys)  # without them no link in a mail would be good
                replay(journal, ledger, now=self.clock.now())
                _say_restored(patiently(lambda: ledger.take_over(now=self.clock.now())))
                patiently(lambda: replay_erasures(journal.folder, ledger, now=self.clock.now()))
                heartbeat.start()
                clock, leave = self.clock_check(ledger), patiently(lambda: self.leave_check(ledger))
                self.hear_the_time(transports, clock)
                ticks = [self.tick(c, year, ledger, transports, journal, where, clock, leave) for c in campaigns]
                yield Running(ledger, transports, ticks, heartbeat, clock)
            finally:
                journal.close()
                replay(journal, ledger, now=self.clock.now())  # what the ledger could not take before
                heartbeat.close()
                for way in transports.values():
                    way.close()
                ledger.close()

    def teller(self, running: Running, *, patient: bool = True) -> Notifier:
        """Who tells people what needs them, after each pass. Not ``patient``: there is one pass only (`tick`)."""
        from ..channels.notify import heartbeat_of, ways_of
        from ..engine.notifier import PATIENCE, Notifier

        ticks = running.ticks
        return Notifier(
            running.ledger,
            lambda: [tick.rehearsal for tick in ticks if tick.rehearsal is not None],
            self.settings,
            self.clock,
            ways_of(self.settings.notices, self.settings.secrets, self.clock),
            settle=ticks[0].settle_times() if ticks else {},
            heartbeat=heartbeat_of(self.settings.notices),
            patience=PATIENCE if patient else timedelta(0),
            node=running.heartbeat.sender.node,
            sender_key=running.heartbeat.sender.key,
            alone=self._database_file() is not None,
            sender_trouble=lambda: {line.check: _in_one(line) for line in self.sender_trouble(running.ledger)},
        )

    @contextmanager
    def telling(self, running: Running, watch: SettingsWatch) -> Iterator[Callable[[Sequence[str]], None]]:
        """While the alarm runs: what to call after each pass. It comes back at once, whatever is told."""
        from ..engine.notifier import BackgroundNotifier

        teller = self.teller(running)
        watch.then.append(lambda settings: self._tell_by(teller, running.ticks, settings))
        teller.begin()
        aside = BackgroundNotifier(teller.after_pass)

        def after_pass(problems: Sequence[str]) -> None:
            if not problems:
                running.heartbeat.passed(self.clock.now())
            aside(problems)

        try:
            yield after_pass
        finally:
            aside.close()
            teller.end()

    def _tell_by(self, teller: Notifier, ticks: Sequence[Tick], settings: Settings) -> None:
        from ..channels.notify import heartbeat_of, ways_of

        teller.take_up(
            settings,
            ways_of(settings.notices, settings.secrets, self.clock),
            settle=ticks[0].settle_times() if ticks else {},
            heartbeat=heartbeat_of(settings.notices),
        )


def _in_one(line: DoctorResult) -> str:
    return f"{line.said[:1].upper()}{line.said[1:]}. What to do: {line.to_do}"


def wait_out(function: Callable[[], T]) -> T:
    """What ``function`` gives, once the database lets it: what may be over by itself is said, and tried again, later
    each time. Raises what no waiting helps."""
    from ..engine.alarm import FIRST_WAIT, LONGEST_WAIT
    from ..engine.wakeup import WakeEvent

    wait, nap = FIRST_WAIT, WakeEvent()
    try:
        while True:
            try:
                return function()
            except OutOfReach as problem:
                if not problem.passes:
                    raise
                seconds = wait.total_seconds()
                words, extra = problem.message, {"action": "database_waited_for"}
                log.error("%s; tried again in %.0f s", words, seconds, extra=extra)
            nap.wait(seconds)
            wait = min(wait * 2, LONGEST_WAIT)
    finally:
        nap.close()


def _at_once(function: Callable[[], T]) -> T:
    return function()


def _say_restored(restoration: Restoration | None) -> None:
    if restoration is not None:
        log.warning(
            "this ledger was put back from a backup of %s; %s deliveries were due since, may have gone out already, "
            "and are not sent again: settle each with `resolve`",
            f"{restoration.copied_at:%Y-%m-%d %H:%M} UTC",
            len(restoration.missed),
            extra={"action": "ledger_restored", "deliveries": [d.id for d in restoration.missed]},
        )


def files_fingerprint(root: Path, campaign_id: str) -> str:
    """Changes when any file that a message is made from changes: names, sizes and times of change."""
    digest = hashlib.blake2b(digest_size=16)
    for folder in (root / "campaigns" / campaign_id, root / "templates", root / "config"):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                stat = path.stat()
                digest.update(f"{path.relative_to(root)}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()
