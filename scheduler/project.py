"""Where the project is, and which campaigns it holds. Nothing else reads the current directory."""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from .clock import Clock, ShiftedClock, SystemClock
from .errors import ConfigurationError, ObservanceError, UsageError

if TYPE_CHECKING:
    from .domain.campaign import Campaign
    from .settings import Settings

#: What makes a folder a project.
MARKER = Path("config", "settings.toml")
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def find_root(explicit: Path | None, env: Mapping[str, str], cwd: Path) -> Path:
    """The project's folder, absolute: ``--project``, then ``OBSERVANCE_PROJECT``, then upwards from ``cwd``.

    Raises ConfigurationError when there is none.
    """
    if explicit is not None:
        return _checked(cwd / explicit.expanduser(), "--project")
    named = env.get("OBSERVANCE_PROJECT", "")
    if named:
        return _checked(cwd / Path(named).expanduser(), "OBSERVANCE_PROJECT")
    here = cwd.resolve()
    for folder in (here, *here.parents):
        if (folder / MARKER).is_file():
            return folder
    raise ConfigurationError(
        f"There is no project here: neither {here} nor a folder above it holds {MARKER.as_posix()}",
        hint="go to the project's folder, name it with --project DIR, or make a new one with `observance init DIR`",
    )


def _checked(folder: Path, said_by: str) -> Path:
    folder = folder.resolve()
    if (folder / MARKER).is_file():
        return folder
    what = "holds no " + MARKER.as_posix() if folder.is_dir() else "is not a folder"
    raise ConfigurationError(
        f"{said_by} names {folder}, which {what}",
        hint=f"name the folder that holds {MARKER.as_posix()}, or make a project there with `observance init {folder}`",
    )


def campaign_ids(root: Path) -> list[str]:
    """The names of the folders in ``campaigns/``, sorted. Folders with other names are not campaigns."""
    return [name for name in _folders(root) if _NAME.fullmatch(name)]


def can_be_a_campaign(name: str) -> bool:
    """Whether a folder of that name in ``campaigns/`` is a campaign."""
    return _NAME.fullmatch(name) is not None


def campaign_option(root: Path, campaign_id: str) -> str:
    """What a command that is shown has to say beside, so that it works as it stands: nothing with one campaign."""
    return f" --campaign {campaign_id}" if len(campaign_ids(root)) > 1 else ""


def _folders(root: Path) -> list[str]:
    try:
        return sorted(path.name for path in (root / "campaigns").iterdir() if path.is_dir())
    except (FileNotFoundError, NotADirectoryError):
        return []


def edition_of(root: Path, campaign_id: str) -> str:
    """The campaign that a campaign says it is an edition of, whether or not that can be; empty for none, and for a
    campaign.toml that cannot be read."""
    try:
        said = tomllib.loads((root / "campaigns" / campaign_id / "campaign.toml").read_text("utf-8")).get("edition_of")
    except (OSError, ValueError):  # ValueError: not UTF-8, not TOML
        return ""
    return said if isinstance(said, str) else ""


def family_of(root: Path, campaign_id: str) -> tuple[str, ...]:
    """A campaign with its editions in other languages, by id: the same for each of them. The original is first."""
    original = edition_of(root, campaign_id) or campaign_id
    editions = (other for other in campaign_ids(root) if edition_of(root, other) == original and other != original)
    return (original, *editions)


def the_campaign(root: Path, name: str | None) -> str:
    """The id of the campaign that is meant; with one campaign in the folder ``name`` may be None.

    Raises UsageError for a name that is none, for one that is not there, and when a choice is left open.
    """
    known = campaign_ids(root)
    if name is None:
        if len(known) == 1:
            return known[0]
        if not known:
            odd = [name for name in _folders(root) if not _NAME.fullmatch(name) and not name.startswith((".", "_"))]
            why = f"; {', '.join(odd)} cannot be the name of one (a-z, 0-9 and single hyphens only)" if odd else ""
            raise UsageError(
                f"There is no campaign in {root / 'campaigns'}{why}",
                hint="make a folder there with a campaign.toml; `observance init DIR` brings one to start from",
            )
        raise UsageError("There are several campaigns; say which one is meant", hint=f"one of: {', '.join(known)}")
    listed = f"there is: {', '.join(known)}" if known else "the folder holds no campaign yet"
    if not _NAME.fullmatch(name):
        tail = re.split(r"[/\\]", name.rstrip("/\\"))[-1].lower()
        raise UsageError(
            f"{name[:80]!r} is not the name of a campaign: names have a-z, 0-9 and single hyphens only",
            hint=f"write {tail}" if tail in known else listed,
        )
    if name not in known:
        near = get_close_matches(name, known, n=1, cutoff=0.5)
        raise UsageError(
            f"There is no campaign {name} in {root / 'campaigns'}",
            hint=(f"did you mean {near[0]}? " if near else "") + listed,
        )
    return name


