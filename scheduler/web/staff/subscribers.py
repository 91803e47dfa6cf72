"""``/subscribers``: readers in numbers. No page shows an address, to anybody."""

from __future__ import annotations

from collections.abc import Iterable

from flask import render_template

from ...domain.message import EmailBody, Message
from ...domain.role import Right
from ..security import RoutesWithRoles
from .page_context import PageContext, SeasonResolver

#: State of a reader -> what it means.
STATES = {
    "active": "are written to",
    "pending": "signed up, have not confirmed yet",
    "paused": "wanted silence for a while, or their mailbox was full",
    "left": "left the list",
    "bounced": "their address does not exist any more",
    "complained": "called a mail spam; nobody writes to them again",
    "erased": "were taken out; a random number is all that is left",
    "suppressed": "addresses that nobody may write to, of readers and of others",
}
CADENCES = {"daily": "every day", "digest": "a digest of several days", "key-days": "key days only"}


def add_subscribers(app: RoutesWithRoles, seasons: SeasonResolver) -> None:
    @app.get("/subscribers", who=Right.LOOK)
    def subscribers_page() -> str:
        page = seasons.resolve()
        return render_template(
            "staff/subscribers.html",
            states=page.ledger.subscribers.count(),
            words=STATES,
            dead=page.ledger.subscribers.dead_addresses(),
            cadences=page.ledger.subscribers.count_by("cadence"),
            cadence_words=CADENCES,
            zones=sorted(page.ledger.subscribers.count_by("zone").items(), key=lambda z: (-z[1], z[0])),
            mails=_mails(page, (m for m in page.rehearsal.everything if isinstance(m.body, EmailBody))),
        )


def _mails(page: PageContext, messages: Iterable[Message]) -> list[tuple[Message, object]]:
    """Each mail with its delivery, once it is in the ledger, newest first; only what has been begun."""
    found = [(m, page.by_message.get((m.item, m.channel))) for m in messages]
    return sorted(
        ((m, d) for m, d in found if d is not None and d.counts.frozen), key=lambda pair: pair[0].due_at, reverse=True
    )
