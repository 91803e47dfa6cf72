"""What the rules say of one quantity of a text."""

from __future__ import annotations

from enum import StrEnum

from ...light_dataclass import dataclass
from .folding import folded
from .quantity import Quantity


class Tier(StrEnum):
    RED = "red"
    AMBER = "amber"
    SILENT = "silent"


class Reason(StrEnum):
    """Why a quantity is of its tier."""

    NO_CLAIM = "no claim"  # a statistic that no cited claim carries
    UNSURE = "unsure"  # it cannot be read for sure
    OTHER_VALUE = "other value"  # the claim's figure, with another bound
    OTHER_MEASURE = "other measure"
    OTHER_POPULATION = "other population"
    OTHER_PLACE = "other place"
    OTHER_PERIOD = "other period"
    OTHER_WORD = "other word"  # one stands beside it that the claim does not have
    LEFT_OUT = "left out"  # one of what the claim counts is missing
    NUMBER = "number"  # some other number
    CARRIED = "carried"  # by a claim
    KNOWN = "known"  # counted by the program: days, notes
    LISTED = "listed"  # in the closed list of what is silent
    SMALL = "small"
    ELSEWHERE = "elsewhere"  # a statistical form beside nothing that is counted here


@dataclass(frozen=True)
class Verdict:
    """One quantity of a text. ``detail``: the words that differ, the doubt, the name in the list. ``claim``: the one
    that carries it, as it is written here or with other words around it."""

    quantity: Quantity
    tier: Tier
    reason: Reason
    detail: str = ""
    claim: str = ""

    @property
    def key(self) -> tuple[object, ...]:
        """Of two with one key, one is told: what a post and a mail print alike."""
        return self.tier, self.reason, folded(self.quantity.words), self.quantity.noun, self.claim, self.detail
