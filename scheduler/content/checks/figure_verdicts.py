"""What the rules about quantities say of the texts of messages, kept for the processes after this one.

Reading a season's quantities, and even loading what reads them, takes longer than all other checks. A message whose
words, claims and rules are as they were is not read again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ...domain.claim import Claim
from ...kept_by_key import KeptByKey, in_full
from ..quantities.quantity import Quantity
from ..quantities.verdict import Reason, Tier, Verdict
from .visible_text import Part
from .word_rules import language_of

if TYPE_CHECKING:
    from ..quantities.claim_values import ClaimFigures
    from ..quantities.quantity_rules import RulesOfLanguages
    from ..quantities.tiers import QuantityJudge, Said

#: Each under all that it was made from.
VERDICTS = KeptByKey()

#: The language of a paragraph; the same few paragraphs come again and again.
paragraph_language = lru_cache(maxsize=16384)(language_of)


def base_of(language: str) -> str:
    return language.partition("-")[0].casefold()


class FigureReader:
    """Reads the quantities of one season's messages. ``known``: numbers that the program counts itself."""

    def __init__(self, rules: RulesOfLanguages, language: str, known: Iterable[int] = ()) -> None:
        self._rules = rules
        self.language = base_of(language)
        self._known = sorted(set(known))
        self._judges: dict[tuple[str, int], QuantityJudge | None] = {}

    def verdicts(self, parts: Sequence[Part], claims: Sequence[Claim], year: int) -> list[tuple[str, Verdict]]:
        """Every quantity that is not silent, with the text in which it stands."""
        key = (
            "verdicts",
            (self.language, year, self._known, self._rules.fingerprint),
            [_read_of(claim) for claim in claims],
            [(part.name, part.seen, [p.plain for p in part.printed]) for part in parts],
        )
        if (kept := VERDICTS.read(key)) is not None:
            return [(parts[number].figures, _verdict(plain)) for number, plain in kept]
        figures = self._figures_of(claims)
        said: Said = {}
        found = [(n, v) for n, part in enumerate(parts) for v in self._judged(part, figures, year, said)]
        if not self._rules.findings:
            VERDICTS.write(key, tuple((number, _plain(verdict)) for number, verdict in found))
        return [(parts[number].figures, verdict) for number, verdict in found]

    def carriers(self, quantity: Quantity, claims: Iterable[Claim]) -> set[str]:
        """The ids of the claims that have this quantity."""
        claims = [*claims]
        rests_on = self.language, self._rules.fingerprint, [_read_of(claim) for claim in claims]
        key = "carriers", in_full(quantity), rests_on
        if (kept := VERDICTS.read(key)) is None:
            from ..quantities.claim_values import carriers

            kept = [claim.id for claim, _ in carriers(quantity, self._figures_of(claims))]
            if not self._rules.findings:
                VERDICTS.write(key, kept)
        return {*kept}

    def _figures_of(self, claims: Iterable[Claim]) -> list[ClaimFigures]:
        """What claims say, each read in the language of its own text: an edition may have an original's."""
        from ..quantities.claim_values import figures_of

        return [figures_of(claim, paragraph_language(claim.text, self.language)) for claim in claims]

    def strays(self, claims: Sequence[Claim]) -> Iterator[tuple[Claim, str]]:
        """Claims with those of their numbers that their text does not say."""
        key = "strays", self.language, [_read_of(claim) for claim in claims]
        if (kept := VERDICTS.read(key)) is None:
            from ..quantities.claim_values import stray_numbers

            languages = [paragraph_language(claim.text, self.language) for claim in claims]
            found = ((n, stray) for n, claim in enumerate(claims) for stray in stray_numbers(claim, languages[n]))
            VERDICTS.write(key, kept := tuple(found))
        return ((claims[number], stray) for number, stray in kept)

    def same_figure(self, text: str, claim: Claim) -> str:
        """The first figure of a text that is one of a claim's ``numbers``, or of its text where it has none."""
        key = "same figure", self.language, text, _read_of(claim)
        if (kept := VERDICTS.read(key)) is not None:
            return str(kept)
        from ..quantities.claim_values import figures_in, is_same

        told = [q for words in claim.numbers or (claim.text,) for q in figures_in(words, self.language)]
        found = (q.words for q in figures_in(text, self.language) if any(is_same(q, has) for has in told))
        words = next(found, "")
        VERDICTS.write(key, words)
        return words

    def _judged(self, part: Part, claims: Sequence[ClaimFigures], year: int, said: Said) -> Iterable[Verdict]:
        for language, text in _by_language(part.figures, self.language).items():
            if judge := self._judge(language, year):
                found = judge.judge(text, claims, lambda: part.records_in_figures, said)
                yield from (verdict for verdict in found if verdict.tier is not Tier.SILENT)

    def _judge(self, language: str, year: int) -> QuantityJudge | None:
        key = language, year
        if key not in self._judges:
            from ..quantities.tiers import QuantityJudge

            rules = self._rules.of(language)
            known = frozenset(map(Fraction, self._known))
            self._judges[key] = QuantityJudge(rules, language, year, known) if rules else None
        return self._judges[key]


def _by_language(text: str, usual: str) -> Mapping[str, str]:
    """The text as each language has it: in place of paragraphs in another one there are blanks, so that every word
    keeps its place."""
    lines = text.split("\n")
    languages = [paragraph_language(line, usual) for line in lines]
    if len(set(languages)) == 1:
        return {languages[0]: text}
    return {
        language: "\n".join(
            line if its == language else " " * len(line) for line, its in zip(lines, languages, strict=True)
        )
        for language in dict.fromkeys(languages)
    }


def _read_of(claim: Claim) -> tuple[object, ...]:
    """All of a claim that is read for its figures."""
    source = claim.source
    words = (claim.id, claim.text, claim.caveat, claim.measure, claim.population, claim.place, claim.period)
    return *words, tuple(claim.numbers), source.dated, source.title, source.publisher, claim.status_reason


# -- as plain values ----------------------------------------------------------------------------------------------


def _plain(verdict: Verdict) -> tuple[object, ...]:
    return (
        (str(verdict.tier), str(verdict.reason), str(verdict.detail), verdict.claim),
        verdict.quantity.plain(),
    )


def _verdict(plain: Any) -> Verdict:
    (tier, reason, detail, claim), quantity = plain
    return Verdict(Quantity.of_plain(quantity), Tier(tier), Reason(reason), detail, claim)
