"""What a finding says on a page: the record by its own words and days as people write them, not ids and ISO dates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from textwrap import shorten

from ..domain.campaign import Campaign
from ..domain.claim import Claim, Contact
from ..domain.finding import Finding, RecordName, UsedBy
from ..domain.formatting import date_words

_ISO_DATE = re.compile(r"\b\d{4}-\d\d-\d\d\b")
_LONGEST = 80


def on_a_page(finding: Finding, campaign: Campaign) -> str:
    """Without a full stop at its end, as the finding's own message. The page has links to the items in place of their
    names."""
    pieces = finding.pieces or (finding.message,)
    said = (_named(p, campaign) if isinstance(p, RecordName) else p for p in pieces if not isinstance(p, UsedBy))
    return _ISO_DATE.sub(_written, "".join(said))


def _named(name: RecordName, campaign: Campaign) -> str:
    """A claim or a help line by its own words; by its id where it is gone."""
    of_kind: Mapping[str, Mapping[str, Claim | Contact]] = {"claim": campaign.claims, "contact": campaign.contacts}
    record = of_kind.get(name.kind, {}).get(name.id)
    if record is None:
        return name.id
    words = record.text if isinstance(record, Claim) else f"{record.value}, {record.label}"
    return f"“{shorten(words, _LONGEST, placeholder=' …')}”"


def _written(found: re.Match[str]) -> str:
    try:
        return date_words(date.fromisoformat(found[0]))
    except ValueError:  # it only looks like a day
        return found[0]
