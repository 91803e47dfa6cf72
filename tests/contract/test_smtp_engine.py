"""A day by SMTP, through the engine: a server that refuses, puts off, drops and closes; each reader's true state."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from scheduler.channels.contract.faults import Act, Fault
from scheduler.channels.mime import message_id
from scheduler.channels.registry import open_channel
from scheduler.channels.smtp.smtp_connection import SmtpLine
from scheduler.channels.smtp.smtp_talk import SmtpDouble
from scheduler.domain.delivery import State
from scheduler.domain.delivery_words import why
from scheduler.domain.outcome import Outcome, Request
from scheduler.domain.reason import ReasonCode
from scheduler.engine import replay
from scheduler.engine.send_journal import AHEAD
from scheduler.services.reconcile import LogVerdict, judge
from scheduler.settings import ChannelSettings, Secrets
from scheduler.store import Ledger
from scheduler.store.tables import recipients
from tests.support.smtp_servers import Certificates, ScriptedServer
from tests.support.world import A_MONTH, World, an_email

DUE = datetime(2027, 1, 1, 10, tzinfo=UTC)
END = datetime(2027, 1, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
READERS = 130


class Day:
    """One email for many readers, by a mail server that is told how to behave."""

    def __init__(
        self,
        ledger: Ledger,
        server: SmtpDouble,
        *,
        count: int = READERS,
        batch_size: int = 50,
        starttls: bool = False,
        journal: Path | None = None,
    ) -> None:
        self.ledger, self.server = ledger, server
        self.world = World(ledger, [an_email("day-1")], readers=count, journal=journal)
        options = {"starttls": starttls, "batch_size": batch_size}
        channel = ChannelSettings("email", "smtp", True, server.base_url, 5.0, options)
        self.transport = open_channel(channel, Secrets({}))
        self.world.email = self.transport  # type: ignore[assignment]
        self.world.new_tick()

    def passes(self, *minutes: int) -> None:
        for minute in minutes:
            self.world.run_at(DUE + minute * MINUTE)

    @property
    def delivery(self) -> Any:
        (found,) = self.ledger.deliveries.of_season("live", A_MONTH)
        return found

    def states(self) -> dict[int, str]:
        """Number of the reader -> state."""
        batches = {b.number: str(b.state) for b in self.ledger.deliveries.batches(self.delivery.id)}
        with self.ledger._database.read() as connection:
            rows = connection.execute(select(recipients)).mappings().all()
        return {int(r["subscriber_id"][1:]): r["state"] or batches[r["batch_number"]] for r in rows}

    def got(self) -> Counter[int]:
        """Number of the reader -> how many mails the server has kept."""
        return Counter(int(mail.recipient.removeprefix("reader").split("@")[0]) for mail in self.server.mails)


def address(number: int) -> str:
    return f"reader{number}@readers.example"


@pytest.fixture
def server() -> Iterator[SmtpDouble]:
    with SmtpDouble() as running:
        yield running


@pytest.fixture
def a_day(ledger: Ledger, server: SmtpDouble) -> Iterator[Callable[..., Day]]:
    """Makes a :class:`Day`; its lines are closed at the end. ``by``: another server."""
    made: list[Day] = []

    def make(*, by: Any = server, **options: Any) -> Day:
        made.append(Day(ledger, by, **options))
        return made[-1]

    yield make
    for day in made:
        day.transport.close()


def test_each_reader_has_the_state_that_is_true(ledger: Ledger, server: SmtpDouble, a_day: Callable[..., Day]) -> None:
    """Some have dead addresses, some are put off once, one mail ends in doubt, and the server closes after 100 mails: everybody
    else has theirs once, and the ledger says of each what happened."""
    refused, put_off = {3, 50, 51, 99, 129}, {0, 7, 64, 100}
    server.refused = {address(n) for n in refused}
    server.greylists = {address(n) for n in put_off}
    server.faults = type(server.faults)([Fault(Act.DROP_AFTER, match=address(120))])
    day = a_day()
    day.passes(0, 1, 2, 4, 8, 20)

    states = day.states()
    assert refused == {n for n, state in states.items() if state == State.SKIPPED}
    assert {120} == {n for n, state in states.items() if state == State.UNKNOWN}
    assert READERS - 6 == Counter(states.values())[State.SENT]
    assert {n: 1 for n in range(READERS) if n not in refused} == day.got()
    counts = day.delivery.counts
    assert (READERS, READERS - 6, 0, 1, 5, 0) == (
        counts.frozen,
        counts.accepted,
        counts.failed,
        counts.unknown,
        counts.skipped,
        counts.waiting,
    )
    assert (State.UNKNOWN, True) == (day.delivery.state, day.delivery.needs_a_person())
    assert 3 <= server.lines_opened
    assert "@" not in repr((ledger.events.newest(limit=500), day.delivery, ledger.deliveries.batches(day.delivery.id)))


# -- one thing at a time --------------------------------------------------------------------------------


def test_a_server_that_refuses_some_recipients(server: SmtpDouble, a_day: Callable[..., Day]) -> None:
    """As dead: they are left out for a reason of their own, and barred; nobody else is touched, and nobody asks again."""
    server.refused = {address(n) for n in (0, 49, 50, 129)}
    day = a_day()
    day.passes(0, 1, 2, 60, 600)
    assert {n: State.SKIPPED if n in (0, 49, 50, 129) else State.SENT for n in range(READERS)} == day.states()
    counted = day.ledger.subscribers.count()
    assert (READERS - 4, 4, 4) == (counted["active"], counted["bounced"], counted["suppressed"])
    bounced = [event for event in day.ledger.events.newest(limit=500) if event.kind == "subscriber.bounced"]
    assert {f"r{n:07d}" for n in (0, 49, 50, 129)} == {event.data["subscriber"] for event in bounced}
    assert "@" not in repr(bounced)
    assert {n: 1 for n in range(READERS) if n not in (0, 49, 50, 129)} == day.got()
    assert READERS == server.sending_requests


def test_a_refusal_that_is_not_about_the_address_bars_nobody(server: SmtpDouble, a_day: Callable[..., Day]) -> None:
    """5.7.1: that one mail has failed; the reader stays on the list."""
    server.faults = type(server.faults)([Fault(Act.REFUSE, match=address(7))])
    day = a_day()
    day.passes(0, 1)
    assert (State.FAILED, READERS) == (day.states()[7], day.ledger.subscribers.count()["active"])


def test_a_server_that_knows_nobody_bars_nobody(server: SmtpDouble, a_day: Callable[..., Day]) -> None:
    """It has lost its list, or is the wrong one: the channel pauses, and when it knows them again everybody has theirs."""
    server.refused = {address(n) for n in range(READERS)}
    day = a_day()
    day.passes(0, 1)
    assert READERS == day.ledger.subscribers.count()["active"]
    assert 1 == len(day.ledger.pauses.in_force("live", now=DUE + MINUTE))
    server.refused = set()
    day.passes(*range(2, 30))
    assert ({State.SENT}, dict.fromkeys(range(READERS), 1)) == (set(day.states().values()), day.got())


def test_a_server_that_takes_nothing_from_us_ends_nothing(a_day: Callable[..., Day]) -> None:
    """A refusal of the sender holds for everybody: two calls, then a pause; nobody's mail has failed."""
    with ScriptedServer({"MAIL": "550 5.7.1 not from you\r\n"}) as server:
        day = a_day(by=server)
        day.passes(0)
        (pause,) = day.ledger.pauses.in_force("live", now=DUE)
        assert ("email", 2, [ReasonCode.FORBIDDEN]) == (pause.channel, pause.failures, [r.code for r in pause.reasons])
        assert 2 == server.words().count("MAIL")
        assert {State.SCHEDULED} == set(day.states().values())


