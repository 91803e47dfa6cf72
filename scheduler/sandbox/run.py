"""Runs both doubles until it is told to stop, and says which settings lead to them."""

from __future__ import annotations

import errno
import threading
from collections.abc import Callable
from pathlib import Path

from ..clock import Clock
from ..errors import UsageError
from .faults import FaultScript
from .pages import counted
from .sendgrid import SendGridDouble
from .server import Double
from .x import FEW_TLDS, XDouble

X_PORT, SENDGRID_PORT = 8601, 8602

#: Visibly no keys. X's double checks signatures by them, SendGrid's the key.
X_SECRETS = {
    "X_CONSUMER_KEY": "sandbox-not-a-real-consumer-key",
    "X_CONSUMER_SECRET": "sandbox-not-a-real-consumer-secret",
    "X_ACCESS_TOKEN": "sandbox-not-a-real-access-token",
    "X_ACCESS_TOKEN_SECRET": "sandbox-not-a-real-access-token-secret",
}
SENDGRID_KEY = "SG.sandbox-not-a-real-key"


def settings_lines(x: Double, sendgrid: Double) -> list[str]:
    """The environment that sends X and SendGrid to the doubles."""
    environment = {
        "MODE": "live",
        "CHANNELS__X__BASE_URL": x.base_url,
        "CHANNELS__EMAIL__BASE_URL": sendgrid.base_url,
        **X_SECRETS,
        "SENDGRID_API_KEY": SENDGRID_KEY,
    }
    return [f"export OBSERVANCE_{name}={value}" for name, value in environment.items()]


def run_sandbox(
    x_port: int,
    sendgrid_port: int,
    faults: FaultScript | None,
    out: Callable[[str], None],
    stop: threading.Event,
    *,
    clock: Clock | None = None,
    tlds: frozenset[str] = FEW_TLDS,
    spec: Path | None = None,
) -> None:
    """Serve on this machine until ``stop`` is set. Port 0 takes a free one.

    ``out`` gets one line at a time, without addresses of readers. Raises :class:`UsageError` when a port is taken.
    """
    faults = faults or FaultScript()
    x = XDouble(port=x_port, faults=faults, clock=clock, out=out, secrets=X_SECRETS, tlds=tlds)
    sendgrid = SendGridDouble(
        port=sendgrid_port, faults=faults, clock=clock, out=out, api_key=SENDGRID_KEY, spec=spec
    )
    _start(x, x_port, "X")
    try:
        _start(sendgrid, sendgrid_port, "SendGrid")
        try:
            out("X and SendGrid have stand-ins on this machine. Nothing that is sent to them leaves it.")
            out(f"  X         {x.base_url}/")
            out(f"  SendGrid  {sendgrid.base_url}/")
            out("Look at both in a browser. To send to them, paste this into another terminal; these are no real keys:")
            out("")
            for line in settings_lines(x, sendgrid):
                out(line)
            out("")
            out("Ctrl-C stops the sandbox and forgets what it received.")
            stop.wait()
            readers = sum(len(m.envelopes) for m in sendgrid.mails)
            received = f"{counted(len(x.posts), 'post')}, and {counted(len(sendgrid.mails), 'mail')}"
            out(f"Stopped. Received {received} to {counted(readers, 'reader')}.")
        finally:
            sendgrid.stop()
    finally:
        x.stop()


def _start(double: Double, port: int, provider: str) -> None:
    try:
        double.start()
    except (OSError, OverflowError) as error:
        taken = getattr(error, "errno", None) in (errno.EADDRINUSE, errno.EACCES)
        why = "is taken by another program" if taken else "cannot be used"
        raise UsageError(
            f"port {port} for {provider}'s stand-in {why}",
            hint=("stop the other program, or name another port" if taken else "name a port from 1024 to 65535")
            + "; port 0 takes a free one",
        ) from None
