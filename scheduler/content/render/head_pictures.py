"""The picture at the head of an email: its day, drawn in the colors of the campaign's theme.

It says nothing that the email does not say in words: whoever does not see pictures misses nothing, and every check that
reads the email has read it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ...cards.day_line import day_line
from ...domain.design_tokens import mail_theme
from ...domain.finding import Where
from ...domain.planned_item import PlannedItem
from ...domain.post_picture import PostPicture, picture_url
from .cards import draw
from .mail_style import picture_width
from .template_values import HeadPictureView, LogoView

if TYPE_CHECKING:
    from ...settings import ChannelSettings
    from .season_renderer import SeasonRenderer

_TEMPLATE = "email/head-picture.svg"
#: Shown at half of it, so that it is sharp on screens with twice the pixels.
_WIDTH, _HEIGHT, _LEFT, _RIGHT = 1200, 420, 64, 1136


def draw_head_picture(
    bench: SeasonRenderer, planned: PlannedItem, channel: ChannelSettings, context: Mapping[str, Any]
) -> PostPicture | None:
    """None where the campaign wants none, or it cannot be; then a finding says why, and the email goes without.

    Raises TemplateProblem or Unusable, as the email's own templates do.
    """
    look = bench.campaign.mail
    if not look.has_picture:
        return None
    if not _can_be_fetched(bench):
        return None
    special = {p.day_number for p in bench.plan.items if p.day is not None and p.day.special}
    own = {
        "coat": asdict(mail_theme(look.theme, bench.campaign.brand.accent).picture),
        "width": _WIDTH,
        "height": _HEIGHT,
        "marks": day_line(bench.plan.season.days, planned.day_number, special, _LEFT, _RIGHT),
    }
    with bench.printing_again():  # all that it prints has to stand in the email, where it is noted
        filled = bench.template(_TEMPLATE, {**context, **own}, channel)
    card = draw(bench, planned, channel, _TEMPLATE, look.theme, filled)
    return card.picture if card is not None else None


def logo_of(bench: SeasonRenderer) -> PostPicture | None:
    """The campaign's logo; None also where readers could not fetch it."""
    logo = bench.campaign.brand.logo_picture
    return logo if logo is not None and _can_be_fetched(bench) else None


def _can_be_fetched(bench: SeasonRenderer) -> bool:
    settings = bench.settings
    if settings.public_url_is_an_example:
        message = f"emails have no picture: readers could not fetch one from {settings.public_url}"
        bench.find("R028", message, None, None, Where(bench.campaign.where.path))
        return False
    return True


def logo_view(bench: SeasonRenderer, logo: PostPicture | None) -> LogoView | None:
    """As the email's template prints it: within 200 by 48 pixels, never larger than it is."""
    if logo is None:
        return None
    shrunk = min(1.0, 200 / logo.width, 48 / logo.height)
    words = bench.campaign.speaker(bench.settings.organisation.name)
    return LogoView(picture_url(bench.settings.public_url, logo), max(1, round(logo.width * shrunk)), words)


def view_of(bench: SeasonRenderer, picture: PostPicture | None) -> HeadPictureView | None:
    """As the email's template prints it."""
    if picture is None:
        return None
    theme = mail_theme(bench.campaign.mail.theme)
    url = picture_url(bench.settings.public_url, picture)
    return HeadPictureView(url, picture_width(theme), theme.picture_first, theme.picture_inset)


def words_missing_in(text: str, picture: PostPicture) -> tuple[str, ...]:
    """Words of the picture that an email's text does not have."""
    said = _plain(text)
    return tuple(words for words in picture.words if not re.search(rf"(?<!\w){re.escape(_plain(words))}(?!\w)", said))


def without_pictures(html: str, pictures: Iterable[PostPicture | None], public_url: str) -> str:
    """The HTML for whoever looks for what is fetched: those pictures that may be are none in it any more."""
    for picture in filter(None, pictures):
        html = html.replace(f'<img src="{picture_url(public_url, picture)}"', "<b")
    return html


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
