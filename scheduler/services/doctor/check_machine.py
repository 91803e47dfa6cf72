"""The machine: its clock, its zones, its disk, and the ledger on it."""

from __future__ import annotations

import os
import re
import shutil
import zoneinfo
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ...clock import CLOCK_TOLERANCE
from ...domain.clock_state import RIGHT, WRONG, distance_words, wrong_hosts
from ...domain.formatting import counted, days_words, utc_words
from ...errors import OutOfReach
from .doctor_result import DoctorContext, DoctorResult, Status, of_ledger

if TYPE_CHECKING:
    from ...store import Ledger

#: No clock that is right shows a day before this program was written.
WRITTEN_AT = datetime(2026, 1, 1, tzinfo=UTC)
LITTLE_ROOM, TOO_LITTLE_ROOM, NO_ROOM = 1_000_000_000, 100_000_000, 100_000  # bytes
OLD_BACKUP = timedelta(days=2)
OLD_ZONES = 2  # years

_CLOCK = "set the machine's clock, and let it follow a time server (timedatectl set-ntp true)"


def clock(examined: DoctorContext) -> Iterator[DoctorResult]:
    """Whether the clock can be right: nothing that was written down may lie in its future."""
    now = examined.now
    if examined.pretended:
        yield DoctorResult(
            "clock",
            Status.AMBER,
            f"OBSERVANCE_PRETEND_NOW is set: the program believes that it is {utc_words(now)}",
            "unset it when you have seen enough",
        )
    wrong = tuple(wrong_clock(examined))
    yield from wrong
    if wrong or examined.pretended:
        return
    files = [p for folder in ("config", "campaigns") for p in (examined.root / folder).rglob("*.toml") if p.is_file()]
    if examined.database_file is not None and examined.database_file.exists():
        files.append(examined.database_file)
    changed_at, path = max(((p.stat().st_mtime, p) for p in files), default=(0.0, None))
    ahead = datetime.fromtimestamp(changed_at, UTC) - now
    if ahead > CLOCK_TOLERANCE:  # clocks of a machine and of its disk differ by this at most
        yield DoctorResult(
            "clock",
            Status.AMBER,
            f"{path} was changed {days_words(ahead)} in the future: the clock may be behind",
            _CLOCK,
        )
    else:
        yield DoctorResult("clock", Status.GREEN, f"{now:%Y-%m-%d %H:%M:%S} UTC; no file and no event is ahead of it")


def wrong_clock(examined: DoctorContext) -> Iterator[DoctorResult]:
    """What of it keeps everything from being sent: told by the ledger alone, without a look at any file."""
    now, ledger = examined.now, examined.ledger
    if now < WRITTEN_AT:
        yield DoctorResult(
            "clock", Status.RED, f"the clock says {utc_words(now)}, before this program was written", _CLOCK
        )
        return
    newest = ledger.events.newest_at() if ledger is not None else None
    if newest is not None and newest > now + CLOCK_TOLERANCE:
        yield DoctorResult(
            "clock",
            Status.RED,
            f"the clock is {days_words(newest - now)} behind the ledger, which knows of {utc_words(newest)}",
            f"{_CLOCK}; if it is right now and was ahead then: db clock-was-ahead --by NAME; "
            "after a visit to the sandbox with a pretended day, delete that ledger instead",
        )
        return
    for host, seconds in (
        wrong_hosts(ledger.events.of_kinds(WRONG, RIGHT)) if ledger is not None and examined.live else {}
    ).items():
        yield DoctorResult(
            "clock",
            Status.RED,
            f"the clock of {host} was {distance_words(seconds)} the providers' when it was last compared; nothing is "
            "sent from there",
            f"{_CLOCK}; the next pass compares again",
        )


