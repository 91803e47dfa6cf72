"""Private links by which one person reviews in one role. The link itself is kept nowhere: its hash is. Of somebody with
an address a seed is kept too, from which the secret key makes the link again for their mail.

An address stays as long as it is of use: it goes with the invitation, when that is taken back, replaced or over.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, func, literal, select, update

from ..domain.address import address_key
from ..domain.invitation import Invitation, looks_like_a_token, new_token, token_hash
from ..domain.redact import person, person_key, without_addresses
from ..domain.season_key import SeasonKey
from .events import append
from .reads import InvitationReads
from .repository import Repository, add_row, in_season, row_to, transaction
from .tables import Instant, invitations


class InvitationRepository(Repository, InvitationReads):
    """Who reviews by a private link."""

    def add(
        self,
        key: SeasonKey,
        name: str,
        role: str,
        *,
        expires_at: datetime,
        who: str,
        now: datetime,
        email: str = "",
        token: str = "",
        link_seed: str = "",
    ) -> str:
        """Make an invitation and return its token, which is kept nowhere. Earlier links of that name end.

        ``token``: one that ``link_seed`` gives with the secret key; left out: a random one. Who wanted no mail at this
        address gets none by another invitation either.
        """
        token = token or new_token()
        invited = {**asdict(key), "name": person(name), "role": role, "expires_at": expires_at}
        made = {"invited_by": person(who), "invited_at": now}
        with self._forgetting("invite") as connection:
            mail_off_at = _wanted_no_mail(connection, key, name, email)
            _revoke(connection, key, name, who, now)
            mailed = {"email": email, "link_seed": link_seed, "mail_off_at": mail_off_at}
            add_row(connection, invitations, token_hash=token_hash(token), **invited, **made, **mailed)
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

    def to_address(self, address: str, *, now: datetime) -> tuple[Invitation, ...]:
        """Those that are good and mailed to one address, of all campaigns, oldest first."""
        query = select(invitations).where(
            invitations.c.email != "", invitations.c.revoked_at.is_(None), invitations.c.expires_at > now
        )
        found = self._all(_as_invitation, query.order_by(invitations.c.id))
        return tuple(i for i in found if i.is_mailed and address_key(i.email) == address_key(address))

    def token_hash_of(self, invitation_id: int) -> str:
        """To see whether a link that was made again is the one that was given."""
        query = select(invitations.c.token_hash).where(invitations.c.id == invitation_id)
        return str(self._read(query).scalar_one())

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

    @transaction("mail-choice")
    def choose_mail(self, connection: Connection, invitation: Invitation, *, off: bool, now: datetime) -> None:
        """They want no mail about what waits for them; or they do again."""
        mine = update(invitations).where(invitations.c.id == invitation.id)
        connection.execute(mine.values(mail_off_at=now if off else None))
        _note(connection, "reviewer.mail-off" if off else "reviewer.mail-on", invitation, now)

    def forget_addresses(self, *, now: datetime) -> None:
        """Of links that are over."""
        over = invitations.c.email != "", invitations.c.expires_at <= now
        if self._is_any(select(invitations.c.id).where(*over)):
            with self._forgetting("forget_reviewers") as connection:
                connection.execute(update(invitations).where(*over).values(_NO_ADDRESS))

    def revoke(self, key: SeasonKey, name: str, *, who: str, now: datetime) -> int:
        """End all links of that name; in force at once. Returns how many were good."""
        with self._forgetting("revoke") as connection:
            return _revoke(connection, key, name, who, now)

    @contextmanager
    def _forgetting(self, name: str) -> Iterator[Connection]:
        """A change: addresses that it takes out are taken out of the database's files too."""

        def mailed() -> set[int]:
            return set(connection.execute(select(invitations.c.id).where(invitations.c.email != "")).scalars())

        with self._database.write(name) as connection:
            self._database.overwrite_deleted(connection)
            before = mailed()
            yield connection
            lost, number = before - mailed(), self._database.number_of(connection)
        if lost:
            self._database.forget_deleted(invitations.name, deleted_by=number)


def _note(connection: Connection, kind: str, one: Invitation, now: datetime) -> None:
    key = asdict(SeasonKey(one.campaign, one.season))
    append(connection, at=now, kind=kind, who=one.name, **key, name=one.name, role=one.role)


_NO_ADDRESS = {"email": "", "link_seed": ""}


def forget_reviewer(connection: Connection, key: str) -> None:
    """Take an address (its key) out of all invitations."""
    rows = connection.execute(select(invitations.c.id, invitations.c.email).where(invitations.c.email != ""))
    mine = [number for number, email in rows.all() if address_key(email) == key]
    connection.execute(update(invitations).where(invitations.c.id.in_(mine)).values(_NO_ADDRESS))


def _wanted_no_mail(connection: Connection, key: SeasonKey, name: str, email: str) -> datetime | None:
    """Since when, by the newest invitation of that name with the same address."""
    query = select(invitations).where(in_season(invitations, key), invitations.c.email != "")
    rows = connection.execute(query.order_by(invitations.c.id.desc())).mappings()
    same = (
        r for r in rows if person_key(r["name"]) == person_key(name) and address_key(r["email"]) == address_key(email)
    )
    found = next(same, None)
    return found["mail_off_at"] if found is not None else None


def _revoke(connection: Connection, key: SeasonKey, name: str, who: str, now: datetime) -> int:
    """Addresses go with links that are over too."""
    query = select(invitations).where(in_season(invitations, key), invitations.c.revoked_at.is_(None))
    theirs = [r for r in connection.execute(query).mappings() if person_key(r["name"]) == person_key(name)]
    of_theirs = update(invitations).where(invitations.c.id.in_([r["id"] for r in theirs]))
    connection.execute(of_theirs.values(_NO_ADDRESS))
    mine = [r for r in theirs if r["expires_at"] > now]
    for row in mine:
        this = update(invitations).where(invitations.c.id == row["id"])
        connection.execute(this.values(revoked_at=now, revoked_by=person(who)))
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
