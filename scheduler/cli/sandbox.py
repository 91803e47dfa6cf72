"""Local stand-ins for the channels' providers, so that the live road can be watched without an account.

They keep the providers' rules, forget everything when they stop, and listen on this machine only.
"""

from __future__ import annotations

import argparse
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from .context import Context

if TYPE_CHECKING:
    from ..channels.spec import ChannelSpec, Simulator

EPILOG = """examples:
  run.py sandbox
  run.py sandbox --reports http://127.0.0.1:8080
How to: docs/howto/watch-january-in-the-sandbox.md"""


def add_arguments(parser: argparse.ArgumentParser, name: str) -> None:
    for spec, simulator in _simulated():
        for server, port in simulator.ports.items():
            what = f"{spec.title} (its {server})" if server else spec.title
            parser.add_argument(
                f"--{_port_option(spec, server)}",
                type=int,
                default=port,
                metavar="N",
                help=f"{what}; 0 takes a free one (default {port})",
            )
        for option, value, words in simulator.options:
            parser.add_argument(f"--{option}", default="", metavar=value, help=words)
    parser.add_argument("--faults", metavar="FILE", help="a fault script (TOML): refuse, stall, drop the answer, ...")


def run(context: Context, options: argparse.Namespace, name: str) -> int:
    from ..channels.contract.faults import FaultScript, load_faults
    from ..channels.spec import StandInOrder
    from ..content.top_level_domains import top_level_domains
    from ..project import sandbox_clock
    from ..simulators.runner import run_simulators

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    doubles = [spec.name for spec, _ in _simulated()]
    faults = load_faults(Path(options.faults), doubles) if options.faults else FaultScript()
    clock, tlds, given = sandbox_clock(context.env), top_level_domains(), vars(options)

    def order(spec: ChannelSpec, simulator: Simulator) -> StandInOrder:
        ports = {server: given[_port_option(spec, server).replace("-", "_")] for server in simulator.ports}
        chosen = {option: given[option.replace("-", "_")] for option, _, _ in simulator.options}
        return StandInOrder(ports, clock, lambda line: print(line, flush=True), faults, tlds, chosen)

    run_simulators(
        {spec: order(spec, simulator) for spec, simulator in _simulated()},
        context.project.settings.channels,
        lambda line: print(line, flush=True),
        stop,
        database=f"sqlite:///{(context.project.root / 'var' / 'sandbox.db').as_posix()}",
    )
    return 0


def _simulated() -> list[tuple[ChannelSpec, Simulator]]:
    from ..channels.registry import CHANNELS

    return [(spec, spec.simulator) for spec in CHANNELS.values() if spec.simulator is not None]


def _port_option(spec: ChannelSpec, server: str) -> str:
    return f"{spec.name}-{server}-port" if server else f"{spec.name}-port"
