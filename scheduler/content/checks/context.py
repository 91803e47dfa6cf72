"""Everything that the checks look at, prepared once: messages in pieces, what they use, what may be quoted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from ...channels.registry import spec_of
from ...domain.campaign import TELLS_OF_THE_PAST, Campaign, ItemText
from ...domain.claim import Claim, Contact, Signature, Signatures
from ...domain.message import EmailBody, Message, PostBody
from ...domain.planned_item import Plan
from ...domain.quotation import Passage, Quotation, Source, is_verbatim
from ...settings import Settings
from .rendered_message import View
from .visible_text import fold

#: Stands where the words of a source were cut out.
CUT = " \u2042 "
#: Words in quotation marks up to this number are a mention of the words, not a quotation.
MENTION = 4
_SPAN = re.compile(r'"([^"]+)"')


def spans_in(block: str) -> list[str]:
    """What stands between quotation marks in a folded block."""
    return [s for s in (m[1].strip() for m in _SPAN.finditer(block)) if s] if '"' in block else []


@dataclass(frozen=True)
class Material:
    """The plan, its messages and all that they are measured by."""

    plan: Plan
    messages: Sequence[Message]
    settings: Settings
    signatures: Signatures
    today: date
    #: Words that messages are made from and that are no item of the campaign: digests, letters. By the message's item.
    texts: Mapping[str, ItemText] = field(default_factory=dict)

    @property
    def campaign(self) -> Campaign:
        return self.plan.campaign

    @cached_property
    def views(self) -> tuple[View, ...]:
        planned = {p.item.id: p for p in self.plan.items}
        found = []
        for message in self.messages:
            item = planned[message.item].item if message.item in planned else self.campaign.items.get(message.item)
            item = self.texts.get(message.item, item)
            if item is not None:
                channel = self.settings.channels.get(message.channel)
                rules = spec_of(channel).post if channel else None
                item = item.with_post_of(rules.section) if rules else item
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
                    if _stands_in(span, source.text)
                    or (source.own_words and any(_stands_in(span, p.corrected()) for p in source.passages))
                ),
                None,
            )
        return self._origins[span]

    # -- people -----------------------------------------------------------------------------------------------

    @cached_property
    def _signed(self) -> dict[tuple[str, str], tuple[Signature, ...]]:
        return {}

    def sign_offs(self, record: Claim | Contact) -> tuple[Signature, ...]:
        """Who has signed this record as it stands."""
        subject = "claim" if isinstance(record, Claim) else "contact"
        if (subject, record.id) not in self._signed:
            self._signed[subject, record.id] = self.signatures.of(subject, record.id, record.record_hash())
        return self._signed[subject, record.id]

    def signed_on(self, record: Claim | Contact) -> date | None:
        """The day of the latest sign-off of this record as it stands; None when there is none."""
        return max((s.signed_on for s in self.sign_offs(record)), default=None)


def _stands_in(span: str, text: str) -> bool:
    # Only words with marked edits can stand in a text that does not hold them as they are.
    stored = fold(text)
    if span not in stored and not any(mark in span for mark in ("[", "..", ". .")):
        return False
    return is_verbatim(span, stored)


def ids_of(views: Sequence[View]) -> tuple[str, ...]:
    """The items that a record's finding concerns."""
    return tuple(dict.fromkeys(v.item.id for v in views))


def items_named(views: Sequence[View]) -> str:
    """``used by a, b and 3 more``: which items a record's finding concerns."""
    ids = ids_of(views)
    more = f" and {len(ids) - 4} more" if len(ids) > 4 else ""
    return f"used by {', '.join(ids[:4])}{more}"


def may_be_told_as_past(item: ItemText, claim: Claim) -> bool:
    return item.kind in TELLS_OF_THE_PAST and claim.id in item.then
