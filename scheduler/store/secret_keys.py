"""Which secret keys a ledger needs: each that links in mails, and hashes of addresses, were made with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from ..domain.redact import person
from .events import append
from .reads import SecretKeyReads
from .repository import Repository, count, transaction
from .tables import hashed_suppressions, recipients, secret_keys


class SecretKeyRepository(Repository, SecretKeyReads):
    """Fingerprints of keys; never a key."""

    def has_used_another_key(self) -> bool:
        """Whether a key was used before any was noted: by an earlier release. Mails went out, or people were erased."""
        if self._is_any(select(secret_keys.c.fingerprint)):
            return False
        return self._is_any(select(hashed_suppressions.c.address_hash), select(recipients.c.delivery_id))

    @transaction("note_secret_keys")
    def note(self, connection: Connection, fingerprints: Iterable[str], *, now: datetime) -> None:
        """From now on these are needed too. One that was given up and is there again is needed again."""
        there = set(connection.execute(select(secret_keys.c.fingerprint)).scalars())
        for one in fingerprints:
            if one not in there:
                connection.execute(insert(secret_keys).values(fingerprint=one, noted_at=now))
                continue
            found = secret_keys.c.fingerprint == one
            connection.execute(update(secret_keys).where(found).values(given_up_at=None, given_up_by=""))

    @transaction("give_up_secret_keys")
    def give_up(self, connection: Connection, fingerprints: Iterable[str], *, who: str, now: datetime) -> None:
        """A person says that these keys are lost: their links are dead, and nobody is known again by their hashes."""
        # What was barred before is barred by the lost key, also where a clock was set back meanwhile.
        last = connection.execute(select(func.max(hashed_suppressions.c.at))).scalar()
        given_up_at = now if last is None else max(now, last)
        for one in sorted(fingerprints):
            if connection.execute(select(secret_keys).where(secret_keys.c.fingerprint == one)).first() is None:
                connection.execute(insert(secret_keys).values(fingerprint=one, noted_at=now))
            connection.execute(
                update(secret_keys)
                .where(secret_keys.c.fingerprint == one, secret_keys.c.given_up_at.is_(None))
                .values(given_up_at=given_up_at, given_up_by=person(who))
            )
            append(connection, at=now, kind="secret-key.given-up", who=who, fingerprint=one)

    def barred_by_lost_keys(self) -> int:
        """Addresses that must not be written to, and may be known by a lost key alone: erased, or of a closed list."""
        last = select(func.max(secret_keys.c.given_up_at)).scalar_subquery()
        with self._database.read() as connection:  # where none was given up, nothing is before that
            return count(connection, hashed_suppressions, hashed_suppressions.c.at <= last)
