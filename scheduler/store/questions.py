"""Questions that authors left open, and what people answered."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, select, update

from ..domain.question import GUARDED, Asked
from ..domain.reason import ReasonCode
from ..domain.redact import person, without_addresses
from ..domain.season_key import SeasonKey
from .events import append
from .reads import QuestionReads
from .repository import Repository, forget_reasons, in_season, transaction
from .tables import questions


class QuestionRepository(Repository, QuestionReads):
    """What was asked in a season, and answered."""

    @transaction("questions")
    def note(self, connection: Connection, key: SeasonKey, asked: Iterable[Asked], *, now: datetime) -> None:
        """Remember what the files ask, so that a question cannot go without an answer."""
        _note(connection, key, asked, now)

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
        _note(connection, key, (asked,), now)
        given: dict[str, Any] = {"answer": without_addresses(answer), "role": role, "via": via}
        row = update(questions).where(_row_of(key, asked))
        connection.execute(row.values(**given, person=person(who), answered_at=now))
        if asked.now:  # that is relied on from here on
            _note(connection, key, (Asked(asked.subject, asked.subject_id, asked.now),), now)
        about: dict[str, Any] = {
            "subject": asked.subject,
            "subject_id": asked.subject_id,
            "text": without_addresses(asked.words),
        }
        append(connection, at=now, kind="question.answered", who=person(who), **asdict(key), **about, **given)
        forget_reasons(connection, now, (ReasonCode.UNDECIDED,), **asdict(key))


_NAMED = ("subject", "subject_id", "text")


def _note(connection: Connection, key: SeasonKey, asked: Iterable[Asked], now: datetime) -> None:
    c = questions.c
    rows = connection.execute(
        select(c.subject, c.subject_id, c.text_hash, c.id, c.answered_at)
        .where(in_season(questions, key))
        .order_by(c.id)
    )
    known, last_answered = dict[tuple[str, ...], int](), dict[tuple[str, ...], int]()
    for row in rows:
        known[tuple(row[:3])] = row.id
        if row.answered_at is not None:
            last_answered[tuple(row[:2])] = row.id
    named = {(one.subject, one.subject_id, _hash(one.text)): one for one in asked}
    # What was taken out with somebody's word for it, or stood before something else was, and stands again, is relied
    # on again: behind that word, which the history has.
    of_guards = (name for name, one in named.items() if one.subject in GUARDED and name in known)
    again = [name for name in of_guards if known[name] <= last_answered.get(name[:2], 0)]
    if again:
        connection.execute(delete(questions).where(c.id.in_([known.pop(name) for name in again])))
    new = [
        {**asdict(key), **dict(zip(_NAMED, (*n[:2], one.text), strict=True)), "text_hash": n[2], "seen_at": now}
        for n, one in named.items()
        if n not in known
    ]
    if new:
        connection.execute(questions.insert(), new)


def _row_of(key: SeasonKey, asked: Asked) -> ColumnElement[bool]:
    c = questions.c
    same = (c.subject == asked.subject, c.subject_id == asked.subject_id, c.text_hash == _hash(asked.text))
    return and_(in_season(questions, key), *same)


def _hash(text: str) -> str:
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()
