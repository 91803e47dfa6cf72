"""How a campaign looks to its readers, and whom its words name: the [brand] table of campaign.toml."""

from __future__ import annotations

import math
from typing import Annotated

from ..light_dataclass import dataclass
from ..schema.field import Field
from ..schema.forms import color, contact_line, png_name, speaker
from .post_picture import PostPicture

WHITE, BLACK = "#ffffff", "#000000"
#: WCAG 2.2, 1.4.3: text of ordinary size against its ground.
LEAST_CONTRAST = 4.5


@dataclass(frozen=True)
class Brand:
    """What a campaign has of its own. Left out, it has the program's colors and the organization of the settings."""

    accent: Annotated[
        str,
        Field(
            "The color of links, buttons and the band of the emails, as `#1f4e8c`. It stands on white, and white on "
            "it: 4.5:1 or more. In dark mode a lighter one is made of it.",
            check=color,
        ),
    ] = ""
    name: Annotated[
        str,
        Field(
            "Who speaks to this campaign's readers, in forms, consents and emails: one line of at most 80 characters. "
            "Left out: `organisation.name`.",
            check=speaker,
        ),
    ] = ""
    contact: Annotated[
        str,
        Field(
            "A line that says how the organization is reached, of at most 200 characters; it is on the form, the "
            "archive and the emails.",
            check=contact_line,
        ),
    ] = ""
    logo: Annotated[
        str,
        Field(
            "A PNG file in the campaign's folder, of at most 40 kB: the organization's logo. It stands at the top of "
            "each email that is not discreet, on white; who sees no pictures reads the name in its place.",
            check=png_name,
        ),
    ] = ""
    logo_picture: PostPicture | None = None  # made of that file


def contrast(one: str, other: str) -> float:
    """Contrast of two ``#rrggbb`` colors, 1 to 21, by WCAG 2.2."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def contrast_words(ratio: float) -> str:
    """ "4.49:1": never rounded up to what it does not reach."""
    return f"{math.floor(ratio * 100) / 100:g}:1"


def is_readable(accent: str) -> bool:
    """Whether it can stand on white, and white on it."""
    return contrast(accent, WHITE) >= LEAST_CONTRAST


def readable_on(accent: str, *grounds: str, toward: str) -> str:
    """The color, moved toward white or black as little as makes it readable on each of these grounds."""
    moved = (mixed(accent, toward, step / 20) for step in range(21))
    return next(c for c in moved if all(contrast(c, ground) >= LEAST_CONTRAST for ground in grounds))


def tint_for(accent: str) -> str:
    """A ground for the accent: nearly white, with as much of its color as leaves it readable there."""
    tints = (mixed(WHITE, accent, percent / 100) for percent in range(9, 0, -1))
    return next((tint for tint in tints if contrast(accent, tint) >= LEAST_CONTRAST), WHITE)


def mixed(one: str, other: str, share: float) -> str:
    """``one`` with that share of ``other`` in it."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _channels(color: str) -> tuple[int, ...]:
    return tuple(int(color[at : at + 2], 16) for at in (1, 3, 5))


def _luminance(color: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
