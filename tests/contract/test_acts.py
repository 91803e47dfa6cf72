"""Each act of a person, by every edge that has it: the command line, a page's form, the JSON API.

All edges leave the same ledger and the same history, and refuse with the same code.

**You add an act?** Mark it with ``@act`` in ``scheduler/services/``, and add its line to :data:`CASES`. An edge that
does not have it stands in :data:`NOT_THERE`, with the reason.
"""

from __future__ import annotations

import importlib
import io
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
from scheduler.cli import main as command_line
from scheduler.cli.command_context import CommandContext
from scheduler.clock import VirtualClock
from scheduler.domain.api_key import Scope
from scheduler.domain.packet_record import edition_hash
from scheduler.domain.refusals import Refusal, Refused
from scheduler.domain.role import form_token
from scheduler.domain.season_key import SeasonKey
from scheduler.errors import ObservanceError
from scheduler.project import Project
from scheduler.services.approvals import approve, request_changes
from scheduler.services.context import ACTS, Actor, Context, SeasonContext, about_season
from scheduler.services.invitations import invite
from scheduler.services.seasons import read_campaign
from scheduler.services.signatures import records_in_use, sign
from scheduler.store import open_ledger
from scheduler.web.app import make_app
from scheduler.web.security.guard import COOKIE, FORM_FIELD
from scheduler.wiring import load_settings
from tests.support.api_factory import CAMPAIGN, ITEM, Api

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
        self.ledger.accounts.add(ADA, ROLE, who="the operator", now=now)
        link = self.ledger.accounts.make_sign_in_link(ADA, who="the operator", now=now)
        self.session = self.ledger.accounts.use_sign_in_link(link or "", now=now) or ""
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
        made.__dict__ |= {**self.__dict__, "notes": dict(self.notes), "refused": []}
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
        link = self.ledger.accounts.make_sign_in_link(ADA, who="the operator", now=now)
        self.session = self.ledger.accounts.use_sign_in_link(link or "", now=now) or ""
        self.client.set_cookie(COOKIE, self.session)


@dataclass(frozen=True)
class Cli:
    """A command as it is typed; ``--project`` is added."""

    arguments: tuple[str, ...]
    typed: str = ""  # on standard input

    def do(self, house: House, monkeypatch: pytest.MonkeyPatch) -> str:
        refused: list[str] = []
        explain = CommandContext.explain

        def note(context: CommandContext, problem: ObservanceError, *more: str) -> None:
            refused.append(problem.code.value if isinstance(problem, Refused) else f"not by a code: {problem}")
            explain(context, problem, *more)

        monkeypatch.setattr(CommandContext, "explain", note)
        monkeypatch.setattr("scheduler.wiring.clock_for", lambda settings, env: house.clock)
        monkeypatch.setattr("sys.stdin", io.StringIO(self.typed))
        command_line.main(["--project", str(house.folder), *filled(house, self.arguments)])
        return "".join(refused)


def cli(*arguments: str, typed: str = "") -> Cli:
    return Cli(arguments, typed)


@dataclass(frozen=True)
class Page:
    """A form as a browser sends it."""

    path: str
    form: Mapping[str, Any]

    def do(self, house: House, monkeypatch: pytest.MonkeyPatch) -> str:
        form = {FORM_FIELD: form_token(house.session), **filled(house, self.form)}
        answer = house.client.post(filled(house, self.path), data=form)
        text = answer.get_data(as_text=True)
        if answer.status_code in (200, 303):
            return ""
        found = re.findall(r'data-refusal="([^"]*)"', text)
        return found[0] if found else f"not by a code: {answer.status_code} {text}"


def page(path: str, **form: Any) -> Page:
    return Page(path, form)


class Link(Page):
    """A form on the pages behind a reviewer's private link."""


def link(path: str, **form: Any) -> Link:
    return Link("{link}" + path, form)


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
    return [filled(house, one) for one in value] if isinstance(value, list | tuple) else value


Edge = Cli | Page | Request


@dataclass(frozen=True)
class Case:
    """One act. ``before`` makes the state from which each edge begins; ``refused``: by code, what it refuses and how
    that is tried, each from the same state (with its own ``before`` on top)."""

    edges: tuple[Edge, ...]
    before: Callable[[House], None] = lambda house: None
    refused: Mapping[Refusal, tuple[Edge, ...]] = field(default_factory=dict)
    spoil: Mapping[Refusal, Callable[[House], None]] = field(default_factory=dict)
    quiet: bool = False  # nothing is found against the season


