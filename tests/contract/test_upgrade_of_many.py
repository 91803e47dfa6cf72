"""A ledger with one list for all, ten thousand readers and mails out, becomes one with a list for each campaign."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from scheduler.domain.address import keyed_hash
from scheduler.domain.subscriber import SubscriberState
from scheduler.store import Ledger, open_ledger, upgrade_database
from scheduler.store.backup import back_up
from scheduler.store.database import Database
from scheduler.store.migrate import Lists, _run
from scheduler.subscribers import tokens
from tests.contract.conftest import HAS_POSTGRESQL
from tests.contract.old_ledgers import own_database
from tests.support.world import A_MONTH, World, an_email

READERS = 10_000
CAMPAIGN = A_MONTH.campaign
KEY = tokens.token_key("not a secret, only a test")
HASH = partial(keyed_hash, key=b"k" * 32)
EVE = datetime(2026, 12, 31, 12, tzinfo=UTC)
#: Mails that went out before the upgrade, and one that is to come.
SENT, NEXT = ("day-1", "day-2"), an_email("day-3", on=datetime(2027, 1, 3, tzinfo=UTC).date())
STATES = ("left", "bounced", "complained", "paused", "pending", "erased")
_BARS = {"left": "unsubscribed", "bounced": "bounced", "complained": "complained"}


def state_of(n: int) -> str:
    """One reader in four is anything but active."""
    return STATES[n % 24] if n % 24 < len(STATES) else "active"


def reader(n: int) -> str:
    return f"{n:032x}"


def fill(connection: Connection) -> None:
    """The ledger of before: revision 0008, in its own words."""

    def put(table: str, rows: list[dict[str, Any]]) -> None:
        columns = list(rows[0])
        values = ", ".join(f":{name}" for name in columns)
        connection.execute(text(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({values})"), rows)

    stored = EVE.replace(tzinfo=None) if connection.dialect.name == "sqlite" else EVE
    at = stored - timedelta(days=9)
    put("ledger", [{"id": 1, "ledger_id": "f" * 32, "events": 0, "last_hash": "0" * 64}])
    put(
        "subscribers",
        [
            {
                "id": reader(n),
                "address": "" if state_of(n) == "erased" else f"r{n}@readers.example",
                "address_key": f"erased:{reader(n)}" if state_of(n) == "erased" else f"r{n}@readers.example",
                "state": state_of(n),
                "source": "import readers.csv",
                "created_at": at,
                "cadence": "daily",
                "cadence_since_at": at,
                "paused_until_at": stored + timedelta(days=60) if state_of(n) == "paused" else None,
            }
            for n in range(READERS)
        ],
    )
    bars = [(n, _BARS[state_of(n)]) for n in range(READERS) if state_of(n) in _BARS]
    keys = ({"address_key": f"r{n}@readers.example", "subscriber_id": reader(n), "reason": why} for n, why in bars)
    put("suppressions", [{**key, "at": at} for key in keys])
    waiting = [n for n in range(READERS) if state_of(n) == "pending"]
    link = {"made_at": stored, "expires_at": stored + timedelta(days=7)}
    put("confirmations", [{"token_hash": f"t{n}", "subscriber_id": reader(n), **link} for n in waiting])
    letter = {"kind": "confirm", "state": "waiting", "asked_at": stored, "try_at": stored}
    put("letters", [{"id": place + 1, "subscriber_id": reader(n), **letter} for place, n in enumerate(waiting[:5])])
    active = [n for n in range(READERS) if state_of(n) == "active"]
    for number, item in enumerate(SENT, 1):
        due = stored + timedelta(days=number)
        delivery = {"mode": "live", "campaign": CAMPAIGN, "season": 2027, "item": item, "channel": "email"}
        times = {"on_date": due.date(), "due_at": due, "expires_at": due + timedelta(hours=9), "changed_at": due}
        done = {"kind": "email", "state": "sent", "frozen": len(active), "opened_at": due}
        put("deliveries", [{"id": number, **delivery, **times, **done}])
        call = {"delivery_id": number, "number": 1, "size": len(active), "state": "sent", "attempt": 1}
        span = {"first_subscriber": reader(active[0]), "last_subscriber": reader(active[-1])}
        put("batches", [{"id": number, **call, **span, "send_id": f"send-{number}", "not_before_at": due}])
        of_call = {"delivery_id": number, "batch_number": 1}
        put("recipients", [{**of_call, "subscriber_id": reader(n)} for n in active])
    if connection.dialect.name == "postgresql":
        for table in ("deliveries", "batches", "letters"):
            connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"))


@pytest.fixture(params=["sqlite", *(["postgresql"] if HAS_POSTGRESQL else [])])
def before(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of such a ledger."""

    def make(url: str) -> str:
        with closing(Database(url)) as database, database.rebuild() as connection:
            _run(connection, "0008")
            fill(connection)
        return url

    if request.param == "sqlite":
        yield make(f"sqlite:///{tmp_path / 'observance.db'}")
        return
    with own_database() as url:
        yield make(url)


