"""List every problem of the campaign: not the first, all of them, with file, line and what to do."""

from __future__ import annotations

import argparse

from ..bootstrap import CampaignUnusable
from ..domain.finding import Severity
from .context import Context, add_campaign, findings_as_data, print_findings


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    add_campaign(parser)


def run(context: Context, options: argparse.Namespace, name: str) -> int:
    try:
        findings = context.project.rehearse(context.campaign_id, options.season).findings
    except CampaignUnusable as unusable:
        findings = unusable.findings
    reds = sum(f.severity is Severity.RED for f in findings)
    ambers = sum(f.severity is Severity.AMBER for f in findings)
    if context.json:
        context.print_json({"findings": findings_as_data(findings)})
    elif not findings:
        print("Nothing to correct.")
    else:
        print(f"{reds} blocked, {ambers} to look at, {len(findings) - reds - ambers} notes.")
        print_findings(findings)
        print("Each code is explained in docs/reference/findings.md.")
    return 1 if reds or ambers else 0
