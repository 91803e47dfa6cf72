"""A doubtful post is looked for in the account's own timeline, by its words.

Networks that give a post no name of the caller's choosing show it with words that they have changed a little: entities,
spaces, addresses. So they are compared without what may differ. Two posts of an account never have the same words, in a
season or in two that are near each other (checks D101, D103): one that is found is the one that was looked for.
"""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from ..domain.formatting import counted
from ..domain.outcome import Evidence, Verdict
from ..light_dataclass import dataclass

#: Their clock and ours may differ by this much.
_CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True)
class OwnPost:
    """A post of the account: how it is named, and its words as they were written."""

    reference: str
    text: str
    created_at: datetime


class NotShown(Exception):
    """A timeline was not shown, or not as far as was asked; in words that follow "the timeline"."""


def comparable(text: str) -> str:
    """A text with all taken out that a network may change: entities, spaces, composition, scheme and case of
    addresses."""
    text = unicodedata.normalize("NFC", html.unescape(text)).casefold()
    text = re.sub(r"https?://", "", text)
    text = re.sub(r"/(?=[\s.,;:!?)]|$)", "", text)
    return " ".join(text.split())


def fingerprint_of(text: str) -> str:
    """Of the words by which a post is found again."""
    return f"text:{hashlib.sha256(comparable(text).encode('utf-8', 'surrogatepass')).hexdigest()}"


def look_for(
    text: str,
    timeline: Callable[[datetime], Iterable[OwnPost]],
    *,
    since: datetime,
    absent: Verdict = Verdict.CANNOT_TELL,
) -> Evidence:
    """Whether a post of these words is among those since the call. ``timeline`` gives the account's own posts since an
    instant; it may raise. ``absent``: what a whole timeline without the post is taken for. Never raises."""
    wanted = comparable(text)
    if not wanted:
        return Evidence(Verdict.CANNOT_TELL, detail="a post without words cannot be recognized")
    earliest = since - _CLOCKS_DIFFER
    seen = 0
    try:
        for post in timeline(earliest):  # to its end: a later post of the same words is this one too
            seen += 1
            if post.created_at >= earliest and comparable(post.text) == wanted:
                return Evidence(Verdict.SENT, reference=post.reference, detail="found in the account's timeline")
    except NotShown as refusal:
        return Evidence(Verdict.CANNOT_TELL, detail=f"the timeline {refusal}")
    except Exception as error:
        return Evidence(Verdict.CANNOT_TELL, detail=f"the timeline could not be read: {type(error).__name__}")
    proves = "" if absent is Verdict.NOT_SENT else "; that proves nothing"
    return Evidence(absent, detail=f"not among {counted(seen, 'post')} of the timeline{proves}")
