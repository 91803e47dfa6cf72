"""The doctor: all checks, in the order in which a person wants to know. Nothing is sent, and nothing is changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ...errors import ObservanceError, OutOfReach
from . import (
    check_leave_page,
    check_letters,
    check_machine,
    check_money,
    check_online,
    check_pauses,
    check_season,
    check_senders,
    check_settings,
)
from .doctor_result import DoctorContext, DoctorResult, Status

#: name -> check. A check gives no line where there is nothing to say.
CHECKS: dict[str, Callable[[DoctorContext], Iterable[DoctorResult]]] = {
    "mode": check_settings.mode,
    "processes": check_senders.senders,
    "no process": check_senders.nobody,
    "deliveries": check_season.deliveries,
    "list": check_season.dead_addresses,
    "holds": check_season.holds,
    "pauses": check_pauses.pauses,
    "letters": check_letters.letters,
    "consents": check_letters.consents,
    "campaigns": check_season.readable,
    "week ahead": check_season.week_ahead,
    "checks": check_season.blocked,
    "help lines": check_season.help_lines,
    "claims": check_season.claims,
    "settings": check_settings.placeholders,
    "sender": check_settings.sender,
    "secrets": check_settings.secrets,
    "files": check_settings.secret_files,
    "cost": check_money.cost,
    "channels": check_money.own_questions,
    "doubts": check_money.settling,
    "clock": check_machine.clock,
    "clock compared": check_machine.compared,
    "time zones": check_machine.zones,
    "database": check_machine.database,
    "secret key": check_machine.secret_key,
    "ledger": check_machine.home,
    "disk": check_machine.room,
    "history": check_machine.chain,
    "backup": check_machine.backup,
    "notices": check_settings.notices,
    "server in front": check_settings.server_in_front,
    "unsubscribe links": check_leave_page.leave_page,
    "reach": check_online.reach,
    "DNS": check_online.sender_domain,
}


def examine(examined: DoctorContext) -> tuple[DoctorResult, ...]:
    """All lines of all checks. A check that fails is a line; the others go on."""
    return tuple(line for name, check in CHECKS.items() for line in _run(name, check, examined))


def _run(
    name: str, check: Callable[[DoctorContext], Iterable[DoctorResult]], examined: DoctorContext
) -> list[DoctorResult]:
    try:
        return list(check(examined))
    except ObservanceError as problem:
        return [
            DoctorResult(name, Status.RED, problem.message, problem.hint, out_of_reach=isinstance(problem, OutOfReach))
        ]
    except Exception as problem:
        # The words of an error nobody foresaw may hold what nobody should read; its kind does not.
        said = f"this check could not be made ({type(problem).__name__})"
        return [DoctorResult(name, Status.RED, said, "this is an error of the program; the other lines hold")]


def exit_status(lines: Iterable[DoctorResult]) -> int:
    """0: all is good. 1: something needs a person. 4: a provider or the database is out of reach."""
    lines = list(lines)
    if any(line.out_of_reach for line in lines):
        return 4
    return int(any(line.light is not Status.GREEN for line in lines))
