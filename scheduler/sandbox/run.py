"""Runs the doubles until it is told to stop, and says which settings lead to them."""

from __future__ import annotations

import errno
import shlex
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from ..clock import Clock, SystemClock
from ..errors import UsageError
from .faults import FaultScript
from .pages import counted
from .reports import Reports
from .sendgrid import SendGridDouble
from .server import Double
from .smtp import SmtpDouble, SmtpPages
from .x import FEW_TLDS, XDouble

X_PORT, SENDGRID_PORT, SMTP_PORT, SMTP_PAGES_PORT = 8601, 8602, 8603, 8604

#: Visibly no keys. X's double checks signatures by them, SendGrid's the key.
X_SECRETS = {
    "X_CONSUMER_KEY": "sandbox-not-a-real-consumer-key",
    "X_CONSUMER_SECRET": "sandbox-not-a-real-consumer-secret",
    "X_ACCESS_TOKEN": "sandbox-not-a-real-access-token",
    "X_ACCESS_TOKEN_SECRET": "sandbox-not-a-real-access-token-secret",
}
SENDGRID_KEY = "SG.sandbox-not-a-real-key"


def settings_lines(x: Double, sendgrid: Double, database: str = "", webhook_key: str = "") -> list[str]:
    """The environment that sends X and SendGrid to the doubles.

    ``webhook_key``: by which the stand-in's reports are believed. ``database``: a ledger of its own. In the real one,
    what the doubles received would count as sent, and the real season would leave it out.
    """
    environment = {
        "MODE": "live",
        "CHANNELS__X__BASE_URL": x.base_url,
        "CHANNELS__EMAIL__BASE_URL": sendgrid.base_url,
        **X_SECRETS,
        "SENDGRID_API_KEY": SENDGRID_KEY,
        **({"SENDGRID_WEBHOOK_KEY": webhook_key} if webhook_key else {}),
        **({"DATABASE__URL": database} if database else {}),
    }
    return [f"export OBSERVANCE_{name}={shlex.quote(value)}" for name, value in environment.items()]


def smtp_lines(smtp: SmtpDouble) -> list[str]:
    """What sends the mails by SMTP instead; to be pasted after the lines above."""
    environment = {"TRANSPORT": "smtp", "BASE_URL": smtp.base_url, "STARTTLS": "false"}
    return [f"export OBSERVANCE_CHANNELS__EMAIL__{name}={value}" for name, value in environment.items()]


def run_sandbox(
    x_port: int,
    sendgrid_port: int,
    faults: FaultScript | None,
    out: Callable[[str], None],
    stop: threading.Event,
    *,
    smtp_port: int = 0,
    smtp_pages_port: int = 0,
    clock: Clock | None = None,
    tlds: frozenset[str] = FEW_TLDS,
    spec: Path | None = None,
    database: str = "",
    reports_url: str = "",
) -> None:
    """Serve on this machine until ``stop`` is set. Port 0 takes a free one.

    ``out`` gets one line at a time, without addresses of readers. ``reports_url``: where SendGrid's stand-in reports
    what became of its mails. Raises :class:`UsageError` when a port is taken, or the reports would leave this machine.
    """
    faults = faults or FaultScript()
    reports = Reports(reports_url, clock=clock or SystemClock(), out=out) if reports_url else None
    x = XDouble(port=x_port, faults=faults, clock=clock, out=out, secrets=X_SECRETS, tlds=tlds)
    sendgrid = SendGridDouble(
        port=sendgrid_port, faults=faults, clock=clock, out=out, api_key=SENDGRID_KEY, spec=spec, reports=reports
    )
    smtp = SmtpDouble(port=smtp_port, faults=faults, clock=clock, out=out)
    pages = SmtpPages(smtp, port=smtp_pages_port)
    with ExitStack() as running:
        for double, port, provider in (
            (x, x_port, "X"),
            (sendgrid, sendgrid_port, "SendGrid"),
            (smtp, smtp_port, "the mail server"),
            (pages, smtp_pages_port, "the mail server (its pages)"),
        ):
            _start(double, port, provider)
            running.callback(double.stop)
        if reports is not None:
            reports.start()
            running.callback(reports.stop)
        out("X, SendGrid and a mail server have stand-ins on this machine. Nothing that is sent to them leaves it.")
        out(f"  X            {x.base_url}/")
        out(f"  SendGrid     {sendgrid.base_url}/")
        out(f"  mail server  {pages.base_url}/  (mails go to {smtp.base_url})")
        out("Look at them in a browser. To send to them, paste this into another terminal; these are no real keys:")
        out("")
        for line in settings_lines(x, sendgrid, database, reports.public_key if reports else ""):
            out(line)
        out("")
        out("For mails by SMTP instead of SendGrid, paste these lines after the ones above:")
        out("")
        for line in smtp_lines(smtp):
            out(f"  {line}")
        out("")
        if reports is not None:
            out(f"SendGrid's reports go to {reports.url}. Mails to addresses that begin with")
            out("bounces, full, complains or leaves end so; all others are delivered.")
            out("")
        out("Ctrl-C stops the sandbox and forgets what it received.")
        stop.wait()
        mails = len(sendgrid.mails) + len(smtp.mails)
        readers = sum(len(m.envelopes) for m in sendgrid.mails) + len(smtp.mails)
        received = f"{counted(len(x.posts), 'post')}, and {counted(mails, 'mail')}"
        out(f"Stopped. Received {received} to {counted(readers, 'reader')}.")


def _start(double: Double | SmtpDouble, port: int, provider: str) -> None:
    try:
        double.start()
    except (OSError, OverflowError) as error:
        taken = getattr(error, "errno", None) in (errno.EADDRINUSE, errno.EACCES)
        why = "is taken by another program" if taken else "cannot be used"
        raise UsageError(
            f"port {port} for the stand-in of {provider} {why}",
            hint=("stop the other program, or name another port" if taken else "name a port from 1024 to 65535")
            + "; port 0 takes a free one",
        ) from None
