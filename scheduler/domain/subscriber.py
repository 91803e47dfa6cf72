"""States of a subscription, the one table of allowed moves, and what a reader agreed to.

A subscriber is a person; a subscription is that person on the list of one campaign. Leaving is of a subscription. What
ends the address itself (a bounce, a complaint, an erasure) is of the person: it moves all of their subscriptions.

Only ``active`` readers are written to. A pause ends by itself on its date; one that soft bounces brought about ends
when a mail is known to have arrived. Nothing that a program does by itself brings a reader back to ``active`` who has
left, bounced or complained: that takes the reader's own confirmation, or a named person who was asked.
"""

from __future__ import annotations

from dataclasses import field
from datetime import date, datetime, timedelta
from enum import StrEnum
from secrets import token_hex

from ..light_dataclass import dataclass
from .address import address_key
from .cadence import DEFAULT_CADENCE, Cadence
from .formatting import counted, local_words
from .transactional_email import LetterKind


class SubscriberState(StrEnum):
    """Where a reader stands."""

    PENDING = "pending"  # signed up, has not confirmed; gets the confirmation mail and nothing else
    ACTIVE = "active"  # is written to
    PAUSED = "paused"  # until a date, or after soft bounces
    LEFT = "left"  # unsubscribed
    BOUNCED = "bounced"  # the address does not exist any more
    COMPLAINED = "complained"  # called a mail spam
    ERASED = "erased"  # nothing but the id is kept


@dataclass(frozen=True)
class DeadAddresses:
    """Readers whose addresses do not exist any more: a fact about the list, whatever mailing showed it."""

    addresses: int = 0
    latest_at: datetime | None = None  # when the latest of them was barred; None: that is not known any more

    def in_words(self, time_zone: str) -> str:
        one = self.addresses == 1
        said = f"{self.addresses:,} {'address is' if one else 'addresses are'} dead and barred"
        if self.latest_at is None:
            return said
        return f"{said}{' since' if one else ', the latest since'} {local_words(self.latest_at, time_zone)}"


class SubscriberVerb(StrEnum):
    """What can happen to a reader."""

    SIGN_UP = "sign-up"  # a form was sent; anybody can do that, so it proves nothing yet
    CONFIRM = "confirm"  # the reader followed the link in the confirmation mail and said yes
    ADD = "add"  # a named person adds a reader who asked
    PAUSE = "pause"
    RESUME = "resume"
    SOFT_BOUNCES = "soft-bounces"  # several in a row
    LEAVE = "leave"
    COME_BACK = "come-back"  # the reader takes back, on the page, that they have just left
    BOUNCE = "bounce"
    COMPLAIN = "complain"
    ERASE = "erase"


READER_MOVES: dict[tuple[SubscriberState, SubscriberVerb], SubscriberState] = {
    (SubscriberState.PENDING, SubscriberVerb.SIGN_UP): SubscriberState.PENDING,
    (SubscriberState.PENDING, SubscriberVerb.CONFIRM): SubscriberState.ACTIVE,
    (SubscriberState.PENDING, SubscriberVerb.ADD): SubscriberState.ACTIVE,
    (SubscriberState.PENDING, SubscriberVerb.LEAVE): SubscriberState.LEFT,
    (SubscriberState.PENDING, SubscriberVerb.BOUNCE): SubscriberState.BOUNCED,
    (SubscriberState.PENDING, SubscriberVerb.COMPLAIN): SubscriberState.COMPLAINED,
    (SubscriberState.PENDING, SubscriberVerb.ERASE): SubscriberState.ERASED,
    (SubscriberState.ACTIVE, SubscriberVerb.PAUSE): SubscriberState.PAUSED,
    (SubscriberState.ACTIVE, SubscriberVerb.SOFT_BOUNCES): SubscriberState.PAUSED,
    (SubscriberState.ACTIVE, SubscriberVerb.LEAVE): SubscriberState.LEFT,
    (SubscriberState.ACTIVE, SubscriberVerb.BOUNCE): SubscriberState.BOUNCED,
    (SubscriberState.ACTIVE, SubscriberVerb.COMPLAIN): SubscriberState.COMPLAINED,
    (SubscriberState.ACTIVE, SubscriberVerb.ERASE): SubscriberState.ERASED,
    (SubscriberState.PAUSED, SubscriberVerb.PAUSE): SubscriberState.PAUSED,  # until another date
    (SubscriberState.PAUSED, SubscriberVerb.RESUME): SubscriberState.ACTIVE,
    (SubscriberState.PAUSED, SubscriberVerb.LEAVE): SubscriberState.LEFT,
    (SubscriberState.PAUSED, SubscriberVerb.BOUNCE): SubscriberState.BOUNCED,
    (SubscriberState.PAUSED, SubscriberVerb.COMPLAIN): SubscriberState.COMPLAINED,
    (SubscriberState.PAUSED, SubscriberVerb.ERASE): SubscriberState.ERASED,
    (SubscriberState.LEFT, SubscriberVerb.COME_BACK): SubscriberState.ACTIVE,
    (SubscriberState.LEFT, SubscriberVerb.SIGN_UP): SubscriberState.PENDING,
    (SubscriberState.LEFT, SubscriberVerb.ADD): SubscriberState.ACTIVE,
    (SubscriberState.LEFT, SubscriberVerb.COMPLAIN): SubscriberState.COMPLAINED,
    (SubscriberState.LEFT, SubscriberVerb.ERASE): SubscriberState.ERASED,
    (SubscriberState.BOUNCED, SubscriberVerb.SIGN_UP): SubscriberState.PENDING,
    (SubscriberState.BOUNCED, SubscriberVerb.ADD): SubscriberState.ACTIVE,
    (SubscriberState.BOUNCED, SubscriberVerb.LEAVE): SubscriberState.LEFT,
    (SubscriberState.BOUNCED, SubscriberVerb.COMPLAIN): SubscriberState.COMPLAINED,
    (SubscriberState.BOUNCED, SubscriberVerb.ERASE): SubscriberState.ERASED,
    # A form that anybody can fill in must not make us write to somebody who complained of our mail.
    (SubscriberState.COMPLAINED, SubscriberVerb.ADD): SubscriberState.ACTIVE,
    (SubscriberState.COMPLAINED, SubscriberVerb.ERASE): SubscriberState.ERASED,
}

