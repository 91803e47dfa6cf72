"""The list of readers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from secrets import token_hex
from typing import Protocol

from ..domain.address import address_key
from ..domain.cadence import DEFAULT_CADENCE, Cadence
from ..domain.subscriber import Consent, ConsentToExample, Subscriber


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


class SubscriberList(Protocol):
    """The readers, as far as an import needs them."""

    def add_many(self, rows: Sequence[NewSubscriber], *, now: datetime) -> AddResult:
        """Add readers in one transaction: all of ``rows`` that can be added, or, on an error, none.

        No two of ``rows`` have the same key. A row is left out when its key is suppressed (this is looked at
        first, and is never overridden), or when it is on the list: as ``repeated`` if it was added with the same
        ``source`` and ``now``, else as ``already_there``. Existing readers are not changed.
        Raises :class:`~scheduler.errors.OutOfReach` when the database cannot be reached.
        """
        ...


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


class ReaderList(SubscriberList, Protocol):
    """The readers, one at a time. Raises OutOfReach as :class:`Ledger` does.

    No method but ``reader`` and ``find_reader`` gives back an address.
    """

    def subscriber(self, subscriber_id: str) -> Subscriber | None: ...

    def find_subscriber(self, address: str) -> Subscriber | None:
        """The reader with that address, however it is written."""
        ...

    def consents_to_example(self) -> tuple[ConsentToExample, ...]:
        """Readers on the list, or about to be, whose latest consent names the example organization; oldest first."""
        ...

    def consents(self, subscriber_id: str) -> tuple[Consent, ...]:
        """What a reader agreed to, oldest first; the line of the import among them."""
        ...

    def sign_up(
        self,
        new: NewSubscriber,
        *,
        token_hash: str,
        expires_at: datetime,
        what: str,
        wording: str,
        network: str = "",
        now: datetime,
    ) -> tuple[SignUpEnd, str]:
        """A form was sent. Returns how it ended and the reader's id; a confirmation waits only after CONFIRM."""
        ...

    def forget_unconfirmed(self, *, now: datetime) -> int:
        """Delete who signed up and did not confirm in time. Returns how many."""
        ...

    def waiting_confirmation(self, token_hash: str, *, now: datetime) -> Subscriber | None:
        """The reader whom a confirmation link is for; None when it is unknown, used or expired. Changes nothing."""
        ...

    def confirm(self, token_hash: str, *, now: datetime) -> Confirmed | None:
        """The reader says yes. None for a link that is unknown or expired, or whose reader has left since."""
        ...

    def add_subscriber(self, new: NewSubscriber, *, who: str, asked_back: bool = False, now: datetime) -> Added:
        """A named person adds a reader who asked to be on the list.

        Who is there already stays as they are; where their consent names the example organization, that they agreed
        again is written down.
        """
        ...

    def set_cadence(self, subscriber_id: str, cadence: Cadence, *, now: datetime) -> bool:
        """How often, from the next item on. False when it is so already, or there is no such reader."""
        ...

    def pause_subscriber(self, subscriber_id: str, *, until_at: datetime, now: datetime) -> bool:
        """Silence until then. What falls due meanwhile is not sent later."""
        ...

    def resume_subscriber(self, subscriber_id: str, *, now: datetime) -> bool:
        """The end of a pause, before its date."""
        ...

    def set_zone(self, subscriber_id: str, zone: str, *, now: datetime) -> bool:
        """Where the reader's morning is; an empty zone is the campaign's."""
        ...

    def ask_for_more(self, subscriber_id: str, asks: bool, *, what: str = "", wording: str = "", now: datetime) -> bool:
        """Whether the reader wants to hear of the next season too, and so is kept at the end of this one."""
        ...

    def unsubscribe(self, subscriber_id: str, *, reason: str, now: datetime, source: str = "") -> bool:
        """A reader leaves: in force before the next call. False when there is no such reader, or they had left."""
        ...

    def erase(self, address: str, *, who: str, now: datetime) -> Erased:
        """Take an address, its name and its zone out of the ledger, wherever they stand."""
        ...

    def close_season(
        self, campaign: str, season: int, *, keep_who_asked: bool, came_before: datetime, who: str, now: datetime
    ) -> SeasonClosed:
        """Delete the readers who came before the season's end; what is barred stays barred, by a keyed hash."""
        ...
