"""Settle a delivery that is unknown: a person has looked at the provider, and says whether it went out.

sent: it stands as sent and never goes out again. not-sent: it goes out again, if its window is open.
"""

from __future__ import annotations

import argparse

from ..domain.words import day_words, local_words
from ..operating.as_data import settled_as_data
from .context import Context

EPILOG = """examples:
  run.py resolve 21 --as sent --reference 1789012345678901234 --by "Ada Example"
  run.py resolve 21 --as not-sent --by "Ada Example"
Look first: at the account on X, or in SendGrid under Activity. The number is that of `deliveries`."""


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument("id", type=int, metavar="ID", help="the delivery's number, as `deliveries` shows it")
    parser.add_argument("--as", dest="verdict", required=True, choices=("sent", "not-sent"), help="what you found")
    parser.add_argument("--reference", default="", metavar="R", help="the provider's id of it, where you found one")
    parser.add_argument("--batch", type=int, metavar="N", help="only this batch of a mailing (default: all in doubt)")
    parser.add_argument("--by", default="", metavar="NAME", help="who says so (default: the name of your account)")


def run(context: Context, options: argparse.Namespace, name: str) -> int:
    project = context.project
    by = options.by.strip() or project.login_name()
    settled = project.resolve(
        options.id, sent=options.verdict == "sent", reference=options.reference.strip(), batch=options.batch, by=by
    )
    delivery = settled.delivery
    if context.json:
        context.print_json(settled_as_data(settled, by=by))
        return 0
    what = f"{delivery.item} on {delivery.channel}, {day_words(delivery.on)}"
    print(f"Settled by {by}: {what}: {'it went out' if settled.sent else 'it did not go out'}.")
    if settled.sent:
        print("It stands as sent, and never goes out again.")
    elif settled.goes_out_again:
        zone = project.load(delivery.campaign)[0].time_zone
        print(f"It goes out again at the next pass: its window is open until {local_words(delivery.expires_at, zone)}.")
        print("To keep it from going: hold --reason '...'")
    else:
        print("Its window has closed, so it does not go out any more; it will stand as missed.")
    return 0
