"""A season at hand for the pages: rehearsed once, and again when its files or the day have changed.

What people have said meanwhile is read anew whenever the ledger has a new line: rendering a month takes a second, and
a person who approves one item after the other should not wait for it each time.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from ..domain.message import Message
from ..domain.rehearsal import Rehearsal
from ..project import files_fingerprint
from ..services.context import Actor, Context, SeasonContext, about_season
from ..services.seasons import refresh, rehearse
from ..settings import Settings

if TYPE_CHECKING:
    from ..project import Project
    from ..store import Ledger

#: Forms of messages that are remembered, so that what changed under a reviewer's eyes can be shown. After a restart
#: they are told that it changed, and read the new form whole.
FORMS_REMEMBERED = 600

#: Which files, on which day, by which settings; and at which version of the ledger.
_Look = tuple[tuple[str, str, Settings], int]


class RehearsalCache:
    """Rehearsals by campaign and season. One is made at a time: pages that ask meanwhile wait for the same one."""

    def __init__(self, project: Project, ledger: Ledger) -> None:
        self._project, self._ledger = project, ledger
        self._kept: dict[tuple[str, int], tuple[_Look, Rehearsal]] = {}
        self._making = threading.Lock()

    def rehearsal(self, campaign_id: str, year: int | None = None) -> Rehearsal:
        """The season as it stands now. ``year``: as for :meth:`Project.season_of`.

        Raises CampaignUnusable with the findings, UsageError for a season that is none.
        """
        project, key = self._project, (campaign_id, year or 0)
        with self._making:
            # In UTC: a day that begins between two looks only makes a rehearsal again.
            day, files = f"{project.clock.now():%Y-%m-%d %H}", files_fingerprint(project.root, campaign_id)
            look = ((files, day, project.settings), self._ledger.events.version())
            kept = self._kept.get(key)
            if kept is None or kept[0] != look:
                refreshed = refresh(project, kept[1], self._ledger) if kept and kept[0][0] == look[0] else None
                made = refreshed or rehearse(project, campaign_id, year, ledger=self._ledger)
                kept = self._kept[key] = (look, made)
            return kept[1]

    def context(self, actor: Actor, campaign_id: str, year: int | None = None) -> SeasonContext:
        """For acts about the season: over this process's ledger, with the rehearsal at hand."""
        rehearsal = self.rehearsal(campaign_id, year)
        context = Context(self._project, self._ledger, self._project.clock, actor)
        return about_season(context, rehearsal.plan.key, rehearsal)


class FormsShown:
    """The forms of messages that pages have shown, by digest; the oldest are forgotten."""

    def __init__(self, most: int = FORMS_REMEMBERED) -> None:
        self._most = most
        self._forms: OrderedDict[str, Message] = OrderedDict()
        self._lock = threading.Lock()

    def remember(self, messages: Iterable[Message]) -> None:
        with self._lock:
            for message in messages:
                self._forms[message.digest] = message
                self._forms.move_to_end(message.digest)
            while len(self._forms) > self._most:
                self._forms.popitem(last=False)

    def of(self, seen: Mapping[str, str]) -> dict[str, Message]:
        """Channel -> form, for the digests that are remembered and are of that channel."""
        with self._lock:
            known = {channel: self._forms.get(digest) for channel, digest in seen.items()}
        return {channel: form for channel, form in known.items() if form is not None and form.channel == channel}