@pytest.mark.parametrize("greeting", ["421 4.3.2 not now\r\n", "554 5.3.2 never\r\n", ""], ids=["421", "554", "cut"])
def test_a_server_that_opens_no_line_is_tried_a_few_times_however_many_batches_wait(
    a_day: Callable[..., Day], greeting: str
) -> None:
    """26 batches wait: two tries, then one for each pause that has ended, which grows. Nothing is parted for it."""
    with ScriptedServer(greeting=greeting) as server:
        day = a_day(by=server, batch_size=5)
        day.passes(0)
        assert 2 == server.lines
        day.passes(*range(1, 61))
        assert 10 >= server.lines
        assert READERS // 5 == len(day.ledger.deliveries.batches(day.delivery.id))
        assert {State.SCHEDULED} == set(day.states().values())


def test_a_server_that_greylists_half_of_everybody_makes_one_batch_more_of_each(
    server: SmtpDouble, a_day: Callable[..., Day]
) -> None:
    """Those who were put off go together when it is time, and nothing is parted again."""
    server.greylists = {address(n) for n in range(0, READERS, 2)}
    day = a_day(batch_size=20)
    day.passes(0)
    assert 2 * 7 == len(day.ledger.deliveries.batches(day.delivery.id))
    day.passes(1, 2)
    assert ({State.SENT}, dict.fromkeys(range(READERS), 1)) == (set(day.states().values()), day.got())
    assert 2 * 7 == len(day.ledger.deliveries.batches(day.delivery.id))


