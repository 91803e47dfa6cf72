"""Everything that the checks look at, prepared once: messages in pieces, what they use, what may be quoted."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from ...domain.campaign import Campaign, ItemText, Kind
from ...domain.claim import Claim, Contact, Signatures
from ...domain.finding import Finding, Where
from ...domain.item import Plan, PlannedItem
from ...domain.message import EmailBody, Message, PostBody
from ...domain.quotation import Passage, Quotation, Source, is_verbatim
from ...settings import Settings
from .codes import CODES
from .phrases import words_of
from .surface import HREF, Part, everything_sent, fold, parts_of

#: Stands where the words of a source were cut out.
CUT = " \u2042 "
#: Words in quotation marks up to this number are a mention of the words, not a quotation.
MENTION = 4
_SPAN = re.compile(r'"([^"]+)"')


def spans_in(block: str) -> list[str]:
    """What stands between quotation marks in a folded block."""
    return [s for s in (m[1].strip() for m in _SPAN.finditer(block)) if s] if '"' in block else []


class View:
    """One message, seen as its readers see it."""

    def __init__(self, material: Material, message: Message, item: ItemText, planned: PlannedItem | None) -> None:
        self.material = material
        self.message = message
        self.item = item
        self.planned = planned
        self.parts: tuple[Part, ...] = parts_of(message)

    @property
    def is_email(self) -> bool:
        return isinstance(self.message.body, EmailBody)

    @cached_property
    def blocks(self) -> tuple[str, ...]:
        """All blocks of all parts, each once, in order."""
        return tuple(dict.fromkeys(b for part in self.parts for b in part.blocks))

    @cached_property
    def flows(self) -> tuple[str, ...]:
        return tuple(part.flow for part in self.parts)

    @cached_property
    def flows_cf(self) -> tuple[str, ...]:
        return tuple(flow.casefold() for flow in self.flows)

    @cached_property
    def headlines(self) -> dict[str, str]:
        """An email's title, subject and so on, folded; a post has none."""
        body = self.message.body
        if not isinstance(body, EmailBody):
            return {}
        lines = {"title": self.item.title, "subject": body.subject, "preheader": body.preheader}
        lines["discreet subject"] = self.item.discreet_subject
        return {name: fold(text) for name, text in lines.items() if text.strip()}

    @cached_property
    def own_blocks(self) -> tuple[str, ...]:
        """The blocks without the words of stored sources: the organisation's own voice."""
        return tuple(filter(None, map(self.material.own_words, self.blocks)))

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of the message and its headlines, in small letters."""
        return frozenset().union(*map(words_of, (*self.blocks, *self.headlines.values())))

    @cached_property
    def sent(self) -> tuple[str, ...]:
        return everything_sent(self.message)

    @cached_property
    def addresses(self) -> tuple[str, ...]:
        """What the links of the message lead to: https:, tel:, sms:, mailto:."""
        body = self.message.body
        written = [html.unescape(a) for a in HREF.findall(body.html)] if isinstance(body, EmailBody) else []
        return tuple(dict.fromkeys((*self.message.links, *written)))

    @cached_property
    def contacts(self) -> tuple[Contact, ...]:
        """Contacts that the message uses, and those of the block."""
        campaign = self.material.campaign
        ids = dict.fromkeys((*self.message.contacts, *campaign.block))
        return tuple(campaign.contacts[i] for i in ids if i in campaign.contacts)

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """Claims that the message rests on, and those that its item lists and whose words or figures it prints."""
        known = self.material.campaign.claims
        listed = (*self.item.claims, *self.item.then, *self.item.now)
        ids = dict.fromkeys((*self.message.claims, *(i for i in listed if i in known and self.prints(known[i]))))
        return tuple(known[i] for i in ids if i in known)

    @cached_property
    def quotations(self) -> tuple[tuple[str, Source, Passage], ...]:
        found = ((q, self.material.passage(q)) for q in self.message.quotations)
        return tuple((q, *pair) for q, pair in found if pair)

    def says(self, text: str) -> bool:
        """Whether every part of the message prints ``text``, whatever its case."""
        wanted = fold(text).casefold().rstrip(".")
        return bool(wanted) and all(wanted in flow for flow in self.flows_cf)

    def prints(self, claim: Claim) -> bool:
        """Whether every part of the message prints the claim: its words, or one of its figures."""
        return all(any(fold(n).casefold() in flow for n in claim.numbers) for flow in self.flows_cf) or self.says(
            claim.text
        )

    def states(self, claim: Claim) -> bool:
        """Whether some part of the message says what the claim says, as far as its record can tell.

        A figure or the claim's words give it away. A claim without figures may be put in other words, so there it
        is enough that the message was made with its record; for a post, that its own text calls the record.
        """
        if any(fold(words).casefold() in flow for words in (*claim.numbers, claim.text) for flow in self.flows_cf):
            return True
        if claim.numbers or claim.id not in self.message.claims:
            return False
        return self.is_email or _calls(self.item.post, claim.id)

    def line_of(self, words: str, record: str = "") -> Where:
        """Where in the item's file these words stand, or where it calls the record that they come from.

        Its first line when neither is found: then the words come from a template.
        """
        item = self.item
        source, first = (item.email, item.email_line) if self.is_email else (item.post, item.post_line)
        pieces = [re.escape(w) for w in re.split(r"[\s\u2014'\"]+", words) if w]
        found = re.search(r"[\s\W]{1,6}".join(pieces[:12]), source, re.IGNORECASE) if pieces and first else None
        if not found and record and first:
            found = re.search(rf"""['"]{re.escape(record)}['"]""", source)
        if not found:
            return self.item.where
        return Where(self.item.where.path, first + source.count("\n", 0, found.start()))

    def finding(self, code: str, message: str, words: str = "", *, record: str = "", hint: str = "") -> Finding:
        """A finding about this message; ``words`` and the ``record`` that they come from tell its line."""
        where = self.line_of(words, record) if words or record else self.item.where
        return CODES[code].at(where, message, hint=hint, item=self.item.id, channel=self.message.channel)


