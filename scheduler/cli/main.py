"""``run.py COMMAND`` and ``observance COMMAND``: find the command, run it, print what it says."""

from __future__ import annotations

import errno
import os
import sys

from .. import NAME, VERSION
from ..errors import ObservanceError, UsageError, cannot_write, program

TYPE_CHECKING = (
    False  # the list of the commands is printed without what reads their words, and `hold` waits for nothing
)
if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from contextlib import ExitStack

    from .arguments import CommandParser
    from .kept_answers import KeptQuestion

#: command -> (module in this package, one line of help). The order is that of a season.
COMMANDS: dict[str, tuple[str, str]] = {
    "dry-run": ("season", "rehearse the whole month; nothing leaves this machine"),
    "check": ("season", "list every problem of the campaign, with file, line and what to do"),
    "plan": ("season", "show the calendar; --write pins it as a file"),
    "move-item": ("moves", "give an item another day: says who gives way, then asks"),
    "copy-item": ("moves", "make a new item with the words of another one"),
    "show": ("season", "show one message exactly as it will go out"),
    "card": ("cards", "draw the picture of one item's post, to look at"),
    "send-test": ("sending", "one real mail to one address, marked TEST"),
    "sign": ("signatures", "sign a claim or a help line: sign claim ID --by NAME"),
    "approve": ("approvals", "approve an item, or all: approve --all --by NAME"),
    "decide": ("questions", "answer a question that an author left open: decide item ID --answer TEXT"),
    "request-changes": ("approvals", "block an item until it is changed: request-changes ITEM --comment TEXT"),
    "comment": ("comments", "write a private comment on an item"),
    "comments": ("comments", "read the comments on an item, or all"),
    "review": ("review", "packet, private links for reviewers, what is missing, sheets signed on paper"),
    "arm": ("arming", "allow live sends for this season"),
    "disarm": ("arming", "forbid live sends for this season"),
    "reply-text": ("replies", "the automatic answer for readers who answer a mail, to be pasted into that mailbox"),
    "start": ("running", "run: sends each item on its day, and serves the pages"),
    "tick": ("running", "one pass and exit, for cron"),
    "worker": ("running", "send what `start` on another machine has prepared; needs PostgreSQL"),
    "status": ("status", "what is next, what waits for a person"),
    "doctor": ("doctor", "is everything well? what to do, line by line; sends nothing"),
    "links": ("doctor", "can readers leave? asks the address in their unsubscribe links: links check"),
    "hold": ("holds", "stop sending at once: hold --reason '...'"),
    "resume": ("holds", "go on after a hold"),
    "deliveries": ("sending", "the ledger: what went out, when, and what did not"),
    "resolve": ("sending", "settle an unknown delivery: resolve ID --as sent|not-sent"),
    "retry": ("sending", "another try of what has failed, after its cause is gone: retry ID"),
    "acknowledge": ("sending", "say that you have seen what is lost; `status` stops listing it"),
    "report": ("report", "afterwards, for the board: what went out, what did not and why"),
    "roll-forward": ("roll_forward", "make the next season ready: what to look at anew, what ends with this one"),
    "audit": ("audit", "check that the history is whole, or export it"),
    "subscribers": ("subscribers", "readers: import, export, add, erase, count; delete the list after the season"),
    "bounces": ("bounces", "read the mails that came back, and bar dead addresses: bounces --maildir DIR"),
    "keys": ("accounts", "keys for programs that use the JSON API: add, list, revoke"),
    "people": ("accounts", "who may sign in to the pages: add, link, password, sign-out, remove, list"),
    "sandbox": ("sandbox", "local stand-ins for the providers, to watch the live road"),
    "db": ("database", "the database: upgrade it, back it up"),
    "init": ("init", "make a new project folder from an example: init --list"),
    "test": ("", "run the project's own tests (with run.py)"),
}


#: What every command and every act takes, before its name or after it; True where a value follows.
EVERYWHERE = {"--project": True, "--campaign": True, "--season": True, "--json": False}

#: What reads a whole season, and ends then.
READ_A_SEASON = frozenset({"dry-run", "check", "status", "plan", "show"})

#: Whether this process ends with its command.
_ENDS_WITH_IT = [False]

