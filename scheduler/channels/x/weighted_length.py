"""The length of a post as X counts it, and what in a post X takes for an address, a mention or a cashtag.

The rules are those of X's published counter, twitter-text 3, configuration v3: at most 280 units; the text is
brought to Unicode form NFC first; characters of U+0000-10FF, U+2000-200D, U+2010-201F and U+2032-2037 weigh 1,
all others 2; an address weighs 23 whatever its length; an emoji weighs 2 even where it is a sequence; U+FFFE, U+FEFF
and U+FFFF make a post invalid. See https://docs.x.com/fundamentals/counting-characters.

Three things differ, all on purpose:

* The set of top-level domains is handed in, so that it can be current; the published counter carries the list of its
  own day (:mod:`..published_tlds`). Whether X knows a younger one is not published; the reading counts that weighs
  most.
* Lone surrogates make a post invalid, because they cannot be sent.
* In a bare domain that mixes Latin and other letters and has a path, the path is counted as words: too much
  rather than too little.

Emoji sequences newer than those of the published counter (Unicode Emoji 11) are counted by their parts, as it does.
What X's servers make of them is not published; counting by parts can only be too much, never too little.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import product

from ...domain.emoji import HINT_OF_SEQUENCE, emoji_sequences
from ..published_tlds import PUBLISHED

#: What any address weighs.
URL_WEIGHT = 23
_MOST_YOUNGER = 6  # in one post, of which each is read both ways

_SPACES = "\t-\r \x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_DIRECTIONAL = "\u202a-\u202e\u061c\u200e\u200f\u2066-\u2069"
_INVALID = "\ufffe\ufeff\uffff"
_PUNCTUATION = r"!'#%&()*+,\\\-./:;<=>?@\[\]^_{|}~$"
_ACCENTED = (
    "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272\u0289\u028b"
    "\u02bb\u0300-\u036f\u1e00-\u1eff"
)
_HEAVY = re.compile("[^\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")
_UNSENDABLE = re.compile(f"[{_INVALID}\ud800-\udfff]")

# A label may hold anything but punctuation, spaces and marks of direction; hyphens and underscores inside it only.
_DOMAIN_CHAR = f"[^{_PUNCTUATION}{_SPACES}{_INVALID}{_DIRECTIONAL}]"
_LABELS = rf"(?:{_DOMAIN_CHAR}+(?:[_-]+{_DOMAIN_CHAR}+)*\.)+"
_START = re.compile(rf"(https?://)?({_LABELS})", re.IGNORECASE | re.ASCII)
_MAY_PRECEDE = re.compile(f"[^A-Za-z0-9@\uff20$#\uff03{_INVALID}]")
_PLAIN_LABELS = re.compile(rf"(?:[-A-Za-z0-9{_ACCENTED}]+\.)+")
_LATIN_RUN = re.compile(r"[0-9A-Za-z]*")
_PUNYCODE = re.compile(r"[Xx][Nn]--[-0-9A-Za-z]+")
_ENDS_DOMAIN = re.compile(r"[^0-9A-Za-z@+-]|\Z")
_LONGEST_LABEL = 63
_LONGEST_URL = 4096

_PATH_CHAR = rf"[a-zA-Z\u0400-\u04ff0-9!*';:=+,.$/%#\[\]\-\u2013_~@|&{_ACCENTED}]"
_PATH_PARENS = rf"\((?:{_PATH_CHAR}+|{_PATH_CHAR}*\({_PATH_CHAR}+\){_PATH_CHAR}*)\)"
_PATH_END = rf"[+\-a-zA-Z\u0400-\u04ff0-9=_#/{_ACCENTED}]"
_QUERY = r"\?[a-zA-Z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-zA-Z0-9\-_&=#/]"
_TAIL = re.compile(
    rf"(?::[0-9]+)?(?:/(?:(?:{_PATH_CHAR}|{_PATH_PARENS})*(?:{_PATH_END}|{_PATH_PARENS}))?)?(?:{_QUERY})?"
)
# X's own short links end at the first character that is no letter or digit.
_SHORT_LINK = re.compile(rf"https?://t\.co/([a-z0-9]+)(?:{_QUERY})?", re.IGNORECASE | re.ASCII)
_LONGEST_SHORT_LINK = 40

_MENTION = re.compile(
    r"(?:^|[^a-zA-Z0-9_!#$%&*@\uff20]|(?:^|[^a-zA-Z0-9_+~.-])[rR][tT]:?)[@\uff20]([a-zA-Z0-9_]{1,20})"
    r"(/[a-zA-Z][a-zA-Z0-9_-]{0,24})?"
)
_NO_MENTION_BEFORE = re.compile(f"[@\uff20{_ACCENTED}]|://")
_CASHTAG = re.compile(
    rf"(?:^|[{_SPACES}])\$([a-zA-Z]{{1,6}}(?:[._][a-zA-Z]{{1,2}})?)(?=\Z|[{_SPACES}\ufeff]|[{_PUNCTUATION}])"
)


def weighted_length(text: str, tlds: frozenset[str]) -> int:
    """What the post weighs against a post's limit. ``tlds``: top-level domains, lower case, in Unicode form.

    Which of those X knows that are younger than its published counter is not published: of all readings the one counts
    that weighs most.
    """
    text = unicodedata.normalize("NFC", text)
    return max(_weight(text, find_urls(text, known)) for known in _readings(text, tlds))


def _weight(text: str, urls: list[tuple[int, int]]) -> int:
    weight, at = 0, 0
    for start, end in urls:
        weight += _weight_of_words(text[at:start]) + URL_WEIGHT
        at = end
    return weight + _weight_of_words(text[at:])


def _readings(text: str, tlds: frozenset[str]) -> Iterator[frozenset[str]]:
    """What X may know of the top-level domains that the text may hold."""
    lower = text.lower()
    younger = sorted(tld for tld in tlds - PUBLISHED if f".{tld}" in lower)
    yield tlds
    if younger:
        for known in product((True, False), repeat=min(len(younger), _MOST_YOUNGER)):
            yield tlds & PUBLISHED | {tld for tld, is_known in zip(younger, known, strict=False) if is_known}


def is_valid(text: str, tlds: frozenset[str], limit: int) -> bool:
    """Whether X would take it: not empty, not too long, no character that cannot be sent."""
    return not _UNSENDABLE.search(text) and 0 < weighted_length(text, tlds) <= limit


def find_urls(text: str, tlds: frozenset[str]) -> list[tuple[int, int]]:
    """Where X sees an address: (start, end) in ``text``, in order, without overlap.

    With ``http://`` or ``https://``, or bare when the domain ends in a known top-level domain. The domain of
    an e-mail address is not one.
    """
    if "." not in text:
        return []
    found: list[tuple[int, int]] = []
    at, size = 0, len(text)
    while at < size:
        if at > 0:
            if (before := _MAY_PRECEDE.search(text, at)) is None:
                break
            at = before.start()
        url = None
        if at > 0 or _MAY_PRECEDE.match(text):
            # X counts in UTF-16, so a character beyond U+FFFF both precedes a domain and begins it.
            url = _url_at(text, at, at, tlds) if text[at] > "\uffff" else None
            url = url or _url_at(text, at + 1, at, tlds)
        if url is None and at == 0:
            url = _url_at(text, 0, None, tlds)
        if url is None:
            at += 1
            continue
        spans, at = url
        found += spans
    return found


def mentions(text: str) -> list[str]:
    """Names of accounts that the post addresses, without the sign. ``@account/list`` names a list and is not one."""
    return [m[1] for m in _MENTION.finditer(text) if not m[2] and not _NO_MENTION_BEFORE.match(text, m.end())]


def cashtags(text: str) -> list[str]:
    """Cashtags ($ABC) without the sign. X's self-serve plans allow one in a post."""
    return [m[1] for m in _CASHTAG.finditer(text)]


