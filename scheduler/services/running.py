"""The process that sends: its passes over the ledger, telling people after each, and taking up changed settings
between two by itself. What it cannot take up, it says.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import field, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from ..channels.notify import heartbeat_of, ways_of
from ..channels.registry import CHANNELS
from ..channels.spec import Transport
from ..domain.clock_state import clock_words
from ..domain.formatting import utc_words
from ..domain.redact import without_addresses
from ..engine.alarm import DRAIN, FIRST_WAIT, LONGEST_WAIT
from ..engine.failpoints import hit
from ..engine.heartbeat import Heartbeat, this_process
from ..engine.in_flight import InThreads
from ..engine.notifier import PATIENCE, STARTED, STOPPED, BackgroundNotifier, NotificationChannel, Notifier
from ..engine.outside import ClockCheck, LeaveCheck
from ..engine.process_lock import lock_database
from ..engine.rehearsal_keeper import RehearsalKeeper
from ..engine.replay import replay, replay_erasures
from ..engine.send_journal import Journal
from ..engine.tick import LOOK_SECONDS, Tick
from ..engine.wakeup import WakeEvent
from ..engine.whereabouts import Whereabouts
from ..engine.work_queue import ProcrastinateQueue
from ..engine.worker import Sweep, Worker, Workers
from ..errors import NeedsAPerson, ObservanceError, OutOfReach
from ..light_dataclass import dataclass
from ..project import FilesAtHand, Project, clock_for, files_fingerprint
from ..schema.field import flat
from ..settings import Mode, Settings, settings_fingerprint
from ..wiring import (
    load_settings,
    make_transports,
    open_ledger,
    preferences_url,
    public_address,
    signing_keys,
    unsubscribe_url,
    whereabouts_of,
)
from .doctor import find_sender_trouble
from .outside import hear_the_time, make_clock_check, make_leave_check
from .reviewer_mails import ReviewerMailer
from .seasons import rehearse

if TYPE_CHECKING:
    from ..store import Ledger

log = logging.getLogger(__name__)


#: Settings that a process reads once, when it starts, and the fields that hold them.
NEEDS_RESTART: Mapping[str, str] = {n: key.attribute for n, key in flat(Settings).items() if key.field.restart}
TAKEN_UP = "settings.taken-up"
_LONGEST = 400
_MODE = re.compile(r"""^\s*mode\s*=\s*["']rehearsal["']\s*(?:#.*)?$""", re.MULTILINE)

T = TypeVar("T")


@dataclass
class Running:
    """What a process that sends holds."""

    ledger: Ledger
    transports: dict[str, Transport]
    ticks: list[Tick]
    heartbeat: Heartbeat
    clock_check: ClockCheck
    new_worker: Callable[[str], Worker] | None = None  # for one campaign; of a process without its files
    retired: list[Transport] = field(default_factory=list)  # others have taken their place; calls may be under way

    def close_retired(self) -> None:
        """Close those by which nothing is under way any more."""
        for transport in tuple(self.retired):
            if not any(tick.uses(transport) for tick in self.ticks):
                self.retired.remove(transport)
                transport.close()

    def settle_times(self) -> Mapping[str, timedelta]:
        """By channel: how long after a doubtful call the provider's own records can be believed."""
        if self.ticks:
            return self.ticks[0].settle_times()
        return {name: transport.settle_after() or timedelta(0) for name, transport in self.transports.items()}

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
    sender_key: str = "",
    files: FilesAtHand | None = None,
) -> Tick:
    """One campaign's passes over the ledger. ``sender_key``: of the process that answers for what it reads; empty:
    nothing of it is written down. ``files``: shared by all campaigns of the process."""
    fingerprint = files.fingerprint if files is not None else partial(files_fingerprint, project.root)
    keeper = None
    if sender_key:
        address = public_address(project, campaign_id)
        keeper = RehearsalKeeper(ledger, campaign_id, address=address, sender_key=sender_key)
    return Tick(
        ledger,
        transports,
        lambda: rehearse(project, campaign_id, year, ledger=ledger),
        project.settings,
        project.clock,
        unsubscribe_url(project, campaign_id),
        waived=project.waived(),
        preferences_url=preferences_url(project, campaign_id),
        fingerprint=partial(fingerprint, campaign_id),
        journal=journal,
        clock_check=clock_check,
        leave_check=leave_check,
        whereabouts=whereabouts,
        campaign=campaign_id,
        keeper=keeper,
        calls=InThreads,
    )


