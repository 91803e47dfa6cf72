"""P3 to P7: a day's mailing, by SendGrid and by SMTP, beside other senders and beside what cannot be saved."""

from __future__ import annotations

import email
import email.policy
import json
import re
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from installing import SENDERS, Sender, postfix_sink
from measure import PYTHON, TOO_LITTLE, Done, Options, Result, Seconds, in_turn, middle, run, scratch
from place import EVE, Place, by_sendgrid, by_smtp, mail_place, morning
from sinks import HttpSink, SmtpSink, running_postfix_sink
from starting import postgresql, wait_for

PEERS = Path(__file__).with_name("peers.py")
ONE = 1  # a mailing to one reader costs what a mailing costs before the first reader
#: Mailings to one and to few for one to many: a tenth more than to one is what few readers cost, and less than the one
#: or the other differs by itself.
OFTEN = 5
#: listmonk (10 workers) beside the sender by hand, in a run of all senders in turn, November 2026: recipients a second.
LISTMONK, BY_HAND = 1_535, 4_050
LISTMONK_MB = 2_281  # at 100,000 readers, in the same run
WHY_INFERRED = (
    "listmonk is in none of the indexes of packages that this benchmark installs from (Python, Debian): it was not run here. "
    f"Its side is inferred: in one run of November 2026 it reached {LISTMONK:,} recipients/s where the sender by hand reached "
    f"{BY_HAND:,}/s, and the sender by hand is timed here again."
)


class Days:
    """The days of January in turn: each mailing is a new day of the same ledger."""

    def __init__(self, place: Place, readers: int, sink: HttpSink | SmtpSink | None, server: Any = None) -> None:
        self.place, self.readers, self.sink, self.server = place, readers, sink, server
        self._days = iter(range(1, 32))
        self.peaks: list[float] = []

    def mail(self, patience: float = 7200, *, lines: int = 0) -> Seconds:
        """Seconds of the pass that mails the next day to everybody. ``lines``: calls at the same time at most, if not
        as many as are usual."""
        if self.sink is not None:
            self.sink.forget()
        more = {"CHANNELS__EMAIL__MAX_IN_FLIGHT": str(lines)} if lines else {}
        before = self.server.busy() if self.server else 0.0
        done = self.place.run("tick", at=morning(next(self._days)), patience=patience, **more)
        self._judge(done)
        self.peaks.append(done.peak_mb)
        of_server = self.server.busy() - before if self.server else 0.0
        return Seconds(done.seconds, done.seconds.processor + of_server)

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

    def once(self, **more: Any) -> Seconds:
        job = self.job | {"scratch": str(self.scratch / f"{next(self._number)}.db")} | more
        path = self.scratch / "job.json"
        path.write_text(json.dumps(job), encoding="utf-8")
        done = run([self.python, str(PEERS), self.what, str(path)])
        if done.status:
            raise SystemExit(f"{self.what} ended with {done.status}:\n{done.output[-3000:]}")
        found = json.loads(done.output.splitlines()[-1])
        if found["sent"] != job["readers"]:
            raise SystemExit(f"{self.what} sent {found['sent']} of {job['readers']}")
        return Seconds(found["seconds"], found["processor"])


def without(found: Sequence[Seconds], alone: Sequence[Seconds]) -> list[Seconds]:
    """What each pass took, less what one takes before its first reader: the start of a process and the reading of the
    season, which `start` pays once and the other sides do not pay at all."""
    return [whole - before for whole, before in zip(found, alone, strict=True)]


def p3(options: Options, result: Result) -> None:
    """A SendGrid day to a fast sink, against the SDK without a ledger, and against the sum of the floors."""
    readers = options.many(100_000, 2_000)
    with scratch() as folder, HttpSink() as sink:
        mail = the_mail(folder / "packet")
        days = Days(mail_place(folder / "all", readers, by_sendgrid(sink.url)), readers, sink)
        alone = Days(mail_place(folder / "one", ONE, by_sendgrid(sink.url)), ONE, sink)
        days.mail()
        body = round(sink.size)  # of a call of ours: the floors' calls are as large
        job = mail | {"url": sink.url, "database": str(days.place.database), "readers": readers, "body": body}
        sides: dict[str, Callable[[], Seconds]] = {
            "ours": days.mail,
            "alone": alone.mail,
            "SDK": Peer("sdk", job, folder).once,
            "floors": Peer("floors", job, folder).once,
        }
        found = in_turn(sides, options.times(5))
    ours, whole = without(found["ours"], found["alone"]), found["ours"]
    result.rate("against the SDK's helpers and client, which keep no ledger", readers, ours, found["SDK"], 2.5)
    result.rate("  our whole command, its start and all", readers, whole, found["SDK"])
    result.cost("against the sum of read, tokens, rows and bytes", ours, found["floors"], 2)
    result.cost("  our whole command, its start and all", whole, found["floors"])
    result.note(f"a call of ours has {body:,} bytes, and so have those of the floors")


