"""``/items/ID``: one item as it will look, what people say of it, and what was done with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from flask import g, redirect, render_template, request
from markupsafe import Markup
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from ...domain.comment import Comment, thread_page
from ...domain.delivery import State
from ...domain.delivery_words import told
from ...domain.finding import Severity
from ...domain.formatting import day_words
from ...domain.message import EmailBody, Message, is_of_pieces
from ...domain.reason import ReasonCode
from ...domain.records import Delivery
from ...domain.redact import person_key
from ...domain.role import Right
from ...domain.sent import Sent
from ...domain.standing_request import StandingRequest, WaitsFor, standing_requests
from ...errors import UsageError
from ...light_dataclass import dataclass
from ...review.causes import causes_of, to_look_at
from ...review.item_html import item_fragment
from ...review.item_view import short_first
from ...review.message_state import Badge, delivery_badge, sent_badge
from ...services import approvals, holds
from ...wiring import handles_of
from ..responses import row_number
from ..routing import get, post
from ..security.guard import visitor
from .form_actions import ActionError, action
from .history import history_of_item
from .item_rows import rows_by_item
from .page_context import PageContext, link, queue_of, resolve, state_of


@get("/items/<item_id>", who=Right.LOOK)
def item_page(item_id: str) -> str | AnyResponse:
    page = resolve()
    of_day = next((p.item.id for p in page.rehearsal.plan.items if p.on.isoformat() == item_id), None)
    return _page(page, item_id=item_id) if of_day is None else redirect(link("item_page", item_id=of_day), 303)


def _page(page: PageContext, trouble: ActionError | None = None, *, item_id: str) -> str:
    messages = short_first(m for m in page.rehearsal.all_to_read if m.item == item_id)
    states = {m.channel: state_of(page, m) for m in messages}
    found = _found(page, messages)
    try:
        shown = item_fragment(
            page.rehearsal,
            item_id,
            handles=handles_of(page.project),
            states=states,
            found=Markup(found),  # noqa: S704 - of a template of ours
            stands_apart=True,
        )
    except KeyError:
        raise NotFound from None
    g.styles = shown.styles
    who = visitor()
    standing = standing_requests(page.rehearsal, approvals.standing(page.context, item_id)) if messages else ()
    role = page.context.policy.role(who.role)
    comments = approvals.comments(page.context, item_id).get(item_id, ()) if messages else ()
    ids = [p.item.id for p in page.rehearsal.plan.items]
    # The day before and the day after: none at the ends, and beside a digest.
    around = dict(zip(ids, zip(["", *ids], [*ids[1:], ""], strict=False), strict=True))
    before, after = around.get(item_id, ("", ""))
    return render_template(
        "staff/item.html",
        trouble=trouble,
        typed=request.form if trouble else {},
        shown=shown.html,
        planned=page.rehearsal.plan.of(item_id),
        item_id=item_id,
        title=page.titles.get(item_id, item_id),
        messages=messages,
        rows=rows_by_item(page, messages),
        found="<section" in found,
        of_pieces=any(map(is_of_pieces, messages)),
        still=[m.channel for m in messages if _is_still_to_go(page, m)],
        lacks={m.channel: page.rehearsal.missing(m) for m in messages},
        approvals={m.channel: page.rehearsal.approvals.of(m) for m in messages},
        requests=standing,
        asked=_asked(standing, comments),
        may_undo=who.may(Right.REVIEW) and _has_approved(page, messages, who.name),
        next_one=queue_of(page, who).next_after(item_id) if who.may(Right.REVIEW) else None,
        mine=[r for r in standing if person_key(r.request.person) == person_key(who.name)],
        sent={m.channel: s for m in messages if (s := page.rehearsal.sent_of(m))},
        may_settle=bool(role and role.settles),
        comments=thread_page(comments, row_number(request.args.get("said", ""))),
        said=len(comments),
        answers=request.args.get("answers", request.form.get("answers", "")),
        deliveries=[d for d in page.deliveries if d.item == item_id],
        may_skip=_may_skip(page, item_id),
        happened=history_of_item(page, item_id),
        before=before,
        after=after,
        stands=list(_stands(page, messages)),
        may_edit=who.may(Right.RUN) and item_id in page.campaign.items,  # a digest has no text of its own
        corrections=_corrections(page, item_id),
    )


def _found(page: PageContext, messages: list[Message]) -> str:
    """What stands in the way of an item, and what was found besides."""
    return render_template(
        "staff/found.html",
        causes=causes_of(page.rehearsal, messages, waived=page.project.waived()),
        ambers=to_look_at(page.rehearsal, messages, Severity.AMBER),
        notes=to_look_at(page.rehearsal, messages, Severity.INFO),
    )


#: Each act is about the forms that were on the page: their digests come along.
_on_item = partial(action, "item_page", _page, item_id="{item_id}")


@post("/items/<item_id>/approve", who=Right.REVIEW)
@_on_item(form="say")
def approve_item(page: PageContext, item_id: str) -> str:
    seen, comment = _seen(page, item_id), request.form.get("comment", "")
    return "approved" if approvals.approve(page.context, [item_id], comment=comment, seen=seen).messages else "already"


@post("/items/<item_id>/take-back", who=Right.REVIEW)
@_on_item(form="say")
def take_back_item(page: PageContext, item_id: str) -> str:
    approvals.take_back(page.context, _there(page, item_id))
    return "taken-back"


@post("/items/<item_id>/request-changes", who=Right.REVIEW)
@_on_item(form="say", at="#said")
def request_item_changes(page: PageContext, item_id: str) -> str:
    seen, comment = _seen(page, item_id), request.form.get("comment", "")
    asked = approvals.request_changes(page.context, item_id, comment=comment, seen=seen)
    return "asked-part" if asked.sent else "asked"


@post("/items/<item_id>/comments", who=Right.COMMENT)
@_on_item(form="say", at="#said")
def comment_on_item(page: PageContext, item_id: str) -> str:
    answers = row_number(request.form.get("answers", ""))
    approvals.comment(page.context, _there(page, item_id), request.form.get("comment", ""), answers=answers)
    return "commented"


@post("/items/<item_id>/withdraw-request", who=Right.REVIEW)
@_on_item(form="say", at="#said")
def withdraw_item_request(page: PageContext, item_id: str) -> str:
    approvals.withdraw_request(page.context, _there(page, item_id))
    return "withdrawn"


@post("/items/<item_id>/answer-requests", who=Right.REVIEW)
@_on_item(form="settle")
def answer_item_requests(page: PageContext, item_id: str) -> str:
    approvals.answer_requests(page.context, _there(page, item_id), comment=request.form.get("reason", ""), of=_of())
    return "answered"


@post("/items/<item_id>/settle-requests", who=Right.REVIEW)
@_on_item(form="settle")
def settle_item_requests(page: PageContext, item_id: str) -> str:
    approvals.settle_requests(page.context, _there(page, item_id), comment=request.form.get("reason", ""), of=_of())
    return "settled"


def _of() -> str:
    """Whose requests a form is about; empty: everybody's."""
    return request.form.get("of", "")