def opened(url: str) -> Ledger:
    return open_ledger(url, address_hash=HASH)


def test_all_readers_are_on_the_list_as_they_were(before: str) -> None:
    upgraded = upgrade_database(before, lists=Lists((CAMPAIGN,)))
    assert {CAMPAIGN: READERS} == dict(upgraded.lists)
    assert READERS == upgraded.rows["subscribers"]
    with closing(opened(before)) as ledger:
        counts = dict(ledger.subscribers.count(CAMPAIGN))
        barred = counts.pop("suppressed")
        states = Counter(state_of(n) for n in range(READERS))
        assert (dict(states), sum(states[s] for s in _BARS)) == (counts, barred)
        of_list = {s.subscriber.id: (str(s.state), s.subscriber.address) for s in ledger.subscribers.each(CAMPAIGN)}
        assert "bounced" == of_list[reader(1)][0]
        assert ("active", "r6@readers.example") == of_list[reader(6)]
        assert 5 == ledger.transactional_emails.status().waiting


def test_links_in_mails_that_are_out_keep_working(before: str) -> None:
    """By the token as it was made: it is read, its reader leaves, and a link to confirm still says yes."""
    token = tokens.make("unsubscribe", reader(6), KEY, campaign=CAMPAIGN)
    upgrade_database(before, lists=Lists((CAMPAIGN,)))
    with closing(opened(before)) as ledger:
        who = tokens.read(token, "unsubscribe", KEY, campaign=CAMPAIGN)
        assert who is not None
        assert ledger.subscribers.unsubscribe(None, who, reason="unsubscribed", now=EVE + timedelta(days=3))
        assert [SubscriberState.LEFT] == [one.state for one in ledger.subscribers.of_person(who)]
        done = ledger.subscribers.confirm("t4", now=EVE + timedelta(hours=1))
        assert done is not None
        assert (CAMPAIGN, reader(4)) == (done.campaign, done.subscriber_id)


def test_nothing_is_sent_twice_after_it_and_the_next_mail_goes_to_whom_it_should(before: str) -> None:
    upgrade_database(before, lists=Lists((CAMPAIGN,)))
    with closing(opened(before)) as ledger:
        mails = [an_email(item, on=datetime(2027, 1, day, tzinfo=UTC).date()) for day, item in enumerate(SENT, 1)]
        world = World(ledger, [*mails, NEXT], now=datetime(2027, 1, 2, 20, tzinfo=UTC))
        world.run_at(NEXT.due_at + timedelta(minutes=1))
        got = Counter(person for call in world.email.provider.accepted for person in call.body["readers"])
        active = {reader(n) for n in range(READERS) if state_of(n) == "active"}
        assert (active, {1}) == (set(got), set(got.values()))
        assert {"day-3"} == {call.body["item"] for call in world.email.provider.accepted}


def test_the_way_back_is_the_copy(tmp_path: Path) -> None:
    """The file that was copied before the upgrade is the ledger of before, row for row."""
    url, copy = f"sqlite:///{tmp_path / 'observance.db'}", tmp_path / "copy.db"
    with closing(Database(url)) as database, database.rebuild() as connection:
        _run(connection, "0008")
        fill(connection)
    before = _rows(tmp_path / "observance.db")
    back_up(url, copy, now=EVE)
    upgrade_database(url, lists=Lists((CAMPAIGN,)))
    assert before != _rows(tmp_path / "observance.db")
    kept = _rows(copy)
    assert before.keys() == kept.keys()
    assert {table for table in before if before[table] != kept[table]} == {"ledger"}, "it says that it is a copy"


def _rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as database:
        tables = [n for (n,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {t: sorted(database.execute(f"SELECT * FROM {t}"), key=repr) for t in tables if t[:7] != "sqlite_"}
