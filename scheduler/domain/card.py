"""What a campaign and an item say of cards, and of a picture in place of one."""

from __future__ import annotations

from typing import Annotated

from ..light_dataclass import dataclass
from ..schema.field import Field
from .design_tokens import COATS
from .finding import Where

#: The kinds of an item, each of which has a card of its own in templates/cards/.
CARD_KINDS = ("special", "quotation", "fact", "then-now", "myth-corrected", "help", "action", "rest")
#: What an item's file may give a card as its large words, and as those below them: nothing that is typed for it alone.
HEADLINES = ("title", "subject", "action")
LINES = ("action", "preheader", "title", "none")
#: What may become of a post whose picture cannot be had.
PICTURE_MISSING = ("wait", "without")
#: Characters of an alternative text, as X counts them; no network of ours takes fewer.
LONGEST_ALT = 1_000


@dataclass(frozen=True)
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


@dataclass(frozen=True)
class CardChoice:
    """What an item's own card shows: [card] in its front matter. All of it may be left out."""

    kind: Annotated[str, Field("Which card; left out: that of the item's kind.", allowed=CARD_KINDS)] = ""
    coat: Annotated[str, Field("Its coat; left out: as [cards] says.", allowed=tuple(COATS))] = ""
    headline: Annotated[str, Field("Its large words; left out: as its kind has them.", allowed=HEADLINES)] = ""
    line: Annotated[str, Field("The words below them; left out: as its kind has them.", allowed=LINES)] = ""
    claim: Annotated[str, Field("The claim on it; left out: the item's first.", refers="claim")] = ""
    quotation: Annotated[str, Field("The passage on it; left out: the item's first.", refers="passage")] = ""


#: By what right somebody's picture is shown -> how the license is named beside its credit; empty: it need not be.
LICENSES = {
    "own": "",
    "permission": "",
    "bought": "",
    "public-domain": "",
    "cc0": "",
    "cc-by": "CC BY",
    "cc-by-sa": "CC BY-SA",
    "cc-by-nc": "CC BY-NC",
}
PEOPLE = ("none", "recognizable")


@dataclass(frozen=True)
class PictureChoice:
    """A picture in place of the item's card: [picture] in its front matter."""

    file: Annotated[str, Field("A file in the campaign's folder `pictures/`: PNG, JPEG or WebP.")] = ""
    focus: Annotated[
        str,
        Field("What stays in view where it is cut to a size: how far from the left and from the top, in percent."),
    ] = "50% 50%"
    credit: Annotated[str, Field("Who made it. Must be there, as `license` and `people`, before anything is sent.")] = (
        ""
    )
    license: Annotated[
        str,
        Field(
            "By what right it is shown. With one of `cc-by`, `cc-by-sa` and `cc-by-nc` the post names the credit.",
            allowed=tuple(LICENSES),
        ),
    ] = ""
    people: Annotated[
        str,
        Field("Whether somebody on it can be recognized: by the face, a voice, a tattoo, a house.", allowed=PEOPLE),
    ] = ""
    consent: Annotated[str, Field("The id of their written consent, in consents.toml.")] = ""
    words: Annotated[tuple[str, ...], Field("The words that stand on it, each line of them; checks read them.")] = ()
    sha256: str = ""  # of the file's content; empty: it cannot be read, and a finding says so
    where: Where = Where("")

    @property
    def must_be_named(self) -> bool:
        """Whether its license asks for the credit wherever it is shown."""
        return bool(LICENSES.get(self.license))

    @property
    def credit_line(self) -> str:
        """Its credit as readers read it."""
        return ", ".join(filter(None, (self.credit, LICENSES.get(self.license, ""))))
