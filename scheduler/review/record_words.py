"""Records and items by their own words, as people know them: on a page, in the history and in the report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from textwrap import shorten

from ..domain.campaign import Campaign
from ..domain.edit_form import FIELDS
from ..domain.question import GUARDED
from ..light_dataclass import dataclass

_LONGEST = 80
_NOUNS: Mapping[str, str] = {"claim": "the claim ", "contact": "the help line ", "source": "the source "}


def record_words(kind: str, record_id: str, campaign: Campaign) -> str:
    """A claim, a help line or a source by its own words, in quotation marks; nothing where it is gone."""
    if kind == "claim" and record_id in campaign.claims:
        return _quoted(campaign.claims[record_id].text)
    if kind == "contact" and record_id in campaign.contacts:
        line = campaign.contacts[record_id]
        return _quoted(f"{line.value}, {line.label}")
    if kind == "source" and record_id in campaign.sources:
        return _quoted(campaign.sources[record_id].title)
    return ""


def _quoted(words: str) -> str:
    return f"“{shorten(words, _LONGEST, placeholder=' …')}”"


@dataclass(frozen=True)
class RecordWords:
    """What lines of the history call what they are about: its words, and its id behind them. Of what is gone, or of
    another campaign, the id alone. ``titles``: of the campaign's items."""

    campaign: Campaign | None = None
    titles: Mapping[str, str] = field(default_factory=dict)

    def for_line(self, data: Mapping[str, object]) -> RecordWords:
        """Those for a line with this data: of another campaign they know nothing."""
        is_own = self.campaign is not None and data.get("campaign", self.campaign.id) == self.campaign.id
        return self if is_own else RecordWords()

    def item(self, item_id: str) -> str:
        title = self.titles.get(item_id)
        return f"{_quoted(title)} ({item_id})" if title else item_id

    def record(self, kind: str, record_id: str) -> str:
        if kind == "item":
            return self.item(record_id)
        if kind == "discreet":  # the campaign's own, so there is one
            return "the discreet head of the emails"
        words = record_words(kind, record_id, self.campaign) if self.campaign else ""
        return f"{_NOUNS.get(kind, f'{kind} ')}{words} ({record_id})" if words else f"{kind} {record_id}"

    def answered(self, data: Mapping[str, object]) -> str:
        """What somebody answered, and how. What became of a safeguard names it already."""
        subject, record_id, text = (str(data.get(name)) for name in ("subject", "subject_id", "text"))
        if subject in GUARDED:
            return f"answered for a safeguard ({text}): {data.get('answer')}"
        of_others = {"title": f"the title of {record_id}", "text": self.item(record_id)}
        about = of_others.get(subject) or self.record(subject, record_id)
        return f"answered the question of {about} ({text}): {data.get('answer')}"


def field_words(kind: str, keys: Iterable[object]) -> str:
    """Fields of a form as the form calls them."""
    labels = {one.key: one.label for one in FIELDS.get(kind, ())}
    return ", ".join(labels.get(str(key), str(key)) for key in keys)
