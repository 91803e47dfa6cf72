"""What each reader should have had of a season: the rules of docs/explanation/readers.md, said again.

One person at a time, walking through time; with dates and zones of the standard library alone, and nothing of the
program's own. Not fast and not clever: it is to be read beside the page.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from tests.contract.season_facts import HOME, Deed, Facts, Person, SeasonDays, report_at

#: Two mails that open together: the day's own, and the digest.
OWN, DIGEST = "own", "digest"

#: What bars an address, and what came of a mail, is the strongest thing ever said, in whatever order it comes.
BARS = ("", "bounced", "left", "complained")
STRONGEST_LAST = ("delivered", "blocked", "bounce", "spamreport")


@dataclass(frozen=True)
class Got:
    """One mail in somebody's hands: when it was handed over, and which days' items it holds."""

    at: datetime
    days: tuple[date, ...]


def morning(on: date, slot: time, zone: str) -> datetime:
    """That wall-clock time there; one that the clocks leap over counts as if they had not yet leapt."""
    return datetime.combine(on, slot, ZoneInfo(zone or HOME)).astimezone(UTC)


def end_of_day(on: date, zone: str) -> datetime:
    """Midnight there."""
    return datetime.combine(on + timedelta(days=1), time(), ZoneInfo(zone or HOME)).astimezone(UTC)


def opens(on: date, days: SeasonDays) -> datetime:
    """When who gets the mail of a day is decided: on the first morning on earth, or at the campaign's morning."""
    if not days.by_reader:
        return morning(on, days.slot, HOME)
    return datetime.combine(on, days.slot, UTC) - timedelta(hours=14)


@dataclass
class Standing:
    """Somebody's place on the list."""

    state: str = "unknown"  # unknown, pending, on, left, bounced, complained, erased
    barred: str = ""  # why the address is barred
    self_number: int = 0  # an erased reader who comes back is somebody new
    zone: str = ""
    chosen: list[tuple[datetime, str]] = field(default_factory=list)  # cadence and since when, of this stay
    paused: bool = False
    paused_until: datetime | None = None  # None in a pause: it was brought about by bounces
    known: dict[date, str] = field(default_factory=dict)  # what came of the mails: day of the mail -> word

    def is_silent(self, at: datetime) -> bool:
        return self.paused and not (self.paused_until is not None and self.paused_until <= at)

    def may_be_written_to(self, morning_at: datetime) -> bool:
        return self.state == "on" and not self.is_silent(morning_at)

    def cadence_at(self, at: datetime) -> tuple[str, datetime] | None:
        """The cadence in force then, and since when without a break."""
        return next(((cadence, since) for since, cadence in reversed(self.chosen) if since <= at), None)

    # -- what people do ---------------------------------------------------------------------------------

    def does(self, deed: Deed) -> None:
        {
            "import": self._is_imported,
            "form": self._sends_a_form,
            "confirm": self._confirms,
            "add": self._is_added,
            "add-back": self._is_added,
            "switch": self._switches,
            "pause": self._pauses,
            "resume": self._resumes,
            "zone": self._moves,
            "leave": self._leaves,
            "erase": self._is_erased,
        }[deed.what](deed)

    def _comes(self, deed: Deed) -> None:
        """From now on, and nothing of an earlier stay."""
        self.state, self.barred = "on", ""
        self.chosen, self.paused, self.paused_until = [(deed.at, deed.cadence)], False, None
        self.zone = deed.zone

    def _is_imported(self, deed: Deed) -> None:
        if self.state == "unknown" and not self.barred:
            self._comes(deed)

    def _sends_a_form(self, deed: Deed) -> None:
        """Changes nothing for who is on the list; does nothing for who complained."""
        if self.state in ("unknown", "left", "bounced", "erased", "pending") and self.barred != "complained":
            self._becomes_new()
            self.state, self.zone, self.chosen, self.paused = "pending", deed.zone, [(deed.at, deed.cadence)], False

    def _confirms(self, deed: Deed) -> None:
        if self.state == "pending":
            self._comes(Deed(deed.at, "confirm", self.chosen[-1][1], self.zone))

    def _is_added(self, deed: Deed) -> None:
        if self.state != "on" and (not self.barred or deed.what == "add-back"):
            self._becomes_new()
            self._comes(deed)

    def _becomes_new(self) -> None:
        if self.state == "erased":
            self.self_number, self.known = self.self_number + 1, {}

    def _switches(self, deed: Deed) -> None:
        if self.state in ("on", "pending") and self.chosen[-1][1] != deed.cadence:
            self.chosen.append((deed.at, deed.cadence))

    def _pauses(self, deed: Deed) -> None:
        if self.state == "on":
            self.paused, self.paused_until = True, deed.until

    def _resumes(self, deed: Deed) -> None:
        self.paused, self.paused_until = False, None

    def _moves(self, deed: Deed) -> None:
        if self.state in ("on", "pending"):
            self.zone = deed.zone

    def _leaves(self, deed: Deed) -> None:
        if self.state in ("on", "pending", "bounced"):
            self.state, self.barred = "left", self.barred or "left"

    def _is_erased(self, deed: Deed) -> None:
        self.barred = "complained" if self.barred == "complained" else "erased"
        self.state, self.paused = "erased", False

    # -- what providers report --------------------------------------------------------------------------

    def hears(self, mail_on: date, word: str, at: datetime) -> None:
        """A word about one of this reader's mails."""
        if word == "unsubscribe":
            self._is_barred("left")
            return
        self.known[mail_on] = max(word, self.known.get(mail_on, word), key=STRONGEST_LAST.index)
        if word == "bounce":
            self._is_barred("bounced")
        elif word == "spamreport":
            self._is_barred("complained")

    def _is_barred(self, why: str) -> None:
        """A stronger reason counts; a weaker one, or the same, tells nothing new: who left and waits to confirm anew
        may still do so when a report about an earlier mail comes in."""
        if self.state != "erased" and BARS.index(why) > BARS.index(self.barred):
            self.state = self.barred = why

    def weighs(self, came_back: bool, at: datetime) -> None:
        """After reports: three soft bounces in a row are a pause, and a mail that arrived ends it."""
        latest = [self.known[on] for on in sorted(self.known, reverse=True)[:3]]
        all_came_back = latest == ["blocked"] * 3
        if self.state != "on":
            return
        if came_back and all_came_back and not self.is_silent(at):
            self.paused, self.paused_until = True, None
        elif self.paused and self.paused_until is None and not all_came_back:
            self.paused = False


