"""Show one message exactly as it will go out."""

from __future__ import annotations

import argparse

from ..domain.finding import Finding
from ..domain.message import PostBody
from ..domain.rehearsal import Rehearsal
from ..errors import UsageError
from ..review.rehearsal_data import shown_as_data
from ..services.seasons import rehearse
from .arguments import add_campaign
from .context import Context
from .findings_output import print_findings

EPILOG = """examples:
  run.py show 2027-01-06
  run.py show how-many-people --channel email
  run.py show how-many-people --since-approval      the words that changed since somebody approved it"""


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument("item", metavar="ITEM", help="an item's id, or its date (2027-01-11)")
    add_campaign(parser, word=False)
    parser.add_argument("--channel", metavar="C", help="only this channel, as config/channels.toml calls it")
    parser.add_argument(
        "--since-approval", action="store_true", help="the words that changed since it was approved, or last read"
    )
    parser.add_argument("--html", action="store_true", help="print the email's HTML part instead of its text")


def run(context: Context, options: argparse.Namespace, name: str) -> int:
    rehearsal = rehearse(context.project, context.campaign_id, options.season)
    found = [
        m
        for m in (*rehearsal.everything, *rehearsal.substitutes, *rehearsal.letters)
        if options.item in (m.item, m.on.isoformat()) and options.channel in (None, m.channel)
    ]
    unmade = _unmade(rehearsal, options, {(m.item, m.channel) for m in found})
    if not found and not unmade:
        import difflib

        ids = sorted({m.item for m in rehearsal.everything})
        near = difflib.get_close_matches(options.item, ids, n=3)
        raise UsageError(
            f"there is no message for {options.item!r}"
            + (f" on channel {options.channel!r}" if options.channel else ""),
            hint=f"did you mean {' or '.join(near)}?" if near else "`plan` lists the items",
        )
    if options.since_approval:
        from .since_approval import print_since_approval, since_approval_as_data

        if context.json:
            context.print_json(since_approval_as_data(rehearsal, found))
        else:
            print_since_approval(rehearsal, found)
        return 1 if unmade else 0
    if context.json:
        context.print_json([shown_as_data(m) for m in found])
        return 1 if unmade else 0
    for m in found:
        print(f"--- {m.channel}, {m.on:%A %d %B %Y}, item {m.item}, digest {m.digest[:12]}")
        if isinstance(m.body, PostBody):
            print(m.body.text)
            print(f"--- {m.body.characters}/{m.body.limit} characters")
        else:
            print(f"Subject: {m.body.subject}\nFrom: {m.body.from_name} <{m.body.from_address}>\n")
            print(m.body.html if options.html else m.body.text)
        print_findings([f for f in rehearsal.findings if f.item == m.item and f.channel in ("", m.channel)])
    for finding in unmade:
        print(f"--- {finding.channel}, item {finding.item}: the message could not be made")
        print_findings([finding])
    return 1 if unmade else 0


def _unmade(rehearsal: Rehearsal, options: argparse.Namespace, made: set[tuple[str, str]]) -> list[Finding]:
    """Why a message that was asked for is not there."""
    asked = {p.item.id for p in rehearsal.plan.items if options.item in (p.item.id, p.on.isoformat())}
    return [
        f
        for f in rehearsal.findings
        if f.item in asked and f.channel and options.channel in (None, f.channel) and (f.item, f.channel) not in made
    ]
