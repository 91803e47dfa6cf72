"""A season through the program: the ledger, the passes, the shipped campaign's mails, and a provider that keeps what
it was handed. What a mail holds is read off its text."""

from __future__ import annotations

import heapq
import json
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import count, groupby
from typing import Any

from scheduler.channels.sendgrid.receipts import read_events
from scheduler.channels.spec import Transport
from scheduler.clock import VirtualClock
from scheduler.content.render.messages import render
from scheduler.domain.approval import Approvals
from scheduler.domain.cadence import Cadence
from scheduler.domain.campaign import Season
from scheduler.domain.message import FRAME, EmailBody, Message
from scheduler.domain.outcome import Evidence, Outcome, OutcomeKind, Recipient, Request, Verdict
from scheduler.domain.planned_item import Plan
from scheduler.domain.rehearsal import Rehearsal
from scheduler.domain.season_key import SeasonKey
from scheduler.domain.subscriber import NewSubscriber
from scheduler.domain.transactional_email import LetterState
from scheduler.engine.tick import Tick
from scheduler.settings import Mode
from scheduler.store import Ledger
from scheduler.wiring import load_settings
from tests.contract.noticing import Watch
from tests.contract.season_facts import Deed, Facts, Person, SeasonDays, report_at
from tests.contract.season_oracle import Got
from tests.scenarios.checking import REPOSITORY
from tests.scenarios.test_shipped_cadence import plan_of
from tests.support.world import an_approval, some_settings

#: Of a mail, and of a piece of a digest.
_HEADLINE = re.compile(r"^(.+)\n[=-]+$", re.MULTILINE)


@cache
def month(days: SeasonDays) -> tuple[Plan, tuple[Message, ...], dict[str, date]]:
    """The shipped campaign in that season: its plan, its mails as they are rendered, and headline -> day."""
    shipped = plan_of(2027)
    shift = days.first - shipped.season.start_on
    campaign = replace(
        shipped.campaign,
        slots={"default": days.slot},
        waves="reader" if days.by_reader else shipped.campaign.waves,
    )
    season = Season(2027, days.first, days.first + timedelta(days=days.days - 1))
    items = tuple(
        replace(p, on=p.on + shift, item=replace(p.item, email_slot="", post_slot=""))
        for p in shipped.items
        if p.on + shift <= season.end_on
    )
    plan = Plan(campaign, season, shipped.title, items)
    made = render(plan, load_settings(REPOSITORY, {}), REPOSITORY / "templates")
    mails = tuple(
        replace(m, findings=()) for m in (*made.messages, *made.digests, *made.frames) if m.channel == "email"
    )
    return plan, mails, {p.item.title: p.on for p in items}


