"""What guards a season beside its words: lint packs, their rules, the stored texts of its sources.

Whoever approves relies on them. So the ledger remembers what stood when somebody approved, armed or made a packet,
beside the questions of that moment, and what was taken out or weakened since is a question that a person answers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from ..light_dataclass import dataclass
from .finding import Severity
from .question import Asked, Questions
from .quotation import Source

PACK, RULE, STORED = GUARDED = ("pack", "rule", "stored")
_ASKED = "its rules are asked"
_STRENGTH = {str(severity): strength for strength, severity in enumerate((Severity.INFO, Severity.AMBER, Severity.RED))}


def pack_guard(pack: str) -> Asked:
    return Asked(PACK, pack, _ASKED)


def rule_guard(pack: str, rule: str, severity: Severity, title: str) -> Asked:
    """Another pack may hold it one day: rules are known by their ids alone."""
    return Asked(RULE, rule, f"{severity} {pack}: {title}")


def strictest(guards: Iterable[Asked]) -> tuple[Asked, ...]:
    """Of several guards with one name the strictest: the parts of a rule may differ."""
    found: dict[tuple[str, str], Asked] = {}
    for one in guards:
        key = one.subject, one.subject_id
        if key not in found or _strength(one.text) > _strength(found[key].text):
            found[key] = one
    return tuple(found.values())


def stored_guard(source: Source) -> Asked:
    return Asked(STORED, source.id, f"SHA-256 {hashlib.sha256(source.text.encode()).hexdigest()}")


@dataclass(frozen=True, slots=True)
class LostGuard:
    """What stood once and does not stand now. ``stood``: as the ledger has it; ``now``: what stands, where anything
    does."""

    stood: Asked
    now: Asked | None

    @property
    def words(self) -> str:
        """What happened, in a sentence without its end."""
        name = self.stood.subject_id
        if self.stood.subject == PACK:
            return f"the lint pack {name} was asked when the season was last approved, and is not any more"
        if self.stood.subject == STORED:
            return f"the stored text of {name} is not the one that stood when the season was last approved"
        severity, pack, title = _of_rule(self.stood.text)
        if self.now is None:
            return f'the rule {name} ("{title}") was taken out of the lint pack {pack}'
        return f'the rule {name} ("{title}") was {severity}, and is {_of_rule(self.now.text)[0]}'


def lost_guards(questions: Questions, standing: Iterable[Asked]) -> tuple[LostGuard, ...]:
    """What the ledger remembers of a season and its files do not hold any more, while nobody has answered for it.

    Of a pack that is gone its rules are not told one by one, and of a source that is gone nothing: what it guarded is
    gone with it.
    """
    now = {(one.subject, one.subject_id): one for one in standing}
    lost: dict[tuple[str, str], LostGuard] = {}
    for stood in questions.unanswered():
        key = stood.subject, stood.subject_id
        at_hand = now.get(key)
        if stood.subject not in GUARDED:
            continue
        if at_hand is None:
            is_told = stood.subject == PACK or (stood.subject == RULE and (PACK, _of_rule(stood.text)[1]) in now)
        else:
            is_told = not _is_kept(stood.subject, stood.text, at_hand.text)
        if is_told:
            lost[key] = LostGuard(Asked(*key, stood.text), at_hand)
    return tuple(lost.values())


def _is_kept(subject: str, stood: str, now: str) -> bool:
    return _strength(now) >= _strength(stood) if subject == RULE else stood == now


def _of_rule(text: str) -> tuple[str, str, str]:
    """Severity, pack and title."""
    head, _, title = text.partition(": ")
    severity, _, pack = head.partition(" ")
    return severity, pack, title


def _strength(text: str) -> int:
    return _STRENGTH.get(text.partition(" ")[0], 0)
