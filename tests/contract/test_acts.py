"""Each act of a person, by every edge that has it: the command line, a page's form, the JSON API.

All edges leave the same ledger and the same history, and refuse with the same code.

**You add an act?** Mark it with ``@act`` in ``scheduler/services/``, and add its line to :data:`CASES`. An edge that
does not have it stands in :data:`NOT_THERE`, with the reason.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import scheduler.services
from scheduler.bootstrap import Project
from scheduler.cli import main as command_line
from scheduler.clock import VirtualClock
from scheduler.domain.api_key import Scope
from scheduler.domain.refusals import Refusal, Refused
from scheduler.domain.role import form_token
from scheduler.services.context import ACTS
from scheduler.store import open_ledger
from scheduler.web.app import make_app
from scheduler.web.security.guard import COOKIE, FORM_FIELD
from scheduler.wiring import load_settings
from tests.unit.api_factory import CAMPAIGN, ITEM, Api

for _module in pkgutil.iter_modules(scheduler.services.__path__):
    importlib.import_module(f"scheduler.services.{_module.name}")

ADA, ROLE = "Ada Example", "coordinator"
#: A reason that is too long for anybody.
ENDLESS = "x" * 501


class House(Api):
    """A project in which Ada Example is at the keyboard, signed in at the pages, and holds keys of the API."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        now = self.clock.now()
        self.ledger.add_person(ADA, ROLE, who="the operator", now=now)
        link = self.ledger.make_sign_in_link(ADA, who="the operator", now=now)
        self.session = self.ledger.use_sign_in_link(link or "", now=now) or ""
        self.keys = {s: self.key(s, person=ADA, role=ROLE) for s in (Scope.REVIEW, Scope.OPERATE)}
        self.client.set_cookie(COOKIE, self.session)
        self.refused: list[str] = []
        self.notes: dict[str, Any] = {}

    def copy(self, folder: Path) -> House:
        """The same state again, with a ledger and pages of its own."""
        shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns("observance.db*"))
        with closing(sqlite3.connect(self.folder / "var" / "observance.db")) as here:
            with closing(sqlite3.connect(folder / "var" / "observance.db")) as there:
                here.backup(there)
        made = object.__new__(House)
        made.__dict__ |= self.__dict__
        made.folder, made.clock = folder, VirtualClock(self.clock.now())
        made.project = Project(folder, load_settings(folder, {}), {}, made.clock)
        made.ledger = open_ledger(made.project.settings.database_url)
        made.app = make_app(made.project, made.ledger)
        made.client = made.app.test_client()
        made.client.set_cookie(COOKIE, self.session)
        return made

    def sign_in_again(self) -> None:
        """After the clock has jumped."""
        now = self.clock.now()
        link = self.ledger.make_sign_in_link(ADA, who="the operator", now=now)
        self.session = self.ledger.use_sign_in_link(link or "", now=now) or ""
        self.client.set_cookie(COOKIE, self.session)


@dataclass(frozen=True)
class Cli:
    """A command as it is typed; ``--project`` is added."""

    arguments: tuple[str, ...]

    def do(self, house: House, monkeypatch: pytest.MonkeyPatch) -> str:
        refused: list[str] = []
        explain = command_line._explain

        def note(problem: Exception) -> int:
            refused.append(problem.code.value if isinstance(problem, Refused) else f"not by a code: {problem}")
            return explain(problem)  # type: ignore[arg-type]

        monkeypatch.setattr(command_line, "_explain", note)
        monkeypatch.setattr("scheduler.bootstrap.opening.clock_for", lambda settings, env: house.clock)
        command_line.main([*filled(house, self.arguments), "--project", str(house.folder)])
        return "".join(refused)


def cli(*arguments: str) -> Cli:
    return Cli(arguments)


@dataclass(frozen=True)
class Page:
    """A form as a browser sends it."""

    path: str
    form: Mapping[str, str]

    def do(self, house: House, monkeypatch: pytest.MonkeyPatch) -> str:
        form = {FORM_FIELD: form_token(house.session), **filled(house, self.form)}
        answer = house.client.post(filled(house, self.path), data=form)
        text = answer.get_data(as_text=True)
        if answer.status_code in (200, 303):
            return ""
        found = re.findall(r'data-refusal="([^"]*)"', text)
        return found[0] if found else f"not by a code: {answer.status_code} {text}"


