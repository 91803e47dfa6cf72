"""A key: what a program shows to use the JSON API, with one scope, in the name of one person."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from enum import StrEnum

from ..light_dataclass import dataclass
from .invitation import new_token

#: How long a key is good when nothing else is said. At most as long as an invitation.
USUAL_KEY_SPAN = timedelta(days=90)
#: How a key begins, so that people and scanners for secrets know it when they see it.
KEY_PREFIX = "obs_"

_KEY = re.compile(re.escape(KEY_PREFIX) + r"[A-Za-z0-9_-]{43}")
_NAME = re.compile(r"[a-z0-9]+(?:[-._][a-z0-9]+)*")
LONGEST_NAME = 64


class Scope(StrEnum):
    """What a key allows. Each allows reading; review and operate do not contain each other. None reads addresses."""

    READ = "read"
    REVIEW = "review"
    OPERATE = "operate"

    def allows(self, needed: Scope) -> bool:
        return needed in (Scope.READ, self)

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Scope.READ: "reads plan, findings, items, deliveries, status, report and history; changes nothing",
    Scope.REVIEW: "reads, and approves, comments and asks for changes as one person in one role",
    Scope.OPERATE: "reads, and holds, ends holds and settles what is unknown",
}


@dataclass(frozen=True)
class ApiKey:
    """A key without its token, of which only the hash is kept, in the ledger. ``name`` is never given twice."""

    id: int
    name: str
    scope: Scope
    person: str  # in whose name it acts
    role: str  # as what it reviews; empty for other scopes
    made_by: str
    made_at: datetime
    expires_at: datetime
    last_used_on: date | None = None  # UTC; the day alone
    revoked_at: datetime | None = None
    revoked_by: str = ""

    def is_good(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at

    def state(self, now: datetime) -> str:
        """In words: good, expired, revoked."""
        if self.revoked_at is not None:
            return "revoked"
        return "good" if now < self.expires_at else "expired"


def new_key() -> str:
    """256 random bits behind :data:`KEY_PREFIX`. It is shown once, and kept nowhere."""
    return KEY_PREFIX + new_token()


def looks_like_a_key(text: str) -> bool:
    return _KEY.fullmatch(text) is not None


def is_a_key_name(text: str) -> bool:
    return len(text) <= LONGEST_NAME and _NAME.fullmatch(text) is not None
