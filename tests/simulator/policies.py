"""Wrong protocols, each somebody's, and checks left out. The simulator has to see what is wrong with every one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, exists, literal, select, true

from scheduler.domain.approval import Approval, Approvals
from scheduler.domain.delivery import State
from scheduler.domain.message import Message
from scheduler.domain.outcome import Outcome, OutcomeKind
from scheduler.domain.reason import Reason, ReasonCode
from scheduler.domain.records import ALL_CAMPAIGNS, SendSnapshot
from scheduler.domain.season_key import SeasonKey
from scheduler.engine import dispatcher, preflight, reconcile
from scheduler.store import batches, holds, recipients, tables
from scheduler.store.subscribers import SubscriberRepository
from tests.support.altered_ledger import AlteredLedger
from tests.support.world import A_MONTH

from .providers import Habits
from .season import CAMPAIGN, DIGESTS, FULL_EACH, OTHER, SEEDS, TWO, Policy, Weather, calendar_of, looks_at_files


class BlindRetry(AlteredLedger):
    """What has no known end is tried again."""

    def batches_record_outcome(self, batch_id: int, *, token: str, outcome: Outcome, now: datetime) -> Any:
        def bolder(end: Outcome) -> Outcome:
            return replace(end, kind=OutcomeKind.LATER, retry_at=now) if end.kind is OutcomeKind.UNKNOWN else end

        outcome = replace(bolder(outcome), per_recipient={who: bolder(e) for who, e in outcome.per_recipient.items()})
        return self._ledger.batches.record_outcome(batch_id, token=token, outcome=outcome, now=now)


class _Whosever(str):
    """The token of every intent."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return hash(str(self))


class Unasked(AlteredLedger):
    """Right before the call nobody asks whether its intent stands."""

    def deliveries_snapshot(self, *which: int) -> SendSnapshot | None:
        found = self._ledger.deliveries.snapshot(*which)
        if found is None or found.batch is None:
            return found
        return replace(found, batch=replace(found.batch, token=_Whosever(), state=State.SENDING))


class NoIntent(Unasked):
    """The intent is written only with the outcome, after the call."""

    def __init__(self, ledger: Any) -> None:
        super().__init__(ledger)
        self._meant: dict[str, tuple[int, Mapping[str, Any]]] = {}

    def batches_record_intent(self, batch_id: int, *, token: str, **values: Any) -> bool:
        self._meant[token] = (batch_id, values)
        return True

    def batches_record_outcome(self, batch_id: int, *, token: str, outcome: Outcome, now: datetime) -> Any:
        if token in self._meant:
            meant, values = self._meant.pop(token)
            if not self._ledger.batches.record_intent(meant, token=token, **values):
                return None
        return self._ledger.batches.record_outcome(batch_id, token=token, outcome=outcome, now=now)


class SentFirst(Unasked):
    """Marked as sent before the call."""

    def batches_record_intent(self, batch_id: int, *, token: str, **values: Any) -> bool:
        won: bool = self._ledger.batches.record_intent(batch_id, token=token, **values)
        if won:
            self._ledger.batches.record_outcome(
                batch_id, token=token, outcome=Outcome(OutcomeKind.ACCEPTED), now=values["now"]
            )
        return won


class AssumeSent(AlteredLedger):
    """What was under way when a process died is taken for sent."""

    def lookups_mark_expired_unknown(self, mode: str, *, now: datetime) -> Any:
        found = self._ledger.lookups.mark_expired_unknown(mode, now=now)
        for batch in found:
            self._ledger.lookups.resolve(batch.delivery_id, sent=True, who="policy", batch=batch.number, now=now)
        return found


class AssumeNotSent(AlteredLedger):
    """What was under way when a process died is taken for not sent."""

    def lookups_mark_expired_unknown(self, mode: str, *, now: datetime) -> Any:
        found = self._ledger.lookups.mark_expired_unknown(mode, now=now)
        for batch in found:
            self._ledger.lookups.resolve(batch.delivery_id, sent=False, who="policy", batch=batch.number, now=now)
        return found


class NoHolds(AlteredLedger):
    """Holds are not looked at right before the call."""

    def deliveries_snapshot(self, *which: int) -> SendSnapshot | None:
        found = self._ledger.deliveries.snapshot(*which)
        return replace(found, holds=()) if found else None


class AnythingGoes(Approvals):
    """As if every message had been approved."""

    def of(self, message: Message) -> tuple[Approval, ...]:
        return (
            Approval(
                message.campaign,
                message.season,
                message.item,
                message.channel,
                message.digest,
                "Ada",
                "coordinator",
                message.due_at,
            ),
        )


