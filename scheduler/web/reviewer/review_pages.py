"""The pages under ``/r/TOKEN``.

GET changes nothing, so a program that looks at links uses nothing up: not even the look is noted. That is done by the
first form that is sent, be it only "Start reading". The token is the secret; there is no cookie, and no page tells
another server, or another page, where the reader came from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Response, make_response, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.exceptions import BadRequest, Forbidden, NotFound
from werkzeug.wrappers import Response as AnyResponse

from ...domain.claim import Claim, Contact
from ...domain.comment import thread_page
from ...domain.design_tokens import css_custom_properties
from ...domain.formatting import channel_words, counted, moment_words
from ...domain.invitation import Invitation
from ...domain.message import Message
from ...domain.refusals import Refusal, Refused
from ...domain.rehearsal import Rehearsal
from ...domain.role import Right, rights_of
from ...domain.via import Via
from ...errors import UsageError
from ...light_dataclass import dataclass
from ...review.item_html import item_css, item_fragment
from ...review.item_view import decided_words
from ...review.reviewer_queue import QueueItem, QueueStatus, ReviewerQueue
from ...services import approvals, invitations
from ...services.approvals import AlreadySent
from ...services.context import Actor, SeasonContext
from ...services.invitations import note_look
from ...services.signatures import sign
from ...wiring import handles_of
from ..flash import redirect_with_flash, take_flash
from ..responses import own_file, page_policy, pairs_of, row_number
from ..routing import Guard, get, post, site
from ..security.guard import LARGEST_FORM, refuse_foreign

_CSS = css_custom_properties() + item_css() + own_file("reading.css")
ACTS = {
    "approve": Right.REVIEW,
    "undo": Right.REVIEW,
    "changes": Right.REVIEW,
    "withdraw": Right.COMMENT,
    "comment": Right.COMMENT,
}
#: What is offered beside the result of an act.
_UNDONE_BY = {"approve": "undo", "changes": "withdraw"}
_SEEN = "seen."
_DONE = {
    "approve": "You approved",
    "changes": "You asked for changes of",
    "undo": "You took back your approval of",
    "withdraw": "You took back what you had asked for of",
    "comment": "Your comment was added to",
}


_RECORDS_SEEN = "Thank you. Your approvals stand as they were."


class NoSuchLink(NotFound):
    """A link that is unknown, expired, taken back, or of another purpose: nobody can tell which."""


@dataclass(frozen=True)
class ReviewLink:
    """One good link, for the length of one request."""

    token: str
    invitation: Invitation
    rights: frozenset[Right]
    context: SeasonContext  # for an act of the person whose link it is
    reading: ReviewerQueue

    @property
    def may_decide(self) -> bool:
        """Approve, ask for changes, and sign."""
        return Right.REVIEW in self.rights

    @property
    def may_comment(self) -> bool:
        return Right.COMMENT in self.rights

    @property
    def role(self) -> str:
        return self.invitation.role.replace("-", " ")


def open_link(token: str) -> ReviewLink:
    """Raises NoSuchLink for every token that is not good, whatever the reason."""
    now, project, ledger = site().now(), site().project, site().ledger
    invitation = ledger.invitations.find(token, now=now)
    if invitation is None or invitation.campaign not in project.campaigns():
        raise NoSuchLink
    actor = Actor(invitation.name, invitation.role, Via.LINK)
    context = site().months.context(actor, invitation.campaign, invitation.season)
    reading = ReviewerQueue(context.rehearsal_now(), ledger, invitation, now=now)
    return ReviewLink(token, invitation, rights_of(invitation.role, context.policy), context, reading)


def open_to_act(token: str, right: Right) -> ReviewLink:
    """As :func:`open_link`, for a form that was sent: what it asks for must be allowed, and the look is noted.

    Raises Forbidden for a role that may not, and for a form of another site.
    """
    opened = open_link(token)
    refuse_foreign(but="null")
    if right not in opened.rights:
        raise Forbidden
    note_look(opened.context, opened.invitation)
    return opened


def _answer(template: str, status: int, styles: Sequence[str] = (), **values: object) -> Response:
    style = Markup(_CSS)  # noqa: S704 - our own files
    response = make_response(render_template(f"reviewer/{template}", reading_css=style, **values), status)
    response.headers["Content-Security-Policy"] = page_policy([_CSS, *styles])
    return response


def _page(
    template: str, opened: ReviewLink, status: int = 200, *, styles: Sequence[str] = (), **values: object
) -> Response:
    plan = opened.reading.rehearsal.plan
    return _answer(
        template,
        status,
        styles,
        opened=opened,
        reading=opened.reading,
        token=opened.token,
        plan=plan,
        zone=plan.campaign.time_zone,
        Stand=QueueStatus,
        **values,
    )


def _item_page(
    opened: ReviewLink,
    one: QueueItem,
    status: int = 200,
    *,
    typed: str = "",
    problem: str = "",
    sentence: str = "",
    shown: Mapping[str, Message] | None = None,
    refusal: str = "",
) -> Response:
    """One item as it will look, with what was ``typed`` and what went wrong."""
    site().forms.remember(one.messages)
    reading = opened.reading
    handles, zone = handles_of(site().project), reading.rehearsal.plan.campaign.time_zone
    done, undo = _done(opened)
    seen = item_fragment(reading.rehearsal, one.item, handles=handles, lay=True)
    before, after = reading.neighbours(one.item)
    answers = request.values.get("answers", "")
    thread = approvals.comments(opened.context, one.item).get(one.item, ())
    return _page(
        "item.html",
        opened,
        status,
        styles=seen.styles,
        one=one,
        seen=seen.html,
        typed=typed,
        problem=problem,
        sentence=sentence,
        refusal=refusal,
        thread=thread_page(thread, row_number(request.args.get("said", ""))),
        answers=next((c for _, c in thread if str(c.id) == answers), None),
        before=before,
        after=after,
        next_one=reading.next_after(one.item),
        changed=reading.changes(one, shown),
        asked=reading.asked(one, thread),
        became=tuple(dict.fromkeys(filter(None, (r.became(zone) for r in one.mended or one.requests)))),
        questions=reading.questions(one),
        done=done,
        undo=undo,
    )


def no_such_link(error: NoSuchLink) -> Response:
    """A link may end while somebody writes, as when a reminder brings a new one. Another site's words are not shown."""
    ours = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    typed = request.form.get("words", "").strip() if ours and request.endpoint == "reading_act" else ""
    return _answer("no_such_link.html", 404, typed=typed)


