"""A season as it stands: rehearsed, checked, as a calendar, each message as it will go out."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from ..domain.finding import Finding, Severity, in_reading_order
from ..domain.formatting import channel_words, counted, day_words, span_words, utc_words
from ..domain.message import Message, PostBody
from ..domain.planned_item import Plan
from ..domain.rehearsal import Rehearsal
from ..domain.stale_approvals import Voided, difference, voided
from ..errors import UsageError
from ..review.rehearsal_data import shown_as_data
from ..review.review_status import review_standing, voided_as_data
from ..services.last_look import Looking
from ..services.seasons import (
    CampaignUnusable,
    findings_of_spares,
    plan_season,
    read_campaign,
    rehearse,
    season_of,
    write_dry_run,
)
from .arguments import ITEM, OF_A_CAMPAIGN, argument, campaign, command, day, shows_each
from .command_context import CommandContext, NotInThisCampaign
from .output import Progress, finding_lines, findings_as_data, findings_in_parts, styled, table, voided_lines


@command(
    "dry-run",
    campaign,
    shows_each("out"),
    argument("--out", metavar="DIR", help="where to write (default: build/dry-run/CAMPAIGN-SEASON)"),
    argument("--open", action="store_true", help="open the packet in the browser afterwards"),
    argument("--from", dest="first", metavar="DATE", help="only from this day on (2027-01-11)"),
    argument("--to", dest="last", metavar="DATE", help="only up to this day"),
    examples="""examples:
  run.py dry-run
  run.py dry-run --open                                  and show it in the browser
  run.py dry-run --from 2027-01-11 --to 2027-01-17       one week alone
