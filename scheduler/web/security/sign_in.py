"""Signing in, by a one-time link or by a password, and signing out. ``/you``: who is signed in, and their password.

Programs that look at links open them: GET of a link reads no token and shows everybody the same button.
"""

from __future__ import annotations

import logging
from functools import partial

from flask import g, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response as AnyResponse

from ...domain.address import network_of
from ...domain.formatting import utc_words
from ...domain.role import LONGEST_PASSWORD, SHORTEST_PASSWORD, Right
from ...services import accounts
from ..flash import redirect_with_flash
from ..routing import Guard, get, post, site
from ..staff.form_actions import WRONG_PASSWORDS, ActionError, run_action
from .guard import COOKIE, refuse_foreign, set_session, visitor

log = logging.getLogger(__name__)

_LONGEST_NAME = 200
_LONGEST_WAY_BACK = 500


@get("/sign-in", who=Guard.ANYBODY)
def sign_in_page() -> AnyResponse:
    return _form(next_=_way_back(request.args.get("next", "")))


@post("/sign-in", who=Guard.ANYBODY)
def sign_in() -> AnyResponse:
    refuse_foreign()
    name = request.form.get("name", "")[:_LONGEST_NAME]
    back = _way_back(request.form.get("next", ""))
    password, network, now = request.form.get("password", ""), network_of(request.remote_addr), site().now()
    try:
        token = accounts.sign_in(site().ledger, name, password, network=network, now=now)
    except accounts.TooManyTries:
        log.warning("sign-in: too many wrong passwords, none is looked at for a while", extra={"action": "tries"})
        raise TooManyRequests from None
    if token is None:
        return _form(next_=back, name=name, refused=True)
    return _signed_in(back, token)


@get("/sign-in/<token>", who=Guard.ANYBODY)
def link_page(token: str) -> AnyResponse:
    return _private(make_response(render_template("security/link.html")))


@post("/sign-in/<token>", who=Guard.LINK)
def use_link(token: str) -> AnyResponse:
    refuse_foreign()
    session = accounts.use_link(site().ledger, token, now=site().now())
    if session is None:
        return _private(make_response(render_template("security/no_such_link.html"), 404))
    return _signed_in("/", session)


def _signed_in(back: str, token: str) -> AnyResponse:
    """Go on to the page that was wanted, which tells once of wrong passwords since the person's last sign-in."""
    session = site().ledger.accounts.session_of(token, now=site().now())
    failed = session is not None and accounts.failed_since_last_time(site().ledger, session)
    address = request.script_root + back
    return set_session(redirect_with_flash(address, WRONG_PASSWORDS) if failed else redirect(address, 303), token)


@post("/sign-out", who=Right.LOOK)
def sign_out() -> AnyResponse:
    accounts.end_session(site().context(visitor().actor), visitor().session.id)
    response = redirect(url_for("sign_in_page"), 303)
    response.delete_cookie(COOKIE, path=request.script_root or "/", httponly=True, samesite="Lax")
    return response


@get("/you", who=Right.LOOK)
def you_page(trouble: ActionError | None = None) -> str:
    failed = accounts.failed_since_last_time(site().ledger, visitor().session)
    return render_template(
        "staff/you.html",
        trouble=trouble,
        session=visitor().session,
        failed=len(failed),
        last_failed=utc_words(failed[-1].at) if failed else "",
        networks=len({event.data.get("network") for event in failed}),
        shortest=SHORTEST_PASSWORD,
        longest=LONGEST_PASSWORD,
    )


@post("/you/password", who=Right.LOOK)
def choose_password() -> AnyResponse:
    def act() -> str:
        password, again, who = request.form.get("password", ""), request.form.get("password-again", ""), visitor()
        who.refuse_stale()
        accounts.set_password(
            site().context(who.actor),
            who.name,
            password,
            again,
            keep_session=who.session.id,
            old=request.form.get("password-old", "") if who.session.asks_old_password else None,
            network=network_of(request.remote_addr),
        )
        return "password"

    return run_action(act, to=partial(url_for, "you_page"), again=you_page, form="password")


@post("/you/sign-out-elsewhere", who=Right.LOOK)
def sign_out_elsewhere() -> AnyResponse:
    who = visitor()
    accounts.sign_out(site().context(who.actor), who.name, keep_session=who.session.id)
    return redirect_with_flash(url_for("you_page"), "signed-out-elsewhere")


def _form(*, next_: str, name: str = "", refused: bool = False) -> AnyResponse:
    page = render_template("security/sign_in.html", next=next_, name=name, refused=refused)
    return _private(make_response(page, 403 if refused else 200))


def _private(response: AnyResponse) -> AnyResponse:
    """The address may hold a token: of it nobody is told more than the site, and that only so that a form can say
    where it comes from."""
    g.private = True
    response.headers["Referrer-Policy"] = "strict-origin"
    return response


def _way_back(path: str) -> str:
    """A page of ours to go on to; the first one for anything else, such as another site."""
    is_ours = path.startswith("/") and not path.startswith("//") and path.isprintable() and "\\" not in path
    return path if is_ours and len(path) <= _LONGEST_WAY_BACK else "/"
