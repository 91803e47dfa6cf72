"""What changed between two forms of a message, word by word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from enum import StrEnum

from ..light_dataclass import dataclass
from .audience import Audience
from .message import EmailBody, Message, SecondHead, body_fields
from .post_picture import PostPicture

#: A word with the space after it, so that a changed space is a change of its word.
_WORD = re.compile(r"\S+\s*|\s+")
#: In HTML a tag is a word.
_TAG_OR_WORD = re.compile(r"<[^<>]*>\s*|[^\s<]+\s*|<|\s+")
#: In a mail's text: a line of nothing but the sign that stands beneath a heading.
_UNDERLINE = re.compile(r"^[ \t]*([-=])\1{2,}[ \t]*\n", re.MULTILINE)
_SERVER = re.compile(r"://([^/\s\"'<>]+)")
#: What no address goes on behind.
_ENDS_AN_ADDRESS = re.compile(r"[\s\"'<>]")
#: With more words than this, words that come very often no longer serve as anchors: slower by the square otherwise.
_MANY = 1_500


class Mark(StrEnum):
    """What became of some words."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True)
class Piece:
    """Words that stand together and share a mark."""

    mark: Mark
    words: str


@dataclass(frozen=True)
class FieldChange:
    """One changed part of a message: the name of its field, what people call it, and the words."""

    field: str
    label: str
    pieces: tuple[Piece, ...]


def diff_words(before: str, after: str, *, html: bool = False, wrapped: bool = False) -> tuple[Piece, ...]:
    """Both texts as one run of pieces: kept and removed words give ``before``, kept and added ones ``after``.

    ``wrapped``: where a line breaks within a paragraph means nothing, so that one more word does not mark the rest
    of its paragraph. Kept words then stand as in ``after``. Texts that differ in nothing else are compared strictly.
    """
    pattern = _TAG_OR_WORD if html else _WORD
    old, new = pattern.findall(before), pattern.findall(after)
    if wrapped:
        keys = {word: _unwrapped(word) for word in {*old, *new}}  # the same words come again and again
        pieces = _compared(old, new, [keys[word] for word in old], [keys[word] for word in new])
        if any(p.mark is not Mark.KEPT for p in pieces):
            return pieces
    return _compared(old, new, old, new)


def _unwrapped(word: str) -> str:
    """The word with a blank line after it, if there is one; other space after it does not count."""
    bare = word.rstrip()
    return bare + "\n\n" if word.count("\n", len(bare)) > 1 else bare


def _compared(
    old: Sequence[str], new: Sequence[str], old_keys: Sequence[str], new_keys: Sequence[str]
) -> tuple[Piece, ...]:
    from difflib import SequenceMatcher  # paid for where words have changed

    start = _alike(old_keys, new_keys)
    end = _alike(old_keys[start:][::-1], new_keys[start:][::-1])
    a_keys, b_keys = old_keys[start : len(old) - end], new_keys[start : len(new) - end]
    pieces: list[Piece] = []
    _add(pieces, Mark.KEPT, new[:start])
    matcher = SequenceMatcher(None, a_keys, b_keys, autojunk=max(len(a_keys), len(b_keys)) > _MANY)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            _add(pieces, Mark.KEPT, new[start + c : start + d])
        else:
            _add(pieces, Mark.REMOVED, old[start + a : start + b])
            _add(pieces, Mark.ADDED, new[start + c : start + d])
    _add(pieces, Mark.KEPT, new[len(new) - end :])
    return tuple(pieces)


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words are the same from the start on."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _add(pieces: list[Piece], mark: Mark, words: Sequence[str]) -> None:
    if words:
        before = pieces.pop().words if pieces and pieces[-1].mark is mark else ""
        pieces.append(Piece(mark, before + "".join(words)))


# -- messages -------------------------------------------------------------------------------------------

