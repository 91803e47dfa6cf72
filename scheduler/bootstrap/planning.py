"""A project folder read: its campaigns, a season's plan, a rehearsal, the dry run, and the ledger."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from .. import project as project_files
from ..clock import Clock
from ..domain.campaign import Campaign, Season
from ..domain.finding import Finding, Severity, Where, in_reading_order
from ..domain.message import Message
from ..domain.planned_item import Plan
from ..domain.rehearsal import Rehearsal
from ..errors import NeedsAPerson, ObservanceError
from ..ports import Request
from ..settings import ChannelSettings, Mode, Settings
from .keys import make_key, read_keys
from .samples import SAMPLE_READERS, sample_eml

if TYPE_CHECKING:
    from ..channels.spec import ChannelContext, ReturnPath
    from ..domain.review_policy import ReviewPolicy
    from ..engine.whereabouts import Displaced, Whereabouts
    from ..ports import ReviewLedger
    from ..review.dry_run_files import DryRunFiles
    from ..review.review_state import ReviewState
    from ..store import Ledger


#: Guards of readers that mean nothing while every live channel ends on this machine: a help line not verified again
#: before the season, and example values in the settings. See docs/decisions/0003.
WAIVED_IN_A_SANDBOX = frozenset({"H107", "S101"})


#: Stands for the key of a ledger from before keys were noted in it.
UNNOTED_KEY = "of-an-earlier-release"


class CampaignUnusable(NeedsAPerson):
    """The campaign cannot be read."""

    def __init__(self, campaign_id: str, findings: list[Finding]) -> None:
        self.campaign = campaign_id
        self.findings = tuple(in_reading_order(findings))
        lines = "\n".join(f"  {f}" for f in self.findings)
        super().__init__(
            f"campaigns/{campaign_id} cannot be read yet; nothing was planned.\n{lines}",
            hint="correct the lines above and run the command again",
        )


@dataclass
class Planning:
    """One project folder with its settings and a clock: what is planned, and where it is written down."""

    root: Path
    settings: Settings
    env: Mapping[str, str]
    clock: Clock
    _keys: tuple[bytes, ...] = field(default=(), init=False, repr=False)
    _keys_problem: ObservanceError | None = field(default=None, init=False, repr=False)

    def campaigns(self) -> list[str]:
        """All campaigns in the folder. Raises UsageError when there is none."""
        return project_files.campaign_ids(self.root) or [self.campaign_id(None)]

    def campaign_id(self, name: str | None) -> str:
        return project_files.the_campaign(self.root, name)

    def load(self, campaign_id: str, overlay: Mapping[str, bytes] | None = None) -> tuple[Campaign, list[Finding]]:
        """The campaign and all findings. Raises :class:`CampaignUnusable` when there is nothing to plan.

        ``overlay``: bytes that stand in for those of files of the campaign, by name.
        """
        from ..content.load.campaign_files import load_campaign

        campaign, findings = load_campaign(self.root, campaign_id, overlay)
        if campaign is None:
            raise CampaignUnusable(campaign_id, findings)
        return campaign, findings

    def season_of(self, campaign: Campaign, year: int | None) -> Season:
        """The season of ``year``; without it the window that runs now, else the next."""
        from ..planner.seasons import season_for, season_in

        return season_in(campaign, year) if year is not None else season_for(campaign, self.today(campaign))

    def season(self, campaign_id: str, year: int | None) -> Season:
        return self.season_of(self.load(campaign_id)[0], year)

    def today(self, campaign: Campaign) -> date:
        """The date at the campaign's place."""
        return self.clock.now().astimezone(ZoneInfo(campaign.time_zone)).date()

    def plan(self, campaign: Campaign, season: Season) -> tuple[Plan, list[Finding]]:
        from ..planner.pin import pin_path, read_pinned
        from ..planner.season_plan import make_plan

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
        overlay: Mapping[str, bytes] | None = None,
    ) -> Rehearsal:
        """Walk a season from its files to checked messages. A dry run shows the result; a live send rests on it.

        ``overlay``: as for :meth:`load`; a rehearsal of a change that nobody has saved.
        """
        from ..content.checks import check
        from ..content.render.digests import digest_text
        from ..content.render.messages import render, render_beside
        from ..content.render.transactional_emails import letters_with_texts
        from ..review.cost import forecast

        policy = self.policy()
        campaign, findings = self.load(campaign_id, overlay)
        season = self.season_of(campaign, year)
        plan, planning = self.plan(campaign, season)
        templates = self.root / "templates"
        rendered = render(plan, self.settings, templates, progress=progress)
        beside = render_beside(plan, self.settings, templates)
        letters, texts, lettering = letters_with_texts(plan, self.settings, templates)
        digests = [(m, digest_text(campaign.digest, m.item)) for m in rendered.digests if campaign.digest]
        said, reached = self._what_people_said(campaign, season, (*rendered.messages, *rendered.digests), ledger)
        checked = check(
            plan,
            rendered.messages,
            self.settings,
            said.signatures,
            self.root / "config" / "lint",
            today=self.today(campaign),
            beside=[*digests, *zip(letters, texts, strict=True)],
        )
        everything = [*findings, *planning, *rendered.findings, *lettering, *checked, *reached]
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
            edits=said.edits,
            sent=said.sent,
            forms=said.forms,
            can_answer=said.can_answer,
            letters=letters,
            organisation=self.settings.organisation.name,
            public_url=self.settings.public_url,
        )

    def refresh_review_state(self, rehearsal: Rehearsal, ledger: ReviewLedger) -> Rehearsal | None:
        """The same rehearsal with what people have said since it was made; its files and its day are as they were.

        None when somebody signed something: what was found has to be checked anew then.
        """
        plan = rehearsal.plan
        said, _ = self._what_people_said(plan.campaign, plan.season, rehearsal.everything, ledger)
        if said.signatures != rehearsal.signatures:
            return None
        return replace(
            rehearsal,
            approvals=said.approvals,
            requests=said.requests,
            reviewers=said.reviewers,
            earlier=said.earlier,
            edits=said.edits,
            sent=said.sent,
            forms=said.forms,
            can_answer=said.can_answer,
        )

    def waived(self) -> frozenset[str]:
        """Codes that block readers' mail but not a sandbox on this machine."""
        return WAIVED_IN_A_SANDBOX if self.settings.ends_on_this_machine() else frozenset()

    def login_name(self) -> str:
        """Who is at the keyboard, when no name was given. On a server that is not the account that the program has."""
        import getpass

        try:
            return os.environ.get("SUDO_USER") or getpass.getuser()
        except (OSError, KeyError):
            return "the operator"

    def policy(self) -> ReviewPolicy:
        """Who must have approved a message: config/review.toml. Raises ConfigurationError with all that is wrong."""
        from ..review.policy_file import read_policy

        return read_policy(self.root, self.settings.channels)

    # -- the dry run ------------------------------------------------------------------------------------

    def write_dry_run(
        self, rehearsal: Rehearsal, out: Path, progress: Callable[[int, int], None] | None = None
    ) -> DryRunFiles:
        from ..review.dry_run_files import write_dry_run

        return write_dry_run(
            out,
            rehearsal,
            made_at=self.clock.now(),
            requests=self.sample_request,
            eml=sample_eml,
            progress=progress,
            handles=self.handles(),
            providers={c.name: c.transport for c in self.settings.channels.values()},
        )

    def handles(self) -> dict[str, str]:
        """By channel, the account's name on the network, as its network writes it."""
        from ..channels.registry import spec_of

        named = ((c, str(c.options.get("handle") or "")) for c in self.settings.channels.values())
        return {c.name: f"{spec_of(c).preview.account_sign}{handle}" for c, handle in named if handle}

    def sample_request(self, message: Message) -> Request:
        """The request that would be made, for the sample readers. Needs no account and no provider's library."""
        from ..subscribers.return_path import maker

        channel = self.settings.channels[message.channel]
        address = str(channel.options.get("bounce_address") or "")
        # Signed by a key that is none: what a rehearsal shows opens nothing.
        context = self.channel_context(channel, maker(address, b"of a dry run only") if address else None)
        readers = SAMPLE_READERS if context.batch_size else ()
        return context.spec.build(context, message, send_id="dry-run", recipients=readers)

    def channel_context(self, channel: ChannelSettings, return_path: ReturnPath | None = None) -> ChannelContext:
        """A channel with its spec, as its build and its transport get it."""
        from ..channels.registry import spec_of
        from ..channels.spec import ChannelContext

        settings = self.settings
        return ChannelContext(spec_of(channel), channel, settings.secrets, return_path, settings.public_url)

    # -- the ledger -------------------------------------------------------------------------------------

    def ledger_exists(self) -> bool:
        """Whether there is anything to read: a SQLite file that is there, or a database server."""
        url = self.settings.database_url
        return not url.startswith("sqlite:///") or Path(url.removeprefix("sqlite:///")).exists()

    def open_ledger(self, failpoint: Callable[[str], None] | None = None) -> Ledger:
        """The ledger, made or migrated when needed. Raises OutOfReach with what to do."""
        from ..engine.replay import keep_erasure
        from ..store import open_ledger

        options: dict[str, Callable[[str], None]] = {} if failpoint is None else {"failpoint": failpoint}
        ledger = open_ledger(
            self.settings.database_url,
            address_hash=self.address_hash,
            old_address_hashes=self.old_address_hashes,
            erased=lambda ledger_id, hashed, at: keep_erasure(self.journal_folder(), ledger_id, hashed, at),
            **options,
        )
        try:
            self._compare_keys(ledger)
        except BaseException:
            ledger.close()
            raise
        return ledger

    def _compare_keys(self, ledger: Ledger) -> None:
        """See that all keys that the ledger needs are there; make the first one of a new ledger.

        What is missing is said by :meth:`signing_keys`: looking at a ledger goes on without.
        """
        from ..subscribers.tokens import fingerprint, token_key

        self._keys, self._keys_problem = (), None
        needed = ledger.secret_keys()
        try:
            if not needed and read_keys(self.root, self.settings) is None:
                if ledger.has_used_another_key():
                    needed = frozenset({UNNOTED_KEY})
                else:
                    make_key(self.root)
            given = {fingerprint(key): key for key in map(token_key, read_keys(self.root, self.settings) or ())}
        except ObservanceError as problem:
            self._keys_problem = problem
            return
        missing = needed - given.keys()
        if missing:
            self._keys_problem = NeedsAPerson(
                f"the secret key is not the one that this ledger's links and erasures were made with ({len(missing)} "
                f"of {len(needed)} missing: {', '.join(sorted(one[:8] for one in missing))}); nothing is sent, added "
                "or erased without it",
                hint="put var/secret.key (and var/secret.key.old) back from where you keep it, or set "
                "OBSERVANCE_SECRET_KEY (and OBSERVANCE_SECRET_KEY_OLD) as before; only if it is lost for good: "
                "`db lost-key --by NAME`",
            )
            return
        self._keys = tuple(given.values())
        if not given.keys() <= needed:
            ledger.note_secret_keys([one for one in given if one not in needed], now=self.clock.now())

    def signing_keys(self) -> tuple[bytes, ...]:
        """The key that signs, then those that did. Raises NeedsAPerson where one that the ledger needs is missing."""
        from ..subscribers.tokens import token_key

        if not self._keys and self._keys_problem is None:
            if self.ledger_exists():
                self.open_ledger().close()
            else:
                if read_keys(self.root, self.settings) is None:
                    make_key(self.root)
                self._keys = tuple(map(token_key, read_keys(self.root, self.settings) or ()))
        if self._keys_problem is not None:
            raise self._keys_problem
        return self._keys

    def keys_problem(self) -> ObservanceError | None:
        """Why nothing can be signed, as the ledger that was opened last says."""
        return self._keys_problem

    def _database_file(self) -> Path | None:
        url = self.settings.database_url
        return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None

    def journal_folder(self) -> Path:
        """Where the send journal lies: beside a ledger that is a file, else in var/."""
        file = self._database_file()
        return (file.parent if file is not None else self.root / "var") / "journal"

    def whereabouts(self, ledger: Ledger) -> Whereabouts:
        """What is known outside the ledger about it."""
        from ..engine.whereabouts import Whereabouts, state_folder

        return Whereabouts(ledger, self._database_file(), state_folder(self.env), self.journal_folder())

    def displaced(self, ledger: Ledger) -> Displaced | None:
        """Why nothing is sent from this ledger, live: it is a copy, or an old state. A rehearsal sends nothing real."""
        return self.whereabouts(ledger).displaced() if self.settings.mode is Mode.LIVE else None

    def why_displaced(self) -> Displaced | None:
        """The same whatever the mode is, of the ledger that is there; None where there is none."""
        if not self.ledger_exists():
            return None
        ledger = self.open_ledger()
        try:
            return self.whereabouts(ledger).displaced()
        finally:
            ledger.close()

    def address_hash(self, text: str) -> str:
        """What is kept of an address that is not to be read any more; see docs/explanation/readers.md."""
        from ..domain.address import keyed_hash

        return keyed_hash(text, self.signing_keys()[0])

    def old_address_hashes(self, text: str) -> tuple[str, ...]:
        """The same by earlier keys."""
        from ..domain.address import keyed_hash

        return tuple(keyed_hash(text, key) for key in self.signing_keys()[1:])

    def _what_people_said(
        self, campaign: Campaign, season: Season, messages: Sequence[Message], ledger: ReviewLedger | None
    ) -> tuple[ReviewState, list[Finding]]:
        """From ``ledger``; without one from the project's own, where there is one. A dry run does without."""
        from ..review.review_state import ReviewState, load_review_state

        today, now = self.today(campaign), self.clock.now()
        if ledger is not None:
            return load_review_state(ledger, campaign.id, season.year, messages, today=today, now=now), []
        if not self.ledger_exists():
            return ReviewState(), []
        try:
            own = self.open_ledger()
            try:
                return load_review_state(own, campaign.id, season.year, messages, today=today, now=now), []
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
            return ReviewState(), [finding]