# -- states to begin from ---------------------------------------------------------------------------------


def planned(house: House) -> None:
    """The season is in the ledger. ``post`` and ``mail``: the deliveries of one day."""
    house.plan_deliveries()
    for d in house.ledger.deliveries.of_season("rehearsal", SeasonKey(CAMPAIGN, 2027)):
        if d.item == ITEM:
            house.notes["post" if d.channel == "x" else "mail"] = str(d.id)


def held(house: House) -> None:
    planned(house)
    house.ledger.holds.set("*", who="Ben Example", why="the line moves", now=house.clock.now())


def passed_over(house: House) -> None:
    """A hold over the day's time, and its end."""
    held(house)
    delivery = house.ledger.deliveries.find(int(house.notes["post"]))
    assert delivery is not None
    house.clock.jump(delivery.due_at + timedelta(minutes=10))
    house.ledger.holds.release("*", who="Ben Example", now=house.clock.now())
    house.sign_in_again()


def too_late(house: House) -> None:
    delivery = house.ledger.deliveries.find(int(house.notes["post"]))
    assert delivery is not None
    house.clock.jump(delivery.expires_at)
    house.sign_in_again()


def lost(house: House) -> None:
    """The day of both is over, and neither went out. ``lost``: the numbers of what is lost."""
    planned(house)
    too_late(house)
    house.ledger.deliveries.expire("rehearsal", now=house.clock.now())
    late = house.ledger.deliveries.of_season("rehearsal", SeasonKey(CAMPAIGN, 2027))
    house.notes["lost"] = [str(d.id) for d in late if d.is_lost(house.clock.now())]
    assert {house.notes["post"], house.notes["mail"]} <= set(house.notes["lost"])


def in_doubt(house: House) -> None:
    planned(house)
    house.doubt(int(house.notes["post"]))
    house.sign_in_again()


def reviewed(house: House) -> None:
    """Ada holds a link too. ``post_digest`` and ``mail_digest``: of the messages of one day; ``claim``: a claim's id."""
    about = about_season(
        Context(house.project, house.ledger, house.clock, Actor("Ben Example")), SeasonKey(CAMPAIGN, 2027)
    )
    house.notes["link"] = f"/r/{invite(about, ADA, ROLE).link.rpartition('/')[2]}"
    digests = {m.channel: m.digest for m in about.messages([ITEM])}
    house.notes |= {"post_digest": digests["x"], "mail_digest": digests["email"]}
    claim, fingerprint = next((i, h) for (kind, i), h in records_in_use(about.rehearsal.plan.campaign).items())
    house.notes |= {"claim": claim, "claim_hash": fingerprint, "week": edition_hash(about.week(1))}


def asked_by(person: str, role: str = "fact-reviewer") -> Callable[[House], None]:
    def before(house: House) -> None:
        reviewed(house)
        actor = Actor(person, role)
        about = about_season(Context(house.project, house.ledger, house.clock, actor), SeasonKey(CAMPAIGN, 2027))
        request_changes(about, ITEM, comment="Shorter.")

    return before


def approved_by_ada(house: House) -> None:
    reviewed(house)
    about = about_season(Context(house.project, house.ledger, house.clock, Actor(ADA, ROLE)), SeasonKey(CAMPAIGN, 2027))
    approve(about, [ITEM])


def record_changed_since_approved(house: House) -> None:
    """A help line beneath what Ada approved was tried again, and signed. ``record``: its name and hash, as pages show them."""
    approved_by_ada(house)
    (file,) = (house.folder / "campaigns" / CAMPAIGN).glob("contacts.toml")
    text = file.read_text(encoding="utf-8")
    id_of = re.search(r'^id = "([\w-]+)"$', text, re.MULTILINE)
    assert id_of is not None
    file.write_text(text.replace(id_of[0], f'{id_of[0]}\nnote = "Asked again."', 1), encoding="utf-8")
    campaign, _ = read_campaign(house.project, CAMPAIGN)
    house.notes |= {"record_name": f"contact:{id_of[1]}"}
    seen = campaign.contacts[id_of[1]].record_hash()
    house.notes |= {"record": f"contact:{id_of[1]} {seen}"}
    signer = Context(house.project, house.ledger, house.clock, Actor(ADA, ROLE))
    assert sign(signer, campaign, "contact", id_of[1], seen, opened=True)


