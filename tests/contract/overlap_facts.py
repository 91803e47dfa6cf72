"""Two campaigns whose windows overlap, and people who are on one list or on both. Facts only; no rule is applied here.

Everything is drawn from a seed. Who gets what by these facts stands in ``overlap_oracle.py``.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

DAY, HOUR, MINUTE, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)


@dataclass(frozen=True)
class Month:
    """What the files of a campaign say, written by hand. Each mail goes out at ten in New York: 15:00 UTC in winter."""

    id: str
    name: str
    slug: str
    first: date
    ends: str  # as the mails say it
    keys: frozenset[date]
    digests: tuple[date, ...]
    days: int = 32

    @property
    def dates(self) -> list[date]:
        return [self.first + n * DAY for n in range(self.days)]

    @property
    def last(self) -> date:
        return self.dates[-1]


def due_at(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 15, tzinfo=UTC)


def _in(*days: tuple[int, int]) -> tuple[date, ...]:
    return tuple(date(2027, month, day) for month, day in days)


#: From 1 January; Mondays and key days, and the 18th is quiet.
A = Month(
    "human-trafficking-prevention",
    "Human Trafficking Prevention Month",
    "c7w4mkp",
    date(2027, 1, 1),
    "Monday, February 1, 2027",
    frozenset(_in((1, 1), (1, 11), (2, 1))),
    _in((1, 1), (1, 4), (1, 11), (1, 19), (1, 25), (2, 1)),
)
#: The same days a fortnight later.
B = Month(
    "reading-month",
    "Reading Month",
    "blue-door",
    date(2027, 1, 15),
    "Monday, February 15, 2027",
    frozenset(_in((1, 15), (1, 25), (2, 15))),
    _in((1, 15), (1, 18), (1, 25), (2, 2), (2, 8), (2, 15)),
)
MONTHS = (A, B)
START = datetime(2026, 12, 20, tzinfo=UTC)
#: Somebody looks at the archives; the list of A is closed, when its month is over and B's is not; all is over.
LOOK_AT, CLOSED_AT, OVER = (
    datetime(2027, 1, 20, 20, tzinfo=UTC),
    datetime(2027, 2, 5, 12, tzinfo=UTC),
    datetime(2027, 2, 27, tzinfo=UTC),
)
#: Days on which the provider takes nothing until two hours after the mails were due.
SHUT = frozenset(_in((1, 6), (1, 20), (1, 27), (2, 9)))


def opens_again(at: datetime) -> datetime | None:
    """When the provider takes mails again; None: it does."""
    due = due_at(at.date())
    return due + 2 * HOUR if at.date() in SHUT and due <= at < due + 2 * HOUR else None


@dataclass(frozen=True)
class Deed:
    """One thing that somebody does about one list, or (``of`` is empty) about both.

    ``import``, ``form``, ``confirm``, ``add`` (by a named person), ``add-back`` (who asked to come back), ``switch``,
    ``pause``, ``resume``, ``keep`` (to be told of the next season), ``leave``, ``leave-all``, ``erase``, ``address``
    (asks for the mails at another one), ``yes`` (says so behind the link that came there), ``one-a-day`` and
    ``not-one-a-day`` (at most one mail a day, of both lists together).
    """

    at: datetime
    what: str
    of: str = ""
    cadence: str = ""
    until: datetime | None = None
    ends_on: date | None = None


@dataclass(frozen=True)
class Trouble:
    """What the provider says of mail to somebody's first address, from an instant on: ``bounce``, ``spamreport``,
    ``unsubscribe``."""

    word: str
    since: datetime


#: So long after a mail the provider's word about it comes in.
TOLD_AFTER = 97 * MINUTE + 30 * SECOND


@dataclass(frozen=True)
class Person:
    number: int
    deeds: tuple[Deed, ...]
    trouble: Trouble | None = None

    def address(self, *, moved: bool = False) -> str:
        return f"p{self.number}{'-elsewhere' if moved else ''}@readers.example"


def people_of(each: int, shared: int, seed: int = 1, *, busy: bool = False) -> tuple[Person, ...]:
    """So many on each list, of whom so many on both. ``busy``: everybody does something."""
    lists = [(A,)] * (each - shared) + [MONTHS] * shared + [(B,)] * (each - shared)
    return tuple(_person(n, months, random.Random(f"{seed} {n}"), busy) for n, months in enumerate(lists))


def _person(number: int, months: tuple[Month, ...], chance: random.Random, busy: bool) -> Person:
    deeds: list[Deed] = []
    has_form: set[str] = set()
    for month in months:
        deeds += _coming(month, chance, is_only=len(months) == 1)
        has_form |= {d.of for d in deeds if d.what == "form"}
    stays_away = len(deeds) == 1 and deeds[0].what == "form"  # who never confirms does nothing else either
    if not stays_away and (busy or chance.random() < 0.4):
        for _ in range(chance.choice((1, 1, 2, 3, 5))):
            deeds += _one_more(chance.choice(months), chance, has_form, min(d.at for d in deeds))
    trouble = None
    if not stays_away and chance.random() < (0.15 if busy else 0.03):
        trouble = Trouble(chance.choice(("bounce", "spamreport", "unsubscribe")), due_at(chance.choice(A.dates)))
    if len(months) > 1:
        deeds += _one_a_day(random.Random(f"one a day {number} {deeds[0].at}"))
    return Person(number, tuple(sorted({d.at: d for d in deeds}.values(), key=lambda d: d.at)), trouble)


def _one_a_day(chance: random.Random) -> Iterator[Deed]:
    """Half of those on both lists want it; of these some from the beginning, and some change their minds."""
    if chance.random() < 0.5:
        early = due_at(B.first) - 3 * DAY + chance.random() * HOUR
        at = early if chance.random() < 0.7 else _instant(B, chance)
        yield Deed(at, "one-a-day")
        if chance.random() < 0.3:
            yield Deed(_instant(B, chance), chance.choice(("one-a-day", "not-one-a-day")))


def _coming(month: Month, chance: random.Random, *, is_only: bool) -> Iterator[Deed]:
    how, cadence = chance.random(), _cadence(chance)
    if how < 0.7:
        yield Deed(START + MONTHS.index(month) * HOUR, "import", month.id, cadence)
    elif how < 0.8:
        yield Deed(due_at(month.first) + chance.choice((3, 11, 20)) * DAY + 5 * HOUR, "import", month.id, cadence)
    elif how < 0.88:
        yield Deed(_instant(month, chance), "add", month.id, cadence)
    else:
        yield from _a_form(month, chance, sure=not is_only or chance.random() < 0.8)


def _a_form(month: Month, chance: random.Random, *, sure: bool = True) -> Iterator[Deed]:
    """It names the season's last day; or an earlier one, as a form of a season before would."""
    at = min(_instant(month, chance), due_at(month.last) - 5 * DAY + chance.random() * HOUR)
    early = at.date() + chance.randint(2, 15) * DAY
    ends_on = min(early, month.last) if chance.random() < 0.4 else month.last
    yield Deed(at, "form", month.id, _cadence(chance), ends_on=ends_on)
    if sure:
        yield Deed(at + chance.uniform(0.01, 3) * DAY, "confirm", month.id)


