"""Two campaigns of one project share the accounts, and often the readers: no words twice, and no two in one hour."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import datetime, timedelta

from ...domain.finding import Finding, Where
from ...domain.formatting import counted
from ...domain.neighbor import Neighbor, instant
from ...domain.slot import zone_named
from ..codes import CODES
from .context import Material
from .repetition import folded_as_a_network_does

HOUR = timedelta(hours=1)
#: So many days are named; the others are a number.
_NAMED = 3


def check_neighbors(material: Material) -> Iterator[Finding]:
    """D103, D104 and Z103."""
    for neighbor in material.neighbors:
        if neighbor.problem:
            message = f"the posts of {neighbor.campaign} were not compared with these: {neighbor.problem}"
            yield CODES["D104"].at(material.campaign.where, message)
        yield from _same_words(material, neighbor)
        yield from _same_hour(material, neighbor)


def _same_words(material: Material, neighbor: Neighbor) -> Iterator[Finding]:
    """One account: the later of the two would be taken for the earlier one, by the network and by the evidence."""
    theirs = {(o.channel, folded_as_a_network_does(o.text)): o for o in reversed(neighbor.occasions) if o.text}
    for view, post in material.posts:
        if other := theirs.get((view.message.channel, folded_as_a_network_does(post.text))):
            yield CODES["D103"].at(
                Where(view.item.where.path, view.item.post_line) if view.item.post_line else view.item.where,
                f"the post says the same as that of {neighbor.campaign} on {other.on} ({other.item}, {other.where})",
                item=view.item.id,
                channel=view.message.channel,
            )


def _same_hour(material: Material, neighbor: Neighbor) -> Iterator[Finding]:
    """One finding for the mails, and one for each channel of posts: on which days, at which hours. Editions of one
    campaign say the same on the same day, which is meant."""
    if neighbor.is_edition:
        return
    theirs: dict[str, list[datetime]] = {}
    for occasion in sorted(neighbor.occasions, key=lambda o: o.at):
        theirs.setdefault("" if occasion.is_email else occasion.channel, []).append(occasion.at)
    clashes: dict[str, set[datetime]] = {}
    for view in material.views:
        message, channel = view.message, "" if view.is_email else view.message.channel
        at, instants = instant(message.on, message.due_at, message.audience), theirs.get(channel, [])
        near = instants[bisect_left(instants, at - HOUR) :][:2]
        if any(abs(other - at) < HOUR for other in near):
            clashes.setdefault(channel, set()).add(at)
    zone = zone_named(material.campaign.time_zone)
    for channel, found in sorted(clashes.items()):
        if not channel and neighbor.shared == 0:
            continue
        days = [f"{at.astimezone(zone):%Y-%m-%d at %H:%M}" for at in sorted(found)]
        named = ", ".join(days[:_NAMED]) + (f" and {len(days) - _NAMED} more" if len(days) > _NAMED else "")
        what = f"posts on {channel}" if channel else "mails"
        yield CODES["Z103"].at(
            material.campaign.where,
            f"{what} of this campaign and of {neighbor.campaign} go out within an hour of each other, "
            f"{counted(len(days), 'time')}: {named}{'' if channel else _who_gets_both(neighbor)}",
            channel=channel,
        )


def _who_gets_both(neighbor: Neighbor) -> str:
    if neighbor.shared is None:
        return "; whoever has joined both gets both"
    return f"; {counted(neighbor.shared, 'reader has', 'readers have')} joined both"
