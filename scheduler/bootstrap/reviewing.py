"""What people decide: signing, approving, arming, holding, moving."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from ..domain.campaign import Campaign, Season
from ..domain.claim import ContactStatus, Signature
from ..domain.finding import Finding
from ..domain.message import Message
from ..domain.redact import person_key
from ..domain.rehearsal import Rehearsal
from ..errors import UsageError
from .planning import Planning

if TYPE_CHECKING:
    from ..ports import Ledger, ReviewLedger
    from ..review.review_status import ReviewStatus
    from ..review.service import ReviewService


class Reviewing(Planning):
    """A project, and what its people decide."""

    def sign(
        self,
        campaign_id: str,
        *,
        subject: str | None,
        ids: Sequence[str] | None,
        person: str,
        role: str,
        expires_on: date | None = None,
    ) -> list[tuple[str, str]]:
        """Sign claims and contacts as they stand now; returns what was newly signed.

        ``expires_on``: the last day on which the sign-off holds. Raises UsageError when an id or a role does not
        exist, before anything is signed.
        """
        campaign, _ = self.load(campaign_id)
        today = self.today(campaign)
        known_role = self.policy().role(role)
        if known_role is None:
            raise UsageError(f"there is no role {role!r}", hint=f"roles: {', '.join(self.policy().roles)}")
        if expires_on is not None and expires_on < today:
            raise UsageError(f"--expires {expires_on} is past", hint="give the last day on which the sign-off holds")
        records: dict[tuple[str, str], str] = {}
        if subject in (None, "claim"):
            records |= {("claim", c.id): c.record_hash() for c in campaign.claims.values()}
        if subject in (None, "contact"):
            active = (c for c in campaign.contacts.values() if c.status is ContactStatus.ACTIVE or ids is not None)
            records |= {("contact", c.id): c.record_hash() for c in active}
        if ids is not None:
            unknown = [i for i in ids if (subject or "", i) not in records]
            if unknown:
                raise UsageError(
                    f"there is no {subject} {unknown[0]!r} in campaigns/{campaign_id}",
                    hint=_did_you_mean(unknown[0], [i for _, i in records]),
                )
            records = {key: value for key, value in records.items() if key[1] in ids}
        ledger = self.open_ledger()
        try:
            return self._sign(ledger, campaign_id, records, person, known_role.id, today, expires_on)
        finally:
            ledger.close()

    def sign_as_seen(
        self, ledger: Ledger, campaign: Campaign, seen: Mapping[tuple[str, str], str], *, person: str, role: str
    ) -> list[tuple[str, str]]:
        """Sign claims and contacts in the form that was read, over a ledger that is open; returns what is new.

        ``seen``: (claim or contact, id) -> hash of the record that was shown. Raises ChangedMeanwhile when one of
        them is another by now, or gone; nothing is signed then.
        """
        from ..review.service import ChangedMeanwhile

        now: dict[tuple[str, str], str] = {("claim", c.id): c.record_hash() for c in campaign.claims.values()}
        now |= {("contact", c.id): c.record_hash() for c in campaign.contacts.values()}
        changed = [" ".join(key) for key, was in seen.items() if now.get(key) != was]
        if changed:
            raise ChangedMeanwhile(
                f"{', '.join(changed)} changed while you were reading; nothing was signed",
                hint="read the new form, and sign that",
            )
        return self._sign(ledger, campaign.id, seen, person, role, self.today(campaign), None)

    def _sign(
        self,
        ledger: Ledger,
        campaign_id: str,
        records: Mapping[tuple[str, str], str],
        person: str,
        role: str,
        today: date,
        expires_on: date | None,
    ) -> list[tuple[str, str]]:
        known = ledger.signatures(campaign_id).valid_on(today)
        done = []
        for (kind, record_id), record_hash in records.items():
            mine = [
                s
                for s in known.of(kind, record_id, record_hash)
                if person_key(s.person) == person_key(person) and s.role == role
                if s.expires_on == expires_on
            ]
            # A help line is verified anew each time it is signed; a claim is signed once.
            if mine and (kind == "claim" or max(s.signed_on for s in mine) >= today):
                continue
            signature = Signature(kind, record_id, record_hash, person, role, today, expires_on)
            ledger.sign(campaign_id, signature, now=self.clock.now())
            done.append((kind, record_id))
        return done

    def approve(
        self,
        campaign_id: str,
        year: int | None,
        *,
        items: Sequence[str] | None,
        channel: str | None,
        person: str,
        role: str,
        comment: str = "",
    ) -> list[Message]:
        """Approve messages exactly as they stand now; returns what was newly approved."""
        with self.review_desk(campaign_id, year) as desk:
            done = desk.approve(items, channel=channel, person=person, role=role, comment=comment)
            return list(done.messages)

    @contextmanager
    def review_desk(self, campaign_id: str, year: int | None) -> Iterator[ReviewService]:
        """Where reviewers act on a season, with a ledger of its own."""
        season = self.season(campaign_id, year)
        ledger = self.open_ledger()
        try:
            yield self.desk_on(ledger, campaign_id, season.year)
        finally:
            ledger.close()

    def desk_on(
        self, ledger: ReviewLedger, campaign_id: str, year: int, rehearse: Callable[[], Rehearsal] | None = None
    ) -> ReviewService:
        """The desk over a ledger that is open already; ``rehearse`` gives a rehearsal that is at hand."""
        from ..review.service import ReviewService

        return ReviewService(
            ledger,
            rehearse or (lambda: self.rehearse(campaign_id, year, ledger=ledger)),
            campaign=campaign_id,
            season=year,
            policy=self.policy(),
            now=self.clock.now,
            public_url=self.settings.public_url,
        )

    def arm(self, campaign_id: str, year: int | None, by: str) -> tuple[Season, list[Finding]]:
        """Allow live sends for a season. While anything blocks, it is returned and nothing is armed."""
        season, blocking, _ = self.arm_season(campaign_id, year, by)
        return season, blocking

    def arm_season(self, campaign_id: str, year: int | None, by: str) -> tuple[Season, list[Finding], ReviewStatus]:
        """As :meth:`arm`, with how the season stands with its reviewers. What lacks approval keeps nothing else
        from being armed: it is refused by itself, at the moment of sending."""
        from ..review.review_status import review_standing

        ledger = self.open_ledger()
        try:
            self.signing_keys()
            rehearsal = self.rehearse(campaign_id, year, ledger=ledger)
            season = rehearsal.plan.season
            blocking = [f for f in rehearsal.reds() if f.code not in self.waived()]
            if not blocking:
                ledger.arm(campaign_id, season.year, who=by, now=self.clock.now())
                self.whereabouts(ledger).settle(now=self.clock.now())  # a copy of it is known for one from here on
            return season, blocking, review_standing(rehearsal, open_at=self.clock.now())
        finally:
            ledger.close()

    def disarm(self, campaign_id: str, year: int | None, by: str) -> Season:
        season = self.season(campaign_id, year)
        ledger = self.open_ledger()
        try:
            ledger.disarm(campaign_id, season.year, who=by, now=self.clock.now())
        finally:
            ledger.close()
        return season


def _did_you_mean(word: str, known: Sequence[str]) -> str:
    import difflib

    near = difflib.get_close_matches(word, known, n=2)
    return f"did you mean {' or '.join(near)}?" if near else f"there are: {', '.join(sorted(known)[:12])} ..."
