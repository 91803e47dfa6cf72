"""Now and next of one season: what went out, what comes, what stands in the way, what waits for a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ..domain.delivery import State
from ..domain.ledger import Arming, Delivery, Hold
from ..errors import ObservanceError
from ..operating.as_data import Plain, hold_as_data
from ..review.standing import ReviewStanding
from ..review.standing_as_data import standing_as_data

if TYPE_CHECKING:
    from ..operating.money import Spending
    from ..review.desk import Desk
    from ..store import Ledger
    from .project import Project


@dataclass(frozen=True, slots=True)
class SeasonStatus:
    """How a season stands at one instant. ``reviewers`` None: it could not be rehearsed, because of ``unread``."""

    campaign: str
    season: int
    mode: str
    armed: Arming | None
    holds: tuple[Hold, ...]
    deliveries: tuple[Delivery, ...]
    readers: Mapping[str, int]
    copied_at: datetime | None  # of a backup that nothing was sent from yet
    reviewers: ReviewStanding | None
    unread: str
    money: tuple[Spending, ...]
    now: datetime

    @property
    def states(self) -> Mapping[str, int]:
        return Counter(d.state.value for d in self.deliveries)

    @property
    def upcoming(self) -> list[Delivery]:
        return [d for d in self.deliveries if d.state is State.SCHEDULED and d.due_at > self.now]

    @property
    def waiting(self) -> list[Delivery]:
        """What a person has to look at."""
        return [
            d
            for d in self.deliveries
            if d.needs_a_person() or (d.state is State.SCHEDULED and d.due_at <= self.now)
        ]

    @property
    def closed(self) -> list[Delivery]:
        """Whose window had closed before the season was started here."""
        return [d for d in self.deliveries if d.closed_before_start]

    @property
    def needs_money(self) -> list[str]:
        """Channels that wait for a balance or a plan."""
        return sorted({d.channel for d in self.deliveries if d.needs_money})

    @property
    def needs_reviewers(self) -> bool:
        """Whether a reviewer has to act: on a request or a voided approval always, on a missing one once armed."""
        found = self.reviewers
        return found is not None and bool(found.requests or found.voided or (self.armed and found.lacking))

    @property
    def needs_a_person(self) -> bool:
        return bool(self.waiting or self.holds or self.copied_at or self.needs_reviewers)


def season_status(
    project: Project, ledger: Ledger, campaign_id: str, year: int, desk: Callable[[], Desk] | None = None
) -> SeasonStatus:
    """How a season stands. ``desk`` gives one with a rehearsal at hand; without it the season is rehearsed.

    A season that cannot be rehearsed has a status all the same.
    """
    mode = project.settings.mode.value
    reviewers: ReviewStanding | None = None
    money: tuple[Spending, ...] = ()
    unread = ""
    try:
        at = desk() if desk else project.desk_on(ledger, campaign_id, year)
        reviewers, money = at.how_it_stands(), project.spending(ledger, at.rehearsal)
    except ObservanceError as problem:
        unread = problem.message
    return SeasonStatus(
        campaign=campaign_id,
        season=year,
        mode=mode,
        armed=ledger.armed(campaign_id, year),
        holds=ledger.holds(),
        deliveries=ledger.deliveries(mode, campaign_id, year),
        readers=ledger.count_subscribers(),
        copied_at=ledger.copied_at(),
        reviewers=reviewers,
        unread=unread,
        money=money,
        now=project.clock.now(),
    )


def status_as_data(status: SeasonStatus) -> Plain:
    """The same for ``status --json`` and for the JSON API."""
    first = status.upcoming[0] if status.upcoming else None
    return {
        "campaign": status.campaign,
        "season": status.season,
        "mode": status.mode,
        "started": True,
        "armed": status.armed is not None,
        "armed_by": status.armed.who if status.armed else None,
        "holds": [hold_as_data(h) for h in status.holds],
        "states": dict(status.states),
        "closed_before_start": len(status.closed),
        "needs_money": status.needs_money,
        "backup_of": status.copied_at,
        "money": [
            {"channel": m.channel, "forecast": m.forecast, "spent": m.spent, "limit": m.limit} for m in status.money
        ],
        "next": {"item": first.item, "channel": first.channel, "due_at": first.due_at} if first else None,
        "readers": dict(status.readers),
        "review": standing_as_data(status.reviewers) if status.reviewers else {"unread": status.unread},
        "needs_you": [
            {
                "delivery": d.id,
                "date": d.on,
                "item": d.item,
                "channel": d.channel,
                "state": d.state.value,
                "why": d.note,
            }
            for d in status.waiting
        ],
    }
