"""What a reader can choose, as the forms show it: how often, and where their morning is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from ...domain.cadence import DEFAULT_CADENCE, Cadence, digest_spans, is_key_day, offered
from ...domain.formatting import counted, place
from ...domain.planned_item import Plan
from ...subscribers.fields import known_zones

#: Zones that people live in; whoever is missing takes one with the same clock, or writes to the organization.
COMMON_ZONES = (
    "Pacific/Honolulu",
    "America/Anchorage",
    "America/Los_Angeles",
    "America/Phoenix",
    "America/Denver",
    "America/Chicago",
    "America/Mexico_City",
    "America/New_York",
    "America/Bogota",
    "America/Puerto_Rico",
    "America/Halifax",
    "America/Sao_Paulo",
    "America/Argentina/Buenos_Aires",
    "America/St_Johns",
    "Atlantic/Azores",
    "Europe/London",
    "Africa/Lagos",
    "Europe/Berlin",
    "Africa/Cairo",
    "Europe/Athens",
    "Africa/Johannesburg",
    "Africa/Nairobi",
    "Europe/Istanbul",
    "Asia/Riyadh",
    "Asia/Tehran",
    "Asia/Dubai",
    "Asia/Kabul",
    "Asia/Karachi",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Dhaka",
    "Asia/Yangon",
    "Asia/Bangkok",
    "Asia/Manila",
    "Asia/Shanghai",
    "Asia/Seoul",
    "Asia/Tokyo",
    "Pacific/Guam",
    "Australia/Perth",
    "Australia/Adelaide",
    "Australia/Sydney",
    "Pacific/Auckland",
    "Pacific/Pago_Pago",
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a form."""

    value: str
    words: str
    hint: str = ""


def cadence_choices(plan: Plan | None) -> tuple[Choice, ...]:
    """How often, of what a season offers, with the number of mails of the whole season."""
    if plan is None:
        return (Choice(str(DEFAULT_CADENCE), "Every day"),)
    offers = {Cadence.DAILY, *offered(plan)}
    numbers = (
        (Cadence.DAILY, "Every day", len(plan.items)),
        (Cadence.DIGEST, "About once a week, in one", len(digest_spans(plan))),
        (Cadence.KEY_DAYS, "Only on the key days", sum(map(is_key_day, plan.items))),
    )
    return tuple(Choice(str(c), words, f"{counted(n, 'email')} in all") for c, words, n in numbers if c in offers)


def zone_choices(chosen: str, at: datetime) -> tuple[Choice, ...]:
    """Zones from west to east, with their distance from UTC at that instant; ``chosen`` among them, if there is such a
    zone."""
    noon = at.astimezone(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    in_order = sorted((noon.astimezone(ZoneInfo(zone)).utcoffset() or timedelta(), zone) for zone in COMMON_ZONES)
    found = [Choice(zone, f"{place(zone)} ({_offset(zone, noon)})") for _, zone in in_order]
    if chosen in known_zones() and chosen not in COMMON_ZONES:
        found.append(Choice(chosen, f"{place(chosen)} ({_offset(chosen, at)})"))
    return tuple(found)


def _offset(zone: str, at: datetime) -> str:
    """ "UTC+05:30", with a true minus sign."""
    minutes = round((at.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = "\u2212" if minutes < 0 else "+"
    return f"UTC{sign}{hours:02}:{rest:02}"
