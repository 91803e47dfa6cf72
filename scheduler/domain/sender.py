"""The processes that send: what each says of itself in the ledger, and how it is judged by others."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from ..light_dataclass import dataclass

#: How often a process says that it is alive.
HEARTBEAT_EVERY = timedelta(seconds=20)
#: A process that has not been seen for so long, six heartbeats, is not counted as running.
UNSEEN_AFTER = timedelta(minutes=2)
#: A `tick` ends at once. While the last one is younger than this, ticks are what sends (cron, each five minutes).
TICKS_EVERY = timedelta(minutes=15)

REHEARSAL, LIVE = "rehearsal", "live"
#: The kind of a process that sends what another one has written down.
WORKER = "worker"


@dataclass(frozen=True)
class Sender:
    """One process that sends, as the ledger knows it. Times are by its own clock."""

    key: str  # random, of this process alone: a process id comes again
    kind: str  # "start" | "tick" | "worker"
    pid: int
    host: str
    version: str  # of the program
    mode: str  # "rehearsal" | "live"
    settings_fingerprint: str  # of the settings' files, as it took them up last
    campaigns: tuple[str, ...]
    started_at: datetime
    last_seen_at: datetime
    pages_address: str = ""  # host:port that it serves pages at; empty: none
    pinned: tuple[str, ...] = ()  # settings that its environment holds against the files
    restart_for: tuple[str, ...] = ()  # settings that were changed and wait for its restart
    settings_problem: str = ""  # why it did not take up the files as they are now
    last_pass_at: datetime | None = None
    ended_at: datetime | None = None
    lost_at: datetime | None = None  # when others found that it had ended without saying so

    @property
    def name(self) -> str:
        return f"{'worker' if self.kind == WORKER else 'process'} {self.pid} on {self.host}"

    @property
    def reads_files(self) -> bool:
        """Whether it is a process beside the campaign's files: without one, nothing is sent."""
        return self.kind != WORKER

    @property
    def node(self) -> str:
        """As calls name it."""
        return f"{self.host}:{self.pid}"

    @property
    def is_open(self) -> bool:
        """Whether it has neither said that it ended, nor been found to have ended without saying so."""
        return self.ended_at is None and self.lost_at is None


def running(senders: Iterable[Sender], now: datetime, *, locked: bool | None = None) -> tuple[Sender, ...]:
    """Which of them run now, the latest first.

    ``locked``: whether a process holds a SQLite file, which tells more than any clock; None: nothing can be locked.
    """
    if locked is False:
        return ()
    those = sorted((s for s in senders if s.is_open), key=lambda s: s.last_seen_at, reverse=True)
    if locked:  # one owner, whatever the clocks say
        return tuple(those[:1])
    return tuple(s for s in those if now - s.last_seen_at <= UNSEEN_AFTER)


def at_work(senders: Iterable[Sender], now: datetime, *, locked: bool | None = None) -> tuple[Sender, ...]:
    """Those that run, and ticks that ended a moment ago: with cron they are what sends."""
    rows = tuple(senders)
    ticks = (s for s in rows if s.kind == "tick" and s.ended_at is not None and now - s.ended_at <= TICKS_EVERY)
    return (*running(rows, now, locked=locked), *sorted(ticks, key=lambda s: s.last_seen_at, reverse=True))


@dataclass(frozen=True)
class ArmedSeason:
    """A season that live sends are allowed for, and that has something to come."""

    campaign: str
    season: int
    first_due_at: datetime  # of what is to come
