"""How everything stands, and what to do: settings, secrets, money, clock, database, the week ahead. Sends nothing.

With --online it also opens a connection to each provider, and asks the DNS about the sender's domain.
"""

from __future__ import annotations

import argparse

from ..services.doctor import examine_project
from .arguments import add_campaign
from .context import Context
from .terminal import styled

EPILOG = """examples:
  run.py doctor
  run.py doctor --online       also asks the providers and the DNS
Exit status 1 when something is blocked or needs your attention, 4 when something cannot be reached."""


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    add_campaign(parser)
    parser.add_argument("--online", action="store_true", help="also connect to each provider, and ask the DNS")


def run(context: Context, options: argparse.Namespace, name: str) -> int:
    from ..services.doctor.doctor_result import Status
    from ..services.doctor.examination import exit_status

    project = context.project
    campaigns = context.campaigns
    lines = examine_project(project, campaigns, options.season, online=options.online)
    counts = {light: sum(line.light is light for line in lines) for light in Status}
    if context.json:
        context.print_json(
            {
                "green": counts[Status.GREEN],
                "amber": counts[Status.AMBER],
                "red": counts[Status.RED],
                "lines": [
                    {
                        "check": line.check,
                        "light": line.light.value,
                        "said": line.said,
                        "to_do": line.to_do,
                        "out_of_reach": line.out_of_reach,
                    }
                    for line in lines
                ],
            }
        )
        return exit_status(lines)
    marks = {Status.GREEN: ("✓", "good"), Status.AMBER: ("▲", "amber"), Status.RED: ("■", "red")}
    red, amber, green = (counts[light] for light in (Status.RED, Status.AMBER, Status.GREEN))
    print(styled(f"{red} blocked, {amber} need your attention, {green} good. Nothing was sent.", "bold"))
    for light in (Status.RED, Status.AMBER, Status.GREEN):
        mark, style = marks[light]
        for line in (each for each in lines if each.light is light):
            print(f"  {styled(f'{mark} {light.word:<9}', style)} {line.check}: {line.said}")
            if line.to_do:
                print(f"      -> {line.to_do}")
    return exit_status(lines)
