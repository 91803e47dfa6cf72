"""What an act says at the top of the next page: kept for one look in a signed cookie, so that no address can say it."""

from __future__ import annotations

import secrets
from urllib.parse import unquote, urlsplit

from flask import Flask, redirect, request, session
from flask.sessions import SecureCookieSessionInterface
from werkzeug.wrappers import Response as AnyResponse

from .security import is_encrypted

_KEY = "flash"


class _FlashCookie(SecureCookieSessionInterface):
    def __init__(self, public_url: str) -> None:
        self._public_url = public_url

    def get_cookie_secure(self, app: Flask) -> bool:
        return is_encrypted(self._public_url)


def add_flash(app: Flask, public_url: str) -> None:
    """The cookie, signed with a key of this process: a restart forgets what was not shown yet."""
    app.secret_key = secrets.token_bytes(32)
    app.config.update(SESSION_COOKIE_NAME="observance-flash", SESSION_COOKIE_SAMESITE="Lax")
    app.session_interface = _FlashCookie(public_url)


def redirect_with_flash(address: str, *flash: str) -> AnyResponse:
    """Go on to ``address``, whose page shows ``flash`` once."""
    session[_KEY] = [unquote(urlsplit(address).path), *flash]
    return redirect(address, 303)


def take_flash() -> list[str]:
    """What the act before this page has said, if it led here. The next look finds nothing any more."""
    path, *flash = session.pop(_KEY, [""])
    return flash if path == request.script_root + request.path else []
