"""Which season: the one asked for, or the one that is running or comes next."""

from __future__ import annotations

from datetime import date

from ..domain.campaign import Campaign, Season
from ..domain.dates import DateRuleError, window_of
from ..errors import UsageError

#: How far ahead the next season is looked for. A campaign that rests longer is asked for by its year.
YEARS_AHEAD = 10


def season_in(campaign: Campaign, year: int) -> Season:
    """The season whose window starts in ``year``.

    Raises UsageError where the table of titles leaves the year out, or the window's rules give no
    window in it.
    """
    if campaign.title_in(year) is None:
        raise UsageError(
            f"campaign {campaign.id} has no title for season {year} ({campaign.where}); it covers {_covered(campaign)}",
            hint=f"add to {campaign.where.path}: [[titles]] first = {year}, last = {year}, "
            f'title = "..." once the name of that year is known; or use --season with a season it covers',
        )
    try:
        start_on, end_on = window_of(campaign.start, campaign.end, year)
    except DateRuleError as error:
        raise UsageError(
            f"campaign {campaign.id} has no window in season {year} ({campaign.where}): {error.message}",
            hint=error.hint,
        ) from error
    return Season(year=year, start_on=start_on, end_on=end_on)


def season_for(campaign: Campaign, today: date) -> Season:
    """The season whose window holds ``today`` (in the campaign's zone), else the next one.

    Seasons without a window, such as one whose dates are not announced yet, are passed over.
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


def _covered(campaign: Campaign) -> str:
    spans = sorted((title.first, title.last) for title in campaign.titles)
    return ", ".join(f"{a}" if a == b else f"{a} to {b}" for a, b in spans) or "no season yet"
