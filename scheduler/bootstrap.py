"""The only module that knows every concrete class. It puts the parts together and hands them to each other.

Heavy parts (the ledger, the providers' libraries, the alarm) are imported when they are first needed, so that a
dry run pays for none of them.
"""

from __future__ import annotations

import hashlib
import logging
import os
import secrets as random_source
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from . import project as project_files
from .clock import Clock, ShiftedClock, SystemClock
from .domain.campaign import Campaign, Season
from .domain.claim import ContactStatus, Signature
from .domain.delivery import State
from .domain.finding import Finding, Severity, Where, in_reading_order
from .domain.item import Plan
from .domain.message import EmailBody, Message
from .domain.redact import person_key
from .domain.rehearsal import Rehearsal
from .errors import ConfigurationError, NeedsAPerson, ObservanceError, UsageError
from .ports import Recipient, Request
from .settings import ChannelSettings, Mode, Secrets, Settings, load_settings

if TYPE_CHECKING:
    from .domain.ledger import DatabaseFacts, Delivery, Restoration
    from .domain.review_policy import ReviewPolicy
    from .engine.telling import Teller
    from .engine.tick import Tick
    from .operating.lines import Line
    from .operating.lines import Season as LookedAt
    from .operating.money import Spending
    from .operating.settle import Settled
    from .ports import ReviewLedger, Transport
    from .review.desk import Desk
    from .review.files import DryRunFiles
    from .review.report import Report
    from .review.said import Said
    from .review.standing import ReviewStanding
    from .store import Ledger
    from .store.backup import Backup
    from .subscribers.receipts import SignatureCheck
    from .subscribers.season_end import ListDue

log = logging.getLogger(__name__)

#: Readers who do not exist, for showing what a request looks like (RFC 2606: .example is nobody's).
SAMPLE_READERS = (
    Recipient("sample-1", "reader.one@readers.example", "", "https://readers.example/u/sample-1"),
    Recipient("sample-2", "reader.two@readers.example", "", "https://readers.example/u/sample-2"),
)


#: Guards of readers that mean nothing while every live channel ends on this machine: a help line not verified again
#: before the season, and example values in the settings. See docs/decisions/0003.
WAIVED_IN_A_SANDBOX = frozenset({"H107", "S101"})


class CampaignUnusable(NeedsAPerson):
    """The campaign cannot be read."""

    def __init__(self, campaign_id: str, findings: list[Finding]) -> None:
        self.findings = tuple(in_reading_order(findings))
        lines = "\n".join(f"  {f}" for f in self.findings)
        super().__init__(
            f"campaigns/{campaign_id} cannot be read yet; nothing was planned.\n{lines}",
            hint="correct the lines above and run the command again",
        )


def open_project(explicit: Path | None, env: Mapping[str, str], cwd: Path) -> Project:
    """Find the project and read its settings. Raises ConfigurationError with all that is wrong."""
    root = project_files.find_root(explicit, env, cwd)
    settings = load_settings(root, env)
    return Project(root, settings, env, _clock(settings, env))


def _clock(settings: Settings, env: Mapping[str, str]) -> Clock:
    pretended = env.get("OBSERVANCE_PRETEND_NOW", "")
    if not pretended:
        return SystemClock()
    if settings.mode is Mode.LIVE and not settings.ends_on_this_machine():
        raise ConfigurationError(
            "OBSERVANCE_PRETEND_NOW is set while a live channel leads off this machine; posts would carry a wrong day",
            hint="unset OBSERVANCE_PRETEND_NOW, or point the channels at `run.py sandbox`",
        )
    return sandbox_clock(env)


def sandbox_clock(env: Mapping[str, str]) -> Clock:
    """The clock of a process that sends nothing off this machine: as OBSERVANCE_PRETEND_NOW says, else the real one."""
    pretended = env.get("OBSERVANCE_PRETEND_NOW", "")
    if not pretended:
        return SystemClock()
    try:
        return ShiftedClock(datetime.fromisoformat(pretended))
    except ValueError:
        raise ConfigurationError(
            f"OBSERVANCE_PRETEND_NOW={pretended!r} is not a date and time",
            hint="write for example 2027-01-11T09:59:30-05:00",
        ) from None


