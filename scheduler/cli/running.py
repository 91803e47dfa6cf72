"""The processes that send: start, and one pass (tick); with the program's log on standard error."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..domain.formatting import counted, date_words, local_words
from ..domain.reason_words import in_words
from ..errors import ObservanceError, UsageError, program
from ..folders import can_be_a_campaign
from ..services.running import make_reviewer_mailer, make_teller, sending_process, telling_after_passes, wait_out
from ..services.subscribers import list_due
from ..wiring import find_displaced
from .arguments import argument, campaign, command
from .command_context import CommandContext
from .output import displaced_lines

if TYPE_CHECKING:
    from ..engine.alarm import Alarm
    from ..engine.dispatcher import TickResult
    from ..project import Project
    from ..services.running import Running, SettingsWatch
    from ..store import Ledger

#: After the call under way has ended, all that is left to close gets so long.
CLOSING_SECONDS = 15.0
#: Seconds. And each write of that waits so long for other writers, so that the next one has its turn.
CLOSING_PATIENCE = 2.0

_FIRST_PERSON = """Nobody can sign in to the pages yet. In another window:
  {program} people add "YOUR NAME" --role coordinator
  {program} people link "YOUR NAME\""""


@command(
    "start",
    campaign,
    argument("--host", metavar="H", help="serve the pages here (default: web.host, this machine alone)"),
    argument("--port", type=int, metavar="P", help="and on this port (default: web.port, 8080)"),
    argument("--no-web", action="store_true", help="serve no pages; readers' links do not work meanwhile"),
    argument("--by", default="", help=argparse.SUPPRESS),
    examples="""examples:
  run.py start
  run.py start --port 8081
How to let it run day and night: docs/howto/run-it-on-a-server.md""",
)
def start(context: CommandContext, options: argparse.Namespace) -> int:
    """Run: wake at each due instant, send what is due, keep the books, serve the pages.

    Ends with Ctrl-C or SIGTERM, after the call under way.
    In rehearsal mode it records instead of sending. One process owns a SQLite ledger.
    """
    from ..engine.alarm import Alarm, Deadline
    from ..engine.lanes import Lanes, Lead, PostsFirst
    from ..services.running import FilesWatch, SettingsWatch

    project = context.project
    log_to_standard_error(project.settings.log_level)
    campaigns = context.campaigns
    deadline = Deadline(CLOSING_SECONDS)
    with sending_process(project, "start", campaigns, options.season) as running:
        lead = Lead()
        ledger, lanes = running.ledger, [Lanes(tick, lead) for tick in running.ticks]
        watch = SettingsWatch(project, running)
        said: list[str] = []
        if (displaced := wait_out(lambda: find_displaced(project, ledger))) is not None:
            print(*displaced_lines(displaced), sep="\n", flush=True)

        with telling_after_passes(project, running, watch) as tell:

            def after_pass(problems: Sequence[str]) -> None:
                tell(problems)
                with suppress(ObservanceError):  # the pass has said that the ledger is away
                    words = _what_is_next(running)
                    if said != [words]:
                        print(words, flush=True)
                        said[:] = [words]

            posts = PostsFirst(lanes, ledger, lambda: project.settings.mode.value, project.clock)
            alarm = Alarm(
                lanes,
                project.clock,
                before_pass=watch.look,
                after_pass=after_pass,
                at_instant=posts,
                make_ready=posts.make_ready,
            )
            only = campaigns[0] if context.named_campaign else ""
            with _pages(project, running, alarm, watch, options, campaigns[0], only) as pages:
                mode = project.settings.mode.value
                recorded = f" Nothing leaves this machine; calls are recorded in {project.settings.var}/rehearsal/."
                print(
                    f"Observance is running ({mode}): {', '.join(campaigns)}.{'' if mode == 'live' else recorded}",
                    pages,
                    sep="\n",
                    flush=True,
                )
                for words in _to_begin_with(project, running, campaigns, is_served=not options.no_web):
                    print(words, flush=True)
                with FilesWatch(running, alarm.wake) if project.database_file() is None else nullcontext():
                    status = alarm.run()
                deadline.begin()
                ledger.hurry(CLOSING_PATIENCE)
    deadline.cancel()
    print("Stopped. What was due stays in the ledger.", file=sys.stderr)
    return status


