"""Reading the command line. What was called wrongly is said in a sentence with an example, not by a wall of options."""

from __future__ import annotations

import argparse
import difflib
import os
import re
import sys
from collections.abc import Iterator
from typing import NoReturn

_REQUIRED = "the following arguments are required: "
_UNKNOWN = "unrecognized arguments: "


class CommandParser(argparse.ArgumentParser):
    """A parser whose errors end with what to do. Exit status 2, as argparse has it."""

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
            near = difflib.get_close_matches(word.partition("=")[0], self._option_string_actions, n=1)
            return f"there is no option {word}" + (f"; did you mean {near[0]}" if near else "")
        return message.removeprefix("argument ")


def examples_of(parser: argparse.ArgumentParser) -> Iterator[str]:
    """The examples in a command's help that show this command itself, without the remarks at their ends."""
    name = re.escape(parser.prog.partition(" ")[2])
    for found in re.finditer(rf"^ *(run\.py {name}(?: .*?)?)(?:\s{{2,}}.*)?$", parser.epilog or "", re.MULTILINE):
        yield found[1]


def explain_acts(parser: argparse.ArgumentParser) -> None:
    """To the help of each act of a command (``subscribers add``) its sentence, and its examples from the command."""
    for name, act, words in acts_of(parser):
        act.description = act.description or f"{words[:1].upper()}{words[1:]}."
        lines = [line for line in (parser.epilog or "").splitlines() if f"{parser.prog.split()[-1]} {name}" in line]
        if lines and not act.epilog:
            act.epilog = "\n".join(["example:" if len(lines) == 1 else "examples:", *lines])
            act.formatter_class = argparse.RawDescriptionHelpFormatter


def acts_of(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser, str]]:
    """Name, parser and one line of help of each act."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            words = {choice.dest: choice.help or "" for choice in action._choices_actions}
            yield from ((name, act, words.get(name, "")) for name, act in action.choices.items())


def program() -> str:
    """How the program was called: from a checkout, or as it was installed."""
    return "run.py" if os.path.basename(sys.argv[0]) == "run.py" else "observance"
