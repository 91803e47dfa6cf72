"""`start` itself on a day of one post and an email in five batches, against stand-ins for X and for the mail's way.

The stand-ins outlive the processes that are killed: what they have kept is the truth, and the ledger is held
against it.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from scheduler.channels.sendgrid.simulator import SendGridDouble
from scheduler.channels.smtp.smtp_talk import SmtpDouble
from scheduler.channels.x.simulator import XDouble
from scheduler.domain.delivery import State
from scheduler.domain.records import Delivery
from scheduler.domain.season_key import SeasonKey
from scheduler.store import Ledger, open_ledger
from tests.contract.test_live_road import ROOT, Road
from tests.crash.kills import counted
from tests.crash.starter import BATCH, Starter
from tests.support.small_month import CAMPAIGN, DAY, EVE, ITEM, SEASON

T = TypeVar("T")

BATCHES = 5
#: A batch holds ten readers, by SendGrid as by SMTP.
READERS = 45


def command(*arguments: str) -> list[str]:
    """The command as a person types it. Outside the project's own environment run.py would make one first."""
    inside = Path(sys.prefix) == ROOT / ".venv"
    return [sys.executable, *(["run.py"] if inside else ["-m", "scheduler.cli"]), *arguments]


def at(clock: str) -> str:
    """An instant of the day, at the campaign's place."""
    return f"{DAY}T{clock}-05:00"


