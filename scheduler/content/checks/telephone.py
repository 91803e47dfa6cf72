"""Telephone numbers in a text, by their digits: 1-888-373-7888, 1-888-3737-888 and (888) 373-7888 are one."""

from __future__ import annotations

import re
from functools import lru_cache

_SEP = r"[ .\u2010-\u2012-]"
PHONE = re.compile(
    r"(?<![\w.,/@-])(?:"
    rf"\+\d{{1,3}}{_SEP}?(?:\(\d{{1,4}}\)|\d{{1,4}})(?:{_SEP}?\d{{2,4}}){{1,4}}"  # +44 20 7946 0958
    rf"|(?:1{_SEP})?(?:\(\d{{3}}\) ?|\d{{3}}{_SEP})\d{{3}}{_SEP}\d{{4}}"  # 1-888-373-7888
    rf"|1{_SEP}\d{{3}}{_SEP}\d{{3,4}}{_SEP}\d{{3,4}}"  # 1-888-3737-888
    rf"|(?=[\dA-Z .-]{{0,14}}[A-Z])(?:1{_SEP})?\d{{3}}{_SEP}"  # 1-800-THE-LOST
    rf"[A-Z0-9]{{1,4}}{_SEP}?[A-Z0-9]{{3,5}}(?:{_SEP}[A-Z0-9]{{1,4}})?"
    r"|1?\d{10}"
    r")(?![\w@]|[.-]\d)"
)
#: A number that a reader is told to text.
TEXTED = re.compile(r"\b(?:text|texting|sms|mensaje)\b[^.\d\n]{0,40}?\b(\d{5,6})\b", re.IGNORECASE)

_KEYS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
_DIGIT = re.compile(r"\d")
_NOT_DIGIT = re.compile(r"\D")


@lru_cache(maxsize=4096)
def numbers_in(text: str) -> tuple[tuple[str, str], ...]:
    """(as printed, digits) of each telephone number; the country code 1 is left off."""
    if not _DIGIT.search(text):
        return ()
    found = [(m[0], digits) for m in PHONE.finditer(text) if len(digits := _digits(m[0])) >= 7]
    found += [(m[1], m[1]) for m in TEXTED.finditer(text)]
    return tuple(found)


@lru_cache(maxsize=1024)
def digits_of(value: str) -> str:
    """The digits by which a contact is compared; empty for what is no number (an address, a name)."""
    for _, digits in numbers_in(value):
        return digits
    plain = value.strip()
    return _NOT_DIGIT.sub("", plain) if plain and re.fullmatch(r"[\d ().+-]+", plain) else ""


def _digits(printed: str) -> str:
    digits = _NOT_DIGIT.sub("", printed.upper().translate(_KEYS))
    return digits[1:] if len(digits) == 11 and digits.startswith("1") else digits
