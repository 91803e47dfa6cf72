"""``/invitations``: private links for reviewers, each shown once."""

from __future__ import annotations

from functools import partial

from flask import make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from ...domain.invitation import span
from ...domain.role import Right
from ...errors import UsageError
from ...services import invitations
from ...services.invitations import Invited
from ...services.reviewer_mails import reviewers_told
from ..routing import get, post
from ..security.guard import visitor
from .form_actions import ActionError, action, run_action
from .page_context import PageContext, link, resolve

SPANS = {
    "": "until the season ends",
    "2d": "two days",
    "7d": "a week",
    "14d": "two weeks",
    "30d": "30 days",
    "60d": "60 days",
}


@get("/invitations", who=Right.RUN)
def invitations_page() -> str:
    return _page(resolve())


def _page(page: PageContext, trouble: ActionError | None = None, invited: Invited | None = None) -> str:
    now = page.context.now()
    found = page.context.invitations()
    return render_template(
        "staff/invitations.html",
        trouble=trouble,
        typed=request.form if trouble else request.args,
        invited=invited,
        link_here=_on_this_machine(invited) if invited else "",
        is_public=not page.project.settings.public_url_is_an_example,
        good=[i for i in found if i.is_good(now)],
        over=[(i, i.state(now)) for i in reversed(found) if not i.is_good(now)],
        standing={p.invitation.name: p for p in page.context.how_it_stands().by_person},
        now=now,
        mails={t.invitation.id: t for t in reviewers_told(page.context)},
        roles=list(page.context.policy.roles.values()),
        spans=SPANS,
    )


@post("/invitations", who=Right.RUN)
def invite() -> AnyResponse:
    page = resolve()
    made: list[Invited] = []

    def act() -> str:
        chosen = request.form.get("lasts", "")
        lasts = span(chosen) if chosen else None
        if chosen and lasts is None:
            raise UsageError("that is no length of time; nobody was invited", hint="choose one from the list")
        name, role, email = (request.form.get(field, "") for field in ("name", "role", "email"))
        visitor().refuse_stale()
        made.append(invitations.invite(page.context, name, role, email=email, lasts=lasts))
        return ""

    answer = run_action(act, to=partial(link, "invitations_page"), again=partial(_page, page), form="invite")
    # The link is in this answer and nowhere else: leading on to another page would lose it.
    return make_response(_page(page, invited=made[0])) if made else answer


@post("/invitations/revoke", who=Right.RUN)
@action("invitations_page", _page, form="revoke")
def revoke_invitation(page: PageContext) -> str:
    invitations.revoke(page.context, request.form.get("name", ""))
    return "revoked"


def _on_this_machine(invited: Invited) -> str:
    """The same link by the address under which this page was asked for; empty when that is the public one."""
    public, _, token = invited.link.rpartition("/r/")
    page = request.url_root.rstrip("/")
    return "" if page == public else f"{page}/r/{token}"
