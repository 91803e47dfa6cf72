"""Two campaigns through the program: one project, one ledger, a tick for each, and a provider that reads what it is
handed as its reader would: whose frame, whose links, whose end, and which days."""

from __future__ import annotations

import atexit
import heapq
import json
import re
import shutil
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache, partial
from itertools import count, groupby
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from scheduler.channels.sendgrid.build import build_mail
from scheduler.channels.sendgrid.receipts import read_events
from scheduler.channels.spec import Transport
from scheduler.clock import VirtualClock
from scheduler.content.render.messages import render
from scheduler.domain.cadence import Cadence
from scheduler.domain.campaign import Season
from scheduler.domain.message import FRAME, Message
from scheduler.domain.outcome import Evidence, Outcome, OutcomeKind, Recipient, Request, Verdict
from scheduler.domain.planned_item import Plan
from scheduler.domain.rehearsal import Rehearsal
from scheduler.domain.season_key import SeasonKey
from scheduler.domain.subscriber import NewSubscriber
from scheduler.domain.transactional_email import LetterState
from scheduler.engine.tick import Tick
from scheduler.project import Project
from scheduler.services.archive import Archive, ArchivedMail
from scheduler.services.public_pages import FrontsAtHand
from scheduler.settings import Mode, Secrets
from scheduler.store import Ledger, open_ledger
from scheduler.subscribers import tokens
from scheduler.wiring import address_hash, load_settings, preferences_url, signing_keys, unsubscribe_url
from tests.contract.noticing import Watch
from tests.contract.overlap_facts import (
    CLOSED_AT,
    DAY,
    LOOK_AT,
    MONTHS,
    OVER,
    START,
    TOLD_AFTER,
    A,
    B,
    Deed,
    Month,
    Person,
    opens_again,
)
from tests.contract.overlap_oracle import Got
from tests.scenarios.checking import REPOSITORY
from tests.scenarios.test_shipped_cadence import plan_of
from tests.support.world import an_approval, some_settings

PUBLIC_URL = "https://news.harbour.test"
YEAR = 2027
_HEADLINE = re.compile(r"^(.+)\n=+$", re.MULTILINE)
_NAME = re.compile(r"^(.+)\n(?:Day \d|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? )", re.MULTILINE)
_PIECE = re.compile(r"^(.+)\n-+$", re.MULTILINE)
_END = re.compile(r"The series ends on (.+?)\.\s")
_ARCHIVED = re.compile(rf"{PUBLIC_URL}/c/([a-z0-9-]+)/archive/(\d{{4}}-\d\d-\d\d)(-digest)?(?![\w-])")
_OWN = re.compile(rf"{PUBLIC_URL}/c/([a-z0-9-]+)/(u|preferences)/([\w-]+)")


