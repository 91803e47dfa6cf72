"""The database: bring it to the newest form (upgrade), copy it in use (backup), say where it is from (restored, moved).
Its secret key: sign with a new one (rotate-key), say that one is lost for good (lost-key).

A clock that is behind the ledger stops everything; where it is right and was ahead before, say so (clock-was-ahead).
A backup that is put back sends nothing that was due when it was put back: it may have gone out already. A copy, or an
older state, sends nothing at all before a person has said what happened.
"""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ..domain.formatting import counted, day_words
from ..errors import UsageError
from ..services.database import (
    back_up,
    give_up_keys,
    mark_moved,
    mark_restored,
    rotate_key,
    unmarked_ledger,
    upgrade_database,
)
from ..services.outside import clock_was_ahead
from .context import Context
from .displaced import print_displaced

if TYPE_CHECKING:
    from ..services.ask_providers import Asked
    from ..services.database import UpgradeDone

EPILOG = """examples:
  run.py db upgrade
  run.py db upgrade --dumped                (PostgreSQL, after pg_dump)
  run.py db backup /mnt/backups/observance.db
  run.py db restored --of 2027-01-09T03:00-05:00 --by "Ada Example"
  run.py db clock-was-ahead --by "Ada Example"
  run.py db rotate-key --by "Ada Example"
  run.py db lost-key --by "Ada Example"
  run.py db moved --by "Ada Example"
How to put a backup back: docs/howto/back-up-and-restore.md"""


#: Tables whose rows a person would count.
_SHOWN = ("deliveries", "batches", "recipients", "attempts", "approvals", "holds", "subscribers", "events")


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    names = "upgrade|backup|restored|moved|rotate-key|lost-key|clock-was-ahead"
    actions = parser.add_subparsers(dest="action", required=True, metavar=names)
    upgrade = actions.add_parser("upgrade", help="bring it to the newest form; a copy of a SQLite ledger is made first")
    upgrade.add_argument("--dumped", action="store_true", help="PostgreSQL: say that you made a copy with pg_dump")
    upgrade.add_argument(
        "--others-stopped", action="store_true", help="PostgreSQL: say that what else is connected sends nothing"
    )
    upgrade.add_argument("--yes", action="store_true", help="a ledger that has sent is at home here: do not ask")
    upgrade.add_argument("--by", default="", metavar="NAME", help="who says so (default: the name of your account)")
    backup = actions.add_parser("backup", help="copy a SQLite ledger to FILE while it is in use")
    backup.add_argument("file", metavar="FILE", help="where to; an earlier backup there is replaced")
    restored = actions.add_parser("restored", help="say that this database was put back from another kind of copy")
    restored.add_argument("--of", required=True, metavar="TIME", help="when that was made: 2027-01-09T03:00-05:00")
    restored.add_argument("--by", default="", metavar="NAME", help="who says so (default: the name of your account)")
    ahead = actions.add_parser("clock-was-ahead", help="say that the clock is right, and was ahead for a while")
    ahead.add_argument("--by", default="", metavar="NAME", help="who says so (default: the name of your account)")
    rotate = actions.add_parser("rotate-key", help="sign with a new secret key from now on; old links stay good")
    rotate.add_argument("--by", default="", metavar="NAME", help="who does it (default: the name of your account)")
    lost = actions.add_parser("lost-key", help="say that a secret key which the ledger needs is lost for good")
    lost.add_argument("--by", required=True, metavar="NAME", help="who says so")
    moved = actions.add_parser("moved", help="say that this ledger is at home here now, and nowhere else")
    moved.add_argument("--by", default="", metavar="NAME", help="who says so (default: the name of your account)")


