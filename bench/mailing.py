"""P3 to P7: a day's mailing, by SendGrid and by SMTP, beside other senders and beside what cannot be saved."""

from __future__ import annotations

import email
import email.policy
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from measure import PYTHON, Done, Options, Result, in_turn, middle, ratio, run, scratch
from place import EVE, Place, by_sendgrid, by_smtp, mail_place, morning
from sinks import HttpSink, SmtpSink, postfix_sink, running_postfix_sink
from starting import postgresql

PEERS = Path(__file__).with_name("peers.py")
ONE = 1  # a mailing to one reader costs what a mailing costs before the first reader
#: listmonk (10 workers) beside the sender by hand, in a run of all senders in turn, November 2026: recipients a second.
LISTMONK, BY_HAND = 1_535, 4_050
#: Other senders: what is installed for each, and how many times its rate is the goal.
SENDERS = {
    "django_loop": (("django",), 10.0),
    "django_newsletter": (("django", "django-newsletter", "sorl-thumbnail", "pillow"), 20.0),
    "mailman": (("mailman",), 70.0),
}


class Days:
    """The days of January in turn: each mailing is a new day of the same ledger."""

    def __init__(self, place: Place, readers: int, sink: HttpSink | SmtpSink | None) -> None:
        self.place, self.readers, self.sink = place, readers, sink
        self._days = iter(range(1, 32))
        self.peaks: list[float] = []

    def mail(self, patience: float = 3600) -> float:
        """Seconds of the pass that mails the next day to everybody."""
        if self.sink is not None:
            self.sink.forget()
        done = self.place.run("tick", at=morning(next(self._days)), patience=patience)
        self._judge(done)
        self.peaks.append(done.peak_mb)
        return done.seconds

    def _judge(self, done: Done) -> None:
        said = re.search(r"\(([\d,]+) readers?\)", done.output)
        sent = int(said[1].replace(",", "")) if said else -1
        if sent != self.readers:
            raise SystemExit(f"{sent} of {self.readers} readers were mailed:\n{done.output[-2000:]}")


def the_mail(folder: Path) -> dict[str, str]:
    """The mail of the first day as others are to send it: subject, text, HTML, with a mark for the link to leave."""
    place = Place.make(folder)
    place.run("dry-run", at=EVE)
    first = min((place.folder / "build" / "dry-run").glob("*/emails/*.eml"))
    mail = email.message_from_bytes(first.read_bytes(), policy=email.policy.default)
    parts = {part.get_content_subtype(): part.get_content() for part in mail.walk() if not part.is_multipart()}
    leave = re.compile(r"https?://[^\s\"'<>]*/u/[^\s\"'<>]*")
    return {
        "subject": str(mail["Subject"]),
        "text": leave.sub("@@LEAVE@@", parts["plain"]),
        "html": leave.sub("@@LEAVE@@", parts["html"]),
    }


class Peer:
    """Another side, run with the same readers and the same mail."""

    def __init__(self, what: str, job: dict[str, Any], folder: Path, python: str = PYTHON) -> None:
        self.what, self.job, self.python = what, job, python
        self.scratch = folder / what
        self.scratch.mkdir(exist_ok=True)
        self._number = iter(range(1_000))

    def once(self) -> float:
        job = self.job | {"scratch": str(self.scratch / f"{next(self._number)}.db")}
        path = self.scratch / "job.json"
        path.write_text(json.dumps(job), encoding="utf-8")
        done = run([self.python, str(PEERS), self.what, str(path)])
        if done.status:
            raise SystemExit(f"{self.what} ended with {done.status}:\n{done.output[-3000:]}")
        found = json.loads(done.output.splitlines()[-1])
        if found["sent"] != self.job["readers"]:
            raise SystemExit(f"{self.what} sent {found['sent']} of {self.job['readers']}")
        return float(found["seconds"])


def rate(name: str, readers: int, seconds: list[float]) -> str:
    return f"{name}: {readers / middle(seconds):,.0f}/s"


