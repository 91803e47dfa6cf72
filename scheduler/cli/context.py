"""What every command needs: the project, the settings, the campaign, the season; each made when first asked for."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import ObservanceError, UsageError
from ..project import Project
from ..wiring import open_project

if TYPE_CHECKING:
    from ..services import context as services


class Context:
    """One run of the command line."""

    def __init__(self, options: argparse.Namespace, env: Mapping[str, str], opened: ExitStack) -> None:
        """``opened``: what is closed when the command has ended."""
        self.options = options
        self.env = env
        self._opened = opened

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

    def acting(self, role: str | None = None) -> services.Context:
        """For the act of the person who is named by --by, over the ledger, which is closed when the command has ended.
        Who speaks in a role has to give a name; without one it is the name of their account."""
        if self.named_campaign is not None:
            self.project.campaign_id(self.named_campaign)  # a name that is none opens nothing
        from ..services.context import open_context

        return self._opened.enter_context(open_context(self.project, self._actor(role)))

    def about_season(self, role: str | None = None) -> services.SeasonContext:
        """For an act about the season, as ``role`` in the name that --by gives; without a role as :meth:`acting`."""
        from ..services.context import open_season

        actor = self._actor(role)
        return self._opened.enter_context(open_season(self.project, actor, self.campaign_id, self.options.season))

    def _actor(self, role: str | None) -> services.Actor:
        from ..services.context import Actor

        by = getattr(self.options, "by", "").strip()
        return Actor(by if role is not None else by or self.project.login_name(), role or "")

    @property
    def json(self) -> bool:
        return bool(self.options.json)

    def say(self, *lines: str | None) -> None:
        """To a person, so nothing with --json. A line that is None is left out."""
        if not self.json:
            for line in lines:
                if line is not None:
                    print(line)

    def answer(self, data: object, *lines: str | None, status: int = 0) -> int:
        """What was done: ``data`` with --json, else these lines. Returns the exit status."""
        if self.json:
            print(json.dumps(data, indent=2, ensure_ascii=False, default=_in_text))
        self.say(*lines)
        return status


def _in_text(value: object) -> str:
    """Dates and instants as ISO 8601 has them."""
    return value.isoformat() if isinstance(value, date) else str(value)  # a datetime is a date
