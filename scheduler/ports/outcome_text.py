"""An outcome as one line of text, for the send journal: its kind, then what else there is, as JSON."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import datetime
from typing import Any

from ..domain.reason import as_data, from_data
from ..domain.redact import without_addresses
from .transport import Outcome, OutcomeKind

_OF_A_KIND = ("kind", "reasons", "retry_at", "per_recipient", "spoilt_by")
_PLAIN = tuple(f.name for f in fields(Outcome) if f.name not in _OF_A_KIND)


def to_text(outcome: Outcome) -> str:
    """One line, without an address."""
    more = _as_data(outcome)
    kind = more.pop("kind")
    return f"{kind} {json.dumps(more, ensure_ascii=False, sort_keys=True)}" if more else str(kind)


def from_text(text: str) -> Outcome:
    """The reverse of :func:`to_text`. Raises ValueError, KeyError or TypeError for what is none."""
    kind, _, more = text.partition(" ")
    return _outcome({"kind": kind, **(json.loads(more) if more else {})})


def _as_data(outcome: Outcome) -> dict[str, Any]:
    data: dict[str, Any] = {"kind": str(outcome.kind)}
    for name in _PLAIN:
        value = getattr(outcome, name)
        if value:
            data[name] = without_addresses(value) if isinstance(value, str) else value
    if outcome.reasons:
        data["reasons"] = as_data(outcome.reasons)
    if outcome.retry_at is not None:
        data["retry_at"] = outcome.retry_at.isoformat()
    if outcome.per_recipient:
        data["per_recipient"] = {who: _as_data(end) for who, end in outcome.per_recipient.items()}
    if outcome.spoilt_by:
        data["spoilt_by"] = {who: without_addresses(why) for who, why in outcome.spoilt_by.items()}
    return data


def _outcome(data: dict[str, Any]) -> Outcome:
    values = {name: data[name] for name in _PLAIN if name in data}
    return Outcome(
        OutcomeKind(data["kind"]),
        reasons=from_data(data.get("reasons", ())),
        retry_at=datetime.fromisoformat(data["retry_at"]) if "retry_at" in data else None,
        per_recipient={who: _outcome(end) for who, end in data.get("per_recipient", {}).items()},
        spoilt_by=data.get("spoilt_by", {}),
        **values,
    )
