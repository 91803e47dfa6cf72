"""Comments on items, which stay among reviewers and coordinators."""

from __future__ import annotations

import argparse

from ..domain.comment import Comment
from ..domain.formatting import local_words
from ..review.review_status import comment_as_data
from ..services import approvals
from ..services.seasons import read_campaign
from .arguments import ITEM, OF_A_CAMPAIGN, ROLE, argument, command, shows_each
from .command_context import CommandContext

_COMMENTS = {
    "about": """
Comments on items: write one (comment), or read them (comments).

They are private: reviewers and coordinators see them. No packet, export, page for readers or history holds one.""",
    "examples": """examples:
  run.py comment how-many-people --by "Ben Example" --text "Is this figure the newest?"
  run.py comments
  run.py comments how-many-people""",
}


@command(
    "comment",
    ITEM,
    argument("--by", required=True, metavar="NAME", help="who says it"),
    ROLE,
    argument("--text", required=True, metavar="TEXT", help="what you want to say, in quotation marks"),
    argument("--channel", default="", metavar="C", help="about this channel's message only"),
    argument("--answer", type=int, metavar="ID", help="the number of the comment that it answers"),
    OF_A_CAMPAIGN,
    **_COMMENTS,
)
def comment(context: CommandContext, options: argparse.Namespace) -> int:
    about = context.about_season(options.role)
    done = approvals.comment(about, options.item, options.text, channel=options.channel, answers=options.answer)
    made = done.comment
    return context.answer(
        comment_as_data(made),
        f"{made.person} had said this already: comment {made.id} on {made.item}."
        if done.again
        else f"Comment {made.id} on {made.item} by {made.person}.",
    )


@command(
    "comments",
    argument("item", nargs="?", default="", metavar="ITEM", help="only of this item"),
    OF_A_CAMPAIGN,
    shows_each(),
    **_COMMENTS,
)
def comments_(context: CommandContext, options: argparse.Namespace) -> int:
    threads = approvals.comments(context.about_season(), options.item)
    campaign, _ = read_campaign(context.project, context.campaign_id)
    lines = [
        line
        for item, thread in threads.items()
        for line in (item, *(line for depth, one in thread for line in _comment_lines(one, depth, campaign.time_zone)))
    ]
    return context.answer(
        [comment_as_data(one) for thread in threads.values() for _, one in thread],
        *(lines or ["No comments yet."]),
        verbatim=True,
    )


_ABOUT = {
    "changes-asked": "asks for changes",
    "changes-answered": "changed it",
    "changes-settled": "settled it",
    "changes-withdrawn": "took it back",
}


def _comment_lines(comment: Comment, depth: int, time_zone: str) -> list[str]:
    pad = "  " * (depth + 1)
    where = f", {comment.channel}" if comment.channel else ""
    about = f", {_ABOUT[comment.about]}" if comment.about in _ABOUT else ""
    role = comment.role.replace("-", " ")
    return [
        f"{pad}{comment.id}. {comment.person} ({role}{where}){about}, {local_words(comment.at, time_zone)}",
        *(f"{pad}   {line}" for line in comment.text.splitlines()),
    ]
