"""Comments and requests for changes. They are private: the history says that somebody wrote one, never what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, select, update

from ..domain.approval import Approval
from ..domain.comment import ABOUT, ChangeRequest, Comment
from ..domain.message import Message
from ..domain.reason import ReasonCode
from ..domain.redact import person, person_key, without_addresses
from ..domain.season_key import SeasonKey
from .database import OnConnection
from .events import append
from .reads import ChangeRequestReads, as_request, read_requests
from .repository import (
    Repository,
    about_message,
    add_row,
    all_rows,
    forget_reasons,
    in_season,
    keep_message,
    names_of,
    row_to,
    transaction,
)
from .tables import approvals, change_requests, comments


class CommentRepository(Repository):
    """What people say of an item."""

    @transaction("comment")
    def add(
        self,
        connection: Connection,
        key: SeasonKey,
        item: str,
        *,
        who: str,
        role: str,
        text: str,
        channel: str = "",
        answers: int | None = None,
        now: datetime,
    ) -> Comment | None:
        """None when ``answers`` is no comment on this item."""
        if answers is not None:
            same = (in_season(comments, key), comments.c.item == item, comments.c.id == answers)
            if connection.execute(select(comments.c.id).where(*same)).first() is None:
                return None
        comment_id = insert_comment(
            connection,
            key,
            item,
            who=who,
            role=role,
            text=text,
            channel=channel,
            answers=answers,
            now=now,
        )
        about = {**asdict(key), "item": item, "channel": channel, "comment": comment_id, "role": role}
        append(connection, at=now, kind="comment.added", who=who, **about)
        return _as_comment(connection.execute(select(comments).where(comments.c.id == comment_id)).mappings().one())

    def of_season(self, key: SeasonKey, item: str = "") -> tuple[Comment, ...]:
        """Private remarks, oldest first; of one item when it is named."""
        return self._all(_as_comment, select(comments).where(in_season(comments, key, item)).order_by(comments.c.id))


def insert_comment(
    connection: Connection,
    key: SeasonKey,
    item: str,
    *,
    who: str,
    role: str,
    text: str,
    channel: str = "",
    about: str = "comment",
    answers: int | None = None,
    now: datetime,
) -> int:
    if about not in ABOUT:
        raise ValueError(f"comments are not written for this: {about}")
    return add_row(
        connection,
        comments,
        **asdict(key),
        item=item,
        channel=channel,
        person=person(who),
        role=role,
        about=about,
        answers=answers,
        text=without_addresses(text),
        at=now,
    )


_as_comment = row_to(Comment)


class ChangeRequestRepository(Repository, ChangeRequestReads):
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
                withdraw_own(connection, message, who, now, why="changes asked for")
                _end(connection, _standing_of(connection, message, who), "withdrawn", who, now)  # this one says it anew
                keep_message(connection, message, message.digest_with_records)
                asked = {**names_of(message), "digest": message.digest_with_records, "role": role}
                of_person = {"person": person(who), "comment_id": comment_id, "asked_at": now}
                made.append(add_row(connection, change_requests, **asked, **of_person))
                append(connection, at=now, kind="changes.asked", who=who, **asked, request=made[-1])
            query = select(change_requests).where(change_requests.c.id.in_(made)).order_by(change_requests.c.id)
            return tuple(map(as_request, connection.execute(query).mappings()))

    def end(self, request_id: int, *, how: str, who: str, role: str, comment: str = "", now: datetime) -> bool:
        """A request was ``withdrawn`` or ``settled``. False when it does not stand any more."""
        if how not in ("withdrawn", "settled"):
            raise ValueError(f"a request does not end so: {how}")
        with self._database.write("end_request") as connection:
            query = select(change_requests).where(change_requests.c.id == request_id)
            requests = [*map(as_request, all_rows(connection, query))]
            if not _end(connection, requests, how, who, now):
                return False
            for request in requests if comment else ():
                insert_comment(
                    connection,
                    SeasonKey(request.campaign, request.season),
                    request.item,
                    who=who,
                    role=role,
                    text=comment,
                    channel=request.channel,
                    about=f"changes-{how}",
                    answers=request.comment,
                    now=now,
                )
        return True

    @transaction("answer_request")
    def answer(
        self, connection: Connection, request: ChangeRequest, *, who: str, role: str, comment: str, now: datetime
    ) -> None:
        """Tell whoever asked that the message was changed. The request stands until they say whether that is it."""
        insert_comment(
            connection,
            SeasonKey(request.campaign, request.season),
            request.item,
            who=who,
            role=role,
            text=comment,
            about="changes-answered",
            answers=request.comment,
            now=now,
        )
        of_it = {**names_of(request), "request": request.id, "asked_by": request.person}
        append(connection, at=now, kind="changes.answered", who=who, **of_it)


def answer_requests(connection: Connection, approval: Approval) -> None:
    """Whoever approves a message again has what they asked for."""
    _end(
        connection,
        _standing_of(connection, approval, approval.person),
        "approved",
        approval.person,
        approval.approved_at,
    )


def _standing_of(connection: Connection, about: Message | Approval, who: str) -> list[ChangeRequest]:
    standing = read_requests(
        OnConnection(connection), SeasonKey(about.campaign, about.season), about.item, about.channel
    )
    return [r for r in standing if person_key(r.person) == person_key(who)]


def _end(connection: Connection, requests: Sequence[ChangeRequest], how: str, who: str, now: datetime) -> int:
    ended = 0
    for request in requests:
        mine = (change_requests.c.id == request.id, change_requests.c.ended_at.is_(None))
        values = {"ended_at": now, "ended_by": person(who), "how": how}
        if connection.execute(update(change_requests).where(*mine).values(**values)).rowcount:
            ended += 1
            forget_reasons(connection, now, (ReasonCode.CHANGES_REQUESTED,), **names_of(request))
            of_it = {**names_of(request), "request": request.id, "asked_by": request.person}
            append(connection, at=now, kind=f"changes.{how}", who=who, **of_it)
    return ended


def withdraw_own(connection: Connection, message: Message, who: str, now: datetime, *, why: str) -> int:
    """Take back what a person approved of a message. Returns how many approvals that were."""
    given = (about_message(approvals, message), approvals.c.withdrawn_at.is_(None))
    query = select(approvals.c.id, approvals.c.person).where(*given)
    own = [row_id for row_id, name in connection.execute(query) if person_key(name) == person_key(who)]
    if own:
        taken = {"withdrawn_at": now, "withdrawn_by": person(who)}
        connection.execute(update(approvals).where(approvals.c.id.in_(own)).values(**taken))
        append(connection, at=now, kind="approval.withdrawn", who=who, **names_of(message), why=why)
    return len(own)
