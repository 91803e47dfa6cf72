"""One reader at a time: signing up, confirming, leaving, pausing, choosing how often, being erased.

Each act is one guarded update by the table in ``domain/subscriber.py``, one line of the history (an id, never an
address) and, where something was agreed to or taken back, one line of the consent history.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, delete, exists, func, insert, or_, select, update

from ..domain.address import address_key
from ..domain.cadence import DEFAULT_CADENCE, Cadence
from ..domain.redact import person, without_addresses
from ..domain.subscriber import (
    ON_THE_LIST,
    Added,
    Confirmed,
    Consent,
    ConsentHow,
    ConsentToExample,
    Erased,
    NewSubscriber,
    SignUpEnd,
    Subscriber,
    SubscriberState,
    SubscriberVerb,
    subscriber_leads_to,
    subscriber_may_come_from,
)
from ..domain.transactional_email import LetterKind, speaker_of
from ..settings.values import is_example
from .events import append
from .repository import count, counts_from, first_row, transaction
from .subscriber_list import SubscriberListRepository, as_reader
from .tables import (
    cadences,
    confirmations,
    consents,
    hashed_suppressions,
    ledger,
    letters,
    sign_ups,
    subscribers,
    suppressions,
)
from .transactional_emails import ask_for_letter, letters_to_forget, too_many_wait

#: Within this time one address gets one confirmation mail, and one network may send so many forms. A school or a
#: library is one network.
FLOOD_WINDOW = timedelta(days=1)
FORMS_A_NETWORK = 30

_COMPLAINED = "complained"
#: Narrows down what is read; :func:`is_example` decides on the name itself.
_MAY_BE_EXAMPLE = "%example%"
_CHOOSES = [str(s) for s in (SubscriberState.PENDING, SubscriberState.ACTIVE, SubscriberState.PAUSED)]


def _to_example(connection: Connection, subscriber_id: str = "") -> tuple[ConsentToExample, ...]:
    """The newest consent that was given decides: somebody who agreed again, to words that name nobody or the right
    organization, is not among them."""
    given = [str(h) for h in (ConsentHow.CONFIRMED, ConsentHow.ADDED)]
    later = consents.alias("later")
    is_newest = ~exists().where(
        later.c.subscriber_id == consents.c.subscriber_id, later.c.how.in_(given), later.c.id > consents.c.id
    )
    on_the_list = subscribers.c.state.in_([str(s) for s in ON_THE_LIST])
    stored = (
        select(subscribers.c.id, subscribers.c.state, consents.c.at, consents.c.what)
        .join(consents, consents.c.subscriber_id == subscribers.c.id)
        .where(on_the_list, consents.c.how.in_(given), func.lower(consents.c.what).like(_MAY_BE_EXAMPLE))
        .where(is_newest)
    )
    waiting = (
        select(subscribers.c.id, subscribers.c.state, confirmations.c.made_at, confirmations.c.what)
        .join(confirmations, confirmations.c.subscriber_id == subscribers.c.id)
        .where(subscribers.c.state == str(SubscriberState.PENDING), confirmations.c.used_at.is_(None))
        .where(func.lower(confirmations.c.what).like(_MAY_BE_EXAMPLE))
    )
    if subscriber_id:
        stored, waiting = (q.where(subscribers.c.id == subscriber_id) for q in (stored, waiting))
    rows = (row for query in (stored, waiting) for row in connection.execute(query))
    given_to_example = [
        ConsentToExample(i, at, SubscriberState(state), speaker_of(what)) for i, state, at, what in rows
    ]
    return tuple(sorted((c for c in given_to_example if is_example(c.named)), key=lambda c: (c.at, c.subscriber_id)))


def transition_subscriber(
    connection: Connection, verb: SubscriberVerb, subscriber_id: str, *where: ColumnElement[bool], **values: object
) -> bool:
    """Move one reader, if they are in a state from which ``verb`` is allowed. Whether they were."""
    allowed = [str(s) for s in subscriber_may_come_from(verb)]
    statement = (
        update(subscribers)
        .where(subscribers.c.id == subscriber_id, subscribers.c.state.in_(allowed), *where)
        .values(state=str(subscriber_leads_to(verb)), **values)
    )
    return bool(connection.execute(statement).rowcount)


def note_consent(
    connection: Connection,
    subscriber_id: str,
    how: ConsentHow,
    now: datetime,
    *,
    what: str,
    wording: str = "",
    who: str = "",
) -> None:
    """Add one line to the consent history."""
    connection.execute(
        insert(consents).values(
            subscriber_id=subscriber_id,
            at=now,
            how=str(how),
            what=without_addresses(what),
            wording=wording,
            who=person(who) if who else "",
        )
    )


def _as_consent(row: RowMapping) -> Consent:
    return Consent(row["at"], ConsentHow(row["how"]), row["what"], row["wording"], row["who"] or row["source"])


class SubscriberRepository(SubscriberListRepository):
    """The people who get the emails: one by one here, many at once in the list."""

    # -- looking ------------------------------------------------------------------------------------------

    def get(self, subscriber_id: str) -> Subscriber | None:
        return self._first(as_reader, select(subscribers).where(subscribers.c.id == subscriber_id))

    def find(self, address: str) -> Subscriber | None:
        """The reader with that address, however it is written."""
        return self._first(as_reader, select(subscribers).where(subscribers.c.address_key == address_key(address)))

    def consents_to_example(self) -> tuple[ConsentToExample, ...]:
        with self._database.read() as connection:
            return _to_example(connection)

    def consents(self, subscriber_id: str) -> tuple[Consent, ...]:
        """What a reader agreed to, oldest first; the line of the import among them."""
        imported = exists().where(
            subscribers.c.id == subscriber_id,
            consents.c.subscriber_id == "",
            consents.c.source == subscribers.c.source,
            consents.c.at == subscribers.c.created_at,
        )
        query = select(consents).where(or_(consents.c.subscriber_id == subscriber_id, imported))
        return self._all(_as_consent, query.order_by(consents.c.at, consents.c.id))

    # -- coming -------------------------------------------------------------------------------------------

    @transaction("sign_up")
    def sign_up(
        self,
        connection: Connection,
        new: NewSubscriber,
        *,
        token_hash: str,
        expires_at: datetime,
        what: str,
        wording: str,
        network: str = "",
        now: datetime,
    ) -> tuple[SignUpEnd, str]:
        """A form was sent. Returns how it ended and the reader's id; a confirmation waits only after CONFIRM.

        The letter that follows is asked for in the same transaction: none is lost with the process.
        ``network`` is where the form came from; only its keyed hash is kept, for a day.
        """
        hashes = self._database.address_hashes(new.key)
        who = hashes[0]
        where_from = self._database.address_hash(f"network {network}") if network else ""
        _forget_old(connection, now)  # so that what is counted below is of the last day
        if where_from and count(connection, sign_ups, sign_ups.c.network_hash == where_from) >= FORMS_A_NETWORK:
            return SignUpEnd.FLOOD, ""
        row = _by_key(connection, new.key)
        subscriber_id = row["id"] if row is not None else new.subscriber_id
        if _has_complained(connection, row, new.key, hashes):
            return SignUpEnd.BARRED, ""
        if count(connection, sign_ups, sign_ups.c.address_hash == who):
            return SignUpEnd.WAIT, ""
        if too_many_wait(connection):
            return SignUpEnd.FULL, ""
        connection.execute(insert(sign_ups).values(at=now, address_hash=who, network_hash=where_from))
        if row is not None and row["state"] in ON_THE_LIST:
            ask_for_letter(connection, LetterKind.ALREADY_THERE, subscriber_id, now)
            return SignUpEnd.ALREADY_THERE, subscriber_id
        if not _put(connection, row, SubscriberVerb.SIGN_UP, new, now, cadence_since_at=now):
            return SignUpEnd.BARRED, ""
        connection.execute(delete(confirmations).where(confirmations.c.subscriber_id == subscriber_id))
        connection.execute(
            insert(confirmations).values(
                token_hash=token_hash,
                subscriber_id=subscriber_id,
                what=without_addresses(what),
                wording=wording,
                made_at=now,
                expires_at=expires_at,
            )
        )
        ask_for_letter(connection, LetterKind.CONFIRM, subscriber_id, now)
        return SignUpEnd.CONFIRM, subscriber_id

    def forget_unconfirmed(self, *, now: datetime) -> int:
        """Delete who signed up and did not confirm in time, what is kept of forms of more than a day ago, and letters
        that ended long ago.

        Returns how many readers were deleted. Writes only where there is something to delete.
        """
        old_form = select(sign_ups.c.id).where(sign_ups.c.at <= now - FLOOD_WINDOW)
        old_link = select(confirmations.c.token_hash).where(confirmations.c.expires_at <= now)
        if not self._is_any(old_form, old_link, select(letters.c.id).where(letters_to_forget(now))):
            return 0
        with self._database.write("forget_unconfirmed") as connection:
            return _forget_old(connection, now)

    def waiting_confirmation(self, token_hash: str, *, now: datetime) -> Subscriber | None:
        """The reader whom a confirmation link is for; None when it is unknown, used or expired. Changes nothing."""
        with self._database.read() as connection:
            link = _link(connection, token_hash, now)
            row = _by_id(connection, link["subscriber_id"]) if link is not None and link["used_at"] is None else None
        return as_reader(row) if row is not None and row["state"] == SubscriberState.PENDING else None

    @transaction("confirm")
    def confirm(self, connection: Connection, token_hash: str, *, now: datetime) -> Confirmed | None:
        """The reader says yes: on the list from the next item on, and what barred the address is lifted.

        A letter that welcomes is asked for. A second time gives the same answer and changes nothing. None for a link
        that is unknown or expired, or whose reader has left since.
        """
        link = _link(connection, token_hash, now)
        row = _by_id(connection, link["subscriber_id"]) if link is not None else None
        if link is None or row is None:
            return None
        if link["used_at"] is not None:
            there = row["state"] in ON_THE_LIST
            return Confirmed(row["id"], is_new=False) if there else None
        since = counts_from(connection, now)
        if not transition_subscriber(connection, SubscriberVerb.CONFIRM, row["id"], cadence_since_at=since):
            return None
        connection.execute(update(confirmations).where(confirmations.c.token_hash == token_hash).values(used_at=now))
        self._lift(connection, row["id"], row["address_key"])
        consent = {"what": link["what"], "wording": link["wording"]}
        note_consent(connection, row["id"], ConsentHow.FORM, link["made_at"], **consent)
        note_consent(connection, row["id"], ConsentHow.CONFIRMED, now, **consent)
        append(connection, at=now, kind="subscriber.confirmed", who="reader", subscriber=row["id"])
        ask_for_letter(connection, LetterKind.WELCOME, row["id"], now)
        return Confirmed(row["id"], is_new=True)

    @transaction("add_reader")
    def add(
        self, connection: Connection, new: NewSubscriber, *, who: str, asked_back: bool = False, now: datetime
    ) -> Added:
        """A named person adds a reader who asked to be on the list.

        Somebody who left, complained, bounced or was erased is added only with ``asked_back``: the reader asked for it.
        """
        hashes = self._database.address_hashes(new.key)
        row = _by_key(connection, new.key)
        if row is not None and row["state"] in ON_THE_LIST:
            again = bool(_to_example(connection, row["id"]))
            if again:
                what = "agreed again to get the emails, and was told who sends them"
                note_consent(connection, row["id"], ConsentHow.ADDED, now, what=what, who=who)
                append(connection, at=now, kind="subscriber.agreed-again", who=who, subscriber=row["id"])
            return Added(row["id"], already_there=True, agreed_again=again)
        barred = _barred_for(connection, new.key, hashes)
        if barred and not asked_back:
            return Added("", barred=barred)
        subscriber_id = row["id"] if row is not None else new.subscriber_id
        values: dict[str, Any] = {"cadence_since_at": counts_from(connection, now), "source": f"added by {person(who)}"}
        if not _put(connection, row, SubscriberVerb.ADD, new, now, **values):
            return Added("", barred=str(row["state"]) if row is not None else "")
        self._lift(connection, subscriber_id, new.key)
        what = "asked to come back to the list" if barred else "asked to be on the list"
        note_consent(connection, subscriber_id, ConsentHow.ADDED, now, what=what, who=who)
        append(connection, at=now, kind="subscriber.added", who=who, subscriber=subscriber_id, barred_before=barred)
        return Added(subscriber_id)

    def _lift(self, connection: Connection, subscriber_id: str, key: str) -> None:
        """Take back what bars an address, and forget what was chosen in an earlier stay."""
        hashes = self._database.address_hashes(key)
        connection.execute(delete(suppressions).where(suppressions.c.address_key == key))
        connection.execute(delete(hashed_suppressions).where(hashed_suppressions.c.address_hash.in_(hashes)))
        connection.execute(delete(cadences).where(cadences.c.subscriber_id == subscriber_id))

    # -- choosing -----------------------------------------------------------------------------------------

    @transaction("cadence")
    def set_cadence(self, connection: Connection, subscriber_id: str, cadence: Cadence, *, now: datetime) -> bool:
        """How often, from the next item on. False when it is so already, or there is no such reader."""
        row = _by_id(connection, subscriber_id)
        if row is None or row["state"] not in _CHOOSES or row["cadence"] == cadence:
            return False
        # A clock that was set back undoes neither what was chosen nor what was sent.
        since = max(counts_from(connection, now), row["cadence_since_at"])
        if since > row["cadence_since_at"]:
            connection.execute(
                insert(cadences).values(
                    subscriber_id=subscriber_id, since_at=row["cadence_since_at"], cadence=row["cadence"]
                )
            )
        connection.execute(
            update(subscribers)
            .where(subscribers.c.id == subscriber_id)
            .values(cadence=str(cadence), cadence_since_at=since)
        )
        append(
            connection,
            at=now,
            kind="subscriber.cadence",
            who="reader",
            subscriber=subscriber_id,
            before=row["cadence"],
            after=str(cadence),
        )
        return True

    @transaction("pause")
    def pause(self, connection: Connection, subscriber_id: str, *, until_at: datetime, now: datetime) -> bool:
        """Silence until then. What falls due meanwhile is not sent later."""
        return _set_pause(connection, SubscriberVerb.PAUSE, subscriber_id, until_at, now, until=until_at)

    @transaction("resume")
    def resume(self, connection: Connection, subscriber_id: str, *, now: datetime) -> bool:
        """The end of a pause, before its date."""
        return _set_pause(connection, SubscriberVerb.RESUME, subscriber_id, None, now)

    @transaction("zone")
    def set_zone(self, connection: Connection, subscriber_id: str, zone: str, *, now: datetime) -> bool:
        """Where the reader's morning is; an empty zone is the campaign's. What is frozen stays as it is."""
        changed = connection.execute(
            update(subscribers)
            .where(subscribers.c.id == subscriber_id, subscribers.c.state.in_(_CHOOSES), subscribers.c.zone != zone)
            .values(zone=zone)
        ).rowcount
        return bool(changed)

    @transaction("ask_for_more")
    def ask_for_more(
        self,
        connection: Connection,
        subscriber_id: str,
        asks: bool,
        *,
        what: str = "",
        wording: str = "",
        now: datetime,
    ) -> bool:
        """Whether the reader wants to hear of the next season too, and so is kept at the end of this one."""
        row = _by_id(connection, subscriber_id)
        if row is None or row["state"] not in _CHOOSES or (row["asked_for_more_at"] is not None) == asks:
            return False
        connection.execute(
            update(subscribers).where(subscribers.c.id == subscriber_id).values(asked_for_more_at=now if asks else None)
        )
        words = what or ("to be kept for the next season" if asks else "not to be kept after the season")
        note_consent(connection, subscriber_id, ConsentHow.CHANGED, now, what=words, wording=wording)
        return True

    # -- going --------------------------------------------------------------------------------------------

    @transaction("unsubscribe")
    def unsubscribe(
        self, connection: Connection, subscriber_id: str, *, reason: str, now: datetime, source: str = ""
    ) -> bool:
        """A reader leaves: in force before the next call. The address is barred, so that no later import brings it
        back. False when there is no such reader, or they had left."""
        row = _by_id(connection, subscriber_id)
        if row is None or not transition_subscriber(connection, SubscriberVerb.LEAVE, subscriber_id):
            return False
        barred = select(suppressions.c.reason).where(suppressions.c.address_key == row["address_key"])
        if connection.execute(barred).first() is None:
            connection.execute(
                suppressions.insert().values(
                    address_key=row["address_key"],
                    subscriber_id=subscriber_id,
                    reason=reason,
                    source=source,
                    at=now,
                )
            )
        note_consent(connection, subscriber_id, ConsentHow.WITHDRAWN, now, what=f"left the list: {reason}")
        append(connection, at=now, kind="subscriber.left", who=source or "reader", subscriber=subscriber_id, why=reason)
        return True

    def erase(self, address: str, *, who: str, now: datetime) -> Erased:
        """Take an address, its name and its zone out of the ledger, wherever they stand.

        What stays: the reader's random id (in the rows of what went out), and a keyed hash of the address, by which a
        later import leaves it out. Also for an address that is not on the list.
        """
        key = address_key(address)
        hashes = self._database.address_hashes(key)
        with self._database.write("erase") as connection:
            self._database.overwrite_deleted(connection)
            row = _by_key(connection, key)
            reason = _COMPLAINED if _has_complained(connection, row, key, hashes) else str(SubscriberState.ERASED)
            subscriber_id = str(row["id"]) if row is not None else ""
            connection.execute(delete(suppressions).where(suppressions.c.address_key == key))
            connection.execute(delete(sign_ups).where(sign_ups.c.address_hash.in_(hashes)))
            connection.execute(delete(hashed_suppressions).where(hashed_suppressions.c.address_hash.in_(hashes)))
            connection.execute(
                insert(hashed_suppressions).values(
                    address_hash=hashes[0], subscriber_id=subscriber_id, reason=reason, source="erased", at=now
                )
            )
            if row is not None:
                transition_subscriber(
                    connection,
                    SubscriberVerb.ERASE,
                    subscriber_id,
                    address="",
                    address_key=f"erased:{subscriber_id}",
                    name="",
                    zone="",
                    source="",
                    cadence=str(DEFAULT_CADENCE),
                    paused_until_at=None,
                    asked_for_more_at=None,
                )
                for table in (cadences, confirmations, letters):
                    connection.execute(delete(table).where(table.c.subscriber_id == subscriber_id))
                note_consent(connection, subscriber_id, ConsentHow.WITHDRAWN, now, what="erased from the list", who=who)
            append(connection, at=now, kind="subscriber.erased", who=who, subscriber=subscriber_id)
            number = self._database.number_of(connection)
            ledger_id = str(connection.execute(select(ledger.c.ledger_id)).scalar_one())
        self._database.erased(ledger_id, hashes[0], now)
        left = self._database.forget_deleted(subscribers.name, suppressions.name, deleted_by=number)
        return Erased(subscriber_id, left)

    def erasures(self) -> dict[str, datetime]:
        """Keyed hashes of erased addresses, and when."""
        query = select(hashed_suppressions.c.address_hash, hashed_suppressions.c.at)
        return dict(self._read(query.where(hashed_suppressions.c.source == "erased")).all())

    def erase_again(self, erased: Mapping[str, datetime], *, now: datetime) -> int:
        """Erase whom this ledger has forgotten that it erased: it was put back from an older copy. How many.

        Who came back to the list after they were erased, by their own word, stays.
        """
        query = select(subscribers.c.address, subscribers.c.address_key, subscribers.c.cadence_since_at)
        rows = self._read(query.where(subscribers.c.address != "")).all()
        unknown, again = dict(erased), []
        for address, key, since_at in rows:
            for hashed in self._database.address_hashes(key):
                erased_at = unknown.pop(hashed, None)
                if erased_at is not None and since_at <= erased_at:
                    again.append(address)
        for address in again:
            self.erase(address, who="start", now=now)
        with self._database.write("erase_again") as connection:
            for hashed, at in unknown.items():
                connection.execute(
                    insert(hashed_suppressions).values(
                        address_hash=hashed, reason=str(SubscriberState.ERASED), source="erased", at=at
                    )
                )
        return len(again)


def _set_pause(
    connection: Connection,
    verb: SubscriberVerb,
    subscriber_id: str,
    until_at: datetime | None,
    now: datetime,
    **more: Any,
) -> bool:
    if not transition_subscriber(connection, verb, subscriber_id, paused_until_at=until_at):
        return False
    kind = "subscriber.paused" if verb is SubscriberVerb.PAUSE else "subscriber.resumed"
    append(connection, at=now, kind=kind, who="reader", subscriber=subscriber_id, why="asked", **more)
    return True


def _put(
    connection: Connection,
    row: RowMapping | None,
    verb: SubscriberVerb,
    new: NewSubscriber,
    now: datetime,
    **values: object,
) -> bool:
    """Add a reader, or change the row that there is, if it is in a state from which ``verb`` is allowed."""
    chosen = {"address": new.address, "name": new.name, "zone": new.zone or "", "cadence": str(new.cadence)}
    values = {**chosen, "paused_until_at": None, **values}
    if row is not None:
        return transition_subscriber(connection, verb, row["id"], **values)
    added = {"id": new.subscriber_id, "address_key": new.key, "source": new.source, "created_at": now}
    connection.execute(insert(subscribers).values(**{**added, "state": str(subscriber_leads_to(verb)), **values}))
    return True


def _by_id(connection: Connection, subscriber_id: str) -> RowMapping | None:
    return first_row(connection, select(subscribers).where(subscribers.c.id == subscriber_id))


def _by_key(connection: Connection, key: str) -> RowMapping | None:
    return first_row(connection, select(subscribers).where(subscribers.c.address_key == key))


def _link(connection: Connection, token_hash: str, now: datetime) -> RowMapping | None:
    query = select(confirmations).where(confirmations.c.token_hash == token_hash, confirmations.c.expires_at > now)
    return first_row(connection, query)


def _barred_for(connection: Connection, key: str, hashes: tuple[str, ...]) -> str:
    """Why an address is barred; empty when it is not."""
    reason = connection.execute(select(suppressions.c.reason).where(suppressions.c.address_key == key)).scalar()
    if reason is None:
        by_hash = select(hashed_suppressions.c.reason).where(hashed_suppressions.c.address_hash.in_(hashes))
        reasons = set(connection.execute(by_hash).scalars())
        reason = _COMPLAINED if _COMPLAINED in reasons else next(iter(reasons), None)
    return str(reason) if reason is not None else ""


def _has_complained(connection: Connection, row: RowMapping | None, key: str, hashes: tuple[str, ...]) -> bool:
    if row is not None and row["state"] == SubscriberState.COMPLAINED:
        return True
    return _barred_for(connection, key, hashes) == _COMPLAINED


def _forget_old(connection: Connection, now: datetime) -> int:
    """Forms of more than a day ago, and people who never confirmed: nothing of them is kept. How many people."""
    connection.execute(delete(sign_ups).where(sign_ups.c.at <= now - FLOOD_WINDOW))
    expired = confirmations.c.expires_at <= now
    never = select(confirmations.c.subscriber_id).where(expired, confirmations.c.used_at.is_(None))
    gone = connection.execute(
        delete(subscribers).where(subscribers.c.id.in_(never), subscribers.c.state == str(SubscriberState.PENDING))
    )
    connection.execute(delete(confirmations).where(expired))
    connection.execute(delete(letters).where(letters_to_forget(now)))
    return int(gone.rowcount)
