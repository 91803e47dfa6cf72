"""The processes that send: whether they do what the settings and the people want of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ...domain.formatting import utc_words
from ...domain.season_key import SeasonKey
from ...domain.sender import LIVE, REHEARSAL, ArmedSeason, Sender
from ...domain.stored_rehearsal import why_not_vouched_for
from ...settings import Mode, Settings
from .doctor_result import DoctorContext, DoctorResult, Status, of_ledger

if TYPE_CHECKING:
    from ...store import Ledger

#: An armed season that begins within this, or has begun, is meant to go out, whatever the settings say.
SOON = timedelta(hours=48)
#: What is due within this needs a process at work now: nobody looks in the night.
AT_WORK_BEFORE = timedelta(hours=24)

_FILE = "config/settings.toml"
_BY_ITSELF = "a running process takes it up by itself within half a minute"


@of_ledger
def senders(examined: DoctorContext, ledger: Ledger) -> Iterator[DoctorResult]:
    """What the running processes do not do, and what they wait for."""
    line = rehearses_though_armed(
        examined.senders, ledger.senders.armed_to_come(REHEARSAL, now=examined.now), examined.settings, examined.now
    )
    if line is not None:
        yield line
    for sender in (s for s in examined.senders if s.ended_at is None):
        if problem := sender.settings_problem:
            yield DoctorResult(
                "settings of the process",
                Status.RED,
                f"{sender.name} goes on with its earlier settings, for the files cannot be taken up: {problem}",
                f"correct the file; {_BY_ITSELF}",
                stops=False,
            )
        if sender.restart_for:
            yield DoctorResult(
                "process",
                Status.AMBER,
                f"{sender.name} was started before {', '.join(sender.restart_for)} changed",
                "start it again for these",
            )
        if line is None and not sender.settings_problem and not sender.restart_for:
            yield DoctorResult(
                "process", Status.GREEN, f"{sender.name} runs in mode {sender.mode}, release {sender.version}"
            )
    yield from _workers(examined, ledger)


def _workers(examined: DoctorContext, ledger: Ledger) -> Iterator[DoctorResult]:
    """What keeps workers from sending, and where they are not like the process beside the files."""
    workers = [s for s in examined.senders if not s.reads_files and s.ended_at is None]
    beside = [s for s in examined.senders if s.reads_files and s.ended_at is None]
    for mode in sorted({s.mode for s in workers}):
        for reading in ledger.rehearsals.readings(mode):
            if why := why_not_vouched_for(reading, ledger.senders.find(reading.sender_key), examined.now):
                light = Status.RED if mode == LIVE else Status.AMBER
                yield DoctorResult("workers", light, f"the workers send nothing of {reading.campaign}: {why}")
    for worker in workers:
        unlike = next((s for s in beside if s.settings_fingerprint != worker.settings_fingerprint), None)
        if unlike is not None:
            yield DoctorResult(
                "workers",
                Status.AMBER,
                f"the folder config/ of {worker.name} is not that of {unlike.name}",
                "bring the same files to both; each takes up its own within half a minute",
            )


@of_ledger
def nobody(examined: DoctorContext, ledger: Ledger) -> Iterator[DoctorResult]:
    """A live season that is armed and about to go out, while no process sends. Asked from outside of the processes."""
    for armed in _to_come(examined, ledger) if examined.live else ():
        sending = any(armed.campaign in sender.campaigns for sender in examined.senders if sender.reads_files)
        # Where no row says who holds the file, a process has only begun, or is of an earlier release.
        begins = bool(examined.held_by) and not examined.senders
        if armed.first_due_at > examined.now + AT_WORK_BEFORE or sending or begins:
            continue
        verb = "was" if armed.first_due_at <= examined.now else "is"
        yield DoctorResult(
            "process",
            Status.RED,
            f"nothing of season {armed.season} of {armed.campaign} goes out: it is armed and the next {verb} due at "
            f"{utc_words(armed.first_due_at)}, but no process sends" + (" it" if examined.senders else ""),
            "`start`, and let it run day and night, or a timer that calls `tick` each five minutes "
            "(docs/howto/run-it-on-a-server.md); or `disarm`",
        )


def _to_come(examined: DoctorContext, ledger: Ledger) -> Iterator[ArmedSeason]:
    """Armed seasons with something to come. Of one that no process has begun, the ledger has no deliveries yet."""
    known = ledger.senders.armed_to_come(LIVE, now=examined.now)
    yield from known
    for rehearsal in examined.rehearsals:
        key = rehearsal.plan.key
        if (
            any(SeasonKey(a.campaign, a.season) == key for a in known)
            or ledger.armings.find(key) is None
            or ledger.deliveries.of_season(LIVE, key)
        ):
            continue
        to_come = [m.due_at for m in rehearsal.messages if m.expires_at > examined.now]
        if to_come:
            yield ArmedSeason(key.campaign, key.season, min(to_come))


def rehearses_though_armed(
    at_work: tuple[Sender, ...], armed: tuple[ArmedSeason, ...], settings: Settings, now: datetime
) -> DoctorResult | None:
    """Nothing goes out of an armed season, because the process that should send it rehearses.

    ``armed``: those with something to come. Red where somebody has asked for live sends, or where it begins soon.
    """
    at_work = tuple(s for s in at_work if s.reads_files)
    rehearsing = [s for s in at_work if s.mode == REHEARSAL]
    if not armed or not rehearsing or any(s.mode == LIVE for s in at_work):
        return None
    sender = next((s for s in rehearsing if "mode" in s.pinned), rehearsing[0])
    # The file asks for live sends where the mode is live by it, and where the environment here makes it another one.
    in_the_file = (settings.mode is Mode.REHEARSAL) == ("mode" in settings.overridden)
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
    return DoctorResult(
        "process", light, f"nothing of {names} goes out: it is armed, but {sender.name} rehearses, {why}", to_do
    )
