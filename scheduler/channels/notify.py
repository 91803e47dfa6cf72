"""Ways to tell the people who run a campaign something: a webhook, a mail over SMTP, a heartbeat.

They are apart from the ways to the readers, and share nothing with them but the line beneath. Why a call failed is
told in words that may be logged: no address of a hook, none of a person, nothing that a server answered.
"""

from __future__ import annotations

import json
import smtplib
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import field
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from urllib.parse import urlsplit, urlunsplit

from ..clock import Clock
from ..light_dataclass import dataclass
from ..settings import Notices, Secrets

TIMEOUT_SECONDS = 15.0


@dataclass(eq=False)
class Webhook:
    """Posts to one address, over https.

    ``json``: ``{"text": ...}``, which Slack and Mattermost take. ``text``: plain text with the title as a header,
    which ntfy takes. ``ping``: plain text to the address and ``/fail``, by which a check of Healthchecks raises the
    alarm.
    """

    name = "webhook"
    url: str = field(repr=False)
    style: str
    timeout_seconds: float = TIMEOUT_SECONDS

    def tell(self, title: str, text: str) -> str:
        """Empty when the server took it, else why not."""
        if self.style == "json":
            body = json.dumps({"text": f"{title}\n{text}"}).encode()
            return _call(self.url, body, {"Content-Type": "application/json"}, self.timeout_seconds)
        headers = {"Content-Type": "text/plain; charset=utf-8"}
        if self.style == "text":
            headers["Title"] = title.encode("ascii", "replace").decode()
            return _call(self.url, text.encode(), headers, self.timeout_seconds)
        parts = urlsplit(self.url)
        fail = urlunsplit(parts._replace(path=parts.path.rstrip("/") + "/fail"))
        return _call(fail, f"{title}\n{text}".encode(), headers, self.timeout_seconds)


@dataclass(eq=False)
class HeartbeatPing:
    """A sign of life to a service outside, which raises the alarm when none comes."""

    name = "heartbeat"
    url: str = field(repr=False)
    timeout_seconds: float = TIMEOUT_SECONDS

    def tell(self, title: str, text: str) -> str:
        """Empty when the server took it, else why not. Says nothing but that this program lives."""
        return _call(self.url, b"", {}, self.timeout_seconds)


@dataclass(eq=False)
class NoticeMail:
    """A mail to the people who run the campaign, over an encrypted line."""

    name = "smtp"
    settings: Notices = field(repr=False)
    password: str = field(repr=False)
    clock: Clock
    timeout_seconds: float = TIMEOUT_SECONDS

    def tell(self, title: str, text: str) -> str:
        """Empty when the server took it for all who are to get it, else why not."""
        return self.tell_to(self.settings.smtp_to, title, text)

    def tell_to(self, people: Sequence[str], title: str, text: str) -> str:
        """The same to these addresses."""
        try:
            with self._connection() as server:
                if self.settings.smtp_username:
                    server.login(self.settings.smtp_username, self.password)
                refused = server.send_message(self._message(people, title, text))
        except smtplib.SMTPResponseException as error:
            return f"the mail server answered {error.smtp_code}"
        except smtplib.SMTPRecipientsRefused:
            return "the mail server takes no mail for any of these people"
        except smtplib.SMTPException as error:
            return f"the mail server does not do what was asked ({type(error).__name__})"
        except ssl.SSLError:
            return "no encrypted connection (TLS) to the mail server"
        except OSError as error:
            return f"no connection to the mail server ({type(error).__name__})"
        return f"the mail server takes no mail for {len(refused)} of these people" if refused else ""

    def _connection(self) -> smtplib.SMTP:
        settings = self.settings
        own_name = settings.smtp_from.rpartition("@")[2]  # else Python asks the network for this machine's name
        if settings.smtp_security == "tls":
            return smtplib.SMTP_SSL(
                settings.smtp_host,
                settings.smtp_port,
                own_name,
                timeout=self.timeout_seconds,
                context=ssl.create_default_context(),
            )
        server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, own_name, timeout=self.timeout_seconds)
        if settings.smtp_security == "starttls":
            try:
                server.starttls(context=ssl.create_default_context())
            except BaseException:
                server.close()
                raise
        return server

    def _message(self, people: Sequence[str], title: str, text: str) -> EmailMessage:
        message = EmailMessage()
        message["From"] = self.settings.smtp_from
        message["To"] = ", ".join(people)
        message["Subject"] = title
        message["Date"] = format_datetime(self.clock.now())
        message["Message-ID"] = make_msgid("observance", self.settings.smtp_from.rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        return message


def ways_of(notices: Notices, secrets: Secrets, clock: Clock) -> tuple[Webhook | NoticeMail, ...]:
    """The ways that are set up."""
    ways: list[Webhook | NoticeMail] = []
    if notices.webhook_url:
        ways.append(Webhook(notices.webhook_url, notices.webhook_style))
    if notices.smtp_host:
        password = secrets.get("NOTICES_SMTP_PASSWORD") or secrets.get("SMTP_PASSWORD") or ""
        ways.append(NoticeMail(notices, password, clock))
    return tuple(ways)


def heartbeat_of(notices: Notices) -> HeartbeatPing | None:
    """The heartbeat, when there is one."""
    return HeartbeatPing(notices.heartbeat_url) if notices.heartbeat_url else None


def _call(url: str, body: bytes, headers: Mapping[str, str], seconds: float) -> str:
    from .http import HttpSession, NothingSent, NoWholeAnswer, quiet_libraries

    quiet_libraries()
    parts = urlsplit(url)
    line = HttpSession(urlunsplit((parts.scheme, parts.netloc, "", "", "")), seconds)
    try:
        status = line.request("POST", url, data=body, headers=dict(headers)).status_code
    except (NothingSent, NoWholeAnswer) as error:
        return str(error)
    finally:
        line.close()
    return "" if 200 <= status < 300 else f"the server answered {status}"
