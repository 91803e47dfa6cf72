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
from place import Place, add_day, by_sendgrid, by_smtp, write_list
from sinks import HttpSink, SmtpSink
from starting import rows, wait_for

X_KEYS = {
    f"X_{name}": "stand-in" for name in ("CONSUMER_KEY", "CONSUMER_SECRET", "ACCESS_TOKEN", "ACCESS_TOKEN_SECRET")
}
NEVER = "23:58"
A_LONG_CALL = 15.0  # seconds; a mailing of 100 such calls lasts beyond the posts with 16 in flight, too


def p9(options: Options) -> Result:
    result = Result("P9")
    if not options.quick:
        result.add("alarm with nothing else to do: p99 late", high(alarm.by_the_alarm(), 99), "ms", 50)
    posts_beside_a_mailing(options, result, "a slow server", A_LONG_CALL)
    posts_beside_a_mailing(options, result, "a server that is silent", -1)
    after_a_hold_by_sendgrid(options, result)
    after_a_hold_by_smtp(options, result)
    return result


def minute(moment: datetime) -> str:
    return moment.strftime("%H:%M")


def in_minutes(patience: float) -> datetime:
    """The next full minute that is at least so many seconds away, today."""
    now = datetime.now(UTC)
    when = (now + timedelta(seconds=patience + 60)).replace(second=0, microsecond=0)
    if when.date() != now.date():
        raise SystemExit("begin earlier: a day of UTC ends before this benchmark would")
    return when


def today(place: Place, names: dict[str, tuple[str, str]], readers: int) -> None:
    """One-day campaigns, name -> hours of post and mail, made ready."""
    path = place.folder / "readers.csv"
    write_list(path, readers)
    made = {
        add_day(place, name, datetime.now(UTC).date(), x=x, email=email): email for name, (x, email) in names.items()
    }
    for campaign, email in made.items():
        if email != NEVER:
            place.run("subscribers", "import", str(path), f"--campaign={campaign}")
    for campaign in made:
        named = [f"--campaign={campaign}"]
        place.sign_and_answer(campaign)
        place.run("approve", "--all", "--by", "Ann", *named)
        place.run("arm", campaign, "--by", "Ann")


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


def posts_beside_a_mailing(options: Options, result: Result, server: str, delay: float) -> None:
    posts, readers = (3, 2_000) if options.quick else (100, options.many(100_000, 2_000))
    with scratch() as folder, HttpSink(delay) as mails, HttpSink() as timeline:
        settings = (
            by_sendgrid(mails.url) | X_KEYS | {"CHANNELS__X__ENABLED": "true", "CHANNELS__X__BASE_URL": timeline.url}
        )
        place = Place.make(folder / "place", campaigns=False, **settings)
        when = in_minutes(20 + readers / 20_000 + 8 * posts)
        due = when + timedelta(minutes=1)
        names = {"Mailing": (NEVER, minute(when))} | {f"Post {n}": (minute(due), NEVER) for n in range(posts)}
        today(place, names, readers)
        if datetime.now(UTC) > when:
            raise SystemExit("this machine is too slow to get ready in time")
        with running(place, "start", "--no-web"):
            patience = (due - datetime.now(UTC)).total_seconds() + 120
            wait_for(lambda: len(timeline.notes) >= posts, patience)
            late = [moment - due.timestamp() for moment, _, _ in timeline.notes[:]]
    late += [120.0] * (posts - len(late))
    result.add(
        f"{posts} posts due while {readers:,} are mailed by {server}: p99 late", high(late, 99) * 1000, "ms", 500
    )


def due_now(folder: Path, readers: int, settings: dict[str, str]) -> Place:
    """A project whose mail fell due a moment ago."""
    place = Place.make(folder, campaigns=False, **settings)
    when = in_minutes(20 + readers / 20_000)
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
        after = [line for moment, _, line in sink.notes[:] if moment > returned]
    most = max((after.count(line) for line in after), default=0)
    result.add(f"SMTP at 50 ms, {readers:,} readers: mails of a line after hold returned", most, "", 1)
