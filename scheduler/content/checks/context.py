"""Everything that the checks look at, prepared once: messages in pieces, what they use, what may be quoted."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, fields, replace
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from ...channels.registry import spec_of
from ...channels.spec import PostRules
from ...domain.campaign import LANGUAGES_READ, TELLS_OF_THE_PAST, Campaign, ItemText
from ...domain.canonical_text import MappedText, PlainText, comparable, countable, seen_in_markdown
from ...domain.claim import Claim, Contact, Signature, Signatures
from ...domain.finding import Finding, RecordName, Said, UsedBy, Where
from ...domain.message import DIGEST, FRAME, EmailBody, Message, PostBody
from ...domain.neighbor import Neighbor
from ...domain.planned_item import Plan
from ...domain.question import Asked, Questions
from ...domain.quotation import Passage, Quotation, Source, is_verbatim
from ...domain.stored_words import StoredWords
from ...kept_by_key import AboutTexts
from ...light_dataclass import dataclass
from ...settings import Settings
from ...what_items_share import fingerprint_of_message
from ..codes import CODES
from ..people.people_reader import PeopleReader, Sentence, own_sentences
from ..phrases import words_of
from ..quantities.quantity_rules import RulesOfLanguages
from ..text_answers import TEXTS
from .lint import LintPack, Rule
from .visible_text import HREF, Part, fold, html_part, line_part, post_part, text_part

#: Stands where the words of a source were cut out.
CUT = " \u2042 "
#: Words in quotation marks up to this number are a mention of the words, not a quotation.
MENTION = 4
#: What the part of a post is called that some networks show before it.
WARNING = "content warning"
_LINE_END = re.compile("\n")
_SPAN = re.compile(r'"([^"]+)"')


def longest_first(text: str) -> tuple[int, str]:
    """By what texts are sorted, in the same order each time."""
    return -len(text), text


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
    packs: Sequence[LintPack] = ()
    #: Digests and letters, each with the words of its own.
    beside: Sequence[tuple[Message, ItemText]] = ()
    #: Words that messages are made from and that are no item of the campaign: digests, letters. By the message's item.
    texts: Mapping[str, ItemText] = field(default_factory=dict)
    #: The other campaigns of the project that send something near this season.
    neighbors: Sequence[Neighbor] = ()
    #: What authors left open, and what people answered.
    questions: Questions = field(default_factory=Questions)
    quantity_rules: RulesOfLanguages = field(default_factory=lambda: RulesOfLanguages(Path("config/lint")))
    #: Where the rules about words are; None: nowhere.
    lint_dir: Path | None = None
    #: What guards the season now, to be held against what the ledger remembers.
    guards: tuple[Asked, ...] = ()
    #: Reads who is told of in a text; None where there are no lists of names.
    people: PeopleReader | None = None
    # What was found out already, by the text that was asked about.
    _own: dict[str, str] = field(default_factory=dict, init=False, repr=False)
    _origins: dict[str, Source | None] = field(default_factory=dict, init=False, repr=False)

    @property
    def campaign(self) -> Campaign:
        return self.plan.campaign

    @cached_property
    def views(self) -> tuple[View, ...]:
        items = {**self.campaign.items, **{p.item.id: p.item for p in self.plan.items}, **self.texts}
        views = []
        for message in self.messages:
            if item := items.get(message.item):
                rules = self.post_rules(message)
                views.append(View(self, message, item.with_post_of(rules.section) if rules else item))
        return tuple(views)

    def post_rules(self, message: Message) -> PostRules | None:
        """How the network of the message's channel reads a post; None for an email."""
        channel = self.settings.channels.get(message.channel)
        return spec_of(channel).post if channel else None

    @cached_property
    def posts(self) -> tuple[tuple[View, PostBody], ...]:
        return tuple((v, v.message.body) for v in self.views if isinstance(v.message.body, PostBody))

    @cached_property
    def emails(self) -> tuple[tuple[View, EmailBody], ...]:
        return tuple((v, v.message.body) for v in self.views if isinstance(v.message.body, EmailBody))

    def showing(self, views: Sequence[View], season: Material) -> Material:
        """The same, for a look at some messages of a season."""
        part = season.instead(**{f.name: getattr(self, f.name) for f in fields(self) if f.init})
        own = [View(part, view.message, view.item) for view in views]
        for one, view in zip(own, views, strict=True):
            one.__dict__["parts"] = view.parts
        known = {"numbers": season.numbers, "boilerplate": season.boilerplate}
        part.__dict__.update(views=tuple(own), **known)
        return part

    def instead(self, **others: Any) -> Material:
        """The same but for some messages or items. What was made of the records is shared: they are the same."""
        made = replace(self, **others)
        known = ("_stored_words", "_all_stored", "_to_cut", "own_words_rest_on", "_own", "_origins")
        made.__dict__.update({name: self.__dict__[name] for name in known if name in self.__dict__})
        return made

    @property
    def languages(self) -> tuple[str, ...]:
        """The campaign's, and those in which any text for the United States may have lines."""
        return tuple(dict.fromkeys((self.campaign.language.partition("-")[0], *LANGUAGES_READ)))

    @property
    def rules_rest_on(self) -> list[tuple[str, str]]:
        """Which rules about words there are."""
        return [(pack.id, pack.fingerprint) for pack in self.packs]

    @cached_property
    def numbers(self) -> dict[str, int]:
        """How many messages go out on each channel, without digests."""
        channels = sorted({m.channel for m in self.messages})
        own = Counter(m.channel for m in self.messages if m.kind not in (DIGEST, FRAME))
        return {channel: own[channel] for channel in channels}

    @cached_property
    def boilerplate(self) -> frozenset[str]:
        """Blocks that more than half of a kind of message share: what templates add."""
        found: set[str] = set()
        for views in ([v for v, _ in self.posts], [v for v, _ in self.emails]):
            counts = Counter(b for v in views for b in v.blocks)
            found.update(b for b, n in counts.items() if len(views) > 3 and n > len(views) / 2)
        return frozenset(found)

    def users_of(self, records: Callable[[View], Iterable[Claim | Contact]]) -> dict[str, list[View]]:
        """Ids of the records that are used, with the messages that use them, in order of their dates."""
        used: dict[str, list[View]] = {}
        for view in sorted(self.views, key=lambda v: v.message.due_at):
            for record in records(view):
                used.setdefault(record.id, []).append(view)
        return used

    # -- quotations -------------------------------------------------------------------------------------------

    def passage(self, pointer: str) -> tuple[Source, Passage] | None:
        """The source and passage that ``SOURCE#PASSAGE`` names."""
        quotation = Quotation.parse(pointer)
        source = self.campaign.sources.get(quotation.source_id) if quotation else None
        passage = source.passage(quotation.passage_id) if source and quotation else None
        return (source, passage) if source and passage else None

    def stored_in(self, text: str) -> tuple[Source, Passage] | None:
        """What a text has from a stored passage without saying so; of what may not be quoted in other words, too."""
        sources = self.campaign.sources
        if not sources:
            return None
        name, passage_id = self._stored_words.of(text, self._find_stored)
        return self.passage(f"{name}#{passage_id}") if name else None

    @cached_property
    def _stored_words(self) -> AboutTexts:
        sources = self.campaign.sources.values()
        told = [(s.id, s.own_words, [(p.id, p.quotable, p.text, p.corrected()) for p in s.passages]) for s in sources]
        return TEXTS.question("stored words", told)

    @cached_property
    def _all_stored(self) -> StoredWords:
        return _stored_words_of(tuple(self.campaign.sources.values()))

    def _find_stored(self, text: str) -> tuple[str, str]:
        found = self._all_stored.found_in(text)
        return (found.source.id, found.passage.id) if found is not None else ("", "")

    @cached_property
    def _to_cut(self) -> list[str]:
        """Words that are not the organization's own: passages, questions, names of sources; longest first."""
        words: set[str] = set()
        for source in self.campaign.sources.values():
            for passage in source.passages:
                names = (passage.question, source.attribution, source.short_attribution, source.title)
                words.update(map(fold, names))
                words.update(form for form in map(fold, forms_of(source, passage)) if len(form.split()) >= 4)
        for claim in self.campaign.claims.values():
            words.update((fold(claim.source.title), fold(claim.source.publisher)))
        return sorted((w for w in words if len(w) > 8), key=longest_first)

    @cached_property
    def own_words_rest_on(self) -> tuple[object, ...]:
        """All that :meth:`own_words` goes by."""
        sources = self.campaign.sources.values()
        return (*self._to_cut, *((source.sha256, source.own_words, source.passages) for source in sources))

    def own_words(self, block: str) -> str:
        """A folded block without the words of stored sources and the names of sources."""
        if block not in self._own:
            own = block
            for words in self._to_cut:
                if words in own:
                    own = own.replace(words, CUT)
            for span in spans_in(own):
                if len(span.split()) > MENTION and self.origin_of(span):
                    own = own.replace(span, CUT)
            self._own[block] = own
        return self._own[block]

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

    def sign_offs(self, record: Claim | Contact) -> tuple[Signature, ...]:
        """Who has signed this record as it stands."""
        subject = "claim" if isinstance(record, Claim) else "contact"
        return self.signatures.of(subject, record.id, record.record_hash())

    def signed_on(self, record: Claim | Contact) -> date | None:
        """The day of the latest sign-off of this record as it stands; None when there is none."""
        return max((s.signed_on for s in self.sign_offs(record)), default=None)


