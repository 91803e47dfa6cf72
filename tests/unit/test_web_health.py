"""Health says "ready" only when the program does what it is there for, and tells strangers nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scheduler.clock import VirtualClock
from scheduler.errors import OutOfReach
from scheduler.web.app import make_app
from scheduler.web.health import OVERDUE_AFTER, SILENT_FOR
from scheduler.wiring import whereabouts_of
from tests.support.web_factory import ROOT, Beat, Site
from tests.support.world import A_MONTH, World, a_post, an_email

DUE = datetime(2027, 1, 1, 10, tzinfo=UTC)
LATE = DUE + OVERDUE_AFTER + timedelta(seconds=1)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Its ledger is at home in its place, as `start` makes it before the first call."""
    made = Site(tmp_path)
    made.project.env["OBSERVANCE_STATE"] = str(tmp_path / "state")  # type: ignore[index]
    whereabouts_of(made.project, made.ledger).settle(now=DUE - timedelta(days=1))
    yield made
    made.close()


def reasons(site: Site, *, at: datetime | None = None) -> list[str]:
    """What readyz complains of at ``at``; the status fits."""
    if at is not None:
        site.clock.jump(at)
    answer = site.client.get("/readyz")
    told = answer.get_json()
    assert (200 if told["ready"] else 503) == answer.status_code
    assert told["ready"] is not bool(told["reasons"])
    return [reason["code"] for reason in told["reasons"]]


def test_alive_is_alive(site: Site) -> None:
    """Whatever else is wrong: a supervisor must not restart a program for the database's sake."""
    site.beat = Beat(None, 10_000, "a problem")
    site.ledger.close()
    answer = site.client.get("/healthz")
    assert (200, {"alive": True}) == (answer.status_code, answer.get_json())


def test_ready_when_all_is_well(site: Site) -> None:
    """Nothing due, the alarm looks, the database answers. Looking changes nothing."""
    before = site.dump()
    assert [] == reasons(site)
    assert 200 == site.client.head("/readyz").status_code
    assert before == site.dump()


@pytest.mark.parametrize(
    ("beat", "code"),
    [
        (Beat(silent_seconds=SILENT_FOR + 1), "alarm"),
        (Beat(last_pass_at=None), "no-pass"),
        (Beat(problem="campaigns/a-month cannot be read: /srv/secret"), "pass"),
    ],
)
def test_an_alarm_that_does_not_tick_is_not_ready(site: Site, beat: Beat, code: str) -> None:
    """Silence, no pass yet, or a pass that ran into a problem; what it was stands in the log alone."""
    site.beat = beat
    assert [code] == reasons(site)
    assert "/srv/secret" not in site.client.get("/readyz").get_data(as_text=True)


def test_without_an_alarm_in_the_process_the_ledger_alone_decides(site: Site) -> None:
    """Pages may be served by a process that does not send."""
    client = make_app(site.project, site.ledger).test_client()
    assert {"ready": True, "reasons": []}.items() <= client.get("/readyz").get_json().items()


