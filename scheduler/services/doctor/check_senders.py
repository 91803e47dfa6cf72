"""The processes that send: whether they do what the settings and the people want of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ...domain.sender import LIVE, REHEARSAL, ArmedSeason, Sender
from ...settings import Mode, Settings
from .doctor_result import DoctorContext, DoctorResult, Status

if TYPE_CHECKING:
    from ...store import Ledger

#: An armed season that begins within this, or has begun, is meant to go out, whatever the settings say.
SOON = timedelta(hours=48)
#: What is due within this needs a process at work now: nobody looks in the night.
AT_WORK_BEFORE = timedelta(hours=24)

_FILE = "config/settings.toml"
_BY_ITSELF = "a running process takes it up by itself within half a minute"


def senders(examined: DoctorContext) -> Iterator[DoctorResult]:
    """What the running processes do not do, and what they wait for."""
    if examined.ledger is None:
        return
    armed = examined.ledger.senders.armed_to_come(REHEARSAL, now=examined.now)
    line = rehearses_though_armed(examined.senders, armed, examined.settings, examined.now)
    if line is not None:
        yield line
    for sender in examined.senders:
        if sender.ended_at is not None:
            continue
        if sender.settings_problem:
            yield DoctorResult(
                "settings of the process",
                Status.RED,
                f"{sender.name} goes on with its earlier settings, for the files cannot be taken up: "
                f"{sender.settings_problem}",
                f"correct the file; {_BY_ITSELF}",
            )
        if sender.restart_for:
            names = ", ".join(sender.restart_for)
            said = f"{sender.name} was started before {names} changed"
            yield DoctorResult("process", Status.AMBER, said, "start it again for these")
        if line is None and not sender.settings_problem and not sender.restart_for:
            yield DoctorResult(
                "process", Status.GREEN, f"{sender.name} runs in mode {sender.mode}, release {sender.version}"
            )


def nobody(examined: DoctorContext) -> Iterator[DoctorResult]:
    """A live season that is armed and about to go out, while no process sends. Asked from outside of the processes."""
    if examined.ledger is None or not examined.live:
        return
    for armed in _to_come(examined, examined.ledger):
        if armed.first_due_at > examined.now + AT_WORK_BEFORE:
            continue
        sending = any(armed.campaign in sender.campaigns for sender in examined.senders)
        # Where no row says who holds the file, a process has only begun, or is of an earlier release.
        if sending or (examined.held_by and not examined.senders):
            continue
        when = f"{armed.first_due_at:%Y-%m-%d %H:%M} UTC"
        verb = "was" if armed.first_due_at <= examined.now else "is"
        yield DoctorResult(
            "process",
            Status.RED,
            f"nothing of season {armed.season} of {armed.campaign} goes out: it is armed and the next {verb} due at "
            f"{when}, but no process sends" + (" it" if examined.senders else ""),
            "`start`, and let it run day and night, or a timer that calls `tick` each five minutes "
            "(docs/howto/run-it-on-a-server.md); or `disarm`",
        )


def _to_come(examined: DoctorContext, ledger: Ledger) -> Iterator[ArmedSeason]:
    """Armed seasons with something to come. Of one that no process has begun, the ledger has no deliveries yet."""
    known = ledger.senders.armed_to_come(LIVE, now=examined.now)
    yield from known
    for season in examined.seasons:
        if season.rehearsal is None:
            continue
        plan = season.rehearsal.plan
        is_known = any((a.campaign, a.season) == astuple(plan.key) for a in known)
        if is_known or ledger.armings.find(plan.key) is None or ledger.deliveries.of_season(LIVE, plan.key):
            continue
        to_come = [m.due_at for m in season.rehearsal.messages if m.expires_at > examined.now]
        if to_come:
            yield ArmedSeason(plan.key.campaign, plan.key.season, min(to_come))


def rehearses_though_armed(
    at_work: tuple[Sender, ...], armed: tuple[ArmedSeason, ...], settings: Settings, now: datetime
) -> DoctorResult | None:
    """Nothing goes out of an armed season, because the process that should send it rehearses.

    ``armed``: those with something to come. Red where somebody has asked for live sends, or where it begins soon.
    """
    rehearsing = [s for s in at_work if s.mode == REHEARSAL]
    if not armed or not rehearsing or any(s.mode == LIVE for s in at_work):
        return None
    sender = next((s for s in rehearsing if "mode" in s.pinned), rehearsing[0])
    in_the_file = (
        settings.overridden.get("mode", "") != ""
        if settings.mode is Mode.REHEARSAL
        else ("mode" not in settings.overridden)
    )
    if "mode" in sender.pinned:
        why = "and goes on so: OBSERVANCE_MODE is set in its environment"
        to_do = "take OBSERVANCE_MODE out of its environment, and start it again"
    elif sender.settings_problem:
        why = "and cannot take up the files as they are now"
        to_do = f"correct them: {sender.settings_problem}"
    elif in_the_file:
        why = f'and has not taken up mode = "live" from {_FILE} yet'
        to_do = "it does so within half a minute; if this stays, start it again"
    else:
        why = f'for the mode in {_FILE} is "rehearsal"'
        to_do = f'set mode = "live" there ({_BY_ITSELF}), or disarm'
    meant = in_the_file or settings.mode is Mode.LIVE or "mode" in sender.pinned
    light = Status.RED if meant or armed[0].first_due_at <= now + SOON else Status.AMBER
    names = " and ".join(f"season {a.season} of {a.campaign}" for a in armed)
    said = f"nothing of {names} goes out: it is armed, but {sender.name} rehearses, {why}"
    return DoctorResult("process", light, said, to_do)
