"""A day on several machines: processes beside the files and workers without them, on one PostgreSQL that is restarted,
all of them killed again and again, with a hold and a correction in between.

By hand: ``python -m tests.crash.several_machines READERS [SEED] [--queue]``; with ``--queue`` all workers are woken by
the work queue. Machines are folders of their own here: each has its own ``var/``, state and send journal, and a
worker's has no campaigns. They stand at two places, each a group of processes, and sometimes a whole place dies.
"""

from __future__ import annotations

import argparse
import os
import random
import select
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from scheduler.channels.contract.double import Answer, SimulatedCall
from scheduler.channels.sendgrid.event_sender import AcceptedMail
from scheduler.channels.sendgrid.simulator import SENDGRID_KEY
from scheduler.channels.x.simulator import X_SECRETS, XDouble
from scheduler.clock import VirtualClock
from scheduler.content.top_level_domains import top_level_domains
from scheduler.domain.delivery import State
from scheduler.domain.formatting import counted
from scheduler.domain.reason_words import in_words
from scheduler.domain.records import Delivery, Event
from scheduler.store.database import parse_url
from tests.crash.starter import BATCH, Starter
from tests.crash.test_accidents import LONG, Accident, Interrupted
from tests.support.postgresql import Server, binaries
from tests.support.small_month import CAMPAIGN, DAY, ITEM, copy_small_month

#: Seconds between two kills, and until the same machine starts its process again; every so many kills a whole place.
KILLS_EVERY, STARTS_AFTER, PLACE_EVERY = 3.0, 1.0, 5
#: Seconds that the provider takes to answer, so that kills meet calls under way.
LATENCY = 0.1
#: Seconds for all to notice a correction. A machine that is busy is no failure.
NOTICED = 60
#: At most, of one process.
CALLS_IN_FLIGHT = 8
#: Readers in a batch; of a long list so many that it makes a thousand calls.
CALLS = 1000
TEN = datetime.fromisoformat(f"{DAY}T10:00:01-05:00")
BEFORE, ADDED = "before you need it.\n", "Take water with you."
AFTER = f"{BEFORE.rstrip()} {ADDED}\n"


@dataclass
class Machine:
    """One host, and the process that it starts whenever the last one has ended."""

    name: str
    place: str
    words: tuple[str, ...]
    environment: dict[str, str]
    pid: int = 0
    starts_at: float = 0.0
    kills: int = 0
    starts: int = 0


