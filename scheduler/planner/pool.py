"""Fills the open places from the pool: a small search that always gives the same answer.

Which item a day prefers hangs on the two names alone (rendezvous hashing), not on the order of files
or on texts: a changed text moves nothing, and a new item takes only the days that it wins.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta

from ..content.codes import CODES
from ..domain.campaign import ItemText, Kind, PoolRules, Rhythm, Season
from ..domain.finding import Finding
from ..domain.formatting import WEEKDAYS, counted

#: Items tried before the search gives up. A month takes some dozens; the bound keeps a hopeless pool quick.
MOST_STEPS = 5_000

#: A day, and the item's number on it: the first, the second ...
Slot = tuple[date, int]
#: Whether an item has what the channels of a day need.
Suits = Callable[[date, ItemText], bool]


def suits_any(_on: date, _item: ItemText) -> bool:
    """Of a campaign in which each channel has each item."""
    return True


def day_in_words(on: date) -> str:
    """2027-01-18 (Monday)."""
    return f"{on.isoformat()} ({WEEKDAYS[on.weekday()]})"


def days_in_words(days: list[date]) -> str:
    """Several days; runs of neighbors as "first to last"."""
    runs: list[list[date]] = []
    for on in sorted(days):
        if runs and (on - runs[-1][-1]).days == 1:
            runs[-1].append(on)
        else:
            runs.append([on])
    return ", ".join(
        day_in_words(run[0]) if len(run) == 1 else f"{day_in_words(run[0])} to {day_in_words(run[-1])}" for run in runs
    )


def fill(
    rules: PoolRules,
    rhythm: Rhythm,
    season: Season,
    taken: Mapping[Slot, ItemText],
    pool: Iterable[ItemText],
    suits: Suits = suits_any,
) -> tuple[dict[Slot, ItemText], list[Finding]]:
    """``taken``, and an item for each place of the rhythm that it leaves open, as far as the rules allow.

    ``pool`` holds the items that may still be used. Findings name the day and the rule that fails.
    """
    search = _Search(rules, rhythm, season, taken, pool, suits)
    if not search.solved(with_shares=True) and not search.solved(with_shares=False):
        search.fill_what_can_be_filled()
    return search.at, [*search.open_days_explained(), *search.missing_shares()]


class _Search:
    """One season's places (``at``), and the items for those that are open. What is unused, what stands on a day and how
    many of a kind there are is kept up to date by ``_take`` and ``_put_back``, because looking ahead asks for it at
    every step."""

    def __init__(
        self,
        rules: PoolRules,
        rhythm: Rhythm,
        season: Season,
        taken: Mapping[Slot, ItemText],
        pool: Iterable[ItemText],
        suits: Suits,
    ) -> None:
        self.rules = rules
        self.suits = suits
        rest_days = [name.capitalize() for name in rules.rest_weekdays]
        self.rest_days = {number for number, name in enumerate(WEEKDAYS) if name in rest_days}
        self.taken = taken
        self.pool = {item.id: item for item in sorted(pool, key=lambda item: item.id)}
        window = [season.start_on + timedelta(days=i) for i in range(season.days)]
        there = Counter(on for on, _ in taken)
        lacking = [(on, n) for on in window for n in range(there[on] + 1, rhythm.wanted(on) + 1)]
        # Rest days first, then days whose channels few items suit: they have the fewest to choose from.
        choice = {on: sum(suits(on, item) for item in self.pool.values()) for on, _ in lacking}
        self.open = sorted(lacking, key=lambda slot: (not self.is_rest(slot[0]), choice[slot[0]], slot))
        self.best: dict[Slot, ItemText] = {}
        self._start_over()

    def _start_over(self) -> None:
        self.steps = 0
        self.at: dict[Slot, ItemText] = {}
        self.on: dict[date, list[ItemText]] = {}
        self.unused = dict(self.pool)
        self.kinds: Counter[Kind] = Counter()
        for slot, item in self.taken.items():
            self._put(slot, item)

    def _put(self, slot: Slot, item: ItemText) -> None:
        self.at[slot] = item
        self.on.setdefault(slot[0], []).append(item)
        self.kinds[item.kind] += 1

    def _take(self, slot: Slot, item: ItemText) -> None:
        self._put(slot, item)
        del self.unused[item.id]

    def _put_back(self, slot: Slot) -> None:
        item = self.at.pop(slot)
        self.on[slot[0]].remove(item)
        self.unused[item.id] = item
        self.kinds[item.kind] -= 1

    def solved(self, *, with_shares: bool) -> bool:
        """Whether every open place could be filled."""
        self._start_over()
        return self._fill_from(0, with_shares)

    def _fill_from(self, index: int, with_shares: bool) -> bool:
        if len(self.at) > len(self.best):
            self.best = dict(self.at)
        if index == len(self.open):
            return True
        slot = self.open[index]
        tried: set[tuple[Kind, frozenset[str], bool, bool, tuple[str, ...]]] = set()
        for item in self._candidates(slot[0]):
            # Items of one kind, topic and sort of text are alike to every rule: where one leads nowhere, all do.
            alike = (item.kind, frozenset(item.topics), bool(item.post), bool(item.email), item.channels)
            if alike in tried:
                continue
            tried.add(alike)
            self.steps += 1
            if self.steps > MOST_STEPS:
                return False
            self._take(slot, item)
            if self._has_a_future(index + 1, with_shares) and self._fill_from(index + 1, with_shares):
                return True
            self._put_back(slot)
        return False

    def _has_a_future(self, index: int, with_shares: bool) -> bool:
        """Whether each later place still has a kind to choose and each topic can still reach its share."""
        left = self.open[index:]
        kinds = {item.kind for item in self.unused.values()}
        if len(self.unused) < len(left) or not all(any(self._fits(on, kind) for kind in kinds) for on, _ in left):
            return False
        return not with_shares or all(
            short <= min(len(left), sum(_is_about(item, topic) for item in self.unused.values()))
            for topic, short in self.shortfalls().items()
        )

    def _candidates(self, on: date) -> list[ItemText]:
        kinds = {item.kind for item in self.unused.values()}
        fitting = {kind for kind in kinds if self._fits(on, kind)}
        return sorted(
            (item for item in self.unused.values() if item.kind in fitting and self.suits(on, item)),
            key=lambda item: _preference(on, item.id),
        )

    def _fits(self, on: date, kind: Kind) -> bool:
        may_be_there = kind is Kind.REST or not self.is_rest(on)
        return may_be_there and not self._is_used_up(kind) and self._too_near(on, kind) is None

    def _is_used_up(self, kind: Kind) -> bool:
        return self.kinds[kind] >= self.rules.max_per_kind.get(kind, math.inf)

    def _too_near(self, on: date, kind: Kind) -> tuple[date, ItemText] | None:
        """The day nearby with an item of the same kind, nearest first; and that item."""
        for distance in range(self.rules.min_days_between_same_kind):
            for day in (on - timedelta(days=distance), on + timedelta(days=distance)):
                # Two rest days may be neighbors by the campaign's own wish: a Saturday and a Sunday.
                wished = kind is Kind.REST and self.is_rest(on) and self.is_rest(day)
                alike = next((item for item in self.on.get(day, ()) if item.kind is kind), None)
                if alike is not None and not wished:
                    return day, alike
        return None

    def _refusal(self, on: date, kind: Kind) -> str:
        """The rule that keeps items of ``kind`` off that day, in words."""
        if self.is_rest(on) and kind is not Kind.REST:
            return f"on a {WEEKDAYS[on.weekday()]} the pool takes only kind rest (rest_weekdays)"
        if self._is_used_up(kind):
            return f"kind {kind} has its {self.rules.max_per_kind[kind]} already (max_per_kind)"
        near = self._too_near(on, kind)
        if near is not None:
            return (
                f"kind {kind} is less than {counted(self.rules.min_days_between_same_kind, 'day')} "
                f"from {near[1].id} on {day_in_words(near[0])} (min_days_between_same_kind)"
            )
        return f"kind {kind} would fit, but no way was found to fill the days around it too"

    def shortfalls(self) -> dict[str, int]:
        """Topics with the number of items that they still lack for their share of the whole season."""
        shares = sorted(self.rules.min_share_of_topic.items())
        lacking = {t: math.ceil(share * self.places() - 1e-9) - self.about(t) for t, share in shares}
        return {topic: count for topic, count in lacking.items() if count > 0}

    def places(self) -> int:
        """How many items the season is to have."""
        return len(self.taken) + len(self.open)

    def fill_what_can_be_filled(self) -> None:
        """After a failed search: its fullest attempt, and whatever else fits beside it."""
        self._start_over()
        for slot in self.open:
            if slot in self.best:
                self._take(slot, self.best[slot])
        for slot in self.open:
            if slot not in self.at and (candidates := self._candidates(slot[0])):
                self._take(slot, candidates[0])

    def open_days_explained(self) -> list[Finding]:
        """One finding a reason, with its days."""
        reasons: dict[str, list[date]] = {}
        for on in sorted({slot[0] for slot in self.open if slot not in self.at}):
            reasons.setdefault(self._reason(on), []).append(on)
        return [
            CODES["P002"].at(
                self.rules.where,
                f"{self._how_little(days)} is planned for {days_in_words(days)}: {reason}",
            )
            for reason, days in reasons.items()
        ]

    def _how_little(self, days: Sequence[date]) -> str:
        return "too little" if any(self.on.get(on) for on in days) else "nothing"

    def _reason(self, on: date) -> str:
        if not self.pool:
            return "the pool has no item that the calendar does not use"
        if not self.unused:
            return f"all {len(self.pool)} items of the pool are used, and none may go out twice"
        suiting = [item for item in self.unused.values() if self.suits(on, item)]
        if not suiting:
            return f"none of the {len(self.unused)} items left has a text for the channels of that day"
        counts = Counter(self._refusal(on, item.kind) for item in suiting)
        left = len(self.unused)
        return "; ".join(f"{reason} ({count} of {left} items left)" for reason, count in sorted(counts.items()))

    def missing_shares(self) -> list[Finding]:
        return [
            CODES["P013"].at(
                self.rules.where,
                f"{self.about(topic)} of {self.places()} items are about {topic}; {self.about(topic) + short} are "
                f"needed for a share of {self.rules.min_share_of_topic[topic]:g} (min_share_of_topic)",
            )
            for topic, short in self.shortfalls().items()
        ]

    def is_rest(self, on: date) -> bool:
        return on.weekday() in self.rest_days

    def about(self, topic: str) -> int:
        return sum(_is_about(item, topic) for item in self.at.values())


def _preference(on: date, item: str) -> bytes:
    return hashlib.blake2b(f"{on.isoformat()}\0{item}".encode(), digest_size=16).digest()


def _is_about(item: ItemText, topic: str) -> bool:
    return topic in item.topics