def _weight_of_words(text: str) -> int:
    weight, at = 0, 0
    if HINT_OF_SEQUENCE.search(text):
        for start, end in emoji_sequences(text):
            between = text[at:start]
            weight += len(between) + len(_HEAVY.findall(between)) + 2
            at = end
    rest = text[at:]
    return weight + len(rest) + len(_HEAVY.findall(rest))


def _url_at(
    text: str, start: int, before: int | None, tlds: frozenset[str]
) -> tuple[list[tuple[int, int]], int] | None:
    """The address that starts exactly here: its spans, and where to go on looking; None when there is none.

    No spans and a place to go on mean: it looks like an address, is none, and X skips it as a whole.
    """
    head = _START.match(text, start)
    if head is None:
        return None
    domain_start = head.start(2)
    domain_end = _end_of_domain(text, head.start(2), head.end(2), tlds, underscore_ends=True)
    if domain_end is None:
        return None
    tail = _TAIL.match(text, domain_end)
    end = tail.end() if tail else domain_end
    if not _is_valid_domain(text[domain_start:domain_end], tlds) or end - start > _LONGEST_URL - len("https://"):
        return [], end
    if not head[1]:
        if before is not None and text[before] in "-_./":
            return [], end
        spans = _plain_domains(text, domain_start, domain_end, tlds)
        # A bare domain takes a path along, and a query behind a path; a port or a query alone stay outside.
        # Among other letters the path is counted as words: where X's counter is unclear, rather too much.
        if spans and spans[-1][1] == domain_end and "/" in text[domain_end:end].partition("?")[0]:
            spans[-1] = (spans[-1][0], end)
        return spans, end
    short = _SHORT_LINK.match(text, start, end)
    if short is None:
        return [(start, end)], end
    return ([] if len(short[1]) > _LONGEST_SHORT_LINK else [(start, short.end())]), end