Files: index.html (the packet), plan.json, plan.csv, calendar.ics, findings.json, posts/, cards/, emails/, digests/.""",
)
def dry_run(context: CommandContext, options: argparse.Namespace) -> int:
    """Rehearse the whole month: the plan, the words and the checks of a live send, with only the sending step removed.

    Nothing leaves this machine and no account is needed.
    """
    project = context.project
    with closing(Progress("Rehearsing")) as bar:
        rehearsal = _look(context, progress=bar)
    if not rehearsal.messages:  # as when every template is broken: there is nothing to show
        return context.answer(
            {"days": 0, "posts": 0, "emails": 0, "findings": findings_as_data(rehearsal.findings)},
            "No message could be made. Nothing was written; the packet of an earlier run, if any, is as it was.",
            *findings_in_parts(_to_look_at(rehearsal.findings), every_place=False),
            "\nNext: correct what is blocked and run the command again; `check` lists every place.",
            status=1,
        )
    first, last = day(options.first, "--from"), day(options.last, "--to")
    if first or last:
        rehearsal = rehearsal.between(first, last)
    plan, messages = rehearsal.plan, rehearsal.messages
    if not messages:
        raise UsageError(
            "no day of the campaign lies between --from and --to",
            hint=f"the window runs from {plan.season.start_on} to {plan.season.end_on}",
        )
    name = f"{plan.campaign.id}-{plan.season.year}"
    out = Path(options.out or project.settings.build_folder / "dry-run" / name)
    with closing(Progress("Writing   ")) as bar:
        files = write_dry_run(project, rehearsal, out, progress=bar)
    context.keep_answer(_good_until(project.clock.now(), plan.campaign.time_zone), out)
    posts, days = sum(m.channel != "email" for m in messages), sorted({m.on for m in messages})
    context.answer(
        {
            "campaign": plan.campaign.id,
            "season": plan.season.year,
            "days": len(days),
            "posts": posts,
            "emails": len(messages) - posts,
            "first": days[0],
            "last": days[-1],
            "out": str(out),
            "findings": findings_as_data(rehearsal.findings),
        },
        styled(f"{plan.title}: rehearsed. NOTHING WAS SENT.", "bold"),
        f"{counted(len(days), 'day')}, {_by_channel(context, messages)}, from {days[0]} to {days[-1]}.",
        *(
            f"{cost.channel}: about ${cost.dollars:.2f} for the season. {cost.note}".rstrip()
            for cost in rehearsal.costs
        ),
        "",
        *(*_what_is_wrong(rehearsal), *_reviewers_to_tell(rehearsal)),
        f"Packet: {files.index}",
        "Next: open it in a browser, or print it for your reviewers.",
        _what_the_status_means(rehearsal),
    )
    if options.open:
        import webbrowser

        webbrowser.open(files.index.resolve().as_uri())
    return int(bool(rehearsal.reds()))


def _look(context: CommandContext, progress: Progress | None = None) -> Rehearsal:
    """The season, rehearsed; what is found is what `status` shows next."""
    looking = Looking(context.project, context.campaign_id)
    rehearsal = rehearse(context.project, context.campaign_id, context.options.season, progress=progress)
    looking.keep(rehearsal)
    return rehearsal


def _good_until(now: datetime, zone: str) -> datetime:
    """A dry run rests on its day; and on what goes by the clock in what people said, such as invitations."""
    midnight = datetime.combine(now.astimezone(ZoneInfo(zone)).date() + timedelta(days=1), time.min, ZoneInfo(zone))
    return min(midnight.astimezone(UTC), now + timedelta(minutes=10))


def _reviewers_to_tell(rehearsal: Rehearsal) -> Iterator[str]:
    """Who would be told by email what waits for them; a rehearsal sends none."""
    for one in review_standing(rehearsal).by_person if rehearsal.reviewers else ():
        if one.waits and one.invitation.is_mailed:
            name = one.invitation.name
            yield f"{name} would be told by email what waits; the words: `review remind {json.dumps(name)} --show`."


def _to_look_at(findings: Iterable[Finding]) -> list[Finding]:
    return [f for f in findings if f.severity is not Severity.INFO]


def _by_channel(context: CommandContext, messages: Iterable[Message]) -> str:
    """32 X posts, 32 emails."""
    from ..channels.registry import spec_of

    counts = []
    for channel, number in Counter(m.channel for m in messages).items():
        spec = spec_of(context.project.settings.channels[channel])
        counts.append(counted(number, f"{channel_words(channel)} post" if spec.kind == "post" else "email"))
    return ", ".join(counts)


def _what_the_status_means(rehearsal: Rehearsal) -> str | None:
    """Exit status 1 looks like a failure to whoever runs their first rehearsal."""
    reds = rehearsal.reds()
    if not reds:
        return None
    if all(f.waits for f in reds):
        return "The rehearsal itself went well; what is blocked waits for people, hence exit status 1."
    return "The rehearsal itself went well; something above has to be corrected in the files, hence exit status 1."


def _what_is_wrong(rehearsal: Rehearsal) -> Iterator[str]:
    grave, reds = _to_look_at(rehearsal.findings), len(rehearsal.reds())
    if grave:
        ambers = len(grave) - reds
        yield f"{reds} blocked, {ambers} to look at. What is blocked is rehearsed, but not sent live."
        yield from findings_in_parts(grave, every_place=False)
        yield "\n`check` lists each place to correct, `check --all` each of the others too.\n"


@command(
    "check",
    campaign,
    shows_each(),
    argument("--all", action="store_true", help="fold nothing: each missing signature and each note as well"),
    examples="""examples:
  run.py check
  run.py check --all          also each signature that is missing, with its place
  run.py check --json         the same for programs
