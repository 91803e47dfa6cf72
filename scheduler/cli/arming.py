"""Live sending is allowed for a season, or forbidden again."""

from __future__ import annotations

import argparse

from ..domain.formatting import counted, span_words
from ..review.review_status import lacking_as_data, standing_as_data
from ..services import arming
from ..services.arming import ARMED_AHEAD, Armed
from ..services.doctor import find_sender_trouble, nobody_sends
from ..services.outside import what_keeps_emails
from ..services.senders import who_sends
from ..services.status import trouble_as_data
from ..wiring import why_displaced
from .arguments import by, campaign, command
from .command_context import CommandContext
from .output import displaced_lines, findings_in_parts, items_in_words, styled

_ARMING = {
    "about": """
Allow live sends for this season (arm), or forbid them again (disarm).

arm refuses while anything is blocked, and says what.""",
    "examples": """examples:
  run.py arm --by "Ada Example"
  run.py disarm --by "Ada Example"
Live sending also needs mode = "live" in config/settings.toml. To stop at once: hold.""",
}


@command("arm", campaign, by("who decides"), **_ARMING)
def arm(context: CommandContext, options: argparse.Namespace) -> int:
    acting = context.acting()
    project, ledger, who = acting.project, acting.ledger, acting.actor.name
    armed = arming.arm(acting, context.campaign_id, options.season)
    if not armed.is_armed:
        return _not_armed(context, armed)
    season, standing = armed.season, armed.standing
    wait = what_keeps_emails(project, context.campaign_id, season.year)
    trouble = (
        *find_sender_trouble(project, ledger),
        *nobody_sends(project, context.campaign_id, season.year, ledger),
    )
    displaced = why_displaced(project)
    lines = [f"Armed by {who} for season {season.year}: {span_words(season.start_on, season.end_on)}."]
    if standing.lacking:
        lines += [
            f"{len(standing.lacking)} of {standing.messages} messages lack approval, and do not go out before:",
            f"  {items_in_words([one.message for one in standing.lacking])}",
            "  `review status` says what is missing, and by whom.",
        ]
    if project.settings.mode.value != "live" and not trouble:
        lines += ['The mode is still "rehearsal": set mode = "live" in config/settings.toml, or OBSERVANCE_MODE=live.']
    if wait:
        lines += [f"As it stands now, {wait[0]}.", f"  What to do: {wait[1]}."]
    for one in trouble:
        lines += [styled(f"TROUBLE: {one.said}.", "red"), f"  What to do: {one.to_do}."]
    if displaced is not None:
        lines += displaced_lines(displaced)
    elif not trouble:
        runs = who_sends(project, ledger, context.campaign_id)
        lines += [f"{f'Runs now: {runs}' if runs else 'Next: `start`'}. To stop at once: `hold --reason '...'`"]
    return context.answer(
        {
            "armed": True,
            "season": season.year,
            "by": who,
            "review": standing_as_data(standing),
            "emails_wait": dict(zip(("said", "to_do"), wait, strict=True)) if wait else None,
            "trouble": trouble_as_data(trouble),
            "displaced": displaced.message if displaced else None,
        },
        *lines,
        status=int(displaced is not None),
    )


def _not_armed(context: CommandContext, armed: Armed) -> int:
    """What keeps a season from being armed, and what to do about it."""
    number = len(armed.blocking) + len(armed.early)
    lines = [
        f"Not armed: {counted(number, 'thing blocks', 'things block')} live sending.",
        *findings_in_parts(armed.blocking, every_place=False),
    ]
    if armed.early:
        lines += [
            f"\nApprovals that the next {ARMED_AHEAD.days} days still need:",
            *(
                f"  {one.message.on} {one.message.item} ({one.message.channel}): {one.in_words()}"
                for one in armed.early
            ),
            "What to do: the first person approves here, approve ITEM --by NAME. The second one does it themselves: by",
            '  a private link (review invite "NAME" --role fact-reviewer), signed in (people add "NAME" --role',
            '  coordinator), or on a signed sheet (review record --all --packet HASH --by "NAME" --role coordinator).',
            "  A group that is one person says so in config/review.toml: docs/reference/review-policy.md, `alone`.",
        ]
    return context.answer(
        {
            "armed": False,
            "blocking": [str(f) for f in armed.blocking],
            "lacking": [lacking_as_data(one) for one in armed.early],
        },
        *lines,
        "\nNext: settle these, then `arm --by NAME` again. `check --all` lists each finding with its file and line.",
        status=1,
    )


@command("disarm", campaign, by("who decides"), **_ARMING)
def disarm(context: CommandContext, options: argparse.Namespace) -> int:
    acting = context.acting()
    season, who = arming.disarm(acting, context.campaign_id, options.season).year, acting.actor.name
    return context.answer(
        {"armed": False, "season": season, "by": who},
        f"Disarmed by {who}: nothing of season {season} goes out live until it is armed again.",
    )