@dataclass
class Project:
    """One project folder with its settings and a clock."""

    root: Path
    settings: Settings
    env: Mapping[str, str]
    clock: Clock
    _address_key: bytes | None = field(default=None, init=False, repr=False)

    def campaigns(self) -> list[str]:
        """All campaigns in the folder. Raises UsageError when there is none."""
        return project_files.campaign_ids(self.root) or [self.campaign_id(None)]

    def campaign_id(self, name: str | None) -> str:
        return project_files.the_campaign(self.root, name)

    def load(self, campaign_id: str) -> tuple[Campaign, list[Finding]]:
        """The campaign and all findings. Raises :class:`CampaignUnusable` when there is nothing to plan."""
        from .content.load import load_campaign

        campaign, findings = load_campaign(self.root, campaign_id)
        if campaign is None:
            raise CampaignUnusable(campaign_id, findings)
        return campaign, findings

    def season_of(self, campaign: Campaign, year: int | None) -> Season:
        """The season of ``year``; without it the window that runs now, else the next."""
        from .planner.seasons import season_for, season_in

        return season_in(campaign, year) if year is not None else season_for(campaign, self.today(campaign))

    def season(self, campaign_id: str, year: int | None) -> Season:
        return self.season_of(self.load(campaign_id)[0], year)

    def today(self, campaign: Campaign) -> date:
        """The date at the campaign's place."""
        return self.clock.now().astimezone(ZoneInfo(campaign.time_zone)).date()

    def plan(self, campaign: Campaign, season: Season) -> tuple[Plan, list[Finding]]:
        from .planner.pin import pin_path, read_pinned
        from .planner.plan import make_plan

        path = pin_path(self.root, campaign.id, season.year)
        pinned, findings = read_pinned(path, campaign) if path.exists() else (None, [])
        plan, more = make_plan(campaign, season, pinned=pinned)
        return plan, [*findings, *more]

    def rehearse(
        self,
        campaign_id: str,
        year: int | None = None,
        *,
        ledger: ReviewLedger | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> Rehearsal:
        """Walk a season from its files to checked messages. A dry run shows the result; a live send rests on it."""
        from .content.checks import check
        from .content.render import render, render_beside
        from .review.cost import forecast

        policy = self.policy()
        campaign, findings = self.load(campaign_id)
        season = self.season_of(campaign, year)
        plan, planning = self.plan(campaign, season)
        templates = self.root / "templates"
        rendered = render(plan, self.settings, templates, progress=progress)
        beside = render_beside(plan, self.settings, templates)
        said, reached = self._what_people_said(
            campaign, season, (*rendered.messages, *rendered.digests), ledger
        )
        checked = check(
            plan,
            rendered.messages,
            self.settings,
            said.signatures,
            self.root / "config" / "lint",
            today=self.today(campaign),
        )
        everything = [*findings, *planning, *rendered.findings, *checked, *reached]
        return Rehearsal(
            plan=plan,
            messages=rendered.messages,
            findings=tuple(in_reading_order(everything)),
            mode=self.settings.mode.value,
            signatures=said.signatures,
            approvals=said.approvals,
            costs=forecast(rendered.messages, self.settings),
            substitutes=beside.messages,
            policy=policy,
            requests=said.requests,
            reviewers=said.reviewers,
            earlier=said.earlier,
            digests=rendered.digests,
        )

    def policy(self) -> ReviewPolicy:
        """Who must have approved a message: config/review.toml. Raises ConfigurationError with all that is wrong."""
        from .review.policy_file import read_policy

        return read_policy(self.root, self.settings.channels)

    # -- the dry run ------------------------------------------------------------------------------------

    def write_dry_run(
        self, rehearsal: Rehearsal, out: Path, progress: Callable[[int, int], None] | None = None
    ) -> DryRunFiles:
        from .review.files import write_dry_run

        return write_dry_run(
            out,
            rehearsal,
            made_at=self.clock.now(),
            requests=self.sample_request,
            eml=sample_eml,
            progress=progress,
            handles=self.handles(),
        )

    def handles(self) -> dict[str, str]:
        """By channel, the account's name on the network."""
        return {c.name: str(c.options.get("handle", "")) for c in self.settings.channels.values()}

    def sample_request(self, message: Message) -> Request:
        """The request that would be made, for the sample readers. Needs no account and no provider's library."""
        channel = self.settings.channels[message.channel]
        if channel.transport == "x":
            from .channels.x import build_post

            return build_post(message)
        if channel.transport == "smtp":
            from .channels.smtp import build_mails

            return build_mails(message, send_id="dry-run", recipients=SAMPLE_READERS)
        from .channels.sendgrid import build_mail

        return build_mail(message, channel, send_id="dry-run", recipients=SAMPLE_READERS)

    # -- the ledger -------------------------------------------------------------------------------------

    def ledger_exists(self) -> bool:
        """Whether there is anything to read: a SQLite file that is there, or a database server."""
        url = self.settings.database_url
        return not url.startswith("sqlite:///") or Path(url.removeprefix("sqlite:///")).exists()

    def open_ledger(self, failpoint: Callable[[str], None] | None = None) -> Ledger:
        """The ledger, made or migrated when needed. Raises OutOfReach with what to do."""
        from .store import open_ledger

        url = self.settings.database_url
        if failpoint is None:
            return open_ledger(url, address_hash=self.address_hash)
        return open_ledger(url, address_hash=self.address_hash, failpoint=failpoint)

    def address_hash(self, text: str) -> str:
        """What is kept of an address that is not to be read any more; see docs/explanation/readers.md."""
        from .domain.address import keyed_hash
        from .subscribers.tokens import token_key

        if self._address_key is None:
            self._address_key = token_key(secret_key(self.root, self.settings))
        return keyed_hash(text, self._address_key)

    # -- readers ----------------------------------------------------------------------------------------

    def list_due(self, campaign_id: str, ledger: Ledger) -> ListDue | None:
        """The season whose list of readers was to be deleted by now."""
        from .subscribers.season_end import list_due

        campaign, _ = self.load(campaign_id)
        return list_due(campaign, self.today(campaign), ledger)

    def season_to_close(self, campaign_id: str, year: int | None) -> Season:
        """The season that has ended. Raises UsageError while a season of any campaign runs: the list is theirs too."""
        from .subscribers.season_end import season_at

        for other in self.campaigns():
            campaign, _ = self.load(other)
            running, _ = season_at(campaign, self.today(campaign))
            if running is not None:
                raise UsageError(
                    f"the season of {other} runs until {running.end_on}; its readers are on the list",
                    hint="close the list after that day",
                )
        campaign, _ = self.load(campaign_id)
        _, ended = season_at(campaign, self.today(campaign))
        if ended is None or year not in (None, ended.year):
            raise UsageError(
                f"{campaign_id} has no season{f' {year}' if year else ''} that has ended",
                hint="the list is closed after a season's last day",
            )
        return ended

    # -- what people decide -----------------------------------------------------------------------------

    def login_name(self) -> str:
        """Who is at the keyboard, when no name was given."""
        import getpass

        try:
            return getpass.getuser()
        except (OSError, KeyError):
            return "the operator"

    def sign(
        self,
        campaign_id: str,
        *,
        subject: str | None,
        ids: Sequence[str] | None,
        person: str,
        role: str,
        expires_on: date | None = None,
    ) -> list[tuple[str, str]]:
        """Sign claims and contacts as they stand now; returns what was newly signed.

        ``expires_on``: the last day on which the sign-off holds. Raises UsageError when an id or a role does not
        exist, before anything is signed.
        """
        campaign, _ = self.load(campaign_id)
        today = self.today(campaign)
        known_role = self.policy().role(role)
        if known_role is None:
            raise UsageError(f"there is no role {role!r}", hint=f"roles: {', '.join(self.policy().roles)}")
        if expires_on is not None and expires_on < today:
            raise UsageError(f"--expires {expires_on} is past", hint="give the last day on which the sign-off holds")
        records: dict[tuple[str, str], str] = {}
        if subject in (None, "claim"):
            records |= {("claim", c.id): c.record_hash() for c in campaign.claims.values()}
        if subject in (None, "contact"):
            active = (c for c in campaign.contacts.values() if c.status is ContactStatus.ACTIVE or ids is not None)
            records |= {("contact", c.id): c.record_hash() for c in active}
        if ids is not None:
            unknown = [i for i in ids if (subject or "", i) not in records]
            if unknown:
                raise UsageError(
                    f"there is no {subject} {unknown[0]!r} in campaigns/{campaign_id}",
                    hint=_did_you_mean(unknown[0], [i for _, i in records]),
                )
            records = {key: value for key, value in records.items() if key[1] in ids}
        ledger = self.open_ledger()
        try:
            known = ledger.signatures(campaign_id).valid_on(today)
            done = []
            for (kind, record_id), record_hash in records.items():
                mine = [
                    s
                    for s in known.of(kind, record_id, record_hash)
                    if person_key(s.person) == person_key(person) and s.role == known_role.id
                    if s.expires_on == expires_on
                ]
                # A help line is verified anew each time it is signed; a claim is signed once.
                if mine and (kind == "claim" or max(s.signed_on for s in mine) >= today):
                    continue
                signature = Signature(kind, record_id, record_hash, person, known_role.id, today, expires_on)
                ledger.sign(campaign_id, signature, now=self.clock.now())
                done.append((kind, record_id))
            return done
        finally:
            ledger.close()

    def approve(
        self,
        campaign_id: str,
        year: int | None,
        *,
        items: Sequence[str] | None,
        channel: str | None,
        person: str,
        role: str,
        comment: str = "",
    ) -> list[Message]:
        """Approve messages exactly as they stand now; returns what was newly approved."""
        with self.review_desk(campaign_id, year) as desk:
            done = desk.approve(items, channel=channel, person=person, role=role, comment=comment)
            return list(done.messages)

    @contextmanager
    def review_desk(self, campaign_id: str, year: int | None) -> Iterator[Desk]:
        """Where reviewers act on a season, with a ledger of its own."""
        season = self.season(campaign_id, year)
        ledger = self.open_ledger()
        try:
            yield self.desk_on(ledger, campaign_id, season.year)
        finally:
            ledger.close()

    def desk_on(
        self, ledger: ReviewLedger, campaign_id: str, year: int, rehearse: Callable[[], Rehearsal] | None = None
    ) -> Desk:
        """The desk over a ledger that is open already; ``rehearse`` gives a rehearsal that is at hand."""
        from .review.desk import Desk

        return Desk(
            ledger,
            rehearse or (lambda: self.rehearse(campaign_id, year, ledger=ledger)),
            campaign=campaign_id,
            season=year,
            policy=self.policy(),
            now=self.clock.now,
            public_url=self.settings.public_url,
        )

    def arm(self, campaign_id: str, year: int | None, by: str) -> tuple[Season, list[Finding]]:
        """Allow live sends for a season. While anything blocks, it is returned and nothing is armed."""
        season, blocking, _ = self.arm_season(campaign_id, year, by)
        return season, blocking

    def arm_season(
        self, campaign_id: str, year: int | None, by: str
    ) -> tuple[Season, list[Finding], ReviewStanding]:
        """As :meth:`arm`, with how the season stands with its reviewers. What lacks approval keeps nothing else
        from being armed: it is refused by itself, at the moment of sending."""
        from .review.standing import review_standing

        ledger = self.open_ledger()
        try:
            rehearsal = self.rehearse(campaign_id, year, ledger=ledger)
            season = rehearsal.plan.season
            blocking = [f for f in rehearsal.reds() if f.code not in self.waived()]
            if not blocking:
                ledger.arm(campaign_id, season.year, who=by, now=self.clock.now())
            return season, blocking, review_standing(rehearsal, open_at=self.clock.now())
        finally:
            ledger.close()

    def disarm(self, campaign_id: str, year: int | None, by: str) -> Season:
        season = self.season(campaign_id, year)
        ledger = self.open_ledger()
        try:
            ledger.disarm(campaign_id, season.year, who=by, now=self.clock.now())
        finally:
            ledger.close()
        return season

    def hold(self, channel: str, why: str, by: str) -> None:
        """Stop a channel (``*`` = all) before the next call, in every process."""
        ledger = self.open_ledger()
        try:
            ledger.hold(channel, who=by, why=why, now=self.clock.now())
        finally:
            ledger.close()

    def resume(self, channel: str, by: str) -> tuple[Delivery, ...]:
        """End a hold; returns what fell due meanwhile. Nothing goes out by itself.

        Called again when nothing is held, it returns what still waits from an earlier hold.
        """
        ledger = self.open_ledger()
        try:
            passed_over = ledger.release(channel, who=by, now=self.clock.now())
            if passed_over:
                return passed_over
            mode, waiting = self.settings.mode.value, []
            for campaign_id in self.campaigns():
                season = self.season(campaign_id, None)
                waiting += [
                    d
                    for d in ledger.deliveries(mode, campaign_id, season.year)
                    if d.state is State.HELD and channel in ("*", d.channel)
                ]
            return tuple(waiting)
        finally:
            ledger.close()

    def move(self, campaign_id: str, year: int | None, item: str, to: date, by: str) -> Path:
        """Pin the season's plan with ``item`` on another day; that day's item takes its place.

        The message has another date then, so its approval is void until it is given again. What waited from a hold
        goes back to waiting for its instant. Returns the file that pins the plan.
        """
        from .planner.move import move_item
        from .planner.pin import pin_path, write_plan

        campaign, _ = self.load(campaign_id)
        plan, _ = self.plan(campaign, self.season_of(campaign, year))
        if to < self.today(campaign):
            raise UsageError(f"{to} is over", hint="name a day that is still to come")
        path = pin_path(self.root, campaign_id, plan.season.year)
        ledger = self.open_ledger()
        try:
            if item in ledger.told_in_digests(self.settings.mode.value, campaign_id, plan.season.year):
                raise UsageError(
                    f"{item} was told in a digest already; its readers would get it twice",
                    hint="leave it on its day: --skip, or --send while its window is open",
                )
            write_plan(move_item(plan, item, to), path)
            for delivery in ledger.deliveries(self.settings.mode.value, campaign_id, plan.season.year):
                if delivery.item == item and delivery.state is State.HELD:
                    ledger.release_delivery(delivery.id, who=by, now=self.clock.now())
        finally:
            ledger.close()
        return path

    def release(self, delivery_id: int, by: str) -> None:
        """Let one held delivery go at the next pass, if its window is still open."""
        ledger = self.open_ledger()
        try:
            ledger.release_delivery(delivery_id, who=by, now=self.clock.now())
        finally:
            ledger.close()

    def skip(self, delivery_id: int, by: str, why: str) -> None:
        ledger = self.open_ledger()
        try:
            ledger.skip_delivery(delivery_id, who=by, why=why, now=self.clock.now())
        finally:
            ledger.close()

    # -- operating --------------------------------------------------------------------------------------

    def doctor(self, campaigns: Sequence[str], year: int | None = None, *, online: bool = False) -> tuple[Line, ...]:
        """How everything stands, and what to do. Sends nothing, changes nothing; without ``online`` no network."""
        from .operating.check_online import open_door, records
        from .operating.doctor import examine
        from .operating.lines import Examined

        ledger, facts, problem = self._ledger_to_look_at()
        try:
            file = self._database_file()
            examined = Examined(
                settings=self.settings,
                root=self.root,
                env=self.env,
                now=self.clock.now(),
                pretended=isinstance(self.clock, ShiftedClock),
                seasons=tuple(self._season_to_look_at(c, year, ledger) for c in campaigns),
                ledger=ledger,
                ledger_problem=problem,
                facts=facts,
                database_file=file,
                held_by=self._who_sends(file),
                readers=ledger.count_subscribers().get("active", 0) if ledger else 0,
                settle=self.settle_times(),
                secrets_of=secret_names(),
                waived=self.waived(),
                online=online,
                connect=open_door,
                look_up=records,
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
        from .operating.money import spending

        spent = self._spent(ledger, rehearsal.plan.campaign.id, rehearsal.plan.season.year)
        return spending(rehearsal.costs, spent, self.settings.channels)

    def _spent(self, ledger: Ledger, campaign_id: str, year: int, mode: Mode | None = None) -> dict[str, float]:
        """US dollars by channel; a rehearsal spends none."""
        from .engine.limits import Limits

        mode = mode or self.settings.mode
        limits = Limits(ledger, replace(self.settings, mode=mode))
        return {c: limits.spent(campaign_id, year, c) for c in self.settings.channels if mode is Mode.LIVE}

    def _season_to_look_at(self, campaign_id: str, year: int | None, ledger: Ledger | None) -> LookedAt:
        from .operating.lines import Season as LookedAt

        try:
            rehearsal = self.rehearse(campaign_id, year, ledger=ledger)
        except ObservanceError as problem:
            return LookedAt(campaign_id, None, problem.message.splitlines()[0])
        spent = self._spent(ledger, campaign_id, rehearsal.plan.season.year) if ledger is not None else {}
        return LookedAt(campaign_id, rehearsal, spent=spent)

    def _who_sends(self, file: Path | None) -> str:
        from .engine.owner import holder

        return (holder(file) or "") if file is not None and file.exists() else ""

    def settle_times(self) -> dict[str, timedelta]:
        """By channel: how long after a doubtful call the provider's own records can be believed, when live."""
        none = Secrets({name: "none" for names in secret_names().values() for name in names})  # opens no connection
        live = replace(self, settings=replace(self.settings, mode=Mode.LIVE, secrets=none))
        ways = live.transports()
        try:
            return {name: way.settle_after() for name, way in ways.items()}
        finally:
            for way in ways.values():
                way.close()

    def report(self, campaign_id: str, year: int | None, *, mode: str | None = None) -> Report:
        """What a season came to, from the ledger. Raises NeedsAPerson when there is no ledger yet."""
        from .review.report import make_report

        if not self.ledger_exists():
            raise NeedsAPerson("there is nothing to report: nothing was started yet", hint="start, or tick")
        mode = mode or self.settings.mode.value
        ledger = self.open_ledger()
        try:
            rehearsal = self.rehearse(campaign_id, year, ledger=ledger)
            spent = self._spent(ledger, campaign_id, rehearsal.plan.season.year, Mode(mode))
            return make_report(rehearsal, ledger, mode=mode, dollars=spent, made_at=self.clock.now())
        finally:
            ledger.close()

    def write_report(self, report: Report, kind: str, path: Path | None) -> Path:
        """Write a report as ``html`` or ``csv``. Returns where."""
        from .errors import cannot_write
        from .review.report_files import report_csv, report_html

        path = path or self.root / "build" / "report" / f"{report.campaign}-{report.season}.{kind}"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(report_csv(report) if kind == "csv" else report_html(report).encode())
        except OSError as problem:
            raise cannot_write(path, problem, instead="choose another --out") from None
        return path

    def resolve(
        self, delivery_id: int, *, sent: bool, reference: str = "", batch: int | None = None, by: str
    ) -> Settled:
        """Settle a doubt by a person's word; see :func:`scheduler.operating.settle.settle`."""
        from .operating.settle import settle

        ledger = self.open_ledger()
        try:
            return settle(
                ledger, delivery_id, sent=sent, who=by, reference=reference, batch=batch, now=self.clock.now()
            )
        finally:
            ledger.close()

    # -- the database -----------------------------------------------------------------------------------

    def upgrade_database(self) -> None:
        """Bring the database to this release's form."""
        from .store import upgrade_database

        upgrade_database(self.settings.database_url)

    def back_up(self, target: Path) -> Backup:
        """Copy a SQLite ledger while it is in use, and write down that it was done."""
        from .store.backup import back_up

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

    def mark_restored(self, copied_at: datetime, by: str) -> None:
        """Say that the database was put back from a copy made at ``copied_at`` by other means than ``back_up``."""
        holder = self._who_sends(self._database_file())
        if holder:
            raise NeedsAPerson(f"the database is in use: {holder}; nothing was changed", hint="stop that process first")
        ledger = self.open_ledger()
        try:
            ledger.mark_as_copy(copied_at=copied_at, who=by, now=self.clock.now())
        finally:
            ledger.close()

    # -- sending ----------------------------------------------------------------------------------------

    def transports(self) -> dict[str, Transport]:
        """The ways out for the present mode: the providers when live, recording ones in a rehearsal."""
        from .channels.recording import RecordingTransport
        from .channels.sendgrid import BATCH_LIMIT, SendGridTransport, build_mail
        from .channels.smtp import SmtpTransport, batch_limit, build_mails
        from .channels.x import XTransport, build_post

        ways: dict[str, Transport] = {}
        folder = self.root / "var" / "rehearsal"
        for name, channel in self.settings.channels.items():
            if not channel.enabled:
                continue
            if self.settings.mode is Mode.LIVE:
                live: dict[str, type[XTransport] | type[SendGridTransport] | type[SmtpTransport]]
                live = {"x": XTransport, "sendgrid": SendGridTransport, "smtp": SmtpTransport}
                ways[name] = live[channel.transport](channel, self.settings.secrets)
            elif channel.kind == "post":
                ways[name] = RecordingTransport(lambda message, *, send_id, recipients: build_post(message), folder)
            elif channel.transport == "smtp":
                limit = batch_limit(channel)
                ways[name] = RecordingTransport(build_mails, folder, kind="email", batch_limit=limit)
            else:
                build = partial(_build_mail_for, build_mail, channel)
                ways[name] = RecordingTransport(build, folder, kind="email", batch_limit=BATCH_LIMIT)
        return ways

    def unsubscribe_url(self, campaign_id: str) -> Callable[[str], str]:
        """From a reader's id to the address in the mail that lets the reader leave."""
        from .subscribers.tokens import maker, token_key

        make = maker("unsubscribe", token_key(secret_key(self.root, self.settings)), campaign=campaign_id)
        base = self.settings.public_url.rstrip("/")
        return lambda subscriber_id: f"{base}/u/{make(subscriber_id)}"

    def reader_of(self, more_campaigns: Callable[[], Iterable[str]]) -> Callable[[str], str | None]:
        """From the token of an unsubscribe address to the reader it was made for; None for any other text.

        Links of all campaigns are good: those in the folder, and ``more_campaigns``, such as last year's.
        """
        from .subscribers.tokens import read, token_key

        key = token_key(secret_key(self.root, self.settings))

        def reader(token: str) -> str | None:
            known = {*project_files.campaign_ids(self.root), *more_campaigns()}
            found = [read(token, "unsubscribe", key, campaign=campaign) for campaign in sorted(known)]  # all, always
            return next(filter(None, found), None)

        return reader

    def webhook_check(self) -> SignatureCheck | None:
        """What SendGrid's reports are checked by; None while its key is not set."""
        key = self.settings.secrets.get("SENDGRID_WEBHOOK_KEY")
        if not key:
            return None
        from .subscribers.receipts import SignatureCheck

        return SignatureCheck(key)

    def tick(self, campaign_id: str, year: int | None, ledger: Ledger, transports: Mapping[str, Transport]) -> Tick:
        """One campaign's passes over the ledger."""
        from .engine.tick import Tick

        return Tick(
            ledger,
            transports,
            lambda: self.rehearse(campaign_id, year, ledger=ledger),
            self.settings,
            self.clock,
            self.unsubscribe_url(campaign_id),
            waived=self.waived(),
            fingerprint=lambda: files_fingerprint(self.root, campaign_id),
        )

    @contextmanager
    def sending(self, campaigns: Sequence[str], year: int | None) -> Iterator[tuple[Ledger, list[Tick]]]:
        """Own the ledger, and hold a tick for each campaign. Raises HeldByAnother while another process sends."""
        from .engine.failpoints import hit
        from .engine.owner import owning

        with owning(self._database_file(), now=self.clock.now()):
            ledger = self.open_ledger(failpoint=hit)
            transports = self.transports()
            try:
                _say_restored(ledger.take_over(now=self.clock.now()))
                yield ledger, [self.tick(c, year, ledger, transports) for c in campaigns]
            finally:
                for way in transports.values():
                    way.close()
                ledger.close()

    def teller(self, ledger: Ledger, ticks: Sequence[Tick], *, patient: bool = True) -> Teller:
        """Who tells people what needs them, after each pass. Not ``patient``: there is one pass only (`tick`)."""
        import socket

        from .channels.notify import heartbeat_of, ways_of
        from .engine.telling import PATIENCE, Teller

        return Teller(
            ledger,
            lambda: [tick.rehearsal for tick in ticks if tick.rehearsal is not None],
            self.settings,
            self.clock,
            ways_of(self.settings.notices, self.settings.secrets, self.clock),
            settle=ticks[0].settle_times() if ticks else {},
            heartbeat=heartbeat_of(self.settings.notices),
            patience=PATIENCE if patient else timedelta(0),
            node=f"{socket.gethostname()}:{os.getpid()}",
        )

    @contextmanager
    def telling(self, ledger: Ledger, ticks: Sequence[Tick]) -> Iterator[Callable[[Sequence[str]], None]]:
        """While the alarm runs: what to call after each pass. It comes back at once, whatever is told."""
        from .engine.telling import Aside

        teller = self.teller(ledger, ticks)
        teller.begin()
        aside = Aside(teller.after_pass)
        try:
            yield aside
        finally:
            aside.close()
            teller.end()

    def _database_file(self) -> Path | None:
        url = self.settings.database_url
        return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None

    def waived(self) -> frozenset[str]:
        """Codes that block readers' mail but not a sandbox on this machine."""
        return WAIVED_IN_A_SANDBOX if self.settings.ends_on_this_machine() else frozenset()

    def _what_people_said(
        self, campaign: Campaign, season: Season, messages: Sequence[Message], ledger: ReviewLedger | None
    ) -> tuple[Said, list[Finding]]:
        """From ``ledger``; without one from the project's own, where there is one. A dry run does without."""
        from .review.said import Said, read_said

        today, now = self.today(campaign), self.clock.now()
        if ledger is not None:
            return read_said(ledger, campaign.id, season.year, messages, today=today, now=now), []
        if not self.ledger_exists():
            return Said(), []
        try:
            own = self.open_ledger()
            try:
                return read_said(own, campaign.id, season.year, messages, today=today, now=now), []
            finally:
                own.close()
        except ObservanceError as problem:
            finding = Finding(
                "S103",
                Severity.AMBER,
                f"sign-offs and approvals are not shown: {problem.message}",
                Where("config/settings.toml"),
                problem.hint,
            )
            return Said(), [finding]


def _build_mail_for(
    build: Callable[..., Request],
    channel: ChannelSettings,
    message: Message,
    *,
    send_id: str,
    recipients: Sequence[Recipient],
) -> Request:
    return build(message, channel, send_id=send_id, recipients=recipients)


def secret_names() -> dict[str, tuple[str, ...]]:
    """By transport: the secrets that it needs to send."""
    from .channels import sendgrid, smtp, x

    return {"x": x.SECRET_NAMES, "sendgrid": sendgrid.SECRET_NAMES, "smtp": smtp.SECRET_NAMES}


def _say_restored(restoration: Restoration | None) -> None:
    if restoration is not None:
        log.warning(
            "this ledger was put back from a backup of %s; %s deliveries were due since, may have gone out already, "
            "and are not sent again: settle each with `resolve`",
            f"{restoration.copied_at:%Y-%m-%d %H:%M} UTC",
            len(restoration.missed),
            extra={"action": "ledger_restored", "deliveries": [d.id for d in restoration.missed]},
        )


def files_fingerprint(root: Path, campaign_id: str) -> str:
    """Changes when any file that a message is made from changes: names, sizes and times of change."""
    digest = hashlib.blake2b(digest_size=16)
    for folder in (root / "campaigns" / campaign_id, root / "templates", root / "config"):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                stat = path.stat()
                digest.update(f"{path.relative_to(root)}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def sample_eml(message: Message) -> bytes:
    """The mail as a sample reader's mail program would get it."""
    from .channels.mime import to_mime

    assert isinstance(message.body, EmailBody)  # noqa: S101 - the caller asks for emails only
    reader = SAMPLE_READERS[0]
    return to_mime(
        message,
        to=reader.address,
        unsubscribe_url=reader.unsubscribe_url,
        message_id=f"<{message.digest[:32]}@dry-run.invalid>",
        date=message.due_at,
    )


def secret_key(root: Path, settings: Settings) -> str:
    """The key that signs readers' unsubscribe addresses: from the settings, else made once in var/secret.key."""
    given = settings.secrets.get("SECRET_KEY")
    if given:
        return given
    path = root / "var" / "secret.key"
    try:
        return path.read_text(encoding="ascii")
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        made = random_source.token_hex(32)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(made)
        return made


def _did_you_mean(word: str, known: Sequence[str]) -> str:
    import difflib

    near = difflib.get_close_matches(word, known, n=2)
    return f"did you mean {' or '.join(near)}?" if near else f"there are: {', '.join(sorted(known)[:12])} ..."