Exit status 1 when something is blocked or needs your attention. docs/reference/findings.md explains each code.""",
)
def check(context: CommandContext, options: argparse.Namespace) -> int:
    """List every problem of the campaign: not the first, all of them, with file, line and what to do.

    What is to be corrected in a file comes first, also in an item that no day has. What only waits for somebody's
    signature, check or decision follows, by kind and number; --all lists each of these too.
    """
    gone: tuple[Voided, ...] = ()
    try:
        rehearsal = _look(context)
        spares = findings_of_spares(context.project, rehearsal)
        findings = tuple(in_reading_order(dict.fromkeys((*rehearsal.findings, *spares))))
        gone = voided(rehearsal, open_at=context.project.clock.now())
    except CampaignUnusable as unusable:
        findings = unusable.findings
    weights = Counter(f.severity for f in findings)
    reds, ambers = weights[Severity.RED], weights[Severity.AMBER]
    folded = not options.all and len(findings) > 1
    lines = [
        f"{reds} blocked, {ambers} to look at, {counted(weights[Severity.INFO], 'note')}.",
        *findings_in_parts(findings, every_place=True, every_one=options.all),
        "",
        "`check --all` lists each one with its file and line." if folded else None,
        "Each code is explained in docs/reference/findings.md.",
    ]
    return context.answer(
        {"findings": findings_as_data(findings), "voided": voided_as_data(gone)},
        *(lines if findings else ["Nothing to correct."]),
        *voided_lines(gone),
        status=int(bool(reds or ambers)),
    )


@command(
    "plan",
    campaign,
    shows_each("csv", "ics", "write"),
    argument("--csv", metavar="FILE", help="write the calendar for a spreadsheet"),
    argument("--ics", metavar="FILE", help="write the calendar for a calendar program"),
    argument("--write", action="store_true", help="pin the plan as campaigns/NAME/plan-SEASON.toml"),
    examples="""examples:
  run.py plan
  run.py plan --csv month.csv --ics month.ics""",
)
def plan(context: CommandContext, options: argparse.Namespace) -> int:
    """Show the calendar of a season. --write pins it, so that later changes of the calendar show up as differences."""
    from ..content.render.season_renderer import channels_of

    project, pinned = context.project, None
    if options.csv or options.ics:
        from ..review.atomic_folder import replace_file
        from ..review.icalendar_file import calendar_ics
        from ..review.spreadsheet import plan_csv

        rehearsal = rehearse(project, context.campaign_id, options.season)
        plan, findings = rehearsal.plan, list(rehearsal.findings)
        for file, written in ((options.csv, plan_csv), (options.ics, calendar_ics)):
            if file:
                replace_file(Path(file), written(rehearsal))
    else:
        read, found = read_campaign(project, context.campaign_id)
        plan, planning = plan_season(project, read, season_of(project, read, options.season))
        findings = [*found, *planning]
    if options.write:
        from ..planner.pin import pin_path, write_plan

        pinned = pin_path(project.root, plan.campaign.id, plan.season.year)
        write_plan(plan, pinned)
    channels = {p.item.id: channels_of(p, project.settings, plan.campaign.rhythm) for p in plan.items}
    rows = [
        (p.on, f"{p.on:%a}", p.day_number, p.item.kind.value, p.item.id, (p.day.special if p.day else "") or "")
        for p in plan.items
    ]
    shown = [
        (*row[:5], ", ".join(channels[p.item.id]) or "none", row[5]) for row, p in zip(rows, plan.items, strict=True)
    ]
    problems = _to_look_at(findings)
    there = {i.id for p in plan.items for i in (p.item, p.held_back, p.substitute) if i is not None}
    spare = [item for item in plan.campaign.items if item not in there]
    keys = ("date", "weekday", "day", "kind", "item", "special")
    return context.answer(
        [{**dict(zip(keys, row, strict=True)), "channels": channels[str(row[4])]} for row in rows],
        f"{plan.title}: {counted(plan.season.days, 'day')}, {span_words(plan.season.start_on, plan.season.end_on)}.",
        _planned_words(plan, channels),
        table(("date", "", "day", "kind", "item", "goes out on", "special day"), shown),
        f"Without a day: {', '.join(spare)}. `move-item ITEM DATE` gives one a day." if spare else None,
        "" if problems else None,
        *finding_lines(problems),
        f"Pinned as {pinned}." if pinned else None,
        status=int(any(f.severity is Severity.RED for f in findings)),
    )


def _planned_words(plan: Plan, channels: Mapping[str, Sequence[str]]) -> str:
    """13 items, on 12 of its 31 days: 6 on email, 13 on x."""
    used = len({p.on for p in plan.items})
    on_days = "on every day" if used == plan.season.days else f"on {used} of its {counted(plan.season.days, 'day')}"
    per_channel = Counter(name for names in channels.values() for name in names)
    parts = ", ".join(f"{number} on {name}" for name, number in sorted(per_channel.items()))
    return f"{counted(len(plan.items), 'item')}, {on_days}{f': {parts}' if parts else ''}."


@command(
    "show",
    ITEM,
    OF_A_CAMPAIGN,
    shows_each(),
    argument("--channel", metavar="C", help="only this channel, as config/channels.toml calls it"),
    argument(
        "--since-approval", action="store_true", help="the words that changed since it was approved, or last read"
    ),
    argument("--html", action="store_true", help="print the email's HTML part instead of its text"),
    examples="""examples:
  run.py show 2027-01-06
  run.py show how-many-people --channel email
  run.py show how-many-people --since-approval      the words that changed since somebody approved it""",
)
def show(context: CommandContext, options: argparse.Namespace) -> int:
    """Show one message exactly as it will go out."""
    rehearsal = rehearse(context.project, context.campaign_id, options.season)
    messages = [
        m
        for m in (*rehearsal.all_to_read, *rehearsal.substitutes, *rehearsal.letters)
        if options.item in (m.item, m.on.isoformat()) and options.channel in (None, m.channel)
    ]
    asked = {p.item.id for p in rehearsal.plan.items if options.item in (p.item.id, p.on.isoformat())}
    made = {(m.item, m.channel) for m in messages}
    unmade = [  # why a message that was asked for is not there
        f
        for f in rehearsal.findings
        if f.item in asked and f.channel and options.channel in (None, f.channel) and (f.item, f.channel) not in made
    ]
    if not messages and not unmade:
        import difflib

        near = difflib.get_close_matches(options.item, sorted({m.item for m in rehearsal.everything}), n=3)
        raise NotInThisCampaign(
            f"there is no message for {options.item!r}"
            + (f" on channel {options.channel!r}" if options.channel else ""),
            hint=f"did you mean {' or '.join(near)}?" if near else "`plan` lists the items",
        )
    status = int(bool(unmade))
    if options.since_approval:
        data = [_changes_as_data(rehearsal, m) for m in messages]
        lines = (line for m in messages for line in _since_approval(rehearsal, m))
        return context.answer(data, *lines, status=status, verbatim=True)
    return context.answer(
        [shown_as_data(m) for m in messages],
        *(line for m in messages for line in _shown(context, rehearsal, m, html=options.html)),
        *(
            context.typed(line)
            for finding in unmade
            for line in (
                f"--- {finding.channel}, item {finding.item}: the message could not be made",
                *finding_lines([finding]),
            )
        ),
        status=status,
        verbatim=True,
    )


def _heading(message: Message) -> str:
    return f"--- {message.channel}, {day_words(message.on)}, item {message.item}, digest {message.digest[:12]}"


def _shown(context: CommandContext, rehearsal: Rehearsal, message: Message, *, html: bool) -> Iterator[str]:
    body = message.body
    yield _heading(message)
    if isinstance(body, PostBody):
        yield f"{body.whole_text}\n--- {body.characters}/{body.limit} characters"
    else:
        yield f"Subject: {body.subject}\nFrom: {body.from_name} <{body.from_address}>"
        if (other := body.second_head) is not None:
            which = "Discreet" if other.is_discreet else "As usual"
            yield f"{which}: “{other.subject}”, then “{other.preheader}”, from {other.from_name}"
        yield ""
        yield body.html if html else body.text
    yield from map(context.typed, finding_lines(rehearsal.findings_of(message.item, message.channel)))


def _since_approval(rehearsal: Rehearsal, message: Message) -> Iterator[str]:
    """What changed in a message since it was approved."""
    from ..domain.word_diff import Mark, marked, shown

    approvals, parts = rehearsal.approvals.of(message), difference(rehearsal, message)
    yield _heading(message)
    for a in approvals:
        yield f"Exactly as {a.person} ({a.role.replace('-', ' ')}, {a.how}) approved it on {utc_words(a.approved_at)}."
    for a in rehearsal.approvals.voided_by(message):
        yield f"Changed since {a.person} approved it on {utc_words(a.approved_at)}."
    if parts:
        yield "[-taken out-] {+put in+}"
    styles = {Mark.REMOVED: "red", Mark.ADDED: "good"}
    for part in parts:
        words = (styled(marked([p]), styles[p.mark]) if p.mark in styles else marked([p]) for p in shown(part.pieces))
        yield f"\n{part.label}:\n{''.join(words)}".rstrip("\n")
    if not parts and not approvals:
        yield "Nobody has approved or read an earlier form of it that is kept here."
    yield ""


def _changes_as_data(rehearsal: Rehearsal, message: Message) -> dict[str, object]:
    return {
        "item": message.item,
        "channel": message.channel,
        "digest": message.digest,
        "approved_by": [a.person for a in rehearsal.approvals.of(message)],
        "voided_of": [a.person for a in rehearsal.approvals.voided_by(message)],
        "changes": [
            {
                "field": c.field,
                "label": c.label,
                "pieces": [{"mark": p.mark.value, "words": p.words} for p in c.pieces],
            }
            for c in difference(rehearsal, message)
        ],
    }
