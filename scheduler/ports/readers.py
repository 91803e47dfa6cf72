"""The list of readers."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from secrets import token_hex

from ..domain.address import address_key
from ..domain.cadence import DEFAULT_CADENCE, Cadence


@dataclass(slots=True)  # not frozen: a million of them are made in one import, and frozen ones take three times as long
class NewSubscriber:
    """A reader to be added. The id is random: it must not tell the address."""

    address: str = field(repr=False)  # checked, ASCII
    name: str = field(default="", repr=False)
    zone: str | None = None  # IANA; None: the campaign's
    source: str = ""  # where the reader comes from, the same for all rows of one import: "import readers.csv"
    subscriber_id: str = field(default_factory=lambda: token_hex(16))
    cadence: Cadence = DEFAULT_CADENCE

    @property
    def key(self) -> str:
        """What the address is compared by; see :func:`scheduler.domain.address.address_key`."""
        return address_key(self.address)


@dataclass(frozen=True, slots=True)
class AddResult:
    """What became of the rows given to ``add_many``, as positions in them; all others were added."""

    already_there: tuple[int, ...] = ()
    suppressed: tuple[int, ...] = ()
    repeated: tuple[int, ...] = ()  # added a moment ago under the same source and instant: twice in one file


class SignUpEnd(StrEnum):
    """How a sign-up form ended. The page says the same in every case; the mails differ."""

    CONFIRM = "confirm"  # a confirmation mail is to be sent
    ALREADY_THERE = "already-there"  # the reader is on the list: a mail may say so, with the way to their choices
    WAIT = "wait"  # a mail went to this address within a day: none now
    FULL = "full"  # too many letters wait to be sent: none more
    FLOOD = "flood"  # too many forms from one place within a day: no mail
    BARRED = "barred"  # complained of our mail: no mail, whatever a form says


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A reader said yes. ``is_new`` False: they had said so before, with the same link."""

    subscriber_id: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class Added:
    """What became of adding one reader. ``barred``: why the address was left alone; empty when it was added."""

    subscriber_id: str
    already_there: bool = False
    barred: str = ""
    agreed_again: bool = False  # there already, with a consent that named the example organization


class StillInFiles(StrEnum):
    """Why a database server's files may still hold what was deleted."""

    NOT_OWNER = "not-owner"  # the program's account does not own the tables
    IN_USE = "in-use"  # somebody used the tables all the time
    OLD_TRANSACTION = "old-transaction"  # one that began before may still look at it, so it is kept for that


@dataclass(frozen=True, slots=True)
class Erased:
    """An address was taken out. ``subscriber_id`` is what is left of the reader; empty for one not on the list."""

    subscriber_id: str
    still_in_files: StillInFiles | None = None


@dataclass(frozen=True, slots=True)
class SeasonClosed:
    """What the end of a season did to the list, in numbers."""

    deleted: int
    kept: int
    barred: int  # addresses that stay barred, from now on by a keyed hash
    still_in_files: StillInFiles | None = None
