"""A finding: what is wrong, where, and what to do. Findings are collected, never raised one by one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from enum import StrEnum

from ..light_dataclass import dataclass


class Severity(StrEnum):
    """How much a finding weighs. The words are those of the interface."""

    RED = "red"  # blocks live sending
    AMBER = "amber"  # needs a person's eye; live sending is allowed after approval
    INFO = "info"  # worth knowing


@dataclass(frozen=True)
class Where:
    """A place in the project's files; ``path`` is relative to the project root."""

    path: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


@dataclass(frozen=True)
class RecordName:
    """A record in a message: by its id in a terminal and in a file, a claim or a help line by its own words on a
    page."""

    kind: str  # "claim" | "contact" | "source"
    id: str

    def __str__(self) -> str:
        return self.id


@dataclass(frozen=True)
class UsedBy:
    """The items that use a record, at the end of a message; a page has links to them."""

    items: tuple[str, ...]

    def __str__(self) -> str:
        more = f" and {len(self.items) - _MOST_NAMED} more" if len(self.items) > _MOST_NAMED else ""
        return f" (used by {', '.join(self.items[:_MOST_NAMED])}{more})"


#: A message in pieces, where some of it has other words for other readers.
Said = tuple[str | RecordName | UsedBy, ...]
_MOST_NAMED = 4


@dataclass(frozen=True)
class Finding:
    """One thing to look at.

    ``code`` is stable (``C014``); it is documented in docs/reference/findings.md and has a
    scenario folder that triggers exactly it. ``item`` and ``channel`` are empty when the finding
    concerns the whole campaign. ``waits`` as in :class:`Code`. ``words``: those of a text that it is about, as
    they stand there; empty where it is about what is lacking.
    """

    code: str
    severity: Severity
    message: str
    where: Where
    hint: str = ""
    item: str = ""
    channel: str = ""
    items: tuple[str, ...] = ()  # where a shared record is at fault: the items that use it
    waits: str = ""
    words: str = field(default="", repr=False, compare=False)
    pieces: Said = field(default=(), repr=False, compare=False)  # of ``message``, where it has some

    def concerns(self, item: str, channel: str) -> bool:
        """Whether it stands in the way of this item on this channel. What names no item concerns all of them."""
        if self.channel and self.channel != channel:
            return False
        if not self.item and not any(self.items):
            return True
        return item != "" and (item == self.item or item in self.items)

    def __str__(self) -> str:
        hint = f" Hint: {self.hint}" if self.hint else ""
        stop = "" if self.message.endswith("?") else "."
        return f"{self.code} {self.where}: {self.message}{stop}{hint}"


def in_reading_order(findings: Iterable[Finding]) -> list[Finding]:
    """What is to be corrected in a file, then what only waits for a person, then notes; each red first, then by file,
    line and code. A mistyped word does not stand lost among signatures that nobody has given yet. The same input always
    gives the same order."""
    rank = {Severity.RED: 0, Severity.AMBER: 1, Severity.INFO: 2}

    def key(f: Finding) -> tuple[object, ...]:
        group = (f.severity is Severity.INFO, bool(f.waits), rank[f.severity])
        return (*group, f.where.path, f.where.line, f.code, f.item, f.channel, f.message, f.hint, f.items)

    return sorted(set(findings), key=key)


@dataclass(frozen=True)
class Code:
    """What one kind of finding means, the same wherever it is met. Each part has a table of them.

    ``title`` is one line for a list; ``hint`` says what to do when the finding itself knows nothing better;
    ``explanation`` is for docs/reference/findings.md. ``waits`` is filled where no mistake was made and only a person's
    signature, check or decision is waited for: what many of them are called together ("claims are not signed yet").
    """

    code: str
    title: str
    severity: Severity
    hint: str
    explanation: str
    waits: str = ""

    def at(
        self,
        where: Where,
        message: str | Said,
        *,
        hint: str = "",
        item: str = "",
        channel: str = "",
        items: tuple[str, ...] = (),
        words: str = "",
    ) -> Finding:
        """A finding of this kind. ``message`` has no full stop at its end."""
        text, pieces = (message, ()) if isinstance(message, str) else ("".join(map(str, message)), message)
        of_it = (item, channel, items, self.waits, words, pieces)
        return Finding(self.code, self.severity, text, where, hint or self.hint, *of_it)


def table_of(*codes: Code) -> dict[str, Code]:
    """The codes by their names. Two with one name are a mistake in the program."""
    table = {c.code: c for c in codes}
    if len(table) != len(codes):
        raise ValueError("two codes with one name")
    return table