@post("/items/<item_id>/skip", who=Right.RUN)
@_on_item(form="skip")
def skip_item(page: PageContext, item_id: str) -> str:
    chosen = request.form.getlist("delivery")
    wanted = [d.id for d in _may_skip(page, _there(page, item_id)) if str(d.id) in chosen]
    holds.skip(page.context, wanted, request.form.get("reason", ""))
    return "skipped"


@dataclass(frozen=True)
class AskedOfUs:
    """What one person asked for, in their words, and how far it is."""

    words: str
    requests: tuple[StandingRequest, ...]
    replies: tuple[Comment, ...]

    @property
    def person(self) -> str:
        return self.requests[0].request.person

    @property
    def changed(self) -> bool:
        return any(r.waits_for is WaitsFor.ANSWER for r in self.requests)


def _asked(standing: Iterable[StandingRequest], thread: Iterable[tuple[int, Comment]]) -> list[AskedOfUs]:
    """Each request with its words and what was answered: one line for both channels."""
    said = {c.id: c for _, c in thread}
    by_comment: dict[int, list[StandingRequest]] = {}
    for one in standing:
        by_comment.setdefault(one.request.comment, []).append(one)
    return [
        AskedOfUs(said[i].text if i in said else "", tuple(together), tuple(c for c in said.values() if c.answers == i))
        for i, together in by_comment.items()
    ]