@lru_cache(maxsize=4)
def _stored_words_of(sources: tuple[Source, ...]) -> StoredWords:
    """Of the same sources once, whatever asks: each letter is a material of its own."""
    return StoredWords(sources, fold)


#: By the fingerprint of each message: a season asks all of them.
_BLOCKS = TEXTS.question("blocks of a message")


@dataclass(eq=False)
class View:
    """One message as its readers see it, and what it uses."""

    material: Material
    message: Message
    item: ItemText

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The body as its readers see it: one part of a post, two of an email."""
        body, printed = self.message.body, self.message.printed
        of_text, of_html = (printed.get(ending, ()) for ending in ("txt", "html"))
        if isinstance(body, PostBody):
            return (post_part(body.text, of_text),)
        return text_part(body.text, of_text), html_part(body.html, of_html)

    @cached_property
    def headline_parts(self) -> tuple[Part, ...]:
        """An email's title, subject and so on; of a post its warning, the words for its picture, and those on it."""
        body = self.message.body
        if isinstance(body, PostBody):
            printed, picture = self.message.printed, body.picture
            warning = line_part(WARNING, body.content_warning)
            alt = line_part("alt text", body.alt_text, printed.get("alt", ()))
            card = Part("card", picture.words if picture else (), printed=tuple(printed.get("card", ())))
            return tuple(part for part in (warning, alt, card) if part.flow)
        lines = {
            "title": self.item.title,
            "subject": body.subject,
            "preheader": body.preheader,
            "discreet subject": self.item.discreet_subject,
        }
        return tuple(line_part(name, text) for name, text in lines.items() if text.strip())

    @property
    def all_parts(self) -> tuple[Part, ...]:
        """Every text of the message that somebody reads or hears."""
        return *self.headline_parts, *self.parts

    @cached_property
    def own_sentences(self) -> tuple[Sentence, ...]:
        """The sentences in which a person typed something, of all parts, each once."""
        told = (s for part in self.all_parts for s in own_sentences(part.words, part.records_in_words))
        return tuple({sentence.own: sentence for sentence in told}.values())

    @property
    def is_email(self) -> bool:
        return isinstance(self.message.body, EmailBody)

    @cached_property
    def blocks(self) -> tuple[str, ...]:
        """All blocks of all parts, each once, in order."""
        if "parts" in self.__dict__:  # somebody has them, or looks at some of their words alone
            return self._blocks
        return _BLOCKS.of(fingerprint_of_message(self.message), lambda _: self._blocks)

    @property
    def _blocks(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(b for part in self.parts for b in part.blocks))

    @cached_property
    def flows(self) -> tuple[str, ...]:
        return tuple(part.flow for part in self.parts)

    @cached_property
    def flows_cf(self) -> tuple[str, ...]:
        return tuple(flow.casefold() for flow in self.flows)

    @cached_property
    def headlines(self) -> dict[str, str]:
        """An email's title, subject and so on, folded; of a post its warning alone."""
        return {part.name: part.flow for part in self.headline_parts if self.is_email or part.name == WARNING}

    @cached_property
    def own_blocks(self) -> tuple[str, ...]:
        """The blocks without the words of stored sources: the organization's own voice."""
        return tuple(filter(None, map(self.material.own_words, self.blocks)))

    @property
    def own_texts(self) -> tuple[str, ...]:
        """The organization's own voice in all places: the headlines, then the blocks."""
        return *self.headlines.values(), *self.own_blocks

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of the message and its headlines, in small letters."""
        return frozenset().union(*map(words_of, (*self.blocks, *self.headlines.values())))

    @cached_property
    def sent(self) -> tuple[str, ...]:
        """Every text that leaves the machine, as it is, for what must not be in it in any form."""
        body = self.message.body
        if isinstance(body, PostBody):
            words = body.picture.words if body.picture else ()
            return body.content_warning, body.text, body.alt_text, *words, *self.message.links
        headers = (f"{name}: {value}" for name, value in body.headers.items())
        sender = (body.from_name, body.from_address, body.reply_to)
        head = body.second_head
        other = (head.subject, head.preheader, head.from_name, head.list_id, head.html, head.text) if head else ()
        return body.subject, body.preheader, body.text, body.html, *sender, *headers, *other, *self.message.links

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
    def listed_claims(self) -> tuple[Claim, ...]:
        """Claims that the message rests on, and those that its item lists."""
        ids = dict.fromkeys((*self.message.claims, *self.item.claims, *self.item.then, *self.item.now))
        return tuple(claim for i in ids if (claim := self.material.campaign.claims.get(i)))

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """Claims that the message rests on, and those that its item lists and whose words or figures it prints."""
        return tuple(c for c in self.listed_claims if c.id in self.message.claims or self.prints(c))

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
        return self.is_email or any(f"{quote}{claim.id}{quote}" in self.item.post for quote in ("'", '"'))

    @property
    def source(self) -> tuple[str, int]:
        """The text of the item's file that the message was made from, and the line on which it starts."""
        item = self.item
        return (item.email, item.email_line) if self.is_email else (item.post, item.post_line)

    def line_of(self, words: str, record: str = "") -> Where:
        """Where in the item's file these words stand, or where it calls the record that they come from.

        Its first line when neither is found: then the words come from a template.
        """
        source, first = self.source
        if not first:
            return self.item.where
        at = self._place_of(words)
        if at < 0 and record:
            found = re.search(rf"""['"]{re.escape(record)}['"]""", source)
            at = found.start() if found else -1
        return Where(self.item.where.path, first + source.count("\n", 0, at)) if at >= 0 else self.item.where

    def _place_of(self, words: str) -> int:
        """Where in the item's own text these words begin, as a reader sees them or as they are typed (the address of a
        link); -1 when nowhere."""
        for known, fold_as in zip(self._source_texts, (comparable, countable), strict=True):
            wanted, low = fold_as(PlainText(words)).text.replace("\n", " ").lower(), known.text.lower()
            at = low.find(wanted) if wanted and len(low) == len(known.text) else -1
            if at >= 0:
                return known.place(at, at + 1)[0]
        return self.source[0].lower().find(words.lower()) if words else -1

    @cached_property
    def _source_texts(self) -> tuple[MappedText, MappedText]:
        """The item's own text as its words and its figures are compared, on one line, with its places."""
        seen = seen_in_markdown(MappedText.of(self.source[0]))
        return tuple(fold_as(seen).replaced(_LINE_END, lambda m: " ") for fold_as in (comparable, countable))  # type: ignore[return-value]

    def finding(self, kind: str | Rule, message: str, words: str = "", *, record: str = "", hint: str = "") -> Finding:
        """A finding of a code or by a rule about this message; ``words`` and the ``record`` that they come from tell
        its line."""
        where = self.line_of(words, record) if words or record else self.item.where
        of_kind = CODES[kind] if isinstance(kind, str) else kind
        return of_kind.at(where, message, hint=hint, item=self.item.id, channel=self.message.channel, words=words)


def forms_of(source: Source, passage: Passage) -> tuple[str, ...]:
    """A passage as it may be printed: as it is stored, and corrected where that is allowed."""
    return (passage.text, passage.corrected()) if source.own_words else (passage.text,)


def _stands_in(span: str, text: str) -> bool:
    # Only words with marked edits can stand in a text that does not hold them as they are.
    stored = fold(text)
    if span not in stored and not any(mark in span for mark in ("[", "..", ". .")):
        return False
    return is_verbatim(span, stored)


def ids_of(views: Sequence[View]) -> tuple[str, ...]:
    """The items that a record's finding concerns."""
    return tuple(dict.fromkeys(v.item.id for v in views))


def about(record: Claim | Contact, before: str, after: str, views: Sequence[View] = ()) -> Said:
    """A message with the name of a record in it, and with the items at its end that use it."""
    name = RecordName("claim" if isinstance(record, Claim) else "contact", record.id)
    return before, name, after, *([UsedBy(ids_of(views))] if views else [])


def may_be_told_as_past(item: ItemText, claim: Claim) -> bool:
    return item.kind in TELLS_OF_THE_PAST and claim.id in item.then
