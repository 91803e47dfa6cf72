"""Send one real mail to one address, marked TEST: the last look before readers get it.

Its links lead to pages that know no such link, so nothing can be pressed by mistake. No delivery is touched; the
history keeps who sent which mail, not where to. In rehearsal mode nothing leaves this machine unless --via says so.
"""

from __future__ import annotations

import argparse

from ..domain.outcome import OutcomeKind
from ..services.send_test import send_test
from .arguments import add_campaign
from .context import Context

EPILOG = """examples:
  run.py send-test awareness-day --to ada@example.org
  run.py send-test letter-welcome --to ada@example.org --via email     (in rehearsal mode)"""

_ENDS = {
    OutcomeKind.ACCEPTED: (0, "It was accepted: look into the mailbox, and among the unwanted mail."),
    OutcomeKind.UNKNOWN: (1, "It may have gone out: look into the mailbox before you send another."),
    OutcomeKind.LATER: (4, "It was not sent; try again later."),
    OutcomeKind.FINAL: (4, "It was not sent."),
}


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    parser.add_argument("item", metavar="ITEM", help="an item's id, its date, a digest (digest-2027-01-04) or a letter")
    parser.add_argument("--to", required=True, metavar="ADDRESS", help="where the one mail goes")
    add_campaign(parser, word=False)
    parser.add_argument("--via", default="", metavar="CHANNEL", help="through this channel, in rehearsal mode too")
    parser.add_argument("--by", default="", metavar="NAME", help="who sends it (default: the name of your account)")


def run(context: Context, options: argparse.Namespace, name: str) -> int:
    with context.acting() as acting:
        tested = send_test(
            acting, context.campaign_id, options.season, options.item, to=options.to, via=options.via.strip()
        )
    status, words = _ENDS[tested.outcome.kind]
    if context.json:
        context.print_json(
            {
                "item": tested.message.item,
                "channel": tested.channel,
                "digest": tested.message.digest,
                "outcome": str(tested.outcome.kind),
                "reference": tested.outcome.reference,
                "detail": tested.outcome.detail,
            }
        )
        return status
    print(f"{tested.message.item} went to {tested.channel}, to one address, marked TEST. {words}")
    if tested.outcome.kind is not OutcomeKind.ACCEPTED:
        print(f"The provider says: {tested.outcome.detail}.")
    print("No delivery was touched.")
    return status
