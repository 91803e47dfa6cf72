"""A whole day in the sandbox, with much that goes wrong: no log line, no error, no event and no report names a reader
or a secret, at the most talkative level, the libraries' own words included."""

from __future__ import annotations

import csv
import io
import json
import logging
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest import mock

import pytest

from scheduler.channels.contract.double import Answer
from scheduler.channels.contract.faults import Act, Fault
from scheduler.channels.sendgrid.simulator import SendGridDouble
from scheduler.channels.x.simulator import XDouble
from scheduler.cli.main import main
from scheduler.content.top_level_domains import top_level_domains
from tests.contract.test_live_road import copy_project
from tests.contract.test_notify import Web, serving
from tests.support.two_people import answer_questions, signing

ROOT = Path(__file__).parents[2]
READERS = 5
HOOK = "hook-path-that-nobody-guesses"
#: As long as real ones: that is how they are known in a provider's words.
SENDGRID_KEY = "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"
X_SECRETS = {
    "X_CONSUMER_KEY": "xvz1evFS4wEEPTGEFPHBog7aB",
    "X_CONSUMER_SECRET": "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBwx1y2z3Q",
    "X_ACCESS_TOKEN": "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb",
    "X_ACCESS_TOKEN_SECRET": "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE1a2b",
}
SECRETS = {
    **X_SECRETS,
    "SENDGRID_API_KEY": SENDGRID_KEY,
    "SECRET_KEY": "signs-addresses-and-is-not-shown",
    "NOTICES_SMTP_PASSWORD": "mail-password-not-shown",
}
#: Tables that are made for addresses, or for what a reader agreed to; everything else must be free of them.
MADE_FOR_ADDRESSES = frozenset({"subscribers", "suppressions", "confirmations", "sign_ups", "consents"})


class Echo(SendGridDouble):
    """A provider that repeats what it was sent in its refusals, as providers do."""

    def fault_answer(self, fault: Fault) -> Answer:
        if fault.act is not Act.REFUSE:
            return super().fault_answer(fault)
        address = f"{name_of(0)}@readers.example"
        message = f"{address} is not valid; key {SENDGRID_KEY} seen; to: Quill Zephyr <{address}>"
        return Answer.of(fault.status or 400, {"errors": [{"message": message, "field": "to", "help": None}]})


class EchoX(XDouble):
    """The same of X: the whole of a request's head comes back in a refusal."""

    def fault_answer(self, fault: Fault) -> Answer:
        if fault.act is not Act.REFUSE:
            return super().fault_answer(fault)
        detail = f"refused: {' '.join(X_SECRETS.values())} for reader {name_of(1)}@readers.example"
        return Answer.of(fault.status or 403, {"detail": detail, "title": "Forbidden", "status": 403})


def name_of(number: int) -> str:
    return f"quzephyr{number}.secret"


