"""Private links by which one person reviews in one role. The link itself is kept nowhere: its hash is."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, func, literal, select, update

from ..domain.invitation import Invitation, looks_like_a_token, new_token, token_hash
from ..domain.redact import person, person_key, without_addresses
from ..domain.season_key import SeasonKey
from .events import append
from .repository import Repository, add_row, in_season, row_to, transaction
from .tables import Instant, invitations


class InvitationRepository(Repository):
    """Who reviews by a private link."""

    @transaction("invite")
    def add(
        self,
        connection: Connection,
        key: SeasonKey,
        name: str,
        role: str,
        *,
        expires_at: datetime,
        who: str,
        now: datetime,
    ) -> str:
        """Make an invitation and return its token, which is kept nowhere. Earlier links of that name end."""
        token = new_token()
        _revoke(connection, key, name, who, now)
        invited = {**asdict(key), "name": person(name), "role": role, "expires_at": expires_at}
        made = {"invited_by": person(who), "invited_at": now}
        add_row(connection, invitations, token_hash=token_hash(token), **invited, **made)
        append(connection, at=now, kind="reviewer.invited", who=who, **invited)
        return token

    def find(self, token: str, *, now: datetime) -> Invitation | None:
        """The invitation that a token belongs to. None for one that is unknown, expired or revoked, all alike.

        What is looked up is the hash, of which a stranger chooses no part; and the same steps are taken for every
        token, good or not.
        """
        return self._of_token(_as_invitation, invitations, token, looks_right=looks_like_a_token(token), now=now)

    @transaction("look")
    def note_look(self, connection: Connection, invitation_id: int, *, now: datetime) -> None:
        """Somebody has opened the pages with this invitation. No line of the history: reading is not an act."""
        first = func.coalesce(invitations.c.first_look_at, literal(now, Instant))
        looked = update(invitations).where(invitations.c.id == invitation_id)
        connection.execute(looked.values(first_look_at=first, last_look_at=now))

    def of_season(self, key: SeasonKey) -> tuple[Invitation, ...]:
        """All of them, revoked and expired ones too, oldest first."""
        mine = select(invitations).where(in_season(invitations, key))
        return self._all(_as_invitation, mine.order_by(invitations.c.id))

    @transaction("decline")
    def decline(
        self, connection: Connection, invitation: Invitation, *, why: str, handed_to: str, now: datetime
    ) -> None:
        """Write down that somebody can't review. Why, and who could instead, is for the coordinators: the history,
        which is for ever, keeps that alone."""
        mine = update(invitations).where(invitations.c.id == invitation.id)
        connection.execute(mine.values(declined_at=now, declined_why=without_addresses(why), handed_to=handed_to))
        _note(connection, "reviewer.declined", invitation, now)

    @transaction("take-up")
    def take_up(self, connection: Connection, invitation: Invitation, *, now: datetime) -> None:
        """They can after all."""
        mine = update(invitations).where(invitations.c.id == invitation.id)
        connection.execute(mine.values(declined_at=None, declined_why="", handed_to=""))
        _note(connection, "reviewer.took-up", invitation, now)

    @transaction("revoke")
    def revoke(self, connection: Connection, key: SeasonKey, name: str, *, who: str, now: datetime) -> int:
        """End all links of that name; in force at once. Returns how many were good."""
        return _revoke(connection, key, name, who, now)


def _note(connection: Connection, kind: str, one: Invitation, now: datetime) -> None:
    key = asdict(SeasonKey(one.campaign, one.season))
    append(connection, at=now, kind=kind, who=one.name, **key, name=one.name, role=one.role)


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


_as_invitation = row_to(Invitation)
