"""Figures in the organisation's own words: each must be carried by a claim that the item lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from ...domain.claim import Claim, ClaimStatus
from ...domain.finding import Finding
from .context import Material
from .figures import Figure, figures_in
from .rendered_message import View
from .telephone import PHONE, digits_of, numbers_in
from .visible_text import fold

_ADDRESS = re.compile(r"https?://\S+|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+|#\w+|%\w+%")
_DIGIT = re.compile(r"\d")
_BLOCKED = (ClaimStatus.OUTDATED, ClaimStatus.SUPERSEDED, ClaimStatus.UNSOURCED, ClaimStatus.DEBUNKED)


def check_numbers(material: Material) -> Iterator[Finding]:
    """C114 and C115."""
    ledger = _Figures(material)
    for view in material.views:
        carried = ledger.carried_by(view)
        seen: set[tuple[float, str]] = set()
        for text in (*view.headlines.values(), *view.own_blocks):
            for figure in ledger.own_figures(text):
                if figure.meaning in carried or figure.meaning in seen:
                    continue
                seen.add(figure.meaning)
                yield _finding(view, figure, ledger)


def _finding(view: View, figure: Figure, ledger: _Figures) -> Finding:
    owners = ledger.owners.get(figure.meaning, [])
    good = [c for c in owners if c.status not in _BLOCKED]
    if owners and not good:
        claim = owners[0]
        return view.finding(
            "C115", f'"{figure.words}" is the figure of {claim.id}, which is {claim.status}', figure.words
        )
    hint = f"list {good[0].id} under claims and print it with {{{{ number('{good[0].id}') }}}}" if good else ""
    return view.finding("C114", f'no claim of this item carries the figure "{figure.words}"', figure.words, hint=hint)


class _Figures:
    """Which figures are whose."""

    def __init__(self, material: Material) -> None:
        self.material = material
        self._known: dict[str, tuple[Figure, ...]] = {}

    @cached_property
    def owners(self) -> dict[tuple[float, str], list[Claim]]:
        found: dict[tuple[float, str], list[Claim]] = {}
        for claim in self.material.campaign.claims.values():
            for meaning in _meanings(claim):
                found.setdefault(meaning, []).append(claim)
        return found

    def carried_by(self, view: View) -> set[tuple[float, str]]:
        """Figures of the claims that this message uses or its item lists, and of its help lines."""
        claims = self.material.campaign.claims
        listed = (*view.item.claims, *view.item.then, *view.item.now, *view.message.claims)
        return {m for i in dict.fromkeys(listed) if i in claims for m in _meanings(claims[i])}

    @cached_property
    def _records(self) -> tuple[str, ...]:
        """Words that come from records and settings and are no statistics: help lines, the postal address."""
        organisation = self.material.settings.organisation
        words = [fold(line) for line in organisation.postal_address.splitlines()]
        words += [fold(organisation.postal_address), fold(organisation.name)]
        for contact in self.material.campaign.contacts.values():
            texts = (contact.value, contact.label, contact.purpose, contact.hours, contact.languages)
            words += map(fold, texts)
        for claim in self.material.campaign.claims.values():
            words += map(fold, (claim.source.title, claim.source.publisher, claim.source.locator))
        return tuple(sorted((w for w in set(words) if any(c.isdigit() for c in w)), key=len, reverse=True))

    @cached_property
    def _numbers(self) -> set[str]:
        return {d for c in self.material.campaign.contacts.values() if (d := digits_of(c.value))}

    def own_figures(self, text: str) -> tuple[Figure, ...]:
        """Figures of a folded text once help lines, addresses and tags are taken out."""
        known = self._known.get(text)
        if known is None:
            plain = text
            if _DIGIT.search(plain):
                for words in self._records:
                    plain = plain.replace(words, " ")
                plain = PHONE.sub(" ", _ADDRESS.sub(" ", plain))
            lines = self._numbers | {printed for printed, _ in numbers_in(text)}
            known = tuple(f for f in figures_in(plain) if f.unit or f.words not in lines)
            self._known[text] = known
        return known


def _meanings(claim: Claim) -> set[tuple[float, str]]:
    return {f.meaning for f in figures_in(fold(" ; ".join((*claim.numbers, claim.text, claim.caveat))))}
