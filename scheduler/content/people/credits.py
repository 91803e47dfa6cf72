"""Sentences that say whose the words beside them are: "Judge Okafor said it", "these are a nurse's words"."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ...light_dataclass import dataclass
from ..quantities.any_of import AnyOf
from ..quantities.folding import folded
from ..rule_files import table_since
from ..toml_file import Table

_WORD = re.compile(r"[^\W_]+")
_OWNED = re.compile(r"'s ([^\W_]+)")


@dataclass(frozen=True, eq=False)
class CreditWords:
    """How a language says whose words are printed.

    ``said``: phrases for it, each behind which the sentence ends or one of ``goes_on`` stands; ``by``: such with
    somebody behind them; ``owned``: what stands behind somebody's name; ``roles``: who somebody may be without a name,
    behind one of ``the``; ``titles``: what a record says of a role.
    """

    said: AnyOf
    by: AnyOf
    goes_on: frozenset[str]
    owned: frozenset[str]
    the: frozenset[str]
    roles: frozenset[str]
    titles: Mapping[str, str]

    def gives(self, sentence: str) -> bool:
        """Whether a sentence says whose words those beside it are, and nothing of what they say."""
        low = folded(sentence)
        if self.by.search(low) or any(found[1] in self.owned for found in _OWNED.finditer(low)):
            return True
        found = self.said.search(low)
        if found is None or low.rstrip().endswith(":"):
            return False
        follows = sentence[found.end() :].lstrip()
        goes_on = _WORD.match(follows)
        return follows[:1] not in (":", "\u2014") and (
            goes_on is None or goes_on[0][:1].isupper() or folded(goes_on[0]) in self.goes_on
        )

    def role_in(self, sentence: str) -> str:
        """Whom without a name it gives them to: one of them, at its beginning or behind "our"."""
        before = ""
        for word in _WORD.findall(folded(sentence)):
            role = word if word in self.roles else word.removesuffix("s")
            if role in self.roles and (not before or before in self.the):
                return str(role)
            before = word
        return ""

    def is_title(self, role: str, known: str) -> bool:
        """Whether a record says that its speaker is one."""
        return not {role, *self.titles.get(role, role).split()}.isdisjoint(_WORD.findall(folded(known)))


def credit_words(table: Table) -> CreditWords:
    """What ``[credits]`` holds."""
    told = table_since(
        table, "credits", "nobody is asked whether printed words are given to somebody else in another sentence"
    )

    def texts(key: str) -> tuple[str, ...]:
        return told.texts(key) if told else ()

    def words(key: str) -> frozenset[str]:
        return frozenset(word for text in texts(key) for word in folded(text).split())

    titles = {role: said for role, _, said in (folded(pair).partition("|") for pair in texts("titles"))}
    said, by = AnyOf(texts("said")), AnyOf(texts("by"))
    goes_on, owned, the, roles = map(words, ("goes_on", "owned", "the", "roles"))
    if told:
        told.close("whose words are printed")
    return CreditWords(said, by, goes_on, owned, the, roles, titles)