def page(path: str, **form: str) -> Page:
    return Page(path, form)


@dataclass(frozen=True)
class Request:
    """A request to the API; ``key``: its scope."""

    path: str
    key: Scope
    body: Mapping[str, Any]

    def do(self, house: House, monkeypatch: pytest.MonkeyPatch) -> str:
        answer = house.ask("POST", filled(house, self.path), house.keys[self.key], json=filled(house, self.body))
        if answer.status_code in (200, 201):
            return ""
        return str(answer.get_json().get("refusal") or f"not by a code: {answer.get_data(as_text=True)}")


def api(path: str, key: Scope = Scope.OPERATE, /, **body: Any) -> Request:
    return Request(path, key, body)


def filled(house: House, value: Any) -> Any:
    """With what :attr:`House.notes` holds in the place of ``{name}``."""
    if isinstance(value, str):
        return house.notes[value[1:-1]] if re.fullmatch(r"{\w+}", value) else value.format_map(house.notes)
    if isinstance(value, Mapping):
        return {filled(house, key): filled(house, inner) for key, inner in value.items()}
    return [filled(house, one) for one in value]


Edge = Cli | Page | Request


@dataclass(frozen=True)
class Case:
    """One act. ``before`` makes the state from which each edge begins; ``refused``: by code, what it refuses and how
    that is tried, each from the same state (with its own ``before`` on top)."""

    edges: tuple[Edge, ...]
    before: Callable[[House], None] = lambda house: None
    refused: Mapping[Refusal, tuple[Edge, ...]] = field(default_factory=dict)
    spoil: Mapping[Refusal, Callable[[House], None]] = field(default_factory=dict)
    changes: bool = True  # whether a line of the history comes of it


# -- states to begin from ---------------------------------------------------------------------------------


def planned(house: House) -> None:
    """The season is in the ledger. ``post`` and ``mail``: the deliveries of one day."""
    house.plan_deliveries()
    for d in house.ledger.deliveries("rehearsal", CAMPAIGN, 2027):
        if d.item == ITEM:
            house.notes["post" if d.channel == "x" else "mail"] = str(d.id)


def held(house: House) -> None:
    planned(house)
    house.ledger.hold("*", who="Ben Example", why="the line moves", now=house.clock.now())


def passed_over(house: House) -> None:
    """A hold over the day's time, and its end."""
    held(house)
    delivery = house.ledger.delivery(int(house.notes["post"]))
    assert delivery is not None
    house.clock.jump(delivery.due_at + timedelta(minutes=10))
    house.ledger.release("*", who="Ben Example", now=house.clock.now())
    house.sign_in_again()


def too_late(house: House) -> None:
    delivery = house.ledger.delivery(int(house.notes["post"]))
    assert delivery is not None
    house.clock.jump(delivery.expires_at)
    house.sign_in_again()


def in_doubt(house: House) -> None:
    planned(house)
    house.doubt(int(house.notes["post"]))
    house.sign_in_again()


