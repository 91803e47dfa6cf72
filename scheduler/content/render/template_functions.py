"""The functions that an item's texts can call, and the book of what they used.

A text may use only what the item's front matter names (help lines also what the campaign prints everywhere), so that
the lists of claims, quotations and contacts that reviewers sign are whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from ...domain.campaign import Campaign, ItemText
from ...domain.claim import Claim
from ...domain.planned_item import Plan, PlannedItem
from ...domain.quotation import Passage, Quotation, Source
from ...schema.toml_text import nearest
from .message_error import TemplateProblem
from .template_values import (
    ClaimView,
    ContactView,
    Day,
    PastView,
    QuotationView,
    claim_view,
    contact_view,
    quotation_view,
    words_of,
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


class Library:
    """A campaign's records as views and as hashes; each is made once for a whole season."""

    def __init__(self, campaign: Campaign) -> None:
        self.campaign = campaign
        self._claims: dict[str, ClaimView] = {}
        self._contacts: dict[str, ContactView] = {}
        self._hashes: dict[str, str] = {}

    def claim(self, claim_id: str) -> ClaimView:
        if claim_id not in self._claims:
            self._claims[claim_id] = claim_view(self._there(self.campaign.claims, claim_id, "claim"))
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

    def quotation(self, pointer: str) -> QuotationView:
        return quotation_view(*self.passage(pointer))

    def past(self, claim_id: str) -> tuple[PastView, str]:
        """A claim told as past, and the pointer to the passage that it quotes ("" when it quotes none).

        Where a stored page carries the claim and its words may be quoted, the page's own words are printed.
        """
        record: Claim = self._there(self.campaign.claims, claim_id, "claim")
        view = self.claim(claim_id)
        if record.source_ref:
            source, passage = self.passage(record.source_ref)
            words, pointer = (words_of(source, passage), record.source_ref) if passage.quotable else ("", "")
            return PastView(view, words, source.attribution, str(source.year)), pointer
        return PastView(view, "", "", view.period), ""

    def hashes(self, used: Used) -> dict[str, str]:
        """What a message rests on: "claim:ID", "contact:ID" and "source:ID" with the hash of each."""
        keys = [f"claim:{i}" for i in used.claims] + [f"contact:{i}" for i in used.contacts]
        keys += [f"source:{i}" for i in used.sources]
        return {key: self._hash(key) for key in sorted(keys)}

    def _hash(self, key: str) -> str:
        if key not in self._hashes:
            kind, _, record_id = key.partition(":")
            if kind == "source":
                self._hashes[key] = self.campaign.sources[record_id].sha256
            elif kind == "claim":
                self._hashes[key] = self.campaign.claims[record_id].record_hash()
            else:
                self._hashes[key] = self.campaign.contacts[record_id].record_hash()
        return self._hashes[key]

    def _there(self, records: Mapping[str, _Record], record_id: str, what: str) -> _Record:
        if record_id not in records:
            _refuse_unreadable(self.campaign, record_id, what)
            raise TemplateProblem("R004", f"there is no {what} {record_id}{_near(record_id, records)}")
        return records[record_id]


class ItemRecords:
    """The functions of one item's texts. A new one for each message, since it keeps the book of use."""

    def __init__(self, library: Library, item: ItemText | None, block: Iterable[str]) -> None:
        """``item`` None: the text belongs to no item, and only the contacts of ``block`` may be used."""
        self.used = Used()
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
            "attribution": self.attribution,
            "short_attribution": self.short_attribution,
            "question": self.question,
            "contact": self.contact,
        }

    def claim(self, claim_id: str) -> ClaimView:
        view = self._claim(claim_id)
        self.used.told[claim_id] = None
        return view

    def _claim(self, claim_id: str) -> ClaimView:
        self._listed(claim_id, self._claims, self._library.campaign.claims, "claim")
        view = self._library.claim(claim_id)
        self.used.claims[claim_id] = None
        return view

    def number(self, claim_id: str) -> str:
        view = self._claim(claim_id)
        if not view.numbers:
            raise TemplateProblem("R007", f"the claim {claim_id} has no numbers")
        return view.numbers[0]

    def quote(self, pointer: str) -> str:
        return self._quoted(pointer).text

    def attribution(self, pointer: str) -> str:
        view = self._quoted(pointer)
        self.used.attributed[pointer] = None
        return self._filled(view.attribution, pointer, "attribution")

    def short_attribution(self, pointer: str) -> str:
        view = self._quoted(pointer)
        self.used.attributed[pointer] = None
        return self._filled(view.short_attribution, pointer, "short_attribution")

    def question(self, pointer: str) -> str:
        self._listed(pointer, self._questions, (), "quotation")
        source, passage = self._library.passage(pointer)
        self.used.sources[source.id] = None
        return self._filled(passage.question, pointer, "question")

    def contact(self, contact_id: str) -> ContactView:
        self._listed(contact_id, self._contacts, self._library.campaign.contacts, "contact")
        view = self._library.contact(contact_id)
        self.used.contacts[contact_id] = None
        return view

    # -- what the message's template prints by itself -----------------------------------------------------

    def past(self, claim_id: str) -> PastView:
        view, pointer = self._library.past(claim_id)
        self.used.claims[claim_id] = None
        if pointer:
            self._use_quotation(pointer)
        return view

    def quotation(self, pointer: str) -> QuotationView:
        view = self._library.quotation(pointer)
        self._use_quotation(pointer)
        return view

    def _quoted(self, pointer: str) -> QuotationView:
        self._listed(pointer, self._quotations, (), "quotation")
        return self.quotation(pointer)

    def _use_quotation(self, pointer: str) -> None:
        self.used.quotations[pointer] = None
        self.used.sources[pointer.partition("#")[0]] = None

    @staticmethod
    def _filled(text: str, pointer: str, what: str) -> str:
        if not text:
            raise TemplateProblem("R007", f"{pointer} has no {what}")
        return text

    def _listed(self, record_id: object, listed: set[str], known: Iterable[str], what: str) -> None:
        if not isinstance(record_id, str):
            raise TemplateProblem("R005", f"the id of a {what} stands in quotation marks")
        if record_id in listed:
            return
        if known and record_id not in known:
            _refuse_unreadable(self._library.campaign, record_id, what)
            raise TemplateProblem("R004", f"there is no {what} {record_id}{_near(record_id, known)}")
        raise TemplateProblem("R003", f"uses the {what} {record_id}, which the front matter does not list")


def _refuse_unreadable(campaign: Campaign, record_id: str, what: str) -> None:
    """A record that is there and was left out for a mistake of its own is not said to be missing."""
    if campaign.is_unreadable(what, record_id):
        raise TemplateProblem(
            "R004",
            f"the {what} {record_id} cannot be read",
            hint=f"correct that {what} first; its own finding says how",
        )


#: Variables of an item's texts beside the functions.
VARIABLES = ("title", "season", "day_number", "days", "on")


def variables(plan: Plan, planned: PlannedItem) -> dict[str, object]:
    """The values of :data:`VARIABLES` for one day of the plan."""
    return {
        "title": plan.title,
        "season": plan.season.year,
        "day_number": planned.day_number,
        "days": plan.season.days,
        "on": Day.of(planned.on),
    }


def _near(wanted: str, known: Iterable[str]) -> str:
    near = nearest(wanted, known)
    return f"; did you mean {near}?" if near else ""
