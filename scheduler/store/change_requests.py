"""Requests for changes: a message does not go out before its request is answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, select, update

from ..domain.approval import Approval
from ..domain.comment import ChangeRequest
from ..domain.message import Message
from ..domain.reason import ReasonCode
from ..domain.redact import person, person_key
from ..domain.season_key import SeasonKey
from .comments import insert_comment
from .events import append
from .packets import keep_message
from .repository import Repository, about_message, forget_reasons, in_season
from .tables import approvals, change_requests, deliveries


class ChangeRequestRepository(Repository):
    """Requests for changes, while they stand and after."""

    def add(
        self, messages: Sequence[Message], *, who: str, role: str, comment: str, now: datetime
    ) -> tuple[ChangeRequest, ...]:
        """One request for each message, with one comment for all; the person's approvals of them are withdrawn."""
        if not messages:
            return ()
        first = messages[0]
        made: list[int] = []
        with self._database.write("request_changes") as connection:
            comment_id = insert_comment(
                connection,
                SeasonKey(first.campaign, first.season),
                first.item,
                who=who,
                role=role,
                text=comment,
                channel=first.channel if len(messages) == 1 else "",
                about="changes-asked",
                now=now,
            )
            for message in messages:
                _withdraw_own(connection, message, who, now)
                _end(connection, _standing_of(connection, message, who), "withdrawn", who, now)  # this one says it anew
                keep_message(connection, message)
                added = connection.execute(
                    change_requests.insert().values(
                        campaign=message.campaign,
                        season=message.season,
                        item=message.item,
                        channel=message.channel,
                        digest=message.digest,
                        person=person(who),
                        role=role,
                        comment_id=comment_id,
                        asked_at=now,
                    )
                )
                (request_id,) = added.inserted_primary_key or (0,)
                made.append(request_id)
                append(
                    connection,
                    at=now,
                    kind="changes.asked",
                    who=who,
                    campaign=message.campaign,
                    season=message.season,
                    item=message.item,
                    channel=message.channel,
                    digest=message.digest,
                    role=role,
                    request=request_id,
                )
            query = select(change_requests).where(change_requests.c.id.in_(made)).order_by(change_requests.c.id)
            return tuple(_as_request(row) for row in connection.execute(query).mappings())

    def end(self, request_id: int, *, how: str, who: str, role: str, comment: str = "", now: datetime) -> bool:
        """A request was ``withdrawn`` or ``settled``. False when it does not stand any more."""
        if how not in ("withdrawn", "settled"):
            raise ValueError(f"a request does not end so: {how}")
        with self._database.write("end_request") as connection:
            query = select(change_requests).where(change_requests.c.id == request_id)
            row = connection.execute(query).mappings().first()
            if row is None or not _end(connection, [row], how, who, now):
                return False
            if comment:
                insert_comment(
                    connection,
                    SeasonKey(row["campaign"], row["season"]),
                    row["item"],
                    who=who,
                    role=role,
                    text=comment,
                    channel=row["channel"],
                    about=f"changes-{how}",
                    answers=row["comment_id"],
                    now=now,
                )
        return True

    def of_season(self, key: SeasonKey, *, ended: bool = False) -> tuple[ChangeRequest, ...]:
        """Standing requests for changes, oldest first; with ``ended`` also those that have ended."""
        with self._database.read() as connection:
            return read_requests(connection, key, ended=ended)


def answer_requests(connection: Connection, approval: Approval) -> None:
    """Whoever approves a message again has what they asked for."""
    _end(
        connection,
        _standing_of(connection, approval, approval.person),
        "approved",
        approval.person,
        approval.approved_at,
    )


def read_requests(
    connection: Connection, key: SeasonKey, item: str = "", channel: str = "", *, ended: bool = False
) -> tuple[ChangeRequest, ...]:
    rules = [in_season(change_requests, key)]
    if item:
        rules += [change_requests.c.item == item, change_requests.c.channel == channel]
    if not ended:
        rules.append(change_requests.c.ended_at.is_(None))
    query = select(change_requests).where(*rules).order_by(change_requests.c.id)
    return tuple(_as_request(row) for row in connection.execute(query).mappings())


def _standing_of(connection: Connection, about: Message | Approval, who: str) -> list[RowMapping]:
    query = select(change_requests).where(
        about_message(change_requests, about),
        change_requests.c.ended_at.is_(None),
    )
    return [r for r in connection.execute(query).mappings() if person_key(r["person"]) == person_key(who)]


def _end(connection: Connection, rows: Sequence[RowMapping], how: str, who: str, now: datetime) -> int:
    ended = 0
    for row in rows:
        changed = connection.execute(
            update(change_requests)
            .where(change_requests.c.id == row["id"], change_requests.c.ended_at.is_(None))
            .values(ended_at=now, ended_by=person(who), how=how)
        ).rowcount
        if changed:
            ended += 1
            of_season = in_season(deliveries, SeasonKey(row["campaign"], row["season"]))
            of_item = (of_season, deliveries.c.item == row["item"], deliveries.c.channel == row["channel"])
            forget_reasons(connection, now, (ReasonCode.CHANGES_REQUESTED,), *of_item)
            append(
                connection,
                at=now,
                kind=f"changes.{how}",
                who=who,
                campaign=row["campaign"],
                season=row["season"],
                item=row["item"],
                channel=row["channel"],
                request=row["id"],
                asked_by=row["person"],
            )
    return ended


def _withdraw_own(connection: Connection, message: Message, who: str, now: datetime) -> None:
    query = select(approvals.c.id, approvals.c.person).where(
        about_message(approvals, message),
        approvals.c.withdrawn_at.is_(None),
    )
    own = [row_id for row_id, name in connection.execute(query) if person_key(name) == person_key(who)]
    if own:
        connection.execute(
            update(approvals).where(approvals.c.id.in_(own)).values(withdrawn_at=now, withdrawn_by=person(who))
        )
        append(
            connection,
            at=now,
            kind="approval.withdrawn",
            who=who,
            campaign=message.campaign,
            season=message.season,
            item=message.item,
            channel=message.channel,
            why="changes asked for",
        )


def _as_request(row: RowMapping) -> ChangeRequest:
    return ChangeRequest(
        id=row["id"],
        campaign=row["campaign"],
        season=row["season"],
        item=row["item"],
        channel=row["channel"],
        digest=row["digest"],
        person=row["person"],
        role=row["role"],
        asked_at=row["asked_at"],
        comment=row["comment_id"],
        ended_at=row["ended_at"],
        ended_by=row["ended_by"],
        how=row["how"],
    )
