"""A reader's subscription: its moves from state to state, and what was agreed to or taken back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, and_, exists, func, insert, select, update

from ..domain.redact import person as person_named
from ..domain.redact import without_addresses
from ..domain.subscriber import (
    ON_THE_LIST,
    ConsentHow,
    ConsentLine,
    ConsentToExample,
    SubscriberState,
    SubscriberVerb,
    subscriber_leads_to,
    subscriber_may_come_from,
)
from ..domain.transactional_email import speaker_of
from ..settings.values import is_example
from .kept_counts import about_to_change
from .repository import of_reader
from .tables import confirmations, consents, subscriptions

#: Narrows down what is read; :func:`is_example` decides on the name itself.
_MAY_BE_EXAMPLE = "%example%"


def is_about(table: Table) -> ColumnElement[bool]:
    """Whether a line of consent, or a link to confirm by, is about a subscription: lines from before each campaign had
    a list of its own name none, and are about all of a person's."""
    return and_(
        table.c.subscriber_id == subscriptions.c.subscriber_id, table.c.campaign.in_(("", subscriptions.c.campaign))
    )


def consents_to_example(
    connection: Connection, campaign: str = "", subscriber_id: str = ""
) -> tuple[ConsentToExample, ...]:
    """The newest consent that was given decides: somebody who agreed again, to words that name nobody or the right
    organization, is not among them."""
    given = [str(h) for h in (ConsentHow.CONFIRMED, ConsentHow.ADDED)]
    later = consents.alias("later")
    is_newest = ~exists().where(
        later.c.subscriber_id == consents.c.subscriber_id,
        later.c.campaign.in_(("", subscriptions.c.campaign)),
        later.c.how.in_(given),
        later.c.id > consents.c.id,
    )
    who = (subscriptions.c.campaign, subscriptions.c.subscriber_id, subscriptions.c.state)
    stored = (
        select(*who, consents.c.at, consents.c.what)
        .join(consents, is_about(consents))
        .where(subscriptions.c.state.in_([str(s) for s in ON_THE_LIST]), consents.c.how.in_(given))
        .where(func.lower(consents.c.what).like(_MAY_BE_EXAMPLE), is_newest)
    )
    waiting = (
        select(*who, confirmations.c.made_at, confirmations.c.what)
        .join(confirmations, is_about(confirmations))
        .where(subscriptions.c.state == str(SubscriberState.PENDING), confirmations.c.used_at.is_(None))
        .where(func.lower(confirmations.c.what).like(_MAY_BE_EXAMPLE))
    )
    if subscriber_id:
        mine = of_reader(subscriptions, campaign, subscriber_id)
        stored, waiting = (query.where(mine) for query in (stored, waiting))
    rows = (row for query in (stored, waiting) for row in connection.execute(query))
    given_to_example = [
        ConsentToExample(of, i, at, SubscriberState(state), speaker_of(what)) for of, i, state, at, what in rows
    ]
    return tuple(
        sorted((c for c in given_to_example if is_example(c.named)), key=lambda c: (c.at, c.subscriber_id, c.campaign))
    )


def transition_subscriptions(
    connection: Connection,
    verb: SubscriberVerb,
    campaign: str | None,
    subscriber_id: str,
    *where: ColumnElement[bool],
    **values: object,
) -> int:
    """Move a reader's subscription, or (None) all of them, if it is in a state from which ``verb`` is allowed.

    Returns how many there were.
    """
    about_to_change(connection, subscriber_id)
    allowed = [str(s) for s in subscriber_may_come_from(verb)]
    which = () if campaign is None else (subscriptions.c.campaign == campaign,)
    statement = (
        update(subscriptions)
        .where(subscriptions.c.subscriber_id == subscriber_id, *which, subscriptions.c.state.in_(allowed), *where)
        .values(state=str(subscriber_leads_to(verb)), **values)
    )
    return int(connection.execute(statement).rowcount)


def note_consent(
    connection: Connection,
    campaign: str,
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
            campaign=campaign,
            subscriber_id=subscriber_id,
            at=now,
            how=str(how),
            what=without_addresses(what),
            wording=wording,
            who=person_named(who) if who else "",
        )
    )


def as_consent(row: RowMapping) -> ConsentLine:
    who = row["who"] or row["source"]
    return ConsentLine(row["at"], ConsentHow(row["how"]), row["what"], row["wording"], who, row["campaign"])
