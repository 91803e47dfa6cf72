"""The stand-ins of `run.py sandbox`, run in this process, on free ports."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from scheduler.channels.contract.faults import FaultScript
from scheduler.channels.registry import CHANNELS
from scheduler.channels.spec import StandInOrder
from scheduler.channels.x.simulator import FEW_TLDS
from scheduler.clock import Clock, SystemClock
from scheduler.settings import ChannelSettings
from scheduler.simulators.runner import run_simulators

USED = {
    "x": ChannelSettings("x", "x", True, "", 20.0),
    "email": ChannelSettings("email", "sendgrid", True, "", 20.0),
}


def run_sandbox(
    out: Callable[[str], None],
    stop: threading.Event,
    *,
    faults: FaultScript | None = None,
    ports: Mapping[tuple[str, str], int] | None = None,
    clock: Clock | None = None,
    reports: str = "",
) -> None:
    """``ports``: by channel and server, where it is not a free one."""
    orders = {}
    for spec in CHANNELS.values():
        if spec.simulator is not None:
            chosen = {server: (ports or {}).get((spec.name, server), 0) for server in spec.simulator.ports}
            options = {option: reports if option == "reports" else "" for option, _, _ in spec.simulator.options}
            script = faults or FaultScript()
            orders[spec] = StandInOrder(chosen, clock or SystemClock(), out, script, FEW_TLDS, options)
    run_simulators(orders, USED, out, stop)
