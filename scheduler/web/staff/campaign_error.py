"""What is shown while a campaign's files or the review policy cannot be read: what is wrong, and the button that stops
everything. That needs neither."""

from __future__ import annotations

import logging

from flask import Response, g, make_response, render_template, request, url_for

from ...review.policy_file import PolicyError
from ...services.seasons import CampaignUnusable
from ..responses import error_page
from ..routing import site
from .form_actions import ActionError

log = logging.getLogger(__name__)

#: Why nobody can say which season an address means.
PROBLEMS = (CampaignUnusable, PolicyError)


def unusable(problem: CampaignUnusable | PolicyError) -> Response:
    """For those who can do something about it: what is wrong. For everybody else: not now."""
    if g.get("visitor") is None:
        log.error("a page could not be served: %s", problem.message.splitlines()[0], extra={"action": "page_failed"})
        return error_page(503)
    return make_response(unusable_page(problem), 503)


def unusable_page(problem: CampaignUnusable | PolicyError, trouble: ActionError | None = None) -> str:
    """What is wrong, and the form to hold everything."""
    _, *lines = problem.message.splitlines()
    return render_template(
        "staff/unusable.html",
        findings=getattr(problem, "findings", ()),
        lines=[] if isinstance(problem, CampaignUnusable) else [line.strip() for line in lines],
        holds=site().ledger.holds.in_force(),
        channels=[c for c in site().project.settings.channels.values() if c.enabled],
        others=[i for i in site().project.campaigns() if i != getattr(problem, "campaign", "")],
        hold_address=address("hold_now"),
        trouble=trouble,
        typed=request.form if trouble else {},
    )


def address(endpoint: str) -> str:
    """Of a page, while there is no season to link to: with the campaign that the address names, if it names one."""
    return url_for(endpoint, campaign=request.args.get("campaign"))
