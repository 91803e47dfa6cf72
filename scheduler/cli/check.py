"""List every problem of the campaign: not the first, all of them, with file, line and what to do.

What is to be corrected in a file comes first. What only waits for somebody's signature, check or decision follows, by
kind and number; --all lists each of these too.
"""

from __future__ import annotations

import argparse

from ..domain.finding import Severity
from ..domain.formatting import counted
from ..domain.stale_approvals import Voided, voided
from ..review.review_status import voided_as_data
from ..services.seasons import CampaignUnusable, rehearse
from .arguments import add_campaign
from .context import Context, findings_as_data
from .findings_output import print_findings_in_parts
from .review_output import print_voided

EPILOG = """examples:
  run.py check
  run.py check --all          also each signature that is missing, with its place
  run.py check --json         the same for programs
Exit status 1 when something is blocked or needs your attention. docs/reference/findings.md explains each code."""


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    add_campaign(parser)
    parser.add_argument("--all", action="store_true", help="fold nothing: each missing signature and each note as well")


def run(context: Context, options: argparse.Namespace, name: str) -> int:
    gone: tuple[Voided, ...] = ()
    try:
        rehearsal = rehearse(context.project, context.campaign_id, options.season)
        findings, gone = rehearsal.findings, voided(rehearsal, open_at=context.project.clock.now())
    except CampaignUnusable as unusable:
        findings = unusable.findings
    reds = sum(f.severity is Severity.RED for f in findings)
    ambers = sum(f.severity is Severity.AMBER for f in findings)
    if context.json:
        context.print_json({"findings": findings_as_data(findings), "voided": voided_as_data(gone)})
        return 1 if reds or ambers else 0
    if not findings:
        print("Nothing to correct.")
    else:
        notes = counted(len(findings) - reds - ambers, "note", "notes")
        print(f"{reds} blocked, {ambers} to look at, {notes}.")
        print_findings_in_parts(findings, every_place=True, every_one=options.all)
        print()
        if not options.all and len(findings) > 1:
            print("`check --all` lists each one with its file and line.")
        print("Each code is explained in docs/reference/findings.md.")
    print_voided(gone)
    return 1 if reds or ambers else 0