#: What people call the parts of a message, in the order in which they are shown.
LABELS: Mapping[str, str] = {
    "subject": "subject",
    "preheader": "preheader",
    "content_warning": "content warning",
    "text": "text",
    "html": "HTML part",
    "alt_text": "words for the picture",
    "picture": "the picture",
    "may_lack_picture": "may go without its picture",
    "head_picture": "the picture at the head",
    "logo": "the logo",
    "from_name": "sender's name",
    "from_address": "sender's address",
    "reply_to": "where answers go",
    "list_id": "name of the list",
    "headers": "mail headers",
    "tokens": "placeholders filled in for each reader",
    "audience": "who gets it",
    "due_at": "time of sending",
    "expires_at": "end of its window",
    "kind": "kind",
    "number": "place among the mails of its day",
    "links": "links",
    "claims": "claims",
    "quotations": "quotations",
    "contacts": "contacts",
    "rests_on": "records it rests on",
    "characters": "length as the network counts",
    "limit": "length allowed",
    "contains_url": "carries a link",
    "parts": "where its items begin",
    "pieces": "its pieces",
    "subject_pattern": "pattern of its subject",
    "second_head": "discreet head",
    "body": "form",
}
#: Which message it is, and what is about it: no part of what changed.
_NOT_COMPARED = frozenset({"campaign", "season", "item", "channel", "on", "findings", "printed", "body"})
#: These follow from the text; alone they are worth a line, beside a changed text they are not.
_FOLLOW_FROM_TEXT = frozenset({"characters", "contains_url", "parts", "pieces"})


def changes(before: Message, after: Message) -> tuple[FieldChange, ...]:
    """What is different in ``after``, part by part. Empty when the two have the same digest."""
    pairs = [
        (f.name, getattr(before, f.name), getattr(after, f.name))
        for f in fields(Message)
        if f.init and f.name not in _NOT_COMPARED
    ]
    old, new = body_fields(before.body), body_fields(after.body)
    pairs += [(name, _by_itself(old.get(name)), _by_itself(new.get(name))) for name in {**old, **new}]
    if type(before.body) is not type(after.body):
        pairs.append(("body", type(before.body).__name__, type(after.body).__name__))
    changed = {name: (was, now) for name, was, now in pairs if was != now or _text(was) != _text(now)}
    if "text" in changed:
        changed = {name: pair for name, pair in changed.items() if name not in _FOLLOW_FROM_TEXT}
    rank = {name: number for number, name in enumerate(LABELS)}
    wrapped = isinstance(after.body, EmailBody)
    return tuple(
        FieldChange(name, LABELS.get(name, name), _pieces(name, *changed[name], wrapped=wrapped))
        for name in sorted(changed, key=lambda name: (rank.get(name, len(rank)), name))
    )


def _by_itself(value: object) -> object:
    """A second head without where it stands in the mail."""
    return replace(value, html_to=0, text_to=0) if isinstance(value, SecondHead) else value


def _pieces(name: str, was: object, now: object, *, wrapped: bool) -> tuple[Piece, ...]:
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        same = {k for k in was if k in now and was[k] == now[k]}
        was, now = ({k: v for k, v in each.items() if k not in same} for each in (was, now))
    old, new = _text(was), _text(now)
    if wrapped and name == "text":  # the line beneath a heading is as long as the heading: nobody reads it
        bare = _UNDERLINE.sub("", old), _UNDERLINE.sub("", new)
        old, new = bare if bare[0] != bare[1] else (old, new)
    return diff_words(old, new, html=name == "html", wrapped=wrapped and name in ("text", "html"))


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M:%S %z}"
        case Mapping():
            return "".join(f"{k}: {_short(str(v))}\n" for k, v in sorted(value.items()))
        case tuple():
            return "\n".join(map(str, value))
        case Audience():
            return value.to_text()
        case PostPicture():
            return "\n".join((*value.words, f"({value.coat or value.credit})"))
        case SecondHead():
            return f"{value.list_id}\n{value.from_name}\n{value.subject}\n{value.preheader}\n{value.text}"
        case _:
            return str(value)


def _short(text: str) -> str:
    return f"record {text[:12]}" if len(text) == 64 else text


# -- showing it -----------------------------------------------------------------------------------------


def visible(words: str) -> str:
    """Words of which the signs that nobody sees are written out: for a change that is one of space alone."""
    names = {" ": "\u00b7", "\n": "\u21b5\n", "\t": "\u2192"}
    return "".join(names.get(c, c) if c in names or c.isprintable() else f"<U+{ord(c):04X}>" for c in words)


