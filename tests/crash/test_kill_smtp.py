"""Mailings by SMTP, killed again and again: at most one reader a line in doubt, all settled by the mail log.

The judge is the mail server's stand-in, which lives in the tests' own process.
"""

from __future__ import annotations

import os
import random
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from scheduler.channels.mime import message_id
from scheduler.channels.smtp.smtp_talk import SmtpDouble
from scheduler.domain.delivery import State
from scheduler.domain.subscriber import NewSubscriber
from scheduler.services.reconcile import judge
from scheduler.store import open_ledger
from tests.contract.conftest import HAS_POSTGRESQL
from tests.contract.test_smtp_engine import postfix_log, somebody
from tests.crash.driver import url_of
from tests.crash.forks import Forks
from tests.crash.smtp_driver import MAIL
from tests.support.long_form import many
from tests.support.postgresql import postgresql_url
from tests.support.world import A_MONTH, an_approval

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="SIGKILL may be absent on this system")

KILLS, READERS = many(3, 40), many(120, 2_000)
EVE = MAIL.due_at - timedelta(days=1)
STORES = ["sqlite", *([pytest.param("postgresql", marks=pytest.mark.postgresql)] if HAS_POSTGRESQL else [])]


@pytest.fixture(params=STORES)
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A ledger with readers, an approved mail and an armed season."""
    server = schema = None
    if request.param == "postgresql":
        from sqlalchemy import create_engine, text

        base, schema = postgresql_url(), f"t_smtp_{os.getpid()}"
        server = create_engine(base.replace("postgresql://", "postgresql+psycopg://", 1), isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            connection.execute(text(f"CREATE SCHEMA {schema}"))
        (tmp_path / "url").write_text(f"{base}{'&' if '?' in base else '?'}options=-csearch_path%3D{schema}", "utf-8")
    with closing(open_ledger(url_of(tmp_path))) as ledger:
        rows = [NewSubscriber(f"reader{n}@readers.example", subscriber_id=f"r{n:05d}") for n in range(READERS)]
        ledger.subscribers.add_many(A_MONTH.campaign, rows, now=EVE)
        ledger.approvals.record(an_approval(MAIL, at=EVE))
        ledger.armings.arm(A_MONTH, who="Ada", now=EVE)
    yield tmp_path
    if server is not None:
        from sqlalchemy import text

        with server.connect() as connection:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        server.dispose()


@pytest.fixture
def start(forks: Forks, folder: Path) -> Callable[..., int]:
    """A process that makes a pass; how it ended."""

    def run(port: int, minute: int, in_flight: int, failpoint: str = "") -> int:
        at = (MAIL.due_at + timedelta(minutes=minute)).isoformat()
        environment = {"OBSERVANCE_FAILPOINT": failpoint, "OBSERVANCE_IN_FLIGHT": str(in_flight)}
        return forks.run("smtp", folder, port, at, **environment)

    return run


@pytest.mark.parametrize("in_flight", [1, 4])
def test_each_kill_leaves_one_reader_a_line_in_doubt_at_most_and_the_mail_log_settles_all(
    start: Callable[..., int], folder: Path, in_flight: int
) -> None:
    """Killed at random readers, in the call and around it, while the next mail of each line is offered already: nobody
    twice, nobody lost, and the doubts are as few as the lines that were killed."""
    dice, kills = random.Random(7), 0
    taken_by: list[tuple[int, int]] = []  # how many mails the server had taken in all, after the process of a minute
    with SmtpDouble(closes_after=0) as server:
        for minute in range(0, 2 * KILLS, 2):
            point = dice.choice(
                ["before_reader", "after_reader", "before_reader", "before_call", "after_intent_commit"]
            )
            most = max(2, READERS // KILLS) if "reader" in point else max(2, READERS // KILLS // 20)
            where = f"{point}:kill:{dice.randrange(1, most)}"
            killed = start(server.port, minute, in_flight, where) == -signal.SIGKILL
            kills += killed
            taken_by.append((len(server.mails), minute))
        assert kills > KILLS // 2
        assert 0 == start(server.port, 2 * KILLS, in_flight)
        taken_by.append((len(server.mails), 2 * KILLS))

        def at(number: int) -> str:
            minute = next(minute for taken, minute in taken_by if number < taken)
            return (MAIL.due_at + timedelta(minutes=minute, seconds=1)).isoformat()

        got = Counter(mail.recipient for mail in server.mails)
        assert {1} == set(got.values())
        with closing(open_ledger(url_of(folder))) as ledger:
            (delivery,) = ledger.deliveries.of_season("live", A_MONTH)
            counts = delivery.counts
            print(f"{kills} kills, {counts.unknown} readers in doubt of {counts.frozen}")
            assert counts.unknown <= kills * in_flight
            assert (READERS, 0) == (counts.accepted + counts.unknown, counts.waiting + counts.failed)
            assert counts.accepted <= len(got) <= counts.accepted + counts.unknown
            others = [somebody((MAIL.due_at + timedelta(hours=hours)).isoformat()) for hours in (-1, 3)]
            lines = [others[0], *postfix_log(server, at=at), others[1]]
            verdict = judge(
                ledger,
                delivery.id,
                lines,
                lambda send_id, who: message_id(send_id, who, "").strip("<>").removesuffix("@"),
            )
            for readers, sent in ((verdict.sent, True), (verdict.not_sent, False)):
                ledger.lookups.resolve_recipients(
                    delivery.id, readers, sent=sent, who="Ada", now=MAIL.due_at + timedelta(hours=3)
                )
            print(
                f"by the mail log {len(verdict.sent)} went out, {len(verdict.not_sent)} did not, {len(verdict.open)} left open"
            )
            assert {} == dict(verdict.open)
        assert 0 == start(server.port, 2 * KILLS + 200, in_flight)
        with closing(open_ledger(url_of(folder))) as ledger:
            (delivery,) = ledger.deliveries.of_season("live", A_MONTH)
            assert (State.SENT, 0) == (delivery.state, delivery.counts.unknown)
        assert dict.fromkeys((f"reader{n}@readers.example" for n in range(READERS)), 1) == Counter(
            mail.recipient for mail in server.mails
        )