@get("/r/<token>", who=Guard.LINK)
def reading_overview(token: str) -> Response:
    opened = open_link(token)
    return _overview(opened, done=_RECORDS_SEEN if take_flash() == ["records"] else "")


def _overview(
    opened: ReviewLink, status: int = 200, *, done: str = "", changed: str = "", problem: str = "", refusal: str = ""
) -> Response:
    """``changed``: that the records changed once more; ``problem``: what stood in the way of declining."""
    typed = request.form if problem else {}
    return _page(
        "overview.html", opened, status, done=done, changed=changed, problem=problem, refusal=refusal, typed=typed
    )


@post("/r/<token>", who=Guard.LINK)
def reading_start(token: str) -> AnyResponse:
    act = request.form.get("act", "")
    if act in ("decline", "take-up"):
        return _decline(open_to_act(token, Right.REVIEW), act)
    if act in ("mail-off", "mail-on"):
        invitations.choose_mail(open_to_act(token, Right.LOOK).context, off=act == "mail-off")
        return redirect(url_for("reading_overview", token=token) + "#mail", 303)
    opened = open_to_act(token, Right.LOOK)
    return redirect(_address(opened, opened.reading.next_after() or next(iter(opened.reading.items), None)), 303)


def _decline(opened: ReviewLink, act: str) -> AnyResponse:
    """They can't review, or can after all."""
    try:
        if act == "decline":
            invitations.decline(opened.context, request.form.get("reason", ""), instead=request.form.get("instead", ""))
        else:
            invitations.take_up(opened.context)
    except Refused as refused:
        return _overview(opened, 422, problem=refused.message, refusal=refused.code)
    return redirect(url_for("reading_overview", token=opened.token), 303)