def test_a_server_that_greylists(server: SmtpDouble, a_day: Callable[..., Day]) -> None:
    """Everybody is put off at the first try; nothing has failed, nothing is in doubt, and the second try reaches all."""
    server.greylists = True
    day = a_day()
    day.passes(0)
    assert ({State.SCHEDULED}, 0) == (set(day.states().values()), len(server.mails))
    day.passes(1, 2)
    assert ({State.SENT}, dict.fromkeys(range(READERS), 1)) == (set(day.states().values()), day.got())
    assert 2 * READERS == server.sending_requests


@pytest.mark.parametrize(("act", "has_it"), [(Act.DROP_BEFORE, False), (Act.DROP_AFTER, True)], ids=["lost", "kept"])
def test_a_server_that_drops_the_line_after_the_content(
    server: SmtpDouble, a_day: Callable[..., Day], act: Act, has_it: bool
) -> None:
    """Whether it kept the mail nobody knows: that one reader is in doubt and is not called again; all others have theirs."""
    server.faults = type(server.faults)([Fault(act, match=address(77))])
    day = a_day()
    day.passes(0, 1, 2, 60, 600)
    assert {n: State.UNKNOWN if n == 77 else State.SENT for n in range(READERS)} == day.states()
    assert {n: 1 for n in range(READERS) if n != 77 or has_it} == day.got()


def test_a_server_that_closes_after_100_mails(server: SmtpDouble, a_day: Callable[..., Day]) -> None:
    """Without a word: the next mail goes over a new line; nobody is in doubt, and no line more is opened than it takes."""
    server.closes_after = 100
    day = a_day(count=250)
    day.passes(0)
    assert ({State.SENT}, dict.fromkeys(range(250), 1)) == (set(day.states().values()), day.got())
    assert 3 == server.lines_opened


def test_a_line_is_kept_from_batch_to_batch(server: SmtpDouble, a_day: Callable[..., Day]) -> None:
    """Three batches, and the next day's, over one connection."""
    server.closes_after = 0
    day = a_day()
    day.passes(0)
    assert (3, 1) == (len(day.ledger.deliveries.batches(day.delivery.id)), server.lines_opened)
    assert ({State.SENT}, dict.fromkeys(range(READERS), 1)) == (set(day.states().values()), day.got())


def test_a_server_vouched_for_by_an_authority_of_our_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, a_day: Callable[..., Day]
) -> None:
    """STARTTLS, and only then the mails: every one of them encrypted, over one line."""
    certificates = Certificates(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.ca))
    with SmtpDouble(tls=certificates.server()) as encrypted:
        day = a_day(by=encrypted, count=60, starttls=True)
        day.passes(0)
        assert ({State.SENT}, dict.fromkeys(range(60), 1)) == (set(day.states().values()), day.got())
        assert all(mail.encrypted for mail in encrypted.mails)
        assert 1 == encrypted.lines_opened


