"""A context for a service, over a ledger alone or over a project."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from scheduler.clock import VirtualClock
from scheduler.services.context import Actor, Context


def acting(ledger: Any, now: datetime, who: str = "reader", *, project: Any = None) -> Context:
    return Context(project, ledger, VirtualClock(now), Actor(who))
