"""Lint rules that look at more than words: what must be printed, what a record must have, shares, tags, pictures."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from ...domain.campaign import ItemText
from ...domain.claim import Contact, ContactStatus
from ...domain.finding import Finding, Where
from .context import Material
from .dated import check_dated
from .lint import LintPack, Rule
from .phrases import Phrase, first_match, index_of
from .reading_grade import grade_of
from .rendered_message import View
from .telephone import digits_of, numbers_in
from .visible_text import fold

_TAG = re.compile(r"(?<![\w&/])#(\w+)")
_BRACES = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_CAPITALS = re.compile(r"(?<![\w#@/.-])[A-Z][A-Z']+(?![\w@-])")
_LONG_TAG = 8
_MOST_SHOWN = 4


def check_rules(material: Material, packs: Sequence[LintPack]) -> Iterator[Finding]:
    """All rules but those of type words."""
    for pack in packs:
        for rule in pack.rules:
            check = _CHECKS.get(rule.type)
            if check:
                yield from check(material, rule)


def _at(rule: Rule, message: str, where: Where, item: str = "", channel: str = "", hint: str = "") -> Finding:
    return Finding(rule.id, rule.severity, message, where, hint or rule.hint, item, channel)


def _of(rule: Rule, view: View, message: str, words: str = "", hint: str = "") -> Finding:
    where = view.line_of(words) if words else view.item.where
    return _at(rule, message, where, view.item.id, view.message.channel, hint)


def _concerns(rule: Rule, view: View) -> bool:
    """Whether a rule with kinds, a flag or cues is about this message; without any of them it always is."""
    if not (rule.kinds or rule.flag or rule.cues):
        return True
    if view.item.kind in rule.kinds or (rule.flag and getattr(view.item, rule.flag)):
        return True
    if not index_of(rule.cues).candidates(view.words):
        return False
    return any(first_match(rule.cues, b) for b in (*view.own_blocks, *view.headlines.values()))


def _one_view_an_item(material: Material) -> Iterator[View]:
    seen: set[str] = set()
    for view in sorted(material.views, key=lambda v: not v.is_email):
        if view.item.id not in seen:
            seen.add(view.item.id)
            yield view


# -- what must be printed, what a record must have ----------------------------------------------------------------


def _requires(material: Material, rule: Rule) -> Iterator[Finding]:
    for view in material.views:
        if _concerns(rule, view):
            lacking = [group for group in rule.needs if not all(first_match(group, flow) for flow in view.flows)]
            if lacking:
                yield _of(rule, view, f"{rule.title}: {' and '.join(map(_alternatives, lacking))} is not printed")


def _alternatives(group: tuple[Phrase, ...]) -> str:
    return " or ".join(f'"{p.written}"' for p in group[:2])


_FIELDS: dict[str, Callable[[ItemText], object]] = {
    "action": lambda item: item.action_text,
    "story_consent": lambda item: item.story_consent,
    "content_note": lambda item: item.content_note,
    "about_signs": lambda item: item.about_signs,
    "author": lambda item: item.author,
}


def _needs_field(material: Material, rule: Rule) -> Iterator[Finding]:
    for view in _one_view_an_item(material):
        if _concerns(rule, view) and not _FIELDS[rule.field](view.item):
            yield _at(rule, f"{rule.title}: the item has no {rule.field}", view.item.where, view.item.id)


def _share(material: Material, rule: Rule) -> Iterator[Finding]:
    about = [p.item for p in material.plan.items if p.item.topics]
    has = sum(bool(set(rule.topics) & set(item.topics)) for item in about)
    if about and has < rule.least * len(about):
        names = " or ".join(rule.topics)
        yield _at(
            rule,
            f"{has} of {len(about)} items with a topic are about {names}; {rule.least:.0%} are wanted",
            material.campaign.where,
        )


def _content_note(material: Material, rule: Rule) -> Iterator[Finding]:
    for view in material.views:
        records = [(c.id, c.content_note) for c in view.claims if c.content_note]
        records += [(pointer, p.content_note) for pointer, _, p in view.quotations if p.content_note]
        if records and not view.item.content_note:
            record, note = records[0]
            yield _of(rule, view, f'{record} asks for a content note ("{note}"), and the item has none')
        elif view.item.content_note and not view.says(view.item.content_note):
            yield _of(rule, view, f'the content note "{view.item.content_note}" is not printed')
    noted = sum(bool(p.item.content_note) for p in material.plan.items)
    if rule.most and noted > rule.most * len(material.plan.items):
        yield _at(
            rule,
            f"{noted} of {len(material.plan.items)} items carry a content note; where all do, it warns of nothing",
            material.campaign.where,
            hint="keep the note for the items whose claims and passages ask for it",
        )


# -- pictures and tags ----------------------------------------------------------------------------------------------


def _image_tags(material: Material, rule: Rule) -> Iterator[Finding]:
    for view in _one_view_an_item(material):
        shown = sorted({t.casefold() for t in view.item.image_tags} & set(rule.tags))
        if shown:
            yield _at(rule, f"the picture shows {', '.join(shown)}: {rule.title}", view.item.where, view.item.id)


def _alt_text(material: Material, rule: Rule) -> Iterator[Finding]:
    for view, body in material.posts:
        alt = fold(body.alt_text)
        if not alt:
            if view.item.image_tags:
                yield _of(rule, view, "the picture has no alternative text")
        elif (found := first_match(rule.words, alt)) and found.start() < 3:
            yield _of(rule, view, f'the alternative text starts with "{found[0]}"')
        elif alt.casefold() in (fold(view.item.title).casefold(), fold(body.text).casefold()):
            yield _of(rule, view, "the alternative text repeats the words beside the picture")


def _hashtag_case(material: Material, rule: Rule) -> Iterator[Finding]:
    written = {tag.casefold(): tag for tag in material.campaign.hashtags}
    for view in material.views:
        for tag in dict.fromkeys(t for b in view.blocks for t in _TAG.findall(b)):
            known = written.get(tag.casefold())
            if (known and known != tag) or (not known and tag.islower() and len(tag) >= _LONG_TAG):
                instead = f"write #{known}" if known else "start each word with a capital letter"
                yield _of(rule, view, f"#{tag}: {rule.title}", tag, hint=instead)


# -- help lines, quotations -----------------------------------------------------------------------------------------


def _typed_contact(material: Material, rule: Rule) -> Iterator[Finding]:
    active = [c for c in material.campaign.contacts.values() if c.status is ContactStatus.ACTIVE]
    by_digits = {d: c for c in active if len(d := digits_of(c.value)) >= 5}
    by_text = {c.value.casefold(): c for c in active if c.kind in ("email", "web", "chat")}
    for view in material.views:
        source, first = (
            (view.item.email, view.item.email_line) if view.is_email else (view.item.post, view.item.post_line)
        )
        for contact, words in _typed(_BRACES.sub("", source), by_digits, by_text):
            line = first + source[: source.find(words)].count("\n") if first else 0
            yield _at(
                rule,
                f'"{words}" is typed',
                Where(view.item.where.path, line or view.item.where.line),
                view.item.id,
                view.message.channel,
                f"print it by its record: {{{{ contact('{contact.id}').value }}}}",
            )


def _typed(text: str, by_digits: dict[str, Contact], by_text: dict[str, Contact]) -> Iterator[tuple[Contact, str]]:
    for printed, digits in numbers_in(text):
        if digits in by_digits:
            yield by_digits[digits], printed
    low = text.casefold()
    for value, contact in by_text.items():
        at = low.find(value)
        if at >= 0 and not re.match(r"[\w/]", low[at + len(value) : at + len(value) + 1]):
            yield contact, text[at : at + len(value)]


def _dated(material: Material, rule: Rule) -> Iterator[Finding]:
    for view, pointer, year, words in check_dated(material):
        message = f'the words of {pointer}, "{words} \u2026", are of {year}, and that year does not stand beside them'
        yield _of(rule, view, message, words)


# -- tone -----------------------------------------------------------------------------------------------------------


def _exclamation_marks(material: Material, rule: Rule) -> Iterator[Finding]:
    for view in material.views:
        loud = [t for t in (*_first_part(view), *view.headlines.values()) if "!" in t]
        count = sum(t.count("!") for t in loud)
        if count > rule.most:
            yield _of(rule, view, f"{count} exclamation mark{'s' * (count > 1)}: {rule.title}", loud[0][:80])


def _first_part(view: View) -> tuple[str, ...]:
    """The own words of the first part alone: the parts of an email say the same."""
    return tuple(view.material.own_words(b) for b in view.parts[0].blocks)


def _capitals(material: Material, rule: Rule) -> Iterator[Finding]:
    labels = " ".join(f"{c.label} {c.value} {c.purpose}" for c in material.campaign.contacts.values())
    allowed = rule.allowed_words | set(_CAPITALS.findall(fold(labels)))
    for view in material.views:
        texts = (*view.own_blocks, *view.headlines.values())
        shouted = [
            w for text in texts for w in _CAPITALS.findall(text) if len(w) >= rule.least_letters and w not in allowed
        ]
        for word in list(dict.fromkeys(shouted))[:_MOST_SHOWN]:
            yield _of(rule, view, f'"{word}": {rule.title}', word)


def _reading_grade(material: Material, rule: Rule) -> Iterator[Finding]:
    if not material.campaign.language.startswith("en"):
        return  # the measure is made for English
    for view, _ in material.emails:
        own = [b for b in _first_part(view) if b not in material.boilerplate]
        grade, words = grade_of(own)
        if words >= rule.least_words and grade > rule.most:
            yield _of(rule, view, f"the email reads at school grade {grade:.1f}; {rule.most:.0f} is wanted at most")


_CHECKS: dict[str, Callable[[Material, Rule], Iterator[Finding]]] = {
    "requires": _requires,
    "needs-field": _needs_field,
    "share": _share,
    "content-note": _content_note,
    "image-tags": _image_tags,
    "alt-text": _alt_text,
    "hashtag-case": _hashtag_case,
    "typed-contact": _typed_contact,
    "dated-quotation": _dated,
    "exclamation-marks": _exclamation_marks,
    "capitals": _capitals,
    "reading-grade": _reading_grade,
}