class Heard(logging.Handler):
    """Keeps every record of every logger, with all that is attached to it."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        extra = {k: str(v) for k, v in vars(record).items() if k not in ("msg", "args")}
        trace = logging.Formatter().formatException(record.exc_info) if record.exc_info else ""
        self.lines.append(f"{record.getMessage()} {json.dumps(extra, default=str)} {trace}")


class Day:
    """A project, the commands run in it, and everything that was said."""

    def __init__(self, root: Path, environment: dict[str, str]) -> None:
        self.root = root
        self.environment = environment
        self.said: dict[str, str] = {}
        self.heard = Heard()

    def run(self, *arguments: str, at: str = "") -> int:
        environment = {**self.environment, **({"OBSERVANCE_PRETEND_NOW": at} if at else {})}
        out, err = io.StringIO(), io.StringIO()

        def at_every_level(level: str) -> None:
            logging.getLogger().handlers[:] = [self.heard]
            logging.getLogger().setLevel(logging.DEBUG)
            logging.getLogger("scheduler").setLevel(logging.DEBUG)

        with (
            mock.patch.dict(os.environ, environment, clear=True),
            mock.patch("scheduler.cli.running.log_to_standard_error", at_every_level),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            status = main(list(arguments))
        self.said[f"{len(self.said)} {' '.join(arguments)}"] = out.getvalue() + err.getvalue()
        return status

    def ledger(self) -> dict[str, str]:
        """All text of all tables but those made for addresses."""
        with closing(sqlite3.connect(self.root / "var" / "observance.db")) as database:
            tables = [n for (n,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {
                f"table {name}": "\n".join(map(str, database.execute(f'SELECT * FROM "{name}"')))
                for name in tables
                if name not in MADE_FOR_ADDRESSES
            }

    def files(self, *folders: str) -> dict[str, str]:
        """What was written beside the ledger."""
        found = (p for folder in folders for p in (self.root / folder).rglob("*") if p.is_file())
        return {str(p): p.read_text(encoding="utf-8", errors="replace") for p in found}


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """This test turns every logger up; the next one finds them as they were."""
    root, own = logging.getLogger(), logging.getLogger("scheduler")
    before = root.handlers[:], root.level, own.level
    yield
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    own.setLevel(before[2])


def readers_file(root: Path) -> Path:
    """Five good readers, and rows that are wrong in ways that tempt an error message to repeat them."""
    path = root / "readers.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["email", "name", "zone"])
        for number in range(READERS):
            writer.writerow([f"{name_of(number)}@readers.example", f"Quzephyr Person{number}", "America/New_York"])
        writer.writerow([f"{name_of(0)}@readers.example", "Quzephyr Twice", ""])
        writer.writerow([f"{name_of(9)}@", "Quzephyr Broken", ""])
        writer.writerow([f"{name_of(8)} @ readers.example", "=Quzephyr()", "Mars/Olympus"])
    return path


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    """From the first sign-off to the report, on a day on which much goes wrong."""
    root = tmp_path_factory.mktemp("day")
    copy_project(ROOT, root)
    x_faults = [
        Fault(Act.NO_CREDIT, nth=1),
        Fault(Act.DROP_AFTER, nth=2),
        Fault(Act.REFUSE, nth=3, status=403),
    ]
    mail_faults = [
        Fault(Act.LIMIT, nth=1),
        Fault(Act.ERROR_AFTER, nth=2, status=500),
        Fault(Act.REFUSE, nth=3, status=400),
        Fault(Act.REFUSE, nth=4, status=401),
        Fault(Act.BROKEN_BODY, nth=5),
    ]
    x = EchoX(secrets=X_SECRETS, tlds=top_level_domains(), faults=x_faults)
    sendgrid = Echo(api_key=SENDGRID_KEY, faults=mail_faults)
    with x, sendgrid, serving(Web()) as web:
        url = web.url.replace("secret", HOOK)
        the_day = Day(
            root,
            {
                **{k: v for k, v in os.environ.items() if not k.startswith("OBSERVANCE_")},
                "OBSERVANCE_PROJECT": str(root),
                "OBSERVANCE_MODE": "live",
                "OBSERVANCE_LOG_LEVEL": "debug",
                "OBSERVANCE_CHANNELS__X__BASE_URL": x.base_url,
                "OBSERVANCE_CHANNELS__EMAIL__BASE_URL": sendgrid.base_url,
                "OBSERVANCE_NOTICES__WEBHOOK__URL": url,
                "OBSERVANCE_NOTICES__HEARTBEAT_URL": url,
                **{f"OBSERVANCE_{name}": value for name, value in SECRETS.items()},
            },
        )
        _live_through(the_day)
        the_day.said["what the sandbox's hook was told"] = "\n".join(g.body.decode() for g in web.got)
        assert any(e.address.startswith("quzephyr") for m in sendgrid.mails for e in m.envelopes), "mails did go out"
        yield the_day


def _live_through(day: Day) -> None:
    answer_questions(day.root, "human-trafficking-prevention")
    for words in signing(day.root, "human-trafficking-prevention"):
        day.run(*words)
    day.run("approve", "--all", "--by", "Ada Example")
    day.run("subscribers", "import", str(readers_file(day.root)))
    day.run("subscribers", "count")
    day.run("arm", "--by", "Ada Example")
    for date, hours in (
        ("11", ("10:00:05", "10:16:00", "18:00:00")),
        ("12", ("10:00:05", "13:00:00")),
        ("13", ("10:00:05",)),
    ):
        for hour in hours:
            day.run("tick", *(["--json"] if hour > "12" else []), at=f"2027-01-{date}T{hour}-05:00")
    day.run(
        "hold",
        "--reason",
        f"ask {name_of(0)}@readers.example",
        "--by",
        "ada@readers.example",
        at="2027-01-14T09:00-05:00",
    )
    day.run("tick", at="2027-01-14T10:00:05-05:00")
    day.run("resume", "--by", "Ada", at="2027-01-14T11:00-05:00")
    day.run("resume", "--skip", "all", "--by", "Ada", at="2027-01-14T11:01-05:00")
    later = "2027-01-14T12:00-05:00"
    day.run("resolve", "22", "--as", "sent", "--reference", f"{name_of(1)}@readers.example", "--by", "Ada", at=later)
    for command in (("status",), ("deliveries", "--json"), ("doctor",), ("doctor", "--json"), ("report", "--json")):
        day.run(*command, at=later)
    day.run("report", "--html", at=later)
    day.run("report", "--csv", at=later)
    day.run("db", "backup", str(day.root / "copies" / "one.db"), at=later)
    day.run("dry-run", at=later)
    day.run("subscribers", "import", "no-such-file.csv")
    with mock.patch.dict(day.environment, {"OBSERVANCE_SENDGRID_API_KEY": f"{SENDGRID_KEY}-wrong"}):
        day.run("tick", at="2027-01-15T10:00:05-05:00")
    with mock.patch.dict(day.environment, {"OBSERVANCE_MODE": "rehearsal"}):
        day.run("tick", at="2027-01-16T10:00:05-05:00")


def _everything(day: Day) -> dict[str, str]:
    written = day.files("build/report", "build/dry-run", "var/rehearsal")
    return {**day.said, "the log": "\n".join(day.heard.lines), **day.ledger(), **written}


def test_the_day_was_full_of_what_could_leak(day: Day) -> None:
    """Else the tests below would prove nothing: refusals that repeat their readers, doubts, notices, a rehearsal."""
    events = day.ledger()["table events"]
    for kind in ("attempt.accepted", "attempt.unknown", "attempt.final", "attempt.later", "notice.told", "hold.set"):
        assert kind in events, kind
    log = "\n".join(day.heard.lines)
    assert "is not valid" in log, "a refusal's own words are in the log, without the address"
    assert "[address]" in log
    assert len(day.heard.lines) > 20
    assert [f for f in day.files("var/rehearsal") if f.endswith(".json")]
    assert "needs money" in day.said["what the sandbox's hook was told"]


@pytest.mark.parametrize(
    "needle", ["quzephyr", *sorted(SECRETS.values()), HOOK], ids=lambda needle: re.sub(r"\W", "-", needle)[:30]
)
def test_no_reader_and_no_secret_is_said_anywhere(day: Day, needle: str) -> None:
    """Output, errors, log, history, report, notices, recordings."""
    found = {
        where: text[max(0, text.lower().find(needle.lower()) - 80) :][:200]
        for where, text in _everything(day).items()
        if needle.lower() in text.lower() and not _allowed(where)
    }
    assert {} == found


def _allowed(where: str) -> bool:
    """The report of an import says which line of the person's own file is wrong; it lies beside that file."""
    return where.endswith("readers.csv")


def test_a_log_for_machines_is_one_object_a_line() -> None:
    """With what is attached to a record as its fields."""
    from scheduler.cli.running import _Json

    record = logging.LogRecord("scheduler.engine", logging.ERROR, "x.py", 1, "%s on %s", ("day-1", "x"), None)
    record.delivery = 7
    written = json.loads(_Json().format(record))
    assert ("day-1 on x", "error", 7) == (written["message"], written["level"], written["delivery"])
