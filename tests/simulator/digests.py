"""Digests of a simulated season: mails that tell the stories of several days, cut to each reader's part."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from scheduler.domain.audience import Audience
from scheduler.domain.cadence import Cadence
from scheduler.domain.message import EmailBody, Message
from tests.support.world import an_email

DIGEST, DAILY = Cadence.DIGEST, Cadence.DAILY

#: Their own mails go to readers who want one a day.
OF_EACH_DAY = Audience(frozenset({DAILY}))

#: A digest comes at the end of its day, and may come in the night after it.
AT, LATEST = timedelta(hours=23, minutes=30), timedelta(hours=36)

_STORY = re.compile(r"^Story of (\S+)\.$", re.MULTILINE)


def a_digest(item: str, days: Sequence[Message], *, on: date, ends_at: datetime, edition: int = 0) -> Message:
    """One mail with what the mails of ``days`` say; whole days can be cut off its beginning."""
    text, html, parts = f"Hello {edition}.\n", f"<p>Hello {edition}.</p>\n", []
    for day in days:
        assert isinstance(day.body, EmailBody)
        parts.append((day.item, len(html), len(text)))
        text += f"Story of {day.item}.\n{day.body.text.partition('%')[0]}"
        html += f"<p>Story of {day.item}.</p>\n"
    body = an_email(item).body
    assert isinstance(body, EmailBody)
    midnight = datetime(on.year, on.month, on.day, tzinfo=ends_at.tzinfo)
    return replace(
        an_email(item, on=on),
        due_at=midnight + AT,
        expires_at=min(midnight + LATEST, ends_at),
        audience=Audience(frozenset({DIGEST}), tuple((day.item, day.due_at) for day in days)),
        body=replace(body, text=text + "%unsubscribe_url%\n", html=html + body.html, parts=tuple(parts)),
    )


def told_in(item: str, text: str) -> tuple[str, ...]:
    """Which items a mail tells of, read from the words that went out."""
    return tuple(_STORY.findall(text)) or (item,)
