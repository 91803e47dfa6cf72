"""Routes by which a person reviews: approvals, requests for changes, comments. The key says who, and as what."""

from __future__ import annotations

from ...domain.api_key import Scope
from ...domain.comment import Comment
from ...domain.redact import person_key, without_addresses
from ...domain.standing_request import standing_requests
from ...errors import UsageError
from ...review.rehearsal_data import findings_as_data
from ...review.review_status_data import comment_as_data, missing_as_data, request_as_data, sent_as_data
from ...review.service import AlreadySent, ChangedMeanwhile, ReviewService
from ...review.validate_comment import checked
from ..problem_details import Problem
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
    desk = call.desk()
    messages = call.messages(desk.rehearsal)
    role = _role(call, desk, approves=True)
    seen = {(messages[0].item, channel): digest for channel, digest in call.body["seen"].items()}
    try:
        done = desk.approve(
            [messages[0].item], person=call.key.person, role=role, comment=call.body.get("comment", ""), seen=seen
        )
    except ChangedMeanwhile as error:
        raise Problem(
            409,
            "changed-meanwhile",
            "It is not what would go out now",
            detail=error.message,
            where="body.seen",
            what_to_do=error.hint,
            digests={m.channel: m.digest for m in messages},
        ) from None
    except AlreadySent as error:
        raise _sent(error) from None
    except UsageError as error:
        raise _refused(error) from None
    now = desk.rehearsal_now()
    return Answer(
        {
            "approved": [{"item": m.item, "channel": m.channel, "digest": m.digest} for m in done.messages],
            "already": done.already,
            "sent": [{"channel": s.channel, **(sent_as_data(s) or {})} for s in done.sent],
            "by": call.key.person,
            "role": role,
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
    desk = call.desk()
    item = call.messages(desk.rehearsal)[0].item
    role, channel = _role(call, desk), call.body.get("channel")
    try:
        asked = desk.request_changes(
            item, person=call.key.person, role=role, comment=call.body["comment"], channel=channel
        )
    except AlreadySent as error:
        raise _sent(error) from None
    except UsageError as error:
        raise _refused(error) from None
    rehearsal = desk.rehearsal_now()
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
    desk = call.desk()
    item = call.messages(desk.rehearsal)[0].item
    return Answer({"comments": [comment_as_data(c) for thread in desk.comments(item).values() for _, c in thread]})


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
    repeats="Sent again, word for word, by the same person, it gives back the first comment (200).",
)
def comment(call: ApiRequest) -> Answer:
    """Write a private comment on an item, or on its message of one channel, or an answer to a comment."""
    desk = call.desk()
    item = call.messages(desk.rehearsal)[0].item
    role, channel, answers = _role(call, desk), call.body.get("channel", ""), call.body.get("answers")
    try:
        text = checked(call.body["text"], "the comment")
        said = _same_comment(call, desk, item, channel, answers, text)
        if said is not None:
            return Answer(comment_as_data(said))
        made = desk.comment(item, person=call.key.person, role=role, text=text, channel=channel, answers=answers)
    except UsageError as error:
        raise _refused(error) from None
    return Answer(comment_as_data(made), 201)


def _same_comment(
    call: ApiRequest, desk: ReviewService, item: str, channel: str, answers: int | None, text: str
) -> Comment | None:
    said = (channel, answers, without_addresses(text), person_key(call.key.person), "comment")
    known = call.house.ledger.comments(desk.campaign, desk.season, item)
    return next((c for c in known if (c.channel, c.answers, c.text, person_key(c.person), c.about) == said), None)


def _role(call: ApiRequest, desk: ReviewService, *, approves: bool = False) -> str:
    """The role of the key, as the review policy has it now. Raises Problem when it does not allow this any more."""
    known = desk.policy.role(call.key.role)
    if known is None:
        raise Problem(
            403,
            "role-gone",
            "The key's role is not in the review policy any more",
            where="header Authorization",
            what_to_do="ask for a key in a role of config/review.toml",
        )
    if approves and not known.approves:
        raise Problem(
            403,
            "role-does-not-approve",
            f"An approval as {known.words} does not count",
            where="header Authorization",
            what_to_do="comment or ask for changes; an approval needs a key in another role",
        )
    return known.id


def _refused(error: UsageError) -> Problem:
    """What the desk refuses, beyond what a schema can say."""
    return Problem(
        422,
        "misfit",
        "It was refused, and nothing was changed",
        detail=error.message,
        where="body",
        what_to_do=error.hint or "correct it and send it again",
    )


def _sent(error: AlreadySent) -> Problem:
    return Problem(
        409,
        "already-sent",
        "It went out already, and nothing was changed",
        detail=error.message,
        what_to_do="write it as a comment on the item (POST /items/{item}/comments), for next year or for a correction",
    )
