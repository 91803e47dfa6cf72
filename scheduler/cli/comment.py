"""Comments on items: write one (comment), or read them (comments).

They are private: reviewers and coordinators see them. No packet, export, page for readers or history holds one.
"""

from __future__ import annotations

import argparse

from ..domain.comment import Comment
from ..domain.formatting import local_words
from ..review.review_status import comment_as_data
from ..services import comments
from ..services.seasons import read_campaign
from .arguments import add_campaign
from .context import Context

EPILOG = """examples:
  run.py comment how-many-people --by "Ben Example" --text "Is this figure the newest?"
  run.py comments
  run.py comments how-many-people"""


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    if name == "comment":
        parser.add_argument("item", metavar="ITEM", help="an item's id, or its date (2027-01-11)")
        parser.add_argument("--by", required=True, metavar="NAME", help="who says it")
        parser.add_argument("--role", default="coordinator", help="as what (default: coordinator)")
        parser.add_argument("--text", required=True, metavar="TEXT", help="what you want to say, in quotation marks")
        parser.add_argument("--channel", default="", metavar="C", help="about this channel's message only")
        parser.add_argument("--answer", type=int, metavar="ID", help="the number of the comment that it answers")
    else:
        parser.add_argument("item", nargs="?", default="", metavar="ITEM", help="only of this item")
    add_campaign(parser, word=False)


def run(context: Context, options: argparse.Namespace, name: str) -> int:
    if name == "comment":
        return _comment(context, options)
    with context.about_season() as about:
        found = comments.comments(about, options.item)
    if context.json:
        context.print_json([comment_as_data(c) for thread in found.values() for _, c in thread])
        return 0
    if not found:
        print("No comments yet.")
        return 0
    campaign, _ = read_campaign(context.project, context.campaign_id)
    for item, thread in found.items():
        print(item)
        for depth, comment in thread:
            _print(comment, depth, campaign.time_zone)
    return 0


def _comment(context: Context, options: argparse.Namespace) -> int:
    with context.about_season(options.role) as about:
        done = comments.comment(about, options.item, options.text, channel=options.channel, answers=options.answer)
    made = done.comment
    if context.json:
        context.print_json(comment_as_data(made))
    elif done.again:
        print(f"{made.person} had said this already: comment {made.id} on {made.item}.")
    else:
        print(f"Comment {made.id} on {made.item} by {made.person}.")
    return 0


_ABOUT = {"changes-asked": "asks for changes", "changes-settled": "settled it", "changes-withdrawn": "took it back"}


def _print(comment: Comment, depth: int, time_zone: str) -> None:
    pad = "  " * (depth + 1)
    where = f", {comment.channel}" if comment.channel else ""
    about = f", {_ABOUT[comment.about]}" if comment.about in _ABOUT else ""
    role = comment.role.replace("-", " ")
    print(f"{pad}{comment.id}. {comment.person} ({role}{where}){about}, {local_words(comment.at, time_zone)}")
    for line in comment.text.splitlines():
        print(f"{pad}   {line}")
