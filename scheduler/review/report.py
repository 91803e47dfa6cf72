"""The report for the board: what was planned, who approved it, what went out when, what did not and why.

Made from the ledger; the campaign's files give titles and sources. It names no reader and holds no address: readers
are numbers. People who approved or decided are named, because they answer for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date, datetime
from typing import TYPE_CHECKING

from ..domain.approval import Approvals
from ..domain.delivery import State
from ..domain.delivery_words import told
from ..domain.formatting import utc_words
from ..domain.message import EmailBody, Message, is_of_pieces
from ..domain.receipt import Fate
from ..domain.records import Counts, Delivery, Event, held_words
from ..domain.redact import without_addresses
from ..domain.rehearsal import Rehearsal, digest_title
from ..domain.season_key import SeasonKey
from ..light_dataclass import dataclass
from .record_words import RecordWords

if TYPE_CHECKING:
    from ..store import Ledger

#: Not sent, in the order in which it is counted. What nobody can tell is not among them.
NOT_SENT = (State.PARTLY_SENT, State.MISSED, State.FAILED, State.SKIPPED, State.CANCELLED, State.HELD)

#: Events about one delivery that a person brought about, or that changed what was believed of it -> words.
CORRECTIONS: Mapping[str, str] = {
    "batch.found-sent": "found to have gone out",
    "batch.found-not-sent": "found not to have gone out",
    "delivery.found-sent": "found to have gone out",
    "delivery.found-not-sent": "found not to have gone out",
    "delivery.retry": "tried once more",
    "delivery.release": "let go after a hold",
    "delivery.hold": "held",
    "delivery.skip": "left out",
    "delivery.moved": "moved to another time",
    "delivery.corrected": "corrected while it went out",
}
#: Events about the whole -> words.
DECISIONS: Mapping[str, str] = {
    "season.armed": "allowed live sends",
    "season.disarmed": "forbade live sends",
    "hold.set": "stopped",
    "hold.released": "ended the hold of",
    "approval.withdrawn": "took back the approval of",
    "question.answered": "answered",
    "ledger.restored": "put back a backup",
    "ledger.marked-as-copy": "named the ledger a copy that was put back",
}


@dataclass(frozen=True)
class ReportLine:
    """One item on one channel."""

    on: date
    item: str
    title: str
    kind: str
    channel: str
    planned_at: datetime
    approved_by: tuple[str, ...]  # "Ada (coordinator)"
    state: State
    sent_at: datetime | None  # the first call that was accepted
    sent_until: datetime | None  # the last one
    reference: str
    counts: Counts
    fates: Mapping[str, int]  # what providers reported later: delivered, bounced, complained
    reason: str  # why it did not go, or not to all
    corrections: tuple[str, ...] = ()

    @property
    def what_is_known(self) -> str:
        """Why it did not go; empty where nothing has to be said."""
        return self.reason or ("we can’t tell whether it went out" if self.state is State.UNKNOWN else "")

    @property
    def went_to_all(self) -> bool:
        """Whether everybody has it who should."""
        return self.state is State.SENT and not self.counts.missing and not self.counts.unknown


@dataclass(frozen=True)
class Totals:
    """One channel's season in numbers."""

    channel: str
    planned: int
    sent: int
    accepted: int  # readers; a post counts as one
    delivered: int
    unknown: int  # nobody can tell whether they went out
    not_sent: Mapping[str, int]  # state -> deliveries


@dataclass(frozen=True)
class UsedClaim:
    """A claim that went out, with its source."""

    id: str
    text: str
    status: str
    source: str
    url: str
    items: tuple[str, ...]
    changed: bool  # its record is not as it was when it went out


@dataclass(frozen=True)
class Decision:
    """Something that a person decided about the whole."""

    at: datetime
    who: str
    what: str


