"""The pages under ``/r/TOKEN``.

GET changes nothing, so a program that looks at links uses nothing up: not even the look is noted. That is done by the
first form that is sent, be it only "Start reading". The token is the secret; there is no cookie, and no page tells
another server, or another page, where the reader came from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NoReturn

from flask import Response, make_response, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as AnyResponse

from ...domain.claim import Claim
from ...domain.design_tokens import css_custom_properties
from ...domain.formatting import day_words, local_words, moment_words, short_day
from ...domain.message import Message
from ...domain.refusals import Refusal, Refused
from ...domain.role import Right
from ...errors import UsageError
from ...review.item_html import item_css, item_fragment
from ...review.packet_formatting import channel_words
from ...review.reviewer_queue import QueueItem, QueueStatus
from ...services import approvals, change_requests, comments
from ...services.approvals import AlreadySent
from ...services.signatures import sign
from ...wiring import handles_of
from ..flash import redirect_with_flash, take_flash
from ..responses import page_policy, row_number
from ..security import Guard, RoutesWithRoles
from .review_link import FormsShown, Links, NoSuchLink, ReviewLink

if TYPE_CHECKING:
    from ...project import Project
    from ...store import Ledger
    from ..rehearsal_cache import RehearsalCache

#: Bytes: the longest comment in any alphabet, as a form writes it, and what a form adds to it.
LARGEST_FORM = 160 * 1024

ACTS = {"approve": Right.REVIEW, "changes": Right.REVIEW, "withdraw": Right.COMMENT, "comment": Right.COMMENT}
_SEEN = "seen."
_DONE = {
    "approve": "You approved",
    "changes": "You asked for changes of",
    "withdraw": "You took back what you had asked for of",
    "comment": "Your comment was added to",
}


def add_reading(app: RoutesWithRoles, project: Project, ledger: Ledger, months: RehearsalCache, style: str) -> None:
    """Add the routes. ``style``: what is particular to these pages."""
    links, forms = Links(project, ledger, months), FormsShown()
    css = css_custom_properties() + item_css() + style

    def answer(template: str, status: int, styles: Sequence[str] = (), **values: object) -> Response:
        response = make_response(render_template(f"reviewer/{template}", reading_css=Markup(css), **values), status)  # noqa: S704 - our own files
        response.headers["Content-Security-Policy"] = page_policy([css, *styles])
        return response

    def page(
        template: str, opened: ReviewLink, status: int = 200, *, styles: Sequence[str] = (), **values: object
    ) -> Response:
        plan = opened.reading.rehearsal.plan
        return answer(
            template,
            status,
            styles,
            opened=opened,
            reading=opened.reading,
            token=opened.token,
            plan=plan,
            zone=plan.campaign.time_zone,
            Stand=QueueStatus,
            day=day_words,
            short_day=short_day,
            local=local_words,
            channel=channel_words,
            moment=moment_words,
            **values,
        )

    def item_page(
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
        forms.remember(one.messages)
        reading = opened.reading
        since = reading.since(one.item, shown)
        seen = item_fragment(reading.rehearsal, one.item, handles=handles_of(project), since=since, findings_last=True)
        before, after = reading.neighbours(one.item)
        answers = request.values.get("answers", "")
        thread = comments.comments(opened.context, one.item).get(one.item, ())
        return page(
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
            thread=thread,
            answers=next((c for _, c in thread if str(c.id) == answers), None),
            before=before,
            after=after,
            next_one=reading.next_after(one.item),
            done=_done(opened),
        )

    @app.errorhandler(NoSuchLink)
    def no_such_link(error: NoSuchLink) -> Response:
        # A link may end while somebody writes, as when a reminder brings a new one. Another site's words are not shown.
        ours = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
        typed = request.form.get("words", "").strip() if ours and request.endpoint == "reading_act" else ""
        return answer("no_such_link.html", 404, typed=typed)

    @app.get("/r/<token>", who=Guard.LINK)
    def reading_overview(token: str) -> Response:
        return page("overview.html", links.open(token))

    @app.post("/r/<token>", who=Guard.LINK)
    def reading_start(token: str) -> AnyResponse:
        opened = links.open_to_act(token, Right.LOOK)
        first = opened.reading.next_after() or next(iter(opened.reading.items), None)
        return redirect(_address(opened, first), 303)

    @app.get("/r/<token>/items/<item>", who=Guard.LINK)
    def reading_item(token: str, item: str) -> Response:
        opened = links.open(token)
        one = opened.reading.of(item)
        return item_page(opened, one) if one else page("no_such_item.html", opened, 404)

    @app.post("/r/<token>/items/<item>", who=Guard.LINK)
    def reading_act(token: str, item: str) -> AnyResponse:
        request.max_content_length = request.max_form_memory_size = LARGEST_FORM
        act = request.form.get("act", "")
        opened = links.open_to_act(token, ACTS.get(act, Right.LOOK))
        one = opened.reading.of(item)
        if one is None:
            return page("no_such_item.html", opened, 404)
        typed = request.form.get("words", "")
        seen = {name.removeprefix(_SEEN): value for name, value in request.form.items() if name.startswith(_SEEN)}
        try:
            _act(opened, one, act, typed, seen)
        except AlreadySent as refused:
            code, message = refused.code, refused.message
            return item_page(opened, one, 409, typed=typed, problem="sent", sentence=message, refusal=code)
        except Refused as refused:
            code = refused.code
            if code is Refusal.CHANGED_MEANWHILE:
                shown = forms.of(seen)
                return item_page(opened, one, 409, typed=typed, problem="changed", shown=shown, refusal=code)
            return item_page(opened, one, 422, typed=typed, problem=refused.message, refusal=code)
        except UsageError as problem:
            return item_page(opened, one, 422, typed=typed, problem=problem.message)
        if act in ("comment", "withdraw"):
            return redirect_with_flash(_address(opened, one) + "#said", act, one.item)
        # The next one is taken from what waited before: this item waits no more.
        return redirect_with_flash(_address(opened, opened.reading.next_after(item)), act, one.item)

    @app.get("/r/<token>/finish", who=Guard.LINK)
    def reading_finish(token: str) -> Response:
        opened = links.open(token)
        return page("finish.html", opened, done=_done(opened), signed=opened.reading.to_sign())

    @app.get("/r/<token>/claims", who=Guard.LINK)
    def reading_claims(token: str) -> Response:
        return _claims(links.open(token))

    @app.post("/r/<token>/claims", who=Guard.LINK)
    def reading_sign(token: str) -> AnyResponse:
        request.max_content_length = request.max_form_memory_size = LARGEST_FORM
        opened = links.open_to_act(token, Right.REVIEW)
        asked = {}
        for value in request.form.getlist("sign"):
            kind, _, rest = value.partition(" ")
            record_id, _, record_hash = rest.partition(" ")
            asked[kind, record_id] = record_hash
        if not asked:
            return _claims(opened, 422, problem="none")
        campaign = opened.reading.rehearsal.plan.campaign
        try:
            done = sign(opened.context, campaign, asked)
        except Refused as refused:
            return _claims(opened, 409, problem="changed", asked=asked, refusal=refused.code)
        return redirect_with_flash(url_for("reading_claims", token=token), str(len(done)))

    def _claims(
        opened: ReviewLink,
        status: int = 200,
        *,
        problem: str = "",
        asked: Mapping[tuple[str, str], str] | None = None,
        refusal: str = "",
    ) -> Response:
        rows = [
            ("claim" if isinstance(record, Claim) else "contact", record, record.record_hash(), signed)
            for record, signed in opened.reading.to_sign()
        ]
        ticked = {(kind, i, h) for (kind, i), h in (asked or {}).items()}
        signed = "".join(take_flash()) if request.method == "GET" else ""
        standing = opened.reading.rehearsal.signatures.standing
        return page(
            "claims.html",
            opened,
            status,
            rows=rows,
            problem=problem,
            ticked=ticked,
            signed=signed,
            standing=standing,
            refusal=refusal,
        )


def _act(opened: ReviewLink, one: QueueItem, act: str, typed: str, seen: Mapping[str, str]) -> None:
    """Do what the form asks for. Raises Refused, UsageError."""
    context = opened.context
    if act == "comment":
        answers = row_number(request.form.get("answers", ""))
        comments.comment(context, one.item, typed, answers=answers)
        return
    if act not in ACTS:
        _incomplete()
    if act == "withdraw":
        change_requests.withdraw_request(context, one.item, comment=typed)
        return
    if one.stand is QueueStatus.OVER:
        raise UsageError("its time has passed, and nothing was changed")
    if not seen:
        _incomplete()
    if one.stand is not QueueStatus.SENT and seen != one.seen:  # of what went out a later form matters to nobody
        raise Refused(Refusal.CHANGED_MEANWHILE, what=one.item, undone="nothing was changed")
    shown = {(one.item, channel): digest for channel, digest in one.seen.items()}
    if act == "approve":
        approvals.approve(context, [one.item], comment=typed, seen=shown)
    else:
        change_requests.request_changes(context, one.item, comment=typed, seen=shown)


def _incomplete() -> NoReturn:
    raise BadRequest


def _done(opened: ReviewLink) -> str:
    """What the act before this page did, in words."""
    act, of = take_flash() or ("", "")
    words, item = _DONE.get(act), opened.reading.of(of)
    if not words or not item:
        return ""
    held = "".join(f" Its {channel_words(s.channel)} message: {s.badge}." for s in item.sent)
    return f"{words} “{item.title}”.{held}"


def _address(opened: ReviewLink, one: QueueItem | None) -> str:
    """The page of an item; where there is none to go on to, the last page."""
    if one is None:
        return url_for("reading_finish", token=opened.token)
    return url_for("reading_item", token=opened.token, item=one.item)
