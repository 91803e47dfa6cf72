"""What the list of an inbox and a locked phone show of an email, as mail programs cut it."""

from __future__ import annotations

import html
import re
from typing import NamedTuple


class Program(NamedTuple):
    """A mail program, with the characters that it shows: of the sender's name, the subject, and what stands behind it.

    Approximate: programs measure in pixels, and let their readers choose. Where they come from, and when they were
    read: docs/explanation/mails.md.
    """

    name: str
    sender: int
    subject: int
    behind: int


PROGRAMS = (
    Program("Gmail in a browser", 20, 70, 97),
    Program("Gmail on a phone", 25, 40, 90),
    Program("Outlook on Windows", 30, 55, 35),
    Program("Apple Mail on a Mac", 30, 70, 140),
    Program("iPhone, in the list and locked", 28, 41, 81),
)

_NOT_SHOWN = re.compile(r"<(style|title)\b.*?</\1>|<!--.*?-->|<[^>]*>", re.DOTALL)
_LONGEST = max(program.behind for program in PROGRAMS)
#: So much of a mail's HTML holds what any program shows of it, with what pads the preheader.
_ENOUGH = 20_000


def behind_subject(markup: str) -> str:
    """The first words of a mail, as many as any program shows. What pads a preheader takes room, and shows nothing."""
    shown = html.unescape(_NOT_SHOWN.sub(" ", markup[:_ENOUGH])).replace("\ufeff", "")
    spaced = re.sub(r"[ \t\r\n]+", " ", shown, count=_LONGEST + 1)  # behind so many blanks nothing is shown
    return spaced.strip(" ")[:_LONGEST].replace("\u2007", " ")


def cut(text: str, room: int) -> str:
    """As a program shows it that has room for so many characters."""
    return text if len(text) <= room else f"{text[: room - 1].rstrip()}…"
