"""Which quantities of a text need a claim: red, amber or silent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from ...domain.printed import Printed, PrintedAt
from ...domain.sentences import sentences_in
from ...light_dataclass import dataclass
from .claim_values import ClaimFigures, Context, carriers, difference, long_words
from .folding import folded
from .quantity import MONEY, SECONDS, Doubt, Form, Quantity
from .quantity_reader import quantities_in
from .quantity_rules import QuantityRules
from .verdict import Reason, Tier, Verdict
from .words_beside import word_beside

#: What a template printed from records, and where; it is looked for where a quantity stands.
Printing = Callable[[], Sequence[PrintedAt]]
#: By language, sentence, which of its quantities, the claims printed near it, and the one that it is printed from.
Said = dict[tuple[str, str, int, frozenset[str], str], Verdict]
_RED_DOUBTS = frozenset((Doubt.OTHER_DIGITS, Doubt.LETTERS, Doubt.SPACED, Doubt.SEPARATOR))
_TOPICS = frozenset(("people", "cases", "crime", "money"))
_MEASURED = frozenset((Form.RANK, Form.SUPERLATIVE, Form.AVERAGE, Form.FACTOR))
_SUBJECTS = frozenset((Form.SHARE, Form.FRACTION))
_OF_GROUPS = frozenset((Form.SHARE, Form.FRACTION, Form.PERCENT, Form.RATIO, Form.FACTOR, Form.AVERAGE))
_OF_A_WHOLE = frozenset((Form.PERCENT, Form.RATIO))
_COUNTED = frozenset(("people", "cases"))
#: A measure of this is none of a thing at hand.
_MUCH = 1000
#: The word before a number that may be its name.
_NAMED = re.compile(r"([^\W\d_]+)\.?(?: (is|number|no\.|numero|num\.|from|de la|del|de|la))?[ -]#?$")
#: Behind a measure, before what is measured.
_OF = (" of ", " de ", " del ")
#: Behind a factor that counts.
_MANY = " many"
#: Of these a number tells, whatever else stands in its sentence.
_TOLD = _TOPICS | {"places", "substances"}
#: Words of a claim in a sentence, by so many of which it speaks of the same.
_SAME = 2
#: Large numbers by which nobody counted.
_LOOSE = ("dozens", "scores", "countless", "docenas", "decenas", "incontables")
_NEXT_WORD = re.compile(r"\W*(\w+)")
#: Where a number ends what is said: it counts nothing that follows.
_ENDS = re.compile(r"\W*$|[,;:.!?)]")
#: Behind a measure these say how much of it something has: 90 feet long.
_HOW_MUCH = frozenset("long wide high tall deep thick heavy away apart off up down old".split())


def _record_at(at: int, printed: Sequence[PrintedAt]) -> Printed | None:
    """What was printed from a record at this place."""
    return next((p.printed for p in printed if p.start <= at < p.end), None)


@dataclass(frozen=True)
class QuantityJudge:
    """What one language's rules say of the quantities of a text.

    ``season``: the year in which it goes out. ``known``: numbers that the program counts itself, as the days.
    """

    rules: QuantityRules
    language: str
    season: int
    known: frozenset[Fraction] = frozenset()

    def judge(
        self, text: str, claims: Sequence[ClaimFigures] = (), printed: Printing = tuple, said: Said | None = None
    ) -> Iterator[Verdict]:
        """Every quantity of a text (:func:`~scheduler.domain.canonical_text.countable`) that is the author's own, but
        for vague ones, in order.

        ``claims``: those that it may rest on. ``printed``: what a template printed from records. Of a figure alone what
        stands beside it is compared with its claim; the rest is not looked at. A figure that somebody typed is that of
        a claim which is printed in its sentence or in one beside it, where one of them has it; else of any.
        ``said``: of sentences of other texts that may rest on the same claims.
        """
        spans, said = sentences_in(text), {} if said is None else said
        for number, (start, end) in enumerate(spans):
            sentence = text[start:end]
            quantities = [q for q in quantities_in(sentence, self.language) if q.form is not Form.VAGUE]
            if not quantities:
                continue
            every = printed()
            around = spans[max(0, number - 1)][0], spans[min(number + 1, len(spans) - 1)][1]
            near = frozenset(
                p.printed.id for p in every if p.printed.kind == "claim" and around[0] <= p.start < around[1]
            )
            for at, quantity in enumerate(quantities):
                records = [_record_at(place + start, every) for place in (quantity.start, quantity.end - 1)]
                if all(one and not one.is_figure for one in records):
                    continue  # a number, or the end of one record and the beginning of the next
                record = records[0] if records[0] and records[0].is_figure and records[0] is records[1] else None
                asked = self.language, sentence, at, near, record.id if record else ""
                if asked not in said:
                    said[asked] = self._in_sentence(sentence, quantities, at, claims, near, asked[-1])
                placed = replace(quantity, start=quantity.start + start, end=quantity.end + start)
                yield replace(said[asked], quantity=placed)

    def _in_sentence(
        self,
        sentence: str,
        quantities: Sequence[Quantity],
        at: int,
        claims: Sequence[ClaimFigures],
        near: frozenset[str],
        record: str,
    ) -> Verdict:
        """Of the quantity number ``at``; ``near``: the claims that are printed beside it, ``record``: the one that it
        is printed from."""
        quantity, low = quantities[at], folded(sentence)
        context = Context.of(sentence, quantities, at, self.season)
        cited = [c for c in claims if c.id == record] if record else claims
        found = [*carriers(quantity, (c for c in claims if c.id in near))] or [*carriers(quantity, cited)]
        verdict = self._of_one(quantity, context, low, found)
        if verdict.tier is Tier.AMBER and not claims and self._is_at_hand(quantity, low):
            return Verdict(quantity, Tier.SILENT, Reason.ELSEWHERE)
        if verdict.tier is Tier.SILENT and not found and self._is_changed(quantity, low, claims):
            return Verdict(quantity, Tier.AMBER, Reason.NUMBER)
        return verdict

    def _listed(self, quantity: Quantity, low: str) -> str:
        """The name in the list of what is silent."""
        return next(
            (
                entry.name
                for entry in self.rules.words.silent
                for pattern in entry.patterns
                for found in pattern.finditer(low)
                if found.start() <= quantity.start and quantity.end <= found.end()
            ),
            "",
        )

    def _of_one(
        self, quantity: Quantity, context: Context, low: str, carrying: Sequence[tuple[ClaimFigures, Quantity]]
    ) -> Verdict:
        if _RED_DOUBTS.intersection(quantity.doubts):
            return Verdict(quantity, Tier.RED, Reason.UNSURE, quantity.doubts[0])
        verdict = self._carried(quantity, context, carrying)
        if verdict is None:
            tier, reason = self._without_claim(quantity, low)
            verdict = Verdict(quantity, tier, reason)
            if tier is Tier.SILENT and quantity.doubts:
                verdict = Verdict(quantity, Tier.AMBER, Reason.UNSURE, quantity.doubts[0])
        if verdict.tier is not Tier.SILENT and (listed := self._listed(quantity, low)):
            return Verdict(quantity, Tier.SILENT, Reason.LISTED, listed)
        return verdict

    def _carried(
        self, quantity: Quantity, context: Context, carrying: Sequence[tuple[ClaimFigures, Quantity]]
    ) -> Verdict | None:
        """By a claim that says the same with it; red where every claim that has the figure says something else, amber
        where one says the same in words that are not its own."""
        first: Verdict | None = None
        asked: Verdict | None = None
        for claim, has in carrying:
            kind, words = difference(quantity, context, claim, has, self.rules)
            if kind:
                first = first or Verdict(quantity, Tier.RED, Reason(f"other {kind}"), words, claim.id)
            elif beside := word_beside(quantity, context, claim, has, self.rules):
                asked = asked or Verdict(quantity, Tier.AMBER, *beside, claim.id)
            else:
                tier = Tier.AMBER if quantity.doubts else Tier.SILENT
                return Verdict(quantity, tier, Reason.UNSURE if quantity.doubts else Reason.CARRIED, claim=claim.id)
        if first and not asked and not self._is_asked(quantity):
            return None  # a small number that stands in a claim by chance
        return asked or first

    def _is_asked(self, quantity: Quantity) -> bool:
        return quantity.form is not Form.PLAIN or any(v >= self.rules.number for v in quantity.values)

    def _without_claim(self, quantity: Quantity, low: str) -> tuple[Tier, Reason]:
        if quantity.form is Form.PLAIN:
            return self._plain(quantity, low)
        rule = self.rules.forms[quantity.form]
        if self._stands_beside(quantity, rule.beside, low) or self._is_of_all(quantity, low):
            return Tier.RED, Reason.NO_CLAIM
        if quantity.form is Form.RATE and quantity.unit in ("second", "minute"):
            return Tier.AMBER, Reason.NUMBER  # "A truck is filled every minute."
        if quantity.form is Form.SUPERLATIVE and self.rules.greatest.search(folded(quantity.words)):
            here = quantity.noun and "places" in self.rules.classes_in(low)
            return (Tier.AMBER, Reason.NUMBER) if here else (Tier.SILENT, Reason.ELSEWHERE)
        if quantity.form is Form.FACTOR and self._begins(quantity, low) and low.startswith(_MANY, quantity.end):
            return Tier.AMBER, Reason.NUMBER  # "Twice as many as in spring."
        if quantity.form in _SUBJECTS and not quantity.noun and self._begins(quantity, low):
            passes = self.rules.alone.match(low, quantity.end + 1) or low[quantity.end : quantity.end + 1] in ",:"
            return (Tier.SILENT, Reason.ELSEWHERE) if passes else (Tier.AMBER, Reason.NUMBER)  # "Half never ask."
        if rule.elsewhere == "amber" or (rule.elsewhere == "number" and self._is_number(quantity)):
            return Tier.AMBER, Reason.NUMBER
        return Tier.SILENT, Reason.ELSEWHERE

    def _is_at_hand(self, quantity: Quantity, low: str) -> bool:
        """Whether a number says nothing but how much of something is at hand: "cut them at 13", "50 yards from the
        fence", "stir it every five minutes". It does where the sentence has no noun of the rules; in an item that rests
        on claims any number may be one of theirs."""
        told, most = self.rules.classes_in(low) & _TOLD, max(quantity.values, default=0)
        if quantity.form is Form.MAGNITUDE and folded(quantity.words).startswith(_LOOSE):
            return bool(quantity.noun) and not told - {"cases"} and not self.rules.classes_in(quantity.noun) & _TOLD
        if told or quantity.doubts:
            return False
        if quantity.form is Form.RATE:
            return quantity.unit == "minute" and most > 1
        if quantity.form is not Form.PLAIN or most >= _MUCH:
            return False
        if "measures" in self.rules.classes_in(quantity.unit):
            behind = _NEXT_WORD.match(low, quantity.end)
            return behind is None or behind[1] not in _HOW_MUCH
        if quantity.unit or (low.startswith(",", quantity.end) and low[: quantity.start].endswith(", ")):
            return False  # , 19,: an age
        if quantity.noun or (most >= self.rules.magnitude and not quantity.words.isdecimal()):
            return False
        return _ENDS.match(low, quantity.end) is not None

    def _is_changed(self, quantity: Quantity, low: str, claims: Sequence[ClaimFigures]) -> bool:
        """Whether a number, silent by itself, stands where a claim that speaks of the same has another one with its
        unit: four hours in place of two."""
        if not quantity.unit or quantity.form is not Form.PLAIN:
            return False
        others = [c for c in claims if any(q.unit == quantity.unit for q in c.quantities)]
        return any(len(long_words(low) & long_words(claim.record)) >= _SAME for claim in others)

    def _is_number(self, quantity: Quantity) -> bool:
        return any(value >= self.rules.number for value in quantity.values)

    def _stands_beside(self, quantity: Quantity, beside: str, low: str) -> bool:
        own, whole = self.rules.classes_in(quantity.noun), self.rules.classes_in(low)
        if folded(quantity.words) in self.rules.all_words:
            begins = self._begins(quantity, low)
            wished = self.rules.wishes.search(low[quantity.end :])
            return bool(begins and not wished and own & (_TOPICS | {"places"}))
        if own & {"groups"} and quantity.form in _OF_GROUPS:
            return True
        measured = {"measured"} if quantity.form in _MEASURED else set()
        if own & (_TOPICS | {"places"} | measured):
            return True
        if quantity.form in _OF_A_WHOLE and not quantity.noun and self._begins(quantity, low):
            return True  # "Fewer than 2% ever escape.": of what is said in the sentence before
        if beside == "sentence" or not quantity.noun:
            also = {Form.AVERAGE: measured, Form.FACTOR: measured, Form.RANK: {"places"}}.get(quantity.form, set())
            return bool(whole & (_TOPICS | also))
        return False

    def _is_of_all(self, quantity: Quantity, low: str) -> bool:
        """Half of all libraries: a share of a whole that is named, whatever it is."""
        is_share = quantity.form in _OF_GROUPS - {Form.AVERAGE, Form.FACTOR}
        return (
            is_share
            and self.rules.of_all.match(low, quantity.end + (low[quantity.end : quantity.end + 1] == " ")) is not None
        )

    @staticmethod
    def _begins(quantity: Quantity, low: str) -> bool:
        before = low[: quantity.start].removesuffix(f"{quantity.bound} ")
        return not before.strip(" \"'(\u201c\u2018\u00bf\u00a1")

    def _plain(self, quantity: Quantity, low: str) -> tuple[Tier, Reason]:
        rules, most = self.rules, max(quantity.values)
        own, whole = rules.classes_in(quantity.noun), rules.classes_in(low) & _TOPICS
        if most in self.known and not quantity.unit and not own & _COUNTED:
            return Tier.SILENT, Reason.KNOWN
        if quantity.unit == MONEY:
            is_sum = most >= rules.money or (most >= rules.magnitude and whole - {"money"})
            return (Tier.RED, Reason.NO_CLAIM) if is_sum else (Tier.AMBER, Reason.NUMBER)
        if not quantity.unit and not most and own & _COUNTED:
            return Tier.RED, Reason.NO_CLAIM  # none at all is a count, too
        if not quantity.unit and own & _COUNTED and "crime" in whole and rules.rates.search(low):
            return Tier.RED, Reason.NO_CLAIM  # three women are killed each day
        is_own = "crime" not in whole and rules.own.search(low) is not None
        if not quantity.unit and most >= rules.magnitude and not is_own:
            if own & (_COUNTED | {"crime", "money"}) or (not quantity.noun and whole):
                return Tier.RED, Reason.NO_CLAIM
            if most >= rules.money and whole:
                return Tier.RED, Reason.NO_CLAIM
        if quantity.unit in SECONDS and not self._is_long(quantity, whole):
            return Tier.SILENT, Reason.LISTED
        if quantity.unit and "substances" in own and low.startswith(_OF, quantity.end):
            return Tier.AMBER, Reason.NUMBER  # five grams of plastic
        if self._is_of_a_thing(quantity, low) or self._is_a_name(quantity, low):
            return Tier.SILENT, Reason.LISTED
        if quantity.unit and most.denominator > 1 and quantity.unit not in SECONDS:
            return Tier.AMBER, Reason.NUMBER  # nobody paces off 4.2 miles
        if most < rules.number and "crime" not in whole:
            return Tier.SILENT, Reason.SMALL  # stay three feet away; a seven-year-old can do it
        if most >= rules.number or quantity.unit:
            return Tier.AMBER, Reason.NUMBER
        return Tier.SILENT, Reason.SMALL

    def _is_of_a_thing(self, quantity: Quantity, low: str) -> bool:
        """Sixteen ounces, a 30-gallon bag, 200 yards of yarn: a count or a measure of what is nobody."""
        kinds = self.rules.classes_in(f"{quantity.unit} {quantity.noun}")
        if quantity.per or max(quantity.values) >= _MUCH:
            return False
        if "things" not in kinds and not ("measures" in kinds and self._has_a_thing(quantity, low)):
            return False
        asked = {"crime", "cases", "people"} if quantity.unit and not quantity.noun else {"crime", "cases"}
        return not asked & self.rules.classes_in(low)

    def _has_a_thing(self, quantity: Quantity, low: str) -> bool:
        """Whether a measure is one of a thing that is named with it: a 12-foot rope, 40 feet of rope."""
        if low.startswith(_OF, quantity.end) or low[: quantity.start].endswith(_OF):
            return True
        counted = [word for word in quantity.noun.split() if "measures" not in self.rules.classes_in(word)]
        return bool(counted) and counted[0] not in _HOW_MUCH

    def _is_a_name(self, quantity: Quantity, low: str) -> bool:
        """Road 18, hymn 368, sizes 36 to 54: a number that names what stands before it."""
        before = _NAMED.search(low, 0, quantity.start)
        counted = self.rules.classes_in(quantity.noun) & (_TOPICS | {"groups"})
        if before is None or quantity.unit or counted:
            return False
        return any(self.rules.numbered.fullmatch(word) for word in before.groups() if word)

    def _is_long(self, quantity: Quantity, whole: frozenset[str]) -> bool:
        """Whether a time is more than that of an action: it says something of people, or is of years."""
        most = max(quantity.values)
        if quantity.unit in ("year", "decade", "century"):
            return most >= self.rules.magnitude or bool(whole)
        asked = {"crime", "people"} if quantity.unit == "hour" else {"crime"}
        return most >= self.rules.number and bool(asked & whole)