@pytest.mark.parametrize(
    ("host", "vouched"), [("127.0.0.1", False), ("elsewhere.example", True)], ids=["self-signed", "another-name"]
)
def test_a_wrong_certificate_gets_no_mail_and_no_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, a_day: Callable[..., Day], host: str, vouched: bool
) -> None:
    """Nothing has failed and nothing is in doubt: when the certificate is right again, everybody gets theirs once."""
    certificates = Certificates(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.ca))
    with SmtpDouble(tls=certificates.server(host, vouched=vouched)) as wrong:
        day = a_day(by=wrong, count=60, starttls=True)
        day.passes(0, 1)
        assert ({State.SCHEDULED}, 0) == (set(day.states().values()), wrong.sending_requests)
        assert "the server's certificate is not trusted" in why(day.delivery)
        wrong.tls = certificates.server()
        day.passes(5, 6)
        assert ({State.SENT}, dict.fromkeys(range(60), 1)) == (set(day.states().values()), day.got())


# -- doubts ---------------------------------------------------------------------------------------------


def test_a_doubt_stays_one_until_a_person_decides_and_then_one_reader_is_called(
    ledger: Ledger, server: SmtpDouble, a_day: Callable[..., Day]
) -> None:
    """The mail was lost with the line: no pass sends it again. A person says so; that reader gets it, nobody else."""
    server.faults = type(server.faults)([Fault(Act.DROP_BEFORE, match=address(2))])
    day = a_day(count=5)
    day.passes(0, 1, 2, 60, 120, 300)
    assert {0: 1, 1: 1, 3: 1, 4: 1} == day.got()
    assert State.UNKNOWN == day.states()[2]
    (doubt,) = (b for b in ledger.deliveries.batches(day.delivery.id) if b.state is State.UNKNOWN)
    ledger.lookups.resolve(day.delivery.id, sent=False, who="Ada", batch=doubt.number, now=day.world.clock.now())
    day.passes(301)
    assert (dict.fromkeys(range(5), 1), {State.SENT}) == (day.got(), set(day.states().values()))


def test_the_same_mail_has_the_same_message_id_at_each_try(
    ledger: Ledger, server: SmtpDouble, a_day: Callable[..., Day]
) -> None:
    """A server, or a mail program, that has seen it knows it again."""
    server.faults = type(server.faults)([Fault(Act.DROP_AFTER, match=address(1))])
    day = a_day(count=3)
    day.passes(0, 1)
    day.ledger.lookups.resolve(day.delivery.id, sent=False, who="Ada", now=day.world.clock.now())  # which is not true
    day.passes(2)
    twice = [mail.message_id for mail in server.mails if mail.recipient == address(1)]
    assert (2, 1) == (len(twice), len(set(twice)))
    assert 3 == len({mail.message_id for mail in server.mails})


def test_whoever_is_put_off_all_day_is_missed_and_nobody_waits_on(
    ledger: Ledger, server: SmtpDouble, a_day: Callable[..., Day]
) -> None:
    """A mailbox that is full until midnight: tried less and less often, missed at the end of the window."""
    server.faults = type(server.faults)([Fault(Act.LIMIT, match=address(1), times=1_000)])
    day = a_day(count=3)
    day.passes(*range(0, 14 * 60, 15))
    tries = server.sending_requests - 2
    day.world.run_at(END)
    assert {0: State.SENT, 1: State.MISSED, 2: State.SENT} == day.states()
    assert 40 <= tries <= 56
    counts = day.delivery.counts
    assert (2, 1, 0) == (counts.accepted, counts.skipped, counts.waiting)


def test_a_server_that_is_gone_is_waited_for(ledger: Ledger, server: SmtpDouble, a_day: Callable[..., Day]) -> None:
    """Nothing was sent, nothing is in doubt; when it is back, everybody gets their mail once."""
    day = a_day(count=5)
    port = server.port
    server.stop()
    day.passes(0, 1)
    assert {State.SCHEDULED} == set(day.states().values())
    with SmtpDouble(port=port) as back:
        day.server = back
        day.passes(2, 3)
        assert ({State.SENT}, dict.fromkeys(range(5), 1)) == (set(day.states().values()), day.got())


def test_a_hold_is_in_force_before_the_next_batch(
    ledger: Ledger, server: SmtpDouble, a_day: Callable[..., Day]
) -> None:
    """One that was set when the last mail of a call had gone."""
    day = a_day(count=9, batch_size=3)
    transport: Any = day.transport
    send = transport.send_each

    def send_then_hold(request: Request, *, now: datetime, **how: Any) -> Outcome:
        outcome: Outcome = send(request, now=now, **how)
        ledger.holds.set("email", who="Ben", why="stop", now=now)
        return outcome

    transport.send_each = send_then_hold
    day.passes(0, 1)
    assert 3 == len(server.mails)


