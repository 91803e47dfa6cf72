"""The reviewers' desk: what people decide about one season, the same from the command line and from the pages.

Every act is checked here and written to the ledger by it: who, as what, about exactly which form of a message.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from difflib import get_close_matches
from functools import cached_property

from ..domain.approval import Approval
from ..domain.comment import ChangeRequest, Comment, threads
from ..domain.finding import Finding, Severity
from ..domain.hidden import refuse_hidden
from ..domain.invitation import USUAL_SPAN, Invitation
from ..domain.message import Message
from ..domain.packet_record import PacketRecord
from ..domain.redact import person as person_name
from ..domain.redact import person_key, without_addresses
from ..domain.rehearsal import Rehearsal
from ..domain.review_policy import ReviewPolicy, Role
from ..domain.sent import Sent
from ..errors import NeedsAPerson, UsageError
from ..ports import ReviewLedger
from .packet_fingerprint import edition_hash
from .packet_formatting import channel_words
from .review_state import read_sent, who_can_answer
from .review_status import ReviewStatus, findings_about_all, good_invitations, review_standing
from .validate_comment import checked


class ChangedMeanwhile(NeedsAPerson):
    """What was read is not what would go out now; nothing was approved."""


class AlreadySent(NeedsAPerson):
    """All that was meant has gone out: nothing that is said of it now can hold it back, or let it go."""

    def __init__(self, sent: Sequence[Sent], time_zone: str, *, undone: str, hint: str) -> None:
        self.sent = tuple(sent)
        when = "; ".join(f"the {channel_words(s.channel)} message was {s.in_words(time_zone)}" for s in self.sent)
        super().__init__(f"{when}: {undone}", hint=hint)


class NotThisWeek(NeedsAPerson):
    """A week cannot be approved in one go while something in it is blocked or needs a look."""

    def __init__(self, week: int, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(
            f"week {week} was not approved: {len(findings)} things in it are blocked or need a look",
            hint="settle them, or approve item by item: approve ITEM --by NAME",
        )


@dataclass(frozen=True, slots=True)
class Approved:
    """What an act of approving did. ``ambers`` are findings about these messages that need a person's eye."""

    messages: tuple[Message, ...]  # newly approved
    ambers: tuple[Finding, ...]
    already: int = 0
    sent: tuple[Sent, ...] = ()  # left out: all of it went out


@dataclass(frozen=True, slots=True)
class AskedFor:
    """What an act of asking for changes did. ``sent``: what of the item it cannot hold back, wholly or in part."""

    requests: tuple[ChangeRequest, ...]
    sent: tuple[Sent, ...] = ()
    again: bool = False  # the same stood already


@dataclass(frozen=True, slots=True)
class Invited:
    """``link`` holds the token: show it once, keep it nowhere."""

    name: str
    role: Role
    link: str  # at public_url
    expires_at: datetime
    replaced: bool

    @property
    def path(self) -> str:
        """What stands behind the address of the pages: to be shown with one that is somebody's."""
        return f"/r/{self.link.rpartition('/r/')[2]}"


