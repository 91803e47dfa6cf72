"""What the oracles of whole seasons say while a season is played: the first mail that should not be, and the first that
is not there when it should have been. A season with a broken rule is over then."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from datetime import datetime
from heapq import heapify, heappop
from itertools import count
from typing import Protocol


class _Mail(Hashable, Protocol):
    @property
    def at(self) -> datetime: ...


class Watch:
    """Looks at each mail as it is handed over. ``should``: of each reader, all that they should have."""

    def __init__(self, should: Mapping[Hashable, Iterable[_Mail]]) -> None:
        self._is_wrong = False
        self._missing: dict[Hashable, Counter[_Mail]] = defaultdict(Counter)
        number = count()
        self._coming = [(mail.at, next(number), who, mail) for who, mails in should.items() for mail in mails]
        heapify(self._coming)
        for _, _, who, mail in self._coming:
            self._missing[who][mail] += 1

    def is_handed_over(self, who: Hashable, mail: _Mail) -> None:
        self._missing[who][mail] -= 1
        self._is_wrong |= self._missing[who][mail] < 0

    def sees_a_difference_at(self, now: datetime) -> bool:
        """Whether a mail was handed over that should not have been, or one is missing whose instant is past."""
        while self._coming and self._coming[0][0] < now:
            _, _, who, mail = heappop(self._coming)
            self._is_wrong |= self._missing[who][mail] > 0
        return self._is_wrong
