"""One pass and exit: for cron and CI runners. The same pass as `start` makes at each due instant."""

from __future__ import annotations

import argparse
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from ..domain.formatting import counted
from ..domain.reason_words import in_words
from ..services.running import make_teller, sending_process
from .arguments import add_campaign
from .context import Context
from .log import log_to_standard_error

if TYPE_CHECKING:
    from ..engine.dispatcher import TickResult

EPILOG = """example, for cron, every five minutes:
  run.py tick
One call a day would miss what is due at another hour; what is late is not sent. It serves no pages: emails wait while
nothing answers at the address in their unsubscribe links, so for them let `start` run."""


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    add_campaign(parser)


def run(context: Context, options: argparse.Namespace, name: str) -> int:
    project = context.project
    log_to_standard_error(project.settings.log_level)
    campaigns = context.campaigns
    with sending_process(project, "tick", campaigns, options.season) as running:
        ledger, ticks = running.ledger, running.ticks
        results = [tick.run() for tick in ticks]
        running.heartbeat.passed(project.clock.now())
        make_teller(project, running, patient=False).after_pass([p for r in results for p in r.problems])
        if context.json:
            context.print_json([_as_data(r) for r in results])
            return int(any(r.needs_a_person() for r in results))
        for campaign, result in zip(campaigns, results, strict=True):
            verb = "sent" if project.settings.mode.value == "live" else "recorded"
            rest = ("later", "failed", "unknown", "missed", "refused")
            calls, readers = counted(result.sent, "call"), counted(result.readers, "reader")
            ends = [f"{calls} {verb} ({readers})"] if result.sent else []
            ends += [f"{getattr(result, end)} {end}" for end in rest if getattr(result, end)]
            print(f"{campaign}: {', '.join(ends) or 'nothing was due'}.")
            for delivery_id, reasons in result.reasons.items():
                delivery = ledger.deliveries.find(delivery_id)
                if delivery is not None:
                    said = in_words(reasons, channel=delivery.channel)
                    print(f"  {delivery.on} {delivery.channel} {delivery.item}: {said}")
            if result.reopened:
                print(f"  {result.reopened} missed by a clock that was ahead, and scheduled again.")
            for problem in result.problems:
                print(f"  {problem}")
    return int(any(r.needs_a_person() for r in results))


def _as_data(result: TickResult) -> dict[str, object]:
    """For machines: why a delivery may not go, in words, by its number."""
    said = {number: in_words(reasons) for number, reasons in result.reasons.items()}
    return {**asdict(replace(result, reasons={})), "reasons": said}
