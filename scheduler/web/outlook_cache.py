"""The one line at hand: whether what comes next of each campaign goes out, as all pages and health say it.

It is asked for anew when the files or the ledger's history have changed, and each minute: processes come and go, and
days begin, without a line in the history.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ..domain.outlook import Outlook
from ..errors import ObservanceError
from ..project import files_fingerprint
from ..services.context import Actor
from ..services.outlook import cannot_tell, look_ahead, standing_of
from ..services.seasons import season_in_view
from ..settings import Settings

if TYPE_CHECKING:
    from ..project import Project
    from ..services.context import SeasonContext
    from ..store import Ledger
    from .rehearsal_cache import RehearsalCache

#: How long an answer is told again while nothing has changed.
GOOD_FOR = timedelta(minutes=1)
#: Who looks, where nobody is signed in.
_NOBODY = Actor("health")

_Seen = tuple[str, int, Settings]


class OutlookCache:
    """By campaign. What cannot be read is not read again before something changes, or a minute is over."""

    def __init__(self, project: Project, ledger: Ledger, months: RehearsalCache) -> None:
        self._project, self._ledger, self._months = project, ledger, months
        self._kept: dict[str, tuple[_Seen, Outlook]] = {}
        self._asking = threading.Lock()

    def of(self, campaign: str, season: Callable[[], SeasonContext] | None = None) -> Outlook:
        """``season``: gives the campaign's usual one, where it is at hand."""
        now = self._project.clock.now()
        with self._asking:
            seen = (
                files_fingerprint(self._project.root, campaign),
                self._ledger.events.version(),
                self._project.settings,
            )
            kept = self._kept.get(campaign)
            if kept is None or kept[0] != seen or not _holds(kept[1], now):
                kept = self._kept[campaign] = (seen, self._ask(campaign, season, now))
            return kept[1]

    def of_all(self) -> tuple[Outlook, ...]:
        """Of each campaign in the folder."""
        return tuple(self.of(campaign) for campaign in self._project.campaigns())

    def _ask(self, campaign: str, season: Callable[[], SeasonContext] | None, now: datetime) -> Outlook:
        project, ledger = self._project, self._ledger
        try:
            context = season() if season else self._usual(campaign)
        except ObservanceError:
            return cannot_tell(project, campaign, now)
        return look_ahead(project, ledger, standing_of(context))

    def _usual(self, campaign: str) -> SeasonContext:
        """The season that is meant where none is named."""
        context = self._months.context(_NOBODY, campaign)
        usual = season_in_view(self._project, context.rehearsal.plan.campaign, None, self._ledger).year
        return context if usual == context.key.season else self._months.context(_NOBODY, campaign, usual)


def _holds(outlook: Outlook, now: datetime) -> bool:
    """Whether nothing has fallen due since, and it is not older than a minute."""
    return timedelta(0) <= now - outlook.asked_at < GOOD_FOR and (outlook.due_at is None or now < outlook.due_at)
