"""What keeps a message from going out by its files: the findings, and what settles each of them."""

from __future__ import annotations

from .finding import Finding, Severity
from .message import Message
from .reason import ReasonCode
from .rehearsal import SeasonToSend

#: Findings that a signature or an answer takes away; docs/reference/findings.md has them.
_CAUSES = {
    **dict.fromkeys(("C103", "C109", "H105", "H106", "H107"), ReasonCode.UNSIGNED),
    **dict.fromkeys(("D201", "D204", "C185", "C186", "C187"), ReasonCode.UNDECIDED),
}


def blocking(message: Message | None, rehearsal: SeasonToSend, item: str, channel: str) -> tuple[Finding, ...]:
    """Red findings that concern this item on this channel, or the whole campaign; each once, in reading order."""
    # A digest goes out only when each of its days could.
    items = (item, *(part for part, _ in message.audience.parts)) if message else (item,)
    reds = (f for f in (*rehearsal.findings, *(message.findings if message else ())) if f.severity is Severity.RED)
    return tuple(dict.fromkeys(f for f in reds if any(f.concerns(one, channel) for one in items)))


def cause_of(finding: Finding) -> ReasonCode:
    """Whether somebody signs, somebody answers, or a file is corrected."""
    return _CAUSES.get(finding.code, ReasonCode.FINDING)
