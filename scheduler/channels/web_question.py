"""One question to a web server that says something of itself: what time it is, or whose page it serves.

Nothing secret goes out and nothing is sent by it. Redirects are not followed. How it ended is told by kind: an answer,
something there that is no answer, or nothing that says what others would find.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from ..light_dataclass import dataclass
from ..settings.values import is_loopback

#: Bytes. What this program's own pages answer is far shorter.
_LONGEST = 64 * 1024
#: OpenSSL's X509_V_FLAG_NO_CHECK_TIME, which Python gives no name.
_ANY_DATE = 0x200000


class Ended(StrEnum):
    """How a question ended."""

    ANSWERED = "answered"  # by whatever is there
    NOTHING_THERE = "nothing-there"  # nothing listens
    NO_WEB_SERVER = "no-web-server"  # something listens, and does not answer as a web server does
    NOT_ENCRYPTED = "not-encrypted"  # no encrypted line that can be trusted
    NO_NAME = "no-name"  # the name is not known here
    NO_WAY = "no-way"  # no road to it from here, or no answer in time


@dataclass(frozen=True)
class Answered:
    """The end of one question. ``detail`` is for people, and names nobody."""

    ended: Ended
    status: int = 0
    text: str = ""
    date: datetime | None = None  # the server's own clock
    detail: str = ""


class _Stay(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer."""

    def redirect_request(self, *_: Any) -> None:
        return None


def ask(method: str, url: str, seconds: float, *, any_date: bool = False) -> Answered:
    """Ask once, and wait for ``seconds`` in all. Never raises.

    ``any_date``: a certificate is good whatever its dates, for a clock that is wrong calls a good one expired; its
    name and who vouches for it count as always.
    """
    found: list[Answered] = []  # by then: to look up a name may take longer than any timeout says
    asking = threading.Thread(
        target=lambda: found.append(_ask(method, url, seconds, any_date)), name="asking", daemon=True
    )
    asking.start()
    asking.join(seconds)
    return found[0] if found else Answered(Ended.NO_WAY, detail=f"no answer within {seconds:g} seconds")


def _ask(method: str, url: str, seconds: float, any_date: bool) -> Answered:
    from requests.utils import DEFAULT_CA_BUNDLE_PATH

    context = ssl.create_default_context()
    context.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)  # some Pythons come without any
    if any_date:
        context.verify_flags = ssl.VerifyFlags(context.verify_flags | _ANY_DATE)
    handlers: list[Any] = [_Stay(), urllib.request.HTTPSHandler(context=context)]
    if is_loopback(urlsplit(url).hostname or ""):
        handlers.append(urllib.request.ProxyHandler({}))
    headers = {"User-Agent": "Observance", "Accept": "text/plain", "Cache-Control": "no-cache"}
    body = b"" if method == "POST" else None
    request = urllib.request.Request(url, data=body, headers=headers, method=method)  # noqa: S310 - http(s), see settings
    try:
        try:
            opened = urllib.request.build_opener(*handlers).open(request, timeout=seconds)
        except urllib.error.HTTPError as error:
            opened = error  # any status is an answer
        with opened as answer:
            return Answered(
                Ended.ANSWERED,
                status=int(answer.status),
                text=answer.read(_LONGEST).decode("utf-8", "replace"),
                date=date_of(answer.headers.get("Date")),
                detail=f"it answered {answer.status}",
            )
    except urllib.error.URLError as error:
        reason = error.reason
        return _failed(reason if isinstance(reason, Exception) else error)
    except (OSError, http.client.HTTPException) as error:
        return _failed(error)
    except Exception as error:  # an address that urllib cannot make anything of
        return Answered(Ended.NO_WAY, detail=type(error).__name__)


def date_of(header: str | None) -> datetime | None:
    """The instant of a ``Date`` header (RFC 9110, section 6.6.1); None for none, and for what is none."""
    try:
        found = parsedate_to_datetime(header or "")
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


_FAILURES: Sequence[tuple[type[Exception] | tuple[type[Exception], ...], Ended, str]] = (
    (ssl.SSLError, Ended.NOT_ENCRYPTED, "no encrypted connection (TLS)"),
    (ConnectionRefusedError, Ended.NOTHING_THERE, "nothing listens there"),
    (socket.gaierror, Ended.NO_NAME, "its name is not found from here"),
    ((ConnectionError, http.client.HTTPException), Ended.NO_WEB_SERVER, "the line was closed without an answer"),
    (TimeoutError, Ended.NO_WAY, "no answer in time"),
)


def _failed(error: Exception) -> Answered:
    if isinstance(error, ssl.SSLCertVerificationError):
        return Answered(Ended.NOT_ENCRYPTED, detail=f"its certificate is not good ({error.verify_message})")
    why = f"no connection ({getattr(error, 'strerror', None) or type(error).__name__})"
    fitting = ((ended, detail) for kinds, ended, detail in _FAILURES if isinstance(error, kinds))
    ended, detail = next(fitting, (Ended.NO_WAY, why))
    return Answered(ended, detail=detail)