#: Readers in these states hold consent that was given; a new sign-up of theirs changes nothing.
ON_THE_LIST = frozenset({SubscriberState.ACTIVE, SubscriberState.PAUSED})

#: In which state a reader gets which letter: who has left meanwhile, or has confirmed, gets none.
WANTED_BY: dict[LetterKind, frozenset[SubscriberState]] = {
    LetterKind.CONFIRM: frozenset({SubscriberState.PENDING}),
    LetterKind.WELCOME: ON_THE_LIST,
    LetterKind.ALREADY_THERE: ON_THE_LIST,
    LetterKind.NEW_ADDRESS: ON_THE_LIST,
}


def subscriber_may_come_from(verb: SubscriberVerb) -> tuple[SubscriberState, ...]:
    """The states in which ``verb`` is allowed: the ``WHERE state IN (...)`` of the guarded update."""
    return tuple(sorted(state for state, v in READER_MOVES if v is verb))


def subscriber_leads_to(verb: SubscriberVerb) -> SubscriberState:
    """The state that ``verb`` ends in, wherever it started: the ``SET state`` of the guarded update."""
    (target,) = {after for (_, v), after in READER_MOVES.items() if v is verb}
    return target


class ConsentHow(StrEnum):
    """How a line of the consent history came about."""

    IMPORT = "import"  # a file of readers; one line for the whole file
    ADDED = "added"  # a named person, for a reader who asked
    FORM = "form"  # signed up; not yet proven to be the owner of the address
    CONFIRMED = "confirmed"  # by the link in the mail
    CHANGED = "changed"  # agreed to something more, or to something less
    WITHDRAWN = "withdrawn"  # left, complained, or was erased


@dataclass(frozen=True)
class ConsentLine:
    """One line of the consent history; never changed, never taken out. It holds no address and no network address."""

    at: datetime
    how: ConsentHow
    what: str  # what was agreed to, in words: "one email a day until 1 February 2027"
    wording: str = ""  # the version of the words that the reader saw
    who: str = ""  # the person who added the reader, or where the file came from
    campaign: str = ""  # empty: from before each campaign had a list of its own, or about all of them


@dataclass(frozen=True)
class ConsentToExample:
    """A reader whose latest consent names the organization that is shipped as an example. No address."""

    campaign: str
    subscriber_id: str
    at: datetime
    state: SubscriberState  # pending: the form was sent and the link has not been followed yet
    named: str  # whom the stored sentence names


@dataclass(frozen=True)
class Subscriber:
    """A person as the ledger holds them, whatever they subscribe to. Of an erased one only id and time are left."""

    id: str
    address: str = field(repr=False)
    name: str = field(repr=False)
    zone: str  # IANA; empty: the campaign's
    created_at: datetime
    language: str = ""  # a language tag; empty: the campaign's
    one_a_day: bool = False  # wants at most one mail a day, of all lists together


