"""After an accident the same is said everywhere: command line, notices, pages, report, spreadsheet and API.

One mailing of ten readers, in ten calls, goes through the real passes with a provider that answers by a script. Then
each place is read as people and programs read it.
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from scheduler.cli.main import main
from scheduler.domain.delivery import State
from scheduler.domain.delivery_words import how_far, state_words, told
from scheduler.domain.outcome import Outcome, OutcomeKind
from scheduler.domain.reason import ReasonCode, because
from scheduler.domain.season_key import SeasonKey
from scheduler.domain.subscriber import NewSubscriber
from scheduler.engine.alert_rules import notices
from scheduler.engine.notifier import Notifier
from scheduler.engine.tick import Tick
from scheduler.services.seasons import rehearse
from scheduler.settings import Mode
from scheduler.web.security.guard import COOKIE
from scheduler.wiring import unsubscribe_url
from tests.support.api_factory import CAMPAIGN, ITEM, Api
from tests.support.world import FakeTransport, an_approval

REFUSED = Outcome(
    OutcomeKind.FINAL, detail="413: too large", reasons=(because(ReasonCode.TOO_LARGE, status=413),), status=413
)
DEAD = Outcome(
    OutcomeKind.FINAL, detail="550 5.1.1", reasons=(because(ReasonCode.ADDRESS_DEAD, status=550),), status=550
)


@dataclass(frozen=True)
class Accident:
    """What happens to the mailing, and how it stands then. ``waiting`` until midnight; ``notice``: what is told."""

    script: tuple[object, ...]
    state: State
    accepted: int
    missing: int = 0
    waiting: int = 0
    unknown: int = 0
    left_out: int = 0
    said: str = ""
    looked_at: float = 12.5  # hours after it was due: the evening of the same day
    stopped_after: int = 0
    needs_a_person: bool = True

    @property
    def wanted(self) -> int:
        return 10 - self.left_out

    @property
    def counts(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in ("accepted", "missing", "waiting", "unknown", "left_out")}


ACCIDENTS = {
    "nine of ten batches refused": Accident(
        ("accept", *[REFUSED] * 9), State.PARTLY_SENT, accepted=1, missing=9, said="1 of 10 have it; 9 have not got it"
    ),
    "a stop at forty percent": Accident(
        (), State.HELD, accepted=4, waiting=6, said="4 of 10 have it; 6 wait until midnight", stopped_after=4
    ),
    "a stop that lasted until midnight": Accident(
        (),
        State.PARTLY_SENT,
        accepted=4,
        missing=6,
        said="4 of 10 have it; 6 have not got it",
        stopped_after=4,
        looked_at=25,
    ),
    "everything refused": Accident(
        (REFUSED,) * 10, State.FAILED, accepted=0, missing=10, said="0 of 10 have it; 10 have not got it"
    ),
    "a doubt beside refusals": Accident(
        (*["accept"] * 5, "lost", *[REFUSED] * 4),
        State.UNKNOWN,
        accepted=5,
        unknown=1,
        missing=4,
        said="5 of 10 have it; 1 may have it; 4 have not got it",
    ),
    "dead addresses": Accident(
        (*["accept"] * 7, *[DEAD] * 3), State.SENT, accepted=7, left_out=3, said="7 of 7 have it", needs_a_person=False
    ),
}


class House:
    """The small project, live; after the accident, in the evening of the day, everybody looks."""

    def __init__(self, folder: Path, accident: Accident, run: Callable[..., str]) -> None:
        self.api, self.accident, self._run = Api(folder), accident, run
        self.ledger, project = self.api.ledger, self.api.project
        project.settings = replace(project.settings, mode=Mode.LIVE)
        self.ledger.subscribers.add_many(
            CAMPAIGN,
            [NewSubscriber(f"reader{n}@readers.test", subscriber_id=f"{n:032x}") for n in range(9)],
            now=self.api.clock.now(),
        )
        messages = rehearse(project, CAMPAIGN, ledger=self.ledger).everything
        for message in messages:
            self.ledger.approvals.record(an_approval(message, at=self.api.clock.now()))
        self.ledger.armings.arm(SeasonKey(CAMPAIGN, 2027), who="Ada", now=self.api.clock.now())
        self.email = FakeTransport("email", batch_limit=1, script=accident.script)  # type: ignore[arg-type]
        self.email.on_call = self._stop
        self.due_at = next(m.due_at for m in messages if (m.item, m.channel) == (ITEM, "email"))
        self.tick = Tick(
            self.ledger,
            {"x": FakeTransport(), "email": self.email},
            lambda: replace(rehearse(project, CAMPAIGN, ledger=self.ledger), findings=()),
            project.settings,
            self.api.clock,
            unsubscribe_url(project, CAMPAIGN),
            node="test",
        )
        self.pass_at(0)
        self.pass_at(accident.looked_at)
        (self.delivery,) = (
            d
            for d in self.ledger.deliveries.of_season("live", SeasonKey(CAMPAIGN, 2027))
            if (d.item, d.channel) == (ITEM, "email")
        )

        self.ledger.accounts.add("Ada", "coordinator", who="the operator", now=self.api.clock.now())
        token = self.ledger.accounts.make_sign_in_link("Ada", who="the operator", now=self.api.clock.now()) or ""
        self.browser = self.api.app.test_client()
        self.browser.set_cookie(COOKIE, self.ledger.accounts.use_sign_in_link(token, now=self.api.clock.now()) or "")

    def pass_at(self, hours: float) -> None:
        self.api.clock.jump(self.due_at + timedelta(hours=hours))
        self.tick.run()

    def _stop(self, request: object) -> None:
        if self.accident.stopped_after and len(self.email.provider.calls) + 1 == self.accident.stopped_after:
            self.ledger.holds.set("*", who="Ada", why="a storm", now=self.api.clock.now())

    def cli(self, *words: str) -> str:
        return self._run(self.api.clock.now(), self.api.folder, *words)

    def page(self, path: str) -> str:
        """The words of a page, as they are read."""
        answer = self.browser.get(path)
        assert 200 == answer.status_code
        return _words(answer.get_data(as_text=True))

    def notices(self) -> str:
        """What is told, over the picture that is told from."""
        teller = Notifier(self.ledger, list, self.api.project.settings, self.api.clock, [])
        rehearsal = rehearse(self.api.project, CAMPAIGN, ledger=self.ledger)
        found = notices(teller._picture(rehearsal, self.api.clock.now(), frozenset()))
        return "\n".join(n.text for n in found if ITEM in n.text)

    def close(self) -> None:
        self.api.close()


def _words(page: str) -> str:
    page = re.sub(r"<(style|script|svg).*?</\1>", "", page, flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page))).replace(" .", ".").replace(" ,", ",")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """The command line at an instant, in a project."""

    def one(now: Any, folder: Path, *words: str) -> str:
        monkeypatch.setenv("OBSERVANCE_PROJECT", str(folder))
        monkeypatch.setenv("OBSERVANCE_MODE", "live")
        monkeypatch.setenv("OBSERVANCE_PRETEND_NOW", now.isoformat())
        for channel in ("X", "EMAIL"):
            monkeypatch.setenv(f"OBSERVANCE_CHANNELS__{channel}__BASE_URL", "http://127.0.0.1:9")
        capsys.readouterr()
        ended = main(list(words))
        said = capsys.readouterr()
        assert ended in (0, 1), said.err
        return said.out

    return one


@pytest.fixture(params=ACCIDENTS)
def house(request: pytest.FixtureRequest, tmp_path: Path, run: Callable[..., str]) -> Iterator[House]:
    made = House(tmp_path, ACCIDENTS[request.param], run)
    yield made
    made.close()


def of(counts: dict[str, int]) -> dict[str, int]:
    return {name: counts[name] for name in ("accepted", "missing", "waiting", "unknown", "left_out")}


def test_state_counts_and_words_agree_in_seven_places(house: House) -> None:
    """Who reads one place has read them all. What needs nobody stands nowhere as if it did."""
    accident, delivery = house.accident, house.delivery
    zone, number = "America/New_York", str(delivery.id)
    assert accident.said == how_far(delivery, zone)
    assert (accident.state, accident.counts["missing"]) == (delivery.state, delivery.counts.missing)
    state, said = state_words(accident.state), told(delivery, zone)
    ratio = f"{accident.accepted}/{delivery.counts.wanted}"

    # 1. status
    text, data = house.cli("status"), json.loads(house.cli("status", "--json"))
    (needs,) = [n for n in data["needs_you"] if n["delivery"] == delivery.id] or [None]
    assert accident.needs_a_person == (needs is not None)
    row = next((line for line in text.splitlines() if line.split()[:1] == [number]), "")
    assert accident.needs_a_person == bool(row)
    if needs is not None:
        assert (needs["state"], needs["why"]) == (accident.state.value, said)
        assert f" {state} " in row
        assert said in row
        assert needs["to_do"] in text

    # 2. deliveries, deliveries ID
    (row,) = (line for line in house.cli("deliveries", "--all").splitlines() if line.split()[:1] == [number])
    assert re.search(rf"\b{ITEM} +{state} +{ratio}\b", row), row
    assert said in row
    (one,) = (d for d in json.loads(house.cli("deliveries", "--json")) if d["id"] == delivery.id)
    assert (accident.state.value, said) == (one["state"], one["note"])
    assert accident.counts == of(one["counts"])
    text = house.cli("deliveries", number)
    assert f": {state}.\n{accident.said}" in text
    assert (f": {accident.left_out}." in text) == bool(accident.left_out)
    whole = json.loads(house.cli("deliveries", number, "--json"))
    assert one == {name: whole[name] for name in one}
    send_ids = [b["send_id"] for b in whole["batches"]]
    assert (10, 10) == (len(set(send_ids)), sum(s in text for s in send_ids))
    assert number in house.cli("deliveries", "--state", accident.state.value)

    # 3. notices
    notice = house.notices()
    if accident.needs_a_person:
        assert f"“Why we read” ({ITEM}) on email" in notice
        assert f"{state}: {accident.said}" in notice
        assert 1 == notice.count(accident.said)
    else:
        assert "" == notice

    # 4. pages
    rows = house.page("/deliveries?state=all")
    assert re.search(rf"Why we read \S {state} Email{re.escape(f': {said}' if said else '')}", rows), rows
    today = house.page("/")
    where = r"Why we read,( Email,)? Mon, Mar 8:?( Email:)?( we can’t tell whether it went out\.)?"
    need = re.search(rf"\S {state} {where} {re.escape(said)}\. ", today)
    assert accident.needs_a_person == bool(need)
    whole_or_none = accident.accepted in (0, accident.wanted)
    badge = state if whole_or_none else f"{state}, {accident.accepted} of {accident.wanted} have it"
    item = house.page(f"/items/{ITEM}")
    assert re.search(rf"Email: \S {state} {re.escape(f'{said}.' if said else 'It was sent on')}", item), item
    assert re.search(rf"Why we read fact .*?(Email )?\S {badge} Tue,", house.page("/calendar/2027"))

    # 5. the report
    text = house.cli("report")
    late = [line for line in text.splitlines() if f" {ITEM} " in line and " email " in line]
    assert accident.needs_a_person == bool(late)
    assert all(f" {state} " in line and said in line for line in late)
    house.cli("report", "--html", "--out", str(house.api.folder / "report.html"))
    for words in (_words((house.api.folder / "report.html").read_text("utf-8")), house.page("/report")):
        assert bool(said and said in words) == accident.needs_a_person
        assert state in words
    (line,) = (
        i for i in json.loads(house.cli("report", "--json"))["items"] if (i["item"], i["channel"]) == (ITEM, "email")
    )
    assert (accident.state.value, said) == (line["state"], line["reason"])
    assert accident.counts == of(line["counts"])

    # 6. the spreadsheet
    house.cli("report", "--csv", "--out", str(house.api.folder / "report.csv"))
    sheet = csv.DictReader(io.StringIO((house.api.folder / "report.csv").read_text("utf-8-sig")))
    (cells,) = (r for r in sheet if (r["item"], r["channel"]) == (ITEM, "email"))
    assert (accident.state.value, said) == (cells["state"], cells["reason"])
    assert accident.counts == {name: int(cells[name.replace("_", " ")]) for name in accident.counts}

    # 7. the API
    answer = house.api.get(f"/deliveries/{delivery.id}")
    assert (accident.state.value, said) == (answer["state"], answer["note"])
    assert accident.counts == of(answer["counts"])
    assert whole["batches"] == answer["batches"]
    assert house.api.get("/status")["needs_you"] == json.loads(house.cli("status", "--json"))["needs_you"]
    reported = house.api.get("/report")["items"]
    assert [line] == [i for i in reported if (i["item"], i["channel"]) == (ITEM, "email")]


@pytest.mark.parametrize("house", ["dead addresses"], indirect=True)
def test_dead_addresses_are_one_line_about_the_list(house: House) -> None:
    """In status, doctor and on the page of readers; and the day after no mailing speaks of them."""
    said = "3 addresses are dead and barred, the latest since Monday, March 8, 2027, 7:30 AM (New York)"
    for text in (house.cli("status"), house.cli("doctor"), house.page("/subscribers")):
        assert 1 == text.count(said), text
    assert 3 == json.loads(house.cli("status", "--json"))["dead_addresses"]["addresses"]
    house.pass_at(24)
    (next_day,) = (
        d
        for d in house.ledger.deliveries.of_season("live", SeasonKey(CAMPAIGN, 2027))
        if d.channel == "email" and d.on.day == 9
    )
    assert (State.SENT, 7, 7) == (next_day.state, next_day.counts.frozen, next_day.counts.accepted)


@pytest.mark.parametrize("house", ["nine of ten batches refused"], indirect=True)
def test_a_partly_sent_mailing_is_tried_again_and_nobody_gets_it_twice(house: House) -> None:
    """As status, the notice and the page advise while its window is open; then the advice goes away."""
    number = house.delivery.id
    advice = f"retry {number}, until Tuesday, March 9, 2027, 12:00 AM (New York)"
    for text in (house.cli("status"), house.notices(), house.page("/")):
        assert advice in text
    house.cli("retry", str(number), "--by", "Ada")
    house.pass_at(13)
    after = house.ledger.deliveries.find(number)
    assert after is not None
    assert (State.SENT, 10, 0) == (after.state, after.counts.accepted, after.counts.missing)
    assert {1} == set(house.email.provider.received().values())
    assert f"retry {number}" not in house.cli("status") + house.notices() + house.page("/")
