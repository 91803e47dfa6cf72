"""Serve the application in this process, beside the alarm."""

from __future__ import annotations

import contextlib
import errno
import logging
import socket
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from waitress import wasyncore
from waitress.server import create_server

from ..clock import stopwatch
from ..errors import UsageError
from .editing.edit_pages import LARGEST_UPLOAD
from .webhooks import LARGEST_REPORT

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

#: Pages are small, and each takes one short transaction.
THREADS = 8
#: Seconds that requests under way get when the server stops.
GRACE = 5
_LOOK_EVERY = 0.5  # seconds
_BELIEVED: dict[str, Any] = {"trusted_proxy_count": 1, "trusted_proxy_headers": "x-forwarded-for"}


class Handle:
    """A server that runs. ``port`` is the real one, also when 0 was asked for."""

    def __init__(self, app: WSGIApplication, listener: socket.socket, prefix: str, trusted_proxy: str) -> None:
        self.host, self.port = listener.getsockname()[:2]
        self._sockets: dict[int, Any] = {}
        # With one socket it is always a single server, whatever the annotation says.
        self._server: Any = create_server(
            _guarded(app),
            map=self._sockets,
            sockets=[listener],
            threads=THREADS,
            ident=None,
            url_prefix=prefix,
            # What is larger than a report is a picture that somebody brings, and waits in a file until it is whole.
            max_request_body_size=LARGEST_UPLOAD + 1,
            max_request_header_size=32 * 1024,
            inbuf_overflow=LARGEST_REPORT + 1,
            connection_limit=200,
            channel_timeout=30,
            clear_untrusted_proxy_headers=True,
            # Of the server in front, one header alone, and of that the last address: the one that it added itself.
            **({"trusted_proxy": trusted_proxy, **_BELIEVED} if trusted_proxy else {}),
        )
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pages", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def stop(self) -> None:
        """Take no new requests, let those under way end, and stop. May be called again."""
        if not self._stopping.is_set():
            self._stopping.set()
            with contextlib.suppress(OSError):  # it may have seen it by itself, and be gone
                self._server.pull_trigger()
        self._thread.join(2 * GRACE)

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._look()
            self._server.accepting = False
            passed = stopwatch()
            lines = self._server.active_channels
            while passed() < GRACE and any(c.requests or c.total_outbufs_len for c in list(lines.values())):
                self._look()
        except Exception as error:
            log.critical("the pages' server failed: %s", type(error).__name__, extra={"action": "pages_died"})
        finally:
            self._server.task_dispatcher.shutdown(timeout=GRACE)
            wasyncore.close_all(self._sockets, ignore_all=True)

    def _look(self) -> None:
        wasyncore.loop(timeout=_LOOK_EVERY, map=self._sockets, count=1)


def serve(
    app: WSGIApplication, host: str = "127.0.0.1", port: int = 8080, *, prefix: str = "", trusted_proxy: str = ""
) -> Handle:
    """Serve ``app`` on ``host`` and ``port`` (0: a free one) in a thread of its own.

    ``prefix``: the path under which readers reach the pages, where a server in front does not take it off.
    ``trusted_proxy``: the address of that server; its X-Forwarded-For tells where a request came from, and nobody
    else's does.
    Raises UsageError when the port is taken, or the host is none of this machine's.
    """
    logging.getLogger("waitress").setLevel(logging.ERROR)
    return Handle(app, _listener(host, port), prefix.rstrip("/"), trusted_proxy)


def _listener(host: str, port: int) -> socket.socket:
    try:
        if not 0 <= port <= 65535:  # getaddrinfo would take the remainder, and serve at another port without a word
            raise OverflowError
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        return socket.create_server((str(address[0]), int(address[1])), family=family, backlog=1024)
    except (OSError, OverflowError, UnicodeError) as problem:
        number = getattr(problem, "errno", None)
        if number in (errno.EADDRINUSE, errno.EACCES) and not isinstance(problem, socket.gaierror):
            why = "is taken by another program" if number == errno.EADDRINUSE else "may not be used by this user"
            raise UsageError(
                f"port {port} on {host} {why}; the pages cannot be served, and nothing was started",
                hint="stop the other program, or name another port: start --port N; --no-web starts without pages",
            ) from None
        raise UsageError(
            f"{host}, port {port}, is no place on this machine to serve the pages from; nothing was started",
            hint="use --host 127.0.0.1 for this machine alone, or 0.0.0.0 for all its networks, and a port up to 65535",
        ) from None


def _guarded(app: WSGIApplication) -> WSGIApplication:
    """What the application itself did not catch is told by its kind alone: waitress would log the request's path, which
    may be a reader's link."""

    def guarded(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            return app(environ, start_response)
        except Exception as error:
            log.error("a request failed: %s", type(error).__name__, extra={"action": "page_failed"})
            start_response("500 Internal Server Error", [("Content-Type", "text/plain"), ("Cache-Control", "no-store")])
            return [b"It did not work.\n"]

    return guarded
