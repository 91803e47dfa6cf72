"""C185 and C186: what guarded the season when it was last approved, and does not any more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...domain.campaign import Campaign
from ...domain.finding import Finding
from ...domain.guard import STORED, lost_guards, pack_guard, rule_guard, stored_guard, strictest
from ...domain.question import Asked
from ..codes import CODES
from .context import Material
from .lint import LintPack


def guards_of(campaign: Campaign, packs: Sequence[LintPack]) -> tuple[Asked, ...]:
    """What guards a season now, as the ledger is to remember it."""
    rules = (rule_guard(pack.id, rule.id, rule.severity, rule.title) for pack in packs for rule in pack.rules)
    named = (pack_guard(pack.id) for pack in packs if pack.rules)
    return strictest((*named, *rules, *map(stored_guard, campaign.sources.values())))


def check_guards(material: Material) -> Iterator[Finding]:
    for lost in lost_guards(material.questions, guards_of(material.campaign, material.packs)):
        code, where = CODES["C185"], material.campaign.where
        if lost.stood.subject == STORED:
            code, where = CODES["C186"], material.campaign.sources[lost.stood.subject_id].where
        answer = f"`decide {lost.stood.subject} {lost.stood.subject_id} --answer TEXT --by NAME`"
        yield code.at(where, lost.words, hint=f"put it back; or a person who has looked at it signs for it: {answer}")
