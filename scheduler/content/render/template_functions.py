"""The functions that an item's texts can call, and the book of what they used.

A text may use only what the item's front matter names (help lines also what the campaign prints everywhere), so that
the lists of claims, quotations and contacts that reviewers sign are whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from functools import partial
from typing import TypeVar

from ...domain.archive_link import campaign_url
from ...domain.campaign import Campaign, ItemText
from ...domain.planned_item import Plan, PlannedItem
from ...domain.quotation import Passage, Quotation, Source
from ...light_dataclass import dataclass
from ...schema.toml_text import nearest
from ..load.references import HOMES
from .template_values import (
    ClaimView,
    ContactView,
    Day,
    PastView,
    QuotationView,
    RecordText,
    TemplateProblem,
    claim_view,
    contact_view,
    quotation_view,
)

_Record = TypeVar("_Record")


@dataclass
class Used:
    """What a message really uses, in the order of first use. The values of the dictionaries mean nothing."""

    claims: dict[str, None] = field(default_factory=dict)
    told: dict[str, None] = field(default_factory=dict)  # claims of which the text prints more than the number
    quotations: dict[str, None] = field(default_factory=dict)
    attributed: dict[str, None] = field(default_factory=dict)  # quotations whose attribution the text prints itself
    contacts: dict[str, None] = field(default_factory=dict)
    sources: dict[str, None] = field(default_factory=dict)  # stored editions
    consents: dict[str, None] = field(default_factory=dict)  # to the story that the item tells


class Library:
    """A campaign's records as views, each made once for a whole season, and as hashes."""

    def __init__(self, campaign: Campaign) -> None:
        self.campaign = campaign
        self._claims: dict[str, ClaimView] = {}
        self._contacts: dict[str, ContactView] = {}

    def claim(self, claim_id: str) -> ClaimView:
        if claim_id not in self._claims:
            self._claims[claim_id] = claim_view(
                self._there(self.campaign.claims, claim_id, "claim"), self.campaign.language
            )
        return self._claims[claim_id]

    def contact(self, contact_id: str) -> ContactView:
        if contact_id not in self._contacts:
            self._contacts[contact_id] = contact_view(self._there(self.campaign.contacts, contact_id, "contact"))
        return self._contacts[contact_id]

    def passage(self, pointer: str) -> tuple[Source, Passage]:
        parsed = Quotation.parse(pointer)
        if parsed is None:
            raise TemplateProblem("R004", f"{pointer!r} is not a passage; write SOURCE#PASSAGE")
        source = self._there(self.campaign.sources, parsed.source_id, "source")
        passage = source.passage(parsed.passage_id)
        if passage is None:
            near = _near(parsed.passage_id, (p.id for p in source.passages))
            raise TemplateProblem("R004", f"the source {source.id} has no passage {parsed.passage_id}{near}")
        return source, passage

    def hashes(self, used: Used) -> dict[str, str]:
        """What a message rests on: "claim:ID", "contact:ID", "source:ID" and "consent:ID" with the hash of each."""
        campaign = self.campaign
        hashes = {f"claim:{i}": campaign.claims[i].record_hash() for i in used.claims}
        hashes |= {f"contact:{i}": campaign.contacts[i].record_hash() for i in used.contacts}
        hashes |= {f"source:{i}": campaign.sources[i].sha256 for i in used.sources}
        hashes |= {f"consent:{i}": campaign.consents[i].terms_hash() for i in used.consents if i in campaign.consents}
        return dict(sorted(hashes.items()))

    def not_there(self, record_id: str, what: str, known: Iterable[str]) -> TemplateProblem:
        """A record that is there and was left out for a mistake of its own is not said to be missing."""
        if f"{what}:*" in self.campaign.unreadable:
            return TemplateProblem(
                "R004",
                f"no {what} can be read, so no text that prints one can be made",
                hint="correct that file first; its own finding says how",
                file=HOMES[what],
            )
        if self.campaign.is_unreadable(what, record_id):
            return TemplateProblem(
                "R004",
                f"the {what} {record_id} cannot be read",
                hint=f"correct that {what} first; its own finding says how",
            )
        return TemplateProblem("R004", f"there is no {what} {record_id}{_near(record_id, known)}")

    def _there(self, records: Mapping[str, _Record], record_id: str, what: str) -> _Record:
        if record_id not in records:
            raise self.not_there(record_id, what, records)
        return records[record_id]