def compared(examined: DoctorContext) -> Iterator[DoctorResult]:
    """Whether anybody can say that the clock is right, and with --online what they say."""
    if not examined.live or examined.pretended:
        return
    if not examined.time_tellers:
        yield DoctorResult(
            "clock",
            Status.GREEN,
            "nothing can check the clock: no channel leads to a provider that says what time it is",
            "let it follow a time server (timedatectl)",
        )
        return
    if not examined.online:
        yield DoctorResult("clock", Status.GREEN, "it is compared with a provider's before the first live call")
        return
    answers = ((address, examined.time_at(address)) for address in examined.time_tellers)
    address, date = next((answer for answer in answers if answer[1] is not None), ("", None))
    if date is None:
        yield DoctorResult(
            "clock",
            Status.AMBER,
            "no provider said what time it is, so the clock could not be compared; that alone stops nothing",
            "see the lines about reach; let the clock follow a time server",
        )
        return
    off, host = examined.machine_now() - date, urlsplit(address).hostname
    if abs(off) < CLOCK_TOLERANCE:
        yield DoctorResult("clock", Status.GREEN, f"it agrees with {host}")
    else:
        yield DoctorResult(
            "clock",
            Status.RED,
            f"this machine's clock is {distance_words(off.total_seconds())} the one of {host}; nothing is sent",
            _CLOCK,
        )


def zones(examined: DoctorContext) -> Iterator[DoctorResult]:
    """Which edition of the time zone data decides when ten o'clock is."""
    version, source = zone_data()
    year = int(version[:4]) if re.match(r"20[0-9]{2}", version) else 0
    if not year:
        yield DoctorResult(
            "time zones", Status.AMBER, "the edition of the time zone data is not known", "install tzdata"
        )
    elif year < examined.now.year - OLD_ZONES:
        yield DoctorResult(
            "time zones", Status.AMBER, f"edition {version} ({source}) is old", "update the system's tzdata"
        )
    else:
        yield DoctorResult("time zones", Status.GREEN, f"edition {version} ({source})")


def zone_data() -> tuple[str, str]:
    """(edition, where from) of the data that :mod:`zoneinfo` reads: the system's first, then the package's."""
    from importlib import metadata  # slow to load, and of no use to `status`

    for folder in map(Path, zoneinfo.TZPATH):
        if not (folder / "America" / "New_York").exists():
            continue
        for name, pattern in (("+VERSION", r"(\S+)"), ("tzdata.zi", r"# version (\S+)"), ("version", r"(\S+)")):
            try:
                with (folder / name).open(encoding="ascii", errors="replace") as file:
                    found = re.match(pattern, file.readline())
            except OSError:
                continue
            if found:
                return found[1], str(folder)
        return "", str(folder)
    try:
        parts = metadata.version("tzdata").split(".")
    except metadata.PackageNotFoundError:
        return "", ""
    number = int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else 0
    return parts[0] + (chr(ord("a") + number - 1) if 0 < number < 27 else ""), "the package tzdata"


def database(examined: DoctorContext) -> Iterator[DoctorResult]:
    """Whether the ledger can be used, forgets nothing, and who uses it."""
    problem = examined.ledger_problem
    if problem is not None:
        yield DoctorResult(
            "database", Status.RED, problem.message, problem.hint, out_of_reach=isinstance(problem, OutOfReach)
        )
        return
    if examined.ledger is None or examined.facts is None:
        yield DoctorResult("database", Status.GREEN, "there is none yet; it is made at the first sign-off or start")
        return
    facts = examined.facts
    in_use = examined.held_by or ", ".join(s.name for s in examined.senders if s.ended_at is None)
    use = f"in use: {in_use}" if in_use else "nobody sends from it now"
    yield DoctorResult("database", Status.GREEN, f"{facts.where}, schema {facts.schema}, {_size(facts.size)}; {use}")
    if not facts.durable:
        yield DoctorResult(
            "durability",
            Status.RED,
            f"a power cut may take back what was written ({facts.durability})",
            ("let no other program change it" if facts.is_sqlite else "set synchronous_commit = on for this database"),
        )
    else:
        yield DoctorResult("durability", Status.GREEN, f"what is written stays written ({facts.durability})")
    copied_at = examined.ledger.backups.copied_at()
    if copied_at is not None:
        yield DoctorResult(
            "database",
            Status.AMBER,
            f"this is a backup of {utc_words(copied_at)} that nothing was sent from yet",
            "see that the old machine is off; `start` takes it over, and what is due by then is not sent",
        )


