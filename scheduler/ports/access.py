"""The ledger, as signing in needs it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from ..domain.role import Person, Session


class AccessLedger(Protocol):
    """Who may sign in, and who has. Raises OutOfReach as :class:`Ledger` does.

    Names are compared as :func:`scheduler.domain.redact.person_key` does. No method gives back a password's hash.
    """

    def add_person(self, name: str, role: str, *, who: str, now: datetime) -> Person | None:
        """Let somebody sign in. None when they may already; one who was removed comes back, without a password."""
        ...

    def people(self) -> tuple[Person, ...]:
        """All of them, removed ones too, by name."""
        ...

    def remove_person(self, name: str, *, who: str, now: datetime) -> bool:
        """They cannot sign in any more, and are signed out. False when nobody of that name could."""
        ...

    def set_password(
        self, name: str, password: str, *, who: str, keep_session: int | None = None, now: datetime
    ) -> bool:
        """Keep a password's hash, and end the person's other sessions and links. False for nobody of that name."""
        ...

    def make_sign_in_link(self, name: str, *, who: str, now: datetime) -> str | None:
        """A token that signs one person in, once, within half an hour; earlier ones end. None for nobody so named."""
        ...

    def use_sign_in_link(self, token: str, *, now: datetime) -> str | None:
        """Begin a session with a link: its token, or None for one that is unknown, used or too old, all alike."""
        ...

    def sign_in(self, name: str, password: str, *, network: str, now: datetime) -> str | None:
        """Begin a session with a password. None when it is not right: the same for a name that there is not."""
        ...

    def too_many_tries(self, name: str, network: str, *, now: datetime) -> bool:
        """Whether so many passwords were wrong lately, for this name or from there, that none is looked at."""
        ...

    def session_of(self, token: str, *, now: datetime) -> Session | None:
        """The session that a token belongs to. None for one that is unknown, ended or too old, all alike."""
        ...

    def end_session(self, session_id: int, *, now: datetime) -> bool:
        """Its person signs out. False when it had ended."""
        ...

    def sign_out_everywhere(self, name: str, *, who: str, but: int | None = None, now: datetime) -> int | None:
        """End all sessions and links of a person, at once, but one session. How many; None for nobody so named."""
        ...
