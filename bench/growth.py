"""P10 and P12: how a start, and each page, take a ledger that has grown."""

from __future__ import annotations

import http.client
import http.cookiejar
import re
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from measure import ROOT, Options, Result, high, in_turn, scratch
from place import CAMPAIGN, EVE, Place, by_sendgrid, mail_place, morning
from sinks import HttpSink
from sqlalchemy import create_engine

PAGES = (
    "/",
    "/calendar/2027",
    "/items/awareness-day",
    "/claims",
    "/contacts",
    "/subscribers",
    "/deliveries",
    "/holds",
    "/report",
    "/audit",
    "/archive",
    "/archive.xml",
    "/archive/2027-01-01",
    "/subscribe",
    "/healthz",
    "/readyz",
)
NOON = "2027-01-02T12:00:00-05:00"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def started(place: Place, at: str) -> Iterator[tuple[int, float]]:
    """`start` with its pages: the port, and how long it took until the program said that it is alive."""
    port = free_port()
    environment = place.environment(at, PUBLIC_URL=f"http://127.0.0.1:{port}")
    began = time.perf_counter()
    process = subprocess.Popen(
        place.command("start", "--port", str(port)),
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while True:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                connection.request("GET", "/healthz")
                if connection.getresponse().status == 200:
                    break
            except OSError:
                pass
            if process.poll() is not None or time.perf_counter() - began > 120:
                raise SystemExit(f"start did not begin ({process.poll()})")
            time.sleep(0.002)
        yield port, time.perf_counter() - began
    finally:
        process.terminate()
        process.wait(60)


def p10(options: Options, result: Result) -> None:
    """Start on a ledger with 32 days of a million rows against an empty one."""
    readers = options.many(1_000_000, 5_000)
    with scratch() as folder, HttpSink() as sink:
        empty = mail_place(folder / "empty", 1, by_sendgrid(sink.url))
        full = mail_place(folder / "full", readers, by_sendgrid(sink.url))
        full.run("tick", at=morning(1))
        rows = grow(full.database)

        def start(place: Place) -> float:
            with started(place, NOON) as (_, seconds):
                return seconds

        found = in_turn({"full": lambda: start(full), "empty": lambda: start(empty)}, options.times(5))
    result.cost(f"start with {rows:,} rows of readers against none", found["full"], found["empty"], 2)


#: What a delivery that went out has, and one to come has not.
ENDED = "state, frozen, frozen_through, digest, audience, opened_at"


def grow(database: Path) -> int:
    """Each day of the season gets what the first one has: the same batches, calls and recipients, sent and delivered."""
    connection = sqlite3.connect(database, isolation_level=None, timeout=60)
    mails = "SELECT id FROM deliveries WHERE channel = 'email' AND kind = 'email' ORDER BY id"
    first, *others = [row[0] for row in connection.execute(mails)]
    connection.execute("PRAGMA synchronous=OFF")
    delivered = "UPDATE recipients SET state = 'delivered' WHERE delivery_id = ? AND state IS NULL"
    readers = connection.execute(delivered, (first,)).rowcount
    connection.execute("INSERT INTO fate_counts VALUES (?, 'delivered', ?)", (first, readers))
    for other in others:
        connection.execute("BEGIN")
        for table, own in (("batches", {"id", "delivery_id"}), ("recipients", {"delivery_id"})):
            columns = ", ".join(
                row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[1] not in own
            )
            copied = f"SELECT ?, {columns} FROM {table} WHERE delivery_id = ?"
            connection.execute(f"INSERT OR IGNORE INTO {table} (delivery_id, {columns}) {copied}", (other, first))
        columns = ", ".join(row[1] for row in connection.execute("PRAGMA table_info(attempts)") if row[1] != "batch_id")
        values = columns.replace("token", f"'{other}-' || a.token", 1).replace("number", "a.number")
        values = ", ".join(v if "." in v else f"a.{v}" for v in values.split(", "))
        connection.execute(
            f"INSERT INTO attempts ({columns}, batch_id) SELECT {values}, b.id FROM attempts AS a "
            "JOIN batches AS own ON own.id = a.batch_id JOIN batches AS b ON b.number = own.number "
            "WHERE own.delivery_id = ? AND b.delivery_id = ?",
            (first, other),
        )
        connection.execute("INSERT INTO fate_counts VALUES (?, 'delivered', ?)", (other, readers))
        ended = f"UPDATE deliveries SET ({ENDED}) = (SELECT {ENDED} FROM deliveries WHERE id = ?) WHERE id = ?"
        connection.execute(ended, (first, other))
        connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (count,) = connection.execute("SELECT count(*) FROM recipients").fetchone()
    connection.close()
    return int(count)


def write_history(place: Place, events: int) -> None:
    """So many lines more in the history, each chained to the one before."""
    sys.path.insert(0, str(ROOT))
    from scheduler.store.events import append

    engine = create_engine(f"sqlite:///{place.database}")
    now = datetime(2026, 12, 21, 9, tzinfo=UTC)
    with engine.begin() as connection:
        for number in range(events):
            append(connection, at=now, kind="hold", who="Ann", reason=f"number {number}", campaign=CAMPAIGN)
    engine.dispose()


def signed_in(place: Place, port: int) -> urllib.request.OpenerDirector:
    """Somebody who may look at every page."""
    environment = {"PUBLIC_URL": f"http://127.0.0.1:{port}"}
    said = place.run("people", "link", "Bench", at=NOON, **environment).output
    found = re.search(r"/sign-in/\S+", said)
    assert found is not None, said
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    address = f"http://127.0.0.1:{port}"
    opener.open(urllib.request.Request(f"{address}{found[0]}", b"", {"Origin": address}), timeout=60)
    return opener


def p12(options: Options, result: Result) -> None:
    """p95 of each page at the large size against the small one, asked in turn."""
    readers, events = options.many(1_000_000, 3_000), 500 if options.is_small else 64_000
    times = options.times(40, 4)
    with scratch() as folder, HttpSink() as sink:
        large = mail_place(folder / "large", readers, by_sendgrid(sink.url))
        small = mail_place(folder / "small", 100, by_sendgrid(sink.url))
        for place in (large, small):
            place.run("people", "add", "Bench", "--role", "coordinator", at=EVE)
            place.run("tick", at=morning(1))
            grow(place.database)
        write_history(large, events)
        with started(large, NOON) as (large_port, _), started(small, NOON) as (small_port, _):
            people = {port: signed_in(place, port) for place, port in ((large, large_port), (small, small_port))}

            def ask(port: int, page: str) -> float:
                began = time.perf_counter()
                try:
                    people[port].open(f"http://127.0.0.1:{port}{page}", timeout=120).read()
                except urllib.error.HTTPError as answer:
                    if page != "/readyz":  # it says by its status that something here is only a stand-in
                        raise SystemExit(f"{page} answered {answer.code}") from answer
                    answer.read()
                return time.perf_counter() - began

            for page in PAGES:
                sides: dict[str, Callable[[], float]] = {
                    "large": lambda page=page: ask(large_port, page),
                    "small": lambda page=page: ask(small_port, page),
                }  # type: ignore[misc]
                found = in_turn(sides, times)
                many, few = (high(found[name], 95) for name in ("large", "small"))
                result.add(
                    f"{page}, p95", many / few, "x", 2, ours=f"{many * 1000:.0f} ms", other=f"{few * 1000:.0f} ms"
                )
