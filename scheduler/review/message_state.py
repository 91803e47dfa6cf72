"""How one message stands, the worst first and with its cause: one answer for the packet, the report and every page.

A state is a color, a shape and a word. What has begun is told by the ledger; what is to come by the same things that
the last check before a call asks for: findings, signatures, answers, approvals.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from textwrap import shorten
from typing import TYPE_CHECKING

from ..domain.blocking import blocking, cause_of
from ..domain.delivery import State
from ..domain.delivery_words import state_words, told
from ..domain.finding import Finding, Severity
from ..domain.formatting import counted
from ..domain.message import Message
from ..domain.reason import ReasonCode
from ..domain.rehearsal import Rehearsal
from ..domain.sent import Sent, sent_of
from ..domain.standing_request import StandingRequest, WaitsFor
from ..light_dataclass import dataclass
from .finding_words import on_a_page

if TYPE_CHECKING:
    from ..domain.records import Delivery


@dataclass(frozen=True)
class Badge:
    """A state: ``kind`` gives color and shape, ``word`` says it."""

    kind: str
    word: str


#: Unknown is what nobody can tell, and nothing else; waiting is for somebody else, or for a day.
GOOD, NEEDS_YOU, BLOCKED, UNKNOWN, WAITING = "good", "needs-you", "blocked", "unknown", "waiting"
NOTE = "note"

#: Something was found that stops nothing.
TO_CHECK = Badge(NEEDS_YOU, "to check")

#: What somebody has to see first: a season of nothing but signatures to give is not one of alarms.
WORST_FIRST = (UNKNOWN, BLOCKED, NEEDS_YOU, WAITING, NOTE, GOOD)

DELIVERY_KINDS: Mapping[State, str] = {
    State.SCHEDULED: WAITING,
    State.SENDING: WAITING,
    State.SENT: GOOD,
    State.PARTLY_SENT: NEEDS_YOU,
    State.HELD: NEEDS_YOU,
    State.FAILED: BLOCKED,
    State.UNKNOWN: UNKNOWN,
    State.MISSED: BLOCKED,
    State.SKIPPED: NOTE,
    State.CANCELLED: NOTE,
}

#: Beside a badge stands the beginning of a cause; the page of its item has it all.
_LONGEST = 80

#: Nobody has signed, or nobody has signed in time: what it is about, by the letter of its finding.
_RECORDS = {"C": "claim", "H": "help line"}


@dataclass(frozen=True)
class MessageState:
    """``because`` without a full stop at its end; empty where the badge says it all."""

    badge: Badge
    because: str = ""


def delivery_badge(delivery: Delivery) -> Badge:
    """The ledger's state; the numbers stand beside it."""
    return Badge(DELIVERY_KINDS[delivery.state], state_words(delivery.state))


def sent_badge(sent: Sent | None) -> Badge | None:
    """How far a message is that has gone out; None while certainly nobody has it."""
    if sent is None:
        return None
    return Badge(UNKNOWN if sent.may_have_gone else NEEDS_YOU if sent.in_part else GOOD, sent.badge)


def request_badge(request: StandingRequest) -> Badge:
    """Of what somebody asked to be changed: it waits for the change, or for whoever asked."""
    if request.waits_for is WaitsFor.CHANGE:
        return Badge(NEEDS_YOU, "changes asked")
    return Badge(WAITING, f"waiting for {request.request.person}")


def state_of_message(
    rehearsal: Rehearsal,
    message: Message,
    delivery: Delivery | None = None,
    *,
    waits_for: Collection[str] = (),
    waived: Collection[str] = (),
) -> MessageState:
    """``waits_for``: who was invited and could say what is missing. ``waived``: see ``check_before_send``."""
    sent = rehearsal.sent_of(message)
    if sent is not None and sent.is_over:  # live, whatever the mode is now
        return MessageState(Badge(GOOD, sent.badge))
    if delivery is not None and delivery.state not in (State.SCHEDULED, State.SENDING):
        part, badge = sent_of(delivery), delivery_badge(delivery)
        word = part.badge if part is not None and part.in_part else badge.word
        return MessageState(Badge(badge.kind, word), told(delivery, rehearsal.plan.campaign.time_zone))
    if (badge_of_sent := sent_badge(sent)) is not None:
        return MessageState(badge_of_sent)
    return _first(list(_in_the_way(rehearsal, message, waits_for, waived)))