def p3(options: Options) -> Result:
    """A SendGrid day to a fast sink, against the SDK without a ledger, and against the sum of the floors."""
    result, readers = Result("P3"), options.many(100_000, 2_000)
    with scratch() as folder, HttpSink() as sink:
        mail = the_mail(folder / "packet")
        days = Days(mail_place(folder / "all", readers, by_sendgrid(sink.url)), readers, sink)
        alone = Days(mail_place(folder / "one", ONE, by_sendgrid(sink.url)), ONE, sink)
        job = mail | {"url": sink.url, "database": str(days.place.database), "readers": readers, "body": 660_000}
        sides = {
            "ours": days.mail,
            "ours, one reader": alone.mail,
            "SDK": Peer("sdk", job, folder).once,
            "floors": Peer("floors", job, folder).once,
        }
        found = in_turn(sides, options.times(5))
    ours = found["ours"]
    net = [a - b for a, b in zip(ours, found["ours, one reader"], strict=True)]
    result.add(
        rate("against the SDK's helpers and client, no ledger", readers, found["SDK"]),
        ratio(found["SDK"], ours),
        goal=2.5,
        at_least=True,
    )
    result.add("  the same without what a pass costs before its first reader", ratio(found["SDK"], net))
    result.add(
        rate("against the sum of read, tokens, rows and bytes", readers, found["floors"]),
        ratio(ours, found["floors"]),
        goal=2,
    )
    result.add("ours", readers / middle(ours), "readers/s")
    return result


def p4(options: Options) -> Result:
    """The same with 100 ms before each answer."""
    result, readers = Result("P4"), options.many(100_000, 4_000)
    with scratch() as folder, HttpSink(0.1) as sink:
        days = Days(mail_place(folder / "all", readers, by_sendgrid(sink.url)), readers, sink)
        job = {"url": sink.url, "readers": readers, "body": 660_000}
        sides: dict[str, Callable[[], float]] = {"ours": days.mail}
        for calls in (8, 16):
            sides[str(calls)] = Peer("in_flight", job | {"calls": calls}, folder).once
        found = in_turn(sides, options.times(5))
    for calls, goal in ((8, 70), (16, 60)):
        part = 100 * ratio(found[str(calls)], found["ours"])
        result.add(
            rate(f"of what {calls} calls in flight allow", readers, found[str(calls)]), part, "%", goal, at_least=True
        )
    result.add("ours", readers / middle(found["ours"]), "readers/s")
    return result


def p5(options: Options) -> Result:
    """An SMTP day, durable state for each reader, against other senders on the same sink; then a line of 50 ms."""
    result, readers = Result("P5"), options.many(20_000, 500)
    with scratch() as folder, ExitStack() as running:
        mail = the_mail(folder / "packet")
        sink_program = postfix_sink(folder)
        if sink_program is None:
            result.note("Postfix's smtp-sink is not to be had here; the sink is bench/sinks.py")
            port, counted = (own := running.enter_context(SmtpSink())).port, own
        else:
            port, counted = running.enter_context(running_postfix_sink(sink_program)), None
        days = Days(mail_place(folder / "all", readers, by_smtp(port)), readers, counted)
        job = mail | {"port": port, "database": str(days.place.database), "readers": readers}
        sides: dict[str, Callable[[], float]] = {"ours": days.mail, "floor": Peer("smtp_floor", job, folder).once}
        for name, (packages, _) in SENDERS.items():
            python = installed(folder / f"with-{name}", packages) if options.peers else None
            if python is None:
                result.note(f"{name} was not installed: not compared with")
            else:
                sides[name] = Peer(name, job, folder, python).once
        found = in_turn(sides, options.times(3))
    for name, (_, goal) in SENDERS.items():
        if name in found:
            what = rate(f"against {name.replace('_', ' ')}", readers, found[name])
            result.add(what, ratio(found[name], found["ours"]), goal=goal, at_least=True)
    against_floor = ratio(found["floor"], found["ours"])
    result.add(rate("against a sender by hand, four lines, durable rows", readers, found["floor"]), against_floor)
    part = against_floor * BY_HAND / LISTMONK
    result.add("against listmonk, by its part of the sender by hand", part, goal=1.2, at_least=True)
    result.note("listmonk is in no index of packages: inferred from an earlier common run, never measured here")
    result.add("ours", readers / middle(found["ours"]), "readers/s")
    slow_line(options, result)
    return result