@dataclass(frozen=True)
class Frozen:
    """A mail that is going to somebody; the last word is spoken when it goes."""

    mail_on: date
    days: tuple[date, ...]
    self_number: int
    due_at: datetime  # a pause that holds then is silence
    open_until: datetime


def mails_for(person: Person, facts: Facts) -> list[Got]:
    """What this person should have had, in order of time."""
    days = facts.days
    me, got = Standing(), []
    number = count()
    coming: list[tuple[datetime, int, int, object]] = []
    heard: dict[datetime, list[tuple[date, int, str]]] = defaultdict(list)

    def at(when: datetime, order: int, what: object) -> None:
        heapq.heappush(coming, (when, order, next(number), what))

    for deed in person.deeds:
        at(deed.at, 0, deed)
    for on in days.dates:
        at(facts.awake(opens(on, days)), 2, (OWN, on))
    for on in days.digests:
        at(facts.awake(opens(on, days)), 2, (DIGEST, on))
    while coming:
        now, _, _, what = heapq.heappop(coming)
        if isinstance(what, Deed):
            me.does(what)
        elif isinstance(what, Frozen):
            if what.self_number != me.self_number or not me.may_be_written_to(what.due_at):
                continue
            if me.cadence_at(opens(what.mail_on, days)) is None:  # left and came back meanwhile
                continue
            again_at = facts.opens_again(now)
            if again_at is not None:  # the provider takes nothing: due again when it does
                if facts.awake(again_at) < what.open_until:
                    at(facts.awake(again_at), 3, replace(what, due_at=again_at))
                continue
            got.append(Got(now, what.days))
            if person.mailbox is not None:
                for word in person.mailbox.says(now):
                    when = report_at(person, what.mail_on, word, now)
                    if when not in heard:
                        at(when, 1, when)
                    heard[when].append((what.mail_on, what.self_number, word))
        elif isinstance(what, datetime):
            mine = [(on, word) for on, self_number, word in heard[what] if self_number == me.self_number]
            for on, word in mine:
                me.hears(on, word, now)
            if any(word != "unsubscribe" for _, word in mine):
                me.weighs(any(word == "blocked" for _, word in mine), now)
        else:
            for frozen, goes_at in _decided(what, me, facts, now):  # type: ignore[arg-type]
                at(goes_at, 3, frozen)
    return got


def _decided(what: tuple[str, date], me: Standing, facts: Facts, now: datetime) -> Iterator[tuple[Frozen, datetime]]:
    """Whether a mail that opens goes to this reader, which days it holds for them, and when it goes."""
    kind, on = what
    days = facts.days
    zone = me.zone if days.by_reader else HOME
    due_at, until = morning(on, days.slot, zone), end_of_day(on, zone)
    in_force = me.cadence_at(opens(on, days)) if me.state == "on" else None
    if in_force is None or not me.may_be_written_to(due_at):
        return
    cadence, since = in_force
    held: tuple[date, ...]
    if kind == OWN:
        held = (on,) if cadence == "daily" or (cadence == "key-days" and on in days.keys) else ()
    else:
        before = max((d for d in days.digests if d < on), default=date.min)
        collected = [d for d in days.dates if before < d <= on and opens(d, days) >= since]
        held = tuple(collected) if cadence == "digest" else ()
    goes_at = facts.awake(max(due_at, now))
    if held and goes_at < until:
        yield Frozen(on, held, me.self_number, due_at, until), goes_at
