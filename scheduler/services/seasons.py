"""A campaign's files, a season's plan, a rehearsal of it, and the dry run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from ..content.codes import CODES
from ..domain.campaign import Campaign, Season
from ..domain.finding import Finding, Severity, Where, in_reading_order
from ..domain.formatting import counted
from ..domain.message import EmailBody, Message, PostBody
from ..domain.outcome import Recipient, Request
from ..domain.planned_item import Plan
from ..domain.question import Asked
from ..domain.rehearsal import Rehearsal, ReviewState
from ..domain.season_key import SeasonKey
from ..errors import NeedsAPerson, ObservanceError
from ..project import campaign_ids, program_fingerprint, state_folder
from ..wiring import channel_context, handles_of, open_ledger, open_ledger_to_look
from .season_plans import read_plan

if TYPE_CHECKING:
    from ..content.render.kept_messages import Letters
    from ..content.render.messages import RenderResult
    from ..domain.review_policy import ReviewPolicy
    from ..kept_by_key import KeptByKey
    from ..project import Project
    from ..review.dry_run_files import DryRunFiles
    from ..settings import Settings
    from ..store import Ledger


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


def read_campaign(
    project: Project, campaign_id: str, overlay: Mapping[str, bytes] | None = None
) -> tuple[Campaign, list[Finding]]:
    """The campaign and all findings. Raises :class:`CampaignUnusable` when there is nothing to plan.

    ``overlay``: bytes that stand in for those of files of the campaign, by name.
    """
    from ..content.load.campaign_files import load_campaign

    campaign, findings = load_campaign(project.root, campaign_id, overlay)
    if campaign is None:
        raise CampaignUnusable(campaign_id, findings)
    return campaign, findings


def season_of(project: Project, campaign: Campaign, year: int | None) -> Season:
    """The season of ``year``; without it the window that runs now, else the next."""
    from ..planner.season_choice import season_for, season_in

    return season_in(campaign, year) if year is not None else season_for(campaign, project.today(campaign))


def season_in_view(project: Project, campaign: Campaign, year: int | None, ledger: Ledger, mode: str = "") -> Season:
    """The season that is looked at: that of ``year``; without it the one that runs now, else the one that has ended
    until somebody closes its list, else the next.

    A season that this ledger has no deliveries of, in the mode that is looked at, is not waited for.
    """
    from ..subscribers.season_end import season_at

    if year is None:
        running, ended = season_at(campaign, project.today(campaign))
        if running is None and ended is not None:
            key = SeasonKey(campaign.id, ended.year)
            if ledger.deliveries.of_season(mode or project.settings.mode.value, key) and not is_closed(ledger, key):
                return ended
    return season_of(project, campaign, year)


def is_closed(ledger: Ledger, key: SeasonKey) -> bool:
    """Whether somebody has closed the list of a season."""
    from ..store.subscriber_list import CLOSED

    closings = (event.data for event in ledger.events.of_kinds(CLOSED))
    return any((c["campaign"], c["season"]) == (key.campaign, key.season) for c in closings)


def find_season(project: Project, campaign_id: str, year: int | None) -> Season:
    return season_of(project, read_campaign(project, campaign_id)[0], year)


def plan_season(project: Project, campaign: Campaign, season: Season) -> tuple[Plan, list[Finding]]:
    return read_plan(project.root, project.settings, campaign, season)


def rehearse(
    project: Project,
    campaign_id: str,
    year: int | None = None,
    *,
    ledger: Ledger | None = None,
    progress: Callable[[int, int], None] | None = None,
    overlay: Mapping[str, bytes] | None = None,
    plan: Plan | None = None,
) -> Rehearsal:
    """Walk a season from its files to checked messages. A dry run shows the result; a live send rests on it.

    ``overlay``: texts of files in place of those on the disk; a rehearsal of a change that nobody has saved.
    ``plan``: in place of the one that the files give; a rehearsal of days that nobody has pinned.
    """
    policy, templates = review_policy(project), templates_of(project)
    plan, noted = _planned(project, campaign_id, year, overlay, plan)
    campaign, season = plan.campaign, plan.season
    rendered, (letters, texts, lettering) = _rendered(project, plan, templates, progress)
    from ..content.checks import check
    from ..content.checks.policy import findings_about
    from ..content.checks.words_of_all import told_once
    from ..content.render.digests import digest_text
    from ..review.cost import forecast
    from .neighbors import neighbors_of

    digests = (*rendered.digests, *rendered.frames)
    beside = [(m, digest_text(campaign.digest, m.item)) for m in digests if campaign.digest]
    state, reached = _what_people_said(project, campaign, season, (*rendered.messages, *digests), ledger)
    shared, rules = partial(_shared_readers, project, ledger), project.root / "config" / "lint"
    checked = check(
        plan,
        rendered.messages,
        project.settings,
        state.signatures,
        rules,
        today=project.today(campaign),
        beside=[*beside, *zip(letters, texts, strict=True)],
        neighbors=neighbors_of(project.root, project.settings, campaign, season, shared),
        questions=state.questions,
        guards=(guards := _guards(campaign, rules, project.settings, policy)),
    )
    found = told_once((*rendered.findings, *lettering, *checked), plan, templates, _channels_of_posts(rendered))
    return Rehearsal(
        plan,
        rendered.messages,
        tuple(in_reading_order((*noted, *found, *reached, *findings_about(policy)))),
        mode=project.settings.mode.value,
        costs=forecast(rendered.messages, project.settings),
        substitutes=rendered.beside,
        policy=policy,
        digests=rendered.digests,
        frames=rendered.frames,
        letters=letters,
        organisation=project.settings.organisation.name,
        public_url=project.settings.public_url,
        help_lines_from=plan.season.start_on - timedelta(days=project.settings.contact_reverify_days),
        guards=guards,
        **state.values(),
    )


def _channels_of_posts(rendered: RenderResult) -> frozenset[str]:
    return frozenset(m.channel for m in rendered.messages if isinstance(m.body, PostBody))


def _rendered(
    project: Project, plan: Plan, templates: Path, progress: Callable[[int, int], None] | None
) -> tuple[RenderResult, Letters]:
    """The messages of a plan and what stands beside it, and its letters. Meanwhile the checks are loaded."""
    from ..content.render.messages import render
    from ..content.render.season_renderer import SeasonRenderer
    from ..content.render.transactional_emails import letters_with_texts

    settings = project.settings
    renderer = cache(partial(SeasonRenderer, plan, settings, templates))  # made once, by who needs it first
    letters: list[Letters] = []

    def meanwhile() -> None:
        _keep_checked(state_folder(project.env))
        letters.append(letters_with_texts(plan, settings, templates, renderer))

    rendered = render(plan, settings, templates, progress=progress, renderer=renderer, meanwhile=meanwhile)
    return rendered, letters[0]


def _planned(
    project: Project, campaign_id: str, year: int | None, overlay: Mapping[str, bytes] | None, plan: Plan | None
) -> tuple[Plan, list[Finding]]:
    """The season's plan, or the one that is given; and what is to be said of the campaign's files and of their plan."""
    campaign, findings = read_campaign(project, campaign_id, overlay)
    if plan is not None:
        return plan, findings
    made, planning = plan_season(project, campaign, season_of(project, campaign, year))
    return made, [*findings, *planning]


def _guards(campaign: Campaign, rules: Path, settings: Settings, policy: ReviewPolicy) -> tuple[Asked, ...]:
    from ..content.checks import guards_of, load_lint_packs

    packs, _ = load_lint_packs(campaign.lint_packs, rules, shown="config/lint")
    return guards_of(campaign, packs, settings, policy, rules)


#: What of it may rest on the program alone.
OF_PROGRAM = ("compiled", "rules", "rules-by-language")


@cache
def _keep_rendered(folder: Path) -> None:
    from ..cards.drawing import PICTURES
    from ..cards.own_picture import OWN_PICTURES
    from ..content.load.kept_records import RECORDS
    from ..content.render.compiled_templates import COMPILED
    from ..content.render.kept_messages import MESSAGES
    from ..content.rule_files import RULES
    from ..content.text_answers import TEXTS

    kept = {"compiled": COMPILED, "messages": MESSAGES, "pictures": PICTURES, "own-pictures": OWN_PICTURES}
    _keep(folder, {**kept, "records": RECORDS, "texts": TEXTS, "rules-by-language": RULES})


@cache
def _keep_checked(folder: Path) -> None:
    from ..content.checks.figure_verdicts import VERDICTS
    from ..content.checks.findings_of_items import FINDINGS
    from ..content.checks.lint import PACKS

    _keep(folder, {"verdicts": VERDICTS, "rules": PACKS, "findings": FINDINGS})


def _keep(folder: Path, kept: Mapping[str, KeptByKey]) -> None:
    program = program_fingerprint()
    for name, each in kept.items():
        each.keep_in(folder / name, program)
        if name in OF_PROGRAM:
            each.keep_beside(name, program)


def templates_of(project: Project) -> Path:
    """Their folder. What this process makes of them is at hand for the next one."""
    _keep_rendered(state_folder(project.env))
    return project.root / "templates"


def findings_of_spares(project: Project, rehearsal: Rehearsal) -> tuple[Finding, ...]:
    """What would have to be corrected in the items that no day has, on the morning when one of them is needed. Not what
    waits for a person: nobody signs what may never be needed."""
    from ..content.checks import check
    from ..content.codes import OF_A_DAY
    from ..content.render.messages import render, spares_of

    _keep_checked(state_folder(project.env))
    spares = spares_of(rehearsal.plan, project.settings)
    plan = replace(rehearsal.plan, items=spares)
    made = render(plan, project.settings, templates_of(project), items=spares)
    today, rules = project.today(plan.campaign), project.root / "config" / "lint"
    found = check(plan, made.messages, project.settings, rehearsal.signatures, rules, today=today)
    of_spares = {spare.item.id for spare in spares}
    of_all = {(f.code, f.message) for f in rehearsal.findings if f.items and not f.item}
    said = (f for f in (*made.findings, *found) if (f.code, f.message) not in of_all)
    own = (f for f in said if f.item in of_spares and not f.waits)
    return tuple(f for f in own if f.code[0] not in "PZ" and f.code not in OF_A_DAY)  # these are of a day and its hour


def refresh(project: Project, rehearsal: Rehearsal, ledger: Ledger) -> Rehearsal | None:
    """The same rehearsal with what people have said since it was made; its files and its day are as they were.

    None when somebody signed something or answered a question: what was found has to be checked anew then.
    """
    plan = rehearsal.plan
    state, _ = _what_people_said(project, plan.campaign, plan.season, rehearsal.all_to_read, ledger)
    return replace(rehearsal, **state.values()) if _as_checked(state) == _as_checked(rehearsal) else None


def _as_checked(state: ReviewState) -> tuple[object, ...]:
    """What findings depend on."""
    return state.signatures, state.questions


def review_policy(project: Project) -> ReviewPolicy:
    """Who must have approved a message: config/review.toml. Raises ConfigurationError with all that is wrong."""
    from ..review.policy_file import read_policy

    return read_policy(project.root, project.settings.channels, campaign_ids(project.root))


def write_dry_run(
    project: Project, rehearsal: Rehearsal, out: Path, progress: Callable[[int, int], None] | None = None
) -> DryRunFiles:
    from ..content.render.compiled_templates import COMPILED
    from ..review.dry_run_files import FILES, write_dry_run
    from ..review.item_articles import ARTICLES
    from ..review.mail_view import VIEWS
    from ..review.packet import page_environment

    page_environment().bytecode_cache = COMPILED  # those of the page too
    program = program_fingerprint()
    for kept, name in ((VIEWS, "views"), (FILES, "files"), (ARTICLES, "articles")):
        kept.keep_in(state_folder(project.env) / name, program)
    return write_dry_run(
        out,
        rehearsal,
        made_at=project.clock.now(),
        requests=partial(sample_request, project),
        eml=sample_eml,
        progress=progress,
        handles=handles_of(project),
        providers={c.name: c.transport for c in project.settings.channels.values()},
        rests_on=lambda message: repr((project.settings.channels[message.channel], project.settings.public_url)),
    )


def _what_people_said(
    project: Project, campaign: Campaign, season: Season, messages: Sequence[Message], ledger: Ledger | None
) -> tuple[ReviewState, list[Finding]]:
    """From ``ledger``; without one from the project's own, where there is one. A dry run does without."""
    from ..review.review_status import load_review_state

    today, now = project.today(campaign), project.clock.now()
    if ledger is not None:
        state = load_review_state(ledger, campaign, season.year, messages, today=today, now=now)
        return state, _owed_untold(project, campaign, season, messages, ledger)
    if not project.ledger_exists():
        return ReviewState(), []
    try:
        with closing(open_ledger_to_look(project)) as own:
            return _what_people_said(project, campaign, season, messages, own)
    except ObservanceError as problem:
        said, where = f"sign-offs and approvals are not shown: {problem.message}", Where("config/settings.toml")
        return ReviewState(), [Finding("S103", Severity.AMBER, said, where, problem.hint)]


