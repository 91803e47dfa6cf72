"""What the doubles share: an HTTP server that only this machine can reach, and the faults around an acceptance."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import socketserver
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace
from http.server import BaseHTTPRequestHandler
from typing import Any, Generic, Self, TypeVar
from urllib.parse import parse_qsl, urlsplit

from ...clock import Clock, SystemClock
from ...light_dataclass import dataclass
from .faults import Act, Fault, FaultScript

HOST = "127.0.0.1"
LARGEST_BODY = 40_000_000

_D = TypeVar("_D", bound="LocalServer")


@dataclass(frozen=True)
class SimulatedCall:
    """One request as it came in."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]  # names in lower case
    body: bytes
    url: str  # as the client asked for it, without the query

    def json(self) -> Any:
        """The body as JSON; None when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


@dataclass(frozen=True)
class Answer:
    """What goes back."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    wait_seconds: float = 0.0  # silence before it
    drop: bool = False  # cut the line instead
    missing_bytes: int = 0  # so many bytes fewer than Content-Length says, then the line is cut

    @staticmethod
    def of(status: int, document: object, **headers: str) -> Answer:
        """A JSON answer."""
        body = json.dumps(document, ensure_ascii=False).encode()
        return Answer(status, body, {"content-type": "application/json; charset=utf-8", **headers})


class LineServer(socketserver.ThreadingTCPServer, Generic[_D]):
    """A server whose open connections can be cut."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = os.name == "posix"  # on Windows it would let a second server take the same port
    request_queue_size = 128

    def __init__(self, double: _D, handler: type[socketserver.BaseRequestHandler], port: int) -> None:
        self.double = double
        self.lines: set[socket.socket] = set()
        super().__init__((HOST, port), handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self.double.lock:
            self.lines.add(request)
            self.double.lines_opened += 1
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self.double.lock:
            self.lines.discard(request)
        super().shutdown_request(request)

    def cut_lines(self) -> None:
        with self.double.lock:
            lines = list(self.lines)
        for line in lines:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no error of ours."""


class LocalServer:
    """A stand-in for a provider, as a server on this machine, whatever it speaks. Use it as a context manager, or
    start() and stop()."""

    name = ""
    scheme = "http"
    handler: type[socketserver.BaseRequestHandler]  # one connection of it

    def __init__(
        self,
        *,
        port: int = 0,
        faults: FaultScript | Iterable[Fault] = (),
        clock: Clock | None = None,
        out: Callable[[str], None] | None = None,
    ) -> None:
        self.faults = faults if isinstance(faults, FaultScript) else FaultScript(faults)
        self.clock = clock or SystemClock()
        self.lock = threading.RLock()
        self.sending_requests = 0  # requests that would have sent something, refused ones included
        self.upload_requests = 0  # those that would have uploaded something
        self.lines_opened = 0  # connections
        self.stopping = threading.Event()
        self._noted: list[dict[str, object]] = []
        self._out = out
        self._wanted_port = port
        self._server: LineServer[Any] | None = None

    def start(self) -> Self:
        """Bind and serve. Raises OSError when the port is taken."""
        self.stopping.clear()
        self._server = LineServer(self, self.handler, self._wanted_port)
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, name=f"{self.name} double", daemon=True
        ).start()
        return self

    def stop(self) -> None:
        """Stop serving; whoever waits for an answer sees the line cut."""
        self.stopping.set()
        server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.server_close()
            server.cut_lines()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def port(self) -> int:
        if self._server is None:
            raise RuntimeError(f"the {self.name} double is not running")
        return int(self._server.server_address[1])

    @property
    def base_url(self) -> str:
        return f"{self.scheme}://{HOST}:{self.port}"

    def say(self, line: str) -> None:
        """One line for whoever watches. No address in it."""
        if self._out is not None:
            self._out(f"{self.clock.now():%Y-%m-%d %H:%M:%S} {line}")

    def note(self, status: int | str, **facts: object) -> None:
        """Remember what became of a request that would have sent something."""
        with self.lock:
            self._noted.append({"at": self.clock.now().isoformat(), "status": status, **facts})

    def received(self) -> dict[str, object]:
        """Counts, and each sending request with what became of it. Names no reader by address."""
        with self.lock:
            counts = {"double": self.name, "sending_requests": self.sending_requests, **self.counts()}
            return {**counts, "requests": list(self._noted)}

    def counts(self) -> dict[str, object]:
        """How many of what were taken; asked with the lock held."""
        return {}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body leave together
    server: LineServer[Double]

    def log_message(self, format: str, *args: Any) -> None:
        """The double speaks for itself."""

    def _serve(self) -> None:
        try:
            length = int(self.headers.get("Content-Length") or 0)
        except ValueError:
            length = -1
        if not 0 <= length <= LARGEST_BODY or "chunked" in self.headers.get("Transfer-Encoding", ""):
            self.close_connection = True
            return self._write(Answer.of(411 if length < 0 else 413, {"errors": [{"message": "no such body"}]}))
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        call = SimulatedCall(
            method=self.command,
            path=parts.path,
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers=headers,
            body=self.rfile.read(length),
            url=f"http://{headers.get('host', '')}{parts.path}",
        )
        answer = self.server.double.answer(call)
        if answer.wait_seconds:
            self.server.double.stopping.wait(answer.wait_seconds)
        self._write(answer)

    do_GET = do_POST = do_DELETE = do_PUT = do_PATCH = do_HEAD = _serve

    def _write(self, answer: Answer) -> None:
        if answer.drop:
            self.close_connection = True
            return
        with contextlib.suppress(OSError):  # the client gave up
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body) + answer.missing_bytes))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)
            self.wfile.flush()
        if answer.missing_bytes:
            self.close_connection = True