@dataclass(frozen=True)
class Report:
    """A season, afterwards or so far."""

    campaign: str
    season: int
    title: str
    organisation: str
    time_zone: str
    mode: str
    start_on: date
    end_on: date
    made_at: datetime
    lines: tuple[ReportLine, ...]
    totals: tuple[Totals, ...]
    claims: tuple[UsedClaim, ...]
    decisions: tuple[Decision, ...]
    dollars: Mapping[str, float] = field(default_factory=dict)  # channel -> US dollars spent
    events: int = 0  # lines of history behind it
    alone: str = ""  # who approves alone, and why, as the policy says now
    whole: bool = True  # and none of them changed or missing

    @property
    def gone_wrong(self) -> list[ReportLine]:
        """What did not go out, or not to everybody, with its reason; what nobody can tell comes first."""
        found = [line for line in self.lines if not line.went_to_all and line.what_is_known]
        return sorted(found, key=lambda line: line.state is not State.UNKNOWN)

    @property
    def over(self) -> bool:
        """Whether nothing of it is still to come."""
        return all(line.state in (State.SENT, State.UNKNOWN, *NOT_SENT) for line in self.lines)


def make_report(
    rehearsal: Rehearsal, ledger: Ledger, *, mode: str, dollars: Mapping[str, float], made_at: datetime
) -> Report:
    """The report of a season in one mode, as the ledger knows it at ``made_at``."""
    plan = rehearsal.plan
    campaign, season = plan.campaign, plan.season
    found = ledger.deliveries.of_season(mode, plan.key)
    approvals = ledger.approvals.of_season(plan.key)
    corrections = _corrections(ledger.events.of_kinds(*CORRECTIONS))
    sent: dict[int, Message] = {}
    calls, lines = ledger.deliveries.calls_of_season(mode, plan.key), []
    for delivery in found:
        message = ledger.lookups.sent_message(delivery.digest) if delivery.digest else None
        if message is not None and delivery.counts.accepted:
            sent[delivery.id] = message
        planned = message or rehearsal.message(delivery.item, delivery.channel)
        first_and_last = calls.get(delivery.id, (None, None))
        said = tuple(corrections.get(delivery.id, ()))
        lines.append(_line(delivery, planned, rehearsal, approvals, ledger, first_and_last, said))
    chain = ledger.events.verify_newest(now=made_at)
    return Report(
        campaign=campaign.id,
        season=season.year,
        title=plan.title,
        organisation=rehearsal.organisation,
        time_zone=campaign.time_zone,
        mode=mode,
        start_on=season.start_on,
        end_on=season.end_on,
        made_at=made_at,
        lines=tuple(lines),
        totals=_totals(lines),
        claims=_claims(rehearsal, [(d, sent[d.id]) for d in found if d.id in sent]),
        decisions=_decisions(ledger.events.of_kinds(*DECISIONS), plan.key, _called(rehearsal)),
        dollars={channel: amount for channel, amount in dollars.items() if amount},
        events=chain.events,
        alone=rehearsal.alone_in_words(),
        whole=chain.is_whole,
    )


def _line(
    delivery: Delivery,
    message: Message | None,
    rehearsal: Rehearsal,
    approvals: Approvals,
    ledger: Ledger,
    calls: tuple[datetime | None, datetime | None],
    corrections: tuple[str, ...],
) -> ReportLine:
    planned = rehearsal.plan.of(delivery.item)
    title = planned.item.title if planned else ""
    if not title and message is not None and isinstance(message.body, EmailBody):
        title = digest_title(message.on) if is_of_pieces(message) else message.body.subject
    # What went out, or will; not the present form of something that went out in another one, which is not kept.
    known = message is not None and (not delivery.digest or message.has(delivery.digest))
    given = approvals.of(message) if message is not None and known else ()
    return ReportLine(
        on=delivery.on,
        item=delivery.item,
        title=title or delivery.item,
        kind=message.kind if message else "",
        channel=delivery.channel,
        planned_at=delivery.due_at,
        approved_by=tuple(dict.fromkeys(f"{a.person} ({a.role}, {a.how})" for a in given)),
        state=delivery.state,
        sent_at=calls[0],
        sent_until=calls[1],
        reference=delivery.reference,
        counts=delivery.counts,
        fates=ledger.receipts.fates(delivery.id) if delivery.kind == "email" and delivery.counts.accepted else {},
        reason=without_addresses(told(delivery, rehearsal.plan.campaign.time_zone)),
        corrections=corrections,
    )