def changed_since_asked(house: House) -> None:
    """Ben asked for a change of the item, and its file was changed."""
    asked_by("Ben Example")(house)
    path = next((house.folder / "campaigns" / CAMPAIGN / "items").glob(f"*{ITEM}*"))
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("# Email\n", "# Email\nOne more sentence.\n\n", 1), encoding="utf-8")


QUESTION = "Does the board want this?"


def asking(house: House) -> None:
    """An author has left a question open."""
    (file,) = (house.folder / "campaigns" / CAMPAIGN / "items").glob(f"*{ITEM}.md")
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("\n", f'\nneeds_decision = "{QUESTION}"\n', 1), encoding="utf-8")


SEEN = ["x:{post_digest}", "email:{mail_digest}"]
SEEN_BY_LINK = {"seen.x": "{post_digest}", "seen.email": "{mail_digest}"}
OLD = "0" * 64
PASSWORD = "four words of no use"
BY = ("--by", ADA, "--role", ROLE)

CASES: dict[str, Case] = {
    "approvals.approve": Case(
        before=reviewed,
        edges=(
            cli("approve", ITEM, "--comment", "Good.", *BY),
            page(f"/items/{ITEM}/approve", seen=SEEN, comment="Good. "),
            api(
                f"/items/{ITEM}/approvals",
                Scope.REVIEW,
                seen={"x": "{post_digest}", "email": "{mail_digest}"},
                comment=" Good.",
            ),
            link(f"/items/{ITEM}", act="approve", words="Good.", **SEEN_BY_LINK),
        ),
        refused={
            Refusal.CHANGED_MEANWHILE: (
                page(f"/items/{ITEM}/approve", seen=[f"x:{OLD}"]),
                api(f"/items/{ITEM}/approvals", Scope.REVIEW, seen={"x": OLD}),
                link(f"/items/{ITEM}", act="approve", **{**SEEN_BY_LINK, "seen.x": OLD}),
            ),
            Refusal.TEXT_TOO_LONG: (
                cli("approve", ITEM, "--comment", "x" * 10_001, *BY),
                page(f"/items/{ITEM}/approve", seen=SEEN, comment="x" * 10_001),
                link(f"/items/{ITEM}", act="approve", words="x" * 10_001, **SEEN_BY_LINK),
            ),
            Refusal.ROLE_DOES_NOT_APPROVE: (cli("approve", ITEM, "--by", ADA, "--role", "board-viewer"),),
            Refusal.NO_SUCH_ROLE: (cli("approve", ITEM, "--by", ADA, "--role", "editor"),),
            Refusal.NAME_MISSING: (cli("approve", ITEM, "--by", " "),),
            Refusal.NO_SUCH_MESSAGE: (cli("approve", "no-item", *BY),),
        },
    ),
    "losses.acknowledge": Case(
        before=lost,
        edges=(cli("acknowledge", "--by", ADA), page("/acknowledge", seen="{lost}")),
    ),
    "approvals.take_back": Case(
        before=approved_by_ada,
        edges=(
            cli("approve", ITEM, "--undo", *BY),
            page(f"/items/{ITEM}/take-back"),
            link(f"/items/{ITEM}", act="undo"),
        ),
    ),
    "approvals.see_records": Case(
        before=record_changed_since_approved,
        edges=(
            cli("approve", "--records", *BY),
            page("/see-records", record="{record}"),
            link("/records", record="{record}"),
        ),
        refused={
            Refusal.CHANGED_MEANWHILE: (
                page("/see-records", record="{record_name} " + OLD),
                link("/records", record="{record_name} " + OLD),
            ),
        },
    ),
    "approvals.answer_requests": Case(
        before=changed_since_asked,
        edges=(
            cli("request-changes", ITEM, "--mended", "--comment", "Done.", *BY),
            page(f"/items/{ITEM}/answer-requests", reason="Done."),
        ),
        refused={
            Refusal.COMMENT_MISSING: (
                cli("request-changes", ITEM, "--mended", "--comment", " ", *BY),
                page(f"/items/{ITEM}/answer-requests", reason=" "),
            ),
            Refusal.NO_SUCH_REQUEST: (
                cli("request-changes", ITEM, "--mended", "--of", "Cara", "--comment", "Done.", *BY),
                page(f"/items/{ITEM}/answer-requests", reason="Done.", of="Cara"),
            ),
        },
    ),
    "approvals.approve_week": Case(
        before=reviewed,
        quiet=True,
        edges=(
            cli("approve", "--week", "1", *BY),
            page("/calendar/2027/weeks/1/approve", fingerprint="{week}"),
        ),
        refused={
            Refusal.CHANGED_MEANWHILE: (page("/calendar/2027/weeks/1/approve", fingerprint=OLD),),
            Refusal.WEEK_NEEDS_A_LOOK: (page("/calendar/2027/weeks/1/approve", fingerprint="{week}"),),
            Refusal.NO_SUCH_WEEK: (cli("approve", "--week", "9", *BY),),
        },
    ),
    "approvals.request_changes": Case(
        before=reviewed,
        edges=(
            cli("request-changes", ITEM, "--comment", "Shorter.", *BY),
            page(f"/items/{ITEM}/request-changes", seen=SEEN, comment="Shorter. "),
            api(f"/items/{ITEM}/change-requests", Scope.REVIEW, comment="Shorter."),
            link(f"/items/{ITEM}", act="changes", words="Shorter.", **SEEN_BY_LINK),
        ),
        refused={
            Refusal.COMMENT_MISSING: (
                cli("request-changes", ITEM, "--comment", " ", *BY),
                page(f"/items/{ITEM}/request-changes", seen=SEEN, comment=" "),
                link(f"/items/{ITEM}", act="changes", words=" ", **SEEN_BY_LINK),
            )
        },
    ),
    "approvals.withdraw_request": Case(
        before=asked_by(ADA, ROLE),
        edges=(
            cli("request-changes", ITEM, "--withdraw", *BY),
            page(f"/items/{ITEM}/withdraw-request"),
            link(f"/items/{ITEM}", act="withdraw"),
        ),
    ),
    "approvals.settle_requests": Case(
        before=asked_by("Ben Example"),
        edges=(
            cli("request-changes", ITEM, "--settle", "--comment", "It stays.", *BY),
            page(f"/items/{ITEM}/settle-requests", reason="It stays."),
        ),
        refused={
            Refusal.COMMENT_MISSING: (
                cli("request-changes", ITEM, "--settle", "--comment", " ", *BY),
                page(f"/items/{ITEM}/settle-requests", reason=" "),
            ),
            Refusal.ROLE_DOES_NOT_SETTLE: (
                cli("request-changes", ITEM, "--settle", "--comment", "x", "--by", ADA, "--role", "fact-reviewer"),
            ),
        },
    ),
    "approvals.comment": Case(
        before=reviewed,
        edges=(
            cli("comment", ITEM, "--text", "Which year?", *BY),
            page(f"/items/{ITEM}/comments", comment=" Which year?"),
            api(f"/items/{ITEM}/comments", Scope.REVIEW, text="Which year?"),
            link(f"/items/{ITEM}", act="comment", words="Which year?"),
        ),
        refused={
            Refusal.COMMENT_MISSING: (
                cli("comment", ITEM, "--text", " ", *BY),
                page(f"/items/{ITEM}/comments", comment=" "),
                link(f"/items/{ITEM}", act="comment", words=" "),
            ),
            Refusal.NO_SUCH_COMMENT: (
                cli("comment", ITEM, "--text", "x", "--answer", "99", *BY),
                page(f"/items/{ITEM}/comments", comment="x", answers="99"),
                api(f"/items/{ITEM}/comments", Scope.REVIEW, text="x", answers=99),
                link(f"/items/{ITEM}", act="comment", words="x", answers="99"),
            ),
        },
    ),
    "signatures.sign": Case(
        before=reviewed,
        edges=(
            cli("sign", "claim", "{claim}", "--opened", *BY),
            page("/claims/{claim}/sign", seen="{claim_hash}", opened="yes"),
            link("/claims", sign="claim {claim} {claim_hash}", opened="yes"),
        ),
        refused={
            Refusal.CHANGED_MEANWHILE: (
                page("/claims/{claim}/sign", seen=OLD, opened="yes"),
                link("/claims", sign=f"claim {{claim}} {OLD}", opened="yes"),
            ),
            Refusal.SOURCE_NOT_OPENED: (
                cli("sign", "claim", "{claim}", *BY),
                page("/claims/{claim}/sign", seen="{claim_hash}"),
                link("/claims", sign="claim {claim} {claim_hash}"),
            ),
            Refusal.NO_SUCH_RECORD: (cli("sign", "claim", "no-claim", *BY),),
            Refusal.SIGNATURE_WOULD_BE_OVER: (
                cli("sign", "claim", "{claim}", "--opened", "--expires", "2027-02-01", *BY),
            ),
            Refusal.ROLE_DOES_NOT_SIGN: (cli("sign", "claim", "{claim}", "--by", ADA, "--role", "board-viewer"),),
        },
    ),
    "questions.decide": Case(
        before=asking,
        edges=(
            cli("decide", "item", ITEM, "--answer", "Yes, it does.", *BY),
            page(f"/questions/item/{ITEM}/answer", seen=QUESTION.replace(" ", "\r\n"), answer=" Yes, it does."),
        ),
        refused={
            Refusal.ANSWER_MISSING: (
                cli("decide", "item", ITEM, "--answer", " ", *BY),
                page(f"/questions/item/{ITEM}/answer", seen=QUESTION, answer=""),
            ),
            Refusal.CHANGED_MEANWHILE: (page(f"/questions/item/{ITEM}/answer", seen="Another?", answer="Yes."),),
            Refusal.NO_SUCH_QUESTION: (
                cli("decide", "item", "no-item", "--answer", "Yes.", *BY),
                page("/questions/claim/no-claim/answer", seen=QUESTION, answer="Yes."),
            ),
            Refusal.ROLE_DOES_NOT_DECIDE: (
                cli("decide", "item", ITEM, "--answer", "Yes.", "--by", ADA, "--role", "board-viewer"),
            ),
        },
    ),
    "invitations.invite": Case(
        before=reviewed,
        edges=(
            cli("review", "invite", "Cara Example", "--role", "fact-reviewer", "--expires", "7d", "--by", ADA),
            page("/invitations", name=" Cara Example", role="fact-reviewer", lasts="7d"),
        ),
        refused={
            Refusal.NAME_IS_AN_ADDRESS: (
                cli("review", "invite", "cara@example.org", "--role", "fact-reviewer", "--by", ADA),
                page("/invitations", name="cara@example.org", role="fact-reviewer", lasts="7d"),
            ),
            Refusal.NO_SUCH_ROLE: (
                cli("review", "invite", "Cara Example", "--role", "editor", "--by", ADA),
                page("/invitations", name="Cara Example", role="editor", lasts="7d"),
            ),
            Refusal.NAME_MISSING: (
                cli("review", "invite", " ", "--role", "fact-reviewer", "--by", ADA),
                page("/invitations", name=" ", role="fact-reviewer", lasts="7d"),
            ),
        },
    ),
    "invitations.revoke": Case(
        before=reviewed,
        edges=(cli("review", "revoke", ADA, "--by", ADA), page("/invitations/revoke", name=ADA)),
        refused={
            Refusal.NOBODY_INVITED: (
                cli("review", "revoke", "Nobody", "--by", ADA),
                page("/invitations/revoke", name="Nobody"),
            )
        },
    ),
    "accounts.set_password": Case(
        edges=(
            cli("people", "password", ADA, "--by", ADA, typed=PASSWORD + "\n"),
            page("/you/password", **{"password": PASSWORD, "password-again": PASSWORD}),
        ),
        refused={
            Refusal.WEAK_PASSWORD: (
                cli("people", "password", ADA, "--by", ADA, typed="short\n"),
                page("/you/password", **{"password": "short", "password-again": "short"}),
            ),
            Refusal.PASSWORDS_DIFFER: (page("/you/password", **{"password": PASSWORD, "password-again": "other"}),),
            Refusal.NOBODY_SIGNS_IN_SO: (cli("people", "password", "Nobody", "--by", ADA, typed=PASSWORD + "\n"),),
        },
    ),
    "accounts.sign_out": Case(
        edges=(cli("people", "sign-out", ADA, "--by", ADA), page("/you/sign-out-elsewhere")),
        refused={Refusal.NOBODY_SIGNS_IN_SO: (cli("people", "sign-out", "Nobody", "--by", ADA),)},
    ),
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
            # The command line refuses a campaign that is none before it opens anything, as each of its commands does.
            Refusal.NO_SUCH_CAMPAIGN: (
                page("/holds", campaign="none", reason="x", sure="yes"),
                api("/holds", campaign="none", reason="x"),
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
            Refusal.NO_SUCH_CAMPAIGN: (
                page("/holds/resume", campaign="none", sure="yes"),
                api("/holds/release", campaign="none"),
            ),
            Refusal.NO_SUCH_CHANNEL: (
                cli("resume", "--channel", "fax", "--by", ADA),
                page("/holds/resume", channel="fax", sure="yes"),
                api("/holds/release", channel="fax"),
            ),
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

COMMAND_LINE, PAGE, API, LINK = Cli, Page, Request, Link
#: (act, edge) -> why that edge does not have it.
NOT_THERE: dict[tuple[str, type[Edge]], str] = {
    ("losses.acknowledge", API): "what is lost is seen by a person; a program that says so hides it from everybody",
    ("accounts.set_password", API): "a key signs nobody in",
    ("accounts.sign_out", API): "a key signs nobody in",
    ("approvals.approve_week", API): "a program approves what it names, digest by digest",
    ("approvals.withdraw_request", API): "a request is ended by a person who sees what became of it",
    (
        "approvals.take_back",
        API,
    ): "an undo stands beside the act that it undoes; a program approves nothing by accident",
    ("approvals.see_records", API): "a person says that they have read what changed; a program reads no sentence",
    ("approvals.answer_requests", API): "a request is answered by a person who sees what became of it",
    ("approvals.settle_requests", API): "a request is ended by a person who sees what became of it",
    ("signatures.sign", API): "a person stands for a record after reading it; a key reads no source",
    ("questions.decide", API): "a question is answered by a person who reads it where it is asked",
    ("invitations.invite", API): "a link is shown once, to a person",
    ("invitations.revoke", API): "it goes with making links",
    ("holds.let_go", API): "what was passed over is decided by a person who sees it; a key ends a hold, and lists it",
    ("holds.skip", API): "what was passed over is decided by a person who sees it",
    ("plan_moves.move", API): "it writes a file of the campaign; keys of the API write none",
}
#: Acts that only one edge has, and their own tests. Act -> (that edge, where it is tried, why no other has it).
ONE_EDGE: dict[str, tuple[type[Edge], str, str]] = {
    "plan_moves.copy": (
        COMMAND_LINE,
        "tests/contract/test_plan_moves.py",
        "it makes a file; pages change what is there",
    ),
    "accounts.add": (COMMAND_LINE, "tests/unit/test_people_cli.py", "who may sign in is said by who runs the server"),
    "accounts.make_link": (COMMAND_LINE, "tests/unit/test_people_cli.py", "it goes with who may sign in"),
    "accounts.remove": (COMMAND_LINE, "tests/unit/test_people_cli.py", "it goes with who may sign in"),
    "api_keys.add": (COMMAND_LINE, "tests/contract/test_keys_cli.py", "a key is shown once, to who runs the server"),
    "api_keys.revoke": (COMMAND_LINE, "tests/contract/test_keys_cli.py", "it goes with making keys"),
    "arming.arm": (COMMAND_LINE, "tests/contract/test_live_road.py", "it is said at the machine that will send"),
    "arming.disarm": (COMMAND_LINE, "tests/contract/test_live_road.py", "it goes with arming; a page has the hold"),
    "signatures.renew": (
        COMMAND_LINE,
        "tests/contract/test_review_commands.py",
        "a page shows each record beside its button; nobody there signs what they do not see",
    ),
    "approvals.record_paper": (
        COMMAND_LINE,
        "tests/contract/test_review_commands.py",
        "the sheet lies beside the keyboard; a page has no paper",
    ),
    "approvals.give_out": (
        COMMAND_LINE,
        "tests/contract/test_review_commands.py",
        "it writes the packet's file on this machine",
    ),
    "invitations.decline": (PAGE, "tests/unit/test_declining.py", "whoever holds the link says it, for themselves"),
    "invitations.take_up": (PAGE, "tests/unit/test_declining.py", "it goes with declining"),
    "invitations.choose_mail": (
        PAGE,
        "tests/contract/test_reviewer_mails.py",
        "whoever holds the link says it, for themselves",
    ),
    "invitations.remind": (
        COMMAND_LINE,
        "tests/contract/test_remind.py",
        "the address is typed once and kept nowhere, on no page either",
    ),
    "editing.save": (PAGE, "tests/unit/test_web_editing.py", "whoever has the files edits them in an editor"),
    "outside.clock_was_ahead": (
        COMMAND_LINE,
        "tests/contract/test_clock_ahead.py",
        "it is seen at the machine's clock",
    ),
    "outside.confirm_leave_page": (
        COMMAND_LINE,
        "tests/unit/test_leave_page.py",
        "the page shows the code; it is typed",
    ),
    "subscribers.ask_for_next_season": (PAGE, "tests/unit/test_public_preferences.py", "a subscriber's own choice"),
    "subscribers.choose_cadence": (PAGE, "tests/unit/test_public_preferences.py", "a subscriber's own choice"),
    "subscribers.choose_one_a_day": (
        PAGE,
        "tests/unit/test_public_preferences.py",
        "a subscriber's own choice; by command (tests/unit/test_subscribers_cli.py) for who asked by mail or phone",
    ),
    "subscribers.choose_discreet": (
        PAGE,
        "tests/unit/test_public_preferences.py",
        "a subscriber's own choice; by command (tests/unit/test_subscribers_cli.py) for who asked by mail or phone",
    ),
    "subscribers.choose_zone": (PAGE, "tests/unit/test_public_preferences.py", "a subscriber's own choice"),
    "subscribers.ask_for_new_address": (PAGE, "tests/unit/test_public_wishes.py", "a subscriber's own choice"),
    "subscribers.come_back": (PAGE, "tests/unit/test_public_wishes.py", "a subscriber's own choice"),
    "subscribers.refuse_sign_up": (PAGE, "tests/unit/test_public_wishes.py", "whoever got the mail, and nobody else"),
    "subscribers.end_pause": (PAGE, "tests/unit/test_public_preferences.py", "a subscriber's own choice"),
    "subscribers.leave": (PAGE, "tests/unit/test_web_leave.py", "a subscriber's own choice"),
    "subscribers.pause": (PAGE, "tests/unit/test_public_preferences.py", "a subscriber's own choice"),
    "send_test.send_test": (
        COMMAND_LINE,
        "tests/contract/test_send_test.py",
        "the address is typed once, and kept nowhere",
    ),
    "subscribers.confirm": (PAGE, "tests/unit/test_public_sign_up.py", "a subscriber's own choice"),
    "subscribers.sign_up": (PAGE, "tests/unit/test_public_sign_up.py", "a subscriber's own choice"),
    "subscribers.add": (
        COMMAND_LINE,
        "tests/unit/test_subscribers_cli.py",
        "no page and no key takes a stranger's address",
    ),
    "subscribers.close_season": (
        COMMAND_LINE,
        "tests/unit/test_subscribers_cli.py",
        "it deletes addresses by the hundred",
    ),
    "roll_forward.roll_forward": (
        COMMAND_LINE,
        "tests/contract/test_roll_forward.py",
        "it moves files of the campaign, after a list that is read at length",
    ),
    "subscribers.erase": (
        COMMAND_LINE,
        "tests/unit/test_subscribers_cli.py",
        "on the page of choices it is the subscriber who does it",
    ),
    "subscribers.export_file": (
        COMMAND_LINE,
        "tests/unit/test_subscribers_cli.py",
        "no page and no key shows an address",
    ),
    "subscribers.export_wrong_consents": (
        COMMAND_LINE,
        "tests/unit/test_organisation.py",
        "no page and no key shows an address",
    ),
    "subscribers.import_file": (COMMAND_LINE, "tests/unit/test_subscribers_cli.py", "the file lies on the machine"),
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


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Case], House]]:
    """The state from which a case begins. Many begin from the same: nobody changes it."""
    made: dict[Callable[[House], None], House] = {}

    def of(case: Case) -> House:
        if case.before not in made:
            made[case.before] = House(tmp_path_factory.mktemp("house"))
            case.before(made[case.before])
        return made[case.before]

    yield of
    for one in made.values():
        one.close()


