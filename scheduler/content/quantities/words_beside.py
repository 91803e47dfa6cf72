"""Whether each word that a sentence says with a figure is one of the figure's claim.

What a claim counts, where and when, can be changed by any word: "in the whole state", "ended with", "so far". So the
words that may stand there are those of the claim's record and source, words for the same, and those that say nothing of
their own; whatever else stands there is asked about. Where a number, its unit and what it counts are the claim's own,
the words around them tell the same thing in another way, and only those are asked about that tell something else: of
whom, where, when, or what came of it.
"""

from __future__ import annotations

import re

from .claim_values import ClaimFigures, Context, described_in, is_known
from .folding import folded
from .quantity import Form, Quantity
from .quantity_rules import QuantityRules
from .verdict import Reason

_WORD = re.compile(r"[^\W\d_]{2,}")
_STEM = 4
#: Between a share and the number of those of whom it is one: 40 percent of 310 adults.
_OF_A_SHARE = re.compile(r"^\W*(?:of|out of|de)(?: the| los| las)?\W*$")
#: Kinds of nouns that say of themselves whom or what a figure is about.
_TOLD = frozenset(("people", "groups", "cases", "crime", "places", "money"))


def word_beside(
    quantity: Quantity, context: Context, claim: ClaimFigures, has: Quantity, rules: QuantityRules
) -> tuple[Reason, str] | None:
    """The first word said with a figure that its claim does not have, or a word of what it counts that the sentence
    lacks; None where the sentence says the same in other words, or cannot be compared."""
    beside = rules.beside
    if beside is None or not _is_compared(quantity, rules):
        return None
    before, behind = folded(context.before), folded(context.behind)
    if cuts := [*beside.cuts.finditer(before)]:
        before = before[cuts[-1].end() :]
    if cut := beside.cuts.search(behind):
        behind = behind[: cut.start()]
    clause = f"{before} {behind}"
    said = _WORD.findall(beside.phrases.sub(" ", clause))
    described = described_in(folded(context.clause), has.noun, rules)
    words = [word for word in said if word not in beside.words and word not in described]
    if claim.language != rules.language:
        other = next((word for word in words if _is_other(word, claim.beside, rules)), "")
        return (Reason.OTHER_WORD, other) if other else None
    counted = frozenset(_WORD.findall(folded(quantity.noun)))
    is_same = not _OF_A_SHARE.search(before) and _counts_the_same(quantity, has, rules)
    for word in words:
        is_asked = not is_same or word in counted or _tells(word, rules)
        if is_asked and not _is_known(claim.beside, word, rules):
            return Reason.OTHER_WORD, str(word)
    after = _WORD.findall(behind)[len(_WORD.findall(quantity.noun)) :][:1]  # tons of it: of what is said before
    its = not beside.pronouns.isdisjoint(after)
    lost = _lost(quantity, has, folded(context.sentence) if its else clause, rules) or _lost_period(
        context, claim, rules
    )
    return (Reason.LEFT_OUT, lost) if lost else None


def _counts_the_same(quantity: Quantity, has: Quantity, rules: QuantityRules) -> bool:
    """Whether a plain number has the unit of the claim's, and a word of what that counts. Of a share what is said of
    its whole is the measure itself."""
    if quantity.form is not Form.PLAIN or quantity.unit != has.unit:
        return False
    if quantity.unit and not quantity.noun:
        return True
    return any(_is_known(folded(has.noun), word, rules) for word in _WORD.findall(folded(quantity.noun)))


def _tells(word: str, rules: QuantityRules) -> bool:
    """Whether a word says of itself who, where, when or what came of it."""
    return bool(rules.beside and rules.beside.telling.fullmatch(word)) or bool(_TOLD & rules.classes_in(word))


def _is_compared(quantity: Quantity, rules: QuantityRules) -> bool:
    """Small numbers stand in a claim by chance."""
    return quantity.form is not Form.PLAIN or any(value >= rules.number for value in quantity.values)


def _is_other(word: str, record: str, rules: QuantityRules) -> bool:
    """Whether a claim in another language has none of the words for the same; of a word that stands in no list nothing
    is known."""
    groups = [group for group in rules.words.same if group.fullmatch(word)]
    return bool(groups) and not any(group.search(record) for group in groups)


def _lost(quantity: Quantity, has: Quantity, clause: str, rules: QuantityRules) -> str:
    """Of the words that the claim counts one that the sentence left out: bottles in place of bottle caps. Behind what
    a share is of, its claim goes on with what it says of them."""
    mine, beside = folded(quantity.noun), rules.beside
    its = _WORD.findall(has.noun)
    at = next((n for n, word in enumerate(its) if _is_known(mine, word, rules)), -1)
    if beside is None or at < 0:
        return ""
    counted = its if quantity.form is Form.PLAIN else its[:at]
    left = (word for word in counted if word not in beside.words and word not in beside.may_lack)
    return next((word for word in left if not _is_known(clause, word, rules)), "")


def _lost_period(context: Context, claim: ClaimFigures, rules: QuantityRules) -> str:
    """How often a claim says that it comes, where the sentence says nothing of when."""
    beside, low = rules.beside, folded(context.sentence)
    said = beside and beside.each.search(claim.record)
    return str(said[0]) if beside and said and not beside.when.search(low) else ""


def _is_known(text: str, word: str, rules: QuantityRules) -> bool:
    """As of a claim's own words, and where one word is the beginning of the other: smoke and smokers."""
    return is_known(text, word, rules) or any(
        one.startswith(word) or word.startswith(one) for one in _WORD.findall(text) if min(len(one), len(word)) >= _STEM
    )
