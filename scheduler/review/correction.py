"""An item that corrects another: a draft for the people who have the earlier words of a mailing."""

from __future__ import annotations

from dataclasses import dataclass

from ..domain.formatting import day_words
from ..domain.message import EmailBody, Message


@dataclass(frozen=True, slots=True)
class CorrectionDraft:
    """What to save, and where. ``have_it``: how many have the earlier words."""

    have_it: int
    file: str
    text: str


def correction_draft(before: Message, *, have_it: int) -> CorrectionDraft:
    """A draft of the item; what was wrong and what is right has to be written by a person."""
    subject = before.body.subject if isinstance(before.body, EmailBody) else before.item
    name, day = f"correction-{before.item}", day_words(before.on)
    told = f"Our email of {day} had something wrong in it."
    head = (
        f'id = "{name}"',
        'kind = "action"',
        'title = "A correction"',
        f'subject = "A correction to our email of {day}"',
    )
    body = (
        "",
        "# Post",
        f"{told} What was wrong: ... What is right: ...",
        "",
        "# Email",
        f"{told} Its subject was: {subject}",
        "",
        "What was wrong: ...",
        "",
        "What is right: ...",
    )
    return CorrectionDraft(have_it, f"items/{name}.md", "\n".join(("+++", *head, "+++", *body, "")))
