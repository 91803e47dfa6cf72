"""What authors left open, and who answers it: a question blocks what it concerns until a named person has."""

from __future__ import annotations

from dataclasses import replace

from ..domain.question import QUESTIONS, Asked, Question, same_question
from ..domain.refusals import Refusal, Refused
from ..domain.season_guard import lost_guards, relied_on
from .context import SeasonContext, act, checked_comment
from .seasons import read_campaign


@act
def decide(context: SeasonContext, subject: str, record: str, answer: str, *, seen: str | None = None) -> Question:
    """Answer the question of an item or a claim, as its file asks it now, or as it did before it was taken out.

    ``seen``: of the question that was read; where it is another one by now, nothing is answered. Who answers for a
    guard has agreed to what stands in its place, which is relied on from now on.
    """
    who, role = context.speaker(lambda role: role.approves, Refusal.ROLE_DOES_NOT_DECIDE)
    if not answer.strip():
        raise Refused(Refusal.ANSWER_MISSING)
    text = checked_comment(answer)
    asked_now = (*all_asked(context), *removed(context))
    known = [one for one in asked_now if (one.subject, one.subject_id) == (subject, record)]
    if not known:
        raise Refused(Refusal.NO_SUCH_QUESTION, subject=subject, record=record)
    asked = next((one for one in known if seen is None or same_question(one.seen, seen)), None)
    if asked is None:
        raise Refused(Refusal.CHANGED_MEANWHILE, what=f"the question of {record}", undone="nothing was answered")
    context.ledger.questions.answer(
        context.key, asked, text, who=who, role=role.id, via=context.actor.via, now=context.now()
    )
    made = context.ledger.questions.of_season(context.key).answer_to(asked)
    assert made is not None  # noqa: S101 - it was written just now
    return made


def note_questions(context: SeasonContext) -> None:
    """Remember what the files ask now, so that no question goes without an answer, and what guards the season."""
    made = context.rehearsal
    context.ledger.questions.note(context.key, relied_on(made.asked(), made.guards), now=context.now())


def all_asked(context: SeasonContext) -> tuple[Asked, ...]:
    """Every question of the campaign's files, also of what is not planned."""
    made = context.at_hand
    campaign = made.plan.campaign if made else read_campaign(context.project, context.key.campaign)[0]
    return campaign.questions(context.key.season)


def removed(context: SeasonContext) -> tuple[Asked, ...]:
    """Questions that were taken out of the files, and that nobody has answered; rules and stored texts likewise."""
    asks = {(one.subject, one.subject_id) for one in all_asked(context)}
    known = context.ledger.questions.of_season(context.key)
    left = (q for q in known.unanswered() if q.subject in QUESTIONS and (q.subject, q.subject_id) not in asks)
    lost = lost_guards(known, context.rehearsal.guards)
    return (
        *(Asked(q.subject, q.subject_id, q.text) for q in left),
        *(replace(one.stood, said=one.in_full, now=one.now.text if one.now else "") for one in lost),
    )


def open_questions(context: SeasonContext) -> tuple[Asked, ...]:
    """Those of the season that nobody has answered."""
    known = context.ledger.questions.of_season(context.key)
    return (*(one for one in context.rehearsal.asked() if known.answer_to(one) is None), *removed(context))


def answers(context: SeasonContext) -> tuple[Question, ...]:
    """What was answered, in the order in which it was asked."""
    return tuple(q for q in context.ledger.questions.of_season(context.key).all if q.is_answered)
