"""Who of the readers gets a message, and how it falls into parts: kept beside a delivery, obeyed when it is frozen."""

from __future__ import annotations

import json
from datetime import datetime, time

from ..light_dataclass import dataclass
from .cadence import Cadence
from .campaign import Lateness


@dataclass(frozen=True)
class Audience:
    """Readers of a message. The empty one is every reader, at one instant.

    ``parts`` are the items of a digest with the instants at which their own mails were due, in order: a reader gets
    the digest from the first item on that was due after they chose it.
    """

    cadences: frozenset[Cadence] = frozenset()  # empty: all
    parts: tuple[tuple[str, datetime], ...] = ()
    local_time: time | None = None  # in each reader's own zone, at this wall-clock time; None: at one instant
    home: str = ""  # the zone of readers who gave none
    grace: Lateness = Lateness()

    @property
    def is_digest(self) -> bool:
        return bool(self.parts)

    def to_text(self) -> str:
        """One line of JSON, always the same for the same audience; empty for every reader."""
        if self == EVERYBODY:
            return ""
        plain = {
            "cadences": sorted(self.cadences),
            "parts": [[item, due_at.isoformat()] for item, due_at in self.parts],
            "local_time": f"{self.local_time:%H:%M}" if self.local_time else "",
            "home": self.home,
            "minutes": self.grace.minutes,
        }
        return json.dumps(plain, ensure_ascii=False, sort_keys=True)

    @staticmethod
    def from_text(text: str) -> Audience:
        """What :meth:`to_text` wrote."""
        if not text:
            return EVERYBODY
        plain = json.loads(text)
        return Audience(
            cadences=frozenset(map(Cadence, plain["cadences"])),
            parts=tuple((item, datetime.fromisoformat(due_at)) for item, due_at in plain["parts"]),
            local_time=time.fromisoformat(plain["local_time"]) if plain["local_time"] else None,
            home=plain["home"],
            grace=Lateness(plain["minutes"]),
        )


EVERYBODY = Audience()
