"""What reviewers say besides yes, who was invited, and which packets were given out.

Comments are private: the history says that somebody wrote one, never what.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, RowMapping, and_, select, update

from ..domain.approval import Approval
from ..domain.comment import ABOUT, ChangeRequest, Comment
from ..domain.invitation import NOBODYS_HASH, Invitation, looks_like_a_token, new_token, same_hash, token_hash
from ..domain.message import Message
from ..domain.message_text import to_text
from ..domain.packet_record import PacketRecord
from ..domain.reason import ReasonCode
from ..domain.redact import person, person_key, without_addresses
from .events import append
from .repository import Repository, forget_reasons
from .tables import approvals, change_requests, comments, deliveries, invitations, messages, packets


class ReviewRepository(Repository):
    """Comments, requests for changes, invitations, packets."""

    # -- requests for changes ---------------------------------------------------------------------------

    def request_changes(
        self, messages: Sequence[Message], *, who: str, role: str, comment: str, now: datetime
    ) -> tuple[ChangeRequest, ...]:
        """One request for each message, with one comment for all; the person's approvals of them are withdrawn."""
        if not messages:
            return ()
        first = messages[0]
        made: list[int] = []
        with self._database.write("request_changes") as connection:
            comment_id = _add_comment(
                connection,
                first.campaign,
                first.season,
                first.item,
                who=who,
                role=role,
                text=comment,
                channel=first.channel if len(messages) == 1 else "",
                about="changes-asked",
                now=now,
            )
            for message in messages:
                _withdraw_own(connection, message, who, now)
                _end(connection, _standing_of(connection, message, who), "withdrawn", who, now)  # this one says it anew
                keep_message(connection, message)
                added = connection.execute(
                    change_requests.insert().values(
                        campaign=message.campaign,
                        season=message.season,
                        item=message.item,
                        channel=message.channel,
                        digest=message.digest,
                        person=person(who),
                        role=role,
                        comment_id=comment_id,
                        asked_at=now,
                    )
                )
                (request_id,) = added.inserted_primary_key or (0,)
                made.append(request_id)
                append(
                    connection,
                    at=now,
                    kind="changes.asked",
                    who=who,
                    campaign=message.campaign,
                    season=message.season,
                    item=message.item,
                    channel=message.channel,
                    digest=message.digest,
                    role=role,
                    request=request_id,
                )
            query = select(change_requests).where(change_requests.c.id.in_(made)).order_by(change_requests.c.id)
            return tuple(_as_request(row) for row in connection.execute(query).mappings())

    def end_request(self, request_id: int, *, how: str, who: str, role: str, comment: str = "", now: datetime) -> bool:
        """A request was ``withdrawn`` or ``settled``. False when it does not stand any more."""
        if how not in ("withdrawn", "settled"):
            raise ValueError(f"a request does not end so: {how}")
        with self._database.write("end_request") as connection:
            query = select(change_requests).where(change_requests.c.id == request_id)
            row = connection.execute(query).mappings().first()
            if row is None or not _end(connection, [row], how, who, now):
                return False
            if comment:
                _add_comment(
                    connection,
                    row["campaign"],
                    row["season"],
                    row["item"],
                    who=who,
                    role=role,
                    text=comment,
                    channel=row["channel"],
                    about=f"changes-{how}",
                    answers=row["comment_id"],
                    now=now,
                )
        return True

    def requests(self, campaign: str, season: int, *, ended: bool = False) -> tuple[ChangeRequest, ...]:
        """Standing requests for changes, oldest first; with ``ended`` also those that have ended."""
        with self._database.read() as connection:
            return read_requests(connection, campaign, season, ended=ended)

    # -- comments ---------------------------------------------------------------------------------------

    def add_comment(
        self,
        campaign: str,
        season: int,
        item: str,
        *,
        who: str,
        role: str,
        text: str,
        channel: str = "",
        answers: int | None = None,
        now: datetime,
    ) -> Comment | None:
        """None when ``answers`` is no comment on this item."""
        with self._database.write("comment") as connection:
            if answers is not None:
                about = connection.execute(
                    select(comments.c.campaign, comments.c.season, comments.c.item).where(comments.c.id == answers)
                ).first()
                if about is None or tuple(about) != (campaign, season, item):
                    return None
            comment_id = _add_comment(
                connection,
                campaign,
                season,
                item,
                who=who,
                role=role,
                text=text,
                channel=channel,
                answers=answers,
                now=now,
            )
            append(
                connection,
                at=now,
                kind="comment.added",
                who=who,
                campaign=campaign,
                season=season,
                item=item,
                channel=channel,
                comment=comment_id,
                role=role,
            )
            row = connection.execute(select(comments).where(comments.c.id == comment_id)).mappings().one()
            return _as_comment(row)

    def comments(self, campaign: str, season: int, item: str = "") -> tuple[Comment, ...]:
        """Private remarks, oldest first; of one item when it is named."""
        query = select(comments).where(comments.c.campaign == campaign, comments.c.season == season)
        if item:
            query = query.where(comments.c.item == item)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(comments.c.id)).mappings()
            return tuple(_as_comment(row) for row in rows)

    # -- invitations ------------------------------------------------------------------------------------

    def invite(
        self, campaign: str, season: int, name: str, role: str, *, expires_at: datetime, who: str, now: datetime
    ) -> str:
        """Make an invitation and return its token, which is kept nowhere. Earlier links of that name end."""
        token = new_token()
        with self._database.write("invite") as connection:
            _revoke(connection, campaign, season, name, who, now)
            connection.execute(
                invitations.insert().values(
                    campaign=campaign,
                    season=season,
                    name=person(name),
                    role=role,
                    token_hash=token_hash(token),
                    invited_by=person(who),
                    invited_at=now,
                    expires_at=expires_at,
                )
            )
            append(
                connection,
                at=now,
                kind="reviewer.invited",
                who=who,
                campaign=campaign,
                season=season,
                name=person(name),
                role=role,
                expires_at=expires_at,
            )
        return token

    def invitation_of(self, token: str, *, now: datetime) -> Invitation | None:
        """The invitation that a token belongs to. None for one that is unknown, expired or revoked, all alike.

        What is looked up is the hash, of which a stranger chooses no part; and the same steps are taken for every
        token, good or not.
        """
        wanted = token_hash(token)
        with self._database.read() as connection:
            row = connection.execute(select(invitations).where(invitations.c.token_hash == wanted)).mappings().first()
        known = same_hash(row["token_hash"] if row is not None else NOBODYS_HASH, wanted)
        found = _as_invitation(row) if row is not None else None
        good = found is not None and found.is_good(now)
        return found if known & looks_like_a_token(token) & good else None

    def note_look(self, invitation_id: int, *, now: datetime) -> None:
        """Somebody has opened the pages with this invitation. No line of the history: reading is not an act."""
        with self._database.write("look") as connection:
            connection.execute(
                update(invitations)
                .where(invitations.c.id == invitation_id, invitations.c.first_look_at.is_(None))
                .values(first_look_at=now)
            )
            connection.execute(update(invitations).where(invitations.c.id == invitation_id).values(last_look_at=now))

    def invitations(self, campaign: str, season: int) -> tuple[Invitation, ...]:
        """All of them, revoked and expired ones too, oldest first."""
        query = (
            select(invitations)
            .where(invitations.c.campaign == campaign, invitations.c.season == season)
            .order_by(invitations.c.id)
        )
        with self._database.read() as connection:
            return tuple(_as_invitation(row) for row in connection.execute(query).mappings())

    def revoke_invitations(self, campaign: str, season: int, name: str, *, who: str, now: datetime) -> int:
        """End all links of that name; in force at once. Returns how many were good."""
        with self._database.write("revoke") as connection:
            return _revoke(connection, campaign, season, name, who, now)

    # -- packets ----------------------------------------------------------------------------------------

    def record_packet(self, packet: PacketRecord) -> bool:
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

    def packets(self, campaign: str, season: int) -> tuple[PacketRecord, ...]:
        """Newest first."""
        query = (
            select(packets)
            .where(packets.c.campaign == campaign, packets.c.season == season)
            .order_by(packets.c.made_at.desc(), packets.c.edition)
        )
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


