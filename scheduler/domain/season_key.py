"""Which season of which campaign."""

from __future__ import annotations

from ..light_dataclass import dataclass


@dataclass(frozen=True)
class SeasonKey:
    """How the ledger, and whoever asks it, names one season: what stands in its columns and in the history."""

    campaign: str
    season: int  # the year in which it begins
