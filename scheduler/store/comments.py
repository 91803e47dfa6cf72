"""Comments are private: the history says that somebody wrote one, never what."""

from __future__ import annotations

from dataclasses import asdict, astuple
from datetime import datetime

from sqlalchemy import Connection, RowMapping, select

from ..domain.comment import ABOUT, Comment
from ..domain.redact import person, without_addresses
from ..domain.season_key import SeasonKey
from .events import append
from .repository import Repository, in_season
from .tables import comments


class CommentRepository(Repository):
    """What people say of an item."""

    def add(
        self,
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
        with self._database.write("comment") as connection:
            if answers is not None:
                about = connection.execute(
                    select(comments.c.campaign, comments.c.season, comments.c.item).where(comments.c.id == answers)
                ).first()
                if about is None or tuple(about) != (*astuple(key), item):
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
            append(
                connection,
                at=now,
                kind="comment.added",
                who=who,
                **asdict(key),
                item=item,
                channel=channel,
                comment=comment_id,
                role=role,
            )
            row = connection.execute(select(comments).where(comments.c.id == comment_id)).mappings().one()
            return _as_comment(row)

    def of_season(self, key: SeasonKey, item: str = "") -> tuple[Comment, ...]:
        """Private remarks, oldest first; of one item when it is named."""
        query = select(comments).where(in_season(comments, key))
        if item:
            query = query.where(comments.c.item == item)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(comments.c.id)).mappings()
            return tuple(_as_comment(row) for row in rows)


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
    added = connection.execute(
        comments.insert().values(
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
    )
    (comment_id,) = added.inserted_primary_key or (0,)
    return int(comment_id)


def _as_comment(row: RowMapping) -> Comment:
    return Comment(
        id=row["id"],
        campaign=row["campaign"],
        season=row["season"],
        item=row["item"],
        person=row["person"],
        role=row["role"],
        at=row["at"],
        text=row["text"],
        channel=row["channel"],
        answers=row["answers"],
        about=row["about"],
    )
