"""The packet that reviewers read and sign: what it holds is remembered when it is given out."""

from __future__ import annotations

from ..domain.packet_record import PacketRecord, edition_hash
from .context import SeasonContext, act


@act
def give_out(context: SeasonContext) -> PacketRecord:
    """Remember what the packet of this moment holds, so that a signature on paper can be held against it."""
    held = {(m.item, m.channel): m.digest for m in context.rehearsal.everything}
    record = PacketRecord(context.key.campaign, context.key.season, edition(context), context.now(), held)
    context.ledger.packets.record(record)
    return record


def edition(context: SeasonContext) -> str:
    """The hash by which the packet is named."""
    return edition_hash(context.rehearsal.everything)
