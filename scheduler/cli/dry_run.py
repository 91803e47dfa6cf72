"""Rehearse the whole month: the plan, the words and the checks of a live send, with only the sending step removed.

Nothing leaves this machine and no account is needed.
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from ..domain.finding import Severity
from ..domain.formatting import counted
from ..domain.rehearsal import Rehearsal
from ..errors import UsageError
from ..services.seasons import rehearse, write_dry_run
from ..settings import ChannelSettings
from .arguments import add_campaign
from .context import Context, findings_as_data
from .findings_output import print_findings_in_parts
from .terminal import Progress, styled

EPILOG = """examples:
  run.py dry-run
  run.py dry-run --open                                  and show it in the browser
  run.py dry-run --from 2027-01-11 --to 2027-01-17       one week alone
Files: index.html (the packet), plan.json, plan.csv, calendar.ics, findings.json, posts/, emails/, digests/."""


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    add_campaign(parser)
    parser.add_argument("--out", metavar="DIR", help="where to write (default: build/dry-run/CAMPAIGN-SEASON)")
    parser.add_argument("--open", action="store_true", help="open the packet in the browser afterwards")
    parser.add_argument("--from", dest="first", metavar="DATE", help="only from this day on (2027-01-11)")
    parser.add_argument("--to", dest="last", metavar="DATE", help="only up to this day")


def run(context: Context, options: argparse.Namespace, name: str) -> int:
    project = context.project
    bar = Progress("Rehearsing")
    rehearsal = rehearse(project, context.campaign_id, options.season, progress=bar)
    bar.close()
    if not rehearsal.messages:
        return _nothing_was_made(context, rehearsal)
    first, last = _day(options.first, "--from"), _day(options.last, "--to")
    if first or last:
        rehearsal = rehearsal.between(first, last)
        if not rehearsal.messages:
            season = rehearsal.plan.season
            raise UsageError(
                "no day of the campaign lies between --from and --to",
                hint=f"the window runs from {season.start_on} to {season.end_on}",
            )
    plan = rehearsal.plan
    out = (
        Path(options.out)
        if options.out
        else project.root / "build" / "dry-run" / f"{plan.campaign.id}-{plan.season.year}"
    )
    bar = Progress("Writing   ")
    files = write_dry_run(project, rehearsal, out, progress=bar)
    bar.close()

    posts = sum(1 for m in rehearsal.messages if m.channel != "email")
    emails = len(rehearsal.messages) - posts
    days = len({m.on for m in rehearsal.messages})
    reds = [f for f in rehearsal.findings if f.severity is Severity.RED]
    ambers = [f for f in rehearsal.findings if f.severity is Severity.AMBER]
    if context.json:
        context.print_json(
            {
                "campaign": plan.campaign.id,
                "season": plan.season.year,
                "days": days,
                "posts": posts,
                "emails": emails,
                "first": min(m.on for m in rehearsal.messages),
                "last": max(m.on for m in rehearsal.messages),
                "out": str(out),
                "findings": findings_as_data(rehearsal.findings),
            }
        )
    else:
        print(styled(f"{plan.title}: rehearsed. NOTHING WAS SENT.", "bold"))
        names = dict.fromkeys(dict.fromkeys(m.channel for m in rehearsal.messages), 0)
        for message in rehearsal.messages:
            names[message.channel] += 1
        counts = ", ".join(counted(n, _noun(context.project.settings.channels[c])) for c, n in names.items())
        span = f"{min(m.on for m in rehearsal.messages)} to {max(m.on for m in rehearsal.messages)}"
        print(f"{counted(days, 'day')}, {counts}, from {span}.")
        for cost in rehearsal.costs:
            print(f"{cost.channel}: about ${cost.dollars:.2f} for the season. {cost.note}".rstrip())
        print()
        if reds or ambers:
            print(f"{len(reds)} blocked, {len(ambers)} to look at. What is blocked is rehearsed, but not sent live.")
            print_findings_in_parts([*reds, *ambers], every_place=False)
            print()
            print("`check` lists each place to correct, `check --all` each of the others too.")
            print()
        print(f"Packet: {files.index}")
        print("Next: open it in a browser, or print it for your reviewers.")
    if options.open:
        import webbrowser

        webbrowser.open(files.index.resolve().as_uri())
    return 1 if reds else 0


def _nothing_was_made(context: Context, rehearsal: Rehearsal) -> int:
    """No message at all, as when every template is broken: there is nothing to show, and what was written stays."""
    if context.json:
        context.print_json({"days": 0, "posts": 0, "emails": 0, "findings": findings_as_data(rehearsal.findings)})
    else:
        print("No message could be made. Nothing was written; the packet of an earlier run, if any, is as it was.")
        print_findings_in_parts([f for f in rehearsal.findings if f.severity is not Severity.INFO], every_place=False)
        print()
        print("Next: correct what is blocked and run the command again; `check` lists every place.")
    return 1


def _day(text: str | None, option: str) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option} {text!r} is not a date", hint="write it as 2027-01-11") from None


def _noun(channel: ChannelSettings) -> str:
    """X post; email."""
    from ..channels.registry import spec_of

    spec = spec_of(channel)
    return f"{spec.title} post" if spec.kind == "post" else "email"
