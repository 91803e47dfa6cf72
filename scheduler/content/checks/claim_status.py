"""Claims: what their status allows, who has signed them, how old they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from ...domain.campaign import TELLS_OF_THE_PAST, Campaign
from ...domain.claim import TOLD_AS_PRESENT, Claim, ClaimStatus
from ...domain.dates import days_in_month
from ...domain.finding import Finding, RecordName
from ...domain.question import Asked
from ...domain.via import people, that_count
from ..codes import CODES
from ..hosts import host_of
from .context import Material, View, about, ids_of, may_be_told_as_past
from .figure_verdicts import FigureReader
from .open_questions import question_of
from .visible_text import fold

#: They are printed with their caveat.
_WITH_CAVEAT = {ClaimStatus.ESTIMATE: ("C101", "an estimate"), ClaimStatus.CONTESTED: ("C102", "contested")}
_PAST = (ClaimStatus.OUTDATED, ClaimStatus.SUPERSEDED)
#: These stand on no picture as if they held.
_NOT_HELD = (*_PAST, ClaimStatus.UNSOURCED, ClaimStatus.DEBUNKED)


def check_claims(material: Material) -> Iterator[Finding]:
    """C101, C102, C104 to C108 and C117, message by message."""
    for view in material.views:
        for claim in view.claims:
            yield from _ladder(view, claim)
            yield from _reporter(view, claim)
            yield from _pictured(view, claim)
        yield from _headlines(view)


def check_used_claims(material: Material) -> Iterator[Finding]:
    """C103, C109 to C113, C116 and C117 of the claims themselves, and what an author left open (D201, D203, D204)."""
    for claim_id, views in material.users_of(lambda view: view.claims).items():
        claim = material.campaign.claims[claim_id]
        yield from _signed(material, claim, views)
        if claim.status in TOLD_AS_PRESENT:
            yield from _age(material, claim, views)
        asked = Asked("claim", claim.id, claim.needs_decision)
        yield from question_of(material, asked, claim.where, about(claim, " on ", ""), items=ids_of(views))
    for claim in material.campaign.claims.values():
        yield from _read(material, claim)
    yield from _labels(material.campaign)


# -- the ladder -----------------------------------------------------------------------------------------------


def _ladder(view: View, claim: Claim) -> Iterator[Finding]:
    text = claim.text if len(claim.text) <= 80 else claim.text[:77].rsplit(" ", 1)[0] + " \u2026"
    name = f'the claim {claim.id} ("{text}")'
    status = claim.status
    stated = view.states(claim)
    because = f": {claim.status_reason.rstrip('.')}" if claim.status_reason else ""
    known = view.material.campaign.claims
    successors = [known[i] for i in claim.superseded_by if i in known]
    if status in _WITH_CAVEAT and stated and not view.says(claim.caveat):
        code, described = _WITH_CAVEAT[status]
        lacks = f'its caveat "{claim.caveat}"' if claim.caveat else "a caveat, and its record has none"
        yield view.finding(code, f"{name} is {described} and stands without {lacks}", record=claim.id)
    elif status in _PAST and not may_be_told_as_past(view.item, claim):
        today = [f'today it reads: "{new.text}" ({new.id})' for new in successors[:1]]
        hint = "; ".join((*today, CODES["C104"].hint))
        yield view.finding("C104", f"{name} is {status}{because}", record=claim.id, hint=hint)
    elif status in _PAST and stated and not any(map(view.prints, successors)):
        names = " or ".join(claim.superseded_by)
        lacks = f"{names} is not printed" if names else "its record names none"
        yield view.finding("C105", f"{name} goes out without its successor: {lacks}", record=claim.id)
    elif status is ClaimStatus.UNSOURCED and stated:
        yield view.finding("C106", f"{name} has no source{because}", record=claim.id)
    elif status is ClaimStatus.DEBUNKED and not (
        view.item.kind == "myth-corrected" and may_be_told_as_past(view.item, claim)
    ):
        yield view.finding("C107", f"{name} is debunked{because}", record=claim.id)


def _pictured(view: View, claim: Claim) -> Iterator[Finding]:
    """A claim that does not hold, on a picture that says nothing else."""
    item = view.item
    is_alone = item.card.claim == claim.id and item.shown_as not in TELLS_OF_THE_PAST
    if is_alone and not view.is_email and claim.status in _NOT_HELD:
        message = f"the claim {claim.id} is {claim.status}, and the post's picture says it as if it held"
        yield view.finding("C104", message, record=claim.id, hint='name a claim that holds: card = { claim = "ID" }')


def _headlines(view: View) -> Iterator[Finding]:
    """A debunked number in a place where it would be remembered."""
    claims = view.material.campaign.claims
    reader = FigureReader(view.material.quantity_rules, view.material.campaign.language)
    ids = dict.fromkeys((*view.message.claims, *view.item.then, *view.item.claims))
    places = dict(view.headlines)
    if not view.is_email:
        note = fold(view.item.content_note)
        lines = [b for b in view.parts[0].blocks if not (note and note in b)]
        places["first line of the post"] = lines[0] if lines else ""
    for claim in (claims[i] for i in ids if i in claims and claims[i].status is ClaimStatus.DEBUNKED):
        for place, text in places.items():
            printed = (n for n in claim.numbers if fold(n).casefold() in text.casefold())
            words = reader.same_figure(text, claim) or next(printed, "")
            if words:
                yield view.finding("C108", f'"{words}" of the debunked claim {claim.id} stands in the {place}', words)


# -- sign-offs ------------------------------------------------------------------------------------------------


def _signed(material: Material, claim: Claim, views: Sequence[View]) -> Iterator[Finding]:
    signed = material.sign_offs(claim)
    if claim.status is ClaimStatus.CONTESTED:
        if len(people(signed)) < 2 or not any("expert" in s.role.casefold() for s in that_count(signed)):
            has = ", ".join(sorted(f"{s.person} ({s.role})" for s in signed)) or "nobody"
            said = about(claim, "the contested claim ", f" is signed by {has}", views)
            yield CODES["C103"].at(claim.where, said, items=ids_of(views))
    elif not signed:
        lack = material.signatures.lack_of("claim", claim.id)
        yield CODES["C109"].at(claim.where, about(claim, "the claim ", f" {lack}", views), items=ids_of(views))
    if claim.hard_expires and (late := [v for v in views if v.message.on > claim.hard_expires]):
        after = f" expires on {claim.hard_expires}; its message of {late[0].message.on} comes after"
        yield CODES["C112"].at(claim.where, about(claim, "the claim ", after, late), items=ids_of(late))


# -- who read the original, and where its address leads ----------------------------------------------------------


def _read(material: Material, claim: Claim) -> Iterator[Finding]:
    source = claim.source
    says = {"primary_seen": source.primary_seen, "seen_by": bool(source.seen_by), "seen_on": bool(source.seen_on)}
    if any(says.values()) and not all(says.values()):
        lacks = " and ".join(key for key, there in says.items() if not there)
        there = " and ".join(key for key, there in says.items() if there)
        after = f" has {there} without {lacks}, so nobody stands for having read the original"
        yield CODES["C116"].at(claim.where, about(claim, "the claim ", after))
    elif source.seen_on and source.seen_on > material.today:
        after = f" is said to have been read on {source.seen_on}, a day that has not come"
        yield CODES["C116"].at(claim.where, about(claim, "the original of ", after))


def _labels(campaign: Campaign) -> Iterator[Finding]:
    own = {name.casefold(): hosts for name, hosts in campaign.publishers.items()}
    claims = campaign.claims.values()
    labelled = [
        (RecordName("claim", c.id), c.where, c.source.reported_by or c.source.publisher, c.source.url) for c in claims
    ]
    labelled += [(RecordName("source", s.id), s.where, s.publisher, s.url) for s in campaign.sources.values()]
    for record, where, named, url in labelled:
        host = host_of(url)
        if host and not any(host == h or host.endswith(f".{h}") for h in own.get(named.casefold(), ())):
            yield CODES["C117"].at(
                where, (record, f': the address leads to {host}, which is not known as a site of "{named}"')
            )


def _reporter(view: View, claim: Claim) -> Iterator[Finding]:
    source, named = claim.source, f"as reported by {claim.source.reported_by}"
    linked = source.reported_by and source.url in view.addresses and view.says(source.title)
    if linked and not view.says(named):
        yield view.finding(
            "C117",
            f'the message names "{source.title}" and links to {host_of(source.url)} without "{named}"',
            record=claim.id,
            hint="print it: {{ claim.source.reported_by }} in the template, or in the text of the item",
        )


# -- age ------------------------------------------------------------------------------------------------------


def _age(material: Material, claim: Claim, views: Sequence[View]) -> Iterator[Finding]:
    first = views[0].message.on
    signed_on = material.signed_on(claim) or date.min
    if claim.review_by and (late := [v for v in views if v.message.on > claim.review_by]):
        if signed_on < claim.review_by:
            after = f" was to be reviewed by {claim.review_by}, before {late[0].message.on}"
            yield CODES["C110"].at(claim.where, about(claim, "the claim ", after, late))
    elif claim.kind == "statistic" and (end := end_of_period(claim.period)):
        months = material.settings.statistic_max_age_months
        old_on = _months_later(end, months)
        if first > old_on and signed_on < old_on:
            after = f" describes {claim.period}, more than {months} months back"
            yield CODES["C111"].at(claim.where, about(claim, "the statistic ", after, views))
    if not claim.source.primary_seen:
        yield CODES["C113"].at(claim.where, about(claim, "the primary source of ", " was not seen", views))


_PERIOD = re.compile(r"\b((?:1[5-9]|20)\d\d)(?:-(\d\d)(?:-(\d\d))?)?\b")


def end_of_period(period: str) -> date | None:
    """The last day of "2021", "2022-09" or "2016 to 2020"; None when no year is named."""
    ends = []
    for year, month, day in _PERIOD.findall(period):
        number = int(month) if month and 1 <= int(month) <= 12 else 12
        last = days_in_month(int(year), number)
        ends.append(date(int(year), number, min(int(day), last) if day and int(day) else last))
    return max(ends, default=None)


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, days_in_month(year, month + 1)))
