"""``/you``: who is signed in, as what; a password of one's own; signing out everywhere else."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from ...clock import Clock
from ...domain.role import LONGEST_PASSWORD, SHORTEST_PASSWORD, Right, password_problem
from ...errors import UsageError
from ...ports import AccessLedger
from ..security import RoutesWithRoles, visitor
from .form_actions import ActionError, run_action


def add_you(app: RoutesWithRoles, ledger: AccessLedger, clock: Clock) -> None:
    @app.get("/you", who=Right.LOOK)
    def you_page() -> str:
        return _page()

    @app.post("/you/password", who=Right.LOOK)
    def choose_password() -> AnyResponse:
        who = visitor()

        def act() -> str:
            password = request.form.get("password", "")
            if password != request.form.get("password-again", ""):
                raise UsageError("the two are not the same; nothing was changed", hint="type it twice")
            problem = password_problem(password, who.name)
            if problem:
                raise UsageError(f"{problem}; nothing was changed", hint="choose another one")
            ledger.set_password(who.name, password, who=who.name, keep_session=who.session.id, now=clock.now())
            return "password"

        return run_action(act, to=lambda done: url_for("you_page", done=done), again=_page, form="password")

    @app.post("/you/sign-out-elsewhere", who=Right.LOOK)
    def sign_out_elsewhere() -> AnyResponse:
        who = visitor()
        ledger.sign_out_everywhere(who.name, who=who.name, but=who.session.id, now=clock.now())
        return redirect(url_for("you_page", done="signed-out-elsewhere"), 303)


def _page(trouble: ActionError | None = None) -> str:
    return render_template(
        "staff/you.html",
        done=request.args.get("done", ""),
        trouble=trouble,
        session=visitor().session,
        shortest=SHORTEST_PASSWORD,
        longest=LONGEST_PASSWORD,
    )