def run(context: Context, options: argparse.Namespace, name: str) -> int:
    project = context.project
    if options.action == "upgrade":
        return int(not _upgrade(context, options))
    if options.action == "moved":
        displaced = mark_moved(project, options.by.strip() or project.login_name())
        if context.json:
            context.print_json({"moved": True, "displaced": displaced.message if displaced else None})
        elif displaced is None:
            print("This ledger is at home here now: what is due goes at the next pass. Its copies on this machine send")
            print("nothing any more; on another machine see to it yourself that nothing runs there.")
        else:
            print_displaced(displaced)
        return int(displaced is not None)
    if options.action == "rotate-key":
        kept = rotate_key(project, by=options.by.strip() or project.login_name())
        if context.json:
            context.print_json({"old_keys": str(kept)})
        else:
            print("Links are signed with a new key from now on; those in mails that went out stay good.")
            print(f"The new key is in var/secret.key, the old ones in {kept.name} beside it: keep a copy of both.")
            print("Copy both to each other machine that uses this ledger, and start what you stopped.")
    elif options.action == "lost-key":
        lost, barred = give_up_keys(project, by=options.by.strip())
        if context.json:
            context.print_json({"given_up": lost, "barred_and_not_known_again": barred})
        else:
            print(f"Given up: {counted(lost, 'key')}, by {options.by.strip()}; the history says so.")
            print("Links in mails that went out do not work any more: take out whoever writes to you to leave.")
            if barred:
                gone = counted(barred, "address", "addresses")
                print(f"Erased, or barred when a list was closed, and not known again: {gone}.")
                print("Take them out of a file before you import it; `import` asks.")
    elif options.action == "backup":
        made = back_up(project, Path(options.file))
        if context.json:
            context.print_json(
                {"file": str(made.path), "bytes": made.size, "events": made.events, "copied_at": made.copied_at}
            )
        else:
            print(f"Backed up to {made.path}: {made.size:,} bytes, {made.events:,} lines of history, looked through.")
            print("It holds the readers' addresses: keep it as safe as the ledger. The secret key is not in it:")
            print("var/secret.key and var/secret.key.old, or OBSERVANCE_SECRET_KEY; keep a copy of that too.")
            print("Without it a ledger that is put back sends nothing, and knows nobody again who was erased.")
    elif options.action == "clock-was-ahead":
        with context.acting() as acting:
            clock_was_ahead(acting)
        if context.json:
            context.print_json({"clock": "right", "now": project.clock.now()})
        else:
            print(f"The clock counts as right: it is {project.clock.now():%Y-%m-%d %H:%M} UTC. What the ledger has of")
            print("later instants was written by a clock that was ahead. Sending goes on at the next pass.")
    else:
        asked = mark_restored(project, _instant(options.of), options.by.strip() or project.login_name())
        if context.json:
            context.print_json({"copied_at": options.of, "asked": [_asked_as_data(one) for one in asked]})
        else:
            print("At the next `start` or `tick`, nothing that is due by then goes out: it may have gone out already.")
            for one in asked:
                what = f"{one.delivery.item} on {one.delivery.channel}, {day_words(one.delivery.on)}"
                print(f"- {what}: {_said_of(one)}.")
                print(f"  Then, after that start: {_settles(one)}")
            print("Next: `status` lists it; settle each with `resolve ID --as sent|not-sent`.")
    return 0


def _said_of(asked: Asked) -> str:
    """What a provider says of what may have gone out, in words."""
    from ..channels.registry import CHANNELS
    from ..services.ask_providers import SECONDS, NotAsked

    if asked.why_not is not None:
        return {
            NotAsked.CANNOT_BE: "it cannot be asked; look there yourself (a mail server's log has the Message-IDs)",
            NotAsked.STAYS_HERE: "not asked, because a rehearsal or a pretended day asks nobody outside this machine",
            NotAsked.NO_CHANNEL: "not asked, because the channel is switched off or its keys are not there",
            NotAsked.NOT_KNOWN: "not asked, because its message, or who would have got it, is not known here any more",
            NotAsked.NO_TIME: f"not asked: the answers took {SECONDS:.0f} seconds in all; look there yourself",
        }[asked.why_not]
    if not asked.known:
        return f"cannot tell: {asked.detail}"
    spec = CHANNELS[asked.provider]
    if spec.kind == "post":
        return f"{spec.title} has it: {spec.link(asked.reference) or asked.reference}"
    rest = "" if asked.asked == asked.calls else f" ({asked.calls - asked.asked} not asked: no time)"
    return f"{spec.title}'s log knows {asked.known} of {counted(asked.calls, 'call')}{rest}"