def slow_line(options: Options, result: Result) -> None:
    """50 ms an answer and 32 lines at most."""
    readers = options.size or (60 if options.quick else 3_000)
    with scratch() as folder, SmtpSink(0.05) as sink:
        seconds = Days(mail_place(folder / "slow", readers, by_smtp(sink.port)), readers, sink).mail()
    result.add(f"at 50 ms an answer, {readers:,} readers", readers / seconds, "readers/s", 93, at_least=True)


def installed(home: Path, packages: Sequence[str]) -> str | None:
    """A Python with these packages, in a scratch environment; None where they cannot be installed."""
    try:
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True, capture_output=True, timeout=300)
        install = [str(home / "bin" / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        subprocess.run([*install, *packages], check=True, capture_output=True, timeout=600)
    except (subprocess.SubprocessError, OSError):
        return None
    return str(home / "bin" / "python")


def sizes(options: Options) -> Iterator[tuple[str, int, int]]:
    """Way, small, large."""
    yield "SendGrid", options.many(10_000, 1_000), options.many(1_000_000, 4_000)
    yield "SMTP", options.many(20_000, 200), options.many(1_000_000, 800)


def grown(options: Options, way: str, small: int, large: int) -> tuple[dict[str, list[float]], dict[int, float]]:
    """Seconds of each size, and of one reader, in turn; and the highest memory of each size."""
    with scratch() as folder, ExitStack() as running:
        sink = running.enter_context(HttpSink() if way == "SendGrid" else SmtpSink())
        settings = by_sendgrid(sink.url) if isinstance(sink, HttpSink) else by_smtp(sink.port)
        days = {}
        for readers in (ONE, small, large):
            more = {}
            if options.database == "postgresql":
                server = postgresql()
                if server is None:
                    raise SystemExit("PostgreSQL is not installed here")
                more = {"DATABASE__URL": server.start()}
                running.callback(server.stop)
            days[readers] = Days(mail_place(folder / str(readers), readers, settings | more), readers, sink)
        found = in_turn({str(readers): one.mail for readers, one in days.items()}, options.times(2))
    return found, {readers: max(one.peaks) for readers, one in days.items()}


def p6(options: Options) -> Result:
    """Cost a reader at the large size against the small one, what a pass costs by itself taken off."""
    result = Result("P6")
    for way, small, large in sizes(options):
        found, _ = grown(options, way, small, large)
        alone = middle(found[str(ONE)])
        few, many = ((middle(found[str(readers)]) - alone) / readers for readers in (small, large))
        if few <= 0:
            result.note(
                f"{way}: a mailing to {small:,} took no longer than one to a single reader; nothing can be said"
            )
            if not options.quick:
                raise SystemExit("the machine was too busy to measure")
            continue
        result.add(
            f"{way}, {options.database}: {large:,} ({many * 1e6:.0f} us) against {small:,} ({few * 1e6:.0f} us)",
            many / few,
            goal=1.15,
        )
    return result


def p7(options: Options) -> Result:
    """Peak memory at the large size against the small one, and against what listmonk took at 100,000."""
    result = Result("P7")
    for way, small, large in sizes(options):
        _, peaks = grown(options, way, small, large)
        result.add(
            f"{way}, {options.database}: {peaks[large]:.0f} MB against {peaks[small]:.0f} MB",
            peaks[large] / peaks[small],
            goal=1.25,
        )
        result.add(f"{way}: of listmonk's 2,281 MB at 100,000 (November 2026)", peaks[large] / 2_281, goal=0.1)
    return result
