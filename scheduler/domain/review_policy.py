"""The review policy: who must have approved a message before it may go out live. Data from config/review.toml."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import field
from types import MappingProxyType
from typing import Annotated

from ..light_dataclass import dataclass
from ..schema.field import Field
from .approval import Approval, Approvals
from .campaign import ItemText, Kind
from .claim import Claim, ClaimStatus
from .comment import ChangeRequest
from .file_edit import FileEdit, latest_by_person
from .hidden import hidden_in
from .message import Message, PostBody
from .redact import person_key
from .via import Via, people, that_count

MOST_APPROVALS = 9
FEWEST_PEOPLE = 2
_NO_CLAIMS: Mapping[str, Claim] = MappingProxyType({})


def _one_line(text: str) -> str:
    bad = "\n" in text or "\t" in text or hidden_in(text)
    return "has a line break or a hidden character in it" if bad else ""


@dataclass(frozen=True)
class Role:
    """What somebody reviews as, and what that allows."""

    id: str
    says: Annotated[str, Field("What this role looks at.", check=_one_line)] = ""
    approves: Annotated[bool, Field("Whether approvals given in this role count.")] = True
    settles: Annotated[bool, Field("Whether this role may settle a request for changes that somebody else made.")] = (
        False
    )

    @property
    def words(self) -> str:
        return self.id.replace("-", " ")


#: The roles that are always there; config/review.toml may change what they allow, and add others.
ROLES: Mapping[str, Role] = MappingProxyType(
    {
        role.id: role
        for role in (
            Role("coordinator", "the whole season; has the last word", settles=True),
            Role("fact-reviewer", "claims and quotations"),
            Role("subject-expert", "claims that others dispute"),
            Role("lived-experience-reviewer", "words and pictures, as somebody who lived through it"),
            Role("safety-reviewer", "help lines, pictures, safety of readers"),
            Role("language-reviewer", "the language, as a native reader"),
            Role("board-viewer", "reads and comments; an approval in this role does not count", approves=False),
            Role("hold-holder", "may stop everything at once"),
            Role("deputy", "stands in for the hold-holder"),
        )
    }
)

_Condition = Callable[[Message, ItemText | None, Mapping[str, Claim]], bool]

#: What a rule can look for in a message, with the words for it. An item that is not known counts as having it.
CONDITIONS: Mapping[str, tuple[str, _Condition]] = MappingProxyType(
    {
        "claim": ("it states a claim", lambda m, i, c: bool(m.claims)),
        "contested-claim": (
            "it states a contested claim",
            lambda m, i, c: any(c[one].status is ClaimStatus.CONTESTED for one in m.claims if one in c),
        ),
        "quotation": ("it quotes somebody", lambda m, i, c: bool(m.quotations)),
        "contact": ("it prints a help line", lambda m, i, c: bool(m.contacts)),
        "story": ("it tells somebody's story", lambda m, i, c: i is None or bool(i.story_consent)),
        "content-note": ("it carries a content note", lambda m, i, c: i is None or bool(i.content_note)),
        "decision": (
            "its author asks for a decision",
            lambda m, i, c: (
                i is None or bool(i.needs_decision) or any(c[one].needs_decision for one in m.claims if one in c)
            ),
        ),
        "picture": (
            "it has a picture",
            lambda m, i, c: (isinstance(m.body, PostBody) and bool(m.body.alt_text)) or i is None or bool(i.image_tags),
        ),
    }
)


@dataclass(frozen=True)
class Rule:
    """What messages of one kind need beyond the rest. All that is named must hold; a list means any of its words."""

    when: Annotated[str, Field("What must be true of the message.", allowed=tuple(CONDITIONS))] = ""
    kinds: Annotated[tuple[str, ...], Field("Only items of these kinds.", allowed=tuple(Kind))] = ()
    channels: Annotated[tuple[str, ...], Field("Only messages on these channels.")] = ()
    approvals: Annotated[int, Field("So many people must have approved it.", least=1, most=MOST_APPROVALS)] = 0
    roles: Annotated[tuple[str, ...], Field("Of these roles, at least one approval each.")] = ()
    campaigns: Annotated[tuple[str, ...], Field("Only messages of these campaigns.")] = ()

    def applies(self, message: Message, item: ItemText | None, claims: Mapping[str, Claim]) -> bool:
        return (
            (not self.when or CONDITIONS[self.when][1](message, item, claims))
            and (not self.kinds or message.kind in self.kinds)
            and (not self.channels or message.channel in self.channels)
            and (not self.campaigns or message.campaign in self.campaigns)
        )

    @property
    def why(self) -> str:
        """The reason, in words that follow "because"."""
        reasons = [CONDITIONS[self.when][0]] if self.when else []
        reasons += [f"it is of the kind {' or '.join(self.kinds)}"] if self.kinds else []
        reasons += [f"it goes out on {' or '.join(self.channels)}"] if self.channels else []
        reasons += [f"it is of the campaign {' or '.join(self.campaigns)}"] if self.campaigns else []
        return " and ".join(reasons) or "every message needs it"


@dataclass(frozen=True)
class Alone:
    """A group that is one person says so: then one person suffices, and everybody who reads the packet is told."""

    who: Annotated[str, Field("Who decides alone.", shortest=1, longest=200, check=_one_line)]
    why: Annotated[str, Field("Why nobody else can look.", shortest=1, longest=500, check=_one_line)]

    @property
    def words(self) -> str:
        """Without a full stop at its end."""
        return f"{self.who} approves alone: {self.why.rstrip('.')}"


@dataclass(frozen=True)
class ReviewPolicy:
    """How many approvals a message needs, and by whom. Without a word in the settings: two, by anybody."""

    approvals: Annotated[
        int, Field("How many people must have approved each message.", least=1, most=MOST_APPROVALS)
    ] = 2
    author_may_be_alone: Annotated[
        bool, Field("Whether the person who wrote an item may be the only one who approved it.")
    ] = False
    late_approvals: Annotated[bool, Field("Whether an approval counts that came after the message was due.")] = True
    roles: Annotated[Mapping[str, Role], Field()] = field(default_factory=lambda: ROLES)
    rules: Annotated[tuple[Rule, ...], Field(key="rule")] = ()
    alone: Annotated[Alone | None, Field()] = None

    @property
    def least(self) -> int:
        """How many people each message needs: never fewer than two, unless somebody says that they are alone."""
        return 1 if self.alone else max(FEWEST_PEOPLE, self.approvals)

    def role(self, text: str) -> Role | None:
        """The role that a person means: ``fact-reviewer``, ``Fact reviewer``, or ``fact`` where only one has it."""
        name = "-".join(text.replace("_", " ").replace("-", " ").casefold().split())
        if name in self.roles:
            return self.roles[name]
        parts = [r for r in self.roles.values() if name in r.id.split("-")]
        return parts[0] if len(parts) == 1 else None

    def may_approve(self, role: str) -> bool:
        known = self.role(role)
        return known is not None and known.approves

    def counts(self, approval: Approval, message: Message) -> bool:
        """Whether an approval of exactly this message counts: its role may approve, and it came in time."""
        in_time = self.late_approvals or approval.approved_at <= message.due_at
        return in_time and self.may_approve(approval.role)


@dataclass(frozen=True)
class Missing:
    """One thing that a message lacks before it may go out. ``words`` never repeats a reviewer's comment."""

    kind: str  # "approval" | "role" | "author" | "changes"
    words: str
    role: str = ""  # who could give it; empty: anybody who may approve
    person: str = ""  # "author": who may not; "changes": who asked
    number: int = 1
    mended: bool = False  # "changes": the message is another one by now, and waits for whoever asked

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True)
class Needs:
    """What a message needs of people, by the files alone: whatever anybody has said of it so far."""

    author: str = ""  # who wrote its item
    rules: tuple[Rule, ...] = ()  # those of the policy that apply to it