@dataclass(frozen=True)
class Subscription:
    """A person on the list of one campaign."""

    subscriber: Subscriber
    campaign: str
    state: SubscriberState
    source: str  # where the reader came from: "import readers.csv"
    created_at: datetime
    cadence: Cadence = DEFAULT_CADENCE
    cadence_since_at: datetime | None = None
    paused_until_at: datetime | None = None  # of a paused reader; None: until a mail is known to have arrived
    asked_for_more_at: datetime | None = None  # asked to be kept for the next season
    ends_on: date | None = None  # the last day of what was agreed to; None: no day was named
    discreet: bool | None = None  # which head they chose: the one that tells nothing; None: that of the channel

    def is_over(self, at: datetime) -> bool:
        """Whether the agreed end has passed, wherever that is, and the reader did not ask to be kept."""
        if self.ends_on is None or self.asked_for_more_at is not None:
            return False
        return self.ends_on < (at - timedelta(days=1)).date()

    def is_written_to(self, at: datetime) -> bool:
        """Whether a mail that is due at ``at`` goes to this reader, as far as the subscription's own state says."""
        if self.is_over(at):
            return False
        pause_is_over = self.paused_until_at is not None and self.paused_until_at <= at
        return self.state is SubscriberState.ACTIVE or (self.state is SubscriberState.PAUSED and pause_is_over)


@dataclass  # not frozen: a million of them are made in one import, and frozen ones take three times as long
class NewSubscriber:
    """A reader to be added. The id is random: it must not tell the address."""

    address: str = field(repr=False)  # checked, ASCII
    name: str = field(default="", repr=False)
    zone: str | None = None  # IANA; None: the campaign's
    source: str = ""  # where the reader comes from, the same for all rows of one import: "import readers.csv"
    subscriber_id: str = field(default_factory=lambda: token_hex(16))
    cadence: Cadence = DEFAULT_CADENCE
    ends_on: date | None = None  # the last day of what they agree to; None: no day is named
    discreet: bool | None = None  # which head they choose; None: none

    @property
    def key(self) -> str:
        """What the address is compared by; see :func:`scheduler.domain.address.address_key`."""
        return address_key(self.address)


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class Confirmed:
    """A reader said yes. ``is_new`` False: they had said so before, with the same link."""

    campaign: str
    subscriber_id: str
    is_new: bool
    is_address: bool = False  # the yes was to get the mails at that other address


@dataclass(frozen=True)
class Added:
    """What became of adding one reader. ``barred``: why the address was left alone; empty when it was added."""

    subscriber_id: str
    already_there: bool = False
    barred: str = ""
    agreed_again: bool = False  # there already, with a consent that named the example organization


@dataclass(frozen=True)
class HadMail:
    """A mail that a person was to get, and what became of it."""

    campaign: str
    on: date
    item: str
    state: str


@dataclass(frozen=True)
class KnownOfPerson:
    """All that the ledger holds of a person."""

    subscriptions: tuple[Subscription, ...]
    consents: tuple[ConsentLine, ...]
    mails: tuple[HadMail, ...]
    bars: tuple[tuple[str, str, datetime], ...]  # campaign (empty: all), why, since when


class StillInFiles(StrEnum):
    """Why a database server's files may still hold what was deleted."""

    NOT_OWNER = "not-owner"  # the program's account does not own the tables
    IN_USE = "in-use"  # somebody used the tables all the time
    OLD_TRANSACTION = "old-transaction"  # one that began before may still look at it, so it is kept for that


@dataclass(frozen=True)
class Erased:
    """An address was taken out. ``subscriber_id`` is what is left of the reader; empty for one not on the list."""

    subscriber_id: str
    still_in_files: StillInFiles | None = None


@dataclass(frozen=True)
class SeasonClosed:
    """What the end of a season did to the list, in numbers."""

    deleted: int
    kept: int
    barred: int  # addresses that stay barred, from now on by a keyed hash
    still_in_files: StillInFiles | None = None


def without_folder_words(campaign: str, readers: int) -> tuple[str, str]:
    """A list whose campaign has no folder: what is so, and what to do."""
    number = counted(readers, "reader is", "readers are")
    said = f"{number} on the list of {campaign}, which has no folder in campaigns/: nothing is sent to them"
    back = f"put campaigns/{campaign} back (if it was renamed: under its old name)"
    return said, f"{back}; once its season is over, `subscribers close-season {campaign}` deletes the list"