class Provider(Interrupted):
    """Takes its time to answer, and keeps when each mail came. Once so many readers have theirs, whatever else comes
    stands before the door: what happens then happens in the middle of the mailing, on any machine."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.came: list[float] = []
        self.readers = 0
        self._door, self._most = threading.Condition(self.lock), sys.maxsize

    def take_at_most(self, readers: int) -> None:
        """And then the rest of one mail."""
        with self._door:
            self._most = readers
            self._door.notify_all()

    def take_all(self) -> None:
        self.take_at_most(sys.maxsize)

    def _accept(self, call: SimulatedCall) -> Answer:
        with self._door:
            self._door.wait_for(lambda: self.readers < self._most)
            before = len(self._mails)
            answer = super()._accept(call)
            for mail in self._mails[before:]:
                self.came.append(time.monotonic())
                self.readers += len(mail.envelopes)
        return replace(answer, wait_seconds=LATENCY)


class SeveralMachines(Accident):
    """The day of an :class:`Accident`, lived through by several machines."""

    mails: Provider
    server: Server
    machines: list[Machine]
    #: How many mails had come when the hold had been said, and when it was to end; when the correction was approved.
    held: tuple[int, int] = (0, 0)
    corrected: float = 0.0
    lived_since: float = 0.0

    def make_ready_for(self, server: Server, readers: int) -> None:
        """Before the coordinator's steps."""
        self.server, self.count, self.machines, self.machine_of = server, readers, [], dict[int, str]()
        self.kills, self.phases, self._engine = 0, list[str](), create_engine(parse_url(self.url))
        self.environment["OBSERVANCE_SECRET_KEY"] = "0123456789abcdef" * 4
        self.began = time.monotonic()

    def now(self) -> str:
        """By the one clock of all machines."""
        return (TEN + timedelta(seconds=time.monotonic() - self.began)).isoformat()

    def phase(self, name: str) -> None:
        """What has just ended, for whoever watches."""
        self.phases.append(f"{time.monotonic() - self.lived_since:6.0f} s  {self.got():7,} readers  {name}")
        print(self.phases[-1], flush=True)

    def beside_the_files(self, name: str, place: str) -> Machine:
        """A machine that has the campaign's files; they are shared, as on one disk."""
        own = {"OBSERVANCE_PATHS__VAR": str(self.root / name / "var"), "OBSERVANCE_STATE": str(self.root / name / "s")}
        return self._add(Machine(name, place, ("start", "--no-web"), {**self.environment, **own}))

    def without_files(self, name: str, place: str, *options: str) -> Machine:
        """A machine that has the folder config/ and nothing else of the project."""
        folder = self.root / name
        shutil.copytree(self.root / "config", folder / "config")
        own = {"OBSERVANCE_PROJECT": str(folder), "OBSERVANCE_STATE": str(folder / "state")}
        return self._add(Machine(name, place, ("worker", *options), {**self.environment, **own}))

    def _add(self, machine: Machine) -> Machine:
        self.machines.append(machine)
        self.begin(machine)
        return machine

    def begin(self, machine: Machine) -> None:
        machine.starts += 1
        output = self.root / f"said-{machine.name}-{machine.starts}.txt"  # of this process alone
        output.touch()
        environment = {**machine.environment, "OBSERVANCE_PRETEND_NOW": self.now()}
        group = next((os.getpgid(one.pid) for one in self.up(machine.place) if one is not machine), 0)
        machine.pid = self.starter.spawn_into(group, machine.words, environment, output, sweep=2.0)
        self.running[machine.pid] = output
        self.machine_of[machine.pid] = machine.name

    def up(self, place: str = "") -> list[Machine]:
        """Machines whose process runs; of one place, or of both."""
        return [m for m in self.machines if m.pid and not m.starts_at and place in ("", m.place)]

    def kill(self, machine: Machine) -> None:
        """As the power does; every so often at its whole place. It starts again a moment later."""
        self.kills += 1
        if self.kills % PLACE_EVERY:
            dead = [machine]
            os.kill(machine.pid, signal.SIGKILL)
        else:
            dead = self.up(machine.place)
            os.killpg(os.getpgid(machine.pid), signal.SIGKILL)
        for one in dead:
            self.ended(one.pid)
            one.kills, one.starts_at = one.kills + 1, time.monotonic() + STARTS_AFTER

    def begin_again(self) -> None:
        """Start what was killed a while ago. Nothing may have ended by itself."""
        for machine in self.machines:
            if machine.starts_at and machine.starts_at <= time.monotonic():
                machine.starts_at = 0.0
                self.begin(machine)
            elif not machine.starts_at:
                assert self.status(machine.pid) is None, self.said(machine.pid)

    def live(self, until: Callable[[], bool], *, patience: float = LONG, kills_every: float = 0.0, by: int = 0) -> None:
        """Let time pass until something is so; with ``kills_every``, one machine after the other is killed meanwhile."""
        ends, dice = time.monotonic() + patience, random.Random(by)
        next_kill = time.monotonic() + kills_every
        while not until():
            assert not self.mails.wrong, self.mails.wrong
            assert time.monotonic() < ends, "\n".join(self.said(m.pid)[-1500:] for m in self.machines)
            self.begin_again()
            if kills_every and (up := self.up()) and time.monotonic() >= next_kill:
                self.kill(dice.choice(up))
                next_kill = time.monotonic() + kills_every
            select.select([], [], [], 0.05)

    def got(self) -> int:
        return self.mails.readers

    def up_to(self, share: float, **some: Any) -> None:
        """Until that share of the readers has the mail; then the provider's door is shut."""
        most = int(self.count * share)
        self.mails.take_at_most(most)
        self.live(lambda: self.got() >= most, **some)

    def wait(self, seconds: float, **some: Any) -> None:
        ends = time.monotonic() + seconds
        self.live(lambda: time.monotonic() > ends, **some)

    def correct(self) -> None:
        """Other words in the file, and everybody's approval of them."""
        (path,) = (self.root / "campaigns" / CAMPAIGN / "items").glob(f"*{ITEM}.md")
        before = path.read_text(encoding="utf-8")
        head, email = before.split("# Email")
        path.write_text(f"{head}# Email{email.replace(BEFORE, AFTER)}", encoding="utf-8")
        assert path.read_text(encoding="utf-8") != before
        self.good("approve", ITEM, "--channel", "email", "--by", "Ada Example", at=self.now())
        self.corrected = time.monotonic()

    def empty_the_queue(self) -> None:
        """All tables of the work queue, whatever is rung for."""
        tables = (
            "SELECT string_agg(quote_ident(schemaname) || '.' || quote_ident(tablename), ', ') FROM pg_tables "
            "WHERE schemaname LIKE 'observance_queue_%'"
        )
        with self._engine.begin() as connection:
            connection.execute(text(f"TRUNCATE {connection.execute(text(tables)).scalar_one()} CASCADE"))

    def email(self) -> Delivery:
        ledger = self.open_ledger()
        try:
            return self.deliveries(ledger)[1]
        finally:
            ledger.close()

    def batches(self, *states: State) -> int:
        """How many of the email's batches are in these states."""
        query = (
            "SELECT count(*) FROM batches JOIN deliveries ON deliveries.id = batches.delivery_id "
            "WHERE deliveries.kind = 'email' AND deliveries.item = :item AND batches.state = ANY(:states)"
        )
        with self._engine.connect() as connection:
            found = connection.execute(text(query), {"item": ITEM, "states": [str(s) for s in states]})
            return int(found.scalar_one())

    def finish(self) -> None:
        """Everybody stops in good order. Two hours later what the killed were calling is in doubt, and a person settles
        it by what the provider says; the rest goes out."""
        self.stop_all()
        for machine in self.machines:
            machine.starts_at = time.monotonic()
        self.began -= 7200
        self.live(lambda: not self.batches(State.SENDING))
        doubts = self.doubts()
        self.phase(f"of what the killed were calling, {counted(len(doubts), 'batch', 'batches')} in doubt")
        ledger = self.open_ledger()
        numbers = {d.channel: str(d.id) for d in self.deliveries(ledger)}
        ledger.close()
        for (channel, batch), arrived in doubts.items():
            verdict = ("--as", "sent" if arrived else "not-sent", "--by", "Ada Example")
            self.good("resolve", numbers[channel], "--batch", str(batch), *verdict, at=self.now())
        if set_aside := self.batches(State.FAILED):  # what three programs in a row had in hand when they were killed
            self.good("retry", numbers["email"], "--by", "Ada Example", at=self.now())
        self.phase(
            f"a person has settled it, and sent {counted(set_aside, 'batch', 'batches')} anew that were set aside"
        )
        self.live(lambda: not self.batches(State.SCHEDULED, State.SENDING, State.UNKNOWN))
        self.stop_all()
        self.phase("the rest went out, and all have stopped")

    def stop_all(self) -> None:
        """In good order; a process that is only beginning is let begin first."""
        self.live(lambda: all(not m.starts_at and "the alarm is set" in self.said(m.pid) for m in self.machines))
        for machine in self.machines:
            assert self.status(machine.pid) is None, f"{machine.name} has ended: {self.said(machine.pid)[-3000:]}"
            os.kill(machine.pid, signal.SIGTERM)
            assert (ended := self.ended(machine.pid)) == 0, (
                f"{machine.name} ended with {ended}: {self.said(machine.pid)[-3000:]}"
            )

    def verdict(self) -> dict[str, object]:
        """In the end, once every doubt is settled: nobody has it twice, nobody lacks it, the books say so, nothing was
        begun while it was held, and each reader has the words that the books say."""
        posts, mails = self.received()
        times = Counter(mails)
        ledger = self.open_ledger()
        try:
            whole, deliveries = ledger.events.verify().is_whole, self.deliveries(ledger)
            of_number = {b.number: b.send_id for b in ledger.deliveries.batches(deliveries[1].id)}
            kinds = ("attempt.begun", "hold.set", "hold.released")
            lines = [e for e in ledger.events.of_kinds(*kinds) if e.delivery_id in (None, deliveries[1].id)]
        finally:
            ledger.close()
        counts = deliveries[1].counts
        return {
            "posts": posts,
            "twice": sum(number > 1 for number in times.values()),
            "lost": self.count - len(times),
            "states": [str(d.state) for d in deliveries],
            "counts": (counts.frozen, counts.accepted, counts.failed, counts.unknown, counts.skipped, counts.waiting),
            "history is whole": whole,
            "why": in_words(deliveries[1].reasons, deliveries[1].detail) if counts.accepted < self.count else "",
            "begun while held": self._begun_while_held(lines, of_number),
            "words": self._words(lines, of_number),
        }

    def _begun_while_held(self, lines: Sequence[Event], of_number: Mapping[int, str]) -> int:
        """Intents after the hold's row; and mails that came while it was held whose intent was not before it."""
        held, released = (next(e.id for e in lines if e.kind == kind) for kind in ("hold.set", "hold.released"))
        begun = [e for e in lines if e.kind == "attempt.begun"]
        before = {of_number[int(str(e.data["batch"]))] for e in begun if e.id < held}
        came = self.mails.mails[slice(*self.held)]
        return sum(held < e.id < released for e in begun) + sum(_send_id(mail) not in before for mail in came)

    def _words(self, lines: Sequence[Event], of_number: Mapping[int, str]) -> str:
        """Whether every mail has the words that the ledger says its readers were sent, the corrected ones from soon
        after the correction; the readers that had the earlier ones are those that the ledger counts at that instant,
        and those whose calls were under way."""
        digest_of = {of_number[int(str(e.data["batch"]))]: str(e.data["digest"]) for e in lines if "digest" in e.data}
        found = {(digest_of[_send_id(mail)], _is_corrected(mail)) for mail in self.mails.mails}
        if [False, True] != sorted(is_corrected for _, is_corrected in found) or len(dict(found)) != 2:
            return f"{sorted(found)}"
        late = [
            at - self.corrected
            for at, mail in zip(self.mails.came, self.mails.mails, strict=True)
            if not _is_corrected(mail)
        ]
        if max(late) > NOTICED:
            return f"earlier words {max(late):.0f} s after the correction"
        earlier = sum(len(mail.readers) for mail in self.mails.mails if not _is_corrected(mail))
        known = self.email().had_earlier  # with those whose call was in doubt, without those whose call was under way
        with self._engine.connect() as connection:
            unsure = connection.execute(text("SELECT sum(readers) FROM attempts WHERE outcome <> 'accepted'")).scalar()
        unsure = int(unsure or 0) + self.starter.batch * CALLS_IN_FLIGHT * len(self.machines)
        return "as the ledger says" if 0 < known and abs(known - earlier) <= unsure else f"{known} of {earlier} readers"

    def good_verdict(self) -> dict[str, object]:
        sent = str(State.SENT)
        counts = (self.count, self.count, 0, 0, 0, 0)
        return {
            "posts": 1,
            "twice": 0,
            "lost": 0,
            "states": [sent, sent],
            "counts": counts,
            "history is whole": True,
            "why": "",
            "begun while held": 0,
            "words": "as the ledger says",
        }

    def served_by(self) -> dict[str, int]:
        """Readers whose call was accepted, by the machine that made it."""
        query = "SELECT node, sum(readers) FROM attempts WHERE outcome = 'accepted' GROUP BY node"
        found = Counter[str]()
        with self._engine.connect() as connection:
            for node, readers in connection.execute(text(query)):
                found[self.machine_of[int(node.split(":")[1])]] += int(readers)
        return dict(found)


