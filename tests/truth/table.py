"""Shares by kind, and what slips: ``python -m tests.truth.table FILE [FILE]``."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from scheduler.domain.finding import Finding, Severity
from tests.truth.sentences import findings_of, read_sentences

Judged = tuple[Mapping[str, Any], list[Finding]]


@dataclass(frozen=True)
class Shares:
    """Sentences with what was said of them."""

    rows: tuple[Judged, ...]

    @classmethod
    def of(cls, rows: Iterable[Judged]) -> Self:
        return cls(tuple(rows))

    @property
    def all_told(self) -> float:
        """The share of all sentences of which something red or amber is said."""
        return sum(bool(found) for _, found in self.rows) / len(self.rows)

    def table(self) -> str:
        """By kind: how many, of how many something is said, and of how many that were to be red only amber."""
        many, told, pale = Counter[str](), Counter[str](), Counter[str]()
        for row, found in self.rows:
            kind = row["kind"]
            many[kind] += 1
            told[kind] += bool(found)
            red = any(f.severity is Severity.RED for f in found)
            pale[kind] += row.get("expect") == "red" and bool(found) and not red
        lines = [
            f"| {k} | {many[k]} | {told[k]} | {100 * told[k] / many[k]:.0f} % | {pale[k] or ''} |" for k in sorted(many)
        ]
        head = "| kind | sentences | told | share | amber in place of red |\n|---|---|---|---|---|"
        return "\n".join((head, *lines, f"| all | {len(self.rows)} | | {100 * self.all_told:.1f} % | |"))


def main(names: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shares = Shares.of(findings_of(read_sentences(*names), Path(folder)))
    print(shares.table())
    for row, found in shares.rows:
        if bool(found) is (row.get("expect") == "none"):
            told = "; ".join(f"{f.code} {f.message}" for f in found)
            print(f"{row['id']} {row['language']} {row['place']}: {row['sentence']!r} {told}")


if __name__ == "__main__":
    main(sys.argv[1:])