class Double(LocalServer, ABC):
    """A stand-in for a provider that speaks HTTP."""

    handler = _Handler

    def answer(self, call: SimulatedCall) -> Answer:
        """The answer to any request; pages and records of this double first."""
        if call.path == "/" or call.path.startswith("/_/"):
            if urlsplit(f"//{call.headers.get('host', '')}").hostname not in (HOST, "localhost"):
                return Answer.of(403, {"error": "this page is for this machine"})  # a name that was made to point here
            return self.page(call) if call.method == "GET" else Answer.of(405, {"error": "read only"})
        return self.provider_answer(call)

    @abstractmethod
    def provider_answer(self, call: SimulatedCall) -> Answer:
        """What the provider would say."""

    def page(self, call: SimulatedCall) -> Answer:
        """``/`` for people, ``/_/received`` for programs."""
        if call.path == "/_/received":
            return Answer.of(200, self.received())
        return Answer.of(404, {"error": "no such page"})

    def fault_answer(self, fault: Fault) -> Answer:
        """The refusal, limit or error that ``fault`` asks for."""
        usual = {Act.LIMIT: 429, Act.NO_CREDIT: 402, Act.REFUSE: 403, Act.DUPLICATE: 403}.get(fault.act, 503)
        return Answer.of(fault.status or usual, {"detail": f"{fault.act} by the fault script"})

    def broken(self, accepted: Answer) -> Answer:
        """A success whose body breaks off."""
        return Answer(accepted.status, accepted.body[: len(accepted.body) // 3], accepted.headers)

    def judge(self, call: SimulatedCall, accept: Callable[[], Answer], *, step: str = "") -> Answer:
        """Count a request that would send, or upload, and play the fault script around ``accept``, which checks and
        keeps."""
        with self.lock:
            if step:
                self.upload_requests += 1
            else:
                self.sending_requests += 1
            number = self.upload_requests if step else self.sending_requests
        fault = self.faults.next_for(self.name, number, call.body.decode("utf-8", "replace"), step)
        act = fault.act if fault else Act.ACCEPT
        if fault is None or act is Act.ACCEPT:
            return accept()
        self.say(f"{self.name}: {step or 'request'} {number}: {act}")
        if act in (Act.DROP_BEFORE, Act.HANG_UP):
            return Answer(0, drop=True)
        if act is Act.STALL and not fault.accepts:
            return replace(self.fault_answer(replace(fault, act=Act.ERROR_BEFORE)), wait_seconds=fault.seconds)
        if act not in (Act.ERROR_AFTER, Act.DROP_AFTER, Act.STALL, Act.BROKEN_BODY):
            return self.fault_answer(fault)
        accepted = accept()
        if accepted.status >= 300:  # the request itself was wrong; nothing was kept
            return accepted
        if act is Act.STALL:
            return replace(accepted, wait_seconds=fault.seconds)
        if act is Act.DROP_AFTER:
            return Answer(0, drop=True)
        return self.broken(accepted) if act is Act.BROKEN_BODY else self.fault_answer(fault)
