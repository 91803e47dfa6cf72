"""Providers for the simulator: a timeline and a mail house, each with a memory, bad days and slow records.

A provider outlives every process. What it took is what the oracle counts; what it answers, and when it can say what
it has, is another matter. Time here is true time; the clock of the machine may be wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from scheduler.channels.spec import Transport
from scheduler.domain.message import Message
from scheduler.domain.outcome import Evidence, Outcome, OutcomeKind, Recipient, Request, UnusableRecipients, Verdict
from scheduler.domain.reason import ReasonCode, because

from .digests import told_in

#: The one reader of a post.
TIMELINE = "the timeline"

#: The client gives up after this.
TIMEOUT = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Habits:
    """How one provider behaves. ``landing`` and ``lag`` are the longest; what it does stays within them.

    A call that the client gave up may still land, ``landing`` after that at the latest, and what has landed can be
    seen in the provider's own records ``lag`` later at the latest. ``settle`` is the sum, with the client's timeout.
    """

    landing: timedelta
    lag: timedelta
    tells_absence: bool  # once settled, what it does not show it does not have
    refuses_repeats: bool  # a second call with the same words is answered with 403
    by_reader: bool  # takes or refuses each reader's mail by itself, as a mail server does
    settles_at_once: bool = False  # what its channel says, wrongly
    weights: Mapping[str, float] = field(
        default_factory=dict
    )  # of the answers on a usual day; the rest of 100 is "accept"

    @property
    def settle(self) -> timedelta:
        """From when on its records can be believed, counted from a call."""
        if self.settles_at_once:
            return timedelta(0)
        return TIMEOUT + self.landing + self.lag


#: Every way in which a call can end, and whether the provider then has it.
ANSWERS: Mapping[str, bool] = {
    "accept": True,
    "unreached": False,  # no connection: DNS, TLS, a closed port
    "refused": False,  # 400
    "revoked": False,  # 401
    "no credit": False,  # 402
    "limit with reset": False,  # 429
    "limit without reset": False,
    "5xx before accepting": False,
    "5xx after accepting": True,
    "accept, then drop": True,
    "lost on the way": False,
    "stall, and land later": True,
    "stall, and never land": False,
    "broken body": True,
    "duplicate, wrongly": False,  # 403: the words were there lately
    "error of the channel, before": False,
    "error of the channel, after": True,
}

#: On a usual day, in percent.
USUAL = {
    "unreached": 1.0,
    "refused": 0.5,
    "revoked": 0.2,
    "no credit": 0.5,
    "limit with reset": 1.0,
    "limit without reset": 1.0,
    "5xx before accepting": 1.5,
    "5xx after accepting": 1.5,
    "accept, then drop": 1.5,
    "lost on the way": 1.0,
    "stall, and land later": 1.0,
    "stall, and never land": 1.0,
    "broken body": 1.0,
    "duplicate, wrongly": 0.3,
    "error of the channel, before": 0.3,
    "error of the channel, after": 0.3,
}
#: In trouble, each is so many times as likely.
TROUBLE = 6


@dataclass(slots=True)
class Call:
    """One call that arrived, or was lost on its way here."""

    number: int
    at: datetime  # true time
    send_id: str
    item: str
    channel: str
    digest: str
    readers: tuple[str, ...]
    answer: str
    ends: Mapping[str, str]  # reader -> answer, where each has their own
    reached: tuple[str, ...]  # who gets it; a post's reader is the timeline
    told: tuple[str, ...] = ()  # the items that it tells of: one, or those of a digest
    landed_at: datetime | None = None
    visible_at: datetime | None = None

    @property
    def taken(self) -> bool:
        return bool(self.reached)

    @property
    def reference(self) -> str:
        return f"{self.channel}-{self.number}"


@dataclass
class Provider:
    """The provider's side of one channel."""

    name: str
    habits: Habits
    dice: Random
    truth: Callable[[], datetime]
    passes: Callable[[timedelta], None]  # lets time pass
    says: Callable[[str], None]  # a line of the story
    calls: list[Call] = field(default_factory=list)
    trouble: list[tuple[datetime, datetime]] = field(default_factory=list)
    blind: list[tuple[datetime, datetime]] = field(default_factory=list)  # its records cannot be read
    empty: list[tuple[datetime, datetime]] = field(default_factory=list)  # they can, and show nothing
    asked: int = 0

    def take(self, request: Request) -> Call:
        """One call arrives. Whether it was taken is decided here, and remembered before anybody is told."""
        now = self.truth()
        body: Mapping[str, Any] = request.body
        answer = self._draw(now)
        known = any(c.digest == body["digest"] and c.landed_at and c.landed_at <= now for c in self.calls)
        if self.habits.refuses_repeats and known:
            answer = "duplicate"
        readers = tuple(body["readers"]) or (TIMELINE,)
        ends = self._ends(readers) if self.habits.by_reader and answer == "accept" else {}
        reached = tuple(r for r in readers if ANSWERS.get(ends.get(r, answer), False))
        call = Call(
            number=len(self.calls) + 1,
            at=now,
            send_id=request.fingerprint,
            item=str(body["item"]),
            channel=self.name,
            digest=str(body["digest"]),
            readers=readers,
            answer=answer,
            ends=ends,
            reached=reached,
            told=told_in(str(body["item"]), str(body["text"])),
        )
        if reached:
            late = TIMEOUT + self._part_of(self.habits.landing) if "land later" in answer else timedelta(0)
            call.landed_at = now + late
            call.visible_at = call.landed_at + self._part_of(self.habits.lag)
        self.calls.append(call)
        return call

    def _draw(self, now: datetime) -> str:
        weights = self.habits.weights
        if _inside(now, self.trouble):
            weights = {name: weight * TROUBLE for name, weight in weights.items()}
        point = self.dice.random() * max(100.0, sum(weights.values()))
        for name, weight in weights.items():
            point -= weight
            if point < 0:
                return name
        return "accept"

    def _ends(self, readers: Sequence[str]) -> dict[str, str]:
        """On some calls the readers fare differently; where the line breaks, one is in doubt and the rest must wait."""
        if self.dice.random() > 0.3 or not any(self.habits.weights.values()):
            return {}
        choices = ["accept", "accept", "refused", "limit without reset", "limit with reset"]
        ends = {subscriber: self.dice.choice(choices) for subscriber in readers}
        if self.dice.random() < 0.5:
            place = self.dice.randrange(len(readers))
            ends[readers[place]] = self.dice.choice(["accept, then drop", "lost on the way"])
            ends.update((subscriber, "unreached") for subscriber in readers[place + 1 :])
        return ends

    def _part_of(self, most: timedelta) -> timedelta:
        """Mostly short, and now and then the very most."""
        return most * (1.0 if self.dice.random() < 0.2 else self.dice.random())

    def look_up(self, recognises: Callable[[Call], bool]) -> Evidence:
        """What it shows of itself."""
        self.asked += 1
        now = self.truth()
        if self.habits.by_reader:
            return Evidence(Verdict.CANNOT_TELL, detail="a mail server cannot be asked")
        if _inside(now, self.blind):
            return Evidence(Verdict.CANNOT_TELL, detail="its records could not be read")
        shown = [] if _inside(now, self.empty) else [c for c in self.calls if c.visible_at and c.visible_at <= now]
        found = next((c for c in shown if recognises(c)), None)
        if found is not None:
            return Evidence(Verdict.SENT, reference=found.reference, detail="found in its records")
        if self.habits.tells_absence:
            return Evidence(Verdict.NOT_SENT, detail="not in its records, which are complete")
        return Evidence(Verdict.CANNOT_TELL, detail="not among what it shows; that proves nothing")

    def reached(self, item: str) -> set[str]:
        """Everybody who gets this item."""
        return {subscriber for call in self.calls if call.item == item for subscriber in call.reached}