@dataclass(frozen=True)
class Material:
    """The plan, its messages and all that they are measured by."""

    plan: Plan
    messages: Sequence[Message]
    settings: Settings
    signatures: Signatures
    today: date

    @property
    def campaign(self) -> Campaign:
        return self.plan.campaign

    @cached_property
    def views(self) -> tuple[View, ...]:
        planned = {p.item.id: p for p in self.plan.items}
        found = []
        for message in self.messages:
            item = planned[message.item].item if message.item in planned else self.campaign.items.get(message.item)
            if item is not None:
                found.append(View(self, message, item, planned.get(message.item)))
        return tuple(found)

    @cached_property
    def posts(self) -> tuple[tuple[View, PostBody], ...]:
        return tuple((v, v.message.body) for v in self.views if isinstance(v.message.body, PostBody))

    @cached_property
    def emails(self) -> tuple[tuple[View, EmailBody], ...]:
        return tuple((v, v.message.body) for v in self.views if isinstance(v.message.body, EmailBody))

    @cached_property
    def boilerplate(self) -> frozenset[str]:
        """Blocks that more than half of a kind of message share: what templates add."""
        found: set[str] = set()
        for views in ([v for v, _ in self.posts], [v for v, _ in self.emails]):
            counts = Counter(b for v in views for b in v.blocks)
            found.update(b for b, n in counts.items() if len(views) > 3 and n > len(views) / 2)
        return frozenset(found)

    @cached_property
    def claims_used(self) -> dict[str, tuple[View, ...]]:
        """Ids of the claims that are used, with the messages that use them, in order of their dates."""
        used: dict[str, list[View]] = {}
        for view in sorted(self.views, key=lambda v: v.message.due_at):
            for claim in view.claims:
                used.setdefault(claim.id, []).append(view)
        return {claim_id: tuple(views) for claim_id, views in used.items()}

    @cached_property
    def contacts_used(self) -> dict[str, tuple[View, ...]]:
        used: dict[str, list[View]] = {}
        for view in sorted(self.views, key=lambda v: v.message.due_at):
            for contact in view.contacts:
                used.setdefault(contact.id, []).append(view)
        return {contact_id: tuple(views) for contact_id, views in used.items()}

    # -- quotations -------------------------------------------------------------------------------------------

    def passage(self, pointer: str) -> tuple[Source, Passage] | None:
        """The source and passage that ``SOURCE#PASSAGE`` names."""
        quotation = Quotation.parse(pointer)
        source = self.campaign.sources.get(quotation.source_id) if quotation else None
        passage = source.passage(quotation.passage_id) if source and quotation else None
        return (source, passage) if source and passage else None

    @cached_property
    def stored(self) -> tuple[tuple[Source, Passage, tuple[str, ...]], ...]:
        """All passages with their printable forms, folded: as stored, and corrected where that is allowed."""
        found = []
        for source in self.campaign.sources.values():
            for passage in source.passages:
                forms = [fold(passage.text)]
                if source.own_words and passage.corrections:
                    forms.append(fold(passage.corrected()))
                found.append((source, passage, tuple(f for f in forms if f)))
        return tuple(found)

    @cached_property
    def _to_cut(self) -> tuple[str, ...]:
        """Words that are not the organisation's own: passages, questions, names of sources; longest first."""
        words: set[str] = set()
        for source, passage, forms in self.stored:
            words.update(f for f in forms if len(f.split()) >= 4)
            words.update((fold(passage.question), fold(source.attribution), fold(source.short_attribution)))
            words.add(fold(source.title))
        for claim in self.campaign.claims.values():
            words.update((fold(claim.source.title), fold(claim.source.publisher)))
        return tuple(sorted((w for w in words if len(w) > 8), key=len, reverse=True))

    @cached_property
    def _own(self) -> dict[str, str]:
        return {}

    def own_words(self, block: str) -> str:
        """A folded block without the words of stored sources and the names of sources."""
        known = self._own.get(block)
        if known is None:
            known = block
            for words in self._to_cut:
                if words in known:
                    known = known.replace(words, CUT)
            for span in spans_in(known):
                if len(span.split()) > MENTION and self.origin_of(span):
                    known = known.replace(span, CUT)
            self._own[block] = known
        return known

    @cached_property
    def _origins(self) -> dict[str, Source | None]:
        return {}

    def origin_of(self, span: str) -> Source | None:
        """The stored source in which these words stand, as they are or with the recorded corrections."""
        if span not in self._origins:
            self._origins[span] = next(
                (
                    source
                    for source in self.campaign.sources.values()
                    if is_verbatim(span, source.text)
                    or (source.own_words and any(is_verbatim(span, p.corrected()) for p in source.passages))
                ),
                None,
            )
        return self._origins[span]

    # -- people -----------------------------------------------------------------------------------------------

    def signed_on(self, subject: str, record: Claim | Contact) -> date | None:
        """The day of the latest sign-off of this record as it stands; None when there is none."""
        signed = self.signatures.of(subject, record.id, record.record_hash())
        return max((s.signed_on for s in signed), default=None)


def _calls(template: str, record: str) -> bool:
    return f"'{record}'" in template or f'"{record}"' in template


def items_named(views: Sequence[View]) -> str:
    """``used by a, b and 3 more``: which items a record's finding concerns."""
    ids = list(dict.fromkeys(v.item.id for v in views))
    more = f" and {len(ids) - 4} more" if len(ids) > 4 else ""
    return f"used by {', '.join(ids[:4])}{more}"


def may_be_told_as_past(item: ItemText, claim: Claim) -> bool:
    return item.kind in (Kind.THEN_NOW, Kind.MYTH_CORRECTED) and claim.id in item.then
