"""Sign claims and help lines: a named person has read the record and stands for it.

A signature holds for exactly these words; a changed letter needs a new one. Signing a help line says that it was
tried or looked up on the day of signing.
"""

from __future__ import annotations

import argparse
from datetime import date

from ..domain.formatting import counted
from ..domain.stale_approvals import Voided, voided
from ..errors import UsageError
from ..review.review_status import voided_as_data
from ..services import signatures
from ..services.seasons import read_campaign, rehearse
from .arguments import add_campaign
from .context import Context
from .review_output import print_voided

EPILOG = """examples:
  run.py sign claim forced-labour-2021 --by "Ada Example"
  run.py sign contact --all --by "Ada Example"
  run.py sign claim forced-labour-2021 --by "Ada Example" --expires 2027-06-30
  run.py sign --all --by "Ada Example" """


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument("subject", nargs="?", metavar="claim|contact", help="left out with --all: both")
    parser.add_argument(
        "ids", nargs="*", metavar="ID", help="the records' ids, as claims.toml and contacts.toml have them"
    )
    parser.add_argument("--all", action="store_true", help="every record that is not signed yet")
    parser.add_argument("--by", required=True, metavar="NAME", help="who signs")
    parser.add_argument("--role", default="fact-reviewer", help="as what (default: fact-reviewer)")
    parser.add_argument("--expires", metavar="DATE", help="the last day on which the sign-off holds (2027-06-30)")
    add_campaign(parser, word=False)


def run(context: Context, options: argparse.Namespace, name: str) -> int:
    if options.subject not in (None, "claim", "contact") or not (options.all or options.ids):
        raise UsageError(
            "say what to sign: claim, contact, or --all", hint="sign claim ID --by NAME, or sign --all --by NAME"
        )
    expires_on = _day(options.expires)
    campaign, _ = read_campaign(context.project, context.campaign_id)
    named = signatures.records_in_use(campaign, options.subject) if options.all else None
    records = named or signatures.records_of(campaign, options.subject, options.ids)
    with context.acting(options.role) as acting:
        signed = signatures.sign(acting, campaign, records, expires_on=expires_on)
    gone = _voided(context, options, {f"{kind}:{record}" for kind, record in signed})
    if context.json:
        context.print_json(
            {
                "signed": [{"subject": s, "id": i} for s, i in signed],
                "by": options.by,
                "expires_on": options.expires,
                "voided": voided_as_data(gone),
            }
        )
    elif not signed:
        print("Everything was signed already.")
    else:
        claims = sum(s == "claim" for s, _ in signed)
        lines = len(signed) - claims
        counts = [counted(claims, "claim", "claims"), counted(lines, "help line", "help lines")]
        print(f"{options.by} signed {' and '.join(words for words in counts if not words.startswith('0 '))}.")
        print_voided(gone)
        print("Next: `check` says what else is not signed. Then approve the messages: approve --all --by NAME.")
    return 0


def _voided(context: Context, options: argparse.Namespace, records: set[str]) -> list[Voided]:
    """Approvals that no longer hold because of a change of what was signed just now."""
    if not records:
        return []
    rehearsal = rehearse(context.project, context.campaign_id, options.season)
    gone = voided(rehearsal, open_at=context.project.clock.now())
    return [v for v in gone if records.intersection(v.records)]


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--expires {text!r} is not a date", hint="write it as 2027-06-30") from None