class SimulatedTransport(Transport):
    """A channel's code before a :class:`Provider`. A new one for each process."""

    def __init__(
        self,
        kind: str,
        provider: Provider,
        *,
        batch_limit: int,
        unusable: Mapping[str, str],
        poison: Mapping[str, type[BaseException]],
    ) -> None:
        """``unusable``: readers whose record cannot be used. ``poison``: items that break whoever builds them."""
        self.kind = kind
        self._poison = poison
        self.batch_limit = batch_limit
        self._provider = provider
        self._unusable = unusable
        self.on_call: Callable[[Call], None] = lambda call: None

    def ask(self, *, now: datetime) -> Outcome | None:
        """There is no call that sends nothing."""
        return None

    def build(self, message: Message, *, send_id: str, recipients: Sequence[Recipient] = ()) -> Request:
        if message.item in self._poison:
            raise self._poison[message.item]("poison")
        bad = {
            r.subscriber_id: self._unusable[r.subscriber_id] for r in recipients if r.subscriber_id in self._unusable
        }
        if bad:
            raise UnusableRecipients(bad)
        readers = [r.subscriber_id for r in recipients]
        body = {"item": message.item, "digest": message.digest, "readers": readers, "text": message.body.text}
        return Request("POST", "/", body, {}, send_id)

    def send(self, request: Request, *, now: datetime) -> Outcome:
        provider = self._provider
        call = provider.take(request)
        self.on_call(call)
        answer = call.answer
        stalls = answer.startswith("stall") or answer in ("accept, then drop", "lost on the way")
        provider.passes(TIMEOUT if stalls else timedelta(seconds=round(0.2 + 2 * provider.dice.random(), 3)))
        if call.ends:
            return Outcome.of_readers(
                {subscriber: self._outcome(call, end, now) for subscriber, end in call.ends.items()},
                reference=call.reference,
            )
        return self._outcome(call, answer, now)

    def _outcome(self, call: Call, answer: str, now: datetime) -> Outcome:
        """What the channel's code makes of an answer."""
        provider = self._provider
        if answer == "accept":
            return Outcome(OutcomeKind.ACCEPTED, reference=call.reference, status=201)
        if answer == "unreached":
            return Outcome(OutcomeKind.LATER, detail="not sent: no route")
        if answer in ("refused", "revoked"):
            return Outcome(OutcomeKind.FINAL, detail=answer, status=400 if answer == "refused" else 401)
        if answer == "no credit":
            money = (because(ReasonCode.NEEDS_MONEY, status=402),)
            return Outcome(
                OutcomeKind.LATER, detail="no credit", reasons=money, status=402, retry_at=now + timedelta(minutes=15)
            )
        if answer == "limit with reset":
            reset = provider.truth() + timedelta(minutes=15 * provider.dice.choice([1, 1, 2, 8, 96]))
            return Outcome(OutcomeKind.LATER, detail="too many", status=429, retry_at=reset)
        if answer == "limit without reset":
            return Outcome(OutcomeKind.LATER, detail="too many", status=429)
        if answer.startswith("error of the channel"):
            raise ConnectionResetError("reader@readers.example")
        return Outcome(OutcomeKind.UNKNOWN, detail=answer)

    def settle_after(self) -> timedelta:
        return self._provider.habits.settle

    def look_up(self, request: Request, *, since: datetime, now: datetime) -> Evidence:
        if self.kind == "post":  # by its words, for want of anything better
            return self._provider.look_up(lambda call: call.digest == request.body["digest"])
        return self._provider.look_up(lambda call: call.send_id == request.fingerprint)

    def close(self) -> None:
        """Nothing is kept open."""


def _inside(now: datetime, spans: Sequence[tuple[datetime, datetime]]) -> bool:
    return any(start <= now < end for start, end in spans)
