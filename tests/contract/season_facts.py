"""A season for many readers: its days, its zones, its people and what they do. Facts only; no rule is applied here.

Everything is drawn from a seed, so that a red run is red for everybody. Whatever decides who gets what stands in
``season_oracle.py`` (the rules, said again) and in the program (the rules, at work).
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

DAY, HOUR, MINUTE, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)

#: Both edges of the earth, halves and quarters of an hour, and clocks that are set oddly.
ZONES = (
    "Pacific/Kiritimati",
    "Pacific/Chatham",
    "Australia/Lord_Howe",
    "Australia/Adelaide",
    "Asia/Tokyo",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Africa/Casablanca",
    "Europe/Berlin",
    "America/St_Johns",
    "America/Havana",
    "Pacific/Pago_Pago",
)
HOME = "America/New_York"


@dataclass(frozen=True)
class SeasonDays:
    """What the calendar of a season says, written by hand."""

    first: date
    slot: time
    keys: frozenset[date]
    digests: tuple[date, ...]
    by_reader: bool = True  # in each reader's own morning; else at the campaign's
    days: int = 32
    zones: tuple[str, ...] = ZONES

    @property
    def dates(self) -> list[date]:
        return [self.first + n * DAY for n in range(self.days)]


def _in(year: int, *days: tuple[int, int]) -> tuple[date, ...]:
    return tuple(date(year, month, day) for month, day in days)


JANUARY = SeasonDays(
    date(2027, 1, 1),
    time(10),
    frozenset(_in(2027, (1, 1), (1, 11), (2, 1))),
    _in(2027, (1, 1), (1, 4), (1, 11), (1, 19), (1, 25), (2, 1)),  # Mondays and key days; the 18th is quiet
)
#: Clocks are set on the 14th (New York, Havana, Casablanca) and on the 28th (Berlin), over the very slot.
MARCH = SeasonDays(
    date(2027, 3, 1),
    time(2, 30),
    frozenset(_in(2027, (3, 1), (3, 11), (4, 1))),
    _in(2027, (3, 1), (3, 8), (3, 11), (3, 15), (3, 22), (3, 29), (4, 1)),
)
TWO_WEEKS_OF_MARCH = replace(MARCH, digests=MARCH.digests[:4], days=15, zones=(HOME, *ZONES[5:8], *ZONES[10:]))
JANUARY_AT_HOME = replace(JANUARY, by_reader=False)
ELEVEN_DAYS = replace(JANUARY, digests=JANUARY.digests[:3], days=11, zones=(ZONES[0], ZONES[5], ZONES[-1]))


@dataclass(frozen=True)
class Span:
    """From ``begins`` on, and not at ``ends`` any more."""

    begins: datetime
    ends: datetime

    def holds(self, at: datetime) -> bool:
        return self.begins <= at < self.ends


@dataclass(frozen=True)
class Deed:
    """One thing that somebody does, or that is done to somebody.

    ``import`` (a list is brought in), ``form``, ``confirm``, ``add`` (by a named person), ``add-back`` (who asked to
    come back), ``switch``, ``pause``, ``resume``, ``zone``, ``leave``, ``erase``.
    """

    at: datetime
    what: str
    cadence: str = ""
    zone: str = ""
    until: datetime | None = None


@dataclass(frozen=True)
class Mailbox:
    """How mail to somebody fares at the other end. ``kind``: ``full`` (for a span), ``gone``, ``complains``,
    ``leaves-there`` (from an instant on)."""

    kind: str
    span: Span

    def says(self, sent_at: datetime) -> tuple[str, ...]:
        """The provider's words about a mail that was handed to it then. Some servers take a mail and return it."""
        if not self.span.holds(sent_at):
            return ("delivered",)
        word = _SAYS[self.kind]
        return (word,) if word == "blocked" and sent_at.day % 2 else ("delivered", word)


_SAYS = {"full": "blocked", "gone": "bounce", "complains": "spamreport", "leaves-there": "unsubscribe"}


@dataclass(frozen=True)
class Person:
    number: int
    deeds: tuple[Deed, ...]
    mailbox: Mailbox | None = None

    @property
    def address(self) -> str:
        return f"p{self.number}@readers.example"


@dataclass(frozen=True)
class Facts:
    """A season as it was: its calendar, its people, when the program slept, and when the provider took nothing."""

    days: SeasonDays
    people: tuple[Person, ...]
    sleeps: tuple[Span, ...]
    closed: tuple[Span, ...]

    def awake(self, at: datetime) -> datetime:
        """The first instant from ``at`` on at which the program runs."""
        return next((span.ends for span in self.sleeps if span.holds(at)), at)

    def opens_again(self, at: datetime) -> datetime | None:
        """When the provider takes mails again; None: it does."""
        return next((span.ends for span in self.closed if span.holds(at)), None)


