"""Reading the command line. What was called wrongly is said in a sentence with an example, not by a wall of options."""

from __future__ import annotations

import argparse
import difflib
import re
import sys
from collections.abc import Iterator
from typing import Any, NoReturn

from ..project import as_called

_REQUIRED = "the following arguments are required: "
_UNKNOWN = "unrecognized arguments: "


#: What every command and every act takes, before its name or after it; True where a value follows.
EVERYWHERE = {"--project": True, "--campaign": True, "--season": True, "--json": False}
#: Never proposed where something else was typed: it sends.
_SENDS = frozenset({"send"})


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

    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {self._in_words(message)}.", file=sys.stderr)
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
        parsers = [self, *(act for _, act, _ in acts_of(self))]
        if taken_by := [parser.prog for parser in parsers if option in parser._option_string_actions]:
            return f" here: it goes with {' and '.join(taken_by)}"
        known = {known.lstrip("-") for parser in parsers for known in parser._option_string_actions} - _SENDS
        near = difflib.get_close_matches(option.lstrip("-"), sorted(known), n=1)
        return f"; did you mean --{near[0]}" if near else ""


def examples_of(parser: argparse.ArgumentParser) -> Iterator[str]:
    """The examples in a command's help that show this command itself, without the remarks at their ends."""
    name = re.escape(parser.prog)
    for found in re.finditer(rf"^ *({name}(?: .*?)?)(?:\s{{2,}}.*)?$", parser.epilog or "", re.MULTILINE):
        yield found[1].rstrip()


def explain_acts(parser: argparse.ArgumentParser) -> None:
    """To the help of each act of a command (``subscribers add``) its sentence, and its examples from the command."""
    for name, act, words in acts_of(parser):
        act.description = act.description or f"{words[:1].upper()}{words[1:]}."
        lines = [line for line in (parser.epilog or "").splitlines() if f"{parser.prog.split()[-1]} {name}" in line]
        if lines and not act.epilog:
            act.epilog = "\n".join(["example:" if len(lines) == 1 else "examples:", *lines])


def acts_of(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser, str]]:
    """Name, parser and one line of help of each act."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            words = {choice.dest: choice.help or "" for choice in action._choices_actions}
            yield from ((name, act, words.get(name, "")) for name, act in action.choices.items())


def add_campaign(parser: argparse.ArgumentParser, *, word: bool = True, metavar: str = "CAMPAIGN") -> None:
    """The command is about one campaign: ``--campaign NAME`` goes with it; with ``word`` the name alone does too."""
    parser.set_defaults(is_about_a_campaign=True)
    if word:
        more = ", or the number of one delivery" if metavar != "CAMPAIGN" else ""
        parser.add_argument("campaign_word", nargs="?", metavar=metavar, help=f"the same as --campaign NAME{more}")