def make_worker(
    project: Project, campaign_id: str, running: Running, journal: Journal, whereabouts: Whereabouts, leave: LeaveCheck
) -> Worker:
    """One campaign's passes over what the ledger holds, without its files."""

    def links(address: str) -> tuple[Callable[[str], str], Callable[[str], str]]:
        return unsubscribe_url(project, campaign_id, address), preferences_url(project, campaign_id, address)

    return Worker(
        running.ledger,
        running.transports,
        project.settings,
        project.clock,
        links,
        campaign=campaign_id,
        waived=project.waived(),
        journal=journal,
        clock_check=running.clock_check,
        leave_check=leave,
        whereabouts=whereabouts,
        calls=InThreads,
    )


def make_workers(
    project: Project, running: Running, campaigns: Sequence[str], *, with_queue: bool = False
) -> tuple[Workers, AbstractContextManager[None]]:
    """A worker for each of these campaigns; for none: for each that the process beside the files has written down. And
    what has to be entered while the alarm runs: ``with_queue``, the queue's own hands."""

    def known() -> Sequence[str]:
        readings = running.ledger.rehearsals.readings(project.settings.mode.value)
        return campaigns or sorted({reading.campaign for reading in readings})

    def make(campaign_id: str) -> Worker:
        assert running.new_worker is not None  # noqa: S101 - it was begun as a worker
        worker = running.new_worker(campaign_id)
        running.ticks.append(worker)
        running.heartbeat.change(campaigns=tuple(sorted(tick.campaign for tick in running.ticks)))
        return worker

    if not with_queue:
        return Workers(project.clock, known, make), nullcontext()
    queue = wait_out(lambda: _open_queue(project, running))
    sweep = Sweep(project.clock, known, make, queue)
    return sweep, _working_for(queue, sweep)


@contextmanager
def _working_for(queue: ProcrastinateQueue, sweep: Sweep) -> Iterator[None]:
    """Drain lanes as the queue is rung for them, in a thread of its own. At its end the call under way is waited for,
    as long as the alarm would."""
    stopping = threading.Event()
    hands = threading.Thread(target=queue.run_worker, args=(sweep.drain, stopping), name="queue", daemon=True)
    hands.start()
    try:
        yield
    finally:
        stopping.set()
        hands.join(DRAIN.total_seconds())
        queue.close()


def _open_queue(project: Project, running: Running) -> ProcrastinateQueue:
    """The queue of this ledger. Raises NeedsAPerson where its library is missing."""
    from ..store.database import libpq_address

    return ProcrastinateQueue(libpq_address(project.settings.database_url), running.ledger.attempts.ledger_id())


def refuse_a_worker_here(project: Project) -> None:
    """A worker is another process on the same ledger, and a file has one owner. Raises NeedsAPerson for SQLite."""
    if project.database_file() is not None:
        raise NeedsAPerson(
            f"the ledger is the SQLite file {project.database_file()}, which one process sends from; a worker needs "
            "PostgreSQL, which many can use at once",
            hint="let `start` send, or move the ledger to PostgreSQL (docs/howto/run-on-several-machines.md)",
        )


