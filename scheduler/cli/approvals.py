"""Messages are approved exactly as they stand, or held back until they are changed."""

from __future__ import annotations

import argparse

from ..domain.formatting import channel_words, counted
from ..domain.sent import Sent
from ..errors import UsageError
from ..review.review_status import record_change_as_data, sent_as_data
from ..services import approvals
from ..services.approvals import Approved, NotThisWeek
from ..services.context import SeasonContext
from .arguments import ITEM, OF_A_CAMPAIGN, ROLE, argument, command, one_of
from .command_context import CommandContext
from .output import finding_lines, finding_lines_by_code, findings_as_data, some
from .refusals import what_to_do


@command(
    "approve",
    argument("items", nargs="*", metavar="ITEM", help="an item's id, or its date (2027-01-11)"),
    argument("--all", action="store_true", help="every message of the season"),
    argument("--week", type=int, metavar="N", help="the Nth week, if nothing in it is amber or red"),
    argument("--undo", action="store_true", help="take your own approval of one item back, until it is sent"),
    argument(
        "--records",
        action="store_true",
        help="you have seen which records changed behind what you approved; what readers get did not",
    ),
    argument("--by", required=True, metavar="NAME", help="who has read it and approves"),
    ROLE,
    argument("--comment", default="", help="private; seen by reviewers and coordinators only"),
    argument("--channel", metavar="C", help="only this channel"),
    OF_A_CAMPAIGN,
    examples="""examples:
  run.py approve awareness-day --by "Ada Example"
  run.py approve --week 2 --by "Ada Example"        a week in which nothing is blocked or needs a look
  run.py approve --all --by "Ada Example" --role fact-reviewer""",
)
def approve(context: CommandContext, options: argparse.Namespace) -> int:
    """Approve messages: a named person has read exactly these words. Any change of what readers get voids the approval.

    A record may change while nothing does that readers get: the approval holds, and --records says that you know.
    """
    if options.undo and (len(options.items) != 1 or options.all or options.week is not None):
        raise UsageError("--undo is for one item", hint="approve ITEM --undo --by NAME")
    if sum((options.all, options.week is not None, bool(options.items), options.records)) != 1:
        raise UsageError(
            "say what to approve: items, --week N, --all or --records",
            hint="`approve ITEM --by NAME`, `approve --week 2 --by NAME`, or `approve --all --by NAME`",
        )
    how = {"comment": options.comment, "channel": options.channel}
    about = context.about_season(options.role)
    if options.undo:
        return _taken_back(context, about)
    if options.records:
        return _records_seen(context, about)
    try:
        if options.week is not None:
            done = approvals.approve_week(about, options.week, **how)
        else:
            done = approvals.approve(about, None if options.all else options.items, **how)
    except NotThisWeek as refused:
        return context.answer(
            {"approved": [], "week": options.week, "in_the_way": findings_as_data(refused.findings)},
            f"{refused.message[:1].upper()}{refused.message[1:]}.",
            *finding_lines(refused.findings),
            f"What to do: {what_to_do(refused)}.",
            status=1,
        )
    return approved_answer(context, about, done)


def _taken_back(context: CommandContext, about: SeasonContext) -> int:
    options, who = context.options, context.options.by.strip()
    taken = approvals.take_back(about, options.items[0], channel=options.channel)
    return context.answer(
        {"taken_back": [{"item": m.item, "channel": m.channel} for m in taken], "by": who},
        f"{who}'s approval of {taken[0].item} ({', '.join(m.channel for m in taken)}) is taken back.",
        "Next: `review status` says what is missing.",
    )


def _records_seen(context: CommandContext, about: SeasonContext) -> int:
    who, changes = context.options.by.strip(), approvals.see_records(about)
    return context.answer(
        {"by": who, "records_changed": [record_change_as_data(who, change) for change in changes]},
        *(f"  {change.sentence} ({change.where})" for change in changes),
        f"Noted that {who} has seen this. The approvals stand as they were."
        if changes
        else f"No record has changed behind what {who} approved.",
    )


