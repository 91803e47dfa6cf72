"""``/questions``: what authors left open, and what was answered."""

from __future__ import annotations

from functools import partial

from flask import render_template, request

from ...domain.role import Right
from ...services.questions import answers, decide, open_questions
from ..routing import get, post
from .form_actions import ActionError, action
from .page_context import PageContext, resolve


@get("/questions", who=Right.LOOK)
def questions_page() -> str:
    return _page(resolve())


def _page(page: PageContext, trouble: ActionError | None = None, **_ids: object) -> str:
    left = open_questions(page.context)
    return render_template(
        "staff/questions.html",
        trouble=trouble,
        typed=request.form if trouble else {},
        open=left,
        forms=[f"{one.subject}-{one.subject_id}" for one in left],
        answered=answers(page.context),
    )


@post("/questions/<subject>/<record_id>/answer", who=Right.REVIEW)
@partial(action, "questions_page", _page)(form="{subject}-{record_id}", at="#{subject}-{record_id}")
def answer_question(page: PageContext, subject: str, record_id: str) -> str:
    decide(page.context, subject, record_id, request.form.get("answer", ""), seen=request.form.get("seen", ""))
    return "decided"