@contextmanager
def sending_process(project: Project, kind: str, campaigns: Sequence[str], year: int | None) -> Iterator[Running]:
    """Own the ledger, and hold a tick for each campaign. Raises HeldByAnother while another process sends.

    ``kind``: "start", "tick" or "worker", which has no tick of its own and makes workers. While it lasts, the ledger
    has a row about this process.
    """
    with lock_database(project.database_file(), now=project.clock.now()):
        settings = settings_fingerprint(project.root)
        patiently = _at_once if kind == "tick" else wait_out
        ledger = patiently(lambda: open_ledger(project, failpoint=hit))
        transports = make_transports(project)
        mode, pinned, now = project.settings.mode.value, tuple(sorted(project.settings.overridden)), project.clock.now()
        heartbeat = Heartbeat(
            ledger,
            replace(
                this_process(kind, mode=mode, settings_fingerprint=settings, campaigns=campaigns, now=now),
                pinned=pinned,
            ),
            project.clock,
        )
        where = patiently(lambda: whereabouts_of(project, ledger))
        journal = Journal(project.journal_folder(), patiently(ledger.attempts.ledger_id), note=where.begun)
        retired: list[Transport] = []
        try:
            patiently(partial(signing_keys, project))  # without them no link in a mail would be good
            replay(journal, ledger, now=project.clock.now())
            restoration = patiently(lambda: ledger.backups.take_over(now=project.clock.now()))
            if restoration is not None:
                log.warning(
                    "this ledger was put back from a backup of %s; %s deliveries were due since, may have gone out "
                    "already, and are not sent again: settle each with `resolve`",
                    utc_words(restoration.copied_at),
                    len(restoration.missed),
                    extra={"action": "ledger_restored", "deliveries": [d.id for d in restoration.missed]},
                )
            patiently(lambda: replay_erasures(journal.folder, ledger, now=project.clock.now()))
            heartbeat.start()
            clock, leave = make_clock_check(project, ledger), patiently(lambda: make_leave_check(project, ledger))
            hear_the_time(project, transports, clock)
            shared = (journal, where, clock, leave, heartbeat.sender.key, FilesAtHand(project.root))
            ticks = [
                make_tick(project, c, year, ledger, transports, *shared)
                for c in (campaigns if kind != "worker" else ())
            ]
            running = Running(ledger, transports, ticks, heartbeat, clock)
            running.new_worker = lambda campaign: make_worker(project, campaign, running, journal, where, leave)
            retired = running.retired
            yield running
        finally:
            journal.close()
            replay(journal, ledger, now=project.clock.now())  # what the ledger could not take before
            heartbeat.close()
            for way in (*transports.values(), *retired):
                way.close()
            ledger.close()


def make_teller(project: Project, running: Running, *, patient: bool = True) -> Notifier:
    """Who tells people what needs them, after each pass. Not ``patient``: there is one pass only (`tick`)."""
    return Notifier(
        running.ledger,
        lambda: [tick.rehearsal for tick in running.ticks if tick.rehearsal is not None],
        project.settings,
        project.clock,
        ways_of(project.settings.notices, project.settings.secrets, project.clock),
        settle=running.settle_times(),
        heartbeat=_sign_of_life(running, project.settings),
        patience=PATIENCE if patient else timedelta(0),
        node=running.heartbeat.sender.node,
        sender_key=running.heartbeat.sender.key,
        alone=project.database_file() is not None,
        sender_trouble=lambda: {
            line.check: f"{line.said[:1].upper()}{line.said[1:]}. What to do: {line.to_do}"
            for line in find_sender_trouble(project, running.ledger)
        },
    )


def make_reviewer_mailer(project: Project, running: Running) -> ReviewerMailer:
    """Who mails reviewers what waits for them, after each pass."""
    return ReviewerMailer(
        project, running.ledger, lambda: [tick.rehearsal for tick in running.ticks if tick.rehearsal is not None]
    )


def _sign_of_life(running: Running, settings: Settings) -> NotificationChannel | None:
    """Whoever waits for it waits for the process beside the files: without that one nothing goes."""
    return heartbeat_of(settings.notices) if running.heartbeat.sender.reads_files else None