def test_a_database_out_of_reach_is_not_ready(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """And its address is not told."""

    def gone(*_: object, **__: Any) -> None:
        raise OutOfReach("the database postgresql://observance:***@db.internal/o cannot be used")

    monkeypatch.setattr(site.ledger.health, "counts", gone)
    assert ["database"] == reasons(site)
    assert "db.internal" not in site.client.get("/readyz").get_data(as_text=True)


def test_a_file_that_is_no_database_is_not_ready(tmp_path: Path) -> None:
    """The real error, not an imagined one."""
    site = Site(tmp_path)
    site.ledger.close()
    site.file.write_bytes(b"not a database" * 1000)
    assert ["database"] == reasons(site)
    site.close()


def test_what_is_due_and_does_not_go_makes_it_unready(site: Site) -> None:
    """Nobody approved it: the window is open, the minutes pass, and somebody has to know."""
    world = World(site.ledger, [a_post("day-1")], approved=False)
    world.run_at(DUE)
    assert [] == reasons(site, at=DUE + timedelta(minutes=1))
    assert ["overdue"] == reasons(site, at=LATE)


def test_a_sender_that_stands_still_makes_it_unready(site: Site) -> None:
    """Planned, and no pass was made at its time: the case in which health said ok and nothing was posted."""
    world = World(site.ledger, [a_post("day-1")])
    world.tick.run()
    assert ["overdue"] == reasons(site, at=LATE)


def test_what_was_sent_is_not_overdue(site: Site) -> None:
    """Nor what was missed: that is told elsewhere, and cannot be made good."""
    world = World(site.ledger, [a_post("day-1"), a_post("day-2", hour=8, until_hour=9)])
    world.run_at(DUE)
    assert {"day-1/x": "sent", "day-2/x": "missed"} == world.states()
    assert [] == reasons(site, at=LATE)


def test_what_a_person_holds_is_not_overdue(site: Site) -> None:
    """They know."""
    world = World(site.ledger, [a_post("day-1")])
    world.tick.run()
    (delivery,) = site.ledger.deliveries.of_season("live", A_MONTH)
    site.ledger.deliveries.hold(delivery.id, who="Ada", why="a storm", now=world.clock.now())
    assert [] == reasons(site, at=LATE)


def test_a_long_delivery_is_overdue_only_when_it_stands_still(site: Site) -> None:
    """A million mails take a while. As long as batches go, it is under way."""
    world = World(site.ledger, [an_email("day-1")], readers=4, batch_limit=1)
    found: list[list[str]] = []

    def slow(request: object) -> None:
        world.clock.advance(timedelta(minutes=4))
        found.append(reasons(site, at=world.clock.now()))
        if len(found) == 3:
            world.tick.stop()

    world.email.on_call = slow
    world.run_at(DUE)
    assert [[], [], []] == found, "the last readers wait since eight minutes"
    assert ["overdue"] == reasons(site, at=world.clock.now() + OVERDUE_AFTER + timedelta(seconds=1))


def test_a_doubt_makes_it_unready_once_the_provider_should_know(site: Site) -> None:
    """Before its settling time a doubt is no news; after it, somebody has to decide."""
    world = World(site.ledger, [a_post("day-1")])
    world.x.script = ["lost"]
    world.x.settle = timedelta(minutes=45)
    world.run_at(DUE)
    assert [] == reasons(site, at=DUE + timedelta(minutes=45))
    asked_at = DUE + timedelta(minutes=50)  # the settling time counts from the latest instant the call may have begun
    assert ["doubts"] == reasons(site, at=asked_at + OVERDUE_AFTER)
    world.run_at(asked_at)
    assert ["doubts"] == reasons(site, at=asked_at + timedelta(minutes=1)), "it was asked, and could not tell"
    (delivery,) = site.ledger.deliveries.of_season("live", A_MONTH)
    site.ledger.lookups.resolve(delivery.id, sent=True, who="Ada", now=world.clock.now())
    assert [] == reasons(site)


def test_readyz_tells_strangers_no_plans(site: Site) -> None:
    """It is reachable by anybody who reaches the pages: counts, and no item, no channel, no file."""
    world = World(site.ledger, [a_post("the-secret-day"), an_email("the-secret-day")], approved=False)
    world.run_at(DUE)
    site.clock.jump(LATE)
    text = site.client.get("/readyz").get_data(as_text=True)
    assert "2 deliveries should have gone" in text
    assert not re.search(r"secret|email|campaigns|/var|\.db|a-month", text)


def test_a_rehearsal_is_watched_as_itself(site: Site) -> None:
    """What a live season owes does not make a rehearsal unready."""
    world = World(site.ledger, [a_post("day-1")], approved=False)
    world.run_at(DUE)
    assert ["overdue"] == reasons(site, at=LATE)
    health = site.ledger.health.counts("rehearsal", now=LATE, tolerance=OVERDUE_AFTER)
    assert (0, 0) == (health.overdue, health.doubts)


def test_errors_of_machines_addresses_are_for_machines(site: Site) -> None:
    """JSON where JSON is spoken."""
    answer = site.client.post("/readyz")
    assert (405, "application/json") == (answer.status_code, answer.mimetype)
    assert json.loads(answer.data)["error"]


def test_every_route_is_documented(site: Site) -> None:
    """docs/reference/routes.md lists each address with its methods, and no other. Those of the JSON API stand in one
    line; their own document names each."""
    text = (ROOT / "docs" / "reference" / "routes.md").read_text(encoding="utf-8")
    documented = {
        (address, tuple(sorted(methods.replace("`", "").split(", "))))
        for address, methods in re.findall(r"^\| `(/[^`]*)` \| ([^|]+?) \|", text, re.MULTILINE)
    }
    methods: dict[str, set[str]] = {}
    for rule in site.app.url_map.iter_rules():
        name = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: m[1].upper(), rule.rule)
        name = "/api/v1/..." if name.startswith("/api/v1/") else name
        methods.setdefault(name, set()).update(rule.methods or ())
    assert {(name, tuple(sorted(taken))) for name, taken in methods.items()} == documented


def test_the_alarms_pulse_is_what_health_reads(tmp_path: Path) -> None:
    """The real alarm over the real ledger: not ready before its first pass, ready after it."""
    from scheduler.engine.alarm import Alarm
    from scheduler.engine.lanes import Lanes

    site = Site(tmp_path)
    world = World(site.ledger, [], now=site.clock.now())
    alarm = Alarm([Lanes(world.new_tick())], VirtualClock(site.clock.now()))
    client = make_app(site.project, site.ledger, alarm.pulse).test_client()
    assert 503 == client.get("/readyz").status_code
    alarm.start()
    try:
        assert {"ready": True, "reasons": []}.items() <= client.get("/readyz").get_json().items()
    finally:
        alarm.close()
        site.close()


def test_a_ledger_that_is_a_copy_is_not_ready(site: Site) -> None:
    """It was at home in another place: nothing goes, and the supervisor is told so by a code of its own."""
    (mark,) = Path(site.project.env["OBSERVANCE_STATE"]).iterdir()
    assert [] == reasons(site)
    mark.write_text(
        mark.read_text(encoding="utf-8").replace(str(site.file.resolve()), "/srv/other.db"), encoding="utf-8"
    )
    assert ["displaced"] == reasons(site)
    assert "/srv/other.db" not in site.client.get("/readyz").get_data(as_text=True)
