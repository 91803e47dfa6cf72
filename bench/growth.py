"""P10 and P12: how a start, and each page, take a ledger that has grown, on both databases."""

from __future__ import annotations

import http.client
import http.cookiejar
import json
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial

from measure import ROOT, Options, Result, high, in_turn, scratch
from place import CAMPAIGN, EVE, Place, by_sendgrid, mail_place, morning
from sinks import HttpSink
from sqlalchemy import Connection, Engine, TextClause, insert, inspect, select, text, update
from starting import postgresql

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
#: Seconds a page, after which no further round of all pages begins, once there were three.
A_PAGE = 60


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


def grown(options: Options, result: Result, database: str) -> None:
    """P10 and P12, of one ledger that was made large once."""
    readers, events = options.many(1_000_000, 3_000), 500 if options.is_small else 64_000
    with scratch() as folder, HttpSink() as sink, ExitStack() as running:
        url = ""
        if database == "postgresql":
            server = postgresql()
            if server is None:
                for goal, what in (("P10", "start"), ("P12", "pages")):
                    result.missing(f"{what} on {database}", "PostgreSQL is not installed here", 2, goal=goal)
                return
            url = server.start()
            running.callback(server.stop)
        sizes = {"empty": 1, "small": 100, "large": readers}
        places = {name: mail_place(folder / name, many, by_sendgrid(sink.url), url) for name, many in sizes.items()}
        for place in (places["small"], places["large"]):
            place.run("people", "add", "Bench", "--role", "coordinator", at=EVE)
            place.run("tick", at=morning(1))
            rows = grow(place)
        write_history(places["large"], events)
        for place in places.values():
            tidy(place)
        compare_starts(options, result, places, f"start on {database} with {rows:,} rows of readers against none")
        compare_pages(options, result, places, database)


def compare_starts(options: Options, result: Result, places: Mapping[str, Place], what: str) -> None:
    """P10: on a ledger with 32 days of a million rows against an empty one."""

    def start(place: Place) -> float:
        with started(place, NOON) as (_, seconds):
            return seconds

    sides = {name: lambda name=name: start(places[name]) for name in ("large", "empty")}
    found = in_turn(sides, options.times(5))
    result.cost(what, found["large"], found["empty"], 2, goal="P10")


#: What a delivery that went out has, and one to come has not.
ENDED = "state, frozen, frozen_through, digest, audience, opened_at"


def grow(place: Place) -> int:
    """Each day of the season gets what the first one has: the same batches, calls and recipients, sent and delivered."""
    engine = place.engine()
    columns = {
        table: [column["name"] for column in inspect(engine).get_columns(table)]
        for table in ("batches", "recipients", "attempts")
    }

    def copied(table: str, *own: str) -> TextClause:
        named = ", ".join(name for name in columns[table] if name not in own)
        return text(
            f"INSERT INTO {table} (delivery_id, {named}) SELECT :other, {named} FROM {table} "
            "WHERE delivery_id = :first ORDER BY " + ("number" if table == "batches" else "subscriber_id")
        )

    calls = [name for name in columns["attempts"] if name not in ("batch_id", "token")]
    call = text(
        f"INSERT INTO attempts (token, batch_id, {', '.join(calls)}) "
        f"SELECT CAST(:other AS text) || '-' || a.token, b.id, {', '.join(f'a.{name}' for name in calls)} "
        "FROM attempts AS a JOIN batches AS own ON own.id = a.batch_id JOIN batches AS b ON b.number = own.number "
        "WHERE own.delivery_id = :first AND b.delivery_id = :other"
    )
    ended = text(
        f"UPDATE deliveries SET ({ENDED}) = (SELECT {ENDED} FROM deliveries WHERE id = :first) WHERE id = :other"
    )
    fate = text("INSERT INTO fate_counts VALUES (:of, 'delivered', :readers)")
    with hurried(engine) as connection:
        mails = "SELECT id FROM deliveries WHERE channel = 'email' AND kind = 'email' ORDER BY id"
        first, *others = connection.execute(text(mails)).scalars()
        delivered = text("UPDATE recipients SET state = 'delivered' WHERE delivery_id = :first AND state IS NULL")
        readers = connection.execute(delivered, {"first": first}).rowcount
        connection.execute(fate, {"of": first, "readers": readers})
        connection.commit()
        for other in others:
            given = {"first": first, "other": other}
            connection.execute(copied("batches", "id", "delivery_id"), given)
            connection.execute(call, given)
            connection.execute(fate, {"of": other, "readers": readers})
            connection.execute(ended, given)
            if engine.dialect.name == "postgresql":  # each row's delivery is there: not looked up a million times
                connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            connection.execute(copied("recipients", "delivery_id"), given)
            connection.commit()
        count = connection.execute(text("SELECT count(*) FROM recipients")).scalar_one()
    engine.dispose()
    return int(count)


@contextmanager
def hurried(engine: Engine) -> Iterator[Connection]:
    """A connection for what is made for the benchmark alone, and need not outlive the machine."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA synchronous=OFF")
        yield connection


def tidy(place: Place) -> None:
    """As a server does by itself within minutes, and SQLite at the end of its last connection."""
    engine = place.engine()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        is_file = engine.dialect.name == "sqlite"
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)" if is_file else "VACUUM ANALYZE")
    engine.dispose()


def write_history(place: Place, events: int) -> None:
    """So many lines more in the history, each chained to the one before; all at once, since each by itself reads and
    writes the ledger's one row."""
    sys.path.insert(0, str(ROOT))
    from scheduler.store.plain_sql import event_hash
    from scheduler.store.tables import events as lines
    from scheduler.store.tables import ledger

    engine, rows = place.engine(), []
    at, kind, who = datetime(2026, 12, 21, 9, tzinfo=UTC), "hold", "Ann"
    with engine.begin() as connection:
        number, last = connection.execute(select(ledger.c.events, ledger.c.last_hash)).one()
        for _ in range(events):
            number, previous = number + 1, last
            data = json.dumps({"campaign": CAMPAIGN, "reason": f"number {number}"})
            last = event_hash(number, at, kind, who, None, data, previous)
            told = {"kind": kind, "who": who, "data": data, "previous": previous, "hash": last}
            rows.append({"id": number, "at": at, "delivery_id": None, **told})
        connection.execute(insert(lines), rows)
        connection.execute(update(ledger).values(events=number, last_hash=last))
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


def compare_pages(options: Options, result: Result, places: Mapping[str, Place], database: str) -> None:
    """P12: p95 of each page at the large size against the small one, asked in turn. The median of several p95, each of
    another minute: of forty tries the 95th is the third longest, and what else the machine or the program did just then
    decides which that is."""
    rounds, tries = options.times(7, 2), 4 if options.is_small else 40
    large, small = places["large"], places["small"]
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

        found: dict[str, list[dict[str, list[float]]]] = {page: [] for page in PAGES}
        until = time.monotonic() + A_PAGE * len(PAGES)
        for number in range(rounds):
            if number >= 3 and time.monotonic() > until:
                break
            for page in PAGES:
                sides = {"large": partial(ask, large_port, page), "small": partial(ask, small_port, page)}
                found[page].append(in_turn(sides, tries, warm=number == 0))
    for page, each in found.items():
        many, few = ([high(one[name], 95) for one in each] for name in ("large", "small"))
        result.cost(f"{page} on {database}, p95", many, few, 2, goal="P12")
