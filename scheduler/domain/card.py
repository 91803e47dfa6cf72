"""What a campaign and an item say of cards."""

from __future__ import annotations

from typing import Annotated

from ..light_dataclass import dataclass
from ..schema.field import Field
from .design_tokens import COATS

#: The kinds of an item, each of which has a card of its own in templates/cards/.
CARD_KINDS = ("special", "quotation", "fact", "then-now", "myth-corrected", "help", "action", "rest")
#: What an item's file may give a card as its large words, and as those below them: nothing that is typed for it alone.
HEADLINES = ("title", "subject", "action")
LINES = ("action", "preheader", "title", "none")
#: What may become of a post whose picture cannot be had.
PICTURE_MISSING = ("wait", "without")
#: Characters of an alternative text, as X counts them; no network of ours takes fewer.
LONGEST_ALT = 1_000


@dataclass(frozen=True, slots=True)
class CardRules:
    """The cards of a campaign: [cards] in campaign.toml."""

    on: Annotated[bool, Field("Each post has a picture, made from its item's records.")] = False
    coat: Annotated[str, Field("One for all cards; left out: each kind has its own.", allowed=tuple(COATS))] = ""
    digits: Annotated[
        bool,
        Field(
            "The numbers of help lines stand on cards. A picture that was shared cannot be called back: `false` where "
            "a number may change."
        ),
    ] = True


@dataclass(frozen=True, slots=True)
class CardChoice:
    """What an item's own card shows: [card] in its front matter. All of it may be left out."""

    kind: Annotated[str, Field("Which card; left out: that of the item's kind.", allowed=CARD_KINDS)] = ""
    coat: Annotated[str, Field("Its coat; left out: as [cards] says.", allowed=tuple(COATS))] = ""
    headline: Annotated[str, Field("Its large words; left out: as its kind has them.", allowed=HEADLINES)] = ""
    line: Annotated[str, Field("The words below them; left out: as its kind has them.", allowed=LINES)] = ""
    claim: Annotated[str, Field("The claim on it; left out: the item's first.", refers="claim")] = ""
    quotation: Annotated[str, Field("The passage on it; left out: the item's first.", refers="passage")] = ""
