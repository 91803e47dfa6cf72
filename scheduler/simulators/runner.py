"""Runs the stand-ins until it is told to stop, and says which settings lead to them."""

from __future__ import annotations

import errno
import shlex
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack

from ..channels.registry import spec_of
from ..channels.spec import ChannelSpec, StandIn, StandInOrder, Startable
from ..domain.formatting import counted
from ..errors import UsageError
from ..settings import ChannelSettings


def run_simulators(
    orders: Mapping[ChannelSpec, StandInOrder],
    channels: Mapping[str, ChannelSettings],
    out: Callable[[str], None],
    stop: threading.Event,
    *,
    database: str = "",
) -> None:
    """Serve on this machine until ``stop`` is set.

    ``orders``: what each stand-in is made with; ``out`` gets one line at a time, without addresses of readers.
    ``channels``: of the project that is to be led there. ``database``: a ledger of its own. In the real one, what the
    stand-ins received would count as sent, and the real season would leave it out. Raises UsageError when a port is
    taken, or something would leave this machine.
    """
    with ExitStack() as running:
        stand_ins: dict[str, tuple[ChannelSpec, StandIn]] = {}
        for spec, order in orders.items():
            assert spec.simulator is not None  # noqa: S101 - nothing is ordered of others
            stand_in = spec.simulator.make(order)
            for name, server in stand_in.servers.items():
                what = f"{spec.title} (its {name})" if name else spec.title
                _start(server, order.ports.get(name, 0), what, f"--{spec.port_option(name)}")
                running.callback(server.stop)
            stand_ins[spec.name] = spec, stand_in
        for line in _welcome(stand_ins, channels, database):
            out(line)
        stop.wait()
        received: Counter[str] = Counter()
        for _, stand_in in stand_ins.values():
            received.update(stand_in.received())
        posts, mails, readers = (counted(received[what], what) for what in ("post", "mail", "reader"))
        out(f"Stopped. Received {posts}, and {mails} to {readers}.")


def _welcome(
    stand_ins: Mapping[str, tuple[ChannelSpec, StandIn]], channels: Mapping[str, ChannelSettings], database: str
) -> Iterable[str]:
    titles = [spec.title for spec, _ in stand_ins.values()]
    yield f"Stand-ins on this machine: {', '.join(titles)}. Nothing that is sent to them leaves it."
    wide = max(map(len, titles))
    yield from (f"  {spec.title:{wide}}  {stand_in.page()}" for spec, stand_in in stand_ins.values())
    yield "Look at them in a browser. To send to them, paste this into another terminal; these are no real keys:"
    yield ""
    used = {c.transport for c in channels.values() if c.enabled}
    environment = {"MODE": "live"}
    for channel in channels.values():
        if channel.transport in stand_ins and channel.enabled:
            environment |= _of_channel(channel, stand_ins[channel.transport][1])
    for name in used & stand_ins.keys():
        environment |= stand_ins[name][1].secrets()
    if database:
        environment["DATABASE__URL"] = database
    yield from _exported(environment)
    yield ""
    mailing = next((c for c in channels.values() if c.enabled and spec_of(c).kind == "email"), None)
    for name, (spec, stand_in) in stand_ins.items():
        if mailing is not None and spec.kind == "email" and name not in used:
            instead = spec_of(mailing).title
            yield f"For mails by {spec.title} instead of {instead}, paste these lines after the ones above:"
            yield ""
            switched = {f"CHANNELS__{_variable(mailing)}__TRANSPORT": name, **_of_channel(mailing, stand_in)}
            yield from (f"  {line}" for line in _exported({**switched, **stand_in.secrets()}))
            yield ""
    for _, stand_in in stand_ins.values():
        notes = list(stand_in.notes())
        yield from [*notes, ""] if notes else ()
    yield "Ctrl-C stops the sandbox and forgets what it received."


def _of_channel(channel: ChannelSettings, stand_in: StandIn) -> dict[str, str]:
    return {f"CHANNELS__{_variable(channel)}__{key}": value for key, value in stand_in.settings().items()}


def _variable(channel: ChannelSettings) -> str:
    return channel.name.replace("-", "_").upper()


def _exported(environment: Mapping[str, str]) -> Iterable[str]:
    return (f"export OBSERVANCE_{name}={shlex.quote(value)}" for name, value in environment.items())


def _start(server: Startable, port: int, what: str, option: str) -> None:
    try:
        server.start()
    except (OSError, OverflowError) as error:
        taken = getattr(error, "errno", None) in (errno.EADDRINUSE, errno.EACCES)
        why = "is taken by another program" if taken else "cannot be used"
        raise UsageError(
            f"port {port} for the stand-in of {what} {why}",
            hint=("stop the other program, or name another port: " if taken else "name a port from 1024 to 65535: ")
            + f"{option} N; port 0 takes a free one",
        ) from None
