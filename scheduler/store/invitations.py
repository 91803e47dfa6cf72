"""Private links by which one person reviews in one role. The link itself is kept nowhere: its hash is."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, RowMapping, select, update

from ..domain.invitation import NOBODYS_HASH, Invitation, looks_like_a_token, new_token, same_hash, token_hash
from ..domain.redact import person, person_key
from ..domain.season_key import SeasonKey
from .events import append
from .repository import Repository, in_season
from .tables import invitations


class InvitationRepository(Repository):
    """Who reviews by a private link."""

    def add(self, key: SeasonKey, name: str, role: str, *, expires_at: datetime, who: str, now: datetime) -> str:
        """Make an invitation and return its token, which is kept nowhere. Earlier links of that name end."""
        token = new_token()
        with self._database.write("invite") as connection:
            _revoke(connection, key, name, who, now)
            connection.execute(
                invitations.insert().values(
                    **asdict(key),
                    name=person(name),
                    role=role,
                    token_hash=token_hash(token),
                    invited_by=person(who),
                    invited_at=now,
                    expires_at=expires_at,
                )
            )
            append(
                connection,
                at=now,
                kind="reviewer.invited",
                who=who,
                **asdict(key),
                name=person(name),
                role=role,
                expires_at=expires_at,
            )
        return token

    def find(self, token: str, *, now: datetime) -> Invitation | None:
        """The invitation that a token belongs to. None for one that is unknown, expired or revoked, all alike.

        What is looked up is the hash, of which a stranger chooses no part; and the same steps are taken for every
        token, good or not.
        """
        wanted = token_hash(token)
        with self._database.read() as connection:
            row = connection.execute(select(invitations).where(invitations.c.token_hash == wanted)).mappings().first()
        known = same_hash(row["token_hash"] if row is not None else NOBODYS_HASH, wanted)
        found = _as_invitation(row) if row is not None else None
        good = found is not None and found.is_good(now)
        return found if known & looks_like_a_token(token) & good else None

    def note_look(self, invitation_id: int, *, now: datetime) -> None:
        """Somebody has opened the pages with this invitation. No line of the history: reading is not an act."""
        with self._database.write("look") as connection:
            connection.execute(
                update(invitations)
                .where(invitations.c.id == invitation_id, invitations.c.first_look_at.is_(None))
                .values(first_look_at=now)
            )
            connection.execute(update(invitations).where(invitations.c.id == invitation_id).values(last_look_at=now))

    def of_season(self, key: SeasonKey) -> tuple[Invitation, ...]:
        """All of them, revoked and expired ones too, oldest first."""
        query = select(invitations).where(in_season(invitations, key)).order_by(invitations.c.id)
        with self._database.read() as connection:
            return tuple(_as_invitation(row) for row in connection.execute(query).mappings())

    def revoke(self, key: SeasonKey, name: str, *, who: str, now: datetime) -> int:
        """End all links of that name; in force at once. Returns how many were good."""
        with self._database.write("revoke") as connection:
            return _revoke(connection, key, name, who, now)


def _revoke(connection: Connection, key: SeasonKey, name: str, who: str, now: datetime) -> int:
    query = select(invitations).where(
        in_season(invitations, key),
        invitations.c.revoked_at.is_(None),
        invitations.c.expires_at > now,
    )
    mine = [r for r in connection.execute(query).mappings() if person_key(r["name"]) == person_key(name)]
    for row in mine:
        connection.execute(
            update(invitations).where(invitations.c.id == row["id"]).values(revoked_at=now, revoked_by=person(who))
        )
        append(
            connection,
            at=now,
            kind="reviewer.revoked",
            who=who,
            **asdict(key),
            name=row["name"],
            role=row["role"],
        )
    return len(mine)


def _as_invitation(row: RowMapping) -> Invitation:
    return Invitation(
        id=row["id"],
        campaign=row["campaign"],
        season=row["season"],
        name=row["name"],
        role=row["role"],
        invited_by=row["invited_by"],
        invited_at=row["invited_at"],
        expires_at=row["expires_at"],
        first_look_at=row["first_look_at"],
        last_look_at=row["last_look_at"],
        revoked_at=row["revoked_at"],
        revoked_by=row["revoked_by"],
    )
