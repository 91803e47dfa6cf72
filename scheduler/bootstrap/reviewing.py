"""What people decide: signing, approving, arming, holding, moving."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from .. import project as project_files
from ..domain.campaign import Campaign, Season
from ..domain.claim import ContactStatus, Signature
from ..domain.delivery import State
from ..domain.finding import Finding
from ..domain.message import Message
from ..domain.redact import person_key
from ..domain.rehearsal import Rehearsal
from ..errors import ObservanceError, UsageError
from .planning import Planning

if TYPE_CHECKING:
    from ..domain.item import Plan
    from ..domain.ledger import Batch, Delivery
    from ..ports import Ledger, ReviewLedger
    from ..review.desk import Desk
    from ..review.standing import ReviewStanding
    from ..store import Ledger as WholeLedger


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
        from ..review.desk import ChangedMeanwhile

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
    def review_desk(self, campaign_id: str, year: int | None) -> Iterator[Desk]:
        """Where reviewers act on a season, with a ledger of its own."""
        season = self.season(campaign_id, year)
        ledger = self.open_ledger()
        try:
            yield self.desk_on(ledger, campaign_id, season.year)
        finally:
            ledger.close()

    def desk_on(
        self, ledger: ReviewLedger, campaign_id: str, year: int, rehearse: Callable[[], Rehearsal] | None = None
    ) -> Desk:
        """The desk over a ledger that is open already; ``rehearse`` gives a rehearsal that is at hand."""
        from ..review.desk import Desk

        return Desk(
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

    def arm_season(self, campaign_id: str, year: int | None, by: str) -> tuple[Season, list[Finding], ReviewStanding]:
        """As :meth:`arm`, with how the season stands with its reviewers. What lacks approval keeps nothing else
        from being armed: it is refused by itself, at the moment of sending."""
        from ..review.standing import review_standing

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

    def hold(self, channel: str, why: str, by: str) -> tuple[tuple[Delivery, Batch], ...]:
        """Stop a channel (``*`` = all) before the next call, in every process. Returns the calls that are under way:
        it comes too late for them."""
        ledger = self.open_ledger()
        try:
            ledger.hold(channel, who=by, why=why, now=self.clock.now())
            return ledger.calls_under_way(channel)
        finally:
            ledger.close()

    def resume(self, channel: str, by: str) -> tuple[Delivery, ...]:
        """End a hold; returns what fell due meanwhile. Nothing goes out by itself.

        Called again when nothing is held, it returns what still waits from an earlier hold.
        """
        ledger = self.open_ledger()
        try:
            return self.resume_on(ledger, channel, by)
        finally:
            ledger.close()

    def resume_on(self, ledger: Ledger, channel: str, by: str) -> tuple[Delivery, ...]:
        """The same over a ledger that is open already."""
        passed_over = ledger.release(channel, who=by, now=self.clock.now())
        if passed_over:
            return passed_over
        mode, waiting = self.settings.mode.value, []
        for campaign_id in project_files.campaign_ids(self.root):
            try:
                season = self.season(campaign_id, None)
            except ObservanceError:
                continue  # the hold is over all the same; `status` and `check` say what is wrong with the campaign
            waiting += [
                d
                for d in ledger.deliveries(mode, campaign_id, season.year)
                if d.awaits_decision and channel in ("*", d.channel)
            ]
        return tuple(waiting)

    def move(self, campaign_id: str, year: int | None, item: str, to: date, by: str) -> Path:
        """Pin the season's plan with ``item`` on another day; that day's item takes its place.

        The message has another date then, so its approval is void until it is given again. What waited from a hold
        goes back to waiting for its instant. Returns the file that pins the plan.
        """
        from ..planner.pin import pin_path, write_plan

        campaign, _ = self.load(campaign_id)
        plan, _ = self.plan(campaign, self.season_of(campaign, year))
        path = pin_path(self.root, campaign_id, plan.season.year)
        ledger = self.open_ledger()
        try:
            write_plan(self._moved(plan, item, to, ledger), path)
            for delivery in ledger.deliveries(self.settings.mode.value, campaign_id, plan.season.year):
                if delivery.item == item and delivery.awaits_decision:
                    ledger.release_delivery(delivery.id, who=by, now=self.clock.now())
        finally:
            ledger.close()
        return path

    def check_moves(self, campaign_id: str, year: int | None, moves: Mapping[str, date]) -> None:
        """Raise UsageError, with what to do, when these moves, one after the other, are not possible."""
        campaign, _ = self.load(campaign_id)
        plan, _ = self.plan(campaign, self.season_of(campaign, year))
        ledger = self.open_ledger()
        try:
            for item, to in moves.items():
                plan = self._moved(plan, item, to, ledger)
        finally:
            ledger.close()

    def _moved(self, plan: Plan, item: str, to: date, ledger: WholeLedger) -> Plan:
        """The plan with an item and the item of that day in each other's place, if both may leave theirs."""
        from ..planner.move import move_item

        if to < self.today(plan.campaign):
            raise UsageError(f"{to} is over", hint="name a day that is still to come")
        moved = move_item(plan, item, to)
        both = [item, *(p.item.id for p in plan.items if p.on == to)]
        season = (self.settings.mode.value, plan.campaign.id, plan.season.year)
        told = ledger.told_in_digests(*season)
        begun = {d.item for d in ledger.deliveries(*season) if _has_begun(d, ledger)}
        for one in both:
            if one in told:
                raise UsageError(
                    f"{one} was told in a digest already; its readers would get it twice",
                    hint="leave it on its day: --skip, or --send while its window is open",
                )
            if one in begun:
                raise UsageError(
                    f"{one} is going out: its other readers would never get it on another day",
                    hint="leave it on its day: --skip what has not gone, or --send while its window is open",
                )
        return moved

    def release(self, delivery_id: int, by: str) -> None:
        """Let one held delivery go at the next pass, if its window is still open."""
        ledger = self.open_ledger()
        try:
            ledger.release_delivery(delivery_id, who=by, now=self.clock.now())
        finally:
            ledger.close()

    def skip(self, delivery_id: int, by: str, why: str) -> None:
        ledger = self.open_ledger()
        try:
            ledger.skip_delivery(delivery_id, who=by, why=why, now=self.clock.now())
        finally:
            ledger.close()


def _has_begun(delivery: Delivery, ledger: WholeLedger) -> bool:
    """Whether a delivery is on its way, and not at its end: a call of it is under way, some of its readers have had
    it and others wait, or its readers wait for the morning of this one day."""
    waiting, counts = delivery.state in (State.SCHEDULED, State.HELD), delivery.counts
    if not waiting or delivery.opened_at is None:
        return delivery.state is State.SENDING
    return counts.waiting < counts.frozen - counts.skipped or any(
        b.not_after_at is not None for b in ledger.batches(delivery.id)
    )


def _did_you_mean(word: str, known: Sequence[str]) -> str:
    import difflib

    near = difflib.get_close_matches(word, known, n=2)
    return f"did you mean {' or '.join(near)}?" if near else f"there are: {', '.join(sorted(known)[:12])} ..."
