"""The ledger: each delivery with its state, its counts and the reason; one of them with each of its calls."""

from __future__ import annotations

import argparse
from contextlib import closing
from zoneinfo import ZoneInfo

from ..domain.delivery import State
from ..domain.delivery_words import count_words, state_words, told, told_in_full
from ..domain.formatting import counted, local_words
from ..domain.reason_words import in_words
from ..domain.records import Batch, Delivery
from ..domain.season_key import SeasonKey
from ..errors import UsageError
from ..services.ledger_data import batch_as_data, delivery_as_data, doubts_first, from_today
from ..services.seasons import read_campaign
from ..wiring import open_ledger
from .arguments import add_campaign
from .context import Context
from .terminal import table

EPILOG = """examples:
  run.py deliveries
  run.py deliveries --state unknown
  run.py deliveries 21                each call of delivery 21: its number, its send id, its state and the reason"""


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    add_campaign(parser, metavar="CAMPAIGN|ID")
    parser.add_argument("--all", action="store_true", help="also what was due before today")
    parser.add_argument("--state", choices=[s.value for s in State], help="only those in this state")
    parser.add_argument("--mode", choices=("rehearsal", "live"), help="default: the mode of the settings")


def run(context: Context, options: argparse.Namespace, name: str) -> int:
    if (options.campaign_word or "").isdecimal():
        return _one(context, int(options.campaign_word))
    project = context.project
    season = context.season
    mode = options.mode or project.settings.mode.value
    with closing(open_ledger(project)) as ledger:
        found = ledger.deliveries.of_season(mode, SeasonKey(context.campaign_id, season.year))
    if options.state:
        found = tuple(d for d in found if d.state.value == options.state)
    found = tuple(doubts_first(found))  # they need a person
    zone = read_campaign(project, context.campaign_id)[0].time_zone
    every, today = found, project.clock.now().astimezone(ZoneInfo(zone)).date()
    if not (options.all or options.state):
        found = tuple(from_today(every, today))
    if context.json:
        found = every
        context.print_json([delivery_as_data(d, zone) for d in found])
    elif not found:
        which = f"are {state_words(State(options.state))}" if options.state else "yet"
        print(f"No {mode} deliveries of season {season.year} {which}.")
    else:
        rows = [
            (d.id, d.on, d.channel, d.item, state_words(d.state), count_words(d.counts), told(d, zone)) for d in found
        ]
        print(table(("id", "date", "channel", "item", "state", "accepted", "note"), rows))
        if left := len(every) - len(found):
            print(f"From today on; {counted(left, 'earlier one')} with --all.")
    return int(any(d.state is State.UNKNOWN for d in found))


def _one(context: Context, delivery_id: int) -> int:
    with closing(open_ledger(context.project)) as ledger:
        delivery = ledger.deliveries.find(delivery_id)
        if delivery is None:
            raise UsageError(f"there is no delivery {delivery_id}", hint="`deliveries` lists them with their numbers")
        batches = ledger.deliveries.batches(delivery_id)
        reports = ledger.receipts.reports_by_batch(delivery_id) if delivery.kind == "email" else {}
        words = ledger.deliveries.words_sent(delivery_id)
    zone = read_campaign(context.project, delivery.campaign)[0].time_zone
    if context.json:
        calls = [{**batch_as_data(b, zone), "reported": reports.get(b.number, 0)} for b in batches]
        sent = [{"digest": digest, "since": since, "readers": count} for digest, since, count in words]
        context.print_json({**delivery_as_data(delivery, zone), "batches": calls, "words": sent})
        return int(bool(delivery.counts.unknown))
    due = local_words(delivery.due_at, zone)
    print(f"{delivery.item} on {delivery.channel}, due {due}: {state_words(delivery.state)}.")
    if said := told_in_full(delivery, zone):
        print(f"{said}.")
    if delivery.counts.left_out:
        own = "left, paused, barred, erased, or the address is dead"
        print(f"Left out for a reason of their own ({own}): {delivery.counts.left_out:,}.")
    if not batches:
        print("No call has been made yet.")
        return 0
    rows = [
        (b.number, state_words(b.state), b.called_for, b.attempt, b.send_id, in_words(b.reasons, b.detail, zone=zone))
        for b in batches
    ]
    print(table(("batch", "state", "readers", "calls", "send id", "why"), rows))
    if len(words) > 1:
        print("It went out in different words:")
        for digest, since, count in words:
            print(f"  {counted(count, 'reader')}, from {local_words(since, zone)} on: {digest[:12]}")
    for line in _evidence(delivery, batches, reports):
        print(line)
    return int(bool(delivery.counts.unknown))


def _evidence(delivery: Delivery, batches: tuple[Batch, ...], reports: dict[int, int]) -> list[str]:
    """Beside each doubt of a mailing what a person can judge by: how many mails the provider has reported on."""
    if delivery.kind != "email":
        return []
    others = [b for b in batches if b.state is State.SENT]
    known, sent = sum(reports.get(b.number, 0) for b in others), sum(b.called_for for b in others)
    rest = f"; of the batches that are known to have gone {known:,} of {sent:,} have one" if sent else ""
    return [
        f"Batch {b.number} is in doubt: {reports.get(b.number, 0):,} of its {b.called_for:,} readers have any report "
        f"by the provider{rest}. To settle it: resolve {delivery.id} --batch {b.number} --as sent, or --as not-sent."
        for b in batches
        if b.state is State.UNKNOWN
    ]
