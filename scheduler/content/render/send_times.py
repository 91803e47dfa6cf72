"""When a message is due, until when, and for whom: from slots, lateness, cadences and waves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from ...channels.registry import spec_of
from ...domain.audience import EVERYBODY, Audience
from ...domain.cadence import Cadence, audience_of
from ...domain.campaign import Lateness
from ...domain.finding import Where
from ...domain.planned_item import Occurrence, PlannedItem
from ...domain.slot import end_of_local_day, occurrence, whole_window, zone_named
from ...settings import ChannelSettings
from ..codes import CODES
from .season_renderer import SeasonRenderer


@dataclass(frozen=True, slots=True)
class When:
    """A message's window, and who gets it."""

    due_at: datetime
    expires_at: datetime
    audience: Audience


def when_of(bench: SeasonRenderer, planned: PlannedItem, channel: ChannelSettings) -> When | None:
    """Of an item's message. None: there is no time; a red finding says so."""
    at = _slot(bench, planned, channel)
    if at is None:
        return None
    grace = planned.item.lateness or bench.campaign.grace
    if spec_of(channel).kind != "email":
        due = _occurrence(bench, planned, channel, at)
        return When(due.due_at, _expires(grace, due), EVERYBODY)
    cadences = audience_of(planned, bench.offers)
    audience = EVERYBODY if len(cadences) == len(Cadence) else Audience(cadences)
    return _of_mail(bench, planned, channel, at, grace, audience)


def when_of_digest(
    bench: SeasonRenderer, planned: PlannedItem, channel: ChannelSettings, parts: tuple[tuple[str, datetime], ...]
) -> When | None:
    """Of a digest: at the channel's slot, but not before the last of its items (``parts``: items, instants) is due."""
    at = _slot(bench, planned, channel)
    if at is None:
        return None
    when = _of_mail(bench, planned, channel, at, bench.campaign.grace, Audience(frozenset({Cadence.DIGEST}), parts))
    return When(max(when.due_at, parts[-1][1]), when.expires_at, when.audience)


def _of_mail(
    bench: SeasonRenderer, planned: PlannedItem, channel: ChannelSettings, at: time, grace: Lateness, audience: Audience
) -> When:
    if bench.campaign.waves == "reader":
        home = bench.campaign.time_zone
        audience = Audience(audience.cadences, audience.parts, local_time=at, home=home, grace=grace)
        return When(*whole_window(planned.on, at, grace), audience)
    due = _occurrence(bench, planned, channel, at)
    return When(due.due_at, _expires(grace, due), audience)


def _slot(bench: SeasonRenderer, planned: PlannedItem, channel: ChannelSettings) -> time | None:
    """The item's own slot, else the campaign's for the channel, else its default."""
    campaign, item = bench.campaign, planned.item
    written = item.email_slot if spec_of(channel).kind == "email" else item.post_slot
    at = campaign.slots.get(channel.name) or campaign.slots.get("default")
    if written:
        try:
            at = time.fromisoformat(written)
        except ValueError:
            bench.find("R015", f"the time {written!r} cannot be read", planned, channel)
            return None
    if at is None:
        where = Where(campaign.where.path)
        bench.findings.append(CODES["R015"].at(where, f"there is no time for {channel.name}", channel=channel.name))
    return at


def _occurrence(bench: SeasonRenderer, planned: PlannedItem, channel: ChannelSettings, at: time) -> Occurrence:
    due = occurrence(planned.on, at, bench.campaign.time_zone)
    if due.shifted or due.ambiguous:
        what = "does not exist" if due.shifted else "comes twice"
        local = due.due_at.astimezone(zone_named(due.time_zone))
        message = f"{due.local_time} {what} on {due.on} in {due.time_zone}; it goes out at {local:%H:%M %Z}"
        bench.find("R016", message, planned, channel)
    return due


def _expires(lateness: Lateness, due: Occurrence) -> datetime:
    if lateness.minutes is None:
        return end_of_local_day(due.on, due.time_zone)
    return due.due_at + timedelta(minutes=lateness.minutes)
