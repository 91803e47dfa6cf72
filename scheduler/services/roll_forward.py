"""The season that comes next: what has to be looked at anew for it, and what ends with the season before.

The campaign's structure stays: items, calendar, rules. Approvals are of one season and need nothing done to end.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from ..content.renewal import Renewal, RenewalKind, to_renew
from ..domain.campaign import Campaign, Season
from ..domain.claim import Signature, Signatures
from ..domain.refusals import Refusal, Refused
from ..domain.season_key import SeasonKey
from ..light_dataclass import dataclass
from ..planner.pin import PAST, pinned_seasons, put_aside
from ..planner.season_choice import season_before, season_for, season_in
from ..wiring import open_ledger
from .context import Context, SeasonContext, act
from .ledger_data import Plain
from .seasons import read_campaign
from .signatures import records_in_use

if TYPE_CHECKING:
    from ..project import Project
    from ..store import Ledger


@dataclass(frozen=True)
class NextSeason:
    """``pins``: seasons that are over and whose pins are still in the way; ``signatures``: how many sign-offs end with
    the season before; ``to_sign``: the latest of each record that nobody's sign-off carries through this season;
    ``approvals``: of the season before, none of which counts for this one."""

    campaign: Campaign
    season: Season
    before: Season | None
    renewals: tuple[Renewal, ...]
    pins: tuple[int, ...] = ()
    signatures: int = 0
    to_sign: tuple[Signature, ...] = ()
    approvals: int = 0

    @property
    def is_rolled(self) -> bool:
        """Whether there is nothing to put aside, and nothing to end."""
        return not (self.pins or self.signatures)

    def of(self, *kinds: RenewalKind) -> list[Renewal]:
        return [renewal for renewal in self.renewals if renewal.kind in kinds]


def look_ahead(project: Project, campaign_id: str, year: int | None, ledger: Ledger | None = None) -> NextSeason:
    """What the next season needs; changes nothing. ``year`` None: the first season that has not begun yet.

    Without ``ledger`` the project's own is read, where there is one. Refused for a season that is over.
    """
    campaign, _ = read_campaign(project, campaign_id)
    today = project.today(campaign)
    season = season_for(campaign, today) if year is None else season_in(campaign, year)
    if year is None and season.start_on <= today:
        season = season_for(campaign, season.end_on + timedelta(days=1))
    if season.end_on < today:
        raise Refused(Refusal.SEASON_IS_OVER, campaign=campaign_id, season=season.year, day=season.end_on)
    before = season_before(campaign, season)
    pinned = pinned_seasons(project.root, campaign_id)
    over = before if before is None or before.end_on < today else season_before(campaign, before)
    pins = tuple(year for year in pinned if over is not None and year <= over.year)
    ahead = NextSeason(campaign, season, before, to_renew(project.root, campaign, season, before), pins)
    if before is None or (ledger is None and not project.ledger_exists()):
        return ahead
    if ledger is not None:
        return _with_ledger(ahead, before, ledger)
    with closing(open_ledger(project)) as own:
        return _with_ledger(ahead, before, own)


def _with_ledger(ahead: NextSeason, before: Season, ledger: Ledger) -> NextSeason:
    key = SeasonKey(ahead.campaign.id, before.year)
    return replace(
        ahead,
        signatures=ledger.signatures.ending_with(key.campaign, before.end_on),
        to_sign=tuple(_to_sign(ahead, before, ledger.signatures.of_campaign(*ahead.campaign.signed_in))),
        approvals=len(ledger.approvals.of_season(key).all),
    )


def _to_sign(ahead: NextSeason, before: Season, signed: Signatures) -> Iterator[Signature]:
    for (kind, name), record_hash in records_in_use(ahead.campaign).items():
        of_it = signed.of(kind, name, record_hash)
        later = [s for s in of_it if s.signed_on > before.end_on]
        if of_it and not any(s.expires_on is None or s.expires_on >= ahead.season.end_on for s in later):
            yield max(of_it, key=lambda s: s.signed_on)


@act
def roll_forward(context: Context, campaign_id: str, year: int | None) -> NextSeason:
    """Put aside the pins of seasons that are over, and end the signatures of the season before with its last day.
    Returns what it found. Where that is done already it changes nothing."""
    ahead = look_ahead(context.project, campaign_id, year, context.ledger)
    if ahead.is_rolled:
        return ahead
    for pinned in ahead.pins:
        put_aside(context.project.root, campaign_id, pinned)
    if ahead.before is not None:
        context.ledger.signatures.end_with(
            SeasonKey(campaign_id, ahead.before.year),
            ahead.before.end_on,
            season=ahead.season.year,
            pins=len(ahead.pins),
            who=context.actor.name,
            now=context.now(),
        )
    return ahead


def left_to_renew(context: SeasonContext) -> dict[RenewalKind, list[Renewal]]:
    """By kind, what is to be looked at anew before the season begins, history left out; nothing where this ledger has
    nothing of the season before."""
    plan, project = context.rehearsal.plan, context.project
    before = season_before(plan.campaign, plan.season)
    if before is None or project.today(plan.campaign) >= plan.season.start_on:
        return {}
    if not context.ledger.deliveries.of_season(context.mode, SeasonKey(plan.campaign.id, before.year)):
        return {}
    found: dict[RenewalKind, list[Renewal]] = {}
    for renewal in to_renew(project.root, plan.campaign, plan.season, before):
        if renewal.kind is not RenewalKind.YEAR:
            found.setdefault(renewal.kind, []).append(renewal)
    return found


def next_season_as_data(ahead: NextSeason) -> Plain:
    """For programs."""
    return {
        "campaign": ahead.campaign.id,
        "season": ahead.season.year,
        "window": {"start": ahead.season.start_on, "end": ahead.season.end_on},
        "before": ahead.before.year if ahead.before else None,
        "title": ahead.campaign.title_in(ahead.season.year) or ahead.campaign.name,
        "title_confirmed": ahead.campaign.title_is_confirmed(ahead.season.year),
        "puts_aside": [f"campaigns/{ahead.campaign.id}/plan-{year}.toml" for year in ahead.pins],
        "put_aside_in": f"campaigns/{ahead.campaign.id}/{PAST}",
        "signatures_that_end": ahead.signatures,
        "approvals_before": ahead.approvals,
        "to_sign": [
            {"subject": s.subject, "id": s.subject_id, "last_signed_by": s.person, "on": s.signed_on}
            for s in ahead.to_sign
        ],
        "renew": [
            {
                "kind": one.kind.value,
                "record": one.record,
                "id": one.id,
                "field": one.field,
                "words": one.words,
                "file": one.where.path,
                "line": one.where.line,
            }
            for one in ahead.renewals
        ],
    }
