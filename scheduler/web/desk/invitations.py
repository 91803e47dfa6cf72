"""``/invitations``: private links for reviewers, each shown once."""

from __future__ import annotations

from flask import make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from ...domain.access import Right
from ...domain.invitation import span
from ...errors import UsageError
from ...review.desk import Invited
from ..access import RoutesWithRoles, visitor
from .acts import Trouble, attempt
from .here import Here, Seasons, link

SPANS = {"2d": "two days", "7d": "a week", "14d": "two weeks", "30d": "30 days", "60d": "60 days"}


def add_invitations(app: RoutesWithRoles, seasons: Seasons) -> None:
    @app.get("/invitations", who=Right.RUN)
    def invitations_page() -> str:
        return _page(seasons.here())

    @app.post("/invitations", who=Right.RUN)
    def invite() -> AnyResponse:
        here, who = seasons.here(), visitor()
        made: list[Invited] = []

        def act() -> str:
            lasts = span(request.form.get("lasts", "14d"))
            if lasts is None:
                raise UsageError("that is no length of time; nobody was invited", hint="choose one from the list")
            name, role = request.form.get("name", ""), request.form.get("role", "")
            made.append(here.desk.invite(name, role, by=who.name, lasts=lasts))
            return ""

        answer = attempt(act, to=lambda done: "", again=lambda trouble: _page(here, trouble), form="invite")
        # The link is in this answer and nowhere else: leading on to another page would lose it.
        return make_response(_page(here, invited=made[0])) if made else answer

    @app.post("/invitations/revoke", who=Right.RUN)
    def revoke_invitation() -> AnyResponse:
        here, who = seasons.here(), visitor()

        def act() -> str:
            here.desk.revoke(request.form.get("name", ""), by=who.name)
            return "revoked"

        return attempt(
            act,
            to=lambda done: link("invitations_page", done=done),
            again=lambda trouble: _page(here, trouble),
            form="revoke",
        )


def _page(here: Here, trouble: Trouble | None = None, invited: Invited | None = None) -> str:
    now = here.project.clock.now()
    found = here.desk.invitations()
    standing = {p.invitation.name: p for p in here.desk.how_it_stands().by_person}
    return render_template(
        "desk/invitations.html",
        done=request.args.get("done", ""),
        trouble=trouble,
        typed=request.form if trouble else {},
        invited=invited,
        link_here=_on_this_machine(invited) if invited else "",
        is_public=not here.project.settings.public_url_is_an_example,
        good=[i for i in found if i.is_good(now)],
        over=[(i, i.state(now)) for i in reversed(found) if not i.is_good(now)],
        standing=standing,
        now=now,
        roles=list(here.desk.policy.roles.values()),
        spans=SPANS,
    )


def _on_this_machine(invited: Invited) -> str:
    """The same link by the address under which this page was asked for; empty when that is the public one."""
    public, _, token = invited.link.rpartition("/r/")
    here = request.url_root.rstrip("/")
    return "" if here == public else f"{here}/r/{token}"
