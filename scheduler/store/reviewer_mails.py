"""The one mail a day to each reviewer: marked before its call and settled after it, by address.

Of an address there is a keyed hash alone. Whether a mail may go, one guarded statement decides, so that several
processes, or one that was killed and started again, never send two on a day.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from importlib import import_module

from sqlalchemy import Connection, and_, or_, select, update

from ..domain.address import address_key
from ..domain.invitation import Invitation
from ..domain.redact import without_addresses
from ..domain.reviewer_mail import A_DAY, CLOCK_WAS_AHEAD, CLOCKS_DIFFER, TRY_AGAIN_AFTER, ReviewerMail
from ..domain.season_key import SeasonKey
from ..domain.transactional_email import LetterState
from .events import append
from .repository import Repository, row_to, transaction
from .tables import invitations, reviewer_mails

#: How the history calls the end of a mail.
_KIND = {
    LetterState.SENT: "reviewer-mail.sent",
    LetterState.UNKNOWN: "reviewer-mail.unknown",
    LetterState.WAITING: "reviewer-mail.not-sent",
    LetterState.GIVEN_UP: "reviewer-mail.not-sent",
}


class ReviewerMailRepository(Repository):
    """What became of the last mail to each reviewer."""

    def last(self, address: str) -> ReviewerMail | None:
        """None: none was ever begun. An address that was hashed with an earlier key is known by it."""
        hashes = self._database.address_hashes(address_key(address))
        query = select(reviewer_mails).where(reviewer_mails.c.address_hash.in_(hashes))
        return self._first(_as_mail, query.order_by(reviewer_mails.c.taken_at.desc()).limit(1))

    @transaction("reviewer_mail_taken")
    def take(self, connection: Connection, address: str, *, about: Sequence[Invitation], now: datetime) -> bool:
        """Mark a mail before its call. False when one went within a day, another process has taken it, or one of the
        invitations that it is about was taken back, erased or switched off meanwhile."""
        if not all(_still_mails(connection, one.id, address, now) for one in about):
            return False
        hashed = self._database.address_hash(address_key(address))
        marked = {"state": str(LetterState.SENDING), "taken_at": now, "why": ""}
        # That of the other database would be loaded at each start of a command.
        insert = import_module(f"sqlalchemy.dialects.{connection.dialect.name}").insert
        new = insert(reviewer_mails).values(address_hash=hashed, **marked).on_conflict_do_nothing()
        if connection.execute(new.returning(reviewer_mails.c.state)).first() is not None:
            return True
        not_sent = and_(
            reviewer_mails.c.state == str(LetterState.WAITING), reviewer_mails.c.taken_at <= now - TRY_AGAIN_AFTER
        )
        again = update(reviewer_mails).where(
            reviewer_mails.c.address_hash == hashed, or_(not_sent, reviewer_mails.c.taken_at <= now - A_DAY)
        )
        return bool(connection.execute(again.values(marked)).rowcount)

    def count_from_now(self, *, now: datetime) -> None:
        """Mails that a clock that was ahead has marked: in doubt, and nobody waits for longer than a day from now."""
        ahead = reviewer_mails.c.taken_at > now + CLOCKS_DIFFER
        if not self._is_any(select(reviewer_mails.c.state).where(ahead)):
            return
        gone = reviewer_mails.c.state.in_([str(LetterState.SENDING), str(LetterState.SENT)])
        with self._database.write("reviewer_mails_ahead") as connection:
            in_doubt = update(reviewer_mails).where(ahead, gone)
            connection.execute(in_doubt.values(state=str(LetterState.UNKNOWN), why=CLOCK_WAS_AHEAD))
            connection.execute(update(reviewer_mails).where(ahead).values(taken_at=now))

    @transaction("reviewer_mail_ended")
    def end(
        self,
        connection: Connection,
        address: str,
        state: LetterState,
        *,
        told: Iterable[str],
        about: Sequence[Invitation],
        why: str = "",
        now: datetime,
    ) -> None:
        """Write down how a mail ended, of each invitation that it was about. ``told``: what is known from now on."""
        hashed = self._database.address_hash(address_key(address))
        why = without_addresses(why)
        mine = update(reviewer_mails).where(reviewer_mails.c.address_hash == hashed)
        connection.execute(mine.values(state=str(state), why=why, told=json.dumps(sorted(told))))
        for one in about:
            key = asdict(SeasonKey(one.campaign, one.season))
            append(connection, at=now, kind=_KIND[state], who="start", **key, name=one.name, role=one.role, why=why)


def _still_mails(connection: Connection, invitation_id: int, address: str, now: datetime) -> bool:
    row = connection.execute(select(invitations).where(invitations.c.id == invitation_id)).mappings().first()
    one = _as_invitation(row) if row is not None else None
    return one is not None and one.is_mailed and one.is_good(now) and address_key(one.email) == address_key(address)


_as_invitation = row_to(Invitation)
_as_mail = row_to(ReviewerMail, state=LetterState, told=lambda text: frozenset(json.loads(text) if text else ()))
