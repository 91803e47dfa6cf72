"""The ledger: each delivery with its state, its instants, its counts and the reason."""

from __future__ import annotations

import argparse

from ..domain.delivery import State
from ..operating.as_data import delivery_as_data, doubts_first
from .context import Context, add_campaign
from .term import table

EPILOG = """examples:
  run.py deliveries
  run.py deliveries --state unknown"""


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    add_campaign(parser)
    parser.add_argument("--state", choices=[s.value for s in State], help="only those in this state")
    parser.add_argument("--mode", choices=("rehearsal", "live"), help="default: the mode of the settings")


def run(context: Context, options: argparse.Namespace, name: str) -> int:
    project = context.project
    season = context.season
    mode = options.mode or project.settings.mode.value
    ledger = project.open_ledger()
    try:
        found = ledger.deliveries(mode, context.campaign_id, season.year)
    finally:
        ledger.close()
    if options.state:
        found = tuple(d for d in found if d.state.value == options.state)
    found = tuple(doubts_first(found))  # they need a person
    if context.json:
        context.print_json([delivery_as_data(d) for d in found])
    elif not found:
        print(
            f"No {mode} deliveries of season {season.year}" + (f" are {options.state}." if options.state else " yet.")
        )
    else:
        rows = [
            (d.id, d.on, d.channel, d.item, d.state.value, f"{d.counts.accepted}/{d.counts.frozen}", d.note)
            for d in found
        ]
        print(table(("id", "date", "channel", "item", "state", "accepted", "note"), rows))
    return int(any(d.state is State.UNKNOWN for d in found))
