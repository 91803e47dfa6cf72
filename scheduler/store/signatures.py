"""Signatures: a named person vouches for a claim or a help line in exactly this form."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, select, update

from ..domain.claim import Signature, Signatures
from ..domain.reason import ReasonCode
from ..domain.redact import person
from .events import append
from .repository import (
    Repository,
    forget_reasons,
)
from .tables import deliveries, signatures


class SignatureRepository(Repository):
    """Who vouches for which claim or help line."""

    def add(self, campaign: str, signature: Signature, *, now: datetime) -> bool:
        """False when this person had signed exactly this already."""
        who = person(signature.person)
        key = {
            "campaign": campaign,
            "subject": signature.subject,
            "subject_id": signature.subject_id,
            "record_hash": signature.record_hash,
            "person": who,
            "role": signature.role,
        }
        with self._database.write("sign") as connection:
            same = and_(*(signatures.c[name] == value for name, value in key.items()))
            there = connection.execute(select(signatures.c.signed_on, signatures.c.expires_on).where(same)).first()
            if there is not None and there[0] >= signature.signed_on and there[1] == signature.expires_on:
                return False
            when = {"signed_on": signature.signed_on, "expires_on": signature.expires_on}
            if there is not None:  # signed again: a help line was tried again, or the sign-off holds for longer
                connection.execute(update(signatures).where(same).values(**when))
            else:
                connection.execute(signatures.insert().values(**key, **when))
            append(
                connection,
                at=now,
                kind="record.signed",
                who=who,
                campaign=campaign,
                subject=signature.subject,
                subject_id=signature.subject_id,
                record_hash=signature.record_hash,
                role=signature.role,
                signed_on=signature.signed_on,
                expires_on=signature.expires_on,
            )
            forget_reasons(connection, now, (ReasonCode.UNSIGNED,), deliveries.c.campaign == campaign)
        return True

    def of_campaign(self, campaign: str) -> Signatures:
        query = select(signatures).where(signatures.c.campaign == campaign).order_by(signatures.c.id)
        with self._database.read() as connection:
            return Signatures(
                tuple(
                    Signature(
                        subject=row["subject"],
                        subject_id=row["subject_id"],
                        record_hash=row["record_hash"],
                        person=row["person"],
                        role=row["role"],
                        signed_on=row["signed_on"],
                        expires_on=row["expires_on"],
                    )
                    for row in connection.execute(query).mappings()
                )
            )