CASES: dict[str, Case] = {
    "holds.hold": Case(
        before=planned,
        edges=(
            cli("hold", "--reason", "the line moves", "--by", ADA),
            page("/holds", reason=" the line moves ", channel="*", sure="yes"),
            api("/holds", reason="the line  moves"),
        ),
        refused={
            Refusal.REASON_MISSING: (
                cli("hold", "--reason", "  ", "--by", ADA),
                page("/holds", reason=" ", sure="yes"),
                api("/holds", reason=" "),
            ),
            Refusal.NO_SUCH_CHANNEL: (
                cli("hold", "--channel", "fax", "--reason", "x", "--by", ADA),
                page("/holds", channel="fax", reason="x", sure="yes"),
                api("/holds", channel="fax", reason="x"),
            ),
            Refusal.TEXT_TOO_LONG: (
                cli("hold", "--reason", ENDLESS, "--by", ADA),
                page("/holds", reason=ENDLESS, sure="yes"),
            ),
        },
    ),
    "holds.resume": Case(
        before=held,
        edges=(
            cli("resume", "--by", ADA),
            page("/holds/resume", channel="*", sure="yes"),
            api("/holds/release"),
        ),
        refused={
            Refusal.NO_SUCH_CHANNEL: (
                cli("resume", "--channel", "fax", "--by", ADA),
                page("/holds/resume", channel="fax", sure="yes"),
                api("/holds/release", channel="fax"),
            )
        },
    ),
    "holds.let_go": Case(
        before=passed_over,
        edges=(
            cli("resume", "--send", ITEM, "--channel", "x", "--by", ADA),
            page("/holds/passed-over/{post}", what="send"),
        ),
    ),
    "holds.skip": Case(
        before=passed_over,
        edges=(
            cli("resume", "--skip", ITEM, "--channel", "x", "--by", ADA),
            page("/holds/passed-over/{post}", what="skip"),
        ),
        refused={
            Refusal.REASON_MISSING: (page(f"/items/{ITEM}/skip", delivery="{mail}", reason=" "),),
            Refusal.NOTHING_TO_SKIP: (page(f"/items/{ITEM}/skip", delivery="0", reason="x"),),
            Refusal.TEXT_TOO_LONG: (page(f"/items/{ITEM}/skip", delivery="{mail}", reason=ENDLESS),),
        },
    ),
    "plan_moves.move": Case(
        before=passed_over,
        edges=(
            cli("resume", "--move", f"{ITEM}=2027-03-09", "--by", ADA),
            page("/holds/passed-over/{post}", what="move", to="2027-03-09"),
        ),
        refused={
            Refusal.DAY_IS_OVER: (
                cli("resume", "--move", f"{ITEM}=2027-02-01", "--by", ADA),
                page("/holds/passed-over/{post}", what="move", to="2027-02-01"),
            ),
            Refusal.NOT_A_DAY_OF_THE_SEASON: (
                cli("resume", "--move", f"{ITEM}=2028-02-01", "--by", ADA),
                page("/holds/passed-over/{post}", what="move", to="2028-02-01"),
            ),
        },
    ),
    "reconcile.resolve": Case(
        before=in_doubt,
        edges=(
            cli("resolve", "{post}", "--as", "sent", "--reference", "17", "--by", ADA),
            page("/deliveries/{post}/resolve", verdict="sent", reference=" 17"),
            api("/deliveries/{post}/resolution", **{"as": "sent", "reference": "17 "}),
        ),
        refused={
            Refusal.NOTHING_IN_DOUBT: (
                cli("resolve", "{mail}", "--as", "sent", "--by", ADA),
                page("/deliveries/{mail}/resolve", verdict="sent"),
                api("/deliveries/{mail}/resolution", **{"as": "sent"}),
            ),
            Refusal.NO_SUCH_DELIVERY: (
                cli("resolve", "99999", "--as", "sent", "--by", ADA),
                api("/deliveries/99999/resolution", **{"as": "sent"}),
            ),
        },
    ),
}

COMMAND_LINE, PAGE, API = Cli, Page, Request
#: (act, edge) -> why that edge does not have it.
NOT_THERE: dict[tuple[str, type[Edge]], str] = {
    ("holds.let_go", API): "what was passed over is decided by a person who sees it; a key ends a hold, and lists it",
    ("holds.skip", API): "what was passed over is decided by a person who sees it",
    ("plan_moves.move", API): "it writes a file of the campaign; keys of the API write none",
}
#: Acts that only one edge has, and their own tests. Act -> (that edge, where it is tried, why no other has it).
ONE_EDGE: dict[str, tuple[type[Edge], str, str]] = {
    "reconcile.resolve_subscriber": (
        COMMAND_LINE,
        "tests/contract/test_smtp_engine.py",
        "it names a subscriber; no page and no key shows one",
    ),
    "reconcile.resolve_by_log": (
        COMMAND_LINE,
        "tests/contract/test_smtp_engine.py",
        "it reads a file of the machine that the mail server is on",
    ),
    "reconcile.retry": (COMMAND_LINE, "tests/contract/test_reasons.py", "it comes after work on keys or texts"),
}


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Callable[..., House]]:
    """Makes a house in the state from which a case begins; the next one is in the very same state."""
    made: list[House] = []

    def make(case: Case, spoil: Callable[[House], None] | None = None) -> House:
        if not made:
            made.append(House(tmp_path / "house"))
            case.before(made[0])
        made.append(made[0].copy(tmp_path / f"house-{len(made)}"))
        if spoil is not None:
            spoil(made[-1])
        return made[-1]

    yield make
    for one in made:
        one.close()


#: Tables that say who looked, not what was done.
_LOOKS = ("sessions", "sign_in_links", "sign_in_tries", "api_keys", "senders", "secret_keys", "people")


