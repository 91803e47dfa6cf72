"""How everything stands, and what keeps it from being sent. Nothing is sent, and nothing is changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack, closing
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from ...clock import ShiftedClock
from ...domain.outlook import CLOCK, DISPLACED, LINKS, PROCESS
from ...domain.rehearsal import Rehearsal
from ...domain.sender import Sender
from ...errors import ObservanceError, OutOfReach
from ...project import Project
from ...wiring import channel_context, find_displaced, open_ledger
from ..outside import ask_for_leave_page, ask_provider, time_tellers, time_told_by
from ..report import dollars_spent
from ..seasons import rehearse
from ..senders import held_by, senders_at_work, who_holds
from . import (
    check_accounts,
    check_channels,
    check_machine,
    check_season,
    check_senders,
    check_settings,
    check_subscribers,
)
from .doctor_result import Check, DoctorContext, DoctorResult, DoctorSeason, Status

if TYPE_CHECKING:
    from ...store import Ledger

#: How long `status` waits for another writer before it says that the database is locked.
PATIENCE_SECONDS = 2.0

#: name -> check, in the order in which a person wants to know. A check gives no line where there is nothing to say.
CHECKS: dict[str, Check] = {
    "mode": check_settings.mode,
    "processes": check_senders.senders,
    "no process": check_senders.nobody,
    "deliveries": check_season.deliveries,
    "list": check_subscribers.dead_addresses,
    "lists": check_subscribers.without_folder,
    "numbers": check_subscribers.numbers,
    "holds": check_season.holds,
    "pauses": check_channels.pauses,
    "letters": check_subscribers.letters,
    "consents": check_subscribers.consents,
    "campaigns": check_season.readable,
    "week ahead": check_season.week_ahead,
    "checks": check_season.blocked,
    "help lines": check_season.help_lines,
    "claims": check_season.claims,
    "settings": check_settings.placeholders,
    "sender": check_settings.sender,
    "replies": check_settings.replies,
    "secrets": check_settings.secrets,
    "files": check_settings.secret_files,
    "cost": check_channels.cost,
    "channels": check_channels.own_questions,
    "doubts": check_channels.settling,
    "clock": check_machine.clock,
    "clock compared": check_machine.compared,
    "time zones": check_machine.zones,
    "database": check_machine.database,
    "secret key": check_machine.secret_key,
    "ledger": check_machine.home,
    "disk": check_machine.room,
    "folders": check_machine.folders,
    "sign-ins": check_accounts.failed_sign_ins,
    "history": check_machine.chain,
    "backup": check_machine.backup,
    "notices": check_settings.notices,
    "server in front": check_settings.server_in_front,
    "unsubscribe links": check_subscribers.leave_page,
    "reach": check_channels.reach,
    "DNS": check_channels.sender_domain,
}

#: What is asked of the machine alone, whatever else is wrong.
_ALWAYS = (check_machine.clock, check_machine.secret_key, check_machine.home)
#: What keeps everything, or all emails, from being sent.
_OUTAGES = (
    check_machine.room,
    *_ALWAYS,
    check_senders.senders,
    check_senders.nobody,
    check_subscribers.known,
    check_channels.pauses,
)


def examine_project(
    project: Project, campaigns: Sequence[str], year: int | None = None, *, online: bool = False
) -> tuple[DoctorResult, ...]:
    """How everything stands, and what to do. Sends nothing, changes nothing; without ``online`` no network."""
    ledger, facts, readers, problem = None, None, 0, None
    with ExitStack() as opened:
        try:
            if project.ledger_exists():  # none is made here
                ledger = opened.enter_context(closing(open_ledger(project)))
                readers = ledger.subscribers.count(now=project.clock.now()).get("active", 0)
                facts = ledger.facts()
        except ObservanceError as unusable:
            ledger, problem = None, unusable
        channels = [channel_context(project, c) for c in project.settings.channels.values() if c.enabled]
        return examine(
            _look_at(
                project,
                ledger,
                seasons=tuple(_season_to_look_at(project, c, year, ledger) for c in campaigns),
                ledger_problem=problem,
                facts=facts,
                held_by=who_holds(project),
                senders=senders_at_work(project, ledger) if ledger else (),
                displaced=_displaced_line(project, ledger),
                readers=readers,
                settle={c.settings.name: c.settle_after or timedelta(0) for c in channels},
                waived=project.waived(),
                online=online,
                connect=check_channels.open_door,
                ask=partial(ask_provider, project),
                look_up=check_channels.records,
                time_tellers=time_tellers(project),
                time_at=time_told_by,
                leave_page=lambda: ask_for_leave_page(project, ledger),
            )
        )


def examine(examined: DoctorContext) -> tuple[DoctorResult, ...]:
    """All lines of all checks. A check that fails is a line; the others go on."""
    return tuple(line for name, check in CHECKS.items() for line in _run(name, check, examined))


def _run(name: str, check: Check, examined: DoctorContext) -> list[DoctorResult]:
    try:
        return list(check(examined))
    except ObservanceError as problem:
        return [
            DoctorResult(name, Status.RED, problem.message, problem.hint, out_of_reach=isinstance(problem, OutOfReach))
        ]
    except Exception as problem:
        # The words of an error nobody foresaw may hold what nobody should read; its kind does not.
        return [
            DoctorResult(
                name,
                Status.RED,
                f"this check could not be made ({type(problem).__name__})",
                "this is an error of the program; the other lines hold",
            )
        ]


def exit_status(lines: Iterable[DoctorResult]) -> int:
    """0: all is good. 1: something needs a person. 4: a provider or the database is out of reach."""
    return max([4 if line.out_of_reach else int(line.light is not Status.GREEN) for line in lines], default=0)


def find_trouble(
    project: Project, ledger: Ledger | None, problem: ObservanceError | None = None, rehearsal: Rehearsal | None = None
) -> tuple[DoctorResult, ...]:
    """What keeps everything from being sent, whatever is due; part of `status`. ``problem``: why there is no ledger to
    look at. ``rehearsal``: of the season that is asked about, where it is at hand."""
    unwritable = None
    try:
        if ledger is not None:
            ledger.try_to_write(PATIENCE_SECONDS)
    except ObservanceError as refused:
        unwritable = refused
    examined = _look_at(
        project,
        ledger,
        ledger_problem=problem,
        held_by=held_by(project),
        seasons=(DoctorSeason(rehearsal.plan.campaign.id, rehearsal),) if rehearsal is not None else (),
        senders=senders_at_work(project, ledger) if ledger is not None and unwritable is None else (),
        displaced=_displaced_line(project, ledger),
    )
    trouble = []
    if unwritable is not None:
        trouble.append(
            DoctorResult(
                "database",
                Status.RED,
                unwritable.message,
                unwritable.hint,
                out_of_reach=isinstance(unwritable, OutOfReach),
            )
        )
    # What is known of the database already says what is wrong with its disk too.
    known = unwritable is not None or problem is not None
    for check in (check_machine.database, *(_ALWAYS if known else _OUTAGES)):
        try:
            trouble += [line for line in check(examined) if line.light is Status.RED]
        except (ObservanceError, OSError):
            continue  # the database was said to be out of reach already; a disk that cannot be asked says so itself
    return tuple(trouble)


def nobody_sends(project: Project, campaign_id: str, year: int | None, ledger: Ledger) -> tuple[DoctorResult, ...]:
    """What no process sends, though it is armed and soon due."""
    return tuple(
        check_senders.nobody(
            _look_at(
                project,
                ledger,
                seasons=(_season_to_look_at(project, campaign_id, year, ledger),),
                held_by=held_by(project),
                senders=senders_at_work(project, ledger),
            )
        )
    )


#: What is told to whoever supervises the program where the line itself would name machines or campaigns.
_TO_STRANGERS = {
    DISPLACED: "this is a copy of the ledger, or an old state of it; `status` says what to do",
    PROCESS: "the process rehearses though a season is armed, or keeps old settings; `status` says why",
}


def outside_trouble(project: Project, ledger: Ledger) -> list[tuple[str, str]]:
    """What is wrong with the clock, the page by which readers leave and the process itself, for its supervisor."""
    found = known_trouble(project, ledger, senders_at_work(project, ledger))
    return [(code, _TO_STRANGERS.get(code, line.said)) for code, line in found]


def known_trouble(
    project: Project, ledger: Ledger, at_work: tuple[Sender, ...]
) -> tuple[tuple[str, DoctorResult], ...]:
    """What keeps everything, or all emails, from being sent, as far as nobody has to be asked for it: with the code by
    which the pages, `status` and health know it. ``at_work``: the processes that send."""
    examined = _look_at(project, ledger, displaced=_displaced_line(project, ledger), senders=at_work)
    checks: dict[str, Check] = {
        DISPLACED: check_machine.home,
        PROCESS: check_senders.senders,
        CLOCK: check_machine.wrong_clock,
        LINKS: check_subscribers.known,
    }
    return tuple((code, line) for code, check in checks.items() for line in check(examined) if line.light is Status.RED)


def find_sender_trouble(project: Project, ledger: Ledger) -> tuple[DoctorResult, ...]:
    """What is wrong with the processes that send: above all that they rehearse while a season is armed."""
    return tuple(
        line
        for line in check_senders.senders(_look_at(project, ledger, senders=senders_at_work(project, ledger)))
        if line.light is Status.RED
    )


def _look_at(project: Project, ledger: Ledger | None, **facts: Any) -> DoctorContext:
    """The project and its ledger, and what else is known of them."""
    return DoctorContext(
        settings=project.settings,
        root=project.root,
        env=project.env,
        now=project.clock.now(),
        pretended=isinstance(project.clock, ShiftedClock),
        ledger=ledger,
        keys_problem=project.keys_problem,
        database_file=project.database_file(),
        **facts,
    )


def _season_to_look_at(project: Project, campaign_id: str, year: int | None, ledger: Ledger | None) -> DoctorSeason:
    try:
        rehearsal = rehearse(project, campaign_id, year, ledger=ledger)
    except ObservanceError as problem:
        return DoctorSeason(campaign_id, None, problem.message.splitlines()[0])
    return DoctorSeason(
        campaign_id,
        rehearsal,
        spent=(dollars_spent(project, ledger, rehearsal.plan.key) if ledger is not None else {}),
    )


def _displaced_line(project: Project, ledger: Ledger | None) -> tuple[str, str]:
    """Why nothing is sent from this ledger, and what to do; twice empty: it may be."""
    try:
        found = find_displaced(project, ledger) if ledger is not None else None
    except OutOfReach:  # said elsewhere
        found = None
    return (found.message, found.hint) if found is not None else ("", "")
