"""What waits for a person: questions that authors left open, items that are held back, settings nobody filled in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...domain.finding import Finding, Severity, Where
from ...settings import Mode
from .codes import CODES
from .material import Material


def check_decisions(material: Material) -> Iterator[Finding]:
    """D201 and D202."""
    for planned in material.plan.items:
        item = planned.item
        if item.needs_decision:
            yield CODES["D201"].at(item.where, f'a person decides first: "{item.needs_decision}"', item=item.id)
        held = planned.held_back
        if held is not None and planned.day is not None:
            until = planned.day.blocked_until.rstrip(".") or "a person releases it"
            yield CODES["D202"].at(
                planned.day.where,
                f"{held.id} is held back until {until}; {item.id} is planned on {planned.on}",
                item=item.id,
            )


def check_settings(material: Material) -> Iterator[Finding]:
    """S101: red where readers could see the example value."""
    settings = material.settings
    public = settings.mode is Mode.LIVE and not settings.ends_on_this_machine()
    for key in settings.placeholders():
        name = "config/channels.toml" if key.startswith("channels.") else "config/settings.toml"
        found = CODES["S101"].at(Where(name), f"{key} still holds its example value")
        yield replace(found, severity=Severity.RED if public else found.severity)
