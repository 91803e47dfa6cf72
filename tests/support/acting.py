"""A context for a service, over a ledger alone or over a project."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any

from scheduler.clock import VirtualClock
from scheduler.services.context import Actor, Context

#: A project of one campaign, whatever its name is.
ANY_CAMPAIGN = SimpleNamespace(campaign_id=lambda name: name, family_of=lambda name: (name,))


def acting(ledger: Any, now: datetime, who: str = "reader", *, project: Any = ANY_CAMPAIGN) -> Context:
    return Context(project, ledger, VirtualClock(now), Actor(who))
