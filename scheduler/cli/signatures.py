"""Claims and help lines are signed: a named person has opened the source."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from ..domain.formatting import counted
from ..domain.stale_approvals import voided
from ..errors import UsageError
from ..review.review_status import voided_as_data
from ..services import signatures
from ..services.seasons import read_campaign, rehearse
from ..services.signatures import Left
from .arguments import OF_A_CAMPAIGN, argument, command, day
from .command_context import CommandContext
from .output import source_lines, voided_lines


@command(
    "sign",
    argument("subject", nargs="?", metavar="claim|contact", help="left out with --all: both"),
    argument("ids", nargs="*", metavar="ID", help="the records' ids, as claims.toml and contacts.toml have them"),
    argument("--all", action="store_true", help="whatever is unchanged since you signed it last, once more"),
    argument("--opened", action="store_true", help="you have opened each source, or tried each line: nobody asks"),
    argument("--by", required=True, metavar="NAME", help="who signs"),
    argument("--role", default="fact-reviewer", help="as what (default: fact-reviewer)"),
    argument("--expires", metavar="DATE", help="the last day on which the sign-off holds (2027-06-30)"),
    OF_A_CAMPAIGN,
    examples="""examples:
  run.py sign claim forced-labour-2021 --by "Ada Example"
  run.py sign contact hotline-phone hotline-text --opened --by "Ada Example"
  run.py sign --all --by "Ada Example"
  run.py sign claim forced-labour-2021 --by "Ada Example" --expires 2027-06-30""",
)
def sign(context: CommandContext, options: argparse.Namespace) -> int:
    """Sign claims and help lines: a named person has opened the source, and stands for the record.

    Each is shown with its source, and you are asked whether you opened it. A signature holds for exactly these words; a
    changed letter needs a new one. Signing a help line says that it was tried or looked up on the day of signing.
    """
    if options.subject not in (None, "claim", "contact") or not (options.all or options.ids):
        raise UsageError(
            "say what to sign: claim, contact, or --all", hint="sign claim ID --by NAME, or sign --all --by NAME"
        )
    expires_on = day(options.expires, "--expires", "2027-06-30")
    campaign, _ = read_campaign(context.project, context.campaign_id)
    acting = context.acting(options.role)
    left: list[str] = []
    if options.all:
        renewed = signatures.renew(acting, campaign, options.subject, expires_on=expires_on)
        signed = list(renewed.signed)
        left = [
            f"  {kind} {record}: {_LEFT[why].format(who=acting.actor.name)}" for (kind, record), why in renewed.left
        ]
    else:
        signed = []
        for (kind, record), seen in signatures.records_of(campaign, options.subject, options.ids).items():
            context.say(*source_lines(campaign, kind, record))
            asks = not (options.opened or context.json) and sys.stdin.isatty()
            opened = options.opened or (asks and _says_yes(kind))
            if asks and not opened:  # what was signed before it is signed, and the next is still asked about
                left.append(f"  {kind} {record}: you did not say that you {_OPENED[kind]}")
            elif signatures.sign(acting, campaign, kind, record, seen, opened=opened, expires_on=expires_on):
                signed.append((kind, record))
    return _signed(context, signed, left)


_LEFT = {Left.NEVER_SIGNED: "never signed by {who}", Left.CHANGED: "changed since {who} signed it"}


_OPENED = {"claim": "opened the source and found this there", "contact": "tried it, or looked it up at its source"}


def _says_yes(kind: str) -> bool:
    """Asked at a terminal alone; a script says --opened."""
    return input(f"Have you {_OPENED[kind]}? [y/N] ").strip().casefold() in ("y", "yes")


def _signed(context: CommandContext, signed: Sequence[tuple[str, str]], left: Sequence[str]) -> int:
    options = context.options
    gone = []  # approvals that no longer hold because of a change of what was signed just now
    if signed:
        rehearsal = rehearse(context.project, context.campaign_id, options.season)
        changed = {f"{kind}:{record}" for kind, record in signed}
        gone = [v for v in voided(rehearsal, open_at=context.project.clock.now()) if changed.intersection(v.records)]
    claims = sum(kind == "claim" for kind, _ in signed)
    counts = [(claims, "claim"), (len(signed) - claims, "help line")]
    lines = [
        f"{options.by} signed {' and '.join(counted(number, words) for number, words in counts if number)}.",
        *voided_lines(gone),
        "Next: `check` says what else is not signed. Then approve the messages: `approve --all --by NAME`.",
    ]
    again = " again" if options.all else ""
    nothing = f"Nothing was signed{again}." if left else "Everything was signed already."
    return context.answer(
        {
            "signed": [{"subject": kind, "id": record} for kind, record in signed],
            "left": [line.strip() for line in left],
            "by": options.by,
            "expires_on": options.expires,
            "voided": voided_as_data(gone),
        },
        *(lines if signed else [nothing]),
        *(["Left, to be signed one by one with the source opened:", *left] if left else []),
        status=int(bool(left) and not options.all),
    )
