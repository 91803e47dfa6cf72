"""The line beneath tweepy and sendgrid: kept alive, with a hard end, never repeating a request by itself.

Both libraries bring neither a timeout nor an address that can be changed. :class:`HttpSession` is a requests session
that gives them both, and that can say for certain whether a byte of a request left this machine.
"""

from __future__ import annotations

import contextlib
import logging
import math
import os
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from heapq import heappop, heappush
from http.cookiejar import DefaultCookiePolicy
from itertools import count
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NameResolutionError

from ..clock import SystemClock, stopwatch
from ..domain.outcome import Outcome, OutcomeKind
from ..domain.reason import ReasonCode, because
from ..domain.reason_words import in_words
from ..errors import ConfigurationError
from ..settings.values import is_loopback
from .spec import ChannelContext, Transport
from .status_mapping import unforeseen, unreached
from .web_question import date_of

#: A connection is opened within this, or not at all.
_CONNECT_SECONDS = 5.0
#: A line that was quiet for longer is opened anew. One that a gateway has forgotten looks open, swallows the request
#: and leaves a doubt that a fresh one would not.
_IDLE_SECONDS = 30.0
#: Connections that are kept.
_IN_FLIGHT = 32

#: Loggers that print keys, signatures, headers or bodies at DEBUG.
_TALKATIVE = (
    "oauthlib",
    "oauthlib.oauth1.rfc5849",
    "oauthlib.oauth1.rfc5849.signature",
    "python_http_client",
    "python_http_client.client",
    "requests",
    "requests_oauthlib",
    "requests_oauthlib.oauth1_auth",
    "requests_oauthlib.oauth1_session",
    "sendgrid",
    "tweepy",
    "tweepy.auth",
    "tweepy.client",
    "urllib3",
    "urllib3.connection",
    "urllib3.connectionpool",
    "urllib3.poolmanager",
    "urllib3.response",
    "urllib3.util.retry",
)


class NothingSent(requests.exceptions.ConnectionError):
    """Not one byte of the request left this machine. ``code`` says why; its words may be stored."""

    def __init__(self, code: ReasonCode, words: str = "") -> None:
        self.code, self.words = code, words
        super().__init__(in_words((because(code),), words))


class NoWholeAnswer(requests.exceptions.ConnectionError):
    """The request left, wholly or in part, and no whole answer came. Its words may be stored."""


