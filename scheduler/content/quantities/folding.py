"""A text as quantities, and the words about them, are looked for in it."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

SUPERSCRIPTS = "\u00b2\u00b3\u00b9\u2070\u2074\u2075\u2076\u2077\u2078\u2079"
_PLAIN = str.maketrans("áàâäéèêëíìîïóòôöúùûü\u2018\u2019\u02bc\u00a0\u2007\u2009\u202f", "aaaaeeeeiiiioooouuuu'''    ")
_PLAIN |= {at: at - 0xFEE0 for at in range(0xFF01, 0xFF5F) if not chr(at).isalnum()}  # signs of full width
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_PLAIN |= {0x66A: ord("%"), 0xFE6A: ord("%"), 0x66B: ord("."), 0x66C: ord(",")}


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """Small letters without accents, plain digits: a text of the same length, so that each place stays the same."""
    small = text.lower()
    if len(small) != len(text):  # a few letters become two
        small = "".join(low if len(low := c.lower()) == 1 else c for c in text)
    if small.isascii():
        return small
    return _NOT_ASCII.sub(_plain_digit, small.translate(_PLAIN))


def _plain_digit(found: re.Match[str]) -> str:
    sign = found[0]
    if unicodedata.category(sign) not in ("Nd", "No"):
        return sign
    if sign in SUPERSCRIPTS or "\u2044" in unicodedata.normalize("NFKC", sign):
        return sign
    digit = unicodedata.digit(sign, None)
    return sign if digit is None else str(digit)
