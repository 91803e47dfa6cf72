"""Readers: bring in a file (import), write one (export), add, erase or count readers, delete the list after the season.

A file to import has a heading line with the columns email, name, zone, cadence; all but email may be left out.
Cadences: daily, digest, key-days. Good rows are kept, bad rows are reported by line, nobody who has left comes back.
An exported file holds addresses: it can be read by your account alone, and belongs deleted when it has served.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..domain.formatting import counted
from ..domain.subscriber import SubscriberState
from ..services import subscribers
from ..services.context import Context as Acting
from ..services.ledger_data import readers_as_data
from .arguments import add_campaign
from .context import Context
from .terminal import Progress, table

if TYPE_CHECKING:
    from ..domain.subscriber import StillInFiles

EPILOG = """examples:
  run.py subscribers import readers.csv
  run.py subscribers add ann@example.org --cadence digest --by "Ada Example"
  run.py subscribers export readers.csv
  run.py subscribers count
  run.py subscribers consents
  run.py subscribers erase ann@example.org --by "Ada Example"
  run.py subscribers close-season --keep-who-asked --by "Ada Example" """

#: Zones that are shown one by one; the others are added up.
ZONES_SHOWN = 10


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    names = "import|export|add|erase|count|consents|close-season"
    actions = parser.add_subparsers(dest="action", required=True, metavar=names)
    bring = actions.add_parser("import", help="add the readers in a CSV file")
    bring.add_argument("file", metavar="FILE.csv", help="a CSV file with a column email")
    bring.add_argument(
        "--despite-lost-key", action="store_true", help="after db lost-key: who was erased is not in the file any more"
    )
    bring.add_argument("--report", metavar="FILE", help="where the report of bad rows goes (default: beside the file)")
    out = actions.add_parser("export", help="write the list to a CSV file that your account alone can read")
    out.add_argument("file", metavar="FILE.csv", help="where to write it; must not be there yet")
    out.add_argument("--all", action="store_true", help="everybody with their states, also those who have left")
    add = actions.add_parser("add", help="add one reader who asked for it")
    add.add_argument("address", metavar="ADDRESS", help="- reads it from standard input")
    add.add_argument("--name", default="", metavar="NAME", help="the reader's name")
    add.add_argument("--zone", default="", metavar="ZONE", help="the reader's time zone (default: the campaign's)")
    add.add_argument(
        "--cadence", default="daily", choices=("daily", "digest", "key-days"), help="how often (default: daily)"
    )
    add.add_argument("--asked-back", action="store_true", help="they had left, and asked to come back")
    erase = actions.add_parser("erase", help="take an address out wherever it stands, for good")
    erase.add_argument("address", metavar="ADDRESS", help="- reads it from standard input")
    actions.add_parser("count", help="how many readers there are; numbers only")
    wrong = actions.add_parser("consents", help="readers whose consent names the example organization, by their ids")
    wrong.add_argument("--out", metavar="FILE", help="write their addresses to a CSV file, to ask them again")
    close = actions.add_parser("close-season", help="delete the list, after the season's last day")
    add_campaign(close)
    close.add_argument("--keep-who-asked", action="store_true", help="keep those who asked to hear of the next season")
    close.add_argument("--all", action="store_true", help="delete those too")
    for one in (add, erase, out, wrong, close):
        one.add_argument("--by", default="", metavar="NAME", help="who does it (default: your account's name)")


def run(context: Context, options: argparse.Namespace, name: str) -> int:
    act = {
        "import": _import,
        "export": _export,
        "add": _add,
        "erase": _erase,
        "count": _count,
        "consents": _consents,
        "close-season": _close_season,
    }[options.action]
    with context.acting() as acting:
        return act(context, options, acting)


def _address(options: argparse.Namespace) -> str:
    """The address; ``-`` keeps it out of the shell's history."""
    given = sys.stdin.readline() if options.address == "-" else options.address
    return str(given).strip()


def _import(context: Context, options: argparse.Namespace, acting: Acting) -> int:
    from ..subscribers.csv_import import report_path_for

    path = Path(options.file)
    report = Path(options.report) if options.report else report_path_for(path)
    bar, despite = Progress("Importing "), options.despite_lost_key
    try:
        result = subscribers.import_file(acting, path, report, despite_lost_key=despite, progress=bar)
    finally:
        bar.close()
    bad = result.bad
    if context.json:
        context.print_json(
            {
                "added": result.added,
                "already_there": result.already_there,
                "suppressed": result.suppressed,
                "bad": bad,
                "by_reason": {str(k): v for k, v in result.by_reason.items()},
            }
        )
        return 1 if bad else 0
    print(
        f"{counted(result.added, 'reader')} added, {result.already_there} there already, "
        f"{result.suppressed} had left and stay away, {counted(bad, 'bad row')}."
    )
    for note in result.examples[:5]:
        print(f"  line {note.line}: {note.reason}")
    if result.report_path is not None:
        print(f"Each row that was not added or deserves a look, by line, with the reason: {result.report_path}")
    return 1 if bad else 0


def _export(context: Context, options: argparse.Namespace, acting: Acting) -> int:
    path = Path(options.file)
    bar = Progress("Exporting ")
    try:
        count = subscribers.export_file(acting, path, everybody=options.all, progress=bar)
    finally:
        bar.close()
    if context.json:
        context.print_json({"file": str(path), "readers": count})
        return 0
    print(f"{counted(count, 'reader')} written to {path}.")
    print("Your account alone can read it; delete it when it has served.")
    return 0


