"""What each reader of two campaigns should have had: the rules of docs/explanation/readers.md, said again for two lists.

One person at a time, walking through time. A list is of a campaign: what somebody chooses there holds there. What ends
an address (a bounce, a complaint, an erasure) holds for both.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count

from tests.contract.overlap_facts import (
    CLOSED_AT,
    MONTHS,
    TOLD_AFTER,
    A,
    Deed,
    Month,
    Person,
    due_at,
    opens_again,
)

#: Why an address is barred, weakest first.
BARS = ("", "bounced", "left", "complained")
_SAYS = {"bounce": "bounced", "unsubscribe": "left", "spamreport": "complained"}


@dataclass(frozen=True, order=True)
class Got:
    """One mail in somebody's hands: of which campaign, when, at which address, and which days' items it holds."""

    of: str
    at: datetime
    address: str
    days: tuple[date, ...]


@dataclass
class Place:
    """Somebody's place on one list."""

    state: str = "unknown"  # unknown, pending, on, left, bounced, complained
    chosen: list[tuple[datetime, str]] = field(default_factory=list)  # cadences of this stay, and since when
    paused_until: datetime | None = None
    ends_on: date | None = None  # the last day of what was agreed to
    asked_for_more: bool = False
    is_barred: bool = False  # the address, from this list alone
    waits_for_yes: bool = False  # to another address

    def gets(self, on: date, due: datetime) -> bool:
        agreed = self.ends_on is None or on <= self.ends_on or self.asked_for_more
        return self.state == "on" and not self.is_silent(due) and agreed

    def ends_what_is_over(self, at: datetime) -> None:
        """Who asks again after the last day of what they agreed to, by a day more, is a newcomer."""
        if self.is_over(at):
            self.state = "left" if self.state in ("on", "pending", "bounced") else self.state

    def is_over(self, at: datetime) -> bool:
        return self.ends_on is not None and not self.asked_for_more and self.ends_on < (at - timedelta(days=1)).date()

    def is_silent(self, at: datetime) -> bool:
        return self.paused_until is not None and self.paused_until > at

    def comes(self, at: datetime, cadence: str, ends_on: date | None = None) -> None:
        """From now on, and nothing of an earlier stay."""
        self.state, self.chosen, self.paused_until, self.ends_on = "on", [(at, cadence)], None, ends_on


@dataclass
class Bar:
    """What bars an address from both lists, and the lists to which its reader came back since."""

    why: str = ""
    but: set[str] = field(default_factory=set)

    def holds(self, of: str) -> bool:
        return bool(self.why) and of not in self.but


