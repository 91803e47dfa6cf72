"""What a finding says on a page: the record by its own words and days as people write them, not ids and ISO dates."""

from __future__ import annotations

import re
from datetime import date

from ..domain.campaign import Campaign
from ..domain.finding import Finding, RecordName, UsedBy
from ..domain.formatting import date_words
from .record_words import record_words

_ISO_DATE = re.compile(r"\b\d{4}-\d\d-\d\d\b")


def on_a_page(finding: Finding, campaign: Campaign) -> str:
    """Without a full stop at its end, as the finding's own message. The page has links to the items in place of their
    names."""
    pieces = finding.pieces or (finding.message,)
    said = (_named(p, campaign) if isinstance(p, RecordName) else p for p in pieces if not isinstance(p, UsedBy))
    return _ISO_DATE.sub(_written, "".join(said))


def _named(name: RecordName, campaign: Campaign) -> str:
    """A claim or a help line by its own words; by its id where it is gone."""
    return (record_words(name.kind, name.id, campaign) if name.kind in ("claim", "contact") else "") or name.id


def _written(found: re.Match[str]) -> str:
    try:
        return date_words(date.fromisoformat(found[0]))
    except ValueError:  # it only looks like a day
        return found[0]
