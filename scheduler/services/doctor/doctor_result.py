"""One line of the doctor, and all that its checks look at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING

from ...clock import SystemClock
from ...domain.leave_page import Found, LeavePage
from ...domain.outcome import Outcome
from ...domain.records import DatabaseFacts
from ...domain.rehearsal import Rehearsal
from ...domain.sender import Sender
from ...errors import ObservanceError
from ...light_dataclass import dataclass
from ...project import campaign_option
from ...settings import ChannelSettings, Mode, Settings

if TYPE_CHECKING:
    from ...store import Ledger


class Status(StrEnum):
    """How it stands. A light is always a word and a mark besides."""

    GREEN = "green"
    AMBER = "amber"  # needs somebody
    RED = "red"  # keeps something from working

    @property
    def word(self) -> str:
        return {"green": "good", "amber": "needs your attention", "red": "blocked"}[self.value]


@dataclass(frozen=True)
class DoctorResult:
    """What one check found: what is so, and what to do about it."""

    check: str  # "mode", "clock", "secrets of x"
    light: Status
    said: str
    to_do: str = ""
    out_of_reach: bool = False  # a database or a provider cannot be reached
    stops: bool = True  # where it is red: whether nothing goes out meanwhile


@dataclass(frozen=True)
class DoctorSeason:
    """One campaign, as far as it could be read."""

    campaign: str
    rehearsal: Rehearsal | None
    problem: str = ""  # why it could not be read
    spent: Mapping[str, float] = field(default_factory=dict)  # channel -> US dollars


#: Opens a connection and closes it again: (host, port, encrypted, seconds) -> why not, or empty.
Connect = Callable[[str, int, bool, float], str]
#: Asks a channel's provider whether it takes our keys, by a call that sends nothing; None: it is not asked.
Ask = Callable[[ChannelSettings], Outcome | None]
#: Asks the DNS: (name, kind of record) -> the records' texts; empty when there are none. Raises OutOfReach.
LookUp = Callable[[str, str], list[str]]


@dataclass(frozen=True)
class DoctorContext:
    """What the checks look at. Everything is handed in; a check asks the machine for files and for room at most."""

    settings: Settings
    root: Path
    env: Mapping[str, str]
    now: datetime
    pretended: bool = False  # the clock is moved
    seasons: tuple[DoctorSeason, ...] = ()
    ledger: Ledger | None = None  # None: there is none yet, or it cannot be used
    ledger_problem: ObservanceError | None = None
    keys_problem: ObservanceError | None = None  # why readers' links cannot be signed, nor addresses known again
    facts: DatabaseFacts | None = None
    database_file: Path | None = None
    held_by: str = ""  # who holds the database's file now
    senders: tuple[Sender, ...] = ()  # the processes that send now
    displaced: tuple[str, str] = ("", "")  # why nothing is sent from this ledger (a copy, an old state); what to do
    readers: int = 0
    settle: Mapping[str, timedelta] = field(default_factory=dict)  # channel -> when its records can be believed
    waived: frozenset[str] = frozenset()
    online: bool = False
    connect: Connect = lambda host, port, encrypted, seconds: "not tried"
    ask: Ask = lambda channel: None
    look_up: LookUp = lambda name, kind: []
    time_tellers: tuple[str, ...] = ()  # addresses of providers that say what time it is
    time_at: Callable[[str], datetime | None] = lambda address: None
    machine_now: Callable[[], datetime] = SystemClock().now
    leave_page: Callable[[], Found] = lambda: Found(LeavePage.NOT_ASKED)

    @property
    def rehearsals(self) -> list[Rehearsal]:
        """Of the seasons that could be read."""
        return [season.rehearsal for season in self.seasons if season.rehearsal is not None]

    @property
    def live(self) -> bool:
        return self.settings.mode is Mode.LIVE

    @property
    def to_the_public(self) -> bool:
        """Whether what is sent leaves this machine."""
        return self.live and not self.settings.ends_on_this_machine()

    def only(self, campaign: str) -> str:
        """What a command has to say beside, where there are several campaigns."""
        return campaign_option(self.root, campaign)

    def of(self, campaign: str) -> str:
        """The same for the name of a check."""
        return f" of {campaign}" if self.only(campaign) else ""

    def grave(self) -> Status:
        """Red where it stands in the way of something that leaves the machine; amber before."""
        return Status.RED if self.to_the_public else Status.AMBER


Check = Callable[[DoctorContext], Iterable[DoctorResult]]


def of_ledger(check: Callable[[DoctorContext, Ledger], Iterable[DoctorResult]]) -> Check:
    """A check of what the ledger holds: without one it has nothing to say."""

    @wraps(check)
    def checked(examined: DoctorContext) -> Iterable[DoctorResult]:
        return check(examined, examined.ledger) if examined.ledger is not None else ()

    return checked
