"""Whether each word that a sentence says with a figure is one of the figure's claim.

What a claim counts, where and when, can be changed by any word: "in the whole state", "ended with", "so far". So the
words that may stand there are those of the claim's record and source, words for the same, and those that say nothing of
their own; whatever else stands there is asked about.
"""

from __future__ import annotations

import re

from .claim_values import ClaimFigures, Context, is_known
from .folding import folded
from .quantity import Form, Quantity
from .quantity_rules import QuantityRules
from .verdict import Reason

_WORD = re.compile(r"[^\W\d_]{2,}")
_STEM = 4


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
    words = _WORD.findall(beside.phrases.sub(" ", clause))
    if claim.language != rules.language:
        other = next((word for word in words if _is_other(word, claim.beside, rules)), "")
        return (Reason.OTHER_WORD, other) if other else None
    for word in words:
        if word not in beside.words and not _is_known(claim.beside, word, rules):
            return Reason.OTHER_WORD, str(word)
    lost = _lost(quantity, has, clause, rules)
    return (Reason.LEFT_OUT, lost) if lost else None


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


def _is_known(text: str, word: str, rules: QuantityRules) -> bool:
    """As of a claim's own words, and where one word is the beginning of the other: smoke and smokers."""
    return is_known(text, word, rules) or any(
        one.startswith(word) or word.startswith(one) for one in _WORD.findall(text) if min(len(one), len(word)) >= _STEM
    )
