"""Writes down what the process beside the files has read, for all that send without them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from .. import VERSION
from ..domain.rehearsal import Rehearsal
from ..domain.stored_rehearsal import FORM, Reading, stored, to_keep

if TYPE_CHECKING:
    from ..store import Ledger


class RehearsalKeeper:
    """Keeps the stored rehearsal of one campaign, in the name of this process."""

    def __init__(self, ledger: Ledger, campaign: str, *, address: str, sender_key: str) -> None:
        """``address``: where the campaign's public pages begin."""
        self._ledger, self._campaign = ledger, campaign
        self._address, self._sender_key = address, sender_key
        self._kept: set[tuple[str, str]] = set()  # digests of messages whose words are in the ledger

    def keep(self, rehearsal: Rehearsal, *, mode: str, files: str, events: int, now: datetime) -> None:
        """The files were read. ``files``, ``events``, ``now``: what they were, how long the history, and when, before
        the reading began."""
        words = [m for m in to_keep(rehearsal, now) if m.digests not in self._kept]
        plan = rehearsal.plan
        today = now.astimezone(ZoneInfo(plan.campaign.time_zone)).date()
        reading = Reading(
            mode=mode,
            campaign=plan.key.campaign,
            season=plan.key.season,
            version=0,
            form=FORM,
            program=VERSION,
            sender_key=self._sender_key,
            files=files,
            read_on=today,
            events=events,
            read_at=now,
            changed_at=now,
        )
        self._ledger.rehearsals.keep(reading, stored(rehearsal, self._address), words)
        self._kept.update(m.digests for m in words)

    def unreadable(self, why: str, *, mode: str, now: datetime) -> None:
        """They cannot be read: nobody sends by what they said before."""
        of_mine = [r for r in self._ledger.rehearsals.readings(mode) if r.campaign == self._campaign]
        latest = max(of_mine, key=lambda reading: reading.read_at, default=None)
        if latest is not None:
            mine = replace(latest, sender_key=self._sender_key, read_at=now, problem=why)
            self._ledger.rehearsals.keep(mine, None)
