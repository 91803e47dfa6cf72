"""Settings: config/settings.toml and config/channels.toml, overridable by environment.

Every key can be overridden by ``OBSERVANCE_`` + its path joined by ``__``; secrets come only from the
environment or from a file named by ``..._FILE``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from .errors import ConfigurationError
from .settings_table import SETTINGS, Setting
from .settings_values import is_example, is_loopback, leads_nowhere

__all__ = [
    "SETTINGS",
    "ChannelSettings",
    "Mode",
    "Notices",
    "Organisation",
    "Secrets",
    "Setting",
    "Settings",
    "SettingsError",
    "settings_fingerprint",
]


class Mode(StrEnum):
    """Whether anything may leave the machine."""

    REHEARSAL = "rehearsal"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """One table of config/channels.toml. ``options`` are the keys that its spec declares, and the limits of calls."""

    name: str  # as the coordinator calls it
    transport: str  # the name of a channel's spec
    enabled: bool
    base_url: str
    timeout_seconds: float
    options: Mapping[str, str | int | float | bool] = field(default_factory=dict)

    @property
    def is_loopback(self) -> bool:
        """Whether this channel leads to this very machine: a stand-in, not a provider."""
        host = urlsplit(self.base_url).hostname
        return host is not None and is_loopback(host)


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who speaks; printed in each email."""

    name: str
    postal_address: str
    from_name: str
    from_address: str = field(repr=False)
    reply_to: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Notices:
    """What is said to the people who run a campaign, when, and through which way out. All off where it is empty."""

    nothing_out_by: str = "12:00"  # HH:MM in the campaign's zone
    unapproved_hours: int = 48
    help_line_days: int = 14
    hold_hours: int = 12
    webhook_url: str = field(default="", repr=False)  # often a secret
    webhook_style: str = "json"  # "json" | "text" | "ping"
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_security: str = "starttls"  # "starttls" | "tls" | "none"
    smtp_username: str = field(default="", repr=False)
    smtp_from: str = field(default="", repr=False)
    smtp_to: tuple[str, ...] = field(default=(), repr=False)
    heartbeat_url: str = field(default="", repr=False)

    def ways(self) -> tuple[str, ...]:
        """The ways out that are set up, by name."""
        return tuple(name for name, there in (("webhook", self.webhook_url), ("smtp", self.smtp_host)) if there)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that is not content and not secret."""

    mode: Mode
    public_url: str  # where readers reach the pages: https://news.example.org
    organisation: Organisation
    database_url: str = field(repr=False)  # may hold a password
    channels: Mapping[str, ChannelSettings]
    root: Path
    secrets: Secrets
    contact_max_age_days: int = 90
    contact_reverify_days: int = 14
    statistic_max_age_months: int = 24
    log_level: str = "info"
    web_host: str = "127.0.0.1"
    web_port: int = 8080
    quick_exit: str = "https://www.weather.gov/"  # where a reader's page leads who has to leave it quickly
    trusted_proxy: str = ""  # IP address of the server in front, whose X-Forwarded-For is believed; empty: nobody's
    unsubscribe_check: str = "wait"  # "wait" | "trust": what the way to leave does not show
    archive_noindex: bool = False  # ask search engines to leave the archive out
    notices: Notices = field(default_factory=Notices)
    #: setting -> environment variable, where the environment says something else than the files
    overridden: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    #: setting -> value, of all that the files and the environment say; to tell what has changed
    values: Mapping[str, object] = field(default_factory=dict, repr=False, compare=False)

    @property
    def public_url_is_an_example(self) -> bool:
        """Whether readers could not come to it: no link that holds a token may name it."""
        return leads_nowhere(urlsplit(self.public_url).hostname or "")

    def ends_on_this_machine(self) -> bool:
        """Whether every enabled channel leads to this machine, so that nothing can reach the public."""
        return all(channel.is_loopback for channel in self.channels.values() if channel.enabled)

    def may_reach_people(self) -> bool:
        """Whether what is sent can leave this machine: also through a mail server on it, at a port that is for mail."""
        on = [channel for channel in self.channels.values() if channel.enabled]
        return any(not c.is_loopback or _is_mail_server(c.base_url) for c in on)

    def placeholders(self) -> list[str]:
        """The keys that still say what was shipped ("Example Coalition"): a live send would look foolish.

        Names only: some of these values are secrets.
        """
        rules = self.notices
        said = {
            "public_url": self.public_url,
            **{f"organisation.{f.name}": getattr(self.organisation, f.name) for f in fields(self.organisation)},
            "database.url": self.database_url if "://" in self.database_url and "@" in self.database_url else "",
            "web.quick_exit": self.quick_exit,
            "notices.webhook.url": rules.webhook_url,
            "notices.smtp.host": rules.smtp_host,
            "notices.smtp.from": rules.smtp_from,
            "notices.smtp.to": ", ".join(rules.smtp_to),
            "notices.heartbeat_url": rules.heartbeat_url,
        }
        for channel in self.channels.values():
            if channel.enabled:
                said[f"channels.{channel.name}.base_url"] = channel.base_url
                said |= {f"channels.{channel.name}.{key}": str(value) for key, value in channel.options.items()}
        return [name for name, value in said.items() if is_example(value)]


def _is_mail_server(base_url: str) -> bool:
    parts = urlsplit(base_url)
    return parts.scheme not in ("http", "https") and parts.port in (None, 25, 465, 587, 2525)


class Secrets:
    """Secrets by name. Never printed: its repr shows names only."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = dict(values)

    def get(self, name: str) -> str | None:
        """The secret, or None; ``name`` without the ``OBSERVANCE_`` prefix: ``SENDGRID_API_KEY``."""
        return self._values.get(name)

    def with_those_of(self, other: Secrets, names: Collection[str]) -> Secrets:
        """These, but those of these names as ``other`` has them."""
        taken = {name: value for name in names if (value := other.get(name)) is not None}
        return Secrets({**{n: v for n, v in self._values.items() if n not in names}, **taken})

    def __repr__(self) -> str:
        return f"Secrets({', '.join(sorted(self._values))})"


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
