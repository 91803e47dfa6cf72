"""Settings: config/settings.toml and config/channels.toml, overridable by the environment, and the secrets."""

from .from_environment import Secrets
from .known_channels import setting
from .loading import read_settings
from .model import (
    ChannelSettings,
    Mode,
    Notices,
    Organisation,
    Settings,
    SettingsError,
    settings_fingerprint,
)

__all__ = [
    "ChannelSettings",
    "Mode",
    "Notices",
    "Organisation",
    "Secrets",
    "Settings",
    "SettingsError",
    "read_settings",
    "setting",
    "settings_fingerprint",
]
