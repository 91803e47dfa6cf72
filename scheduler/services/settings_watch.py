"""A running process takes up changed settings by itself, between two passes. What it cannot take up, it says."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from ..domain.redact import without_addresses
from ..errors import ObservanceError, OutOfReach
from ..project import clock_for
from ..schema.field import flat
from ..settings import Mode, Settings, settings_fingerprint
from ..wiring import load_settings, make_transports
from .outside import hear_the_time, make_clock_check, make_leave_check

if TYPE_CHECKING:
    from ..project import Project
    from .running import Running


log = logging.getLogger(__name__)


#: Settings that a process reads once, when it starts, and the fields that hold them.
NEEDS_RESTART: Mapping[str, str] = {n: key.attribute for n, key in flat(Settings).items() if key.field.restart}
TAKEN_UP = "settings.taken-up"


_LONGEST = 400


_MODE = re.compile(r"""^\s*mode\s*=\s*["']rehearsal["']\s*(?:#.*)?$""", re.MULTILINE)


class SettingsWatch:
    """Looks at the settings' files before each pass. For one thread: nothing may be under way meanwhile."""

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
        before, seen = self._seen, settings_fingerprint(self._project.root)
        if seen == before:
            return
        self._seen = seen
        try:
            try:
                loaded = load_settings(self._project.root, self._project.env)
            except ObservanceError as problem:
                self._keep(problem)
            else:
                self._take_up_or_keep(loaded, seen)
        except OutOfReach:
            self._seen = before
            raise

    def _take_up_or_keep(self, loaded: Settings, fingerprint: str) -> None:
        try:
            self._take_up(loaded, fingerprint)
        except OutOfReach:
            raise
        except ObservanceError as problem:
            self._keep(problem)

    def _take_up(self, loaded: Settings, fingerprint: str) -> None:
        project, now = self._project, self._project.settings
        settings = as_far_as_possible(loaded, now)
        clock_for(settings, project.env)  # raises where the clock may not be a pretended one any more
        changed = changed_settings(now, settings)
        waiting = waits_for_restart(loaded, settings)
        pinned = tuple(sorted(loaded.overridden))
        self._adopt(settings)
        self._running.heartbeat.change(
            mode=settings.mode.value,
            settings_fingerprint=fingerprint,
            pinned=pinned,
            restart_for=waiting,
            settings_problem="",
        )
        if changed:
            names, mode = ", ".join(changed), settings.mode
            log.warning("changed settings were taken up: %s (mode: %s)", names, mode, extra={"action": TAKEN_UP})
        if waiting:
            log.warning("for %s this process has to be started again", ", ".join(waiting), extra={"action": TAKEN_UP})
        for name in pinned:
            variable = loaded.overridden[name]
            log.warning("%s in the files has no effect: %s is set here", name, variable, extra={"action": TAKEN_UP})
        if changed or waiting or pinned:
            self._write_down(changed=changed, waiting=waiting, pinned=pinned, mode=settings.mode.value)

    def _keep(self, problem: ObservanceError) -> None:
        """Go on as before; but where the file asks for a rehearsal in so many words, nothing goes out live."""
        said = without_addresses(" ".join(problem.message.split()))[:_LONGEST]
        settings = self._project.settings
        if settings.mode is Mode.LIVE and self._asks_for_rehearsal():
            self._adopt(replace(settings, mode=Mode.REHEARSAL))
        mode = self._project.settings.mode.value
        self._running.heartbeat.change(mode=mode, settings_problem=said)
        log.error(
            "changed settings cannot be taken up; this process goes on with its earlier ones (mode: %s): %s",
            mode,
            said,
            extra={"action": "settings_unusable"},
        )
        self._write_down(problem=said, mode=mode)

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
        before, transports = dict(running.transports), make_transports(other)
        clock, leave = make_clock_check(other, running.ledger), make_leave_check(other, running.ledger)
        hear_the_time(other, transports, clock)
        project.settings = settings
        running.clock_check = clock
        for tick in running.ticks:
            tick.take_up(settings, transports, waived=project.waived(), clock_check=clock, leave_check=leave)
        running.transports.clear()
        running.transports.update(transports)
        for transport in before.values():
            transport.close()
        for then in self.then:
            then(settings)

    def _write_down(self, **data: object) -> None:
        try:
            self._running.ledger.events.record(TAKEN_UP, who="start", now=self._project.clock.now(), **data)
        except ObservanceError as problem:
            log.error("that could not be written down: %s", problem.message, extra={"action": TAKEN_UP})


def _kept_secrets() -> tuple[str, ...]:
    """Secrets that are read once too: the pages are served with them."""
    from ..channels.registry import CHANNELS

    offered = (CHANNELS[name].receipts for name in CHANNELS.at_hand())
    return ("SECRET_KEY", *(receipts.key.name for receipts in offered if receipts is not None))


def as_far_as_possible(loaded: Settings, now: Settings) -> Settings:
    """``loaded``, but for what a process cannot change while it runs."""
    kept = {field: getattr(now, field) for field in NEEDS_RESTART.values()}
    return replace(loaded, secrets=loaded.secrets.with_those_of(now.secrets, _kept_secrets()), **kept)


def waits_for_restart(loaded: Settings, now: Settings) -> tuple[str, ...]:
    """What ``loaded`` says otherwise than the process that runs with ``now``."""
    names = [name for name, field in NEEDS_RESTART.items() if getattr(loaded, field) != getattr(now, field)]
    names += [f"OBSERVANCE_{name}" for name in _kept_secrets() if loaded.secrets.get(name) != now.secrets.get(name)]
    return tuple(sorted(names))


def changed_settings(before: Settings, after: Settings) -> tuple[str, ...]:
    """The names of what differs; never a value."""
    restart = set(NEEDS_RESTART)
    names = {*before.values, *after.values} - restart
    return tuple(sorted(n for n in names if before.values.get(n) != after.values.get(n)))


__all__ = ["NEEDS_RESTART", "TAKEN_UP", "SettingsWatch", "as_far_as_possible", "changed_settings"]