def _send_id(mail: AcceptedMail) -> str:
    return mail.envelopes[0].custom_args["send_id"]


def _is_corrected(mail: AcceptedMail) -> bool:
    return ADDED in " ".join(mail.text.split())  # its lines are broken anew


def live_through(day: SeveralMachines, *, seed: int, kills_every: float = KILLS_EVERY, queue: bool = False) -> None:
    """At two places a process beside the files each, and three workers, one of them with the queue or all; what happens
    to them; and what a person does about the doubts in the end."""
    some: dict[str, Any] = {"kills_every": kills_every, "by": seed, "patience": LONG + day.count / 10}
    options = ("--queue",) if queue else ()
    day.lived_since = time.monotonic()
    day.beside_the_files("north", "here")
    day.without_files("east", "here", *options)
    day.beside_the_files("south", "there")
    day.without_files("west", "there", *options)
    day.without_files("queue", "there", "--queue")
    day.up_to(1 / 5, **some)
    day.phase("a fifth went out")
    day.good("hold", "--reason", "a look at it", "--by", "Ada Example", at=day.now())
    held = len(day.mails.mails)
    day.mails.take_all()  # what was begun before
    day.wait(kills_every + STARTS_AFTER, **some)
    day.held = held, len(day.mails.mails)
    day.phase("it was held")
    day.good("resume", "--send", "all", "--by", "Ada Example", at=day.now())
    day.up_to(2 / 5, **some)
    day.server.restart()
    day.phase("PostgreSQL was restarted")
    day.up_to(1 / 2, **some)
    day.empty_the_queue()
    day.phase("the queue was emptied")
    day.up_to(3 / 5, **some)
    day.correct()
    day.mails.take_all()
    day.phase("it was corrected")
    day.live(lambda: not day.batches(State.SCHEDULED), **some)
    day.phase("nothing waits any more")
    day.finish()