@post("/r/<token>/records", who=Guard.LINK, largest=LARGEST_FORM)
def reading_see_records(token: str) -> AnyResponse:
    """One tap for all that rests on records that changed, while nothing did that readers get."""
    opened = open_to_act(token, Right.REVIEW)
    try:
        approvals.see_records(opened.context, pairs_of(request.form.getlist("record")))
    except Refused as refused:
        return _overview(opened, 409, changed=refused.message, refusal=refused.code)
    return redirect_with_flash(url_for("reading_overview", token=token), "records")


@get("/r/<token>/items/<item>", who=Guard.LINK)
def reading_item(token: str, item: str) -> Response:
    opened = open_link(token)
    one = opened.reading.of(item)
    return _item_page(opened, one) if one else _page("no_such_item.html", opened, 404)


@post("/r/<token>/items/<item>", who=Guard.LINK, largest=LARGEST_FORM)
def reading_act(token: str, item: str) -> AnyResponse:
    act = request.form.get("act", "")
    opened = open_to_act(token, ACTS.get(act, Right.LOOK))
    one = opened.reading.of(item)
    if one is None:
        return _page("no_such_item.html", opened, 404)
    typed = request.form.get("words", "")
    seen = {name.removeprefix(_SEEN): value for name, value in request.form.items() if name.startswith(_SEEN)}
    try:
        _act(opened, one, act, typed, seen)
    except AlreadySent as refused:
        sentence = refused.message
        return _item_page(opened, one, 409, typed=typed, problem="sent", sentence=sentence, refusal=refused.code)
    except UsageError as problem:
        code = problem.code if isinstance(problem, Refused) else ""
        if code == Refusal.CHANGED_MEANWHILE:
            shown = site().forms.of(seen)
            return _item_page(opened, one, 409, typed=typed, problem="changed", shown=shown, refusal=code)
        return _item_page(opened, one, 422, typed=typed, problem=problem.message, refusal=code)
    if act in ("comment", "withdraw", "undo"):
        return redirect_with_flash(_address(opened, one) + ("#said" if act == "comment" else ""), act, one.item)
    # The next one is taken from what waited before: this item waits no more.
    return redirect_with_flash(_address(opened, opened.reading.next_after(item)), act, one.item)


@get("/r/<token>/weeks/<int:week>", who=Guard.LINK)
def reading_week(token: str, week: int) -> AnyResponse:
    opened = open_link(token)
    return _week_page(opened, week) if week in opened.reading.weeks else redirect(_next_week(opened, week), 303)


@post("/r/<token>/weeks/<int:week>", who=Guard.LINK, largest=LARGEST_FORM)
def reading_approve_week(token: str, week: int) -> AnyResponse:
    """Approve what is ticked, each in the form that was shown; or take that back."""
    opened = open_to_act(token, Right.REVIEW)
    items = request.form.getlist("item")
    try:
        if request.form.get("act") == "undo":
            done = {item: _take_back(opened, item) for item in items}
            taken, sent = (str(sum(code == wanted for code in done.values())) for wanted in _TAKEN_OR_SENT)
            return redirect_with_flash(url_for("reading_week", token=token, week=week), "undone", taken, sent)
        seen = {
            (item, channel): digest
            for item, _, rest in (value.partition(" ") for value in request.form.getlist("seen"))
            for channel, _, digest in [rest.partition(" ")]
            if item in items
        }
        if not seen:
            return _week_page(opened, week, 422, problem="nothing was ticked, so nothing was approved")
        if any(request.form.get("act") != "approve" or item not in {i for i, _ in seen} for item in items):
            raise BadRequest
        over = [one for item in items if (one := opened.reading.of(item)) and one.stand is QueueStatus.OVER]
        if over:
            raise _too_late(over[0])
        approvals.approve(opened.context, items, seen=seen)
    except UsageError as problem:
        code = problem.code if isinstance(problem, Refused) else ""
        return _week_page(opened, week, 409 if code else 422, problem=problem.message, refusal=code)
    # The next week is taken from what waited before: this one waits no more.
    return redirect_with_flash(_next_week(opened, week), "week", *items)


