"""Questions that authors left open, and what people answered."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, select, update

from ..domain.question import Asked, Question, Questions
from ..domain.reason import ReasonCode
from ..domain.redact import person, without_addresses
from ..domain.season_key import SeasonKey
from .events import append
from .repository import Repository, forget_reasons, in_season, row_to, transaction
from .tables import deliveries, questions


class QuestionRepository(Repository):
    """What was asked in a season, and answered."""

    @transaction("questions")
    def note(self, connection: Connection, key: SeasonKey, asked: Iterable[Asked], *, now: datetime) -> None:
        """Remember what the files ask, so that a question cannot go without an answer."""
        for one in asked:
            _note(connection, key, one, now)

    @transaction("decide")
    def answer(
        self,
        connection: Connection,
        key: SeasonKey,
        asked: Asked,
        answer: str,
        *,
        who: str,
        role: str,
        via: str,
        now: datetime,
    ) -> None:
        """A later answer takes the place of an earlier one; the history has both."""
        _note(connection, key, asked, now)
        given: dict[str, Any] = {"answer": without_addresses(answer), "role": role, "via": via}
        row = update(questions).where(_row_of(key, asked))
        connection.execute(row.values(**given, person=person(who), answered_at=now))
        about: dict[str, Any] = {
            "subject": asked.subject,
            "subject_id": asked.subject_id,
            "text": without_addresses(asked.text),
        }
        append(connection, at=now, kind="question.answered", who=person(who), **asdict(key), **about, **given)
        forget_reasons(connection, now, (ReasonCode.UNDECIDED,), in_season(deliveries, key))

    def of_season(self, key: SeasonKey) -> Questions:
        query = select(questions).where(in_season(questions, key)).order_by(questions.c.id)
        return Questions(self._all(row_to(Question), query))


def _note(connection: Connection, key: SeasonKey, asked: Asked, now: datetime) -> None:
    if connection.execute(select(questions.c.id).where(_row_of(key, asked))).first() is None:
        values = {**asdict(key), **asdict(asked), "text_hash": _hash(asked.text), "seen_at": now}
        connection.execute(questions.insert().values(**values))


def _row_of(key: SeasonKey, asked: Asked) -> ColumnElement[bool]:
    c = questions.c
    same = (c.subject == asked.subject, c.subject_id == asked.subject_id, c.text_hash == _hash(asked.text))
    return and_(in_season(questions, key), *same)


def _hash(text: str) -> str:
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()
