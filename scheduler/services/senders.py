"""The processes that send: which run, and what is wrong with them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import ObservanceError

if TYPE_CHECKING:
    from ..domain.sender import Sender
    from ..project import Project
    from ..store import Ledger
    from .doctor.doctor_result import DoctorContext, DoctorResult


def running_senders(project: Project, ledger: Ledger) -> tuple[Sender, ...]:
    """The processes that send now, the latest seen first."""
    from ..domain.sender import running

    return running(ledger.senders.all(), project.clock.now(), locked=_locked(project))


def senders_at_work(project: Project, ledger: Ledger) -> tuple[Sender, ...]:
    """The same, and ticks that ended a moment ago."""
    from ..domain.sender import at_work

    return at_work(ledger.senders.all(), project.clock.now(), locked=_locked(project))


def find_sender_trouble(project: Project, ledger: Ledger) -> tuple[DoctorResult, ...]:
    """What is wrong with the processes that send: above all that they rehearse while a season is armed."""
    from .doctor.check_senders import senders
    from .doctor.doctor_result import Status

    examined = look_at(project, ledger=ledger, senders=senders_at_work(project, ledger))
    return tuple(line for line in senders(examined) if line.light is Status.RED)


def _locked(project: Project) -> bool | None:
    """Whether a process holds the SQLite file; None: there is no such file."""
    file = project.database_file()
    try:
        return None if file is None else bool(who_holds(project, file))
    except ObservanceError:
        return None


def held_by(project: Project) -> str:
    """Who holds the SQLite file, in words; empty: nobody, or it cannot be known."""
    try:
        return who_holds(project, project.database_file())
    except ObservanceError:
        return ""


def served_address(project: Project, ledger: Ledger) -> str:
    """host:port at which `start` serves the pages now, as it was bound; empty: it serves none."""
    return next((s.pages_address for s in running_senders(project, ledger) if s.pages_address), "")


def who_sends(project: Project, ledger: Ledger | None) -> str | None:
    """The processes that send, in words; empty: none does. None where that cannot be known: no ledger, and no
    file that would be held."""
    try:
        rows = running_senders(project, ledger) if ledger is not None else ()
        if rows:
            return "; ".join(_sender_words(project, s) for s in rows)
        file = project.database_file()
        if file is None:
            return None if ledger is None else ""
        return who_holds(project, file)
    except ObservanceError:
        return None


def _sender_words(project: Project, sender: Sender) -> str:
    def at(instant: datetime) -> str:
        return f"{instant:%Y-%m-%d %H:%M} UTC"

    passed = f", last pass {at(sender.last_pass_at)}" if sender.last_pass_at else ", no pass yet"
    return f"{sender.name} ({sender.mode}), since {at(sender.started_at)}{passed}"


def who_holds(project: Project, file: Path | None) -> str:
    from ..engine.process_lock import lock_holder

    return (lock_holder(file) or "") if file is not None and file.exists() else ""


def look_at(project: Project, **facts: Any) -> DoctorContext:
    """What a check looks at: the project, and what else is known of it."""
    from .doctor.doctor_result import DoctorContext

    return DoctorContext(
        settings=project.settings, root=project.root, env=project.env, now=project.clock.now(), **facts
    )
