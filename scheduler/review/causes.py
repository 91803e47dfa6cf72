"""What stands in the way of messages, by cause: one line for one cause, with all that it holds up."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from ..domain.blocking import blocking, cause_of
from ..domain.claim import Claim, Contact
from ..domain.finding import Finding, Severity, in_reading_order
from ..domain.message import Message
from ..domain.reason import ReasonCode
from ..domain.rehearsal import Rehearsal
from ..light_dataclass import dataclass
from .finding_words import on_a_page
from .message_state import BLOCKED, WAITING, Badge, unsigned_words, waits_with_all
from .review_status import findings_about_all

_BADGES = {
    ReasonCode.FINDING: Badge(BLOCKED, "blocked"),
    ReasonCode.UNDECIDED: Badge(BLOCKED, "decision open"),
    ReasonCode.UNSIGNED: Badge(WAITING, "not signed"),
}
#: Of a question that is told in full on the page that answers it.
_FIRST_SENTENCE = re.compile(r'(: "[^"]*?[.?!])\s[^"]*"$')
_RANK = {code: rank for rank, code in enumerate(_BADGES)}


@dataclass(frozen=True)
class Cause:
    """``words`` without a full stop; ``records``: what somebody signs; ``items``: whose messages wait for it."""

    reason: str
    badge: Badge
    words: str
    findings: tuple[Finding, ...]
    records: tuple[Claim | Contact, ...]
    items: tuple[str, ...]

    @property
    def to_do(self) -> str:
        return self.findings[0].hint


def causes_of(rehearsal: Rehearsal, messages: Iterable[Message], *, waived: Collection[str] = ()) -> tuple[Cause, ...]:
    """What keeps these messages from going out by the files; what somebody has to correct comes first."""
    held_up: dict[Finding, dict[str, None]] = {}
    for message in messages:
        for finding in blocking(message, rehearsal, message.item, message.channel):
            if finding.code not in waived:
                held_up.setdefault(finding, {})[message.item] = None
    groups: dict[tuple[bool, int, str], list[Finding]] = {}
    for finding in in_reading_order(held_up):
        reason = cause_of(finding)
        of_record = finding.code[:1] if reason is ReasonCode.UNSIGNED else ""
        alike = of_record or finding.waits or finding.code + finding.hint
        groups.setdefault((_is_shared(finding), _RANK[reason], alike), []).append(finding)
    return tuple(
        _cause(rehearsal, found, tuple({item: None for f in found for item in held_up[f]}))
        for _, found in sorted(groups.items(), key=lambda group: group[0][:2])
    )


def to_look_at(rehearsal: Rehearsal, messages: Collection[Message], severity: Severity) -> tuple[Finding, ...]:
    """What stops nothing of these messages, and was found about them and their records."""
    return tuple(f for f in findings_about_all(rehearsal, messages) if f.severity is severity)


def _is_shared(finding: Finding) -> bool:
    """Questions are one cause, whoever waits for their answers: two signs for the same would say two things."""
    return waits_with_all(finding) and cause_of(finding) is not ReasonCode.UNDECIDED


def _cause(rehearsal: Rehearsal, found: list[Finding], items: tuple[str, ...]) -> Cause:
    reason, campaign = cause_of(found[0]), rehearsal.plan.campaign
    records: tuple[Claim | Contact, ...] = ()
    if reason is ReasonCode.UNSIGNED:
        places = {f.where for f in found}
        every: tuple[Claim | Contact, ...] = (*campaign.claims.values(), *campaign.contacts.values())
        records = tuple(record for record in every if record.where in places)
        words = unsigned_words(found)
    elif len(found) > 1 and found[0].waits:
        words = f"{len(found)} {found[0].waits}"
    else:
        words = _FIRST_SENTENCE.sub(r'\1"', on_a_page(found[0], campaign)) + (
            f", and {len(found) - 1} more like it" if len(found) > 1 else ""
        )
    badge = Badge(WAITING, "waits") if _is_shared(found[0]) else _BADGES[reason]
    return Cause(str(reason), badge, words, tuple(found), records, items)
