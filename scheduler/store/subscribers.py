"""One reader of a campaign at a time: signing up, confirming, leaving, pausing, choosing how often, being erased.

Each act is one guarded update by the table in ``domain/subscriber.py``, one line of the history (an id, never an
address) and, where something was agreed to or taken back, one line of the consent history.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import (
    Connection,
    RowMapping,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from ..domain.address import address_key
from ..domain.cadence import DEFAULT_CADENCE, Cadence
from ..domain.discreet import STORED
from ..domain.redact import person as person_named
from ..domain.redact import without_addresses
from ..domain.subscriber import (
    ON_THE_LIST,
    Added,
    Confirmed,
    ConsentHow,
    ConsentLine,
    ConsentToExample,
    Erased,
    HadMail,
    KnownOfPerson,
    NewSubscriber,
    SignUpEnd,
    SubscriberState,
    SubscriberVerb,
    Subscription,
    subscriber_leads_to,
)
from ..domain.transactional_email import LetterKind
from .barring import (
    COMPLAINED,
    MOVED,
    UNSUBSCRIBED,
    allow,
    bar_hash,
    barred_for,
    has_complained,
    suppress,
    take_along,
)
from .events import append
from .invitations import forget_reviewer
from .kept_counts import ALLOWED, about_to_bar, about_to_change
from .repository import (
    agreement_is_over,
    bars,
    count,
    counts_from,
    first_row,
    of_reader,
    row_to,
    transaction,
)
from .subscriber_list import ALL_SUBSCRIPTIONS, SubscriberListRepository, as_subscription, forget_people
from .subscriptions import as_consent, consents_to_example, is_about, note_consent, transition_subscriptions
from .tables import (
    batches,
    cadences,
    confirmations,
    consents,
    deliveries,
    hashed_suppressions,
    invitations,
    ledger,
    letters,
    recipients,
    reviewer_mails,
    sign_ups,
    subscribers,
    subscriptions,
    suppressions,
)
from .transactional_emails import ask_for_letter, letters_to_forget, too_many_wait

#: Within this time one address gets one confirmation mail, and one network may send so many forms. A school or a
#: library is one network.
FLOOD_WINDOW = timedelta(days=1)
FORMS_A_NETWORK = 30
#: So long can a reader take back that they left.
UNDO_WITHIN = timedelta(hours=1)

_CHOOSES = [str(s) for s in (SubscriberState.PENDING, SubscriberState.ACTIVE, SubscriberState.PAUSED)]


class SubscriberRepository(SubscriberListRepository):
    """The people who get the emails: one by one here, many at once in the list."""

    # -- looking ------------------------------------------------------------------------------------------

    def get(self, campaign: str, subscriber_id: str) -> Subscription | None:
        query = ALL_SUBSCRIPTIONS.where(of_reader(subscriptions, campaign, subscriber_id))
        return self._first(as_subscription, query)

    def find(self, campaign: str, address: str) -> Subscription | None:
        """The reader with that address on a campaign's list, however it is written."""
        query = ALL_SUBSCRIPTIONS.where(subscribers.c.address_key == address_key(address))
        return self._first(as_subscription, query.where(subscriptions.c.campaign == campaign))

    def of_person(self, subscriber_id: str) -> tuple[Subscription, ...]:
        """All that a person subscribes to, or has subscribed to, by campaign."""
        mine = ALL_SUBSCRIPTIONS.where(subscriptions.c.subscriber_id == subscriber_id)
        return self._all(as_subscription, mine.order_by(subscriptions.c.campaign))

    def who_gets_mail_at(self, address: str) -> str:
        """The id of the person with that address who is on a list, or signed up for one; empty where there is none."""
        query = select(subscribers.c.id).join(subscriptions, subscriptions.c.subscriber_id == subscribers.c.id)
        there = (subscribers.c.address_key == address_key(address), subscriptions.c.state.in_(_CHOOSES))
        return str(self._read(query.where(*there).limit(1)).scalar() or "")

    def consents_to_example(self) -> tuple[ConsentToExample, ...]:
        with self._database.read() as connection:
            return consents_to_example(connection)

    def consents(self, subscriber_id: str) -> tuple[ConsentLine, ...]:
        """What a reader agreed to, oldest first; the lines of imports among them."""
        imported = exists().where(
            subscriptions.c.subscriber_id == subscriber_id,
            consents.c.subscriber_id == "",
            consents.c.campaign.in_(("", subscriptions.c.campaign)),
            consents.c.source == subscriptions.c.source,
            consents.c.at == subscriptions.c.created_at,
        )
        query = select(consents).where(or_(consents.c.subscriber_id == subscriber_id, imported))
        return self._all(as_consent, query.order_by(consents.c.at, consents.c.id))

    # -- coming -------------------------------------------------------------------------------------------

    @transaction("sign_up")
    def sign_up(
        self,
        connection: Connection,
        campaign: str,
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
        person = _by_key(connection, new.key)
        subscriber_id = person["id"] if person is not None else new.subscriber_id
        if has_complained(connection, campaign, person, new.key, hashes):
            return SignUpEnd.BARRED, ""
        if _has_just_asked(connection, campaign, subscriber_id, who):
            return SignUpEnd.WAIT, ""
        if too_many_wait(connection):
            return SignUpEnd.FULL, ""
        connection.execute(
            insert(sign_ups).values(at=now, campaign=campaign, address_hash=who, network_hash=where_from)
        )
        transition_subscriptions(connection, SubscriberVerb.LEAVE, campaign, subscriber_id, agreement_is_over(now))
        row = _subscription(connection, campaign, subscriber_id)
        if row is not None and row["state"] in ON_THE_LIST:
            ask_for_letter(connection, LetterKind.ALREADY_THERE, campaign, subscriber_id, now)
            return SignUpEnd.ALREADY_THERE, subscriber_id
        if not _put(connection, campaign, person, row, SubscriberVerb.SIGN_UP, new, now, cadence_since_at=now):
            return SignUpEnd.BARRED, ""
        connection.execute(delete(confirmations).where(of_reader(confirmations, campaign, subscriber_id)))
        connection.execute(
            insert(confirmations).values(
                token_hash=token_hash,
                campaign=campaign,
                subscriber_id=subscriber_id,
                what=without_addresses(what),
                wording=wording,
                ends_on=new.ends_on,
                made_at=now,
                expires_at=expires_at,
            )
        )
        ask_for_letter(connection, LetterKind.CONFIRM, campaign, subscriber_id, now)
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

    def waiting_confirmation(self, token_hash: str, *, now: datetime) -> Subscription | None:
        """The reader whom a confirmation link is for; None when it is unknown, used or expired. Changes nothing."""
        with self._database.read() as connection:
            link = _link(connection, token_hash, now)
            if link is None or link["used_at"] is not None or link["new_address"]:
                return None
            mine = of_reader(subscriptions, link["campaign"], link["subscriber_id"])
            row = first_row(connection, ALL_SUBSCRIPTIONS.where(mine))
        return as_subscription(row) if row is not None and row["state"] == SubscriberState.PENDING else None

    def waiting_address(self, token_hash: str, *, now: datetime) -> bool:
        """Whether a link is for somebody who wants their mails at another address. Changes nothing."""
        with self._database.read() as connection:
            link = _link(connection, token_hash, now)
        return link is not None and link["used_at"] is None and bool(link["new_address"])

    def new_address(self, campaign: str, subscriber_id: str, *, now: datetime) -> str:
        """The address at which a reader wants their mails, and has not said yes yet; empty where there is none."""
        mine = (of_reader(confirmations, campaign, subscriber_id), confirmations.c.used_at.is_(None))
        query = select(confirmations.c.new_address).where(*mine, confirmations.c.expires_at > now)
        return str(self._read(query.where(confirmations.c.new_address != "")).scalar() or "")

    @transaction("new_address")
    def ask_new_address(
        self,
        connection: Connection,
        campaign: str,
        subscriber_id: str,
        address: str,
        *,
        token_hash: str,
        expires_at: datetime,
        now: datetime,
    ) -> bool:
        """A reader wants their mails at another address: a letter goes there, and its link decides. Once a day.

        False when no letter goes: the address is barred or somebody's, or a letter has just been asked for.
        """
        key, row = address_key(address), _subscription(connection, campaign, subscriber_id)
        hashes = self._database.address_hashes(key)
        mine = of_reader(confirmations, campaign, subscriber_id)
        asked = (mine, confirmations.c.new_address != "", confirmations.c.made_at > now - FLOOD_WINDOW)
        if (
            row is None
            or row["state"] not in ON_THE_LIST
            or _by_key(connection, key) is not None
            or barred_for(connection, campaign, key, hashes) not in ("", MOVED)
            or count(connection, confirmations, *asked)
            or too_many_wait(connection)
        ):
            return False
        connection.execute(delete(confirmations).where(mine, confirmations.c.new_address != ""))
        connection.execute(
            insert(confirmations).values(
                token_hash=token_hash,
                campaign=campaign,
                subscriber_id=subscriber_id,
                new_address=address,
                made_at=now,
                expires_at=expires_at,
            )
        )
        ask_for_letter(connection, LetterKind.NEW_ADDRESS, campaign, subscriber_id, now)
        return True

    def _change_address(self, connection: Connection, link: RowMapping, now: datetime) -> Confirmed | None:
        """The yes behind a link in the mail to the other address: it takes the place of the old one, in every list."""
        campaign, subscriber_id, key = link["campaign"], link["subscriber_id"], address_key(link["new_address"])
        row, holder = _subscription(connection, campaign, subscriber_id), _by_key(connection, key)
        if row is None or row["state"] not in ON_THE_LIST:
            return None
        barred = barred_for(connection, campaign, key, self._database.address_hashes(key))
        if link["used_at"] is None and barred not in ("", MOVED):
            return None
        if link["used_at"] is not None or holder is not None:
            is_mine = holder is not None and holder["id"] == subscriber_id
            return Confirmed(campaign, subscriber_id, is_new=False, is_address=True) if is_mine else None
        self._database.overwrite_deleted(connection)
        person = subscribers.c.id == subscriber_id
        before = connection.execute(select(subscribers.c.address_key).where(person)).scalar_one()
        connection.execute(update(subscribers).where(person).values(address=link["new_address"], address_key=key))
        hashes = self._database.address_hashes
        take_along(connection, suppressions, (before,), key)
        take_along(connection, hashed_suppressions, hashes(before), hashes(key)[0])
        # The former address is not kept, and a file that still has it brings nobody back twice.
        self._hash_some(connection, suppressions.c.address_key == before)
        about_to_bar(connection, hashed_suppressions, hashes(key))
        is_moved = hashed_suppressions.c.reason == MOVED
        connection.execute(
            delete(hashed_suppressions).where(is_moved, hashed_suppressions.c.address_hash.in_(hashes(key)))
        )
        if not barred_for(connection, "", before, hashes(before)):
            bar_hash(connection, hashes(before)[0], MOVED, subscriber_id, now, source=MOVED)
        by_bounces = subscriptions.c.paused_until_at.is_(None)
        transition_subscriptions(connection, SubscriberVerb.RESUME, None, subscriber_id, by_bounces)
        used = confirmations.c.token_hash == link["token_hash"]
        connection.execute(update(confirmations).where(used).values(used_at=now))
        what = "to get the mails at another address of theirs"
        note_consent(connection, "", subscriber_id, ConsentHow.CHANGED, now, what=what)
        append(connection, at=now, kind="subscriber.address-changed", who="reader", subscriber=subscriber_id)
        return Confirmed(campaign, subscriber_id, is_new=True, is_address=True)

    @transaction("not_mine")
    def refuse(self, connection: Connection, token_hash: str, *, now: datetime) -> bool:
        """Whoever got a letter that asks did not sign up: nothing of them is kept. A form for the same list leads to no
        other letter within the day. Whether there was something to delete."""
        link = _link(connection, token_hash, now)
        if link is None or link["used_at"] is not None:
            return False
        self._database.overwrite_deleted(connection)
        campaign, subscriber_id = link["campaign"], link["subscriber_id"]
        mine = of_reader(subscriptions, campaign, subscriber_id)
        pending = subscriptions.c.state == str(SubscriberState.PENDING)
        this = confirmations.c.token_hash == token_hash
        if link["new_address"]:  # the row stays, without the address: no other letter within the day
            connection.execute(update(confirmations).where(this).values(new_address="-", used_at=now))
        else:
            connection.execute(delete(confirmations).where(this))
            connection.execute(delete(letters).where(of_reader(letters, campaign, subscriber_id)))
            about_to_change(connection, subscriber_id)
            connection.execute(delete(subscriptions).where(mine, pending))
            forget_people(connection, [subscriber_id])
        append(
            connection, at=now, kind="subscriber.not-theirs", who="reader", campaign=campaign, subscriber=subscriber_id
        )
        return True

    @transaction("confirm")
    def confirm(
        self, connection: Connection, token_hash: str, *, instead_of: Collection[str] = (), now: datetime
    ) -> Confirmed | None:
        """The reader says yes: on the list from the next item on, and what barred the address is lifted.

        ``instead_of``: campaigns of which the reader gets this one in their place, being the same in another language.
        A letter that welcomes is asked for. A second time gives the same answer and changes nothing. None for a link
        that is unknown or expired, or whose reader has left since.
        """
        link = _link(connection, token_hash, now)
        if link is None:
            return None
        if link["new_address"]:
            return self._change_address(connection, link, now)
        campaign, subscriber_id = link["campaign"], link["subscriber_id"]
        row, person = _subscription(connection, campaign, subscriber_id), _by_id(connection, subscriber_id)
        if row is None or person is None:
            return None
        if link["used_at"] is not None:
            there = row["state"] in ON_THE_LIST
            return Confirmed(campaign, subscriber_id, is_new=False) if there else None
        since = counts_from(connection, campaign, now)
        agreed = {"cadence_since_at": since, "ends_on": link["ends_on"]}
        if not transition_subscriptions(connection, SubscriberVerb.CONFIRM, campaign, subscriber_id, **agreed):
            return None
        connection.execute(update(confirmations).where(confirmations.c.token_hash == token_hash).values(used_at=now))
        self._lift(connection, campaign, subscriber_id, person["address_key"], now, family=instead_of)
        consent = {"what": link["what"], "wording": link["wording"]}
        note_consent(connection, campaign, subscriber_id, ConsentHow.FORM, link["made_at"], **consent)
        note_consent(connection, campaign, subscriber_id, ConsentHow.CONFIRMED, now, **consent)
        append(
            connection, at=now, kind="subscriber.confirmed", who="reader", campaign=campaign, subscriber=subscriber_id
        )
        _switch(connection, campaign, instead_of, subscriber_id, now)
        ask_for_letter(connection, LetterKind.WELCOME, campaign, subscriber_id, now)
        return Confirmed(campaign, subscriber_id, is_new=True)

    @transaction("add_reader")
    def add(
        self,
        connection: Connection,
        campaign: str,
        new: NewSubscriber,
        *,
        who: str,
        asked_back: bool = False,
        instead_of: Collection[str] = (),
        now: datetime,
    ) -> Added:
        """A named person adds a reader who asked to be on the list. ``instead_of``: see :meth:`confirm`.

        Somebody who left, complained, bounced or was erased is added only with ``asked_back``: the reader asked for it.
        """
        hashes = self._database.address_hashes(new.key)
        person = _by_key(connection, new.key)
        subscriber_id = person["id"] if person is not None else new.subscriber_id
        transition_subscriptions(connection, SubscriberVerb.LEAVE, campaign, subscriber_id, agreement_is_over(now))
        row = _subscription(connection, campaign, subscriber_id)
        of_whom: dict[str, Any] = {"campaign": campaign, "subscriber": subscriber_id}
        if row is not None and row["state"] in ON_THE_LIST:
            again = bool(consents_to_example(connection, campaign, subscriber_id))
            if again:
                what = "agreed again to get the emails, and was told who sends them"
                note_consent(connection, campaign, subscriber_id, ConsentHow.ADDED, now, what=what, who=who)
                append(connection, at=now, kind="subscriber.agreed-again", who=who, **of_whom)
            return Added(subscriber_id, already_there=True, agreed_again=again)
        barred = barred_for(connection, campaign, new.key, hashes, instead_of)
        if barred and not asked_back:
            return Added("", barred=barred)
        values: dict[str, Any] = {
            "cadence_since_at": counts_from(connection, campaign, now),
            "source": f"added by {person_named(who)}",
            "ends_on": new.ends_on,
        }
        if not _put(connection, campaign, person, row, SubscriberVerb.ADD, new, now, **values):
            return Added("", barred=str(row["state"]) if row is not None else "")
        self._lift(connection, campaign, subscriber_id, new.key, now, family=instead_of)
        _switch(connection, campaign, instead_of, subscriber_id, now)
        what = "asked to come back to the list" if barred else "asked to be on the list"
        note_consent(connection, campaign, subscriber_id, ConsentHow.ADDED, now, what=what, who=who)
        append(connection, at=now, kind="subscriber.added", who=who, **of_whom, barred_before=barred)
        return Added(subscriber_id)

    def _lift(
        self,
        connection: Connection,
        campaign: str,
        subscriber_id: str,
        key: str,
        now: datetime,
        *,
        family: Collection[str] = (),
    ) -> None:
        """Take back what bars an address from a campaign, and forget what was chosen in an earlier stay.

        What bars it from all campaigns, or from other editions, goes on doing so for the others; but for a dead
        address, which lives again.
        """
        allow(connection, suppressions, (key,), campaign, now, family)
        allow(connection, hashed_suppressions, self._database.address_hashes(key), campaign, now, family)
        connection.execute(delete(cadences).where(of_reader(cadences, campaign, subscriber_id)))

    # -- choosing -----------------------------------------------------------------------------------------

    @transaction("cadence")
    def set_cadence(
        self, connection: Connection, campaign: str, subscriber_id: str, cadence: Cadence, *, now: datetime
    ) -> bool:
        """How often, from the next item on. False when it is so already, or there is no such reader."""
        row = _subscription(connection, campaign, subscriber_id)
        if row is None or row["state"] not in _CHOOSES or row["cadence"] == cadence:
            return False
        # A clock that was set back undoes neither what was chosen nor what was sent.
        since = max(counts_from(connection, campaign, now), row["cadence_since_at"])
        if since > row["cadence_since_at"]:
            connection.execute(
                insert(cadences).values(
                    campaign=campaign,
                    subscriber_id=subscriber_id,
                    since_at=row["cadence_since_at"],
                    cadence=row["cadence"],
                )
            )
        about_to_change(connection, subscriber_id)
        connection.execute(
            update(subscriptions)
            .where(of_reader(subscriptions, campaign, subscriber_id))
            .values(cadence=str(cadence), cadence_since_at=since)
        )
        append(
            connection,
            at=now,
            kind="subscriber.cadence",
            who="reader",
            campaign=campaign,
            subscriber=subscriber_id,
            before=row["cadence"],
            after=str(cadence),
        )
        return True

    @transaction("pause")
    def pause(
        self, connection: Connection, campaign: str, subscriber_id: str, *, until_at: datetime, now: datetime
    ) -> bool:
        """Silence until then. What falls due meanwhile is not sent later."""
        return _set_pause(connection, SubscriberVerb.PAUSE, campaign, subscriber_id, until_at, now, until=until_at)

    @transaction("resume")
    def resume(self, connection: Connection, campaign: str, subscriber_id: str, *, now: datetime) -> bool:
        """The end of a pause, before its date."""
        return _set_pause(connection, SubscriberVerb.RESUME, campaign, subscriber_id, None, now)

    @transaction("zone")
    def set_zone(self, connection: Connection, subscriber_id: str, zone: str, *, now: datetime) -> bool:
        """Where the person's morning is; an empty zone is each campaign's. What is frozen stays as it is."""
        chooses = exists().where(subscriptions.c.subscriber_id == subscriber_id, subscriptions.c.state.in_(_CHOOSES))
        mine = (subscribers.c.id == subscriber_id, chooses, subscribers.c.zone != zone)
        about_to_change(connection, subscriber_id)
        return bool(connection.execute(update(subscribers).where(*mine).values(zone=zone)).rowcount)

    @transaction("one_a_day")
    def set_one_a_day(
        self, connection: Connection, subscriber_id: str, wanted: bool, *, who: str = "reader", now: datetime
    ) -> bool:
        """At most one mail a day, of all the person's lists together, from the next mail on. What is owed by the time
        it is taken back still comes in the digests. False when it is so already, or nobody is there to choose."""
        chooses = exists().where(subscriptions.c.subscriber_id == subscriber_id, subscriptions.c.state.in_(_CHOOSES))
        mine = (subscribers.c.id == subscriber_id, chooses, subscribers.c.one_a_day != int(wanted))
        if not connection.execute(update(subscribers).where(*mine).values(one_a_day=int(wanted))).rowcount:
            return False
        append(connection, at=now, kind="subscriber.one-a-day", who=who, subscriber=subscriber_id, after=bool(wanted))
        return True

    @transaction("discreet")
    def set_discreet(
        self, connection: Connection, subscriber_id: str, wanted: bool, *, who: str = "reader", now: datetime
    ) -> bool:
        """Whether the mails of all the person's lists, which come into one inbox, have the discreet head; from the
        next mail on. False when it is so already, or nobody is there to choose."""
        mine = (subscriptions.c.subscriber_id == subscriber_id, subscriptions.c.discreet != STORED[wanted])
        chooses = subscriptions.c.state.in_(_CHOOSES)
        chosen = {"discreet": STORED[wanted]}
        if not connection.execute(update(subscriptions).where(*mine, chooses).values(**chosen)).rowcount:
            return False
        append(connection, at=now, kind="subscriber.discreet", who=who, subscriber=subscriber_id, after=bool(wanted))
        return True

    @transaction("ask_for_more")
    def ask_for_more(
        self,
        connection: Connection,
        campaign: str,
        subscriber_id: str,
        asks: bool,
        *,
        what: str = "",
        wording: str = "",
        now: datetime,
    ) -> bool:
        """Whether the reader wants to hear of the next season too, and so is kept at the end of this one."""
        row = _subscription(connection, campaign, subscriber_id)
        if row is None or row["state"] not in _CHOOSES or (row["asked_for_more_at"] is not None) == asks:
            return False
        mine = of_reader(subscriptions, campaign, subscriber_id)
        values: dict[str, Any] = {"asked_for_more_at": now if asks else None}
        if row["ends_on"] is not None and row["ends_on"] < now.date():
            values["ends_on"] = None  # kept from an earlier season: the list's end is theirs
        about_to_change(connection, subscriber_id)
        connection.execute(update(subscriptions).where(mine).values(**values))
        words = what or ("to be kept for the next season" if asks else "not to be kept after the season")
        note_consent(connection, campaign, subscriber_id, ConsentHow.CHANGED, now, what=words, wording=wording)
        return True

    # -- going --------------------------------------------------------------------------------------------

    @transaction("unsubscribe")
    def unsubscribe(
        self,
        connection: Connection,
        campaign: str | None,
        subscriber_id: str,
        *,
        reason: str,
        now: datetime,
        source: str = "",
    ) -> bool:
        """A reader leaves a campaign, or (None) everything: in force before the next call. The address is barred, so
        that no later import brings it back. False when there is no such reader, or they had left."""
        person = _by_id(connection, subscriber_id)
        if person is None or not person["address"]:
            return False
        mine = subscriptions.c.subscriber_id == subscriber_id
        query = select(subscriptions.c.campaign).where(mine).order_by(subscriptions.c.campaign)
        every = [str(name) for name in connection.execute(query).scalars()]
        leave = partial(transition_subscriptions, connection, SubscriberVerb.LEAVE)
        left = [name for name in every if campaign in (None, name) and leave(name, subscriber_id)]
        bar = {"subscriber_id": subscriber_id, "reason": reason, "source": source, "at": now}
        if campaign is None:
            keys = suppressions.c.address_key == person["address_key"]
            about_to_bar(connection, suppressions, person["address_key"])
            connection.execute(delete(suppressions).where(keys, suppressions.c.reason == ALLOWED))
        for name in (*left, "") if campaign is None else (campaign,):
            suppress(connection, person["address_key"], name, **bar)
        for name in left:
            withdrawn = f"left the list: {reason}"
            note_consent(connection, name, subscriber_id, ConsentHow.WITHDRAWN, now, what=withdrawn)
            append(
                connection,
                at=now,
                kind="subscriber.left",
                who=source or "reader",
                campaign=name,
                subscriber=subscriber_id,
                why=reason,
            )
        return bool(left)

    @transaction("come_back")
    def come_back(self, connection: Connection, campaign: str | None, subscriber_id: str, *, now: datetime) -> bool:
        """A reader takes back that they have just left a campaign, or (None) all that they have just left. What they
        had chosen holds again. False after :data:`UNDO_WITHIN`, and for whoever never said yes."""
        person = _by_id(connection, subscriber_id)
        if person is None or not person["address"]:
            return False
        key = person["address_key"]
        if barred_for(connection, "", key, ()) not in ("", UNSUBSCRIBED):
            return False  # a dead address, or a complaint: no button takes that back
        left_at = func.max(consents.c.at)
        query = (
            select(subscriptions.c.campaign, subscriptions.c.paused_until_at)
            .join(consents, is_about(consents))
            .where(subscriptions.c.subscriber_id == subscriber_id, consents.c.how == str(ConsentHow.WITHDRAWN))
            .group_by(subscriptions.c.campaign, subscriptions.c.paused_until_at)
            .where(
                exists().where(
                    suppressions.c.address_key == key,
                    suppressions.c.at > now - UNDO_WITHIN,
                    bars(suppressions, subscriptions.c.campaign),
                )
            )
            .having(left_at > now - UNDO_WITHIN)
        )
        back = partial(transition_subscriptions, connection, SubscriberVerb.COME_BACK)
        returned = []
        for name, paused_until_at in connection.execute(query).all():
            waits = (of_reader(confirmations, name, subscriber_id), confirmations.c.used_at.is_(None))
            never_said_yes = count(connection, confirmations, *waits, confirmations.c.new_address == "")
            if campaign in (None, name) and not never_said_yes and back(name, subscriber_id):
                returned.append(name)
                if paused_until_at is not None and paused_until_at > now:
                    transition_subscriptions(connection, SubscriberVerb.PAUSE, name, subscriber_id)
        if campaign is None and returned:
            about_to_bar(connection, suppressions, key)
            everything = (suppressions.c.address_key == key, suppressions.c.campaign == "")
            connection.execute(delete(suppressions).where(*everything, suppressions.c.at > now - UNDO_WITHIN))
        for name in returned:
            allow(connection, suppressions, (key,), name, now)
            what = "took back, right after it, that they left"
            note_consent(connection, name, subscriber_id, ConsentHow.CHANGED, now, what=what)
            about: dict[str, Any] = {"campaign": name, "subscriber": subscriber_id}
            append(connection, at=now, kind="subscriber.came-back", who="reader", **about)
        return bool(returned)

    def known_of(self, subscriber_id: str) -> KnownOfPerson:
        """All that the ledger holds of a person, but for the address's own rows in backups and logs of providers."""
        state = func.coalesce(recipients.c.state, batches.c.state).label("state")
        mails = (
            select(deliveries.c.campaign, deliveries.c.on_date.label("on"), deliveries.c.item, state)
            .join(recipients, recipients.c.delivery_id == deliveries.c.id)
            .join(
                batches,
                and_(batches.c.delivery_id == deliveries.c.id, batches.c.number == recipients.c.batch_number),
            )
            # By delivery and reader, which is the table's own order: it may hold millions.
            .where(recipients.c.delivery_id.in_(select(deliveries.c.id).where(deliveries.c.kind == "email")))
            .where(recipients.c.subscriber_id == subscriber_id)
            .order_by(deliveries.c.due_at)
        )
        person = subscribers.c.id == subscriber_id
        bars = (
            select(suppressions.c.campaign, suppressions.c.reason, suppressions.c.at)
            .join(subscribers, subscribers.c.address_key == suppressions.c.address_key)
            .where(person, suppressions.c.reason != ALLOWED)
        )
        return KnownOfPerson(
            self.of_person(subscriber_id),
            self.consents(subscriber_id),
            self._all(row_to(HadMail), mails),
            tuple((str(of), str(why), at) for of, why, at in self._read(bars)),
        )

    def erase(self, address: str, *, who: str, subscriber_id: str = "", now: datetime) -> Erased:
        """Take an address, its name and its zone out of the ledger, wherever they stand. ``subscriber_id``: of whoever
        asks for it themselves; then it is the address that they have by now.

        What stays: the reader's random id (in the rows of what went out), and a keyed hash of the address, by which a
        later import leaves it out. Also for an address that is not on the list.
        """
        with self._database.write("erase") as connection:
            self._database.overwrite_deleted(connection)
            person = _by_id(connection, subscriber_id) if subscriber_id else _by_key(connection, address_key(address))
            key = str(person["address_key"]) if person is not None else address_key(address)
            hashes = self._database.address_hashes(key)
            reason = COMPLAINED if has_complained(connection, "", person, key, hashes) else str(SubscriberState.ERASED)
            subscriber_id = str(person["id"]) if person is not None else ""
            about_to_bar(connection, suppressions, key)
            about_to_bar(connection, hashed_suppressions, hashes)
            connection.execute(delete(suppressions).where(suppressions.c.address_key == key))
            if subscriber_id:  # former addresses of theirs
                self._hash_some(connection, suppressions.c.subscriber_id == subscriber_id)
            connection.execute(delete(sign_ups).where(sign_ups.c.address_hash.in_(hashes)))
            connection.execute(delete(reviewer_mails).where(reviewer_mails.c.address_hash.in_(hashes)))
            forget_reviewer(connection, key)
            _forget_wish(connection, key)
            connection.execute(delete(hashed_suppressions).where(hashed_suppressions.c.address_hash.in_(hashes)))
            bar_hash(connection, hashes[0], reason, subscriber_id, now)
            if person is not None:
                _empty(connection, subscriber_id)
                what = "erased from the list"
                note_consent(connection, "", subscriber_id, ConsentHow.WITHDRAWN, now, what=what, who=who)
            append(connection, at=now, kind="subscriber.erased", who=who, subscriber=subscriber_id)
            number = self._database.number_of(connection)
            ledger_id = str(connection.execute(select(ledger.c.ledger_id)).scalar_one())
        self._database.erased(ledger_id, hashes[0], now)
        left = self._database.forget_deleted(subscribers.name, suppressions.name, invitations.name, deleted_by=number)
        return Erased(subscriber_id, left)

    def erasures(self) -> dict[str, datetime]:
        """Keyed hashes of erased addresses, and when."""
        query = select(hashed_suppressions.c.address_hash, hashed_suppressions.c.at)
        return dict(self._read(query.where(hashed_suppressions.c.source == "erased")).all())

    def erase_again(self, erased: Mapping[str, datetime], *, now: datetime) -> int:
        """Erase whom this ledger has forgotten that it erased: it was put back from an older copy. How many.

        Who came back to the list after they were erased, by their own word, stays.
        """
        since = func.max(subscriptions.c.cadence_since_at)
        query = (
            select(subscribers.c.address, subscribers.c.address_key, since)
            .join(subscriptions, subscriptions.c.subscriber_id == subscribers.c.id)
            .group_by(subscribers.c.address, subscribers.c.address_key)
        )
        rows = [*map(tuple, self._read(query.where(subscribers.c.address != "")))]
        invited = select(invitations.c.email, invitations.c.invited_at).where(invitations.c.email != "")
        rows += [(email, address_key(email), invited_at) for email, invited_at in self._read(invited)]
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
                bar_hash(connection, hashed, str(SubscriberState.ERASED), "", at)
        return len(again)


def _switch(
    connection: Connection, campaign: str, instead_of: Collection[str], subscriber_id: str, now: datetime
) -> None:
    """A reader takes one edition of a family in place of another. Nothing is barred: they may switch back."""
    for other in sorted(instead_of):
        if transition_subscriptions(connection, SubscriberVerb.LEAVE, other, subscriber_id):
            what = f"gets the edition {campaign} in its place"
            note_consent(connection, other, subscriber_id, ConsentHow.CHANGED, now, what=what)
            about: dict[str, Any] = {"campaign": other, "subscriber": subscriber_id, "to": campaign}
            append(connection, at=now, kind="subscriber.switched", who="reader", **about)


def _empty(connection: Connection, subscriber_id: str) -> None:
    """Take out what a person's rows say of them; the id and times stay."""
    transition_subscriptions(
        connection,
        SubscriberVerb.ERASE,
        None,
        subscriber_id,
        source="",
        cadence=str(DEFAULT_CADENCE),
        paused_until_at=None,
        asked_for_more_at=None,
        ends_on=None,
        discreet=STORED[None],
    )
    nothing = {
        "address": "",
        "address_key": f"erased:{subscriber_id}",
        "name": "",
        "zone": "",
        "language": "",
        "one_a_day": 0,
    }
    connection.execute(update(subscribers).where(subscribers.c.id == subscriber_id).values(**nothing))
    for table in (cadences, confirmations, letters):
        connection.execute(delete(table).where(table.c.subscriber_id == subscriber_id))


def _set_pause(
    connection: Connection,
    verb: SubscriberVerb,
    campaign: str,
    subscriber_id: str,
    until_at: datetime | None,
    now: datetime,
    **more: Any,
) -> bool:
    if not transition_subscriptions(connection, verb, campaign, subscriber_id, paused_until_at=until_at):
        return False
    kind = "subscriber.paused" if verb is SubscriberVerb.PAUSE else "subscriber.resumed"
    of_whom: dict[str, Any] = {"campaign": campaign, "subscriber": subscriber_id}
    append(connection, at=now, kind=kind, who="reader", **of_whom, why="asked", **more)
    return True


def _put(
    connection: Connection,
    campaign: str,
    person: RowMapping | None,
    row: RowMapping | None,
    verb: SubscriberVerb,
    new: NewSubscriber,
    now: datetime,
    **values: object,
) -> bool:
    """Put a person on a campaign's list, or change the row that there is, if it is in a state from which ``verb`` is
    allowed."""
    about_to_change(connection, person["id"] if person is not None else new.subscriber_id)
    about = {"address": new.address, "name": new.name, "zone": new.zone or ""}
    if person is not None and verb is SubscriberVerb.ADD and _is_on_a_list(connection, person["id"]):
        about = {name: value for name, value in about.items() if value and name != "address"}
    if person is None:
        key = {"id": new.subscriber_id, "address_key": new.key, "created_at": now}
        connection.execute(insert(subscribers).values(**key, **about))
    elif about and (verb is SubscriberVerb.ADD or not _is_on_a_list(connection, person["id"])):
        # A form that anybody can fill in changes nothing about somebody who is on another list.
        connection.execute(update(subscribers).where(subscribers.c.id == person["id"]).values(**about))
    values = {"cadence": str(new.cadence), "paused_until_at": None, "asked_for_more_at": None, **values}
    subscriber_id = person["id"] if person is not None else new.subscriber_id
    if new.discreet is not None:
        values["discreet"] = STORED[new.discreet]
    elif row is None and _is_discreet_elsewhere(connection, subscriber_id):
        values["discreet"] = STORED[True]
    if row is not None:
        return bool(transition_subscriptions(connection, verb, campaign, subscriber_id, **values))
    added = {"campaign": campaign, "subscriber_id": subscriber_id, "source": new.source, "created_at": now}
    state = str(subscriber_leads_to(verb))
    connection.execute(insert(subscriptions).values(**{**added, "state": state, **values}))
    return True


def _is_discreet_elsewhere(connection: Connection, subscriber_id: str) -> bool:
    """Whether another list comes into the same inbox discreetly: a new one must not give it away."""
    mine = (subscriptions.c.subscriber_id == subscriber_id, subscriptions.c.discreet == STORED[True])
    return bool(count(connection, subscriptions, *mine, subscriptions.c.state.in_(_CHOOSES)))


def _forget_wish(connection: Connection, key: str) -> None:
    """Nobody's mails go to that address who asked for it."""
    wishes = select(confirmations.c.token_hash, confirmations.c.new_address)
    waiting = connection.execute(wishes.where(confirmations.c.new_address != "")).all()
    those = [token for token, address in waiting if address_key(address) == key]
    connection.execute(delete(confirmations).where(confirmations.c.token_hash.in_(those)))


def _has_just_asked(connection: Connection, campaign: str, subscriber_id: str, address_hash: str) -> bool:
    """Whether a form with that address was sent within the day. Who has left since, which nobody else can bring about,
    may come back at once."""
    mine = (sign_ups.c.address_hash == address_hash, sign_ups.c.campaign == campaign)
    asked_at = connection.execute(select(func.max(sign_ups.c.at)).where(*mine)).scalar()
    of_list = (consents.c.subscriber_id == subscriber_id, consents.c.campaign.in_(("", campaign)))
    withdrawn = (*of_list, consents.c.how == str(ConsentHow.WITHDRAWN))
    left_at = connection.execute(select(func.max(consents.c.at)).where(*withdrawn)).scalar()
    return asked_at is not None and (left_at is None or left_at < asked_at)


def _is_on_a_list(connection: Connection, subscriber_id: str) -> bool:
    there = subscriptions.c.state.in_([str(s) for s in ON_THE_LIST])
    return bool(count(connection, subscriptions, subscriptions.c.subscriber_id == subscriber_id, there))


def _by_id(connection: Connection, subscriber_id: str) -> RowMapping | None:
    return first_row(connection, select(subscribers).where(subscribers.c.id == subscriber_id))


def _by_key(connection: Connection, key: str) -> RowMapping | None:
    return first_row(connection, select(subscribers).where(subscribers.c.address_key == key))


def _subscription(connection: Connection, campaign: str, subscriber_id: str) -> RowMapping | None:
    return first_row(connection, select(subscriptions).where(of_reader(subscriptions, campaign, subscriber_id)))


def _link(connection: Connection, token_hash: str, now: datetime) -> RowMapping | None:
    query = select(confirmations).where(confirmations.c.token_hash == token_hash, confirmations.c.expires_at > now)
    return first_row(connection, query)


def _forget_old(connection: Connection, now: datetime) -> int:
    """Forms of more than a day ago, and people who never confirmed: nothing of them is kept. How many people."""
    connection.execute(delete(sign_ups).where(sign_ups.c.at <= now - FLOOD_WINDOW))
    expired = confirmations.c.expires_at <= now
    never = (expired, confirmations.c.used_at.is_(None))
    of_list = tuple_(subscriptions.c.campaign, subscriptions.c.subscriber_id)
    lists = select(confirmations.c.campaign, confirmations.c.subscriber_id).where(*never)
    pending = subscriptions.c.state == str(SubscriberState.PENDING)
    about_to_change(connection, select(confirmations.c.subscriber_id).where(*never))
    gone = connection.execute(delete(subscriptions).where(pending, of_list.in_(lists))).rowcount
    forget_people(connection, select(confirmations.c.subscriber_id).where(*never))
    connection.execute(delete(confirmations).where(expired))
    connection.execute(delete(letters).where(letters_to_forget(now)))
    return int(gone)
