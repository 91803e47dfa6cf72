"""Which sentences of an item rest on nothing but its author: no record printed in them, no claim beside them.

It is a list for whoever reads the item, and no finding: most of such sentences are fine, and no rule can tell. What
stands in the mails of other items too belongs to the frame and is left out.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from functools import lru_cache

from ..light_dataclass import dataclass
from .canonical_text import PlainText, comparable, seen_in_post, seen_in_text
from .message import Message, PostBody
from .printed import Printed, places_of
from .sentences import sentences_in

#: Headings, addresses and tags end otherwise.
_ENDS = re.compile(r"[.?!\u2026][\"')]*\Z")
#: What a sentence may rest on that stands in another sentence of its paragraph.
_BESIDE = frozenset({"claim", "quotation"})


@dataclass(frozen=True)
class Coverage:
    """``alone``: sentences that rest on nothing but us, folded. ``sentences``: how many there are."""

    alone: tuple[str, ...]
    sentences: int

    def marks(self, paragraph: str) -> bool:
        """Whether something in a paragraph, as a reader sees it, rests on nothing but us; or it is a part of such a
        sentence, as the entries of a list are."""
        words = _fold(paragraph)
        return any(sentence in words or words in sentence for sentence in self.alone)


def coverage_of(messages: Sequence[Message], frame: Container[str]) -> Coverage | None:
    """Of the messages of one item. ``frame``: the paragraphs of some of other items. None where it is not known what
    was printed from records: of messages out of the ledger."""
    if not any(message.printed for message in messages):
        return None
    every: dict[str, bool] = {}
    for message in messages:
        for paragraph in _paragraphs(message):
            if paragraph.words in frame:
                continue
            for sentence, rests in paragraph.sentences:
                every[sentence] = every.get(sentence, False) or rests
    alone = tuple(sentence for sentence, rests in every.items() if not rests)
    return Coverage(alone, len(every))


def paragraphs_of(message: Message) -> list[str]:
    """Folded, as :func:`coverage_of` compares them."""
    return _folded(message.body.text, is_post=isinstance(message.body, PostBody)).split("\n")


@dataclass(frozen=True)
class _Paragraph:
    """A folded paragraph, and its sentences, each with whether it rests on a record."""

    words: str
    sentences: tuple[tuple[str, bool], ...]


def _paragraphs(message: Message) -> tuple[_Paragraph, ...]:
    return _paragraphs_of(message.body.text, message.printed.get("txt", ()), is_post=isinstance(message.body, PostBody))


@lru_cache(maxsize=512)
def _paragraphs_of(text: str, printed: tuple[Printed, ...], *, is_post: bool) -> tuple[_Paragraph, ...]:
    folded = _folded(text, is_post=is_post)
    places = places_of(printed, folded, _fold)
    found, begin = [], 0
    for words in folded.split("\n"):
        inside = [place for place in places if begin <= place.start < begin + len(words)]
        beside = any(place.printed.kind in _BESIDE for place in inside)
        spans = [(place.start - begin, place.end - begin) for place in inside]
        sentences = tuple(
            (words[start:end], beside or any(start < to and at < end for at, to in spans))
            for start, end in sentences_in(words)
            if _ENDS.search(words, start, end)
        )
        found.append(_Paragraph(words, sentences))
        begin += len(words) + 1
    return tuple(found)


def _folded(text: str, *, is_post: bool) -> str:
    seen = seen_in_post(PlainText(text)) if is_post else seen_in_text(PlainText(text))
    return comparable(seen).text


@lru_cache(maxsize=4096)  # the same records are printed in many messages
def _fold(text: str) -> str:
    return comparable(PlainText(text)).text.replace("\n", " ")