def test_a_hold_within_a_call_stops_the_next_mail(
    ledger: Ledger, server: SmtpDouble, a_day: Callable[..., Day], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever holds while a batch is on its way gets at most the mail that is on the line; the others wait, uncalled."""
    day = a_day(count=9, batch_size=9)
    content, mails = SmtpLine.content, []

    def hold_at_the_third(line: SmtpLine, *arguments: Any) -> Any:
        mails.append(1)
        if len(mails) == 3:
            ledger.holds.set("email", who="Ben", why="stop", now=DUE)
        return content(line, *arguments)

    monkeypatch.setattr(SmtpLine, "content", hold_at_the_third)
    day.passes(0, 1)
    assert 3 == len(server.mails)
    assert {State.SENT: 3, State.SCHEDULED: 6} == Counter(day.states().values())
    ledger.holds.release("email", who="Ben", now=DUE + MINUTE)
    ledger.deliveries.release(day.delivery.id, who="Ben", now=DUE + MINUTE)
    day.passes(2)
    assert dict.fromkeys(range(9), 1) == day.got()


def dying_at(monkeypatch: pytest.MonkeyPatch, nth: int, *, kept: bool) -> None:
    """From here on the process dies at the nth mail, right before its content goes, or right after it was kept."""
    content, mails = SmtpLine.content, []

    def dies(self: SmtpLine, *arguments: Any) -> Any:
        mails.append(1)
        if len(mails) == nth and not kept:
            raise SystemExit  # as hard as it gets within one process: nothing is written down
        reply = content(self, *arguments)
        if len(mails) == nth:
            raise SystemExit
        return reply

    monkeypatch.setattr(SmtpLine, "content", dies)


@pytest.mark.parametrize("kept", [False, True], ids=["lost", "kept"])
def test_a_process_that_dies_in_a_batch_leaves_one_reader_in_doubt(
    a_day: Callable[..., Day], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kept: bool
) -> None:
    """The journal knows the readers before, also one who was refused, and that those behind were never begun: they get
    theirs by the next start. In doubt is the one whose mail was on its way; nobody gets a second one."""
    dying_at(monkeypatch, 14, kept=kept)
    day = a_day(count=25, batch_size=10, journal=tmp_path / "journal")
    day.server.refused = {address(12)}
    with pytest.raises(SystemExit):
        day.passes(0)
    day.world.new_tick()
    day.passes(*range(1, 30))
    expected = {**dict.fromkeys(range(25), State.SENT), 12: State.SKIPPED, 14: State.UNKNOWN}
    assert expected == day.states()
    assert {n: 1 for n in range(25) if n != 12 and (n != 14 or kept)} == day.got()
    counts = day.delivery.counts
    assert (25, 23, 1, 1, 0) == (counts.frozen, counts.accepted, counts.skipped, counts.unknown, counts.waiting)
    assert "@" not in (tmp_path / "journal" / "folded").read_text(encoding="utf-8")


def test_without_its_journal_the_whole_batch_is_in_doubt(
    a_day: Callable[..., Day], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing was written down in between, its readers are unknown, whether they have their mail or not."""
    dying_at(monkeypatch, 14, kept=False)
    day = a_day(count=25, batch_size=10)
    with pytest.raises(SystemExit):
        day.passes(0)
    day.world.new_tick()
    day.passes(*range(1, 30))
    states = day.states()
    assert set(range(10, 20)) == {n for n, state in states.items() if state == State.UNKNOWN}
    assert dict.fromkeys((*range(13), *range(20, 25)), 1) == day.got()


def test_after_the_machine_itself_stopped_as_many_are_in_doubt_as_lines_may_be_missing(
    a_day: Callable[..., Day], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Another boot than the journal's: lines that were not flushed may be gone, so the readers that they may have told
    of are in doubt too, and not called again."""
    dying_at(monkeypatch, 3, kept=False)
    day = a_day(count=25, batch_size=25, journal=tmp_path / "journal")
    with pytest.raises(SystemExit):
        day.passes(0)
    monkeypatch.setattr(replay, "boot_id", lambda: "another")
    day.world.new_tick()
    day.passes(*range(1, 30))
    unknown = {n for n, state in day.states().items() if state == State.UNKNOWN}
    assert set(range(2, 2 + 1 + AHEAD)) == unknown
    assert dict.fromkeys(set(range(25)) - unknown, 1) == day.got()


def test_a_journal_that_cannot_be_written_stops_before_the_call(a_day: Callable[..., Day], tmp_path: Path) -> None:
    """No line, no call: said in words, and everybody gets theirs when it can be written again."""
    (tmp_path / "journal").write_text("a file where the folder should be", encoding="utf-8")
    day = a_day(count=5, journal=tmp_path / "journal")
    day.passes(0)
    assert (0, {State.SCHEDULED}) == (day.server.sending_requests, set(day.states().values()))
    assert "the send journal" in why(day.delivery)
    (tmp_path / "journal").unlink()
    day.passes(1, 2)
    assert ({State.SENT}, dict.fromkeys(range(5), 1)) == (set(day.states().values()), day.got())


def test_a_journal_that_fails_in_the_middle_of_a_call_stops_it_there(
    a_day: Callable[..., Day], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full after three readers: no other mail is begun, nobody is in doubt, the rest goes later."""
    day = a_day(count=8, journal=tmp_path / "journal")
    write, room = os.write, [5]  # the head, the call, three readers

    def full(descriptor: int, data: bytes) -> int:
        if data[:2] in (b"J ", b"S ", b"R ", b"O "):
            room[0] -= 1
            if room[0] < 0:
                return write(descriptor, data[:5])
        return write(descriptor, data)

    monkeypatch.setattr(os, "write", full)
    day.passes(0)
    assert 4 == len(day.server.mails)
    assert {0: State.SENT, 1: State.SENT, 2: State.SENT, 3: State.SENT} == {
        n: s for n, s in day.states().items() if s != State.SCHEDULED
    }
    monkeypatch.setattr(os, "write", write)
    day.passes(1, 2)
    assert ({State.SENT}, dict.fromkeys(range(8), 1)) == (set(day.states().values()), day.got())


# -- the mail server's log ------------------------------------------------------------------------------


def postfix_log(
    server: SmtpDouble, *, without_end: tuple[str, ...] = (), at: Callable[[int], str] = lambda n: "Jan  1 10:00:01"
) -> list[str]:
    """As Postfix writes it, of all mails that the server has taken. ``at``: the time of the lines of the n-th."""
    lines = [f"{at(0)} mail postfix/smtpd[9]: connect from localhost[127.0.0.1]"]
    for n, mail in enumerate(server.mails):
        queue = f"4XyZ{n:05d}"
        lines.append(f"{at(n)} mail postfix/cleanup[9]: {queue}: message-id={mail.message_id}")
        if mail.recipient in without_end:
            continue
        lines.append(f"{at(n)} mail postfix/qmgr[9]: {queue}: from=<a@b.example>, size=9, nrcpt=1 (queue active)")
        lines.append(f"{at(n)} mail postfix/smtp[9]: {queue}: to=<{mail.recipient}>, relay=x, status=sent (250 ok)")
    return lines


def somebody(at: str) -> str:
    """A line about somebody else's mail."""
    return f"{at} mail postfix/smtpd[4]: connect from elsewhere.example[192.0.2.7]"


def name(send_id: str, subscriber: str) -> str:
    return message_id(send_id, subscriber, "").strip("<>").removesuffix("@")


def settled(day: Day, lines: list[str]) -> LogVerdict:
    verdict = judge(day.ledger, day.delivery.id, lines, name)
    for readers, sent in ((verdict.sent, True), (verdict.not_sent, False)):
        day.ledger.lookups.resolve_recipients(day.delivery.id, readers, sent=sent, who="Ada", now=day.world.clock.now())
    return verdict


@pytest.mark.parametrize("kept", [False, True], ids=["lost", "kept"])
def test_the_mail_servers_log_settles_the_reader_in_doubt(
    a_day: Callable[..., Day], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kept: bool
) -> None:
    """Taken: it went out. Not named, between mails of ours: it did not, and goes again. Nobody gets it twice."""
    dying_at(monkeypatch, 14, kept=kept)
    day = a_day(count=25, batch_size=10, journal=tmp_path / "journal")
    with pytest.raises(SystemExit):
        day.passes(0)
    day.world.new_tick()
    day.passes(1)
    verdict = settled(day, postfix_log(day.server))
    assert ((("r0000013",), ()) if kept else ((), ("r0000013",))) == (verdict.sent, verdict.not_sent)
    day.passes(2)
    assert ({State.SENT}, dict.fromkeys(range(25), 1)) == (set(day.states().values()), day.got())
    assert day.ledger.events.verify().is_whole


def test_a_log_that_may_lack_the_time_settles_nothing(
    a_day: Callable[..., Day], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Cut off before or after the call, or with a mail whose end it does not tell: a person decides."""
    dying_at(monkeypatch, 14, kept=False)
    day = a_day(count=25, batch_size=10, journal=tmp_path / "journal")
    with pytest.raises(SystemExit):
        day.passes(0)
    before = postfix_log(day.server)
    day.world.new_tick()
    day.passes(1)
    whole = postfix_log(day.server)
    for lines in (before, whole[len(before) :], []):
        verdict = settled(day, lines)
        assert ((), (), ["r0000013"]) == (verdict.sent, verdict.not_sent, list(verdict.open))
    assert State.UNKNOWN == day.states()[13]


@pytest.mark.parametrize(
    ("before", "after", "is_proof"),
    [
        ("2027-01-01T09:50:00.123456+00:00", "2027-01-01T10:30:00.123456+00:00", True),
        ("2027-01-01T04:50:00-0500", "2027-01-01T05:30:00-0500", True),
        ("2027-01-01T09:50:00Z", "2027-01-01T10:00:30Z", False),  # the call may still have been under way
        ("2027-01-01T09:59:30Z", "2027-01-01T10:30:00Z", False),  # within what two clocks may differ by
        ("2027-01-01T10:30:00Z", "2027-01-01T09:50:00Z", False),  # in another order
        ("2027-01-01T09:50:00", "2027-01-01T10:30:00", False),  # in nobody knows what zone
        ("Jan  1 09:50:00", "Jan  1 10:30:00", False),
    ],
)
def test_lines_about_anybody_prove_that_the_log_holds_a_time_where_they_tell_it_whole(
    a_day: Callable[..., Day], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, before: str, after: str, is_proof: bool
) -> None:
    """Killed in the only mail of all: nothing of ours stands beside it. Proven, it goes again."""
    dying_at(monkeypatch, 1, kept=False)
    day = a_day(count=1, batch_size=10, journal=tmp_path / "journal")
    with pytest.raises(SystemExit):
        day.passes(0)
    day.world.new_tick()
    day.passes(1)
    verdict = settled(day, [somebody(before), *postfix_log(day.server), somebody(after)])
    (doubtful,) = verdict.not_sent or tuple(verdict.open)
    assert (is_proof, doubtful) == (bool(verdict.not_sent), "r0000000")
    assert is_proof or ("no year and zone" in verdict.open[doubtful]) is not before.endswith("Z")
    day.passes(31)
    assert day.got() == ({0: 1} if is_proof else {})


def test_a_mail_that_the_log_names_without_an_end_is_left_to_a_person(
    a_day: Callable[..., Day], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Its head arrived; whether the server took it, the log does not say. A person's word settles that reader alone."""
    dying_at(monkeypatch, 14, kept=True)
    day = a_day(count=25, batch_size=10, journal=tmp_path / "journal")
    with pytest.raises(SystemExit):
        day.passes(0)
    day.world.new_tick()
    day.passes(1)
    verdict = settled(day, postfix_log(day.server, without_end=(address(13),)))
    assert ["r0000013"] == list(verdict.open)
    assert 0 == day.ledger.lookups.resolve_recipients(day.delivery.id, ["r0000001"], sent=True, who="Ada", now=DUE)
    assert 1 == day.ledger.lookups.resolve_recipients(day.delivery.id, ["r0000013"], sent=True, who="Ada", now=DUE)
    assert {State.SENT} == set(day.states().values())
