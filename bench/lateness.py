"""P9: how late the alarm is with nothing else to do; how late posts are while a mailing runs; what goes out after a hold.

All of it by the machine's own clock, with campaigns of one day: today.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import alarm
from measure import ROOT, Options, Result, high, scratch
from place import Place, PlaceInThisProcess, add_day, by_sendgrid, by_smtp, write_list
from sinks import HttpSink, SmtpSink
from starting import rows, wait_for

X_KEYS = {
    f"X_{name}": "stand-in" for name in ("CONSUMER_KEY", "CONSUMER_SECRET", "ACCESS_TOKEN", "ACCESS_TOKEN_SECRET")
}
NEVER = "23:58"
MOST_LATE = 120.0  # seconds; longer is not waited for
A_LONG_CALL = 55.0  # seconds; with 8 in flight a mailing of 100 such calls lasts for a quarter of an hour
PATIENCE_WITH_A_CALL = 120.0  # seconds; an answer that takes half of it is a slow one, and narrows the window
AT_ONE_INSTANT, SPREAD = "Post", "Spread"  # how posts' campaigns are called
ENOUGH_TO_START = 240.0  # seconds
MINUTES = 10  # over which the posts are spread that fall due beside it


def by_itself(options: Options, result: Result) -> None:
    """The alarm with nothing else to do."""
    late, floor = alarm.by_the_alarm(), alarm.floor(alarm.from_now())
    result.add(
        "alarm with nothing else to do: p99 late",
        high(late, 99),
        "ms",
        50,
        ours=f"{high(late, 99):.1f} ms",
        other=f"a bare loop that sleeps: {high(floor, 99):.1f} ms",
    )


def beside_a_slow_server(options: Options, result: Result) -> None:
    with HttpSink(A_LONG_CALL) as mails:
        server = f"SendGrid, {A_LONG_CALL:g} s a call"
        settings = by_sendgrid(mails.url) | {"CHANNELS__EMAIL__TIMEOUT_SECONDS": f"{PATIENCE_WITH_A_CALL:g}"}
        posts_beside_a_mailing(options, result, server, settings)


def beside_a_silent_mail_server(options: Options, result: Result) -> None:
    with SmtpSink(-1) as mails:
        server = "a mail server that takes the connection and says nothing"
        posts_beside_a_mailing(options, result, server, by_smtp(mails.port))


def after_a_hold(options: Options, result: Result) -> None:
    after_a_hold_by_sendgrid(options, result)
    after_a_hold_by_smtp(options, result)


def minute(moment: datetime) -> str:
    return moment.strftime("%H:%M")


def in_minutes(patience: float) -> datetime:
    """The next full minute that is at least so many seconds away, today."""
    now = datetime.now(UTC)
    when = (now + timedelta(seconds=patience + 60)).replace(second=0, microsecond=0)
    if when.date() != now.date():
        raise SystemExit("begin earlier: a day of UTC ends before this benchmark would")
    return when


def at_minute(due: str) -> datetime:
    """When the mail is due beside posts at this minute of today: one earlier."""
    hour, minutes = map(int, due.split(":"))
    return datetime.now(UTC).replace(hour=hour, minute=minutes, second=0, microsecond=0) - timedelta(minutes=1)


def today(place: Place, names: dict[str, tuple[str, str]], readers: int) -> None:
    """One-day campaigns, name -> hours of post and mail, made ready."""
    path, here = place.folder / "readers.csv", PlaceInThisProcess(place.folder, place.settings)
    write_list(path, readers)
    made = {
        add_day(place, name, datetime.now(UTC).date(), x=x, email=email): email for name, (x, email) in names.items()
    }
    for campaign, email in made.items():
        if email != NEVER:
            place.run("subscribers", "import", str(path), f"--campaign={campaign}")
    for campaign in made:
        here.sign_and_answer(campaign)
        here.run("approve", "--all", "--by", "Ann", f"--campaign={campaign}")
        here.run("arm", campaign, "--by", "Ann")


@contextmanager
def running(place: Place, *command: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        place.command(*command), cwd=ROOT, env=place.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()  # a call to the silent server is under way
            process.wait(30)


def posts_beside_a_mailing(options: Options, result: Result, server: str, mail: dict[str, str]) -> None:
    """As many posts at one instant as there are, and then as many again spread over some minutes beside the same
    mailing: what a mailing does to posts is the second alone; at one instant they wait for each other as well."""
    posts, readers, minutes = (3, 2_000, 1) if options.is_small else (100, options.many(100_000, 2_000), MINUTES)
    with scratch() as folder, HttpSink() as timeline:
        settings = mail | X_KEYS | {"CHANNELS__X__ENABLED": "true", "CHANNELS__X__BASE_URL": timeline.url}
        settings |= {"CHANNELS__X__MAX_CALLS": str(10 * posts)}  # X itself takes a hundred in a quarter of an hour
        place = Place.make(folder / "place", campaigns=False, **settings)
        of_all = posts * 2
        # `start` reads each campaign first
        when = at_minute(options.at) if options.at else in_minutes(100 + readers / 10_000 + 6 * of_all)
        due = when + timedelta(minutes=1)
        names = {"Mailing": (NEVER, minute(when))}
        names |= {f"{AT_ONE_INSTANT} {n}": (minute(due), NEVER) for n in range(posts)}
        later = [due + timedelta(minutes=1 + n * minutes // posts) for n in range(posts)]
        names |= {f"{SPREAD} {n}": (minute(at), NEVER) for n, at in enumerate(later)}
        if later[-1].date() != when.date():
            raise SystemExit("begin earlier: a day of UTC ends before this benchmark would")
        today(place, names, readers)
        if (left := (when - datetime.now(UTC)).total_seconds()) < ENOUGH_TO_START / 4:
            raise SystemExit("this machine is too slow to get ready in time")
        time.sleep(max(0.0, left - ENOUGH_TO_START))
        with running(place, "start", "--no-web"):
            patience = (later[-1] - datetime.now(UTC)).total_seconds() + MOST_LATE
            wait_for(lambda: len(timeline.notes) >= of_all, patience)
            taken = sorted(note[0] for note in timeline.notes[:])
    at_once = [at for at in taken if at < later[0].timestamp()]
    beside = f"while {readers:,} are mailed ({server})"
    say_how_late(result, f"{posts} posts due at one instant {beside}", at_once, [due] * posts)
    say_how_late(result, f"{posts} posts due over {minutes} minutes {beside}", taken[len(at_once) :], later)


def say_how_late(result: Result, what: str, taken: list[float], due: list[datetime]) -> None:
    """``taken``: when the posts came, held against when they were due, both in order."""
    late = [at - wanted.timestamp() for at, wanted in zip(taken, due, strict=False)]
    missing = len(due) - len(late)
    p99 = high(late + [MOST_LATE] * missing, 99) * 1000
    unsent = f", {missing} not sent in {MOST_LATE:g} s" if missing else ""
    result.add(f"{what}: p99 late", p99, "ms", 500, ours=f"p99 {p99:,.0f} ms{unsent}")


def due_now(folder: Path, readers: int, settings: dict[str, str]) -> Place:
    """A project whose mail fell due a moment ago."""
    place = Place.make(folder, campaigns=False, **settings)
    when = in_minutes(25 + readers / 10_000)
    today(place, {"Mailing": (NEVER, minute(when))}, readers)
    time.sleep(max(0.0, (when - datetime.now(UTC)).total_seconds() + 0.5))
    return place


def after_a_hold_by_sendgrid(options: Options, result: Result) -> None:
    readers = options.many(40_000, 6_000)
    with scratch() as folder, HttpSink(0.5) as sink:
        place = due_now(folder / "place", readers, by_sendgrid(sink.url))
        with running(place, "tick"):
            if not wait_for(lambda: len(sink.notes) >= 2):
                raise SystemExit("the mailing did not begin")
            place.run("hold", "--reason", "bench", "--by", "Ann")
            time.sleep(3)
        later = "SELECT count(*) FROM attempts WHERE started_at > (SELECT max(held_at) FROM holds)"
        ((count,),) = rows(place.database, later)
    result.add(f"SendGrid, {readers:,} readers: intents after the hold's row", float(str(count)), "", 0)


def after_a_hold_by_smtp(options: Options, result: Result) -> None:
    readers = options.many(5_000, 400)
    with scratch() as folder, SmtpSink(0.05) as sink:
        place = due_now(folder / "place", readers, by_smtp(sink.port))
        with running(place, "tick"):
            if not wait_for(lambda: len(sink.notes) >= 5):
                raise SystemExit("the mailing did not begin")
            place.run("hold", "--reason", "bench", "--by", "Ann")
            returned = time.time()
            time.sleep(4)
        after = [line for moment, _, line, _ in sink.notes[:] if moment > returned]
    most = max((after.count(line) for line in after), default=0)
    result.add(f"SMTP at 50 ms, {readers:,} readers: mails of a line after hold returned", most, "", 1)
