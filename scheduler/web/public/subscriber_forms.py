"""What the forms for subscribers share: how often, which zone, and what is said where a link is good no more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Response, make_response, render_template

from ...channels.registry import mail_channels
from ...content.render.digests import digest_is_to_come
from ...content.render.season_renderer import is_daily, mail_is_to_come, mailed
from ...domain.cadence import DEFAULT_CADENCE, Cadence, digest_spans, offered
from ...domain.formatting import counted, place
from ...domain.subscriber import SubscriberState
from ...light_dataclass import dataclass
from ...services.public_pages import Front
from ...subscribers.fields import known_zones
from ..routing import site
from .campaigns import form_of

GETS_MAIL = (SubscriberState.ACTIVE, SubscriberState.PAUSED, SubscriberState.PENDING)
LONGEST_FIELD = 400  # characters of a field that are looked at
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


@dataclass(frozen=True)
class Choice:
    """One option of a form."""

    value: str
    words: str
    hint: str = ""


def cadence_choices(front: Front | None, now: datetime) -> tuple[Choice, ...]:
    """How often, of what a season offers, with the number of mails that are to come: before it begins, of all."""
    if front is None:
        return (Choice(str(DEFAULT_CADENCE), "Every day"),)
    plan, settings = front.plan, site().project.settings
    offers, by_mail = {Cadence.DAILY, *offered(plan)}, mailed(plan, settings)
    left = [p for p in by_mail if mail_is_to_come(plan, settings, p, now)]
    spans = [span for span in digest_spans(plan) if any(p in by_mail for p in span.items)]
    digests = [span for span in spans if digest_is_to_come(plan, settings, span, now)]
    numbers = (
        (Cadence.DAILY, "Every day" if is_daily(plan, settings) else "Each email", len(left)),
        (Cadence.DIGEST, "About once a week, in one", len(digests)),
        (Cadence.KEY_DAYS, "Only on the key days", sum(p.is_key for p in left)),
    )
    hint = "still to come" if front.season.start_on <= front.today else "in all"
    return tuple(Choice(str(c), words, f"{counted(n, 'email')} {hint}") for c, words, n in numbers if c in offers)


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


def usual_is_discreet() -> bool:
    """Whether whoever has not chosen gets discreet emails."""
    channels = mail_channels(site().project.settings)
    return any(channel.options.get("discreet_subject") is True for channel in channels[:1])


def over(slug: str = "", *, of_choices: bool = False) -> Response:
    """Unknown, cut off, used, too old: nobody can tell, and none is told. The way on is the form of the campaign that
    the address names."""
    campaign_id = site().fronts.campaign_of(slug) if slug else None
    form = form_of(campaign_id) if campaign_id or not slug else ""
    return make_response(render_template("public/over.html", form=form, of_choices=of_choices), 404)


def lists_of(subscriber_id: str, *, but: str = "") -> int:
    """How many of the organization's lists somebody is on, that of one campaign left aside."""
    now = site().now()
    mine = site().ledger.subscribers.of_person(subscriber_id)
    return sum(one.campaign != but and one.state in GETS_MAIL and not one.is_over(now) for one in mine)


def without_digest(subscriber_id: str) -> int:
    """How many of a person's lists are of campaigns without a digest: none of their emails can wait for one."""
    now, look = site().now(), site().fronts.look
    mine = site().ledger.subscribers.of_person(subscriber_id)
    fronts = [look(one.campaign) for one in mine if one.state in GETS_MAIL and not one.is_over(now)]
    return sum(front is not None and front.campaign.digest is None for front in fronts)
