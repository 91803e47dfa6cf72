"""A command's declaration, and reading the command line. What was called wrongly is said in a sentence with an example,
not by a wall of options."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise
from operator import methodcaller
from textwrap import dedent
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from ..errors import ObservanceError, UsageError, as_called

if TYPE_CHECKING:
    from .command_context import CommandContext

    Run = Callable[[CommandContext, argparse.Namespace], int]
#: Adds itself to a parser.
Argument = Callable[[Any], object]

_REQUIRED = "the following arguments are required: "
_UNKNOWN = "unrecognized arguments: "


#: Never proposed where something else was typed: it sends.
_SENDS = frozenset({"send"})


class Command(NamedTuple):
    """What a command, or an act of one, takes and does. ``about``: the sentences of its --help."""

    about: str
    examples: str
    arguments: tuple[Argument, ...]
    run: Run | None = None


#: What the modules that are loaded have declared: ``keys`` and, of its acts, ``keys add``.
DECLARED: dict[str, Command] = {}


def _sentences(text: str) -> str:
    """A docstring without its indentation."""
    first, _, rest = text.strip().partition("\n")
    return f"{first}\n{dedent(rest)}".strip()


def command(name: str, *arguments: Argument, about: str = "", examples: str = "") -> Callable[[Run], Run]:
    """Declare a command, or an act (``keys add``), by the function that does it. Its docstring is what --help says."""

    def declare(run: Run) -> Run:
        DECLARED[name] = Command(_sentences(about or run.__doc__ or ""), examples, arguments, run)
        return run

    return declare


def group(name: str, *arguments: Argument, about: str, examples: str) -> None:
    """Declare a command that is followed by one of its acts."""
    DECLARED[name] = Command(_sentences(about), examples, arguments)


def argument(*names: str, **how: Any) -> Argument:
    """As argparse has it."""
    return methodcaller("add_argument", *names, **how)


def one_of(*arguments: Argument) -> Argument:
    """Arguments of which one at most is given."""

    def add(parser: argparse.ArgumentParser) -> None:
        either = parser.add_mutually_exclusive_group()
        for each in arguments:
            each(either)

    return add


def by(words: str) -> Argument:
    """``--by NAME``, which may be left out; ``words``: who that is."""
    return argument("--by", default="", metavar="NAME", help=f"{words} (default: the name of your account)")


def campaign(parser: argparse.ArgumentParser) -> None:
    """About one campaign: ``--campaign NAME`` goes with it, and the name alone does too."""
    OF_A_CAMPAIGN(parser)
    parser.add_argument("campaign_word", nargs="?", metavar="CAMPAIGN", help="the same as --campaign NAME")


def shows_each(*unless: str) -> Argument:
    """Only shows something, so that without a campaign's name it shows each; ``unless``: an option is given that is
    about one, such as the file where it goes."""
    return methodcaller("set_defaults", shows_each_unless=unless)


#: About one campaign, which is named by ``--campaign NAME``.
OF_A_CAMPAIGN: Argument = methodcaller("set_defaults", is_about_a_campaign=True)
ITEM = argument("item", metavar="ITEM", help="an item's id, or its date (2027-01-11)")
ROLE = argument("--role", default="coordinator", help="as what (default: coordinator)")
MODE = argument("--mode", choices=("rehearsal", "live"), help="default: the mode of the settings")


def day(text: str | None, option: str, example: str = "2027-01-11") -> date | None:
    """The value of an option that is a date."""
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option} {text!r} is not a date", hint=f"write it as {example}") from None


def lasts(text: str) -> timedelta:
    """How long a link or a key is good: the value of --expires."""
    from ..domain.invitation import LONGEST_SPAN, span

    span_of_time = span(text)
    if span_of_time is None:
        raise UsageError(
            f"--expires {text!r} is not a span of time, or too long",
            hint=f"write 36h, 14d or 4w; at most {LONGEST_SPAN.days}d",
        )
    return span_of_time


class CommandParser(argparse.ArgumentParser):
    """A parser whose errors end with what to do. Exit status 2, as argparse has it.

    The parser of an act (``subscribers add``) is of this class too, so that each takes what is taken everywhere.
    Options are written out: one that is cut short could be taken for another one.
    """

    def __init__(self, *, description: str | None = None, epilog: str | None = None, **more: Any) -> None:
        super().__init__(
            description=as_called(description or ""),
            epilog=as_called(epilog or ""),
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
            **more,
        )
        # Without defaults: what an act's own parser does not find leaves alone what stands before the act.
        everywhere = self.add_argument_group("everywhere", argument_default=argparse.SUPPRESS)
        everywhere.add_argument("--project", metavar="DIR", help="the project's folder (default: found by itself)")
        everywhere.add_argument(
            "--campaign", metavar="NAME", help="its folder in campaigns/ (needed when there are several)"
        )
        everywhere.add_argument(
            "--season", type=int, metavar="YEAR", help="the year the window starts in (default: now or next)"
        )
        everywhere.add_argument("--json", action="store_true", help="print for machines")

    def take(self, command: Command) -> None:
        """Its arguments, and what is run with them."""
        for each in command.arguments:
            each(self)
        if command.run is not None:
            self.set_defaults(run=command.run)

    def error(self, message: str) -> NoReturn:
        said = f"{self.prog}: {self._in_words(message)}"
        print(said if said.endswith("?") else f"{said}.", file=sys.stderr)
        example = next(examples_of(self), "")
        like = f"write it as in: {example}\n" if example else ""
        print(f"What to do: {like}`{self.prog} --help` lists all that it takes.", file=sys.stderr)
        self.exit(2)

    def _in_words(self, message: str) -> str:
        if message.startswith(_REQUIRED):
            missing = message.removeprefix(_REQUIRED).split(", ")
            if "|" in missing[0]:  # one word of several has to follow the command
                return f"say what to do: {missing[0].replace('|', ', ')}"
            return f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing"
        if message.startswith(_UNKNOWN):
            word = message.removeprefix(_UNKNOWN).split()[0]
            if not word.startswith("-"):
                return f"{word!r} is one word too many; a text of several words stands in quotation marks"
            return f"there is no option {word}{self._instead_of(word.partition('=')[0])}"
        return message.removeprefix("argument ").replace("invalid int value:", "not a whole number:")

    def _instead_of(self, option: str) -> str:
        """Who takes the option, or which is nearly it."""
        parsers = [self, *(act for _, act in acts_of(self))]
        if taken_by := [parser.prog for parser in parsers if option in parser._option_string_actions]:
            return f" here: it goes with {' and '.join(taken_by)}"
        import difflib  # paid for by mistakes alone

        known = {known.lstrip("-") for parser in parsers for known in parser._option_string_actions} - _SENDS
        near = difflib.get_close_matches(option.lstrip("-"), sorted(known), n=1)
        return f"; did you mean --{near[0]}?" if near else ""


def parser_of_declared(name: str, prog: str) -> CommandParser:
    """The parser of a command and of its acts, each of which has its examples from the command."""
    command = DECLARED[name]
    parser = CommandParser(prog=prog, description=command.about, epilog=command.examples)
    acts = {full.partition(" ")[2]: act for full, act in DECLARED.items() if full.startswith(f"{name} ")}
    if acts:
        below = parser.add_subparsers(dest="act", required=True, metavar="|".join(acts))
    for word, act in acts.items():
        lines = [line for line in command.examples.splitlines() if f"{name} {word}" in line]
        lines[:0] = ["example:" if len(lines) == 1 else "examples:"] if lines else []
        help_line = f"{act.about[:1].lower()}{act.about[1:]}".removesuffix(".")
        below.add_parser(word, help=help_line, description=act.about, epilog="\n".join(lines)).take(act)
    parser.take(command)
    return parser


def examples_of(parser: argparse.ArgumentParser) -> Iterator[str]:
    """The examples in a command's help that show this command itself, without the remarks at their ends."""
    name = re.escape(parser.prog)
    for found in re.finditer(rf"^ *({name}(?: .*?)?)(?:\s{{2,}}.*)?$", parser.epilog or "", re.MULTILINE):
        yield found[1].rstrip()


