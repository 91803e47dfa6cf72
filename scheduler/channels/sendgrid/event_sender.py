"""What SendGrid's stand-in reports of the mails that it took: signed as SendGrid signs, to a program on this machine.

What becomes of a mail is told by how the reader's address begins, so that a coordinator can try each: ``bounces``,
``full``, ``complains``, ``leaves``; every other mail is delivered.
https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event
"""

from __future__ import annotations

import base64
import http.client
import json
import queue
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count
from urllib.parse import urlsplit

from ...clock import Clock
from ...domain.formatting import counted
from ...errors import UsageError
from ...light_dataclass import dataclass
from ..contract.double_pages import ShownMail

#: Where the pages take them.
PATH = "/webhooks/sendgrid"
SIGNATURE_HEADER = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP_HEADER = "X-Twilio-Email-Event-Webhook-Timestamp"

#: SendGrid gathers for about a second; this is for watching.
GATHERS_SECONDS = 0.5
AT_ONCE = 500  # events in a report
#: Waits before a report that nobody took is sent again, in seconds; after the last it is given up.
AGAIN_AFTER = (1, 2, 4, 8, 15, 30, 30)
#: Signatures may be a day old, as SendGrid's repetitions are. An hour back lets the pretended clocks of two terminals,
#: which were started one after the other, differ.
SIGNED_EARLIER = timedelta(hours=1)

_DELIVERED: Mapping[str, str] = {"event": "delivered", "response": "250 ok"}
#: By how the reader's address begins.
_ENDS: Mapping[str, Sequence[Mapping[str, str]]] = {
    "bounces": ({"event": "bounce", "type": "bounce", "status": "5.1.1", "reason": "550 5.1.1 no such mailbox"},),
    "full": ({"event": "bounce", "type": "blocked", "status": "4.2.2", "reason": "452 4.2.2 mailbox full"},),
    "complains": (_DELIVERED, {"event": "spamreport"}),
    "leaves": (_DELIVERED, {"event": "unsubscribe"}),
}


@dataclass(frozen=True)
class Envelope:
    """One reader of a mail."""

    sg_message_id: str
    address: str
    subscriber_id: str
    custom_args: Mapping[str, str]
    substitutions: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class AcceptedMail(ShownMail):
    """One accepted call."""

    message_id: str  # as X-Message-Id
    from_address: str
    categories: tuple[str, ...]
    envelopes: tuple[Envelope, ...]

    def filled(self, text: str) -> str:
        for token, value in self.envelopes[0].substitutions.items():
            text = text.replace(token, value)
        return text


class Reports:
    """Sends reports to ``url`` from a thread of its own, between start() and stop()."""

    def __init__(self, url: str, *, clock: Clock, out: Callable[[str], None]) -> None:
        """``url`` is a program's on this machine; without a path the usual one. Raises UsageError for any other."""
        from cryptography.hazmat.primitives.asymmetric import ec

        self._host, self._port, self._path = _place(url)
        self._clock, self._out = clock, out
        self._key = ec.generate_private_key(ec.SECP256R1())  # for this run alone: nobody else can sign by it
        self._waiting: queue.SimpleQueue[dict[str, object]] = queue.SimpleQueue()
        self._numbers = count(1)
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def public_key(self) -> str:
        """What SendGrid shows as the verification key."""
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        der = self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(der).decode()

    @property
    def url(self) -> str:
        return f"http://{self._host}:{self._port}{self._path}"

    def tell(self, mail: AcceptedMail) -> None:
        """A mail was taken: it is on its way, and then it ends as the reader's address says."""
        for envelope in mail.envelopes:
            self._waiting.put(self._event(mail.at, envelope, {"event": "processed"}))
            for end in _ends(envelope.address):
                self._waiting.put(self._event(mail.at, envelope, end))

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="sendgrid's reports", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """What has not been sent by now is not sent any more."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(10)

    # -- the thread ------------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopping.wait(GATHERS_SECONDS):
            while events := list(self._gathered()):
                self._send(events)

    def _gathered(self) -> Iterator[dict[str, object]]:
        for _ in range(AT_ONCE):
            try:
                yield self._waiting.get_nowait()
            except queue.Empty:
                return

    def _send(self, events: list[dict[str, object]]) -> None:
        body = json.dumps(events).encode()
        what = counted(len(events), "report")
        for wait in (*AGAIN_AFTER, None):
            status = self._post(body)
            taken = 200 <= status < 300
            why = "taken" if taken else f"answered {status}" if status else "nobody answers"
            after = "" if taken else "; given up" if wait is None else f"; again in {wait} s"
            self._out(f"sendgrid: {what} to {self.url}: {why}{after}")
            if taken or wait is None or self._stopping.wait(wait):
                return

    def _post(self, body: bytes) -> int:
        """The answer's status; 0 when there was none."""
        from cryptography.hazmat.primitives.asymmetric import ec
        from cryptography.hazmat.primitives.hashes import SHA256

        timestamp = str(int((self._clock.now() - SIGNED_EARLIER).timestamp()))
        signature = self._key.sign(timestamp.encode() + body, ec.ECDSA(SHA256()))
        headers = {
            "Content-Type": "application/json",
            SIGNATURE_HEADER: base64.b64encode(signature).decode(),
            TIMESTAMP_HEADER: timestamp,
        }
        line = http.client.HTTPConnection(self._host, self._port, timeout=10)
        try:
            line.request("POST", self._path, body, headers)
            return line.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            line.close()

    def _event(self, at: datetime, envelope: Envelope, what: Mapping[str, str]) -> dict[str, object]:
        return {
            **envelope.custom_args,
            "email": envelope.address,
            "timestamp": int(at.timestamp()),
            "sg_event_id": f"{envelope.sg_message_id}-{next(self._numbers)}",
            "sg_message_id": envelope.sg_message_id,
            **what,
        }


def _ends(address: str) -> Sequence[Mapping[str, str]]:
    """What is reported after the mail was on its way; who complains or leaves has had it."""
    name = address.partition("@")[0].casefold()
    return next((ends for word, ends in _ENDS.items() if name.startswith(word)), (_DELIVERED,))


def _place(url: str) -> tuple[str, int, str]:
    """Host, port and path. Reports hold addresses and are not encrypted: they stay on this machine."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or 80
    except ValueError:
        host, port = "", 0
    if not host or parts.scheme != "http" or host not in ("127.0.0.1", "localhost", "::1") or parts.query:
        raise UsageError(
            f"reports cannot be sent to {url!r}: they go to a program on this machine alone",
            hint="give the address of your pages, for example --reports http://127.0.0.1:8080",
        )
    return host, port, parts.path if parts.path not in ("", "/") else PATH
