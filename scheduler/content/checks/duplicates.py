"""The same words twice in one season: a network refuses them, and readers notice."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher

from ...domain.finding import Finding
from .context import Material
from .rendered_message import View

NEARLY_SAME = 0.9
_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")


def check_duplicates(material: Material) -> Iterator[Finding]:
    """D101 and D102, channel by channel, over posts."""
    by_channel: dict[str, list[View]] = {}
    for view, _ in material.posts:
        by_channel.setdefault(view.message.channel, []).append(view)
    for views in by_channel.values():
        yield from _within(sorted(views, key=lambda v: v.message.due_at))


def folded_as_a_network_does(text: str) -> str:
    """NFC, one case, single spaces, and every address alike: networks replace addresses by their own."""
    text = _URL.sub("https://", unicodedata.normalize("NFC", text))
    return " ".join(text.casefold().split())


def _within(views: list[View]) -> Iterator[Finding]:
    first: dict[str, View] = {}
    bodies: list[tuple[View, str, frozenset[str]]] = []
    for view in views:
        folded = folded_as_a_network_does(view.sent[0])
        earlier = first.setdefault(folded, view)
        if earlier is not view and earlier.item.id != view.item.id:
            yield view.finding(
                "D101",
                f"the post says the same as that of {earlier.message.on} ({earlier.item.id})",
                hint="change the words of one of the two; on a network with a duplicate rule the second one is refused",
            )
            continue
        own = _without_tail(view)
        words = frozenset(_WORD.findall(own))
        for other, theirs, their_words in bodies:
            if other.item.id != view.item.id and _nearly_same(own, words, theirs, their_words):
                yield view.finding("D102", f"the post is nearly that of {other.message.on} ({other.item.id})")
                break
        bodies.append((view, own, words))


def _without_tail(view: View) -> str:
    """The post without the lines that most posts share: the help line and the tags."""
    shared = view.material.boilerplate
    return folded_as_a_network_does(" ".join(b for b in view.parts[0].blocks if b not in shared))


def _nearly_same(own: str, words: frozenset[str], theirs: str, their_words: frozenset[str]) -> bool:
    # Most pairs share few words; comparing letters is for those that share most of them.
    if not words or len(words & their_words) < 0.75 * len(words | their_words):
        return False
    matcher = SequenceMatcher(None, own, theirs, autojunk=False)
    return matcher.quick_ratio() > NEARLY_SAME and matcher.ratio() > NEARLY_SAME