def _add(context: Context, options: argparse.Namespace, acting: Acting) -> int:
    from ..domain.cadence import Cadence

    added = subscribers.add(
        acting,
        _address(options),
        name=options.name,
        zone=options.zone,
        cadence=Cadence(options.cadence),
        asked_back=options.asked_back,
    )
    if context.json:
        context.print_json(
            {"id": added.subscriber_id, "already_there": added.already_there, "barred": added.barred or None}
        )
    elif added.barred:
        print(f"Not added: the address is barred ({added.barred}).")
        print("If the reader asked to come back: the same command with --asked-back.")
    elif added.already_there:
        done = "that they agreed again is written down" if added.agreed_again else "nothing was changed"
        print(f"The reader is on the list already; {done}.")
    else:
        print(f"Added, from the next item on, as reader {added.subscriber_id}; written down as added by you.")
    return 1 if added.barred else 0


def _erase(context: Context, options: argparse.Namespace, acting: Acting) -> int:
    erased = subscribers.erase(acting, _address(options))
    if context.json:
        left = erased.still_in_files
        context.print_json(
            {"was_on_the_list": bool(erased.subscriber_id), "id": erased.subscriber_id or None, "still_in_files": left}
        )
        return 0
    if erased.subscriber_id:
        print("Erased: address, name and zone are gone from the ledger.")
        print(f"Kept: the random id {erased.subscriber_id}, in the record of what went out, and a keyed hash of the")
    else:
        print("The address was not on the list. Kept: a keyed hash of the")
    print("address, by which a later import leaves it out. It cannot be turned back into the address.")
    _print_not_reached(context, erased.still_in_files)
    return 0


def _print_not_reached(context: Context, left: StillInFiles | None) -> None:
    """What an erasure cannot reach, said as it is."""
    from ..domain.subscriber import StillInFiles

    if left is not None:
        why = {
            StillInFiles.NOT_OWNER: "this account does not own its tables",
            StillInFiles.IN_USE: "its tables were in use all the time",
            StillInFiles.OLD_TRANSACTION: "a transaction that began before may still look at them",
        }[left]
        print(f"Not yet out of the database server's files: {why}. It is deleted, and its bytes may be there still;")
        print("as the owner of the tables: VACUUM (FULL) subscribers; VACUUM (FULL) suppressions;")
    print("Not reached from here: backups, files that were imported or exported, and the mail provider's own records.")
    if context.project.settings.database_url.startswith("postgres"):
        print("Nor, on PostgreSQL: its write-ahead log until that is recycled, archives of it, replicas, and dumps.")


def _count(context: Context, options: argparse.Namespace, acting: Acting) -> int:
    from ..services.doctor.check_letters import consents_words

    ledger = acting.ledger
    states, cadences, zones = (
        ledger.subscribers.count(),
        ledger.subscribers.count_by("cadence"),
        ledger.subscribers.count_by("zone"),
    )
    if context.json:
        context.print_json(readers_as_data(states, cadences, zones))
        return 0
    if not any(states.values()):
        print("No readers yet.")
        return 0
    print(", ".join(f"{n} {state}" for state, n in states.items()))
    print(", ".join(f"{n} {cadence}" for cadence, n in cadences.items()) or "Nobody is written to.")
    shown = [(zone or "the campaign's zone", n) for zone, n in list(zones.items())[:ZONES_SHOWN]]
    if rest := list(zones.values())[ZONES_SHOWN:]:
        shown.append((f"{len(rest)} more", sum(rest)))
    if shown:
        print(table(("zone", "readers"), shown))
    if to_example := ledger.subscribers.consents_to_example():
        print(f"{consents_words(to_example)}. See: subscribers consents")
    return 0


def _consents(context: Context, options: argparse.Namespace, acting: Acting) -> int:
    from ..services.doctor.check_letters import CONSENTS_TO_DO, consents_words

    found = acting.ledger.subscribers.consents_to_example()
    if options.out and found:
        subscribers.export_wrong_consents(acting, Path(options.out))
    if context.json:
        rows = [{"id": c.subscriber_id, "at": c.at, "state": str(c.state), "named": c.named} for c in found]
        context.print_json({"consents": rows})
        return 1 if found else 0
    if not found:
        print("No stored consent names the example organization.")
        return 0
    print(f"{consents_words(found)}.")
    shown = [(c.subscriber_id, f"{c.at:%Y-%m-%d %H:%M} UTC", _SINCE[c.state], c.named) for c in found]
    print(table(("reader", "agreed", "now", "to emails from"), shown))
    if options.out:
        print(f"Their addresses are in {options.out}. Your account alone can read it; delete it when it has served.")
    print(f"What to do: {CONSENTS_TO_DO}.")
    return 1


#: Where a reader stands who agreed to the wrong name.
_SINCE = {
    SubscriberState.ACTIVE: "is written to",
    SubscriberState.PAUSED: "pauses",
    SubscriberState.PENDING: "has not confirmed yet",
}


def _close_season(context: Context, options: argparse.Namespace, acting: Acting) -> int:
    campaign, keep = context.campaign_id, options.keep_who_asked
    season, closed = subscribers.close_season(
        acting, campaign, options.season, keep_who_asked=keep, everybody=options.all
    )
    if context.json:
        left = closed.still_in_files
        context.print_json(
            {"deleted": closed.deleted, "kept": closed.kept, "barred": closed.barred, "still_in_files": left}
        )
        return 0
    deleted = counted(closed.deleted, "reader")
    print(f"The list of {campaign} {season.year} is closed: {deleted} deleted, {closed.kept} kept.")
    print(f"Kept as keyed hashes: {counted(closed.barred, 'address', 'addresses')} not to be written to.")
    _print_not_reached(context, closed.still_in_files)
    return 0
