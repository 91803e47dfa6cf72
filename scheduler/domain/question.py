"""A question that an author left open in a file (``needs_decision``), and what a named person answered."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import field
from datetime import datetime

from ..light_dataclass import dataclass
from .via import via_words

#: What an author's question can be about: an item, a claim, a source, the title of a year; or the text of an item in a
#: language that no check reads.
QUESTIONS = ("item", "claim", "source", "title", "text")
#: What guards a season (:mod:`scheduler.domain.season_guard`).
GUARDED = ("pack", "rule", "stored", "barred")
#: What a person answers: those, and what guarded a season and was taken out.
SUBJECTS = (*QUESTIONS, *GUARDED)


def shown(subject: str, text: str) -> str:
    """What people read of a question: the terms of a guard stand behind its first line."""
    return text if subject in QUESTIONS else text.partition("\n")[0]


def same_question(one: str, other: str) -> bool:
    """Whether two texts ask the same. Another line break does not ask anew."""
    return one.split() == other.split()


@dataclass(frozen=True)
class Question:
    """A question that was seen in an item or a claim; ``answer`` is empty while nobody has answered it."""

    campaign: str
    season: int
    subject: str  # of SUBJECTS
    subject_id: str
    text: str
    seen_at: datetime
    answer: str = ""
    person: str = ""
    role: str = ""
    via: str = ""
    answered_at: datetime | None = None
    said: str = field(default="", compare=False)  # of a guard, once it is answered: what became of it then

    @property
    def words(self) -> str:
        """What people were asked."""
        return self.said or shown(self.subject, self.text)

    @property
    def is_answered(self) -> bool:
        return self.answered_at is not None

    @property
    def answered_by(self) -> str:
        """Who, as what, and how it came."""
        return f"{self.person} ({self.role.replace('-', ' ')}, {via_words(self.via)})"


@dataclass(frozen=True)
class Asked:
    """A question as a file asks it now. ``said``: of a guard, what became of it; ``now``: what stands in its place;
    ``is_own``: that it stands in a file of the project's own, which no release of the program changes."""

    subject: str
    subject_id: str
    text: str
    said: str = field(default="", compare=False)
    now: str = field(default="", compare=False)
    is_own: bool = field(default=False, compare=False)

    @property
    def words(self) -> str:
        return self.said or shown(self.subject, self.text)

    @property
    def seen(self) -> str:
        """What a page sends back with an answer. Of a guard it stands for more than its words, which may be many."""
        if not self.said:
            return self.text
        return hashlib.sha256("\n".join((self.text, self.now, self.said)).encode()).hexdigest()


@dataclass(frozen=True)
class Questions:
    """All that a season's ledger knows of. ``before``: what guarded the last season before it, and nobody has answered
    for in this one."""

    all: tuple[Question, ...] = field(default_factory=tuple)
    before: tuple[Question, ...] = field(default_factory=tuple)

    def answer_to(self, asked: Asked) -> Question | None:
        """The answer to exactly this question; a changed one is asked anew."""
        of_it = (q for q in self._about(asked.subject, asked.subject_id) if same_question(q.text, asked.text))
        return next((q for q in of_it if q.is_answered), None)

    def removed(self, subject: str, subject_id: str) -> tuple[Question, ...]:
        """Questions that nobody has answered, of a record that asks nothing any more."""
        return tuple(q for q in self.unanswered() if (q.subject, q.subject_id) == (subject, subject_id))

    def unanswered(self) -> tuple[Question, ...]:
        """Of each record what was asked after its last answer: that one is for its earlier wordings too."""
        left: dict[tuple[str, str], list[Question]] = {}
        for one in self.all:
            of_it = left.setdefault((one.subject, one.subject_id), [])
            if one.is_answered:
                of_it.clear()
            else:
                of_it.append(one)
        return tuple(one for of_it in left.values() for one in of_it)

    def _about(self, subject: str, subject_id: str) -> Iterable[Question]:
        return (q for q in self.all if (q.subject, q.subject_id) == (subject, subject_id))