@pytest.fixture
def begin(tmp_path: Path, untouched: Callable[[Case], House]) -> Iterator[Callable[..., House]]:
    """Makes a house in the state from which a case begins; the next one is in the very same state."""
    made: list[House] = []

    def make(case: Case, spoil: Callable[[House], None] | None = None) -> House:
        made.append(untouched(case).copy(tmp_path / f"house-{len(made)}"))
        if spoil is not None:
            spoil(made[-1])
        return made[-1]

    yield make
    for one in made:
        one.close()


#: Tables that say who looked, not what was done.
_LOOKS = ("sessions", "sign_in_links", "sign_in_tries", "api_keys", "senders", "secret_keys", "people", "invitations")


def ledger_of(house: House) -> dict[str, list[tuple[Any, ...]]]:
    """Every table, without by which road a word came; of the history what was done, without the hashes, the name of a
    key, and how many sign-ins ended (the page's own goes on)."""
    connection = sqlite3.connect(house.folder / "var" / "observance.db")
    names = [n for (n,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    found = {}
    for name in (n for n in names if n not in _LOOKS):
        rows = connection.execute(f'SELECT * FROM "{name}"')
        kept = [at for at, column in enumerate(rows.description) if column[0] != "via"]
        found[name] = [tuple(row[at] for at in kept) for row in rows]
    connection.close()
    del found["ledger"]
    found["events"] = [
        (
            e.at,
            e.kind,
            e.who,
            e.delivery_id,
            json.dumps({k: v for k, v in e.data.items() if k not in ("key", "sessions", "via")}, sort_keys=True),
        )
        for e in house.ledger.events.in_order(limit=10_000)
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
    assert {(name, edge) for name in CASES for edge in (COMMAND_LINE, PAGE, API)} - there == set(NOT_THERE)
    assert all(len(why) > 20 for why in NOT_THERE.values())
    root = Path(__file__).resolve().parents[2]
    assert [] == [act for act, (_, where, _) in ONE_EDGE.items() if not (root / where).is_file()]


@pytest.mark.parametrize("name", CASES)
def test_the_same_act_leaves_the_same_ledger(
    name: str, begin: Callable[..., House], untouched: Callable[[Case], House], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever does it, by whatever edge: the same rows, the same lines of the history, the same files."""
    case = CASES[name]
    if case.quiet:
        monkeypatch.setattr(SeasonContext, "findings_of", lambda *_: [])
    before = untouched(case)
    results = []
    for edge in case.edges:
        made = begin(case)
        assert "" == edge.do(made, monkeypatch), edge
        results.append((ledger_of(made), files_of(made)))
    assert (ledger_of(before), files_of(before)) != results[0]
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
    assert 1 == len(made.ledger.holds.in_force())


@pytest.mark.parametrize("edge", range(3), ids=["command line", "page", "API"])
def test_a_hold_of_one_campaign_is_set_and_ended_by_its_name_at_every_edge(
    edge: int, begin: Callable[..., House], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A resume that names none leaves it in force; one of all ends it."""
    made = begin(CASES["holds.hold"])
    of = {"campaign": CAMPAIGN}
    steps = (
        (
            cli("hold", CAMPAIGN, "--reason", "x", "--by", ADA),
            page("/holds", reason="x", sure="yes", **of),
            api("/holds", reason="x", **of),
        ),
        (cli("resume", "--by", ADA), page("/holds/resume", sure="yes"), api("/holds/release")),
        (cli("resume", CAMPAIGN, "--by", ADA), page("/holds/resume", sure="yes", **of), api("/holds/release", **of)),
        (
            cli("resume", "--all", "--by", ADA),
            page("/holds/resume", sure="yes", campaign="*"),
            api("/holds/release", campaign="*"),
        ),
    )
    hold, resume, resume_it, resume_all = (step[edge] for step in steps)
    for ends in (resume_it, resume_all):
        assert "" == hold.do(made, monkeypatch)
        assert "" == resume.do(made, monkeypatch)
        assert [CAMPAIGN] == [h.campaign for h in made.ledger.holds.in_force()]
        assert "" == ends.do(made, monkeypatch)
        assert () == made.ledger.holds.in_force()


def test_every_refusal_has_its_words_at_every_edge() -> None:
    """In the words of that edge: no option and no command on a page or in an answer of the API."""
    from scheduler.cli import refusals as typed
    from scheduler.web import refusals as shown

    assert set(Refusal) == set(typed.WHAT_TO_DO) == set(shown.WHAT_TO_DO)
    for words in (*shown.WHAT_TO_DO.values(), *shown._FOR_PROGRAMS.values(), *(one.said for one in Refusal)):
        assert not re.search(r"--[a-z]|`|\b(ITEM|NAME|ID|TEXT)\b|run\.py", words), words
