"""Where the project is, and which campaigns it holds. Nothing else reads the current directory."""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field
from datetime import date
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from . import folders
from .clock import Clock, SystemClock, clock_of, stopwatch
from .errors import ConfigurationError, ObservanceError, UsageError
from .folders import campaign_folders
from .folders import campaign_ids as campaign_ids
from .folders import can_be_a_campaign as can_be_a_campaign
from .light_dataclass import dataclass
from .program_folder import program_fingerprint as program_fingerprint

if TYPE_CHECKING:
    from .domain.campaign import Campaign
    from .settings import Settings


def find_root(explicit: Path | None, env: Mapping[str, str], cwd: Path) -> Path:
    """See :func:`scheduler.folders.find_root`."""
    return Path(folders.find_root(None if explicit is None else str(explicit), env, str(cwd)))


def campaign_option(root: Path, campaign_id: str) -> str:
    """What a command that is shown has to say beside, so that it works as it stands: nothing with one campaign."""
    return f" --campaign {campaign_id}" if len(campaign_ids(root)) > 1 else ""


def edition_of(root: Path, campaign_id: str) -> str:
    """The campaign that a campaign says it is an edition of, whether or not that can be; empty for none, and for a
    campaign.toml that cannot be read."""
    try:
        text = (root / "campaigns" / campaign_id / "campaign.toml").read_text("utf-8")
        said = tomllib.loads(text).get("edition_of") if "edition" in text else None  # asked at each look at the files
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
            shown = (name for name in campaign_folders(root) if not name.startswith((".", "_")))
            odd = [name for name in shown if not can_be_a_campaign(name)]
            why = f"; {', '.join(odd)} cannot be the name of one (a-z, 0-9 and single hyphens only)" if odd else ""
            raise UsageError(
                f"There is no campaign in {root / 'campaigns'}{why}",
                hint="make a folder there with a campaign.toml; `observance init DIR` brings one to start from",
            )
        raise UsageError("There are several campaigns; say which one is meant", hint=f"one of: {', '.join(known)}")
    listed = f"there is: {', '.join(known)}" if known else "the folder holds no campaign yet"
    if not can_be_a_campaign(name):
        tail = re.split(r"[/\\]", name.rstrip("/\\"))[-1].lower()
        raise UsageError(
            f"{name[:80]!r} is not the name of a campaign: names have a-z, 0-9 and single hyphens only",
            hint=f"write {tail}" if tail in known else listed,
        )
    if name not in known:
        from difflib import get_close_matches  # paid for by mistakes alone

        near = get_close_matches(name, known, n=1, cutoff=0.5)
        raise UsageError(
            f"There is no campaign {name} in {root / 'campaigns'}",
            hint=(f"did you mean {near[0]}? " if near else "") + listed,
        )
    return name


@dataclass
class Project:
    """One project folder with its settings and a clock. ``stamp``: what :func:`scheduler.start_notes.stamp_of` said
    before the settings were read; without it nothing is kept that rests on them."""

    root: Path
    settings: Settings
    env: Mapping[str, str]
    clock: Clock
    stamp: str = ""
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
        """See :func:`scheduler.folders.login_name`."""
        return folders.login_name()

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
    return clock_of(env)


#: Guards of readers that mean nothing while every live channel ends on this machine: a help line not verified again
#: before the season, and example values in the settings. See docs/decisions/0003.
WAIVED_IN_A_SANDBOX = frozenset({"H107", "S101"})


#: Folders from which the messages of all campaigns are made.
BESIDE_CAMPAIGNS = ("templates", "config")


#: What lies beside the campaigns is looked at once for all that ask within so many seconds.
AT_ONE_INSTANT = 0.1


def folders_of(root: Path, campaign_id: str, beside: tuple[str, ...] = BESIDE_CAMPAIGNS) -> tuple[Path, ...]:
    """Where the files are that a campaign's messages are made from."""
    campaigns = [root / "campaigns" / name for name in (campaign_id, edition_of(root, campaign_id)) if name]
    return (*campaigns, *(root / name for name in beside))


def files_fingerprint(root: Path, campaign_id: str, beside: tuple[str, ...] = BESIDE_CAMPAIGNS) -> str:
    """Changes when any file that a message is made from changes: names, sizes, and both times, of which nobody sets
    the second back. Without what is ``beside`` the campaigns: when a file of its own does."""
    return _fingerprint(_times_of(root, folders_of(root, campaign_id, beside)))


class FilesAtHand:
    """The fingerprints of a process that asks for those of many campaigns at one instant."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._beside: tuple[Callable[[], float], str] | None = None  # since when; one look, whichever lane made it
        self._editions: dict[str, tuple[str, str]] = {}  # by campaign: its own files' times, of which one it is

    def fingerprint(self, campaign_id: str) -> str:
        """As :func:`files_fingerprint`."""
        beside = self._beside
        if beside is None or not 0 <= beside[0]() < AT_ONE_INSTANT:
            since = stopwatch()
            beside = self._beside = since, _times_of(self._root, folders_of(self._root, ""))
        return _fingerprint(self._times_of_campaign(campaign_id) + beside[1])

    def _times_of_campaign(self, campaign_id: str) -> str:
        """Which one it is an edition of is read where a file of its own is another one than at the last look."""
        campaigns = os.path.join(self._root, "campaigns")
        times = _times_of(self._root, [os.path.join(campaigns, campaign_id)])
        known = self._editions.get(campaign_id)
        if known is None or known[0] != times:
            known = self._editions[campaign_id] = times, edition_of(self._root, campaign_id)
        return times + _times_of(self._root, [os.path.join(campaigns, known[1])]) if known[1] else times


def _times_of(root: Path, folders: Iterable[Path | str]) -> str:
    lines, length = list[str](), len(str(root))
    for folder in folders:
        for path, stat in _files_in(str(folder)):
            lines.append(f"{path[length:]}\0{stat.st_size}\0{stat.st_mtime_ns}\0{stat.st_ctime_ns}\n")
    return "".join(lines)


def _fingerprint(times: str) -> str:
    return hashlib.blake2b(times.encode(errors="surrogateescape"), digest_size=16).hexdigest()


def _files_in(folder: str) -> Iterator[tuple[str, os.stat_result]]:
    """The files in a folder and in those below it, always in the same order."""
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=attrgetter("name"))
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from _files_in(entry.path)
        elif entry.is_file():
            yield entry.path, entry.stat()


def state_folder(env: Mapping[str, str]) -> Path:
    """See :func:`scheduler.folders.state_folder`."""
    return Path(folders.state_folder(env))


@cache
def starter_folder() -> Path:
    """What the program ships for a project: in the wheel it lies beside the package; in a checkout it is the root's."""
    package = Path(__file__).resolve().parent
    packed = package / "starter"
    return packed if packed.is_dir() else package.parent