def _settles(asked: Asked) -> str:
    """The command that settles it, as far as what was said is enough."""
    if asked.known and asked.known == asked.calls:
        reference = f" --reference {asked.reference}" if asked.reference else ""
        return f"resolve {asked.delivery.id} --as sent{reference} --by NAME"
    return f"resolve {asked.delivery.id} --as sent|not-sent --by NAME, when you have looked"


def _asked_as_data(asked: Asked) -> dict[str, object]:
    return {
        "delivery": asked.delivery.id,
        "item": asked.delivery.item,
        "channel": asked.delivery.channel,
        "provider": asked.provider,
        "calls": asked.calls,
        "asked": asked.asked,
        "known": asked.known,
        "reference": asked.reference or None,
        "why_not": asked.why_not,
        "detail": asked.detail,
    }


def _upgrade(context: Context, options: argparse.Namespace) -> bool:
    """Whether nothing is left to be said by a person."""
    done = upgrade_database(context.project, dumped=options.dumped, others_stopped=options.others_stopped)
    if not context.json:
        _print_upgraded(done)
    settled = _make_at_home(context, options)
    before, rows = done.upgraded.before, done.upgraded.rows
    if context.json:
        context.print_json(
            {
                "upgraded": True,
                "changed": done.upgraded.changed,
                "from": before.revision or None,
                "from_form": None if before.is_empty else before.form,
                "to": done.upgraded.revision,
                "copy": str(done.copy.path) if done.copy else None,
                "rows": dict(rows),
                "at_home": settled,
            }
        )
    return settled


def _print_upgraded(done: UpgradeDone) -> None:
    before, rows = done.upgraded.before, done.upgraded.rows
    if not done.upgraded.changed:
        print(f"The database is in its newest form (schema {done.upgraded.revision}).")
        return
    if before.is_empty:
        print(f"The database was empty; it has its tables now (schema {done.upgraded.revision}).")
        return
    if done.copy is not None:
        print(f"Copied first: {done.copy.path} ({done.copy.size:,} bytes, looked through).")
        print("It holds the readers' addresses: delete it when the upgraded ledger has served for some days.")
    print(f"Upgraded from {before.in_words}, to schema {done.upgraded.revision}.")
    shown = [f"{rows[name]:,} {name}" for name in _SHOWN if name in rows]
    print(f"Every row is there, as many as before: {', '.join(shown)}.")
    print("Next: `status`, then `start`.")


def _make_at_home(context: Context, options: argparse.Namespace) -> bool:
    """A ledger from before there were marks outside: it is at home here if a person says so. Whether it is settled."""
    project = context.project
    found = unmarked_ledger(project)
    if found is None:
        return True
    where, last_at = found
    if not options.yes:
        print(f"This ledger, {where}, has sent; its last call was at {last_at:%Y-%m-%d %H:%M} UTC.")
        print("If it is the one that sends, and no copy of it or older state of it, it is marked as at home here.")
        if context.json or not sys.stdin.isatty() or input("Is it? (yes/no) ").strip().casefold() not in ("y", "yes"):
            print("Not marked, so nothing is sent from it. When you are sure: db upgrade --yes --by NAME")
            return False
    mark_moved(project, options.by.strip() or project.login_name())
    return True


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise UsageError(f"{text!r} is no instant with a time zone", hint="write for example 2027-01-09T03:00-05:00")
    return at