#: How it ended for one item of several: taken back, or gone out before it.
_TAKEN_OR_SENT = ("", Refusal.TOO_LATE_TO_TAKE_BACK)


def _take_back(opened: ReviewLink, item: str) -> str:
    """Take back one of several. Returns why not: what one of them met is no reason for the others to stay."""
    try:
        approvals.take_back(opened.context, item)
    except Refused as problem:
        if problem.code not in (Refusal.TOO_LATE_TO_TAKE_BACK, Refusal.NOTHING_TO_TAKE_BACK):
            raise
        return problem.code
    return ""


def _week_page(opened: ReviewLink, week: int, status: int = 200, *, problem: str = "", refusal: str = "") -> Response:
    waiting = opened.reading.weeks.get(week, ())
    own: list[QueueItem] = []
    together: list[QueueItem] = []
    for one in waiting:
        (own if opened.reading.questions(one) or one.asked else together).append(one)
    return _page(
        "week.html",
        opened,
        status,
        week=week,
        own=own,
        together=[(one, dict(opened.reading.changes(one))) for one in together],
        minutes=sum(one.minutes for one in together),
        several=_several(opened),
        problem=problem,
        refusal=refusal,
    )


def _next_week(opened: ReviewLink, week: int) -> str:
    """The next week in which something waits, from this one on and then from the beginning."""
    others = [n for n in opened.reading.weeks if n != week]
    following = next((n for n in others if n > week), others[0] if others else None)
    if following is None:
        return url_for("reading_finish", token=opened.token)
    return url_for("reading_week", token=opened.token, week=following)


def _several(opened: ReviewLink) -> tuple[str, tuple[str, ...], int]:
    """What approving several just did, in words; which items, and the week of the form that takes it back."""
    act, *items = take_flash() or [""]
    if act == "undone":
        taken, sent = map(int, items)
        words = f"You took back your approval of {counted(taken, 'item')}."
        return words + (f" {counted(sent, 'item')} went out before that." if sent else ""), (), 0
    known = [one for i in items if (one := opened.reading.of(i)) is not None] if act == "week" else []
    if not known:
        return "", (), 0
    return f"You approved {counted(len(known), 'item')}.", tuple(one.item for one in known), known[0].week


@get("/r/<token>/finish", who=Guard.LINK)
def reading_finish(token: str) -> Response:
    opened = open_link(token)
    several = _several(opened)
    done, undo = _done(opened)
    signed = opened.reading.to_sign()
    return _page("finish.html", opened, done=done, undo=undo, several=several, signed=signed)


@get("/r/<token>/claims", who=Guard.LINK)
def reading_claims(token: str) -> Response:
    return _claims(open_link(token), signed="".join(take_flash()))


@post("/r/<token>/claims", who=Guard.LINK, largest=LARGEST_FORM)
def reading_sign(token: str) -> AnyResponse:
    opened = open_to_act(token, Right.REVIEW)
    kind, _, rest = request.form.get("sign", "").partition(" ")
    record_id, _, record_hash = rest.partition(" ")
    campaign, opened_it = opened.reading.rehearsal.plan.campaign, request.form.get("opened") == "yes"
    try:
        done = sign(opened.context, campaign, kind, record_id, record_hash, opened=opened_it)
    except Refused as refused:
        status = 409 if refused.code == Refusal.CHANGED_MEANWHILE else 422
        return _claims(opened, status, problem=refused.message, record=record_id, refusal=refused.code)
    return redirect_with_flash(url_for("reading_claims", token=token) + f"#{kind}-{record_id}", str(int(done)))


