"""Allow live sends for a season, or forbid them again."""

from __future__ import annotations

from datetime import timedelta

from ..domain.campaign import Season
from ..domain.finding import Finding
from ..domain.season_guard import relied_on
from ..domain.season_key import SeasonKey
from ..light_dataclass import dataclass
from ..review.review_status import Lacking, ReviewStatus, review_standing
from ..wiring import signing_keys, whereabouts_of
from .context import Context, act
from .seasons import find_season, rehearse

#: What goes out within this time must have been approved before a season is armed. Later weeks may follow.
ARMED_AHEAD = timedelta(days=7)


@dataclass(frozen=True)
class Armed:
    """``blocking`` and ``early``: what kept it from being armed; both empty: it is. ``early``: messages of the first
    days that lack a person. ``standing``: with its reviewers; what goes out later and lacks approval keeps nothing else
    from being armed: it is refused by itself, at the moment of sending."""

    season: Season
    blocking: tuple[Finding, ...]
    early: tuple[Lacking, ...]
    standing: ReviewStatus

    @property
    def is_armed(self) -> bool:
        return not self.blocking and not self.early


@act
def arm(context: Context, campaign_id: str, year: int | None) -> Armed:
    """Allow live sends for a season. While anything blocks, or a message of the first days lacks a person, that is
    returned and nothing is armed."""
    project, ledger, now = context.project, context.ledger, context.now()
    signing_keys(project)
    rehearsal = rehearse(project, campaign_id, year, ledger=ledger)
    season = rehearsal.plan.season
    blocking = tuple(f for f in rehearsal.reds() if f.code not in project.waived())
    standing = review_standing(rehearsal, open_at=now)
    until = max(season.start_on, project.today(rehearsal.plan.campaign)) + ARMED_AHEAD
    ledger.questions.note(rehearsal.plan.key, relied_on(rehearsal.asked(), rehearsal.guards), now=now)
    armed = Armed(season, blocking, tuple(one for one in standing.lacking if one.message.on < until), standing)
    if armed.is_armed:
        ledger.armings.arm(SeasonKey(campaign_id, season.year), who=context.actor.name, now=now)
        whereabouts_of(project, ledger).settle(now=now)  # a copy of it is known for one from here on
    return armed


@act
def disarm(context: Context, campaign_id: str, year: int | None) -> Season:
    """Forbid live sends for a season; in force before the next call."""
    season = find_season(context.project, campaign_id, year)
    context.ledger.armings.disarm(SeasonKey(campaign_id, season.year), who=context.actor.name, now=context.now())
    return season