def worst_of(states: Collection[MessageState]) -> MessageState | None:
    """The one that somebody has to see first. None: there is none."""
    return min(states, key=lambda state: WORST_FIRST.index(state.badge.kind), default=None)


def _first(found: list[MessageState]) -> MessageState:
    if not found:
        return MessageState(Badge(GOOD, "approved"))
    first, *others = found
    more = f", and {len(others)} more" if others else ""
    return MessageState(first.badge, f"{first.because or first.badge.word}{more}" if more else first.because)


def _in_the_way(
    rehearsal: Rehearsal, message: Message, waits_for: Collection[str], waived: Collection[str]
) -> Iterator[MessageState]:
    """Each thing that a message waits for, the worst first; nothing: it is approved."""
    campaign = rehearsal.plan.campaign
    reds = [f for f in blocking(message, rehearsal, message.item, message.channel) if f.code not in waived]
    # What the whole campaign waits for is said of each message without alarm: it is told once, as a cause.
    shared = [f for f in reds if waits_with_all(f)]
    own = [f for f in reds if f not in shared]
    for finding in (f for f in own if cause_of(f) is ReasonCode.FINDING):
        yield MessageState(Badge(BLOCKED, "blocked"), _short(on_a_page(finding, campaign)))
    for finding in (f for f in own if cause_of(f) is ReasonCode.UNDECIDED):
        yield MessageState(Badge(BLOCKED, "decision open"), _short(on_a_page(finding, campaign)))
    lacks = rehearsal.missing(message)
    asked = [lack for lack in lacks if lack.kind == "changes"]
    if any(not lack.mended for lack in asked):
        yield MessageState(Badge(NEEDS_YOU, "changes asked"), asked[0].words)
    if unsigned := [f for f in own if cause_of(f) is ReasonCode.UNSIGNED]:
        yield MessageState(Badge(WAITING, "not signed"), unsigned_words(unsigned))
    if shared:
        yield MessageState(Badge(WAITING, "waits"), f"{shared[0].waits}")
    found = (*rehearsal.findings_of(message.item, message.channel), *message.findings)
    if lacks and (amber := next((f for f in found if f.severity is Severity.AMBER), None)) is not None:
        yield MessageState(TO_CHECK, _short(on_a_page(amber, campaign)))
    if lacks and (not asked or all(lack.mended for lack in asked)):
        names = tuple(dict.fromkeys(lack.person for lack in asked)) or waits_for
        yield MessageState(approval_badge(names), "; ".join(lack.words for lack in lacks))


def waits_with_all(finding: Finding) -> bool:
    """Whether it is a word of somebody's that the whole campaign waits for."""
    return bool(finding.waits) and not finding.item and not finding.items


def approval_badge(names: Collection[str]) -> Badge:
    """Who is waited for; nobody by name: nobody was invited who could say it."""
    if not names:
        return Badge(WAITING, "not approved")
    first, *others = names
    return Badge(WAITING, f"waiting for {first}" + (f" and {len(others)} more" if others else ""))


def _short(message: str) -> str:
    return shorten(message, _LONGEST, placeholder=" …")


def unsigned_words(findings: Collection[Finding]) -> str:
    """2 claims and 1 help line are not signed."""
    records = {(f.code[:1], f.where) for f in findings}  # one may lack two things
    numbers = Counter(_RECORDS.get(letter, "record") for letter, _ in records)
    words = " and ".join(counted(number, record) for record, number in sorted(numbers.items()))
    return f"{words} {'is' if len(records) == 1 else 'are'} not signed"
