"""A rehearsal: a season walked from file to message, with all that was found on the way."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from .approval import Approvals, Cost
from .claim import Signatures
from .finding import Finding, Severity
from .item import Plan
from .message import Message


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a dry run shows and what a live send rests on: the same object for both."""

    plan: Plan
    messages: tuple[Message, ...]  # by date, then channel
    findings: tuple[Finding, ...]  # in reading order
    mode: str  # "rehearsal" | "live"
    signatures: Signatures = field(default_factory=Signatures)
    approvals: Approvals = field(default_factory=Approvals)
    costs: tuple[Cost, ...] = ()
    substitutes: tuple[Message, ...] = ()  # messages of substitutes and held-back items, for the packet

    def message(self, item: str, channel: str) -> Message | None:
        return next((m for m in self.messages if (m.item, m.channel) == (item, channel)), None)

    def findings_of(self, item: str, channel: str = "") -> tuple[Finding, ...]:
        """Findings about one item; with ``channel``, those of that channel and those of all channels."""
        return tuple(
            f for f in self.findings if f.item == item and (not channel or f.channel in ("", channel))
        )

    def reds(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.severity is Severity.RED)

    def between(self, first: date | None, last: date | None) -> Rehearsal:
        """The same rehearsal, cut to the days from ``first`` to ``last``, both included."""

        def inside(on: date) -> bool:
            return (first is None or on >= first) and (last is None or on <= last)

        items = tuple(p for p in self.plan.items if inside(p.on))
        kept = {p.item.id for p in items}
        everywhere = {p.item.id for p in self.plan.items} - kept
        return replace(
            self,
            plan=replace(self.plan, items=items),
            messages=tuple(m for m in self.messages if inside(m.on)),
            substitutes=tuple(m for m in self.substitutes if inside(m.on)),
            findings=tuple(f for f in self.findings if f.item not in everywhere),
        )
