"""What people do during a season, when it suits them: hold and resume, edit and approve, leave and join, decide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from scheduler.domain.delivery import State
from scheduler.domain.message import FRAME, Message, is_of_pieces
from scheduler.domain.reason import ReasonCode, from_text
from scheduler.domain.receipt import Receipt, ReceiptKind
from scheduler.domain.season_key import SeasonKey
from scheduler.domain.subscriber import NewSubscriber
from scheduler.store import Ledger
from scheduler.store.backup import back_up
from tests.support.world import an_approval

from .digests import DAILY, DIGEST, a_frame
from .processes import Killed
from .providers import TIMELINE, Call
from .season import CAMPAIGN, SEASON, address_of

if TYPE_CHECKING:
    from .world import World

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
WHO = "Ben"


class People:
    """Draws up at the start what will be done when; does it to the ledger, and keeps the world's own record of it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._log: list[Callable[[Ledger], object]] = []  # what is done again after a backup was put back
        self._joined = 0
        self._reports = False

    # -- plans ------------------------------------------------------------------------------------------

    def make_plans(self) -> None:
        world, dice, weather = self.world, self.world.dice, self.world.weather
        acts: list[tuple[int, Callable[[], None]]] = [
            (5, self.hold),
            (5, self.edit),
            (2, self.move),
            (2, self.withdraw),
            (1, self.disarm),
            (4, self.leave),
            (3, self.join),
            (3, self.take_out),
            (2, self.find_red),
            (1, self.break_files),
            (2, self.spoil_a_record),
            (1, self.poison_an_item),
            (3, self.stop_one),
            (2, self.skip_one),
            (4, self.decide),
            (1, self.erase),
            (2, self.pause),
        ]
        names = [act for _, act in acts]
        weights = [weight * (10 if act.__name__ in weather.favour else 1) for weight, act in acts]
        for _ in range(self._about(weather.acts)):
            world.at(world.moment(), dice.choices(names, weights)[0])
        for _ in range(self._about(weather.switches) if world.calendar.digests else 0):
            world.at(world.moment(), self.switch)
        restores = dice.random() < weather.restores
        for _ in range(0 if restores else self._about(weather.jumps)):
            world.at(world.moment(), self.set_clock)
        for _ in range(self._about(weather.outages)):
            start, end = world.span(0.2, dice.choice([2, 12, 60]))
            if dice.random() < 0.2:  # the hours of the day in which most is due
                start = datetime.combine(start, time(9), tzinfo=start.tzinfo)
                end = start + 5 * HOUR
            world.turn_over(start, partial(self.switch_off, end))
        if weather.outages and dice.random() < 0.1:  # across the last day
            morning_after = datetime(2027, 2, 2, 10, tzinfo=world.clock.truth.tzinfo)
            world.turn_over(morning_after - dice.uniform(2, 60) * HOUR, lambda: self.switch_off(morning_after))
        if dice.random() < weather.second_process:
            start, end = world.span(24, 240)
            world.turn_over(start, lambda: self.run_so_many(2))
            world.turn_over(end, lambda: self.run_so_many(1))
        if restores:
            copied_at, lost_at = sorted((world.moment(), world.moment()))
            world.at(copied_at, self.back_up)
            world.turn_over(max(lost_at, copied_at + MINUTE), self.put_back)
        self._reports = dice.random() < weather.reports

    def _about(self, mean: float) -> int:
        """A number of things that are rare by themselves."""
        number, left = 0, self.world.dice.expovariate(1)
        while left < mean:
            number += 1
            left += self.world.dice.expovariate(1)
        return number

    def _later(self, least: timedelta, most: timedelta, act: Callable[[], object]) -> None:
        dice = self.world.dice
        self.world.at(self.world.clock.truth + least + (most - least) * dice.random() ** 2, act)

    def _do(self, act: Callable[[Ledger], object], *, again: bool = True) -> Any:
        """Do something to the ledger. ``again``: also after a backup was put back, which cannot know of it."""
        if again:
            self._log.append(act)
        return act(self.world.desk)

    @property
    def now(self) -> datetime:
        return self.world.clock.now()

    # -- hold and resume --------------------------------------------------------------------------------

    def hold(self) -> None:
        world = self.world
        channel = world.dice.choice(["*", "x", "email"])
        of = self._one_list() if self._has_two and world.dice.random() < 0.5 else ""
        world.tell(f"{WHO} holds {channel}{' of ' * bool(of)}{of}")
        self._do(lambda ledger: ledger.holds.set(channel, who=WHO, why="a sad day", now=self.now, campaign=of))
        world.said = world.said.but(holds=world.said.holds | {(of, channel)})
        self._later(2 * MINUTE, 30 * HOUR, lambda: self.resume(channel, of))

    def resume(self, channel: str, of: str) -> None:
        world = self.world
        lifted = frozenset(hold for hold in world.said.holds if hold[0] == of and channel in ("*", hold[1]))
        if not lifted:
            return
        world.tell(f"{WHO} resumes {channel}{' of ' * bool(of)}{of}")
        channels = frozenset(held for _, held in lifted)
        passed_over = self._what_waits("d.due_at <= :now AND :of IN ('', d.campaign)", channels=channels, of=of)
        self._do(lambda ledger: ledger.holds.release(channel, who=WHO, now=self.now, campaign=of))
        world.said = world.said.but(holds=world.said.holds - lifted, stopped=world.said.stopped | passed_over)
        if passed_over:
            self._later(MINUTE, 8 * HOUR, self.decide)

    def stop_one(self) -> None:
        """Hold one item, often before it is due."""
        self._act_on_one("hold", lambda ledger, of: ledger.deliveries.hold(of, who=WHO, why="wait", now=self.now))
        self._later(10 * MINUTE, 30 * HOUR, self.decide)

    def skip_one(self) -> None:
        self._act_on_one("skip", lambda ledger, of: ledger.deliveries.skip(of, who=WHO, why="so", now=self.now))

    def _act_on_one(self, name: str, act: Callable[[Ledger, int], bool]) -> None:
        world = self.world
        chosen = self._one_of_these_days()
        if chosen is None:
            return
        item, channel = chosen
        waiting = self._what_waits("d.item = :item AND d.channel = :channel", item=item, channel=channel)

        done_before: list[bool] = []

        def do(ledger: Ledger) -> bool:
            found = self._id_of(item, channel)
            done = found is not None and act(ledger, found)
            if any(done_before) and not done:
                # A backup may be of a time when the item was out of the plan: the program says no, and the person knows.
                world.said = world.said.but(stopped=world.said.stopped - waiting)
            done_before.append(done)
            return done

        if self._do(do):
            world.tell(f"{WHO}: {name} {item} on {channel}")
            world.said = world.said.but(stopped=world.said.stopped | waiting)

    def _what_waits(self, where: str, channels: frozenset[str] = frozenset({"*"}), **values: str) -> frozenset[str]:
        """Deliveries that are not opened, by name; batches of the others, by send id."""
        rows = self.world.peek(
            f"""SELECT d.channel, d.item, d.opened_at, b.send_id FROM deliveries d LEFT JOIN batches b
                ON b.delivery_id = d.id AND b.state IN ('scheduled', 'held')
                WHERE {where} AND (b.id IS NOT NULL OR d.opened_at IS NULL AND d.state IN ('scheduled', 'held'))""",
            {"now": _text(self.now), **values},
        )
        mine = [row for row in rows if "*" in channels or row[0] in channels]
        return frozenset(send_id if opened else f"{item}/{channel}" for channel, item, opened, send_id in mine)

    def _let_go(self, delivery_id: int, item: str, channel: str) -> None:
        ids = {s for (s,) in self.world.peek("SELECT send_id FROM batches WHERE delivery_id = ?", (delivery_id,))}
        self.world.said = self.world.said.but(stopped=self.world.said.stopped - ids - {f"{item}/{channel}"})

    # -- decisions --------------------------------------------------------------------------------------

    def decide(self) -> None:
        """Somebody looks at what needs a person: releases, skips, retries, or looks at the provider and says."""
        world, dice = self.world, self.world.dice
        rows = world.peek(
            "SELECT id, item, channel, state, reasons, expires_at FROM deliveries "
            "WHERE state IN ('held', 'failed', 'missed', 'unknown', 'sent', 'partly_sent') ORDER BY id"
        )
        for found, item, channel, state, reasons, expires_at in rows:
            is_open = expires_at > _text(self.now)
            if state == State.HELD and dice.random() < 0.8:
                if dice.random() < 0.75:
                    if world.desk.deliveries.release(found, who=WHO, now=self.now):
                        self._let_go(found, item, channel)
                        world.tell(f"{WHO} lets {item} on {channel} go")
                        again = (item, channel)
                        self._log.append(lambda ledger, again=again: self._release_again(ledger, *again))  # type: ignore[misc]
                elif world.desk.deliveries.skip(found, who=WHO, why="too late", now=self.now):
                    world.tell(f"{WHO} skips {item} on {channel}")
            elif any(reason.code is ReasonCode.RESTORED for reason in from_text(reasons)):
                self._say_what_became_of(found, item, channel)
            elif is_open and state in (State.FAILED, State.MISSED, State.PARTLY_SENT) and dice.random() < 0.5:
                if world.desk.deliveries.retry(found, who=WHO, now=self.now):
                    self._let_go(found, item, channel)
                    world.tell(f"{WHO} has {item} on {channel} tried again")
            if dice.random() < 0.5:
                self._resolve(found, channel)

    def _release_again(self, ledger: Ledger, item: str, channel: str) -> None:
        found = self._id_of(item, channel)
        if found is not None:
            ledger.deliveries.release(found, who=WHO, now=self.now)

    def _resolve(self, delivery_id: int, channel: str) -> None:
        """Look at the provider, hours after the call, and say what is true."""
        world = self.world
        provider = world.provider(channel)
        for number, send_id, item, kind in world.peek(
            "SELECT b.number, b.send_id, d.item, d.kind FROM batches b JOIN deliveries d ON d.id = b.delivery_id "
            "WHERE d.id = ? AND b.state = 'unknown' ORDER BY b.number",
            (delivery_id,),
        ):
            calls = [c for c in provider.calls if c.send_id == send_id]
            if calls and world.clock.truth - calls[-1].at < 2 * HOUR:
                continue
            query = (
                "SELECT subscriber_id FROM recipients "
                "WHERE delivery_id = ? AND batch_number = ? AND coalesce(state, '') <> 'skipped'"
            )
            readers = {r for (r,) in world.peek(query, (delivery_id, number))} if kind == "email" else {TIMELINE}
            reached = readers & provider.reached(item)
            if reached and reached != readers:
                continue  # one word would not be true of all of them
            world.desk.lookups.resolve(delivery_id, sent=bool(reached), who=WHO, batch=number, now=self.now)
            world.counts["settled by a person"] += 1
            world.tell(f"{WHO} settles {item} on {channel}, batch {number}: {'sent' if reached else 'not sent'}")

    def _say_what_became_of(self, delivery_id: int, item: str, channel: str) -> None:
        """After a backup was put back. Only where the whole item went out, or nothing of it did."""
        world = self.world
        taken = world.provider(channel).reached(item)
        states = {s for (s,) in world.peek("SELECT state FROM batches WHERE delivery_id = ?", (delivery_id,))}
        if states - {"missed"} or (taken and channel == "email"):
            return
        if world.desk.backups.resolve_restored(delivery_id, sent=bool(taken), who=WHO, now=self.now) and not taken:
            self._let_go(delivery_id, item, channel)
            world.tell(f"{WHO} has looked: {item} on {channel} did not go out")

    # -- files and approvals ----------------------------------------------------------------------------

    def edit(self) -> None:
        """Change the words. Most edits are approved, some are taken back, some are forgotten."""
        chosen = self._one_of_these_days()
        if chosen is None:
            return
        old = self.world.messages[chosen]
        words = f"{old.item}, edition {self.world.files + 1}"
        if old.item in self.world.calendar.digests:
            self._edit_frame()
            return
        new = replace(
            old, body=replace(old.body, text=words + ("\n%unsubscribe_url%\n" if old.channel == "email" else ""))
        )
        self._replace(new, "edits")
        what = self.world.dice.random()
        if what < 0.6:
            self._later(MINUTE, 8 * HOUR, lambda: self.approve(*chosen))
        elif what < 0.8:
            self._later(MINUTE, 8 * HOUR, lambda: self._replace(old, "takes back the edit of"))

    def _edit_frame(self) -> None:
        """What stands around the pieces of all digests. Most edits are approved."""
        world = self.world
        world.edition += 1
        world.tell(f"{WHO} edits {FRAME}")
        world.changed_files()
        for item in world.calendar.digests:
            self._tell_again(item)
        if world.dice.random() < 0.8:
            self._later(MINUTE, 8 * HOUR, lambda: self.approve(FRAME, "email"))

    def move(self) -> None:
        """Another time of the same day."""
        chosen = self._one_of_these_days()
        if chosen is None:
            return
        old = self.world.messages[chosen]
        told = [item for items in self.world.calendar.digests.values() for item in items]
        soon = old.due_at - max(self.world.clock.truth, self.now) < HOUR
        if old.item in self.world.calendar.digests or (old.item in told and soon):
            return  # what a digest tells keeps its day and hour once it is under way; the program refuses to move it
        midnight = datetime(old.on.year, old.on.month, old.on.day, tzinfo=old.due_at.tzinfo)
        due_at = min(max(midnight, old.due_at + self.world.dice.choice([-3, -1, 1, 3]) * HOUR), midnight + 23 * HOUR)
        new = replace(old, due_at=due_at, expires_at=max(old.expires_at, min(due_at + HOUR, midnight + 24 * HOUR)))
        self._replace(new, f"moves to {due_at:%H:%M}:")
        self._later(MINUTE, 4 * HOUR, lambda: self.approve(*chosen))

    def _replace(self, message: Message, verb: str) -> None:
        world = self.world
        world.messages[message.item, message.channel] = message
        world.versions[message.digest] = message
        world.changed_files()
        world.tell(f"{WHO} {verb} {message.item} on {message.channel}")
        self._tell_again(message.item)

    def _tell_again(self, item: str) -> None:
        """The digest that tells of an item changes with it. Nobody need approve that by itself."""
        world = self.world
        new = world.digest_with(item)
        if new is None or new.expires_at <= world.clock.truth:  # one that is due may not have gone yet
            return
        world.messages[new.item, new.channel] = new
        world.versions[new.digest] = new
        world.changed_files()
        world.tell(f"{new.item} changes with {item}")

    def approve(self, item: str, channel: str) -> None:
        world = self.world
        message = a_frame(world.edition) if item == FRAME else world.messages[item, channel]
        if is_of_pieces(message):
            return  # it goes by its items and its frame
        self._do(lambda ledger: ledger.approvals.record(an_approval(message, at=self.now)))
        world.said = world.said.but(approved=world.said.approved | {(item, channel, message.digest)})
        world.tell(f"Ada approves {item} on {channel}")

    def withdraw(self) -> None:
        chosen = self._one_of_these_days()
        if chosen is None:
            return
        world = self.world
        season = self._season_of(*chosen)
        item, channel = chosen = (FRAME, "email") if chosen[0] in world.calendar.digests else chosen
        self._do(
            lambda ledger: ledger.approvals.withdraw(
                season, item, channel, who="Ada", reason="new figures", now=self.now
            )
        )
        world.said = world.said.but(approved=frozenset(a for a in world.said.approved if a[:2] != chosen))
        world.tell(f"Ada withdraws her approval of {item} on {channel}")
        if world.dice.random() < 0.7:
            self._later(MINUTE, 8 * HOUR, lambda: self.approve(item, channel))

    def disarm(self) -> None:
        world, key = self.world, SeasonKey(self._one_list(), SEASON)
        self._do(lambda ledger: ledger.armings.disarm(key, who="Ada", now=self.now))
        world.said = world.said.but(armed=world.said.armed - {key.campaign})
        world.tell(f"Ada disarms the season of {key.campaign}")
        self._later(2 * MINUTE, 20 * HOUR, lambda: self._arm(key))

    def _arm(self, key: SeasonKey) -> None:
        self._do(lambda ledger: ledger.armings.arm(key, who="Ada", now=self.now))
        self.world.said = self.world.said.but(armed=self.world.said.armed | {key.campaign})
        self.world.tell(f"Ada arms the season of {key.campaign}")

    def take_out(self) -> None:
        """Out of the plan; sometimes back again."""
        chosen = self._one_of_these_days()
        if chosen is None:
            return
        world = self.world
        item = chosen[0]
        with_it = next((items for items in world.calendar.digests.values() if item in items), ())
        if item in world.calendar.digests or (with_it and not set(with_it) - world.said.out - {item}):
            return  # a digest goes with its days
        world.said = world.said.but(out=world.said.out | {item})
        world.changed_files()
        world.tell(f"{WHO} takes {item} out of the plan")
        self._tell_again(item)

        def back() -> None:
            gone = {s for s in world.said.stopped if s.startswith(f"{item}/")}
            world.said = world.said.but(
                out=world.said.out - {item}, stopped=world.said.stopped - gone - self._ids(item)
            )
            world.changed_files()
            world.tell(f"{WHO} puts {item} back into the plan")
            self._tell_again(item)

        if world.dice.random() < 0.7:
            self._later(MINUTE, 30 * HOUR, back)

    def _ids(self, item: str) -> set[str]:
        query = "SELECT b.send_id FROM batches b JOIN deliveries d ON d.id = b.delivery_id WHERE d.item = ?"
        return {s for (s,) in self.world.peek(query, (item,))}

    def find_red(self) -> None:
        chosen = self._one_of_these_days()
        if chosen is None:
            return
        world = self.world
        item = chosen[0]
        world.said = world.said.but(red=world.said.red | {item})
        world.changed_files()
        world.tell(f"a red finding in {item}")

        def mend() -> None:
            world.said = world.said.but(red=world.said.red - {item})
            world.changed_files()
            world.tell(f"the finding in {item} is mended")

        self._later(2 * MINUTE, 10 * HOUR, mend)

    def break_files(self) -> None:
        world, of = self.world, self._one_list()
        world.said = world.said.but(unreadable=world.said.unreadable | {of})
        world.changed_files()
        world.tell(f"the files of {of} cannot be read")

        def mend() -> None:
            world.said = world.said.but(unreadable=world.said.unreadable - {of})
            world.changed_files()
            world.tell(f"the files of {of} can be read again")

        self._later(2 * MINUTE, 6 * HOUR, mend)

    # -- readers ----------------------------------------------------------------------------------------

    @property
    def _has_two(self) -> bool:
        return len(self.world.calendar.lists) > 1

    def _one_list(self) -> str:
        """One of the campaigns."""
        lists = [*self.world.calendar.lists]
        return self.world.dice.choice(lists) if self._has_two else lists[0]

    def _season_of(self, item: str, channel: str) -> SeasonKey:
        return SeasonKey(self.world.messages[item, channel].campaign, SEASON)

    def leave(self) -> None:
        """One list; where there are two, sometimes all."""
        world, of = self.world, self._one_list()
        is_all = self._has_two and world.dice.random() < 0.3
        subscriber = self._somebody(of)
        if self._is_last(subscriber, *([] if is_all else [of])):
            return
        self._do(
            lambda ledger: ledger.subscribers.unsubscribe(
                None if is_all else of, subscriber, reason="unsubscribed", now=self.now
            )
        )
        world.said = world.said.but(left=world.said.left | {("" if is_all else of, subscriber)})
        world.counts["left all lists"] += is_all
        world.tell(f"{subscriber} leaves {'all lists' if is_all else of}")

    def _there(self, of: str) -> list[str]:
        """Who is on the list of a campaign."""
        gone = {subscriber for campaign, subscriber in self.world.said.left if campaign in ("", of)}
        return sorted({subscriber for campaign, subscriber in self.world.chosen if campaign == of} - gone)

    def _somebody(self, of: str) -> str:
        return self.world.dice.choice(self._there(of))

    def _is_last(self, subscriber: str, *of: str) -> bool:
        """On one of the lists; without a name on any."""
        return any(self._there(one) == [subscriber] for one in of or self.world.calendar.lists)

    def erase(self) -> None:
        """A reader asks that nothing be kept of them."""
        world = self.world
        subscriber = self._somebody(self._one_list())
        if self._is_last(subscriber):
            return
        self._do(lambda ledger: ledger.subscribers.erase(address_of(subscriber), who=WHO, now=self.now))
        world.said = world.said.but(left=world.said.left | {("", subscriber)})
        world.counts["erased"] += 1
        world.tell(f"{subscriber} is erased")

    def pause(self) -> None:
        """Silence for some days; sometimes ended before."""
        world, of = self.world, self._one_list()
        subscriber = self._somebody(of)
        until = self.now + HOUR * world.dice.choice([3, 30, 200]) * world.dice.random()
        if not self._do(lambda ledger: ledger.subscribers.pause(of, subscriber, until_at=until, now=self.now)):
            return
        world.said = world.said.but(paused={**world.said.paused, (of, subscriber): until})
        world.counts["pauses"] += 1
        world.tell(f"{subscriber} asks for a pause of {of} until {until:%d %b %H:%M}")

        def resume() -> None:
            if world.said.paused.get((of, subscriber)) != until or subscriber not in self._there(of):
                return
            self._do(lambda ledger: ledger.subscribers.resume(of, subscriber, now=self.now))
            others = {place: at for place, at in world.said.paused.items() if place != (of, subscriber)}
            world.said = world.said.but(paused=others)
            world.tell(f"{subscriber} ends the pause")

        if world.dice.random() < 0.3:
            self._later(MINUTE, 60 * HOUR, resume)

    def switch(self) -> None:
        """From a mail a day to digests, or back."""
        world, subscriber = self.world, self._somebody(CAMPAIGN)
        place = (CAMPAIGN, subscriber)
        cadence = DAILY if world.chosen[place][-1][1] is DIGEST else DIGEST

        def choose(ledger: Ledger) -> bool:
            if not ledger.subscribers.set_cadence(CAMPAIGN, subscriber, cadence, now=self.now):
                return False
            history = world.chosen[place]
            since = max(self._from_the_next_mail(CAMPAIGN), history[-1][0])
            world.chosen[place] = [*(one for one in history if one[0] < since), (since, cadence)]
            return True

        if self._do(choose):
            world.counts["cadences chosen"] += 1
            world.tell(f"{subscriber} chooses {cadence}")

    def join(self) -> None:
        """Somebody new; where there are two lists, sometimes somebody who is on the other one."""
        world, of = self.world, self._one_list()
        self._joined += 1
        subscriber = f"r{world.dice.randint(0, 99):02d}-{self._joined}"
        if self._has_two and world.dice.random() < 0.4:
            others = {who for other in world.calendar.lists for who in self._there(other)}
            only_there = sorted(others - {who for campaign, who in world.chosen if campaign == of})
            subscriber = world.dice.choice(only_there or [subscriber])
        has_digests = world.calendar.digests and of == CAMPAIGN
        cadence = DIGEST if has_digests and world.dice.random() < 0.5 else DAILY
        row = NewSubscriber(address_of(subscriber), subscriber_id=subscriber, cadence=cadence)

        def add(ledger: Ledger) -> None:
            ledger.subscribers.add_many(of, [row], now=self.now)
            world.chosen[of, subscriber] = [(self._from_the_next_mail(of), cadence)]

        self._do(add)
        world.tell(f"{subscriber} joins {of}")

    def spoil_a_record(self) -> None:
        """A reader whose record the channel cannot use, for some days."""
        world = self.world
        subscriber = world.dice.choice(sorted({subscriber for _, subscriber in world.chosen}))
        world.unusable[subscriber] = "the name holds a line break"
        world.tell(f"the record of {subscriber} is spoilt")
        self._later(HOUR, 200 * HOUR, lambda: world.unusable.pop(subscriber, None))

    def poison_an_item(self) -> None:
        """Whoever builds it gets an error, or dies."""
        chosen = self._one_of_these_days()
        if chosen is None:
            return
        world, item = self.world, chosen[0]
        deadly = world.dice.random() < 0.4
        world.poison[item] = Killed if deadly else RuntimeError
        world.tell(f"{item} is {'deadly' if deadly else 'poisoned'}")
        self._later(HOUR, 100 * HOUR, lambda: world.poison.pop(item, None))

    def mail_house_reports(self, call: Call) -> None:
        """By webhook: late, sometimes twice, in any order."""
        house = self.world.provider(call.channel).habits
        if not self._reports or call.channel != "email" or house.by_reader or call.landed_at is None:
            return
        world, dice = self.world, self.world.dice
        if dice.random() < 0.5:
            return
        reports = [
            Receipt(
                f"{call.send_id}-{r}",
                ReceiptKind.DELIVERED,
                call.landed_at,
                "delivered",
                call.send_id,
                r,
                reference=call.reference,
            )
            for r in call.reached
        ]
        for _ in range(dice.choice([1, 1, 2])):
            at = call.landed_at + timedelta(seconds=dice.choice([5, 300, 20_000]) * dice.random())
            world.at(at, lambda: self._report(reports))

    def _report(self, reports: list[Receipt]) -> None:
        handled = self._do(lambda ledger: ledger.receipts.record(reports, now=self.now))
        if handled.settled:
            self.world.counts["settled by a report"] += handled.settled
            self.world.tell(f"the mail house reports, and {handled.settled} doubt is settled")

    # -- the machine ------------------------------------------------------------------------------------

    def set_clock(self) -> None:
        """The machine's clock is wrong for some hours."""
        world = self.world
        hours = world.dice.choice([0.1, 0.5, 1, 3, 12, 26]) * world.dice.choice([-1, 1])
        world.clock.offset = hours * HOUR
        world.counts["clock jumps"] += 1
        world.tell(f"the clock is set {hours:+} hours wrong")

        def right() -> None:
            world.clock.offset = timedelta(0)
            world.tell("the clock is right again")

        self._later(2 * HOUR, 24 * HOUR, right)

    def switch_off(self, end: datetime) -> None:
        world = self.world
        if not world.processes and not world.starts:
            return
        world.tell(f"the machine is off until {end:%d %b %H:%M}")
        world.counts["outages"] += 1
        world.stop_all()
        world.starts = [max(end, world.clock.truth + MINUTE)] * world.wanted_processes

    def run_so_many(self, number: int) -> None:
        world = self.world
        world.wanted_processes = number
        running = [p for p in world.processes if not p.is_parked]
        if number > len(running) + len(world.starts):
            world.starts.append(world.clock.truth)
            world.tell("a second process joins")
        elif number < len(running):
            world.throw_away(running[-1])
            world.tell("the second process is stopped")

    def back_up(self) -> None:
        world = self.world
        self.backup = world.folder / "backup.db"
        back_up(world.url, self.backup, now=self.now)
        self._mark = len(self._log)
        self._chosen_before = {place: list(history) for place, history in world.chosen.items()}
        self._calls_before = {c.send_id for p in world.providers.values() for c in p.calls}
        world.tell("a backup is made")

    def put_back(self) -> None:
        """The disk has died. People do again what the backup cannot know; then the program is started."""
        world = self.world
        if not hasattr(self, "backup"):
            return
        world.tell("the disk dies, and the backup is put back")
        world.counts["restores"] += 1
        world.put_back(self.backup)
        world.chosen = {place: list(history) for place, history in self._chosen_before.items()}
        world.forgotten |= {c.send_id for p in world.providers.values() for c in p.calls if c.taken}
        for act in self._log[self._mark :]:
            act(world.desk)
        world.starts = [world.clock.truth + MINUTE]
        world.wanted_processes = 1

    def _from_the_next_mail(self, of: str) -> datetime:
        """From when on it counts what a reader chooses now: a clock that was set back does not undo what was sent."""
        opened = "SELECT max(due_at) FROM deliveries WHERE kind = 'email' AND frozen > 0 AND campaign = ?"
        ((last,),) = self.world.peek(opened, (of,))
        after = datetime.fromisoformat(last).replace(tzinfo=UTC) + timedelta(microseconds=1) if last else self.now
        return max(self.now, after)

    # -- looking ----------------------------------------------------------------------------------------

    def _one_of_these_days(self) -> tuple[str, str] | None:
        """An item of today or of the next days."""
        world = self.world
        near = [key for key, m in world.messages.items() if -24 <= (m.due_at - world.clock.truth) / HOUR <= 50]
        return world.dice.choice(near) if near else None

    def _id_of(self, item: str, channel: str) -> int | None:
        rows = self.world.peek("SELECT id FROM deliveries WHERE item = ? AND channel = ?", (item, channel))
        return rows[0][0] if rows else None


def _text(at: datetime) -> str:
    """An instant as SQLite holds it."""
    return at.replace(tzinfo=None).isoformat(" ", "microseconds")
