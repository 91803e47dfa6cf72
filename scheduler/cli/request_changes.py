"""Ask for changes of an item: your approval of it is withdrawn, and it does not go out live while the request stands.

A request ends when you approve the item again, when you take it back (--withdraw), or when a coordinator settles it
with a reason (--settle). The comment is private: reviewers and coordinators see it, readers and exports never.
"""

from __future__ import annotations

import argparse

from ..domain.formatting import counted
from ..domain.sent import Sent
from ..errors import UsageError
from ..review.packet_formatting import channel_words
from ..review.review_status import sent_as_data
from ..services import change_requests
from .arguments import add_campaign
from .context import Context

EPILOG = """examples:
  run.py request-changes awareness-day --by "Ben Example" --role fact-reviewer --comment "The year is missing."
  run.py request-changes awareness-day --by "Ben Example" --withdraw
  run.py request-changes awareness-day --by "Ada Example" --settle --comment "The source says 2021; it stays." """


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument("item", metavar="ITEM", help="an item's id, or its date (2027-01-11)")
    parser.add_argument("--by", required=True, metavar="NAME", help="who asks")
    parser.add_argument("--role", default="coordinator", help="as what (default: coordinator)")
    parser.add_argument("--comment", default="", metavar="TEXT", help="what should change, and why")
    parser.add_argument("--channel", metavar="C", help="only this channel")
    ending = parser.add_mutually_exclusive_group()
    ending.add_argument("--withdraw", action="store_true", help="take back your own request")
    ending.add_argument("--settle", action="store_true", help="settle what others asked for, as a coordinator")
    parser.add_argument("--of", default="", metavar="NAME", help="with --settle: only what this person asked for")
    add_campaign(parser, word=False)


def run(context: Context, options: argparse.Namespace, name: str) -> int:
    if options.of and not options.settle:
        raise UsageError("--of goes with --settle", hint="--by is the name of the person who asks")
    sent: tuple[Sent, ...] = ()
    how = {"comment": options.comment, "channel": options.channel}
    with context.about_season(options.role) as about:
        if options.withdraw:
            requests, done = change_requests.withdraw_request(about, options.item, **how), "withdrawn"
        elif options.settle:
            requests = change_requests.settle_requests(about, options.item, of=options.of, **how)
            done = "settled"
        else:
            asked = change_requests.request_changes(about, options.item, **how)
            requests, done, sent = asked.requests, "asked", asked.sent
        zone = about.rehearsal.plan.campaign.time_zone
    where = ", ".join(r.channel for r in requests)
    if context.json:
        context.print_json(
            {
                "requests": [
                    {"id": r.id, "item": r.item, "channel": r.channel, "by": r.person, "role": r.role} for r in requests
                ],
                "done": done,
                "by": options.by.strip(),
                "sent": [{"channel": s.channel, **(sent_as_data(s) or {})} for s in sent],
            }
        )
    elif done == "asked":
        print(f"{options.by.strip()} asked for changes of {requests[0].item} ({where}). It does not go out live before")
        print(f"{options.by.strip()} approves it again, takes the request back, or a coordinator settles it.")
        for one in sent:
            kept = "this holds nothing of it back" if one.is_over else "this holds back the rest"
            print(f"The {channel_words(one.channel)} message was {one.in_words(zone)}: {kept}.")
        print(f"Next: change its file; `show {requests[0].item} --since-approval` shows what is different then.")
    else:
        print(f"{counted(len(requests), 'request')} for changes of {requests[0].item} ({where}) {done}.")
        print("Next: review status says what is missing.")
    return 0
