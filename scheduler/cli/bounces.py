"""Read mails that came back: a dead address is barred, soft bounces pause a reader, a complaint ends it.

For channels that send by a mail server (transport smtp); SendGrid reports by its webhook. From a Maildir every mail
that is not read yet is taken, marked as read when it is in the ledger, and never deleted; a star marks those that a
person should look at. Without --maildir one mail is read from standard input, for a mail server that hands each mail
to a command; then exit status 75 asks that server to try again later.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..domain.formatting import counted
from ..errors import ObservanceError, UsageError
from ..services.bounces import read_bounce, read_bounces
from .context import Context

EPILOG = """examples:
  run.py bounces --maildir /var/mail/bounces
  run.py bounces < returned.eml
docs/howto/read-bounces.md says how a mail server is set up for it."""

#: EX_TEMPFAIL of sysexits.h: a mail server that runs this keeps the mail, and tries again later.
TRY_AGAIN = 75
_CHUNK = 1024 * 1024


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument("--maildir", metavar="DIR", help="a Maildir: a folder with the folders new and cur")


def run(context: Context, options: argparse.Namespace, name: str) -> int:
    if options.maildir:
        read = read_bounces(context.project, Path(options.maildir).expanduser())
    else:
        if sys.stdin.isatty():
            hint = "name a folder: bounces --maildir DIR, or give one mail: bounces < FILE.eml"
            raise UsageError("there is no mail on standard input", hint=hint)
        raw = _from_standard_input()
        try:
            read = read_bounce(context.project, raw)
        except Exception as problem:  # whatever it is: the mail must not be lost
            words = problem.message if isinstance(problem, ObservanceError) else type(problem).__name__
            print(f"The mail could not be handled now: {words}", file=sys.stderr)
            return TRY_AGAIN
        if read.not_yet:
            print("The call that this mail is about is still under way; try again in a minute.", file=sys.stderr)
            return TRY_AGAIN
    if context.json:
        context.print_json({name: getattr(read, name) for name in read.__dataclass_fields__})
        return int(bool(read.unreadable))
    print(f"{counted(read.mails, 'mail')} read.")
    for number, words in (
        (read.hard, "from a dead address"),
        (read.soft, "soft bounce" if read.soft == 1 else "soft bounces"),
        (read.complaints, "complaint" if read.complaints == 1 else "complaints"),
        (read.other, "of a delay, a delivery or another kind"),
        (read.repeated, "handled before"),
        (read.no_report, "no report (an automatic answer, a letter): nothing was done about it"),
        (read.not_yet, "about a call that is still under way: left for the next time"),
        (read.not_ours, "about a mail that did not go out from here, as far as can be proved"),
        (read.not_understood, "not understood"),
    ):
        if number:
            print(f"  {number} {words}")
    if read.barred or read.paused:
        print(f"Addresses barred: {read.barred}. Readers paused: {read.paused}.")
    if read.settled:
        print(f"Mails in doubt that are known to have gone out now: {read.settled}.")
    if options.maildir and (read.not_ours or read.not_understood):
        print("Those that are not understood or not from here have a star in the Maildir, for a person to look at.")
    for file in read.unreadable:
        print(f"Could not be read or marked: {file}", file=sys.stderr)
    return int(bool(read.unreadable))


def _from_standard_input() -> bytes:
    """The beginning of the mail; the rest is taken and let go, so that whoever writes it is not cut off."""
    raw = sys.stdin.buffer.read(_CHUNK)
    while sys.stdin.buffer.read(_CHUNK):
        pass
    return raw
