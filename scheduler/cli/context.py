"""What every command needs: the project, the settings, the campaign, the season; each made when first asked for."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from pathlib import Path

from ..domain.campaign import Season
from ..domain.finding import Finding
from ..errors import ObservanceError, UsageError
from ..project import Project
from ..services import context as services
from ..services.context import SeasonContext, open_season
from ..services.seasons import find_season
from ..wiring import open_project


class Context:
    """One run of the command line."""

    def __init__(self, options: argparse.Namespace, env: Mapping[str, str]) -> None:
        self.options = options
        self.env = env

    @cached_property
    def project(self) -> Project:
        explicit = Path(self.options.project) if self.options.project else None
        return open_project(explicit, self.env, Path.cwd())

    @cached_property
    def named_campaign(self) -> str | None:
        """The campaign that was named, by the option or by its name alone."""
        option, word = self.options.campaign, getattr(self.options, "campaign_word", None)
        if None not in (option, word) and option != word:
            raise UsageError(f"two campaigns are named: {option} and {word}", hint="name one")
        return word if option is None else str(option)

    @cached_property
    def campaign_id(self) -> str:
        known = self.project.campaigns()
        if self.named_campaign is None and len(known) > 1:
            raise UsageError(
                "There are several campaigns; say which one is meant",
                hint=f"add --campaign NAME, with one of: {', '.join(known)}",
            )
        return self.project.campaign_id(self.named_campaign)

    @cached_property
    def campaigns(self) -> list[str]:
        """The one that was named, else all."""
        return self.project.campaigns() if self.named_campaign is None else [self.campaign_id]

    def campaign_among(self, words: Iterable[str]) -> str:
        """A campaign's name that was typed as if it were something else; else nothing."""
        try:
            known = self.project.campaigns() if "is_about_a_campaign" in self.options else []
            return next((word for word in words if word in known and word != self.named_campaign), "")
        except ObservanceError:
            return ""

    @cached_property
    def season(self) -> Season:
        return find_season(self.project, self.campaign_id, self.options.season)

    @contextmanager
    def acting(self, role: str | None = None) -> Iterator[services.Context]:
        """For the act of the person who is named by --by, over the ledger. Who speaks in a role has to give a name;
        without one it is the name of their account."""
        if self.named_campaign is not None:
            self.project.campaign_id(self.named_campaign)  # a name that is none opens nothing
        with services.open_context(self.project, self._actor(role)) as context:
            yield context

    @contextmanager
    def about_season(self, role: str | None = None) -> Iterator[SeasonContext]:
        """For an act about the season, as ``role`` in the name that --by gives; without a role as :meth:`acting`."""
        with open_season(self.project, self._actor(role), self.campaign_id, self.options.season) as context:
            yield context

    def _actor(self, role: str | None) -> services.Actor:
        by = getattr(self.options, "by", "").strip()
        return services.Actor(by if role is not None else by or self.project.login_name(), role or "")

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


def findings_as_data(findings: Iterable[Finding]) -> list[dict[str, object]]:
    """As findings.json has them, with the file under its own name besides."""
    from ..review.rehearsal_data import findings_as_data as as_data

    return [{**finding, "file": finding["path"]} for finding in as_data(findings)]
