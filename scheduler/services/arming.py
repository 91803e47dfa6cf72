"""Allow live sends for a season, or forbid them again."""

from __future__ import annotations

from dataclasses import dataclass

from ..domain.campaign import Season
from ..domain.finding import Finding
from ..domain.season_key import SeasonKey
from ..review.review_status import ReviewStatus, review_standing
from ..wiring import signing_keys, whereabouts_of
from .context import Context, act
from .seasons import find_season, rehearse


@dataclass(frozen=True, slots=True)
class Armed:
    """``blocking``: what kept it from being armed; empty: it is. ``standing``: with its reviewers; what lacks approval
    keeps nothing else from being armed: it is refused by itself, at the moment of sending."""

    season: Season
    blocking: tuple[Finding, ...]
    standing: ReviewStatus


@act
def arm(context: Context, campaign_id: str, year: int | None) -> Armed:
    """Allow live sends for a season. While anything blocks, it is returned and nothing is armed."""
    project, ledger, now = context.project, context.ledger, context.now()
    signing_keys(project)
    rehearsal = rehearse(project, campaign_id, year, ledger=ledger)
    season = rehearsal.plan.season
    blocking = tuple(f for f in rehearsal.reds() if f.code not in project.waived())
    if not blocking:
        ledger.armings.arm(SeasonKey(campaign_id, season.year), who=context.actor.name, now=now)
        whereabouts_of(project, ledger).settle(now=now)  # a copy of it is known for one from here on
    return Armed(season, blocking, review_standing(rehearsal, open_at=now))


@act
def disarm(context: Context, campaign_id: str, year: int | None) -> Season:
    """Forbid live sends for a season; in force before the next call."""
    season = find_season(context.project, campaign_id, year)
    context.ledger.armings.disarm(SeasonKey(campaign_id, season.year), who=context.actor.name, now=context.now())
    return season