def needs_of(
    message: Message, policy: ReviewPolicy, item: ItemText | None = None, claims: Mapping[str, Claim] = _NO_CLAIMS
) -> Needs:
    """``item`` is the text that the message was made from, ``claims`` the campaign's records."""
    author = item.author.strip() if item else ""
    return Needs(author, tuple(rule for rule in policy.rules if rule.applies(message, item, claims)))


def missing(
    message: Message,
    approvals: Approvals,
    policy: ReviewPolicy,
    needs: Needs | None = None,
    *,
    requests: Iterable[ChangeRequest] = (),
    edits: Iterable[FileEdit] = (),
) -> tuple[Missing, ...]:
    """Everything that stands between this message and a live send, as far as people are concerned. Empty: nothing.

    ``requests`` are the standing requests for changes, ``edits`` the changes of items from the pages. Only approvals
    of exactly this message's digest are looked at.
    """
    needs = needs_of(message, policy) if needs is None else needs
    given = approvals.of(message)
    counting = [a for a in given if policy.counts(a, message)]
    return (
        *_too_few(message, approvals, policy, given, counting, needs.rules),
        *_roles(policy, counting, needs.rules),
        *_author(policy, counting, needs.author, editors(message, approvals, edits)),
        *asked_for_changes(message, policy, requests),
    )