@contextmanager
def several_machines(root: Path, starter: Starter, server: Server, url: str, readers: int) -> Iterator[SeveralMachines]:
    """A day that is signed, approved and armed; whatever still runs in the end is ended."""
    clock = VirtualClock(TEN)
    with (
        XDouble(secrets=X_SECRETS, tlds=top_level_domains(), clock=clock) as x,
        Provider(api_key=SENDGRID_KEY, clock=clock) as mails,
    ):
        copy_small_month(root)
        day = SeveralMachines(root, x, mails, starter, url)
        day.make_ready_for(server, readers)
        day.make_ready()
        day.began = time.monotonic()
        try:
            yield day
        finally:
            day.end_all()
            day._engine.dispose()


def main(readers: int, seed: int, *, queue: bool) -> int:
    """One day, by hand."""
    programs = binaries()
    assert programs is not None, "PostgreSQL's own programs are needed"
    server = Server(programs, is_restarted=True)
    url, root = server.start(), Path(tempfile.mkdtemp(prefix="observance-machines-"))
    begun, batch = time.monotonic(), max(BATCH, readers // CALLS)
    try:
        with Starter(batch=batch) as starter, several_machines(root, starter, server, url, readers) as day:
            live_through(day, seed=seed, queue=queue)
            verdict = day.verdict()
            kills = {machine.name: machine.kills for machine in day.machines}
            print(f"{readers:,} readers, {batch} a call, seed {seed}, {time.monotonic() - begun:.0f} s, kills: {kills}")
            print(f"served by: {day.served_by()}")
            print(verdict)
            return int(verdict != day.good_verdict())
    finally:
        server.stop()
        shutil.rmtree(root, ignore_errors=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("readers", type=int)
    parser.add_argument("seed", type=int, nargs="?", default=1)
    parser.add_argument("--queue", action="store_true", help="all workers are woken by the work queue")
    given = parser.parse_args()
    sys.exit(main(given.readers, given.seed, queue=given.queue))
