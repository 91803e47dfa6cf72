"""Messages and deliveries as a page lists them: one row for one item at one time, with how each channel stands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ...domain.message import Message
from ...domain.records import Delivery
from ...light_dataclass import dataclass
from ...review.message_state import MessageState, worst_of
from .page_context import PageContext, state_of, state_of_delivery


@dataclass(frozen=True)
class Line:
    channel: str
    state: MessageState


@dataclass(frozen=True)
class Row:
    """What goes out of one item at one time."""

    item: str
    due_at: datetime
    lines: tuple[Line, ...]

    @property
    def state(self) -> MessageState:
        return worst_of([line.state for line in self.lines]) or self.lines[0].state

    @property
    def is_alike(self) -> bool:
        return len({line.state for line in self.lines}) == 1


def rows_by_item(page: PageContext, those: Iterable[Message | Delivery]) -> list[Row]:
    """One row for what goes out of one item at one time, the earliest first."""
    found: dict[tuple[datetime, str], list[Message | Delivery]] = {}
    for about in sorted(those, key=lambda about: (about.due_at, about.item, about.channel)):
        found.setdefault((about.due_at, about.item), []).append(about)
    return [
        Row(item, due_at, tuple(Line(about.channel, _state(page, about)) for about in together))
        for (due_at, item), together in found.items()
    ]


def _state(page: PageContext, about: Message | Delivery) -> MessageState:
    return state_of(page, about) if isinstance(about, Message) else state_of_delivery(page, about)