def _there(page: PageContext, item_id: str) -> str:
    """The item, if it has a message this season. Raises NotFound."""
    if not any(m.item == item_id for m in page.context.rehearsal.all_to_read):
        raise NotFound
    return item_id


def _seen(page: PageContext, item_id: str) -> dict[tuple[str, str], str]:
    """The forms that were on the page, as far as they are ticked. Raises UsageError when none is."""
    _there(page, item_id)
    pairs = (value.partition(":") for value in request.form.getlist("seen"))
    found = {(item_id, channel): digest for channel, _, digest in pairs}
    if not found:
        raise UsageError("nothing was chosen", hint="tick what you mean: the post, the mail or both")
    return found


def _may_skip(page: PageContext, item_id: str) -> list[Delivery]:
    return [d for d in page.deliveries if d.item == item_id and d.state in holds.MAY_SKIP]


def _is_still_to_go(page: PageContext, message: Message) -> bool:
    """Whether an approval can still matter: it is no digest, has not gone out whole, is not left out, and its window is
    open."""
    delivery = page.by_message.get((message.item, message.channel))
    left_out = delivery is not None and delivery.state in (State.SKIPPED, State.CANCELLED)
    return not is_of_pieces(message) and not left_out and not page.rehearsal.is_over(message, page.context.now())


def _has_approved(page: PageContext, messages: Iterable[Message], name: str) -> bool:
    """Whether a person has approved something of it that is still to go."""
    given = (a for m in messages if _is_still_to_go(page, m) for a in page.rehearsal.approvals.of(m))
    return any(person_key(a.person) == person_key(name) for a in given)


def _corrections(page: PageContext, item_id: str) -> list[CorrectionDraft]:
    """For who has the earlier words of a mailing that was changed while it went out."""
    drafts = []
    for delivery in (d for d in page.deliveries if d.item == item_id and d.kind == "email"):
        present = page.message_of(delivery)
        if present is None or not (delivery.corrected_at or delivery.has(ReasonCode.TEXT_CHANGED)):
            continue
        words = page.ledger.deliveries.words_sent(delivery.id)
        first = page.ledger.lookups.sent_message(words[0][0]) if words else None
        have_it = sum(count for digest, _, count in words if not present.has(digest))
        if first is not None and have_it:
            drafts.append(correction_draft(first, have_it=have_it))
    return drafts


def _stands(page: PageContext, messages: Iterable[Message]) -> Iterator[tuple[Message, Badge, Sent | None, str]]:
    """How far each has come that has gone out, or should have, and what is said of it."""
    for message in messages:
        delivery, sent = page.by_message.get((message.item, message.channel)), page.rehearsal.sent_of(message)
        detail, badge = told(delivery, page.zone) if delivery is not None else "", sent_badge(sent)
        if delivery is not None and delivery.state is not State.SCHEDULED and (badge is None or detail):
            badge = delivery_badge(delivery)
        if badge is not None:
            yield message, badge, sent, detail


@dataclass(frozen=True)
class CorrectionDraft:
    """An item that corrects another, for the people who have the earlier words of a mailing: what to save, and where.
    ``have_it``: how many have the earlier words."""

    have_it: int
    file: str
    text: str


def correction_draft(before: Message, *, have_it: int) -> CorrectionDraft:
    """A draft of the item; what was wrong and what is right has to be written by a person."""
    subject = before.body.subject if isinstance(before.body, EmailBody) else before.item
    name, day = f"correction-{before.item}", day_words(before.on)
    told = f"Our email of {day} had something wrong in it."
    lines = (
        "+++",
        f'id = "{name}"',
        'kind = "action"',
        'title = "A correction"',
        f'subject = "A correction to our email of {day}"',
        "+++",
        "",
        "# Post",
        f"{told} What was wrong: ... What is right: ...",
        "",
        "# Email",
        f"{told} Its subject was: {subject}",
        "",
        "What was wrong: ...",
        "",
        "What is right: ...",
        "",
    )
    return CorrectionDraft(have_it, f"items/{name}.md", "\n".join(lines))