class ReviewService:
    """One season under review."""

    def __init__(
        self,
        ledger: ReviewLedger,
        rehearse: Callable[[], Rehearsal],
        *,
        campaign: str,
        season: int,
        policy: ReviewPolicy,
        now: Callable[[], datetime],
        public_url: str,
    ) -> None:
        """``rehearse`` is called when an act needs the messages, and once only."""
        self._ledger = ledger
        self._rehearse = rehearse
        self.campaign, self.season, self.policy = campaign, season, policy
        self._now = now
        self._public_url = public_url.rstrip("/")

    @cached_property
    def rehearsal(self) -> Rehearsal:
        return self._rehearse()

    def rehearsal_now(self) -> Rehearsal:
        """The same messages with what people have said, and what has gone out, by now."""
        reviewers = good_invitations(self.invitations(), self._now())
        return replace(
            self.rehearsal,
            approvals=self._ledger.approvals(self.campaign, self.season),
            requests=self._ledger.requests(self.campaign, self.season),
            reviewers=reviewers,
            sent=read_sent(self._ledger, self.campaign, self.season),
            can_answer=who_can_answer(self._ledger, reviewers),
        )

    @property
    def now(self) -> datetime:
        """The present instant, aware."""
        return self._now()

    def how_it_stands(self) -> ReviewStatus:
        """What is missing, by message, role and person."""
        return review_standing(self.rehearsal_now(), open_at=self._now())

    # -- approvals --------------------------------------------------------------------------------------

    def approve(
        self,
        items: Sequence[str] | None,
        *,
        person: str,
        role: str,
        comment: str = "",
        channel: str | None = None,
        seen: Mapping[tuple[str, str], str] | None = None,
    ) -> Approved:
        """Approve messages exactly as they stand now. ``items`` are ids or dates; None means all of the season.

        ``seen``: (item, channel) -> digest of what the person has read. Where the message is another one by now,
        ChangedMeanwhile is raised and nothing is approved.
        """
        messages = self.messages(items, channel)
        if seen is not None:
            messages = self._as_seen(messages, seen)
        return self._approve(messages, person, role, comment)

    def approve_week(
        self, week: int, *, person: str, role: str, comment: str = "", channel: str | None = None
    ) -> Approved:
        """Approve a whole week (1-based, from the window's first day), with the digests that go out in it.

        Raises NotThisWeek while a finding stands, also one about an earlier day that such a digest tells of.
        """
        messages = self.week(week, channel)
        grave = [f for f in self.findings_of(messages) if f.severity in (Severity.RED, Severity.AMBER)]
        if grave:
            raise NotThisWeek(week, grave)
        return self._approve(messages, person, role, comment)

    def _approve(self, messages: Sequence[Message], person: str, role: str, comment: str) -> Approved:
        who, known = self._who(person), self.role(role)
        if not known.approves:
            raise UsageError(
                f"an approval as {known.words} does not count",
                hint="roles that may approve: " + ", ".join(r.id for r in self.policy.roles.values() if r.approves),
            )
        gone, messages = self._parted(messages)
        if gone and not messages:
            undone = "an approval changes nothing any more"
            raise AlreadySent(gone, self._time_zone, undone=undone, hint="leave a comment: comment ITEM --text TEXT")
        done = []
        for message in messages:
            approval = Approval(
                message.campaign,
                message.season,
                message.item,
                message.channel,
                message.digest,
                who,
                known.id,
                self._now(),
                checked(comment, "the comment", may_be_empty=True),
            )
            if self._ledger.record_approval(approval, message):
                done.append(message)
        ambers = [f for f in findings_about_all(self.rehearsal, messages) if f.severity is Severity.AMBER]
        return Approved(tuple(done), tuple(ambers), len(messages) - len(done), gone)

    def _as_seen(
        self, messages: Sequence[Message], seen: Mapping[tuple[str, str], str], undone: str = "nothing was approved"
    ) -> list[Message]:
        wanted = [m for m in messages if (m.item, m.channel) in seen]
        changed = [m for m in wanted if m.digest != seen[m.item, m.channel]]
        gone = seen.keys() - {(m.item, m.channel) for m in messages}
        if changed or gone:
            names = [f"{m.item} ({m.channel})" for m in changed] + [f"{item} ({channel})" for item, channel in gone]
            raise ChangedMeanwhile(
                f"{', '.join(names)} changed while you were reading; {undone}",
                hint="read the new form, and decide on that",
            )
        return wanted

    # -- requests for changes ---------------------------------------------------------------------------

    def request_changes(
        self,
        item: str,
        *,
        person: str,
        role: str,
        comment: str,
        channel: str | None = None,
        seen: Mapping[tuple[str, str], str] | None = None,
    ) -> AskedFor:
        """Withdraw the person's approval of an item and block it until the request is answered or ended.

        Of what has gone out to a part of its readers the rest is held back. Raises AlreadySent when there is nothing
        that it could hold back. ``seen``: as for :meth:`approve`.
        """
        who, known = self._who(person), self.role(role)
        text = checked(comment, "the comment", hint="say in a few words what should change: --comment TEXT")
        messages = self.messages([item], channel)
        if seen is not None:
            messages = self._as_seen(messages, seen, "nothing was asked for")
        gone, still = self._parted(messages)
        if not still:
            raise AlreadySent(
                gone,
                self._time_zone,
                undone="a request for changes would hold nothing back, and nothing was asked for",
                hint="leave it as a note for next year, or for a correction: "
                f"comment {messages[0].item} --by {shlex.quote(who)} --role {known.id} "
                f"--text {shlex.quote(text)}",
            )
        partly = tuple(s for m in still if (s := self._sent.get((m.item, m.channel))))
        standing = self._asked_already(still, person=who, role=known.id, comment=text)
        made = standing or self._ledger.request_changes(still, who=who, role=known.id, comment=text, now=self._now())
        return AskedFor(made, (*gone, *partly), again=bool(standing))

    @property
    def _sent(self) -> Mapping[tuple[str, str], Sent]:
        return read_sent(self._ledger, self.campaign, self.season)

    @property
    def _time_zone(self) -> str:
        return self.rehearsal.plan.campaign.time_zone

    def _parted(self, messages: Sequence[Message]) -> tuple[tuple[Sent, ...], list[Message]]:
        """What has gone out whole, and what has not."""
        sent = self._sent
        gone = {key: s for key, s in sent.items() if s.is_over}
        still = [m for m in messages if (m.item, m.channel) not in gone]
        return tuple(gone[m.item, m.channel] for m in messages if (m.item, m.channel) in gone), still

    def _asked_already(
        self, messages: Sequence[Message], *, person: str, role: str, comment: str
    ) -> tuple[ChangeRequest, ...]:
        """The standing requests that say just this, where there is one for each of these messages as it is now: a form
        that is sent twice asks once."""
        words = {c.id: c.text for c in self._ledger.comments(self.campaign, self.season, "")}
        meant = {(m.item, m.channel, m.digest) for m in messages}
        said = (person_key(person), role, without_addresses(comment))
        mine = tuple(
            r
            for r in self._ledger.requests(self.campaign, self.season)
            if (r.item, r.channel, r.digest) in meant
            if (person_key(r.person), r.role, words.get(r.comment)) == said
        )
        return mine if {(r.item, r.channel, r.digest) for r in mine} == meant else ()

    def withdraw_request(
        self, item: str, *, person: str, role: str, comment: str = "", channel: str | None = None
    ) -> tuple[ChangeRequest, ...]:
        """Take back one's own request for changes. Raises UsageError when there is none."""
        who, known = self._who(person), self.role(role)
        mine = [r for r in self.standing(item, channel) if person_key(r.person) == person_key(who)]
        return self._end(mine, "withdrawn", who, known.id, checked(comment, "the comment", may_be_empty=True), item)

    def settle_requests(
        self, item: str, *, person: str, role: str, comment: str, channel: str | None = None, of: str = ""
    ) -> tuple[ChangeRequest, ...]:
        """Settle what others asked for, with a reason; only in a role that may. ``of``: one person's requests alone."""
        who, known = self._who(person), self.role(role)
        if not known.settles:
            raise UsageError(
                f"a {known.words} cannot settle another person's request",
                hint="roles that may: " + ", ".join(r.id for r in self.policy.roles.values() if r.settles),
            )
        text = checked(comment, "the comment", hint="say how it was settled: --comment TEXT")
        wanted = [r for r in self.standing(item, channel) if not of or person_key(r.person) == person_key(of)]
        return self._end(wanted, "settled", who, known.id, text, item)

    def _end(
        self, requests: Collection[ChangeRequest], how: str, who: str, role: str, comment: str, item: str
    ) -> tuple[ChangeRequest, ...]:
        if not requests:
            what = f"no request for changes of {item!r} stands that could be {how}"
            raise UsageError(what, hint="`review status` lists those that stand")
        ended, said = [], comment
        for request in requests:
            if self._ledger.end_request(request.id, how=how, who=who, role=role, comment=said, now=self._now()):
                ended.append(request)
                said = ""  # once is enough: the comment answers the thread
        return tuple(ended)

    def standing(self, item: str = "", channel: str | None = None) -> tuple[ChangeRequest, ...]:
        """Requests that stand; of one item (id or date) when it is named, even if it is not planned any more."""
        ids = {item, *(m.item for m in self.rehearsal.everything if m.on.isoformat() == item)} if item else set()
        return tuple(
            r
            for r in self._ledger.requests(self.campaign, self.season)
            if (not ids or r.item in ids) and channel in (None, r.channel)
        )

    # -- comments ---------------------------------------------------------------------------------------

    def comment(
        self, item: str, *, person: str, role: str, text: str, channel: str = "", answers: int | None = None
    ) -> Comment:
        """A private remark on an item, or an answer to one. What the person said last on it is not said twice."""
        who, known = self._who(person), self.role(role)
        message = self.messages([item], channel or None)[0]
        text = checked(text, "the comment", hint="write it after --text")
        before = self._ledger.comments(self.campaign, self.season, message.item)
        last = next((c for c in reversed(before) if person_key(c.person) == person_key(who)), None)
        same = (known.id, channel, answers, "comment", without_addresses(text))
        if last is not None and (last.role, last.channel, last.answers, last.about, last.text) == same:
            return last
        made = self._ledger.add_comment(
            self.campaign,
            self.season,
            message.item,
            who=who,
            role=known.id,
            text=text,
            channel=channel,
            answers=answers,
            now=self._now(),
        )
        if made is None:
            raise UsageError(
                f"there is no comment {answers} on {message.item}", hint=f"`comments {message.item}` lists them"
            )
        return made

    def comments(self, item: str = "") -> Mapping[str, tuple[tuple[int, Comment], ...]]:
        """Item -> its threads: each comment with its depth, in reading order."""
        item = self.messages([item], None)[0].item if item else ""
        by_item: dict[str, list[Comment]] = {}
        for comment in self._ledger.comments(self.campaign, self.season, item):
            by_item.setdefault(comment.item, []).append(comment)
        return {name: threads(found) for name, found in by_item.items()}

    # -- invitations ------------------------------------------------------------------------------------

    def invite(self, name: str, role: str, *, by: str, lasts: timedelta = USUAL_SPAN) -> Invited:
        """Make a private link for one person in one role. Earlier links of that name end."""
        who, known, now = self._who(name), self.role(role), self._now()
        if "@" in name:
            raise UsageError(
                "an invitation needs a name, not an address", hint="send the link yourself, to whom it is for"
            )
        before = any(
            i.is_good(now) and person_key(i.name) == person_key(who)
            for i in self._ledger.invitations(self.campaign, self.season)
        )
        expires_at = now + lasts
        token = self._ledger.invite(
            self.campaign, self.season, who, known.id, expires_at=expires_at, who=self._who(by), now=now
        )
        return Invited(who, known, f"{self._public_url}/r/{token}", expires_at, before)

    def revoke(self, name: str, *, by: str) -> int:
        """End all links of a name at once. Raises UsageError when nobody of that name was invited."""
        who = self._who(name)
        known = self._ledger.invitations(self.campaign, self.season)
        if not any(person_key(i.name) == person_key(who) for i in known):
            raise UsageError(f"nobody called {who!r} was invited", hint=_near(who, [i.name for i in known]))
        return self._ledger.revoke_invitations(self.campaign, self.season, who, who=self._who(by), now=self._now())

    def invitations(self) -> tuple[Invitation, ...]:
        return self._ledger.invitations(self.campaign, self.season)

    # -- packets and paper ------------------------------------------------------------------------------

    @property
    def edition(self) -> str:
        return edition_hash(self.rehearsal.everything)

    def give_out(self) -> PacketRecord:
        """Remember what the packet of this moment holds, so that a signature on paper can be held against it."""
        held = {(m.item, m.channel): m.digest for m in self.rehearsal.everything}
        record = PacketRecord(self.campaign, self.season, self.edition, self._now(), held)
        self._ledger.record_packet(record)
        return record

    def record_paper(
        self,
        packet: str,
        items: Sequence[str] | None,
        *,
        person: str,
        role: str,
        without: Sequence[str] = (),
        known: Iterable[PacketRecord] = (),
    ) -> Approved:
        """Enter a signed sheet: approve what the packet of that hash holds, without the items named.

        Raises ChangedMeanwhile, with the list of what changed, when the campaign is another one by now. ``known``:
        packets that others than the ledger know of.
        """
        text = "".join(packet.split()).casefold()
        record = PacketRecord(self.campaign, self.season, self.edition, self._now(), {})
        if not record.named_by(text):
            self._refuse_paper(text, [*self._ledger.packets(self.campaign, self.season), *known])
        left_out = {m.item for m in self.messages(list(without), None)} if without else set()
        wanted = [m for m in self.messages(items, None) if m.item not in left_out]
        if not wanted:
            raise UsageError("every item is excepted; nothing is left to approve")
        return self._approve(wanted, person, role, f"on paper, packet {self.edition[:12]}")

    def _refuse_paper(self, text: str, known: Sequence[PacketRecord]) -> None:
        if len(text) < 12 or any(c not in "0123456789abcdef" for c in text):
            raise UsageError(
                "--packet needs the packet's hash, or at least its first 12 characters",
                hint="it stands on the cover, at the head of each page and on the sign-off sheet",
            )
        record = next((p for p in known if p.named_by(text)), None)
        if record is None:
            said = "nobody here knows that packet: what it held cannot be compared"
        else:
            changed = record.changed_since(self.rehearsal.everything)
            said = "changed since: " + ", ".join(f"{item} ({channel})" for item, channel in changed)
        raise ChangedMeanwhile(
            f"the sheet is for packet {text[:12]}, and the campaign is at {self.edition[:12]}; nothing was approved.\n"
            f"{said}",
            hint="print the new packet (`review packet`) and have it signed, or approve the unchanged items by name",
        )

    # -- who and what -----------------------------------------------------------------------------------

    def messages(self, items: Sequence[str] | None, channel: str | None = None) -> list[Message]:
        """Messages of the season by item ids or dates. Raises UsageError for what is not there."""
        of_channel = [m for m in self.rehearsal.everything if channel in (None, m.channel)]
        if channel is not None and not of_channel:
            there = sorted({m.channel for m in self.rehearsal.everything})
            raise UsageError(f"there is no channel {channel!r}", hint=f"channels: {', '.join(there)}")
        if items is None:
            return of_channel
        names = {m.item for m in of_channel} | {m.on.isoformat() for m in of_channel}
        unknown = next((i for i in items if i not in names), None)
        if unknown is not None:
            near = _near(unknown, sorted(names), all_of="`plan` lists the items and their days")
            raise UsageError(f"there is no message for {unknown!r}", hint=near)
        return [m for m in of_channel if m.item in items or m.on.isoformat() in items]

    def week(self, week: int, channel: str | None = None) -> list[Message]:
        """Messages of a week, and the digests of its days. Raises UsageError for a week that is none."""
        of_week = [p for p in self.rehearsal.plan.items if p.week == week]
        if not of_week:
            weeks = sorted({p.week for p in self.rehearsal.plan.items})
            raise UsageError(f"there is no week {week}", hint=f"the season has the weeks {weeks[0]} to {weeks[-1]}")
        days = {p.on for p in of_week}
        digests = [m.item for m in self.rehearsal.digests if m.on in days and channel in (None, m.channel)]
        return self.messages([*(p.item.id for p in of_week), *digests], channel)

    def findings_of(self, messages: Collection[Message]) -> list[Finding]:
        """Findings about these messages; about each day of a digest too, since its words are in it."""
        told = {(part, m.channel) for m in messages for part, _ in m.audience.parts}
        concerned = [m for m in self.rehearsal.messages if (m.item, m.channel) in told]
        return findings_about_all(self.rehearsal, [*messages, *concerned])

    def role(self, text: str) -> Role:
        """The role that is meant. Raises UsageError for one that the policy does not know."""
        known = self.policy.role(text)
        if known is None:
            raise UsageError(f"there is no role {text!r}", hint=f"roles: {', '.join(self.policy.roles)}")
        return known

    def _who(self, name: str) -> str:
        refuse_hidden(name, "the name")
        who = person_name(name)
        if not name.strip():
            raise UsageError("a name is missing", hint="give the name of the person: --by NAME")
        if len(who) > 200:
            raise UsageError("that is not a person's name", hint="at most 200 letters, on one line")
        return who


def _near(word: str, known: Sequence[str], *, all_of: str = "") -> str:
    near = get_close_matches(word, known, n=2)
    if near or all_of:
        return f"did you mean {' or '.join(near)}?" if near else all_of
    return f"there are: {', '.join(sorted(known)[:12])}{' ...' if len(known) > 12 else ''}" if known else ""
