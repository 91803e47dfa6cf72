"""Routes that show a season: its plan, its items, its findings, how it stands."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ...domain.api_key import Scope
from ...domain.season_key import SeasonKey
from ...domain.stale_approvals import voided
from ...domain.standing_request import standing_requests
from ...errors import ObservanceError
from ...project import campaign_ids
from ...review.rehearsal_data import findings_as_data, item_as_data, plan_as_data
from ...review.report_files import report_as_data
from ...review.review_status import request_as_data, voided_as_data
from ...services.report import report_on
from ...services.seasons import CampaignUnusable, read_campaign, season_of
from ...services.status import season_status, status_as_data
from .request import Answer, ApiRequest, link
from .route_table import route

OF_A_SEASON = ("campaign", "season")


@route(
    "GET",
    "/",
    scope=Scope.READ,
    summary="What there is",
    tag="season",
    answers={200: ("Index", "Addresses, and this key")},
)
def index(call: ApiRequest) -> Answer:
    """Where everything is, and what the key that asked allows."""
    key = call.key
    names = (
        "campaigns",
        "findings",
        "deliveries",
        "status",
        "report",
        "holds",
        "events",
        "count_subscribers",
        "openapi",
    )
    return Answer(
        {
            "mode": call.site.project.settings.mode.value,
            "key": {
                "name": key.name,
                "scope": key.scope.value,
                "person": key.person,
                "role": key.role or None,
                "expires_at": key.expires_at,
            },
            "links": {name.replace("count_", ""): link(name) for name in names},
        }
    )


@route(
    "GET",
    "/campaigns",
    scope=Scope.READ,
    summary="All campaigns",
    tag="season",
    answers={200: ("Campaigns", "All of them")},
)
def campaigns(call: ApiRequest) -> Answer:
    """Each campaign in the project's folder, with the season that runs now or comes next. One that cannot be read
    says so."""
    return Answer({"campaigns": [_campaign(call, name) for name in campaign_ids(call.site.project.root)]})


def _campaign(call: ApiRequest, name: str) -> dict[str, Any]:
    project = call.site.project
    try:
        campaign, _ = read_campaign(project, name)
        season = season_of(project, campaign, None)
    except ObservanceError as problem:
        words = "its files cannot be read yet" if isinstance(problem, CampaignUnusable) else problem.message
        return {"id": name, "usable": False, "problem": words}
    return {
        "id": name,
        "usable": True,
        "name": campaign.name,
        "title": campaign.title_in(season.year) or campaign.name,
        "season": season.year,
        "window": {"start": season.start_on, "end": season.end_on},
        "time_zone": campaign.time_zone,
        "plan": link("plan", campaign=name, year=season.year),
    }


@route(
    "GET",
    "/campaigns/{campaign}/seasons/{year}/plan",
    scope=Scope.READ,
    summary="The plan of a season",
    tag="season",
    answers={200: ("Plan", "The season, item by item")},
    problems=(404, 409),
)
def plan(call: ApiRequest) -> Answer:
    """Every message of the season exactly as it would go out now, with its digest, its sources and what it lacks:
    what a dry run writes into plan.json. ``made_at`` does not count for the ETag."""
    data = plan_as_data(call.about_season().rehearsal, made_at=call.now)
    return Answer(data, same_as={**data, "made_at": None})


@route(
    "GET",
    "/items/{item}",
    scope=Scope.READ,
    summary="One item",
    tag="season",
    query=OF_A_SEASON,
    answers={200: ("Item", "Its messages")},
    problems=(404, 409),
)
def item(call: ApiRequest) -> Answer:
    """The messages of one item in full, with their digests, findings, and which approvals are missing. Comments are
    not part of it."""
    about = call.about_season()
    rehearsal = about.rehearsal_now()
    messages = call.messages(rehearsal)
    return Answer(
        {
            **asdict(about.key),
            "item": messages[0].item,
            "messages": item_as_data(rehearsal, messages),
            "requests": [
                request_as_data(r, rehearsal.plan.campaign.time_zone)
                for r in standing_requests(rehearsal)
                if r.request.item == messages[0].item
            ],
        }
    )


@route(
    "GET",
    "/findings",
    scope=Scope.READ,
    summary="Everything that was found",
    tag="season",
    query=OF_A_SEASON,
    answers={200: ("Findings", "All of them, red first")},
    problems=(404,),
)
def findings(call: ApiRequest) -> Answer:
    """All findings about a season, and the approvals that a change has voided. Of a campaign that cannot be read: why
    not."""
    try:
        campaign_id = call.campaign_id
        rehearsal = call.site.months.rehearsal(campaign_id, call.year)
    except CampaignUnusable as error:
        found = findings_as_data(error.findings)
        return Answer({"campaign": campaign_id, "usable": False, "findings": found, "voided": []})
    except ObservanceError:
        rehearsal = call.about_season().rehearsal  # in the words of the API
    return Answer(
        {
            "campaign": campaign_id,
            "season": rehearsal.plan.season.year,
            "usable": True,
            "findings": findings_as_data(rehearsal.findings),
            "voided": voided_as_data(voided(rehearsal, open_at=call.now)),
        }
    )


@route(
    "GET",
    "/status",
    scope=Scope.READ,
    summary="Now and next",
    tag="season",
    query=OF_A_SEASON,
    answers={200: ("Status", "How the season stands")},
    problems=(404, 409),
)
def status(call: ApiRequest) -> Answer:
    """What went out, what comes, what stands in the way, what waits for a person: what ``status --json`` prints."""
    campaign_id = call.campaign_id
    year = call.season_year()
    context = call.context
    found = season_status(
        context, SeasonKey(campaign_id, year), lambda: call.site.months.context(context.actor, campaign_id, year)
    )
    return Answer(status_as_data(found))


@route(
    "GET",
    "/report",
    scope=Scope.READ,
    summary="The report for the board",
    tag="season",
    query=(*OF_A_SEASON, "mode"),
    answers={200: ("Report", "What the season came to, so far")},
    problems=(404, 409),
)
def report(call: ApiRequest) -> Answer:
    """What was planned, approved by whom, sent when, what did not go out and why, with the sources: what ``report
    --json`` prints. It names no reader. ``made_at`` does not count for the ETag."""
    data = report_as_data(report_on(call.site.project, call.site.ledger, call.about_season().rehearsal, mode=call.mode))
    return Answer(data, same_as={**data, "made_at": None})