def _what_is_next(running: Running) -> str:
    """When something is due next, at the place of its campaign; which one that is, where the process has several."""
    coming = [(instants[0], tick) for tick in running.ticks if (instants := tick.next_instants())]
    first = min((at for at, _ in coming), default=None)
    if first is None:
        return "Nothing is due any more."
    of = [tick for at, tick in coming if at == first]
    zone = next((tick.rehearsal.plan.campaign.time_zone for tick in of if tick.rehearsal is not None), "UTC")
    which = f": {' and '.join(tick.campaign for tick in of)}" if len(running.ticks) > 1 else ""
    return f"Next: {local_words(first, zone)}{which}."


def _to_begin_with(project: Project, running: Running, campaigns: Sequence[str], *, is_served: bool) -> Iterator[str]:
    """What whoever starts it should know. A database that is away now says so by the first pass."""
    ledger = running.ledger
    try:
        if is_served and (words := words_for_the_first_person(ledger)):
            yield words
        if words := running.clock_trouble():
            yield f"Nothing is sent now: {words}."
    except ObservanceError:
        return
    yield from _lists_due(project, ledger, campaigns)


def words_for_the_first_person(ledger: Ledger) -> str:
    """How somebody gets in, while nobody can; else nothing."""
    return "" if any(p.is_active for p in ledger.accounts.all()) else _FIRST_PERSON.format(program=program())


def _lists_due(project: Project, ledger: Ledger, campaigns: Sequence[str]) -> Iterator[str]:
    """Which lists of readers were to be deleted by now: a promise to the readers."""
    for name in campaigns:
        try:
            due = list_due(project, name, ledger)
        except ObservanceError:
            continue  # a campaign that cannot be read says so elsewhere
        if due is not None:
            yield (
                f"The season of {name} ended on {date_words(due.season.end_on)}, and its list is still here, with "
                f"{counted(due.readers, 'reader')}: {program()} subscribers close-season {name}"
            )


@contextmanager
def _pages(
    project: Project,
    running: Running,
    alarm: Alarm,
    watch: SettingsWatch,
    options: argparse.Namespace,
    campaign: str,
    only: str = "",
) -> Iterator[str]:
    """Serve the pages meanwhile, and say where. They are up before anything is sent: a mail's link works when it
    arrives. ``only``: the one campaign whose public pages are served; empty: all."""
    if options.no_web:
        yield "No pages are served (--no-web): readers' links do not work meanwhile."
        return
    from ..web.app import make_app
    from ..web.server import serve

    settings = project.settings
    host = settings.web_host if options.host is None else options.host
    port = settings.web_port if options.port is None else options.port
    prefix = urlsplit(settings.public_url).path
    pages = partial(make_app, project, running.ledger, alarm.pulse, first_campaign=campaign, only_campaign=only)
    app = wait_out(pages)
    server = serve(app, host, port, prefix=prefix, trusted_proxy=settings.trusted_proxy)
    running.heartbeat.change(pages_address=server.url.removeprefix("http://"))
    watch.then.append(lambda settings: app.letters.take_up(settings.mode))
    app.letters.begin()
    try:
        yield f"Pages: {server.url}/ for those who run it; readers reach theirs at {settings.public_url}/."
    finally:
        server.stop()
        app.close()


@command(
    "tick",
    campaign,
    examples="""example, for cron, every five minutes:
  run.py tick
One call a day would miss what is due at another hour; what is late is not sent. It serves no pages: emails wait while
nothing answers at the address in their unsubscribe links, so for them let `start` run.""",
)
def tick(context: CommandContext, options: argparse.Namespace) -> int:
    """One pass and exit: for cron and CI runners. The same pass as `start` makes at each due instant."""
    project, campaigns = context.project, context.campaigns
    log_to_standard_error(project.settings.log_level)
    with sending_process(project, "tick", campaigns, options.season) as running:
        results = [tick.run() for tick in running.ticks]
        running.heartbeat.passed(project.clock.now())
        problems = [p for r in results for p in r.problems]
        make_teller(project, running, patient=False).after_pass(problems)
        make_reviewer_mailer(project, running).after_pass(problems)
        lines = [
            line
            for campaign, result in zip(campaigns, results, strict=True)
            for line in _tick_lines(project, running.ledger, campaign, result)
        ]
    return context.answer([_as_data(r) for r in results], *lines, status=int(any(r.needs_a_person() for r in results)))