def _record_row(
    rehearsal: Rehearsal, record: Claim | Contact, is_signed: bool
) -> tuple[str, Claim | Contact, str, bool, str]:
    """A claim or a help line to sign: its kind, itself, its hash, whether they have signed it, what was decided."""
    if isinstance(record, Claim):
        decided = decided_words(rehearsal, "claim", record.id, record.needs_decision)
        return "claim", record, record.record_hash(), is_signed, decided
    return "contact", record, record.record_hash(), is_signed, ""


def _claims(
    opened: ReviewLink,
    status: int = 200,
    *,
    problem: str = "",
    record: str = "",
    refusal: str = "",
    signed: str = "",
) -> Response:
    return _page(
        "claims.html",
        opened,
        status,
        rows=[
            _record_row(opened.reading.rehearsal, record, is_signed) for record, is_signed in opened.reading.to_sign()
        ],
        problem=problem,
        at=record if any(one.id == record for one, _ in opened.reading.to_sign()) else "",
        signed=signed,
        standing=opened.reading.rehearsal.signatures.standing,
        refusal=refusal,
    )


def _act(opened: ReviewLink, one: QueueItem, act: str, typed: str, seen: Mapping[str, str]) -> None:
    """Do what the form asks for. Raises Refused, UsageError."""
    context, item = opened.context, one.item
    if act == "comment":
        approvals.comment(context, item, typed, answers=row_number(request.form.get("answers", "")))
    elif act == "withdraw":
        approvals.withdraw_request(context, item, comment=typed)
    elif act == "undo":
        approvals.take_back(context, item)
    elif act not in ACTS:
        raise BadRequest
    elif one.stand is QueueStatus.OVER:
        raise _too_late(one)
    elif not seen:
        raise BadRequest
    elif one.stand is not QueueStatus.SENT and seen != one.seen:  # of what went out a later form matters to nobody
        raise Refused(Refusal.CHANGED_MEANWHILE, what=f"“{one.title}”", undone="nothing was changed")
    else:
        shown = {(item, channel): digest for channel, digest in one.seen.items()}
        if act == "approve":
            approvals.approve(context, [item], comment=typed, seen=shown)
        else:
            approvals.request_changes(context, item, comment=typed, seen=shown)


def _too_late(one: QueueItem) -> UsageError:
    return UsageError(f"the time of “{one.title}” has passed, and nothing can be decided about it any more")


@dataclass(frozen=True)
class Undo:
    """The act that takes back what was just done to an item."""

    item: str
    act: str


def _done(opened: ReviewLink) -> tuple[str, Undo | None]:
    """What the act before this page did, in words; and how it is undone."""
    act, of = take_flash() or ("", "")
    words, item = _DONE.get(act), opened.reading.of(of)
    if not words or not item:
        return "", None
    held = "".join(f" Its {channel_words(s.channel)} message: {s.badge}." for s in item.sent)
    undo = Undo(item.item, _UNDONE_BY[act]) if act in _UNDONE_BY and item.decidable else None
    until = ""
    if undo is not None:
        due_at, zone = min(m.due_at for m in item.messages), opened.reading.rehearsal.plan.campaign.time_zone
        until = f" You can undo it until it is sent, {moment_words(due_at, zone)}."
    return f"{words} “{item.title}”.{held}{until}", undo


def _address(opened: ReviewLink, one: QueueItem | None) -> str:
    """The page of an item; where there is none to go on to, the last page."""
    if one is None:
        return url_for("reading_finish", token=opened.token)
    return url_for("reading_item", token=opened.token, item=one.item)
