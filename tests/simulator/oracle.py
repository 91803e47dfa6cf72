"""The oracle: reads what the providers received, knows what people had said, and compares it with the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from scheduler.domain.delivery import State
from scheduler.domain.delivery_words import why
from scheduler.domain.message import FRAME, Message, is_of_pieces
from scheduler.domain.records import Batch, Delivery
from scheduler.domain.season_key import SeasonKey
from tests.support.world import A_MONTH

from .providers import TIMELINE, Call
from .season import CALLS_SPAN

if TYPE_CHECKING:
    from .processes import Process
    from .world import World


#: Somebody's place on the list of a campaign: campaign, reader.
Place = tuple[str, str]
#: The frozen readers of a delivery: reader, number of the batch, own state.
Frozen = list[tuple[str, int, str]]


@dataclass(frozen=True)
class Said:
    """What people have said up to now: the world's own record, never read from the ledger."""

    armed: frozenset[str] = frozenset({A_MONTH.campaign})  # campaigns
    holds: frozenset[tuple[str, str]] = frozenset()  # campaign (empty: all), channel
    approved: frozenset[tuple[str, str, str]] = frozenset()  # item, channel, digest
    left: frozenset[Place] = frozenset()  # and whoever left all lists, or was erased, with no campaign
    paused: Mapping[Place, datetime] = field(default_factory=dict)  # until when
    stopped: frozenset[str] = frozenset()  # "item/channel", or the send id of a batch: until a person lets it go
    red: frozenset[str] = frozenset()  # items with a red finding
    out: frozenset[str] = frozenset()  # items taken out of the plan
    unreadable: frozenset[str] = frozenset()  # campaigns whose files cannot be read

    def held(self, campaign: str) -> frozenset[str]:
        """Channels that are held for a campaign."""
        return frozenset(channel for of, channel in self.holds if of in ("", campaign))

    def but(self, **changes: Any) -> Said:
        return replace(self, **changes)


