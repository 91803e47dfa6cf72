"""Approvals: a named person has read exactly these words. Each is a row, and a line of the history."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, select, update

from ..domain.approval import Approval, Approvals
from ..domain.message import Message
from ..domain.reason import ReasonCode
from ..domain.redact import person, without_addresses
from ..domain.season_key import SeasonKey
from .change_requests import answer_requests
from .events import append
from .packets import keep_message
from .repository import Repository, about_message, forget_reasons, in_season
from .tables import approvals, deliveries


class ApprovalRepository(Repository):
    """Who approved which words."""

    def record(self, approval: Approval, message: Message | None = None) -> bool:
        """False when this person had approved exactly this already in this role.

        ``message`` is kept by its digest, so that a later form can be compared with it. A standing request for
        changes of the same person is answered by it.
        """
        who = person(approval.person)
        same = and_(
            about_message(approvals, approval),
            approvals.c.withdrawn_at.is_(None),
            approvals.c.digest == approval.digest,
            approvals.c.person == who,
            approvals.c.role == approval.role,
        )
        with self._database.write("approval") as connection:
            if connection.execute(select(approvals.c.id).where(same)).first():
                return False
            connection.execute(
                approvals.insert().values(
                    campaign=approval.campaign,
                    season=approval.season,
                    item=approval.item,
                    channel=approval.channel,
                    digest=approval.digest,
                    person=who,
                    role=approval.role,
                    comment=without_addresses(approval.comment),
                    approved_at=approval.approved_at,
                )
            )
            if message is not None and message.digest == approval.digest:
                keep_message(connection, message)
            # Without the comment: what reviewers write is private, and the history is exported.
            append(
                connection,
                at=approval.approved_at,
                kind="approval.given",
                who=who,
                campaign=approval.campaign,
                season=approval.season,
                item=approval.item,
                channel=approval.channel,
                digest=approval.digest,
                role=approval.role,
            )
            answer_requests(connection, approval)
            ended = (ReasonCode.TEXT_CHANGED, ReasonCode.APPROVAL_MISSING, ReasonCode.CHANGES_REQUESTED)
            forget_reasons(connection, approval.approved_at, ended, about_message(deliveries, approval))
        return True

    def withdraw(self, key: SeasonKey, item: str, channel: str, *, who: str, reason: str, now: datetime) -> int:
        """Take back all approvals of an item on a channel. In force at the last check before the next call."""
        with self._database.write("withdraw") as connection:
            taken = connection.execute(
                update(approvals)
                .where(_approvals_of(key, item, channel))
                .values(withdrawn_at=now, withdrawn_by=person(who))
            ).rowcount
            if taken:
                append(
                    connection,
                    at=now,
                    kind="approval.withdrawn",
                    who=who,
                    **asdict(key),
                    item=item,
                    channel=channel,
                    why=reason,
                )
        return int(taken)

    def of_season(self, key: SeasonKey) -> Approvals:
        with self._database.read() as connection:
            return read_approvals(connection, key)


def _approvals_of(key: SeasonKey, item: str = "", channel: str = "") -> ColumnElement[bool]:
    """Approvals in force; of one item on one channel when they are named."""
    rules = [in_season(approvals, key), approvals.c.withdrawn_at.is_(None)]
    if item:
        rules += [approvals.c.item == item, approvals.c.channel == channel]
    return and_(*rules)


def read_approvals(connection: Connection, key: SeasonKey, item: str = "", channel: str = "") -> Approvals:
    query = select(approvals).where(_approvals_of(key, item, channel)).order_by(approvals.c.id)
    return Approvals(
        tuple(
            Approval(
                campaign=row["campaign"],
                season=row["season"],
                item=row["item"],
                channel=row["channel"],
                digest=row["digest"],
                person=row["person"],
                role=row["role"],
                approved_at=row["approved_at"],
                comment=row["comment"],
            )
            for row in connection.execute(query).mappings()
        )
    )
