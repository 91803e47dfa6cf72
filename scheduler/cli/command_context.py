"""What every command needs: the project, the settings, the campaign, the season; each made when first asked for."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ..domain.redact import without_addresses
from ..errors import ConfigurationError, NothingStarted, ObservanceError, OutOfReach, UsageError, program
from ..key_files import KEY_FILE, OLD_KEYS_FILE
from ..project import Project
from ..wiring import open_project

if TYPE_CHECKING:
    from ..services import context as services
    from .kept_answers import KeptQuestion


class NotInThisCampaign(UsageError):
    """What was asked for is not in this campaign; where all campaigns are shown, it may be in another one."""

    @property
    def near(self) -> bool:
        """Whether something like it is here."""
        return self.hint.startswith("did you mean")


class CommandContext:
    """One run of the command line."""

    def __init__(
        self,
        options: argparse.Namespace,
        env: Mapping[str, str],
        opened: ExitStack,
        typed: Sequence[str] = (),
        question: KeptQuestion | None = None,
    ) -> None:
        """``opened``: what is closed when the command has ended. ``typed``: the words of the command line.
        ``question``: what its answer is kept under, where it may be."""
        self.options = options
        self.env = env
        self._opened = opened
        self._typed = typed
        self._question = question
        #: With --json the answers about each campaign, while a command is run for all of them.
        self._answers: dict[str, object] | None = None
        self._heading = ""
        self._once: set[str] = set()

    def run(self) -> int:
        """Run the command. One that only shows something is run for each campaign where none is named."""
        one_needed = getattr(self.options, "shows_each_unless", None)
        shows_each = one_needed is not None and not any(getattr(self.options, name) for name in one_needed)
        if not shows_each or self.named_campaign is not None or len(self.project.campaigns()) == 1:
            return int(self.options.run(self, self.options))
        answers: dict[str, object] = {}
        status, elsewhere, said = 0, list[NotInThisCampaign](), set[str]()
        for campaign in self.project.campaigns():
            with ExitStack() as opened:
                about = self._about(campaign, answers, opened)
                try:
                    status = max(status, int(self.options.run(about, about.options)))
                    if self._question is not None:
                        self._question.part_has_ended()
                except NotInThisCampaign as problem:
                    elsewhere.append(problem)
                except (ConfigurationError, OutOfReach, NothingStarted):
                    raise  # of the whole project
                except ObservanceError as problem:
                    status, answers[campaign] = max(status, problem.exit_status), {"error": problem.message}
                    if problem.message not in said:
                        said.add(problem.message)
                        about.say()
                        about.explain(problem)
        if len(elsewhere) == len(self.project.campaigns()):
            raise next((problem for problem in elsewhere if problem.near), elsewhere[0])
        if self.json:
            print(_as_json(answers))
        return status

    def _about(self, campaign: str, answers: dict[str, object], opened: ExitStack) -> CommandContext:
        """The same run, about one campaign."""
        options = argparse.Namespace(**{**vars(self.options), "campaign": campaign})
        about = CommandContext(options, self.env, opened, self._typed, self._question)
        about.project, about._answers, about._once = self.project, answers, self._once
        about._heading = f"\n=== {campaign} ===" if answers else f"=== {campaign} ==="
        return about

    def typed(self, text: str) -> str:
        """``text`` with each command in it as it is typed here: with the campaign's name where there are several."""
        if "`" not in text:
            return text
        from .command_lines import with_campaign

        try:
            known, named = self.project.campaigns(), self.named_campaign or ""
        except ObservanceError:  # said where the project is opened
            return text
        return with_campaign(text, named if named in known else "", known) if len(known) > 1 else text

    def explain(self, problem: ObservanceError, instead: str = "") -> None:
        """Say on standard error what was wrong and what to do; ``instead`` of what the error itself says."""
        from .refusals import what_to_do

        if self._question is not None:
            self._question.forget()
        sys.stdout.flush()
        print(problem.message, file=sys.stderr)
        if hint := self.typed(instead or what_to_do(problem)):
            print(f"What to do: {with_stop(hint)}", file=sys.stderr)

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
            typed = shlex.join(without_addresses(word).replace("[address]", "ADDRESS") for word in self._typed)
            choices = "".join(f"\n  {program()} {typed} --campaign {name}" for name in known)
            raise UsageError("There are several campaigns; say which one is meant", hint=f"type one of these:{choices}")
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

    def acting(self, role: str | None = None, *, to_look: bool = False) -> services.Context:
        """For the act of the person who is named by --by, over the ledger, which is closed when the command has ended.
        Who speaks in a role has to give a name; without one it is the name of their account. ``to_look``: nothing is
        to be changed."""
        if self.named_campaign is not None:
            self.project.campaign_id(self.named_campaign)  # a name that is none opens nothing
        from ..services.context import open_context

        return self._opened.enter_context(open_context(self.project, self._actor(role), to_look=to_look))

    def about_season(self, role: str | None = None) -> services.SeasonContext:
        """For an act about the season, as ``role`` in the name that --by gives; without a role as :meth:`acting`."""
        from ..services.context import open_season

        actor = self._actor(role)
        return self._opened.enter_context(open_season(self.project, actor, self.campaign_id, self.options.season))

    def _actor(self, role: str | None) -> services.Actor:
        from ..services.context import Actor

        by = getattr(self.options, "by", "").strip()
        return Actor(by if role is not None else by or self.project.login_name(), role or "")

    def keep_answer(self, until: datetime, *written: Path, room: int = 0) -> None:
        """What is answered next would be the same until then, unless something changes. ``written``: files, and folders
        with all that is in them, that were written with it. ``room``: bytes that are free where the ledger is."""
        if self._question is not None:
            file, var = self.project.database_file(), self.project.settings.var_folder
            self._question.rests_on(
                until=until,
                database=None if file is None else str(file),
                written=[str(path) for path in written],
                keys=[str(var / name) for name in (KEY_FILE, OLD_KEYS_FILE)],
                room=room,
            )

    @property
    def json(self) -> bool:
        return bool(self.options.json)

    def say(self, *lines: str | None, verbatim: bool = False) -> None:
        """To a person, so nothing with --json. A line that is None is left out. ``verbatim``: with words of the
        campaign or of people, in which nothing is completed."""
        if not self.json:
            if self._heading:
                from .output import styled

                print(styled(self._heading, "bold"))
                self._heading = ""
            for line in lines:
                if line is not None:
                    print(line if verbatim else self.typed(line))

    def once(self, lines: Iterable[str]) -> list[str]:
        """Those that were not said yet in this run: what is about the whole project, beside what is about each
        campaign."""
        new = [line for line in lines if line not in self._once]
        self._once.update(new)
        return new

    def answer(self, data: object, *lines: str | None, status: int = 0, verbatim: bool = False) -> int:
        """What was done: ``data`` with --json, else these lines. Returns the exit status."""
        if self._answers is not None:
            self._answers[self.campaign_id] = data
        elif self.json:
            print(_as_json(data))
        self.say(*lines, verbatim=verbatim)
        return status


def with_stop(sentence: str) -> str:
    """With a full stop at its end, unless it ends with a mark of its own, or with a list of commands."""
    return sentence if sentence.endswith(("?", "!", ".")) or "\n" in sentence else f"{sentence}."


def _as_json(data: object) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False, default=_in_text)


def _in_text(value: object) -> str:
    """Dates and instants as ISO 8601 has them."""
    return value.isoformat() if isinstance(value, date) else str(value)  # a datetime is a date
