"""The ledger looked after: upgraded, copied, put back, its keys."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ..domain.formatting import counted, day_words, utc_words
from ..errors import NeedsAPerson, UsageError
from ..project import campaign_ids
from ..services import database, outside
from .arguments import OF_A_CAMPAIGN, argument, by, command, group
from .command_context import CommandContext
from .output import displaced_lines, without_folder_lines

if TYPE_CHECKING:
    from ..services.database import ProviderAnswer
    from ..store.backup import Backup
    from ..store.migrate import Upgraded

#: Tables whose rows a person would count.
_SHOWN = ("deliveries", "batches", "recipients", "attempts", "approvals", "holds", "subscribers", "events")
_BY = by("who says so")

group(
    "db",
    about="""
The database: bring it to the newest form (upgrade), copy it in use (backup), say where it is from (restored, moved).
Its secret key: sign with a new one (rotate-key), say that one is lost for good (lost-key). Its numbers of readers and
mails: count them anew (recount).

A clock that is behind the ledger stops everything; where it is right and was ahead before, say so (clock-was-ahead).
A backup that is put back sends nothing that was due when it was put back: it may have gone out already. A copy, or an
older state, sends nothing at all before a person has said what happened.""",
    examples="""examples:
  run.py db upgrade
  run.py db upgrade --dumped                (PostgreSQL, after pg_dump)
  run.py db backup /mnt/backups/observance.db
  run.py db restored --of 2027-01-09T03:00-05:00 --by "Ada Example"
  run.py db clock-was-ahead --by "Ada Example"
  run.py db rotate-key --by "Ada Example"
  run.py db lost-key --by "Ada Example"
  run.py db moved --by "Ada Example"
  run.py db recount --by "Ada Example"
