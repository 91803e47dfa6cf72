"""The messages of items that were rendered before, for the processes after this one.

An item's messages are made of its own words and of what all items share: the records, the calendar, the templates, some
settings. While none of these has changed they are taken as they were made, with what was found on the way.
"""

from __future__ import annotations

import contextlib
import hashlib
import pickle
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar

from ...domain.campaign import ItemText
from ...domain.finding import Finding
from ...domain.message import Message
from ...domain.planned_item import PlannedItem
from ...kept_by_key import KeptByKey, in_full
from ...second_process import MANY_ITEMS, shared
from ...what_items_share import (
    fingerprint_of_item,
    fingerprint_of_message,
    fingerprint_of_parts,
    fingerprint_of_plan,
    note_fingerprint,
)
from .season_renderer import Opening, SeasonRenderer


class _Messages(KeptByKey):
    most_pieces = 1_000  # one is an item's


MESSAGES = _Messages()
T = TypeVar("T")
#: The messages, what digests repeat, and the fingerprints.
_Made = tuple[list[Message], Mapping[tuple[str, str], Opening], list[str]]
#: The messages, the words that they were made from, and what was found.
Letters = tuple[tuple[Message, ...], tuple[ItemText, ...], list[Finding]]


class KeptMessages:
    """Those of one season."""

    def __init__(self, bench: SeasonRenderer) -> None:
        self._bench = bench

    def of_items(
        self,
        items: Sequence[PlannedItem],
        make: Callable[[PlannedItem], list[Message]],
        progress: Callable[[int, int], None] = lambda done, total: None,
        *,
        beside: int = 0,
        meanwhile: Callable[[], None] = lambda: None,
    ) -> tuple[list[Message], list[Message]]:
        """The messages of items on their days; ``make`` makes those of one. The last ones of the items, as many as
        ``beside`` says, are in no plan: apart from the others stand their messages, without what was found in them.
        ``meanwhile``: what else has to be done, while a second process makes some of them."""
        bench, keeps = self._bench, self._keeps
        keys = [(self._shared, fingerprint_of_item(planned)) if keeps else None for planned in items]
        known: list[tuple[_Made, list[Finding]] | None] = [_read(key) if key else None for key in keys]
        new = [number for number, each in enumerate(known) if each is None]

        def made(number: int) -> tuple[tuple[_Made, list[Finding]], bool]:
            before, item = len(bench.findings), items[number].item.id
            messages = make(items[number])
            openings = {place: each for place, each in bench.openings.items() if place[0] == item}
            all_of_it = (messages, openings, _fingerprints(messages) if keeps else []), bench.findings[before:]
            del bench.findings[before:]
            return all_of_it, self._keeps  # it is taken back where another file was read

        def tell(done: int, of: int) -> None:
            progress(len(items) - of + done, len(items))

        if is_long := len(new) >= MANY_ITEMS:
            from .markdown import markdown_parser

            markdown_parser()  # before there are two processes, which both need it
        with shared(made, new, is_long=is_long, progress=tell) as done:
            meanwhile()
            for number, (all_of_it, may_keep) in zip(new, done(), strict=True):
                known[number] = all_of_it
                if may_keep:
                    _write(keys[number], all_of_it)
                elif keeps and not may_keep:
                    bench.give_up_keeping()
        planned: list[Message] = []
        others: list[Message] = []
        for number, ((messages, openings, fingerprints), findings) in enumerate(filter(None, known)):
            _note(messages, fingerprints)
            if number < len(items) - beside:
                bench.openings |= openings
                bench.findings += findings
                planned += messages
            else:
                others += messages
        return planned, others

    def digest(self, rests_on: object, make: Callable[[], Message | None]) -> Message | None:
        """A mail that tells of several days. ``rests_on``: what it goes by beside what all items share."""
        if not self._keeps:
            return make()
        own = in_full(("digest", rests_on))
        made = self._of(own, make)
        if made is not None and self._keeps:
            note_fingerprint(made, fingerprint_of_parts(self._shared, own))
        return made

    def _of(self, own: str, make: Callable[[], T]) -> T:
        """What was made under its own key, with what was found on the way."""
        bench, key = self._bench, (self._shared, own)
        if known := _read(key):
            made: T
            made, findings = known
            bench.findings += findings
            return made
        before = len(bench.findings)
        made = make()
        if self._keeps:  # it is taken back where another file was read
            _write(key, (made, bench.findings[before:]))
        return made

    def letters(self, make: Callable[[], Letters]) -> Letters:
        """Those around signing up, which rest on what all items share, and on the templates. With a finding they are
        made each time: some are about files that cannot be read."""
        key = self._shared, "letters"
        if self._keeps and (known := _read(key)):
            messages, texts, fingerprints = known
            _note(messages, fingerprints)
            return messages, texts, []
        made = messages, texts, findings = make()
        if self._keeps and not findings:
            _write(key, (messages, texts, _fingerprints(messages)))
        return made

    @property
    def _keeps(self) -> bool:
        return MESSAGES.folder is not None and bool(self._bench.templates_fingerprint)

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


def _read(key: object) -> Any:
    with contextlib.suppress(Exception):  # whatever it is, they are made again
        return pickle.loads(MESSAGES.read(key))  # noqa: S301 - it is in our own folder, see kept_by_key


def _write(key: object, made: object) -> None:
    MESSAGES.write(key, pickle.dumps(made))


def _fingerprints(messages: Sequence[Message]) -> list[str]:
    """Their digests are worked out once, and are kept with them."""
    return [fingerprint_of_message(message) for message in messages if message.digests]


def _note(messages: Sequence[Message], fingerprints: Sequence[str]) -> None:
    for message, fingerprint in zip(messages, fingerprints, strict=bool(fingerprints)):
        note_fingerprint(message, fingerprint)