@dataclass
class Project:
    """One project folder with its settings and a clock."""

    root: Path
    settings: Settings
    env: Mapping[str, str]
    clock: Clock
    keys: tuple[bytes, ...] = field(default=(), init=False, repr=False)
    keys_problem: ObservanceError | None = field(default=None, init=False, repr=False)

    def campaigns(self) -> list[str]:
        """All campaigns in the folder. Raises UsageError when there is none."""
        return campaign_ids(self.root) or [self.campaign_id(None)]

    def campaign_id(self, name: str | None) -> str:
        return the_campaign(self.root, name)

    def family_of(self, campaign_id: str) -> tuple[str, ...]:
        """A campaign with its editions in other languages; a reader has one of them."""
        return family_of(self.root, campaign_id)

    def today(self, campaign: Campaign) -> date:
        """The date at the campaign's place."""
        return self.clock.now().astimezone(ZoneInfo(campaign.time_zone)).date()

    def waived(self) -> frozenset[str]:
        """Codes that block readers' mail but not a sandbox on this machine."""
        return WAIVED_IN_A_SANDBOX if self.settings.ends_on_this_machine() else frozenset()

    def login_name(self) -> str:
        """Who is at the keyboard, when no name was given. On a server that is not the account that the program has."""
        import getpass

        try:
            return os.environ.get("SUDO_USER") or getpass.getuser()
        except (OSError, KeyError):
            return "the operator"

    def ledger_exists(self) -> bool:
        """Whether there is anything to read: a SQLite file that is there, or a database server."""
        file = self.database_file()
        return file is None or file.exists()

    def database_file(self) -> Path | None:
        url = self.settings.database_url
        return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None

    def journal_folder(self) -> Path:
        """Where the send journal lies: beside a ledger that is a file, else in var/."""
        file = self.database_file()
        return (file.parent if file is not None else self.settings.var_folder) / "journal"

    @property
    def pretended(self) -> bool:
        """Whether the clock by which things are due is not the machine's."""
        return not isinstance(self.clock, SystemClock)


def clock_for(settings: Settings, env: Mapping[str, str]) -> Clock:
    """The real one, else the pretended one. Raises ConfigurationError where that would reach the public."""
    from .settings import Mode

    pretended = env.get("OBSERVANCE_PRETEND_NOW", "")
    if pretended and settings.mode is Mode.LIVE and not settings.ends_on_this_machine():
        raise ConfigurationError(
            "OBSERVANCE_PRETEND_NOW is set while a live channel leads off this machine; posts would carry a wrong day",
            hint="unset OBSERVANCE_PRETEND_NOW, or point the channels at `run.py sandbox`",
        )
    return sandbox_clock(env)


def sandbox_clock(env: Mapping[str, str]) -> Clock:
    """The clock of a process that sends nothing off this machine: as OBSERVANCE_PRETEND_NOW says, else the real one."""
    pretended = env.get("OBSERVANCE_PRETEND_NOW", "")
    try:
        return ShiftedClock(datetime.fromisoformat(pretended)) if pretended else SystemClock()
    except ValueError:
        raise ConfigurationError(
            f"OBSERVANCE_PRETEND_NOW={pretended!r} is not a date and time",
            hint="write for example 2027-01-11T09:59:30-05:00",
        ) from None


#: Guards of readers that mean nothing while every live channel ends on this machine: a help line not verified again
#: before the season, and example values in the settings. See docs/decisions/0003.
WAIVED_IN_A_SANDBOX = frozenset({"H107", "S101"})


def files_fingerprint(root: Path, campaign_id: str) -> str:
    """Changes when any file that a message is made from changes: names, sizes and times of change."""
    digest = hashlib.blake2b(digest_size=16)
    campaigns = [root / "campaigns" / name for name in (campaign_id, edition_of(root, campaign_id)) if name]
    for folder in (*campaigns, root / "templates", root / "config"):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                stat = path.stat()
                digest.update(f"{path.relative_to(root)}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()
