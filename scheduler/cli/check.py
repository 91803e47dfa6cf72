"""List every problem of the campaign: not the first, all of them, with file, line and what to do."""

from __future__ import annotations

import argparse

from ..bootstrap import CampaignUnusable
from ..domain.finding import Severity
from ..domain.voided import Voided, voided
from ..review.standing_as_data import voided_as_data
from .context import Context, add_campaign, findings_as_data, print_findings
from .review_words import print_voided


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    add_campaign(parser)


def run(context: Context, options: argparse.Namespace, name: str) -> int:
    gone: tuple[Voided, ...] = ()
    try:
        rehearsal = context.project.rehearse(context.campaign_id, options.season)
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
        print(f"{reds} blocked, {ambers} to look at, {len(findings) - reds - ambers} notes.")
        print_findings(findings)
        print("Each code is explained in docs/reference/findings.md.")
    print_voided(gone)
    return 1 if reds or ambers else 0
