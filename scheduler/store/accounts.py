"""Who may come in: people with their one-time links and sessions, and the keys of the JSON API.

Tokens and keys are kept as hashes, passwords by argon2.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, func, insert, or_, select, update

from ..domain.api_key import ApiKey, Scope, looks_like_a_key, new_key
from ..domain.invitation import looks_like_a_token, new_token, token_hash
from ..domain.redact import person as person_name
from ..domain.redact import person_key
from ..domain.role import (
    FAILED,
    LINK_SPAN,
    LONGEST_SESSION,
    LOOK_STEP,
    SIGNED_IN,
    TRIES_A_NAME,
    TRIES_A_NAME_AND_NETWORK,
    TRIES_A_NETWORK,
    TRY_WINDOW,
    Session,
)
from ..domain.role import Person as Signer
from .events import append, by_key
from .passwords import hash_password, is_right
from .reads import AccountReads, as_person
from .repository import Repository, add_row, first_row, row_to, transaction
from .tables import api_keys, people, sessions, sign_in_links, sign_in_tries

#: How long a session that is over is known of, to say when its person last looked.
KEPT_FOR = timedelta(days=400)


class AccountRepository(Repository, AccountReads):
    """People, links, sessions."""

    # -- people -----------------------------------------------------------------------------------------

    @transaction("add_person")
    def add(self, connection: Connection, name: str, role: str, *, who: str, now: datetime) -> Signer | None:
        """Let somebody sign in. None when they may already; one who was removed comes back, without a password."""
        key = person_key(name)
        row = _by_key(connection, key)
        if row is not None and row["disabled_at"] is None:
            return None
        values = {"name": person_name(name), "role": role, "created_at": now, "created_by": person_name(who)}
        if row is None:
            connection.execute(insert(people).values(name_key=key, **values))
        else:
            connection.execute(
                update(people).where(people.c.id == row["id"]).values(disabled_at=None, password=None, **values)
            )
        append(connection, at=now, kind="person.added", who=who, name=values["name"], role=role)
        return as_person(connection.execute(select(people).where(people.c.name_key == key)).mappings().one())

    @transaction("remove_person")
    def remove(self, connection: Connection, name: str, *, who: str, now: datetime) -> bool:
        """They cannot sign in any more, and are signed out. False when nobody of that name could."""
        row = _by_key(connection, person_key(name))
        if row is None or row["disabled_at"] is not None:
            return False
        connection.execute(update(people).where(people.c.id == row["id"]).values(disabled_at=now, password=None))
        _end_all(connection, row["id"], now)
        append(connection, at=now, kind="person.removed", who=who, name=row["name"])
        return True

    def set_password(
        self, name: str, password: str, *, who: str, keep_session: int | None = None, now: datetime
    ) -> bool:
        """Keep a password's hash, and end the person's other sessions and links. False for nobody of that name."""
        hashed = hash_password(password)  # slow: not while the database is held
        with self._database.write("set_password") as connection:
            row = _by_key(connection, person_key(name))
            if row is None or row["disabled_at"] is not None:
                return False
            connection.execute(update(people).where(people.c.id == row["id"]).values(password=hashed))
            _end_all(connection, row["id"], now, but=keep_session)
            append(connection, at=now, kind="person.password_set", who=who, name=row["name"])
            return True

    # -- signing in -------------------------------------------------------------------------------------

    @transaction("sign_in_link")
    def make_sign_in_link(self, connection: Connection, name: str, *, who: str, now: datetime) -> str | None:
        """A token that signs one person in, once, within half an hour; earlier ones end. None for nobody so named.

        It is kept nowhere but as its hash.
        """
        token = new_token()
        row = _by_key(connection, person_key(name))
        if row is None or row["disabled_at"] is not None:
            return None
        connection.execute(delete(sign_in_links).where(sign_in_links.c.person_id == row["id"]))
        connection.execute(
            insert(sign_in_links).values(
                token_hash=token_hash(token), person_id=row["id"], made_at=now, expires_at=now + LINK_SPAN
            )
        )
        append(connection, at=now, kind="person.link_made", who=who, name=row["name"])
        return token

    @transaction("sign_in")
    def use_sign_in_link(self, connection: Connection, token: str, *, now: datetime) -> str | None:
        """Begin a session with a link: its token, or None for one that is unknown, used or too old, all alike."""
        wanted = token_hash(token)
        owner = select(people).join(sign_in_links, sign_in_links.c.person_id == people.c.id)
        signer = first_row(
            connection, owner.where(sign_in_links.c.token_hash == wanted, people.c.disabled_at.is_(None))
        )
        # Who takes the row has used the link; a second one finds none.
        taken = connection.execute(
            delete(sign_in_links).where(sign_in_links.c.token_hash == wanted, sign_in_links.c.expires_at > now)
        ).rowcount
        if not taken or signer is None or not looks_like_a_token(token):
            return None
        return _begin(connection, signer, "link", now)

    def sign_in(self, name: str, password: str, *, network: str, now: datetime) -> str | None:
        """Begin a session with a password. None when it is not right: the same for a name that there is not."""
        with self._database.read() as connection:
            row = _by_key(connection, person_key(name))
        hashed = row["password"] if row is not None and row["disabled_at"] is None else None
        right = is_right(password, hashed)  # slow, and as slow for nobody
        with self._database.write("sign_in") as connection:
            if not right:
                self._note_wrong(connection, name, row, network=network, now=now)
                return None
            again = _by_key(connection, person_key(name))
            if again is None or again["disabled_at"] is not None or again["password"] != hashed:
                return None  # removed, or given another password, since it was looked at
            return _begin(connection, again, "password", now)

    def is_password(self, name: str, password: str, *, network: str, now: datetime) -> bool:
        """Whether a person's password is this one. A wrong one counts as a try to sign in, and is kept as one."""
        with self._database.read() as connection:
            row = _by_key(connection, person_key(name))
        right = is_right(password, row["password"] if row is not None else None)
        if not right:
            with self._database.write("tries") as connection:
                self._note_wrong(connection, name, row, network=network, now=now)
        return right

    def _note_wrong(
        self, connection: Connection, name: str, row: RowMapping | None, *, network: str, now: datetime
    ) -> None:
        """A wrong password: it counts as a try, and stands in the history."""
        by_name, by_network = self._tried(name, network)
        connection.execute(insert(sign_in_tries).values(at=now, name_hash=by_name, network_hash=by_network))
        # A name that nobody has may be a password that was typed into the wrong field: it is not kept.
        known = row["name"] if row is not None else ""
        append(connection, at=now, kind=FAILED, who=known or "somebody", name=known, network=by_network[:12])

    def too_many_tries(self, name: str, network: str, *, now: datetime) -> bool:
        """Whether so many passwords were wrong lately, for this name, from there, or both, that none is looked at."""
        by_name, by_network = self._tried(name, network)
        with self._database.write("tries") as connection:
            connection.execute(delete(sign_in_tries).where(sign_in_tries.c.at <= now - TRY_WINDOW))
            of_name, from_there = sign_in_tries.c.name_hash == by_name, sign_in_tries.c.network_hash == by_network
            for alike, limit in (
                ((of_name, from_there), TRIES_A_NAME_AND_NETWORK),
                ((of_name,), TRIES_A_NAME),
                ((from_there,), TRIES_A_NETWORK),
            ):
                if connection.execute(select(func.count()).where(*alike)).scalar_one() >= limit:
                    return True
        return False

    def _tried(self, name: str, network: str) -> tuple[str, str]:
        keyed = self._database.address_hash
        return keyed(f"sign-in {person_key(name)}"), keyed(f"network {network}")

    # -- sessions ---------------------------------------------------------------------------------------

    def session_of(self, token: str, *, now: datetime) -> Session | None:
        """The session that a token belongs to. None for one that is unknown, ended or too old, all alike.

        The last look is written down, as far as it is worth a write.
        """
        session = self._of_token(self._session, sessions, token, looks_right=looks_like_a_token(token), now=now)
        if session is not None and now - session.last_look_at >= LOOK_STEP:
            with self._database.write("session") as connection:
                mine = (sessions.c.id == session.id, sessions.c.last_look_at < now)
                connection.execute(update(sessions).where(*mine).values(last_look_at=now))
        return session

    def _session(self, row: RowMapping) -> Session:
        owner = self._read(select(people).where(people.c.id == row["person_id"])).mappings().one()
        return _as_session({**row, "person": as_person(owner)})

    @transaction("sign_out")
    def end_session(self, connection: Connection, session_id: int, *, now: datetime) -> bool:
        """Its person signs out. False when it had ended."""
        row = connection.execute(
            select(people.c.name)
            .join(sessions, sessions.c.person_id == people.c.id)
            .where(sessions.c.id == session_id, sessions.c.ended_at.is_(None))
        ).first()
        if row is None:
            return False
        connection.execute(update(sessions).where(sessions.c.id == session_id).values(ended_at=now))
        append(connection, at=now, kind="person.signed_out", who=row[0])
        return True

    @transaction("sign_out")
    def sign_out_everywhere(
        self, connection: Connection, name: str, *, who: str, but: int | None = None, now: datetime
    ) -> int | None:
        """End all sessions and links of a person, at once, but one session. How many; None for nobody so named."""
        row = _by_key(connection, person_key(name))
        if row is None:
            return None
        ended = _end_all(connection, row["id"], now, but=but)
        append(connection, at=now, kind="person.signed_out", who=who, name=row["name"], sessions=ended)
        return ended


