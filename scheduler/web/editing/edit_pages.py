"""``/items/ID/edit``, ``/claims/ID/edit``, ``/contacts/ID/edit``, ``/discreet/CAMPAIGN/edit``: for coordinators.

GET shows the form. POST with ``act=preview`` shows how it will look and what was found, ``act=save`` writes. Both work
without a script; the one that these pages may load refreshes the counters while somebody types (``act=look``).
"""

from __future__ import annotations

import threading
from base64 import b64encode
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import replace
from functools import partial

from flask import Response, g, make_response, render_template, request
from markupsafe import Markup
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from ...content.edit.campaign_editor import ChangedUnderneath, cannot_save, read_form
from ...domain.edit_form import FIELDS, Form, Merged, Value, mark, merge
from ...domain.message import EmailBody
from ...domain.rehearsal import Rehearsal
from ...domain.role import Right
from ...domain.stale_approvals import voided
from ...errors import CannotWrite, NeedsAPerson, ObservanceError, UsageError
from ...review.inbox_preview import InboxRow, inbox_rows
from ...review.item_html import item_fragment
from ...services.editing import EditPreview, as_it_is, keep_upload, preview_edit, save, small_picture
from ...wiring import handles_of
from ..flash import redirect_with_flash, take_flash
from ..refusals import what_to_do
from ..responses import own_file, script
from ..routing import get, post
from ..staff.form_actions import ActionError, sentence
from ..staff.page_context import PageContext, link, resolve
from .form import (
    UNKNOWN_LOOK,
    Typed,
    as_text,
    clicked_place,
    concerned,
    groups,
    look_at,
    read_typed,
    seen_words,
    signed_by,
)

_CSS = own_file("editing/editing.css")
#: Bytes of a form: the largest item file (256 KiB) in the longest way in which a browser writes it, and some room.
LARGEST_FORM = 1024 * 1024
#: The same with a picture. One that is somewhat too large is refused by the page, which keeps what was typed beside it.
LARGEST_UPLOAD = 16 * 1024 * 1024
_KINDS = {
    "item": ("items", "item_id"),
    "claim": ("claims", "record_id"),
    "contact": ("contacts", "record_id"),
    "discreet": ("discreet", "record_id"),
}
_WHAT = {"item": "item", "claim": "claim", "contact": "help line", "discreet": "discreet head"}
#: One rehearsal of a change at a time: who types fast makes nobody else wait.
_LOOKING = threading.Lock()


@get("/editing.js", who=Right.RUN)
def editing_script() -> Response:
    return script("editing/editing.js")


def _show(kind: str, **ids: str) -> AnyResponse:
    page, (record,) = resolve(), ids.values()
    try:
        form = _form(page, kind, record)
    except NeedsAPerson as problem:
        return _cannot(kind, record, problem)
    preview = as_it_is(page.project, form, page.rehearsal)
    flash = "".join(take_flash())
    ended = concerned(form, voided(page.rehearsal)) if flash == "saved" else ()
    return _page(page, form, preview, said=flash, ended=ended)


def _act(kind: str, **ids: str) -> AnyResponse:
    page, (record,) = resolve(), ids.values()
    typed, act = read_typed(kind, request.form), request.form.get("act", "")
    try:
        form = _form(page, kind, record)
    except NeedsAPerson as problem:
        return _cannot(kind, record, problem, typed)
    try:
        typed = _with_picture(page, kind, record, typed, act)
        opened = Form(kind, record, form.file, typed.fingerprint, form.values)
        if act == "save":
            fields = save(page.context, page.campaign.id, opened, typed.values)
            return redirect_with_flash(_address(kind, record), "saved" if fields else "same")
        preview = _preview(page, opened, typed.values)
    except ChangedUnderneath as changed:
        return _changed(page, changed.now, typed, act)
    except (UsageError, NeedsAPerson, CannotWrite) as problem:
        trouble = ActionError(sentence(problem.message), what_to_do(problem), getattr(problem, "findings", ()))
        return _refused(page, form, typed, trouble, act)
    except ObservanceError:
        trouble = ActionError(
            "The history could not be written just now, so nothing was saved", "try again in a minute"
        )
        return _refused(page, form, typed, trouble, act, 503)
    if act == "look":
        return _parts(form, preview)
    return _page(page, form, preview, typed=typed, looked=True)


for _kind, (_folder, _name) in _KINDS.items():
    _rule = f"/{_folder}/<{_name}>/edit"
    get(_rule, endpoint=f"edit_{_kind}_page", who=Right.RUN)(partial(_show, _kind))
    _largest = LARGEST_UPLOAD if _kind == "item" else LARGEST_FORM
    post(_rule, endpoint=f"edit_{_kind}", who=Right.RUN, largest=_largest)(partial(_act, _kind))


def _with_picture(page: PageContext, kind: str, record: str, typed: Typed, act: str) -> Typed:
    """With what was done to the picture beside the fields: a file that was brought with the form, which is kept, and
    the place in it that was clicked. Raises UsageError for a file that cannot be used, CannotWrite."""
    if kind != "item" or act == "look":
        return typed
    values, brought = dict(typed.values), request.files.get("upload")
    if brought is not None and brought.filename:
        with closing(brought):
            content = brought.stream.read()
        values["picture.file"] = keep_upload(page.context, page.campaign.id, record, content)
    elif place := clicked_place(request.form):
        values["picture.focus"] = place
    return replace(typed, values=values)


def _preview(page: PageContext, form: Form, values: Mapping[str, Value]) -> EditPreview:
    with _LOOKING:
        return preview_edit(page.project, form, values, before=page.rehearsal, ledger=page.ledger)


