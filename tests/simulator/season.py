"""What a season is made of before it begins: calendars of messages, kinds of weather, a protocol to play."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

from scheduler.domain.cadence import Cadence
from scheduler.domain.message import Message, is_of_pieces
from scheduler.domain.season_key import SeasonKey
from scheduler.domain.subscriber import NewSubscriber
from scheduler.store import open_ledger
from tests.support.world import a_post, an_approval, an_email

from .digests import DAILY, DIGEST, OF_EACH_DAY, a_digest, a_frame
from .providers import Habits

CAMPAIGN, SEASON = "a-month", 2027
#: A second one, in some calendars: fewer days, later, with readers of its own; some read both.
OTHER = "another-month"
OTHER_FIRST = date(2027, 1, 9)
FIRST, LAST = date(2027, 1, 1), date(2027, 2, 1)
START = datetime(2026, 12, 31, 12, tzinfo=UTC)
SEASON_ENDS_AT = datetime(2027, 2, 2, tzinfo=UTC)
#: Nothing goes wrong any more after this; what is in doubt is asked about to the end.
CALM_AT = datetime(2027, 2, 4, tzinfo=UTC)
END = datetime(2027, 2, 9, tzinfo=UTC)
CALLS_SPAN = timedelta(hours=1)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Calendar:
    """A season's messages and readers, and a ledger in which everything is approved and armed."""

    messages: tuple[Message, ...]
    digests: dict[str, tuple[str, ...]]  # digest -> the items it tells of
    lists: dict[str, dict[str, Cadence]]  # of each campaign: its readers, and what each chose at the start
    batch_limit: int
    file: bytes


#: Of each calendar: of how many days one has a post, of how many one has a mail, readers, and readers in a batch. They
#: are sparse, so that a season is short to play and there is much trouble for each message; the last one is full.
CALENDARS = (
    (5, 6, 6, 3),
    (4, 6, 7, 3),
    (4, 6, 4, 2),
    (6, 5, 6, 2),
    (4, 9, 9, 3),
    (6, 4, 3, 3),
    (7, 4, 5, 2),
    (5, 6, 7, 4),
    (1, 2, 5, 3),
)
FULL = len(CALENDARS) - 1
FULL_EACH = 40  # of so many seeds one has the full calendar
#: These offer digests: of so many days each.
DIGESTS = {2: 7, 5: 4, 7: 10}
#: In these a second campaign runs beside the first.
TWO = (0, 2)


@lru_cache(maxsize=len(CALENDARS))
def calendar_number(number: int) -> Calendar:
    """The same each time."""
    dice = Random(f"calendar {number}")
    post_each, mail_each, readers, batch_limit = CALENDARS[number]
    messages: list[Message] = []
    for day in range((LAST - FIRST).days + 1):
        on = FIRST + timedelta(days=day)
        for channel in ("x", "email"):
            each = post_each if channel == "x" else mail_each
            if dice.random() > 1 / each and on not in (FIRST, LAST):
                continue
            make = a_post if channel == "x" else an_email
            message = make(f"day-{day + 1:02d}", on=on, channel=channel)
            due_at = message.due_at
            if dice.random() < 0.5:
                due_at += timedelta(minutes=dice.randint(-4 * 60, 11 * 60))
            length = dice.choice([None, None, None, None, 6 * HOUR, 2 * HOUR, 30 * MINUTE])
            expires_at = message.expires_at if length is None else min(message.expires_at, due_at + length)
            if channel == "email" and number in DIGESTS:
                message = replace(message, audience=OF_EACH_DAY)
            messages.append(replace(message, due_at=due_at, expires_at=expires_at))
    digests = _digests(messages, DIGESTS[number]) if number in DIGESTS else ()
    chosen = {reader_number(n).subscriber_id: DIGEST if digests and n % 2 else DAILY for n in range(readers)}
    spans = {digest.item: tuple(item for item, _ in digest.audience.parts) for digest in digests}
    messages += digests
    lists = {CAMPAIGN: chosen}
    if number in TWO:
        messages += _second(number, {m.on: m.due_at for m in messages if m.channel == "x"})
        both = [subscriber for subscriber in chosen if dice.random() < 0.5] or [*chosen][:1]
        lists[OTHER] = dict.fromkeys([*both, "s000", "s001"], DAILY)
    folder = Path(tempfile.mkdtemp(prefix="observance-calendar"))
    try:
        ledger = open_ledger(f"sqlite:///{folder / 'observance.db'}")
        for campaign, on_list in lists.items():
            rows = [
                NewSubscriber(address_of(subscriber), subscriber_id=subscriber, cadence=cadence)
                for subscriber, cadence in on_list.items()
            ]
            ledger.subscribers.add_many(campaign, rows, now=START)
            ledger.armings.arm(SeasonKey(campaign, SEASON), who="Ada", now=START)
        for message in to_approve(messages, digests):
            ledger.approvals.record(an_approval(message, at=START))
        ledger.close()
        with sqlite3.connect(folder / "observance.db") as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        file = (folder / "observance.db").read_bytes()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return Calendar(tuple(messages), spans, lists, batch_limit, file)


