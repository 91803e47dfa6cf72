"""The process that sends: its passes over the ledger, and telling people after each."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from ..domain.clock_state import clock_words
from ..errors import OutOfReach
from ..project import files_fingerprint
from ..settings import Settings, settings_fingerprint
from ..wiring import make_transports, open_ledger, signing_keys, whereabouts_of
from .outside import hear_the_time, make_clock_check, make_leave_check
from .seasons import rehearse
from .senders import find_sender_trouble
from .subscriber_links import preferences_url, unsubscribe_url

if TYPE_CHECKING:
    from ..channels.spec import Transport
    from ..domain.records import Restoration
    from ..engine.heartbeat import Heartbeat
    from ..engine.notifier import Notifier
    from ..engine.outside import ClockCheck, LeaveCheck
    from ..engine.send_journal import Journal
    from ..engine.tick import Tick
    from ..engine.whereabouts import Whereabouts
    from ..project import Project
    from ..store import Ledger
    from .doctor.doctor_result import DoctorResult
    from .settings_watch import SettingsWatch


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


def make_tick(
    project: Project,
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
        lambda: rehearse(project, campaign_id, year, ledger=ledger),
        project.settings,
        project.clock,
        unsubscribe_url(project, campaign_id),
        waived=project.waived(),
        preferences_url=preferences_url(project, campaign_id),
        fingerprint=lambda: files_fingerprint(project.root, campaign_id),
        journal=journal,
        clock_check=clock_check,
        leave_check=leave_check,
        whereabouts=whereabouts,
    )


@contextmanager
def sending_process(project: Project, kind: str, campaigns: Sequence[str], year: int | None) -> Iterator[Running]:
    """Own the ledger, and hold a tick for each campaign. Raises HeldByAnother while another process sends.

    ``kind``: "start" or "tick". While it lasts, the ledger has a row about this process.
    """
    from ..engine.failpoints import hit
    from ..engine.heartbeat import Heartbeat, this_process
    from ..engine.process_lock import lock_database
    from ..engine.replay import replay, replay_erasures
    from ..engine.send_journal import Journal

    with lock_database(project.database_file(), now=project.clock.now()):
        settings = settings_fingerprint(project.root)
        patiently = wait_out if kind == "start" else _at_once
        ledger = patiently(lambda: open_ledger(project, failpoint=hit))
        transports = make_transports(project)
        row = this_process(
            kind,
            mode=project.settings.mode.value,
            settings_fingerprint=settings,
            campaigns=campaigns,
            now=project.clock.now(),
        )
        row = replace(row, pinned=tuple(sorted(project.settings.overridden)))
        heartbeat = Heartbeat(ledger, row, project.clock)
        where = patiently(lambda: whereabouts_of(project, ledger))
        journal = Journal(project.journal_folder(), patiently(ledger.attempts.ledger_id), note=where.begun)
        try:
            patiently(partial(signing_keys, project))  # without them no link in a mail would be good
            replay(journal, ledger, now=project.clock.now())
            _say_restored(patiently(lambda: ledger.backups.take_over(now=project.clock.now())))
            patiently(lambda: replay_erasures(journal.folder, ledger, now=project.clock.now()))
            heartbeat.start()
            clock, leave = make_clock_check(project, ledger), patiently(lambda: make_leave_check(project, ledger))
            hear_the_time(project, transports, clock)
            ticks = [make_tick(project, c, year, ledger, transports, journal, where, clock, leave) for c in campaigns]
            yield Running(ledger, transports, ticks, heartbeat, clock)
        finally:
            journal.close()
            replay(journal, ledger, now=project.clock.now())  # what the ledger could not take before
            heartbeat.close()
            for way in transports.values():
                way.close()
            ledger.close()


def make_teller(project: Project, running: Running, *, patient: bool = True) -> Notifier:
    """Who tells people what needs them, after each pass. Not ``patient``: there is one pass only (`tick`)."""
    from ..channels.notify import heartbeat_of, ways_of
    from ..engine.notifier import PATIENCE, Notifier

    ticks = running.ticks
    return Notifier(
        running.ledger,
        lambda: [tick.rehearsal for tick in ticks if tick.rehearsal is not None],
        project.settings,
        project.clock,
        ways_of(project.settings.notices, project.settings.secrets, project.clock),
        settle=ticks[0].settle_times() if ticks else {},
        heartbeat=heartbeat_of(project.settings.notices),
        patience=PATIENCE if patient else timedelta(0),
        node=running.heartbeat.sender.node,
        sender_key=running.heartbeat.sender.key,
        alone=project.database_file() is not None,
        sender_trouble=lambda: {line.check: _in_one(line) for line in find_sender_trouble(project, running.ledger)},
    )


@contextmanager
def telling_after_passes(
    project: Project, running: Running, watch: SettingsWatch
) -> Iterator[Callable[[Sequence[str]], None]]:
    """While the alarm runs: what to call after each pass. It comes back at once, whatever is told."""
    from ..engine.notifier import STARTED, STOPPED, BackgroundNotifier

    teller = make_teller(project, running)
    watch.then.append(lambda settings: _tell_by(project, teller, running.ticks, settings))
    teller.note(STARTED)
    aside = BackgroundNotifier(teller.after_pass)

    def after_pass(problems: Sequence[str]) -> None:
        if not problems:
            running.heartbeat.passed(project.clock.now())
        aside(problems)

    try:
        yield after_pass
    finally:
        aside.close()
        teller.note(STOPPED)


def _tell_by(project: Project, teller: Notifier, ticks: Sequence[Tick], settings: Settings) -> None:
    from ..channels.notify import heartbeat_of, ways_of

    teller.take_up(
        settings,
        ways_of(settings.notices, settings.secrets, project.clock),
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
