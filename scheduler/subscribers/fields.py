"""A reader's name, zone and cadence: what may stand in them, wherever they come from."""

from __future__ import annotations

from functools import cache, lru_cache

from ..domain.cadence import DEFAULT_CADENCE, Cadence
from ..domain.hidden import PERSONAL, hidden_in, without_hidden

LONGEST_NAME = 200
#: Around a field; other white space is a control character or belongs to the text.
BLANKS = " \t\u00a0"


def hidden_in_name(name: str) -> str:
    """The first character that a name must not hold; empty when there is none. A name stands on one line."""
    found = [(hidden.start, hidden.character) for hidden in hidden_in(name, PERSONAL)]
    found += [(name.index(sign), sign) for sign in "\t\n\r" if sign in name]
    return min(found)[1] if found else ""


def without_hidden_in_name(name: str) -> str:
    """The name without them; empty when nothing else was there."""
    return " ".join(without_hidden(name).split("\t")).strip(BLANKS)


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