#: What sends, or lets something be sent. Who mistyped another command is not led to one of these.
LIVE = frozenset({"arm", "start", "tick", "resume", "retry", "resolve", "send-test"})

#: Options, and words after the command, that people read afterwards.
TYPED = ("answer", "by", "comment", "email", "entered_by", "name", "of", "person", "reason", "reference", "text", "to")


def main(arguments: list[str] | None = None) -> int:
    """Run one command. Returns the exit status (see docs/reference/commands.md)."""
    arguments = sys.argv[1:] if arguments is None else arguments
    _never_fail_to_print()
    at = _place_of_the_command(arguments)
    name = arguments[at] if at is not None else ""
    if "--version" in arguments and not name:
        print(f"{NAME} {VERSION}")
        return 0
    if not name:
        print(_overview())
        return 0 if not arguments or {"-h", "--help"} & set(arguments) else _unknown(arguments[0])
    if not COMMANDS.get(name, ("", ""))[0]:
        return _unknown(name, arguments[:at])
    words = [word for n, word in enumerate(arguments) if n != at]
    if name == "hold":
        from .quick_hold import hold_at_once

        if (held := hold_at_once(words, os.environ)) is not None:
            return held
    from .kept_answers import OutputCopy, question_of

    if (question := question_of(name, words, os.environ)) is None:
        return _run(name, words, arguments, None)
    if (kept := question.answer()) is not None:
        return kept
    question.look()
    out = sys.stdout
    sys.stdout = printed = OutputCopy(out)
    try:
        status = _run(name, words, arguments, question)
    finally:
        sys.stdout = out
    question.keep(printed.text, status)
    return status


def run_and_end(arguments: list[str] | None = None) -> int:
    """:func:`main` for a process that ends with it. A season that was read is not taken apart object by object, which
    would cost a tenth of a dry run: once all is printed, the system takes it at once."""
    arguments = sys.argv[1:] if arguments is None else arguments
    status: list[int] = []
    at = _place_of_the_command(arguments)
    if at is not None and arguments[at] in READ_A_SEASON:
        import atexit

        atexit.register(_end_at_once, status)  # what is registered from here on comes before it
        _ENDS_WITH_IT[0] = True
    status.append(main(arguments))
    return status[0]


def _end_at_once(status: Sequence[int]) -> None:
    """Not where the command broke, or its last words cannot be printed: then the interpreter says so."""
    if status:
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        except (OSError, ValueError):
            return
        os._exit(status[0])


def _run(name: str, words: list[str], arguments: list[str], question: KeptQuestion | None) -> int:
    """Work it out. ``question``: of a command whose answer may be kept."""
    _look_for_garbage_rarely(ends_soon=name in READ_A_SEASON)
    from contextlib import ExitStack

    with ExitStack() as opened:
        if name in READ_A_SEASON:
            _take_what_is_compiled(name, opened)
            if _ENDS_WITH_IT[0]:
                from ..second_process import allow_second_process

                allow_second_process()
        options = options_of(name, words)
        from .command_context import CommandContext

        context = CommandContext(options, os.environ, opened, arguments, question)
        try:
            _refuse_hidden(options)
            return context.run()
        except UsageError as problem:
            named = context.campaign_among(words)
            context.explain(problem, f"{named} is a campaign: write --campaign {named}" if named else "")
            return problem.exit_status
        except ObservanceError as problem:
            context.explain(problem)
            return problem.exit_status
        except BrokenPipeError:  # the reader of the pipe went away: `run.py plan | head`
            sys.stdout = open(os.devnull, "w", encoding="utf-8")
            return 0
        except KeyboardInterrupt:
            print("Stopped.", file=sys.stderr)
            return 130
        except OSError as problem:
            refused = _of_the_system(problem)
            context.explain(refused)
            return refused.exit_status


def _take_what_is_compiled(name: str, opened: ExitStack) -> None:
    """Modules and patterns. What this command compiles beyond them is there for the next one."""
    from pathlib import Path

    from ..folders import state_folder
    from ..kept_code import KeptCode
    from ..kept_patterns import KeptPatterns

    code = KeptCode(name)
    code.begin()
    opened.callback(code.end)
    patterns = KeptPatterns()
    patterns.begin(Path(state_folder(os.environ)) / "patterns")
    opened.callback(patterns.end)