def _form(page: PageContext, kind: str, record: str) -> Form:
    try:
        return read_form(page.project.root, page.campaign.id, kind, record)
    except UsageError:
        raise NotFound from None


def _changed(page: PageContext, now: Form, typed: Typed, act: str) -> AnyResponse:
    """Somebody else was faster: what they wrote and what was typed, side by side. Nothing of either is lost."""
    preview = as_it_is(page.project, now, page.rehearsal)
    if act == "look":
        trouble = ActionError("The file was changed meanwhile", "press “See how it will look” to bring both together")
        return _parts(now, preview, trouble)
    merged = merge(typed.values, typed.seen, now)
    if act == "save" and merged.values == now.values:  # it stands in the file: the form was sent twice
        touched = any(typed.seen.get(key) != mark(value) for key, value in typed.values.items())
        return redirect_with_flash(_address(now.kind, now.id), "saved" if touched else "same")
    with suppress(UsageError, NeedsAPerson):  # what cannot be tried out is said when it is saved
        preview = _preview(page, now, merged.values)
    return _page(page, now, preview, 409, typed=Typed(merged.values), merged=merged)


def _refused(
    page: PageContext, form: Form, typed: Typed, trouble: ActionError, act: str, status: int = 409
) -> AnyResponse:
    preview = as_it_is(page.project, form, page.rehearsal)
    if act == "look":
        return _parts(form, preview, trouble)
    return _page(page, form, preview, status, typed=typed, trouble=trouble)


def _cannot(kind: str, record: str, problem: NeedsAPerson, typed: Typed | None = None) -> AnyResponse:
    """There is no form for this file. What somebody had typed before is shown to them again."""
    kept = {f.label: text for f in FIELDS[kind] if typed and (text := as_text(typed.values.get(f.key, ""))).strip()}
    return make_response(
        render_template("editing/cannot.html", problem=problem, record=record, kept=kept, back=_back(kind, record)), 409
    )


def _parts(form: Form, preview: EditPreview, trouble: ActionError | None = None) -> AnyResponse:
    """What the script puts into the page."""
    look = UNKNOWN_LOOK if trouble else look_at(form, preview.rehearsal)
    return make_response(render_template("editing/parts.html", look=look, trouble=trouble))


def _page(
    page: PageContext,
    form: Form,
    preview: EditPreview,
    status: int = 200,
    *,
    typed: Typed | None = None,
    merged: Merged | None = None,
    trouble: ActionError | None = None,
    looked: bool = False,
    said: str = "",
    ended: object = (),
) -> AnyResponse:
    picture = Markup("")
    styles: tuple[str, ...] = ()
    if form.kind == "item" and preview.rehearsal.plan.of(form.id) is not None:
        shown = item_fragment(preview.rehearsal, form.id, handles=handles_of(page.project), looks_alone=True)
        picture, styles = shown.html, shown.styles
    g.styles = (_CSS, *styles)
    g.scripts = (
        "; script-src 'self'; connect-src 'self'"  # ours, from its own address; it may ask nobody but this server
    )
    record = preview.rehearsal.plan.campaign.items.get(form.id) if form.kind == "item" else None
    text = render_template(
        "editing/edit.html",
        form=form,
        what=_WHAT[form.kind],
        name=record.title if record else form.id,
        groups=groups(form, typed.values if typed else form.values, merged),
        whole=_whole_picture(page, form, typed),
        merged=merged,
        seen=seen_words(form),
        look=UNKNOWN_LOOK if trouble else look_at(form, preview.rehearsal),
        uses=_uses(form, preview.rehearsal),
        looked=looked,
        inbox=_inbox(preview.rehearsal) if form.kind == "discreet" else (),
        picture=picture,
        preview=preview,
        trouble=trouble,
        said=said,
        ended=ended,
        signers=signed_by(form, page.rehearsal),
        cannot_save=cannot_save(page.project.root, page.campaign.id, form),
        address=_address(form.kind, form.id),
        back=_back(form.kind, form.id) if preview.is_planned else link("calendar_page", season=page.year) + "#spare",
        own_css=Markup(_CSS),  # noqa: S704 - our own file
    )
    return make_response(text, status)


def _whole_picture(page: PageContext, form: Form, typed: Typed | None) -> dict[str, object] | None:
    """The item's own picture, uncut and small, on which somebody chooses what stays in view."""
    if form.kind != "item":
        return None
    name = as_text((typed.values if typed else form.values).get("picture.file", "")).strip()
    small = small_picture(page.project, page.campaign.id, name)
    if small is None:
        return None
    content, width, height = small
    return {"address": f"data:image/jpeg;base64,{b64encode(content).decode()}", "width": width, "height": height}


def _uses(form: Form, rehearsal: Rehearsal) -> int:
    """How many messages show what the form says."""
    if form.kind == "discreet":
        return sum(isinstance(m.body, EmailBody) and m.body.second_head is not None for m in rehearsal.everything)
    return sum(f"{form.kind}:{form.id}" in m.rests_on for m in rehearsal.everything)


def _inbox(rehearsal: Rehearsal) -> tuple[InboxRow, ...]:
    """The first email of the season in the list of an inbox, with both of its heads."""
    emails = (m for m in rehearsal.messages if isinstance(m.body, EmailBody))
    return next((inbox_rows(rehearsal, m) for m in emails), ())


def _address(kind: str, record: str, **more: object) -> str:
    return link(f"edit_{kind}_page", **{_KINDS[kind][1]: record}, **more)


def _back(kind: str, record: str) -> str:
    if kind == "item":
        return link("item_page", item_id=record)
    if kind == "discreet":
        return link("calendar_now")
    return link(f"{_KINDS[kind][0]}_page") + f"#{record}"