def ledger_of(house: House) -> dict[str, list[tuple[Any, ...]]]:
    """Every table; of the history what was done, without the hashes and the name of a key."""
    connection = sqlite3.connect(house.folder / "var" / "observance.db")
    names = [n for (n,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    found = {n: connection.execute(f'SELECT * FROM "{n}"').fetchall() for n in names if n not in _LOOKS}
    connection.close()
    del found["ledger"]
    found["events"] = [
        (
            e.at,
            e.kind,
            e.who,
            e.delivery_id,
            json.dumps({k: v for k, v in e.data.items() if k != "key"}, sort_keys=True),
        )
        for e in house.ledger.history()
    ]
    return found


def files_of(house: House) -> dict[str, bytes]:
    return {
        str(path.relative_to(house.folder)): path.read_bytes()
        for path in sorted((house.folder / "campaigns").rglob("*"))
        if path.is_file()
    }


def test_every_act_is_tried_by_every_edge() -> None:
    """The list of acts is made from the services; an edge that an act does not have is declared, with the reason."""
    assert set(ACTS) == {*CASES, *ONE_EDGE}
    has = {name: {type(edge) for edge in case.edges} for name, case in CASES.items()}
    there = {(name, edge) for name, edges in has.items() for edge in edges}
    assert {(name, edge) for name in CASES for edge in (Cli, Page, Request)} - there == set(NOT_THERE)
    assert all(len(why) > 20 for why in NOT_THERE.values())
    root = Path(__file__).resolve().parents[2]
    assert [] == [act for act, (_, where, _) in ONE_EDGE.items() if not (root / where).is_file()]


@pytest.mark.parametrize("name", CASES)
def test_the_same_act_leaves_the_same_ledger(
    name: str, begin: Callable[..., House], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever does it, by whatever edge: the same rows, the same lines of the history, the same files."""
    case = CASES[name]
    untouched = begin(case)
    results = []
    for edge in case.edges:
        made = begin(case)
        assert "" == edge.do(made, monkeypatch), edge
        results.append((ledger_of(made), files_of(made)))
    assert (ledger_of(untouched), files_of(untouched)) != results[0]
    for edge, result in zip(case.edges[1:], results[1:], strict=True):
        assert results[0] == result, edge


@pytest.mark.parametrize(("name", "code"), [(name, code) for name, case in CASES.items() for code in case.refused])
def test_the_same_mistake_is_refused_by_the_same_code(
    name: str, code: Refusal, begin: Callable[..., House], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing is changed by it."""
    case = CASES[name]
    for edge in case.refused[code]:
        made = begin(case, case.spoil.get(code))
        before = ledger_of(made), files_of(made)
        assert code.value == edge.do(made, monkeypatch), edge
        assert before == (ledger_of(made), files_of(made)), edge


def test_what_is_too_late_is_let_go_by_nobody(begin: Callable[..., House], monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line goes on with the rest of its list; the page says so at the form. Neither lets it go."""
    case = CASES["holds.let_go"]
    for edge, expected in zip(case.edges, ("", Refusal.WINDOW_CLOSED.value), strict=True):
        made = begin(case, too_late)
        before = ledger_of(made)
        assert expected == edge.do(made, monkeypatch)
        assert before == ledger_of(made)


def test_a_hold_that_is_said_twice_is_one(begin: Callable[..., House], monkeypatch: pytest.MonkeyPatch) -> None:
    """By whatever edges: the same person, for the same reason."""
    made = begin(CASES["holds.hold"])
    for edge in (*CASES["holds.hold"].edges, *CASES["holds.hold"].edges):
        assert "" == edge.do(made, monkeypatch)
    assert 1 == len(made.ledger.holds())


def test_every_refusal_has_its_words_at_every_edge() -> None:
    """In the words of that edge: no option and no command on a page or in an answer of the API."""
    from scheduler.cli import refusals as typed
    from scheduler.web import refusals as shown

    assert set(Refusal) == set(typed.WHAT_TO_DO) == set(shown.WHAT_TO_DO)
    for words in (*shown.WHAT_TO_DO.values(), *shown._FOR_PROGRAMS.values(), *(one.said for one in Refusal)):
        assert not re.search(r"--[a-z]|`|\b(ITEM|NAME|ID|TEXT)\b|run\.py", words), words