def _look_for_garbage_rarely(*, ends_soon: bool) -> None:
    """Hardly anything that a command imports and reads is garbage before its end, and then the system takes all of it
    at once. A `status` takes an eighth less time so. A dry run of a month leaves 25,000 objects of 850,000 as garbage
    the first time, and looks once then."""
    import atexit
    import gc

    gc.set_threshold(500_000 if ends_soon else 50_000, 20, 100)
    atexit.unregister(gc.disable)
    atexit.register(gc.disable)


def _refuse_hidden(options: argparse.Namespace) -> None:
    """In the words and names that are kept; the names of files are the system's own."""
    from ..domain.hidden import refuse_hidden

    for option in TYPED:
        value = getattr(options, option, "")
        if isinstance(value, str):
            refuse_hidden(value, f"--{option}" if option != "name" else "the name")


def parser_of(name: str) -> CommandParser:
    """What a command takes, and its --help."""
    from importlib import import_module

    from .arguments import parser_of_declared

    import_module(f".{COMMANDS[name][0]}", __package__)
    return parser_of_declared(name, f"{program()} {name}")


def options_of(name: str, words: list[str]) -> argparse.Namespace:
    """What was typed with a command. Ends with status 2 where it was called wrongly."""
    import argparse

    from .arguments import with_the_campaign_as_an_option

    parser = parser_of(name)
    words = with_the_campaign_as_an_option(parser, words, EVERYWHERE)
    nothing = argparse.Namespace(project=None, campaign=None, season=None, json=False)
    options = parser.parse_args(words, nothing)
    if options.campaign is not None and "is_about_a_campaign" not in options:
        parser.error("--campaign does not go with it: it is about the whole project, with all its campaigns")
    return options


def _place_of_the_command(arguments: list[str]) -> int | None:
    """The first word that is neither an option nor the value of one: options may stand before the command as well."""
    value = False
    for at, word in enumerate(arguments):
        if not value and not word.startswith("-"):
            return at
        value = EVERYWHERE.get(word, False)
    return None


def _never_fail_to_print() -> None:
    """A terminal without a character prints a question mark in its place."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _of_the_system(problem: OSError) -> ObservanceError:
    """A file that was refused where no part of the program had words for it. Other errors are the program's own."""
    if problem.errno == errno.ENOSPC:
        return cannot_write(problem.filename or "a file", problem)
    if not isinstance(problem.filename, str):
        raise problem
    return ObservanceError(
        f"{problem.filename}: {problem.strerror or type(problem).__name__}",
        hint="look whether it is there and may be read and written by you, then run the command again",
    )


def _overview() -> str:
    width = max(map(len, COMMANDS))
    here = [name for name, (module, _) in COMMANDS.items() if module or program() == "run.py"]  # where the tests are
    lines = [f"  {name:<{width}}  {COMMANDS[name][1]}" for name in here]
    return (
        f"usage: {program()} COMMAND [CAMPAIGN] [options]\n\n"
        "Observance plans, rehearses, approves and sends an awareness month: one post and one email a day, once.\n\n"
        + "\n".join(lines)
        + f"\n\n{program()} COMMAND --help says more. Begin with: {program()} dry-run"
    )


def _unknown(name: str, before: Sequence[str] = ()) -> int:
    """``before``: what stands before it on the line."""
    if name == "test":
        print("The tests are not in the installed package, but in a checkout of the source.", file=sys.stderr)
        print("What to do: there, python3 run.py test.", file=sys.stderr)
        return 2
    import difflib

    from .arguments import acts_of

    options = [word for word in before if word.startswith("-") and word.partition("=")[0] not in EVERYWHERE]
    safe = [known for known in COMMANDS if known not in LIVE and known != "test"]
    near = [f"{known} {name}" for known in safe if name in (act for act, _ in acts_of(parser_of(known)))]
    near = near or difflib.get_close_matches(name, safe, n=1)
    meant = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
    print(f"There is no command {name!r}.{meant}", file=sys.stderr)
    hint = f"write the command first, then {options[0]}; " if options else ""
    print(f"What to do: {hint}{program()} --help lists the commands.", file=sys.stderr)
    return 2
