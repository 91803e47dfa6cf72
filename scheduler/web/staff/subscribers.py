"""``/subscribers``: readers in numbers. No page shows an address, to anybody."""

from __future__ import annotations

from flask import render_template

from ...domain.message import EmailBody
from ...domain.role import Right
from ..routing import get
from .page_context import resolve

#: State of a reader -> what it means.
STATES = {
    "active": "written to",
    "pending": "signed up, have not confirmed yet",
    "paused": "wanted silence for a while, or their mailbox was full",
    "left": "left the list",
    "bounced": "the address does not exist any more",
    "complained": "called a mail spam; nobody writes to them again",
    "erased": "were taken out; a random number is all that is left",
    "ended": "stay on the list until it is closed, and get nothing: what they agreed to is over",
    "suppressed": "addresses that nobody may write to, of readers and of others",
}
CADENCES = {"daily": "every day", "digest": "a digest of several days", "key-days": "key days only"}


@get("/subscribers", who=Right.LOOK)
def subscribers_page() -> str:
    page = resolve()
    name, now = page.campaign.id, page.context.now()
    people, mails = page.ledger.subscribers, [m for m in page.rehearsal.everything if isinstance(m.body, EmailBody)]
    begun = [d for m in mails if (d := page.by_message.get((m.item, m.channel))) is not None and d.counts.frozen]
    return render_template(
        "staff/subscribers.html",
        states=people.count(name, now=now),
        words=STATES,
        dead=people.dead_addresses(),
        cadences=people.count_by("cadence", name, now=now),
        cadence_words=CADENCES,
        zones=sorted(people.count_by("zone", name, now=now).items(), key=lambda z: (-z[1], z[0])),
        mails=sorted(begun, key=lambda d: d.due_at, reverse=True),
    )
