"""All checks of a planned and rendered season, in one pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

from ...domain.campaign import Campaign, ItemText
from ...domain.claim import Signatures
from ...domain.finding import Finding, in_reading_order
from ...domain.message import DIGEST, FRAME, Message
from ...domain.neighbor import Neighbor
from ...domain.planned_item import Plan
from ...domain.question import Asked, Questions
from ...second_process import shared
from ...settings import Settings
from ...what_items_share import fingerprint_of_message
from ..people.people_reader import people_reader
from ..quantities.quantity_rules import RulesOfLanguages
from ..rule_files import fingerprint_of
from ..text_answers import TEXTS
from .alt_texts import check_alt_texts
from .channel_limits import check_channels, check_hidden, check_hours, check_leftover_marks, check_pictures
from .claim_status import check_claims, check_used_claims
from .claimed_figures import check_claims_figures, check_figures, check_unread_languages
from .context import Material
from .days_in_text import check_days, check_special_days
from .discreet_words import check_discreet, check_headlines, check_neutral, check_sender
from .findings_of_items import Check, KeptFindings
from .foreign_letters import check_foreign_letters
from .guards import check_guards
from .help_lines import check_contacts, check_stored_contacts, check_used_contacts
from .line_promises import check_promises
from .links_and_tags import check_linked_records, check_links, check_tags
from .lint import LintPack, load_lint_packs
from .open_questions import check_decisions, check_examples, check_local, check_replies, check_signature
from .overlap import check_neighbors
from .quotations import check_corrections, check_quotations
from .repetition import check_duplicates, check_emails_alike
from .rhythm_rules import check_rhythm
from .sender_names import check_names, names_of
from .share_rules import check_rules, check_shares
from .slug_words import check_slug
from .stories import check_consents, check_stories
from .two_parts import check_two_parts
from .word_rules import check_stored_words, check_words, language_of

#: What the words of a message are asked, in digests and letters too. A new check stands here or in a list below.
OF_WORDS: tuple[Check, ...] = (
    check_figures,
    check_days,
    check_promises,
    check_foreign_letters,
    check_quotations,
    check_stories,
    check_words,
    check_rules,
)
#: What each item is asked, whatever the others say; a check that compares items stands in the next list.
OF_AN_ITEM: tuple[Check, ...] = (
    check_claims,
    check_contacts,
    *OF_WORDS,
    check_links,
    check_tags,
    check_channels,
    check_leftover_marks,
    check_two_parts,
    check_alt_texts,
    check_headlines,
    check_hours,
)
#: Both ask of each sentence whom it tells of, so one process does both.
_ASK_ALIKE: tuple[Check, ...] = (check_quotations, check_stories)
#: What a season is asked as a whole.
OF_A_SEASON: tuple[Check, ...] = (
    check_used_claims,
    check_claims_figures,
    check_unread_languages,
    check_used_contacts,
    check_linked_records,
    check_shares,
    check_pictures,
    check_discreet,
    check_neutral,
    check_sender,
    check_rhythm,
    check_special_days,
    check_duplicates,
    check_emails_alike,
    check_decisions,
    check_guards,
    check_examples,
    check_replies,
    check_signature,
    check_local,
    check_slug,
    check_consents,
    check_neighbors,
)
#: Said of a help line once, with the items that print it.
_OF_RECORDS = frozenset({"H105", "H106", "H107", "H110"})
#: What a digest can lack as a whole.
_OF_THE_WHOLE = frozenset({"C190", "H103", "M101", "M201", "M202", "M203", "M204", "M205", "M206", "M207"})


def check(
    plan: Plan,
    messages: Sequence[Message],
    settings: Settings,
    signatures: Signatures,
    lint_dir: Path,
    *,
    today: date,
    beside: Sequence[tuple[Message, ItemText]] = (),
    neighbors: Sequence[Neighbor] = (),
    questions: Questions | None = None,
    guards: tuple[Asked, ...] = (),
) -> list[Finding]:
    """Everything that is wrong, doubtful or worth knowing of these messages, in reading order.

    ``beside``: digests and letters, each with the words of its own. ``neighbors``: the project's other campaigns.
    ``questions``: what people have answered. ``guards``: what guards the season now.

    Reads the lint packs that the campaign names from ``lint_dir``; otherwise pure, but that what was found in texts is
    kept for the next process. ``today`` is the date at the campaign's place. Red findings block live sending, none
    stops a rehearsal.
    """
    shown = lint_dir.relative_to(settings.root).as_posix() if lint_dir.is_relative_to(settings.root) else lint_dir.name
    packs, findings = load_lint_packs(plan.campaign.lint_packs, lint_dir, shown=shown)
    people = people_reader(lint_dir, plan.campaign, language_of, _of_settings(settings))
    findings += people.wrong_files()
    rules = RulesOfLanguages(lint_dir, [p.quantities for p in packs], packs=[p.id for p in packs], shown=shown)
    material = Material(plan, messages, settings, signatures, today, packs, beside, people=people)
    material = replace(material, neighbors=neighbors, questions=questions or Questions(), guards=guards)
    material = replace(material, quantity_rules=rules, lint_dir=lint_dir)
    kept = KeptFindings(material, has_good_rules=not findings)
    findings += _looked_at(material, kept)
    kept.keep()
    TEXTS.keep()
    return in_reading_order(findings)


def _looked_at(material: Material, kept: KeptFindings) -> list[Finding]:
    """What all checks find; where most of it is new, a second process takes its part."""
    of_items = [_ASK_ALIKE, *((look,) for look in OF_AN_ITEM if look not in _ASK_ALIKE)] if kept.new_items.views else []
    looks = [*((group, kept.new_items) for group in of_items), *(((look,), material) for look in OF_A_SEASON)]

    def found_by(group: tuple[Check, ...], seen: Material) -> list[Finding]:
        return [finding for look in group for finding in look(seen)]

    with shared(lambda one: found_by(*one), looks, is_long=kept.has_many_new_items) as done:
        findings = [*_check_beside(material, kept)]
        findings += kept.of("#sources", (), lambda: check_sources(kept.shared.campaign, material.packs))
        names = names_of(material)
        findings += kept.of("#names", names, lambda: check_names(kept.shared, names))
        found = done()
    findings += kept.with_known([*chain.from_iterable(found[: len(of_items)])])
    return [*findings, *chain.from_iterable(found[len(of_items) :])]


def check_letter(
    plan: Plan, message: Message, text: ItemText, settings: Settings, lint_dir: Path, *, today: date
) -> list[Finding]:
    """What is wrong with one letter, right before it goes."""
    packs, _ = load_lint_packs(plan.campaign.lint_packs, lint_dir)
    people = people_reader(lint_dir, plan.campaign, language_of, _of_settings(settings))
    material = Material(plan, (), settings, Signatures(), today, packs, [(message, text)], lint_dir=lint_dir)
    rules = RulesOfLanguages(lint_dir, [p.quantities for p in packs], packs=[p.id for p in packs])
    material = replace(material, people=people, quantity_rules=rules)
    return list(_check_beside(material, KeptFindings(material, has_good_rules=False)))


def _lines_of_settings(settings: Settings) -> str:
    """What tells whether a setting stands where it stood."""
    return fingerprint_of(settings.root / "config" / f"{name}.toml" for name in ("settings", "channels"))


def _of_settings(settings: Settings) -> tuple[str, ...]:
    """The names in the settings: who sends, and who signs."""
    organisation = settings.organisation
    return organisation.name, organisation.from_name, organisation.signed_by


def check_sources(campaign: Campaign, packs: Sequence[LintPack] = ()) -> list[Finding]:
    """What must not travel from the stored sources into a message, and corrections that do too much."""
    return in_reading_order(
        [*check_stored_contacts(campaign), *check_stored_words(campaign, packs), *check_corrections(campaign)]
    )


def _check_beside(material: Material, kept: KeptFindings) -> Iterator[Finding]:
    """The same checks over mails that are no item: the words that a digest brings itself, and the letters. Each finding
    names the message that it is about in place of an item.

    A digest repeats paragraphs that were looked at with the mails of their days, and all mails share a frame; so of
    both kinds only what stands in no mail of a day is read for words: of digests, what stands around the pieces.
    Whether the help lines, the address and the way out are there is asked of the whole mail.
    """
    told = frozenset(block for view, _ in material.emails for block in view.blocks)
    digests: dict[str, list[tuple[Message, ItemText]]] = {}
    for message, text in material.beside:
        if message.kind in (DIGEST, FRAME):
            digests.setdefault(message.channel, []).append((message, text))
        else:
            yield from _of_one(material, kept, message, text, told)
    for alike in digests.values():
        # But for what hides in one: a template may print it on some days alone.
        of_one_channel = material.instead(messages=[m for m, _ in alike], texts={t.id: t for _, t in alike})
        yield from check_hidden(of_one_channel)
        # All digests have the same words of their own, those of their frame; what is wrong with it concerns them all.
        ids = tuple(text.id for _, text in alike)
        frame = next((one for one in alike if one[0].kind == FRAME), alike[0])
        yield from (replace(finding, items=ids) for finding in _of_one(material, kept, *frame, told))


def _of_one(
    material: Material, kept: KeptFindings, message: Message, text: ItemText, told: frozenset[str]
) -> Iterator[Finding]:
    is_digest = message.kind in (DIGEST, FRAME)

    def alone(season: Material) -> Material:
        plan = replace(season.plan, items=())  # no share of the season's items is asked of it
        return material.instead(**{**_given(season), "plan": plan, "messages": (message,), "texts": {text.id: text}})

    whole = alone(kept.shared)
    its_own = told.intersection(*(view.blocks for view in whole.views))

    def find() -> Iterator[Finding]:
        yield from _of_the_whole(whole, is_digest)
        yield from _of_its_words(whole, message, is_digest, its_own)

    yield from (f for f in check_used_contacts(alone(material)) if _is_told(f, is_digest))
    yield from kept.of(f"#{message.channel} {text.id}", (fingerprint_of_message(message), text, its_own), find)


def _given(season: Material) -> dict[str, Any]:
    return {f.name: getattr(season, f.name) for f in fields(season) if f.init}


def _is_told(finding: Finding, is_digest: bool) -> bool:
    return finding.code in _OF_THE_WHOLE if is_digest else finding.code not in _OF_RECORDS


def _of_the_whole(whole: Material, is_digest: bool) -> Iterator[Finding]:
    of_all = (*check_contacts(whole), *check_channels(whole), *check_two_parts(whole), *check_discreet(whole))
    for finding in of_all:
        if _is_told(finding, is_digest):
            yield finding
    if not is_digest:
        yield from check_links(whole)
        yield from check_linked_records(whole)


def _of_its_words(whole: Material, message: Message, is_digest: bool, told: frozenset[str]) -> Iterator[Finding]:
    its_own = replace(message, claims=(), quotations=()) if is_digest else message  # those are its stories'
    own = whole.instead(messages=(its_own,))
    for view in own.views:
        view.parts = tuple(part.without(told) for part in view.parts)
    for look in OF_WORDS:
        yield from look(own)