def approved_answer(context: CommandContext, about: SeasonContext, done: Approved) -> int:
    """What was approved, after what a person should have looked at."""
    who = context.options.by.strip()
    lacking = sum(bool(about.rehearsal_now().missing(m)) for m in done.messages)
    lines = [f"{who} had approved all of this already."]
    if done.messages:
        lines = [
            f"{who} approved {counted(len(done.messages), 'message')}, exactly as they stand now.",
            *[f"{lacking} of them need more than this approval; `review status` says what, and by whom."][:lacking],
            "Next: `arm --by NAME`, when claims and help lines are signed; `status` says what is missing.",
        ]
    sent = some([f"{s.item} ({s.channel})" for s in done.sent])
    return context.answer(
        {
            "approved": [{"item": m.item, "channel": m.channel, "digest": m.digest} for m in done.messages],
            "by": who,
            "already": done.already,
            "sent": [{"item": s.item, "channel": s.channel, "at": s.at.isoformat()} for s in done.sent],
            "amber": findings_as_data(done.ambers),
            "need_more": lacking,
        },
        f"{counted(len(done.ambers), 'thing')} in these messages needed a look:" if done.ambers else None,
        *finding_lines_by_code(done.ambers),
        f"Left out, because it went out already: {sent}." if sent else None,
        *lines,
    )


@command(
    "request-changes",
    ITEM,
    argument("--by", required=True, metavar="NAME", help="who asks"),
    ROLE,
    argument("--comment", default="", metavar="TEXT", help="what should change, and why"),
    argument("--channel", metavar="C", help="only this channel"),
    one_of(
        argument("--withdraw", action="store_true", help="take back your own request"),
        argument("--mended", action="store_true", help="tell who asked that it was changed, as a coordinator"),
        argument("--settle", action="store_true", help="settle what others asked for, as a coordinator"),
    ),
    argument("--of", default="", metavar="NAME", help="with --mended or --settle: only what this person asked for"),
    OF_A_CAMPAIGN,
    about="""
Ask for changes of an item: your approval of it is withdrawn, and it does not go out live while the request stands.

A request ends when you approve the item again, when you take it back (--withdraw), or when a coordinator settles it
with a reason (--settle). When the item was changed, --mended tells you so, and the request waits for your word. The
comment is private: reviewers and coordinators see it, readers and exports never.""",
    examples="""examples:
  run.py request-changes awareness-day --by "Ben Example" --role fact-reviewer --comment "The year is missing."
  run.py request-changes awareness-day --by "Ben Example" --withdraw
  run.py request-changes awareness-day --by "Ada Example" --settle --comment "The source says 2021; it stays." """,
)
def request_changes(context: CommandContext, options: argparse.Namespace) -> int:
    if options.of and not (options.settle or options.mended):
        raise UsageError("--of goes with --mended and --settle", hint="--by is the name of the person who asks")
    sent: tuple[Sent, ...] = ()
    how = {"comment": options.comment, "channel": options.channel}
    about, who = context.about_season(options.role), options.by.strip()
    if options.withdraw:
        requests, done = approvals.withdraw_request(about, options.item, **how), "withdrawn"
    elif options.mended:
        requests, done = approvals.answer_requests(about, options.item, of=options.of, **how), "answered"
    elif options.settle:
        requests, done = approvals.settle_requests(about, options.item, of=options.of, **how), "settled"
    else:
        asked = approvals.request_changes(about, options.item, **how)
        requests, done, sent = asked.requests, "asked", asked.sent
    zone = about.rehearsal.plan.campaign.time_zone
    item, where = requests[0].item, ", ".join(r.channel for r in requests)
    lines = [
        f"{counted(len(requests), 'request')} for changes of {item} ({where}) {done}.",
        "Next: `review status` says what is missing.",
    ]
    if done == "asked":
        lines = [
            f"{who} asked for changes of {item} ({where}). It does not go out live before",
            f"{who} approves it again, takes the request back, or a coordinator settles it.",
            *(
                f"The {channel_words(one.channel)} message was {one.in_words(zone)}: "
                f"this holds {'nothing of it back' if one.is_over else 'back the rest'}."
                for one in sent
            ),
            f"Next: change its file; `show {item} --since-approval` shows what is different then.",
        ]
    return context.answer(
        {
            "requests": [
                {"id": r.id, "item": r.item, "channel": r.channel, "by": r.person, "role": r.role} for r in requests
            ],
            "done": done,
            "by": who,
            "sent": [{"channel": s.channel, **(sent_as_data(s) or {})} for s in sent],
        },
        *lines,
    )