@dataclass
class Reader:
    places: dict[str, Place] = field(default_factory=lambda: {month.id: Place() for month in MONTHS})
    bar: Bar = field(default_factory=Bar)
    erased: Bar = field(default_factory=Bar)
    self_number: int = 0  # an erased reader who comes back is somebody new
    moved: bool = False  # the mails go to the other address
    form: dict[str, Deed] = field(default_factory=dict)
    one_a_day: bool = False
    had_on: date | None = None  # the last day on which a mail was meant for them
    owed: dict[str, set[date]] = field(default_factory=lambda: {month.id: set() for month in MONTHS})

    def is_barred(self, of: str) -> bool:
        return self.places[of].is_barred or self.bar.holds(of) or self.erased.holds(of)

    def has_complained(self, of: str) -> bool:
        place = self.places[of]
        elsewhere = place.state != "on" and any(p.state == "complained" for p in self.places.values())
        bars = [bar for bar in (self.bar, self.erased) if bar.why == "complained" and bar.holds(of)]
        return elsewhere or bool(bars)

    def lifts(self, of: str) -> None:
        """By the reader's own word: for this list. A dead address lives again, for both."""
        self.places[of].is_barred = False
        if self.bar.why == "bounced":
            self.bar = Bar()
        for bar in (self.bar, self.erased):
            if bar.why:
                bar.but.add(of)

    # -- what people do ---------------------------------------------------------------------------------

    def does(self, deed: Deed) -> None:
        if deed.what == "erase":
            self.is_erased()
        elif deed.what == "leave-all":
            self.leaves_all()
        elif deed.what in ("one-a-day", "not-one-a-day"):
            if any(place.state in ("on", "pending") for place in self.places.values()):
                self.one_a_day = deed.what == "one-a-day"
        else:
            place = self.places[deed.of]
            {
                "import": self._import,
                "form": self._form,
                "confirm": self._confirm,
                "add": self._add,
                "add-back": self._add,
                "switch": self._switch,
                "pause": self._pause,
                "resume": self._resume,
                "keep": self._keep,
                "leave": self._leave_one,
                "address": self._ask,
                "yes": self._say_yes,
            }[deed.what](place, deed)

    def _import(self, place: Place, deed: Deed) -> None:
        """Whose stay is over comes anew, unless they left it, which bars."""
        is_gone = place.state in ("unknown", "left") or (place.state == "on" and place.is_over(deed.at))
        if is_gone and not self.is_barred(deed.of):
            place.comes(deed.at, deed.cadence)
            place.asked_for_more = False

    def _form(self, place: Place, deed: Deed) -> None:
        """Anybody can fill it in: it changes nothing for who is on this list, nor on the other."""
        if not self.has_complained(deed.of):
            place.ends_what_is_over(deed.at)
        if place.state != "on" and not self.has_complained(deed.of):
            place.state, place.chosen, place.paused_until = "pending", [(deed.at, deed.cadence)], None
            place.waits_for_yes = place.asked_for_more = False
            self.form[deed.of] = deed

    def _confirm(self, place: Place, deed: Deed) -> None:
        if place.state == "pending" and deed.of in self.form:
            place.comes(deed.at, place.chosen[-1][1], self.form[deed.of].ends_on)
            self.lifts(deed.of)

    def _add(self, place: Place, deed: Deed) -> None:
        place.ends_what_is_over(deed.at)
        if place.state != "on" and (deed.what == "add-back" or not self.is_barred(deed.of)):
            place.comes(deed.at, deed.cadence)
            place.asked_for_more = False
            self.lifts(deed.of)

    def _switch(self, place: Place, deed: Deed) -> None:
        if place.state in ("on", "pending") and place.chosen[-1][1] != deed.cadence:
            place.chosen.append((deed.at, deed.cadence))

    def _pause(self, place: Place, deed: Deed) -> None:
        if place.state == "on":
            place.paused_until = deed.until

    def _resume(self, place: Place, deed: Deed) -> None:
        if place.state == "on":
            place.paused_until = None

    def _keep(self, place: Place, deed: Deed) -> None:
        place.asked_for_more |= place.state in ("on", "pending")

    def _leave(self, place: Place, deed: Deed) -> None:
        """A reader who bounced may leave too: that stays when the address lives again."""
        if place.state in ("on", "pending", "bounced"):
            if not self.is_barred(deed.of) or self.bar.why == "bounced":
                place.is_barred = True
            place.state = "left"

    def _leave_one(self, place: Place, deed: Deed) -> None:
        """By the link of that list: it bars also who is not on it any more."""
        is_known = any(one.state != "unknown" for one in self.places.values())
        self._leave(place, deed)
        if is_known and (not self.is_barred(deed.of) or self.bar.why == "bounced"):
            place.is_barred = True

    def leaves_all(self) -> None:
        """Also the lists that are still to come. Who is on none knows of nothing to leave."""
        if all(place.state == "unknown" for place in self.places.values()):
            return
        self.bar.but.clear()
        for of, place in self.places.items():
            self._leave(place, Deed(due_at(A.first), "leave", of))
        if not (self.bar.why or self.erased.why):
            self.bar = Bar("left")

    def _ask(self, place: Place, deed: Deed) -> None:
        place.waits_for_yes = place.state == "on" and not self.moved

    def _say_yes(self, place: Place, deed: Deed) -> None:
        """It holds for both lists, and so does what bars the reader from one of them."""
        if place.waits_for_yes and place.state == "on":
            self.moved = True

    def is_erased(self) -> None:
        states = [place.state for place in self.places.values()]
        complained = "complained" in (*states, self.bar.why, self.erased.why)
        self.erased, self.bar = Bar("complained" if complained else "erased"), Bar()
        self.places = {of: Place() for of in self.places}
        self.self_number, self.form = self.self_number + 1, {}
        self.one_a_day, self.had_on, self.owed = False, None, {of: set() for of in self.owed}

    # -- what the provider says, and the end of a season --------------------------------------------------

    def hears(self, word: str, self_number: int, moved: bool) -> None:
        """A word about a mail. Of somebody who was erased since it says nothing; that a former address is dead says
        nothing of the present one."""
        why = _SAYS[word]
        if self_number != self.self_number or (word == "bounce" and moved != self.moved):
            return
        if BARS.index(why) <= BARS.index(self.bar.why) and not self.bar.but:
            return
        self.bar = Bar(max(self.bar.why, why, key=BARS.index))
        for place in self.places.values():
            if place.state in ("on", "pending") or (why == "complained" and place.state in ("left", "bounced")):
                place.state = why
            elif why == "left" and place.state == "bounced":
                place.state = "left"

    def list_closes(self, of: str) -> None:
        """All but those who asked to hear of the next season; what bars an address stays."""
        place = self.places[of]
        if place.state != "on" or not place.asked_for_more:
            self.places[of] = Place(is_barred=place.is_barred)