class Day(Road):
    """A project whose email goes out in five batches, its stand-ins, and real processes that die."""

    def __init__(self, root: Path, x: XDouble, mails: SendGridDouble | SmtpDouble, starter: Starter) -> None:
        super().__init__(root, x, mails)  # type: ignore[arg-type]  # a road asks for no more than both have
        self.mails = mails
        self.starter = starter
        self.count = READERS
        if mails.name == "smtp":
            self.environment |= {
                "OBSERVANCE_CHANNELS__EMAIL__TRANSPORT": "smtp",
                "OBSERVANCE_CHANNELS__EMAIL__STARTTLS": "false",
                "OBSERVANCE_CHANNELS__EMAIL__BATCH_SIZE": str(BATCH),
            }

    def make_ready(self) -> None:
        for step in self.steps().values():
            self.good(*step, at=EVE)

    def one_call_at_a_time(self) -> None:
        """On each lane; the email would have several in flight."""
        self.environment["OBSERVANCE_CHANNELS__EMAIL__MAX_IN_FLIGHT"] = "1"

    def readers(self) -> Path:
        path = self.root / "readers.csv"
        rows = "".join(f"reader{n}@readers.example,America/New_York\n" for n in range(self.count))
        path.write_text("email,zone\n" + rows, encoding="utf-8")
        return path

    # -- processes --------------------------------------------------------------------------------------

    def spawn(self, clock: str, **environment: str) -> tuple[int, Path]:
        """`start`, forked: its number, and the file with what it prints."""
        output = self.root / f"said-{len(list(self.root.glob('said-*')))}.txt"
        output.touch()
        settings = {**self.environment, "OBSERVANCE_PRETEND_NOW": at(clock), **environment}
        return self.starter.spawn(["start", "--no-web"], settings, output), output

    def start_and_die(self, failpoint: str) -> None:
        """Start a moment before the instant, and be killed at the failpoint. Fails when nothing killed it."""
        pid, output = self.spawn("09:59:59", OBSERVANCE_FAILPOINT=failpoint)
        status = until(lambda: self.starter.poll(pid))
        if status is None:
            os.kill(pid, signal.SIGKILL)
            self.starter.wait(pid)
        assert -signal.SIGKILL == counted(0 if status is None else status), output.read_text(encoding="utf-8")

    def start_until_done(self, clock: str) -> None:
        """Start at ``clock``, let the first pass end and each lane rest, and stop in good order."""
        pid, output = self.spawn(clock)
        is_done = until(
            lambda: any(words in output.read_text(encoding="utf-8") for words in ("Next:", "Nothing is due")) or None
        )
        is_done = is_done and until(lambda: self.rests() or None, nap=0.1)
        os.kill(pid, signal.SIGTERM)
        assert 0 == self.starter.wait(pid), output.read_text(encoding="utf-8")
        assert is_done, f"the first pass did not come to its end: {output.read_text(encoding='utf-8')}"

    # -- what the ledger says, and what was received ----------------------------------------------------

    def open_ledger(self) -> Ledger:
        return open_ledger(f"sqlite:///{self.root / 'var' / 'observance.db'}")

    def rests(self) -> bool:
        """Whether all that is due has an end, a doubt at least."""
        ledger = self.open_ledger()
        try:
            deliveries = self.deliveries(ledger)
            batches = [batch for d in deliveries for batch in ledger.deliveries.batches(d.id)]
        finally:
            ledger.close()
        if any(d.counts.waiting for d in deliveries):  # also those who are not frozen yet
            return False
        return len(batches) > 1 and not {b.state for b in batches} & {State.SCHEDULED, State.SENDING}

    def deliveries(self, ledger: Ledger) -> tuple[Delivery, ...]:
        """The day's post and email, in this order."""
        found = [d for d in ledger.deliveries.of_season("live", SeasonKey(CAMPAIGN, SEASON)) if d.item == ITEM]
        return tuple(sorted(found, key=lambda d: d.kind, reverse=True))

    def post_is_through(self) -> bool:
        """Whether the ledger knows how the post's call has ended."""
        ledger = self.open_ledger()
        try:
            return any(d.kind == "post" and d.state is State.SENT for d in self.deliveries(ledger))
        finally:
            ledger.close()

    def doubts(self) -> dict[tuple[str, int], bool]:
        """What the ledger calls unknown: (channel, number of the batch) -> whether it did arrive."""
        ledger = self.open_ledger()
        try:
            return {
                (d.channel, b.number): self.has_arrived(
                    b.send_id if d.kind == "email" else "", [r.subscriber_id for r in ledger.lookups.recipients(b.id)]
                )
                for d in self.deliveries(ledger)
                for b in ledger.deliveries.batches(d.id)
                if b.state is State.UNKNOWN
            }
        finally:
            ledger.close()

    def has_arrived(self, send_id: str, readers: Sequence[str] = ()) -> bool:
        """Whether the provider has the call; the post where no id is given, and by SMTP the mail of each reader."""
        if not send_id:
            return bool(self.x.posts)
        if isinstance(self.mails, SmtpDouble):
            kept = [mail.message_id for mail in self.mails.mails]
            return all(any(f"{send_id}.{subscriber}@" in message_id for message_id in kept) for subscriber in readers)
        return any(e.custom_args["send_id"] == send_id for mail in self.mails.mails for e in mail.envelopes)

    def check(self, *, settled: bool) -> None:
        """Nobody has anything twice; whoever lacks something is in a doubt; frozen is the sum of what became of it."""
        posts, mails = self.received()
        per_reader = Counter(mails)
        assert posts <= 1
        assert {1} >= set(per_reader.values())
        ledger = self.open_ledger()
        try:
            post, email = self.deliveries(ledger)
            assert ledger.events.verify().is_whole
            assert BATCHES == len(
                {batch.send_id for batch in ledger.deliveries.batches(email.id)}
            )  # parts of one keep it
        finally:
            ledger.close()
        for delivery, frozen, got in ((post, 1, posts), (email, self.count, len(per_reader))):
            counts = delivery.counts
            assert (frozen, 0) == (counts.frozen, counts.waiting), delivery
            assert frozen == counts.accepted + counts.failed + counts.unknown + counts.skipped, delivery
            assert counts.accepted <= got <= counts.accepted + counts.unknown, delivery
            assert (0, 0) == (counts.failed, counts.skipped), delivery
            if settled:
                assert (State.SENT, frozen, frozen) == (delivery.state, counts.accepted, got), delivery

    # -- a person ---------------------------------------------------------------------------------------

    def settle_by_a_person(self, clock: str) -> None:
        """Somebody looks at the provider, and says of each doubt what is so."""
        numbers = {d["channel"]: d["id"] for d in self.listed(clock) if d["item"] == ITEM}
        for (channel, batch), arrived in self.doubts().items():
            verdict = "sent" if arrived else "not-sent"
            self.good(
                "resolve",
                str(numbers[channel]),
                "--batch",
                str(batch),
                "--as",
                verdict,
                "--by",
                "Ada Example",
                at=at(clock),
            )

    def listed(self, clock: str) -> list[dict[str, object]]:
        return list(json.loads(self.run("deliveries", "--json", at=at(clock)).stdout))


def until(found: Callable[[], T | None], nap: float = 0.01) -> T | None:
    """What is found in the end; None after a minute without it. ``nap``: longer where the look itself takes a while."""
    ends = time.monotonic() + 60
    while (value := found()) is None and time.monotonic() < ends:
        select.select([], [], [], nap)
    return value


def can_be_killed() -> bool:
    return os.name == "posix"