def to_approve(messages: Sequence[Message], digests: Collection[object]) -> list[Message]:
    """What people approve: a digest goes by the approvals of its items and of its frame."""
    return [m for m in messages if not is_of_pieces(m)] + ([a_frame()] if digests else [])


def _second(number: int, posts: Mapping[date, datetime]) -> list[Message]:
    """The second campaign's messages: a few, many of them at the hour of the first one's, whose ``posts`` are due then."""
    dice, made = Random(f"second campaign {number}"), list[Message]()
    for day in range((LAST - OTHER_FIRST).days + 1):
        on = OTHER_FIRST + timedelta(days=day)
        for channel, each in (("x", 12), ("email", 6)):
            beside = posts.get(on) if channel == "x" else None
            if dice.random() > (0.7 if beside else 1 / each) and on != LAST:
                continue
            make = a_post if channel == "x" else an_email
            message = make(f"other-{day + 1:02d}", on=on, channel=channel, campaign=OTHER)
            due_at = beside or message.due_at + timedelta(minutes=dice.choice([0, 0, dice.randint(-240, 600)]))
            made.append(replace(message, due_at=due_at))
    return made


def _digests(messages: list[Message], days: int) -> tuple[Message, ...]:
    """One each so many days, and one on the last day; none that would be empty."""
    mails, made, told = [m for m in messages if m.channel == "email"], [], 0
    for number in range((LAST - FIRST).days + 1):
        on = FIRST + timedelta(days=number)
        new = [m for m in mails[told:] if m.on <= on]
        if new and ((number + 1) % days == 0 or on == LAST):
            made.append(a_digest(f"digest-{number + 1:02d}", new, on=on, ends_at=SEASON_ENDS_AT))
            told += len(new)
    return tuple(made)


def reader_number(n: int) -> NewSubscriber:
    """One of those who are there from the start."""
    return NewSubscriber(address_of(f"r{n:03d}"), subscriber_id=f"r{n:03d}")


def address_of(subscriber: str) -> str:
    return f"{subscriber}@readers.example"


@dataclass(frozen=True)
class Weather:
    """How much goes wrong in a season, in one place. The figures are means for a season, or chances."""

    points_between_kills: float = 100
    points_between_errors: float = 200
    points_between_naps: float = 120
    points_between_parkings: float = 250
    kills_ahead: bool = (
        False  # at each instant of posts that were made up ahead, one point later than at the one before
    )
    acts: float = 16
    favour: tuple[str, ...] = ()  # acts that are ten times as likely
    answers: float = 1  # how badly providers answer; 0: they accept everything
    jumps: float = 1.2
    outages: float = 1.0
    switches: float = 6  # how often a reader chooses another cadence, where there are digests
    second_process: float = 0.5  # the chance that a second process works for some days
    restores: float = 0.12
    reports: float = 0.5  # the chance that the mail house reports by webhook
    mails: bool = True  # whether there are any
    max_calls: int = 0  # that the mail house takes in CALLS_SPAN; 0: as many as you like


CALM = Weather(
    1e9, 1e9, 1e9, 1e9, acts=0, answers=0, jumps=0, outages=0, switches=0, second_process=0, restores=0, reports=0
)

#: What a seed may get: mostly a bit of everything, now and then very much of one thing.
WEATHERS = {
    "usual": Weather(),
    "deadly": Weather(points_between_kills=30, points_between_errors=80),
    "people": Weather(acts=45),
    "wrong clock": Weather(acts=4, jumps=22, outages=0, restores=0, points_between_kills=55),
    "crowded": Weather(points_between_parkings=30, second_process=1, outages=0.3, restores=0),
    "sleepy": Weather(acts=6, points_between_naps=12, jumps=0, points_between_kills=55),
    "dark": Weather(outages=6, restores=0.6),
}


def calendar_of(seed: int) -> int:
    """Which calendar a seed plays."""
    return FULL if seed % FULL_EACH == 0 else seed % FULL


def looks_at_files(seed: int) -> bool:
    """Whether the files are read only when they have moved, so that posts can be made up before they are due: half of
    the seeds of each calendar."""
    return (seed + seed // FULL) % 2 == 1


def weather_of(seed: int) -> str:
    """Half of the seeds are usual; each sparse calendar meets each weather in turn."""
    others = [name for name in WEATHERS if name != "usual"]
    turn = (seed % FULL + 5 * (seed // FULL)) % (2 * len(others))
    return "usual" if turn % 2 == 0 else others[turn // 2]


#: In which a wrong protocol has to be found out.
SEEDS = range(1, 31)


@dataclass
class Policy:
    """A protocol to play. The program's own, unless a test asks for a wrong one."""

    name: str = "the program's own"
    ledger: Callable[[Any], Any] = lambda ledger: ledger
    patches: tuple[tuple[Any, str, Any], ...] = ()  # object, name, value
    habits: Callable[[Habits], Habits] = lambda habits: habits
    blames: str = ""  # what the oracle has to say of it
    seeds: Sequence[int] = SEEDS  # in which of these, at the latest
    lanes: int = 1  # on each channel of a campaign
