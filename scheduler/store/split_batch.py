"""A call whose readers fared differently: its batch is parted, into one batch for each way it ended.

Each part is a batch like any other: it is counted, doubted, settled, retried, held and closed as all are. Nobody is
in two of them, and their sizes add up to that of the batch they came from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace

from sqlalchemy import ColumnElement, Connection, RowMapping, func, or_, select, update

from ..domain.delivery import State
from ..domain.outcome import Outcome, OutcomeKind
from ..domain.reason import Reason, ReasonCode, because
from ..domain.redact import without_addresses
from ..light_dataclass import dataclass
from .repository import MOST_REASONS, add_row, of_batch, parts_of
from .tables import batches, recipients

#: Which part stays the batch itself; the others become new ones.
_FIRST = (OutcomeKind.ACCEPTED, OutcomeKind.UNKNOWN, OutcomeKind.FINAL, OutcomeKind.LATER)


@dataclass
class _Group:
    """Readers who fared alike."""

    outcome: Outcome
    ends: dict[str, Outcome] = field(default_factory=dict)  # subscriber id -> how it ended for them

    def as_outcome(self, reference: str) -> Outcome:
        """How the call ended for them. Of several details the first ones are named; each reader has their own."""
        details = list(dict.fromkeys(end.detail for end in self.ends.values() if end.detail))
        reasons = tuple(dict.fromkeys(reason for end in self.ends.values() for reason in end.reasons))[:MOST_REASONS]
        detail = "; ".join(details[:3]) + ("; ..." if len(details) > 3 else "")
        return replace(self.outcome, reference=reference, reasons=reasons, detail=detail, per_recipient={})


def split_batch(
    connection: Connection, batch: RowMapping, token: str, outcome: Outcome
) -> list[tuple[RowMapping, Outcome]]:
    """Part a batch as its readers fared; the state of the parts is still that of the batch.

    Returns each part with its outcome, the batch itself first. Does nothing when the call is not the batch's latest
    any more, or is settled. Readers whose addresses are dead are left out of the batch, as those are who have left.
    """
    if batch["token"] != token or batch["state"] not in (State.SENDING, State.UNKNOWN):
        return [(batch, outcome)]
    groups = _groups(connection, batch, outcome) if outcome.per_recipient or outcome.is_dead_address else []
    if not groups:
        if batch["attempt"] > 1:  # reasons of an earlier try do not hold any more
            has_reason = or_(recipients.c.reason.is_not(None), recipients.c.detail.is_not(None))
            stale = (*of_batch(batch), recipients.c.state.is_(None), has_reason)
            connection.execute(update(recipients).where(*stale).values(reason=None, detail=None))
        return [(batch, outcome)]
    for group in groups:
        _note_reasons(connection, batch["delivery_id"], group.ends)
    dead = next((group for group in groups if group.outcome.is_dead_address), None)
    groups = [group for group in groups if group is not dead]
    if dead is not None:
        # They stay in the batch, as skipped; their reasons are written down already.
        _mark(connection, batch["delivery_id"], list(dead.ends), state=str(State.SKIPPED))
        of_batch_itself = update(batches).where(batches.c.id == batch["id"])
        connection.execute(of_batch_itself.values(skipped=batches.c.skipped + len(dead.ends)))
        if not groups:
            return [(batch, dead.as_outcome(outcome.reference))]
    first, *others = groups
    parts = [(_new_batch(connection, batch, list(group.ends)), group.as_outcome(outcome.reference)) for group in others]
    left = batch["size"] - sum(len(group.ends) for group in others)
    connection.execute(update(batches).where(batches.c.id == batch["id"]).values(size=left))
    return [(batch, first.as_outcome(outcome.reference)), *parts]


def split_off(connection: Connection, batch: RowMapping, readers: Mapping[str, tuple[Reason, str]]) -> RowMapping:
    """A batch of these readers (id -> why, and what was said) beside the rest; the batch itself where nobody else is
    left in it. The state stays."""
    ends = {who: Outcome(OutcomeKind.FINAL, detail=said, reasons=(why,)) for who, (why, said) in readers.items()}
    _note_reasons(connection, batch["delivery_id"], ends)
    return take_out(connection, batch, list(readers))


def _groups(connection: Connection, batch: RowMapping, outcome: Outcome) -> list[_Group]:
    """The readers of the call by how they fared. Of one whom the outcome does not name, nobody knows."""
    called = connection.execute(
        select(recipients.c.subscriber_id)
        .where(*of_batch(batch), recipients.c.state.is_(None))
        .order_by(recipients.c.subscriber_id)
    ).scalars()
    unnamed = Outcome(OutcomeKind.UNKNOWN, reasons=(because(ReasonCode.NOT_SAID),))
    if not outcome.per_recipient:
        unnamed = outcome
    groups: dict[object, _Group] = {}
    for subscriber_id in called:
        end = outcome.per_recipient.get(subscriber_id, unnamed)
        end = replace(end, detail=without_addresses(end.detail))
        group = groups.setdefault((end.kind, end.retry_at, end.is_dead_address), _Group(end))
        group.ends[subscriber_id] = end
    return sorted(groups.values(), key=lambda group: _FIRST.index(group.outcome.kind))


def take_out(connection: Connection, batch: RowMapping, readers: Sequence[str]) -> RowMapping:
    """Some readers of a batch as a batch of their own; the batch itself where it has no others who were called for."""
    if batch["size"] - batch["skipped"] <= len(readers):
        return batch
    left = batch["size"] - len(readers)
    connection.execute(update(batches).where(batches.c.id == batch["id"]).values(size=left))
    return _new_batch(connection, batch, readers)


def _new_batch(connection: Connection, batch: RowMapping, readers: Sequence[str]) -> RowMapping:
    """A batch of these readers, the same in all else.

    It keeps the stretch of ids (its readers are somewhere in it) and the send id: that names the call in which they
    were written to, and at a second try a reader gets the same Message-ID again.
    """
    last = select(func.max(batches.c.number)).where(batches.c.delivery_id == batch["delivery_id"])
    number = int(connection.execute(last).scalar_one()) + 1
    same = {name: value for name, value in batch.items() if name not in ("id", "number", "size", "skipped")}
    batch_id = add_row(connection, batches, **same, number=number, size=len(readers), skipped=0)
    _mark(connection, batch["delivery_id"], readers, batch_number=number)
    return connection.execute(select(batches).where(batches.c.id == batch_id)).mappings().one()


def _note_reasons(connection: Connection, delivery_id: int, ends: Mapping[str, Outcome]) -> None:
    """Write down each reader's reason, and take back one of an earlier try."""
    by_reason: dict[tuple[str | None, str | None], list[str]] = {}
    for subscriber_id, end in ends.items():
        code = str(end.reasons[0].code) if end.reasons else None
        by_reason.setdefault((code, end.detail or None), []).append(subscriber_id)
    for (code, detail), readers in by_reason.items():
        _mark(connection, delivery_id, readers, recipients.c.state.is_(None), reason=code, detail=detail)


def _mark(
    connection: Connection, delivery_id: int, readers: Sequence[str], *where: ColumnElement[bool], **values: object
) -> None:
    """Change the rows of these readers of a delivery."""
    for part in parts_of(readers):
        mine = (recipients.c.delivery_id == delivery_id, recipients.c.subscriber_id.in_(part))
        connection.execute(update(recipients).where(*mine, *where).values(**values))
