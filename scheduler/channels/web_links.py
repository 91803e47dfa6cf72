"""Addresses in a text as networks find them that make of every address a link: with a scheme, or bare."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

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


def find_links(text: str, tlds: frozenset[str]) -> list[tuple[int, int]]:
    """Where an address stands: (start, end) in ``text``. With ``http://`` or ``https://``, or bare under one of
    ``tlds``. What closes a sentence or a bracket is not part of it; an e-mail address is none."""
    found = []
    for link in _LINK.finditer(text):
        if link["host"] and link["ending"].lower() not in tlds:
            continue
        written = _without_closing_signs(link[0])
        if all(0 < len(label) <= _LONGEST_LABEL for label in host_of(written).split(".")):
            found.append((link.start(), link.start() + len(written)))
    return found


def whole(address: str) -> str:
    """With a scheme, also where it is written without one."""
    return address if "://" in address else f"https://{address}"


def host_of(address: str) -> str:
    """Its host in small letters; empty where it has none."""
    try:
        return urlsplit(whole(address)).hostname or ""
    except ValueError:
        return ""


def is_punctuation(character: str) -> bool:
    """Of any kind that Unicode knows."""
    return unicodedata.category(character).startswith("P")


def _without_closing_signs(address: str) -> str:
    while address:
        last = address[-1]
        opening = _CLOSING.get(last, "")
        is_paired = opening and address.count(opening) >= address.count(last)
        if is_paired or last in _ENDS_ADDRESS or not is_punctuation(last):
            break
        address = address[:-1]
    return address
