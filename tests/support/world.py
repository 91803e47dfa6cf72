"""Stand-ins for tests: a small campaign, a provider with a memory, and a world to put them in.

For the tests of the engine, of the ledger and of all that is built on them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.channels.spec import Transport
from scheduler.clock import VirtualClock
from scheduler.domain.approval import Approval
from scheduler.domain.campaign import Campaign, ItemText, Kind, Lateness, PoolRules, Season
from scheduler.domain.dates import DateRule, RuleKind
from scheduler.domain.finding import Finding, Where
from scheduler.domain.message import FRAME, EmailBody, Message, PostBody, is_of_pieces
from scheduler.domain.outcome import Evidence, Outcome, OutcomeKind, Recipient, Request, UnusableRecipients, Verdict
from scheduler.domain.planned_item import Plan, PlannedItem
from scheduler.domain.rehearsal import Rehearsal
from scheduler.domain.season_key import SeasonKey
from scheduler.domain.subscriber import NewSubscriber
from scheduler.domain.via import Via
from scheduler.settings import ChannelSettings, Mode, Organisation, Secrets, Settings
from tests.support.two_people import ALONE

if TYPE_CHECKING:
    from scheduler.engine.dispatcher import TickResult
    from scheduler.engine.outside import ClockCheck, LeaveCheck
    from scheduler.engine.rehearsal_keeper import RehearsalKeeper
    from scheduler.engine.send_journal import Journal
    from scheduler.engine.tick import Tick
    from scheduler.store import Ledger

HERE = Where("campaigns/a-month/campaign.toml")
#: The season of :func:`a_campaign` in which the stand-ins are due.
A_MONTH = SeasonKey("a-month", 2027)


# -- content --------------------------------------------------------------------------------------------


def a_campaign(campaign_id: str = "a-month") -> Campaign:
    """A campaign of January in UTC, without items of its own."""
    fixed = RuleKind.FIXED
    return Campaign(
        id=campaign_id,
        name="A Month",
        time_zone="UTC",
        language="en",
        start=DateRule(fixed, month=1, day=1),
        end=DateRule(fixed, month=1, day=31),
        titles=(),
        slots={"default": time(10, 0)},
        grace=Lateness(),
        block=(),
        post_tail="",
        calendar=(),
        pool=PoolRules(),
        items={},
        claims={},
        contacts={},
        sources={},
        hashtags={},
        lint_packs=(),
        where=HERE,
    )


def a_post(
    item: str = "day-1",
    *,
    on: date = date(2027, 1, 1),
    channel: str = "x",
    text: str = "",
    hour: int = 10,
    until_hour: int = 24,
    season: int = 2027,
    campaign: str = "a-month",
) -> Message:
    """A post, due at ``hour`` UTC, with a window until ``until_hour`` of the same day."""
    text = text or f"The post of {item}."
    midnight = datetime(on.year, on.month, on.day, tzinfo=UTC)
    return Message(
        campaign=campaign,
        season=season,
        item=item,
        channel=channel,
        kind="fact",
        on=on,
        due_at=midnight + timedelta(hours=hour),
        expires_at=midnight + timedelta(hours=until_hour),
        body=PostBody(text=text, characters=len(text), limit=280, contains_url=False),
    )


def an_email(item: str = "day-1", *, channel: str = "email", text: str = "", **where: object) -> Message:
    """An email, with the times of :func:`a_post`."""
    post = a_post(item, channel=channel, **where)  # type: ignore[arg-type]
    text = text or f"The mail of {item}."
    body = EmailBody(
        subject=f"Subject of {item}",
        preheader="",
        text=text + "\n%unsubscribe_url%\n",
        html=f"<p>{text}</p><a href='%unsubscribe_url%'>leave</a>",
        from_name="Example",
        from_address="news@example.org",
        reply_to="news@example.org",
        list_id="a-month.example.org",
    )
    return replace(post, body=body)


def a_rehearsal(
    messages: Iterable[Message], findings: Iterable[Finding] = (), *, mode: Mode = Mode.LIVE, year: int = 2027
) -> Rehearsal:
    """A rehearsal of exactly these messages; digests of pieces and their frames among them stand in their places."""
    everything = tuple(messages)
    digests = tuple(m for m in everything if is_of_pieces(m))
    frames = tuple(m for m in everything if m.kind == FRAME)
    messages = tuple(m for m in everything if m not in digests and m not in frames)
    campaign = a_campaign(messages[0].campaign if messages else "a-month")
    season = Season(year, date(year, 1, 1), date(year, 1, 31))
    items = {m.item: m.on for m in messages}
    planned = tuple(
        PlannedItem(
            day_number=(on - season.start_on).days + 1,
            on=on,
            item=ItemText(item, Kind.FACT, item, item, "", "", "", HERE),
            day=None,
            week=1,
        )
        for item, on in items.items()
    )
    plan = Plan(campaign, season, "A Month", planned)
    return Rehearsal(plan, messages, tuple(findings), mode.value, policy=ALONE, digests=digests, frames=frames)


def some_settings(mode: Mode = Mode.LIVE, *, channels: Sequence[str] = ("x", "email"), timeout: float = 20) -> Settings:
    """Settings with the named channels; ``email`` sends email, all others post."""
    return Settings(
        mode=mode,
        public_url="https://news.example.org",
        organisation=Organisation("Example", "1 Street", "Example", "news@example.org", "news@example.org"),
        database_url="sqlite://",
        channels={
            name: ChannelSettings(name, "sendgrid" if name == "email" else "x", True, "http://127.0.0.1:1", timeout)
            for name in channels
        },
        root=Path("."),
        secrets=Secrets({}),
    )


def an_approval(message: Message, person: str = "Ada", *, at: datetime | None = None) -> Approval:
    """A yes to exactly this message."""
    return Approval(
        campaign=message.campaign,
        season=message.season,
        item=message.item,
        channel=message.channel,
        digest=message.digest,
        person=person,
        role="coordinator",
        approved_at=at or message.due_at - timedelta(days=1),
        via=Via.LINK,
    )


# -- a provider -----------------------------------------------------------------------------------------


@dataclass
class Provider:
    """What a provider remembers: each call it took, by send id, and who got it."""

    calls: list[Request] = field(default_factory=list)  # all that arrived
    accepted: list[Request] = field(default_factory=list)

    def received(self) -> dict[str, int]:
        """How often each reader got each item: "item/reader" -> times. A post's reader is its channel."""
        times: dict[str, int] = {}
        for request in self.accepted:
            for subscriber in request.body["readers"] or [request.body["channel"]]:
                key = f"{request.body['item']}/{subscriber}"
                times[key] = times.get(key, 0) + 1
        return times


