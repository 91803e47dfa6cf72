"""``/you``: who is signed in, as what; a password of one's own; signing out everywhere else."""

from __future__ import annotations

from functools import partial

from flask import render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from ...domain.role import LONGEST_PASSWORD, SHORTEST_PASSWORD, Right
from ...services import accounts
from ..flash import redirect_with_flash
from ..routing import get, post, site
from ..security.guard import visitor
from .form_actions import ActionError, run_action


@get("/you", who=Right.LOOK)
def you_page(trouble: ActionError | None = None) -> str:
    return render_template(
        "staff/you.html",
        trouble=trouble,
        session=visitor().session,
        shortest=SHORTEST_PASSWORD,
        longest=LONGEST_PASSWORD,
    )


@post("/you/password", who=Right.LOOK)
def choose_password() -> AnyResponse:
    def act() -> str:
        password, again, who = request.form.get("password", ""), request.form.get("password-again", ""), visitor()
        accounts.set_password(site().context(who.actor), who.name, password, again, keep_session=who.session.id)
        return "password"

    return run_action(act, to=partial(url_for, "you_page"), again=you_page, form="password")


@post("/you/sign-out-elsewhere", who=Right.LOOK)
def sign_out_elsewhere() -> AnyResponse:
    who = visitor()
    accounts.sign_out(site().context(who.actor), who.name, keep_session=who.session.id)
    return redirect_with_flash(url_for("you_page"), "signed-out-elsewhere")
