"""The settings: each is declared here once, with its type, default, bounds and meaning.

Every key can be overridden by ``OBSERVANCE_`` + its path joined by ``__``; secrets come only from the
environment or from a file named by ``..._FILE``. docs/reference/settings.md is made from this module.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from ..errors import ConfigurationError
from ..light_dataclass import dataclass
from ..schema.field import Field, held
from .from_environment import Secrets
from .values import (
    called_address,
    database_url,
    display_name,
    email_address,
    folder_for_output,
    host,
    ip_address,
    is_example,
    is_loopback,
    leads_nowhere,
    one_line,
    public_url,
    server,
    some_lines,
    time_or_nothing,
    web_address,
)


class Mode(StrEnum):
    """Whether anything may leave the machine."""

    REHEARSAL = "rehearsal"
    LIVE = "live"


@dataclass(frozen=True)
class ChannelSettings:
    """One table of config/channels.toml. ``options`` are the keys that its spec declares, and the limits of calls."""

    name: str  # as the coordinator calls it
    transport: Annotated[str, Field("The channel's code: see [channels](channels.md). Must be there.")]
    enabled: Annotated[bool, Field("`false`: no item is made for this channel.")] = True
    base_url: Annotated[
        str, Field("Where the provider is reached. Left out: the provider's own address. A local stand-in has another.")
    ] = ""
    timeout_seconds: Annotated[
        float,
        Field("How long one call may take. After it nobody knows whether the item went out.", least=1, most=120),
    ] = 20.0
    options: Mapping[str, str | int | float | bool] = field(default_factory=dict)

    @property
    def is_loopback(self) -> bool:
        """Whether this channel leads to this very machine: a stand-in, not a provider."""
        host = urlsplit(self.base_url).hostname
        return host is not None and is_loopback(host)


@dataclass(frozen=True)
class Organisation:
    """Who speaks; printed in each email."""

    name: Annotated[str, Field("Who speaks; printed in each email.", check=one_line)] = "Example Coalition"
    postal_address: Annotated[
        str,
        Field("A postal address that reaches you; many countries demand it in each email.", check=some_lines),
    ] = "1 Example Street, Example Town, EX 00000"
    from_name: Annotated[str, Field("The sender's name, as mail programs show it.", check=display_name)] = (
        "Example Coalition"
    )
    from_address: Annotated[
        str,
        Field(
            "The sender's address. Its domain must be set up at the email provider (SPF, DKIM, DMARC).",
            check=email_address,
        ),
    ] = field(default="news@example.org", repr=False)
    reply_to: Annotated[
        str,
        Field("Where answers go. Somebody should read them: people in danger do answer.", check=email_address),
    ] = field(default="hello@example.org", repr=False)
    replies_read_by: Annotated[
        str, Field("The person who reads what arrives there, by name. Readers do not see it.", check=one_line)
    ] = field(default="", repr=False)
    replies_read: Annotated[
        str,
        Field(
            'When it is read, in words that follow "is read": `"on weekdays from 9 a.m. to 5 p.m. Eastern Time"`. '
            "Printed in each email.",
            check=one_line,
        ),
    ] = ""
    automatic_answer: Annotated[
        bool, Field("Whether that mailbox answers by itself with what `reply-text` prints: docs/howto/replies.md.")
    ] = False
    signed_by: Annotated[
        str,
        Field("The person who signs each email, by name. Empty: nobody does, which is a finding.", check=one_line),
    ] = ""
    signed_as: Annotated[
        str,
        Field('Their role, before the organization\'s name: `"program director"`. May stay empty.', check=one_line),
    ] = ""

    local: Annotated[
        tuple[str, ...],
        Field(
            'Places whose help lines stand in each email as well: `["US-GA"]`, as `locale` in `contacts.toml` has it.',
            check=one_line,
        ),
    ] = ()

    def missing_for_replies(self) -> list[tuple[str, str]]:
        """What nobody has arranged yet for readers who answer a mail: (key, in words)."""
        keys = {"replies_read_by": "a named reader", "replies_read": "hours", "automatic_answer": "an automatic answer"}
        return [(f"organisation.{key}", words) for key, words in keys.items() if not getattr(self, key)]


@dataclass(frozen=True)
class Notices:
    """What is said to the people who run a campaign, when, and through which way out. All off where it is empty."""

    nothing_out_by: Annotated[
        str,
        Field(
            "Say so when nothing has gone out on a day with something due by this time (campaign's zone). Empty: "
            "never.",
            check=time_or_nothing,
        ),
    ] = "12:00"
    unapproved_hours: Annotated[
        int,
        Field("Say so when something due within so many hours lacks approval. 0: never.", least=0, most=720),
    ] = 48
    help_line_days: Annotated[
        int,
        Field(
            "Say so when the verification of a help line ends within so many days, from 30 days before the season's "
            "first day on. 0: never.",
            least=0,
            most=90,
        ),
    ] = 14
    hold_hours: Annotated[
        int, Field("Say so when a hold has been in force for so many hours. 0: never.", least=0, most=720)
    ] = 12
    before_sending: Annotated[
        str,
        Field(
            "On a day with something due, from this time on (campaign's zone), say once what goes out and when, or "
            "what is in its way. Empty: never.",
            check=time_or_nothing,
        ),
    ] = ""
    before_sending_to: Annotated[
        tuple[str, ...],
        Field(
            "Who gets that message by email: addresses with commas between. Empty: whoever gets the other notices.",
            check=email_address,
        ),
    ] = field(default=(), repr=False)
    reviewers_at: Annotated[
        str,
        Field(
            "From this time of day on (campaign's zone) reviewers with an address are told by email what is new for "
            "them: once a day at most, within three hours. Empty: never.",
            check=time_or_nothing,
        ),
    ] = "09:00"
    deputy: Annotated[
        tuple[str, ...],
        Field(
            "Who is told by email, besides those who get the notices, when somebody holds everything because something "
            "terrible happened: addresses with commas between.",
            check=email_address,
        ),
    ] = field(default=(), repr=False)
    webhook_url: Annotated[
        str,
        Field(
            "Where notices are posted to. Whoever knows such an address can often write to it: it is better set in "
            "the environment, as `OBSERVANCE_NOTICES__WEBHOOK__URL`.",
            key="webhook.url",
            check=called_address,
        ),
    ] = field(default="", repr=False)
    webhook_style: Annotated[
        str,
        Field(
            '`json`: a body `{"text": ...}`, as Slack and Mattermost take it. `text`: plain text, as ntfy takes it. '
            "`ping`: plain text to the address and `/fail`, by which a check of Healthchecks raises the alarm.",
            key="webhook.style",
            allowed=("json", "text", "ping"),
        ),
    ] = "json"
    smtp_host: Annotated[
        str,
        Field(
            "The mail server that notices go through; better not the one that the readers' mail goes through. Empty: "
            "none.",
            key="smtp.host",
            check=server,
        ),
    ] = ""
    smtp_port: Annotated[
        int, Field("Its port: 587 with `starttls`, 465 with `tls`.", key="smtp.port", least=1, most=65535)
    ] = 587
    smtp_security: Annotated[
        str,
        Field(
            "How the line is encrypted. `none` is for this machine and one's own network only.",
            key="smtp.security",
            allowed=("starttls", "tls", "none"),
        ),
    ] = "starttls"
    smtp_username: Annotated[
        str,
        Field(
            "Account on that server; its password is the secret `OBSERVANCE_NOTICES_SMTP_PASSWORD`, else "
            "`OBSERVANCE_SMTP_PASSWORD`.",
            key="smtp.username",
            check=one_line,
        ),
    ] = field(default="", repr=False)
    smtp_from: Annotated[str, Field("The sender's address of notices.", key="smtp.from", check=email_address)] = field(
        default="", repr=False
    )
    smtp_to: Annotated[
        tuple[str, ...],
        Field(
            "Who gets notices: one address, or several with commas between.",
            key="smtp.to",
            check=email_address,
        ),
    ] = field(default=(), repr=False)
    heartbeat_url: Annotated[
        str,
        Field(
            "Called after each pass of `start` and `tick`, so that a service outside (Healthchecks and the like) "
            "notices silence. Better set in the environment, as `OBSERVANCE_NOTICES__HEARTBEAT_URL`.",
            check=called_address,
        ),
    ] = field(default="", repr=False)

    def ways(self) -> tuple[str, ...]:
        """The ways out that are set up, by name."""
        return tuple(name for name, there in (("webhook", self.webhook_url), ("smtp", self.smtp_host)) if there)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that is not content and not secret."""

    mode: Annotated[
        Mode,
        Field(
            "`rehearsal`: nothing leaves the machine, but for a `send-test` that names its channel. `live`: items go "
            "out, once a person has also armed the season.",
        ),
    ] = Mode.REHEARSAL
    public_url: Annotated[
        str,
        Field(
            "Where readers reach the pages: sign-up, preferences, unsubscribing, archive.",
            check=public_url,
            restart=True,
        ),
    ] = "https://news.example.org"
    log_level: Annotated[
        str,
        Field(
            "How much is logged. Addresses and secrets never are.",
            allowed=("debug", "info", "warning", "error"),
            restart=True,
        ),
    ] = "info"
    organisation: Annotated[Organisation, Field()] = field(default_factory=Organisation)
    database_url: Annotated[
        str,
        Field(
            "The ledger. `sqlite:///FILE` (a relative FILE is below the project's folder) or "
            "`postgresql://USER@HOST/NAME`. An address with a password belongs into the environment.",
            key="database.url",
            check=database_url,
            restart=True,
        ),
    ] = field(default="sqlite:///var/observance.db", repr=False)
    var: Annotated[
        str,
        Field(
            "Where the program keeps what it writes by itself: the ledger, its journal, the secret keys, what a "
            "rehearsal records. A relative name is below the project's folder. A ledger whose path in `database.url` "
            "begins with `var/` lies here. It holds addresses and keys: keep it out of a repository.",
            key="paths.var",
            check=folder_for_output,
            restart=True,
        ),
    ] = "var"
    build: Annotated[
        str,
        Field(
            "Where dry runs, packets and reports are written that have no `--out`. A relative name is below the "
            "project's folder.",
            key="paths.build",
            check=folder_for_output,
            restart=True,
        ),
    ] = "build"
    web_host: Annotated[
        str,
        Field(
            "Where `start` serves the pages. The default is this machine alone; a server that speaks HTTPS to readers "
            "stands in front.",
            key="web.host",
            check=host,
            restart=True,
        ),
    ] = "127.0.0.1"
    web_port: Annotated[
        int,
        Field("The port of the pages. `start --port` goes first.", key="web.port", least=1, most=65535, restart=True),
    ] = 8080
    quick_exit: Annotated[
        str,
        Field(
            "Where a reader's page leads who has to leave it quickly: any site that raises no question.",
            key="web.quick_exit",
            check=web_address,
            restart=True,
        ),
    ] = "https://www.weather.gov/"
    trusted_proxy: Annotated[
        str,
        Field(
            "The IP address of the server in front, as this machine sees it: `127.0.0.1` for one on the same machine. "
            "Its `X-Forwarded-For` then tells where a sign-up form or a wrong password came from, so that a flood is "
            "told from a busy day. Empty: nobody's is believed.",
            key="web.trusted_proxy",
            check=ip_address,
            restart=True,
        ),
    ] = ""
    unsubscribe_check: Annotated[
        str,
        Field(
            "`wait`: emails wait while the address in their unsubscribe links does not lead to this program's pages, "
            "or cannot be reached from here and nobody has looked (`links`). `trust`: it is not asked.",
            key="web.unsubscribe_check",
            allowed=("wait", "trust"),
        ),
    ] = "wait"
    archive_noindex: Annotated[
        bool,
        Field(
            "`true`: search engines are asked to leave out the mails that have gone out (the archives).",
            key="web.archive_noindex",
        ),
    ] = False
    contact_max_age_days: Annotated[
        int,
        Field(
            "A help line that was verified longer ago than this is not sent.",
            key="freshness.contact_max_age_days",
            least=1,
            most=366,
        ),
    ] = 90
    contact_reverify_days: Annotated[
        int,
        Field(
            "A help line must have been verified within this many days before the window's first day.",
            key="freshness.contact_reverify_days",
            least=1,
            most=366,
        ),
    ] = 14
    statistic_max_age_months: Annotated[
        int,
        Field(
            "A statistic whose source is older than this is pointed out.",
            key="freshness.statistic_max_age_months",
            least=1,
            most=240,
        ),
    ] = 24
    notices: Annotated[Notices, Field()] = field(default_factory=Notices)

    channels: Mapping[str, ChannelSettings]
    root: Path
    secrets: Secrets
    #: setting -> environment variable, where the environment says something else than the files
    overridden: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    #: setting -> value, of all that the files and the environment say; to tell what has changed
    values: Mapping[str, object] = field(default_factory=dict, repr=False, compare=False)

    @property
    def var_folder(self) -> Path:
        return self.root / self.var

    @property
    def build_folder(self) -> Path:
        return self.root / self.build

    @property
    def public_url_is_an_example(self) -> bool:
        """Whether readers could not come to it: no link that holds a token may name it."""
        return leads_nowhere(urlsplit(self.public_url).hostname or "")

    def ends_on_this_machine(self) -> bool:
        """Whether every enabled channel leads to this machine, so that nothing can reach the public."""
        return all(channel.is_loopback for channel in self.channels.values() if channel.enabled)

    def may_reach_people(self) -> bool:
        """Whether what is sent can leave this machine: also through a mail server on it, at a port that is for mail."""
        return any(not c.is_loopback or _is_mail_server(c.base_url) for c in self.channels.values() if c.enabled)

    def placeholders(self) -> list[str]:
        """The keys that still hold an example ("Example Coalition"): a live send would look foolish.

        Names only: some of these values are secrets. The name of the ledger's file is nobody else's business.
        """
        said = held(self)
        if "@" not in self.database_url:
            del said["database.url"]
        for channel in self.channels.values():
            if channel.enabled:
                options = {"base_url": channel.base_url, **channel.options}
                said |= {f"channels.{channel.name}.{key}": value for key, value in options.items()}
        return [name for name, value in said.items() if is_example(str(value))]


def _is_mail_server(base_url: str) -> bool:
    parts = urlsplit(base_url)
    return parts.scheme not in ("http", "https") and parts.port in (None, 25, 465, 587, 2525)


class SettingsError(ConfigurationError):
    """Settings are missing or wrong."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        count = "One setting is" if len(problems) == 1 else f"{len(problems)} settings are"
        super().__init__(
            f"{count} missing or wrong:\n" + "\n".join(f"  {problem}" for problem in problems),
            hint="docs/reference/settings.md lists every key with what is allowed",
        )


def settings_fingerprint(root: Path) -> str:
    """Changes with any byte of the settings' files; of a file that cannot be read, with that."""
    made = hashlib.sha256()
    for name in ("settings.toml", "channels.toml"):
        try:
            made.update((root / "config" / name).read_bytes() + b"\0")
        except OSError as problem:
            made.update(f"{type(problem).__name__}\1".encode())
    return made.hexdigest()
