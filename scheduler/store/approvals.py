"""Approvals: a named person has read exactly these words. Each is a row, and a line of the history."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, select, update

from ..domain.approval import Approval, Approvals
from ..domain.message import Message
from ..domain.reason import ReasonCode
from ..domain.redact import person, without_addresses
from .change_requests import answer_requests
from .events import append
from .packets import keep_message
from .repository import (
    Repository,
    forget_reasons,
)
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
            _approvals_of(approval.campaign, approval.season, approval.item, approval.channel),
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
            of_season = (deliveries.c.campaign == approval.campaign, deliveries.c.season == approval.season)
            mine = (*of_season, deliveries.c.item == approval.item, deliveries.c.channel == approval.channel)
            ended = (ReasonCode.TEXT_CHANGED, ReasonCode.APPROVAL_MISSING, ReasonCode.CHANGES_REQUESTED)
            forget_reasons(connection, approval.approved_at, ended, *mine)
        return True

    def withdraw(
        self, campaign: str, season: int, item: str, channel: str, *, who: str, reason: str, now: datetime
    ) -> int:
        """Take back all approvals of an item on a channel. In force at the last check before the next call."""
        with self._database.write("withdraw") as connection:
            taken = connection.execute(
                update(approvals)
                .where(_approvals_of(campaign, season, item, channel))
                .values(withdrawn_at=now, withdrawn_by=person(who))
            ).rowcount
            if taken:
                append(
                    connection,
                    at=now,
                    kind="approval.withdrawn",
                    who=who,
                    campaign=campaign,
                    season=season,
                    item=item,
                    channel=channel,
                    why=reason,
                )
        return int(taken)

    def of_season(self, campaign: str, season: int) -> Approvals:
        with self._database.read() as connection:
            return read_approvals(connection, campaign, season)


def _approvals_of(campaign: str, season: int, item: str = "", channel: str = "") -> ColumnElement[bool]:
    """Approvals in force; of one item on one channel when they are named."""
    rules = [approvals.c.campaign == campaign, approvals.c.season == season, approvals.c.withdrawn_at.is_(None)]
    if item:
        rules += [approvals.c.item == item, approvals.c.channel == channel]
    return and_(*rules)


def read_approvals(connection: Connection, campaign: str, season: int, item: str = "", channel: str = "") -> Approvals:
    query = select(approvals).where(_approvals_of(campaign, season, item, channel)).order_by(approvals.c.id)
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
