"""The readers: a list that is brought in, written, counted, deleted."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from ..domain.cadence import Cadence
from ..domain.formatting import counted, utc_words
from ..domain.subscriber import StillInFiles, SubscriberState
from ..services import subscribers
from ..services.ledger_data import readers_as_data
from .arguments import argument, by, campaign, command, group
from .command_context import CommandContext
from .output import Progress, table

#: Zones that are shown one by one; the others are added up.
ZONES_SHOWN = 10
ACTIVE = SubscriberState.ACTIVE.value
_BY = by("who does it")
_ADDRESS = argument("address", metavar="ADDRESS", help="- reads it from standard input")

group(
    "subscribers",
    about="""
Readers: bring in a file (import), write one (export), add, erase or count readers, delete the list after the season.

A file to import has a heading line with the columns email, name, zone, cadence, discreet; all but email may be left
out. Cadences: daily, digest, key-days; discreet: yes or no. Good rows are kept, bad rows are reported by line, nobody
who has left comes back.
An exported file holds addresses: it can be read by your account alone, and belongs deleted when it has served.""",
    examples="""examples:
  run.py subscribers import readers.csv
  run.py subscribers import readers.csv --campaign my-month       (where there are several)
  run.py subscribers add ann@example.org --cadence digest --by "Ada Example"
  run.py subscribers export readers.csv
  run.py subscribers count
  run.py subscribers consents
  run.py subscribers one-a-day ann@example.org --by "Ada Example"
  run.py subscribers discreet ann@example.org --by "Ada Example"
  run.py subscribers erase ann@example.org --by "Ada Example"
  run.py subscribers close-season --keep-who-asked --by "Ada Example" """,
)


def _address(options: argparse.Namespace) -> str:
    """The address; ``-`` keeps it out of the shell's history."""
    return str(sys.stdin.readline() if options.address == "-" else options.address).strip()


@command(
    "subscribers import",
    argument("file", metavar="FILE.csv", help="a CSV file with a column email"),
    campaign,
    argument(
        "--despite-lost-key", action="store_true", help="after db lost-key: who was erased is not in the file any more"
    ),
    argument("--report", metavar="FILE", help="where the report of bad rows goes (default: beside the file)"),
)
def import_(context: CommandContext, options: argparse.Namespace) -> int:
    """Add the readers in a CSV file."""
    from ..subscribers.csv_import import report_path_for

    acting, name, path = context.acting(), context.campaign_id, Path(options.file)
    report = Path(options.report) if options.report else report_path_for(path)
    with closing(Progress("Importing ")) as bar:
        result = subscribers.import_file(
            acting, name, path, report, despite_lost_key=options.despite_lost_key, progress=bar
        )
    return context.answer(
        {
            "added": result.added,
            "already_there": result.already_there,
            "suppressed": result.suppressed,
            "bad": result.bad,
            "by_reason": {str(k): v for k, v in result.by_reason.items()},
        },
        f"{counted(result.added, 'reader')} added, {result.already_there} there already, "
        f"{result.suppressed} had left and stay away, {counted(result.bad, 'bad row')}.",
        *(f"  line {note.line}: {note.reason}" for note in result.examples[:5]),
        f"Each row that was not added or deserves a look, by line, with the reason: {result.report_path}"
        if result.report_path
        else None,
        status=int(bool(result.bad)),
    )


@command(
    "subscribers export",
    argument("file", metavar="FILE.csv", help="where to write it; must not be there yet"),
    campaign,
    argument("--all", action="store_true", help="everybody with their states, also those who have left"),
    _BY,
)
def export(context: CommandContext, options: argparse.Namespace) -> int:
    """Write the list to a CSV file that your account alone can read."""
    acting, name, path = context.acting(), context.campaign_id, Path(options.file)
    with closing(Progress("Exporting ")) as bar:
        count = subscribers.export_file(acting, name, path, everybody=options.all, progress=bar)
    return context.answer(
        {"file": str(path), "readers": count},
        f"{counted(count, 'reader')} written to {path}.",
        "Your account alone can read it; delete it when it has served.",
    )


