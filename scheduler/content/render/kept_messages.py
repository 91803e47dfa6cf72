"""The messages of items that were rendered before, for the processes after this one.

An item's messages are made of its own words and of what all items share: the records, the calendar, the templates, some
settings. While none of these has changed they are taken as they were made, with what was found on the way.
"""

from __future__ import annotations

import contextlib
import hashlib
import pickle
from collections.abc import Callable, Mapping
from functools import cached_property

from ...domain.finding import Finding
from ...domain.message import Message
from ...domain.planned_item import PlannedItem
from ...kept_by_key import KeptByKey, in_full
from ...what_items_share import fingerprint_of_plan
from .season_renderer import Opening, SeasonRenderer


class _Messages(KeptByKey):
    most_files = 400  # one holds an item's


MESSAGES = _Messages()
_Made = tuple[list[Message], list[Finding], Mapping[tuple[str, str], Opening]]


class KeptMessages:
    """Those of one season."""

    def __init__(self, bench: SeasonRenderer) -> None:
        self._bench = bench

    def of(self, planned: PlannedItem, make: Callable[[], list[Message]]) -> list[Message]:
        """The messages of an item on its day; ``make`` makes them."""
        bench = self._bench
        if MESSAGES.folder is None or not bench.templates_fingerprint:
            return make()
        key = self._shared, in_full(planned)
        if known := MESSAGES.read(key):
            with contextlib.suppress(Exception):  # whatever it is, they are made again
                made: _Made = pickle.loads(known)  # noqa: S301 - it is in our own folder, see kept_by_key
                messages, findings, openings = made
                bench.findings += findings
                bench.openings |= openings
                return messages
        before = len(bench.findings)
        messages = make()
        if bench.templates_fingerprint:  # it is taken back where another file was read
            openings = {place: each for place, each in bench.openings.items() if place[0] == planned.item.id}
            MESSAGES.write(key, pickle.dumps((messages, bench.findings[before:], openings)))
        return messages

    @cached_property
    def _shared(self) -> str:
        bench, settings = self._bench, self._bench.settings
        shared = (
            fingerprint_of_plan(bench.plan),
            (settings.public_url, settings.organisation, settings.channels),
            bench.mails_of_days,
            [folder.shown for folder in bench.folders],
            bench.templates_fingerprint,
        )
        return hashlib.sha256(in_full(shared).encode(errors="surrogatepass")).hexdigest()
