"""Looking after it: doctor, spending, report, doubts, the database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from ..channels.registry import spec_of
from ..clock import ShiftedClock
from ..domain.rehearsal import Rehearsal
from ..errors import NeedsAPerson, ObservanceError, OutOfReach
from ..settings import Mode
from .outside import time_told_by
from .sending import Sending

if TYPE_CHECKING:
    from ..domain.records import DatabaseFacts, Delivery
    from ..engine.whereabouts import Displaced
    from ..operating.ask_providers import About, Asked, Question
    from ..operating.doctor_result import DoctorResult
    from ..operating.doctor_result import Season as LookedAt
    from ..operating.money import Spending
    from ..ports import Transport
    from ..review.report import Report
    from ..store import Ledger
    from ..store.backup import Backup

#: How long `status` waits for another writer before it says that the database is locked.
PATIENCE_SECONDS = 2.0
#: By so many readers' mails a provider is asked about a call to a thousand.
_ASKED_BY = 10


class Operating(Sending):
    """A project, looked after."""

    def doctor(
        self, campaigns: Sequence[str], year: int | None = None, *, online: bool = False
    ) -> tuple[DoctorResult, ...]:
        """How everything stands, and what to do. Sends nothing, changes nothing; without ``online`` no network."""
        from ..operating.check_online import open_door, records
        from ..operating.doctor import examine
        from ..operating.doctor_result import DoctorContext

        ledger, facts, problem = self._ledger_to_look_at()
        try:
            file = self._database_file()
            examined = DoctorContext(
                settings=self.settings,
                root=self.root,
                env=self.env,
                now=self.clock.now(),
                pretended=isinstance(self.clock, ShiftedClock),
                seasons=tuple(self._season_to_look_at(c, year, ledger) for c in campaigns),
                ledger=ledger,
                ledger_problem=problem,
                keys_problem=self.keys_problem(),
                facts=facts,
                database_file=file,
                held_by=self._who_sends(file),
                senders=self.senders_at_work(ledger) if ledger else (),
                displaced=self._displaced_line(ledger),
                readers=ledger.count_subscribers().get("active", 0) if ledger else 0,
                settle=self.settle_times(),
                waived=self.waived(),
                online=online,
                connect=open_door,
                look_up=records,
                time_tellers=self.time_tellers(),
                time_at=time_told_by,
                leave_page=lambda: self.ask_for_leave_page(ledger),
            )
            return examine(examined)
        finally:
            if ledger is not None:
                ledger.close()

    def _ledger_to_look_at(self) -> tuple[Ledger | None, DatabaseFacts | None, ObservanceError | None]:
        """The ledger, if there is one; else why it cannot be used. Makes none."""
        if not self.ledger_exists():
            return None, None, None
        ledger = None
        try:
            ledger = self.open_ledger()
            ledger.count_subscribers()
            return ledger, ledger.facts(), None
        except ObservanceError as problem:
            if ledger is not None:
                ledger.close()
            return None, None, problem

    def spending(self, ledger: Ledger, rehearsal: Rehearsal) -> tuple[Spending, ...]:
        """What a season costs, by channel: forecast, spent, allowed."""
        from ..operating.money import spending

        spent = self._spent(ledger, rehearsal.plan.campaign.id, rehearsal.plan.season.year)
        return spending(rehearsal.costs, spent, self.settings.channels)

    def _spent(self, ledger: Ledger, campaign_id: str, year: int, mode: Mode | None = None) -> dict[str, float]:
        """US dollars by channel; a rehearsal spends none."""
        from ..engine.limits import Limits

        mode = mode or self.settings.mode
        limits = Limits(ledger, replace(self.settings, mode=mode))
        return {c: limits.spent(campaign_id, year, c) for c in self.settings.channels if mode is Mode.LIVE}

    def _season_to_look_at(self, campaign_id: str, year: int | None, ledger: Ledger | None) -> LookedAt:
        from ..operating.doctor_result import Season as LookedAt

        try:
            rehearsal = self.rehearse(campaign_id, year, ledger=ledger)
        except ObservanceError as problem:
            return LookedAt(campaign_id, None, problem.message.splitlines()[0])
        spent = self._spent(ledger, campaign_id, rehearsal.plan.season.year) if ledger is not None else {}
        return LookedAt(campaign_id, rehearsal, spent=spent)

    def settle_times(self) -> dict[str, timedelta]:
        """By channel: how long after a doubtful call the provider's own records can be believed, when live."""
        channels = [self.channel_context(c) for c in self.settings.channels.values() if c.enabled]
        return {c.settings.name: c.settle_after or timedelta(0) for c in channels}

    def report(self, campaign_id: str, year: int | None, *, mode: str | None = None) -> Report:
        """What a season came to, from the ledger. Raises NeedsAPerson when there is no ledger yet."""
        if not self.ledger_exists():
            raise NeedsAPerson("there is nothing to report: nothing was started yet", hint="start, or tick")
        ledger = self.open_ledger()
        try:
            return self.report_on(ledger, self.rehearse(campaign_id, year, ledger=ledger), mode=mode)
        finally:
            ledger.close()

    def report_on(self, ledger: Ledger, rehearsal: Rehearsal, *, mode: str | None = None) -> Report:
        """The same over a ledger that is open already, and a rehearsal that is at hand."""
        from ..review.report import make_report

        mode, plan = mode or self.settings.mode.value, rehearsal.plan
        spent = self._spent(ledger, plan.campaign.id, plan.season.year, Mode(mode))
        return make_report(rehearsal, ledger, mode=mode, dollars=spent, made_at=self.clock.now())

    def write_report(self, report: Report, kind: str, path: Path | None) -> Path:
        """Write a report as ``html`` or ``csv``. Returns where."""
        from ..errors import cannot_write
        from ..review.report_files import report_csv, report_html

        path = path or self.root / "build" / "report" / f"{report.campaign}-{report.season}.{kind}"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(report_csv(report) if kind == "csv" else report_html(report).encode())
        except OSError as problem:
            raise cannot_write(path, problem, instead="choose another --out") from None
        return path

    def trouble(
        self, ledger: Ledger | None, problem: ObservanceError | None = None, rehearsal: Rehearsal | None = None
    ) -> tuple[DoctorResult, ...]:
        """What keeps everything from being sent; ``problem``: why there is no ledger to look at. ``rehearsal``: of
        the season that is asked about, where it is at hand."""
        from ..operating.doctor_result import DoctorContext
        from ..operating.doctor_result import Season as LookedAt
        from ..operating.outages import trouble

        unwritable = None
        try:
            if ledger is not None:
                ledger.try_to_write(PATIENCE_SECONDS)
        except ObservanceError as found:
            unwritable = found
        examined = DoctorContext(
            settings=self.settings,
            root=self.root,
            env=self.env,
            now=self.clock.now(),
            pretended=isinstance(self.clock, ShiftedClock),
            ledger=ledger,
            ledger_problem=problem,
            keys_problem=self.keys_problem(),
            database_file=self._database_file(),
            held_by=self._held_by(),
            seasons=(LookedAt(rehearsal.plan.campaign.id, rehearsal),) if rehearsal is not None else (),
            senders=self.senders_at_work(ledger) if ledger is not None and unwritable is None else (),
            displaced=self._displaced_line(ledger),
        )
        return trouble(examined, unwritable)

    def nobody_sends(self, campaign_id: str, year: int | None, ledger: Ledger) -> tuple[DoctorResult, ...]:
        """What no process sends, though it is armed and soon due."""
        from ..operating.check_senders import nobody
        from ..operating.doctor_result import DoctorContext

        examined = DoctorContext(
            settings=self.settings,
            root=self.root,
            env=self.env,
            now=self.clock.now(),
            seasons=(self._season_to_look_at(campaign_id, year, ledger),),
            ledger=ledger,
            held_by=self._held_by(),
            senders=self.senders_at_work(ledger),
        )
        return tuple(nobody(examined))

    def outside_trouble(self, ledger: Ledger) -> list[tuple[str, str]]:
        """What is wrong with the clock, the page by which readers leave and the process itself, for its supervisor."""
        from ..operating.check_leave_page import known
        from ..operating.check_machine import clock
        from ..operating.doctor_result import DoctorContext, Status

        examined = DoctorContext(
            settings=self.settings,
            root=self.root,
            env=self.env,
            now=self.clock.now(),
            pretended=self.pretended,
            ledger=ledger,
        )
        checks = {"clock": clock, "unsubscribe-links": known}
        found = [
            (code, line.said) for code, check in checks.items() for line in check(examined) if line.light is Status.RED
        ]
        if any(self._displaced_line(ledger)):
            found.append(("displaced", "this is a copy of the ledger, or an old state of it; `status` says what to do"))
        if self.sender_trouble(ledger):
            said = "the process rehearses though a season is armed, or keeps old settings; `status` says why"
            found.append(("process", said))
        return found

    def process_trouble(self, ledger: Ledger) -> tuple[DoctorResult, ...]:
        """What the head of each page says in red: nothing goes from this ledger, or not from the process that runs."""
        from ..operating.check_machine import home
        from ..operating.doctor_result import DoctorContext, Status

        examined = DoctorContext(
            settings=self.settings,
            root=self.root,
            env=self.env,
            now=self.clock.now(),
            displaced=self._displaced_line(ledger),
        )
        return (*(line for line in home(examined) if line.light is Status.RED), *self.sender_trouble(ledger))

    def _displaced_line(self, ledger: Ledger | None) -> tuple[str, str]:
        """Why nothing is sent from this ledger, and what to do; twice empty: it may be."""
        try:
            found = self.displaced(ledger) if ledger is not None else None
        except OutOfReach:  # said elsewhere
            found = None
        return (found.message, found.hint) if found is not None else ("", "")

    # -- the database -----------------------------------------------------------------------------------

    def back_up(self, target: Path) -> Backup:
        """Copy a SQLite ledger while it is in use, and write down that it was done."""
        from ..store.backup import back_up

        made = back_up(self.settings.database_url, target, now=self.clock.now())
        try:
            ledger = self.open_ledger()
        except ObservanceError:  # from an earlier release: it is copied before it is upgraded
            return made
        try:
            ledger.record("ledger.copied", who=self.login_name(), now=made.copied_at, bytes=made.size)
        finally:
            ledger.close()
        return made

    def mark_restored(self, copied_at: datetime, by: str) -> tuple[Asked, ...]:
        """Say that the database was put back from a copy made at ``copied_at`` by other means than ``back_up``.

        Returns what the providers say of what may have gone out since.
        """
        from ..operating.ask_providers import ask_providers

        with self._ledger_at_rest() as ledger:
            ledger.mark_as_copy(copied_at=copied_at, who=by, now=self.clock.now())
            with self._state_folder_in_words(ledger):
                self.whereabouts(ledger).restored(who=by, now=self.clock.now())
            now = self.clock.now()
            ways: dict[str, Transport] = {}
            abouts = [self._about(ledger, d, ways) for d in ledger.may_have_gone(Mode.LIVE.value, now=now)]
        return ask_providers(abouts, now=now)

    def _about(self, ledger: Ledger, delivery: Delivery, ways: dict[str, Transport]) -> About:
        """What the provider can be asked about a delivery. ``ways``: the ways out that are open already."""
        from ..operating.ask_providers import About, NotAsked

        channel = self.settings.channels.get(delivery.channel)
        if channel is None or not channel.enabled:
            return About(delivery, delivery.channel, why_not=NotAsked.NO_CHANNEL)
        if spec_of(channel).evidence == "none":
            return About(delivery, channel.transport, why_not=NotAsked.CANNOT_BE)
        if self.settings.mode is not Mode.LIVE or not self.may_ask(channel.base_url):
            return About(delivery, channel.transport, why_not=NotAsked.STAYS_HERE)
        try:
            way = ways.get(delivery.channel) or self.way_out(channel)
        except ObservanceError:  # its keys are not there; `doctor` says which
            return About(delivery, channel.transport, why_not=NotAsked.NO_CHANNEL)
        ways[delivery.channel] = way
        return About(delivery, channel.transport, tuple(self._calls_of(ledger, delivery, way)))

    def _calls_of(self, ledger: Ledger, delivery: Delivery, way: Transport) -> Iterator[Question]:
        """The calls that a delivery has made, or would have made."""
        from ..domain.message import from_item
        from ..operating.ask_providers import Question
        from ..ports import UnusableRecipients

        message = ledger.sent_message(delivery.digest) if delivery.digest else None
        if message is None:
            try:
                season = self.rehearse(delivery.campaign, delivery.season, ledger=ledger)
            except ObservanceError:  # its files cannot be read; `check` says why
                return
            message = season.message(delivery.item, delivery.channel)
        if message is None:
            return
        now, leave, choose = (
            self.clock.now(),
            self.unsubscribe_url(delivery.campaign),
            self.preferences_url(delivery.campaign),
        )
        limit = max(1, way.batch_limit)
        for batch, readers in ledger.would_be_batches(delivery.id, batch_limit=limit, readers=_ASKED_BY, now=now):
            called = [
                replace(r, unsubscribe_url=leave(r.subscriber_id), preferences_url=choose(r.subscriber_id))
                for r in readers
            ]
            if batch.not_before_at > now or (delivery.kind == "email" and not called):
                continue
            with suppress(UnusableRecipients):
                request = way.build(from_item(message, batch.first_item), send_id=batch.send_id, recipients=called)
                yield Question(way, request, batch.started_at or max(batch.not_before_at, delivery.due_at))

    def unmarked(self) -> tuple[str, datetime] | None:
        """A ledger that has sent, and does not know where it is at home: where it is, and when its last call was."""
        if not self.ledger_exists():
            return None
        ledger = self.open_ledger()
        try:
            home = ledger.home()
            return (ledger.where, home.last_at) if not home.home and home.last_at is not None else None
        finally:
            ledger.close()

    def mark_moved(self, by: str) -> Displaced | None:
        """Say that the ledger is at home here now. Returns what is in the way all the same."""
        with self._ledger_at_rest() as ledger, self._state_folder_in_words(ledger):
            return self.whereabouts(ledger).moved(who=by, now=self.clock.now())

    @contextmanager
    def _ledger_at_rest(self) -> Iterator[Ledger]:
        """The ledger, while no process sends from it."""
        holder = self._who_sends(self._database_file())
        if holder:
            raise NeedsAPerson(f"the database is in use: {holder}; nothing was changed", hint="stop that process first")
        ledger = self.open_ledger()
        try:
            yield ledger
        finally:
            ledger.close()

    @contextmanager
    def _state_folder_in_words(self, ledger: Ledger) -> Iterator[None]:
        try:
            yield
        except OSError as problem:
            raise OutOfReach(
                f"{self.whereabouts(ledger).mark_path} cannot be written: {problem.strerror}",
                hint="let it be written to, or set OBSERVANCE_STATE to a folder outside the project that can be",
            ) from None
