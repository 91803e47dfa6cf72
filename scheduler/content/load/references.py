"""Who names whom: the records of a campaign, and every place where an id of one is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field

from ...domain.finding import Finding, Where
from ...light_dataclass import dataclass
from ...schema.toml_text import did_you_mean
from ..codes import CODES

#: Kinds of record, and the file in which they are kept.
HOMES = {
    "claim": "claims.toml",
    "contact": "contacts.toml",
    "source": "sources.toml",
    "passage": "sources.toml",
    "item": "items/",
    "hashtag": "hashtags.toml",
    "consent": "consents.toml",
}


@dataclass(frozen=True)
class Reference:
    """An id as another record writes it."""

    record: str
    id: str
    where: Where
    key: str
    item: str = ""


@dataclass
class Records:
    """All records that the files name, readable or not, and the references between them.

    A record that could not be read still counts as being there: one finding is enough for it.
    """

    findings: list[Finding]
    named: dict[str, dict[str, Where]] = field(default_factory=lambda: {record: {} for record in HOMES})
    unreadable: set[str] = field(default_factory=set)
    references: list[Reference] = field(default_factory=list)

    def add(self, record: str, record_id: str, where: Where, *, item: str = "") -> bool:
        """Note a record; False, with a finding, when its id is taken."""
        earlier = self.named[record].setdefault(record_id, where)
        if earlier is not where:
            self.findings.append(CODES["C018"].at(where, f"the id {record_id} is taken: {earlier}", item=item))
        return earlier is where

    def keeps(self, record: str, record_id: str | None, where: Where, *, usable: bool) -> bool:
        """Note a record; whether it can be used. One that cannot is there all the same."""
        if not record_id:
            self.lost(record)
        elif self.add(record, record_id, where):
            if usable:
                return True
            self.lost(record, record_id)
        return False

    def lost(self, record: str, record_id: str = "*") -> None:
        """Note that a record, or all records of a kind, or one with an id that nobody knows, cannot be read."""
        self.unreadable.add(f"{record}:{record_id}")

    def lost_file(self, name: str) -> None:
        """Note that none of a file's records can be read: references to them are not reported as well."""
        for record, home in HOMES.items():
            if home == name:
                self.lost(record)

    def refer(self, record: str, record_id: str, where: Where, key: str, *, item: str = "") -> None:
        """Note that an id is written somewhere; :meth:`check` looks whether it is known."""
        self.references.append(Reference(record, record_id, where, key, item))

    def check(self) -> None:
        """Report the references that lead nowhere, where all records of that kind could be read."""
        for reference in self.references:
            record, wanted = reference.record, reference.id
            lost = {f"{record}:*", f"{record}:{wanted.partition('#')[0]}#*"}  # of a passage: its whole source
            if wanted in self.named[record] or not lost.isdisjoint(self.unreadable):
                continue
            near = did_you_mean(wanted, list(self.named[record]))
            if record == "item" and not near:
                near = f"write items/{wanted[:60]}.md, or correct the id"
            message = f"{reference.key} names the {record} {wanted[:60]}, which is not in {HOMES[record]}"
            self.findings.append(CODES["C019"].at(reference.where, message, hint=near, item=reference.item))

    def check_cycles(self, record: str, replaced: Mapping[str, tuple[Sequence[str], Where]]) -> None:
        """Report each record from which ``superseded_by`` leads back to itself, so that nothing replaces it."""
        for start, (by, where) in replaced.items():
            reached: set[str] = set()
            ahead = list(by)
            while ahead:
                current = ahead.pop()
                if current in replaced and current not in reached:
                    reached.add(current)
                    ahead.extend(replaced[current][0])
            if start in reached:
                message = f"the {record} {start} was replaced by itself, by way of superseded_by"
                self.findings.append(CODES["C022"].at(where, message))
