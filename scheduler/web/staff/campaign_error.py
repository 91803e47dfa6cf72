"""What is shown while a campaign's files or the review policy cannot be read: what is wrong, and the button that stops
everything. That needs neither."""

from __future__ import annotations

import logging

from flask import Response, g, make_response, render_template, request, url_for

from ...review.policy_file import PolicyError
from ...services.seasons import CampaignUnusable
from ..responses import error_page
from ..security import RoutesWithRoles
from .form_actions import ActionError
from .page_context import PageContext, SeasonResolver

log = logging.getLogger(__name__)

Problem = CampaignUnusable | PolicyError


def add_unusable(app: RoutesWithRoles, seasons: SeasonResolver) -> None:
    """For those who can do something about it: what is wrong. For everybody else: not now."""

    @app.errorhandler(CampaignUnusable)
    @app.errorhandler(PolicyError)
    def unusable(problem: Problem) -> Response:
        if g.get("visitor") is None:
            first = problem.message.splitlines()[0]
            log.error("a page could not be served: %s", first, extra={"action": "page_failed"})
            return error_page(503)
        return make_response(unusable_page(seasons, problem), 503)


def here_or_problem(seasons: SeasonResolver) -> PageContext | Problem:
    """The season that the address means, or why nobody can say which."""
    try:
        return seasons.resolve()
    except (CampaignUnusable, PolicyError) as problem:
        return problem


def unusable_page(seasons: SeasonResolver, problem: Problem, trouble: ActionError | None = None) -> str:
    _, *lines = problem.message.splitlines()
    return render_template(
        "staff/unusable.html",
        findings=getattr(problem, "findings", ()),
        lines=[] if isinstance(problem, CampaignUnusable) else [line.strip() for line in lines],
        holds=seasons.ledger.holds.in_force(),
        channels=[c for c in seasons.project.settings.channels.values() if c.enabled],
        others=[i for i in seasons.project.campaigns() if i != getattr(problem, "campaign", "")],
        hold_address=_address("hold_now"),
        trouble=trouble,
        typed=request.form if trouble else {},
    )


def address_of_hold(done: str) -> str:
    """Where to go on to after a hold, while there is no season to link to."""
    return _address("holds_page")


def _address(endpoint: str) -> str:
    """With the campaign that the address names, if it names one."""
    return url_for(endpoint, campaign=request.args.get("campaign"))