class ItemRecords:
    """The functions of one item's texts. A new one for each message, since it keeps the book of use."""

    def __init__(self, library: Library, item: ItemText | None, block: Iterable[str]) -> None:
        """``item`` None: the text belongs to no item, and only the contacts of ``block`` may be used."""
        self.used = Used(consents={item.story_consent: None} if item and item.story_consent else {})
        self._library = library
        self._claims = {*item.claims, *item.then, *item.now} if item else set()
        self._quotations = set(item.quotations) if item else set()
        claims = library.campaign.claims
        # The question that a listed claim answers on its page comes with the claim.
        self._questions = self._quotations | {claims[i].source_ref for i in self._claims if i in claims}
        self._contacts = {*block, *(item.contacts if item else ())}

    def functions(self) -> dict[str, Callable[[str], object]]:
        return {
            "claim": self.claim,
            "number": self.number,
            "quote": self.quote,
            "attribution": partial(self._attribution, "attribution"),
            "short_attribution": partial(self._attribution, "short_attribution"),
            "question": self.question,
            "contact": self.contact,
        }

    def claim(self, claim_id: str) -> ClaimView:
        self.used.told[claim_id] = None
        return self._claim(claim_id)

    def _claim(self, claim_id: str) -> ClaimView:
        self._listed(claim_id, self._claims, self._library.campaign.claims, "claim")
        self.used.claims[claim_id] = None
        return self._library.claim(claim_id)

    def number(self, claim_id: str) -> str:
        view = self._claim(claim_id)
        if not view.numbers:
            raise TemplateProblem("R007", f"the claim {claim_id} has no numbers")
        return view.numbers[0]

    def quote(self, pointer: str) -> str:
        self._listed(pointer, self._quotations, (), "quotation")
        return self.quotation(pointer).text

    def _attribution(self, field: str, pointer: str) -> str:
        self._listed(pointer, self._quotations, (), "quotation")
        self.used.attributed[pointer] = None
        return _filled(getattr(self.quotation(pointer), field), pointer, field)

    def question(self, pointer: str) -> str:
        self._listed(pointer, self._questions, (), "quotation")
        source, passage = self._library.passage(pointer)
        self.used.sources[source.id] = None
        return _filled(RecordText(passage.question, "quotation", pointer, "question"), pointer, "question")

    def contact(self, contact_id: str) -> ContactView:
        self._listed(contact_id, self._contacts, self._library.campaign.contacts, "contact")
        self.used.contacts[contact_id] = None
        return self._library.contact(contact_id)

    # -- what the message's template prints by itself -----------------------------------------------------

    def past(self, claim_id: str) -> PastView:
        """A claim told as past. Where a stored page carries it and its words may be quoted, they are printed."""
        view = self._library.claim(claim_id)
        self.used.claims[claim_id] = None
        if not view.source_ref:
            return PastView(view, "", "", view.period)
        source, passage = self._library.passage(view.source_ref)
        quoted = self.quotation(view.source_ref).text if passage.quotable else ""
        attribution = RecordText(source.attribution, "source", source.id, "attribution")
        return PastView(view, quoted, attribution, str(source.year))

    def quotation(self, pointer: str) -> QuotationView:
        source, passage = self._library.passage(pointer)
        self.used.quotations[pointer] = None
        self.used.sources[source.id] = None
        return quotation_view(source, passage)

    def _listed(self, record_id: object, listed: set[str], known: Iterable[str], what: str) -> None:
        if not isinstance(record_id, str):
            raise TemplateProblem("R005", f"the id of a {what} stands in quotation marks")
        if record_id in listed:
            return
        if known and record_id not in known:
            raise self._library.not_there(record_id, what, known)
        raise TemplateProblem("R003", f"uses the {what} {record_id}, which the front matter does not list")


def _filled(text: str, pointer: str, what: str) -> str:
    if not text:
        raise TemplateProblem("R007", f"{pointer} has no {what}")
    return text


def variables(plan: Plan, planned: PlannedItem, public_url: str) -> dict[str, object]:
    """The variables of an item's texts beside the functions, for one day of the plan."""
    return {
        "title": RecordText(plan.title, "setting", "campaign", "title"),
        "season": plan.season.year,
        "day_number": planned.day_number,
        "days": plan.season.days,
        "on": Day.of(planned.on, plan.campaign.language),
        "sign_up_url": f"{campaign_url(public_url, plan.campaign.slug)}/subscribe",
    }


def _near(wanted: str, known: Iterable[str]) -> str:
    near = nearest(wanted, known)
    return f"; did you mean {near}?" if near else ""