@command(
    "worker",
    argument("campaign_word", nargs="?", metavar="CAMPAIGN", help="send this campaign alone (default: all)"),
    argument("--queue", action="store_true", help="let a work queue in the same database share out the lanes"),
    examples="""examples:
  run.py worker
  run.py worker a-campaign
It needs the settings and secrets of the machine where `start` runs, its database, and none of its campaigns.
How to run one, three or twenty: docs/howto/run-on-several-machines.md""",
)
def worker(context: CommandContext, options: argparse.Namespace) -> int:
    """Send what the ledger holds, beside a `start` on this or another machine. Any number can run; each mail goes once.

    It sends the messages that `start` has read, checked and kept, and rests while that process is not seen. It needs no
    campaign files and serves no pages. Ends with Ctrl-C or SIGTERM, after the call under way.
    """
    from ..engine.alarm import Alarm, Deadline
    from ..engine.worker import LOOK_EVERY
    from ..services.running import SettingsWatch, make_workers, refuse_a_worker_here

    project = context.project
    refuse_a_worker_here(project)
    campaigns = [options.campaign_word] if options.campaign_word else []
    if campaigns and not can_be_a_campaign(campaigns[0]):
        hint = "names have a-z, 0-9 and single hyphens only, as the folder has it on the machine where `start` runs"
        raise UsageError(f"{campaigns[0][:80]!r} is not the name of a campaign", hint=hint)
    log_to_standard_error(project.settings.log_level)
    deadline = Deadline(CLOSING_SECONDS)
    with sending_process(project, "worker", campaigns, None) as running:
        watch = SettingsWatch(project, running)
        workers, at_work = make_workers(project, running, campaigns, with_queue=options.queue)
        with telling_after_passes(project, running, watch) as after_pass:
            alarm = Alarm([workers], project.clock, sweep=LOOK_EVERY, before_pass=watch.look, after_pass=after_pass)
            which = campaigns[0] if campaigns else "all campaigns"
            print(f"A worker is running ({project.settings.mode.value}): {which}.", flush=True)
            with at_work:
                status = alarm.run()
            deadline.begin()
            running.ledger.hurry(CLOSING_PATIENCE)
    deadline.cancel()
    print("Stopped. What was due stays in the ledger.", file=sys.stderr)
    return status


def _tick_lines(project: Project, ledger: Ledger, campaign: str, result: TickResult) -> Iterator[str]:
    verb = "sent" if project.settings.mode.value == "live" else "recorded"
    calls, readers = counted(result.sent, "call"), counted(result.readers, "reader")
    ends = [f"{calls} {verb} ({readers})"] if result.sent else []
    for end in ("later", "failed", "unknown", "missed", "refused"):
        ends += [f"{getattr(result, end)} {end}"] if getattr(result, end) else []
    yield f"{campaign}: {', '.join(ends) or 'nothing was due'}."
    for delivery_id, reasons in result.reasons.items():
        delivery = ledger.deliveries.find(delivery_id)
        if delivery is not None:
            why = in_words(reasons, channel=delivery.channel)
            yield f"  {delivery.on} {delivery.channel} {delivery.item}: {why}"
    if result.reopened:
        yield f"  {result.reopened} missed by a clock that was ahead, and scheduled again."
    for problem in result.problems:
        yield f"  {problem}"


def _as_data(result: TickResult) -> dict[str, object]:
    """For machines: why a delivery may not go, in words, by its number."""
    reasons = {number: in_words(reasons) for number, reasons in result.reasons.items()}
    return {**asdict(replace(result, reasons={})), "reasons": reasons}


_PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        extra = {k: v for k, v in vars(record).items() if k not in _PLAIN}
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"at": at, "level": record.levelname.lower(), "message": record.getMessage(), **extra}
        return json.dumps(line, ensure_ascii=False, default=str)


def log_to_standard_error(level: str) -> None:
    """Only this project's own words; libraries stay silent unless something is wrong."""
    handler = logging.StreamHandler(sys.stderr)
    if os.environ.get("OBSERVANCE_LOG_FORMAT") == "json":
        handler.setFormatter(_Json())
    else:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(__package__.partition(".")[0]).setLevel(level.upper())
