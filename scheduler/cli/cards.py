"""The picture of one item's post as a file, to be looked at."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..cards.drawing import bytes_of
from ..domain.formatting import day_words
from ..domain.post_picture import CARD_SIZES, size_named
from ..review.atomic_folder import replace_file
from ..services.cards import card_of
from .arguments import ITEM, OF_A_CAMPAIGN, argument, command
from .command_context import CommandContext, NotInThisCampaign
from .output import finding_lines, findings_as_data


@command(
    "card",
    ITEM,
    OF_A_CAMPAIGN,
    argument("--size", choices=CARD_SIZES, default=CARD_SIZES[0], help=f"in pixels (default: {CARD_SIZES[0]})"),
    argument("--out", metavar="FILE", help="where to write (default: build/cards/ITEM-SIZE.png)"),
    examples="""examples:
  run.py card 2027-01-11
  run.py card how-many-people --size 1080x1350 --out card.png""",
)
def card(context: CommandContext, options: argparse.Namespace) -> int:
    """Draw the picture of one item's post, and print what stands on it and its alternative text.

    Also where the campaign has no cards yet ([cards] in campaign.toml). Nothing is sent.
    """
    size = size_named(options.size)
    found = card_of(context.project, context.campaign_id, options.season, options.item, size)
    if found is None:
        raise NotInThisCampaign(f"there is no item {options.item!r}", hint="`plan` lists the items")
    item, picture = found.planned.item, found.picture
    data = {"item": item.id, "alt_text": found.alt_text, "findings": findings_as_data(found.findings)}
    said = map(context.typed, finding_lines(found.findings))
    if picture is None:
        return context.answer({**data, "file": None}, f"{item.id}: there is no card.", *said, status=1)
    default = context.project.settings.build_folder / "cards" / f"{item.id}-{options.size}.{picture.ending}"
    out = Path(options.out or default)
    replace_file(out, bytes_of(picture), option="--out")
    return context.answer(
        {**data, "file": str(out), "sha256": picture.sha256, "words": list(picture.words)},
        f"{out}: {item.title}, {day_words(found.planned.on)}.",
        *(context.typed(f"  {words}") for words in picture.words),
        "",
        context.typed(f"Alternative text: {found.alt_text}"),
        *said,
    )
