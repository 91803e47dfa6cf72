"""How the emails of a campaign look: the [mail] table of campaign.toml."""

from __future__ import annotations

from typing import Annotated

from ..light_dataclass import dataclass
from ..schema.field import Field
from .design_tokens import MAIL_THEMES, USUAL_THEME


@dataclass(frozen=True)
class MailLook:
    """Left out, emails look as they always have."""

    theme: Annotated[
        str,
        Field(
            "`calm`: a band in the accent color, all in one font; `warm`: cream paper, headlines in a book font; "
            "`bold`: white paper, large headlines in a book font.",
            allowed=tuple(MAIL_THEMES),
        ),
    ] = USUAL_THEME
    header: Annotated[
        str,
        Field(
            "`picture`: each day's email begins with a picture of its day, which the program draws and hosts. Digests, "
            "and emails to readers who want them discreet, have none.",
            allowed=("none", "picture"),
        ),
    ] = "none"

    @property
    def has_picture(self) -> bool:
        return self.header == "picture"
