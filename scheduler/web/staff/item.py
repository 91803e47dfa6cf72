"""``/items/ID``: one item as it will look, what people say of it, and what was done with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from flask import g, redirect, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from ...domain.delivery import State
from ...domain.delivery_words import told
from ...domain.message import Message
from ...domain.reason import ReasonCode
from ...domain.redact import person_key
from ...domain.role import Right
from ...domain.sent import Sent
from ...domain.standing_request import standing_requests
from ...errors import UsageError
from ...review.correction import CorrectionDraft, correction_draft
from ...review.item_html import item_fragment
from ...review.item_view import Badge, sent_badge
from ...services import approvals, change_requests, comments, holds
from ...wiring import handles_of
from ..responses import row_number
from ..security import RoutesWithRoles, Visitor, visitor
from .badges import delivery_badge, message_badge, short_first
from .form_actions import ActionError, run_action
from .history_text import history_of_item
from .page_context import PageContext, SeasonResolver, link


def add_item(app: RoutesWithRoles, seasons: SeasonResolver) -> None:
    """Add the page and its acts. Each act is about the forms that were on the page (their digests come along)."""

    @app.get("/items/<item_id>", who=Right.LOOK)
    def item_page(item_id: str) -> str | AnyResponse:
        page = seasons.resolve()
        of_day = next((p.item.id for p in page.rehearsal.plan.items if p.on.isoformat() == item_id), None)
        return _page(page, item_id) if of_day is None else redirect(link("item_page", item_id=of_day), 303)

    @app.post("/items/<item_id>/approve", who=Right.REVIEW)
    def approve_item(item_id: str) -> AnyResponse:
        page = seasons.resolve()

        def act() -> str:
            comment = request.form.get("comment", "")
            done = approvals.approve(page.context, [item_id], comment=comment, seen=_seen(item_id))
            return "approved" if done.messages else "already"

        return _attempt(page, item_id, act)

    @app.post("/items/<item_id>/request-changes", who=Right.REVIEW)
    def request_item_changes(item_id: str) -> AnyResponse:
        page = seasons.resolve()

        def act() -> str:
            comment = request.form.get("comment", "")
            asked = change_requests.request_changes(page.context, item_id, comment=comment, seen=_seen(item_id))
            return "asked-part" if asked.sent else "asked"

        return _attempt(page, item_id, act)

    @app.post("/items/<item_id>/comments", who=Right.COMMENT)
    def comment_on_item(item_id: str) -> AnyResponse:
        page = seasons.resolve()
        answers = row_number(request.form.get("answers", ""))

        def act() -> str:
            comments.comment(page.context, item_id, request.form.get("comment", ""), answers=answers)
            return "commented"

        return _attempt(page, item_id, act)

    @app.post("/items/<item_id>/withdraw-request", who=Right.REVIEW)
    def withdraw_item_request(item_id: str) -> AnyResponse:
        page = seasons.resolve()

        def act() -> str:
            change_requests.withdraw_request(page.context, item_id)
            return "withdrawn"

        return _attempt(page, item_id, act)

    @app.post("/items/<item_id>/settle-requests", who=Right.REVIEW)
    def settle_item_requests(item_id: str) -> AnyResponse:
        page = seasons.resolve()

        def act() -> str:
            change_requests.settle_requests(page.context, item_id, comment=request.form.get("reason", ""))
            return "settled"

        return _attempt(page, item_id, act, form="settle")

    @app.post("/items/<item_id>/skip", who=Right.RUN)
    def skip_item(item_id: str) -> AnyResponse:
        page = seasons.resolve()

        def act() -> str:
            wanted = [d.id for d in _may_skip(page, item_id) if str(d.id) in request.form.getlist("delivery")]
            holds.skip(page.context, wanted, request.form.get("reason", ""))
            return "skipped"

        return _attempt(page, item_id, act, form="skip")


def _attempt(page: PageContext, item_id: str, act, *, form: str = "say") -> AnyResponse:  # type: ignore[no-untyped-def]
    if not any(m.item == item_id for m in page.context.rehearsal.everything):
        raise NotFound
    return run_action(
        act,
        to=lambda done: link("item_page", item_id=item_id) + ("#said" if done != "skipped" else ""),
        again=lambda trouble: _page(page, item_id, trouble),
        form=form,
    )


def _seen(item_id: str) -> dict[tuple[str, str], str]:
    """The forms that were on the page, as far as they are ticked. Raises UsageError when none is."""
    pairs = (value.partition(":") for value in request.form.getlist("seen"))
    found = {(item_id, channel): digest for channel, _, digest in pairs}
    if not found:
        raise UsageError("nothing was chosen", hint="tick what you mean: the post, the mail or both")
    return found


def _messages(page: PageContext, item_id: str) -> list[Message]:
    return short_first(m for m in page.rehearsal.everything if m.item == item_id)


def _may_skip(page: PageContext, item_id: str):  # type: ignore[no-untyped-def]
    return [d for d in page.deliveries if d.item == item_id and d.state in holds.MAY_SKIP]


def _is_still_to_go(page: PageContext, message: Message) -> bool:
    """Whether an approval can still matter: it has not gone out whole, is not left out, and its window is open."""
    delivery = page.by_message.get((message.item, message.channel))
    left_out = delivery is not None and delivery.state in (State.SKIPPED, State.CANCELLED)
    return not left_out and not page.rehearsal.is_over(message, page.project.clock.now())


def _page(page: PageContext, item_id: str, trouble: ActionError | None = None) -> str:
    messages = _messages(page, item_id)
    try:
        shown = item_fragment(page.rehearsal, item_id, handles=handles_of(page.project))
    except KeyError:
        raise NotFound from None
    g.styles = shown.styles
    who: Visitor = visitor()
    standing = standing_requests(page.rehearsal, change_requests.standing(page.context, item_id)) if messages else ()
    role = page.context.policy.role(who.role)
    planned = page.rehearsal.plan.of(item_id)
    before, after = _neighbours(page, item_id)
    return render_template(
        "staff/item.html",
        trouble=trouble,
        typed=request.form if trouble else {},
        shown=shown.html,
        planned=planned,
        item_id=item_id,
        title=page.titles.get(item_id, item_id),
        messages=[(m, message_badge(page, m, page.rehearsal.findings_of(item_id, m.channel))) for m in messages],
        still=[m.channel for m in messages if _is_still_to_go(page, m)],
        lacks={m.channel: page.rehearsal.missing(m) for m in messages},
        approvals={m.channel: page.rehearsal.approvals.of(m) for m in messages},
        requests=standing,
        mine=[r for r in standing if person_key(r.request.person) == person_key(who.name)],
        sent={m.channel: s for m in messages if (s := page.rehearsal.sent_of(m))},
        may_settle=bool(role and role.settles),
        comments=comments.comments(page.context, item_id).get(item_id, ()) if messages else (),
        answers=request.args.get("answers", request.form.get("answers", "")),
        deliveries=[d for d in page.deliveries if d.item == item_id],
        may_skip=_may_skip(page, item_id),
        happened=history_of_item(page, item_id),
        before=before,
        after=after,
        stands=list(_stands(page, messages)),
        edit_link=_edit_link(page, item_id, who),
        corrections=_corrections(page, item_id),
    )


def _corrections(page: PageContext, item_id: str) -> list[CorrectionDraft]:
    """For who has the earlier words of a mailing that was changed while it went out."""
    drafts = []
    for delivery in (d for d in page.deliveries if d.item == item_id and d.kind == "email"):
        present = page.rehearsal.message(item_id, delivery.channel)
        if present is None or not (delivery.corrected_at or delivery.has(ReasonCode.TEXT_CHANGED)):
            continue
        words = page.ledger.deliveries.words_sent(delivery.id)
        first = page.ledger.lookups.sent_message(words[0][0]) if words else None
        have_it = sum(count for digest, _, count in words if digest != present.digest)
        if first is not None and have_it:
            drafts.append(correction_draft(first, have_it=have_it))
    return drafts


@dataclass(frozen=True, slots=True)
class Stands:
    """How far one message has come."""

    channel: str
    badge: Badge
    sent: Sent | None
    said: str


def _stands(page: PageContext, messages: Iterable[Message]) -> Iterator[Stands]:
    """Of what has gone out, or should have."""
    for message in messages:
        delivery, sent = page.by_message.get((message.item, message.channel)), page.rehearsal.sent_of(message)
        said = told(delivery, page.zone) if delivery is not None else ""
        badge = sent_badge(sent)
        if delivery is not None and delivery.state is not State.SCHEDULED and (badge is None or said):
            badge = delivery_badge(delivery)
        if badge is not None:
            yield Stands(message.channel, badge, sent, said)


def _edit_link(page: PageContext, item_id: str, who: Visitor) -> str:
    """Where its texts are changed; empty for who may not, and for a digest, which has none of its own."""
    if not who.may(Right.RUN) or item_id not in page.campaign.items:
        return ""
    return link("edit_item_page", item_id=item_id)


def _neighbours(page: PageContext, item_id: str) -> tuple[str, str]:
    """The items of the day before and the day after; empty at the ends and beside a digest."""
    ids: Sequence[str] = [p.item.id for p in page.rehearsal.plan.items]
    if item_id not in ids:
        return "", ""
    at = ids.index(item_id)
    return (ids[at - 1] if at else ""), (ids[at + 1] if at + 1 < len(ids) else "")
