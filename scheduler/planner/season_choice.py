"""Which season: the one asked for, or the one that is running or comes next."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

from ..domain.campaign import Campaign, Season
from ..domain.dates import DateRuleError, window_of, with_guess
from ..errors import UsageError

#: How far ahead the next season is looked for. A campaign that rests longer is asked for by its year.
YEARS_AHEAD = 10


def season_in(campaign: Campaign, year: int) -> Season:
    """The season whose window starts in ``year``.

    Raises UsageError where the table of titles leaves the year out (before its first title, between two, or long after
    the last), or the window's rules give no window in it.
    """
    if campaign.title_in(year) is None:
        raise UsageError(
            f"campaign {campaign.id} has no title for season {year} ({campaign.where}); it covers {_covered(campaign)}",
            hint=f"{title_to_add(campaign, year)}; or use --season with a season it covers",
        )
    edges = with_guess(campaign.start, year), with_guess(campaign.end, year)
    try:
        start_on, end_on = window_of(*edges, year)
    except DateRuleError as error:
        raise UsageError(
            f"campaign {campaign.id} has no window in season {year} ({campaign.where}): {error.message}",
            hint=error.hint,
        ) from error
    return Season(year=year, start_on=start_on, end_on=end_on, guessed=edges != (campaign.start, campaign.end))


def season_for(campaign: Campaign, today: date) -> Season:
    """The season whose window holds ``today`` (in the campaign's zone), else the next one.

    Seasons without a window, such as one whose dates are neither announced yet nor guessed, are passed over.
    Raises UsageError when none is left: the reason of the first that failed, or the seasons covered.
    """
    first_error: UsageError | None = None
    seasons = []
    for year in range(today.year - 2, today.year + YEARS_AHEAD + 1):
        if campaign.title_in(year) is None:
            continue
        try:
            seasons.append(season_in(campaign, year))
        except UsageError as error:
            if year >= today.year:
                first_error = first_error or error
    if left := [season for season in seasons if season.end_on >= today]:
        return min(left, key=lambda season: max(season.start_on, today))
    if first_error is not None:
        raise first_error
    raise UsageError(
        f"campaign {campaign.id} has no season on or after {today} ({campaign.where}); it covers {_covered(campaign)}",
        hint=f"add the next season's title to {campaign.where.path} ([[titles]] with first, last and title), "
        "or name a season with --season YEAR",
    )


def season_before(campaign: Campaign, season: Season) -> Season | None:
    """The one before it; None for the first."""
    for year in range(season.year - 1, season.year - YEARS_AHEAD - 1, -1):
        with suppress(UsageError):
            return season_in(campaign, year)
    return None


def title_to_add(campaign: Campaign, year: int) -> str:
    """What a person writes once they know how the month is called in that year."""
    return f'add to {campaign.where.path}: [[titles]] first = {year}, last = {year}, title = "..."'


def _covered(campaign: Campaign) -> str:
    spans = sorted(campaign.titles, key=lambda title: title.first)
    said = (f"{t.first} and later" if t.last is None else _span(t.first, t.last) for t in spans)
    return ", ".join(said) or "no season yet"


def _span(first: int, last: int) -> str:
    return f"{first}" if first == last else f"{first} to {last}"
