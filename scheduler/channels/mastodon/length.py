"""The length of a status as Mastodon counts it, and the words by which a status is known again.

Counted in grapheme clusters; an address with a scheme counts 23, whatever its length, and the name of an account
elsewhere (``@user@host``) without its host. A content warning counts as it is written, beside the text. What is an
address the server decides by the finder of twitter-text. Where it is not certain that it takes one, or how much of it,
the larger of both counts: rather too much than too little.
https://docs.joinmastodon.org/user/posting/#text
"""

from __future__ import annotations

import re

from ..graphemes import grapheme_length
from ..published_tlds import PUBLISHED

#: What an address counts.
_ADDRESS_COUNTS = 23
#: By so much more the shortest that the server may take for an address counts than its letters.
_MOST_MORE = _ADDRESS_COUNTS - len("xmpp:a.bc")

_SCHEME = r"(?:(?:https?|dat|dweb|ipfs|ipns|ssb|gopher|gemini)://|xmpp:|magnet:)"
#: From a scheme to a space, or to the next scheme: it holds one address at most.
_CANDIDATE = re.compile(rf"{_SCHEME}(?:(?!{_SCHEME})\S)*", re.IGNORECASE)
#: The beginning of a candidate that is an address by any reading. What stands behind it counts as it is written.
_CERTAIN = re.compile(
    r"https?://(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?P<tld>[a-z]{2,})(?![^\s/?.,;:!)\]\"'”’»…])"
    r"(?:/(?:[\w.~%!$&'*+,;=:@#/-]*[\w/#+-])?)?(?:\?[\w.~%!$&'*+,;=:@#/?-]*[\w&=#/-])?",
    re.IGNORECASE | re.ASCII,
)
_MAY_PRECEDE = frozenset("([{\"'“‘«")
_SHORT_LINK = re.compile(r"https?://t\.co(?![\w.-])", re.IGNORECASE)  # of it the server takes a part
_NAME = r"[a-z0-9_]+(?:[.-]+[a-z0-9_]+)*"
#: A name and, where it is elsewhere, its host; nothing behind it that would make it none.
_MENTION = re.compile(
    rf"(?<![=/\w])@(?P<name>{_NAME})(?P<host>@[a-z0-9]++(?:[.-]++[a-z0-9]++)*+)?(?![@\uff20]|://|[^\W\x00-\x7f])",
    re.IGNORECASE,
)


def status_length(text: str) -> int:
    """What the text of a status counts."""
    count, at = 0, 0
    for candidate in _CANDIDATE.finditer(text):
        count += _words_length(text[at : candidate.start()]) + _address_length(candidate[0], text[: candidate.start()])
        at = candidate.end()
    return count + _words_length(text[at:])


def mentions(text: str) -> list[str]:
    """The accounts that a status addresses, without the first sign."""
    words = _CANDIDATE.sub(" ", text)
    return [found[0][1:] for found in _MENTION.finditer(words)]


def without_hosts(text: str) -> str:
    """With the names of accounts as a timeline shows them: those elsewhere without their hosts."""
    return _MENTION.sub(lambda found: f"@{found['name']}", text)


def _words_length(text: str) -> int:
    return grapheme_length(without_hosts(text))


def _address_length(candidate: str, before: str) -> int:
    written = grapheme_length(candidate)
    certain = _CERTAIN.match(candidate)
    stands_alone = not before or before[-1].isspace() or before[-1] in _MAY_PRECEDE
    if certain and certain["tld"].lower() in PUBLISHED and stands_alone and not _SHORT_LINK.match(candidate):
        return _ADDRESS_COUNTS + grapheme_length(candidate[certain.end() :])
    return written + _MOST_MORE
