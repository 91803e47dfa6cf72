"""What an act says at the top of the next page: kept for one look in a signed cookie, so that no address can say it."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from flask import Flask, redirect, request, session
from flask.sessions import SecureCookieSessionInterface
from werkzeug.wrappers import Response as AnyResponse

from .security.guard import is_encrypted

_KEY = "flash"


class FlashCookie(SecureCookieSessionInterface):
    """Signed with a key of this process: a restart forgets what was not shown yet."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return is_encrypted()


def redirect_with_flash(address: str, *flash: str) -> AnyResponse:
    """Go on to ``address``, whose page shows ``flash`` once."""
    session[_KEY] = [unquote(urlsplit(address).path), *flash]
    return redirect(address, 303)


def take_flash() -> list[str]:
    """What the act before this page has said, if it led here. The next look finds nothing any more."""
    path, *flash = session.pop(_KEY, [""])
    return flash if path == request.script_root + request.path else []