How to put a backup back: docs/howto/back-up-and-restore.md""",
)


def _who(context: CommandContext) -> str:
    return context.options.by.strip() or context.project.login_name()


@command(
    "db upgrade",
    argument("--dumped", action="store_true", help="PostgreSQL: say that you made a copy with pg_dump"),
    argument("--others-stopped", action="store_true", help="PostgreSQL: say that what else is connected sends nothing"),
    argument("--yes", action="store_true", help="the lists are right, and the ledger is at home here: do not ask"),
    OF_A_CAMPAIGN,
    _BY,
)
def upgrade(context: CommandContext, options: argparse.Namespace) -> int:
    """Bring it to the newest form; a copy of a SQLite ledger is made first."""
    dumped, stopped = options.dumped, options.others_stopped
    rest = context.campaign_id if context.named_campaign is not None else ""

    def agree(lists: Mapping[str, int]) -> None:
        _agree_to_lists(context, lists)

    upgraded, copy = database.upgrade_database(
        context.project, dumped=dumped, others_stopped=stopped, rest=rest, agree=agree
    )
    before = upgraded.before
    context.say(*_upgrade_lines(upgraded, copy))
    without = database.lists_without_folder(context.project)
    context.say(*without_folder_lines(without))
    at_home = _make_at_home(context)
    data = {
        "upgraded": True,
        "changed": upgraded.changed,
        "from": before.revision or None,
        "from_form": None if before.is_empty else before.form,
        "to": upgraded.revision,
        "copy": str(copy.path) if copy else None,
        "rows": dict(upgraded.rows),
        "lists": dict(upgraded.lists),
        "lists_without_folder": dict(without),
        "at_home": at_home,
    }
    return context.answer(data, status=int(not at_home))


def _upgrade_lines(upgraded: Upgraded, copy: Backup | None) -> list[str]:
    before, rows = upgraded.before, upgraded.rows
    if not upgraded.changed:
        return [f"The database is in its newest form (schema {upgraded.revision})."]
    if before.is_empty:
        return [f"The database was empty; it has its tables now (schema {upgraded.revision})."]
    copied = copy and [
        f"Copied first: {copy.path} ({copy.size:,} bytes, looked through).",
        "It holds the readers' addresses: delete it when the upgraded ledger has served for some days.",
    ]
    shown = [f"{rows[name]:,} {name}" for name in _SHOWN if name in rows]
    return [
        *(copied or ()),
        f"Upgraded from {before.in_words} to schema {upgraded.revision}.",
        f"Every row is there, as many as before: {', '.join(shown)}.",
        *(f"On the list of {campaign}: {counted(n, 'reader')}." for campaign, n in upgraded.lists.items()),
        "Next: `status`, then `start`.",
    ]


def _agree_to_lists(context: CommandContext, lists: Mapping[str, int]) -> None:
    """From here on each campaign has readers of its own: a person sees how many, and says yes."""
    if not lists or context.options.yes:
        return
    known = campaign_ids(context.project.root)
    shown = [
        f"{campaign}: {counted(number, 'reader')}{'' if campaign in known else ' (it has no folder in campaigns/)'}"
        for campaign, number in lists.items()
    ]
    if context.json or not sys.stdin.isatty():
        raise NeedsAPerson(
            f"each campaign gets a list of its own ({'; '.join(shown)}), and nobody has said yes; nothing was changed",
            hint="look at the numbers; if they are right: `db upgrade --yes`",
        )
    print("From this release on each campaign has a list of its own. This ledger's readers would be on:")
    print(*(f"  {line}" for line in shown), sep="\n")
    if input("Is that right? (yes/no) ").strip().casefold() not in ("y", "yes"):
        raise NeedsAPerson(
            "you did not say yes; nothing was changed",
            hint="who is on which list follows from the mails that each reader has had; those who had none are put on "
            "the list that `--campaign NAME` names",
        )


def _make_at_home(context: CommandContext) -> bool:
    """A ledger from before there were marks outside: it is at home here if a person says so. Whether it is settled."""
    unmarked = database.unmarked_ledger(context.project)
    if unmarked is None:
        return True
    if not context.options.yes:
        where, last_at = unmarked
        print(f"This ledger, {where}, has sent; its last call was at {utc_words(last_at)}.")
        print("If it is the one that sends, and no copy of it or older state of it, it is marked as at home here.")
        if context.json or not sys.stdin.isatty() or input("Is it? (yes/no) ").strip().casefold() not in ("y", "yes"):
            print("Not marked, so nothing is sent from it. When you are sure: db upgrade --yes --by NAME")
            return False
    database.mark_moved(context.project, _who(context))
    return True


def _key_file(context: CommandContext) -> str:
    return f"{context.project.settings.var}/secret.key"


@command("db backup", argument("file", metavar="FILE", help="where to; an earlier backup there is replaced"))
def backup(context: CommandContext, options: argparse.Namespace) -> int:
    """Copy a SQLite ledger to FILE while it is in use."""
    made, key = database.back_up(context.project, Path(options.file)), _key_file(context)
    return context.answer(
        {"file": str(made.path), "bytes": made.size, "events": made.events, "copied_at": made.copied_at},
        f"Backed up to {made.path}: {made.size:,} bytes, {made.events:,} lines of history, looked through.",
        "It holds the readers' addresses: keep it as safe as the ledger. The secret key is not in it:",
        f"{key} and {key}.old, or OBSERVANCE_SECRET_KEY; keep a copy of that too.",
        "Without it a ledger that is put back sends nothing, and knows nobody again who was erased.",
    )


@command(
    "db restored",
    argument("--of", required=True, metavar="TIME", help="when that was made: 2027-01-09T03:00-05:00"),
    _BY,
)
def restored(context: CommandContext, options: argparse.Namespace) -> int:
    """Say that this database was put back from another kind of copy."""
    asked = database.mark_restored(context.project, _instant(options.of), _who(context))
    lines = ["At the next `start` or `tick`, nothing that is due by then goes out: it may have gone out already."]
    for one in asked:
        lines += [
            f"- {one.delivery.item} on {one.delivery.channel}, {day_words(one.delivery.on)}: {_answer_words(one)}.",
            f"  Then, after that start: {_settles(one)}",
        ]
    return context.answer(
        {"copied_at": options.of, "asked": [_asked_as_data(one) for one in asked]},
        *lines,
        "Next: `status` lists it; settle each with `resolve ID --as sent|not-sent`.",
    )


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise UsageError(f"{text!r} is no instant with a time zone", hint="write for example 2027-01-09T03:00-05:00")
    return at


def _answer_words(asked: ProviderAnswer) -> str:
    """What a provider says of what may have gone out, in words."""
    from ..channels.registry import CHANNELS
    from ..services.database import SECONDS, NotAsked

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


def _settles(asked: ProviderAnswer) -> str:
    """The command that settles it, as far as what was said is enough."""
    if asked.known and asked.known == asked.calls:
        reference = f" --reference {asked.reference}" if asked.reference else ""
        return f"resolve {asked.delivery.id} --as sent{reference} --by NAME"
    return f"resolve {asked.delivery.id} --as sent|not-sent --by NAME, when you have looked"


def _asked_as_data(asked: ProviderAnswer) -> dict[str, object]:
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


@command("db moved", _BY)
def moved(context: CommandContext, options: argparse.Namespace) -> int:
    """Say that this ledger is at home here now, and nowhere else."""
    displaced = database.mark_moved(context.project, _who(context))
    if displaced is not None:
        return context.answer({"moved": True, "displaced": displaced.message}, *displaced_lines(displaced), status=1)
    return context.answer(
        {"moved": True, "displaced": None},
        "This ledger is at home here now: what is due goes at the next pass. Its copies on this machine send",
        "nothing any more; on another machine see to it yourself that nothing runs there.",
    )


@command("db rotate-key", by("who does it"))
def rotate_key(context: CommandContext, options: argparse.Namespace) -> int:
    """Sign with a new secret key from now on; old links stay good."""
    old = database.rotate_key(context.project, by=_who(context))
    return context.answer(
        {"old_keys": str(old)},
        "Links are signed with a new key from now on; those in mails that went out stay good.",
        f"The new key is in {_key_file(context)}, the old ones in {old.name} beside it: keep a copy of both.",
        "Copy both to each other machine that uses this ledger, and start what you stopped.",
    )


@command("db lost-key", argument("--by", required=True, metavar="NAME", help="who says so"))
def lost_key(context: CommandContext, options: argparse.Namespace) -> int:
    """Say that a secret key which the ledger needs is lost for good."""
    who = options.by.strip()
    lost, barred = database.give_up_keys(context.project, by=who)
    gone = [
        f"Erased, or barred when a list was closed, and not known again: {counted(barred, 'address', 'addresses')}.",
        "Take them out of a file before you import it; `import` asks.",
    ]
    return context.answer(
        {"given_up": lost, "barred_and_not_known_again": barred},
        f"Given up: {counted(lost, 'key')}, by {who}; the history says so.",
        "Links in mails that went out do not work any more: take out whoever writes to you to leave.",
        *(gone if barred else ()),
    )


@command("db recount", by("who does it"))
def recount(context: CommandContext, options: argparse.Namespace) -> int:
    """Count readers, barred addresses, mails and reports anew."""
    wrong = database.recount(context.project, _who(context))
    lines = ["Every number of readers, barred addresses, mails and reports is what counting gives."]
    if wrong:
        lines = [f"{counted(len(wrong), 'number')} said something else than counting gives. Counted anew."]
        lines += ["Somebody or something wrote to the database past the program: keep a copy of it, and see who."]
    return context.answer({"mended": len(wrong)}, *lines, status=int(bool(wrong)))


@command("db clock-was-ahead", _BY)
def clock_was_ahead(context: CommandContext, options: argparse.Namespace) -> int:
    """Say that the clock is right, and was ahead for a while."""
    outside.clock_was_ahead(context.acting())
    now = context.project.clock.now()
    return context.answer(
        {"clock": "right", "now": now},
        f"The clock counts as right: it is {utc_words(now)}. What the ledger has of",
        "later instants was written by a clock that was ahead. Sending goes on at the next pass.",
    )
