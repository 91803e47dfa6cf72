"""Take e-mail addresses out of text that is kept or logged."""

from __future__ import annotations

import re
import unicodedata

from .hidden import without_hidden

_ADDRESS = re.compile(r"[^\s<>\"'(),;:\[\]]+@[^\s<>\"'(),;:\[\]]+")


def without_addresses(text: str) -> str:
    """The text with each address replaced by ``[address]``.

    What a provider answers, and what a person writes as a reason, may name a reader; the ledger's history does not.
    """
    return _ADDRESS.sub("[address]", text)


def person(name: str) -> str:
    """A person's name as the history keeps it; of somebody who signs with an address, the part before the @.

    Nothing hidden is kept: two names that look alike are alike. Where a name is typed, it is refused before this.
    """
    return " ".join(without_hidden(name).split()).split("@", 1)[0] or "somebody"


def person_key(name: str) -> str:
    """What two spellings of one person's name have in common: spaces, capitals and forms of letters do not count."""
    return unicodedata.normalize("NFKC", person(name)).casefold()