class NoDigests(AlteredLedger):
    """Approvals are not compared with the words."""

    def deliveries_snapshot(self, *which: int) -> SendSnapshot | None:
        found = self._ledger.deliveries.snapshot(*which)
        return replace(found, approvals=AnythingGoes()) if found else None


class StillThere(AlteredLedger):
    """Who left after the batch was prepared is not looked for."""

    def deliveries_snapshot(self, *which: int) -> SendSnapshot | None:
        found = self._ledger.deliveries.snapshot(*which)
        return replace(found, newly_left=0) if found else None


class NothingKeptBack(AlteredLedger):
    """A digest does not look at what became of the mails that it tells of."""

    def deliveries_snapshot(self, *which: int) -> SendSnapshot | None:
        found = self._ledger.deliveries.snapshot(*which)
        return replace(found, kept_back={}) if found else None


class NoWindows(AlteredLedger):
    """Windows never close in the ledger. The check before the call must not look at them either."""

    def deliveries_follow_plan(self, mode: str, key: SeasonKey, wanted: Iterable[Any], **more: Any) -> Any:
        wide = [replace(w, expires_at=w.expires_at + timedelta(days=40)) for w in wanted]
        return self._ledger.deliveries.follow_plan(mode, key, wide, **more)


class Burst(AlteredLedger):
    """The end of a hold lets everything go that was passed over."""

    def deliveries_expire(self, mode: str, *, now: datetime) -> Any:
        for delivery in self._ledger.deliveries.of_season(mode, A_MONTH):
            if delivery.state == "held" and delivery.awaits_decision:
                self._ledger.deliveries.release(delivery.id, who="policy", now=now)
        return self._ledger.deliveries.expire(mode, now=now)


class LastBegun(AlteredLedger):
    """An answer is taken for that of the call that was begun last, and not of its own."""

    def __init__(self, ledger: Any) -> None:
        super().__init__(ledger)
        self._last: tuple[int, str] | None = None

    def batches_record_intent(self, batch_id: int, *, token: str, **values: Any) -> bool:
        won: bool = self._ledger.batches.record_intent(batch_id, token=token, **values)
        if won:
            self._last = (batch_id, token)
        return won

    def batches_record_outcome(self, batch_id: int, *, token: str, outcome: Outcome, now: datetime) -> Any:
        of, begun = self._last or (batch_id, token)
        return self._ledger.batches.record_outcome(of, token=begun, outcome=outcome, now=now)


class TakenByAnybody(Unasked):
    """A lane calls for a batch, whether it has got it or another one has."""

    def batches_record_intent(self, batch_id: int, **values: Any) -> bool:
        self._ledger.batches.record_intent(batch_id, **values)
        return True


class OwnCalls(AlteredLedger):
    """A process counts its own calls against the limit of a channel."""

    def __init__(self, ledger: Any) -> None:
        super().__init__(ledger)
        self._began: list[datetime] = []

    def calls_recent(self, mode: str, channel: str, *, since: datetime) -> tuple[datetime, ...]:
        return tuple(at for at in self._began if at > since)

    def batches_record_intent(self, batch_id: int, *, limit: Any = None, **values: Any) -> bool:
        won: bool = self._ledger.batches.record_intent(batch_id, **values)
        if won:
            self._began.append(values["now"])
        return won


class WonByAll(Unasked):
    """Each process calls for the posts of an instant, whether it has got them or another one has."""

    def batches_begin_posts(self, posts: Sequence[tuple[int, Mapping[str, Any]]]) -> list[Any]:
        answers = self._ledger.batches.begin_posts(posts)
        for number, (delivery_id, _) in enumerate(posts):
            if answers[number] == (None, False) and (there := self._ledger.deliveries.batches(delivery_id)):
                answers[number] = (there[0], True)
        return list(answers)

    def deliveries_as_before(self, before: SendSnapshot, batch_id: int) -> SendSnapshot | None:
        return None  # a look follows, by which each token is the right one


def _when_it_was_begun(self: dispatcher.Dispatcher, flight: dispatcher.Flight) -> Outcome | None:
    """Of several calls in flight each goes by what was looked at before its intent."""
    return None if flight.setup.in_flight(flight.delivery.channel) > 1 else _NOT_NOW(self, flight)


_NOT_NOW = dispatcher.Dispatcher._not_now


