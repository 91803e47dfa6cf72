"""Settle a delivery that is unknown: a person has looked at the provider, and says whether it went out.

Of a mailing by SMTP a reader alone may be in doubt: --doubts lists them, --reader settles one, and --mail-log settles
what the mail server's log (Postfix) proves.
sent: it stands as sent and never goes out again. not-sent: it goes out again, if its window is open.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from ..domain.formatting import day_words, local_words
from ..errors import UsageError
from ..services import reconcile
from ..services.context import Context as Acting
from ..services.seasons import read_campaign
from .context import Context
from .terminal import table

EPILOG = """examples:
  run.py resolve 21 --as sent --reference 1789012345678901234 --by "Ada Example"
  run.py resolve 21 --as not-sent --by "Ada Example"
  run.py resolve 22 --doubts
  run.py resolve 22 --reader 5f1c --as sent --by "Ada Example"
  run.py resolve 22 --mail-log /var/log/mail.log --by "Ada Example"
Look first: at the account on the network, or in the mail provider's records. The number is that of `deliveries`."""


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument("id", type=int, metavar="ID", help="the delivery's number, as `deliveries` shows it")
    parser.add_argument("--as", dest="verdict", choices=("sent", "not-sent"), help="what you found")
    parser.add_argument("--reference", default="", metavar="R", help="the provider's id of it, where you found one")
    parser.add_argument("--batch", type=int, metavar="N", help="only this batch of a mailing (default: all in doubt)")
    parser.add_argument("--reader", default="", metavar="READER", help="only this reader's mail, by the reader's id")
    parser.add_argument("--mail-log", default="", metavar="FILE", help="settle what this log of Postfix proves")
    parser.add_argument("--doubts", action="store_true", help="list what is in doubt: batch, send id, reader")
    parser.add_argument("--by", default="", metavar="NAME", help="who says so (default: the name of your account)")


def run(context: Context, options: argparse.Namespace, name: str) -> int:
    with context.acting() as acting:
        if options.doubts:
            return _list(context, acting, options)
        if options.mail_log:
            return _by_log(context, acting, options)
        if options.verdict is None:
            hint = "or --mail-log FILE, or --doubts to see them"
            raise UsageError("resolve needs --as sent or --as not-sent", hint=hint)
        return _resolve(context, acting, options)


def _resolve(context: Context, acting: Acting, options: argparse.Namespace) -> int:
    by, sent = acting.actor.name, options.verdict == "sent"
    if options.reader:
        reconcile.resolve_subscriber(acting, options.id, options.reader, sent=sent)
        if context.json:
            context.print_json({"delivery": options.id, "reader": options.reader, "sent": sent, "by": by})
        else:
            print(f"Settled by {by}: reader {options.reader}: {'it went out' if sent else 'it did not go out'}.")
        return 0
    settled = reconcile.resolve(acting, options.id, sent=sent, reference=options.reference, batch=options.batch)
    delivery = settled.delivery
    if context.json:
        context.print_json(reconcile.settled_as_data(settled, by=by))
        return 0
    what = f"{delivery.item} on {delivery.channel}, {day_words(delivery.on)}"
    print(f"Settled by {by}: {what}: {'it went out' if settled.sent else 'it did not go out'}.")
    if settled.sent:
        print("It stands as sent, and never goes out again.")
    elif settled.goes_out_again:
        zone = read_campaign(context.project, delivery.campaign)[0].time_zone
        print(f"It goes out again at the next pass: its window is open until {local_words(delivery.expires_at, zone)}.")
        print("To keep it from going: hold --reason '...'")
    else:
        print("Its window has closed, so it does not go out any more; it will stand as missed.")
    return 0


def _list(context: Context, acting: Acting, options: argparse.Namespace) -> int:
    rows = reconcile.in_doubt(acting, options.id)
    if context.json:
        names = ("batch", "send_id", "process", "reader")
        context.print_json([dict(zip(names, row, strict=True)) for row in rows])
    elif rows:
        print(table(("batch", "send id", "process", "reader"), rows))
        print("The Message-ID of a mail begins with its send id and reader: SEND-ID.READER@...")
        print("The journal of a process that was killed is read by the next start on its machine.")
    else:
        print(f"Nothing is in doubt about delivery {options.id}.")
    return int(bool(rows))


def _by_log(context: Context, acting: Acting, options: argparse.Namespace) -> int:
    by, verdict = acting.actor.name, reconcile.resolve_by_log(acting, options.id, Path(options.mail_log))
    if context.json:
        context.print_json(
            {"sent": list(verdict.sent), "not_sent": list(verdict.not_sent), "open": dict(verdict.open), "by": by}
        )
    else:
        print(f"Settled by {by}, by the log: {len(verdict.sent)} went out, {len(verdict.not_sent)} did not.")
        for subscriber, words in verdict.open.items():
            print(
                f"Not settled: reader {subscriber}: {words}. Then: resolve {options.id} --reader {subscriber} --as ..."
            )
    return int(bool(verdict.open))
