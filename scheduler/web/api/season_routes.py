"""Routes about a season: its plan, items and findings, how it stands; approvals, requests for changes, comments."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ...domain.api_key import Scope
from ...domain.refusals import Refusal, Refused
from ...domain.season_key import SeasonKey
from ...domain.stale_approvals import voided
from ...domain.standing_request import standing_requests
from ...errors import ObservanceError
from ...project import campaign_ids
from ...review.rehearsal_data import findings_as_data, item_as_data, plan_as_data
from ...review.report_files import report_as_data
from ...review.review_status import comment_as_data, missing_as_data, request_as_data, sent_as_data, voided_as_data
from ...services import approvals
from ...services.report import report_on
from ...services.seasons import CampaignUnusable, read_campaign, season_in_view
from ...services.status import season_status, status_as_data
from ..refusals import problem_of
from .request import ApiAnswer, ApiRequest, link
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
def index(call: ApiRequest) -> ApiAnswer:
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
    return ApiAnswer(
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
def campaigns(call: ApiRequest) -> ApiAnswer:
    """Each campaign in the project's folder, with the season that runs now, else the one that has ended and is not
    closed yet, else the next. One that cannot be read says so."""
    return ApiAnswer({"campaigns": [_campaign(call, name) for name in campaign_ids(call.site.project.root)]})


def _campaign(call: ApiRequest, name: str) -> dict[str, Any]:
    project = call.site.project
    try:
        campaign, _ = read_campaign(project, name)
        season = season_in_view(project, campaign, None, call.site.ledger)
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
def plan(call: ApiRequest) -> ApiAnswer:
    """Every message of the season exactly as it would go out now, with its digest, its sources and what it lacks:
    what a dry run writes into plan.json. ``made_at`` does not count for the ETag."""
    data = plan_as_data(call.about_season().rehearsal, made_at=call.site.now())
    return ApiAnswer(data, same_as={**data, "made_at": None})


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
def item(call: ApiRequest) -> ApiAnswer:
    """The messages of one item in full, with their digests, findings, and which approvals are missing. Comments are
    not part of it."""
    about = call.about_season()
    rehearsal = about.rehearsal_now()
    messages = call.messages(rehearsal)
    return ApiAnswer(
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
def findings(call: ApiRequest) -> ApiAnswer:
    """All findings about a season, and the approvals that a change has voided. Of a campaign that cannot be read: why
    not."""
    try:
        campaign_id = call.campaign_id
        rehearsal = call.site.months.rehearsal(campaign_id, call.year)
    except CampaignUnusable as error:
        found = findings_as_data(error.findings)
        return ApiAnswer({"campaign": campaign_id, "usable": False, "findings": found, "voided": []})
    except ObservanceError:
        rehearsal = call.about_season().rehearsal  # in the words of the API
    return ApiAnswer(
        {
            "campaign": campaign_id,
            "season": rehearsal.plan.season.year,
            "usable": True,
            "findings": findings_as_data(rehearsal.findings),
            "voided": voided_as_data(voided(rehearsal, open_at=call.site.now())),
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
def status(call: ApiRequest) -> ApiAnswer:
    """What went out, what comes, what stands in the way, what waits for a person: what ``status --json`` prints."""
    campaign_id = call.campaign_id
    year = call.season_year()
    context = call.context
    found = season_status(
        context, SeasonKey(campaign_id, year), lambda: call.site.months.context(context.actor, campaign_id, year)
    )
    return ApiAnswer(status_as_data(found))


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
def report(call: ApiRequest) -> ApiAnswer:
    """What was planned, approved by whom, sent when, what did not go out and why, with the sources: what ``report
    --json`` prints. It names no reader. ``made_at`` does not count for the ETag."""
    about = call.about_season(call.season_year())
    data = report_as_data(report_on(call.site.project, call.site.ledger, about.rehearsal, mode=call.mode))
    return ApiAnswer(data, same_as={**data, "made_at": None})


# -- by which a person reviews: the key says who, and as what --------------------------------------------------------


@route(
    "POST",
    "/items/{item}/approvals",
    scope=Scope.REVIEW,
    summary="Approve exactly what was read",
    tag="review",
    query=OF_A_SEASON,
    body="ApprovalsAsked",
    answers={200: ("ApprovalsGiven", "What was newly approved, and what is still missing")},
    problems=(404, 409),
    repeats="Sent again it approves nothing anew, and says how much was approved already.",
)
def approve(call: ApiRequest) -> ApiAnswer:
    """Approve messages of an item in the name and the role of the key. ``seen`` holds, by channel, the digest of the
    message that was read; where one is another by now, nothing is approved (409)."""
    about = call.about_season()
    messages = call.messages(about.rehearsal)
    seen = {(messages[0].item, channel): digest for channel, digest in call.body["seen"].items()}
    try:
        done = approvals.approve(about, [messages[0].item], comment=call.body.get("comment", ""), seen=seen)
    except Refused as refused:
        changed = refused.code is Refusal.CHANGED_MEANWHILE
        raise problem_of(refused, {m.channel: m.digest for m in messages} if changed else None) from None
    now = about.rehearsal_now()
    return ApiAnswer(
        {
            "approved": [{"item": m.item, "channel": m.channel, "digest": m.digest} for m in done.messages],
            "already": done.already,
            "sent": [{"channel": s.channel, **(sent_as_data(s) or {})} for s in done.sent],
            "by": call.key.person,
            "role": about.role(call.key.role).id,
            "amber": findings_as_data(done.ambers),
            "missing": [
                {"channel": m.channel, "missing": [missing_as_data(lack) for lack in now.missing(m)]} for m in messages
            ],
        }
    )


@route(
    "POST",
    "/items/{item}/change-requests",
    scope=Scope.REVIEW,
    summary="Ask for changes",
    tag="review",
    query=OF_A_SEASON,
    body="ChangesAsked",
    answers={
        201: ("ChangeRequests", "Asked"),
        200: ("ChangeRequests", "The same request stands already"),
    },
    problems=(404, 409),
    repeats="Sent again while the same request stands, it asks nothing anew (200).",
)
def request_changes(call: ApiRequest) -> ApiAnswer:
    """Withdraw the person's approval of an item, and keep it from going out live until the request is answered. The
    comment is private: reviewers and coordinators see it. ``sent`` says what of it went out before, wholly or in part;
    when all of it did, nothing is asked for (409)."""
    about = call.about_season()
    item = call.messages(about.rehearsal)[0].item
    asked = approvals.request_changes(about, item, comment=call.body["comment"], channel=call.body.get("channel"))
    rehearsal = about.rehearsal_now()
    found = standing_requests(rehearsal, asked.requests)
    data = {
        "requests": [request_as_data(r, rehearsal.plan.campaign.time_zone) for r in found],
        "sent": [{"channel": s.channel, **(sent_as_data(s) or {})} for s in asked.sent],
    }
    return ApiAnswer(data, 200 if asked.again else 201)


@route(
    "GET",
    "/items/{item}/comments",
    scope=Scope.REVIEW,
    summary="Private comments on an item",
    tag="review",
    query=OF_A_SEASON,
    answers={200: ("Comments", "In reading order, answers below what they answer")},
    problems=(404, 409),
)
def comments(call: ApiRequest) -> ApiAnswer:
    """What reviewers wrote about an item. A key to read does not show it."""
    about = call.about_season()
    threads = approvals.comments(about, call.messages(about.rehearsal)[0].item)
    return ApiAnswer({"comments": [comment_as_data(c) for thread in threads.values() for _, c in thread]})


@route(
    "POST",
    "/items/{item}/comments",
    scope=Scope.REVIEW,
    summary="Comment on an item",
    tag="review",
    query=OF_A_SEASON,
    body="CommentAsked",
    answers={201: ("Comment", "Written down"), 200: ("Comment", "The person has said the same already")},
    problems=(404, 409),
    repeats="Sent again with nothing said by the person in between, it gives back the first comment (200).",
)
def comment(call: ApiRequest) -> ApiAnswer:
    """Write a private comment on an item, or on its message of one channel, or an answer to a comment."""
    about, body = call.about_season(), call.body
    item = call.messages(about.rehearsal)[0].item
    channel, answers = body.get("channel", ""), body.get("answers")
    done = approvals.comment(about, item, body["text"], channel=channel, answers=answers)
    return ApiAnswer(comment_as_data(done.comment), 200 if done.again else 201)