class PostRoom(Transport):
    """The provider: keeps who was handed which mail when, takes nothing in some hours, and reports later."""

    kind, batch_limit = "email", 1_000

    def __init__(self, facts: Facts, headlines: dict[str, date], watch: Watch | None) -> None:
        self.facts, self._watch = facts, watch
        self._day_of = cache(lambda text: tuple(headlines[h] for h in _HEADLINE.findall(text) if h in headlines))
        self._people = {person.address: person for person in facts.people}
        self.got: dict[str, list[Got]] = defaultdict(list)
        self.reports: list[tuple[datetime, int, dict[str, object]]] = []
        self._number = count()

    def build(self, message: Message, *, send_id: str, recipients: Sequence[Recipient] = ()) -> Request:
        assert isinstance(message.body, EmailBody)
        body = {"mail_on": message.on, "days": self._day_of(message.body.text), "send_id": send_id, "to": recipients}
        return Request("POST", "/mail/send", body, fingerprint=send_id)

    def send(self, request: Request, *, now: datetime) -> Outcome:
        again_at = self.facts.opens_again(now)
        if again_at is not None:
            return Outcome(OutcomeKind.LATER, detail="too many requests", retry_at=again_at)
        for subscriber in request.body["to"]:
            mail = Got(now, request.body["days"])
            self.got[subscriber.address].append(mail)
            if self._watch is not None:
                self._watch.is_handed_over(subscriber.address, mail)
            person = self._people[subscriber.address]
            if person.mailbox is not None:
                for word in person.mailbox.says(now):
                    self._will_report(person, word, subscriber, request, now)
        return Outcome(OutcomeKind.ACCEPTED, reference=f"ref-{next(self._number)}")

    def _will_report(self, person: Person, word: str, subscriber: Recipient, request: Request, now: datetime) -> None:
        """As SendGrid words it; each third report comes twice more, and much later."""
        number = next(self._number)
        event: dict[str, object] = {
            "event": "bounce" if word == "blocked" else word,
            "email": subscriber.address,
            "sg_event_id": f"event-{number}",
            "timestamp": now.timestamp(),
            "send_id": request.body["send_id"],
            "subscriber_id": subscriber.subscriber_id,
            "sg_message_id": "ref.recvd",
        }
        if event["event"] == "bounce":
            event |= {"type": word, "status": "4.2.2" if word == "blocked" else "5.1.1"}
        first = report_at(person, request.body["mail_on"], word, now)
        for again in (0, 1, 40) if number % 3 == 0 else (0,):
            heapq.heappush(self.reports, (first + timedelta(hours=again), next(self._number), event))

    def ask(self, *, now: datetime) -> Outcome | None:
        """There is no call that sends nothing."""
        return None

    def settle_after(self) -> timedelta:
        return timedelta(minutes=3)

    def look_up(self, request: Request, *, since: datetime, now: datetime) -> Evidence:
        return Evidence(Verdict.CANNOT_TELL)

    def close(self) -> None:
        """Nothing is kept open."""


