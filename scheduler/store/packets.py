"""Packets that were given out, with exactly the messages that they held."""

from __future__ import annotations

import json

from sqlalchemy import Connection, and_, select

from ..domain.message import Message
from ..domain.message_text import to_text
from ..domain.packet_record import PacketRecord
from ..domain.season_key import SeasonKey
from .events import append
from .repository import Repository, in_season
from .tables import messages, packets


class PacketRepository(Repository):
    """Which packets were given out."""

    def record(self, packet: PacketRecord) -> bool:
        """Remember what a packet held. False when that edition is known."""
        key = and_(
            packets.c.campaign == packet.campaign,
            packets.c.season == packet.season,
            packets.c.edition == packet.edition,
        )
        held = json.dumps([[item, channel, digest] for (item, channel), digest in packet.held.items()])
        with self._database.write("packet") as connection:
            if connection.execute(select(packets.c.edition).where(key)).first():
                return False
            connection.execute(
                packets.insert().values(
                    campaign=packet.campaign,
                    season=packet.season,
                    edition=packet.edition,
                    made_at=packet.made_at,
                    held=held,
                )
            )
            append(
                connection,
                at=packet.made_at,
                kind="packet.made",
                who="review packet",
                campaign=packet.campaign,
                season=packet.season,
                edition=packet.edition,
                messages=len(packet.held),
            )
        return True

    def of_season(self, key: SeasonKey) -> tuple[PacketRecord, ...]:
        """Newest first."""
        query = select(packets).where(in_season(packets, key)).order_by(packets.c.made_at.desc(), packets.c.edition)
        with self._database.read() as connection:
            return tuple(
                PacketRecord(
                    row["campaign"],
                    row["season"],
                    row["edition"],
                    row["made_at"],
                    {(item, channel): digest for item, channel, digest in json.loads(row["held"])},
                )
                for row in connection.execute(query).mappings()
            )


def keep_message(connection: Connection, message: Message) -> None:
    """Keep a message by its digest, so that a later form can be compared with it."""
    digest = message.digest
    if not connection.execute(select(messages.c.digest).where(messages.c.digest == digest)).first():
        connection.execute(messages.insert().values(digest=digest, body=to_text(message)))