def _totals(lines: Sequence[ReportLine]) -> tuple[Totals, ...]:
    channels = {line.channel: [other for other in lines if other.channel == line.channel] for line in lines}
    return tuple(
        Totals(
            channel=channel,
            planned=len(those),
            sent=sum(line.state is State.SENT for line in those),
            accepted=sum(line.counts.accepted for line in those),
            delivered=sum(line.fates.get(Fate.DELIVERED.state, 0) for line in those),
            unknown=sum(line.state is State.UNKNOWN for line in those),
            not_sent={str(state): count for state in NOT_SENT if (count := sum(line.state is state for line in those))},
        )
        for channel, those in sorted(channels.items())
    )


def _claims(rehearsal: Rehearsal, sent: Iterable[tuple[Delivery, Message]]) -> tuple[UsedClaim, ...]:
    """Claims of messages that went out, by id; the record as the files have it now."""
    items: dict[str, dict[str, None]] = {}
    hashes: dict[str, set[str]] = {}
    for delivery, message in sent:
        for claim_id in message.claims:
            items.setdefault(claim_id, {})[delivery.item] = None
            hashes.setdefault(claim_id, set()).add(message.rests_on.get(f"claim:{claim_id}", ""))
    used = []
    for claim_id, names in sorted(items.items()):
        claim = rehearsal.plan.campaign.claims.get(claim_id)
        if claim is None:
            used.append(UsedClaim(claim_id, "(not in the campaign's files any more)", "", "", "", tuple(names), True))
            continue
        source = claim.source
        used.append(
            UsedClaim(
                id=claim_id,
                text=claim.text,
                status=claim.status.value,
                source=source.label,
                url=source.url,
                items=tuple(names),
                changed=bool(hashes[claim_id] - {claim.record_hash(), ""}),
            )
        )
    return tuple(used)


def _corrections(events: Iterable[Event]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for event in events:
        if event.delivery_id is not None:
            who = "the provider's records" if event.who == "evidence" else event.who
            words = f"{utc_words(event.at)}: {CORRECTIONS[event.kind]}, by {who}"
            found.setdefault(event.delivery_id, []).append(without_addresses(words))
    return found


def _called(rehearsal: Rehearsal) -> RecordWords:
    campaign = rehearsal.plan.campaign
    planned = {p.item.id: p.item.title for p in rehearsal.plan.items}
    return RecordWords(campaign, {**{i.id: i.title for i in campaign.items.values()}, **planned})


def _decisions(events: Iterable[Event], key: SeasonKey, called: RecordWords) -> tuple[Decision, ...]:
    """Of this season, and of all: a hold may be for every campaign."""
    return tuple(
        Decision(event.at, event.who, without_addresses(_words(event, called)))
        for event in events
        if event.data.get("campaign", key.campaign) == key.campaign
        if event.data.get("season", key.season) == key.season
    )


def _words(event: Event, called: RecordWords) -> str:
    data = event.data
    of_one = str(data.get("campaign", "")) if event.kind.startswith("hold.") else ""
    channel = held_words(str(data.get("channel", "")), of_one)
    why = f": {data['why']}" if data.get("why") else ""  # a hold's, in its maker's words
    if event.kind == "approval.withdrawn":
        return f"{DECISIONS[event.kind]} {called.item(str(data.get('item')))} on {channel}{why}"
    if event.kind == "question.answered":
        return called.answered(data)
    if event.kind.startswith("ledger."):
        return f"{DECISIONS[event.kind]}, made {str(data.get('copied_at', ''))[:16].replace('T', ' ')} UTC"
    return f"{DECISIONS[event.kind]} {channel}{why}".rstrip()