#: Why several names are one person. True: some came before it was kept how they came.
_ONE_PERSON = {
    False: "; all that was typed on this machine counts as one person",
    True: "; how the earlier ones came was not kept, so they count as one person: who gave theirs by a link or "
    "signed in gives it again",
}


def _too_few(
    message: Message,
    approvals: Approvals,
    policy: ReviewPolicy,
    given: Collection[Approval],
    counting: Collection[Approval],
    rules: Collection[Rule],
) -> Iterable[Missing]:
    needed, why = policy.least, ""
    for rule in rules:
        if rule.approvals > needed and not policy.alone:
            needed, why = rule.approvals, f", because {rule.why}"
    there = len(people(counting))
    if there >= needed:
        return
    if counting:
        said = f"{there} of {needed} approvals{why}"
        if len({person_key(a.person) for a in counting}) > there:
            said += _ONE_PERSON[any(Via(a.via) is Via.UNRECORDED for a in counting)]
        if policy.approvals < policy.least:
            said += "; each message needs two people now, also where config/review.toml says 1"
    elif given:
        said = _do_not_count(given, policy)
    elif approvals.was_approved(message):
        said = "it changed after it was approved"
    else:
        said = "nobody has approved it"
    if not counting and needed > 1:
        said += f"; it needs {needed} approvals{why}"
    yield Missing("approval", said, number=needed - there)


def _do_not_count(given: Iterable[Approval], policy: ReviewPolicy) -> str:
    reasons = []
    for approval in given:
        late = policy.may_approve(approval.role)
        why = "after it was due" if late else f"as {approval.role.replace('-', ' ')}, which does not count"
        reasons.append(f"{approval.person} {why}")
    return f"approved only by {', '.join(dict.fromkeys(reasons))}"


def _roles(policy: ReviewPolicy, counting: Collection[Approval], rules: Iterable[Rule]) -> Iterable[Missing]:
    there = {role.id for a in that_count(counting) if (role := policy.role(a.role))}
    told: set[str] = set()
    for rule in rules:
        for name in rule.roles:
            if name not in there and name not in told:
                told.add(name)
                yield Missing("role", f"no {name.replace('-', ' ')} has approved it: {rule.why}", role=name)


def editors(message: Message, approvals: Approvals, edits: Iterable[FileEdit]) -> tuple[str, ...]:
    """Who changed the item of a message from the pages, and of whose words nobody else has approved any since."""
    return tuple(
        edit.person
        for edit in latest_by_person(e for e in edits if e.kind == "item" and e.record == message.item)
        if not approvals.by_others_since(message, edit.person, edit.edited_at)
    )


def _author(
    policy: ReviewPolicy, counting: Collection[Approval], author: str, edited_by: Collection[str]
) -> Iterable[Missing]:
    """Nobody's words go out on that person's word alone. With two people on each message none do; this says why the
    one who is there is not enough."""
    approved = people(counting)
    if policy.author_may_be_alone or policy.alone or len(approved) != 1:
        return
    ((key, person),) = approved.items()
    if author and person_key(author) == key:
        yield Missing("author", f"only {author}, who wrote it, has approved it", person=author)
    elif key in {person_key(editor) for editor in edited_by}:
        yield Missing("author", f"only {person}, who changed its text, has approved it", person=person)


def asked_for_changes(message: Message, policy: ReviewPolicy, requests: Iterable[ChangeRequest]) -> Iterable[Missing]:
    """What was asked for of this message itself, and stands."""
    for request in requests:
        same = (request.campaign, request.season) == (message.campaign, message.season)
        if same and request.stands and request.concerns(message.item, message.channel):
            mended = request.is_answered_by(message)
            since = f"; it has changed since, and waits for {request.person}'s answer" if mended else ""
            yield Missing(
                "changes",
                f"{request.person} ({request.role.replace('-', ' ')}) asked for changes{since}",
                role=request.role,
                person=request.person,
                mended=mended,
            )


def would_help(
    lack: Missing, policy: ReviewPolicy, person: str, role: str, *, has_approved: bool, in_role: bool = False
) -> bool:
    """Whether an approval by this person in this role would take away what is missing, or part of it. Of a request of
    their own: once the message was changed; before that somebody else has the next word.

    ``has_approved``: they have approved exactly this; ``in_role``: in this very role. Who has more than one role may
    have to say yes in each.
    """
    if lack.kind == "changes":
        return lack.mended and person_key(person) == person_key(lack.person)
    if not policy.may_approve(role):
        return False
    if lack.kind == "role":
        known = policy.role(role)
        return known is not None and known.id == lack.role and not in_role
    return not has_approved and not (lack.kind == "author" and person_key(person) == person_key(lack.person))