def _owed_untold(
    project: Project, campaign: Campaign, season: Season, messages: Sequence[Message], ledger: Ledger
) -> list[Finding]:
    """P021."""
    now = project.clock.now()
    if any(message.audience.is_digest and message.due_at > now for message in messages):
        return []
    key, today = SeasonKey(campaign.id, season.year), project.today(campaign)
    number = ledger.subscribers.owed_by(project.settings.mode.value, key, today=today, now=now)
    if not number:
        return []
    said = f"{counted(number, 'reader is', 'readers are')} owed emails that were withheld, and no digest is to come"
    return [CODES["P021"].at(Where(f"campaigns/{campaign.id}/campaign.toml", 1), said)]


def _shared_readers(project: Project, ledger: Ledger | None, campaign_id: str) -> Mapping[str, int] | None:
    """How many readers of a campaign are on the list of each of the others; None while there is no ledger that could
    say."""
    now = project.clock.now()
    if ledger is not None:
        return ledger.subscribers.shared_by(campaign_id, now=now)
    if not project.ledger_exists():
        return None
    try:
        with closing(open_ledger(project)) as own:
            return own.subscribers.shared_by(campaign_id, now=now)
    except ObservanceError:  # that it cannot be read is told of what people said
        return None


#: Readers who do not exist, for showing what a request looks like (RFC 2606: .example is nobody's).
SAMPLE_READERS = tuple(
    Recipient(
        f"sample-{number}",
        f"reader.{word}@readers.example",
        "",
        *(f"https://readers.example/c/sample/{page}/sample-{number}" for page in ("u", "preferences", "confirm")),
    )
    for number, word in ((1, "one"), (2, "two"))
)


def sample_eml(message: Message) -> bytes:
    """The mail as a sample reader's mail program would get it."""
    from ..channels.mime import to_mime

    assert isinstance(message.body, EmailBody)  # noqa: S101 - the caller asks for emails only
    subscriber = SAMPLE_READERS[0]
    return to_mime(
        message,
        to=subscriber.address,
        unsubscribe_url=subscriber.unsubscribe_url,
        message_id=f"<{message.digest[:32]}@dry-run.invalid>",
        date=message.due_at,
        links={"%preferences_url%": subscriber.preferences_url, "%confirm_url%": subscriber.confirm_url},
    )


def sample_request(project: Project, message: Message) -> Request:
    """The request that would be made, for the sample readers. Needs no account and no provider's library."""
    from ..subscribers.tokens import return_path_maker

    channel = project.settings.channels[message.channel]
    address = str(channel.options.get("bounce_address") or "")
    # Signed by a key that is none: what a rehearsal shows opens nothing.
    context = channel_context(project, channel, return_path_maker(address, b"of a dry run only") if address else None)
    readers = SAMPLE_READERS if context.batch_size else ()
    return context.spec.build(context, message, send_id="dry-run", recipients=readers)
