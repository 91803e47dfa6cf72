"""``/you``: who is signed in, as what; a password of one's own; signing out everywhere else."""

from __future__ import annotations

from flask import render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from ...domain.role import LONGEST_PASSWORD, SHORTEST_PASSWORD, Right
from ...services import accounts
from ..flash import redirect_with_flash
from ..security import RoutesWithRoles, visitor
from .form_actions import ActionError, run_action
from .page_context import SeasonResolver


def add_you(app: RoutesWithRoles, seasons: SeasonResolver) -> None:
    @app.get("/you", who=Right.LOOK)
    def you_page() -> str:
        return _page()

    @app.post("/you/password", who=Right.LOOK)
    def choose_password() -> AnyResponse:
        who = visitor()

        def act() -> str:
            password, again = request.form.get("password", ""), request.form.get("password-again", "")
            accounts.set_password(seasons.context, who.name, password, again, keep_session=who.session.id)
            return "password"

        return run_action(act, to=lambda done: url_for("you_page"), again=_page, form="password")

    @app.post("/you/sign-out-elsewhere", who=Right.LOOK)
    def sign_out_elsewhere() -> AnyResponse:
        who = visitor()
        accounts.sign_out(seasons.context, who.name, keep_session=who.session.id)
        return redirect_with_flash(url_for("you_page"), "signed-out-elsewhere")


def _page(trouble: ActionError | None = None) -> str:
    return render_template(
        "staff/you.html",
        trouble=trouble,
        session=visitor().session,
        shortest=SHORTEST_PASSWORD,
        longest=LONGEST_PASSWORD,
    )
