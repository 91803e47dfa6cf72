"""Letters that readers are to get: asked for in the transaction of what the reader did, each sent at most once.

A letter is marked before its call and settled after it. One whose end nobody wrote down may have gone: it is in doubt,
and stays so. What may be taken, a guarded update decides, so that several processes never send the same letter.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, insert, or_, select, update

from ..domain.redact import without_addresses
from ..domain.subscriber import WANTED_BY
from ..domain.transactional_email import ASKS, LetterKind, LetterState, WaitingLetter
from .events import append
from .reads import TransactionalEmailReads
from .repository import Repository, count, of_reader, row_to, transaction
from .tables import confirmations, letters, subscriptions

#: Letters that wait at most; while there are so many, forms lead to none: a flood ends here.
MOST_WAITING = 500
#: So long is a letter kept that went, or did not.
KEPT_FOR = timedelta(days=7)

#: How the history calls the end of a letter that did not go, or may not have.
_KIND = {LetterState.GIVEN_UP: "letter.not-sent", LetterState.UNKNOWN: "letter.unknown"}
#: Marked as under way; after a while in doubt, which a call that ends very late can still settle.
_UNDER_WAY = [str(LetterState.SENDING), str(LetterState.UNKNOWN)]


def ask_for_letter(connection: Connection, kind: LetterKind, campaign: str, subscriber_id: str, now: datetime) -> None:
    """A reader is to get a letter; it takes the place of one of the same kind that still waits."""
    same = (of_reader(letters, campaign, subscriber_id), letters.c.kind == str(kind))
    connection.execute(delete(letters).where(*same, _is(LetterState.WAITING)))
    connection.execute(
        insert(letters).values(
            campaign=campaign,
            subscriber_id=subscriber_id,
            kind=str(kind),
            state=str(LetterState.WAITING),
            asked_at=now,
            try_at=now,
        )
    )


def too_many_wait(connection: Connection) -> bool:
    """Whether no more letters are to be asked for."""
    return count(connection, letters, _is(LetterState.WAITING)) >= MOST_WAITING


def doubt_letters_of_a_copy(connection: Connection, now: datetime) -> int:
    """A backup was put back: what it holds as waiting may have gone since. Returns how many letters."""
    return int(
        connection.execute(
            update(letters)
            .where(letters.c.state.in_([str(LetterState.WAITING), str(LetterState.SENDING)]))
            .values(state=str(LetterState.UNKNOWN), ended_at=now, why="a backup was put back")
        ).rowcount
    )


def letters_to_forget(now: datetime) -> ColumnElement[bool]:
    """Those that ended long enough ago."""
    return letters.c.ended_at <= now - KEPT_FOR


def _is(state: LetterState) -> ColumnElement[bool]:
    return letters.c.state == str(state)


def _still_wanted(now: datetime | None = None) -> ColumnElement[bool]:
    """Its reader is in a state in which the letter makes sense; and of a confirmation, there is one to give (``now``:
    one whose link still opens)."""
    in_state = or_(
        *(
            and_(letters.c.kind == str(kind), subscriptions.c.state.in_([str(s) for s in states]))
            for kind, states in WANTED_BY.items()
        )
    )
    subscriber = exists().where(of_reader(subscriptions, letters.c.campaign, letters.c.subscriber_id), in_state)
    is_new_address = letters.c.kind == str(LetterKind.NEW_ADDRESS)
    to_confirm = exists().where(
        of_reader(confirmations, letters.c.campaign, letters.c.subscriber_id),
        (confirmations.c.new_address != "") == is_new_address,
    )
    if now is not None:
        to_confirm = to_confirm.where(confirmations.c.expires_at > now)
    return and_(subscriber, or_(letters.c.kind.not_in([str(kind) for kind in ASKS]), to_confirm))


class TransactionalEmailRepository(Repository, TransactionalEmailReads):
    """What is done about letters."""

    def next(self) -> WaitingLetter | None:
        """The letter that may go first, whenever that is."""
        query = select(letters).where(_is(LetterState.WAITING)).order_by(letters.c.try_at, letters.c.id).limit(1)
        return self._first(row_to(WaitingLetter, kind=LetterKind), query)

    @transaction("letter_taken")
    def take(
        self, connection: Connection, letter_id: int, *, token_hash: str = "", until: datetime, now: datetime
    ) -> bool:
        """Mark a letter before its call. False when another process has it, or nobody wants it any more.

        ``token_hash``: of the token in a letter that asks for a confirmation. It replaces the one before, which was in
        no letter that went. ``until``: from then on the letter is in doubt.
        """
        taken = connection.execute(
            update(letters)
            .where(letters.c.id == letter_id, _is(LetterState.WAITING), letters.c.try_at <= now, _still_wanted(now))
            .values(state=str(LetterState.SENDING), tries=letters.c.tries + 1, try_at=until)
        ).rowcount
        if taken and token_hash:
            letter = connection.execute(select(letters).where(letters.c.id == letter_id)).mappings().one()
            mine = of_reader(confirmations, letter["campaign"], letter["subscriber_id"])
            is_new_address = letter["kind"] == LetterKind.NEW_ADDRESS
            connection.execute(
                update(confirmations)
                .where(mine, confirmations.c.used_at.is_(None))
                .where(confirmations.c.new_address != "" if is_new_address else confirmations.c.new_address == "")
                .values(token_hash=token_hash)
            )
        return bool(taken)

    @transaction("letter_put_off")
    def put_off(self, connection: Connection, letter_id: int, *, try_at: datetime) -> None:
        """Nothing was tried; look again then."""
        connection.execute(
            update(letters).where(letters.c.id == letter_id, _is(LetterState.WAITING)).values(try_at=try_at)
        )

    @transaction("letter_later")
    def try_again(self, connection: Connection, letter_id: int, *, try_at: datetime, why: str) -> None:
        """The call certainly sent nothing."""
        connection.execute(
            update(letters)
            .where(letters.c.id == letter_id, letters.c.state.in_(_UNDER_WAY))
            .values(state=str(LetterState.WAITING), try_at=try_at, ended_at=None, why=without_addresses(why))
        )

    @transaction("letter_ended")
    def end(
        self,
        connection: Connection,
        letter_id: int,
        state: LetterState,
        *,
        taken: bool = True,
        why: str = "",
        now: datetime,
    ) -> None:
        """Write down how a letter ended. What did not go, or may have, stands in the history too.

        Not ``taken``: only while it waits, so that nothing is said of a letter that another process has taken.
        """
        before = _UNDER_WAY if taken else [str(LetterState.WAITING)]
        _end(connection, letter_id, before, state, why, now)

    @transaction("letter_dropped")
    def drop(self, connection: Connection, letter_id: int) -> None:
        """Nobody wants it any more: its reader has left, or has confirmed. Only while it waits."""
        connection.execute(delete(letters).where(letters.c.id == letter_id, _is(LetterState.WAITING), ~_still_wanted()))

    def doubt(self, *, now: datetime) -> int:
        """Letters whose call began, and whose end nobody wrote down in time: in doubt. Returns how many."""
        stuck = select(letters.c.id).where(_is(LetterState.SENDING), letters.c.try_at <= now)
        if not self._is_any(stuck):
            return 0
        with self._database.write("letter_doubt") as connection:
            letter_ids = connection.execute(stuck).scalars().all()
            for letter_id in letter_ids:
                why = "the program stopped while it was sent"
                _end(connection, letter_id, [str(LetterState.SENDING)], LetterState.UNKNOWN, why, now)
        return len(letter_ids)


def _end(
    connection: Connection, letter_id: int, before: list[str], state: LetterState, why: str, now: datetime
) -> None:
    ended = connection.execute(
        update(letters)
        .where(letters.c.id == letter_id, letters.c.state.in_(before), letters.c.state != str(state))
        .values(state=str(state), ended_at=now, why=without_addresses(why))
    ).rowcount
    if ended and state in _KIND:
        row = connection.execute(select(letters).where(letters.c.id == letter_id)).mappings().one()
        append(
            connection,
            at=now,
            kind=_KIND[state],
            who="letters",
            letter=row["kind"],
            campaign=row["campaign"],
            subscriber=row["subscriber_id"],
            why=why,
        )
