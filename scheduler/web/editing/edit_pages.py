"""``/items/ID/edit``, ``/claims/ID/edit``, ``/contacts/ID/edit``: for coordinators.

GET shows the form. POST with ``act=preview`` shows how it will look and what was found, ``act=save`` writes. Both work
without a script; the one that these pages may load refreshes the counters while somebody types (``act=look``).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from importlib.resources import files
from typing import TYPE_CHECKING

from flask import Response, g, make_response, render_template, request
from markupsafe import Markup
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from ...content.edit.campaign_editor import ChangedUnderneath
from ...domain.edit_form import FIELDS, Form, Merged, mark, merge
from ...domain.role import Right
from ...domain.stale_approvals import voided
from ...errors import CannotWrite, NeedsAPerson, ObservanceError, UsageError
from ...review.item_html import item_fragment
from ...services.editing import Preview, as_it_is, cannot_save, edit_form, preview_edit, save
from ...wiring import handles_of
from ..flash import redirect_with_flash, take_flash
from ..refusals import what_to_do
from ..responses import page_policy
from ..security import RoutesWithRoles
from ..staff.form_actions import ActionError
from ..staff.page_context import PageContext, SeasonResolver, link
from .change_preview import UNKNOWN_LOOK, concerned, look_at, signed_by
from .form import Typed, as_text, groups, read_typed, seen_words

if TYPE_CHECKING:
    from ...project import Project
    from ...store import Ledger

#: Bytes of a form: the largest item file (256 KiB) in the longest way in which a browser writes it, and some room.
LARGEST_FORM = 1024 * 1024
_KINDS = {"item": ("items", "item_id"), "claim": ("claims", "record_id"), "contact": ("contacts", "record_id")}
_WHAT = {"item": "item", "claim": "claim", "contact": "help line"}
#: One rehearsal of a change at a time: who types fast makes nobody else wait.
_LOOKING = threading.Lock()


def add_editing(app: RoutesWithRoles, project: Project, ledger: Ledger, seasons: SeasonResolver, css: str) -> None:
    """Add the routes. ``css``: the style of private pages."""
    pages = Editor(project, ledger, seasons, css)
    for kind, (folder, name) in _KINDS.items():
        address = f"/{folder}/<{name}>/edit"
        app.add_url_rule(address, f"edit_{kind}_page", pages.show(kind), methods=["GET"], who=Right.RUN)
        app.add_url_rule(
            address, f"edit_{kind}", pages.act(kind), methods=["POST"], who=Right.RUN, largest=LARGEST_FORM
        )

    @app.get("/editing.js", who=Right.RUN)
    def editing_script() -> Response:
        response = make_response(_file("editing.js"))
        response.headers["Content-Type"] = "text/javascript; charset=utf-8"
        return response


class Editor:
    """The pages over one project."""

    def __init__(self, project: Project, ledger: Ledger, seasons: SeasonResolver, css: str) -> None:
        self._project, self._ledger, self._seasons = project, ledger, seasons
        self._css, self._own_css = css, _file("editing.css")

    def show(self, kind: str) -> Callable[..., AnyResponse]:
        def page(**ids: str) -> AnyResponse:
            context, record = self._seasons.resolve(), _only(ids)
            try:
                form = self._form(context, kind, record)
            except NeedsAPerson as problem:
                return self._cannot(context, kind, record, problem)
            preview = as_it_is(self._project, form, context.rehearsal)
            said = "".join(take_flash())
            ended = concerned(form, voided(context.rehearsal)) if said == "saved" else ()
            return self._page(context, form, preview, said=said, ended=ended)

        return page

    def act(self, kind: str) -> Callable[..., AnyResponse]:
        def done(**ids: str) -> AnyResponse:
            context, record = self._seasons.resolve(), _only(ids)
            typed, act = read_typed(kind, request.form), request.form.get("act", "")
            try:
                form = self._form(context, kind, record)
            except NeedsAPerson as problem:
                return self._cannot(context, kind, record, problem, typed)
            opened = Form(kind, record, form.file, typed.fingerprint, form.values)
            try:
                if act == "save":
                    return self._saved(context, opened, typed)
                with _LOOKING:
                    preview = preview_edit(
                        self._project, opened, typed.values, before=context.rehearsal, ledger=self._ledger
                    )
            except ChangedUnderneath as changed:
                return self._changed(context, changed.now, typed, act)
            except (UsageError, NeedsAPerson, CannotWrite) as problem:
                trouble = ActionError(_sentence(problem.message), what_to_do(problem), getattr(problem, "findings", ()))
                return self._refused(context, form, typed, trouble, act)
            except ObservanceError:
                trouble = ActionError(
                    "The history could not be written just now, so nothing was saved", "try again in a minute"
                )
                return self._refused(context, form, typed, trouble, act, 503)
            if act == "look":
                return self._parts(form, preview)
            return self._page(context, form, preview, typed=typed, looked=True)

        return done

    def _form(self, context: PageContext, kind: str, record: str) -> Form:
        try:
            return edit_form(self._project, context.campaign.id, kind, record)
        except UsageError:
            raise NotFound from None

    def _saved(self, context: PageContext, opened: Form, typed: Typed) -> AnyResponse:
        fields = save(context.context, context.campaign.id, opened, typed.values)
        return redirect_with_flash(_address(opened.kind, opened.id), "saved" if fields else "same")

    def _changed(self, context: PageContext, now: Form, typed: Typed, act: str) -> AnyResponse:
        """Somebody else was faster: what they wrote and what was typed, side by side. Nothing of either is lost."""
        preview = as_it_is(self._project, now, context.rehearsal)
        if act == "look":
            trouble = ActionError(
                "The file was changed meanwhile", "press “See how it will look” to bring both together"
            )
            return self._parts(now, preview, trouble)
        merged = merge(typed.values, typed.seen, now)
        if act == "save" and merged.values == now.values:  # it stands in the file: the form was sent twice
            touched = any(typed.seen.get(key) != mark(value) for key, value in typed.values.items())
            return redirect_with_flash(_address(now.kind, now.id), "saved" if touched else "same")
        with suppress(UsageError, NeedsAPerson), _LOOKING:  # what cannot be tried out is said when it is saved
            preview = preview_edit(self._project, now, merged.values, before=context.rehearsal, ledger=self._ledger)
        return self._page(context, now, preview, 409, typed=Typed(merged.values), merged=merged)

    def _refused(
        self, context: PageContext, form: Form, typed: Typed, trouble: ActionError, act: str, status: int = 409
    ) -> AnyResponse:
        preview = as_it_is(self._project, form, context.rehearsal)
        if act == "look":
            return self._parts(form, preview, trouble)
        return self._page(context, form, preview, status, typed=typed, trouble=trouble)

    def _cannot(
        self, context: PageContext, kind: str, record: str, problem: NeedsAPerson, typed: Typed | None = None
    ) -> AnyResponse:
        """There is no form for this file. What somebody had typed before is shown to them again."""
        kept = {f.label: text for f in FIELDS[kind] if typed and (text := as_text(typed.values.get(f.key, ""))).strip()}
        page = render_template(
            "editing/cannot.html", problem=problem, record=record, kept=kept, back=_back(kind, record)
        )
        return make_response(page, 409)

    def _parts(self, form: Form, preview: Preview, trouble: ActionError | None = None) -> AnyResponse:
        """What the script puts into the page."""
        look = UNKNOWN_LOOK if trouble else look_at(form, preview.rehearsal)
        return make_response(render_template("editing/parts.html", form=form, look=look, trouble=trouble))

    def _page(
        self,
        context: PageContext,
        form: Form,
        preview: Preview,
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
        if looked and form.kind == "item" and preview.rehearsal.plan.of(form.id) is not None:
            shown = item_fragment(preview.rehearsal, form.id, handles=handles_of(self._project))
            picture, styles = shown.html, shown.styles
        g.styles = (self._own_css, *styles)
        record = preview.rehearsal.plan.campaign.items.get(form.id) if form.kind == "item" else None
        page = render_template(
            "editing/edit.html",
            form=form,
            what=_WHAT[form.kind],
            name=record.title if record else form.id,
            groups=groups(form, typed.values if typed else form.values, merged),
            merged=merged,
            seen=seen_words(form),
            look=UNKNOWN_LOOK if trouble else look_at(form, preview.rehearsal),
            uses=sum(f"{form.kind}:{form.id}" in m.rests_on for m in preview.rehearsal.everything),
            looked=looked,
            picture=picture,
            preview=preview,
            trouble=trouble,
            said=said,
            ended=ended,
            signers=signed_by(form, context.rehearsal),
            cannot_save=cannot_save(self._project, context.campaign.id, form),
            address=_address(form.kind, form.id),
            back=_back(form.kind, form.id)
            if preview.is_planned
            else link("calendar_page", season=context.year) + "#spare",
            own_css=Markup(self._own_css),  # noqa: S704 - our own file
        )
        response = make_response(page, status)
        # The one page that runs a script: ours, from its own address. It may ask nobody but this server.
        policy = page_policy([self._css, *g.styles])
        response.headers["Content-Security-Policy"] = f"{policy}; script-src 'self'; connect-src 'self'"
        return response


def _only(ids: dict[str, str]) -> str:
    (record,) = ids.values()
    return record


def _address(kind: str, record: str, **more: object) -> str:
    return link(f"edit_{kind}_page", **{_KINDS[kind][1]: record}, **more)


def _back(kind: str, record: str) -> str:
    if kind == "item":
        return link("item_page", item_id=record)
    return link(f"{_KINDS[kind][0]}_page") + f"#{record}"


def _sentence(text: str) -> str:
    first = text.splitlines()[0].rstrip(".") if text else ""
    return first[:1].upper() + first[1:]


def _file(name: str) -> str:
    return (files("scheduler.web") / "pages" / "editing" / name).read_text(encoding="utf-8")
