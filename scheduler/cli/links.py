"""Can readers leave? Ask the address in their unsubscribe links (check); say that a person has seen it (confirm).

Emails wait while that address does not lead to this program's pages. Where this machine cannot reach its own public
address, a person opens the page once a season on another network, and types the code that it shows.
"""

from __future__ import annotations

import argparse

from ..domain.leave_page import LeavePage, found_words, page_address
from ..services.outside import ask_for_leave_page, confirm_leave_page
from ..wiring import open_ledger
from .arguments import add_campaign
from .context import Context

EPILOG = """examples:
  run.py links check
  run.py links confirm K7QM-3XPA --by "Ada Example\""""


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="check|confirm")
    acts.add_parser("check", help="ask the address now; reads and changes nothing of a reader")
    confirm = acts.add_parser("confirm", help="say that a person has seen the page, by the code that it shows")
    confirm.add_argument("code", metavar="CODE", help="the code")
    add_campaign(confirm, word=False)
    confirm.add_argument("--by", default="", metavar="NAME", help="who says so (default: the name of your account)")


def run(context: Context, options: argparse.Namespace, name: str) -> int:
    project = context.project
    address = page_address(project.settings.public_url)
    if options.act == "confirm":
        with context.acting() as acting:
            season = confirm_leave_page(acting, context.campaign_id, options.season, options.code)
        by = acting.actor.name
        if context.json:
            context.print_json({"address": address, "season": season, "confirmed_by": by})
        else:
            print(f"{by} has seen the page at {address}: emails of season {season} go out though this machine cannot.")
        return 0
    ledger = open_ledger(project) if project.ledger_exists() else None
    try:
        found = ask_for_leave_page(project, ledger)
    finally:
        if ledger is not None:
            ledger.close()
    said, to_do = found_words(found, project.settings.public_url)
    if context.json:
        context.print_json({"address": address, "found": str(found.page), "said": said, "to_do": to_do})
        return int(found.is_bad)
    print(f"{said}.")
    if to_do:
        print(f"What to do: {to_do}.")
    if found.page is LeavePage.NOT_ASKED:
        print("A rehearsal, a sandbox and a pretended day ask this machine alone; an example address is nobody's.")
    return int(found.is_bad)