@command(
    "subscribers add",
    _ADDRESS,
    campaign,
    argument("--name", default="", metavar="NAME", help="the reader's name"),
    argument("--zone", default="", metavar="ZONE", help="the reader's time zone (default: the campaign's)"),
    argument("--cadence", default="daily", choices=("daily", "digest", "key-days"), help="how often (default: daily)"),
    argument("--asked-back", action="store_true", help="they had left, and asked to come back"),
    _BY,
)
def add(context: CommandContext, options: argparse.Namespace) -> int:
    """Add one reader who asked for it."""
    added = subscribers.add(
        context.acting(),
        context.campaign_id,
        _address(options),
        name=options.name,
        zone=options.zone,
        cadence=Cadence(options.cadence),
        asked_back=options.asked_back,
    )
    if added.barred:
        line = (
            f"Not added: the address is barred ({added.barred}).\n"
            "If the reader asked to come back: the same command with --asked-back."
        )
    elif added.already_there:
        done = "that they agreed again is written down" if added.agreed_again else "nothing was changed"
        line = f"The reader is on the list already; {done}."
    else:
        line = f"Added, from the next item on, as reader {added.subscriber_id}; written down as added by you."
    return context.answer(
        {"id": added.subscriber_id, "already_there": added.already_there, "barred": added.barred or None},
        line,
        status=int(bool(added.barred)),
    )


@command(
    "subscribers one-a-day",
    _ADDRESS,
    argument("--off", action="store_true", help="they want every email as it comes again"),
    _BY,
)
def one_a_day(context: CommandContext, options: argparse.Namespace) -> int:
    """At most one email a day for a reader who asked for it, of all their lists together."""
    changed = subscribers.choose_one_a_day(context.acting(), address=_address(options), wanted=not options.off)
    line = "At most one a day, from the next email on. The others come in their campaign's next digest, if it has one."
    if options.off:
        line = (
            "From the next email on each one comes as it is sent. What was put off until now still comes in a digest."
        )
    return _chosen(context, changed, line)


@command(
    "subscribers discreet",
    _ADDRESS,
    argument("--off", action="store_true", help="they want the usual sender and subjects again"),
    _BY,
)
def discreet(context: CommandContext, options: argparse.Namespace) -> int:
    """Emails whose sender and subject tell nothing of the cause, for a reader who asked for it; of all their lists."""
    changed = subscribers.choose_discreet(context.acting(), address=_address(options), wanted=not options.off)
    line = "Discreet, from the next email on: no sender, subject or first line tells what they are about."
    if options.off:
        line = "From the next email on they come with the usual sender and subjects."
    return _chosen(context, changed, line)


def _chosen(context: CommandContext, changed: bool | None, line: str) -> int:
    """What a reader's choice came to; ``changed`` is None where nobody is there to choose."""
    if changed is None:
        line = "Nobody with that address is on a list; nothing was changed."
    elif not changed:
        line = "It is so already; nothing was changed."
    return context.answer({"found": changed is not None, "changed": bool(changed)}, line, status=int(changed is None))


@command("subscribers erase", _ADDRESS, _BY)
def erase(context: CommandContext, options: argparse.Namespace) -> int:
    """Take an address out wherever it stands, for good."""
    erased = subscribers.erase(context.acting(), _address(options))
    known, left = erased.subscriber_id, erased.still_in_files
    lines = ["The address was not on the list. Kept: a keyed hash of the"]
    if known:
        lines = [
            "Erased: address, name and zone are gone from the ledger.",
            f"Kept: the random id {known}, in the record of what went out, and a keyed hash of the",
        ]
    return context.answer(
        {"was_on_the_list": bool(known), "id": known or None, "still_in_files": left},
        *lines,
        "address, by which a later import leaves it out. It cannot be turned back into the address.",
        *_not_reached(context, left),
    )


def _not_reached(context: CommandContext, left: StillInFiles | None) -> Iterator[str]:
    """What an erasure cannot reach, said as it is."""
    if left is not None:
        why = {
            StillInFiles.NOT_OWNER: "this account does not own its tables",
            StillInFiles.IN_USE: "its tables were in use all the time",
            StillInFiles.OLD_TRANSACTION: "a transaction that began before may still look at them",
        }[left]
        yield f"Not yet out of the database server's files: {why}. It is deleted, and its bytes may be there still;"
        yield "as the owner of the tables: VACUUM (FULL) subscribers; VACUUM (FULL) suppressions;"
    yield "Not reached from here: backups, files that were imported or exported, and the mail provider's own records."
    if context.project.settings.database_url.startswith("postgres"):
        yield "Nor, on PostgreSQL: its write-ahead log until that is recycled, archives of it, replicas, and dumps."