_DEEDS = (
    ("switch",) * 5
    + ("pause",) * 4
    + ("resume",) * 2
    + ("leave",) * 4
    + ("leave-all",) * 2
    + ("add-back",) * 2
    + ("address",) * 2
    + ("form",) * 3
    + ("add", "import", "keep", "erase")
)


def _one_more(month: Month, chance: random.Random, has_form: set[str], after: datetime) -> Iterator[Deed]:
    at, what = _instant(month, chance), chance.choice(_DEEDS)
    if what in ("leave-all", "erase"):
        yield Deed(at, what)
    elif what == "address":
        if what not in has_form:
            has_form.add(what)
            yield Deed(at, "address", month.id)
            yield Deed(at + chance.choice((chance.uniform(0.001, 0.08), chance.uniform(0.1, 3))) * DAY, "yes", month.id)
    elif what != "form":
        yield Deed(at, what, month.id, _cadence(chance), at + chance.uniform(0.5, 9) * DAY)
    elif month.id not in has_form:  # once: a second one on the same day would lead to no letter
        has_form.add(month.id)
        yield from _a_form(month, chance)


def _cadence(chance: random.Random) -> str:
    return chance.choice(("daily",) * 5 + ("digest",) * 3 + ("key-days",) * 2)


def _instant(month: Month, chance: random.Random) -> datetime:
    """Some time of the campaign; often a second before or after mails are due, or while the provider is shut."""
    begin, end = due_at(month.first) - 2 * DAY, due_at(month.last) + 4 * HOUR
    kind = chance.random()
    if kind < 0.4:
        return due_at(chance.choice(month.dates)) + chance.choice((-1, 1)) * SECOND
    if kind < 0.5:
        shut = sorted(SHUT & set(month.dates))
        return due_at(chance.choice(shut)) + chance.uniform(0.01, 1.9) * HOUR
    return begin + chance.random() * (end - begin)
