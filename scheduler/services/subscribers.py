"""The list of subscribers: brought in, written out, added to, erased from, deleted after its season."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ..domain.cadence import DEFAULT_CADENCE, Cadence
from ..domain.hidden import name_of
from ..domain.refusals import Refusal, Refused
from ..domain.season_key import SeasonKey
from ..domain.subscriber import Added, Erased, NewSubscriber, SeasonClosed
from ..errors import UsageError
from ..subscribers.fields import BLANKS, LONGEST_NAME, checked_address, hidden_in_name, known_zones
from ..wiring import signing_keys
from .context import Context, act
from .seasons import read_campaign

if TYPE_CHECKING:
    from ..domain.campaign import Season
    from ..project import Project
    from ..store import Ledger
    from ..subscribers.csv_import import ImportResult
    from ..subscribers.season_end import ListDue

Progress = Callable[[int, int], None]


@act
def add(
    context: Context,
    address: str,
    *,
    name: str = "",
    zone: str = "",
    cadence: Cadence = DEFAULT_CADENCE,
    asked_back: bool = False,
) -> Added:
    """Add one subscriber who asked for it; written down as added by the actor."""
    new = new_subscriber(address, name, zone, cadence, "")
    return context.ledger.subscribers.add(new, who=context.actor.name, asked_back=asked_back, now=context.now())


@act
def import_file(
    context: Context, path: Path, report: Path, *, despite_lost_key: bool = False, progress: Progress | None = None
) -> ImportResult:
    """Add the subscribers in a CSV file; good rows are kept, bad ones reported by line."""
    from ..subscribers.csv_import import import_csv

    signing_keys(context.project)  # by hashes with it, whoever was erased is known again
    unknown = context.ledger.secret_keys.barred_by_lost_keys()
    if unknown and not despite_lost_key:
        raise Refused(Refusal.ERASED_CANNOT_BE_KNOWN, number=unknown)
    return import_csv(path, context.ledger, now=context.now(), progress=progress, report_path=report)


@act
def export_file(context: Context, path: Path, *, everybody: bool = False, progress: Progress | None = None) -> int:
    """Write the list to a file that the account alone can read. Returns how many."""
    from ..subscribers.csv_rows import export_csv

    ledger, now = context.ledger, context.now()
    total = sum(n for state, n in ledger.subscribers.count().items() if state != "suppressed")
    shown = (lambda done: progress(done, total)) if progress else None
    count = export_csv(path, ledger.subscribers.each(), everybody=everybody, now=now, progress=shown)
    ledger.events.record("subscribers.exported", who=context.actor.name, now=now, readers=count, everybody=everybody)
    return count


@act
def export_wrong_consents(context: Context, path: Path) -> int:
    """Write the addresses of those whose consent names the example organization, to ask them again."""
    from ..subscribers.csv_rows import export_csv

    ledger, now = context.ledger, context.now()
    ids = {c.subscriber_id for c in ledger.subscribers.consents_to_example()}
    count = export_csv(path, (s for s in ledger.subscribers.each() if s.id in ids), everybody=True, now=now)
    ledger.events.record("subscribers.exported", who=context.actor.name, now=now, readers=count, everybody=False)
    return count


@act
def erase(context: Context, address: str) -> Erased:
    """Take an address out wherever it stands, for good."""
    signing_keys(context.project)
    return context.ledger.subscribers.erase(checked_address(address), who=context.actor.name, now=context.now())


@act
def close_season(
    context: Context, campaign_id: str, year: int | None, *, keep_who_asked: bool = False, everybody: bool = False
) -> tuple[Season, SeasonClosed]:
    """Delete the list, after the season's last day. ``everybody``: those too who asked to hear of the next season."""
    signing_keys(context.project)
    season, ledger = season_to_close(context.project, campaign_id, year), context.ledger
    end = ledger.subscribers.end_of_season(SeasonKey(campaign_id, season.year))
    if end is None:
        raise Refused(Refusal.NOTHING_OF_THAT_SEASON, campaign=campaign_id, season=season.year)
    if keep_who_asked and everybody:
        raise Refused(Refusal.BOTH_KEPT_AND_DELETED)
    asked = ledger.subscribers.kept_on_request()
    if asked and not (keep_who_asked or everybody):
        raise Refused(Refusal.SOME_ASKED_TO_STAY, number=asked)
    closed = ledger.subscribers.close_season(
        SeasonKey(campaign_id, season.year),
        keep_who_asked=keep_who_asked,
        came_before=end,
        who=context.actor.name,
        now=context.now(),
    )
    return season, closed


def new_subscriber(address: str, name: str, zone: str, cadence: Cadence, source: str) -> NewSubscriber:
    """What is written down of somebody who comes, if it can be. Raises Refused, and BadAddress for the address."""
    name, zone = name.strip(BLANKS), zone.strip(BLANKS)
    if len(name) > LONGEST_NAME:
        raise Refused(Refusal.TEXT_TOO_LONG, what="the name", limit=LONGEST_NAME)
    if character := hidden_in_name(name):
        raise Refused(Refusal.HIDDEN_CHARACTER, what="the name", character=name_of(character))
    if zone and zone not in known_zones():
        raise Refused(Refusal.NO_SUCH_ZONE)
    return NewSubscriber(checked_address(address.strip(BLANKS)), name, zone or None, source, cadence=cadence)


def list_due(project: Project, campaign_id: str, ledger: Ledger) -> ListDue | None:
    """The season whose list of readers was to be deleted by now."""
    from ..subscribers.season_end import list_due

    campaign, _ = read_campaign(project, campaign_id)
    return list_due(campaign, project.today(campaign), ledger)


def season_to_close(project: Project, campaign_id: str, year: int | None) -> Season:
    """The season that has ended. Raises UsageError while a season of any campaign runs: the list is theirs too."""
    from ..subscribers.season_end import season_at

    for other in project.campaigns():
        campaign, _ = read_campaign(project, other)
        running, _ = season_at(campaign, project.today(campaign))
        if running is not None:
            raise UsageError(
                f"the season of {other} runs until {running.end_on}; its readers are on the list",
                hint="close the list after that day",
            )
    campaign, _ = read_campaign(project, campaign_id)
    _, ended = season_at(campaign, project.today(campaign))
    if ended is None or year not in (None, ended.year):
        raise UsageError(
            f"{campaign_id} has no season{f' {year}' if year else ''} that has ended",
            hint="the list is closed after a season's last day",
        )
    return ended