@command("subscribers count", campaign)
def count(context: CommandContext, options: argparse.Namespace) -> int:
    """How many readers there are, of one campaign or of all; numbers only."""
    from ..services.doctor.check_subscribers import consents_words

    acting = context.acting()
    readers, now = acting.ledger.subscribers, acting.now()
    name = context.campaign_id if context.named_campaign is not None else None
    data, states = readers_as_data(readers, name, now=now), readers.count(name, now=now)
    cadences, zones, lists = data["by_cadence"], data["by_zone"], data["campaigns"]
    shown = [(zone or "the campaign's zone", n) for zone, n in zones.items()]
    if rest := shown[ZONES_SHOWN:]:
        shown[ZONES_SHOWN:] = [(f"{len(rest)} more", sum(n for _, n in rest))]
    to_example = readers.consents_to_example()
    lines = [
        ", ".join(f"{n} {state}" for state, n in states.items()),
        ", ".join(f"{n} {cadence}" for cadence, n in cadences.items()) or "Nobody is written to.",
        f"{counted(wanting, 'person wants', 'people want')} at most one email a day, of all lists together."
        if (wanting := data["one_a_day"])
        else None,
        f"{counted(quiet, 'person gets', 'people get')} them discreetly, as they chose."
        if (quiet := data["discreet"])
        else None,
        table(("zone", "readers"), shown) if shown else None,
        f"{consents_words(to_example)}. See: subscribers consents" if to_example else None,
    ]
    if len(lists) > 1:
        lines.insert(0, table(("campaign", "is written to"), [(of, n[ACTIVE]) for of, n in lists.items()]))
        lines.insert(1, "On all lists together, where who is on two counts twice:")
    return context.answer(
        data,
        *(lines if any(states.values()) else ["No readers yet."]),
    )


@command(
    "subscribers consents",
    argument("--out", metavar="FILE", help="write their addresses to a CSV file, to ask them again"),
    _BY,
)
def consents(context: CommandContext, options: argparse.Namespace) -> int:
    """Readers whose consent names the example organization, by their ids."""
    from ..services.doctor.check_subscribers import CONSENTS_TO_DO, consents_words

    acting, out = context.acting(), options.out
    wrong = acting.ledger.subscribers.consents_to_example()
    if not wrong:
        return context.answer({"consents": []}, "No stored consent names the example organization.")
    if out:
        subscribers.export_wrong_consents(acting, Path(out))
    shown = [(c.subscriber_id, utc_words(c.at), _SINCE[c.state], c.named) for c in wrong]
    return context.answer(
        {
            "consents": [
                {"campaign": c.campaign, "id": c.subscriber_id, "at": c.at, "state": str(c.state), "named": c.named}
                for c in wrong
            ]
        },
        f"{consents_words(wrong)}.",
        table(("reader", "agreed", "now", "to emails from"), shown),
        f"Their addresses are in {out}. Your account alone can read it; delete it when it has served." if out else None,
        f"What to do: {CONSENTS_TO_DO}.",
        status=1,
    )


#: Where a reader stands who agreed to the wrong name.
_SINCE = {
    SubscriberState.ACTIVE: "is written to",
    SubscriberState.PAUSED: "pauses",
    SubscriberState.PENDING: "has not confirmed yet",
}


@command(
    "subscribers close-season",
    campaign,
    argument("--keep-who-asked", action="store_true", help="keep those who asked to hear of the next season"),
    argument("--all", action="store_true", help="delete those too"),
    argument("--yes", action="store_true", help="do not ask"),
    _BY,
)
def close_season(context: CommandContext, options: argparse.Namespace) -> int:
    """Delete the list, after the season's last day."""
    acting, name = context.acting(), context.campaign_id
    if sys.stdin.isatty() and not (context.json or options.yes):
        counts = acting.ledger.subscribers.count(name)
        on_the_list = sum(number for state, number in counts.items() if state != "suppressed")
        print(f"The list of {name} has {counted(on_the_list, 'reader')}. What is deleted cannot be brought back.")
        if input("Delete it? (yes/no) ").strip().casefold() not in ("y", "yes"):
            return context.answer({"deleted": 0}, "Nothing was deleted.", status=1)
    season, closed = subscribers.close_season(
        acting, name, options.season, keep_who_asked=options.keep_who_asked, everybody=options.all
    )
    left, deleted = closed.still_in_files, counted(closed.deleted, "reader")
    return context.answer(
        {"deleted": closed.deleted, "kept": closed.kept, "barred": closed.barred, "still_in_files": left},
        f"The list of {name} {season.year} is closed: {deleted} deleted, {closed.kept} kept.",
        f"Kept as keyed hashes: {counted(closed.barred, 'address', 'addresses')} not to be written to.",
        *_not_reached(context, left),
    )
