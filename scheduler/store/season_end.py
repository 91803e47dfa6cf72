"""The end of a season's list: readers are deleted unless they asked to be kept; what is barred stays barred."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, func, insert, not_, select, update

from ..domain.receipt import Barred
from ..domain.season_key import SeasonKey
from ..domain.subscriber import ON_THE_LIST, ConsentHow, SeasonClosed, SubscriberState
from .events import append
from .repository import Repository, in_season
from .tables import (
    cadences,
    confirmations,
    consents,
    deliveries,
    events,
    hashed_suppressions,
    letters,
    sign_ups,
    subscribers,
    suppressions,
)

#: The line of the history that says so.
CLOSED = "season.list-closed"

#: Readers deleted in one commit: others can write between two of them.
_AT_ONCE = 20_000


def _asked_to_be_kept() -> ColumnElement[bool]:
    there = subscribers.c.state.in_([str(s) for s in ON_THE_LIST])
    return and_(there, subscribers.c.asked_for_more_at.is_not(None))


def _came_before(end: datetime) -> ColumnElement[bool]:
    """Readers of a season; not those who came, or came back, after it. A form that waits for its yes counts too."""
    said_again = exists().where(
        consents.c.subscriber_id == subscribers.c.id,
        consents.c.how.in_([str(ConsentHow.CONFIRMED), str(ConsentHow.ADDED)]),
        consents.c.at >= end,
    )
    asked_again = exists().where(
        confirmations.c.subscriber_id == subscribers.c.id,
        confirmations.c.used_at.is_(None),
        confirmations.c.made_at >= end,
        subscribers.c.state == str(SubscriberState.PENDING),
    )
    return and_(subscribers.c.created_at < end, not_(said_again), not_(asked_again))


def _of_nobody(subscriber: ColumnElement[str]) -> ColumnElement[bool]:
    return not_(exists().where(subscribers.c.id == subscriber))


class SeasonEndRepository(Repository):
    """Deleting the list."""

    def kept_on_request(self) -> int:
        """How many of those on the list asked to hear of the next season."""
        with self._database.read() as connection:
            query = select(func.count()).select_from(subscribers).where(_asked_to_be_kept())
            return int(connection.execute(query).scalar_one())

    def end_of_season(self, key: SeasonKey) -> datetime | None:
        """When the last window of a season closes; None for a season that this ledger has nothing of."""
        planned = select(func.max(deliveries.c.expires_at)).where(in_season(deliveries, key))
        with self._database.read() as connection:
            end: datetime | None = connection.execute(planned).scalar()
        return end

    def of_season(self, key: SeasonKey) -> int:
        """Readers who are still on the list of a season that was planned, and was not closed; else 0.

        Who asked to be kept does not count.
        """
        end = self.end_of_season(key)
        with self._database.read() as connection:
            closings = select(events.c.data).where(events.c.kind == CLOSED)
            closed = (json.loads(data) for data in connection.execute(closings).scalars())
            if end is None or any(SeasonKey(c["campaign"], c["season"]) == key for c in closed):
                return 0
            gone = and_(not_(_asked_to_be_kept()), _came_before(end))
            query = select(func.count()).select_from(subscribers).where(gone)
            return int(connection.execute(query).scalar_one())

    def close_season(
        self, key: SeasonKey, *, keep_who_asked: bool, came_before: datetime, who: str, now: datetime
    ) -> SeasonClosed:
        """Delete the readers who came before the season's end, a part at a time. Interrupted, it is run again.

        What went out stays in the ledger with the readers' random ids, and so does what they agreed to. Addresses that
        are barred are replaced by keyed hashes.
        """
        gone = _came_before(came_before)
        if keep_who_asked:
            gone = and_(gone, not_(_asked_to_be_kept()))
        deleted = 0
        while part := self._delete_part(gone):
            deleted += part
        while self._hash_part():
            pass
        with self._database.write("season_end") as connection:
            self._database.overwrite_deleted(connection)
            # Who signed up for the next season keeps their link and their letter: else they could never say yes, and
            # whoever does not confirm is forgotten by that link.
            connection.execute(delete(confirmations).where(_of_nobody(confirmations.c.subscriber_id)))
            connection.execute(delete(letters).where(_of_nobody(letters.c.subscriber_id)))
            connection.execute(delete(sign_ups).where(sign_ups.c.at < came_before))
            kept = int(connection.execute(select(func.count()).select_from(subscribers)).scalar_one())
            hashes = connection.execute(select(func.count()).select_from(hashed_suppressions)).scalar_one()
            append(
                connection,
                at=now,
                kind=CLOSED,
                who=who,
                **asdict(key),
                deleted=deleted,
                kept=kept,
                barred=int(hashes),
            )
            number = self._database.number_of(connection)
        left = self._database.forget_deleted(subscribers.name, suppressions.name, deleted_by=number)
        return SeasonClosed(deleted, kept, int(hashes), left)

    def _delete_part(self, gone: ColumnElement[bool]) -> int:
        with self._database.write("season_end") as connection:
            self._database.overwrite_deleted(connection)
            part = select(subscribers.c.id).where(gone).order_by(subscribers.c.id).limit(_AT_ONCE)
            ids = list(connection.execute(part).scalars())
            for start in range(0, len(ids), 500):  # a statement takes a limited number of values
                some = ids[start : start + 500]
                connection.execute(delete(cadences).where(cadences.c.subscriber_id.in_(some)))
                connection.execute(delete(subscribers).where(subscribers.c.id.in_(some)))
            return len(ids)

    def _hash_part(self) -> int:
        """Turn barred addresses into hashes. A complaint is the stronger reason where both are there."""
        with self._database.write("season_end") as connection:
            self._database.overwrite_deleted(connection)
            rows = connection.execute(select(suppressions).limit(_AT_ONCE)).mappings().all()
            for row in rows:
                hashes = self._database.address_hashes(row["address_key"])
                by_hash = hashed_suppressions.c.address_hash.in_(hashes)
                before = set(connection.execute(select(hashed_suppressions.c.reason).where(by_hash)).scalars())
                if before and Barred.COMPLAINED in (*before, row["reason"]):
                    connection.execute(update(hashed_suppressions).where(by_hash).values(reason=str(Barred.COMPLAINED)))
                elif not before:
                    connection.execute(
                        insert(hashed_suppressions).values(
                            address_hash=hashes[0],
                            subscriber_id=row["subscriber_id"],
                            reason=row["reason"],
                            source=row["source"],
                            at=row["at"],
                        )
                    )
                connection.execute(delete(suppressions).where(suppressions.c.address_key == row["address_key"]))
            return len(rows)
