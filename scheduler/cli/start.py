"""Run: wake at each due instant, send what is due, keep the books.

Ends with Ctrl-C or SIGTERM, after the call under way.
In rehearsal mode it records instead of sending. One process owns a SQLite ledger.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from ..domain.words import local_words
from .context import Context, add_campaign
from .log import log_to_standard_error

if TYPE_CHECKING:
    from ..engine.tick import TickResult


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    add_campaign(parser)
    parser.add_argument("--by", default="", help=argparse.SUPPRESS)


def run(context: Context, options: argparse.Namespace, name: str) -> int:
    from ..engine.alarm import Alarm

    project = context.project
    log_to_standard_error(project.settings.log_level)
    campaigns = [context.campaign_id] if options.campaign else project.campaigns()
    with project.sending(campaigns, options.season) as (ledger, ticks):
        zone = project.load(campaigns[0])[0].time_zone
        mode = project.settings.mode.value
        print(
            f"Observance is running ({mode}): {', '.join(campaigns)}."
            + ("" if mode == "live" else " Nothing leaves this machine; calls are recorded in var/rehearsal/."),
            flush=True,
        )
        said: list[str] = []

        def say_what_is_next(result: TickResult) -> None:
            upcoming = ledger.next_instants(mode, now=project.clock.now(), limit=1)
            words = f"Next: {local_words(upcoming[0], zone)}." if upcoming else "Nothing is due any more."
            if said[-1:] != [words]:
                print(words, flush=True)
                said.append(words)

        alarm = Alarm(ticks, project.clock, on_result=say_what_is_next)
        status = alarm.run()
    print("Stopped. What was due stays in the ledger.", file=sys.stderr)
    return status