def _warnings_only(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING


def quiet_libraries() -> None:
    """Let the libraries beneath the transports speak at WARNING and above only, whatever level is set later."""
    for name in _TALKATIVE:
        logger = logging.getLogger(name)
        if logger.level < logging.WARNING:
            logger.setLevel(logging.WARNING)
        if _warnings_only not in logger.filters:
            logger.addFilter(_warnings_only)


class _Exchange:
    """One request on its way."""

    def __init__(self) -> None:
        self.left = False  # a byte of it was handed to a socket
        self.over = False  # its time is over
        self.ended = False
        self.sock: socket.socket | None = None

    def cut(self) -> None:
        """When its time is over: whoever reads or writes on the socket wakes up with an error."""
        self.over = True
        if self.sock is not None:
            with contextlib.suppress(OSError, AttributeError):
                self.sock.shutdown(socket.SHUT_RDWR)


class _Deadlines:
    """Cuts exchanges whose time is over: by one thread for all of a line, which begins with the first and ends with the
    last. A timer for each would be a thread for each: 71 in place of 2 us."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: list[tuple[float, int, _Exchange]] = []  # a heap
        self._numbers = count()
        self._machine = SystemClock()
        self._is_watching = False

    def watch(self, exchange: _Exchange, seconds: float) -> None:
        at = self._machine.monotonic() + seconds
        with self._changed:
            heappush(self._waiting, (at, next(self._numbers), exchange))
            if not self._is_watching:
                threading.Thread(target=self._run, name="deadlines", daemon=True).start()
                self._is_watching = True
            elif self._waiting[0][2] is exchange:
                self._changed.notify()

    def _run(self) -> None:
        with self._changed:
            while self._waiting:
                at, _, exchange = self._waiting[0]
                left = at - self._machine.monotonic()
                if exchange.ended or left <= 0:
                    heappop(self._waiting)
                    if not exchange.ended:
                        exchange.cut()
                else:
                    self._changed.wait(left)
            self._is_watching = False


_here = threading.local()
_T = TypeVar("_T")


class _Watched:
    """Notes the moment at which the first byte of a request is handed to a socket."""

    sock: Any
    _connecting = False

    def connect(self) -> None:
        self._connecting = True
        try:
            super().connect()  # type: ignore[misc]
        finally:
            self._connecting = False

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        exchange: _Exchange | None = getattr(_here, "exchange", None)
        # While connecting, what is sent is the CONNECT of a proxy, not the request.
        if exchange is not None and not self._connecting and not exchange.left:
            if exchange.over:
                raise TimeoutError("the connection opened too late")
            exchange.sock = self.sock
            exchange.left = True
        super().send(data)  # type: ignore[misc]


class _Connection(_Watched, HTTPConnection):
    pass


class _SecureConnection(_Watched, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


_POOLS = {"http": _Pool, "https": _SecurePool}


class _Adapter(HTTPAdapter):
    """requests' own adapter without retries, over connections that are watched."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager


class HttpSession(requests.Session):
    """A kept-alive line to one provider.

    ``base_url`` takes the place of scheme, host and port of whatever address a library asks for, before the request
    is signed. ``timeout_seconds`` bounds a call as a whole, from the first look-up of the name to the last byte of the
    answer. Redirects are not followed, cookies not kept, ``~/.netrc`` not read; proxies from the environment are used,
    but never for this machine. May be used by several threads at once.

    Every call ends with an answer, with :class:`NothingSent` or with :class:`NoWholeAnswer`.
    """

    def __init__(self, base_url: str, timeout_seconds: float) -> None:
        super().__init__()
        self._base = urlsplit(base_url.rstrip("/"))
        host = self._base.hostname
        if self._base.scheme not in ("http", "https") or not host:
            raise ConfigurationError(
                f"base_url = {base_url!r} is not an address", hint="write for example https://api.sendgrid.com"
            )
        if self._base.scheme == "http" and not is_loopback(host):
            raise ConfigurationError(
                f"base_url = {base_url!r} would send the key unencrypted",
                hint="write https://, or point it at this machine (http://127.0.0.1:8602)",
            )
        if timeout_seconds <= 0:
            raise ConfigurationError(
                f"timeout_seconds = {timeout_seconds:g} leaves no time", hint="write a number above 0"
            )
        self._seconds = float(timeout_seconds)
        self.on_date: Callable[[datetime], None] = lambda date: None  # each answer tells what time it is there
        self.trust_env = False
        if not is_loopback(host):
            self.proxies.update(get_environ_proxies(base_url))
        self.verify = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._adapter = _Adapter(pool_connections=2, pool_maxsize=_IN_FLIGHT, max_retries=0)
        self.mount("https://", self._adapter)
        self.mount("http://", self._adapter)
        self._quiet_for = stopwatch()
        self._deadlines = _Deadlines()

    @staticmethod
    @contextlib.contextmanager
    def within(seconds: float) -> Iterator[None]:
        """All requests that this thread makes meanwhile, over whichever session, have so long together; within a span
        that is being spent, no longer than what is left of it."""
        outer, spent = getattr(_here, "left", _no_end), stopwatch()
        _here.left = lambda: min(seconds - spent(), outer())
        try:
            yield
        finally:
            _here.left = outer

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        """One request, once. See the class for how it ends."""
        address, ask = self._address(str(url)), super().request
        return self._once(lambda timeout: ask(method, address, *args, **{**kwargs, "timeout": timeout}))

    def signed(self, method: str, url: str, **about: Any) -> requests.PreparedRequest:
        """A request to the last byte, signed, for :meth:`send_signed` soon, and once."""
        return self.prepare_request(requests.Request(method, self._address(url), **about))

    def send_signed(self, request: requests.PreparedRequest) -> requests.Response:
        """As :meth:`request`."""
        return self._once(lambda timeout: self.send(request, timeout=timeout, proxies=self.proxies))

    def _once(self, ask: Callable[[tuple[float, float]], requests.Response]) -> requests.Response:
        seconds = min(self._seconds, getattr(_here, "left", _no_end)())
        if seconds <= 0:
            raise NothingSent(ReasonCode.NOT_BEGUN)
        if self._quiet_for() > _IDLE_SECONDS:
            self._adapter.close()
        self._quiet_for = stopwatch()
        exchange = _here.exchange = _Exchange()
        try:
            self._deadlines.watch(exchange, seconds)
            response = ask((min(_CONNECT_SECONDS, seconds), seconds))
        except Exception as error:
            # Deliberately without the cause: its words may quote a header.
            if exchange.left:
                late = exchange.over or isinstance(error, requests.exceptions.Timeout)
                how = f"no whole answer within {self._seconds:g} s" if late else "the line broke"
                raise NoWholeAnswer(f"{how} after the request had left") from None
            raise _why_nothing(error) from None
        finally:
            exchange.ended, exchange.sock = True, None
            _here.exchange = None
            self._quiet_for = stopwatch()
        if date := date_of(response.headers.get("Date")):
            self.on_date(date)
        return response

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Nothing is followed: a redirected POST would be a second request."""
        return None

    def _address(self, url: str) -> str:
        asked = urlsplit(url)
        if (asked.scheme, asked.netloc) == (self._base.scheme, self._base.netloc):
            return url
        path = self._base.path + asked.path
        return urlunsplit((self._base.scheme, self._base.netloc, path, asked.query, asked.fragment))


class HttpTransport(Transport):
    """A channel over one :class:`HttpSession`."""

    def __init__(self, context: ChannelContext) -> None:
        super().__init__(context)
        quiet_libraries()
        self._seconds = context.settings.timeout_seconds
        self._line = HttpSession(context.base_url, self._seconds)

    def tell_time_to(self, listener: Callable[[datetime], None]) -> None:
        """Let somebody know what time it is at the provider, with each answer."""
        self._line.on_date = listener

    def close(self) -> None:
        """Close the kept connections."""
        self._line.close()


def ended(call: Callable[[], _T], *, now: datetime) -> _T | Outcome:
    """How a call over a :class:`HttpSession` ended, whatever happens: ``call`` makes it and reads the answer. Never
    raises."""
    try:
        return call()
    except NothingSent as error:
        return unreached(error.code, now=now, detail=error.words)
    except NoWholeAnswer as error:
        return Outcome(OutcomeKind.UNKNOWN, detail=str(error), reasons=(because(ReasonCode.NO_ANSWER),))
    except Exception as error:
        return unforeseen(error)


def _no_end() -> float:
    return math.inf


def _why_nothing(error: Exception) -> NothingSent:
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    unknown = isinstance(reason, NameResolutionError)
    failures = (
        (requests.exceptions.SSLError, ReasonCode.NOT_ENCRYPTED, "TLS"),
        ((requests.exceptions.Timeout, TimeoutError), ReasonCode.NO_CONNECTION, "none in time"),
        (requests.ConnectionError, ReasonCode.NAME_NOT_FOUND if unknown else ReasonCode.NO_CONNECTION, ""),
        (Exception, ReasonCode.NO_CONNECTION, type(error).__name__),
    )
    return next(NothingSent(code, words) for kinds, code, words in failures if isinstance(error, kinds))
