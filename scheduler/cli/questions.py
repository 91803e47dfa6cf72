"""What authors left open: listed, and answered by somebody."""

from __future__ import annotations

import argparse

from ..domain.formatting import counted
from ..domain.question import SUBJECTS, Question
from ..errors import UsageError
from ..services import questions
from .arguments import OF_A_CAMPAIGN, ROLE, argument, command, shows_each
from .command_context import CommandContext


@command(
    "decide",
    argument("subject", nargs="?", choices=SUBJECTS, help="what is asked about; left out: lists what is open"),
    argument("record", nargs="?", default="", metavar="ID", help="the id, or of a title the year"),
    argument("--answer", default="", metavar="TEXT", help="what you decide; shown with your name in packet and report"),
    argument("--by", default="", metavar="NAME", help="who decides"),
    ROLE,
    OF_A_CAMPAIGN,
    shows_each("subject"),
    examples="""examples:
  run.py decide
  run.py decide item wear-blue-day --answer "The page says so for 2027." --by "Ada Example" """,
)
def decide(context: CommandContext, options: argparse.Namespace) -> int:
    """Answer a question that an author left open (needs_decision). Until then, what it is about does not go out.

    So it is with a lint pack, a rule, a limit or a stored text that was taken out, loosened or changed since the season
    was last approved, and with a record that was barred: somebody who has looked at it says that it may be so.

    The answer is kept with your name, for exactly this question; another wording asks anew.
    """
    if options.subject is None:
        if options.answer:
            raise UsageError(
                "say what you answer; nothing was kept",
                hint="`decide` lists what is open, each with what to type: `decide item ID --answer TEXT --by NAME`",
            )
        return _questions(context)
    if not options.record:
        raise UsageError("say which one", hint=f"`decide` lists them: `decide {options.subject} ID --answer TEXT`")
    about = context.about_season(options.role)
    made = questions.decide(about, options.subject, options.record, options.answer)
    return context.answer(
        _question_as_data(made),
        f"{made.person} answered: {made.answer}",
        f"  The question was: {made.words}",
        "Next: `decide` lists what else is open.",
    )


def _questions(context: CommandContext) -> int:
    about = context.about_season()
    left, done = questions.open_questions(about), questions.answers(about)
    lines = [
        f"{counted(len(left), 'question is', 'questions are')} open. What it is about does not go out before an answer:"
    ]
    lines += [line for one in left for line in (f"  {one.subject} {one.subject_id}", f"    {one.words}")]
    lines += [f"Next: `decide {one.subject} {one.subject_id} --answer TEXT --by NAME`" for one in left[:1]]
    answered = [
        line for q in done for line in (f"  {q.subject} {q.subject_id}: {q.words}", f"    {q.answered_by}: {q.answer}")
    ]
    return context.answer(
        {
            "open": [{"subject": one.subject, "id": one.subject_id, "question": one.words} for one in left],
            "answered": [_question_as_data(q) for q in done],
        },
        *(lines if left else ["No question is open."]),
        *(["", "Answered:", *answered] if answered else []),
        status=int(bool(left)),
    )


def _question_as_data(question: Question) -> dict[str, object]:
    return {
        "subject": question.subject,
        "id": question.subject_id,
        "question": question.words,
        "answer": question.answer,
        "by": question.person,
        "role": question.role,
        "via": question.via,
        "at": question.answered_at,
    }
