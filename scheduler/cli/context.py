"""What every command needs: the project, the settings, the campaign, the season; each made when first asked for."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from .. import bootstrap
from ..domain.campaign import Season
from ..domain.finding import Finding, Severity


class Context:
    """One run of the command line."""

    def __init__(self, options: argparse.Namespace, env: Mapping[str, str]) -> None:
        self.options = options
        self.env = env

    @cached_property
    def project(self) -> bootstrap.Project:
        explicit = Path(self.options.project) if self.options.project else None
        return bootstrap.open_project(explicit, self.env, Path.cwd())

    @cached_property
    def campaign_id(self) -> str:
        return self.project.campaign_id(getattr(self.options, "campaign", None))

    @cached_property
    def season(self) -> Season:
        return self.project.season(self.campaign_id, self.options.season)

    @property
    def terminal(self) -> bool:
        """Whether a person can be asked."""
        return sys.stdin.isatty() and sys.stdout.isatty() and not self.json

    @property
    def json(self) -> bool:
        return bool(self.options.json)

    def print_json(self, value: object) -> None:
        print(json.dumps(value, indent=2, ensure_ascii=False, default=str))


def add_campaign(parser: argparse.ArgumentParser) -> None:
    """The campaign's name; with one campaign in the folder it may be left out."""
    parser.add_argument(
        "campaign", nargs="?", metavar="CAMPAIGN", help="folder in campaigns/ (needed when there are several)"
    )


def findings_as_data(findings: tuple[Finding, ...] | list[Finding]) -> list[dict[str, object]]:
    return [
        {
            "code": f.code,
            "severity": f.severity.value,
            "message": f.message,
            "file": f.where.path,
            "line": f.where.line,
            "hint": f.hint,
            "item": f.item,
            "channel": f.channel,
        }
        for f in findings
    ]


def print_findings(findings: tuple[Finding, ...] | list[Finding], *, limit: int | None = None) -> None:
    """One finding a line, grouped by weight; like findings of one code are folded beyond ``limit``."""
    from .term import styled

    shown = list(findings) if limit is None else list(findings)[:limit]
    for finding in shown:
        word = {Severity.RED: "blocked", Severity.AMBER: "needs you", Severity.INFO: "note"}[finding.severity]
        mark = {Severity.RED: "■", Severity.AMBER: "▲", Severity.INFO: "·"}[finding.severity]
        print(f"  {styled(f'{mark} {word:<9}', finding.severity.value)} {finding.code} {finding.where}")
        print(f"      {finding.message}" + (f" ({finding.item})" if finding.item else ""))
        if finding.hint:
            print(f"      -> {finding.hint}")
    if limit is not None and len(findings) > limit:
        print(f"  ... and {len(findings) - limit} more; `check` lists all of them")
