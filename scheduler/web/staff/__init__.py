"""The pages of those who run a campaign. Every act goes through the same code as on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import g

from ...domain.delivery import State
from ...domain.delivery_words import state_words, told
from ...domain.design_tokens import STATE_SHAPES
from ...domain.formatting import counted, day_words, local_words, short_day
from ...domain.records import ALL_CHANNELS
from ...review.item_view import CLAIM_KINDS, SEVERITY_BADGES, Badge, contact_badge
from ...review.packet_formatting import channel_words, for_a_browser, with_code
from ..rehearsal_cache import RehearsalCache
from ..security import RoutesWithRoles
from .account import add_you
from .audit import add_history
from .badges import delivery_badge
from .campaign_error import add_unusable
from .claims_and_contacts import add_registers
from .dashboard import add_today
from .deliveries import add_deliveries
from .form_actions import flash_message
from .holds import add_holds
from .invitations import add_invitations
from .item import add_item
from .month_calendar import add_calendar
from .page_context import SeasonResolver, link
from .report import add_report
from .subscribers import add_subscribers
from .to_post import add_to_post

if TYPE_CHECKING:
    from ...project import Project
    from ...store import Ledger

_SHAPES = {kind.replace("_", "-"): shape for kind, shape in STATE_SHAPES.items()} | {"note": "·"}


def _without_stop(text: str) -> str:
    """What a person wrote, where a sentence of ours ends behind it."""
    return text.rstrip().removesuffix(".")


def add_desk(
    app: RoutesWithRoles, project: Project, ledger: Ledger, months: RehearsalCache, first_campaign: str = ""
) -> None:
    """Add all of them. ``first_campaign``: shown where the address names none."""
    seasons = SeasonResolver(project, ledger, months, first_campaign)
    app.jinja_env.filters.update(
        day=day_words,
        short_day=short_day,
        channel=channel_words,
        count=counted,
        local=local_words,
        ticks=with_code,
        to_do=for_a_browser,
        bare=_without_stop,
        told=told,
        state=lambda state: state_words(State(state)),
    )
    app.jinja_env.globals.update(
        shapes=_SHAPES,
        Badge=Badge,
        severity_badges=SEVERITY_BADGES,
        claim_kinds=CLAIM_KINDS,
        contact_badge=contact_badge,
        delivery_badge=delivery_badge,
        all_channels=ALL_CHANNELS,
        link=link,
        flash_message=flash_message,
    )

    @app.context_processor
    def where_we_are() -> dict[str, object]:
        return {"page": g.get("page")}

    add_unusable(app, seasons)
    add_today(app, seasons)
    add_calendar(app, seasons)
    add_item(app, seasons)
    add_registers(app, seasons)
    add_deliveries(app, seasons)
    add_to_post(app, seasons)
    add_holds(app, seasons)
    add_subscribers(app, seasons)
    add_invitations(app, seasons)
    add_report(app, seasons)
    add_history(app, seasons)
    add_you(app, seasons)
