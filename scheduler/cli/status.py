"""Now and next: what went out, what comes, what stands in the way, what waits for a person."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ..domain.delivery import State
from ..domain.delivery_words import state_words, told
from ..domain.formatting import local_words
from ..domain.season_key import SeasonKey
from ..errors import OutOfReach
from ..services.doctor import find_trouble
from ..services.doctor.check_letters import letters_words
from ..services.seasons import read_campaign, season_of
from ..services.senders import who_sends
from .arguments import add_campaign
from .context import Context
from .review_output import items_in_words, print_requests, print_voided
from .terminal import styled, table

if TYPE_CHECKING:
    from ..services.doctor.doctor_result import DoctorResult
    from ..services.status import SeasonStatus


EPILOG = """examples:
  run.py status
  run.py status --json
Exit status 1 when somebody has to act, 4 when the database is out of reach."""


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    add_campaign(parser)


def run(context: Context, options: argparse.Namespace, name: str) -> int:
    from ..services.status import season_status, status_as_data, trouble_as_data

    project = context.project
    campaign, _ = read_campaign(project, context.campaign_id)
    season = season_of(project, campaign, options.season)
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
    heading = f"{title}, {season.start_on} to {season.end_on}"
    try:
        with context.acting() as acting:
            status = season_status(acting, SeasonKey(campaign.id, season.year))
    except OutOfReach as problem:
        trouble = find_trouble(project, None, problem)
        if context.json:
            known = {"campaign": campaign.id, "season": season.year, "mode": mode, "started": True}
            context.print_json({**known, "trouble": trouble_as_data(trouble), "sends": who_sends(project, None)})
        else:
            print(styled(f"{heading}. Mode: {mode}. What was sent cannot be read now.", "bold"))
            _print_trouble(trouble, who_sends(project, None))
        return problem.exit_status
    if context.json:
        context.print_json(status_as_data(status))
    else:
        _print(status, heading, campaign.time_zone)
    return int(status.needs_a_person)


def _print_trouble(trouble: Iterable[DoctorResult], sends: str | None) -> None:
    """What keeps everything from being sent, then who sends."""
    for line in trouble:
        print(styled(f"TROUBLE: {line.said}.", "red"))
        if line.to_do:
            print(f"  What to do: {line.to_do}.")
    if sends is not None:
        print(f"Sends now: {sends}." if sends else "No process sends now: `start` does, or `tick`.")


def _print(status: SeasonStatus, title: str, zone: str) -> None:
    armed = f"Armed by {status.armed.who}." if status.armed else "Not armed."
    print(styled(f"{title}. Mode: {status.mode}. {armed}", "bold"))
    _print_trouble(status.trouble, status.sends)
    if status.copied_at is not None:
        made = local_words(status.copied_at, zone)
        print(styled(f"THIS IS A BACKUP of {made}: nothing was sent from it yet; `start` takes it over.", "red"))
    for channel in status.needs_money:
        print(styled(f"NEEDS MONEY: {channel}; top up the balance or the plan there, and it goes on by itself.", "red"))
    for hold in status.holds:
        where = "all channels" if hold.channel == "*" else hold.channel
        print(styled(f"HELD: {where}, by {hold.who} since {local_words(hold.held_at, zone)}: {hold.why}", "red"))
    if status.states:
        states = (f"{count} {state_words(State(state))}" for state, count in sorted(status.states.items()))
        print(f"Deliveries: {', '.join(states)}.")
    if closed := status.closed:
        days = f"{closed[0].on} to {closed[-1].on}"
        print(f"{len(closed)} of {days} had closed before the season was started here.")
    print("Readers: " + (", ".join(f"{count} {state}" for state, count in status.readers.items()) or "none") + ".")
    if status.dead.addresses:
        print(f"The list: {status.dead.in_words(zone)}.")
    if letters := letters_words(status.letters, status.now):
        print(f"Letters around signing up: {letters}.")
    if status.upcoming:
        first = status.upcoming[0]
        print(f"Next: {local_words(first.due_at, zone)}: {first.item} on {first.channel}.")
    for spending in status.money:
        print(f"{spending.in_words()}.")
    _print_reviewers(status)
    if status.waiting:
        print()
        print("Waits for a person:")
        rows = [(d.id, d.on, d.channel, d.item, state_words(d.state), told(d, zone)) for d in status.waiting]
        print(table(("id", "date", "channel", "item", "state", "why"), rows))
        alike: dict[str, list[str]] = {}
        for delivery in status.waiting:
            if words := status.to_do.get(delivery.id):
                alike.setdefault(words, []).append(str(delivery.id))
        print("What to do:")
        for words, numbers in alike.items():
            print(f"  {_some(numbers)}: {words}.")


def _some(numbers: Sequence[str], most: int = 6) -> str:
    more = f" and {len(numbers) - most} more" if len(numbers) > most else ""
    return ", ".join(numbers[:most]) + more


def _print_reviewers(status: SeasonStatus) -> None:
    standing = status.reviewers
    if standing is None:
        print(f"Approvals could not be looked at: {status.unread}")
        return
    print(f"Approved: {standing.approved} of the {standing.messages} messages that are still to go out.")
    print_requests(standing)
    print_voided(standing.voided)
    if standing.lacking:
        print(f"Lack approval: {items_in_words([one.message for one in standing.lacking])}; see `review status`.")