@dataclass(frozen=True)
class Waits:
    """A mail that waits for the provider to open again."""

    of: str
    days: tuple[date, ...]
    due: datetime
    self_number: int


def held_by(month: Month, on: date, place: Place) -> tuple[bool, tuple[date, ...]]:
    """Whether the item of that day is for this reader, and which days' items the digest of that day has for them."""
    since, cadence = place.chosen[-1]
    collected: tuple[date, ...] = ()
    if cadence == "digest" and on in month.digests:
        before = max((d for d in month.digests if d < on), default=date.min)
        collected = tuple(d for d in month.dates if before < d <= on and due_at(d) >= since)
    return cadence == "daily" or (cadence == "key-days" and on in month.keys), collected


def mails_of_day(me: Reader, month: Month, on: date) -> Iterator[tuple[date, ...]]:
    """What goes out to this reader: the item and the digest, of which one may have to wait for a later digest.

    Of those who want one mail a day: whatever is the first; but a digest that owes them something comes before what
    owes nothing, and before one that owes younger things. What no later digest can hold goes all the same.
    """
    place, mine = me.places[month.id], me.owed[month.id]
    mine -= {day for day in mine if due_at(day) < place.chosen[0][0]}  # of an earlier stay
    is_for_me, collected = held_by(month, on, place)

    def first_claims(*months: Month) -> Iterator[tuple[date, str]]:
        for other in months:
            there = me.places[other.id]
            held = {day for day in me.owed[other.id] if there.chosen and due_at(day) >= there.chosen[0][0]}
            if on in other.digests and held and there.gets(on, due_at(on)):
                yield min(held), other.id

    to_come = MONTHS[MONTHS.index(month) + 1 :]  # of the day; the first month goes first
    if is_for_me:
        if me.one_a_day and (me.had_on == on or any(first_claims(month, *to_come))):
            mine.add(on)
        else:
            me.had_on = on
            yield (on,)
    if on in month.digests and (days := {*collected, *mine}):
        own_claim = (min(mine), month.id) if mine else (date.max, "")
        others = any(claim < own_claim for claim in first_claims(*to_come))
        if me.one_a_day and on != month.last and (me.had_on == on or others):
            mine |= days
        else:
            mine.clear()
            me.had_on = on
            yield tuple(sorted(days))


def walk(person: Person) -> tuple[list[Got], Reader]:
    """All that this person should have had, in order of time, and how they stand in the end."""
    me, got, number = Reader(), list[Got](), count()
    coming: list[tuple[datetime, int, int, object]] = []

    def at(when: datetime, order: int, what: object) -> None:
        heapq.heappush(coming, (when, order, next(number), what))

    def arrives(of: str, now: datetime, days: tuple[date, ...]) -> None:
        got.append(Got(of, now, person.address(moved=me.moved), days))
        if person.trouble is not None and not me.moved and now >= person.trouble.since:
            at(now + TOLD_AFTER, 1, (me.self_number, me.moved))

    for deed in person.deeds:
        at(deed.at, 0, deed)
    for month in MONTHS:
        for on in month.dates:
            at(due_at(on), 2, month)
    at(CLOSED_AT, 0, None)
    while coming:
        now, _, _, what = heapq.heappop(coming)
        if isinstance(what, Deed):
            me.does(what)
        elif isinstance(what, Month):
            place = me.places[what.id]
            for days in mails_of_day(me, what, now.date()) if place.gets(now.date(), now) else ():
                again_at = opens_again(now)
                if again_at is None:
                    arrives(what.id, now, days)
                else:
                    at(again_at, 3, Waits(what.id, days, now, me.self_number))
        elif isinstance(what, Waits):
            place = me.places[what.of]
            stayed = me.self_number == what.self_number and place.state == "on" and place.chosen[0][0] <= what.due
            if stayed and not place.is_silent(now):
                arrives(what.of, now, what.days)
        elif isinstance(what, tuple):
            assert person.trouble is not None
            me.hears(person.trouble.word, *what)
        else:
            me.list_closes(A.id)
    return got, me