def p4(options: Options, result: Result) -> None:
    """The same with 100 ms before each answer, beside a sender by hand with a row for each reader and as many calls under
    way, and beside bodies that are ready, which are what waiting alone allows."""
    readers = options.many(100_000, 4_000)
    with scratch() as folder, HttpSink(0.1) as sink, HttpSink() as at_once:
        mail = the_mail(folder / "packet")
        days = Days(mail_place(folder / "all", readers, by_sendgrid(sink.url)), readers, sink)
        alone = Days(mail_place(folder / "one", ONE, by_sendgrid(at_once.url)), ONE, at_once)
        days.mail()
        body = round(sink.size)
        job = mail | {"url": sink.url, "database": str(days.place.database), "readers": readers, "body": body}
        floors = Peer("floors", job | {"url": at_once.url}, folder)
        sides: dict[str, Callable[[], Seconds]] = {"alone": alone.mail, "floors": floors.once}
        for calls in (8, 16):
            sides[f"ours, {calls}"] = lambda calls=calls: days.mail(lines=calls)  # type: ignore[misc]
            sides[f"by hand, {calls}"] = Peer("sendgrid_by_hand", job | {"calls": calls}, folder).once
            sides[f"ready, {calls}"] = Peer("in_flight", job | {"calls": calls}, folder).once
        found = in_turn(sides, options.times(5))
    for calls, limit in ((8, 70), (16, 60)):
        whole, by_hand, ready = (found[f"{side}, {calls}"] for side in ("ours", "by hand", "ready"))
        ours, what = without(whole, found["alone"]), f"of what {calls} calls in flight allow"
        result.rate(f"{what} a sender by hand", readers, ours, by_hand, limit, unit="%")
        result.rate("  our whole command, its start and all", readers, whole, by_hand, unit="%")
        result.rate(f"  {what} for bodies that are ready, with no rows", readers, ours, ready, unit="%")
        most = -(-readers // 1_000)
        part = 100 * -(-most // calls) / waits_by_window(most, calls)
        busy = 100 * min(1.0, middle(ready) / middle(found["floors"]))
        result.note(
            f"{calls} calls in flight, of bodies that are ready: {part:.0f} % can be reached by a window that opens with "
            f"one call; {busy:.0f} % is what the floors of P3 leave, without waiting, on this machine"
        )


def waits_by_window(calls: int, most: int) -> int:
    """How often one waits for an answer, where nothing but waiting takes time, and the window opens with one call and
    grows by one with each good answer: each wait doubles it."""
    waits, size = 0, 1
    while calls > 0:
        calls, waits, size = calls - size, waits + 1, min(2 * size, most)
    return waits


def other_senders(options: Options, result: Result) -> None:
    """An SMTP day, durable state for each reader, against other senders on the same sink."""
    readers = options.many(20_000, 500)
    with scratch() as folder, ExitStack() as running:
        mail = the_mail(folder / "packet")
        program = postfix_sink(is_fetched=False)
        if program is None:
            result.note("Postfix's smtp-sink is not to be had here; the sink is bench/sinks.py")
            port, counted = (own := running.enter_context(SmtpSink())).port, own
        else:
            port, counted = running.enter_context(running_postfix_sink(program)), None
        days = Days(mail_place(folder / "all", readers, by_smtp(port)), readers, counted)
        alone = Days(mail_place(folder / "one", ONE, by_smtp(port)), ONE, None)
        job = mail | {"port": port, "database": str(days.place.database), "readers": readers}
        senders = [sender for sender in SENDERS if options.peers and sender.is_installed]
        peers = {s: Peer(s.name, job | {"readers": readers // s.share}, folder, str(s.python)) for s in senders}
        by_hand = Peer("smtp_floor", job, folder)
        note_sizes(result, job, folder, {"by hand": by_hand} | {s.title: peer for s, peer in peers.items()})
        sides: dict[str, Callable[[], Seconds]] = {
            "alone": alone.mail,
            "ours": days.mail,
            "ours, one line": lambda: days.mail(lines=1),
            "ours, four lines": lambda: days.mail(lines=4),
            "by hand": by_hand.once,
        }
        sides |= {sender.name: lambda s=sender: in_all(s, peers[s].once()) for sender in senders}  # type: ignore[misc]
        found = in_turn(sides, options.times(3))
    one, four = (without(found[side], found["alone"]) for side in ("ours, one line", "ours, four lines"))
    for sender in SENDERS:
        if sender in peers:
            result.rate(f"against {sender.title}, one line each", readers, one, found[sender.name], sender.at_least)
            whole = found["ours, one line"]
            result.rate("  our whole command, its start and all", readers, whole, found[sender.name])
        else:
            why = "not installed here" if options.peers else "--no-peers"
            result.missing(f"against {sender.title}", why, sender.at_least, at_least=True)
    result.rate("against a sender by hand with durable rows, four lines each", readers, four, found["by hand"])
    inferred = [float(seconds) * BY_HAND / LISTMONK for seconds in found["by hand"]]
    result.rate("against listmonk, inferred from the sender by hand", readers, four, inferred, 1.2)
    result.note(WHY_INFERRED)
    as_usual = without(found["ours"], found["alone"])
    result.rate("as many lines as are usual, against the sender by hand", readers, as_usual, found["by hand"])


def in_all(sender: Sender, seconds: Seconds) -> Seconds:
    """For all readers, of a sender that was given a share of them."""
    return Seconds(seconds * sender.share, seconds.processor * sender.share)


def note_sizes(result: Result, job: dict[str, Any], folder: Path, peers: dict[str, Peer]) -> None:
    """How large a mail of each sender is, counted by a sink: the same mail is sent by all."""
    some = 10
    with SmtpSink() as sink:
        Days(mail_place(folder / "some", some, by_smtp(sink.port)), some, sink).mail()
        sizes = {"ours": took(sink, some)}
        for name, peer in peers.items():
            sink.forget()
            peer.once(port=sink.port, readers=some)
            sizes[name] = took(sink, some)
    result.note("bytes of a mail: " + ", ".join(f"{name} {size:,.0f}" for name, size in sizes.items()))


def took(sink: SmtpSink, mails: int) -> float:
    if not wait_for(lambda: sink.taken == mails, 10):
        raise SystemExit(f"{sink.taken} mails arrived in place of {mails}")
    return sink.size


def slow_line(options: Options, result: Result) -> None:
    """50 ms an answer and 32 lines at most."""
    readers = options.many(20_000, 60)
    with scratch() as folder, SmtpSink(0.05) as sink:
        days = Days(mail_place(folder / "slow", readers, by_smtp(sink.port)), readers, sink)
        seconds = days.mail(lines=32)
        lines = len({line for _, _, line, _ in sink.notes[:]})
    what = f"{readers:,} readers at 50 ms an answer, 32 lines at most"
    result.add(what, readers / seconds, "/s", 93, at_least=True, ours=f"lines used: {lines}")


def growing(options: Options, result: Result, way: str, database: str) -> None:
    """P6 and P7: cost a reader and peak memory at the large size against the small one."""
    small = {"SendGrid": options.many(10_000, 1_000), "SMTP": options.many(20_000, 200)}[way]
    large = 10 * small if options.readers else options.many(1_000_000, 4 * small)
    what = f"{way}, {database}, {large:,} readers against {small:,}"
    with scratch() as folder, ExitStack() as running:
        sink = running.enter_context(HttpSink() if way == "SendGrid" else SmtpSink())
        settings = by_sendgrid(sink.url) if isinstance(sink, HttpSink) else by_smtp(sink.port)
        url, server = "", None
        if database == "postgresql":
            server = postgresql()
            if server is None:
                for goal, limit in (("P6", 1.15), ("P7", 1.25)):
                    result.missing(what, "PostgreSQL is not installed here", limit, goal=goal)
                return
            url = server.start()
            running.callback(server.stop)
        days = {n: Days(mail_place(folder / str(n), n, settings, url), n, sink, server) for n in (ONE, small, large)}
        found = in_turn_often(days, options)
    alone, few, many = (found[readers] for readers in (ONE, small, large))
    compare_costs(result, what, (alone, few, many), (small, large))
    peaks = {readers: max(one.peaks) for readers, one in days.items()}
    told = {"ours": f"{peaks[large]:.0f} MB", "other": f"ours: {peaks[small]:.0f} MB"}
    result.add(f"peak memory by {what}", peaks[large] / peaks[small], "x", 1.25, goal="P7", **told)
    told["other"] = f"listmonk at 100,000: {LISTMONK_MB:,} MB (November 2026)"
    result.add(f"peak memory by {what}", peaks[large] / LISTMONK_MB, "x", 0.1, goal="P7", **told)


def in_turn_often(days: dict[int, Days], options: Options) -> dict[int, list[Seconds]]:
    """Each mailing that is compared; those to few several times beside each one to many, and before that once for what
    a season does once."""
    *few, many = days
    rounds = options.times(2)
    often = 1 if options.is_small else max(1, min(OFTEN, 30 // rounds))  # January has 31 days
    found: dict[int, list[Seconds]] = {readers: [] for readers in days}
    for readers in few:
        days[readers].mail()
    for _ in range(rounds):
        for readers in (*few * often, many):
            found[readers].append(days[readers].mail())
    return found


def compare_costs(
    result: Result, what: str, found: tuple[list[float], list[float], list[float]], sizes: tuple[int, int]
) -> None:
    """What a reader costs at each size, what a pass costs by itself taken off."""

    def each(seconds: Callable[[float], float]) -> list[float]:
        alone, few, many = (middle([seconds(one) for one in side]) for side in found)
        return [(few - alone) / sizes[0], (many - alone) / sizes[1]]

    few, many = each(float)
    few_busy, many_busy = each(lambda one: one.processor if isinstance(one, Seconds) else one)
    if min(few, many, few_busy, many_busy) <= 0:
        result.missing(what, TOO_LITTLE, 1.15)
        return
    result.add(
        f"cost a reader by {what}",
        many / few,
        "x",
        1.15,
        goal="P6",
        ours=f"{many * 1e6:,.0f} us",
        other=f"ours: {few * 1e6:,.0f} us",
        processor=many_busy / few_busy,
    )
