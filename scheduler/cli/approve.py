"""Approve messages: a named person has read exactly these words. Any change voids the approval."""

from __future__ import annotations

import argparse

from ..errors import UsageError
from .context import Context


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument("items", nargs="*", metavar="ITEM")
    parser.add_argument("--all", action="store_true", help="every message of the season")
    parser.add_argument("--by", required=True, metavar="NAME")
    parser.add_argument("--role", default="coordinator")
    parser.add_argument("--comment", default="")
    parser.add_argument("--channel", metavar="C", help="only this channel")
    parser.add_argument("--campaign", metavar="NAME")


def run(context: Context, options: argparse.Namespace, name: str) -> int:
    if not options.all and not options.items:
        raise UsageError("say what to approve", hint="approve ITEM --by NAME, or approve --all --by NAME")
    if not options.by.strip():
        raise UsageError("--by is empty", hint="give the name of the person who approves")
    result = context.project.approve(
        context.campaign_id,
        options.season,
        items=None if options.all else options.items,
        channel=options.channel,
        person=options.by.strip(),
        role=options.role,
        comment=options.comment,
    )
    if context.json:
        context.print_json(
            {"approved": [{"item": m.item, "channel": m.channel, "digest": m.digest} for m in result], "by": options.by}
        )
    elif not result:
        print(f"{options.by} had approved all of this already.")
    else:
        print(f"{options.by} approved {len(result)} messages, exactly as they stand now.")
        print("Next: arm, when claims and help lines are signed; `status` says what is missing.")
    return 0
