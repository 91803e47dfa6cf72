"""Lint rules that look at more than words: what must be printed, what a record must have, shares, tags, pictures."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from ...domain.campaign import ItemText
from ...domain.claim import Contact, ContactStatus
from ...domain.finding import Finding, Where
from ...domain.message import PostBody
from ..phrases import Phrase, first_match, index_of, words_of
from ..text_answers import TEXTS
from .context import Material, View
from .known_numbers import digits_of, numbers_in
from .lint import Rule
from .visible_text import fold

_Check = Callable[[Material, Rule], Iterator[Finding]]

_TAG = re.compile(r"(?<![\w&/])#(\w+)")
_BRACES = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_CAPITALS = re.compile(r"(?<![\w#@/.-])[A-Z][A-Z']+(?![\w@-])")
_LONG_TAG = 8
_MOST_SHOWN = 4
#: A run of this many words from a dated passage is that passage, in quotation marks or not.
RUN = 5
#: The year may stand in the paragraph itself or in one of this many before and after it.
NEAR = 2
_RUN_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]*")
_SENTENCE = re.compile(r"[.!?:;]+(?=\s|$)")
_VOWELS = re.compile(r"[aeiouy]+")
_GRADE = TEXTS.question("reading grade")
#: Endings whose e is spoken.
_SPOKEN = ("ted", "ded", "ses", "xes", "zes", "ches", "shes", "ges", "ces")


def check_rules(material: Material) -> Iterator[Finding]:
    """All rules but those of type words, item by item."""
    yield from _checked(material, _CHECKS)


def check_shares(material: Material) -> Iterator[Finding]:
    """What rules say of the items of a season together."""
    yield from _checked(material, _OF_ALL)


def _checked(material: Material, checks: Mapping[str, _Check]) -> Iterator[Finding]:
    for rule in (rule for pack in material.packs for rule in pack.rules):
        if check := checks.get(rule.type):
            yield from check(material, rule)


def _concerns(rule: Rule, view: View) -> bool:
    """Whether a rule with kinds, a flag or cues is about this message; without any of them it always is."""
    if not (rule.kinds or rule.flag or rule.cues):
        return True
    if view.item.kind in rule.kinds or (rule.flag and _has(view.item, rule.flag)):
        return True
    may_have_cues = index_of(rule.cues).candidates(view.words)
    return bool(may_have_cues) and any(first_match(rule.cues, text) for text in view.own_texts)


def _has(item: ItemText, field: str) -> bool:
    return bool(getattr(item, "action_text" if field == "action" else field))


def _one_view_an_item(material: Material) -> Iterable[View]:
    """The first email of each item, else its first post."""
    views: dict[str, View] = {}
    for view, _ in (*material.emails, *material.posts):
        views.setdefault(view.item.id, view)
    return views.values()


# -- what must be printed, what a record must have ----------------------------------------------------------------


def _requires(material: Material, rule: Rule) -> Iterator[Finding]:
    for view in material.views:
        if _concerns(rule, view):
            lacking = [group for group in rule.needs if not all(first_match(group, flow) for flow in view.flows)]
            if lacking:
                yield view.finding(rule, f"{rule.title}: {' and '.join(map(_alternatives, lacking))} is not printed")


def _alternatives(group: tuple[Phrase, ...]) -> str:
    return " or ".join(f'"{p.written}"' for p in group[:2])


def _needs_field(material: Material, rule: Rule) -> Iterator[Finding]:
    for view in _one_view_an_item(material):
        if _concerns(rule, view) and not _has(view.item, rule.field):
            yield rule.at(view.item.where, f"{rule.title}: the item has no {rule.field}", item=view.item.id)


def _share(material: Material, rule: Rule) -> Iterator[Finding]:
    about = [p.item for p in material.plan.items if p.item.topics]
    has = sum(bool(set(rule.topics) & set(item.topics)) for item in about)
    if about and has < rule.least * len(about):
        yield rule.at(
            material.campaign.where,
            f"{has} of {len(about)} items with a topic are about {' or '.join(rule.topics)}; "
            f"{rule.least:.0%} are wanted",
        )


def _content_note(material: Material, rule: Rule) -> Iterator[Finding]:
    for view in material.views:
        records = [(c.id, c.content_note) for c in view.claims if c.content_note]
        records += [(pointer, p.content_note) for pointer, _, p in view.quotations if p.content_note]
        if records and not view.item.content_note:
            record, note = records[0]
            yield view.finding(rule, f'{record} asks for a content note ("{note}"), and the item has none')
        elif view.item.content_note and not _is_noted(view):
            yield view.finding(rule, f'the content note "{view.item.content_note}" is not printed')


def _content_notes(material: Material, rule: Rule) -> Iterator[Finding]:
    noted = sum(bool(p.item.content_note) for p in material.plan.items)
    if rule.most and noted > rule.most * len(material.plan.items):
        yield rule.at(
            material.campaign.where,
            f"{noted} of {len(material.plan.items)} items carry a content note; where all do, it warns of nothing",
            hint="keep the note for the items whose claims and passages ask for it",
        )


def _is_noted(view: View) -> bool:
    """Whether its readers see the content note: in each part, or before the post where the network shows it there."""
    body, note = view.message.body, view.item.content_note
    warning = body.content_warning if isinstance(body, PostBody) else ""
    return view.says(note) or fold(note).casefold() in fold(warning).casefold()


# -- pictures and tags ----------------------------------------------------------------------------------------------


def _image_tags(material: Material, rule: Rule) -> Iterator[Finding]:
    for view in _one_view_an_item(material):
        shown = sorted({t.casefold() for t in view.item.image_tags} & set(rule.tags))
        if shown:
            yield rule.at(view.item.where, f"the picture shows {', '.join(shown)}: {rule.title}", item=view.item.id)


def _alt_text(material: Material, rule: Rule) -> Iterator[Finding]:
    openings = tuple(each for each in rule.words if isinstance(each, Phrase))
    for view, body in material.posts:
        alt = fold(body.alt_text)
        if not alt:
            if view.item.image_tags:
                yield view.finding(rule, "the picture has no alternative text")
        elif (found := first_match(openings, alt)) and found.start() < 3:
            yield view.finding(rule, f'the alternative text starts with "{found[0]}"')
        elif alt.casefold() in (fold(view.item.title).casefold(), fold(body.text).casefold()):
            yield view.finding(rule, "the alternative text repeats the words beside the picture")


def _hashtag_case(material: Material, rule: Rule) -> Iterator[Finding]:
    written = {tag.casefold(): tag for tag in material.campaign.hashtags}
    for view in material.views:
        for tag in dict.fromkeys(t for b in view.blocks if "#" in b for t in _TAG.findall(b)):
            known = written.get(tag.casefold())
            if (known and known != tag) or (not known and tag.islower() and len(tag) >= _LONG_TAG):
                instead = f"write #{known}" if known else "start each word with a capital letter"
                yield view.finding(rule, f"#{tag}: {rule.title}", tag, hint=instead)


# -- help lines, quotations -----------------------------------------------------------------------------------------


def _typed_contact(material: Material, rule: Rule) -> Iterator[Finding]:
    active = [c for c in material.campaign.contacts.values() if c.status is ContactStatus.ACTIVE]
    by_digits = {d: c for c in active if len(d := digits_of(c.value)) >= 5}
    by_text = {c.value.casefold(): c for c in active if c.kind in ("email", "web", "chat")}
    for view in material.views:
        source, first = view.source
        for contact, words in _typed(_BRACES.sub("", source), by_digits, by_text):
            line = first + source[: source.find(words)].count("\n") if first else 0
            yield rule.at(
                Where(view.item.where.path, line or view.item.where.line),
                f'"{words}" is typed',
                item=view.item.id,
                channel=view.message.channel,
                hint=f"print it by its record: {{{{ contact('{contact.id}').value }}}}",
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
    """Words that were true when they were written carry their year, wherever they are printed."""
    runs: dict[tuple[str, ...], tuple[str, int, str]] = {}
    for source in material.campaign.sources.values():
        for passage in (p for p in source.passages if p.use == "dated"):
            for run in _runs(fold(passage.text)):
                runs.setdefault(run, (f"{source.id}#{passage.id}", source.year, " ".join(run)))
    telling = {max((piece for word in run for piece in word.split("'")), key=len) for run in runs}
    hits: dict[str, tuple[str, int, str]] = {}
    for view in material.views if runs else ():
        seen = {""}
        for part in view.parts:
            for index, block in enumerate(part.blocks):
                if block not in hits:
                    own = () if telling.isdisjoint(words_of(block)) else _runs(block)
                    hits[block] = next((runs[r] for r in own if r in runs), ("", 0, ""))
                pointer, year, words = hits[block]
                beside = part.blocks[max(0, index - NEAR) : index + NEAR + 1]
                if pointer not in seen and not any(str(year) in text for text in beside):
                    seen.add(pointer)
                    described = f'the words of {pointer}, "{words} \u2026", are of {year}'
                    yield view.finding(rule, f"{described}, and that year does not stand beside them", words)


def _runs(text: str) -> list[tuple[str, ...]]:
    words = [w.casefold() for w in _RUN_WORD.findall(text)]
    return [tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1)]


# -- tone -----------------------------------------------------------------------------------------------------------


def _exclamation_marks(material: Material, rule: Rule) -> Iterator[Finding]:
    for view in material.views:
        loud = [t for t in (*_first_part(view, "!"), *view.headlines.values()) if "!" in t]
        count = "".join(loud).count("!")
        if count > rule.most:
            yield view.finding(rule, f"{count} exclamation mark{'s' * (count > 1)}: {rule.title}", loud[0][:80])


def _first_part(view: View, sign: str = "") -> tuple[str, ...]:
    """The own words of the first part alone, where it holds a sign: the parts of an email say the same."""
    return tuple(view.material.own_words(b) for b in view.parts[0].blocks if sign in b)


def _capitals(material: Material, rule: Rule) -> Iterator[Finding]:
    campaign = material.campaign
    names = [f"{c.label} {c.value} {c.purpose}" for c in campaign.contacts.values()]
    names += [f"{c.source.publisher} {c.source.title} {c.source.reported_by}" for c in campaign.claims.values()]
    names += [f"{s.publisher} {s.author} {s.title}" for s in campaign.sources.values()]
    allowed = {p.written for p in rule.allow} | set(_CAPITALS.findall(fold(" ".join(names))))
    texts = {view: (*view.own_blocks, *view.headlines.values()) for view in material.views}
    found_in = {text: _CAPITALS.findall(text) for text in set().union(*texts.values())}
    for view, its in texts.items():
        words = [w for text in its for w in found_in[text]]
        shouted = [w for w in dict.fromkeys(words) if len(w) >= rule.least_letters and w not in allowed]
        for word in shouted[:_MOST_SHOWN]:
            yield view.finding(rule, f'"{word}": {rule.title}', word)


def _reading_grade(material: Material, rule: Rule) -> Iterator[Finding]:
    if not material.campaign.language.startswith("en"):
        return  # the measure is made for English
    for view, _ in material.emails:
        blocks = "\n".join(b for b in _first_part(view) if b not in material.boilerplate)
        grade, words = _GRADE.of(blocks, lambda text: grade_of(text.split("\n")))
        if words >= rule.least_words and grade > rule.most:
            yield view.finding(rule, f"the email reads at school grade {grade:.1f}; {rule.most:.0f} is wanted at most")


@lru_cache(maxsize=16384)
def syllables(word: str) -> int:
    """Syllables of an English word, by its groups of vowels; at least one."""
    word = word.lower().strip("'-")
    if len(word) <= 3:
        return 1
    if word.endswith("e") and not word.endswith(("le", "ee", "ie", "oe", "ye")):
        word = word[:-1]
    elif word.endswith(("es", "ed")) and not word.endswith(_SPOKEN):
        word = word[:-2]
    return max(1, len(_VOWELS.findall(word)))


def grade_of(blocks: Sequence[str]) -> tuple[float, int]:
    """How hard paragraphs are to read, and their number of words: the Flesch-Kincaid grade (Kincaid and others, 1975),
    in American school years. Each ends a sentence; lines of a few words are left out.

    A rough measure: it counts syllables by vowels and knows no meaning. It warns, and never blocks.
    """
    long_enough = [(block, found) for block in blocks if len(found := _WORD.findall(block)) >= 5]
    words = [word for _, found in long_enough for word in found]
    if not words:
        return 0.0, 0
    sentences = sum(max(1, len(_SENTENCE.findall(block))) for block, _ in long_enough)
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59, len(words)


_CHECKS: Mapping[str, _Check] = {
    "requires": _requires,
    "needs-field": _needs_field,
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
_OF_ALL: Mapping[str, _Check] = {"share": _share, "content-note": _content_notes}
