"""Of no message the same words twice in one season: a network refuses them, and readers notice."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from ...domain.finding import Finding
from ...light_dataclass import dataclass
from ..text_answers import TEXTS
from .context import Material, View
from .visible_text import fold

NEARLY_SAME = 0.9
_SHARED = 0.75  # of the words that either of two has
#: Shorter subjects are alike by chance, or belong to a series.
_LEAST_WORDS = 6
_LETTERS = TEXTS.question("letters of a text")
_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")


def check_duplicates(material: Material) -> Iterator[Finding]:
    """D101 and D102, channel by channel, over posts."""
    first: dict[tuple[str, str], View] = {}
    by_channel: dict[str, list[tuple[View, str, frozenset[str]]]] = {}
    for view, body in sorted(material.posts, key=lambda post: post[0].message.due_at):
        earlier = first.setdefault((view.message.channel, folded_as_a_network_does(body.text)), view)
        if earlier.item.id != view.item.id:
            yield view.finding(
                "D101",
                f"the post says the same as that of {earlier.message.on} ({earlier.item.id})",
                hint="change the words of one of the two; on a network with a duplicate rule the second one is refused",
            )
            continue
        # Without the lines that most posts share: the help line and the tags.
        own = folded_as_a_network_does(" ".join(b for b in view.parts[0].blocks if b not in material.boilerplate))
        words = frozenset(_WORD.findall(own))
        bodies = by_channel.setdefault(view.message.channel, [])
        for other, theirs, their_words in bodies:
            if other.item.id != view.item.id and _nearly_same(own, words, theirs, their_words):
                yield view.finding("D102", f"the post is nearly that of {other.message.on} ({other.item.id})")
                break
        bodies.append((view, own, words))


def check_emails_alike(material: Material) -> Iterator[Finding]:
    """D105 and D106, over the emails of different items."""
    texts: list[tuple[View, _Said]] = []
    for view, _ in sorted(material.emails, key=lambda mail: mail[0].message.due_at):
        said = {place: _letters(view.headlines.get(place, "")) for place in ("subject", "title", "preheader")}
        said["text"] = _letters(view.source[0])  # as it was typed: all mails share a frame
        own, told = _Said(said, said["subject"].split(), frozenset(said["text"].split())), set[str]()
        for other, theirs in texts:
            if other.item.id != view.item.id:
                for place, code in _alike(own, theirs):
                    if place not in told:
                        told.add(place)
                        how = "that" if said[place] == theirs.places[place] else "nearly that"
                        described = f"the email's {place} is {how} of {other.message.on} ({other.item.id})"
                        yield view.finding(code, described, view.headlines.get(place, ""))
        texts.append((view, own))


@dataclass(frozen=True)
class _Said:
    """What an email says by place, in letters; the words of its subject, and those of its text."""

    places: dict[str, str]
    subject: list[str]
    words: frozenset[str]


def _alike(own: _Said, theirs: _Said) -> Iterator[tuple[str, str]]:
    """In which places two emails say the same, or nearly, with the code of the finding."""
    for place, said in own.places.items():
        if said and said == theirs.places[place]:
            yield place, "D105" if place in ("subject", "text") else "D106"
    if own.places["subject"] != theirs.places["subject"] and _differ_in_a_word(own.subject, theirs.subject):
        yield "subject", "D106"
    said, other = own.places["text"], theirs.places["text"]
    if said != other and _nearly_same(said, own.words, other, theirs.words):
        yield "text", "D106"


def _letters(text: str) -> str:
    """The words of a text without their signs, in small letters."""
    return _LETTERS.of(text, lambda text: " ".join(_WORD.findall(fold(text).casefold())))


def _differ_in_a_word(own: list[str], theirs: list[str]) -> bool:
    if min(len(own), len(theirs)) < _LEAST_WORDS or len({*own} ^ {*theirs}) > 2:
        return False
    return max((Counter(own) - Counter(theirs)).total(), (Counter(theirs) - Counter(own)).total()) <= 1


def folded_as_a_network_does(text: str) -> str:
    """NFC, one case, single spaces, and every address alike: networks replace addresses by their own."""
    text = _URL.sub("https://", unicodedata.normalize("NFC", text))
    return " ".join(text.casefold().split())


def _nearly_same(own: str, words: frozenset[str], theirs: str, their_words: frozenset[str]) -> bool:
    # Most pairs share few words; comparing letters is for those that share most of them.
    fewer, more = sorted((len(words), len(their_words)))
    if not words or fewer < _SHARED * more:
        return False
    shared = len(words & their_words)
    if shared < _SHARED * (fewer + more - shared):
        return False
    from difflib import SequenceMatcher

    matcher = SequenceMatcher(None, own, theirs, autojunk=False)
    return matcher.quick_ratio() > NEARLY_SAME and matcher.ratio() > NEARLY_SAME
