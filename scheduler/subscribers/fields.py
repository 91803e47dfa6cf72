"""A reader's name, zone and cadence: what may stand in them, wherever they come from."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

from ..domain.cadence import DEFAULT_CADENCE, Cadence

LONGEST_NAME = 200
#: Around a field; other white space is a control character or belongs to the text.
BLANKS = " \t\u00a0"
# Right-to-left overrides make a name read as another one; joiners are letters' business in Persian or Hindi.
_BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def control_character_in(name: str) -> str:
    """The first character that a name must not hold; empty when there is none."""
    if name.isprintable():
        return ""
    for character in name:
        # Cc control, Zl and Zp line ends, Cs half a character; other unprintables (spaces, joiners) are part of names.
        if unicodedata.category(character) in ("Cc", "Zl", "Zp", "Cs") or character in _BIDI_CONTROLS:
            return character
    return ""


@cache
def known_zones() -> frozenset[str]:
    """IANA names, read once. "localtime" would mean another zone on each machine."""
    from zoneinfo import available_timezones

    return frozenset(available_timezones() - {"localtime", "posixrules", "Factory"})


@lru_cache(maxsize=256)
def cadence_named(word: str) -> Cadence | None:
    """The cadence that a word means, as written in a list or a form; the default for none, None for another word."""
    plain = word.strip(BLANKS).casefold().replace("_", "-").replace(" ", "-")
    return DEFAULT_CADENCE if not plain else _CADENCES.get(plain)


_CADENCES = {str(cadence): cadence for cadence in Cadence} | {"weekly": Cadence.DIGEST}
