"""What was found when a campaign's files were last looked at, for commands that only show how things stand.

Each look of `check`, `dry-run` and `status` is kept in the state folder. As long as the settings, the program and the
day are the same it is what `status` shows; where files have changed since, it says so in its first line. Whoever sends
does not go by it.

Of what people have said it holds only what was found rests on: signatures and answers. The rest, such as who was
invited and where they are mailed, is asked of the ledger each time, and is nowhere once it is erased there.

It is read as data: nothing but the records of this program is made of it, whatever stands there.
"""

from __future__ import annotations

import copyreg
import hashlib
import io
import json
import os
import pickle
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from ..domain.rehearsal import Rehearsal, ReviewState
from ..folders import open_own
from ..light_dataclass import dataclass
from ..project import files_fingerprint, folders_of, program_fingerprint, state_folder

if TYPE_CHECKING:
    from ..project import Project

_ELSEWHERE = frozenset(
    {
        ("builtins", "frozenset"),
        ("builtins", "set"),
        ("datetime", "date"),
        ("datetime", "datetime"),
        ("datetime", "time"),
        ("datetime", "timedelta"),
        ("datetime", "timezone"),
    }
)


@dataclass(frozen=True)
class LastLook:
    """What was found. ``changed_at``: when a file has changed that nobody has looked at yet; None: none has."""

    rehearsal: Rehearsal
    at: datetime
    changed_at: datetime | None


class Looking:
    """A look that begins now: what changes from here on may not be in it any more."""

    def __init__(self, project: Project, campaign_id: str) -> None:
        self._project, self._campaign = project, campaign_id
        self._at = project.clock.now()
        self._before = self._as_it_is()

    def keep(self, rehearsal: Rehearsal) -> None:
        """What was found, unless something changed meanwhile. A folder that cannot be written to only makes the next
        command slower."""
        if not self._before or self._before != self._as_it_is():
            return
        stamp, files = self._before
        head = {
            "stamp": stamp,
            "files": files,
            "on": self._at.astimezone(ZoneInfo(rehearsal.plan.campaign.time_zone)).date().isoformat(),
            "at": self._at.isoformat(timespec="seconds"),
        }
        found = ReviewState(signatures=rehearsal.signatures, questions=rehearsal.questions)
        file = _file(self._project, self._campaign)
        beside = file.with_name(f"{file.name}.{os.getpid()}")
        with suppress(OSError, pickle.PicklingError):
            body = io.BytesIO()
            _Writer(body, protocol=5).dump(replace(rehearsal, **found.values()))
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as opened:
                opened.write(json.dumps(head).encode() + b"\n" + body.getvalue())
            os.replace(beside, file)

    def _as_it_is(self) -> tuple[str, str] | None:
        """None where that cannot be said."""
        if not self._project.stamp:
            return None
        try:
            return _stamp(self._project), files_fingerprint(self._project.root, self._campaign)
        except OSError:  # a file went while it was looked at
            return None


def last_look(project: Project, campaign_id: str) -> LastLook | None:
    """The last one of a campaign, whatever its season was; None: there is none that still says how things stand."""
    try:
        with open(open_own(_file(project, campaign_id)), "rb") as opened:
            head = json.loads(opened.readline())
            if head["stamp"] != _stamp(project):
                _file(project, campaign_id).unlink()  # of another release it may hold more than this one would keep
                return None
            rehearsal = _Reader(opened).load()
        if not isinstance(rehearsal, Rehearsal) or head["on"] != project.today(rehearsal.plan.campaign).isoformat():
            return None
        is_same = head["files"] == files_fingerprint(project.root, campaign_id)
        return LastLook(
            rehearsal, datetime.fromisoformat(head["at"]), None if is_same else _changed_at(project, campaign_id)
        )
    except Exception:  # whatever stands there: the files are looked at
        return None


def _file(project: Project, campaign_id: str) -> Path:
    name = hashlib.sha256(os.fsencode(f"{project.root.resolve()}\0{campaign_id}")).hexdigest()[:32]
    return state_folder(project.env) / "looks" / name


def _stamp(project: Project) -> str:
    return f"{project.stamp} {program_fingerprint()}"


def _changed_at(project: Project, campaign_id: str) -> datetime:
    """The latest change of a file, or of what a folder holds."""
    paths = [path for folder in folders_of(project.root, campaign_id) for path in (folder, *folder.rglob("*"))]
    return datetime.fromtimestamp(int(max(path.stat().st_mtime for path in paths if path.exists())), UTC)


class _Writer(pickle.Pickler):
    dispatch_table = copyreg.dispatch_table | {MappingProxyType: lambda value: (_fixed, (dict(value),))}


def _fixed(of: Any) -> MappingProxyType[Any, Any]:
    """A mapping that nobody changes."""
    return MappingProxyType(of)


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == (__name__, _fixed.__name__):
            return _fixed
        if (module, name) in _ELSEWHERE or (module.startswith("scheduler.domain.") and name[:1].isupper()):
            found = super().find_class(module, name)
            if isinstance(found, type):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is no record")
