"""What can be pressed in a post. Bluesky finds no link and no tag by itself: whoever posts says where each one stands.

Places are counted in bytes of the text's UTF-8, the end exclusive, and nobody checks them: a wrong one is published as
a broken link. Names of accounts get no place, for a name alone does not say whose it is.
https://docs.bsky.app/docs/advanced-guides/post-richtext
"""

from __future__ import annotations

import re
from collections.abc import Collection

from ..graphemes import byte_length, grapheme_length
from ..web_links import find_links, host_of, is_punctuation, whole

_FACET = "app.bsky.richtext.facet"
#: A sign, then whatever is no space and is seen; what else a tag has to be is looked at below.
_TAG = re.compile("(?:^|(?<=\\s))[#\uff03](?!\ufe0f)([^\\s\u00ad\u2060\u200a-\u200d\u20e2]+)")
_LONGEST_TAG, _MOST_TAG_BYTES = 64, 640


def find_tags(text: str) -> list[tuple[int, int]]:
    """Where a tag stands, its sign included. Digits alone are none, and punctuation at its end is not part of it."""
    found = []
    for tag in _TAG.finditer(text):
        name = tag[1]
        while name and is_punctuation(name[-1]):
            name = name[:-1]
        is_word = any(not is_punctuation(c) and c not in "0123456789" for c in name)
        if is_word and grapheme_length(name) <= _LONGEST_TAG and byte_length(name) <= _MOST_TAG_BYTES:
            found.append((tag.start(), tag.start(1) + len(name)))
    return found


def facets(text: str, links: Collection[str]) -> list[dict[str, object]]:
    """The facets of a post, in order. ``links``: its addresses, as they were found when it was made."""
    endings = frozenset(host_of(link).rpartition(".")[2] for link in links)
    places = []
    for start, end in find_links(text, endings):
        written = text[start:end]
        if written in links:
            places.append((start, end, {"$type": f"{_FACET}#link", "uri": whole(written)}))
    for start, end in find_tags(text):
        places.append((start, end, {"$type": f"{_FACET}#tag", "tag": text[start + 1 : end]}))
    return [
        {
            "index": {"byteStart": byte_length(text[:start]), "byteEnd": byte_length(text[:end])},
            "features": [feature],
        }
        for start, end, feature in sorted(places, key=lambda place: place[:2])
    ]