def report_at(person: Person, mail_on: date, word: str, sent_at: datetime) -> datetime:
    """When the provider's word about a mail comes in: minutes to a day and a half later, some of it out of order."""
    chance = random.Random(f"{person.number} {mail_on} {word}")
    at = sent_at + chance.choice((7, 50, 2_000, 2_400)) * MINUTE * (0.2 + chance.random())
    midnight = datetime.combine(at.date(), time(), UTC)
    quarter = -(-(at - midnight) // (15 * MINUTE)) * 15 * MINUTE
    return midnight + quarter + 7 * MINUTE + 30 * SECOND


def facts(days: SeasonDays, how_many: int, seed: int = 1, *, busy: bool = False) -> Facts:
    """A season with that many people; ``busy``: everybody does something, and one mailbox in four is troubled."""
    start = datetime.combine(days.first, time(), UTC)

    def span(first_day: int, first_hour: float, last_day: int, last_hour: float) -> Span:
        return Span(start + first_day * DAY + first_hour * HOUR, start + last_day * DAY + last_hour * HOUR)

    return Facts(
        days,
        tuple(_person(n, days, random.Random(f"{seed} {n}"), busy) for n in range(how_many)),
        sleeps=(span(5, 18, 6, 16.5), span(18, 19, 20, 7)),
        closed=(span(3, 1, 3, 1.8), span(3, 14.5, 3, 17), span(23, 15, 25, 0)),
    )


def _person(number: int, days: SeasonDays, chance: random.Random, busy: bool) -> Person:
    start = datetime.combine(days.first, time(), UTC)
    deeds = list(_coming(days, chance, start))
    stays_away = len(deeds) == 1 and deeds[0].what == "form"  # who never confirms does nothing else either
    if not stays_away and (busy or chance.random() < 0.4):
        deeds += _some_deeds(days, chance, deeds[-1].at)
    mailbox = None
    if chance.random() < (0.25 if busy else 0.04):
        begins = start + chance.uniform(-2, 0.8 * days.days) * DAY
        kind = chance.choice(("full", "full", "full", "gone", "complains", "leaves-there"))
        lasts = chance.choice((3.1, 3.4, chance.uniform(2, 12))) if kind == "full" else 90
        ends = begins + lasts * DAY
        mailbox = Mailbox(kind, Span(begins, ends))
    return Person(number, tuple(sorted({d.at: d for d in deeds}.values(), key=lambda d: d.at)), mailbox)


def _coming(days: SeasonDays, chance: random.Random, start: datetime) -> Iterator[Deed]:
    wants: dict[str, Any] = {"cadence": _cadence(chance), "zone": chance.choice((*days.zones, ""))}
    how = chance.random()
    if how < 0.75:
        yield Deed(start - 9 * DAY, "import", **wants)
    elif how < 0.85:
        yield Deed(start + chance.choice((3, 14, 24)) * DAY + 20 * HOUR, "import", **wants)
    elif how < 0.93:
        yield Deed(_instant(days, chance, start), "add", **wants)
    else:
        form = Deed(_instant(days, chance, start), "form", **wants)
        yield form
        if chance.random() < 0.8:
            yield Deed(form.at + chance.uniform(0.01, 6) * DAY, "confirm")


_DEEDS = (
    ("switch",) * 6
    + ("zone",) * 4
    + ("pause",) * 4
    + ("resume",) * 2
    + ("leave",) * 4
    + (
        "erase",
        "add-back",
        "add-back",
        "add",
        "add",
        "import",
        "form",
        "form",
    )
)


def _some_deeds(days: SeasonDays, chance: random.Random, after: datetime) -> Iterator[Deed]:
    forms = 0
    for _ in range(chance.choice((1, 1, 2, 3, 5))):
        at = _instant(days, chance, after)
        what = chance.choice(_DEEDS)
        deed = Deed(at, what, _cadence(chance), chance.choice((*days.zones, "")), at + chance.uniform(0.5, 9) * DAY)
        if what != "form":
            yield deed
        elif not forms:  # once: a second one on the same day would lead to no mail
            forms += 1
            yield deed
            yield Deed(at + chance.uniform(0.01, 3) * DAY, "confirm")


def _cadence(chance: random.Random) -> str:
    return chance.choice(("daily",) * 5 + ("digest",) * 3 + ("key-days",) * 2)


def _instant(days: SeasonDays, chance: random.Random, after: datetime) -> datetime:
    """Some time of the season; often within a second of an instant at which mails open or mornings begin."""
    end = datetime.combine(days.first, time(), UTC) + days.days * DAY
    begin = max(after + SECOND, datetime.combine(days.first, time(), UTC) - 2 * DAY)
    if chance.random() < 0.5:
        return begin + chance.random() * max(end - begin, DAY)
    morning = datetime.combine(chance.choice(days.dates), days.slot, UTC)
    around = morning + chance.choice((-14, -14, -14, -11, -1, 0, 5, 11)) * HOUR + chance.choice((-1, 0, 1)) * SECOND
    return max(around, begin)
