"""Show one message exactly as it will go out."""

from __future__ import annotations

import argparse

from ..domain.message import PostBody
from ..errors import UsageError
from .context import Context, print_findings


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument("item", metavar="ITEM", help="an item's id, or its date (2027-01-11)")
    parser.add_argument("--campaign", metavar="NAME")
    parser.add_argument("--channel", metavar="C", help="only this channel: x, email")
    parser.add_argument("--html", action="store_true", help="print the email's HTML part instead of its text")


def run(context: Context, options: argparse.Namespace, name: str) -> int:
    rehearsal = context.project.rehearse(context.campaign_id, options.season)
    found = [
        m
        for m in (*rehearsal.messages, *rehearsal.substitutes)
        if options.item in (m.item, m.on.isoformat()) and options.channel in (None, m.channel)
    ]
    if not found:
        import difflib

        ids = sorted({m.item for m in rehearsal.messages})
        near = difflib.get_close_matches(options.item, ids, n=3)
        raise UsageError(
            f"there is no message for {options.item!r}"
            + (f" on channel {options.channel!r}" if options.channel else ""),
            hint=f"did you mean {' or '.join(near)}?" if near else "`plan` lists the items",
        )
    if context.json:
        context.print_json(
            [
                {
                    "item": m.item,
                    "channel": m.channel,
                    "due_at": m.due_at,
                    "digest": m.digest,
                    **(
                        {"text": m.body.text}
                        if isinstance(m.body, PostBody)
                        else {"subject": m.body.subject, "text": m.body.text, "html": m.body.html}
                    ),
                }
                for m in found
            ]
        )
        return 0
    for m in found:
        print(f"--- {m.channel}, {m.on:%A %d %B %Y}, item {m.item}, digest {m.digest[:12]}")
        if isinstance(m.body, PostBody):
            print(m.body.text)
            print(f"--- {m.body.characters}/{m.body.limit} characters")
        else:
            print(f"Subject: {m.body.subject}\nFrom: {m.body.from_name} <{m.body.from_address}>\n")
            print(m.body.html if options.html else m.body.text)
        print_findings([f for f in rehearsal.findings if f.item == m.item and f.channel in ("", m.channel)])
    return 0