# -- within other transactions --------------------------------------------------------------------------


def keep_message(connection: Connection, message: Message) -> None:
    """Keep a message by its digest, so that a later form can be compared with it."""
    digest = message.digest
    if not connection.execute(select(messages.c.digest).where(messages.c.digest == digest)).first():
        connection.execute(messages.insert().values(digest=digest, body=to_text(message)))


def answer_requests(connection: Connection, approval: Approval) -> None:
    """Whoever approves a message again has what they asked for."""
    _end(
        connection,
        _standing_of(connection, approval, approval.person),
        "approved",
        approval.person,
        approval.approved_at,
    )


def read_requests(
    connection: Connection, campaign: str, season: int, item: str = "", channel: str = "", *, ended: bool = False
) -> tuple[ChangeRequest, ...]:
    rules = [change_requests.c.campaign == campaign, change_requests.c.season == season]
    if item:
        rules += [change_requests.c.item == item, change_requests.c.channel == channel]
    if not ended:
        rules.append(change_requests.c.ended_at.is_(None))
    query = select(change_requests).where(*rules).order_by(change_requests.c.id)
    return tuple(_as_request(row) for row in connection.execute(query).mappings())


def _standing_of(connection: Connection, about: Message | Approval, who: str) -> list[RowMapping]:
    query = select(change_requests).where(
        change_requests.c.campaign == about.campaign,
        change_requests.c.season == about.season,
        change_requests.c.item == about.item,
        change_requests.c.channel == about.channel,
        change_requests.c.ended_at.is_(None),
    )
    return [r for r in connection.execute(query).mappings() if person_key(r["person"]) == person_key(who)]