def acts_of(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Name and parser of each act."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.items()


def with_the_campaign_as_an_option(
    parser: CommandParser, words: list[str], everywhere: Mapping[str, bool]
) -> list[str]:
    """``approve dvam --all`` is ``approve --campaign dvam --all``, as it is with commands that take no ITEM: the first
    word behind the command and its act, where it names one of several campaigns."""
    if any(word.partition("=")[0] == "--campaign" for word in words):
        return words
    takes: argparse.ArgumentParser = parser
    acts, skip = dict(acts_of(parser)), False
    for at, word in enumerate(words):
        option = word.partition("=")[0]
        if skip or option in everywhere:
            skip = not skip and everywhere[option] and "=" not in word
        elif word in acts and takes is parser:
            takes = acts[word]
        else:
            about_one = takes.get_default("is_about_a_campaign") or parser.get_default("is_about_a_campaign")
            has_its_place = any(action.dest == "campaign_word" for action in takes._actions)
            if about_one and not has_its_place and word in _several_campaigns(words):
                return [*words[:at], f"--campaign={word}", *words[at + 1 :]]
            return words
    return words


def _several_campaigns(words: list[str]) -> list[str]:
    """The project's campaigns, where it has more than one."""
    from pathlib import Path

    from ..project import campaign_ids, find_root

    explicit = next((after for option, after in pairwise(words) if option == "--project"), None)
    explicit = next((w.partition("=")[2] for w in words if w.startswith("--project=")), explicit)
    try:
        known = campaign_ids(find_root(Path(explicit) if explicit else None, os.environ, Path.cwd()))
    except ObservanceError:  # said where the project is opened
        return []
    return known if len(known) > 1 else []
