"""The season that comes next: what has to be looked at anew, and what ends with the one before."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from textwrap import shorten
from typing import TYPE_CHECKING

from ..content.renewal import HEADINGS, RenewalKind
from ..domain.formatting import counted, date_words, span_words
from .arguments import argument, by, campaign, command
from .command_context import CommandContext
from .output import styled, table

if TYPE_CHECKING:
    from ..services.roll_forward import NextSeason


@command(
    "roll-forward",
    campaign,
    argument("--yes", action="store_true", help="do it, without asking"),
    argument("--all", action="store_true", help="fold nothing: each text with a year of history as well"),
    by("who begins the season"),
    examples="""examples:
  run.py roll-forward                    shows what it would do, then asks
  run.py roll-forward --season 2028 --yes --by "Ada Example"
Run it again at any time: what is done stays done, and the list gets shorter.""",
)
def roll_forward(context: CommandContext, options: argparse.Namespace) -> int:
    """Make the next season ready: list what has to be looked at anew, and end what belongs to the season before.

    Items, calendar and rules stay. Signatures end with the last day of the season before, approvals are of one season
    anyway, and the pinned plans of seasons that are over are put aside. No text is changed.
    """
    from ..services import roll_forward as service

    ahead = service.look_ahead(context.project, context.campaign_id, options.season)
    season, before = ahead.season, ahead.before
    context.say(
        styled(
            f"{ahead.campaign.name}, season {season.year}: {span_words(season.start_on, season.end_on)}.",
            "bold",
        ),
        "",
        *_lines_to_renew(ahead, every_one=options.all),
        *_lines_to_sign(ahead),
        *(f"Puts aside: plan-{year}.toml, in past/." for year in ahead.pins),
        f"Ends with {date_words(before.end_on)}: {counted(ahead.signatures, 'signature')} of claims and help lines."
        if ahead.signatures and before
        else None,
        f"Stay with season {before.year}: {counted(ahead.approvals, 'approval')}."
        if ahead.approvals and before
        else None,
    )
    rolled = ahead.is_rolled
    if not rolled and (options.yes or _says_yes(context)):
        acting = context.acting()
        service.roll_forward(acting, context.campaign_id, season.year)
        rolled = True
        context.say(f"Done by {acting.actor.name}.")
    elif not rolled:
        context.say(f"Nothing was changed. When you are sure: `roll-forward --season {season.year} --yes --by NAME`")
    return context.answer(
        {**service.next_season_as_data(ahead), "done": rolled},
        *(_after_rolling(ahead) if rolled else ()),
        status=int(not rolled),
    )


def _says_yes(context: CommandContext) -> bool:
    if context.json or not sys.stdin.isatty():
        return False
    return input("Do it? (yes/no) ").strip().casefold() in ("y", "yes")


def _lines_to_renew(ahead: NextSeason, *, every_one: bool) -> Iterator[str]:
    for kind, heading in HEADINGS.items():
        found = ahead.of(kind)
        if not found:
            continue
        yield f"{heading.format(season=ahead.season.year)}: {len(found)}"
        if kind is RenewalKind.YEAR and not every_one:
            yield "  `roll-forward --all` lists them."
        else:
            rows = [(f"{r.record} {r.id}", r.field, shorten(r.words, 60, placeholder="..."), r.where) for r in found]
            yield table(("record", "field", "words", "file"), rows)
        yield ""
    if not ahead.campaign.language.startswith("en"):
        yield "Years are found in every language, but days and weekdays in English only: read the texts for them.\n"


def _lines_to_sign(ahead: NextSeason) -> Iterator[str]:
    if ahead.to_sign:
        yield f"Claims and help lines that have to be signed anew: {len(ahead.to_sign)}"
        rows = [(f"{s.subject} {s.subject_id}", s.person, s.signed_on) for s in ahead.to_sign]
        yield table(("record", "last signed by", "on"), rows)
        yield ""


def _after_rolling(ahead: NextSeason) -> Iterator[str]:
    """What is to be done next, and by whom."""
    year = ahead.season.year
    texts = ahead.of(RenewalKind.OLD_YEAR, RenewalKind.DAY, RenewalKind.RELATIVE, RenewalKind.HASHTAG)
    yield "\nNext:"
    if ahead.of(RenewalKind.TITLE):
        yield f"  the coordinator: look up the month's title for {year}, and add its [[titles]] line to campaign.toml"
    if ahead.of(RenewalKind.NO_DATE):
        yield f"  the coordinator: add the dates of {year} to the rules above, as soon as they are known"
    if texts:
        yield f"  who writes the texts: look at the {counted(len(texts), 'place')} above"
    if ahead.of(RenewalKind.DUE):
        yield "  who keeps the claims: look for a newer edition of each source above, and move its date"
    yield "  who signs: read each claim, then `sign claim ID --by NAME`; try each help line, then"
    yield "    `sign contact ID --by NAME`"
    yield f"  the reviewers: read and approve season {year} (`review invite NAME --role ROLE`, `review packet`)"
    of = f"--season {year}"
    yield f"  the coordinator: `check {of}`, `dry-run {of}`, `plan --write {of}`, `arm {of} --by NAME`"
