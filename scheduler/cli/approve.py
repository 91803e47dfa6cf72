"""Approve messages: a named person has read exactly these words. Any change voids the approval."""

from __future__ import annotations

import argparse

from ..domain.formatting import counted
from ..domain.message import Message
from ..errors import UsageError
from ..services import approvals
from ..services.approvals import Approved, NotThisWeek
from ..services.context import SeasonContext
from .arguments import add_campaign
from .context import Context, findings_as_data
from .findings_output import print_findings, print_findings_by_code
from .refusals import what_to_do

EPILOG = """examples:
  run.py approve awareness-day --by "Ada Example"
  run.py approve --week 2 --by "Ada Example"        a week in which nothing is blocked or needs a look
  run.py approve --all --by "Ada Example" --role fact-reviewer"""


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument("items", nargs="*", metavar="ITEM", help="an item's id, or its date (2027-01-11)")
    parser.add_argument("--all", action="store_true", help="every message of the season")
    parser.add_argument("--week", type=int, metavar="N", help="the Nth week, if nothing in it is amber or red")
    parser.add_argument("--by", required=True, metavar="NAME", help="who has read it and approves")
    parser.add_argument("--role", default="coordinator", help="as what (default: coordinator)")
    parser.add_argument("--comment", default="", help="private; seen by reviewers and coordinators only")
    parser.add_argument("--channel", metavar="C", help="only this channel")
    add_campaign(parser, word=False)


def run(context: Context, options: argparse.Namespace, name: str) -> int:
    if sum((options.all, options.week is not None, bool(options.items))) != 1:
        raise UsageError(
            "say what to approve: items, --week N or --all",
            hint="approve ITEM --by NAME, approve --week 2 --by NAME, or approve --all --by NAME",
        )
    with context.about_season(options.role) as about:
        try:
            done = _approve(about, options)
        except NotThisWeek as refused:
            if context.json:
                found = findings_as_data(refused.findings)
                context.print_json({"approved": [], "week": options.week, "in_the_way": found})
                return 1
            print(f"{refused.message[:1].upper()}{refused.message[1:]}.")
            print_findings(refused.findings)
            print(f"What to do: {what_to_do(refused)}.")
            return 1
        lacking = sum(bool(about.rehearsal_now().missing(m)) for m in done.messages)
    print_approved(context, done, options.by.strip(), lacking)
    return 0


def _approve(about: SeasonContext, options: argparse.Namespace) -> Approved:
    how = {"comment": options.comment, "channel": options.channel}
    if options.week is not None:
        return approvals.approve_week(about, options.week, **how)
    return approvals.approve(about, None if options.all else options.items, **how)


def print_approved(context: Context, done: Approved, by: str, lacking: int) -> None:
    """What was approved, after what a person should have looked at; ``lacking``: how many need more than this."""
    if context.json:
        context.print_json(
            {
                "approved": [_named(m) for m in done.messages],
                "by": by,
                "already": done.already,
                "sent": [{"item": s.item, "channel": s.channel, "at": s.at.isoformat()} for s in done.sent],
                "amber": findings_as_data(done.ambers),
                "need_more": lacking,
            }
        )
        return
    if done.ambers:
        print(f"{counted(len(done.ambers), 'thing', 'things')} in these messages needed a look:")
        print_findings_by_code(done.ambers)
    if done.sent:
        which = ", ".join(f"{s.item} ({s.channel})" for s in done.sent[:6])
        more = f" and {len(done.sent) - 6} more" if len(done.sent) > 6 else ""
        print(f"Left out, because it went out already: {which}{more}.")
    if not done.messages:
        print(f"{by} had approved all of this already.")
        return
    print(f"{by} approved {counted(len(done.messages), 'message', 'messages')}, exactly as they stand now.")
    if lacking:
        print(f"{lacking} of them need more than this approval; `review status` says what, and by whom.")
    print("Next: arm, when claims and help lines are signed; `status` says what is missing.")


def _named(message: Message) -> dict[str, str]:
    return {"item": message.item, "channel": message.channel, "digest": message.digest}