def _always_but_windows(*of: Any) -> Iterable[Reason]:
    """The last check's reasons, without those that speak of time."""
    of_time = (ReasonCode.NOT_DUE, ReasonCode.WINDOW_CLOSED, ReasonCode.PLAN_MOVED, ReasonCode.WAVE_OVER)
    return [reason for reason in _ALWAYS(*of) if reason.code not in of_time]


def _always_but_leases(*of: Any) -> Iterable[Reason]:
    """The last check's reasons, without the one that speaks of the time since the intent."""
    return [reason for reason in _ALWAYS(*of) if reason.code is not ReasonCode.LEASE_SPENT]


_ALWAYS: Callable[..., Iterable[Reason]] = preflight._always


def _who_of_the_other_list(row: Any, audience: Any) -> Any:
    """Readers of the other campaign get a mail."""
    return _WHO({**row, "campaign": OTHER if row["campaign"] == CAMPAIGN else CAMPAIGN}, audience)


def _leaves_one(self: Any, campaign: str | None, subscriber_id: str, **more: Any) -> Any:
    """Whoever leaves all lists leaves the first one alone."""
    return _UNSUBSCRIBE(self, campaign or CAMPAIGN, subscriber_id, **more)


_WHO: Callable[..., Any] = recipients._who
_UNSUBSCRIBE: Callable[..., Any] = SubscriberRepository.unsubscribe


class HoldsOfAll(AlteredLedger):
    """A hold of one campaign is not looked at right before the call."""

    def deliveries_snapshot(self, *which: int) -> SendSnapshot | None:
        found = self._ledger.deliveries.snapshot(*which)
        return replace(found, holds=tuple(hold for hold in found.holds if not hold.campaign)) if found else None


#: Where the intent is written no hold is looked at, or none of a single campaign.
_NO_HOLD = select(tables.ledger.c.copied_at, exists().where(tables.holds.c.id < 0))
_HOLDS_OF_ALL = select(
    tables.ledger.c.copied_at, exists().where(holds.bears_on(bindparam("channel"), literal(ALL_CAMPAIGNS)))
)


def _a_minute(*of: Any) -> timedelta:
    return timedelta(minutes=1)


def _believes_an_empty_timeline(habits: Habits) -> Habits:
    return replace(habits, tells_absence=True)


def _settles_at_once(habits: Habits) -> Habits:
    return replace(habits, tells_absence=True, settles_at_once=True)


def first(seed: int, others: Sequence[int] = SEEDS) -> Sequence[int]:
    """The seed that shows it today is played first; where the program's ways have changed, the others are."""
    return (seed, *others)


#: Seeds in which two campaigns run.
OF_TWO = [n for n in range(1, 60) if calendar_of(n) in TWO]
#: Much that concerns the call itself, little else.
CALLS = Weather(points_between_kills=40, points_between_parkings=1e9, acts=4, jumps=0, outages=0, restores=0, reports=0)
PEOPLE = Weather(points_between_kills=200, points_between_parkings=1e9, acts=60, jumps=0, outages=1, restores=0)

#: Posts alone, each of which is made up before it is due where a seed looks at the files.
AHEAD = replace(CALLS, mails=False, kills_ahead=True, points_between_kills=1e9)
OF_TWO_AHEAD = [n for n in OF_TWO if looks_at_files(n)]