def _end_of_domain(
    text: str, start: int, end: int, tlds: frozenset[str], *, underscore_ends: bool, limit: int | None = None
) -> int | None:
    """End of the longest domain within labels ``text[start:end]``, its top-level domain included."""
    cut = end
    while cut > start:
        label_start = text.rfind(".", start, cut - 1) + 1 or start
        if not (underscore_ends and "_" in text[label_start:cut]):
            found = _end_of_tld(text, cut, tlds, len(text) if limit is None else limit)
            if found is not None:
                return found
        cut = label_start
    return None


def _end_of_tld(text: str, at: int, tlds: frozenset[str], limit: int) -> int | None:
    run = _LATIN_RUN.match(text, at, limit)
    latin_end = run.end() if run else at
    if latin_end > at and text[at:latin_end].lower() in tlds and _ENDS_DOMAIN.match(text, latin_end, limit):
        return latin_end
    if latin_end < limit and not text[latin_end].isascii():
        for end in range(min(limit, at + _LONGEST_LABEL), latin_end, -1):
            if text[at:end].lower() in tlds and _ENDS_DOMAIN.match(text, end, limit):
                return end
    coded = _PUNYCODE.match(text, at, limit)
    return coded.end() if coded else None


def _plain_domains(text: str, start: int, end: int, tlds: frozenset[str]) -> list[tuple[int, int]]:
    """Without ``https://`` only domains in Latin letters count; there may be several among other letters."""
    spans: list[tuple[int, int]] = []
    at = start
    while (labels := _PLAIN_LABELS.search(text, at, end)) is not None:
        stop = _end_of_domain(text, labels.start(), labels.end(), tlds, underscore_ends=False, limit=end)
        if stop is None:
            at = labels.end()
            continue
        spans.append((labels.start(), stop))
        at = stop
    return spans


def _is_valid_domain(domain: str, tlds: frozenset[str]) -> bool:
    if domain.startswith("xn--") and not _plain_domains(domain, 0, len(domain), tlds):
        return False
    labels = domain.split(".")
    sizes = (len(n) if n.isascii() else len(n.encode("punycode", "replace")) + len("xn--") for n in labels)
    return all(0 < size <= _LONGEST_LABEL for size in sizes)
