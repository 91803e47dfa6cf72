"""The packet in pieces: each item, and what else of its page does not change with each edit. Those that did not
change are kept for the next packet.

An item's piece is made from a rehearsal that holds nothing of the other items but some of their messages, by which the
frame of all is known. So what it is kept under is all that it can show.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from typing import Any

from ..domain.campaign import ItemText
from ..domain.finding import Severity
from ..domain.message import FRAME, Message
from ..domain.planned_item import Plan, PlannedItem
from ..domain.rehearsal import Rehearsal
from ..domain.review_policy import Missing
from ..kept_by_key import KeptByKey, in_full
from ..light_dataclass import dataclass
from ..second_process import MANY_ITEMS, shared
from ..what_items_share import fingerprint_of_item, fingerprint_of_message, fingerprint_of_plan
from .item_view import ItemView, MessageView, frame_beside
from .message_state import Badge


class _Articles(KeptByKey):
    most_pieces = 1_000


#: Under all that items share, and under its own.
ARTICLES = _Articles()
_OF_ITEMS = frozenset({"plan", "messages", "findings", "substitutes", "digests", "earlier", "sent"})
#: What may stand in for any field of a view of a mail of several days but its message, which is named by its digest.
_OF_A_VIEW = tuple(field.name for field in fields(MessageView) if field.name not in ("message", "rehearsal"))


@dataclass(frozen=True)
class MessageLine:
    """What the rest of the page says of a message of an item."""

    channel: str
    changed_since: bool
    is_approved: bool  # by anybody
    missing: tuple[Missing, ...]


@dataclass(frozen=True)
class Article:
    """An item's piece of the page, and what the rest of the page says of the item."""

    planned: PlannedItem
    badge: Badge
    messages: tuple[MessageLine, ...]
    html: str

    @classmethod
    def of(cls, view: ItemView, html: str) -> Article:
        lines = (MessageLine(v.message.channel, v.changed_since, bool(v.approved_by), v.missing) for v in view.messages)
        return cls(view.planned, view.badge, tuple(lines), html)

    @property
    def plain(self) -> tuple[Any, ...]:
        lines = [
            (line.channel, line.changed_since, line.is_approved, [(m.kind, m.words) for m in line.missing])
            for line in self.messages
        ]
        return self.badge.kind, self.badge.word, lines, self.html


def _article(planned: PlannedItem, plain: tuple[Any, ...]) -> Article:
    kind, word, lines, html = plain
    messages = tuple(
        MessageLine(channel, changed_since, is_approved, tuple(Missing(*lack) for lack in lacks))
        for channel, changed_since, is_approved, lacks in lines
    )
    return Article(planned, Badge(kind, word), messages, html)


class KeptPieces:
    """Those of one packet. ``page``: what else all of them go by. ``beside``: what else is made of an item and kept
    with its piece, in plain kinds."""

    def __init__(
        self, rehearsal: Rehearsal, page: object, beside: Callable[[Rehearsal, PlannedItem], Any] | None = None
    ) -> None:
        self._rehearsal, self._bare, self._beside = rehearsal, _without_items(rehearsal), beside
        #: By item, once the articles were asked for.
        self.beside: dict[str, Any] = {}
        self._shared = ""
        if ARTICLES.folder is not None:
            shared = [getattr(self._bare, each.name) for each in fields(self._bare) if each.name not in _OF_ITEMS]
            self._shared = _hashed((fingerprint_of_plan(rehearsal.plan), shared, page, beside is not None))

    @contextmanager
    def articles(self, make: Callable[[Rehearsal, PlannedItem], Article]) -> Iterator[Callable[[], list[Article]]]:
        """Begin with the pieces of all items. The function that is yielded goes on with them and gives them, in order;
        what stands before its call is done beside a second process, where there is one."""
        items, of_items = self._rehearsal.plan.items, _OfItems(self._rehearsal)
        words = self._rehearsal.plan.without_words()
        own = [of_items.of(planned) for planned in items]
        keys = [
            self._key(_seen_of(its, planned, of_items.spelled)) if self._shared else None
            for its, planned in zip(own, items, strict=True)
        ]
        plain: list[Any] = [ARTICLES.read(key) if key is not None else None for key in keys]
        new = [number for number, known in enumerate(plain) if known is None]

        def made(number: int) -> tuple[Any, Any]:
            planned = items[number]
            of_it = replace(self._bare, plan=_plan_of(words, planned), **own[number])
            return make(of_it, planned).plain, None if self._beside is None else self._beside(of_it, planned)

        def all_of_them() -> list[Article]:
            for number, piece in zip(new, done(), strict=True):
                plain[number] = piece
                if keys[number] is not None:
                    ARTICLES.write(keys[number], piece)
            self.beside = {one.item.id: beside for one, (_, beside) in zip(items, plain, strict=True)}
            return [_article(one, article) for one, (article, _) in zip(items, plain, strict=True)]

        with shared(made, new, is_long=len(new) >= MANY_ITEMS) as done:
            yield all_of_them

    def of(self, name: str, rests_on: object, make: Callable[[], str]) -> str:
        """Another piece, which goes by what all items share and by ``rests_on``."""
        return str(self._of(lambda: (name, rests_on), make))

    def of_days(self, view: MessageView, make: Callable[[MessageView], str]) -> str:
        """The piece of a mail that is no item's. Of a frame the first digest gives the subject."""
        rehearsal, message = self._rehearsal, view.message
        first = next((d for d in rehearsal.digests if message.item == FRAME and d.channel == message.channel), message)
        its = fingerprint_of_message(message), fingerprint_of_message(first)
        rests_on = its, [getattr(view, name) for name in _OF_A_VIEW]
        return self.of(view.key, rests_on, lambda: make(view))

    def _key(self, seen: object) -> tuple[str, str]:
        return self._shared, _hashed(seen)

    def _of(self, seen: Callable[[], object], make: Callable[[], Any]) -> Any:
        if not self._shared:
            return make()
        key = self._key(seen())
        known = ARTICLES.read(key)
        if known is None:
            known = make()
            ARTICLES.write(key, known)
        return known


