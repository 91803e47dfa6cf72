"""Now and next: what went out, what comes, what stands in the way, what waits for a person."""

from __future__ import annotations

import argparse
from collections import Counter
from typing import TYPE_CHECKING

from ..domain.delivery import State
from ..domain.words import local_words
from ..errors import ObservanceError
from ..review.standing import ReviewStanding
from .context import Context, add_campaign
from .review_words import items_in_words, needs_reviewers, print_requests, print_voided, standing_as_data
from .term import styled, table

if TYPE_CHECKING:
    from ..operating.money import Spending
    from ..store import Ledger


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    add_campaign(parser)


def run(context: Context, options: argparse.Namespace, name: str) -> int:
    project = context.project
    campaign, _ = project.load(context.campaign_id)
    season = project.season_of(campaign, options.season)
    mode = project.settings.mode.value
    title = campaign.title_in(season.year) or campaign.name
    if not project.ledger_exists():
        if context.json:
            context.print_json(
                {"campaign": campaign.id, "season": season.year, "mode": mode, "armed": False, "started": False}
            )
        else:
            print(f"{title}, {season.start_on} to {season.end_on}: nothing has been started yet.")
            print("Next: dry-run rehearses the month; sign, approve and arm allow live sends.")
        return 0
    ledger = project.open_ledger()
    try:
        now = project.clock.now()
        armed = ledger.armed(campaign.id, season.year)
        holds = ledger.holds()
        deliveries = ledger.deliveries(mode, campaign.id, season.year)
        readers = ledger.count_subscribers()
        standing, unread, money = _review(context, ledger)
        copied_at = ledger.copied_at()
    finally:
        ledger.close()
    zone = campaign.time_zone
    states = Counter(d.state.value for d in deliveries)
    upcoming = [d for d in deliveries if d.state is State.SCHEDULED and d.due_at > now]
    waiting = [d for d in deliveries if d.needs_a_person() or (d.state is State.SCHEDULED and d.due_at <= now)]
    closed = [d for d in deliveries if d.closed_before_start]
    broke = sorted({d.channel for d in deliveries if d.needs_money})
    reviewers = standing is not None and needs_reviewers(standing, armed is not None)
    needs = bool(waiting or holds or copied_at or reviewers)
    if context.json:
        context.print_json(
            {
                "campaign": campaign.id,
                "season": season.year,
                "mode": mode,
                "armed": armed is not None,
                "armed_by": armed.who if armed else None,
                "holds": [{"channel": h.channel, "by": h.who, "why": h.why, "since": h.held_at} for h in holds],
                "states": dict(states),
                "closed_before_start": len(closed),
                "needs_money": broke,
                "backup_of": copied_at,
                "money": [
                    {"channel": m.channel, "forecast": m.forecast, "spent": m.spent, "limit": m.limit} for m in money
                ],
                "next": {"item": upcoming[0].item, "channel": upcoming[0].channel, "due_at": upcoming[0].due_at}
                if upcoming
                else None,
                "readers": readers,
                "review": standing_as_data(standing) if standing else {"unread": unread},
                "needs_you": [
                    {
                        "delivery": d.id,
                        "date": d.on,
                        "item": d.item,
                        "channel": d.channel,
                        "state": d.state.value,
                        "why": d.note,
                    }
                    for d in waiting
                ],
            }
        )
        return int(needs)
    print(
        styled(
            f"{title}, {season.start_on} to {season.end_on}. Mode: {mode}. "
            + (f"Armed by {armed.who}." if armed else "Not armed."),
            "bold",
        )
    )
    if copied_at is not None:
        made = local_words(copied_at, zone)
        print(styled(f"THIS IS A BACKUP of {made}: nothing was sent from it yet; `start` takes it over.", "red"))
    for channel in broke:
        print(styled(f"NEEDS MONEY: {channel}; top up the balance or the plan there, and it goes on by itself.", "red"))
    for hold in holds:
        where = "all channels" if hold.channel == "*" else hold.channel
        print(styled(f"HELD: {where}, by {hold.who} since {local_words(hold.held_at, zone)}: {hold.why}", "red"))
    if states:
        print("Deliveries: " + ", ".join(f"{count} {state}" for state, count in sorted(states.items())) + ".")
    if closed:
        days = f"{closed[0].on} to {closed[-1].on}"
        print(f"{len(closed)} of {days} had closed before the season was started here.")
    print("Readers: " + (", ".join(f"{count} {state}" for state, count in readers.items()) or "none") + ".")
    if upcoming:
        first = upcoming[0]
        print(f"Next: {local_words(first.due_at, zone)}: {first.item} on {first.channel}.")
    for spending in money:
        print(f"{spending.in_words()}.")
    if standing is None:
        print(f"Approvals could not be looked at: {unread}")
    else:
        print(f"Approved: {standing.approved} of the {standing.messages} messages that are still to go out.")
        print_requests(standing)
        print_voided(standing.voided)
        if standing.lacking:
            print(f"Lack approval: {items_in_words([one.message for one in standing.lacking])}; see `review status`.")
    if waiting:
        print()
        print("Waits for a person:")
        print(
            table(
                ("id", "date", "channel", "item", "state", "why"),
                [(d.id, d.on, d.channel, d.item, d.state.value, d.note) for d in waiting],
            )
        )
    return int(needs)


def _review(
    context: Context, ledger: Ledger
) -> tuple[ReviewStanding | None, str, tuple[Spending, ...]]:
    """How the season stands with its reviewers, and what it costs; else why nobody can tell. Status is shown all the
    same."""
    try:
        season = context.season.year
        desk = context.project.desk_on(ledger, context.campaign_id, season)
        return desk.how_it_stands(), "", context.project.spending(ledger, desk.rehearsal)
    except ObservanceError as problem:
        return None, problem.message, ()
