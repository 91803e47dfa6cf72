"""The automatic answer for readers who answer a mail."""

from __future__ import annotations

import argparse

from ..services.replies import automatic_answer
from .arguments import campaign, command
from .command_context import CommandContext


@command(
    "reply-text",
    campaign,
    examples="""examples:
  run.py reply-text
  run.py reply-text --json    subject and text for programs
docs/howto/replies.md: how it gets into the mailbox.""",
)
def reply_text(context: CommandContext, options: argparse.Namespace) -> int:
    """Print the automatic answer for readers who answer a mail, with the help lines and when somebody reads it.

    Paste it into the vacation responder of the mailbox that organisation.reply_to names, and again after a help line or
    the hours have changed. Without CAMPAIGN it has the help lines of all campaigns.
    """
    answer = automatic_answer(context.project, context.campaigns)
    return context.answer(answer._asdict(), f"Subject: {answer.subject}\n", answer.text, verbatim=True)
