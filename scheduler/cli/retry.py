"""Another try of what certainly did not go out: keys were renewed, or a message that was refused was corrected.

It goes at the next pass, while its window is open, and only when everything that a live send needs holds.
"""

from __future__ import annotations

import argparse

from ..domain.formatting import day_words, local_words
from ..services import reconcile
from ..services.seasons import read_campaign
from .context import Context

EPILOG = """example:
  run.py retry 21 --by "Ada Example"
`status` says what has failed and why. What is unknown may have gone out: that is settled with resolve."""


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument("id", type=int, metavar="ID", help="the delivery's number, as `status` shows it")
    parser.add_argument("--by", default="", metavar="NAME", help="who says so (default: the name of your account)")


def run(context: Context, options: argparse.Namespace, name: str) -> int:
    from ..services.ledger_data import delivery_as_data

    with context.acting() as acting:
        delivery = reconcile.retry(acting, options.id)
    zone = read_campaign(context.project, delivery.campaign)[0].time_zone
    if context.json:
        context.print_json(delivery_as_data(delivery, zone))
        return 0
    by = acting.actor.name
    print(f"Asked for by {by}: another try of {delivery.item} on {delivery.channel}, {day_words(delivery.on)}.")
    print(f"It goes at the next pass, until {local_words(delivery.expires_at, zone)}.")
    return 0
