"""What changed in a message since it was approved: for `show ITEM --since-approval`."""

from __future__ import annotations

from collections.abc import Iterable

from ..domain.message import Message
from ..domain.rehearsal import Rehearsal
from ..domain.stale_approvals import difference
from ..domain.word_diff import Mark, Piece, marked, shown
from .terminal import styled

_STYLES = {Mark.REMOVED: "red", Mark.ADDED: "good"}


def print_since_approval(rehearsal: Rehearsal, messages: Iterable[Message]) -> bool:
    """Print it for each message; True when any is not as it was approved."""
    changed = False
    for message in messages:
        print(f"--- {message.channel}, {message.on:%A %d %B %Y}, item {message.item}, digest {message.digest[:12]}")
        for approval in rehearsal.approvals.of(message):
            role = approval.role.replace("-", " ")
            print(f"Exactly as {approval.person} ({role}) approved it on {approval.approved_at:%Y-%m-%d %H:%M} UTC.")
        for approval in rehearsal.approvals.voided_by(message):
            changed = True
            print(f"Changed since {approval.person} approved it on {approval.approved_at:%Y-%m-%d %H:%M} UTC.")
        parts = difference(rehearsal, message)
        if parts:
            changed = True
            print("[-taken out-] {+put in+}")
        for part in parts:
            print(f"\n{part.label}:")
            print("".join(_piece(p) for p in shown(part.pieces)).rstrip("\n"))
        if not parts and not rehearsal.approvals.of(message):
            print("Nobody has approved or read an earlier form of it that is kept here.")
        print()
    return changed


def since_approval_as_data(rehearsal: Rehearsal, messages: Iterable[Message]) -> list[dict[str, object]]:
    return [
        {
            "item": m.item,
            "channel": m.channel,
            "digest": m.digest,
            "approved_by": [a.person for a in rehearsal.approvals.of(m)],
            "voided_of": [a.person for a in rehearsal.approvals.voided_by(m)],
            "changes": [
                {
                    "field": c.field,
                    "label": c.label,
                    "pieces": [{"mark": p.mark.value, "words": p.words} for p in c.pieces],
                }
                for c in difference(rehearsal, m)
            ],
        }
        for m in messages
    ]


def _piece(piece: Piece) -> str:
    text = marked([piece])
    return styled(text, _STYLES[piece.mark]) if piece.mark in _STYLES else text
