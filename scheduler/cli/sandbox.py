"""Local stand-ins for the channels' providers."""

from __future__ import annotations

import argparse
import signal
import threading
from functools import partial
from pathlib import Path

from ..channels.registry import CHANNELS
from ..channels.spec import ChannelSpec, Simulator
from .arguments import Argument, argument, command
from .command_context import CommandContext

_SIMULATED = {spec: spec.simulator for spec in CHANNELS.values() if spec.simulator is not None}


def _ports_and_options(spec: ChannelSpec, simulator: Simulator) -> list[Argument]:
    ports = [
        argument(
            f"--{spec.port_option(server)}",
            type=int,
            default=port,
            metavar="N",
            help=f"{spec.title}{f' (its {server})' if server else ''}; 0 takes a free one (default {port})",
        )
        for server, port in simulator.ports.items()
    ]
    return ports + [
        argument(f"--{option}", default="", metavar=value, help=words) for option, value, words in simulator.options
    ]


@command(
    "sandbox",
    *(each for spec, simulator in _SIMULATED.items() for each in _ports_and_options(spec, simulator)),
    argument("--faults", metavar="FILE", help="a fault script (TOML): refuse, stall, drop the answer, ..."),
    examples="""examples:
  run.py sandbox
  run.py sandbox --reports http://127.0.0.1:8080
How to: docs/howto/watch-january-in-the-sandbox.md""",
)
def sandbox(context: CommandContext, options: argparse.Namespace) -> int:
    """Local stand-ins for the channels' providers, so that the live road can be watched without an account.

    They keep the providers' rules, forget everything when they stop, and listen on this machine only.
    """
    from ..channels.contract.faults import FaultScript, load_faults
    from ..channels.spec import StandInOrder
    from ..content.top_level_domains import top_level_domains
    from ..project import sandbox_clock
    from ..simulators.runner import run_simulators

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    faults = load_faults(Path(options.faults), [s.name for s in _SIMULATED]) if options.faults else FaultScript()
    clock, tlds, given = sandbox_clock(context.env), top_level_domains(), vars(options)
    say = partial(print, flush=True)

    def order(spec: ChannelSpec, simulator: Simulator) -> StandInOrder:
        ports = {server: given[spec.port_option(server).replace("-", "_")] for server in simulator.ports}
        chosen = {option: given[option.replace("-", "_")] for option, _, _ in simulator.options}
        return StandInOrder(ports, clock, say, faults, tlds, chosen)

    run_simulators(
        {spec: order(spec, simulator) for spec, simulator in _SIMULATED.items()},
        context.project.settings.channels,
        say,
        stop,
        database=f"sqlite:///{(context.project.settings.var_folder / 'sandbox.db').as_posix()}",
    )
    return 0
