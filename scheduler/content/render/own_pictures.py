"""A picture that somebody brought in place of a card: its file, cut to what a channel takes, and what must be known of
it before it is shown to anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...cards.own_picture import CannotUse, Cut, own_picture
from ...channels.registry import most_picture_bytes, spec_of
from ...domain.card import PictureChoice
from ...domain.planned_item import PlannedItem
from ...domain.post_picture import PostPicture
from ..load.item_pictures import PICTURES

if TYPE_CHECKING:
    from ...settings import ChannelSettings
    from .season_renderer import SeasonRenderer
    from .template_functions import ItemRecords

#: For a picture that is only looked at.
_ANY = ("image/png", "image/jpeg")
_MOST = 1_000_000


def brought_picture(
    bench: SeasonRenderer,
    planned: PlannedItem,
    channel: ChannelSettings | None,
    records: ItemRecords,
    size: tuple[int, int],
) -> PostPicture | None:
    """None where the file cannot be used; a finding says why."""
    choice = planned.item.picture
    if choice.consent:
        records.used.consents[choice.consent] = None
    for lacking, hint in _lacking(choice):
        bench.find("G109", f"{choice.file}: {lacking}", planned, None, choice.where, hint)
    if not choice.sha256:
        return None  # said where it was read
    media = spec_of(channel).media if channel is not None else None
    most = most_picture_bytes(channel) if channel is not None and media is not None else _MOST
    cut = Cut(size, choice.focus, most, media.media_types if media is not None else _ANY)
    file = bench.settings.root / "campaigns" / bench.campaign.id / PICTURES / choice.file
    try:
        return own_picture(file.read_bytes, choice.sha256, cut, choice.words, choice.credit_line)
    except CannotUse as problem:
        message = f"{choice.file}: {problem.message}"
        bench.find("G108", message, planned, None, choice.where, problem.hint)
    except OSError as error:
        bench.find("G108", f"{choice.file}: it cannot be read ({error.strerror})", planned, None, choice.where)
    return None


def _lacking(choice: PictureChoice) -> list[tuple[str, str]]:
    """What is not said of a picture and must be, each with what to do."""
    found = []
    if not choice.credit.strip():
        found.append(("nobody says who made it", 'write credit = "..." into the item\'s [picture]'))
    if not choice.license:
        found.append(("nobody says by what right it is shown", 'write license = "..." into the item\'s [picture]'))
    if not choice.people:
        found.append(
            (
                "nobody says whether somebody on it can be recognized",
                'write people = "none" or "recognizable" into the item\'s [picture]',
            )
        )
    if choice.people == "recognizable" and not choice.consent:
        found.append(
            (
                "somebody on it can be recognized, and no consent is named",
                "record their written consent in consents.toml and name it, or take a picture of nobody",
            )
        )
    return found
