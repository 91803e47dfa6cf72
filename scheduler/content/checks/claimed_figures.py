"""Quantities in the organization's own words: each that says something of people, cases, crime or money rests on a
claim of its item, and says the same with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import field

from ...domain.campaign import LANGUAGES_READ
from ...domain.claim import Claim, ClaimStatus
from ...domain.finding import Finding
from ...light_dataclass import dataclass
from ..codes import CODES
from ..quantities.quantity import Doubt, Form, Quantity
from ..quantities.verdict import Reason, Tier, Verdict
from .context import Material, View, about
from .figure_verdicts import FigureReader
from .open_questions import said_of

_BLOCKED = (ClaimStatus.OUTDATED, ClaimStatus.SUPERSEDED, ClaimStatus.UNSOURCED, ClaimStatus.DEBUNKED)
#: What of a claim a figure has been taken out of: its field, and how it is called.
_MISFITS = {
    Reason.OTHER_MEASURE: ("measure", "what it counts"),
    Reason.OTHER_POPULATION: ("population", "whom it counts"),
    Reason.OTHER_PLACE: ("place", "where it was counted"),
    Reason.OTHER_PERIOD: ("period", "when it was counted"),
}
_WORDS = {
    Reason.OTHER_WORD: 'stands "{word}", which the claim {claim} does not have',
    Reason.LEFT_OUT: '"{word}" is left out, which the claim {claim} has',
}
_DOUBTS = {
    Doubt.SEPARATOR: "can be read in two ways, a thousand times apart",
    Doubt.BILLON: "means a million million in Spanish, and a thousand million to many in the United States",
    Doubt.OTHER_DIGITS: "is written in digits of another script",
    Doubt.LETTERS: "has letters in place of digits",
    Doubt.SPACED: "is written with its digits apart",
    Doubt.SUPERSCRIPT: "is a power, or a number and a note",
}
_NEXT_WORDS = re.compile(r"(?: of)?(?: [^\W\d_][\w'-]*){1,4}")
_SHOWN_AT_ONCE = 8


@dataclass
class _Told:
    """One quantity of an item, with the channels whose messages have it."""

    verdict: Verdict
    view: View
    shown: str  # with the words behind it
    channels: set[str] = field(default_factory=set)


def _counts_of(material: Material) -> Iterator[int]:
    """What the program counts itself: days, and the messages of each channel; and help lines of a few digits."""
    yield material.plan.season.days
    yield from (int(line) for c in material.campaign.contacts.values() if (line := c.value.strip()).isdecimal())
    yield from material.numbers.values()


def _reader(material: Material) -> FigureReader:
    return FigureReader(material.quantity_rules, material.campaign.language, _counts_of(material))


def check_figures(material: Material) -> Iterator[Finding]:
    """C115 and C150 to C153, item by item."""
    reader = _reader(material)
    if reader.language not in LANGUAGES_READ:
        return  # a person is asked: C155
    campaign, planned = material.campaign, {p.item.id for p in material.plan.items} | {*material.campaign.items}
    by_item: dict[str, list[View]] = {}
    for view in material.views:
        by_item.setdefault(view.item.id, []).append(view)
    for views in by_item.values():
        told: dict[object, _Told] = {}
        for view in views:
            # A letter lists no claims: any of the campaign's carries its figures.
            claims = view.listed_claims if view.item.id in planned else tuple(campaign.claims.values())
            for text, verdict in reader.verdicts(view.all_parts, claims, view.message.on.year):
                same = told.setdefault(verdict.key, _Told(verdict, view, _shown(text, verdict.quantity)))
                same.channels.add(view.message.channel)
        if told:
            yield from _findings(material, reader, list(told.values()), {view.message.channel for view in views})
    yield from material.quantity_rules.findings


def _shown(text: str, quantity: Quantity) -> str:
    """The quantity as it is written, with what stands before it and a few words behind it."""
    start = quantity.start
    before = text[:start].rstrip()
    if quantity.bound and before.casefold().endswith(quantity.bound.casefold()):
        start = len(before) - len(quantity.bound)
    behind = _NEXT_WORDS.match(text, quantity.end)
    return text[start : behind.end() if behind else quantity.end]


def _findings(material: Material, reader: FigureReader, told: Sequence[_Told], channels: set[str]) -> Iterator[Finding]:
    """``channels``: of all messages of the item."""
    loose: list[_Told] = []
    for one in told:
        code, message, hint = _said_of(material, reader, one)
        if code == "C151":
            loose.append(one)
            continue
        for channel in [""] if one.channels == channels else sorted(one.channels):
            yield _finding(code, one, message, hint, channel)
    if loose:
        words = [f'"{one.shown}"' for one in loose[:_SHOWN_AT_ONCE]]
        more = f" and {len(loose) - len(words)} more" if len(loose) > len(words) else ""
        numbers = "a number stands" if len(loose) == 1 else f"{len(loose)} numbers stand"
        message = f"{numbers} here that no claim of this item carries: {', '.join(words)}{more}"
        yield _finding("C151", loose[0], message, "", "")


def _said_of(material: Material, reader: FigureReader, one: _Told) -> tuple[str, str, str]:
    """Code, message and hint; C151 for what is told with the others."""
    verdict, claims = one.verdict, material.campaign.claims
    owners = [] if verdict.claim else _owners(material, reader, one)
    good = [c for c in owners if c.status not in _BLOCKED]
    if owners and not good and (verdict.tier is Tier.RED or _tells_its_claim(verdict.quantity)):
        return "C115", f'"{one.shown}" is the figure of {owners[0].id}, which is {owners[0].status}', ""
    if verdict.reason in _WORDS:
        told = _WORDS[verdict.reason].format(word=verdict.detail, claim=verdict.claim)
        return "C156", f'beside "{one.shown}" {told}: "{claims[verdict.claim].text}"', ""
    if verdict.tier is Tier.AMBER:
        return "C151", "", ""
    if verdict.reason is Reason.UNSURE:
        return "C153", f'"{one.shown}" {_DOUBTS[Doubt(verdict.detail)]}', ""
    if verdict.claim:
        return "C152", _misfit(one, claims[verdict.claim]), ""
    hint = f"list {good[0].id} under claims and print it with {{{{ number('{good[0].id}') }}}}" if good else ""
    return "C150", f'no claim of this item says "{one.shown}"', hint


def _finding(code: str, one: _Told, message: str, hint: str, channel: str) -> Finding:
    """Where it stands first."""
    where = one.view.line_of(one.shown)
    where = where if where != one.view.item.where else one.view.line_of(one.verdict.quantity.words)
    return CODES[code].at(where, message, hint=hint, item=one.view.item.id, channel=channel)


def _misfit(one: _Told, claim: Claim) -> str:
    verdict = one.verdict
    if verdict.reason is Reason.OTHER_VALUE:
        return f'"{one.shown}" is more or less than the claim {claim.id} says: "{claim.text}"'
    name, words = _MISFITS[verdict.reason]
    says = getattr(claim, name) or claim.measure or claim.text
    return f'"{one.shown}" changes {words}: "{verdict.detail}" here; the claim {claim.id} has "{says}"'


def _owners(material: Material, reader: FigureReader, one: _Told) -> list[Claim]:
    """Claims that have this figure and that the item does not list."""
    listed = {claim.id for claim in one.view.listed_claims}
    others = [claim for claim in material.campaign.claims.values() if claim.id not in listed]
    found = reader.carriers(one.verdict.quantity, others)
    return [claim for claim in others if claim.id in found]


def _tells_its_claim(quantity: Quantity) -> bool:
    """Whether a figure is so much its own that a claim which has it, too, has it not by chance."""
    return quantity.form is not Form.PLAIN or any(value >= 1000 for value in quantity.values)


# -- claims, and languages that nobody reads here -------------------------------------------------------------------


def check_claims_figures(material: Material) -> Iterator[Finding]:
    """C154: of each claim, whether its numbers and its text say the same."""
    for claim, number in _reader(material).strays(list(material.campaign.claims.values())):
        after = f': its numbers have "{number}", and its text says another one: "{claim.text}"'
        yield CODES["C154"].at(claim.where, about(claim, "", after))


def check_unread_languages(material: Material) -> Iterator[Finding]:
    """C155 of each item in a language that no check reads; D203 where a person has stood for it."""
    campaign = material.campaign
    planned = {p.item.id: p.item for p in material.plan.items}
    for view in {v.item.id: v for v in material.views if v.item.id in planned}.values():
        item = planned[view.item.id]
        asked = campaign.unread_question(item)
        if not asked.text:
            return
        if answer := material.questions.answer_to(asked):
            yield CODES["D203"].at(item.where, f"a person decided{said_of(asked, answer)}", item=item.id)
            continue
        from ..quantities.quantity_reader import digits_in

        digits = dict.fromkeys(q.words for part in view.all_parts for q in digits_in(part.figures))
        shown = f" (it has {', '.join([*digits][:_SHOWN_AT_ONCE])})" if digits else ""
        yield CODES["C155"].at(item.where, f'a person reads it first{shown}: "{asked.text}"', item=item.id)
