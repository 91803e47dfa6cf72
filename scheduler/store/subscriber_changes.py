"""One reader at a time: signing up, confirming, leaving, pausing, choosing how often, being erased.

Each act is one guarded update by the table in ``domain/subscriber.py``, one line of the history (an id, never an
address) and, where something was agreed to or taken back, one line of the consent history.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, delete, exists, func, insert, or_, select, update

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
from .repository import Repository, counts_from
from .subscribers import as_reader
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
    found = [ConsentToExample(i, at, SubscriberState(state), speaker_of(what)) for i, state, at, what in rows]
    return tuple(sorted((c for c in found if is_example(c.named)), key=lambda c: (c.at, c.subscriber_id)))


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


class SubscriberRepository(Repository):
    """What readers do, and what is done for them."""

    # -- looking ------------------------------------------------------------------------------------------

    def get(self, subscriber_id: str) -> Subscriber | None:
        with self._database.read() as connection:
            row = _by_id(connection, subscriber_id)
        return as_reader(row) if row is not None else None

    def find(self, address: str) -> Subscriber | None:
        """The reader with that address, however it is written."""
        with self._database.read() as connection:
            row = _by_key(connection, address_key(address))
        return as_reader(row) if row is not None else None

    def consents_to_example(self) -> tuple[ConsentToExample, ...]:
        with self._database.read() as connection:
            return _to_example(connection)

    def consents(self, subscriber_id: str) -> tuple[Consent, ...]:
        """What a reader agreed to, oldest first; the line of the import among them."""
        with self._database.read() as connection:
            row = _by_id(connection, subscriber_id)
            mine = consents.c.subscriber_id == subscriber_id
            if row is not None:
                imported = and_(
                    consents.c.subscriber_id == "",
                    consents.c.source == row["source"],
                    consents.c.at == row["created_at"],
                )
                mine = or_(mine, imported)
            found = connection.execute(select(consents).where(mine).order_by(consents.c.at, consents.c.id)).mappings()
            return tuple(
                Consent(r["at"], ConsentHow(r["how"]), r["what"], r["wording"], r["who"] or r["source"]) for r in found
            )

    # -- coming -------------------------------------------------------------------------------------------

    def sign_up(
        self,
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
        with self._database.write("sign_up") as connection:
            _forget_old(connection, now)
            if where_from and _forms(connection, sign_ups.c.network_hash == where_from) >= FORMS_A_NETWORK:
                return SignUpEnd.FLOOD, ""
            row = _by_key(connection, new.key)
            subscriber_id = row["id"] if row is not None else new.subscriber_id
            if _has_complained(connection, row, new.key, hashes):
                return SignUpEnd.BARRED, ""
            if _forms(connection, sign_ups.c.address_hash == who):
                return SignUpEnd.WAIT, ""
            if too_many_wait(connection):
                return SignUpEnd.FULL, ""
            connection.execute(insert(sign_ups).values(at=now, address_hash=who, network_hash=where_from))
            if row is not None and row["state"] in list(map(str, ON_THE_LIST)):
                ask_for_letter(connection, LetterKind.ALREADY_THERE, subscriber_id, now)
                return SignUpEnd.ALREADY_THERE, subscriber_id
            chosen = {
                "address": new.address,
                "name": new.name,
                "zone": new.zone or "",
                "cadence": str(new.cadence),
                "cadence_since_at": now,
                "paused_until_at": None,
            }
            if row is None:
                connection.execute(
                    insert(subscribers).values(
                        id=subscriber_id,
                        address_key=new.key,
                        source=new.source,
                        created_at=now,
                        state=str(SubscriberState.PENDING),
                        **chosen,
                    )
                )
            elif not transition_subscriber(connection, SubscriberVerb.SIGN_UP, subscriber_id, **chosen):
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
        with self._database.read() as connection:
            old_form = connection.execute(select(sign_ups.c.id).where(sign_ups.c.at <= now - FLOOD_WINDOW).limit(1))
            old_link = connection.execute(
                select(confirmations.c.token_hash).where(confirmations.c.expires_at <= now).limit(1)
            )
            old_letter = connection.execute(select(letters.c.id).where(letters_to_forget(now)).limit(1))
            if old_form.first() is None and old_link.first() is None and old_letter.first() is None:
                return 0
        with self._database.write("forget_unconfirmed") as connection:
            return _forget_old(connection, now)

    def waiting_confirmation(self, token_hash: str, *, now: datetime) -> Subscriber | None:
        """The reader whom a confirmation link is for; None when it is unknown, used or expired. Changes nothing."""
        with self._database.read() as connection:
            link = _link(connection, token_hash, now)
            row = _by_id(connection, link["subscriber_id"]) if link is not None and link["used_at"] is None else None
        return as_reader(row) if row is not None and row["state"] == SubscriberState.PENDING else None

    def confirm(self, token_hash: str, *, now: datetime) -> Confirmed | None:
        """The reader says yes: on the list from the next item on, and what barred the address is lifted.

        A letter that welcomes is asked for. A second time gives the same answer and changes nothing. None for a link
        that is unknown or expired, or whose reader has left since.
        """
        with self._database.write("confirm") as connection:
            link = _link(connection, token_hash, now)
            row = _by_id(connection, link["subscriber_id"]) if link is not None else None
            if link is None or row is None:
                return None
            if link["used_at"] is not None:
                there = row["state"] in list(map(str, ON_THE_LIST))
                return Confirmed(row["id"], is_new=False) if there else None
            since = counts_from(connection, now)
            if not transition_subscriber(connection, SubscriberVerb.CONFIRM, row["id"], cadence_since_at=since):
                return None
            connection.execute(
                update(confirmations).where(confirmations.c.token_hash == token_hash).values(used_at=now)
            )
            self._lift(connection, row)
            said = {"what": link["what"], "wording": link["wording"]}
            note_consent(connection, row["id"], ConsentHow.FORM, link["made_at"], **said)
            note_consent(connection, row["id"], ConsentHow.CONFIRMED, now, **said)
            append(connection, at=now, kind="subscriber.confirmed", who="reader", subscriber=row["id"])
            ask_for_letter(connection, LetterKind.WELCOME, row["id"], now)
            return Confirmed(row["id"], is_new=True)

    def add(self, new: NewSubscriber, *, who: str, asked_back: bool = False, now: datetime) -> Added:
        """A named person adds a reader who asked to be on the list.

        Somebody who left, complained, bounced or was erased is added only with ``asked_back``: the reader asked for it.
        """
        hashes = self._database.address_hashes(new.key)
        with self._database.write("add_reader") as connection:
            row = _by_key(connection, new.key)
            if row is not None and row["state"] in list(map(str, ON_THE_LIST)):
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
            values = {
                "address": new.address,
                "name": new.name,
                "zone": new.zone or "",
                "cadence": str(new.cadence),
                "cadence_since_at": counts_from(connection, now),
                "paused_until_at": None,
                "source": f"added by {person(who)}",
            }
            if row is None:
                connection.execute(
                    insert(subscribers).values(
                        id=subscriber_id,
                        address_key=new.key,
                        state=str(SubscriberState.ACTIVE),
                        created_at=now,
                        **values,
                    )
                )
                row = _by_id(connection, subscriber_id)
            elif not transition_subscriber(connection, SubscriberVerb.ADD, subscriber_id, **values):
                return Added("", barred=str(row["state"]))
            assert row is not None  # noqa: S101 - it was there, or was added just now
            self._lift(connection, row)
            what = "asked to come back to the list" if barred else "asked to be on the list"
            note_consent(connection, subscriber_id, ConsentHow.ADDED, now, what=what, who=who)
            append(connection, at=now, kind="subscriber.added", who=who, subscriber=subscriber_id, barred_before=barred)
            return Added(subscriber_id)

    def _lift(self, connection: Connection, row: RowMapping) -> None:
        """Take back what bars an address, and forget what was chosen in an earlier stay."""
        hashes = self._database.address_hashes(row["address_key"])
        connection.execute(delete(suppressions).where(suppressions.c.address_key == row["address_key"]))
        connection.execute(delete(hashed_suppressions).where(hashed_suppressions.c.address_hash.in_(hashes)))
        connection.execute(delete(cadences).where(cadences.c.subscriber_id == row["id"]))

    # -- choosing -----------------------------------------------------------------------------------------

    def set_cadence(self, subscriber_id: str, cadence: Cadence, *, now: datetime) -> bool:
        """How often, from the next item on. False when it is so already, or there is no such reader."""
        with self._database.write("cadence") as connection:
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

    def pause(self, subscriber_id: str, *, until_at: datetime, now: datetime) -> bool:
        """Silence until then. What falls due meanwhile is not sent later."""
        with self._database.write("pause") as connection:
            if not transition_subscriber(connection, SubscriberVerb.PAUSE, subscriber_id, paused_until_at=until_at):
                return False
            append(
                connection,
                at=now,
                kind="subscriber.paused",
                who="reader",
                subscriber=subscriber_id,
                why="asked",
                until=until_at,
            )
        return True

    def resume(self, subscriber_id: str, *, now: datetime) -> bool:
        """The end of a pause, before its date."""
        with self._database.write("resume") as connection:
            if not transition_subscriber(connection, SubscriberVerb.RESUME, subscriber_id, paused_until_at=None):
                return False
            append(connection, at=now, kind="subscriber.resumed", who="reader", subscriber=subscriber_id, why="asked")
        return True

    def set_zone(self, subscriber_id: str, zone: str, *, now: datetime) -> bool:
        """Where the reader's morning is; an empty zone is the campaign's. What is frozen stays as it is."""
        with self._database.write("zone") as connection:
            changed = connection.execute(
                update(subscribers)
                .where(subscribers.c.id == subscriber_id, subscribers.c.state.in_(_CHOOSES), subscribers.c.zone != zone)
                .values(zone=zone)
            ).rowcount
        return bool(changed)

    def ask_for_more(self, subscriber_id: str, asks: bool, *, what: str = "", wording: str = "", now: datetime) -> bool:
        """Whether the reader wants to hear of the next season too, and so is kept at the end of this one."""
        with self._database.write("ask_for_more") as connection:
            row = _by_id(connection, subscriber_id)
            if row is None or row["state"] not in _CHOOSES or (row["asked_for_more_at"] is not None) == asks:
                return False
            connection.execute(
                update(subscribers)
                .where(subscribers.c.id == subscriber_id)
                .values(asked_for_more_at=now if asks else None)
            )
            words = what or ("to be kept for the next season" if asks else "not to be kept after the season")
            note_consent(connection, subscriber_id, ConsentHow.CHANGED, now, what=words, wording=wording)
        return True

    # -- going --------------------------------------------------------------------------------------------

    def unsubscribe(self, subscriber_id: str, *, reason: str, now: datetime, source: str = "") -> bool:
        """A reader leaves: in force before the next call. The address is barred, so that no later import brings it
        back. False when there is no such reader, or they had left."""
        with self._database.write("unsubscribe") as connection:
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
            append(
                connection, at=now, kind="subscriber.left", who=source or "reader", subscriber=subscriber_id, why=reason
            )
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
                connection.execute(delete(cadences).where(cadences.c.subscriber_id == subscriber_id))
                connection.execute(delete(confirmations).where(confirmations.c.subscriber_id == subscriber_id))
                connection.execute(delete(letters).where(letters.c.subscriber_id == subscriber_id))
                what = "erased from the list"
                note_consent(connection, subscriber_id, ConsentHow.WITHDRAWN, now, what=what, who=who)
            append(connection, at=now, kind="subscriber.erased", who=who, subscriber=subscriber_id)
            number = self._database.number_of(connection)
            ledger_id = str(connection.execute(select(ledger.c.ledger_id)).scalar_one())
        self._database.erased(ledger_id, hashes[0], now)
        left = self._database.forget_deleted(subscribers.name, suppressions.name, deleted_by=number)
        return Erased(subscriber_id, left)

    def erasures(self) -> dict[str, datetime]:
        """Keyed hashes of erased addresses, and when."""
        query = select(hashed_suppressions.c.address_hash, hashed_suppressions.c.at)
        with self._database.read() as connection:
            found = connection.execute(query.where(hashed_suppressions.c.source == "erased"))
            return dict(found.all())

    def erase_again(self, erased: Mapping[str, datetime], *, now: datetime) -> int:
        """Erase whom this ledger has forgotten that it erased: it was put back from an older copy. How many.

        Who came back to the list after they were erased, by their own word, stays.
        """
        query = select(subscribers.c.address, subscribers.c.address_key, subscribers.c.cadence_since_at)
        with self._database.read() as connection:
            rows = connection.execute(query.where(subscribers.c.address != "")).all()
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


def _by_id(connection: Connection, subscriber_id: str) -> RowMapping | None:
    return connection.execute(select(subscribers).where(subscribers.c.id == subscriber_id)).mappings().first()


def _by_key(connection: Connection, key: str) -> RowMapping | None:
    return connection.execute(select(subscribers).where(subscribers.c.address_key == key)).mappings().first()


def _link(connection: Connection, token_hash: str, now: datetime) -> RowMapping | None:
    query = select(confirmations).where(confirmations.c.token_hash == token_hash, confirmations.c.expires_at > now)
    return connection.execute(query).mappings().first()


def _forms(connection: Connection, where: ColumnElement[bool]) -> int:
    """How many forms of the last day; older ones were forgotten a moment ago."""
    return int(connection.execute(select(func.count()).select_from(sign_ups).where(where)).scalar_one())


def _barred_for(connection: Connection, key: str, hashes: tuple[str, ...]) -> str:
    """Why an address is barred; empty when it is not."""
    found = connection.execute(select(suppressions.c.reason).where(suppressions.c.address_key == key)).scalar()
    if found is None:
        by_hash = select(hashed_suppressions.c.reason).where(hashed_suppressions.c.address_hash.in_(hashes))
        reasons = set(connection.execute(by_hash).scalars())
        found = _COMPLAINED if _COMPLAINED in reasons else next(iter(reasons), None)
    return str(found) if found is not None else ""


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
