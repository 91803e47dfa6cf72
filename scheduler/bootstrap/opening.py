"""Open a project folder, with the clock that its settings allow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from .. import project as project_files
from ..clock import Clock, ShiftedClock, SystemClock
from ..errors import ConfigurationError
from ..settings import Mode, Settings
from ..wiring import load_settings
from .project import Project

if TYPE_CHECKING:
    pass


def open_project(explicit: Path | None, env: Mapping[str, str], cwd: Path) -> Project:
    """Find the project and read its settings. Raises ConfigurationError with all that is wrong."""
    root = project_files.find_root(explicit, env, cwd)
    settings = load_settings(root, env)
    return Project(root, settings, env, clock_for(settings, env))


def clock_for(settings: Settings, env: Mapping[str, str]) -> Clock:
    """The real one, else the pretended one. Raises ConfigurationError where that would reach the public."""
    pretended = env.get("OBSERVANCE_PRETEND_NOW", "")
    if not pretended:
        return SystemClock()
    if settings.mode is Mode.LIVE and not settings.ends_on_this_machine():
        raise ConfigurationError(
            "OBSERVANCE_PRETEND_NOW is set while a live channel leads off this machine; posts would carry a wrong day",
            hint="unset OBSERVANCE_PRETEND_NOW, or point the channels at `run.py sandbox`",
        )
    return sandbox_clock(env)


def sandbox_clock(env: Mapping[str, str]) -> Clock:
    """The clock of a process that sends nothing off this machine: as OBSERVANCE_PRETEND_NOW says, else the real one."""
    pretended = env.get("OBSERVANCE_PRETEND_NOW", "")
    if not pretended:
        return SystemClock()
    try:
        return ShiftedClock(datetime.fromisoformat(pretended))
    except ValueError:
        raise ConfigurationError(
            f"OBSERVANCE_PRETEND_NOW={pretended!r} is not a date and time",
            hint="write for example 2027-01-11T09:59:30-05:00",
        ) from None
