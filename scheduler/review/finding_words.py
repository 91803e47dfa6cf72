"""What a finding says on a page: the record by its own words and days as people write them, not ids and ISO dates."""

from __future__ import annotations

import re
from datetime import date
from textwrap import shorten

from ..domain.campaign import Campaign
from ..domain.claim import Claim, Contact
from ..domain.finding import Finding
from ..domain.formatting import date_words

_ISO_DATE = re.compile(r"\b\d{4}-\d\d-\d\d\b")
#: The page names these items with links to them.
_USED_BY = re.compile(r" \(used by [^()]*\)")
_LONGEST = 80


def on_a_page(finding: Finding, campaign: Campaign) -> str:
    """Without a full stop at its end, as the finding's own message."""
    said = _USED_BY.sub("", finding.message)
    records: tuple[Claim | Contact, ...] = (*campaign.claims.values(), *campaign.contacts.values())
    for record in records:
        if record.where == finding.where:
            words = record.text if isinstance(record, Claim) else f"{record.value}, {record.label}"
            named = f"“{shorten(words, _LONGEST, placeholder=' …')}”"
            alone = rf"(?<![\w-]){re.escape(record.id)}(?![\w-])"
            said = named.join(re.split(alone, said, maxsplit=1))
    return _ISO_DATE.sub(_written, said)


def _written(found: re.Match[str]) -> str:
    try:
        return date_words(date.fromisoformat(found[0]))
    except ValueError:  # it only looks like a day
        return found[0]
