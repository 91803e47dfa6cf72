"""A command that is shown works as it stands: where there are several campaigns it says which one it is about.

In what the program prints a command stands in backticks: `review status`.
"""

from __future__ import annotations

import re
from collections.abc import Collection

#: Asks for a campaign where there are several.
NEEDS_ONE = frozenset(
    {
        *(
            "acknowledge",
            "approve",
            "arm",
            "card",
            "comment",
            "copy-item",
            "disarm",
            "links confirm",
            "move-item",
            "request-changes",
        ),
        *("review invite", "review packet", "review record", "review remind", "review revoke", "roll-forward"),
        *("send-test", "sign", "subscribers add", "subscribers close-season", "subscribers export"),
        "subscribers import",
    }
)
#: Shows all campaigns where none is named.
SHOWS_EACH = frozenset(
    {"check", "comments", "decide", "deliveries", "dry-run", "plan", "report", "review status", "show", "status"}
)

_MARKED = re.compile(r"`([a-z][^`\n]*)`")


def with_campaign(text: str, campaign: str, known: Collection[str]) -> str:
    """``text`` with each command in it about ``campaign``; without one, what needs one says where its name goes.
    ``known``: the project's campaigns; a command that names one is left alone."""

    def complete(found: re.Match[str]) -> str:
        words = found[1].split()
        names = {words[0], " ".join(words[:2])}
        if {"--campaign", *known} & {*words} or "".join(words[1:2]).isdecimal():  # of one delivery
            return found[0]
        if names & NEEDS_ONE or (campaign and names & SHOWS_EACH):
            return f"`{found[1]} --campaign {campaign or 'NAME'}`"
        return found[0]

    return _MARKED.sub(complete, text)