#: Each with the weather that brings it to light, and what the oracle has to say of it.
POLICIES: tuple[tuple[Policy, Weather], ...] = (
    (Policy("blind retry", BlindRetry, blames="TWICE"), CALLS),
    (Policy("no intent before the call", NoIntent, blames="TWICE"), CALLS),
    (Policy("marked as sent first", SentFirst, blames="LOST: the ledger says sent"), CALLS),
    (Policy("assumed sent after a crash", AssumeSent, blames="LOST: the ledger says sent"), CALLS),
    (Policy("assumed not sent after a crash", AssumeNotSent, blames="TWICE", seeds=first(4)), CALLS),
    (
        Policy(
            "SETTLE = 0",
            patches=((dispatcher, "settled_after", lambda transport, lease: timedelta(0)),),
            habits=_settles_at_once,
            blames="TWICE",
        ),
        CALLS,
    ),
    (
        Policy(
            "SETTLE = one minute",
            patches=((dispatcher, "settled_after", _a_minute), (reconcile, "settled_after", _a_minute)),
            habits=_believes_an_empty_timeline,
            blames="TWICE",
        ),
        CALLS,
    ),
    (
        Policy(
            "no look at the time since the intent",
            Unasked,
            patches=((preflight, "_always", _always_but_leases),),
            blames="TWICE",
            seeds=first(4),
        ),
        replace(CALLS, points_between_parkings=6, points_between_kills=1e9, second_process=1, acts=0),
    ),
    (
        Policy(
            "an empty timeline is believed",
            habits=_believes_an_empty_timeline,
            blames="TWICE",
            seeds=first(19, range(18, 31)),
        ),
        CALLS,
    ),
    (
        Policy(
            "no window check",
            NoWindows,
            patches=((preflight, "_always", _always_but_windows),),
            blames="after its window had closed",
        ),
        replace(PEOPLE, outages=5),
    ),
    (Policy("no hold check", NoHolds, patches=((batches, "_STOPS_ALL", _NO_HOLD),), blames="was held"), PEOPLE),
    (Policy("no digest check", NoDigests, blames="not approved at that time"), PEOPLE),
    (
        Policy(
            "no look at who left",
            StillThere,
            blames="who had left",
            seeds=first(9 * FULL_EACH, range(0, 10 * FULL_EACH, FULL_EACH)),
        ),
        replace(
            PEOPLE,
            acts=150,
            favour=("leave", "join", "pause"),
            points_between_naps=4,
            points_between_kills=1e9,
            outages=0,
        ),
    ),
    (
        Policy(
            "a digest goes out whole",
            patches=((dispatcher, "cut_to", lambda message, *_, **__: message),),
            blames="TWICE",
            seeds=first(7, [n for n in range(1, 100) if calendar_of(n) in DIGESTS]),
        ),
        replace(PEOPLE, switches=40, acts=4, outages=0, points_between_kills=1e9),
    ),
    (
        Policy(
            "a digest tells of what was stopped",
            NothingKeptBack,
            blames="tells of",
            seeds=[n for n in range(1, 100) if calendar_of(n) in DIGESTS],
        ),
        replace(PEOPLE, favour=("skip_one", "stop_one"), outages=0),
    ),
    (
        Policy(
            "a mail goes to the list of another campaign",
            patches=(
                (recipients, "_who", _who_of_the_other_list),
                (batches, "_OF_READERS", batches._of_readers(true(), literal(1))),
            ),
            blames="never were on the list of",
            seeds=first(8, OF_TWO),
        ),
        CALLS,
    ),
    (
        Policy(
            "who leaves all lists leaves one",
            patches=((SubscriberRepository, "unsubscribe", _leaves_one),),
            blames="who had left",
            seeds=first(16, OF_TWO),
        ),
        replace(PEOPLE, favour=("leave",)),
    ),
    (
        Policy(
            "no look at a campaign's own hold",
            HoldsOfAll,
            patches=((batches, "_STOPS_ALL", _HOLDS_OF_ALL),),
            blames="was held",
            seeds=first(24, OF_TWO),
        ),
        replace(PEOPLE, favour=("hold",)),
    ),
    (
        Policy(
            "an answer is written under the token of another call", LastBegun, blames="the ledger says", seeds=first(4)
        ),
        replace(CALLS, answers=4, points_between_kills=1e9, acts=0),
    ),
    (
        Policy("two lanes call for one reader", TakenByAnybody, blames="TWICE", lanes=2),
        replace(CALLS, points_between_kills=1e9, acts=0, answers=0),
    ),
    (
        Policy(
            "calls in flight are not held",
            patches=((dispatcher.Dispatcher, "_not_now", _when_it_was_begun),),
            blames="was held",
            seeds=first(3),
        ),
        replace(PEOPLE, favour=("hold",), points_between_naps=4, points_between_kills=1e9, outages=0),
    ),
    (
        Policy("each process counts its own calls", OwnCalls, blames="beyond the limit"),
        replace(
            CALLS,
            max_calls=2,
            second_process=1,
            points_between_kills=40,
            acts=0,
            answers=0,
        ),
    ),
    (
        Policy("assumed not sent after a crash at an instant", AssumeNotSent, blames="TWICE", seeds=OF_TWO_AHEAD),
        AHEAD,
    ),
    (
        Policy("each process begins the posts of an instant", WonByAll, blames="TWICE", seeds=first(24, OF_TWO_AHEAD)),
        replace(AHEAD, kills_ahead=False, acts=0, second_process=1, answers=0),
    ),
    (Policy("a burst at the end of a hold", Burst, blames="a hold had passed it over"), PEOPLE),
)
