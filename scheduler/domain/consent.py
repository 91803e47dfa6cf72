"""A person's consent to what is told of them, and the names that a campaign may print."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from ..light_dataclass import dataclass
from ..schema.field import Field
from ..schema.forms import record_id
from .claim import short_digest
from .finding import Where

NAME_KINDS = ("person", "organization", "place", "term")


@dataclass(frozen=True)
class Name:
    """A name, or a term, that texts may use as it is."""

    name: Annotated[str, Field("As it is written.")]
    kind: Annotated[
        str,
        Field("What it names. A `term` may be typed in quotation marks.", allowed=NAME_KINDS),
    ]
    where: Where
    why: Annotated[str, Field("Why texts may name it: a historical figure, a member of the staff who agreed.")] = ""
    also: Annotated[tuple[str, ...], Field("Other ways in which it is written.")] = ()


@dataclass(frozen=True)
class Consent:
    """One person's written consent. Who it is stands on paper, not here: the files are read by many."""

    id: Annotated[str, Field("Its number, as on the paper.", check=record_id)]
    person: Annotated[
        str, Field("Who agreed, as a number or initials that only the keeper can resolve; never the name.")
    ]
    what: Annotated[str, Field("What may be told, and with what: a first name, an age, a photo, none of them.")]
    items: Annotated[tuple[str, ...], Field("The only items for it.", refers="item")]
    starts: Annotated[date, Field("From this day on.", key="from")]
    until: Annotated[date, Field("The last day on which it holds.")]
    kept: Annotated[str, Field("Where the signed paper is, and who keeps it.")]
    taking_back: Annotated[str, Field("How the person can take it back, and whom they tell.")]
    where: Where
    channels: Annotated[tuple[str, ...], Field("The only channels for it; left out: each.")] = ()
    guardian: Annotated[str, Field("Of somebody under 18: who agreed for them, as above.")] = ""
    withdrawn_on: Annotated[date | None, Field("When it was taken back. From then on nothing of it goes out.")] = None
    withdrawn_how: Annotated[str, Field("How it was taken back, and who took note.")] = ""

    def terms_hash(self) -> str:
        """Of what it allows: what an approval of a message that shows it rests on."""
        terms = (self.what, self.items, self.channels, self.starts, self.until, self.withdrawn_on)
        return short_digest([str(term) for term in terms])

    def holds_on(self, on: date) -> bool:
        """Whether what it allows may be shown on that day."""
        return self.withdrawn_on is None and self.starts <= on <= self.until

    def lacks(self, item: str, channel: str, on: date) -> str:
        """Why it does not hold for a message, in words that follow its id; empty where it does."""
        if self.withdrawn_on is not None:
            return f"was withdrawn on {self.withdrawn_on}"
        if item not in self.items:
            return "is not for this item"
        if self.channels and channel not in self.channels:
            return f"is not for {channel}"
        if on < self.starts:
            return f"holds from {self.starts} on, and this goes out on {on}"
        return f"ran out on {self.until}, and this goes out on {on}" if on > self.until else ""