def shown(pieces: Iterable[Piece], *, context: int = 12) -> tuple[Piece, ...]:
    """Pieces for a person's eye: long kept runs are shortened to ``context`` words around each change.

    Where the removed and the added words look the same, what differs is made visible.
    """
    pieces = list(pieces)
    out: list[Piece] = []
    for number, piece in enumerate(pieces):
        if piece.mark is Mark.KEPT:
            out.append(Piece(Mark.KEPT, _shortened(piece.words, context, number == 0, number == len(pieces) - 1)))
            continue
        other = pieces[number + 1 :][:1] if piece.mark is Mark.REMOVED else pieces[:number][-1:]
        alone = not piece.words.strip()
        if alone or (other and other[0].mark is not Mark.KEPT and _look(other[0].words) == _look(piece.words)):
            words = visible(piece.words)
            words = words if alone or _look(words) != _look(piece.words) else ascii(piece.words)[1:-1]
            piece = Piece(piece.mark, words)
        out.append(piece)
    return tuple(out)


def _look(words: str) -> str:
    return unicodedata.normalize("NFC", " ".join(words.split()))


def _shortened(words: str, context: int, first: bool, last: bool) -> str:
    found = _WORD.findall(words)
    head, tail = (0 if first else context), (0 if last else context)
    if len(found) <= head + tail + 3:
        return words
    return "".join(found[:head]) + "\u2026 " + "".join(found[len(found) - tail :] if tail else [])


def marked(pieces: Iterable[Piece]) -> str:
    """As text without color: ``[-removed-]`` and ``{+added+}``."""
    signs = {Mark.KEPT: ("", ""), Mark.REMOVED: ("[-", "-]"), Mark.ADDED: ("{+", "+}")}
    out = []
    for piece in pieces:
        before, after = signs[piece.mark]
        words = piece.words.rstrip() if before else piece.words
        out.append(f"{before}{words}{after}{piece.words[len(words) :]}")
    return "".join(out)


def swaps(before: Message, after: Message) -> frozenset[tuple[str, str, str, str]]:
    """What was put in the place of what, in all parts of a message, with the word on each side: "not" put in is another
    change in another sentence, and so is a figure. Of an address it is the part alone that changed: one that stands in
    each email with another ending changed in the same way in all of them."""
    found = set()
    for change in changes(before, after):
        removed, word_before = "", ""
        pieces = (*change.pieces, Piece(Mark.KEPT, ""))
        for piece, after_it in zip(pieces, (*pieces[1:], Piece(Mark.KEPT, "")), strict=True):
            if piece.mark is Mark.REMOVED and after_it.mark is Mark.ADDED:
                removed = piece.words
            elif piece.mark is not Mark.KEPT:
                added = piece.words if piece.mark is Mark.ADDED else ""
                taken = removed if piece.mark is Mark.ADDED else piece.words
                next_word = (after_it.words.split() or [""])[0] if after_it.mark is Mark.KEPT else ""
                found.add(_swap(taken, added, word_before, next_word))
                removed = ""
            else:
                word_before = (piece.words.split() or [""])[-1]
    return frozenset(found)


def _swap(removed: str, added: str, word_before: str, next_word: str) -> tuple[str, str, str, str]:
    whole = removed, added, word_before, next_word
    if not all("://" in words and _is_one(words) for words in (removed, added)):
        return whole
    start = _alike(removed, added)
    end = _alike(removed[start:][::-1], added[start:][::-1])
    was, now = removed[start : len(removed) - end], added[start : len(added) - end]
    return whole if _ENDS_AN_ADDRESS.search(was + now) else (was, now, "", "")


def _is_one(words: str) -> bool:
    """One word, or one tag of HTML."""
    return len(words.split()) == 1 or (words.startswith("<") and words.rstrip().find(">") == len(words.rstrip()) - 1)


def first_swap(before: Message, after: Message) -> tuple[str, str]:
    """What was put in the place of what first, for a person's eye: of addresses on two servers the servers."""
    pieces = [piece for change in changes(before, after) for piece in (*change.pieces, Piece(Mark.KEPT, ""))]
    for piece, next_one in zip(pieces, [*pieces[1:], Piece(Mark.KEPT, "")], strict=True):
        if piece.mark is Mark.ADDED:
            return "", piece.words
        if piece.mark is Mark.REMOVED:
            was, now = piece.words, next_one.words if next_one.mark is Mark.ADDED else ""
            servers = _SERVER.search(was), _SERVER.search(now)
            if servers[0] and servers[1] and servers[0][1] != servers[1][1]:
                return servers[0][1], servers[1][1]
            return was, now
    return "", ""
