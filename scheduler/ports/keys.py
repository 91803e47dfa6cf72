"""The keys of the JSON API."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from ..domain.api_key import ApiKey, Scope


class KeyRing(Protocol):
    """Who may use the API, and for what. Raises OutOfReach as :class:`Ledger` does."""

    def add_key(
        self, name: str, scope: Scope, *, person: str, role: str, expires_at: datetime, who: str, now: datetime
    ) -> str | None:
        """Make a key and return it; only its hash is kept. None when the name was given before, to whatever key."""
        ...

    def key_of(self, token: str, *, now: datetime) -> ApiKey | None:
        """The key that a token is. None for one that is unknown, expired or revoked, all alike."""
        ...

    def note_key_use(self, key: ApiKey, *, now: datetime) -> None:
        """It was used today. Written once a day."""
        ...

    def keys(self) -> tuple[ApiKey, ...]:
        """All of them, expired and revoked ones too, oldest first."""
        ...

    def revoke_key(self, name: str, *, who: str, now: datetime) -> bool:
        """End a key at once. False when there is none of that name, or it was revoked before."""
        ...

    def acting_by_key(self, key: ApiKey) -> AbstractContextManager[None]:
        """What this thread writes meanwhile carries the key's name in the history, in the same transaction."""
        ...