def _begin(connection: Connection, row: RowMapping, how: str, now: datetime) -> str:
    token = new_token()
    connection.execute(delete(sessions).where(sessions.c.expires_at < now - KEPT_FOR))
    connection.execute(
        insert(sessions).values(
            token_hash=token_hash(token),
            person_id=row["id"],
            how=how,
            started_at=now,
            last_look_at=now,
            expires_at=now + LONGEST_SESSION,
        )
    )
    append(connection, at=now, kind=SIGNED_IN, who=row["name"], how=how)
    return token


def _end_all(connection: Connection, person_id: int, now: datetime, *, but: int | None = None) -> int:
    connection.execute(delete(sign_in_links).where(sign_in_links.c.person_id == person_id))
    standing = update(sessions).where(
        sessions.c.person_id == person_id, sessions.c.ended_at.is_(None), sessions.c.expires_at > now
    )
    if but is not None:
        standing = standing.where(sessions.c.id != but)
    return int(connection.execute(standing.values(ended_at=now)).rowcount)


def _by_key(connection: Connection, key: str) -> RowMapping | None:
    return first_row(connection, select(people).where(people.c.name_key == key))


def _is_set(stored: object) -> bool:
    return stored is not None


_as_session = row_to(Session)


class ApiKeyRepository(Repository):
    """Keys, in the history by their names."""

    @transaction("add_key")
    def add(
        self,
        connection: Connection,
        name: str,
        scope: Scope,
        *,
        person: str,
        role: str,
        expires_at: datetime,
        who: str,
        now: datetime,
    ) -> str | None:
        """Make a key and return it; only its hash is kept. None when the name was given before, to whatever key."""
        token = new_key()
        if connection.execute(select(api_keys.c.id).where(api_keys.c.name == name)).first():
            return None
        key: dict[str, Any] = {
            "name": name,
            "scope": str(scope),
            "person": person_name(person),
            "role": role,
            "expires_at": expires_at,
        }
        add_row(connection, api_keys, token_hash=token_hash(token), **key, made_by=person_name(who), made_at=now)
        append(connection, at=now, kind="key.made", who=who, **key)
        return token

    def find(self, token: str, *, now: datetime) -> ApiKey | None:
        """The key that a token is. None for one that is unknown, expired or revoked, all alike.

        What is looked up is the hash, of which a stranger chooses no part; and the same steps are taken for every
        token, good or not.
        """
        return self._of_token(_as_key, api_keys, token, looks_right=looks_like_a_key(token), now=now)

    def note_use(self, key: ApiKey, *, now: datetime) -> None:
        """It was used today. Written once a day; no line of the history: reading is not an act."""
        if key.last_used_on is not None and key.last_used_on >= now.date():
            return
        earlier = or_(api_keys.c.last_used_on.is_(None), api_keys.c.last_used_on < now.date())
        with self._database.write("key_use") as connection:
            connection.execute(update(api_keys).where(api_keys.c.id == key.id, earlier).values(last_used_on=now.date()))

    def all(self) -> tuple[ApiKey, ...]:
        """All of them, expired and revoked ones too, oldest first."""
        return self._all(_as_key, select(api_keys).order_by(api_keys.c.id))

    @transaction("revoke_key")
    def revoke(self, connection: Connection, name: str, *, who: str, now: datetime) -> bool:
        """End a key at once. False when there is none of that name, or it was revoked before."""
        ended = connection.execute(
            update(api_keys)
            .where(api_keys.c.name == name, api_keys.c.revoked_at.is_(None))
            .values(revoked_at=now, revoked_by=person_name(who))
        ).rowcount
        if ended:
            append(connection, at=now, kind="key.revoked", who=who, name=name)
        return bool(ended)

    def acting_by(self, key: ApiKey) -> AbstractContextManager[None]:
        """What this thread writes meanwhile carries the key's name in the history, in the same transaction."""
        return by_key(key.name)


_as_key = row_to(ApiKey, scope=Scope)
