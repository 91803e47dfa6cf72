"""What all items of a season share: the calendar and the records, as one fingerprint for what is kept of each item."""

from __future__ import annotations

import hashlib

from ..domain.planned_item import Plan
from ..kept_by_key import in_full

#: Of the last plan that was asked about: who renders it asks, and then who checks it.
_LAST: list[tuple[Plan, str]] = []


def fingerprint_of_plan(plan: Plan) -> str:
    """Of a plan, without what any item says."""
    for known, fingerprint in _LAST:
        if known is plan:
            return fingerprint
    written = in_full(plan.without_words())
    fingerprint = hashlib.sha256(written.encode(errors="surrogatepass")).hexdigest()
    _LAST[:] = [(plan, fingerprint)]
    return fingerprint
