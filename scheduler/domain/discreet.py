"""The discreet head of a campaign's emails: what an inbox shows of them for readers over whose shoulder others look."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from ..light_dataclass import dataclass
from ..schema.field import Field
from .formatting import day_and_month

#: How a choice stands in a ledger: what was not said, is the channel's.
STORED: Mapping[bool | None, int] = {None: 0, True: 1, False: 2}
CHOSEN: Mapping[int, bool | None] = {number: choice for choice, number in STORED.items()}


@dataclass(frozen=True)
class DiscreetHead:
    """The words of the [discreet] table. What is left out has the program's own, in the campaign's language."""

    from_name: Annotated[str, Field("Who the email is from, in the list of an inbox. The address stays.")] = ""
    subject: Annotated[str, Field("Of each email that has no `discreet_subject` of its own; `{date}` is its day.")] = ""
    preheader: Annotated[str, Field("What a mailbox shows behind the subject.")] = ""
    first_line: Annotated[
        str, Field("What stands at the head of the email in place of the campaign's name; left out: `from_name`.")
    ] = ""

    def in_language(self, language: str) -> DiscreetHead:
        """With the program's own words where it has none."""
        usual = _USUAL.get(language.split("-")[0].casefold(), _USUAL["en"])
        own = (self.from_name or usual.from_name, self.subject or usual.subject, self.preheader or usual.preheader)
        return DiscreetHead(*own, self.first_line)

    def subject_on(self, on: date, language: str) -> str:
        """The subject of that day."""
        return self.subject.replace("{date}", day_and_month(on, language))


_USUAL = {
    "en": DiscreetHead("Your notes", "Your note for {date}", "It takes a few minutes, whenever it suits you."),
    "es": DiscreetHead("Tus notas", "Tu nota de hoy", "Son unos minutos, cuando te venga bien."),
}


def is_discreet(choice: bool | None, *, usual: bool) -> bool:
    """Which head somebody gets. ``usual``: whoever chose none gets the discreet one."""
    return usual if choice is None else choice
