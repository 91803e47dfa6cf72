"""What every command needs: the project, the settings, the campaign, the season; each made when first asked for."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Mapping
from datetime import date
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
        print(json.dumps(value, indent=2, ensure_ascii=False, default=_in_text))


def _in_text(value: object) -> str:
    """Dates and instants as ISO 8601 has them."""
    return value.isoformat() if isinstance(value, date) else str(value)  # a datetime is a date


def add_campaign(parser: argparse.ArgumentParser) -> None:
    """The campaign's name; with one campaign in the folder it may be left out."""
    parser.add_argument(
        "campaign", nargs="?", metavar="CAMPAIGN", help="folder in campaigns/ (needed when there are several)"
    )


def findings_as_data(findings: Iterable[Finding]) -> list[dict[str, object]]:
    """As findings.json has them, with the file under its own name besides."""
    from ..review.as_data import findings_as_data as as_data

    return [{**finding, "file": finding["path"]} for finding in as_data(findings)]


_WORDS = {Severity.RED: "■ blocked", Severity.AMBER: "▲ needs you", Severity.INFO: "· note"}


def print_findings(findings: Iterable[Finding]) -> None:
    """Every finding: its weight, code and place, then the sentence, then what to do."""
    for finding in findings:
        print(f"  {_label(finding)} {finding.code} {finding.where}")
        print(f"      {finding.message}" + (f" ({finding.item})" if finding.item else ""))
        if finding.hint:
            print(f"      -> {finding.hint}")


def print_findings_by_code(findings: Iterable[Finding]) -> None:
    """One entry for each code, with the first of its kind as the example: the short form of :func:`print_findings`."""
    by_code: dict[tuple[Severity, str], list[Finding]] = {}
    for finding in findings:
        by_code.setdefault((finding.severity, finding.code), []).append(finding)
    for alike in by_code.values():
        first = alike[0]
        more = f" and {len(alike) - 1} more like it" if len(alike) > 1 else ""
        print(f"  {_label(first)} {first.code} {first.where}{more}")
        print(f"      {first.message}" + (f" ({first.item})" if first.item and len(alike) == 1 else ""))
        if first.hint:
            print(f"      -> {first.hint}")


def _label(finding: Finding) -> str:
    from .term import styled

    return styled(f"{_WORDS[finding.severity]:<11}", finding.severity.value)
