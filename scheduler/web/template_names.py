"""What the templates of private pages may ask for, by name."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from ..domain.delivery import State
from ..domain.delivery_words import state_words, told
from ..domain.design_tokens import STATE_SHAPES
from ..domain.formatting import (
    channel_words,
    counted,
    date_words,
    day_words,
    kind_words,
    local_words,
    moment_words,
    place,
    short_date,
    short_day,
    short_moment,
    time_of_day,
)
from ..domain.outlook import in_words as outlook_words
from ..domain.records import ALL_CHANNELS, ANY_CAMPAIGN, Hold, held_words
from ..errors import program
from ..review.item_view import CLAIM_KINDS, SEVERITY_BADGES, contact_badge, picture_address
from ..review.message_state import Badge, delivery_badge, request_badge
from ..review.packet_formatting import for_a_browser, sentence, with_code, with_own_links, with_stop
from .staff.form_actions import flash_message
from .staff.page_context import PageContext, campaign_words, link
from .staff.shell import HELD, LOOKS, cause_badge, is_all_held, told_now, way_of, way_on, words_of_finding


def _without_stop(text: str) -> str:
    """What a person wrote, where a sentence of ours ends behind it."""
    return text.rstrip().removesuffix(".")


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=[.?!]) (?=[A-Z“])", text, maxsplit=1)[0]


def _held(hold: Hold) -> str:
    """What a hold stops: "everything", "email of Safe week"."""
    return held_words(hold.channel, campaign_words(hold.campaign) if hold.campaign else "", named=channel_words)


def _clock(at: datetime, zone: str) -> str:
    """The time of day at the campaign's place."""
    return time_of_day(at.astimezone(ZoneInfo(zone)))


def _when(at: datetime, page: PageContext) -> Markup:
    """A moment in a list, which stays on one line; the place is named once a page."""
    return Markup('<span class="when">{}</span>').format(short_moment(at, page.zone, page.today))


def _state(state: str) -> str:
    return state_words(State(state))


FILTERS = {
    "day": day_words,
    "date": date_words,
    "short_day": short_day,
    "moment": moment_words,
    "short_date": short_date,
    "channel": channel_words,
    "kind": kind_words,
    "sentence": sentence,
    "count": counted,
    "local": local_words,
    "ticks": with_code,
    "own_links": with_own_links,
    "to_do": for_a_browser,
    "bare": _without_stop,
    "stop": with_stop,
    "first_sentence": _first_sentence,
    "told": told,
    "state": _state,
    "held": _held,
    "campaign": campaign_words,
    "outlook_words": outlook_words,
    "clock": _clock,
    "when": _when,
    "place": place,
}
GLOBALS = {
    "shapes": {kind.replace("_", "-"): shape for kind, shape in STATE_SHAPES.items()} | {"note": "·"},
    "Badge": Badge,
    "severity_badges": SEVERITY_BADGES,
    "claim_kinds": CLAIM_KINDS,
    "contact_badge": contact_badge,
    "delivery_badge": delivery_badge,
    "request_badge": request_badge,
    "all_channels": ALL_CHANNELS,
    "any_campaign": ANY_CAMPAIGN,
    "link": link,
    "flash_message": flash_message,
    "picture_address": picture_address,
    "program": program,
    "line_looks": LOOKS,
    "way_on": way_on,
    "way_of": way_of,
    "cause_badge": cause_badge,
    "words_of_finding": words_of_finding,
    "held_sign": HELD,
    "is_all_held": is_all_held,
    "told_of_a_hold": told_now,
}
