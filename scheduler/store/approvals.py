"""What people vouch for: approvals, signatures, and the packets that they read.

Each is a row, and a line of the history.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, update

from ..domain.approval import Approval
from ..domain.claim import Signature
from ..domain.message import Message, records_beneath
from ..domain.packet_record import PacketRecord
from ..domain.reason import ReasonCode
from ..domain.redact import person, person_key, without_addresses
from ..domain.season_key import SeasonKey
from ..domain.via import best_of
from .comments import answer_requests, withdraw_own
from .events import append
from .reads import ApprovalReads, SignatureReads, records_from_text
from .repository import (
    Repository,
    about_message,
    add_row,
    change_row,
    forget_reasons,
    in_season,
    keep_message,
    names_of,
    row_to,
    rows_with,
    transaction,
)
from .tables import approvals, packets, signatures


class ApprovalRepository(Repository, ApprovalReads):
    """Who approved which words."""

    @transaction("approval")
    def record(self, connection: Connection, approval: Approval, message: Message | None = None) -> bool:
        """False when this person had approved exactly this already in this role, and by this road.

        ``message`` is kept by its digest, so that a later form can be compared with it. A standing request for
        changes of the same person is answered by it.
        """
        given = {**names_of(approval), "digest": approval.digest, "role": approval.role, "via": approval.via}
        now = approval.approved_at
        who = person(approval.person)
        if rows_with(connection, approvals, **given, person=who, withdrawn_at=None):
            return False
        comment = without_addresses(approval.comment)
        entered_by = person(approval.entered_by)
        more = {"comment": comment, "approved_at": now, "entered_by": entered_by}
        add_row(connection, approvals, **given, person=who, **more, rests_on=_records_to_text(approval.rests_on))
        if message is not None and message.has(approval.digest):
            keep_message(connection, message)
        # Without the comment: what reviewers write is private, and the history is exported.
        entered: dict[str, Any] = {"entered_by": entered_by} if entered_by else {}
        append(connection, at=now, kind="approval.given", who=who, **given, **entered)
        answer_requests(connection, approval)
        ended = (ReasonCode.TEXT_CHANGED, ReasonCode.APPROVAL_MISSING, ReasonCode.CHANGES_REQUESTED)
        forget_reasons(connection, now, ended, **names_of(approval))
        return True

    @transaction("withdraw")
    def withdraw(
        self, connection: Connection, key: SeasonKey, item: str, channel: str, *, who: str, reason: str, now: datetime
    ) -> int:
        """Take back all approvals of an item on a channel. In force at the last check before the next call."""
        in_force = (in_season(approvals, key, item, channel), approvals.c.withdrawn_at.is_(None))
        taken_back = {"withdrawn_at": now, "withdrawn_by": person(who)}
        taken = connection.execute(update(approvals).where(*in_force).values(**taken_back)).rowcount
        if taken:
            what = {**asdict(key), "item": item, "channel": channel, "why": reason}
            append(connection, at=now, kind="approval.withdrawn", who=who, **what)
        return int(taken)

    @transaction("take_back")
    def take_back(self, connection: Connection, messages: Sequence[Message], *, who: str, now: datetime) -> int:
        """Take back one person's own approvals of these messages. Returns how many."""
        return sum(withdraw_own(connection, m, who, now, why="taken back") for m in messages)

    @transaction("see_records")
    def see_records(
        self,
        connection: Connection,
        messages: Sequence[Message],
        names: Collection[str] | None,
        *,
        who: str,
        now: datetime,
    ) -> int:
        """A person knows that records beneath what they approved have changed ("contact:hotline-phone"; None: all of
        them): their approvals of these messages rest on them as they are now. Returns how many did not before."""
        number, changed = 0, dict[str, str]()
        for message in messages:
            now_beneath = records_beneath(message)
            mine = (about_message(approvals, message), approvals.c.digest == message.digest)
            query = select(approvals.c.id, approvals.c.person, approvals.c.rests_on)
            in_force = query.where(*mine, approvals.c.withdrawn_at.is_(None), approvals.c.rests_on != "")
            for row_id, name, text in connection.execute(in_force).all():
                before = records_from_text(text)
                asked = {**before, **now_beneath} if names is None else names
                differ = {n: now_beneath.get(n, "") for n in asked if before.get(n) != now_beneath.get(n)}
                if person_key(name) == person_key(who) and differ:
                    after = {n: value for n, value in {**before, **differ}.items() if value}
                    row = update(approvals).where(approvals.c.id == row_id)
                    connection.execute(row.values(rests_on=_records_to_text(after)))
                    number, changed = number + 1, changed | differ
        if changed:
            told: dict[str, Any] = {"campaign": messages[0].campaign, "season": messages[0].season}
            told |= {"records": changed, "approvals": number}
            append(connection, at=now, kind="records.seen", who=who, **told)
        return number


