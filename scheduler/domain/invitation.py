"""An invitation: a private link by which one person reviews in one role, until a date or until it is taken back."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import field
from datetime import datetime, timedelta

from ..light_dataclass import dataclass

#: How long a link is good when nothing else is said, and at most.
USUAL_SPAN = timedelta(days=14)
LONGEST_SPAN = timedelta(days=366)

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_SPAN = re.compile(r"([1-9][0-9]{0,3})\s*(h|d|w)", re.IGNORECASE)
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
#: What a token that is none is compared with.
NOBODYS_HASH = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True)
class Invitation:
    """Who was invited, as what, until when. The token is not part of it: only its hash is kept, in the ledger."""

    id: int
    campaign: str
    season: int
    name: str
    role: str
    invited_by: str
    invited_at: datetime
    expires_at: datetime
    first_look_at: datetime | None = None
    last_look_at: datetime | None = None
    revoked_at: datetime | None = None
    revoked_by: str = ""
    declined_at: datetime | None = None  # when they said that they can't review
    declined_why: str = ""
    handed_to: str = ""  # who could instead, if they named somebody
    email: str = field(default="", repr=False)  # where they are told what waits for them; empty: nowhere
    link_seed: str = field(default="", repr=False)  # from which, with the secret key, the link is made again
    mail_off_at: datetime | None = None  # when they said that they want no such mail

    @property
    def is_mailed(self) -> bool:
        """Whether they are told by mail what waits for them."""
        return bool(self.email) and self.mail_off_at is None and self.declined_at is None

    def is_good(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at

    def state(self, now: datetime) -> str:
        """In words: invited, has looked, expired, revoked."""
        if self.revoked_at is not None:
            return "revoked"
        if now >= self.expires_at:
            return "expired"
        return "has looked" if self.last_look_at else "invited"


def new_token() -> str:
    """256 random bits as 43 URL-safe characters. It is shown once, and kept nowhere."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """SHA-256 (hex) of a token: what is kept. A token is random and long, so that nothing slower is needed.

    Something that cannot be a token has a hash all the same, so that it takes the same road as one that is wrong.
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def looks_like_a_token(token: str) -> bool:
    return _TOKEN.fullmatch(token) is not None


def same_hash(one: str, other: str) -> bool:
    """Compare two hashes in a time that does not tell where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())


def span(text: str) -> timedelta | None:
    """``14d``, ``2w`` or ``36h`` as a span of time; None when it is none, or longer than a year."""
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        return None
    length = int(found[1]) * _UNITS[found[2].lower()]
    return length if length <= LONGEST_SPAN else None