def _without_items(rehearsal: Rehearsal) -> Rehearsal:
    return replace(
        rehearsal,
        messages=(),
        findings=(),
        costs=(),
        substitutes=(),
        digests=(),
        frames=(),
        letters=(),
        guards=(),
        earlier={},
        sent={},
        forms={},
    )


class _OfItems:
    """What a rehearsal holds of each item, by field."""

    def __init__(self, rehearsal: Rehearsal) -> None:
        self._rehearsal = rehearsal
        self._messages: dict[str, list[Message]] = defaultdict(list)
        for message in rehearsal.messages:
            self._messages[message.item].append(message)
        #: Places in the list of findings: of those of each item, and of those that stop something.
        self._findings: dict[str, list[int]] = defaultdict(list)
        for at, finding in enumerate(rehearsal.findings):
            self._findings[finding.item].append(at)
        self._reds = [(at, f) for at, f in enumerate(rehearsal.findings) if f.severity is Severity.RED]
        self.spelled = {id(finding): in_full(finding) for finding in rehearsal.findings}  # what stops all is in each

    def of(self, planned: PlannedItem) -> dict[str, Any]:
        rehearsal, item, its = self._rehearsal, planned.item.id, {text.id for text in _texts_of(planned)}
        # Whether something that is not the item's alone stands in its way: its badge says so.
        stopping = (at for at, finding in self._reds if finding.concerns(item, finding.channel))
        places = {at for each in its for at in self._findings.get(each, ())}.union(stopping)
        sent = {key: each for key, each in rehearsal.sent.items() if key[0] in its}
        return {
            "messages": (*self._messages.get(item, ()), *frame_beside(rehearsal, item)),
            "substitutes": tuple(m for m in rehearsal.substitutes if m.item in its),
            "findings": tuple(rehearsal.findings[at] for at in sorted(places)),
            "earlier": {key: each for key, each in rehearsal.earlier.items() if key[0] in its},
            "sent": sent,
            # Whether anything still waits for an item that went out is asked of those that tell of it.
            "digests": tuple(d for d in rehearsal.digests if sent and its & dict(d.audience.parts).keys()),
        }


def _texts_of(planned: PlannedItem) -> list[ItemText]:
    return [text for text in (planned.item, planned.held_back, planned.substitute) if text is not None]


def _plan_of(words: Plan, planned: PlannedItem) -> Plan:
    its = {text.id: text for text in _texts_of(planned)}
    campaign = replace(words.campaign, items={**words.campaign.items, **its})
    return replace(words, items=(planned,), campaign=campaign)


def _seen_of(own: Mapping[str, Any], planned: PlannedItem, spelled: Mapping[int, str]) -> object:
    def of(messages: Sequence[Message]) -> list[str]:
        return [*map(fingerprint_of_message, messages)]

    return (
        fingerprint_of_item(planned),
        of(own["messages"]),
        of(own["substitutes"]),
        of(own["digests"]),
        [spelled[id(finding)] for finding in own["findings"]],
        [(key, fingerprint_of_message(message)) for key, message in own["earlier"].items()],
        own["sent"],
    )


def _hashed(value: object) -> str:
    return hashlib.sha256(in_full(value).encode(errors="surrogatepass")).hexdigest()
