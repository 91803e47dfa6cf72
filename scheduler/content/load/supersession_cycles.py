"""Records that were replaced by each other in a circle, so that nothing replaces them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...domain.claim import Claim, Contact
from ...domain.finding import Where
from ..codes import CODES
from .campaign_folder import Folder


def report_circles(folder: Folder, claims: Mapping[str, Claim], contacts: Mapping[str, Contact]) -> None:
    """One finding for each record from which ``superseded_by`` leads back to itself."""
    _report(folder, "claim", {c.id: (c.superseded_by, c.where) for c in claims.values()})
    _report(folder, "contact", {c.id: ((c.superseded_by,), c.where) for c in contacts.values()})


def _report(folder: Folder, record: str, replaced: Mapping[str, tuple[Sequence[str], Where]]) -> None:
    for start, (_, where) in replaced.items():
        seen: set[str] = set()
        ahead = list(replaced[start][0])
        while ahead:
            current = ahead.pop()
            if current == start:
                message = f"the {record} {start} was replaced by itself, by way of superseded_by"
                folder.findings.append(CODES["C022"].at(where, message))
                break
            if current in replaced and current not in seen:
                seen.add(current)
                ahead.extend(replaced[current][0])
