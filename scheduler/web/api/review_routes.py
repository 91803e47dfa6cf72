"""Routes by which a person reviews: approvals, requests for changes, comments. The key says who, and as what."""

from __future__ import annotations

from ...domain.api_key import Scope
from ...domain.refusals import Refusal, Refused
from ...domain.standing_request import standing_requests
from ...review.rehearsal_data import findings_as_data
from ...review.review_status import comment_as_data, missing_as_data, request_as_data, sent_as_data
from ...services import approvals, change_requests
from ...services import comments as remarks
from ..refusals import problem_of
from .request import Answer, ApiRequest
from .route_table import route
from .season_routes import OF_A_SEASON


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
def approve(call: ApiRequest) -> Answer:
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
    return Answer(
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
def request_changes(call: ApiRequest) -> Answer:
    """Withdraw the person's approval of an item, and keep it from going out live until the request is answered. The
    comment is private: reviewers and coordinators see it. ``sent`` says what of it went out before, wholly or in part;
    when all of it did, nothing is asked for (409)."""
    about = call.about_season()
    item = call.messages(about.rehearsal)[0].item
    asked = change_requests.request_changes(about, item, comment=call.body["comment"], channel=call.body.get("channel"))
    rehearsal = about.rehearsal_now()
    found = standing_requests(rehearsal, asked.requests)
    data = {
        "requests": [request_as_data(r, rehearsal.plan.campaign.time_zone) for r in found],
        "sent": [{"channel": s.channel, **(sent_as_data(s) or {})} for s in asked.sent],
    }
    return Answer(data, 200 if asked.again else 201)


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
def comments(call: ApiRequest) -> Answer:
    """What reviewers wrote about an item. A key to read does not show it."""
    about = call.about_season()
    threads = remarks.comments(about, call.messages(about.rehearsal)[0].item)
    return Answer({"comments": [comment_as_data(c) for thread in threads.values() for _, c in thread]})


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
def comment(call: ApiRequest) -> Answer:
    """Write a private comment on an item, or on its message of one channel, or an answer to a comment."""
    about, body = call.about_season(), call.body
    item = call.messages(about.rehearsal)[0].item
    channel, answers = body.get("channel", ""), body.get("answers")
    done = remarks.comment(about, item, body["text"], channel=channel, answers=answers)
    return Answer(comment_as_data(done.comment), 200 if done.again else 201)