@of_ledger
def secret_key(examined: DoctorContext, ledger: Ledger) -> Iterator[DoctorResult]:
    """Whether the keys that this ledger's links and erasures were made with are there."""
    problem = examined.keys_problem
    if problem is not None:
        yield DoctorResult("secret key", Status.RED, problem.message, problem.hint)
    else:
        yield DoctorResult(
            "secret key", Status.GREEN, "each that this ledger needs is there; is a copy kept elsewhere?"
        )


def home(examined: DoctorContext) -> Iterator[DoctorResult]:
    """Whether this is the ledger that sends, and no copy or old state of it."""
    if any(examined.displaced):
        yield DoctorResult("ledger", Status.RED, *examined.displaced)
    elif examined.ledger is not None and examined.live:
        yield DoctorResult("ledger", Status.GREEN, "it is at home here, and knows all that went out")


def room(examined: DoctorContext) -> Iterator[DoctorResult]:
    """Whether the disk has room for what will be written."""
    folder = examined.database_file.parent if examined.database_file is not None else examined.root
    folder = next((f for f in (folder, *folder.parents) if f.exists()), examined.root)
    free = shutil.disk_usage(folder).free
    said = f"{_size(free)} free at {folder}"
    if free < NO_ROOM:
        said = f"the disk is full at {folder}: nothing can be written down, so nothing is sent"
        yield DoctorResult("disk", Status.RED, said, "make room; what is due then goes by itself, inside its window")
    elif free < TOO_LITTLE_ROOM:
        yield DoctorResult("disk", Status.RED, f"only {said}", "make room: a full disk stops sending")
    elif free < LITTLE_ROOM:
        yield DoctorResult("disk", Status.AMBER, f"only {said}", "make room soon")
    else:
        yield DoctorResult("disk", Status.GREEN, said)


def folders(examined: DoctorContext) -> Iterator[DoctorResult]:
    """Whether the folders that the program writes into can be written to."""
    settings = examined.settings
    for key, folder in (("var", settings.var_folder), ("build", settings.build_folder)):
        there = next((f for f in (folder, *folder.parents) if f.exists()), folder)
        if not (there.is_dir() and os.access(there, os.W_OK | os.X_OK)):
            yield DoctorResult(
                "folders",
                Status.RED if key == "var" else Status.AMBER,
                f"{folder} cannot be written to: {there} does not allow it",
                f"let the account of the program write there, or name another folder: paths.{key} in "
                f"config/settings.toml, or OBSERVANCE_PATHS__{key.upper()}",
            )


@of_ledger
def chain(examined: DoctorContext, ledger: Ledger) -> Iterator[DoctorResult]:
    """Whether the history is whole."""
    report = ledger.events.verify()
    for one in report.contradictions:
        yield DoctorResult(
            "history",
            Status.RED,
            one.in_words(),
            "somebody set it back past the program, and it is never called again; compare with the newest backup",
        )
    if report.is_whole:
        yield DoctorResult("history", Status.GREEN, f"{counted(report.events, 'event')}, none changed, none missing")
    else:
        yield DoctorResult(
            "history",
            Status.RED,
            f"the history is not whole: {report.reason}",
            "somebody or something changed the database; keep a copy of it, and compare with the newest backup",
        )


@of_ledger
def backup(examined: DoctorContext, ledger: Ledger) -> Iterator[DoctorResult]:
    """How old the newest backup is."""
    if examined.facts is None:
        return
    if not examined.facts.is_sqlite:
        yield DoctorResult("backup", Status.GREEN, "not known here: a server's database is backed up with pg_dump")
        return
    copies = ledger.events.of_kinds("ledger.copied")
    age = examined.now - copies[-1].at if copies else timedelta.max
    said = f"the newest backup is {days_words(age)} old" if copies else "no backup was ever made"
    if age <= OLD_BACKUP:
        yield DoctorResult("backup", Status.GREEN, said)
    else:
        yield DoctorResult(
            "backup",
            (Status.AMBER if examined.live else Status.GREEN),
            said,
            "run `db backup FILE` each day: docs/howto/back-up-and-restore.md",
        )


def _size(count: int) -> str:
    for unit, size in (("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count} bytes"
