"""How everything stands now, and what comes next."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ..domain.delivery import State
from ..domain.delivery_words import state_words, told, why
from ..domain.formatting import counted, local_words, moment_words, span_words, time_of_day
from ..domain.outlook import in_words
from ..domain.season_key import SeasonKey
from ..errors import OutOfReach
from ..services.last_look import last_look
from ..services.seasons import read_campaign, season_in_view, season_of
from .arguments import campaign, command, shows_each
from .command_context import CommandContext
from .output import (
    declined_lines,
    finding_lines_by_code,
    items_in_words,
    request_lines,
    some,
    styled,
    table,
    voided_lines,
    without_folder_lines,
)

if TYPE_CHECKING:
    from ..domain.campaign import Campaign, Season
    from ..services.doctor.doctor_result import DoctorResult
    from ..services.status import SeasonEnd, SeasonStatus

#: For so long the same is told again, if nothing changes.
_ANSWER_LASTS = timedelta(minutes=1)


@command(
    "status",
    campaign,
    shows_each(),
    examples="""examples:
  run.py status
  run.py status --json
Exit status 1 when somebody has to act, 4 when the database is out of reach.""",
)
def status(context: CommandContext, options: argparse.Namespace) -> int:
    """Now and next: what went out, what comes, what stands in the way, what waits for a person."""
    project = context.project
    look = last_look(project, context.campaign_id)
    campaign = look.rehearsal.plan.campaign if look else read_campaign(project, context.campaign_id)[0]
    season = season_of(project, campaign, options.season)
    if look is not None and look.changed_at is not None and look.rehearsal.plan.season.year != season.year:
        look, campaign = None, read_campaign(project, context.campaign_id)[0]  # it was a look at another season
    mode = project.settings.mode.value
    heading = _heading(campaign, season)
    known = {"campaign": campaign.id, "season": season.year, "mode": mode}
    if not project.ledger_exists():
        return context.answer(
            {**known, "armed": False, "started": False},
            f"{heading}: nothing has been started yet.",
            "Next: `dry-run` rehearses the month. `check` says what has to be signed, and `review status` what has "
            "to be approved; then `arm --by NAME` allows live sends.",
        )
    from ..services.doctor import find_trouble
    from ..services.doctor.check_machine import TOO_LITTLE_ROOM
    from ..services.senders import who_sends
    from ..services.status import season_status, status_as_data, trouble_as_data

    try:
        acting = context.acting(to_look=True)
        season = season_in_view(project, campaign, options.season, acting.ledger)
        heading = _heading(campaign, season)
        status = season_status(acting, SeasonKey(campaign.id, season.year), look=look)
    except OutOfReach as problem:
        trouble, sends = find_trouble(project, None, problem), who_sends(project, None)
        return context.answer(
            {**known, "started": True, "trouble": trouble_as_data(trouble), "sends": sends},
            styled(f"{heading}. Mode: {mode}. What was sent cannot be read now.", "bold"),
            *_trouble_lines(trouble, sends),
            status=problem.exit_status,
        )
    lines = [
        *_unseen_lines(status),
        *_status_lines(status, heading, campaign.time_zone),
        *context.once(without_folder_lines(status.without_folder)),
    ]
    is_settled = status.looked_at is not None and status.changed_at is None
    if is_settled and not status.sends and not status.trouble:  # of a process that sends there is news all the time
        context.keep_answer(_good_until(status), project.journal_folder(), room=TOO_LITTLE_ROOM)
    return context.answer(status_as_data(status), *lines, status=int(status.needs_a_person))


def _unseen_lines(status: SeasonStatus) -> Iterator[str]:
    """Before all else: what follows is not about the files as they are."""
    if status.changed_at is None or status.looked_at is None:
        return
    zone = ZoneInfo(status.zone)

    def when(at: datetime) -> str:
        is_today = at.astimezone(zone).date() == status.now.astimezone(zone).date()
        return f"at {time_of_day(at.astimezone(zone))}" if is_today else f"on {moment_words(at, status.zone)}"

    changed, looked = when(status.changed_at), when(status.looked_at)
    yield styled(f"Files changed {changed}, not looked at yet: `check`. What follows was found {looked}.", "amber")


def _good_until(status: SeasonStatus) -> datetime:
    """For a minute, and not past an instant at which something is due, or too late."""
    times = (at for delivery in status.deliveries for at in (delivery.due_at, delivery.expires_at))
    return min([status.now + _ANSWER_LASTS, *(at for at in times if at > status.now)])


def _heading(campaign: Campaign, season: Season) -> str:
    return f"{campaign.title_in(season.year) or campaign.name}, {span_words(season.start_on, season.end_on)}"


def _end_lines(end: SeasonEnd, campaign: str, season: int) -> Iterator[str]:
    """What went, and what is left to do."""
    yield styled(f"{end.in_words(season)}.", "bold")
    yield f"For the board: `report {campaign} --season {season} --html`."
    if not end.is_closed:
        left = f", which deletes {counted(end.readers, 'reader')}" if end.readers else ""
        close = f"subscribers close-season {campaign} --season {season}"
        yield f"To close it: `{close}`{left}. Until then it is shown here."
    if end.next_season is not None:
        yield f"Then: `roll-forward {campaign} --season {end.next_season}`, and `status --season {end.next_season}`."


def _trouble_lines(trouble: Iterable[DoctorResult], sends: str | None) -> Iterator[str]:
    """What keeps everything from being sent, then who sends."""
    for line in trouble:
        yield styled(f"TROUBLE: {line.said}.", "red")
        if line.to_do:
            yield f"  What to do: {line.to_do}."
    if sends is not None:
        yield f"Sends now: {sends}." if sends else "No process sends now: `start` does, or `tick`."


def _status_lines(status: SeasonStatus, title: str, zone: str) -> Iterator[str]:
    from ..services.doctor.check_subscribers import letters_words

    armed = f"Armed by {status.armed.who}." if status.armed else "Not armed."
    yield styled(f"{title}. Mode: {status.mode}. {armed}", "bold")
    yield in_words(status.outlook).line
    if status.ended is not None:
        yield from _end_lines(status.ended, status.campaign, status.season)
    over = status.ended is not None
    yield from _trouble_lines(status.trouble, None if over and not status.sends else status.sends)
    if status.copied_at is not None:
        made = local_words(status.copied_at, zone)
        yield styled(f"THIS IS A BACKUP of {made}: nothing was sent from it yet; `start` takes it over.", "red")
    for channel in status.needs_money:
        yield styled(f"NEEDS MONEY: {channel}; top up the balance or the plan there, and it goes on by itself.", "red")
    for hold in status.holds:
        yield styled(f"HELD: {hold.words}, by {hold.who} since {local_words(hold.held_at, zone)}: {hold.why}", "red")
    if status.states:
        states = (f"{count} {state_words(State(state))}" for state, count in sorted(status.states.items()))
        yield f"Deliveries: {', '.join(states)}."
    if closed := status.closed:
        yield f"{len(closed)} of {closed[0].on} to {closed[-1].on} had closed before the season was started here."
    yield f"Readers: {', '.join(f'{count} {state}' for state, count in status.readers.items()) or 'none'}."
    if status.dead.addresses:
        yield f"The list: {status.dead.in_words(zone)}."
    if letters := letters_words(status.letters, status.now):
        yield f"Letters around signing up: {letters}."
    for digest in status.went_without:
        yield f"{digest.item} on {digest.channel} (no. {digest.id}): {why(digest, zone)}."
    for first in status.upcoming[:1]:
        yield f"Next: {local_words(first.due_at, zone)}: {first.item} on {first.channel}."
    for spending in status.money:
        if not over:
            yield f"{spending.in_words()}."
        elif spending.spent:
            yield f"{spending.channel}: about ${spending.spent:,.2f} was spent in the season."
    yield from _reviewer_lines(status)
    if status.blocked and not over:
        yield f"\nBlocked, until it is settled: {counted(len(status.blocked), 'finding')}"
        yield from finding_lines_by_code(status.blocked)
    yield from _waiting_lines(status, zone)


def _waiting_lines(status: SeasonStatus, zone: str) -> Iterator[str]:
    """What waits for a person; and of a season that is over, what did not go out."""
    missed = [d for d in status.waiting if status.ended is not None and d.state is State.MISSED]
    waiting = [d for d in status.waiting if d not in missed]
    for heading, deliveries in (("Did not go out", missed), ("Waits for a person", waiting)):
        rows = [(d.id, d.on, d.channel, d.item, state_words(d.state), told(d, zone)) for d in deliveries]
        if rows:
            yield f"\n{heading}:\n{table(('id', 'date', 'channel', 'item', 'state', 'why'), rows)}"
    if missed:
        yield "The season is over, so none of these goes out any more; the report names each of them."
    if status.lost:
        which = f"{status.campaign} --season {status.season}" if status.ended else status.campaign
        yield f"{len(status.lost)} of these cannot go out any more. Once you have seen that, take it off this list:"
        yield f"  acknowledge {which} --by NAME"
    if waiting:
        yield "What to do:"
    alike: dict[str, list[str]] = {}
    for delivery in waiting:
        if words := status.to_do.get(delivery.id):
            alike.setdefault(words, []).append(str(delivery.id))
    for words, numbers in alike.items():
        yield f"  {some(numbers)}: {words}."


def _reviewer_lines(status: SeasonStatus) -> Iterator[str]:
    standing = status.reviewers
    if standing is None:
        yield f"Approvals could not be looked at: {status.unread}"
        return
    if standing.messages or status.ended is None:
        yield f"Approved: {standing.approved} of the {standing.messages} messages that are still to go out."
    if standing.alone:
        yield f"{standing.alone}."
    yield from request_lines(standing)
    yield from declined_lines(standing)
    for one in status.untold:
        name, waits = one.invitation.name, counted(one.waiting.number, "thing waits", "things wait")
        yield f"{name}: {waits} for them. Email: {one.words}. The words: `review remind {json.dumps(name)} --show`."
    yield from voided_lines(standing.voided)
    if standing.lacking:
        yield f"Lack approval: {items_in_words(one.message for one in standing.lacking)}; see `review status`."
