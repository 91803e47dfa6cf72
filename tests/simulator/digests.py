"""Digests of a simulated season: mails that tell of several days by a piece for each, cut to each reader's part, and
without what nobody may have."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from scheduler.domain.audience import Audience
from scheduler.domain.cadence import Cadence
from scheduler.domain.message import DIGEST as A_DIGEST
from scheduler.domain.message import FRAME, EmailBody, Message, Piece
from tests.support.world import an_email

DIGEST, DAILY = Cadence.DIGEST, Cadence.DAILY

#: Their own mails go to readers who want one a day.
OF_EACH_DAY = Audience(frozenset({DAILY}))

#: A digest comes at the end of its day, and may come in the night after it.
AT, LATEST = timedelta(hours=23, minutes=30), timedelta(hours=36)

_STORY = re.compile(r"^Story of (\S+)\.$", re.MULTILINE)


def a_digest(item: str, days: Sequence[Message], *, on: date, ends_at: datetime, edition: int = 0) -> Message:
    """One mail with a piece of what each mail of ``days`` says; whole pieces can be left out. ``edition``: of what stands
    around them."""
    text, html, pieces = f"Hello {edition}.\n", f"<p>Hello {edition}.</p>\n", []
    for day in days:
        assert isinstance(day.body, EmailBody)
        of_text = f"Story of {day.item}.\n{day.body.text.partition('%')[0]}"
        of_html = f"<p>Story of {day.item}.</p>\n"
        places = (len(html), len(html) + len(of_html), len(text), len(text) + len(of_text))
        pieces.append(Piece(day.item, day.on.isoformat(), day.item, *places))
        text, html = text + of_text, html + of_html
    body = an_email(item).body
    assert isinstance(body, EmailBody)
    words = {"text": text + "%unsubscribe_url%\n", "html": html + body.html, "pieces": tuple(pieces)}
    midnight = datetime(on.year, on.month, on.day, tzinfo=ends_at.tzinfo)
    return replace(
        an_email(item, on=on),
        kind=A_DIGEST,
        due_at=midnight + AT,
        expires_at=min(midnight + LATEST, ends_at),
        audience=Audience(frozenset({DIGEST}), tuple((day.item, day.due_at) for day in days)),
        body=replace(body, **words, subject_pattern="{dates}: {items}"),  # type: ignore[arg-type]
    )


def a_frame(edition: int = 0) -> Message:
    """What stands around the pieces of each digest, as it is approved."""
    return replace(an_email(FRAME, text=f"Hello {edition}."), kind=FRAME)


def told_in(item: str, text: str) -> tuple[str, ...]:
    """Which items a mail tells of, read from the words that went out."""
    return tuple(_STORY.findall(text)) or (item,)