@cache
def _two_campaigns() -> Path:
    """The shipped campaign, and beside it the same days a fortnight later under another name; made once, and read."""
    folder = Path(mkdtemp(prefix="observance-overlap-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for part in ("config", "campaigns", "templates"):
        shutil.copytree(REPOSITORY / part, folder / part)
    shutil.copytree(folder / "campaigns" / A.id, folder / "campaigns" / B.id)
    head = folder / "campaigns" / B.id / "campaign.toml"
    text = head.read_text("utf-8").replace(A.name, B.name).replace(A.slug, B.slug)
    text = text.replace("month = 1, day = 1 }\n", "month = 1, day = 15 }\n", 1)
    head.write_text(text.replace("month = 2, day = 1 }\n", "month = 2, day = 15 }\n", 1), "utf-8")
    return folder


def a_project(database_url: str) -> Project:
    """Sends live, with a ledger of its own."""
    folder = _two_campaigns()
    settings = replace(
        load_settings(folder, {}),
        mode=Mode.LIVE,
        public_url=PUBLIC_URL,
        database_url=database_url,
        secrets=Secrets({"SECRET_KEY": "not-a-secret-only-a-test"}),
    )
    return Project(folder, settings, {}, VirtualClock(START - DAY))


@cache
def mails_of(month: Month) -> tuple[Plan, tuple[Message, ...], dict[str, date]]:
    """A campaign's plan, its mails as they are rendered, and headline -> day."""
    shipped = plan_of(YEAR)
    shift = month.first - shipped.season.start_on
    campaign = replace(shipped.campaign, id=month.id, name=month.name, slug=month.slug)
    items = tuple(replace(p, on=p.on + shift) for p in shipped.items)
    plan = Plan(campaign, Season(YEAR, month.first, month.last), shipped.title, items)
    settings = replace(load_settings(REPOSITORY, {}), public_url=PUBLIC_URL)
    made = render(plan, settings, REPOSITORY / "templates")
    mails = tuple(
        replace(m, findings=()) for m in (*made.messages, *made.digests, *made.frames) if m.channel == "email"
    )
    assert month.digests == tuple(m.on for m in mails if m.audience.is_digest)
    return plan, mails, {p.item.title: p.on for p in items}


class PostRoom(Transport):
    """The provider: keeps who was handed what when, takes nothing in some hours, and says later what became of it."""

    kind, batch_limit = "email", 1_000

    def __init__(self, project: Project, people: Sequence[Person], watch: Watch | None) -> None:
        self._channel = project.settings.channels["email"]
        self._keys = signing_keys(project)
        self._people, self._watch = people, watch
        self._owners: dict[str, int] = {}  # by id; an erased person who comes back has another one
        self._read = cache(_read)
        self._whose = cache(self._whose_link)
        self.got: dict[int, list[Got]] = defaultdict(list)
        self.faults: list[str] = []
        self.reports: list[tuple[datetime, int, dict[str, object]]] = []
        self._number = count()

    def build(self, message: Message, *, send_id: str, recipients: Sequence[Recipient] = ()) -> Request:
        return build_mail(message, self._channel, send_id=send_id, recipients=recipients)

    def send(self, request: Request, *, now: datetime) -> Outcome:
        if (again_at := opens_again(now)) is not None:
            return Outcome(OutcomeKind.LATER, detail="too many requests", retry_at=again_at)
        body: Any = request.body
        text, html = (part["value"] for part in body["content"])
        month, days, faults = self._read(text, html, body["headers"]["List-Id"])
        self.faults += faults
        for envelope in body["personalizations"]:
            self._arrives(month, days, envelope, now)
        return Outcome(OutcomeKind.ACCEPTED, reference=f"ref-{next(self._number)}")

    def _arrives(self, month: Month, days: tuple[date, ...], envelope: Any, now: datetime) -> None:
        address, about, links = envelope["to"][0]["email"], envelope["custom_args"], envelope["substitutions"]
        number = int(re.match(r"p(\d+)", address)[1])
        who = self._owners.setdefault(about["subscriber_id"], number)
        leave = links["%unsubscribe_url%"]
        own = (("u", leave), ("preferences", links["%preferences_url%"]))
        right = all(self._whose(month, page, url) == about["subscriber_id"] for page, url in own)
        if not right or who != number or envelope["headers"]["List-Unsubscribe"] != f"<{leave}>":
            self.faults.append(f"{month.name} to {address}: links of another campaign, or of somebody else")
        if about["campaign"] != month.id:
            self.faults.append(f"{month.name}: sent for {about['campaign']}")
        mail = Got(month.id, now, address, days)
        self.got[number].append(mail)
        if self._watch is not None:
            self._watch.is_handed_over(number, mail)
        trouble = self._people[number].trouble
        if trouble is not None and now >= trouble.since and address == self._people[number].address():
            self._will_report(trouble.word, address, about, now)

    def _whose_link(self, month: Month, page: str, url: str) -> str | None:
        """The reader that a link is for, as the campaign's own page reads it."""
        found = _OWN.fullmatch(url)
        if found is None or found[1] != month.slug or found[2] != page:
            return None
        purpose = {"u": "unsubscribe", "preferences": "preferences"}[page]
        return tokens.read(found[3], purpose, self._keys, campaign=month.id)

    def _will_report(self, word: str, address: str, about: Any, now: datetime) -> None:
        number = next(self._number)
        event: dict[str, object] = {
            "event": word,
            "email": address,
            "sg_event_id": f"event-{number}",
            "timestamp": now.timestamp(),
            "send_id": about["send_id"],
            "subscriber_id": about["subscriber_id"],
            "sg_message_id": "ref.recvd",
        }
        if word == "bounce":
            event |= {"type": "bounce", "status": "5.1.1"}
        heapq.heappush(self.reports, (now + TOLD_AFTER, number, event))

    def ask(self, *, now: datetime) -> Outcome | None:
        """There is no call that sends nothing."""
        return None

    def settle_after(self) -> timedelta:
        return timedelta(minutes=3)

    def look_up(self, request: Request, *, since: datetime, now: datetime) -> Evidence:
        return Evidence(Verdict.CANNOT_TELL)

    def close(self) -> None:
        """Nothing is kept open."""


def _read(text: str, html: str, list_id: str) -> tuple[Month, tuple[date, ...], tuple[str, ...]]:
    """By its first lines, whose mail it is; which days it tells of; and all that is not of that campaign."""
    name = _NAME.search(text)
    month = next((m for m in MONTHS if name is not None and m.name == name[1]), A)
    headlines = mails_of(month)[2]
    is_digest = "-digest" in text
    titles = _PIECE.findall(text) if is_digest else _HEADLINE.findall(text)
    days = tuple(headlines[title] for title in titles if title in headlines)
    words, faults = " ".join(text.split()), []
    if name is None or name[1] != month.name or not all(month.name in place for place in (html, list_id)):
        faults.append(f"{days}: a frame without the name of its campaign")
    if [month.ends] != _END.findall(words) or f"The series ends on {month.ends}." not in " ".join(html.split()):
        faults.append(f"{month.name}, {days}: another end")
    for content in (text, html):
        links = {(slug, date.fromisoformat(on), bool(digest)) for slug, on, digest in _ARCHIVED.findall(content)}
        wanted = {(month.slug, days[-1] if days else None, is_digest)}
        if is_digest:  # each piece leads to the mail of its own day
            pages = [on for _, on, of_digest in links if of_digest and on in month.digests and on >= days[-1]]
            wanted = {(month.slug, on, True) for on in pages[:1]} | {(month.slug, day, False) for day in days}
        if links != wanted:
            faults.append(f"{month.name}, {days}: its page in the archive is {links}")
    return month, days, tuple(faults)


def _name_in(mail: ArchivedMail | None) -> str:
    names = _NAME.findall(mail.body.text) if mail is not None else []
    return str(names[0]) if names else "no name"


class OverlapRun:
    """All that happens, in the order in which it happens. With a ``watch``: until it sees a difference."""

    def __init__(
        self, people: Sequence[Person], database_url: str = "sqlite://", *, watch: Watch | None = None
    ) -> None:
        self.people, self.watch = people, watch
        self.project = a_project(database_url)
        self.clock: Any = self.project.clock
        self.ledger: Ledger = open_ledger(database_url, address_hash=partial(address_hash, self.project))
        self.post_room = PostRoom(self.project, people, watch)
        self.moved: set[int] = set()
        self.ticks = [self._tick(month) for month in MONTHS]
        self.archived: dict[datetime, dict[str, list[tuple[str, str]]]] = {}
        self.left_alone = False  # whether the end of A left the list of B as it was

    def _tick(self, month: Month) -> Tick:
        plan, mails, _ = mails_of(month)
        key, now = SeasonKey(month.id, YEAR), self.clock.now()
        for mail in (m for m in mails if not m.audience.is_digest):  # these are approved with their items
            for person in ("Ada", "Ben"):
                self.ledger.approvals.record(an_approval(mail, person, at=now))
        self.ledger.armings.arm(key, who="Ada", now=now)
        frames = tuple(m for m in mails if m.kind == FRAME)
        own = tuple(m for m in mails if not m.audience.is_digest and m not in frames)
        digests = tuple(m for m in mails if m.audience.is_digest)
        approvals = self.ledger.approvals.of_season(key)
        rehearsal = Rehearsal(plan, own, (), Mode.LIVE.value, approvals=approvals, digests=digests, frames=frames)
        return Tick(
            self.ledger,
            {"email": self.post_room},
            lambda: rehearsal,
            some_settings(Mode.LIVE),
            self.clock,
            unsubscribe_url(self.project, month.id),
            preferences_url=preferences_url(self.project, month.id),
            fingerprint=lambda: "as it was",
            node="test",
            campaign=month.id,
        )

    def run(self) -> bool:
        """From the first deed until both are over. Returns whether it came to its end."""
        deeds = sorted(((d.at, p.number, p, d) for p in self.people for d in p.deeds), key=lambda one: (one[0], one[1]))
        left = [(at, [(p, d) for _, _, p, d in group]) for at, group in groupby(deeds, key=lambda one: one[0])]
        acts: list[tuple[datetime, Callable[[], None]]] = [(at, partial(self._are_done, group)) for at, group in left]
        acts += [(LOOK_AT, self._look_at_archives), (CLOSED_AT, self._close_the_first), (OVER, self._it_is_over)]
        acts.sort(key=lambda one: one[0], reverse=True)
        passes_at, reports = self._pass(), self.post_room.reports
        while acts:
            now = min(acts[-1][0], passes_at, *(at for at, *_ in reports[:1]))
            if self.watch is not None and (self.post_room.faults or self.watch.sees_a_difference_at(now)):
                return False
            self.clock.advance(now - self.clock.now())
            if now == acts[-1][0]:
                acts.pop()[1]()
                while acts and acts[-1][0] < passes_at and not reports:  # nothing else happens until then
                    at, act = acts.pop()
                    self.clock.advance(at - self.clock.now())
                    act()
            elif reports and now == reports[0][0]:
                self._hear()
            else:
                passes_at = self._pass()
        return True

    def _pass(self) -> datetime:
        """Returns when the next one is."""
        for tick in self.ticks:
            result = tick.run()
            assert not result.problems
            assert not result.reasons, result.reasons
        return min((at for tick in self.ticks for at in tick.next_instants()[:1]), default=OVER)

    # -- people -----------------------------------------------------------------------------------------

    def _are_done(self, group: Sequence[tuple[Person, Deed]]) -> None:
        for month in MONTHS:
            imported = [self._new(p, d) for p, d in group if d.what == "import" and d.of == month.id]
            self.ledger.subscribers.add_many(month.id, imported, now=self.clock.now())
        for person, deed in group:
            if deed.what != "import":
                self._is_done(person, deed)
                self._letters_go()

    def _address(self, person: Person) -> str:
        return person.address(moved=person.number in self.moved)

    def _new(self, person: Person, deed: Deed) -> NewSubscriber:
        cadence = Cadence(deed.cadence)
        return NewSubscriber(self._address(person), source="a list", cadence=cadence, ends_on=deed.ends_on)

    def _is_done(self, person: Person, deed: Deed) -> None:
        now, lists, link = self.clock.now(), self.ledger.subscribers, f"{person.number} {deed.of}"
        if deed.what in ("add", "add-back"):
            lists.add(deed.of, self._new(person, deed), who="Ada", asked_back=deed.what == "add-back", now=now)
        elif deed.what == "form":
            how: dict[str, Any] = {"token_hash": link, "expires_at": now + 7 * DAY, "wording": "v1"}
            lists.sign_up(deed.of, self._new(person, deed), what="the mails", now=now, **how)
        elif deed.what == "confirm":
            lists.confirm(link, now=now)
        elif deed.what == "yes":
            if (yes := lists.confirm(f"{link} elsewhere", now=now)) is not None and yes.is_address:
                self.moved.add(person.number)
        elif deed.what == "erase":
            lists.erase(self._address(person), who="Ada", now=now)
        else:
            found = [s for m in MONTHS if (s := lists.find(m.id, self._address(person))) is not None]
            if found:
                self._chooses(found[0].subscriber.id, person, deed, now)

    def _chooses(self, subscriber: str, person: Person, deed: Deed, now: datetime) -> None:
        lists, of = self.ledger.subscribers, deed.of
        link: dict[str, Any] = {"token_hash": f"{person.number} {of} elsewhere", "expires_at": now + 7 * DAY}
        acts: dict[str, Callable[[], object]] = {
            "switch": lambda: lists.set_cadence(of, subscriber, Cadence(deed.cadence), now=now),
            "pause": lambda: lists.pause(of, subscriber, until_at=deed.until or now, now=now),
            "resume": lambda: lists.resume(of, subscriber, now=now),
            "keep": lambda: lists.ask_for_more(of, subscriber, True, now=now),
            "one-a-day": lambda: lists.set_one_a_day(subscriber, True, now=now),
            "not-one-a-day": lambda: lists.set_one_a_day(subscriber, False, now=now),
            "leave": lambda: lists.unsubscribe(of, subscriber, reason="unsubscribed", now=now),
            "leave-all": lambda: lists.unsubscribe(None, subscriber, reason="unsubscribed", now=now),
            "address": lambda: lists.ask_new_address(of, subscriber, person.address(moved=True), now=now, **link),
        }
        acts[deed.what]()

    def _letters_go(self) -> None:
        """At once; else so many would wait in the end that a form leads to none."""
        letters = self.ledger.transactional_emails
        while (letter := letters.next()) is not None:
            letters.end(letter.id, LetterState.SENT, taken=False, now=self.clock.now())

    def _hear(self) -> None:
        now, events, reports = self.clock.now(), [], self.post_room.reports
        while reports and reports[0][0] == now:
            events.append(heapq.heappop(reports)[2])
        self.ledger.receipts.record(read_events(json.dumps(events).encode(), now=now), now=now)

    # -- the archives and the end -------------------------------------------------------------------------

    def _look_at_archives(self) -> None:
        """Each campaign's archive: the path of each page, and whose name stands in it; some are asked for by path."""
        archive = Archive(self.project, self.ledger, FrontsAtHand(self.project))
        pages = self.archived[self.clock.now()] = {}
        for month in MONTHS:
            mails = archive.of_campaign(month.id)
            pages[month.slug] = [(mail.path, _name_in(mail)) for mail in mails]
            for mail in mails[::9]:
                _, _, slug, _, place = mail.path.split("/")
                pages[month.slug].append((mail.path, _name_in(archive.find(place, slug))))

    def _it_is_over(self) -> None:
        self.ledger.subscribers.forget_unconfirmed(now=self.clock.now())
        self._look_at_archives()

    def _close_the_first(self) -> None:
        lists, key = self.ledger.subscribers, SeasonKey(A.id, YEAR)
        end, before = lists.end_of_season(key), list(lists.each(B.id))
        assert end is not None
        lists.close_season(key, keep_who_asked=True, came_before=end, who="Ada", now=self.clock.now())
        self.left_alone = before == list(lists.each(B.id))
