"""The links in a mail that are each reader's own: which of the reader's addresses a token stands for."""

from __future__ import annotations

import re

from ..domain.outcome import Recipient

_URL_TOKEN = re.compile(r"%(?P<field>[a-z_]+_url)%")


def field_of(token: str) -> str:
    """``%unsubscribe_url%`` is filled from the reader's ``unsubscribe_url``. Only addresses of pages are filled in:
    anything that a reader wrote would have to be escaped for HTML and for plain text at once.

    Raises ValueError for a token that stands for nothing.
    """
    match = _URL_TOKEN.fullmatch(token)
    if match is None or match["field"] not in Recipient.__dataclass_fields__:
        raise ValueError(f"the token {token} stands for nothing that a reader's record holds")
    return match["field"]
