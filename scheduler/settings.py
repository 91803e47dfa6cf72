"""Settings: config/settings.toml and config/channels.toml, overridable by environment.

Every key can be overridden by ``OBSERVANCE_`` + its path joined by ``__``; secrets come only from the
environment or from a file named by ``..._FILE``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class Mode(StrEnum):
    """Whether anything may leave the machine."""

    REHEARSAL = "rehearsal"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """One table of config/channels.toml. ``options`` are the transport's own keys, checked by it."""

    name: str  # "x", "email"
    transport: str  # "x", "sendgrid", "smtp"
    enabled: bool
    base_url: str
    timeout_seconds: float
    options: Mapping[str, str | int | float | bool] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return "email" if self.transport in ("sendgrid", "smtp") else "post"


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who speaks; printed in each email."""

    name: str
    postal_address: str
    from_name: str
    from_address: str
    reply_to: str


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that is not content and not secret."""

    mode: Mode
    public_url: str  # where readers reach the pages: https://news.example.org
    organisation: Organisation
    database_url: str
    channels: Mapping[str, ChannelSettings]
    root: Path
    secrets: Secrets
    contact_max_age_days: int = 90
    contact_reverify_days: int = 14
    statistic_max_age_months: int = 24
    log_level: str = "info"
    cost: Mapping[str, float] = field(default_factory=dict)


class Secrets:
    """Secrets by name. Never printed: its repr shows names only."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = dict(values)

    def get(self, name: str) -> str | None:
        """The secret, or None; ``name`` without the ``OBSERVANCE_`` prefix: ``SENDGRID_API_KEY``."""
        return self._values.get(name)

    def __repr__(self) -> str:
        return f"Secrets({', '.join(sorted(self._values))})"
