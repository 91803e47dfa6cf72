"""Now and next: what went out, what comes, what stands in the way, what waits for a person."""

from __future__ import annotations

import argparse
from collections import Counter

from ..domain.delivery import State
from ..domain.words import local_words
from ..errors import ObservanceError
from ..ports import ReviewLedger
from ..review.standing import ReviewStanding
from .context import Context, add_campaign
from .review_words import items_in_words, needs_reviewers, print_requests, print_voided, standing_as_data
from .term import styled, table


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
        standing, unread = _review(context, ledger)
    finally:
        ledger.close()
    zone = campaign.time_zone
    states = Counter(d.state.value for d in deliveries)
    upcoming = [d for d in deliveries if d.state is State.SCHEDULED and d.due_at > now]
    waiting = [d for d in deliveries if d.needs_a_person() or (d.state is State.SCHEDULED and d.due_at <= now)]
    needs = bool(waiting or holds) or (standing is not None and needs_reviewers(standing, armed is not None))
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
    for hold in holds:
        where = "all channels" if hold.channel == "*" else hold.channel
        print(styled(f"HELD: {where}, by {hold.who} since {local_words(hold.held_at, zone)}: {hold.why}", "red"))
    if states:
        print("Deliveries: " + ", ".join(f"{count} {state}" for state, count in sorted(states.items())) + ".")
    print("Readers: " + (", ".join(f"{count} {state}" for state, count in readers.items()) or "none") + ".")
    if upcoming:
        first = upcoming[0]
        print(f"Next: {local_words(first.due_at, zone)}: {first.item} on {first.channel}.")
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


def _review(context: Context, ledger: ReviewLedger) -> tuple[ReviewStanding | None, str]:
    """How the season stands with its reviewers; else why nobody can tell. Status is shown all the same."""
    try:
        season = context.season.year
        desk = context.project.desk_on(ledger, context.campaign_id, season)
        return desk.how_it_stands(), ""
    except ObservanceError as problem:
        return None, problem.message
