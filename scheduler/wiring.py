"""Puts the parts together: the one place that knows which concrete parts there are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from .channels.registry import CHANNELS
from .settings import Settings
from .settings_reading import read_settings


def load_settings(root: Path, env: Mapping[str, str]) -> Settings:
    """The settings of the project in ``root``, with the channels that are there. Raises SettingsError."""
    return read_settings(root, env, CHANNELS)
