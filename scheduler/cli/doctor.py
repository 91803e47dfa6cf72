"""Whether everything is well, and whether readers can leave."""

from __future__ import annotations

import argparse
from contextlib import closing, nullcontext

from ..domain.leave_page import LeavePage, found_words, page_address
from ..wiring import open_ledger
from .arguments import OF_A_CAMPAIGN, argument, by, campaign, command, group
from .command_context import CommandContext
from .output import styled


@command(
    "doctor",
    campaign,
    argument("--online", action="store_true", help="also connect to each provider, and ask the DNS"),
    examples="""examples:
  run.py doctor
  run.py doctor --online       also asks the providers and the DNS
Exit status 1 when something is blocked or needs your attention, 4 when something cannot be reached.""",
)
def doctor(context: CommandContext, options: argparse.Namespace) -> int:
    """How everything stands, and what to do: settings, secrets, money, clock, database, the week ahead. Sends nothing.

    With --online it also opens a connection to each provider, and asks the DNS about the sender's domain.
    """
    from ..services.doctor import examine_project, exit_status
    from ..services.doctor.doctor_result import Status

    results = examine_project(context.project, context.campaigns, options.season, online=options.online)
    counts = {light: sum(one.light is light for one in results) for light in Status}
    marks = {Status.RED: ("■", "red"), Status.AMBER: ("▲", "amber"), Status.GREEN: ("✓", "good")}
    red, amber, green = (counts[light] for light in marks)
    lines = [styled(f"{red} blocked, {amber} need your attention, {green} good. Nothing was sent.", "bold")]
    for light, (mark, style) in marks.items():
        for one in (each for each in results if each.light is light):
            lines += [f"  {styled(f'{mark} {light.word:<9}', style)} {one.check}: {one.said}"]
            lines += [f"      -> {one.to_do}"] if one.to_do else []
    return context.answer(
        {
            "green": green,
            "amber": amber,
            "red": red,
            "lines": [
                {
                    "check": one.check,
                    "light": one.light.value,
                    "said": one.said,
                    "to_do": one.to_do,
                    "out_of_reach": one.out_of_reach,
                }
                for one in results
            ],
        },
        *lines,
        status=exit_status(results),
    )


group(
    "links",
    about="""
Can readers leave? Ask the address in their unsubscribe links (check); say that a person has seen it (confirm).

Emails wait while that address does not lead to this program's pages. Where this machine cannot reach its own public
address, a person opens the page once a season on another network, and types the code that it shows.""",
    examples="""examples:
  run.py links check
  run.py links confirm K7QM-3XPA --by "Ada Example\"""",
)


@command("links check")
def check_links(context: CommandContext, options: argparse.Namespace) -> int:
    """Ask the address now; reads and changes nothing of a reader."""
    from ..services.outside import ask_for_leave_page

    project = context.project
    with closing(open_ledger(project)) if project.ledger_exists() else nullcontext() as ledger:
        found = ask_for_leave_page(project, ledger)
    public_url = project.settings.public_url
    said, to_do = found_words(found, public_url)
    return context.answer(
        {"address": page_address(public_url), "found": str(found.page), "said": said, "to_do": to_do},
        f"{said}.",
        f"What to do: {to_do}." if to_do else None,
        "A rehearsal, a sandbox and a pretended day ask this machine alone; an example address is nobody's."
        if found.page is LeavePage.NOT_ASKED
        else None,
        status=int(found.is_bad),
    )


@command(
    "links confirm",
    argument("code", metavar="CODE", help="the code"),
    OF_A_CAMPAIGN,
    by("who says so"),
)
def confirm_links(context: CommandContext, options: argparse.Namespace) -> int:
    """Say that a person has seen the page, by the code that it shows."""
    from ..services.outside import confirm_leave_page

    acting, address = context.acting(), page_address(context.project.settings.public_url)
    season = confirm_leave_page(acting, context.campaign_id, options.season, options.code)
    who = acting.actor.name
    return context.answer(
        {"address": address, "season": season, "confirmed_by": who},
        f"{who} has seen the page at {address}: emails of season {season} go out though this machine cannot.",
    )
