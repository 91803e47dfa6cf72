"""The keys of the JSON API. The key itself is kept nowhere: what is stored and looked up is SHA-256 of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import RowMapping, or_, select, update

from ..domain.api_key import ApiKey, Scope, looks_like_a_key, new_key
from ..domain.invitation import NOBODYS_HASH, same_hash, token_hash
from ..domain.redact import person as person_name
from .events import append, by_key
from .repository import Repository
from .tables import api_keys


class ApiKeyRepository(Repository):
    """Keys, in the history by their names."""

    def add(
        self, name: str, scope: Scope, *, person: str, role: str, expires_at: datetime, who: str, now: datetime
    ) -> str | None:
        """Make a key and return it; only its hash is kept. None when the name was given before, to whatever key."""
        token = new_key()
        with self._database.write("add_key") as connection:
            if connection.execute(select(api_keys.c.id).where(api_keys.c.name == name)).first():
                return None
            connection.execute(
                api_keys.insert().values(
                    name=name,
                    scope=str(scope),
                    person=person_name(person),
                    role=role,
                    token_hash=token_hash(token),
                    made_by=person_name(who),
                    made_at=now,
                    expires_at=expires_at,
                )
            )
            append(
                connection,
                at=now,
                kind="key.made",
                who=who,
                name=name,
                scope=str(scope),
                person=person_name(person),
                role=role,
                expires_at=expires_at,
            )
        return token

    def find(self, token: str, *, now: datetime) -> ApiKey | None:
        """The key that a token is. None for one that is unknown, expired or revoked, all alike.

        What is looked up is the hash, of which a stranger chooses no part; and the same steps are taken for every
        token, good or not.
        """
        wanted = token_hash(token)
        with self._database.read() as connection:
            row = connection.execute(select(api_keys).where(api_keys.c.token_hash == wanted)).mappings().first()
        known = same_hash(row["token_hash"] if row is not None else NOBODYS_HASH, wanted)
        found = _as_key(row) if row is not None else None
        good = found is not None and found.is_good(now)
        return found if known & looks_like_a_key(token) & good else None

    def note_use(self, key: ApiKey, *, now: datetime) -> None:
        """It was used today. Written once a day; no line of the history: reading is not an act."""
        if key.last_used_on is not None and key.last_used_on >= now.date():
            return
        earlier = or_(api_keys.c.last_used_on.is_(None), api_keys.c.last_used_on < now.date())
        with self._database.write("key_use") as connection:
            connection.execute(update(api_keys).where(api_keys.c.id == key.id, earlier).values(last_used_on=now.date()))

    def all(self) -> tuple[ApiKey, ...]:
        """All of them, expired and revoked ones too, oldest first."""
        query = select(api_keys).order_by(api_keys.c.id)
        with self._database.read() as connection:
            return tuple(_as_key(row) for row in connection.execute(query).mappings())

    def revoke(self, name: str, *, who: str, now: datetime) -> bool:
        """End a key at once. False when there is none of that name, or it was revoked before."""
        with self._database.write("revoke_key") as connection:
            ended = connection.execute(
                update(api_keys)
                .where(api_keys.c.name == name, api_keys.c.revoked_at.is_(None))
                .values(revoked_at=now, revoked_by=person_name(who))
            ).rowcount
            if ended:
                append(connection, at=now, kind="key.revoked", who=who, name=name)
        return bool(ended)

    @contextmanager
    def acting_by(self, key: ApiKey) -> Iterator[None]:
        """What this thread writes meanwhile carries the key's name in the history, in the same transaction."""
        with by_key(key.name):
            yield


def _as_key(row: RowMapping) -> ApiKey:
    return ApiKey(
        id=row["id"],
        name=row["name"],
        scope=Scope(row["scope"]),
        person=row["person"],
        role=row["role"],
        made_by=row["made_by"],
        made_at=row["made_at"],
        expires_at=row["expires_at"],
        last_used_on=row["last_used_on"],
        revoked_at=row["revoked_at"],
        revoked_by=row["revoked_by"],
    )