def _end(connection: Connection, rows: Sequence[RowMapping], how: str, who: str, now: datetime) -> int:
    ended = 0
    for row in rows:
        changed = connection.execute(
            update(change_requests)
            .where(change_requests.c.id == row["id"], change_requests.c.ended_at.is_(None))
            .values(ended_at=now, ended_by=person(who), how=how)
        ).rowcount
        if changed:
            ended += 1
            of_season = (deliveries.c.campaign == row["campaign"], deliveries.c.season == row["season"])
            of_item = (*of_season, deliveries.c.item == row["item"], deliveries.c.channel == row["channel"])
            forget_reasons(connection, now, (ReasonCode.CHANGES_REQUESTED,), *of_item)
            append(
                connection,
                at=now,
                kind=f"changes.{how}",
                who=who,
                campaign=row["campaign"],
                season=row["season"],
                item=row["item"],
                channel=row["channel"],
                request=row["id"],
                asked_by=row["person"],
            )
    return ended


def _withdraw_own(connection: Connection, message: Message, who: str, now: datetime) -> None:
    query = select(approvals.c.id, approvals.c.person).where(
        approvals.c.campaign == message.campaign,
        approvals.c.season == message.season,
        approvals.c.item == message.item,
        approvals.c.channel == message.channel,
        approvals.c.withdrawn_at.is_(None),
    )
    own = [row_id for row_id, name in connection.execute(query) if person_key(name) == person_key(who)]
    if own:
        connection.execute(
            update(approvals).where(approvals.c.id.in_(own)).values(withdrawn_at=now, withdrawn_by=person(who))
        )
        append(
            connection,
            at=now,
            kind="approval.withdrawn",
            who=who,
            campaign=message.campaign,
            season=message.season,
            item=message.item,
            channel=message.channel,
            why="changes asked for",
        )


def _add_comment(
    connection: Connection,
    campaign: str,
    season: int,
    item: str,
    *,
    who: str,
    role: str,
    text: str,
    channel: str = "",
    about: str = "comment",
    answers: int | None = None,
    now: datetime,
) -> int:
    if about not in ABOUT:
        raise ValueError(f"comments are not written for this: {about}")
    added = connection.execute(
        comments.insert().values(
            campaign=campaign,
            season=season,
            item=item,
            channel=channel,
            person=person(who),
            role=role,
            about=about,
            answers=answers,
            text=without_addresses(text),
            at=now,
        )
    )
    (comment_id,) = added.inserted_primary_key or (0,)
    return int(comment_id)


def _revoke(connection: Connection, campaign: str, season: int, name: str, who: str, now: datetime) -> int:
    query = select(invitations).where(
        invitations.c.campaign == campaign,
        invitations.c.season == season,
        invitations.c.revoked_at.is_(None),
        invitations.c.expires_at > now,
    )
    mine = [r for r in connection.execute(query).mappings() if person_key(r["name"]) == person_key(name)]
    for row in mine:
        connection.execute(
            update(invitations).where(invitations.c.id == row["id"]).values(revoked_at=now, revoked_by=person(who))
        )
        append(
            connection,
            at=now,
            kind="reviewer.revoked",
            who=who,
            campaign=campaign,
            season=season,
            name=row["name"],
            role=row["role"],
        )
    return len(mine)


def _as_comment(row: RowMapping) -> Comment:
    return Comment(
        id=row["id"],
        campaign=row["campaign"],
        season=row["season"],
        item=row["item"],
        person=row["person"],
        role=row["role"],
        at=row["at"],
        text=row["text"],
        channel=row["channel"],
        answers=row["answers"],
        about=row["about"],
    )


def _as_request(row: RowMapping) -> ChangeRequest:
    return ChangeRequest(
        id=row["id"],
        campaign=row["campaign"],
        season=row["season"],
        item=row["item"],
        channel=row["channel"],
        digest=row["digest"],
        person=row["person"],
        role=row["role"],
        asked_at=row["asked_at"],
        comment=row["comment_id"],
        ended_at=row["ended_at"],
        ended_by=row["ended_by"],
        how=row["how"],
    )


def _as_invitation(row: RowMapping) -> Invitation:
    return Invitation(
        id=row["id"],
        campaign=row["campaign"],
        season=row["season"],
        name=row["name"],
        role=row["role"],
        invited_by=row["invited_by"],
        invited_at=row["invited_at"],
        expires_at=row["expires_at"],
        first_look_at=row["first_look_at"],
        last_look_at=row["last_look_at"],
        revoked_at=row["revoked_at"],
        revoked_by=row["revoked_by"],
    )