class SeasonRun:
    """All that happens, in the order in which it happens. With a ``watch``: until it sees a difference."""

    def __init__(self, ledger: Ledger, facts: Facts, watch: Watch | None = None) -> None:
        self.ledger, self.facts, self.watch = ledger, facts, watch
        self.plan, self.mails, headlines = month(facts.days)
        self.campaign = self.plan.campaign.id
        self.clock = VirtualClock(datetime.combine(facts.days.first, time(), UTC) - timedelta(days=30))
        self.post_room = PostRoom(facts, headlines, watch)
        for mail in self.mails:
            for person in ("Ada", "Ben"):
                ledger.approvals.record(an_approval(mail, person, at=self.clock.now()))
        ledger.armings.arm(SeasonKey(self.campaign, 2027), who="Ada", now=self.clock.now())
        approvals = ledger.approvals.of_season(SeasonKey(self.campaign, 2027))
        self.tick = Tick(
            ledger,
            {"email": self.post_room},
            lambda: self._rehearse(approvals),
            some_settings(Mode.LIVE),
            self.clock,
            lambda subscriber_id: f"https://news.example.org/u/{subscriber_id}",
            fingerprint=lambda: "as it was",
            node="test",
        )

    def _rehearse(self, approvals: Approvals) -> Rehearsal:
        frames = tuple(m for m in self.mails if m.kind == FRAME)
        own = tuple(m for m in self.mails if not m.audience.is_digest and m not in frames)
        digests = tuple(m for m in self.mails if m.audience.is_digest)
        return Rehearsal(self.plan, own, (), Mode.LIVE.value, approvals=approvals, digests=digests, frames=frames)

    def run(self) -> bool:
        """From the first deed to the last mail; the program sleeps when the facts say so. Returns whether it came to
        its end."""
        deeds = sorted(
            ((d.at, p) for p in self.facts.people for d in p.deeds), key=lambda pair: (pair[0], pair[1].number)
        )
        by_time = {(p.number, d.at): d for p in self.facts.people for d in p.deeds}
        left = [(at, list(group)) for at, group in groupby(deeds, key=lambda pair: pair[0])]
        left.reverse()
        self._pass()
        passes_at = self._next_pass()
        while left or self.post_room.reports or passes_at:
            deed_at = left[-1][0] if left else None
            report_at_ = self.post_room.reports[0][0] if self.post_room.reports else None
            now = min(at for at in (deed_at, report_at_, passes_at) if at)
            if self.watch is not None and self.watch.sees_a_difference_at(now):
                return False
            self.clock.advance(now - self.clock.now())
            if now == deed_at:
                _, group = left.pop()
                self._are_done([(person, by_time[person.number, now]) for _, person in group])
            elif now == report_at_:
                self._hear()
            else:
                self._pass()
                passes_at = self._next_pass()
        return True

    def _pass(self) -> None:
        result = self.tick.run()
        assert not result.problems
        assert not result.reasons, result.reasons

    def _next_pass(self) -> datetime | None:
        instants = self.tick.next_instants()
        return self.facts.awake(instants[0]) if instants else None

    # -- people -----------------------------------------------------------------------------------------

    def _are_done(self, group: Sequence[tuple[Person, Deed]]) -> None:
        imported = [_new(person, deed) for person, deed in group if deed.what == "import"]
        self.ledger.subscribers.add_many(self.campaign, imported, now=self.clock.now())
        for person, deed in group:
            if deed.what != "import":
                self._is_done(person, deed)

    def _is_done(self, person: Person, deed: Deed) -> None:
        now, ledger = self.clock.now(), self.ledger
        if deed.what in ("add", "add-back"):
            ledger.subscribers.add(
                self.campaign, _new(person, deed), who="Ada", asked_back=deed.what == "add-back", now=now
            )
        elif deed.what == "form":
            link: dict[str, Any] = {"token_hash": f"link of {person.number}", "expires_at": now + timedelta(days=7)}
            ledger.subscribers.sign_up(
                self.campaign, _new(person, deed), what="the mails", wording="v1", now=now, **link
            )
        elif deed.what == "confirm":
            ledger.subscribers.confirm(f"link of {person.number}", now=now)
        elif deed.what == "erase":
            ledger.subscribers.erase(person.address, who="Ada", now=now)
        else:
            subscriber = ledger.subscribers.find(self.campaign, person.address)
            if subscriber is not None:
                self._chooses(subscriber.subscriber.id, deed, now)
        self._letters_go(now)

    def _letters_go(self, now: datetime) -> None:
        """At once; else so many would wait in the end that a form leads to none."""
        while (letter := self.ledger.transactional_emails.next()) is not None:
            self.ledger.transactional_emails.end(letter.id, LetterState.SENT, taken=False, now=now)

    def _chooses(self, subscriber: str, deed: Deed, now: datetime) -> None:
        acts: dict[str, Callable[[], object]] = {
            "switch": lambda: self.ledger.subscribers.set_cadence(
                self.campaign, subscriber, Cadence(deed.cadence), now=now
            ),
            "pause": lambda: self.ledger.subscribers.pause(
                self.campaign, subscriber, until_at=deed.until or now, now=now
            ),
            "resume": lambda: self.ledger.subscribers.resume(self.campaign, subscriber, now=now),
            "zone": lambda: self.ledger.subscribers.set_zone(subscriber, deed.zone, now=now),
            "leave": lambda: self.ledger.subscribers.unsubscribe(
                self.campaign, subscriber, reason="unsubscribed", now=now
            ),
        }
        acts[deed.what]()

    # -- the provider's reports -------------------------------------------------------------------------

    def _hear(self) -> None:
        now, events = self.clock.now(), []
        while self.post_room.reports and self.post_room.reports[0][0] == now:
            events.append(heapq.heappop(self.post_room.reports)[2])
        self.ledger.receipts.record(read_events(json.dumps(events).encode(), now=now), now=now)


def _new(person: Person, deed: Deed) -> NewSubscriber:
    return NewSubscriber(person.address, zone=deed.zone or None, cadence=Cadence(deed.cadence), source="a list")
