"""Mails that came back."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from pathlib import Path

from ..domain.formatting import counted
from ..errors import UsageError, loggable
from ..services.bounces import read_bounce, read_bounces
from .arguments import argument, command
from .command_context import CommandContext

#: EX_TEMPFAIL of sysexits.h: a mail server that runs this keeps the mail, and tries again later.
TRY_AGAIN = 75
_CHUNK = 1024 * 1024


@command(
    "bounces",
    argument("--maildir", metavar="DIR", help="a Maildir: a folder with the folders new and cur"),
    examples="""examples:
  run.py bounces --maildir /var/mail/bounces
  run.py bounces < returned.eml
docs/howto/read-bounces.md says how a mail server is set up for it.""",
)
def bounces(context: CommandContext, options: argparse.Namespace) -> int:
    """Read mails that came back: a dead address is barred, soft bounces pause a reader, a complaint ends it.

    For channels that send by a mail server (transport smtp); SendGrid reports by its webhook. From a Maildir every mail
    that is not read yet is taken, marked as read when it is in the ledger, and never deleted; a star marks those that a
    person should look at. Without --maildir one mail is read from standard input, for a mail server that hands each
    mail to a command; then exit status 75 asks that server to try again later.
    """
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
            print(f"The mail could not be handled now: {loggable(problem)}", file=sys.stderr)
            return TRY_AGAIN
        if read.not_yet:
            print("The call that this mail is about is still under way; try again in a minute.", file=sys.stderr)
            return TRY_AGAIN
    kinds = (
        (read.hard, "from a dead address"),
        (read.soft, "soft bounce" if read.soft == 1 else "soft bounces"),
        (read.complaints, "complaint" if read.complaints == 1 else "complaints"),
        (read.other, "of a delay, a delivery or another kind"),
        (read.repeated, "handled before"),
        (read.no_report, "no report (an automatic answer, a letter): nothing was done about it"),
        (read.not_yet, "about a call that is still under way: left for the next time"),
        (read.not_ours, "about a mail that did not go out from here, as far as can be proved"),
        (read.not_understood, "not understood"),
    )
    context.answer(
        asdict(read),
        f"{counted(read.mails, 'mail')} read.",
        *(f"  {number} {words}" for number, words in kinds if number),
        f"Addresses barred: {read.barred}. Readers paused: {read.paused}." if read.barred or read.paused else None,
        f"Mails in doubt that are known to have gone out now: {read.settled}." if read.settled else None,
        "Those that are not understood or not from here have a star in the Maildir, for a person to look at."
        if options.maildir and (read.not_ours or read.not_understood)
        else None,
    )
    for file in () if context.json else read.unreadable:
        print(f"Could not be read or marked: {file}", file=sys.stderr)
    return int(bool(read.unreadable))


def _from_standard_input() -> bytes:
    """The beginning of the mail; the rest is taken and let go, so that whoever writes it is not cut off."""
    raw = sys.stdin.buffer.read(_CHUNK)
    while sys.stdin.buffer.read(_CHUNK):
        pass
    return raw