#: One step of a fault script: an outcome to answer with, an error to raise, or a function of the request.
Step = Outcome | Exception | Callable[[Request], Outcome] | str


class FakeTransport(Transport):
    """A way out to a :class:`Provider` in memory, with a script of faults.

    A step is an Outcome (given back; ACCEPTED is remembered by the provider), an exception (raised), or a word:
    ``accept``; ``accept-then-drop`` (taken, and the answer is lost); ``lost`` (never arrived, and nobody can tell);
    ``raise-after-accepting``. Without a script everything is accepted.
    """

    def __init__(
        self,
        kind: str = "post",
        *,
        batch_limit: int | None = None,
        provider: Provider | None = None,
        script: Iterable[Step] = (),
        settle: timedelta = timedelta(minutes=3),
        complete_view: bool = False,
        unusable: Mapping[str, str] | None = None,
        on_call: Callable[[Request], object] = lambda request: None,
    ) -> None:
        self.kind = kind
        self.batch_limit = batch_limit if batch_limit is not None else (1_000 if kind == "email" else 0)
        self.provider = provider or Provider()
        self.script: list[Step] = list(script)
        self.settle = settle
        self.complete_view = complete_view  # whether "not there" means "not sent"
        self.unusable = dict(unusable or {})
        self.on_call = on_call
        self.build_fails: Exception | None = None
        self.answer: Outcome | None = None  # to the question whether it is there
        self.questions = 0
        self.asked = 0

    def build(self, message: Message, *, send_id: str, recipients: Sequence[Recipient] = ()) -> Request:
        if self.build_fails is not None:
            raise self.build_fails
        bad = {r.subscriber_id: self.unusable[r.subscriber_id] for r in recipients if r.subscriber_id in self.unusable}
        if bad:
            raise UnusableRecipients(bad)
        body: dict[str, object] = {
            "item": message.item,
            "channel": message.channel,
            "digest": message.digest,
            "readers": [r.subscriber_id for r in recipients],
            "urls": [r.unsubscribe_url for r in recipients],
        }
        return Request("POST", f"/{message.channel}", body, fingerprint=send_id)

    def send(self, request: Request, *, now: datetime) -> Outcome:
        self.on_call(request)
        self.provider.calls.append(request)
        step = self.script.pop(0) if self.script else "accept"
        reference = f"ref-{len(self.provider.calls)}"
        if isinstance(step, Exception):
            raise step
        if callable(step):
            step = step(request)
        if isinstance(step, Outcome):
            if step.per_recipient:  # remembered for those who were accepted
                got = [who for who, end in step.per_recipient.items() if end.kind is OutcomeKind.ACCEPTED]
                self.provider.accepted += [replace(request, body={**request.body, "readers": got})] if got else []
            elif step.kind is OutcomeKind.ACCEPTED:
                self.provider.accepted.append(request)
            return step
        if step == "lost":
            return Outcome(OutcomeKind.UNKNOWN, detail="no answer")
        self.provider.accepted.append(request)
        if step == "accept-then-drop":
            return Outcome(OutcomeKind.UNKNOWN, detail="no answer")
        if step == "raise-after-accepting":
            raise ConnectionResetError("secret@example.org")
        return Outcome(OutcomeKind.ACCEPTED, reference=reference)

    def ask(self, *, now: datetime) -> Outcome | None:
        self.questions += 1
        return self.answer

    def settle_after(self) -> timedelta:
        return self.settle

    def look_up(self, request: Request, *, since: datetime, now: datetime) -> Evidence:
        self.asked += 1
        for accepted in self.provider.accepted:
            same = accepted.fingerprint == request.fingerprint
            if same and set(request.body["readers"]) <= set(accepted.body["readers"]):
                return Evidence(Verdict.SENT, reference="found")
        return Evidence(Verdict.NOT_SENT if self.complete_view else Verdict.CANNOT_TELL)

    def close(self) -> None:
        """Nothing is kept open."""