@dataclass
class Oracle:
    """Judges each call at the instant of its last check, and the ledger when the season is over."""

    world: World
    broken: list[str] = field(default_factory=list)
    got: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # channel, item, reader -> times
    begun: list[datetime] = field(default_factory=list)  # when the intent of each mail's call was written

    def at_call(self, process: Process, call: Call) -> None:
        """What must hold at the last check before a call; the check and the call are one instant for this program."""
        trail = self.world.trail_of(process)
        said, now = trail.checked or (self.world.said, self.world.clock.now())
        trail.checked = None
        what = f"{call.item} on {call.channel} (call {call.number})"
        message = self.world.versions.get(call.digest)
        if message is None:
            self._broken(f"{what}: words that nobody wrote")
            return
        if now < message.due_at:
            self._broken(f"{what}: called at {now:%d %b %H:%M:%S}, before it was due")
        if now >= message.expires_at:
            self._broken(f"{what}: called at {now:%d %b %H:%M:%S}, after its window had closed")
        if now >= self.world.season_ends_at:
            self._broken(f"{what}: called after the season's last day")
        if not self._is_approved(message, call, said):
            self._broken(f"{what}: called with words that were not approved at that time")
        of = message.campaign
        if of not in said.armed:
            self._broken(f"{what}: called while the season was not armed")
        if said.held(of) & {"*", call.channel}:
            self._broken(f"{what}: called while {', '.join(sorted(said.held(of)))} was held")
        listed = call.readers if call.channel == "email" else ()
        if strangers := [subscriber for subscriber in listed if (of, subscriber) not in self.world.chosen]:
            self._broken(f"{what}: called for {', '.join(strangers)}, who never were on the list of {of}")
        if left := [subscriber for subscriber in listed if said.left & {(of, subscriber), ("", subscriber)}]:
            self._broken(f"{what}: called for {', '.join(left)}, who had left")
        latest = max(now, self.world.latest)  # a pause that had ended does not begin again when a clock is set back
        if silent := [subscriber for subscriber in listed if said.paused.get((of, subscriber), latest) > latest]:
            self._broken(f"{what}: called for {', '.join(silent)}, who had asked for a pause")
        began = trail.at_intent or said
        if began.stopped & {f"{call.item}/{call.channel}", call.send_id}:
            self._broken(f"{what}: called although a person had stopped it, or a hold had passed it over")
        if told := {f"{item}/{call.channel}" for item in call.told if item != call.item} & began.stopped:
            self._broken(
                f"{what}: tells of {', '.join(sorted(told))}, which a person had stopped, or a hold passed over"
            )
        read = trail.read or said
        if {call.item, *call.told} & read.red & said.red:
            self._broken(f"{what}: called with a red finding")
        if {call.item, *call.told} & read.out & said.out:
            self._broken(f"{what}: called although it had been taken out of the plan")
        if call.channel == "email" and self._is_beyond_the_limit(trail.intent_at or now):
            self._broken(f"{what}: called beyond the limit of the channel")
        if of in read.unreadable & said.unreadable:
            self._broken(f"{what}: called while the campaign could not be read")
        self._count(call, what)

    def _is_beyond_the_limit(self, at: datetime) -> bool:
        """Whether there were as many calls as the channel takes before this one, counted by when each was begun."""
        self.begun.append(at)
        most = self.world.weather.max_calls
        return most > 0 and sum(at - CALLS_SPAN < began <= at for began in self.begun) > most

    def _is_approved(self, message: Message, call: Call, said: Said) -> bool:
        """Of a digest: its frame and each mail that this call tells of, in a form in which it tells of it."""
        if not is_of_pieces(message):
            return (call.item, call.channel, call.digest) in said.approved
        approved = {m.item for m in self.world.told[call.digest] if (m.item, m.channel, m.digest) in said.approved}
        return approved.issuperset((FRAME, *call.told))

    def _count(self, call: Call, what: str) -> None:
        """Nobody gets a message twice, nor what it tells: not in a mail of its own and in a digest, nor in two of them."""
        for subscriber in call.readers:
            for item in dict.fromkeys((call.item, *call.told)):
                key = (call.channel, item, subscriber)
                if self.got[key]:
                    self._broken(f"{what}: TWICE: called again for {subscriber}, who has got {item}")
                self.got[key] += subscriber in call.reached

    def at_the_end(self) -> None:
        """Nothing is open; what the ledger says is what the providers have; everybody is accounted for."""
        world = self.world
        keys = [SeasonKey(campaign, A_MONTH.season) for campaign in world.calendar.lists]
        deliveries = [delivery for key in keys for delivery in world.desk.deliveries.of_season("live", key)]
        there = {(d.item, d.channel) for d in deliveries}
        for message in world.calendar.messages:
            if (message.item, message.channel) not in there:
                self._broken(f"{message.item} on {message.channel}: LOST: the ledger does not know it")
        recipients: dict[int, Frozen] = {}
        for delivery_id, subscriber, number, state in world.peek(
            "SELECT delivery_id, subscriber_id, batch_number, state FROM recipients ORDER BY subscriber_id"
        ):
            recipients.setdefault(delivery_id, []).append((subscriber, number, state or ""))
        for delivery in deliveries:
            self._judge(delivery, world.desk.deliveries.batches(delivery.id), recipients.get(delivery.id, []))
        report = world.desk.events.verify()
        if not report.is_whole:
            self._broken(f"the history is not whole: {report.reason}")

    def _judge(self, delivery: Delivery, batches: tuple[Batch, ...], frozen: list[tuple[str, int, str]]) -> None:
        what = f"{delivery.item} on {delivery.channel}"
        if delivery.state in (State.SCHEDULED, State.SENDING, State.HELD):
            self._broken(f"{what}: LOST: still {delivery.state} after the season")
        if delivery.state is not State.SENT and not why(delivery):
            self._broken(f"{what}: {delivery.state} without a reason")
        counts = delivery.counts
        if delivery.kind == "email" and (delivery.state is State.SENT) and counts.missing:
            self._broken(f"{what}: sent, and {counts.missing} readers have not got it")
        if delivery.state is State.PARTLY_SENT and not counts.missing:
            self._broken(f"{what}: partly sent, and everybody has it")
        if not counts.adds_up() or counts.waiting:
            self._broken(f"{what}: the counts do not add up: {counts}")
        if delivery.kind == "email" and counts.frozen != len(frozen):
            self._broken(f"{what}: frozen {counts.frozen}, but {len(frozen)} readers are listed")
        if delivery.opened_at is not None and delivery.kind == "email":
            self._nobody_forgotten(delivery, {subscriber for subscriber, *_ in frozen})
        for batch in batches:
            name = f"{what}, batch {batch.number}"
            if batch.state is State.UNKNOWN and (batch.check_at is not None or not batch.reasons):
                self._broken(f"{name}: unknown, and nobody is asked: {batch.check_at} {batch.reasons}")
            of_batch = [(subscriber, state) for subscriber, number, state in frozen if number == batch.number]
            for subscriber, state in of_batch if delivery.kind == "email" else [(TIMELINE, "")]:
                self._compare(batch, name, subscriber, state, self.got[delivery.channel, delivery.item, subscriber])

    def _compare(self, batch: Batch, name: str, subscriber: str, state: str, times: int) -> None:
        """What the ledger says of one reader, and what they got."""
        says = State.SKIPPED if state == "skipped" else batch.state
        if says is State.SENT and not times:
            self._broken(f"{name}: LOST: the ledger says sent, and {subscriber} never had it")
        closed = (State.FAILED, State.MISSED, State.SKIPPED, State.CANCELLED)
        if says in closed and times and batch.send_id not in self.world.forgotten:
            self._broken(f"{name}: the ledger says {says}, and {subscriber} has it")

    def _nobody_forgotten(self, delivery: Delivery, frozen: set[str]) -> None:
        """Who was on the list when it was due, and had not left when it was opened, is among its readers."""
        if missing := self.world.opened.get(delivery.item, set()) - frozen:
            self._broken(f"{delivery.item}: LOST: {', '.join(sorted(missing))} were on the list and are not frozen")

    def _broken(self, what: str) -> None:
        self.broken.append(what)
        self.world.tell(f"!!! {what}")