def _records_to_text(records: Mapping[str, str]) -> str:
    return json.dumps(dict(records), sort_keys=True, separators=(",", ":"))


class SignatureRepository(Repository, SignatureReads):
    """Who vouches for which claim or help line."""

    @transaction("sign")
    def add(self, connection: Connection, campaign: str, signature: Signature, *, now: datetime) -> bool:
        """False when this person had signed exactly this already."""
        when: dict[str, Any] = {"signed_on": signature.signed_on, "expires_on": signature.expires_on}
        how: dict[str, Any] = {"via": signature.via}
        what = {name: value for name, value in asdict(signature).items() if name not in ("person", *when, *how)}
        who = person(signature.person)
        same = {**what, "campaign": campaign, "person": who}
        there = next(iter(rows_with(connection, signatures, **same)), None)
        if there is not None:
            how["via"] = best_of(there["via"], signature.via)
            is_known = (there["expires_on"], there["via"]) == (signature.expires_on, how["via"])
            if is_known and there["signed_on"] >= signature.signed_on:
                return False
            # Signed again: a help line was tried again, or the sign-off holds for longer.
            change_row(connection, signatures, same, **when, **how)
        else:
            add_row(connection, signatures, **same, **when, **how)
        append(connection, at=now, kind="record.signed", who=who, campaign=campaign, **what, **when, **how)
        forget_reasons(connection, now, (ReasonCode.UNSIGNED,), campaign=campaign)
        return True

    @transaction("roll_forward")
    def end_with(
        self, connection: Connection, before: SeasonKey, on: date, *, season: int, pins: int, who: str, now: datetime
    ) -> int:
        """End the sign-offs that were made up to a season's last day, ``on``, with that day; later ones are for the
        next season. Returns how many. ``season``, ``pins``: what the history says of it besides."""
        ended = connection.execute(update(signatures).where(_of_the_season(before.campaign, on)).values(expires_on=on))
        what: dict[str, Any] = {"campaign": before.campaign, "season": season, "before": before.season}
        kind = "season.rolled-forward"
        append(connection, at=now, kind=kind, who=person(who), **what, signatures=ended.rowcount, pins=pins)
        return ended.rowcount

    def ending_with(self, campaign: str, on: date) -> int:
        """How many :meth:`end_with` would end."""
        return int(
            self._read(select(func.count()).select_from(signatures).where(_of_the_season(campaign, on))).scalar_one()
        )


def _of_the_season(campaign: str, last_day: date) -> ColumnElement[bool]:
    holds_longer = or_(signatures.c.expires_on.is_(None), signatures.c.expires_on > last_day)
    return and_(signatures.c.campaign == campaign, signatures.c.signed_on <= last_day, holds_longer)


class PacketRepository(Repository):
    """Which packets were given out."""

    @transaction("packet")
    def record(self, connection: Connection, packet: PacketRecord) -> bool:
        """Remember what a packet held. False when that edition is known."""
        key: dict[str, Any] = {"campaign": packet.campaign, "season": packet.season, "edition": packet.edition}
        held = json.dumps([[item, channel, digest] for (item, channel), digest in packet.held.items()])
        if rows_with(connection, packets, **key):
            return False
        connection.execute(packets.insert().values(**key, made_at=packet.made_at, held=held))
        append(connection, at=packet.made_at, kind="packet.made", who="review packet", **key, messages=len(packet.held))
        return True

    def of_season(self, key: SeasonKey) -> tuple[PacketRecord, ...]:
        """Newest first."""
        query = select(packets).where(in_season(packets, key)).order_by(packets.c.made_at.desc(), packets.c.edition)
        return self._all(row_to(PacketRecord, held=_held), query)


def _held(stored: str) -> dict[tuple[str, str], str]:
    return {(item, channel): digest for item, channel, digest in json.loads(stored)}