# -- a world --------------------------------------------------------------------------------------------


class World:
    """A ledger, a clock that stands still, a plan that can be changed, and two ways out with their providers."""

    def __init__(
        self,
        ledger: Ledger,
        messages: Iterable[Message] = (),
        *,
        now: datetime = datetime(2026, 12, 31, 12, tzinfo=UTC),
        mode: Mode = Mode.LIVE,
        readers: int = 0,
        batch_limit: int = 1_000,
        approved: bool = True,
        waived: Iterable[str] = (),
        journal: Path | None = None,
    ) -> None:
        """``journal``: the folder of the send journal; without one there is none."""
        self.ledger = ledger
        self.journal_folder = journal
        self.journal: Journal | None = None
        self.clock_check: ClockCheck | None = None
        self.leave_check: LeaveCheck | None = None
        self.keeper: RehearsalKeeper | None = None
        self.clock = VirtualClock(now)
        self.mode = mode
        self.messages = list(messages)
        self.findings: list[Finding] = []
        self.waived = tuple(waived)
        self.looks = 0  # how often the files were read
        self.unreadable: Exception | None = None
        self.x = FakeTransport("post")
        self.email = FakeTransport("email", batch_limit=batch_limit)
        self.add_test_subscribers(readers)
        if approved:
            self.approve_all()
            ledger.armings.arm(A_MONTH, who="Ada", now=now)
        self.tick = self.new_tick()

    def add_test_subscribers(self, count: int, *, first: int = 0) -> list[str]:
        """Readers of the messages' campaign, with ids that sort as they are numbered."""
        campaign = self.messages[0].campaign if self.messages else A_MONTH.campaign
        rows = [
            NewSubscriber(f"reader{n}@readers.example", subscriber_id=f"r{n:07d}") for n in range(first, first + count)
        ]
        self.ledger.subscribers.add_many(campaign, rows, now=self.clock.now())
        return [row.subscriber_id for row in rows]

    def approve_all(self) -> None:
        for message in (m for m in self.messages if not is_of_pieces(m)):
            self.ledger.approvals.record(an_approval(message, at=self.clock.now()))

    def rehearse(self) -> Rehearsal:
        self.looks += 1
        if self.unreadable is not None:
            raise self.unreadable
        return a_rehearsal(self.messages, self.findings, mode=self.mode)

    def new_tick(self, *, ledger: Ledger | None = None, fingerprint: Callable[[], str] | None = None) -> Tick:
        """As a restarted process would have it."""
        from scheduler.engine.send_journal import Journal
        from scheduler.engine.tick import Tick

        if self.journal_folder is not None:
            if self.journal is not None:
                self.journal.close()  # as the system does when a process ends
            self.journal = Journal(self.journal_folder, self.ledger.attempts.ledger_id())
        self.tick = Tick(
            ledger or self.ledger,
            {"x": self.x, "email": self.email},
            self.rehearse,
            some_settings(self.mode),
            self.clock,
            lambda subscriber_id: f"https://news.example.org/u/{subscriber_id}",
            waived=self.waived,
            fingerprint=fingerprint,
            node="" if self.journal else "test",
            journal=self.journal,
            clock_check=self.clock_check,
            leave_check=self.leave_check,
            keeper=self.keeper,
        )
        return self.tick

    def run_at(self, at: datetime) -> TickResult:
        """Move the clock forward to ``at`` and make one pass."""
        self.clock.advance(at - self.clock.now())
        return self.tick.run()

    def states(self) -> dict[str, str]:
        """ "item/channel" -> state."""
        return {f"{d.item}/{d.channel}": str(d.state) for d in self.ledger.deliveries.of_season(self.mode, A_MONTH)}

    def received(self) -> dict[str, int]:
        """How often each reader and each timeline got each item."""
        return {**self.x.provider.received(), **self.email.provider.received()}
