"""How everything stands, and what keeps it from being sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from ...clock import ShiftedClock
from ...domain.rehearsal import Rehearsal
from ...errors import ObservanceError, OutOfReach
from ...wiring import channel_context, find_displaced, open_ledger
from ..outside import ask_for_leave_page, time_tellers, time_told_by
from ..report import dollars_spent
from ..seasons import rehearse
from ..senders import find_sender_trouble, held_by, look_at, senders_at_work, who_holds

if TYPE_CHECKING:
    from ...domain.records import DatabaseFacts
    from ...project import Project
    from ...store import Ledger
    from .doctor_result import DoctorResult
    from .doctor_result import Season as LookedAt


#: How long `status` waits for another writer before it says that the database is locked.
PATIENCE_SECONDS = 2.0


def examine_project(
    project: Project, campaigns: Sequence[str], year: int | None = None, *, online: bool = False
) -> tuple[DoctorResult, ...]:
    """How everything stands, and what to do. Sends nothing, changes nothing; without ``online`` no network."""
    from .check_online import open_door, records
    from .examination import examine

    ledger, facts, problem = _ledger_to_look_at(project)
    try:
        file = project.database_file()
        examined = look_at(
            project,
            pretended=isinstance(project.clock, ShiftedClock),
            seasons=tuple(_season_to_look_at(project, c, year, ledger) for c in campaigns),
            ledger=ledger,
            ledger_problem=problem,
            keys_problem=project.keys_problem,
            facts=facts,
            database_file=file,
            held_by=who_holds(project, file),
            senders=senders_at_work(project, ledger) if ledger else (),
            displaced=_displaced_line(project, ledger),
            readers=ledger.subscribers.count().get("active", 0) if ledger else 0,
            settle=settle_times(project),
            waived=project.waived(),
            online=online,
            connect=open_door,
            look_up=records,
            time_tellers=time_tellers(project),
            time_at=time_told_by,
            leave_page=lambda: ask_for_leave_page(project, ledger),
        )
        return examine(examined)
    finally:
        if ledger is not None:
            ledger.close()


def _ledger_to_look_at(project: Project) -> tuple[Ledger | None, DatabaseFacts | None, ObservanceError | None]:
    """The ledger, if there is one; else why it cannot be used. Makes none."""
    if not project.ledger_exists():
        return None, None, None
    ledger = None
    try:
        ledger = open_ledger(project)
        ledger.subscribers.count()
        return ledger, ledger.facts(), None
    except ObservanceError as problem:
        if ledger is not None:
            ledger.close()
        return None, None, problem


def _season_to_look_at(project: Project, campaign_id: str, year: int | None, ledger: Ledger | None) -> LookedAt:
    from .doctor_result import Season as LookedAt

    try:
        rehearsal = rehearse(project, campaign_id, year, ledger=ledger)
    except ObservanceError as problem:
        return LookedAt(campaign_id, None, problem.message.splitlines()[0])
    spent = dollars_spent(project, ledger, rehearsal.plan.key) if ledger is not None else {}
    return LookedAt(campaign_id, rehearsal, spent=spent)


def settle_times(project: Project) -> dict[str, timedelta]:
    """By channel: how long after a doubtful call the provider's own records can be believed, when live."""
    channels = [channel_context(project, c) for c in project.settings.channels.values() if c.enabled]
    return {c.settings.name: c.settle_after or timedelta(0) for c in channels}


def find_trouble(
    project: Project, ledger: Ledger | None, problem: ObservanceError | None = None, rehearsal: Rehearsal | None = None
) -> tuple[DoctorResult, ...]:
    """What keeps everything from being sent; ``problem``: why there is no ledger to look at. ``rehearsal``: of
    the season that is asked about, where it is at hand."""
    from .doctor_result import Season as LookedAt
    from .outages import trouble

    unwritable = None
    try:
        if ledger is not None:
            ledger.try_to_write(PATIENCE_SECONDS)
    except ObservanceError as found:
        unwritable = found
    examined = look_at(
        project,
        pretended=isinstance(project.clock, ShiftedClock),
        ledger=ledger,
        ledger_problem=problem,
        keys_problem=project.keys_problem,
        database_file=project.database_file(),
        held_by=held_by(project),
        seasons=(LookedAt(rehearsal.plan.campaign.id, rehearsal),) if rehearsal is not None else (),
        senders=senders_at_work(project, ledger) if ledger is not None and unwritable is None else (),
        displaced=_displaced_line(project, ledger),
    )
    return trouble(examined, unwritable)


def nobody_sends(project: Project, campaign_id: str, year: int | None, ledger: Ledger) -> tuple[DoctorResult, ...]:
    """What no process sends, though it is armed and soon due."""
    from .check_senders import nobody

    examined = look_at(
        project,
        seasons=(_season_to_look_at(project, campaign_id, year, ledger),),
        ledger=ledger,
        held_by=held_by(project),
        senders=senders_at_work(project, ledger),
    )
    return tuple(nobody(examined))


def outside_trouble(project: Project, ledger: Ledger) -> list[tuple[str, str]]:
    """What is wrong with the clock, the page by which readers leave and the process itself, for its supervisor."""
    from .check_leave_page import known
    from .check_machine import clock
    from .doctor_result import Status

    examined = look_at(
        project,
        pretended=project.pretended,
        ledger=ledger,
    )
    checks = {"clock": clock, "unsubscribe-links": known}
    found = [
        (code, line.said) for code, check in checks.items() for line in check(examined) if line.light is Status.RED
    ]
    if any(_displaced_line(project, ledger)):
        found.append(("displaced", "this is a copy of the ledger, or an old state of it; `status` says what to do"))
    if find_sender_trouble(project, ledger):
        said = "the process rehearses though a season is armed, or keeps old settings; `status` says why"
        found.append(("process", said))
    return found


def process_trouble(project: Project, ledger: Ledger) -> tuple[DoctorResult, ...]:
    """What the head of each page says in red: nothing goes from this ledger, or not from the process that runs."""
    from .check_machine import home
    from .doctor_result import Status

    examined = look_at(
        project,
        displaced=_displaced_line(project, ledger),
    )
    return (*(line for line in home(examined) if line.light is Status.RED), *find_sender_trouble(project, ledger))


def _displaced_line(project: Project, ledger: Ledger | None) -> tuple[str, str]:
    """Why nothing is sent from this ledger, and what to do; twice empty: it may be."""
    try:
        found = find_displaced(project, ledger) if ledger is not None else None
    except OutOfReach:  # said elsewhere
        found = None
    return (found.message, found.hint) if found is not None else ("", "")
