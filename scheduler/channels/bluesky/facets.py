"""What can be pressed in a post. Bluesky finds no link and no tag by itself: whoever posts says where each one stands.

Places are counted in bytes of the text's UTF-8, the end exclusive, and nobody checks them: a wrong one is published as
a broken link. Names of accounts get no place, for a name alone does not say whose it is.
https://docs.bsky.app/docs/advanced-guides/post-richtext
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from urllib.parse import urlsplit

from .length import byte_length, grapheme_length

_FACET = "app.bsky.richtext.facet"
#: An address begins the text, or follows a space or an opening sign.
_LINK = re.compile(
    r"(?:^|(?<=[\s(\[{<\"'“‘«]))"
    r"(?:https?://[^\s/?#][^\s<>]*|(?P<host>(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?P<ending>[^\W_]{2,63}))"
    r"(?![\w@])(?::\d+(?=/))?(?:[/?#][^\s<>]*)?)",
    re.IGNORECASE,
)
_CLOSING = {")": "(", "]": "[", "}": "{"}
_ENDS_ADDRESS = "/-_#&@%*"  # punctuation that an address may end in
_LONGEST_LABEL = 63
#: A sign, then whatever is no space and is seen; what else a tag has to be is looked at below.
_TAG = re.compile("(?:^|(?<=\\s))[#\uff03](?!\ufe0f)([^\\s\u00ad\u2060\u200a-\u200d\u20e2]+)")
_LONGEST_TAG, _MOST_TAG_BYTES = 64, 640


def find_links(text: str, tlds: frozenset[str]) -> list[tuple[int, int]]:
    """Where an address stands: (start, end) in ``text``. With ``http://`` or ``https://``, or bare under one of
    ``tlds``. What closes a sentence or a bracket is not part of it; an e-mail address is none."""
    found = []
    for link in _LINK.finditer(text):
        if link["host"] and link["ending"].lower() not in tlds:
            continue
        written = _without_closing_signs(link[0])
        if all(0 < len(label) <= _LONGEST_LABEL for label in _host_of(written).split(".")):
            found.append((link.start(), link.start() + len(written)))
    return found


def find_tags(text: str) -> list[tuple[int, int]]:
    """Where a tag stands, its sign included. Digits alone are none, and punctuation at its end is not part of it."""
    found = []
    for tag in _TAG.finditer(text):
        name = tag[1]
        while name and _is_punctuation(name[-1]):
            name = name[:-1]
        is_word = any(not _is_punctuation(c) and c not in "0123456789" for c in name)
        if is_word and grapheme_length(name) <= _LONGEST_TAG and byte_length(name) <= _MOST_TAG_BYTES:
            found.append((tag.start(), tag.start(1) + len(name)))
    return found


def facets(text: str, links: Collection[str]) -> list[dict[str, object]]:
    """The facets of a post, in order. ``links``: its addresses, as they were found when it was made."""
    endings = frozenset(_host_of(link).rpartition(".")[2] for link in links)
    places = []
    for start, end in find_links(text, endings):
        written = text[start:end]
        if written in links:
            places.append((start, end, {"$type": f"{_FACET}#link", "uri": _whole(written)}))
    for start, end in find_tags(text):
        places.append((start, end, {"$type": f"{_FACET}#tag", "tag": text[start + 1 : end]}))
    return [
        {
            "index": {"byteStart": byte_length(text[:start]), "byteEnd": byte_length(text[:end])},
            "features": [feature],
        }
        for start, end, feature in sorted(places, key=lambda place: place[:2])
    ]


def _without_closing_signs(address: str) -> str:
    while address:
        last = address[-1]
        opening = _CLOSING.get(last, "")
        is_paired = opening and address.count(opening) >= address.count(last)
        if is_paired or last in _ENDS_ADDRESS or not _is_punctuation(last):
            break
        address = address[:-1]
    return address


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character).startswith("P")


def _whole(address: str) -> str:
    return address if "://" in address else f"https://{address}"


def _host_of(address: str) -> str:
    try:
        return urlsplit(_whole(address)).hostname or ""
    except ValueError:
        return ""
