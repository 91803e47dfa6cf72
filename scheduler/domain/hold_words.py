"""What a hold is called, and what is said of one that has just been set. Light: see :mod:`scheduler.cli.quick_hold`."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

#: "Every channel" and "every campaign", in a hold.
ALL_CHANNELS, ALL_CAMPAIGNS = "*", ""
#: Where holds are ended: those of every campaign, and those of any single one.
ANY_CAMPAIGN = "*"


def resume_command(campaign: str) -> str:
    """The command that ends the holds of a campaign, or those of every one."""
    return f"resume {campaign}".rstrip()


def held_words(channel: str, campaign: str, *, named: Callable[[str], str] = str) -> str:
    """What a hold stops: "everything", "email", "everything of safe-week". ``named``: what a channel is called."""
    what = "everything" if channel == ALL_CHANNELS else named(channel)
    return f"{what} of {campaign}" if campaign else what


def scope_words(channel: str, campaign: str) -> str:
    """As it was typed: "all channels", "email of safe-week"."""
    where = "all channels" if channel == ALL_CHANNELS else channel
    return f"{where} of {campaign}" if campaign not in (ALL_CAMPAIGNS, ANY_CAMPAIGN) else where


def said_of_hold(who: str, channel: str, campaign: str, *, again: bool) -> str:
    """That it is in force, and what ends it. ``again``: it was in force already."""
    where = scope_words(channel, campaign)
    nothing = f"Nothing{' of it' if campaign else ''} goes out before `{resume_command(campaign)}`."
    if again:
        return f"{who} had held {where} already, for the same reason. {nothing}"
    return f"Held by {who}: {where}. {nothing}"


def hold_data(channel: str, campaign: str, who: str, reason: str, why: str, held_at: datetime) -> dict[str, object]:
    """A hold for programs."""
    return {
        "channel": channel,
        "campaign": campaign or None,
        "by": who,
        "reason": reason,
        "why": why,
        "since": held_at,
    }
