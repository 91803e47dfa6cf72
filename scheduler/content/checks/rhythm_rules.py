"""Whether each channel has what the rhythm promises, and no two items of a day at one time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby

from ...domain.campaign import Rhythm
from ...domain.finding import Finding
from ...domain.formatting import WEEKDAYS
from ...domain.message import Message
from ...schema.toml_text import did_you_mean
from ..codes import CODES
from ..render.season_renderer import goes_to
from .context import Material


def check_rhythm(material: Material) -> Iterator[Finding]:
    """Of a campaign or an item that chooses its channels; the others have each item everywhere."""
    yield from _unknown_channels(material)
    yield from _without_messages(material)
    rhythm = material.campaign.rhythm
    if rhythm.where is not None:
        yield from _days_without(material, rhythm)
    yield from _at_one_time(material)


def _unknown_channels(material: Material) -> Iterator[Finding]:
    known, rhythm = tuple(material.settings.channels), material.campaign.rhythm
    places = [(name, rhythm.where, "") for name in rhythm.channels if rhythm.where is not None]
    items = material.campaign.items.values()
    for name, where, item in (*places, *((c, i.where, i.id) for i in items for c in i.channels)):
        if name not in known and where is not None:
            hint = did_you_mean(name, known) or f"known are: {', '.join(known)} (config/channels.toml)"
            yield CODES["P019"].at(where, f'there is no channel "{name[:40]}"', hint=hint, item=item)


def _without_messages(material: Material) -> Iterator[Finding]:
    """Items that no channel has, though nothing went wrong with them."""
    planned = {p.item.id: p for p in material.plan.items}
    chooses = material.campaign.rhythm.where is not None
    made = {m.item for m in material.messages}
    channels = [c for c in material.settings.channels.values() if c.enabled]
    made |= {i for i, p in planned.items() if not set(p.item.channels) <= set(material.settings.channels)}
    for item_id, p in planned.items():
        if (
            item_id not in made
            and (chooses or p.item.channels)
            and not any(goes_to(p, c, material.campaign.rhythm) for c in channels)
        ):
            message = (
                f"nothing of {item_id} goes out on {p.on} ({WEEKDAYS[p.on.weekday()]}): no channel has it that day"
            )
            yield CODES["P017"].at(p.item.where, message, item=item_id)


def _days_without(material: Material, rhythm: Rhythm) -> Iterator[Finding]:
    """Days of a channel on which it has no item."""
    season = material.plan.season
    for name, channel in material.settings.channels.items():
        if name not in rhythm.channels or not channel.enabled:
            continue
        has = {p.on for p in material.plan.items if goes_to(p, channel, rhythm)}
        for number in range(season.days):
            on = season.start_on + timedelta(days=number)
            if rhythm.wanted(on) and rhythm.has_channel(name, on) and on not in has:
                message = f"nothing is planned on {name} for {on} ({WEEKDAYS[on.weekday()]}), one of its days"
                yield CODES["P017"].at(rhythm.where or material.campaign.where, message, channel=name)


def _at_one_time(material: Material) -> Iterator[Finding]:
    def key(message: Message) -> tuple[str, datetime]:
        return message.channel, message.due_at

    in_turn = {p.item.id: number for number, p in enumerate(material.plan.items)}
    messages = sorted(material.messages, key=lambda m: (*key(m), in_turn.get(m.item, 0)))
    for (channel, _), group in groupby(messages, key=key):
        first, *others = group
        for other in others:
            item = material.campaign.items.get(other.item)
            where = item.where if item is not None else material.campaign.where
            message = f"{other.item} goes out on {channel} on {other.on} at the same time as {first.item}"
            yield CODES["P018"].at(where, message, item=other.item, channel=channel)
