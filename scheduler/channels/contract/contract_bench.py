"""A channel with its stand-in that runs, for the tests that every channel keeps; and a server of raw answers."""

from __future__ import annotations

import contextlib
import re
import socket
import socketserver
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from ...clock import VirtualClock
from ...domain.message import EmailBody, Message, PostBody
from ...domain.outcome import Outcome, Recipient, Request
from ...domain.post_picture import PostPicture
from ...settings import ChannelSettings, Secrets
from ..spec import ChannelContext, ChannelSpec, StandInOrder, Transport
from .double import LineServer, LocalServer
from .faults import FaultScript
from .standin_pictures import a_picture, a_png

NOW = datetime(2027, 1, 11, 15, 0, tzinfo=UTC)
SHORT = 1.0  # seconds; the channel's patience where a test waits for it

POST = Message(
    campaign="january",
    season=2027,
    item="help-is-near",
    channel="ours",
    kind="help",
    on=date(2027, 1, 11),
    due_at=NOW,
    expires_at=NOW + timedelta(hours=9),
    body=PostBody("Help & hope, day and night: https://humantraffickinghotline.org/en/ 1-888-373-7888", 80, 280, True),
)
MAIL = replace(
    POST,
    body=EmailBody(
        subject="Help is near",
        preheader="Day 11 of 32",
        text="Help is near.\nLeave: %unsubscribe_url%\n",
        html='<!doctype html><p>Help is near. <a href="%unsubscribe_url%">Leave</a></p>',
        from_name="Example Coalition",
        from_address="news@coalition.example",
        reply_to="office@coalition.example",
        list_id="January <january.coalition.example>",
    ),
)
READER = Recipient("s-1", "reader.1@readers.example", "Reader 1", "https://coalition.example/u/token1")

CARD = a_png()
ALT = "A card. On it: help is near, day and night."


class ContractBench:
    """A channel, its stand-in that runs, and how to make more transports to it."""

    def __init__(self, spec: ChannelSpec, running: ExitStack) -> None:
        assert spec.simulator is not None, f"{spec.name} has no stand-in to be tested against"
        self.spec, self._running = spec, running
        self.faults = FaultScript()
        ports = dict.fromkeys(spec.simulator.ports, 0)
        options = {option: "" for option, _, _ in spec.simulator.options}
        clock, tlds = VirtualClock(NOW), frozenset({"org", "com"})
        order = StandInOrder(ports, clock, lambda line: None, self.faults, tlds, options)
        self.stand_in = spec.simulator.make(order)
        for server in self.stand_in.servers.values():
            server.start()
            running.callback(server.stop)
        self.server: Any = self.stand_in.servers[""]
        self.secrets = dict(self.stand_in.secrets())
        self.draw: Callable[[PostPicture], bytes] = lambda picture: CARD

    def context(self, base_url: str = "", seconds: float = 5.0) -> ChannelContext:
        """The channel in a project whose settings lead to the stand-in, or to ``base_url``."""
        keys = {s.name: s for s in self.spec.settings}
        options: dict[str, str | int | float | bool] = {name: s.default for name, s in keys.items()}
        for name, value in self.stand_in.settings().items():
            key = name.lower()
            if key in keys:
                options[key] = value == "true" if isinstance(keys[key].default, bool) else value
        address = base_url or self.stand_in.settings().get("BASE_URL", "")
        settings = ChannelSettings("ours", self.spec.name, True, address, seconds, options)
        address, draw = "https://coalition.example", lambda picture: self.draw(picture)
        return ChannelContext(self.spec, settings, Secrets(self.secrets), public_url=address, draw=draw)

    def transport(self, base_url: str = "", seconds: float = 5.0) -> Transport:
        """The channel's transport; closed when the test is over."""
        transport = self.spec.transport(self.context(base_url, seconds))
        self._running.callback(transport.close)
        return transport

    def request(self, transport: Transport, number: int = 0) -> Request:
        """A call; one number, one call."""
        if self.spec.kind == "email":
            return transport.build(MAIL, send_id=f"send-{number}", recipients=(READER,))
        assert isinstance(POST.body, PostBody)
        text = f"{POST.body.text} {number}" if number else POST.body.text
        return transport.build(replace(POST, body=replace(POST.body, text=text)), send_id=f"send-{number}")

    def request_with_picture(self, transport: Transport, number: int = 1, *, may_lack: bool = False) -> Request:
        """The same, with a picture; ``may_lack``: should it not be taken, the post may go without."""
        assert isinstance(POST.body, PostBody)
        text = f"{POST.body.text} {number}"
        body = replace(POST.body, text=text, alt_text=ALT, picture=a_picture(CARD), may_lack_picture=may_lack)
        return transport.build(replace(POST, body=body), send_id=f"send-{number}")

    def send(self, base_url: str = "", seconds: float = 5.0) -> Outcome:
        """One call."""
        transport = self.transport(base_url, seconds)
        return transport.send(self.request(transport), now=NOW)

    @property
    def kept(self) -> int:
        """How many calls the provider has."""
        return self.stand_in.received()["post" if self.spec.kind == "post" else "mail"]

    @property
    def speaks_http(self) -> bool:
        return "http" in self.spec.schemes

    def at(self, address: str, *, encrypted: bool = False) -> str:
        """An http address, as one that this channel takes."""
        schemes = [scheme for scheme in self.spec.schemes if scheme.endswith("s") is encrypted]
        return f"{schemes[0]}://{address.partition('://')[2]}"


def _pass_on(line: socket.socket, asked: bytes, port: int) -> None:
    """Answer by what the server at ``port`` says to the same request."""
    head, _, body = asked.partition(b"\r\n\r\n")
    size = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
    while size and len(body) < int(size[1]):
        body += line.recv(65_536)
    with socket.create_connection(("127.0.0.1", port), timeout=30) as there:
        there.sendall(re.sub(rb"(?i)\r\nconnection:[^\r]*", b"", head) + b"\r\nConnection: close\r\n\r\n" + body)
        answer = b"".join(iter(lambda: there.recv(65_536), b""))
    line.sendall(answer.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))


class _RawLine(socketserver.BaseRequestHandler):
    """One connection of a :class:`RawServer`."""

    server: LineServer[RawServer]

    def handle(self) -> None:
        raw, line = self.server.double, self.request
        with contextlib.suppress(OSError):
            asked = line.recv(65_536)
            if raw.sends_by not in asked.partition(b"\r\n")[0]:
                return _pass_on(line, asked, raw.behind)
            step = 1 if raw.drip_seconds else len(raw.answer) or 1
            for at in range(0, len(raw.answer), step):
                line.sendall(raw.answer[at : at + step])
                if raw.drip_seconds and raw.stopping.wait(raw.drip_seconds):
                    break


class RawServer(LocalServer):
    """Answers each connection with the given bytes, in drips or at once, and closes. ``sends_by``: only to a request
    whose first line holds this; any other is passed on to the server at the port ``behind``."""

    name = "raw"
    handler = _RawLine

    def __init__(self, answer: bytes, drip_seconds: float = 0, *, sends_by: bytes = b"", behind: int = 0) -> None:
        super().__init__()
        self.answer, self.drip_seconds, self.sends_by, self.behind = answer, drip_seconds, sends_by, behind