@contextmanager
def telling_after_passes(
    project: Project, running: Running, watch: SettingsWatch
) -> Iterator[Callable[[Sequence[str]], None]]:
    """While the alarm runs: what to call after each pass. It comes back at once, whatever is told."""
    teller = make_teller(project, running)
    watch.then.append(
        lambda settings: teller.take_up(
            settings,
            ways_of(settings.notices, settings.secrets, project.clock),
            settle=running.settle_times(),
            heartbeat=_sign_of_life(running, settings),
        )
    )
    teller.note(STARTED)
    asides = [BackgroundNotifier(teller.after_pass)]
    if running.heartbeat.sender.reads_files:  # reviewers are written to by the process beside the files
        asides.append(BackgroundNotifier(make_reviewer_mailer(project, running).after_pass))

    def after_pass(problems: Sequence[str]) -> None:
        if not problems:
            running.heartbeat.passed(project.clock.now())
        for aside in asides:
            aside(problems)

    try:
        yield after_pass
    finally:
        for aside in asides:
            aside.close()
        teller.note(STOPPED)


class FilesWatch:
    """Wakes the alarm within a second or two when a campaign's files change: workers send by what was read of them, and
    a correction is to stop them as soon as it stops the process beside the files."""

    def __init__(self, running: Running, wake: Callable[[], None]) -> None:
        self._running, self._wake = running, wake
        self._bell, self._ending = WakeEvent(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="files", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._bell.set()
        self._thread.join()
        self._bell.close()

    def _run(self) -> None:
        while not self._ending.is_set():
            self._bell.wait(LOOK_SECONDS)
            if any(tick.has_moved() for tick in self._running.ticks):  # another one is told next time
                self._wake()


def wait_out(function: Callable[[], T]) -> T:
    """What ``function`` gives, once the database lets it: what may be over by itself is said, and tried again, later
    each time. Raises what no waiting helps."""
    wait, nap = FIRST_WAIT, WakeEvent()
    try:
        while True:
            try:
                return function()
            except OutOfReach as problem:
                if not problem.passes:
                    raise
                log.error(
                    "%s; tried again in %.0f s",
                    problem.message,
                    wait.total_seconds(),
                    extra={"action": "database_waited_for"},
                )
            nap.wait(wait.total_seconds())
            wait = min(wait * 2, LONGEST_WAIT)
    finally:
        nap.close()


def _at_once(function: Callable[[], T]) -> T:
    return function()


class SettingsWatch:
    """Looks at the settings' files before each pass, in its thread. A lane that is being drained ends; a call that is
    under way ends by the settings by which it was begun."""

    def __init__(self, project: Project, running: Running) -> None:
        self._project = project
        self._running = running
        self._seen = running.heartbeat.sender.settings_fingerprint
        #: Called with settings that were taken up.
        self.then: list[Callable[[Settings], None]] = []

    def look(self) -> None:
        """Take up what has changed. What is wrong in the files is said, and nothing of them is taken.

        Raises OutOfReach where the database is needed for it and is away: the files are looked at again next time, and
        nothing is to go out meanwhile by settings that do not hold any more.
        """
        self._running.close_retired()
        seen, before = settings_fingerprint(self._project.root), self._seen
        if seen == before:
            return
        self._seen = seen  # first: what fails in a way that nobody foresaw is not done again at each pass
        try:
            try:
                self._take_up(load_settings(self._project.root, self._project.env), seen)
            except OutOfReach:
                raise
            except ObservanceError as problem:
                self._keep(problem)
        except OutOfReach:
            self._seen = before
            raise

    def _take_up(self, loaded: Settings, fingerprint: str) -> None:
        """Take ``loaded``, but for what a process cannot change while it runs."""
        project, now, read_once = self._project, self._project.settings, _secrets_read_once()
        fixed = {field: getattr(now, field) for field in NEEDS_RESTART.values()}
        settings = replace(loaded, secrets=loaded.secrets.with_those_of(now.secrets, read_once), **fixed)
        clock_for(settings, project.env)  # raises where the clock may not be a pretended one any more
        names = {*now.values, *settings.values} - set(NEEDS_RESTART)
        changed = sorted(name for name in names if now.values.get(name) != settings.values.get(name))
        waiting = {name for name, field in NEEDS_RESTART.items() if getattr(loaded, field) != fixed[field]}
        waiting |= {f"OBSERVANCE_{name}" for name in read_once if loaded.secrets.get(name) != now.secrets.get(name)}
        restart_for, pinned, mode = tuple(sorted(waiting)), tuple(sorted(loaded.overridden)), settings.mode.value
        self._adopt(settings)
        self._running.heartbeat.change(
            mode=mode, settings_fingerprint=fingerprint, pinned=pinned, restart_for=restart_for, settings_problem=""
        )
        extra = {"action": TAKEN_UP}
        if changed:
            log.warning("changed settings were taken up: %s (mode: %s)", ", ".join(changed), mode, extra=extra)
        if restart_for:
            log.warning("for %s this process has to be started again", ", ".join(restart_for), extra=extra)
        for name in pinned:
            log.warning("%s in the files has no effect: %s is set here", name, loaded.overridden[name], extra=extra)
        if changed or restart_for or pinned:
            self._write_down(changed=changed, waiting=restart_for, pinned=pinned, mode=mode)

    def _keep(self, problem: ObservanceError) -> None:
        """Go on as before; but where the file asks for a rehearsal in so many words, nothing goes out live."""
        settings, why = self._project.settings, without_addresses(" ".join(problem.message.split()))[:_LONGEST]
        if settings.mode is Mode.LIVE and self._asks_for_rehearsal():
            self._adopt(replace(settings, mode=Mode.REHEARSAL))
        mode = self._project.settings.mode.value
        self._running.heartbeat.change(mode=mode, settings_problem=why)
        log.error(
            "changed settings cannot be taken up; this process goes on with its earlier ones (mode: %s): %s",
            mode,
            why,
            extra={"action": "settings_unusable"},
        )
        self._write_down(problem=why, mode=mode)

    def _asks_for_rehearsal(self) -> bool:
        if self._project.env.get("OBSERVANCE_MODE"):
            return False
        try:
            text = (self._project.root / "config" / "settings.toml").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return False
        return _MODE.search(text) is not None

    def _adopt(self, settings: Settings) -> None:
        """Raises ConfigurationError, before anything has changed, for a channel that cannot be used."""
        project, running = self._project, self._running
        other = replace(project, settings=settings)
        before, transports = tuple(running.transports.values()), make_transports(other)
        clock, leave = make_clock_check(other, running.ledger), make_leave_check(other, running.ledger)
        hear_the_time(other, transports, clock)
        project.settings, project.stamp = settings, ""  # of which files they are is not known any more
        running.clock_check = clock
        for tick in running.ticks:
            tick.take_up(settings, transports, waived=project.waived(), clock_check=clock, leave_check=leave)
        running.transports.clear()
        running.transports.update(transports)
        running.retired.extend(before)
        running.close_retired()
        for then in self.then:
            then(settings)

    def _write_down(self, **data: object) -> None:
        try:
            self._running.ledger.events.record(TAKEN_UP, who="start", now=self._project.clock.now(), **data)
        except ObservanceError as problem:
            log.error("that could not be written down: %s", problem.message, extra={"action": TAKEN_UP})


def _secrets_read_once() -> tuple[str, ...]:
    """Those by which the pages are served."""
    offered = (CHANNELS[name].receipts for name in CHANNELS.at_hand())
    return ("SECRET_KEY", *(receipts.key.name for receipts in offered if receipts is not None))
