"""One message as its readers see it, and what it uses."""

from __future__ import annotations

import html
import re
from functools import cached_property
from typing import TYPE_CHECKING

from ...domain.campaign import ItemText
from ...domain.claim import Claim, Contact
from ...domain.finding import Finding, Where
from ...domain.message import EmailBody, Message
from ...domain.planned_item import PlannedItem
from ...domain.quotation import Passage, Source
from ..codes import CODES
from .phrases import words_of
from .visible_text import HREF, Part, everything_sent, fold, parts_of

if TYPE_CHECKING:
    from .context import Material


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


def _calls(template: str, record: str) -> bool:
    return f"'{record}'" in template or f'"{record}"' in template
