"""A provider that accepts and whose answer never comes, or cannot be read: one post, one mail, and the right state.

Through the whole engine, with the real ways out and their stand-ins as real servers: unknown at first, not called
again by anything, and settled by the provider's own records where it has some; a mail server has none, so there a
person decides. On both databases.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scheduler.channels.contract.faults import Act, Fault
from scheduler.channels.registry import open_channel
from scheduler.channels.sendgrid.simulator import SENDGRID_KEY, SendGridDouble
from scheduler.channels.smtp.smtp_talk import SmtpDouble
from scheduler.channels.x.simulator import X_SECRETS, XDouble
from scheduler.clock import VirtualClock
from scheduler.domain.delivery import State
from scheduler.domain.delivery_words import why
from scheduler.domain.records import Delivery
from scheduler.settings import ChannelSettings, Secrets
from scheduler.store import Ledger
from tests.support.world import A_MONTH, World, a_post, an_email

DUE = datetime(2027, 1, 1, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
READERS = 3
#: Seconds: the client's patience where an answer is going to be waited for in vain, how long a stand-in is silent that
#: has stalled, and the patience with every other answer, which comes at once but on a busy machine not always soon.
SHORT, SILENCE, PATIENCE = 1.0, 3.0, 30.0

#: What goes wrong after the provider has taken it.
LOST = {
    "accepts_and_drops_the_answer": Fault(Act.DROP_AFTER),
    "answers_500_after_accepting": Fault(Act.ERROR_AFTER, status=500),
    "sends_broken_json_with_201": Fault(Act.BROKEN_BODY),
    "stalls_beyond_the_timeout": Fault(Act.STALL, seconds=SILENCE),
}


@dataclass
class Provider:
    """One delivery, its way out, and what the stand-in at the other end has kept."""

    world: World
    double: Any
    name: str
    way_out: Callable[[float], Any]

    def opens(self, patience: float) -> None:
        """A new way out with this patience in seconds, as after a restart."""
        setattr(self.world, "x" if self.name == "x" else "email", self.way_out(patience))
        self.world.new_tick()

    def passes(self, *minutes: int) -> None:
        for minute in minutes:
            self.world.run_at(DUE + minute * MINUTE)

    @property
    def delivery(self) -> Delivery:
        (found,) = self.world.ledger.deliveries.of_season("live", A_MONTH)
        return found

    @property
    def kept(self) -> Counter[str]:
        """Who has it, how often; the timeline is one reader."""
        if isinstance(self.double, XDouble):
            return Counter(post.text for post in self.double.posts)
        return Counter(address for mail in self.double.mails for address in mail.readers)


@pytest.fixture
def provider(ledger: Ledger) -> Iterator[Callable[[str, Fault], Provider]]:
    """Makes one with a fault at its first call."""
    with ExitStack() as running:

        def make(name: str, fault: Fault) -> Provider:
            clock = VirtualClock(DUE)
            message = a_post("day-1") if name == "x" else an_email("day-1")
            world = World(ledger, [message], readers=READERS)
            if name == "x":
                double: Any = XDouble(clock=clock, secrets=X_SECRETS, faults=[fault])
            elif name == "sendgrid":
                double = SendGridDouble(clock=clock, api_key=SENDGRID_KEY, faults=[fault])
            else:
                double = SmtpDouble(clock=clock, faults=[fault])
            running.enter_context(double)
            options = {"starttls": False} if name == "smtp" else {}

            def way_out(patience: float) -> Any:
                settings = ChannelSettings(message.channel, name, True, double.base_url, patience, options)
                way = open_channel(settings, Secrets({**X_SECRETS, "SENDGRID_API_KEY": SENDGRID_KEY}))
                running.callback(way.close)
                return way

            it = Provider(world, double, name, way_out)
            it.opens(SHORT if fault.act is Act.STALL else PATIENCE)
            return it

        yield make


@pytest.mark.parametrize("what", LOST)
@pytest.mark.parametrize("name", ["x", "sendgrid"])
def test_a_provider_that_took_it_and_whose_answer_is_lost_has_it_once(
    provider: Callable[[str, Fault], Provider], name: str, what: str
) -> None:
    """Unknown after the call, and until the provider's records can be believed; then they say sent. One call, ever."""
    it = provider(name, LOST[what])
    readers = 1 if name == "x" else READERS
    it.passes(0)
    assert (State.UNKNOWN, readers) == (it.delivery.state, it.delivery.counts.unknown)
    assert it.delivery.needs_a_person()
    assert why(it.delivery).startswith(("may have been sent", "500", "201 without the id of a post"))

    it.opens(PATIENCE)
    settled = 4 if name == "x" else 50
    it.passes(1, settled - 2 if name == "x" else 40)
    assert State.UNKNOWN == it.delivery.state, "asked too early, the records may not have it yet"
    it.passes(settled, settled + 1)
    assert (State.SENT, readers) == (it.delivery.state, it.delivery.counts.accepted)
    it.passes(13 * 60, 15 * 60)
    assert {1} == set(it.kept.values())
    assert (readers, 1) == (len(it.kept), it.double.sending_requests)
    assert not it.delivery.needs_a_person()


@pytest.mark.parametrize("what", LOST)
def test_a_mail_server_that_took_it_and_whose_answer_is_lost_has_it_once(
    provider: Callable[[str, Fault], Provider], what: str
) -> None:
    """One reader is in doubt, the others have theirs. A mail server cannot be asked: the doubt stays until a person
    says what its log says, and nobody gets a second mail."""
    it = provider("smtp", LOST[what])
    it.passes(0, 1, 2, 60, 12 * 60)
    counts = it.delivery.counts
    assert (State.UNKNOWN, 1, READERS - 1) == (it.delivery.state, counts.unknown, counts.accepted)
    assert it.delivery.needs_a_person()
    assert 1 == it.world.ledger.lookups.resolve(it.delivery.id, sent=True, who="Ada", now=it.world.clock.now())
    it.passes(13 * 60, 15 * 60)
    assert (State.SENT, READERS) == (it.delivery.state, it.delivery.counts.accepted)
    assert dict.fromkeys((f"reader{n}@readers.example" for n in range(READERS)), 1) == it.kept
    # Once more where a line was dropped on which the next reader was named already, before their mail went.
    assert it.double.sending_requests in (READERS, READERS + 1)


@pytest.mark.parametrize("name", ["x", "sendgrid"])
def test_what_never_arrived_stays_in_doubt_until_a_person_says_so_and_then_goes_once(
    provider: Callable[[str, Fault], Provider], name: str
) -> None:
    """The line broke before anything was kept. An empty record proves nothing: it is asked again and again, and not
    sent again; a person who has looked lets it go."""
    it = provider(name, Fault(Act.DROP_BEFORE))
    it.passes(0, 4, 10, 50, 120, 300)
    assert (State.UNKNOWN, 1, {}) == (it.delivery.state, it.double.sending_requests, it.kept)
    it.world.ledger.lookups.resolve(it.delivery.id, sent=False, who="Ada", now=it.world.clock.now())
    it.passes(301, 302)
    assert (State.SENT, {1}) == (it.delivery.state, set(it.kept.values()))
