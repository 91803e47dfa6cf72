"""Allow live sends for this season (arm), or forbid them again (disarm).

arm refuses while anything is blocked, and says what.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from ..domain.finding import Finding
from ..domain.formatting import counted
from ..review.review_status import standing_as_data
from ..services import arming
from ..services.doctor import nobody_sends
from ..services.outside import what_keeps_emails
from ..services.senders import find_sender_trouble, who_sends
from ..services.status import trouble_as_data
from ..wiring import open_ledger, why_displaced
from .arguments import add_campaign
from .context import Context
from .displaced import print_displaced
from .findings_output import print_findings_in_parts
from .review_output import items_in_words
from .terminal import styled

if TYPE_CHECKING:
    from ..project import Project
    from ..services.doctor.doctor_result import DoctorResult

EPILOG = """examples:
  run.py arm --by "Ada Example"
  run.py disarm --by "Ada Example"
Live sending also needs mode = "live" in config/settings.toml. To stop at once: hold."""


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    add_campaign(parser)
    parser.add_argument(
        "--by", default="", metavar="NAME", help="who decides (default: the account you are logged in with)"
    )


def run(context: Context, options: argparse.Namespace, name: str) -> int:
    project = context.project
    with context.acting() as acting:
        by = acting.actor.name
        if name == "disarm":
            season = arming.disarm(acting, context.campaign_id, options.season)
            print(f"Disarmed by {by}: nothing of season {season.year} goes out live until it is armed again.")
            return 0
        armed = arming.arm(acting, context.campaign_id, options.season)
    if armed.blocking:
        _print_blocking(context, armed.blocking)
        return 1
    season, standing = armed.season, armed.standing
    keeps_emails = what_keeps_emails(project, context.campaign_id, season.year)
    (trouble, runs), displaced = _processes(project, context.campaign_id, season.year), why_displaced(project)
    if context.json:
        said = dict(zip(("said", "to_do"), keeps_emails, strict=True)) if keeps_emails else None
        context.print_json(
            {
                "armed": True,
                "season": season.year,
                "by": by,
                "review": standing_as_data(standing),
                "emails_wait": said,
                "trouble": trouble_as_data(trouble),
                "displaced": displaced.message if displaced else None,
            }
        )
    else:
        print(f"Armed by {by} for season {season.year}: {season.start_on} to {season.end_on}.")
        if standing.lacking:
            print(f"{len(standing.lacking)} of {standing.messages} messages lack approval, and do not go out before:")
            print(f"  {items_in_words([one.message for one in standing.lacking])}")
            print("  `review status` says what is missing, and by whom.")
        if project.settings.mode.value != "live" and not trouble:
            print('The mode is still "rehearsal": set mode = "live" in config/settings.toml, or OBSERVANCE_MODE=live.')
        if keeps_emails:
            print(f"As it stands now, {keeps_emails[0]}.")
            print(f"  What to do: {keeps_emails[1]}.")
        if trouble:
            for line in trouble:
                print(styled(f"TROUBLE: {line.said}.", "red"))
                print(f"  What to do: {line.to_do}.")
        if displaced is not None:
            print_displaced(displaced)
        elif trouble:
            pass
        elif runs:
            print(f"Runs now: {runs}. To stop at once: hold --reason '...'")
        else:
            print("Next: start. To stop at once: hold --reason '...'")
    return int(displaced is not None)


def _print_blocking(context: Context, blocking: Sequence[Finding]) -> None:
    if context.json:
        context.print_json({"armed": False, "blocking": [str(f) for f in blocking]})
        return
    print(f"Not armed: {counted(len(blocking), 'thing blocks', 'things block')} live sending.")
    print_findings_in_parts(blocking, every_place=False)
    print()
    print("Next: settle these, then arm again. `check --all` lists each one with its file and line.")


def _processes(project: Project, campaign_id: str, year: int) -> tuple[tuple[DoctorResult, ...], str]:
    """What is wrong with the processes that send, or that none does; and which run."""
    with closing(open_ledger(project)) as ledger:
        trouble = (*find_sender_trouble(project, ledger), *nobody_sends(project, campaign_id, year, ledger))
        return trouble, who_sends(project, ledger) or ""
