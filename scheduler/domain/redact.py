"""Take e-mail addresses out of text that is kept or logged."""

from __future__ import annotations

import re
from functools import cache


@cache
def _address() -> re.Pattern[str]:
    return re.compile(r"[^\s<>\"'(),;:\[\]]+@[^\s<>\"'(),;:\[\]]+")


def without_addresses(text: str) -> str:
    """The text with each address replaced by ``[address]``.

    What a provider answers, and what a person writes as a reason, may name a reader; the ledger's history does not.
    """
    return _address().sub("[address]", text) if "@" in text else text


def is_plainly_seen(text: str) -> bool:
    """Whether nothing is hidden in it, at a quick look: printable ASCII, letters of Latin, Greek and Cyrillic script,
    quotation marks and dashes. It may doubt what is good, and never takes what is hidden."""
    return text.isprintable() and (text.isascii() or all(c.isascii() or _is_plain(c) for c in text))


def _is_plain(character: str) -> bool:
    return (
        "\u00ae" <= character <= "\u024f" or "\u0370" <= character <= "\u052f" or character in "¡¢£¤¥¦§¨©ª«“”„‘’‚–—…€"
    )


def person(name: str) -> str:
    """A person's name as the history keeps it; of somebody who signs with an address, the part before the @.

    Nothing hidden is kept: two names that look alike are alike. Where a name is typed, it is refused before this.
    """
    if not is_plainly_seen(name):
        from .hidden import without_hidden

        name = without_hidden(name)
    return " ".join(name.split()).split("@", 1)[0] or "somebody"


def person_key(name: str) -> str:
    """What two spellings of one person's name have in common: spaces, capitals and forms of letters do not count."""
    import unicodedata

    return unicodedata.normalize("NFKC", person(name)).casefold()
